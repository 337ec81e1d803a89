# The console: what staff read.

console-name = Lojal
skip-to-content = To the content
main-menu = Main menu
menu-overview = Overview
menu-team = Team
menu-actions = What was done
language = Language
sign-out = Sign out
older = Older

error-not-found = There is no such page
error-not-found-text = The address may have a spelling mistake, or what stood here is gone.
error-forbidden = You may not do this
error-forbidden-text = Your role does not include it. An owner can change that under “Team”.
error-too-often = That was too often
error-too-often-text = Wait a minute, then try again.
error-too-large = That is too much at once
error-too-large-text = Send less, or in several pieces.
error-internal = Something went wrong here
error-internal-text = It is our fault, not yours. Nothing was changed. Try again in a moment; the log says more.
to-console = To the overview

fault-required = Something has to stand here.
fault-email = This is no e-mail address.
fault-email-taken = Somebody has an account with this address.
fault-sign-in = The address and the password do not go together.
fault-too-late = That took too long. Sign in once more.
fault-code = The code is not right, or was used before. Take the one that is shown now.
fault-setup-code = This is not the code that was printed.
fault-password-short = At least 15 letters, please: a sentence is easier to remember than a riddle.
fault-password-long = At most 256 letters, please.
fault-password-plain = This is too easy to guess.
fault-password-repeated = The two are not the same.
fault-password-current = This is not your password.

sign-in = Sign in
sign-in-forgotten = Forgotten the password? An owner can hand you a new one under “Team”.
second-step = One more step
setup = Welcome
setup-text = Nobody works here yet. Whoever started the service saw a code; with it you become the first owner.
setup-button = Begin
field-email = E-mail address
field-password = Password
field-password-new = New password
field-password-current = Present password
field-password-repeated = The same once more
field-password-hint = 15 letters or more. A sentence will do.
field-code = One-time code
field-code-hint = Six digits from your authenticator.
field-setup-code = Code
field-setup-code-hint = It stands where the service was started: lojal prints it.
field-name = Name
field-role = Role

account = Your account
account-codes = One-time codes
account-codes-on = Signing in asks for a code from your authenticator.
account-codes-off = With one-time codes a stolen password is not enough. You need an authenticator on your phone.
account-codes-begin = Use one-time codes
account-codes-scan = Scan this picture with your authenticator, then type the code that it shows.
account-codes-picture = Picture with the secret for your authenticator
account-codes-type = Or type this:
account-codes-confirm = Confirm
account-codes-remove = Stop using codes
account-password = Password
account-password-button = Change the password
account-sessions = Where you are signed in
session-browser = Browser
session-seen = Last used
session-this = this one
session-unknown = unknown browser
session-end = Sign out there

role-analyst = analyst
role-support = support
role-manager = manager
role-owner = owner
role-may-analyst = looks at everything
role-may-support = helps members as well
role-may-manager = runs the programme as well
role-may-owner = keys, team and settings as well

team = Team
team-add = Add somebody
team-what = Actions
team-role-of = Role of { $name }
team-role-set = Set
team-password = New password
team-password-sure = The old password is of no use at once, and the person is signed out everywhere. You are shown a new one.
team-enable = Let in again
team-disable = Shut out
team-disable-sure = The person is signed out everywhere, and cannot come in until you let them in again.
team-disabled = shut out
team-codes = one-time codes
team-handed = The password of { $name }:
team-handed-hint = It is shown only now. Hand it over in person or by phone; it can be changed under “Your account”.

actions = What was done
actions-none = Nobody has done anything yet.
action-when = When
action-who = Who
action-what = What
action-signed-in = signed in
action-password-changed = changed the password
action-password-reset = handed out a new password
action-codes-begun = began to use one-time codes
action-codes-ended = stopped using one-time codes
action-session-ended = signed out another browser
action-staff-added = added somebody to the team
action-staff-disabled = shut somebody out
action-staff-enabled = let somebody in again
action-role-changed = changed a role

overview-no-programme = No programme is in force yet.
overview-steps = What is left to do
step-done = Done
step-programme = Publish a programme
step-programme-hint = Under “Programme” you choose a beginning, change it, and see what members will be told.
step-key = Make a key for your shop
step-key-hint = Under “Keys”. It is shown once; your shop sends it with each request.
step-members = Welcome the first member
step-members-hint = Import past orders with “lojal import orders”, or connect the shop; docs/api.md shows how.
step-codes = Protect your account with one-time codes
step-codes-hint = Under your name at the top of the page.
step-team = Add a colleague
step-team-hint = Under “Team”. Each gets a role, and what everybody does is written down.

menu-programme = Programme
programme-continue = Go on with the draft
programme-change = Change the programme
programme-told = What members are told
programme-told-hint = Made of the rules that run: it cannot say anything else than what happens.
programme-begin = Choose a beginning
programme-begin-text = Each of these is a whole programme that runs. You change it before you publish it.
programme-versions = Versions
programme-version = Version
programme-version-number = Version { $number }
programme-published = Published
programme-effective = In force from
programme-at-once = at once
programme-live = in force
programme-waits = waits
programme-changed = What changes for members
programme-document = The document itself
starter-complete = A bit of everything
starter-complete-hint = Points, levels, rewards and a campaign, with comments: what the demo runs on.
starter-points = Points
starter-hint-points = A point for each amount spent, exchanged for rewards.
starter-tiers = Levels
starter-hint-tiers = Who buys more, gets more.
starter-cashback = Cashback
starter-hint-cashback = A share of what is spent comes back as money.
starter-paid-club = Paid club
starter-hint-paid-club = Members pay, and get more.
starter-coalition = Coalition
starter-hint-coalition = Several brands with one currency.
starter-community = Community
starter-hint-community = Points for what people do, not only for what they buy.
starter-charity = Charity
starter-hint-charity = Members give their points to a good cause.
starter-staff-recognition = Staff recognition
starter-hint-staff-recognition = Colleagues thank each other.
diff-notice = Part of this is worse for members. Tell them before it comes into force: state a date.
diff-worse = worse
diff-mixed = mixed
diff-better = better
diff-neutral = neither
judgement-errors = { $count ->
    [one] { $number } mistake keeps this from being published.
   *[other] { $number } mistakes keep this from being published.
}
judgement-warnings = { $count ->
    [one] { $number } warning is to be accepted or mended.
   *[other] { $number } warnings are to be accepted or mended.
}
judgement-sound = In order: this can be published.
severity-error = mistake
severity-warning = warning
severity-notice = note
finding-line = Line { $number }:
finding-accepted = Accepted:
draft = Draft
draft-document = The programme document
draft-document-hint = It is checked while you type. docs/programme.md explains every word.
draft-judgement = What is to be said about the draft
draft-save = Keep the draft
draft-publish = Publish
draft-discard = Throw the draft away
draft-discard-sure = What stands in the draft will be gone. What is in force stays as it is.
draft-kept = The draft is kept.
draft-overtaken = Somebody else has changed the draft meanwhile. What you typed is still here: copy it, then open the draft anew.
draft-mistakes = It was not published: there are mistakes.
draft-warnings = It was not published: there are warnings. Mend them, or accept them.
draft-worse = It was not published: part of it is worse for members. State a date, or that it may hold at once.
draft-no-moment = It was not published: the date is not in order.
draft-other-programme = It was not published: the document has another id than the programme of this house.
field-effective = In force from
field-effective-hint = Empty: at once. A version that is worse for members needs a date.
field-accept-warnings = Publish in spite of warnings
field-accept-worse = It may hold at once although it is worse for members
fault-accept-warnings = There are warnings.
fault-effective = A day that is still to come, please.
fault-effective-worse = Part of this is worse for members: from when is it to hold?
action-draft-saved = kept the draft of the programme
action-draft-discarded = threw the draft of the programme away
action-programme-published = published a version of the programme

menu-keys = Keys
keys-text = A shop or a till shows its key with each request. docs/api.md says how it is connected in an afternoon.
keys-none = There are no keys yet.
key-name = Name
key-name-hint = Where it is used: so that you know later which one to revoke.
key-scopes = May
key-since = Made
key-used = Last used
key-never-used = never
key-revoked = revoked
key-revoke = Revoke
key-revoke-sure = Whoever uses it is turned away at once, for good.
key-make = Make a key
key-made = The new key:
key-made-hint = It is shown only now, and kept nowhere. Copy it to where the shop needs it.
scope-read = look
scope-write = write
scope-admin = administer
scope-may-read = Look at everything
scope-may-write = Do what a shop does: enrol, put orders, redeem
scope-may-admin = Publish programmes and correct balances
fault-too-long = This is too long.
fault-no-scope = A key that may do nothing is of no use.
action-key-made = made a key
action-key-revoked = revoked a key
action-secret-made = made a secret for signing members in
action-secret-revoked = revoked a secret for signing members in
action-origins-listed = said which pages may show the widget

menu-portal = Portal
portal-console-text = The pages of your members:
portal-console-mail = Members come in from your shop, or with a code that they get by mail.
portal-console-no-mail = Members come in from your shop. Letters with codes are not sent, because the service was started without a mail server (LOJAL_SMTP_URL and LOJAL_MAIL_FROM).
secrets = Secrets for signing members in
secrets-text = Your shop signs a token for a customer who is signed in there, and the customer is in the portal at once. There may be several secrets, so that one can follow another without a gap.
secrets-none = There is no secret yet.
secret-name-hint = Where it is used: so that you know later which one to revoke.
secret-make = Make a secret
secret-made = The new secret:
secret-made-hint = It is shown only now. Copy it to your shop's server; it must not stand in a page.
secret-revoke-sure = Tokens that are signed with it open nothing from now on. Whoever is in stays in.
widget-settings = The widget on your shop's pages
widget-settings-text = A script that shows points and rewards in your shop. It asks from the origins that stand here, and from nowhere else.
widget-origins = Origins of your shop
widget-origins-hint = One on each line, with its scheme, as in https://shop.example
widget-origins-keep = Save
widget-key-make = Make a key for the widget
widget-key-made = Put this into your shop's pages:
widget-key-made-hint = The key may be seen by everybody; it is in the list of keys, where you can revoke it.
fault-origin = Each line is an origin: a scheme, a host, perhaps a port, and nothing behind it.

menu-rewards = Rewards
reward = Reward
reward-price = Price
reward-for = For
reward-left = Left
reward-given = given by a rule
reward-for-all = everybody
reward-not-offered = not now
reward-voucher = with a code
reward-stock = { $left } of { $total }
reward-little = little left
reward-unlimited = as many as are wanted
rewards-none = This programme has no rewards yet. They stand in the programme document.
rewards-redemptions = Who took which reward, and when
pools = Codes of your own
pools-text = Rewards that hand out codes of another system take them from here, each once.
pool-empty = empty
pool-left = { $count ->
    [one] { $number } code is left.
   *[other] { $number } codes are left.
}
pool-more = { $count ->
    [one] More than { $number } code is left.
   *[other] More than { $number } codes are left.
}
pool-for = For:
pool-bring = Add codes
field-codes = Codes
field-codes-hint = One on each line. Those that are there already are left alone.
fault-codes = A code is one line of at most 100 letters, without blanks at its ends.
codes-brought = { $count ->
    [one] { $number } code was added.
   *[other] { $number } codes were added.
}
codes-known = { $count ->
    [one] { $number } was there already.
   *[other] { $number } were there already.
}
action-codes-brought = added codes to a pool

period-choose = Period
change-none = no change
change-up = { $size } more than before
change-down = { $size } less than before
change-up-share = up by { $size } percentage points
change-down-share = down by { $size } percentage points
change-before = before: { $value }
figures-old = These figures are true as of { $moment }; what has happened since is being counted.
figures-first = The figures are being put together for the first time. A long history takes a few minutes.
overview-nobody = Nobody takes part yet.
overview-nobody-hint = Figures and charts come with the first members and orders.
overview-sales = Members and purchases
overview-rules-used = What points were given for
overview-rewards-taken = Rewards taken
overview-times = { $count ->
    [one] once
   *[other] { $number } times
}
overview-today = Today
overview-members = Members
overview-buyers = Members who have bought something
overview-twice = { $share } of them more than once
overview-held = Held by members
overview-worth = worth { $money }
overview-ends = When it expires
overview-later = later
overview-never = never
overview-cohorts = Who comes back
overview-cohorts-hint = Of those who first bought in a month: how many of a hundred bought again so many months later. A month that is still running is in italics.
cohort-of-them = { $count ->
    [one] { $number } member
   *[other] { $number } members
}
cohort-running = the month is not over
cohort-first = First purchase
cohort-members = Members
cohort-later = { $count ->
    [one] one month later
   *[other] { $number } months later
}
held-available = to spend
held-pending = pending
held-held = set aside at checkout
held-owed = owed by members
figure-when = When
figure-sheet = Download as CSV
figure-joined = New members
figure-left = Left
figure-buyers = Members who bought
figure-returning = Returning
figure-orders = Orders
figure-sales = Sales to members
figure-frequency = Orders per buyer
figure-average-order = Average order
figure-guest-average-order = Average order of guests
figure-members-share = Members’ share of sales
figure-issued = Issued
figure-redeemed = Spent
figure-expired = Expired
figure-reversed = Taken back
figure-redemption-rate = Spent against issued
meaning-joined = People who joined the programme in this period, including those who left later.
meaning-left = People who left the programme in this period.
meaning-buyers = Members with at least one order placed in this period, each counted once. An order that was called off or came back as a whole does not count.
meaning-returning = The share of the members who bought in this period that had more than one order by its end.
meaning-orders = Paid orders of members by the day on which they were placed, without those that were called off or came back as a whole. A later return changes the figure of the day on which the order was placed.
meaning-sales = What members paid for what they kept, tax and shipping included, by the day on which the order was placed.
meaning-frequency = Orders in this period divided by the number of members who bought in it.
meaning-average-order = Sales to members divided by the number of orders. Where the shop sends the orders of guests, too, their average stands beside it.
meaning-guest-average-order = What people who are no members paid for what they kept, divided by the number of their orders, by the day on which they were placed. Who joins later with an order takes it along.
meaning-members-share = Of all that was sold, to members and to guests, the part that members bought.
meaning-issued = Issued in this period for whatever reason, including what is still pending.
meaning-redeemed = Spent on rewards and at checkout, less what came back from rewards that were rolled back.
meaning-expired = Lost because its time was up, because nothing was earned or spent for too long, or because the member left.
meaning-reversed = Taken back after returns and corrections.
meaning-redemption-rate = Spent in this period divided by what was issued in it.

menu-ledger = Ledger
ledger-accounts = Accounts
ledger-accounts-hint = By the months in which things were written into the ledger: a month that is over does not change any more. The closing balance is all that members have, pending and set aside included, less what they owe.
ledger-worth = The closing balance is worth { $money }.
ledger-kind = What
ledger-all = everything
ledger-kind-orders = orders
ledger-kind-returns = returns
ledger-kind-activities = activities
ledger-kind-redemptions = rewards
ledger-kind-vouchers = vouchers used
ledger-kind-holds = holds at checkout
ledger-kind-adjustments = adjustments
ledger-kind-transfers = transfers
ledger-kind-members = members and households
ledger-kind-time = the passing of time
ledger-until = Until
ledger-no-date = Type a date, for example 2026-03-31.
ledger-looked = In this part of the ledger there is nothing of the kind.
ledger-none = There is nothing further here. Older entries may be archived: they are on the member's page.
ledger-newest = Latest entries
ledger-empty = Nothing has been written into the ledger yet.
ledger-when = When
ledger-who = Member
ledger-what = What happened
ledger-change = Change
ledger-transaction = Transaction
ledger-id = Id
ledger-decided = Written
ledger-version = Programme version
ledger-earlier = The member's transaction before
ledger-replaces = The order as it stood before
ledger-hash = Hash
ledger-entries = Entries
ledger-postings = Postings
ledger-account = Account
ledger-brand = Brand
ledger-nothing = No balance has changed.
ledger-account-available = to spend
ledger-account-pending = pending
ledger-account-held = set aside
ledger-account-debt = owed
ledger-account-issued = issued by the programme
ledger-account-redeemed = spent
ledger-account-expired = expired
ledger-account-reversed = taken back
ledger-account-in_transit = on its way
ledger-month = Month
ledger-opening = Opening balance
ledger-column-issued = Issued
ledger-column-redeemed = Spent
ledger-column-expired = Expired
ledger-column-reversed = Taken back
ledger-column-in-transit = On its way
ledger-closing = Closing balance
action-segment-kept = kept a group of members
action-segment-forgotten = removed a group of members
action-members-exported = downloaded a list of members
