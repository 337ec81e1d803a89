# Conditions read aloud: phrases, not sentences. A label and a colon spare the values any inflection.

condition-all = { $first } oraz { $second }
condition-any = { $first } albo { $second }
condition-not = z wyjątkiem: { $condition }
condition-values = { $field }: { $values }
condition-values-not = { $field }: nie { $values }
condition-order-total = { $shape ->
    [between] zamówienie o wartości { $range }
   *[open] zamówienie za { $range }
}
condition-line-price = cena sztuki: { $range }
condition-line-total = wartość pozycji: { $range }
condition-first-order = pierwsze zamówienie
condition-later-order = zamówienie inne niż pierwsze
condition-discounted = towar przeceniony
condition-full-price = towar w zwykłej cenie
condition-joined = dołączenie do programu { $when }
condition-hours = { $shape ->
    [from] od godziny { $from }
    [until] przed godziną { $until }
   *[between] w godzinach { $from }–{ $until }
}

range-between = od { $least } do { $most }
range-at-least = co najmniej { $least }
range-at-most = najwyżej { $most }
range-more-than = ponad { $least }
range-less-than = mniej niż { $most }
range-any = dowolnie

field-order-number = numer kolejny zamówienia
field-order-items = liczba sztuk w zamówieniu
field-line-quantity = liczba sztuk towaru
field-days-since-joining = liczba dni w programie
field-member-orders = liczba wcześniejszych zamówień
field-hour = godzina
field-day-of-month = dzień miesiąca
field-weekday = dzień tygodnia
field-month = miesiąc
field-channel = kanał sprzedaży
field-country = kraj
field-brand = marka
field-product = produkt
field-category = kategoria
field-make = producent
field-tag = oznaczenie
field-segment = grupa
field-level = poziom
field-referral = polecenia
field-friends = które z kolei zaliczone polecenie
field-variant = wariant oferty
field-friends-total = wartość zamówienia w najmniejszych jednostkach waluty
field-attribute = „{ $name }”
yes = tak
no = nie

failure = Warunek – { $condition }.
failure-actual = Warunek – { $condition }; jest: { $actual }.
actual-order-number = zamówienie numer { $number }
actual-unknown = brak danych
actual-none = brak
outcome-not-met = { $rule } nie ma tu zastosowania. { $failure }
outcome-not-running = { $rule } w tym czasie nie obowiązuje. Okres: { $period }.
outcome-no-lines = { $rule } nie obejmuje żadnej pozycji tego zamówienia.
outcome-multiplied = { $rule } mnoży to, co dają inne zasady.
outcome-fired = { $rule } daje: { $amount }.
outcome-fired-reward = { $rule } daje nagrodę „{ $reward }”.
outcome-held = Spełnione: { $conditions }.
held-actual = { $condition } (tu: { $actual })
near-rule = { $rule }: brakuje { $missing }.
near-invitation = jeszcze { $missing } i będzie: { $rule }.
near-number = { $number } ({ $field })
near-reward = Do nagrody „{ $reward }” brakuje { $missing }.
near-reward-pending = Do nagrody „{ $reward }” brakuje { $missing }. W drodze: { $pending }.
near-level = Do poziomu „{ $level }” brakuje: { $missing }.
