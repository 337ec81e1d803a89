//! What reports say to people, in each language of the house.

use fluent_bundle::FluentValue;
use lojal_core::kernel::Language;
use lojal_core::words::Book;

/// What a simulation says, and what all reports have in common.
fn source(language: Language) -> &'static str {
    match language {
        Language::Pl => include_str!("../../../locales/pl/simulation.ftl"),
        Language::En => include_str!("../../../locales/en/simulation.ftl"),
    }
}

/// The texts of one language. Costs a millisecond to make: keep one for each language.
pub struct Texts {
    language: Language,
    book: Book,
}

impl Texts {
    pub fn new(language: Language) -> Texts {
        Texts::with(language, [])
    }

    /// Together with others, in Fluent's format.
    pub fn with<'s>(language: Language, more: impl IntoIterator<Item = &'s str>) -> Texts {
        Texts { language, book: Book::new(language, [source(language)].into_iter().chain(more)) }
    }

    pub fn language(&self) -> Language {
        self.language
    }

    /// The text under `key`; the key itself when there is none.
    pub fn say(&self, key: &str, values: &[(&'static str, &str)]) -> String {
        self.say_of(key, None, values)
    }

    /// As [`Texts::say`], of so many things: `count` chooses the plural and is written out as `number`.
    pub fn say_counted(&self, key: &str, count: u64, values: &[(&'static str, &str)]) -> String {
        self.say_of(key, Some(count), values)
    }

    fn say_of(&self, key: &str, count: Option<u64>, values: &[(&'static str, &str)]) -> String {
        let counted = count.into_iter().flat_map(|count| {
            let number = self.number(i64::try_from(count).unwrap_or(i64::MAX));
            [("count", FluentValue::from(count)), ("number", FluentValue::from(number))]
        });
        let values = values.iter().map(|(name, value)| (*name, FluentValue::from(*value)));
        self.book.say(key, counted.chain(values)).unwrap_or_else(|| key.to_owned())
    }

    /// A whole number in groups of three: `320,705`, `320 705`.
    pub fn number(&self, number: i64) -> String {
        let digits = number.unsigned_abs().to_string();
        let mut text = String::with_capacity(digits.len() * 4 / 3 + 1);
        if number < 0 {
            text.push('-');
        }
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                text.push(self.separator());
            }
            text.push(digit);
        }
        text
    }

    /// A decimal number as the house writes it, `1234.50`, as people write it: `1 234,50`.
    pub fn decimal(&self, plain: &str) -> String {
        let (whole, fraction) = plain.split_once('.').unwrap_or((plain, ""));
        let sign = if whole.starts_with('-') { "-" } else { "" };
        let whole = self.number(whole.trim_start_matches('-').parse().unwrap_or_default());
        match (fraction, self.language) {
            ("", _) => format!("{sign}{whole}"),
            (_, Language::Pl) => format!("{sign}{whole},{fraction}"),
            (_, Language::En) => format!("{sign}{whole}.{fraction}"),
        }
    }

    fn separator(&self) -> char {
        match self.language {
            Language::Pl => '\u{a0}',
            Language::En => ',',
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_write_them() {
        for (language, plain, written) in [
            (Language::En, "0", "0"),
            (Language::En, "-1234567.50", "-1,234,567.50"),
            (Language::Pl, "1234.5", "1\u{a0}234,5"),
            (Language::Pl, "-0.05", "-0,05"),
            (Language::Pl, "999", "999"),
        ] {
            assert_eq!(Texts::new(language).decimal(plain), written);
        }
    }
}
