//! The one path that writes points: commands queue, a batch loads their states, the engine
//! decides, one transaction persists, and then each caller is answered.

use lojal_core::command::Command;
use lojal_core::decision::{Decision, Record, Refusal};
use lojal_core::kernel::{HolderId, Instant, Name, TransactionId};

/// What a caller hands to the writer.
#[derive(Clone, Debug)]
pub struct Submission {
    pub holder: HolderId,
    pub command: Command,
    /// The moment of the decision; `None` is the system clock. An import of history states it.
    pub now: Option<Instant>,
    pub idempotency: Option<Idempotency>,
    /// Decide and answer, write nothing.
    pub dry_run: bool,
}

/// An `Idempotency-Key` with the fingerprint of the request it came with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idempotency {
    pub key: String,
    pub fingerprint: [u8; 32],
}

/// The balances of one wallet after a transaction.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
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
}

#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    #[error("{0}")]
    Refused(Refusal),
    /// The same `Idempotency-Key` came with another request before.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// No programme has been published yet.
    #[error("no programme has been published")]
    NoProgramme,
    /// The queue is full: try again in a moment.
    #[error("too many requests are waiting")]
    Busy,
    #[error("storage failed")]
    Storage(#[from] sqlx::Error),
    #[error("{0}")]
    Broken(String),
}
