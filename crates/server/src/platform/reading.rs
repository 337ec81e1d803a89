//! What the house can be asked. Reads are current: they see everything that was acknowledged.

use std::collections::{BTreeSet, HashMap};

use lojal_core::command::KeyKind;
use lojal_core::decision::{OrderRecord, Record, Refusal, VoucherRecord};
use lojal_core::holder::Holder;
use lojal_core::kernel::{HolderId, MemberId, Name, Part, TransactionId};

use super::application::Application;
use super::cards::cards_erase;
use super::clicks::{visitors_erase, visitors_forget};
use super::directory::{Listed, directory_find, directory_written};
use super::enrolment::{
    MemberRow, MemberStatus, member_erase, member_find, member_find_by_external_id, member_lock, member_page,
    member_survivor,
};
use super::fraud::{cases_erase, sightings_erase, verifications_erase};
use super::identity::{Identity, IdentityError, identity_erase, identity_find, identity_save};
use super::introductions::introductions_erase;
use super::journal::{JournalRow, journal_find, journal_find_all, journal_walk, transaction_id};
use super::leaderboard::names_erase;
use super::referral_codes::codes_erase;
use super::rulebook::{PublishedVersion, version_find, version_list};
use super::shares::shares_erase;
use super::sql::{self, cells, column_of_32, damaged};
use super::states::{State, member_state_find, member_state_find_by_external_id, state_find};
use super::thanks::thanks_erase;
use super::visitors::MEMBER_SESSIONS;
use super::writer::{Answer, Done, Idempotency, WriteError, key_kind};

/// A page of a holder's transactions, the latest first.
#[derive(Clone, Debug)]
pub struct TransactionPage {
    pub transactions: Vec<Done>,
    /// Where the next page begins, if there is one.
    pub next: Option<TransactionId>,
}

/// A thing kept under a natural key, with whose it is.
#[derive(Clone, Debug)]
pub struct Kept<Thing> {
    pub holder: HolderId,
    /// The transaction that last wrote it.
    pub transaction: TransactionId,
    pub thing: Thing,
}

impl Application {
    pub async fn member(&self, member: MemberId) -> Result<Option<MemberRow>, sql::Error> {
        member_find(&mut *self.database.read().await?, member).await
    }

    pub async fn member_by_external_id(&self, external_id: &str) -> Result<Option<MemberRow>, sql::Error> {
        let Some(part) = self.part_of(external_id) else { return Ok(None) };
        member_find_by_external_id(&mut *self.database.read().await?, part, external_id).await
    }

    /// The member whose account this was; the member itself where it never was another's.
    pub async fn survivor(&self, member: MemberRow) -> Result<MemberRow, sql::Error> {
        match member.status {
            MemberStatus::Merged { .. } => member_survivor(&mut *self.database.read().await?, member).await,
            MemberStatus::Active | MemberStatus::Left => Ok(member),
        }
    }

    /// The accounts that were merged into a member's, also by way of others.
    pub async fn merged_accounts(&self, member: MemberId) -> Result<Vec<MemberId>, sql::Error> {
        let holder = self.holder(member.into()).await?;
        Ok(holder.map_or(Vec::new(), |holder| holder.merged_accounts().collect()))
    }

    /// A member with what decisions know about them.
    pub async fn member_state(&self, member: MemberId) -> Result<Option<(MemberRow, State)>, sql::Error> {
        member_state_find(&mut *self.database.read().await?, member).await
    }

    pub async fn member_state_by_external_id(
        &self,
        external_id: &str,
    ) -> Result<Option<(MemberRow, State)>, sql::Error> {
        let Some(part) = self.part_of(external_id) else { return Ok(None) };
        member_state_find_by_external_id(&mut *self.database.read().await?, part, external_id).await
    }

    /// Members in a stable order, after `after`, at most `limit`.
    pub async fn members(&self, after: Option<MemberId>, limit: usize) -> Result<Vec<MemberRow>, sql::Error> {
        member_page(&mut *self.database.read().await?, after, limit).await
    }

    pub async fn identity(&self, member: MemberId) -> Result<Option<Identity>, IdentityError> {
        identity_find(&mut *self.database.read().await?, &self.vault, member).await
    }

    /// Changes the personal data of a member, and says whether there was anything to change. Who was erased stays
    /// so: erasure waits for the same lock.
    pub async fn change_identity(
        &self,
        member: MemberId,
        change: impl FnOnce(&MemberRow, Identity) -> Identity,
    ) -> Result<bool, IdentityError> {
        let mut transaction = self.database.write_aside_in(member.part()).await?;
        let row = member_lock(&mut transaction, member).await?;
        let Some(row) = row.filter(|row| !row.is_erased()) else { return Ok(false) };
        let known = identity_find(&mut transaction, &self.vault, member).await?.unwrap_or_default();
        let identity = change(&row, known.clone());
        if identity == known {
            return Ok(false);
        }
        if identity.is_empty() {
            identity_erase(&mut transaction, member).await?;
        } else {
            identity_save(&mut transaction, member, &self.vault.seal(member, &identity)?).await?;
        }
        self.watch_change(&mut transaction, member, (&known, &identity)).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Forgets the person behind a member, the shop's own id included; the books stay. What other accounts of the person
    /// have gone by goes first, so that whatever is interrupted is asked for again.
    pub async fn erase_member(&self, member: MemberId) -> Result<(), sql::Error> {
        for account in self.merged_accounts(member).await? {
            self.erase_account(account).await?;
        }
        self.erase_account(member).await
    }

    async fn erase_account(&self, member: MemberId) -> Result<(), sql::Error> {
        visitors_forget(self, member).await?;
        let mut transaction = self.database.write_aside_in(member.part()).await?;
        member_lock(&mut transaction, member).await?;
        identity_erase(&mut transaction, member).await?;
        cards_erase(&mut transaction, member).await?;
        codes_erase(&mut transaction, &self.vault, member).await?;
        names_erase(&mut transaction, member).await?;
        thanks_erase(&mut transaction, member).await?;
        visitors_erase(&mut transaction, member).await?;
        sightings_erase(&mut transaction, member).await?;
        cases_erase(&mut transaction, member).await?;
        verifications_erase(&mut transaction, member).await?;
        introductions_erase(&mut transaction, member).await?;
        shares_erase(&mut transaction, member).await?;
        member_erase(&mut transaction, member).await?;
        MEMBER_SESSIONS.end_all(&mut transaction, member.into()).await?;
        transaction.commit().await
    }

    /// A member or household with everything that decisions know about it.
    pub async fn holder(&self, holder: HolderId) -> Result<Option<Holder>, sql::Error> {
        Ok(self.state(holder).await?.map(|state| state.holder))
    }

    pub async fn state(&self, holder: HolderId) -> Result<Option<State>, sql::Error> {
        state_find(&mut *self.database.read().await?, holder).await
    }

    pub async fn transaction(&self, id: TransactionId) -> Result<Option<Done>, sql::Error> {
        let row = journal_find(&mut *self.database.read().await?, id).await?;
        row.as_ref().map(JournalRow::done).transpose()
    }

    /// A holder's transactions, the latest first, from `from` on (a page's `next`). `None` when
    /// there is no such holder, or `from` is not one of its transactions.
    pub async fn transactions(
        &self,
        holder: HolderId,
        from: Option<TransactionId>,
        limit: usize,
    ) -> Result<Option<TransactionPage>, sql::Error> {
        let mut connection = self.database.snapshot().await?;
        let Some(state) = state_find(&mut connection, holder).await? else { return Ok(None) };
        let start = from.unwrap_or(state.head);
        if start.part() != holder.part() || journal_find(&mut connection, start).await?.is_none() {
            return Ok(None);
        }
        let rows = journal_walk(&mut connection, Some(start), limit).await?;
        if rows.iter().any(|row| row.holder != holder) {
            return Ok(None);
        }
        let next = rows.last().and_then(|row| row.prev);
        let transactions = rows.iter().map(JournalRow::done).collect::<Result<_, _>>()?;
        Ok(Some(TransactionPage { transactions, next }))
    }

    /// An order by the shop's own id.
    pub async fn order(&self, external_id: &str) -> Result<Option<Kept<OrderRecord>>, sql::Error> {
        self.kept(Listed::Order, KeyKind::Order, external_id, |record| match record {
            Record::Order(order) => Some(*order),
            _ => None,
        })
        .await
    }

    /// A voucher by its code.
    pub async fn voucher(&self, code: &str) -> Result<Option<Kept<VoucherRecord>>, sql::Error> {
        self.kept(Listed::Voucher, KeyKind::Voucher, code, |record| match record {
            Record::Voucher(voucher) => Some(voucher),
            _ => None,
        })
        .await
    }

    /// Many vouchers by their codes: those that there are.
    pub async fn vouchers(&self, codes: &[&str]) -> Result<HashMap<Name, VoucherRecord>, sql::Error> {
        let mut connection = self.database.snapshot().await?;
        let written = directory_written(&mut connection, Listed::Voucher, codes).await?;
        let mut vouchers = HashMap::new();
        for row in journal_find_all(&mut connection, written.values().copied().collect::<BTreeSet<_>>()).await? {
            let body = row.read_body().map_err(|cause| damaged(format!("{}: {cause}", row.id)))?;
            for (key, record) in body.decision.records {
                if let Record::Voucher(voucher) = record
                    && written.get(&key.id) == Some(&row.id)
                {
                    vouchers.insert(key.id, voucher);
                }
            }
        }
        Ok(vouchers)
    }

    async fn kept<Thing>(
        &self,
        listed: Listed,
        kind: KeyKind,
        name: &str,
        read: impl Fn(Record) -> Option<Thing>,
    ) -> Result<Option<Kept<Thing>>, sql::Error> {
        let mut connection = self.database.snapshot().await?;
        let Some((holder, transaction)) = directory_find(&mut connection, listed, name).await? else {
            return Ok(None);
        };
        let row = journal_find(&mut connection, transaction).await?;
        let row = row.ok_or_else(|| damaged(format!("{transaction} is missing")))?;
        let body = row.read_body().map_err(|cause| damaged(format!("{transaction}: {cause}")))?;
        let records = body.decision.records.into_iter().rev();
        let record = records.filter(|(key, _)| key.kind == kind && key.id == name).find_map(|(_, record)| read(record));
        let thing = record.ok_or_else(|| damaged(format!("{transaction} has no record of its {}", key_kind(kind))))?;
        Ok(Some(Kept { holder, transaction, thing }))
    }

    /// The fingerprint of the request that an `Idempotency-Key` came with before, wherever it was.
    pub async fn idempotency_fingerprint(&self, key: &str) -> Result<Option<[u8; 32]>, sql::Error> {
        Ok(self.idempotency(key).await?.map(|(fingerprint, _)| fingerprint))
    }

    /// What the same request was answered before, wherever it was: the writer looks for it only where the request
    /// would be decided now.
    pub async fn answered_before(&self, idempotency: &Idempotency) -> Result<Option<Answer>, sql::Error> {
        let Some((fingerprint, settled)) = self.idempotency(&idempotency.key).await? else { return Ok(None) };
        if fingerprint != idempotency.fingerprint {
            return Ok(Some(Err(WriteError::KeyReused)));
        }
        let transaction = match settled {
            Ok(transaction) => transaction,
            Err(refusal) => return Ok(Some(Err(WriteError::Refused(refusal)))),
        };
        let done = self.transaction(transaction).await?;
        Ok(Some(Ok(done.ok_or_else(|| damaged(format!("{transaction} is missing")))?)))
    }

    async fn idempotency(&self, key: &str) -> Result<Option<([u8; 32], Result<TransactionId, Refusal>)>, sql::Error> {
        let mut connection = self.database.read().await?;
        let keys = Part::all().map(|part| cells![part.number(), key]);
        let sql = "select fingerprint, journal_id, refusal from idempotency where";
        let rows = sql::by_name(&mut connection, sql, "part, key", keys).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let settled = match sql::column::<Option<i64>>(row, "journal_id")? {
            Some(number) => Ok(transaction_id(number)?),
            None => Err(serde_json::from_str(sql::column::<&str>(row, "refusal")?).map_err(damaged)?),
        };
        Ok(Some((column_of_32(row, "fingerprint")?, settled)))
    }

    /// All published versions, the oldest first.
    pub async fn versions(&self) -> Result<Vec<PublishedVersion>, sql::Error> {
        version_list(&mut *self.database.read().await?).await
    }

    pub async fn version(&self, version: u32) -> Result<Option<PublishedVersion>, sql::Error> {
        version_find(&mut *self.database.read().await?, version).await
    }
}
