# What happened and why, as members read it. Amounts stand where a nominative fits, for the
# programme gives only that form of its units; nothing here takes the member's gender.

rule-standing = zasada „{ $name }”
rule-campaign = kampania „{ $name }”
rule-conditions = { $rule } ({ $conditions })
order-numbered = zamówienie { $order }
cart = koszyk
activity-joined = dołączenie do programu
activity-birthday = urodziny
activity-tier-reached = nowy poziom
activity-friend-joined = dołączenie poleconej osoby
activity-friend-qualified = zaliczone polecenie
activity-referred = dołączenie z polecenia
activity-referral-qualified = spełnienie warunków polecenia

reckoning-amount = { $rate } za { $size ->
    [one] każdy
   *[other] każde
} { $per } z kwoty { $amount }
reckoning-pieces = { $each } za sztukę, { $pieces }
reckoning-attribute = { $rate } za { $per } wartości „{ $attribute }”, która wynosi { $value }
multiplier-level = { $factor } za poziom { $level }
multiplier-share = { $factor } jako udział tej osoby
multiplier-rule = { $factor } ({ $rule })
multipliers-together = łącznie { $factor }
reckoning-total = razem { $amount }
reckoning-total-rounded-down = razem { $amount } po zaokrągleniu w dół
reckoning-total-rounded = razem { $amount } po zaokrągleniu do najbliższej całości
reckoning-total-rounded-up = razem { $amount } po zaokrągleniu w górę
reckoning-total-carried = razem { $amount }, reszta przechodzi między zamówieniami
reckoning-total-partly = razem { $amount }, mnożniki tylko dla objętych nimi pozycji
reckoning-after-limits = Po ograniczeniu: { $amount }.
limit-once = Limit na jedno zamówienie lub jedną aktywność: { $amount }.
limit-rule = Limit tej zasady { $window }: { $amount }.
limit-programme = Limit programu { $window }: { $amount }.
limit-budget = W budżecie kampanii „{ $campaign }” pozostało: { $amount }.

effect-order-earned = { $order }, { $rule }: { $reckoning }
effect-order-settled = zmiana w zamówieniu { $order }, { $rule }: { $reckoning } Wcześniej: { $was }, zmiana: { $change }.
effect-order-gives-nothing = zmiana w zamówieniu { $order }, { $rule }: to, co z niego zostało, nic nie daje. Wcześniej: { $was }, zmiana: { $change }.
effect-goods-returned = zwrot towaru bez zamówienia ({ $goods }), { $rule }, do cofnięcia: { $reckoning }
effect-activity-earned = { $activity }, { $rule }: { $reckoning }
effect-activity-called-off = { $activity }: odwołanie; nic za nią nie przyznano.
effect-activity-taken-back = { $activity }: odwołanie, { $rule }. Do cofnięcia: { $amount }.
effect-activity-settled = zmiana: { $activity }, { $rule }: { $reckoning } Wcześniej: { $was }, zmiana: { $change }.
effect-activity-gives-nothing = zmiana: { $activity }, { $rule }: nic już nie daje. Wcześniej: { $was }, zmiana: { $change }.
activity-custom = aktywność „{ $name }”
effect-waits = Dostępne później: { $amount }.
effect-towards-debt = Na poczet zaległości: { $amount }.
effect-owed = Powstała zaległość: { $amount }.
effect-forgiven = Darowane: { $amount }.

effect-released-order = Koniec okresu oczekiwania za zamówienie { $order } z { $date }. Już dostępne: { $amount }.
effect-released = Koniec okresu oczekiwania, naliczenie z { $date }. Już dostępne: { $amount }.
effect-release-set = Zamówienie { $order }: to, co oczekuje, będzie dostępne { $moment }.
effect-expired-lot = Koniec terminu ważności, naliczenie z { $date }: { $amount }.
effect-expired = Koniec terminu ważności: { $amount }.
effect-expired-inactivity = Wygaśnięcie z powodu braku aktywności od { $date }: { $amount }.

effect-held = Rezerwacja ważna { $until }: { $amount }.
effect-captured = Zapłata z rezerwacji: { $amount }.
effect-captured-rest = Reszta wraca do portfela: { $amount }.
effect-hold-released = Zwolnienie rezerwacji, powrót do portfela: { $amount }.
effect-hold-lapsed = Koniec ważności rezerwacji, powrót do portfela: { $amount }.

effect-redeemed = Wymiana na nagrodę „{ $reward }”: { $amount }.
effect-redeemed-free = Nagroda „{ $reward }”.
effect-rolled-back = Cofnięcie wymiany na nagrodę „{ $reward }”, powrót do portfela: { $amount }.
# The rule that gave it, the date and the full stop follow.
effect-voucher-issued = Nowy kupon { $code } na nagrodę „{ $reward }”
effect-voucher-valid = , ważny { $until }
effect-voucher-used = Użycie kuponu { $code } na nagrodę „{ $reward }”.
effect-voucher-used-order = Użycie kuponu { $code } na nagrodę „{ $reward }” w zamówieniu { $order }.
effect-voucher-lapsed = Koniec ważności kuponu { $code } na nagrodę „{ $reward }”.
effect-voucher-cancelled = Unieważnienie kuponu { $code } na nagrodę „{ $reward }”.
effect-reason = Powód: { $reason }.
effect-reference = Numer: { $reference }.

effect-adjusted = Korekta: { $amount }.
effect-debt-repaid = Spłata zaległości: { $amount }.
effect-debt-forgiven = Umorzenie zaległości: { $amount }.

effect-sent = Przekazanie, odbiorca { $to }: { $amount }.
effect-sent-gift = Prezent, odbiorca { $to }: { $amount }.
effect-sent-household = Przeniesienie do wspólnego portfela „{ $to }”: { $amount }.
effect-sent-debt = Przeniesienie zaległości do wspólnego portfela „{ $to }”: { $amount }.
effect-sent-merge = Przeniesienie na połączone konto „{ $to }”: { $amount }.
effect-sent-merge-debt = Przeniesienie zaległości na połączone konto „{ $to }”: { $amount }.
effect-received = Przekazanie, nadawca { $from }: { $amount }.
effect-received-gift = Prezent, nadawca { $from }: { $amount }.
effect-received-household = Wkład do wspólnego portfela, nadawca { $from }: { $amount }.
effect-received-debt = Zaległość wniesiona do wspólnego portfela, nadawca { $from }: { $amount }.
effect-received-merge = Przeniesione z połączonego konta „{ $from }”: { $amount }.
effect-received-merge-debt = Zaległość przeniesiona z połączonego konta „{ $from }”: { $amount }.
effect-came-back = Przekazanie nie doszło do skutku, odbiorca { $from }, powrót do portfela: { $amount }. { $reason }

effect-tier-reached = Nowy poziom: { $to }, poprzedni: { $from }.
effect-tier-review = Poziom po przeglądzie: { $to }, poprzedni: { $from }.
effect-tier-return = Poziom po zwrocie: { $to }, poprzedni: { $from }.
effect-tier-programme = Poziom po zmianie zasad programu: { $to }, poprzedni: { $from }.
effect-tier-merge = Poziom po połączeniu kont: { $to }, poprzedni: { $from }.
effect-tier-grace = Wynik nie wystarcza już na poziom { $level }, ale poziom pozostaje { $until }.
standing = Wynik: { $reached }, próg: { $needed }.

effect-enrolled = Dołączenie do programu.
effect-household-opened = Utworzenie wspólnego portfela.
effect-profile-updated = Zmiana danych profilu.
effect-household-joined = Dołączenie do wspólnego portfela „{ $household }”.
effect-household-left = Opuszczenie wspólnego portfela „{ $household }”.
effect-member-admitted = Nowa osoba we wspólnym portfelu: { $member }.
effect-member-dismissed = Odejście ze wspólnego portfela: { $member }.
effect-merge-asked = Rozpoczęte łączenie z kontem „{ $account }”.
effect-merged-into = Konto połączone z kontem „{ $account }”. Dalszy ciąg jest tam.
effect-account-merged = Dołączone konto tej samej osoby: „{ $account }”.
effect-merge-abandoned = Konta „{ $account }” nie udało się dołączyć. { $reason }
effect-left = Odejście z programu.
effect-forfeited = Przepada wraz z odejściem z programu: { $amount }.

# Polecenia
effect-referred = Polecenie „{ $edition }”.
effect-friend-stands = Polecenie znajomej osobie, „{ $edition }”.
effect-friend-number = To zaliczone polecenie numer { $number }.
effect-advocate-lost = Polecenie „{ $edition }”: nie można go zaliczyć osobie polecającej. { $reason }
referral-joined = { $to ->
        [friend] Dołączenie z polecenia.
        [advocate] Polecona osoba dołączyła.
       *[staff] Polecona osoba dołączyła.
    }
referral-ordered = { $to ->
        [friend] Zakup spełnia warunki; liczy się, gdy dotrze i minie czas na zwrot.
        [advocate] Polecona osoba spełniła warunki; liczą się, gdy zakup dotrze i minie czas na zwrot.
       *[staff] Polecona osoba spełniła warunki; zakup nie został jeszcze dostarczony.
    }
referral-ordered-until = { $to ->
        [friend] Warunki są spełnione; liczy się, jeśli pozostaną spełnione { $until }.
        [advocate] Polecona osoba spełniła warunki; polecenie liczy się, jeśli pozostaną spełnione { $until }.
       *[staff] Polecona osoba spełniła warunki; muszą być spełnione { $until }.
    }
referral-checking = { $to ->
        [staff] Teraz kolej na automatyczne sprawdzenie.
       *[other] Trwa sprawdzanie.
    }
referral-held = { $to ->
        [staff] Musi zdecydować człowiek.
       *[other] Trwa sprawdzanie, które może potrwać trochę dłużej.
    }
referral-qualified = { $to ->
        [friend] Warunki są spełnione.
        [advocate] Polecona osoba spełniła warunki.
       *[staff] Warunki są spełnione.
    }
referral-reversed = { $to ->
        [friend] Warunki nie są już spełnione, więc polecenie już się nie liczy.
        [advocate] Polecona osoba nie spełnia już warunków, więc polecenie już się nie liczy.
       *[staff] To, na czym się opierało, zostało zwrócone, zmienione albo odwołane.
    }
referral-expired-deadline = { $to ->
        [friend] Minął czas na spełnienie warunków.
        [advocate] Polecona osoba nie spełniła warunków na czas.
       *[staff] Minął czas na spełnienie warunków.
    }
referral-expired-left = { $to ->
        [friend] Skończyło się wraz z uczestnictwem.
        [advocate] Polecona osoba opuściła program.
       *[staff] Polecona osoba opuściła program.
    }
referral-expired-merged = { $to ->
        [friend] Skończyło się, bo konto stało się częścią innego.
        [advocate] Okazało się, że polecona osoba była już w programie.
       *[staff] Konto poleconej osoby stało się częścią innego.
    }
referral-rejected-not-running = Nie liczy się: w tym czasie nie było poleceń.
referral-rejected-not-eligible = { $to ->
        [friend] Nie liczy się: nie jest dla tego konta, najczęściej z powodu wcześniejszych zakupów.
        [advocate] Nie liczy się: nie jest dla tej osoby, najczęściej z powodu wcześniejszych zakupów.
       *[staff] Nie liczy się: polecona osoba nie spełnia warunków tej edycji.
    }
referral-rejected-outside-window = Nie liczy się: dołączenie nie przypada na czas, przez który polecenie jest ważne.
referral-rejected-self-referral = Nie liczy się: nie można polecić siebie.
referral-rejected-budget-spent = Nie liczy się: limit poleceń w tej edycji został wyczerpany.
referral-rejected-fraud = Nie liczy się: nie spełnia warunków programu. Na prośbę człowiek sprawdzi to jeszcze raz.
referral-limit-reached = { $window ->
        [day] Polecona osoba spełniła warunki, ale limit na ten dzień został wyczerpany.
        [week] Polecona osoba spełniła warunki, ale limit na ten tydzień został wyczerpany.
        [month] Polecona osoba spełniła warunki, ale limit na ten miesiąc został wyczerpany.
        [quarter] Polecona osoba spełniła warunki, ale limit na ten kwartał został wyczerpany.
        [year] Polecona osoba spełniła warunki, ale limit na ten rok został wyczerpany.
       *[lifetime] Polecona osoba spełniła warunki, ale limit zaliczanych poleceń został wyczerpany.
    }
