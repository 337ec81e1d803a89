//! Who buys, how often, and for how long: rates of buying differ from one customer to the next as
//! a gamma distribution does, and after each order some lose interest for good.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use lojal_core::activity::{Activity, Value};
use lojal_core::command::{Birthday, Profile};
use lojal_core::kernel::{Date, Instant, Name};

use super::purchase::{Purchase, purchase};
use super::recommending::{Recommended, recommended};
use super::{ShopEvent, ShopEventKind, World, season};
use crate::chance::{Chance, ONE};

/// The average customer's wait for the next order, in days.
const USUAL_GAP: u64 = 21;
/// Of those who will ever join, how many join in the first two months.
const EARLY_JOINERS: u64 = 400;
const EARLY_DAYS: u64 = 60;
const DAYS_OF_MONTH: [i64; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const COUNTRIES: [&str; 5] = ["PL", "CZ", "SK", "DE", "LT"];
const COUNTRY_WEIGHTS: [u64; 5] = [880, 40, 30, 35, 15];
const SOURCES: [&str; 4] = ["web", "store", "app", "friend"];
const SOURCE_WEIGHTS: [u64; 4] = [45, 30, 15, 10];

/// What is kept of one customer while the story is told.
#[derive(Clone, Debug)]
pub struct Customer {
    number: u64,
    pub joins_at: Instant,
    /// Mean wait for the next order on the busiest day, in 65536ths of a day.
    gap: u64,
    /// Chance to lose interest after an order, in millionths.
    dropout: u64,
    visits: u64,
    /// The shelves looked at first.
    favourites: [usize; 2],
    country: Name,
    /// How often the store is preferred to the web, in per mille.
    store_habit: u64,
    /// The next gathering that the customer has not yet thought about.
    gatherings_from: Date,
}

impl Customer {
    pub fn new(number: u64, world: &World) -> Customer {
        let mut chance = world.chance.chapter(number, 0);
        let days = u64::from(world.plan.days);
        let early = chance.happens(EARLY_JOINERS);
        let day = chance.below(if early { days.min(EARLY_DAYS) } else { days });
        let joins_on = world.plan.starts_on().saturating_add((day as i64).days());
        let rate = chance.exponential().clamp(ONE / 20, 4 * ONE);
        let gap = USUAL_GAP * ONE * 1000 / season::BUSIEST * ONE / rate;
        let dropout = chance.small_probability(14);
        let country = COUNTRIES[chance.weighted(&COUNTRY_WEIGHTS)];
        let near = country == COUNTRIES[0] && chance.happens(400);
        let store_habit = if near { 200 + chance.below(700) } else { 0 };
        let shelves = world.shelves.len() as u64;
        Customer {
            number,
            joins_at: season::time_of_day(joins_on, near, &mut chance, &world.plan.calendar),
            gap,
            dropout,
            visits: 0,
            favourites: [chance.below(shelves) as usize, chance.below(shelves) as usize],
            country: Name::const_new(country),
            store_habit,
            gatherings_from: joins_on,
        }
    }

    pub fn name(&self) -> Name {
        name_of(self.number)
    }

    /// By whom the customer comes, of those who have joined.
    pub fn recommended(&self, joined: &[u64], world: &World) -> Option<Recommended> {
        recommended(self.number, self.joins_at, joined, &world.chance)
    }

    /// What happens when the customer joins, and the first order: usually the reason for joining.
    pub fn join(&self, recommended: Option<Recommended>, world: &World) -> (Vec<ShopEvent>, Option<Instant>) {
        let mut chance = world.chance.chapter(self.number, 1);
        let mut events = vec![ShopEvent {
            at: self.joins_at,
            member: self.name(),
            kind: ShopEventKind::Joined { profile: profile(&mut chance), recommended },
        }];
        if chance.happens(350) {
            let at = later(self.joins_at, chance.between(60, 20 * 86_400));
            events.push(self.takes(at, "newsletter", "newsletter", BTreeMap::new(), world));
        }
        let first_visit = if chance.happens(850) {
            Some(later(self.joins_at, chance.between(30, 600)))
        } else {
            self.visit_after(self.joins_at, &mut chance, world)
        };
        (events, first_visit)
    }

    /// One order with all that follows from it. `number` is the shop's running number.
    pub fn visit(&mut self, at: Instant, number: u64, world: &World) -> Vec<ShopEvent> {
        self.visits += 1;
        let mut chance = world.chance.chapter(self.number, 2 * self.visits);
        let member = self.name();
        let in_store = chance.happens(self.store_habit) && opened(at, world);
        let mut events = purchase(
            Purchase { at, number, member: &member, favourites: self.favourites, country: &self.country, in_store },
            &mut chance,
            world,
        );
        if self.visits == 3 && chance.happens(300) {
            let attributes = BTreeMap::from([(Name::const_new("score"), Value::Number(chance.between(4, 10)))]);
            let at = later(at, chance.between(3, 15) * 86_400);
            events.push(self.takes(at, "survey", "after-third-order", attributes, world));
        }
        if let Some(gathering) = self.next_gathering(at, &mut chance, world) {
            events.push(gathering);
        }
        if !world.plan.rewards.is_empty() && chance.happens(350) {
            let mut rewards = world.plan.rewards.clone();
            chance.shuffle(&mut rewards);
            let at = later(at, chance.between(300, 10 * 86_400));
            events.push(ShopEvent { at, member, kind: ShopEventKind::Wished { rewards } });
        }
        events
    }

    /// When the customer buys again; `None` when not within this story.
    pub fn next_visit(&self, at: Instant, world: &World) -> Option<Instant> {
        let mut chance = world.chance.chapter(self.number, 2 * self.visits + 1);
        if chance.below(1_000_000) < self.dropout {
            return None;
        }
        self.visit_after(at, &mut chance, world)
    }

    /// A day after `at`, by the customer's rhythm and the season: days that would have been are
    /// dropped until one is as busy as chance asks for.
    fn visit_after(&self, at: Instant, chance: &mut Chance, world: &World) -> Option<Instant> {
        let mut date = world.plan.calendar.date(at);
        loop {
            let wait = 1 + ((self.gap * chance.exponential()) >> 32);
            date = date.saturating_add((wait as i64).days());
            if date > world.plan.ends_on {
                return None;
            }
            if chance.below(season::BUSIEST) < season::busyness(date) {
                return Some(season::time_of_day(date, false, chance, &world.plan.calendar));
            }
        }
    }

    /// The next monthly gathering, on the second Thursday at six in the evening, if the customer goes.
    fn next_gathering(&mut self, at: Instant, chance: &mut Chance, world: &World) -> Option<ShopEvent> {
        let calendar = &world.plan.calendar;
        let from = calendar.date(at).saturating_add(1.day()).max(self.gatherings_from);
        let this_month = second_thursday(from);
        let date = if this_month >= from { this_month } else { second_thursday(first_of_next_month(from)) };
        self.gatherings_from = first_of_next_month(date);
        if !chance.happens(80) {
            return None;
        }
        let start = calendar.moment(date.at(18, 0, 0, 0));
        let attributes = BTreeMap::from([(Name::const_new("online"), Value::Flag(date.month() % 3 != 0))]);
        let external_id = format!("gathering-{:04}-{:02}", date.year(), date.month());
        Some(self.takes(later(start, chance.between(0, 1800)), "event", &external_id, attributes, world))
    }

    fn takes(
        &self,
        at: Instant,
        name: &str,
        external_id: &str,
        attributes: BTreeMap<Name, Value>,
        world: &World,
    ) -> ShopEvent {
        let activity = Activity {
            name: Name::from(name),
            external_id: Name::from(external_id),
            occurred_at: at,
            brand: world.plan.brand.clone(),
            attributes,
            share: Activity::WHOLE,
        };
        ShopEvent { at, member: self.name(), kind: ShopEventKind::Took { activity } }
    }
}

/// What the shop calls a customer.
pub fn name_of(number: u64) -> Name {
    Name::from(format!("customer-{number:05}"))
}

/// `seconds` after `at`.
pub fn later(at: Instant, seconds: i64) -> Instant {
    at.saturating_add(seconds.seconds()).unwrap_or(Instant::MAX)
}

/// Whether the doors are open at `at`.
fn opened(at: Instant, world: &World) -> bool {
    (9..20).contains(&world.plan.calendar.local(at).hour())
}

fn profile(chance: &mut Chance) -> Profile {
    let month = chance.between(1, 12);
    let day = chance.between(1, DAYS_OF_MONTH[month as usize - 1]);
    let birthday = chance.happens(700).then_some(Birthday { month: month as i8, day: day as i8 });
    let source = Name::const_new(SOURCES[chance.weighted(&SOURCE_WEIGHTS)]);
    let mut segments = BTreeSet::new();
    for (segment, per_mille) in [("families", 220), ("students", 120), ("wholesale", 15)] {
        if chance.happens(per_mille) {
            segments.insert(Name::const_new(segment));
        }
    }
    Profile { attributes: BTreeMap::from([(Name::const_new("source"), Value::Text(source))]), segments, birthday }
}

fn first_of_next_month(date: Date) -> Date {
    date.first_of_month().saturating_add(1.month())
}

fn second_thursday(date: Date) -> Date {
    let first = date.first_of_month();
    let to_thursday = (3 - i64::from(first.weekday().to_monday_zero_offset())).rem_euclid(7);
    first.saturating_add((to_thursday + 7).days())
}
