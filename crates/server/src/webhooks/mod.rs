//! Webhooks: what happens is told to other programs, as Standard Webhooks has it.

pub mod api;
mod catalogue;
mod delivery;
mod endpoint;
mod examples;
mod following;
mod forms;
mod kind;
mod origins;
pub mod pages;
mod payload;
mod replaying;
mod sending;
mod views;
mod window;
mod wire;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::SignedDuration;
use lojal_core::kernel::{Instant, Part};
use tokio::task::JoinSet;

pub use kind::Kind;

use crate::platform::application::Application;
use crate::platform::identity::IdentityError;
use crate::platform::outgoing::Line;
pub use crate::platform::outgoing::Reach;
use crate::platform::random::NoRandomness;
use delivery::{State, deliveries_clear, deliveries_next};
use endpoint::{Endpoint, EndpointId, endpoint_list, endpoint_sleep, endpoints_clear, endpoints_deleted};
use replaying::before;
use sending::Sender;

/// How often the journal is looked at.
const ROUND: Duration = Duration::from_secs(1);
const CLEANING: Duration = Duration::from_secs(3600);
/// For so long after its event a delivery is kept that was taken,
const DELIVERED_KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);
/// and one that was given up.
const DEAD_KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);
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
    tasks: JoinSet<()>,
    sender: Sender,
}

impl Working {
    /// Stops at once, and lets other processes carry on at once.
    pub async fn stop(mut self) {
        self.tasks.shutdown().await;
        if let Err(cause) = self.sender.give_all_back().await {
            tracing::error!(%cause, "other processes carry on sending webhooks a minute from now");
        }
    }
}

impl Webhooks {
    pub fn new(application: Application, reach: Reach) -> Result<Webhooks, NoRandomness> {
        let sender = Sender::new(application.clone(), Line::new(reach))?;
        Ok(Webhooks { application, sender, busy: Arc::default() })
    }

    /// Starts making events and sending them.
    pub fn start(self) -> Working {
        let mut tasks = JoinSet::new();
        let sender = self.sender.clone();
        tasks.spawn(self.clone().keep_sending());
        tasks.spawn(self.keep_clean());
        Working { tasks, sender }
    }

    async fn keep_sending(self) {
        let mut interval = tokio::time::interval(ROUND);
        interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut sending = JoinSet::new();
        loop {
            interval.tick().await;
            while sending.try_join_next().is_some() {}
            // Whatever is in the way of one keeps none of the others from its work.
            let done = [
                following::follow(&self.application).await.map(drop).map_err(IdentityError::from),
                replaying::replay_all(&self.application).await.map(drop).map_err(IdentityError::from),
                self.send_all(&mut sending).await,
            ];
            for cause in done.into_iter().filter_map(Result::err) {
                tracing::error!(%cause, job = "webhooks", "a job failed and will be tried again");
            }
        }
    }

    async fn send_all(&self, sending: &mut JoinSet<()>) -> Result<(), IdentityError> {
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
        // What waits goes on waiting, however long ago it happened.
        let limits = [(State::Delivered, older(DELIVERED_KEPT)), (State::Dead, older(DEAD_KEPT))];
        for endpoint in &endpoints {
            self.clear(endpoint.id, limits).await?;
            self.wake_again(endpoint).await?;
        }
        for id in &gone {
            self.clear(*id, State::ALL.map(|state| (state, i64::MAX))).await?;
        }
        let mut transaction = database.write_aside().await?;
        endpoints_clear(&mut transaction, &gone, now, HOURS_KEPT).await?;
        transaction.commit().await?;
        Ok(())
    }

    async fn clear(
        &self,
        endpoint: EndpointId,
        limits: impl IntoIterator<Item = (State, i64)>,
    ) -> Result<(), IdentityError> {
        for limit in limits {
            for part in Part::all() {
                let mut cleared = 1;
                while cleared > 0 {
                    let mut transaction = self.application.database.write_aside_in(part).await?;
                    cleared = deliveries_clear(&mut transaction, endpoint, part, limit).await?;
                    transaction.commit().await?;
                }
            }
        }
        Ok(())
    }

    /// Finds what is due where nobody says so: whoever was about to say so came to an end.
    async fn wake_again(&self, endpoint: &Endpoint) -> Result<(), IdentityError> {
        if endpoint.wake_at.is_some() {
            return Ok(());
        }
        let next = deliveries_next(&mut *self.application.database.read().await?, endpoint.id).await?;
        if next.is_some() {
            let mut transaction = self.application.database.write_aside().await?;
            endpoint_sleep(&mut transaction, endpoint, next).await?;
            transaction.commit().await?;
        }
        Ok(())
    }

    /// Makes events of everything that has happened, sends all that is due, and returns when nothing is. Answers how
    /// many attempts were made.
    pub async fn run_until_idle(&self) -> Result<usize, IdentityError> {
        let mut attempts = 0;
        loop {
            let has_made = following::follow(&self.application).await? > 0;
            let has_made = replaying::replay_all(&self.application).await? || has_made;
            let due = self.sender.due().await?;
            if !has_made && due.is_empty() {
                return Ok(attempts);
            }
            let sent = futures_util::future::join_all(due.into_iter().map(|id| self.sender.drain(id))).await;
            let before = attempts;
            for sent in sent {
                attempts += sent?;
            }
            if !has_made && attempts == before {
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
