# Merging accounts of one person: in the console and on members' pages.

merge-with = Merge with another account
merge-compare = Compare and merge
merge-choose = The other account of the same person
merge-choose-text = Choose the account that belongs to the same person. Before anything changes, you see both side by side, and read what will happen.
merge-closed = This account cannot be merged with another one: it is no longer in the programme.
merge-search = Find the other account
merge-found = Accounts found
merge-none-found = There is no such other account.
merge-look-at = Compare
merge-look-at-named = Compare with { $name }

merge-title = Merge accounts
merge-what = What is known
merge-survivor = Stays
merge-account = Will be merged into it
merge-swap = Swap: keep the other account
merge-swap-text = The account with more orders stays, or the older one of two with as many. You can change that.
merge-nothing = none
merge-state = State
merge-active = in the programme
merge-balance-of = Balance: { $unit }
merge-available = to spend: { $amount }
merge-available-shared = in the shared wallet: { $amount }
merge-household-alone = yes, nobody else is in it
merge-consents = Consents
merge-consent-email = offers by e-mail, since { $date }
merge-consent-email-withdrawn = no offers by e-mail, since { $date }
merge-consent-sms = offers by text message, since { $date }
merge-consent-sms-withdrawn = no offers by text message, since { $date }

merge-at-once = At once
merge-moves = To the account that stays goes: { $amounts }, with its own expiry dates.
merge-moves-nothing = The other account has no points now that could go over.
merge-owes = What is owed goes over as well: { $amounts }.
merge-balance = Balance afterwards: { $amount }.
merge-balance-shared = Balance of the shared wallet afterwards: { $amount }.
merge-level = { $ladder }: { $after } (now: { $before }).
merge-level-same = { $ladder }: { $after }, as before.
merge-blanks = On the account that stays, this is filled in: { $what }.
merge-blank-name = name
merge-blank-email = e-mail address
merge-blank-phone = telephone
merge-blank-birth-year = year of birth
merge-blank-language = language
merge-leaves = The other account leaves its shared wallet. Points that are in it stay there for the others.
merge-leaves-alone = The other account leaves its shared wallet, and takes along what is in it.
merge-leads = The other account’s id and cards lead to the account that stays from now on. The shop may go on using the old ones.
merge-later = Later, by itself
merge-pending = Pending { $amounts } go over as soon as they can be spent.
merge-held = Set aside { $amounts }: a checkout that has begun ends on the other account, and what is left of it goes over.
merge-vouchers = { $count ->
    [one] { $number } voucher stays valid until its date, and is shown on the account that stays.
   *[other] { $number } vouchers stay valid until their dates, and are shown on the account that stays.
}
merge-goes-on = Returns and changes of the other account’s orders are settled on the account that stays.
merge-stays = As it is
merge-person-stays = Personal data on the account that stays, even where the other one says something else.
merge-consents-stay = Consents on the account that stays. Those of the other account do not go over.
merge-story-stays = The other account’s story: it can still be read.
merge-final = Merging cannot be undone.
merge-needs-two = One of the accounts has more than { $limit }, so a second person has to confirm it.
merge-reason = Reason
merge-reason-hint = It stays with the account and is shown in the console. No personal data, please.
merge-button = Merge the accounts
merge-ask-button = Ask for it to be merged
merge-waits = Somebody has asked already for one of these accounts to be merged.
merge-waits-link = Look at the request
merge-hindered = These accounts cannot be merged now
merge-another = Choose another account
merge-abandoned = The accounts could not be merged: something else happened to the other one in the same moment. Try again.

merge-requests = Accounts to be merged
merge-request-decide = Compare and decide
merge-request-look = Compare
merge-request-pair = { $account } → { $survivor }
merge-request-confirm-sure = The accounts are merged at once. This cannot be undone.
merge-request-refuse-sure = The accounts stay apart, and the request is gone.
merge-requests-settled = Merges settled before

member-merged = merged
merged-into = This account was merged into another one:
merged-into-text = Everything new happens there. Its story stays here, and what began here ends here.
merged-accounts = Merged accounts
merged-by = { $when }, { $name }
merged-reason = Reason: { $reason }
merged-pending = Still pending: { $amounts }
merged-held = Still set aside: { $amounts }
merged-voucher = of a merged account
merged-list = merged into:
done-merged = The accounts are merged. Points that are not to be seen yet will be there in a moment.
done-merge-requested = Somebody else has to confirm this: it waits under “To confirm”.
action-accounts-merged = merged accounts
action-merge-requested = asked for accounts to be merged
action-merge-confirmed = confirmed a merge of accounts
action-merge-refused = refused a merge of accounts

portal-history-accounts = Whose history
portal-history-account = { $count ->
    [one] Of your other account
   *[other] Of another account ({ $number })
}
portal-history-account-text = This is the history of an account that we merged into yours.
