//! Activity → every capability → one decision.

use crate::command::{Command, Inputs, Needs};
use crate::decision::{Decision, Record, Refusal};
use crate::holder::Holder;
use crate::kernel::Instant;
use crate::programme::{Programme, Rulebook};

/// Why there is no decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Undecided {
    /// The answer is no. Nothing is to be written.
    Refused(Refusal),
    /// The engine must know more: add it to the inputs and ask again.
    Needs(Needs),
}

/// Decides what a command does to a holder: the state afterwards, and the decision to be written.
///
/// `holder` is `None` only for the commands that make one. `record` is what is kept under
/// [`Command::key`], with the transaction that wrote it. First the time-driven work that is due by
/// `inputs.now` is done, then the command.
pub fn decide(
    rulebook: &Rulebook,
    holder: Option<&Holder>,
    record: Option<&(crate::kernel::TransactionId, Record)>,
    command: &Command,
    inputs: &Inputs,
) -> Result<(Holder, Decision), Undecided> {
    let _ = (rulebook, holder, record, command, inputs);
    Err(Undecided::Refused(Refusal::UnknownHolder))
}

/// When time itself has something to do for the holder next.
pub fn next_due(programme: &Programme, holder: &Holder) -> Option<Instant> {
    let _ = (programme, holder);
    None
}
