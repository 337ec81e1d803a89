//! Passwords: what is taken for one, and how it is kept.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::platform::random::{self, NoRandomness};

/// NIST SP 800-63B-4, 3.1.1.2: at least 15 where a password stands alone. With room for a sentence.
const SHORTEST: usize = 15;
const LONGEST: usize = 256;
/// OWASP Password Storage Cheat Sheet, 2025: 19 MiB, two rounds.
const MEMORY_KIB: u32 = 19 * 1_024;
const ROUNDS: u32 = 2;
const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";

/// Why a text is no password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordFault {
    TooShort,
    TooLong,
    /// It is the address, or one letter over and over.
    TooPlain,
}

pub fn check_password(password: &str, email: &str) -> Result<(), PasswordFault> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Err(PasswordFault::TooShort);
    }
    if length > LONGEST {
        return Err(PasswordFault::TooLong);
    }
    let mut letters: Vec<char> = password.to_lowercase().chars().collect();
    letters.sort_unstable();
    letters.dedup();
    if letters.len() < 5 || password.eq_ignore_ascii_case(email) {
        return Err(PasswordFault::TooPlain);
    }
    Ok(())
}

/// Letters that nobody takes for one another, five bits each, in groups of four: for what is handed from one person to
/// another.
pub fn readable<const LENGTH: usize>() -> Result<String, NoRandomness> {
    let drawn: [u8; LENGTH] = random::bytes()?;
    let letters: String = drawn.iter().map(|byte| char::from(LETTERS[usize::from(*byte & 31)])).collect();
    Ok(letters.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join("-"))
}

fn hasher() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(MEMORY_KIB, ROUNDS, 1, None).unwrap_or_default())
}

/// Takes some tens of milliseconds of one core: call it where blocking is allowed.
pub fn hash_password(password: &str) -> Result<String, String> {
    let salt: [u8; 16] = random::bytes().map_err(|cause| cause.to_string())?;
    let hash = hasher().hash_password_with_salt(password.as_bytes(), &salt);
    hash.map(|hash| hash.to_string()).map_err(|cause| cause.to_string())
}

/// Whether it is the password. Where there is no account, the same work is done all the same, so that the
/// time says nothing about who has one.
pub fn verify_password(password: &str, hash: Option<&str>) -> bool {
    match hash.map(PasswordHash::new) {
        Some(Ok(hash)) => hasher().verify_password(password.as_bytes(), &hash).is_ok(),
        _ => {
            let _ = hash_password(password);
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_long_and_not_plain() {
        let judged = |password: &str| check_password(password, "anna.nowak@shop.example");
        assert_eq!(judged("short"), Err(PasswordFault::TooShort));
        assert_eq!(judged("aaaaaaaaaaaaaaaaaaa"), Err(PasswordFault::TooPlain));
        assert_eq!(judged("Anna.Nowak@shop.example"), Err(PasswordFault::TooPlain));
        assert_eq!(judged(&"kawa z mlekiem ".repeat(30)), Err(PasswordFault::TooLong));
        assert_eq!(judged("kawa z mlekiem o ósmej"), Ok(()));
    }

    #[test]
    fn a_hash_tells_the_password_from_others() {
        let hash = hash_password("kawa z mlekiem o ósmej").unwrap();
        assert!(hash.starts_with("$argon2id$"));
        assert!(verify_password("kawa z mlekiem o ósmej", Some(&hash)));
        assert!(!verify_password("kawa z mlekiem o Ósmej", Some(&hash)));
        assert!(!verify_password("kawa z mlekiem o ósmej", None));
        assert!(!verify_password("kawa z mlekiem o ósmej", Some("no hash")));
    }
}
