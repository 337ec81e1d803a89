//! Commands on their way from one holder to another. They are written together with the
//! transaction that gave rise to them and taken once on the other side, whatever is interrupted.

use std::time::Duration;

use lojal_core::command::Command;
use lojal_core::decision::{FollowUp, FollowUpCommand};
use lojal_core::kernel::{HolderId, Instant, TransactionId};

use super::database::Database;
use super::journal::{id, transaction_id};
use super::sql::{self, Connection, Row, Statement, cells, damaged};
use super::writer::{Answer, Errand, Request, Submission, WriteError, Writer};

/// How many commands are carried at once.
const PAGE: usize = 256;
/// How long to wait before a command is tried again that storage would not take.
const PAUSE: Duration = Duration::from_secs(1);

/// A command on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undelivered {
    /// The transaction that sent it.
    pub sender: TransactionId,
    /// Its place among the follow-ups of that transaction.
    pub position: i64,
    pub follow_up: FollowUp,
    /// When it was sent.
    pub created_at: Instant,
    /// Why it can be carried neither there nor back; such a command waits for a person.
    pub failure: Option<String>,
}

impl Undelivered {
    fn read(row: &Row) -> Result<Undelivered, sql::Error> {
        let command: FollowUpCommand = serde_json::from_str(sql::column::<&str>(row, "body")?).map_err(damaged)?;
        Ok(Undelivered {
            sender: transaction_id(sql::column(row, "journal_id")?)?,
            position: sql::column(row, "position")?,
            follow_up: FollowUp { to: HolderId(id(sql::column(row, "receiver")?)?), command },
            created_at: super::clock::instant(sql::column(row, "created_at")?),
            failure: sql::column(row, "failure")?,
        })
    }

    /// Whether it was taken, there or back, and only its row has not been cleared away.
    pub async fn has_arrived(&self, connection: &mut Connection) -> Result<bool, sql::Error> {
        let ways = [Some(self.request()), self.way_back("")];
        for request in ways.into_iter().flatten() {
            let (part, Some(errand)) = (request.submission.owner.part(), request.errand) else { continue };
            let sql = "select applied_by from receipt
                       where part = ? and journal_id = ? and step = ? and applied_by is not null";
            let cells = cells![part.number(), errand.sender.number(), errand.step];
            if sql::row(connection, sql, cells).await?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What the receiver is to do.
    fn request(&self) -> Request {
        self.errand(self.follow_up.to, self.follow_up.command.clone().into(), "there")
    }

    /// What the sender is to do when the receiver will not take it.
    fn way_back(&self, refusal: &str) -> Option<Request> {
        let command = Command::from(self.follow_up.command.clone());
        let (holder, command) = command.way_back(self.follow_up.to, refusal)?;
        Some(self.errand(holder, command, "back"))
    }

    fn errand(&self, holder: HolderId, command: Command, way: &str) -> Request {
        let step = format!("{}/{way}", self.position);
        let errand = Errand { sender: self.sender, step };
        // At the sender's moment, so that a history that is replayed stays in its own time.
        let submission = Submission { now: Some(self.created_at), ..Submission::new(holder, command) };
        Request { errand: Some(errand), ..submission.into() }
    }
}

pub(super) fn outbox_insert(follow_ups: &[(TransactionId, usize, FollowUp, Instant)]) -> Result<Statement, sql::Error> {
    let mut rows = Vec::with_capacity(follow_ups.len());
    for (sender, position, follow_up, at) in follow_ups {
        let body = serde_json::to_string(&follow_up.command).map_err(sql::unwritable)?;
        rows.push(cells![
            sender.part().number(),
            sender.number(),
            *position as i64,
            follow_up.to.number(),
            body,
            at.as_microsecond(),
        ]);
    }
    let head = "insert into outbox (part, journal_id, position, receiver, body, created_at) values";
    Ok(Statement::insert(head, "", rows))
}

/// Commands that are still on their way, those that failed included, in the order of their keys.
pub async fn outbox_page(
    connection: &mut Connection,
    after: Option<(TransactionId, i64)>,
    limit: usize,
) -> Result<Vec<Undelivered>, sql::Error> {
    let (part, id, position) =
        after.map_or((-1, -1, -1), |(sender, position)| (sender.part().number(), sender.number(), position));
    let sql = "select journal_id, position, receiver, body, created_at, failure from outbox
               where (part, journal_id, position) > (?, ?, ?) order by part, journal_id, position limit ?";
    let rows = sql::rows(connection, sql, cells![part, id, position, limit as i64]).await?;
    rows.iter().map(Undelivered::read).collect()
}

/// Carries everything that waits, what arises from it included. Answers how much was delivered.
pub async fn deliver_all(database: &Database, writer: &Writer) -> Result<usize, WriteError> {
    let mut delivered = 0;
    loop {
        let before = delivered;
        let mut after = None;
        // One command's trouble must not keep the others waiting.
        let mut failure = None;
        loop {
            let page = outbox_page(&mut *database.read().await?, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some((last.sender, last.position));
            let waiting = page.into_iter().filter(|command| command.failure.is_none()).collect();
            let (arrived, trouble) = deliver(database, writer, waiting).await?;
            delivered += arrived;
            failure = failure.or(trouble);
        }
        if delivered == before {
            return failure.map_or(Ok(delivered), Err);
        }
    }
}

/// Carries some commands there, and those that are refused back. Answers how many arrived, and what
/// kept one of the others from it, which then stays where it is.
async fn deliver(
    database: &Database,
    writer: &Writer,
    commands: Vec<Undelivered>,
) -> Result<(usize, Option<WriteError>), sql::Error> {
    let mut trouble = None;
    let answers = writer.request_all(commands.iter().map(Undelivered::request).collect()).await;
    let mut arrived = Vec::new();
    let mut failed = Vec::new();
    let mut returning = Vec::new();
    for (command, answer) in commands.into_iter().zip(answers) {
        match outcome(answer) {
            Ok(Ok(())) => arrived.push(command),
            Ok(Err(refusal)) => match command.way_back(&refusal) {
                Some(request) => returning.push((command, request)),
                None => failed.push((command, refusal)),
            },
            Err(cause) => trouble = trouble.or(Some(cause)),
        }
    }
    let (sent, requests): (Vec<_>, Vec<_>) = returning.into_iter().unzip();
    for (command, answer) in sent.into_iter().zip(writer.request_all(requests).await) {
        match outcome(answer) {
            Ok(Ok(())) => arrived.push(command),
            Ok(Err(refusal)) => failed.push((command, refusal)),
            Err(cause) => trouble = trouble.or(Some(cause)),
        }
    }
    let count = arrived.len();
    let mut transaction = database.write_aside().await?;
    for command in arrived {
        let sql = "delete from outbox where part = ? and journal_id = ? and position = ?";
        let cells = cells![command.sender.part().number(), command.sender.number(), command.position];
        sql::execute(&mut transaction, sql, cells).await?;
    }
    for (command, refusal) in failed {
        tracing::warn!(sender = %command.sender, %refusal, "a command can be carried neither there nor back");
        let sql = "update outbox set failure = ? where part = ? and journal_id = ? and position = ?";
        let cells = cells![refusal, command.sender.part().number(), command.sender.number(), command.position];
        sql::execute(&mut transaction, sql, cells).await?;
    }
    transaction.commit().await?;
    Ok((count, trouble))
}

/// Taken, refused with a code, or not decided at all, which is to be tried again later.
fn outcome(answer: Answer) -> Result<Result<(), String>, WriteError> {
    match answer {
        Ok(_) => Ok(Ok(())),
        Err(WriteError::Refused(refusal)) => Ok(Err(refusal.code())),
        Err(other) => Err(other),
    }
}

/// Delivers for ever: at once when `rung`, and now and then in case another process left something.
pub(super) async fn run(database: Database, writer: Writer, rung: std::sync::Arc<tokio::sync::Notify>) {
    loop {
        if let Err(cause) = deliver_all(&database, &writer).await {
            tracing::error!(%cause, "the outbox could not be delivered");
        }
        // Waiting longer than it was rung is harmless: what is there is found at the next look.
        let _ = tokio::time::timeout(PAUSE, rung.notified()).await;
    }
}
