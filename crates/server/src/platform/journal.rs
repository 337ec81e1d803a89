//! The journal: one row for each ledger transaction, for ever. Everything else about points can be
//! derived from it.
//!
//! The rows of one holder are a chain: each names the one before and carries a hash over it, so
//! that no row can be changed, left out or put in without its successors telling.
//!
//! Old rows may be packed into blocks. Whoever reads here finds them all the same; nobody pays for it
//! but who asks for a row that is not among the rows.

mod archive;
mod archiving;
mod block;
mod browsing;
mod following;
mod history;
mod past;

use std::collections::HashSet;
use std::sync::Arc;

use lojal_core::command::{Command, Inputs};
use lojal_core::decision::{Because, Decision, Effect, Record};
use lojal_core::holder::Holder;
use lojal_core::kernel::{HolderId, Id, Instant, Part, TransactionId};

use super::clock::instant;
use super::packing::{pack_body, unpack_body};
use super::sql::{self, Cell, Connection, Dialect, Row, Statement, cells, damaged};
use super::writer::{Balance, Done};
use archive::{Stream, archive_chain, archive_find_all, archive_walk, merge};

pub(crate) use archive::{archive_append, archive_blocks, archive_remove};
pub use archiving::{Archived, first_kept, journal_archive};
pub use browsing::{Browsed, journal_browse};
pub(crate) use following::{journal_grown, journal_since, looked_at_again};
pub use history::History;
pub use past::{Decided, Past};

/// The hash before a holder's first row.
pub const NO_HASH: [u8; 32] = [0; 32];

const COLUMNS: &str = "part, id, holder, prev, decided_at, version, kind, body, hash";

/// A row as it stands in the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalRow {
    pub id: TransactionId,
    pub holder: HolderId,
    /// The holder's transaction before this one.
    pub prev: Option<TransactionId>,
    pub decided_at: Instant,
    /// The programme version that was in force.
    pub version: u32,
    pub kind: String,
    /// A [`Body`], packed.
    pub body: String,
    pub hash: [u8; 32],
}

/// What a row says: all that a decision needed, and all that came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    pub command: Command,
    pub inputs: Inputs,
    pub decision: Decision,
    /// All wallets of the holder after the transaction.
    pub balances: Vec<Balance>,
}

impl Body {
    /// Keeps of the inputs what the decision could have used: codes are all that is made of entropy.
    pub fn new(command: Command, mut inputs: Inputs, decision: Decision, balances: Vec<Balance>) -> Body {
        let issued = |effect: &Effect| matches!(effect.because, Because::VoucherIssued { .. });
        if !decision.effects.iter().any(issued) {
            inputs.entropy = 0;
        }
        Body { command, inputs, decision, balances }
    }

    /// What is kept under the command's own natural key after the transaction.
    pub fn record(&self) -> Option<&Record> {
        let key = self.command.key()?;
        self.decision.records.iter().rev().find(|(known, _)| *known == key).map(|(_, record)| record)
    }
}

impl JournalRow {
    /// Writes `body` down as the successor of a row with the hash `prev_hash`.
    pub fn new(
        holder: HolderId,
        prev: Option<(TransactionId, [u8; 32])>,
        body: &Body,
    ) -> Result<JournalRow, serde_json::Error> {
        let mut row = JournalRow {
            id: body.inputs.transaction,
            holder,
            prev: prev.map(|(id, _)| id),
            decided_at: body.inputs.now,
            version: body.decision.version,
            kind: kind(&body.command).to_owned(),
            body: pack_body(body)?,
            hash: NO_HASH,
        };
        row.hash = row.hash_after(&prev.map_or(NO_HASH, |(_, hash)| hash));
        Ok(row)
    }

    /// The hash that the row must have as the successor of a row with the hash `prev_hash`.
    pub fn hash_after(&self, prev_hash: &[u8; 32]) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new();
        hasher.update(prev_hash);
        for number in [
            self.id.number(),
            self.holder.number(),
            self.prev.map_or(-1, TransactionId::number),
            self.decided_at.as_microsecond(),
            i64::from(self.version),
        ] {
            hasher.update(&number.to_le_bytes());
        }
        for text in [&self.kind, &self.body] {
            hasher.update(&(text.len() as u64).to_le_bytes());
            hasher.update(text.as_bytes());
        }
        *hasher.finalize().as_bytes()
    }

    pub fn read_body(&self) -> Result<Body, serde_json::Error> {
        unpack_body(&self.body, self.id, self.decided_at, self.version)
    }

    /// The row as the answer to whoever asked for it.
    pub fn done(&self) -> Result<Done, sql::Error> {
        let body = self.read_body().map_err(|cause| damaged(format!("{}: {cause}", self.id)))?;
        Ok(Done {
            transaction: self.id,
            holder: self.holder,
            decided_at: self.decided_at,
            record: body.record().cloned(),
            command: body.command,
            decision: body.decision,
            balances: body.balances,
            repeated: true,
            explanation: Default::default(),
        })
    }

    pub(crate) fn cells(&self) -> Vec<Cell> {
        cells![
            self.id.part().number(),
            self.id.number(),
            self.holder.number(),
            self.prev.map(TransactionId::number),
            self.decided_at.as_microsecond(),
            i64::from(self.version),
            self.kind.as_str(),
            self.body.as_str(),
            self.hash,
        ]
    }

    fn read(row: &Row) -> Result<JournalRow, sql::Error> {
        Ok(JournalRow {
            id: transaction_id(sql::column(row, "id")?)?,
            holder: HolderId(id(sql::column(row, "holder")?)?),
            prev: sql::column::<Option<i64>>(row, "prev")?.map(transaction_id).transpose()?,
            decided_at: instant(sql::column(row, "decided_at")?),
            version: u32::try_from(sql::column::<i64>(row, "version")?).map_err(damaged)?,
            kind: sql::column(row, "kind")?,
            body: sql::column(row, "body")?,
            hash: sql::column_of_32(row, "hash")?,
        })
    }
}

/// The balances of all wallets of a holder.
pub fn balances(holder: &Holder) -> Vec<Balance> {
    let balance = |wallet: &lojal_core::ledger::Wallet| Balance {
        unit: wallet.unit.clone(),
        available: wallet.available(),
        pending: wallet.pending(),
        held: wallet.held(),
        debt: wallet.debt,
        expired: wallet.totals.expired,
    };
    holder.wallets.iter().map(balance).collect()
}

/// Appends rows.
pub(super) fn journal_append(rows: &[Arc<JournalRow>]) -> Statement {
    Statement::insert(
        format!("insert into journal ({COLUMNS}) values"),
        "",
        rows.iter().map(|row| row.cells()).collect(),
    )
}

/// Reads one row.
pub async fn journal_find(connection: &mut Connection, id: TransactionId) -> Result<Option<JournalRow>, sql::Error> {
    match row_find(connection, id).await? {
        Some(row) => Ok(Some(row)),
        None => Ok(archive_find_all(connection, vec![id]).await?.pop()),
    }
}

/// As [`journal_find`], among the rows alone.
async fn row_find(connection: &mut Connection, id: TransactionId) -> Result<Option<JournalRow>, sql::Error> {
    let sql = format!("select {COLUMNS} from journal where part = ? and id = ?");
    let row = sql::row(connection, &sql, cells![id.part().number(), id.number()]).await?;
    row.as_ref().map(JournalRow::read).transpose()
}

/// Reads the rows of many ids, in no particular order.
pub async fn journal_find_all(
    connection: &mut Connection,
    ids: impl IntoIterator<Item = TransactionId>,
) -> Result<Vec<JournalRow>, sql::Error> {
    let head = format!("select {COLUMNS} from journal where (part, id) in");
    let ids: Vec<TransactionId> = ids.into_iter().collect();
    let keys = ids.iter().map(|id| cells![id.part().number(), id.number()]).collect();
    let found = sql::look_up(connection, &head, keys).await?;
    let mut rows = found.iter().map(JournalRow::read).collect::<Result<Vec<_>, _>>()?;
    if rows.len() < ids.len() {
        let found: HashSet<TransactionId> = rows.iter().map(|row| row.id).collect();
        let missing = ids.into_iter().filter(|id| !found.contains(id)).collect();
        rows.extend(archive_find_all(connection, missing).await?);
    }
    Ok(rows)
}

/// Walks a holder's chain backwards from `from`, at most `limit` rows, the latest first.
pub async fn journal_walk(
    connection: &mut Connection,
    from: Option<TransactionId>,
    limit: usize,
) -> Result<Vec<JournalRow>, sql::Error> {
    let mut rows = Vec::new();
    let mut next = from;
    while let Some(id) = next.filter(|_| rows.len() < limit) {
        let Some(row) = row_find(connection, id).await? else {
            // Whatever is older than an archived row is archived.
            rows.extend(archive_walk(connection, id, limit - rows.len()).await?);
            break;
        };
        next = row.prev;
        rows.push(row);
    }
    Ok(rows)
}

/// The ids of a holder's rows from `from` on backwards, the latest first, each with the one before
/// it, at most `limit`: one question for those that are not archived, however far it is to the server.
pub async fn journal_chain(
    connection: &mut Connection,
    from: TransactionId,
    limit: usize,
) -> Result<Vec<(TransactionId, Option<TransactionId>)>, sql::Error> {
    let sql = "with recursive chain (id, prev, place) as (
                   select id, prev, cast(1 as bigint) from journal where part = ? and id = ?
                   union all
                   select journal.id, journal.prev, chain.place + 1 from chain
                   join journal on journal.part = ? and journal.id = chain.prev
                   where chain.place < ? and chain.prev < chain.id
               )
               select id, prev from chain order by place";
    let part = from.part().number();
    let rows = sql::rows(connection, sql, cells![part, from.number(), part, limit as i64]).await?;
    let link = |row: &Row| {
        let prev = sql::column::<Option<i64>>(row, "prev")?.map(transaction_id).transpose()?;
        Ok::<_, sql::Error>((transaction_id(sql::column(row, "id")?)?, prev))
    };
    let mut links = rows.iter().map(link).collect::<Result<Vec<_>, _>>()?;
    let next = links.last().map_or(Some(from), |(id, prev)| prev.filter(|prev| prev < id));
    if let Some(next) = next.filter(|_| links.len() < limit) {
        links.extend(archive_chain(connection, next, limit - links.len()).await?);
    }
    Ok(links)
}

/// Reads the rows of a part in the order of their ids, after `after`, at most `limit`. Only where
/// parts lie apart does this find them without looking at the others.
pub async fn journal_page_of(
    connection: &mut Connection,
    part: Part,
    after: i64,
    limit: usize,
) -> Result<Vec<JournalRow>, sql::Error> {
    let questions = vec![rows_of(part, after, limit), Stream::question(part, after)];
    let outcomes = sql::run_all(connection, questions).await?;
    let [fresh, blocks] = outcomes.as_slice() else {
        return Err(damaged("the database answered fewer questions than it was asked"));
    };
    let fresh = fresh.rows.iter().map(JournalRow::read).collect::<Result<_, _>>()?;
    let stream = Stream::begin(part, after, blocks)?;
    merge(connection, fresh, vec![stream], limit).await
}

/// Reads the latest rows, as many as `limit` or a few less, in no particular order. What is archived is never
/// among them.
pub async fn journal_latest(connection: &mut Connection, limit: usize) -> Result<Vec<JournalRow>, sql::Error> {
    let lanes = connection.dialect().in_order_of_time();
    let of_each = (limit / lanes.len()).max(1) as i64;
    let question = |part: &Option<Part>| match part {
        None => {
            let sql = format!("select {COLUMNS} from journal order by id desc limit ?");
            Statement::plain(sql, cells![of_each])
        }
        Some(part) => {
            let sql = format!("select {COLUMNS} from journal where part = ? order by id desc limit ?");
            Statement::plain(sql, cells![part.number(), of_each])
        }
    };
    let outcomes = sql::run_all(connection, lanes.iter().map(question).collect()).await?;
    outcomes.iter().flat_map(|outcome| &outcome.rows).map(JournalRow::read).collect()
}

/// Reads all rows in a stable order, after `after`, at most `limit`. Those of one holder come in
/// the order of their ids.
pub async fn journal_page(
    connection: &mut Connection,
    after: Option<TransactionId>,
    limit: usize,
) -> Result<Vec<JournalRow>, sql::Error> {
    if connection.dialect() == Dialect::Sqlite {
        let fresh = unarchived_page(connection, after, limit).await?;
        let after = after.map_or(-1, TransactionId::number);
        let streams = Part::all().map(|part| Stream::new(part, after)).collect();
        return merge(connection, fresh, streams, limit).await;
    }
    let mut rows = Vec::new();
    for part in Part::all().filter(|part| after.is_none_or(|after| *part >= after.part())) {
        let after = after.filter(|after| after.part() == part).map_or(-1, TransactionId::number);
        rows.extend(journal_page_of(connection, part, after, limit - rows.len()).await?);
        if rows.len() == limit {
            break;
        }
    }
    Ok(rows)
}

/// As [`journal_page_of`], without what is archived.
pub(crate) async fn unarchived_page_of(
    connection: &mut Connection,
    part: Part,
    after: i64,
    limit: usize,
) -> Result<Vec<JournalRow>, sql::Error> {
    let outcomes = sql::run_all(connection, vec![rows_of(part, after, limit)]).await?;
    outcomes.iter().flat_map(|outcome| &outcome.rows).map(JournalRow::read).collect()
}

/// As [`journal_page`], without what is archived.
pub(crate) async fn unarchived_page(
    connection: &mut Connection,
    after: Option<TransactionId>,
    limit: usize,
) -> Result<Vec<JournalRow>, sql::Error> {
    let (page, mut cells) = connection.dialect().page("id", after.map(|transaction| transaction.0));
    let sql = format!("select {COLUMNS} from journal where {page} limit ?");
    cells.push(Cell::from(limit as i64));
    sql::rows(connection, &sql, cells).await?.iter().map(JournalRow::read).collect()
}

fn rows_of(part: Part, after: i64, limit: usize) -> Statement {
    let sql = format!("select {COLUMNS} from journal where part = ? and id > ? order by id limit ?");
    Statement::plain(sql, cells![part.number(), after, limit as i64])
}

/// Asks for the highest ids; [`journal_heads`] takes the answer.
pub(crate) fn heads_of(dialect: Dialect, parts: &[Part]) -> Statement {
    match dialect {
        // Rows lie in the order of their ids, whatever their part.
        Dialect::Sqlite => Statement::plain("select max(id) as head from journal", vec![]),
        Dialect::Postgres | Dialect::Distributed => Statement::look_up(
            // A part that came out of a file may have nothing but archived rows.
            "select part, coalesce(
                 (select journal.id from journal where journal.part = part_claim.part
                  order by journal.id desc limit 1),
                 (select journal_archive.last_id from journal_archive
                  where journal_archive.part = part_claim.part order by journal_archive.last_id desc limit 1)
             ) as head
             from part_claim where part in",
            parts.iter().map(|part| cells![part.number()]).collect(),
        ),
    }
}

/// Ids that a new row must exceed, by part, for those of `parts` that have any.
pub(crate) fn journal_heads(rows: &[Row], parts: &[Part]) -> Result<Vec<(Part, Id)>, sql::Error> {
    let mut heads = Vec::with_capacity(parts.len());
    for row in rows {
        let Some(head) = sql::column::<Option<i64>>(row, "head")?.map(id).transpose()? else { continue };
        match sql::column::<i64>(row, "part") {
            Ok(part) => heads.extend(Part::from_number(part).map(|part| (part, head))),
            Err(_) => heads.extend(parts.iter().map(|part| (*part, head))),
        }
    }
    Ok(heads)
}

/// An id out of the database.
pub(crate) fn id(number: i64) -> Result<Id, sql::Error> {
    Id::from_number(number).ok_or_else(|| damaged(format!("{number} is no id")))
}

pub(crate) fn transaction_id(number: i64) -> Result<TransactionId, sql::Error> {
    id(number).map(TransactionId)
}

/// The name of a command in the journal's `kind` column.
pub fn kind(command: &Command) -> &'static str {
    match command {
        Command::Enrol { .. } => "enrol",
        Command::OpenHousehold { .. } => "open_household",
        Command::UpdateProfile { .. } => "update_profile",
        Command::SayBirthday { .. } => "say_birthday",
        Command::PutOrder { .. } => "put_order",
        Command::ReturnLines { .. } => "return_lines",
        Command::ReturnWithoutOrder { .. } => "return_without_order",
        Command::PostActivity { .. } => "post_activity",
        Command::CallOffActivity { .. } => "call_off_activity",
        Command::Hold { .. } => "hold",
        Command::CaptureHold { .. } => "capture_hold",
        Command::ReleaseHold { .. } => "release_hold",
        Command::Redeem { .. } => "redeem",
        Command::RollBackRedemption { .. } => "roll_back_redemption",
        Command::UseVoucher { .. } => "use_voucher",
        Command::Adjust { .. } => "adjust",
        Command::Transfer { .. } => "transfer",
        Command::Receive { .. } => "receive",
        Command::TakeBack { .. } => "take_back",
        Command::JoinHousehold { .. } => "join_household",
        Command::AdmitMember { .. } => "admit_member",
        Command::LeaveHousehold { .. } => "leave_household",
        Command::DismissMember { .. } => "dismiss_member",
        Command::Merge { .. } => "merge",
        Command::MergeInto { .. } => "merge_into",
        Command::KnowAccounts { .. } => "know_accounts",
        Command::Inherit { .. } => "inherit",
        Command::AbandonMerge { .. } => "abandon_merge",
        Command::Refer { .. } => "refer",
        Command::JudgeReferral { .. } => "judge_referral",
        Command::HearOfFriend { .. } => "hear_of_friend",
        Command::LoseAdvocate { .. } => "lose_advocate",
        Command::Leave => "leave",
        Command::Tick => "tick",
    }
}
