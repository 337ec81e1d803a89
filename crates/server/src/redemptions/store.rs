//! Which transaction last wrote the record of a redemption.

use lojal_core::kernel::{Id, TransactionId};

use crate::platform::sql::{self, Connection, cells, damaged};

pub async fn redemption_latest(
    connection: &mut Connection,
    redemption: TransactionId,
) -> Result<Option<TransactionId>, sql::Error> {
    let select = "select journal_id from natural_key where";
    let key = cells![redemption.part().number(), "redemption", redemption.to_string()];
    let rows = sql::by_name(connection, select, "part, kind, id", [key]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let number: i64 = sql::column(row, "journal_id")?;
    let id = Id::from_number(number).ok_or_else(|| damaged(format!("{number} is no id")))?;
    Ok(Some(TransactionId(id)))
}
