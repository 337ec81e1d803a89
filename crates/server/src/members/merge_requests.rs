//! Which accounts staff want merged, and why: those that wait for a second pair of eyes, and those that are done.

use std::collections::HashMap;

use lojal_core::kernel::{Instant, MemberId, Name, Part};

use crate::platform::clock::instant;
use crate::platform::journal::id;
use crate::platform::sql::{self, Connection, Row, cells};

/// Requests on a page, those that wait and those that were settled.
const ON_A_PAGE: i64 = 100;
const SETTLED_ON_A_PAGE: i64 = 20;
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
        self.settled_at.is_none() && self.state != "alone"
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
        if request.is_alone { "alone" } else { "open" },
        request.asked_by,
        request.asked_at.as_microsecond(),
    ];
    Ok(sql::execute(connection, sql, cells).await? > 0)
}

pub async fn merge_request_find(connection: &mut Connection, id: i64) -> Result<Option<MergeRequest>, sql::Error> {
    let sql = format!("select {COLUMNS} from merge_request where part = ? and id = ?");
    let row = sql::row(connection, &sql, cells![Part::PROGRAMME.number(), id]).await?;
    row.as_ref().map(MergeRequest::read).transpose()
}

/// Those that wait, the oldest first.
pub async fn merge_request_open(connection: &mut Connection) -> Result<Vec<MergeRequest>, sql::Error> {
    let sql = format!(
        "select {COLUMNS} from merge_request
         where part = ? and settled_at is null and state <> 'alone' order by id limit ?"
    );
    let rows = sql::rows(connection, &sql, cells![Part::PROGRAMME.number(), ON_A_PAGE]).await?;
    rows.iter().map(MergeRequest::read).collect()
}

/// How many wait; many are as good as more.
pub async fn merge_request_count(connection: &mut Connection) -> Result<usize, sql::Error> {
    let sql = "select id from merge_request
               where part = ? and settled_at is null and state <> 'alone' order by id limit ?";
    Ok(sql::rows(connection, sql, cells![Part::PROGRAMME.number(), ON_A_PAGE]).await?.len())
}

/// The last about which a second person decided, the latest first.
pub async fn merge_request_settled(connection: &mut Connection) -> Result<Vec<MergeRequest>, sql::Error> {
    let sql = format!(
        "select {COLUMNS} from merge_request
         where part = ? and settled_at is not null and state <> 'alone' order by id desc limit ?"
    );
    let rows = sql::rows(connection, &sql, cells![Part::PROGRAMME.number(), SETTLED_ON_A_PAGE]).await?;
    rows.iter().map(MergeRequest::read).collect()
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

/// Takes a request up; answers whether it was there.
pub async fn merge_request_take(connection: &mut Connection, id: i64) -> Result<bool, sql::Error> {
    let sql = "update merge_request set state = 'confirming' where part = ? and id = ? and state in (?, ?)";
    let cells = cells![Part::PROGRAMME.number(), id, "open", "confirming"];
    Ok(sql::execute(connection, sql, cells).await? > 0)
}

/// After the ledger has refused it: it waits again, and the next attempt is another one.
pub async fn merge_request_reopen(connection: &mut Connection, request: &MergeRequest) -> Result<(), sql::Error> {
    let sql = "update merge_request set state = 'open', attempt = ?
               where part = ? and id = ? and state = 'confirming' and attempt = ?";
    let cells = cells![request.attempt + 1, Part::PROGRAMME.number(), request.id, request.attempt];
    sql::execute(connection, sql, cells).await?;
    Ok(())
}

/// Answers whether it was not settled before.
pub async fn merge_request_settle(
    connection: &mut Connection,
    id: i64,
    (from, to): (&str, &str),
    by: i64,
    at: Instant,
) -> Result<bool, sql::Error> {
    let sql = "update merge_request set state = ?, settled_by = ?, settled_at = ?
               where part = ? and id = ? and state = ?";
    let cells = cells![to, by, at.as_microsecond(), Part::PROGRAMME.number(), id, from];
    Ok(sql::execute(connection, sql, cells).await? > 0)
}
