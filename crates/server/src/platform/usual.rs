//! How the shop's own customers usually buy, from a sample that takes the same time however many there are.

use std::collections::BTreeMap;

use lojal_core::activity::OrderState;
use lojal_core::command::Command;
use lojal_core::kernel::{Instant, Name};
use lojal_core::programme::{Rulebook, Usual};

use super::application::Application;
use super::journal::journal_latest;
use super::sql::{self, Connection, damaged};
use super::states::state_page;

/// How many members are looked at: those who joined first, of whom most is known.
const MEMBERS: usize = 2_000;
/// How many of the latest transactions are looked through for orders.
const TRANSACTIONS: usize = 4_000;
/// What so few members buy, or so few orders come to, says nothing about others.
const FEWEST: usize = 30;
/// What an order is called in the journal.
const ORDER: &str = "put_order";

impl Application {
    /// How the shop's customers usually buy; `None` while there are too few of them.
    pub async fn usual(&self) -> Result<Option<Usual>, sql::Error> {
        usual(&mut *self.database.read().await?, &self.rulebook(), self.clock.now()).await
    }
}

pub(super) async fn usual(
    connection: &mut Connection,
    rulebook: &Rulebook,
    now: Instant,
) -> Result<Option<Usual>, sql::Error> {
    let Some(programme) = rulebook.live() else { return Ok(None) };
    let states = state_page(connection, None, MEMBERS).await?;
    let buyers: Vec<_> = states.iter().filter(|state| state.holder.orders > 0).collect();
    if buyers.len() < FEWEST {
        return Ok(None);
    }
    // A state says how many orders there were; what one comes to is known of the latest.
    let mut latest: BTreeMap<Name, i64> = BTreeMap::new();
    let mut rows = journal_latest(connection, TRANSACTIONS).await?;
    rows.sort_unstable_by_key(|row| row.id);
    for row in rows.iter().filter(|row| row.kind == ORDER) {
        let body = row.read_body().map_err(|cause| damaged(format!("{}: {cause}", row.id)))?;
        if let Command::PutOrder { order } = body.command {
            // The same order may have been put several times: how it was put last is what it comes to.
            let paid = if order.state == OrderState::Cancelled { 0 } else { order.total().0 };
            latest.insert(order.external_id, paid);
        }
    }
    latest.retain(|_, paid| *paid > 0);
    if latest.len() < FEWEST {
        return Ok(None);
    }
    let spent = latest.values().map(|paid| i128::from(*paid)).sum();
    let seen = |joined_at| programme.calendar.days_between(joined_at, now);
    let customers = buyers.iter().map(|state| (seen(state.holder.joined_at), state.holder.orders));
    Ok(Usual::of(customers, spent, latest.len() as i64))
}
