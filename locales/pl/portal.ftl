# Co czytają uczestnicy na swoich stronach.

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
portal-link-text = Chwileczkę, trwa logowanie. Jeśli nic się nie dzieje, link jest niepełny albo ta przeglądarka nie uruchamia skryptów.
portal-entry-title = Tym linkiem nie można się zalogować
portal-entry-ended = Został już użyty albo jest za stary. Wróć do sklepu i otwórz klub stamtąd jeszcze raz.
portal-entry-unknown = Klub jeszcze Cię nie zna. Zapisy prowadzi sklep.
portal-entry-wrong = Sklep nie podpisał go tak, jak trzeba. Prosimy o wiadomość do sklepu.
portal-entry-code = Co powinien wiedzieć sklep:

portal-switch = Zalogować na nowo?
portal-switch-text = W tej przeglądarce trwa sesja: { $name }. Zakończy się, jeśli pójdziesz dalej.
portal-switch-not = Zostaw, jak jest

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

portal-hello = Dzień dobry
portal-hello-name = Cześć, { $name }
portal-balance = Co masz
portal-pending = { $amount } w drodze
portal-ends = Co kiedy wygasa
portal-ends-share = { $amount } z tego, co masz, wygasa { $until }
portal-closest = Najbliższe nagrody
portal-can-have = Możesz ją mieć już teraz
portal-missing = Brakuje: { $amount }
portal-all-rewards = Wszystkie nagrody
portal-ways = Jak zbierać
portal-share = Podziel się
portal-terms = Regulamin
portal-terms-open = Przeczytaj regulamin i powiedz, czy się zgadzasz.
portal-terms-changed = Regulamin zmienił się od czasu Twojej zgody.
portal-terms-read = Przeczytaj
portal-somebody = inna osoba

portal-history-own = Moja
portal-history-household = Wspólna
portal-history-empty = Nic się jeszcze nie wydarzyło. Tutaj pojawi się Twój pierwszy zakup.

portal-have = Masz: { $amounts }
portal-rewards-none = Chwilowo nie ma nagród za punkty.
portal-price = Cena
portal-condition = Dla kogo
portal-offered = W ofercie
portal-left = Zostało
portal-redeem = Odbieram
portal-redeem-not = Nie teraz
portal-redeem-sure = Koszt: { $price }.
portal-redeem-after = Zostanie: { $amount }.
portal-redeem-household = To punkty wspólne.
portal-redeemed = Gotowe, nagroda jest Twoja.
portal-donated = Dziękujemy. Dar jest już w drodze.
portal-redeemed-how = Sklep już wie i zajmie się resztą.
portal-square = Kod QR kuponu
portal-bars = Kod kreskowy kuponu
portal-vouchers = Moje kupony
portal-vouchers-have =
    { $count ->
        [one] Masz { $number } kupon
        [few] Masz { $number } kupony
       *[many] Masz { $number } kuponów
    }
portal-vouchers-more =
    { $count ->
        [one] Jeszcze { $number } nie jest pokazany; kończy się później.
        [few] Jeszcze { $number } nie są pokazane; kończą się później.
       *[many] Jeszcze { $number } nie jest pokazanych; kończą się później.
    }
portal-vouchers-none = Nie masz kuponów. Odbierz nagrodę, a tutaj pojawi się jej kod.
portal-vouchers-over = Użyte i zakończone
portal-voucher-until = Ważność: { $until }.
portal-voucher-how = Pokaż przy kasie albo wpisz kod, płacąc w sklepie.
portal-voucher-over = Kupon został użyty albo stracił ważność.
portal-voucher-used = użyty
portal-voucher-lapsed = stracił ważność
portal-voucher-cancelled = cofnięty

portal-way-gift = Podaruj
portal-way-transfer = Przenieś
portal-way-text-gift = Znikną od razu u Ciebie, a chwilę później będą u obdarowanej osoby.
portal-way-text-transfer = Na inne własne konto albo do kogoś bliskiego.
portal-from = Jednorazowo: najmniej { $least }.
portal-from-to = Jednorazowo: najmniej { $least }, najwyżej { $most }.
portal-to = Do kogo
portal-to-hint = Adres e-mail innego uczestnika, taki jak zna sklep.
portal-amount = Ile
portal-unit = Czego
portal-go-on = Dalej
portal-send = Wysyłam
portal-send-sure = Wysłać?
portal-send-final = Tego nie można cofnąć.
portal-fault-receiver = Na ten adres nie można wysłać. Zapytaj o adres, pod którym sklep zna tę osobę.
portal-share-none = W tym programie nie można dzielić się punktami.
portal-household = Wspólny portfel
portal-household-text =
    { $count ->
        [one] Portfel może mieć jedna osoba.
        [few] Do { $number } osób może zbierać i wydawać razem.
       *[many] Do { $number } osób może zbierać i wydawać razem.
    }
portal-household-open = Otwórz wspólny portfel
portal-household-join = Dołącz do istniejącego portfela
portal-household-join-text = Kto w nim jest, pokaże Ci kod pod „Zaproś kogoś”. Twoje punkty przejdą razem z Tobą.
portal-household-with = Zbieracie razem: { $names } i Ty.
portal-household-alone = Na razie nie ma w nim nikogo innego.
portal-household-leave = Wyjdź ze wspólnego portfela
portal-household-leave-text = Co macie razem, zostaje w portfelu. Od tej chwili zbierasz tylko dla siebie.
portal-household-has = Jest w nim: { $amounts }.
portal-household-last = Nikogo innego w nim nie ma, więc nikt już tego nie wyda.
portal-household-name = dom
portal-refused-left = Twój udział w programie już się skończył.
portal-refused-in-household = Masz wspólny portfel i to jego dotyczą takie operacje.
portal-refused-not-in-household = Nie masz wspólnego portfela, albo jeszcze Cię w nim nie ma. Spróbuj za chwilę.
portal-invite = Zaproś kogoś
portal-invitation = Kto wpisze ten kod, dołączy do Was:
portal-invitation-hint = Jest ważny tydzień i dla jednej osoby, dopóki nikt inny nie dołączy ani nie wyjdzie. Nie dawaj go nikomu innemu: kto go ma, może wydać Wasze punkty.
portal-invitation-field = Kod
portal-fault-invitation = To nie jest zaproszenie albo straciło ważność. Poproś o nowe.

portal-terms-accepted = Zgoda z dnia { $date }
portal-terms-changes = Co się zmieniło od Twojej zgody
portal-terms-same = Nic, co miałoby dla Ciebie znaczenie.
portal-terms-version = wersja
portal-terms-agree = Zgadzam się
portal-terms-agree-text = Zapiszemy Twoją zgodę na tę wersję i jej datę.

portal-self = O Tobie
portal-birthday = Urodziny
portal-birthday-hint = Można je podać raz: niektóre programy dają wtedy prezent.
portal-day = Dzień
portal-month = Miesiąc
portal-fault-birthday = Nie ma takiego dnia. Napisz go liczbami: dzień 17, miesiąc 4.
portal-email-shop = Zmienić go może tylko sklep.
portal-keep = Zachowaj
portal-consents = Co możemy wysyłać
portal-consents-text = Zdanie można zmienić w każdej chwili.
portal-consent-email = Oferty e-mailem
portal-consent-sms = Oferty SMS-em
portal-sessions = Urządzenia, na których trwa sesja
portal-browser = Przeglądarka
portal-this-browser = to urządzenie
portal-end-session = Wyloguj tam
portal-more = Więcej
portal-data = Pobierz moje dane
portal-leave = Opuść program
portal-leave-sure = Na pewno chcesz odejść?
portal-leave-lost = Przepadnie: { $amounts }.
portal-leave-text = Kupony zostają ważne: zapisz ich kody, bo potem tutaj już ich nie zobaczysz. Odejścia nie można cofnąć.
portal-leave-household = Masz wspólny portfel, więc najpierw z niego wyjdź. Co macie razem, zostanie w portfelu.
portal-leave-household-first = Do wspólnego portfela
portal-leave-tick = Tak, odchodzę i rezygnuję z tego, co mam.
portal-stay = Zostaję
portal-goodbye = Do widzenia
portal-goodbye-text = Twój udział w programie dobiegł końca. Jeśli dane osobowe też mają zostać zapomniane, napisz do sklepu.

portal-offline = Nie ma sieci
portal-offline-text = Twoje punkty są bezpieczne. Zajrzyj ponownie, gdy wróci połączenie.
portal-again = Spróbuj ponownie
