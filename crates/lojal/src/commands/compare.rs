use std::path::{Path, PathBuf};

use clap::Args;
use lojal_core::kernel::Name;
use lojal_core::programme::Programme;
use lojal_simulation::adapting::Adapting;
use lojal_simulation::replay::{CERTAIN, MEMORY, Manner, Redemption, Side};

use super::files::Files;
use super::programme::compiled;
use super::{print, read_text};
use crate::compare::{Entry, MOST, Rate, Report, exchange, money_of_orders, planned};
use crate::failure::Failure;
use crate::simulate::Export;
use crate::texts::Texts;

/// As in a simulation of an export: nothing in it says how often members take rewards.
const LIKELIHOOD: u64 = CERTAIN / 5;

#[derive(Args)]
pub struct Compare {
    /// The programmes, two to six of them. Orders are read on the clock of the first one
    #[arg(required = true, value_name = "PROGRAMME")]
    files: Vec<PathBuf>,
    /// The order export whose customers go through each of them, as `import orders` reads it
    #[arg(long, value_name = "FILE")]
    orders: PathBuf,
    /// How the columns of the export become orders (TOML). The money of the orders is the one that it states, else
    /// that of the first programme
    #[arg(long, value_name = "FILE")]
    map: PathBuf,
    /// What one of the orders' money is worth in that of a programme: PLN=4.97. As often as you like
    #[arg(long, value_name = "CURRENCY=AMOUNT")]
    rate: Vec<Rate>,
    /// The same seed gives the same figures
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    files_to_write: Files,
}

/// A programme as it was read.
struct Candidate<'a> {
    file: &'a Path,
    document: String,
    programme: Programme,
}

impl Compare {
    pub fn run(&self, texts: &Texts) -> Result<(), Failure> {
        let candidates = self.candidates(texts)?;
        let export = Export::new(&self.orders, &self.map)?;
        let programmes: Vec<&Programme> = candidates.iter().map(|candidate| &candidate.programme).collect();
        let money = money_of_orders(export.mapping.defaults.currency.as_ref(), &programmes);
        crate::compare::check_rates(&self.rate, &money, &programmes)?;
        let rates: Vec<_> = programmes
            .iter()
            .map(|programme| exchange(&money, programme, &self.rate))
            .collect::<Result<_, Failure>>()?;
        // Its own name, so that what a programme comes to does not depend on which is named first.
        let mut shop = Programme { id: Name::const_new("shop"), ..candidates[0].programme.clone() };
        if shop.currency.code != money.code {
            shop.exchange.clear();
        }
        shop.currency = money;
        let sides: Vec<Side> =
            programmes.iter().zip(&rates).map(|(known, (_, rate))| at(&shop, known, *rate)).collect();
        let redemption = Redemption::Modelled { likelihood: LIKELIHOOD };
        let manner = Manner { redemption, seed: self.seed, memory: MEMORY };
        let outcomes = export.go_through(&shop, &sides, &manner, None, texts)?;
        if outcomes.iter().all(|outcome| outcome.orders == 0) {
            return Err(Failure::new(format!(
                "{} has no order of a member that could be read: nothing can be compared",
                self.orders.display()
            )));
        }
        let mut entries = Vec::new();
        for (((candidate, side), (rate, exchange)), outcome) in candidates.iter().zip(&sides).zip(rates).zip(&outcomes)
        {
            let planned = planned(&candidate.document)?;
            let file = candidate.file.display().to_string();
            entries.push(Entry { file, programme: &side.programme, outcome, rate, exchange, planned });
        }
        let source = self.orders.display().to_string();
        let report = Report { source: &source, shop: &shop, mapping: &export.mapping, entries };
        self.files_to_write.write(|| report.html(texts), || report.json(), || report.csv(texts))?;
        print(&report.summary(texts))
    }

    fn candidates(&self, texts: &Texts) -> Result<Vec<Candidate<'_>>, Failure> {
        let number = self.files.len();
        if !(2..=MOST).contains(&number) {
            return Err(Failure::new(match number {
                ..2 => "name two programmes or more; lojal simulate looks at one by itself".to_owned(),
                _ => format!("{number} programmes are more than one page can tell apart: name at most {MOST}"),
            }));
        }
        let mut candidates: Vec<Candidate<'_>> = Vec::with_capacity(number);
        for file in &self.files {
            let document = read_text(file)?;
            if let Some(same) = candidates.iter().find(|known| known.document == document) {
                let (one, other) = (same.file.display(), file.display());
                return Err(Failure::new(match same.file == file {
                    true => format!("{one} is named twice: there is nothing to compare it with"),
                    false => format!("{one} and {other} say the same: there is nothing to compare"),
                }));
            }
            let programme = compiled(file, &document, texts)?;
            candidates.push(Candidate { file, document, programme });
        }
        Ok(candidates)
    }
}

/// A programme as the shop's own: on its clock, sold by the programme's first brand.
fn at(shop: &Programme, programme: &Programme, exchange: lojal_simulation::adapting::Exchange) -> Side {
    let mut programme = programme.clone();
    programme.calendar = shop.calendar.clone();
    programme.time_zone = shop.time_zone.clone();
    let brand = programme.brands.first().map(|brand| brand.id.clone());
    Side { programme, adapting: Adapting { brand, exchange } }
}
