use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use lojal_core::kernel::{Calendar, Instant};
use lojal_server::platform::application::Application;
use lojal_server::platform::rulebook::version_list;

use super::{Folder, print, programme, read_text};
use crate::failure::Failure;
use crate::import::{self, Mapping, Report, Terms};
use crate::progress;
use crate::texts::Texts;

#[derive(Subcommand)]
pub enum Import {
    /// Read a shop's order export. Importing twice changes nothing
    Orders(Orders),
}

#[derive(Args)]
pub struct Orders {
    /// The export, as CSV; it may be compressed with gzip
    file: PathBuf,
    /// How the file's columns become orders (TOML)
    #[arg(long, value_name = "FILE")]
    map: PathBuf,
    /// The programme to publish first, unless the folder knows it
    #[arg(long, value_name = "FILE")]
    programme: Option<PathBuf>,
    /// Publish the programme in spite of warnings
    #[arg(long, requires = "programme")]
    accept: bool,
    #[command(flatten)]
    folder: Folder,
    /// Let time pass until then: expiry, release, tiers. A day is its first moment in the programme's
    /// zone. Else until the last order of the file
    #[arg(long, value_name = "TIME")]
    as_of: Option<String>,
    /// Write the report to this file as well, as JSON
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

impl Import {
    pub async fn run(&self, texts: &Texts) -> Result<(), Failure> {
        match self {
            Import::Orders(orders) => orders.run(texts).await,
        }
    }
}

impl Orders {
    async fn run(&self, texts: &Texts) -> Result<(), Failure> {
        let mapping_text = read_text(&self.map)?;
        let mapping =
            Mapping::parse(&mapping_text).map_err(|error| Failure::new(format!("{}: {error}", self.map.display())))?;
        let application = self.folder.open_or_make().await?;
        if let Some(file) = &self.programme {
            publish_if_new(&application, file, self.accept, texts).await?;
        }
        let live = application.rulebook().live().cloned();
        let live = live.ok_or_else(|| Failure::new("the folder has no programme yet: name one with --programme"))?;
        let terms = Terms::of(&live, application.clock.now());
        let as_of = self.as_of.as_deref().map(|text| moment(text, &terms.calendar, terms.latest)).transpose()?;

        let bar = progress::bar("{wide_bar} {percent} %  {bytes}/{total_bytes}  {eta}", 0);
        let import = import::Import { file: &self.file, mapping: &mapping, mapping_text: &mapping_text, terms: &terms };
        let report = import.run(&application, &bar).await.map_err(|error| self.failure(&error))?;
        if let Some(until) = as_of.or(report.last()) {
            application.run_until_idle(until).await?;
        }
        application.close().await;
        self.tell(&report, texts)
    }

    fn tell(&self, report: &Report, texts: &Texts) -> Result<(), Failure> {
        if let Some(file) = &self.report {
            let json = format!("{:#}\n", report.to_json());
            std::fs::write(file, json)
                .map_err(|cause| Failure::new(format!("{} cannot be written: {cause}", file.display())))?;
        }
        print(&report.render(texts))
    }

    fn failure(&self, error: &import::RunError) -> Failure {
        Failure::new(format!("{}: {error}", self.file.display()))
    }
}

async fn publish_if_new(application: &Application, file: &Path, accept: bool, texts: &Texts) -> Result<(), Failure> {
    let text = read_text(file)?;
    let known = version_list(&mut *application.database.read().await?).await?;
    if known.iter().all(|version| version.document != text) {
        programme::publish(application, file, &text, accept, texts).await?;
    }
    Ok(())
}

fn moment(text: &str, calendar: &Calendar, now: Instant) -> Result<Instant, Failure> {
    let moment = calendar.parse(text).map_err(|error| Failure::new(format!("--as-of \"{text}\" {error}")))?;
    if moment > now {
        return Err(Failure::new(format!("--as-of \"{text}\" lies in the future: time cannot pass ahead")));
    }
    Ok(moment)
}
