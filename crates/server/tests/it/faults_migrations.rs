//! Whoever makes the tables dies after any of the statements: the next one to start makes them, as if
//! nobody had tried before.

use std::fs;
use std::path::{Path, PathBuf};

use lojal_core::kernel::Language;
use lojal_core::programme::starter;
use lojal_server::audit::audit;
use lojal_server::platform::application::Application;
use lojal_server::platform::clock::Clock;
use lojal_server::platform::database::{DATABASE_FILE, Place};
use lojal_server::platform::sql::Dialect;
use lojal_testing::rounds;

/// Prefixes that are tried in the short form, on a server, where each takes a database of its own.
const SOME: u64 = 6;

#[tokio::test]
async fn what_was_stopped_half_way_has_not_begun() {
    let on_postgres = env!("CARGO_CRATE_NAME") == "on_postgres";
    let statements = statements(if on_postgres { Dialect::Postgres } else { Dialect::Sqlite });
    assert!(statements.len() > 20, "{statements:#?}");
    for (round, mut dice) in rounds("migrations").enumerate() {
        let mut prefixes: Vec<usize> = (0..=statements.len()).collect();
        // The first round tries some of them on a server; two try all.
        if on_postgres && round == 0 {
            prefixes = (0..SOME).map(|_| dice.below(statements.len() as u64 + 1) as usize).collect();
        }
        for prefix in prefixes {
            if on_postgres {
                on_a_server(&statements[..prefix]).await;
            } else {
                in_a_file(&statements[..prefix]).await;
            }
        }
    }
}

/// What a first start has the database do, in order, without its own book-keeping.
fn statements(dialect: Dialect) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let mut steps: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    steps.sort();
    let mut statements = Vec::new();
    for step in steps {
        let views = format!("views.{}.sql", dialect.name());
        for (file, is_common) in [("schema.sql", true), (views.as_str(), false)] {
            let Ok(text) = fs::read_to_string(step.join(file)) else { continue };
            let text = if is_common { dialect.migration(&text) } else { text };
            statements.extend(text.split_inclusive(";\n").map(str::to_owned).filter(|one| !one.trim().is_empty()));
        }
    }
    statements
}

/// The machine stops: what was in the file and in its log at that moment is all there is.
async fn in_a_file(statements: &[String]) {
    let folder = tempfile::tempdir().unwrap();
    let left = tempfile::tempdir().unwrap();
    let file = folder.path().join(DATABASE_FILE);
    let connection = rusqlite::Connection::open(&file).unwrap();
    // With hardly any memory, so that what is not committed is in the log already.
    connection.execute_batch("pragma journal_mode = wal; pragma cache_size = 1; begin immediate;").unwrap();
    for statement in statements {
        connection.execute_batch(statement).unwrap();
    }
    for entry in fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), left.path().join(entry.file_name())).unwrap();
    }
    assert_starts(Place::folder(left.path()), statements).await;
}

/// The connection ends in the middle of the transaction.
async fn on_a_server(statements: &[String]) {
    let address = lojal_testing::new_database();
    let (client, connection) =
        tokio_postgres::connect(lojal_testing::for_drivers(&address), tokio_postgres::NoTls).await.unwrap();
    let connection = tokio::spawn(connection);
    client.batch_execute("begin").await.unwrap();
    for statement in statements {
        client.batch_execute(statement).await.unwrap();
    }
    connection.abort();
    let folder = tempfile::tempdir().unwrap();
    assert_starts(Place::stated(folder.path(), Some(address.parse().unwrap())), statements).await;
}

async fn assert_starts(place: Place, statements: &[String]) {
    let last = statements.last().map_or("nothing", String::as_str);
    let opened = Application::open(place, Clock::system()).await;
    let application = opened.unwrap_or_else(|cause| panic!("after {last}: {cause}"));
    application.publish(starter(Language::En)).await.unwrap();
    let report = audit(&application.database, |_| ()).await.unwrap();
    assert!(report.is_clean(), "after {last}: {:#?}", report.differences);
    application.close().await;
}
