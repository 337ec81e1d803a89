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
