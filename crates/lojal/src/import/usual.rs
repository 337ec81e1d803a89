//! How the customers of an export usually buy.

use std::collections::BTreeMap;
use std::path::Path;

use indicatif::ProgressBar;
use lojal_core::activity::OrderState;
use lojal_core::command::Command;
use lojal_core::kernel::{Instant, Name};
use lojal_core::programme::Usual;

use super::run::open;
use super::{History, Mapping, RunError, Terms};

/// The customer in the middle by orders a year, counted from each customer's first order, and the
/// average order of all. `None` when the file has no orders.
pub fn usual(file: &Path, mapping: &Mapping, terms: &Terms) -> Result<Option<Usual>, RunError> {
    let mut history = History::open(open(file, &ProgressBar::hidden())?, mapping, terms)?;
    // By member: the first order, and how many there were.
    let mut members: BTreeMap<Name, (Instant, i64)> = BTreeMap::new();
    let (mut last, mut spent, mut orders) = (Instant::MIN, 0_i128, 0_i64);
    while let Some(step) = history.next_step()? {
        let Command::PutOrder { order } = &step.command else {
            continue;
        };
        if order.state == OrderState::Cancelled {
            continue;
        }
        let member = members.entry(step.member).or_insert((step.at, 0));
        member.0 = member.0.min(step.at);
        member.1 += 1;
        last = last.max(step.at);
        spent += i128::from(order.total().0);
        orders += 1;
    }
    let seen = members.values().map(|(first, orders)| (terms.calendar.days_between(*first, last), *orders));
    Ok(Usual::of(seen, spent, orders))
}
