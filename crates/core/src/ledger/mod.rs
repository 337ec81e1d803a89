//! Double entry in whole units. The only place where a balance changes.
//!
//! Every operation on a [`Wallet`] changes it and says so in [`Posting`]s that sum to zero, in the
//! same breath: there is no way to do one without the other.

mod wallet;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::kernel::{Instant, Name, TransactionId, microseconds};

pub use wallet::{Gave, Reversal, SpendOrder, TooLarge, Totals, Wallet, Wallets};

/// Where an amount sits. The first four belong to a holder, the rest to the programme; a
/// programme's balance is the sum over all postings, never a row of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Account {
    /// Can be spent.
    Available,
    /// Earned, not yet spendable.
    Pending,
    /// Set aside at checkout.
    Held,
    /// Owed by the holder: never above zero.
    Debt,
    /// What the programme gave: never above zero.
    Issued,
    Redeemed,
    Expired,
    /// Taken back: returns, corrections.
    Reversed,
    /// Sent by one holder and not yet received by the other.
    InTransit,
}

impl Account {
    pub const ALL: [Account; 9] = [
        Account::Available,
        Account::Pending,
        Account::Held,
        Account::Debt,
        Account::Issued,
        Account::Redeemed,
        Account::Expired,
        Account::Reversed,
        Account::InTransit,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Account::Available => "available",
            Account::Pending => "pending",
            Account::Held => "held",
            Account::Debt => "debt",
            Account::Issued => "issued",
            Account::Redeemed => "redeemed",
            Account::Expired => "expired",
            Account::Reversed => "reversed",
            Account::InTransit => "in_transit",
        }
    }
}

/// One side of an entry. `brand` is the one that issued the points and answers for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    pub account: Account,
    pub unit: Name,
    pub brand: Name,
    pub amount: i64,
}

/// What keeps a lot from being spent yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// The order it came from: a return of that order takes it first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<Name>,
    /// The rule that gave it: each rule's points may wait for something else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<Name>,
    /// When it becomes available; not known while the order waits for its delivery or payment.
    #[serde(default, with = "microseconds::option", skip_serializing_if = "Option::is_none")]
    pub until: Option<Instant>,
}

/// An amount earned together, with its own release and expiry dates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lot {
    pub brand: Name,
    /// 1 or more.
    pub amount: i64,
    #[serde(with = "microseconds")]
    pub earned_at: Instant,
    #[serde(default, with = "microseconds::option", skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Instant>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending: Option<Pending>,
}

/// An amount set aside, with the lots it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    pub id: TransactionId,
    pub lots: Vec<Lot>,
    pub valid_until: Instant,
    pub reference: Option<Name>,
}

impl Hold {
    pub fn amount(&self) -> i64 {
        total(&self.lots)
    }
}

/// The sum of lots.
pub fn total(lots: &[Lot]) -> i64 {
    lots.iter().map(|lot| lot.amount).sum()
}
