//! What is handed on with a visitor: which click it was, of which code, and a mark that only this house can make. So a
//! shop on another domain can send it back, and nobody can make one up. It tells nobody whose code it was: even whether
//! there is such a code.

use lojal_core::kernel::{ClickId, Id};
use subtle::ConstantTimeEq;

use crate::platform::identity::Vault;

const PURPOSE: &str = "referral click";
const VEIL: &str = "referral click veil";
/// Crockford's base 32, as ids are written.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// 26 × 5 bits hold 128.
const HALF: usize = 26;
/// What a token is as text: two halves and a point.
pub const TOKEN_LENGTH: usize = 2 * HALF + 1;

/// Which click, and which code was followed; none where there was no such code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClickToken {
    pub click: ClickId,
    pub code: Option<Id>,
}

impl ClickToken {
    pub fn sign(self, vault: &Vault) -> String {
        let code = self.code.map_or(u64::MAX, |code| code.number() as u64);
        let body = u128::from(self.click.number() as u64) << 64 | u128::from(code ^ veil(vault, self.click));
        let mut text = String::with_capacity(TOKEN_LENGTH);
        write(&mut text, body);
        text.push('.');
        write(&mut text, mark(vault, body));
        text
    }

    /// `None` for whatever was not made here.
    pub fn verify(vault: &Vault, text: &str) -> Option<ClickToken> {
        let (body, marked) = text.split_once('.')?;
        let (body, marked) = (read(body)?, read(marked)?);
        let is_ours = bool::from(mark(vault, body).to_le_bytes().ct_eq(&marked.to_le_bytes()));
        if !is_ours {
            return None;
        }
        let click = ClickId(Id::from_number(i64::try_from((body >> 64) as u64).ok()?)?);
        let code = body as u64 ^ veil(vault, click);
        let code = i64::try_from(code).ok().and_then(Id::from_number);
        Some(ClickToken { click, code })
    }
}

fn mark(vault: &Vault, body: u128) -> u128 {
    first_16(vault.mark(PURPOSE, &body.to_le_bytes()))
}

/// Another one for each click, so that a code cannot be recognised.
fn veil(vault: &Vault, click: ClickId) -> u64 {
    first_16(vault.mark(VEIL, &click.number().to_le_bytes())) as u64
}

/// The beginning of a mark, where 128 bits are enough.
pub(super) fn first_16(hash: blake3::Hash) -> u128 {
    let bytes = hash.as_bytes();
    bytes.iter().take(16).fold(0, |number, byte| number << 8 | u128::from(*byte))
}

/// 128 bits as text.
pub(super) fn write(text: &mut String, number: u128) {
    for index in (0..HALF as u32).rev() {
        text.push(char::from(ALPHABET[(number >> (5 * index)) as usize & 31]));
    }
}

pub(super) fn read(text: &str) -> Option<u128> {
    if text.len() != HALF {
        return None;
    }
    let mut number: u128 = 0;
    for (index, digit) in text.bytes().enumerate() {
        let value = ALPHABET.iter().position(|known| *known == digit)? as u128;
        // 130 bits are two too many.
        if index == 0 && value > 7 {
            return None;
        }
        number = number << 5 | value;
    }
    Some(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::application::Application;
    use crate::platform::clock::Clock;

    #[tokio::test]
    async fn only_what_was_made_here_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        let application = Application::open(folder.path(), Clock::system()).await.unwrap();
        let vault = &application.vault;
        let ids = |number| Id::from_number(number).unwrap();
        for code in [None, Some(ids(0)), Some(ids(i64::MAX))] {
            let token = ClickToken { click: ClickId(ids(1_234_567_890_123)), code };
            let text = token.sign(vault);
            assert_eq!(text.len(), TOKEN_LENGTH);
            assert_eq!(ClickToken::verify(vault, &text), Some(token));
            for index in 0..text.len() {
                let mut wrong = text.clone().into_bytes();
                wrong[index] = if wrong[index] == b'7' { b'8' } else { b'7' };
                assert_eq!(ClickToken::verify(vault, std::str::from_utf8(&wrong).unwrap()), None, "{index}");
            }
        }
        let one = ClickToken { click: ClickId(ids(1)), code: Some(ids(9)) }.sign(vault);
        let other = ClickToken { click: ClickId(ids(2)), code: Some(ids(9)) }.sign(vault);
        assert_ne!(one[13..26], other[13..26], "a code cannot be recognised");
        for text in ["", ".", "żółw", &one[1..], &one[..40]] {
            assert_eq!(ClickToken::verify(vault, text), None, "{text}");
        }
        application.close().await;
    }
}
