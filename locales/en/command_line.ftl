# What the command line prints, beside the errors.

# The report of an import: a label on the left, a number on the right.
report-rows = Rows read
report-left-out = Rows left out
report-at-rows = rows { $rows }
report-row-column = { $row } ({ $column })
report-row-found = { $row } ({ $column }: “{ $found }”)
report-times = Time span
report-members = Members
report-orders = Orders
report-cancelled-orders = called off
report-lines = lines
report-pieces = pieces
report-total = total
report-returns = Orders with goods that came back
report-matched-lines = lines matched to earlier orders
report-partly-matched-lines = lines matched in part
report-unmatched-lines = lines not matched
report-matched-pieces = pieces matched
report-unmatched-pieces = pieces not matched
report-guest-rows = Rows of guests, who are no members
report-guest-orders = Orders of guests
report-guest-kept = kept of them
report-rounded-lines = Lines rounded to the programme’s decimals
report-commands = Commands to the engine
report-accepted = written
report-repeated = known before, nothing changed
report-resumed = acknowledged in an earlier run
report-enrolled = members enrolled
report-refused = refused ({ $code })

reason-no-order = without an order number
reason-missing-field = with too few fields
reason-bad-bytes = not in the encoding that the mapping states
reason-bad-time = with a time in none of the formats
reason-future = dated in the future
reason-bad-number = with a number that cannot be read
reason-no-pieces = with a quantity of zero
reason-negative-amount = with an amount below zero
reason-too-large = with an amount too large
reason-other-currency = in another currency
reason-unknown-state = in a state that the mapping does not know
reason-skipped-state = in a state that the mapping skips
reason-other-member = naming another member than their order
reason-return-of-cancelled = returned from an order that was called off
reason-return-of-guest = returned by a guest, from nobody knows which order
reason-bad-identifier = with something that customers cannot be told by, such as a card’s own number

init-written = { $file } is written. Change it as you like, then: lojal programme check { $file }
programme-mistakes = { $file } cannot be published
programme-warned = { $file } has warnings: mend it, name them under [[accepted]], or publish it with --accept
programme-sound = { $file } can be published.
diff-worse = worse
diff-mixed = to be judged
diff-better = better
diff-neutral = of no weight
diff-notice = Members must be told of what is marked ! before it comes into force.
programme-published = Version { $version } is published.
programme-waits = Version { $version } is published. It holds from { $effective } on; until then nothing changes.
programme-worse = This version is worse for members, who must be told first. State from when it is to hold (--effective DATE), or that it may hold at once all the same (--accept-worse).
programme-unchanged = Version { $version } is in force already and says the same.
terms-written = The terms are written to { $file }. Let a lawyer read them before they are announced.
key-revoked = The key { $key } is out of use.
staff-reset = { $name } signs in with this password, and with nothing else. It is shown this once:

member-heading = { $member } ({ $id })
member-household = shares the wallet of household { $household }
member-joined = member since { $date }
member-left = has left the programme
member-wallet = { $unit }: { $available } available, { $pending } pending, { $held } held
member-debt = { $unit }: { $debt } owed
member-tier = { $ladder }: { $level }
member-more = Older entries: { $count } more transactions, shown with --all.
explain-conditions = What was asked for and found:
explain-near = Only just missed:
explain-other-rules = Other rules:

export-written = { $file } is written: { $rows } rows. It holds personal data in the open; keep it safe.
restored = { $folder } is filled: { $rows } rows.
backup-written = { $file } is written: { $bytes } bytes, { $holders } holders, { $transactions } transactions, as of { $time }.
backup-copied = { $bucket } has all of them. Backups copied: { $backups }, { $bytes } bytes.
backup-not-copied = The backups are kept in { $folder }, but { $bucket } does not have all of them; the next try copies what is missing. { $cause }
backup-with-key = The keys go along: whoever reads the backups can read the personal data too. Keep them elsewhere if you can.
restored-backup = { $file } is as it was at { $time }: { $holders } holders, { $transactions } transactions.
restored-without-key = Put secret.key of the shop into { $folder } before you start it: it is not among the backups.
move-prepared = The new database is ready to be filled.
move-copied = { $rows } rows are copied. The shop goes on at the old database.
move-stopped = The old database takes nothing any more, until the move is done.
move-caught-up = { $rows } more rows are copied, which had been added or changed meanwhile.
move-verified =
    Both are the same, and the books hold: { $holders } holders, { $transactions } transactions.
    Root { $root }
move-left = The old database is closed for good.
move-arrived = The new database may be used.
move-done = Nothing is left to move. Stop what still runs at the old database, and start it with --database and the new one.
move-given-up = The old database may be written to again. The move can be taken up later.
archive-done = { $transactions } transactions are archived: { $before } bytes of rows are { $after } bytes of blocks now.
archive-nothing = Nothing from before { $time } is left to archive.
archive-file = The file keeps its size, and what is new takes the room that became free. To give it back to the disk, stop the server and run: sqlite3 { $file } vacuum
audit-clean = Everything holds: { $holders } holders, { $transactions } transactions.
audit-differences = { $count } differences were found
checkpoint-holds =
    { $holders } holders, { $transactions } transactions, at { $time }.
    Root { $root }
checkpoint-proof-holds = The proof holds: { $member } has { $transactions } transactions, signed with the key { $key }.

serve-listening = Listening on http://{ $address }
serve-programme-waits = The first version of the programme waits for its day: lojal programme list says for which.
serve-console = Console: { $address }
serve-setup = Console: { $address } (the code for the first owner: { $code })
serve-no-programme = No programme has been published yet: lojal programme publish FILE

demo-built = { $folder } holds a shop now: { $members } members, { $orders } orders, { $redemptions } redemptions in two years; { $friends } members were recommended.
demo-refused = { $count } commands were refused.
demo-kept = { $folder } holds the shop from before; it is kept.
demo-greeting =

    Address   http://{ $address }
    API key   { $key }

    Five things to try next:

    1. The story of a member, every point explained:
       { $story }

    2. What a cart would earn, with the reasons, and nothing written:
       { $quote }

    3. The whole API, to read and to try, in a browser:
       http://{ $address }/docs

    4. What that member sees; the link holds for an hour, and there is another one at each start:
       { $link }

    5. The widget on the page of a shop; the cart says at once how many points it brings:
       http://{ $address }/demo

    Ctrl-C ends it; the next start keeps the data.
