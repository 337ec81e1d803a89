# The console: what staff read.

console-name = Lojal
skip-to-content = To the content
main-menu = Main menu
menu-overview = Overview
menu-team = Team
menu-actions = What was done
language = Language
sign-out = Sign out
older = Older

error-not-found = There is no such page
error-not-found-text = The address may have a spelling mistake, or what stood here is gone.
error-forbidden = You may not do this
error-forbidden-text = Your role does not include it. An owner can change that under “Team”.
error-too-often = That was too often
error-too-often-text = Wait a minute, then try again.
error-too-large = That is too much at once
error-too-large-text = Send less, or in several pieces.
error-internal = Something went wrong here
error-internal-text = It is our fault, not yours. Nothing was changed. Try again in a moment; the log says more.
to-console = To the overview

fault-required = Something has to stand here.
fault-email = This is no e-mail address.
fault-email-taken = Somebody has an account with this address.
fault-sign-in = The address and the password do not go together.
fault-too-late = That took too long. Sign in once more.
fault-code = The code is not right, or was used before. Take the one that is shown now.
fault-setup-code = This is not the code that was printed.
fault-password-short = At least 15 letters, please: a sentence is easier to remember than a riddle.
fault-password-long = At most 256 letters, please.
fault-password-plain = This is too easy to guess.
fault-password-repeated = The two are not the same.
fault-password-current = This is not your password.

sign-in = Sign in
sign-in-forgotten = Forgotten the password? An owner can hand you a new one under “Team”.
second-step = One more step
setup = Welcome
setup-text = Nobody works here yet. Whoever started the service saw a code; with it you become the first owner.
setup-button = Begin
field-email = E-mail address
field-password = Password
field-password-new = New password
field-password-current = Present password
field-password-repeated = The same once more
field-password-hint = 15 letters or more. A sentence will do.
field-code = One-time code
field-code-hint = Six digits from your authenticator.
field-setup-code = Code
field-setup-code-hint = It stands where the service was started: lojal prints it.
field-name = Name
field-role = Role

account = Your account
account-codes = One-time codes
account-codes-on = Signing in asks for a code from your authenticator.
account-codes-off = With one-time codes a stolen password is not enough. You need an authenticator on your phone.
account-codes-begin = Use one-time codes
account-codes-scan = Scan this picture with your authenticator, then type the code that it shows.
account-codes-picture = Picture with the secret for your authenticator
account-codes-type = Or type this:
account-codes-confirm = Confirm
account-codes-remove = Stop using codes
account-password = Password
account-password-button = Change the password
account-sessions = Where you are signed in
session-browser = Browser
session-seen = Last used
session-this = this one
session-unknown = unknown browser
session-end = Sign out there

role-analyst = analyst
role-support = support
role-manager = manager
role-owner = owner
role-may-analyst = looks at everything
role-may-support = helps members as well
role-may-manager = runs the programme as well
role-may-owner = keys, team and settings as well

team = Team
team-add = Add somebody
team-what = Actions
team-role-of = Role of { $name }
team-role-set = Set
team-password = New password
team-enable = Let in again
team-disable = Shut out
team-disabled = shut out
team-codes = one-time codes
team-handed = The password of { $name }:
team-handed-hint = It is shown only now. Hand it over in person or by phone; it can be changed under “Your account”.

actions = What was done
actions-none = Nobody has done anything yet.
action-when = When
action-who = Who
action-what = What
action-signed-in = signed in
action-password-changed = changed the password
action-password-reset = handed out a new password
action-codes-begun = began to use one-time codes
action-codes-ended = stopped using one-time codes
action-session-ended = signed out another browser
action-staff-added = added somebody to the team
action-staff-disabled = shut somebody out
action-staff-enabled = let somebody in again
action-role-changed = changed a role

overview-version = Version in force
overview-rules = Rules and campaigns
overview-levels = Levels
overview-rewards = Rewards
overview-no-programme = No programme is in force yet.
overview-steps = What is left to do
step-done = Done
step-programme = Publish a programme
step-programme-hint = Under “Programme” you choose a beginning, change it, and see what members will be told.
step-key = Make a key for your shop
step-key-hint = Under “Keys”. It is shown once; your shop sends it with each request.
step-members = Welcome the first member
step-members-hint = Import past orders with “lojal import orders”, or connect the shop; docs/api.md shows how.
step-codes = Protect your account with one-time codes
step-codes-hint = Under your name at the top of the page.
step-team = Add a colleague
step-team-hint = Under “Team”. Each gets a role, and what everybody does is written down.

menu-programme = Programme
programme-continue = Go on with the draft
programme-change = Change the programme
programme-told = What members are told
programme-told-hint = Made of the rules that run: it cannot say anything else than what happens.
programme-begin = Choose a beginning
programme-begin-text = Each of these is a whole programme that runs. You change it before you publish it.
programme-versions = Versions
programme-version = Version
programme-version-number = Version { $number }
programme-published = Published
programme-effective = In force from
programme-at-once = at once
programme-live = in force
programme-waits = waits
programme-changed = What changes for members
programme-document = The document itself
starter-complete = A bit of everything
starter-complete-hint = Points, levels, rewards and a campaign, with comments: what the demo runs on.
starter-points = Points
starter-hint-points = A point for each amount spent, exchanged for rewards.
starter-tiers = Levels
starter-hint-tiers = Who buys more, gets more.
starter-cashback = Cashback
starter-hint-cashback = A share of what is spent comes back as money.
starter-paid-club = Paid club
starter-hint-paid-club = Members pay, and get more.
starter-coalition = Coalition
starter-hint-coalition = Several brands with one currency.
starter-community = Community
starter-hint-community = Points for what people do, not only for what they buy.
starter-charity = Charity
starter-hint-charity = Members give their points to a good cause.
starter-staff-recognition = Staff recognition
starter-hint-staff-recognition = Colleagues thank each other.
diff-notice = Part of this is worse for members. Tell them before it comes into force: state a date.
diff-worse = worse
diff-mixed = mixed
diff-better = better
diff-neutral = neither
judgement-errors = { $count ->
    [one] { $number } mistake keeps this from being published.
   *[other] { $number } mistakes keep this from being published.
}
judgement-warnings = { $count ->
    [one] { $number } warning is to be accepted or mended.
   *[other] { $number } warnings are to be accepted or mended.
}
judgement-sound = In order: this can be published.
severity-error = mistake
severity-warning = warning
severity-notice = note
finding-line = Line { $number }:
finding-accepted = Accepted:
draft = Draft
draft-document = The programme document
draft-document-hint = It is checked while you type. docs/programme.md explains every word.
draft-judgement = What is to be said about the draft
draft-save = Keep the draft
draft-publish = Publish
draft-discard = Throw the draft away
draft-discard-sure = What stands in the draft will be gone. What is in force stays as it is.
draft-kept = The draft is kept.
draft-overtaken = Somebody else has changed the draft meanwhile. What you typed is still here: copy it, then open the draft anew.
draft-mistakes = It was not published: there are mistakes.
draft-warnings = It was not published: there are warnings. Mend them, or accept them.
draft-worse = It was not published: part of it is worse for members. State a date, or that it may hold at once.
draft-no-moment = It was not published: the date is not in order.
draft-other-programme = It was not published: the document has another id than the programme of this house.
field-effective = In force from
field-effective-hint = Empty: at once. A version that is worse for members needs a date.
field-accept-warnings = Publish in spite of warnings
field-accept-worse = It may hold at once although it is worse for members
fault-accept-warnings = There are warnings.
fault-effective = A day that is still to come, please.
fault-effective-worse = Part of this is worse for members: from when is it to hold?
action-draft-saved = kept the draft of the programme
action-draft-discarded = threw the draft of the programme away
action-programme-published = published a version of the programme

menu-keys = Keys
keys-text = A shop or a till shows its key with each request. docs/api.md says how it is connected in an afternoon.
keys-none = There are no keys yet.
key-name = Name
key-name-hint = Where it is used: so that you know later which one to revoke.
key-scopes = May
key-since = Made
key-used = Last used
key-never-used = never
key-revoked = revoked
key-revoke = Revoke
key-revoke-sure = Whoever uses it is turned away at once, for good.
key-make = Make a key
key-made = The new key:
key-made-hint = It is shown only now, and kept nowhere. Copy it to where the shop needs it.
scope-read = look
scope-write = write
scope-admin = administer
scope-may-read = Look at everything
scope-may-write = Do what a shop does: enrol, put orders, redeem
scope-may-admin = Publish programmes and correct balances
fault-too-long = This is too long.
fault-no-scope = A key that may do nothing is of no use.
action-key-made = made a key
action-key-revoked = revoked a key

menu-rewards = Rewards
reward = Reward
reward-price = Price
reward-for = For
reward-left = Left
reward-given = given by a rule
reward-for-all = everybody
reward-not-offered = not now
reward-voucher = with a code
reward-stock = { $left } of { $total }
reward-little = little left
reward-unlimited = as many as are wanted
rewards-none = This programme has no rewards yet. They stand in the programme document.
pools = Codes of your own
pools-text = Rewards that hand out codes of another system take them from here, each once.
pool-empty = empty
pool-left = { $count ->
    [one] { $number } code is left.
   *[other] { $number } codes are left.
}
pool-more = { $count ->
    [one] More than { $number } code is left.
   *[other] More than { $number } codes are left.
}
pool-for = For:
pool-bring = Add codes
field-codes = Codes
field-codes-hint = One on each line. Those that are there already are left alone.
fault-codes = A code is one line of at most 100 letters, without blanks at its ends.
codes-brought = { $count ->
    [one] { $number } code was added.
   *[other] { $number } codes were added.
}
codes-known = { $count ->
    [one] { $number } was there already.
   *[other] { $number } were there already.
}
action-codes-brought = added codes to a pool
