# What a simulation came to: the page, and the lines in the terminal.

page-title = { $name }, tried on the past
page-against = Compared with { $name }. Both were put through the same history, order by order, by the engine that runs a live programme.
page-alone = Put through the shop's history, order by order, by the engine that runs a live programme.
page-contents = Sections
page-numbers = The numbers
page-footer = Made by Lojal. The same numbers stand in the JSON and CSV files beside this page, unrounded; the same history, programme and seed give the same page.

side-tried = On trial
side-against = Compared with
figure-of-side = { $figure }: { $side }
figure-of-unit = { $unit }: { $figure }
programme-version = { $name } (version { $version })
campaign = { $name } (campaign)
percentage-points = { $number } pp
days = { $number } { $count ->
    [one] day
   *[other] days
}
thousands = { $number }k
millions = { $number }M
billions = { $number }bn
thousands-to-the = { $number }e{ $power }
month-short = { $count ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dec
}

verdict-no-orders = The history has no orders of members, so it says nothing of what the programme would cost. Try it on a longer stretch of time or on another file.
verdict-no-worth = Nothing in the programme says what its points are worth in money, so it has no cost to tell. State a worth for the unit, or a reward with an amount.
verdict-cost = On this history the programme costs about { $cost }, nine times out of ten between { $low } and { $high }. That is { $share } of the revenue of { $revenue }.
verdict-cost-certain = On this history the programme costs { $cost }. That is { $share } of the revenue of { $revenue }.
verdict-cost-at-most = On this history the programme costs { $cost } at most. That is { $share } of the revenue of { $revenue }. No points expired in this time, so every one is taken as spent; some will not be.
verdict-same-cost = The programme that it is compared with costs the same.
verdict-dearer = That is { $change } more than the { $before } of the programme that it is compared with.
verdict-cheaper = That is { $change } less than the { $before } of the programme that it is compared with.
verdict-members = Of { $number } { $count ->
    [one] buyer
   *[other] buyers
}, { $winners } ({ $winning }) get more, { $losers } ({ $losing }) get less, and nothing changes for { $same } ({ $staying }).
highlight-change = { $change } by comparison
highlight-of-members = of { $number } { $count ->
    [one] member
   *[other] members
}

basis-heading = What it was tried on
basis-source = History
basis-period = Time
basis-members = Members
basis-members-value = { $members }, of whom { $buyers } with an order
basis-orders = Orders
basis-orders-value = { $orders }, and returns: { $returns }
basis-revenue = Revenue
basis-redemption = Redemptions
basis-seed = Seed
basis-elasticity = Elasticity of spending
basis-without-worth = Nothing says what these are worth in money: { $units }. No figure in money contains them: neither cost, nor liability, nor what members are given. They are counted in their own unit.
basis-unknowable = What no history can tell: people would have behaved differently. Whoever is promised more may buy more, buy sooner, or join who never joined; whoever loses may leave. Here everybody buys exactly what they bought, on the same day, whatever the programme gives for it. The figures say what a programme would have cost on these orders, not what it would have sold.
redemption-nobody = Nobody takes a reward: the most that can be owed
redemption-as-recorded = As the history records them
redemption-modelled = Modelled: after an order, a member who can afford a reward takes one in { $share } of cases ({ $fit })
fit-stated = stated by whoever ran the simulation
fit-fitted = fitted to the history: { $redemptions } rewards taken on { $number } { $count ->
    [one] occasion
   *[other] occasions
}
fit-assumed = assumed: the history records no redemptions
elasticity-off = Not assumed: spending stays as it was
elasticity-alone = Stated, but there is no programme to compare with, so it changes nothing
elasticity-stated = { $share } more spending for each percentage point that the reward rate rises; shown apart from the replayed figures

figures-heading = Key figures
figures-caption = What the history comes to
column-figure = Figure
column-change = Change
figure-cost = Expected cost
figure-cost-share = Cost as a share of revenue
figure-cost-ceiling = Cost if every point is spent
figure-given = Rewards given for nothing
figure-liability = Liability at the end
figure-liability-ceiling = Liability if every point is spent
figure-issued = issued, less what was taken back
figure-redeemed = spent
figure-expired = expired
figure-pending = pending at the end
figure-available = available at the end
figure-spent = share that is spent
figure-reached = Members who could afford a reward
figure-median-days = Half of them needed at most
figure-redemptions = Rewards taken
figure-refused = Operations refused
column-replayed = Replayed
column-answer = Members' answer
column-answered = With the answer
response-caption = If members answered the change
response-note = The reward rate changes by { $rate }; with { $share } more spending for each percentage point, revenue and cost change in the same proportion. This is reckoned on top of the replay; no other figure on this page contains it.

points-heading = Points by month
points-lead = What was issued stands above the line; what was spent, what expired and what was taken back hangs below it.
points-none = Nothing was issued or spent.
points-title = By month: { $unit }
points-caption = Columns show what moved in each month; the line shows what was pending at its end.
column-month = Month
column-issued = Issued
column-reversed = Taken back
column-redeemed = Spent
column-expired = Expired
column-pending = Pending
column-available = Available
column-debt = Owed by members
row-total = Altogether

liability-heading = Liability
liability-lead = What members hold and have not spent, in money: the share of it that is expected to be spent.
liability-none = There is nothing in money to owe: members hold nothing, or nothing says what the points are worth.
liability-title = Liability at the end of each month, { $currency }
liability-caption = The line is what is expected; nine times out of ten the truth lies within the band.
liability-method = The interval comes from a delete-a-group jackknife: members are dealt to 50 groups by chance, each group is left out once, and how much the estimate moves says how much it would move with other members (Kott, 2001, Journal of Official Statistics 17). Until the first points expire, all are taken as spent: early months show the most that can be owed, with no band or a wide one.
liability-nothing-expired = No points expired in this time, so every one is taken as spent, and there is no interval to draw: this is the most that can be owed. A longer history says more.
column-expected = Expected
column-low = Low
column-high = High
column-ceiling = If all is spent

cost-heading = Cost as a share of revenue
cost-lead = Of every hundred that members pay, so much goes back to them.
cost-none = There is no revenue to compare the cost with.
cost-caption = The whisker is the interval in which the share lies nine times out of ten.
column-programme = Programme
given-title = Given in each month, as a share of its revenue
given-caption = Points at their full worth, in the month in which they were issued, spent or not; less what was taken back.
column-given-share = Given

tiers-heading = Tiers
tiers-none = The programme has no tiers.
tiers-nobody = There were no members.
tiers-title = Members by level: { $ladder }
tiers-caption = At the end of each month, from the base upwards.
tiers-end = At the end: { $ladder }
tiers-moves = Moves: { $ladder }
tiers-no-moves = Nobody changed level: { $ladder }.
column-level = Level
column-members = Members
column-move = Move
column-times = Times

groups-heading = Who is given how much
groups-lead = Buyers in ten groups of the same size, by what they paid. A rate that rises towards the last group rewards loyalty; one that falls pays for what little is bought.
groups-none = Nobody bought anything.
groups-caption = What members are given for what they pay.
deciles-title = By tenths of buyers
segments-title = By segment
segments-none = The history knows no segments.
decile = Tenth { $decile }
decile-first = Tenth 1 (pays least)
decile-last = Tenth 10 (pays most)
column-group = Group
column-reached = Could afford a reward
column-value = Given
column-rate = Given for what is paid

first-heading = Time to the first reward
first-no-rewards = The programme has no rewards to work towards.
first-none = Nobody ever had the points for a reward.
first-lead = { $number } { $count ->
    [one] member
   *[other] members
} ({ $share }) could afford a reward at some moment.
first-quartiles = A quarter of them needed no more than { $quarter } from joining, half no more than { $half }, three quarters no more than { $most }.
first-title = Members who could afford a reward, by months since joining
first-caption = As a share of all members. Months have 30 days.
column-month-of-membership = Month of membership
column-first = For the first time

changes-heading = Who gains, who loses
changes-lead = Winners gain { $gained } altogether, losers lose { $lost }. What is given for what is paid goes from { $before } to { $after }.
histogram-title = Buyers by what changes for them, { $currency }
histogram-caption = Left of the middle are those who get less, right of it those who get more; the outermost columns take in everything beyond.
change-loses = Get less
change-none = No change
change-gains = Get more
mean-change-title = Mean change by tenths of buyers
mean-change-caption = What the mean buyer of each tenth gains or loses over the whole time.
quantiles-caption = Change for the buyer at each place
column-buyers = Buyers
quantile-5 = 5 of 100 have no more
quantile-25 = 25 of 100 have no more
quantile-50 = 50 of 100 have no more
quantile-75 = 75 of 100 have no more
quantile-95 = 95 of 100 have no more

rules-heading = Rules
rules-title = Busiest rules
rules-caption = How often each gave something. The table has all that did.
rules-none = No rule gave anything.
rules-never = Never fired
rules-all-fired = Every rule gave something.
rule-multiplies = multiplies others
column-rule = Rule
column-given = Given, less what was taken back

rewards-heading = Rewards
rewards-none = The programme has no rewards.
rewards-untouched = Nobody took a reward, and no rule gave one.
rewards-title = Rewards taken and given
rewards-caption = Taken for points, and given by a rule for nothing.
column-reward = Reward
column-taken = Taken
column-given-free = Given
column-spent = Spent on it

refusals-heading = Refusals
refusals-lead = What the engine would not do, by the code that the API gives. A few are usual: a history may name a reward that the programme does not have.
refusals-none = Nothing was refused.
refusals-caption = Refused, by code
column-refusal = Code

sweep-heading = Cost against a goal
sweep-title = { $setting }, value by value
sweep-caption = Across: { $goal }. Upwards: cost as a share of revenue, with its interval. Each point is a whole replay with one value of { $setting }.
goal-reached = members who could afford a reward, as a share of all
goal-redemptions = rewards taken
goal-generosity = given for what is paid
goal-climbed = members above the base level, as a share of all

glossary-heading = How each figure is reckoned
term-worth = Worth of a point
term-interval = Nine times out of ten
term-decile = Tenth of buyers
term-rounding = Rounding
glossary-revenue = What members paid for the lines of their orders, less what they brought back. Orders that were cancelled or never paid do not count.
glossary-worth = As the programme states it for the unit. Where it does not: by the reward with an amount of money that gives most for the points. A unit that cannot be spent has no worth.
glossary-issued = Points issued in the period less those taken back because of returns and corrections.
glossary-pending = Points that were earned and cannot be spent yet.
glossary-spent = Spent ÷ (spent + expired), of the points whose fate is known. While none is known it is taken as 100%, and the interval is 0% to 100%.
glossary-interval = The estimate ± 1.645 standard errors, by a delete-a-group jackknife with 50 groups of members, held between 0% and 100%. It tells how much the share that is spent would vary with other members like these; it does not tell whether the future resembles the past.
glossary-cost = (Issued − taken back + owed) × worth × share that is spent, over all units, plus rewards given for nothing.
glossary-cost-share = Expected cost ÷ revenue.
glossary-cost-ceiling = (Issued − taken back + owed) × worth: as if every point were spent. Owed is what was taken back after it had been spent.
glossary-given = The amounts of the rewards that rules gave without points. A percentage off, a free product or free delivery has no amount and counts as nothing.
glossary-liability = (Pending + available) × worth × share that is spent, at the end of the period or month.
glossary-liability-ceiling = (Pending + available) × worth: as if every point were spent.
glossary-value = (Issued − taken back) × worth, plus rewards given for nothing, of the members of the group: at full worth, spent or not.
glossary-rate = Given ÷ revenue of the same members.
glossary-decile = Members with an order, in the order of what they paid, in ten groups of the same size.
glossary-first = Days from joining until the member first has the points for the cheapest reward.
glossary-changes = For each buyer, what they are given by the one programme less what they are given by the other, at full worth.
glossary-elasticity = With e thousandths: revenue × e ÷ 1000 × the change of the reward rate in percentage points. The reward rate is given ÷ revenue. Off unless it is stated.
glossary-rounding = Money is reckoned in its smallest part and rounded down; shares are shown to a hundredth of a percent. The JSON has every number whole.

summary-interval = Nine times out of ten the cost lies within { $interval }.
summary-never = { $number } { $count ->
    [one] rule
   *[other] rules
} never fired.
