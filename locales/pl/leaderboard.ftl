### Kto przyprowadził ile osób.

leaderboard = Kto poleca najczęściej
leaderboard-text = Liczą się osoby, których polecenie jest zaliczone. Gdy zamówienie wróci, osoba przestaje się liczyć.
leaderboard-period = Za jaki czas
leaderboard-by-month = Miesiąc
leaderboard-by-quarter = Kwartał
leaderboard-by-year = Rok
leaderboard-by-edition = Edycja
leaderboard-by-all = Cały czas
leaderboard-all = Od początku
leaderboard-own = Twoje miejsce
leaderboard-rank = { $number }. miejsce
leaderboard-friends =
    { $count ->
        [0] W tym czasie nie masz jeszcze zaliczonego polecenia.
        [one] Masz { $number } zaliczone polecenie.
        [few] Masz { $number } zaliczone polecenia.
       *[many] Masz { $number } zaliczonych poleceń.
    }
leaderboard-missing =
    { $count ->
        [one] Jeszcze { $number } osoba i masz { $rank }. miejsce.
        [few] Jeszcze { $number } osoby i masz { $rank }. miejsce.
       *[many] Jeszcze { $number } osób i masz { $rank }. miejsce.
    }
leaderboard-top = Wyżej nie ma nikogo.
leaderboard-place = Miejsce
leaderboard-who = Kto
leaderboard-count = Osoby
leaderboard-somebody = ktoś
leaderboard-you = Ty
leaderboard-nobody = W tym czasie nikt nie ma jeszcze zaliczonego polecenia.
leaderboard-few = Listę pokażemy, gdy poleceń będzie więcej: tak nikt nie odgadnie, kto jest kim.
leaderboard-more = Dalsze miejsca
leaderboard-before = Wcześniej
leaderboard-after = Później
leaderboard-name = Twoje imię na liście
leaderboard-name-text = Inni widzą na Twoim miejscu „ktoś”. Możesz pokazać się pod imieniem, które wybierzesz. Cofniesz to, kiedy zechcesz.
leaderboard-name-is = Inni widzą Cię jako „{ $name }”.
leaderboard-name-field = Imię albo przydomek
leaderboard-name-hint = Zobaczą je wszyscy w klubie. Od 2 do 30 znaków, bez adresów i numerów.
leaderboard-name-set = Pokaż mnie na liście
leaderboard-name-other = Zmień
leaderboard-name-withdraw = Nie pokazuj mnie z imienia
leaderboard-name-stopped = Sklep zdjął Twoje imię z listy. Jeśli to pomyłka, napisz do sklepu. Swoje miejsce widzisz nadal tylko Ty.
leaderboard-fault-length = Imię ma od 2 do 30 znaków.
leaderboard-fault-letters = Imię składa się z liter, cyfr, spacji, łączników, kropek i apostrofów, w tym choć jednej litery.
leaderboard-fault-contact = To wygląda na adres albo numer. Wybierz imię, które może zobaczyć każdy.
leaderboard-fault-reserved = To imię mówi w imieniu sklepu. Wybierz inne.
leaderboard-fault-stopped = Sklep zdjął Twoje imię z listy.

board-text = Kto przyprowadził ile osób, których polecenie jest zaliczone. Tu widzisz wszystkich; uczestnicy widzą imiona tylko tych, którzy sami tego chcą.
board-shown-as = Widoczne imię
board-is-stopped = zdjęte
board-stop = Zdejmij imię
board-stop-sure = Uczestnik zniknie z listy z imienia i nie wybierze innego, dopóki na to nie pozwolisz. Miejsce zostaje.
board-allow = Pozwól wybrać imię
board-settings = Co widzą uczestnicy
board-settings-text = Lista jest wyłączona, dopóki jej nie włączysz. Nic od niej nie zależy: punktów ani nagród się za nią nie dostaje.
board-on = Pokazuj uczestnikom listę
board-places = Ile miejsc widać
board-least = Od ilu polecających lista jest widoczna
board-least-hint = Przy dwóch każdy wiedziałby, kim jest drugi.
board-keep = Zapisz
board-show = Pokaż
board-date = Dzień z tego czasu
board-edition = Edycja
fault-board-places = Liczba od 1 do 100.
fault-board-least = Liczba od 2 do 1000.
action-leaderboard-set = zmiana tego, co widać na liście polecających
action-board-name-stopped = zdjęcie imienia z listy polecających
action-board-name-allowed = zgoda na nowe imię na liście polecających
settings-board = Lista polecających: czy widzą ją uczestnicy, i kto jest na niej z imienia.
