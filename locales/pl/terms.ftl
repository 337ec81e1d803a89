# Regulamin: pełne zdania, jak w dobrej umowie. Ilości stoją tam, gdzie pasuje mianownik albo
# dopełniacz, bo tylko te formy jednostek podaje program. Liczby przychodzą tylko z programu.

terms-title = Regulamin programu „{ $programme }”
terms-summary = Jak to działa
terms-rules = Regulamin
terms-version = Wersja
terms-from = Regulamin obowiązuje od dnia { $date } r.
terms-missing = do uzupełnienia: { $what }
terms-day = { $day } { $month ->
    [january] stycznia
    [february] lutego
    [march] marca
    [april] kwietnia
    [may] maja
    [june] czerwca
    [july] lipca
    [august] sierpnia
    [september] września
    [october] października
    [november] listopada
   *[december] grudnia
}
terms-quoted = „{ $name }”
terms-and = { $first } i { $last }
terms-or = { $first } lub { $last }

# Po upływie, w ciągu: dopełniacz.
terms-of-minutes = { $number } { $count ->
    [one] minuty
   *[many] minut
}
terms-of-hours = { $number } { $count ->
    [one] godziny
   *[many] godzin
}
terms-of-days = { $number } { $count ->
    [one] dnia
   *[many] dni
}
terms-of-weeks = { $number } { $count ->
    [one] tygodnia
   *[many] tygodni
}
terms-of-months = { $number } { $count ->
    [one] miesiąca
   *[many] miesięcy
}
terms-of-years = { $number } { $count ->
    [one] roku
   *[many] lat
}
# Przez: biernik, inny niż mianownik tylko tutaj.
terms-for-minutes = { $number } { $count ->
    [one] minutę
    [few] minuty
   *[many] minut
}
terms-for-hours = { $number } { $count ->
    [one] godzinę
    [few] godziny
   *[many] godzin
}
terms-last = { $shape ->
    [one] ostatniego { $period }
   *[other] ostatnich { $period }
}

# Jak to działa.
terms-step-join = Dołączasz do programu „{ $programme }”.
terms-step-join-order = Składasz pierwsze zamówienie i jesteś w programie „{ $programme }”.
terms-step-earn = Zbierasz { $units }: { $award }.
terms-step-earn-all = Zbierasz { $units }. Za co, mówi tabela poniżej.
terms-step-recommend = Polecasz program innym: { $award }.
terms-step-wait = { $units } z zakupów możesz wydać { $when }.
terms-step-spend = Wymieniasz { $units } na nagrody, już od { $least }.
terms-step-levels = Awansujesz na kolejne poziomy: { $levels }.
terms-step-expiry = Pilnujesz terminu. { $expiry }
terms-step-ask = W razie pytań piszesz na adres { $contact }.

terms-table-earning = Za co nalicza się { $units }
terms-table-rewards = Na co można wymienić { $units }
terms-table-rewards-given = Nagrody
terms-table-validity = Dostępność i ważność
terms-head-for = Za co
terms-head-award = Ile
terms-head-limits = Warunki i limity
terms-head-level = Poziom
terms-head-threshold = Próg
terms-head-multiplier = Mnożnik
terms-head-perks = Korzyści
terms-head-reward = Nagroda
terms-head-price = Cena
terms-head-gives = Co daje
terms-head-unit = Co
terms-head-available = Kiedy można wydać
terms-head-expiry = Kiedy tracą ważność

# Kto prowadzi program.
terms-section-general = Postanowienia ogólne
terms-subject = Regulamin określa zasady programu „{ $programme }” (dalej: Program): kto może do niego dołączyć, za co i jak nalicza się { $units }, z jakich nagród można skorzystać oraz jak odejść z Programu.
terms-operator = Organizatorem Programu (dalej: Organizator) jest { $name }, { $address }.
terms-registration = Dane rejestrowe Organizatora: { $numbers }.
terms-brands = { $count ->
    [one] Marka, której dotyczy Program: { $brands }.
   *[other] Marki, których dotyczy Program: { $brands }.
}
terms-contact = Kontakt z Organizatorem: { $ways }.
terms-contact-email = e-mail { $email }
terms-contact-phone = telefon { $phone }
terms-contact-website = strona internetowa { $website }

# Definicje.
terms-section-definitions = Definicje
terms-definitions = Określenia użyte w Regulaminie oznaczają:
terms-define-member = Uczestnik – osoba, która dołączyła do Programu;
terms-define-unit = { $units } – jednostki, które nalicza się Uczestnikowi według Regulaminu i które może on wydać na nagrody;
terms-define-unit-worth = { $units } – jednostki, które nalicza się Uczestnikowi według Regulaminu i które może on wydać na nagrody; ich wartość: { $amount } to { $money };
terms-define-unit-money = { $units } – jednostki, które nalicza się Uczestnikowi według Regulaminu i które może on wydać na nagrody; ich liczba jest zarazem ich wartością w walucie Programu;
terms-define-unit-counted = { $units } – jednostki, które nalicza się Uczestnikowi według Regulaminu, lecz których nie można wydać;
terms-define-wallet = portfel – zapis tego, co Uczestnik ma dostępne, co oczekuje i co jest zarezerwowane;
terms-define-level = poziom – status Uczestnika, od którego zależą korzyści w Programie;
terms-define-reward = nagroda – to, co Uczestnik otrzymuje w zamian za zebrane jednostki albo bezpłatnie, zgodnie z Regulaminem;
terms-define-voucher = kupon – kod, którym Uczestnik korzysta z nagrody.

# Kto może dołączyć.
terms-section-joining = Udział w Programie
terms-joining-age = Do Programu może dołączyć osoba, która ukończyła { $age } i akceptuje Regulamin.
terms-joining-anybody = Do Programu może dołączyć każdy, kto akceptuje Regulamin.
terms-joining-way = Do Programu dołącza się, podając Organizatorowi dane potrzebne do prowadzenia portfela.
terms-joining-order = Do Programu dołącza się, podając Organizatorowi dane potrzebne do prowadzenia portfela albo składając pierwsze zamówienie.
terms-joining-free-will = Udział w Programie jest dobrowolny.
terms-joining-technical = Do korzystania z Programu przez internet potrzebne są: urządzenie z dostępem do internetu, aktualna przeglądarka i adres e-mail.
terms-joining-unlawful = Uczestnik nie może dostarczać w Programie treści bezprawnych.
terms-recommendations-checked = Polecenia są sprawdzane pod kątem oznak, że zostały zmyślone. W razie wątpliwości decyduje człowiek.
terms-recommendations-verified = Osobę poleconą można poprosić o potwierdzenie polecenia kodem wysłanym e-mailem lub SMS-em. Jeżeli nie wpisze go w ciągu { $period }, decyduje człowiek.
terms-household = Uczestnicy mogą prowadzić wspólny portfel; liczba osób, które z niego korzystają: najwyżej { $most }. Wszystko, co staje się dostępne dla tych osób, przechodzi do wspólnego portfela i stamtąd jest wydawane; każda z nich zachowuje własny poziom i własne limity. Kto odchodzi ze wspólnego portfela, pozostawia w nim to, co wniósł; ostatnia osoba zabiera to, co w nim zostało.

# Za co.
terms-section-earning = Naliczanie
terms-earning-rules = { $units } nalicza się według następujących zasad:
terms-earning-campaigns = Dodatkowo obowiązują następujące kampanie:
terms-rule = „{ $name }” – { $award }.
terms-award-amount = { $rate } za { $size ->
    [feminine] każdą wydaną
    [masculine] każdego wydanego
   *[neuter] każde wydane
} { $per }
terms-coin = { $currency ->
    [PLN] złotówkę
    [USD] dolara
    [GBP] funta
    [CHF] franka
   *[EUR] euro
}
terms-award-piece = { $each } za każdą sztukę
terms-award-fixed = { $amount } { $occasion }
terms-award-attribute = { $rate } za { $per } wartości „{ $attribute }”
terms-award-multiplier = mnożnik { $factor } dla: { $rules }
terms-award-multiplier-all = mnożnik { $factor } dla wszystkiego, na co działają mnożniki
terms-award-reward = nagroda „{ $reward }” { $occasion }
terms-occasion-order = za zamówienie
terms-occasion-joined = za dołączenie do Programu
terms-occasion-birthday = z okazji urodzin
terms-occasion-level = za wejście na wyższy poziom
terms-occasion-friend-joined = za każdą osobę, która dołączy do Programu z polecenia Uczestnika
terms-occasion-friend-qualified = za każde zaliczone polecenie
terms-occasion-friend-number = za { $number }. zaliczone polecenie
terms-occasion-referred = za dołączenie z polecenia
terms-occasion-referral-qualified = za spełnienie warunków polecenia
terms-occasion-activity = za każdym razem
terms-occasion-once = jednorazowo
terms-fact-conditions = { $count ->
    [one] Warunek – { $conditions }.
   *[other] Warunki – { $conditions }.
}
terms-fact-conditions-not = Nie dotyczy – { $conditions }.
terms-fact-audience = Dla kogo – { $conditions }.
terms-fact-lines = Liczone pozycje zamówienia – { $conditions }.
terms-fact-lines-not = Nie liczą się pozycje zamówienia – { $conditions }.
terms-fact-period = Okres: { $bounds }.
terms-fact-budget = Najwyżej { $amount } dla wszystkich Uczestników łącznie.
terms-fact-limit = Najwyżej { $caps } dla jednego Uczestnika.
terms-fact-order-limit = Najwyżej { $amount } za jedno zamówienie.
terms-fact-activity-limit = Najwyżej { $amount } za jednym razem.
terms-cap-window = { $amount } { $window ->
    [day] jednego dnia
    [week] w tygodniu kalendarzowym
    [month] w miesiącu kalendarzowym
    [quarter] w kwartale kalendarzowym
    [year] w roku kalendarzowym
   *[lifetime] przez cały czas udziału w Programie
}
terms-fact-carried = Ułamki przechodzą na kolejne zamówienie.
terms-fact-excluded = Tu nie uwzględnia się: { $list }.
terms-fact-excluded-nothing = Tu uwzględnia się całą wartość zamówienia.
terms-fact-available = Dostępność: { $when }.
terms-excluded = Jeżeli zasada nie stanowi inaczej, przy naliczaniu nie uwzględnia się: { $list }.
terms-excluded-nothing = Jeżeli zasada nie stanowi inaczej, przy naliczaniu uwzględnia się całą wartość zamówienia.
terms-excluded-shipping = kosztów dostawy
terms-excluded-tax = podatku
terms-excluded-gift-cards = kart podarunkowych
terms-excluded-fees = opłat dodatkowych
terms-excluded-discounted = towarów przecenionych
terms-excluded-points = części ceny opłaconej z portfela
terms-rounding = { $rounding ->
    [down] Wynik zaokrągla się raz, na końcu obliczenia, w dół.
    [nearest] Wynik zaokrągla się raz, na końcu obliczenia, do najbliższej całości; połowę – w górę.
   *[up] Wynik zaokrągla się raz, na końcu obliczenia, w górę.
} Limity stosuje się po zaokrągleniu.
terms-stacking = Mnożniki, także te związane z poziomem, działają na: { $rules }. { $stacking ->
    [compound] Jeżeli działa kilka mnożników, mnoży się je przez siebie.
    [additive] Jeżeli działa kilka mnożników, sumuje się to, co każdy z nich dodaje.
   *[best] Jeżeli działa kilka mnożników, stosuje się tylko największy.
}
terms-unit-limit = Ze wszystkich źródeł łącznie Uczestnikowi nalicza się najwyżej { $caps }.
terms-exchange = Zamówienia w innych walutach przelicza się na walutę Programu po stałym kursie za jednostkę waluty: { $rates }.
terms-exchange-rate = { $currency } – { $money }
terms-available = { $units } są dostępne { $when }.
terms-available-orders = { $units } za zamówienie są dostępne { $when }, a za pozostałe aktywności – od razu.
terms-at-once = od razu po naliczeniu
terms-not-spendable = nie można ich wydać
terms-after = po upływie { $period } od { $moment ->
    [placed] złożenia zamówienia
    [happened] aktywności
    [paid] opłacenia zamówienia
   *[closed] dostarczenia zamówienia
}
terms-upon = z chwilą { $moment ->
    [placed] złożenia zamówienia
    [happened] aktywności
    [paid] opłacenia zamówienia
   *[closed] dostarczenia zamówienia
}

# Polecenia.
terms-section-referrals = Polecenia
terms-referral = Uczestnik może polecić Program innej osobie (dalej: osoba polecona), przekazując jej swój link albo kod. Polecenie zostaje zaliczone, gdy osoba polecona dołączy do Programu i spełni warunki edycji, w której została polecona.
terms-referral-edition = Edycja „{ $name }”:
terms-referral-advocates = Polecać może każdy Uczestnik.
terms-referral-advocates-some = Polecać może Uczestnik, który spełnia warunki edycji.
terms-referral-friends = Polecić można każdą osobę.
terms-referral-friends-new = Polecić można osobę, która nie złożyła jeszcze żadnego zamówienia.
terms-referral-friends-some = Polecić można osobę, która spełnia warunki edycji.
terms-referral-window = Polecenie liczy się, jeżeli osoba polecona dołączy w ciągu { $period } od skorzystania z linku albo kodu.
terms-referral-credit = Jeżeli tę samą osobę poleciło kilku Uczestników, polecenie { $credit ->
    [last] przypisuje się temu, kto polecił ją jako ostatni
    [first] przypisuje się temu, kto polecił ją jako pierwszy
   *[split] przypisuje się im wszystkim (najwyżej dziesięciu ostatnim) w równych częściach; punkty dzieli się w takich częściach, a nagrody, których nie da się podzielić, dostaje każdy
}. Jeżeli podano kod, liczą się tylko kody, a nie odwiedzone linki.
terms-referral-on-order = Aby polecenie zostało zaliczone, osoba polecona składa zamówienie.
terms-referral-on-activity = Aby polecenie zostało zaliczone, potrzebna jest aktywność osoby poleconej: „{ $activity }”.
terms-referral-within = Osoba polecona ma na to { $period } od dołączenia z polecenia.
terms-referral-at-once = Polecenie może zostać zaliczone od razu po spełnieniu warunków.
terms-referral-wait = Polecenie może zostać zaliczone { $when }, jeżeli warunki są wtedy nadal spełnione.
terms-referral-review = { $review ->
    [suspicious] Każde polecenie jest sprawdzane przed zaliczeniem, a w razie wątpliwości decyduje człowiek. Sam upływ czasu nie powoduje zaliczenia polecenia.
    [all] O zaliczeniu każdego polecenia decyduje człowiek. Sam upływ czasu nie powoduje zaliczenia polecenia.
   *[none] Polecenia zalicza się bez dodatkowego sprawdzania.
}
terms-recommendations = { $number } { $count ->
    [one] polecenie
    [few] polecenia
   *[many] poleceń
}
terms-referral-caps = Jednemu Uczestnikowi zalicza się najwyżej { $caps }. Limit ten nie dotyczy nagród dla osoby poleconej.
terms-referral-budget = Wszystkim Uczestnikom łącznie zalicza się najwyżej { $most }; decyduje kolejność.
terms-referral-return = Jeżeli po zwrocie, zmianie lub odwołaniu zamówienia warunki nie są już spełnione, nagrody za zaliczone polecenie cofa się obu stronom. Osoba polecona może spełnić warunki ponownie, dopóki ma na to czas.
terms-referral-return-keep = Zwrot, zmiana lub odwołanie zamówienia po zaliczeniu polecenia nie odbiera nagród za nie.
terms-referral-called-off = Jeżeli aktywność zostanie odwołana, nagrody za zaliczone polecenie cofa się obu stronom. Osoba polecona może spełnić warunki ponownie, dopóki ma na to czas.
terms-referral-called-off-keep = Odwołanie aktywności po zaliczeniu polecenia nie odbiera nagród za nie.
terms-referral-variants = Oferta tej edycji ma warianty: { $variants }. Każdemu, kto poleca, przypada na stałe jeden z nich.
terms-referral-rewards = Co przysługuje za polecenia, określają zasady: { $rules }.
terms-referral-first = Jeżeli polecenie pasuje do kilku edycji, a nie wskazano żadnej z nich, stosuje się tę, która jest wymieniona wcześniej.
terms-referral-self = Nie można polecić siebie; wszystkie konta jednej osoby traktuje się jak jedno. Tę samą osobę można zaliczyć jako poleconą tylko raz.
terms-referral-made-up = Polecenia pozorne, w szczególności z użyciem kont założonych tylko dla nagrody, nie są zaliczane, a nagrody już za nie przyznane cofa się. Od takiej decyzji można złożyć reklamację.
terms-referral-version = Polecenie rozlicza się do końca według tej wersji Regulaminu, która obowiązywała, gdy osoba polecona dołączyła z polecenia.

# Poziomy.
terms-section-levels = Poziomy
terms-ladder = O poziomie na ścieżce „{ $name }” decyduje { $metric } { $window }. Wyższy poziom przysługuje od chwili osiągnięcia jego progu.
terms-metric-spend = wartość zakupów
terms-metric-points = liczba naliczonych { $units }
terms-metric-orders = liczba zamówień
terms-metric-activity = liczba aktywności „{ $activity }”
terms-window-lifetime = od dołączenia do Programu
terms-window-calendar-year = w roku kalendarzowym
terms-window-membership-year = w roku uczestnictwa, liczonym od dnia dołączenia do Programu
terms-window-rolling = w ciągu { $period }
terms-spend-net = Do wartości zakupów nie wlicza się: { $list }.
terms-level-base = „{ $level }” – poziom początkowy.
terms-level = „{ $level }” – próg: { $at }.
terms-level-multiplier = „{ $level }” – próg: { $at }; mnożnik { $factor }.
terms-level-base-multiplier = „{ $level }” – poziom początkowy; mnożnik { $factor }.
terms-level-perks = Korzyści: { $perks }.
terms-threshold-base = na start
terms-no-multiplier = –
terms-keep = Osiągnięty poziom obowiązuje do końca roku, w którym został osiągnięty, a następnie jeszcze przez { $years }. Z końcem każdego roku sprawdza się, czy wynik z tego roku wystarcza, aby utrzymać poziom.
terms-keep-none = Osiągnięty poziom obowiązuje do końca roku, w którym został osiągnięty. Wtedy sprawdza się, jaki poziom przysługuje na rok następny.
terms-keep-rolling = Poziom obowiązuje, dopóki wynik z tego okresu sięga jego progu.
terms-keep-lifetime = Osiągnięty poziom nie wygasa z upływem czasu.
terms-grace = Jeżeli wynik przestaje wystarczać, poziom pozostaje jeszcze przez { $period }, aby można było go utrzymać.
terms-step-down-one = Poziom, na który wynik już nie wystarcza, obniża się o jeden szczebel; niższy poziom jest wtedy zapewniony na kolejny taki okres.
terms-step-down-earned = Uczestnik, któremu wynik już nie wystarcza, przechodzi na poziom odpowiadający temu wynikowi.
terms-on-return-recheck = Jeżeli po zwrocie towaru wynik nie sięga progu, poziom obniża się od razu.
terms-on-return-keep = Zwrot towaru nie obniża poziomu przed kolejnym sprawdzeniem.

# Nagrody.
terms-section-rewards = Nagrody i korzystanie z portfela
terms-rewards = Uczestnik może skorzystać z nagród:
terms-reward = „{ $name }” – { $gives }.
terms-reward-alike = „{ $name }”.
terms-reward-price = Cena: { $price }.
terms-price-cash = { $points } i dopłata { $money }
terms-price-free = bezpłatnie
terms-price-given = brak – nagroda przyznawana według zasad naliczania
terms-gives-percent = { $percent } rabatu
terms-gives-amount = { $amount } rabatu
terms-gives-product = bezpłatny produkt
terms-gives-shipping = darmowa dostawa
terms-gives-card = karta podarunkowa o wartości { $amount }
terms-gives-cash = { $amount } zwrotu w pieniądzu
terms-gives-experience = wydarzenie lub przeżycie
terms-gives-access = dostęp zastrzeżony dla Uczestników
terms-gives-donation = darowizna { $amount } na cel: { $cause }
terms-fact-stock = Dostępne łącznie dla wszystkich Uczestników: { $pieces }.
terms-fact-times = Najwyżej { $times } { $window ->
    [day] jednego dnia
    [week] w tygodniu kalendarzowym
    [month] w miesiącu kalendarzowym
    [quarter] w kwartale kalendarzowym
    [year] w roku kalendarzowym
   *[lifetime] przez cały czas udziału w Programie
} dla jednego Uczestnika.
terms-fact-voucher = Kupon jest ważny przez { $period } od wydania.
terms-fact-voucher-open = Kupon jest bezterminowy.
terms-redeem = Nagrodę wydaje się, gdy w portfelu dostępna jest cała jej cena; cenę pobiera się z portfela w chwili wymiany. Przy nagrodach o ograniczonej liczbie decyduje kolejność.
terms-spend-order = { $order ->
    [expiring_first] Najpierw wydaje się te { $units }, które najwcześniej tracą ważność.
   *[oldest_first] Najpierw wydaje się te { $units }, które naliczono najwcześniej.
}
terms-hold = Na czas płatności { $units } można zarezerwować. Rezerwacja trwa { $valid }, jeżeli nie ustalono innego czasu, i nie dłużej niż { $longest }; po tym czasie to, czego nie wykorzystano, wraca do portfela. Liczba rezerwacji trwających jednocześnie: najwyżej { $most }.
terms-transfer = Uczestnik może przekazać { $units } innemu Uczestnikowi. { $limits }
terms-gift = Uczestnik może podarować { $units } innemu Uczestnikowi. { $limits }
terms-transfer-kept = Przekazane { $units } zachowują swój termin ważności.
terms-transfer-least = Jednorazowo: najmniej { $least }.
terms-transfer-most = Jednorazowo: najwyżej { $most }.
terms-transfer-between = Jednorazowo: najmniej { $least }, najwyżej { $most }.
terms-transfer-caps = Łącznie: najwyżej { $caps }.
terms-not-transferred = { $units } służą tylko temu, komu zostały naliczone: nie można ich przekazać innej osobie ani sprzedać.
terms-not-paid-out = { $units } nie są pieniądzem i nie można ich wymienić na gotówkę.

# Ważność.
terms-section-validity = Ważność
terms-expiry = { $units } tracą ważność { $until }.
terms-expiry-when = { $units } tracą ważność, { $until }.
terms-expiry-never = { $units } nie tracą ważności.
terms-until-ever = nigdy
terms-until-after = po upływie { $period } od dnia naliczenia
terms-until-after-end = po upływie { $period } od dnia naliczenia, z końcem { $window ->
    [day] dnia
    [week] tygodnia
    [month] miesiąca
    [quarter] kwartału
   *[year] roku
}, w którym ten termin przypada
terms-until-inactivity = jeżeli przez { $period } nic nie zostało naliczone ani wydane
terms-until-dates = co roku z końcem dnia { $days }
terms-until-dates-young = co roku z końcem dnia { $days }; młodsze niż { $period } zachowują ważność do następnego takiego dnia

# Zwroty.
terms-section-returns = Zwroty i zmiany zamówień
terms-return = Jeżeli zamówienie zostanie w całości lub w części zwrócone, zmienione albo odwołane, oblicza się na nowo, ile należy się za to, co z niego zostało, według wersji Regulaminu, pod którą zostało naliczone po raz pierwszy. Różnicę dolicza się albo cofa.
terms-return-loose = Za towar zwrócony bez wskazania zamówienia cofa się tyle, ile przyniósłby w dniu zwrotu.
terms-return-ignored = Zwrot towaru bez wskazania zamówienia nie zmienia stanu portfela.
terms-debt-carry = Jeżeli do cofnięcia jest więcej { $genitive }, niż jest w portfelu, powstaje zaległość. Pokrywa ją w pierwszej kolejności to, co zostanie naliczone później.
terms-debt-forgive = Jeżeli do cofnięcia jest więcej { $genitive }, niż jest w portfelu, różnicy się nie cofa.
terms-debt-block = Jeżeli do cofnięcia jest więcej { $genitive }, niż jest w portfelu, powstaje zaległość. Pokrywa ją w pierwszej kolejności to, co zostanie naliczone później; do tego czasu nie można ich wydawać, rezerwować ani przekazywać.

# Reklamacje, dane, odejście, zmiany.
terms-section-complaints = Reklamacje
terms-complaint-where = Reklamację dotyczącą Programu można złożyć na adres: { $to }.
terms-complaint-what = W reklamacji warto napisać, czego dotyczy, i podać dane, które pozwolą odnaleźć portfel.
terms-complaint-answer = Organizator odpowiada na reklamację w ciągu { $period } od jej otrzymania.
terms-complaint-history = Na żądanie Uczestnika Organizator wyjaśnia każdy wpis w jego portfelu: według której zasady i na jakiej podstawie powstał.
terms-complaint-rights = Reklamacja nie ogranicza prawa do drogi sądowej ani do pozasądowego rozwiązania sporu.
terms-section-data = Dane osobowe
terms-data-controller = Administratorem danych osobowych Uczestników jest Organizator.
terms-data-contact = W sprawach danych osobowych można pisać na adres: { $contact }.
terms-data-purpose = Dane przetwarza się w celu prowadzenia Programu: naliczania, wydawania nagród, rozliczania zwrotów i rozpatrywania reklamacji.
terms-data-ground = Podstawą przetwarzania jest umowa o udział w Programie, zawarta przez przyjęcie Regulaminu. Podanie danych jest dobrowolne, ale bez nich nie da się prowadzić portfela.
terms-data-time = Dane przechowuje się przez czas udziału w Programie, a potem tak długo, jak wymagają tego roszczenia i przepisy prawa.
terms-data-rights = Uczestnik ma prawo dostępu do swoich danych, ich sprostowania, usunięcia, ograniczenia przetwarzania i przeniesienia, prawo sprzeciwu oraz prawo skargi do organu nadzorczego.
terms-data-policy = Pełna informacja o przetwarzaniu danych: { $policy }.
terms-section-leaving = Rezygnacja i odstąpienie
terms-leaving = Uczestnik może odejść z Programu w każdej chwili, bez podania przyczyny i bez opłat, zawiadamiając o tym Organizatora: { $contact }.
terms-leaving-wallet = Z chwilą odejścia przepadają zebrane { $units }; wydane wcześniej kupony zachowują swoją ważność.
terms-leaving-withdrawal = Odstąpienie od umowy sprzedaży jest zwrotem towaru w rozumieniu Regulaminu i nie kończy udziału w Programie.
terms-section-changes = Zmiany Regulaminu
terms-change-notice = O zmianie Regulaminu Organizator zawiadamia Uczestników co najmniej { $period } przed jej wejściem w życie.
terms-change-refusal = Kto nie zgadza się na zmianę, może przed jej wejściem w życie odejść z Programu.
terms-change-past = Zmiana nie działa wstecz: zamówienia rozlicza się do końca według tej wersji Regulaminu, pod którą zostały naliczone po raz pierwszy.
terms-change-versions = Wcześniejsze wersje Regulaminu pozostają do wglądu u Organizatora.
terms-section-final = Postanowienia końcowe
terms-final-zone = Daty i godziny podane w Regulaminie są według czasu strefy { $zone }.
terms-final-law = W sprawach, których Regulamin nie rozstrzyga, stosuje się przepisy prawa. Regulamin nie ogranicza praw, które przepisy przyznają konsumentom.

# Co się zmieniło.
terms-changes = Zmiany względem poprzedniej wersji
terms-changes-since = Zmiany względem wersji { $version }
terms-changes-from = Ta wersja Regulaminu obowiązuje { $from }.
terms-changes-worse = Zmiany na niekorzyść Uczestników:
terms-changes-mixed = Zmiany, które dla jednych mogą być korzystne, a dla innych nie:
terms-changes-better = Zmiany na korzyść Uczestników:
terms-changes-neutral = Zmiany, które niczego Uczestnikom nie dają ani nie zabierają:
terms-changes-none = Zasady są takie same.
terms-changes-past = Zamówienia rozlicza się do końca według tej wersji Regulaminu, pod którą zostały naliczone po raz pierwszy.

# Czego brakuje.
terms-blank-name = pełna nazwa
terms-blank-address = adres siedziby
terms-blank-registration = numery rejestrowe
terms-blank-contact = adres e-mail
terms-blank-complaints = adres do reklamacji
terms-blank-answer = termin odpowiedzi
terms-blank-data-contact = kontakt w sprawie danych
terms-blank-data-policy = adres informacji o danych
terms-blank-from = dzień wejścia w życie
