use clap::Args;
use lojal_core::command::KeyKind;
use lojal_core::decision::Record;
use lojal_core::explanation::{NearMiss, RuleOutcome, RuleTrace};
use lojal_core::kernel::TransactionId;
use lojal_core::words::{Words, plain};
use lojal_server::platform::application::Application;
use lojal_server::platform::directory::{Listed, directory_find, natural_key_owner};
use lojal_server::platform::journal::{JournalRow, journal_find, journal_walk};
use lojal_server::platform::sql::Connection;
use lojal_server::platform::states::state_find;

use super::{Folder, member, print};
use crate::failure::Failure;
use crate::texts::Texts;

#[derive(Args)]
pub struct Explain {
    /// An entry (txn_…-0), a transaction (txn_…), or the shop's own id of an order or a return
    what: String,
    #[command(flatten)]
    folder: Folder,
}

impl Explain {
    pub async fn run(&self, texts: &Texts) -> Result<(), Failure> {
        let application = self.folder.open().await?;
        let words = Words::new(texts.language());
        let mut output = String::new();
        for row in self.rows(&application).await? {
            let mut lines = member::lines(&application, &words, &row).await?;
            if self.what.contains('-') && lines.iter().any(|line| line.entry() == self.what) {
                lines.retain(|line| line.entry() == self.what);
                output.push_str(&plain(&words, &lines));
            } else {
                output.push_str(&plain(&words, &lines));
                output.push_str(&reasons(&application, &words, texts, &row).await?);
            }
        }
        application.close().await;
        print(&output)
    }

    /// The transactions in question, the latest first.
    async fn rows(&self, application: &Application) -> Result<Vec<JournalRow>, Failure> {
        let connection = &mut *application.database.read().await?;
        let transaction = self.what.split_once('-').map_or(self.what.as_str(), |(transaction, _)| transaction);
        if let Ok(id) = transaction.parse::<TransactionId>() {
            let row = journal_find(connection, id).await?;
            return Ok(vec![row.ok_or_else(|| Failure::new(format!("no transaction {id} is known")))?]);
        }
        // A shop may number its orders and its returns alike.
        let mut rows = self.rows_of(connection, KeyKind::Order).await?;
        rows.extend(self.rows_of(connection, KeyKind::LooseReturn).await?);
        if rows.is_empty() {
            let sentence = format!("{} is no entry, transaction, order or return that is known", self.what);
            return Err(Failure::new(sentence));
        }
        Ok(rows)
    }

    /// The transactions that wrote the record of an order or of a return without an order.
    async fn rows_of(&self, connection: &mut Connection, kind: KeyKind) -> Result<Vec<JournalRow>, Failure> {
        let found = match kind {
            KeyKind::Order => directory_find(connection, Listed::Order, &self.what).await?,
            _ => natural_key_owner(connection, kind, &self.what).await?,
        };
        let Some((holder, _)) = found else { return Ok(Vec::new()) };
        let state = state_find(connection, holder).await?;
        let state = state.ok_or_else(|| Failure::new(format!("{holder} has no state: run lojal audit")))?;
        let mut rows = Vec::new();
        for row in journal_walk(connection, Some(state.head), usize::MAX).await? {
            let done = row.done()?;
            if done.decision.records.iter().any(|(key, _)| key.kind == kind && key.id == self.what) {
                rows.push(row);
            }
        }
        Ok(rows)
    }
}

/// What stands behind a transaction beside its effects: conditions that held, rules that did not fire,
/// each with what stood in the way, and what was only just missed. In the words of the version that
/// settled it; empty when there is nothing to say.
async fn reasons(application: &Application, words: &Words, texts: &Texts, row: &JournalRow) -> Result<String, Failure> {
    let version = match row.done()?.record {
        Some(Record::Order(order)) => order.version,
        _ => row.version,
    };
    let rulebook = application.rulebook();
    let Some(programme) = rulebook.version(version) else { return Ok(String::new()) };
    let speaker = words.about(programme);
    let explanation = application.explain(row.id).await?.unwrap_or_default();
    let (silent, active): (Vec<&RuleTrace>, Vec<&RuleTrace>) =
        explanation.rules.iter().partition(|trace| stood_aside(&trace.outcome));
    let active = active.into_iter().filter(|trace| !trace.held.is_empty());
    let in_force = rulebook.version(row.version).unwrap_or(programme);
    let near = explanation.near.iter().map(|miss| match miss {
        NearMiss::Rule { .. } => speaker.near_miss(miss),
        _ => words.about(in_force).near_miss(miss),
    });
    let mut text = String::new();
    for (heading, sentences) in [
        ("explain-conditions", active.map(|trace| speaker.outcome(trace)).collect::<Vec<_>>()),
        ("explain-other-rules", silent.into_iter().map(|trace| speaker.outcome(trace)).collect()),
        ("explain-near", near.collect()),
    ] {
        if !sentences.is_empty() {
            let sentences: String = sentences.iter().map(|sentence| format!("  {sentence}\n")).collect();
            text.push_str(&format!("{}\n{sentences}\n", texts.say(heading, &[])));
        }
    }
    Ok(text)
}

/// Whether the rule did not fire. One that fired may have given a reward, or no whole point.
fn stood_aside(outcome: &RuleOutcome) -> bool {
    matches!(outcome, RuleOutcome::NotRunning | RuleOutcome::NotMet(_) | RuleOutcome::NoLines)
}
