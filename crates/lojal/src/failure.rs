use std::error::Error;
use std::fmt;

/// Why a command could not do its work: one sentence for whoever typed it.
#[derive(Debug)]
pub struct Failure(String);

impl Failure {
    pub fn new(sentence: impl Into<String>) -> Failure {
        Failure(sentence.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// An error with the causes that it does not name itself.
impl<E: Error> From<E> for Failure {
    fn from(error: E) -> Failure {
        let mut sentence = error.to_string();
        let mut cause = error.source();
        while let Some(inner) = cause {
            let text = inner.to_string();
            if !sentence.contains(&text) {
                sentence.push_str(": ");
                sentence.push_str(&text);
            }
            cause = inner.source();
        }
        Failure(sentence)
    }
}
