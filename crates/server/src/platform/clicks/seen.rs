//! What a shop says that whoever clicked was seen with. It stays with the visitor whom the shop names and the click, as keyed
//! hashes, until it is known who that was: somebody else who followed the same link was not there.

use std::collections::{BTreeMap, BTreeSet};

use lojal_core::kernel::{ClickId, Instant};
use lojal_fraud::identifier::Clear;
use lojal_fraud::identifier::Mark as Identifier;

use super::{Click, Mark};
use crate::platform::application::Application;
use crate::platform::fraud::{marks, normalising_of, read_mark};
use crate::platform::journal::id;
use crate::platform::sql::{self, Connection, Statement, cells};

/// What was noted of some visitors, by the click.
pub async fn encountered_identifiers(
    connection: &mut Connection,
    visitors: &BTreeSet<Mark>,
) -> Result<BTreeMap<ClickId, Vec<Identifier>>, sql::Error> {
    let head = "select click, kind, mark from click_identifier where (part, visitor) in";
    let keys = visitors.iter().map(|visitor| cells![visitor.part().number(), visitor.bytes().to_vec()]).collect();
    let mut seen: BTreeMap<ClickId, Vec<Identifier>> = BTreeMap::new();
    for row in &sql::look_up(connection, head, keys).await? {
        let click = ClickId(id(sql::column(row, "click")?)?);
        seen.entry(click).or_default().push(read_mark(row)?);
    }
    Ok(seen)
}

/// Forgets what was noted of a visitor until a moment.
pub(super) fn erase(visitor: Mark, until: Instant) -> Statement {
    let sql = "delete from click_identifier where part = ? and visitor = ? and clicked_at <= ?";
    Statement::plain(sql, cells![visitor.part().number(), visitor.bytes().to_vec(), until.as_microsecond()])
}

impl Application {
    /// Notes with what a visitor clicked, where recommendations are checked at all.
    pub async fn watch_click_if_checked(
        &self,
        connection: &mut Connection,
        visitor: Mark,
        click: &Click,
        seen: &Clear<'_>,
    ) -> Result<(), sql::Error> {
        let Some(settings) = self.fraud_settings() else { return Ok(()) };
        let row = |mark: Identifier| {
            let (part, kind) = (visitor.part().number(), i64::from(mark.kind.tag()));
            let (visitor, hash) = (visitor.bytes().to_vec(), mark.hash.to_vec());
            cells![part, visitor, click.id.number(), kind, hash, click.clicked_at]
        };
        let rows = marks(&self.vault, seen, &normalising_of(&settings)).into_iter().map(row).collect();
        let head = "insert into click_identifier (part, visitor, click, kind, mark, clicked_at) values";
        sql::insert_all(connection, head, "on conflict (part, visitor, click, kind, mark) do nothing", rows).await?;
        Ok(())
    }
}
