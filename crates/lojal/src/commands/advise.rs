use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use lojal_core::kernel::parse_decimal;
use lojal_core::programme::Programme;

use super::files::write;
use super::print;
use crate::advise::{Advice, Judgement, Past, document, shop};
use crate::failure::Failure;
use crate::simulate::Export;
use crate::texts::Texts;

#[derive(Args)]
pub struct Advise {
    /// The order export, as `import orders` reads it
    #[arg(long, value_name = "FILE")]
    orders: PathBuf,
    /// How the columns of the export become orders (TOML); it states the money of the orders
    #[arg(long, value_name = "FILE")]
    map: PathBuf,
    /// What is left of what customers pay when the goods are paid for: 35%
    #[arg(long, value_name = "PERCENT", value_parser = margin)]
    margin: Option<i64>,
    /// The clock by which the times in the export are read
    #[arg(long, value_name = "ZONE", default_value = "UTC")]
    time_zone: String,
    /// Write a programme fitted to these orders; the file must not be there yet
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
    /// Write the advice as a page
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Write the figures as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

impl Advise {
    pub fn run(&self, texts: &Texts) -> Result<(), Failure> {
        let export = Export::new(&self.orders, &self.map)?;
        let Some(currency) = &export.mapping.defaults.currency else {
            return Err(Failure::new(format!(
                "{} does not say what money the orders are in: add currency = \"PLN\", or another, to its [orders]",
                self.map.display()
            )));
        };
        let shop = shop(&currency.to_uppercase(), &self.time_zone)?;
        let past = Past::read(&export, &shop, texts)?;
        let judgement = Judgement::of(&past.habits, past.unmatched, self.margin);
        let source = self.orders.display().to_string();
        let advice = Advice { source: &source, shop: &shop, past: &past, judgement: &judgement, margin: self.margin };
        if let Some(file) = &self.report {
            write(file, &advice.html(texts)?)?;
        }
        if let Some(file) = &self.json {
            write(file, &advice.json()?)?;
        }
        print(&advice.summary(texts))?;
        match &self.write {
            Some(file) => self.write_programme(file, &shop, &past, texts),
            None => print(&format!("\n{}\n", texts.say("advise-write", &[]))),
        }
    }

    fn write_programme(&self, file: &Path, shop: &Programme, past: &Past, texts: &Texts) -> Result<(), Failure> {
        let document = document(past, shop, self.margin, texts)?;
        let name = file.display().to_string();
        let unwritable = |cause| Failure::new(format!("{name} cannot be written: {cause}"));
        let mut opened = OpenOptions::new().write(true).create_new(true).open(file).map_err(unwritable)?;
        opened.write_all(document.as_bytes()).map_err(unwritable)?;
        print(&format!("\n{}\n", texts.say("init-written", &[("file", &name)])))
    }
}

/// `35%` or `35` is 350,000 millionths.
fn margin(text: &str) -> Result<i64, String> {
    const WHOLE: i64 = 1_000_000;
    let wrong = || format!("{text} is no margin: write more than 0% and less than 100%, like 35%");
    let share = parse_decimal(text.trim_end_matches('%').trim(), 4).map_err(|_| wrong())?;
    if (1..WHOLE).contains(&share) { Ok(share) } else { Err(wrong()) }
}
