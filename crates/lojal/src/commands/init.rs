use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use lojal_core::programme::starter;

use super::print;
use crate::failure::Failure;
use crate::texts::Texts;

#[derive(Args)]
pub struct Init {
    /// The file to write; it must not be there yet
    #[arg(default_value = "programme.toml")]
    file: PathBuf,
}

impl Init {
    pub fn run(&self, texts: &Texts) -> Result<(), Failure> {
        let name = self.file.display().to_string();
        let unwritable = |cause| Failure::new(format!("{name} cannot be written: {cause}"));
        let mut file = OpenOptions::new().write(true).create_new(true).open(&self.file).map_err(unwritable)?;
        file.write_all(starter(texts.language()).as_bytes()).map_err(unwritable)?;
        print(&format!("{}\n", texts.say("init-written", &[("file", &name)])))
    }
}
