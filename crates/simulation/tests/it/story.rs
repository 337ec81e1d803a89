//! Histories told through the real engine.

use lojal_core::decision::Decision;
use lojal_core::kernel::{HolderId, Instant, Name};
use lojal_core::programme::{Programme, Rulebook, parse_toml};
use lojal_simulation::auditor::{Auditor, Entry};
use lojal_simulation::history::{History, HistoryPlan, Mix, Shape, Step, random_programme};
use lojal_simulation::shell::{Outcome, Performed, Shell};

/// How many seeds a test tries.
pub fn seeds(usual: u64) -> std::ops::Range<u64> {
    let asked = std::env::var("LOJAL_SEEDS").ok().and_then(|text| text.parse().ok());
    0..asked.unwrap_or(usual)
}

pub fn starts_at() -> Instant {
    "2025-03-01T08:00:00Z".parse().unwrap()
}

pub fn programme(text: &str) -> Programme {
    match parse_toml(text) {
        Ok(programme) => Programme { version: 1, ..programme },
        Err(findings) => panic!("{findings:#?}\n{text}"),
    }
}

pub fn shell(programme: Programme) -> Shell {
    Shell::new(Rulebook::new([programme]), 10_000)
}

/// A history with everything that became of it.
pub struct Story {
    pub text: String,
    pub shell: Shell,
    /// Without what was handed on between holders.
    pub steps: Vec<Step>,
    pub performed: Vec<Performed>,
}

pub struct Telling {
    pub seed: u64,
    pub shape: Shape,
    pub mix: Mix,
    pub members: usize,
    pub steps: usize,
}

impl Telling {
    /// Tells the story; the auditor listens to every word.
    pub fn tell(&self) -> Story {
        self.tell_under(random_programme(self.seed, self.shape))
    }

    pub fn tell_under(&self, text: String) -> Story {
        let programme = programme(&text);
        let plan = HistoryPlan {
            seed: self.seed,
            members: self.members,
            households: self.members / 3,
            starts_at: starts_at(),
            mix: self.mix,
        };
        let mut history = History::new(plan, &programme);
        let mut auditor = Auditor::of(&programme);
        let mut shell = shell(programme);
        let mut steps = Vec::new();
        let mut performed = Vec::new();
        for _ in 0..self.steps {
            let step = history.next(&shell);
            for done in perform(&mut shell, &step) {
                auditor.observe(&entry(&done));
                performed.push(done);
            }
            assert!(auditor.faults().is_empty(), "seed {}: {}\n{text}\n{step:#?}", self.seed, auditor.faults()[0]);
            steps.push(step);
        }
        auditor.close();
        assert!(auditor.faults().is_empty(), "seed {}: {}\n{text}", self.seed, auditor.faults()[0]);
        Story { text, shell, steps, performed }
    }
}

impl Story {
    pub fn end(&self) -> Instant {
        self.steps.last().unwrap().at
    }

    pub fn decisions(&self) -> impl Iterator<Item = (&Performed, &Decision)> {
        self.performed.iter().filter_map(|performed| match &performed.outcome {
            Outcome::Done(decision) if decision.repeats.is_none() => Some((performed, decision)),
            _ => None,
        })
    }

    /// An empty instance under the same programme.
    pub fn fresh(&self) -> Shell {
        shell(programme(&self.text))
    }
}

fn entry(performed: &Performed) -> Entry<'_> {
    Entry {
        holder: performed.step.holder,
        transaction: performed.step.transaction,
        now: performed.step.at,
        command: &performed.step.command,
        outcome: match &performed.outcome {
            Outcome::Done(decision) => Ok(decision),
            Outcome::Refused(refusal) => Err(refusal),
            Outcome::Known => panic!("a story names a transaction twice: {:#?}", performed.step),
        },
        after: performed.after.as_ref(),
    }
}

/// One step and what it sends to others.
pub fn perform(shell: &mut Shell, step: &Step) -> Vec<Performed> {
    let mut performed = vec![shell.perform(step).unwrap()];
    performed.extend(shell.hand_on(step.at).unwrap());
    performed
}

/// What a wallet comes to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Balance {
    pub holder: HolderId,
    pub unit: Name,
    pub available: i64,
    pub pending: i64,
    pub held: i64,
    pub debt: i64,
}

/// All wallets in which something is.
pub fn balances(shell: &Shell) -> Vec<Balance> {
    let mut balances = Vec::new();
    for holder in shell.holders() {
        for wallet in holder.wallets.iter() {
            let balance = Balance {
                holder: holder.id,
                unit: wallet.unit.clone(),
                available: wallet.available(),
                pending: wallet.pending(),
                held: wallet.held(),
                debt: wallet.debt,
            };
            if (balance.available, balance.pending, balance.held, balance.debt) != (0, 0, 0, 0) {
                balances.push(balance);
            }
        }
    }
    balances.sort();
    balances
}
