//! `/v1/cards` and `/v1/members/{member}/cards`.

use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::wire::{CardInput, CardJson, CardList, CardMoveInput, ReplacementInput};
use crate::platform::application::Application;
use crate::platform::auth::{Authority, Reads, Writes};
use crate::platform::cards::{Card, CardRefusal, Hand, Outcome, card_find};
use crate::platform::http::fields::{CardKey, MemberName, MemberPath};
use crate::platform::http::query::{IdempotencyKey, NoQuery};
use crate::platform::http::subject::{member_named, unknown_member};
use crate::platform::http::{Json, Path, Problem, Query};
use crate::platform::sql::Transaction;

pub fn routes() -> OpenApiRouter<Application> {
    OpenApiRouter::new()
        .routes(routes!(card_give))
        .routes(routes!(card_get))
        .routes(routes!(card_block))
        .routes(routes!(card_unblock))
        .routes(routes!(card_replace))
        .routes(routes!(card_move))
        .routes(routes!(card_list))
}

/// Give a member a card
///
/// From then on `card:` and its number names the member wherever a member is named. A number is there once in the
/// whole programme. Giving the same card again changes nothing.
#[utoipa::path(
    post,
    path = "/v1/cards",
    tag = "cards",
    params(IdempotencyKey),
    request_body = CardInput,
    responses((status = 200, description = "The card", body = CardJson)),
    security(("key" = ["write"]))
)]
async fn card_give(
    _: Authority<Writes>,
    State(application): State<Application>,
    _: Query<NoQuery>,
    Json { body, .. }: Json<CardInput>,
) -> Result<axum::Json<CardJson>, Problem> {
    let row = member_named(&application, &body.member).await?;
    let mut transaction = application.database.write_aside().await?;
    let given = hand(&application).give(&mut transaction, row.id, &body.number.0).await;
    settled(transaction, given).await
}

/// Get a card
#[utoipa::path(
    get,
    path = "/v1/cards/{card}",
    tag = "cards",
    params(("card" = inline(CardKey), Path, description = "`crd_…`")),
    responses((status = 200, description = "The card", body = CardJson)),
    security(("key" = ["read"]))
)]
async fn card_get(
    _: Authority<Reads>,
    State(application): State<Application>,
    Path(card): Path<CardKey>,
    _: Query<NoQuery>,
) -> Result<axum::Json<CardJson>, Problem> {
    let card = card_find(&mut *application.database.read().await?, &application.vault, card.0).await?;
    let card = card.ok_or(CardRefusal::Unknown)?;
    Ok(axum::Json(CardJson::from(&card)))
}

/// Block a card
///
/// It names nobody until it is unblocked.
#[utoipa::path(
    post,
    path = "/v1/cards/{card}/block",
    tag = "cards",
    params(("card" = inline(CardKey), Path, description = "`crd_…`"), IdempotencyKey),
    request_body = Nothing,
    responses((status = 200, description = "The card", body = CardJson)),
    security(("key" = ["write"]))
)]
async fn card_block(
    _: Authority<Writes>,
    State(application): State<Application>,
    Path(card): Path<CardKey>,
    _: Query<NoQuery>,
    _: Json<Nothing>,
) -> Result<axum::Json<CardJson>, Problem> {
    let (mut transaction, card) = held(&application, card).await?;
    let blocked = hand(&application).block(&mut transaction, &card, true).await;
    settled(transaction, blocked).await
}

/// Unblock a card
#[utoipa::path(
    post,
    path = "/v1/cards/{card}/unblock",
    tag = "cards",
    params(("card" = inline(CardKey), Path, description = "`crd_…`"), IdempotencyKey),
    request_body = Nothing,
    responses((status = 200, description = "The card", body = CardJson)),
    security(("key" = ["write"]))
)]
async fn card_unblock(
    _: Authority<Writes>,
    State(application): State<Application>,
    Path(card): Path<CardKey>,
    _: Query<NoQuery>,
    _: Json<Nothing>,
) -> Result<axum::Json<CardJson>, Problem> {
    let (mut transaction, card) = held(&application, card).await?;
    let unblocked = hand(&application).block(&mut transaction, &card, false).await;
    settled(transaction, unblocked).await
}

/// Replace a card that was lost
///
/// The member gets a card with a new number; the old one names nobody any more, for good. Answers the new card.
#[utoipa::path(
    post,
    path = "/v1/cards/{card}/replace",
    tag = "cards",
    params(("card" = inline(CardKey), Path, description = "`crd_…`"), IdempotencyKey),
    request_body = ReplacementInput,
    responses((status = 200, description = "The new card", body = CardJson)),
    security(("key" = ["write"]))
)]
async fn card_replace(
    _: Authority<Writes>,
    State(application): State<Application>,
    Path(card): Path<CardKey>,
    _: Query<NoQuery>,
    Json { body, .. }: Json<ReplacementInput>,
) -> Result<axum::Json<CardJson>, Problem> {
    let (mut transaction, card) = held(&application, card).await?;
    let given = hand(&application).replace(&mut transaction, &card, &body.number.0).await;
    settled(transaction, given).await
}

/// Move a card to another member
///
/// Points stay where they are; only who is named by the card changes.
#[utoipa::path(
    post,
    path = "/v1/cards/{card}/move",
    tag = "cards",
    params(("card" = inline(CardKey), Path, description = "`crd_…`"), IdempotencyKey),
    request_body = CardMoveInput,
    responses((status = 200, description = "The card", body = CardJson)),
    security(("key" = ["write"]))
)]
async fn card_move(
    _: Authority<Writes>,
    State(application): State<Application>,
    Path(card): Path<CardKey>,
    _: Query<NoQuery>,
    Json { body, .. }: Json<CardMoveInput>,
) -> Result<axum::Json<CardJson>, Problem> {
    let to = member_named(&application, &body.to).await?;
    let (mut transaction, card) = held(&application, card).await?;
    let moved = hand(&application).pass_on(&mut transaction, &card, to.id, &body.reason.0).await;
    settled(transaction, moved).await
}

/// List the cards of a member
///
/// The newest first, blocked and replaced ones included.
#[utoipa::path(
    get,
    path = "/v1/members/{member}/cards",
    tag = "cards",
    params(("member" = inline(MemberPath), Path, description = "`mem_…`, `ext:` and the shop's own id, or `card:` and a card's number")),
    responses((status = 200, description = "The cards", body = CardList)),
    security(("key" = ["read"]))
)]
async fn card_list(
    _: Authority<Reads>,
    State(application): State<Application>,
    Path(member): Path<MemberPath>,
    _: Query<NoQuery>,
) -> Result<axum::Json<CardList>, Problem> {
    let row = match &member.0 {
        // Whoever has the number of a blocked card may still ask for the others.
        MemberName::Card(number) => {
            let card = application.card_with_number(number).await?.ok_or(CardRefusal::Unknown)?;
            let account = application.member(card.member).await?.ok_or_else(unknown_member)?;
            application.survivor(account).await?
        }
        name => member_named(&application, name).await?.member,
    };
    let cards = application.cards(row.id).await?;
    Ok(axum::Json(CardList { data: cards.iter().map(CardJson::from).collect() }))
}

/// Nothing is to be said.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[schema(as = CardStepInput)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// A program does it, with a key.
fn hand(application: &Application) -> Hand<'_> {
    Hand { application, staff: None }
}

/// The card that an address names, as a transaction sees it.
async fn held(application: &Application, card: CardKey) -> Result<(Transaction, Card), Problem> {
    let mut transaction = application.database.write_aside().await?;
    let card = card_find(&mut transaction, &application.vault, card.0).await?.ok_or(CardRefusal::Unknown)?;
    Ok((transaction, card))
}

/// Keeps what was done, or nothing of it.
async fn settled(transaction: Transaction, outcome: Outcome<Card>) -> Result<axum::Json<CardJson>, Problem> {
    let card = outcome??;
    transaction.commit().await?;
    Ok(axum::Json(CardJson::from(&card)))
}
