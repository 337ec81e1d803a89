# Co zmienia się między dwiema wersjami programu. Etykieta i dwukropek oszczędzają wartościom
# odmiany; wartości to wyrażenia, które stoją same.

change-added = Nowość: { $subject }.
change-removed = Wycofanie: { $subject }.
change-altered = { $subject }, { $aspect }: { $old } → { $new }.
change-rewritten = { $subject }, { $aspect }. Dotychczas: { $old }. Po zmianie: { $new }.
change-dearer = { $subject } drożeje: { $old } → { $new }.
change-cheaper = { $subject } tanieje: { $old } → { $new }.
change-perk-gained = { $subject } zyskuje: { $perk }.
change-perk-lost = { $subject } traci: { $perk }.

subject-programme = program
subject-brand = marka „{ $name }”
subject-unit = jednostka „{ $name }”
subject-ladder = poziomy „{ $name }”
subject-level = poziom „{ $name }”
subject-reward = nagroda „{ $name }”
subject-referral = polecenia „{ $name }”
subject-transfers = przekazywanie między uczestnikami
subject-gifts = prezenty między uczestnikami
subject-households = wspólne portfele
subject-holds = rezerwacje przy płatności
subject-fraud = sprawdzanie poleceń
subject-operator = organizator programu

aspect-id = identyfikator
aspect-name = nazwa
aspect-label = nazwa słowa „{ $word }”
aspect-description = opis
aspect-languages = języki
aspect-time-zone = strefa czasowa
aspect-currency = waluta
aspect-decimals = miejsca dziesiętne kwot
aspect-exchange = kurs dla zamówień w { $currency }
aspect-rounding = zaokrąglanie naliczeń
aspect-join-on-first-order = udział od pierwszego zamówienia
aspect-stacking = kilka mnożników naraz
aspect-exclusions = co się nie liczy
aspect-loose-returns = zwroty bez zamówienia
aspect-scale = miejsca dziesiętne
aspect-worth = wartość
aspect-spendable = do wydawania
aspect-pending = dostępność
aspect-expiry = koniec ważności
aspect-spend-order = kolejność wydawania
aspect-debt = zaległości
aspect-cap = limit { $window }
aspect-trigger = za co
aspect-when = warunki
aspect-lines = liczone towary
aspect-unit = w jednostce
aspect-award = daje
aspect-applies-to = mnoży
aspect-remainder = reszta przechodzi na kolejne zamówienie
aspect-multiplied = działanie mnożników
aspect-order-cap = limit na jedno zamówienie lub jedną aktywność
aspect-period = okres
aspect-budget = budżet dla wszystkich razem
aspect-metric = co się liczy
aspect-ladder-window = za jaki okres
aspect-keep = dodatkowe lata zachowania poziomu
aspect-grace = okres ochronny przed utratą poziomu
aspect-step-down = spadek poziomu
aspect-on-return = poziom po zwrocie
aspect-threshold = próg
aspect-multiplier = mnożnik
aspect-perk = korzyść
aspect-gives = daje
aspect-price = cena
aspect-stock = zapas dla wszystkich razem
aspect-limit = limit dla jednej osoby
aspect-voucher = kod
aspect-validity = ważność kodu
aspect-least = najmniej naraz
aspect-most = najwięcej
aspect-most-members = najwięcej osób
aspect-units = jednostki
aspect-hold-valid = zwykły czas trwania
aspect-hold-longest = najdłuższy czas trwania
aspect-hold-most = najwięcej jednocześnie
aspect-setting = ustawienie { $name }
aspect-address = adres
aspect-registration = numery rejestrowe
aspect-contact = kontakt
aspect-complaints = adres do reklamacji
aspect-complaint-answer = termin odpowiedzi na reklamację
aspect-data-protection = informacje o danych osobowych
aspect-minimum-age = najniższy wiek w latach
aspect-notice = wyprzedzenie przy zmianach
aspect-holds-from = regulamin obowiązuje od
aspect-advocates = kto może polecać
aspect-friends = kogo można polecić
aspect-touch-window = jak długo liczy się polecenie
aspect-credit = komu zalicza się polecenie, gdy polecało kilka osób
aspect-qualify-on = co ma zrobić osoba polecona
aspect-qualify-when = warunki dla osoby poleconej
aspect-qualify-wait = czas do zaliczenia polecenia
aspect-qualify-within = czas na spełnienie warunków
aspect-friends-cap = zaliczane polecenia jednej osoby { $window }
aspect-friends-budget = zaliczane polecenia wszystkich osób łącznie
aspect-friend-return = po zwrocie
aspect-review = kto sprawdza polecenia
aspect-variants = warianty oferty

term-none = brak
term-no-limit = bez limitu
term-without-end = bezterminowo
term-at-once = od razu
term-not-for-sale = bez możliwości wymiany
term-all-rules = wszystkie zasady, na które działają mnożniki
term-no-conditions = bez warunków
term-all-goods = wszystkie towary
term-nothing = nic
term-quoted = „{ $text }”
term-worth = { $amount } = { $money }

award-amount = { $rate } za { $size ->
    [one] każdy
   *[other] każde
} { $per }
award-pieces = { $each } za sztukę
award-attribute = { $rate } za { $per } wartości „{ $attribute }”

pending-placed = { $period } od złożenia zamówienia
pending-paid = { $period } od zapłaty
pending-closed = { $period } od dostawy

expiry-never = nigdy
expiry-after-earning = { $period } od naliczenia
expiry-until-end-of = { $period } od naliczenia, na koniec { $window ->
    [day] dnia
    [week] tygodnia
    [month] miesiąca
    [quarter] kwartału
   *[year] roku
}
expiry-after-inactivity = { $period } od ostatniej aktywności
expiry-on-dates = co roku na koniec dnia: { $days }
expiry-not-before = co roku na koniec dnia: { $days }; najwcześniej { $period } od naliczenia
day-of-year = { $day } { $month ->
    [january] stycznia
    [february] lutego
    [march] marca
    [april] kwietnia
    [may] maja
    [june] czerwca
    [july] lipca
    [august] sierpnia
    [september] września
    [october] października
    [november] listopada
   *[december] grudnia
}

excluded-shipping = dostawa
excluded-tax = podatek
excluded-gift-cards = karty podarunkowe
excluded-fees = opłaty
excluded-discounted = towary przecenione
excluded-points = część opłacona z portfela

metric-spend = wartość zakupów
metric-points = naliczenia w jednostce „{ $name }”
metric-orders = liczba zamówień
metric-activity = liczba aktywności „{ $name }”

window-lifetime = cały czas udziału w programie
window-calendar-year = rok kalendarzowy
window-membership-year = rok uczestnictwa
window-rolling = okres kroczący: { $period }

gives-percent = { $percent } rabatu
gives-amount = { $amount } rabatu
gives-product = produkt „{ $product }” gratis
gives-shipping = darmowa dostawa
gives-card = karta podarunkowa: { $amount }
gives-cash = zwrot: { $amount }
gives-experience = przeżycie
gives-access = dostęp na wyłączność
gives-donation = darowizna: { $amount }, { $cause }

price-with-cash = { $points } i { $cash }
limit-times = { $times } { $window }
voucher-generated = generowany
voucher-prefix = generowany, z początkiem { $prefix }
voucher-pool = z puli „{ $pool }”
trigger-order = zamówienie

rounding-down = w dół
rounding-nearest = do najbliższej całości
rounding-up = w górę
stacking-compound = mnożone przez siebie
stacking-additive = sumowane
stacking-best = tylko największy
spend-expiring = najpierw to, co traci ważność
spend-oldest = najpierw to, co najstarsze
debt-carry = do odrobienia z kolejnych naliczeń
debt-forgive = darowane
debt-block = do odrobienia z kolejnych naliczeń, do tego czasu bez wydawania
step-down-earned = na poziom zgodny z wynikiem
step-down-one = o jeden poziom
return-recheck = sprawdzany od razu
return-keep = bez zmian do najbliższego przeglądu
loose-reverse = cofnięcie tego, co towar by dał
loose-ignore = bez cofania
friend-return-recheck = nagrody się cofa, gdy warunki nie są już spełnione
friend-return-keep = nagrody zostają
credit-last = kto polecił jako ostatni
credit-first = kto polecił jako pierwszy
credit-split = wszystkim po równo
review-suspicious = człowiek, gdy są wątpliwości
review-all = człowiek, każde z nich
review-none = nikt
language-polish = polski
language-english = angielski

summary-worse = Gorsze dla uczestników: { $changes }.
summary-better = Lepsze: { $changes }.
summary-mixed = Do oceny: { $changes }.
summary-neutral = Bez znaczenia: { $changes }.
summary-nothing = Nic się nie zmienia.

group-changes = { $number } { $count ->
    [one] zmiana
    [few] zmiany
   *[many] zmian
}
group-rewards-dearer = { $number } { $count ->
    [one] nagroda droższa
    [few] nagrody droższe
   *[many] nagród droższych
}
group-rewards-cheaper = { $number } { $count ->
    [one] nagroda tańsza
    [few] nagrody tańsze
   *[many] nagród tańszych
}
group-rewards-removed = { $number } { $count ->
    [one] nagroda wycofana
    [few] nagrody wycofane
   *[many] nagród wycofanych
}
group-rewards-added = { $number } { $count ->
    [one] nowa nagroda
    [few] nowe nagrody
   *[many] nowych nagród
}
group-rewards = { $number } { $count ->
    [one] nagroda na innych warunkach
    [few] nagrody na innych warunkach
   *[many] nagród na innych warunkach
}
group-rules-removed = { $number } { $count ->
    [one] zasada wycofana
    [few] zasady wycofane
   *[many] zasad wycofanych
}
group-rules-added = { $number } { $count ->
    [one] nowa zasada
    [few] nowe zasady
   *[many] nowych zasad
}
group-rules = { $number } { $count ->
    [one] zasada na innych warunkach
    [few] zasady na innych warunkach
   *[many] zasad na innych warunkach
}
group-levels-removed = { $number } { $count ->
    [one] poziom wycofany
    [few] poziomy wycofane
   *[many] poziomów wycofanych
}
group-levels-added = { $number } { $count ->
    [one] nowy poziom
    [few] nowe poziomy
   *[many] nowych poziomów
}
group-levels = { $number } { $count ->
    [one] poziom na innych warunkach
    [few] poziomy na innych warunkach
   *[many] poziomów na innych warunkach
}
group-units = { $number } { $count ->
    [one] jednostka na innych warunkach
    [few] jednostki na innych warunkach
   *[many] jednostek na innych warunkach
}
group-referrals-removed = { $number } { $count ->
    [one] edycja poleceń wycofana
    [few] edycje poleceń wycofane
   *[many] edycji poleceń wycofanych
}
group-referrals-added = { $number } { $count ->
    [one] nowa edycja poleceń
    [few] nowe edycje poleceń
   *[many] nowych edycji poleceń
}
group-referrals = { $number } { $count ->
    [one] edycja poleceń na innych warunkach
    [few] edycje poleceń na innych warunkach
   *[many] edycji poleceń na innych warunkach
}
group-others = { $number } { $count ->
    [one] inny warunek
    [few] inne warunki
   *[many] innych warunków
}
