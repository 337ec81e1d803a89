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

invite-prepared = Gotowe słowa od nas
invite-materials = Do druku i do pobrania
invite-materials-text = Plakat, kod z Twoim linkiem i obrazki, które przygotował sklep.
invite-poster-a4 = Plakat A4 (PDF)
invite-poster-a5 = Plakat A5 (PDF)
invite-square-svg = Kod QR (SVG)
invite-square-png = Kod QR (PNG)
poster-headline = Polecam: { $shop }
poster-offer = Na dobry początek:
poster-scan = Zeskanuj i zajrzyj
poster-code = albo podaj ten kod przy zamówieniu:
poster-recommend-headline = Poleć nas znajomym: { $shop }
poster-recommend-offer = Za znajomych, którzy przyjdą z Twojego polecenia, dostajesz:
poster-recommend-scan = Zeskanuj, zaloguj się i weź swój link
poster-until = Oferta jest ważna { $until }.
poster-terms = Regulamin: { $address }

materials = Materiały
materials-text = Z czego uczestnicy korzystają, gdy Was polecają: gotowe słowa, plakaty i obrazki.
share-texts = Gotowe słowa
share-texts-text = Uczestnik wybiera jedno z nich albo pisze własne. Link dokładamy sami.
share-texts-in-pl = Po polsku
share-texts-in-en = Po angielsku
share-texts-hint = Każde w osobnym wierszu, najwyżej { $most }, do 300 znaków.
share-texts-keep = Zapisz
fault-share-texts = Za dużo wierszy albo któryś jest dłuższy niż 300 znaków.
posters = Plakaty i kody QR
posters-text = Do witryny, do paczki albo na ulotkę, z Waszym logo. Z kodem uczestnika jest dla znajomych, którzy przyjdą od niego; bez kodu zaprasza uczestników, żeby Was polecali. Swoje plakaty uczestnicy robią sami w portalu.
posters-none = Nie ma czego drukować, bo żadna edycja poleceń teraz nie trwa.
print-code = Kod uczestnika
print-code-hint = Zostaw puste, a plakat zaprowadzi uczestników na stronę, na której wezmą własny link.
print-kind = Co wydrukować
print-as-a4 = Plakat A4 (PDF)
print-as-a5 = Plakat A5 (PDF)
print-as-svg = Kod QR (SVG)
print-as-png = Kod QR (PNG)
print-language = W jakim języku
print-download = Pobierz
fault-poster-code = Ten kod do nikogo nie prowadzi: sprawdź, czy jest dobrze przepisany i czy nie został zablokowany.
fault-poster-everybody = Teraz nie każdy uczestnik może polecać: podaj kod kogoś, kto może.
fault-poster-advocate = Uczestnik, do którego należy ten kod, nie może teraz polecać: żadna edycja go nie obejmuje.
material-pictures = Obrazki
material-pictures-text = Uczestnicy zobaczą je na stronie „Poleć nas” i będą mogli pobrać.
material-pictures-none = Nie ma jeszcze obrazków.
material-title = Podpis
material-picture-hint = PNG, JPEG albo WebP, do 512 KB i do 2000 pikseli z każdej strony. Dane o miejscu i autorze usuwamy.
material-add = Dodaj obrazek
material-remove = Usuń
material-remove-sure = Uczestnicy nie zobaczą go więcej. Kto go pobrał, ten go ma.
fault-many-pictures = Jest już tyle obrazków, ile może być. Usuń któryś.
action-share-texts-set = zmiana gotowych słów dla polecających
action-material-added = dodanie obrazka dla polecających
action-material-removed = usunięcie obrazka dla polecających
settings-materials = Gotowe słowa i obrazki dla uczestników, którzy polecają sklep.

thanks-referred = Przychodzisz z polecenia
thanks-gets = Na początek czeka na Ciebie:
thanks-counted =
    { $count ->
        [one] Polecona przez Ciebie osoba kupuje u nas i polecenie jest zaliczone. Dziękujemy!
        [few] Zaliczone są { $number } Twoje nowe polecenia. Dziękujemy!
       *[many] Zaliczonych jest { $number } Twoich nowych poleceń. Dziękujemy!
    }
thanks-counted-brought = { thanks-counted } Dla Ciebie: { $amounts }.
thanks-from-advocate = Od osoby, która Ci nas poleciła: „{ $message }”
thanks-from-friend = Od osoby z Twojego polecenia: „{ $message }”
thanks-put-away = Dobrze, schowaj
thanks-say = Podziękuj tej osobie
thanks-say-advocate = Podziękuj osobie, która Ci nas poleciła
thanks-message = Co powiedzieć
thanks-send = Przekaż
thanks-advocate-1 = Dziękuję, że korzystasz z mojego polecenia!
thanks-advocate-2 = Cieszę się, że jesteś z nami. Miłych zakupów!
thanks-advocate-3 = Dzięki! Mam nadzieję, że wszystko się podoba.
thanks-friend-1 = Dziękuję za polecenie!
thanks-friend-2 = To był dobry pomysł. Dziękuję!
thanks-friend-3 = Bardzo mi się podoba. Dzięki, że o tym wiem!
thanks-mail-subject = Ktoś dziękuje Ci w „{ $shop }”
thanks-mail-link = Zobacz w klubie
thanks-mail-why = Piszemy, bo zgadzasz się na listy od „{ $shop }”. Zgodę możesz cofnąć na swoim koncie.

friend-code-text = Przepisz kod, który masz od osoby, która nas poleca. Wielkość liter i łączniki nie mają znaczenia.
