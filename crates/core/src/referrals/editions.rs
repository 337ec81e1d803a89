//! Under which edition somebody comes.

use super::state::{CLOCKS_DIFFER, Introduction, Rejection};
use crate::decision::Refusal;
use crate::desk::{levels, local_time, member_facts};
use crate::holder::Holder;
use crate::kernel::{Instant, Name};
use crate::programme::condition::Facts;
use crate::programme::{Edition, Programme};

/// The edition under which a friend who comes at `came_at` is credited to whoever they met last, of `touches`. None where
/// no recommendation could count.
pub fn edition_meant<'p>(
    programme: &'p Programme,
    friend: &Holder,
    named: Option<&Name>,
    touches: impl IntoIterator<Item = Instant>,
    came_at: Instant,
) -> Option<&'p Edition> {
    let found = touches.into_iter().filter_map(|touched_at| {
        let edition = edition_at(programme, friend, named, touched_at, came_at)?;
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
    let (touched_at, came_at) = (introduction.touched_at, introduction.came_at);
    let Some(last) = candidates(programme, named).last() else {
        return Err(match named {
            Some(referral) => Refusal::UnknownReferral { referral: referral.clone() },
            None => Refusal::ReferralsNotOffered,
        });
    };
    let Some(first) = candidates(programme, named).find(|edition| edition.runs_at(touched_at)) else {
        return Ok((last, Some(Rejection::NotRunning)));
    };
    let Some(edition) = edition_at(programme, friend, named, touched_at, came_at) else {
        return Ok((first, Some(Rejection::NotEligible)));
    };
    let is_within = is_within(programme, edition, touched_at, came_at);
    Ok((edition, (!is_within).then_some(Rejection::OutsideWindow)))
}

fn candidates<'p>(programme: &'p Programme, named: Option<&Name>) -> impl Iterator<Item = &'p Edition> {
    programme.referrals.iter().filter(move |edition| named.is_none_or(|named| edition.id == *named))
}

/// The first edition that ran at the touch and is meant for the friend.
fn edition_at<'p>(
    programme: &'p Programme,
    friend: &Holder,
    named: Option<&Name>,
    touched_at: Instant,
    came_at: Instant,
) -> Option<&'p Edition> {
    let levels = levels(programme, friend);
    let member = member_facts(programme, friend, &levels, came_at);
    let at = local_time(programme, came_at);
    let facts = Facts { member: &member, at, order: None, line: None, activity: None };
    candidates(programme, named).find(|edition| edition.runs_at(touched_at) && edition.friends.holds(&facts))
}

fn is_within(programme: &Programme, edition: &Edition, touched_at: Instant, came_at: Instant) -> bool {
    let within = touched_at - CLOCKS_DIFFER..=programme.calendar.after(touched_at, edition.window);
    within.contains(&came_at)
}
