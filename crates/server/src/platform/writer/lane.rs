//! A lane: the commands for some of the parts, one batch after the other.
//!
//! On PostgreSQL a lane claims the parts of a batch, loads, decides and writes in one transaction,
//! while the other lanes are at theirs. In a file only one can write at a time, so there a lane
//! decides ahead: it loads through a connection that only reads, takes into account what it has
//! decided itself that is not written yet, and hands the result to the [scribe](super::scribe).

use std::collections::VecDeque;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::FutureExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

use super::batch::{Decided, Scope, carry_out, carry_out_aside, decide_all, parts_of};
use super::persist::{self, Loaded};
use super::scribe::Handover;
use super::{Answer, Desk, Request, Waiting};
use crate::platform::sql;

/// At most so many commands share a transaction of a lane: bounds how long the first of them waits.
const LARGEST_BATCH: usize = 256;
/// At most so many are decided together ahead of the scribe, who joins batches: while some are being
/// written, the next are decided.
const LARGEST_AHEAD: usize = 64;
/// Batches that are decided and not yet written.
const DEPTH: u32 = 2;
/// So few commands are carried out at once when nothing is under way.
const FEW: usize = 8;

/// Takes what waits, as one batch, for as long as anybody may still ask, and writes it before it
/// takes the next. A lane that has something to write waits for one of the `places`.
pub(super) async fn write(desk: Desk, mut queue: mpsc::Receiver<Waiting>, places: Arc<Semaphore>) {
    let mut waiting = Vec::with_capacity(LARGEST_BATCH);
    while queue.recv_many(&mut waiting, LARGEST_BATCH).await > 0 {
        let Ok(_place) = places.acquire().await else { return };
        // While there was no place, more may have come.
        while waiting.len() < LARGEST_BATCH
            && let Ok(another) = queue.try_recv()
        {
            waiting.push(another);
        }
        let batch = Called::from(std::mem::take(&mut waiting));
        batch.carry_out(&desk).await;
    }
}

/// Requests with those who wait for the answers.
pub(super) struct Called {
    pub requests: Vec<Request>,
    callers: Vec<tokio::sync::oneshot::Sender<Answer>>,
}

impl From<Vec<Waiting>> for Called {
    fn from(waiting: Vec<Waiting>) -> Called {
        let (requests, callers) = waiting.into_iter().map(|waiting| (waiting.request, waiting.caller)).unzip();
        Called { requests, callers }
    }
}

impl Called {
    /// Loads, decides and writes under the lock. A defect ends the batch, not the writer.
    pub async fn carry_out(self, desk: &Desk) {
        let answers = AssertUnwindSafe(carry_out(desk, self.requests)).catch_unwind().await;
        match answers {
            Ok(answers) => answer(self.callers, answers),
            Err(_) => tracing::error!("a batch was given up"),
        }
    }

    /// As [`Called::carry_out`], for requests for which their own parts do not have enough.
    pub async fn carry_out_aside(self, desk: &Desk) {
        answer(self.callers, carry_out_aside(desk, self.requests).await);
    }

    /// Answers those that were decided. What remains are those that were put aside.
    pub fn answer(self, answers: Vec<Option<Answer>>) -> Called {
        let mut aside = Called { requests: Vec::new(), callers: Vec::new() };
        for ((request, caller), answer) in self.requests.into_iter().zip(self.callers).zip(answers) {
            match answer {
                // Nobody may be waiting any more.
                Some(answer) => drop(caller.send(answer)),
                None => {
                    aside.requests.push(request);
                    aside.callers.push(caller);
                }
            }
        }
        aside
    }
}

fn answer(callers: Vec<tokio::sync::oneshot::Sender<Answer>>, answers: Vec<Answer>) {
    for (caller, answer) in callers.into_iter().zip(answers) {
        // Nobody may be waiting any more.
        let _ = caller.send(answer);
    }
}

/// A batch that is decided and not known to be written.
struct Flight {
    outlook: Arc<Loaded>,
    landed: Arc<AtomicBool>,
}

/// What a batch that was handed over holds until it is written, or given up.
pub(super) struct Landing {
    landed: Arc<AtomicBool>,
    _place: OwnedSemaphorePermit,
}

impl Drop for Landing {
    fn drop(&mut self) {
        self.landed.store(true, Ordering::Release);
    }
}

/// Decides ahead of the one who writes.
pub(super) async fn decide_ahead(desk: Desk, mut queue: mpsc::Receiver<Waiting>, scribe: mpsc::Sender<Handover>) {
    let places = Arc::new(Semaphore::new(DEPTH as usize));
    let mut flights: VecDeque<Flight> = VecDeque::new();
    let mut waiting = Vec::with_capacity(LARGEST_AHEAD);
    while queue.recv_many(&mut waiting, LARGEST_AHEAD).await > 0 {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        // While there was no place, more may have come.
        while waiting.len() < LARGEST_AHEAD
            && let Ok(another) = queue.try_recv()
        {
            waiting.push(another);
        }
        let called = Called::from(std::mem::take(&mut waiting));
        let generation = desk.database.generation();
        // After that, and before anything is loaded: what has landed by now is what the database
        // then knows; and what was given up meanwhile belongs to an earlier generation.
        flights.retain(|flight| !flight.landed.load(Ordering::Acquire));
        if flights.is_empty() && called.requests.len() <= FEW {
            called.carry_out(&desk).await;
            continue;
        }
        let recent: Vec<Arc<Loaded>> = flights.iter().map(|flight| Arc::clone(&flight.outlook)).collect();
        let decided = AssertUnwindSafe(decide(&desk, &called.requests, &recent)).catch_unwind().await;
        let Ok(mut decided) = decided else {
            tracing::error!("a batch was given up");
            continue;
        };
        if let Ok(Decided { answers, statements, .. }) = &mut decided
            && statements.is_empty()
            && answers.iter().all(Option::is_some)
            && (recent.is_empty() || called.requests.iter().all(|request| request.submission.dry_run))
        {
            // Nothing is to be written, and nothing is told that is not.
            called.answer(std::mem::take(answers));
            continue;
        }
        let has_aside = decided.as_ref().is_ok_and(|decided| decided.answers.iter().any(Option::is_none));
        let landed = Arc::new(AtomicBool::new(false));
        let landing = Landing { landed: Arc::clone(&landed), _place: place };
        let mut decided = decided.ok();
        let outlook = decided.as_mut().map(|decided| std::mem::take(&mut decided.outlook)).unwrap_or_default();
        // Also when it could not be decided: nothing of the same lane may overtake it.
        flights.push_back(Flight { outlook: Arc::new(outlook), landed });
        if scribe.send(Handover { called, decided, generation, landing }).await.is_err() {
            return;
        }
        if has_aside {
            // What was put aside comes first; it is about the same parts.
            let Ok(all) = places.acquire_many(DEPTH).await else { return };
            drop(all);
        }
    }
}

async fn decide(desk: &Desk, requests: &[Request], recent: &[Arc<Loaded>]) -> Result<Decided, sql::Error> {
    let parts = parts_of(requests);
    let _reading = desk.readers.read().await;
    let mut connection = desk.database.snapshot().await?;
    let questions = persist::questions(connection.dialect(), &parts, requests);
    let known = sql::run_all(&mut connection, questions).await?;
    decide_all(desk, &mut connection, &parts, requests, known, Scope::Own, recent).await
}
