//! What can be typed after `lojal`: one file for each verb.

pub mod advise;
pub mod archive;
pub mod audit;
pub mod backup;
pub mod bench;
pub mod checkpoint;
pub mod compare;
pub mod demo;
mod diff;
pub mod explain;
pub mod export;
pub mod figures;
mod files;
pub mod fraud;
pub mod import;
pub mod init;
pub mod key;
pub mod member;
pub mod moving;
pub mod programme;
pub mod restore;
pub mod serve;
pub mod simulate;
pub mod staff;
pub mod terms;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use lojal_server::platform::application::Application;
use lojal_server::platform::clock::Clock;
use lojal_server::platform::database::{Address, Place};

use crate::failure::Failure;

/// Where the data are.
#[derive(Args)]
pub struct Folder {
    /// The data folder
    #[arg(long, value_name = "DIR", env = "LOJAL_DATA", default_value = "lojal-data")]
    data: PathBuf,
    /// The database: sqlite:PATH or postgres://USER@HOST/NAME. Else the file lojal.db in the data folder
    #[arg(long, value_name = "ADDRESS", env = "LOJAL_DATABASE", hide_env_values = true)]
    database: Option<Address>,
}

impl Folder {
    pub fn path(&self) -> &Path {
        &self.data
    }

    /// The folder with the database that goes with it.
    pub fn place(&self) -> Place {
        Place::stated(&self.data, self.database.clone())
    }

    /// The options with which another command finds the same data. A server's address may hold a password, so
    /// it is left to the environment.
    pub fn options(&self) -> String {
        let data = format!("--data {}", self.data.display());
        match &self.database {
            None => data,
            Some(address @ Address::Sqlite(_)) => format!("{data} --database {address}"),
            Some(Address::Postgres(_)) => format!("{data} --database \"$LOJAL_DATABASE\""),
        }
    }

    /// Opens the folder, which must hold data already.
    pub async fn open(&self) -> Result<Application, Failure> {
        Ok(Application::open_existing(self.place(), Clock::system()).await?)
    }

    /// Opens the folder and makes it when it is not there.
    pub async fn open_or_make(&self) -> Result<Application, Failure> {
        Ok(Application::open(self.place(), Clock::system()).await?)
    }
}

/// Reads a text file that somebody named.
pub fn read_text(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|cause| Failure::new(format!("{} cannot be read: {cause}", path.display())))
}

/// Prints to standard output. Whoever reads it may have heard enough: that is no error.
pub fn print(text: &str) -> Result<(), Failure> {
    print_bytes(text.as_bytes())
}

/// As [`print()`], for what is no text.
pub fn print_bytes(bytes: &[u8]) -> Result<(), Failure> {
    let mut output = io::stdout().lock();
    match output.write_all(bytes).and_then(|()| output.flush()) {
        Err(cause) if cause.kind() != io::ErrorKind::BrokenPipe => Err(cause.into()),
        _ => Ok(()),
    }
}
