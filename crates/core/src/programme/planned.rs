//! What a programme promises and Lojal does not run yet: written down in words, so that the document is
//! complete, and said loudly, so that nobody takes it for running.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::check::Concern;
use super::compile::Compiler;
use super::document::Texts;
use super::finding::Place;
use super::remark::Remark;

/// What Lojal is going to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Capability {
    /// Members who recommend, and friends who come.
    Referral,
    /// Those who bring customers for a commission.
    Partners,
    /// Membership that is paid for.
    Membership,
    /// Topics, reviews, groups and gatherings.
    Community,
    /// Challenges, badges, streaks and draws.
    Challenges,
    /// Messages to members, and their consent.
    Messages,
}

impl fmt::Display for Capability {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Capability::Referral => "referral",
            Capability::Partners => "partners",
            Capability::Membership => "membership",
            Capability::Community => "community",
            Capability::Challenges => "challenges",
            Capability::Messages => "messages",
        })
    }
}

/// What the programme says about a capability. The engine does nothing with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlannedSection {
    /// What is promised, in a sentence.
    pub summary: Texts,
    /// The particulars: amounts, conditions, limits.
    #[serde(default)]
    pub facts: Vec<Texts>,
}

impl Compiler<'_> {
    /// Checks the languages; nothing of it goes into the compiled programme.
    pub(super) fn planned(&mut self) {
        for (capability, section) in &self.document.planned {
            let place = Place::root().key("planned").key(&capability.to_string());
            self.texts(&section.summary, &place.key("summary"));
            for (index, fact) in section.facts.iter().enumerate() {
                self.texts(fact, &place.key("facts").index(index));
            }
            let remark = Remark::new("finding-planned-capability").word("capability", capability);
            self.findings.push(
                Concern::PlannedCapability.severity(),
                &place,
                Concern::PlannedCapability.code(),
                remark,
            );
        }
    }
}
