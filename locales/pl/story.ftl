# The story of a member, line by line.

story-change = { $change } ({ $account ->
    [available] dostępne
    [pending] oczekujące
    [held] zarezerwowane
   *[debt] zaległość
}), po zmianie: { $balance }
