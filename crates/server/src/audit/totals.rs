//! What belongs to no holder alone: natural keys, the directory, shared quantities, codes, and what
//! is on its way.

use std::collections::{BTreeMap, BTreeSet};

use lojal_core::command::{KeyKind, Parcel};
use lojal_core::decision::{FollowUpCommand, Record};
use lojal_core::kernel::{HolderId, Name, Part, TransactionId};
use lojal_core::ledger::{Account, total};

use super::Auditor;
use super::replay::Replay;
use crate::platform::directory::{Listed, directory_entries, directory_position};
use crate::platform::journal::{Body, journal_find, journal_page, transaction_id};
use crate::platform::outbox::outbox_page;
use crate::platform::sql::{self, Connection, cells};
use crate::platform::writer::key_kind;

const PAGE: usize = 500;

/// Sums over all holders.
#[derive(Default)]
pub(super) struct Totals {
    /// By unit: what was sent and has not been received.
    in_transit: BTreeMap<Name, i64>,
    /// By shared quantity: what was used.
    drawn: BTreeMap<Name, i64>,
    /// Codes of pools that went out.
    codes: i64,
    /// Natural keys of the part at hand.
    keys: i64,
}

impl Totals {
    pub fn enter_part(&mut self) {
        self.keys = 0;
    }

    pub fn add(&mut self, body: &Body) {
        for posting in body.decision.effects.iter().flat_map(|effect| &effect.postings) {
            if posting.account == Account::InTransit {
                *self.in_transit.entry(posting.unit.clone()).or_insert(0) += posting.amount;
            }
        }
        for draw in &body.decision.draws {
            *self.drawn.entry(draw.quantity.clone()).or_insert(0) += draw.amount;
        }
        let offered: BTreeSet<&Name> = body.inputs.pool_codes.values().flatten().collect();
        let vouchers = body
            .decision
            .records
            .iter()
            .filter(|(_, record)| matches!(record, Record::Voucher(voucher) if offered.contains(&voucher.code)));
        self.codes += vouchers.count() as i64;
    }
}

impl Auditor {
    /// Every natural key of a holder names the row that last wrote its record.
    pub(super) async fn check_keys(
        &mut self,
        connection: &mut Connection,
        holder: HolderId,
        replay: &Replay,
    ) -> Result<(), sqlx::Error> {
        self.totals.keys += replay.records.len() as i64;
        let part = holder.part();
        let position = directory_position(connection, part).await?;
        let records: Vec<_> = replay.records.iter().collect();
        for records in records.chunks(PAGE) {
            let head = "select kind, id, journal_id from natural_key where (part, kind, id) in";
            let keys =
                records.iter().map(|(key, _)| cells![part.number(), key_kind(key.kind), key.id.as_str()]).collect();
            let mut known: BTreeMap<(String, String), TransactionId> = BTreeMap::new();
            for row in sql::look_up(connection, head, keys).await? {
                let name = (sql::column(&row, "kind")?, sql::column(&row, "id")?);
                known.insert(name, transaction_id(sql::column(&row, "journal_id")?)?);
            }
            for (key, (transaction, _)) in records {
                let name = (key_kind(key.kind).to_owned(), key.id.to_string());
                if known.get(&name) != Some(transaction) {
                    let what = format!("the natural key of its {} does not lead to it", name.0);
                    self.note(Some(holder), Some(*transaction), what);
                }
            }
            for listed in [Listed::Order, Listed::Voucher] {
                let projected = records
                    .iter()
                    .filter(|(key, (transaction, _))| key.kind == listed.kind() && transaction.number() <= position);
                let names: Vec<&str> = projected.map(|(key, _)| key.id.as_str()).collect();
                let entries = directory_entries(connection, listed, &names).await?;
                for name in names {
                    if !entries.contains_key(name) {
                        self.note(Some(holder), None, "one of its orders or vouchers is missing from the directory");
                    }
                }
            }
        }
        Ok(())
    }

    /// Nothing stands in a part that no chain leads to.
    pub(super) async fn check_part(
        &mut self,
        connection: &mut Connection,
        part: Part,
        rows: u64,
    ) -> Result<(), sqlx::Error> {
        let sql = "select (select count(*) from journal where part = ?) as journal_rows,
                          (select count(*) from natural_key where part = ?) as natural_keys";
        let counts = sql::row(connection, sql, cells![part.number(), part.number()]).await?;
        let Some(counts) = counts else { return Ok(()) };
        let found: i64 = sql::column(&counts, "journal_rows")?;
        if found != rows as i64 {
            self.name_loose_rows(connection, part).await?;
            let number = part.number();
            self.note(None, None, format!("part {number} has {found} journal rows, its holders' chains have {rows}"));
        }
        let found: i64 = sql::column(&counts, "natural_keys")?;
        if found != self.totals.keys {
            let (number, keys) = (part.number(), self.totals.keys);
            self.note(None, None, format!("part {number} has {found} natural keys, its journal gives {keys}"));
        }
        Ok(())
    }

    /// Names rows of holders that have no state.
    async fn name_loose_rows(&mut self, connection: &mut Connection, part: Part) -> Result<(), sqlx::Error> {
        let mut after = -1;
        loop {
            let page = journal_page(connection, part, after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = last.id.number();
            for row in &page {
                let sql = "select holder from holder_state where part = ? and holder = ?";
                if sql::row(connection, sql, cells![part.number(), row.holder.number()]).await?.is_none() {
                    self.note(Some(row.holder), Some(row.id), "its holder has no state");
                }
            }
        }
    }

    /// Shared quantities, codes, and what is on its way.
    pub(super) async fn check_whole(&mut self, connection: &mut Connection) -> Result<(), sqlx::Error> {
        self.check_shared(connection).await?;
        self.check_codes(connection).await?;
        self.check_transit(connection).await
    }

    async fn check_shared(&mut self, connection: &mut Connection) -> Result<(), sqlx::Error> {
        let sql = "select name, sum(total) as total, sum(remaining) as remaining, min(remaining) as least
                   from shared_quantity group by name order by name";
        let mut drawn = std::mem::take(&mut self.totals.drawn);
        for row in sql::rows(connection, sql, vec![]).await? {
            let name = Name::from(sql::column::<&str>(&row, "name")?);
            let total: i64 = sql::column(&row, "total")?;
            let remaining: i64 = sql::column(&row, "remaining")?;
            let used = drawn.remove(&name).unwrap_or(0);
            if total != remaining + used {
                let what = format!("{name}: of {total}, {used} were used and {remaining} are left");
                self.note(None, None, what);
            }
            if sql::column::<i64>(&row, "least")? < 0 && total > 0 {
                self.note(None, None, format!("{name}: more was used than there was"));
            }
        }
        for (name, used) in drawn.into_iter().filter(|(_, used)| *used != 0) {
            self.note(None, None, format!("{name}: {used} were used of a quantity that is not known"));
        }
        Ok(())
    }

    async fn check_codes(&mut self, connection: &mut Connection) -> Result<(), sqlx::Error> {
        let mut taken = 0;
        for part in Part::all() {
            let mut after = (String::new(), String::new());
            loop {
                let sql = "select pool, code, taken_by from pool_code
                           where part = ? and (pool, code) > (?, ?) and taken_by is not null
                           order by pool, code limit ?";
                let (pool, code) = &after;
                let cells = cells![part.number(), pool.as_str(), code.as_str(), PAGE as i64];
                let rows = sql::rows(connection, sql, cells).await?;
                let Some(last) = rows.last() else { break };
                after = (sql::column(last, "pool")?, sql::column(last, "code")?);
                for row in &rows {
                    taken += 1;
                    let by = transaction_id(sql::column(row, "taken_by")?)?;
                    let code: &str = sql::column(row, "code")?;
                    let issued = journal_find(connection, by).await?.and_then(|row| row.read_body().ok());
                    let issued = issued.is_some_and(|body| {
                        body.decision.records.iter().any(|(key, _)| key.kind == KeyKind::Voucher && key.id == code)
                    });
                    if !issued {
                        self.note(None, Some(by), "did not issue a code of a pool that is marked as taken by it");
                    }
                }
            }
        }
        if taken != self.totals.codes {
            let codes = self.totals.codes;
            self.note(None, None, format!("{taken} codes of pools are marked as taken, {codes} were issued"));
        }
        Ok(())
    }

    /// What is in transit is what lies in the outbox and has not arrived.
    async fn check_transit(&mut self, connection: &mut Connection) -> Result<(), sqlx::Error> {
        let mut expected: BTreeMap<Name, i64> = BTreeMap::new();
        let mut after = None;
        loop {
            let page = outbox_page(connection, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some((last.sender, last.position));
            for command in &page {
                let parcel = match &command.follow_up.command {
                    FollowUpCommand::Receive { parcel } | FollowUpCommand::TakeBack { parcel, .. } => parcel,
                    FollowUpCommand::AdmitMember { .. } | FollowUpCommand::DismissMember { .. } => continue,
                };
                if !command.has_arrived(connection).await? {
                    *expected.entry(parcel.unit.clone()).or_insert(0) += worth(parcel);
                }
            }
        }
        let found = std::mem::take(&mut self.totals.in_transit);
        let units: BTreeSet<&Name> = found.keys().chain(expected.keys()).collect();
        for unit in units {
            let found = found.get(unit).copied().unwrap_or(0);
            let waiting = expected.get(unit).copied().unwrap_or(0);
            if found != waiting {
                let what = format!("{found} {unit} are in transit, {waiting} wait to be delivered");
                self.note(None, None, what);
            }
        }
        Ok(())
    }
}

fn worth(parcel: &Parcel) -> i64 {
    total(&parcel.lots) - parcel.debt
}
