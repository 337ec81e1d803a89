//! Every wallet as one line of CSV.

use std::collections::HashMap;
use std::io::Write;

use lojal_core::holder::{Holder, HolderKind};
use lojal_core::kernel::HolderId;

use super::ExportError;
use crate::platform::application::Application;
use crate::platform::enrolment::member_page;
use crate::platform::journal::balances;
use crate::platform::sql::{self, Connection};
use crate::platform::states::{state_find_all, state_page};
use crate::platform::writer::Balance;

/// Members that are looked up at once.
const PAGE: usize = 256;

/// Writes `external_id,unit,available,pending,held,debt,expired`, sorted by external id and then
/// by unit in the order of the programme, every unit of the programme for everybody. A household
/// stands under its own `hol_…` id. Answers the number of lines after the heading.
pub async fn export_wallets(application: &Application, mut to: impl Write) -> Result<u64, ExportError> {
    let mut snapshot = application.database.moment().await?;
    let owners = owners(&mut snapshot).await?;
    writeln!(to, "external_id,unit,available,pending,held,debt,expired")?;
    let mut lines = 0;
    for owners in owners.chunks(PAGE) {
        let states = state_find_all(&mut snapshot, owners.iter().map(|(_, holder)| *holder)).await?;
        let states: HashMap<HolderId, Holder> =
            states.into_iter().map(|state| (state.holder.id, state.holder)).collect();
        for (name, holder) in owners {
            let Some(holder) = states.get(holder) else { continue };
            lines += write_wallets(application, &mut to, name, holder)?;
        }
    }
    to.flush()?;
    Ok(lines)
}

fn write_wallets(application: &Application, to: &mut impl Write, name: &str, holder: &Holder) -> std::io::Result<u64> {
    let mut wallets = balances(holder);
    let rulebook = application.rulebook();
    let units = rulebook.live().map_or(&[][..], |programme| &programme.units);
    for unit in units {
        if wallets.iter().all(|wallet| wallet.unit != unit.id) {
            wallets.push(Balance { unit: unit.id.clone(), available: 0, pending: 0, held: 0, debt: 0, expired: 0 });
        }
    }
    let place = |unit: &str| units.iter().position(|known| known.id == unit).unwrap_or(usize::MAX);
    wallets.sort_by_key(|wallet| place(&wallet.unit));
    for wallet in &wallets {
        let (name, unit) = (quoted(name), quoted(&wallet.unit));
        let (available, pending, held) = (wallet.available, wallet.pending, wallet.held);
        let (debt, expired) = (wallet.debt, wallet.expired);
        writeln!(to, "{name},{unit},{available},{pending},{held},{debt},{expired}")?;
    }
    Ok(wallets.len() as u64)
}

/// Whoever has a wallet, by name. Names and ids alone are held in memory.
async fn owners(connection: &mut Connection) -> Result<Vec<(String, HolderId)>, sql::Error> {
    let mut owners = Vec::new();
    let mut after = None;
    loop {
        let page = member_page(connection, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        owners.extend(page.into_iter().map(|member| (member.external_id, HolderId(member.id.0))));
    }
    let mut after = None;
    loop {
        let page = state_page(connection, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.holder.id);
        let households = page.iter().filter(|state| matches!(state.holder.kind, HolderKind::Household { .. }));
        owners.extend(households.map(|state| (state.holder.id.to_string(), state.holder.id)));
    }
    owners.sort();
    Ok(owners)
}

/// A field of CSV, quoted where it must be.
fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}
