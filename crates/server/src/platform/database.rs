//! The data folder: one SQLite database and the master key of the personal data.
//!
//! Any number of processes may open the same folder. Each writes through one connection, in
//! transactions that take the write lock at their beginning and read what they decide on inside.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};

use super::migrations::{self, MigrationError};
use super::sql::{Backend, Transaction};

pub const DATABASE_FILE: &str = "lojal.db";

/// How long a transaction waits for another process that is writing.
const BUSY_TIMEOUT: Duration = Duration::from_secs(60);
/// Pages of the write-ahead log before it is folded into the database: 16 MB.
const CHECKPOINT_PAGES: &str = "4000";
/// Readers never wait for the writer, nor it for them.
const READ_CONNECTIONS: u32 = 8;
/// Statements kept prepared: each comes in a few row counts.
const STATEMENTS: usize = 256;

#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("{folder} cannot be made or read: {cause}")]
    Folder { folder: PathBuf, cause: std::io::Error },
    #[error("{folder} holds no Lojal database")]
    Missing { folder: PathBuf },
    #[error(transparent)]
    Migration(#[from] MigrationError),
    #[error("the database cannot be opened: {0}")]
    Storage(#[from] sqlx::Error),
    #[error(transparent)]
    Randomness(#[from] super::random::NoRandomness),
    #[error("secret.key does not hold 32 bytes")]
    DamagedKey,
    #[error("secret.key is missing, and personal data is sealed under it: put it back into {folder}")]
    MissingKey { folder: PathBuf },
    #[error("version {version} of the programme cannot be read by this release: {problem}")]
    Programme { version: u32, problem: String },
}

/// An open data folder. Clones share the connections.
#[derive(Clone, Debug)]
pub struct Database {
    folder: PathBuf,
    writing: SqlitePool,
    reading: SqlitePool,
}

impl Database {
    /// Opens the folder, makes it when it is not there, and brings its schema up to date.
    pub async fn open(folder: &Path) -> Result<Database, OpenError> {
        make_folder(folder).map_err(|cause| OpenError::Folder { folder: folder.to_owned(), cause })?;
        let options = SqliteConnectOptions::new()
            .filename(folder.join(DATABASE_FILE))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(false)
            .busy_timeout(BUSY_TIMEOUT)
            .statement_cache_capacity(STATEMENTS)
            // What is erased is overwritten, not only let go.
            .pragma("secure_delete", "on")
            .pragma("wal_autocheckpoint", CHECKPOINT_PAGES);
        let writing = pool(1).connect_with(options.clone()).await?;
        migrations::run(&writing).await?;
        let reading = pool(READ_CONNECTIONS).connect_with(options.pragma("query_only", "on")).await?;
        Ok(Database { folder: folder.to_owned(), writing, reading })
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Begins a transaction that holds the write lock: what it reads stays true until it commits.
    pub async fn write(&self) -> Result<Transaction, sqlx::Error> {
        self.writing.begin_with("begin immediate").await
    }

    /// Begins a transaction that sees the database as it is at its first read.
    pub async fn snapshot(&self) -> Result<Transaction, sqlx::Error> {
        self.reading.begin().await
    }

    /// A connection to read with.
    pub async fn read(&self) -> Result<PoolConnection<Backend>, sqlx::Error> {
        self.reading.acquire().await
    }

    /// Waits for what is under way and closes all connections.
    pub async fn close(&self) {
        self.reading.close().await;
        self.writing.close().await;
    }
}

fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(BUSY_TIMEOUT)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
}

/// Nobody but the operator's account may look into the folder.
fn make_folder(folder: &Path) -> std::io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(folder)
}
