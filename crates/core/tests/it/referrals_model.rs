//! What recommendations come to, reckoned a second time and simply: from the rules as they are told to people, with
//! no ledger, no messages and nothing of the engine. All hear everything at once.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use lojal_core::kernel::Instant;
use lojal_core::referrals::{Judge, Verdict};

/// An order of fewer pieces is none that counts.
pub const LEAST_PIECES: i64 = 2;
/// Whose prize is one of its own.
pub const PRIZED: i64 = 2;

/// The terms of one version, in words and numbers.
#[derive(Clone, Debug)]
pub struct Terms {
    pub review: &'static str,
    pub wait: Wait,
    pub within_days: Option<i64>,
    /// In a calendar month, or for ever.
    pub most_a_month: Option<i64>,
    pub most_for_ever: Option<i64>,
    pub keeps_on_return: bool,
    pub welcome: i64,
    pub first_order: i64,
    pub joined: i64,
    pub thanks: i64,
    pub prize: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    No,
    DaysAfterPlaced(i64),
    DaysAfterClosed(i64),
}

/// An order as it stands.
#[derive(Clone, Debug)]
pub struct Ordered {
    pub account: usize,
    pub id: String,
    pub pieces: i64,
    pub returned: i64,
    pub placed_at: Instant,
    pub closed_at: Option<Instant>,
    pub cancelled: bool,
    pub returns: usize,
}

/// What a recommendation rests on: an order, and what is kept of it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Ground {
    order: String,
    pieces: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Stands {
    Joined,
    Waiting {
        ground: Ground,
        until: Option<Instant>,
    },
    Checking(Ground),
    Held(Ground),
    Counts {
        ground: Ground,
        at: Instant,
    },
    Reversed,
    /// The time was over.
    TooLate,
    /// The friend turned out to have another account.
    Merged,
    MadeUp {
        by_person: bool,
        ground: Option<Ground>,
        pause: Option<Option<Instant>>,
    },
    Recommended(Nobody),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Nobody {
    Themself,
    AfterTheBudget,
}

#[derive(Clone, Debug)]
pub struct Relation {
    terms: usize,
    pub credits: Vec<(usize, i64)>,
    came_at: Instant,
    stands: Stands,
    doubted: bool,
    cleared: bool,
    /// Something was said since advocates last listened.
    told: bool,
}

/// An advocate's friends by their numbers.
#[derive(Clone, Debug, Default)]
struct Numbers {
    own: BTreeMap<usize, (i64, Instant)>,
    of_merged: BTreeSet<i64>,
}

impl Numbers {
    fn next(&self) -> i64 {
        let is_taken = |number: &i64| self.of_merged.contains(number) || self.own.values().any(|own| own.0 == *number);
        (1..).find(|number| !is_taken(number)).unwrap()
    }

    fn count(&self) -> i64 {
        (self.own.len() + self.of_merged.len()) as i64
    }
}

pub struct Model {
    pub terms: Vec<Terms>,
    /// By friend: one recommendation after the other.
    pub relations: Vec<Vec<Relation>>,
    numbers: Vec<Numbers>,
    pub merged_into: Vec<Option<usize>>,
    pub budget: Option<i64>,
}

impl Model {
    pub fn new(terms: Terms, budget: Option<i64>, people: usize) -> Model {
        Model {
            terms: vec![terms],
            relations: vec![Vec::new(); people],
            numbers: vec![Numbers::default(); people],
            merged_into: vec![None; people],
            budget,
        }
    }

    pub fn root(&self, number: usize) -> usize {
        let mut root = number;
        while let Some(into) = self.merged_into[root] {
            root = into;
        }
        root
    }

    /// Somebody comes. Answers whether that is news.
    pub fn comes(&mut self, friend: usize, credits: &[(usize, i64)], now: Instant) -> bool {
        let is_free = self.relations[friend].last().is_none_or(|known| known.stands == Stands::TooLate);
        if !is_free {
            return false;
        }
        let is_own = |advocate: usize| self.root(advocate) == friend;
        let stands = match credits.iter().any(|(advocate, _)| is_own(*advocate)) {
            true => Stands::Recommended(Nobody::Themself),
            false => Stands::Joined,
        };
        let terms = self.terms.len() - 1;
        let (credits, came_at) = (credits.to_vec(), now);
        let relation = Relation { terms, credits, came_at, stands, doubted: false, cleared: false, told: true };
        self.relations[friend].push(relation);
        true
    }

    fn latest(&mut self, friend: usize) -> Option<(&mut Relation, Terms)> {
        let relation = self.relations[friend].last_mut()?;
        let terms = self.terms[relation.terms].clone();
        Some((relation, terms))
    }

    /// An order was told of, first or again.
    pub fn ordered(&mut self, order: &Ordered, now: Instant) {
        let Some((relation, terms)) = self.latest(order.account) else { return };
        let kept = order.pieces - order.returned;
        let an_hour = SignedDuration::from_hours(1);
        let is_enough = !order.cancelled && kept >= LEAST_PIECES && order.placed_at >= relation.came_at - an_hour;
        let in_time = relation.ends_at(&terms).is_none_or(|end| order.placed_at <= end);
        let ground = Ground { order: order.id.clone(), pieces: kept };
        let until = match terms.wait {
            Wait::No => Some(now),
            Wait::DaysAfterPlaced(days) => Some(order.placed_at + days_of(days)),
            Wait::DaysAfterClosed(days) => order.closed_at.map(|at| at + days_of(days)),
        };
        let waiting = Stands::Waiting { ground: ground.clone(), until };
        let is_same = relation.stands.ground().is_some_and(|known| known.order == order.id);
        let stands = match relation.stands.clone() {
            Stands::Joined | Stands::Reversed if is_enough && in_time => waiting,
            Stands::Waiting { .. } if is_same && is_enough => waiting,
            Stands::Waiting { .. } | Stands::Checking(_) | Stands::Held(_) if is_same && !is_enough => Stands::Joined,
            Stands::Checking(_) if is_same => return relation.stands = Stands::Checking(ground),
            Stands::Held(_) if is_same => return relation.stands = Stands::Held(ground),
            Stands::Counts { at, ground: known } if is_same && !terms.keeps_on_return => match is_enough {
                true if known == ground => return,
                true => Stands::Counts { ground, at },
                false => Stands::Reversed,
            },
            Stands::MadeUp { by_person, pause, .. } if is_same => {
                let ground = is_enough.then_some(ground);
                let pause = pause.filter(|_| is_enough).map(|_| until);
                return relation.stands = Stands::MadeUp { by_person, ground, pause };
            }
            Stands::MadeUp { by_person, ground: None, .. } if is_enough && in_time => {
                return relation.stands = Stands::MadeUp { by_person, ground: Some(ground), pause: Some(until) };
            }
            _ => return,
        };
        self.stand(order.account, stands);
        self.ripen(order.account, now, now);
        self.pass(order.account, now);
    }

    fn stand(&mut self, friend: usize, stands: Stands) {
        let relation = self.relations[friend].last_mut().unwrap();
        let counted = matches!(relation.stands, Stands::Counts { .. });
        let counts = matches!(stands, Stands::Counts { .. });
        relation.stands = stands;
        relation.told = true;
        if let Some(budget) = &mut self.budget {
            *budget += i64::from(counted) - i64::from(counts);
        }
    }

    /// What has waited until `now` goes on.
    fn ripen(&mut self, friend: usize, now: Instant, at: Instant) {
        let Some((relation, terms)) = self.latest(friend) else { return };
        let Stands::Waiting { ground, until: Some(until) } = relation.stands.clone() else { return };
        if until > now {
            return;
        }
        let stands = match terms.review {
            "none" => return self.count(friend, ground, at),
            _ if relation.cleared => return self.count(friend, ground, at),
            "all" => Stands::Held(ground),
            _ if relation.doubted => Stands::Held(ground),
            _ => Stands::Checking(ground),
        };
        self.stand(friend, stands);
    }

    fn count(&mut self, friend: usize, ground: Ground, at: Instant) {
        let relation = self.relations[friend].last().unwrap();
        let counted = matches!(relation.stands, Stands::Counts { .. });
        match self.budget {
            Some(0) if !counted => self.stand(friend, Stands::Recommended(Nobody::AfterTheBudget)),
            _ => self.stand(friend, Stands::Counts { ground, at }),
        }
    }

    /// Time passes for everybody, in the order of their numbers.
    pub fn tick(&mut self, now: Instant) {
        (0..self.relations.len()).for_each(|friend| self.pass(friend, now));
    }

    fn pass(&mut self, friend: usize, now: Instant) {
        if self.merged_into[friend].is_some() {
            return;
        }
        let Some((relation, terms)) = self.latest(friend) else { return };
        match relation.stands.clone() {
            Stands::Waiting { until: Some(until), .. } if until <= now => self.ripen(friend, now, until),
            Stands::Joined | Stands::Reversed if relation.ends_at(&terms).is_some_and(|end| end <= now) => {
                self.stand(friend, Stands::TooLate);
            }
            _ => {}
        }
    }

    pub fn judged(&mut self, friend: usize, verdict: Verdict, by: Judge, now: Instant) {
        self.judge(friend, verdict, by, now);
        self.pass(friend, now);
    }

    fn judge(&mut self, friend: usize, verdict: Verdict, by: Judge, now: Instant) {
        let Some((relation, terms)) = self.latest(friend) else { return };
        let is_over = matches!(relation.stands, Stands::TooLate | Stands::Merged | Stands::Recommended(_));
        let is_persons =
            relation.cleared || matches!(relation.stands, Stands::Held(_) | Stands::MadeUp { by_person: true, .. });
        if is_over || (by == Judge::Detector && is_persons) {
            return;
        }
        let by_person = by == Judge::Person;
        if by_person {
            relation.cleared = verdict == Verdict::Allow;
        }
        let ground = relation.stands.ground().cloned();
        match (relation.stands.clone(), verdict) {
            (Stands::MadeUp { by_person: known, ground, pause }, Verdict::Reject) => {
                relation.stands = Stands::MadeUp { by_person: known || by_person, ground, pause };
            }
            (stands, Verdict::Reject) => {
                let pause = match stands {
                    Stands::Waiting { until, .. } => Some(until),
                    _ => None,
                };
                self.stand(friend, Stands::MadeUp { by_person, ground, pause });
            }
            (Stands::Checking(ground) | Stands::Held(ground), Verdict::Allow) => self.count(friend, ground, now),
            (Stands::Checking(ground) | Stands::Counts { ground, .. }, Verdict::Hold) => {
                relation.doubted = true;
                self.stand(friend, Stands::Held(ground));
            }
            (Stands::MadeUp { ground, pause, .. }, verdict) => {
                relation.doubted = verdict == Verdict::Hold;
                let needs_person = verdict == Verdict::Hold || (!by_person && terms.review == "all");
                match (ground, pause) {
                    (None, _) => self.stand(friend, Stands::Joined),
                    (Some(ground), Some(until)) if until.is_none_or(|until| until > now) => {
                        self.stand(friend, Stands::Waiting { ground, until });
                    }
                    (Some(ground), _) if needs_person => self.stand(friend, Stands::Held(ground)),
                    (Some(ground), _) => self.count(friend, ground, now),
                }
            }
            (Stands::Joined | Stands::Reversed | Stands::Waiting { .. }, verdict) => {
                relation.doubted = verdict == Verdict::Hold;
            }
            _ => {}
        }
    }

    /// Two accounts turn out to be one person's.
    pub fn merges(&mut self, survivor: usize, account: usize) {
        let accounts: Vec<usize> = (0..self.merged_into.len()).filter(|number| self.root(*number) == account).collect();
        self.merged_into[account] = Some(survivor);
        self.found_to_be(account, &[survivor]);
        let is_open = self.relations[account].last().is_some_and(|relation| {
            matches!(relation.stands, Stands::Joined | Stands::Reversed | Stands::Checking(_) | Stands::Held(_))
                || matches!(relation.stands, Stands::Waiting { .. })
        });
        if is_open {
            self.stand(account, Stands::Merged);
        }
        for _ in 0..self.numbers[account].count() {
            self.more_of_merged(survivor);
        }
        self.found_to_be(survivor, &accounts);
    }

    fn found_to_be(&mut self, friend: usize, accounts: &[usize]) {
        let Some(relation) = self.relations[friend].last() else { return };
        let is_over = matches!(
            relation.stands,
            Stands::TooLate | Stands::Merged | Stands::Recommended(_) | Stands::MadeUp { .. }
        );
        if !is_over && relation.credits.iter().any(|(advocate, _)| accounts.contains(advocate)) {
            self.stand(friend, Stands::Recommended(Nobody::Themself));
        }
    }

    fn more_of_merged(&mut self, survivor: usize) {
        let number = self.numbers[survivor].next();
        self.numbers[survivor].of_merged.insert(number);
        if let Some(into) = self.merged_into[survivor] {
            self.more_of_merged(into);
        }
    }

    fn fewer_of_merged(&mut self, survivor: usize) {
        self.numbers[survivor].of_merged.pop_last();
        if let Some(into) = self.merged_into[survivor] {
            self.fewer_of_merged(into);
        }
    }

    /// Advocates hear what was said, of one friend after the other; survivors hear of it from their accounts.
    pub fn listen(&mut self) {
        let mut changes = Vec::new();
        for friend in 0..self.relations.len() {
            let Some(relation) = self.relations[friend].last_mut().filter(|relation| relation.told) else { continue };
            relation.told = false;
            let relation = relation.clone();
            for (advocate, _) in &relation.credits {
                changes.push((*advocate, self.hear(*advocate, friend, &relation)));
            }
        }
        for (advocate, change) in changes {
            match (self.merged_into[advocate], change) {
                (Some(into), 1) => self.more_of_merged(into),
                (Some(into), -1) => self.fewer_of_merged(into),
                _ => {}
            }
        }
    }

    /// Answers how many friends more the advocate counts.
    fn hear(&mut self, advocate: usize, friend: usize, relation: &Relation) -> i64 {
        let counts = match relation.stands {
            Stands::Counts { at, .. } => Some(at),
            _ => None,
        };
        let numbers = &mut self.numbers[advocate];
        match (numbers.own.contains_key(&friend), counts) {
            (false, Some(at)) => {
                let terms = &self.terms[relation.terms];
                let month = |at: Instant| at.to_string()[..7].to_owned();
                let this_month = numbers.own.values().filter(|own| month(own.1) == month(at)).count() as i64;
                let is_full = terms.most_a_month.is_some_and(|most| this_month >= most)
                    || terms.most_for_ever.is_some_and(|most| numbers.own.len() as i64 >= most);
                if !is_full {
                    let number = numbers.next();
                    numbers.own.insert(friend, (number, at));
                }
                i64::from(!is_full)
            }
            (true, None) => {
                numbers.own.remove(&friend);
                -1
            }
            _ => 0,
        }
    }

    /// What an account was given for coming, and for whom it brought.
    pub fn worth(&self, account: usize) -> i64 {
        self.of_friend(account) + (0..self.relations.len()).map(|friend| self.of_advocate(account, friend)).sum::<i64>()
    }

    fn of_friend(&self, friend: usize) -> i64 {
        let Some(relation) = self.relations[friend].last() else { return 0 };
        let terms = &self.terms[relation.terms];
        let reward = if matches!(relation.stands, Stands::Counts { .. }) { terms.first_order } else { 0 };
        (if relation.stands.came() { terms.welcome } else { 0 }) + reward
    }

    fn of_advocate(&self, advocate: usize, friend: usize) -> i64 {
        let share = |relation: &Relation| {
            relation.credits.iter().find(|(known, _)| *known == advocate).map_or(0, |(_, share)| *share)
        };
        // Who recommends the same friend again has brought them once.
        let latest = self.relations[friend].iter().rfind(|relation| share(relation) > 0);
        let Some(latest) = latest else { return 0 };
        let (share, terms) = (share(latest), &self.terms[latest.terms]);
        let joined = if latest.stands.came() { terms.joined * share / 100 } else { 0 };
        let counted = match (&latest.stands, self.numbers[advocate].own.get(&friend)) {
            (Stands::Counts { ground, .. }, Some((number, _))) => {
                let prize = if *number == PRIZED { terms.prize } else { 0 };
                (terms.thanks + prize) * share / 100 + ground.pieces * share
            }
            _ => 0,
        };
        joined + counted
    }

    /// How many friends of an account, and of those that were merged into it, count.
    pub fn friends(&self, account: usize) -> i64 {
        self.numbers[account].count()
    }

    pub fn name(&self, friend: usize) -> &'static str {
        match self.relations[friend].last().map(|relation| &relation.stands) {
            None => "none",
            Some(Stands::Joined) => "joined",
            Some(Stands::Waiting { .. }) => "ordered",
            Some(Stands::Checking(_)) => "checking",
            Some(Stands::Held(_)) => "held",
            Some(Stands::Counts { .. }) => "qualified",
            Some(Stands::Reversed) => "reversed",
            Some(Stands::TooLate | Stands::Merged) => "expired",
            Some(Stands::MadeUp { .. } | Stands::Recommended(_)) => "rejected",
        }
    }
}

impl Relation {
    fn ends_at(&self, terms: &Terms) -> Option<Instant> {
        terms.within_days.map(|days| self.came_at + days_of(days))
    }
}

impl Stands {
    fn ground(&self) -> Option<&Ground> {
        match self {
            Stands::Waiting { ground, .. }
            | Stands::Checking(ground)
            | Stands::Held(ground)
            | Stands::Counts { ground, .. } => Some(ground),
            Stands::MadeUp { ground, .. } => ground.as_ref(),
            _ => None,
        }
    }

    fn came(&self) -> bool {
        !matches!(self, Stands::MadeUp { .. } | Stands::Recommended(_))
    }
}

fn days_of(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}
