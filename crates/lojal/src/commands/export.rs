use std::io::{self, BufWriter};
use std::path::PathBuf;

use clap::{Args, Subcommand};
use lojal_server::moving::{ExportError, export, export_wallets};

use super::{Folder, print};
use crate::failure::Failure;
use crate::texts::Texts;

#[derive(Subcommand)]
pub enum Export {
    /// Print every wallet as CSV, sorted by the shop's own member id
    Wallets(Wallets),
    /// Write everything to one file, from which `lojal restore` makes the same instance again. It
    /// holds personal data in the open
    All(All),
}

#[derive(Args)]
pub struct Wallets {
    #[command(flatten)]
    folder: Folder,
}

#[derive(Args)]
pub struct All {
    /// The file to write; it must not be there yet
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    #[command(flatten)]
    folder: Folder,
}

impl Export {
    pub async fn run(&self, texts: &Texts) -> Result<(), Failure> {
        match self {
            Export::Wallets(wallets) => wallets.run().await,
            Export::All(all) => all.run(texts).await,
        }
    }
}

impl Wallets {
    async fn run(&self) -> Result<(), Failure> {
        let application = self.folder.open().await?;
        let result = export_wallets(&application, BufWriter::new(io::stdout())).await;
        application.close().await;
        match result {
            // Whoever reads the output may have heard enough.
            Err(ExportError::File(cause)) if cause.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => Ok(other.map(drop)?),
        }
    }
}

impl All {
    async fn run(&self, texts: &Texts) -> Result<(), Failure> {
        let application = self.folder.open().await?;
        let exported = export(&application, &self.to).await;
        application.close().await;
        let rows = texts.number(i64::try_from(exported?.rows).unwrap_or(i64::MAX));
        let file = self.to.display().to_string();
        print(&format!("{}\n", texts.say("export-written", &[("file", &file), ("rows", &rows)])))
    }
}
