//! Activities as JSON.

use std::collections::BTreeMap;

use lojal_core::activity::{Activity, builtin};
use lojal_core::kernel::Instant;
use lojal_core::programme::Programme;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ledger_entries::{ExplanationJson, TransactionJson};
use crate::platform::http::Problem;
use crate::platform::http::faults::Faults;
use crate::platform::http::fields::{
    AttributeValue, ExternalId, Label, MOST_ATTRIBUTES, MemberName, Remark, Time, attributes_schema,
};

/// Something that happened: a review, attendance, a survey, anything that the programme names.
#[derive(Deserialize, ToSchema)]
#[schema(as = ActivityInput, example = json!({
    "member": "customer-1001", "name": "review", "external_id": "review-55",
    "occurred_at": "2026-04-01T10:00:00Z", "attributes": {"stars": 5}
}))]
#[serde(deny_unknown_fields)]
pub struct ActivityInput {
    pub member: MemberName,
    /// As the programme's rules name it. `joined`, `birthday` and `tier_reached` happen by themselves.
    pub name: Label,
    /// The shop's own id, unique for each member and name: the same one twice counts once.
    pub external_id: ExternalId,
    /// Now, when it is left out.
    pub occurred_at: Option<Time>,
    /// The brand at which it happened; may be left out where the programme has only one.
    pub brand: Option<Label>,
    /// What rules may look at.
    #[serde(default)]
    #[schema(schema_with = attributes_schema, required = false)]
    pub attributes: BTreeMap<Label, AttributeValue>,
}

impl ActivityInput {
    pub fn into_activity(self, programme: &Programme, now: Instant) -> Result<(MemberName, Activity), Problem> {
        let mut faults = Faults::default();
        if builtin::ALL.contains(&self.name.0.as_str()) {
            faults.add("/name", "reserved", format_args!("{} happens by itself; nobody can post it", self.name.0));
        }
        if self.attributes.len() > MOST_ATTRIBUTES {
            faults.add("/attributes", "too_many", format_args!("has more than {MOST_ATTRIBUTES} attributes"));
        }
        let activity = Activity {
            name: self.name.0,
            external_id: self.external_id.0,
            occurred_at: self.occurred_at.map_or(now, |time| faults.past("/occurred_at", time, now)),
            brand: faults.brand(self.brand.as_ref().map(|brand| &brand.0), programme),
            attributes: self.attributes.into_iter().map(|(name, value)| (name.0, value.0)).collect(),
            share: Activity::WHOLE,
        };
        faults.finish()?;
        Ok((self.member, activity))
    }
}

/// An activity that is called off.
#[derive(Deserialize, ToSchema)]
#[schema(as = CallOffInput, example = json!({
    "member": "customer-1001", "name": "review", "external_id": "review-55", "reason": "copied from another shop"
}))]
#[serde(deny_unknown_fields)]
pub struct CallOffInput {
    pub member: MemberName,
    pub name: Label,
    /// The shop's own id of it.
    pub external_id: ExternalId,
    /// Why, for the member's own story.
    pub reason: Option<Remark>,
}

/// What an activity led to.
#[derive(Serialize, ToSchema)]
pub struct ActivityAnswer {
    pub transaction: TransactionJson,
    /// The rules that did not fire, when asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<ExplanationJson>,
}
