//! What is kept of a simulation: its page in each language, and the files beside it.

use std::collections::BTreeMap;

use lojal_core::kernel::Language;
use lojal_core::words::Words;
use lojal_report::simulation::Report;
use lojal_report::{ReportError, Texts};
use serde::{Deserialize, Serialize};
use serde_json::Value;

const LEVEL: i32 = 3;

/// What is read again when somebody looks at it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Kept {
    /// What stands on the page, by language.
    pages: BTreeMap<String, Value>,
    /// By name.
    files: BTreeMap<String, String>,
}

#[derive(Debug, thiserror::Error)]
pub enum KeptError {
    #[error(transparent)]
    Report(#[from] ReportError),
    #[error("the result of a simulation is damaged: {0}")]
    Json(#[from] serde_json::Error),
    #[error("the result of a simulation cannot be packed: {0}")]
    Packing(#[from] std::io::Error),
}

impl Kept {
    /// Everything that a report has to tell. `source` is what was replayed, in each language.
    pub fn of(report: &Report<'_>, source: &BTreeMap<Language, String>) -> Result<Kept, KeptError> {
        let source = |language| source.get(&language).map_or("", String::as_str);
        let mut pages = BTreeMap::new();
        for language in Language::ALL {
            let report = Report { source: source(language), ..report.clone() };
            let page = report.page(&Texts::new(language), &Words::new(language));
            pages.insert(language.tag().to_owned(), serde_json::to_value(page)?);
        }
        let report = Report { source: source(Language::En), ..report.clone() };
        let tables = report.csv()?.into_iter().map(|(name, table)| (name.to_owned(), table));
        let files = tables.chain([("simulation.json".to_owned(), report.json()?)]).collect();
        Ok(Kept { pages, files })
    }

    pub fn packed(&self) -> Result<Vec<u8>, KeptError> {
        Ok(zstd::stream::encode_all(serde_json::to_vec(self)?.as_slice(), LEVEL)?)
    }

    pub fn unpacked(packed: &[u8]) -> Result<Kept, KeptError> {
        Ok(serde_json::from_slice(&zstd::stream::decode_all(packed)?)?)
    }

    pub fn page(&self, language: Language) -> Option<&Value> {
        self.pages.get(language.tag())
    }

    pub fn file(&self, name: &str) -> Option<&str> {
        self.files.get(name).map(String::as_str)
    }

    /// The names of all files.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }
}
