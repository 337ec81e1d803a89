//! What members accepted: of members and versions that there are.

use super::Auditor;
use crate::platform::sql::{self, Connection};

impl Auditor {
    pub(super) async fn check_acceptances(&mut self, connection: &mut Connection) -> Result<(), sql::Error> {
        let sql = "select count(*) as found from terms_acceptance a
                   where not exists (select 1 from member m where m.part = a.part and m.id = a.member)";
        for row in sql::rows(connection, sql, vec![]).await? {
            let found: i64 = sql::column(&row, "found")?;
            if found > 0 {
                self.note(None, None, format!("{found} acceptances of the terms are of no member"));
            }
        }
        let sql = "select version, count(*) as found from terms_acceptance group by version order by version";
        for row in sql::rows(connection, sql, vec![]).await? {
            let (version, found): (i64, i64) = (sql::column(&row, "version")?, sql::column(&row, "found")?);
            if u32::try_from(version).ok().and_then(|version| self.rulebook.version(version)).is_none() {
                self.note(
                    None,
                    None,
                    format!("{found} acceptances of the terms are of version {version}, which is none"),
                );
            }
        }
        Ok(())
    }
}
