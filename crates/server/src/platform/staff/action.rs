//! What staff did: written with the thing itself, and never changed.

use lojal_core::kernel::{Instant, Part};

use crate::platform::clock::instant;
use crate::platform::sql::{self, Connection, Row, cells};

/// One thing that somebody did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// Grows with time.
    pub id: i64,
    pub staff: i64,
    pub acted_at: Instant,
    /// What kind of thing, in a word: `signed_in`, `role_changed`.
    pub action: String,
    /// To what: an id of the house; never a name or an address.
    pub subject: String,
    /// In which way, in a word or a number.
    pub detail: String,
}

impl Action {
    fn read(row: &Row) -> Result<Action, sql::Error> {
        Ok(Action {
            id: sql::column(row, "id")?,
            staff: sql::column(row, "staff")?,
            acted_at: instant(sql::column(row, "acted_at")?),
            action: sql::column(row, "action")?,
            subject: sql::column(row, "subject")?,
            detail: sql::column(row, "detail")?,
        })
    }
}

pub async fn action_note(connection: &mut Connection, action: &Action) -> Result<(), sql::Error> {
    let sql =
        "insert into staff_action (part, id, staff, acted_at, action, subject, detail) values (?, ?, ?, ?, ?, ?, ?)";
    let cells = cells![
        Part::PROGRAMME.number(),
        action.id,
        action.staff,
        action.acted_at.as_microsecond(),
        action.action.as_str(),
        action.subject.as_str(),
        action.detail.as_str(),
    ];
    sql::execute(connection, sql, cells).await?;
    Ok(())
}

/// The latest first, before the one with this id.
pub async fn action_list(
    connection: &mut Connection,
    before: Option<i64>,
    limit: usize,
) -> Result<Vec<Action>, sql::Error> {
    let sql = "select id, staff, acted_at, action, subject, detail from staff_action \
               where part = ? and id < ? order by id desc limit ?";
    let cells = cells![Part::PROGRAMME.number(), before.unwrap_or(i64::MAX), limit as i64];
    sql::rows(connection, sql, cells).await?.iter().map(Action::read).collect()
}
