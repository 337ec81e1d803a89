//! The programme document: parse, check, compile. "Parse, don't validate": what leaves this module
//! as a [`Programme`] cannot be wrong.

pub mod check;
pub mod condition;
pub mod diff;
pub mod document;

mod compile;
mod compile_rewards;
mod compile_rules;
mod compile_tiers;
mod expiry;
mod finding;
pub mod fraud;
mod labels;
mod model;
mod operator;
mod places;
mod planned;
mod referrals;
mod remark;
mod rulebook;
mod shape;
mod starter;
mod vocabulary;

#[cfg(test)]
mod tests;

pub use check::{Concern, Usual};
pub use document::{
    DebtPolicy, Document, LooseReturns, OnReturn, PendingFrom, PluralForms, RewardKind, Stacking, StepDown, Texts,
};
pub use finding::{Finding, Severity};
pub use labels::{Labels, LabelsSection, WordKind};
pub use model::*;
pub use places::locate;
pub use planned::{Capability, PlannedSection};
pub use referrals::{CreditPolicy, Edition, Qualify, QualifySection, ReferralSection, Review};
pub use remark::{Argument, PartOfReturn, Remark};
pub use rulebook::{Dated, Rulebook};
pub use starter::{STARTERS, starter};

pub(crate) use finding::{Findings, Place};

/// The largest document that is read.
pub const LARGEST_DOCUMENT: usize = 1 << 20;

/// A document that has no errors.
#[derive(Clone, Debug)]
pub struct Checked {
    pub programme: Programme,
    /// Warnings, and notices.
    pub warnings: Vec<Finding>,
}

impl Checked {
    /// What somebody has to accept before the document is published.
    pub fn unaccepted(&self) -> Vec<Finding> {
        self.warnings.iter().filter(|finding| finding.severity == Severity::Warning).cloned().collect()
    }
}

/// Reads a programme document written in TOML as the engine needs it: what was published once can
/// always be read, whatever is said about it today.
pub fn parse_toml(text: &str) -> Result<Programme, Vec<Finding>> {
    let document = read_toml(text)?;
    compiled(&document).map(|(programme, _)| programme).map_err(|mut findings| {
        places::locate(text, &mut findings);
        findings
    })
}

/// As [`parse_toml`], for a document in JSON.
pub fn parse_json(text: &str) -> Result<Programme, Vec<Finding>> {
    compiled(&read_json(text)?).map(|(programme, _)| programme)
}

/// Reads a document written in TOML and says all there is to say about it, with the places.
pub fn check_toml(text: &str) -> Result<Checked, Vec<Finding>> {
    check_toml_with(text, None)
}

/// As [`check_toml`], by what customers usually buy.
pub fn check_toml_with(text: &str, usual: Option<&Usual>) -> Result<Checked, Vec<Finding>> {
    let document = read_toml(text)?;
    let mut result = checked(&document, usual);
    match &mut result {
        Ok(checked) => places::locate(text, &mut checked.warnings),
        Err(findings) => places::locate(text, findings),
    }
    result
}

/// As [`check_toml`], for a document in JSON.
pub fn check_json(text: &str) -> Result<Checked, Vec<Finding>> {
    check_json_with(text, None)
}

/// As [`check_json`], by what customers usually buy.
pub fn check_json_with(text: &str, usual: Option<&Usual>) -> Result<Checked, Vec<Finding>> {
    checked(&read_json(text)?, usual)
}

/// The JSON Schema of the document, generated from its types.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Document).to_value()
}

fn read_toml(text: &str) -> Result<Document, Vec<Finding>> {
    too_large(text)?;
    toml::from_str(text).map_err(|problem| {
        let mut finding = unshaped(problem.message());
        if let Some(span) = problem.span() {
            places::mark(text, span, &mut finding);
        }
        vec![finding]
    })
}

fn read_json(text: &str) -> Result<Document, Vec<Finding>> {
    too_large(text)?;
    serde_json::from_str(text).map_err(|problem| {
        let mut finding = unshaped(&problem.to_string());
        finding.line = Some(problem.line());
        finding.column = Some(problem.column());
        vec![finding]
    })
}

fn compiled(document: &Document) -> Result<(Programme, Vec<Finding>), Vec<Finding>> {
    match compile::compile(document) {
        (Some(programme), findings) => Ok((programme, findings.0)),
        (None, findings) => Err(findings.0),
    }
}

fn checked(document: &Document, usual: Option<&Usual>) -> Result<Checked, Vec<Finding>> {
    let (programme, mut findings) = compiled(document)?;
    findings.extend(check::analyse(document, &programme, usual));
    check::accept(&document.accepted, usual.is_some(), &mut findings);
    if findings.iter().any(|finding| finding.severity == Severity::Error) {
        return Err(findings);
    }
    Ok(Checked { programme, warnings: findings })
}

fn too_large(text: &str) -> Result<(), Vec<Finding>> {
    if text.len() <= LARGEST_DOCUMENT {
        return Ok(());
    }
    let mut findings = Findings::default();
    findings.error(&Place::root(), "too_large", "finding-too-large");
    Err(findings.0)
}

fn unshaped(problem: &str) -> Finding {
    let mut findings = Findings::default();
    findings.error(&Place::root(), "shape", shape::remark(problem));
    findings.0.remove(0)
}
