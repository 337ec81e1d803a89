//! Imported voucher codes. A code is kept for ever, so that no list can be imported twice.

use lojal_core::kernel::{Name, Part};

use super::sql::{self, Connection, cells};

/// What is in a pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoolCount {
    pub pool: Name,
    pub free: i64,
    pub taken: i64,
}

/// Adds codes to a pool, but for those that some pool has already, spread over the parts by the hash of the code. Answers how many were new.
pub async fn pool_import(connection: &mut Connection, pool: &Name, codes: &[Name]) -> Result<u64, sql::Error> {
    let row = |code: &Name| cells![Part::of("code", code).number(), code.as_str(), pool.as_str()];
    sql::insert_all(
        connection,
        "insert into pool_code (part, code, pool) values",
        "on conflict (part, code) do nothing",
        codes.iter().map(row).collect(),
    )
    .await
}

/// All pools by name.
pub async fn pool_list(connection: &mut Connection) -> Result<Vec<PoolCount>, sql::Error> {
    let sql = "select pool, count(*) - count(taken_by) as free, count(taken_by) as taken from pool_code
               group by pool order by pool";
    let rows = sql::rows(connection, sql, vec![]).await?;
    let read = |row| {
        Ok(PoolCount {
            pool: Name::from(sql::column::<&str>(row, "pool")?),
            free: sql::column(row, "free")?,
            taken: sql::column(row, "taken")?,
        })
    };
    rows.iter().map(read).collect()
}
