use std::fmt;

use serde::{Deserialize, Serialize};

/// The largest amount of money or points that one command may name: a thousand of these still
/// fit a balance with room to spare.
pub const LARGEST_AMOUNT: i64 = 1_000_000_000_000_000;

/// Money in minor units (grosze, pence) of the programme's currency, with as many decimals as the
/// programme states.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(pub i64);

impl Money {
    pub const ZERO: Money = Money(0);
}

impl std::ops::Add for Money {
    type Output = Money;
    fn add(self, other: Money) -> Money {
        Money(self.0.saturating_add(other.0))
    }
}

impl std::ops::Sub for Money {
    type Output = Money;
    fn sub(self, other: Money) -> Money {
        Money(self.0.saturating_sub(other.0))
    }
}

impl std::iter::Sum for Money {
    fn sum<I: Iterator<Item = Money>>(amounts: I) -> Money {
        amounts.fold(Money::ZERO, |total, amount| total + amount)
    }
}

/// A factor in millionths: a multiplier of 1.5 is 1,500,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Factor(pub i64);

impl Factor {
    pub const DECIMALS: u8 = 6;
    pub const ONE: Factor = Factor(1_000_000);
    /// The largest that a programme may state.
    pub const LARGEST: Factor = Factor(1_000 * 1_000_000);

    /// The product, to the nearest millionth.
    pub fn compound(self, other: Factor) -> Factor {
        let product = i128::from(self.0) * i128::from(other.0);
        let rounded = (product + i128::from(Factor::ONE.0) / 2) / i128::from(Factor::ONE.0);
        Factor(i64::try_from(rounded).unwrap_or(Factor::LARGEST.0).min(Factor::LARGEST.0))
    }
}

impl fmt::Display for Factor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format_decimal(self.0, Factor::DECIMALS);
        formatter.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecimalError {
    #[error("is not a number; write it like 12.50")]
    NotANumber,
    #[error("has more than {0} decimals")]
    TooPrecise(u8),
    #[error("is too large")]
    TooLarge,
}

/// Reads `-12.50` into `-1250` for two decimals, exactly: no exponent, no thousands separator.
pub fn parse_decimal(text: &str, decimals: u8) -> Result<i64, DecimalError> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let only_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !only_digits(whole) || !only_digits(fraction) || digits.ends_with('.') {
        return Err(DecimalError::NotANumber);
    }
    let significant = fraction.trim_end_matches('0');
    if significant.len() > usize::from(decimals) {
        return Err(DecimalError::TooPrecise(decimals));
    }
    let mut number: i64 = 0;
    let padding = std::iter::repeat_n(b'0', usize::from(decimals) - significant.len());
    for digit in whole.bytes().chain(significant.bytes()).chain(padding) {
        number = number
            .checked_mul(10)
            .and_then(|number| number.checked_add(i64::from(digit - b'0')))
            .filter(|number| *number <= LARGEST_AMOUNT)
            .ok_or(DecimalError::TooLarge)?;
    }
    Ok(if negative { -number } else { number })
}

/// Writes `-1250` as `-12.50` for two decimals.
pub fn format_decimal(number: i64, decimals: u8) -> String {
    if decimals == 0 {
        return number.to_string();
    }
    let scale = 10u64.pow(u32::from(decimals));
    let (sign, size) = if number < 0 { ("-", number.unsigned_abs()) } else { ("", number as u64) };
    format!("{sign}{}.{:0width$}", size / scale, size % scale, width = usize::from(decimals))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_read_exactly() {
        for (text, decimals, read) in [
            ("0", 2, Ok(0)),
            ("12.5", 2, Ok(1250)),
            ("12.500", 2, Ok(1250)),
            ("-77183.6", 3, Ok(-77_183_600)),
            ("007", 0, Ok(7)),
            ("12.505", 2, Err(DecimalError::TooPrecise(2))),
            ("1e3", 2, Err(DecimalError::NotANumber)),
            ("12,50", 2, Err(DecimalError::NotANumber)),
            (".5", 2, Err(DecimalError::NotANumber)),
            ("5.", 2, Err(DecimalError::NotANumber)),
            ("", 2, Err(DecimalError::NotANumber)),
            ("--1", 2, Err(DecimalError::NotANumber)),
            ("99999999999999999999", 2, Err(DecimalError::TooLarge)),
        ] {
            assert_eq!(parse_decimal(text, decimals), read, "{text}");
        }
    }

    #[test]
    fn decimals_are_written_as_they_are_read() {
        for (number, decimals, text) in
            [(-5, 2, "-0.05"), (1250, 2, "12.50"), (7, 0, "7"), (77_183_600, 3, "77183.600")]
        {
            assert_eq!(format_decimal(number, decimals), text);
            assert_eq!(parse_decimal(text, decimals), Ok(number));
        }
        assert_eq!(Factor(1_500_000).to_string(), "1.5");
        assert_eq!(Factor(2_000_000).to_string(), "2");
    }
}
