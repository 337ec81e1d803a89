//! What a batch reads at its beginning and writes at its end: a few statements each, however many
//! requests there are.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use lojal_core::command::{Key, KeyKind};
use lojal_core::decision::{FollowUp, Refusal};
use lojal_core::kernel::{HolderId, Id, Instant, MemberId, Name, Part, TransactionId};

use super::batch::Settled;
use super::shared::TakenCode;
use super::{Errand, Idempotency, Owner, Request};
use crate::platform::enrolment::{MemberRow, member_follow, member_insert_all, members_by_external_id};
use crate::platform::identity::{NewIdentity, identity_statements};
use crate::platform::journal::{JournalRow, heads_of, journal_append, journal_find_all, journal_heads, transaction_id};
use crate::platform::outbox::outbox_insert;
use crate::platform::rulebook::latest_version;
use crate::platform::sql::{
    self, Cell, Connection, Dialect, Outcome, Row, Statement, cells, column, column_of_32, damaged,
};
use crate::platform::states::{State, state_save_all, states_of, states_of_members};

/// What the database says about everything that a batch names.
#[derive(Default)]
pub(super) struct Loaded {
    pub states: HashMap<HolderId, State>,
    pub keys: HashMap<Key, TransactionId>,
    pub rows: HashMap<TransactionId, Arc<JournalRow>>,
    /// With the fingerprint of the request.
    pub idempotency: HashMap<String, ([u8; 32], Settled)>,
    pub receipts: HashMap<(Part, Errand), Settled>,
    /// By part and the shop's own id.
    pub members: HashMap<(Part, Name), MemberRow>,
    /// Holders that were asked for by part and the shop's own id.
    pub named: HashMap<(Part, Name), HolderId>,
    /// The highest id in each part.
    pub heads: HashMap<Part, Id>,
    /// What is left of a shared quantity in a part.
    pub allotments: HashMap<(Name, Part), i64>,
    /// Codes that went out.
    pub taken_codes: Vec<TakenCode>,
}

/// What a batch writes.
#[derive(Default)]
pub(super) struct Writes {
    pub rows: Vec<Arc<JournalRow>>,
    pub states: BTreeSet<HolderId>,
    pub keys: BTreeMap<Key, (Part, TransactionId)>,
    /// Those of the keys that were looked for and not found: nobody has them yet, or somebody takes
    /// them at this moment.
    pub new_keys: HashSet<Key>,
    pub follow_ups: Vec<(TransactionId, usize, FollowUp, Instant)>,
    pub members: Vec<MemberRow>,
    pub identities: Vec<(MemberId, NewIdentity)>,
    /// Members whose row must follow their state.
    pub followed: BTreeSet<HolderId>,
    pub idempotency: Vec<(Part, String, [u8; 32], Settled, Instant)>,
    pub receipts: Vec<(Part, Errand, Settled)>,
    /// What is left of each allotment that changes.
    pub allotments: Vec<((Name, Part), i64)>,
    pub taken_codes: Vec<TakenCode>,
}

impl Writes {
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.idempotency.is_empty() && self.receipts.is_empty()
    }

    /// Keeps of what the batch knew that which it has changed.
    pub fn move_into(&self, outlook: &mut Loaded, mut loaded: Loaded) {
        loaded.states.retain(|holder, _| self.states.contains(holder));
        outlook.states = loaded.states;
        outlook.keys = self.keys.iter().map(|(key, (_, transaction))| (key.clone(), *transaction)).collect();
        outlook.rows = self.rows.iter().map(|row| (row.id, Arc::clone(row))).collect();
        outlook.heads = loaded.heads;
        for (_, key, fingerprint, settled, _) in &self.idempotency {
            outlook.idempotency.insert(key.clone(), (*fingerprint, settled.clone()));
        }
        for (part, errand, settled) in &self.receipts {
            outlook.receipts.insert((*part, errand.clone()), settled.clone());
        }
        for member in &self.members {
            outlook.members.insert((member.id.part(), Name::from(member.external_id.as_str())), member.clone());
        }
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
        KeyKind::Referral => "referral",
    }
}

/// What a batch asks the database at its beginning: one statement for each kind of thing, always in
/// this order, so that the answers can be told apart.
pub(super) fn questions(dialect: Dialect, parts: &[Part], requests: &[Request]) -> Vec<Statement> {
    let mut holders = BTreeSet::new();
    let mut named = BTreeSet::new();
    for request in requests {
        match &request.submission.owner {
            Owner::Holder(holder) => _ = holders.insert(*holder),
            Owner::Member { part, external_id } => _ = named.insert((*part, external_id)),
        }
    }
    let keys: BTreeSet<(Part, Key)> = requests
        .iter()
        .filter_map(|request| Some((request.submission.owner.part(), request.submission.command.key()?)))
        .collect();
    let keys = keys.iter().map(|(part, key)| cells![part.number(), key_kind(key.kind), key.id.as_str()]);
    let idempotency = requests.iter().filter_map(|request| {
        let idempotency = request.submission.idempotency.as_ref()?;
        Some(cells![request.submission.owner.part().number(), idempotency.key.as_str()])
    });
    let errands = requests.iter().filter_map(|request| {
        let errand = request.errand.as_ref()?;
        Some(cells![request.submission.owner.part().number(), errand.sender.number(), errand.step.as_str()])
    });
    let members = requests.iter().filter_map(|request| {
        let enrolment = request.enrolment.as_ref()?;
        Some((request.submission.owner.part(), enrolment.external_id.as_str()))
    });
    vec![
        latest_version(),
        heads_of(dialect, parts),
        states_of(holders),
        Statement::by_name(dialect, "select kind, id, journal_id from natural_key where", "part, kind, id", keys),
        Statement::by_name(
            dialect,
            "select key, fingerprint, journal_id, refusal from idempotency where",
            "part, key",
            idempotency,
        ),
        Statement::look_up(
            "select part, journal_id, step, applied_by, refusal from receipt where (part, journal_id, step) in",
            errands.collect(),
        ),
        members_by_external_id(members),
        states_of_members(named),
    ]
}

/// Takes the answers to [`questions`], but for the first, and reads the rows that they name.
pub(super) async fn load(
    connection: &mut Connection,
    parts: &[Part],
    requests: &[Request],
    answers: &[Outcome],
    recent: &[Arc<Loaded>],
) -> Result<Loaded, sql::Error> {
    let [heads, states, keys, idempotency, receipts, members, named_states] = answers else {
        return Err(damaged("the database answered fewer questions than it was asked"));
    };
    let mut loaded = Loaded { heads: journal_heads(&heads.rows, parts)?.into_iter().collect(), ..Loaded::default() };
    for row in &states.rows {
        let state = State::read(row)?;
        loaded.states.insert(state.holder.id, state);
    }
    for row in &named_states.rows {
        let state = State::read(row)?;
        let name = Name::from(column::<&str>(row, "external_id")?);
        loaded.named.insert((state.holder.id.part(), name), state.holder.id);
        loaded.states.insert(state.holder.id, state);
    }
    let mut named = HashMap::new();
    for row in &keys.rows {
        let name: (&str, &str) = (column(row, "kind")?, column(row, "id")?);
        named.insert(name, transaction_id(column(row, "journal_id")?)?);
    }
    for key in requests.iter().filter_map(|request| request.submission.command.key()) {
        let transaction = named.get(&(key_kind(key.kind), key.id.as_str())).copied();
        loaded.keys.extend(transaction.map(|transaction| (key, transaction)));
    }
    for row in &idempotency.rows {
        let known = (column_of_32(row, "fingerprint")?, settled(row, "journal_id")?);
        loaded.idempotency.insert(column(row, "key")?, known);
    }
    for row in &receipts.rows {
        let errand = Errand { sender: transaction_id(column(row, "journal_id")?)?, step: column(row, "step")? };
        loaded.receipts.insert((part(row)?, errand), settled(row, "applied_by")?);
    }
    for row in &members.rows {
        let member = MemberRow::read(row)?;
        loaded.members.insert((member.id.part(), Name::from(member.external_id.as_str())), member);
    }
    for recent in recent {
        loaded.overlay(recent, requests);
    }
    let named: HashSet<TransactionId> = loaded.keys.values().copied().chain(loaded.answered()).collect();
    let missing: Vec<_> = named.into_iter().filter(|transaction| !loaded.rows.contains_key(transaction)).collect();
    if !missing.is_empty() {
        let rows = journal_find_all(connection, missing).await?;
        loaded.rows.extend(rows.into_iter().map(|row| (row.id, Arc::new(row))));
    }
    Ok(loaded)
}

impl Loaded {
    /// Whose command it is; nobody's when no member has the name.
    pub fn holder_of(&self, owner: &Owner) -> Option<HolderId> {
        match owner {
            Owner::Holder(holder) => Some(*holder),
            Owner::Member { part, external_id } => {
                let name = (*part, external_id.clone());
                let joined = || self.members.get(&name).map(|member| member.id.into());
                self.named.get(&name).copied().or_else(joined)
            }
        }
    }

    /// Takes over what a batch has decided that is not written yet, as far as the requests name it.
    fn overlay(&mut self, recent: &Loaded, requests: &[Request]) {
        for (part, head) in &recent.heads {
            if let Some(known) = self.heads.get_mut(part) {
                *known = (*known).max(*head);
            }
        }
        for request in requests {
            let owner = &request.submission.owner;
            let part = owner.part();
            if let Owner::Member { part, external_id } = owner
                && let Some(member) = recent.members.get(&(*part, external_id.clone()))
            {
                self.named.insert((*part, external_id.clone()), member.id.into());
            }
            if let Some(holder) = self.holder_of(owner)
                && let Some(state) = recent.states.get(&holder)
            {
                self.states.insert(holder, state.clone());
            }
            if let Some(key) = request.submission.command.key()
                && let Some(transaction) = recent.keys.get(&key)
            {
                self.keys.insert(key, *transaction);
            }
            if let Some(Idempotency { key, .. }) = &request.submission.idempotency
                && let Some(settled) = recent.idempotency.get(key)
            {
                self.idempotency.insert(key.clone(), settled.clone());
            }
            if let Some(errand) = &request.errand {
                let name = (part, errand.clone());
                self.receipts.extend(recent.receipts.get(&name).map(|settled| (name, settled.clone())));
            }
            if let Some(enrolment) = &request.enrolment {
                let name = (part, Name::from(enrolment.external_id.as_str()));
                self.members.extend(recent.members.get(&name).map(|member| (name, member.clone())));
            }
        }
        let named: Vec<TransactionId> = self.keys.values().copied().chain(self.answered()).collect();
        for transaction in named {
            self.rows.extend(recent.rows.get(&transaction).map(|row| (transaction, Arc::clone(row))));
        }
    }

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

fn part(row: &Row) -> Result<Part, sql::Error> {
    let number: i64 = column(row, "part")?;
    Part::from_number(number).ok_or_else(|| damaged(format!("{number} is no part")))
}

/// Either a transaction or a refusal, one of them always.
fn settled(row: &Row, transaction: &str) -> Result<Settled, sql::Error> {
    if let Some(number) = column::<Option<i64>>(row, transaction)? {
        return Ok(Settled::Done(transaction_id(number)?));
    }
    let refusal: &str = column(row, "refusal")?;
    serde_json::from_str(refusal).map(Settled::Refused).map_err(damaged)
}

fn settled_cells(settled: &Settled) -> Result<[Cell; 2], sql::Error> {
    match settled {
        Settled::Done(transaction) => Ok([Cell::from(transaction.number()), Cell::NoText]),
        Settled::Refused(refusal) => Ok([Cell::NoNumber, Cell::from(refusal_text(refusal)?)]),
    }
}

fn refusal_text(refusal: &Refusal) -> Result<String, sql::Error> {
    serde_json::to_string(refusal).map_err(sql::unwritable)
}

/// What writes that which the batch has decided. `states` are those of all its holders.
pub(super) fn save(writes: &Writes, states: &HashMap<HolderId, State>) -> Result<Vec<Statement>, sql::Error> {
    let changed: Vec<&State> = writes.states.iter().filter_map(|holder| states.get(holder)).collect();
    let mut statements = vec![
        journal_append(&writes.rows),
        state_save_all(&changed),
        insert_keys(writes),
        move_keys(writes),
        outbox_insert(&writes.follow_ups)?,
        member_insert_all(&writes.members),
        save_answers(writes)?,
        save_receipts(writes)?,
        save_allotments(writes),
    ];
    statements.extend(identity_statements(&writes.identities));
    let followed = writes.followed.iter().filter_map(|holder| states.get(holder));
    statements.extend(followed.filter_map(|state| member_follow(&state.holder)));
    statements.extend(writes.taken_codes.iter().map(|taken| {
        let sql = "update pool_code set taken_by = ? where part = ? and pool = ? and code = ?";
        let cells = cells![taken.by.number(), taken.part.number(), taken.pool.as_str(), taken.code.as_str()];
        Statement::plain(sql, cells)
    }));
    Ok(statements)
}

fn key_rows<'a>(keys: impl Iterator<Item = (&'a Key, &'a (Part, TransactionId))>) -> Vec<Vec<Cell>> {
    keys.map(|(key, (part, transaction))| {
        cells![part.number(), key_kind(key.kind), key.id.as_str(), transaction.number()]
    })
    .collect()
}

/// Names that nobody had before. Somebody else may have taken one meanwhile, elsewhere: then the
/// batch fails and is decided again.
fn insert_keys(writes: &Writes) -> Statement {
    let new = writes.keys.iter().filter(|(key, _)| writes.new_keys.contains(*key));
    Statement::insert("insert into natural_key (part, kind, id, journal_id) values", "", key_rows(new))
}

/// Names that were there and now lead to a later row, and names that the engine itself has made.
fn move_keys(writes: &Writes) -> Statement {
    let known = writes.keys.iter().filter(|(key, _)| !writes.new_keys.contains(*key));
    Statement::insert(
        "insert into natural_key (part, kind, id, journal_id) values",
        "on conflict name_key (part, kind, id) do update set journal_id = excluded.journal_id",
        key_rows(known),
    )
}

fn save_answers(writes: &Writes) -> Result<Statement, sql::Error> {
    let mut rows = Vec::with_capacity(writes.idempotency.len());
    for (part, key, fingerprint, settled, at) in &writes.idempotency {
        let [transaction, refusal] = settled_cells(settled)?;
        let mut row = cells![part.number(), key.as_str(), *fingerprint];
        row.extend([transaction, refusal, Cell::from(at.as_microsecond())]);
        rows.push(row);
    }
    let head = "insert into idempotency (part, key, fingerprint, journal_id, refusal, created_at) values";
    Ok(Statement::insert(head, "", rows))
}

fn save_receipts(writes: &Writes) -> Result<Statement, sql::Error> {
    let mut rows = Vec::with_capacity(writes.receipts.len());
    for (part, errand, settled) in &writes.receipts {
        let mut row = cells![part.number(), errand.sender.number(), errand.step.as_str()];
        row.extend(settled_cells(settled)?);
        rows.push(row);
    }
    Ok(Statement::insert("insert into receipt (part, journal_id, step, applied_by, refusal) values", "", rows))
}

fn save_allotments(writes: &Writes) -> Statement {
    let row = |((quantity, part), left): &((Name, Part), i64)| cells![part.number(), quantity.as_str(), *left, 0];
    Statement::insert(
        "insert into shared_quantity (part, name, remaining, total) values",
        "on conflict (part, name) do update set remaining = excluded.remaining",
        writes.allotments.iter().map(row).collect(),
    )
}
