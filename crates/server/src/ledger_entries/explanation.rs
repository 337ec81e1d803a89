//! "Why not?": what became of every rule that reacts to an order or an activity.

use lojal_core::command::{Command, Inputs};
use lojal_core::decision::Record;
use lojal_core::engine::{self, Known, RuleOutcome, RuleTrace, Undecided};
use lojal_core::holder::Holder;
use lojal_core::kernel::{HolderId, Id, Language, TransactionId};
use lojal_core::programme::{Programme, Rulebook};
use serde::Serialize;
use utoipa::ToSchema;

use super::condition::FailureJson;
use super::words;
use crate::members::holder_now;
use crate::platform::application::Application;
use crate::platform::http::Problem;

/// How often the engine may ask for more before it decides.
const MOST_QUESTIONS: usize = 8;

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
    /// In words, when a language was asked for and the rule did not apply.
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
    /// What the rules would make of a command now.
    pub async fn of(
        application: &Application,
        holder: HolderId,
        command: &Command,
        language: Option<Language>,
    ) -> Result<ExplanationJson, Problem> {
        let state = holder_now(application, holder).await?;
        let known = known_of(application, holder, command).await?;
        let now = application.clock.now();
        let inputs = Inputs {
            now: now.max(state.clock),
            transaction: TransactionId(Id::new(now.as_millisecond(), 0, holder.part())),
            entropy: 0,
            shared: Default::default(),
            pool_codes: Default::default(),
        };
        let rulebook = application.rulebook();
        ExplanationJson::about(&rulebook, &state, known.as_ref(), command, &inputs, language)
    }

    /// What the rules make of a command. Where shared quantities are drawn from, they are taken to
    /// suffice: the effects say when they did not.
    pub fn about(
        rulebook: &Rulebook,
        holder: &Holder,
        known: Option<&Known>,
        command: &Command,
        inputs: &Inputs,
        language: Option<Language>,
    ) -> Result<ExplanationJson, Problem> {
        let mut inputs = inputs.clone();
        for _ in 0..MOST_QUESTIONS {
            match engine::explain(rulebook, Some(holder), known, command, &inputs) {
                Ok((_, _, traces)) => {
                    let programme = rulebook.live().map(|programme| &**programme);
                    let rules = traces.iter().map(|trace| RuleOutcomeJson::new(trace, programme, language));
                    return Ok(ExplanationJson { rules: rules.collect() });
                }
                Err(Undecided::Refused(refusal)) => return Err(refusal.into()),
                Err(Undecided::Needs(needs)) => {
                    inputs.shared.extend(needs.shared);
                    inputs.pool_codes.extend(needs.pool_codes.into_keys().map(|pool| (pool, Vec::new())));
                }
            }
        }
        Err(Problem::internal(&"the engine asked too often"))
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
        let text = language
            .zip(programme)
            .zip(failed)
            .map(|((language, programme), failure)| words::why_not(&trace.rule, failure, programme, language));
        RuleOutcomeJson {
            rule: trace.rule.to_string(),
            outcome,
            points,
            failed: failed.map(|failure| FailureJson::new(failure, programme)),
            text,
        }
    }
}

/// What is kept of the command's order, so that an order that is known is explained as that one.
async fn known_of(application: &Application, holder: HolderId, command: &Command) -> Result<Option<Known>, Problem> {
    let Command::PutOrder { order } = command else {
        return Ok(None);
    };
    let kept = application.order(&order.external_id).await?;
    let kept = kept.filter(|kept| kept.holder == holder);
    Ok(kept.map(|kept| (kept.transaction, Record::Order(Box::new(kept.thing)))))
}
