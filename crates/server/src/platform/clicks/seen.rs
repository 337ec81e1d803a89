//! What a shop says that whoever clicked was seen with. It stays with the click, as keyed hashes, until it is known who that
//! was.

use lojal_core::kernel::{ClickId, Instant};
use lojal_fraud::identifier::{Clear, Mark};

use super::Click;
use crate::platform::application::Application;
use crate::platform::fraud::{marks, normalising_of, read_mark};
use crate::platform::sql::{self, Connection, Statement, cells};

/// What was noted of a click.
pub async fn click_identifiers(connection: &mut Connection, click: ClickId) -> Result<Vec<Mark>, sql::Error> {
    let sql = "select kind, mark from click_identifier where part = ? and click = ?";
    let rows = sql::rows(connection, sql, cells![click.part().number(), click.number()]).await?;
    rows.iter().map(read_mark).collect()
}

/// Forgets what was noted of a click.
pub(super) fn erase(click: ClickId) -> Statement {
    let sql = "delete from click_identifier where part = ? and click = ?";
    Statement::plain(sql, cells![click.part().number(), click.number()])
}

/// Forgets what was noted of clicks of one part from before a moment.
pub(super) fn forget(part: i64, before: Instant) -> Statement {
    let sql = "delete from click_identifier where part = ? and clicked_at < ?";
    Statement::plain(sql, cells![part, before.as_microsecond()])
}

impl Application {
    /// Notes with what somebody clicked, where recommendations are checked at all.
    pub async fn watch_click_if_checked(
        &self,
        connection: &mut Connection,
        click: &Click,
        seen: &Clear<'_>,
    ) -> Result<(), sql::Error> {
        let Some(settings) = self.fraud_settings() else { return Ok(()) };
        let row = |mark: Mark| {
            let kind = i64::from(mark.kind.tag());
            cells![click.id.part().number(), click.id.number(), kind, mark.hash.to_vec(), click.clicked_at]
        };
        let rows = marks(&self.vault, seen, &normalising_of(&settings)).into_iter().map(row).collect();
        let head = "insert into click_identifier (part, click, kind, mark, clicked_at) values";
        sql::insert_all(connection, head, "on conflict (part, click, kind, mark) do nothing", rows).await?;
        Ok(())
    }
}
