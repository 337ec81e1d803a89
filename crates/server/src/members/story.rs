//! What happened to a member, and why, as a page tells it.

use std::collections::{BTreeMap, BTreeSet};

use lojal_core::command::{Command, KeyKind};
use lojal_core::holder::Holder;
use lojal_core::kernel::{HolderId, Id, MemberId, Name, TransactionId};
use lojal_core::ledger::{Account, Wallet};
use lojal_core::programme::Rulebook;
use lojal_core::words::{Change, StoryLine, Told, Words, backwards};
use serde::Serialize;

use crate::platform::directory::natural_key_owner;
use crate::platform::enrolment::{MemberRow, member_find_all};
use crate::platform::identity::identity_find_all;
use crate::platform::pages::{Frame, PageError, PageState};
use crate::platform::sql::Connection;
use crate::platform::writer::{Balance, Done};

/// Transactions on a page.
const ON_A_PAGE: usize = 20;

/// One thing that happened.
#[derive(Serialize)]
pub struct EntryView {
    /// The public id of the entry.
    id: String,
    when: String,
    why: String,
    changes: Vec<ChangeView>,
    /// The redemption, where it can be rolled back.
    redemption: Option<String>,
}

/// What changed in one account, and what was there afterwards.
#[derive(Serialize)]
struct ChangeView {
    account: &'static str,
    text: String,
    balance: String,
    /// In what can be spent: to have less waiting is no loss.
    is_gain: bool,
    is_loss: bool,
}

/// A piece of a story, the latest first.
#[derive(Serialize)]
pub struct StoryView {
    entries: Vec<EntryView>,
    /// Where the next page begins.
    next: Option<String>,
}

/// Who is told a story: it may be about others, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listener {
    /// Knows everybody by name, or by the shop's own id.
    Staff,
    /// Knows others by their first name at most.
    Member,
}

/// The story of a member or household from a transaction on, backwards.
pub async fn story(
    state: &PageState,
    frame: &Frame,
    listener: Listener,
    holder: HolderId,
    from: Option<TransactionId>,
) -> Result<StoryView, PageError> {
    let application = &state.application;
    let page = application.transactions(holder, from, ON_A_PAGE).await?.ok_or(PageError::NOT_FOUND)?;
    let mut connection = application.database.read().await?;
    let word = |key: &str| state.pages.texts(frame.language()).say(key, None, &[]);
    let (somebody, home) = (word("portal-somebody"), word("portal-household-name"));
    let names = names(state, &mut connection, &page.transactions).await?;
    let names =
        names.into_iter().map(|(holder, called)| (holder, called.for_the(listener, &somebody, &home))).collect();
    let open = open_redemptions(&mut connection, &page.transactions).await?;
    drop(connection);
    let words = &state.pages.texts(frame.language()).words;
    let rulebook = application.rulebook();
    let mut entries = Vec::new();
    for done in &page.transactions {
        let told = Told { transaction: done.transaction, decided_at: done.decided_at, decision: &done.decision };
        let after: Vec<_> = done.balances.iter().flat_map(in_accounts).collect();
        let mut redemption = Some(done.transaction).filter(|transaction| open.contains(transaction));
        for line in backwards(words, &rulebook, &names, &after, &[told]) {
            entries.push(entry(line, redemption.take()));
        }
    }
    Ok(StoryView { entries, next: page.next.map(|next| next.to_string()) })
}

/// The story of a holder who stands in no journal: what was decided, the latest first, and what came of it.
pub fn invented_story(words: &Words, rulebook: &Rulebook, holder: &Holder, told: &[Told<'_>]) -> StoryView {
    let accounts = |wallet: &Wallet| {
        let amounts = [
            (Account::Available, wallet.available()),
            (Account::Pending, wallet.pending()),
            (Account::Held, wallet.held()),
        ];
        amounts.map(|(account, amount)| (wallet.unit.clone(), account, amount))
    };
    let after: Vec<_> = holder.wallets.iter().flat_map(accounts).collect();
    let lines = backwards(words, rulebook, &BTreeMap::new(), &after, told);
    StoryView { entries: lines.into_iter().map(|line| entry(line, None)).collect(), next: None }
}

fn entry(line: StoryLine, redemption: Option<TransactionId>) -> EntryView {
    let balance = |change: &Change| {
        let same = |other: &&Change| other.unit == change.unit && other.account == change.account;
        line.balances.iter().find(same).map_or(String::new(), |balance| balance.text.clone())
    };
    let changes = line.changes.iter().map(|change| ChangeView {
        account: change.account.name(),
        text: change.text.clone(),
        balance: balance(change),
        is_gain: change.account == Account::Available && change.amount > 0,
        is_loss: change.account == Account::Available && change.amount < 0,
    });
    EntryView {
        id: line.entry(),
        changes: changes.collect(),
        when: line.when,
        why: line.why,
        redemption: redemption.map(|redemption| redemption.to_string()),
    }
}

fn in_accounts(balance: &Balance) -> [(Name, Account, i64); 4] {
    [
        (balance.unit.clone(), Account::Available, balance.available),
        (balance.unit.clone(), Account::Pending, balance.pending),
        (balance.unit.clone(), Account::Held, balance.held),
        // A debt stands in the books as an amount below zero.
        (balance.unit.clone(), Account::Debt, -balance.debt),
    ]
}

/// What somebody is called.
enum Called {
    Member { name: Option<String>, external_id: String },
    Household(Id),
}

impl Called {
    fn for_the(self, listener: Listener, somebody: &str, home: &str) -> String {
        let first = |name: &String| name.split_whitespace().next().map(str::to_owned);
        match (self, listener) {
            (Called::Member { name, external_id }, Listener::Staff) => name.unwrap_or(external_id),
            (Called::Member { name, .. }, Listener::Member) => {
                name.as_ref().and_then(first).unwrap_or_else(|| somebody.to_owned())
            }
            (Called::Household(id), Listener::Staff) => HolderId(id).to_string(),
            (Called::Household(_), Listener::Member) => home.to_owned(),
        }
    }
}

/// What those are called whom transactions name besides their own holder.
async fn names(
    state: &PageState,
    connection: &mut Connection,
    transactions: &[Done],
) -> Result<BTreeMap<HolderId, Called>, PageError> {
    let effects = transactions.iter().flat_map(|done| &done.decision.effects);
    let named = effects.filter_map(|effect| effect.because.other());
    let members: BTreeSet<MemberId> = named.map(|holder| MemberId(holder.0)).collect();
    let rows = member_find_all(connection, members.iter().copied()).await?;
    let people = identity_find_all(connection, &state.application.vault, members.iter().copied()).await?;
    let name = |member| people.get(&member).and_then(|person| person.name.clone());
    let called = |row: MemberRow| (row.id.into(), Called::Member { name: name(row.id), external_id: row.external_id });
    // Every member has a row for ever, so the others are households.
    let households = members.into_iter().map(|household| (HolderId::from(household), Called::Household(household.0)));
    let mut names: BTreeMap<_, _> = households.collect();
    names.extend(rows.into_iter().map(called));
    Ok(names)
}

/// Those of the transactions that took a reward which nobody has given back since.
async fn open_redemptions(
    connection: &mut Connection,
    transactions: &[Done],
) -> Result<BTreeSet<TransactionId>, PageError> {
    let mut open = BTreeSet::new();
    for done in transactions.iter().filter(|done| matches!(done.command, Command::Redeem { .. })) {
        let name = done.transaction.to_string();
        let latest = natural_key_owner(connection, KeyKind::Redemption, &name).await?;
        if latest.is_some_and(|(_, latest)| latest == done.transaction) {
            open.insert(done.transaction);
        }
    }
    Ok(open)
}
