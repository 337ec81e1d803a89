//! A share of people, each of whom counts once.

use super::{Estimate, NINE_IN_TEN, WHOLE, narrow};

/// So many of so many, with Wilson's interval (Wilson 1927, Journal of the American Statistical Association 22),
/// which keeps its promise for few people and for rare things too. `None` where there is nobody.
pub fn proportion(some: u64, all: u64) -> Option<Estimate> {
    let (some, all) = (i128::from(some.min(all)), i128::from(all));
    if all == 0 {
        return None;
    }
    // With z² in millionths, everything below is in millionths of people.
    let (whole, square) = (i128::from(WHOLE), NINE_IN_TEN * NINE_IN_TEN);
    let denominator = all * whole + square;
    let middle = some * whole + square / 2;
    let spread = some * (all - some) * whole * whole / all + square * whole / 4;
    let margin = NINE_IN_TEN * spread.isqrt() / 1_000;
    let share = |part: i128| narrow(part * whole / denominator);
    let known =
        Estimate { low: share(middle - margin), expected: narrow(some * whole / all), high: share(middle + margin) };
    // Rounding must not put the estimate outside.
    let known = Estimate { low: known.low.min(known.expected), high: known.high.max(known.expected), ..known };
    Some(known.within_the_whole())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand, with z = 1.645: the middle is (k + z²/2) / (n + z²), the half width
    /// z √(k (n − k) / n + z² / 4) / (n + z²).
    #[test]
    fn by_hand() {
        for (some, all, low, expected, high) in [
            (0, 10, 0, 0, 213_000),
            (5, 10, 269_400, 500_000, 730_600),
            (10, 10, 787_000, 1_000_000, 1_000_000),
            (300, 1_000, 276_700, 300_000, 324_400),
        ] {
            let known = proportion(some, all).unwrap();
            assert_eq!(known.expected, expected);
            assert!((known.low - low).abs() < 300 && (known.high - high).abs() < 300, "{some} of {all}: {known:?}");
        }
        assert_eq!(proportion(0, 0), None);
        let many = proportion(500_000_000_000, 1_000_000_000_000).unwrap();
        assert!(many.high - many.low < 10, "{many:?}");
    }
}
