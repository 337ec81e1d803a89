//! Which transactions last wrote the records of redemptions.

use std::collections::HashMap;

use lojal_core::kernel::TransactionId;

use crate::platform::journal::transaction_id;
use crate::platform::sql::{self, Connection, cells, damaged};

pub async fn redemption_latest(
    connection: &mut Connection,
    redemption: TransactionId,
) -> Result<Option<TransactionId>, sql::Error> {
    Ok(redemptions_latest(connection, [redemption]).await?.remove(&redemption))
}

pub async fn redemptions_latest(
    connection: &mut Connection,
    redemptions: impl IntoIterator<Item = TransactionId>,
) -> Result<HashMap<TransactionId, TransactionId>, sql::Error> {
    let select = "select id, journal_id from natural_key where";
    let key = |redemption: TransactionId| cells![redemption.part().number(), "redemption", redemption.to_string()];
    let keys: Vec<_> = redemptions.into_iter().map(key).collect();
    let rows = sql::by_name(connection, select, "part, kind, id", keys).await?;
    let read = |row: &sql::Row| {
        let redemption: &str = sql::column(row, "id")?;
        let redemption = redemption.parse().map_err(damaged)?;
        Ok((redemption, transaction_id(sql::column(row, "journal_id")?)?))
    };
    rows.iter().map(read).collect()
}
