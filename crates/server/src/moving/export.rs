//! Writing everything into one file.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use lojal_core::kernel::MemberId;
use serde_json::{Value, json};

use super::cards::OpenCard;
use super::copying::is_of_projection;
use super::pages::page;
use super::tables::{Kind, TABLES, Table};
use super::{FORMAT, Footer, Header};
use crate::platform::application::Application;
use crate::platform::cards::card_page;
use crate::platform::enrolment::member_page;
use crate::platform::identity::{IdentityError, identity_find};
use crate::platform::journal::journal_page;
use crate::platform::sql::{self, Cell, Connection, Row};

/// Rows that are read at once.
const PAGE: usize = 500;

#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error("the file cannot be written: {0}")]
    File(#[from] std::io::Error),
    #[error("storage failed: {0}")]
    Storage(#[from] sql::Error),
    #[error(transparent)]
    Identity(#[from] IdentityError),
}

/// What was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exported {
    pub rows: u64,
}

/// Writes one moment of the whole instance to a new file. A file that is there already is refused.
pub async fn export(application: &Application, path: &Path) -> Result<Exported, ExportError> {
    let mut snapshot = application.database.moment().await?;
    let mut file = Lines::create(path)?;
    let header = Header { lojal_export: FORMAT, exported_at: application.clock.now().to_string() };
    file.line(&serde_json::to_string(&header).map_err(std::io::Error::other)?)?;
    for table in TABLES {
        match table.name {
            "journal" => write_journal(&mut snapshot, &mut file).await?,
            _ => write_table(&mut snapshot, &mut file, table).await?,
        }
    }
    write_identities(application, &mut snapshot, &mut file).await?;
    write_cards(application, &mut snapshot, &mut file).await?;
    file.finish()
}

async fn write_table(connection: &mut Connection, file: &mut Lines, table: &Table) -> Result<(), ExportError> {
    let name = table.name;
    let mut after = None;
    loop {
        let Some((rows, place)) = page(connection, table, after.take(), PAGE).await? else { return Ok(()) };
        after = Some(place);
        for row in &rows {
            if name == "progress" && is_of_projection(sql::column(row, "work")?) {
                continue;
            }
            let values = table.columns.iter().map(|(column, kind)| value(row, column, *kind));
            file.row(name, values.collect::<Result<_, _>>()?)?;
        }
    }
}

/// Writes every transaction, archived or not, in the same order.
async fn write_journal(connection: &mut Connection, file: &mut Lines) -> Result<(), ExportError> {
    let mut after = None;
    loop {
        let rows = journal_page(connection, after, PAGE).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = Some(last.id);
        for row in &rows {
            file.row("journal", row.cells().into_iter().map(cell_value).collect())?;
        }
    }
}

fn cell_value(cell: Cell) -> Value {
    match cell {
        Cell::Number(number) => number.into(),
        Cell::Text(text) => text.into(),
        Cell::Bytes(bytes) => hexadecimal(&bytes).into(),
        Cell::NoNumber | Cell::NoText => Value::Null,
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn value(row: &Row, column: &str, kind: Kind) -> Result<Value, sql::Error> {
    Ok(match kind {
        Kind::Number => sql::column::<Option<i64>>(row, column)?.into(),
        Kind::Text => sql::column::<Option<String>>(row, column)?.into(),
        Kind::Bytes => hexadecimal(sql::column(row, column)?).into(),
    })
}

async fn write_identities(
    application: &Application,
    connection: &mut Connection,
    file: &mut Lines,
) -> Result<(), ExportError> {
    let mut after: Option<MemberId> = None;
    loop {
        let members = member_page(connection, after, PAGE).await?;
        let Some(last) = members.last() else { return Ok(()) };
        after = Some(last.id);
        for member in &members {
            if let Some(identity) = identity_find(connection, &application.vault, member.id).await? {
                let identity = serde_json::to_value(&identity).map_err(std::io::Error::other)?;
                file.row("identity", vec![member.id.number().into(), identity])?;
            }
        }
    }
}

/// Writes cards with their numbers in the open.
async fn write_cards(
    application: &Application,
    connection: &mut Connection,
    file: &mut Lines,
) -> Result<(), ExportError> {
    let mut after = None;
    loop {
        let cards = card_page(connection, &application.vault, after, PAGE).await?;
        let Some(last) = cards.last() else { return Ok(()) };
        after = Some(last.id);
        for card in &cards {
            let row = OpenCard::from(card).into_row().map_err(std::io::Error::other)?;
            file.row(OpenCard::TABLE, row)?;
        }
    }
}

/// The file while it is written.
struct Lines {
    file: GzEncoder<BufWriter<File>>,
    hasher: blake3::Hasher,
    rows: u64,
}

impl Lines {
    fn create(path: &Path) -> std::io::Result<Lines> {
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        let file = GzEncoder::new(BufWriter::new(options.open(path)?), Compression::default());
        Ok(Lines { file, hasher: blake3::Hasher::new(), rows: 0 })
    }

    fn line(&mut self, text: &str) -> std::io::Result<()> {
        for bytes in [text.as_bytes(), b"\n"] {
            self.hasher.update(bytes);
            self.file.write_all(bytes)?;
        }
        Ok(())
    }

    fn row(&mut self, table: &str, row: Vec<Value>) -> std::io::Result<()> {
        self.rows += 1;
        self.line(&json!({ "table": table, "row": row }).to_string())
    }

    /// Writes the last line and waits until the file is on the disk.
    fn finish(mut self) -> Result<Exported, ExportError> {
        let rows = self.rows;
        let footer = Footer { rows, hash: self.hasher.finalize().to_hex().to_string() };
        self.line(&json!({ "end": footer }).to_string())?;
        let file = self.file.finish()?.into_inner().map_err(|failed| failed.into_error())?;
        file.sync_all()?;
        Ok(Exported { rows })
    }
}
