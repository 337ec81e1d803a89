//! What an advocate has heard of the friends who came: what lies under the advocate's own natural keys, so that it
//! is always as current as their account.

use std::collections::BTreeSet;

use lojal_core::command::KeyKind;
use lojal_core::decision::Record;
use lojal_core::kernel::{HolderId, MemberId, Part};
use lojal_core::referrals::Advocacy;

use super::journal::{journal_find_all, transaction_id};
use super::sql::{self, Connection, Statement, cells, damaged};
use super::states::state_find;
use super::writer::key_kind;

/// What an advocate heard of one friend last, with the account itself, and with those that it was merged into.
pub async fn advocacies_of(
    connection: &mut Connection,
    advocate: MemberId,
    friend: MemberId,
) -> Result<Vec<Advocacy>, sql::Error> {
    let sql = "select journal_id from natural_key where part = ? and kind = ? and id = ?";
    let name = format!("{advocate}/{friend}");
    let mut parts = BTreeSet::from([advocate.part()]);
    let mut holder: HolderId = advocate.into();
    // Merged accounts form no circle.
    while let Some(into) = state_find(connection, holder).await?.and_then(|state| state.holder.merged_into()) {
        parts.insert(into.part());
        holder = into.into();
    }
    let kind = key_kind(KeyKind::Referral);
    let question = |part: &Part| Statement::plain(sql, cells![part.number(), kind, name.as_str()]);
    read(connection, parts.iter().map(question).collect()).await
}

/// The friends of a member, who is the last of `accounts`, and of the accounts that were merged into the member's: the
/// latest first, those from before `before`.
pub async fn advocacies(
    connection: &mut Connection,
    accounts: &[MemberId],
    before: Option<MemberId>,
    limit: usize,
) -> Result<Vec<Advocacy>, sql::Error> {
    let sql = "select journal_id from natural_key where part = ? and kind = ? and id >= ? and id < ? \
               order by id desc limit ?";
    let kind = key_kind(KeyKind::Referral);
    let survivor = accounts.last().map(|survivor| survivor.part());
    let mut statements = Vec::new();
    for account in accounts {
        // What an account heard before it was merged lies with the account, and what came later with the survivor.
        let parts: BTreeSet<Part> = [account.part()].into_iter().chain(survivor).collect();
        let first = format!("{account}/");
        // The sign after the slash.
        let end = before.map_or(format!("{account}0"), |before| format!("{account}/{before}"));
        statements.extend(parts.into_iter().map(|part| {
            Statement::plain(sql, cells![part.number(), kind, first.as_str(), end.as_str(), limit as i64])
        }));
    }
    let mut found = read(connection, statements).await?;
    found.sort_by_key(|advocacy| std::cmp::Reverse(advocacy.recommendation.friend));
    found.truncate(limit);
    Ok(found)
}

/// What rows of the journal say that natural keys lead to.
async fn read(connection: &mut Connection, statements: Vec<Statement>) -> Result<Vec<Advocacy>, sql::Error> {
    let mut written = BTreeSet::new();
    for answer in sql::run_all(connection, statements).await? {
        for row in &answer.rows {
            written.insert(transaction_id(sql::column(row, "journal_id")?)?);
        }
    }
    let mut found = Vec::new();
    for row in journal_find_all(connection, written).await? {
        let body = row.read_body().map_err(|cause| damaged(format!("{}: {cause}", row.id)))?;
        found.extend(body.decision.records.into_iter().filter_map(|(_, record)| match record {
            // Who is credited with nothing any more has no friend in it.
            Record::Advocacy(advocacy) if advocacy.recommendation.share > 0 => Some(*advocacy),
            _ => None,
        }));
    }
    Ok(found)
}
