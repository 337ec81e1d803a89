### What is said where members recommend the shop.

link-preview-title = Somebody recommends { $shop } to you
link-preview-text = Follow the link to see what { $shop } has for you.
link-preview-go = Go to { $shop }
link-arrived = You join the programme in the shop: open an account there, and give the code in the link that you were sent.

links-settings = Members' links
links-settings-text = A link such as { $example } leads to your shop and says by whom somebody was sent. It leads to this page, or to another one of the origins above, and nowhere else.
links-landing = The page that links lead to
links-landing-hint = With its scheme, as in https://shop.example/welcome. Without one, links lead to the portal.
links-landing-missing = There is no page yet to which links lead. Whoever is sent one arrives where members sign in, and can join only in the shop. State the page where accounts are opened.
links-landing-keep = Save
fault-landing = This is no address of a page: it begins with https:// and has no blanks in it.
action-landing-set = said where members' links lead

invite = Recommend us
invite-until = { $until }
invite-offers = What there is for it
invite-yours = For you
invite-theirs = For your friend
invite-link = Your link
invite-link-copy = Copy it and pass it on
invite-code = At the checkout your friend can type the code instead:
invite-pass-on = Ways to pass the link on
invite-by-mail = E-mail
invite-by-whatsapp = WhatsApp
invite-by-messenger = Messenger
invite-by-facebook = Facebook
invite-by-x = X
invite-by-telegram = Telegram
invite-by-sms = Text message
invite-message = I recommend { $shop }. Have a look:
invite-message-change = Say it in your own words
invite-message-field = Your message
invite-message-set = Use this message
invite-name = Give your link a name
invite-name-other = Give your link another name
invite-name-text = Links with your former code go on working. A name of your own is easy to guess: choose none that says more about you than you want.
invite-name-field = Name
invite-name-set = Use this name
invite-fault-length = A name has 4 to 30 letters and digits.
invite-fault-letters = A name is made of letters, digits and hyphens, with at least three letters.
invite-fault-taken = This name is taken. Please choose another one.
invite-fault-many = You have as many names as one may have.
invite-fault-changed = Something changed at this moment. Please try again.
invite-fault-blocked = This link is blocked, so no new one can be made. Ask the shop.
invite-start = Get my link
invite-start-text = With your own link we know whom to thank. It says nothing about you.
invite-blocked = Your link has been blocked, and no new one can be made. If that is a mistake, write to the shop.
invite-closed = At the moment there are no recommendations to be made here. What you were promised before still holds.
invite-friends = Who came
invite-counted =
    { $count ->
        [0] Nobody counts yet.
        [one] { $number } friend counts.
       *[many] { $number } friends count.
    }
# Counted up to ten thousand.
invite-shares =
    { $count ->
        [0] The link has not been passed on from here yet.
        [one] The link was passed on from here once.
        [10000] The link was passed on from here { $number } times or more.
       *[other] The link was passed on from here { $number } times.
    }
invite-clicks =
    { $count ->
        [0] Nobody has opened it yet.
        [one] It was opened once.
        [10000] It was opened { $number } times or more.
       *[other] It was opened { $number } times.
    }
invite-under-way =
    { $count ->
        [0] Nobody is on the way.
        [one] { $number } is on the way.
       *[many] { $number } are on the way.
    }
invite-brought = You got { $amounts } for it.
invite-next =
    { $count ->
        [one] { $number } more friend to “{ $name }”.
       *[many] { $number } more friends to “{ $name }”.
    }
invite-came = Came on { $when }
invite-nobody = Nobody has come by your link yet. You will see here when somebody does: the day and how it stands, no names.
invite-state-joined = Joined
invite-state-ordered = Waiting
invite-state-checking = Being checked
invite-state-held = Being checked
invite-state-qualified = Counts
invite-state-reversed = Returned
invite-state-expired = Over
invite-state-rejected = Does not count
