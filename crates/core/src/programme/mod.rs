//! The programme document: parse, check, compile. "Parse, don't validate": what leaves this module
//! as a [`Programme`] cannot be wrong.

pub mod condition;
pub mod diff;
pub mod document;

mod compile;
mod compile_rewards;
mod compile_rules;
mod compile_tiers;
mod expiry;
mod finding;
mod model;
mod operator;
mod places;
mod planned;
mod rulebook;
mod starter;
mod vocabulary;

#[cfg(test)]
mod tests;

pub use document::{
    DebtPolicy, Document, LooseReturns, OnReturn, PendingFrom, PluralForms, RewardKind, Stacking, StepDown, Texts,
};
pub use finding::{Finding, Severity};
pub use model::*;
pub use places::locate;
pub use planned::{Capability, PlannedSection};
pub use rulebook::{Dated, Rulebook};
pub use starter::{STARTERS, starter};

pub(crate) use finding::Place;

use finding::Findings;

/// The largest document that is read.
pub const LARGEST_DOCUMENT: usize = 1 << 20;

/// A document that can be published, with warnings that do not keep it from that.
#[derive(Clone, Debug)]
pub struct Checked {
    pub programme: Programme,
    pub warnings: Vec<Finding>,
}

/// Reads a programme document written in TOML. All mistakes are reported, with their places.
pub fn parse_toml(text: &str) -> Result<Programme, Vec<Finding>> {
    check_toml(text).map(|checked| checked.programme)
}

/// As [`parse_toml`], with the warnings.
pub fn check_toml(text: &str) -> Result<Checked, Vec<Finding>> {
    too_large(text)?;
    let document: Document = toml::from_str(text).map_err(|problem| {
        let mut finding = shape(problem.message());
        if let Some(span) = problem.span() {
            places::mark(text, span, &mut finding);
        }
        vec![finding]
    })?;
    let mut result = checked(&document);
    match &mut result {
        Ok(checked) => places::locate(text, &mut checked.warnings),
        Err(findings) => places::locate(text, findings),
    }
    result
}

/// Reads a programme document written in JSON.
pub fn check_json(text: &str) -> Result<Checked, Vec<Finding>> {
    too_large(text)?;
    let document: Document = serde_json::from_str(text).map_err(|problem| {
        let mut finding = shape(&problem.to_string());
        finding.line = Some(problem.line());
        finding.column = Some(problem.column());
        vec![finding]
    })?;
    checked(&document)
}

/// The JSON Schema of the document, generated from its types.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Document).to_value()
}

fn checked(document: &Document) -> Result<Checked, Vec<Finding>> {
    match compile::compile(document) {
        (Some(programme), findings) => Ok(Checked { programme, warnings: findings.0 }),
        (None, findings) => Err(findings.0),
    }
}

fn too_large(text: &str) -> Result<(), Vec<Finding>> {
    if text.len() <= LARGEST_DOCUMENT {
        return Ok(());
    }
    let mut findings = Findings::default();
    findings.error(
        &Place::root(),
        "too_large",
        "the document is larger than 1 MiB",
        "a programme is far smaller; is this the right file?",
    );
    Err(findings.0)
}

fn shape(problem: &str) -> Finding {
    let mut findings = Findings::default();
    let remedy = "compare with the document that `lojal init` writes, or with the JSON Schema";
    findings.error(&Place::root(), "shape", problem.trim(), remedy);
    findings.0.remove(0)
}
