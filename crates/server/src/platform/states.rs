//! Holder states: the fold of each holder's journal, kept so that nobody has to fold it again.

use lojal_core::holder::Holder;
use lojal_core::kernel::{HolderId, Instant, MemberId, Name, Part, TransactionId};

use super::clock::instant;
use super::enrolment::MemberRow;
use super::journal::{id, transaction_id};
use super::packing::{pack_state, unpack_state};
use super::sql::{self, Cell, Connection, Row, Statement, cells, damaged};

const COLUMNS: &str = "part, holder, body, head, head_hash, version, clock, due_at";

const MEMBER_COLUMNS: &str = "member.id, member.external_id, member.household, member.status, member.created_at,
     member.enrolled_by, member.merged_into";
/// What [`State::read`] takes, and from where, beside the row of the member.
const MEMBER_STATE: &str = "holder_state.holder, body, head, head_hash, version, due_at from member
     join holder_state on holder_state.part = member.part and holder_state.holder = member.id";

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

    pub(super) fn read(row: &Row) -> Result<State, sql::Error> {
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

pub async fn state_find(connection: &mut Connection, holder: HolderId) -> Result<Option<State>, sql::Error> {
    let sql = format!("select {COLUMNS} from holder_state where part = ? and holder = ?");
    let row = sql::row(connection, &sql, cells![holder.part().number(), holder.number()]).await?;
    row.as_ref().map(State::read).transpose()
}

/// A member with their own state.
pub async fn member_state_find(
    connection: &mut Connection,
    member: MemberId,
) -> Result<Option<(MemberRow, State)>, sql::Error> {
    let cells = cells![member.part().number(), member.number()];
    member_state(connection, "member.part = ? and member.id = ?", cells).await
}

/// As [`member_state_find`], by the shop's own id.
pub async fn member_state_find_by_external_id(
    connection: &mut Connection,
    part: Part,
    external_id: &str,
) -> Result<Option<(MemberRow, State)>, sql::Error> {
    member_state(connection, "member.part = ? and member.external_id = ?", cells![part.number(), external_id]).await
}

async fn member_state(
    connection: &mut Connection,
    condition: &str,
    cells: Vec<Cell>,
) -> Result<Option<(MemberRow, State)>, sql::Error> {
    let sql = format!("select {MEMBER_COLUMNS}, {MEMBER_STATE} where {condition}");
    let row = sql::row(connection, &sql, cells).await?;
    row.as_ref().map(|row| Ok((MemberRow::read(row)?, State::read(row)?))).transpose()
}

/// The states of many holders, in no particular order.
pub async fn state_find_all(
    connection: &mut Connection,
    holders: impl IntoIterator<Item = HolderId>,
) -> Result<Vec<State>, sql::Error> {
    let found = sql::run_all(connection, vec![states_of(holders)]).await?;
    found.iter().flat_map(|outcome| &outcome.rows).map(State::read).collect()
}

/// Asks for the states of many holders; [`State::read`] takes the answer.
pub(super) fn states_of(holders: impl IntoIterator<Item = HolderId>) -> Statement {
    let keys = holders.into_iter().map(|holder| cells![holder.part().number(), holder.number()]).collect();
    Statement::look_up(format!("select {COLUMNS} from holder_state where (part, holder) in"), keys)
}

/// Asks for the states of members by the shop's own ids; [`State::read`] takes the answer, and the
/// column `external_id` says whose it is.
pub(super) fn states_of_members<'a>(names: impl IntoIterator<Item = (Part, &'a Name)>) -> Statement {
    let keys = names.into_iter().map(|(part, name)| cells![part.number(), name.as_str()]).collect();
    let head = format!("select member.external_id, {MEMBER_STATE} where (member.part, member.external_id) in");
    Statement::look_up(head, keys)
}

/// All states in a stable order, after `after`, at most `limit`.
pub async fn state_page(
    connection: &mut Connection,
    after: Option<HolderId>,
    limit: usize,
) -> Result<Vec<State>, sql::Error> {
    let (page, mut cells) = connection.dialect().page("holder", after.map(|holder| holder.0));
    let sql = format!("select {COLUMNS} from holder_state where {page} limit ?");
    cells.push(Cell::from(limit as i64));
    sql::rows(connection, &sql, cells).await?.iter().map(State::read).collect()
}

/// Holders of a part, or of all where [they lie together](sql::Dialect::in_order_of_time), for whom
/// something is due by `moment`, the longest overdue first.
pub async fn state_due(
    connection: &mut Connection,
    part: Option<Part>,
    moment: Instant,
    limit: usize,
) -> Result<Vec<HolderId>, sql::Error> {
    let (sql, mut cells) = match part {
        Some(part) => (
            "select holder from holder_state where part = ? and due_at <= ? order by due_at limit ?",
            cells![part.number()],
        ),
        None => ("select holder from holder_state where due_at <= ? order by due_at limit ?", Vec::new()),
    };
    cells.extend(cells![moment.as_microsecond(), limit as i64]);
    let rows = sql::rows(connection, sql, cells).await?;
    rows.iter().map(|row| Ok(HolderId(id(sql::column(row, "holder")?)?))).collect()
}

pub(super) fn state_save_all(states: &[&State]) -> Statement {
    Statement::insert(
        format!("insert into holder_state ({COLUMNS}) values"),
        "on conflict id_key (part, holder) do update set body = excluded.body, head = excluded.head,
         head_hash = excluded.head_hash, version = excluded.version, clock = excluded.clock,
         due_at = excluded.due_at",
        states.iter().map(|state| state.cells()).collect(),
    )
}

/// Changes only when time has something to do next, after the programme changed.
pub(super) async fn state_set_due(
    connection: &mut Connection,
    holder: HolderId,
    due_at: Option<Instant>,
) -> Result<(), sql::Error> {
    let sql = "update holder_state set due_at = ? where part = ? and holder = ?";
    let due_at = due_at.map(Instant::as_microsecond);
    sql::execute(connection, sql, cells![due_at, holder.part().number(), holder.number()]).await?;
    Ok(())
}
