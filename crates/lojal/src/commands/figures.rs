use std::time::Duration;

use clap::{Args, Subcommand};
use lojal_server::platform::figures::{figures_catch_up, figures_drop, figures_through};
use lojal_server::platform::leaderboard::{leaderboard_catch_up, leaderboard_drop};

use super::{Folder, print};
use crate::failure::Failure;
use crate::progress;

/// How long another process, which counts as well, is given before it is looked again.
const PAUSE: Duration = Duration::from_millis(200);

#[derive(Args)]
pub struct Figures {
    #[command(subcommand)]
    what: What,
    #[command(flatten)]
    folder: Folder,
}

#[derive(Subcommand)]
enum What {
    /// Count everything again from the journal; the service may go on meanwhile
    Rebuild,
}

impl Figures {
    pub async fn run(self) -> Result<(), Failure> {
        let What::Rebuild = self.what;
        let application = self.folder.open().await?;
        let programme = application.rulebook().live().cloned();
        let programme =
            programme.ok_or_else(|| Failure::new("no programme is in force yet: there is nothing to count"))?;
        figures_drop(&application.database, application.clock.now()).await?;
        let bar = progress::spinner("{spinner} counting {elapsed}");
        bar.enable_steady_tick(PAUSE);
        let mut counted = 0;
        loop {
            counted += figures_catch_up(&application.database, &programme, application.clock.now()).await?;
            if figures_through(&mut *application.database.read().await?).await?.is_some() {
                break;
            }
            tokio::time::sleep(PAUSE).await;
        }
        leaderboard_drop(&application.database, application.clock.now()).await?;
        leaderboard_catch_up(&application.database, &programme.calendar, application.clock.now()).await?;
        bar.finish_and_clear();
        application.close().await;
        print(&format!("{counted} transactions were counted\n"))
    }
}
