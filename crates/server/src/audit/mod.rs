//! `lojal audit`: proves from the data alone that the books are right, or names what is not.
//!
//! Every holder's journal is replayed from its first row: the chain of hashes, each decision made
//! again under the version that was in force, every balance summed up again from the postings. Then
//! what belongs to nobody alone is compared: natural keys, shared quantities, what is on its way.
//! It reads one snapshot, so a server may go on writing meanwhile.

pub mod pages;

mod acceptances;
mod referrals;
mod replay;
mod totals;

use std::ops::ControlFlow;

use lojal_core::kernel::{HolderId, Part, TransactionId};
use lojal_core::programme::Rulebook;

use crate::platform::database::Database;
use crate::platform::progress::progress_find;
use crate::platform::rulebook::{compiled, version_list};
use crate::platform::sql::{self, Connection};
use crate::platform::states::state_page;
use referrals::Referrals;
use totals::Totals;

/// States that are read at once.
const PAGE: usize = 64;
/// So many differences are told one by one; the rest are counted.
const MOST_DIFFERENCES: usize = 1_000;

/// Something that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub holder: Option<HolderId>,
    pub transaction: Option<TransactionId>,
    pub what: String,
}

impl std::fmt::Display for Difference {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(holder) = self.holder {
            write!(formatter, "{holder} ")?;
        }
        if let Some(transaction) = self.transaction {
            write!(formatter, "{transaction} ")?;
        }
        formatter.write_str(&self.what)
    }
}

/// What an audit came to.
#[derive(Clone, Debug, Default)]
pub struct Report {
    pub holders: u64,
    pub transactions: u64,
    /// The first thousand.
    pub differences: Vec<Difference>,
    /// All of them.
    pub difference_count: u64,
}

impl Report {
    /// Whether everything holds.
    pub fn is_clean(&self) -> bool {
        self.difference_count == 0
    }

    fn note(&mut self, difference: Difference) {
        self.difference_count += 1;
        if self.differences.len() < MOST_DIFFERENCES {
            self.differences.push(difference);
        }
    }
}

/// Checks everything. `progress` is told now and then how many holders have been checked.
/// An error means that the database could not be read, not that the books are wrong.
pub async fn audit(database: &Database, mut progress: impl FnMut(u64)) -> Result<Report, sql::Error> {
    let to_the_end = |holders| {
        progress(holders);
        ControlFlow::Continue(())
    };
    Ok(audit_while(database, to_the_end).await?.unwrap_or_default())
}

/// As [`audit`], unless `progress` breaks it off: then there is no report.
pub async fn audit_while(
    database: &Database,
    mut progress: impl FnMut(u64) -> ControlFlow<()>,
) -> Result<Option<Report>, sql::Error> {
    let mut snapshot = database.moment().await?;
    let mut auditor = Auditor::open(&mut snapshot).await?;
    let mut after = None;
    loop {
        let page = match state_page(&mut snapshot, after, PAGE).await {
            Ok(page) => page,
            Err(cause) if cause.kind() == sql::ErrorKind::Data => {
                auditor.note(None, None, format!("the states cannot be read any further: {cause}"));
                break;
            }
            Err(cause) => return Err(cause),
        };
        let Some(last) = page.last() else { break };
        after = Some(last.holder.id);
        for state in &page {
            let checked = auditor.check_holder(&mut snapshot, state).await;
            auditor.note_damage(Some(state.holder.id), checked)?;
            auditor.report.holders += 1;
            if progress(auditor.report.holders).is_break() {
                return Ok(None);
            }
        }
    }
    let holders = auditor.report.holders;
    let checked = auditor.check_whole(&mut snapshot, &mut || progress(holders)).await;
    if let Ok(ControlFlow::Break(())) = checked {
        return Ok(None);
    }
    auditor.note_damage(None, checked.map(drop))?;
    Ok(Some(auditor.report))
}

/// What the audit knows while it goes through the data.
struct Auditor {
    rulebook: Rulebook,
    /// By version: the rulebook as it stood when that version was in force.
    rulebooks: std::collections::BTreeMap<u32, Rulebook>,
    /// The version under which every holder was last told when something is due; a later decision tells it anew.
    due_version: i64,
    totals: Totals,
    referrals: Referrals,
    report: Report,
}

impl Auditor {
    async fn open(connection: &mut Connection) -> Result<Auditor, sql::Error> {
        let rulebook = Rulebook::dated(compiled(&version_list(connection).await?)?);
        let versions = rulebook.versions().map(|programme| (programme.version, rulebook.up_to(programme.version)));
        let rulebooks = versions.collect();
        let due_version = progress_find(connection, Part::PROGRAMME, "due").await?;
        let (totals, referrals, report) = Default::default();
        Ok(Auditor { rulebook, rulebooks, due_version, totals, referrals, report })
    }

    /// What is not as the house wrote it is a difference like any other.
    fn note_damage(&mut self, holder: Option<HolderId>, checked: Result<(), sql::Error>) -> Result<(), sql::Error> {
        match checked {
            Err(cause) if cause.kind() == sql::ErrorKind::Data => {
                self.note(holder, None, format!("cannot be checked any further: {cause}"));
                Ok(())
            }
            other => other,
        }
    }

    fn note(&mut self, holder: Option<HolderId>, transaction: Option<TransactionId>, what: impl Into<String>) {
        self.report.note(Difference { holder, transaction, what: what.into() });
    }
}
