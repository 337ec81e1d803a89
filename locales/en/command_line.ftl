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
report-rounded-lines = Lines rounded to the programme’s decimals
report-commands = Commands to the engine
report-accepted = written
report-repeated = known before, nothing changed
report-resumed = acknowledged in an earlier run
report-enrolled = members enrolled
report-refused = refused ({ $code })

reason-no-member = without a member
reason-no-order = without an order number
reason-missing-field = with too few fields
reason-bad-bytes = not in the encoding that the mapping states
reason-bad-time = with a time in none of the formats
reason-bad-number = with a number that cannot be read
reason-no-pieces = with a quantity of zero
reason-negative-amount = with an amount below zero
reason-too-large = with an amount too large
reason-other-currency = in another currency
reason-unknown-state = in a state that the mapping does not know
reason-skipped-state = in a state that the mapping skips
reason-other-member = naming another member than their order
reason-return-of-cancelled = returned from an order that was called off
