use std::path::{Path, PathBuf};

use clap::Args;

use crate::failure::Failure;

/// Where a report is written to.
#[derive(Args)]
pub struct Files {
    /// Write the report as a page
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Write the figures as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write the tables as CSV files into a folder
    #[arg(long, value_name = "DIR")]
    csv: Option<PathBuf>,
}

/// The names of files and what they hold.
type Tables = Vec<(&'static str, String)>;

impl Files {
    /// Makes what was asked for.
    pub fn write(
        &self,
        page: impl FnOnce() -> Result<String, Failure>,
        json: impl FnOnce() -> Result<String, Failure>,
        csv: impl FnOnce() -> Result<Tables, Failure>,
    ) -> Result<(), Failure> {
        if let Some(file) = &self.report {
            write(file, &page()?)?;
        }
        if let Some(file) = &self.json {
            write(file, &json()?)?;
        }
        if let Some(folder) = &self.csv {
            std::fs::create_dir_all(folder)
                .map_err(|cause| Failure::new(format!("{} cannot be made: {cause}", folder.display())))?;
            for (name, content) in csv()? {
                write(&folder.join(name), &content)?;
            }
        }
        Ok(())
    }
}

pub fn write(file: &Path, content: &str) -> Result<(), Failure> {
    std::fs::write(file, content)
        .map_err(|cause| Failure::new(format!("{} cannot be written: {cause}", file.display())))
}
