# Conditions read aloud: phrases, not sentences.

condition-all = { $first } and { $second }
condition-any = { $first } or { $second }
condition-not = except: { $condition }
condition-values = { $field }: { $values }
condition-values-not = { $field }: not { $values }
condition-order-total = order of { $range }
condition-line-price = price of a piece: { $range }
condition-line-total = total of the line: { $range }
condition-first-order = first order
condition-later-order = an order other than the first
condition-discounted = discounted goods
condition-full-price = goods at their full price
condition-joined = joined { $when }
condition-hours = { $shape ->
    [from] from { $from }
    [until] before { $until }
   *[between] between { $from } and { $until }
}

range-between = { $least } to { $most }
range-at-least = at least { $least }
range-at-most = at most { $most }
range-more-than = more than { $least }
range-less-than = less than { $most }
range-any = any

field-order-number = number of the order
field-order-items = pieces in the order
field-line-quantity = pieces of the goods
field-days-since-joining = days since joining
field-member-orders = earlier orders
field-hour = hour
field-day-of-month = day of the month
field-weekday = day of the week
field-month = month
field-channel = sales channel
field-country = country
field-brand = brand
field-product = product
field-category = category
field-make = maker
field-tag = tag
field-segment = group
field-level = level
field-referral = recommendations
field-friends = recommendations that count so far
field-variant = variant of the offer
field-friends-total = value of the order in the smallest unit of the currency
field-attribute = “{ $name }”
yes = yes
no = no

failure = Condition – { $condition }.
failure-actual = Condition – { $condition }; actual: { $actual }.
actual-order-number = order number { $number }
actual-unknown = not known
actual-none = none
outcome-not-met = { $rule } does not apply here. { $failure }
outcome-not-running = { $rule } does not run at that time. Period: { $period }.
outcome-no-lines = { $rule } covers no line of this order.
outcome-multiplied = { $rule } multiplies what other rules give.
outcome-fired = { $rule } gives: { $amount }.
outcome-fired-reward = { $rule } gives the reward “{ $reward }”.
outcome-held = Met: { $conditions }.
held-actual = { $condition } (here { $actual })
near-rule = { $missing } short of { $rule }.
near-invitation = another { $missing }, and there is: { $rule }.
near-number = { $number } ({ $field })
near-reward = { $missing } short of the reward “{ $reward }”.
near-reward-pending = { $missing } short of the reward “{ $reward }”. On their way: { $pending }.
near-level = { $missing } short of the { $level } level.
