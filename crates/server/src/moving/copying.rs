//! Bringing another database up to what this one holds.
//!
//! The journal only grows, so that its rows are copied once, from a little before where the last pass
//! ended, and its archive block by block; the natural keys follow from them. Every other table is compared
//! row by row, and what differs is written. So a pass may end anywhere, the source may be written to
//! meanwhile, and the next pass does what is left.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use lojal_core::kernel::{Id, Instant, Part, TransactionId};

use super::closed::CLOSED;
use super::pages::{cells, page};
use super::tables::{Key, TABLES, Table};
use super::watched::WATCHED;
use crate::platform::database::Database;
use crate::platform::directory;
use crate::platform::journal::{
    JournalRow, archive_append, archive_blocks, archive_remove, journal_find_all, transaction_id, unarchived_page,
    unarchived_page_of,
};
use crate::platform::progress::{CLICKS_TOLD, SHARES_TOLD, progress_find, progress_set};
use crate::platform::sql::{self, Cell, Connection, Dialect, Row, damaged};
use crate::platform::standing;
use crate::platform::writer::key_kind;
use crate::platform::{figures, leaderboard};

/// Rows that are read and written at once.
const PAGE: usize = 1_000;
/// Blocks that are read at once.
const BLOCKS: usize = 32;
/// Longer than any batch is on its way between getting its ids and being written.
const OVERTAKEN_MILLISECONDS: i64 = 10 * 60 * 1_000;
/// The name under which the target knows how far its journal has come.
const WORK: &str = "arriving";
/// Tables out of which rows are taken in the course of things.
const SHRINKING: [&str; 11] = [
    "outbox",
    "idempotency",
    "identity",
    "member_key",
    "member_search",
    "sighting",
    "mark_party",
    "mark_tally",
    "watched_referral",
    "advocate_friend",
    "advocate_tally",
];

/// Copies everything that the target does not have as the source has it. Answers how many rows
/// were written or taken out; `progress` is told of them as they come.
pub(super) async fn copy(
    source: &Database,
    target: &Database,
    now: Instant,
    progress: &mut impl FnMut(u64),
) -> Result<u64, sql::Error> {
    let mut copied = 0;
    let mut note = |rows: u64| {
        copied += rows;
        progress(copied);
    };
    for table in CLOSED.iter().chain(WATCHED).chain(TABLES) {
        match table.name {
            "journal" => copy_journal(source, target, now, &mut note).await?,
            "journal_archive" => copy_archive(source, target, &mut note).await?,
            // With the journal.
            "natural_key" => {}
            _ => {
                compare(source, target, table, &mut note).await?;
                if SHRINKING.contains(&table.name) {
                    take_out(source, target, table, &mut note).await?;
                }
            }
        }
    }
    Ok(copied)
}

/// Forgets how far the journal had come, once nothing more will arrive.
pub(super) async fn forget_progress(connection: &mut Connection) -> Result<(), sql::Error> {
    let sql = "delete from progress where part = ? and work = ?";
    for part in Part::all() {
        sql::execute(connection, sql, vec![part.number().into(), WORK.into()]).await?;
    }
    Ok(())
}

async fn copy_journal(
    source: &Database,
    target: &Database,
    now: Instant,
    note: &mut impl FnMut(u64),
) -> Result<(), sql::Error> {
    // In a file all rows lie in the order of their ids, and on a server those of each part.
    let in_file = source.dialect() == Dialect::Sqlite;
    for lane in Part::all().take(if in_file { 1 } else { usize::MAX }) {
        let reached = progress_find(&mut *target.read().await?, lane, WORK).await?;
        let mut position = if in_file { overtaken_from(reached) } else { reached };
        loop {
            let connection = &mut *source.read().await?;
            let rows = match in_file {
                true => unarchived_page(connection, Some(transaction_id(position)?), PAGE).await?,
                false => unarchived_page_of(connection, lane, position, PAGE).await?,
            };
            let Some(last) = rows.last() else { break };
            position = last.id.number();
            let again = rows.iter().map(|row| row.id).filter(|id| id.number() <= reached);
            let known = journal_find_all(&mut *target.read().await?, again).await?;
            let known: BTreeSet<TransactionId> = known.iter().map(|row| row.id).collect();
            let rows: Vec<JournalRow> = rows.into_iter().filter(|row| !known.contains(&row.id)).collect();
            let mut transaction = target.write_for_move().await?;
            append(&mut transaction, &rows).await?;
            progress_set(&mut transaction, lane, WORK, position.max(reached), now).await?;
            transaction.commit().await?;
            note(rows.len() as u64);
        }
    }
    Ok(())
}

/// Where to begin again in a file of which the rows up to `reached` were read: batches of several
/// lanes are written in another order than that of their ids, and some may have come in below it.
fn overtaken_from(reached: i64) -> i64 {
    let from = |id: Id| Id::new(id.milliseconds() - OVERTAKEN_MILLISECONDS, 0, Part::PROGRAMME).number();
    Id::from_number(reached).map_or(reached, from)
}

/// Copies the blocks that the target does not have. Their rows may have been copied before they were
/// archived: then the block takes their place.
async fn copy_archive(source: &Database, target: &Database, note: &mut impl FnMut(u64)) -> Result<(), sql::Error> {
    for part in Part::all() {
        let mut after = -1;
        loop {
            let blocks = archive_blocks(&mut *source.read().await?, part, after, BLOCKS).await?;
            let (Some(first), Some(last)) = (blocks.first(), blocks.last()) else { break };
            let before = first.last.number() - 1;
            after = last.last.number();
            let known = archive_blocks(&mut *target.read().await?, part, before, BLOCKS).await?;
            for block in blocks.iter().filter(|block| !known.contains(block)) {
                let rows = block.open()?.rows()?;
                let mut transaction = target.write_for_move().await?;
                let statements = vec![archive_remove(part, &rows), archive_append(std::slice::from_ref(block))];
                sql::run_all(&mut transaction, statements).await?;
                name_rows(&mut transaction, &rows).await?;
                transaction.commit().await?;
                note(rows.len() as u64);
            }
        }
    }
    Ok(())
}

async fn append(connection: &mut Connection, rows: &[JournalRow]) -> Result<(), sql::Error> {
    let Some(journal) = Table::named("journal") else { return Err(damaged("the journal is not known")) };
    let head = format!("insert into {} ({}) values", journal.name, journal.column_list());
    sql::insert_all(connection, &head, "", rows.iter().map(JournalRow::cells).collect()).await?;
    name_rows(connection, rows).await
}

/// Lets natural keys lead to rows, unless they lead to later ones already.
async fn name_rows(connection: &mut Connection, rows: &[JournalRow]) -> Result<(), sql::Error> {
    let mut keys: BTreeMap<(&str, String), TransactionId> = BTreeMap::new();
    for row in rows {
        let body = row.read_body().map_err(|cause| damaged(format!("{}: {cause}", row.id)))?;
        for (key, _) in &body.decision.records {
            let known = keys.entry((key_kind(key.kind), key.id.to_string())).or_insert(row.id);
            *known = row.id.max(*known);
        }
    }
    let key = |((kind, name), row): ((&str, String), TransactionId)| {
        vec![row.part().number().into(), kind.into(), name.into(), row.number().into()]
    };
    sql::insert_all(
        connection,
        "insert into natural_key (part, kind, id, journal_id) values",
        "on conflict name_key (part, kind, id) do update set journal_id = excluded.journal_id
         where natural_key.journal_id < excluded.journal_id",
        keys.into_iter().map(key).collect(),
    )
    .await?;
    Ok(())
}

/// Whether it is about something that is built again where the data are.
pub(super) fn is_of_projection(work: &str) -> bool {
    work == directory::WORK || figures::WORKS.contains(&work) || leaderboard::WORKS.contains(&work)
}

/// Whether a row is the target's own affair.
fn stays(table: &Table, row: &Row) -> Result<bool, sql::Error> {
    Ok(match table.name {
        "progress" => {
            let work: &str = sql::column(row, "work")?;
            work == WORK || is_of_projection(work) || [SHARES_TOLD, CLICKS_TOLD].contains(&work)
        }
        "setting" => sql::column::<&str>(row, "name")? == standing::SETTING,
        _ => false,
    })
}

async fn compare(
    source: &Database,
    target: &Database,
    table: &'static Table,
    note: &mut impl FnMut(u64),
) -> Result<(), sql::Error> {
    let mut after = None;
    loop {
        let Some((rows, place)) = page(&mut *source.read().await?, table, after.take(), PAGE).await? else {
            return Ok(());
        };
        after = Some(place);
        let mut moving = Vec::with_capacity(rows.len());
        for row in &rows {
            if !stays(table, row)? {
                moving.push(row);
            }
        }
        let keys = moving.iter().map(|row| cells(row, table.key_columns())).collect::<Result<Vec<_>, _>>()?;
        let found: HashMap<Vec<Cell>, Vec<Cell>> = look_up(&mut *target.read().await?, table, keys).await?;
        let mut different = Vec::new();
        for row in moving {
            let row_cells = cells(row, table.columns)?;
            if found.get(&cells(row, table.key_columns())?) != Some(&row_cells) {
                different.push(row_cells);
            }
        }
        if different.is_empty() {
            continue;
        }
        let written = different.len() as u64;
        let mut transaction = target.write_for_move().await?;
        let head = format!("insert into {} ({}) values", table.name, table.column_list());
        sql::insert_all(&mut transaction, &head, &replacing(table), different).await?;
        transaction.commit().await?;
        note(written);
    }
}

/// Takes out of the target what the source does not have any more.
async fn take_out(
    source: &Database,
    target: &Database,
    table: &'static Table,
    note: &mut impl FnMut(u64),
) -> Result<(), sql::Error> {
    let mut after = None;
    loop {
        let Some((rows, place)) = page(&mut *target.read().await?, table, after.take(), PAGE).await? else {
            return Ok(());
        };
        after = Some(place);
        let keys = rows.iter().map(|row| cells(row, table.key_columns())).collect::<Result<Vec<_>, _>>()?;
        let known = look_up(&mut *source.read().await?, table, keys.clone()).await?;
        let gone: HashSet<Vec<Cell>> = keys.into_iter().filter(|key| !known.contains_key(key)).collect();
        if gone.is_empty() {
            continue;
        }
        let condition: Vec<String> = table.key_columns().iter().map(|(column, _)| format!("{column} = ?")).collect();
        let sql = format!("delete from {} where {}", table.name, condition.join(" and "));
        let taken = gone.len() as u64;
        let mut transaction = target.write_for_move().await?;
        for key in gone {
            sql::execute(&mut transaction, &sql, key).await?;
        }
        transaction.commit().await?;
        note(taken);
    }
}

/// The rows of some keys, by key.
async fn look_up(
    connection: &mut Connection,
    table: &Table,
    keys: Vec<Vec<Cell>>,
) -> Result<HashMap<Vec<Cell>, Vec<Cell>>, sql::Error> {
    let (columns, name, key) = (table.column_list(), table.name, table.key_list());
    let rows = match table.key {
        Key::Name(_) => sql::by_name(connection, &format!("select {columns} from {name} where"), &key, keys).await?,
        Key::Id | Key::Whole(_) => {
            sql::look_up(connection, &format!("select {columns} from {name} where ({key}) in"), keys).await?
        }
    };
    rows.iter().map(|row| Ok((cells(row, table.key_columns())?, cells(row, table.columns)?))).collect()
}

/// What makes of an insert a replacement of the row that is there.
fn replacing(table: &Table) -> String {
    let keys = table.key_columns();
    let rest = table.columns.iter().skip(keys.len()).map(|(column, _)| format!("{column} = excluded.{column}"));
    let rest: Vec<String> = rest.collect();
    let kind = match table.key {
        Key::Id => "id_key ",
        Key::Name(_) => "name_key ",
        Key::Whole(_) => "",
    };
    let key = table.key_list();
    match rest.as_slice() {
        // A row that is all key is the same row.
        [] => format!("on conflict {kind}({key}) do nothing"),
        rest => format!("on conflict {kind}({key}) do update set {}", rest.join(", ")),
    }
}
