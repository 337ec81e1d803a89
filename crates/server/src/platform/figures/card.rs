//! What lists and figures need to know of one holder, and what it adds to the totals of the programme.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use lojal_core::decision::{OrderRecord, Record};
use lojal_core::engine::inactivity_end;
use lojal_core::holder::{Holder, HolderKind};
use lojal_core::kernel::{Calendar, HolderId, Instant, Name, TransactionId, microseconds};
use lojal_core::ledger::Wallet;
use lojal_core::programme::Programme;
use serde::{Deserialize, Serialize};

use super::merging::{Elsewhere, together};
use super::recommending::{Came, Gift};
use super::{Month, Total};
use crate::platform::journal::Body;

/// A holder as of its transaction `head`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    pub holder: HolderId,
    pub head: TransactionId,
    /// In which count it was written.
    pub generation: i64,
    pub facts: Facts,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// It has points, and is nobody who is counted.
    #[serde(default, skip_serializing_if = "is_default")]
    pub is_household: bool,
    /// What they bought stays in the figures, they themselves do not.
    #[serde(default, skip_serializing_if = "is_default")]
    pub has_left: bool,
    /// The account was merged into another one of the same person, who is counted there.
    #[serde(default, skip_serializing_if = "is_default")]
    pub is_merged: bool,
    /// What a member of a household has instead of an own balance. It is counted with the household.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shared: Option<Shared>,
    /// Levels held, by ladder.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub levels: BTreeMap<Name, Name>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub purses: Vec<Purse>,
    /// What is owed, by unit.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub debts: BTreeMap<Name, i64>,
    /// Only months with orders, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub months: Vec<Bought>,
    /// When the latest order was placed, whatever came of it.
    #[serde(default, with = "microseconds::option", skip_serializing_if = "Option::is_none")]
    pub last_order_at: Option<Instant>,
    /// The same of other accounts that were merged into this one.
    #[serde(default, skip_serializing_if = "is_default")]
    pub elsewhere: Elsewhere,
    /// By which recommendation they came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub came: Option<Came>,
    /// Vouchers that were given for recommendations and are not used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gifts: Vec<Gift>,
}

/// What a household has of the unit that members have first of all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shared {
    pub points: i64,
    #[serde(default, with = "microseconds::option", skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Instant>,
}

/// What a holder has of one unit and brand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Purse {
    pub unit: Name,
    pub brand: Name,
    #[serde(default, skip_serializing_if = "is_default")]
    pub available: i64,
    #[serde(default, skip_serializing_if = "is_default")]
    pub pending: i64,
    #[serde(default, skip_serializing_if = "is_default")]
    pub held: i64,
    /// Of all of it, what ends in each month, and what never does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expiring: Vec<(Option<Month>, i64)>,
    /// When the first of what is available ends.
    #[serde(default, with = "microseconds::option", skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Instant>,
}

/// What a member bought in a month, less what came back of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bought {
    pub month: Month,
    pub orders: i64,
    /// In minor units, tax and shipping included.
    pub amount: i64,
}

/// What an order counts as: nothing once it was called off or all of it came back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sale {
    pub orders: i64,
    pub amount: i64,
}

impl Sale {
    pub fn of(record: &OrderRecord) -> Sale {
        if record.order.counts() { Sale { orders: 1, amount: record.order.kept_total().0 } } else { Sale::default() }
    }
}

/// The order that a row is about.
pub(super) fn order_of(body: &Body) -> Option<&OrderRecord> {
    match body.record()? {
        Record::Order(record) => Some(record),
        _ => None,
    }
}

impl Card {
    pub fn new(holder: HolderId, head: TransactionId, generation: i64) -> Card {
        Card { holder, head, generation, facts: Facts::default() }
    }

    /// Takes in how an order stands after a row, and how it stood before.
    pub(super) fn count(&mut self, placed_at: Instant, before: Sale, after: Sale, calendar: &Calendar) {
        let facts = &mut self.facts;
        facts.last_order_at = facts.last_order_at.max(Some(placed_at));
        let month = Month::of(calendar.date(placed_at));
        let index = facts.months.binary_search_by_key(&month, |bought| bought.month).unwrap_or_else(|index| {
            facts.months.insert(index, Bought { month, orders: 0, amount: 0 });
            index
        });
        if let Some(bought) = facts.months.get_mut(index) {
            bought.orders += after.orders - before.orders;
            bought.amount += after.amount - before.amount;
        }
        facts.months.retain(|bought| bought.orders != 0 || bought.amount != 0);
    }

    /// Takes over what the state of the holder says by itself.
    pub(super) fn take_over(&mut self, holder: &Holder, programme: &Programme) {
        self.facts.is_household = matches!(&holder.kind, HolderKind::Household { .. });
        self.facts.has_left = holder.has_left();
        self.facts.is_merged = holder.merged_into().is_some();
        if self.facts.is_merged {
            self.facts.elsewhere = Elsewhere::default();
        }
        self.facts.levels = holder.tiers.iter().map(|(ladder, tier)| (ladder.clone(), tier.level.clone())).collect();
        let debts = holder.wallets.iter().filter(|wallet| wallet.debt > 0);
        self.facts.debts = debts.map(|wallet| (wallet.unit.clone(), wallet.debt)).collect();
        self.facts.purses = holder.wallets.iter().flat_map(|wallet| purses(wallet, programme)).collect();
    }

    /// By month, in their order: what the person bought, under whichever account.
    fn bought(&self) -> Vec<Bought> {
        together(&self.facts.months, &self.facts.elsewhere.months)
    }

    pub fn orders(&self) -> i64 {
        self.bought().iter().map(|bought| bought.orders).sum()
    }

    /// In minor units.
    pub fn spent(&self) -> i64 {
        self.bought().iter().map(|bought| bought.amount).sum()
    }

    /// When the latest order was placed.
    pub fn last_order_at(&self) -> Option<Instant> {
        self.facts.last_order_at.max(self.facts.elsewhere.last_order_at)
    }

    /// What can be spent of a unit.
    pub fn available(&self, unit: &Name) -> i64 {
        self.facts.purses.iter().filter(|purse| purse.unit == *unit).map(|purse| purse.available).sum()
    }

    /// When the first of what can be spent of a unit ends.
    pub fn expires_at(&self, unit: &Name) -> Option<Instant> {
        self.facts.purses.iter().filter(|purse| purse.unit == *unit).filter_map(|purse| purse.expires_at).min()
    }

    /// Whether lists have it: a member who is in the programme.
    pub fn is_listed(&self) -> bool {
        !self.facts.is_household && !self.facts.has_left && !self.facts.is_merged
    }

    /// What can be spent of the unit that members have first of all, and when the first of it ends; a household's
    /// for its members.
    pub fn balance(&self, programme: &Programme) -> Shared {
        let unit = programme.main_unit().map(|unit| &unit.id);
        let own = unit.map_or(Shared { points: 0, expires_at: None }, |unit| Shared {
            points: self.available(unit),
            expires_at: self.expires_at(unit),
        });
        self.facts.shared.unwrap_or(own)
    }

    /// The level of the programme's first ladder: the lowest for whoever has never been looked at.
    pub fn level<'p>(&self, programme: &'p Programme) -> Option<&'p Name> {
        let ladder = programme.ladders.first()?;
        let held = self.facts.levels.get(&ladder.id).and_then(|level| ladder.rank(level));
        ladder.levels.get(held.unwrap_or(0)).map(|level| &level.id)
    }

    /// What the card adds to the totals.
    pub(super) fn totals(&self) -> BTreeMap<Total, i64> {
        let mut totals = BTreeMap::new();
        let mut add = |total: Total, amount: i64| *totals.entry(total).or_default() += amount;
        for purse in &self.facts.purses {
            for (account, amount) in [("available", purse.available), ("pending", purse.pending), ("held", purse.held)]
            {
                add(Total::balance(account, &purse.unit, &purse.brand), amount);
            }
            for (month, amount) in &purse.expiring {
                add(Total::expiring(&purse.unit, &purse.brand, *month), *amount);
            }
        }
        for (unit, amount) in &self.facts.debts {
            add(Total::debt(unit), *amount);
        }
        let is_listed = self.is_listed();
        if is_listed {
            add(Total::members(), 1);
            for (ladder, level) in &self.facts.levels {
                add(Total::level(ladder, level), 1);
            }
        }
        for total in self.facts.came.iter().flat_map(Came::totals) {
            add(total, 1);
        }
        if self.facts.is_merged {
            return totals;
        }
        let bought: Vec<Bought> = self.bought().into_iter().filter(|bought| bought.orders > 0).collect();
        let Some(first) = bought.first().map(|bought| bought.month) else { return totals };
        let mut so_far = 0;
        let mut periods: BTreeMap<String, bool> = BTreeMap::new();
        for bought in bought {
            so_far += bought.orders;
            add(Total::cohort(first, bought.month), 1);
            for period in bought.month.periods() {
                // Months come in their order: the last one says how many orders there were by the end.
                periods.insert(period, so_far > 1);
            }
        }
        for (period, is_returning) in periods {
            add(Total::active(&period), 1);
            if is_returning {
                add(Total::returning(&period), 1);
            }
        }
        for least in 1..=2 {
            if is_listed && so_far >= least {
                add(Total::buyers(least), 1);
            }
        }
        totals
    }
}

/// What is in a wallet, by the brand that answers for it.
fn purses(wallet: &Wallet, programme: &Programme) -> Vec<Purse> {
    // Nothing says on a lot that it ends when nothing is earned or spent for long.
    let inactive = inactivity_end(programme, wallet);
    let held = wallet.holds.iter().flat_map(|hold| &hold.lots).map(|lot| (lot, true));
    let lots = wallet.lots.iter().map(|lot| (lot, false)).chain(held);
    let mut purses: BTreeMap<&Name, (Purse, BTreeMap<Option<Month>, i64>)> = BTreeMap::new();
    for (lot, is_held) in lots {
        let can_be_spent = !is_held && lot.pending.is_none();
        let ends = lot.expires_at.or(inactive.filter(|_| can_be_spent));
        let (purse, expiring) = purses.entry(&lot.brand).or_insert_with(|| {
            let (unit, brand) = (wallet.unit.clone(), lot.brand.clone());
            let purse =
                Purse { unit, brand, available: 0, pending: 0, held: 0, expiring: Vec::new(), expires_at: None };
            (purse, BTreeMap::new())
        });
        match &lot.pending {
            _ if is_held => purse.held += lot.amount,
            Some(_) => purse.pending += lot.amount,
            None => {
                purse.available += lot.amount;
                purse.expires_at = [purse.expires_at, ends].into_iter().flatten().min();
            }
        }
        // What ends at midnight could be spent on the day before.
        let last = |at: Instant| at.saturating_sub(SignedDuration::from_micros(1)).unwrap_or(at);
        let month = ends.map(|at| Month::of(programme.calendar.date(last(at))));
        *expiring.entry(month).or_default() += lot.amount;
    }
    let written = |(mut purse, expiring): (Purse, BTreeMap<Option<Month>, i64>)| {
        purse.expiring = expiring.into_iter().collect();
        purse
    };
    purses.into_values().map(written).collect()
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
