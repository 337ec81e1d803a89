//! The periods in which friends are counted.

use std::fmt;

use lojal_core::kernel::{Date, Instant, Name};
use lojal_core::programme::{Programme, text};
use lojal_core::words::Words;

use crate::platform::figures::Month;

const ALL: &str = "all";
const EDITION: &str = "edition/";

/// A period by its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeriodKind {
    Month,
    Quarter,
    Year,
    /// As long as an edition of the programme runs.
    Edition,
    All,
}

impl PeriodKind {
    pub const EACH: [PeriodKind; 5] =
        [PeriodKind::Month, PeriodKind::Quarter, PeriodKind::Year, PeriodKind::Edition, PeriodKind::All];

    pub fn name(self) -> &'static str {
        match self {
            PeriodKind::Month => "month",
            PeriodKind::Quarter => "quarter",
            PeriodKind::Year => "year",
            PeriodKind::Edition => "edition",
            PeriodKind::All => "all",
        }
    }

    pub fn named(name: &str) -> Option<PeriodKind> {
        PeriodKind::EACH.into_iter().find(|kind| kind.name() == name)
    }
}

/// One in which friends are counted, by the day on which they qualified.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Period {
    Month(Month),
    /// By its first month.
    Quarter(Month),
    Year(i16),
    Edition(Name),
    All,
}

impl Period {
    /// The period of a kind that a day is in; an edition is named.
    pub fn at(kind: PeriodKind, day: Date, edition: Option<&Name>) -> Option<Period> {
        let month = Month::of(day);
        Some(match kind {
            PeriodKind::Month => Period::Month(month),
            PeriodKind::Quarter => Period::Quarter(first_of_quarter(month)),
            PeriodKind::Year => Period::Year(day.year()),
            PeriodKind::Edition => Period::Edition(edition?.clone()),
            PeriodKind::All => Period::All,
        })
    }

    /// The one that a reader asks for: this month where they say nothing, and the edition that runs or ran last where they
    /// name none. `None` where there is none.
    pub fn asked(
        kind: PeriodKind,
        day: Option<Date>,
        edition: Option<&str>,
        programme: &Programme,
        now: Instant,
    ) -> Option<Period> {
        let day = day.unwrap_or_else(|| programme.calendar.date(now));
        let edition = match edition {
            Some(id) => programme.edition(id),
            None => programme.referrals.iter().find(|edition| edition.runs_at(now)).or(programme.referrals.last()),
        };
        Period::at(kind, day, edition.map(|edition| &edition.id))
    }

    /// `listopad 2026`, `IV kwartał 2026`, `2026`, or what the edition is called; nothing for all time.
    pub fn say(&self, words: &Words, programme: &Programme) -> Option<String> {
        Some(match self {
            Period::Month(month) => format!("{} {}", words.month(month.number()), month.year()),
            Period::Quarter(month) => words.quarter(month.quarter(), month.year()),
            Period::Year(year) => year.to_string(),
            Period::Edition(id) => {
                programme.edition(id).map_or(id.as_str(), |edition| text(&edition.name, words.language())).to_owned()
            }
            Period::All => return None,
        })
    }

    /// All that a friend counts in who qualified on a day.
    pub(super) fn of(day: Date, edition: &Name) -> impl Iterator<Item = Period> {
        PeriodKind::EACH.into_iter().filter_map(move |kind| Period::at(kind, day, Some(edition)))
    }

    pub fn kind(&self) -> PeriodKind {
        match self {
            Period::Month(_) => PeriodKind::Month,
            Period::Quarter(_) => PeriodKind::Quarter,
            Period::Year(_) => PeriodKind::Year,
            Period::Edition(_) => PeriodKind::Edition,
            Period::All => PeriodKind::All,
        }
    }

    /// The first day, and the first one that is not in it any more; nothing where it is as long as an edition, or has
    /// no end.
    pub fn days(&self) -> Option<(Date, Date)> {
        let (first, months) = match self {
            Period::Month(month) => (*month, 1),
            Period::Quarter(month) => (*month, 3),
            Period::Year(year) => (Month::of(Date::new(*year, 1, 1).ok()?), 12),
            Period::Edition(_) | Period::All => return None,
        };
        Some((first.first_day(), first.plus(months).first_day()))
    }

    /// The one before it.
    pub fn before(&self) -> Option<Period> {
        let (first, _) = self.days()?;
        Period::at(self.kind(), first.yesterday().ok()?, None)
    }

    /// From when to when friends count in it, as far as that is known.
    pub fn moments(&self, programme: &Programme) -> (Option<Instant>, Option<Instant>) {
        if let Period::Edition(id) = self {
            return programme.edition(id).map_or((None, None), |edition| (edition.from, edition.until));
        }
        let start = |day| programme.calendar.start_of(day);
        self.days().map_or((None, None), |(first, end)| (Some(start(first)), Some(start(end))))
    }
}

/// As a row names it.
impl fmt::Display for Period {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Period::Month(month) => write!(formatter, "{month}"),
            Period::Quarter(month) => write!(formatter, "{:04}-Q{}", month.year(), month.quarter()),
            Period::Year(year) => write!(formatter, "{year:04}"),
            Period::Edition(id) => write!(formatter, "{EDITION}{id}"),
            Period::All => formatter.write_str(ALL),
        }
    }
}

fn first_of_quarter(month: Month) -> Month {
    month.plus(-(i32::from(month.number()) - 1) % 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_in_its_periods() {
        let edition = Name::from("spring");
        let day = Date::new(2026, 11, 23).unwrap();
        let all: Vec<String> = Period::of(day, &edition).map(|period| period.to_string()).collect();
        assert_eq!(all, ["2026-11", "2026-Q4", "2026", "edition/spring", "all"]);
        let before = |kind, day| Period::at(kind, day, None).and_then(|period| period.before()).unwrap().to_string();
        let january = Date::new(2026, 1, 31).unwrap();
        assert_eq!(before(PeriodKind::Month, january), "2025-12");
        assert_eq!(before(PeriodKind::Quarter, january), "2025-Q4");
        assert_eq!(before(PeriodKind::Year, january), "2025");
        for month in 1..=12 {
            let day = Date::new(2026, month, 28).unwrap();
            let (first, end) = Period::at(PeriodKind::Quarter, day, None).unwrap().days().unwrap();
            assert!(first <= day && day < end && first.month() % 3 == 1, "{day}");
        }
    }
}
