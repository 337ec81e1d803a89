use serde::{Deserialize, Serialize};

use super::{Identifier, IdentifierError, IdentifierKind};

/// How numbers are written where the shop is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Numbering {
    /// The country's calling code, for numbers without one; 0 where it is not known.
    pub calling_code: u16,
    /// How many digits a number has within the country, where all have as many; 0 where they differ.
    pub national_digits: u8,
    /// Whether numbers within the country begin with a 0 that is left out from abroad.
    pub trunk_zero: bool,
}

impl Default for Numbering {
    /// Poland.
    fn default() -> Numbering {
        Numbering { calling_code: 48, national_digits: 9, trunk_zero: false }
    }
}

impl Numbering {
    /// How numbers are written in a country, by its calling code. Where that is not known here, a 0 at the beginning is
    /// taken for one that is left out from abroad.
    pub fn of(calling_code: u16) -> Numbering {
        let plan = |national_digits, trunk_zero| Numbering { calling_code, national_digits, trunk_zero };
        match calling_code {
            1 | 30 => plan(10, false),
            44 => plan(10, true),
            34 | 48 | 351 | 420 => plan(9, false),
            31 | 33 | 40 | 41 | 380 | 421 => plan(9, true),
            45 | 47 | 371 => plan(8, false),
            370 | 386 => plan(8, true),
            354 => plan(7, false),
            36 | 39 | 352 | 372 => plan(0, false),
            _ => plan(0, true),
        }
    }
}

/// In E.164.
pub fn phone(text: &str, numbering: &Numbering) -> Result<Identifier, IdentifierError> {
    e164(text, numbering).map(|number| Identifier::new(IdentifierKind::Phone, number))
}

/// A number as it is dialled from anywhere, like `+48601234567`.
pub fn e164(text: &str, numbering: &Numbering) -> Result<String, IdentifierError> {
    let text = text.trim();
    let is_international = text.starts_with('+');
    let mut digits = String::new();
    for letter in text.chars().skip(usize::from(is_international)) {
        match letter {
            '0'..='9' => digits.push(letter),
            ' ' | '\u{a0}' | '-' | '.' | '(' | ')' | '/' => {}
            _ => return Err(IdentifierError::Phone),
        }
    }
    // Where nobody says which country it is, numbers are compared as they are written.
    let code = match numbering.calling_code {
        0 => String::new(),
        code => code.to_string(),
    };
    let has_code = |digits: &str| {
        let national = digits.strip_prefix(&code).map_or(0, str::len);
        numbering.national_digits > 0 && national == usize::from(numbering.national_digits)
    };
    let full = if is_international || has_code(&digits) {
        digits
    } else if let Some(rest) = digits.strip_prefix("00") {
        rest.to_owned()
    } else if numbering.trunk_zero {
        format!("{code}{}", digits.strip_prefix('0').unwrap_or(&digits))
    } else {
        format!("{code}{digits}")
    };
    // +44 (0) 20 …: the 0 in brackets is for those who call from within.
    let full = match full.strip_prefix(&format!("{code}0")) {
        Some(rest) if numbering.trunk_zero => format!("{code}{rest}"),
        _ => full,
    };
    let is_sound = (7..=15).contains(&full.len()) && !full.starts_with('0');
    match is_sound {
        true => Ok(format!("+{full}")),
        false => Err(IdentifierError::Phone),
    }
}
