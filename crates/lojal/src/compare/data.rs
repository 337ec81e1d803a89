//! The figures for programs: JSON in whole numbers, CSV in decimals.

use lojal_core::kernel::{Factor, format_decimal};
use lojal_simulation::replay::{Estimate, Group};
use serde_json::{Value, json};

use super::figures::Figures;
use super::{Entry, Report};
use crate::failure::Failure;
use lojal_report::for_spreadsheet;
use lojal_report::voice::{Kind, plain};

/// Changes when a program that reads the old form would read something else than it says.
const FORMAT: u32 = 1;

pub fn json(report: &Report<'_>, figures: &[Figures]) -> Result<String, Failure> {
    let currency = &report.shop.currency;
    let programmes: Vec<Value> =
        report.entries.iter().zip(figures).map(|(entry, known)| entry_json(entry, known)).collect::<Result<_, _>>()?;
    let whole = json!({
        "format": FORMAT,
        "source": report.source,
        "currency": { "code": currency.code, "decimals": currency.decimals },
        "shares_are_of": 1_000_000,
        "programmes": programmes,
    });
    Ok(format!("{whole:#}\n"))
}

fn entry_json(entry: &Entry<'_>, figures: &Figures) -> Result<Value, Failure> {
    let Entry { file, programme, outcome, rate, exchange, .. } = entry;
    let units = programme.units.iter().map(|unit| json!({ "unit": unit.id, "decimals": unit.scale }));
    Ok(json!({
        "file": file,
        "programme": programme.id,
        "name": programme.name,
        "currency": { "code": programme.currency.code, "decimals": programme.currency.decimals },
        "rate_in_millionths": rate.0,
        "revenue": exchange.back(outcome.revenue),
        "units": units.collect::<Vec<_>>(),
        "figures": figures,
        "outcome": serde_json::to_value(outcome)?,
    }))
}

pub fn csv(report: &Report<'_>, figures: &[Figures], names: &[String]) -> Result<Vec<(&'static str, String)>, Failure> {
    let decimals = report.shop.currency.decimals;
    let share = |number: Option<i64>| number.map_or_else(String::new, |number| plain(Kind::Share, number, 0));
    let money = |number: Option<i64>| number.map_or_else(String::new, |number| plain(Kind::Money, number, decimals));
    let days = |number: Option<i64>| number.map_or_else(String::new, |number| number.to_string());
    let three = |estimate: Option<Estimate>| {
        let part = |of: fn(Estimate) -> i64| share(estimate.map(of));
        [part(|known| known.expected), part(|known| known.low), part(|known| known.high)]
    };
    let mut programmes = csv::Writer::from_writer(Vec::new());
    programmes.write_record(PROGRAMMES)?;
    let mut groups = csv::Writer::from_writer(Vec::new());
    groups.write_record(["programme", "kind", "group", "members", "orders", "revenue", "value", "rate", "reached"])?;
    let mut first = csv::Writer::from_writer(Vec::new());
    first.write_record(["programme", "month", "share"])?;
    let mut not_exercised = csv::Writer::from_writer(Vec::new());
    not_exercised.write_record(["programme", "why", "of"])?;
    for ((entry, known), name) in report.entries.iter().zip(figures).zip(names) {
        let name = for_spreadsheet(name);
        let mut line = vec![name.clone(), entry.programme.currency.code.to_string()];
        line.push(format_decimal(entry.rate.0, Factor::DECIMALS));
        line.push(money(Some(entry.exchange.back(entry.outcome.revenue))));
        line.extend(three(known.rate));
        line.extend(three(known.cost_share));
        line.push(money(known.cost.map(|cost| cost.expected)));
        line.extend(three(known.reached));
        line.extend(known.within.iter().map(|within| share(within.share.map(|share| share.expected))));
        line.push(days(known.half_by));
        line.extend(three(known.breakage));
        let fate = known.fate;
        line.extend([share(fate.map(|fate| fate.spent)), share(fate.map(|fate| fate.expired))]);
        line.extend([share(fate.map(|fate| fate.held)), share(fate.map(|fate| fate.owed))]);
        programmes.write_record(line)?;
        let kinds = [("decile", &entry.outcome.deciles), ("orders", &entry.outcome.frequencies)];
        for (kind, group) in kinds.into_iter().flat_map(|(kind, known)| known.iter().map(move |group| (kind, group))) {
            let Group { members, orders, revenue, value, reached, .. } = group;
            groups.write_record([
                name.clone(),
                kind.to_owned(),
                group.name.to_string(),
                members.to_string(),
                orders.to_string(),
                money(Some(entry.exchange.back(*revenue))),
                money(Some(entry.exchange.back(*value))),
                share(Some(group.rate())),
                reached.to_string(),
            ])?;
        }
        for (month, reached) in known.by_month.iter().enumerate() {
            first.write_record([name.clone(), (month + 1).to_string(), share(Some(*reached))])?;
        }
        for gap in &known.not_exercised {
            let why = serde_json::to_value(gap.why)?;
            for of in &gap.of {
                let of = for_spreadsheet(of);
                not_exercised.write_record([name.as_str(), why.as_str().unwrap_or_default(), &of])?;
            }
        }
    }
    let files = [
        ("programmes.csv", programmes),
        ("groups.csv", groups),
        ("first_reward.csv", first),
        ("not_exercised.csv", not_exercised),
    ];
    files.into_iter().map(|(file, writer)| Ok((file, String::from_utf8(writer.into_inner()?)?))).collect()
}

const PROGRAMMES: [&str; 25] = [
    "programme",
    "currency",
    "exchange",
    "revenue",
    "given",
    "given_low",
    "given_high",
    "cost_share",
    "cost_share_low",
    "cost_share_high",
    "cost",
    "reached",
    "reached_low",
    "reached_high",
    "reached_in_90_days",
    "reached_in_180_days",
    "reached_in_365_days",
    "half_by_days",
    "breakage",
    "breakage_low",
    "breakage_high",
    "spent",
    "expired",
    "held",
    "owed",
];
