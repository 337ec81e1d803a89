//! Loyalty cards on a member's page: what the member has, and what staff may do with it.

use axum::extract::{Path, State};
use axum::response::Response;
use lojal_core::kernel::CardId;
use lojal_core::words::Words;
use serde::Serialize;

use super::pages::{Named, address, member_of};
use super::view::{Attempt, refused};
use crate::platform::application::Application;
use crate::platform::cards::{Card, CardNumber, CardRefusal, CardState, Hand, Outcome, card_find, card_reasons};
use crate::platform::enrolment::MemberRow;
use crate::platform::http::fields::{MemberName, Remark};
use crate::platform::identity::IdentityError;
use crate::platform::pages::{Form, PageError, PageState, see_other};
use crate::platform::sql::Transaction;
use crate::platform::staff::{Serves, Staff};

#[derive(Serialize)]
pub struct CardView {
    id: String,
    number: String,
    state: &'static str,
    /// Since when it is as it is.
    since: String,
    /// Why it came here from another member.
    reason: Option<String>,
}

/// The cards of a member as the page shows them.
pub async fn card_views(
    application: &Application,
    row: &MemberRow,
    words: &Words,
) -> Result<Vec<CardView>, IdentityError> {
    let cards = application.cards(row.id).await?;
    let mut reasons = card_reasons(&mut *application.database.read().await?, &cards).await?;
    let calendar = application.calendar();
    let view = |card: &Card| CardView {
        id: card.id.to_string(),
        number: card.number.as_str().to_owned(),
        state: card.state.name(),
        since: words.date(calendar.date(card.ended_at.unwrap_or(card.given_at))),
        reason: reasons.remove(&card.id),
    };
    Ok(cards.iter().map(view).collect())
}

/// What was done to a card, as a page of the member and the log of what staff do say it.
struct Deed {
    action: &'static str,
    done: &'static str,
}

const GIVEN: Deed = Deed { action: "card_given", done: "card-given" };
const BLOCKED: Deed = Deed { action: "card_blocked", done: "card-blocked" };
const UNBLOCKED: Deed = Deed { action: "card_unblocked", done: "card-unblocked" };
const REPLACED: Deed = Deed { action: "card_replaced", done: "card-replaced" };
const MOVED: Deed = Deed { action: "card_moved", done: "card-moved" };

/// The member's page with a form that was not in order, or with why nothing was done.
async fn not_done(
    staff: &Staff<Serves>,
    state: &PageState,
    row: &MemberRow,
    form: Form,
    refusal: Option<CardRefusal>,
) -> Result<Response, PageError> {
    let texts = state.pages.texts(staff.frame.language());
    let words = refusal.map(|refusal| texts.say(&format!("refused-{}", refusal.code().replace('_', "-")), None, &[]));
    refused(staff, state, row, Attempt { which: "card", form, refused: words }).await
}

/// Keeps what was done, with a note of it, or says why it was not done.
async fn settled(
    staff: &Staff<Serves>,
    state: &PageState,
    row: &MemberRow,
    form: Form,
    (mut transaction, outcome): (Transaction, Outcome<Card>),
    deed: &Deed,
) -> Result<Response, PageError> {
    let card = match outcome? {
        Ok(card) => card,
        Err(refusal) => {
            // Taken back first, so that the page is read from what there is.
            transaction.rollback().await?;
            return not_done(staff, state, row, form, Some(refusal)).await;
        }
    };
    let (application, subject) = (&state.application, row.id.to_string());
    staff.note(&mut transaction, application, deed.action, subject, card.id.to_string()).await?;
    transaction.commit().await?;
    Ok(see_other(&format!("{}?done={}", address(row.id), deed.done)))
}

fn number(form: &mut Form, field: &'static str) -> Option<CardNumber> {
    let typed = form.required(field);
    let number = CardNumber::parse(&typed);
    if number.is_none() {
        form.fault(field, "fault-card-number");
    }
    number
}

/// Gives the member a card.
pub async fn give(
    staff: Staff<Serves>,
    State(state): State<PageState>,
    Path(name): Named,
    mut form: Form,
) -> Result<Response, PageError> {
    let row = member_of(&state, &name).await?;
    let Some(number) = number(&mut form, "number") else { return not_done(&staff, &state, &row, form, None).await };
    let mut transaction = state.application.database.write_aside().await?;
    let outcome = hand(&staff, &state).give(&mut transaction, row.id, &number).await;
    settled(&staff, &state, &row, form, (transaction, outcome), &GIVEN).await
}

fn hand<'a>(staff: &Staff<Serves>, state: &'a PageState) -> Hand<'a> {
    Hand { application: &state.application, staff: Some(staff.account.id) }
}

/// The member and the card that an address names, as a transaction sees it.
async fn held(state: &PageState, member: &str, card: &str) -> Result<(MemberRow, Transaction, Card), PageError> {
    let row = member_of(state, member).await?;
    let id: CardId = card.parse().map_err(|_| PageError::NOT_FOUND)?;
    let accounts = state.application.merged_accounts(row.id).await?;
    let mut transaction = state.application.database.write_aside().await?;
    let card = card_find(&mut transaction, &state.application.vault, id).await?;
    let card =
        card.filter(|card| card.member == row.id || accounts.contains(&card.member)).ok_or(PageError::NOT_FOUND)?;
    Ok((row, transaction, card))
}

/// Has a card refused, or accepted again.
pub async fn block(
    staff: Staff<Serves>,
    State(state): State<PageState>,
    Path((member, card)): Path<(String, String)>,
    form: Form,
) -> Result<Response, PageError> {
    let (row, mut transaction, card) = held(&state, &member, &card).await?;
    let blocked = card.state == CardState::Active;
    // Sent twice, the form does the one thing that it said.
    let wanted = form.text("blocked") == "yes";
    let deed = if wanted { &BLOCKED } else { &UNBLOCKED };
    if blocked != wanted && card.state != CardState::Replaced {
        return Ok(see_other(&format!("{}?done={}", address(row.id), deed.done)));
    }
    let outcome = hand(&staff, &state).block(&mut transaction, &card, wanted).await;
    settled(&staff, &state, &row, form, (transaction, outcome), deed).await
}

/// Gives another card in the place of a lost one.
pub async fn replace(
    staff: Staff<Serves>,
    State(state): State<PageState>,
    Path((member, card)): Path<(String, String)>,
    form: Form,
) -> Result<Response, PageError> {
    let (row, mut transaction, card) = held(&state, &member, &card).await?;
    let mut form = form.with("card", card.id.to_string());
    let Some(number) = number(&mut form, "replacement") else {
        transaction.rollback().await?;
        return not_done(&staff, &state, &row, form, None).await;
    };
    let outcome = hand(&staff, &state).replace(&mut transaction, &card, &number).await;
    settled(&staff, &state, &row, form, (transaction, outcome), &REPLACED).await
}

/// Gives the card to another member.
pub async fn pass_on(
    staff: Staff<Serves>,
    State(state): State<PageState>,
    Path((member, card)): Path<(String, String)>,
    form: Form,
) -> Result<Response, PageError> {
    let mut form = form.with("card", card.clone());
    let typed = form.required("to");
    let to = named(&state, &typed).await?;
    if to.is_none() {
        form.fault("to", "fault-no-member");
    }
    let reason = form.required("reason");
    let reason = Remark::parse(&reason).map_err(|_| form.fault("reason", "fault-text")).ok();
    let (row, mut transaction, card) = held(&state, &member, &card).await?;
    let (Some(to), Some(reason), true) = (to, reason, form.is_sound()) else {
        transaction.rollback().await?;
        return not_done(&staff, &state, &row, form, None).await;
    };
    let outcome = hand(&staff, &state).pass_on(&mut transaction, &card, to.id, &reason.0).await;
    settled(&staff, &state, &row, form, (transaction, outcome), &MOVED).await
}

/// The member whom somebody named by an id of ours, by the shop's own, or by a card.
pub(super) async fn named(state: &PageState, typed: &str) -> Result<Option<MemberRow>, PageError> {
    let application = &state.application;
    let found = match MemberName::parse(typed) {
        Ok(MemberName::Id(id)) => application.member(id).await?,
        Ok(MemberName::External(name)) => application.member_by_external_id(&name).await?,
        Ok(MemberName::Card(_)) | Err(_) => None,
    };
    if found.is_some() {
        return Ok(found);
    }
    let Some(number) = CardNumber::parse(typed.strip_prefix("card:").unwrap_or(typed)) else { return Ok(None) };
    match application.card_with_number(&number).await? {
        Some(card) => Ok(application.member(card.member).await?),
        None => Ok(None),
    }
}
