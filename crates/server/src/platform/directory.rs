//! Whose order, whose voucher: finds the holder of a thing that is named without its member.
//!
//! On one machine a natural key is found by its name alone. Over several, the directory says in which
//! part to look: a projection of the journal, spread by the hash of the name itself, which may lag
//! behind. What it does not know yet is looked for part by part, so the answer is always current.

use std::collections::HashMap;

use lojal_core::command::KeyKind;
use lojal_core::kernel::{HolderId, Instant, Name, Part, TransactionId};

use super::database::Database;
use super::journal::{JournalRow, id, journal_find, journal_find_all, journal_page_of, transaction_id};
use super::progress::{progress_find, progress_set};
use super::sql::{self, Cell, Connection, Dialect, cells, damaged};
use super::writer::key_kind;

/// The name under which its progress is kept.
pub(crate) const WORK: &str = "directory";
/// Rows of the journal that are read at once.
const PAGE: usize = 500;

/// What can be found without its member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listed {
    Order,
    Voucher,
}

impl Listed {
    pub fn kind(self) -> KeyKind {
        match self {
            Listed::Order => KeyKind::Order,
            Listed::Voucher => KeyKind::Voucher,
        }
    }

    fn of(kind: KeyKind) -> Option<Listed> {
        [Listed::Order, Listed::Voucher].into_iter().find(|listed| listed.kind() == kind)
    }

    /// The part in which the directory keeps a name.
    fn part(self, name: &str) -> Part {
        Part::of(key_kind(self.kind()), name)
    }
}

/// The holder of a thing and the transaction that last wrote its record.
pub async fn directory_find(
    connection: &mut Connection,
    listed: Listed,
    name: &str,
) -> Result<Option<(HolderId, TransactionId)>, sql::Error> {
    if connection.dialect() != Dialect::Distributed {
        return natural_key_owner(connection, listed.kind(), name).await;
    }
    let kind = key_kind(listed.kind());
    let sql = "select holder from directory where part = ? and kind = ? and name = ?";
    let known = sql::row(connection, sql, cells![listed.part(name).number(), kind, name]).await?;
    if let Some(row) = known {
        let holder = HolderId(id(sql::column(&row, "holder")?)?);
        let key = natural_key_find(connection, vec![holder.part()], kind, name).await?;
        return Ok(key.map(|transaction| (holder, transaction)));
    }
    natural_key_owner(connection, listed.kind(), name).await
}

/// The holders of those of many things that are known, by name.
pub async fn directory_find_all(
    connection: &mut Connection,
    listed: Listed,
    names: &[&str],
) -> Result<HashMap<Name, HolderId>, sql::Error> {
    let mut owners = HashMap::new();
    let mut names: Vec<&str> = names.to_vec();
    if connection.dialect() == Dialect::Distributed {
        owners.extend(directory_entries(connection, listed, &names).await?);
        names.retain(|name| !owners.contains_key(*name));
    }
    let kind = key_kind(listed.kind());
    let keys = names.iter().flat_map(|name| Part::all().map(move |part| cells![part.number(), kind, *name]));
    let keys: Vec<_> = keys.collect();
    let written = keys_written(connection, keys).await?;
    let names: HashMap<TransactionId, Name> = written.into_iter().map(|(name, written)| (written, name)).collect();
    for row in journal_find_all(connection, names.keys().copied()).await? {
        owners.extend(names.get(&row.id).map(|name| (name.clone(), row.holder)));
    }
    Ok(owners)
}

/// Which transactions last wrote the records of many things, by name: of those that are known.
pub async fn directory_written(
    connection: &mut Connection,
    listed: Listed,
    names: &[&str],
) -> Result<HashMap<Name, TransactionId>, sql::Error> {
    let mut entries = HashMap::new();
    if connection.dialect() == Dialect::Distributed {
        entries = directory_entries(connection, listed, names).await?;
    }
    let kind = key_kind(listed.kind());
    let keys = names.iter().flat_map(|name| {
        let known = entries.get(*name).map(|holder: &HolderId| holder.part());
        let parts = Part::all().filter(move |part| known.is_none_or(|known| known == *part));
        parts.map(move |part| cells![part.number(), kind, *name])
    });
    let keys: Vec<_> = keys.collect();
    keys_written(connection, keys).await
}

/// By name, the transactions that last wrote under natural keys.
async fn keys_written(
    connection: &mut Connection,
    keys: Vec<Vec<Cell>>,
) -> Result<HashMap<Name, TransactionId>, sql::Error> {
    let select = "select id, journal_id from natural_key where";
    let mut written: HashMap<Name, TransactionId> = HashMap::new();
    for row in sql::by_name(connection, select, "part, kind, id", keys).await? {
        let found = transaction_id(sql::column(&row, "journal_id")?)?;
        let latest = written.entry(Name::from(sql::column::<&str>(&row, "id")?)).or_insert(found);
        *latest = found.max(*latest);
    }
    Ok(written)
}

/// As [`directory_find`], also for what the directory does not list: looked for part by part.
pub async fn natural_key_owner(
    connection: &mut Connection,
    kind: KeyKind,
    name: &str,
) -> Result<Option<(HolderId, TransactionId)>, sql::Error> {
    let parts = Part::all().collect();
    let Some(transaction) = natural_key_find(connection, parts, key_kind(kind), name).await? else {
        return Ok(None);
    };
    let row = journal_find(connection, transaction).await?;
    let row = row.ok_or_else(|| damaged(format!("{transaction} is missing")))?;
    Ok(Some((row.holder, transaction)))
}

/// Up to which row the journal of a part has been entered.
pub async fn directory_position(connection: &mut Connection, part: Part) -> Result<i64, sql::Error> {
    progress_find(connection, part, WORK).await
}

/// What the directory itself says of some names, and nothing else.
pub async fn directory_entries(
    connection: &mut Connection,
    listed: Listed,
    names: &[&str],
) -> Result<HashMap<Name, HolderId>, sql::Error> {
    let head = "select name, holder from directory where (part, kind, name) in";
    let key = |name: &&str| cells![listed.part(name).number(), key_kind(listed.kind()), *name];
    let rows = sql::look_up(connection, head, names.iter().map(key).collect()).await?;
    rows.iter()
        .map(|row| Ok((Name::from(sql::column::<&str>(row, "name")?), HolderId(id(sql::column(row, "holder")?)?))))
        .collect()
}

/// The latest row of a natural key in any of `parts`.
async fn natural_key_find(
    connection: &mut Connection,
    parts: Vec<Part>,
    kind: &str,
    name: &str,
) -> Result<Option<TransactionId>, sql::Error> {
    let select = "select journal_id from natural_key where";
    let keys = parts.into_iter().map(|part| cells![part.number(), kind, name]);
    let mut latest = None;
    for row in sql::by_name(connection, select, "part, kind, id", keys).await? {
        latest = latest.max(Some(transaction_id(sql::column(&row, "journal_id")?)?));
    }
    Ok(latest)
}

/// Enters what the journal has gained. Answers how many of its rows were read.
pub async fn directory_catch_up(database: &Database, now: Instant) -> Result<usize, sql::Error> {
    let mut read = 0;
    if database.dialect() != Dialect::Distributed {
        return Ok(read);
    }
    for part in Part::all() {
        loop {
            let mut connection = database.read().await?;
            let position = progress_find(&mut connection, part, WORK).await?;
            let rows = journal_page_of(&mut connection, part, position, PAGE).await?;
            drop(connection);
            let Some(last) = rows.last() else { break };
            let last = last.id.number();
            read += rows.len();
            let mut transaction = database.write_aside().await?;
            sql::insert_all(
                &mut transaction,
                "insert into directory (part, kind, name, holder) values",
                "on conflict (part, kind, name) do nothing",
                entries(&rows)?,
            )
            .await?;
            progress_set(&mut transaction, part, WORK, last, now).await?;
            transaction.commit().await?;
            if rows.len() < PAGE {
                break;
            }
        }
    }
    Ok(read)
}

/// What some rows add to the directory.
fn entries(rows: &[JournalRow]) -> Result<Vec<Vec<Cell>>, sql::Error> {
    let mut entries = Vec::new();
    for row in rows {
        let body = row.read_body().map_err(|cause| damaged(format!("{}: {cause}", row.id)))?;
        for (key, _) in &body.decision.records {
            if let Some(listed) = Listed::of(key.kind) {
                let name = key.id.as_str();
                entries.push(cells![listed.part(name).number(), key_kind(key.kind), name, row.holder.number()]);
            }
        }
    }
    Ok(entries)
}
