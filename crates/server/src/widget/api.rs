//! `/v1/widget`: for pages of the shop, with a publishable key or with the token of a member.

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::middleware;
use axum::routing::options;
use lojal_core::kernel::Language;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::codes;
use super::guard::{Caller, Storefront, guard, preflight};
use super::view;
use super::wire::{WidgetQuote, WidgetRedemption, WidgetRedemptionInput, WidgetView};
use crate::orders::{QuoteInput, cart_of, quoted};
use crate::platform::application::Application;
use crate::platform::http::query::{IdempotencyKey, RequiredIdempotencyKey, WordsQuery, Written, language};
use crate::platform::http::{Json, JsonOnce, Problem, Query};
use crate::platform::pages::{PageError, PageState};
use crate::platform::visitors::MemberToken;
use crate::platform::writer::WriteError;
use crate::portal::take;

const HERE: &str = "/v1/widget";
const QUOTES: &str = "/v1/widget/quotes";
const REDEMPTIONS: &str = "/v1/widget/redemptions";
const CODES: &str = "/v1/widget/codes";

pub fn routes(state: PageState) -> OpenApiRouter<Application> {
    let storefront = Storefront::new(state);
    OpenApiRouter::new()
        .routes(routes!(widget_view))
        .routes(routes!(widget_quote))
        .routes(routes!(widget_redeem))
        .routes(routes!(codes::widget_code))
        .route(HERE, options(preflight))
        .route(QUOTES, options(preflight))
        .route(REDEMPTIONS, options(preflight))
        .route(CODES, options(preflight))
        .route_layer(middleware::from_fn_with_state(storefront, guard))
}

/// See what the widget shows
///
/// With a publishable key: what the programme is, for guests. With the token of a member: what the member has as well.
#[utoipa::path(
    get,
    path = "/v1/widget",
    tag = "widget",
    params(WordsQuery),
    responses((status = 200, description = "Everything that the widget shows", body = WidgetView)),
    security(("key" = ["read"]), ("member" = []))
)]
async fn widget_view(
    caller: Caller,
    State(application): State<Application>,
    Extension(storefront): Extension<Storefront>,
    Query(query): Query<WordsQuery>,
) -> Result<axum::Json<WidgetView>, Problem> {
    let rulebook = application.rulebook();
    let programme = rulebook.live().ok_or(WriteError::NoProgramme)?;
    let member = match &caller {
        Caller::Guest => None,
        Caller::Member(member) => Some(member),
    };
    let view = view::view(&storefront.state, member, programme, spoken(&query)).await;
    view.map(axum::Json).map_err(problem)
}

/// Quote a cart of the shop's page
///
/// What it would give the member of the token, or a guest who joined with it. Nothing is written. The body names no
/// member.
#[utoipa::path(
    post,
    path = "/v1/widget/quotes",
    tag = "widget",
    params(WordsQuery, IdempotencyKey),
    request_body = QuoteInput,
    responses((status = 200, description = "What the cart would give", body = WidgetQuote)),
    security(("key" = ["read"]), ("member" = []))
)]
async fn widget_quote(
    caller: Caller,
    State(application): State<Application>,
    Extension(storefront): Extension<Storefront>,
    Query(query): Query<WordsQuery>,
    Json { body, .. }: Json<QuoteInput>,
) -> Result<axum::Json<WidgetQuote>, Problem> {
    let rulebook = application.rulebook();
    let programme = rulebook.live().ok_or(WriteError::NoProgramme)?;
    let (named, order) = cart_of(&application, body)?;
    if named.is_some() {
        return Err(Problem::field("/member", "not_taken", "the token says whose cart it is"));
    }
    let member = match &caller {
        Caller::Guest => None,
        Caller::Member(member) => Some(member.id),
    };
    let done = quoted(&application, member, order, true).await?;
    let is_guest = member.is_none();
    Ok(axum::Json(view::quote(&storefront.state, &done, programme, spoken(&query), is_guest)))
}

/// Redeem a reward on the shop's page
///
/// For the member of the token. Refusals are in the language that is asked for.
#[utoipa::path(
    post,
    path = "/v1/widget/redemptions",
    tag = "widget",
    params(WordsQuery, RequiredIdempotencyKey),
    request_body = WidgetRedemptionInput,
    responses((status = 201, description = "Redeemed", body = WidgetRedemption)),
    security(("member" = []))
)]
async fn widget_redeem(
    token: MemberToken,
    State(application): State<Application>,
    Extension(storefront): Extension<Storefront>,
    Query(query): Query<WordsQuery>,
    JsonOnce { body, idempotency }: JsonOnce<WidgetRedemptionInput>,
) -> Result<Written<WidgetRedemption>, Problem> {
    let state = &storefront.state;
    let rulebook = application.rulebook();
    let programme = rulebook.live().ok_or(WriteError::NoProgramme)?;
    if programme.reward(&body.reward.0).is_none() {
        return Err(Problem::not_found("unknown_reward", "the programme has no such reward"));
    }
    storefront.take_by_hand(&token.member).map_err(problem)?;
    // Two members who send the same key have nothing to do with each other.
    let once = format!("widget {} {}", token.member.id, idempotency.key);
    match take(state, &token.member, &body.reward.0, once).await.map_err(problem)? {
        Ok(done) => {
            let answer = view::redemption(state, &done, programme, spoken(&query));
            Ok(Written::created(answer, false, done.repeated))
        }
        Err(WriteError::Refused(refusal)) => {
            let words = state.pages.texts(spoken(&query)).words.about(programme).refusal(&refusal);
            Err(Problem::from(refusal).with_detail(words))
        }
        Err(cause) => Err(cause.into()),
    }
}

fn spoken(query: &WordsQuery) -> Language {
    language(query.lang).unwrap_or(Language::En)
}

/// What went wrong inside was logged where it happened.
fn problem(cause: PageError) -> Problem {
    match cause {
        PageError::TooOften { seconds } => {
            let detail = format!("this member has taken many rewards at once; try again in {seconds} s");
            Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", detail).retry_after(seconds)
        }
        cause => Problem::internal(&format!("{cause:?}")),
    }
}
