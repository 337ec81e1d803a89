//! Takes windows to the writer: whose the lines are is found out, and everything is submitted.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use axum::http::StatusCode;
use lojal_core::command::Command;
use lojal_core::kernel::{HolderId, MemberId};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

use super::body::Pulse;
use super::intake::{Entry, Outcome, Ready, prepare};
use super::stream::{Answered, Marked, Numbered, Subject, Window};
use crate::platform::application::Application;
use crate::platform::directory::{Listed, directory_find_all};
use crate::platform::enrolment::{member_find_all, member_survivor};
use crate::platform::http::Problem;
use crate::platform::http::turns::{Turn, Turns};
use crate::platform::sql::Dialect;
use crate::platform::writer::{Owner, Submission, WriteError};

/// The most windows of all streams together that are with the writer: its queue always has places
/// left for single requests, which are not kept waiting but told to come back.
const MOST_AT_ONCE: usize = 3;

/// The most streams of one kind that are open: each holds some megabytes for as long as its client takes.
const MOST_STREAMS: usize = 32;
/// Seconds after which a place may be free again.
const STREAM_SECONDS: u64 = 5;

/// Room for streams of one kind, and at the writer, which they share.
#[derive(Clone, Debug)]
pub struct Room {
    streams: Arc<Semaphore>,
    windows: Arc<Semaphore>,
}

impl Default for Room {
    fn default() -> Room {
        Room { streams: Arc::new(Semaphore::new(MOST_STREAMS)), windows: Arc::new(Semaphore::new(MOST_AT_ONCE)) }
    }
}

impl Room {
    /// A place for another stream, kept until it is dropped.
    pub fn enter(&self) -> Result<OwnedSemaphorePermit, Problem> {
        Arc::clone(&self.streams).try_acquire_owned().map_err(|_| {
            let detail = format!("{MOST_STREAMS} bulk requests are under way; send this one again when one has ended");
            let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_streams", detail);
            problem.retry_after(STREAM_SECONDS)
        })
    }

    /// Nobody closes it, so there is always something to wait for.
    async fn take(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.windows).acquire_owned().await.ok()
    }
}

/// Has windows decided, one after the other. While one is with the writer the next is prepared.
pub async fn decide<S: Subject>(
    application: Application,
    turns: Turns,
    room: Room,
    mut windows: mpsc::Receiver<Window<S::Mark>>,
    results: mpsc::Sender<Answered<S::Mark>>,
    pulse: Arc<Pulse>,
) {
    let mut ready = None;
    loop {
        let submitting = async {
            let held: Option<(Decidable<S::Mark>, mpsc::Permit<'_, _>, _)> = ready.take();
            if let Some((decidable, place, _room)) = held {
                place.send(decidable.carry_out(&application).await);
                pulse.beat();
            }
        };
        let preparing = async {
            let window = windows.recv().await?;
            // Before anything is taken that others may need, so that nobody ever waits for a client
            // who reads slowly.
            let place = results.reserve().await.ok()?;
            let room = room.take().await;
            Some((Decidable::new::<S>(&application, &turns, window).await, place, room))
        };
        let ((), prepared) = tokio::join!(submitting, preparing);
        if prepared.is_none() {
            return;
        }
        ready = prepared;
    }
}

/// A window on its way to the writer.
struct Decidable<Mark> {
    lines: Vec<Numbered<Marked<Mark>>>,
    ready: Result<Ready, WriteError>,
    last: bool,
    _turns: Vec<Turn>,
}

impl<Mark: Copy> Decidable<Mark> {
    async fn new<S: Subject<Mark = Mark>>(
        application: &Application,
        turns: &Turns,
        window: Window<Mark>,
    ) -> Decidable<Mark> {
        let Window { lines: asked, orders, last, .. } = window;
        let mut entries = Vec::with_capacity(asked.len());
        let mut lines = Vec::with_capacity(asked.len());
        for Numbered { number, line } in asked {
            let line = line.map(|(entry, mark)| {
                let marked = Marked { mark, dry_run: entry.dry_run };
                entries.push(entry);
                marked
            });
            lines.push(Numbered { number, line });
        }
        let names: BTreeSet<String> = orders.into_keys().map(String::from).collect();
        let held = match S::TURNS {
            Some(route) => turns.take_all(route, names.clone()).await,
            None => Vec::new(),
        };
        let ready = resolve(application, entries, &names).await;
        Decidable { lines, ready, last, _turns: held }
    }

    async fn carry_out(self, application: &Application) -> Answered<Mark> {
        let mut outcomes = match self.ready {
            Ok(ready) => Ok(ready.carry_out(&application.writer).await.into_iter()),
            Err(cause) => Err(Arc::new(cause)),
        };
        let mut answered = |marked: Marked<Mark>| {
            let outcome = match &mut outcomes {
                Ok(outcomes) => outcomes.next().ok_or_else(|| Problem::internal(&"a line was not answered"))?,
                Err(cause) => Outcome::Unresolved(Arc::clone(cause)),
            };
            Ok((outcome, marked))
        };
        let lines = self.lines.into_iter();
        let lines = lines.map(|Numbered { number, line }| Numbered { number, line: line.and_then(&mut answered) });
        Answered { lines: lines.collect(), last: self.last }
    }
}

/// Finds out whose the lines are, and refuses orders that are another member's. One of another account of the same
/// person goes on there.
async fn resolve(
    application: &Application,
    entries: Vec<Entry>,
    orders: &BTreeSet<String>,
) -> Result<Ready, WriteError> {
    let mut ready = prepare(application, entries).await?;
    if orders.is_empty() || application.database.dialect() != Dialect::Distributed {
        // On one machine the writer itself finds an order of whatever part.
        return Ok(ready);
    }
    let names: Vec<&str> = orders.iter().map(String::as_str).collect();
    let mut connection = application.database.read().await?;
    let known = directory_find_all(&mut connection, Listed::Order, &names).await?;
    let elsewhere = |submission: &Submission| match (&submission.command, &submission.owner) {
        (Command::PutOrder { order }, Owner::Holder(holder)) => {
            known.get(&order.external_id).filter(|owner| *owner != holder).map(|owner| (*holder, *owner))
        }
        _ => None,
    };
    let named = ready.submissions().filter_map(elsewhere).flat_map(|(holder, owner)| [holder, owner]);
    let named: BTreeSet<MemberId> = named.map(|holder| MemberId(holder.0)).collect();
    let mut survivors = HashMap::new();
    if !named.is_empty() {
        for row in member_find_all(&mut connection, named).await? {
            let account = HolderId::from(row.id);
            survivors.insert(account, member_survivor(&mut connection, row).await?.id);
        }
    }
    drop(connection);
    ready.settle(|submission| {
        let (holder, owner) = elsewhere(submission)?;
        if survivors.contains_key(&owner) && survivors.get(&holder) == survivors.get(&owner) {
            submission.owner = owner.into();
            return None;
        }
        Some(Outcome::Answered(Box::new(Err(WriteError::OrderOfAnotherMember))))
    });
    Ok(ready)
}
