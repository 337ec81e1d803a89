//! What is kept under natural keys.

use serde::{Deserialize, Serialize};

use super::Draw;
use crate::activity::{Activity, Order};
use crate::command::Profile;
use crate::holder::Fraction;
use crate::kernel::{HolderId, Instant, Money, Name, TransactionId, microseconds};
use crate::ledger::Lot;
use crate::referrals::Advocacy;

/// What is kept under a natural key: all that is needed to settle the thing again later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    Order(Box<OrderRecord>),
    /// `None` for one that was written before activities could be called off.
    Activity(Option<Box<ActivityRecord>>),
    LooseReturn,
    Redemption(RedemptionRecord),
    Voucher(VoucherRecord),
    Parcel,
    /// What an advocate heard of a friend last.
    Advocacy(Box<Advocacy>),
}

/// An order with what it gave and the facts by which it was judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderRecord {
    pub order: Order,
    /// The version under which it was earned, and by which any return will be settled.
    pub version: u32,
    /// 1 for the holder's first order.
    pub number: i64,
    /// Tier levels held when it was earned.
    pub levels: Vec<Name>,
    /// The member's profile as rules saw it; empty where no rule looks at it.
    pub profile: Profile,
    /// When it was earned, as first stated: expiry counts from here.
    pub earned_at: Instant,
    pub awards: Vec<Award>,
    /// Rules that gave a reward for it.
    pub rewarded: Vec<Name>,
    /// Ids of the returns that were counted.
    pub returns: Vec<Name>,
    /// Whether it counts among the holder's orders.
    pub counted: bool,
    /// What of it counts towards ladders by spend, in minor units.
    pub spent: i64,
}

/// An activity with what it gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityRecord {
    #[serde(with = "microseconds")]
    pub occurred_at: Instant,
    pub brand: Name,
    /// The version under which it was earned, and by which it will be called off.
    pub version: u32,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub awards: Vec<Award>,
    /// Rules that gave a reward for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rewarded: Vec<Name>,
    #[serde(default, skip_serializing_if = "is_false")]
    pub called_off: bool,
}

/// An activity with the facts by which it was judged, so that it can be judged again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JudgedActivity {
    pub activity: Activity,
    /// Tier levels held then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<Name>,
    /// The member's profile as rules saw it; empty where no rule looks at it.
    #[serde(default, skip_serializing_if = "Profile::is_empty")]
    pub profile: Profile,
    /// Paid orders by then.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub orders: i64,
    pub record: ActivityRecord,
}

/// What one rule gave for one order or activity, as it now stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Award {
    pub rule: Name,
    pub unit: Name,
    pub brand: Name,
    pub points: i64,
    /// What limits left to it at first: a return, later, never gives more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<i64>,
    /// For a rule that carries remainders: the exact amount it counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exact: Option<Fraction>,
    /// For a rule that carries remainders: the whole points that came of it, before limits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whole: Option<i64>,
    /// What it drew from campaign budgets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drawn: Vec<Draw>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RedemptionRecord {
    pub redemption: TransactionId,
    pub reward: Name,
    #[serde(with = "microseconds")]
    pub redeemed_at: Instant,
    pub unit: Name,
    /// The lots it took, to be given back with their own dates if it is rolled back.
    pub lots: Vec<Lot>,
    /// What the member pays in money beside the points.
    #[serde(default, skip_serializing_if = "is_zero_money")]
    pub cash: Money,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voucher: Option<Name>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drawn: Vec<Draw>,
    #[serde(default, skip_serializing_if = "is_false")]
    pub rolled_back: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoucherRecord {
    pub code: Name,
    pub reward: Name,
    pub holder: HolderId,
    #[serde(with = "microseconds")]
    pub issued_at: Instant,
    #[serde(default, with = "microseconds::option", skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Instant>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redemption: Option<TransactionId>,
    pub state: VoucherState,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VoucherState {
    Issued,
    Used {
        #[serde(with = "microseconds")]
        at: Instant,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        order: Option<Name>,
    },
    Cancelled {
        #[serde(with = "microseconds")]
        at: Instant,
    },
    Lapsed {
        #[serde(with = "microseconds")]
        at: Instant,
    },
}

fn is_zero(number: &i64) -> bool {
    *number == 0
}

fn is_zero_money(money: &Money) -> bool {
    *money == Money::ZERO
}

fn is_false(flag: &bool) -> bool {
    !flag
}
