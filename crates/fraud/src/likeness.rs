//! How alike two names or mail addresses are, seen in the clear for a moment; only the likeness is kept.

use serde::{Deserialize, Serialize};

use crate::identifier::{Clear, Mail};
use crate::scale::Thousandths;

/// Longer texts are cut: nobody's name needs more, and comparing costs the product of both lengths.
const LONGEST: usize = 64;

/// How alike an advocate and a friend are on paper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Likeness {
    /// Of the whole names; none where one is not known.
    pub name: Option<Thousandths>,
    /// Of what stands before the `@`.
    pub mail: Option<Thousandths>,
}

impl Likeness {
    pub fn between(one: &Clear, other: &Clear) -> Likeness {
        let name = match (one.name, other.name) {
            (Some(one), Some(other)) => Some(name_likeness(one, other)),
            _ => None,
        };
        let mail = |clear: &Clear| clear.email.and_then(|text| Mail::parse(text).ok());
        let mail = match (mail(one), mail(other)) {
            (Some(one), Some(other)) => Some(likeness(one.local(), other.local())),
            _ => None,
        };
        Likeness { name, mail }
    }
}

/// Of two whole names, in whatever order and with or without accents.
pub fn name_likeness(one: &str, other: &str) -> Thousandths {
    likeness(&folded_name(one), &folded_name(other))
}

/// One less the smallest number of letters to change, leave out, add or exchange with the next one, as a
/// share of the longer text. Two empty texts are not alike.
pub fn likeness(one: &str, other: &str) -> Thousandths {
    let one: Vec<char> = one.chars().take(LONGEST).collect();
    let other: Vec<char> = other.chars().take(LONGEST).collect();
    let longer = one.len().max(other.len());
    Thousandths::of((longer - distance(&one, &other)) as u64, longer as u64)
}

fn distance(one: &[char], other: &[char]) -> usize {
    let mut earlier: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=other.len()).collect();
    for (row, letter) in one.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, its) in other.iter().enumerate() {
            let changed = above[column] + usize::from(letter != its);
            let mut least = changed.min(above[column + 1] + 1).min(current[column] + 1);
            if row > 0 && column > 0 && *letter == other[column - 1] && one[row - 1] == *its {
                least = least.min(earlier[column - 1] + 1);
            }
            current.push(least);
        }
        earlier = above;
        above = current;
    }
    above.last().copied().unwrap_or_default()
}

/// Without case and accents, its words in the order of the alphabet.
pub(crate) fn folded_name(text: &str) -> String {
    let folded = folded(text);
    let mut words: Vec<&str> = folded.split(|letter: char| !letter.is_alphabetic()).collect();
    words.retain(|word| !word.is_empty());
    words.sort_unstable();
    words.join(" ")
}

/// The last word of a name, the same for a husband and a wife where Polish tells them apart.
pub(crate) fn surname(text: &str) -> Option<String> {
    let folded = folded(text);
    let mut words = folded.split_whitespace().rev();
    let last: String = words.next()?.chars().filter(|letter| letter.is_alphabetic()).collect();
    words.next()?;
    let stem = ["ska", "cka", "dzka", "zka"].iter().any(|ending| last.ends_with(ending));
    match last.strip_suffix('a') {
        Some(stem_text) if stem => Some(format!("{stem_text}i")),
        _ if last.is_empty() => None,
        _ => Some(last),
    }
}

/// Lower case, and letters without their accents.
pub(crate) fn folded(text: &str) -> String {
    let plain = |letter: char| match letter {
        'ą' | 'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' => 'a',
        'ć' | 'č' | 'ç' => 'c',
        'ď' => 'd',
        'ę' | 'é' | 'è' | 'ê' | 'ë' | 'ě' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ł' => 'l',
        'ń' | 'ň' | 'ñ' => 'n',
        'ó' | 'ò' | 'ô' | 'ö' | 'õ' | 'ő' | 'ø' => 'o',
        'ř' => 'r',
        'ś' | 'š' | 'ş' => 's',
        'ť' => 't',
        'ú' | 'ù' | 'û' | 'ü' | 'ů' | 'ű' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        other => other,
    };
    text.chars().flat_map(char::to_lowercase).map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_as_people_would() {
        for (one, other, expected) in [
            ("Jan Kowalski", "Kowalski Jan", 1000),
            ("Zażółć Gęśla", "zazolc gesla", 1000),
            ("Jan Kowalski", "Jan Kowalsky", 916),
            ("Jan Kowalski", "Jna Kowalski", 916),
            ("Jan Kowalski", "Piotr Wiśniewski", 250),
            ("", "", 0),
        ] {
            assert_eq!(name_likeness(one, other), Thousandths(expected), "{one} and {other}");
        }
        assert!(name_likeness("Jan Kowalski", "Anna Kowalska") < Thousandths(850), "a couple are two people");
    }

    #[test]
    fn a_couple_has_one_surname() {
        for (name, expected) in [
            ("Jan Kowalski", Some("kowalski")),
            ("Anna Kowalska", Some("kowalski")),
            ("Ewa Zawadzka", Some("zawadzki")),
            ("Ewa Nowacka", Some("nowacki")),
            ("Maria Sroka", Some("sroka")),
            ("Cher", None),
        ] {
            assert_eq!(surname(name).as_deref(), expected, "{name}");
        }
    }
}
