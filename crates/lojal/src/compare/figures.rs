//! What is told of each programme. Money is in the smallest parts of the orders' money, shares are in millionths.

use lojal_simulation::replay::{Estimate, Group, share};
use serde::Serialize;

use super::gaps::{Gap, gaps};
use super::{Entry, Report};

/// Days after joining at which it is asked who could afford a reward.
pub const DAYS: [i64; 3] = [90, 180, 365];
/// Half of them.
const HALF: i64 = 500_000;
const DAYS_OF_A_MONTH: i64 = 30;
/// Two years: who needs longer is told of by the table.
const MONTHS: i64 = 24;

#[derive(Serialize)]
pub struct Figures {
    /// What members are given for what they pay, at full worth. `None` where nothing says what points are worth.
    pub rate: Option<Estimate>,
    /// What it costs, of what members pay: only what is expected to be spent.
    pub cost_share: Option<Estimate>,
    pub cost: Option<Estimate>,
    pub cost_ceiling: Option<i64>,
    /// Members who could ever afford a reward. `None` where points buy none at a fixed price.
    pub reached: Option<Estimate>,
    pub reached_members: Option<u64>,
    /// Those who could within so many days of joining, as if all had been watched for as long.
    pub within: Vec<Within>,
    /// Half of all members could by then.
    pub half_by: Option<i64>,
    /// A quarter, half and three quarters of those who could.
    pub quartiles: Option<[i64; 3]>,
    /// At the end of each month of membership.
    pub by_month: Vec<i64>,
    pub fate: Option<Fate>,
    /// What is never spent, of what is given. `None` while nothing has expired.
    pub breakage: Option<Estimate>,
    pub decile_rates: Vec<i64>,
    pub frequency_rates: Vec<i64>,
    pub not_exercised: Vec<Gap>,
}

#[derive(Clone, Copy, Serialize)]
pub struct Within {
    pub days: i64,
    pub share: Option<Estimate>,
}

/// What became of what was given and not taken back, by the end, in shares of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Fate {
    pub spent: i64,
    /// Spent, and owed for since what it was given for came back.
    pub owed: i64,
    pub expired: i64,
    pub held: i64,
}

impl Figures {
    pub fn of(entry: &Entry<'_>, report: &Report<'_>) -> Figures {
        let Entry { outcome, exchange, .. } = entry;
        let has_worth = outcome.cost.given != 0 || outcome.units.iter().any(|unit| unit.worth.is_some());
        let has_prices = has_prices(entry);
        let back = |estimate: Estimate| Estimate {
            low: exchange.back(estimate.low),
            expected: exchange.back(estimate.expected),
            high: exchange.back(estimate.high),
        };
        let curve = outcome.reaching();
        let months = 1..=(curve.longest / DAYS_OF_A_MONTH).clamp(1, MONTHS);
        let by_month = months.map_while(|month| curve.by(month * DAYS_OF_A_MONTH)).map(|share| share.expected);
        let within = |days: i64| Within { days, share: curve.by(days).filter(|_| has_prices) };
        let everybody = lojal_simulation::statistics::proportion(outcome.first_reward.reached, outcome.members);
        let rates = |groups: &[Group]| groups.iter().map(Group::rate).collect::<Vec<_>>();
        Figures {
            rate: outcome.reward_rate().filter(|_| has_worth),
            cost_share: has_worth.then_some(outcome.cost.share),
            cost: has_worth.then(|| back(outcome.cost.points.plus(Estimate::certain(outcome.cost.given)))),
            cost_ceiling: has_worth.then(|| exchange.back(outcome.cost.ceiling.saturating_add(outcome.cost.given))),
            reached: everybody.filter(|_| has_prices),
            reached_members: has_prices.then_some(outcome.first_reward.reached),
            within: DAYS.map(within).into(),
            half_by: curve.day_of(HALF).filter(|_| has_prices),
            quartiles: outcome.first_reward.quartiles.filter(|_| has_prices),
            by_month: if has_prices { by_month.collect() } else { Vec::new() },
            fate: fate(entry),
            breakage: breakage(entry).filter(|_| has_prices),
            decile_rates: rates(&outcome.deciles),
            frequency_rates: rates(&outcome.frequencies),
            not_exercised: gaps(entry, report.mapping),
        }
    }
}

/// Whether points buy anything at a price that is fixed beforehand.
pub fn has_prices(entry: &Entry<'_>) -> bool {
    let mut prices = entry.programme.rewards.iter().filter_map(|reward| reward.price.as_ref());
    prices.any(|price| price.points > 0)
}

fn fate(entry: &Entry<'_>) -> Option<Fate> {
    let (mut spent, mut owed, mut expired, mut held) = (0_i64, 0_i64, 0_i64, 0_i64);
    for (unit, known) in entry.outcome.units.iter().enumerate() {
        let Some(worth) = entry.programme.worth(unit) else { continue };
        let flow = &known.flow;
        let debt = flow.debt.min(flow.redeemed);
        spent += worth.of(flow.redeemed - debt).0;
        owed += worth.of(debt).0;
        expired += worth.of(flow.expired).0;
        held += worth.of(flow.outstanding()).0;
    }
    let given = spent + owed + expired + held;
    let [spent, owed, expired, held] = [spent, owed, expired, held].map(|part| share(part, given));
    (given > 0).then_some(Fate { spent, owed, expired, held })
}

fn breakage(entry: &Entry<'_>) -> Option<Estimate> {
    let cost = &entry.outcome.cost;
    let has_expired = entry.outcome.units.iter().any(|unit| unit.worth.is_some() && unit.flow.expired > 0);
    (has_expired && cost.ceiling > 0).then(|| {
        let lost = |points: i64| share(cost.ceiling.saturating_sub(points), cost.ceiling);
        let lost =
            Estimate { low: lost(cost.points.high), expected: lost(cost.points.expected), high: lost(cost.points.low) };
        lost.within_the_whole()
    })
}

/// Groups in which somebody is, by their places: the same customers are in the same ones under each programme.
pub fn peopled(report: &Report<'_>, groups: for<'b> fn(&'b Entry<'_>) -> &'b [Group]) -> Vec<usize> {
    let Some(first) = report.entries.first() else { return Vec::new() };
    let groups = groups(first).iter().enumerate();
    groups.filter(|(_, group)| group.members > 0).map(|(index, _)| index).collect()
}
