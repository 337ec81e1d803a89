//! `/r/{code}`: where a member's link leads. People are led on to the shop; programs that show what a link leads to get a
//! page about it. Whoever asks cannot tell which codes there are: what is unknown is answered like what is known.

use std::borrow::Cow;
use std::sync::Arc;

use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use lojal_core::kernel::{ClickId, Part};
use minijinja::context;
use serde::Deserialize;

use crate::platform::appearance::PictureUse;
use crate::platform::clicks::{Click, ClickKind, ClickSource, ClickToken, Clicks, Mark, Traces, VisitorKey, kind_of};
use crate::platform::http::clients::client;
use crate::platform::http::connections::Peer;
use crate::platform::http::referral_fields::ChannelText;
use crate::platform::pages::{Frame, PageError, PageState, cookie};
use crate::platform::referral_codes::CodeName;

/// What tells one browser from another. Under HTTPS nobody beside this house can set it.
const VISITOR_COOKIE: &str = "lojal_visitor";
const SECURE_VISITOR_COOKIE: &str = "__Host-lojal_visitor";
/// As long as clicks are kept.
const COOKIE_SECONDS: u32 = 400 * 86_400;
const ROOT: &str = "/r";

/// Whatever follows is read by [`Link`]: no link that somebody has cut or bent ends in an error.
pub fn routes() -> Router<PageState> {
    Router::new().route(ROOT, get(follow)).route("/r/", get(follow)).route("/r/{*link}", get(follow))
}

/// What a link says, as far as it can be read.
struct Link {
    code: Option<CodeName>,
    channel: Option<String>,
    /// The page of the shop that is asked for.
    to: Option<String>,
}

#[derive(Deserialize)]
struct Asked {
    to: Option<String>,
}

impl Link {
    fn of(uri: &Uri) -> Link {
        let path = uri.path().strip_prefix(ROOT).unwrap_or_default();
        let mut pieces = path.split('/').filter(|piece| !piece.is_empty()).map(readable);
        let code = pieces.next().and_then(|code| CodeName::parse(&code));
        let channel = pieces.next().map(|channel| channel.to_ascii_lowercase());
        let channel = channel.and_then(|channel| ChannelText::parse(&channel).ok());
        let asked = Query::<Asked>::try_from_uri(uri).ok();
        Link { code, channel: channel.map(|channel| channel.0), to: asked.and_then(|asked| asked.0.to) }
    }
}

/// A piece of an address as it was meant. What is no text becomes what stands in no code.
fn readable(piece: &str) -> Cow<'_, str> {
    match piece.contains(['=', '&']) {
        true => Cow::Borrowed(piece),
        false => form_urlencoded::parse(piece.as_bytes()).next().map_or(Cow::Borrowed(""), |(text, _)| text),
    }
}

async fn follow(
    State(state): State<PageState>,
    Extension(clicks): Extension<Clicks>,
    request: Request,
) -> Result<Response, PageError> {
    let (parts, _) = request.into_parts();
    let headers = &parts.headers;
    let link = Link::of(&parts.uri);
    let client = client(parts.extensions.get::<Peer>(), headers);
    if !clicks.admit(&client) {
        // Whoever is one too many is led on, and not counted.
        let target = clicks.landing().await?.target(link.to.as_deref(), None);
        return led_on(&target);
    }
    let traces = Traces::of(&state.application.vault, &client, headers);
    match kind_of(&parts.method, headers) {
        ClickKind::Person => person(&state, &clicks, link, traces, headers).await,
        kind => program(&state, &clicks, link, traces, kind, frame(&state, headers, &parts.uri)).await,
    }
}

/// Programs that show links hardly ever say in which language: then it is the programme's first one.
fn frame(state: &PageState, headers: &HeaderMap, uri: &Uri) -> Frame {
    let frame = Frame::of(headers, uri);
    let first = state.application.rulebook().live().and_then(|programme| programme.languages.first().copied());
    match first {
        Some(first) if !headers.contains_key(header::ACCEPT_LANGUAGE) => Frame { language: first.tag(), ..frame },
        _ => frame,
    }
}

async fn person(
    state: &PageState,
    clicks: &Clicks,
    link: Link,
    traces: Traces,
    headers: &HeaderMap,
) -> Result<Response, PageError> {
    let (name, secure) = match state.is_secure() {
        true => (SECURE_VISITOR_COOKIE, "; Secure"),
        false => (VISITOR_COOKIE, ""),
    };
    let known = cookie(headers, name).and_then(VisitorKey::from_cookie);
    let visitor = match known {
        Some(visitor) => visitor,
        None => VisitorKey::drawn().map_err(|cause| PageError::internal(&cause))?,
    };
    let vault = &state.application.vault;
    let to = link.to.clone();
    let click = click_of(state, clicks, link, ClickKind::Person, Mark::of_visitor(vault, &visitor), traces).await?;
    keep(clicks, &click).await;
    let token = ClickToken { click: click.id, code: click.code }.sign(vault);
    let target = clicks.landing().await?.target(to.as_deref(), Some(&token));
    let mut response = led_on(&target)?;
    if let Some(value) = visitor.cookie() {
        let kept = format!("{name}={value}; Path=/; Max-Age={COOKIE_SECONDS}; SameSite=Lax; HttpOnly{secure}");
        let kept = HeaderValue::try_from(kept).map_err(|cause| PageError::internal(&cause))?;
        response.headers_mut().append(header::SET_COOKIE, kept);
    }
    Ok(response)
}

async fn program(
    state: &PageState,
    clicks: &Clicks,
    link: Link,
    traces: Traces,
    kind: ClickKind,
    frame: Frame,
) -> Result<Response, PageError> {
    let to = link.to.clone();
    let click = click_of(state, clicks, link, kind, Mark::NOBODY, traces).await?;
    keep(clicks, &click).await;
    match kind {
        // A browser that fetched ahead must ask again when somebody clicks, or that click would not be seen.
        ClickKind::Prefetch => Ok((StatusCode::SERVICE_UNAVAILABLE, no_store()).into_response()),
        ClickKind::Preview => preview(state, &frame).await,
        ClickKind::Person | ClickKind::Robot => led_on(&clicks.landing().await?.target(to.as_deref(), None)),
    }
}

/// A click on whatever the link names, or on nothing.
async fn click_of(
    state: &PageState,
    clicks: &Clicks,
    link: Link,
    kind: ClickKind,
    visitor: Mark,
    traces: Traces,
) -> Result<Click, PageError> {
    let lead = match &link.code {
        Some(name) => clicks.lead(name).await?,
        None => None,
    };
    let part = link.code.as_ref().map_or(Part::PROGRAMME, CodeName::part);
    let channel = link.channel.or_else(|| lead.as_ref().map(|lead| lead.channel.clone()));
    let Traces { address, network, agent } = traces;
    Ok(Click {
        id: ClickId(state.application.ids.next(part)),
        code: lead.as_ref().map(|lead| lead.code),
        advocate: lead.map(|lead| lead.advocate),
        channel: channel.unwrap_or_default(),
        visitor,
        kind,
        source: ClickSource::Link,
        address,
        network,
        agent,
        clicked_at: state.application.clock.now().as_microsecond(),
    })
}

/// Whatever becomes of the click, the link leads on: the token says by itself what was followed.
async fn keep(clicks: &Clicks, click: &Click) {
    if let Err(cause) = clicks.keep(click).await {
        tracing::warn!(%cause, "a click is not known to be kept");
    }
}

fn no_store() -> [(header::HeaderName, HeaderValue); 1] {
    [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))]
}

fn led_on(target: &str) -> Result<Response, PageError> {
    let target = HeaderValue::try_from(target).map_err(|cause| PageError::internal(&cause))?;
    let mut response = (StatusCode::FOUND, no_store()).into_response();
    response.headers_mut().insert(header::LOCATION, target);
    Ok(response)
}

/// What a message shows where somebody pastes a link. It is the same for all links, and names nobody.
async fn preview(state: &PageState, frame: &Frame) -> Result<Response, PageError> {
    let state = state.dressed().await;
    let drawn =
        [PictureUse::Logo, PictureUse::Icon].into_iter().filter_map(|purpose| state.pages.look().picture(purpose));
    let content = context! {
        // Few messengers show drawings; most show nothing else where one is named.
        image => drawn.into_iter().find(|address| !address.ends_with(".svg")),
        shop => state.shop_name(frame.language()),
        public => &*Arc::clone(&state.public),
        locale => if frame.language == "pl" { "pl_PL" } else { "en_GB" },
    };
    Ok((no_store(), state.pages.html("referrals/preview.html", frame, content)?).into_response())
}
