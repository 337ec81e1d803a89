//! How the shop's own customers usually buy, from a sample that takes the same time however many there are.

use lojal_core::activity::OrderState;
use lojal_core::command::Command;
use lojal_core::kernel::Instant;
use lojal_core::programme::{Rulebook, Usual};

use super::application::Application;
use super::journal::journal_find_all;
use super::sql::{self, Connection, damaged};
use super::states::state_page;

/// How many members are looked at: those who joined first, of whom most is known.
const MEMBERS: usize = 2_000;
/// What so few members buy says nothing about others.
const FEWEST: usize = 30;

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
    // A state says how many orders there were; what one comes to is known of those that came last.
    let (mut spent, mut orders) = (0_i128, 0_i64);
    for row in journal_find_all(connection, buyers.iter().map(|state| state.head)).await? {
        let body = row.read_body().map_err(|cause| damaged(format!("{}: {cause}", row.id)))?;
        if let Command::PutOrder { order } = &body.command
            && order.state != OrderState::Cancelled
        {
            spent += i128::from(order.total().0);
            orders += 1;
        }
    }
    let seen = |joined_at| programme.calendar.days_between(joined_at, now);
    let customers = buyers.iter().map(|state| (seen(state.holder.joined_at), state.holder.orders));
    Ok(Usual::of(customers, spent, orders))
}
