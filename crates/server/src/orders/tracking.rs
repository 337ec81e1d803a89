//! `/v1/track/sale` and `/v1/track/refund`: orders and returns, as those tell of them who follow links.

use axum::Extension;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::api::{ORDER, put};
use super::returns::returned;
use super::wire::{OrderAnswer, OrderInput, OrderStateJson, ReturnInput};
use crate::platform::application::Application;
use crate::platform::auth::{Authority, Writes};
use crate::platform::clicks::Clicks;
use crate::platform::http::fields::ExternalId;
use crate::platform::http::query::{ExplainQuery, RequiredIdempotencyKey, WriteQuery, Written};
use crate::platform::http::turns::Turns;
use crate::platform::http::{JsonOnce, Problem, Query};
use crate::platform::requests::{request_begin, request_settle};

pub fn routes() -> OpenApiRouter<Application> {
    OpenApiRouter::new().routes(routes!(sale_track)).routes(routes!(refund_track))
}

#[derive(Deserialize, ToSchema)]
#[schema(as = SaleInput, example = json!({
    "external_id": "1001",
    "order": {
        "member": "customer-1001", "state": "paid", "currency": "PLN", "placed_at": "2026-04-01T10:00:00Z",
        "lines": [{"id": "1", "quantity": 1, "total": "149.00"}], "referral": {"code": "ada-szyje"}
    }
}))]
#[serde(deny_unknown_fields)]
struct SaleInput {
    /// The shop's own id of the order: the same order twice counts once.
    external_id: ExternalId,
    order: OrderInput,
}

#[derive(Deserialize, ToSchema)]
#[schema(as = RefundInput, example = json!({"external_id": "1001", "return": {"return_id": "R-78"}}))]
#[serde(deny_unknown_fields)]
struct RefundInput {
    /// The shop's own id of the order.
    external_id: ExternalId,
    #[serde(rename = "return")]
    refund: ReturnInput,
}

/// Tell of a sale
///
/// The same as putting the order: it is put as it is sent, and counts once by its own id. The key tells whether something
/// else is asked under it, which is refused.
#[utoipa::path(
    post,
    path = "/v1/track/sale",
    tag = "referrals",
    params(ExplainQuery, RequiredIdempotencyKey),
    request_body = SaleInput,
    responses((status = 200, description = "What it led to, or would lead to", body = OrderAnswer)),
    security(("key" = ["write"]))
)]
async fn sale_track(
    _: Authority<Writes>,
    State(application): State<Application>,
    Extension(clicks): Extension<Clicks>,
    Extension(turns): Extension<Turns>,
    Query(query): Query<ExplainQuery>,
    JsonOnce { body, idempotency }: JsonOnce<SaleInput>,
) -> Result<axum::Json<OrderAnswer>, Problem> {
    let now = application.clock.now();
    // A cart is quoted, and writes nothing.
    let is_tried = query.dry_run || matches!(body.order.state, OrderStateJson::Open);
    let mut transaction = application.database.write_aside().await?;
    request_begin(&mut transaction, Some(&idempotency), now).await?;
    // It is noted once it has led to something.
    transaction.rollback().await?;
    // As whoever puts the order does: over several machines nobody else sees to it that an order has one owner.
    let _turn = turns.take_all(ORDER, [body.external_id.0.to_string()].into()).await;
    let answer = put(&application, &clicks, &body.external_id, body.order, &query).await?;
    if !is_tried {
        let mut transaction = application.database.write_aside().await?;
        request_settle(&mut transaction, Some(&idempotency), &body.external_id.0, now).await?;
        transaction.commit().await?;
    }
    Ok(axum::Json(answer))
}

/// Tell of a refund
///
/// The same as returning lines of the order.
#[utoipa::path(
    post,
    path = "/v1/track/refund",
    tag = "referrals",
    params(WriteQuery, RequiredIdempotencyKey),
    request_body = RefundInput,
    responses(
        (status = 201, description = "Settled", body = OrderAnswer),
        (status = 200, description = "What would happen (dry run)", body = OrderAnswer)
    ),
    security(("key" = ["write"]))
)]
async fn refund_track(
    _: Authority<Writes>,
    State(application): State<Application>,
    Query(query): Query<WriteQuery>,
    JsonOnce { body, idempotency }: JsonOnce<RefundInput>,
) -> Result<Written<OrderAnswer>, Problem> {
    returned(&application, body.external_id, body.refund, Some(idempotency), &query).await
}
