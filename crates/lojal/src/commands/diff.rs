use std::path::Path;

use clap::Args;
use lojal_core::programme::Programme;
use lojal_core::programme::diff::{Diff as Changes, ForMembers, compare};
use lojal_core::words::Words;
use lojal_server::DiffAnswer;
use lojal_server::platform::clock::Clock;
use lojal_server::platform::rulebook::{check, version_find};

use super::programme::mistakes;
use super::{Folder, print, read_text};
use crate::failure::Failure;
use crate::texts::Texts;

#[derive(Args)]
pub struct Diff {
    /// The old version: a file, or the number of a published one. With one alone, the new version:
    /// it is compared with the one in force
    #[arg(value_name = "A")]
    first: String,
    /// The new version: a file, or the number of a published one
    #[arg(value_name = "B")]
    second: Option<String>,
    /// Print JSON, for programs
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    folder: Folder,
}

impl Diff {
    pub async fn run(&self, texts: &Texts) -> Result<(), Failure> {
        let (old, new) = match &self.second {
            Some(second) => (self.read(Some(&self.first), texts).await?, self.read(Some(second), texts).await?),
            None => (self.read(None, texts).await?, self.read(Some(&self.first), texts).await?),
        };
        let diff = compare(&old, &new, Clock::system().now());
        if self.json {
            let against = Some(old.version).filter(|version| *version > 0);
            let answer = serde_json::to_string_pretty(&DiffAnswer::new(&diff, against, texts.language()))?;
            return print(&format!("{answer}\n"));
        }
        print(&report(&diff, texts))
    }

    /// The version of a number, the one in force, or a file.
    async fn read(&self, named: Option<&str>, texts: &Texts) -> Result<Programme, Failure> {
        let number = match named {
            None => None,
            Some(name) if name.bytes().all(|byte| byte.is_ascii_digit()) => Some(name),
            Some(file) => {
                let file = Path::new(file);
                let checked = check(&read_text(file)?, None).map_err(|findings| mistakes(file, &findings, texts))?;
                return Ok(checked.programme);
            }
        };
        let application = self.folder.open().await?;
        let live = application.rulebook().live().map(|programme| programme.version);
        let wanted = match number {
            None => live.ok_or_else(|| Failure::new("no programme has been published to compare with"))?,
            Some(number) => number.parse().map_err(|_| Failure::new(format!("there is no version {number}")))?,
        };
        let version = version_find(&mut *application.database.read().await?, wanted).await?;
        application.close().await;
        let version = version.ok_or_else(|| Failure::new(format!("there is no version {wanted}")))?;
        version.compile().map_err(|_| Failure::new(format!("version {wanted} cannot be read")))
    }
}

/// The summary, and a line for each change: what it means to members, whether they must be told, the
/// sentence.
pub fn report(diff: &Changes, texts: &Texts) -> String {
    let words = Words::new(texts.language());
    let speaker = words.between(diff);
    let mut lines = vec![speaker.summary()];
    let labels = diff.changes.iter().map(|change| label(change.effect, texts));
    let labels: Vec<String> = labels.collect();
    let width = labels.iter().map(|label| label.chars().count()).max().unwrap_or_default();
    if !labels.is_empty() {
        lines.push(String::new());
    }
    for (change, label) in diff.changes.iter().zip(&labels) {
        let mark = if change.notice { '!' } else { ' ' };
        lines.push(format!("{mark} {label:width$}  {}", speaker.change(change)));
    }
    if diff.needs_notice().next().is_some() {
        lines.push(String::new());
        lines.push(texts.say("diff-notice", &[]));
    }
    lines.push(String::new());
    lines.join("\n")
}

fn label(effect: ForMembers, texts: &Texts) -> String {
    let key = match effect {
        ForMembers::Worse => "diff-worse",
        ForMembers::Mixed => "diff-mixed",
        ForMembers::Better => "diff-better",
        ForMembers::Neutral => "diff-neutral",
    };
    texts.say(key, &[])
}
