//! `/v1/transfers`.

use axum::extract::State;
use lojal_core::command::{Command, TransferKind};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::ledger_entries::{Telling, TransactionJson};
use crate::platform::application::Application;
use crate::platform::auth::{Authority, Writes};
use crate::platform::enrolment::MemberStatus;
use crate::platform::http::fields::{Label, MemberName, Points};
use crate::platform::http::query::{RequiredIdempotencyKey, WriteQuery, Written, language};
use crate::platform::http::subject::{member_named, spend};
use crate::platform::http::{JsonOnce, Problem, Query};
use crate::platform::writer::Submission;

/// Points on their way from one member to another.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"kind": "gift", "from": "customer-1001", "to": "customer-1002", "unit": "points", "amount": 100}))]
#[serde(deny_unknown_fields)]
struct TransferInput {
    kind: TransferInputKind,
    from: MemberName,
    to: MemberName,
    unit: Label,
    amount: Points,
}

/// A present, or a move of one's own.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum TransferInputKind {
    Transfer,
    Gift,
}

pub fn routes() -> OpenApiRouter<Application> {
    OpenApiRouter::new().routes(routes!(transfer_make))
}

/// Transfer or give points
///
/// They leave the sender at once and reach the receiver a moment later, with their own expiry
/// dates. When the receiver cannot take them they come back by themselves.
#[utoipa::path(
    post,
    path = "/v1/transfers",
    tag = "transfers",
    params(WriteQuery, RequiredIdempotencyKey),
    request_body = TransferInput,
    responses(
        (status = 201, description = "Sent", body = TransactionJson),
        (status = 200, description = "What would happen (dry run)", body = TransactionJson)
    ),
    security(("key" = ["write"]))
)]
async fn transfer_make(
    _: Authority<Writes>,
    State(application): State<Application>,
    Query(query): Query<WriteQuery>,
    JsonOnce { body, idempotency }: JsonOnce<TransferInput>,
) -> Result<Written<TransactionJson>, Problem> {
    let from = member_named(&application, &body.from).await?;
    let to = member_named(&application, &body.to)
        .await
        .map_err(|problem| problem.with_detail("no such member to send to"))?;
    if to.status == MemberStatus::Left {
        return Err(Problem::conflict("member_left", "the member who is to receive them has left the programme"));
    }
    let kind = match body.kind {
        TransferInputKind::Transfer => TransferKind::Transfer,
        TransferInputKind::Gift => TransferKind::Gift,
    };
    let done = spend(&application, &from, |holder| {
        let command = Command::Transfer { kind, unit: body.unit.0.clone(), amount: body.amount.0, to: to.holder() };
        Submission {
            idempotency: Some(idempotency.clone()),
            dry_run: query.dry_run,
            ..Submission::new(holder, command)
        }
    })
    .await?;
    let telling = Telling { language: language(query.lang), dry_run: query.dry_run };
    let transaction = TransactionJson::new(&done, &application.rulebook(), telling);
    Ok(Written::created(transaction, query.dry_run, done.repeated))
}
