use clap::Args;
use lojal_server::audit::{Report, audit};

use super::{Folder, print};
use crate::failure::Failure;
use crate::progress;
use crate::texts::Texts;

#[derive(Args)]
pub struct Audit {
    #[command(flatten)]
    folder: Folder,
}

impl Audit {
    pub async fn run(&self, texts: &Texts) -> Result<(), Failure> {
        let application = self.folder.open().await?;
        let bar = progress::spinner("{spinner} {human_pos}");
        let report = audit(&application.database, |holders| bar.set_position(holders)).await;
        bar.finish_and_clear();
        application.close().await;
        tell(&report?, texts)
    }
}

/// Prints what an audit came to; a failure when anything does not hold.
pub fn tell(report: &Report, texts: &Texts) -> Result<(), Failure> {
    let number = |count: u64| texts.number(i64::try_from(count).unwrap_or(i64::MAX));
    let (holders, transactions) = (number(report.holders), number(report.transactions));
    let counted = [("holders", holders.as_str()), ("transactions", transactions.as_str())];
    if report.is_clean() {
        return print(&format!("{}\n", texts.say("audit-clean", &counted)));
    }
    let differences: Vec<String> = report.differences.iter().map(ToString::to_string).collect();
    print(&format!("{}\n", differences.join("\n")))?;
    Err(Failure::new(texts.say("audit-differences", &[("count", &number(report.difference_count))])))
}
