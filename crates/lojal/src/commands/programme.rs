use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use lojal_core::programme::{Finding, Usual, check_toml_with, parse_json, parse_toml, schema};
use lojal_core::words::Words;
use lojal_server::platform::application::Application;
use lojal_server::platform::clock::Clock;
use lojal_server::platform::rulebook::{DocumentFormat, PublishError, PublishOptions, version_find, version_list};

use super::diff::{Diff, report};
use super::terms::Terms;
use super::{Folder, print, read_text};
use crate::failure::Failure;
use crate::import::{self, Mapping};
use crate::texts::Texts;

#[derive(Subcommand)]
pub enum Programme {
    /// Say whether a programme can be published, or where it is wrong and how to mend it
    Check(Check),
    /// Say in words what changes between two versions, and what is worse for members
    Diff(Diff),
    /// Make a programme the version in force
    Publish(Publish),
    /// List all published versions
    List(List),
    /// Print the document of a version, as it was published
    Show(Show),
    /// Write the public terms of a programme: how it works, and the rules in full
    Terms(Terms),
    /// Print the JSON Schema of programmes, for editors that complete and check while one writes
    Schema,
}

#[derive(Args)]
pub struct Check {
    file: PathBuf,
    /// Fail where there are warnings
    #[arg(long)]
    strict: bool,
    /// A shop's order export, as CSV, to say what an ordinary member could reach; it may be compressed
    /// with gzip
    #[arg(long, value_name = "FILE", requires = "map", conflicts_with = "history")]
    orders: Option<PathBuf>,
    /// How the columns of the export become orders (TOML)
    #[arg(long, value_name = "FILE", requires = "orders")]
    map: Option<PathBuf>,
    /// Say what an ordinary member could reach by what the data folder records
    #[arg(long)]
    history: bool,
    #[command(flatten)]
    folder: Folder,
}

#[derive(Args)]
pub struct Publish {
    file: PathBuf,
    /// From when it is to hold: a date, or a date with a time, on the programme's wall clock. Else at once
    #[arg(long, value_name = "DATE")]
    effective: Option<String>,
    /// State that it may hold at once though it is worse for members; the version keeps the statement
    #[arg(long)]
    accept_worse: bool,
    /// Publish in spite of warnings
    #[arg(long)]
    accept: bool,
    #[command(flatten)]
    folder: Folder,
}

#[derive(Args)]
pub struct List {
    #[command(flatten)]
    folder: Folder,
}

#[derive(Args)]
pub struct Show {
    /// The number of the version; else the one in force
    version: Option<u32>,
    #[command(flatten)]
    folder: Folder,
}

impl Programme {
    pub async fn run(&self, texts: &Texts) -> Result<(), Failure> {
        match self {
            Programme::Check(check) => check.run(texts).await,
            Programme::Diff(diff) => diff.run(texts).await,
            Programme::Publish(publish) => publish.run(texts).await,
            Programme::List(list) => list.run().await,
            Programme::Show(show) => show.run().await,
            Programme::Terms(terms) => terms.run(texts).await,
            Programme::Schema => print(&format!("{:#}\n", schema())),
        }
    }
}

impl Check {
    async fn run(&self, texts: &Texts) -> Result<(), Failure> {
        let text = read_text(&self.file)?;
        let usual = if self.history { Some(self.recorded().await?) } else { self.exported(&text, texts)? };
        let checked =
            check_toml_with(&text, usual.as_ref()).map_err(|findings| mistakes(&self.file, &findings, texts))?;
        if self.strict && !checked.unaccepted().is_empty() {
            return Err(warned(&self.file, &checked.unaccepted(), texts));
        }
        let words = Words::new(texts.language());
        for finding in &checked.warnings {
            eprintln!("{}", located(&self.file, finding, &words));
        }
        let name = self.file.display().to_string();
        print(&format!("{}\n", texts.say("programme-sound", &[("file", &name)])))
    }
}

impl Check {
    /// How the members in the data folder buy.
    async fn recorded(&self) -> Result<Usual, Failure> {
        let application = self.folder.open().await?;
        let usual = application.usual().await?;
        application.close().await;
        usual.ok_or_else(|| Failure::new("too few members have bought so far to say what an ordinary one does"))
    }

    /// How the customers of the export buy.
    fn exported(&self, text: &str, texts: &Texts) -> Result<Option<Usual>, Failure> {
        let (Some(orders), Some(map)) = (&self.orders, &self.map) else {
            return Ok(None);
        };
        let programme = parse_toml(text).map_err(|findings| mistakes(&self.file, &findings, texts))?;
        let mapping =
            Mapping::parse(&read_text(map)?).map_err(|error| Failure::new(format!("{}: {error}", map.display())))?;
        let terms = import::Terms::of(&programme, Clock::system().now());
        let usual = import::usual(orders, &mapping, &terms)
            .map_err(|error| Failure::new(format!("{}: {error}", orders.display())))?;
        usual.map(Some).ok_or_else(|| Failure::new(format!("{}: no orders of a member in it", orders.display())))
    }
}

impl Publish {
    async fn run(&self, texts: &Texts) -> Result<(), Failure> {
        let text = read_text(&self.file)?;
        let application = self.folder.open_or_make().await?;
        let options = PublishOptions {
            effective_from: self.effective.clone(),
            accept_worse: self.accept_worse,
            accept_warnings: self.accept,
            ..PublishOptions::default()
        };
        let published = application.publish_with(&text, &options).await;
        application.close().await;
        let publication = published.map_err(|error| match error {
            PublishError::WorseForMembers(diff) => {
                Failure::new(format!("{}\n\n{}", texts.say("programme-worse", &[]), report(&diff, texts).trim_end()))
            }
            other => unpublished(&self.file, other, texts),
        })?;
        let version = publication.version.to_string();
        let effective = publication.effective_from.map(|from| from.to_string()).unwrap_or_default();
        let key = match (publication.unchanged, publication.effective_from) {
            (true, _) => "programme-unchanged",
            (false, Some(_)) => "programme-waits",
            (false, None) => "programme-published",
        };
        print(&format!("{}\n", texts.say(key, &[("version", &version), ("effective", &effective)])))
    }
}

impl List {
    async fn run(&self) -> Result<(), Failure> {
        let application = self.folder.open().await?;
        let versions = version_list(&mut *application.database.read().await?).await?;
        let mut table = String::from("version,published_at,effective_from,bytes\n");
        for version in versions {
            let effective = version.effective_from.unwrap_or(version.published_at);
            let bytes = version.document.len();
            table.push_str(&format!("{},{},{effective},{bytes}\n", version.version, version.published_at));
        }
        application.close().await;
        print(&table)
    }
}

impl Show {
    async fn run(&self) -> Result<(), Failure> {
        let application = self.folder.open().await?;
        let live = application.rulebook().live().map(|programme| programme.version);
        let wanted = self.version.or(live).ok_or_else(|| Failure::new("no programme has been published"))?;
        let version = version_find(&mut *application.database.read().await?, wanted).await?;
        application.close().await;
        let version = version.ok_or_else(|| Failure::new(format!("there is no version {wanted}")))?;
        print(&version.document)
    }
}

/// Publishes a document, with its warnings when they are accepted; answers the version, and whether it
/// was in force already.
pub async fn publish(
    application: &Application,
    file: &Path,
    text: &str,
    accept: bool,
    texts: &Texts,
) -> Result<(u32, bool), Failure> {
    let options = PublishOptions { accept_warnings: accept, ..PublishOptions::default() };
    let publication =
        application.publish_with(text, &options).await.map_err(|error| unpublished(file, error, texts))?;
    Ok((publication.version, publication.unchanged))
}

fn unpublished(file: &Path, error: PublishError, texts: &Texts) -> Failure {
    match error {
        PublishError::Mistakes(findings) => mistakes(file, &findings, texts),
        PublishError::Warnings(findings) => warned(file, &findings, texts),
        other => other.into(),
    }
}

/// The programme that a file holds, in TOML or in JSON.
pub(super) fn compiled(
    file: &Path,
    document: &str,
    texts: &Texts,
) -> Result<lojal_core::programme::Programme, Failure> {
    let checked = match DocumentFormat::of(document) {
        DocumentFormat::Toml => parse_toml(document),
        DocumentFormat::Json => parse_json(document),
    };
    checked.map_err(|findings| mistakes(file, &findings, texts))
}

/// All that keeps a document from being published, each with its place.
pub(super) fn mistakes(file: &Path, findings: &[Finding], texts: &Texts) -> Failure {
    listed("programme-mistakes", file, findings, texts)
}

fn warned(file: &Path, findings: &[Finding], texts: &Texts) -> Failure {
    listed("programme-warned", file, findings, texts)
}

fn listed(key: &'static str, file: &Path, findings: &[Finding], texts: &Texts) -> Failure {
    let words = Words::new(texts.language());
    let mut lines = vec![texts.say(key, &[("file", &file.display().to_string())])];
    lines.extend(findings.iter().map(|finding| located(file, finding, &words)));
    Failure::new(lines.join("\n"))
}

/// As compilers do it, so that editors find the place.
pub fn located(file: &Path, finding: &Finding, words: &Words) -> String {
    let told = words.finding(finding);
    match (finding.line, finding.column) {
        (Some(line), Some(column)) => format!("{}:{line}:{column}: {told}", file.display()),
        _ => format!("{}: {told}", file.display()),
    }
}
