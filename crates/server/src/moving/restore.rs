//! Reading it all back into an empty folder.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use lojal_core::kernel::{Id, MemberId};
use serde_json::Value;

use super::cards::OpenCard;
use super::tables::{Kind, Table};
use super::{FORMAT, Footer, Header, Line};
use crate::audit::{Report, audit};
use crate::platform::application::Application;
use crate::platform::cards::card_restore;
use crate::platform::clock::Clock;
use crate::platform::database::OpenError;
use crate::platform::database::Place;
use crate::platform::directory::directory_catch_up;
use crate::platform::identity::{Identity, IdentityError, fingerprint_forget, identity_save};
use crate::platform::sql::{self, Cell, Transaction};

/// Rows that are inserted at once.
const PORTION: usize = 256;
/// The longest line that is read: far more than any row, and little enough to be held.
const LONGEST_LINE: u64 = 64 << 20;

#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    #[error("{0} is not empty; restore into a new folder")]
    NotEmpty(PathBuf),
    #[error("the database holds a programme already; a restore fills an empty one")]
    NotEmptyDatabase,
    #[error("the file cannot be read: {0}")]
    File(#[from] std::io::Error),
    #[error("line {line} is not what an export holds: {problem}")]
    Line { line: u64, problem: String },
    #[error("the export has format {found}, this release reads format {FORMAT}")]
    Format { found: u32 },
    #[error("the file ends before its last line, or was changed")]
    Incomplete,
    #[error("storage failed: {0}")]
    Storage(#[from] sql::Error),
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Identity(#[from] IdentityError),
}

/// What was read, and what the audit afterwards says of it.
#[derive(Clone, Debug)]
pub struct Restored {
    pub rows: u64,
    pub report: Report,
}

/// Fills a new folder from an exported file and audits it. When anything is wrong with the file,
/// nothing of it is kept.
pub async fn restore(path: &Path, place: impl Into<Place>, clock: Clock) -> Result<Restored, RestoreError> {
    let place = place.into();
    let folder = &place.folder;
    if folder.exists() && std::fs::read_dir(folder)?.next().is_some() {
        return Err(RestoreError::NotEmpty(folder.to_owned()));
    }
    let lines = Lines::open(path)?;
    let application = Application::open(place.clone(), clock).await?;
    if application.rulebook().latest().is_some() {
        application.close().await;
        std::fs::remove_dir_all(folder)?;
        return Err(RestoreError::NotEmptyDatabase);
    }
    // One transaction: an interrupted restore leaves an empty database behind.
    let parts: Vec<_> = lojal_core::kernel::Part::all().collect();
    let mut transaction = application.database.write_parts(&parts).await?;
    let rows = match fill(&application, &mut transaction, lines).await {
        Ok(rows) => rows,
        Err(cause) => {
            transaction.rollback().await?;
            // The key goes with the folder.
            fingerprint_forget(&application.database).await?;
            application.close().await;
            std::fs::remove_dir_all(folder)?;
            return Err(cause);
        }
    };
    transaction.commit().await?;
    directory_catch_up(&application.database, application.clock.now()).await?;
    let report = audit(&application.database, |_| ()).await?;
    application.close().await;
    Ok(Restored { rows, report })
}

async fn fill(application: &Application, transaction: &mut Transaction, mut lines: Lines) -> Result<u64, RestoreError> {
    let header: Header = lines.first()?;
    if header.lojal_export != FORMAT {
        return Err(RestoreError::Format { found: header.lojal_export });
    }
    let mut waiting = Waiting::default();
    let mut rows = 0;
    loop {
        match lines.next()? {
            Line::Footer { end } => {
                waiting.insert(transaction).await?;
                lines.check_end(&end, rows)?;
                return Ok(rows);
            }
            Line::Row { table, row } if table == "identity" => {
                let (member, identity) = lines.identity(row)?;
                let sealed = application.vault.seal(member, &identity)?;
                identity_save(transaction, member, &sealed).await?;
            }
            Line::Row { table, row } if table == OpenCard::TABLE => {
                let card = OpenCard::from_row(row).ok_or_else(|| lines.wrong("this is no card"))?;
                card_restore(transaction, &application.vault, &card).await?;
            }
            Line::Row { table, row } => {
                let known = Table::named(&table).ok_or_else(|| lines.wrong(format!("there is no table {table}")))?;
                let cells = lines.cells(known, row)?;
                waiting.add(transaction, known, cells).await?;
            }
        }
        rows += 1;
    }
}

/// Rows of one table that are to be inserted together.
#[derive(Default)]
struct Waiting {
    table: Option<&'static Table>,
    rows: Vec<Vec<Cell>>,
}

impl Waiting {
    async fn add(
        &mut self,
        transaction: &mut Transaction,
        table: &'static Table,
        row: Vec<Cell>,
    ) -> Result<(), sql::Error> {
        if self.rows.len() == PORTION || self.table.is_some_and(|current| current.name != table.name) {
            self.insert(transaction).await?;
        }
        self.table = Some(table);
        self.rows.push(row);
        Ok(())
    }

    async fn insert(&mut self, transaction: &mut Transaction) -> Result<(), sql::Error> {
        let Some(table) = self.table.take() else { return Ok(()) };
        let head = format!("insert into {} ({}) values", table.name, table.column_list());
        sql::insert_all(transaction, &head, "", std::mem::take(&mut self.rows)).await?;
        Ok(())
    }
}

/// The file while it is read.
struct Lines {
    file: BufReader<GzDecoder<File>>,
    hasher: blake3::Hasher,
    /// Over everything but the line read last.
    hash_before: blake3::Hash,
    line: u64,
}

impl Lines {
    fn open(path: &Path) -> std::io::Result<Lines> {
        let file = BufReader::new(GzDecoder::new(File::open(path)?));
        let hasher = blake3::Hasher::new();
        Ok(Lines { file, hash_before: hasher.finalize(), hasher, line: 0 })
    }

    fn wrong(&self, problem: impl Into<String>) -> RestoreError {
        RestoreError::Line { line: self.line, problem: problem.into() }
    }

    fn read(&mut self) -> Result<Vec<u8>, RestoreError> {
        let mut text = Vec::new();
        self.line += 1;
        self.hash_before = self.hasher.finalize();
        let read = self.file.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut text)?;
        if read == 0 || text.last() != Some(&b'\n') {
            return Err(RestoreError::Incomplete);
        }
        self.hasher.update(&text);
        Ok(text)
    }

    fn first(&mut self) -> Result<Header, RestoreError> {
        let text = self.read()?;
        serde_json::from_slice(&text).map_err(|_| self.wrong("this is no export of Lojal"))
    }

    fn next(&mut self) -> Result<Line, RestoreError> {
        let text = self.read()?;
        serde_json::from_slice(&text).map_err(|cause| self.wrong(cause.to_string()))
    }

    fn check_end(&mut self, footer: &Footer, rows: u64) -> Result<(), RestoreError> {
        let same = footer.rows == rows && footer.hash == self.hash_before.to_hex().as_str();
        let mut rest = [0];
        if !same || self.file.read(&mut rest)? > 0 {
            return Err(RestoreError::Incomplete);
        }
        Ok(())
    }

    fn identity(&self, row: Vec<Value>) -> Result<(MemberId, Identity), RestoreError> {
        let read = |row: Vec<Value>| {
            let [member, identity] = <[Value; 2]>::try_from(row).ok()?;
            let member = MemberId(Id::from_number(member.as_i64()?)?);
            Some((member, serde_json::from_value(identity).ok()?))
        };
        read(row).ok_or_else(|| self.wrong("this is no identity"))
    }

    fn cells(&self, table: &Table, row: Vec<Value>) -> Result<Vec<Cell>, RestoreError> {
        if row.len() != table.columns.len() {
            return Err(self.wrong(format!("a row of {} has {} columns", table.name, table.columns.len())));
        }
        let cells = row.iter().zip(table.columns).map(|(value, (column, kind))| {
            cell(value, *kind).ok_or_else(|| self.wrong(format!("{}.{column} cannot hold this", table.name)))
        });
        cells.collect()
    }
}

fn cell(value: &Value, kind: Kind) -> Option<Cell> {
    match (kind, value) {
        (Kind::Number, Value::Null) => Some(Cell::NoNumber),
        (Kind::Number, value) => value.as_i64().map(Cell::Number),
        (Kind::Text, Value::Null) => Some(Cell::NoText),
        (Kind::Text, value) => value.as_str().map(Cell::from),
        (Kind::Bytes, value) => bytes(value.as_str()?).map(Cell::Bytes),
    }
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    (0..text.len()).step_by(2).map(|index| u8::from_str_radix(text.get(index..index + 2)?, 16).ok()).collect()
}
