//! Leaving and arriving: everything of an instance in one file, and back.
//!
//! The file is gzip over lines of JSON. The first line names the format; each other one is a row of
//! a table; the last one counts the rows and carries a hash of all lines before it. Personal data
//! is written in the open, because the key that seals it stays behind: whoever holds the file holds
//! the persons' data, so it is made for its owner's eyes only (mode 0600).
//!
//! Projections are left out: the other side builds them again.
//!
//! A shop that goes on meanwhile moves by [`Relocation`], from one database into another.

mod cards;
mod closed;
mod copying;
mod export;
mod pages;
mod relocation;
mod restore;
mod tables;
mod wallets;
mod watched;

pub use export::{ExportError, Exported, export};
pub use relocation::{MoveError, Relocation, Step, give_up};
pub use restore::{RestoreError, Restored, restore};
pub use wallets::export_wallets;

use serde::{Deserialize, Serialize};

/// The first line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Header {
    lojal_export: u32,
    exported_at: String,
}

/// The version of this format.
const FORMAT: u32 = 1;

/// The last line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Footer {
    rows: u64,
    /// BLAKE3 over all lines before, line ends included.
    hash: String,
}

/// A line between them.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Line {
    Footer { end: Footer },
    Row { table: String, row: Vec<serde_json::Value> },
}
