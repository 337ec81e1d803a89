//! `/console/referrals/{friend}`: one recommendation, from what the friend met to what both sides were given.

use std::collections::HashMap;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use lojal_core::activity::builtin;
use lojal_core::decision::{Because, Effect, JudgedActivity};
use lojal_core::holder::Holder;
use lojal_core::kernel::{Calendar, HolderId, MemberId, Money, TransactionId};
use lojal_core::programme::{Programme, text};
use lojal_core::referrals::attribution::{Outcome, TouchKind};
use lojal_core::referrals::{Advocacy, ReferralState};
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::Serialize;

use super::listing::edition_name;
use crate::members::{HolderView, holders};
use crate::platform::advocacies::advocacies_of;
use crate::platform::clock::instant;
use crate::platform::figures::{Came, cards_of};
use crate::platform::fraud::{Case, case_of};
use crate::platform::introductions::{Trace, TracedTouch, trace_find};
use crate::platform::pages::{PageError, PageState, Texts};
use crate::platform::staff::{Staff, Views};

/// Transactions of the friend's that are looked through for what became of the recommendation.
const MOST_LOOKED_THROUGH: usize = 500;

/// How the recommendation came to stand, or what was given.
#[derive(Serialize)]
struct EventView {
    when: String,
    says: String,
    state: Option<&'static str>,
    entry: String,
}

#[derive(Serialize)]
struct TouchView {
    when: String,
    advocate: HolderView,
    kind: &'static str,
    channel: Option<String>,
    outcome: String,
    is_credited: bool,
}

#[derive(Serialize)]
struct SideView {
    who: HolderView,
    /// In percent; nothing for the friend.
    share: Option<i64>,
    /// Which of the advocate's friends it is.
    number: Option<i64>,
    /// What left no room.
    limit: Option<String>,
    given: Vec<GivenView>,
}

#[derive(Serialize)]
struct GivenView {
    rule: String,
    amount: Option<String>,
    /// Why, in a word: the activity.
    on: &'static str,
}

#[derive(Serialize)]
struct CaseView {
    id: String,
    state: &'static str,
    opened: String,
}

pub async fn page(
    staff: Staff<Views>,
    State(state): State<PageState>,
    Path(friend): Path<String>,
) -> Result<Response, PageError> {
    let friend: MemberId = friend.parse().map_err(|_| PageError::NOT_FOUND)?;
    let application = &state.application;
    let holder = application.holder(friend.into()).await?.ok_or(PageError::NOT_FOUND)?;
    let referral = holder.referral.as_deref().ok_or(PageError::NOT_FOUND)?;
    let rulebook = application.rulebook();
    let live = rulebook.live().cloned().ok_or(PageError::NOT_FOUND)?;
    let programme = rulebook.version(referral.version).cloned().unwrap_or(live);
    let texts = state.pages.texts(staff.frame.language());
    let (events, is_whole) = events(&state, friend, &programme, texts).await?;
    let mut connection = application.database.read().await?;
    let trace = trace_find(&mut connection, friend).await?;
    let case = case_of(&mut connection, friend).await?;
    let mut came = cards_of(&mut connection, [HolderId::from(friend)]).await?;
    let came = came.remove(&friend.into()).and_then(|card| card.facts.came);
    let mut heard = Vec::new();
    for credit in &referral.introduction.credits {
        heard.push((*credit, advocacies_of(&mut connection, credit.advocate, friend).await?));
    }
    let touched = trace.iter().flat_map(|trace| trace.touches.iter().map(|touch| touch.advocate));
    let people = heard.iter().map(|(credit, _)| credit.advocate).chain(touched).chain([friend]);
    let people: Vec<HolderId> = people.map(HolderId::from).collect();
    let named = holders(&state, &mut connection, people).await?;
    drop(connection);
    let who = |member: MemberId| named.get(&HolderId::from(member)).cloned().unwrap_or_default();
    let advocates: Vec<SideView> = heard
        .iter()
        .map(|(credit, advocacies)| advocate_side(who(credit.advocate), credit.share, advocacies, &programme, texts))
        .collect();
    let speaker = texts.words.about(&programme);
    let mut frame = staff.frame.clone();
    frame.path = format!("{}/{friend}", super::pages::HERE);
    let content = context! {
        friend => Value::from(Serde(&who(friend))),
        edition => edition_name(&programme, &referral.referral, texts),
        version => referral.version,
        state => referral.step().name(),
        says => speaker.step(&referral.step(), "staff"),
        channel => referral.introduction.channel.as_ref().map(ToString::to_string),
        variant => referral.variant.as_ref().map(ToString::to_string),
        touched => speaker.moment(referral.introduction.touched_at),
        came => speaker.moment(referral.introduction.came_at),
        ends => referral.ends_at.map(|end| speaker.moment(end)),
        bought => came.as_ref().map(|came| bought(came, &programme, texts)),
        events => Value::from(Serde(&events)),
        is_whole,
        credit => trace.as_ref().map(credit_name),
        since => trace.as_ref().map(|trace| speaker.moment(instant(trace.since))),
        touches => Value::from(Serde(&touches(trace.as_ref(), &programme.calendar, &named, texts))),
        friends_side => Value::from(Serde(&friend_side(who(friend), &holder, &programme, texts))),
        advocates => Value::from(Serde(&advocates)),
        case => Value::from(Serde(&case.as_ref().map(|case| case_view(case, &state, texts)))),
        lost => lost(referral),
    };
    Ok(state.pages.html("recommending/one.html", &frame, content)?.into_response())
}

/// What happened to the recommendation, the earliest first, and whether that is all.
async fn events(
    state: &PageState,
    friend: MemberId,
    programme: &Programme,
    texts: &Texts,
) -> Result<(Vec<EventView>, bool), PageError> {
    let page = state.application.transactions(friend.into(), None, MOST_LOOKED_THROUGH).await?;
    let page = page.ok_or(PageError::NOT_FOUND)?;
    let speaker = texts.words.about(programme);
    let mut events = Vec::new();
    for done in page.transactions.iter().rev() {
        for effect in &done.decision.effects {
            let (says, state) = match &effect.because {
                Because::Referred { step, .. } => (speaker.step(step, "staff"), Some(step.name())),
                Because::AdvocateLost { .. } => (speaker.effect(effect), None),
                _ if is_reward(effect) => (speaker.effect(effect), None),
                _ => continue,
            };
            events.push(EventView { when: speaker.moment(effect.at), says, state, entry: entry(done.transaction) });
        }
    }
    Ok((events, page.next.is_none()))
}

fn entry(transaction: TransactionId) -> String {
    transaction.to_string()
}

/// Whether the friend was given something for the recommendation, or it was taken back.
fn is_reward(effect: &Effect) -> bool {
    let activity = match &effect.because {
        Because::ActivityEarned { activity, .. }
        | Because::ActivitySettled { activity, .. }
        | Because::ActivityCalledOff { activity, rule: Some(_), .. } => activity,
        _ => return false,
    };
    [builtin::REFERRED, builtin::REFERRAL_QUALIFIED].contains(&activity.as_str())
}

fn bought(came: &Came, programme: &Programme, texts: &Texts) -> String {
    let orders = texts.say("referral-orders", Some(came.orders), &[]);
    format!("{}, {orders}", texts.words.about(programme).money(Money(came.amount)))
}

/// Whether somebody who was met could not be credited in the end.
fn lost(referral: &ReferralState) -> bool {
    referral.credits.len() < referral.introduction.credits.len()
}

fn credit_name(trace: &Trace) -> String {
    let written = serde_json::to_value(trace.credit).unwrap_or_default();
    written.as_str().unwrap_or_default().to_owned()
}

fn touches(
    trace: Option<&Trace>,
    calendar: &Calendar,
    named: &HashMap<HolderId, HolderView>,
    texts: &Texts,
) -> Vec<TouchView> {
    let view = |touch: &TracedTouch| {
        let outcome = serde_json::to_value(touch.outcome).unwrap_or_default();
        let outcome = outcome.get("outcome").and_then(serde_json::Value::as_str).unwrap_or_default();
        TouchView {
            when: texts.words.moment_in(calendar, instant(touch.at)),
            advocate: named.get(&touch.advocate.into()).cloned().unwrap_or_default(),
            kind: match touch.kind {
                TouchKind::Click => "click",
                TouchKind::Code => "code",
            },
            channel: touch.channel.clone(),
            outcome: outcome.replace('_', "-"),
            is_credited: matches!(touch.outcome, Outcome::Credited { .. }),
        }
    };
    trace.map_or_else(Vec::new, |trace| trace.touches.iter().map(view).collect())
}

fn friend_side(who: HolderView, holder: &Holder, programme: &Programme, texts: &Texts) -> SideView {
    let judged = holder.referral.as_deref().map(|state| [("referred", &state.welcome), ("qualified", &state.reward)]);
    let given = judged.into_iter().flatten().flat_map(|(on, judged)| given(on, judged.as_deref(), programme, texts));
    SideView { who, share: None, number: None, limit: None, given: given.collect() }
}

fn advocate_side(who: HolderView, share: i64, heard: &[Advocacy], programme: &Programme, texts: &Texts) -> SideView {
    let judged = heard
        .iter()
        .flat_map(|advocacy| [("friend-joined", &advocacy.joined), ("friend-qualified", &advocacy.qualified)]);
    let given = judged.flat_map(|(on, judged)| given(on, judged.as_deref(), programme, texts)).collect();
    let limit = heard.iter().find_map(|advocacy| advocacy.limit);
    SideView {
        who,
        share: Some(share),
        number: heard.iter().find_map(|advocacy| advocacy.number),
        limit: limit.map(|window| texts.words.about(programme).limit_reached(window)),
        given,
    }
}

/// What rules gave for an activity of the house, as it stands.
fn given(on: &'static str, judged: Option<&JudgedActivity>, programme: &Programme, texts: &Texts) -> Vec<GivenView> {
    let Some(judged) = judged else { return Vec::new() };
    let speaker = texts.words.about(programme);
    let name = |rule: &str| {
        let known = programme.rule(rule).map(|rule| text(&rule.name, texts.words.language()).to_owned());
        known.unwrap_or_else(|| rule.to_owned())
    };
    let awards = judged.record.awards.iter().filter(|award| award.points != 0);
    let awards = awards.map(|award| GivenView {
        rule: name(&award.rule),
        amount: Some(speaker.amount(&award.unit, award.points)),
        on,
    });
    let rewards = judged.record.rewarded.iter().map(|rule| GivenView { rule: name(rule), amount: None, on });
    awards.chain(rewards).collect()
}

fn case_view(case: &Case, state: &PageState, texts: &Texts) -> CaseView {
    CaseView {
        id: case.id.to_string(),
        state: case.state.name(),
        opened: texts.words.moment_in(&state.application.calendar(), case.opened_at),
    }
}
