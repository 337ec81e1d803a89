use std::collections::{HashMap, HashSet};

use indicatif::ProgressBar;
use lojal_core::command::Command;
use lojal_core::kernel::{HolderId, Instant, Language, MemberId, Name};
use lojal_core::programme::{Programme, parse_toml, starter};
use lojal_server::platform::application::{Application, NewMember};
use lojal_server::platform::enrolment::IfEnrolled;
use lojal_server::platform::writer::{Idempotency, Submission, WriteError};
use lojal_simulation::shop::{Recommended, Shop, ShopEvent, ShopEventKind, ShopPlan};

use super::Plan;
use super::friends::Friends;
use crate::failure::Failure;

/// Events that are submitted together.
const CHUNK: usize = 1_000;

/// How many days lie between two rounds of what goes on by itself: deliveries, checks of recommendations, levels.
const REVIEWED_EVERY: u64 = 7;

/// What was told.
#[derive(Clone, Debug, Default)]
pub struct Built {
    pub members: u64,
    pub orders: u64,
    pub redemptions: u64,
    /// Members who came by a recommendation.
    pub friends: u64,
    /// Refusals that no shop would expect.
    pub refused: u64,
    /// Somebody with a story worth looking at.
    pub example: Option<String>,
}

/// What the demo runs on: the programme to begin with, with the recommendations that are a comment there.
fn document(language: Language) -> String {
    let recommending = match language {
        Language::Pl => include_str!("recommending-pl.toml"),
        Language::En => include_str!("recommending-en.toml"),
    };
    [starter(language), recommending].concat()
}

/// When the story of a plan begins, at which the clock has to stand.
pub fn starts_at(plan: &Plan) -> Result<Instant, Failure> {
    let programme = parse_toml(&document(plan.language));
    let programme = programme.map_err(|_| Failure::new("the demo's programme cannot be read"))?;
    Ok(Shop::new(shop_plan(plan, &programme)).starts_at())
}

/// Publishes the starter programme and tells the shop's story up to the plan's moment, by a clock that goes with it. `bar`
/// counts the days.
pub async fn build(application: &Application, plan: &Plan, bar: &ProgressBar) -> Result<Built, Failure> {
    application.publish(&document(plan.language)).await?;
    let programme = application.rulebook().live().cloned();
    let programme = programme.ok_or_else(|| Failure::new("no programme has been published"))?;
    let shop = Shop::new(shop_plan(plan, &programme));
    let starts_at = shop.starts_at();
    bar.set_length(u64::from(plan.days));
    let mut teller = Teller::new(application);
    let mut reviewed = 0;
    for (number, event) in shop.enumerate() {
        if event.at > plan.until {
            break;
        }
        let day = days_since(starts_at, event.at);
        bar.set_position(day);
        if day / REVIEWED_EVERY > reviewed {
            reviewed = day / REVIEWED_EVERY;
            teller.flush().await?;
            application.clock.set(event.at);
            application.run_until_idle(event.at).await?;
        }
        teller.tell(number, event).await?;
    }
    teller.flush().await?;
    application.clock.set(plan.until);
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
    friends: Friends<'a>,
    recommended: Vec<(Name, Instant, Recommended)>,
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
            friends: Friends::new(application),
            recommended: Vec::new(),
            waiting: Vec::new(),
            concerned: HashSet::new(),
            visits: HashMap::new(),
            built: Built::default(),
        }
    }

    async fn tell(&mut self, number: usize, event: ShopEvent) -> Result<(), Failure> {
        match &event.kind {
            ShopEventKind::Joined { profile, recommended } => {
                self.concerned.insert(event.member.clone());
                let recommended = recommended.clone().map(|by| (event.member.clone(), event.at, by));
                self.recommended.extend(recommended);
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
        for (name, joined_at, recommended) in std::mem::take(&mut self.recommended) {
            let holders = (self.holders.get(&name), self.holders.get(&recommended.by));
            let (Some(friend), Some(advocate)) = holders else { continue };
            let (friend, advocate) = (MemberId(friend.0), MemberId(advocate.0));
            self.built.friends += u64::from(self.friends.came(friend, joined_at, advocate, &recommended).await?);
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
