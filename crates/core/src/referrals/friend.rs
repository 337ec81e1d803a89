//! The friend's side: how a recommendation goes from coming to qualifying, and back.

use super::attribution::MOST_ADVOCATES;
use super::editions::edition_of;
use super::state::{
    CLOCKS_DIFFER, Credit, Fulfilled, Ground, Introduction, Judge, Lapse, Particulars, Recommendation, ReferralState,
    Rejection, Stage, Step, Verdict, Wanted,
};
use crate::activity::{Activity, builtin};
use crate::decision::{Because, FollowUpCommand, OrderRecord, Refusal};
use crate::desk::{Desk, Event, Undecided, local_time};
use crate::holder::{Holder, HolderKind};
use crate::kernel::{Instant, MemberId, Name};
use crate::programme::condition::{Facts, MemberFacts, OrderFacts};
use crate::programme::{Edition, OnReturn, Programme, Review, Rulebook, Trigger};

/// Things that fulfil the terms besides the one that counts, of which so many are kept in mind.
const MOST_OTHERS: usize = 8;

/// Somebody came by a recommendation. Guards, in order: a household; nobody who recommends, or shares that do
/// not make a hundred; a programme without recommendations, or an edition that is not there; recommended before.
/// What then speaks against it is written down, so that everybody can see why it came to nothing.
pub fn refer(desk: &mut Desk<'_>, introduction: &Introduction) -> Result<(), Undecided> {
    if !matches!(desk.holder.kind, HolderKind::Member { .. }) {
        return Err(Refusal::UnknownHolder.into());
    }
    let credits = &introduction.credits;
    let sum: i64 = credits.iter().map(|credit| credit.share).sum();
    let sound = credits.len() <= MOST_ADVOCATES && credits.iter().all(|credit| (1..=100).contains(&credit.share));
    if sum != 100 || !sound {
        let detail = Name::from("the shares of one to ten advocates must make a hundred");
        return Err(Refusal::Invalid { field: Name::from("credits"), detail }.into());
    }
    if let Some(state) = &desk.holder.referral {
        if state.introduction.is_like(introduction) {
            desk.decision.repeats = Some(state.began);
            return Ok(());
        }
        if !state.is_open_to_another() {
            return Err(Refusal::AlreadyReferred { at: state.introduction.came_at }.into());
        }
    }
    let programme = desk.programme;
    let (edition, rejection) = edition_of(programme, &desk.holder, introduction)?;
    let own = MemberId(desk.holder.id.0);
    let is_own = |advocate: MemberId| advocate == own || desk.holder.accounts().any(|(other, _)| other == advocate);
    let rejection =
        if credits.iter().any(|credit| is_own(credit.advocate)) { Some(Rejection::SelfReferral) } else { rejection };
    let stage = match rejection {
        Some(rejection) => Stage::Rejected { rejection, by: Judge::Detector, ground: None, until: None },
        None => Stage::Joined,
    };
    let before = desk.holder.referral.take();
    // Who has heard of the friend before goes by the number; and nobody is welcomed twice.
    let sequence = before.as_ref().map_or(0, |state| state.sequence);
    let welcome = before.and_then(|state| state.welcome);
    let came_at = introduction.came_at.min(desk.now);
    let ends_at = edition.qualify.within.map(|within| programme.calendar.after(came_at, within));
    desk.holder.referral = Some(Box::new(ReferralState {
        referral: edition.id.clone(),
        version: programme.version,
        began: desk.inputs.transaction,
        introduction: introduction.clone(),
        credits: credits.clone(),
        variant: edition.variant(credits[0].advocate).cloned(),
        sequence,
        stage,
        is_doubted: false,
        is_cleared: false,
        came_back: false,
        others: Vec::new(),
        ends_at,
        welcome,
        reward: None,
        drawn: false,
    }));
    tell(desk, came_at, true);
    Ok(())
}

/// An order of the friend was judged, first or again.
pub fn ordered(desk: &mut Desk<'_>, record: &OrderRecord) -> Result<(), Undecided> {
    let rulebook = desk.rulebook;
    let Some((state, programme, edition)) = terms(rulebook, &desk.holder) else {
        return Ok(());
    };
    if edition.qualify.on != Trigger::Order {
        return Ok(());
    }
    let order = &record.order;
    let holds = order.counts()
        && order.placed_at >= state.introduction.touched_at - CLOCKS_DIFFER
        && edition.qualify.when.holds(&Facts {
            member: &MemberFacts {
                profile: &record.profile,
                joined_at: desk.holder.joined_at,
                days_since_joining: programme.calendar.days_between(desk.holder.joined_at, order.placed_at),
                levels: &record.levels,
                orders: record.number - 1,
            },
            at: local_time(programme, order.placed_at),
            order: Some(OrderFacts { order, total: order.kept_total(), number: record.number }),
            line: None,
            activity: None,
        });
    let ground = holds.then(|| Ground {
        name: order.external_id.clone(),
        at: order.placed_at,
        total: Some(order.kept_total().0),
    });
    let until = match edition.qualify.wait {
        Some(wait) => wait.from_order(&programme.calendar, order),
        None => Some(desk.now),
    };
    rest_on(desk, edition, &order.external_id, ground, until)
}

/// An activity of the friend happened (`Some`), or did not after all.
pub fn happened(
    desk: &mut Desk<'_>,
    name: &Name,
    external_id: &Name,
    activity: Option<&Activity>,
) -> Result<(), Undecided> {
    let rulebook = desk.rulebook;
    let Some((state, programme, edition)) = terms(rulebook, &desk.holder) else {
        return Ok(());
    };
    if edition.qualify.on != Trigger::Activity(name.clone()) {
        return Ok(());
    }
    let ground_name = Name::from(format!("{name}/{external_id}"));
    let levels = desk.levels();
    let ground = activity.filter(|activity| {
        let member = desk.member_facts(&levels, activity.occurred_at);
        let at = local_time(programme, activity.occurred_at);
        let facts = Facts { member: &member, at, order: None, line: None, activity: Some(activity) };
        activity.occurred_at >= state.introduction.touched_at - CLOCKS_DIFFER && edition.qualify.when.holds(&facts)
    });
    let ground = ground.map(|activity| Ground { name: ground_name.clone(), at: activity.occurred_at, total: None });
    let begun = ground.as_ref().map_or(desk.now, |ground| ground.at);
    let until = edition.qualify.wait.map_or(desk.now, |wait| programme.calendar.after(begun, wait.wait));
    rest_on(desk, edition, &ground_name, ground, Some(until))
}

/// The terms of a recommendation: those of the version under which it began.
fn terms<'r, 'h>(
    rulebook: &'r Rulebook,
    holder: &'h Holder,
) -> Option<(&'h ReferralState, &'r Programme, &'r Edition)> {
    let state = holder.referral.as_deref()?;
    let programme: &Programme = rulebook.version(state.version)?;
    Some((state, programme, programme.edition(&state.referral)?))
}

/// What a friend did fulfils the terms (`Some`), or not, or no longer.
fn rest_on(
    desk: &mut Desk<'_>,
    edition: &Edition,
    name: &Name,
    ground: Option<Ground>,
    until: Option<Instant>,
) -> Result<(), Undecided> {
    let is_closed = desk.holder.is_closed();
    let Some(state) = desk.holder.referral.as_deref_mut() else {
        return Ok(());
    };
    let in_time = |ground: &Ground| state.ends_at.is_none_or(|end| ground.at <= end);
    let fulfilled = ground.filter(|_| !is_closed || state.ground().is_some()).filter(in_time);
    let fulfilled = fulfilled.map(|ground| Fulfilled { ground, until });
    if state.ground().is_some_and(|known| known.name != *name) {
        remember(&mut state.others, name, fulfilled);
        return Ok(());
    }
    let stage = match (&mut state.stage, fulfilled) {
        (Stage::Joined | Stage::Reversed, Some(Fulfilled { ground, until })) => Stage::Waiting { ground, until },
        // It was done in time, and told of late.
        (Stage::Expired { lapse: Lapse::Deadline }, Some(Fulfilled { ground, until })) => {
            Stage::Waiting { ground, until }
        }
        (Stage::Waiting { .. }, Some(Fulfilled { ground, until })) => Stage::Waiting { ground, until },
        (Stage::Qualified { ground: known, at }, Some(Fulfilled { ground, .. })) => {
            state.came_back = false;
            if edition.on_return == OnReturn::Keep || *known == ground {
                return Ok(());
            }
            Stage::Qualified { ground, at: *at }
        }
        (Stage::Ripe { ground: known }, Some(Fulfilled { ground, .. })) => {
            *known = ground;
            return Ok(());
        }
        (Stage::Held { ground: known, until: end }, Some(Fulfilled { ground, until })) => {
            *known = ground;
            *end = until;
            return Ok(());
        }
        (Stage::Rejected { ground: known, until: end, rejection: Rejection::Fraud, .. }, fulfilled) => {
            let has_another = known.is_some() && !is_closed && !state.others.is_empty();
            let fulfilled = fulfilled.or_else(|| has_another.then(|| state.others.remove(0)));
            *end = fulfilled.as_ref().and_then(|fulfilled| fulfilled.until);
            *known = fulfilled.map(|fulfilled| fulfilled.ground);
            return Ok(());
        }
        (Stage::Qualified { .. }, None) if edition.on_return == OnReturn::Keep => {
            state.came_back = true;
            return Ok(());
        }
        (Stage::Qualified { .. }, None) => or_another(&mut state.others, is_closed, Stage::Reversed),
        (Stage::Waiting { .. } | Stage::Ripe { .. } | Stage::Held { .. }, None) => {
            or_another(&mut state.others, is_closed, Stage::Joined)
        }
        _ => return Ok(()),
    };
    let at = desk.now;
    stand(desk, stage, at)?;
    ripen_if_due(desk, edition, at)
}

/// Keeps in mind what else fulfils the terms, or no longer does: the earliest few.
fn remember(others: &mut Vec<Fulfilled>, name: &Name, fulfilled: Option<Fulfilled>) {
    others.retain(|known| known.ground.name != *name);
    others.extend(fulfilled);
    others.sort_by(|one, other| (one.ground.at, &one.ground.name).cmp(&(other.ground.at, &other.ground.name)));
    others.truncate(MOST_OTHERS);
}

/// What it rested on is gone: it rests on the next that fulfils the terms, where there is one.
fn or_another(others: &mut Vec<Fulfilled>, is_closed: bool, otherwise: Stage) -> Stage {
    if is_closed || others.is_empty() {
        return otherwise;
    }
    let Fulfilled { ground, until } = others.remove(0);
    Stage::Waiting { ground, until }
}

fn ripen_if_due(desk: &mut Desk<'_>, edition: &Edition, at: Instant) -> Result<(), Undecided> {
    match desk.holder.referral.as_deref().map(|state| &state.stage) {
        Some(Stage::Waiting { ground, until: Some(until) }) if *until <= desk.now => {
            let ground = ground.clone();
            ripen(desk, edition, ground, at)
        }
        _ => Ok(()),
    }
}

/// Everything that the friend has to do is done. Who has a word in it is asked.
fn ripen(desk: &mut Desk<'_>, edition: &Edition, ground: Ground, at: Instant) -> Result<(), Undecided> {
    let Some(state) = desk.holder.referral.as_deref() else {
        return Ok(());
    };
    let stage = match edition.review {
        _ if state.is_cleared => return qualify(desk, ground, at),
        Review::None => return qualify(desk, ground, at),
        Review::All => Stage::Held { ground, until: Some(at) },
        Review::Suspicious if state.is_doubted => Stage::Held { ground, until: Some(at) },
        Review::Suspicious => Stage::Ripe { ground },
    };
    stand(desk, stage, at)
}

/// It counts, where the edition's budget has room for one more.
fn qualify(desk: &mut Desk<'_>, ground: Ground, at: Instant) -> Result<(), Undecided> {
    let rulebook = desk.rulebook;
    let budget = terms(rulebook, &desk.holder).and_then(|(_, _, edition)| edition.budget.as_ref());
    let is_drawn = desk.holder.referral.as_deref().is_some_and(|state| state.drawn);
    if let Some(budget) = budget.filter(|_| !is_drawn) {
        if desk.draw(&budget.quantity, 1)? == 0 {
            let (rejection, ground) = (Rejection::BudgetSpent, Some(ground));
            return stand(desk, Stage::Rejected { rejection, by: Judge::Detector, ground, until: Some(at) }, at);
        }
        if let Some(state) = desk.holder.referral.as_deref_mut() {
            state.drawn = true;
        }
    }
    stand(desk, Stage::Qualified { ground, at }, at)
}

/// What the detector or a person thinks; the detector of how it stood when `seen` was the number. Guards, in order: nobody
/// recommended the member; it came to an end by itself.
pub fn judge(desk: &mut Desk<'_>, verdict: Verdict, by: Judge, seen: Option<u32>) -> Result<(), Undecided> {
    let rulebook = desk.rulebook;
    let Some((state, _, edition)) = terms(rulebook, &desk.holder) else {
        return Err(Refusal::NotReferred.into());
    };
    match &state.stage {
        Stage::Expired { .. } => return Err(Refusal::ReferralOver.into()),
        Stage::Rejected { rejection, .. } if *rejection != Rejection::Fraud => {
            return Err(Refusal::ReferralOver.into());
        }
        _ => {}
    }
    match by {
        Judge::Person => judged_by_person(desk, edition, verdict),
        Judge::Detector if seen.is_some_and(|seen| seen != state.sequence) => Ok(()),
        Judge::Detector => judged_by_detector(desk, edition.review, verdict),
    }
}

/// The detector's word counts for nothing where nobody asks for it, where a person's is waited for, or was given.
fn judged_by_detector(desk: &mut Desk<'_>, review: Review, verdict: Verdict) -> Result<(), Undecided> {
    let at = desk.now;
    let Some(state) = desk.holder.referral.as_deref_mut() else {
        return Ok(());
    };
    if review == Review::None || state.is_cleared {
        return Ok(());
    }
    let verdict = if review == Review::All { verdict.min(Verdict::Hold) } else { verdict };
    let stage = match (&state.stage, verdict) {
        (Stage::Joined | Stage::Reversed | Stage::Waiting { .. }, Verdict::Allow | Verdict::Hold) => {
            state.is_doubted = verdict == Verdict::Hold;
            return Ok(());
        }
        (Stage::Ripe { ground }, Verdict::Allow) => {
            let ground = ground.clone();
            return qualify(desk, ground, at);
        }
        (Stage::Ripe { ground }, Verdict::Hold) => Stage::Held { ground: ground.clone(), until: Some(at) },
        (Stage::Joined | Stage::Reversed | Stage::Waiting { .. } | Stage::Ripe { .. }, Verdict::Reject) => {
            rejected(state, Judge::Detector, at)
        }
        _ => return Ok(()),
    };
    stand(desk, stage, at)
}

/// What a person says holds until a person says something else. Nothing counts before it has stood for as long as it has to.
fn judged_by_person(desk: &mut Desk<'_>, edition: &Edition, verdict: Verdict) -> Result<(), Undecided> {
    let at = desk.now;
    let Some(state) = desk.holder.referral.as_deref_mut() else {
        return Ok(());
    };
    state.is_cleared = verdict == Verdict::Allow;
    state.is_doubted = verdict == Verdict::Hold;
    let stage = match (&mut state.stage, verdict) {
        (Stage::Rejected { by, .. }, Verdict::Reject) => {
            *by = Judge::Person;
            return Ok(());
        }
        (_, Verdict::Reject) => rejected(state, Judge::Person, at),
        (Stage::Held { ground, until }, Verdict::Allow) => Stage::Waiting { ground: ground.clone(), until: *until },
        (Stage::Rejected { ground: Some(ground), until, .. }, Verdict::Allow) => {
            Stage::Waiting { ground: ground.clone(), until: *until }
        }
        (Stage::Rejected { ground: Some(ground), until, .. }, Verdict::Hold) => {
            Stage::Held { ground: ground.clone(), until: *until }
        }
        (Stage::Rejected { ground: None, .. }, Verdict::Allow | Verdict::Hold) => Stage::Joined,
        (Stage::Ripe { ground }, Verdict::Allow) => {
            let ground = ground.clone();
            return qualify(desk, ground, at);
        }
        (Stage::Ripe { ground } | Stage::Qualified { ground, .. }, Verdict::Hold) => {
            Stage::Held { ground: ground.clone(), until: Some(at) }
        }
        _ => return Ok(()),
    };
    // What has stood long enough counts at once, and is not told to have waited.
    match stage {
        Stage::Waiting { ground, until: Some(until) } if until <= at => qualify(desk, ground, at),
        stage => {
            stand(desk, stage, at)?;
            ripen_if_due(desk, edition, at)
        }
    }
}

fn rejected(state: &ReferralState, by: Judge, at: Instant) -> Stage {
    let until = match &state.stage {
        Stage::Waiting { until, .. } | Stage::Held { until, .. } | Stage::Rejected { until, .. } => *until,
        _ => Some(at),
    };
    Stage::Rejected { rejection: Rejection::Fraud, by, ground: state.ground().cloned(), until }
}

/// The advocate could not be told: what has left, or is nobody, is credited with nothing. The friend keeps what
/// is theirs. Something told later may have found the advocate able to listen meanwhile: a last word takes it back.
pub fn lose_advocate(desk: &mut Desk<'_>, advocate: MemberId, refusal: &Name) {
    let friend = MemberId(desk.holder.id.0);
    let Some(state) = desk.holder.referral.as_deref_mut() else {
        return;
    };
    let before = state.credits.len();
    state.credits.retain(|credit| credit.advocate != advocate);
    if state.credits.len() < before {
        state.sequence += 1;
        let word = recommendation(state, friend, Credit { advocate, share: 0 });
        let at = desk.now;
        let referral = state.referral.clone();
        let because = Because::AdvocateLost { referral, advocate, refusal: refusal.clone() };
        desk.effect(at, because, Vec::new());
        desk.follow_up(advocate.into(), FollowUpCommand::HearOfFriend { recommendation: Box::new(word) });
    }
}

/// The friend leaves, or turns out to be another member: what is still open comes to nothing. What has counted
/// stays, unless friend and advocate are one.
pub fn end(desk: &mut Desk<'_>, lapse: Lapse, survivor: Option<MemberId>) -> Result<(), Undecided> {
    merged_with(desk, survivor.into_iter())?;
    let at = desk.now;
    match desk.holder.referral.as_deref().map(|state| &state.stage) {
        Some(Stage::Joined | Stage::Reversed | Stage::Waiting { .. } | Stage::Ripe { .. } | Stage::Held { .. }) => {
            stand(desk, Stage::Expired { lapse }, at)
        }
        _ => Ok(()),
    }
}

/// Other accounts are found to be the friend's: who recommended themself is credited with nothing.
pub fn merged_with(desk: &mut Desk<'_>, mut accounts: impl Iterator<Item = MemberId>) -> Result<(), Undecided> {
    let Some(state) = desk.holder.referral.as_deref() else {
        return Ok(());
    };
    let is_self = accounts.any(|account| state.introduction.credits.iter().any(|credit| credit.advocate == account));
    let is_over = match state.stage {
        Stage::Rejected { rejection, .. } => rejection != Rejection::Fraud,
        Stage::Expired { .. } => true,
        _ => false,
    };
    if !is_self || is_over {
        return Ok(());
    }
    let at = desk.now;
    let stage = Stage::Rejected { rejection: Rejection::SelfReferral, by: Judge::Person, ground: None, until: None };
    stand(desk, stage, at)
}

/// When time has something to do next.
pub fn next_due(holder: &Holder) -> Option<Instant> {
    let state = holder.referral.as_deref().filter(|_| !holder.is_closed())?;
    match &state.stage {
        Stage::Waiting { until, .. } => *until,
        Stage::Joined | Stage::Reversed => state.ends_at,
        _ => None,
    }
}

/// What has waited long enough goes on; what nobody can fulfil any more ends.
pub fn review(desk: &mut Desk<'_>, due: Instant) -> Result<(), Undecided> {
    if next_due(&desk.holder).is_none_or(|next| next > due) {
        return Ok(());
    }
    let rulebook = desk.rulebook;
    let at = desk.now;
    let Some(state) = desk.holder.referral.as_deref() else {
        return Ok(());
    };
    match &state.stage {
        Stage::Waiting { ground, .. } => {
            let ground = ground.clone();
            let version = rulebook.version(state.version);
            match version.and_then(|programme| programme.edition(&state.referral)) {
                Some(edition) => ripen(desk, edition, ground, at),
                None => stand(desk, Stage::Held { ground, until: Some(at) }, at),
            }
        }
        _ => stand(desk, Stage::Expired { lapse: Lapse::Deadline }, at),
    }
}

/// From now on it stands like this. Those who are concerned are told.
fn stand(desk: &mut Desk<'_>, stage: Stage, at: Instant) -> Result<(), Undecided> {
    let rulebook = desk.rulebook;
    let budget = terms(rulebook, &desk.holder).and_then(|(_, _, edition)| edition.budget.as_ref());
    let Some(state) = desk.holder.referral.as_deref_mut() else {
        return Ok(());
    };
    let before = state.step();
    let counts = matches!(stage, Stage::Qualified { .. });
    state.stage = stage;
    let is_new = !before.is_like(&state.step());
    let gives_back = state.drawn && !counts;
    state.drawn &= counts;
    if let Some(budget) = budget.filter(|_| gives_back) {
        desk.put_back(&budget.quantity, 1);
    }
    tell(desk, at, is_new);
    Ok(())
}

/// Tells the friend's story, where the step is new, and the advocates how it stands now.
fn tell(desk: &mut Desk<'_>, at: Instant, is_new: bool) {
    let Some(state) = desk.holder.referral.as_deref_mut() else {
        return;
    };
    state.sequence += 1;
    let state = state.clone();
    let step = state.step();
    if is_new {
        let advocates = state.credits.iter().map(|credit| credit.advocate).collect();
        let because = Because::Referred { referral: state.referral.clone(), advocates, step: step.clone() };
        desk.effect(at, because, Vec::new());
    }
    let friend = MemberId(desk.holder.id.0);
    for credit in &state.credits {
        if credit.advocate == friend {
            continue;
        }
        let recommendation = Box::new(recommendation(&state, friend, *credit));
        desk.follow_up(credit.advocate.into(), FollowUpCommand::HearOfFriend { recommendation });
    }
    desk.events.push(Event::ReferralStands);
}

/// How it stands, as one of the advocates is told.
fn recommendation(state: &ReferralState, friend: MemberId, credit: Credit) -> Recommendation {
    Recommendation {
        advocate: credit.advocate,
        friend,
        referral: state.referral.clone(),
        version: state.version,
        share: credit.share,
        sequence: state.sequence,
        came_at: state.introduction.came_at,
        channel: state.introduction.channel.clone(),
        variant: state.variant.clone(),
        step: state.step(),
        is_passed_on: false,
    }
}

/// What of the friend's own activities took place, as things stand: coming, and qualifying.
pub fn wanted(desk: &Desk<'_>) -> Option<Wanted> {
    let state = desk.holder.referral.as_deref()?;
    let programme = desk.rulebook.version(state.version)?;
    let step = state.step();
    let particulars = |total| Particulars {
        referral: &state.referral,
        variant: state.variant.as_ref(),
        channel: state.introduction.channel.as_ref(),
        total,
        friends: None,
        share: 100,
        brand: &programme.brands[0].id,
    };
    let id = state.began.to_string();
    let came = step.has_come();
    let came_at = state.introduction.came_at.min(desk.now);
    let first = came.then(|| particulars(None).activity(builtin::REFERRED, &id, came_at));
    let second = match step {
        Step::Qualified { at, total } => Some(particulars(total).activity(builtin::REFERRAL_QUALIFIED, &id, at)),
        _ => None,
    };
    Some(Wanted { version: state.version, first, second })
}
