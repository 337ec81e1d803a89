//! What belongs to no holder alone: natural keys, the directory, shared quantities, codes, and what
//! is on its way.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use lojal_core::command::{KeyKind, Parcel};
use lojal_core::decision::{FollowUpCommand, Record};
use lojal_core::kernel::{HolderId, Name, Part, TransactionId};
use lojal_core::ledger::{Account, total};

use super::Auditor;
use super::replay::Replay;
use crate::platform::directory::{Listed, directory_entries, directory_position};
use crate::platform::journal::{Body, journal_find, journal_page, transaction_id};
use crate::platform::outbox::outbox_page;
use crate::platform::sql::{self, Connection, Row, cells, damaged};
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
    /// By part: journal rows that a chain leads to, and natural keys that they give.
    parts: BTreeMap<Part, PartCount>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct PartCount {
    rows: i64,
    keys: i64,
}

impl Totals {
    pub fn add_rows(&mut self, part: Part, rows: usize) {
        self.parts.entry(part).or_default().rows += rows as i64;
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
    ) -> Result<(), sql::Error> {
        let part = holder.part();
        self.totals.parts.entry(part).or_default().keys += replay.records.len() as i64;
        let listed_up_to = directory_position(connection, part).await?;
        let records: Vec<_> = replay.records.iter().collect();
        for records in records.chunks(PAGE) {
            let select = "select kind, id, journal_id from natural_key where";
            let keys = records.iter().map(|(key, _)| cells![part.number(), key_kind(key.kind), key.id.as_str()]);
            let mut known: BTreeMap<(String, String), TransactionId> = BTreeMap::new();
            for row in sql::by_name(connection, select, "part, kind, id", keys).await? {
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
                let projected = records.iter().filter(|(key, (transaction, _))| {
                    key.kind == listed.kind() && transaction.number() <= listed_up_to
                });
                let names: Vec<&str> = projected.map(|(key, _)| key.id.as_str()).collect();
                let entries = directory_entries(connection, listed, &names).await?;
                for name in names {
                    match entries.get(name) {
                        Some(known) if *known == holder => {}
                        Some(other) => {
                            let what = format!("one of its orders or vouchers is also one of {other}");
                            self.note(Some(holder), None, what);
                        }
                        None => {
                            self.note(
                                Some(holder),
                                None,
                                "one of its orders or vouchers is missing from the directory",
                            );
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// Nothing stands in a part that no chain leads to.
    async fn check_parts(
        &mut self,
        connection: &mut Connection,
        goes_on: &mut impl FnMut() -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, sql::Error> {
        let mut found: BTreeMap<Part, PartCount> = BTreeMap::new();
        for row in sql::rows(connection, "select part, count(*) as found from journal group by part", vec![]).await? {
            found.entry(part(&row)?).or_default().rows = sql::column(&row, "found")?;
        }
        let archived = "select part, cast(sum(transactions) as bigint) as archived from journal_archive group by part";
        for row in sql::rows(connection, archived, vec![]).await? {
            found.entry(part(&row)?).or_default().rows += sql::column::<i64>(&row, "archived")?;
        }
        for row in
            sql::rows(connection, "select part, count(*) as found from natural_key group by part", vec![]).await?
        {
            found.entry(part(&row)?).or_default().keys = sql::column(&row, "found")?;
        }
        let expected = std::mem::take(&mut self.totals.parts);
        let parts: BTreeSet<Part> = found.keys().chain(expected.keys()).copied().collect();
        let mut rows_differ = false;
        for part in parts {
            let number = part.number();
            let found = found.get(&part).copied().unwrap_or_default();
            let expected = expected.get(&part).copied().unwrap_or_default();
            if found.rows != expected.rows {
                let what = format!(
                    "part {number} has {} journal rows, its holders' chains have {}",
                    found.rows, expected.rows
                );
                self.note(None, None, what);
                rows_differ = true;
            }
            if found.keys != expected.keys {
                let what =
                    format!("part {number} has {} natural keys, its journal gives {}", found.keys, expected.keys);
                self.note(None, None, what);
            }
        }
        if rows_differ { self.name_loose_rows(connection, goes_on).await } else { Ok(goes_on()) }
    }

    /// Names rows of holders that have no state.
    async fn name_loose_rows(
        &mut self,
        connection: &mut Connection,
        goes_on: &mut impl FnMut() -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, sql::Error> {
        let mut after = None;
        while goes_on().is_continue() {
            let page = journal_page(connection, after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(ControlFlow::Continue(())) };
            after = Some(last.id);
            let holders: BTreeSet<HolderId> = page.iter().map(|row| row.holder).collect();
            let keys = holders.iter().map(|holder| cells![holder.part().number(), holder.number()]).collect();
            let head = "select holder from holder_state where (part, holder) in";
            let mut known = BTreeSet::new();
            for row in sql::look_up(connection, head, keys).await? {
                known.insert(sql::column::<i64>(&row, "holder")?);
            }
            for row in page.iter().filter(|row| !known.contains(&row.holder.number())) {
                self.note(Some(row.holder), Some(row.id), "its holder has no state");
            }
        }
        Ok(ControlFlow::Break(()))
    }

    /// Counts, shared quantities, codes, and what is on its way; broken off where `goes_on` says so.
    pub(super) async fn check_whole(
        &mut self,
        connection: &mut Connection,
        goes_on: &mut impl FnMut() -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, sql::Error> {
        self.check_acceptances(connection).await?;
        if goes_on().is_break() || self.check_parts(connection, goes_on).await?.is_break() {
            return Ok(ControlFlow::Break(()));
        }
        let drawn = self.totals.drawn.clone();
        self.check_shared(connection).await?;
        if self.check_codes(connection, goes_on).await?.is_break() {
            return Ok(ControlFlow::Break(()));
        }
        if self.check_transit(connection, goes_on).await?.is_break() {
            return Ok(ControlFlow::Break(()));
        }
        self.check_both_sides(&drawn);
        Ok(ControlFlow::Continue(()))
    }

    async fn check_shared(&mut self, connection: &mut Connection) -> Result<(), sql::Error> {
        let sql = "select name, cast(sum(total) as bigint) as total, cast(sum(remaining) as bigint) as remaining,
                          min(remaining) as least
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

    async fn check_codes(
        &mut self,
        connection: &mut Connection,
        goes_on: &mut impl FnMut() -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, sql::Error> {
        let mut taken = 0;
        for part in Part::all() {
            let mut after = String::new();
            loop {
                if goes_on().is_break() {
                    return Ok(ControlFlow::Break(()));
                }
                let sql = "select code, taken_by from pool_code
                           where part = ? and code > ? and taken_by is not null order by code limit ?";
                let cells = cells![part.number(), after.as_str(), PAGE as i64];
                let rows = sql::rows(connection, sql, cells).await?;
                let Some(last) = rows.last() else { break };
                after = sql::column(last, "code")?;
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
        Ok(ControlFlow::Continue(()))
    }

    /// What is in transit is what lies in the outbox and has not arrived.
    async fn check_transit(
        &mut self,
        connection: &mut Connection,
        goes_on: &mut impl FnMut() -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, sql::Error> {
        let mut expected: BTreeMap<Name, i64> = BTreeMap::new();
        let mut after = None;
        loop {
            if goes_on().is_break() {
                return Ok(ControlFlow::Break(()));
            }
            let page = outbox_page(connection, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some((last.sender, last.position));
            for command in &page {
                self.referrals.is_on_its_way(&command.follow_up.command);
                let parcel = match &command.follow_up.command {
                    FollowUpCommand::Receive { parcel } | FollowUpCommand::TakeBack { parcel, .. } => parcel,
                    FollowUpCommand::AdmitMember { .. }
                    | FollowUpCommand::DismissMember { .. }
                    | FollowUpCommand::MergeInto { .. }
                    | FollowUpCommand::KnowAccounts { .. }
                    | FollowUpCommand::Inherit { .. }
                    | FollowUpCommand::HearOfFriend { .. } => continue,
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
        Ok(ControlFlow::Continue(()))
    }
}

fn part(row: &Row) -> Result<Part, sql::Error> {
    let number: i64 = sql::column(row, "part")?;
    Part::from_number(number).ok_or_else(|| damaged(format!("{number} is no part")))
}

fn worth(parcel: &Parcel) -> i64 {
    total(&parcel.lots) - parcel.debt
}
