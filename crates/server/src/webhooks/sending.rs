//! How deliveries are sent: one process at a time to each endpoint, so that events of a member keep their order, and
//! each endpoint by itself, so that a slow one holds nobody back.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use jiff::SignedDuration;
use lojal_core::kernel::{Instant, Part};
use tokio::time;

use super::delivery::{Delivery, EventId, Settled, State, Try, deliveries_due, deliveries_next, delivery_settle_all};
use super::endpoint::{
    Disabled, Endpoint, EndpointId, Went, endpoint_disable, endpoint_find, endpoint_lease, endpoint_list,
    endpoint_release, endpoint_sleep, endpoint_went, secrets_find,
};
use super::payload::payloads;
use super::replaying::replay_one;
use super::window::{PAGE, Ready, Window};
use crate::platform::application::Application;
use crate::platform::identity::IdentityError;
use crate::platform::outgoing::{Answered, Line, Message, Trouble};
use crate::platform::outgoing::{Secret, signatures};
use crate::platform::random::{self, NoRandomness};
use crate::platform::sql::Connection;
use crate::platform::staff::{Action, action_note};

/// Requests that are under way to one endpoint.
const AT_ONCE: usize = 8;
/// What has come to an end is written down together.
const GATHERED: usize = 32;
const GATHERING: Duration = Duration::from_millis(200);
/// When nothing more was due, it is looked again after a while.
const LOOKING: Duration = Duration::from_secs(1);
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

/// What is due, and what signs it.
struct Found {
    due: Vec<Ready>,
    secrets: Arc<[Secret]>,
}

/// What sending came to.
struct Sent {
    attempts: usize,
    /// Whether more may be sent.
    goes_on: bool,
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
        while let Some((endpoint, found)) = self.begin(id).await? {
            let sent = self.send_while_due(&endpoint, found).await?;
            attempts += sent.attempts;
            if !sent.goes_on {
                self.give_back(id).await?;
                break;
            }
        }
        Ok(attempts)
    }

    /// What is to be sent first, if anything is, and if it is for this process to send.
    async fn begin(&self, id: EndpointId) -> Result<Option<(Endpoint, Found)>, IdentityError> {
        let now = self.application.clock.now();
        if !self.take(id, now).await? {
            return Ok(None);
        }
        let endpoint = endpoint_find(&mut *self.application.database.read().await?, id).await?;
        let open = |endpoint: &Endpoint| endpoint.disabled.is_none() && endpoint.paused_until <= now;
        let Some(endpoint) = endpoint.filter(open) else {
            self.give_back(id).await?;
            return Ok(None);
        };
        let found = self.look(id, &BTreeSet::new()).await?;
        if !found.due.is_empty() {
            return Ok(Some((endpoint, found)));
        }
        let next = deliveries_next(&mut *self.application.database.read().await?, id).await?;
        let mut transaction = self.application.database.write_aside().await?;
        endpoint_sleep(&mut transaction, &endpoint, next).await?;
        endpoint_release(&mut transaction, Some(id), self.lease).await?;
        transaction.commit().await?;
        Ok(None)
    }

    /// What is due besides what is held already. Where little is, a replay of the endpoint goes on.
    async fn look(&self, id: EndpointId, held: &BTreeSet<EventId>) -> Result<Found, IdentityError> {
        let now = self.application.clock.now();
        let mut connection = self.application.database.read().await?;
        let mut due = deliveries_due(&mut connection, id, now, PAGE, held).await?;
        if due.len() < PAGE {
            drop(connection);
            let has_grown = replay_one(&self.application, id).await?;
            connection = self.application.database.read().await?;
            if has_grown {
                let now = self.application.clock.now();
                due = deliveries_due(&mut connection, id, now, PAGE, held).await?;
            }
        }
        let secrets = secrets_find(&mut connection, &self.application.vault, id, now).await?;
        let payloads = payloads(&self.application, &mut connection, &due).await?;
        let ready = |delivery: Delivery| {
            let body = payloads.get(&delivery.event).map(|payload| payload.bytes());
            Ready { delivery, body }
        };
        Ok(Found { due: due.into_iter().map(ready).collect(), secrets: secrets.into() })
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

    /// Sends what is due, those of one holder one after the other, and looks for more as soon as there is room, so that
    /// neither a slow answer nor whatever else waits is in the way of what has just happened.
    async fn send_while_due(&self, endpoint: &Endpoint, found: Found) -> Result<Sent, IdentityError> {
        let mut sent = Sent { attempts: 0, goes_on: true };
        let mut trouble = None;
        let mut window = Window::default();
        let mut secrets = found.secrets;
        let mut look_at = time::Instant::now() + LOOKING;
        found.due.into_iter().for_each(|ready| window.add(ready));
        let (mut flying, mut recording, mut looking) =
            (FuturesUnordered::new(), FuturesUnordered::new(), FuturesUnordered::new());
        let mut outcomes: Vec<Outcome> = Vec::new();
        let mut gathered_at = look_at;
        loop {
            while sent.goes_on
                && flying.len() < AT_ONCE
                && let Some((lane, ready)) = window.next()
            {
                sent.attempts += 1;
                let secrets: Arc<[Secret]> = Arc::clone(&secrets);
                flying.push(async move { (lane, self.attempt(endpoint, ready, &secrets).await) });
            }
            let now = time::Instant::now();
            let are_gathered = flying.is_empty() || outcomes.len() >= GATHERED || gathered_at <= now;
            if recording.is_empty() && !outcomes.is_empty() && are_gathered {
                let outcomes = std::mem::take(&mut outcomes);
                let events: Vec<EventId> = outcomes.iter().map(|outcome| outcome.delivery.event).collect();
                recording.push(async move { (events, self.record(endpoint, outcomes).await) });
            }
            let is_over = window.is_empty() || !sent.goes_on;
            if is_over && flying.is_empty() && recording.is_empty() && looking.is_empty() {
                return trouble.map_or(Ok(sent), Err);
            }
            let may_look = sent.goes_on && looking.is_empty() && window.has_room();
            if may_look && look_at <= now {
                let held = window.held().clone();
                looking.push(async move { self.look(endpoint.id, &held).await });
            }
            let may_gather = recording.is_empty() && !outcomes.is_empty();
            tokio::select! {
                Some((lane, outcome)) = flying.next(), if !flying.is_empty() => {
                    window.answered(lane);
                    if outcomes.is_empty() {
                        gathered_at = time::Instant::now() + GATHERING;
                    }
                    outcomes.push(outcome);
                }
                Some((events, recorded)) = recording.next(), if !recording.is_empty() => {
                    window.settled(&events);
                    look_at = time::Instant::now();
                    sent.goes_on &= matches!(recorded, Ok(true));
                    trouble = recorded.err().or(trouble);
                }
                Some(looked) = looking.next(), if !looking.is_empty() => match looked {
                    Ok(found) => {
                        let pause = if found.due.is_empty() { LOOKING } else { Duration::ZERO };
                        look_at = time::Instant::now() + pause;
                        secrets = found.secrets;
                        found.due.into_iter().for_each(|ready| window.add(ready));
                    }
                    Err(cause) => {
                        sent.goes_on = false;
                        trouble = Some(cause);
                    }
                },
                () = time::sleep_until(gathered_at), if may_gather => {}
                () = time::sleep_until(look_at), if may_look && look_at > now => {}
            }
        }
    }

    async fn attempt(&self, endpoint: &Endpoint, ready: Ready, secrets: &[Secret]) -> Outcome {
        let Ready { delivery, body } = ready;
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

    /// Writes down what has come to an end. Answers whether more may be sent.
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
