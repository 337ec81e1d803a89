# Łączenie kont jednej osoby: w konsoli i na stronach uczestników.

merge-with = Połącz z innym kontem
merge-compare = Porównaj i połącz
merge-choose = Drugie konto tej samej osoby
merge-choose-text = Wybierz konto, które należy do tej samej osoby. Zanim cokolwiek się zmieni, zobaczysz oba konta obok siebie i przeczytasz, co się stanie.
merge-closed = Tego konta nie można połączyć z innym: nie należy już do programu.
merge-search = Znajdź drugie konto
merge-found = Znalezione konta
merge-none-found = Nie ma takiego drugiego konta.
merge-look-at = Porównaj
merge-look-at-named = Porównaj z: { $name }

merge-title = Łączenie kont
merge-what = Co wiadomo
merge-survivor = Zostaje
merge-account = Zostanie dołączone
merge-swap = Zamień: niech zostanie drugie konto
merge-swap-text = Zostaje konto, na którym jest więcej zamówień, a przy równej liczbie starsze. Możesz to zmienić.
merge-nothing = brak
merge-state = Stan
merge-active = w programie
merge-balance-of = Saldo: { $unit }
merge-available = do wydania: { $amount }
merge-available-shared = we wspólnym portfelu: { $amount }
merge-household-alone = tak, nikt inny do niego nie należy
merge-consents = Zgody
merge-consent-email = oferty e-mailem, od { $date }
merge-consent-email-withdrawn = bez ofert e-mailem, od { $date }
merge-consent-sms = oferty SMS-em, od { $date }
merge-consent-sms-withdrawn = bez ofert SMS-em, od { $date }

merge-at-once = Od razu
merge-moves = Na konto, które zostaje, przechodzi: { $amounts }, z dotychczasowymi terminami ważności.
merge-moves-nothing = Na dołączanym koncie nie ma teraz punktów, które mogłyby przejść.
merge-owes = Przechodzi też zaległość: { $amounts }.
merge-balance = Saldo po połączeniu: { $amount }.
merge-balance-shared = Saldo wspólnego portfela po połączeniu: { $amount }.
merge-level = { $ladder }: { $after } (teraz: { $before }).
merge-level-same = { $ladder }: bez zmian, { $after }.
merge-blanks = Na koncie, które zostaje, uzupełnione zostaną: { $what }.
merge-blank-name = imię i nazwisko
merge-blank-email = adres e-mail
merge-blank-phone = telefon
merge-blank-birth-year = rok urodzenia
merge-blank-language = język
merge-leaves = Dołączane konto opuszcza wspólny portfel. Punkty, które w nim są, zostają dla pozostałych osób.
merge-leaves-alone = Dołączane konto opuszcza wspólny portfel i zabiera z niego to, co w nim jest.
merge-leads = Identyfikator i karty dołączanego konta wskazują odtąd konto, które zostaje. Sklep może nadal używać starych.
merge-later = Później, samo
merge-pending = Oczekujące { $amounts } przejdą, gdy tylko będzie je można wydać.
merge-held = Zarezerwowane { $amounts }: rozpoczęty zakup skończy się na dołączanym koncie, a to, co z nich zostanie, przejdzie.
merge-vouchers = { $count ->
    [one] { $number } kupon pozostaje ważny do swojego terminu i będzie widoczny na koncie, które zostaje.
    [few] { $number } kupony pozostają ważne do swoich terminów i będą widoczne na koncie, które zostaje.
   *[other] { $number } kuponów pozostaje ważnych do swoich terminów i będzie widocznych na koncie, które zostaje.
}
merge-goes-on = Zwroty i zmiany zamówień dołączanego konta będą rozliczane na koncie, które zostaje.
merge-stays = Bez zmian
merge-person-stays = Dane osobowe na koncie, które zostaje, także wtedy, gdy na dołączanym są inne.
merge-consents-stay = Zgody na koncie, które zostaje. Zgody z dołączanego konta nie przechodzą.
merge-story-stays = Historia dołączanego konta: nadal będzie można ją przeczytać.
merge-final = Połączenia kont nie można cofnąć.
merge-needs-two = Na jednym z kont jest więcej niż { $limit }, więc połączenie musi potwierdzić druga osoba.
merge-reason = Powód
merge-reason-hint = Zostaje przy koncie, widoczny w konsoli. Bez danych osobowych.
merge-button = Połącz konta
merge-ask-button = Poproś o połączenie
merge-waits = Na połączenie któregoś z tych kont już ktoś czeka.
merge-waits-link = Pokaż prośbę
merge-hindered = Tych kont nie można teraz połączyć
merge-another = Wybierz inne konto
merge-abandoned = Kont nie udało się połączyć: w tej samej chwili na dołączanym działo się coś innego. Spróbuj jeszcze raz.

merge-requests = Konta do połączenia
merge-request-decide = Porównaj i zdecyduj
merge-request-look = Porównaj
merge-request-pair = { $account } → { $survivor }
merge-request-confirm-sure = Konta zostaną od razu połączone. Tego nie można cofnąć.
merge-request-refuse-sure = Konta pozostaną osobne, a prośba zniknie.
merge-requests-settled = Łączenia rozstrzygnięte wcześniej

member-merged = konto dołączone
merged-into = To konto zostało połączone z innym:
merged-into-text = Wszystko, co nowe, dzieje się już na tamtym koncie. Tu zostaje historia; to, co zaczęło się tutaj, tutaj się kończy.
merged-accounts = Dołączone konta
merged-by = { $when }, { $name }
merged-reason = Powód: { $reason }
merged-pending = Jeszcze oczekuje: { $amounts }
merged-held = Jeszcze zarezerwowane: { $amounts }
merged-voucher = z dołączonego konta
merged-list = dołączone do:
done-merged = Konta są połączone. Jeśli punktów jeszcze nie widać, pojawią się za chwilę.
done-merge-requested = Potrzebne jest potwierdzenie drugiej osoby: łączenie czeka na stronie „Do potwierdzenia”.
action-accounts-merged = połączenie kont
action-merge-requested = prośba o połączenie kont
action-merge-confirmed = potwierdzenie połączenia kont
action-merge-refused = odrzucenie połączenia kont

portal-history-accounts = Czyja historia
portal-history-account = { $count ->
    [one] Z drugiego konta
   *[other] Z innego konta ({ $number })
}
portal-history-account-text = To historia konta, które dołączyliśmy do Twojego.
