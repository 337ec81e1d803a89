//! Reading a shop's own order export: rows are grouped into orders, orders become commands dated
//! by the shop, and a report says what was read, matched and left out. Everything here but
//! [`mod@run`] and [`mod@usual`] is pure: it reads a stream and writes nothing.

mod encoding;
mod grouping;
mod history;
mod mapping;
mod matching;
mod number;
mod report;
mod rows;
mod run;
#[cfg(test)]
mod tests;
mod usual;

pub use history::{History, Step, Told};
pub use mapping::Mapping;
pub use report::Report;
pub use rows::Terms;
pub use run::{Import, RunError, open};
pub use usual::{Buying, usual};

use lojal_core::kernel::Name;
use mapping::Place;

/// Why an import cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("the file cannot be read: {0}")]
    Unreadable(#[from] csv::Error),
    #[error("the names of the columns are not in the encoding that the mapping states")]
    Header,
    #[error(
        "the mapping's line {}, column {}: the file has no column \"{column}\"; its columns are {columns}",
        place.line,
        place.column
    )]
    NoColumn { place: Place, column: String, columns: String },
    #[error(
        "row {row} belongs to order {order}, which the file had left behind; set order_window to a longer time, or \
         sorted = false if the file is in no order"
    )]
    OutOfPlace { row: u64, order: Name },
}
