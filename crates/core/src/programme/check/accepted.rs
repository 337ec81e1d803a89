//! Warnings that the author has read and decided to live with.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Concern;
use crate::programme::finding::{Finding, Findings, Place, Severity};
use crate::programme::remark::Remark;

/// A warning that is right, and meant. It becomes a notice; errors stay errors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptedSection {
    /// The code of the finding, like `generous_return`.
    pub finding: String,
    /// The place, as a JSON pointer, with all that lies beneath it; everywhere when absent.
    pub at: Option<String>,
    /// Why it is meant, for those who read the document later.
    pub reason: String,
}

impl AcceptedSection {
    fn covers(&self, finding: &Finding) -> bool {
        let lies_at = |at: &String| {
            finding.pointer.strip_prefix(at.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.finding == finding.code && self.at.as_ref().is_none_or(lies_at)
    }
}

/// Makes notices of the warnings that are accepted, and says what is accepted and not found.
/// `with_usual` is whether all that can be looked for was looked for.
pub fn accept(accepted: &[AcceptedSection], with_usual: bool, findings: &mut Vec<Finding>) {
    let mut idle = Findings::default();
    for (index, section) in accepted.iter().enumerate() {
        let mut covers = false;
        for finding in findings.iter_mut().filter(|finding| section.covers(finding)) {
            if finding.severity == Severity::Warning {
                finding.severity = Severity::Notice;
                finding.accepted = Some(section.reason.clone());
            }
            covers |= finding.accepted.is_some();
        }
        let unlooked = !with_usual && Concern::of(&section.finding).is_some_and(Concern::needs_usual);
        if !covers && !unlooked {
            let concern = Concern::AcceptedNothing;
            let place = Place::root().key("accepted").index(index);
            let remark = Remark::new("finding-accepted-nothing").word("code", &section.finding);
            idle.push(concern.severity(), &place, concern.code(), remark);
        }
    }
    findings.append(&mut idle.0);
}
