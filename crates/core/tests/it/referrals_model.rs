//! What recommendations come to, reckoned a second time and simply: from the rules as they are told to people, with
//! no ledger, no messages and nothing of the engine. All hear everything at once.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use lojal_core::kernel::Instant;
use lojal_core::referrals::{Judge, Verdict};

/// An order of fewer pieces is none that counts.
pub const LEAST_PIECES: i64 = 2;
/// So many orders are kept in mind besides the one that counts.
const MOST_OTHERS: usize = 8;
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
    Held {
        ground: Ground,
        until: Option<Instant>,
    },
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
        until: Option<Instant>,
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
    /// What else would do, the earliest first.
    others: Vec<Other>,
    /// Something was said since advocates last listened.
    told: bool,
}

#[derive(Clone, Debug)]
struct Other {
    placed_at: Instant,
    ground: Ground,
    until: Option<Instant>,
}

/// A friend, and by whom they came.
type Pair = (usize, usize);

/// An advocate's friends by their numbers.
#[derive(Clone, Debug, Default)]
struct Numbers {
    own: BTreeMap<Pair, (i64, Instant)>,
    of_merged: BTreeSet<i64>,
    /// Since when there was no room for somebody.
    too_many: BTreeMap<Pair, Instant>,
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
    /// By whose terms a friend was welcomed, and an advocate thanked for one who came.
    welcomed: Vec<Option<usize>>,
    brought: BTreeMap<Pair, usize>,
    pub merged_into: Vec<Option<usize>>,
    pub budget: Option<i64>,
}

impl Model {
    pub fn new(terms: Terms, budget: Option<i64>, people: usize) -> Model {
        Model {
            terms: vec![terms],
            relations: vec![Vec::new(); people],
            numbers: vec![Numbers::default(); people],
            welcomed: vec![None; people],
            brought: BTreeMap::new(),
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
        let (doubted, cleared, others) = (false, false, Vec::new());
        let relation = Relation { terms, credits, came_at, stands, doubted, cleared, others, told: true };
        self.relations[friend].push(relation);
        self.welcome(friend);
        true
    }

    fn latest(&mut self, friend: usize) -> Option<(&mut Relation, Terms)> {
        let relation = self.relations[friend].last_mut()?;
        let terms = self.terms[relation.terms].clone();
        Some((relation, terms))
    }

    fn welcome(&mut self, friend: usize) {
        let relation = self.relations[friend].last().unwrap();
        let terms = relation.terms;
        self.welcomed[friend] = relation.stands.came().then(|| self.welcomed[friend].unwrap_or(terms));
    }

    /// An order was told of, first or again.
    pub fn ordered(&mut self, order: &Ordered, now: Instant) {
        let is_closed = self.merged_into[order.account].is_some();
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
        let known = relation.stands.ground().cloned();
        let does = is_enough && in_time && (!is_closed || known.is_some());
        let other = Other { placed_at: order.placed_at, ground: ground.clone(), until };
        if known.as_ref().is_some_and(|known| known.order != order.id) {
            return relation.remember(&order.id, does.then_some(other));
        }
        let stands = match relation.stands.clone() {
            Stands::Joined | Stands::Reversed | Stands::TooLate | Stands::Waiting { .. } if does => {
                Stands::Waiting { ground, until }
            }
            Stands::Checking(_) if does => return relation.stands = Stands::Checking(ground),
            Stands::Held { .. } if does => return relation.stands = Stands::Held { ground, until },
            Stands::Counts { .. } if terms.keeps_on_return => return,
            Stands::Counts { at, ground: known } if does => match known == ground {
                true => return,
                false => Stands::Counts { ground, at },
            },
            Stands::Counts { .. } => relation.or_another(is_closed, Stands::Reversed),
            Stands::Waiting { .. } | Stands::Checking(_) | Stands::Held { .. } => {
                relation.or_another(is_closed, Stands::Joined)
            }
            Stands::MadeUp { by_person, .. } => {
                let another = known.is_some() && !does && !is_closed && !relation.others.is_empty();
                let found = does.then_some(other).or_else(|| another.then(|| relation.others.remove(0)));
                let until = found.as_ref().and_then(|found| found.until);
                let ground = found.map(|found| found.ground);
                return relation.stands = Stands::MadeUp { by_person, ground, until };
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
        self.welcome(friend);
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
            "all" => Stands::Held { ground, until: Some(at) },
            _ if relation.doubted => Stands::Held { ground, until: Some(at) },
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
        if matches!(relation.stands, Stands::TooLate | Stands::Merged | Stands::Recommended(_)) {
            return;
        }
        match by {
            Judge::Person => self.judge_as_person(friend, verdict, now),
            Judge::Detector if terms.review == "none" || relation.cleared => {}
            Judge::Detector if terms.review == "all" && verdict == Verdict::Reject => {
                self.judge_as_detector(friend, Verdict::Hold, now);
            }
            Judge::Detector => self.judge_as_detector(friend, verdict, now),
        }
    }

    fn judge_as_detector(&mut self, friend: usize, verdict: Verdict, now: Instant) {
        let relation = self.relations[friend].last_mut().unwrap();
        match (relation.stands.clone(), verdict) {
            (Stands::Held { .. } | Stands::Counts { .. } | Stands::MadeUp { .. }, _) => {}
            (stands, Verdict::Reject) => self.stand(friend, stands.made_up(false, now)),
            (Stands::Checking(ground), Verdict::Allow) => self.count(friend, ground, now),
            (Stands::Checking(ground), _) => self.stand(friend, Stands::Held { ground, until: Some(now) }),
            (_, verdict) => relation.doubted = verdict == Verdict::Hold,
        }
    }

    fn judge_as_person(&mut self, friend: usize, verdict: Verdict, now: Instant) {
        let relation = self.relations[friend].last_mut().unwrap();
        relation.cleared = verdict == Verdict::Allow;
        relation.doubted = verdict == Verdict::Hold;
        let allows = verdict == Verdict::Allow;
        match relation.stands.clone() {
            Stands::MadeUp { ground, until, .. } if verdict == Verdict::Reject => {
                relation.stands = Stands::MadeUp { by_person: true, ground, until };
            }
            stands if verdict == Verdict::Reject => self.stand(friend, stands.made_up(true, now)),
            Stands::MadeUp { ground: None, .. } => self.stand(friend, Stands::Joined),
            Stands::MadeUp { ground: Some(ground), until, .. } | Stands::Held { ground, until } if allows => {
                match until.is_some_and(|until| until <= now) {
                    true => self.count(friend, ground, now),
                    false => self.stand(friend, Stands::Waiting { ground, until }),
                }
            }
            Stands::MadeUp { ground: Some(ground), until, .. } => self.stand(friend, Stands::Held { ground, until }),
            Stands::Checking(ground) if allows => self.count(friend, ground, now),
            Stands::Checking(ground) | Stands::Counts { ground, .. } if !allows => {
                self.stand(friend, Stands::Held { ground, until: Some(now) });
            }
            _ => {}
        }
    }

    /// Two accounts turn out to be one person's.
    pub fn merges(&mut self, survivor: usize, account: usize) {
        self.merged_into[account] = Some(survivor);
        self.found_to_be(account, &[survivor]);
        let is_open = self.relations[account].last().is_some_and(|relation| {
            matches!(relation.stands, Stands::Joined | Stands::Reversed | Stands::Checking(_) | Stands::Held { .. })
                || matches!(relation.stands, Stands::Waiting { .. })
        });
        if is_open {
            self.stand(account, Stands::Merged);
        }
        let brought = self.numbers[account].count();
        self.numbers[account].of_merged.clear();
        for _ in 0..brought {
            let number = self.numbers[survivor].next();
            self.numbers[survivor].of_merged.insert(number);
        }
        let all: Vec<usize> = (0..self.merged_into.len()).filter(|number| self.root(*number) == survivor).collect();
        for one in &all {
            let others: Vec<usize> = all.iter().copied().filter(|other| other != one).collect();
            self.found_to_be(*one, &others);
        }
    }

    fn found_to_be(&mut self, friend: usize, accounts: &[usize]) {
        let Some(relation) = self.relations[friend].last() else { return };
        let is_over = matches!(relation.stands, Stands::TooLate | Stands::Merged | Stands::Recommended(_));
        if !is_over && relation.credits.iter().any(|(advocate, _)| accounts.contains(advocate)) {
            self.stand(friend, Stands::Recommended(Nobody::Themself));
        }
    }

    /// Advocates hear what was said, of one friend after the other; survivors hear of it from their accounts.
    pub fn listen(&mut self) {
        let mut passed_on = Vec::new();
        for friend in 0..self.relations.len() {
            let Some(relation) = self.relations[friend].last_mut().filter(|relation| relation.told) else { continue };
            relation.told = false;
            let relation = relation.clone();
            for (advocate, _) in &relation.credits {
                let pair = (friend, *advocate);
                match relation.stands.came() {
                    true => drop(self.brought.entry(pair).or_insert(relation.terms)),
                    false => drop(self.brought.remove(&pair)),
                }
                if self.merged_into[*advocate].is_some() {
                    passed_on.push((pair, relation.clone()));
                } else {
                    self.hear(*advocate, pair, &relation);
                }
            }
        }
        for (pair, relation) in passed_on {
            // Whoever counted the friend goes on counting them, and else the person's own account does.
            let mut account = pair.1;
            while let Some(into) = self.merged_into[account].filter(|_| !self.numbers[account].own.contains_key(&pair))
            {
                account = into;
            }
            self.hear(account, pair, &relation);
        }
    }

    fn hear(&mut self, account: usize, pair: Pair, relation: &Relation) {
        let counts = match relation.stands {
            Stands::Counts { at, .. } => Some(at),
            _ => None,
        };
        let root = self.root(account);
        let numbers = &mut self.numbers[account];
        match (numbers.own.contains_key(&pair), counts) {
            (false, Some(at)) if numbers.too_many.get(&pair) == Some(&at) => {}
            (false, Some(at)) => {
                let terms = &self.terms[relation.terms];
                let month = |at: Instant| at.to_string()[..7].to_owned();
                let this_month = numbers.own.values().filter(|own| month(own.1) == month(at)).count() as i64;
                let is_full = terms.most_a_month.is_some_and(|most| this_month >= most)
                    || terms.most_for_ever.is_some_and(|most| numbers.own.len() as i64 >= most);
                if is_full {
                    numbers.too_many.insert(pair, at);
                } else {
                    let number = numbers.next();
                    numbers.own.insert(pair, (number, at));
                }
            }
            (true, None) => {
                numbers.own.remove(&pair);
                if root != account {
                    self.numbers[root].of_merged.pop_last();
                }
            }
            _ => {}
        }
    }

    /// What an account was given for coming, and for whom it brought.
    pub fn worth(&self, account: usize) -> i64 {
        let brought = self.brought.iter().filter(|((_, advocate), _)| *advocate == account);
        let joined = brought.map(|(pair, terms)| self.terms[*terms].joined * self.share(*pair).1 / 100);
        let counted = self.numbers[account].own.iter().map(|(pair, (number, _))| {
            let (relation, share) = self.share(*pair);
            let terms = &self.terms[relation.terms];
            let prize = if *number == PRIZED { terms.prize } else { 0 };
            let pieces = relation.stands.ground().map_or(0, |ground| ground.pieces);
            (terms.thanks + prize) * share / 100 + pieces * share
        });
        self.of_friend(account) + joined.sum::<i64>() + counted.sum::<i64>()
    }

    fn of_friend(&self, friend: usize) -> i64 {
        let Some(relation) = self.relations[friend].last() else { return 0 };
        let counts = matches!(relation.stands, Stands::Counts { .. });
        let reward = if counts { self.terms[relation.terms].first_order } else { 0 };
        self.welcomed[friend].map_or(0, |terms| self.terms[terms].welcome) + reward
    }

    /// The latest recommendation of a friend by an advocate, and the advocate's share in it.
    fn share(&self, (friend, advocate): Pair) -> (&Relation, i64) {
        let mut relations = self.relations[friend].iter().rev();
        let found = relations.find_map(|relation| {
            relation.credits.iter().find(|(known, _)| *known == advocate).map(|(_, share)| (relation, *share))
        });
        found.unwrap()
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
            Some(Stands::Held { .. }) => "held",
            Some(Stands::Counts { .. }) => "qualified",
            Some(Stands::Reversed) => "reversed",
            Some(Stands::TooLate | Stands::Merged) => "expired",
            Some(Stands::MadeUp { .. } | Stands::Recommended(_)) => "rejected",
        }
    }
}

impl Relation {
    fn remember(&mut self, order: &str, other: Option<Other>) {
        self.others.retain(|known| known.ground.order != order);
        self.others.extend(other);
        self.others.sort_by(|one, two| (one.placed_at, &one.ground.order).cmp(&(two.placed_at, &two.ground.order)));
        self.others.truncate(MOST_OTHERS);
    }

    fn or_another(&mut self, is_closed: bool, otherwise: Stands) -> Stands {
        if is_closed || self.others.is_empty() {
            return otherwise;
        }
        let Other { ground, until, .. } = self.others.remove(0);
        Stands::Waiting { ground, until }
    }

    fn ends_at(&self, terms: &Terms) -> Option<Instant> {
        terms.within_days.map(|days| self.came_at + days_of(days))
    }
}

impl Stands {
    fn ground(&self) -> Option<&Ground> {
        match self {
            Stands::Waiting { ground, .. }
            | Stands::Checking(ground)
            | Stands::Held { ground, .. }
            | Stands::Counts { ground, .. } => Some(ground),
            Stands::MadeUp { ground, .. } => ground.as_ref(),
            _ => None,
        }
    }

    fn came(&self) -> bool {
        !matches!(self, Stands::MadeUp { .. } | Stands::Recommended(Nobody::Themself))
    }

    fn made_up(&self, by_person: bool, now: Instant) -> Stands {
        let until = match self {
            Stands::Waiting { until, .. } | Stands::Held { until, .. } | Stands::MadeUp { until, .. } => *until,
            _ => Some(now),
        };
        Stands::MadeUp { by_person, ground: self.ground().cloned(), until }
    }
}

fn days_of(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}
