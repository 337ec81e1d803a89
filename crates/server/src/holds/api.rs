//! `/v1/holds`.

use axum::extract::State;
use lojal_core::command::Command;
use lojal_core::decision::{Because, Refusal};
use lojal_core::kernel::{HolderId, Instant, Name, TransactionId};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::wire::{CaptureInput, HoldAnswer, HoldInput, HoldJson, HoldStateJson, NothingInput};
use crate::ledger_entries::{Telling, TransactionJson};
use crate::platform::application::Application;
use crate::platform::auth::{Authority, Reads, Writes};
use crate::platform::http::fields::{HouseholdKey, Time, TransactionKey};
use crate::platform::http::query::{NoQuery, RequiredIdempotencyKey, WriteQuery, Written, language};
use crate::platform::http::subject::{member_named, spend, state_of};
use crate::platform::http::{JsonOnce, Path, Problem, Query};
use crate::platform::journal::journal_walk;
use crate::platform::writer::{Done, Submission, WriteError};

/// Rows of the journal read at once while looking for the end of a hold.
const STRIDE: usize = 50;

pub fn routes() -> OpenApiRouter<Application> {
    OpenApiRouter::new()
        .routes(routes!(hold_open))
        .routes(routes!(hold_get))
        .routes(routes!(hold_capture))
        .routes(routes!(hold_release))
}

/// Hold points
///
/// Sets points aside at checkout, so that they cannot be spent twice while the customer pays.
#[utoipa::path(
    post,
    path = "/v1/holds",
    tag = "holds",
    params(WriteQuery, RequiredIdempotencyKey),
    request_body = HoldInput,
    responses(
        (status = 201, description = "The hold", body = HoldAnswer),
        (status = 200, description = "What would happen (dry run)", body = HoldAnswer)
    ),
    security(("key" = ["write"]))
)]
async fn hold_open(
    _: Authority<Writes>,
    State(application): State<Application>,
    Query(query): Query<WriteQuery>,
    JsonOnce { body, idempotency }: JsonOnce<HoldInput>,
) -> Result<Written<HoldAnswer>, Problem> {
    let rulebook = application.rulebook();
    let programme = rulebook.live().ok_or(WriteError::NoProgramme)?;
    let now = application.clock.now();
    let valid_until =
        body.valid_until.map_or_else(|| programme.calendar.after(now, programme.holds.valid), |until| until.0);
    let row = member_named(&application, &body.member).await?;
    let done = spend(&application, &row, |holder| Submission {
        idempotency: Some(idempotency.clone()),
        dry_run: query.dry_run,
        ..Submission::new(
            holder,
            Command::Hold {
                unit: body.unit.0.clone(),
                amount: body.amount.0,
                valid_until,
                reference: body.reference.as_ref().map(|reference| reference.0.clone()),
            },
        )
    })
    .await?;
    let hold = hold_json(&done, HoldStateJson::Open, query.dry_run).ok_or_else(no_hold)?;
    let telling = Telling { language: language(query.lang), dry_run: query.dry_run };
    let transaction = TransactionJson::new(&done, &application.rulebook(), telling);
    Ok(Written::created(HoldAnswer { hold, transaction }, query.dry_run, done.repeated))
}

/// Get a hold
#[utoipa::path(
    get,
    path = "/v1/holds/{hold}",
    tag = "holds",
    params(("hold" = inline(TransactionKey), Path, description = "`txn_…`")),
    responses((status = 200, description = "The hold", body = HoldJson)),
    security(("key" = ["read"]))
)]
async fn hold_get(
    _: Authority<Reads>,
    State(application): State<Application>,
    Path(hold): Path<TransactionKey>,
    _: Query<NoQuery>,
) -> Result<axum::Json<HoldJson>, Problem> {
    let opened = hold_named(&application, hold.0).await?;
    let state = hold_state(&application, opened.holder, hold.0).await?;
    Ok(axum::Json(hold_json(&opened, state, false).ok_or_else(no_hold)?))
}

/// Capture a hold
///
/// Spends it, or a part of it; the rest is given back.
#[utoipa::path(
    post,
    path = "/v1/holds/{hold}/capture",
    tag = "holds",
    params(("hold" = inline(TransactionKey), Path, description = "`txn_…`"), WriteQuery, RequiredIdempotencyKey),
    request_body = CaptureInput,
    responses((status = 200, description = "Captured", body = HoldAnswer)),
    security(("key" = ["write"]))
)]
async fn hold_capture(
    _: Authority<Writes>,
    State(application): State<Application>,
    Path(hold): Path<TransactionKey>,
    Query(query): Query<WriteQuery>,
    JsonOnce { body, idempotency }: JsonOnce<CaptureInput>,
) -> Result<Written<HoldAnswer>, Problem> {
    let opened = hold_named(&application, hold.0).await?;
    let command = Command::CaptureHold { hold: hold.0, amount: body.amount.map(|amount| amount.0) };
    let submission = Submission {
        idempotency: Some(idempotency),
        dry_run: query.dry_run,
        ..Submission::new(opened.holder, command)
    };
    let done = application.writer.submit(submission).await?;
    settled(&application, &opened, &done, HoldStateJson::Captured, &query)
}

/// Release a hold
///
/// Gives everything back.
#[utoipa::path(
    post,
    path = "/v1/holds/{hold}/release",
    tag = "holds",
    params(("hold" = inline(TransactionKey), Path, description = "`txn_…`"), WriteQuery, RequiredIdempotencyKey),
    request_body = NothingInput,
    responses((status = 200, description = "Released", body = HoldAnswer)),
    security(("key" = ["write"]))
)]
async fn hold_release(
    _: Authority<Writes>,
    State(application): State<Application>,
    Path(hold): Path<TransactionKey>,
    Query(query): Query<WriteQuery>,
    JsonOnce { idempotency, .. }: JsonOnce<NothingInput>,
) -> Result<Written<HoldAnswer>, Problem> {
    let opened = hold_named(&application, hold.0).await?;
    let command = Command::ReleaseHold { hold: hold.0 };
    let submission = Submission {
        idempotency: Some(idempotency),
        dry_run: query.dry_run,
        ..Submission::new(opened.holder, command)
    };
    let done = application.writer.submit(submission).await?;
    settled(&application, &opened, &done, HoldStateJson::Released, &query)
}

fn settled(
    application: &Application,
    opened: &Done,
    done: &Done,
    state: HoldStateJson,
    query: &WriteQuery,
) -> Result<Written<HoldAnswer>, Problem> {
    let hold = hold_json(opened, state, false).ok_or_else(no_hold)?;
    let telling = Telling { language: language(query.lang), dry_run: query.dry_run };
    let transaction = TransactionJson::new(done, &application.rulebook(), telling);
    Ok(Written::changed(HoldAnswer { hold, transaction }, done.repeated))
}

fn no_hold() -> Problem {
    Problem::not_found("unknown_hold", "no such hold")
}

/// The transaction that opened a hold, or 404.
async fn hold_named(application: &Application, hold: TransactionId) -> Result<Done, Problem> {
    let done = application.transaction(hold).await?;
    done.filter(|done| held(done).is_some()).ok_or_else(|| Refusal::UnknownHold { hold }.into())
}

fn held(done: &Done) -> Option<(Name, i64, Instant, Option<Name>)> {
    let Command::Hold { unit, amount, valid_until, reference } = &done.command else {
        return None;
    };
    Some((unit.clone(), *amount, *valid_until, reference.clone()))
}

fn hold_json(done: &Done, state: HoldStateJson, dry_run: bool) -> Option<HoldJson> {
    let (unit, amount, valid_until, reference) = held(done)?;
    Some(HoldJson {
        id: (!dry_run).then_some(TransactionKey(done.transaction)),
        holder: HouseholdKey(done.holder),
        unit: unit.to_string(),
        amount,
        valid_until: Time(valid_until),
        reference: reference.map(|reference| reference.to_string()),
        state,
    })
}

/// What became of a hold: open as long as the wallet has it, else what its last entry says.
async fn hold_state(
    application: &Application,
    holder: HolderId,
    hold: TransactionId,
) -> Result<HoldStateJson, Problem> {
    let state = state_of(application, holder).await?;
    if state.holder.wallets.iter().flat_map(|wallet| &wallet.holds).any(|open| open.id == hold) {
        return Ok(HoldStateJson::Open);
    }
    let mut connection = application.database.read().await?;
    let mut next = Some(state.head);
    while let Some(from) = next.filter(|from| *from != hold) {
        let rows = journal_walk(&mut connection, Some(from), STRIDE).await?;
        next = rows.last().and_then(|row| row.prev);
        for row in rows.iter().take_while(|row| row.id != hold) {
            let done = row.done()?;
            if let Some(ended) = done.decision.effects.iter().find_map(|effect| ending(&effect.because, hold)) {
                return Ok(ended);
            }
        }
        if rows.iter().any(|row| row.id == hold) {
            break;
        }
    }
    Ok(HoldStateJson::Lapsed)
}

fn ending(because: &Because, wanted: TransactionId) -> Option<HoldStateJson> {
    match because {
        Because::Captured { hold } if *hold == wanted => Some(HoldStateJson::Captured),
        Because::HoldReleased { hold } if *hold == wanted => Some(HoldStateJson::Released),
        Because::HoldLapsed { hold } if *hold == wanted => Some(HoldStateJson::Lapsed),
        _ => None,
    }
}
