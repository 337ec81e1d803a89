//! The journal from its end backwards, whoever it is about.

use lojal_core::kernel::{Id, TransactionId};

use super::{JournalRow, journal_find_all, transaction_id};
use crate::platform::lanes::merged;
use crate::platform::sql::{self, Connection, Row, Statement, cells};

/// Rows that one look goes through when only some kinds are wanted.
const LOOK: usize = 5_000;
const STRIDE: usize = 1000;

/// A piece of the journal, the latest first. What is archived is not among it.
#[derive(Debug, Default)]
pub struct Browsed {
    pub rows: Vec<JournalRow>,
    /// Where it goes on; `None` at the end.
    pub next: Option<TransactionId>,
    /// Whether the look ended before there were as many as asked for.
    pub ended_early: bool,
}

/// The latest rows before `before` that are of one of `kinds`, or of any where there are none, at most `limit`.
pub async fn journal_browse(
    connection: &mut Connection,
    before: Option<Id>,
    kinds: &[&str],
    limit: usize,
) -> Result<Browsed, sql::Error> {
    let mut found: Vec<TransactionId> = Vec::new();
    let mut place = before;
    let mut looked = 0;
    let mut has_more = true;
    'looking: while has_more && looked < LOOK {
        let stride = if kinds.is_empty() { limit + 1 } else { STRIDE };
        let (rows, more) = heads(connection, place, stride).await?;
        looked += rows.len().max(1);
        has_more = more;
        for (id, kind) in rows {
            if kinds.is_empty() || kinds.contains(&kind.as_str()) {
                if found.len() == limit {
                    has_more = true;
                    break 'looking;
                }
                found.push(id);
            }
            place = Some(id.0);
        }
    }
    let mut rows = journal_find_all(connection, found.iter().copied()).await?;
    rows.sort_unstable_by_key(|row| std::cmp::Reverse(row.id));
    let next = place.filter(|_| has_more).map(TransactionId);
    Ok(Browsed { ended_early: next.is_some() && rows.len() < limit, rows, next })
}

/// The ids of the next rows with what they are of, and whether there are more.
async fn heads(
    connection: &mut Connection,
    before: Option<Id>,
    limit: usize,
) -> Result<(Vec<(TransactionId, String)>, bool), sql::Error> {
    let pages = connection.dialect().pages_backwards("id", before);
    let of_each = (limit / pages.len()).max(16);
    let question = |(page, mut cells): (String, Vec<sql::Cell>)| {
        cells.extend(cells![of_each as i64]);
        Statement::plain(format!("select id, kind from journal where {page} limit ?"), cells)
    };
    let answers = sql::run_all(connection, pages.into_iter().map(question).collect()).await?;
    let read = |row: &Row| Ok((transaction_id(sql::column(row, "id")?)?, sql::column(row, "kind")?));
    let lanes = answers.iter().map(|answer| answer.rows.iter().map(read).collect::<Result<Vec<_>, sql::Error>>());
    Ok(merged(lanes.collect::<Result<_, _>>()?, of_each, |(id, _)| std::cmp::Reverse(*id)))
}
