//! Two programmes under one history: who gains, and who loses.

use serde::Serialize;

use super::outcome::{Outcome, Standing};
use crate::statistics::share;

/// Bars on each side of the middle one.
const SIDE: i64 = 10;
const DECILES: usize = 10;

/// What members get from one programme, beside another one, in minor units of money.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// Buyers who are in both.
    pub buyers: u64,
    pub winners: u64,
    pub losers: u64,
    /// What winners gain and losers lose, all together.
    pub gained: i64,
    pub lost: i64,
    /// The change of which 5, 25, 50, 75 and 95 of a hundred buyers have no more.
    pub quantiles: Option<[i64; 5]>,
    /// How many buyers have which change.
    pub changes: Vec<Change>,
    /// The mean change, in the tenths of buyers by what they paid, from the least.
    pub by_decile: Vec<i64>,
    /// What is given for what is paid, in millionths, there and here.
    pub rates: (i64, i64),
}

/// Buyers whose change lies from `from` up to `to`, `to` not included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    pub from: i64,
    pub to: i64,
    pub buyers: u64,
}

impl Comparison {
    /// Compares a programme with the one before it. Both have been through the same history.
    pub fn of(outcome: &Outcome, against: &Outcome) -> Comparison {
        let mut pairs = pairs(&outcome.standings, &against.standings);
        pairs.sort_by_key(|(now, _)| (now.revenue, now.holder));
        let mut changes: Vec<i64> = pairs.iter().map(|(now, before)| now.value - before.value).collect();
        let count = changes.len();
        let by_decile = (0..DECILES).filter_map(|decile| {
            let tenth = &changes[decile * count / DECILES..(decile + 1) * count / DECILES];
            tenth.iter().sum::<i64>().checked_div(tenth.len() as i64)
        });
        let by_decile = by_decile.collect();
        changes.sort_unstable();
        let quantile = |percent: usize| changes[(count - 1) * percent / 100];
        let rate = |value: fn(&Standing) -> i64, standings: &[Standing]| {
            let revenue = standings.iter().map(|standing| standing.revenue).sum();
            share(standings.iter().map(value).sum(), revenue)
        };
        Comparison {
            buyers: count as u64,
            winners: changes.iter().filter(|change| **change > 0).count() as u64,
            losers: changes.iter().filter(|change| **change < 0).count() as u64,
            gained: changes.iter().filter(|change| **change > 0).sum(),
            lost: -changes.iter().filter(|change| **change < 0).sum::<i64>(),
            quantiles: (count > 0).then(|| [5, 25, 50, 75, 95].map(quantile)),
            changes: bars(&changes),
            by_decile,
            rates: (
                rate(|standing| standing.value, &against.standings),
                rate(|standing| standing.value, &outcome.standings),
            ),
        }
    }
}

/// Both sides of each buyer. Standings are in the order of ids.
fn pairs<'a>(now: &'a [Standing], before: &'a [Standing]) -> Vec<(&'a Standing, &'a Standing)> {
    let mut before = before.iter().peekable();
    let mut pairs = Vec::new();
    for standing in now.iter().filter(|standing| standing.orders > 0) {
        while before.next_if(|known| known.holder < standing.holder).is_some() {}
        pairs.extend(before.next_if(|known| known.holder == standing.holder).map(|known| (standing, known)));
    }
    pairs
}

/// Bars of one width around a narrow middle of no change; the outermost take in everything beyond.
fn bars(sorted: &[i64]) -> Vec<Change> {
    let (Some(first), Some(last)) = (sorted.first(), sorted.last()) else { return Vec::new() };
    // So wide that the outermost hold a hundredth of the buyers or less.
    let edge = |percent: usize| sorted[(sorted.len() - 1) * percent / 100].abs();
    let width = (edge(1).max(edge(99)) / SIDE).max(1);
    let mut bars = Vec::new();
    for index in -SIDE..=SIDE {
        let (from, to) = match index {
            0 => (0, 1),
            _ if index < 0 => (index * width, (index + 1) * width),
            _ => ((index - 1) * width + 1, index * width + 1),
        };
        let from = if index == -SIDE { from.min(*first) } else { from };
        let to = if index == SIDE { to.max(last.saturating_add(1)) } else { to };
        let buyers = sorted.partition_point(|change| *change < to) - sorted.partition_point(|change| *change < from);
        bars.push(Change { from, to, buyers: buyers as u64 });
    }
    bars
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_change_is_in_one_bar() {
        for changes in [vec![0], vec![-3, 0, 0, 1], (-500..900).collect(), vec![7; 50], vec![i64::MIN / 4, 5]] {
            let bars = bars(&changes);
            assert_eq!(bars.iter().map(|bar| bar.buyers).sum::<u64>(), changes.len() as u64, "{changes:?}");
            assert!(bars.windows(2).all(|pair| pair[0].to == pair[1].from), "{bars:?}");
        }
    }
}
