# Dates, lengths of time and counted things. $number is written out already; $count only chooses
# the form.

date = { $day } { $month ->
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
} { $year }
date-and-time = { $date }, { $time }
since = od { $when }
until = do { $when }
until-end-of = do { $date } włącznie
month = { $month ->
    [january] styczeń
    [february] luty
    [march] marzec
    [april] kwiecień
    [may] maj
    [june] czerwiec
    [july] lipiec
    [august] sierpień
    [september] wrzesień
    [october] październik
    [november] listopad
   *[december] grudzień
}
quarter = { $quarter ->
    [first] I
    [second] II
    [third] III
   *[fourth] IV
} kwartał { $year }
weekday = { $day ->
    [monday] poniedziałek
    [tuesday] wtorek
    [wednesday] środa
    [thursday] czwartek
    [friday] piątek
    [saturday] sobota
   *[sunday] niedziela
}

period-minutes = { $number } { $count ->
    [one] minuta
    [few] minuty
   *[many] minut
}
period-hours = { $number } { $count ->
    [one] godzina
    [few] godziny
   *[many] godzin
}
period-days = { $number } { $count ->
    [one] dzień
   *[many] dni
}
period-weeks = { $number } { $count ->
    [one] tydzień
    [few] tygodnie
   *[many] tygodni
}
period-months = { $number } { $count ->
    [one] miesiąc
    [few] miesiące
   *[many] miesięcy
}
period-years = { $number } { $count ->
    [one] rok
    [few] lata
   *[many] lat
}
per-window = { $window ->
    [day] na dzień
    [week] na tydzień
    [month] na miesiąc
    [quarter] na kwartał
    [year] na rok
   *[lifetime] na cały czas udziału w programie
}

pieces = { $number } { $count ->
    [one] sztuka
    [few] sztuki
   *[many] sztuk
}
orders = { $number } { $count ->
    [one] zamówienie
    [few] zamówienia
   *[many] zamówień
}
times = { $number } { $count ->
    [one] raz
   *[many] razy
}
people = { $number } { $count ->
    [one] osoba
    [few] osoby
   *[many] osób
}
# "za każdą jednostkę", "za każde 10 jednostek"
parts-each = { $count ->
    [1] każdą jednostkę
    [one] każdą { $number } jednostkę
    [few] każde { $number } jednostki
   *[many] każde { $number } jednostek
}
list-either = { $first } lub { $last }
list-neither = { $first } ani { $last }
