//! Orders and returns as JSON.

use std::collections::BTreeSet;

use lojal_core::activity::{Line, LineKind, Order, OrderState};
use lojal_core::decision::OrderRecord;
use lojal_core::kernel::{HolderId, Instant, LARGEST_AMOUNT, Money, Name};
use lojal_core::programme::Programme;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ledger_entries::{ExplanationJson, Teller, TransactionJson};
use crate::platform::http::Problem;
use crate::platform::http::faults::{Faults, Tender};
use crate::platform::http::fields::{Currency, Decimal, ExternalId, HouseholdKey, Label, MemberName, Pieces, Time};
use crate::platform::http::identifiers::IdentifiersInput;
use crate::referrals::{IntroducedJson, ReferralInput};

/// How far an order has come.
#[derive(Clone, Copy, Deserialize, Serialize, ToSchema)]
#[schema(as = OrderState)]
#[serde(rename_all = "snake_case")]
pub enum OrderStateJson {
    /// A cart: quoted, never written.
    Open,
    /// Paid: it earns.
    Paid,
    /// Paid and delivered.
    Closed,
    /// Called off as a whole.
    Cancelled,
}

impl From<OrderStateJson> for OrderState {
    fn from(state: OrderStateJson) -> OrderState {
        match state {
            OrderStateJson::Open => OrderState::Open,
            OrderStateJson::Paid => OrderState::Paid,
            OrderStateJson::Closed => OrderState::Closed,
            OrderStateJson::Cancelled => OrderState::Cancelled,
        }
    }
}

/// What a line charges for.
#[derive(Clone, Copy, Default, Deserialize, Serialize, ToSchema)]
#[schema(as = LineKind)]
#[serde(rename_all = "snake_case")]
pub enum LineKindJson {
    #[default]
    Product,
    Shipping,
    GiftCard,
    Fee,
}

impl From<LineKindJson> for LineKind {
    fn from(kind: LineKindJson) -> LineKind {
        match kind {
            LineKindJson::Product => LineKind::Product,
            LineKindJson::Shipping => LineKind::Shipping,
            LineKindJson::GiftCard => LineKind::GiftCard,
            LineKindJson::Fee => LineKind::Fee,
        }
    }
}

/// One line of an order. Its price is stated once: as `total` or as `unit_price`.
#[derive(Deserialize, ToSchema)]
#[schema(as = OrderLineInput, example = json!({"id": "1", "sku": "MUG-01", "quantity": 2, "unit_price": "24.90"}))]
#[serde(deny_unknown_fields)]
pub struct LineInput {
    /// The shop's own id of the line; unique within its order, and the same each time.
    pub id: Label,
    pub sku: Option<Label>,
    pub quantity: Pieces,
    /// For all pieces, tax included, after discounts.
    pub total: Option<Decimal>,
    /// For one piece, tax included, after discounts.
    pub unit_price: Option<Decimal>,
    /// The part of the price of all pieces that is tax.
    pub tax: Option<Decimal>,
    #[serde(default)]
    pub kind: LineKindJson,
    pub category: Option<Label>,
    /// The maker of the goods, not the shop.
    pub make: Option<Label>,
    #[serde(default)]
    #[schema(max_items = 50)]
    pub tags: Vec<Label>,
    /// Whether the price was reduced.
    #[serde(default)]
    pub discounted: bool,
}

/// An order as it now stands. Send the whole of it each time.
#[derive(Deserialize, ToSchema)]
#[schema(as = OrderInput, example = json!({
    "member": "customer-1001", "state": "paid", "currency": "PLN",
    "placed_at": "2026-04-01T10:00:00Z", "paid_at": "2026-04-01T10:05:00Z", "channel": "web",
    "lines": [{"id": "1", "sku": "MUG-01", "quantity": 2, "unit_price": "24.90", "category": "kitchen"}]
}))]
#[serde(deny_unknown_fields)]
pub struct OrderInput {
    pub member: MemberName,
    pub state: OrderStateJson,
    /// The brand that sold it; may be left out where the programme has only one.
    pub brand: Option<Label>,
    pub currency: Currency,
    pub placed_at: Time,
    pub paid_at: Option<Time>,
    /// When it was delivered.
    pub closed_at: Option<Time>,
    pub channel: Option<Label>,
    pub country: Option<Label>,
    #[serde(default)]
    #[schema(max_items = 50)]
    pub tags: Vec<Label>,
    /// The part of the total that was paid with points, or with vouchers bought with points.
    pub paid_with_points: Option<Decimal>,
    #[schema(min_items = 1, max_items = 1000)]
    pub lines: Vec<LineInput>,
    /// What the customer was seen with. Part of no order: it is hashed, and nobody is ever told of it.
    pub identifiers: Option<IdentifiersInput>,
    /// With what the customer came, where somebody may have recommended the shop. It is looked at once, before the order.
    pub referral: Option<ReferralInput>,
}

/// A cart, for a member or for a guest.
#[derive(Deserialize, ToSchema)]
#[schema(as = QuoteInput, example = json!({
    "member": "customer-1001", "currency": "PLN", "lines": [{"id": "1", "quantity": 1, "total": "149.00"}]
}))]
#[serde(deny_unknown_fields)]
pub struct QuoteInput {
    /// Absent: a guest, who would join with this order.
    pub member: Option<MemberName>,
    pub brand: Option<Label>,
    pub currency: Currency,
    pub channel: Option<Label>,
    pub country: Option<Label>,
    #[serde(default)]
    #[schema(max_items = 50)]
    pub tags: Vec<Label>,
    pub paid_with_points: Option<Decimal>,
    #[schema(min_items = 1, max_items = 1000)]
    pub lines: Vec<LineInput>,
}

/// Goods that came back although nobody knows their order: `lines` lists them as if they were bought.
#[derive(Deserialize, ToSchema)]
#[schema(as = LooseReturnInput, example = json!({
    "member": "customer-1001", "return_id": "R-77", "currency": "PLN", "returned_at": "2026-04-09T12:00:00Z",
    "lines": [{"id": "1", "quantity": 1, "total": "24.90"}]
}))]
#[serde(deny_unknown_fields)]
pub struct LooseReturnInput {
    pub member: MemberName,
    /// The shop's own id of the return; the same id twice counts once.
    pub return_id: ExternalId,
    pub brand: Option<Label>,
    pub currency: Currency,
    /// Now, when it is left out.
    pub returned_at: Option<Time>,
    #[schema(min_items = 1, max_items = 1000)]
    pub lines: Vec<LineInput>,
}

/// Pieces of one line.
#[derive(Clone, Deserialize, ToSchema)]
#[schema(as = ReturnedLine)]
#[serde(deny_unknown_fields)]
pub struct ReturnedLineInput {
    pub line: Label,
    pub quantity: Pieces,
}

/// Pieces of an order that came back.
#[derive(Deserialize, ToSchema)]
#[schema(as = ReturnInput, example = json!({"return_id": "R-78", "lines": [{"line": "1", "quantity": 1}]}))]
#[serde(deny_unknown_fields)]
pub struct ReturnInput {
    /// The shop's own id of the return; the same id twice counts once.
    pub return_id: ExternalId,
    /// Now, when it is left out.
    pub returned_at: Option<Time>,
    /// Everything that is still kept, when they are left out.
    #[schema(min_items = 1, max_items = 1000)]
    pub lines: Option<Vec<ReturnedLineInput>>,
}

const MOST_LINES: usize = 1000;
const MOST_TAGS: usize = 50;

impl OrderInput {
    pub fn into_order(self, external_id: &ExternalId, programme: &Programme, now: Instant) -> Result<Order, Problem> {
        let mut faults = Faults::default();
        let tender = faults.tender("/currency", &self.currency, programme);
        let paid_with_points = self.paid_with_points.as_ref();
        let order = Order {
            external_id: external_id.0.clone(),
            brand: faults.brand(self.brand.as_ref().map(|brand| &brand.0), programme),
            state: self.state.into(),
            placed_at: faults.past("/placed_at", self.placed_at, now),
            paid_at: self.paid_at.map(|time| faults.past("/paid_at", time, now)),
            closed_at: self.closed_at.map(|time| faults.past("/closed_at", time, now)),
            channel: self.channel.map(|channel| channel.0),
            country: self.country.map(|country| country.0),
            tags: tags(self.tags, "/tags", &mut faults),
            paid_with_points: paid_with_points
                .map_or(Money::ZERO, |amount| faults.money("/paid_with_points", amount, tender)),
            lines: lines(self.lines, tender, &mut faults),
        };
        check_points_paid(&order, &mut faults);
        if let Some(identifiers) = &self.identifiers {
            identifiers.check("/identifiers", &mut faults);
        }
        faults.finish()?;
        Ok(order)
    }
}

impl QuoteInput {
    /// The cart as an order that would be paid now.
    pub fn into_order(self, programme: &Programme, now: Instant) -> Result<(Option<MemberName>, Order), Problem> {
        let input = OrderInput {
            member: MemberName::External(Name::default()),
            state: OrderStateJson::Paid,
            brand: self.brand,
            currency: self.currency,
            placed_at: Time(now),
            paid_at: None,
            closed_at: None,
            channel: self.channel,
            country: self.country,
            tags: self.tags,
            paid_with_points: self.paid_with_points,
            lines: self.lines,
            identifiers: None,
            referral: None,
        };
        let order = input.into_order(&ExternalId(Name::from("cart")), programme, now)?;
        Ok((self.member, order))
    }
}

impl LooseReturnInput {
    /// The goods as if they were bought when they came back.
    pub fn into_goods(self, programme: &Programme, now: Instant) -> Result<Order, Problem> {
        let mut faults = Faults::default();
        let tender = faults.tender("/currency", &self.currency, programme);
        let goods = Order {
            external_id: self.return_id.0,
            brand: faults.brand(self.brand.as_ref().map(|brand| &brand.0), programme),
            state: OrderState::Paid,
            placed_at: self.returned_at.map_or(now, |time| faults.past("/returned_at", time, now)),
            paid_at: None,
            closed_at: None,
            channel: None,
            country: None,
            tags: Vec::new(),
            paid_with_points: Money::ZERO,
            lines: lines(self.lines, tender, &mut faults),
        };
        faults.finish()?;
        Ok(goods)
    }
}

fn tags(tags: Vec<Label>, pointer: &str, faults: &mut Faults) -> Vec<Name> {
    if tags.len() > MOST_TAGS {
        faults.add(pointer, "too_many", format_args!("has more than {MOST_TAGS} tags"));
    }
    tags.into_iter().map(|tag| tag.0).collect()
}

fn lines(lines: Vec<LineInput>, tender: Tender, faults: &mut Faults) -> Vec<Line> {
    if lines.is_empty() || lines.len() > MOST_LINES {
        faults.add("/lines", "wrong_number", format_args!("has between 1 and {MOST_LINES} lines"));
        return Vec::new();
    }
    let mut ids = BTreeSet::new();
    let lines: Vec<Line> =
        lines.into_iter().enumerate().map(|(index, input)| line(index, input, tender, faults)).collect();
    for (index, line) in lines.iter().enumerate() {
        if !ids.insert(&line.id) {
            faults.add(format!("/lines/{index}/id"), "duplicate", format_args!("{} names another line, too", line.id));
        }
    }
    let total: i128 = lines.iter().map(|line| i128::from(line.total.0)).sum();
    if total > i128::from(LARGEST_AMOUNT) {
        faults.add("/lines", "too_large", "their total is too large");
    }
    lines
}

fn line(index: usize, input: LineInput, tender: Tender, faults: &mut Faults) -> Line {
    let at = |field: &str| format!("/lines/{index}/{field}");
    let quantity = input.quantity.0;
    let total = match (&input.total, &input.unit_price) {
        (Some(total), None) => faults.money(at("total"), total, tender),
        (None, Some(price)) => {
            let price = faults.money(at("unit_price"), price, tender);
            let total = price.0.checked_mul(quantity).filter(|total| *total <= LARGEST_AMOUNT);
            Money(total.unwrap_or_else(|| {
                faults.add(at("unit_price"), "too_large", "the price of all pieces is too large");
                0
            }))
        }
        (Some(_), Some(_)) => {
            faults.add(at("unit_price"), "stated_twice", "the price is stated once: as total or as unit_price");
            Money::ZERO
        }
        (None, None) => {
            faults.add(at("total"), "missing_field", "the price is missing: state total or unit_price");
            Money::ZERO
        }
    };
    let tax = input.tax.as_ref().map_or(Money::ZERO, |tax| faults.money(at("tax"), tax, tender));
    if tax > total {
        faults.add(at("tax"), "too_large", "is more than the total, of which it is a part");
    }
    Line {
        id: input.id.0,
        sku: input.sku.map(|sku| sku.0),
        quantity,
        total,
        tax,
        kind: input.kind.into(),
        category: input.category.map(|category| category.0),
        make: input.make.map(|make| make.0),
        tags: tags(input.tags, &at("tags"), faults),
        discounted: input.discounted,
        returned: 0,
    }
}

fn check_points_paid(order: &Order, faults: &mut Faults) {
    if order.paid_with_points > order.total() {
        faults.add("/paid_with_points", "too_large", "is more than the order's total, of which it is a part");
    }
}

/// An order with what it gave.
#[derive(Serialize, ToSchema)]
#[schema(as = Order)]
pub struct OrderJson {
    pub external_id: String,
    /// Whose wallets it counts for.
    pub holder: HouseholdKey,
    pub brand: String,
    pub state: OrderStateJson,
    pub returned: ReturnedJson,
    pub currency: String,
    /// What the customer paid before anything came back.
    #[schema(example = "149.00")]
    pub total: String,
    /// What the customer paid for what is kept.
    #[schema(example = "149.00")]
    pub kept_total: String,
    pub paid_with_points: String,
    pub placed_at: Time,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paid_at: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    pub tags: Vec<String>,
    pub lines: Vec<LineJson>,
    /// What each rule gives for it, as it now stands.
    pub awards: Vec<AwardJson>,
    /// Ids of the returns that were counted.
    pub returns: Vec<String>,
    /// The programme version by which any return will be settled.
    pub programme_version: u32,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Returned)]
#[serde(rename_all = "snake_case")]
pub enum ReturnedJson {
    Nothing,
    Partly,
    Wholly,
}

#[derive(Serialize, ToSchema)]
#[schema(as = OrderLine)]
pub struct LineJson {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    sku: Option<String>,
    quantity: i64,
    /// How many pieces have come back.
    returned: i64,
    total: String,
    tax: String,
    kind: LineKindJson,
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    make: Option<String>,
    tags: Vec<String>,
    discounted: bool,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Award)]
pub struct AwardJson {
    rule: String,
    unit: String,
    brand: String,
    points: i64,
}

/// What putting, returning or quoting an order led to.
#[derive(Serialize, ToSchema)]
#[schema(as = OrderAnswer)]
pub struct OrderAnswer {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderJson>,
    pub transaction: TransactionJson,
    /// The rules that did not fire, when asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<ExplanationJson>,
    /// What came of `referral`; absent where nothing was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub referral: Option<IntroducedJson>,
}

impl OrderJson {
    pub fn new(record: &OrderRecord, holder: HolderId, programme: &Programme) -> OrderJson {
        let order = &record.order;
        let teller = Teller::new(Some(programme));
        let text = |name: &Name| name.to_string();
        OrderJson {
            external_id: text(&order.external_id),
            holder: HouseholdKey(holder),
            brand: text(&order.brand),
            state: match order.state {
                OrderState::Open => OrderStateJson::Open,
                OrderState::Paid => OrderStateJson::Paid,
                OrderState::Closed => OrderStateJson::Closed,
                OrderState::Cancelled => OrderStateJson::Cancelled,
            },
            returned: returned(order),
            currency: text(&programme.currency.code),
            total: teller.money(order.total()),
            kept_total: teller.money(order.kept_total()),
            paid_with_points: teller.money(order.paid_with_points),
            placed_at: Time(order.placed_at),
            paid_at: order.paid_at.map(Time),
            closed_at: order.closed_at.map(Time),
            channel: order.channel.as_ref().map(text),
            country: order.country.as_ref().map(text),
            tags: order.tags.iter().map(text).collect(),
            lines: order.lines.iter().map(|line| LineJson::new(line, &teller)).collect(),
            awards: record
                .awards
                .iter()
                .map(|award| AwardJson {
                    rule: text(&award.rule),
                    unit: text(&award.unit),
                    brand: text(&award.brand),
                    points: award.points,
                })
                .collect(),
            returns: record.returns.iter().map(text).collect(),
            programme_version: record.version,
        }
    }
}

impl LineJson {
    fn new(line: &Line, teller: &Teller<'_>) -> LineJson {
        let text = |name: &Name| name.to_string();
        LineJson {
            id: text(&line.id),
            sku: line.sku.as_ref().map(text),
            quantity: line.quantity,
            returned: line.returned,
            total: teller.money(line.total),
            tax: teller.money(line.tax),
            kind: match line.kind {
                LineKind::Product => LineKindJson::Product,
                LineKind::Shipping => LineKindJson::Shipping,
                LineKind::GiftCard => LineKindJson::GiftCard,
                LineKind::Fee => LineKindJson::Fee,
            },
            category: line.category.as_ref().map(text),
            make: line.make.as_ref().map(text),
            tags: line.tags.iter().map(text).collect(),
            discounted: line.discounted,
        }
    }
}

fn returned(order: &Order) -> ReturnedJson {
    if order.lines.iter().all(|line| line.returned == 0) {
        ReturnedJson::Nothing
    } else if order.lines.iter().any(|line| line.kept() > 0) {
        ReturnedJson::Partly
    } else {
        ReturnedJson::Wholly
    }
}
