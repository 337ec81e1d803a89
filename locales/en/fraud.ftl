# Recommendations that somebody may have made up: what staff read, and what advocate and friend are told.

menu-cases = Cases
cases = Recommendations to look at
cases-text = What the checks have noticed. Nothing is decided because time has passed: what waits, waits for a person.
cases-none = No case is here.
cases-looked = None of these among those that were looked through.
cases-newest = The newest
cases-state = State
cases-state-all = All states
cases-rule = What was noticed
cases-rule-all = Anything
cases-show = Show
case = Recommendation by { $advocate }
case-friend = Friend
case-advocate = Recommended by
case-score = Score
case-stake = At stake
case-opened = Noticed
case-assessed = Last looked at { $when }
case-state = State
case-is-open = waits for a person
case-is-confirmed = made up
case-is-cleared = honest
case-verdict-allow = may be rewarded
case-verdict-flag = is rewarded, and shown here
case-verdict-hold = waits for a person
case-verdict-reject = is not rewarded
case-verdict = What the checks say
case-findings = What was noticed
case-findings-none = Nothing speaks for or against it any more.
case-weight = Weight
case-evidence = Evidence
case-graph = Who hangs together
case-graph-text = Lines are what two people share; the thicker, the more it says. The same is in the table below.
case-nobody = Nothing joins these people that was noticed.
case-graph-title = { $count ->
    [one] { $number } person around this recommendation
   *[other] { $number } people around this recommendation
 }
case-tie-one = One
case-tie-other = The other
case-tie-kinds = What they share
case-tie-weight = How much
case-tie-household = look like one household
case-more = { $count ->
    [one] and { $number } more, who is not drawn
   *[other] and { $number } more, who are not drawn
 }
case-ties-more = { $count ->
    [one] and { $number } more tie, which is lighter
   *[other] and { $number } more ties, which are lighter
 }
case-decide = Decide
case-decide-text = What you decide holds for this recommendation, and what spoke here will weigh a little more or less for others. It can be taken back.
case-decision = Decision
case-confirm = It was made up
case-clear = It was honest
case-reason = Why
case-reason-hint = Others in the team will read it. No personal data, please.
case-sure = I have looked at the evidence
case-decide-button = Decide
case-undo = Take the decision back
case-undo-text = As if it had never been taken; the case waits again.
case-undo-button = Take it back
case-story = What was done
case-step-confirmed = decided: made up
case-step-cleared = decided: honest
case-step-undone = took the decision back
case-step-program = a program with a key
case-changed = Somebody else was quicker: this is how the case stands now.
fault-decision = Choose one of the two.
action-case-decided = decided about a recommendation
action-case-undone = took back a decision about a recommendation

# What a rule is called, and what it says.
rule-self-referral = the same person
rule-self-referral-text = Advocate and friend look like one person.
rule-existing-customer = a customer already
rule-existing-customer-text = The friend was a customer before.
rule-same-payment = one card
rule-same-payment-text = Advocate and friend paid with the same card.
rule-same-device = one device
rule-same-device-text = Advocate and friend used the same device.
rule-same-place = one place
rule-same-place-text = Advocate and friend share only what many people around them share.
rule-alike-name = alike names
rule-alike-name-text = The names are almost the same.
rule-alike-mail = alike addresses
rule-alike-mail-text = The mail addresses are almost the same, or made by one pattern.
rule-disposable-mail = mail to throw away
rule-disposable-mail-text = The friend's mail address is of a kind that is made to be thrown away.
rule-advocate-velocity = many at once
rule-advocate-velocity-text = The advocate had many friends within a short time.
rule-ip-velocity = one internet connection
rule-ip-velocity-text = Several of the advocate's friends came over one internet connection.
rule-network-velocity = one network
rule-network-velocity-text = Several of the advocate's friends came from one network.
rule-coupon-site = a published code
rule-coupon-site-text = The advocate's code is used as if it stood on a page of coupons.
rule-too-quick = too quick
rule-too-quick-text = The order came sooner after the click than anybody reads.
rule-return-rate = returns
rule-return-rate-text = The advocate's friends return far more than others.
rule-thin-orders = hardly enough
rule-thin-orders-text = Friend after friend orders for hardly more than is needed.
rule-ring = a ring
rule-ring-text = The friend hangs together with other friends of the same advocate.
rule-linked-friends = others hang together
rule-linked-friends-text = Other friends of this advocate hang together; this one does not.
rule-household = one household
rule-household-text = Advocate and friend look like two people who live together. That speaks for them.

# Kinds of identifiers.
identifier-payment = the same card
identifier-email = the same mail address
identifier-phone = the same telephone number
identifier-device = the same device
identifier-address = the same address
identifier-name = the same name
identifier-mail_pattern = mail addresses of one pattern
identifier-locker = the same parcel locker
identifier-ip = the same internet connection
identifier-traits = browsers that look the same
identifier-network = the same network
identifier-surname = the same surname

# Facts.
evidence-shared = { $name } and the friend: { $what }, since { $since }. People who share it in all: { $parties }.
evidence-alike-names = The names are alike to { $share }.
evidence-alike-mails = The mail addresses are alike to { $share }.
evidence-disposable-mail = The mail address is of a domain for throwing away.
evidence-known-customer = The shop says that the friend is a customer already.
evidence-friends = The advocate's friends within { $hours } hours of each other: { $friends }.
evidence-friends-sharing = The advocate's friends within { $hours } hours with one thing in common ({ $what }): { $friends }. Others who use it: { $others }.
evidence-without-click = Of { $of } friends within { $hours } hours, { $friends } came by the code alone, without a click.
evidence-ordered-after = Time between the click and the order: { $seconds } s.
evidence-returned = Of { $of } friends, { $friends } sent their order back; of other people's friends { $share } do.
evidence-thin = Of { $of } friends of the advocate, { $friends } ordered for hardly more than is needed.
evidence-linked = Of { $of } other friends of the advocate, { $friends } hang together.
evidence-shape = Friends in the ring: { $friends }. Density { $density }, shared with nobody else { $isolation }, ordered at about the same time { $synchrony }, hardly enough { $thin }.

# The second step: a friend confirms a recommendation with a code.
confirm = Confirm the recommendation
confirm-text = Somebody has recommended { $shop } to you. Enter the code of the message that you are getting now, so that the recommendation can count.
confirm-hint = Six digits. The code holds for fifteen minutes.
confirm-button = Confirm
confirm-none = No message, or the code is too old?
confirm-again = Send a new code
confirm-sent-again = If there is anything to confirm, a new code is on its way. There is no more than one a minute.
confirm-not-you = Nobody has recommended us to you? Then there is nothing to do. Do not pass the code on to anybody, not even to the shop.
confirm-done = The recommendation is confirmed.
confirm-done-text = Thank you. There is nothing else to do: { $shop } does the rest.
confirm-done-go = Go to your account
confirm-mail-subject = { $code } is the code that confirms a recommendation ({ $shop })
confirm-mail-why = Somebody has recommended { $shop } to you. Before that can count, please confirm it with a code.
confirm-mail-code = Your code:
confirm-mail-kept =
    { $count ->
        [one] It holds for one minute, and once.
       *[other] It holds for { $number } minutes, and once.
    }
confirm-mail-link = Enter the code
confirm-mail-link-text = Enter it on this page:
confirm-mail-not-you = Nobody has recommended us to you? Then there is nothing to do: without the code nothing is confirmed. Do not pass it on to anybody, not even to the shop.
confirm-sms = { $shop }: { $code } is the code that confirms the recommendation. Enter it here: { $link }

case-verdict-verify = waits until the friend confirms
case-is-waiting = waits until the friend confirms
case-proof = Second step
case-proof-none = Nobody has asked the friend to confirm with a code.
case-proof-asked = The friend may enter the code until { $when }. After that a person decides.
case-proof-confirmed = The friend has confirmed with a code to have this address or telephone.
case-proof-shared = It was confirmed with what others have as well: that is no proof, it joins them.
case-proof-missed = The friend did not enter the code in time ({ $when }).
case-proof-unreachable = There was no way to send a code: no address or telephone is known, or the service sends no such messages.
case-proof-channel = Latest message
case-proof-channel-mail = mail
case-proof-channel-sms = text message
case-proof-channel-none = none yet
case-proof-sends = Messages sent
case-proof-tries = Codes entered
case-proof-story = How it went
case-proof-step-asked = asked for a code
case-proof-step-sent = a code was sent
case-proof-step-confirmed = confirmed
case-proof-step-missed = the time was over
case-proof-step-unreachable = no way to send
case-ask-text = The friend gets a code by mail or text message. You see here what comes of it; what waits for a person still does.
case-ask-button = Send a code
case-ask-refused-confirmed = The friend has confirmed already.
case-ask-refused-too-soon = A code was sent a moment ago. Try again in a minute.
case-ask-refused-too-many = Enough codes were sent.
action-case-verification-asked = asked for a recommendation to be confirmed with a code
