//! `/v1/guest_orders`.

use std::collections::BTreeSet;

use axum::extract::State;
use lojal_core::kernel::{Instant, Money, format_decimal};
use lojal_core::programme::Programme;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::platform::application::Application;
use crate::platform::auth::{Authority, Reads, Writes};
use crate::platform::directory::{Listed, directory_find_all};
use crate::platform::figures::{GuestOrder, guest_order_find, guest_orders_put};
use crate::platform::http::faults::Faults;
use crate::platform::http::fields::{Currency, Decimal, ExternalId, Time};
use crate::platform::http::query::NoQuery;
use crate::platform::http::{Json, Path, Problem, Query};
use crate::platform::writer::WriteError;

const MOST_ORDERS: usize = 1000;

/// An order of somebody who is no member, as it now stands. It needs neither lines nor a customer.
#[derive(Deserialize, ToSchema)]
#[schema(as = GuestOrderInput, example = json!({
    "placed_at": "2026-04-01T10:00:00Z", "currency": "PLN", "kept_total": "149.00"
}))]
#[serde(deny_unknown_fields)]
struct GuestOrderInput {
    placed_at: Time,
    currency: Currency,
    /// What was paid for what is kept of it, tax and shipping included; `0` once all of it came back or it was called
    /// off.
    kept_total: Decimal,
}

/// An order with the shop's own id of it.
#[derive(Deserialize, ToSchema)]
#[schema(as = NamedGuestOrderInput)]
#[serde(deny_unknown_fields)]
struct NamedInput {
    external_id: ExternalId,
    placed_at: Time,
    currency: Currency,
    kept_total: Decimal,
}

#[derive(Deserialize, ToSchema)]
#[schema(as = GuestOrdersInput, example = json!({"orders": [
    {"external_id": "1002", "placed_at": "2026-04-01T10:00:00Z", "currency": "PLN", "kept_total": "149.00"}
]}))]
#[serde(deny_unknown_fields)]
struct ManyInput {
    #[schema(min_items = 1, max_items = 1000)]
    orders: Vec<NamedInput>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = GuestOrder)]
struct GuestOrderJson {
    external_id: String,
    placed_at: Time,
    currency: String,
    #[schema(example = "149.00")]
    kept_total: String,
}

/// How many orders were taken.
#[derive(Serialize, ToSchema)]
#[schema(as = GuestOrdersTaken)]
struct Taken {
    #[schema(example = 1)]
    taken: usize,
}

impl GuestOrderJson {
    fn new(order: &GuestOrder, programme: &Programme) -> GuestOrderJson {
        GuestOrderJson {
            external_id: order.external_id.to_string(),
            placed_at: Time(order.placed_at),
            currency: programme.currency.code.to_string(),
            kept_total: format_decimal(order.kept.0, programme.currency.decimals),
        }
    }
}

/// What a request states, as it is checked.
struct Stated<'a> {
    pointer: String,
    placed_at: Time,
    currency: &'a Currency,
    kept_total: &'a Decimal,
}

impl Stated<'_> {
    fn read(&self, programme: &Programme, now: Instant, faults: &mut Faults) -> (Instant, Money) {
        let at = |field: &str| format!("{}/{field}", self.pointer);
        let placed_at = faults.past(&at("placed_at"), self.placed_at, now);
        let tender = faults.tender(&at("currency"), self.currency, programme);
        (placed_at, faults.money(at("kept_total"), self.kept_total, tender))
    }
}

pub fn routes() -> OpenApiRouter<Application> {
    OpenApiRouter::new().routes(routes!(guest_order_put, guest_order_get)).routes(routes!(guest_order_put_many))
}

/// Put a guest's order
///
/// What somebody who is no member bought, as it now stands and as often as you like, so that the console can compare
/// members with everybody else. It gives no points. Once it is put as the order of a member, it is a member's.
#[utoipa::path(
    put,
    path = "/v1/guest_orders/{external_id}",
    tag = "orders",
    params(("external_id" = inline(ExternalId), Path, description = "The shop's own id of the order")),
    request_body = GuestOrderInput,
    responses((status = 200, description = "The order as it is kept", body = GuestOrderJson)),
    security(("key" = ["write"]))
)]
async fn guest_order_put(
    _: Authority<Writes>,
    State(application): State<Application>,
    Path(external_id): Path<ExternalId>,
    _: Query<NoQuery>,
    Json { body, .. }: Json<GuestOrderInput>,
) -> Result<axum::Json<GuestOrderJson>, Problem> {
    let rulebook = application.rulebook();
    let programme = rulebook.live().ok_or(WriteError::NoProgramme)?;
    let mut faults = Faults::default();
    let stated = Stated {
        pointer: String::new(),
        placed_at: body.placed_at,
        currency: &body.currency,
        kept_total: &body.kept_total,
    };
    let (placed_at, kept) = stated.read(programme, application.clock.now(), &mut faults);
    faults.finish()?;
    if application.order(&external_id.0).await?.is_some() {
        return Err(WriteError::OrderOfAnotherMember.into());
    }
    let order = GuestOrder { external_id: external_id.0, placed_at, kept };
    guest_orders_put(&application.database, std::slice::from_ref(&order)).await?;
    Ok(axum::Json(GuestOrderJson::new(&order, programme)))
}

/// Put many guests' orders
///
/// Up to a thousand orders as they now stand: all of them are taken, or none.
#[utoipa::path(
    put,
    path = "/v1/guest_orders",
    tag = "orders",
    request_body = ManyInput,
    responses((status = 200, description = "How many were taken", body = Taken)),
    security(("key" = ["write"]))
)]
async fn guest_order_put_many(
    _: Authority<Writes>,
    State(application): State<Application>,
    _: Query<NoQuery>,
    Json { body, .. }: Json<ManyInput>,
) -> Result<axum::Json<Taken>, Problem> {
    let rulebook = application.rulebook();
    let programme = rulebook.live().ok_or(WriteError::NoProgramme)?;
    let now = application.clock.now();
    if body.orders.is_empty() || body.orders.len() > MOST_ORDERS {
        return Err(Problem::field("/orders", "wrong_number", format!("has between 1 and {MOST_ORDERS} orders")));
    }
    let mut faults = Faults::default();
    let names: Vec<&str> = body.orders.iter().map(|order| order.external_id.0.as_str()).collect();
    let of_members = directory_find_all(&mut *application.database.snapshot().await?, Listed::Order, &names).await?;
    let mut known = BTreeSet::new();
    let mut orders = Vec::with_capacity(body.orders.len());
    for (index, input) in body.orders.iter().enumerate() {
        let pointer = format!("/orders/{index}");
        let external_id = input.external_id.0.clone();
        if !known.insert(external_id.clone()) {
            let detail = format!("{external_id} names another order, too");
            faults.add(format!("{pointer}/external_id"), "duplicate", detail);
        } else if of_members.contains_key(&external_id) {
            faults.add(format!("{pointer}/external_id"), "order_of_another_member", "is the order of a member");
        }
        let (currency, kept_total) = (&input.currency, &input.kept_total);
        let stated = Stated { pointer, placed_at: input.placed_at, currency, kept_total };
        let (placed_at, kept) = stated.read(programme, now, &mut faults);
        orders.push(GuestOrder { external_id, placed_at, kept });
    }
    faults.finish()?;
    guest_orders_put(&application.database, &orders).await?;
    Ok(axum::Json(Taken { taken: orders.len() }))
}

/// Get a guest's order
#[utoipa::path(
    get,
    path = "/v1/guest_orders/{external_id}",
    tag = "orders",
    params(("external_id" = inline(ExternalId), Path, description = "The shop's own id of the order")),
    responses((status = 200, description = "The order as it is kept", body = GuestOrderJson)),
    security(("key" = ["read"]))
)]
async fn guest_order_get(
    _: Authority<Reads>,
    State(application): State<Application>,
    Path(external_id): Path<ExternalId>,
    _: Query<NoQuery>,
) -> Result<axum::Json<GuestOrderJson>, Problem> {
    let unknown = || Problem::not_found("unknown_order", "no guest's order has this id");
    let rulebook = application.rulebook();
    let programme = rulebook.live().ok_or_else(unknown)?;
    let found = guest_order_find(&mut *application.database.read().await?, &external_id.0).await?;
    Ok(axum::Json(GuestOrderJson::new(&found.ok_or_else(unknown)?, programme)))
}
