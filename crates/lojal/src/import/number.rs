use lojal_core::kernel::{Factor, LARGEST_AMOUNT, Money, parse_decimal};

/// Decimals that a number in a file may have; prices with three and rates with four occur.
const DECIMALS: u8 = 6;
const MILLION: i128 = 1_000_000;

/// An exact decimal number in millionths, at most a thousand million either way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Millionths(pub i64);

impl Millionths {
    /// The number itself when it is a whole one.
    pub fn whole(self) -> Option<i64> {
        (i128::from(self.0) % MILLION == 0).then_some(self.0 / MILLION as i64)
    }
}

/// How the shop writes numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberFormat {
    pub decimal: char,
    pub thousands: Option<char>,
}

impl NumberFormat {
    /// Reads a number exactly. A thousands separator must stand before each group of three digits,
    /// so that a comma taken for one never turns 12,50 into 1250.
    pub fn read(&self, text: &str) -> Option<Millionths> {
        let text = text.trim();
        let (sign, digits) = match text.strip_prefix(['-', '\u{2212}']) {
            Some(digits) => ("-", digits),
            None => ("", text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = match digits.split_once(self.decimal) {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (digits, None),
        };
        let mut plain = String::with_capacity(text.len());
        plain.push_str(sign);
        plain.push_str(&self.without_separators(whole)?);
        if let Some(fraction) = fraction {
            if fraction.contains('.') {
                return None;
            }
            plain.push('.');
            plain.push_str(fraction);
        }
        parse_decimal(&plain, DECIMALS).ok().map(Millionths)
    }

    fn without_separators(&self, whole: &str) -> Option<String> {
        let mut groups = whole.split(|letter| self.separates(letter));
        let mut digits = groups.next()?.to_owned();
        let leading = digits.len();
        for group in groups {
            if group.len() != 3 || !(1..=3).contains(&leading) {
                return None;
            }
            digits.push_str(group);
        }
        (!digits.contains('.')).then_some(digits)
    }

    fn separates(&self, letter: char) -> bool {
        match self.thousands {
            Some(' ') => matches!(letter, ' ' | '\u{a0}' | '\u{202f}'),
            Some(separator) => letter == separator,
            None => false,
        }
    }
}

/// What rounding to the programme's decimals came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rounded {
    pub money: Money,
    /// Whether something was lost.
    pub inexact: bool,
}

/// Money of zero or more, given in millionths of a currency of which one is worth `exchange`, to
/// the nearest minor unit, a half upwards. `None` when it is negative or more than one command may
/// name.
pub fn to_money(millionths: i128, exchange: Factor, decimals: u8) -> Option<Rounded> {
    let scale = 10_i128.checked_pow(u32::from(decimals))?;
    let scaled = millionths.checked_mul(i128::from(exchange.0))?.checked_mul(scale)?;
    let divisor = MILLION * i128::from(Factor::ONE.0);
    let minor = scaled.checked_add(divisor / 2)?.div_euclid(divisor);
    let amount = i64::try_from(minor).ok().filter(|amount| (0..=LARGEST_AMOUNT).contains(amount))?;
    (millionths >= 0).then_some(Rounded { money: Money(amount), inexact: scaled % divisor != 0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_shops_write_them() {
        let english = NumberFormat { decimal: '.', thousands: Some(',') };
        let polish = NumberFormat { decimal: ',', thousands: Some(' ') };
        let plain = NumberFormat { decimal: '.', thousands: None };
        for (format, text, millionths) in [
            (plain, "2.55", Some(2_550_000)),
            (plain, " -0.001 ", Some(-1_000)),
            (plain, "+3", Some(3_000_000)),
            (plain, "\u{2212}3", Some(-3_000_000)),
            (plain, "2,55", None),
            (plain, "", None),
            (plain, "1e3", None),
            (plain, "0.0000001", None),
            (english, "1,234.50", Some(1_234_500_000)),
            (english, "12,345,678", Some(12_345_678_000_000)),
            (english, "345,678", Some(345_678_000_000)),
            (english, "12,50", None),
            (english, "1,2345", None),
            (english, "1234,567", None),
            (english, "1234.5", Some(1_234_500_000)),
            (english, ",123", None),
            (polish, "12,50", Some(12_500_000)),
            (polish, "1 234,5", Some(1_234_500_000)),
            (polish, "1\u{a0}234,50", Some(1_234_500_000)),
            (polish, "12.50", None),
            (polish, "12,5.0", None),
        ] {
            assert_eq!(format.read(text).map(|number| number.0), millionths, "{text}");
        }
    }

    #[test]
    fn money_is_rounded_once_and_said_to_be() {
        for (millionths, exchange, decimals, money, inexact) in [
            (15_300_000, Factor::ONE, 2, Some(1_530), false),
            (1_000, Factor::ONE, 3, Some(1), false),
            (1_005_000, Factor::ONE, 2, Some(101), true),
            (1_004_999, Factor::ONE, 2, Some(100), true),
            (2_500_000, Factor::ONE, 0, Some(3), true),
            (10_000_000, Factor(4_255_500), 2, Some(4_256), true),
            (-1, Factor::ONE, 2, None, false),
        ] {
            let rounded = to_money(millionths, exchange, decimals);
            assert_eq!(rounded.map(|rounded| rounded.money.0), money, "{millionths}");
            assert_eq!(rounded.is_some_and(|rounded| rounded.inexact), inexact, "{millionths}");
        }
    }
}
