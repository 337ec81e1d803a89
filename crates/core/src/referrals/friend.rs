//! The friend's side: how a recommendation goes from coming to qualifying, and back.

use super::attribution::MOST_ADVOCATES;
use super::state::{
    CLOCKS_DIFFER, Credit, Ground, Introduction, Judge, Lapse, Particulars, Recommendation, ReferralState, Rejection,
    Stage, Step, Verdict, Wanted,
};
use crate::activity::{Activity, builtin};
use crate::decision::{Because, FollowUpCommand, OrderRecord, Refusal};
use crate::desk::{Desk, Event, Undecided, local_time};
use crate::holder::{Holder, HolderKind};
use crate::kernel::{Instant, MemberId, Name};
use crate::programme::condition::{Facts, MemberFacts, OrderFacts};
use crate::programme::{Edition, OnReturn, Programme, Review, Rulebook, Trigger};

/// Somebody came by a recommendation. Guards, in order: a household; nobody who recommends, or shares that do
/// not make a hundred; a programme without recommendations, or an edition that is not there; recommended before.
/// What then speaks against it is written down, so that everybody can see why it came to nothing.
pub fn refer(desk: &mut Desk<'_>, introduction: &Introduction) -> Result<(), Undecided> {
    if !matches!(desk.holder.kind, HolderKind::Member { .. }) {
        return Err(Refusal::UnknownHolder.into());
    }
    let mut told = 0;
    let mut welcome = None;
    let credits = &introduction.credits;
    let sum: i64 = credits.iter().map(|credit| credit.share).sum();
    let sound = credits.len() <= MOST_ADVOCATES && credits.iter().all(|credit| (1..=100).contains(&credit.share));
    if sum != 100 || !sound {
        let detail = Name::from("the shares of one to ten advocates must make a hundred");
        return Err(Refusal::Invalid { field: Name::from("credits"), detail }.into());
    }
    if let Some(state) = &desk.holder.referral
        && !is_open_to_another(state)
    {
        if state.introduction == *introduction {
            desk.decision.repeats = Some(state.began);
            return Ok(());
        }
        return Err(Refusal::AlreadyReferred { at: state.introduction.came_at }.into());
    }
    if let Some(state) = &desk.holder.referral {
        // Whoever recommends the same friend again knows of the first time.
        told = state.sequence;
        welcome = state.welcome.clone();
    }
    let programme = desk.programme;
    let (edition, rejection) = chosen(desk, introduction)?;
    let own = MemberId(desk.holder.id.0);
    let is_own = |advocate: MemberId| advocate == own || desk.holder.accounts().any(|(other, _)| other == advocate);
    let rejection =
        if credits.iter().any(|credit| is_own(credit.advocate)) { Some(Rejection::SelfReferral) } else { rejection };
    let stage = match rejection {
        Some(rejection) => rejected(rejection, Judge::Detector, None),
        None => Stage::Joined,
    };
    let came_at = introduction.came_at.min(desk.now);
    let ends_at = edition.qualify.within.map(|within| programme.calendar.after(came_at, within));
    desk.holder.referral = Some(Box::new(ReferralState {
        referral: edition.id.clone(),
        version: programme.version,
        began: desk.inputs.transaction,
        introduction: introduction.clone(),
        credits: credits.clone(),
        variant: edition.variant(credits[0].advocate).cloned(),
        sequence: told,
        stage,
        is_doubted: false,
        is_cleared: false,
        ends_at,
        welcome,
        reward: None,
        drawn: false,
    }));
    tell(desk, came_at, true);
    Ok(())
}

/// Not recognised; `ground` is what it rested on when nothing was left to wait for.
fn rejected(rejection: Rejection, by: Judge, ground: Option<Ground>) -> Stage {
    Stage::Rejected { rejection, by, ground, is_waiting: false, until: None }
}

/// Whether somebody else may be credited: the recommendation ended before the friend did anything, for a reason
/// that is not the friend's.
fn is_open_to_another(state: &ReferralState) -> bool {
    match &state.stage {
        Stage::Expired { lapse } => *lapse == Lapse::Deadline,
        Stage::Rejected { rejection, .. } => matches!(rejection, Rejection::NotRunning | Rejection::OutsideWindow),
        _ => false,
    }
}

/// The edition that a recommendation falls under, and what speaks against it.
fn chosen<'p>(desk: &Desk<'p>, introduction: &Introduction) -> Result<(&'p Edition, Option<Rejection>), Refusal> {
    let programme: &'p Programme = desk.programme;
    let named = introduction.referral.as_ref();
    let candidates: Vec<&Edition> =
        programme.referrals.iter().filter(|edition| named.is_none_or(|named| edition.id == *named)).collect();
    let Some(last) = candidates.last().copied() else {
        return Err(match named {
            Some(referral) => Refusal::UnknownReferral { referral: referral.clone() },
            None => Refusal::ReferralsNotOffered,
        });
    };
    let touched_at = introduction.touched_at;
    let running: Vec<&Edition> = candidates.into_iter().filter(|edition| edition.runs_at(touched_at)).collect();
    let Some(first) = running.first().copied() else {
        return Ok((last, Some(Rejection::NotRunning)));
    };
    let levels = desk.levels();
    let member = desk.member_facts(&levels, introduction.came_at);
    let at = desk.local(introduction.came_at);
    let facts = Facts { member: &member, at, order: None, line: None, activity: None };
    let Some(edition) = running.into_iter().find(|edition| edition.friends.holds(&facts)) else {
        return Ok((first, Some(Rejection::NotEligible)));
    };
    let within = touched_at - CLOCKS_DIFFER..=programme.calendar.after(touched_at, edition.window);
    let rejection = (!within.contains(&introduction.came_at)).then_some(Rejection::OutsideWindow);
    Ok((edition, rejection))
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
    let Some(state) = desk.holder.referral.as_deref_mut() else {
        return Ok(());
    };
    let rests_on_it = state.ground().is_some_and(|known| known.name == *name);
    let stage = match (&mut state.stage, ground) {
        (Stage::Joined | Stage::Reversed, Some(ground)) if state.ends_at.is_none_or(|end| ground.at <= end) => {
            Stage::Waiting { ground, until }
        }
        (Stage::Waiting { .. }, Some(ground)) if rests_on_it => Stage::Waiting { ground, until },
        (Stage::Qualified { ground: known, at }, Some(ground)) if rests_on_it => {
            if edition.on_return == OnReturn::Keep || *known == ground {
                return Ok(());
            }
            Stage::Qualified { ground, at: *at }
        }
        (Stage::Ripe { ground: known } | Stage::Held { ground: known }, Some(ground)) if rests_on_it => {
            *known = ground;
            return Ok(());
        }
        (
            Stage::Rejected { ground: known, rejection: Rejection::Fraud, is_waiting, until: known_until, .. },
            ground,
        ) if rests_on_it
            || (known.is_none()
                && ground.as_ref().is_some_and(|ground| state.ends_at.is_none_or(|end| ground.at <= end))) =>
        {
            // What had stood long enough need not stand again.
            *is_waiting |= known.is_none();
            *is_waiting &= ground.is_some();
            *known_until = until.filter(|_| *is_waiting);
            *known = ground;
            return Ok(());
        }
        (Stage::Qualified { .. }, None) if rests_on_it => match edition.on_return {
            OnReturn::Keep => return Ok(()),
            OnReturn::Recheck => Stage::Reversed,
        },
        (Stage::Waiting { .. } | Stage::Ripe { .. } | Stage::Held { .. }, None) if rests_on_it => Stage::Joined,
        _ => return Ok(()),
    };
    let at = desk.now;
    stand(desk, stage, at)?;
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
    let state = desk.holder.referral.as_deref();
    let is_doubted = state.is_some_and(|state| state.is_doubted);
    let stage = match edition.review {
        _ if state.is_some_and(|state| state.is_cleared) => return qualify(desk, ground, at),
        Review::None => return qualify(desk, ground, at),
        Review::All => Stage::Held { ground },
        Review::Suspicious if is_doubted => Stage::Held { ground },
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
            return stand(desk, rejected(Rejection::BudgetSpent, Judge::Detector, Some(ground)), at);
        }
        if let Some(state) = desk.holder.referral.as_deref_mut() {
            state.drawn = true;
        }
    }
    stand(desk, Stage::Qualified { ground, at }, at)
}

/// What the detector or a person thinks. Guards, in order: nobody recommended the member; it came to an end by
/// itself. The detector's word counts for nothing where a person's is asked for, or was given.
pub fn judge(desk: &mut Desk<'_>, verdict: Verdict, by: Judge) -> Result<(), Undecided> {
    let rulebook = desk.rulebook;
    let Some((state, _, edition)) = terms(rulebook, &desk.holder) else {
        return Err(Refusal::NotReferred.into());
    };
    let stage = state.stage.clone();
    match &stage {
        Stage::Expired { .. } => return Err(Refusal::ReferralOver.into()),
        Stage::Rejected { rejection, .. } if *rejection != Rejection::Fraud => {
            return Err(Refusal::ReferralOver.into());
        }
        _ => {}
    }
    let is_persons =
        state.is_cleared || matches!(stage, Stage::Held { .. } | Stage::Rejected { by: Judge::Person, .. });
    match by {
        Judge::Detector if is_persons => return Ok(()),
        Judge::Detector => {}
        Judge::Person => clear(desk, verdict == Verdict::Allow),
    }
    let at = desk.now;
    match (stage, verdict) {
        (Stage::Rejected { .. }, Verdict::Reject) => {
            convict(desk, by);
            Ok(())
        }
        (stage, Verdict::Reject) => stand(desk, found_out(stage, by), at),
        (Stage::Ripe { ground } | Stage::Held { ground }, Verdict::Allow) => qualify(desk, ground, at),
        (Stage::Ripe { ground } | Stage::Qualified { ground, .. }, Verdict::Hold) => {
            doubt(desk, true);
            stand(desk, Stage::Held { ground }, at)
        }
        (Stage::Rejected { ground, is_waiting, until, .. }, verdict) => {
            doubt(desk, verdict == Verdict::Hold);
            let is_due = !is_waiting || until.is_some_and(|until| until <= at);
            match ground {
                None => stand(desk, Stage::Joined, at),
                Some(ground) if !is_due => stand(desk, Stage::Waiting { ground, until }, at),
                Some(ground) if verdict == Verdict::Hold || (by, edition.review) == (Judge::Detector, Review::All) => {
                    stand(desk, Stage::Held { ground }, at)
                }
                Some(ground) => qualify(desk, ground, at),
            }
        }
        (Stage::Joined | Stage::Reversed | Stage::Waiting { .. }, verdict) => {
            doubt(desk, verdict == Verdict::Hold);
            Ok(())
        }
        (Stage::Held { .. }, Verdict::Hold)
        | (Stage::Qualified { .. }, Verdict::Allow)
        | (Stage::Expired { .. }, _) => Ok(()),
    }
}

/// Made up, as a recommendation at this stage is kept, so that it can go on from there.
fn found_out(stage: Stage, by: Judge) -> Stage {
    let (ground, is_waiting, until) = match stage {
        Stage::Waiting { ground, until } => (Some(ground), true, until),
        Stage::Ripe { ground } | Stage::Held { ground } | Stage::Qualified { ground, .. } => {
            (Some(ground), false, None)
        }
        Stage::Rejected { ground, is_waiting, until, .. } => (ground, is_waiting, until),
        Stage::Joined | Stage::Reversed | Stage::Expired { .. } => (None, false, None),
    };
    Stage::Rejected { rejection: Rejection::Fraud, by, ground, is_waiting, until }
}

/// A person says so, too.
fn convict(desk: &mut Desk<'_>, by: Judge) {
    if let Some(Stage::Rejected { by: known, .. }) = desk.holder.referral.as_deref_mut().map(|state| &mut state.stage) {
        *known = by.max(*known);
    }
}

fn doubt(desk: &mut Desk<'_>, is_doubted: bool) {
    if let Some(state) = desk.holder.referral.as_deref_mut() {
        state.is_doubted = is_doubted;
    }
}

fn clear(desk: &mut Desk<'_>, is_cleared: bool) {
    if let Some(state) = desk.holder.referral.as_deref_mut() {
        state.is_cleared = is_cleared;
    }
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
        let referral = state.referral.clone();
        let at = desk.now;
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
    let is_over = matches!(state.stage, Stage::Rejected { .. } | Stage::Expired { .. });
    if !is_self || is_over {
        return Ok(());
    }
    let at = desk.now;
    stand(desk, rejected(Rejection::SelfReferral, Judge::Person, None), at)
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
                None => stand(desk, Stage::Held { ground }, at),
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
    let came = !matches!(step, Step::Rejected { .. });
    let came_at = state.introduction.came_at.min(desk.now);
    let first = came.then(|| particulars(None).activity(builtin::REFERRED, &id, came_at));
    let second = match step {
        Step::Qualified { at, total } => Some(particulars(total).activity(builtin::REFERRAL_QUALIFIED, &id, at)),
        _ => None,
    };
    Some(Wanted { version: state.version, first, second })
}
