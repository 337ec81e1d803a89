# The console's pages about audits of the books.

audits = Audits of the books
audits-text = Every decision since the first day is made again, every balance added up anew, and every chain of hashes followed, from the data alone. Whatever is not as it was written down comes to light.
audits-limits = The shop goes on meanwhile. With many members it takes a while; one audit runs at a time, and its result is kept for 30 days.
audits-none = The books have not been audited from here yet.
audits-start = Audit the books
audits-not-yours = Somebody who runs the programme may begin.
audits-under-way = An audit is under way.
audits-watch = See how far it is
audits-known = Audits of the last 30 days
audits-started = Begun
audits-by = By
audits-result = Result
audit-heading = Audit of the books
audit-begun = begun by { $name }, { $when }
audit-is-running = under way
audit-is-stopping = being stopped
audit-is-stopped = stopped
audit-is-failed = failed
audit-is-stopped-text = This audit was stopped before its end, so it proves nothing.
audit-is-failed-text = This audit did not come to its end: the service was stopped, or the database could not be read. Begin another one.
audit-is-done-text = The result of this audit is not there any more.
audit-reached = Wallets checked so far: { $count }
audit-stopping = It is being stopped.
audit-leave = You may leave this page: it goes on, and the result waits for you.
audit-stop = Stop it
audit-clean = Everything holds
audit-checked = Checked: { $holders } wallets, { $transactions } transactions.
audit-clean-text = Every decision, made again, came out as it is written down, and every balance is the sum of its entries.
audit-differs = { $count ->
    [one] { $number } difference
   *[other] { $number } differences
}
audit-differs-text = Something was changed outside of Lojal, or storage is damaged. Leave the database as it is and show this to whoever runs the service: a backup from before can be restored.
audit-more = The first { $number } are shown; the command “lojal audit” prints all.
audit-where = Where
audit-what = What differs
audit-whole = the whole shop
audit-transaction = Transaction
action-audit-started = began an audit of the books
action-audit-stopped = stopped an audit of the books
