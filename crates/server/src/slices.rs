//! The list of capabilities.

use utoipa_axum::router::OpenApiRouter;

use axum::Router;

use crate::platform::application::Application;
use crate::platform::pages::PageState;
use crate::staff::pages::SetUp;

/// The pages of all capabilities.
pub fn pages(set_up: SetUp) -> Router<PageState> {
    Router::new()
        .merge(crate::overview::pages::routes())
        .merge(crate::audit::pages::routes())
        .merge(crate::appearance::pages::routes())
        .merge(crate::cases::pages::routes())
        .merge(crate::clicks::pages::routes())
        .merge(crate::leaderboard::pages::routes())
        .merge(crate::ledger::pages::routes())
        .merge(crate::materials::pages::routes())
        .merge(crate::members::pages::routes())
        .merge(crate::programmes::pages::routes())
        .merge(crate::portal::pages::routes())
        .merge(crate::recommending::pages::routes())
        .merge(crate::redemptions::pages::routes())
        .merge(crate::settings::brands::routes())
        .merge(crate::settings::index::routes())
        .merge(crate::settings::pages::routes())
        .merge(crate::settings::signing::routes())
        .merge(crate::simulations::pages::routes())
        .merge(crate::staff::pages::routes(set_up))
        .merge(crate::vouchers::pages::routes())
        .merge(crate::webhooks::pages::routes())
}

/// What pages of the shop ask for.
pub fn storefront(state: PageState) -> OpenApiRouter<Application> {
    crate::widget::api::routes(state)
}

/// The routes of all capabilities.
pub fn routes() -> OpenApiRouter<Application> {
    OpenApiRouter::new()
        .merge(crate::members::api::routes())
        .merge(crate::members::consents::routes())
        .merge(crate::members::terms::routes())
        .merge(crate::cards::api::routes())
        .merge(crate::cases::api::routes())
        .merge(crate::clicks::api::routes())
        .merge(crate::clicks::shares::routes())
        .merge(crate::codes::api::routes())
        .merge(crate::wallets::api::routes())
        .merge(crate::ledger_entries::api::routes())
        .merge(crate::orders::api::routes())
        .merge(crate::guest_orders::api::routes())
        .merge(crate::activities::api::routes())
        .merge(crate::holds::api::routes())
        .merge(crate::rewards::api::routes())
        .merge(crate::redemptions::api::routes())
        .merge(crate::recommending::api::routes())
        .merge(crate::referrals::api::routes())
        .merge(crate::verifications::api::routes())
        .merge(crate::leaderboard::api::routes())
        .merge(crate::vouchers::api::routes())
        .merge(crate::vouchers::pools::routes())
        .merge(crate::adjustments::api::routes())
        .merge(crate::transfers::api::routes())
        .merge(crate::households::api::routes())
        .merge(crate::tiers::api::routes())
        .merge(crate::programmes::api::routes())
        .merge(crate::webhooks::api::routes())
}
