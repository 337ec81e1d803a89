//! What happened: the vocabulary that every capability shares. Personal data has no place here;
//! an activity keeps only what decisions need.

mod written;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use self::written::WrittenOrder;
use crate::kernel::{Instant, Money, Name, microseconds};

/// Names of activities that the house itself gives rise to; a programme may earn on them, and
/// nobody may post them from outside.
pub mod builtin {
    pub const JOINED: &str = "joined";
    pub const BIRTHDAY: &str = "birthday";
    pub const TIER_REACHED: &str = "tier_reached";
    /// Of an advocate: a friend came.
    pub const FRIEND_JOINED: &str = "friend_joined";
    /// Of an advocate: what a friend did counts.
    pub const FRIEND_QUALIFIED: &str = "friend_qualified";
    /// Of a friend: came by a recommendation.
    pub const REFERRED: &str = "referred";
    /// Of a friend: did what the recommendation asks for.
    pub const REFERRAL_QUALIFIED: &str = "referral_qualified";
    /// Those that recommendations give rise to.
    pub const OF_REFERRALS: [&str; 4] = [FRIEND_JOINED, FRIEND_QUALIFIED, REFERRED, REFERRAL_QUALIFIED];
    pub const ALL: [&str; 7] =
        [JOINED, BIRTHDAY, TIER_REACHED, FRIEND_JOINED, FRIEND_QUALIFIED, REFERRED, REFERRAL_QUALIFIED];
}

/// How far an order has come. `Returned` is never stated by a shop: it follows from returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderState {
    /// A cart: quoted, never written.
    Open,
    /// Paid: it earns.
    Paid,
    /// Paid and delivered: what waited for delivery is now on its way.
    Closed,
    /// Called off as a whole: what it earned is taken back.
    Cancelled,
}

/// What a line charges for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    #[default]
    Product,
    Shipping,
    GiftCard,
    Fee,
}

/// One line of an order, with money already in the programme's currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The shop's own id of the line; unique within its order.
    pub id: Name,
    pub sku: Option<Name>,
    /// Pieces, 1 or more.
    pub quantity: i64,
    /// For all pieces, tax included, after discounts; zero or more.
    pub total: Money,
    /// The part of `total` that is tax.
    pub tax: Money,
    pub kind: LineKind,
    pub category: Option<Name>,
    /// The maker of the goods, not the shop.
    pub make: Option<Name>,
    pub tags: Vec<Name>,
    pub discounted: bool,
    /// How many pieces have come back so far.
    pub returned: i64,
}

impl Line {
    /// Pieces that the customer keeps.
    pub fn kept(&self) -> i64 {
        self.quantity - self.returned
    }

    /// The share of `amount` that the kept pieces carry, to the nearest minor unit.
    pub fn kept_share(&self, amount: Money) -> Money {
        if self.returned == 0 {
            return amount;
        }
        let share = i128::from(amount.0) * i128::from(self.kept()) * 2 + i128::from(self.quantity);
        Money((share / (2 * i128::from(self.quantity))) as i64)
    }

    /// What one piece costs, tax included, rounded down.
    pub fn price(&self) -> Money {
        Money(self.total.0 / self.quantity.max(1))
    }
}

/// An order as the shop states it, with what has come back.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "WrittenOrder")]
pub struct Order {
    /// The shop's own id; unique within the programme.
    pub external_id: Name,
    /// The brand that sold it.
    pub brand: Name,
    pub state: OrderState,
    pub placed_at: Instant,
    pub paid_at: Option<Instant>,
    /// When it was delivered.
    pub closed_at: Option<Instant>,
    pub channel: Option<Name>,
    /// ISO 3166 code or the shop's own name.
    pub country: Option<Name>,
    pub tags: Vec<Name>,
    /// The part of the total that was paid with points or vouchers bought with points.
    pub paid_with_points: Money,
    pub lines: Vec<Line>,
}

impl Order {
    /// What the customer pays for what is kept, tax and shipping included.
    pub fn kept_total(&self) -> Money {
        self.lines.iter().map(|line| line.kept_share(line.total)).sum()
    }

    /// What the customer paid before anything came back.
    pub fn total(&self) -> Money {
        self.lines.iter().map(|line| line.total).sum()
    }

    /// Whether it counts: paid, not called off, and something of it is kept.
    pub fn counts(&self) -> bool {
        matches!(self.state, OrderState::Paid | OrderState::Closed) && self.lines.iter().any(|line| line.kept() > 0)
    }
}

/// A value that an activity or a member carries for rules to look at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    Flag(bool),
    Number(i64),
    Text(Name),
}

/// A dated fact that is not an order: a review, attendance, a survey, joining.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// As the programme's rules name it.
    pub name: Name,
    /// The shop's own id; unique per member and name.
    pub external_id: Name,
    #[serde(with = "microseconds")]
    pub occurred_at: Instant,
    /// The brand at which it happened.
    pub brand: Name,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<Name, Value>,
    /// In percent, what of it is this member's where several share in it; points are given by it.
    #[serde(default = "whole", skip_serializing_if = "is_whole")]
    pub share: i64,
}

impl Activity {
    /// The share of somebody who does not share it.
    pub const WHOLE: i64 = 100;
}

fn whole() -> i64 {
    Activity::WHOLE
}

fn is_whole(share: &i64) -> bool {
    *share == Activity::WHOLE
}
