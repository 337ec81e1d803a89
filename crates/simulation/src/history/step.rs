use lojal_core::command::Command;
use lojal_core::kernel::{HolderId, Instant, TransactionId};

/// One request with everything that the shell would bring to its decision: replaying a list of
/// steps replays the story, bit for bit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The moment of the decision.
    pub at: Instant,
    pub holder: HolderId,
    /// The id under which the journal keeps it, and by which a step that comes twice is known.
    pub transaction: TransactionId,
    pub entropy: u128,
    pub command: Command,
}
