//! Numbers, money, amounts of a unit, factors and lengths of time, as people write them.

use super::{Speaker, Words, sentence};
use crate::kernel::{Factor, Language, Money, Name, Period, Window, format_decimal};
use crate::programme::Unit;

pub use intl_pluralrules::PluralCategory;

/// In which case a unit stands. English knows one form for both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NounCase {
    Nominative,
    /// After words like "od" and "bez", in Polish.
    Genitive,
}

/// Keeps a number and what it counts on one line.
const NO_BREAK_SPACE: char = '\u{a0}';
const MINUS: char = '\u{2212}';

impl Words {
    /// Which form of a noun goes with the number: `1 punkt`, `2 punkty`, `5 punktów`, `1,5 punktu`.
    /// The number has `decimals` decimals, trailing zeros included: in English they make a plural of one
    /// (1.00 points), in Polish they are passed over (2,00 punkty).
    pub fn plural_category(&self, number: i64, decimals: u8) -> PluralCategory {
        let whole = 10i64.checked_pow(u32::from(decimals)).filter(|whole| number % whole == 0);
        let (number, decimals) = match (self.language, whole) {
            (Language::Pl, Some(whole)) => (number / whole, 0),
            _ => (number, decimals),
        };
        let text = format_decimal(number, decimals);
        let size = text.trim_start_matches('-');
        self.plurals.as_ref().and_then(|rules| rules.select(size).ok()).unwrap_or(PluralCategory::OTHER)
    }

    /// `1 234 567,50` in Polish, `1,234,567.50` in English.
    pub fn number(&self, number: i64, decimals: u8) -> String {
        let (group, point) = match self.language {
            Language::Pl => (NO_BREAK_SPACE, ','),
            Language::En => (',', '.'),
        };
        let text = format_decimal(number, decimals);
        let (whole, fraction) =
            text.trim_start_matches('-').split_once('.').unwrap_or((text.trim_start_matches('-'), ""));
        let mut written = String::with_capacity(text.len() * 2);
        if number < 0 {
            written.push(MINUS);
        }
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index) % 3 == 0 {
                written.push(group);
            }
            written.push(digit);
        }
        if !fraction.is_empty() {
            written.push(point);
            written.push_str(fraction);
        }
        written
    }

    /// As [`Words::number`], without zeros at the end: for rates and factors.
    pub fn short_number(&self, number: i64, decimals: u8) -> String {
        let (mut number, mut decimals) = (number, decimals);
        while decimals > 0 && number % 10 == 0 {
            number /= 10;
            decimals -= 1;
        }
        self.number(number, decimals)
    }

    /// `×1,5`
    pub fn factor(&self, factor: Factor) -> String {
        format!("×{}", self.short_number(factor.0, Factor::DECIMALS))
    }

    /// `12,5%`, from a number with `decimals` decimals.
    pub fn percent(&self, number: i64, decimals: u8) -> String {
        format!("{}%", self.short_number(number, decimals))
    }

    /// `14 dni`, `14 days`
    pub fn period(&self, period: Period) -> String {
        let key = match period.unit().name() {
            "minute" => "period-minutes",
            "hour" => "period-hours",
            "day" => "period-days",
            "week" => "period-weeks",
            "month" => "period-months",
            _ => "period-years",
        };
        self.counted(key, period.amount())
    }

    /// `na miesiąc`, `per month`
    pub fn per_window(&self, window: Window) -> String {
        self.say("per-window", &[("window", window.name().into())])
    }

    /// A text that counts something: the number to choose by, and the number as it is written.
    pub(crate) fn counted(&self, key: &'static str, count: i64) -> String {
        self.say(key, &[("count", count.unsigned_abs().into()), ("number", self.number(count, 0).into())])
    }

    /// `kawa, herbata ani sok`
    pub(super) fn neither(&self, items: &[String]) -> String {
        self.listing("list-neither", items)
    }

    /// `kawa, herbata lub sok`
    pub(super) fn either(&self, items: &[String]) -> String {
        self.listing("list-either", items)
    }

    fn listing(&self, key: &'static str, items: &[String]) -> String {
        match items {
            [] => String::new(),
            [only] => only.clone(),
            [first @ .., last] => self.say(key, &[("first", first.join(", ").into()), ("last", last.as_str().into())]),
        }
    }
}

impl Words {
    pub(super) fn with_currency(&self, number: &str, code: &str) -> String {
        match (self.language, code) {
            (Language::Pl, "PLN") => format!("{number}{NO_BREAK_SPACE}zł"),
            (Language::Pl, code) => format!("{number}{NO_BREAK_SPACE}{code}"),
            (Language::En, code) => {
                let (sign, size) = match number.strip_prefix(MINUS) {
                    Some(size) => ("\u{2212}", size),
                    None => ("", number),
                };
                match code {
                    "GBP" => format!("{sign}£{size}"),
                    "EUR" => format!("{sign}€{size}"),
                    "USD" => format!("{sign}${size}"),
                    _ => format!("{sign}{code}{NO_BREAK_SPACE}{size}"),
                }
            }
        }
    }

    /// A number as it is written, with the form of the unit that goes with it.
    pub(super) fn with_forms(&self, unit: &Unit, number: i64, decimals: u8, written: &str) -> String {
        let forms = unit.forms.get(&self.language).or_else(|| unit.forms.values().next());
        let name = match forms {
            None => unit.id.as_str(),
            Some(forms) => match self.plural_category(number, decimals) {
                PluralCategory::ONE => &forms.one,
                PluralCategory::FEW => forms.few.as_ref().unwrap_or(&forms.many),
                PluralCategory::MANY => &forms.many,
                _ => forms.other.as_ref().unwrap_or(&forms.many),
            },
        };
        format!("{written}{NO_BREAK_SPACE}{name}")
    }

    /// A unit by itself, in the plural.
    pub(super) fn forms_plural(&self, unit: &Unit, case: NounCase) -> String {
        let name = unit.forms.get(&self.language).map_or(unit.id.as_str(), |forms| match case {
            NounCase::Nominative => forms.few.as_ref().unwrap_or(&forms.many),
            NounCase::Genitive => &forms.many,
        });
        name.to_owned()
    }
}

impl Speaker<'_> {
    /// Money in the programme's currency: `1 234,50 zł`, `PLN 1,234.50`.
    pub fn money(&self, money: Money) -> String {
        let currency = &self.programme.currency;
        let coin = 10i64.saturating_pow(u32::from(currency.decimals));
        let number = match money.0 % coin {
            0 if self.brief => self.words.number(money.0 / coin, 0),
            _ => self.words.number(money.0, currency.decimals),
        };
        self.words.with_currency(&number, &self.programme.currency.code)
    }

    /// What one of another currency is worth, with all the decimals of the rate.
    pub(crate) fn rate_in_money(&self, rate: Factor) -> String {
        let number = self.words.short_number(rate.0, Factor::DECIMALS);
        self.words.with_currency(&number, &self.programme.currency.code)
    }

    /// `5 punktów`, in the words that the programme has for the unit.
    pub fn amount(&self, unit: &str, amount: i64) -> String {
        let (amount, scale) = self.scaled(unit, amount);
        self.with_unit(unit, amount, scale, &self.words.number(amount, scale))
    }

    /// An amount with the decimals in which it is written.
    fn scaled(&self, unit: &str, amount: i64) -> (i64, u8) {
        let scale = self.programme.unit(unit).map_or(0, |unit| unit.scale);
        let whole = 10i64.saturating_pow(u32::from(scale));
        if self.brief && amount % whole == 0 { (amount / whole, 0) } else { (amount, scale) }
    }

    /// As [`Speaker::amount`], with a plus before what is given.
    pub fn signed_amount(&self, unit: &str, amount: i64) -> String {
        let plus = if amount > 0 { "+" } else { "" };
        format!("{plus}{}", self.amount(unit, amount))
    }

    /// A rate in millionths of the unit's smallest part: `0,5 punktu`.
    pub(crate) fn rate(&self, unit: &str, rate: Factor) -> String {
        let (mut number, mut decimals) =
            (rate.0, self.programme.unit(unit).map_or(0, |unit| unit.scale) + Factor::DECIMALS);
        while decimals > 0 && number % 10 == 0 {
            number /= 10;
            decimals -= 1;
        }
        self.with_unit(unit, number, decimals, &self.words.number(number, decimals))
    }

    fn with_unit(&self, unit: &str, number: i64, decimals: u8, written: &str) -> String {
        match self.programme.unit(unit) {
            Some(unit) => self.words.with_forms(unit, number, decimals, written),
            None => format!("{written}{NO_BREAK_SPACE}{unit}"),
        }
    }

    /// As [`Speaker::amount`], in the genitive: `1 punktu`, `2 punktów`.
    pub(crate) fn of_amount(&self, unit: &str, amount: i64) -> String {
        let forms = self.programme.unit(unit).and_then(|unit| unit.forms.get(&self.language()));
        let (Language::Pl, Some(forms)) = (self.language(), forms) else {
            return self.amount(unit, amount);
        };
        let (amount, scale) = self.scaled(unit, amount);
        let name = match self.words.plural_category(amount, scale) {
            PluralCategory::FEW | PluralCategory::MANY => &forms.many,
            // The form for fractions is the genitive.
            _ => forms.other.as_ref().unwrap_or(&forms.many),
        };
        format!("{}{NO_BREAK_SPACE}{name}", self.words.number(amount, scale))
    }

    /// The unit by itself, in the plural, in the middle of a sentence: `punkty`, `punktów`.
    pub(crate) fn units(&self, unit: &str, case: NounCase) -> String {
        self.programme.unit(unit).map_or_else(|| unit.to_owned(), |unit| self.words.forms_plural(unit, case))
    }

    /// The unit by itself, in the plural: `punkty`, `points`.
    pub fn plural(&self, unit: &str) -> String {
        let forms = self.programme.unit(unit).and_then(|unit| unit.forms.get(&self.language()));
        let name = forms.map_or(unit, |forms| forms.few.as_ref().unwrap_or(&forms.many));
        sentence(name)
    }

    /// Several amounts, one after the other.
    pub(super) fn amounts(&self, amounts: &[(Name, i64)]) -> String {
        let written: Vec<String> = amounts.iter().map(|(unit, amount)| self.amount(unit, *amount)).collect();
        written.join(", ")
    }
}
