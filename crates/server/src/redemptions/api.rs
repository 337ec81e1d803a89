//! `/v1/redemptions`.

use axum::extract::State;
use lojal_core::command::Command;
use lojal_core::decision::Refusal;
use lojal_core::kernel::TransactionId;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::store::redemption_latest;
use super::wire::{RedemptionAnswer, RedemptionInput, RedemptionJson, RollBackInput, record_in};
use crate::ledger_entries::{Telling, TransactionJson};
use crate::platform::application::Application;
use crate::platform::auth::{Authority, Reads, Writes};
use crate::platform::http::fields::TransactionKey;
use crate::platform::http::query::{NoQuery, RequiredIdempotencyKey, WriteQuery, Written, language};
use crate::platform::http::subject::{acting, member_named, spend};
use crate::platform::http::{JsonOnce, Path, Problem, Query};
use crate::platform::writer::{Done, Submission};

pub fn routes() -> OpenApiRouter<Application> {
    OpenApiRouter::new()
        .routes(routes!(redemption_make))
        .routes(routes!(redemption_get))
        .routes(routes!(redemption_roll_back))
}

/// Redeem a reward
///
/// Takes the points and, where the reward has one, hands out a voucher.
#[utoipa::path(
    post,
    path = "/v1/redemptions",
    tag = "redemptions",
    params(WriteQuery, RequiredIdempotencyKey),
    request_body = RedemptionInput,
    responses(
        (status = 201, description = "Redeemed", body = RedemptionAnswer),
        (status = 200, description = "What would happen (dry run)", body = RedemptionAnswer)
    ),
    security(("key" = ["write"]))
)]
async fn redemption_make(
    _: Authority<Writes>,
    State(application): State<Application>,
    Query(query): Query<WriteQuery>,
    JsonOnce { body, idempotency }: JsonOnce<RedemptionInput>,
) -> Result<Written<RedemptionAnswer>, Problem> {
    let row = member_named(&application, &body.member).await?;
    let acting = acting(&application, &row).await?;
    let done = spend(&application, &row, |holder| {
        let command = Command::Redeem {
            reward: body.reward.0.clone(),
            reference: body.reference.as_ref().map(|reference| reference.0.clone()),
            acting: acting.clone().filter(|_| holder != row.id.into()),
        };
        Submission {
            idempotency: Some(idempotency.clone()),
            dry_run: query.dry_run,
            ..Submission::new(holder, command)
        }
    })
    .await?;
    let answer = answer(&application, &done, &done, &query)?;
    Ok(Written::created(answer, query.dry_run, done.repeated))
}

/// Get a redemption
#[utoipa::path(
    get,
    path = "/v1/redemptions/{redemption}",
    tag = "redemptions",
    params(("redemption" = inline(TransactionKey), Path, description = "`txn_…`")),
    responses((status = 200, description = "The redemption", body = RedemptionJson)),
    security(("key" = ["read"]))
)]
async fn redemption_get(
    _: Authority<Reads>,
    State(application): State<Application>,
    Path(redemption): Path<TransactionKey>,
    _: Query<NoQuery>,
) -> Result<axum::Json<RedemptionJson>, Problem> {
    let made = redemption_named(&application, redemption.0).await?;
    let mut connection = application.database.read().await?;
    let latest = redemption_latest(&mut connection, redemption.0).await?;
    drop(connection);
    let written = match latest.filter(|latest| *latest != made.transaction) {
        Some(latest) => application.transaction(latest).await?,
        None => None,
    };
    json(&application, written.as_ref().unwrap_or(&made), &made, false)
        .map(axum::Json)
        .ok_or_else(|| unknown(redemption.0))
}

/// Roll a redemption back
///
/// Gives the points back with their own expiry dates; a voucher that was not used is cancelled.
#[utoipa::path(
    post,
    path = "/v1/redemptions/{redemption}/rollback",
    tag = "redemptions",
    params(("redemption" = inline(TransactionKey), Path, description = "`txn_…`"), WriteQuery, RequiredIdempotencyKey),
    request_body = RollBackInput,
    responses((status = 200, description = "Rolled back", body = RedemptionAnswer)),
    security(("key" = ["write"]))
)]
async fn redemption_roll_back(
    _: Authority<Writes>,
    State(application): State<Application>,
    Path(redemption): Path<TransactionKey>,
    Query(query): Query<WriteQuery>,
    JsonOnce { body, idempotency }: JsonOnce<RollBackInput>,
) -> Result<Written<RedemptionAnswer>, Problem> {
    let made = redemption_named(&application, redemption.0).await?;
    let command = Command::RollBackRedemption { redemption: redemption.0, reason: body.reason.map(|reason| reason.0) };
    let submission =
        Submission { idempotency: Some(idempotency), dry_run: query.dry_run, ..Submission::new(made.holder, command) };
    let done = application.writer.submit(submission).await?;
    let answer = answer(&application, &done, &made, &query)?;
    Ok(Written::changed(answer, done.repeated))
}

fn unknown(redemption: TransactionId) -> Problem {
    Refusal::UnknownRedemption { redemption }.into()
}

/// The transaction of a redemption, or 404.
async fn redemption_named(application: &Application, redemption: TransactionId) -> Result<Done, Problem> {
    let done = application.transaction(redemption).await?;
    done.filter(|done| record_in(done, redemption).is_some()).ok_or_else(|| unknown(redemption))
}

/// The redemption as `written` keeps it.
fn json(application: &Application, written: &Done, made: &Done, dry_run: bool) -> Option<RedemptionJson> {
    let rulebook = application.rulebook();
    let programme = rulebook.version(made.decision.version)?;
    let record = record_in(written, made.transaction)?;
    Some(RedemptionJson::new(record, made.holder, made, programme, dry_run))
}

fn answer(
    application: &Application,
    done: &Done,
    made: &Done,
    query: &WriteQuery,
) -> Result<RedemptionAnswer, Problem> {
    let made_now = query.dry_run && done.transaction == made.transaction;
    let redemption = json(application, done, made, made_now).ok_or_else(|| unknown(made.transaction))?;
    let telling = Telling { language: language(query.lang), dry_run: query.dry_run };
    let transaction = TransactionJson::new(done, &application.rulebook(), telling);
    Ok(RedemptionAnswer { redemption, transaction })
}
