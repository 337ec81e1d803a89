//! How the customers of an export usually buy.

use std::collections::BTreeMap;
use std::path::Path;

use indicatif::ProgressBar;
use lojal_core::activity::OrderState;
use lojal_core::command::Command;
use lojal_core::kernel::{Calendar, Instant, Name};
use lojal_core::programme::Usual;

use super::run::open;
use super::{History, Mapping, RunError, Step, Terms};

/// The customer in the middle by orders a year, counted from each customer's first order, and the
/// average order of all. `None` when the file has no orders.
pub fn usual(file: &Path, mapping: &Mapping, terms: &Terms) -> Result<Option<Usual>, RunError> {
    let mut history = History::open(open(file, &ProgressBar::hidden())?, mapping, terms)?;
    let mut buying = Buying::default();
    while let Some(step) = history.next_step()? {
        buying.add(&step);
    }
    Ok(buying.usual(&terms.calendar))
}

/// Orders, counted one by one.
#[derive(Default)]
pub struct Buying {
    /// By member: the first order, and how many there were.
    members: BTreeMap<Name, (Instant, i64)>,
    last: Option<Instant>,
    spent: i128,
    orders: i64,
}

impl Buying {
    pub fn add(&mut self, step: &Step) {
        let Command::PutOrder { order } = &step.command else { return };
        if order.state == OrderState::Cancelled {
            return;
        }
        match self.members.get_mut(&step.member) {
            Some(member) => *member = (member.0.min(step.at), member.1 + 1),
            None => drop(self.members.insert(step.member.clone(), (step.at, 1))),
        }
        self.last = self.last.max(Some(step.at));
        self.spent += i128::from(order.total().0);
        self.orders += 1;
    }

    pub fn usual(&self, calendar: &Calendar) -> Option<Usual> {
        let last = self.last?;
        let seen = self.members.values().map(|(first, orders)| (calendar.days_between(*first, last), *orders));
        Usual::of(seen, self.spent, self.orders)
    }
}
