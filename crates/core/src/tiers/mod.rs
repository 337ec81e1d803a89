//! Tier ladders: what counts, when a level is reached, and when it is lost.
//!
//! A level is reached at once. How long it stays depends on the ladder's window:
//! - over a lifetime it stays as long as the metric does;
//! - over a year (of the calendar or of the membership) it is kept, after the year in which it was
//!   reached, for `keep` years more; each year's end is a review;
//! - over a rolling period it is reviewed on the day when too little is left in the window.
//!
//! A review that finds too little waits for the ladder's grace period first. Stepping down one
//! level at a time, the lower level is secured for one more window.

mod progress;

use crate::decision::{Because, Standing, TierCause};
use crate::desk::{Desk, Event, Undecided};
use crate::explanation::NearMiss;
use crate::holder::{Holder, TierState};
use crate::kernel::{Instant, Name};
use crate::programme::{Ladder, LadderWindow, Metric, OnReturn, Programme, StepDown};

pub use progress::reached;

/// What an event means for a metric: `None` when it does not count.
pub fn count(desk: &mut Desk<'_>, event: &Event) -> Result<(), Undecided> {
    let programme = desk.programme;
    for ladder in &programme.ladders {
        let change = match (&ladder.metric, event) {
            (Metric::Spend, Event::Spent { at, amount }) => Some((*at, *amount)),
            (Metric::Orders, Event::Ordered { at, orders }) => Some((*at, *orders)),
            (Metric::Points(unit), Event::Earned { at, unit: earned, points }) if unit == earned => {
                Some((*at, *points))
            }
            (Metric::Activity(name), Event::Happened { at, activity, times }) if name == activity => {
                Some((*at, *times))
            }
            _ => None,
        };
        if let Some((at, amount)) = change.filter(|(_, amount)| *amount != 0) {
            add(desk, programme, ladder, at, amount);
        }
    }
    Ok(())
}

fn add(desk: &mut Desk<'_>, programme: &Programme, ladder: &Ladder, at: Instant, amount: i64) {
    let now = desk.now;
    let mut state = take_state(&mut desk.holder, ladder);
    if desk.holder.is_closed() {
        // Nobody has a level there: it is only counted, for the survivor where there is one.
        progress::add(programme, ladder, &mut state, at, amount);
        desk.holder.tiers.insert(ladder.id.clone(), state);
        return;
    }
    let current = ladder.rank(&state.level).unwrap_or(0);
    // Only a return that makes the difference: a grace period is not cut short by any other.
    let may_fall = amount < 0 && ladder.on_return == OnReturn::Recheck;
    let falls_at_once = may_fall && supported(programme, ladder, &desk.holder, &state, now) >= current;
    progress::add(programme, ladder, &mut state, at, amount);
    let supported = supported(programme, ladder, &desk.holder, &state, now);
    let target = if supported > current || falls_at_once { supported } else { current };
    if supported >= current {
        state.grace_until = None;
    }
    let cause = if target < current { TierCause::Return } else { TierCause::Reached };
    move_to(desk, programme, ladder, state, target, now, cause);
}

/// Takes over what an account that was merged has counted, the level that it held, and what was promised
/// to it. A level that the account had reached is not reached once more.
pub fn inherit(desk: &mut Desk<'_>, ladder: &Name, theirs: &TierState) {
    let programme = desk.programme;
    let Some(ladder) = programme.ladders.iter().find(|known| known.id == *ladder) else {
        return;
    };
    let Some(their_rank) = ladder.rank(&theirs.level).filter(|_| fits(ladder, theirs)) else {
        return;
    };
    let now = desk.now;
    let mut state = take_state(&mut desk.holder, ladder);
    let current = ladder.rank(&state.level).unwrap_or(0);
    let stood = supported(programme, ladder, &desk.holder, &state, now) >= current;
    for (day, amount) in &theirs.progress {
        progress::add_on(&mut state, *day, *amount);
    }
    if desk.holder.is_closed() {
        desk.holder.tiers.insert(ladder.id.clone(), state);
        return;
    }
    let promise = |(level, until): &(Name, Instant)| (ladder.rank(level), *until);
    state.secured = state.secured.into_iter().chain(theirs.secured.clone()).max_by_key(promise);
    let promised = state.secured.clone();
    let supported = supported(programme, ladder, &desk.holder, &state, now);
    let takes_away = theirs.progress.values().sum::<i64>() < 0 && ladder.on_return == OnReturn::Recheck;
    let kept = if takes_away && stood { 0 } else { current.max(their_rank) };
    let target = supported.max(kept);
    let borrowed = target > supported && target == their_rank && target > current;
    if supported >= current || borrowed {
        state.grace_until = theirs.grace_until.filter(|_| borrowed);
    }
    let cause = if target < current { TierCause::Return } else { TierCause::Merge };
    move_to(desk, programme, ladder, state, target, now, cause);
    if target <= their_rank {
        let reached = &ladder.levels[target].id;
        desk.events.retain(|event| !matches!(event, Event::LevelReached { level, .. } if level == reached));
        // Nor is it promised for longer than it was to the account.
        if let Some(mut state) = desk.holder.tiers.remove(&ladder.id) {
            state.secured = promised;
            plan(programme, ladder, &desk.holder, &mut state, now);
            desk.holder.tiers.insert(ladder.id.clone(), state);
        }
    }
    if let Some(state) = desk.holder.tiers.get_mut(&ladder.id).filter(|_| borrowed) {
        state.review_at = theirs.review_at.or(state.review_at);
    }
}

/// The next level of each ladder, where it is not far.
pub fn near(desk: &Desk<'_>) -> Vec<NearMiss> {
    let near = |ladder: &Ladder| {
        let state = desk.holder.tiers.get(&ladder.id).filter(|state| fits(ladder, state))?;
        let next = ladder.levels.get(ladder.rank(&state.level)? + 1)?;
        let reached = reached(desk.programme, ladder, &desk.holder, state, desk.now);
        NearMiss::is_near(reached, next.at).then(|| NearMiss::Level {
            ladder: ladder.id.clone(),
            level: next.id.clone(),
            needed: next.at,
            missing: next.at - reached,
        })
    };
    desk.programme.ladders.iter().filter_map(near).collect()
}

/// When a ladder looks at the holder again.
pub fn next_due(programme: &Programme, holder: &Holder) -> Option<Instant> {
    let due = |ladder: &Ladder| {
        let state = holder.tiers.get(&ladder.id)?;
        if !fits(ladder, state) {
            return Some(holder.clock);
        }
        match (state.grace_until, state.review_at) {
            (Some(grace), _) => Some(grace),
            (None, review) => review,
        }
    };
    programme.ladders.iter().filter_map(due).min()
}

/// Does the review that is due at `at` or before.
pub fn review(desk: &mut Desk<'_>, at: Instant) -> Result<(), Undecided> {
    let programme = desk.programme;
    for ladder in &programme.ladders {
        let Some(state) = desk.holder.tiers.get(&ladder.id).cloned() else {
            continue;
        };
        let Some(current) = ladder.rank(&state.level).filter(|_| fits(ladder, &state)) else {
            adapt(desk, programme, ladder, state, at);
            continue;
        };
        if state.grace_until.is_some_and(|until| until <= at) {
            fall(desk, programme, ladder, state, current, at);
        } else if state.grace_until.is_none() && state.review_at.is_some_and(|review| review <= at) {
            look(desk, programme, ladder, state, current, at);
        }
    }
    Ok(())
}

/// Whether the state is one of this ladder as the programme has it now.
fn fits(ladder: &Ladder, state: &TierState) -> bool {
    state.shape == ladder.shape && ladder.rank(&state.level).is_some()
}

/// Another version counts something else, over another window, or has other levels. What was
/// counted before means nothing then; the level, where it is still there, is kept for one window.
fn adapt(desk: &mut Desk<'_>, programme: &Programme, ladder: &Ladder, mut state: TierState, at: Instant) {
    state.grace_until = None;
    if state.shape != ladder.shape {
        state.progress.clear();
        state.secured = ladder.rank(&state.level).map(|_| {
            let until = match ladder.window {
                LadderWindow::Lifetime => Instant::MAX,
                LadderWindow::Rolling(period) => programme.calendar.after(at, period),
                _ => progress::years_after(programme, ladder, &desk.holder, at, ladder.keep + 1),
            };
            (state.level.clone(), until)
        });
        state.shape = ladder.shape.clone();
    }
    if state.secured.as_ref().is_some_and(|(level, _)| ladder.rank(level).is_none()) {
        state.secured = None;
    }
    let target = supported(programme, ladder, &desk.holder, &state, at);
    move_to(desk, programme, ladder, state, target, at, TierCause::Programme);
}

/// A review: keeps the level where enough was reached, and starts the grace period or lets it fall
/// where not.
fn look(
    desk: &mut Desk<'_>,
    programme: &Programme,
    ladder: &Ladder,
    mut state: TierState,
    current: usize,
    at: Instant,
) {
    let before = progress::last_moment_before(at);
    let earned = ladder.earned(reached(programme, ladder, &desk.holder, &state, before));
    let promised = state.secured.as_ref().filter(|(_, until)| at < *until).and_then(|(level, _)| ladder.rank(level));
    if is_yearly(ladder) && ladder.keep > 0 && earned >= promised.unwrap_or(0) {
        let until = progress::years_after(programme, ladder, &desk.holder, at, ladder.keep);
        state.secured = Some((ladder.levels[earned].id.clone(), until));
    }
    if supported(programme, ladder, &desk.holder, &state, at) >= current {
        plan(programme, ladder, &desk.holder, &mut state, at);
        desk.holder.tiers.insert(ladder.id.clone(), state);
        return;
    }
    match ladder.grace {
        Some(grace) if !grace.is_zero() => {
            let until = programme.calendar.after(at, grace);
            state.grace_until = Some(until);
            let because = Because::TierGrace { ladder: ladder.id.clone(), tier: state.level.clone(), until };
            desk.holder.tiers.insert(ladder.id.clone(), state);
            desk.effect(at, because, Vec::new());
        }
        _ => fall(desk, programme, ladder, state, current, at),
    }
}

/// Lets a level fall, by one or to what is supported, unless enough was reached meanwhile.
fn fall(
    desk: &mut Desk<'_>,
    programme: &Programme,
    ladder: &Ladder,
    mut state: TierState,
    current: usize,
    at: Instant,
) {
    state.grace_until = None;
    let supported = supported(programme, ladder, &desk.holder, &state, at);
    if supported >= current {
        plan(programme, ladder, &desk.holder, &mut state, at);
        desk.holder.tiers.insert(ladder.id.clone(), state);
        return;
    }
    let target = match ladder.step_down {
        StepDown::ToEarned => supported,
        StepDown::One => supported.max(current - 1),
    };
    if target > supported {
        let until = match ladder.window {
            LadderWindow::Rolling(period) => programme.calendar.after(at, period),
            _ => progress::years_after(programme, ladder, &desk.holder, at, 1),
        };
        state.secured = Some((ladder.levels[target].id.clone(), until));
    }
    move_to(desk, programme, ladder, state, target, at, TierCause::Review);
}

/// The level that the metric, or an earlier promise, supports.
fn supported(programme: &Programme, ladder: &Ladder, holder: &Holder, state: &TierState, at: Instant) -> usize {
    let earned = ladder.earned(reached(programme, ladder, holder, state, at));
    let secured = state.secured.as_ref().filter(|(_, until)| at < *until).and_then(|(level, _)| ladder.rank(level));
    earned.max(secured.unwrap_or(0))
}

fn is_yearly(ladder: &Ladder) -> bool {
    matches!(ladder.window, LadderWindow::CalendarYear | LadderWindow::MembershipYear)
}

/// Takes the state out of the holder, to be put back by [`move_to`].
fn take_state(holder: &mut Holder, ladder: &Ladder) -> TierState {
    let since = holder.joined_at;
    holder.tiers.remove(&ladder.id).unwrap_or_else(|| TierState {
        level: ladder.levels[0].id.clone(),
        shape: ladder.shape.clone(),
        since,
        progress: Default::default(),
        secured: None,
        grace_until: None,
        review_at: None,
    })
}

/// Writes the state with its level, tells of a change, and plans the next review.
fn move_to(
    desk: &mut Desk<'_>,
    programme: &Programme,
    ladder: &Ladder,
    mut state: TierState,
    target: usize,
    at: Instant,
    cause: TierCause,
) {
    let level: Name = ladder.levels[target].id.clone();
    let from = state.level.clone();
    if from != level {
        let rose = ladder.rank(&from).is_none_or(|rank| rank < target);
        state.level = level.clone();
        state.since = at;
        let reached = reached(programme, ladder, &desk.holder, &state, at);
        if rose && is_yearly(ladder) && ladder.keep > 0 {
            let until = progress::years_after(programme, ladder, &desk.holder, at, ladder.keep + 1);
            state.secured = Some((level.clone(), until));
        }
        let needed =
            if rose { ladder.levels[target].at } else { ladder.rank(&from).map_or(0, |rank| ladder.levels[rank].at) };
        let standing = Standing { reached, needed };
        desk.effect(
            at,
            Because::TierChanged { ladder: ladder.id.clone(), from, to: level.clone(), standing, cause },
            Vec::new(),
        );
        if rose {
            desk.events.push(Event::LevelReached { at, level });
        }
    }
    plan(programme, ladder, &desk.holder, &mut state, at);
    desk.holder.tiers.insert(ladder.id.clone(), state);
}

/// Sets when the ladder looks again. Nobody looks at the base level: it cannot fall.
fn plan(programme: &Programme, ladder: &Ladder, holder: &Holder, state: &mut TierState, at: Instant) {
    progress::forget(programme, ladder, holder, state, at);
    let current = ladder.rank(&state.level).unwrap_or(0);
    state.review_at = match ladder.window {
        _ if current == 0 => None,
        LadderWindow::Lifetime => None,
        LadderWindow::CalendarYear | LadderWindow::MembershipYear => {
            Some(progress::years_after(programme, ladder, holder, at, 1))
        }
        LadderWindow::Rolling(_) => progress::runs_short(programme, ladder, state, ladder.levels[current].at, at),
    };
}
