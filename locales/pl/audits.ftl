# Strony konsoli o kontroli ksiąg.

audits = Kontrole ksiąg
audits-text = Każda decyzja od pierwszego dnia jest podejmowana ponownie, każde saldo liczone od nowa, a każdy łańcuch sum kontrolnych sprawdzany: na podstawie samych danych. Wyjdzie na jaw wszystko, co nie zgadza się z zapisami.
audits-limits = Sklep w tym czasie działa. Przy wielu uczestnikach to chwilę trwa; naraz odbywa się jedna kontrola, a jej wynik przechowujemy przez 30 dni.
audits-none = Księgi nie były jeszcze stąd kontrolowane.
audits-start = Skontroluj księgi
audits-not-yours = Rozpocząć może ktoś, kto prowadzi program.
audits-under-way = Trwa kontrola.
audits-watch = Zobacz, jak jest daleko
audits-known = Kontrole z ostatnich 30 dni
audits-started = Początek
audits-by = Kto
audits-result = Wynik
audit-heading = Kontrola ksiąg
audit-begun = { $name }, { $when }
audit-is-running = w toku
audit-is-stopping = zatrzymywana
audit-is-stopped = zatrzymana
audit-is-failed = nieudana
audit-is-stopped-text = Tę kontrolę zatrzymano przed końcem, więc niczego nie dowodzi.
audit-is-failed-text = Ta kontrola nie dobiegła końca: usługa została zatrzymana albo nie dało się odczytać bazy danych. Rozpocznij kolejną.
audit-is-done-text = Wyniku tej kontroli już nie ma.
audit-reached = Sprawdzone dotąd portfele: { $count }
audit-stopping = Trwa zatrzymywanie.
audit-leave = Możesz opuścić tę stronę: kontrola trwa dalej, a wynik będzie czekał.
audit-stop = Zatrzymaj
audit-clean = Wszystko się zgadza
audit-checked = Sprawdzono portfele: { $holders }, operacje: { $transactions }.
audit-clean-text = Każda decyzja podjęta ponownie wyszła tak, jak ją zapisano, a każde saldo jest sumą swoich księgowań.
audit-differs = { $count ->
    [one] { $number } niezgodność
    [few] { $number } niezgodności
    [many] { $number } niezgodności
   *[other] { $number } niezgodności
}
audit-differs-text = Coś zmieniono poza Lojalem albo pamięć jest uszkodzona. Zostaw bazę danych taką, jaka jest, i pokaż to osobie, która prowadzi usługę: można odtworzyć wcześniejszą kopię zapasową.
audit-more = Pokazano pierwsze { $number }; polecenie „lojal audit” wypisuje wszystkie.
audit-where = Gdzie
audit-what = Co się nie zgadza
audit-whole = cały sklep
audit-transaction = Operacja
action-audit-started = rozpoczęcie kontroli ksiąg
action-audit-stopped = zatrzymanie kontroli ksiąg
