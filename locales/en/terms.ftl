# The terms: whole sentences, as in a good contract. Numbers come from the programme only.

terms-title = Terms of the programme “{ $programme }”
terms-summary = How it works
terms-rules = Terms and conditions
terms-version = Version
terms-from = These terms hold from { $date }.
terms-missing = to be filled in: { $what }
terms-day = { $day } { $month ->
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
terms-quoted = “{ $name }”
terms-and = { $first } and { $last }
terms-or = { $first } or { $last }

# After so long; English has one form for all.
terms-of-minutes = { $number } { $count ->
    [one] minute
   *[other] minutes
}
terms-of-hours = { $number } { $count ->
    [one] hour
   *[other] hours
}
terms-of-days = { $number } { $count ->
    [one] day
   *[other] days
}
terms-of-weeks = { $number } { $count ->
    [one] week
   *[other] weeks
}
terms-of-months = { $number } { $count ->
    [one] month
   *[other] months
}
terms-of-years = { $number } { $count ->
    [one] year
   *[other] years
}
# For so long.
terms-for-minutes = { $number } { $count ->
    [one] minute
   *[other] minutes
}
terms-for-hours = { $number } { $count ->
    [one] hour
   *[other] hours
}
terms-last = { $shape ->
    [one] the last { $period }
   *[other] the last { $period }
}

# How it works.
terms-step-join = You join the programme “{ $programme }”.
terms-step-join-order = You place your first order, and you are in the programme “{ $programme }”.
terms-step-earn = You collect { $units }: { $award }.
terms-step-earn-all = You collect { $units }. The table below says for what.
terms-step-recommend = You recommend the programme to others: { $award }.
terms-step-wait = You can spend { $units } from purchases { $when }.
terms-step-spend = You exchange { $units } for rewards, from { $least }.
terms-step-levels = You rise to higher levels: { $levels }.
terms-step-expiry = You keep an eye on the date. { $expiry }
terms-step-ask = With questions you write to { $contact }.

terms-table-earning = What { $units } are given for
terms-table-rewards = What { $units } can be exchanged for
terms-table-rewards-given = Rewards
terms-table-validity = When they can be spent, and when they expire
terms-head-for = For
terms-head-award = How much
terms-head-limits = Conditions and limits
terms-head-level = Level
terms-head-threshold = From
terms-head-multiplier = Multiplier
terms-head-perks = Benefits
terms-head-reward = Reward
terms-head-price = Price
terms-head-gives = What it gives
terms-head-unit = What
terms-head-available = When they can be spent
terms-head-expiry = When they expire

# Who runs the programme.
terms-section-general = General
terms-subject = These terms set out the rules of the programme “{ $programme }” (the Programme): who may join it, what { $units } are given for and how, which rewards there are, and how to leave the Programme.
terms-operator = The Programme is run by { $name }, { $address } (the Operator).
terms-registration = The Operator’s registration: { $numbers }.
terms-brands = { $count ->
    [one] The brand that takes part in the Programme: { $brands }.
   *[other] The brands that take part in the Programme: { $brands }.
}
terms-contact = The Operator can be reached by: { $ways }.
terms-contact-email = e-mail { $email }
terms-contact-phone = telephone { $phone }
terms-contact-website = website { $website }

# Definitions.
terms-section-definitions = Definitions
terms-definitions = In these terms:
terms-define-member = Member means a person who has joined the Programme;
terms-define-unit = { $units } are what is credited to a Member under these terms and can be spent on rewards;
terms-define-unit-worth = { $units } are what is credited to a Member under these terms and can be spent on rewards; their worth: { $amount } for { $money };
terms-define-unit-money = { $units } are what is credited to a Member under these terms and can be spent on rewards; their number is their worth in the currency of the Programme;
terms-define-unit-counted = { $units } are what is credited to a Member under these terms, and cannot be spent;
terms-define-wallet = wallet means the record of what a Member has available, pending and reserved;
terms-define-level = level means a Member’s status, on which the benefits in the Programme depend;
terms-define-reward = reward means what a Member receives in exchange for what was collected, or free of charge, under these terms;
terms-define-voucher = voucher means a code with which a Member makes use of a reward.

# Who may join.
terms-section-joining = Taking part
terms-joining-age = Anybody who is at least { $age } old and accepts these terms may join the Programme.
terms-joining-anybody = Anybody who accepts these terms may join the Programme.
terms-joining-way = One joins by giving the Operator the details that are needed to keep a wallet.
terms-joining-order = One joins by giving the Operator the details that are needed to keep a wallet, or by placing a first order.
terms-joining-free-will = Taking part is voluntary.
terms-joining-technical = To use the Programme over the internet, a Member needs a device with access to it, a current browser and an e-mail address.
terms-joining-unlawful = Members must not bring unlawful content into the Programme.
terms-recommendations-checked = Recommendations are checked for signs that they were made up. Where there is doubt, a person decides.
terms-recommendations-verified = The person recommended may be asked to confirm with a code that is sent to them by mail or text message. If they do not enter it within { $period }, a person decides.
terms-household = Members may share a wallet; the number of people who use it: at most { $most }. Whatever becomes available to any of them moves to the shared wallet and is spent from there; each keeps a level and limits of their own. Whoever leaves the shared wallet leaves behind what they brought; the last person takes along what is left in it.

# What for.
terms-section-earning = Earning
terms-earning-rules = { $units } are credited under the following rules:
terms-earning-campaigns = These campaigns run as well:
terms-rule = “{ $name }”: { $award }.
terms-award-amount = { $rate } for { $size ->
    [feminine] every
    [masculine] every
   *[neuter] every
} { $per } spent
terms-coin = { $currency ->
    [PLN] zloty
    [USD] dollar
    [GBP] pound
    [CHF] franc
   *[EUR] euro
}
terms-award-piece = { $each } for every piece
terms-award-fixed = { $amount } { $occasion }
terms-award-attribute = { $rate } for { $per } of “{ $attribute }”
terms-award-multiplier = multiplier { $factor } for { $rules }
terms-award-multiplier-all = multiplier { $factor } for everything that multipliers act on
terms-award-reward = the reward “{ $reward }” { $occasion }
terms-occasion-order = for an order
terms-occasion-joined = for joining the Programme
terms-occasion-birthday = on the Member’s birthday
terms-occasion-level = for reaching a higher level
terms-occasion-friend-joined = for each friend who joins the Programme by the Member’s recommendation
terms-occasion-friend-qualified = for each friend whose recommendation counts
terms-occasion-friend-number = { $count ->
    [one] for the first friend whose recommendation counts
   *[other] when the recommendations of { $number } friends count
}
terms-occasion-referred = for joining by recommendation
terms-occasion-referral-qualified = for meeting the terms of a recommendation
terms-occasion-activity = each time
terms-occasion-once = once
terms-fact-conditions = { $count ->
    [one] Condition – { $conditions }.
   *[other] Conditions – { $conditions }.
}
terms-fact-conditions-not = Not for – { $conditions }.
terms-fact-audience = For whom – { $conditions }.
terms-fact-lines = Lines of the order that count – { $conditions }.
terms-fact-lines-not = Lines of the order that do not count – { $conditions }.
terms-fact-period = Period: { $bounds }.
terms-fact-budget = At most { $amount } for all Members together.
terms-fact-limit = At most { $caps } for one Member.
terms-fact-order-limit = At most { $amount } per order.
terms-fact-activity-limit = At most { $amount } each time.
terms-cap-window = { $amount } { $window ->
    [day] in a day
    [week] in a calendar week
    [month] in a calendar month
    [quarter] in a calendar quarter
    [year] in a calendar year
   *[lifetime] for the whole time in the Programme
}
terms-fact-carried = Fractions are carried to the next order.
terms-fact-excluded = Not counted here: { $list }.
terms-fact-excluded-nothing = The whole value of the order counts here.
terms-fact-available = Available: { $when }.
terms-excluded = Unless a rule says otherwise, these are not counted: { $list }.
terms-excluded-nothing = Unless a rule says otherwise, the whole value of an order counts.
terms-excluded-shipping = shipping
terms-excluded-tax = tax
terms-excluded-gift-cards = gift cards
terms-excluded-fees = additional fees
terms-excluded-discounted = discounted goods
terms-excluded-points = the part of the price that is paid from the wallet
terms-rounding = { $rounding ->
    [down] The result is rounded once, at the end, down.
    [nearest] The result is rounded once, at the end, to the nearest whole; a half is rounded up.
   *[up] The result is rounded once, at the end, up.
} Limits are applied after rounding.
terms-stacking = Multipliers, those of a level included, act on: { $rules }. { $stacking ->
    [compound] Where several act at once, they are multiplied by each other.
    [additive] Where several act at once, what each of them adds is summed.
   *[best] Where several act at once, only the largest counts.
}
terms-unit-limit = From all sources together, a Member is credited at most { $caps }.
terms-exchange = Orders in other currencies are converted at a fixed rate for a unit of the currency: { $rates }.
terms-exchange-rate = { $currency } at { $money }
terms-available = { $units } are available { $when }.
terms-available-orders = { $units } for an order are available { $when }, and those for anything else at once.
terms-at-once = at once
terms-not-spendable = cannot be spent
terms-after = { $period } after { $moment ->
    [placed] the order was placed
    [happened] the activity
    [paid] the order was paid
   *[closed] the order was delivered
}
terms-upon = as soon as { $moment ->
    [placed] the order is placed
    [happened] the activity has taken place
    [paid] the order is paid
   *[closed] the order is delivered
}

# Recommendations.
terms-section-referrals = Recommendations
terms-referral = A Member may recommend the Programme to somebody else (the person recommended) by passing on a personal link or code. A recommendation counts once the person recommended has joined the Programme and met the conditions of the edition under which they were recommended.
terms-referral-edition = Edition “{ $name }”:
terms-referral-advocates = Every Member may recommend.
terms-referral-advocates-some = A Member who meets the conditions of the edition may recommend.
terms-referral-friends = Everybody may be recommended.
terms-referral-friends-new = Somebody who has not placed an order yet may be recommended.
terms-referral-friends-some = Somebody who meets the conditions of the edition may be recommended.
terms-referral-window = A recommendation holds where the person recommended joins within { $period } of using the link or code.
terms-referral-credit = Where several Members have recommended the same person, { $credit ->
    [last] the one who did so last is credited
    [first] the one who did so first is credited
   *[split] all of them, at most the last ten, are credited in equal shares; points are divided accordingly, and rewards that cannot be divided are given to each
}. Where a code was entered, only codes count, not links that were followed.
terms-referral-on-order = For the recommendation to count, the person recommended places an order.
terms-referral-on-activity = For the recommendation to count, an activity of the person recommended is needed: “{ $activity }”.
terms-referral-within = The person recommended has { $period } for this, from joining by the recommendation.
terms-referral-at-once = The recommendation may count as soon as the conditions are met.
terms-referral-wait = The recommendation may count { $when }, provided that the conditions are still met then.
terms-referral-review = { $review ->
    [suspicious] Each recommendation is checked before it counts, and in doubt a person decides. No recommendation counts merely because time has passed.
    [all] A person decides whether each recommendation counts. No recommendation counts merely because time has passed.
   *[none] Recommendations count without any further check.
}
terms-recommendations = { $number } { $count ->
    [one] recommendation
   *[other] recommendations
}
terms-referral-caps = For one Member at most { $caps } count. This limit does not concern what the person recommended is given.
terms-referral-budget = For all Members together at most { $most } count, in the order in which they come to do so.
terms-referral-return = Where the conditions are no longer met after an order is returned, changed or cancelled, what both sides were given for the recommendation that counted is taken back. The person recommended may meet the conditions again while there is time.
terms-referral-return-keep = A return, change or cancellation of the order after a recommendation has counted takes nothing back that was given for it.
terms-referral-called-off = Where the activity is called off, what both sides were given for the recommendation that counted is taken back. The person recommended may meet the conditions again while there is time.
terms-referral-called-off-keep = Calling the activity off after a recommendation has counted takes nothing back that was given for it.
terms-referral-variants = The offer of this edition has variants: { $variants }. Each person who recommends always has the same one of them.
terms-referral-rewards = What is given for recommendations is stated by the rules: { $rules }.
terms-referral-first = Where a recommendation fits several editions and none was named, the one that is listed earlier applies.
terms-referral-self = Nobody can recommend themselves; all accounts of one person are treated as one. The same person counts as recommended only once.
terms-referral-made-up = Sham recommendations, in particular with accounts opened only for the reward, do not count, and what was already given for them is taken back. A complaint may be made against such a decision.
terms-referral-version = A recommendation is settled to its end under the version of these terms that was in force when the person recommended joined by it.

# Levels.
terms-section-levels = Levels
terms-ladder = On the ladder “{ $name }”, the level depends on { $metric } { $window }. A higher level is held from the moment at which its threshold is reached.
terms-metric-spend = the value of purchases
terms-metric-points = the number of { $units } credited
terms-metric-orders = the number of orders
terms-metric-activity = the number of activities “{ $activity }”
terms-window-lifetime = since joining the Programme
terms-window-calendar-year = in a calendar year
terms-window-membership-year = in a year of membership, counted from the day of joining the Programme
terms-window-rolling = over { $period }
terms-spend-net = Not part of the value of purchases: { $list }.
terms-level-base = “{ $level }”: the first level.
terms-level = “{ $level }”: from { $at }.
terms-level-multiplier = “{ $level }”: from { $at }; multiplier { $factor }.
terms-level-base-multiplier = “{ $level }”: the first level; multiplier { $factor }.
terms-level-perks = Benefits: { $perks }.
terms-threshold-base = from the start
terms-no-multiplier = –
terms-keep = A level holds until the end of the year in which it was reached, and then for { $years } more. At the end of each year it is checked whether that year’s result is enough to keep it.
terms-keep-none = A level holds until the end of the year in which it was reached. It is then checked which level the next year begins with.
terms-keep-rolling = A level holds as long as the result of that period reaches its threshold.
terms-keep-lifetime = A level that was reached does not lapse with time.
terms-grace = Where the result is no longer enough, the level stays for { $period } more, so that it can be kept.
terms-step-down-one = A level for which the result is not enough falls by a single step; the lower level is then secured for one more such period.
terms-step-down-earned = A Member whose result is not enough moves to the level that it supports.
terms-on-return-recheck = Where the result no longer reaches the threshold after goods are returned, the level falls at once.
terms-on-return-keep = A return of goods does not lower the level before the next check.

# Rewards.
terms-section-rewards = Rewards and use of the wallet
terms-rewards = A Member may have these rewards:
terms-reward = “{ $name }”: { $gives }.
terms-reward-alike = “{ $name }”.
terms-reward-price = Price: { $price }.
terms-price-cash = { $points } and { $money }
terms-price-free = free of charge
terms-price-given = none – given under the rules on earning
terms-gives-percent = { $percent } off
terms-gives-amount = { $amount } off
terms-gives-product = a free product
terms-gives-shipping = free delivery
terms-gives-card = a gift card worth { $amount }
terms-gives-cash = { $amount } back in money
terms-gives-experience = an event or an experience
terms-gives-access = access for Members only
terms-gives-donation = a donation of { $amount } to { $cause }
terms-fact-stock = Available to all Members together: { $pieces }.
terms-fact-times = At most { $times } { $window ->
    [day] in a day
    [week] in a calendar week
    [month] in a calendar month
    [quarter] in a calendar quarter
    [year] in a calendar year
   *[lifetime] in the whole time in the Programme
} for one Member.
terms-fact-voucher = The voucher is valid for { $period } from its issue.
terms-fact-voucher-open = The voucher does not expire.
terms-redeem = A reward is given when its whole price is available in the wallet; the price is taken from the wallet at the moment of the exchange. Rewards that are limited in number go to those who come first.
terms-spend-order = { $order ->
    [expiring_first] The { $units } that expire soonest are spent first.
   *[oldest_first] The { $units } that were credited first are spent first.
}
terms-hold = { $units } can be reserved while a purchase is being paid. A reservation lasts { $valid } unless another time is agreed, and no longer than { $longest }; what is not used by then returns to the wallet. Reservations open at the same time: at most { $most }.
terms-transfer = A Member may send { $units } to another Member. { $limits }
terms-gift = A Member may give { $units } to another Member as a present. { $limits }
terms-transfer-kept = { $units } that are sent keep their date of expiry.
terms-transfer-least = In one go: at least { $least }.
terms-transfer-most = In one go: at most { $most }.
terms-transfer-between = In one go: at least { $least }, at most { $most }.
terms-transfer-caps = In all: at most { $caps }.
terms-not-transferred = { $units } are only for the Member to whom they were credited: they can be neither sent to another person nor sold.
terms-not-paid-out = { $units } are not money and cannot be exchanged for cash.

# Validity.
terms-section-validity = Validity
terms-expiry = { $units } expire { $until }.
terms-expiry-when = { $units } expire { $until }.
terms-expiry-never = { $units } do not expire.
terms-until-ever = never
terms-until-after = { $period } after the day on which they were credited
terms-until-after-end = { $period } after the day on which they were credited, at the end of the { $window ->
    [day] day
    [week] week
    [month] month
    [quarter] quarter
   *[year] year
} in which that falls
terms-until-inactivity = when nothing has been credited or spent for { $period }
terms-until-dates = each year at the end of { $days }
terms-until-dates-young = each year at the end of { $days }; those younger than { $period } stay valid until the next such day

# Returns.
terms-section-returns = Returns and changes of orders
terms-return = Where an order is returned in whole or in part, changed or cancelled, what is due for the rest of it is worked out anew, under the version of these terms under which it was first credited. The difference is credited or taken back.
terms-return-loose = For goods that are returned without naming an order, as much is taken back as they would bring on the day of the return.
terms-return-ignored = Goods that are returned without naming an order change nothing in the wallet.
terms-debt-carry = Where more { $genitive } have to be taken back than there are in the wallet, the difference is owed. What is credited next makes it good first.
terms-debt-forgive = Where more { $genitive } have to be taken back than there are in the wallet, the difference is let go.
terms-debt-block = Where more { $genitive } have to be taken back than there are in the wallet, the difference is owed. What is credited next makes it good first; until then none can be spent, reserved or sent.

# Complaints, data, leaving, changes.
terms-section-complaints = Complaints
terms-complaint-where = A complaint about the Programme can be sent to: { $to }.
terms-complaint-what = It helps to say what the complaint is about, and to give the details by which the wallet can be found.
terms-complaint-answer = The Operator answers a complaint within { $period } of receiving it.
terms-complaint-history = At a Member’s request the Operator explains each entry in their wallet: under which rule, and on what ground, it was made.
terms-complaint-rights = A complaint does not limit the right to go to court or to have the dispute settled out of court.
terms-section-data = Personal data
terms-data-controller = The controller of Members’ personal data is the Operator.
terms-data-contact = Questions about personal data can be sent to: { $contact }.
terms-data-purpose = The data are processed in order to run the Programme: to credit, to give rewards, to settle returns and to answer complaints.
terms-data-ground = The ground is the contract on taking part in the Programme, which is made by accepting these terms. Members need not give their data, but without them no wallet can be kept.
terms-data-time = The data are kept for the time in the Programme, and afterwards as long as claims and the law require.
terms-data-rights = A Member has the right of access to their data, to have them rectified, erased, restricted or moved, to object, and to complain to the supervisory authority.
terms-data-policy = The full information on how data are processed: { $policy }.
terms-section-leaving = Leaving and withdrawal
terms-leaving = A Member may leave the Programme at any time, without giving a reason and free of charge, by telling the Operator: { $contact }.
terms-leaving-wallet = On leaving, the { $units } in the wallet are forfeited; vouchers issued before stay valid.
terms-leaving-withdrawal = Withdrawal from a contract of sale is a return of goods under these terms, and does not end membership.
terms-section-changes = Changes to these terms
terms-change-notice = The Operator tells Members of a change to these terms at least { $period } before it takes effect.
terms-change-refusal = Whoever does not agree to a change may leave the Programme before it takes effect.
terms-change-past = A change does not look back: orders are settled to the end under the version of these terms under which they were first credited.
terms-change-versions = Earlier versions of these terms can be seen at the Operator’s.
terms-section-final = Final provisions
terms-final-zone = Dates and times in these terms are in the time zone { $zone }.
terms-final-law = What these terms do not settle is settled by law. These terms do not limit the rights that the law gives to consumers.

# What changed.
terms-changes = Changes since the version before
terms-changes-since = Changes since version { $version }
terms-changes-from = This version of the terms holds { $from }.
terms-changes-worse = Changes that are worse for Members:
terms-changes-mixed = Changes that may be better for some and worse for others:
terms-changes-better = Changes that are better for Members:
terms-changes-neutral = Changes that give nothing to Members and take nothing from them:
terms-changes-none = The rules are the same.
terms-changes-past = Orders are settled to the end under the version of these terms under which they were first credited.

# What is missing.
terms-blank-name = full legal name
terms-blank-address = address
terms-blank-registration = registration numbers
terms-blank-contact = e-mail address
terms-blank-complaints = address for complaints
terms-blank-answer = time for an answer
terms-blank-data-contact = contact for personal data
terms-blank-data-policy = address of the information on data
terms-blank-from = day on which the terms take effect
