use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The longest period that a programme may state, in each of its units.
const LONGEST: i64 = 100_000;

/// A length of time as a person says it: `30 minutes`, `14 days`, `12 months`.
/// Days, months and years are those of the programme's calendar, so a day may last 23 hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Period {
    amount: i64,
    unit: PeriodUnit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PeriodUnit {
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

impl PeriodUnit {
    pub const ALL: [PeriodUnit; 6] =
        [PeriodUnit::Minute, PeriodUnit::Hour, PeriodUnit::Day, PeriodUnit::Week, PeriodUnit::Month, PeriodUnit::Year];

    pub fn name(self) -> &'static str {
        match self {
            PeriodUnit::Minute => "minute",
            PeriodUnit::Hour => "hour",
            PeriodUnit::Day => "day",
            PeriodUnit::Week => "week",
            PeriodUnit::Month => "month",
            PeriodUnit::Year => "year",
        }
    }
}

impl Period {
    pub fn minutes(amount: i64) -> Period {
        Period { amount, unit: PeriodUnit::Minute }
    }

    pub fn days(amount: i64) -> Period {
        Period { amount, unit: PeriodUnit::Day }
    }

    pub fn months(amount: i64) -> Period {
        Period { amount, unit: PeriodUnit::Month }
    }

    pub fn amount(self) -> i64 {
        self.amount
    }

    pub fn unit(self) -> PeriodUnit {
        self.unit
    }

    /// Whether nothing passes at all.
    pub fn is_zero(self) -> bool {
        self.amount == 0
    }

    /// Which of two is longer; `None` where that depends on the days on which they fall, as of
    /// `1 month` and `30 days`.
    pub fn compare(self, other: Period) -> Option<Ordering> {
        match (self.measure(), other.measure()) {
            (own, its) if std::mem::discriminant(&own) == std::mem::discriminant(&its) => {
                Some(own.amount().cmp(&its.amount()))
            }
            (own, its) => {
                let ((least, most), (its_least, its_most)) = (own.minutes(), its.minutes());
                match (least > its_most, most < its_least) {
                    (true, _) => Some(Ordering::Greater),
                    (_, true) => Some(Ordering::Less),
                    _ => None,
                }
            }
        }
    }

    fn measure(self) -> Measure {
        match self.unit {
            PeriodUnit::Minute => Measure::Minutes(self.amount),
            PeriodUnit::Hour => Measure::Minutes(self.amount * 60),
            PeriodUnit::Day => Measure::Days(self.amount),
            PeriodUnit::Week => Measure::Days(self.amount * 7),
            PeriodUnit::Month => Measure::Months(self.amount),
            PeriodUnit::Year => Measure::Months(self.amount * 12),
        }
    }

    fn span(self) -> Span {
        match self.unit {
            PeriodUnit::Minute => self.amount.minutes(),
            PeriodUnit::Hour => self.amount.hours(),
            PeriodUnit::Day => self.amount.days(),
            PeriodUnit::Week => self.amount.weeks(),
            PeriodUnit::Month => self.amount.months(),
            PeriodUnit::Year => self.amount.years(),
        }
    }
}

/// A period in the units that convert into each other exactly.
#[derive(Clone, Copy)]
enum Measure {
    Minutes(i64),
    Days(i64),
    Months(i64),
}

impl Measure {
    fn amount(self) -> i64 {
        match self {
            Measure::Minutes(amount) | Measure::Days(amount) | Measure::Months(amount) => amount,
        }
    }

    /// The shortest and the longest that it can be; a day may be an hour off when the clocks change.
    fn minutes(self) -> (i64, i64) {
        const DAY: i64 = 24 * 60;
        match self {
            Measure::Minutes(amount) => (amount, amount),
            Measure::Days(amount) => (amount * DAY - 60, amount * DAY + 60),
            Measure::Months(amount) => {
                let (years, months) = (amount / 12, amount % 12);
                ((years * 365 + months * 28) * DAY - 60, (years * 366 + months * 31) * DAY + 60)
            }
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is no length of time; write it like 30 minutes, 14 days, 12 months or 2 years")]
pub struct PeriodError;

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Period, PeriodError> {
        let (amount, unit) = text.trim().split_once(' ').ok_or(PeriodError)?;
        let amount = amount.parse().ok().filter(|amount| (0..=LONGEST).contains(amount)).ok_or(PeriodError)?;
        let unit = unit.trim();
        let unit = PeriodUnit::ALL
            .into_iter()
            .find(|known| unit.strip_suffix('s').unwrap_or(unit) == known.name())
            .ok_or(PeriodError)?;
        let period = Period { amount, unit };
        // A thousand years is beyond what the calendar can add.
        let years = match unit {
            PeriodUnit::Year => amount,
            PeriodUnit::Month => amount / 12,
            PeriodUnit::Week => amount / 52,
            _ => 0,
        };
        if years > 1_000 { Err(PeriodError) } else { Ok(period) }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.amount == 1 { "" } else { "s" };
        write!(formatter, "{} {}{plural}", self.amount, self.unit.name())
    }
}

impl TryFrom<String> for Period {
    type Error = PeriodError;
    fn try_from(text: String) -> Result<Period, PeriodError> {
        text.parse()
    }
}

impl From<Period> for String {
    fn from(period: Period) -> String {
        period.to_string()
    }
}

/// A stretch of the calendar over which a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Window {
    Day,
    Week,
    Month,
    Quarter,
    Year,
    Lifetime,
}

impl Window {
    pub fn name(self) -> &'static str {
        match self {
            Window::Day => "day",
            Window::Week => "week",
            Window::Month => "month",
            Window::Quarter => "quarter",
            Window::Year => "year",
            Window::Lifetime => "lifetime",
        }
    }
}

impl fmt::Display for Window {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    #[error("is no time; write it like 2026-04-01, 2026-04-01 10:30 or 2026-04-01T08:30:00Z")]
    NotATime,
    #[error("is no time zone of the IANA database; write it like Europe/Warsaw")]
    NotAZone,
}

/// The civil calendar of a programme: what "a day" and "this month" mean to its members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    zone: TimeZone,
}

impl Calendar {
    /// Reads the zone from the database that is built in, so that no two machines disagree.
    pub fn new(zone: &str) -> Result<Calendar, CalendarError> {
        let zone = jiff::tz::db().get(zone).map_err(|_| CalendarError::NotAZone)?;
        Ok(Calendar { zone })
    }

    pub fn utc() -> Calendar {
        Calendar { zone: TimeZone::UTC }
    }

    /// The name of its zone in the IANA database.
    pub fn zone(&self) -> &str {
        self.zone.iana_name().unwrap_or("UTC")
    }

    /// The wall clock at `moment`.
    pub fn local(&self, moment: Timestamp) -> DateTime {
        self.zone.to_datetime(moment)
    }

    pub fn date(&self, moment: Timestamp) -> Date {
        self.local(moment).date()
    }

    /// The moment at which the wall clock shows `local`; in a gap or a fold of summer time, the
    /// one that keeps the order of moments.
    pub fn moment(&self, local: DateTime) -> Timestamp {
        self.zone.to_ambiguous_timestamp(local).compatible().unwrap_or(if local.year() < 2000 {
            Timestamp::MIN
        } else {
            Timestamp::MAX
        })
    }

    pub fn start_of(&self, date: Date) -> Timestamp {
        self.moment(date.at(0, 0, 0, 0))
    }

    /// `period` after `moment`: minutes and hours are exact, the rest follows the calendar.
    pub fn after(&self, moment: Timestamp, period: Period) -> Timestamp {
        match period.unit {
            PeriodUnit::Minute | PeriodUnit::Hour => moment.saturating_add(period.span()).unwrap_or(Timestamp::MAX),
            _ => self.moment(self.local(moment).saturating_add(period.span())),
        }
    }

    /// `period` before `moment`.
    pub fn before(&self, moment: Timestamp, period: Period) -> Timestamp {
        match period.unit {
            PeriodUnit::Minute | PeriodUnit::Hour => moment.saturating_sub(period.span()).unwrap_or(Timestamp::MIN),
            _ => self.moment(self.local(moment).saturating_sub(period.span())),
        }
    }

    /// The first day of the window that `date` lies in; for a lifetime, the first day of all.
    pub fn window_start(&self, date: Date, window: Window) -> Date {
        match window {
            Window::Day => date,
            Window::Week => {
                let since_monday = date.weekday().to_monday_zero_offset();
                date.saturating_sub(i64::from(since_monday).days())
            }
            Window::Month => date.first_of_month(),
            Window::Quarter => Date::new(date.year(), (date.month() - 1) / 3 * 3 + 1, 1).unwrap_or(date),
            Window::Year => date.first_of_year(),
            Window::Lifetime => Date::ZERO,
        }
    }

    /// The first day after the window that `date` lies in; for a lifetime, the last day of all.
    pub fn window_end(&self, date: Date, window: Window) -> Date {
        let start = self.window_start(date, window);
        match window {
            Window::Day => start.saturating_add(1.day()),
            Window::Week => start.saturating_add(1.week()),
            Window::Month => start.saturating_add(1.month()),
            Window::Quarter => start.saturating_add(3.months()),
            Window::Year => start.saturating_add(1.year()),
            Window::Lifetime => Date::MAX,
        }
    }

    /// Whole days of the calendar from one moment to another; negative when `to` is earlier.
    pub fn days_between(&self, from: Timestamp, to: Timestamp) -> i64 {
        self.date(from).until((Unit::Day, self.date(to))).map_or(0, |span| i64::from(span.get_days()))
    }

    /// Reads a date, a date with a time of day, or an RFC 3339 time with its offset. What names no
    /// offset is the programme's wall clock.
    pub fn parse(&self, text: &str) -> Result<Timestamp, CalendarError> {
        if let Ok(moment) = text.parse::<Timestamp>() {
            return Ok(moment);
        }
        text.parse::<DateTime>().map(|local| self.moment(local)).map_err(|_| CalendarError::NotATime)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn warsaw() -> Calendar {
        Calendar::new("Europe/Warsaw").unwrap()
    }

    #[test]
    fn periods_are_read_and_written() {
        for (text, written) in [
            ("14 days", Some("14 days")),
            ("1 month", Some("1 month")),
            ("1 years", Some("1 year")),
            ("0 days", Some("0 days")),
            ("-1 days", None),
            ("days", None),
            ("5", None),
            ("2000 years", None),
            ("3 fortnights", None),
        ] {
            assert_eq!(text.parse::<Period>().ok().map(|period| period.to_string()).as_deref(), written, "{text}");
        }
    }

    #[test]
    fn periods_are_compared_where_the_calendar_leaves_no_doubt() {
        for (one, other, longer) in [
            ("12 months", "1 year", Some(Ordering::Equal)),
            ("2 weeks", "14 days", Some(Ordering::Equal)),
            ("90 minutes", "1 hour", Some(Ordering::Greater)),
            ("30 days", "1 month", None),
            ("27 days", "1 month", Some(Ordering::Less)),
            ("1 year", "365 days", None),
            ("1 year", "364 days", Some(Ordering::Greater)),
            ("24 hours", "1 day", None),
        ] {
            let (one, other): (Period, Period) = (one.parse().unwrap(), other.parse().unwrap());
            assert_eq!(one.compare(other), longer, "{one}, {other}");
            assert_eq!(other.compare(one), longer.map(Ordering::reverse), "{other}, {one}");
        }
    }

    #[test]
    fn days_follow_the_wall_clock_over_summer_time() {
        let calendar = warsaw();
        let before = calendar.parse("2026-03-28 12:00").unwrap();
        assert_eq!(calendar.after(before, Period::days(1)), calendar.parse("2026-03-29 12:00").unwrap());
        assert_eq!(calendar.after(before, Period::days(1)).as_second() - before.as_second(), 23 * 3600);
    }

    #[test]
    fn windows_start_and_end() {
        let calendar = Calendar::utc();
        let date: Date = "2026-05-20".parse().unwrap();
        for (window, start, end) in [
            (Window::Day, "2026-05-20", "2026-05-21"),
            (Window::Week, "2026-05-18", "2026-05-25"),
            (Window::Month, "2026-05-01", "2026-06-01"),
            (Window::Quarter, "2026-04-01", "2026-07-01"),
            (Window::Year, "2026-01-01", "2027-01-01"),
        ] {
            assert_eq!(calendar.window_start(date, window).to_string(), start);
            assert_eq!(calendar.window_end(date, window).to_string(), end);
        }
    }

    #[test]
    fn times_without_an_offset_are_local() {
        let calendar = warsaw();
        assert_eq!(calendar.parse("2026-07-01").unwrap(), "2026-06-30T22:00:00Z".parse().unwrap());
        assert_eq!(calendar.parse("2026-07-01T00:00:00Z").unwrap(), "2026-07-01T00:00:00Z".parse().unwrap());
        assert_eq!(calendar.parse("1.7.2026"), Err(CalendarError::NotATime));
    }
}
