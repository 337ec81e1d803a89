//! The advocate's side: what follows from how a recommendation stands.

use super::state::{Advocacy, Particulars, Recommendation, Step, Wanted};
use crate::activity::builtin;
use crate::decision::{Because, FollowUpCommand, Record, Refusal};
use crate::desk::{Desk, Undecided};
use crate::holder::HolderKind;
use crate::kernel::{MemberId, TransactionId};
use crate::programme::condition::Facts;
use crate::programme::{Edition, Programme};

/// What an advocate heard, and what follows: the engine has the activities judged and keeps the record.
pub struct Heard {
    pub advocacy: Advocacy,
    pub wanted: Wanted,
}

/// Hears how a recommendation stands. `None` for what is older than what was heard before. Guards, in order: a household;
/// a version that is not there; somebody who may not recommend.
pub fn hear(
    desk: &mut Desk<'_>,
    recommendation: &Recommendation,
    known: Option<&(TransactionId, Record)>,
) -> Result<Option<Heard>, Undecided> {
    if !matches!(desk.holder.kind, HolderKind::Member { .. }) {
        return Err(Refusal::UnknownHolder.into());
    }
    let known = match known {
        Some((transaction, Record::Advocacy(advocacy))) => Some((*transaction, advocacy)),
        _ => None,
    };
    if let Some((transaction, advocacy)) = known {
        if advocacy.recommendation.sequence >= recommendation.sequence {
            desk.decision.repeats = Some(transaction);
            return Ok(None);
        }
        desk.decision.replaces = Some(transaction);
    }
    let rulebook = desk.rulebook;
    let programme = rulebook.version(recommendation.version);
    let edition = programme.and_then(|programme| programme.edition(&recommendation.referral));
    let (Some(programme), Some(edition)) = (programme, edition) else {
        return Err(Refusal::UnknownReferral { referral: recommendation.referral.clone() }.into());
    };
    // Who is credited with nothing is told nothing; that it is so is remembered, against what arrives late.
    let is_credited = recommendation.share > 0;
    let is_new =
        is_credited && known.is_none_or(|(_, advocacy)| !advocacy.recommendation.step.is_like(&recommendation.step));
    let mut advocacy = match known {
        Some((_, advocacy)) => (**advocacy).clone(),
        None => {
            // Whether the account that was merged may was asked there.
            if is_credited && !recommendation.is_passed_on {
                may_recommend(desk, edition)?;
            }
            Advocacy {
                recommendation: recommendation.clone(),
                number: None,
                limit: None,
                is_passed_on: false,
                joined: None,
                qualified: None,
            }
        }
    };
    let before = std::mem::replace(&mut advocacy.recommendation, recommendation.clone());
    count(desk, edition, &mut advocacy, &before);
    pass_on(desk, &mut advocacy);
    if is_new {
        let because = Because::FriendStands {
            referral: recommendation.referral.clone(),
            friend: recommendation.friend,
            step: recommendation.step.clone(),
            number: advocacy.number,
            limit: advocacy.limit,
        };
        let at = desk.now;
        desk.effect(at, because, Vec::new());
    }
    let wanted = wanted(programme, &advocacy);
    Ok(Some(Heard { advocacy, wanted }))
}

fn may_recommend(desk: &Desk<'_>, edition: &Edition) -> Result<(), Refusal> {
    let levels = desk.levels();
    let member = desk.member_facts(&levels, desk.now);
    let facts = Facts { member: &member, at: desk.local(desk.now), order: None, line: None, activity: None };
    if edition.advocates.holds(&facts) {
        Ok(())
    } else {
        Err(Refusal::MayNotRecommend { referral: edition.id.clone() })
    }
}

/// Counts the friend among those who count, within the limits of the edition, or no longer.
fn count(desk: &mut Desk<'_>, edition: &Edition, advocacy: &mut Advocacy, before: &Recommendation) {
    let qualified_at = advocacy.recommendation.counts_since();
    match (advocacy.number, qualified_at) {
        // An account that was merged counts nobody any more.
        (None, Some(_)) if desk.holder.merged_into().is_some() => {}
        // There was no room at that time, and what changes about the order later makes none.
        (None, Some(at)) if advocacy.limit.is_some() && before.counts_since() == Some(at) => {}
        (None, Some(at)) => {
            let date = desk.programme.calendar.date(at);
            let limit = edition.caps.iter().find(|cap| desk.cap_room(cap, date) < 1);
            advocacy.limit = limit.map(|cap| cap.window);
            if limit.is_none() {
                edition.caps.iter().for_each(|cap| desk.use_up(&cap.usage, cap.window, 1, date));
                let friends = desk.holder.friends.entry(edition.id.clone()).or_default();
                advocacy.number = Some(friends.take());
            }
        }
        (Some(number), None) => {
            let counted_at = advocacy.qualified.as_ref().map_or(desk.now, |judged| judged.activity.occurred_at);
            let date = desk.programme.calendar.date(counted_at);
            edition.caps.iter().for_each(|cap| desk.use_up(&cap.usage, cap.window, -1, date));
            let is_merged = desk.holder.merged_into().is_some();
            let friends = desk.holder.friends.entry(edition.id.clone()).or_default();
            if is_merged {
                // The survivor counts them since the merge, and hears that there is one less.
                friends.highest -= 1;
            } else {
                friends.give_up(number);
            }
            if friends.is_empty() {
                desk.holder.friends.remove(&edition.id);
            }
            advocacy.number = None;
        }
        (None, None) => advocacy.limit = None,
        (Some(_), Some(_)) => {}
    }
}

/// An account that was merged leaves it to the survivor to count whoever it has not counted itself.
fn pass_on(desk: &mut Desk<'_>, advocacy: &mut Advocacy) {
    let Some(survivor) = desk.holder.merged_into().filter(|_| advocacy.number.is_none()) else {
        return;
    };
    if !advocacy.is_passed_on && advocacy.recommendation.counts_since().is_none() {
        return;
    }
    advocacy.is_passed_on = true;
    let recommendation = Box::new(Recommendation { is_passed_on: true, ..advocacy.recommendation.clone() });
    desk.follow_up(survivor.into(), FollowUpCommand::HearOfFriend { recommendation });
}

/// What of the advocate's activities took place, as things stand: a friend's coming, and qualifying.
fn wanted(programme: &Programme, advocacy: &Advocacy) -> Wanted {
    let recommendation = &advocacy.recommendation;
    let particulars = |total, friends| Particulars {
        referral: &recommendation.referral,
        variant: recommendation.variant.as_ref(),
        channel: recommendation.channel.as_ref(),
        total,
        friends,
        share: recommendation.share,
        brand: &programme.brands[0].id,
    };
    let id = MemberId::to_string(&recommendation.friend);
    let first = recommendation
        .has_brought()
        .then(|| particulars(None, None).activity(builtin::FRIEND_JOINED, &id, recommendation.came_at));
    let second = match (&recommendation.step, advocacy.number) {
        (Step::Qualified { at, total }, Some(number)) => {
            Some(particulars(*total, Some(number)).activity(builtin::FRIEND_QUALIFIED, &id, *at))
        }
        _ => None,
    };
    Wanted { version: recommendation.version, first, second }
}
