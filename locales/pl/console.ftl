# Konsola: to, co czytają pracownicy sklepu.

console-name = Lojal
skip-to-content = Przejdź do treści
main-menu = Menu główne
menu-overview = Przegląd
menu-team = Zespół
menu-actions = Dziennik działań
settings = Ustawienia
settings-appearance = Nazwa, logo, kolory, teksty i strony portalu, jego listów i widżetu.
settings-brands = Kto bierze udział w programie oraz co każda marka wydała i przyjęła.
settings-portal = Jak uczestnicy wchodzą i na których stronach sklepu stoi widżet.
settings-keys = Kto i o co może pytać przez API.
settings-webhooks = Które programy dowiadują się o tym, co się dzieje.
settings-team = Kto tu pracuje i co komu wolno.
settings-sign-in = Klucze dostępu i własny dostawca logowania.
settings-actions = Kto, co i kiedy zrobił.
language = Język
sign-out = Wyloguj się
older = Starsze

error-not-found = Nie ma takiej strony
error-not-found-text = W adresie może być literówka albo tej strony już nie ma.
error-forbidden = Brak uprawnień
error-forbidden-text = Twoja rola na to nie pozwala. Może ją zmienić właściciel w zakładce „Zespół”.
error-too-often = Zbyt wiele prób
error-too-often-text = Odczekaj minutę i spróbuj ponownie.
error-too-large = To za dużo naraz
error-too-large-text = Wyślij mniej albo w kilku częściach.
error-internal = Coś poszło nie tak
error-internal-text = To nasz błąd, nie Twój. Nic nie zostało zmienione. Spróbuj za chwilę; szczegóły są w logu.
to-console = Do przeglądu

fault-required = To pole jest wymagane.
fault-email = To nie jest adres e-mail.
fault-email-taken = Konto z tym adresem już istnieje.
fault-sign-in = Adres i hasło do siebie nie pasują.
fault-too-late = Minęło zbyt dużo czasu. Zaloguj się jeszcze raz.
fault-code = Kod jest niepoprawny albo już go użyto. Wpisz ten, który widać teraz.
fault-setup-code = To nie jest wydrukowany kod.
fault-password-short = Co najmniej 15 znaków. Zdanie łatwiej zapamiętać niż zagadkę.
fault-password-long = Co najwyżej 256 znaków.
fault-password-plain = To hasło zbyt łatwo odgadnąć.
fault-password-repeated = Hasła się różnią.
fault-password-current = To nie jest Twoje hasło.

sign-in = Zaloguj się
sign-in-forgotten = Nie pamiętasz hasła? Właściciel może nadać nowe w zakładce „Zespół”.
second-step = Jeszcze jeden krok
setup = Witaj
setup-text = Nikt tu jeszcze nie pracuje. Przy uruchomieniu usługi pojawił się kod; z nim zostaniesz pierwszym właścicielem.
setup-button = Zaczynamy
field-email = Adres e-mail
field-password = Hasło
field-password-new = Nowe hasło
field-password-current = Obecne hasło
field-password-repeated = Powtórz hasło
field-password-hint = Co najmniej 15 znaków. Może to być zdanie.
field-code = Kod jednorazowy
field-code-hint = Sześć cyfr z aplikacji uwierzytelniającej.
field-setup-code = Kod
field-setup-code-hint = Lojal wypisuje go tam, gdzie uruchomiono usługę.
field-name = Imię i nazwisko
field-role = Rola

account = Twoje konto
account-codes = Kody jednorazowe
account-codes-on = Przy logowaniu trzeba podać kod z aplikacji uwierzytelniającej.
account-codes-off = Z kodami jednorazowymi skradzione hasło nie wystarczy. Potrzebna jest aplikacja uwierzytelniająca w telefonie.
account-codes-begin = Włącz kody jednorazowe
account-codes-scan = Zeskanuj ten obrazek aplikacją uwierzytelniającą, a potem wpisz kod, który ona pokaże.
account-codes-picture = Obrazek z sekretem dla aplikacji uwierzytelniającej
account-codes-type = Albo przepisz:
account-codes-confirm = Potwierdź
account-codes-remove = Wyłącz kody
account-password = Hasło
account-password-button = Zmień hasło
account-sessions = Gdzie trwa Twoja sesja
session-browser = Przeglądarka
session-seen = Ostatnio używana
session-this = ta
session-unknown = nieznana przeglądarka
session-end = Wyloguj tam

role-analyst = analityk
role-support = obsługa
role-manager = menedżer
role-owner = właściciel
role-may-analyst = ogląda wszystko
role-may-support = pomaga też uczestnikom
role-may-manager = prowadzi też program
role-may-owner = także klucze, zespół i ustawienia

team = Zespół
team-add = Dodaj osobę
team-what = Działania
team-role-of = Rola: { $name }
team-role-set = Ustaw
team-password = Nowe hasło
team-password-sure = Stare hasło od razu przestanie działać i nastąpi wylogowanie wszędzie. Nowe hasło zobaczysz na następnej stronie.
team-enable = Przywróć dostęp
team-disable = Odbierz dostęp
team-disable-sure = Nastąpi wylogowanie wszędzie, a ponowne wejście będzie możliwe dopiero po przywróceniu dostępu.
team-disabled = bez dostępu
team-codes = kody jednorazowe
team-handed = Hasło dla osoby: { $name }
team-handed-hint = Widać je tylko teraz. Przekaż je osobiście lub przez telefon; można je zmienić w zakładce „Twoje konto”.

actions = Dziennik działań
actions-none = Nikt jeszcze niczego nie zrobił.
action-when = Kiedy
action-who = Kto
action-what = Co
action-signed-in = logowanie
action-password-changed = zmiana hasła
action-password-reset = nadanie nowego hasła
action-codes-begun = włączenie kodów jednorazowych
action-codes-ended = wyłączenie kodów jednorazowych
action-session-ended = wylogowanie innej przeglądarki
action-staff-added = dodanie osoby do zespołu
action-staff-disabled = odebranie dostępu
action-staff-enabled = przywrócenie dostępu
action-role-changed = zmiana roli

overview-no-programme = Żaden program jeszcze nie obowiązuje.
overview-steps = Co jeszcze do zrobienia
step-done = Gotowe
step-programme = Opublikuj program
step-programme-hint = W zakładce „Program” wybierz początek, zmień go i zobacz, co przeczytają uczestnicy.
step-key = Utwórz klucz dla sklepu
step-key-hint = W zakładce „Klucze”. Widać go raz; sklep wysyła go z każdym zapytaniem.
step-members = Powitaj pierwszego uczestnika
step-members-hint = Zaimportuj dawne zamówienia („lojal import orders”) albo podłącz sklep; jak to zrobić, mówi docs/api.md.
step-codes = Zabezpiecz konto kodami jednorazowymi
step-codes-hint = Pod Twoim nazwiskiem u góry strony.
step-team = Dodaj współpracownika
step-team-hint = W zakładce „Zespół”. Każdy ma swoją rolę, a wszystkie działania są zapisywane.

menu-programme = Program
programme-continue = Wróć do wersji roboczej
programme-change = Zmień program
programme-told = Co czytają uczestnicy
programme-told-hint = Tekst powstaje z zasad, które naprawdę działają: nie może mówić niczego innego.
programme-begin = Wybierz początek
programme-begin-text = Każdy z nich to cały działający program. Zmienisz go, zanim opublikujesz.
programme-versions = Wersje
programme-version = Wersja
programme-version-number = Wersja { $number }
programme-published = Opublikowana
programme-effective = Obowiązuje od
programme-at-once = od razu
programme-live = obowiązuje
programme-waits = czeka
programme-changed = Co się zmienia dla uczestników
programme-document = Sam dokument
starter-complete = Wszystkiego po trochu
starter-complete-hint = Punkty, poziomy, nagrody i kampania, z komentarzami: na nim działa demo.
starter-points = Punkty
starter-hint-points = Punkt za każdą wydaną kwotę, do wymiany na nagrody.
starter-tiers = Poziomy
starter-hint-tiers = Kto kupuje więcej, dostaje więcej.
starter-cashback = Zwrot gotówki
starter-hint-cashback = Część wydanej kwoty wraca jako pieniądze.
starter-paid-club = Płatny klub
starter-hint-paid-club = Uczestnicy płacą składkę i dostają więcej.
starter-coalition = Koalicja
starter-hint-coalition = Kilka marek, jedna waluta.
starter-referrals = Polecenia
starter-hint-referrals = Uczestnicy przyprowadzają znajomych, a nagrodę dostają obie strony.
starter-community = Społeczność
starter-hint-community = Punkty za to, co się robi, nie tylko za zakupy.
starter-charity = Cel społeczny
starter-hint-charity = Uczestnicy oddają punkty na dobry cel.
starter-staff-recognition = Docenianie pracowników
starter-hint-staff-recognition = Współpracownicy dziękują sobie nawzajem.
diff-notice = Część zmian jest dla uczestników niekorzystna. Uprzedź ich: podaj datę, od której mają obowiązywać.
diff-worse = gorzej
diff-mixed = różnie
diff-better = lepiej
diff-neutral = bez wpływu
judgement-errors = { $count ->
    [one] { $number } błąd nie pozwala na publikację.
    [few] { $number } błędy nie pozwalają na publikację.
   *[other] { $number } błędów nie pozwala na publikację.
}
judgement-warnings = { $count ->
    [one] { $number } ostrzeżenie do zaakceptowania lub poprawienia.
    [few] { $number } ostrzeżenia do zaakceptowania lub poprawienia.
   *[other] { $number } ostrzeżeń do zaakceptowania lub poprawienia.
}
judgement-sound = W porządku: można publikować.
severity-error = błąd
severity-warning = ostrzeżenie
severity-notice = uwaga
finding-line = Wiersz { $number }:
finding-accepted = Zaakceptowano:
draft = Wersja robocza
draft-document = Dokument programu
draft-document-hint = Sprawdzany podczas pisania. Każde słowo objaśnia docs/programme.md.
draft-judgement = Uwagi do wersji roboczej
draft-save = Zachowaj wersję roboczą
draft-publish = Opublikuj
draft-discard = Usuń wersję roboczą
draft-discard-sure = Treść wersji roboczej zniknie. To, co obowiązuje, pozostanie bez zmian.
draft-kept = Wersja robocza jest zachowana.
draft-overtaken = Ktoś inny zmienił w tym czasie wersję roboczą. Twój tekst nadal tu jest: skopiuj go, a potem otwórz wersję roboczą na nowo.
draft-mistakes = Nie opublikowano: w dokumencie są błędy.
draft-warnings = Nie opublikowano: są ostrzeżenia. Popraw je albo zaakceptuj.
draft-worse = Nie opublikowano: część zmian jest dla uczestników niekorzystna. Podaj datę albo zaznacz, że mogą obowiązywać od razu.
draft-no-moment = Nie opublikowano: data jest niepoprawna.
draft-other-programme = Nie opublikowano: dokument ma inny identyfikator niż tutejszy program.
field-effective = Obowiązuje od
field-effective-hint = Puste pole: od razu. Wersja niekorzystna dla uczestników wymaga daty.
field-accept-warnings = Opublikuj mimo ostrzeżeń
field-accept-worse = Może obowiązywać od razu, choć jest niekorzystna dla uczestników
fault-accept-warnings = Są ostrzeżenia.
fault-effective = Podaj dzień, który dopiero nadejdzie.
fault-effective-worse = Część zmian jest niekorzystna dla uczestników: od kiedy mają obowiązywać?
action-draft-saved = zapisanie wersji roboczej programu
action-draft-discarded = usunięcie wersji roboczej programu
action-programme-published = opublikowanie wersji programu

menu-keys = Klucze
keys-text = Sklep lub kasa pokazuje swój klucz przy każdym zapytaniu. Jak podłączyć je w jedno popołudnie, mówi docs/api.md.
keys-none = Nie ma jeszcze żadnych kluczy.
key-name = Nazwa
key-name-hint = Gdzie jest używany: żeby było wiadomo, który kiedyś unieważnić.
key-scopes = Uprawnienia
key-since = Utworzony
key-used = Ostatnio użyty
key-never-used = nigdy
key-revoked = unieważniony
key-revoke = Unieważnij
key-revoke-sure = Kto go używa, od razu i na zawsze straci dostęp.
key-make = Utwórz klucz
key-made = Nowy klucz:
key-made-hint = Widać go tylko teraz i nigdzie nie jest przechowywany. Skopiuj go tam, gdzie potrzebuje go sklep.
scope-read = odczyt
scope-write = zapis
scope-admin = administracja
scope-may-read = Odczyt wszystkiego
scope-may-write = To, co robi sklep: zapisy, zamówienia, wymiana punktów
scope-may-admin = Publikacja programów i korekty sald
fault-too-long = To za długie.
fault-no-scope = Klucz bez uprawnień do niczego się nie przyda.
action-key-made = utworzenie klucza
action-key-revoked = unieważnienie klucza
action-secret-made = nowy sekret do logowania uczestników
action-secret-revoked = unieważnienie sekretu do logowania uczestników
action-origins-listed = zmiana stron, które mogą pokazać widżet

menu-portal = Portal
portal-console-text = Strony uczestników:
portal-console-mail = Uczestnicy wchodzą ze sklepu albo z kodem z poczty.
portal-console-no-mail = Uczestnicy wchodzą ze sklepu. Listy z kodami nie są wysyłane, bo usługę uruchomiono bez serwera poczty (LOJAL_SMTP_URL i LOJAL_MAIL_FROM).
secrets = Sekrety do logowania uczestników
secrets-text = Sklep podpisuje token dla zalogowanego klienta, a klient od razu jest w portalu. Sekretów może być kilka, żeby jeden mógł zastąpić drugi bez przerwy.
secrets-none = Nie ma jeszcze żadnego sekretu.
secret-name-hint = Gdzie jest używany: żeby później było wiadomo, który unieważnić.
secret-make = Utwórz sekret
secret-made = Nowy sekret:
secret-made-hint = Widać go tylko teraz. Skopiuj go na serwer sklepu; nie może stać na stronie.
secret-revoke-sure = Tokeny nim podpisane od teraz nic nie otwierają. Kto już wszedł, zostaje.
widget-settings = Widżet na stronach sklepu
widget-settings-text = Skrypt, który pokazuje punkty i nagrody w Twoim sklepie. Może pytać z adresów, które tu stoją, i z żadnych innych.
widget-origins = Adresy Twojego sklepu
widget-origins-hint = Każdy w osobnym wierszu, z początkiem, na przykład https://shop.example
widget-origins-keep = Zapisz
widget-key-make = Utwórz klucz dla widżetu
widget-key-made = Wstaw to na strony swojego sklepu:
widget-key-made-hint = Klucz może widzieć każdy; jest na liście kluczy i tam można go unieważnić.
fault-origin = Każdy wiersz to adres sklepu: https://, nazwa, ewentualnie port, i nic dalej.

menu-rewards = Nagrody
reward = Nagroda
reward-price = Cena
reward-for = Dla kogo
reward-left = Pozostało
reward-given = przyznaje ją zasada
reward-for-all = dla wszystkich
reward-not-offered = nie teraz
reward-voucher = z kodem
reward-stock = { $left } z { $total }
reward-little = zostało mało
reward-unlimited = bez ograniczeń
rewards-none = Ten program nie ma jeszcze nagród. Zapisuje się je w dokumencie programu.
rewards-redemptions = Kto i kiedy odebrał nagrody
redemptions = Odebrane nagrody
redemptions-all = wszystkie nagrody
redemptions-none = Nikt nie odebrał jeszcze nagrody.
redemptions-newest = Najnowsze odbiory
redemption-voucher = Kupon
redemption-rolled-back = cofnięto
voucher-is-issued = jeszcze niewykorzystany
voucher-is-used = wykorzystany
voucher-is-cancelled = unieważniony
voucher-is-lapsed = wygasł
pools = Własne kody
pools-text = Nagrody, które wydają kody z innego systemu, biorą je stąd, każdy raz.
pool-empty = pusto
pool-left = { $count ->
    [one] Został { $number } kod.
    [few] Zostały { $number } kody.
   *[other] Zostało { $number } kodów.
}
pool-more = { $count ->
    [one] Został więcej niż { $number } kod.
    [few] Zostało więcej niż { $number } kody.
   *[other] Zostało ponad { $number } kodów.
}
pool-for = Dla:
pool-bring = Dodaj kody
field-codes = Kody
field-codes-hint = Po jednym w wierszu. Te, które już tu są, zostaną pominięte.
fault-codes = Kod to jeden wiersz, najwyżej 100 znaków, bez spacji na początku i końcu.
codes-brought = { $count ->
    [one] Dodano { $number } kod.
    [few] Dodano { $number } kody.
   *[other] Dodano { $number } kodów.
}
codes-known = { $count ->
    [one] { $number } już tu był.
    [few] { $number } już tu były.
   *[other] { $number } już tu było.
}
action-codes-brought = dodanie kodów do puli

period-choose = Okres
change-none = bez zmian
change-up = { $size } więcej niż poprzednio
change-down = { $size } mniej niż poprzednio
change-up-share = wyżej o { $size } pkt proc.
change-down-share = niżej o { $size } pkt proc.
change-before = poprzednio { $value }
figures-old = Te liczby są prawdziwe na { $moment }; nowsze zdarzenia są właśnie liczone.
figures-first = Liczby są właśnie zestawiane po raz pierwszy. Przy długiej historii potrwa to kilka minut.
overview-nobody = Jeszcze nikt nie uczestniczy.
overview-nobody-hint = Liczby i wykresy pojawią się wraz z pierwszymi uczestnikami i zamówieniami.
overview-sales = Uczestnicy i zakupy
overview-rules-used = Za co przyznano punkty
overview-rewards-taken = Odebrane nagrody
overview-times = { $count ->
    [one] raz
   *[other] { $number } razy
}
overview-today = Stan na dziś
overview-members = Uczestnicy
overview-buyers = Uczestnicy, którzy coś kupili
overview-twice = { $share } z nich więcej niż raz
overview-held = Na kontach uczestników
overview-worth = warte { $money }
overview-ends = Kiedy wygasają
overview-later = później
overview-never = nigdy
overview-cohorts = Kto wraca
overview-cohorts-hint = Z tych, którzy pierwszy raz kupili w danym miesiącu: jaka część kupiła znowu po tylu miesiącach. Miesiąc, który jeszcze trwa, jest pochylony.
cohort-of-them = { $count ->
    [one] { $number } osoba
    [few] { $number } osoby
   *[other] { $number } osób
}
cohort-running = miesiąc trwa
cohort-first = Pierwszy zakup
cohort-members = Uczestnicy
cohort-later = { $count ->
    [one] miesiąc później
    [few] { $number } miesiące później
   *[other] { $number } miesięcy później
}
held-available = do wydania
held-pending = oczekujące
held-held = zablokowane przy kasie
held-owed = dług uczestników
figure-when = Kiedy
figure-sheet = Pobierz jako CSV
figure-joined = Nowi uczestnicy
figure-left = Odeszli
figure-buyers = Kupujący uczestnicy
figure-returning = Powracający
figure-orders = Zamówienia
figure-sales = Sprzedaż uczestnikom
figure-frequency = Zamówień na kupującego
figure-average-order = Średnie zamówienie
figure-guest-average-order = Średnie zamówienie gości
figure-members-share = Udział uczestników w sprzedaży
figure-issued = Przyznane
figure-redeemed = Wydane
figure-expired = Wygasłe
figure-reversed = Cofnięte
figure-redemption-rate = Wydane wobec przyznanych
meaning-joined = Osoby, które przystąpiły do programu w tym okresie, także te, które potem odeszły.
meaning-left = Osoby, które w tym okresie odeszły z programu.
meaning-buyers = Uczestnicy z choćby jednym zamówieniem złożonym w tym okresie, każdy policzony raz. Zamówienie odwołane albo zwrócone w całości się nie liczy.
meaning-returning = Jaka część uczestników, którzy kupili w tym okresie, miała do jego końca więcej niż jedno zamówienie.
meaning-orders = Opłacone zamówienia uczestników według dnia złożenia, bez odwołanych i zwróconych w całości. Późniejszy zwrot zmienia liczbę z dnia złożenia zamówienia.
meaning-sales = Ile uczestnicy zapłacili za to, co zatrzymali, z podatkiem i dostawą, według dnia złożenia zamówienia.
meaning-frequency = Zamówienia w tym okresie podzielone przez liczbę uczestników, którzy w nim kupili.
meaning-average-order = Sprzedaż uczestnikom podzielona przez liczbę zamówień. Jeśli sklep przesyła też zamówienia gości, obok stoi ich średnia.
meaning-guest-average-order = To, co osoby spoza programu zapłaciły za to, co zatrzymały, podzielone przez liczbę ich zamówień, według dnia złożenia. Kto później dołączy z zamówieniem, zabiera je ze sobą.
meaning-members-share = Z całej sprzedaży, uczestnikom i gościom, ta część, którą kupili uczestnicy.
meaning-issued = Przyznane w tym okresie z wszystkich powodów, także takie, które jeszcze czekają.
meaning-redeemed = Wydane na nagrody i przy kasie, bez tego, co wróciło z odwołanych nagród.
meaning-expired = Przepadło, bo minął termin, zbyt długo nic nie zdobyto ani nie wydano albo uczestnik odszedł.
meaning-reversed = Odebrane po zwrotach i korektach.
meaning-redemption-rate = Wydane w tym okresie podzielone przez przyznane w tym okresie.

menu-ledger = Księga
ledger-accounts = Zestawienie księgowe
ledger-accounts-hint = Według miesięcy, w których operacje zapisano w księdze: miesiąc, który minął, już się nie zmienia. Stan końcowy to wszystko, co mają uczestnicy, razem z tym, co oczekuje i jest zablokowane, po odjęciu długów.
ledger-worth = Stan na koniec jest wart { $money }.
ledger-kind = Co
ledger-all = wszystko
ledger-kind-orders = zamówienia
ledger-kind-returns = zwroty
ledger-kind-activities = aktywności
ledger-kind-redemptions = nagrody
ledger-kind-vouchers = użycie kuponów
ledger-kind-holds = blokady przy kasie
ledger-kind-adjustments = korekty
ledger-kind-transfers = przekazania
ledger-kind-members = uczestnicy i domostwa
ledger-kind-time = upływ czasu
ledger-until = Do dnia
ledger-no-date = Wpisz datę, na przykład 2026-03-31.
ledger-looked = W tej części księgi nie ma takich wpisów.
ledger-none = Nic więcej tu nie ma. Starsze wpisy mogą być w archiwum: widać je na stronie uczestnika.
ledger-newest = Najnowsze wpisy
ledger-empty = W księdze nic jeszcze nie zapisano.
ledger-when = Kiedy
ledger-who = Uczestnik
ledger-what = Co się stało
ledger-change = Zmiana
ledger-transaction = Operacja
ledger-id = Identyfikator
ledger-decided = Zapisano
ledger-version = Wersja programu
ledger-earlier = Poprzednia operacja uczestnika
ledger-replaces = Wcześniejszy stan tego zamówienia
ledger-hash = Suma kontrolna
ledger-entries = Wpisy
ledger-postings = Księgowania
ledger-account = Konto
ledger-brand = Marka
ledger-nothing = Stan punktów się nie zmienił.
ledger-account-available = do wydania
ledger-account-pending = oczekujące
ledger-account-held = zablokowane
ledger-account-debt = dług
ledger-account-issued = przyznane przez program
ledger-account-redeemed = wydane
ledger-account-expired = wygasłe
ledger-account-reversed = cofnięte
ledger-account-in_transit = w drodze
ledger-month = Miesiąc
ledger-opening = Stan początkowy
ledger-column-issued = Przyznane
ledger-column-redeemed = Wydane
ledger-column-expired = Wygasłe
ledger-column-reversed = Cofnięte
ledger-column-in-transit = W drodze
ledger-closing = Stan końcowy
action-segment-kept = zapamiętanie grupy uczestników
action-segment-forgotten = usunięcie grupy uczestników
action-members-exported = pobranie listy uczestników
