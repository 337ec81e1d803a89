//! For whoever follows the journal: where it has grown, and from where on to read.

use std::collections::HashMap;

use lojal_core::kernel::{Id, Instant, Part, TransactionId};

use super::{JournalRow, heads_of, journal_heads, journal_walk};
use crate::platform::database::Database;
use crate::platform::sql::{self, Connection, Dialect, Statement, cells};

/// Rows of one holder that are read together.
const PAGE: usize = 1000;
/// In a file, rows of different parts may be written a little out of the order of their ids. So far back is looked
/// again; whatever comes later still is found by its holder's next row, or by an hourly look
/// at all holders.
const OVERLAP_MILLISECONDS: i64 = 5000;

/// The lanes in which there may be something that `work` has not seen, found out with two questions.
pub(crate) async fn journal_grown(
    database: &Database,
    work: &str,
    now: Instant,
) -> Result<Vec<Option<Part>>, sql::Error> {
    let parts: Vec<Part> = Part::all().collect();
    let mut connection = database.read().await?;
    let dialect = connection.dialect();
    let keys = parts.iter().map(|part| cells![part.number(), work]).collect();
    let positions = Statement::look_up("select part, position from progress where (part, work) in", keys);
    let answers = sql::run_all(&mut connection, vec![heads_of(dialect, &parts), positions]).await?;
    let [heads, positions] = answers.as_slice() else { return Ok(dialect.in_order_of_time()) };
    let heads: HashMap<Part, i64> =
        journal_heads(&heads.rows, &parts)?.into_iter().map(|(part, head)| (part, head.number())).collect();
    let mut known: HashMap<i64, i64> = HashMap::new();
    for row in &positions.rows {
        known.insert(sql::column(row, "part")?, sql::column(row, "position")?);
    }
    let grew = |lane: &Option<Part>| {
        let part = lane.unwrap_or(Part::PROGRAMME);
        let position = known.get(&part.number()).copied().unwrap_or(0);
        // What is archived is not looked for here: where there is nothing else, it may not have been seen.
        let Some(head) = heads.get(&part).copied() else { return position == 0 };
        let is_settled = lane.is_some() || now.as_millisecond() - made_at(head) > 2 * OVERLAP_MILLISECONDS;
        head > position || !is_settled
    };
    Ok(dialect.in_order_of_time().into_iter().filter(grew).collect())
}

/// When an id was made, in milliseconds since 1970.
fn made_at(id: i64) -> i64 {
    Id::from_number(id).map_or(0, Id::milliseconds)
}

/// Where reading begins when everything up to `position` has been read once.
pub(crate) fn looked_at_again(dialect: Dialect, position: i64) -> i64 {
    match dialect {
        Dialect::Sqlite => {
            let back = OVERLAP_MILLISECONDS << 22;
            (position - back).max(-1)
        }
        Dialect::Postgres | Dialect::Distributed => position.max(-1),
    }
}

/// The rows of a holder from `from` back to, and without, those up to the number `until`, in their order.
pub(crate) async fn journal_since(
    connection: &mut Connection,
    from: Option<TransactionId>,
    until: i64,
) -> Result<Vec<JournalRow>, sql::Error> {
    let mut rows = Vec::new();
    let is_wanted = |id: &TransactionId| id.number() > until;
    let mut next = from.filter(is_wanted);
    while next.is_some() {
        let page = journal_walk(connection, next, PAGE).await?;
        if page.is_empty() {
            break;
        }
        for row in page {
            if !is_wanted(&row.id) {
                next = None;
                break;
            }
            next = row.prev.filter(is_wanted);
            rows.push(row);
        }
    }
    rows.reverse();
    Ok(rows)
}
