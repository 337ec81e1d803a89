# Strony konsoli o uczestnikach.

menu-members = Uczestnicy
members-search = Znajdź uczestnika
members-search-hint = Według imienia i nazwiska, adresu e-mail, numeru telefonu albo identyfikatora w sklepie.
members-search-button = Szukaj
members-too-short = Potrzebne są co najmniej trzy litery.
members-none-found = Nikogo nie znaleziono.
members-none-found-hint = Wpisz mniej liter, adres e-mail albo identyfikator w sklepie.
members-none = Nikt jeszcze nie dołączył.
members-none-hint = Uczestnicy pojawią się tutaj, gdy sklep ich zapisze albo gdy zaimportujesz dawne zamówienia.
members-no-more = To już wszyscy.
members-newest = Najnowsi uczestnicy
members-found = { $count ->
    [one] Znaleziono { $number } osobę
    [few] Znaleziono { $number } osoby
   *[other] Znaleziono { $number } osób
}
members-more = Może pasować więcej osób: wpisz więcej liter albo także nazwisko.
members-waiting = { $count ->
    [one] { $number } korekta czeka na drugą osobę
    [few] { $number } korekty czekają na drugą osobę
   *[other] { $number } korekt czeka na drugą osobę
}

member-name = Imię i nazwisko
member-external-id = Identyfikator w sklepie
member-id = Identyfikator tutaj
member-joined = W programie od
member-level = Poziom
member-balance = Saldo
member-balances = Salda i poziomy
member-left = poza programem
member-erased = dane usunięte
member-person = Osoba
member-phone = Telefon
member-birth-year = Rok urodzenia
member-language = Język
member-household = Wspólny portfel
member-holds = Rezerwacje
member-vouchers = Kupony
member-actions = Co można zrobić
member-sent-before = Ten formularz wysłano już z innymi danymi. Sprawdź najpierw saldo, a potem wyślij go jeszcze raz.
member-not-done = Nic nie zrobiono: coś wymaga jeszcze poprawy.
member-to-form = Pokaż
member-busy = W tej chwili zbyt wiele czeka w kolejce. Spróbuj za chwilę.
language-pl = polski
language-en = angielski
language-none = nieznany

wallet-of-household = we wspólnym portfelu
wallet-worth = wartość: { $amount }
wallet-pending = oczekujące: { $amount }
wallet-held = zarezerwowane: { $amount }
wallet-debt = zaległość: { $amount }
wallet-expires = najbliższe wygaśnięcie: { $amount }, { $until }
tier-progress = { $reached } z { $at }
tier-missing = do poziomu { $level } brakuje: { $missing }
tier-top = najwyższy poziom, wynik: { $reached }
tier-kept = zachowany { $until }

story = Co się działo i dlaczego
story-of-household = Co się działo we wspólnym portfelu i dlaczego
story-to-household = Historia wspólnego portfela
story-to-member = Historia uczestnika
story-newest = Najnowsze
story-balance = → { $amount }
account-pending = oczekujące:
account-held = zarezerwowane:
account-debt = zaległość:

adjust = Korekta punktów
adjust-direction = Rodzaj korekty
adjust-give = Dodanie
adjust-take = Odjęcie
adjust-amount = Ilość
adjust-amount-hint = Powyżej { $limit } korektę musi potwierdzić druga osoba.
adjust-unit = Jednostka
adjust-brand = Marka, która za to odpowiada
adjust-reason = Powód
adjust-reason-hint = Uczestnik może go przeczytać i zostaje na zawsze.
adjust-button = Wprowadź korektę
hold-release = Zwolnij
roll-back = Wycofaj wymianę
roll-back-text = Punkty wrócą ze swoimi terminami ważności; niewykorzystany kupon zostanie anulowany. Tego nie można cofnąć.
roll-back-reason = Powód (można pominąć)
roll-back-button = Wycofaj wymianę
correct = Poprawa danych osobowych
correct-button = Zapisz
leave = Odejście z programu
leave-or-erase = Odejście z programu lub usunięcie danych
leave-text = Punkty przepadną i nowe nie będą naliczane.
erase-text = Usunięcie danych obejmuje też identyfikator w sklepie. Księga pozostanie, pod identyfikatorem, który nikogo nie wskazuje.
leave-button = Zakończ udział w programie
erase-button = Usuń dane osobowe
field-sure = Wiem, że tego nie można cofnąć
fault-sure = Zaznacz najpierw, że to na pewno.
fault-amount = Podaj ilość większą od zera, zapisaną tak jak w programie.
fault-text = Co najwyżej 500 znaków w jednym wierszu.
fault-year = Podaj rok między 1900 a 2100.
done-adjusted = Korekta została wprowadzona.
done-requested = Potrzebne jest potwierdzenie drugiej osoby: korekta czeka na stronie „Korekty do potwierdzenia”.
done-released = Rezerwacja została zwolniona.
done-rolled-back = Wymiana została wycofana.
done-corrected = Dane osobowe zostały zapisane.
done-left = Udział w programie został zakończony.
done-erased = Dane osobowe zostały usunięte.

requests = Korekty do potwierdzenia
requests-text = Nikt nie dodaje ani nie odejmuje samodzielnie więcej niż { $limit } naraz: najpierw potwierdza to menedżer, który sam o to nie prosił.
requests-none = Nic nie czeka na potwierdzenie.
requests-settled = Załatwione wcześniej
requests-limit = Zmiana limitu
requests-limit-field = Najwięcej, ile jedna osoba może naraz dodać lub odjąć
requests-limit-hint = W całych jednostkach, niezależnie od jednostki. Obecnie: { $limit }.
requests-limit-button = Ustaw
request-asked = Prośba: { $name }, { $when }
request-asked-by = Prośba
request-settled = Rozstrzygnięcie
request-confirm = Potwierdź
request-refuse = Odrzuć
request-withdraw = Wycofaj prośbę
request-own = Twoją prośbę musi potwierdzić ktoś inny.
request-is-confirmed = potwierdzono
request-is-refused = odrzucono

action-points-adjusted = korekta punktów
action-adjustment-requested = prośba o korektę
action-adjustment-confirmed = potwierdzenie korekty
action-adjustment-refused = odrzucenie korekty
action-adjustment-limit-set = zmiana limitu korekt
action-hold-released = zwolnienie rezerwacji
action-redemption-rolled-back = wycofanie wymiany
action-person-corrected = poprawa danych osobowych
action-member-left = zakończenie udziału w programie
action-member-erased = usunięcie danych osobowych uczestnika
