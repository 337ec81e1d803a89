use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a fraction of a point becomes a whole one. Stated once in a programme and used everywhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// Towards zero: 12.9 points become 12.
    #[default]
    Down,
    /// To the nearest whole; exactly a half goes up.
    Nearest,
    /// Away from zero: 12.1 points become 13.
    Up,
}

impl Rounding {
    /// `numerator / denominator` as a whole number. The numerator must not be negative and the
    /// denominator must be positive; the callers are the earning rules, where both hold.
    pub fn divide(self, numerator: i128, denominator: i128) -> i128 {
        debug_assert!(numerator >= 0 && denominator > 0);
        match self {
            Rounding::Down => numerator / denominator,
            Rounding::Nearest => (numerator + denominator / 2) / denominator,
            Rounding::Up => (numerator + denominator - 1) / denominator,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Rounding::{Down, Nearest, Up};

    #[test]
    fn thirds_and_halves() {
        for (rounding, numerator, denominator, whole) in [
            (Down, 29, 10, 2),
            (Nearest, 25, 10, 3),
            (Nearest, 24, 10, 2),
            (Nearest, 1, 3, 0),
            (Nearest, 2, 3, 1),
            (Up, 21, 10, 3),
            (Up, 20, 10, 2),
            (Up, 0, 10, 0),
        ] {
            assert_eq!(rounding.divide(numerator, denominator), whole, "{rounding:?} {numerator}/{denominator}");
        }
    }
}
