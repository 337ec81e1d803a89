//! The bare limit: the same rows, decisions made beforehand, in one huge transaction into a fresh
//! database with the same settings. SQLite: one connection. PostgreSQL: arrays of rows, unnested, on
//! two connections.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use lojal_core::kernel::HolderId;
use lojal_server::platform::database::Database;
use lojal_server::platform::sql::{self, Cell, Connection, Dialect, Row, Statement};

use super::ground::Ground;
use super::shop::{Shop, Written};
use crate::failure::Failure;

/// Orders that share their statements.
const GROUP: usize = 1_000;
/// States that are copied at once.
const CHUNK: usize = 1_000;

const JOURNAL: [(&str, Kind); 9] = [
    ("part", Kind::Number),
    ("id", Kind::Number),
    ("holder", Kind::Number),
    ("prev", Kind::Number),
    ("decided_at", Kind::Number),
    ("version", Kind::Number),
    ("kind", Kind::Text),
    ("body", Kind::Text),
    ("hash", Kind::Bytes),
];
const STATE: [(&str, Kind); 8] = [
    ("part", Kind::Number),
    ("holder", Kind::Number),
    ("body", Kind::Bytes),
    ("head", Kind::Number),
    ("head_hash", Kind::Bytes),
    ("version", Kind::Number),
    ("clock", Kind::Number),
    ("due_at", Kind::Number),
];

#[derive(Clone, Copy, Debug)]
enum Kind {
    Number,
    Text,
    Bytes,
}

type Cells = Vec<Cell>;

/// How many of `written` a second the database takes, when nothing else is to be done.
pub async fn limit(ground: &Ground, shop: &Shop, mut written: Vec<Written>) -> Result<f64, Failure> {
    if written.is_empty() {
        return Err(Failure::new("nothing was written that could be written again: measure for longer"));
    }
    written.sort_by_key(|written| written.transaction);
    let place = ground.fresh().await?;
    let database = Database::open(&place).await?;
    copy_states(&shop.application.database, &database, shop).await?;
    let workers = if database.dialect() == Dialect::Sqlite { 1 } else { 2 };
    let mut shares = Vec::new();
    for worker in 0..workers {
        // A holder belongs to one worker, so that none waits for another.
        let share: Vec<&Written> =
            written.iter().filter(|written| written.holder.part().number() % workers == worker).collect();
        shares.push(statements(&mut *shop.application.database.read().await?, &share).await?);
    }
    let begun = Instant::now();
    let tasks: Vec<_> = shares.into_iter().map(|share| tokio::spawn(write(database.clone(), share))).collect();
    for task in tasks {
        task.await??;
    }
    let elapsed = begun.elapsed();
    database.close().await;
    Ok(written.len() as f64 / elapsed.as_secs_f64().max(f64::EPSILON))
}

/// How many bytes an order of these writes, without what the database adds.
pub async fn bytes_an_order(shop: &Shop, written: &[Written]) -> Result<usize, Failure> {
    let mut connection = shop.application.database.read().await?;
    let written: Vec<&Written> = written.iter().take(CHUNK).collect();
    let statements = statements(&mut connection, &written).await?;
    let bytes = |cell: &Cell| match cell {
        Cell::Number(_) => size_of::<i64>(),
        Cell::Text(text) => text.len(),
        Cell::Bytes(bytes) => bytes.len(),
        Cell::NoNumber | Cell::NoText => 0,
    };
    let all: usize = statements
        .iter()
        .flat_map(|statement| match statement {
            Statement::Insert { rows, .. } => rows.as_slice(),
            _ => &[],
        })
        .flatten()
        .map(bytes)
        .sum();
    Ok(all / written.len().max(1))
}

async fn write(database: Database, statements: Vec<Statement>) -> Result<(), sql::Error> {
    let mut transaction = database.write_aside().await?;
    let mut statements = statements.into_iter().peekable();
    while statements.peek().is_some() {
        sql::run_all(&mut transaction, statements.by_ref().take(3).collect()).await?;
    }
    transaction.commit().await
}

/// Three statements for each group of orders: journal, states, natural keys.
async fn statements(connection: &mut Connection, written: &[&Written]) -> Result<Vec<Statement>, Failure> {
    let mut statements = Vec::new();
    for group in written.chunks(GROUP) {
        let ids = group.iter().map(|written| {
            vec![Cell::from(written.transaction.part().number()), Cell::from(written.transaction.number())]
        });
        let head =
            "select part, id, holder, prev, decided_at, version, kind, body, hash from journal where (part, id) in";
        let mut journal = BTreeMap::new();
        for row in sql::look_up(connection, head, ids.collect()).await? {
            journal.insert(sql::column::<i64>(&row, "id")?, cells(&row, &JOURNAL)?);
        }
        statements.push(Statement::insert(
            "insert into journal (part, id, holder, prev, decided_at, version, kind, body, hash) values",
            "",
            journal.into_values().collect(),
        ));
        let holders: BTreeSet<HolderId> = group.iter().map(|written| written.holder).collect();
        statements.push(save_states(states(connection, holders).await?));
        let mut keys = Vec::new();
        for written in group {
            for key in &written.keys {
                let kind = serde_json::to_value(key.kind)?;
                keys.push(vec![
                    Cell::from(written.holder.part().number()),
                    Cell::from(kind.as_str().unwrap_or_default()),
                    Cell::from(key.id.as_str()),
                    Cell::from(written.transaction.number()),
                ]);
            }
        }
        let head = "insert into natural_key (part, kind, id, journal_id) values";
        statements.push(Statement::insert(head, "", keys));
    }
    Ok(statements)
}

/// The states as they were at the end: about as large as they were in between.
async fn states(
    connection: &mut Connection,
    holders: impl IntoIterator<Item = HolderId>,
) -> Result<Vec<Cells>, Failure> {
    let head =
        "select part, holder, body, head, head_hash, version, clock, due_at from holder_state where (part, holder) in";
    let keys = holders.into_iter().map(|holder| vec![Cell::from(holder.part().number()), Cell::from(holder.number())]);
    let rows = sql::look_up(connection, head, keys.collect()).await?;
    rows.iter().map(|row| cells(row, &STATE)).collect()
}

fn save_states(rows: Vec<Cells>) -> Statement {
    Statement::insert(
        "insert into holder_state (part, holder, body, head, head_hash, version, clock, due_at) values",
        "on conflict id_key (part, holder) do update set body = excluded.body, head = excluded.head,
         head_hash = excluded.head_hash, version = excluded.version, clock = excluded.clock,
         due_at = excluded.due_at",
        rows,
    )
}

/// All members' states, so that an order's state finds itself among as many as it did.
async fn copy_states(from: &Database, to: &Database, shop: &Shop) -> Result<(), Failure> {
    let mut reading = from.read().await?;
    let mut transaction = to.write_aside().await?;
    for chunk in shop.members().chunks(CHUNK) {
        let rows = states(&mut reading, chunk.iter().map(|member| HolderId(member.0))).await?;
        sql::run_all(&mut transaction, vec![save_states(rows)]).await?;
    }
    Ok(transaction.commit().await?)
}

fn cells(row: &Row, columns: &[(&str, Kind)]) -> Result<Cells, Failure> {
    let cell = |(name, kind): &(&str, Kind)| {
        Ok(match kind {
            Kind::Number => Cell::from(sql::column::<Option<i64>>(row, name)?),
            Kind::Text => Cell::from(sql::column::<String>(row, name)?),
            Kind::Bytes => Cell::from(sql::column::<Vec<u8>>(row, name)?),
        })
    };
    columns.iter().map(cell).collect()
}
