//! Which transaction last wrote the record of a redemption.

use lojal_core::kernel::{Id, TransactionId};

use crate::platform::sql::{self, Connection, cells, damaged};

pub async fn redemption_latest(
    connection: &mut Connection,
    redemption: TransactionId,
) -> Result<Option<TransactionId>, sqlx::Error> {
    let sql = "select journal_id from natural_key where part = ? and kind = 'redemption' and id = ?";
    let row = sql::row(connection, sql, cells![redemption.part().number(), redemption.to_string()]).await?;
    let Some(row) = row else { return Ok(None) };
    let number: i64 = sql::column(&row, "journal_id")?;
    let id = Id::from_number(number).ok_or_else(|| damaged(format!("{number} is no id")))?;
    Ok(Some(TransactionId(id)))
}
