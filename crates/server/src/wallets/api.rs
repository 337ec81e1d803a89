//! `/v1/members/{member}/wallets`.

use axum::extract::State;
use lojal_core::holder::Holder;
use lojal_core::kernel::HolderId;
use lojal_core::ledger::Wallet;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::wire::{OpenHoldJson, WalletJson};
use crate::platform::application::Application;
use crate::platform::auth::{Authority, Reads};
use crate::platform::http::fields::{HouseholdKey, MemberPath};
use crate::platform::http::page::Page;
use crate::platform::http::query::NoQuery;
use crate::platform::http::subject::{as_of_now, holder_now, household_named, member_named, member_state_named};
use crate::platform::http::{Path, Problem, Query};

pub fn routes() -> OpenApiRouter<Application> {
    OpenApiRouter::new().routes(routes!(wallet_list)).routes(routes!(wallet_holds)).routes(routes!(household_wallets))
}

/// List a member's wallets
///
/// One for each unit of the programme, as of now. A member of a household sees the household's,
/// and their own while something in it waits to become available.
#[utoipa::path(
    get,
    path = "/v1/members/{member}/wallets",
    tag = "wallets",
    params(("member" = inline(MemberPath), Path, description = "`mem_…`, `ext:` and the shop's own id, or `card:` and a card's number")),
    responses((status = 200, description = "All wallets", body = Page<WalletJson>)),
    security(("key" = ["read"]))
)]
async fn wallet_list(
    _: Authority<Reads>,
    State(application): State<Application>,
    Path(member): Path<MemberPath>,
    _: Query<NoQuery>,
) -> Result<axum::Json<Page<WalletJson>>, Problem> {
    let (row, state) = member_state_named(&application, &member.0).await?;
    let mut list = Vec::new();
    if let Some(household) = row.household {
        list = wallets(&application, &holder_now(&application, household).await?);
    }
    let own = wallets(&application, &as_of_now(&application, state.holder));
    list.extend(own.into_iter().filter(|wallet| row.household.is_none() || !wallet.is_empty()));
    Ok(axum::Json(Page::whole(list)))
}

/// List a household's wallets
#[utoipa::path(
    get,
    path = "/v1/households/{household}/wallets",
    tag = "wallets",
    params(("household" = inline(HouseholdKey), Path, description = "`hol_…`")),
    responses((status = 200, description = "All wallets", body = Page<WalletJson>)),
    security(("key" = ["read"]))
)]
async fn household_wallets(
    _: Authority<Reads>,
    State(application): State<Application>,
    Path(household): Path<HouseholdKey>,
    _: Query<NoQuery>,
) -> Result<axum::Json<Page<WalletJson>>, Problem> {
    let written = household_named(&application, household.0).await?;
    Ok(axum::Json(Page::whole(wallets(&application, &as_of_now(&application, written)))))
}

/// List a member's open holds
///
/// Those of accounts that were merged into the member's end there, and are listed as well.
#[utoipa::path(
    get,
    path = "/v1/members/{member}/holds",
    tag = "holds",
    params(("member" = inline(MemberPath), Path, description = "`mem_…`, `ext:` and the shop's own id, or `card:` and a card's number")),
    responses((status = 200, description = "All open holds", body = Page<OpenHoldJson>)),
    security(("key" = ["read"]))
)]
async fn wallet_holds(
    _: Authority<Reads>,
    State(application): State<Application>,
    Path(member): Path<MemberPath>,
    _: Query<NoQuery>,
) -> Result<axum::Json<Page<OpenHoldJson>>, Problem> {
    let row = member_named(&application, &member.0).await?;
    let accounts = application.merged_accounts(row.id).await?.into_iter().map(HolderId::from);
    let mut open = Vec::new();
    for holder in [row.holder()].into_iter().chain(accounts) {
        let holder = holder_now(&application, holder).await?;
        let holds = holder.wallets.iter().flat_map(|wallet| &wallet.holds);
        open.extend(holds.map(OpenHoldJson::from));
    }
    Ok(axum::Json(Page::whole(open)))
}

/// The wallets of all units, those that were never used included.
fn wallets(application: &Application, holder: &Holder) -> Vec<WalletJson> {
    let rulebook = application.rulebook();
    let programme = rulebook.live().map(|programme| &**programme);
    let units = programme.map_or(&[][..], |programme| &programme.units);
    let unused: Vec<Wallet> = units
        .iter()
        .filter(|unit| holder.wallets.get(&unit.id).is_none())
        .map(|unit| Wallet::new(unit.id.clone()))
        .collect();
    let wallets = holder.wallets.iter().chain(&unused);
    wallets.map(|wallet| WalletJson::new(wallet, HouseholdKey(holder.id), programme)).collect()
}
