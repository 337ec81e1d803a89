//! What a batch reads at its beginning and writes at its end: a few statements each, however many
//! requests there are.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use lojal_core::command::{Key, KeyKind};
use lojal_core::decision::{FollowUp, Refusal};
use lojal_core::kernel::{HolderId, Id, Instant, MemberId, Name, Part, TransactionId};

use super::batch::Settled;
use super::shared::TakenCode;
use super::{Errand, Request};
use crate::platform::enrolment::{MemberRow, member_find_all_by_external_id, member_follow, member_insert_all};
use crate::platform::identity::{SealedIdentity, identity_save};
use crate::platform::journal::{JournalRow, journal_append, journal_find_all, journal_heads, transaction_id};
use crate::platform::outbox::outbox_insert;
use crate::platform::sql::{self, Cell, Connection, Row, cells, column, column_of_32, damaged};
use crate::platform::states::{State, state_find_all, state_save_all};

/// What the database says about everything that a batch names.
#[derive(Default)]
pub(super) struct Loaded {
    pub states: HashMap<HolderId, State>,
    pub keys: HashMap<(Part, Key), TransactionId>,
    pub rows: HashMap<TransactionId, JournalRow>,
    /// With the fingerprint of the request.
    pub idempotency: HashMap<(Part, String), ([u8; 32], Settled)>,
    pub receipts: HashMap<(Part, Errand), Settled>,
    /// By part and the shop's own id.
    pub members: HashMap<(Part, String), MemberRow>,
    /// The highest id in each part.
    pub heads: HashMap<Part, Id>,
}

/// What a batch writes.
#[derive(Default)]
pub(super) struct Writes {
    pub rows: Vec<JournalRow>,
    pub states: BTreeSet<HolderId>,
    pub keys: BTreeMap<(Part, Key), TransactionId>,
    pub follow_ups: Vec<(TransactionId, usize, FollowUp, Instant)>,
    pub members: Vec<MemberRow>,
    pub identities: Vec<(MemberId, SealedIdentity)>,
    /// Members whose row must follow their state.
    pub followed: BTreeSet<HolderId>,
    pub idempotency: Vec<(Part, String, [u8; 32], Settled, Instant)>,
    pub receipts: Vec<(Part, Errand, Settled)>,
    /// By how much each allotment changes.
    pub allotments: Vec<((Name, Part), i64)>,
    pub taken_codes: Vec<TakenCode>,
}

impl Writes {
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.idempotency.is_empty() && self.receipts.is_empty()
    }

    pub fn has_follow_ups(&self) -> bool {
        !self.follow_ups.is_empty()
    }
}

pub(crate) fn key_kind(kind: KeyKind) -> &'static str {
    match kind {
        KeyKind::Order => "order",
        KeyKind::LooseReturn => "loose_return",
        KeyKind::Activity => "activity",
        KeyKind::Redemption => "redemption",
        KeyKind::Voucher => "voucher",
        KeyKind::Parcel => "parcel",
        KeyKind::ParcelBack => "parcel_back",
    }
}

/// Reads whatever the requests name.
pub(super) async fn load(connection: &mut Connection, requests: &[Request]) -> Result<Loaded, sqlx::Error> {
    let mut loaded = Loaded::default();
    let holders: BTreeSet<HolderId> = requests.iter().map(|request| request.submission.holder).collect();
    let parts: BTreeSet<Part> = holders.iter().map(|holder| holder.part()).collect();
    loaded.heads = journal_heads(connection, &parts.into_iter().collect::<Vec<_>>()).await?.into_iter().collect();
    let states = state_find_all(connection, holders).await?;
    loaded.states = states.into_iter().map(|state| (state.holder.id, state)).collect();
    load_keys(connection, requests, &mut loaded).await?;
    load_idempotency(connection, requests, &mut loaded).await?;
    load_receipts(connection, requests, &mut loaded).await?;
    load_members(connection, requests, &mut loaded).await?;
    let named: HashSet<TransactionId> = loaded.keys.values().copied().chain(loaded.answered()).collect();
    let rows = journal_find_all(connection, named).await?;
    loaded.rows = rows.into_iter().map(|row| (row.id, row)).collect();
    Ok(loaded)
}

impl Loaded {
    /// Transactions that are the answer to something already.
    fn answered(&self) -> impl Iterator<Item = TransactionId> {
        let settled = self.idempotency.values().map(|(_, settled)| settled).chain(self.receipts.values());
        let settled = settled.filter_map(|settled| match settled {
            Settled::Done(transaction) => Some(*transaction),
            Settled::Refused(_) => None,
        });
        settled.chain(self.members.values().map(|member| member.enrolled_by))
    }
}

async fn load_keys(connection: &mut Connection, requests: &[Request], loaded: &mut Loaded) -> Result<(), sqlx::Error> {
    let asked = requests
        .iter()
        .filter_map(|request| Some((request.submission.holder.part(), request.submission.command.key()?)));
    let asked: BTreeSet<(Part, Key)> = asked.collect();
    let keys = asked.iter().map(|(part, key)| cells![part.number(), key_kind(key.kind), key.id.as_str()]).collect();
    let head = "select part, kind, id, journal_id from natural_key where (part, kind, id) in";
    let mut found = HashMap::new();
    for row in sql::look_up(connection, head, keys).await? {
        let name: (i64, String, String) = (column(&row, "part")?, column(&row, "kind")?, column(&row, "id")?);
        found.insert(name, transaction_id(column(&row, "journal_id")?)?);
    }
    for (part, key) in asked {
        let name = (part.number(), key_kind(key.kind).to_owned(), key.id.to_string());
        if let Some(transaction) = found.get(&name) {
            loaded.keys.insert((part, key), *transaction);
        }
    }
    Ok(())
}

async fn load_idempotency(
    connection: &mut Connection,
    requests: &[Request],
    loaded: &mut Loaded,
) -> Result<(), sqlx::Error> {
    let keys = requests.iter().filter_map(|request| {
        let idempotency = request.submission.idempotency.as_ref()?;
        Some(cells![request.submission.holder.part().number(), idempotency.key.as_str()])
    });
    let head = "select part, key, fingerprint, journal_id, refusal from idempotency where (part, key) in";
    for row in sql::look_up(connection, head, keys.collect()).await? {
        let name = (part(&row)?, column(&row, "key")?);
        let fingerprint = column_of_32(&row, "fingerprint")?;
        loaded.idempotency.insert(name, (fingerprint, settled(&row, "journal_id")?));
    }
    Ok(())
}

async fn load_receipts(
    connection: &mut Connection,
    requests: &[Request],
    loaded: &mut Loaded,
) -> Result<(), sqlx::Error> {
    let keys = requests.iter().filter_map(|request| {
        let errand = request.errand.as_ref()?;
        Some(cells![request.submission.holder.part().number(), errand.sender.number(), errand.step.as_str()])
    });
    let head = "select part, journal_id, step, applied_by, refusal from receipt where (part, journal_id, step) in";
    for row in sql::look_up(connection, head, keys.collect()).await? {
        let errand = Errand { sender: transaction_id(column(&row, "journal_id")?)?, step: column(&row, "step")? };
        loaded.receipts.insert((part(&row)?, errand), settled(&row, "applied_by")?);
    }
    Ok(())
}

async fn load_members(
    connection: &mut Connection,
    requests: &[Request],
    loaded: &mut Loaded,
) -> Result<(), sqlx::Error> {
    let names = requests.iter().filter_map(|request| {
        let enrolment = request.enrolment.as_ref()?;
        Some((request.submission.holder.part(), enrolment.external_id.clone()))
    });
    for member in member_find_all_by_external_id(connection, names.collect::<Vec<_>>()).await? {
        loaded.members.insert((member.id.part(), member.external_id.clone()), member);
    }
    Ok(())
}

fn part(row: &Row) -> Result<Part, sqlx::Error> {
    let number: i64 = column(row, "part")?;
    Part::from_number(number).ok_or_else(|| damaged(format!("{number} is no part")))
}

/// Either a transaction or a refusal, one of them always.
fn settled(row: &Row, transaction: &str) -> Result<Settled, sqlx::Error> {
    if let Some(number) = column::<Option<i64>>(row, transaction)? {
        return Ok(Settled::Done(transaction_id(number)?));
    }
    let refusal: &str = column(row, "refusal")?;
    serde_json::from_str(refusal).map(Settled::Refused).map_err(damaged)
}

fn settled_cells(settled: &Settled) -> Result<[Cell; 2], sqlx::Error> {
    match settled {
        Settled::Done(transaction) => Ok([Cell::from(transaction.number()), Cell::NoText]),
        Settled::Refused(refusal) => Ok([Cell::NoNumber, Cell::from(refusal_text(refusal)?)]),
    }
}

fn refusal_text(refusal: &Refusal) -> Result<String, sqlx::Error> {
    serde_json::to_string(refusal).map_err(|cause| sqlx::Error::Encode(cause.into()))
}

/// Writes what the batch has decided. `states` are those of all its holders.
pub(super) async fn save(
    connection: &mut Connection,
    writes: &Writes,
    states: &HashMap<HolderId, State>,
) -> Result<(), sqlx::Error> {
    journal_append(connection, &writes.rows).await?;
    let changed: Vec<&State> = writes.states.iter().filter_map(|holder| states.get(holder)).collect();
    state_save_all(connection, &changed).await?;
    save_keys(connection, writes).await?;
    outbox_insert(connection, &writes.follow_ups).await?;
    member_insert_all(connection, &writes.members).await?;
    for (member, identity) in &writes.identities {
        identity_save(connection, *member, identity).await?;
    }
    for state in writes.followed.iter().filter_map(|holder| states.get(holder)) {
        member_follow(connection, &state.holder).await?;
    }
    save_answers(connection, writes).await?;
    save_shared(connection, writes).await
}

async fn save_keys(connection: &mut Connection, writes: &Writes) -> Result<(), sqlx::Error> {
    let row = |((part, key), transaction): (&(Part, Key), &TransactionId)| {
        cells![part.number(), key_kind(key.kind), key.id.as_str(), transaction.number()]
    };
    sql::insert_all(
        connection,
        "insert into natural_key (part, kind, id, journal_id) values",
        "on conflict (part, kind, id) do update set journal_id = excluded.journal_id",
        writes.keys.iter().map(row).collect(),
    )
    .await?;
    Ok(())
}

async fn save_answers(connection: &mut Connection, writes: &Writes) -> Result<(), sqlx::Error> {
    let mut rows = Vec::with_capacity(writes.idempotency.len());
    for (part, key, fingerprint, settled, at) in &writes.idempotency {
        let [transaction, refusal] = settled_cells(settled)?;
        let mut row = cells![part.number(), key.as_str(), *fingerprint];
        row.extend([transaction, refusal, Cell::from(at.as_microsecond())]);
        rows.push(row);
    }
    let head = "insert into idempotency (part, key, fingerprint, journal_id, refusal, created_at) values";
    sql::insert_all(connection, head, "", rows).await?;
    let mut rows = Vec::with_capacity(writes.receipts.len());
    for (part, errand, settled) in &writes.receipts {
        let mut row = cells![part.number(), errand.sender.number(), errand.step.as_str()];
        row.extend(settled_cells(settled)?);
        rows.push(row);
    }
    let head = "insert into receipt (part, journal_id, step, applied_by, refusal) values";
    sql::insert_all(connection, head, "", rows).await?;
    Ok(())
}

async fn save_shared(connection: &mut Connection, writes: &Writes) -> Result<(), sqlx::Error> {
    let row = |((quantity, part), change): &((Name, Part), i64)| cells![part.number(), quantity.as_str(), *change, 0];
    sql::insert_all(
        connection,
        "insert into shared_quantity (part, name, remaining, total) values",
        "on conflict (part, name) do update set remaining = shared_quantity.remaining + excluded.remaining",
        writes.allotments.iter().map(row).collect(),
    )
    .await?;
    for taken in &writes.taken_codes {
        let sql = "update pool_code set taken_by = ? where part = ? and pool = ? and code = ?";
        let cells = cells![taken.by.number(), taken.part.number(), taken.pool.as_str(), taken.code.as_str()];
        sql::execute(connection, sql, cells).await?;
    }
    Ok(())
}
