# What happened and why, as members read it.

rule-standing = rule “{ $name }”
rule-campaign = campaign “{ $name }”
rule-conditions = { $rule } ({ $conditions })
order-numbered = order { $order }
cart = cart
activity-joined = joining the programme
activity-birthday = birthday
activity-tier-reached = new level
activity-friend-joined = a friend who joined
activity-friend-qualified = a recommendation that counted
activity-referred = joining by recommendation
activity-referral-qualified = meeting the terms of a recommendation

reckoning-amount = { $rate } for each { $per } of { $amount }
reckoning-pieces = { $each } for each piece, { $pieces }
reckoning-attribute = { $rate } for { $per } of “{ $attribute }”, which is { $value }
multiplier-level = { $factor } for the { $level } level
multiplier-share = { $factor } as this person’s share
multiplier-rule = { $factor } ({ $rule })
multipliers-together = { $factor } together
reckoning-total = { $amount } in all
reckoning-total-rounded-down = { $amount } in all, rounded down
reckoning-total-rounded = { $amount } in all, rounded to the nearest whole
reckoning-total-rounded-up = { $amount } in all, rounded up
reckoning-total-carried = { $amount } in all, with the remainder carried between orders
reckoning-total-partly = { $amount } in all, with the multipliers only for the lines they cover
reckoning-after-limits = After limits: { $amount }.
limit-once = Limit for a single order or activity: { $amount }.
limit-rule = This rule’s limit { $window }: { $amount }.
limit-programme = The programme’s limit { $window }: { $amount }.
limit-budget = Left in the budget of the campaign “{ $campaign }”: { $amount }.

effect-order-earned = { $order }, { $rule }: { $reckoning }
effect-order-settled = change to order { $order }, { $rule }: { $reckoning } Before: { $was }; change: { $change }.
effect-order-gives-nothing = change to order { $order }, { $rule }: what is left of it gives nothing. Before: { $was }; change: { $change }.
effect-goods-returned = goods returned without their order ({ $goods }), { $rule }, to be taken back: { $reckoning }
effect-activity-earned = { $activity }, { $rule }: { $reckoning }
effect-activity-called-off = { $activity } was called off; nothing had been given for it.
effect-activity-taken-back = { $activity } was called off, { $rule }. Taken back: { $amount }.
effect-activity-settled = change: { $activity }, { $rule }: { $reckoning } Before: { $was }; change: { $change }.
effect-activity-gives-nothing = change: { $activity }, { $rule }: it gives nothing any more. Before: { $was }; change: { $change }.
activity-custom = activity “{ $name }”
effect-waits = Available later: { $amount }.
effect-towards-debt = Towards what was owed: { $amount }.
effect-owed = Added to what is owed: { $amount }.
effect-forgiven = Not taken back: { $amount }.

effect-released-order = The waiting period for order { $order } of { $date } is over. Now available: { $amount }.
effect-released = The waiting period is over for what was given on { $date }. Now available: { $amount }.
effect-release-set = Order { $order }: what is waiting becomes available { $moment }.
effect-expired-lot = Expired, given on { $date }: { $amount }.
effect-expired = Expired: { $amount }.
effect-expired-inactivity = Expired for want of activity since { $date }: { $amount }.

effect-held = Set aside { $until }: { $amount }.
effect-captured = Paid from what was set aside: { $amount }.
effect-captured-rest = The rest goes back to the wallet: { $amount }.
effect-hold-released = No longer set aside, back in the wallet: { $amount }.
effect-hold-lapsed = The time to use what was set aside is over, back in the wallet: { $amount }.

effect-redeemed = Exchanged for the reward “{ $reward }”: { $amount }.
effect-redeemed-free = Reward “{ $reward }”.
effect-rolled-back = The exchange for the reward “{ $reward }” was undone, back in the wallet: { $amount }.
# The rule that gave it, the date and the full stop follow.
effect-voucher-issued = New voucher { $code } for the reward “{ $reward }”
effect-voucher-valid = , valid { $until }
effect-voucher-used = The voucher { $code } for the reward “{ $reward }” was used.
effect-voucher-used-order = The voucher { $code } for the reward “{ $reward }” was used in order { $order }.
effect-voucher-lapsed = The voucher { $code } for the reward “{ $reward }” is no longer valid.
effect-voucher-cancelled = The voucher { $code } for the reward “{ $reward }” was cancelled.
effect-reason = Reason: { $reason }.
effect-reference = Number: { $reference }.

effect-adjusted = Correction: { $amount }.
effect-debt-repaid = What was owed is made good: { $amount }.
effect-debt-forgiven = What was owed is let go: { $amount }.

effect-sent = Sent to { $to }: { $amount }.
effect-sent-gift = A gift to { $to }: { $amount }.
effect-sent-household = Moved to the shared wallet “{ $to }”: { $amount }.
effect-sent-debt = What is owed moves to the shared wallet “{ $to }”: { $amount }.
effect-sent-merge = Moved to the merged account “{ $to }”: { $amount }.
effect-sent-merge-debt = What is owed moves to the merged account “{ $to }”: { $amount }.
effect-received = Received from { $from }: { $amount }.
effect-received-gift = A gift from { $from }: { $amount }.
effect-received-household = Brought into the shared wallet by { $from }: { $amount }.
effect-received-debt = What is owed was brought into the shared wallet by { $from }: { $amount }.
effect-received-merge = Brought along by the merged account “{ $from }”: { $amount }.
effect-received-merge-debt = What is owed was brought along by the merged account “{ $from }”: { $amount }.
effect-came-back = What was sent to { $from } could not be received, back in the wallet: { $amount }. { $reason }

effect-tier-reached = New level: { $to }; before: { $from }.
effect-tier-review = Level after the review: { $to }; before: { $from }.
effect-tier-return = Level after a return: { $to }; before: { $from }.
effect-tier-programme = Level after a change of the programme’s rules: { $to }; before: { $from }.
effect-tier-merge = Level after accounts were merged: { $to }; before: { $from }.
effect-tier-grace = The result is no longer enough for the { $level } level, but the level stays { $until }.
standing = Result: { $reached }; needed: { $needed }.

effect-enrolled = Joined the programme.
effect-household-opened = A shared wallet was opened.
effect-profile-updated = The profile was changed.
effect-household-joined = Joined the shared wallet “{ $household }”.
effect-household-left = Left the shared wallet “{ $household }”.
effect-member-admitted = New in the shared wallet: { $member }.
effect-member-dismissed = No longer in the shared wallet: { $member }.
effect-merge-asked = Merging with the account “{ $account }” has begun.
effect-merged-into = This account was merged into “{ $account }”, where its story goes on.
effect-account-merged = Another account of the same person was merged into this one: “{ $account }”.
effect-merge-abandoned = The account “{ $account }” could not be merged. { $reason }
effect-left = Left the programme.
effect-forfeited = Lost on leaving the programme: { $amount }.

# Recommendations
effect-referred = Recommendation “{ $edition }”.
effect-friend-stands = Recommending a friend, “{ $edition }”.
effect-friend-number = This is friend number { $number } who counts.
effect-advocate-lost = Recommendation “{ $edition }”: whoever recommended cannot be credited. { $reason }
referral-joined = { $to ->
        [friend] Joined by recommendation.
        [advocate] A friend joined.
       *[staff] The friend joined.
    }
referral-ordered = { $to ->
        [friend] What was bought fulfils the terms; it counts once it has been delivered and kept for long enough.
        [advocate] The friend fulfilled the terms; it counts once what was bought has been delivered and kept for long enough.
       *[staff] The friend fulfilled the terms; what was bought has not been delivered yet.
    }
referral-ordered-until = { $to ->
        [friend] The terms are fulfilled; it counts if they still are { $until }.
        [advocate] The friend fulfilled the terms; it counts if they stay fulfilled { $until }.
       *[staff] The friend fulfilled the terms; it must stand { $until }.
    }
referral-checking = { $to ->
        [staff] The automatic check comes next.
       *[other] It is being checked.
    }
referral-held = { $to ->
        [staff] A person has to decide.
       *[other] It is being looked at, and that may take a little longer.
    }
referral-qualified = { $to ->
        [friend] The terms are met.
        [advocate] The friend met the terms.
       *[staff] The terms are met.
    }
referral-reversed = { $to ->
        [friend] The terms are no longer fulfilled, so it no longer counts.
        [advocate] The friend no longer fulfils the terms, so it no longer counts.
       *[staff] What it rested on came back, was changed or was called off.
    }
referral-expired-deadline = { $to ->
        [friend] The time to meet the terms is over.
        [advocate] The friend did not meet the terms in time.
       *[staff] The time to meet the terms is over.
    }
referral-expired-left = { $to ->
        [friend] It ended with the membership.
        [advocate] The friend left the programme.
       *[staff] The friend left the programme.
    }
referral-expired-merged = { $to ->
        [friend] It ended because the account became a part of another one.
        [advocate] The friend turned out to have been a member already.
       *[staff] The friend’s account became a part of another one.
    }
referral-rejected-not-running = It does not count: there were no recommendations at that time.
referral-rejected-not-eligible = { $to ->
        [friend] It does not count: it is not meant for this account, as a rule because there were purchases before.
        [advocate] It does not count: it is not meant for this friend, as a rule because of earlier purchases.
       *[staff] It does not count: the friend does not meet the conditions of the edition.
    }
referral-rejected-outside-window = It does not count: the joining does not lie in the time for which a recommendation holds.
referral-rejected-self-referral = It does not count: nobody can recommend themself.
referral-rejected-budget-spent = It does not count: there is no room for more recommendations.
referral-rejected-fraud = It does not count: it does not meet the terms of the programme. A person looks at it again for whoever asks.
referral-limit-reached = { $window ->
        [day] The friend met the terms, but the limit for the day was reached.
        [week] The friend met the terms, but the limit for the week was reached.
        [month] The friend met the terms, but the limit for the month was reached.
        [quarter] The friend met the terms, but the limit for the quarter was reached.
        [year] The friend met the terms, but the limit for the year was reached.
       *[lifetime] The friend met the terms, but as many friends as can count have been reached.
    }
