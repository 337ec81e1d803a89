# Polecenia, które ktoś mógł zmyślić: co czyta obsługa, a co polecający i znajomy.

menu-cases = Sprawy
cases = Polecenia do sprawdzenia
cases-text = To zauważyły kontrole. Nic nie rozstrzyga się przez upływ czasu: co czeka, czeka na człowieka.
cases-none = Nie ma tu żadnej sprawy.
cases-looked = Wśród przejrzanych nie ma żadnej takiej.
cases-newest = Najnowsze
cases-state = Stan
cases-state-all = Wszystkie stany
cases-rule = Co zauważono
cases-rule-all = Cokolwiek
cases-show = Pokaż
case = Polecenie – { $advocate }
case-friend = Znajomy
case-advocate = Kto polecił
case-score = Wynik
case-stake = Stawka
case-opened = Zauważono
case-assessed = Ostatnio sprawdzono { $when }
case-state = Stan
case-is-open = czeka na człowieka
case-is-confirmed = zmyślone
case-is-cleared = uczciwe
case-verdict-allow = można nagrodzić
case-verdict-flag = nagradzane i pokazane tutaj
case-verdict-hold = czeka na człowieka
case-verdict-reject = bez nagrody
case-verdict = Co mówią kontrole
case-findings = Co zauważono
case-findings-none = Nic już nie przemawia ani za nim, ani przeciw niemu.
case-weight = Waga
case-evidence = Dowody
case-graph = Kto jest z kim powiązany
case-graph-text = Linie to rzeczy wspólne dwóm osobom; im grubsza, tym więcej mówi. To samo jest w tabeli poniżej.
case-nobody = Nie zauważono niczego, co łączy te osoby.
case-graph-title = { $count ->
    [one] { $number } osoba wokół tego polecenia
    [few] { $number } osoby wokół tego polecenia
   *[many] { $number } osób wokół tego polecenia
 }
case-tie-one = Jedna osoba
case-tie-other = Druga osoba
case-tie-kinds = Co je łączy
case-tie-weight = Jak mocno
case-tie-household = wyglądają na jedno gospodarstwo domowe
case-more = { $count ->
    [one] i jeszcze { $number } osoba, której nie narysowano
    [few] i jeszcze { $number } osoby, których nie narysowano
   *[many] i jeszcze { $number } osób, których nie narysowano
 }
case-ties-more = { $count ->
    [one] i jeszcze { $number } słabsze powiązanie
    [few] i jeszcze { $number } słabsze powiązania
   *[many] i jeszcze { $number } słabszych powiązań
 }
case-decide = Rozstrzygnij
case-decide-text = Rozstrzygnięcie dotyczy tego polecenia, a to, co tu przemówiło, będzie u innych ważyć trochę więcej albo mniej. Można je cofnąć.
case-decision = Rozstrzygnięcie
case-confirm = Zmyślone
case-clear = Uczciwe
case-reason = Dlaczego
case-reason-hint = Przeczytają to inni z zespołu. Bez danych osobowych.
case-sure = Dowody zostały przejrzane
case-decide-button = Rozstrzygnij
case-undo = Cofnij rozstrzygnięcie
case-undo-text = Jak gdyby nigdy nie zapadło; sprawa znów czeka.
case-undo-button = Cofnij
case-story = Co zrobiono
case-step-confirmed = rozstrzygnięcie: zmyślone
case-step-cleared = rozstrzygnięcie: uczciwe
case-step-undone = cofnięcie rozstrzygnięcia
case-step-program = program z kluczem
case-changed = Ktoś był szybszy: tak sprawa wygląda teraz.
fault-decision = Wybierz jedno z dwóch.
action-case-decided = rozstrzygnięcie w sprawie polecenia
action-case-undone = cofnięcie rozstrzygnięcia w sprawie polecenia

# Jak nazywa się reguła i co mówi.
rule-self-referral = ta sama osoba
rule-self-referral-text = Polecający i znajomy wyglądają na jedną osobę.
rule-existing-customer = już klient
rule-existing-customer-text = Znajomy był klientem już wcześniej.
rule-same-payment = jedna karta
rule-same-payment-text = Polecający i znajomy zapłacili tą samą kartą.
rule-same-device = jedno urządzenie
rule-same-device-text = Polecający i znajomy korzystali z tego samego urządzenia.
rule-same-place = jedno miejsce
rule-same-place-text = Polecającego i znajomego łączy tylko to, co łączy wielu ludzi wokół.
rule-alike-name = podobne nazwiska
rule-alike-name-text = Imiona i nazwiska są prawie takie same.
rule-alike-mail = podobne adresy
rule-alike-mail-text = Adresy e-mail są prawie takie same albo zbudowane według jednego wzoru.
rule-disposable-mail = jednorazowy adres
rule-disposable-mail-text = Adres e-mail znajomego jest z rodzaju jednorazowych.
rule-advocate-velocity = wielu naraz
rule-advocate-velocity-text = Polecający miał wielu znajomych w krótkim czasie.
rule-ip-velocity = jedno łącze
rule-ip-velocity-text = Kilku znajomych polecającego przyszło przez jedno łącze internetowe.
rule-network-velocity = jedna sieć
rule-network-velocity-text = Kilku znajomych polecającego przyszło z jednej sieci.
rule-coupon-site = opublikowany kod
rule-coupon-site-text = Kod polecającego jest używany tak, jakby wisiał na stronie z kuponami.
rule-too-quick = za szybko
rule-too-quick-text = Zamówienie przyszło po kliknięciu szybciej, niż ktokolwiek zdąży przeczytać.
rule-return-rate = zwroty
rule-return-rate-text = Znajomi polecającego zwracają o wiele więcej niż inni.
rule-thin-orders = ledwie dość
rule-thin-orders-text = Kolejni znajomi zamawiają za niewiele więcej, niż trzeba.
rule-ring = grupa
rule-ring-text = Znajomy jest powiązany z innymi znajomymi tego samego polecającego.
rule-linked-friends = inni są powiązani
rule-linked-friends-text = Inni znajomi polecającego są ze sobą powiązani; ten nie.
rule-household = jedno gospodarstwo domowe
rule-household-text = Polecający i znajomy wyglądają na dwie osoby, które mieszkają razem. To przemawia za nimi.

# Rodzaje identyfikatorów.
identifier-payment = ta sama karta
identifier-email = ten sam adres e-mail
identifier-phone = ten sam numer telefonu
identifier-device = to samo urządzenie
identifier-address = ten sam adres
identifier-name = to samo imię i nazwisko
identifier-mail_pattern = adresy e-mail według jednego wzoru
identifier-locker = ten sam paczkomat
identifier-ip = to samo łącze internetowe
identifier-traits = tak samo wyglądające przeglądarki
identifier-network = ta sama sieć
identifier-surname = to samo nazwisko

# Fakty.
evidence-shared = { $name } i znajomy: { $what }, od { $since }. Liczba wszystkich osób, które to łączy: { $parties }.
evidence-alike-names = Imiona i nazwiska są podobne w { $share }.
evidence-alike-mails = Adresy e-mail są podobne w { $share }.
evidence-disposable-mail = Adres e-mail jest z domeny jednorazowych adresów.
evidence-known-customer = Sklep twierdzi, że znajomy jest już klientem.
evidence-friends = Liczba znajomych polecającego w odstępie najwyżej { $hours } godz.: { $friends }.
evidence-friends-sharing = Liczba znajomych polecającego, których w ciągu { $hours } godz. łączy jedno ({ $what }): { $friends }. Liczba innych osób, które też z tego korzystają: { $others }.
evidence-without-click = Liczba znajomych w ciągu { $hours } godz.: { $of }, w tym z samym kodem, bez kliknięcia: { $friends }.
evidence-ordered-after = Czas od kliknięcia do zamówienia: { $seconds } s.
evidence-returned = Liczba znajomych: { $of }, w tym tych, którzy odesłali zamówienie: { $friends }. Wśród znajomych innych osób robi to { $share }.
evidence-thin = Liczba znajomych polecającego: { $of }, w tym zamówień za niewiele więcej, niż trzeba: { $friends }.
evidence-linked = Liczba innych znajomych polecającego: { $of }, w tym powiązanych ze sobą: { $friends }.
evidence-shape = Liczba znajomych w grupie: { $friends }. Gęstość { $density }, bez udziału innych osób { $isolation }, zamówienia mniej więcej w tym samym czasie { $synchrony }, ledwie dość { $thin }.

# Drugi krok: znajomy potwierdza polecenie kodem.
confirm = Potwierdź polecenie
confirm-text = Ktoś polecił Ci { $shop }. Wpisz kod z wiadomości, którą właśnie dostajesz – wtedy polecenie będzie mogło się liczyć.
confirm-hint = Sześć cyfr. Kod jest ważny piętnaście minut.
confirm-button = Potwierdź
confirm-none = Nie ma wiadomości albo kod jest za stary?
confirm-again = Wyślij nowy kod
confirm-sent-again = Jeśli jest co potwierdzać, nowy kod jest w drodze. Częściej niż co minutę nie wysyłamy.
confirm-not-you = Nikt Ci nas nie polecił? Nic nie trzeba robić. Nie podawaj kodu nikomu, nawet pracownikom sklepu.
confirm-done = Polecenie jest potwierdzone.
confirm-done-text = Dziękujemy. Nic więcej nie trzeba robić: { $shop } zajmie się resztą.
confirm-done-go = Przejdź do swojego konta
confirm-mail-subject = { $code } to kod do potwierdzenia polecenia ({ $shop })
confirm-mail-why = ktoś polecił Ci { $shop }. Zanim to polecenie będzie mogło się liczyć, potwierdź je kodem.
confirm-mail-code = Twój kod:
confirm-mail-kept =
    { $count ->
        [one] Jest ważny przez minutę i tylko raz.
        [few] Jest ważny przez { $number } minuty i tylko raz.
       *[many] Jest ważny przez { $number } minut i tylko raz.
    }
confirm-mail-link = Wpisz kod
confirm-mail-link-text = Wpisz go na tej stronie:
confirm-mail-not-you = Nikt Ci nas nie polecił? Nic nie trzeba robić: bez kodu polecenie się nie potwierdzi. Nie podawaj kodu nikomu, nawet pracownikom sklepu.
confirm-sms = { $shop }: { $code } to kod do potwierdzenia polecenia. Wpisz go tutaj: { $link }

case-verdict-verify = czeka na potwierdzenie znajomego
case-is-waiting = czeka na potwierdzenie znajomego
case-proof = Drugi krok
case-proof-none = Nikt nie prosi znajomego o potwierdzenie kodem.
case-proof-asked = Znajomy ma czas do { $when }, żeby wpisać kod. Potem decyduje człowiek.
case-proof-confirmed = Znajomy potwierdził kodem, że ma ten adres albo telefon.
case-proof-shared = Potwierdził tym, co mają też inni: to nie dowód, tylko powiązanie.
case-proof-missed = Znajomy nie wpisał kodu na czas ({ $when }).
case-proof-unreachable = Nie było jak wysłać kodu: nie znamy adresu ani telefonu albo usługa nie wysyła takich wiadomości.
case-proof-channel = Ostatnia wiadomość
case-proof-channel-mail = e-mail
case-proof-channel-sms = SMS
case-proof-channel-none = jeszcze żadnej
case-proof-sends = Wysłane wiadomości
case-proof-tries = Wpisane kody
case-proof-story = Jak to szło
case-proof-step-asked = prośba o kod
case-proof-step-sent = wysłano kod
case-proof-step-confirmed = potwierdzone
case-proof-step-missed = czas minął
case-proof-step-unreachable = nie było jak wysłać
case-ask-text = Znajomy dostanie kod e-mailem albo SMS-em. Wynik zobaczysz tutaj; rozstrzygnięcie nadal należy do człowieka, jeśli na niego czeka.
case-ask-button = Wyślij kod
case-ask-refused-confirmed = Znajomy już potwierdził.
case-ask-refused-too-soon = Kod wysłano przed chwilą. Spróbuj za minutę.
case-ask-refused-too-many = Wysłano już dość kodów.
action-case-verification-asked = prośba o potwierdzenie polecenia kodem
