use std::path::PathBuf;

use clap::Args;
use lojal_server::moving::restore;
use lojal_server::platform::clock::Clock;

use super::{Folder, audit, print};
use crate::failure::Failure;
use crate::texts::Texts;

#[derive(Args)]
pub struct Restore {
    /// What `lojal export all` wrote
    file: PathBuf,
    #[command(flatten)]
    folder: Folder,
}

impl Restore {
    pub async fn run(&self, texts: &Texts) -> Result<(), Failure> {
        let restored = restore(&self.file, self.folder.place(), Clock::system()).await?;
        let rows = texts.number(i64::try_from(restored.rows).unwrap_or(i64::MAX));
        let folder = self.folder.path().display().to_string();
        print(&format!("{}\n", texts.say("restored", &[("folder", &folder), ("rows", &rows)])))?;
        audit::tell(&restored.report, texts)
    }
}
