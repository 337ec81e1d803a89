//! Cases as JSON.

use lojal_core::kernel::{MemberId, format_decimal};
use lojal_core::programme::Programme;
use lojal_fraud::policy::Rule;
use lojal_fraud::rings::Ring;
use lojal_fraud::rules::{Evidence, Finding};
use lojal_fraud::scale::Thousandths;
use lojal_fraud::second_step::Proof;
use lojal_fraud::weights::Decision;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};

use crate::platform::fraud::{Case, CaseState, CaseStep, verdict_name};
use crate::platform::http::fields::{CaseKey, MemberKey, Remark, Time};
use crate::platform::http::page::{Cursor, Limit};
use crate::verifications::VerificationJson;

#[derive(Clone, Copy, Deserialize, ToSchema)]
#[schema(as = CaseState)]
#[serde(rename_all = "snake_case")]
pub enum CaseStateJson {
    Open,
    Confirmed,
    Cleared,
}

impl From<CaseStateJson> for CaseState {
    fn from(state: CaseStateJson) -> CaseState {
        match state {
            CaseStateJson::Open => CaseState::Open,
            CaseStateJson::Confirmed => CaseState::Confirmed,
            CaseStateJson::Cleared => CaseState::Cleared,
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CaseQuery {
    /// Where to begin: `next_cursor` of the page before.
    #[param(inline, required = false)]
    pub cursor: Option<Cursor>,
    /// How many at once.
    #[serde(default)]
    #[param(inline, required = false)]
    pub limit: Limit,
    /// Only those in this state.
    #[param(inline, required = false)]
    pub state: Option<CaseStateJson>,
    /// Only those in which this rule speaks against the recommendation.
    #[param(required = false, example = "ring")]
    pub rule: Option<String>,
}

/// A rule by its code.
pub fn rule_named(code: &str) -> Option<Rule> {
    Rule::ALL.into_iter().find(|rule| rule.code() == code)
}

#[derive(Clone, Copy, Deserialize, ToSchema)]
#[schema(as = CaseDecision)]
#[serde(rename_all = "snake_case")]
pub enum DecisionJson {
    /// It was made up.
    Confirmed,
    /// It was honest.
    Cleared,
}

impl From<DecisionJson> for Decision {
    fn from(decision: DecisionJson) -> Decision {
        match decision {
            DecisionJson::Confirmed => Decision::Confirmed,
            DecisionJson::Cleared => Decision::Cleared,
        }
    }
}

#[derive(Deserialize, ToSchema)]
#[schema(as = CaseDecisionInput, example = json!({"decision": "cleared", "reason": "They are sisters; I have talked to both"}))]
#[serde(deny_unknown_fields)]
pub struct DecisionInput {
    pub decision: DecisionJson,
    pub reason: Remark,
}

#[derive(Deserialize, ToSchema)]
#[schema(as = CaseUndoInput, example = json!({"reason": "Decided by mistake"}))]
#[serde(deny_unknown_fields)]
pub struct UndoInput {
    pub reason: Remark,
}

/// A recommendation that somebody may have made up.
#[derive(Serialize, ToSchema)]
#[schema(as = Case)]
pub struct CaseJson {
    pub id: CaseKey,
    /// `open`, `confirmed` (made up) or `cleared` (honest).
    pub state: &'static str,
    pub friend: MemberKey,
    pub advocate: MemberKey,
    /// `allow`, `flag`, `verify`, `hold` or `reject`: what the detector says.
    pub verdict: &'static str,
    /// A hundred more is a doubling of the odds.
    pub score: i32,
    /// What came of the second step: `own`: the friend alone has what was proven; `shared`: others have it, too; or
    /// `missed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = String)]
    pub proof: Option<&'static str>,
    /// What the recommendation, and those that hang together with it, would give.
    #[schema(example = "40.00")]
    pub stake: String,
    /// The heaviest first.
    pub findings: Vec<CaseFindingJson>,
    /// Who hangs together with the friend, where anybody does; only where one case is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ring: Option<CaseRingJson>,
    pub opened_at: Time,
    pub assessed_at: Time,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<Time>,
    /// How far the friend has come with the second step, if anybody has asked; only where one case is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub verification: Option<VerificationJson>,
    /// What was done with it, the earliest first; only where one case is asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<CaseStepJson>,
}

/// A rule that applies.
#[derive(Serialize, ToSchema)]
#[schema(as = CaseFinding)]
pub struct CaseFindingJson {
    /// Its name, as in the programme.
    #[schema(example = "same_device")]
    pub rule: &'static str,
    /// What it adds to the score; below zero where it speaks for the recommendation.
    pub weight: i32,
    /// How much of it applies, in thousandths.
    pub strength: u32,
    /// What it rests on: a `fact`, and its values.
    #[schema(value_type = Vec<Object>)]
    pub evidence: Vec<Value>,
}

/// Who hangs together, and by what.
#[derive(Serialize, ToSchema)]
#[schema(as = CaseRing)]
pub struct CaseRingJson {
    /// The friend first.
    pub members: Vec<MemberKey>,
    /// The heaviest, 200 at most.
    pub ties: Vec<CaseTieJson>,
    /// How many lighter ones there are.
    pub more_ties: usize,
    /// Shares in thousandths.
    pub density: u32,
    pub isolation: u32,
    pub synchrony: u32,
}

#[derive(Serialize, ToSchema)]
#[schema(as = CaseTie)]
pub struct CaseTieJson {
    pub one: MemberKey,
    pub other: MemberKey,
    /// In thousandths.
    pub weight: u32,
    pub kinds: Vec<&'static str>,
    pub household: bool,
}

#[derive(Serialize, ToSchema)]
#[schema(as = CaseStep)]
pub struct CaseStepJson {
    pub at: Time,
    /// `confirmed`, `cleared` or `undone`.
    pub step: String,
    /// Whether somebody of the staff did it; a program with a key otherwise.
    pub by_staff: bool,
    pub reason: String,
}

impl CaseJson {
    /// As one of many, without what only fills the page.
    pub fn listed(case: &Case, programme: Option<&Programme>) -> CaseJson {
        CaseJson { ring: None, ..CaseJson::new(case, &[], programme) }
    }

    pub fn new(case: &Case, steps: &[CaseStep], programme: Option<&Programme>) -> CaseJson {
        let decimals = programme.map_or(2, |programme| programme.currency.decimals);
        CaseJson {
            id: CaseKey(case.id),
            state: case.state.name(),
            friend: MemberKey(case.friend),
            advocate: MemberKey(case.advocate),
            verdict: verdict_name(case.assessment.verdict),
            score: case.assessment.score,
            proof: case.assessment.proof.map(proof_name),
            stake: format_decimal(case.stake.0, decimals),
            findings: case.assessment.findings.iter().map(finding).collect(),
            ring: case.assessment.ring.as_ref().map(ring),
            opened_at: Time(case.opened_at),
            assessed_at: Time(case.assessed_at),
            decided_at: case.decided_at.map(Time),
            verification: None,
            steps: steps.iter().map(step).collect(),
        }
    }
}

fn proof_name(proof: Proof) -> &'static str {
    match proof {
        Proof::Own => "own",
        Proof::Shared => "shared",
        Proof::Missed => "missed",
    }
}

fn step(step: &CaseStep) -> CaseStepJson {
    let (by_staff, reason) = (step.staff.is_some(), step.reason.clone());
    CaseStepJson { at: Time(step.at), step: step.step.clone(), by_staff, reason }
}

fn finding(finding: &Finding) -> CaseFindingJson {
    CaseFindingJson {
        rule: finding.rule.code(),
        weight: finding.weight,
        strength: finding.strength.0,
        evidence: finding.evidence.iter().map(evidence).collect(),
    }
}

fn ring(ring: &Ring) -> CaseRingJson {
    let tie = |(one, other, tie): &(MemberId, MemberId, lojal_fraud::rings::Tie)| CaseTieJson {
        one: MemberKey(*one),
        other: MemberKey(*other),
        weight: tie.weight.0,
        kinds: tie.kinds.iter().map(|kind| kind.code()).collect(),
        household: tie.household,
    };
    CaseRingJson {
        members: ring.members.iter().copied().map(MemberKey).collect(),
        ties: ring.ties.iter().map(tie).collect(),
        more_ties: ring.more_ties,
        density: ring.density.0,
        isolation: ring.isolation.0,
        synchrony: ring.synchrony.0,
    }
}

/// Shares are in thousandths.
fn evidence(evidence: &Evidence) -> Value {
    let likeness = |likeness: Thousandths| likeness.0;
    match evidence {
        Evidence::Shared { kind, with, parties, since } => json!({
            "fact": "shared", "kind": kind.code(), "with": with.to_string(), "parties": parties,
            "since": since.to_string(),
        }),
        Evidence::AlikeNames { likeness: share } => json!({ "fact": "alike_names", "likeness": likeness(*share) }),
        Evidence::AlikeMails { likeness: share } => json!({ "fact": "alike_mails", "likeness": likeness(*share) }),
        Evidence::DisposableMail => json!({ "fact": "disposable_mail" }),
        Evidence::KnownCustomer => json!({ "fact": "known_customer" }),
        Evidence::Friends { number, hours } => json!({ "fact": "friends", "number": number, "hours": hours }),
        Evidence::FriendsSharing { kind, number, others, hours } => json!({
            "fact": "friends_sharing", "kind": kind.code(), "number": number, "others": others, "hours": hours,
        }),
        Evidence::WithoutClick { number, of, hours } => {
            json!({ "fact": "without_click", "number": number, "of": of, "hours": hours })
        }
        Evidence::OrderedAfter { seconds } => json!({ "fact": "ordered_after", "seconds": seconds }),
        Evidence::Returned { number, of, elsewhere } => {
            json!({ "fact": "returned", "number": number, "of": of, "elsewhere": likeness(*elsewhere) })
        }
        Evidence::Thin { number, of } => json!({ "fact": "thin", "number": number, "of": of }),
        Evidence::Linked { number, of } => json!({ "fact": "linked", "number": number, "of": of }),
        Evidence::Shape { linked, density, isolation, synchrony, thin } => json!({
            "fact": "shape", "linked": linked, "density": density.0, "isolation": isolation.0,
            "synchrony": synchrony.0, "thin": thin.0,
        }),
    }
}
