# What is found in a programme document, and how to mend it. Each sentence begins with a small letter and ends without
# a full stop; words of the document stay as they are written there.

finding-severity = { $severity ->
    [error] error
    [warning] warning
   *[notice] notice
}
finding-place = at line { $line }, column { $column }
finding-found = found: { $text }
finding-remedy = remedy: { $text }
finding-accepted = accepted: { $text }

# The document as a whole
finding-shape = { $problem }
    .remedy = compare with the document that `lojal init` writes, or with the JSON Schema
finding-too-large = the document is larger than 1 MiB
    .remedy = a programme is far smaller; is this the right file?

# The programme, its units and what they share
finding-unknown-time-zone = the time zone is not in the IANA database
    .remedy = write an IANA name like "Europe/Warsaw"
finding-no-language = the programme speaks no language
    .remedy = list at least one: languages = ["pl", "en"]
finding-unknown-currency = { $code } is no currency code
    .remedy = write the ISO 4217 code, like "PLN"
finding-too-many-decimals-money = money has at most 6 decimals
    .remedy = write a number from 0 to 6
finding-no-brand = the programme has no brand
    .remedy = add one: [brands.shop] with its name
finding-no-unit = the programme has no unit
    .remedy = add one: [units.points] with its name
finding-too-many-decimals-unit = a unit has at most 6 decimals
    .remedy = write a number from 0 to 6
finding-missing-plural = Polish needs the form for 2, 3 and 4
    .remedy = add few, as in few = "punkty"
finding-several-expiries = points can expire in one way only
    .remedy = keep one of after_earning, after_inactivity and on
finding-expiry-without-earning = until_end_of rounds after_earning, which is not there
    .remedy = add after_earning or remove until_end_of
finding-expiry-without-dates = not_before belongs to on, which is not there
    .remedy = add on or remove not_before
finding-not-a-day = { $text } is no day of the year
    .remedy = write month and day, like "12-31"
finding-most-below-least = the most is less than the least
    .remedy = swap least and most
finding-household-range = a household has from 2 to 100 members
    .remedy = write a number from 2 to 100
finding-holds-range = a member may have from 1 to 1000 open holds
    .remedy = write a number from 1 to 1000
finding-fraud-range = this number is from { $least } to { $most }
    .remedy = write a number from { $least } to { $most }
finding-fraud-unknown = there is no setting { $name } here
    .remedy = use one of { $known }
finding-fraud-domain = { $domain } is no domain of mail addresses
    .remedy = write what stands after the @, in lower case, like example.com
finding-unknown-unit = there is no unit { $unit }
    .remedy = use one of { $known }
finding-unit-missing = it is not said in which unit
    .remedy = add unit, one of { $known }
finding-id-unfit = "{ $id }" is no id
    .remedy = use 1 to { $longest } lower-case letters, digits, hyphens and underscores
finding-text-unfit = the text is empty or too long
    .remedy = write 1 to { $longest } bytes
finding-missing-translation = the text is missing in { $language }
    .remedy = add { $language } = …, or remove { $language } from the programme's languages
finding-not-a-period = "{ $text }" is no length of time
    .remedy = write it like 30 minutes, 14 days, 12 months or 2 years
finding-empty-period = the period is empty
    .remedy = write 1 or more
finding-not-a-time = "{ $text }" is no time
    .remedy = write "2026-04-01" or "2026-04-01 10:00"
finding-factor-range = the factor must be above 0 and at most 1000
    .remedy = write a number like "1.5"
finding-negative = { $number } is negative
    .remedy = write 0 or more
finding-not-a-number = { $text } { $problem ->
        [precise] has more than { $decimals } decimals
        [large] is too large
       *[other] is not a number
    }
    .remedy = write a number with at most { $decimals } decimals
finding-out-of-range = { $number } is out of range
    .remedy = write a number from 1 to { $most }

# Rules and campaigns
finding-rule-twice = there are two rules { $rule }
    .remedy = give each rule and campaign its own id
finding-too-many-rules = a programme has at most { $most } rules
    .remedy = remove some
finding-too-many-editions = there are at most { $most } editions of a referral programme
    .remedy = remove those that are long over
finding-qualify-on-builtin = { $activity } arises by itself, and nobody qualifies by it
    .remedy = name an activity that the shop posts, or order
finding-variants-range = an offer is compared in two to { $most } variants
    .remedy = name at least two variants, or leave variants out
finding-variant-twice = there are two variants { $variant }
    .remedy = give each variant its own id
finding-unit-without-points = this rule gives no points of its own
    .remedy = remove unit
finding-lines-without-order = only orders have lines
    .remedy = remove lines, or set on = "order"
finding-award-shape = { $kind ->
        [nothing] the rule gives nothing
       *[other] the rule gives several things at once: { $stated }
    }
    .remedy = state exactly one of per, per_item, points, per_value, multiplier and reward
finding-rate-unfit = { $field } belongs to per or per_value
    .remedy = remove { $field } or change the rule
finding-remainder-unfit = { $field } belongs to per
    .remedy = remove { $field } or change the rule
finding-applies-to-unfit = { $field } belongs to multiplier
    .remedy = remove { $field } or change the rule
finding-counts-purchases = { $field } counts what was bought, so it belongs to on = "order"
    .remedy = remove { $field } or change the rule
finding-counts-attribute = { $field } counts an attribute of an activity, and this rule is on orders
    .remedy = remove { $field } or change the rule
finding-caps-unfit = { $field } limits points, and this rule gives none of its own
    .remedy = remove { $field } or change the rule
finding-campaign-field = { $field } belongs to campaigns
    .remedy = remove { $field } or change the rule
finding-budget-unfit = { $field } limits points; give the reward a stock instead
    .remedy = remove { $field } or change the rule
finding-unknown-reward = there is no reward { $reward }
    .remedy = use one of the rewards: { $known }
finding-reward-without-voucher = what a rule gives is handed out as a code, and this reward has none
    .remedy = add voucher = {"{"} valid = "30 days" {"}"} to the reward { $reward }
finding-ends-before-start = the campaign ends before it begins
    .remedy = swap from and until
finding-not-multiplied = { $rule } is not multiplied
    .remedy = set multiplied = true in { $rule }
finding-unknown-rule = there is no rule { $rule }
    .remedy = name an earning rule or campaign of this document

# Levels
finding-keep-range = a level is kept for 0 to 10 years more
    .remedy = write a number from 0 to 10
finding-base-begins = the base level begins at nothing
    .remedy = remove at
finding-levels-out-of-order = the level { $level } does not begin above the one before it
    .remedy = order the levels from the lowest to the highest
finding-no-levels = the ladder has no levels
    .remedy = add [[tiers.NAME.levels]] with id, name and at
finding-unit-unfit = only the metric points has a unit
    .remedy = remove unit
finding-unknown-metric = { $metric } is no metric
    .remedy = write spend, points, orders, or activity:NAME
finding-unknown-window = { $window } is no window
    .remedy = write lifetime, calendar_year, membership_year, or a period like "12 months"
finding-level-twice = there are two levels { $level }
    .remedy = give each level its own id, over all ladders
finding-level-without-beginning = the level { $level } has no beginning
    .remedy = add at, the metric at which it begins

# Rewards
finding-too-many-rewards = a programme has at most { $most } rewards
    .remedy = remove some
finding-not-spendable = { $unit } cannot be spent
    .remedy = price the reward in a spendable unit
finding-cash-without-price = a reward that only rules give has no price
    .remedy = add price, in points
finding-reward-field-unfit = this kind of reward has no { $field }
    .remedy = remove { $field }
finding-reward-field-missing = this kind of reward needs { $field }
    .remedy = add { $field }
finding-discount-range = a discount is from 1 to 100 percent
    .remedy = write a number from 1 to 100
finding-prefix-with-pool = codes from a pool come as they are
    .remedy = remove prefix or pool
finding-prefix-unfit = a prefix has at most 12 capital letters and digits
    .remedy = write it like "COFFEE"

# Who runs the programme
finding-age-range = nobody is of that age
    .remedy = write a number from 1 to { $oldest }, or remove minimum_age
finding-detail-unfit = the text is empty, too long, or has more than one line
    .remedy = write 1 to { $longest } bytes in one line, or remove the field
finding-no-day = "{ $text }" is no day
    .remedy = write year, month and day, like "2026-04-01"

# Conditions
finding-too-deep = conditions are nested too deeply
    .remedy = say the same with fewer levels of all, any and not
finding-condition-shape = a condition is exactly one of all, any, not, or a field with a comparison
    .remedy = write {"{"} field = "order.total", at_least = "50.00" {"}"} or {"{"} any = [ … ] {"}"}
finding-any-of-nothing = any of nothing never holds
    .remedy = list at least one condition
finding-comparison-missing = nothing is said about { $field }
    .remedy = add a comparison: is, is_not, in, not_in, at_least, more_than, at_most or less_than
finding-unknown-field = { $elsewhere ->
        [true] { $field } is not known at this place
       *[false] there is no field { $field }
    }
    .remedy = use one of { $known }
finding-empty-list = one of nothing never holds
    .remedy = list at least one value
finding-comparison-of-times = { $field } is a time and is compared by at_least or less_than
    .remedy = write at_least = "2026-04-01"
finding-comparison-unfit = { $field } has no more or less
    .remedy = compare it by is, is_not, in or not_in
finding-unknown-level = there is no tier level { $level }
    .remedy = { $levels ->
        [none] add a tier ladder with this level
       *[other] use one of { $known }
    }
finding-value-unfit = { $field } is compared with { $kind ->
        [whole] a whole number
        [money] an amount of money like "50.00"
        [text] text
        [flag] true or false
        [weekday] a weekday like "saturday"
        [month] a month from 1 to 12
        [level] the id of a tier level
       *[time] a time like "2026-04-01"
    }
    .remedy = write { $kind ->
        [whole] a whole number
        [money] an amount of money like "50.00"
        [text] text
        [flag] true or false
        [weekday] a weekday like "saturday"
        [month] a month from 1 to 12
        [level] the id of a tier level
       *[time] a time like "2026-04-01"
    }
finding-planned-capability = Lojal does not run this yet: { $capability }
    .remedy = keep it as a note for later, run it by other means, or remove the section

# What an analysis finds
finding-recommendations-unrewarded = nothing is given for the recommendations of { $edition }
    .remedy = add a rule with on = "friend_qualified" or on = "referral_qualified"
finding-reward-without-edition = { $rule } rewards { $activity }, and nobody can recommend: there is no edition
    .remedy = add an edition under referrals, or remove the rule
finding-edition-never-chosen = { $edition } is taken only by links that name it: { $first } is meant for the same people, and runs all the while
    .remedy = put it before { $first }, or keep their periods or friends apart
finding-coming-without-limit = { $rule } gives something for { $activity } alone, without a limit, and anybody can open accounts
    .remedy = reward friend_qualified and referral_qualified instead, or make it a campaign with a budget
finding-reward-above-order = { $edition } gives both sides { $given } together for an order that may be worth { $least }
    .remedy = ask for an order.total of at least as much in qualify.when, or give less
finding-recommendation-settles-early = recommendations of { $edition } may count while the goods can still come back: { $unit } of the same order wait longer
    .remedy = add qualify.wait, at least as long as pending of the unit
finding-recommendations-unreviewed = recommendations of { $edition } are rewarded, and nobody looks whether they are real
    .remedy = remove review = "none"
finding-codes-ask-nobody = rules ask friends for a code, and no edition looks at what is suspicious
    .remedy = state review = "suspicious" for an edition, or let the rules ask for something else
finding-accepted-nothing = no warning { $code } is found here
    .remedy = remove it, or correct finding and at
finding-worth-not-stated = it is not said what { $unit } are worth, so nothing can be said about what they cost
    .remedy = add worth = {"{"} units = 100, money = "1.00" {"}"}
finding-gives-back = { $rule } gives back { $share } of what is spent: { $unit } are worth what they cost, or more
    .remedy = lower rate or worth, or raise per
finding-generous-return = up to { $share } of what is spent comes back: { $parts }
    .remedy = lower rates or multipliers, keep conditions apart, or set stacking.multipliers = "best"
finding-expiry-before-release = { $unit } wait { $wait } and end before that: nobody can ever spend them
    .remedy = let points live longer, or wait less
finding-some-expire-before-release = some { $unit } end before they have waited { $wait }
    .remedy = let points live longer, or wait less
finding-text-not-translated = the text is the same in { $one } and in { $other }
    .remedy = translate it
finding-one-like-many = in { $language } one and many are called { $form }
    .remedy = write the form for several
finding-one-like-several = in { $language } one and several are called { $form }
    .remedy = write each form
finding-unit-not-translated = the unit is called the same in { $one } and in { $other }
    .remedy = translate it
finding-lines-without-effect = a reward is given for the whole order, whatever its lines are
    .remedy = put what must hold into when, or remove lines
finding-activity-misspelt = { $activity } is an activity that your shop must post, and looks like { $meant }
    .remedy = write on = "{ $meant }", or choose a name that cannot be taken for it
finding-multiplies-by-one = a multiplier of 1 changes nothing
    .remedy = write a factor other than 1, or remove the rule
finding-multiplies-nothing = { $rule } multiplies nothing: no rule that it acts on fires with it
    .remedy = set multiplied = true in a rule on the same thing, or remove the multiplier
finding-cap-below-award = { $rule } gives { $points } at once, of which never more than { $most } are left
    .remedy = raise the limit, or give less at once
finding-cap-of-unit-below-award = { $rule } gives { $points } at once, of which the limits of { $unit } leave { $most }
    .remedy = raise the limit, or give less at once
finding-cap-without-effect = this limit is never reached: the limit of { $most } for a { $window } is
    .remedy = remove one of them, or correct the number
finding-earns-on-gift-cards = a gift card earns when it is bought, and what is bought with it earns again
    .remedy = write gift_cards = true
finding-earns-on-points = what is paid with points earns points again
    .remedy = write paid_with_points = true
finding-level-multiplies-nothing = the level { $level } multiplies nothing: no rule can be multiplied
    .remedy = set multiplied = true in a rule, or remove multiplier
finding-level-worse-than-below = the level { $level } multiplies by { $factor }, a lower level by { $best }
    .remedy = let multipliers rise with the levels
finding-level-brings-nothing = the level { $level } brings nothing
    .remedy = add multiplier or perks, or name the level in a condition of a rule or a reward
finding-level-out-of-reach = nobody can reach the level { $level }: it begins at { $at }, and the rules give at most { $most } in its time
    .remedy = lower at, raise the limits, or add a rule that gives this unit
finding-free-reward-without-limit = anybody can have the reward { $reward } for nothing, as often as they like
    .remedy = add limit = {"{"} times = 1, every = "month" {"}"}, stock, or a price
finding-activity-without-cap = { $rule } gives something each time that { $activity } is posted, without a limit
    .remedy = { $gives ->
        [reward] give the reward a stock
       *[points] add caps, like caps = {"{"} month = 100 {"}"}
    }
finding-transfers-without-cap = a member may send any amount by { $section }, in as many parts as they like
    .remedy = add caps, like caps = {"{"} month = 2000 {"}"}
finding-reward-without-price = nobody can have the reward { $reward }: it has no price, and no rule gives it
    .remedy = add price, or an earning rule with this reward
finding-reward-in-unearned-unit = the reward { $reward } costs { $unit }, which no rule gives
    .remedy = add an earning rule for this unit, or price the reward in another
finding-reward-beyond-caps = the reward { $reward } costs { $price }, and the limits of the rules allow { $most } in { $window ->
        [year] a year
       *[lifetime] a lifetime
    }
    .remedy = lower the price, or raise the limits
finding-reward-above-worth = the reward { $reward } gives { $gain } for { $price }, which are said to be worth { $worth }
    .remedy = raise the price, or state the worth that members can get: it is what you owe them
finding-budget-without-end = { $campaign } goes on until its budget of { $budget } is used up, and nobody can say when
    .remedy = add until, so that members know how long it lasts
finding-campaign-without-end = the campaign { $campaign } has neither an end nor a budget
    .remedy = add until or budget, or make it a rule under earning
finding-campaigns-stack = { $one } and { $other } can run at the same time, and then multiply { $rule } by { $factor } together
    .remedy = keep their times, audiences or applies_to apart, or set stacking.multipliers = "best"
finding-rule-without-number = the rule { $rule } never fires: the activity that it is on carries no such number
    .remedy = earn on an activity that your shop posts, which can carry attributes
finding-reward-over = nobody can ever have the reward { $reward }: it ends before it begins
    .remedy = swap from and until
finding-condition-never = { $subject ->
        [rule] the rule { $id } never fires
       *[reward] nobody can ever have the reward { $id }
    }: { $why ->
        [never] this condition can never hold
        [campaign] it never holds while the campaign runs
        [counted] it never holds for what counts here
        [offered] it never holds while the reward is offered
        [ground] it can never hold
        [rival] this condition contradicts { $rival }
       *[others] this condition contradicts those before it
    }
    .remedy = change one of the conditions, or put those that exclude each other into any = [ … ]
finding-condition-always = { $beside ->
        [others] this condition says nothing beside the others: it always holds with them
       *[alone] this condition holds always
    }
    .remedy = remove it, or say what it should keep out
finding-condition-branch-never = this branch never holds together with the other conditions
    .remedy = remove it, or change what it contradicts
finding-rules-fire-together = { $one } and { $other } always fire together
    .remedy = make one rule of them, or give one of them a condition
finding-no-reward-in-a-year = an ordinary member, with { $orders } { $orders-form ->
        [one] order
       *[other] orders
    } of { $order } a year, has at most { $points } from it, and the cheapest reward, { $reward }, costs { $price }
    .remedy = add a cheaper reward, or give more points
finding-reward-far-away = an ordinary member, with { $orders } { $orders-form ->
        [one] order
       *[other] orders
    } of { $order } a year, has at most { $points } from it, and the reward { $reward } costs { $price }
    .remedy = is it meant for the best customers alone?
finding-expiry-before-reward = an ordinary member, with { $orders } { $orders-form ->
        [one] order
       *[other] orders
    } of { $order } a year, has at most { $points } from it: points end before { $days } days are over, which the cheapest reward takes
    .remedy = let points live longer, or add a cheaper reward

# What the public terms lack
finding-name-states-other-number = the name “{ $name }” states { $number }, and what it names has no such number
    .remedy = state the same number in the name as in the rule or reward, or leave it out of the name
finding-complaints-answered-late = complaints are answered later than within { $days } days, after which they are granted by law to consumers in Poland
    .remedy = write complaints.answer = "{ $days } days", or ask your lawyer
finding-terms-incomplete = the terms have a blank for { $blank ->
        [name] who runs the programme
        [address] the operator's address
        [registration] the operator's registration numbers
        [email] the operator's e-mail address
        [complaints-to] where complaints are sent
        [complaints-answer] within what time complaints are answered
        [data-contact] whom to ask about personal data
        [data-policy] where the full information on personal data is
       *[from] the day from which the terms hold
    }
    .remedy = add { $field } to [operator]
