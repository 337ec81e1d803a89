//! Estimates with their intervals, in whole numbers: shares are in millionths, and the same input gives the same
//! estimate on every machine. An interval holds the truth nine times out of ten.

mod jackknife;
mod power;
mod proportion;
mod survival;

use serde::Serialize;

pub use jackknife::{GROUPS, dealt, group, ratio};
pub use power::members_needed;
pub use proportion::proportion;
pub use survival::{Curve, Step, Watched};

/// The whole, in millionths.
pub const WHOLE: i64 = 1_000_000;
/// Nine times out of ten a normal variable lies within so many standard deviations, in thousandths.
const NINE_IN_TEN: i128 = 1_645;

/// An estimate with the interval in which it lies nine times out of ten.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Estimate {
    pub low: i64,
    pub expected: i64,
    pub high: i64,
}

impl Estimate {
    /// What is certain.
    pub fn certain(amount: i64) -> Estimate {
        Estimate { low: amount, expected: amount, high: amount }
    }

    /// This share of an amount.
    pub fn of(self, amount: i64) -> Estimate {
        let part = |share: i64| (i128::from(amount) * i128::from(share) / i128::from(WHOLE)) as i64;
        Estimate { low: part(self.low), expected: part(self.expected), high: part(self.high) }
    }

    /// Both together, as if they were wrong together.
    pub fn plus(self, other: Estimate) -> Estimate {
        Estimate { low: self.low + other.low, expected: self.expected + other.expected, high: self.high + other.high }
    }

    /// As a share of the whole: no less than nothing, and no more than all.
    pub fn within_the_whole(self) -> Estimate {
        let within = |share: i64| share.clamp(0, WHOLE);
        Estimate { low: within(self.low), expected: within(self.expected), high: within(self.high) }
    }
}

/// `part` of `whole` in millionths; 0 where there is no whole.
pub fn share(part: i64, whole: i64) -> i64 {
    let share = (i128::from(part) * i128::from(WHOLE)).checked_div(i128::from(whole)).unwrap_or(0);
    i64::try_from(share).unwrap_or(i64::MAX)
}

fn narrow(number: i128) -> i64 {
    i64::try_from(number).unwrap_or(if number < 0 { i64::MIN } else { i64::MAX })
}
