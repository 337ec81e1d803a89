//! Shares and odds as whole numbers.

use lojal_core::kernel::log2;
use serde::{Deserialize, Serialize};

/// A share of one in thousandths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Thousandths(pub u32);

impl Thousandths {
    pub const NONE: Thousandths = Thousandths(0);
    pub const ONE: Thousandths = Thousandths(1000);

    /// `part` of `whole`, rounded down, at most one; nothing of nothing is none.
    pub fn of(part: u64, whole: u64) -> Thousandths {
        match whole {
            0 => Thousandths::NONE,
            _ => Thousandths((part.saturating_mul(1000) / whole).min(1000) as u32),
        }
    }

    /// Both at once.
    pub fn times(self, other: Thousandths) -> Thousandths {
        Thousandths((u64::from(self.0) * u64::from(other.0) / 1000) as u32)
    }

    /// Together, and at most one.
    pub fn plus(self, other: Thousandths) -> Thousandths {
        Thousandths(self.0.saturating_add(other.0).min(1000))
    }

    /// What is missing to one.
    pub fn rest(self) -> Thousandths {
        Thousandths(1000_u32.saturating_sub(self.0))
    }

    /// This share of a weight.
    pub fn of_weight(self, weight: i32) -> i32 {
        (i64::from(self.0) * i64::from(weight) / 1000) as i32
    }
}

/// A hundred times the binary logarithm of `numerator / denominator`: how many hundredths of a doubling
/// one is more than the other. Both are above zero.
pub fn doublings(numerator: u32, denominator: u32) -> i32 {
    // In 65536ths, so that rounding comes last.
    let logarithm = |number: u32| log2(u64::from(number.max(1))) as i64;
    (((logarithm(numerator) - logarithm(denominator)) * 100 + (1 << 15)) >> 16) as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odds_in_doublings() {
        for (numerator, denominator, expected) in [
            (1, 1, 0),
            (2, 1, 100),
            (1, 2, -100),
            (8, 1, 300),
            (3, 1, 158),
            (10, 30, -158),
            (20, 30, -58),
            (1000, 1, 997),
        ] {
            assert_eq!(doublings(numerator, denominator), expected, "{numerator}/{denominator}");
        }
    }

    #[test]
    fn shares_stay_within_one() {
        assert_eq!(Thousandths::of(1, 3), Thousandths(333));
        assert_eq!(Thousandths::of(5, 3), Thousandths::ONE);
        assert_eq!(Thousandths::of(0, 0), Thousandths::NONE);
        assert_eq!(Thousandths(700).plus(Thousandths(700)), Thousandths::ONE);
        assert_eq!(Thousandths(500).times(Thousandths(500)), Thousandths(250));
        assert_eq!(Thousandths(250).of_weight(-400), -100);
    }
}
