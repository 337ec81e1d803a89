//! The one path that writes points: commands queue by part, a batch loads their states, the engine
//! decides, one transaction persists, and then each caller is answered.

mod batch;
mod lane;
mod persist;
mod scribe;
mod shared;

pub(crate) use persist::key_kind;
pub(super) use shared::shared_set_totals;

use std::num::NonZeroUsize;
use std::sync::Arc;

use lojal_core::command::Command;
use lojal_core::decision::{Decision, Record, Refusal};
use lojal_core::explanation::Explanation;
use lojal_core::kernel::{HolderId, Instant, MemberId, Name, Part, TransactionId};
use tokio::sync::{Notify, RwLock, Semaphore, mpsc, oneshot};

use super::cards::CardRefusal;
use super::clock::Clock;
use super::database::Database;
use super::enrolment::Enrolment;
use super::ids::Ids;
use super::rulebook::Rulebooks;
use super::sql::{self, Dialect};

/// At most so many commands wait in a lane: beyond that a caller is told to come back.
const LONGEST_QUEUE: usize = 4_096;
/// The same where each part has a lane of its own.
const LONGEST_QUEUE_OF_A_PART: usize = 2_048;
/// So many lanes write at the same time: while they do, the batches of the others grow.
const MOST_AT_WORK: usize = 8;
/// More lanes than that do not help one database.
const MOST_LANES: usize = 8;

/// Whose command it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Owner {
    Holder(HolderId),
    /// A member by the shop's own id, who is looked up together with everything else that the
    /// decision needs. `part` is [that of the id](lojal_core::kernel::Part::of).
    Member {
        part: Part,
        external_id: Name,
    },
}

impl Owner {
    pub fn part(&self) -> Part {
        match self {
            Owner::Holder(holder) => holder.part(),
            Owner::Member { part, .. } => *part,
        }
    }
}

impl From<HolderId> for Owner {
    fn from(holder: HolderId) -> Owner {
        Owner::Holder(holder)
    }
}

impl From<MemberId> for Owner {
    fn from(member: MemberId) -> Owner {
        Owner::Holder(member.into())
    }
}

/// What a caller hands to the writer.
#[derive(Clone, Debug)]
pub struct Submission {
    pub owner: Owner,
    pub command: Command,
    /// The moment of the decision; `None` is the system clock. An import of history states it.
    pub now: Option<Instant>,
    pub idempotency: Option<Idempotency>,
    /// Decide and answer, write nothing.
    pub dry_run: bool,
}

impl Submission {
    /// A command to be decided now.
    pub fn new(owner: impl Into<Owner>, command: Command) -> Submission {
        Submission { owner: owner.into(), command, now: None, idempotency: None, dry_run: false }
    }
}

/// An `Idempotency-Key` with the fingerprint of the request it came with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idempotency {
    pub key: String,
    pub fingerprint: [u8; 32],
}

/// The balances of one wallet after a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Balance {
    pub unit: Name,
    pub available: i64,
    pub pending: i64,
    pub held: i64,
    pub debt: i64,
    pub expired: i64,
}

/// A transaction as the journal keeps it: an answer is made from this alone, so the same request
/// is answered alike the first time and the tenth.
#[derive(Clone, Debug)]
pub struct Done {
    pub transaction: TransactionId,
    pub holder: HolderId,
    pub decided_at: Instant,
    pub command: Command,
    pub decision: Decision,
    /// All wallets of the holder after the transaction.
    pub balances: Vec<Balance>,
    /// What is kept under the command's natural key after it.
    pub record: Option<Record>,
    /// Whether it had been written before this request.
    pub repeated: bool,
    /// What became of each rule, those that did not fire included, and what was only just missed.
    /// Only for those who ask: it is worked out again, never kept.
    pub explanation: Explanation,
}

#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    #[error("{0}")]
    Refused(Refusal),
    /// The same `Idempotency-Key` came with another request before.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// An order's id is unique in the whole shop.
    #[error("an order with this id is known, and it is another member's")]
    OrderOfAnotherMember,
    /// It is to be decided at another account of the same person. [`Writer`] sends it there itself, so that
    /// nobody else is ever answered this.
    #[error("accounts lead from one to another too often")]
    Elsewhere(Box<Request>),
    /// No programme has been published yet.
    #[error("no programme has been published")]
    NoProgramme,
    /// The queue is full: try again in a moment.
    #[error("too many requests are waiting")]
    Busy,
    /// The card that was to name a member names nobody.
    #[error(transparent)]
    Card(#[from] CardRefusal),
    #[error("storage failed")]
    Storage(#[from] sql::Error),
    #[error("{0}")]
    Broken(String),
}

/// From an account to the one that it was merged into, and back to one that the order is of.
const MOST_ACCOUNTS_ON_THE_WAY: usize = 16;

pub type Answer = Result<Done, WriteError>;

/// Names one step of a command that came from another holder, so that it is taken once: the
/// sender's transaction, and what is being done about it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Errand {
    pub sender: TransactionId,
    pub step: String,
}

/// A submission with what only the platform may ask for.
#[derive(Clone, Debug)]
pub struct Request {
    pub(super) submission: Submission,
    pub(super) enrolment: Option<Enrolment>,
    pub(super) errand: Option<Errand>,
    /// Whether the answer tells what became of each rule.
    pub(super) explain: bool,
}

impl From<Submission> for Request {
    fn from(submission: Submission) -> Request {
        Request { submission, enrolment: None, errand: None, explain: false }
    }
}

struct Waiting {
    request: Request,
    caller: oneshot::Sender<Answer>,
}

/// What a batch needs besides its requests.
#[derive(Clone)]
struct Desk {
    database: Database,
    rulebooks: Rulebooks,
    clock: Clock,
    ids: Arc<Ids>,
    /// Rung when there is something in the outbox.
    outbox: Arc<Notify>,
    exhausted: Arc<shared::Exhausted>,
    /// Held by lanes while they read, and by the scribe when nobody must.
    readers: Arc<RwLock<()>>,
}

/// The way to the writer. Clones lead to the same one; it ends when the last of them is dropped
/// and the queue is empty.
#[derive(Clone, Debug)]
pub struct Writer {
    lanes: Arc<[mpsc::Sender<Waiting>]>,
    exhausted: Arc<shared::Exhausted>,
}

impl Writer {
    /// Starts the lanes; they end with the last handle.
    pub(super) fn start(
        database: Database,
        rulebooks: Rulebooks,
        clock: Clock,
        ids: Arc<Ids>,
        outbox: Arc<Notify>,
    ) -> std::io::Result<Writer> {
        let dialect = database.dialect();
        let exhausted = Arc::<shared::Exhausted>::default();
        let desk = Desk {
            database,
            rulebooks,
            clock,
            ids,
            outbox,
            exhausted: Arc::clone(&exhausted),
            readers: Arc::default(),
        };
        let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let (lanes, longest) = match dialect {
            Dialect::Sqlite | Dialect::Postgres => (cores.clamp(2, MOST_LANES), LONGEST_QUEUE),
            // One for each part: a transaction is about one part.
            Dialect::Distributed => (Part::all().count(), LONGEST_QUEUE_OF_A_PART),
        };
        let (lanes, queues): (Vec<_>, Vec<_>) = (0..lanes).map(|_| mpsc::channel(longest)).unzip();
        if dialect == Dialect::Sqlite {
            let (scribe, batches) = mpsc::channel(lanes.len());
            for queue in queues {
                on_a_thread("lojal-lane", lane::decide_ahead(desk.clone(), queue, scribe.clone()))?;
            }
            let (end, ended) = oneshot::channel();
            on_a_thread("lojal-fold", scribe::fold(desk.clone(), ended))?;
            on_a_thread("lojal-scribe", scribe::write(desk, batches, end))?;
        } else {
            let places = Arc::new(Semaphore::new(MOST_AT_WORK));
            for queue in queues {
                tokio::spawn(lane::write(desk.clone(), queue, Arc::clone(&places)));
            }
        }
        Ok(Writer { lanes: lanes.into(), exhausted })
    }

    /// Stock, a budget or codes may have been added: what was used up is looked for again.
    pub fn replenished(&self) {
        self.exhausted.clear();
    }

    /// Has a command decided and written, and answers when that is durable. Whoever stops waiting
    /// does not stop the command.
    pub async fn submit(&self, submission: Submission) -> Answer {
        self.request(submission.into()).await
    }

    /// As [`Writer::submit`], and a first answer tells what became of each rule. A repeated one
    /// does not: see [`Application::submit_explained`](super::application::Application).
    pub(super) async fn submit_explained(&self, submission: Submission) -> Answer {
        self.request(Request { explain: true, ..submission.into() }).await
    }

    /// Has a new member written together with the [`Command::Enrol`] of the submission.
    pub async fn enrol(&self, enrolment: Enrolment, submission: Submission) -> Answer {
        self.request(Request { enrolment: Some(enrolment), ..submission.into() }).await
    }

    /// Has many commands decided, those of one holder in the order given, and waits for room
    /// instead of refusing. The answers come in the order of the submissions.
    pub async fn submit_all(&self, submissions: Vec<Submission>) -> Vec<Answer> {
        self.request_all(submissions.into_iter().map(Request::from).collect()).await
    }

    /// Like [`Writer::submit_all`], for new members.
    pub async fn enrol_all(&self, members: Vec<(Enrolment, Submission)>) -> Vec<Answer> {
        let request = |(enrolment, submission)| Request { enrolment: Some(enrolment), ..Request::from(submission) };
        self.request_all(members.into_iter().map(request).collect()).await
    }

    /// All commands of a part take the same lane.
    fn lane(&self, request: &Request) -> &mpsc::Sender<Waiting> {
        &self.lanes[request.submission.owner.part().number() as usize % self.lanes.len()]
    }

    async fn request(&self, request: Request) -> Answer {
        match self.request_once(request).await {
            Err(WriteError::Elsewhere(request)) => {
                let mut answers = self.request_all(vec![*request]).await;
                answers.pop().unwrap_or_else(|| Err(stopped()))
            }
            answer => answer,
        }
    }

    async fn request_once(&self, request: Request) -> Answer {
        let (caller, answer) = oneshot::channel();
        self.lane(&request).try_send(Waiting { request, caller }).map_err(|refused| match refused {
            mpsc::error::TrySendError::Full(_) => WriteError::Busy,
            mpsc::error::TrySendError::Closed(_) => stopped(),
        })?;
        answer.await.unwrap_or_else(|_| Err(stopped()))
    }

    pub(super) async fn request_all(&self, requests: Vec<Request>) -> Vec<Answer> {
        let mut results = self.request_all_once(requests).await;
        for _ in 0..MOST_ACCOUNTS_ON_THE_WAY {
            let mut places = Vec::new();
            let mut elsewhere = Vec::new();
            for (place, result) in results.iter_mut().enumerate() {
                if let Err(WriteError::Elsewhere(request)) = result {
                    places.push(place);
                    elsewhere.push(Request::clone(request));
                }
            }
            if places.is_empty() {
                break;
            }
            for (place, answer) in places.into_iter().zip(self.request_all_once(elsewhere).await) {
                results[place] = answer;
            }
        }
        results
    }

    async fn request_all_once(&self, requests: Vec<Request>) -> Vec<Answer> {
        let mut answers = Vec::with_capacity(requests.len());
        for request in requests {
            let (caller, answer) = oneshot::channel();
            // When it cannot be sent the caller's end is dropped, which the answer then tells.
            let _ = self.lane(&request).send(Waiting { request, caller }).await;
            answers.push(answer);
        }
        let mut results = Vec::with_capacity(answers.len());
        for answer in answers {
            results.push(answer.await.unwrap_or_else(|_| Err(stopped())));
        }
        results
    }
}

/// Runs work that calls into a file, and may wait for the disk, where nobody else is held up.
fn on_a_thread(name: &str, work: impl Future<Output = ()> + Send + 'static) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    std::thread::Builder::new().name(name.to_owned()).spawn(move || runtime.block_on(work))?;
    Ok(())
}

fn stopped() -> WriteError {
    WriteError::Broken("the writer stopped; whether this was written is not known".to_owned())
}
