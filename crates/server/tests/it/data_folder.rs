//! Opening, migrating and refusing data folders.

use lojal_server::platform::clock::Clock;
use lojal_server::platform::database::{Database, OpenError};
use lojal_server::platform::migrations::MigrationError;
use lojal_server::platform::sql::Dialect;
use lojal_server::platform::{application::Application, identity, sql};

use crate::shop::{Shop, place};

#[tokio::test]
async fn a_folder_is_made_and_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/data");
    for _ in 0..2 {
        let application = Application::open(place(&path), Clock::system()).await.unwrap();
        application.close().await;
    }
    let key = std::fs::metadata(path.join(identity::KEY_FILE)).unwrap();
    assert_eq!(key.len(), 32);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(key.permissions().mode() & 0o777, 0o600);
    }
}

#[tokio::test]
async fn a_missing_folder_is_not_made_by_reading() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("nothing");
    let opened = Application::open_existing(&path, Clock::system()).await;
    assert!(matches!(opened, Err(OpenError::Missing { .. })));
    assert!(!path.exists());
}

#[tokio::test]
async fn a_newer_or_altered_schema_is_refused() {
    let shop = Shop::open().await;
    let (database, folder) = (&shop.application.database, &shop.folder);
    let change = async |sql: &str| {
        let mut transaction = database.write().await.unwrap();
        sql::execute(&mut transaction, sql, vec![]).await.unwrap();
        transaction.commit().await.unwrap();
    };
    change("insert into schema_migration select 99, 'later', checksum, 0 from schema_migration where number = 1").await;
    match Database::open(&place(folder.path())).await {
        Err(OpenError::Migration(MigrationError::Newer { found: 99, .. })) => {}
        other => panic!("{other:?}"),
    }
    change("delete from schema_migration where number = 99").await;
    change("update schema_migration set checksum = (select fingerprint from programme_version) where number = 1").await;
    match Database::open(&place(folder.path())).await {
        Err(OpenError::Migration(MigrationError::Altered { number: 1, .. })) => {}
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn two_processes_may_start_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let open = || Application::open(place(folder.path()), Clock::system());
    let (one, two, three) = tokio::join!(open(), open(), open());
    for application in [one.unwrap(), two.unwrap(), three.unwrap()] {
        application.close().await;
    }
}

/// Whatever a statement asks for on the way of a request, it is found by a key: no table is read
/// through, and nothing is sorted.
#[tokio::test]
async fn rows_are_found_by_their_keys() {
    let shop = Shop::open().await;
    let mut connection = shop.application.database.read().await.unwrap();
    let (explain, column, whole) = match connection.dialect() {
        Dialect::Sqlite => ("explain query plan", "detail", ["SCAN", "TEMP B-TREE"]),
        _ => ("explain", "QUERY PLAN", ["Seq Scan", "Sort"]),
    };
    let page = connection.dialect().page("id", None).0.replace('?', "1");
    let (names, _) = connection.dialect().found_by("part, kind, id");
    for (table, condition) in [
        ("journal", "(part, id) = (1, 2)".to_owned()),
        ("holder_state", "(part, holder) = (1, 2)".to_owned()),
        (
            "natural_key",
            format!("({names}) = {}", if names.starts_with("part") { "(1, 'order', 'a')" } else { "('order', 'a')" }),
        ),
        ("idempotency", "part = 1 and key = 'a'".to_owned()),
        ("member", "(part, external_id) = (1, 'b')".to_owned()),
        ("member", page.clone()),
        ("journal", page),
        ("outbox", "(part, journal_id, position) > (1, 2, 3) order by part, journal_id, position".to_owned()),
        ("holder_state", "part = 1 and due_at <= 5 order by due_at".to_owned()),
        ("pool_code", "part = 1 and pool = 'a' and taken_by is null".to_owned()),
    ] {
        let sql = format!("{explain} select * from {table} where {condition} limit 10");
        let plan = sql::rows(&mut connection, &sql, vec![]).await.unwrap();
        let mut steps: Vec<String> = plan.iter().map(|row| sql::column(row, column).unwrap()).collect();
        if connection.dialect() == Dialect::Distributed {
            // What each machine does. The few rows that they send are then put into one order.
            steps.drain(..steps.iter().position(|step| step.contains("Node: ")).expect("a machine"));
        }
        assert!(!steps.iter().any(|step| whole.iter().any(|word| step.contains(word))), "{sql}: {steps:?}");
    }
}
