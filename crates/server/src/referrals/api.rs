//! `/v1/referrals`.

use axum::extract::State;
use lojal_core::kernel::{HolderId, MemberId};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::wire::{ReferralInFull, ReferralJson};
use crate::platform::application::Application;
use crate::platform::auth::{Authority, Reads};
use crate::platform::http::fields::MemberPath;
use crate::platform::http::page::{Cursor, Limit, Page, unknown_cursor};
use crate::platform::http::query::NoQuery;
use crate::platform::http::subject::{as_of_now, holder_now, member_look_up, member_named};
use crate::platform::http::{Path, Problem, Query};
use crate::platform::introductions::{friends_of, trace_find};
use crate::platform::states::state_find_all;

pub fn routes() -> OpenApiRouter<Application> {
    OpenApiRouter::new().routes(routes!(referral_list)).routes(routes!(referral_get))
}

/// How a recommendation stands.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum ReferralStateName {
    Joined,
    Ordered,
    Checking,
    Held,
    Qualified,
    Reversed,
    Expired,
    Rejected,
}

impl ReferralStateName {
    fn name(self) -> &'static str {
        match self {
            ReferralStateName::Joined => "joined",
            ReferralStateName::Ordered => "ordered",
            ReferralStateName::Checking => "checking",
            ReferralStateName::Held => "held",
            ReferralStateName::Qualified => "qualified",
            ReferralStateName::Reversed => "reversed",
            ReferralStateName::Expired => "expired",
            ReferralStateName::Rejected => "rejected",
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ReferralQuery {
    /// Whose friends.
    #[param(inline)]
    advocate: MemberPath,
    /// Only those that stand like this.
    #[param(inline, required = false)]
    state: Option<ReferralStateName>,
    /// Where to begin: `next_cursor` of the page before.
    #[param(inline, required = false)]
    cursor: Option<Cursor>,
    /// How many at once. A page may have fewer although more follow.
    #[serde(default)]
    #[param(inline, required = false)]
    limit: Limit,
}

/// List the friends of a member
///
/// Who came by the member's recommendation, and how it stands.
#[utoipa::path(
    get,
    path = "/v1/referrals",
    tag = "referrals",
    params(ReferralQuery),
    responses((status = 200, description = "A page of recommendations", body = Page<ReferralJson>)),
    security(("key" = ["read"]))
)]
async fn referral_list(
    _: Authority<Reads>,
    State(application): State<Application>,
    Query(query): Query<ReferralQuery>,
) -> Result<axum::Json<Page<ReferralJson>>, Problem> {
    let after: Option<MemberId> =
        query.cursor.map(|cursor| cursor.0.parse().map_err(|_| unknown_cursor())).transpose()?;
    let Some(advocate) = member_look_up(&application, &query.advocate.0).await? else {
        return Ok(axum::Json(Page::whole(Vec::new())));
    };
    let mut accounts = application.merged_accounts(advocate.id).await?;
    accounts.push(advocate.id);
    let limit = query.limit.0;
    let mut connection = application.database.read().await?;
    let mut friends = friends_of(&mut connection, &accounts, after, limit + 1).await?;
    let has_more = friends.len() > limit;
    friends.truncate(limit);
    let next_cursor = friends.last().filter(|_| has_more).map(ToString::to_string);
    let mut states = state_find_all(&mut connection, friends.into_iter().map(HolderId::from)).await?;
    drop(connection);
    states.sort_by_key(|state| state.holder.id);
    let mut data = Vec::new();
    for state in states {
        let holder = as_of_now(&application, state.holder);
        let Some(referral) = &holder.referral else { continue };
        let is_theirs = referral.introduction.credits.iter().any(|credit| accounts.contains(&credit.advocate));
        let stands = query.state.is_none_or(|state| state.name() == referral.step().name());
        if is_theirs && stands {
            data.push(ReferralJson::new(MemberId(holder.id.0), referral));
        }
    }
    Ok(axum::Json(Page { data, has_more, next_cursor }))
}

/// Get the recommendation by which a member came
///
/// With everything that the member had met, and why it counted or not; also where nothing of it did.
#[utoipa::path(
    get,
    path = "/v1/referrals/{friend}",
    tag = "referrals",
    params(("friend" = inline(MemberPath), Path, description = "`mem_…`, `ext:` and the shop's own id, or `card:` and a card's number")),
    responses((status = 200, description = "The recommendation", body = ReferralInFull)),
    security(("key" = ["read"]))
)]
async fn referral_get(
    _: Authority<Reads>,
    State(application): State<Application>,
    Path(friend): Path<MemberPath>,
    _: Query<NoQuery>,
) -> Result<axum::Json<ReferralInFull>, Problem> {
    let row = member_named(&application, &friend.0).await?;
    let holder = holder_now(&application, row.id.into()).await?;
    let trace = trace_find(&mut *application.database.read().await?, row.id).await?;
    Ok(axum::Json(match (holder.referral.as_deref(), trace) {
        (Some(state), trace) => ReferralInFull::new(row.id, state, trace.as_ref()),
        (None, Some(trace)) => ReferralInFull::by_nobody(row.id, &trace),
        (None, None) => {
            return Err(Problem::not_found(
                "unknown_referral",
                "nobody was said to have recommended the shop to this member",
            ));
        }
    }))
}
