//! Webhooks: what happens is told to other programs, as Standard Webhooks has it.

mod address;
pub mod api;
mod catalogue;
mod delivery;
mod endpoint;
mod examples;
mod following;
mod kind;
mod line;
pub mod pages;
mod payload;
mod replaying;
mod requests;
mod secret;
mod sending;
mod views;
mod wire;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::SignedDuration;
use lojal_core::kernel::{Instant, Part};
use tokio::task::JoinSet;

pub use address::Reach;
pub use kind::Kind;

use crate::platform::application::Application;
use crate::platform::identity::IdentityError;
use crate::platform::random::NoRandomness;
use delivery::deliveries_clear;
use endpoint::{EndpointId, endpoint_list, endpoints_clear, endpoints_deleted};
use line::Line;
use replaying::before;
use sending::Sender;

/// How often the journal is looked at.
const ROUND: Duration = Duration::from_secs(1);
const CLEANING: Duration = Duration::from_secs(3600);
/// For so long after its event a delivery is kept that was taken,
const DELIVERED_KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);
/// and one that was not.
const REST_KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);
/// Counts of attempts.
const HOURS_KEPT: i64 = 48;

/// What makes events and sends them.
#[derive(Clone, Debug)]
pub struct Webhooks {
    application: Application,
    sender: Sender,
    /// Endpoints that this process is sending to.
    busy: Arc<Mutex<BTreeSet<EndpointId>>>,
}

/// Work in the background; it stops when this is dropped.
#[derive(Debug)]
pub struct Working {
    _tasks: JoinSet<()>,
}

impl Webhooks {
    pub fn new(application: Application, reach: Reach) -> Result<Webhooks, NoRandomness> {
        let sender = Sender::new(application.clone(), Line::new(reach))?;
        Ok(Webhooks { application, sender, busy: Arc::default() })
    }

    /// Starts making events and sending them.
    pub fn start(self) -> Working {
        let mut tasks = JoinSet::new();
        tasks.spawn(self.clone().keep_sending());
        tasks.spawn(self.keep_clean());
        Working { _tasks: tasks }
    }

    async fn keep_sending(self) {
        let mut interval = tokio::time::interval(ROUND);
        interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut sending = JoinSet::new();
        loop {
            interval.tick().await;
            while sending.try_join_next().is_some() {}
            if let Err(cause) = self.round(&mut sending).await {
                tracing::error!(%cause, job = "webhooks", "a job failed and will be tried again");
            }
        }
    }

    async fn round(&self, sending: &mut JoinSet<()>) -> Result<(), IdentityError> {
        following::follow(&self.application).await?;
        replaying::replay_all(&self.application).await?;
        for id in self.sender.due().await? {
            let Some(turn) = self.turn(id) else { continue };
            let sender = self.sender.clone();
            sending.spawn(async move {
                let _turn = turn;
                if let Err(cause) = sender.drain(id).await {
                    tracing::error!(%cause, endpoint = %id, "webhooks could not be sent and will be tried again");
                }
            });
        }
        Ok(())
    }

    fn turn(&self, id: EndpointId) -> Option<Turn> {
        let is_free = self.busy.lock().unwrap_or_else(PoisonError::into_inner).insert(id);
        is_free.then(|| Turn { busy: Arc::clone(&self.busy), id })
    }

    async fn keep_clean(self) {
        let mut interval = tokio::time::interval(CLEANING);
        interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            interval.tick().await;
            if let Err(cause) = self.clean().await {
                tracing::error!(%cause, job = "webhooks_cleaning", "a job failed and will be tried again");
            }
        }
    }

    /// Looks for what was passed over, and clears away what is old.
    pub async fn clean(&self) -> Result<(), IdentityError> {
        following::follow_overlooked(&self.application).await?;
        let database = &self.application.database;
        let now = self.application.clock.now();
        let (endpoints, gone) = {
            let mut connection = database.read().await?;
            (endpoint_list(&mut connection).await?, endpoints_deleted(&mut connection).await?)
        };
        let older = |kept| before(now.saturating_sub(kept).unwrap_or(Instant::MIN));
        let limits = (older(DELIVERED_KEPT), older(REST_KEPT));
        let kept = endpoints.iter().map(|endpoint| (endpoint.id, limits));
        for (endpoint, limits) in kept.chain(gone.iter().map(|id| (*id, (i64::MAX, i64::MAX)))) {
            for part in Part::all() {
                let mut transaction = database.write_aside_in(part).await?;
                deliveries_clear(&mut transaction, endpoint, part, limits).await?;
                transaction.commit().await?;
            }
        }
        let mut transaction = database.write_aside().await?;
        endpoints_clear(&mut transaction, &gone, now, HOURS_KEPT).await?;
        requests::requests_clear(&mut transaction, now).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Makes events of everything that has happened, sends all that is due, and returns when nothing is. Answers how
    /// many attempts were made.
    pub async fn run_until_idle(&self) -> Result<usize, IdentityError> {
        let mut attempts = 0;
        loop {
            let made = following::follow(&self.application).await? + replaying::replay_all(&self.application).await?;
            let due = self.sender.due().await?;
            if made == 0 && due.is_empty() {
                return Ok(attempts);
            }
            let sent = futures_util::future::join_all(due.into_iter().map(|id| self.sender.drain(id))).await;
            let before = attempts;
            for sent in sent {
                attempts += sent?;
            }
            if made == 0 && attempts == before {
                // Another process sends, and will go on.
                return Ok(attempts);
            }
        }
    }

    /// Makes events of everything that has happened, and sends nothing. Answers how many deliveries were added.
    pub async fn follow(&self) -> Result<u64, IdentityError> {
        Ok(following::follow(&self.application).await?)
    }
}

/// Held by the one who sends to an endpoint.
struct Turn {
    busy: Arc<Mutex<BTreeSet<EndpointId>>>,
    id: EndpointId,
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.id);
    }
}
