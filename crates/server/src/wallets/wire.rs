//! Wallets as JSON.

use lojal_core::kernel::format_decimal;
use lojal_core::ledger::{Hold, Lot, Wallet};
use lojal_core::programme::Programme;
use serde::Serialize;
use utoipa::ToSchema;

use crate::platform::http::fields::{HouseholdKey, Time, TransactionKey};

/// One balance, with what it is made of. Amounts are in the unit's smallest parts.
#[derive(Serialize, ToSchema)]
#[schema(as = Wallet)]
pub struct WalletJson {
    #[schema(example = "points")]
    unit: String,
    /// Whose it is: the member's own, or a household's.
    holder: HouseholdKey,
    /// Can be spent.
    #[schema(example = 120)]
    available: i64,
    /// Earned, not yet spendable.
    pending: i64,
    /// Set aside at checkout.
    held: i64,
    /// Owed: made good by what is earned next.
    debt: i64,
    /// All that ever expired.
    expired: i64,
    /// What `available` is worth, in the programme's currency, where the programme says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "12.00")]
    worth: Option<String>,
    /// Amounts earned together, with their own dates.
    lots: Vec<LotJson>,
    holds: Vec<OpenHoldJson>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Lot)]
pub struct LotJson {
    amount: i64,
    /// The brand that issued it.
    brand: String,
    earned_at: Time,
    /// Absent: never.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<Time>,
    pending: bool,
    /// When it becomes available; absent when it is, or when that is not known yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    available_at: Option<Time>,
    /// The order that it waits for.
    #[serde(skip_serializing_if = "Option::is_none")]
    order: Option<String>,
}

/// A hold that is neither captured nor released yet.
#[derive(Serialize, ToSchema)]
#[schema(as = OpenHold)]
pub struct OpenHoldJson {
    id: TransactionKey,
    amount: i64,
    valid_until: Time,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
}

impl WalletJson {
    /// Whether there is nothing in it and nothing owed.
    pub fn is_empty(&self) -> bool {
        self.lots.is_empty() && self.holds.is_empty() && self.debt == 0
    }

    pub fn new(wallet: &Wallet, holder: HouseholdKey, programme: Option<&Programme>) -> WalletJson {
        let worth = programme.and_then(|programme| {
            let worth = programme.unit(&wallet.unit)?.worth?.of(wallet.available());
            Some(format_decimal(worth.0, programme.currency.decimals))
        });
        WalletJson {
            unit: wallet.unit.to_string(),
            holder,
            available: wallet.available(),
            pending: wallet.pending(),
            held: wallet.held(),
            debt: wallet.debt,
            expired: wallet.totals.expired,
            worth,
            lots: wallet.lots.iter().map(LotJson::from).collect(),
            holds: wallet.holds.iter().map(OpenHoldJson::from).collect(),
        }
    }
}

impl From<&Lot> for LotJson {
    fn from(lot: &Lot) -> LotJson {
        let pending = lot.pending.as_ref();
        LotJson {
            amount: lot.amount,
            brand: lot.brand.to_string(),
            earned_at: Time(lot.earned_at),
            expires_at: lot.expires_at.map(Time),
            pending: pending.is_some(),
            available_at: pending.and_then(|pending| pending.until).map(Time),
            order: pending.and_then(|pending| pending.order.as_ref()).map(ToString::to_string),
        }
    }
}

impl From<&Hold> for OpenHoldJson {
    fn from(hold: &Hold) -> OpenHoldJson {
        OpenHoldJson {
            id: TransactionKey(hold.id),
            amount: hold.amount(),
            valid_until: Time(hold.valid_until),
            reference: hold.reference.as_ref().map(ToString::to_string),
        }
    }
}
