# Do czego doszło porównanie programów: strona i tabela w terminalu.

compare-title = { $number } { $count ->
    [one] program
    [few] programy
   *[many] programów
}, ci sami klienci
compare-subtitle = Te same zamówienia, jedno po drugim, w każdym z programów, w silniku, który prowadzi program na żywo.
compare-card = oczekiwany koszt: { $cost }
compare-verdict-rates = Z tego, co płacą uczestnicy, najwięcej wraca w: { $most } ({ $high }), a najmniej w: { $least } ({ $low }).
compare-verdict-soon = W ciągu { $number } { $count ->
    [one] dnia
   *[other] dni
} od dołączenia na nagrodę stać najwięcej uczestników w: { $most } ({ $high }), a najmniej w: { $least } ({ $low }).
compare-verdict-gaps = { $number } { $count ->
    [one] program ma części, których nie sprawdzi plik z zamówieniami: liczby nic o nich nie mówią.
    [few] programy mają części, których nie sprawdzi plik z zamówieniami: liczby nic o nich nie mówią.
   *[many] programów ma części, których nie sprawdzi plik z zamówieniami: liczby nic o nich nie mówią.
}
compare-rates = Kursy walut
compare-adapted = Każdy program jest traktowany jak program tego sklepu: wszystkie zamówienia sprzedaje pierwsza z jego marek, dni i miesiące są według strefy czasowej pierwszego programu, kwoty są przeliczone po jednym stałym kursie, a każdy dołącza z pierwszym zamówieniem. Jeśli plik nie mówi, kiedy zamówienie dostarczono, liczy się chwila jego złożenia.

compare-rate = Przyznane za to, co zapłacone
compare-reached = Kiedykolwiek stać na nagrodę
compare-within-days = W ciągu tylu dni
compare-half-by = Połowa wszystkich po
compare-breakage = Nigdy niewydane
compare-figures-caption = Każdy program na tych samych zamówieniach
compare-dash = Kreska: tego nie da się powiedzieć. Nie wiadomo, ile punkty są warte, nie da się za nie nic kupić po stałej cenie, za mało osób było obserwowanych tak długo, mniej niż połowa doszła tak daleko albo nic jeszcze nie wygasło. Mniejsze liczby pod spodem to przedział, w którym wartość leży dziewięć razy na dziesięć.
compare-no-worth = Żaden z tych programów nie mówi, ile jego punkty są warte w pieniądzach.
compare-no-prices = W żadnym z tych programów punkty nie kupują nagrody po stałej cenie.

compare-rate-heading = Ile jest przyznawane
compare-rate-lead = To, co przyznane, liczy się w pełnej wartości, wydane czy nie. Koszt obejmuje tylko to, co według oczekiwań będzie wydane; dopóki nic nie wygasło, to całość.
compare-rate-title = Z każdych stu, które płacą uczestnicy
compare-rate-caption = Kreska to przedział, w którym wartość leży dziewięć razy na dziesięć.

compare-deciles-heading = Kto ile dostaje
compare-deciles-caption = Ile uczestnicy dostają za to, co płacą: od dziesiątej części kupujących, która płaci najmniej, do tej, która płaci najwięcej.

compare-frequency-heading = Hojność a częstość zakupów
compare-frequency-lead = Linia, która rośnie, daje za te same pieniądze więcej tym, którzy kupują często. Linia, która spada, daje najwięcej za pierwsze zamówienie, jak prezent za dołączenie.
compare-frequency-title = Według liczby zamówień
compare-frequency-caption = Ile uczestnicy dostają za to, co płacą, według liczby ich zamówień w całym okresie.
compare-buyers = { $orders } ({ $number } { $count ->
    [one] kupujący
    [few] kupujących
   *[many] kupujących
})

compare-first-lead = Kto dołączył późno, był obserwowany tylko krótko. Krzywa i części po podanej liczbie dni to uwzględniają (Kaplan i Meier, 1958); „kiedykolwiek stać na nagrodę” nie. Krzywa kończy się tam, gdzie jeden uczestnik zmieniałby ją o więcej niż jedną trzydziestą.
compare-first-few = Mniej niż trzydziestu uczestników albo nikt przez miesiąc: za mało na krzywą.
compare-first-title = Uczestnicy, których stać było na nagrodę, według miesięcy od dołączenia
compare-first-caption = Jako część wszystkich uczestników, tak jakby każdy był obserwowany równie długo. Miesiąc to 30 dni.
compare-first-caption-table = Kiedy uczestników po raz pierwszy stać było na nagrodę
compare-within = W ciągu { $number } { $count ->
    [one] dnia
   *[other] dni
}
compare-quarter = Jedna czwarta z nich po
compare-half = Połowa z nich po
compare-most = Trzy czwarte z nich po

compare-fate-heading = Co dzieje się z punktami
compare-fate-lead = Na koniec okresu, jako części tego, co przyznane i nie cofnięte. To, co cofnięte po wydaniu, uczestnik jest winien, i dopóki nie odda, liczy się jako przyznane. To, co wciąż należy do uczestników, może zostać wydane albo wygasnąć: dłuższa historia powie więcej.
compare-fate-title = Wydane, do oddania, wygasłe, nadal w portfelach
compare-fate-caption = Po zamówieniu uczestnik, którego stać na nagrodę, odbiera ją w jednym przypadku na pięć: to założenie, takie samo dla każdego programu.
compare-owed = Wydane, do oddania
compare-held = Nadal w portfelach

compare-gaps-heading = Czego zamówienia nie sprawdzą
compare-gaps-lead = Liczby na tej stronie nie obejmują tego, co poniżej, albo obejmują to inaczej, niż byłoby naprawdę. Program, który ma tego dużo, daje więcej, niż tu widać, a program, który pomija podatek, mniej.
compare-gaps-none = { $name }: wszystko zostało sprawdzone.
gap-activity = Za coś, co nie jest zamówieniem i czego nie ma w pliku z zamówieniami: { $names }.
gap-birthday = Na urodziny, których nie ma w pliku z zamówieniami: { $names }.
gap-campaign = W innym czasie niż zamówienia: { $names }.
gap-unmet = Nic nie dały, bo żadne zamówienie nie spełniło warunków albo w pliku brak tego, na co one patrzą: { $names }.
gap-ladder = Poziomy, które liczą coś innego niż zakupy, więc wszyscy zostają na najniższym: { $names }.
gap-brands = W programie jest kilka marek; tutaj wszystkie zamówienia należą do jednej: { $names }.
gap-tax = Program nic nie daje za podatek; w pliku go nie ma, więc liczy się cała cena.
gap-no-prices = Za punkty nie da się kupić nagrody po stałej cenie: nikt ich nie wydaje i nie ma pierwszej nagrody.
gap-no-worth = Bez wartości w pieniądzach, a więc poza wszystkimi liczbami: { $names }.
gap-gifts = Prezenty bez kwoty, które liczą się jako zero: { $names }.
gap-perks = Przywileje poziomów, które są słowami bez kwoty: { $names }.
gap-sharing = Uczestnicy mogą przekazywać punkty albo mieć wspólny portfel; plik z zamówieniami nic o tym nie mówi.
gap-planned = Planowane, Lojal jeszcze tego nie prowadzi: { $summary }

compare-glossary-rate = (Przyznane − cofnięte) × wartość oraz nagrody przyznane za darmo, ÷ przychód: w pełnej wartości, wydane czy nie.
compare-glossary-reached = Uczestnicy, którzy w pewnej chwili mieli punkty na najtańszą nagrodę, wśród wszystkich. Inne warunki nagrody nie są sprawdzane.
compare-glossary-within = Część uczestników, których stać na nagrodę w ciągu tylu dni od dołączenia, metodą Kaplana i Meiera: kto był obserwowany krócej, liczy się przez tyle czasu, ile był.
compare-glossary-half = Dni od dołączenia, po których połowę wszystkich uczestników stać na nagrodę, tą samą metodą.
compare-glossary-breakage = Część tego, co przyznane, która według oczekiwań nigdy nie będzie wydana: wygasłe ÷ (wydane + wygasłe), wśród punktów, których los jest znany.
compare-glossary-interval = Dla tego, co przyznane i wydane: ± 1,645 błędu standardowego, metodą jackknife z pomijaniem grup (50 grup uczestników; Kott, 2001). Dla części uczestników: przedział Wilsona (1927), a dla krzywej Greenwooda. Mówią, jak liczba zmieniałaby się przy innych podobnych uczestnikach.
compare-glossary-rates = Jeden kurs na cały okres, podany przy uruchomieniu albo przez sam program.

compare-short-rate = Przyznane
compare-short-cost = Koszt
compare-short-reached = Stać
compare-short-within = W { $number } { $count ->
    [one] dzień
   *[other] dni
}
compare-short-half = Połowa po
compare-short-breakage = Niewydane
compare-summary-note = Przyznane: wartość punktów i nagród za to, co zapłacone. Koszt: część, która według oczekiwań będzie wydana. Stać: uczestnicy, których kiedykolwiek stać było na nagrodę; w ciągu tylu dni od dołączenia; po ilu dniach połowę wszystkich. Niewydane: to, co nigdy nie będzie wydane. Kreska: nie da się powiedzieć. Na stronie (--report) są przedziały, wykresy i to, czego plik z zamówieniami nie sprawdzi.
