//! What is to be said about a document, and where in it.

use serde::{Deserialize, Serialize};

/// Something to say about a document: where, what, and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Stable, snake_case.
    pub code: String,
    /// Errors keep a document from being published; warnings do until somebody accepts them.
    pub severity: Severity,
    /// JSON pointer into the document.
    pub pointer: String,
    /// From 1; known when the document was TOML text.
    pub line: Option<usize>,
    pub column: Option<usize>,
    /// The offending text, as it stands in the document.
    pub found: String,
    pub problem: String,
    pub remedy: String,
    /// Why the author accepts it: then it is a notice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing, and nothing to decide.
    Notice,
    Warning,
    Error,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Notice => "notice",
        };
        write!(formatter, "{severity}")?;
        if let (Some(line), Some(column)) = (self.line, self.column) {
            write!(formatter, " at line {line}, column {column}")?;
        }
        if !self.pointer.is_empty() {
            write!(formatter, " ({})", self.pointer)?;
        }
        write!(formatter, ": {}", self.problem)?;
        if !self.found.is_empty() {
            write!(formatter, "\n  found: {}", self.found)?;
        }
        match &self.accepted {
            Some(reason) => write!(formatter, "\n  accepted: {reason}"),
            None => write!(formatter, "\n  remedy: {}", self.remedy),
        }
    }
}

/// A place in the document while it is being walked: a JSON pointer that grows and shrinks by value.
#[derive(Clone, Debug, Default)]
pub struct Place(String);

impl Place {
    pub fn root() -> Place {
        Place::default()
    }

    pub fn key(&self, key: &str) -> Place {
        Place(format!("{}/{}", self.0, key.replace('~', "~0").replace('/', "~1")))
    }

    pub fn index(&self, index: usize) -> Place {
        Place(format!("{}/{index}", self.0))
    }

    pub fn pointer(&self) -> &str {
        &self.0
    }
}

/// Collects findings, so that an author learns of all mistakes at once.
#[derive(Debug, Default)]
pub struct Findings(pub Vec<Finding>);

impl Findings {
    pub fn error(&mut self, place: &Place, code: &str, problem: impl Into<String>, remedy: impl Into<String>) {
        self.push(Severity::Error, place, code, problem.into(), remedy.into());
    }

    pub fn push(&mut self, severity: Severity, place: &Place, code: &str, problem: String, remedy: String) {
        self.0.push(Finding {
            code: code.to_owned(),
            severity,
            pointer: place.pointer().to_owned(),
            line: None,
            column: None,
            found: String::new(),
            problem,
            remedy,
            accepted: None,
        });
    }

    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|finding| finding.severity == Severity::Error)
    }
}
