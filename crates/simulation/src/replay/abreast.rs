//! One history through several programmes at once, each on a thread of its own.

use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use lojal_core::kernel::Instant;
use lojal_core::programme::Programme;

use super::{Manner, Outcome, Replay};
use crate::adapting::Adapting;
use crate::history::Step;
use crate::shell::NeverDecided;

/// Chunks that wait for a programme which is slower than the others.
const WAITING: usize = 4;

/// A programme that goes through a history.
pub struct Side {
    pub programme: Programme,
    /// How the history's orders become those of the programme's shop.
    pub adapting: Adapting,
}

/// What each programme comes to, in their order. Time passes until `until`, or until the last step. `next_steps`
/// answers with some steps in the order of time, and with none at the end; what it fails with ends the whole.
pub fn run<E: From<NeverDecided>>(
    mut next_steps: impl FnMut() -> Result<Vec<Step>, E>,
    sides: &[Side],
    manner: &Manner,
    until: Option<Instant>,
) -> Result<Vec<Outcome>, E> {
    thread::scope(|scope| {
        let (senders, threads): (Vec<SyncSender<Arc<Vec<Step>>>>, Vec<_>) = sides
            .iter()
            .map(|side| {
                let (sender, chunks) = sync_channel::<Arc<Vec<Step>>>(WAITING);
                let replay = Replay::new(side.programme.clone(), manner.clone());
                (sender, scope.spawn(move || through(replay, &side.adapting, chunks.iter(), until)))
            })
            .unzip();
        loop {
            let steps = next_steps()?;
            if steps.is_empty() {
                break;
            }
            let steps = Arc::new(steps);
            // One that has given up says why when it is asked below.
            if senders.iter().any(|sender| sender.send(Arc::clone(&steps)).is_err()) {
                break;
            }
        }
        drop(senders);
        let outcomes = threads.into_iter().map(|thread| match thread.join() {
            Ok(outcome) => outcome.map_err(E::from),
            Err(panic) => std::panic::resume_unwind(panic),
        });
        outcomes.collect()
    })
}

fn through(
    mut replay: Replay,
    adapting: &Adapting,
    chunks: impl Iterator<Item = Arc<Vec<Step>>>,
    until: Option<Instant>,
) -> Result<Outcome, NeverDecided> {
    let mut last = None;
    for steps in chunks {
        for step in steps.iter().filter(|step| until.is_none_or(|until| step.at <= until)) {
            replay.take(&adapting.adapt(step))?;
            last = last.max(Some(step.at));
        }
    }
    replay.finish(until.or(last).unwrap_or(Instant::UNIX_EPOCH))
}
