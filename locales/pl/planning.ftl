# Strony, na których planuje się następny program: wypróbowanie wersji roboczej na dawnych zamówieniach, kalendarz kampanii.

draft-try = Wypróbuj na dawnych zamówieniach
simulations = Próby na dawnych zamówieniach
simulations-text = Wszystko, co wydarzyło się w sklepie, zostanie przeliczone jeszcze raz: według wersji roboczej i według obowiązującej. Zobaczysz, ile daje każda z nich, ile kosztuje oraz kto zyskuje, a kto traci.
simulations-limits = Historia nie powie, co uczestnicy zrobiliby inaczej w innym programie. Naraz trwa jedna próba; jej wynik jest przechowywany przez 30 dni.
simulations-no-past = Nikt jeszcze nie należy do programu, więc nie ma historii, na której można by go wypróbować. Zaimportuj zamówienia albo wróć tu później.
simulations-under-way = Trwa próba.
simulations-watch = Zobacz, jak daleko jest
simulations-ready = Wersja robocza zostanie porównana z obowiązującą wersją { $number }. Niczego to nie zmienia.
simulations-start = Wypróbuj wersję roboczą
simulations-not-yours = Rozpocząć może ktoś, kto prowadzi program.
simulations-mistakes = { $count ->
    [one] Najpierw trzeba poprawić { $number } błąd w wersji roboczej.
    [few] Najpierw trzeba poprawić { $number } błędy w wersji roboczej.
   *[many] Najpierw trzeba poprawić { $number } błędów w wersji roboczej.
}
simulations-draft-unpublished = Nie obowiązuje jeszcze żaden program, więc nie ma z czym porównać wersji roboczej.
simulations-draft-none = Nie ma wersji roboczej. Najpierw zmień program, a potem wypróbuj go tutaj.
simulations-draft-same = Wersja robocza mówi to samo, co już obowiązuje. Najpierw ją zmień, a potem wypróbuj tutaj.
simulations-draft-other-money = Wersja robocza liczy w innej walucie niż obowiązujący program, więc nie da się ich porównać.
simulations-known = Próby z ostatnich 30 dni
simulation-started = Początek
simulation-by = Kto
simulation-against = Porównanie z
simulation-state = Stan
simulation-is-running = trwa
simulation-is-stopping = zatrzymywanie
simulation-is-done = gotowa
simulation-is-stopped = zatrzymana
simulation-is-failed = nieudana
simulation-is-stopped-text = Ta próba została zatrzymana przed końcem, więc nie ma czego pokazać.
simulation-is-failed-text = Ta próba nie dobiegła końca: usługa została zatrzymana albo coś poszło nie tak. Rozpocznij następną.
simulation-is-done-text = Wyniku tej próby już nie ma.
simulation-heading = Wersja robocza a wersja { $number }
simulation-begun = rozpoczęcie: { $name }, { $when }
simulation-running = Przeliczone: { $share }% historii.
simulation-stopping = Próba jest zatrzymywana.
simulation-progress = Jaka część historii jest już przeliczona
simulation-leave = Możesz opuścić tę stronę: próba trwa dalej, a wynik poczeka.
simulation-stop = Zatrzymaj
simulation-source = historia tego sklepu
simulation-files = Pliki do pobrania
simulation-files-text = Te same liczby do arkusza kalkulacyjnego (CSV) i dla programów (JSON).
action-simulation-started = wypróbowanie wersji roboczej na dawnych zamówieniach
action-simulation-stopped = zatrzymanie próby

campaigns = Kampanie
campaigns-of = Kampanie w { $year } roku
campaigns-years = Inne lata
campaigns-list = To samo w tabeli
campaigns-none = Nie ma kampanii. Zapisuje się je w dokumencie programu, w sekcjach [campaigns.…].
campaigns-elsewhere = W tym roku nie ma kampanii, ale są w innych latach.
campaigns-others = W innych latach jest więcej kampanii.
campaigns-broken = W wersji roboczej są błędy, więc jej kampanie nie są tu pokazane.
campaign-name = Kampania
campaign-from = Początek
campaign-until = Koniec
campaign-budget = Budżet
campaign-no-beginning = od początku programu
campaign-no-end = bez końca
campaign-no-budget = brak
campaign-in-force = obowiązuje
campaign-ending = obowiązuje, nie ma jej w wersji roboczej
campaign-draft = w wersji roboczej
calendar-month = { $count ->
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

values = Zmień wartości w formularzu
values-hint = Zmiany z formularza trafią do dokumentu poniżej, gdy zachowasz, wypróbujesz lub opublikujesz wersję roboczą. Reszta dokumentu pozostanie bez zmian.
values-earning = Naliczanie
values-campaigns = Kampanie
values-referrals = Polecenia
values-tiers = Poziomy
values-rewards = Nagrody
values-units = Jednostki: wartość i ważność
value-rate = Liczba punktów
value-per = za każdą taką kwotę
value-points = Punkty
value-per_item = Punkty za sztukę
value-multiplier = Mnożnik
value-from = Pierwszy dzień
value-until = Ostatni dzień
value-budget = Budżet dla wszystkich razem
value-window = Jak długo liczy się kliknięcie
value-qualify-within = Czas poleconej osoby na spełnienie warunków
value-caps-month = Najwięcej poleconych od jednej osoby w miesiącu
value-caps-year = Najwięcej poleconych od jednej osoby w roku
value-caps-lifetime = Najwięcej poleconych od jednej osoby w ogóle
value-at = Od jakiego wyniku
value-price = Cena w punktach
value-amount = Kwota
value-percent = Procent
value-stock = Zapas
value-worth-units = Taka liczba
value-worth-money = jest warta
value-expiry-after_earning = Ważność od naliczenia
value-expiry-after_inactivity = Ważność bez aktywności
value-unit = Jednostka czasu
value-unfit = To tu nie pasuje: wpisz liczbę albo wybierz dzień.
unit-day = dni
unit-week = tygodni
unit-month = miesięcy
unit-year = lat
draft-values-unfit = Nie zachowano: niektóre wartości nie pasują.
draft-values-unread = Nie zachowano: dokumentu nie da się odczytać, więc wartości z formularza nie mają w nim miejsca.
