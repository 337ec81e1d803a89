//! One-time codes of an authenticator: RFC 6238 with HMAC-SHA-1, 30 seconds and six digits, which is what all
//! of them know.

use std::fmt;

use lojal_core::kernel::Instant;
use ring::hmac;
use subtle::ConstantTimeEq;

use crate::platform::random::{self, NoRandomness};

pub const STEP_SECONDS: i64 = 30;
const SECRET_LENGTH: usize = 20;
const CODES: u32 = 1_000_000;
/// RFC 4648.
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// What an authenticator and the house share.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub [u8; SECRET_LENGTH]);

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret")
    }
}

impl Secret {
    pub fn new() -> Result<Secret, NoRandomness> {
        random::bytes().map(Secret)
    }

    /// As people copy it by hand, in groups of four.
    pub fn spelled(&self) -> String {
        let (mut text, mut kept, mut bits) = (String::with_capacity(40), 0u32, 0);
        for byte in self.0 {
            kept = kept << 8 | u32::from(byte);
            bits += 8;
            while bits >= 5 {
                bits -= 5;
                if text.len() % 5 == 4 {
                    text.push(' ');
                }
                text.push(char::from(ALPHABET[(kept >> bits) as usize & 31]));
            }
            kept &= (1 << bits) - 1;
        }
        text
    }

    /// The address that an authenticator reads from a picture.
    pub fn address(&self, issuer: &str, account: &str) -> String {
        let encoded = |text: &str| -> String {
            // Blanks as %20: not every authenticator takes a plus for one.
            form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
        };
        let (issuer, account) = (encoded(issuer), encoded(account));
        format!("otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}", self.spelled().replace(' ', ""))
    }

    /// The time step of a code that is good now, or was or will be half a minute ago or hence.
    pub fn step_of(&self, code: &str, now: Instant) -> Option<i64> {
        let typed: String = code.chars().filter(|letter| !letter.is_whitespace()).collect();
        let current = now.as_second().div_euclid(STEP_SECONDS);
        [current, current - 1, current + 1]
            .into_iter()
            .find(|step| bool::from(self.code(*step).as_bytes().ct_eq(typed.as_bytes())))
    }

    /// RFC 4226, 5.3, with the time step as the counter.
    pub fn code(&self, step: i64) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.0);
        let tag = hmac::sign(&key, &step.to_be_bytes());
        let tag = tag.as_ref();
        let offset = usize::from(tag[tag.len() - 1] & 15);
        let piece = [tag[offset] & 127, tag[offset + 1], tag[offset + 2], tag[offset + 3]];
        format!("{:06}", u32::from_be_bytes(piece) % CODES)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B, its last six digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = Secret(*b"12345678901234567890");
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
        ] {
            assert_eq!(secret.code(seconds / STEP_SECONDS), code);
        }
        assert_eq!(secret.spelled(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        assert!(secret.address("Klub Kawy", "a@b.pl").starts_with("otpauth://totp/Klub%20Kawy:a%40b.pl?secret=GEZD"));
    }

    #[test]
    fn a_code_is_good_for_a_moment_only() {
        let secret = Secret(*b"12345678901234567890");
        let at = |seconds: i64| Instant::from_second(seconds).unwrap();
        assert_eq!(secret.step_of("28 70 82", at(59)), Some(1));
        assert_eq!(secret.step_of("287082", at(89)), Some(1), "half a minute late");
        assert_eq!(secret.step_of("287082", at(20)), Some(1), "half a minute early");
        assert_eq!(secret.step_of("287082", at(120)), None);
        assert_eq!(secret.step_of("", at(59)), None);
    }
}
