//! Figures that are reckoned from outcomes: side by side, and with what was assumed on top.

use lojal_core::kernel::Name;
use lojal_simulation::replay::{Estimate, Group, Outcome, UnitOutcome, share};
use serde::Serialize;

use super::{Report, Side};
use crate::count;
use crate::voice::Kind;

/// Millionths in a percentage point.
const PERCENTAGE_POINT: i128 = 10_000;

#[derive(Serialize)]
pub struct Figures {
    pub key: Vec<Figure>,
    /// What the points of each month are worth, as a share of the month's revenue, in millionths: of the programme
    /// on trial, and of the other one.
    pub given_by_month: Vec<Vec<i64>>,
    /// What is given for what is paid, by tenths of buyers, of each programme.
    pub decile_rates: Vec<Vec<i64>>,
    /// By segment.
    pub segment_rates: Vec<Vec<i64>>,
    pub response: Option<Response>,
    /// Units that nothing says the worth of, so that no figure in money contains them.
    pub without_worth: Vec<Name>,
}

/// One number, beside that of the other programme.
#[derive(Serialize)]
pub struct Figure {
    /// Its text.
    pub name: &'static str,
    pub unit: Option<Name>,
    #[serde(skip)]
    pub kind: Kind,
    pub value: Option<Estimated>,
    pub against: Option<Estimated>,
    pub change: Option<i64>,
}

#[derive(Clone, Copy, Serialize)]
pub struct Estimated {
    pub value: i64,
    /// The bounds between which it lies nine times out of ten.
    pub between: Option<(i64, i64)>,
}

/// What would follow if members answered a change of the reward rate by spending more or less.
#[derive(Clone, Copy, Serialize)]
pub struct Response {
    /// By how many thousandths, for a percentage point.
    pub elasticity: i64,
    /// The change of the reward rate, in millionths.
    pub rate_change: i64,
    pub revenue_change: i64,
    pub revenue: i64,
    pub cost_change: i64,
    pub cost: i64,
}

impl Figures {
    pub fn of(report: &Report<'_>) -> Figures {
        let sides = report.sides();
        let without_worth = report.outcome.units.iter().enumerate().filter(|(index, unit)| {
            // A unit that only counts towards a level owes nobody anything.
            unit.worth.is_none() && report.programme.units.get(*index).is_some_and(|unit| unit.spendable)
        });
        Figures {
            key: key(report),
            given_by_month: sides.iter().map(|side| given_by_month(side.outcome)).collect(),
            decile_rates: sides.iter().map(|side| rates(&side.outcome.deciles)).collect(),
            segment_rates: sides.iter().map(|side| rates(&side.outcome.segments)).collect(),
            response: response(report),
            without_worth: without_worth.map(|(_, unit)| unit.unit.clone()).collect(),
        }
    }
}

/// Points and rewards given: what a programme costs.
pub fn cost(outcome: &Outcome) -> Estimate {
    outcome.cost.points.plus(Estimate::certain(outcome.cost.given))
}

fn key(report: &Report<'_>) -> Vec<Figure> {
    type Of = fn(&Outcome) -> Option<Estimated>;
    let money: [(&'static str, Kind, Of); 6] = [
        ("figure-cost", Kind::Money, |outcome| Some(cost(outcome).into())),
        ("figure-cost-share", Kind::Share, |outcome| Some(outcome.cost.share.into())),
        ("figure-cost-ceiling", Kind::Money, |outcome| exact(outcome.cost.ceiling)),
        ("figure-given", Kind::Money, |outcome| exact(outcome.cost.given)),
        ("figure-liability", Kind::Money, |outcome| Some(outcome.cost.liability.into())),
        ("figure-liability-ceiling", Kind::Money, |outcome| exact(outcome.cost.liability_ceiling)),
    ];
    let members: [(&'static str, Kind, Of); 4] = [
        ("figure-reached", Kind::Count, |outcome| exact(count(outcome.first_reward.reached))),
        ("figure-median-days", Kind::Days, |outcome| exact(outcome.first_reward.quartiles?[1])),
        ("figure-redemptions", Kind::Count, |outcome| {
            exact(count(outcome.rewards.iter().map(|reward| reward.redeemed).sum()))
        }),
        ("figure-refused", Kind::Count, |outcome| exact(count(outcome.refused.values().sum()))),
    ];
    let same_money = report.against.is_none_or(|against| against.programme.currency == report.programme.currency);
    let figure = |(name, kind, of): (&'static str, Kind, Of)| {
        let comparable = same_money || kind != Kind::Money;
        let against = report.against.filter(|_| comparable).and_then(|against| of(against.outcome));
        Figure::new(name, None, kind, of(report.outcome), against)
    };
    let units = report.outcome.units.iter().flat_map(|unit| unit_figures(report, unit));
    money.into_iter().map(figure).chain(units).chain(members.into_iter().map(figure)).collect()
}

fn unit_figures(report: &Report<'_>, unit: &UnitOutcome) -> Vec<Figure> {
    type Of = fn(&UnitOutcome) -> Estimated;
    let scale = |side: Side<'_>| side.programme.unit(&unit.unit).map(|unit| unit.scale);
    let kind = Kind::Points { scale: report.programme.unit(&unit.unit).map_or(0, |unit| unit.scale) };
    let sides = report.sides();
    // Parts of another size cannot be subtracted.
    let other = sides.get(1).filter(|other| scale(**other) == scale(sides[0]));
    let other = other.and_then(|other| other.outcome.units.iter().find(|known| known.unit == unit.unit));
    let figures: [(&'static str, Kind, Of); 6] = [
        ("figure-issued", kind, |unit| certain(unit.flow.issued.saturating_sub(unit.flow.reversed))),
        ("figure-redeemed", kind, |unit| certain(unit.flow.redeemed)),
        ("figure-expired", kind, |unit| certain(unit.flow.expired)),
        ("figure-pending", kind, |unit| certain(unit.flow.pending)),
        ("figure-available", kind, |unit| certain(unit.flow.available)),
        ("figure-spent", Kind::Share, |unit| unit.spent.into()),
    ];
    figures
        .into_iter()
        .map(|(name, kind, of)| Figure::new(name, Some(unit.unit.clone()), kind, Some(of(unit)), other.map(of)))
        .collect()
}

impl Figure {
    fn new(
        name: &'static str,
        unit: Option<Name>,
        kind: Kind,
        value: Option<Estimated>,
        against: Option<Estimated>,
    ) -> Figure {
        let change = value.zip(against).map(|(value, against)| value.value.saturating_sub(against.value));
        Figure { name, unit, kind, value, against, change }
    }
}

impl From<Estimate> for Estimated {
    fn from(estimate: Estimate) -> Estimated {
        Estimated { value: estimate.expected, between: Some((estimate.low, estimate.high)) }
    }
}

fn certain(value: i64) -> Estimated {
    Estimated { value, between: None }
}

fn exact(value: i64) -> Option<Estimated> {
    Some(certain(value))
}

fn rates(groups: &[Group]) -> Vec<i64> {
    groups.iter().map(Group::rate).collect()
}

fn given_by_month(outcome: &Outcome) -> Vec<i64> {
    let months = outcome.months.iter();
    let given = months.map(|month| {
        let units = month.flows.iter().zip(&outcome.units);
        let worth = units.filter_map(|(flow, unit)| {
            let net = i128::from(flow.issued) - i128::from(flow.reversed);
            (net * i128::from(unit.worth?)).checked_div(i128::from(unit.worth_units))
        });
        share(narrow(worth.sum()), month.revenue)
    });
    given.collect()
}

fn response(report: &Report<'_>) -> Option<Response> {
    let (elasticity, against) = report.elasticity.zip(report.against)?;
    let (before, after) = against.comparison.rates;
    let rate_change = after.saturating_sub(before);
    let answer = |amount: i64| {
        let product = i128::from(rate_change).saturating_mul(i128::from(elasticity)).saturating_mul(amount.into());
        narrow(product / (PERCENTAGE_POINT * 1_000))
    };
    let (revenue, cost) = (report.outcome.revenue, cost(report.outcome).expected);
    let (revenue_change, cost_change) = (answer(revenue), answer(cost));
    Some(Response {
        elasticity,
        rate_change,
        revenue_change,
        revenue: revenue.saturating_add(revenue_change),
        cost_change,
        cost: cost.saturating_add(cost_change),
    })
}

fn narrow(number: i128) -> i64 {
    i64::try_from(number).unwrap_or(if number < 0 { i64::MIN } else { i64::MAX })
}
