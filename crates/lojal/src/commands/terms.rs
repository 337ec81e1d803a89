use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use lojal_core::kernel::Language;
use lojal_core::programme::{Finding, Programme, check_toml, locate};
use lojal_core::terms::{self, Terms as PublicTerms};
use lojal_core::words::Words;

use super::programme::{located, mistakes};
use super::{Folder, print, read_text};
use crate::failure::Failure;
use crate::texts::Texts;

#[derive(Args)]
pub struct Terms {
    /// A programme's file, or the number of a published version; else the version in force
    programme: Option<PathBuf>,
    /// How they are written: md or html
    #[arg(long, value_enum, default_value = "md")]
    format: Format,
    /// Where they are written to; else they are printed
    #[arg(long)]
    output: Option<PathBuf>,
    #[command(flatten)]
    folder: Folder,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Md,
    Html,
}

impl Terms {
    pub async fn run(&self, texts: &Texts) -> Result<(), Failure> {
        let (programme, findings) = self.read().await?;
        let language = texts.language();
        if !programme.languages.contains(&language) {
            let known: Vec<&str> = programme.languages.iter().map(|language| Language::tag(*language)).collect();
            let (tag, known) = (language.tag(), known.join(", "));
            return Err(Failure::new(format!("the programme has no texts in {tag}; say --lang with one of: {known}")));
        }
        findings.iter().for_each(|finding| eprintln!("{finding}"));
        let terms = PublicTerms::of(&programme, &Words::new(language));
        let written = match self.format {
            Format::Md => terms::markdown(&terms),
            Format::Html => terms::html(&terms),
        };
        let Some(output) = &self.output else {
            return print(&written);
        };
        let file = output.display().to_string();
        std::fs::write(output, written).map_err(|cause| Failure::new(format!("{file} cannot be written: {cause}")))?;
        print(&format!("{}\n", texts.say("terms-written", &[("file", &file)])))
    }

    /// The programme, and what keeps its terms from being complete.
    async fn read(&self) -> Result<(Programme, Vec<String>), Failure> {
        let version = self.programme.as_deref().map(version);
        if let (Some(file), Some(None)) = (&self.programme, version) {
            let text = read_text(file)?;
            let programme = check_toml(&text).map_err(|findings| mistakes(file, &findings))?.programme;
            let mut findings = terms::findings(&programme);
            locate(&text, &mut findings);
            return Ok((programme, findings.iter().map(|finding| located(file, finding)).collect()));
        }
        let application = self.folder.open().await?;
        let rulebook = application.rulebook();
        let found = match version.flatten() {
            Some(wanted) => {
                rulebook.version(wanted).cloned().ok_or_else(|| Failure::new(format!("there is no version {wanted}")))
            }
            None => rulebook.live().cloned().ok_or_else(|| Failure::new("no programme has been published")),
        };
        application.close().await;
        let programme = Programme::clone(&*found?);
        let findings = terms::findings(&programme).iter().map(Finding::to_string).collect();
        Ok((programme, findings))
    }
}

/// A number that is no file's name.
fn version(name: &Path) -> Option<u32> {
    name.to_str()?.parse().ok().filter(|_| !name.exists())
}
