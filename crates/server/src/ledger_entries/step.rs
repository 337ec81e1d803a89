//! How a recommendation stands, as JSON.

use lojal_core::referrals::{Lapse, Rejection, Step};
use serde::Serialize;
use utoipa::ToSchema;

use crate::platform::http::fields::Time;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ReferralState)]
#[serde(rename_all = "snake_case")]
pub enum StateJson {
    Joined,
    Ordered,
    Checking,
    Held,
    Qualified,
    Reversed,
    Expired,
    Rejected,
}

/// A state with its particulars.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = ReferralStep)]
pub struct StepJson {
    pub state: StateJson,
    /// When it has stood for long enough.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Time>,
    /// Since when it counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qualified_at: Option<Time>,
    /// Why it expired, or was rejected.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "not_eligible")]
    pub reason: Option<&'static str>,
}

impl StepJson {
    pub fn of(step: &Step) -> StepJson {
        let plain = |state| StepJson { state, until: None, qualified_at: None, reason: None };
        match step {
            Step::Joined => plain(StateJson::Joined),
            Step::Ordered { until } => StepJson { until: until.map(Time), ..plain(StateJson::Ordered) },
            Step::Checking => plain(StateJson::Checking),
            Step::Held => plain(StateJson::Held),
            Step::Qualified { at, .. } => StepJson { qualified_at: Some(Time(*at)), ..plain(StateJson::Qualified) },
            Step::Reversed => plain(StateJson::Reversed),
            Step::Expired { lapse } => StepJson { reason: Some(lapse_name(*lapse)), ..plain(StateJson::Expired) },
            Step::Rejected { rejection } => {
                StepJson { reason: Some(rejection_name(*rejection)), ..plain(StateJson::Rejected) }
            }
        }
    }
}

fn lapse_name(lapse: Lapse) -> &'static str {
    match lapse {
        Lapse::Deadline => "deadline",
        Lapse::Left => "left",
        Lapse::Merged => "merged",
    }
}

fn rejection_name(rejection: Rejection) -> &'static str {
    match rejection {
        Rejection::NotRunning => "not_running",
        Rejection::NotEligible => "not_eligible",
        Rejection::OutsideWindow => "outside_window",
        Rejection::SelfReferral => "self_referral",
        Rejection::BudgetSpent => "budget_spent",
        Rejection::Fraud => "fraud",
    }
}
