use std::path::{Path, PathBuf};

use clap::Args;
use lojal_core::kernel::Instant;
use lojal_server::backups::{self, Source};
use lojal_server::moving::restore;
use lojal_server::platform::clock::Clock;

use super::{Folder, audit, backup, print};
use crate::failure::Failure;
use crate::texts::Texts;

#[derive(Args)]
pub struct Restore {
    /// What `lojal export all` wrote
    #[arg(required_unless_present = "from", conflicts_with = "from")]
    file: Option<PathBuf>,
    /// Where the backups are: the folder to which `lojal backup` wrote, or s3://BUCKET/PREFIX
    #[arg(long, value_name = "PLACE")]
    from: Option<Source>,
    /// The moment to go back to (2026-05-01T12:00:00Z): the latest backup up to it. Else the latest of all
    #[arg(long, value_name = "TIME", requires = "from")]
    at: Option<Instant>,
    #[command(flatten)]
    folder: Folder,
}

impl Restore {
    pub async fn run(&self, texts: &Texts) -> Result<(), Failure> {
        match (&self.file, &self.from) {
            (Some(file), _) => self.read_export(file, texts).await,
            (None, Some(backups)) => self.read_backup(backups, texts).await,
            (None, None) => Ok(()),
        }
    }

    async fn read_export(&self, file: &Path, texts: &Texts) -> Result<(), Failure> {
        let restored = restore(file, self.folder.place(), Clock::system()).await?;
        let rows = texts.number(i64::try_from(restored.rows).unwrap_or(i64::MAX));
        let folder = self.folder.path().display().to_string();
        print(&format!("{}\n", texts.say("restored", &[("folder", &folder), ("rows", &rows)])))?;
        audit::tell(&restored.report, texts)
    }

    async fn read_backup(&self, source: &Source, texts: &Texts) -> Result<(), Failure> {
        let target = self.folder.place();
        let returned = match source {
            Source::Folder(folder) => backups::restore(folder, self.at, &target).await?,
            Source::Bucket(address) => {
                let bucket = backup::open_bucket(address)?;
                backups::restore_from_bucket(&bucket, self.at, &target).await?
            }
        };
        let place = self.folder.path().display().to_string();
        backup::tell(&returned.manifest, &place, "restored-backup", texts)?;
        if !returned.has_key {
            eprintln!("{}", texts.say("restored-without-key", &[("folder", &place)]));
        }
        audit::tell(&returned.report, texts)
    }
}
