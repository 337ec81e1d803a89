//! The figures for programs: JSON in whole numbers, CSV in decimals.

use csv::IntoInnerError;
use lojal_core::kernel::Name;
use lojal_core::programme::Programme;
use lojal_simulation::replay::{Group, Outcome};
use serde_json::{Value, json};

use super::figures::{Figures, cost};
use super::{Report, Side};
use crate::ReportError;
use crate::voice::{Kind, plain};
use crate::{count, for_spreadsheet as text};

/// Changes when a program that reads the old form would read something else than it says.
const FORMAT: u32 = 1;

pub fn json(report: &Report<'_>, figures: &Figures) -> Result<String, ReportError> {
    let tried = Side { programme: report.programme, outcome: report.outcome };
    let against = report.against.map(|against| Side { programme: against.programme, outcome: against.outcome });
    let whole = json!({
        "format": FORMAT,
        "source": report.source,
        "shares_are_of": 1_000_000,
        "tried": side_json(tried)?,
        "against": against.map(side_json).transpose()?,
        "comparison": report.against.map(|against| against.comparison),
        "figures": figures,
        "elasticity": report.elasticity,
        "sweep": report.sweep,
        "likelihood": report.fit,
    });
    Ok(format!("{whole:#}\n"))
}

fn side_json(side: Side<'_>) -> Result<Value, ReportError> {
    let Side { programme, outcome } = side;
    let units = programme.units.iter().map(|unit| json!({ "unit": unit.id, "decimals": unit.scale }));
    Ok(json!({
        "programme": programme.id,
        "version": programme.version,
        "name": programme.name,
        "currency": { "code": programme.currency.code, "decimals": programme.currency.decimals },
        "units": units.collect::<Vec<_>>(),
        "cost": cost(outcome),
        "outcome": serde_json::to_value(outcome)?,
    }))
}

/// The names of the files and what they hold. Each line says of which programme it is: `tried` or `against`.
pub fn csv(report: &Report<'_>) -> Result<Vec<(&'static str, String)>, ReportError> {
    type Lines = fn(Side<'_>) -> Vec<Vec<String>>;
    let files: [(&'static str, &[&str], Lines); 5] = [
        ("months.csv", &MONTHS, months),
        ("rules.csv", &["rule", "campaign", "times", "unit", "points"], rules),
        ("deciles.csv", &["kind", "group", "members", "orders", "revenue", "value", "rate", "reached_reward"], groups),
        ("tiers.csv", &["kind", "ladder", "from", "level", "number"], tiers),
        ("rewards.csv", &["reward", "redeemed", "given", "unit", "points"], rewards),
    ];
    let sides = report.sides();
    let file = |(name, head, lines): (&'static str, &[&str], Lines)| {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["side"].iter().chain(head))?;
        for (side, known) in ["tried", "against"].into_iter().zip(&sides) {
            for line in lines(*known) {
                writer.write_record([side.to_owned()].into_iter().chain(line))?;
            }
        }
        Ok((name, String::from_utf8(writer.into_inner().map_err(IntoInnerError::into_error)?)?))
    };
    files.into_iter().map(file).collect()
}

const MONTHS: [&str; 16] = [
    "month",
    "orders",
    "joined",
    "revenue",
    "liability_low",
    "liability",
    "liability_high",
    "liability_ceiling",
    "unit",
    "issued",
    "reversed",
    "redeemed",
    "expired",
    "pending",
    "available",
    "debt",
];

/// One line for each unit.
fn months(side: Side<'_>) -> Vec<Vec<String>> {
    let money = money(side.programme);
    let units = &side.programme.units;
    let lines = side.outcome.months.iter().flat_map(|month| {
        units.iter().zip(&month.flows).map(move |(unit, flow)| {
            let points = |number| plain(Kind::Points { scale: unit.scale }, number, 0);
            let mut line = vec![month.first.to_string(), month.orders.to_string(), month.joined.to_string()];
            let liability = month.liability;
            let amounts = [month.revenue, liability.low, liability.expected, liability.high, month.liability_ceiling];
            line.extend(amounts.map(money));
            line.push(unit.id.to_string());
            let moved = [flow.issued, flow.reversed, flow.redeemed, flow.expired];
            line.extend(moved.into_iter().chain([flow.pending, flow.available, flow.debt]).map(points));
            line
        })
    });
    lines.collect()
}

fn rules(side: Side<'_>) -> Vec<Vec<String>> {
    let rules = side.outcome.rules.iter().map(|rule| {
        // What a multiplier gives is among the points of others.
        let points = if rule.multiplies { String::new() } else { amount(side.programme, &rule.unit, rule.points) };
        vec![text(&rule.rule), rule.campaign.to_string(), rule.times.to_string(), text(&rule.unit), points]
    });
    rules.collect()
}

fn groups(side: Side<'_>) -> Vec<Vec<String>> {
    let Outcome { deciles, segments, .. } = side.outcome;
    let kinds = deciles.iter().map(|group| ("decile", group)).chain(segments.iter().map(|group| ("segment", group)));
    let line = |(kind, group): (&str, &Group)| {
        let money = money(side.programme);
        let [members, orders, reached] = [group.members, group.orders, group.reached].map(|number| number.to_string());
        let rate = plain(Kind::Share, group.rate(), 0);
        vec![
            kind.to_owned(),
            text(&group.name),
            members,
            orders,
            money(group.revenue),
            money(group.value),
            rate,
            reached,
        ]
    };
    kinds.map(line).collect()
}

fn tiers(side: Side<'_>) -> Vec<Vec<String>> {
    let lines = side.outcome.ladders.iter().flat_map(|ladder| {
        let line = |kind: &str, from: &str, level: &Name, number: i64| {
            vec![kind.to_owned(), text(&ladder.ladder), text(from), text(level), number.to_string()]
        };
        let members = ladder.levels.iter().map(move |(level, members)| line("members", "", level, *members));
        let moves = ladder.moves.iter().map(move |(from, to, times)| line("moves", from, to, count(*times)));
        members.chain(moves)
    });
    lines.collect()
}

fn rewards(side: Side<'_>) -> Vec<Vec<String>> {
    let lines = side.outcome.rewards.iter().map(|reward| {
        let price = side.programme.reward(&reward.reward).and_then(|known| known.price.as_ref());
        let unit = price.and_then(|price| side.programme.units.get(price.unit)).map(|unit| &unit.id);
        let points = unit.map_or_else(String::new, |unit| amount(side.programme, unit, reward.points));
        let unit = unit.map_or_else(String::new, |unit| text(unit));
        vec![text(&reward.reward), reward.redeemed.to_string(), reward.given.to_string(), unit, points]
    });
    lines.collect()
}

fn money(programme: &Programme) -> impl Fn(i64) -> String + Copy {
    let decimals = programme.currency.decimals;
    move |amount| plain(Kind::Money, amount, decimals)
}

fn amount(programme: &Programme, unit: &Name, points: i64) -> String {
    plain(Kind::Points { scale: programme.unit(unit).map_or(0, |unit| unit.scale) }, points, 0)
}
