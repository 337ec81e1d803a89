//! What reports are made of: a page that needs nothing else, drawn charts, numbers as people write them, and
//! columns for a terminal. What a report says is its own business.

pub mod charts;
pub mod page;
pub mod simulation;
pub mod terminal;
pub mod voice;

mod texts;

pub use texts::Texts;

/// Why a report could not be made. None of it lies with what is told.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    #[error("the page cannot be made")]
    Page(#[from] minijinja::Error),
    #[error("the figures cannot be written as JSON")]
    Json(#[from] serde_json::Error),
    #[error("the figures cannot be written as CSV")]
    Csv(#[from] csv::Error),
    #[error("the figures cannot be written")]
    Write(#[from] std::io::Error),
    #[error("the figures are no text")]
    Text(#[from] std::string::FromUtf8Error),
}

/// A count as the signed number that figures are.
pub fn count(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A spreadsheet would carry out a text that begins like a formula; a name of the shop's own may.
pub fn for_spreadsheet(name: &str) -> String {
    if name.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{name}") } else { name.to_owned() }
}

pub fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
