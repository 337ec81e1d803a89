//! The same customers under several programmes: what each gives them, how soon, and what it costs.

mod data;
mod figures;
mod gaps;
mod rate;
mod sections;
mod summary;

#[cfg(test)]
mod tests;

use lojal_core::kernel::{Factor, Language};
use lojal_core::programme::document::{Document, Texts as Named};
use lojal_core::programme::{Capability, Programme, text};
use lojal_core::words::Words;
use lojal_server::platform::rulebook::DocumentFormat;
use lojal_simulation::replay::Outcome;

use crate::failure::Failure;
use crate::import::Mapping;
use crate::texts::Texts;
use figures::Figures;
use lojal_report::page;
use lojal_report::voice::Voice;
use lojal_simulation::adapting::Exchange;

pub use rate::{Rate, check as check_rates, exchange, money_of_orders};

/// As many as colours and patterns tell apart.
pub const MOST: usize = 6;

/// What a comparison came to.
pub struct Report<'a> {
    /// What was replayed, for people.
    pub source: &'a str,
    /// Whose clock and money the orders were read in.
    pub shop: &'a Programme,
    pub mapping: &'a Mapping,
    pub entries: Vec<Entry<'a>>,
}

/// One programme and what it came to.
pub struct Entry<'a> {
    pub file: String,
    pub programme: &'a Programme,
    pub outcome: &'a Outcome,
    /// What one of the orders' money is worth in the programme's.
    pub rate: Factor,
    pub exchange: Exchange,
    /// What the document promises and nothing runs yet.
    pub planned: Vec<(Capability, Named)>,
}

/// What a document promises in its planned sections.
pub fn planned(document: &str) -> Result<Vec<(Capability, Named)>, Failure> {
    let parsed: Document = match DocumentFormat::of(document) {
        DocumentFormat::Toml => toml::from_str(document)?,
        DocumentFormat::Json => serde_json::from_str(document)?,
    };
    Ok(parsed.planned.into_iter().map(|(capability, section)| (capability, section.summary)).collect())
}

impl Report<'_> {
    /// One page that needs nothing else, in the language of the texts.
    pub fn html(&self, texts: &Texts) -> Result<String, Failure> {
        let words = Words::new(texts.language());
        Ok(page::render(&sections::page(self, &self.figures(), &Voice::new(texts, &words, self.shop)))?)
    }

    /// Everything that the page tells: money in the smallest parts of the orders' money, shares in millionths.
    pub fn json(&self) -> Result<String, Failure> {
        data::json(self, &self.figures())
    }

    /// The names of files and what they hold, for a spreadsheet.
    pub fn csv(&self, texts: &Texts) -> Result<Vec<(&'static str, String)>, Failure> {
        data::csv(self, &self.figures(), &self.names(texts.language()))
    }

    /// The table for a terminal.
    pub fn summary(&self, texts: &Texts) -> String {
        let words = Words::new(texts.language());
        summary::summary(self, &self.figures(), &Voice::new(texts, &words, self.shop))
    }

    fn figures(&self) -> Vec<Figures> {
        self.entries.iter().map(|entry| Figures::of(entry, self)).collect()
    }

    /// What the programmes are called. Those of the same name are told apart by their files.
    fn names(&self, language: Language) -> Vec<String> {
        let name = |entry: &Entry<'_>| text(&entry.programme.name, language).to_owned();
        let names: Vec<String> = self.entries.iter().map(name).collect();
        let is_alone = |wanted: &String| names.iter().filter(|known| *known == wanted).count() == 1;
        let file = |entry: &Entry<'_>| entry.file.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        let distinct = self.entries.iter().zip(&names).map(|(entry, name)| match is_alone(name) {
            true => name.clone(),
            false => format!("{name} ({})", file(entry)),
        });
        distinct.collect()
    }
}
