# The console's pages about members.

menu-members = Members
members-search = Find a member
members-search-hint = By name, e-mail address, telephone number, or the shop’s own id.
members-search-button = Search
members-too-short = At least three letters, please.
members-none-found = Nobody was found.
members-none-found-hint = Try less of the name, the e-mail address, or the shop’s own id.
members-none = Nobody has joined yet.
members-none-hint = Members appear here as soon as your shop enrols them, or you import past orders.
members-no-more = That was everybody.
members-newest = Newest members
members-found = { $count ->
    [one] { $number } member found
   *[other] { $number } members found
}
members-more = More may fit: type more of the name, or the second name as well.
members-waiting = { $count ->
    [one] { $number } adjustment waits for a second person
   *[other] { $number } adjustments wait for a second person
}

member-name = Name
member-external-id = Shop’s id
member-id = Id here
member-joined = Joined
member-level = Level
member-balance = Balance
member-balances = Balances and levels
member-left = left
member-erased = erased
member-person = Person
member-phone = Telephone
member-birth-year = Year of birth
member-language = Language
member-household = Shared wallet
member-holds = Set aside
member-vouchers = Vouchers
member-actions = What can be done
member-sent-before = This form was sent before, with other values. Look at the balance first, then send it again.
member-not-done = Nothing was done: something is not in order yet.
member-to-form = Go there
member-busy = Too much is waiting at the moment. Try again in a while.
language-pl = Polish
language-en = English
language-none = not known

wallet-of-household = in the shared wallet
wallet-worth = worth { $amount }
wallet-pending = pending: { $amount }
wallet-held = set aside: { $amount }
wallet-debt = owed: { $amount }
wallet-expires = expires next: { $amount }, { $until }
tier-progress = { $reached } of { $at }
tier-missing = missing to { $level }: { $missing }
tier-top = the highest level, with { $reached }
tier-kept = kept { $until }

story = What happened, and why
story-of-household = What happened in the shared wallet, and why
story-to-household = What happened in the shared wallet
story-to-member = What happened to the member
story-newest = Latest
story-balance = → { $amount }
account-pending = pending:
account-held = set aside:
account-debt = owed:

adjust = Adjust points
adjust-direction = What to do
adjust-give = Give
adjust-take = Take away
adjust-amount = Amount
adjust-amount-hint = Above { $limit } somebody else has to confirm it.
adjust-unit = Of what
adjust-brand = Brand that answers for it
adjust-reason = Reason
adjust-reason-hint = The member can read it, and it stays for ever.
adjust-button = Adjust
hold-release = Release
roll-back = Roll back
roll-back-text = The points come back with their own dates; a voucher that was not used is cancelled. This cannot be undone.
roll-back-reason = Reason (may be left out)
roll-back-button = Roll back
correct = Correct personal data
correct-button = Save
leave = Leave the programme
leave-or-erase = Leave the programme, or erase
leave-text = Points are forfeited, and nothing is earned any more.
erase-text = Erasing forgets the personal data and the shop’s id as well. The ledger stays, under an id that names nobody.
leave-button = Let the member leave
erase-button = Erase the member
field-sure = I know that this cannot be undone
fault-sure = Say first that you are sure.
fault-amount = An amount above zero, as the programme writes it, please.
fault-text = At most 500 letters on one line, please.
fault-year = A year between 1900 and 2100, please.
done-adjusted = The points are adjusted.
done-requested = Somebody else has to confirm this: it waits under “Adjustments to confirm”.
done-released = What was set aside is released.
done-rolled-back = The reward is rolled back.
done-corrected = The personal data are saved.
done-left = The member has left the programme.
done-erased = The personal data are erased.

requests = Adjustments to confirm
requests-text = Nobody gives or takes more than { $limit } at once alone: a manager who did not ask for it confirms it first.
requests-none = Nothing waits to be confirmed.
requests-settled = Settled before
requests-limit = Change the limit
requests-limit-field = Most that one person may give or take at once
requests-limit-hint = In whole units, whichever the unit. At present: { $limit }.
requests-limit-button = Set
request-asked = Asked for by { $name }, { $when }
request-asked-by = Asked for by
request-settled = Settled
request-confirm = Confirm
request-refuse = Refuse
request-withdraw = Withdraw
request-own = Somebody else has to confirm what you asked for.
request-is-confirmed = confirmed
request-is-refused = refused

action-points-adjusted = adjusted points
action-adjustment-requested = asked for an adjustment
action-adjustment-confirmed = confirmed an adjustment
action-adjustment-refused = refused an adjustment
action-adjustment-limit-set = changed the limit of adjustments
action-hold-released = released what was set aside
action-redemption-rolled-back = rolled a reward back
action-person-corrected = corrected personal data
action-member-left = let a member leave
action-member-erased = erased a member
