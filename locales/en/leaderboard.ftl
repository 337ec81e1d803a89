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
