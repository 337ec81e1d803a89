# Whether a programme is worth it for a shop yet. Numbers in brackets are those of the sources.

advise-title = Is a programme worth it for this shop yet?
advise-basis = Customers: { $customers }; orders: { $orders }; { $from } – { $until }.
advise-loyalty = Loyalty programme
advise-referral = Referral programme
advise-verdict = { $subject }: { $verdict }.
advise-yes = yes
advise-not-yet = not yet
advise-cannot-tell = cannot tell
advise-good = good
advise-between = will do
advise-short = falls short
advise-unknown = not known
advise-loyalty-checks = For a loyalty programme
advise-referral-checks = For a referral programme
advise-context = To keep in mind (no verdict rests on it)
advise-sources = Sources

advise-repeat = Coming back
advise-repeat-here = Of { $number } { $count ->
    [one] customer
   *[other] customers
} who could be watched for { $days } after their first purchase, { $share } bought again on another day (nine times out of ten between { $low } and { $high }).
advise-repeat-none = Nobody could be watched for 90 days after the first purchase. A longer export says more.
advise-repeat-rule = Threshold: under 15% there is nothing for a programme to work on, and over 50% it may pay for what happens anyway [1]; from 40% in a year a shop lives by those who return as well [2], and loyalty programmes are said to work well from 60% only [3]. These are practitioners’ opinions; measured thresholds have not been published. The interval is Wilson’s [11].
advise-interval = How soon
advise-interval-here = Half of all purchases are followed by the next within { $number } { $count ->
    [one] day
   *[other] days
}, those included that no other has followed yet.
advise-interval-none = Within { $days }, the longest for which enough purchases were watched, fewer than half are followed by the next.
advise-interval-share = Within { $number } { $count ->
    [one] day
   *[other] days
} { $share } are (nine times out of ten between { $low } and { $high }).
advise-interval-few = Too few purchases were watched to say how soon the next one follows.
advise-interval-rule = Threshold: 182 days, two more purchases in a year, or points add up to nothing within it. Our own rule of thumb. By the method of Kaplan and Meier [10], for as long as one purchase moves the share by a thirtieth at most. The interval is that of a jackknife, because what one customer does is alike [12].
advise-base = Enough customers to measure
advise-base-here = { $number } { $count ->
    [one] customer
   *[other] customers
} bought in the last 365 days. If half of them were in the programme and half not, a change in coming back of { $change } or more could be seen.
advise-base-none = { $number } { $count ->
    [one] customer
   *[other] customers
} bought in the last 365 days. If half of them were in the programme and half not, not even a large change in coming back could be seen.
advise-base-rule = Threshold: 5 percentage points are good, 10 will do: our own rule of thumb, because with less nobody would ever know whether the programme pays. The size is arithmetic: two proportions, level 5%, power 80% [4].
advise-margin = Paying for itself
advise-margin-here = With a margin of { $margin }, giving back { $rate } pays for itself when members buy { $uplift } more.
advise-margin-thin = With a margin of { $margin }, even giving back { $rate } pays for itself only when members buy { $uplift } more.
advise-margin-never = With a margin of { $margin }, even giving back { $rate } never pays for itself, however much more members buy.
advise-margin-none = The margin is not stated (--margin). Giving back 1% takes a margin of 11% to pay for itself when members buy a tenth more; 2% takes 22%, 3% takes 33%.
advise-margin-rule = Threshold: members need to buy a tenth more at most. What that takes is arithmetic: rate ÷ (margin − rate), every point spent. The tenth is our own rule of thumb: no published figure holds for every shop. In one study light and moderate buyers bought more, and frequent buyers did not [5].

advise-friend = What a new customer brings
advise-friend-here = A new customer pays { $paid } within { $days } of the first purchase, and the margin on it is { $earned }. A gift of a tenth of an average order for each side costs { $gifts }.
advise-friend-no-margin = A new customer pays { $paid } within { $days } of the first purchase; the margin on it is not stated (--margin). A gift of a tenth of an average order for each side costs { $gifts }.
advise-friend-unmatched = What came back to no known order is { $share } of what was sold, so that what a new customer pays is not known. With match_cancellations = true, the mapping lets returns find the orders that they are of.
advise-friend-none = Nobody could be watched long enough to say what a new customer pays. A longer export says more.
advise-friend-rule = Threshold: both gifts cost half of the margin at most. Arithmetic, and the half is our own rule of thumb. Customers who had been referred were worth 16% more than others at a bank [6]; at a telephone company their margins were smaller [7].
advise-advocates = Enough who could recommend
advise-advocates-here = { $number } { $count ->
    [one] customer
   *[other] customers
} bought in the last 365 days.
advise-advocates-rule = Threshold: 1,000. If two in a hundred bring somebody in a year, which is a supposition, 20 new customers come, about the least that can be told from chance. Our own rule of thumb.

advise-order = An average order is { $mean }, the one in the middle { $median }; customers made { $each } orders each.
advise-earned = The customer in the middle makes { $orders } orders a year, and at { $rate } would be given { $earned } for them. Whether anybody comes back for that, no figure here tells.
advise-top = The fifth of the customers who pay most pay { $share } of everything; in 339 companies it was 67% on average [8]. Where it is much more, most of what is given goes to people who buy anyway [5].
advise-returns = { $share } of what was sold came back. American retailers expected 16.9% for 2024 [9]. Points should wait for as long as goods may come back.
advise-first-seen = A first purchase is the first in this file: older customers look new in it, and coming back looks more frequent than it is. Several orders on one day count as one visit.
advise-write = A programme fitted to these orders: add --write programme.toml

advise-card-customers = Customers
advise-card-returning = Bought on more than one day
advise-card-order = Average order
advise-curve-heading = How soon customers come back
advise-curve-title = Bought again, by months since the purchase
advise-curve-caption = As if everybody had been watched for as long [10]. The band is where the truth lies nine times out of ten; after any purchase it allows for what purchases of one customer have in common [12]. Months have 30 days.
advise-second = After the first purchase
advise-next = After any purchase
advise-month = Month

starter-head = Fitted by lojal advise to { $orders } orders of { $from } to { $until }. Change names, and look at every number, before you publish it: lojal programme check FILE
starter-worth = { $rate }% is given back: as much as pays for itself when members buy a tenth more, at most 5%; 1% where no margin was stated.
starter-worth-thin = { $rate }% is given back, the least that is worth giving: it pays for itself only when members buy { $uplift }% more.
starter-worth-never = { $rate }% is given back, the least that is worth giving: with a margin of { $margin }% it never pays for itself.
starter-pending = As long as goods may come back.
starter-expiry = Longer than it takes from one purchase to the next.
starter-reward = Within reach of an ordinary customer in a year.
