//! Requests that come again under the same `Idempotency-Key`: they get what the first one led to.

use jiff::SignedDuration;
use lojal_core::kernel::{Instant, Part};

use crate::platform::http::Problem;
use crate::platform::sql::{self, Connection, cells};
use crate::platform::writer::{Idempotency, WriteError};

const KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What an earlier request under the same key led to.
pub async fn request_find(
    connection: &mut Connection,
    idempotency: Option<&Idempotency>,
    now: Instant,
) -> Result<Option<String>, Problem> {
    let Some(idempotency) = idempotency else { return Ok(None) };
    let sql = "select fingerprint, subject, made_at from webhook_request where part = ? and key = ?";
    let row = sql::row(connection, sql, cells![Part::PROGRAMME.number(), idempotency.key.as_str()]).await?;
    let Some(row) = row.filter(|row| sql::column::<i64>(row, "made_at").is_ok_and(|made| made >= oldest(now))) else {
        return Ok(None);
    };
    if sql::column_of_32(&row, "fingerprint")? != idempotency.fingerprint {
        return Err(WriteError::KeyReused.into());
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
