//! What a server does around the engine, in memory: load, decide, keep, hand on.
//!
//! It keeps the contract of the journal and nothing more, so that what goes wrong here goes wrong
//! in the engine.

use std::collections::{BTreeMap, HashMap, VecDeque};

use jiff::SignedDuration;
use lojal_core::command::{Command, Inputs, Key, KeyKind, Needs, Offered};
use lojal_core::decision::{Because, Decision, OrderRecord, Record, Refusal};
use lojal_core::engine::{self, Undecided};
use lojal_core::holder::Holder;
use lojal_core::kernel::{HolderId, Id, Instant, Name, TransactionId};
use lojal_core::programme::Rulebook;

use crate::chance::Chance;
use crate::history::Step;

/// How often the engine may ask for more before something is wrong with it.
const MOST_QUESTIONS: usize = 8;
/// Ids of follow-ups begin here, so that they never meet those of the story itself.
const FIRST_FOLLOW_UP: u16 = 1 << 15;
/// More codes of one pool than a single decision hands out.
const MOST_CODES_AT_ONCE: usize = 16;

/// What became of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Done(Decision),
    Refused(Refusal),
    /// The very same step had been carried out before: it was answered and nothing was done.
    Known,
}

/// A step with what the engine was given and what became of it.
#[derive(Clone, Debug)]
pub struct Performed {
    pub step: Step,
    pub inputs: Inputs,
    pub record: Option<(TransactionId, Record)>,
    pub before: Option<Holder>,
    pub after: Option<Holder>,
    pub outcome: Outcome,
}

/// The engine went on asking for things that it had been given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the engine never decided: {0:?}")]
pub struct NeverDecided(pub Needs);

/// A whole instance without a database.
#[derive(Clone, Debug)]
pub struct Shell {
    rulebook: Rulebook,
    holders: HashMap<HolderId, Holder>,
    records: HashMap<(i64, Key), (TransactionId, Record)>,
    /// Answered steps, as an `Idempotency-Key` would know them.
    answered: BTreeMap<TransactionId, ()>,
    shared: BTreeMap<Name, i64>,
    pools: BTreeMap<Name, Vec<Name>>,
    outbox: VecDeque<(HolderId, Command)>,
    handed_on: u16,
    /// How long what is kept under natural keys is remembered; `None`: for ever.
    memory: Option<SignedDuration>,
    /// What is to be forgotten, in the order of time.
    ages: VecDeque<(Instant, TransactionId, (i64, Key))>,
}

impl Shell {
    /// An empty instance; stocks and budgets are full, pools hold codes of their own.
    pub fn new(rulebook: Rulebook, codes_in_pools: usize) -> Shell {
        let mut shared = BTreeMap::new();
        let mut pools = BTreeMap::new();
        for programme in rulebook.versions() {
            shared.extend(programme.shared_quantities());
            for pool in programme.pools() {
                let codes = (0..codes_in_pools).rev().map(|number| Name::from(format!("{pool}-{number}"))).collect();
                pools.insert(pool, codes);
            }
        }
        Shell {
            rulebook,
            holders: HashMap::new(),
            records: HashMap::new(),
            answered: BTreeMap::new(),
            shared,
            pools,
            outbox: VecDeque::new(),
            handed_on: 0,
            memory: None,
            ages: VecDeque::new(),
        }
    }

    /// How much is kept under natural keys.
    pub fn remembered(&self) -> usize {
        self.records.len()
    }

    /// Remembers what is kept under natural keys only so long after it was last touched: memory then grows
    /// with the members, and no longer with their orders.
    pub fn remembering(self, memory: SignedDuration) -> Shell {
        Shell { memory: Some(memory), ..self }
    }

    pub fn rulebook(&self) -> &Rulebook {
        &self.rulebook
    }

    pub fn holder(&self, id: HolderId) -> Option<&Holder> {
        self.holders.get(&id)
    }

    /// In the order of their ids.
    pub fn holders(&self) -> impl Iterator<Item = &Holder> {
        let mut holders: Vec<&Holder> = self.holders.values().collect();
        holders.sort_unstable_by_key(|holder| holder.id);
        holders.into_iter()
    }

    /// What is left of the quantities that all share.
    pub fn shared(&self) -> &BTreeMap<Name, i64> {
        &self.shared
    }

    /// Carries out one step, once, and tells all about it.
    pub fn perform(&mut self, step: &Step) -> Result<Performed, NeverDecided> {
        let before = self.holders.get(&step.holder).cloned();
        let record = self.known(step);
        let inputs = inputs(step);
        let after = before.clone();
        let mut performed = Performed { step: step.clone(), inputs, record, before, after, outcome: Outcome::Known };
        if self.answered.insert(step.transaction, ()).is_some() {
            return Ok(performed);
        }
        performed.outcome = match self.decide(step, performed.record.as_ref(), &mut performed.inputs)? {
            Ok((holder, decision)) => {
                self.keep(step, holder, &decision, decision.records.clone());
                Outcome::Done(decision)
            }
            Err(refusal) => Outcome::Refused(refusal),
        };
        performed.after = self.holders.get(&step.holder).cloned();
        Ok(performed)
    }

    /// Carries out one step that comes once. Its records are kept here and are not in the decision.
    pub(crate) fn carry_out(&mut self, step: &Step) -> Result<Result<Decision, Refusal>, NeverDecided> {
        let record = self.known(step);
        let decided = self.decide(step, record.as_ref(), &mut inputs(step))?;
        Ok(decided.map(|(holder, mut decision)| {
            let records = std::mem::take(&mut decision.records);
            self.keep(step, holder, &decision, records);
            decision
        }))
    }

    /// What is kept under the natural key of a step.
    fn known(&self, step: &Step) -> Option<(TransactionId, Record)> {
        self.records.get(&place(step.holder, step.command.key()?)).cloned()
    }

    /// The order that a step is about, as it now stands.
    pub(crate) fn order(&self, step: &Step) -> Option<&OrderRecord> {
        match self.records.get(&place(step.holder, step.command.key()?)) {
            Some((_, Record::Order(record))) => Some(record),
            _ => None,
        }
    }

    fn decide(
        &mut self,
        step: &Step,
        record: Option<&(TransactionId, Record)>,
        inputs: &mut Inputs,
    ) -> Result<Result<(Holder, Decision), Refusal>, NeverDecided> {
        for _ in 0..MOST_QUESTIONS {
            let before = self.holders.get(&step.holder);
            match engine::decide(&self.rulebook, before, record, &step.command, inputs) {
                Ok(decided) => return Ok(Ok(decided)),
                Err(Undecided::Refused(refusal)) => {
                    match for_survivor(&step.command, &refusal) {
                        Some(elsewhere) => self.outbox.push_front(elsewhere),
                        None => self.outbox.extend(step.command.way_back(step.holder, &refusal.code())),
                    }
                    return Ok(Err(refusal));
                }
                Err(Undecided::Needs(needs)) => self.provide(&needs, inputs),
            }
        }
        let asked = inputs.shared.iter().map(|(quantity, offered)| (quantity.clone(), offered.asked));
        Err(NeverDecided(Needs { shared: asked.collect(), ..Needs::default() }))
    }

    /// Carries out what decisions addressed to other holders, until nothing is left on its way.
    pub fn hand_on(&mut self, at: Instant) -> Result<Vec<Performed>, NeverDecided> {
        let mut performed = Vec::new();
        while let Some(step) = self.next_follow_up(at) {
            performed.push(self.perform(&step)?);
        }
        Ok(performed)
    }

    /// The next of what decisions addressed to other holders.
    pub(crate) fn next_follow_up(&mut self, at: Instant) -> Option<Step> {
        let (holder, command) = self.outbox.pop_front()?;
        let sequence = FIRST_FOLLOW_UP | self.handed_on;
        self.handed_on = (self.handed_on + 1) % FIRST_FOLLOW_UP;
        let transaction = TransactionId(Id::new(at.as_millisecond(), sequence, holder.part()));
        // Drawn from the id, so that the same story hands on with the same draws.
        let mut chance = Chance::seeded(transaction.number().unsigned_abs());
        let entropy = u128::from(chance.bits()) << 64 | u128::from(chance.bits());
        Some(Step { at, holder, transaction, entropy, command })
    }

    /// Holders for whom time has something to do by `at`.
    pub fn due(&self, at: Instant) -> Vec<HolderId> {
        let Some(programme) = self.rulebook.live() else { return Vec::new() };
        let due = |holder: &&Holder| engine::next_due(programme, holder).is_some_and(|due| due <= at);
        self.holders().filter(due).map(|holder| holder.id).collect()
    }

    fn provide(&self, needs: &Needs, inputs: &mut Inputs) {
        for (quantity, wanted) in &needs.shared {
            let left = self.shared.get(quantity).copied().unwrap_or(0);
            inputs.shared.insert(quantity.clone(), Offered { asked: *wanted, given: left.min(*wanted) });
        }
        for (pool, wanted) in &needs.pool_codes {
            let codes = self.pools.get(pool).map_or(&[][..], Vec::as_slice);
            inputs.pool_codes.insert(pool.clone(), codes.iter().rev().take(*wanted).cloned().collect());
        }
    }

    fn keep(&mut self, step: &Step, holder: Holder, decision: &Decision, records: Vec<(Key, Record)>) {
        if decision.repeats.is_some() {
            return;
        }
        self.holders.insert(step.holder, holder);
        for (key, record) in records {
            let place = place(step.holder, key);
            // What advocates heard is as many as their friends, and is needed for as long as one may bring something back.
            if self.memory.is_some() && place.1.kind != KeyKind::Referral {
                self.ages.push_back((step.at, step.transaction, place.clone()));
            }
            self.records.insert(place, (step.transaction, record));
        }
        self.forget(step.at);
        for draw in &decision.draws {
            *self.shared.entry(draw.quantity.clone()).or_default() -= draw.amount;
        }
        for effect in &decision.effects {
            if let Because::VoucherIssued { code, .. } = &effect.because {
                for codes in self.pools.values_mut() {
                    // Codes are handed out from the end.
                    if let Some(taken) = codes.iter().rev().take(MOST_CODES_AT_ONCE).position(|free| free == code) {
                        codes.remove(codes.len() - 1 - taken);
                    }
                }
            }
        }
        for follow_up in &decision.follow_ups {
            self.outbox.push_back((follow_up.to, follow_up.command.clone().into()));
        }
    }

    fn forget(&mut self, now: Instant) {
        let Some(memory) = self.memory else { return };
        while self.ages.front().is_some_and(|(at, ..)| now.duration_since(*at) > memory) {
            let Some((_, transaction, key)) = self.ages.pop_front() else { return };
            // What was touched again has another place in the line.
            if self.records.get(&key).is_some_and(|(last, _)| *last == transaction) {
                self.records.remove(&key);
            }
        }
    }
}

/// Where a record is kept: with its part, and what was heard of a friend with the account that heard it, so that
/// accounts of one person are told apart.
fn place(holder: HolderId, key: Key) -> (i64, Key) {
    match key.kind {
        KeyKind::Referral => (holder.number(), key),
        _ => (holder.part().number(), key),
    }
}

/// What is told of a friend to an account that was merged, and is new to it, is told to the survivor.
fn for_survivor(command: &Command, refusal: &Refusal) -> Option<(HolderId, Command)> {
    match (command, refusal) {
        (Command::HearOfFriend { .. }, Refusal::Merged { into }) => {
            Some(((*into).into(), command.for_survivor(*into)?))
        }
        _ => None,
    }
}

/// What a step brings to its decision.
fn inputs(step: &Step) -> Inputs {
    Inputs {
        now: step.at,
        transaction: step.transaction,
        entropy: step.entropy,
        shared: BTreeMap::new(),
        pool_codes: BTreeMap::new(),
    }
}
