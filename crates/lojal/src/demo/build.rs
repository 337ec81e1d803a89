use std::collections::{HashMap, HashSet};

use indicatif::ProgressBar;
use lojal_core::command::Command;
use lojal_core::kernel::{HolderId, Instant, MemberId, Name};
use lojal_core::programme::{Programme, starter};
use lojal_server::platform::application::{Application, NewMember};
use lojal_server::platform::enrolment::IfEnrolled;
use lojal_server::platform::writer::{Idempotency, Submission, WriteError};
use lojal_simulation::shop::{Shop, ShopEvent, ShopEventKind, ShopPlan};

use super::Plan;
use crate::failure::Failure;

/// Events that are submitted together.
const CHUNK: usize = 1_000;

/// What was told.
#[derive(Clone, Debug, Default)]
pub struct Built {
    pub members: u64,
    pub orders: u64,
    pub redemptions: u64,
    /// Refusals that no shop would expect.
    pub refused: u64,
    /// Somebody with a story worth looking at.
    pub example: Option<String>,
}

/// Publishes the starter programme and tells the shop's story up to the plan's moment. `bar` counts
/// the days.
pub async fn build(application: &Application, plan: &Plan, bar: &ProgressBar) -> Result<Built, Failure> {
    application.publish(starter(plan.language)).await?;
    let programme = application.rulebook().live().cloned();
    let programme = programme.ok_or_else(|| Failure::new("no programme has been published"))?;
    let shop = Shop::new(shop_plan(plan, &programme));
    let starts_at = shop.starts_at();
    bar.set_length(u64::from(plan.days));
    let mut teller = Teller::new(application);
    for (number, event) in shop.enumerate() {
        if event.at > plan.until {
            break;
        }
        bar.set_position(days_since(starts_at, event.at));
        teller.tell(number, event).await?;
    }
    teller.flush().await?;
    application.run_until_idle(plan.until).await?;
    bar.finish_and_clear();
    Ok(teller.finish())
}

fn shop_plan(plan: &Plan, programme: &Programme) -> ShopPlan {
    let rewards = programme.rewards.iter().filter(|reward| reward.price.is_some());
    ShopPlan {
        seed: plan.seed,
        members: plan.members,
        days: plan.days,
        ends_on: programme.calendar.date(plan.until),
        calendar: programme.calendar.clone(),
        brand: programme.brands.first().map(|brand| brand.id.clone()).unwrap_or_default(),
        rewards: rewards.map(|reward| reward.id.clone()).collect(),
    }
}

fn days_since(start: Instant, at: Instant) -> u64 {
    const DAY: i64 = 24 * 3_600;
    u64::try_from((at.as_second() - start.as_second()) / DAY).unwrap_or_default()
}

/// Brings events to the writer, those of one member in their order.
struct Teller<'a> {
    application: &'a Application,
    holders: HashMap<Name, HolderId>,
    joining: Vec<NewMember>,
    waiting: Vec<ShopEvent>,
    /// Whose events wait.
    concerned: HashSet<Name>,
    visits: HashMap<Name, u64>,
    built: Built,
}

impl<'a> Teller<'a> {
    fn new(application: &'a Application) -> Teller<'a> {
        Teller {
            application,
            holders: HashMap::new(),
            joining: Vec::new(),
            waiting: Vec::new(),
            concerned: HashSet::new(),
            visits: HashMap::new(),
            built: Built::default(),
        }
    }

    async fn tell(&mut self, number: usize, event: ShopEvent) -> Result<(), Failure> {
        match &event.kind {
            ShopEventKind::Joined { profile } => {
                self.concerned.insert(event.member.clone());
                self.joining.push(NewMember {
                    profile: profile.clone(),
                    joined_at: Some(event.at),
                    now: Some(event.at),
                    if_enrolled: IfEnrolled::Find,
                    ..NewMember::new(event.member.as_str())
                });
            }
            ShopEventKind::Wished { rewards } => {
                if self.concerned.contains(&event.member) {
                    self.flush().await?;
                }
                self.redeem(number, &event, rewards).await?;
            }
            _ => {
                self.concerned.insert(event.member.clone());
                self.waiting.push(event);
            }
        }
        if self.waiting.len() + self.joining.len() >= CHUNK { self.flush().await } else { Ok(()) }
    }

    /// Members join before anything else of theirs happens.
    async fn flush(&mut self) -> Result<(), Failure> {
        let joining = std::mem::take(&mut self.joining);
        let names: Vec<Name> = joining.iter().map(|member| Name::from(member.external_id.as_str())).collect();
        for (answer, name) in self.application.enrol_all(joining).await?.into_iter().zip(names) {
            self.holders.insert(name, answer?.holder);
            self.built.members += 1;
        }
        let mut submissions = Vec::with_capacity(self.waiting.len());
        for event in self.waiting.drain(..) {
            let Some(holder) = self.holders.get(&event.member) else { continue };
            let Some(command) = event.command(MemberId(holder.0)) else { continue };
            if let Command::PutOrder { order } = &command {
                // The first time that it is told of; later ones are steps of the same order.
                self.built.orders += u64::from(order.paid_at == Some(event.at));
                *self.visits.entry(event.member).or_default() += 1;
            }
            submissions.push(Submission { now: Some(event.at), ..Submission::new(*holder, command) });
        }
        for answer in self.application.writer.submit_all(submissions).await {
            match answer {
                Ok(_) => (),
                Err(WriteError::Refused(refusal)) => {
                    tracing::warn!(%refusal, "the demo's shop was refused");
                    self.built.refused += 1;
                }
                Err(other) => return Err(other.into()),
            }
        }
        self.concerned.clear();
        Ok(())
    }

    /// The member takes the first of the rewards that can be had.
    async fn redeem(&mut self, number: usize, event: &ShopEvent, rewards: &[Name]) -> Result<(), Failure> {
        let Some(holder) = self.holders.get(&event.member) else { return Ok(()) };
        for reward in rewards {
            // Told again after an interruption, the same wish is granted once.
            let key = format!("demo/{number}/{reward}");
            let fingerprint = *blake3::hash(key.as_bytes()).as_bytes();
            let command = Command::Redeem { reward: reward.clone(), reference: None, acting: None };
            let submission = Submission {
                now: Some(event.at),
                idempotency: Some(Idempotency { key, fingerprint }),
                ..Submission::new(*holder, command)
            };
            match self.application.writer.submit(submission).await {
                Ok(_) => {
                    self.built.redemptions += 1;
                    return Ok(());
                }
                Err(WriteError::Refused(_)) => (),
                Err(other) => return Err(other.into()),
            }
        }
        Ok(())
    }

    /// The example is the member who came most often; among equals, the first by name.
    fn finish(mut self) -> Built {
        let most = self
            .visits
            .into_iter()
            .max_by(|(name, visits), (other_name, other)| visits.cmp(other).then_with(|| other_name.cmp(name)));
        self.built.example = most.map(|(name, _)| name.to_string());
        self.built
    }
}
