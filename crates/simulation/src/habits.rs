//! How customers buy: how many come back, how soon, and what they are worth. Told honestly of customers who came
//! late and could not come back yet. Days are whole, money is in minor units, shares are in millionths.

use serde::Serialize;

use crate::statistics::{Curve, Estimate, Watched, dealt, proportion, share};

/// Days after the first purchase at which it is asked who bought again.
pub const DAYS: [i64; 3] = [90, 180, 365];
const YEAR: i64 = 365;

/// An order that somebody kept at least a part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Purchase {
    pub customer: u32,
    pub day: i64,
    /// Net of what came back.
    pub paid: i64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Habits {
    pub customers: u64,
    pub orders: u64,
    /// From the first purchase to the last day.
    pub days: i64,
    pub revenue: i64,
    /// The mean, and that in the middle.
    pub average_order: i64,
    pub median_order: i64,
    /// Customers who bought on more than one day.
    pub returning: u64,
    /// Customers who bought within the last 365 days.
    pub active: u64,
    /// Of those who were watched for so long after their first purchase.
    pub again: Vec<Again>,
    /// From the first purchase to the next.
    pub second: Curve,
    /// From any purchase to the next. The interval allows for what purchases of one customer have in common.
    pub next: Curve,
    /// What the fifth who pay most pay, of everything.
    pub top_fifth: i64,
}

/// What customers did within so many days of their first purchase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Again {
    pub days: i64,
    /// Customers who were watched for so long.
    pub watched: u64,
    /// Those of them who bought again.
    pub again: u64,
    pub share: Option<Estimate>,
    /// What they paid in that time, on average, the first purchase included.
    pub paid: Option<i64>,
}

impl Habits {
    /// Of purchases up to a last day. Several on one day are one visit.
    pub fn of(mut purchases: Vec<Purchase>, last: i64) -> Habits {
        purchases.sort_unstable();
        let Some(first) = purchases.iter().map(|purchase| purchase.day).min() else { return Habits::default() };
        let customers: Vec<&[Purchase]> = purchases.chunk_by(|one, other| one.customer == other.customer).collect();
        let visits = |bought: &[Purchase]| {
            let mut days: Vec<i64> = bought.iter().map(|purchase| purchase.day).collect();
            days.dedup();
            days
        };
        let (mut second, mut next) = (Vec::new(), Vec::new());
        let (mut returning, mut active) = (0, 0);
        for bought in &customers {
            let days = visits(bought);
            returning += u64::from(days.len() > 1);
            active += u64::from(days.last().is_some_and(|day| last - day < YEAR));
            let gaps = days.windows(2).map(|pair| Watched { days: pair[1] - pair[0], happened: true });
            let waiting = days.last().map(|day| Watched { days: last - day, happened: false });
            let mut gaps = gaps.chain(waiting).peekable();
            second.extend(gaps.peek().copied());
            let group = dealt(bought[0].customer.into());
            next.extend(gaps.map(|gap| (gap, group)));
        }
        let mut paid: Vec<i64> = purchases.iter().map(|purchase| purchase.paid).collect();
        paid.sort_unstable();
        let revenue: i64 = paid.iter().sum();
        Habits {
            customers: customers.len() as u64,
            orders: paid.len() as u64,
            days: last - first,
            revenue,
            average_order: revenue / paid.len() as i64,
            median_order: paid[(paid.len() - 1) / 2],
            returning,
            active,
            again: DAYS.map(|days| Again::within(days, &customers, last)).into(),
            second: Curve::of(second, last - first),
            next: Curve::of_groups(next, last - first),
            top_fifth: top_fifth(&customers),
        }
    }
}

impl Again {
    fn within(days: i64, customers: &[&[Purchase]], last: i64) -> Again {
        let (mut watched, mut again, mut paid) = (0_u64, 0_u64, 0_i64);
        for bought in customers.iter().filter(|bought| last - bought[0].day >= days) {
            let in_time = bought.iter().filter(|purchase| purchase.day - bought[0].day <= days);
            watched += 1;
            again += u64::from(in_time.clone().any(|purchase| purchase.day > bought[0].day));
            paid += in_time.map(|purchase| purchase.paid).sum::<i64>();
        }
        let mean = paid.checked_div(i64::try_from(watched).unwrap_or(i64::MAX));
        Again { days, watched, again, share: proportion(again, watched), paid: mean }
    }
}

fn top_fifth(customers: &[&[Purchase]]) -> i64 {
    let paid = |bought: &&[Purchase]| bought.iter().map(|purchase| purchase.paid).sum::<i64>().max(0);
    let mut paid: Vec<i64> = customers.iter().map(paid).collect();
    paid.sort_unstable_by(|one, other| other.cmp(one));
    let fifth = paid.len().div_ceil(5);
    share(paid[..fifth].iter().sum(), paid.iter().sum())
}
