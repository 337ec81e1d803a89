//! How a statement reaches the database. The dialect lives here and in [`super::database`] alone:
//! the rest of the house writes SQL that both SQLite and PostgreSQL understand, with `?` for a
//! value.

use sqlx::query::Query;
use sqlx::sqlite::{SqliteArguments, SqliteConnection, SqliteRow};
use sqlx::{Arguments, AssertSqlSafe, Decode, Row as _, Sqlite, Type};

pub type Backend = Sqlite;
pub type Connection = SqliteConnection;
pub type Row = SqliteRow;
pub type Transaction = sqlx::Transaction<'static, Sqlite>;

/// Statements come in these row counts only, so that the connection can keep them prepared.
const PORTIONS: [usize; 5] = [256, 64, 16, 4, 1];

/// A value on its way into a statement.
#[derive(Clone, Debug)]
pub enum Cell {
    Number(i64),
    Text(String),
    Bytes(Vec<u8>),
    NoNumber,
    NoText,
}

impl From<i64> for Cell {
    fn from(number: i64) -> Cell {
        Cell::Number(number)
    }
}

impl From<Option<i64>> for Cell {
    fn from(number: Option<i64>) -> Cell {
        number.map_or(Cell::NoNumber, Cell::Number)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Cell {
        Cell::Text(text)
    }
}

impl From<Option<String>> for Cell {
    fn from(text: Option<String>) -> Cell {
        text.map_or(Cell::NoText, Cell::Text)
    }
}

impl From<Vec<u8>> for Cell {
    fn from(bytes: Vec<u8>) -> Cell {
        Cell::Bytes(bytes)
    }
}

impl From<[u8; 32]> for Cell {
    fn from(bytes: [u8; 32]) -> Cell {
        Cell::Bytes(bytes.to_vec())
    }
}

/// Builds the cells of one row: `cells![part, id, name]`.
macro_rules! cells {
    ($($value:expr),* $(,)?) => { vec![$($crate::platform::sql::Cell::from($value)),*] };
}
pub(crate) use cells;

fn arguments(cells: impl IntoIterator<Item = Cell>) -> Result<SqliteArguments, sqlx::Error> {
    let mut arguments = SqliteArguments::default();
    for cell in cells {
        let added = match cell {
            Cell::Number(number) => arguments.add(number),
            Cell::Text(text) => arguments.add(text),
            Cell::Bytes(bytes) => arguments.add(bytes),
            Cell::NoNumber => arguments.add(None::<i64>),
            Cell::NoText => arguments.add(None::<String>),
        };
        added.map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}

/// A statement with its values, to be executed or streamed.
pub fn statement<'q>(
    sql: impl Into<String>,
    cells: Vec<Cell>,
) -> Result<Query<'q, Backend, SqliteArguments>, sqlx::Error> {
    Ok(sqlx::query_with(AssertSqlSafe(sql.into()), arguments(cells)?))
}

/// Runs a statement and answers how many rows it touched.
pub async fn execute(connection: &mut Connection, sql: &str, cells: Vec<Cell>) -> Result<u64, sqlx::Error> {
    Ok(statement(sql, cells)?.execute(connection).await?.rows_affected())
}

pub async fn rows(connection: &mut Connection, sql: &str, cells: Vec<Cell>) -> Result<Vec<Row>, sqlx::Error> {
    statement(sql, cells)?.fetch_all(connection).await
}

pub async fn row(connection: &mut Connection, sql: &str, cells: Vec<Cell>) -> Result<Option<Row>, sqlx::Error> {
    statement(sql, cells)?.fetch_optional(connection).await
}

/// Inserts many rows: `head` ends in `values`, `tail` is what follows the rows, often empty.
/// Answers how many rows were inserted or updated.
pub async fn insert_all(
    connection: &mut Connection,
    head: &str,
    tail: &str,
    mut rows: Vec<Vec<Cell>>,
) -> Result<u64, sqlx::Error> {
    let mut touched = 0;
    let columns = rows.first().map_or(0, Vec::len);
    for portion in PORTIONS {
        while rows.len() >= portion {
            let rest = rows.split_off(portion);
            let sql = format!("{head} {} {tail}", tuples(portion, columns));
            touched += execute(connection, &sql, rows.into_iter().flatten().collect()).await?;
            rows = rest;
        }
    }
    Ok(touched)
}

/// Reads the rows of many keys: `head` ends in `in`.
pub async fn look_up(
    connection: &mut Connection,
    head: &str,
    mut keys: Vec<Vec<Cell>>,
) -> Result<Vec<Row>, sqlx::Error> {
    let mut found = Vec::with_capacity(keys.len());
    while let Some(last) = keys.last().cloned() {
        let portion = PORTIONS.into_iter().rev().find(|portion| *portion >= keys.len()).unwrap_or(PORTIONS[0]);
        let rest = keys.split_off(portion.min(keys.len()));
        // The same key again changes nothing.
        keys.resize(portion, last.clone());
        let sql = format!("{head} (values {})", tuples(portion, last.len()));
        let rows = statement(sql, keys.into_iter().flatten().collect())?.fetch_all(&mut *connection).await?;
        found.extend(rows);
        keys = rest;
    }
    Ok(found)
}

/// `(?, ?), (?, ?)`
fn tuples(rows: usize, columns: usize) -> String {
    let tuple = format!("({})", vec!["?"; columns].join(", "));
    vec![tuple; rows].join(", ")
}

/// Reads a column.
pub fn column<'r, T>(row: &'r Row, name: &str) -> Result<T, sqlx::Error>
where
    T: Decode<'r, Backend> + Type<Backend>,
{
    row.try_get(name)
}

/// Reads a column of 32 bytes.
pub fn column_of_32(row: &Row, name: &str) -> Result<[u8; 32], sqlx::Error> {
    let bytes: &[u8] = column(row, name)?;
    bytes.try_into().map_err(|_| damaged(format!("{name} does not have 32 bytes")))
}

/// What stands in the database is not what the house wrote.
pub fn damaged(what: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> sqlx::Error {
    sqlx::Error::Decode(what.into())
}

#[cfg(test)]
mod tests {
    use super::tuples;

    #[test]
    fn tuples_are_written_as_sql() {
        assert_eq!(tuples(2, 3), "(?, ?, ?), (?, ?, ?)");
        assert_eq!(tuples(1, 1), "(?)");
    }
}
