//! Under which edition somebody comes.

use super::state::{CLOCKS_DIFFER, Introduction, Rejection};
use crate::decision::Refusal;
use crate::desk::{levels, local_time, member_facts};
use crate::holder::Holder;
use crate::kernel::{Instant, Name};
use crate::programme::condition::{Facts, Test};
use crate::programme::{Edition, Programme};

/// Which editions are asked about.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// This one alone.
    pub named: Option<&'a Name>,
    /// Where none is named: all but these, under which nobody who is credited may recommend.
    pub closed: &'a [Name],
}

/// The edition under which a friend who comes at `came_at` is credited to whoever they met last, of `touches`. None where
/// no recommendation could count.
pub fn edition_meant<'p>(
    programme: &'p Programme,
    friend: &Holder,
    asked: Asked<'_>,
    touches: impl IntoIterator<Item = Instant>,
    came_at: Instant,
) -> Option<&'p Edition> {
    let found = touches.into_iter().filter_map(|touched_at| {
        let edition = edition_at(programme, friend, asked, touched_at, came_at)?;
        is_within(programme, edition, touched_at, came_at).then_some((touched_at, edition))
    });
    found.max_by_key(|(touched_at, _)| *touched_at).map(|(_, edition)| edition)
}

/// The edition that an introduction falls under, and what speaks against it.
pub(super) fn edition_of<'p>(
    programme: &'p Programme,
    friend: &Holder,
    introduction: &Introduction,
) -> Result<(&'p Edition, Option<Rejection>), Refusal> {
    let named = introduction.referral.as_ref();
    let asked = Asked { named, closed: &introduction.closed };
    let (touched_at, came_at) = (introduction.touched_at, introduction.came_at);
    let Some(last) = candidates(programme, asked).last() else {
        return Err(match named {
            Some(referral) => Refusal::UnknownReferral { referral: referral.clone() },
            None => Refusal::ReferralsNotOffered,
        });
    };
    let Some(first) = candidates(programme, asked).find(|edition| edition.runs_at(touched_at)) else {
        return Ok((last, Some(Rejection::NotRunning)));
    };
    let Some(edition) = edition_at(programme, friend, asked, touched_at, came_at) else {
        return Ok((first, Some(Rejection::NotEligible)));
    };
    let is_within = is_within(programme, edition, touched_at, came_at);
    Ok((edition, (!is_within).then_some(Rejection::OutsideWindow)))
}

fn candidates<'p>(programme: &'p Programme, asked: Asked<'_>) -> impl Iterator<Item = &'p Edition> {
    programme.referrals.iter().filter(move |edition| match asked.named {
        Some(named) => edition.id == *named,
        None => !asked.closed.contains(&edition.id),
    })
}

/// Whether a member meets what an edition asks of those who recommend, or of those who are recommended.
pub fn meets(programme: &Programme, member: &Holder, condition: &Test, at: Instant) -> bool {
    let levels = levels(programme, member);
    let facts = member_facts(programme, member, &levels, at);
    condition.holds(&Facts { member: &facts, at: local_time(programme, at), order: None, line: None, activity: None })
}

/// The first edition that ran at the touch and is meant for the friend.
fn edition_at<'p>(
    programme: &'p Programme,
    friend: &Holder,
    asked: Asked<'_>,
    touched_at: Instant,
    came_at: Instant,
) -> Option<&'p Edition> {
    candidates(programme, asked)
        .find(|edition| edition.runs_at(touched_at) && meets(programme, friend, &edition.friends, came_at))
}

fn is_within(programme: &Programme, edition: &Edition, touched_at: Instant, came_at: Instant) -> bool {
    let within = touched_at - CLOCKS_DIFFER..=programme.calendar.after(touched_at, edition.window);
    within.contains(&came_at)
}
