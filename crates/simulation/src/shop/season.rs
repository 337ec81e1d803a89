//! How busy the shop is: by month, by day of the week, by hour; and when there are sales.

use lojal_core::kernel::{Calendar, Date, Instant};

use crate::chance::Chance;

/// By month, in per mille of an average one: a quiet winter, a spring, a long December.
const MONTHS: [u64; 12] = [850, 850, 1050, 1150, 1100, 950, 850, 850, 1000, 1050, 1250, 1500];
/// From Monday.
const WEEKDAYS: [u64; 7] = [1000, 950, 950, 1000, 1150, 1200, 900];
/// The busiest day there can be, in per mille.
pub const BUSIEST: u64 = 1500 * 1200 / 1000;
/// By hour from midnight, while the doors of the shops are open and when only the web is.
const WEB_HOURS: [u64; 24] = [2, 1, 0, 0, 0, 1, 3, 6, 8, 9, 9, 8, 9, 8, 7, 7, 8, 9, 11, 14, 17, 18, 12, 6];
const STORE_HOURS: [u64; 24] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 7, 9, 9, 7, 7, 9, 12, 13, 10, 6, 0, 0, 0, 0];

/// How busy a day is, in per mille of an average one.
pub fn busyness(date: Date) -> u64 {
    let month = MONTHS[date.month() as usize - 1];
    let weekday = WEEKDAYS[date.weekday().to_monday_zero_offset() as usize];
    month * weekday / 1000
}

/// How many of a thousand lines are discounted: sales in January and July, and a last week of
/// November that nobody can overlook.
pub fn discounts(date: Date) -> u64 {
    match (date.month(), date.day()) {
        (1 | 7, _) => 250,
        (11, 23..) => 400,
        _ => 70,
    }
}

/// How much a shelf is looked at in a month, in hundredths.
pub fn interest(category: usize, month: i8) -> u64 {
    match (category, month) {
        // Sweets and toys before the holidays.
        (2 | 7, 11 | 12) => 280,
        // The garden in spring.
        (6, 3..=6) => 320,
        (6, 10..=12 | 1) => 40,
        // Books when school begins.
        (3, 8 | 9) => 190,
        _ => 100,
    }
}

/// A moment of `date` at which somebody would buy.
pub fn time_of_day(date: Date, in_store: bool, chance: &mut Chance, calendar: &Calendar) -> Instant {
    let hour = chance.weighted(if in_store { &STORE_HOURS } else { &WEB_HOURS });
    let minute = chance.below(60);
    let second = chance.below(60);
    calendar.moment(date.at(hour as i8, minute as i8, second as i8, 0))
}
