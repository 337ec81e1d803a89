//! The schema's versions. Each is a file under `migrations/`, built into the binary, and put into
//! the words of the database at hand.

use super::clock::Clock;
use super::sql::{self, Connection, Dialect, Store, cells};

/// One step of the schema's history.
#[derive(Clone, Copy, Debug)]
struct Migration {
    number: i64,
    name: &'static str,
    /// In the words that [`Dialect::migration`](sql::Dialect::migration) knows.
    text: &'static str,
    /// Views for analysts, which each database has in its own words.
    sqlite_views: &'static str,
    postgres_views: &'static str,
}

const MIGRATIONS: &[Migration] = &[
    Migration {
        number: 1,
        name: "ledger",
        text: include_str!("../../migrations/0001_ledger/schema.sql"),
        sqlite_views: include_str!("../../migrations/0001_ledger/views.sqlite.sql"),
        postgres_views: include_str!("../../migrations/0001_ledger/views.postgres.sql"),
    },
    Migration {
        number: 2,
        name: "effective",
        text: include_str!("../../migrations/0002_effective/schema.sql"),
        sqlite_views: include_str!("../../migrations/0002_effective/views.sqlite.sql"),
        postgres_views: include_str!("../../migrations/0002_effective/views.postgres.sql"),
    },
    Migration {
        number: 3,
        name: "acceptances",
        text: include_str!("../../migrations/0003_acceptances/schema.sql"),
        sqlite_views: include_str!("../../migrations/0003_acceptances/views.sqlite.sql"),
        postgres_views: include_str!("../../migrations/0003_acceptances/views.postgres.sql"),
    },
    Migration {
        number: 4,
        name: "staff",
        text: include_str!("../../migrations/0004_staff/schema.sql"),
        sqlite_views: include_str!("../../migrations/0004_staff/views.sqlite.sql"),
        postgres_views: include_str!("../../migrations/0004_staff/views.postgres.sql"),
    },
    Migration {
        number: 5,
        name: "member_search",
        text: include_str!("../../migrations/0005_member_search/schema.sql"),
        sqlite_views: include_str!("../../migrations/0005_member_search/views.sqlite.sql"),
        postgres_views: include_str!("../../migrations/0005_member_search/views.postgres.sql"),
    },
    Migration {
        number: 6,
        name: "figures",
        text: include_str!("../../migrations/0006_figures/schema.sql"),
        sqlite_views: include_str!("../../migrations/0006_figures/views.sqlite.sql"),
        postgres_views: include_str!("../../migrations/0006_figures/views.postgres.sql"),
    },
    Migration {
        number: 7,
        name: "portal",
        text: include_str!("../../migrations/0007_portal/schema.sql"),
        sqlite_views: include_str!("../../migrations/0007_portal/views.sqlite.sql"),
        postgres_views: include_str!("../../migrations/0007_portal/views.postgres.sql"),
    },
    Migration {
        number: 8,
        name: "planning",
        text: include_str!("../../migrations/0008_planning/schema.sql"),
        sqlite_views: include_str!("../../migrations/0008_planning/views.sqlite.sql"),
        postgres_views: include_str!("../../migrations/0008_planning/views.postgres.sql"),
    },
    Migration {
        number: 9,
        name: "webhooks",
        text: include_str!("../../migrations/0009_webhooks/schema.sql"),
        sqlite_views: include_str!("../../migrations/0009_webhooks/views.sqlite.sql"),
        postgres_views: include_str!("../../migrations/0009_webhooks/views.postgres.sql"),
    },
    Migration {
        number: 10,
        name: "entrance",
        text: include_str!("../../migrations/0010_entrance/schema.sql"),
        sqlite_views: include_str!("../../migrations/0010_entrance/views.sqlite.sql"),
        postgres_views: include_str!("../../migrations/0010_entrance/views.postgres.sql"),
    },
    Migration {
        number: 11,
        name: "appearance",
        text: include_str!("../../migrations/0011_appearance/schema.sql"),
        sqlite_views: include_str!("../../migrations/0011_appearance/views.sqlite.sql"),
        postgres_views: include_str!("../../migrations/0011_appearance/views.postgres.sql"),
    },
    Migration {
        number: 12,
        name: "cards",
        text: include_str!("../../migrations/0012_cards/schema.sql"),
        sqlite_views: include_str!("../../migrations/0012_cards/views.sqlite.sql"),
        postgres_views: include_str!("../../migrations/0012_cards/views.postgres.sql"),
    },
    Migration {
        number: 13,
        name: "guests",
        text: include_str!("../../migrations/0013_guests/schema.sql"),
        sqlite_views: include_str!("../../migrations/0013_guests/views.sqlite.sql"),
        postgres_views: include_str!("../../migrations/0013_guests/views.postgres.sql"),
    },
    Migration {
        number: 14,
        name: "tasks",
        text: include_str!("../../migrations/0014_tasks/schema.sql"),
        sqlite_views: include_str!("../../migrations/0014_tasks/views.sqlite.sql"),
        postgres_views: include_str!("../../migrations/0014_tasks/views.postgres.sql"),
    },
    Migration {
        number: 15,
        name: "merging",
        text: include_str!("../../migrations/0015_merging/schema.sql"),
        sqlite_views: include_str!("../../migrations/0015_merging/views.sqlite.sql"),
        postgres_views: include_str!("../../migrations/0015_merging/views.postgres.sql"),
    },
    Migration {
        number: 16,
        name: "merge_requests",
        text: include_str!("../../migrations/0016_merge_requests/schema.sql"),
        sqlite_views: include_str!("../../migrations/0016_merge_requests/views.sqlite.sql"),
        postgres_views: include_str!("../../migrations/0016_merge_requests/views.postgres.sql"),
    },
    Migration {
        number: 17,
        name: "referral_links",
        text: include_str!("../../migrations/0017_referral_links/schema.sql"),
        sqlite_views: include_str!("../../migrations/0017_referral_links/views.sqlite.sql"),
        postgres_views: include_str!("../../migrations/0017_referral_links/views.postgres.sql"),
    },
    Migration {
        number: 18,
        name: "fraud",
        text: include_str!("../../migrations/0018_fraud/schema.sql"),
        sqlite_views: include_str!("../../migrations/0018_fraud/views.sqlite.sql"),
        postgres_views: include_str!("../../migrations/0018_fraud/views.postgres.sql"),
    },
    Migration {
        number: 19,
        name: "recommending",
        text: include_str!("../../migrations/0019_recommending/schema.sql"),
        sqlite_views: include_str!("../../migrations/0019_recommending/views.sqlite.sql"),
        postgres_views: include_str!("../../migrations/0019_recommending/views.postgres.sql"),
    },
    Migration {
        number: 20,
        name: "leaderboard",
        text: include_str!("../../migrations/0020_leaderboard/schema.sql"),
        sqlite_views: include_str!("../../migrations/0020_leaderboard/views.sqlite.sql"),
        postgres_views: include_str!("../../migrations/0020_leaderboard/views.postgres.sql"),
    },
    Migration {
        number: 21,
        name: "verification",
        text: include_str!("../../migrations/0021_verification/schema.sql"),
        sqlite_views: include_str!("../../migrations/0021_verification/views.sqlite.sql"),
        postgres_views: include_str!("../../migrations/0021_verification/views.postgres.sql"),
    },
    Migration {
        number: 22,
        name: "referral_claims",
        text: include_str!("../../migrations/0022_referral_claims/schema.sql"),
        sqlite_views: include_str!("../../migrations/0022_referral_claims/views.sqlite.sql"),
        postgres_views: include_str!("../../migrations/0022_referral_claims/views.postgres.sql"),
    },
    Migration {
        number: 23,
        name: "guard",
        text: include_str!("../../migrations/0023_guard/schema.sql"),
        sqlite_views: include_str!("../../migrations/0023_guard/views.sqlite.sql"),
        postgres_views: include_str!("../../migrations/0023_guard/views.postgres.sql"),
    },
    Migration {
        number: 24,
        name: "requests",
        text: include_str!("../../migrations/0024_requests/schema.sql"),
        sqlite_views: include_str!("../../migrations/0024_requests/views.sqlite.sql"),
        postgres_views: include_str!("../../migrations/0024_requests/views.postgres.sql"),
    },
];

/// One row, which whoever migrates locks: of two processes that start at once, one waits.
const LOCK: &str = "update schema_lock set taken = taken + 1 where part = 0";

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
    Failed { number: i64, cause: sql::Error },
    #[error("the schema's version cannot be read: {0}")]
    Storage(#[from] sql::Error),
}

/// Whether anything has ever been applied.
pub(super) async fn has_begun(store: &Store) -> Result<bool, sql::Error> {
    let sql = match store.dialect() {
        Dialect::Sqlite => "select name from sqlite_master where name = 'schema_migration'",
        Dialect::Postgres | Dialect::Distributed => {
            "select 'schema_migration' as name where to_regclass('schema_migration') is not null"
        }
    };
    Ok(sql::row(&mut *store.read().await?, sql, vec![]).await?.is_some())
}

/// Applies what is missing, in one transaction under a lock: what is stopped half-way has not begun.
pub(super) async fn run(store: &Store) -> Result<(), MigrationError> {
    run_up_to(store, i64::MAX).await
}

/// As [`run`], up to the step with this number.
async fn run_up_to(store: &Store, last: i64) -> Result<(), MigrationError> {
    make_tables(store).await?;
    let (mut transaction, _) = store.write(vec![]).await?;
    sql::execute(&mut transaction, LOCK, vec![]).await?;
    let applied =
        sql::rows(&mut transaction, "select number, name, checksum from schema_migration order by number", vec![])
            .await?
            .iter()
            .map(|row| {
                Ok((sql::column(row, "number")?, sql::column(row, "name")?, sql::column_of_32(row, "checksum")?))
            })
            .collect::<Result<Vec<(i64, String, [u8; 32])>, sql::Error>>()?;
    let known = MIGRATIONS.iter().map(|migration| migration.number).max().unwrap_or(0);
    for (number, name, checksum) in &applied {
        let Some(migration) = MIGRATIONS.iter().find(|migration| migration.number == *number) else {
            return Err(MigrationError::Newer { found: *number, known });
        };
        if *checksum != migration.checksum() {
            return Err(MigrationError::Altered { number: *number, name: name.clone() });
        }
    }
    let missing = MIGRATIONS.iter().filter(|migration| applied.iter().all(|(number, ..)| *number != migration.number));
    for migration in missing.filter(|migration| migration.number <= last) {
        migration
            .apply(&mut transaction)
            .await
            .map_err(|cause| MigrationError::Failed { number: migration.number, cause })?;
    }
    transaction.commit().await?;
    Ok(())
}

/// What has to be there before anything can be locked or looked up. Two processes that make it at
/// once may be in each other's way; then what one of them made is there at the next look.
async fn make_tables(store: &Store) -> Result<(), sql::Error> {
    const ATTEMPTS: usize = 5;
    let text = "create table if not exists schema_migration (
                    number bigint not null primary key, name text not null, checksum bytes not null,
                    applied_at bigint not null
                );
                create table if not exists schema_lock (part bigint not null primary key, taken bigint not null);
                insert into schema_lock (part, taken) values (0, 0) on conflict (part) do nothing;";
    let dialect = store.dialect();
    let mut attempt = 1;
    loop {
        let made = async {
            let (mut transaction, _) = store.write(vec![]).await?;
            sql::script(&mut transaction, &dialect.migration(text)).await?;
            for statement in dialect.spreading(text) {
                sql::script(&mut transaction, &statement).await?;
            }
            transaction.commit().await
        };
        match made.await {
            Err(_) if attempt < ATTEMPTS => attempt += 1,
            made => return made,
        }
    }
}

impl Migration {
    /// Over the files themselves: the same on every database.
    fn checksum(&self) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new();
        for text in [self.text, self.sqlite_views, self.postgres_views] {
            hasher.update(text.as_bytes());
        }
        *hasher.finalize().as_bytes()
    }

    async fn apply(&self, connection: &mut Connection) -> Result<(), sql::Error> {
        let text = connection.dialect().migration(self.text);
        sql::script(connection, &text).await?;
        for statement in connection.dialect().spreading(self.text) {
            sql::script(connection, &statement).await?;
        }
        let views = match connection.dialect() {
            Dialect::Sqlite => self.sqlite_views,
            Dialect::Postgres | Dialect::Distributed => self.postgres_views,
        };
        sql::script(connection, views).await?;
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
