//! Nothing is left behind.

use super::super::watched::WATCHED;
use super::*;
use crate::platform::database::Database;
use crate::platform::sql;

/// Tables that do not move: what is built again, may be asked for again, or belongs to one database.
const ELSEWHERE: &[&str] = &[
    "adjustment_share",
    "appearance_fault",
    "directory",
    "entrance_challenge",
    "figure_day",
    "figure_total",
    "friend_counted",
    "leaderboard_place",
    "leaderboard_tally",
    "member_card",
    "part_claim",
    "schema_lock",
    "schema_migration",
    "task",
];

/// A table or column that somebody adds must move too, or be named as one that does not.
#[tokio::test]
async fn every_table_and_column_moves_or_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open(&folder.path().into()).await.unwrap();
    let mut connection = database.read().await.unwrap();
    let sql = "select m.name as table_name, c.name as column_name from sqlite_master m, pragma_table_info(m.name) c
               where m.type = 'table' and m.name not like 'sqlite_%' order by m.name, c.cid";
    for row in sql::rows(&mut connection, sql, vec![]).await.unwrap() {
        let table: String = sql::column(&row, "table_name").unwrap();
        let column: String = sql::column(&row, "column_name").unwrap();
        let moves = CLOSED
            .iter()
            .chain(WATCHED)
            .chain(TABLES)
            .find(|known| known.name == table)
            .is_some_and(|table| table.columns.iter().any(|(known, _)| *known == column.as_str()));
        assert!(moves || ELSEWHERE.contains(&table.as_str()), "{table}.{column} would be left behind");
    }
}
