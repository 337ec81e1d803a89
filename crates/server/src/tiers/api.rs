//! `/v1/tiers`, and the tiers of one member.

use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::wire::{LadderJson, TierStandingJson};
use crate::platform::application::Application;
use crate::platform::auth::{Authority, Reads};
use crate::platform::http::fields::MemberPath;
use crate::platform::http::page::Page;
use crate::platform::http::query::NoQuery;
use crate::platform::http::subject::{holder_now, member_named};
use crate::platform::http::{Path, Problem, Query};
use crate::platform::writer::WriteError;

pub fn routes() -> OpenApiRouter<Application> {
    OpenApiRouter::new().routes(routes!(tier_list)).routes(routes!(member_tiers))
}

/// List the tier ladders of the programme
#[utoipa::path(
    get,
    path = "/v1/tiers",
    tag = "tiers",
    responses((status = 200, description = "All ladders", body = Page<LadderJson>)),
    security(("key" = ["read"]))
)]
async fn tier_list(
    _: Authority<Reads>,
    State(application): State<Application>,
    _: Query<NoQuery>,
) -> Result<axum::Json<Page<LadderJson>>, Problem> {
    let rulebook = application.rulebook();
    let programme = rulebook.live().ok_or(WriteError::NoProgramme)?;
    let ladders = programme.ladders.iter().map(|ladder| LadderJson::new(ladder, programme));
    Ok(axum::Json(Page::whole(ladders.collect())))
}

/// List a member's tiers
///
/// The level on each ladder, until when it is kept, and what is missing to the next.
#[utoipa::path(
    get,
    path = "/v1/members/{member}/tiers",
    tag = "tiers",
    params(("member" = inline(MemberPath), Path, description = "`mem_…`, `ext:` and the shop's own id, or `card:` and a card's number")),
    responses((status = 200, description = "One for each ladder", body = Page<TierStandingJson>)),
    security(("key" = ["read"]))
)]
async fn member_tiers(
    _: Authority<Reads>,
    State(application): State<Application>,
    Path(member): Path<MemberPath>,
    _: Query<NoQuery>,
) -> Result<axum::Json<Page<TierStandingJson>>, Problem> {
    let row = member_named(&application, &member.0).await?;
    let holder = holder_now(&application, row.id.into()).await?;
    let rulebook = application.rulebook();
    let programme = rulebook.live().ok_or(WriteError::NoProgramme)?;
    let now = application.clock.now();
    let standings = programme.ladders.iter().map(|ladder| TierStandingJson::new(ladder, &holder, programme, now));
    Ok(axum::Json(Page::whole(standings.collect())))
}
