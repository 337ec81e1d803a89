# Ways into the console beside the password: passkeys, and a provider of identities.

sign-in-passkey = Sign in with a passkey
sign-in-other-ways = Other ways to sign in
sign-in-password = Sign in with a password
sign-in-owners = Passwords are switched off here; owners can still use theirs.
second-step-codes-none = Your account asks for a passkey after the password. Open this page in a browser that has one, or ask an owner to take it away under “Team”.

notice-late = That took too long, or was begun in another browser. Try once more.
notice-denied = The provider was told not to let you in. Try once more, or use another way.
notice-provider = The sign-in provider does not answer as it should. Try another way, or tell an owner: the log says more.
notice-token = What the sign-in provider said of you could not be proven. Tell an owner: the log says why.
notice-email = The sign-in provider does not say that your e-mail address was verified, so nobody can tell whose account is yours.
notice-unknown = You have no account here. An owner can add you under “Team”, with the address that the sign-in provider knows.
notice-another = Your account belongs to somebody else at the sign-in provider. An owner can undo that under “Team”.
notice-passkey = The passkey was not accepted. Try once more, or use another way.
notice-passkey-unknown = This passkey opens no account here. It may have been removed.
notice-passkey-counter = This passkey has signed less often than it said before, so there may be a copy of it. Sign in another way and remove it.

passkey-cancelled = The browser used no passkey: it was cancelled, took too long, or has none for this address.
passkey-failed = That did not work. Try once more.
passkey-often = That was too often. Wait a minute.
passkey-known = This device has a passkey for this account already.

fault-passwords-off = Passwords are switched off here. Use another way to sign in.
fault-sign-in-again = Sign out and in once more, then do this within ten minutes.
fault-passkeys-many = You have 20 passkeys. Remove one first.
fault-passkey = The passkey was not accepted: it has to know who you are, and to ask for your finger, face or PIN.
fault-passkey-known = Somebody has this passkey already.

account-ways = Ways to sign in
way-password = Password
way-password-on = in use
way-password-off = switched off for everybody but owners
way-password-none = none: you sign in at the provider
way-codes = One-time codes
way-codes-on = asked for after the password
way-codes-off = not in use
way-passkeys = Passkeys
way-passkeys-some = { $count ->
    [one] { $number } passkey
   *[other] { $number } passkeys
}
way-passkeys-none = none yet
way-known = linked since { $since }
way-unknown = not linked: sign in there once, with the same e-mail address

passkeys = Passkeys
passkeys-text = A passkey is kept by your phone, computer or password manager, and opens with your finger, face or PIN. It is a whole sign-in by itself; after a password it is the second step, so a password alone is no longer enough.
passkeys-none = You have no passkey yet.
passkey-name = Name
passkey-name-hint = So that you know it again: “Work laptop”.
passkey-made = Made
passkey-used = Last used
passkey-never = never
passkey-synced = synced
passkey-elsewhere = for { $host }
passkey-add = Add a passkey
passkey-remove = Remove
passkey-remove-of = Remove the passkey { $name }
passkey-remove-sure = It will no longer sign you in, and you will be signed out in all other browsers. Remove it on your device as well.
passkey-no-browser = This browser knows no passkeys here: it needs scripts, and this address: { $origin }
passkey-no-address = Passkeys need an https address with a name, or http://localhost on one’s own machine. The service was started for { $address }: whoever runs it states another one with --public-url.
own-password = Your password
own-password-hint = You signed in more than ten minutes ago.

provider-own = Sign-in provider
provider-own-linked = { $label }: linked since { $since }. No one-time code is asked for there: the provider makes sure that it is you.
provider-own-unlinked = { $label }: not linked. Sign out, and sign in there once with the same e-mail address.
provider-unlink = Undo the link
provider-unlink-sure = The next sign-in at the provider with your e-mail address is linked anew.

ways = Signing in
ways-text = How people come into the console. Everybody can add passkeys under “Your account”.
ways-passkeys-on = Passkeys are made for { $host }.
ways-provider = Sign-in provider
ways-provider-text = People sign in where they sign in at work, by OpenID Connect: at Google Workspace, Microsoft Entra, Keycloak or the like. Lojal asks for no one-time code then; whether a second step is needed, the provider decides.
ways-provider-link = Whoever has an account with the same e-mail address comes in, if the provider says that the address was verified. From then on the account belongs to that person at the provider, whatever their address is.
ways-provider-back = Give the provider this address to send people back to:
ways-provider-keep = Keep
ways-provider-remove = Stop using the provider
ways-provider-remove-sure = Nobody can sign in there any more. Who is signed in stays so; under “Team” you can shut people out.
ways-issuer = Issuer
ways-issuer-hint = An https address; what the provider calls itself. https://accounts.google.com
ways-client = Client id
ways-secret = Client secret
ways-secret-hint = It is kept sealed and never shown again.
ways-secret-kept-hint = There is one. Leave this empty to keep it; another issuer needs another one.
ways-label = Text on the button
ways-label-hint = “Sign in with Google”
ways-domains = Newcomers
ways-domains-hint = Domains of e-mail addresses, one on each line. Whoever has such an address at the provider gets an account at the first sign-in. Empty: nobody. Name only domains whose addresses you give out yourselves.
ways-role = Newcomers come in as
ways-passwords = Passwords
ways-passwords-on = Everybody may sign in with a password.
ways-passwords-off = Only owners may sign in with a password, so that nobody is shut out when the provider fails.
ways-passwords-end = Owners only
ways-passwords-end-sure = Others need a passkey or the provider from then on. Look under “Team” who has a passkey.
ways-passwords-begin = Let everybody use passwords

fault-issuer-address = An https address, please, without anything behind a question mark.
fault-issuer-silent = Under this address no provider answers. The log says more.
fault-issuer-another = The provider there calls itself something else. Copy the issuer from its settings.
fault-issuer-unfit = This provider cannot do what is needed: RS256 or ES256, and a client secret.
fault-domains = Each line is a domain, like shop.example, and nothing else; at most 20.

team-passkeys = passkeys
team-ways = How people sign in
team-steps = Forget passkeys, codes and the provider’s link
team-steps-sure = Passkeys, one-time codes and the link to the provider are gone, and they are signed out everywhere. The password stays.

action-signed-in-passkey = signed in with a passkey
action-signed-in-provider = signed in at the provider
action-passkey-made = added a passkey
action-passkey-removed = removed a passkey
action-passkey-refused = was refused with a passkey whose counter went back
action-provider-linked = was linked to the sign-in provider
action-provider-unlinked = undid the link to the sign-in provider
action-provider-refused = was refused: the provider knows somebody else by this address
action-provider-set = set the sign-in provider
action-provider-unset = stopped using the sign-in provider
action-passwords-on = let everybody use passwords
action-passwords-off = let only owners use passwords
action-staff-joined = came in for the first time by the sign-in provider
action-steps-reset = took somebody’s passkeys, codes and link to the provider away
action-reset-by-command = was given a new password on the command line

again = Say again who you are
again-text = You signed in more than ten minutes ago, and what comes next decides who may come in.
again-button = Go on
action-said-again = said again who they are
