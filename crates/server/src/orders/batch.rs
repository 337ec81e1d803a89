//! `/v1/orders:batch`.

use axum::Extension;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use lojal_core::activity::OrderState;
use lojal_core::command::Command;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::api::{Manner, ORDER, customer, guest_decision, order_answer};
use super::wire::{LineInput, OrderAnswer, OrderInput, OrderStateJson};
use crate::ingestion::{Asked, BatchQuery, Entry, IfUnknown, LineJson, Reading, Room, Subject, stream};
use crate::ledger_entries::Telling;
use crate::platform::application::Application;
use crate::platform::auth::{Authority, Writes};
use crate::platform::http::fields::{Currency, Decimal, ExternalId, Label, MemberName, Time};
use crate::platform::http::identifiers::IdentifiersInput;
use crate::platform::http::subject::unknown_member;
use crate::platform::http::{Problem, Query};
use crate::platform::writer::{Done, WriteError};

/// An order as it now stands, with the shop's own id of it.
#[derive(Deserialize, ToSchema)]
#[schema(as = NamedOrderInput, example = json!({
    "external_id": "1001", "member": "customer-1001", "state": "paid", "currency": "PLN",
    "placed_at": "2026-04-01T10:00:00Z",
    "lines": [{"id": "1", "sku": "MUG-01", "quantity": 2, "unit_price": "24.90"}]
}))]
#[serde(deny_unknown_fields)]
struct NamedOrderInput {
    /// The shop's own id of the order.
    external_id: ExternalId,
    member: MemberName,
    state: OrderStateJson,
    /// The brand that sold it; may be left out where the programme has only one.
    brand: Option<Label>,
    currency: Currency,
    placed_at: Time,
    paid_at: Option<Time>,
    /// When it was delivered.
    closed_at: Option<Time>,
    channel: Option<Label>,
    country: Option<Label>,
    #[serde(default)]
    #[schema(max_items = 50)]
    tags: Vec<Label>,
    /// The part of the total that was paid with points, or with vouchers bought with points.
    paid_with_points: Option<Decimal>,
    #[schema(min_items = 1, max_items = 1000)]
    lines: Vec<LineInput>,
    /// What the customer was seen with; where recommendations are checked, it tells made-up ones from real ones.
    identifiers: Option<IdentifiersInput>,
}

impl NamedOrderInput {
    fn split(self) -> (ExternalId, OrderInput) {
        let order = OrderInput {
            member: self.member,
            state: self.state,
            brand: self.brand,
            currency: self.currency,
            placed_at: self.placed_at,
            paid_at: self.paid_at,
            closed_at: self.closed_at,
            channel: self.channel,
            country: self.country,
            tags: self.tags,
            paid_with_points: self.paid_with_points,
            lines: self.lines,
            identifiers: self.identifiers,
            referral: None,
        };
        (self.external_id, order)
    }
}

pub fn routes() -> OpenApiRouter<Application> {
    OpenApiRouter::new().routes(routes!(order_batch)).layer(Extension(Room::default()))
}

/// Put many orders
///
/// An order on each line (NDJSON, plain or with `Content-Encoding: gzip`), as `PUT
/// /v1/orders/{external_id}` takes it, and its `external_id`; a result line for each, in the same
/// order, while the body is still being read. A line that is wrong fails alone; blank lines are
/// skipped. The same body may be sent again: nothing counts twice.
#[utoipa::path(
    post,
    path = "/v1/orders:batch",
    tag = "orders",
    params(BatchQuery),
    request_body(content = NamedOrderInput, content_type = "application/x-ndjson"),
    responses((
        status = 200,
        description = "A result line for each line, as they are carried out",
        body = LineJson<OrderAnswer>,
        content_type = "application/x-ndjson"
    )),
    security(("key" = ["write"]))
)]
async fn order_batch(
    _: Authority<Writes>,
    State(application): State<Application>,
    Query(query): Query<BatchQuery>,
    request: Request,
) -> Result<Response, Problem> {
    stream::<Orders>(application, query, request)
}

struct Orders;

impl Subject for Orders {
    type Input = NamedOrderInput;
    type Mark = Manner;
    type Answer = OrderAnswer;

    const TURNS: Option<&'static str> = Some(ORDER);

    fn read(input: NamedOrderInput, reading: &Reading<'_>) -> Result<(Entry, Manner), Problem> {
        let (external_id, input) = input.split();
        let (member, seen) = (input.member.clone(), input.identifiers.clone());
        let mut order = input.into_order(&external_id, reading.programme, reading.now)?;
        let is_cart = order.state == OrderState::Open;
        if is_cart {
            // What it would give if it were paid now.
            order.state = OrderState::Paid;
        }
        let dry_run = reading.dry_run || is_cart;
        let joins = !dry_run && customer(&member, &order, reading.programme).is_some();
        let if_unknown = if joins { IfUnknown::Enrol } else { IfUnknown::Leave };
        let asked = Asked::Command(Command::PutOrder { order });
        let manner = if is_cart { Manner::Cart } else { Manner::Order };
        let seen = seen.filter(|_| !dry_run).map(Box::new);
        Ok((Entry { member, asked, at: None, dry_run, if_unknown, seen }, manner))
    }

    fn status(_: bool) -> StatusCode {
        StatusCode::OK
    }

    fn answer(application: &Application, done: &Done, manner: Manner, telling: Telling) -> OrderAnswer {
        order_answer(application, done, manner, telling)
    }

    fn unknown(application: &Application, entry: Entry) -> Result<(Done, Manner), Problem> {
        let rulebook = application.rulebook();
        let programme = rulebook.live().ok_or(WriteError::NoProgramme)?;
        match entry.asked {
            Asked::Command(Command::PutOrder { order })
                if entry.dry_run && customer(&entry.member, &order, programme).is_some() =>
            {
                Ok((guest_decision(application, order)?, Manner::Guest))
            }
            _ => Err(unknown_member()),
        }
    }
}
