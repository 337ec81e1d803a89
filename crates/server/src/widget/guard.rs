//! What lies around the widget's API: which pages may ask, how often, and on whose behalf.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::platform::application::Application;
use crate::platform::attempts::Attempts;
use crate::platform::auth::{Gate, Reads, bearer};
use crate::platform::enrolment::MemberRow;
use crate::platform::http::Problem;
use crate::platform::http::clients::{Client, client};
use crate::platform::http::connections::Peer;
use crate::platform::http::limits::{Allowance, Limits};
use crate::platform::origins::origins_find;
use crate::platform::pages::{PageError, PageState};
use crate::platform::visitors::MemberToken;
use crate::portal::by_hand;

/// Requests from one place: a page of the shop asks twice, and once more for each change of its cart.
const AT_ONCE: u32 = 240;
const PER_SECOND: u32 = 20;
/// Whoever has one address of the newer kind may have as many places as they like: so many times as much comes from
/// all of them.
const PLACES: u32 = 5;
/// Codes of friends that are tried from one place: names that members have chosen could be guessed.
const CODES_AT_ONCE: NonZeroU32 = NonZeroU32::MIN.saturating_add(29);
const CODES_EVERY: Duration = Duration::from_secs(10);
/// Keys begin like this, and tokens never do.
const KEYS_BEGIN: &str = "lojal_";

/// What handlers of the widget's API have at hand.
#[derive(Clone)]
pub struct Storefront {
    pub state: PageState,
    places: Arc<Places>,
    /// Rewards, by member.
    taking: Arc<Attempts>,
    /// Codes of friends, by where somebody tries them from.
    codes: Arc<Attempts>,
}

/// Where requests come from.
struct Places {
    gate: Gate,
    networks: Limits,
}

impl Default for Places {
    fn default() -> Places {
        let times = |count: u32| NonZeroU32::MIN.saturating_add(count - 1);
        Places {
            gate: Gate::new(Limits::new(times(PER_SECOND), times(AT_ONCE))),
            networks: Limits::new(times(PLACES * PER_SECOND), times(PLACES * AT_ONCE)),
        }
    }
}

impl Places {
    /// Somebody asks from somewhere.
    fn take(&self, client: &Client) -> (Allowance, Result<(), Problem>) {
        match client.network.as_ref().map(|network| self.networks.take(network)) {
            Some((allowance, Err(problem))) => (allowance, Err(problem)),
            _ => self.gate.limits().take(&client.name),
        }
    }
}

impl Storefront {
    pub fn new(state: PageState) -> Storefront {
        let codes = Attempts::new(CODES_AT_ONCE, CODES_EVERY);
        Storefront { state, places: Arc::default(), taking: Arc::new(by_hand()), codes: Arc::new(codes) }
    }

    /// Somebody tries a code. All places of one network of newer addresses are one.
    pub fn try_a_code(&self, client: &Client) -> Result<(), PageError> {
        self.codes.take(client.network.as_ref().unwrap_or(&client.name))
    }

    /// A member takes a reward.
    pub fn take_by_hand(&self, member: &MemberRow) -> Result<(), PageError> {
        self.taking.take(&member.id.to_string())
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
        storefront.places.gate.admit::<Reads>(application, &parts.headers).await?;
        Ok(Caller::Guest)
    }
}

/// Stands before every route of the widget.
pub async fn guard(State(storefront): State<Storefront>, mut request: Request, next: Next) -> Response {
    let origin = request.headers().get(header::ORIGIN).cloned();
    // Before anything is looked up: whoever asks too often costs nothing.
    let (allowance, taken) = storefront.places.take(&client(request.extensions().get::<Peer>(), request.headers()));
    let admitted = match (taken, &origin) {
        (Ok(()), Some(origin)) => is_admitted(&storefront.state, origin, request.headers()).await,
        (taken, _) => taken,
    };
    let is_admitted = admitted.is_ok();
    let mut response = match admitted {
        Ok(()) => {
            let state = storefront.state.dressed().await;
            request.extensions_mut().insert(Storefront { state, ..storefront });
            next.run(request).await
        }
        Err(problem) => problem.into_response(),
    };
    allowance.write(response.headers_mut());
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
    if is_ours(&state.public, host, text) {
        return Ok(());
    }
    let listed = origins_find(&mut *state.application.database.read().await?).await?;
    if listed.iter().any(|one| one == text) {
        return Ok(());
    }
    let detail = "pages of this origin may not ask: list it in the console, under Portal";
    Err(Problem::new(StatusCode::FORBIDDEN, "origin_not_listed", detail))
}

/// Whether an origin is our own. We may be reached under several names, but where people come by HTTPS, by nothing else.
fn is_ours(public: &str, host: Option<&str>, origin: &str) -> bool {
    let is_here = |(scheme, named)| Some(named) == host && (scheme == "https" || !public.starts_with("https://"));
    origin == public || origin.split_once("://").is_some_and(is_here)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_has_many_addresses_of_the_newer_kind_has_no_more_than_a_few_places() {
        let places = Places::default();
        let asked = (0..20).flat_map(|place| (0..AT_ONCE).map(move |_| place)).filter(|place| {
            let (name, network) = (format!("2001:db8:1:{place}"), Some("2001:db8:1".to_owned()));
            let client = Client { name, network, address: None };
            places.take(&client).1.is_ok()
        });
        let asked = asked.count();
        let most = (PLACES * AT_ONCE) as usize;
        assert!((most..2 * most).contains(&asked), "{asked}");
        let (name, network) = ("2001:db8:2:1".to_owned(), Some("2001:db8:2".to_owned()));
        let elsewhere = Client { name, network, address: None };
        assert!(places.take(&elsewhere).1.is_ok());
    }

    #[test]
    fn our_own_pages_come_the_way_that_we_are_reached() {
        for (public, origin, expected) in [
            ("https://club.example", "https://club.example", true),
            ("https://club.example", "https://other.example:8443", true),
            ("https://club.example", "http://other.example:8443", false),
            ("https://club.example", "https://elsewhere.example", false),
            ("http://127.0.0.1:8321", "http://other.example:8443", true),
            ("http://127.0.0.1:8321", "null", false),
        ] {
            assert_eq!(is_ours(public, Some("other.example:8443"), origin), expected, "{public} {origin}");
        }
    }
}
