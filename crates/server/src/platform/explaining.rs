//! Why: what became of every rule when a transaction was decided, those that did not fire included,
//! and what was only just missed.
//! It is never stored. The decision is made again, from the journal, under the version of its time.

use std::collections::BTreeMap;

use lojal_core::command::Key;
use lojal_core::decision::Record;
use lojal_core::engine;
use lojal_core::explanation::Explanation;
use lojal_core::holder::Holder;
use lojal_core::kernel::TransactionId;

use super::application::Application;
use super::journal::{journal_find, journal_walk};
use super::sql::{self, damaged};
use super::writer::{Answer, Submission};

impl Application {
    /// Has a command decided and written, and tells what became of each rule, also when it had
    /// been decided before.
    pub async fn submit_explained(&self, submission: Submission) -> Answer {
        let mut done = self.writer.submit_explained(submission).await?;
        if done.repeated {
            done.explanation = self.explain(done.transaction).await?.unwrap_or_default();
        }
        Ok(done)
    }

    /// What became of each rule in a transaction; `None` when there is no such transaction. It
    /// takes time in proportion to what the holder did before.
    pub async fn explain(&self, transaction: TransactionId) -> Result<Option<Explanation>, sql::Error> {
        let mut connection = self.database.snapshot().await?;
        if journal_find(&mut connection, transaction).await?.is_none() {
            return Ok(None);
        }
        let rulebook = self.rulebooks.refresh(&mut connection).await?;
        let mut holder: Option<Holder> = None;
        let mut records: BTreeMap<Key, (TransactionId, Record)> = BTreeMap::new();
        for row in journal_walk(&mut connection, Some(transaction), usize::MAX).await?.into_iter().rev() {
            let body = row.read_body().map_err(|cause| damaged(format!("{}: {cause}", row.id)))?;
            let record = body.command.key().and_then(|key| records.get(&key));
            let rules = rulebook.up_to(row.version);
            let decided = engine::explain(&rules, holder.as_ref(), record, &body.command, &body.inputs);
            let (after, decision, explanation) =
                decided.map_err(|_| damaged(format!("{} would not be decided again", row.id)))?;
            if row.id == transaction {
                return Ok(Some(explanation));
            }
            records.extend(decision.records.into_iter().map(|(key, record)| (key, (row.id, record))));
            holder = Some(after);
        }
        Ok(None)
    }
}
