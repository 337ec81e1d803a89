//! What is to be said about a document, and where in it.

use super::remark::Remark;

/// Something to say about a document: where, what, and how to mend it. [`Words`](crate::words::Words) put it into a language.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// What is the matter, and how to mend it.
    pub remark: Remark,
    /// Why the author accepts it: then it is a notice.
    pub accepted: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing, and nothing to decide.
    Notice,
    Warning,
    Error,
}

impl Severity {
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Notice => "notice",
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
    pub fn error(&mut self, place: &Place, code: &str, remark: impl Into<Remark>) {
        self.push(Severity::Error, place, code, remark);
    }

    pub fn push(&mut self, severity: Severity, place: &Place, code: &str, remark: impl Into<Remark>) {
        self.0.push(Finding {
            code: code.to_owned(),
            severity,
            pointer: place.pointer().to_owned(),
            line: None,
            column: None,
            found: String::new(),
            remark: remark.into(),
            accepted: None,
        });
    }

    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|finding| finding.severity == Severity::Error)
    }
}
