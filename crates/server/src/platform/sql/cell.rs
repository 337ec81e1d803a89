//! Values on their way into a statement.

/// A value on its way into a statement.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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
