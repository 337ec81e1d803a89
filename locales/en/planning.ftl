# Pages on which the next programme is planned: the draft tried on past orders, the calendar of campaigns.

draft-try = Try it on past orders
simulations = Tried on past orders
simulations-text = All that has happened in your shop is gone through again: once under the draft, and once under the version in force. You see what each gives, what it costs, and who gains or loses.
simulations-limits = What members would have done differently under another programme, no history can tell. One simulation runs at a time; its result is kept for 30 days.
simulations-no-past = Nobody is a member yet, so there is no past to try a programme on. Import your orders, or come back later.
simulations-under-way = A simulation is under way.
simulations-watch = See how far it is
simulations-ready = The draft is compared with version { $number }, which is in force. Nothing is changed by it.
simulations-start = Try the draft
simulations-not-yours = Somebody who runs the programme may begin.
simulations-mistakes = { $count ->
    [one] { $number } mistake in the draft must be mended first.
   *[other] { $number } mistakes in the draft must be mended first.
}
simulations-draft-unpublished = No programme is in force yet, so there is nothing to compare a draft with.
simulations-draft-none = There is no draft. Change the programme first, then try it here.
simulations-draft-same = The draft says what is in force already. Change it first, then try it here.
simulations-draft-other-money = The draft reckons in other money than the programme in force, so the two cannot be compared.
simulations-known = Simulations of the last 30 days
simulation-started = Begun
simulation-by = By
simulation-against = Compared with
simulation-state = State
simulation-is-running = under way
simulation-is-stopping = being stopped
simulation-is-done = done
simulation-is-stopped = stopped
simulation-is-failed = failed
simulation-is-stopped-text = This simulation was stopped before its end, so there is nothing to show.
simulation-is-failed-text = This simulation did not come to its end: the service was stopped, or something went wrong. Begin another one.
simulation-is-done-text = The result of this simulation is not there any more.
simulation-heading = The draft beside version { $number }
simulation-begun = begun by { $name }, { $when }
simulation-running = { $share }% of the past is gone through.
simulation-stopping = It is being stopped.
simulation-progress = How much of the past is gone through
simulation-leave = You may leave this page: it goes on, and the result waits for you.
simulation-stop = Stop it
simulation-source = your shop’s own past
simulation-files = Files to take along
simulation-files-text = The same figures for a spreadsheet (CSV) and for programs (JSON).
action-simulation-started = tried the draft on past orders
action-simulation-stopped = stopped a simulation

campaigns = Campaigns
campaigns-of = Campaigns in { $year }
campaigns-years = Other years
campaigns-list = The same as a table
campaigns-none = There are no campaigns. They stand in the programme document, under [campaigns.…].
campaigns-elsewhere = There are no campaigns in this year, but in others.
campaigns-others = There are more campaigns in other years.
campaigns-broken = The draft has mistakes, so its campaigns are not shown here.
campaign-name = Campaign
campaign-from = From
campaign-until = Until
campaign-budget = Budget
campaign-no-beginning = from the beginning
campaign-no-end = without an end
campaign-no-budget = none
campaign-in-force = in force
campaign-ending = in force, not in the draft
campaign-draft = in the draft
calendar-month = { $count ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dec
}

values = Change values by a form
values-hint = What you change here is put into the document below when you keep, try or publish the draft. Everything else in it stays as it is.
values-earning = Earning
values-campaigns = Campaigns
values-referrals = Recommendations
values-tiers = Levels
values-rewards = Rewards
values-units = Units: worth and expiry
value-rate = Points given
value-per = for so much money
value-points = Points
value-per_item = Points for each piece
value-multiplier = Multiplier
value-from = First day
value-until = Last day
value-budget = Budget for all members
value-window = A click counts for
value-qualify-within = Time for the friend to qualify
value-caps-month = Most friends of one member in a month
value-caps-year = Most friends of one member in a year
value-caps-lifetime = Most friends of one member ever
value-at = Begins at
value-price = Price in points
value-amount = Amount
value-percent = Per cent
value-stock = Stock
value-worth-units = So many
value-worth-money = are worth
value-expiry-after_earning = End after they are earned
value-expiry-after_inactivity = End after no activity for
value-unit = Unit of time
value-unfit = This does not fit here: write a number, or choose a day.
unit-day = days
unit-week = weeks
unit-month = months
unit-year = years
draft-values-unfit = It was not kept: some values do not fit.
draft-values-unread = It was not kept: the document cannot be read, so the values of the form have no place in it.
