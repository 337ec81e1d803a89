# What members read in their own pages.

portal-home = Home
portal-rewards = Rewards
portal-history = History
portal-account = Account
portal-to-home = To the beginning
portal-error-forbidden = This is not meant for you, or it did not come from this page. Sign in once more and try again.
portal-error-internal = It is our fault, not yours. Nothing was changed. Try again in a moment.

portal-sign-in = Welcome to { $shop }
portal-sign-in-text = Type the e-mail address that the shop knows. You get a code; there is no password to remember.
portal-send-code = Send me a code
portal-sign-in-shop = Signed in at the shop already? Open the club from there, and you are in without a code.
portal-sign-in-only-shop = You come in from the shop: sign in there, and open the club from your account.
portal-code = Look into your mail
portal-code-text = If { $email } is known here, a letter with a code is on its way.
portal-code-field = Code
portal-code-hint = Six digits. It holds for ten minutes.
portal-code-none = No letter? Look into the folder for unwanted mail, and make sure that the address is the one the shop knows.
portal-code-again = Ask for another code
portal-fault-code = This code is not right, or it is too old. After five attempts only a new one helps.
portal-link-text = One moment: you are being signed in. If nothing happens, the link was not whole, or this browser runs no scripts.
portal-entry-title = This link does not open the door
portal-entry-ended = It was used before, or it is too old. Go back to the shop and open the club from there once more.
portal-entry-unknown = The club does not know you yet. Ask the shop to let you join.
portal-entry-wrong = The shop has not signed it as it should. Please tell the shop.
portal-entry-code = What the shop needs to know:

portal-switch = Sign in anew?
portal-switch-text = { $name } is signed in in this browser. That ends when you go on.
portal-switch-not = Leave it as it is

portal-mail-subject = { $code } is your code for { $shop }
portal-mail-greeting = Good day,
portal-mail-greeting-name = Good day, { $name },
portal-mail-code = This is your code for { $shop }:
portal-mail-kept =
    { $count ->
        [one] It holds for one minute, and once.
       *[other] It holds for { $number } minutes, and once.
    }
portal-mail-link = Sign in
portal-mail-link-text = Or open this link:
portal-mail-not-you = You did not ask for a code? Then there is nothing to do: without it nobody comes in. Do not pass it on to anybody, not even to the shop.

portal-hello = Welcome
portal-hello-name = Hello, { $name }
portal-balance = What you have
portal-pending = { $amount } on the way
portal-ends = What ends when
portal-ends-share = { $amount } { $until }, out of what you have
portal-closest = Closest rewards
portal-can-have = You can have it now
portal-missing = { $amount } to go
portal-all-rewards = All rewards
portal-ways = Ways to earn
portal-share = Share points
portal-terms = Terms
portal-terms-open = Please read the terms, and say whether you agree.
portal-terms-changed = The terms have changed since you agreed to them.
portal-terms-read = Read them
portal-somebody = another member

portal-history-own = Mine
portal-history-household = The household
portal-history-empty = Nothing has happened yet. Your first purchase will stand here.

portal-have = You have { $amounts }
portal-rewards-none = There is nothing to be had for points at the moment.
portal-price = Price
portal-condition = For
portal-offered = On offer
portal-left = Left
portal-redeem = Take it
portal-redeem-not = Not now
portal-redeem-sure = It costs { $price }.
portal-redeem-after = Then you have { $amount }.
portal-redeem-household = The points are those of your household.
portal-redeemed = It is yours.
portal-donated = Thank you. It is on its way to those who need it.
portal-redeemed-how = The shop knows, and does the rest.
portal-square = QR code of the voucher
portal-bars = Bar code of the voucher
portal-vouchers = My vouchers
portal-vouchers-have =
    { $count ->
        [one] You have one voucher
       *[other] You have { $number } vouchers
    }
portal-vouchers-more =
    { $count ->
        [one] One more is not shown; it ends later.
       *[other] { $number } more are not shown; they end later.
    }
portal-vouchers-none = You have no vouchers. Take a reward, and its code stands here.
portal-vouchers-over = Used and over
portal-voucher-until = It holds { $until }.
portal-voucher-how = Show it at the till, or type the code when you pay in the shop.
portal-voucher-over = Its voucher was used, or is over.
portal-voucher-used = used
portal-voucher-lapsed = over since
portal-voucher-cancelled = taken back

portal-way-gift = Give points as a present
portal-way-transfer = Move points
portal-way-text-gift = They leave you at once and reach the other member a moment later.
portal-way-text-transfer = To another account of yours, or of somebody close.
portal-from = At least { $least } at once.
portal-from-to = From { $least } to { $most } at once.
portal-to = To
portal-to-hint = The e-mail address of a member, as the shop knows it.
portal-amount = How many
portal-unit = Of what
portal-go-on = Go on
portal-send = Send them
portal-send-sure = Send these points?
portal-send-final = You cannot take them back.
portal-fault-receiver = Points cannot be sent to this address. Ask for the one under which the other member is known to the shop.
portal-share-none = This programme does not let points go to others.
portal-household = Household
portal-household-text =
    { $count ->
        [one] One member may have a household.
       *[other] Up to { $number } members may share their points and spend them together.
    }
portal-household-open = Open a household
portal-household-join = Join one
portal-household-join-text = Whoever is in it can show you a code under “Invite somebody”. What you have goes along with you.
portal-household-with = You share your points with { $names }.
portal-household-alone = You are the only one in your household so far.
portal-household-leave = Leave the household
portal-household-leave-text = What you have together stays there. From then on you collect for yourself.
portal-household-has = These are { $amounts }.
portal-household-last = Nobody else is in it: nobody can spend them any more.
portal-household-name = home
portal-refused-left = You have left the programme.
portal-refused-in-household = You are in a household, and that is where such things are done.
portal-refused-not-in-household = You are in no household, or it does not know of you yet. Try again in a moment.
portal-invite = Invite somebody
portal-invitation = Whoever types this code joins your household:
portal-invitation-hint = It holds for a week and for one person, and it is over when anybody else joins or leaves. Give it to nobody else: whoever has it can spend your points.
portal-invitation-field = Code
portal-fault-invitation = This is no invitation, or it is over. Ask for a new one.

portal-terms-accepted = You agreed on { $date }
portal-terms-changes = What has changed since you agreed
portal-terms-same = Nothing that means anything to you.
portal-terms-version = version
portal-terms-agree = I agree
portal-terms-agree-text = We write down that you agree to this version, and when.

portal-self = About you
portal-birthday = Birthday
portal-birthday-hint = It can be said once: some programmes give a present on that day.
portal-day = Day
portal-month = Month
portal-fault-birthday = There is no such day. Write it in numbers: day 17, month 4.
portal-email-shop = Only the shop can change it.
portal-keep = Keep
portal-consents = What we may send
portal-consents-text = You can change your mind at any time.
portal-consent-email = Offers by e-mail
portal-consent-sms = Offers by text message
portal-sessions = Where you are signed in
portal-browser = A browser
portal-this-browser = this one
portal-end-session = Sign out there
portal-more = More
portal-data = Download my data
portal-leave = Leave the programme
portal-leave-sure = Do you want to leave?
portal-leave-lost = You lose { $amounts }.
portal-leave-text = Vouchers stay valid; write their codes down, for they are not shown here afterwards. This cannot be undone.
portal-leave-household = You share your points in a household, so leave that first. What you have together stays there.
portal-leave-household-first = To the household
portal-leave-tick = Yes, I leave and give up what I have.
portal-stay = I stay
portal-goodbye = Goodbye
portal-goodbye-text = You have left the programme. To have your personal data forgotten as well, write to the shop.

portal-offline = There is no network
portal-offline-text = Your points are safe. Look again when you are connected.
portal-again = Try again
