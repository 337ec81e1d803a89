//! An order export that programmes go through.

use std::io::Read;
use std::path::{Path, PathBuf};

use indicatif::ProgressBar;
use lojal_core::kernel::Instant;
use lojal_core::programme::Programme;
use lojal_server::platform::clock::Clock;
use lojal_simulation::replay::{Manner, Outcome, Side, run};

use super::source::OrderExport;
use crate::failure::Failure;
use crate::import::{self, History, Mapping, Report, Step, Terms};
use crate::progress;
use crate::texts::Texts;

/// A file, and how its columns become orders.
pub struct Export {
    pub file: PathBuf,
    pub mapping: Box<Mapping>,
}

impl Export {
    pub fn new(file: &Path, map: &Path) -> Result<Export, Failure> {
        let unreadable = |cause| Failure::new(format!("{} cannot be read: {cause}", map.display()));
        let mapping = Mapping::parse(&std::fs::read_to_string(map).map_err(unreadable)?)
            .map_err(|error| Failure::new(format!("{}: {error}", map.display())))?;
        Ok(Export { file: file.to_owned(), mapping: Box::new(mapping) })
    }

    /// Replays it once through all programmes, and says what was left out of it. The file is read in the money and
    /// on the clock of the shop whose programme this is.
    pub fn go_through(
        &self,
        shop: &Programme,
        sides: &[Side],
        manner: &Manner,
        until: Option<Instant>,
        texts: &Texts,
    ) -> Result<Vec<Outcome>, Failure> {
        let (content, bar) = self.content()?;
        let terms = Terms::of(shop, Clock::system().now());
        let mut source = OrderExport::open(content, &self.mapping, &terms, shop)?;
        let outcomes: Result<_, Failure> = run(|| source.next_steps(), sides, manner, until);
        bar.finish_and_clear();
        let outcomes = outcomes?;
        if let Some(left_out) = source.into_report().render_left_out(texts) {
            eprint!("{left_out}");
        }
        Ok(outcomes)
    }

    /// Reads it step by step, and answers what was read and left out.
    pub fn read(&self, shop: &Programme, texts: &Texts, mut each: impl FnMut(Step)) -> Result<Report, Failure> {
        let (content, bar) = self.content()?;
        let mut history = History::open(content, &self.mapping, &Terms::of(shop, Clock::system().now()))?;
        while let Some(step) = history.next_step()? {
            each(step);
        }
        bar.finish_and_clear();
        let report = history.into_report();
        if let Some(left_out) = report.render_left_out(texts) {
            eprint!("{left_out}");
        }
        Ok(report)
    }

    /// What is in the file, under a bar that moves as it is read.
    fn content(&self) -> Result<(Box<dyn Read>, ProgressBar), Failure> {
        let bar = progress::bar("{wide_bar} {percent} %  {bytes}/{total_bytes}  {eta}", 0);
        let unreadable =
            |cause: std::io::Error| Failure::new(format!("{} cannot be read: {cause}", self.file.display()));
        bar.set_length(self.file.metadata().map_err(unreadable)?.len());
        let content = import::open(&self.file, &bar).map_err(unreadable)?;
        Ok((content, bar))
    }
}
