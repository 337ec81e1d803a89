//! Requests that come again under the same `Idempotency-Key` and write nothing in the journal: they get what the first one
//! led to.

use jiff::SignedDuration;
use lojal_core::kernel::{Instant, Part};

use super::application::Application;
use super::sql::{self, Connection, cells, damaged};
use super::writer::{Idempotency, WriteError};

const KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Takes the key of a request, in the transaction that does what is asked. Answers what an earlier request under the same
/// key led to; whoever comes at the same time waits for the first.
pub async fn request_begin(
    connection: &mut Connection,
    idempotency: Option<&Idempotency>,
    now: Instant,
) -> Result<Option<String>, WriteError> {
    let Some(idempotency) = idempotency else { return Ok(None) };
    let (part, key) = (Part::PROGRAMME.number(), idempotency.key.as_str());
    let sql = "delete from keyed_request where part = ? and key = ? and made_at < ?";
    sql::execute(connection, sql, cells![part, key, oldest(now)]).await?;
    let sql = "insert into keyed_request (part, key, fingerprint, subject, made_at) values (?, ?, ?, '', ?)
               on conflict (part, key) do nothing";
    let cells = cells![part, key, idempotency.fingerprint, now.as_microsecond()];
    if sql::execute(connection, sql, cells).await? > 0 {
        return Ok(None);
    }
    let sql = "select fingerprint, subject from keyed_request where part = ? and key = ?";
    let row = sql::row(connection, sql, cells![part, key]).await?;
    let row = row.ok_or_else(|| damaged("a request is gone while it is asked for"))?;
    if sql::column_of_32(&row, "fingerprint")? != idempotency.fingerprint {
        return Err(WriteError::KeyReused);
    }
    Ok(Some(sql::column(&row, "subject")?))
}

/// Notes what a request led to, in the transaction that took its key or in a later one.
pub async fn request_settle(
    connection: &mut Connection,
    idempotency: Option<&Idempotency>,
    subject: &str,
    now: Instant,
) -> Result<(), sql::Error> {
    let Some(idempotency) = idempotency else { return Ok(()) };
    let sql = "insert into keyed_request (part, key, fingerprint, subject, made_at) values (?, ?, ?, ?, ?)
               on conflict (part, key) do update set subject = excluded.subject";
    let part = Part::PROGRAMME.number();
    let cells = cells![part, idempotency.key.as_str(), idempotency.fingerprint, subject, now.as_microsecond()];
    sql::execute(connection, sql, cells).await?;
    Ok(())
}

/// Forgets what nobody may ask for again.
pub async fn requests_forget(application: &Application) -> Result<(), sql::Error> {
    let mut transaction = application.database.write_aside().await?;
    let sql = "delete from keyed_request where part = ? and made_at < ?";
    let cells = cells![Part::PROGRAMME.number(), oldest(application.clock.now())];
    sql::execute(&mut transaction, sql, cells).await?;
    transaction.commit().await
}

fn oldest(now: Instant) -> i64 {
    now.saturating_sub(KEPT).unwrap_or(Instant::MIN).as_microsecond()
}
