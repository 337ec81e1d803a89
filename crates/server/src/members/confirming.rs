//! What waits for a second pair of eyes, whatever it is about: a row that is open, is taken up by somebody else, and ends
//! confirmed or refused. Each kind has a table of its own with the same columns for that.

use lojal_core::kernel::{Instant, Part};

use crate::platform::sql::{self, Connection, Row, cells};

/// Requests on a page, those that wait and those that were settled.
const ON_A_PAGE: i64 = 100;
const SETTLED_ON_A_PAGE: i64 = 20;
/// The state of what nobody else has to look at.
pub const ALONE: &str = "alone";

/// The requests of one kind.
pub struct Requests<R> {
    pub table: &'static str,
    /// What `read` takes.
    pub columns: &'static str,
    pub read: fn(&Row) -> Result<R, sql::Error>,
}

impl<R> Requests<R> {
    pub async fn find(&self, connection: &mut Connection, id: i64) -> Result<Option<R>, sql::Error> {
        let Requests { table, columns, read } = self;
        let sql = format!("select {columns} from {table} where part = ? and id = ?");
        let row = sql::row(connection, &sql, cells![Part::PROGRAMME.number(), id]).await?;
        row.as_ref().map(read).transpose()
    }

    /// Those that wait, the oldest first.
    pub async fn open(&self, connection: &mut Connection) -> Result<Vec<R>, sql::Error> {
        let Requests { table, columns, read } = self;
        let sql = format!(
            "select {columns} from {table} where part = ? and settled_at is null and state <> ? order by id limit ?"
        );
        let rows = sql::rows(connection, &sql, cells![Part::PROGRAMME.number(), ALONE, ON_A_PAGE]).await?;
        rows.iter().map(read).collect()
    }

    /// How many wait; many are as good as more.
    pub async fn count(&self, connection: &mut Connection) -> Result<usize, sql::Error> {
        let table = self.table;
        let sql =
            format!("select id from {table} where part = ? and settled_at is null and state <> ? order by id limit ?");
        Ok(sql::rows(connection, &sql, cells![Part::PROGRAMME.number(), ALONE, ON_A_PAGE]).await?.len())
    }

    /// The last about which somebody else decided, the latest first.
    pub async fn settled(&self, connection: &mut Connection) -> Result<Vec<R>, sql::Error> {
        let Requests { table, columns, read } = self;
        let sql = format!(
            "select {columns} from {table}
             where part = ? and settled_at is not null and state <> ? order by id desc limit ?"
        );
        let rows = sql::rows(connection, &sql, cells![Part::PROGRAMME.number(), ALONE, SETTLED_ON_A_PAGE]).await?;
        rows.iter().map(read).collect()
    }

    /// Takes a request up; answers whether it was there.
    pub async fn take(&self, connection: &mut Connection, id: i64) -> Result<bool, sql::Error> {
        let table = self.table;
        let sql = format!("update {table} set state = 'confirming' where part = ? and id = ? and state in (?, ?)");
        let cells = cells![Part::PROGRAMME.number(), id, "open", "confirming"];
        Ok(sql::execute(connection, &sql, cells).await? > 0)
    }

    /// After the ledger has refused an attempt: it waits again, and the next one is another one.
    pub async fn reopen(&self, connection: &mut Connection, id: i64, attempt: i64) -> Result<(), sql::Error> {
        let table = self.table;
        let sql = format!(
            "update {table} set state = 'open', attempt = ?
             where part = ? and id = ? and state = 'confirming' and attempt = ?"
        );
        let cells = cells![attempt + 1, Part::PROGRAMME.number(), id, attempt];
        sql::execute(connection, &sql, cells).await?;
        Ok(())
    }

    /// Answers whether it was not settled before.
    pub async fn settle(
        &self,
        connection: &mut Connection,
        id: i64,
        (from, to): (&str, &str),
        by: i64,
        at: Instant,
    ) -> Result<bool, sql::Error> {
        let table = self.table;
        let sql = format!(
            "update {table} set state = ?, settled_by = ?, settled_at = ? where part = ? and id = ? and state = ?"
        );
        let cells = cells![to, by, at.as_microsecond(), Part::PROGRAMME.number(), id, from];
        Ok(sql::execute(connection, &sql, cells).await? > 0)
    }
}
