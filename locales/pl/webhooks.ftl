# Webhooki: które programy dowiadują się o tym, co się dzieje.

menu-webhooks = Webhooki
webhooks-text = Inne programy mogą dowiadywać się o tym, co się tu dzieje: o przyznanych punktach, o nowym poziomie, o użytym kuponie. Każda wiadomość jest podpisana i wysyłana ponownie, aż zostanie przyjęta.
webhooks-none = Nie ma jeszcze odbiorców.
webhooks-none-text = Dodaj adres programu, który chce wiedzieć: sklepu, newslettera, magazynu.
webhook-new = Nowy odbiorca
webhook-new-text = Dowie się o wszystkim, co zdarzy się od teraz. To, co było wcześniej, można wysłać na jego stronie.
webhook-make = Dodaj odbiorcę
webhook-url = Adres
webhook-url-hint = Zaczyna się od https:// i należy do programu, który odpowiada statusem od 200 do 299.
webhook-description = Nazwa
webhook-description-hint = Dla odróżnienia od innych.
webhook-events = Zdarzenia
webhook-events-all = Wszystkie zdarzenia, także z późniejszych wydań
webhook-events-some = Tylko niektóre
webhook-events-some-hint = Liczą się, gdy powyżej nie zaznaczono wszystkich zdarzeń.
webhook-catalogue = Jakie są zdarzenia
webhook-catalogue-text = Każda wiadomość zawiera jedno zdarzenie: jego typ, kiedy zaszło i co się stało, w słowach API. O osobie nie ma w niej nic poza identyfikatorem nadanym przez sklep.
webhook-example = Przykład
webhook-fault-url = To nie jest adres. Wygląda tak: https://sklep.example.com/webhooks, bez hasła i bez znaku #.
webhook-fault-https = Adres musi zaczynać się od https://.
webhook-fault-private = Ten adres prowadzi do sieci prywatnej, na co operator tej usługi nie pozwala.
webhook-fault-too-many = Odbiorców jest już tylu, ilu może być. Najpierw usuń któregoś.
webhook-fault-no-event = Wybierz niektóre zdarzenia albo wszystkie.
webhook-fault-day = Podaj, od którego dnia.
webhook-state = Stan
webhook-state-enabled = działa
webhook-state-troubled = nie przyjmuje
webhook-state-staff = wyłączony
webhook-state-gone = wyłączony: już go nie ma
webhook-state-failing = wyłączony: zawodził
webhook-disabled-staff = Nic nie jest wysyłane, bo odbiorca został wyłączony. To, co dzieje się w tym czasie, też nie zostanie wysłane później, chyba że wyślesz to ponownie.
webhook-disabled-gone = Nic nie jest wysyłane, bo odbiorca odpowiedział 410: nie chce więcej wiadomości. To, co dzieje się w tym czasie, też nie zostanie wysłane później, chyba że wyślesz to ponownie.
webhook-disabled-failing = Nic nie jest wysyłane, bo odbiorca niczego nie przyjął przez pięć dni. To, co dzieje się w tym czasie, też nie zostanie wysłane później, chyba że wyślesz to ponownie.
webhook-enable = Włącz
webhook-failing = Niczego nie przyjął od: { $since }. Po pięciu dniach nic więcej nie będzie wysyłane.
webhook-day = Ostatnie 24 godziny
webhook-day-nothing = nic nie wysłano
webhook-day-told = { $count ->
    [one] Przyjęto { $percent }% z { $number } próby
    [few] Przyjęto { $percent }% z { $number } prób
    [many] Przyjęto { $percent }% z { $number } prób
   *[other] Przyjęto { $percent }% z { $number } próby
}
webhook-last = Ostatnio przyjęto
webhook-last-never = nigdy
webhook-secret-made = Sekret, którym sprawdza się podpisy:
webhook-secret-made-hint = Widać go tylko teraz. Skopiuj go tam, gdzie odczyta go program odbiorcy.
webhook-old-secret = Poprzedni sekret
webhook-old-secret-until = podpisuje także, do: { $until }; dopiero potem można utworzyć kolejny
webhook-secret-rotate = Nowy sekret
webhook-secret-rotate-sure = Przez 24 godziny podpisuje także poprzedni sekret, potem już tylko nowy.
webhook-test = Wyślij próbną wiadomość
webhook-change = Zmień
webhook-keep = Zapisz zmiany
webhook-disable = Wyłącz
webhook-disable-sure = Nic nie będzie wysyłane, aż znów włączysz. To, co zdarzy się w tym czasie, nie zostanie wysłane później, chyba że wyślesz to ponownie.
webhook-delete = Usuń
webhook-delete-sure = Nic więcej nie będzie wysyłane, a historia wysyłek zniknie. Tego nie można cofnąć.
webhook-replay = Wyślij ponownie
webhook-replay-text = Wszystko, co zdarzyło się od wybranego dnia, zostanie wysłane jeszcze raz, także to, co już przyjęto. Każde zdarzenie zachowuje swój identyfikator, więc program rozpozna, że już je zna.
webhook-replay-since = Od dnia
webhook-replay-all = Wyślij wszystko od tego dnia
webhook-replay-sure = Program, który nie rozpozna, że zdarzenie przychodzi ponownie, wykona wszystko drugi raz.
webhook-replay-stop = Przerwij
webhook-replay-dead = Wyślij porzucone
webhook-replay-one = Wyślij ponownie
webhook-replaying = Trwa zbieranie zdarzeń do ponownej wysyłki.
webhook-dead = { $count ->
    [one] { $number } porzucona
    [few] { $number } porzucone
    [many] { $number } porzuconych
   *[other] { $number } porzuconej
}
webhook-waiting = { $count ->
    [one] { $number } czeka
    [few] { $number } czekają
    [many] { $number } czeka
   *[other] { $number } czeka
}
webhook-deliveries = Wiadomości
webhook-deliveries-none = Nic jeszcze nie wysłano. Wyślij próbną wiadomość albo poczekaj, aż coś się zdarzy.
webhook-deliveries-none-such = Nie ma nic takiego.
webhook-looked = Wśród najnowszych wiadomości nie było nic takiego.
webhook-newest = Najnowsze
webhook-event = Zdarzenie
webhook-made = Utworzono
webhook-next = Następna próba
webhook-next-short = ponownie: { $at }
webhook-next-enabled = po włączeniu odbiorcy
webhook-answer = Odpowiedź
webhook-answer-text = Ostatnia odpowiedź
webhook-took = Czas
webhook-tries = Próby
webhook-tries-none = Jeszcze niczego nie próbowano.
webhook-payload = Treść wiadomości
webhook-payload-gone = Tego, o czym była, już nie ma.
webhook-delivery-waiting = czeka
webhook-delivery-delivered = przyjęta
webhook-delivery-dead = porzucona
webhook-trouble-private-address = nie wysłano: adres prowadzi do sieci prywatnej
webhook-trouble-unreachable = brak połączenia
webhook-trouble-too-slow = brak odpowiedzi na czas
webhook-trouble-broken-answer = niezrozumiała odpowiedź
webhook-trouble-nothing-to-tell = nie wysłano: tego, o czym była wiadomość, już nie ma
webhook-event-member-joined = Ktoś dołączył do programu.
webhook-event-member-updated = Zmieniło się to, co reguły wiedzą o uczestniku.
webhook-event-member-left = Uczestnik odszedł z programu.
webhook-event-member-merged = Do konta uczestnika dołączono inne konto tej samej osoby.
webhook-event-referral-invited = Uczestnik przekazał swój link dalej.
webhook-event-referral-clicked = Ktoś wszedł z linku uczestnika.
webhook-event-referral-joined = Ktoś przyszedł z polecenia.
webhook-event-referral-ordered = Polecona osoba spełniła warunki; muszą być spełnione jeszcze przez pewien czas.
webhook-event-referral-checking = Polecenie czeka na automatyczne sprawdzenie.
webhook-event-referral-held = Polecenie czeka na decyzję człowieka.
webhook-event-referral-qualified = Polecenie zostało zaliczone.
webhook-event-referral-reversed = Polecenie już się nie liczy: warunki nie są już spełnione.
webhook-event-referral-expired = Polecenie skończyło się bez zaliczenia.
webhook-event-referral-rejected = Polecenie nie zostało uznane.
webhook-event-referral-verification-requested = Znajomego poproszono o potwierdzenie polecenia kodem.
webhook-event-referral-verification-confirmed = Znajomy potwierdził polecenie kodem.
webhook-event-household-opened = Powstało gospodarstwo domowe.
webhook-event-household-joined = Uczestnik dołączył do gospodarstwa domowego.
webhook-event-household-left = Uczestnik opuścił gospodarstwo domowe.
webhook-event-points-earned = Zamówienie albo inna aktywność uczestnika przyniosła punkty.
webhook-event-points-released = Oczekujące punkty można już wydać.
webhook-event-points-reversed = Punkty cofnięto z powodu zwrotu albo zmiany zamówienia.
webhook-event-points-expired = Punkty wygasły.
webhook-event-points-adjusted = Obsługa przyznała albo odjęła punkty.
webhook-event-points-sent = Punkty wysłano komuś innemu.
webhook-event-points-received = Punkty nadeszły od kogoś innego.
webhook-event-points-came-back = Wysłanych punktów nie można było odebrać i wróciły.
webhook-event-points-forfeited = Punkty przepadły wraz z końcem uczestnictwa.
webhook-event-debt-repaid = Punktami spłacono dług.
webhook-event-debt-forgiven = Dług umorzono.
webhook-event-hold-created = Punkty zarezerwowano przy kasie.
webhook-event-hold-captured = Zarezerwowane punkty wydano.
webhook-event-hold-released = Zarezerwowane punkty zwolniono.
webhook-event-hold-lapsed = Rezerwacja trwała zbyt długo i punkty są znów wolne.
webhook-event-reward-redeemed = Uczestnik odebrał nagrodę.
webhook-event-redemption-rolled-back = Nagrodę wycofano, a punkty zwrócono.
webhook-event-voucher-issued = Wydano kupon. Jego kod jest w wiadomości i ma wartość.
webhook-event-voucher-used = Kupon został użyty.
webhook-event-voucher-lapsed = Kupon stracił ważność.
webhook-event-voucher-cancelled = Kupon unieważniono.
webhook-event-tier-changed = Uczestnik ma inny poziom.
webhook-event-tier-grace-began = Uczestnikowi zabrakło do poziomu, ale zachowuje go jeszcze przez pewien czas.
webhook-event-programme-published = Opublikowano wersję programu.
webhook-event-webhook-test = Próbna wiadomość, wysyłana na życzenie.
action-by-itself = samoczynnie
action-webhook-made = dodanie odbiorcy webhooków
action-webhook-changed = zmiana odbiorcy webhooków
action-webhook-enabled = włączenie odbiorcy webhooków
action-webhook-disabled = wyłączenie odbiorcy webhooków
action-webhook-deleted = usunięcie odbiorcy webhooków
action-webhook-secret-made = nowy sekret webhooków
action-webhook-tested = wysłanie próbnego webhooka
action-webhook-replayed = ponowna wysyłka webhooków
action-webhook-replay-stopped = przerwanie ponownej wysyłki webhooków
