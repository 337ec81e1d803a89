//! "Why not?": what became of every rule that reacts to an order or an activity, and what was only
//! just missed.

use lojal_core::decision::Record;
use lojal_core::explanation::{Explanation, NearMiss, RuleOutcome, RuleTrace};
use lojal_core::kernel::{Language, Money};
use lojal_core::programme::condition::Lacking;
use lojal_core::programme::{Programme, Rulebook};
use serde::Serialize;
use utoipa::ToSchema;

use super::condition::{ReadingJson, money_field, number_field};
use super::reason::Teller;
use super::words;
use crate::platform::writer::Done;

/// What became of each rule, and what was only just missed.
#[derive(Serialize, ToSchema)]
#[schema(as = Explanation)]
pub struct ExplanationJson {
    rules: Vec<RuleOutcomeJson>,
    /// What would be had with a little more, the nearest of each kind first: at least half of what is
    /// needed is there.
    near: Vec<NearMissJson>,
}

/// What became of one rule.
#[derive(Serialize, ToSchema)]
#[schema(as = RuleOutcome)]
pub struct RuleOutcomeJson {
    #[schema(example = "weekend_double")]
    rule: String,
    outcome: OutcomeJson,
    /// What it gave.
    #[serde(skip_serializing_if = "Option::is_none")]
    points: Option<i64>,
    /// The condition that did not hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    failed: Option<ReadingJson>,
    /// The conditions that hold, each with what was the case.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    held: Vec<ReadingJson>,
    /// In words, when a language was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
}

/// Something that would be had with a little more.
#[derive(Serialize, ToSchema)]
#[schema(as = NearMiss)]
pub struct NearMissJson {
    #[serde(flatten)]
    what: MissedJson,
    /// In words, when a language was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
}

/// Money has its decimals, points are in the smallest part of their unit.
#[derive(Serialize, ToSchema)]
#[schema(as = Missed)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum MissedJson {
    /// A rule of which everything else holds.
    Rule {
        rule: String,
        /// The word of the vocabulary of which there is too little.
        #[schema(example = "order.total")]
        field: String,
        #[schema(example = "187.60")]
        actual: String,
        #[schema(example = "200.00")]
        needed: String,
        #[schema(example = "12.40")]
        missing: String,
    },
    /// A reward that could be taken, but for points.
    Reward {
        reward: String,
        unit: String,
        needed: i64,
        missing: i64,
        /// Points that are on their way.
        pending: i64,
    },
    /// The next level of a ladder, in what the ladder counts.
    Level { ladder: String, level: String, needed: String, missing: String },
}

#[derive(Serialize, ToSchema)]
#[schema(as = Outcome)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeJson {
    /// It gave points, which may be 0 for lack of a whole one or of room.
    Fired,
    /// It multiplied what others gave.
    Multiplied,
    /// The campaign does not run at that time.
    NotRunning,
    /// A condition does not hold.
    NotMet,
    /// No line of the order counts.
    NoLines,
}

impl ExplanationJson {
    /// Why a transaction came out as it did: of rules by the version that settled it, of rewards and
    /// levels by the one that was in force.
    pub fn of(done: &Done, rulebook: &Rulebook, language: Option<Language>) -> ExplanationJson {
        let version = match &done.record {
            Some(Record::Order(order)) => order.version,
            _ => done.decision.version,
        };
        let programme = |version| rulebook.version(version).map(|programme| &**programme);
        let (settled_by, in_force) = (programme(version), programme(done.decision.version));
        let Explanation { rules, near } = &done.explanation;
        let near = near.iter().map(|miss| match miss {
            NearMiss::Rule { .. } => NearMissJson::new(miss, settled_by, language),
            _ => NearMissJson::new(miss, in_force, language),
        });
        ExplanationJson {
            rules: rules.iter().map(|trace| RuleOutcomeJson::new(trace, settled_by, language)).collect(),
            near: near.collect(),
        }
    }
}

impl NearMissJson {
    fn new(miss: &NearMiss, programme: Option<&Programme>, language: Option<Language>) -> NearMissJson {
        let teller = Teller::new(programme);
        let what = match miss {
            NearMiss::Rule { rule, lacking } => {
                let (field, number): (String, &dyn Fn(i64) -> String) = match lacking {
                    Lacking::Number { field, .. } => (number_field(field), &|number| number.to_string()),
                    Lacking::Money { field, .. } => {
                        (money_field(*field).to_owned(), &|amount| teller.money(Money(amount)))
                    }
                };
                MissedJson::Rule {
                    rule: rule.to_string(),
                    field,
                    actual: number(lacking.actual()),
                    needed: number(lacking.needed()),
                    missing: number(lacking.missing()),
                }
            }
            NearMiss::Reward { reward, unit, needed, missing, pending } => MissedJson::Reward {
                reward: reward.to_string(),
                unit: unit.to_string(),
                needed: *needed,
                missing: *missing,
                pending: *pending,
            },
            NearMiss::Level { ladder, level, needed, missing } => MissedJson::Level {
                ladder: ladder.to_string(),
                level: level.to_string(),
                needed: teller.metric(ladder, *needed),
                missing: teller.metric(ladder, *missing),
            },
        };
        let text = language.zip(programme).map(|(language, programme)| words::near_miss(miss, programme, language));
        NearMissJson { what, text }
    }
}

impl RuleOutcomeJson {
    fn new(trace: &RuleTrace, programme: Option<&Programme>, language: Option<Language>) -> RuleOutcomeJson {
        let (outcome, points, failed) = match &trace.outcome {
            RuleOutcome::Fired { points } => (OutcomeJson::Fired, Some(*points), None),
            RuleOutcome::Multiplied => (OutcomeJson::Multiplied, None, None),
            RuleOutcome::NotRunning => (OutcomeJson::NotRunning, None, None),
            RuleOutcome::NotMet(failed) => (OutcomeJson::NotMet, None, Some(failed)),
            RuleOutcome::NoLines => (OutcomeJson::NoLines, None, None),
        };
        let text = language.zip(programme).map(|(language, programme)| words::outcome(trace, programme, language));
        RuleOutcomeJson {
            rule: trace.rule.to_string(),
            outcome,
            points,
            failed: failed.map(|failed| ReadingJson::new(failed, programme)),
            held: trace.held.iter().map(|held| ReadingJson::new(held, programme)).collect(),
            text,
        }
    }
}
