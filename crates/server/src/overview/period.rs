//! A month, a quarter or a year of the programme's calendar.

use std::fmt;
use std::str::FromStr;

use lojal_core::kernel::Date;
use lojal_core::words::Words;

use crate::platform::figures::Month;

/// From the first day to the last, both included.
pub type Days = (Date, Date);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    Month(Month),
    /// By its first month.
    Quarter(Month),
    /// By its first month.
    Year(Month),
}

impl Period {
    pub fn month_of(date: Date) -> Period {
        Period::Month(Month::of(date))
    }

    pub fn quarter_of(date: Date) -> Period {
        let month = Month::of(date);
        Period::Quarter(month.plus(-i32::from((month.number() - 1) % 3)))
    }

    pub fn year_of(date: Date) -> Period {
        let month = Month::of(date);
        Period::Year(month.plus(1 - i32::from(month.number())))
    }

    fn first_month(self) -> Month {
        match self {
            Period::Month(month) | Period::Quarter(month) | Period::Year(month) => month,
        }
    }

    fn length(self) -> i32 {
        match self {
            Period::Month(_) => 1,
            Period::Quarter(_) => 3,
            Period::Year(_) => 12,
        }
    }

    /// The period so many periods later.
    pub fn plus(self, periods: i32) -> Period {
        let first = self.first_month().plus(periods.saturating_mul(self.length()));
        match self {
            Period::Month(_) => Period::Month(first),
            Period::Quarter(_) => Period::Quarter(first),
            Period::Year(_) => Period::Year(first),
        }
    }

    pub fn first_day(self) -> Date {
        self.first_month().first_day()
    }

    pub fn last_day(self) -> Date {
        let next = self.first_month().plus(self.length()).first_day();
        next.yesterday().unwrap_or(next)
    }

    pub fn days(self) -> Days {
        (self.first_day(), self.last_day())
    }

    pub fn is_over(self, today: Date) -> bool {
        today > self.last_day()
    }

    /// The period before, as far as this one has come: of a period that is over, all of it.
    pub fn days_before(self, today: Date) -> Days {
        let before = self.plus(-1);
        if self.is_over(today) {
            return before.days();
        }
        let come = today.since(self.first_day()).map_or(0, |span| span.get_days());
        let last = before.first_day().checked_add(jiff::Span::new().days(come.max(0))).unwrap_or(before.last_day());
        (before.first_day(), last.min(before.last_day()))
    }

    /// What a line through the period is drawn from: its days, its weeks or its months, up to `today`.
    pub fn pieces(self, today: Date) -> Vec<Days> {
        let last = self.last_day().min(today);
        let mut pieces = Vec::new();
        let mut first = self.first_day();
        while first <= last {
            let next = match self {
                Period::Month(_) => first.tomorrow().ok(),
                Period::Quarter(_) => first.checked_add(jiff::Span::new().days(7)).ok(),
                Period::Year(_) => Some(Month::of(first).plus(1).first_day()),
            };
            let Some(next) = next else { break };
            pieces.push((first, next.yesterday().unwrap_or(first).min(last)));
            first = next;
        }
        pieces
    }

    /// `listopad 2026`, `IV kwartał 2026`, `2026`.
    pub fn say(self, words: &Words) -> String {
        let month = self.first_month();
        match self {
            Period::Month(month) => format!("{} {}", words.month(month.number()), month.year()),
            Period::Quarter(_) => words.quarter(month.quarter(), month.year()),
            Period::Year(_) => month.year().to_string(),
        }
    }
}

/// As addresses and totals name it: `2026-11`, `2026-Q4`, `2026`.
impl fmt::Display for Period {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [month, quarter, year] = self.first_month().periods();
        formatter.write_str(match self {
            Period::Month(_) => &month,
            Period::Quarter(_) => &quarter,
            Period::Year(_) => &year,
        })
    }
}

impl FromStr for Period {
    type Err = ();

    fn from_str(text: &str) -> Result<Period, ()> {
        let january = |year: &str| Month::parse(&format!("{year}-01")).filter(|_| year.len() == 4).ok_or(());
        match text.split_once('-') {
            None => Ok(Period::Year(january(text)?)),
            Some((year, quarter)) if quarter.starts_with('Q') => match quarter {
                "Q1" => Ok(Period::Quarter(january(year)?)),
                "Q2" => Ok(Period::Quarter(january(year)?.plus(3))),
                "Q3" => Ok(Period::Quarter(january(year)?.plus(6))),
                "Q4" => Ok(Period::Quarter(january(year)?.plus(9))),
                _ => Err(()),
            },
            Some((year, month)) if year.len() == 4 && month.len() == 2 => {
                Month::parse(text).map(Period::Month).ok_or(())
            }
            Some(_) => Err(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_period_is_named_as_it_is_read() {
        for text in ["2026-11", "2026-Q1", "2026-Q4", "2026"] {
            assert_eq!(text.parse::<Period>().unwrap().to_string(), text);
        }
        for text in ["", "26", "2026-13", "2026-Q5", "2026-1", "x-01", "-2026", "2026-Q", "99999999-01"] {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
    }

    #[test]
    fn what_runs_is_compared_as_far_as_it_has_come() {
        let march = Period::month_of(date(2026, 3, 1));
        assert_eq!(march.days_before(date(2026, 3, 10)), (date(2026, 2, 1), date(2026, 2, 10)));
        // February has no 31st.
        assert_eq!(march.days_before(date(2026, 3, 31)), (date(2026, 2, 1), date(2026, 2, 28)));
        assert_eq!(march.days_before(date(2026, 4, 1)), march.plus(-1).days());
        let quarter = Period::quarter_of(date(2026, 11, 22));
        assert_eq!(quarter.days(), (date(2026, 10, 1), date(2026, 12, 31)));
        assert_eq!(quarter.days_before(date(2026, 10, 1)), (date(2026, 7, 1), date(2026, 7, 1)));
        assert_eq!(Period::year_of(date(2026, 11, 22)).plus(-1).to_string(), "2025");
    }

    #[test]
    fn the_pieces_of_a_period_are_all_of_it() {
        let today = date(2026, 11, 22);
        let days = Period::month_of(today).pieces(today);
        assert_eq!((days.len(), days[21]), (22, (today, today)));
        let weeks = Period::quarter_of(today).pieces(today);
        assert_eq!((weeks[0], weeks[7]), ((date(2026, 10, 1), date(2026, 10, 7)), (date(2026, 11, 19), today)));
        let months = Period::year_of(today).plus(-1).pieces(today);
        assert_eq!((months.len(), months[1]), (12, (date(2025, 2, 1), date(2025, 2, 28))));
    }
}
