# What a comparison of programmes came to: the page, and the table in the terminal.

compare-title = { $number } { $count ->
    [one] programme
   *[other] programmes
}, the same customers
compare-subtitle = The same orders, one by one, through each programme, by the engine that runs a live one.
compare-card = expected cost: { $cost }
compare-verdict-rates = Of what members pay, most comes back in { $most }: { $high }; least in { $least }: { $low }.
compare-verdict-soon = Within { $number } { $count ->
    [one] day
   *[other] days
} of joining, most members could afford a reward in { $most }: { $high }; fewest in { $least }: { $low }.
compare-verdict-gaps = { $number } { $count ->
    [one] programme has parts that an order export cannot exercise: the figures say nothing of them.
   *[other] programmes have parts that an order export cannot exercise: the figures say nothing of them.
}
compare-rates = Rates of exchange
compare-adapted = Each programme is treated as if it were this shop’s: all orders are sold by its first brand, days and months are those of the first programme’s time zone, amounts are converted by one fixed rate, and everybody joins with their first order. Where the export does not say when an order was delivered, it is delivered when it is placed.

compare-rate = Given for what is paid
compare-reached = Ever could afford a reward
compare-within-days = Within so many days
compare-half-by = Half of all members by
compare-breakage = Never spent
compare-figures-caption = Each programme on the same orders
compare-dash = A dash: it cannot be told. Nothing says what the points are worth, they buy nothing at a fixed price, too few were watched for so long, fewer than half came so far, or nothing has expired yet. Small numbers below are the interval in which the truth lies nine times out of ten.
compare-no-worth = Nothing in any of these programmes says what its points are worth in money.
compare-no-prices = In none of these programmes can points buy a reward at a fixed price.

compare-rate-heading = How much is given
compare-rate-lead = What is given is counted at its full worth, spent or not. The cost counts only what is expected to be spent; until something expires, that is all of it.
compare-rate-title = Of every hundred that members pay
compare-rate-caption = The whisker is the interval in which the share lies nine times out of ten.

compare-deciles-heading = Who is given how much
compare-deciles-caption = What members are given for what they pay, from the tenth of buyers who pay least to the tenth who pay most.

compare-frequency-heading = Generosity and frequency
compare-frequency-lead = A line that rises gives frequent buyers more for the same money. One that falls gives most for the first order, as a gift for joining does.
compare-frequency-title = By the number of orders
compare-frequency-caption = What members are given for what they pay, by how many orders they made in the whole time.
compare-buyers = { $orders } ({ $number } { $count ->
    [one] buyer
   *[other] buyers
})

compare-first-lead = Members who joined late were watched for a short time only. The curve and the shares after so many days allow for that (Kaplan and Meier, 1958); “ever could afford” does not. The curve ends where one member would move it by more than a thirtieth.
compare-first-few = Fewer than thirty members, or none for a month: too few for a curve.
compare-first-title = Members who could afford a reward, by months since joining
compare-first-caption = As a share of all members, as if all had been watched for as long. Months have 30 days.
compare-first-caption-table = When members could first afford a reward
compare-within = Within { $number } { $count ->
    [one] day
   *[other] days
}
compare-quarter = A quarter of those by
compare-half = Half of those by
compare-most = Three quarters of those by

compare-fate-heading = What becomes of the points
compare-fate-lead = By the end of the time, in shares of what was given and not taken back. What was taken back from a member who had spent it is owed, and counts until it is paid. What is still held may yet be spent or expire: a longer history says more.
compare-fate-title = Spent, owed, expired, still held
compare-fate-caption = After an order, a member who can afford a reward takes one in a fifth of cases: an assumption, the same for every programme.
compare-owed = Spent, and owed for
compare-held = Still held

compare-gaps-heading = What the orders cannot exercise
compare-gaps-lead = What follows is not in the figures on this page, or not as it would be. A programme with much of it gives more than is told here; one that leaves out tax, less.
compare-gaps-none = { $name }: everything in it was exercised.
gap-activity = On what is no order, and not in an order export: { $names }.
gap-birthday = On birthdays, which an order export does not tell: { $names }.
gap-campaign = At another time than the orders: { $names }.
gap-unmet = Gave nothing, because no order met the conditions or the export lacks what they look at: { $names }.
gap-ladder = Levels that count something else than purchases, so that everybody stays on the lowest: { $names }.
gap-brands = Several brands take part; here all orders are those of one: { $names }.
gap-tax = The programme gives nothing for tax; the export does not tell it, so that the whole price counts.
gap-no-prices = Points buy no reward at a fixed price: nobody spends any, and there is no first reward.
gap-no-worth = Without a worth in money, and so in no figure: { $names }.
gap-gifts = Gifts without an amount of money, which count as nothing: { $names }.
gap-perks = Perks of levels, which are words without an amount: { $names }.
gap-sharing = Members can pass points on or share a wallet; an order export knows nothing of that.
gap-planned = Planned, and not run by Lojal yet: { $summary }

compare-glossary-rate = (Issued − taken back) × worth, plus rewards given for nothing, ÷ revenue: at full worth, spent or not.
compare-glossary-reached = Members who had the points for the cheapest reward at some moment, of all members. Whether another condition holds is not asked.
compare-glossary-within = The share that could afford a reward within so many days of joining, by the method of Kaplan and Meier: members who were watched for a shorter time count for as long as they were.
compare-glossary-half = Days from joining by which half of all members could afford a reward, by the same method.
compare-glossary-breakage = The share of what was given that is expected never to be spent: expired ÷ (spent + expired), of the points whose fate is known.
compare-glossary-interval = For what is given and what is spent: ± 1.645 standard errors by a delete-a-group jackknife with 50 groups of members (Kott, 2001). For shares of members: Wilson’s interval (1927), and Greenwood’s for those of the curve. They tell how much a figure would vary with other members like these.
compare-glossary-rates = One rate for the whole time, stated by whoever ran the comparison or by the programme itself.

compare-short-rate = Given
compare-short-cost = Cost
compare-short-reached = Reached
compare-short-within = In { $number } { $count ->
    [one] day
   *[other] days
}
compare-short-half = Half by
compare-short-breakage = Unspent
compare-summary-note = Given: worth of points and rewards for what is paid. Cost: the part that is expected to be spent. Reached: members who could ever afford a reward; in so many days of joining; days until half of all could. Unspent: what is never spent. A dash: it cannot be told. The page (--report) has intervals, charts, and what an order export cannot exercise.
