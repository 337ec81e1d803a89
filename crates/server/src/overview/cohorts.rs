//! Who came back: of those who first bought in a month, how many bought in each month after.

use lojal_core::kernel::Date;
use lojal_core::words::Words;
use serde::Serialize;

use crate::platform::figures::{Figures, Month};

/// The latest months that are shown, and how far each is followed.
const MONTHS: i32 = 12;
/// Shades of a cell.
const SHADES: i64 = 9;

#[derive(Debug, Serialize)]
pub struct Cohorts {
    /// How many months later, from 0.
    pub ages: Vec<i32>,
    pub rows: Vec<Cohort>,
}

#[derive(Debug, Serialize)]
pub struct Cohort {
    /// `listopad 2026`
    pub name: String,
    pub members: i64,
    pub written: String,
    pub cells: Vec<Cell>,
}

#[derive(Debug, Serialize)]
pub struct Cell {
    /// `23%`
    pub share: String,
    pub members: i64,
    /// 0 to 9.
    pub shade: i64,
    /// Whether the month is not over.
    pub is_running: bool,
}

/// Nothing before anybody has bought.
pub fn cohorts(figures: &Figures, today: Date, words: &Words) -> Option<Cohorts> {
    let this = Month::of(today);
    let mut rows = Vec::new();
    for back in (0..MONTHS).rev() {
        let first = this.plus(-back);
        let bought = |age: i32| figures.total("cohort", &format!("{first}/{age}"));
        let members = bought(0);
        if members <= 0 {
            continue;
        }
        let cell = |age: i32| {
            let share = bought(age) * 100 / members;
            Cell {
                share: words.percent(share, 0),
                members: bought(age),
                // The first month is always full; the later ones hardly ever come to half of it.
                shade: (share * SHADES / 60).clamp(i64::from(share > 0), SHADES),
                is_running: first.plus(age) == this,
            }
        };
        let name = format!("{} {}", words.month(first.number()), first.year());
        let written = words.number(members, 0);
        rows.push(Cohort { name, members, written, cells: (1..=back).map(cell).collect() });
    }
    let ages = rows.iter().map(|row| row.cells.len()).max()?;
    Some(Cohorts { ages: (1..=ages as i32).collect(), rows })
}
