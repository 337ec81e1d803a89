//! Forms that are sent twice: by a name that a form has, as requests have their `Idempotency-Key`.

use super::endpoint::{EndpointId, Wish};
use crate::platform::random::{self, NoRandomness};
use crate::platform::writer::Idempotency;

/// A new name for a form, so that what it does is done once however often it is sent.
pub fn form_name() -> Result<String, NoRandomness> {
    let drawn: [u8; 16] = random::bytes()?;
    Ok(format!("console-{:032x}", u128::from_le_bytes(drawn)))
}

/// By what a form for a new secret is known again.
pub fn secret_form(name: &str, endpoint: EndpointId) -> Idempotency {
    let fingerprint = *blake3::hash(format!("secret {endpoint}").as_bytes()).as_bytes();
    Idempotency { key: name.to_owned(), fingerprint }
}

/// By what a form for a new endpoint is known again. Gone back to and sent with something else in it, it is another.
pub fn endpoint_form(name: &str, wish: &Wish) -> Idempotency {
    let hash = blake3::hash(format!("{}\n{}\n{}", wish.url, wish.events, wish.description).as_bytes());
    let key = if name.is_empty() { String::new() } else { format!("{name}-{}", &hash.to_hex()[..32]) };
    Idempotency { key, fingerprint: *hash.as_bytes() }
}
