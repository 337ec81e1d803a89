//! `/v1/adjustments`.

use axum::extract::State;
use lojal_core::command::Command;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::ledger_entries::{Telling, TransactionJson};
use crate::platform::application::Application;
use crate::platform::auth::{Administers, Authority};
use crate::platform::http::faults::Faults;
use crate::platform::http::fields::{Label, MemberName, Remark, SignedPoints};
use crate::platform::http::query::{RequiredIdempotencyKey, WriteQuery, Written, language};
use crate::platform::http::subject::{member_named, spend};
use crate::platform::http::{JsonOnce, Problem, Query};
use crate::platform::writer::{Submission, WriteError};

/// Points given or, when the amount is negative, taken.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"member": "customer-1001", "unit": "points", "amount": 50, "reason": "Sorry for the late parcel"}))]
#[serde(deny_unknown_fields)]
struct AdjustmentInput {
    member: MemberName,
    unit: Label,
    /// The brand that answers for the points; may be left out where the programme has only one.
    brand: Option<Label>,
    /// Anything but 0.
    amount: SignedPoints,
    /// Why, for the member to read.
    reason: Remark,
}

pub fn routes() -> OpenApiRouter<Application> {
    OpenApiRouter::new().routes(routes!(adjustment_make))
}

/// Adjust a balance
///
/// Points given or taken by hand. The reason stands in the ledger for ever.
#[utoipa::path(
    post,
    path = "/v1/adjustments",
    tag = "adjustments",
    params(WriteQuery, RequiredIdempotencyKey),
    request_body = AdjustmentInput,
    responses(
        (status = 201, description = "Adjusted", body = TransactionJson),
        (status = 200, description = "What would happen (dry run)", body = TransactionJson)
    ),
    security(("key" = ["admin"]))
)]
async fn adjustment_make(
    _: Authority<Administers>,
    State(application): State<Application>,
    Query(query): Query<WriteQuery>,
    JsonOnce { body, idempotency }: JsonOnce<AdjustmentInput>,
) -> Result<Written<TransactionJson>, Problem> {
    let rulebook = application.rulebook();
    let programme = rulebook.live().ok_or(WriteError::NoProgramme)?;
    let mut faults = Faults::default();
    if body.amount.0 == 0 {
        faults.add("/amount", "invalid", "must not be 0");
    }
    let brand = faults.brand(body.brand.as_ref().map(|brand| &brand.0), programme);
    faults.finish()?;
    let row = member_named(&application, &body.member).await?;
    let done = spend(&application, &row, |holder| {
        let command = Command::Adjust {
            unit: body.unit.0.clone(),
            brand: brand.clone(),
            amount: body.amount.0,
            reason: body.reason.0.clone(),
        };
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
