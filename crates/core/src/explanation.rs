//! Why, and why not: what became of every rule in one decision, and what was only just missed. It is
//! worked out by the decision itself, for those who ask, and never kept.

use crate::kernel::Name;
use crate::programme::condition::{Lacking, Reading};

/// How many rewards just out of reach are told.
const MOST_REWARDS: usize = 3;

/// What one decision has to tell beside its effects.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Explanation {
    /// In the order of the document.
    pub rules: Vec<RuleTrace>,
    /// What was only just missed, the nearest of each kind first.
    pub near: Vec<NearMiss>,
}

/// What became of one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleTrace {
    pub rule: Name,
    pub outcome: RuleOutcome,
    /// What its conditions asked for and found, where they hold.
    pub held: Vec<Reading>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuleOutcome {
    /// It gave this many points, which may be 0 for lack of a whole one or of room.
    Fired { points: i64 },
    /// It multiplied what others gave.
    Multiplied,
    /// The campaign does not run at that time.
    NotRunning,
    /// A condition does not hold.
    NotMet(Reading),
    /// No line of the order counts.
    NoLines,
}

/// Something that would be had with a little more. Near is at least half of what is needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NearMiss {
    /// A rule of which everything else holds.
    Rule { rule: Name, lacking: Lacking },
    /// A reward that could be taken, but for points; so many are on their way already.
    Reward { reward: Name, unit: Name, needed: i64, missing: i64, pending: i64 },
    /// The next level of a ladder, in the ladder's metric.
    Level { ladder: Name, level: Name, needed: i64, missing: i64 },
}

impl NearMiss {
    /// Whether at least half of `needed` is there, and not all of it.
    pub fn is_near(actual: i64, needed: i64) -> bool {
        actual < needed && actual.saturating_mul(2) >= needed
    }

    fn kind(&self) -> u8 {
        match self {
            NearMiss::Rule { .. } => 0,
            NearMiss::Reward { .. } => 1,
            NearMiss::Level { .. } => 2,
        }
    }

    /// What is missing, in millionths of what is needed.
    fn distance(&self) -> i128 {
        let (missing, needed) = match self {
            NearMiss::Rule { lacking, .. } => (lacking.missing(), lacking.needed()),
            NearMiss::Reward { missing, needed, .. } | NearMiss::Level { missing, needed, .. } => (*missing, *needed),
        };
        i128::from(missing) * 1_000_000 / i128::from(needed.max(1))
    }
}

impl Explanation {
    /// Adds what was only just missed, and keeps the nearest.
    pub fn add_near(&mut self, near: impl IntoIterator<Item = NearMiss>) {
        self.near.extend(near);
        self.near.sort_by_key(|miss| (miss.kind(), miss.distance()));
        let mut rewards = 0;
        self.near.retain(|miss| {
            rewards += usize::from(matches!(miss, NearMiss::Reward { .. }));
            rewards <= MOST_REWARDS || !matches!(miss, NearMiss::Reward { .. })
        });
    }

    /// Adds what became of a rule.
    pub fn note(&mut self, rule: &Name, outcome: RuleOutcome, held: Vec<Reading>) {
        self.rules.push(RuleTrace { rule: rule.clone(), outcome, held });
    }

    /// Tells how many points a rule gave whose conditions were found to hold.
    pub fn fired(&mut self, rule: &Name, points: i64) {
        self.becomes(rule, RuleOutcome::Fired { points });
    }

    /// Tells that a rule whose conditions were found to hold counts none of the lines.
    pub fn covers_no_line(&mut self, rule: &Name) {
        self.becomes(rule, RuleOutcome::NoLines);
    }

    fn becomes(&mut self, rule: &Name, outcome: RuleOutcome) {
        match self.rules.iter_mut().rfind(|trace| trace.rule == *rule) {
            Some(trace) => trace.outcome = outcome,
            None => self.note(rule, outcome, Vec::new()),
        }
    }
}
