//! How far a piece of work has come, for work that is taken up again where it stopped.

use lojal_core::kernel::{Instant, Part};

use super::sql::{self, Connection, cells};

/// Up to where others were told of links that were passed on,
pub const SHARES_TOLD: &str = "webhooks_shares";
/// and of those that were followed. Each kind of database has its own places in lanes: these do not move to another.
pub const CLICKS_TOLD: &str = "webhooks_clicks";

/// The position of `work` in `part`; 0 before it began.
pub async fn progress_find(connection: &mut Connection, part: Part, work: &str) -> Result<i64, sql::Error> {
    let sql = "select position from progress where part = ? and work = ?";
    let row = sql::row(connection, sql, cells![part.number(), work]).await?;
    row.map_or(Ok(0), |row| sql::column(&row, "position"))
}

/// Sets the position of `work` in `part`.
pub async fn progress_set(
    connection: &mut Connection,
    part: Part,
    work: &str,
    position: i64,
    now: Instant,
) -> Result<(), sql::Error> {
    sql::execute(
        connection,
        "insert into progress (part, work, position, updated_at) values (?, ?, ?, ?)
         on conflict (part, work) do update set position = excluded.position, updated_at = excluded.updated_at",
        cells![part.number(), work, position, now.as_microsecond()],
    )
    .await?;
    Ok(())
}

/// Moves the position of `work` in `part` on, unless it is not where `from` says: somebody else did the work.
pub async fn progress_advance(
    connection: &mut Connection,
    part: Part,
    work: &str,
    (from, to): (i64, i64),
    now: Instant,
) -> Result<bool, sql::Error> {
    let touched = sql::execute(
        connection,
        "insert into progress (part, work, position, updated_at) values (?, ?, ?, ?)
         on conflict (part, work) do update set position = excluded.position, updated_at = excluded.updated_at
         where progress.position = ?",
        cells![part.number(), work, to, now.as_microsecond(), from],
    )
    .await?;
    Ok(touched == 1)
}
