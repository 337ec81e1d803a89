//! What the shop sells to people who are no members: counted beside the members' orders, and nothing else.

pub mod api;

use std::collections::BTreeSet;

use lojal_core::kernel::Name;

use crate::platform::database::Database;
use crate::platform::directory::{Listed, directory_find_all};
use crate::platform::figures::{GuestOrder, guest_orders_put};
use crate::platform::sql;

/// Orders that are taken together.
const TOGETHER: usize = 500;

/// Takes orders as they stand in a shop's export, each named once; those of members are left as they are. Answers
/// which these are.
pub async fn take(database: &Database, orders: &[&GuestOrder]) -> Result<BTreeSet<Name>, sql::Error> {
    let mut of_members = BTreeSet::new();
    for orders in orders.chunks(TOGETHER) {
        let names: Vec<&str> = orders.iter().map(|order| order.external_id.as_str()).collect();
        let known = directory_find_all(&mut *database.snapshot().await?, Listed::Order, &names).await?;
        let guests = orders.iter().filter(|order| !known.contains_key(&order.external_id));
        let guests: Vec<GuestOrder> = guests.map(|order| (*order).clone()).collect();
        guest_orders_put(database, &guests).await?;
        of_members.extend(known.into_keys());
    }
    Ok(of_members)
}
