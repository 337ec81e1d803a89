//! Dates and times on the programme's own wall clock.

use jiff::ToSpan;
use jiff::civil::{DateTime, Time};

use super::{Speaker, Words};
use crate::kernel::{Calendar, Date, Instant};

pub(super) const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

impl Words {
    /// `3 kwietnia 2026`, `3 April 2026`
    pub fn date(&self, date: Date) -> String {
        let month = MONTHS[usize::from(date.month().unsigned_abs()) - 1];
        self.say(
            "date",
            &[
                ("day", date.day().to_string().into()),
                ("month", month.into()),
                ("year", date.year().to_string().into()),
            ],
        )
    }

    /// The name of a month, from 1, by which Fluent chooses.
    pub(crate) fn month_key(number: i8) -> &'static str {
        MONTHS[usize::from(number.unsigned_abs().clamp(1, 12)) - 1]
    }

    /// A month by itself, from 1: `kwiecień`.
    pub fn month(&self, number: i8) -> String {
        let index = usize::from(number.unsigned_abs().clamp(1, 12)) - 1;
        self.say("month", &[("month", MONTHS[index].into())])
    }

    /// `IV kwartał 2026`, `Q4 2026`; the quarter from 1.
    pub fn quarter(&self, number: i8, year: i16) -> String {
        let number = match number {
            1 => "first",
            2 => "second",
            3 => "third",
            _ => "fourth",
        };
        self.say("quarter", &[("quarter", number.into()), ("year", year.to_string().into())])
    }

    /// A day of the week, 1 for Monday: `poniedziałek`.
    pub(super) fn weekday(&self, number: i8) -> String {
        let index = usize::from(number.unsigned_abs().clamp(1, 7)) - 1;
        self.say("weekday", &[("day", WEEKDAYS[index].into())])
    }

    /// A moment as the clock on the wall shows it: `3 kwietnia 2026, 14:05`
    pub fn moment_in(&self, calendar: &Calendar, moment: Instant) -> String {
        self.date_and_time(calendar.local(moment))
    }

    fn date_and_time(&self, local: DateTime) -> String {
        let time = format!("{:02}:{:02}", local.hour(), local.minute());
        self.say("date-and-time", &[("date", self.date(local.date()).into()), ("time", time.into())])
    }
}

impl Speaker<'_> {
    /// `3 kwietnia 2026, 14:05`
    pub fn moment(&self, moment: Instant) -> String {
        self.words.moment_in(&self.programme.calendar, moment)
    }

    /// The day of a moment: `3 kwietnia 2026`.
    pub fn day(&self, moment: Instant) -> String {
        self.words.date(self.programme.calendar.date(moment))
    }

    /// From when: `od 3 kwietnia 2026`. Midnight goes without saying.
    pub fn since(&self, moment: Instant) -> String {
        let local = self.programme.calendar.local(moment);
        let when = if local.time() == Time::midnight() { self.words.date(local.date()) } else { self.moment(moment) };
        self.say("since", &[("when", when.into())])
    }

    /// Until when, the moment itself excluded. Midnight is the end of the day before, for nobody
    /// reads "until 3 April" as "not on 3 April".
    pub fn until(&self, moment: Instant) -> String {
        let local = self.programme.calendar.local(moment);
        if local.time() == Time::midnight() {
            let last_day = local.date().saturating_sub(1.day());
            return self.say("until-end-of", &[("date", self.words.date(last_day).into())]);
        }
        self.say("until", &[("when", self.words.date_and_time(local).into())])
    }
}
