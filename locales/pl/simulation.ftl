# Do czego doszła symulacja: strona i wiersze w terminalu.

page-title = { $name }: próba na historii
page-against = Punkt odniesienia: { $name }. Oba programy przeszły przez tę samą historię, zamówienie po zamówieniu, w silniku, który prowadzi program na żywo.
page-alone = Historia sklepu, zamówienie po zamówieniu, w silniku, który prowadzi program na żywo.
page-contents = Rozdziały
page-numbers = Liczby
page-footer = Strona z Lojala. Te same liczby, bez zaokrągleń, są w plikach JSON i CSV obok; ta sama historia, ten sam program i to samo ziarno dają tę samą stronę.

side-tried = Wersja próbna
side-against = Punkt odniesienia
figure-of-side = { $figure }: { $side }
figure-of-unit = { $unit }: { $figure }
programme-version = { $name } (wersja { $version })
campaign = { $name } (kampania)
percentage-points = { $number } p.p.
days = { $number } { $count ->
    [one] dzień
   *[other] dni
}
thousands = { $number } tys.
millions = { $number } mln
billions = { $number } mld
thousands-to-the = { $number }e{ $power }
month-short = { $count ->
    [1] sty
    [2] lut
    [3] mar
    [4] kwi
    [5] maj
    [6] cze
    [7] lip
    [8] sie
    [9] wrz
    [10] paź
    [11] lis
   *[12] gru
}

verdict-no-orders = W tej historii nie ma zamówień uczestników, więc nie wiadomo, ile program by kosztował. Warto spróbować na dłuższym okresie albo na innym pliku.
verdict-no-worth = Program nie mówi, ile jego punkty są warte w pieniądzach, więc nie da się podać kosztu. Wystarczy podać wartość jednostki albo nagrodę z kwotą.
verdict-cost = Na tej historii program kosztuje około { $cost }, dziewięć razy na dziesięć od { $low } do { $high }. To { $share } przychodu, który wynosi { $revenue }.
verdict-cost-certain = Na tej historii program kosztuje { $cost }. To { $share } przychodu, który wynosi { $revenue }.
verdict-cost-at-most = Na tej historii program kosztuje najwyżej { $cost }. To { $share } przychodu, który wynosi { $revenue }. W tym okresie nie wygasły żadne punkty, więc każdy liczy się jako wydany; część z nich wydana nie będzie.
verdict-same-cost = Program, z którym jest porównany, kosztuje tyle samo.
verdict-dearer = To o { $change } więcej niż { $before }, czyli koszt programu, z którym jest porównany.
verdict-cheaper = To o { $change } mniej niż { $before }, czyli koszt programu, z którym jest porównany.
verdict-members = Na { $number } { $count ->
    [one] kupującego
   *[other] kupujących
}: więcej dostaje { $winners } ({ $winning }), mniej { $losers } ({ $losing }), a bez zmian jest { $same } ({ $staying }).
highlight-change = { $change } w porównaniu
highlight-of-members = na { $number } { $count ->
    [one] uczestnika
   *[other] uczestników
}

basis-heading = Na czym polega próba
basis-source = Historia
basis-period = Okres
basis-members = Uczestnicy
basis-members-value = { $members }, w tym z zamówieniem: { $buyers }
basis-orders = Zamówienia
basis-orders-value = { $orders }, zwroty: { $returns }
basis-revenue = Przychód
basis-redemption = Odbieranie nagród
basis-seed = Ziarno losowe
basis-elasticity = Elastyczność zakupów
basis-without-worth = Nie wiadomo, ile w pieniądzach są warte: { $units }. Żadna kwota ich nie obejmuje: ani koszt, ani zobowiązanie, ani to, co dostają uczestnicy. Są policzone we własnej jednostce.
basis-unknowable = Czego żadna historia nie powie: ludzie zachowaliby się inaczej. Kto może dostać więcej, może kupować więcej albo wcześniej, a nawet dołączyć, choć nigdy tego nie zrobił; kto traci, może odejść. Tutaj każdy kupuje dokładnie to, co kupił, tego samego dnia, niezależnie od tego, co za to dostaje. Liczby mówią, ile program kosztowałby przy tych zamówieniach, a nie ile by sprzedał.
redemption-nobody = Nikt nie odbiera nagród: najwyższe możliwe zobowiązanie
redemption-as-recorded = Tak jak w historii
redemption-modelled = Model: po zamówieniu uczestnik, którego stać na nagrodę, odbiera ją w { $share } przypadków ({ $fit })
fit-stated = wartość podana przy uruchomieniu
fit-fitted = dopasowane do historii; odebrane nagrody: { $redemptions } na { $number } { $count ->
    [one] okazję
    [few] okazje
   *[many] okazji
}
fit-assumed = założenie: historia nie zawiera odebranych nagród
elasticity-off = Bez założeń: zakupy pozostają takie, jakie były
elasticity-alone = Podana, ale nie ma programu do porównania, więc niczego nie zmienia
elasticity-stated = { $share } więcej zakupów na każdy punkt procentowy wzrostu stopy nagród; pokazana osobno

figures-heading = Najważniejsze liczby
figures-caption = Wynik na tej historii
column-figure = Wielkość
column-change = Zmiana
figure-cost = Oczekiwany koszt
figure-cost-share = Koszt jako część przychodu
figure-cost-ceiling = Koszt, gdy wydany jest każdy punkt
figure-given = Nagrody przyznane za darmo
figure-liability = Zobowiązanie na koniec
figure-liability-ceiling = Zobowiązanie, gdy wydany jest każdy punkt
figure-issued = przyznane, bez cofniętych
figure-redeemed = wydane
figure-expired = wygasłe
figure-pending = oczekujące na koniec
figure-available = dostępne na koniec
figure-spent = część, która jest wydawana
figure-reached = Uczestnicy, których stać było na nagrodę
figure-median-days = Połowie z nich wystarczyło
figure-redemptions = Odebrane nagrody
figure-refused = Odmowy
column-replayed = Z historii
column-answer = Reakcja uczestników
column-answered = Razem z reakcją
response-caption = Gdyby uczestnicy zareagowali na zmianę
response-note = Stopa nagród zmienia się o { $rate }; przy { $share } więcej zakupów na każdy punkt procentowy przychód i koszt zmieniają się w tej samej proporcji. To rachunek ponad wynik z historii; żadna inna liczba na tej stronie go nie zawiera.

points-heading = Punkty według miesięcy
points-lead = Nad linią stoi to, co przyznane; pod nią to, co wydane, wygasłe i cofnięte.
points-none = Niczego nie przyznano ani nie wydano.
points-title = Według miesięcy: { $unit }
points-caption = Słupki pokazują ruch w każdym miesiącu, a linia to, co na jego koniec oczekiwało.
column-month = Miesiąc
column-issued = Przyznane
column-reversed = Cofnięte
column-redeemed = Wydane
column-expired = Wygasłe
column-pending = Oczekujące
column-available = Dostępne
column-debt = Do oddania
row-total = Razem

liability-heading = Zobowiązanie
liability-lead = To, co uczestnicy mają i czego jeszcze nie wydali, w pieniądzach: część, która według oczekiwań zostanie wydana.
liability-none = W pieniądzach nie ma żadnego zobowiązania: uczestnicy niczego nie mają albo nie wiadomo, ile są warte punkty.
liability-title = Zobowiązanie na koniec każdego miesiąca, { $currency }
liability-caption = Linia to wartość oczekiwana; dziewięć razy na dziesięć prawda leży w zaznaczonym pasie.
liability-method = Przedział pochodzi z metody jackknife z pomijaniem grup: los dzieli uczestników na 50 grup, każda z nich jest raz pominięta, a to, jak zmienia się wtedy oszacowanie, mówi, jak zmieniłoby się przy innych uczestnikach (Kott, 2001, Journal of Official Statistics 17). Dopóki nie wygasną pierwsze punkty, każdy liczy się jako wydany: pierwsze miesiące pokazują najwyższe możliwe zobowiązanie, bez pasa albo z szerokim pasem.
liability-nothing-expired = W tym okresie nie wygasły żadne punkty, więc każdy liczy się jako wydany i nie ma przedziału, który można by narysować: to najwyższe możliwe zobowiązanie. Dłuższa historia powie więcej.
column-expected = Oczekiwane
column-low = Od
column-high = Do
column-ceiling = Gdy wydane jest wszystko

cost-heading = Koszt jako część przychodu
cost-lead = Z każdych stu, które płacą uczestnicy, tyle do nich wraca.
cost-none = Nie ma przychodu, z którym można by porównać koszt.
cost-caption = Kreska to przedział, w którym wartość leży dziewięć razy na dziesięć.
column-programme = Program
given-title = Przyznane w każdym miesiącu jako część jego przychodu
given-caption = Punkty w pełnej wartości, w miesiącu przyznania, wydane czy nie; bez cofniętych.
column-given-share = Przyznane

tiers-heading = Poziomy
tiers-none = Program nie ma poziomów.
tiers-nobody = Nie było uczestników.
tiers-title = Uczestnicy według poziomów: { $ladder }
tiers-caption = Na koniec każdego miesiąca, od najniższego poziomu w górę.
tiers-end = Na koniec: { $ladder }
tiers-moves = Zmiany poziomu: { $ladder }
tiers-no-moves = Nikt nie zmienił poziomu: { $ladder }.
column-level = Poziom
column-members = Uczestnicy
column-move = Zmiana
column-times = Liczba razy

groups-heading = Kto ile dostaje
groups-lead = Kupujący w dziesięciu równych grupach, według tego, ile zapłacili. Stopa, która rośnie ku ostatniej grupie, nagradza wierność; stopa, która spada, płaci za drobne zakupy.
groups-none = Nikt niczego nie kupił.
groups-caption = Ile uczestnicy dostają za to, co płacą.
deciles-title = Według dziesiątych części kupujących
segments-title = Według segmentów
segments-none = W tej historii nie ma segmentów.
decile = { $decile }. dziesiąta część
decile-first = 1. dziesiąta część (płaci najmniej)
decile-last = 10. dziesiąta część (płaci najwięcej)
column-group = Grupa
column-reached = Stać na nagrodę
column-value = Przyznane
column-rate = Przyznane za to, co zapłacone

first-heading = Czas do pierwszej nagrody
first-no-rewards = Program nie ma nagród, na które można zbierać.
first-none = Nikt nigdy nie miał punktów na nagrodę.
first-lead = Na nagrodę było w pewnej chwili stać { $number } { $count ->
    [one] uczestnika
   *[other] uczestników
} ({ $share }).
first-quartiles = Czas od dołączenia: jednej czwartej z nich wystarczyło { $quarter }, połowie { $half }, trzem czwartym { $most }.
first-title = Uczestnicy, których stać było na nagrodę, według miesięcy od dołączenia
first-caption = Jako część wszystkich uczestników. Miesiąc to 30 dni.
column-month-of-membership = Miesiąc uczestnictwa
column-first = Po raz pierwszy

changes-heading = Kto zyskuje, a kto traci
changes-lead = Zyski wynoszą razem { $gained }, straty { $lost }. Część, która wraca do kupujących: dotąd { $before }, teraz { $after }.
histogram-title = Kupujący według tego, co się dla nich zmienia, { $currency }
histogram-caption = Po lewej stronie środka są ci, którzy dostają mniej, po prawej ci, którzy dostają więcej; skrajne słupki obejmują wszystko, co dalej.
change-loses = Dostają mniej
change-none = Bez zmian
change-gains = Dostają więcej
mean-change-title = Średnia zmiana w dziesiątych częściach kupujących
mean-change-caption = Ile przeciętny kupujący z każdej grupy zyskuje lub traci przez cały okres.
quantiles-caption = Zmiana dla kupującego na danym miejscu
column-buyers = Kupujący
quantile-5 = 5 na 100 nie ma więcej
quantile-25 = 25 na 100 nie ma więcej
quantile-50 = 50 na 100 nie ma więcej
quantile-75 = 75 na 100 nie ma więcej
quantile-95 = 95 na 100 nie ma więcej

rules-heading = Zasady
rules-title = Najczęstsze zasady
rules-caption = Ile razy każda z nich coś dała. Tabela zawiera wszystkie takie zasady.
rules-none = Żadna zasada niczego nie dała.
rules-never = Nie zadziałały ani razu
rules-all-fired = Każda zasada coś dała.
rule-multiplies = mnoży inne
column-rule = Zasada
column-given = Przyznane, bez cofniętych

rewards-heading = Nagrody
rewards-none = Program nie ma nagród.
rewards-untouched = Nikt nie odebrał nagrody i żadna zasada żadnej nie przyznała.
rewards-title = Nagrody odebrane i przyznane
rewards-caption = Odebrane za punkty i przyznane przez zasadę za darmo.
column-reward = Nagroda
column-taken = Odebrane
column-given-free = Przyznane za darmo
column-spent = Wydane na nią

refusals-heading = Odmowy
refusals-lead = Czego silnik nie wykonał, według kodów, które podaje API. Kilka jest zwyczajnych: historia może zawierać nagrodę, której program nie ma.
refusals-none = Nie było odmów.
refusals-caption = Odmowy według kodów
column-refusal = Kod

sweep-heading = Koszt a cel
sweep-title = { $setting }, wartość po wartości
sweep-caption = W poziomie: { $goal }. W pionie: koszt jako część przychodu, z przedziałem. Każdy punkt to cała historia przy jednej wartości { $setting }.
goal-reached = uczestnicy, których stać było na nagrodę, jako część wszystkich
goal-redemptions = odebrane nagrody
goal-generosity = przyznane za to, co zapłacone
goal-climbed = uczestnicy powyżej najniższego poziomu jako część wszystkich

glossary-heading = Jak liczona jest każda wielkość
term-worth = Wartość punktu
term-interval = Dziewięć razy na dziesięć
term-decile = Dziesiąta część kupujących
term-rounding = Zaokrąglenia
glossary-revenue = Ile uczestnicy zapłacili za pozycje swoich zamówień, bez tego, co zwrócili. Zamówienia odwołane i nieopłacone się nie liczą.
glossary-worth = Taka, jaką program podaje dla jednostki. Jeśli jej nie podaje: według nagrody z kwotą, która za punkty daje najwięcej. Jednostka, której nie można wydać, nie ma wartości.
glossary-issued = Punkty przyznane w tym okresie bez cofniętych po zwrotach i korektach.
glossary-pending = Punkty zdobyte, których nie można jeszcze wydać.
glossary-spent = Wydane ÷ (wydane + wygasłe), wśród punktów, których los jest znany. Dopóki nie jest znany los żadnych, przyjmuje się 100%, a przedział wynosi od 0% do 100%.
glossary-interval = Oszacowanie ± 1,645 błędu standardowego, metodą jackknife z pomijaniem grup (50 grup uczestników), nie mniej niż 0% i nie więcej niż 100%. Mówi, jak część wydawanych punktów zmieniałaby się przy innych podobnych uczestnikach; nie mówi, czy przyszłość będzie podobna do przeszłości.
glossary-cost = (Przyznane − cofnięte + do oddania) × wartość × część, która jest wydawana, we wszystkich jednostkach, oraz nagrody przyznane za darmo.
glossary-cost-share = Oczekiwany koszt ÷ przychód.
glossary-cost-ceiling = (Przyznane − cofnięte + do oddania) × wartość: tak jakby wydany był każdy punkt. Do oddania jest to, co cofnięte po wydaniu.
glossary-given = Kwoty nagród, które zasady przyznały bez punktów. Zniżka w procentach, produkt za darmo i darmowa dostawa nie mają kwoty i liczą się jako zero.
glossary-liability = (Oczekujące + dostępne) × wartość × część, która jest wydawana, na koniec okresu lub miesiąca.
glossary-liability-ceiling = (Oczekujące + dostępne) × wartość: tak jakby wydany był każdy punkt.
glossary-value = (Przyznane − cofnięte) × wartość oraz nagrody przyznane za darmo, dla uczestników z grupy: w pełnej wartości, wydane czy nie.
glossary-rate = Przyznane ÷ przychód od tych samych uczestników.
glossary-decile = Uczestnicy z zamówieniem, uszeregowani według tego, ile zapłacili, w dziesięciu równych grupach.
glossary-first = Dni od dołączenia do chwili, w której uczestnik po raz pierwszy ma punkty na najtańszą nagrodę.
glossary-changes = Dla każdego kupującego: to, co daje jeden program, minus to, co daje drugi, w pełnej wartości.
glossary-elasticity = Przy e tysięcznych: przychód × e ÷ 1000 × zmiana stopy nagród w punktach procentowych. Stopa nagród to przyznane ÷ przychód. Wyłączona, dopóki nie jest podana.
glossary-rounding = Kwoty są liczone w najmniejszych częściach waluty i zaokrąglane w dół; części są pokazane z dokładnością do setnej procenta. JSON zawiera każdą liczbę w całości.

summary-interval = Dziewięć razy na dziesięć koszt mieści się w przedziale { $interval }.
summary-never = { $number } { $count ->
    [one] zasada nie zadziałała
    [few] zasady nie zadziałały
   *[many] zasad nie zadziałało
} ani razu.
