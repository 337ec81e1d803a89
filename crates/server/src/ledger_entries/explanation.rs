//! "Why not?": what became of every rule that reacts to an order or an activity.

use lojal_core::decision::Record;
use lojal_core::engine::{RuleOutcome, RuleTrace};
use lojal_core::kernel::Language;
use lojal_core::programme::{Programme, Rulebook};
use serde::Serialize;
use utoipa::ToSchema;

use super::condition::FailureJson;
use super::words;
use crate::platform::writer::Done;

/// What became of each rule.
#[derive(Serialize, ToSchema)]
#[schema(as = Explanation)]
pub struct ExplanationJson {
    pub rules: Vec<RuleOutcomeJson>,
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
    failed: Option<FailureJson>,
    /// In words, when a language was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
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
    /// What became of each rule of a programme.
    pub fn new(traces: &[RuleTrace], programme: Option<&Programme>, language: Option<Language>) -> ExplanationJson {
        let rules = traces.iter().map(|trace| RuleOutcomeJson::new(trace, programme, language));
        ExplanationJson { rules: rules.collect() }
    }

    /// What became of each rule in a transaction, under the version that settled it.
    pub fn of(done: &Done, rulebook: &Rulebook, language: Option<Language>) -> ExplanationJson {
        let version = match &done.record {
            Some(Record::Order(order)) => order.version,
            _ => done.decision.version,
        };
        let programme = rulebook.version(version).map(|programme| &**programme);
        ExplanationJson::new(&done.rules, programme, language)
    }
}

impl RuleOutcomeJson {
    fn new(trace: &RuleTrace, programme: Option<&Programme>, language: Option<Language>) -> RuleOutcomeJson {
        let (outcome, points, failed) = match &trace.outcome {
            RuleOutcome::Fired { points } => (OutcomeJson::Fired, Some(*points), None),
            RuleOutcome::Multiplied => (OutcomeJson::Multiplied, None, None),
            RuleOutcome::NotRunning => (OutcomeJson::NotRunning, None, None),
            RuleOutcome::NotMet(failure) => (OutcomeJson::NotMet, None, Some(failure)),
            RuleOutcome::NoLines => (OutcomeJson::NoLines, None, None),
        };
        let text = language.zip(programme).map(|(language, programme)| words::outcome(trace, programme, language));
        RuleOutcomeJson {
            rule: trace.rule.to_string(),
            outcome,
            points,
            failed: failed.map(|failure| FailureJson::new(failure, programme)),
            text,
        }
    }
}
