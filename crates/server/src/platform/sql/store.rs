//! A database that is open, and transactions on it.

use std::ops::{Deref, DerefMut};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::error::Error;
use super::postgres::{Begin, Postgres};
use super::sqlite::Sqlite;
use super::{Connection, Dialect, Link, Outcome, Statement, run_all};

/// An open database. Clones share its connections.
#[derive(Clone, Debug)]
pub struct Store {
    backend: Backend,
}

#[derive(Clone, Debug)]
enum Backend {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

impl Store {
    /// A file, which is made when it is not there.
    pub fn sqlite(path: &Path) -> Result<Store, Error> {
        Ok(Store { backend: Backend::Sqlite(Sqlite::open(path)?) })
    }

    /// A server, by its URL or by `key=value` pairs.
    pub async fn postgres(address: &str) -> Result<Store, Error> {
        Ok(Store { backend: Backend::Postgres(Postgres::open(address).await?) })
    }

    pub fn dialect(&self) -> Dialect {
        match &self.backend {
            Backend::Sqlite(_) => Dialect::Sqlite,
            Backend::Postgres(postgres) => postgres.dialect(),
        }
    }

    /// A connection to read with.
    pub async fn read(&self) -> Result<Box<Connection>, Error> {
        let link = match &self.backend {
            Backend::Sqlite(sqlite) => Link::Sqlite(sqlite.reading().await?),
            Backend::Postgres(postgres) => Link::Postgres(postgres.reading().await?),
        };
        Ok(Box::new(Connection { link }))
    }

    /// Begins a transaction that sees the database as it is at its first read.
    pub async fn snapshot(&self) -> Result<Transaction, Error> {
        let link = match &self.backend {
            Backend::Sqlite(sqlite) => {
                let mut link = sqlite.reading().await?;
                link.begin_snapshot()?;
                Link::Sqlite(link)
            }
            Backend::Postgres(postgres) => {
                let mut link = postgres.reading().await?;
                link.begin(Begin::Snapshot, Vec::new()).await?;
                Link::Postgres(link)
            }
        };
        Ok(Transaction { connection: Connection { link }, count: None })
    }

    /// Begins a transaction that writes, and runs what comes first in it.
    pub async fn write(&self, first: Vec<Statement>) -> Result<(Transaction, Vec<Outcome>), Error> {
        match &self.backend {
            Backend::Sqlite(sqlite) => {
                let mut link = sqlite.writing().await?;
                link.begin_write().await?;
                let mut connection = Connection { link: Link::Sqlite(link) };
                let outcomes = run_all(&mut connection, first).await?;
                Ok((Transaction { connection, count: None }, outcomes))
            }
            Backend::Postgres(postgres) => {
                let mut link = postgres.writing().await?;
                let outcomes = link.begin(Begin::Write, first).await?;
                Ok((Transaction { connection: Connection { link: Link::Postgres(link) }, count: None }, outcomes))
            }
        }
    }

    /// Folds the log of a file into it while others go on.
    pub async fn fold_log(&self) -> Result<(), Error> {
        match &self.backend {
            Backend::Sqlite(sqlite) => sqlite.fold_log().await,
            Backend::Postgres(_) => Ok(()),
        }
    }

    /// Whether the log of a file has grown long, and this is the moment to let it begin anew.
    pub fn is_log_ready(&self) -> bool {
        match &self.backend {
            Backend::Sqlite(sqlite) => sqlite.is_log_ready(),
            Backend::Postgres(_) => false,
        }
    }

    /// Lets the log of a file begin anew, when nobody reads.
    pub async fn shorten_log(&self) -> Result<(), Error> {
        match &self.backend {
            Backend::Sqlite(sqlite) => sqlite.shorten_log().await,
            Backend::Postgres(_) => Ok(()),
        }
    }

    /// Waits for what is under way and closes all connections.
    pub async fn close(&self) {
        match &self.backend {
            Backend::Sqlite(sqlite) => sqlite.close().await,
            Backend::Postgres(postgres) => postgres.close().await,
        }
    }
}

/// A transaction: what is not committed has not been.
#[derive(Debug)]
pub struct Transaction {
    connection: Connection,
    /// Counted up when it ends.
    count: Option<Arc<AtomicU64>>,
}

impl Transaction {
    /// Counts up when the transaction has ended, however it ends.
    pub fn counting(mut self, count: Arc<AtomicU64>) -> Transaction {
        self.count = Some(count);
        self
    }

    pub async fn commit(self) -> Result<(), Error> {
        self.commit_with(Vec::new()).await
    }

    /// Runs what comes last and commits, together where the database can. When this fails with
    /// [`Disconnected`](super::ErrorKind::Disconnected) it is not known whether it was done.
    pub async fn commit_with(mut self, last: Vec<Statement>) -> Result<(), Error> {
        if let Link::Postgres(link) = &mut self.connection.link {
            return link.commit(last).await;
        }
        run_all(&mut self.connection, last).await?;
        if let Link::Sqlite(link) = &self.connection.link {
            link.commit()?;
        }
        Ok(())
    }

    pub async fn rollback(mut self) -> Result<(), Error> {
        match &mut self.connection.link {
            Link::Sqlite(link) => link.rollback(),
            Link::Postgres(link) => link.rollback().await,
        }
    }

    /// Changes whenever another connection has written to a file; always 0 on a server, where
    /// locks say who may write.
    pub fn data_version(&self) -> Result<i64, Error> {
        match &self.connection.link {
            Link::Sqlite(link) => link.data_version(),
            Link::Postgres(_) => Ok(0),
        }
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        if let Some(count) = self.count.take() {
            count.fetch_add(1, Ordering::AcqRel);
        }
    }
}

impl Deref for Transaction {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

impl DerefMut for Transaction {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.connection
    }
}
