//! What a statement answered.

use std::sync::Arc;

use rusqlite::types::Value;

use super::error::{Error, damaged};

/// One row, owned.
#[derive(Clone, Debug)]
pub struct Row(pub(super) Columns);

#[derive(Clone, Debug)]
pub(super) enum Columns {
    Sqlite { names: Arc<[String]>, values: Vec<Value> },
    Postgres(Arc<tokio_postgres::Row>),
}

/// What a column can be read as.
pub trait Field<'r>: Sized {
    #[doc(hidden)]
    fn from_sqlite(value: &'r Value) -> Option<Self>;
    #[doc(hidden)]
    fn from_postgres(row: &'r tokio_postgres::Row, index: usize) -> Result<Self, tokio_postgres::Error>;
}

impl<'r> Field<'r> for i64 {
    fn from_sqlite(value: &'r Value) -> Option<i64> {
        if let Value::Integer(number) = value { Some(*number) } else { None }
    }

    fn from_postgres(row: &'r tokio_postgres::Row, index: usize) -> Result<i64, tokio_postgres::Error> {
        // A literal in a statement is a shorter integer.
        match *row.columns()[index].type_() {
            tokio_postgres::types::Type::INT4 => row.try_get::<_, i32>(index).map(i64::from),
            _ => row.try_get(index),
        }
    }
}

impl<'r> Field<'r> for &'r str {
    fn from_sqlite(value: &'r Value) -> Option<&'r str> {
        if let Value::Text(text) = value { Some(text) } else { None }
    }

    fn from_postgres(row: &'r tokio_postgres::Row, index: usize) -> Result<&'r str, tokio_postgres::Error> {
        row.try_get(index)
    }
}

impl<'r> Field<'r> for String {
    fn from_sqlite(value: &'r Value) -> Option<String> {
        <&str>::from_sqlite(value).map(str::to_owned)
    }

    fn from_postgres(row: &'r tokio_postgres::Row, index: usize) -> Result<String, tokio_postgres::Error> {
        row.try_get(index)
    }
}

impl<'r> Field<'r> for &'r [u8] {
    fn from_sqlite(value: &'r Value) -> Option<&'r [u8]> {
        if let Value::Blob(bytes) = value { Some(bytes) } else { None }
    }

    fn from_postgres(row: &'r tokio_postgres::Row, index: usize) -> Result<&'r [u8], tokio_postgres::Error> {
        row.try_get(index)
    }
}

impl<'r> Field<'r> for Vec<u8> {
    fn from_sqlite(value: &'r Value) -> Option<Vec<u8>> {
        <&[u8]>::from_sqlite(value).map(<[u8]>::to_vec)
    }

    fn from_postgres(row: &'r tokio_postgres::Row, index: usize) -> Result<Vec<u8>, tokio_postgres::Error> {
        row.try_get(index)
    }
}

impl<'r, T: Field<'r>> Field<'r> for Option<T> {
    fn from_sqlite(value: &'r Value) -> Option<Option<T>> {
        if matches!(value, Value::Null) { Some(None) } else { T::from_sqlite(value).map(Some) }
    }

    fn from_postgres(row: &'r tokio_postgres::Row, index: usize) -> Result<Option<T>, tokio_postgres::Error> {
        match row.try_get::<_, Option<Present>>(index)? {
            Some(Present) => T::from_postgres(row, index).map(Some),
            None => Ok(None),
        }
    }
}

/// Anything but NULL.
struct Present;

impl<'r> tokio_postgres::types::FromSql<'r> for Present {
    fn from_sql(
        _: &tokio_postgres::types::Type,
        _: &'r [u8],
    ) -> Result<Present, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Present)
    }

    fn accepts(_: &tokio_postgres::types::Type) -> bool {
        true
    }
}

/// Reads a column.
pub fn column<'r, T: Field<'r>>(row: &'r Row, name: &str) -> Result<T, Error> {
    match &row.0 {
        Columns::Sqlite { names, values } => {
            let index = names.iter().position(|known| known == name);
            let value = index.and_then(|index| values.get(index)).ok_or_else(|| no_column(name))?;
            T::from_sqlite(value).ok_or_else(|| damaged(format!("the column {name} holds something else")))
        }
        Columns::Postgres(row) => {
            let index = row.columns().iter().position(|column| column.name() == name);
            let index = index.ok_or_else(|| no_column(name))?;
            T::from_postgres(row, index).map_err(|cause| damaged(format!("the column {name}: {cause}")))
        }
    }
}

/// Reads a column of 32 bytes.
pub fn column_of_32(row: &Row, name: &str) -> Result<[u8; 32], Error> {
    let bytes: &[u8] = column(row, name)?;
    bytes.try_into().map_err(|_| damaged(format!("{name} does not have 32 bytes")))
}

fn no_column(name: &str) -> Error {
    damaged(format!("there is no column {name}"))
}
