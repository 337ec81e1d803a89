# Dates, lengths of time and counted things. $number is written out already; $count only chooses
# the form.

date = { $day } { $month ->
    [january] January
    [february] February
    [march] March
    [april] April
    [may] May
    [june] June
    [july] July
    [august] August
    [september] September
    [october] October
    [november] November
   *[december] December
} { $year }
date-and-time = { $date }, { $time }
since = from { $when }
until = until { $when }
until-end-of = until the end of { $date }
month = { $month ->
    [january] January
    [february] February
    [march] March
    [april] April
    [may] May
    [june] June
    [july] July
    [august] August
    [september] September
    [october] October
    [november] November
   *[december] December
}
quarter = { $quarter ->
    [first] Q1
    [second] Q2
    [third] Q3
   *[fourth] Q4
} { $year }
weekday = { $day ->
    [monday] Monday
    [tuesday] Tuesday
    [wednesday] Wednesday
    [thursday] Thursday
    [friday] Friday
    [saturday] Saturday
   *[sunday] Sunday
}

period-minutes = { $number } { $count ->
    [one] minute
   *[other] minutes
}
period-hours = { $number } { $count ->
    [one] hour
   *[other] hours
}
period-days = { $number } { $count ->
    [one] day
   *[other] days
}
period-weeks = { $number } { $count ->
    [one] week
   *[other] weeks
}
period-months = { $number } { $count ->
    [one] month
   *[other] months
}
period-years = { $number } { $count ->
    [one] year
   *[other] years
}
per-window = { $window ->
    [day] per day
    [week] per week
    [month] per month
    [quarter] per quarter
    [year] per year
   *[lifetime] for the whole time in the programme
}

pieces = { $number } { $count ->
    [one] piece
   *[other] pieces
}
orders = { $number } { $count ->
    [one] order
   *[other] orders
}
times = { $count ->
    [1] once
    [2] twice
   *[other] { $number } times
}
people = { $number } { $count ->
    [one] person
   *[other] people
}
# "for each one", "for each 10"
parts-each = { $count ->
    [1] each one
   *[other] each { $number }
}
list-either = { $first } or { $last }
list-neither = { $first } or { $last }
