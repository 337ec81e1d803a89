//! One holder's journal, from its first row to its head.

use std::collections::BTreeMap;

use lojal_core::command::Key;
use lojal_core::decision::Record;
use lojal_core::engine;
use lojal_core::holder::{Holder, HolderKind};
use lojal_core::kernel::{HolderId, MemberId, Name, TransactionId};
use lojal_core::ledger::{Account, Posting};

use super::Auditor;
use crate::platform::enrolment::{MemberStatus, member_find};
use crate::platform::journal::{Body, JournalRow, NO_HASH, balances, journal_chain, journal_find_all, kind};
use crate::platform::sql::{self, Connection};
use crate::platform::states::State;

/// Ids of a chain that are read at once.
const LINKS: usize = 1_000;
/// Rows that are read at once, of which only these are in memory.
const ROWS: usize = 100;

/// What has been derived so far of one holder.
#[derive(Default)]
pub(super) struct Replay {
    pub holder: Option<Holder>,
    /// The latest record under each natural key.
    pub records: BTreeMap<Key, (TransactionId, Record)>,
    /// Sums of postings by unit and account.
    pub sums: BTreeMap<(Name, Account), i64>,
    head: Option<(TransactionId, [u8; 32])>,
    /// The version of the latest row.
    version: u32,
    rows: i64,
}

impl Auditor {
    pub(super) async fn check_holder(&mut self, connection: &mut Connection, state: &State) -> Result<(), sql::Error> {
        let id = state.holder.id;
        let Some(chain) = self.chain(connection, state).await? else { return Ok(()) };
        self.report.transactions += chain.len() as u64;
        self.totals.add_rows(id.part(), chain.len());
        let first = chain.first().copied();
        let mut replay = Replay::default();
        for transactions in chain.chunks(ROWS) {
            let mut rows = journal_find_all(connection, transactions.iter().copied()).await?;
            rows.sort_by_key(|row| row.id);
            for row in rows {
                self.check_link(&replay, &row, id);
                let body = match row.read_body() {
                    Ok(body) => body,
                    Err(cause) => {
                        self.note(Some(id), Some(row.id), format!("cannot be read: {cause}"));
                        return Ok(());
                    }
                };
                self.check_columns(&row, &body);
                if !self.check_decision(&mut replay, &row, &body) {
                    return Ok(());
                }
                self.check_postings(&mut replay, &row, &body);
                self.totals.add(&body);
                replay.head = Some((row.id, row.hash));
                replay.version = row.version;
                replay.rows += 1;
            }
        }
        self.check_state(&replay, state);
        self.check_referrals(&replay);
        self.check_member(connection, state, first).await?;
        self.check_keys(connection, id, &replay).await
    }

    /// The ids of a holder's rows, the first one first. The ids alone are kept in memory.
    async fn chain(
        &mut self,
        connection: &mut Connection,
        state: &State,
    ) -> Result<Option<Vec<TransactionId>>, sql::Error> {
        let id = state.holder.id;
        let mut chain = Vec::new();
        let mut next = Some(state.head);
        while let Some(from) = next {
            let links = journal_chain(connection, from, LINKS).await?;
            if links.is_empty() {
                self.note(Some(id), Some(from), "is missing from the journal");
                return Ok(None);
            }
            for (transaction, prev) in links {
                if prev.is_some_and(|prev| prev >= transaction) {
                    self.note(Some(id), Some(transaction), "names a later transaction as the one before it");
                    return Ok(None);
                }
                chain.push(transaction);
                next = prev;
            }
        }
        chain.reverse();
        Ok(Some(chain))
    }

    fn check_link(&mut self, replay: &Replay, row: &JournalRow, holder: HolderId) {
        if row.holder != holder {
            self.note(Some(holder), Some(row.id), format!("belongs to {}", row.holder));
        }
        if row.hash != row.hash_after(&replay.head.map_or(NO_HASH, |(_, hash)| hash)) {
            self.note(Some(holder), Some(row.id), "does not have the hash that its content gives");
        }
    }

    fn check_columns(&mut self, row: &JournalRow, body: &Body) {
        if row.kind != kind(&body.command) {
            self.note(Some(row.holder), Some(row.id), "its columns contradict its body");
        }
    }

    /// Makes the decision again. Answers whether the replay can go on.
    fn check_decision(&mut self, replay: &mut Replay, row: &JournalRow, body: &Body) -> bool {
        let holder = Some(row.holder);
        let Some(rulebook) = self.rulebooks.get(&row.version) else {
            self.note(holder, Some(row.id), format!("was decided under version {}, which is missing", row.version));
            return false;
        };
        let record = body.command.key().and_then(|key| replay.records.get(&key));
        let decided = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            engine::decide(rulebook, replay.holder.as_ref(), record, &body.command, &body.inputs)
        }));
        let (after, decision) = match decided {
            Ok(Ok(decided)) => decided,
            Ok(Err(undecided)) => {
                self.note(holder, Some(row.id), format!("would not be decided again: {undecided:?}"));
                return false;
            }
            Err(_) => {
                self.note(holder, Some(row.id), "the engine gives up on it");
                return false;
            }
        };
        if decision != body.decision {
            self.note(holder, Some(row.id), "the decision made again differs from the one in the journal");
        }
        if balances(&after) != body.balances {
            self.note(holder, Some(row.id), "the balances derived again differ from those in the journal");
        }
        for (key, record) in decision.records {
            replay.records.insert(key, (row.id, record));
        }
        replay.holder = Some(after);
        true
    }

    fn check_postings(&mut self, replay: &mut Replay, row: &JournalRow, body: &Body) {
        for (index, effect) in body.decision.effects.iter().enumerate() {
            for (unit, sum) in unit_sums(&effect.postings) {
                if sum != 0 {
                    self.note(
                        Some(row.holder),
                        Some(row.id),
                        format!("entry {index} is out of balance by {sum} {unit}"),
                    );
                }
            }
            for posting in &effect.postings {
                *replay.sums.entry((posting.unit.clone(), posting.account)).or_insert(0) += posting.amount;
            }
        }
        for ((unit, account), sum) in &replay.sums {
            let allowed = match account {
                Account::Available | Account::Pending | Account::Held => *sum >= 0,
                Account::Debt | Account::Issued => *sum <= 0,
                _ => true,
            };
            if !allowed {
                let what = format!("leaves {} {unit} in {}", sum, account.name());
                self.report.note(super::Difference { holder: Some(row.holder), transaction: Some(row.id), what });
            }
        }
    }

    fn check_state(&mut self, replay: &Replay, state: &State) {
        let id = state.holder.id;
        if replay.holder.as_ref() != Some(&state.holder) {
            self.note(Some(id), None, "its state differs from what its journal gives");
        }
        if replay.head != Some((state.head, state.head_hash)) || replay.rows != state.version {
            self.note(Some(id), None, "its state does not name the end of its journal");
        }
        for wallet in state.holder.wallets.iter() {
            let totals = wallet.totals;
            for (account, amount) in [
                (Account::Available, wallet.available()),
                (Account::Pending, wallet.pending()),
                (Account::Held, wallet.held()),
                (Account::Debt, -wallet.debt),
                (Account::Issued, -totals.issued),
                (Account::Redeemed, totals.redeemed),
                (Account::Expired, totals.expired),
                (Account::Reversed, totals.reversed),
                (Account::InTransit, totals.sent),
            ] {
                let sum = replay.sums.get(&(wallet.unit.clone(), account)).copied().unwrap_or(0);
                if sum != amount {
                    let unit = &wallet.unit;
                    let what = format!("has {amount} {unit} in {}, its postings give {sum}", account.name());
                    self.note(Some(id), None, what);
                }
            }
        }
        // Where a later version waits, or has just come into force, it may be the one that told.
        let oldest = u32::try_from(self.due_version).map_or(0, |version| version.min(replay.version));
        let is_right = self
            .rulebook
            .versions()
            .filter(|programme| programme.version >= oldest)
            .any(|programme| engine::next_due(programme, &state.holder) == state.due_at);
        if !is_right {
            self.note(Some(id), None, "the moment when something is due for it is wrong");
        }
    }

    /// A member's row agrees with the member's state.
    async fn check_member(
        &mut self,
        connection: &mut Connection,
        state: &State,
        first: Option<TransactionId>,
    ) -> Result<(), sql::Error> {
        let HolderKind::Member { membership, .. } = &state.holder.kind else { return Ok(()) };
        let id = state.holder.id;
        let (household, status) = (state.holder.household(), MemberStatus::of(*membership));
        match member_find(connection, MemberId(id.0)).await? {
            None => self.note(Some(id), None, "the member's row is missing"),
            Some(row) => {
                let same = row.household == household && row.status == status && Some(row.enrolled_by) == first;
                if !same {
                    self.note(Some(id), None, "the member's row differs from the member's state");
                }
            }
        }
        Ok(())
    }
}

fn unit_sums(postings: &[Posting]) -> BTreeMap<&Name, i64> {
    let mut sums = BTreeMap::new();
    for posting in postings {
        *sums.entry(&posting.unit).or_insert(0) += posting.amount;
    }
    sums
}
