//! The one who writes into a file: takes all batches that the lanes have decided, and writes them in
//! one transaction, so that they share one sync of the disk.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::{mpsc, oneshot};

use super::Desk;
use super::batch::Decided;
use super::lane::{Called, Landing};
use crate::platform::sql::{self, Statement};

/// Batches that share a transaction.
const MOST_TOGETHER: usize = 8;
/// How often the log is folded into the file.
const FOLDING_ROUND: Duration = Duration::from_millis(50);

/// A batch on its way from a lane.
pub(super) struct Handover {
    pub called: Called,
    /// Nothing when it could not be decided ahead.
    pub decided: Option<Decided>,
    /// The generation of the data before it was loaded.
    pub generation: u64,
    pub landing: Landing,
}

/// Folds the log into the file now and then, beside the writing, until the scribe ends.
pub(super) async fn fold(desk: Desk, mut ended: oneshot::Receiver<()>) {
    while tokio::time::timeout(FOLDING_ROUND, &mut ended).await.is_err() {
        if let Err(cause) = desk.database.fold_log().await {
            tracing::warn!(%cause, "the log of the database could not be folded");
        }
    }
}

/// Writes for as long as there are lanes. `_end` tells whoever folds the log.
pub(super) async fn write(desk: Desk, mut batches: mpsc::Receiver<Handover>, _end: oneshot::Sender<()>) {
    let mut waiting = Vec::with_capacity(MOST_TOGETHER);
    let mut seen = None;
    while batches.recv_many(&mut waiting, MOST_TOGETHER).await > 0 {
        let batches = std::mem::take(&mut waiting);
        if AssertUnwindSafe(write_together(&desk, batches, &mut seen)).catch_unwind().await.is_err() {
            desk.database.has_changed();
            tracing::error!("what was decided could not be written");
        }
        if desk.database.is_log_ready() {
            // Lanes read all the time, one or the other: without this the log would never end.
            let alone = desk.readers.write().await;
            if let Err(cause) = desk.database.shorten_log().await {
                tracing::warn!(%cause, "the log of the database could not be shortened");
            }
            drop(alone);
        }
    }
}

/// Writes some batches. What was decided on data that have changed since is decided again.
async fn write_together(desk: &Desk, mut batches: Vec<Handover>, seen: &mut Option<i64>) {
    let mut follow_ups = false;
    match try_together(desk, &mut batches, seen).await {
        Ok(()) => {
            follow_ups = batches.iter().any(|batch| batch.decided.as_ref().is_some_and(|decided| decided.follow_ups))
        }
        Err(cause) => {
            // One of them is at fault, and each finds out alone.
            tracing::debug!(%cause, batches = batches.len(), "a transaction is taken apart");
            desk.database.has_changed();
            for batch in &mut batches {
                batch.decided = None;
            }
        }
    }
    if follow_ups {
        desk.outbox.notify_one();
    }
    let mut again = Vec::new();
    for batch in batches {
        match batch.decided {
            Some(decided) => {
                let aside = batch.called.answer(decided.answers);
                if !aside.requests.is_empty() {
                    again.push((aside, true, batch.landing));
                }
            }
            None => again.push((batch.called, false, batch.landing)),
        }
    }
    let is_behind = again.iter().any(|(_, aside, _)| !aside);
    for (called, aside, landing) in again {
        if aside {
            called.carry_out_aside(desk).await;
        } else {
            called.carry_out(desk).await;
        }
        drop(landing);
    }
    if is_behind {
        // What was decided meanwhile may have built on what was not written in the end.
        desk.database.has_changed();
    }
}

/// Writes those batches in one transaction that are still right; takes away the decisions of the
/// others.
async fn try_together(desk: &Desk, batches: &mut [Handover], seen: &mut Option<i64>) -> Result<(), sql::Error> {
    let (transaction, _) = desk.database.write_batch(&[], Vec::new()).await?;
    let version = transaction.data_version()?;
    if seen.replace(version) != Some(version) {
        // Another process has written.
        desk.database.has_changed();
    }
    let generation = desk.database.generation();
    let mut statements: Vec<Statement> = Vec::new();
    let mut is_behind = false;
    for batch in batches {
        is_behind |= batch.generation != generation;
        match &mut batch.decided {
            Some(decided) if !is_behind => statements.append(&mut decided.statements),
            // What one lane has decided again, others do not build on; but its own later batches do.
            _ => {
                is_behind = true;
                batch.decided = None;
            }
        }
    }
    if statements.is_empty() {
        return transaction.rollback().await;
    }
    transaction.commit_with(statements).await
}
