//! A town in which people recommend a shop to each other. What members tell each other may wait, arrive in any order, and
//! arrive twice; accounts that were merged lead on, as the server's writer leads on.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use lojal_core::activity::{Line, LineKind, Order, OrderState};
use lojal_core::command::{Command, Inputs, Key, Offered, ReturnedLine};
use lojal_core::decision::{Decision, FollowUp, Record, Refusal};
use lojal_core::engine::{Undecided, decide};
use lojal_core::holder::Holder;
use lojal_core::kernel::{HolderId, Id, Instant, MemberId, Money, Name, Part, TransactionId};
use lojal_core::programme::{Programme, Rulebook, parse_toml};
use lojal_core::referrals::{Credit, Introduction, Judge, Verdict};

/// A piece costs so much, so that every share of every commission is a whole number of points.
pub const PIECE: i64 = 100_000;
const POINTS: &str = "points";
const SHOP: &str = "shop";

pub struct Town {
    rulebook: Rulebook,
    pub holders: BTreeMap<HolderId, Holder>,
    records: BTreeMap<(Part, Key), (HolderId, TransactionId, Record)>,
    pub shared: BTreeMap<Name, i64>,
    /// What was told and has not arrived.
    pub on_their_way: Vec<(HolderId, Command)>,
    pub at: Instant,
    told: u16,
}

pub fn programme(text: &str, version: u32) -> Programme {
    match parse_toml(text) {
        Ok(programme) => Programme { version, ..programme },
        Err(findings) => panic!("{findings:#?}\n{text}"),
    }
}

/// The account of somebody by their number.
pub fn account(number: usize) -> MemberId {
    let part = Part::of("club", &format!("member-{number}"));
    MemberId(Id::new(1_767_225_600_000, number as u16, part))
}

impl Town {
    pub fn new(text: &str, people: usize) -> Town {
        let programme = programme(text, 1);
        let mut town = Town {
            shared: programme.shared_quantities().into_iter().collect(),
            rulebook: Rulebook::new([programme]),
            holders: BTreeMap::new(),
            records: BTreeMap::new(),
            on_their_way: Vec::new(),
            at: "2026-01-01T12:00:00Z".parse().unwrap(),
            told: 0,
        };
        for number in 0..people {
            let holder = HolderId::from(account(number));
            let enrol = Command::Enrol { holder, joined_at: town.at, profile: Default::default() };
            town.carry_out(account(number), &enrol).unwrap();
        }
        town
    }

    /// Another version is published.
    pub fn publish(&mut self, text: &str) {
        let version = self.rulebook.live().unwrap().version + 1;
        let versions = self.rulebook.versions().map(|programme| (**programme).clone());
        let all: Vec<Programme> = versions.chain([programme(text, version)]).collect();
        self.rulebook = Rulebook::new(all);
    }

    pub fn pass(&mut self, hours: i64) {
        self.at += SignedDuration::from_hours(hours);
    }

    /// Time does its work with everybody, in the order of their numbers.
    pub fn tick(&mut self, people: usize) {
        for number in 0..people {
            self.carry_out(account(number), &Command::Tick).unwrap();
        }
    }

    /// Carries out a command, wherever accounts lead. Answers whose decision it was.
    pub fn carry_out(&mut self, member: MemberId, command: &Command) -> Result<(HolderId, Decision), Refusal> {
        let (mut holder, mut command) = (HolderId::from(member), command.clone());
        loop {
            let known = command.key().and_then(|key| self.records.get(&(holder.part(), key)).cloned());
            let elsewhere = known.as_ref().is_some_and(|(owner, ..)| *owner != holder);
            let known = known.map(|(_, transaction, record)| (transaction, record));
            let decided = if elsewhere { None } else { Some(self.decide(holder, known.as_ref(), &command)) };
            match decided {
                Some(Ok((transaction, after, decision))) => {
                    self.keep(holder, transaction, after, &decision);
                    return Ok((holder, decision));
                }
                Some(Err(Refusal::Merged { into })) if command.for_survivor(into).is_some() => {
                    command = command.for_survivor(into).unwrap();
                    holder = into.into();
                }
                Some(Err(refusal)) => {
                    self.on_their_way.extend(command.way_back(holder, &refusal.code()));
                    return Err(refusal);
                }
                None => holder = self.holders[&holder].merged_into().expect("a key of another account's").into(),
            }
        }
    }

    fn decide(
        &mut self,
        id: HolderId,
        known: Option<&(TransactionId, Record)>,
        command: &Command,
    ) -> Result<(TransactionId, Holder, Decision), Refusal> {
        self.told += 1;
        let transaction = TransactionId(Id::new(self.at.as_millisecond(), self.told, id.part()));
        let (shared, pool_codes) = Default::default();
        let mut inputs = Inputs { now: self.at, transaction, entropy: 0, shared, pool_codes };
        loop {
            match decide(&self.rulebook, self.holders.get(&id), known, command, &inputs) {
                Ok((after, decision)) => return Ok((transaction, after, decision)),
                Err(Undecided::Refused(refusal)) => return Err(refusal),
                Err(Undecided::Needs(needs)) => {
                    for (quantity, asked) in needs.shared {
                        let given = self.shared[&quantity].min(asked);
                        inputs.shared.insert(quantity, Offered { asked, given });
                    }
                }
            }
        }
    }

    /// Keeps a decision, after the ledger's own rules have been held against it.
    fn keep(&mut self, id: HolderId, transaction: TransactionId, after: Holder, decision: &Decision) {
        for effect in &decision.effects {
            let sum: i64 = effect.postings.iter().map(|posting| posting.amount).sum();
            assert_eq!(sum, 0, "{effect:?}");
        }
        if decision.repeats.is_some() {
            return;
        }
        for draw in &decision.draws {
            let left = self.shared.get_mut(&draw.quantity).unwrap();
            *left -= draw.amount;
            assert!(*left >= 0, "{} was overrun", draw.quantity);
        }
        for wallet in after.wallets.iter() {
            let amounts = [wallet.available(), wallet.pending(), wallet.held(), wallet.debt];
            assert!(amounts.iter().all(|amount| *amount >= 0), "{amounts:?}");
            assert!(wallet.debt == 0 || wallet.available() == 0, "{amounts:?}");
        }
        for (key, record) in &decision.records {
            self.records.insert((id.part(), key.clone()), (id, transaction, record.clone()));
        }
        self.holders.insert(id, after);
        for FollowUp { to, command } in &decision.follow_ups {
            self.on_their_way.push((*to, command.clone().into()));
        }
    }

    /// One of those that are on their way arrives. Answers what it was.
    pub fn deliver(&mut self, place: usize) -> (HolderId, Command) {
        let (to, command) = self.on_their_way.remove(place);
        // What is refused goes back by itself.
        let _ = self.carry_out(MemberId(to.0), &command);
        (to, command)
    }

    /// All that is on its way arrives, in the order in which it was sent.
    pub fn deliver_all(&mut self) {
        while !self.on_their_way.is_empty() {
            self.deliver(0);
        }
    }

    pub fn holder(&self, number: usize) -> &Holder {
        &self.holders[&account(number).into()]
    }

    pub fn available(&self, member: MemberId) -> i64 {
        self.holders[&member.into()].wallets.get(POINTS).map_or(0, |wallet| wallet.available())
    }

    /// What somebody has, less what is owed.
    pub fn net(&self, member: MemberId) -> i64 {
        let wallet = self.holders[&member.into()].wallets.get(POINTS);
        wallet.map_or(0, |wallet| wallet.available() + wallet.pending() - wallet.debt)
    }

    pub fn left(&self, quantity: &str) -> Option<i64> {
        self.shared.get(quantity).copied()
    }

    /// What is kept of each friend with each advocate.
    pub fn records(&self) -> impl Iterator<Item = (HolderId, &Record)> {
        self.records.values().map(|(holder, _, record)| (*holder, record))
    }
}

pub fn comes(credits: &[(usize, i64)], at: Instant) -> Command {
    let credit = |(advocate, share): &(usize, i64)| Credit { advocate: account(*advocate), share: *share };
    let credits = credits.iter().map(credit).collect();
    let introduction = Introduction { referral: None, credits, touched_at: at, came_at: at, channel: None };
    Command::Refer { introduction: Box::new(introduction) }
}

/// An order of so many pieces of one thing.
pub fn order(id: &str, pieces: i64, state: OrderState, placed_at: Instant, closed_at: Option<Instant>) -> Command {
    let line = Line {
        id: Name::const_new("a"),
        sku: None,
        quantity: pieces,
        total: Money(pieces * PIECE),
        tax: Money::ZERO,
        kind: LineKind::Product,
        category: None,
        make: None,
        tags: Vec::new(),
        discounted: false,
        returned: 0,
    };
    let order = Order {
        external_id: Name::from(id),
        brand: Name::const_new(SHOP),
        state,
        placed_at,
        paid_at: Some(placed_at),
        closed_at,
        channel: None,
        country: None,
        tags: Vec::new(),
        paid_with_points: Money::ZERO,
        lines: vec![line],
    };
    Command::PutOrder { order }
}

pub fn returns(order: &str, return_id: &str, pieces: i64, at: Instant) -> Command {
    let lines = vec![ReturnedLine { line: Name::const_new("a"), quantity: pieces }];
    Command::ReturnLines { order: Name::from(order), return_id: Name::from(return_id), returned_at: at, lines }
}

pub fn judged(verdict: Verdict, by: Judge) -> Command {
    Command::JudgeReferral { verdict, by, seen: None }
}

/// Points are taken from the wallet, as by something that is bought with them.
pub fn spends(amount: i64) -> Command {
    let (unit, brand, reason) = (Name::const_new(POINTS), Name::const_new(SHOP), Name::const_new("spent"));
    Command::Adjust { unit, brand, amount: -amount, reason }
}
