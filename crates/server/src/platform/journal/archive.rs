//! Old rows of the journal, packed into blocks.
//!
//! What is archived of a part is always the beginning of its journal: whatever is in a block is older
//! than whatever is in a row. A row goes into its block in one transaction and never comes back, so that
//! who looks first among the rows and then among the blocks finds it at any moment.

use std::collections::VecDeque;

use lojal_core::kernel::{Part, TransactionId};

use super::JournalRow;
use super::block::{Block, Opened};
use crate::platform::sql::{self, Cell, Connection, Dialect, Outcome, Statement, cells, damaged};

const COLUMNS: &str = "part, last_id, first_id, transactions, body, hash";

/// Blocks that a server is asked for at once where they are read in their order. One is unpacked at a time.
const AHEAD: usize = 8;
/// Blocks that are asked for together, where each row may be in another.
const TOGETHER: usize = 32;

/// Puts blocks down.
pub(crate) fn archive_append(blocks: &[Block]) -> Statement {
    let head = format!("insert into journal_archive ({COLUMNS}) values");
    Statement::insert(head, "", blocks.iter().map(Block::cells).collect())
}

/// Reads archived rows of many ids, in no particular order.
pub(super) async fn archive_find_all(
    connection: &mut Connection,
    mut ids: Vec<TransactionId>,
) -> Result<Vec<JournalRow>, sql::Error> {
    ids.sort_by_key(|id| (id.part(), *id));
    ids.dedup();
    let mut rows = Vec::with_capacity(ids.len());
    let mut cursor = Cursor::default();
    for ids in ids.chunks(TOGETHER) {
        let outcomes = sql::run_all(connection, ids.iter().map(|id| block_of(*id)).collect()).await?;
        for (id, outcome) in ids.iter().zip(outcomes) {
            cursor.turn_to(*id, &outcome)?;
            rows.extend(cursor.row(*id)?);
        }
    }
    Ok(rows)
}

/// Walks a chain backwards from an archived row, at most `limit` rows, the latest first.
pub(super) async fn archive_walk(
    connection: &mut Connection,
    from: TransactionId,
    limit: usize,
) -> Result<Vec<JournalRow>, sql::Error> {
    let mut rows = Vec::new();
    let mut cursor = Cursor::default();
    let mut next = Some(from);
    while let Some(id) = next.filter(|_| rows.len() < limit) {
        cursor.seek(connection, id).await?;
        let row = cursor.row(id)?.ok_or_else(|| damaged(format!("{id} is missing")))?;
        next = row.prev;
        rows.push(row);
    }
    Ok(rows)
}

/// The ids of a chain backwards from an archived row, as far as it can be followed, at most `limit`.
pub(super) async fn archive_chain(
    connection: &mut Connection,
    from: TransactionId,
    limit: usize,
) -> Result<Vec<(TransactionId, Option<TransactionId>)>, sql::Error> {
    let mut links = Vec::new();
    let mut cursor = Cursor::default();
    let mut next = Some(from);
    while let Some(id) = next.filter(|_| links.len() < limit) {
        cursor.seek(connection, id).await?;
        let Some((id, prev)) = cursor.link(id) else { break };
        next = prev.filter(|prev| *prev < id);
        links.push((id, prev));
    }
    Ok(links)
}

/// The blocks of a part after a place, in their order.
pub(crate) async fn archive_blocks(
    connection: &mut Connection,
    part: Part,
    after: i64,
    limit: usize,
) -> Result<Vec<Block>, sql::Error> {
    let outcomes = sql::run_all(connection, vec![blocks_after(part, after, limit)]).await?;
    outcomes.iter().flat_map(|outcome| &outcome.rows).map(Block::read).collect()
}

/// Asks for the blocks of a part in which rows after a place are.
fn blocks_after(part: Part, after: i64, limit: usize) -> Statement {
    let sql = format!("select {COLUMNS} from journal_archive where part = ? and last_id > ? order by last_id limit ?");
    Statement::plain(sql, cells![part.number(), after, limit as i64])
}

/// Asks for the block in which an archived row must be.
fn block_of(id: TransactionId) -> Statement {
    let sql = format!("select {COLUMNS} from journal_archive where part = ? and last_id >= ? order by last_id limit 1");
    Statement::plain(sql, cells![id.part().number(), id.number()])
}

/// The block that was opened last.
#[derive(Default)]
struct Cursor {
    opened: Option<Opened>,
}

impl Cursor {
    async fn seek(&mut self, connection: &mut Connection, id: TransactionId) -> Result<(), sql::Error> {
        if self.link(id).is_none() {
            let outcomes = sql::run_all(connection, vec![block_of(id)]).await?;
            self.turn_to(id, outcomes.first().unwrap_or(&Outcome::default()))?;
        }
        Ok(())
    }

    /// Opens the block that was found for a row, unless the row is not in it or it is open.
    fn turn_to(&mut self, id: TransactionId, found: &Outcome) -> Result<(), sql::Error> {
        let Some(block) = found.rows.first().map(Block::read).transpose()? else { return Ok(()) };
        if block.first <= id && self.opened.as_ref().is_none_or(|opened| opened.last != block.last) {
            self.opened = Some(block.open()?);
        }
        Ok(())
    }

    fn row(&self, id: TransactionId) -> Result<Option<JournalRow>, sql::Error> {
        let Some(opened) = &self.opened else { return Ok(None) };
        opened.place(id).map(|place| opened.row(place)).transpose()
    }

    fn link(&self, id: TransactionId) -> Option<(TransactionId, Option<TransactionId>)> {
        let opened = self.opened.as_ref()?;
        opened.link(opened.place(id)?)
    }
}

/// The archived rows of a part in the order of their ids.
pub(super) struct Stream {
    part: Part,
    /// Everything up to here has been read.
    after: i64,
    blocks: VecDeque<Block>,
    opened: Option<(Opened, usize)>,
    has_ended: bool,
}

impl Stream {
    /// Begins after a place.
    pub fn new(part: Part, after: i64) -> Stream {
        Stream { part, after, blocks: VecDeque::new(), opened: None, has_ended: false }
    }

    /// Asks, together with other questions, for what [`Stream::begin`] takes.
    pub fn question(part: Part, after: i64) -> Statement {
        blocks_after(part, after, AHEAD)
    }

    /// Begins with the answer to [`Stream::question`].
    pub fn begin(part: Part, after: i64, found: &Outcome) -> Result<Stream, sql::Error> {
        let blocks = found.rows.iter().map(Block::read).collect::<Result<VecDeque<_>, _>>()?;
        let has_ended = blocks.len() < AHEAD;
        Ok(Stream { blocks, has_ended, ..Stream::new(part, after) })
    }

    /// The id of the row that comes next.
    pub async fn peek(&mut self, connection: &mut Connection) -> Result<Option<TransactionId>, sql::Error> {
        loop {
            if let Some((opened, place)) = &self.opened
                && let Some((id, _)) = opened.link(*place)
            {
                return Ok(Some(id));
            }
            if self.blocks.is_empty() && !self.has_ended {
                let ahead = if connection.dialect() == Dialect::Sqlite { 1 } else { AHEAD };
                self.blocks = archive_blocks(connection, self.part, self.after, ahead).await?.into();
                self.has_ended = self.blocks.len() < ahead;
            }
            let Some(block) = self.blocks.pop_front() else { return Ok(None) };
            let opened = block.open()?;
            let place = opened.place_after(self.after);
            self.after = block.last.number();
            self.opened = Some((opened, place));
        }
    }

    pub async fn next(&mut self, connection: &mut Connection) -> Result<Option<JournalRow>, sql::Error> {
        if self.peek(connection).await?.is_none() {
            return Ok(None);
        }
        let Some((opened, place)) = &mut self.opened else { return Ok(None) };
        let row = opened.row(*place)?;
        *place += 1;
        Ok(Some(row))
    }
}

/// Puts rows that were read before the blocks, in the order of their ids, together with those of the
/// blocks: at most `limit` of both. A row that was archived in between is in both.
pub(super) async fn merge(
    connection: &mut Connection,
    fresh: Vec<JournalRow>,
    mut streams: Vec<Stream>,
    limit: usize,
) -> Result<Vec<JournalRow>, sql::Error> {
    let mut rows = Vec::new();
    let mut fresh = fresh.into_iter().peekable();
    while rows.len() < limit {
        let mut lowest: Option<(TransactionId, &mut Stream)> = None;
        for stream in &mut streams {
            if let Some(id) = stream.peek(connection).await?
                && lowest.as_ref().is_none_or(|(known, _)| id < *known)
            {
                lowest = Some((id, stream));
            }
        }
        let next = match (lowest, fresh.peek()) {
            (Some((id, stream)), row) if row.is_none_or(|row| id <= row.id) => {
                if row.is_some_and(|row| row.id == id) {
                    fresh.next();
                }
                stream.next(connection).await?
            }
            _ => fresh.next(),
        };
        let Some(row) = next else { break };
        rows.push(row);
    }
    Ok(rows)
}

/// Takes rows of a part out of the journal, which a block holds.
pub(crate) fn archive_remove(part: Part, rows: &[JournalRow]) -> Statement {
    let mut cells = cells![part.number()];
    cells.extend(rows.iter().map(|row| Cell::from(row.id.number())));
    let marks = vec!["?"; cells.len() - 1].join(", ");
    Statement::plain(format!("delete from journal where part = ? and id in ({marks})"), cells)
}
