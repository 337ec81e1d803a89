//! SQLite, inside the process. Statements run where they are called: they are function calls on
//! memory, most of the time, and finish before a hand-over to another thread would.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{OpenFlags, TransactionBehavior};

use super::error::{Error, ErrorKind};
use super::pool::{Place, Pool};
use super::row::{Columns, Row};
use super::{Cell, Dialect, Outcome, Statement};

/// How long a transaction waits for another process that is writing.
const BUSY_TIMEOUT: Duration = Duration::from_secs(60);
/// How long it waits before it asks again: at first, and at most.
const BUSY_PAUSES: (Duration, Duration) = (Duration::from_micros(200), Duration::from_millis(20));
/// A log of so many pages (64 MB) begins anew, and readers wait for that moment.
const LONG_LOG_PAGES: i64 = 16_384;
/// What the file of the log keeps when it begins anew.
const LOG_BYTES: u64 = 128 << 20;
/// Readers never wait for the writer, nor it for them.
const READ_CONNECTIONS: u32 = 8;
/// Memory for pages, in KiB, of the connection that writes and of each that reads.
const WRITE_CACHE: &str = "pragma cache_size = -32768;";
const READ_CACHE: &str = "pragma cache_size = -4096;";
/// Statements kept prepared.
const STATEMENTS: usize = 256;

/// A database file with its connections: one that writes, several that read.
#[derive(Clone, Debug)]
pub(super) struct Sqlite {
    path: PathBuf,
    writing: Pool<rusqlite::Connection>,
    reading: Pool<rusqlite::Connection>,
    folding: Pool<rusqlite::Connection>,
    /// Whether the log has grown long, and little of it is not in the file yet.
    is_log_ready: Arc<AtomicBool>,
}

/// A connection in use. It goes back to its pool when it is dropped, without its transaction.
#[derive(Debug)]
pub(super) struct Link {
    /// Always there until the link is dropped.
    connection: Option<(rusqlite::Connection, Place<rusqlite::Connection>)>,
}

impl Sqlite {
    /// Opens a file, and makes it when it is not there.
    pub fn open(path: &Path) -> Result<Sqlite, Error> {
        let sqlite = Sqlite {
            path: path.to_owned(),
            writing: Pool::new(1),
            reading: Pool::new(READ_CONNECTIONS),
            folding: Pool::new(1),
            is_log_ready: Arc::default(),
        };
        // What is wrong with the file is known at once.
        sqlite.connect(true)?;
        Ok(sqlite)
    }

    pub async fn writing(&self) -> Result<Link, Error> {
        self.link(&self.writing, true).await
    }

    pub async fn reading(&self) -> Result<Link, Error> {
        self.link(&self.reading, false).await
    }

    async fn link(&self, pool: &Pool<rusqlite::Connection>, writes: bool) -> Result<Link, Error> {
        let (place, idle) = pool.take().await?;
        let connection = idle.map_or_else(|| self.connect(writes), Ok)?;
        Ok(Link { connection: Some((connection, place)) })
    }

    /// Folds the log into the file while others go on reading and writing.
    pub async fn fold_log(&self) -> Result<(), Error> {
        if self.folding.is_closed() {
            // Whoever closed it has folded it.
            return Ok(());
        }
        let (place, idle) = self.folding.take().await?;
        let connection = idle.map_or_else(|| self.connect(true), Ok)?;
        let fold = || connection.query_row("pragma wal_checkpoint(passive)", [], |row| row.get::<_, i64>(1));
        if fold()? >= LONG_LOG_PAGES {
            // Much was written meanwhile; after a second time it is less.
            fold()?;
            self.is_log_ready.store(true, Ordering::Release);
        }
        place.put_back(connection);
        Ok(())
    }

    /// Whether this is the moment for [`Sqlite::shorten_log`]. It is said once.
    pub fn is_log_ready(&self) -> bool {
        self.is_log_ready.load(Ordering::Relaxed) && self.is_log_ready.swap(false, Ordering::AcqRel)
    }

    /// Lets the log begin anew, which needs a moment without readers.
    pub async fn shorten_log(&self) -> Result<(), Error> {
        self.writing().await?.connection()?.query_row("pragma wal_checkpoint(restart)", [], |_| Ok(()))?;
        Ok(())
    }

    pub async fn close(&self) {
        drop(self.folding.close().await);
        drop(self.reading.close().await);
        drop(self.writing.close().await);
    }

    fn connect(&self, writes: bool) -> Result<rusqlite::Connection, Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let flags = if writes { flags | OpenFlags::SQLITE_OPEN_CREATE } else { flags };
        let connection = rusqlite::Connection::open_with_flags(&self.path, flags)?;
        if connection.is_readonly(rusqlite::MAIN_DB)? {
            // Before anything is asked of it: SQLite would leave a log beside the file that cannot be
            // written to either, and stays when the file is mended.
            return Err(Error::read_only());
        }
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        // Otherwise some statements are prepared anew for each value.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        if writes {
            connection.query_row("pragma journal_mode = wal", [], |_| Ok(()))?;
        }
        let pages = if writes { WRITE_CACHE } else { READ_CACHE };
        connection.execute_batch(&format!("pragma synchronous = full; pragma foreign_keys = off; {pages}"))?;
        // What is erased is overwritten, not only let go.
        connection.query_row("pragma secure_delete = on", [], |_| Ok(()))?;
        // Folding the log takes long, and is done beside the writing; this is for when nobody does it.
        let pages = 2 * LONG_LOG_PAGES;
        connection.query_row(&format!("pragma wal_autocheckpoint = {pages}"), [], |_| Ok(()))?;
        connection.query_row(&format!("pragma journal_size_limit = {LOG_BYTES}"), [], |_| Ok(()))?;
        if !writes {
            connection.execute_batch("pragma query_only = on")?;
        }
        // From here on nobody waits inside SQLite: that would hold up the thread.
        connection.busy_timeout(Duration::ZERO)?;
        Ok(connection)
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        let Some((connection, place)) = self.connection.take() else { return };
        // A connection that cannot even go back to its beginning is not used again.
        if connection.is_autocommit() || connection.execute_batch("rollback").is_ok() {
            place.put_back(connection);
        }
    }
}

impl Link {
    fn connection(&self) -> Result<&rusqlite::Connection, Error> {
        let connection = self.connection.as_ref().map(|(connection, _)| connection);
        connection.ok_or_else(|| Error::new(ErrorKind::Failed, "the connection was given back"))
    }

    /// Begins a transaction that has the write lock, once nobody else has it.
    pub async fn begin_write(&mut self) -> Result<(), Error> {
        let begun = std::time::Instant::now();
        let (mut pause, longest) = BUSY_PAUSES;
        loop {
            match self.begin(TransactionBehavior::Immediate) {
                Err(cause) if cause.kind() == ErrorKind::Conflict && begun.elapsed() < BUSY_TIMEOUT => {
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(longest);
                }
                begun => return begun,
            }
        }
    }

    /// Begins a transaction that sees the database as it is at its first read.
    pub fn begin_snapshot(&mut self) -> Result<(), Error> {
        self.begin(TransactionBehavior::Deferred)
    }

    fn begin(&mut self, behavior: TransactionBehavior) -> Result<(), Error> {
        let text = match behavior {
            TransactionBehavior::Immediate => "begin immediate",
            _ => "begin",
        };
        self.connection()?.prepare_cached(text)?.execute([])?;
        Ok(())
    }

    pub fn commit(&self) -> Result<(), Error> {
        self.connection()?.prepare_cached("commit")?.execute([])?;
        Ok(())
    }

    pub fn rollback(&self) -> Result<(), Error> {
        self.connection()?.prepare_cached("rollback")?.execute([])?;
        Ok(())
    }

    /// Runs several statements separated by semicolons, without values.
    pub fn script(&self, text: &str) -> Result<(), Error> {
        Ok(self.connection()?.execute_batch(text)?)
    }

    /// Changes whenever somebody else has written to the file.
    pub fn data_version(&self) -> Result<i64, Error> {
        Ok(self.connection()?.prepare_cached("pragma data_version")?.query_row([], |row| row.get(0))?)
    }

    pub fn run(&self, statement: Statement) -> Result<Outcome, Error> {
        let connection = self.connection()?;
        let mut outcome = Outcome::default();
        match statement {
            Statement::Plain { sql, cells } => {
                let mut prepared = connection.prepare_cached(&sql)?;
                if prepared.column_count() == 0 {
                    outcome.touched = prepared.execute(rusqlite::params_from_iter(cells))? as u64;
                } else {
                    let names = names(&prepared);
                    collect(&mut prepared, &names, cells, &mut outcome.rows)?;
                }
            }
            Statement::Insert { head, tail, rows } => {
                let Some(first) = rows.first() else { return Ok(outcome) };
                let tail = Dialect::Sqlite.tail(&tail);
                let mut prepared = connection.prepare_cached(&format!("{head} {} {tail}", tuple(first.len())))?;
                for row in rows {
                    outcome.touched += prepared.execute(rusqlite::params_from_iter(row))? as u64;
                }
            }
            Statement::LookUp { head, keys, .. } => {
                let Some(first) = keys.first() else { return Ok(outcome) };
                let head = head.trim_end().strip_suffix("in").unwrap_or(head.as_str());
                let mut prepared = connection.prepare_cached(&format!("{head} = {}", tuple(first.len())))?;
                let names = names(&prepared);
                for key in keys {
                    collect(&mut prepared, &names, key, &mut outcome.rows)?;
                }
            }
        }
        if !outcome.rows.is_empty() {
            outcome.touched = outcome.rows.len() as u64;
        }
        Ok(outcome)
    }
}

fn names(statement: &rusqlite::Statement<'_>) -> Arc<[String]> {
    statement.column_names().map(str::to_owned).collect()
}

fn collect(
    statement: &mut rusqlite::Statement<'_>,
    names: &Arc<[String]>,
    cells: Vec<Cell>,
    found: &mut Vec<Row>,
) -> Result<(), rusqlite::Error> {
    let mut rows = statement.query(rusqlite::params_from_iter(cells))?;
    while let Some(row) = rows.next()? {
        let mut values = Vec::with_capacity(names.len());
        for index in 0..names.len() {
            values.push(row.get::<_, Value>(index)?);
        }
        found.push(Row(Columns::Sqlite { names: Arc::clone(names), values }));
    }
    Ok(())
}

/// `(?, ?)`
fn tuple(columns: usize) -> String {
    format!("({})", vec!["?"; columns].join(", "))
}

impl rusqlite::ToSql for Cell {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Cell::Number(number) => ValueRef::Integer(*number),
            Cell::Text(text) => ValueRef::Text(text.as_bytes()),
            Cell::Bytes(bytes) => ValueRef::Blob(bytes),
            Cell::NoNumber | Cell::NoText => ValueRef::Null,
        }))
    }
}
