//! A believable shop: members who join, buy at their own rhythm, return, review, and lose
//! interest; seasons, sales, deliveries. One seed, one story.
//!
//! The shop knows nothing of points. It is an iterator of what its customers do, in time order;
//! only what is under way is in memory, never the past.

mod catalogue;
mod customer;
mod purchase;
mod recommending;
mod season;

#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use jiff::ToSpan;
use lojal_core::activity::{Activity, Order};
use lojal_core::command::{Command, Profile, ReturnedLine};
use lojal_core::kernel::{Calendar, Date, Instant, MemberId, Name};

pub use catalogue::{Product, catalogue};
pub use recommending::Recommended;

use crate::chance::Chance;
use customer::Customer;

/// Which shop, and which stretch of its life.
#[derive(Clone, Debug)]
pub struct ShopPlan {
    pub seed: u64,
    pub members: u32,
    pub days: u32,
    /// The last day of the story.
    pub ends_on: Date,
    pub calendar: Calendar,
    /// The brand that sells.
    pub brand: Name,
    /// Names of the rewards that members may wish for; without any, nobody wishes.
    pub rewards: Vec<Name>,
}

impl ShopPlan {
    /// Two years with about 20,000 orders.
    pub fn two_years(seed: u64, ends_on: Date, calendar: Calendar, brand: Name) -> ShopPlan {
        ShopPlan { seed, members: 1_800, days: 730, ends_on, calendar, brand, rewards: Vec::new() }
    }

    /// The first day of the story.
    pub fn starts_on(&self) -> Date {
        self.ends_on.saturating_sub((i64::from(self.days) - 1).max(0).days())
    }
}

/// Something that a member did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShopEvent {
    pub at: Instant,
    /// The member's external id: `customer-00017`.
    pub member: Name,
    pub kind: ShopEventKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShopEventKind {
    /// Always a member's first event.
    Joined {
        profile: Profile,
        /// By whom the member came, where anybody recommended the shop.
        recommended: Option<Recommended>,
    },
    /// The order as it now stands; it begins open where it is not paid at once.
    Ordered {
        order: Order,
    },
    Returned {
        order: Name,
        return_id: Name,
        lines: Vec<ReturnedLine>,
    },
    Took {
        activity: Activity,
    },
    /// The member looks through the rewards and takes the first one that can be had, if any.
    Wished {
        rewards: Vec<Name>,
    },
}

impl ShopEvent {
    /// What the engine is told. Nothing of an order that is not paid, which is never written, nor
    /// of a wish, which names more rewards than one.
    pub fn command(&self, member: MemberId) -> Option<Command> {
        match &self.kind {
            ShopEventKind::Joined { profile, .. } => {
                Some(Command::Enrol { holder: member.into(), joined_at: self.at, profile: profile.clone() })
            }
            ShopEventKind::Ordered { order } if order.paid_at.is_none() => None,
            ShopEventKind::Ordered { order } => Some(Command::PutOrder { order: order.clone() }),
            ShopEventKind::Returned { order, return_id, lines } => Some(Command::ReturnLines {
                order: order.clone(),
                return_id: return_id.clone(),
                returned_at: self.at,
                lines: lines.clone(),
            }),
            ShopEventKind::Took { activity } => Some(Command::PostActivity { member, activity: activity.clone() }),
            ShopEventKind::Wished { .. } => None,
        }
    }
}

/// The story of a shop, told from its first day to its last.
#[derive(Clone, Debug)]
pub struct Shop {
    world: World,
    customers: Vec<Customer>,
    agenda: Agenda,
    orders: u64,
    /// Who has joined, the earliest first.
    joined: Vec<u64>,
}

/// What does not change while the story is told.
#[derive(Clone, Debug)]
struct World {
    plan: ShopPlan,
    chance: Chance,
    shelves: Vec<Vec<Product>>,
    /// The moment after the last one.
    ends_at: Instant,
}

impl Shop {
    pub fn new(plan: ShopPlan) -> Shop {
        let ends_at = plan.calendar.start_of(plan.ends_on.saturating_add(1.day()));
        let world = World { chance: Chance::seeded(plan.seed), shelves: catalogue(), ends_at, plan };
        let customers: Vec<Customer> =
            (0..u64::from(world.plan.members)).map(|number| Customer::new(number, &world)).collect();
        let mut agenda = Agenda::default();
        for (index, customer) in customers.iter().enumerate() {
            agenda.add(customer.joins_at, Entry::Joining(index));
        }
        Shop { world, customers, agenda, orders: 0, joined: Vec::new() }
    }

    pub fn starts_at(&self) -> Instant {
        self.world.plan.calendar.start_of(self.world.plan.starts_on())
    }

    /// The moment after the last event: until here the story is complete.
    pub fn ends_at(&self) -> Instant {
        self.world.ends_at
    }

    fn schedule(&mut self, events: Vec<ShopEvent>) {
        for event in events {
            self.agenda.add(event.at, Entry::Event(Box::new(event)));
        }
    }

    fn visit(&mut self, at: Instant, index: usize) {
        self.orders += 1;
        let customer = &mut self.customers[index];
        let events = customer.visit(at, self.orders, &self.world);
        if let Some(next) = customer.next_visit(at, &self.world) {
            self.agenda.add(next, Entry::Visit(index));
        }
        self.schedule(events);
    }
}

impl Iterator for Shop {
    type Item = ShopEvent;

    fn next(&mut self) -> Option<ShopEvent> {
        loop {
            let (at, entry) = self.agenda.take()?;
            if at >= self.world.ends_at {
                return None;
            }
            match entry {
                Entry::Joining(index) => {
                    let recommended = self.customers[index].recommended(&self.joined, &self.world);
                    self.joined.push(index as u64);
                    let (events, first_visit) = self.customers[index].join(recommended, &self.world);
                    if let Some(first_visit) = first_visit {
                        self.agenda.add(first_visit, Entry::Visit(index));
                    }
                    self.schedule(events);
                }
                Entry::Visit(index) => self.visit(at, index),
                Entry::Event(event) => return Some(*event),
            }
        }
    }
}

/// What is still to come, soonest first; what falls on the same moment, in the order it was added.
#[derive(Clone, Debug, Default)]
struct Agenda {
    entries: BinaryHeap<Reverse<Planned>>,
    added: u64,
}

#[derive(Clone, Debug)]
struct Planned {
    at: Instant,
    sequence: u64,
    entry: Entry,
}

#[derive(Clone, Debug)]
enum Entry {
    Joining(usize),
    Visit(usize),
    Event(Box<ShopEvent>),
}

impl Agenda {
    fn add(&mut self, at: Instant, entry: Entry) {
        self.added += 1;
        self.entries.push(Reverse(Planned { at, sequence: self.added, entry }));
    }

    fn take(&mut self) -> Option<(Instant, Entry)> {
        self.entries.pop().map(|Reverse(planned)| (planned.at, planned.entry))
    }
}

impl PartialEq for Planned {
    fn eq(&self, other: &Planned) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Planned {}

impl PartialOrd for Planned {
    fn partial_cmp(&self, other: &Planned) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Planned {
    fn cmp(&self, other: &Planned) -> std::cmp::Ordering {
        (self.at, self.sequence).cmp(&(other.at, other.sequence))
    }
}
