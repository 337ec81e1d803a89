//! The schema's versions. Each is a folder under `migrations/`, built into the binary.

use sqlx::sqlite::SqlitePool;

use super::clock::Clock;
use super::sql::{self, Connection, cells};

struct Migration {
    number: i64,
    name: &'static str,
    sqlite: &'static str,
}

const MIGRATIONS: &[Migration] =
    &[Migration { number: 1, name: "ledger", sqlite: include_str!("../../migrations/0001_ledger/sqlite.sql") }];

#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    #[error(
        "the data was written by a newer Lojal: its schema is version {found}, this release knows up to {known}. \
         Use the newer release"
    )]
    Newer { found: i64, known: i64 },
    #[error("migration {number} ({name}) is not the one that was applied to this data")]
    Altered { number: i64, name: String },
    #[error("migration {number} failed: {cause}")]
    Failed { number: i64, cause: sqlx::Error },
    #[error("the schema's version cannot be read: {0}")]
    Storage(#[from] sqlx::Error),
}

/// Applies what is missing, under the write lock, so that two processes can start at once.
pub(super) async fn run(pool: &SqlitePool) -> Result<(), MigrationError> {
    let mut transaction = pool.begin_with("begin immediate").await?;
    let connection: &mut Connection = &mut transaction;
    sqlx::raw_sql(
        "create table if not exists schema_migration (
            number integer not null primary key,
            name text not null,
            checksum blob not null,
            applied_at integer not null
        )",
    )
    .execute(&mut *connection)
    .await?;
    let applied = sql::rows(connection, "select number, name, checksum from schema_migration order by number", vec![])
        .await?
        .iter()
        .map(|row| Ok((sql::column(row, "number")?, sql::column(row, "name")?, sql::column_of_32(row, "checksum")?)))
        .collect::<Result<Vec<(i64, String, [u8; 32])>, sqlx::Error>>()?;
    let known = MIGRATIONS.iter().map(|migration| migration.number).max().unwrap_or(0);
    for (number, name, checksum) in &applied {
        let Some(migration) = MIGRATIONS.iter().find(|migration| migration.number == *number) else {
            return Err(MigrationError::Newer { found: *number, known });
        };
        if *checksum != migration.checksum() {
            return Err(MigrationError::Altered { number: *number, name: name.clone() });
        }
    }
    for migration in
        MIGRATIONS.iter().filter(|migration| applied.iter().all(|(number, ..)| *number != migration.number))
    {
        migration
            .apply(connection)
            .await
            .map_err(|cause| MigrationError::Failed { number: migration.number, cause })?;
    }
    transaction.commit().await?;
    Ok(())
}

impl Migration {
    fn checksum(&self) -> [u8; 32] {
        *blake3::hash(self.sqlite.as_bytes()).as_bytes()
    }

    async fn apply(&self, connection: &mut Connection) -> Result<(), sqlx::Error> {
        sqlx::raw_sql(self.sqlite).execute(&mut *connection).await?;
        let now = Clock::system().now().as_microsecond();
        sql::execute(
            connection,
            "insert into schema_migration (number, name, checksum, applied_at) values (?, ?, ?, ?)",
            cells![self.number, self.name, self.checksum(), now],
        )
        .await?;
        Ok(())
    }
}
