# Co wykazuje sprawdzenie programu i jak to poprawić. Zdania zaczynają się małą literą i nie mają kropki na końcu;
# słowa z dokumentu zostają takie, jakie w nim są.

finding-severity = { $severity ->
    [error] błąd
    [warning] ostrzeżenie
   *[notice] uwaga
}
finding-place = w wierszu { $line }, kolumnie { $column }
finding-found = zapisano: { $text }
finding-remedy = jak poprawić: { $text }
finding-accepted = przyjęto: { $text }

# Cały dokument
finding-shape = { $kind ->
        [field] nie ma tu pola „{ $name }”
        [missing] brakuje pola „{ $name }”
        [variant] „{ $name }” nie jest tu dozwolone
        [twice] to samo jest już w dokumencie wyżej
        [type] w tym miejscu powinno być: { $expected ->
            [text] tekst w cudzysłowie
            [number] liczba całkowita
            [flag] true albo false
            [list] lista w nawiasach kwadratowych
           *[table] sekcja albo pola w nawiasach klamrowych
        }
        [decimal] tu powinna być liczba całkowita albo, w cudzysłowie, liczba z kropką dziesiętną, na przykład "1.5"
       *[other] tego miejsca nie da się odczytać
    }
    .remedy = { $known ->
        [none] porównaj z dokumentem, który tworzy `lojal init`, albo ze schematem JSON
       *[other] użyj jednego z tych: { $known }
    }
finding-too-large = dokument ma więcej niż 1 MiB
    .remedy = żaden program nie jest tak długi; upewnij się, że to właściwy plik

# Program, jego jednostki i to, co wspólne
finding-unknown-time-zone = nie ma takiej strefy czasowej w bazie IANA
    .remedy = wpisz nazwę z tej bazy, na przykład "Europe/Warsaw"
finding-no-language = program nie ma żadnego języka
    .remedy = wymień co najmniej jeden: languages = ["pl", "en"]
finding-unknown-currency = { $code } to nie kod waluty
    .remedy = wpisz kod według ISO 4217, na przykład "PLN"
finding-too-many-decimals-money = kwoty mają najwyżej 6 miejsc po przecinku
    .remedy = wpisz liczbę od 0 do 6
finding-no-brand = program nie ma żadnej marki
    .remedy = dodaj markę: [brands.shop] z nazwą
finding-no-unit = program nie ma żadnej jednostki
    .remedy = dodaj jednostkę: [units.points] z nazwą
finding-too-many-decimals-unit = jednostka ma najwyżej 6 miejsc po przecinku
    .remedy = wpisz liczbę od 0 do 6
finding-missing-plural = po polsku potrzebna jest forma dla 2, 3 i 4
    .remedy = dodaj few, na przykład few = "punkty"
finding-several-expiries = ważność może się kończyć tylko w jeden sposób
    .remedy = zostaw jedno z pól after_earning, after_inactivity i on
finding-expiry-without-earning = until_end_of zaokrągla after_earning, a tego pola nie ma
    .remedy = dodaj after_earning albo usuń until_end_of
finding-expiry-without-dates = not_before odnosi się do pola on, a tego pola nie ma
    .remedy = dodaj on albo usuń not_before
finding-not-a-day = { $text } to nie dzień roku
    .remedy = wpisz miesiąc i dzień, na przykład "12-31"
finding-most-below-least = największa liczba jest mniejsza od najmniejszej
    .remedy = zamień least i most
finding-household-range = wspólny portfel ma od 2 do 100 uczestników
    .remedy = wpisz liczbę od 2 do 100
finding-holds-range = uczestnik może mieć od 1 do 1000 otwartych rezerwacji
    .remedy = wpisz liczbę od 1 do 1000
finding-fraud-range = ta liczba może wynosić od { $least } do { $most }
    .remedy = wpisz liczbę od { $least } do { $most }
finding-fraud-unknown = nie ma tu ustawienia „{ $name }”
    .remedy = użyj jednego z tych: { $known }
finding-fraud-domain = „{ $domain }” nie jest domeną adresów e-mail
    .remedy = wpisz to, co stoi po znaku @, małymi literami, na przykład example.com
finding-unknown-unit = nie ma jednostki „{ $unit }”
    .remedy = użyj jednej z tych: { $known }
finding-unit-missing = nie wiadomo, w jakiej jednostce
    .remedy = dodaj unit z jedną z tych jednostek: { $known }
finding-id-unfit = „{ $id }” to nie identyfikator
    .remedy = użyj od 1 do { $longest } małych liter bez znaków diakrytycznych, cyfr, łączników i podkreśleń
finding-text-unfit = tekst jest pusty albo za długi
    .remedy = wpisz od 1 do { $longest } bajtów
finding-missing-translation = brakuje tekstu { $language ->
        [pl] po polsku
       *[en] po angielsku
    }
    .remedy = dodaj { $language } = … albo usuń { $language } z języków programu
finding-not-a-period = „{ $text }” to nie odcinek czasu
    .remedy = wpisz go tak: 30 minutes, 14 days, 12 months albo 2 years
finding-empty-period = ten okres nie trwa ani chwili
    .remedy = wpisz 1 lub więcej
finding-not-a-time = „{ $text }” to nie data
    .remedy = wpisz "2026-04-01" albo "2026-04-01 10:00"
finding-factor-range = ta liczba musi być większa od 0 i nie większa niż 1000
    .remedy = wpisz liczbę taką jak "1.5"
finding-negative = { $number } to liczba ujemna
    .remedy = wpisz 0 lub więcej
finding-not-a-number = { $text } { $problem ->
        [precise] ma za wiele miejsc po przecinku
        [large] to za duża liczba
       *[other] to nie liczba
    }
    .remedy = wpisz liczbę z kropką dziesiętną; miejsc po kropce może być najwyżej { $decimals }
finding-out-of-range = liczba { $number } wykracza poza zakres
    .remedy = wpisz liczbę od 1 do { $most }

# Zasady i kampanie
finding-rule-twice = są dwie zasady „{ $rule }”
    .remedy = nadaj każdej zasadzie i kampanii osobny identyfikator
finding-too-many-rules = program ma najwyżej { $most } zasad
    .remedy = usuń część z nich
finding-too-many-editions = program poleceń ma najwyżej { $most } edycji
    .remedy = usuń te, które dawno się skończyły
finding-qualify-on-builtin = { $activity } dzieje się samo i nie może zaliczyć polecenia
    .remedy = wpisz czynność, którą zgłasza sklep, albo order
finding-variants-range = porównuje się od dwóch do { $most } wariantów oferty
    .remedy = wpisz co najmniej dwa warianty albo pomiń variants
finding-variant-twice = są dwa warianty „{ $variant }”
    .remedy = nadaj każdemu wariantowi osobny identyfikator
finding-unit-without-points = ta zasada sama nie daje punktów
    .remedy = usuń unit
finding-lines-without-order = pozycje mają tylko zamówienia
    .remedy = usuń lines albo wpisz on = "order"
finding-award-shape = { $kind ->
        [nothing] ta zasada nic nie daje
       *[other] ta zasada daje kilka rzeczy naraz: { $stated }
    }
    .remedy = zostaw dokładnie jedno z pól per, per_item, points, per_value, multiplier i reward
finding-rate-unfit = { $field } stosuje się tylko z per albo per_value
    .remedy = usuń { $field } albo zmień zasadę
finding-remainder-unfit = { $field } stosuje się tylko z per
    .remedy = usuń { $field } albo zmień zasadę
finding-applies-to-unfit = { $field } stosuje się tylko z multiplier
    .remedy = usuń { $field } albo zmień zasadę
finding-counts-purchases = { $field } liczy zakupy, więc wymaga on = "order"
    .remedy = usuń { $field } albo zmień zasadę
finding-counts-attribute = { $field } liczy atrybut aktywności, a ta zasada dotyczy zamówień
    .remedy = usuń { $field } albo zmień zasadę
finding-caps-unfit = { $field } ogranicza punkty, a ta zasada sama ich nie daje
    .remedy = usuń { $field } albo zmień zasadę
finding-campaign-field = { $field } mają tylko kampanie
    .remedy = usuń { $field } albo zmień zasadę
finding-budget-unfit = { $field } ogranicza punkty; zamiast tego podaj zapas nagrody
    .remedy = usuń { $field } albo zmień zasadę
finding-unknown-reward = nie ma nagrody „{ $reward }”
    .remedy = użyj jednej z tych nagród: { $known }
finding-reward-without-voucher = to, co daje zasada, jest wydawane jako kod, a ta nagroda kodu nie ma
    .remedy = dodaj voucher = {"{"} valid = "30 days" {"}"} do nagrody „{ $reward }”
finding-ends-before-start = kampania kończy się, zanim się zacznie
    .remedy = zamień from i until
finding-not-multiplied = na zasadę „{ $rule }” mnożniki nie działają
    .remedy = wpisz multiplied = true w zasadzie „{ $rule }”
finding-unknown-rule = nie ma zasady „{ $rule }”
    .remedy = podaj zasadę lub kampanię z tego dokumentu

# Poziomy
finding-keep-range = poziom zachowuje się najwyżej 10 lat dłużej
    .remedy = wpisz liczbę od 0 do 10
finding-base-begins = poziom podstawowy zaczyna się od zera
    .remedy = usuń at
finding-levels-out-of-order = poziom „{ $level }” nie zaczyna się wyżej niż poprzedni
    .remedy = ułóż poziomy od najniższego do najwyższego
finding-no-levels = nie ma tu żadnego poziomu
    .remedy = dodaj [[tiers.NAZWA.levels]] z polami id, name i at
finding-unit-unfit = jednostkę ma tylko miara points
    .remedy = usuń unit
finding-unknown-metric = nie ma miary „{ $metric }”
    .remedy = wpisz spend, points, orders albo activity:NAZWA
finding-unknown-window = nie ma okresu „{ $window }”
    .remedy = wpisz lifetime, calendar_year, membership_year albo odcinek czasu, na przykład "12 months"
finding-level-twice = są dwa poziomy „{ $level }”
    .remedy = nadaj każdemu poziomowi osobny identyfikator, niepowtarzalny w całym programie
finding-level-without-beginning = nie wiadomo, od czego zaczyna się poziom „{ $level }”
    .remedy = dodaj at, czyli wynik, od którego się zaczyna

# Nagrody
finding-too-many-rewards = program ma najwyżej { $most } nagród
    .remedy = usuń część z nich
finding-not-spendable = jednostki „{ $unit }” nie można wydawać
    .remedy = podaj cenę nagrody w jednostce do wydawania
finding-cash-without-price = nagroda, którą dają tylko zasady, nie ma ceny
    .remedy = dodaj price, w punktach
finding-reward-field-unfit = nagroda tego rodzaju nie ma pola { $field }
    .remedy = usuń { $field }
finding-reward-field-missing = nagroda tego rodzaju wymaga pola { $field }
    .remedy = dodaj { $field }
finding-discount-range = rabat wynosi od 1 do 100 procent
    .remedy = wpisz liczbę od 1 do 100
finding-prefix-with-pool = kody z puli są wydawane bez zmian
    .remedy = usuń prefix albo pool
finding-prefix-unfit = początek kodu ma najwyżej 12 wielkich liter i cyfr
    .remedy = wpisz go na przykład tak: "KAWA"

# Kto prowadzi program
finding-age-range = nikt nie jest w takim wieku
    .remedy = wpisz liczbę od 1 do { $oldest } albo usuń minimum_age
finding-detail-unfit = tekst jest pusty, za długi albo ma więcej niż jeden wiersz
    .remedy = wpisz od 1 do { $longest } bajtów w jednym wierszu albo usuń pole
finding-no-day = „{ $text }” to nie dzień
    .remedy = wpisz rok, miesiąc i dzień, na przykład "2026-04-01"

# Warunki
finding-too-deep = warunki są zagnieżdżone zbyt głęboko
    .remedy = zapisz to samo z mniejszą liczbą zagnieżdżeń all, any i not
finding-condition-shape = warunek to dokładnie jedno z: all, any, not albo pole z porównaniem
    .remedy = wpisz {"{"} field = "order.total", at_least = "50.00" {"}"} albo {"{"} any = [ … ] {"}"}
finding-any-of-nothing = lista any jest pusta, więc ten warunek nigdy nie będzie spełniony
    .remedy = podaj co najmniej jeden warunek
finding-comparison-missing = nie wiadomo, z czym porównać { $field }
    .remedy = dodaj porównanie: is, is_not, in, not_in, at_least, more_than, at_most albo less_than
finding-unknown-field = { $elsewhere ->
        [true] pole { $field } w tym miejscu nie istnieje
       *[false] nie ma pola { $field }
    }
    .remedy = użyj jednego z tych: { $known }
finding-empty-list = lista jest pusta, więc ten warunek nigdy nie będzie spełniony
    .remedy = podaj co najmniej jedną wartość
finding-comparison-of-times = { $field } to czas, a czas porównuje się przez at_least albo less_than
    .remedy = wpisz at_least = "2026-04-01"
finding-comparison-unfit = { $field } nie może być większe ani mniejsze
    .remedy = porównaj przez is, is_not, in albo not_in
finding-unknown-level = nie ma poziomu „{ $level }”
    .remedy = { $levels ->
        [none] dodaj taki poziom w sekcji tiers
       *[other] użyj jednego z tych: { $known }
    }
finding-value-unfit = { $field } porównuje się z { $kind ->
        [whole] liczbą całkowitą
        [money] kwotą, na przykład "50.00"
        [text] tekstem
        [flag] wartością true albo false
        [weekday] dniem tygodnia, na przykład "saturday"
        [month] miesiącem od 1 do 12
        [level] identyfikatorem poziomu
       *[time] datą, na przykład "2026-04-01"
    }
    .remedy = wpisz { $kind ->
        [whole] liczbę całkowitą
        [money] kwotę, na przykład "50.00"
        [text] tekst
        [flag] true albo false
        [weekday] dzień tygodnia, na przykład "saturday"
        [month] miesiąc od 1 do 12
        [level] identyfikator poziomu
       *[time] datę, na przykład "2026-04-01"
    }
finding-planned-capability = tego Lojal jeszcze nie prowadzi: { $capability }
    .remedy = zostaw to jako notatkę na później, prowadź innymi środkami albo usuń tę sekcję

# Co wykazuje analiza
finding-recommendations-unrewarded = za polecenia w edycji „{ $edition }” nikt nic nie dostaje
    .remedy = dodaj zasadę z on = "friend_qualified" albo on = "referral_qualified"
finding-reward-without-edition = zasada „{ $rule }” nagradza { $activity }, a polecać nie można: nie ma żadnej edycji
    .remedy = dodaj edycję w sekcji referrals albo usuń zasadę
finding-edition-never-chosen = edycja „{ $edition }” działa tylko wtedy, gdy wskazuje ją link: „{ $first }” jest dla tych samych osób i trwa przez cały jej czas
    .remedy = umieść ją przed „{ $first }” albo rozdziel ich terminy lub osoby polecane
finding-coming-without-limit = zasada „{ $rule }” daje coś za samo { $activity }, bez żadnego limitu, a konta może założyć każdy
    .remedy = nagradzaj friend_qualified i referral_qualified albo zrób z niej kampanię z budżetem
finding-reward-above-order = edycja „{ $edition }” daje obu stronom razem { $given } za zamówienie, które może być warte { $least }
    .remedy = wymagaj w qualify.when co najmniej takiego order.total albo daj mniej
finding-recommendation-settles-early = polecenia w edycji „{ $edition }” mogą zostać zaliczone, gdy towar można jeszcze zwrócić: { $unit } za to samo zamówienie czekają dłużej
    .remedy = dodaj qualify.wait, co najmniej tak długi jak pending jednostki
finding-recommendations-unreviewed = polecenia w edycji „{ $edition }” są nagradzane, a nikt nie sprawdza, czy są prawdziwe
    .remedy = usuń review = "none"
finding-codes-ask-nobody = reguły proszą znajomych o kod, a żadna edycja nie sprawdza podejrzanych poleceń
    .remedy = ustaw review = "suspicious" w którejś edycji albo wybierz regułom inny werdykt
finding-accepted-nothing = nie ma tu ostrzeżenia { $code }
    .remedy = usuń ten wpis albo popraw finding i at
finding-worth-not-stated = nie podano, ile są warte { $unit }, więc nie wiadomo, ile kosztują
    .remedy = dodaj worth = {"{"} units = 100, money = "1.00" {"}"}
finding-gives-back = zasada „{ $rule }” oddaje { $share } wydanej kwoty: { $unit } są warte tyle, ile kosztują, albo więcej
    .remedy = zmniejsz rate lub worth albo zwiększ per
finding-generous-return = do uczestnika wraca nawet { $share } wydanej kwoty: { $parts }
    .remedy = zmniejsz stawki lub mnożniki, rozdziel warunki albo wpisz stacking.multipliers = "best"
finding-expiry-before-release = { $unit } czekają { $wait }, a ich ważność kończy się wcześniej: nikt nigdy ich nie wyda
    .remedy = wydłuż ważność albo skróć czekanie
finding-some-expire-before-release = dla części naliczeń ważność kończy się, zanim { $unit } odczekają { $wait }
    .remedy = wydłuż ważność albo skróć czekanie
finding-text-not-translated = tekst brzmi tak samo { $one ->
        [pl] po polsku
       *[en] po angielsku
    } i { $other ->
        [pl] po polsku
       *[en] po angielsku
    }
    .remedy = przetłumacz go
finding-one-like-many = { $language ->
        [pl] po polsku
       *[en] po angielsku
    } jedna sztuka i wiele sztuk nazywa się tak samo: { $form }
    .remedy = wpisz formę dla wielu
finding-one-like-several = { $language ->
        [pl] po polsku
       *[en] po angielsku
    } jedna sztuka i kilka sztuk nazywa się tak samo: { $form }
    .remedy = wpisz każdą formę osobno
finding-unit-not-translated = jednostka nazywa się tak samo { $one ->
        [pl] po polsku
       *[en] po angielsku
    } i { $other ->
        [pl] po polsku
       *[en] po angielsku
    }
    .remedy = przetłumacz jej nazwę
finding-lines-without-effect = nagrodę daje się za całe zamówienie, bez względu na jego pozycje
    .remedy = przenieś warunki do when albo usuń lines
finding-activity-misspelt = aktywność „{ $activity }” musi zgłaszać sklep, a jej nazwa wygląda jak { $meant }
    .remedy = wpisz on = "{ $meant }" albo wybierz nazwę, której nie da się z tym pomylić
finding-multiplies-by-one = mnożnik 1 niczego nie zmienia
    .remedy = wpisz liczbę inną niż 1 albo usuń zasadę
finding-multiplies-nothing = zasada „{ $rule }” niczego nie mnoży: żadna zasada, na którą mogłaby działać, nie działa razem z nią
    .remedy = wpisz multiplied = true w zasadzie za to samo albo usuń mnożnik
finding-cap-below-award = zasada „{ $rule }” daje naraz { $points }, z czego nigdy nie zostaje więcej niż { $most }
    .remedy = podnieś limit albo daj mniej naraz
finding-cap-of-unit-below-award = zasada „{ $rule }” daje naraz { $points }, z czego limity jednostki „{ $unit }” zostawiają { $most }
    .remedy = podnieś limit albo daj mniej naraz
finding-cap-without-effect = ten limit nigdy nie zostanie osiągnięty: wcześniej zadziała limit { $most } { $window ->
        [day] dziennie
        [week] tygodniowo
        [month] miesięcznie
        [quarter] kwartalnie
        [year] rocznie
       *[lifetime] łącznie
    }
    .remedy = usuń jeden z nich albo popraw liczbę
finding-earns-on-gift-cards = karta podarunkowa daje punkty przy zakupie, a to, co się za nią kupi, daje je po raz drugi
    .remedy = wpisz gift_cards = true
finding-earns-on-points = to, co zapłacono punktami, znów daje punkty
    .remedy = wpisz paid_with_points = true
finding-level-multiplies-nothing = poziom „{ $level }” niczego nie mnoży: mnożniki nie działają na żadną zasadę
    .remedy = wpisz multiplied = true w którejś zasadzie albo usuń multiplier
finding-level-worse-than-below = poziom „{ $level }” mnoży przez { $factor }, a niższy poziom przez { $best }
    .remedy = ułóż mnożniki tak, żeby rosły wraz z poziomami
finding-level-brings-nothing = poziom „{ $level }” nic nie daje
    .remedy = dodaj multiplier lub perks albo wymień ten poziom w warunku zasady lub nagrody
finding-level-out-of-reach = nikt nie osiągnie poziomu „{ $level }”: zaczyna się od { $at }, a zasady dają w jego okresie najwyżej { $most }
    .remedy = obniż at, podnieś limity albo dodaj zasadę, która daje tę jednostkę
finding-free-reward-without-limit = każdy może dostać nagrodę „{ $reward }” za darmo, tyle razy, ile zechce
    .remedy = dodaj limit = {"{"} times = 1, every = "month" {"}"}, stock albo cenę
finding-activity-without-cap = zasada „{ $rule }” daje coś za każdym razem, gdy sklep zgłosi { $activity }, bez żadnego limitu
    .remedy = { $gives ->
        [reward] podaj zapas tej nagrody
       *[points] dodaj limity, na przykład caps = {"{"} month = 100 {"}"}
    }
finding-transfers-without-cap = uczestnik może { $section ->
        [gifts] podarować
       *[transfers] przekazać
    } dowolnie dużo, w dowolnie wielu częściach
    .remedy = dodaj limity, na przykład caps = {"{"} month = 2000 {"}"}
finding-reward-without-price = nikt nie może dostać nagrody „{ $reward }”: nie ma ceny i nie daje jej żadna zasada
    .remedy = dodaj price albo zasadę, która daje tę nagrodę
finding-reward-in-unearned-unit = nagroda „{ $reward }” kosztuje { $unit }, a żadna zasada ich nie daje
    .remedy = dodaj zasadę dla tej jednostki albo podaj cenę nagrody w innej
finding-reward-beyond-caps = nagroda „{ $reward }” kosztuje { $price }, a limity zasad pozwalają zebrać { $window ->
        [year] w ciągu roku
       *[lifetime] w ogóle
    } najwyżej { $most }
    .remedy = obniż cenę albo podnieś limity
finding-reward-above-worth = nagroda „{ $reward }” daje { $gain } za { $price }, a ich podana wartość to { $worth }
    .remedy = podnieś cenę albo podaj wartość, jaką uczestnicy naprawdę mogą uzyskać: tyle właśnie jesteś im winien
finding-budget-without-end = kampania „{ $campaign }” trwa, aż wyczerpie się jej budżet ({ $budget }), i nikt nie wie, kiedy to nastąpi
    .remedy = dodaj until, żeby uczestnicy wiedzieli, jak długo trwa
finding-campaign-without-end = kampania „{ $campaign }” nie ma ani końca, ani budżetu
    .remedy = dodaj until lub budget albo zrób z niej zasadę w sekcji earning
finding-campaigns-stack = kampanie „{ $one }” i „{ $other }” mogą trwać jednocześnie i wtedy razem mnożą zasadę „{ $rule }” przez { $factor }
    .remedy = rozdziel ich terminy, odbiorców lub applies_to albo wpisz stacking.multipliers = "best"
finding-rule-without-number = zasada „{ $rule }” nigdy nie zadziała: jej aktywność nie niesie takiej liczby
    .remedy = nagradzaj za aktywność, którą zgłasza sklep, bo tylko taka może mieć atrybuty
finding-reward-over = nikt nigdy nie dostanie nagrody „{ $reward }”: jej czas kończy się, zanim się zacznie
    .remedy = zamień from i until
finding-condition-never = { $subject ->
        [rule] zasada „{ $id }” nigdy nie zadziała
       *[reward] nikt nigdy nie dostanie nagrody „{ $id }”
    }: { $why ->
        [never] ten warunek nigdy nie może być spełniony
        [campaign] ten warunek nie może być spełniony w czasie kampanii
        [counted] ten warunek nie może być spełniony dla pozycji, które się tu liczą
        [offered] ten warunek nie może być spełniony, dopóki nagroda jest w ofercie
        [ground] ten warunek nigdy nie może być spełniony
        [rival] ten warunek jest sprzeczny z { $rival }
       *[others] ten warunek jest sprzeczny z poprzednimi
    }
    .remedy = zmień jeden z warunków albo umieść te, które się wykluczają, w any = [ … ]
finding-condition-always = { $beside ->
        [others] ten warunek nic nie dodaje do pozostałych: gdy one są spełnione, on też jest
       *[alone] ten warunek jest zawsze spełniony
    }
    .remedy = usuń go albo określ, co ma wykluczać
finding-condition-branch-never = ta możliwość nigdy nie może być spełniona razem z pozostałymi warunkami
    .remedy = usuń ją albo zmień to, czemu przeczy
finding-rules-fire-together = zasady „{ $one }” i „{ $other }” zawsze działają razem
    .remedy = zrób z nich jedną zasadę albo dodaj jednej z nich warunek
finding-no-reward-in-a-year = przeciętny uczestnik ({ $orders } { $orders-form ->
        [one] zamówienie
        [many] zamówień
       *[other] zamówienia
    } w roku, średnio po { $order }) zbiera z nich najwyżej { $points }, a najtańsza nagroda („{ $reward }”) kosztuje { $price }
    .remedy = dodaj tańszą nagrodę albo dawaj więcej punktów
finding-reward-far-away = przeciętny uczestnik ({ $orders } { $orders-form ->
        [one] zamówienie
        [many] zamówień
       *[other] zamówienia
    } w roku, średnio po { $order }) zbiera z nich najwyżej { $points }, a nagroda „{ $reward }” kosztuje { $price }
    .remedy = czy ma być tylko dla najlepszych klientów?
finding-expiry-before-reward = przeciętny uczestnik ({ $orders } { $orders-form ->
        [one] zamówienie
        [many] zamówień
       *[other] zamówienia
    } w roku, średnio po { $order }) zbiera z nich najwyżej { $points }: ważność kończy się przed upływem { $days-count ->
        [one] { $days } dnia
       *[other] { $days } dni
    }, a tyle trzeba na najtańszą nagrodę
    .remedy = wydłuż ważność albo dodaj tańszą nagrodę

# Czego brakuje w regulaminie
finding-name-states-other-number = w nazwie „{ $name }” jest liczba { $number }, a w tym, co nazywa, takiej liczby nie ma
    .remedy = podaj w nazwie tę samą liczbę, co w zasadzie lub nagrodzie, albo usuń ją z nazwy
finding-complaints-answered-late = odpowiedź na reklamację przychodzi później niż po { $days } dniach, a po takim czasie prawo uznaje reklamację konsumenta za uwzględnioną
    .remedy = wpisz complaints.answer = "{ $days } days" albo zapytaj prawnika
finding-terms-incomplete = w regulaminie brakuje { $blank ->
        [name] tego, kto prowadzi program
        [address] adresu organizatora
        [registration] numerów rejestrowych organizatora
        [email] adresu e-mail organizatora
        [complaints-to] adresu do reklamacji
        [complaints-answer] terminu odpowiedzi na reklamację
        [data-contact] kontaktu w sprawie danych osobowych
        [data-policy] miejsca z pełną informacją o danych osobowych
       *[from] dnia, od którego obowiązuje regulamin
    }
    .remedy = dodaj { $field } w sekcji [operator]
