//! What members hold today: what the programme owes them, and when it ends.

use std::collections::BTreeMap;

use lojal_core::kernel::{Date, Money, Name};
use lojal_core::programme::{Programme, text};
use lojal_core::words::Words;
use serde::Serialize;

use crate::platform::figures::{Figures, Month};

/// Months that are shown by themselves.
const MONTHS: i32 = 6;

/// What all holders have of one unit.
#[derive(Debug, Serialize)]
pub struct Outstanding {
    pub unit: String,
    pub total: String,
    /// What it is worth, where the programme says so.
    pub worth: Option<String>,
    pub accounts: Vec<Account>,
    pub ends: Vec<Ending>,
}

#[derive(Debug, Serialize)]
pub struct Account {
    /// `available`, `pending`, `held` or `owed`
    pub name: &'static str,
    pub amount: String,
}

/// What ends in a month.
#[derive(Debug, Serialize)]
pub struct Ending {
    /// `listopad 2026`; none for later, and for never.
    pub month: Option<String>,
    pub is_never: bool,
    pub amount: String,
    /// Of a thousand of the largest.
    pub size: i64,
}

/// A level with those who hold it.
#[derive(Debug, Serialize)]
pub struct LevelShare {
    pub name: String,
    pub id: String,
    pub members: String,
    pub share: String,
    /// Of a thousand.
    pub size: i64,
}

pub fn outstanding(figures: &Figures, programme: &Programme, today: Date, words: &Words) -> Vec<Outstanding> {
    let units = programme.units.iter().enumerate();
    units.map(|(index, unit)| of_unit(figures, programme, (index, &unit.id), today, words)).collect()
}

fn of_unit(
    figures: &Figures,
    programme: &Programme,
    (index, unit): (usize, &Name),
    today: Date,
    words: &Words,
) -> Outstanding {
    let speaker = words.about(programme);
    let account = |name: &str| -> i64 {
        let start = format!("{name}/{unit}/");
        figures.totals("balance").filter(|(subject, _)| subject.starts_with(&start)).map(|(_, amount)| amount).sum()
    };
    let amounts = ["available", "pending", "held"].map(|name| (name, account(name)));
    let total: i64 = amounts.iter().map(|(_, amount)| amount).sum();
    let owed = figures.total("debt", unit.as_str());
    let accounts = amounts.into_iter().chain([("owed", owed)]).filter(|(_, amount)| *amount != 0);
    Outstanding {
        unit: unit.to_string(),
        total: speaker.amount(unit, total),
        worth: programme.worth(index).map(|worth| speaker.money(Money(worth.of(total).0))),
        accounts: accounts.map(|(name, amount)| Account { name, amount: speaker.amount(unit, amount) }).collect(),
        ends: ends(figures, programme, unit, today, words),
    }
}

fn ends(figures: &Figures, programme: &Programme, unit: &Name, today: Date, words: &Words) -> Vec<Ending> {
    let start = format!("{unit}/");
    let this = Month::of(today);
    // Months in their order, then what ends later, then what never does.
    let mut by_month: BTreeMap<(bool, Option<Month>), i64> = BTreeMap::new();
    for (subject, amount) in figures.totals("expiring") {
        let Some((_, month)) = subject.strip_prefix(&start).and_then(|rest| rest.split_once('/')) else { continue };
        let month = Month::parse(month);
        let place = match month {
            None => (true, None),
            Some(month) if month.since(this) >= MONTHS => (false, Some(this.plus(MONTHS))),
            Some(month) => (false, Some(month)),
        };
        *by_month.entry(place).or_default() += amount;
    }
    let most = by_month.values().copied().max().unwrap_or(0).max(1);
    let ending = |((is_never, month), amount): ((bool, Option<Month>), i64)| Ending {
        month: month
            .filter(|month| month.since(this) < MONTHS)
            .map(|month| format!("{} {}", words.month(month.number()), month.year())),
        is_never,
        amount: words.about(programme).amount(unit, amount),
        size: (i128::from(amount) * 1000 / i128::from(most)) as i64,
    };
    by_month.into_iter().map(ending).collect()
}

/// How many hold each level, ladder by ladder.
pub fn levels(figures: &Figures, programme: &Programme, words: &Words) -> Vec<(String, Vec<LevelShare>)> {
    let members = figures.total("members", "").max(0);
    let language = words.language();
    let of_ladder = |ladder: &lojal_core::programme::Ladder| {
        let held = |id: &Name| figures.total("level", &format!("{}/{id}", ladder.id));
        let known: i64 = ladder.levels.iter().map(|level| held(&level.id)).sum();
        let share = |(rank, level): (usize, &lojal_core::programme::Level)| {
            // Whoever has never been looked at stands on the first level.
            let members_of = held(&level.id) + if rank == 0 { (members - known).max(0) } else { 0 };
            let size = if members == 0 { 0 } else { members_of.saturating_mul(1000) / members };
            LevelShare {
                name: text(&level.name, language).to_owned(),
                id: level.id.to_string(),
                members: words.number(members_of, 0),
                share: words.percent(size, 1),
                size,
            }
        };
        let shares = ladder.levels.iter().enumerate().map(share).collect();
        (text(&ladder.name, language).to_owned(), shares)
    };
    programme.ladders.iter().map(of_ladder).collect()
}
