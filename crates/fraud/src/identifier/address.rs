use super::{Identifier, IdentifierError, IdentifierKind};
use crate::likeness::folded;

/// Where goods are sent, as the shop has it.
#[derive(Clone, Copy, Default)]
pub struct PostalAddress<'a> {
    /// Street, house and flat, or the name of a parcel locker.
    pub line: &'a str,
    pub postcode: &'a str,
    pub town: &'a str,
    /// As ISO 3166 has it.
    pub country: &'a str,
}

/// What a street is called beside its name, in Polish and English, and what stands before a flat.
const IDLE: [&str; 42] = [
    "ul",
    "ulica",
    "ulicy",
    "al",
    "aleja",
    "aleje",
    "alei",
    "os",
    "osiedle",
    "pl",
    "plac",
    "rondo",
    "skwer",
    "gen",
    "dr",
    "ks",
    "sw",
    "nr",
    "numer",
    "m",
    "mieszk",
    "mieszkanie",
    "lok",
    "lokal",
    "st",
    "street",
    "rd",
    "road",
    "ave",
    "avenue",
    "ln",
    "lane",
    "blvd",
    "boulevard",
    "sq",
    "square",
    "no",
    "number",
    "flat",
    "apt",
    "apartment",
    "unit",
];

/// By what a point is known where anybody may collect.
const LOCKERS: [&str; 10] = [
    "paczkomat",
    "paczkomatu",
    "inpost",
    "packstation",
    "parcel locker",
    "automat paczkowy",
    "orlen paczka",
    "one box",
    "dpd pickup",
    "punkt odbioru",
];

impl PostalAddress<'_> {
    /// The address with its street words and marks folded away, so that `ul. Długa 5 m. 3` and `Długa 5/3` are
    /// one; or the point where anybody may collect.
    pub fn identifier(&self) -> Result<Identifier, IdentifierError> {
        let line = folded(self.line);
        let country = folded(self.country);
        let words = words(&line);
        if words.is_empty() {
            return Err(IdentifierError::Address);
        }
        let spoken = words.join(" ");
        if LOCKERS.iter().any(|name| spoken.starts_with(name) || spoken.contains(&format!(" {name}"))) {
            return locker(self.line, self.country);
        }
        let postcode: String = folded(self.postcode).chars().filter(|letter| letter.is_alphanumeric()).collect();
        let town = if postcode.is_empty() { self::words(&folded(self.town)).join(" ") } else { String::new() };
        let street: Vec<&str> = words.iter().map(String::as_str).filter(|word| !IDLE.contains(word)).collect();
        if street.is_empty() || (postcode.is_empty() && town.is_empty()) {
            return Err(IdentifierError::Address);
        }
        let normal = format!("{}|{postcode}{town}|{country}", street.join(" "));
        Ok(Identifier::new(IdentifierKind::Address, normal))
    }
}

/// A point where anybody may collect, by its code, or by its name where it has none.
pub fn locker(code: &str, country: &str) -> Result<Identifier, IdentifierError> {
    let words = words(&folded(code));
    let code: Vec<&str> = words.iter().filter(|word| has_digit(word)).map(String::as_str).collect();
    let point = if code.is_empty() { words.join(" ") } else { code.join(" ") };
    if point.is_empty() {
        return Err(IdentifierError::Empty);
    }
    Ok(Identifier::new(IdentifierKind::Locker, format!("{point}|{}", folded(country))))
}

fn has_digit(word: &str) -> bool {
    word.contains(|letter: char| letter.is_ascii_digit())
}

/// Words and numbers; `12 a` and `12a` are one house.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let is_letter = word.len() == 1 && word.chars().all(char::is_alphabetic) && word != "m";
        match words.last_mut() {
            Some(house) if is_letter && house.chars().all(|letter| letter.is_ascii_digit()) => house.push_str(word),
            _ => words.push(word.to_owned()),
        }
    }
    words
}
