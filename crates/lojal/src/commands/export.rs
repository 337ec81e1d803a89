use std::collections::HashMap;

use clap::{Args, Subcommand};
use lojal_core::holder::{Holder, HolderKind};
use lojal_core::kernel::{HolderId, MemberId, Part};
use lojal_server::platform::application::Application;
use lojal_server::platform::enrolment::member_page;
use lojal_server::platform::journal::balances;
use lojal_server::platform::states::state_page;
use lojal_server::platform::writer::Balance;

use super::{Folder, print};
use crate::failure::Failure;

/// Rows that are read at once.
const PAGE: usize = 500;

#[derive(Subcommand)]
pub enum Export {
    /// Print every wallet as CSV, sorted by the shop's own member id
    Wallets(Wallets),
}

#[derive(Args)]
pub struct Wallets {
    #[command(flatten)]
    folder: Folder,
}

impl Export {
    pub async fn run(&self) -> Result<(), Failure> {
        match self {
            Export::Wallets(wallets) => wallets.run().await,
        }
    }
}

impl Wallets {
    async fn run(&self) -> Result<(), Failure> {
        let application = self.folder.open().await?;
        let mut wallets = all_wallets(&application).await?;
        application.close().await;
        wallets.sort();
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["external_id", "unit", "available", "pending", "held", "debt", "expired"])?;
        for (external_id, unit, amounts) in wallets {
            let mut record = vec![external_id, unit];
            record.extend(amounts.map(|amount| amount.to_string()));
            writer.write_record(record)?;
        }
        let table = writer.into_inner().map_err(|error| Failure::new(error.to_string()))?;
        print(&String::from_utf8_lossy(&table))
    }
}

/// External id, unit, and the amounts in the order of the columns.
type WalletRow = (String, String, [i64; 5]);

/// Every holder with every unit of the programme in force, and units of earlier ones where
/// something is left of them. A household has no external id: it stands under its own.
async fn all_wallets(application: &Application) -> Result<Vec<WalletRow>, Failure> {
    let mut snapshot = application.database.snapshot().await?;
    let mut names: HashMap<HolderId, String> = HashMap::new();
    let mut after: Option<MemberId> = None;
    loop {
        let page = member_page(&mut snapshot, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        names.extend(page.into_iter().map(|member| (member.id.into(), member.external_id)));
    }
    let rulebook = application.rulebook();
    let units: Vec<&str> =
        rulebook.live().into_iter().flat_map(|programme| &programme.units).map(|unit| unit.id.as_str()).collect();
    let mut rows = Vec::new();
    for part in Part::all() {
        let mut after = -1;
        loop {
            let page = state_page(&mut snapshot, part, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.holder.id.number();
            for state in &page {
                rows.extend(wallets_of(&state.holder, &names, &units));
            }
        }
    }
    Ok(rows)
}

fn wallets_of(holder: &Holder, names: &HashMap<HolderId, String>, units: &[&str]) -> Vec<WalletRow> {
    let name = match &holder.kind {
        HolderKind::Member { .. } => names.get(&holder.id).cloned(),
        HolderKind::Household { .. } => None,
    };
    let name = name.unwrap_or_else(|| holder.id.to_string());
    let amounts = |balance: &Balance| [balance.available, balance.pending, balance.held, balance.debt, balance.expired];
    let balances = balances(holder);
    let untouched = units.iter().filter(|unit| balances.iter().all(|balance| balance.unit != **unit));
    let empty = untouched.map(|unit| (name.clone(), (*unit).to_owned(), [0; 5]));
    balances.iter().map(|balance| (name.clone(), balance.unit.to_string(), amounts(balance))).chain(empty).collect()
}
