//! Requests that come again under the same `Idempotency-Key`: they get what the first one led to.

use jiff::SignedDuration;
use lojal_core::kernel::{Instant, Part};

use super::endpoint::{EndpointId, Wish};
use crate::platform::random::{self, NoRandomness};
use crate::platform::sql::{self, Connection, cells};
use crate::platform::writer::{Idempotency, WriteError};

const KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);

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

/// What an earlier request under the same key led to.
pub async fn request_find(
    connection: &mut Connection,
    idempotency: Option<&Idempotency>,
    now: Instant,
) -> Result<Option<String>, WriteError> {
    let Some(idempotency) = idempotency else { return Ok(None) };
    let sql = "select fingerprint, subject, made_at from webhook_request where part = ? and key = ?";
    let row = sql::row(connection, sql, cells![Part::PROGRAMME.number(), idempotency.key.as_str()]).await?;
    let Some(row) = row.filter(|row| sql::column::<i64>(row, "made_at").is_ok_and(|made| made >= oldest(now))) else {
        return Ok(None);
    };
    if sql::column_of_32(&row, "fingerprint")? != idempotency.fingerprint {
        return Err(WriteError::KeyReused);
    }
    Ok(Some(sql::column(&row, "subject")?))
}

/// Notes what a request led to, in the transaction that does it.
pub async fn request_note(
    connection: &mut Connection,
    idempotency: Option<&Idempotency>,
    subject: &str,
    now: Instant,
) -> Result<(), sql::Error> {
    let Some(idempotency) = idempotency else { return Ok(()) };
    let sql = "insert into webhook_request (part, key, fingerprint, subject, made_at) values (?, ?, ?, ?, ?)
               on conflict (part, key) do update set fingerprint = excluded.fingerprint, subject = excluded.subject,
               made_at = excluded.made_at";
    let part = Part::PROGRAMME.number();
    let cells = cells![part, idempotency.key.as_str(), idempotency.fingerprint, subject, now.as_microsecond()];
    sql::execute(connection, sql, cells).await?;
    Ok(())
}

pub(super) async fn requests_clear(connection: &mut Connection, now: Instant) -> Result<(), sql::Error> {
    let sql = "delete from webhook_request where part = ? and made_at < ?";
    sql::execute(connection, sql, cells![Part::PROGRAMME.number(), oldest(now)]).await?;
    Ok(())
}

fn oldest(now: Instant) -> i64 {
    now.saturating_sub(KEPT).unwrap_or(Instant::MIN).as_microsecond()
}
