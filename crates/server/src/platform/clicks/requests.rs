//! Requests that come again under the same `Idempotency-Key`: they get what the first one led to.

use std::str::FromStr;

use jiff::SignedDuration;
use lojal_core::kernel::{Instant, Part};

use crate::platform::sql::{self, Connection, cells};
use crate::platform::writer::{Idempotency, WriteError};

const KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What an earlier request under the same key led to.
pub async fn request_find<Subject: FromStr>(
    connection: &mut Connection,
    idempotency: &Idempotency,
    now: Instant,
) -> Result<Option<Subject>, WriteError> {
    let sql = "select fingerprint, subject, made_at from referral_request where part = ? and key = ?";
    let row = sql::row(connection, sql, cells![Part::PROGRAMME.number(), idempotency.key.as_str()]).await?;
    let Some(row) = row.filter(|row| sql::column::<i64>(row, "made_at").is_ok_and(|made| made >= oldest(now))) else {
        return Ok(None);
    };
    if sql::column_of_32(&row, "fingerprint")? != idempotency.fingerprint {
        return Err(WriteError::KeyReused);
    }
    let subject: &str = sql::column(&row, "subject")?;
    Ok(subject.parse().ok())
}

/// Notes what a request led to, in the transaction that does it.
pub async fn request_note(
    connection: &mut Connection,
    idempotency: &Idempotency,
    subject: impl ToString,
    now: Instant,
) -> Result<(), sql::Error> {
    let sql = "insert into referral_request (part, key, fingerprint, subject, made_at) values (?, ?, ?, ?, ?)
               on conflict (part, key) do update set fingerprint = excluded.fingerprint, subject = excluded.subject,
               made_at = excluded.made_at";
    let part = Part::PROGRAMME.number();
    let (key, made_at) = (idempotency.key.as_str(), now.as_microsecond());
    let cells = cells![part, key, idempotency.fingerprint, subject.to_string(), made_at];
    sql::execute(connection, sql, cells).await?;
    Ok(())
}

/// Forgets what nobody may ask for again.
pub async fn requests_clear(connection: &mut Connection, now: Instant) -> Result<(), sql::Error> {
    let sql = "delete from referral_request where part = ? and made_at < ?";
    sql::execute(connection, sql, cells![Part::PROGRAMME.number(), oldest(now)]).await?;
    Ok(())
}

fn oldest(now: Instant) -> i64 {
    now.saturating_sub(KEPT).unwrap_or(Instant::MIN).as_microsecond()
}
