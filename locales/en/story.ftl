# The story of a member, line by line.

story-change = { $change } ({ $account ->
    [available] available
    [pending] pending
    [held] held
   *[debt] owed
}), after it: { $balance }
