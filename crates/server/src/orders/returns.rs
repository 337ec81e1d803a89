//! Returns: pieces of a known order, or goods whose order nobody knows.

use axum::extract::State;
use lojal_core::command::{Command, ReturnedLine};
use lojal_core::decision::{OrderRecord, Refusal};
use lojal_core::kernel::Name;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::api::order_json;
use super::wire::{LooseReturnInput, OrderAnswer, ReturnInput};
use crate::ledger_entries::{Telling, TransactionJson};
use crate::platform::application::Application;
use crate::platform::auth::{Authority, Writes};
use crate::platform::http::faults::Faults;
use crate::platform::http::fields::ExternalId;
use crate::platform::http::query::{IdempotencyKey, WriteQuery, Written, language};
use crate::platform::http::subject::member_named;
use crate::platform::http::{Json, Path, Problem, Query};
use crate::platform::writer::{Idempotency, Submission, WriteError};

const MOST_LINES: usize = 1000;

pub fn routes() -> OpenApiRouter<Application> {
    OpenApiRouter::new().routes(routes!(order_return)).routes(routes!(loose_return))
}

/// Return lines of an order
///
/// The order is settled, under the programme version by which it was earned, as if these pieces had
/// never been bought. Any sequence of partial returns ends where one full return would.
#[utoipa::path(
    post,
    path = "/v1/orders/{external_id}/returns",
    tag = "orders",
    params(
        ("external_id" = inline(ExternalId), Path, description = "The shop's own id of the order"),
        WriteQuery,
        IdempotencyKey
    ),
    request_body = ReturnInput,
    responses(
        (status = 201, description = "Settled", body = OrderAnswer),
        (status = 200, description = "What would happen (dry run)", body = OrderAnswer)
    ),
    security(("key" = ["write"]))
)]
async fn order_return(
    _: Authority<Writes>,
    State(application): State<Application>,
    Path(external_id): Path<ExternalId>,
    Query(query): Query<WriteQuery>,
    Json { body, idempotency }: Json<ReturnInput>,
) -> Result<Written<OrderAnswer>, Problem> {
    returned(&application, external_id, body, idempotency, &query).await
}

/// Settles what came back of an order.
pub async fn returned(
    application: &Application,
    external_id: ExternalId,
    body: ReturnInput,
    idempotency: Option<Idempotency>,
    query: &WriteQuery,
) -> Result<Written<OrderAnswer>, Problem> {
    let order = external_id.0;
    let kept = application.order(&order).await?;
    let kept = kept.ok_or_else(|| Refusal::UnknownOrder { order: order.clone() })?;
    let now = application.clock.now();
    let mut faults = Faults::default();
    let returned_at = body.returned_at.map_or(now, |time| faults.past("/returned_at", time, now));
    if body.lines.as_ref().is_some_and(|lines| lines.is_empty() || lines.len() > MOST_LINES) {
        faults.add("/lines", "wrong_number", format_args!("has between 1 and {MOST_LINES} lines"));
    }
    faults.finish()?;
    let return_id = body.return_id.0;
    let lines: Vec<ReturnedLine> = match body.lines {
        Some(lines) => lines
            .into_iter()
            .map(|returned| ReturnedLine { line: returned.line.0, quantity: returned.quantity.0 })
            .collect(),
        None => kept_lines(&kept.thing, &return_id)?,
    };
    let command = Command::ReturnLines { order, return_id, returned_at, lines };
    let submission = Submission { idempotency, dry_run: query.dry_run, ..Submission::new(kept.holder, command) };
    let done = application.writer.submit(submission).await?;
    let order = order_json(application, &done);
    let telling = Telling { language: language(query.lang), dry_run: query.dry_run };
    let transaction = TransactionJson::new(&done, &application.rulebook(), telling);
    Ok(Written::created(
        OrderAnswer { order, transaction, explanation: None, referral: None },
        query.dry_run,
        done.repeated,
    ))
}

/// Everything that is still kept; nothing when this very return was counted before.
fn kept_lines(record: &OrderRecord, return_id: &Name) -> Result<Vec<ReturnedLine>, Problem> {
    let kept: Vec<ReturnedLine> = record
        .order
        .lines
        .iter()
        .filter(|line| line.kept() > 0)
        .map(|line| ReturnedLine { line: line.id.clone(), quantity: line.kept() })
        .collect();
    if kept.is_empty() && !record.returns.contains(return_id) {
        return Err(Problem::conflict("returned_already", "everything in this order has come back already"));
    }
    Ok(kept)
}

/// Return goods without an order
///
/// For goods whose order nobody can name: as the programme says, they take back what they would
/// earn today, or change nothing.
#[utoipa::path(
    post,
    path = "/v1/returns",
    tag = "orders",
    params(WriteQuery, IdempotencyKey),
    request_body = LooseReturnInput,
    responses(
        (status = 201, description = "Settled", body = OrderAnswer),
        (status = 200, description = "What would happen (dry run)", body = OrderAnswer)
    ),
    security(("key" = ["write"]))
)]
async fn loose_return(
    _: Authority<Writes>,
    State(application): State<Application>,
    Query(query): Query<WriteQuery>,
    Json { body, idempotency }: Json<LooseReturnInput>,
) -> Result<Written<OrderAnswer>, Problem> {
    let rulebook = application.rulebook();
    let programme = rulebook.live().ok_or(WriteError::NoProgramme)?;
    let member = body.member.clone();
    let goods = body.into_goods(programme, application.clock.now())?;
    let row = member_named(&application, &member).await?;
    let command = Command::ReturnWithoutOrder { goods };
    let submission = Submission { idempotency, dry_run: query.dry_run, ..Submission::new(row.account, command) };
    let done = application.writer.submit(submission).await?;
    let telling = Telling { language: language(query.lang), dry_run: query.dry_run };
    let transaction = TransactionJson::new(&done, &application.rulebook(), telling);
    Ok(Written::created(
        OrderAnswer { order: None, transaction, explanation: None, referral: None },
        query.dry_run,
        done.repeated,
    ))
}
