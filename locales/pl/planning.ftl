# Strony, na których planuje się następny program: wypróbowanie szkicu na dawnych zamówieniach, kalendarz kampanii.

draft-try = Wypróbuj na dawnych zamówieniach
simulations = Próby na dawnych zamówieniach
simulations-text = Wszystko, co wydarzyło się w sklepie, zostanie przeliczone jeszcze raz: według szkicu i według obowiązującej wersji. Zobaczysz, ile daje każda z nich, ile kosztuje oraz kto zyskuje, a kto traci.
simulations-limits = Historia nie powie, co uczestnicy zrobiliby inaczej w innym programie. Naraz trwa jedna próba; jej wynik jest przechowywany przez 30 dni.
simulations-no-past = Nikt jeszcze nie należy do programu, więc nie ma historii, na której można by go wypróbować. Zaimportuj zamówienia albo wróć tu później.
simulations-under-way = Trwa próba.
simulations-watch = Zobacz, jak daleko jest
simulations-ready = Szkic zostanie porównany z obowiązującą wersją { $number }. Niczego to nie zmienia.
simulations-start = Wypróbuj szkic
simulations-not-yours = Rozpocząć może ktoś, kto prowadzi program.
simulations-mistakes = { $count ->
    [one] Najpierw trzeba poprawić { $number } błąd w szkicu.
    [few] Najpierw trzeba poprawić { $number } błędy w szkicu.
   *[many] Najpierw trzeba poprawić { $number } błędów w szkicu.
}
simulations-draft-unpublished = Nie obowiązuje jeszcze żaden program, więc nie ma z czym porównać szkicu.
simulations-draft-none = Nie ma szkicu. Najpierw zmień program, a potem wypróbuj go tutaj.
simulations-draft-same = Szkic mówi to samo, co już obowiązuje. Najpierw go zmień, a potem wypróbuj tutaj.
simulations-draft-other-money = Szkic liczy w innej walucie niż obowiązujący program, więc nie da się ich porównać.
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
simulation-heading = Szkic a wersja { $number }
simulation-begun = rozpoczęcie: { $name }, { $when }
simulation-running = Przeliczone: { $share }% historii.
simulation-stopping = Próba jest zatrzymywana.
simulation-progress = Jaka część historii jest już przeliczona
simulation-leave = Możesz opuścić tę stronę: próba trwa dalej, a wynik poczeka.
simulation-stop = Zatrzymaj
simulation-source = historia tego sklepu
simulation-files = Pliki do pobrania
simulation-files-text = Te same liczby do arkusza kalkulacyjnego (CSV) i dla programów (JSON).
action-simulation-started = wypróbowanie szkicu na dawnych zamówieniach
action-simulation-stopped = zatrzymanie próby
