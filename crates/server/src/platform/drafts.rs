//! The draft of the next programme version: one text, on which staff work in turn.

use lojal_core::kernel::Part;

use super::sql::{self, Connection, cells, damaged};

const SETTING: &str = "programme_draft";

/// The draft, if there is one.
pub async fn draft_find(connection: &mut Connection) -> Result<Option<String>, sql::Error> {
    let sql = "select value from setting where part = ? and name = ?";
    let row = sql::row(connection, sql, cells![Part::PROGRAMME.number(), SETTING]).await?;
    let Some(row) = row else { return Ok(None) };
    let text: Vec<u8> = sql::column(&row, "value")?;
    String::from_utf8(text).map(Some).map_err(|_| damaged("the draft of the programme is no text"))
}

/// Keeps the draft, or takes it away.
pub async fn draft_set(connection: &mut Connection, draft: Option<&str>) -> Result<(), sql::Error> {
    let sql = "delete from setting where part = ? and name = ?";
    sql::execute(connection, sql, cells![Part::PROGRAMME.number(), SETTING]).await?;
    if let Some(draft) = draft {
        let sql = "insert into setting (part, name, value) values (?, ?, ?)";
        let cells = cells![Part::PROGRAMME.number(), SETTING, draft.as_bytes().to_vec()];
        sql::execute(connection, sql, cells).await?;
    }
    Ok(())
}
