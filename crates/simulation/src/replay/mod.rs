//! A shop's past under a programme: the same commands, the same engine, and what it comes to.

mod abreast;
mod comparison;
mod fates;
mod outcome;
mod redemption;
mod tally;
mod words;

use std::sync::Arc;

use jiff::SignedDuration;
use lojal_core::command::Command;
use lojal_core::kernel::{HolderId, Id, Instant, MemberId, Part, TransactionId};
use lojal_core::programme::{Programme, Rulebook};
use lojal_core::referrals::{Judge, Verdict};
use lojal_core::rewards;

use crate::chance::mixed;
use crate::history::Step;
use crate::shell::{NeverDecided, Shell};
use redemption::affordable;
use tally::{OrderChange, Tally};
use words::Words;

pub use crate::statistics::{Estimate, share};
pub use abreast::{Side, run};
pub use comparison::{Change, Comparison};
pub use outcome::{
    Cost, FirstReward, Flow, Group, LadderOutcome, Month, Outcome, RewardOutcome, RuleOutcome, Standing, UnitOutcome,
};
pub use redemption::{CERTAIN, Redemption};

/// How long orders are usually remembered: a return that comes later is refused, and counted as such.
pub const MEMORY: SignedDuration = SignedDuration::from_hours(400 * 24);
/// How often time is let pass for everybody.
const SWEEP: SignedDuration = SignedDuration::from_hours(180 * 24);
/// Codes that pools are filled with.
const CODES: usize = 100_000;

/// How a history is replayed.
#[derive(Clone, Debug)]
pub struct Manner {
    pub redemption: Redemption,
    /// The same seed gives the same outcome.
    pub seed: u64,
    /// How long an order is remembered after it was last touched. Memory grows with the members, and with their
    /// orders of so long.
    pub memory: SignedDuration,
}

/// A programme while it goes through a history.
pub struct Replay {
    shell: Shell,
    programme: Arc<Programme>,
    manner: Manner,
    tally: Tally,
    words: Words,
    /// When time was last let pass for everybody.
    swept: Option<Instant>,
    made: u64,
}

impl Replay {
    /// From the beginning, with nobody enrolled.
    pub fn new(programme: Programme, manner: Manner) -> Replay {
        let programme = Programme { version: programme.version.max(1), ..programme };
        let rulebook = Rulebook::new([programme.clone()]);
        let programme = Arc::new(programme);
        let tally = Tally::new(programme.clone(), manner.redemption != Redemption::Nobody);
        let shell = Shell::new(rulebook, CODES).remembering(manner.memory);
        Replay { shell, programme, manner, tally, words: Words::default(), swept: None, made: 0 }
    }

    pub fn programme(&self) -> &Programme {
        &self.programme
    }

    /// Everybody's state, for comparing with a ledger.
    pub fn shell(&self) -> &Shell {
        &self.shell
    }

    /// Carries out the next step; steps come in the order of time.
    pub fn take(&mut self, step: &Step) -> Result<(), NeverDecided> {
        self.pass_to(step.at)?;
        if !self.manner.redemption.follows(&step.command) {
            return Ok(());
        }
        match words::said_of(step, self.shell.holder(step.holder)) {
            Some(step) => self.carry_out(&step)?,
            None => self.carry_out(step)?,
        }
        if matches!(step.command, Command::PutOrder { .. }) {
            self.consider_rewards(step)?;
        }
        Ok(())
    }

    /// Lets time pass until a moment.
    pub fn pass(&mut self, until: Instant) -> Result<(), NeverDecided> {
        self.pass_to(until)?;
        self.tick(until)
    }

    /// Lets time pass until the end, and sums up.
    pub fn finish(mut self, until: Instant) -> Result<Outcome, NeverDecided> {
        self.pass(until)?;
        let Manner { redemption, seed, .. } = self.manner;
        Ok(self.tally.into_outcome(&self.shell, redemption, seed, until))
    }

    /// Lets everybody's time pass now and then. What time does is dated by the moment at which it was due, so it
    /// need not be looked at when it happens; but nobody is given the birthdays of years that nobody looked at.
    fn pass_to(&mut self, now: Instant) -> Result<(), NeverDecided> {
        while let Some((at, friend)) = self.words.next_due(now) {
            let step = self.step(at, friend, Command::Tick);
            self.carry_out(&step)?;
        }
        let swept = *self.swept.get_or_insert(now);
        if now.duration_since(swept) >= SWEEP {
            self.swept = Some(now);
            self.tick(now)?;
        }
        Ok(())
    }

    /// Does what time has to do by a moment, for everybody.
    fn tick(&mut self, now: Instant) -> Result<(), NeverDecided> {
        for holder in self.shell.due(now) {
            let step = self.step(now, holder, Command::Tick);
            self.carry_out(&step)?;
        }
        Ok(())
    }

    fn carry_out(&mut self, step: &Step) -> Result<(), NeverDecided> {
        self.words.hear(step.holder, self.shell.holder(step.holder), &step.command);
        self.decide_all(step)?;
        if self.words.is_asked_for(step.holder, self.shell.holder(step.holder)) {
            let command = Command::JudgeReferral { verdict: Verdict::Allow, by: Judge::Detector, seen: None };
            let word = self.step(step.at, step.holder, command);
            self.decide_all(&word)?;
        }
        Ok(())
    }

    /// Carries out a step, and what it has others do.
    fn decide_all(&mut self, step: &Step) -> Result<(), NeverDecided> {
        self.decide(step)?;
        while let Some(follow_up) = self.shell.next_follow_up(step.at) {
            self.decide(&follow_up)?;
        }
        Ok(())
    }

    fn decide(&mut self, step: &Step) -> Result<(), NeverDecided> {
        let before = self.shell.order(step).map(|record| paid(&record.order));
        match self.shell.carry_out(step)? {
            // Nobody has asked for it: the house tells the survivor, or the friend.
            Err(_) if matches!(step.command, Command::HearOfFriend { .. }) => {}
            Err(refusal) => self.tally.refuse(&refusal),
            Ok(decision) if decision.repeats.is_some() => {}
            Ok(decision) => {
                let after = self.shell.order(step).map(|record| (paid(&record.order), record.order.counts()));
                let change = OrderChange {
                    is_new: before.is_none() && after.is_some_and(|(_, counts)| counts),
                    paid: after.map_or(0, |(paid, _)| paid) - before.unwrap_or(0),
                };
                self.tally.count(step, &decision, change);
            }
        }
        Ok(())
    }

    /// After an order, whoever may spend the points considers a reward.
    fn consider_rewards(&mut self, step: &Step) -> Result<(), NeverDecided> {
        let Some(member) = self.shell.holder(step.holder) else { return Ok(()) };
        let spender = member.household().unwrap_or(step.holder);
        let acting =
            (spender != step.holder).then(|| rewards::acting(&self.programme, MemberId(step.holder.0), member));
        let Some(holder) = self.shell.holder(spender) else { return Ok(()) };
        if affordable(&self.programme, holder, step.at).next().is_none() {
            return Ok(());
        }
        self.tally.occasions += 1;
        let Manner { redemption, seed, .. } = &self.manner;
        let Some(reward) = redemption.choose(&self.programme, holder, step.at, *seed, step.transaction) else {
            return Ok(());
        };
        let command = Command::Redeem { reward: reward.id.clone(), reference: None, acting };
        let redeem = self.step(step.at, spender, command);
        // A condition or a limit of the reward may still refuse it: then it is not taken.
        if let Ok(decision) = self.shell.carry_out(&redeem)? {
            self.tally.count(&redeem, &decision, OrderChange::default());
        }
        Ok(())
    }

    /// A step that is not in the history. Its id is beyond all that a history has.
    fn step(&mut self, at: Instant, holder: HolderId, command: Command) -> Step {
        self.made += 1;
        let id = Id::from_number(i64::MAX - ((self.made as i64) << 6 | (63 - holder.part().number())));
        let transaction = TransactionId(id.unwrap_or(Id::new(0, 0, Part::PROGRAMME)));
        let entropy = u128::from(mixed(self.made)) << 64 | u128::from(self.made);
        Step { at, holder, transaction, entropy, command }
    }
}

/// What is paid for an order as it now stands.
fn paid(order: &lojal_core::activity::Order) -> i64 {
    if order.counts() { order.kept_total().0 } else { 0 }
}
