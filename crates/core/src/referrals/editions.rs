//! Under which edition somebody comes.

use super::state::{CLOCKS_DIFFER, Introduction, Rejection};
use crate::decision::Refusal;
use crate::desk::{levels, local_time, member_facts};
use crate::holder::Holder;
use crate::kernel::Instant;
use crate::programme::condition::{Facts, Test};
use crate::programme::{Edition, Programme};

/// The edition that an introduction falls under, and what speaks against it.
pub(super) fn edition_of<'p>(
    programme: &'p Programme,
    friend: &Holder,
    introduction: &Introduction,
) -> Result<(&'p Edition, Option<Rejection>), Refusal> {
    let named = introduction.referral.as_ref();
    let is_candidate = |edition: &Edition| named.is_none_or(|named| edition.id == *named);
    let candidates = || programme.referrals.iter().filter(|edition| is_candidate(edition));
    let (touched_at, came_at) = (introduction.touched_at, introduction.came_at);
    let Some(last) = candidates().next_back() else {
        return Err(match named {
            Some(referral) => Refusal::UnknownReferral { referral: referral.clone() },
            None => Refusal::ReferralsNotOffered,
        });
    };
    let Some(first) = candidates().find(|edition| edition.runs_at(touched_at)) else {
        return Ok((last, Some(Rejection::NotRunning)));
    };
    let Some(edition) = edition_at(programme, friend, is_candidate, touched_at, came_at) else {
        return Ok((first, Some(Rejection::NotEligible)));
    };
    let is_within = is_within(programme, edition, touched_at, came_at);
    Ok((edition, (!is_within).then_some(Rejection::OutsideWindow)))
}

/// Whether a member meets what an edition asks of those who recommend, or of those who are recommended.
pub(super) fn meets(programme: &Programme, member: &Holder, condition: &Test, at: Instant) -> bool {
    let levels = levels(programme, member);
    let facts = member_facts(programme, member, &levels, at);
    condition.holds(&Facts { member: &facts, at: local_time(programme, at), order: None, line: None, activity: None })
}

/// The edition in which a member may recommend at a moment.
pub fn may_recommend<'p>(programme: &'p Programme, member: &Holder, at: Instant) -> Option<&'p Edition> {
    let is_open = |edition: &&Edition| edition.runs_at(at) && meets(programme, member, &edition.advocates, at);
    programme.referrals.iter().find(is_open)
}

/// The edition by which a member may still be recommended at a moment.
pub fn may_be_recommended<'p>(programme: &'p Programme, member: &Holder, at: Instant) -> Option<&'p Edition> {
    let is_open = |edition: &&Edition| edition.runs_at(at) && meets(programme, member, &edition.friends, at);
    programme.referrals.iter().filter(|_| member.referral.is_none()).find(is_open)
}

/// The first of some editions that ran at the touch and is meant for the friend.
pub(super) fn edition_at<'p>(
    programme: &'p Programme,
    friend: &Holder,
    is_candidate: impl Fn(&Edition) -> bool,
    touched_at: Instant,
    came_at: Instant,
) -> Option<&'p Edition> {
    let is_meant = |edition: &&Edition| {
        is_candidate(edition) && edition.runs_at(touched_at) && meets(programme, friend, &edition.friends, came_at)
    };
    programme.referrals.iter().find(is_meant)
}

/// Whether a friend came within the window of what they met.
pub(super) fn is_within(programme: &Programme, edition: &Edition, touched_at: Instant, came_at: Instant) -> bool {
    let within = touched_at - CLOCKS_DIFFER..=programme.calendar.after(touched_at, edition.window);
    within.contains(&came_at)
}
