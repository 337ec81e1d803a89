//! `/portal/rewards`: what can be had, and having it.

use axum::extract::Path;
use axum::response::{Html, IntoResponse, Response};
use lojal_core::command::{Acting, Command};
use lojal_core::decision::Refusal;
use lojal_core::kernel::Language;
use lojal_core::programme::{Programme, Reward, text};
use lojal_core::words::Speaker;
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::Serialize;

use super::pages::{self, html};
use super::sign_in::Busy;
use super::standing::Standing;
use crate::members::{form_name, form_named, idempotency};
use crate::platform::application::Application;
use crate::platform::enrolment::MemberRow;
use crate::platform::http::subject::{acting, spend_answer};
use crate::platform::pages::{Dressed, Form, PageError, PageState, see_other};
use crate::platform::visitors::Visitor;
use crate::platform::writer::{Answer, Submission, WriteError};
use crate::rewards::{quantity_remaining, refusal_of};

pub const HERE: &str = "/portal/rewards";

#[derive(Serialize)]
pub struct RewardView {
    pub id: String,
    pub name: String,
    description: Option<String>,
    pub price: String,
    condition: String,
    until: Option<String>,
    left: Option<String>,
    pub is_available: bool,
    /// Why it cannot be had now.
    pub why_not: Option<String>,
    /// The price in points, what there is of it, and what is missing, for the bar.
    pub points: i64,
    pub has: i64,
    pub missing: i64,
    pub missing_text: String,
    /// What is left afterwards, of what can be had now.
    pub after: Option<String>,
}

/// Everything that can be had for points, as it is for this member now.
pub async fn reward_views(
    member: &MemberRow,
    language: Language,
    standing: &Standing,
    state: &PageState,
) -> Result<Vec<RewardView>, PageError> {
    let acting = acting(&state.application, member).await.map_err(|_| untried())?;
    let mut views = Vec::new();
    for reward in &standing.programme.rewards {
        views.extend(reward_view(language, standing, state, reward, acting.as_ref()).await?);
    }
    Ok(views)
}

/// Absent for what is not on offer.
async fn reward_view(
    language: Language,
    standing: &Standing,
    state: &PageState,
    reward: &Reward,
    acting: Option<&Acting>,
) -> Result<Option<RewardView>, PageError> {
    let application = &state.application;
    let programme = &standing.programme;
    let now = application.clock.now();
    let Some(price) = reward.price.as_ref().filter(|_| reward.offered_at(now)) else { return Ok(None) };
    let speaker = state.pages.texts(language).words.about(programme);
    let refusal = refusal_of(application, &standing.rulebook, standing.spends(), reward, acting, now).await;
    let refusal = refusal.map_err(|_| untried())?;
    let unit = &programme.units[price.unit].id;
    let has = standing.available(unit);
    let missing = (price.points - has).max(0);
    let left = left_of(application, reward).await?;
    Ok(Some(RewardView {
        id: reward.id.to_string(),
        name: text(&reward.name, language).to_owned(),
        description: reward.description.as_ref().map(|description| text(description, language).to_owned()),
        price: price_text(&standing.programme, reward, speaker),
        condition: speaker.condition(&reward.when),
        until: reward.until.map(|until| speaker.until(until)),
        left: left.map(|left| state.pages.texts(language).words.number(left, 0)),
        is_available: refusal.is_none(),
        // What the bar shows needs no words.
        why_not: refusal
            .filter(|refusal| !matches!(refusal, Refusal::InsufficientPoints { .. }))
            .map(|refusal| speaker.refusal(&refusal)),
        points: price.points,
        has: has.min(price.points),
        missing,
        missing_text: speaker.amount(unit, missing),
        after: (has >= price.points).then(|| speaker.amount(unit, has - price.points)),
    }))
}

/// How many there still are, of what is not without end.
pub async fn left_of(application: &Application, reward: &Reward) -> Result<Option<i64>, PageError> {
    let Some(stock) = &reward.stock else { return Ok(None) };
    Ok(Some(quantity_remaining(&mut *application.database.read().await?, &stock.quantity).await?))
}

fn untried() -> PageError {
    PageError::internal(&"the engine would not say whether a reward can be had")
}

/// Points, and the money that is paid besides.
pub fn price_text(programme: &Programme, reward: &Reward, speaker: Speaker<'_>) -> String {
    let Some(price) = &reward.price else { return String::new() };
    let points = speaker.amount(&programme.units[price.unit].id, price.points);
    if price.cash.0 == 0 { points } else { format!("{points} + {}", speaker.money(price.cash)) }
}

pub async fn list(visitor: Visitor, Dressed(state): Dressed) -> Result<Response, PageError> {
    let standing = Standing::of(&visitor.member, &state).await?;
    let rewards = reward_views(&visitor.member, visitor.frame.language(), &standing, &state).await?;
    let content = rewards_content(&state, visitor.frame.language(), &standing, rewards);
    Ok(html(&state, "portal/rewards.html", &visitor.frame, content)?.into_response())
}

/// What the list of rewards speaks of.
pub fn rewards_content(
    state: &PageState,
    language: Language,
    standing: &Standing,
    mut rewards: Vec<RewardView>,
) -> Value {
    rewards.sort_by_key(|reward| (!reward.is_available, reward.missing, reward.points));
    let speaker = state.pages.texts(language).words.about(&standing.programme);
    let units = standing.programme.units.iter().filter(|unit| unit.spendable);
    let balances: Vec<String> = units.map(|unit| speaker.amount(&unit.id, standing.available(&unit.id))).collect();
    context! { rewards => Value::from(Serde(&rewards)), balances, vouchers => standing.vouchers() }
}

/// One reward, with the question whether it is really meant.
pub async fn page(visitor: Visitor, Dressed(state): Dressed, Path(id): Path<String>) -> Result<Response, PageError> {
    Ok(shown(&visitor, &state, &id, None).await?.into_response())
}

async fn shown(
    visitor: &Visitor,
    state: &PageState,
    id: &str,
    refused: Option<String>,
) -> Result<Html<String>, PageError> {
    let standing = Standing::of(&visitor.member, state).await?;
    let reward = standing.programme.reward(id).ok_or(PageError::NOT_FOUND)?;
    let acting = acting(&state.application, &visitor.member).await.map_err(|_| untried())?;
    let language = visitor.frame.language();
    let view = reward_view(language, &standing, state, reward, acting.as_ref()).await?.ok_or(PageError::NOT_FOUND)?;
    let content = context! {
        after => view.after.as_ref().filter(|_| view.is_available),
        reward => Value::from(Serde(&view)),
        refused,
        once => form_name()?,
        is_of_household => standing.household.is_some(),
    };
    html(state, "portal/reward.html", &visitor.frame, content)
}

/// Takes a reward, once, however often the form is sent.
pub async fn redeem(
    Busy(visitor): Busy,
    Dressed(state): Dressed,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, PageError> {
    match take(&state, &visitor.member, &id, form_named(&form)?).await? {
        Ok(done) => Ok(see_other(&format!("/portal/redemptions/{}", done.transaction))),
        Err(cause) => {
            let words = pages::refused(&state, &visitor.frame, cause)?;
            Ok(shown(&visitor, &state, &id, Some(words)).await?.into_response())
        }
    }
}

/// Takes a reward for a member, once, however often it is asked for under this name.
pub async fn take(state: &PageState, member: &MemberRow, id: &str, once: String) -> Result<Answer, PageError> {
    let application = &state.application;
    if !Standing::of(member, state).await?.is_admitted() {
        return Ok(Err(WriteError::Refused(Refusal::NotInHousehold)));
    }
    let rulebook = application.rulebook();
    let reward = rulebook.live().and_then(|programme| programme.reward(id)).ok_or(PageError::NOT_FOUND)?;
    let acting = acting(application, member).await.map_err(|_| untried())?;
    let command = |acting| Command::Redeem { reward: reward.id.clone(), reference: None, acting };
    // What the conditions look at may change between the first sending and the second.
    let idempotency = idempotency(once, member.id, &command(None))?;
    let answer = spend_answer(application, member, |holder| {
        let acting = acting.clone().filter(|_| holder != member.id.into());
        Submission { idempotency: Some(idempotency.clone()), ..Submission::new(holder, command(acting)) }
    });
    Ok(answer.await)
}
