//! How deliveries are sent: one process at a time to each endpoint, so that events of a member keep their order, and
//! each endpoint by itself, so that a slow one holds nobody back.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::StreamExt;
use jiff::SignedDuration;
use lojal_core::kernel::{Instant, Part};
use tokio::sync::mpsc;

use super::delivery::{Delivery, Settled, State, Try, deliveries_due, deliveries_next, delivery_settle_all};
use super::endpoint::{
    Disabled, Endpoint, EndpointId, Went, endpoint_disable, endpoint_find, endpoint_lease, endpoint_list,
    endpoint_release, endpoint_sleep, endpoint_went, secrets_find,
};
use super::line::{Answered, Line, Message, Trouble};
use super::payload::payloads;
use super::secret::{Secret, signatures};
use crate::platform::application::Application;
use crate::platform::identity::IdentityError;
use crate::platform::random::{self, NoRandomness};
use crate::platform::sql::Connection;
use crate::platform::staff::{Action, action_note};

/// Deliveries that are looked for together.
const PAGE: usize = 64;
/// Requests that are under way to one endpoint.
const AT_ONCE: usize = 8;
/// What has come to an end is written down together.
const GATHERED: usize = 32;
const GATHERING: Duration = Duration::from_millis(200);
/// Seconds from one attempt to the next, three days altogether.
const DELAYS: [i64; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
/// An endpoint that takes nothing for so long is left alone.
const PATIENCE: SignedDuration = SignedDuration::from_hours(5 * 24);
/// For so long at most an endpoint may ask to be left alone.
const LONGEST_PAUSE: i64 = 3_600;
/// Under this number stands what nobody of the staff did.
const NOBODY: i64 = 0;

/// Sends from this process.
#[derive(Clone, Debug)]
pub struct Sender {
    application: Application,
    line: Line,
    /// Tells this process from others.
    lease: i64,
}

/// What one attempt came to.
struct Outcome {
    delivery: Delivery,
    answer: Result<Answered, Trouble>,
    at: Instant,
    took: Duration,
}

impl Sender {
    pub fn new(application: Application, line: Line) -> Result<Sender, NoRandomness> {
        Ok(Sender { application, line, lease: i64::from_le_bytes(random::bytes()?) })
    }

    /// Endpoints for which something is due.
    pub async fn due(&self) -> Result<Vec<EndpointId>, IdentityError> {
        let now = self.application.clock.now();
        let endpoints = endpoint_list(&mut *self.application.database.read().await?).await?;
        let is_due = |endpoint: &&Endpoint| {
            endpoint.disabled.is_none()
                && endpoint.paused_until <= now
                && endpoint.wake_at.is_some_and(|wake_at| wake_at <= now)
        };
        Ok(endpoints.iter().filter(is_due).map(|endpoint| endpoint.id).collect())
    }

    /// Sends everything that is due to an endpoint. Answers how many attempts were made.
    pub async fn drain(&self, id: EndpointId) -> Result<usize, IdentityError> {
        let mut attempts = 0;
        while let Some((endpoint, due)) = self.next_page(id).await? {
            attempts += due.len();
            if !self.deliver(&endpoint, due).await? {
                self.give_back(id).await?;
                break;
            }
        }
        Ok(attempts)
    }

    /// What is to be sent next, if anything is, and if it is for this process to send.
    async fn next_page(&self, id: EndpointId) -> Result<Option<(Endpoint, Vec<Delivery>)>, IdentityError> {
        let now = self.application.clock.now();
        if !self.take(id, now).await? {
            return Ok(None);
        }
        let mut connection = self.application.database.read().await?;
        let endpoint = endpoint_find(&mut connection, id).await?;
        let open = |endpoint: &Endpoint| endpoint.disabled.is_none() && endpoint.paused_until <= now;
        let Some(endpoint) = endpoint.filter(open) else {
            drop(connection);
            self.give_back(id).await?;
            return Ok(None);
        };
        let due = deliveries_due(&mut connection, id, now, PAGE).await?;
        if !due.is_empty() {
            return Ok(Some((endpoint, due)));
        }
        let next = deliveries_next(&mut connection, id).await?;
        drop(connection);
        let mut transaction = self.application.database.write_aside().await?;
        endpoint_sleep(&mut transaction, &endpoint, next).await?;
        endpoint_release(&mut transaction, Some(id), self.lease).await?;
        transaction.commit().await?;
        Ok(None)
    }

    async fn take(&self, id: EndpointId, now: Instant) -> Result<bool, IdentityError> {
        let mut transaction = self.application.database.write_aside().await?;
        let is_ours = endpoint_lease(&mut transaction, id, self.lease, None, now).await?;
        transaction.commit().await?;
        Ok(is_ours)
    }

    async fn give_back(&self, id: EndpointId) -> Result<(), IdentityError> {
        let mut transaction = self.application.database.write_aside().await?;
        endpoint_release(&mut transaction, Some(id), self.lease).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Lets others send to whatever this process was sending to.
    pub async fn give_all_back(&self) -> Result<(), IdentityError> {
        let mut transaction = self.application.database.write_aside().await?;
        endpoint_release(&mut transaction, None, self.lease).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Sends a page of deliveries, those of one holder one after the other. Answers whether to go on.
    async fn deliver(&self, endpoint: &Endpoint, due: Vec<Delivery>) -> Result<bool, IdentityError> {
        let mut connection = self.application.database.read().await?;
        let now = self.application.clock.now();
        let secrets = secrets_find(&mut connection, &self.application.vault, endpoint.id, now).await?;
        let payloads = payloads(&self.application, &mut connection, &due).await?;
        drop(connection);
        let mut of_holders: BTreeMap<_, Vec<Delivery>> = BTreeMap::new();
        for delivery in due {
            let alone = delivery.holder.is_none().then_some(delivery.event);
            of_holders.entry((delivery.holder, alone)).or_default().push(delivery);
        }
        let (told, results) = mpsc::channel(GATHERED);
        let stop = AtomicBool::new(false);
        let (stop, secrets, payloads) = (&stop, &secrets, &payloads);
        let sending = async move {
            let told = &told;
            let one_after_the_other = |deliveries: Vec<Delivery>| async move {
                for delivery in deliveries {
                    if stop.load(Ordering::Acquire) {
                        break;
                    }
                    let body = payloads.get(&delivery.event).map(|payload| payload.bytes());
                    let outcome = self.attempt(endpoint, delivery, body, secrets).await;
                    if told.send(outcome).await.is_err() {
                        break;
                    }
                }
            };
            futures_util::stream::iter(of_holders.into_values())
                .for_each_concurrent(AT_ONCE, one_after_the_other)
                .await;
        };
        let (_, recorded) = tokio::join!(sending, self.record_all(endpoint, results, stop));
        recorded
    }

    async fn attempt(
        &self,
        endpoint: &Endpoint,
        delivery: Delivery,
        body: Option<Vec<u8>>,
        secrets: &[Secret],
    ) -> Outcome {
        let at = self.application.clock.now();
        let begun = std::time::Instant::now();
        let answer = match body {
            Some(body) => {
                let (id, seconds) = (delivery.event.to_string(), at.as_second());
                let signatures = signatures(secrets, &id, seconds, &body);
                self.line.send(Message { url: endpoint.url.clone(), id, seconds, signatures, body }).await
            }
            None => Err(Trouble::Nothing),
        };
        Outcome { delivery, answer, at, took: begun.elapsed() }
    }

    /// Writes down what comes to an end, some together. Answers whether more may be sent.
    async fn record_all(
        &self,
        endpoint: &Endpoint,
        mut results: mpsc::Receiver<Outcome>,
        stop: &AtomicBool,
    ) -> Result<bool, IdentityError> {
        let mut goes_on = true;
        while let Some(first) = results.recv().await {
            let mut outcomes = vec![first];
            let gathering = async {
                while outcomes.len() < GATHERED
                    && let Some(outcome) = results.recv().await
                {
                    outcomes.push(outcome);
                }
            };
            // Whatever has come until then is enough.
            let _ = tokio::time::timeout(GATHERING, gathering).await;
            let recorded = self.record(endpoint, outcomes).await;
            if !matches!(recorded, Ok(true)) {
                stop.store(true, Ordering::Release);
            }
            goes_on &= recorded?;
        }
        Ok(goes_on)
    }

    async fn record(&self, endpoint: &Endpoint, outcomes: Vec<Outcome>) -> Result<bool, IdentityError> {
        let (id, now) = (endpoint.id, self.application.clock.now());
        let mut went = Went::default();
        let mut is_gone = false;
        let mut settled = Vec::with_capacity(outcomes.len());
        for outcome in outcomes {
            is_gone |= outcome.status() == Some(410);
            if let Some(seconds) = outcome.pause() {
                let until = now.saturating_add(SignedDuration::from_secs(seconds)).unwrap_or(Instant::MAX);
                went.paused_until = went.paused_until.max(Some(until));
            }
            // That there is nothing to tell is no fault of whom it would be told to.
            let was_sent = !matches!(outcome.answer, Err(Trouble::Nothing));
            let was_due = outcome.delivery.due_at;
            let delivery = outcome.settled();
            match delivery.state {
                State::Delivered => went.delivered += 1,
                State::Waiting | State::Dead => went.failed += i64::from(was_sent),
            }
            settled.push(Settled { delivery, was_due });
        }
        let mut transaction = self.application.database.write_aside().await?;
        delivery_settle_all(&mut transaction, &settled).await?;
        let failing_since = endpoint_went(&mut transaction, id, went, now).await?;
        let is_hopeless = failing_since.is_some_and(|since| now.duration_since(since) >= PATIENCE);
        let reason = if is_gone { Some(Disabled::Gone) } else { is_hopeless.then_some(Disabled::Failing) };
        if let Some(reason) = reason
            && endpoint_disable(&mut transaction, id, reason).await?
        {
            self.note_disabled(&mut transaction, id, reason, now).await?;
        }
        let is_ours = endpoint_lease(&mut transaction, id, self.lease, Some(&endpoint.url), now).await?;
        transaction.commit().await?;
        Ok(is_ours && reason.is_none() && went.paused_until.is_none())
    }

    /// Nobody did it, so it stands among what was done without a name.
    async fn note_disabled(
        &self,
        connection: &mut Connection,
        id: EndpointId,
        reason: Disabled,
        now: Instant,
    ) -> Result<(), IdentityError> {
        tracing::warn!(endpoint = %id, reason = reason.name(), "an endpoint of webhooks is no longer sent to");
        let action = Action {
            id: self.application.ids.next(Part::PROGRAMME).number(),
            staff: NOBODY,
            acted_at: now,
            action: "webhook_disabled".to_owned(),
            subject: id.to_string(),
            detail: reason.name().to_owned(),
        };
        Ok(action_note(connection, &action).await?)
    }
}

impl Outcome {
    fn status(&self) -> Option<u16> {
        self.answer.as_ref().ok().map(|answer| answer.status.as_u16())
    }

    /// For how many seconds the endpoint wants to be left alone as a whole.
    fn pause(&self) -> Option<i64> {
        let answer = self.answer.as_ref().ok()?;
        let usual = match answer.status.as_u16() {
            429 => Some(60),
            502 | 504 => Some(10),
            503 => None,
            _ => return None,
        };
        answer.retry_after.or(usual).map(|seconds| seconds.min(LONGEST_PAUSE))
    }

    /// The delivery after the attempt.
    fn settled(self) -> Delivery {
        let Outcome { mut delivery, answer, at, took } = self;
        delivery.attempts += 1;
        let milliseconds = i64::try_from(took.as_millis()).unwrap_or(i64::MAX);
        let status = answer.as_ref().ok().map(|answer| answer.status.as_u16());
        let trouble = answer.as_ref().err().map(|trouble| trouble.name().to_owned());
        delivery.tried(Try { at: at.as_microsecond(), status, trouble, milliseconds });
        delivery.status = status.map(i64::from);
        let (text, asked_for) = answer.map(|answer| (answer.text, answer.retry_after)).unwrap_or_default();
        delivery.answer = text;
        delivery.due_at = None;
        delivery.state = match status {
            Some(200..300) => State::Delivered,
            Some(410) => State::Dead,
            _ => match delay(&delivery) {
                Some(usual) => {
                    let seconds = usual.max(asked_for.unwrap_or(0).min(LONGEST_PAUSE));
                    delivery.due_at = at.saturating_add(SignedDuration::from_secs(seconds)).ok();
                    State::Waiting
                }
                None => State::Dead,
            },
        };
        delivery
    }
}

/// Seconds until the next attempt, up to a tenth more than planned, so that what failed together does not come back
/// together; `None` after the last.
fn delay(delivery: &Delivery) -> Option<i64> {
    let planned = usize::try_from(delivery.attempts - 1).ok().and_then(|attempt| DELAYS.get(attempt).copied())?;
    let hash = blake3::hash(format!("{} {}", delivery.event, delivery.attempts).as_bytes());
    let number = hash.as_bytes().iter().take(4).fold(0, |number: i64, byte| number << 8 | i64::from(*byte));
    Some(planned + number % (planned / 10 + 1))
}

#[cfg(test)]
mod tests {
    use lojal_core::kernel::Id;

    use super::super::delivery::EventId;
    use super::super::kind::Kind;
    use super::*;

    #[test]
    fn attempts_are_spread_over_three_days() {
        let now = Instant::UNIX_EPOCH;
        let id = Id::new(1_790_000_000_000, 1, Part::PROGRAMME);
        let event = EventId { source: id, position: 2 };
        let mut delivery = Delivery::new(EndpointId(id), event, Kind::MemberJoined, None, now);
        let mut seconds = 0;
        for planned in DELAYS {
            delivery.attempts += 1;
            let delay = delay(&delivery).unwrap();
            assert!((planned..=planned + planned / 10).contains(&delay), "{delay} for {planned}");
            seconds += delay;
        }
        delivery.attempts += 1;
        assert_eq!(delay(&delivery), None);
        assert!((3 * 86_400..4 * 86_400).contains(&seconds), "{seconds}");
    }
}
