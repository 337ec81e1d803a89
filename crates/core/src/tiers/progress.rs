//! The metric of a ladder over time: what is in the window, and when it leaves.

use jiff::ToSpan;

use crate::holder::{Holder, TierState};
use crate::kernel::{Date, Instant, Period};
use crate::programme::{Ladder, LadderWindow, Programme};

/// The day under which a lifetime ladder keeps its one sum.
const ALL_TIME: Date = Date::ZERO;

/// Adds to the day on which it happened.
pub fn add(programme: &Programme, ladder: &Ladder, state: &mut TierState, at: Instant, amount: i64) {
    let day = match ladder.window {
        LadderWindow::Lifetime => ALL_TIME,
        _ => programme.calendar.date(at),
    };
    add_on(state, day, amount);
}

/// Adds to a day as the ladder keeps it.
pub fn add_on(state: &mut TierState, day: Date, amount: i64) {
    let sum = state.progress.entry(day).or_insert(0);
    *sum = sum.saturating_add(amount);
    if *sum == 0 {
        state.progress.remove(&day);
    }
}

/// What counts at `at`.
pub fn reached(programme: &Programme, ladder: &Ladder, holder: &Holder, state: &TierState, at: Instant) -> i64 {
    let inside = window(programme, ladder, holder, at);
    let counted = state.progress.iter().filter(|(day, _)| inside(**day)).map(|(_, amount)| *amount);
    counted.sum::<i64>().max(0)
}

/// Whether a day counts at `at`.
fn window<'a>(
    programme: &'a Programme,
    ladder: &Ladder,
    holder: &Holder,
    at: Instant,
) -> Box<dyn Fn(Date) -> bool + 'a> {
    let today = programme.calendar.date(at);
    let first = match ladder.window {
        LadderWindow::Lifetime => ALL_TIME,
        LadderWindow::CalendarYear => today.first_of_year(),
        LadderWindow::MembershipYear => anniversary(programme, holder, today),
        LadderWindow::Rolling(period) => {
            // A month back and a month on do not always meet at the end of a month, so near the
            // edge the day on which a day leaves is the one answer, here and in `runs_short`.
            let edge = programme.calendar.date(programme.calendar.before(at, period));
            let (surely_out, surely_in) = (edge.saturating_sub(4.days()), edge.saturating_add(4.days()));
            return Box::new(move |day| day > surely_in || (day >= surely_out && at < leaves(programme, day, period)));
        }
    };
    Box::new(move |day| day >= first && day <= today)
}

/// The last anniversary of joining, `today` included.
fn anniversary(programme: &Programme, holder: &Holder, today: Date) -> Date {
    let joined = programme.calendar.date(holder.joined_at);
    let years = i64::from(today.year()) - i64::from(joined.year());
    let this_year = joined.saturating_add(years.years());
    if this_year <= today { this_year } else { joined.saturating_add((years - 1).years()) }
}

/// The end of the year (of the ladder's kind) that `at` lies in, and `years - 1` years more; the
/// moment `at` itself, where it is the first of a year, belongs to the year that begins.
pub fn years_after(programme: &Programme, ladder: &Ladder, holder: &Holder, at: Instant, years: i64) -> Instant {
    let today = programme.calendar.date(at);
    let end = match ladder.window {
        LadderWindow::MembershipYear => {
            // Counted from the day of joining, for a year added to the 28th of February never leads
            // back to the 29th.
            let joined = programme.calendar.date(holder.joined_at);
            let full = i64::from(anniversary(programme, holder, today).year() - joined.year());
            joined.saturating_add((full + years).years())
        }
        _ => today.first_of_year().saturating_add(years.years()),
    };
    programme.calendar.start_of(end).max(after(at))
}

/// A review at the first moment of a year looks at the year that has just ended.
pub fn last_moment_before(at: Instant) -> Instant {
    at.saturating_sub(1.nanoseconds()).unwrap_or(at)
}

/// When a rolling window will hold less than `needed`, if nothing is added: the start of the day on
/// which the day that carries it leaves.
pub fn runs_short(
    programme: &Programme,
    ladder: &Ladder,
    state: &TierState,
    needed: i64,
    at: Instant,
) -> Option<Instant> {
    let LadderWindow::Rolling(period) = ladder.window else {
        return None;
    };
    // A lower level that is secured says nothing about this one.
    let secured = state.secured.as_ref().filter(|(level, _)| ladder.rank(level) >= ladder.rank(&state.level));
    let secured = secured.map(|(_, until)| *until);
    let mut left: i64 = state.progress.values().sum();
    if left < needed {
        // Nothing supports the level but a promise; one that was left after a return has one window.
        return Some(secured.unwrap_or_else(|| programme.calendar.after(at, period)).max(after(at)));
    }
    let short = state.progress.iter().find_map(|(day, amount)| {
        left -= amount;
        (left < needed).then(|| leaves(programme, *day, period))
    });
    // While a level is secured nobody looks.
    let review = short.map(|short| secured.map_or(short, |until| short.max(until)));
    review.map(|review| review.max(after(at)))
}

/// The first moment at which `day` is no longer in the window.
fn leaves(programme: &Programme, day: Date, period: Period) -> Instant {
    programme.calendar.after(programme.calendar.start_of(day), period)
}

/// A review never asks for another at the same moment.
fn after(at: Instant) -> Instant {
    at.saturating_add(1.second()).unwrap_or(Instant::MAX)
}

/// Forgets days that no window will look at again.
pub fn forget(programme: &Programme, ladder: &Ladder, holder: &Holder, state: &mut TierState, at: Instant) {
    match ladder.window {
        LadderWindow::Lifetime => {}
        LadderWindow::CalendarYear | LadderWindow::MembershipYear => {
            let oldest = programme.calendar.date(at).saturating_sub(2.years());
            state.progress.retain(|day, _| *day >= oldest);
        }
        LadderWindow::Rolling(_) => {
            let inside = window(programme, ladder, holder, at);
            state.progress.retain(|day, _| inside(*day));
        }
    }
    if state.secured.as_ref().is_some_and(|(_, until)| *until <= at) {
        state.secured = None;
    }
}
