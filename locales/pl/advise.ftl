# Czy program już się sklepowi opłaca. Liczby w nawiasach to numery źródeł.

advise-title = Czy temu sklepowi opłaca się już program?
advise-basis = Klienci: { $customers }; zamówienia: { $orders }; { $from } – { $until }.
advise-loyalty = Program lojalnościowy
advise-referral = Program poleceń
advise-verdict = { $subject }: { $verdict }.
advise-yes = tak
advise-not-yet = jeszcze nie
advise-cannot-tell = nie wiadomo
advise-good = dobrze
advise-between = wystarczy
advise-short = za mało
advise-unknown = nie wiadomo
advise-loyalty-checks = Dla programu lojalnościowego
advise-referral-checks = Dla programu poleceń
advise-context = Warto pamiętać (żaden werdykt od tego nie zależy)
advise-sources = Źródła

advise-repeat = Powroty
advise-repeat-here = Z { $number } { $count ->
    [one] klienta, którego
   *[other] klientów, których
} można było obserwować przez { $days } od pierwszego zakupu, ponownie innego dnia kupiło { $share } (dziewięć razy na dziesięć od { $low } do { $high }).
advise-repeat-none = Nikogo nie można było obserwować przez 90 dni od pierwszego zakupu. Dłuższy plik powie więcej.
advise-repeat-rule = Próg: poniżej 15% program nie ma na czym pracować, a powyżej 50% może płacić za to, co dzieje się i tak [1]; od 40% w roku sklep żyje także z tych, którzy wracają [2], a programy lojalnościowe mają działać dobrze dopiero od 60% [3]. To opinie praktyków; zmierzonych progów nikt nie opublikował. Przedział według Wilsona [11].
advise-interval = Jak szybko
advise-interval-here = Po połowie zakupów następny przychodzi w ciągu { $number } { $count ->
    [one] dnia
   *[other] dni
}, licząc także te, po których jeszcze żadnego nie było.
advise-interval-none = Dość zakupów było obserwowanych najdłużej przez { $days }: w tym czasie następny przychodzi po mniej niż połowie.
advise-interval-share = W ciągu { $number } { $count ->
    [one] dnia
   *[other] dni
} następny przychodzi po { $share } zakupów (dziewięć razy na dziesięć od { $low } do { $high }).
advise-interval-few = Obserwowanych zakupów jest za mało, żeby powiedzieć, jak szybko przychodzi następny.
advise-interval-rule = Próg: 182 dni, czyli dwa kolejne zakupy w roku; inaczej z punktów nic się w tym czasie nie uzbiera. To nasza własna reguła. Metodą Kaplana i Meiera [10], dopóki jeden zakup zmienia część najwyżej o jedną trzydziestą. Przedział metodą jackknife, bo zakupy jednego klienta są do siebie podobne [12].
advise-base = Dość klientów, żeby mierzyć
advise-base-here = W ostatnich 365 dniach { $count ->
    [one] kupił { $number } klient
    [few] kupiło { $number } klientów
   *[many] kupiło { $number } klientów
}. Gdyby połowa z nich była w programie, a połowa nie, byłoby widać zmianę powrotów o { $change } lub większą.
advise-base-none = W ostatnich 365 dniach { $count ->
    [one] kupił { $number } klient
    [few] kupiło { $number } klientów
   *[many] kupiło { $number } klientów
}. Gdyby połowa z nich była w programie, a połowa nie, nie byłoby widać nawet dużej zmiany powrotów.
advise-base-rule = Próg: 5 punktów procentowych to dobrze, 10 wystarczy: nasza własna reguła, bo przy mniejszej liczbie klientów nikt by się nie dowiedział, czy program się opłaca. Wielkość to arytmetyka: dwie proporcje, poziom 5%, moc 80% [4].
advise-margin = Czy zarobi na siebie
advise-margin-here = Przy marży { $margin } oddawanie { $rate } zwraca się, gdy uczestnicy kupują o { $uplift } więcej.
advise-margin-thin = Przy marży { $margin } nawet oddawanie { $rate } zwraca się dopiero, gdy uczestnicy kupują o { $uplift } więcej.
advise-margin-never = Przy marży { $margin } nawet oddawanie { $rate } nigdy się nie zwróci, choćby uczestnicy kupowali nie wiadomo ile więcej.
advise-margin-none = Marża nie jest podana (--margin). Oddawanie 1% wymaga marży 11%, żeby zwróciło się, gdy uczestnicy kupują o jedną dziesiątą więcej; 2% wymaga 22%, a 3% – 33%.
advise-margin-rule = Próg: uczestnicy muszą kupować najwyżej o jedną dziesiątą więcej. Ile muszą, to arytmetyka: stopa ÷ (marża − stopa), gdy wydany jest każdy punkt. Jedna dziesiąta to nasza własna reguła: żadna opublikowana liczba nie pasuje do każdego sklepu. W jednym z badań rzadko i średnio często kupujący kupowali więcej, a ci, którzy kupowali często, nie [5].

advise-friend = Ile wnosi nowy klient
advise-friend-here = Nowy klient płaci { $paid } w ciągu { $days } od pierwszego zakupu, a marża na tym to { $earned }. Prezent w wysokości jednej dziesiątej przeciętnego zamówienia dla każdej ze stron kosztuje { $gifts }.
advise-friend-no-margin = Nowy klient płaci { $paid } w ciągu { $days } od pierwszego zakupu; marża nie jest podana (--margin). Prezent w wysokości jednej dziesiątej przeciętnego zamówienia dla każdej ze stron kosztuje { $gifts }.
advise-friend-unmatched = Zwroty bez znanego zamówienia to { $share } tego, co sprzedane, więc nie wiadomo, ile płaci nowy klient. Gdy w mapowaniu stoi match_cancellations = true, zwroty znajdują swoje zamówienia.
advise-friend-none = Nikogo nie można było obserwować dość długo, żeby powiedzieć, ile płaci nowy klient. Dłuższy plik powie więcej.
advise-friend-rule = Próg: oba prezenty kosztują najwyżej połowę marży. To arytmetyka, a połowa to nasza własna reguła. W pewnym banku klienci z polecenia byli warci o 16% więcej niż inni [6]; u operatora telefonicznego ich marże były mniejsze [7].
advise-advocates = Dość osób, które mogą polecać
advise-advocates-here = W ostatnich 365 dniach { $count ->
    [one] kupił { $number } klient
    [few] kupiło { $number } klientów
   *[many] kupiło { $number } klientów
}.
advise-advocates-rule = Próg: 1000. Jeśli w roku dwie osoby na sto kogoś przyprowadzą, a to tylko przypuszczenie, przyjdzie 20 nowych klientów: mniej więcej najmniej, ile da się odróżnić od przypadku. To nasza własna reguła.

advise-order = Przeciętne zamówienie to { $mean }, a środkowe { $median }; na klienta przypada ich { $each }.
advise-earned = Środkowy klient składa w roku tyle zamówień: { $orders }, i przy stopie { $rate } dostałby za nie { $earned }. Czy ktoś dla tego wróci, nie mówi tu żadna liczba.
advise-top = Jedna piąta klientów, która płaci najwięcej, płaci { $share } wszystkiego; w 339 firmach było to przeciętnie 67% [8]. Gdzie to znacznie więcej, tam większość tego, co przyznane, trafia do ludzi, którzy kupują i tak [5].
advise-returns = Wróciło { $share } tego, co sprzedane. Sprzedawcy w Stanach Zjednoczonych spodziewali się w 2024 roku 16,9% [9]. Punkty powinny czekać tak długo, jak długo można oddać towar.
advise-first-seen = Pierwszy zakup to pierwszy w tym pliku: dawniejsi klienci wyglądają w nim na nowych, a powroty na częstsze, niż są. Kilka zamówień jednego dnia to jedna wizyta.
advise-write = Program dopasowany do tych zamówień: --write program.toml

advise-card-customers = Klienci
advise-card-returning = Kupowali więcej niż jednego dnia
advise-card-order = Przeciętne zamówienie
advise-curve-heading = Jak szybko klienci wracają
advise-curve-title = Ponowny zakup, według miesięcy od poprzedniego
advise-curve-caption = Tak jakby każdy był obserwowany równie długo [10]. Pas to przedział, w którym wartość leży dziewięć razy na dziesięć; po dowolnym zakupie uwzględnia on, że zakupy jednego klienta są do siebie podobne [12]. Miesiąc to 30 dni.
advise-second = Po pierwszym zakupie
advise-next = Po dowolnym zakupie
advise-month = Miesiąc

starter-head = Dopasowane przez lojal advise do zamówień (liczba: { $orders }) od { $from } do { $until }. Przed publikacją warto zmienić nazwy i przyjrzeć się każdej liczbie: lojal programme check PLIK
starter-worth = Wraca { $rate }%: tyle, ile zwraca się, gdy uczestnicy kupują o jedną dziesiątą więcej, najwyżej 5%; 1%, gdy marża nie jest podana.
starter-worth-thin = Wraca { $rate }%, najmniej, ile warto dawać: zwraca się dopiero, gdy uczestnicy kupują o { $uplift }% więcej.
starter-worth-never = Wraca { $rate }%, najmniej, ile warto dawać: przy marży { $margin }% nigdy się to nie zwróci.
starter-pending = Tak długo, jak długo można oddać towar.
starter-expiry = Dłużej, niż trwa od jednego zakupu do następnego.
starter-reward = W zasięgu zwykłego klienta w ciągu roku.
