//! The database of a programme, and the folder with the master key of its personal data.
//!
//! Any number of processes may work on the same data. Whoever decides something first claims the
//! parts it is about, which nobody else can then until the transaction has ended: on SQLite by the
//! write lock of the file, on PostgreSQL by a row for each part. A process that dies lets go.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use lojal_core::kernel::Part;

use super::migrations::{self, MigrationError};
use super::sql::{self, Connection, Dialect, Outcome, Statement, Store, Transaction, cells};
use super::standing;

pub const DATABASE_FILE: &str = "lojal.db";

#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("{folder} cannot be made or read: {cause}")]
    Folder { folder: PathBuf, cause: std::io::Error },
    #[error("{folder} holds no Lojal database")]
    Missing { folder: PathBuf },
    #[error(transparent)]
    Migration(#[from] MigrationError),
    #[error("{database} cannot be opened: {cause}")]
    Unusable { database: Address, cause: sql::Error },
    #[error("the database cannot be opened: {0}")]
    Storage(#[from] sql::Error),
    #[error(transparent)]
    Randomness(#[from] super::random::NoRandomness),
    #[error("secret.key does not hold 32 bytes")]
    DamagedKey,
    #[error("secret.key is missing, and personal data is sealed under it: put it back into {folder}")]
    MissingKey { folder: PathBuf },
    #[error(
        "secret.key in {folder} is not the one under which the personal data of this database is sealed: \
         put a copy of that one there"
    )]
    OtherKey { folder: PathBuf },
    #[error("no thread can be started to write with: {0}")]
    Thread(#[from] std::io::Error),
    #[error("version {version} of the programme cannot be read by this release: {problem}")]
    Programme { version: u32, problem: String },
}

impl OpenError {
    /// Says which database it is that fails.
    pub(super) fn of(self, place: &Place) -> OpenError {
        let database = place.address.clone();
        match self {
            OpenError::Storage(cause) | OpenError::Migration(MigrationError::Storage(cause)) => {
                OpenError::Unusable { database, cause }
            }
            OpenError::Migration(MigrationError::Failed { cause, .. }) if !cause.is_about_a_statement() => {
                OpenError::Unusable { database, cause }
            }
            other => other,
        }
    }
}

/// Where a database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// A file.
    Sqlite(PathBuf),
    /// A server, in a form that libpq takes: a URL, or `key=value` pairs.
    Postgres(String),
}

#[derive(Debug, thiserror::Error)]
#[error("a database is stated as sqlite:PATH or as postgres://USER@HOST/NAME")]
pub struct InvalidAddress;

impl FromStr for Address {
    type Err = InvalidAddress;

    fn from_str(text: &str) -> Result<Address, InvalidAddress> {
        match text.split_once(':') {
            Some(("sqlite", path)) if !path.is_empty() => Ok(Address::Sqlite(PathBuf::from(path))),
            Some(("postgres" | "postgresql", rest)) if rest.starts_with("//") => Ok(Address::Postgres(text.to_owned())),
            Some(("postgres" | "postgresql", pairs)) if pairs.contains('=') => Ok(Address::Postgres(pairs.to_owned())),
            _ => Err(InvalidAddress),
        }
    }
}

/// Without the password, which has no place in a log.
impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Address::Sqlite(path) => write!(formatter, "sqlite:{}", path.display()),
            Address::Postgres(_) => formatter.write_str("a PostgreSQL database"),
        }
    }
}

/// A data folder: where the master key is, and which database goes with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub folder: PathBuf,
    pub address: Address,
}

impl Place {
    /// A folder that holds everything.
    pub fn folder(folder: impl Into<PathBuf>) -> Place {
        let folder = folder.into();
        let address = Address::Sqlite(folder.join(DATABASE_FILE));
        Place { folder, address }
    }

    /// Where the data folder is and what the address says, when one is stated.
    pub fn stated(folder: impl Into<PathBuf>, address: Option<Address>) -> Place {
        match address {
            Some(address) => Place { folder: folder.into(), address },
            None => Place::folder(folder),
        }
    }
}

impl From<&PathBuf> for Place {
    fn from(folder: &PathBuf) -> Place {
        Place::folder(folder)
    }
}

impl From<&Path> for Place {
    fn from(folder: &Path) -> Place {
        Place::folder(folder)
    }
}

/// An open database. Clones share the connections.
#[derive(Clone, Debug)]
pub struct Database {
    place: Place,
    store: Store,
    /// Counts what decisions depend on and the writer does not write itself.
    generation: Arc<AtomicU64>,
}

impl Database {
    /// Whether somebody has made the database already.
    pub async fn is_there(place: &Place) -> Result<bool, OpenError> {
        match &place.address {
            Address::Sqlite(path) => Ok(path.exists()),
            Address::Postgres(address) => Ok(migrations::has_begun(&Store::postgres(address).await?).await?),
        }
    }

    /// Folds the log of a file into it while others go on; answers at once elsewhere.
    pub(super) async fn fold_log(&self) -> Result<(), sql::Error> {
        self.store.fold_log().await
    }

    /// Whether the log of a file has grown long, and most of it is in the file: the moment to let it
    /// begin anew. It is said once.
    pub(super) fn is_log_ready(&self) -> bool {
        self.store.is_log_ready()
    }

    /// Lets the log of a file begin anew. Whoever reads at this moment may prevent it: then the log
    /// goes on growing until the next time.
    pub(super) async fn shorten_log(&self) -> Result<(), sql::Error> {
        self.store.shorten_log().await
    }

    /// Opens the database, makes it when it is not there, and brings its schema up to date.
    pub async fn open(place: &Place) -> Result<Database, OpenError> {
        make_folder(&place.folder).map_err(|cause| OpenError::Folder { folder: place.folder.clone(), cause })?;
        let store = match &place.address {
            Address::Sqlite(path) => Store::sqlite(path)?,
            Address::Postgres(address) => Store::postgres(address).await?,
        };
        migrations::run(&store).await?;
        let database = Database { place: place.clone(), store, generation: Arc::default() };
        database.make_claims().await?;
        Ok(database)
    }

    pub fn folder(&self) -> &Path {
        &self.place.folder
    }

    pub fn address(&self) -> &Address {
        &self.place.address
    }

    pub fn dialect(&self) -> Dialect {
        self.store.dialect()
    }

    /// Begins a transaction about the programme as a whole: what it reads stays true until it
    /// commits.
    pub async fn write(&self) -> Result<Transaction, sql::Error> {
        self.write_parts(&[Part::PROGRAMME]).await
    }

    /// Begins a transaction that alone decides anything in `parts`.
    pub async fn write_parts(&self, parts: &[Part]) -> Result<Transaction, sql::Error> {
        let (transaction, _) = self.write_batch(parts, Vec::new()).await?;
        Ok(transaction.counting(Arc::clone(&self.generation)))
    }

    /// As [`Database::write_parts`], for the writer, which knows what it has written; runs what
    /// comes first in the transaction.
    pub(super) async fn write_batch(
        &self,
        parts: &[Part],
        first: Vec<Statement>,
    ) -> Result<(Transaction, Vec<Outcome>), sql::Error> {
        let claim = self.claim(parts, "order by part for no key update");
        self.begin(claim, parts.first().copied().unwrap_or(Part::PROGRAMME), first).await
    }

    pub(super) fn generation_counter(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.generation)
    }

    /// What was decided under another generation of the data may be wrong.
    pub(super) fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// Something changed on which decisions depend, other than by what the lanes of this process
    /// know of each other.
    pub(super) fn has_changed(&self) {
        self.generation.fetch_add(1, Ordering::AcqRel);
    }

    /// Begins a transaction that no decision depends on.
    pub async fn write_aside(&self) -> Result<Transaction, sql::Error> {
        self.write_aside_in(Part::PROGRAMME).await
    }

    /// As [`Database::write_aside`], where all that is written is in one part.
    pub async fn write_aside_in(&self, part: Part) -> Result<Transaction, sql::Error> {
        // Keeps out nobody but whoever moves the data away, who must know that this is under way.
        let claim = self.claim(&[part], "for key share");
        Ok(self.begin(claim, part, Vec::new()).await?.0)
    }

    /// Begins a transaction that writes although the data are on the move. Nobody else writes
    /// meanwhile.
    pub async fn write_for_move(&self) -> Result<Transaction, sql::Error> {
        let parts: Vec<Part> = Part::all().collect();
        let claim = self.claim(&parts, "order by part for update");
        Ok(self.store.write(claim.into_iter().collect()).await?.0)
    }

    /// Claims, makes sure that anything may be written, and runs what comes first.
    async fn begin(
        &self,
        claim: Option<Statement>,
        part: Part,
        first: Vec<Statement>,
    ) -> Result<(Transaction, Vec<Outcome>), sql::Error> {
        let before = claim.into_iter().chain([standing::question(part)]).collect::<Vec<_>>();
        let asked = before.len();
        let (transaction, mut outcomes) = self.store.write(before.into_iter().chain(first).collect()).await?;
        let answers = outcomes.split_off(asked);
        outcomes.last().map_or(Ok(()), standing::check)?;
        Ok((transaction, answers))
    }

    /// Begins a transaction that sees the database as it is at its first read.
    pub async fn snapshot(&self) -> Result<Transaction, sql::Error> {
        self.store.snapshot().await
    }

    /// As [`Database::snapshot`], of one moment of all parts. Over several machines each has moments of
    /// its own, so nobody writes while that of each is fixed.
    pub async fn moment(&self) -> Result<Transaction, sql::Error> {
        if self.dialect() != Dialect::Distributed {
            return self.snapshot().await;
        }
        let parts: Vec<Part> = Part::all().collect();
        let claim = self.claim(&parts, "order by part for update");
        let (alone, _) = self.store.write(claim.into_iter().collect()).await?;
        let mut snapshot = self.snapshot().await?;
        let parts = parts.iter().map(|part| cells![part.number()]).collect();
        sql::look_up(&mut snapshot, "select part from part_claim where part in", parts).await?;
        alone.rollback().await?;
        Ok(snapshot)
    }

    /// A connection to read with.
    pub async fn read(&self) -> Result<Box<Connection>, sql::Error> {
        self.store.read().await
    }

    /// Waits for what is under way and closes all connections.
    pub async fn close(&self) {
        self.store.close().await;
    }

    /// Waits for the rows of the parts, in one order for everybody, so that no two transactions
    /// ever wait for each other.
    fn claim(&self, parts: &[Part], words: &'static str) -> Option<Statement> {
        if self.dialect() == Dialect::Sqlite {
            return None;
        }
        let numbers = parts.iter().map(|part| cells![part.number()]).collect();
        Some(Statement::look_up("select part from part_claim where part in", numbers).locking(words))
    }

    async fn make_claims(&self) -> Result<(), sql::Error> {
        if self.dialect() == Dialect::Sqlite {
            return Ok(());
        }
        let (mut transaction, _) = self.store.write(Vec::new()).await?;
        let rows = Part::all().map(|part| cells![part.number()]).collect();
        sql::insert_all(
            &mut transaction,
            "insert into part_claim (part) values",
            "on conflict (part) do nothing",
            rows,
        )
        .await?;
        transaction.commit().await
    }
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
