//! Amounts as people type them.

use lojal_core::kernel::{Language, parse_decimal};

/// Reads an amount as the reader's language writes it: `1 234,50`, `1,234.50`. What could be meant in two ways
/// is not read at all.
pub fn typed_amount(text: &str, decimals: u8, language: Language) -> Option<i64> {
    let text: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
    let plain = match language {
        Language::Pl => text.replacen(',', ".", 1),
        Language::En => without_groups(&text)?,
    };
    parse_decimal(&plain, decimals).ok().filter(|amount| *amount > 0)
}

/// Commas stand before groups of three digits, and nowhere else.
fn without_groups(text: &str) -> Option<String> {
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let is_grouped = whole.contains(',');
    if is_grouped && !((1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3)) {
        return None;
    }
    let whole = whole.replace(',', "");
    Some(fraction.map_or(whole.clone(), |fraction| format!("{whole}.{fraction}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_they_are_written() {
        for (language, text, decimals, read) in [
            (Language::En, "50", 0, Some(50)),
            (Language::En, "1,500", 0, Some(1_500)),
            (Language::En, "1,234,567.50", 2, Some(123_456_750)),
            (Language::En, "1,5", 2, None),
            (Language::En, "12.345", 2, None),
            (Language::En, "-50", 0, None),
            (Language::En, "0", 0, None),
            (Language::En, "five", 0, None),
            (Language::Pl, "1 500", 0, Some(1_500)),
            (Language::Pl, "1\u{a0}234,50", 2, Some(123_450)),
            (Language::Pl, "1234.5", 2, Some(123_450)),
            (Language::Pl, "1,500", 0, None),
            (Language::Pl, "1.234,50", 2, None),
        ] {
            assert_eq!(typed_amount(text, decimals, language), read, "{text}");
        }
    }
}
