//! How the customers of an export usually buy.

use std::collections::BTreeMap;
use std::path::Path;

use indicatif::ProgressBar;
use lojal_core::activity::OrderState;
use lojal_core::command::Command;
use lojal_core::kernel::{Instant, Money, Name};
use lojal_core::programme::Usual;

use super::run::open;
use super::{History, Mapping, RunError, Terms};

/// A customer who came later than this before the end of the file says little about a year.
const SHORTEST: i64 = 180;
/// Where nobody came earlier, a time shorter than this is taken for so many days.
const LEAST: i64 = 30;

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
    if orders == 0 {
        return Ok(None);
    }
    let seen = members.values().map(|(first, orders)| (terms.calendar.days_between(*first, last), *orders));
    let (long, short): (Vec<_>, Vec<_>) = seen.partition(|(days, _)| *days >= SHORTEST);
    let seen = if long.is_empty() { short } else { long };
    let mut yearly: Vec<i64> =
        seen.into_iter().map(|(days, orders)| orders.saturating_mul(36_500) / days.max(LEAST)).collect();
    yearly.sort_unstable();
    let average = spent / i128::from(orders);
    Ok(Some(Usual {
        orders_a_year: yearly[yearly.len() / 2],
        average_order: Money(i64::try_from(average).unwrap_or(i64::MAX)),
    }))
}
