### Co mówimy tam, gdzie uczestnicy polecają sklep.

link-preview-title = Ktoś poleca Ci { $shop }
link-preview-text = Otwórz link i zobacz, co { $shop } ma dla Ciebie.
link-preview-go = Przejdź do { $shop }
link-arrived = Do programu dołączysz w sklepie: załóż tam konto i podaj kod z linku, który masz od tej osoby.

links-settings = Linki uczestników
links-settings-text = Link taki jak { $example } prowadzi do Twojego sklepu i mówi, kto kogo przysłał. Prowadzi na tę stronę albo na inną pod adresami podanymi wyżej, i nigdzie indziej.
links-landing = Strona, na którą prowadzą linki
links-landing-hint = Z początkiem, na przykład https://shop.example/witaj. Bez niej linki prowadzą do portalu.
links-landing-missing = Nie ma jeszcze strony, na którą prowadzą linki. Kto dostanie link, trafi na stronę logowania do portalu, a dołączyć może tylko w sklepie. Podaj stronę, na której zakłada się konto.
links-landing-keep = Zapisz
fault-landing = To nie jest adres strony: zaczyna się od https:// i nie ma w nim spacji.
action-landing-set = zmiana strony, na którą prowadzą linki uczestników

invite = Poleć nas
invite-until = { $until }
invite-offers = Co za to jest
invite-yours = Dla Ciebie
invite-theirs = Dla poleconej osoby
invite-link = Twój link
invite-link-copy = Skopiuj i przekaż dalej
invite-code = Zamiast linku można w kasie wpisać kod:
invite-pass-on = Jak przekazać link
invite-by-mail = E-mail
invite-by-whatsapp = WhatsApp
invite-by-messenger = Messenger
invite-by-facebook = Facebook
invite-by-x = X
invite-by-telegram = Telegram
invite-by-sms = SMS
invite-message = Polecam { $shop }. Zajrzyj:
invite-message-change = Powiedz to własnymi słowami
invite-message-field = Twoja wiadomość
invite-message-set = Użyj tej wiadomości
invite-name = Nadaj linkowi nazwę
invite-name-other = Nadaj linkowi inną nazwę
invite-name-text = Linki z poprzednim kodem działają dalej. Własną nazwę łatwo odgadnąć: nie wybieraj takiej, która mówi o Tobie więcej, niż chcesz.
invite-name-field = Nazwa
invite-name-set = Użyj tej nazwy
invite-fault-length = Nazwa ma od 4 do 30 liter i cyfr.
invite-fault-letters = Nazwa składa się z liter, cyfr i łączników, w tym co najmniej trzech liter.
invite-fault-taken = Ta nazwa jest zajęta. Wybierz inną.
invite-fault-many = Masz już tyle nazw, ile można mieć.
invite-fault-changed = Coś się właśnie zmieniło. Spróbuj jeszcze raz.
invite-fault-blocked = Ten link jest zablokowany, więc nowego nie można utworzyć. Zapytaj w sklepie.
invite-start = Odbierz swój link
invite-start-text = Dzięki Twojemu linkowi wiemy, komu podziękować. Nie mówi nic o Tobie.
invite-blocked = Twój link został zablokowany i nie można utworzyć nowego. Jeśli to pomyłka, napisz do sklepu.
invite-closed = Teraz nie można tu nikogo polecać. To, co obiecaliśmy wcześniej, obowiązuje.
invite-friends = Kto przyszedł
invite-counted =
    { $count ->
        [0] Na razie żadne polecenie nie jest zaliczone.
        [one] Masz { $number } zaliczone polecenie.
        [few] Masz { $number } zaliczone polecenia.
       *[many] Masz { $number } zaliczonych poleceń.
    }
# Counted up to ten thousand.
invite-shares =
    { $count ->
        [0] Link nie był jeszcze stąd wysłany.
        [one] Link wysłano stąd { $number } raz.
        [10000] Link wysłano stąd { $number } razy albo więcej.
       *[many] Link wysłano stąd { $number } razy.
    }
invite-clicks =
    { $count ->
        [0] Nikt go jeszcze nie otworzył.
        [one] Otwarto go { $number } raz.
        [10000] Otwarto go { $number } razy albo więcej.
       *[many] Otwarto go { $number } razy.
    }
invite-under-way =
    { $count ->
        [0] Żadne nie jest w toku.
        [one] { $number } jest w toku.
        [few] { $number } są w toku.
       *[many] { $number } jest w toku.
    }
invite-brought = Razem dostajesz za nie: { $amounts }.
invite-next =
    { $count ->
        [one] Jeszcze { $number } osoba i czeka na Ciebie „{ $name }”.
        [few] Jeszcze { $number } osoby i czeka na Ciebie „{ $name }”.
       *[many] Jeszcze { $number } osób i czeka na Ciebie „{ $name }”.
    }
invite-came = Dołączenie: { $when }
invite-nobody = Nikt jeszcze nie przyszedł z Twojego linku. Gdy ktoś przyjdzie, zobaczysz tu dzień i stan sprawy, bez nazwisk.
invite-state-joined = Dołączenie
invite-state-ordered = Czeka
invite-state-checking = Sprawdzamy
invite-state-held = Sprawdzamy
invite-state-qualified = Zaliczone
invite-state-reversed = Zwrot
invite-state-expired = Zakończone
invite-state-rejected = Nie liczy się
