//! Orders of people who are no members, so that members can be compared with them.
//!
//! A row says where it was last counted, so that a change is what it adds now less what it added then. All rows are
//! in the programme's part, where the days are, and are counted a moment later, in the figures' own rounds.

use std::collections::BTreeSet;

use lojal_core::kernel::{Calendar, Date, Instant, Money, Name, Part};

use super::daily::Days;
use super::following::{Stand, write_days};
use super::reading::{date_of, day_number};
use crate::platform::clock::instant;
use crate::platform::database::Database;
use crate::platform::directory::{Listed, directory_find_all};
use crate::platform::sql::{self, Connection, Outcome, Row, Statement, cells};

/// Rows that are counted together.
const PAGE: i64 = 500;
/// In no generation yet.
const NOT_COUNTED: i64 = -1;

/// An order of somebody who is no member, as it now stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuestOrder {
    /// The shop's own id of it.
    pub external_id: Name,
    pub placed_at: Instant,
    /// What was paid for what is kept; 0 counts as no order.
    pub kept: Money,
}

/// Takes orders as they now stand, all or none. None may be named twice.
pub async fn guest_orders_put(database: &Database, orders: &[GuestOrder]) -> Result<(), sql::Error> {
    let row = |order: &GuestOrder| {
        let placed_at = order.placed_at.as_microsecond();
        cells![Part::PROGRAMME.number(), order.external_id.as_str(), placed_at, order.kept.0, NOT_COUNTED]
    };
    let mut transaction = database.write_aside().await?;
    sql::insert_all(
        &mut transaction,
        "insert into guest_order (part, name, placed_at, amount, counted) values",
        "on conflict (part, name) do update set placed_at = excluded.placed_at, amount = excluded.amount,
         counted = excluded.counted",
        orders.iter().map(row).collect(),
    )
    .await?;
    transaction.commit().await
}

/// The order of a guest with this id.
pub async fn guest_order_find(
    connection: &mut Connection,
    external_id: &Name,
) -> Result<Option<GuestOrder>, sql::Error> {
    let sql = "select name, placed_at, amount from guest_order where part = ? and name = ?";
    let row = sql::row(connection, sql, cells![Part::PROGRAMME.number(), external_id.as_str()]).await?;
    row.as_ref().map(read).transpose()
}

fn read(row: &Row) -> Result<GuestOrder, sql::Error> {
    Ok(GuestOrder {
        external_id: Name::from(sql::column::<&str>(row, "name")?),
        placed_at: instant(sql::column(row, "placed_at")?),
        kept: Money(sql::column(row, "amount")?),
    })
}

/// A row that is not counted as it now stands.
struct Waiting {
    order: GuestOrder,
    day: Date,
    /// Where it was counted before, in this generation: the day, and how much.
    before: Option<(Date, i64)>,
}

/// Counts what has changed; `None` when another process came first.
pub(super) async fn guest_orders_count(
    database: &Database,
    calendar: &Calendar,
    now: Instant,
) -> Result<Option<usize>, sql::Error> {
    let mut counted = 0;
    loop {
        let mut connection = database.read().await?;
        let stand = Stand::read(&mut connection).await?;
        let mut waiting = waiting(&mut connection, stand.generation, calendar).await?;
        // Whoever joined with it may have been counted before the shop sent it as a guest's.
        let names: Vec<&str> = waiting.iter().filter(|row| row.order.kept.0 != 0).map(Waiting::name).collect();
        let of_members = directory_find_all(&mut connection, Listed::Order, &names).await?;
        let handed_over: Vec<Name> = of_members.into_keys().collect();
        drop(connection);
        if waiting.is_empty() {
            return Ok(Some(counted));
        }
        let mut transaction = database.write_aside().await?;
        if !stand.claim(&mut transaction, now).await? {
            transaction.rollback().await?;
            return Ok(None);
        }
        guest_orders_hand_over(&mut transaction, &handed_over).await?;
        waiting.retain(|row| !handed_over.contains(&row.order.external_id));
        let marks = waiting.iter().map(|row| row.mark(stand.generation)).collect();
        let marked = sql::run_all(&mut transaction, marks).await?;
        let mut days = Days::default();
        for (row, Outcome { touched, .. }) in waiting.iter().zip(marked) {
            // What the shop has changed since it was read waits for the next round.
            if touched == 1 {
                days.count_guest(row.day, row.before, row.order.kept.0);
            }
        }
        counted += waiting.len() + handed_over.len();
        write_days(&mut transaction, days).await?;
        transaction.commit().await?;
    }
}

async fn waiting(
    connection: &mut Connection,
    generation: i64,
    calendar: &Calendar,
) -> Result<Vec<Waiting>, sql::Error> {
    let mut rows = Vec::new();
    // Each goes along the index; together they would go through all rows.
    for other in ["counted < ?", "counted > ?"] {
        let sql = format!(
            "select name, placed_at, amount, counted_in, counted_day, counted_amount from guest_order
             where part = ? and {other} limit ?"
        );
        rows.extend(sql::rows(connection, &sql, cells![Part::PROGRAMME.number(), generation, PAGE]).await?);
    }
    let waiting = |row: &Row| {
        let order = read(row)?;
        let day = calendar.date(order.placed_at);
        let is_of_generation = sql::column::<Option<i64>>(row, "counted_in")? == Some(generation);
        let before = match sql::column::<Option<i64>>(row, "counted_day")? {
            Some(number) if is_of_generation => Some((date_of(number)?, sql::column(row, "counted_amount")?)),
            _ => None,
        };
        Ok(Waiting { order, day, before })
    };
    rows.iter().map(waiting).collect()
}

impl Waiting {
    fn name(&self) -> &str {
        &self.order.external_id
    }

    fn mark(&self, generation: i64) -> Statement {
        let sql = "update guest_order set counted = ?, counted_in = ?, counted_day = ?, counted_amount = ?
                   where part = ? and name = ? and placed_at = ? and amount = ?";
        let order = &self.order;
        let (name, placed_at) = (order.external_id.as_str(), order.placed_at.as_microsecond());
        let place = Part::PROGRAMME.number();
        Statement::plain(
            sql,
            cells![generation, generation, day_number(self.day), order.kept.0, place, name, placed_at, order.kept.0],
        )
    }
}

/// Which of these orders are kept as a guest's.
pub(super) async fn guest_orders_among(
    connection: &mut Connection,
    orders: BTreeSet<&Name>,
) -> Result<Vec<Name>, sql::Error> {
    let place = Part::PROGRAMME.number();
    let any = "select name from guest_order where part = ? limit 1";
    if orders.is_empty() || sql::row(connection, any, cells![place]).await?.is_none() {
        return Ok(Vec::new());
    }
    let keys = orders.into_iter().map(|order| cells![place, order.as_str()]).collect();
    let rows =
        sql::look_up(connection, "select name from guest_order where amount <> 0 and (part, name) in", keys).await?;
    rows.iter().map(|row| Ok(Name::from(sql::column::<&str>(row, "name")?))).collect()
}

/// Takes orders out that have become a member's.
pub(super) async fn guest_orders_hand_over(connection: &mut Connection, orders: &[Name]) -> Result<(), sql::Error> {
    let sql = "update guest_order set amount = 0, counted = ? where part = ? and name = ?";
    let place = Part::PROGRAMME.number();
    let statement = |order: &Name| Statement::plain(sql, cells![NOT_COUNTED, place, order.as_str()]);
    sql::run_all(connection, orders.iter().map(statement).collect()).await?;
    Ok(())
}
