//! Programme versions and findings as JSON.

use lojal_core::programme::{Finding, Severity};
use lojal_core::words::Words;
use serde::Serialize;
use utoipa::ToSchema;

use crate::platform::http::fields::Time;
use crate::platform::rulebook::{DocumentFormat, PublishedVersion};

/// A published version.
#[derive(Serialize, ToSchema)]
#[schema(as = ProgrammeVersion)]
pub struct VersionJson {
    #[schema(minimum = 1)]
    version: u32,
    published_at: Time,
    /// BLAKE3 of the document's text, in hexadecimal digits.
    fingerprint: String,
    /// `toml` or `json`.
    #[schema(example = "toml")]
    format: String,
    /// From when it holds; absent: from when it was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    effective_from: Option<Time>,
    /// Whether it was published to hold at once though it is worse for members.
    accepted_worse: bool,
    /// Whether it is the one in force.
    live: bool,
}

/// A published version with its text.
#[derive(Serialize, ToSchema)]
#[schema(as = ProgrammeDocument)]
pub struct DocumentJson {
    #[serde(flatten)]
    version: VersionJson,
    /// Byte for byte as it was published.
    document: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Severity)]
#[serde(rename_all = "snake_case")]
pub enum SeverityJson {
    /// Worth knowing, and nothing to decide.
    Notice,
    /// May be published when somebody accepts it.
    Warning,
    /// May not.
    Error,
}

/// Something to say about a document: where, what, and how to mend it.
#[derive(Serialize, ToSchema)]
#[schema(as = Finding)]
pub struct FindingJson {
    /// Stable, snake_case.
    code: String,
    severity: SeverityJson,
    /// JSON pointer into the document.
    #[schema(example = "/earning/purchases/per")]
    pointer: String,
    /// From 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
    /// The offending text.
    found: String,
    problem: String,
    remedy: String,
    /// Why the document says that a warning is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    accepted: Option<String>,
}

/// What is to be said about a document.
#[derive(Serialize, ToSchema)]
pub struct CheckAnswer {
    /// Whether it could be published.
    pub valid: bool,
    /// Whether it could be published without accepting any warning.
    pub sound: bool,
    pub findings: Vec<FindingJson>,
}

/// What publishing came to.
#[derive(Serialize, ToSchema)]
pub struct PublishAnswer {
    /// The version that was published.
    #[schema(minimum = 1)]
    pub version: u32,
    /// Whether it was there already, so that nothing was written.
    pub unchanged: bool,
    /// From when it holds; absent: at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effective_from: Option<Time>,
    /// Warnings and notices.
    pub findings: Vec<FindingJson>,
}

impl VersionJson {
    pub fn new(published: &PublishedVersion, live: u32) -> VersionJson {
        VersionJson {
            version: published.version,
            published_at: Time(published.published_at),
            fingerprint: blake3::hash(published.document.as_bytes()).to_hex().to_string(),
            format: DocumentFormat::of(&published.document).name().to_owned(),
            effective_from: published.effective_from.map(Time),
            accepted_worse: published.accepted_worse,
            live: published.version == live,
        }
    }
}

impl DocumentJson {
    pub fn new(published: PublishedVersion, live: u32) -> DocumentJson {
        DocumentJson { version: VersionJson::new(&published, live), document: published.document }
    }
}

impl FindingJson {
    pub fn new(finding: Finding, words: &Words) -> FindingJson {
        FindingJson {
            problem: words.problem(&finding),
            remedy: words.remedy(&finding),
            code: finding.code,
            severity: match finding.severity {
                Severity::Notice => SeverityJson::Notice,
                Severity::Warning => SeverityJson::Warning,
                Severity::Error => SeverityJson::Error,
            },
            pointer: finding.pointer,
            line: finding.line,
            column: finding.column,
            found: finding.found,
            accepted: finding.accepted,
        }
    }

    pub fn all(findings: Vec<Finding>, words: &Words) -> Vec<FindingJson> {
        findings.into_iter().map(|finding| FindingJson::new(finding, words)).collect()
    }
}
