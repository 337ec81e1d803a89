//! `/v1/referrals/leaderboard`.

use axum::extract::State;
use axum::http::StatusCode;
use lojal_core::kernel::MemberId;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::wire::{LeaderboardJson, LeaderboardQuery, OwnPlaceJson, PlaceJson};
use crate::platform::application::Application;
use crate::platform::auth::{Authority, Reads};
use crate::platform::http::fields::Time;
use crate::platform::http::page::{Cursor, unknown_cursor};
use crate::platform::http::subject::member_look_up;
use crate::platform::http::{Problem, Query};
use crate::platform::leaderboard::{NameState, Period, Placed, leaderboard_page, names_find};
use crate::platform::writer::WriteError;

pub fn routes() -> OpenApiRouter<Application> {
    OpenApiRouter::new().routes(routes!(leaderboard_get))
}

/// See who has brought how many friends
///
/// Friends who qualified in the period and count still, a moment behind. It answers whether members see the leaderboard
/// or not; a name is there only where its member has chosen one to be shown.
#[utoipa::path(
    get,
    path = "/v1/referrals/leaderboard",
    tag = "referrals",
    params(LeaderboardQuery),
    responses((status = 200, description = "A page of places", body = LeaderboardJson)),
    security(("key" = ["read"]))
)]
async fn leaderboard_get(
    _: Authority<Reads>,
    State(application): State<Application>,
    Query(query): Query<LeaderboardQuery>,
) -> Result<axum::Json<LeaderboardJson>, Problem> {
    let rulebook = application.rulebook();
    let programme = rulebook.live().ok_or(WriteError::NoProgramme)?;
    let now = application.clock.now();
    let edition = query.referral.as_ref().map(|label| label.0.as_str());
    let day = query.date.map(|day| day.0);
    let period = Period::asked(query.period.into(), day, edition, programme, now).ok_or_else(unknown_edition)?;
    let after = query.cursor.as_ref().map(|cursor| place_of(cursor).ok_or_else(unknown_cursor)).transpose()?;
    let accounts = match &query.member {
        Some(member) => {
            let member = member_look_up(&application, &member.0).await?.ok_or_else(nobody)?.id;
            let mut accounts = application.merged_accounts(member).await?;
            accounts.push(member);
            accounts
        }
        None => Vec::new(),
    };
    let mut connection = application.database.read().await?;
    let (board, friends) = leaderboard_page(&mut connection, &period, after, query.limit.0, &accounts).await?;
    let names = names_find(&mut connection, board.places.iter().map(|place| place.member)).await?;
    drop(connection);
    let name = |place: &Placed| {
        let name = names.get(&place.member).filter(|name| name.state == NameState::Shown);
        name.map(|name| name.name.clone())
    };
    let (from, until) = period.moments(programme);
    let last = board.places.last().filter(|_| board.has_more);
    Ok(axum::Json(LeaderboardJson {
        period: period.to_string(),
        from: from.map(Time),
        until: until.map(Time),
        advocates: board.advocates,
        own: query.member.map(|_| OwnPlaceJson::from(board.own(friends))),
        next_cursor: last.map(|place| format!("{}-{}", place.friends, place.member)),
        has_more: board.has_more,
        data: board.places.iter().map(|place| PlaceJson::new(place, name(place))).collect(),
    }))
}

fn place_of(cursor: &Cursor) -> Option<(i64, MemberId)> {
    let (friends, member) = cursor.0.split_once('-')?;
    Some((friends.parse().ok()?, member.parse().ok()?))
}

fn nobody() -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "invalid_parameter", "member: nobody is called so")
}

fn unknown_edition() -> Problem {
    let detail = "referral: is no edition of the programme; those of its [referrals] are";
    Problem::new(StatusCode::BAD_REQUEST, "invalid_parameter", detail)
}
