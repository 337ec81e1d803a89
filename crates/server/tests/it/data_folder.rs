//! Opening, migrating and refusing data folders.

use lojal_server::platform::clock::Clock;
use lojal_server::platform::database::{Database, OpenError};
use lojal_server::platform::migrations::MigrationError;
use lojal_server::platform::{application::Application, identity, sql};

#[tokio::test]
async fn a_folder_is_made_and_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/data");
    for _ in 0..2 {
        let application = Application::open(&path, Clock::system()).await.unwrap();
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
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open(folder.path()).await.unwrap();
    let change = async |sql: &str| {
        let mut transaction = database.write().await.unwrap();
        sql::execute(&mut transaction, sql, vec![]).await.unwrap();
        transaction.commit().await.unwrap();
    };
    change("insert into schema_migration values (99, 'later', zeroblob(32), 0)").await;
    match Database::open(folder.path()).await {
        Err(OpenError::Migration(MigrationError::Newer { found: 99, .. })) => {}
        other => panic!("{other:?}"),
    }
    change("delete from schema_migration where number = 99").await;
    change("update schema_migration set checksum = zeroblob(32) where number = 1").await;
    match Database::open(folder.path()).await {
        Err(OpenError::Migration(MigrationError::Altered { number: 1, .. })) => {}
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn two_processes_may_start_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let open = || Application::open(folder.path(), Clock::system());
    let (one, two, three) = tokio::join!(open(), open(), open());
    for application in [one.unwrap(), two.unwrap(), three.unwrap()] {
        application.close().await;
    }
}

#[tokio::test]
async fn keys_of_several_rows_are_looked_up_by_primary_key() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open(folder.path()).await.unwrap();
    for (table, key) in [
        ("journal", "(part, id) in (values (1, 2), (3, 4))"),
        ("holder_state", "(part, holder) in (values (1, 2), (3, 4))"),
        ("natural_key", "(part, kind, id) in (values (1, 'order', 'a'), (3, 'order', 'b'))"),
        ("idempotency", "(part, key) in (values (1, 'a'), (3, 'b'))"),
        ("member", "(part, external_id) in (values (1, 'a'), (3, 'b'))"),
        ("member", "(part, id) > (1, 2) order by part, id"),
        ("outbox", "(part, journal_id, position) > (1, 2, 3) order by part, journal_id, position"),
        ("holder_state", "part = 1 and due_at <= 5 order by due_at"),
        ("pool_code", "part = 1 and pool = 'a' and taken_by is null"),
        ("journal", "part = 1 order by id desc"),
    ] {
        let sql = format!("explain query plan select * from {table} where {key}");
        let plan = sql::rows(&mut database.read().await.unwrap(), &sql, vec![]).await.unwrap();
        let steps: Vec<String> = plan.iter().map(|row| sql::column(row, "detail").unwrap()).collect();
        assert!(steps.iter().any(|step| step.starts_with(&format!("SEARCH {table} USING"))), "{sql}: {steps:?}");
        assert!(!steps.iter().any(|step| step.contains("TEMP B-TREE")), "{sql}: {steps:?}");
    }
}
