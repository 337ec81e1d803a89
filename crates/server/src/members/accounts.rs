//! Accounts that were merged into a member's, on the member's page.

use lojal_core::holder::Holder;
use lojal_core::kernel::MemberId;
use lojal_core::ledger::Wallet;
use lojal_core::programme::Programme;
use lojal_core::words::Words;
use serde::Serialize;

use super::holders::holders;
use super::merge_requests::{MergeRequest, merge_request_of};
use crate::platform::enrolment::{MemberRow, MemberStatus};
use crate::platform::pages::{PageError, PageState};
use crate::platform::staff::account_list;

/// An account that was merged into the member's, or the member whose account it was.
#[derive(Serialize)]
pub struct AccountView {
    id: String,
    name: String,
    /// Who merged them, and when, where it was done here.
    by: Option<String>,
    when: Option<String>,
    reason: Option<String>,
    /// What still waits there before it goes over.
    pending: Option<String>,
    held: Option<String>,
}

/// The accounts of a member, in the order in which they come.
pub async fn account_views(
    state: &PageState,
    accounts: &[Holder],
    programme: Option<&Programme>,
    words: &Words,
) -> Result<Vec<AccountView>, PageError> {
    let told = told(state, accounts.iter().map(|account| MemberId(account.id.0)).collect(), words).await?;
    let view = |(account, told): (&Holder, AccountView)| {
        let amounts = |of: &dyn Fn(&Wallet) -> i64| {
            let speaker = words.about(programme?);
            let wallets = account.wallets.iter().filter(|wallet| of(wallet) > 0);
            let amounts: Vec<String> = wallets.map(|wallet| speaker.amount(&wallet.unit, of(wallet))).collect();
            (!amounts.is_empty()).then(|| amounts.join(", "))
        };
        AccountView { pending: amounts(&|wallet| wallet.pending()), held: amounts(&|wallet| wallet.held()), ..told }
    };
    Ok(accounts.iter().zip(told).map(view).collect())
}

/// Whose account this was, if it was merged.
pub async fn survivor_view(
    state: &PageState,
    row: &MemberRow,
    words: &Words,
) -> Result<Option<AccountView>, PageError> {
    let MemberStatus::Merged { into } = row.status else { return Ok(None) };
    let how = told(state, vec![row.id], words).await?.pop();
    let mut connection = state.application.database.read().await?;
    let called = holders(state, &mut connection, [into.into()]).await?;
    let name = called.get(&into.into()).map_or(into.to_string(), |view| view.name.clone());
    Ok(how.map(|how| AccountView { id: into.to_string(), name, ..how }))
}

/// Who merged some accounts, when and why, as far as it was done here.
async fn told(state: &PageState, accounts: Vec<MemberId>, words: &Words) -> Result<Vec<AccountView>, PageError> {
    if accounts.is_empty() {
        return Ok(Vec::new());
    }
    let mut connection = state.application.database.read().await?;
    let called = holders(state, &mut connection, accounts.iter().copied().map(Into::into)).await?;
    let requests = merge_request_of(&mut connection, accounts.iter().copied()).await?;
    let staff = account_list(&mut connection).await?;
    drop(connection);
    let calendar = state.application.calendar();
    let name = |id: i64| staff.iter().find(|account| account.id == id).map(|account| account.name.clone());
    let view = |account: MemberId| {
        let request = requests.get(&account).filter(|request| !request.is_open());
        AccountView {
            id: account.to_string(),
            name: called.get(&account.into()).map_or(account.to_string(), |view| view.name.clone()),
            by: request.and_then(|request| name(request.asked_by)),
            when: request.map(|request| words.date(calendar.date(request.settled_at.unwrap_or(request.asked_at)))),
            reason: request.map(|MergeRequest { reason, .. }| reason.clone()),
            pending: None,
            held: None,
        }
    };
    Ok(accounts.into_iter().map(view).collect())
}
