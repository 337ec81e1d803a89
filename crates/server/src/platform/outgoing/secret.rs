//! Signatures as Standard Webhooks has them: HMAC-SHA256 over the id, the moment and the body.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;

use crate::platform::random::{self, NoRandomness};

const PREFIX: &str = "whsec_";
/// Bytes of a secret.
const SHORTEST: usize = 24;
const LONGEST: usize = 64;

/// What an endpoint and this house know. It is never shown by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Vec<u8>);

impl std::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

impl Secret {
    pub fn new() -> Result<Secret, NoRandomness> {
        Ok(Secret(random::bytes::<32>()?.to_vec()))
    }

    /// As its owner keeps it; as long as the standard asks for.
    pub fn parse(text: &str) -> Option<Secret> {
        let bytes = STANDARD.decode(text.trim().strip_prefix(PREFIX)?).ok()?;
        (SHORTEST..=LONGEST).contains(&bytes.len()).then_some(Secret(bytes))
    }

    /// From the bytes that were kept.
    pub fn from_bytes(bytes: Vec<u8>) -> Secret {
        Secret(bytes)
    }

    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// As its owner keeps it.
    pub fn text(&self) -> String {
        format!("{PREFIX}{}", STANDARD.encode(&self.0))
    }

    /// One signature of the header `webhook-signature`.
    fn signature(&self, id: &str, seconds: i64, body: &[u8]) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.0);
        let mut context = hmac::Context::with_key(&key);
        context.update(format!("{id}.{seconds}.").as_bytes());
        context.update(body);
        format!("v1,{}", STANDARD.encode(context.sign()))
    }
}

/// The header `webhook-signature`: a signature by each secret that holds.
pub fn signatures(secrets: &[Secret], id: &str, seconds: i64, body: &[u8]) -> String {
    secrets.iter().map(|secret| secret.signature(id, seconds, body)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the libraries of Standard Webhooks are tested with.
    #[test]
    fn the_published_example_has_the_published_signature() {
        let secret = Secret(STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap());
        assert_eq!(secret.text(), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
        let signed = signatures(&[secret.clone(), secret], id, 1_614_265_330, br#"{"test": 2432232314}"#);
        let signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(signed, format!("{signature} {signature}"));
    }
}
