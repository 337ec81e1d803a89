//! How a statement reaches the database. What differs between SQLite and PostgreSQL lives in this
//! folder alone: the rest of the house writes SQL that both understand, with `?` for a value.

mod cell;
mod dialect;
mod error;
mod file;
mod pool;
mod postgres;
mod row;
mod sqlite;
mod store;
mod wording;

pub use cell::Cell;
pub(crate) use cell::cells;
pub use dialect::Dialect;
pub use error::{Error, ErrorKind, damaged, unwritable};
pub use file::{Moment, seal};
pub use row::{Field, Row, column, column_of_32};
pub use store::{Store, Transaction};

/// Something to be done by the database.
#[derive(Clone, Debug)]
pub enum Statement {
    /// One statement with its values.
    Plain { sql: String, cells: Vec<Cell> },
    /// Many rows at once: `head` ends in `values`, `tail` is what follows the rows, often empty.
    Insert { head: String, tail: String, rows: Vec<Vec<Cell>> },
    /// The rows of many keys, in no particular order: `head` ends in `in`, and `tail` follows the
    /// keys. A key that is named twice may be answered twice.
    LookUp { head: String, tail: &'static str, keys: Vec<Vec<Cell>> },
}

impl Statement {
    pub fn plain(sql: impl Into<String>, cells: Vec<Cell>) -> Statement {
        Statement::Plain { sql: sql.into(), cells }
    }

    pub fn insert(head: impl Into<String>, tail: impl Into<String>, rows: Vec<Vec<Cell>>) -> Statement {
        Statement::Insert { head: head.into(), tail: tail.into(), rows }
    }

    pub fn look_up(head: impl Into<String>, keys: Vec<Vec<Cell>>) -> Statement {
        Statement::LookUp { head: head.into(), tail: "", keys }
    }

    /// A look-up whose rows are locked, by words of PostgreSQL's.
    pub fn locking(self, words: &'static str) -> Statement {
        match self {
            Statement::LookUp { head, keys, .. } => Statement::LookUp { head, tail: words, keys },
            other => other,
        }
    }

    /// The rows of many names in a table that is kept by `name_key`: `select` ends in `where`,
    /// `columns` are those of the key, and each of `keys` has them all.
    pub fn by_name(
        dialect: Dialect,
        select: &str,
        columns: &str,
        keys: impl IntoIterator<Item = Vec<Cell>>,
    ) -> Statement {
        let (names, dropped) = dialect.found_by(columns);
        let mut keys: Vec<_> = keys.into_iter().map(|mut key| key.split_off(dropped)).collect();
        keys.dedup();
        Statement::look_up(format!("{select} ({names}) in"), keys)
    }

    /// Whether there is nothing to do.
    fn is_empty(&self) -> bool {
        match self {
            Statement::Plain { .. } => false,
            Statement::Insert { rows, .. } => rows.is_empty(),
            Statement::LookUp { keys, .. } => keys.is_empty(),
        }
    }
}

/// What came of a statement.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// What it answered.
    pub rows: Vec<Row>,
    /// How many rows it touched.
    pub touched: u64,
}

/// A connection in use; it goes back when it is dropped.
#[derive(Debug)]
pub struct Connection {
    link: Link,
}

#[derive(Debug)]
enum Link {
    Sqlite(sqlite::Link),
    Postgres(postgres::Link),
}

impl Connection {
    pub fn dialect(&self) -> Dialect {
        match &self.link {
            Link::Sqlite(_) => Dialect::Sqlite,
            Link::Postgres(link) => link.dialect(),
        }
    }
}

/// Runs statements in their order, together where the database can; it ends at the first that
/// fails.
pub async fn run_all(connection: &mut Connection, statements: Vec<Statement>) -> Result<Vec<Outcome>, Error> {
    match &mut connection.link {
        Link::Sqlite(link) => statements.into_iter().map(|statement| link.run(statement)).collect(),
        Link::Postgres(link) => link.run(statements).await,
    }
}

async fn run(connection: &mut Connection, statement: Statement) -> Result<Outcome, Error> {
    match &mut connection.link {
        Link::Sqlite(link) => link.run(statement),
        Link::Postgres(link) => Ok(link.run(vec![statement]).await?.pop().unwrap_or_default()),
    }
}

/// Runs a statement and answers how many rows it touched.
pub async fn execute(connection: &mut Connection, sql: &str, cells: Vec<Cell>) -> Result<u64, Error> {
    Ok(run(connection, Statement::plain(sql, cells)).await?.touched)
}

pub async fn rows(connection: &mut Connection, sql: &str, cells: Vec<Cell>) -> Result<Vec<Row>, Error> {
    Ok(run(connection, Statement::plain(sql, cells)).await?.rows)
}

/// The only row that a statement answers, or its first.
pub async fn row(connection: &mut Connection, sql: &str, cells: Vec<Cell>) -> Result<Option<Row>, Error> {
    Ok(rows(connection, sql, cells).await?.into_iter().next())
}

/// Inserts many rows: see [`Statement::Insert`]. Answers how many were inserted or updated.
pub async fn insert_all(
    connection: &mut Connection,
    head: &str,
    tail: &str,
    rows: Vec<Vec<Cell>>,
) -> Result<u64, Error> {
    if rows.is_empty() {
        return Ok(0);
    }
    Ok(run(connection, Statement::insert(head, tail, rows)).await?.touched)
}

/// Reads the rows of many keys: see [`Statement::LookUp`].
pub async fn look_up(connection: &mut Connection, head: &str, keys: Vec<Vec<Cell>>) -> Result<Vec<Row>, Error> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    Ok(run(connection, Statement::look_up(head, keys)).await?.rows)
}

/// Reads the rows of many names: see [`Statement::by_name`]. Where names are found without their
/// part, one that is asked for in many parts is looked for once.
pub async fn by_name(
    connection: &mut Connection,
    select: &str,
    columns: &str,
    keys: impl IntoIterator<Item = Vec<Cell>>,
) -> Result<Vec<Row>, Error> {
    let statement = Statement::by_name(connection.dialect(), select, columns, keys);
    if statement.is_empty() {
        return Ok(Vec::new());
    }
    Ok(run(connection, statement).await?.rows)
}

/// Runs several statements separated by semicolons, without values.
pub async fn script(connection: &mut Connection, text: &str) -> Result<(), Error> {
    match &mut connection.link {
        Link::Sqlite(link) => link.script(text),
        Link::Postgres(link) => link.script(text).await,
    }
}
