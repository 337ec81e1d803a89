//! One history through several programmes at once, each on a thread of its own.

use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use lojal_core::kernel::Instant;
use lojal_core::programme::Programme;
use lojal_simulation::history::Step;
use lojal_simulation::replay::{Manner, Outcome, Replay};
use lojal_simulation::shell::NeverDecided;

use super::adapting::Adapting;
use super::source::Source;
use crate::failure::Failure;

/// Chunks that wait for a programme which is slower than the others.
const WAITING: usize = 4;

/// A programme that goes through a history.
pub struct Side {
    pub programme: Programme,
    /// How the history's orders become those of the programme's shop.
    pub adapting: Adapting,
}

/// What each programme comes to, in their order. Time passes until `until`, or until the last step.
/// `progress` is told how many steps have been read.
pub fn run(
    source: &mut dyn Source,
    sides: &[Side],
    manner: &Manner,
    until: Option<Instant>,
    progress: &dyn Fn(u64),
) -> Result<Vec<Outcome>, Failure> {
    thread::scope(|scope| {
        let (senders, threads): (Vec<SyncSender<Arc<Vec<Step>>>>, Vec<_>) = sides
            .iter()
            .map(|side| {
                let (sender, chunks) = sync_channel::<Arc<Vec<Step>>>(WAITING);
                let replay = Replay::new(side.programme.clone(), manner.clone());
                (sender, scope.spawn(move || through(replay, &side.adapting, chunks.iter(), until)))
            })
            .unzip();
        let mut read = 0;
        loop {
            let steps = source.next_steps()?;
            if steps.is_empty() {
                break;
            }
            read += steps.len() as u64;
            progress(read);
            let steps = Arc::new(steps);
            // One that has given up says why when it is asked below.
            if senders.iter().any(|sender| sender.send(Arc::clone(&steps)).is_err()) {
                break;
            }
        }
        drop(senders);
        let outcomes = threads.into_iter().map(|thread| match thread.join() {
            Ok(outcome) => outcome.map_err(|never| Failure::new(format!("the engine never decided: {never:?}"))),
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
