//! What pages count and draw: a projection of the journal. It follows the journal a moment behind, may be dropped
//! and is built again, and nothing that is decided depends on it.
//!
//! Every total is the sum of what the cards of all holders add to it, so a change is the difference between
//! what a card added before and what it adds now, and an order that arrives late or comes back corrects every
//! figure that it had a part in.

mod card;
mod daily;
mod following;
mod guests;
mod histogram;
mod listing;
mod merging;
mod reading;
mod recommended;
mod recommending;

use std::fmt;

use lojal_core::kernel::{Date, Name};
use serde::{Deserialize, Serialize};

pub use card::{Bought, Card, Facts, Purse, Shared};
pub use daily::{Count, Daily};
pub(crate) use following::WORKS;
pub use following::{figures_catch_up, figures_drop, figures_overlooked, figures_through};
pub use guests::{GuestOrder, guest_order_find, guest_orders_put};
pub use histogram::median;
pub use listing::{Filter, Listed, Listing, Look, Order, Place, members_counted, members_listed};
pub use merging::Elsewhere;
pub use reading::{Figures, cards_of, date_of, day_number, sums_by_subject};
pub use recommended::{Advocated, ListedFriend, Rank, ReferralFilter, advocates_listed, friends_listed};
pub use recommending::{ALL_TIME, Came, subject};

/// A month of the programme's calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Month(i32);

impl Month {
    pub fn of(date: Date) -> Month {
        Month(i32::from(date.year()) * 12 + i32::from(date.month()) - 1)
    }

    pub fn year(self) -> i16 {
        self.0.div_euclid(12) as i16
    }

    /// 1 to 12.
    pub fn number(self) -> i8 {
        self.0.rem_euclid(12) as i8 + 1
    }

    /// 1 to 4.
    pub fn quarter(self) -> i8 {
        (self.number() - 1) / 3 + 1
    }

    pub fn first_day(self) -> Date {
        Date::new(self.year(), self.number(), 1).unwrap_or(Date::MIN)
    }

    pub fn plus(self, months: i32) -> Month {
        Month(self.0.saturating_add(months))
    }

    /// How many months lie between.
    pub fn since(self, earlier: Month) -> i32 {
        self.0 - earlier.0
    }

    /// As it is written in the subject of a total: `2026-03`.
    pub fn parse(text: &str) -> Option<Month> {
        let (year, month) = text.split_once('-')?;
        let (year, month) = (year.parse::<i16>().ok()?, month.parse::<i8>().ok()?);
        Date::new(year, month, 1).ok().map(Month::of)
    }

    /// The periods that it is in, as the subject of a total names them: the month, its quarter, its year.
    pub fn periods(self) -> [String; 3] {
        [self.to_string(), format!("{}-Q{}", self.year(), self.quarter()), self.year().to_string()]
    }
}

impl fmt::Display for Month {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:04}-{:02}", self.year(), self.number())
    }
}

/// What a total counts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Total {
    pub name: &'static str,
    pub subject: String,
}

impl Total {
    fn new(name: &'static str, subject: impl Into<String>) -> Total {
        Total { name, subject: subject.into() }
    }

    /// Members who are in the programme.
    pub fn members() -> Total {
        Total::new("members", "")
    }

    /// Members on a level of a ladder.
    pub fn level(ladder: &Name, level: &Name) -> Total {
        Total::new("level", format!("{ladder}/{level}"))
    }

    /// What holders have: `available`, `pending` or `held`.
    pub fn balance(account: &str, unit: &Name, brand: &Name) -> Total {
        Total::new("balance", format!("{account}/{unit}/{brand}"))
    }

    /// What holders owe.
    pub fn debt(unit: &Name) -> Total {
        Total::new("debt", unit.as_str())
    }

    /// What ends in a month, or never.
    pub fn expiring(unit: &Name, brand: &Name, month: Option<Month>) -> Total {
        let month = month.map_or_else(|| "never".to_owned(), |month| month.to_string());
        Total::new("expiring", format!("{unit}/{brand}/{month}"))
    }

    /// Members with at least so many orders.
    pub fn buyers(least: i64) -> Total {
        Total::new("buyers", least.to_string())
    }

    /// Members who bought in a period.
    pub fn active(period: &str) -> Total {
        Total::new("active", period)
    }

    /// Members who bought in a period, and for whom it was not the only order until its end.
    pub fn returning(period: &str) -> Total {
        Total::new("returning", period)
    }

    /// Recommendations of an edition that stand like this.
    pub fn referrals(referral: &Name, state: &str) -> Total {
        Total::new("referrals", format!("{referral}/{state}"))
    }

    /// Members who came by a recommendation, with at least so many orders since.
    pub fn friends_buying(least: i64) -> Total {
        Total::new("friends_buying", least.to_string())
    }

    /// Members who first bought in one month, and bought in another.
    pub fn cohort(first: Month, month: Month) -> Total {
        Total::new("cohort", format!("{first}/{}", month.since(first)))
    }
}
