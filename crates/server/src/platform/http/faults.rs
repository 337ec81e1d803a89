//! Collects everything that is wrong with a request's fields, so that a caller mends it in one go.

use std::fmt::Display;
use std::time::Duration;

use lojal_core::kernel::{DecimalError, Instant, Money, Name, parse_decimal};
use lojal_core::programme::Programme;

use super::fields::{Currency, Decimal, Time};
use super::problem::{FieldError, Problem};

/// How far the clocks of a shop and of this machine may lie apart.
const CLOCKS_APART: Duration = Duration::from_secs(5 * 60);

/// Decimals with which prices in other currencies are read before they are converted.
const FOREIGN_DECIMALS: u8 = 4;

#[derive(Debug, Default)]
pub struct Faults {
    errors: Vec<FieldError>,
}

/// In which money the amounts of a request are.
#[derive(Clone, Copy, Debug)]
pub enum Tender {
    /// The programme's own, with so many decimals.
    Own { decimals: u8 },
    /// Another one: `rate` millionths of the programme's for one of it.
    Foreign { rate: i64, decimals: u8 },
}

impl Faults {
    pub fn add(&mut self, pointer: impl Into<String>, code: &str, detail: impl Display) {
        self.errors.push(FieldError { pointer: pointer.into(), code: code.to_owned(), detail: detail.to_string() });
    }

    pub fn finish(self) -> Result<(), Problem> {
        if self.errors.is_empty() { Ok(()) } else { Err(Problem::fields(self.errors)) }
    }

    /// The money that a currency stands for in this programme.
    pub fn tender(&mut self, pointer: &str, currency: &Currency, programme: &Programme) -> Tender {
        let decimals = programme.currency.decimals;
        if currency.0 == programme.currency.code {
            return Tender::Own { decimals };
        }
        match programme.exchange.get(&currency.0) {
            Some(rate) => Tender::Foreign { rate: rate.0, decimals },
            None => {
                let detail = format!("the programme takes {}, not {}", accepted(programme), currency.0);
                self.add(pointer, "unknown_currency", detail);
                Tender::Own { decimals }
            }
        }
    }

    /// Zero or more, in the programme's currency.
    pub fn money(&mut self, pointer: impl Into<String>, amount: &Decimal, tender: Tender) -> Money {
        let pointer = pointer.into();
        let read = match tender {
            Tender::Own { decimals } => parse_decimal(&amount.0, decimals),
            Tender::Foreign { rate, decimals } => {
                parse_decimal(&amount.0, FOREIGN_DECIMALS).map(|foreign| convert(foreign, rate, decimals))
            }
        };
        match read {
            Ok(number) if number >= 0 => Money(number),
            Ok(_) => {
                self.add(pointer, "negative", "must not be negative: what comes back is stated as a return");
                Money::ZERO
            }
            Err(error) => {
                let code = match error {
                    DecimalError::NotANumber => "invalid",
                    DecimalError::TooPrecise(_) => "too_precise",
                    DecimalError::TooLarge => "too_large",
                };
                self.add(pointer, code, error);
                Money::ZERO
            }
        }
    }

    /// A moment that has come.
    pub fn past(&mut self, pointer: &str, time: Time, now: Instant) -> Instant {
        if time.0.duration_since(now) > CLOCKS_APART.try_into().unwrap_or_default() {
            self.add(pointer, "in_future", "lies more than five minutes ahead");
        }
        time.0
    }

    /// A brand of the programme; may be left out where there is only one.
    pub fn brand(&mut self, stated: Option<&Name>, programme: &Programme) -> Name {
        match (stated, programme.brands.as_slice()) {
            (Some(brand), _) if programme.brand(brand).is_some() => brand.clone(),
            (Some(brand), _) => {
                self.add("/brand", "unknown_brand", format_args!("the programme has no brand {brand}"));
                brand.clone()
            }
            (None, [only]) => only.id.clone(),
            (None, _) => {
                self.add("/brand", "missing_field", "the programme has several brands: say which");
                Name::default()
            }
        }
    }
}

/// To the nearest minor unit; a half goes up.
fn convert(foreign: i64, rate: i64, decimals: u8) -> i64 {
    let scale = 10i128.pow(u32::from(FOREIGN_DECIMALS) + 6);
    let product = i128::from(foreign) * i128::from(rate) * 10i128.pow(u32::from(decimals));
    i64::try_from((product * 2 + scale).div_euclid(scale * 2)).unwrap_or(i64::MAX)
}

fn accepted(programme: &Programme) -> String {
    programme.exchange.keys().fold(programme.currency.code.to_string(), |list, code| format!("{list}, {code}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_money_is_converted_to_the_nearest_minor_unit() {
        for (amount, rate, money) in [("10.00", 4_250_000, 4250), ("0.01", 4_250_000, 4), ("0.02", 4_250_000, 9)] {
            let mut faults = Faults::default();
            let tender = Tender::Foreign { rate, decimals: 2 };
            assert_eq!(faults.money("/total", &Decimal(amount.to_owned()), tender), Money(money), "{amount}");
            assert!(faults.finish().is_ok());
        }
    }
}
