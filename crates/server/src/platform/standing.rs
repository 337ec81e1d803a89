//! Whether anything may be written: data that are on the move, or have moved, are left alone.
//!
//! Every part carries the same mark, so that a transaction finds it in its own part. Whoever begins
//! a transaction that writes reads the mark after it has claimed its parts; whoever sets the mark
//! claims all parts before. So nothing is written once the mark is there.

use lojal_core::kernel::Part;
use serde::{Deserialize, Serialize};

use super::sql::{self, Connection, ErrorKind, Outcome, Statement, Transaction, cells, damaged};

/// The setting in which the mark is kept.
pub(crate) const SETTING: &str = "standing";

/// What may be done with a database.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Everything.
    #[default]
    Open,
    /// Nothing may be written while the last of it is copied elsewhere.
    Leaving { shop: String },
    /// It has moved: nothing will ever be written here again.
    Left { shop: String, to: String },
    /// It is being filled from elsewhere.
    Arriving { shop: String, stage: Stage },
    /// It was filled from elsewhere; everything may be done.
    Arrived { shop: String },
}

/// How much of what arrives is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Some of it.
    Some,
    /// All that there was when the first pass went through.
    Most,
    /// All that there is, not looked through.
    All,
    /// All that there is, and it is right.
    Verified,
}

impl Standing {
    fn refusal(&self) -> Option<String> {
        match self {
            Standing::Open | Standing::Arrived { .. } => None,
            Standing::Leaving { .. } => Some(
                "the data are being moved to another database, and nothing is written until that is done. If the move \
                 was interrupted, give the same `lojal move` again, or `lojal move --give-up`"
                    .to_owned(),
            ),
            Standing::Left { to, .. } => {
                Some(format!("the data have moved to {to}: name it with --database, and stop whatever still runs here"))
            }
            Standing::Arriving { .. } => Some(
                "the data are still arriving here from another database: let `lojal move` come to its end".to_owned(),
            ),
        }
    }
}

/// Asks for the mark as it stands in a part; [`check`] takes the answer.
pub(super) fn question(part: Part) -> Statement {
    Statement::plain("select value from setting where part = ? and name = ?", cells![part.number(), SETTING])
}

/// Refuses where nothing may be written.
pub(super) fn check(answer: &Outcome) -> Result<(), sql::Error> {
    match read(answer)?.refusal() {
        Some(refusal) => Err(sql::Error::new(ErrorKind::Moved, refusal)),
        None => Ok(()),
    }
}

fn read(answer: &Outcome) -> Result<Standing, sql::Error> {
    let Some(row) = answer.rows.first() else { return Ok(Standing::Open) };
    serde_json::from_slice(sql::column(row, "value")?).map_err(damaged)
}

/// What may be done with the database.
pub async fn standing_find(connection: &mut Connection) -> Result<Standing, sql::Error> {
    let outcomes = sql::run_all(connection, vec![question(Part::PROGRAMME)]).await?;
    outcomes.first().map_or(Ok(Standing::Open), read)
}

/// Sets the mark; the transaction must be one that began by
/// [`Database::write_for_move`](super::database::Database::write_for_move).
pub async fn standing_set(transaction: &mut Transaction, standing: &Standing) -> Result<(), sql::Error> {
    let value = serde_json::to_vec(standing).map_err(sql::unwritable)?;
    let rows = Part::all().map(|part| cells![part.number(), SETTING, value.clone()]).collect();
    sql::insert_all(
        transaction,
        "insert into setting (part, name, value) values",
        "on conflict (part, name) do update set value = excluded.value",
        rows,
    )
    .await?;
    Ok(())
}
