use clap::Args;
use lojal_core::kernel::Instant;
use lojal_server::platform::application::Application;
use lojal_server::platform::database::Address;
use lojal_server::platform::journal::{Archived, first_kept, journal_archive};

use super::{Folder, print};
use crate::failure::Failure;
use crate::progress;
use crate::texts::Texts;

#[derive(Args)]
pub struct Archive {
    /// Archive what was decided before this moment. A day is its first moment in the programme's zone
    #[arg(long, value_name = "TIME", required_unless_present = "keep_months")]
    before: Option<String>,
    /// Archive what is older than so many whole months
    #[arg(long, value_name = "COUNT", conflicts_with = "before", value_parser = clap::value_parser!(u32).range(1..))]
    keep_months: Option<u32>,
    #[command(flatten)]
    folder: Folder,
}

impl Archive {
    pub async fn run(&self, texts: &Texts) -> Result<(), Failure> {
        let application = self.folder.open().await?;
        let bar = progress::spinner("{spinner} {human_pos}");
        let result = async {
            let before = self.first_kept(&application)?;
            let archived = journal_archive(&application.database, before, |count| bar.set_position(count)).await?;
            Ok::<_, Failure>((before, archived))
        }
        .await;
        bar.finish_and_clear();
        let address = application.database.address().clone();
        application.close().await;
        let (before, archived) = result?;
        tell(before, archived, &address, texts)
    }

    fn first_kept(&self, application: &Application) -> Result<Instant, Failure> {
        let programme = application.rulebook().live().cloned();
        let programme = programme.ok_or_else(|| Failure::new("the folder has no programme yet: nothing is there"))?;
        match (&self.before, self.keep_months) {
            (Some(text), _) => {
                let moment = programme.calendar.parse(text);
                moment.map_err(|error| Failure::new(format!("--before \"{text}\" {error}")))
            }
            (None, months) => Ok(first_kept(&programme.calendar, application.clock.now(), months.unwrap_or_default())),
        }
    }
}

fn tell(before: Instant, archived: Archived, address: &Address, texts: &Texts) -> Result<(), Failure> {
    if archived.transactions == 0 {
        return print(&format!("{}\n", texts.say("archive-nothing", &[("time", &before.to_string())])));
    }
    let number = |count: u64| texts.number(i64::try_from(count).unwrap_or(i64::MAX));
    let (transactions, rows, blocks) =
        (number(archived.transactions), number(archived.bytes_before), number(archived.bytes_after));
    let values = [("transactions", transactions.as_str()), ("before", rows.as_str()), ("after", blocks.as_str())];
    print(&format!("{}\n", texts.say("archive-done", &values)))?;
    if let Address::Sqlite(path) = address {
        let file = path.display().to_string();
        print(&format!("{}\n", texts.say("archive-file", &[("file", &file)])))?;
    }
    Ok(())
}
