//! What the command line says to people, in each language of the house.

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use lojal_core::kernel::Language;
use unic_langid::LanguageIdentifier;

/// By file.
fn sources(language: Language) -> [&'static str; 4] {
    match language {
        Language::Pl => [
            include_str!("../../../locales/pl/advise.ftl"),
            include_str!("../../../locales/pl/command_line.ftl"),
            include_str!("../../../locales/pl/compare.ftl"),
            include_str!("../../../locales/pl/simulation.ftl"),
        ],
        Language::En => [
            include_str!("../../../locales/en/advise.ftl"),
            include_str!("../../../locales/en/command_line.ftl"),
            include_str!("../../../locales/en/compare.ftl"),
            include_str!("../../../locales/en/simulation.ftl"),
        ],
    }
}

pub struct Texts {
    language: Language,
    bundle: FluentBundle<FluentResource>,
}

impl Texts {
    pub fn new(language: Language) -> Texts {
        let tag: LanguageIdentifier = language.tag().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new(vec![tag]);
        bundle.set_use_isolating(false);
        for source in sources(language) {
            // A damaged entry is left out and its key shows in its place; a test keeps all whole.
            let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, _)| resource);
            bundle.add_resource_overriding(resource);
        }
        Texts { language, bundle }
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
        let Some(pattern) = self.bundle.get_message(key).and_then(|message| message.value()) else {
            return key.to_owned();
        };
        let mut arguments = FluentArgs::new();
        if let Some(count) = count {
            arguments.set("count", FluentValue::from(count));
            arguments.set("number", self.number(i64::try_from(count).unwrap_or(i64::MAX)));
        }
        for (name, value) in values {
            arguments.set(*name, FluentValue::from(*value));
        }
        self.bundle.format_pattern(pattern, Some(&arguments), &mut Vec::new()).into_owned()
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
    use std::collections::BTreeSet;

    use super::*;

    fn keys(language: Language) -> BTreeSet<&'static str> {
        let starts_entry = |line: &&str| line.starts_with(|letter: char| letter.is_ascii_lowercase());
        sources(language)
            .into_iter()
            .flat_map(str::lines)
            .filter(starts_entry)
            .filter_map(|line| line.split_once(" ="))
            .map(|(key, _)| key)
            .collect()
    }

    #[test]
    fn both_languages_say_the_same_things_and_all_of_them_well() {
        assert_eq!(keys(Language::Pl), keys(Language::En));
        for language in Language::ALL {
            for source in sources(language) {
                assert!(FluentResource::try_new(source.to_owned()).is_ok(), "{language:?}");
            }
        }
    }

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
