//! What one person gives or takes alone, summed up for a member and a day: many small adjustments are as good as a
//! large one, which somebody else has to confirm.

use lojal_core::kernel::{Date, MemberId, Part};

use crate::platform::sql::{self, Connection, cells};

/// An adjustment that somebody is about to make alone.
pub struct Share<'a> {
    /// The form by which it is asked for: it counts once.
    pub form: &'a str,
    pub staff: i64,
    pub member: MemberId,
    pub day: Date,
    /// In whole units.
    pub size: i64,
}

/// Notes it, and forgets those of earlier days. Answers whether it is new.
pub async fn share_insert(connection: &mut Connection, share: &Share<'_>) -> Result<bool, sql::Error> {
    let part = Part::PROGRAMME.number();
    let (day, member) = (share.day.to_string(), share.member.number());
    let sql = "delete from adjustment_share where part = ? and day < ?";
    sql::execute(connection, sql, cells![part, day.as_str()]).await?;
    let sql = "insert into adjustment_share (part, form, staff, member, day, size) values (?, ?, ?, ?, ?, ?)
               on conflict (part, form) do nothing";
    let cells = cells![part, share.form, share.staff, member, day.as_str(), share.size];
    Ok(sql::execute(connection, sql, cells).await? > 0)
}

/// Takes it back: it was not made.
pub async fn share_delete(connection: &mut Connection, share: &Share<'_>) -> Result<(), sql::Error> {
    let sql = "delete from adjustment_share where part = ? and form = ?";
    sql::execute(connection, sql, cells![Part::PROGRAMME.number(), share.form]).await?;
    Ok(())
}

/// All that this person has noted for the member and the day, in whole units. Asked after the note is there for
/// everybody to see, so that of two at once at least one knows of both.
pub async fn share_sum(connection: &mut Connection, share: &Share<'_>) -> Result<i64, sql::Error> {
    let sql = "select size from adjustment_share where part = ? and staff = ? and member = ? and day = ?";
    let day = share.day.to_string();
    let cells = cells![Part::PROGRAMME.number(), share.staff, share.member.number(), day.as_str()];
    let sizes = sql::rows(connection, sql, cells).await?;
    let sizes = sizes.iter().map(|row| sql::column::<i64>(row, "size")).collect::<Result<Vec<_>, _>>()?;
    Ok(sizes.into_iter().fold(0, i64::saturating_add))
}
