### Who has brought how many friends.

leaderboard = Who recommends most
leaderboard-text = Friends whose recommendation counts are counted. When an order comes back, its friend counts no longer.
leaderboard-period = For which time
leaderboard-by-month = Month
leaderboard-by-quarter = Quarter
leaderboard-by-year = Year
leaderboard-by-edition = Edition
leaderboard-by-all = All time
leaderboard-all = Since the beginning
leaderboard-own = Your place
leaderboard-rank = Place { $number }
leaderboard-friends =
    { $count ->
        [0] No friend of yours counts in this time yet.
        [one] { $number } friend of yours counts.
       *[other] { $number } friends of yours count.
    }
leaderboard-missing =
    { $count ->
        [one] { $number } more friend and you have place { $rank }.
       *[other] { $number } more friends and you have place { $rank }.
    }
leaderboard-top = There is nobody above you.
leaderboard-place = Place
leaderboard-who = Who
leaderboard-count = Friends
leaderboard-somebody = somebody
leaderboard-you = You
leaderboard-nobody = Nobody has a friend who counts in this time yet.
leaderboard-few = The list is shown when there are more recommendations, so that nobody can guess who is who.
leaderboard-more = More places
leaderboard-before = Earlier
leaderboard-after = Later
leaderboard-name = Your name on the list
leaderboard-name-text = Others see “somebody” in your place. You may stand there by a name that you choose, and take it back whenever you like.
leaderboard-name-is = Others see you as “{ $name }”.
leaderboard-name-field = A name or nickname
leaderboard-name-hint = Everybody in the club will see it. 2 to 30 characters, no addresses and no numbers to call.
leaderboard-name-set = Show me on the list
leaderboard-name-other = Change
leaderboard-name-withdraw = Do not show me by name
leaderboard-name-stopped = The shop has taken your name off the list. If that is a mistake, write to the shop. You alone go on seeing your place.
leaderboard-fault-length = A name has 2 to 30 characters.
leaderboard-fault-letters = A name has letters, digits, blanks, hyphens, full stops and apostrophes, and at least one letter.
leaderboard-fault-contact = This looks like an address or a number. Choose a name that everybody may see.
leaderboard-fault-reserved = This name speaks for the shop. Choose another one.
leaderboard-fault-stopped = The shop has taken your name off the list.

board-text = Who has brought how many friends who count. You see everybody here; members see the names of those alone who want to be named.
board-shown-as = Shown as
board-is-stopped = taken off
board-stop = Take the name off
board-stop-sure = The member is not named on the list any more, and cannot choose another name until you allow it. The place stays.
board-allow = Let them choose a name
board-settings = What members see
board-settings-text = The list is off until you switch it on. Nothing depends on it: no points and no rewards are given for a place.
board-on = Show the list to members
board-places = How many places are shown
board-least = From how many advocates on it is shown
board-least-hint = Of two, each would know who the other is.
board-keep = Save
board-show = Show
board-date = A day of that time
board-edition = Edition
fault-board-places = A number from 1 to 100.
fault-board-least = A number from 2 to 1000.
action-leaderboard-set = changed what the list of advocates shows
action-board-name-stopped = took a name off the list of advocates
action-board-name-allowed = allowed a new name on the list of advocates
settings-board = The list of advocates: whether members see it, and who is named there.

invite-prepared = Prepared words from us
invite-materials = To print and to download
invite-materials-text = A poster, your link as a code, and pictures that the shop has prepared.
invite-poster-a4 = Poster A4 (PDF)
invite-poster-a5 = Poster A5 (PDF)
invite-square-svg = QR code (SVG)
invite-square-png = QR code (PNG)
poster-headline = I recommend { $shop }
poster-offer = To begin with, there is for you:
poster-scan = Scan it and have a look
poster-code = or give this code with your order:
poster-recommend-headline = Recommend { $shop }
poster-recommend-offer = For friends who come by you, there is for you:
poster-recommend-scan = Scan it, sign in, and take your own link
poster-until = The offer holds { $until }.
poster-terms = Terms: { $address }

materials = Materials
materials-text = What members use to recommend you: prepared words, posters and pictures.
share-texts = Prepared words
share-texts-text = A member chooses one of them or writes their own. The link is added by itself.
share-texts-in-pl = In Polish
share-texts-in-en = In English
share-texts-hint = Each on a line of its own, { $most } at most, with up to 300 characters.
share-texts-keep = Save
fault-share-texts = There are too many lines, or one has more than 300 characters.
posters = Posters and QR codes
posters-text = For your window, a parcel or a leaflet, with your logo. With a member's code it is for friends, who come by that member; without one it asks members to recommend you. Members make their own in the portal.
posters-none = There is nothing to print, because no edition of recommending runs at this moment.
print-code = The code of a member
print-code-hint = Leave it empty for a poster that leads members to the page on which they take their own link.
print-kind = What to print
print-as-a4 = Poster A4 (PDF)
print-as-a5 = Poster A5 (PDF)
print-as-svg = QR code (SVG)
print-as-png = QR code (PNG)
print-language = In which language
print-download = Download
fault-poster-code = This code leads to nobody: see whether it is written right, and whether it has been blocked.
fault-poster-everybody = At this moment not every member may recommend: give the code of one who may.
fault-poster-advocate = The member whose code this is may not recommend at this moment: no edition is open to them.
material-pictures = Pictures
material-pictures-text = Members see them under “Recommend us”, and may download them.
material-pictures-none = There are no pictures yet.
material-title = Caption
material-picture-hint = PNG, JPEG or WebP, up to 512 KB and 2000 pixels a side. What it says of places and authors is taken out.
material-add = Add the picture
material-remove = Remove
material-remove-sure = Members will not see it any more. Whoever has downloaded it has it.
fault-many-pictures = There are as many pictures as there may be. Remove one.
action-share-texts-set = changed the prepared words for advocates
action-material-added = added a picture for advocates
action-material-removed = removed a picture for advocates
settings-materials = Prepared words and pictures for members who recommend the shop.

thanks-referred = You were recommended
thanks-gets = To begin with, there is for you:
thanks-counted =
    { $count ->
        [one] The friend you recommended has bought here, and your recommendation counts. Thank you!
       *[other] { $number } new recommendations of yours count. Thank you!
    }
thanks-counted-brought = { thanks-counted } For you: { $amounts }.
thanks-from-advocate = From the person who recommended us to you: “{ $message }”
thanks-from-friend = From a friend you recommended us to: “{ $message }”
thanks-put-away = Put away
thanks-say = Thank this friend
thanks-say-advocate = Thank the person who recommended us to you
thanks-message = What to say
thanks-send = Pass it on
thanks-advocate-1 = Thank you for coming by my recommendation!
thanks-advocate-2 = I am glad that you are here. Enjoy it!
thanks-advocate-3 = Thanks! I hope you like everything.
thanks-friend-1 = Thank you for recommending it!
thanks-friend-2 = That was a good idea. Thank you!
thanks-friend-3 = I like it a lot. Thanks for letting me know!
thanks-mail-subject = Somebody thanks you at { $shop }
thanks-mail-link = See it in the club
thanks-mail-why = You get this because you agreed to letters from { $shop }. You can take that back in your account.

friend-code-text = Type the code that you have from whoever recommends us. Size of letters and hyphens mean nothing.
