use clap::Args;
use lojal_core::command::KeyKind;
use lojal_core::kernel::TransactionId;
use lojal_core::words::{Words, plain};
use lojal_server::platform::application::Application;
use lojal_server::platform::directory::{Listed, directory_find};
use lojal_server::platform::journal::{JournalRow, journal_find, journal_walk};
use lojal_server::platform::states::state_find;

use super::{Folder, member, print};
use crate::failure::Failure;
use crate::texts::Texts;

#[derive(Args)]
pub struct Explain {
    /// An entry (txn_…-0), a transaction (txn_…), or the shop's own id of an order
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
            }
            output.push_str(&plain(&words, &lines));
        }
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
        let unknown = || Failure::new(format!("{} is no entry, transaction or order that is known", self.what));
        let (holder, _) = directory_find(connection, Listed::Order, &self.what).await?.ok_or_else(unknown)?;
        let state = state_find(connection, holder).await?.ok_or_else(unknown)?;
        let mut rows = Vec::new();
        for row in journal_walk(connection, Some(state.head), usize::MAX).await? {
            let done = row.done()?;
            let records = &done.decision.records;
            if records.iter().any(|(key, _)| key.kind == KeyKind::Order && key.id == self.what) {
                rows.push(row);
            }
        }
        Ok(rows)
    }
}
