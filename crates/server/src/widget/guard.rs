//! What lies around the widget's API: which pages may ask, how often, and on whose behalf.

use std::num::NonZeroU32;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::platform::application::Application;
use crate::platform::auth::{Gate, Reads, bearer};
use crate::platform::enrolment::MemberRow;
use crate::platform::http::Problem;
use crate::platform::http::clients::client;
use crate::platform::http::connections::Peer;
use crate::platform::http::limits::Limits;
use crate::platform::origins::origins_find;
use crate::platform::pages::PageState;
use crate::platform::visitors::MemberToken;

/// Requests from one place: a page of the shop asks twice, and once more for each change of its cart.
const AT_ONCE: u32 = 240;
const PER_SECOND: u32 = 20;
/// Keys begin like this, and tokens never do.
const KEYS_BEGIN: &str = "lojal_";

/// What handlers of the widget's API have at hand.
#[derive(Clone)]
pub struct Storefront {
    pub state: PageState,
    gate: Arc<Gate>,
}

impl Storefront {
    pub fn new(state: PageState) -> Storefront {
        let times = |count: u32| NonZeroU32::MIN.saturating_add(count - 1);
        let gate = Gate::new(Limits::new(times(PER_SECOND), times(AT_ONCE)));
        Storefront { state, gate: Arc::new(gate) }
    }
}

/// On whose behalf a page asks.
pub enum Caller {
    /// Whoever looks at the page: it sent a key that anybody may see.
    Guest,
    /// It sent the token of a member.
    Member(MemberRow),
}

impl FromRequestParts<Application> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, application: &Application) -> Result<Caller, Problem> {
        let is_key = bearer(&parts.headers).is_none_or(|text| text.starts_with(KEYS_BEGIN));
        if !is_key {
            return MemberToken::from_request_parts(parts, application).await.map(|token| Caller::Member(token.member));
        }
        let storefront = parts.extensions.get::<Storefront>().cloned();
        let storefront = storefront.ok_or_else(|| Problem::internal(&"the widget has no storefront"))?;
        storefront.gate.admit::<Reads>(application, &parts.headers).await?;
        Ok(Caller::Guest)
    }
}

/// Stands before every route of the widget.
pub async fn guard(State(storefront): State<Storefront>, mut request: Request, next: Next) -> Response {
    let origin = request.headers().get(header::ORIGIN).cloned();
    let admitted = match &origin {
        Some(origin) => is_admitted(&storefront.state, origin, request.headers()).await,
        None => Ok(()),
    };
    let is_admitted = admitted.is_ok();
    let mut response = match admitted {
        Err(problem) => problem.into_response(),
        Ok(()) => {
            let place = client(request.extensions().get::<Peer>(), request.headers()).name;
            let (allowance, taken) = storefront.gate.limits().take(&place);
            let mut response = match taken {
                Ok(()) => {
                    let state = storefront.state.dressed().await;
                    request.extensions_mut().insert(Storefront { state, ..storefront });
                    next.run(request).await
                }
                Err(problem) => problem.into_response(),
            };
            allowance.write(response.headers_mut());
            response
        }
    };
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_name(header::ORIGIN));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(origin) = origin.filter(|_| is_admitted) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        let seen =
            "retry-after, ratelimit-limit, ratelimit-remaining, ratelimit-reset, x-request-id, idempotency-replayed";
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(seen));
    }
    response
}

/// Whether a page of this origin may ask: one of ours, or of those that the shop lists.
async fn is_admitted(state: &PageState, origin: &HeaderValue, headers: &HeaderMap) -> Result<(), Problem> {
    let text = origin.to_str().unwrap_or_default();
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let is_ours = text == &*state.public || text.split_once("://").is_some_and(|(_, named)| Some(named) == host);
    if is_ours {
        return Ok(());
    }
    let listed = origins_find(&mut *state.application.database.read().await?).await?;
    if listed.iter().any(|one| one == text) {
        return Ok(());
    }
    let detail = "pages of this origin may not ask: list it in the console, under Portal";
    Err(Problem::new(StatusCode::FORBIDDEN, "origin_not_listed", detail))
}

/// What a browser asks before it lets a page of another origin ask.
pub async fn preflight() -> Response {
    let headers: [(HeaderName, HeaderValue); 3] = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST")),
        (
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            HeaderValue::from_static("authorization, content-type, idempotency-key"),
        ),
        (header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600")),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}
