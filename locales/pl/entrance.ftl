# Wejścia do konsoli obok hasła: klucze dostępu i dostawca tożsamości.

sign-in-passkey = Zaloguj się kluczem dostępu
sign-in-other-ways = Inne sposoby logowania
sign-in-password = Zaloguj się hasłem
sign-in-owners = Hasła są tu wyłączone; mogą ich używać tylko właściciele.
second-step-codes-none = Po haśle to konto wymaga klucza dostępu. Otwórz tę stronę w przeglądarce, która go ma, albo poproś właściciela o usunięcie go w zakładce „Zespół”.

notice-late = Minęło zbyt dużo czasu albo logowanie zaczęło się w innej przeglądarce. Spróbuj jeszcze raz.
notice-denied = Dostawca nie zezwolił na logowanie. Spróbuj jeszcze raz albo zaloguj się inaczej.
notice-provider = Dostawca logowania nie odpowiada, jak powinien. Zaloguj się inaczej albo powiadom właściciela: szczegóły są w logu.
notice-token = Nie udało się potwierdzić tego, co przekazał dostawca logowania. Powiadom właściciela: powód jest w logu.
notice-email = Dostawca logowania nie potwierdza, że Twój adres e-mail został zweryfikowany, więc nie wiadomo, które konto jest Twoje.
notice-unknown = Nie ma tu Twojego konta. Właściciel może je dodać w zakładce „Zespół”, z adresem znanym dostawcy logowania.
notice-another = To konto jest u dostawcy logowania powiązane z inną osobą. Właściciel może to cofnąć w zakładce „Zespół”.
notice-passkey = Klucz dostępu nie został przyjęty. Spróbuj jeszcze raz albo zaloguj się inaczej.
notice-passkey-unknown = Ten klucz dostępu nie otwiera tu żadnego konta. Być może został usunięty.
notice-passkey-counter = Licznik tego klucza dostępu się cofnął, więc może istnieć jego kopia. Zaloguj się inaczej i usuń ten klucz.

passkey-cancelled = Przeglądarka nie użyła klucza dostępu: zostało to anulowane, trwało zbyt długo albo nie ma klucza dla tego adresu.
passkey-failed = Nie udało się. Spróbuj jeszcze raz.
passkey-often = Zbyt wiele prób. Odczekaj minutę.
passkey-known = To urządzenie ma już klucz dostępu do tego konta.

fault-passwords-off = Hasła są tu wyłączone. Zaloguj się inaczej.
fault-sign-in-again = Wyloguj się, zaloguj jeszcze raz i zrób to w ciągu dziesięciu minut.
fault-passkeys-many = Masz już 20 kluczy dostępu. Najpierw usuń któryś z nich.
fault-passkey = Klucz dostępu nie został przyjęty: musi wiedzieć, do kogo należy, i poprosić o palec, twarz lub PIN.
fault-passkey-known = Ten klucz dostępu już do kogoś należy.

account-ways = Sposoby logowania
way-password = Hasło
way-password-on = w użyciu
way-password-off = wyłączone dla wszystkich poza właścicielami
way-password-none = brak: logujesz się u dostawcy
way-codes = Kody jednorazowe
way-codes-on = potrzebne po haśle
way-codes-off = nieużywane
way-passkeys = Klucze dostępu
way-passkeys-some = { $count ->
    [one] { $number } klucz
    [few] { $number } klucze
   *[other] { $number } kluczy
}
way-passkeys-none = jeszcze żadnego
way-known = powiązane od: { $since }
way-unknown = niepowiązane: zaloguj się tam raz, z tym samym adresem e-mail

passkeys = Klucze dostępu
passkeys-text = Klucz dostępu jest zapisany w telefonie, komputerze lub menedżerze haseł i otwiera się palcem, twarzą lub PIN-em. Sam wystarcza do zalogowania, a po haśle jest drugim krokiem: samo hasło już nie wystarczy.
passkeys-none = Nie masz jeszcze klucza dostępu.
passkey-name = Nazwa
passkey-name-hint = Taka, po której go poznasz: „Laptop w pracy”.
passkey-made = Dodano
passkey-used = Ostatnio użyty
passkey-never = jeszcze nie
passkey-synced = synchronizowany
passkey-elsewhere = dla { $host }
passkey-add = Dodaj klucz dostępu
passkey-remove = Usuń
passkey-remove-of = Usuń klucz dostępu { $name }
passkey-remove-sure = Tym kluczem nie da się już zalogować, a we wszystkich innych przeglądarkach nastąpi wylogowanie. Usuń go także z urządzenia.
passkey-no-browser = Ta przeglądarka nie obsługuje tu kluczy dostępu: potrzebne są skrypty i ten adres: { $origin }
passkey-no-address = Klucze dostępu wymagają adresu https z nazwą albo http://localhost na własnym komputerze. Usługę uruchomiono dla adresu { $address }: inny podaje opcja --public-url przy uruchomieniu.
own-password = Twoje hasło
own-password-hint = Od zalogowania minęło ponad dziesięć minut.

provider-own = Dostawca logowania
provider-own-linked = { $label }: powiązano { $since }. Kod jednorazowy nie jest tam potrzebny: o to, że to Ty, dba dostawca.
provider-own-unlinked = { $label }: niepowiązane. Wyloguj się i zaloguj tam raz, z tym samym adresem e-mail.
provider-unlink = Cofnij powiązanie
provider-unlink-sure = Następne logowanie u dostawcy z Twoim adresem e-mail utworzy powiązanie na nowo.

ways = Logowanie
ways-text = Jak wchodzi się do konsoli. Klucze dostępu każdy może dodać w zakładce „Twoje konto”.
ways-passkeys-on = Klucze dostępu są wydawane dla { $host }.
ways-provider = Dostawca logowania
ways-provider-text = Logowanie kontem firmowym przez OpenID Connect: w Google Workspace, Microsoft Entra, Keycloaku i podobnych. Lojal nie pyta wtedy o kod jednorazowy; o drugim kroku decyduje dostawca.
ways-provider-link = Wchodzi każdy, kto ma konto z tym samym adresem e-mail, jeśli dostawca potwierdza, że adres został zweryfikowany. Od tej chwili konto należy do tej osoby u dostawcy, jakikolwiek ma adres.
ways-provider-back = Adres powrotny, który trzeba podać dostawcy:
ways-provider-keep = Zapisz
ways-provider-remove = Wyłącz dostawcę
ways-provider-remove-sure = Nikt już się tam nie zaloguje. Trwające sesje pozostaną; dostęp można odebrać w zakładce „Zespół”.
ways-issuer = Wystawca (issuer)
ways-issuer-hint = Adres https; tak dostawca nazywa sam siebie. https://accounts.google.com
ways-client = Identyfikator klienta (client id)
ways-secret = Sekret klienta (client secret)
ways-secret-hint = Przechowujemy go zaszyfrowany i już go nie pokażemy.
ways-secret-kept-hint = Sekret jest zapisany. Puste pole go zachowuje; inny wystawca wymaga innego.
ways-label = Tekst na przycisku
ways-label-hint = „Zaloguj się przez Google”
ways-domains = Nowe osoby
ways-domains-hint = Domeny adresów e-mail, każda w osobnym wierszu. Kto ma taki adres u dostawcy, przy pierwszym logowaniu dostaje konto. Puste: nikt. Podaj tylko domeny, w których adresy rozdajecie sami.
ways-role = Rola nowych osób
ways-passwords = Hasła
ways-passwords-on = Hasłem może się zalogować każdy.
ways-passwords-off = Hasłem mogą się zalogować tylko właściciele, żeby awaria dostawcy nikogo nie odcięła.
ways-passwords-end = Tylko właściciele
ways-passwords-end-sure = Pozostałym będzie potrzebny klucz dostępu albo dostawca. W zakładce „Zespół” widać, kto ma klucz.
ways-passwords-begin = Pozwól wszystkim używać haseł

fault-issuer-address = Potrzebny jest adres https, bez niczego po znaku zapytania.
fault-issuer-silent = Pod tym adresem nie odpowiada żaden dostawca. Szczegóły są w logu.
fault-issuer-another = Dostawca pod tym adresem nazywa się inaczej. Skopiuj wystawcę z jego ustawień.
fault-issuer-unfit = Ten dostawca nie umie tego, co potrzebne: RS256 lub ES256 i sekretu klienta.
fault-domains = Każdy wiersz to domena, na przykład sklep.example, i nic więcej; najwyżej 20.

team-passkeys = klucze dostępu
team-ways = Sposoby logowania
team-steps = Usuń klucze, kody i powiązanie z dostawcą
team-steps-sure = Znikną klucze dostępu, kody jednorazowe i powiązanie z dostawcą, i nastąpi wylogowanie wszędzie. Hasło pozostanie.

action-signed-in-passkey = logowanie kluczem dostępu
action-signed-in-provider = logowanie u dostawcy
action-passkey-made = dodanie klucza dostępu
action-passkey-removed = usunięcie klucza dostępu
action-passkey-refused = odrzucenie klucza dostępu, którego licznik się cofnął
action-provider-linked = powiązanie z dostawcą logowania
action-provider-unlinked = cofnięcie powiązania z dostawcą logowania
action-provider-refused = odmowa: dostawca zna pod tym adresem inną osobę
action-provider-set = ustawienie dostawcy logowania
action-provider-unset = wyłączenie dostawcy logowania
action-passwords-on = włączenie haseł dla wszystkich
action-passwords-off = ograniczenie haseł do właścicieli
action-staff-joined = pierwsze wejście przez dostawcę logowania
action-steps-reset = usunięcie czyichś kluczy dostępu, kodów i powiązania z dostawcą
action-reset-by-command = nadanie nowego hasła w wierszu poleceń

again = Potwierdź, że to Ty
again-text = Od zalogowania minęło ponad dziesięć minut, a to, co dalej, decyduje o tym, kto może tu wejść.
again-button = Dalej
action-said-again = ponowne potwierdzenie tożsamości
