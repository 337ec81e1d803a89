use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use lojal_core::kernel::{Instant, Language};
use lojal_core::programme::diff::compare;
use lojal_core::programme::{Programme, Rulebook, check_toml, locate};
use lojal_core::terms::{self, Terms as PublicTerms};
use lojal_core::words::Words;
use lojal_server::pdf;
use lojal_server::platform::clock::Clock;

use super::programme::{located, mistakes};
use super::{Folder, print, print_bytes, read_text};
use crate::failure::Failure;
use crate::texts::Texts;

#[derive(Args)]
pub struct Terms {
    /// A programme's file, or the number of a published version; else the version in force
    programme: Option<PathBuf>,
    /// How they are written: md, html or pdf
    #[arg(long, value_enum, default_value = "md")]
    format: Format,
    /// Ends them with what has changed since: a programme's file, or the number of a published version
    #[arg(long, value_name = "VERSION")]
    since: Option<PathBuf>,
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
    Pdf,
}

impl Terms {
    pub async fn run(&self, texts: &Texts) -> Result<(), Failure> {
        let language = texts.language();
        let words = Words::new(language);
        let Read { programme, since, effective_from, findings } = self.read(texts, &words).await?;
        if !programme.languages.contains(&language) {
            let known: Vec<&str> = programme.languages.iter().map(|language| Language::tag(*language)).collect();
            let (tag, known) = (language.tag(), known.join(", "));
            return Err(Failure::new(format!("the programme has no texts in {tag}; say --lang with one of: {known}")));
        }
        findings.iter().for_each(|finding| eprintln!("{finding}"));
        let mut terms = PublicTerms::of(&programme, &words);
        if let Some(since) = &since {
            let at = effective_from.unwrap_or_else(|| Clock::system().now());
            terms = terms.since(&compare(since, &programme, at), &words, effective_from);
        }
        let written = match self.format {
            Format::Md => terms::markdown(&terms).into_bytes(),
            Format::Html => terms::html(&terms).into_bytes(),
            Format::Pdf => pdf(&terms).map_err(|cause| Failure::new(cause.to_string()))?,
        };
        let Some(output) = &self.output else {
            if matches!(self.format, Format::Pdf) && io::stdout().is_terminal() {
                return Err(Failure::new("a terminal cannot show a PDF; say --output FILE"));
            }
            return print_bytes(&written);
        };
        let file = output.display().to_string();
        std::fs::write(output, written).map_err(|cause| Failure::new(format!("{file} cannot be written: {cause}")))?;
        print(&format!("{}\n", texts.say("terms-written", &[("file", &file)])))
    }

    /// The programme, the one that it is compared with, and what keeps its terms from being complete.
    async fn read(&self, texts: &Texts, words: &Words) -> Result<Read, Failure> {
        let names = [self.programme.as_deref(), self.since.as_deref()];
        // The version in force is a published one, too.
        let of_the_folder = self.programme.is_none() || names.into_iter().flatten().any(|name| version(name).is_some());
        let rulebook = match of_the_folder {
            false => None,
            true => {
                let application = self.folder.open().await?;
                let rulebook = application.rulebook();
                application.close().await;
                Some(rulebook)
            }
        };
        let (programme, findings) = named(self.programme.as_deref(), rulebook.as_deref(), texts, words)?;
        let since = match self.since.as_deref() {
            Some(since) => Some(named(Some(since), rulebook.as_deref(), texts, words)?.0),
            None => None,
        };
        let is_published = programme.version > 0;
        if let Some(since) = since.as_ref().filter(|since| is_published && since.version >= programme.version) {
            let (since, version) = (since.version, programme.version);
            let sentence = format!("--since names version {since}, which is no earlier one than version {version}");
            return Err(Failure::new(sentence));
        }
        let known = rulebook.as_ref().filter(|_| is_published);
        let effective_from = known.and_then(|rulebook| rulebook.effective_from(programme.version));
        Ok(Read { programme, since, effective_from, findings })
    }
}

struct Read {
    programme: Programme,
    since: Option<Programme>,
    effective_from: Option<Instant>,
    findings: Vec<String>,
}

/// A file's programme, or a published version, with what keeps its terms from being complete.
fn named(
    name: Option<&Path>,
    rulebook: Option<&Rulebook>,
    texts: &Texts,
    words: &Words,
) -> Result<(Programme, Vec<String>), Failure> {
    let wanted = name.map(|name| (name, version(name)));
    let found = match (wanted, rulebook) {
        (Some((file, None)), _) => {
            let text = read_text(file)?;
            let programme = check_toml(&text).map_err(|findings| mistakes(file, &findings, texts))?.programme;
            let mut findings = terms::findings(&programme);
            locate(&text, &mut findings);
            return Ok((programme, findings.iter().map(|finding| located(file, finding, words)).collect()));
        }
        (Some((_, Some(wanted))), Some(rulebook)) => {
            rulebook.version(wanted).ok_or_else(|| Failure::new(format!("there is no version {wanted}")))
        }
        (_, rulebook) => {
            rulebook.and_then(Rulebook::live).ok_or_else(|| Failure::new("no programme has been published"))
        }
    };
    let programme = Programme::clone(found?);
    let findings = terms::findings(&programme).iter().map(|finding| words.finding(finding)).collect();
    Ok((programme, findings))
}

/// A number that is no file's name.
fn version(name: &Path) -> Option<u32> {
    name.to_str()?.parse().ok().filter(|_| !name.exists())
}
