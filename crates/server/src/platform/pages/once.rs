//! What a page shows this once.

use std::fmt;

use minijinja::value::{Serde, Value};
use serde::Serialize;

/// A password, a key or a secret that has just been made: whoever leaves the page cannot ask for it again. Pages set it
/// by `shown_once.html`.
#[derive(Serialize)]
pub struct ShownOnce {
    /// The keys of what stands above it and below.
    text: &'static str,
    hint: &'static str,
    /// Whose it is.
    name: String,
    lines: Vec<String>,
}

impl fmt::Debug for ShownOnce {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ShownOnce({})", self.text)
    }
}

impl ShownOnce {
    pub fn new(text: &'static str, hint: &'static str, secret: impl Into<String>) -> ShownOnce {
        ShownOnce { text, hint, name: String::new(), lines: vec![secret.into()] }
    }

    /// The same, for somebody.
    pub fn of(self, name: impl Into<String>) -> ShownOnce {
        ShownOnce { name: name.into(), ..self }
    }

    /// Lines that stand together.
    pub fn lines(text: &'static str, hint: &'static str, lines: impl Into<Vec<String>>) -> ShownOnce {
        ShownOnce { text, hint, name: String::new(), lines: lines.into() }
    }

    /// What templates call `shown_once`.
    pub fn value(shown: Option<&ShownOnce>) -> Value {
        Value::from(Serde(&shown))
    }
}
