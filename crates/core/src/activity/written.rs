//! Orders as the journal writes them: what goes without saying is left out. A line is named by its
//! place unless the shop names it otherwise, is of one piece unless it says more, and an order is
//! paid when it is placed unless it says when.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Line, LineKind, Order, OrderState};
use crate::kernel::{Instant, Money, Name, microseconds};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrittenOrder<'a> {
    id: Cow<'a, Name>,
    brand: Cow<'a, Name>,
    #[serde(default = "paid", skip_serializing_if = "is_paid")]
    state: OrderState,
    #[serde(with = "microseconds")]
    placed_at: Instant,
    /// `None` when it is as the state lets one expect; `null` in the journal where it is not known.
    #[serde(default, with = "exception", skip_serializing_if = "Option::is_none")]
    paid_at: Option<Option<Instant>>,
    #[serde(default, with = "microseconds::option", skip_serializing_if = "Option::is_none")]
    closed_at: Option<Instant>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    channel: Option<Cow<'a, Name>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    country: Option<Cow<'a, Name>>,
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    tags: Cow<'a, [Name]>,
    #[serde(default, skip_serializing_if = "is_zero_money")]
    paid_with_points: Money,
    lines: Vec<WrittenLine<'a>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenLine<'a> {
    /// `None` for the first line named 1, the second named 2, and so on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<Cow<'a, Name>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sku: Option<Cow<'a, Name>>,
    #[serde(default = "one", skip_serializing_if = "is_one")]
    quantity: i64,
    total: Money,
    #[serde(default, skip_serializing_if = "is_zero_money")]
    tax: Money,
    #[serde(default, skip_serializing_if = "is_product")]
    kind: LineKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    category: Option<Cow<'a, Name>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    make: Option<Cow<'a, Name>>,
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    tags: Cow<'a, [Name]>,
    #[serde(default, skip_serializing_if = "is_false")]
    discounted: bool,
    #[serde(default, skip_serializing_if = "is_zero")]
    returned: i64,
}

impl Serialize for Order {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let usual = usually_paid_at(self.state, self.placed_at);
        let written = WrittenOrder {
            id: Cow::Borrowed(&self.external_id),
            brand: Cow::Borrowed(&self.brand),
            state: self.state,
            placed_at: self.placed_at,
            paid_at: Some(self.paid_at).filter(|paid_at| *paid_at != usual),
            closed_at: self.closed_at,
            channel: self.channel.as_ref().map(Cow::Borrowed),
            country: self.country.as_ref().map(Cow::Borrowed),
            tags: Cow::Borrowed(&self.tags),
            paid_with_points: self.paid_with_points,
            lines: self.lines.iter().enumerate().map(|(index, line)| WrittenLine::of(index, line)).collect(),
        };
        written.serialize(serializer)
    }
}

impl From<WrittenOrder<'_>> for Order {
    fn from(written: WrittenOrder<'_>) -> Order {
        let usual = usually_paid_at(written.state, written.placed_at);
        Order {
            external_id: written.id.into_owned(),
            brand: written.brand.into_owned(),
            state: written.state,
            placed_at: written.placed_at,
            paid_at: written.paid_at.unwrap_or(usual),
            closed_at: written.closed_at,
            channel: written.channel.map(Cow::into_owned),
            country: written.country.map(Cow::into_owned),
            tags: written.tags.into_owned(),
            paid_with_points: written.paid_with_points,
            lines: written.lines.into_iter().enumerate().map(|(index, line)| line.read(index)).collect(),
        }
    }
}

impl WrittenLine<'_> {
    fn of(index: usize, line: &Line) -> WrittenLine<'_> {
        WrittenLine {
            id: Some(Cow::Borrowed(&line.id)).filter(|id| !is_place(id, index)),
            sku: line.sku.as_ref().map(Cow::Borrowed),
            quantity: line.quantity,
            total: line.total,
            tax: line.tax,
            kind: line.kind,
            category: line.category.as_ref().map(Cow::Borrowed),
            make: line.make.as_ref().map(Cow::Borrowed),
            tags: Cow::Borrowed(&line.tags),
            discounted: line.discounted,
            returned: line.returned,
        }
    }

    fn read(self, index: usize) -> Line {
        Line {
            id: self.id.map_or_else(|| place(index), Cow::into_owned),
            sku: self.sku.map(Cow::into_owned),
            quantity: self.quantity,
            total: self.total,
            tax: self.tax,
            kind: self.kind,
            category: self.category.map(Cow::into_owned),
            make: self.make.map(Cow::into_owned),
            tags: self.tags.into_owned(),
            discounted: self.discounted,
            returned: self.returned,
        }
    }
}

fn usually_paid_at(state: OrderState, placed_at: Instant) -> Option<Instant> {
    (state != OrderState::Open).then_some(placed_at)
}

/// The name of a line that has none of its own.
fn place(index: usize) -> Name {
    use std::fmt::Write;
    let mut name = Name::default();
    // Writing to memory does not fail.
    let _ = write!(name, "{}", index + 1);
    name
}

fn is_place(id: &Name, index: usize) -> bool {
    // Without making a name: most lines are asked.
    !id.starts_with('0') && id.bytes().all(|byte| byte.is_ascii_digit()) && id.parse() == Ok(index + 1)
}

mod exception {
    use super::*;

    pub fn serialize<S: Serializer>(moment: &Option<Option<Instant>>, serializer: S) -> Result<S::Ok, S::Error> {
        microseconds::option::serialize(&moment.flatten(), serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<Instant>>, D::Error> {
        microseconds::option::deserialize(deserializer).map(Some)
    }
}

fn paid() -> OrderState {
    OrderState::Paid
}

fn is_paid(state: &OrderState) -> bool {
    *state == OrderState::Paid
}

fn one() -> i64 {
    1
}

fn is_one(number: &i64) -> bool {
    *number == 1
}

fn is_zero(number: &i64) -> bool {
    *number == 0
}

fn is_false(flag: &bool) -> bool {
    !flag
}

fn is_zero_money(money: &Money) -> bool {
    *money == Money::ZERO
}

fn is_product(kind: &LineKind) -> bool {
    *kind == LineKind::Product
}
