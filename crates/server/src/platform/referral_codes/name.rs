//! How codes are written, and when two of them are the same.

use std::fmt;

use lojal_core::kernel::Part;

use crate::platform::random::{self, NoRandomness};
use crate::platform::search::fold;

/// What parts of codes are counted by.
const PURPOSE: &str = "referral code";
const SHORTEST: usize = 4;
/// What somebody may choose. What is looked up may be a little longer, so that a typing error is no other kind of mistake.
const LONGEST: usize = 30;
const LONGEST_TYPED: usize = 40;
/// A name that is chosen must be told from a number of a card.
const LEAST_LETTERS: usize = 3;
/// Without 0 O, 1 I L.
const ALPHABET: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const BASE: u64 = ALPHABET.len() as u64;
/// Eleven that are random (54 bits), and one that checks them.
const LENGTH: usize = 12;
const GROUP: usize = 4;

/// Names that speak for the house or the shop, and so for no member.
const RESERVED: [&str; 60] = [
    "account",
    "admin",
    "administrator",
    "affiliate",
    "allegro",
    "anonymous",
    "app",
    "biuro",
    "bonus",
    "boss",
    "cart",
    "checkout",
    "club",
    "code",
    "console",
    "contact",
    "discount",
    "docs",
    "everybody",
    "friend",
    "gift",
    "health",
    "help",
    "info",
    "invite",
    "kasa",
    "klub",
    "kontakt",
    "kupon",
    "login",
    "lojal",
    "member",
    "moderator",
    "null",
    "obsluga",
    "obslugaklienta",
    "official",
    "okazja",
    "partner",
    "platnosci",
    "pomoc",
    "portal",
    "promo",
    "promocja",
    "rabat",
    "refund",
    "regulamin",
    "reklamacje",
    "returns",
    "root",
    "sale",
    "service",
    "shop",
    "sklep",
    "support",
    "team",
    "undefined",
    "wyprzedaz",
    "zwrot",
    "zwroty",
];

/// A code as it is compared: small letters and digits. Size, accents, blanks and hyphens mean nothing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CodeName(String);

impl CodeName {
    /// From what stands in a link or was typed.
    pub fn parse(text: &str) -> Option<CodeName> {
        // Whatever is longer is none, however much of it means nothing.
        if text.len() > 4 * LONGEST_TYPED {
            return None;
        }
        let name: String = fold(text).chars().filter(|letter| !is_between(*letter)).collect();
        let is_sound = (SHORTEST..=LONGEST_TYPED).contains(&name.len())
            && name.bytes().all(|letter| letter.is_ascii_alphanumeric());
        is_sound.then_some(CodeName(name))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is what the shop is called, by itself or beside a word that speaks for a shop: `Herbaciarnia-Sklep`.
    pub fn speaks_for(&self, shop: &str) -> bool {
        let shop: String = fold(shop).chars().filter(char::is_ascii_alphanumeric).collect();
        let beside = self.0.strip_prefix(&shop).or_else(|| self.0.strip_suffix(&shop));
        shop.len() >= LEAST_LETTERS && beside.is_some_and(|rest| rest.is_empty() || RESERVED.contains(&rest))
    }

    /// A function of the name alone, so that one probe finds it.
    pub fn part(&self) -> Part {
        Part::of(PURPOSE, &self.0)
    }

    /// Whether it looks like one of those that are made here, with one character wrong.
    pub fn is_mistyped(&self) -> bool {
        values(&self.0).is_some_and(|values| !is_whole(&values))
    }
}

/// Whether a name, in small letters without accents, speaks for the house or the shop.
pub fn is_reserved(name: &str) -> bool {
    RESERVED.contains(&name)
}

/// What may stand between the letters of a code.
fn is_between(letter: char) -> bool {
    matches!(letter, ' ' | '-' | '_' | '.')
}

/// A code with the way in which it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenCode {
    pub name: CodeName,
    pub shown: String,
}

impl WrittenCode {
    /// A new one that nobody can guess: `7K3M-QX2R-9VTA`.
    pub fn drawn() -> Result<WrittenCode, NoRandomness> {
        let drawn: [u8; 16] = random::bytes()?;
        // 31 to the eleventh goes into 128 bits so often that no code is likelier than another.
        let mut rest = u128::from_le_bytes(drawn);
        let mut values = [0u64; LENGTH];
        for value in &mut values[..LENGTH - 1] {
            *value = (rest % u128::from(BASE)) as u64;
            rest /= u128::from(BASE);
        }
        values[LENGTH - 1] = check(&values);
        let mut shown = String::with_capacity(LENGTH + LENGTH / GROUP);
        for (index, value) in values.into_iter().enumerate() {
            if index % GROUP == 0 && index > 0 {
                shown.push('-');
            }
            shown.push(char::from(ALPHABET[value as usize]));
        }
        let name = CodeName(shown.replace('-', "").to_ascii_lowercase());
        Ok(WrittenCode { name, shown })
    }

    /// One that somebody has chosen: `Żółw & Spółka` is refused, `Żółw Spółka` becomes `zolw-spolka`.
    pub fn chosen(text: &str) -> Result<WrittenCode, NameFault> {
        if text.chars().count() > LONGEST_TYPED {
            return Err(NameFault::TooLong);
        }
        let folded = fold(text);
        let words: Vec<&str> = folded.split(is_between).filter(|word| !word.is_empty()).collect();
        let name = words.concat();
        if !name.bytes().all(|letter| letter.is_ascii_alphanumeric()) {
            return Err(NameFault::Letters);
        }
        if name.len() < SHORTEST {
            return Err(NameFault::TooShort);
        }
        if name.len() > LONGEST {
            return Err(NameFault::TooLong);
        }
        if name.bytes().filter(u8::is_ascii_alphabetic).count() < LEAST_LETTERS {
            return Err(NameFault::FewLetters);
        }
        if is_reserved(&name) {
            return Err(NameFault::Reserved);
        }
        Ok(WrittenCode { name: CodeName(name), shown: words.join("-") })
    }
}

/// Why a name cannot be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameFault {
    #[error("has fewer than 4 letters and digits")]
    TooShort,
    #[error("has more than 30 letters and digits")]
    TooLong,
    #[error("has something in it that is no letter, digit, blank or hyphen")]
    Letters,
    #[error("has fewer than 3 letters")]
    FewLetters,
    #[error("is a name that the shop keeps to itself")]
    Reserved,
}

impl NameFault {
    /// The stable code by which programs recognise it.
    pub fn code(self) -> &'static str {
        match self {
            NameFault::TooShort => "too_short",
            NameFault::TooLong => "too_long",
            NameFault::Letters => "invalid_letters",
            NameFault::FewLetters => "few_letters",
            NameFault::Reserved => "reserved_name",
        }
    }
}

impl fmt::Display for CodeName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

fn weight(index: usize) -> u64 {
    index as u64 + 1
}

fn sum(values: &[u64]) -> u64 {
    values.iter().enumerate().map(|(index, value)| weight(index) * value).sum::<u64>() % BASE
}

/// What makes the weighted sum divisible by 31. That is prime and the weights differ, so that every single wrong character
/// and every swap of two is noticed.
fn check(values: &[u64; LENGTH]) -> u64 {
    let missing = (BASE - sum(&values[..LENGTH - 1])) % BASE;
    // The last weight is 12, and 13 is its inverse modulo 31: 12 × 13 = 156 = 5 × 31 + 1.
    missing * 13 % BASE
}

fn is_whole(values: &[u64; LENGTH]) -> bool {
    sum(values) == 0
}

/// The values of the characters; `None` for what is not made here.
fn values(name: &str) -> Option<[u64; LENGTH]> {
    let value = |letter: u8| ALPHABET.iter().position(|known| *known == letter.to_ascii_uppercase());
    let values: Option<Vec<u64>> = name.bytes().map(|letter| value(letter).map(|value| value as u64)).collect();
    values?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_code_is_the_same_however_it_is_written() {
        for (typed, name) in [
            ("7K3M-QX2R-9VTA", Some("7k3mqx2r9vta")),
            (" 7k3m qx2r 9vta ", Some("7k3mqx2r9vta")),
            ("Żółw_Spółka", Some("zolwspolka")),
            ("zo\u{301}łw.1", Some("zolw1")),
            ("abc", None),
            ("a-b-c", None),
            ("a/b/c/d", None),
            ("жжжж", None),
            (&"a".repeat(41), None),
            (&"a-".repeat(200), None),
        ] {
            assert_eq!(CodeName::parse(typed).as_ref().map(CodeName::as_str), name, "{typed}");
        }
    }

    #[test]
    fn drawn_codes_differ_and_notice_a_wrong_character() {
        let mut seen = BTreeSet::new();
        for _ in 0..500 {
            let code = WrittenCode::drawn().unwrap();
            assert_eq!(CodeName::parse(&code.shown), Some(code.name.clone()));
            assert!(code.shown.len() == 14 && !code.name.is_mistyped(), "{}", code.shown);
            let letters: Vec<char> = code.name.as_str().chars().collect();
            for index in 0..letters.len() {
                let mut wrong = letters.clone();
                wrong[index] = if wrong[index] == '2' { '3' } else { '2' };
                assert!(CodeName(wrong.iter().collect()).is_mistyped());
                let mut swapped = letters.clone();
                swapped.swap(index, (index + 1) % LENGTH);
                assert!(swapped == letters || CodeName(swapped.iter().collect()).is_mistyped());
            }
            assert!(seen.insert(code.shown));
        }
    }

    #[test]
    fn a_name_is_chosen_within_rules() {
        let chosen = |text| WrittenCode::chosen(text).map(|code| (code.shown, code.name.0));
        assert_eq!(chosen(" Żółw  Spółka "), Ok(("zolw-spolka".to_owned(), "zolwspolka".to_owned())));
        for (text, fault) in [
            ("ada", NameFault::TooShort),
            ("a-d-a", NameFault::TooShort),
            (&"a".repeat(31), NameFault::TooLong),
            (&"a ".repeat(40), NameFault::TooLong),
            ("ada/ben", NameFault::Letters),
            ("a<b>c", NameFault::Letters),
            ("260012345678", NameFault::FewLetters),
            ("Sklep", NameFault::Reserved),
            ("a-d-m-i-n", NameFault::Reserved),
        ] {
            assert_eq!(chosen(text), Err(fault), "{text}");
        }
    }
}
