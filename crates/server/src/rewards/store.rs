//! What is left of the things that all members share, for those who only look.

use lojal_core::kernel::{Name, Part};

use crate::platform::sql::{self, Connection, cells};

/// How much of a shared quantity is left in all parts together.
pub async fn quantity_remaining(connection: &mut Connection, quantity: &Name) -> Result<i64, sql::Error> {
    let head = "select remaining from shared_quantity where (part, name) in";
    let keys = Part::all().map(|part| cells![part.number(), quantity.as_str()]).collect();
    let mut remaining: i64 = 0;
    for row in sql::look_up(connection, head, keys).await? {
        remaining = remaining.saturating_add(sql::column(&row, "remaining")?);
    }
    Ok(remaining)
}

/// Free codes of a pool, at most `limit`.
pub async fn pool_codes_free(connection: &mut Connection, pool: &Name, limit: usize) -> Result<Vec<Name>, sql::Error> {
    let mut codes = Vec::new();
    for part in Part::all() {
        if codes.len() >= limit {
            break;
        }
        let sql = "select code from pool_code where part = ? and pool = ? and taken_by is null limit ?";
        for row in sql::rows(connection, sql, cells![part.number(), pool.as_str(), limit as i64]).await? {
            codes.push(Name::from(sql::column::<&str>(&row, "code")?));
        }
    }
    codes.truncate(limit);
    Ok(codes)
}
