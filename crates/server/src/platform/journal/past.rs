//! Everything that was ever asked of the engine, in the order in which it was decided.

use std::collections::VecDeque;

use lojal_core::command::{Command, Inputs};
use lojal_core::kernel::{HolderId, Part, TransactionId};

use super::{JournalRow, journal_page, journal_page_of};
use crate::platform::database::Database;
use crate::platform::sql::{self, Dialect, damaged};

/// Rows that are read at once: of all, or of each part.
const PAGE: usize = 2_000;
const PAGE_OF_PART: usize = 200;

/// One command with what was brought to its decision.
#[derive(Clone, Debug)]
pub struct Decided {
    pub holder: HolderId,
    pub command: Command,
    pub inputs: Inputs,
}

/// Reads the journal from its beginning, a page at a time, with memory for some pages only.
pub struct Past {
    database: Database,
    lanes: Vec<Lane>,
}

/// Rows that lie in the order of their ids: in a file all of them, on a server those of a part.
struct Lane {
    part: Option<Part>,
    after: Option<TransactionId>,
    rows: VecDeque<JournalRow>,
    ended: bool,
}

impl Past {
    pub fn of(database: &Database) -> Past {
        let parts = match database.dialect() {
            Dialect::Sqlite => vec![None],
            Dialect::Postgres | Dialect::Distributed => Part::all().map(Some).collect(),
        };
        let lane = |part| Lane { part, after: None, rows: VecDeque::new(), ended: false };
        Past { database: database.clone(), lanes: parts.into_iter().map(lane).collect() }
    }

    /// The next commands; none at the end. What the house sends from one member to another, and the passing of
    /// time, are not among them: both follow from the rest.
    pub async fn next_page(&mut self) -> Result<Vec<Decided>, sql::Error> {
        let mut page = Vec::new();
        while page.len() < PAGE {
            self.fill().await?;
            let next = self.lanes.iter_mut().filter(|lane| !lane.rows.is_empty());
            let Some(lane) = next.min_by_key(|lane| lane.rows.front().map(|row| (row.id.0.milliseconds(), row.id)))
            else {
                break;
            };
            let Some(row) = lane.rows.pop_front() else { break };
            let body = row.read_body().map_err(|cause| damaged(format!("{}: {cause}", row.id)))?;
            if !follows(&body.command) {
                page.push(Decided { holder: row.holder, command: body.command, inputs: body.inputs });
            }
        }
        Ok(page)
    }

    /// Sees to it that each lane has a row, unless it has come to its end.
    async fn fill(&mut self) -> Result<(), sql::Error> {
        for lane in self.lanes.iter_mut().filter(|lane| lane.rows.is_empty() && !lane.ended) {
            let mut connection = self.database.read().await?;
            let rows = match lane.part {
                None => journal_page(&mut connection, lane.after, PAGE).await?,
                Some(part) => {
                    let after = lane.after.map_or(-1, TransactionId::number);
                    journal_page_of(&mut connection, part, after, PAGE_OF_PART).await?
                }
            };
            lane.ended = rows.is_empty();
            lane.after = rows.last().map(|row| row.id).or(lane.after);
            lane.rows = rows.into();
        }
        Ok(())
    }
}

fn follows(command: &Command) -> bool {
    matches!(
        command,
        Command::Tick
            | Command::Receive { .. }
            | Command::TakeBack { .. }
            | Command::AdmitMember { .. }
            | Command::DismissMember { .. }
            | Command::MergeInto { .. }
            | Command::KnowAccounts { .. }
            | Command::Inherit { .. }
            | Command::AbandonMerge { .. }
            | Command::HearOfFriend { .. }
            | Command::LoseAdvocate { .. }
    )
}
