use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use clap::builder::PossibleValuesParser;
use lojal_core::programme::{STARTERS, starter};

use super::print;
use crate::failure::Failure;
use crate::texts::Texts;

#[derive(Args)]
pub struct Init {
    /// The file to write; it must not be there yet
    #[arg(default_value = "programme.toml")]
    file: PathBuf,
    /// The kind of programme to begin with; a bit of everything unless stated
    #[arg(long, value_name = "KIND", value_parser = PossibleValuesParser::new(STARTERS.map(|(kind, _)| kind)))]
    starter: Option<String>,
}

impl Init {
    pub fn run(&self, texts: &Texts) -> Result<(), Failure> {
        let name = self.file.display().to_string();
        let unwritable = |cause| Failure::new(format!("{name} cannot be written: {cause}"));
        let mut file = OpenOptions::new().write(true).create_new(true).open(&self.file).map_err(unwritable)?;
        file.write_all(self.text(texts).as_bytes()).map_err(unwritable)?;
        print(&format!("{}\n", texts.say("init-written", &[("file", &name)])))
    }

    fn text(&self, texts: &Texts) -> &'static str {
        let asked = STARTERS.iter().find(|(kind, _)| self.starter.as_deref() == Some(*kind));
        asked.map_or_else(|| starter(texts.language()), |(_, text)| *text)
    }
}
