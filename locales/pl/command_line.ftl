# Co wypisuje wiersz poleceń, poza błędami.

# Raport z importu: opis po lewej, liczba po prawej.
report-rows = Wiersze przeczytane
report-left-out = Wiersze pominięte
report-at-rows = wiersze { $rows }
report-row-column = { $row } ({ $column })
report-row-found = { $row } ({ $column }: „{ $found }”)
report-times = Okres
report-members = Uczestnicy
report-orders = Zamówienia
report-cancelled-orders = odwołane
report-lines = pozycje
report-pieces = sztuki
report-total = wartość
report-returns = Zamówienia ze zwróconym towarem
report-matched-lines = pozycje dopasowane do wcześniejszych zamówień
report-partly-matched-lines = pozycje dopasowane częściowo
report-unmatched-lines = pozycje niedopasowane
report-matched-pieces = sztuki dopasowane
report-unmatched-pieces = sztuki niedopasowane
report-guest-rows = Wiersze gości, czyli osób spoza programu
report-guest-orders = Zamówienia gości
report-guest-kept = wartość po zwrotach
report-rounded-lines = Pozycje zaokrąglone do dokładności programu
report-commands = Polecenia dla silnika
report-accepted = zapisane
report-repeated = znane wcześniej, bez zmian
report-resumed = potwierdzone we wcześniejszym przebiegu
report-enrolled = nowi uczestnicy
report-refused = odrzucone ({ $code })

reason-no-order = bez numeru zamówienia
reason-missing-field = z brakującymi polami
reason-bad-bytes = w innym kodowaniu, niż podaje mapowanie
reason-bad-time = z czasem w nieznanym formacie
reason-future = z datą w przyszłości
reason-bad-number = z nieczytelną liczbą
reason-no-pieces = z ilością zero
reason-negative-amount = z kwotą poniżej zera
reason-too-large = ze zbyt dużą kwotą
reason-other-currency = w innej walucie
reason-unknown-state = w stanie, którego mapowanie nie zna
reason-skipped-state = w stanie, który mapowanie pomija
reason-other-member = z innym uczestnikiem niż reszta zamówienia
reason-return-of-cancelled = ze zwrotem z odwołanego zamówienia
reason-return-of-guest = ze zwrotem gościa, nie wiadomo z którego zamówienia
reason-bad-identifier = z czymś, po czym nie można rozpoznać klienta, np. z samym numerem karty

init-written = Zapisano { $file }. Po zmianach: lojal programme check { $file }
programme-mistakes = { $file } nie może zostać opublikowany
programme-warned = { $file } ma ostrzeżenia: popraw go, wymień je w sekcji [[accepted]] albo opublikuj z --accept
programme-sound = { $file } nadaje się do publikacji.
diff-worse = gorsze
diff-mixed = do oceny
diff-better = lepsze
diff-neutral = bez znaczenia
diff-notice = O zmianach oznaczonych ! trzeba uczestników uprzedzić, zanim zaczną obowiązywać.
programme-published = Opublikowano wersję { $version }.
programme-waits = Opublikowano wersję { $version }. Zacznie obowiązywać { $effective }; do tego czasu nic się nie zmienia.
programme-worse = Ta wersja jest gorsza dla uczestników, których trzeba najpierw uprzedzić. Trzeba podać, od kiedy ma obowiązywać (--effective DATA), albo że mimo to ma obowiązywać od razu (--accept-worse).
programme-unchanged = Wersja { $version } już obowiązuje i mówi to samo.
terms-written = Zapisano regulamin w { $file }. Przed ogłoszeniem powinien go przeczytać prawnik.
key-revoked = Klucz { $key } został unieważniony.
staff-reset = { $name } loguje się tym hasłem i niczym innym. Widać je tylko teraz:

member-heading = { $member } ({ $id })
member-household = wspólny portfel z gospodarstwem { $household }
member-joined = w programie od { $date }
member-left = poza programem
member-wallet = { $unit }: dostępne { $available }, oczekujące { $pending }, zablokowane { $held }
member-debt = { $unit }: do oddania { $debt }
member-tier = { $ladder }: { $level }
member-more = Starsze wpisy: jeszcze { $count } transakcji, widoczne z --all.
explain-conditions = Spełnione warunki:
explain-near = Zabrakło niewiele:
explain-other-rules = Inne zasady:

export-written = Zapisano { $file }, wierszy: { $rows }. Plik zawiera jawne dane osobowe i wymaga ochrony.
restored = Wypełniono { $folder }, wierszy: { $rows }.
backup-written = Zapisano { $file }, bajtów: { $bytes }, właściciele portfeli: { $holders }, transakcje: { $transactions }, stan na { $time }.
backup-copied = { $bucket } ma już wszystko. Nowe kopie: { $backups }, bajtów: { $bytes }.
backup-not-copied = Kopie są w { $folder }, ale { $bucket } nie ma ich wszystkich; następna próba skopiuje to, czego brakuje. { $cause }
backup-with-key = Klucze trafiają do kopii: każdy, kto ją czyta, odczyta także dane osobowe. Lepiej przechowywać je osobno.
restored-backup = { $file } – stan na { $time }, właściciele portfeli: { $holders }, transakcje: { $transactions }.
restored-without-key = Przed uruchomieniem trzeba umieścić secret.key sklepu w { $folder }: wśród kopii go nie ma.
move-prepared = Nowa baza jest gotowa do wypełnienia.
move-copied = Skopiowano wiersze: { $rows }. Sklep działa dalej na starej bazie.
move-stopped = Stara baza nie przyjmuje zapisów do końca przeprowadzki.
move-caught-up = Skopiowano wiersze dodane lub zmienione w międzyczasie: { $rows }.
move-verified =
    Obie bazy są takie same, a księgi się zgadzają. Właściciele portfeli: { $holders }, transakcje: { $transactions }.
    Korzeń { $root }
move-left = Stara baza jest zamknięta na stałe.
move-arrived = Nowa baza jest gotowa do pracy.
move-done = Nic więcej nie zostało do przeniesienia. Teraz: zatrzymać to, co działa na starej bazie, i uruchomić z --database i nową bazą.
move-given-up = Stara baza znów przyjmuje zapisy. Do przeprowadzki można wrócić później.
archive-done = Transakcje w archiwum: { $transactions }. Wiersze miały bajtów: { $before }, bloki mają: { $after }.
archive-nothing = Nie ma już nic sprzed { $time } do zarchiwizowania.
archive-file = Plik zachowuje rozmiar, a nowe dane zajmą zwolnione miejsce. Aby oddać je dyskowi, trzeba zatrzymać serwer i uruchomić: sqlite3 { $file } vacuum
audit-clean = Wszystko się zgadza. Właściciele portfeli: { $holders }, transakcje: { $transactions }.
audit-differences = znalezione różnice: { $count }
checkpoint-holds =
    Właściciele portfeli: { $holders }, transakcje: { $transactions }, stan na { $time }.
    Korzeń { $root }
checkpoint-proof-holds = Dowód się zgadza: { $member }, transakcje: { $transactions }, podpis kluczem { $key }.

serve-listening = Adres: http://{ $address }
serve-programme-waits = Pierwsza wersja programu czeka na swój dzień: który, mówi lojal programme list.
serve-console = Konsola: { $address }
serve-setup = Konsola: { $address } (kod dla pierwszego właściciela: { $code })
serve-no-programme = Nie opublikowano jeszcze żadnego programu: lojal programme publish PLIK

demo-built = { $folder } zawiera teraz sklep. Uczestnicy: { $members }, zamówienia: { $orders }, odebrane nagrody: { $redemptions }, osoby z polecenia: { $friends }, w ciągu dwóch lat.
demo-refused = Odrzucone polecenia: { $count }.
demo-kept = { $folder } zawiera sklep z poprzedniego razu; dane zostają.
demo-greeting =

    Adres      http://{ $address }
    Klucz API  { $key }

    Pięć rzeczy na początek:

    1. Historia uczestnika, z wyjaśnieniem każdego punktu:
       { $story }

    2. Ile punktów dałby koszyk i dlaczego, bez zapisywania czegokolwiek:
       { $quote }

    3. Całe API, do czytania i wypróbowania, w przeglądarce:
       http://{ $address }/docs

    4. Co widzi ten uczestnik; link jest ważny przez godzinę, a każdy start daje nowy:
       { $link }

    5. Widżet na stronie sklepu; koszyk od razu mówi, ile da punktów:
       http://{ $address }/demo

    Ctrl-C kończy działanie; następny start zachowa dane.
