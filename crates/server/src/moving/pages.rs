//! A table, page by page, in the order of its key.

use super::tables::{Kind, Table};
use crate::platform::sql::{self, Cell, Connection, Row};

/// Where a page ended.
pub(super) type Place = Vec<Cell>;

/// At most `limit` rows after a place, and where they end; nothing when there are none.
pub(super) async fn page(
    connection: &mut Connection,
    table: &Table,
    after: Option<Place>,
    limit: usize,
) -> Result<Option<(Vec<Row>, Place)>, sql::Error> {
    let order = table.order(connection.dialect());
    let (columns, name) = (table.column_list(), table.name);
    let keys = order.iter().map(|(column, _)| *column).collect::<Vec<_>>().join(", ");
    let marks = vec!["?"; order.len()].join(", ");
    let condition = if after.is_some() { format!("where ({keys}) > ({marks})") } else { String::new() };
    let sql = format!("select {columns} from {name} {condition} order by {keys} limit {limit}");
    let rows = sql::rows(connection, &sql, after.unwrap_or_default()).await?;
    let Some(last) = rows.last() else { return Ok(None) };
    let place = cells(last, order)?;
    Ok(Some((rows, place)))
}

/// The values of some columns of a row.
pub(super) fn cells(row: &Row, columns: &[(&str, Kind)]) -> Result<Vec<Cell>, sql::Error> {
    let cell = |(column, kind): &(&str, Kind)| {
        Ok(match kind {
            Kind::Number => sql::column::<Option<i64>>(row, column)?.into(),
            Kind::Text => sql::column::<Option<String>>(row, column)?.into(),
            Kind::Bytes => sql::column::<Vec<u8>>(row, column)?.into(),
        })
    };
    columns.iter().map(cell).collect()
}
