//! Holder states: the fold of each holder's journal, kept so that nobody has to fold it again.

use lojal_core::holder::Holder;
use lojal_core::kernel::{HolderId, Instant, Part, TransactionId};

use super::clock::instant;
use super::journal::{id, transaction_id};
use super::packing::{pack_state, unpack_state};
use super::sql::{self, Cell, Connection, Row, cells, damaged};

const COLUMNS: &str = "part, holder, body, head, head_hash, version, clock, due_at";

/// A holder with the end of its chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    pub holder: Holder,
    /// The latest transaction.
    pub head: TransactionId,
    pub head_hash: [u8; 32],
    /// How many transactions there are.
    pub version: i64,
    /// When time itself has something to do next.
    pub due_at: Option<Instant>,
}

impl State {
    fn cells(&self) -> Vec<Cell> {
        cells![
            self.holder.id.part().number(),
            self.holder.id.number(),
            pack_state(&self.holder),
            self.head.number(),
            self.head_hash,
            self.version,
            self.holder.clock.as_microsecond(),
            self.due_at.map(Instant::as_microsecond),
        ]
    }

    fn read(row: &Row) -> Result<State, sqlx::Error> {
        let number: i64 = sql::column(row, "holder")?;
        let holder =
            unpack_state(sql::column(row, "body")?).map_err(|cause| damaged(format!("state {number}: {cause}")))?;
        if holder.id.number() != number {
            return Err(damaged(format!("the state of {} stands under another id", holder.id)));
        }
        Ok(State {
            holder,
            head: transaction_id(sql::column(row, "head")?)?,
            head_hash: sql::column_of_32(row, "head_hash")?,
            version: sql::column(row, "version")?,
            due_at: sql::column::<Option<i64>>(row, "due_at")?.map(instant),
        })
    }
}

pub async fn state_find(connection: &mut Connection, holder: HolderId) -> Result<Option<State>, sqlx::Error> {
    let sql = format!("select {COLUMNS} from holder_state where part = ? and holder = ?");
    let row = sql::row(connection, &sql, cells![holder.part().number(), holder.number()]).await?;
    row.as_ref().map(State::read).transpose()
}

/// The states of many holders, in no particular order.
pub async fn state_find_all(
    connection: &mut Connection,
    holders: impl IntoIterator<Item = HolderId>,
) -> Result<Vec<State>, sqlx::Error> {
    let head = format!("select {COLUMNS} from holder_state where (part, holder) in");
    let keys = holders.into_iter().map(|holder| cells![holder.part().number(), holder.number()]).collect();
    sql::look_up(connection, &head, keys).await?.iter().map(State::read).collect()
}

/// The states of a part in the order of their ids, after `after`, at most `limit`.
pub async fn state_page(
    connection: &mut Connection,
    part: Part,
    after: i64,
    limit: usize,
) -> Result<Vec<State>, sqlx::Error> {
    let sql = format!("select {COLUMNS} from holder_state where part = ? and holder > ? order by holder limit ?");
    let rows = sql::rows(connection, &sql, cells![part.number(), after, limit as i64]).await?;
    rows.iter().map(State::read).collect()
}

/// Holders of a part for whom something is due by `moment`, the longest overdue first.
pub async fn state_due(
    connection: &mut Connection,
    part: Part,
    moment: Instant,
    limit: usize,
) -> Result<Vec<HolderId>, sqlx::Error> {
    let sql = "select holder from holder_state where part = ? and due_at <= ? order by due_at limit ?";
    let rows = sql::rows(connection, sql, cells![part.number(), moment.as_microsecond(), limit as i64]).await?;
    rows.iter().map(|row| Ok(HolderId(id(sql::column(row, "holder")?)?))).collect()
}

pub(super) async fn state_save_all(connection: &mut Connection, states: &[&State]) -> Result<(), sqlx::Error> {
    let rows = states.iter().map(|state| state.cells()).collect();
    sql::insert_all(
        connection,
        &format!("insert into holder_state ({COLUMNS}) values"),
        "on conflict (part, holder) do update set body = excluded.body, head = excluded.head,
         head_hash = excluded.head_hash, version = excluded.version, clock = excluded.clock,
         due_at = excluded.due_at",
        rows,
    )
    .await?;
    Ok(())
}

/// Changes only when time has something to do next, after the programme changed.
pub(super) async fn state_set_due(
    connection: &mut Connection,
    holder: HolderId,
    due_at: Option<Instant>,
) -> Result<(), sqlx::Error> {
    let sql = "update holder_state set due_at = ? where part = ? and holder = ?";
    let due_at = due_at.map(Instant::as_microsecond);
    sql::execute(connection, sql, cells![due_at, holder.part().number(), holder.number()]).await?;
    Ok(())
}
