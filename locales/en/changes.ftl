# What changes between two versions of a programme. A label and a colon spare the values any
# inflection; values are phrases that stand by themselves.

change-added = New: { $subject }.
change-removed = Withdrawn: { $subject }.
change-altered = { $subject }, { $aspect }: { $old } → { $new }.
change-rewritten = { $subject }, { $aspect }. Before: { $old }. After: { $new }.
change-dearer = { $subject } becomes dearer: { $old } → { $new }.
change-cheaper = { $subject } becomes cheaper: { $old } → { $new }.
change-perk-gained = { $subject } gains: { $perk }.
change-perk-lost = { $subject } loses: { $perk }.

subject-programme = programme
subject-brand = brand “{ $name }”
subject-unit = unit “{ $name }”
subject-ladder = tiers “{ $name }”
subject-level = level “{ $name }”
subject-reward = reward “{ $name }”
subject-referral = recommendations “{ $name }”
subject-transfers = transfers between members
subject-gifts = gifts between members
subject-households = shared wallets
subject-holds = reservations at checkout
subject-fraud = how recommendations are checked
subject-operator = operator of the programme

aspect-id = identifier
aspect-name = name
aspect-label = the name of “{ $word }”
aspect-description = description
aspect-languages = languages
aspect-time-zone = time zone
aspect-currency = currency
aspect-decimals = decimals of money
aspect-exchange = rate for orders in { $currency }
aspect-rounding = rounding of what is earned
aspect-join-on-first-order = membership begins with the first order
aspect-stacking = several multipliers at once
aspect-exclusions = what does not count
aspect-loose-returns = returns without an order
aspect-scale = decimals
aspect-worth = worth
aspect-spendable = can be spent
aspect-pending = available
aspect-expiry = expiry
aspect-spend-order = order of spending
aspect-debt = debts
aspect-cap = limit { $window }
aspect-trigger = given for
aspect-when = conditions
aspect-lines = goods that count
aspect-unit = given in
aspect-award = gives
aspect-applies-to = multiplies
aspect-remainder = remainders are carried to the next order
aspect-multiplied = multipliers act on it
aspect-order-cap = limit for a single order or activity
aspect-period = period
aspect-budget = budget for all members together
aspect-metric = what is counted
aspect-ladder-window = over how long
aspect-keep = years for which a level is kept longer
aspect-grace = grace before a level is lost
aspect-step-down = stepping down
aspect-on-return = level after a return
aspect-threshold = begins at
aspect-multiplier = multiplier
aspect-perk = benefit
aspect-gives = gives
aspect-price = price
aspect-stock = stock for all members together
aspect-limit = limit for one member
aspect-voucher = code
aspect-validity = validity of the code
aspect-least = the least at once
aspect-most = the most
aspect-most-members = the most members
aspect-units = units
aspect-hold-valid = usual duration
aspect-hold-longest = longest duration
aspect-hold-most = the most at the same time
aspect-setting = setting { $name }
aspect-address = address
aspect-registration = registration numbers
aspect-contact = contact
aspect-complaints = complaints are sent to
aspect-complaint-answer = complaints are answered within
aspect-data-protection = about personal data
aspect-minimum-age = the least age in years
aspect-notice = notice before changes
aspect-holds-from = terms hold from
aspect-advocates = who may recommend
aspect-friends = who may be recommended
aspect-touch-window = how long a recommendation counts
aspect-credit = who is credited when several have recommended
aspect-qualify-on = what the person recommended has to do
aspect-qualify-when = conditions for the person recommended
aspect-qualify-wait = time until it counts
aspect-qualify-within = time to meet the conditions
aspect-friends-cap = recommendations of one member that count { $window }
aspect-friends-budget = recommendations of all members together that count
aspect-friend-return = after a return
aspect-review = who checks recommendations
aspect-variants = variants of the offer

term-none = none
term-no-limit = no limit
term-without-end = without end
term-at-once = at once
term-not-for-sale = cannot be bought
term-all-rules = all rules that can be multiplied
term-no-conditions = no conditions
term-all-goods = all goods
term-nothing = nothing
term-quoted = “{ $text }”
term-worth = { $amount } = { $money }

award-amount = { $rate } for each { $per }
award-pieces = { $each } for each piece
award-attribute = { $rate } for { $per } of “{ $attribute }”

pending-placed = { $period } after the order
pending-paid = { $period } after payment
pending-closed = { $period } after delivery

expiry-never = never
expiry-after-earning = { $period } after earning
expiry-until-end-of = { $period } after earning, at the end of the { $window ->
    [day] day
    [week] week
    [month] month
    [quarter] quarter
   *[year] year
}
expiry-after-inactivity = { $period } after the last activity
expiry-on-dates = each year at the end of { $days }
expiry-not-before = each year at the end of { $days }, not earlier than { $period } after earning
day-of-year = { $day } { $month ->
    [january] January
    [february] February
    [march] March
    [april] April
    [may] May
    [june] June
    [july] July
    [august] August
    [september] September
    [october] October
    [november] November
   *[december] December
}

excluded-shipping = delivery
excluded-tax = tax
excluded-gift-cards = gift cards
excluded-fees = fees
excluded-discounted = discounted goods
excluded-points = what was paid from the wallet

metric-spend = money spent
metric-points = what was earned, unit “{ $name }”
metric-orders = number of orders
metric-activity = number of times of “{ $name }”

window-lifetime = the whole time in the programme
window-calendar-year = calendar year
window-membership-year = year of membership
window-rolling = rolling period of { $period }

gives-percent = { $percent } off
gives-amount = { $amount } off
gives-product = product “{ $product }” for free
gives-shipping = free delivery
gives-card = gift card of { $amount }
gives-cash = { $amount } back
gives-experience = an experience
gives-access = exclusive access
gives-donation = donation of { $amount }: { $cause }

price-with-cash = { $points } and { $cash }
limit-times = { $times } { $window }
voucher-generated = generated
voucher-prefix = generated, beginning with { $prefix }
voucher-pool = from the pool “{ $pool }”
trigger-order = order

rounding-down = down
rounding-nearest = to the nearest whole
rounding-up = up
stacking-compound = multiplied with each other
stacking-additive = added together
stacking-best = only the largest counts
spend-expiring = what expires first
spend-oldest = what was earned first
debt-carry = made good by what is earned next
debt-forgive = let go
debt-block = made good by what is earned next, with nothing spent until then
step-down-earned = to the level that was earned
step-down-one = one level at a time
return-recheck = looked at again at once
return-keep = kept until the next review
loose-reverse = what the goods would earn is taken back
loose-ignore = nothing is taken back
friend-return-recheck = rewards are taken back when the conditions are no longer met
friend-return-keep = rewards stay
credit-last = who recommended last
credit-first = who recommended first
credit-split = everybody in equal shares
review-suspicious = a person where there are doubts
review-all = a person, each of them
review-none = nobody
language-polish = Polish
language-english = English

summary-worse = Worse for members: { $changes }.
summary-better = Better: { $changes }.
summary-mixed = To be judged: { $changes }.
summary-neutral = Of no weight: { $changes }.
summary-nothing = Nothing changes.

group-changes = { $number } { $count ->
    [one] change
   *[other] changes
}
group-rewards-dearer = { $number } { $count ->
    [one] reward dearer
   *[other] rewards dearer
}
group-rewards-cheaper = { $number } { $count ->
    [one] reward cheaper
   *[other] rewards cheaper
}
group-rewards-removed = { $number } { $count ->
    [one] reward withdrawn
   *[other] rewards withdrawn
}
group-rewards-added = { $number } { $count ->
    [one] new reward
   *[other] new rewards
}
group-rewards = { $number } { $count ->
    [one] reward with other terms
   *[other] rewards with other terms
}
group-rules-removed = { $number } { $count ->
    [one] way to earn withdrawn
   *[other] ways to earn withdrawn
}
group-rules-added = { $number } { $count ->
    [one] new way to earn
   *[other] new ways to earn
}
group-rules = { $number } { $count ->
    [one] way to earn with other terms
   *[other] ways to earn with other terms
}
group-levels-removed = { $number } { $count ->
    [one] level withdrawn
   *[other] levels withdrawn
}
group-levels-added = { $number } { $count ->
    [one] new level
   *[other] new levels
}
group-levels = { $number } { $count ->
    [one] level with other terms
   *[other] levels with other terms
}
group-units = { $number } { $count ->
    [one] unit with other terms
   *[other] units with other terms
}
group-referrals-removed = { $number } { $count ->
    [one] edition of recommendations withdrawn
   *[other] editions of recommendations withdrawn
}
group-referrals-added = { $number } { $count ->
    [one] new edition of recommendations
   *[other] new editions of recommendations
}
group-referrals = { $number } { $count ->
    [one] edition of recommendations with other terms
   *[other] editions of recommendations with other terms
}
group-others = { $number } { $count ->
    [one] other term
   *[other] other terms
}
