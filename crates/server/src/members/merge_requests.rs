//! Which accounts staff want merged, and why: those that wait for a second pair of eyes, and those that are done.

use std::collections::HashMap;

use lojal_core::kernel::{Instant, MemberId, Name, Part};

use super::confirming::{ALONE, Requests};
use crate::platform::clock::instant;
use crate::platform::journal::id;
use crate::platform::sql::{self, Connection, Row, cells};

/// Accounts that wait to be merged.
pub const MERGES: Requests<MergeRequest> =
    Requests { table: "merge_request", columns: COLUMNS, read: MergeRequest::read };
const COLUMNS: &str = "id, survivor, account, reason, state, attempt, asked_by, asked_at, settled_by, settled_at";

/// An account that somebody asks to be merged.
pub struct NewMergeRequest {
    pub id: i64,
    /// The form by which it was asked for: it counts once.
    pub form: String,
    pub survivor: MemberId,
    pub account: MemberId,
    pub reason: Name,
    pub asked_by: i64,
    pub asked_at: Instant,
    /// Whoever asks does it, too: nobody waits for it, and it is settled once it is done.
    pub is_alone: bool,
}

pub struct MergeRequest {
    pub id: i64,
    pub survivor: MemberId,
    pub account: MemberId,
    pub reason: String,
    pub state: String,
    /// How often the ledger has refused it.
    pub attempt: i64,
    pub asked_by: i64,
    pub asked_at: Instant,
    pub settled_by: Option<i64>,
    pub settled_at: Option<Instant>,
}

impl MergeRequest {
    fn read(row: &Row) -> Result<MergeRequest, sql::Error> {
        Ok(MergeRequest {
            id: sql::column(row, "id")?,
            survivor: MemberId(id(sql::column(row, "survivor")?)?),
            account: MemberId(id(sql::column(row, "account")?)?),
            reason: sql::column(row, "reason")?,
            state: sql::column(row, "state")?,
            attempt: sql::column(row, "attempt")?,
            asked_by: sql::column(row, "asked_by")?,
            asked_at: instant(sql::column(row, "asked_at")?),
            settled_by: sql::column(row, "settled_by")?,
            settled_at: sql::column::<Option<i64>>(row, "settled_at")?.map(instant),
        })
    }

    /// Whether it waits for somebody else.
    pub fn is_open(&self) -> bool {
        self.settled_at.is_none() && self.state != ALONE
    }

    /// By what the ledger knows an attempt again.
    pub fn key(&self) -> String {
        format!("console-merge-{}-{}", self.id, self.attempt)
    }
}

/// Answers whether it is new.
pub async fn merge_request_insert(connection: &mut Connection, request: &NewMergeRequest) -> Result<bool, sql::Error> {
    let sql = "insert into merge_request
                   (part, id, form, survivor, account, reason, state, attempt, asked_by, asked_at)
               values (?, ?, ?, ?, ?, ?, ?, 0, ?, ?)
               on conflict (part, form) do nothing";
    let cells = cells![
        Part::PROGRAMME.number(),
        request.id,
        request.form.as_str(),
        request.survivor.number(),
        request.account.number(),
        request.reason.as_str(),
        if request.is_alone { ALONE } else { "open" },
        request.asked_by,
        request.asked_at.as_microsecond(),
    ];
    Ok(sql::execute(connection, sql, cells).await? > 0)
}

/// What is kept of some accounts, by the account: what waits, else who merged it. Refused ones are left out.
pub async fn merge_request_of(
    connection: &mut Connection,
    accounts: impl IntoIterator<Item = MemberId>,
) -> Result<HashMap<MemberId, MergeRequest>, sql::Error> {
    let head = format!("select {COLUMNS} from merge_request where (part, account) in");
    let keys = accounts.into_iter().map(|account| cells![Part::PROGRAMME.number(), account.number()]).collect();
    let mut found = HashMap::new();
    for row in &sql::look_up(connection, &head, keys).await? {
        let request = MergeRequest::read(row)?;
        let known = found.get(&request.account).map(|known: &MergeRequest| (known.is_open(), known.id));
        if request.state != "refused" && known.is_none_or(|known| known < (request.is_open(), request.id)) {
            found.insert(request.account, request);
        }
    }
    Ok(found)
}

/// What was begun alone by this form, if it was: by whom, which account, and into which one.
pub async fn merge_request_alone(
    connection: &mut Connection,
    form: &str,
) -> Result<Option<(i64, MemberId, MemberId)>, sql::Error> {
    let sql = "select asked_by, account, survivor from merge_request where part = ? and form = ? and state = 'alone'";
    let row = sql::row(connection, sql, cells![Part::PROGRAMME.number(), form]).await?;
    let read = |row: &Row| {
        let member = |name| Ok::<_, sql::Error>(MemberId(id(sql::column(row, name)?)?));
        Ok((sql::column(row, "asked_by")?, member("account")?, member("survivor")?))
    };
    row.as_ref().map(read).transpose()
}

/// What was begun alone is done. Answers whether it was not settled before.
pub async fn merge_request_done(
    connection: &mut Connection,
    form: &str,
    (survivor, account): (MemberId, MemberId),
    by: i64,
    at: Instant,
) -> Result<bool, sql::Error> {
    let sql = "update merge_request set settled_by = ?, settled_at = ?
               where part = ? and form = ? and survivor = ? and account = ? and state = 'alone' and asked_by = ?
                   and settled_at is null";
    let part = Part::PROGRAMME.number();
    let cells = cells![by, at.as_microsecond(), part, form, survivor.number(), account.number(), by];
    Ok(sql::execute(connection, sql, cells).await? > 0)
}

/// What was begun alone was refused: nothing came of it.
pub async fn merge_request_drop(connection: &mut Connection, form: &str) -> Result<(), sql::Error> {
    let sql = "delete from merge_request where part = ? and form = ? and state = 'alone' and settled_at is null";
    sql::execute(connection, sql, cells![Part::PROGRAMME.number(), form]).await?;
    Ok(())
}
