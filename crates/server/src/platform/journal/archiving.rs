//! Packing old rows of the journal into blocks, while everybody goes on.
//!
//! Each transaction puts some blocks down and takes their rows out. Nothing else is written, so that it
//! may end anywhere and begin again: what is left to do is what still stands among the rows.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant as Stopwatch};

use lojal_core::kernel::{Calendar, Instant, Part, Period, TransactionId, Window};

use super::archive::{archive_append, archive_remove};
use super::block::{Block, ENOUGH_BYTES, MOST_ROWS};
use super::{JournalRow, heads_of, journal_heads, unarchived_page, unarchived_page_of};
use crate::platform::database::Database;
use crate::platform::sql::{self, Dialect, ErrorKind, Statement, cells, damaged};

/// Rows that are read at once.
const PAGE: usize = 1_024;
/// Blocks that are written in one transaction: a file is held for some milliseconds.
const PORTION: usize = 16;
/// After so many young rows on end, nothing old is looked for any further.
const YOUNG: usize = 4_096;
/// The longest pause between two transactions; else it is as long as the one before took.
const LONGEST_PAUSE: Duration = Duration::from_millis(500);
/// How often rows that somebody else archives at the same time are left to them.
const PATIENCE: usize = 100;

/// What was archived.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Archived {
    pub transactions: u64,
    pub blocks: u64,
    /// What the rows took, and what their blocks take, but for what the database itself adds.
    pub bytes_before: u64,
    pub bytes_after: u64,
}

/// Packs what was decided before a moment. Of each part that is the beginning of its journal, up to
/// the first row that is younger; the latest row always stays, for new ids are made higher than it.
/// `progress` is told how many transactions have been packed.
pub async fn journal_archive(
    database: &Database,
    before: Instant,
    mut progress: impl FnMut(u64),
) -> Result<Archived, sql::Error> {
    let mut work = Work { database, before, archived: Archived::default(), progress: &mut progress };
    // In a file all rows lie in the order of their ids, and on a server those of each part.
    let in_file = database.dialect() == Dialect::Sqlite;
    for lane in Part::all().take(if in_file { 1 } else { usize::MAX }) {
        let mut tries = 0;
        while !work.go_through(if in_file { None } else { Some(lane) }).await? {
            tokio::time::sleep(LONGEST_PAUSE).await;
            tries += 1;
            if tries == PATIENCE {
                let text = "others archive the same transactions: let them finish, then begin again";
                return Err(sql::Error::new(ErrorKind::Conflict, text));
            }
        }
    }
    Ok(work.archived)
}

/// The beginning of the month that is `months` before the one of `now`.
pub fn first_kept(calendar: &Calendar, now: Instant, months: u32) -> Instant {
    let month = calendar.window_start(calendar.date(now), Window::Month);
    calendar.before(calendar.start_of(month), Period::months(i64::from(months)))
}

struct Work<'a, Progress> {
    database: &'a Database,
    before: Instant,
    archived: Archived,
    progress: &'a mut Progress,
}

/// Rows of a part that are not enough for a block yet.
#[derive(Default)]
struct Gathering {
    rows: Vec<JournalRow>,
    bytes: usize,
}

/// A block with the rows that are in it.
type Packed = (Block, Vec<JournalRow>);

impl<Progress: FnMut(u64)> Work<'_, Progress> {
    /// Archives what is old of one part, or of all. Answers whether it came to the end: when somebody
    /// else was quicker, it has to begin again.
    async fn go_through(&mut self, lane: Option<Part>) -> Result<bool, sql::Error> {
        let Some(latest) = self.latest(lane).await? else { return Ok(true) };
        let mut gathering: BTreeMap<Part, Gathering> = BTreeMap::new();
        let mut young_parts = BTreeSet::new();
        let mut young_rows = 0;
        let mut portion = Vec::new();
        let mut after = None;
        loop {
            let rows = self.page(lane, after).await?;
            let Some(last) = rows.last() else { break };
            after = Some(last.id);
            for row in rows {
                let part = row.id.part();
                if row.id >= latest || row.decided_at >= self.before || young_parts.contains(&part) {
                    young_parts.insert(part);
                    young_rows += 1;
                    continue;
                }
                young_rows = 0;
                let gathered = gathering.entry(part).or_default();
                gathered.bytes += bytes(&row);
                gathered.rows.push(row);
                if gathered.rows.len() == MOST_ROWS || gathered.bytes >= ENOUGH_BYTES {
                    portion.push(pack(std::mem::take(&mut gathered.rows))?);
                    gathered.bytes = 0;
                }
            }
            if portion.len() >= PORTION && !self.write(&mut portion).await? {
                return Ok(false);
            }
            if young_rows >= YOUNG || lane.is_some_and(|part| young_parts.contains(&part)) {
                break;
            }
        }
        for gathered in gathering.into_values().filter(|gathered| !gathered.rows.is_empty()) {
            portion.push(pack(gathered.rows)?);
        }
        self.write(&mut portion).await
    }

    async fn page(&self, lane: Option<Part>, after: Option<TransactionId>) -> Result<Vec<JournalRow>, sql::Error> {
        let mut connection = self.database.read().await?;
        match lane {
            None => unarchived_page(&mut connection, after, PAGE).await,
            Some(part) => {
                let after = after.map_or(-1, TransactionId::number);
                unarchived_page_of(&mut connection, part, after, PAGE).await
            }
        }
    }

    /// The latest row of those that are gone through.
    async fn latest(&self, lane: Option<Part>) -> Result<Option<TransactionId>, sql::Error> {
        let parts = [lane.unwrap_or(Part::PROGRAMME)];
        let question = heads_of(self.database.dialect(), &parts);
        let outcomes = sql::run_all(&mut *self.database.read().await?, vec![question]).await?;
        let rows = outcomes.first().map(|outcome| outcome.rows.as_slice()).unwrap_or_default();
        Ok(journal_heads(rows, &parts)?.first().map(|(_, head)| TransactionId(*head)))
    }

    /// Writes blocks in the place of their rows, some at a time, and lets others come in between.
    /// Answers whether the rows were all still there.
    async fn write(&mut self, portion: &mut Vec<Packed>) -> Result<bool, sql::Error> {
        while !portion.is_empty() {
            let begun = Stopwatch::now();
            let packed: Vec<Packed> = portion.drain(..portion.len().min(PORTION)).collect();
            let first = packed.first().map_or(Part::PROGRAMME, |(block, _)| block.part);
            // Whoever has decided something ahead that is not written yet decides it again, under a
            // later id: nothing comes in below what is archived.
            let transaction = self.database.write_aside_in(first).await?;
            let mut transaction = transaction.counting(self.database.generation_counter());
            let removals = packed.iter().map(|(block, rows)| archive_remove(block.part, rows)).collect();
            let removed: u64 =
                sql::run_all(&mut transaction, removals).await?.iter().map(|outcome| outcome.touched).sum();
            let blocks: Vec<Block> = packed.iter().map(|(block, _)| block.clone()).collect();
            let expected: usize = blocks.iter().map(|block| block.transactions).sum();
            let overtaken = packed.iter().map(|(block, _)| left_behind(block)).collect();
            let overtaken = sql::run_all(&mut transaction, overtaken).await?;
            if removed != expected as u64 || overtaken.iter().any(|outcome| !outcome.rows.is_empty()) {
                transaction.rollback().await?;
                return Ok(false);
            }
            transaction.commit_with(vec![archive_append(&blocks)]).await?;
            self.archived.blocks += blocks.len() as u64;
            self.archived.transactions += removed;
            self.archived.bytes_after += blocks.iter().map(|block| block.bytes() as u64).sum::<u64>();
            self.archived.bytes_before += packed.iter().flat_map(|(_, rows)| rows).map(bytes).sum::<usize>() as u64;
            (self.progress)(self.archived.transactions);
            tokio::time::sleep(begun.elapsed().min(LONGEST_PAUSE)).await;
        }
        Ok(true)
    }
}

/// Asks for a row that is older than the end of a block and in none: in a file, batches of several
/// lanes are written in another order than that of their ids.
fn left_behind(block: &Block) -> Statement {
    let sql = "select id from journal where part = ? and id <= ? limit 1";
    Statement::plain(sql, cells![block.part.number(), block.last.number()])
}

/// Packs rows, and makes sure that what comes out of the block is what went in.
fn pack(rows: Vec<JournalRow>) -> Result<Packed, sql::Error> {
    let block = Block::pack(&rows)?;
    if block.open()?.rows()? != rows {
        return Err(damaged(format!(
            "the rows from {} to {} do not come out of a block again",
            block.first, block.last
        )));
    }
    Ok((block, rows))
}

/// What a row takes in the database, but for what the database adds.
fn bytes(row: &JournalRow) -> usize {
    row.kind.len() + row.body.len() + row.hash.len() + 6 * size_of::<i64>()
}
