# Co czytają członkowie na swoich stronach.

portal-home = Start
portal-rewards = Nagrody
portal-history = Historia
portal-account = Konto
portal-to-home = Na początek
portal-error-forbidden = To nie jest dla tego konta albo nie przyszło z tej strony. Zaloguj się jeszcze raz i spróbuj ponownie.
portal-error-internal = To nasza wina. Nic nie zostało zmienione. Spróbuj ponownie za chwilę.

portal-sign-in = Witamy w programie „{ $shop }”
portal-sign-in-text = Wpisz adres e-mail, który zna sklep. Wyślemy kod; nie ma hasła do zapamiętania.
portal-send-code = Wyślij mi kod
portal-sign-in-shop = Jesteś już na swoim koncie w sklepie? Otwórz klub stamtąd, a wejdziesz bez kodu.
portal-sign-in-only-shop = Do klubu wchodzi się ze sklepu: zaloguj się tam i otwórz klub ze swojego konta.
portal-code = Zajrzyj do poczty
portal-code-text = Jeśli znamy adres { $email }, list z kodem jest w drodze.
portal-code-field = Kod
portal-code-hint = Sześć cyfr. Jest ważny dziesięć minut.
portal-code-none = Nie ma listu? Zajrzyj do folderu z niechcianą pocztą i sprawdź, czy to ten adres, który zna sklep.
portal-code-again = Poproś o inny kod
portal-fault-code = Ten kod jest niewłaściwy albo za stary. Po pięciu próbach pomoże tylko nowy.
portal-link-text = Chwileczkę, trwa logowanie. Jeśli nic się nie dzieje, link nie był cały albo ta przeglądarka nie uruchamia skryptów.
portal-entry-title = Ten link nie otwiera drzwi
portal-entry-ended = Został już użyty albo jest za stary. Wróć do sklepu i otwórz klub stamtąd jeszcze raz.
portal-entry-unknown = Klub jeszcze Cię nie zna. Zapisy prowadzi sklep.
portal-entry-wrong = Sklep nie podpisał go tak, jak trzeba. Prosimy o wiadomość do sklepu.
portal-entry-code = Co powinien wiedzieć sklep:

portal-mail-subject = { $code } to kod do programu „{ $shop }”
portal-mail-greeting = Dzień dobry,
portal-mail-greeting-name = Dzień dobry, { $name },
portal-mail-code = To kod do programu „{ $shop }”:
portal-mail-kept =
    { $count ->
        [one] Jest ważny przez minutę i tylko raz.
        [few] Jest ważny przez { $number } minuty i tylko raz.
       *[many] Jest ważny przez { $number } minut i tylko raz.
    }
portal-mail-link = Zaloguj się
portal-mail-link-text = Albo otwórz ten link:
portal-mail-not-you = To nie Twoja prośba o kod? Nic nie trzeba robić: bez niego nikt nie wejdzie. Nie podawaj go nikomu, nawet pracownikom sklepu.
