//! What one row of the journal adds to the days of the programme.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use lojal_core::decision::{Because, Effect};
use lojal_core::kernel::{Calendar, Date, Instant};
use lojal_core::ledger::Account;

use super::card::Sale;
use crate::platform::journal::Body;

/// What is counted by the day.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Daily {
    pub name: &'static str,
    pub date: Date,
    pub subject: String,
}

/// How often something happened, and how much it came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub times: i64,
    pub amount: i64,
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Count) {
        self.times += other.times;
        self.amount += other.amount;
    }
}

/// What has been counted and is not written yet.
#[derive(Debug, Default)]
pub(super) struct Days(BTreeMap<Daily, Count>);

/// The side of the books that is the programme's, by the name under which it is counted.
fn counted(account: Account) -> Option<(&'static str, i64)> {
    match account {
        // The programme gave it: its own account is below zero.
        Account::Issued => Some(("issued", -1)),
        Account::Redeemed => Some(("redeemed", 1)),
        Account::Expired => Some(("expired", 1)),
        Account::Reversed => Some(("reversed", 1)),
        _ => None,
    }
}

impl Days {
    pub fn into_counts(self) -> impl Iterator<Item = (Daily, Count)> {
        self.0.into_iter().filter(|(_, count)| *count != Count::default())
    }

    pub(super) fn add(&mut self, name: &'static str, date: Date, subject: impl Into<String>, count: Count) {
        *self.0.entry(Daily { name, date, subject: subject.into() }).or_default() += count;
    }

    /// An order as it stood before, and as it stands now.
    pub fn count_order(&mut self, placed_at: Instant, before: Sale, after: Sale, calendar: &Calendar) {
        let count = Count { times: after.orders - before.orders, amount: after.amount - before.amount };
        self.add("orders", calendar.date(placed_at), "", count);
    }

    /// A guest's order where it was counted before, and where it belongs now.
    pub(super) fn count_guest(&mut self, day: Date, before: Option<(Date, i64)>, amount: i64) {
        let counted = |amount: i64| Count { times: i64::from(amount != 0), amount };
        if let Some((day, amount)) = before {
            let Count { times, amount } = counted(amount);
            self.add("guest_orders", day, "", Count { times: -times, amount: -amount });
        }
        self.add("guest_orders", day, "", counted(amount));
    }

    /// All that came of a command.
    pub fn count_effects(&mut self, body: &Body, calendar: &Calendar) {
        let booked = calendar.date(body.inputs.now);
        for effect in &body.decision.effects {
            let happened = calendar.date(effect.at);
            for posting in &effect.postings {
                let subject = format!("{}/{}", posting.unit, posting.brand);
                if let Some((name, sign)) = counted(posting.account) {
                    self.add(name, happened, subject.as_str(), Count { times: 1, amount: sign * posting.amount });
                }
                let count = Count { times: 1, amount: posting.amount };
                self.add("booked", booked, format!("{}/{subject}", posting.account.name()), count);
            }
            self.count_reason(effect, happened);
        }
    }

    fn count_reason(&mut self, effect: &Effect, date: Date) {
        let redeemed = || -> i64 {
            effect.postings.iter().filter(|posting| posting.account == Account::Redeemed).map(|it| it.amount).sum()
        };
        let once = |amount| Count { times: 1, amount };
        match &effect.because {
            Because::Enrolled => self.add("joined", date, "", once(0)),
            Because::Left => self.add("left", date, "", once(0)),
            Because::OrderEarned { reckoning, .. } | Because::ActivityEarned { reckoning, .. } => {
                self.add("rule", date, reckoning.rule.as_str(), once(reckoning.points));
            }
            Because::OrderSettled { was, reckoning, .. } => {
                let amount = reckoning.points - was;
                self.add("rule", date, reckoning.rule.as_str(), Count { times: 0, amount });
            }
            Because::GoodsReturned { reckoning, .. } => {
                self.add("rule", date, reckoning.rule.as_str(), Count { times: 0, amount: -reckoning.points });
            }
            Because::Redeemed { reward, .. } => self.add("reward", date, reward.as_str(), once(redeemed())),
            Because::RolledBack { reward, .. } => {
                self.add("reward", date, reward.as_str(), Count { times: -1, amount: redeemed() });
            }
            _ => {}
        }
    }
}
