//! How members come in: with a token that the shop signs, or with a code that they get by mail.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::{FromRequestParts, MatchedPath, Query};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use lojal_core::kernel::MemberId;
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::Deserialize;

use super::letters::code_letter;
use super::pages::{HOME, html};
use crate::platform::attempts::Attempts;
use crate::platform::clicks::CLICK_PARAMETER;
use crate::platform::enrolment::MemberStatus;
use crate::platform::http::clients::{Client, client};
use crate::platform::http::connections::Peer;
use crate::platform::pages::{Dressed, Form, Frame, PageError, PageState, looks_like_address, own_address, see_other};
use crate::platform::visitors::{
    CodeRequest, EntryFault, MEMBER_SESSIONS, TokenFault, Visitor, code_take, code_write, member_cookie,
    member_cookie_value,
};

pub const HERE: &str = "/portal/sign-in";
pub const CODE: &str = "/portal/sign-in/code";
pub const ENTER: &str = "/portal/enter";
/// Takes the token as well, but only from our own page: somebody else is signed in, and it was asked whether that ends.
pub const SWITCH: &str = "/portal/enter/switch";
/// Members who share an address get a code each, up to so many.
const MOST_OF_AN_ADDRESS: usize = 5;

/// How often somebody may ask for letters and try codes: by the address they name, and by where they come from.
pub struct Doorkeeper {
    addresses: Attempts,
    clients: Attempts,
    /// Whoever has one address of the newer kind may have as many networks of the smaller size as they like.
    networks: Attempts,
    /// Changing anything, by member.
    writing: Attempts,
    /// Making a file of everything, which is held in memory.
    taking_along: Attempts,
    /// Looking for others by their address.
    seeking: Attempts,
}

impl Default for Doorkeeper {
    fn default() -> Doorkeeper {
        let times = |count: u32| NonZeroU32::MIN.saturating_add(count - 1);
        Doorkeeper {
            addresses: Attempts::new(times(5), Duration::from_secs(180)),
            // Several people may come from one address: a shop's till, an office, a telephone network.
            clients: Attempts::new(times(40), Duration::from_secs(6)),
            networks: Attempts::new(times(200), Duration::from_secs(1)),
            writing: by_hand(),
            taking_along: Attempts::new(times(3), Duration::from_secs(20 * 60)),
            seeking: Attempts::new(times(20), Duration::from_secs(60)),
        }
    }
}

/// What members change, as often as anybody would by hand.
pub fn by_hand() -> Attempts {
    Attempts::new(NonZeroU32::MIN.saturating_add(59), Duration::from_secs(20))
}

impl Doorkeeper {
    /// Somebody comes to the door.
    pub fn knock(&self, client: &Client) -> Result<(), PageError> {
        if let Some(network) = &client.network {
            self.networks.take(network)?;
        }
        self.clients.take(&client.name)
    }

    /// A member wants a file of everything.
    pub fn take_along(&self, member: MemberId) -> Result<(), PageError> {
        self.taking_along.take(&member.to_string())
    }

    /// A member looks for another one by an address.
    pub fn seek(&self, member: MemberId) -> Result<(), PageError> {
        self.seeking.take(&member.to_string())
    }
}

/// A member who is about to change something, as often as anybody would by hand.
pub struct Busy(pub Visitor);

impl FromRequestParts<PageState> for Busy {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, state: &PageState) -> Result<Busy, PageError> {
        let visitor = Visitor::from_request_parts(parts, state).await?;
        let doorkeeper = parts.extensions.get::<Arc<Doorkeeper>>();
        let doorkeeper = doorkeeper.ok_or_else(|| PageError::internal(&"nobody stands at the portal's door"))?;
        doorkeeper.writing.take(&visitor.member.id.to_string())?;
        Ok(Busy(visitor))
    }
}

#[derive(Default, Deserialize)]
pub struct NextQuery {
    #[serde(default)]
    next: String,
}

pub async fn page(
    Dressed(state): Dressed,
    frame: Frame,
    headers: HeaderMap,
    Query(query): Query<NextQuery>,
) -> Result<Response, PageError> {
    if Visitor::find(&headers, &frame, &state).await?.is_some() {
        return Ok(see_other(HOME));
    }
    Ok(sign_in_page(&state, &frame, &Form::default().with("next", query.next))?.into_response())
}

fn sign_in_page(state: &PageState, frame: &Frame, form: &Form) -> Result<impl IntoResponse, PageError> {
    html(state, "portal/sign-in.html", frame, sign_in_content(form, state.mailer.is_some()))
}

/// What the way in speaks of. Links of members lead here as long as the shop has set no page for them: whoever follows one
/// is mostly no member yet.
pub fn sign_in_content(form: &Form, by_mail: bool) -> Value {
    let is_recommended = form.text("next").contains(CLICK_PARAMETER);
    context! { form => Value::from(Serde(form)), by_mail, is_recommended }
}

/// Sends a code, if somebody has the address. Nothing that can be seen from outside depends on it.
pub async fn ask(
    Dressed(state): Dressed,
    Extension(doorkeeper): Extension<Arc<Doorkeeper>>,
    peer: Option<Extension<Peer>>,
    frame: Frame,
    headers: HeaderMap,
    mut form: Form,
) -> Result<Response, PageError> {
    if state.mailer.is_none() {
        return Err(PageError::NOT_FOUND);
    }
    let email = form.required("email").to_lowercase();
    if !email.is_empty() && !looks_like_address(&email) {
        form.fault("email", "fault-email");
    }
    if !form.is_sound() {
        return Ok(sign_in_page(&state, &frame, &form)?.into_response());
    }
    doorkeeper.knock(&client(peer.as_deref(), &headers))?;
    doorkeeper.addresses.take(&email)?;
    let request = CodeRequest::begin(&state.application, &email).await.map_err(|cause| PageError::internal(&cause))?;
    let next = form.text("next").to_owned();
    let form = Form::default().with("ticket", &request.ticket).with("next", next).with("email", &email);
    let answer = shown_code_page(&state, &frame, &form)?.into_response();
    tokio::spawn(async move {
        if let Err(PageError::Status(status)) = send(&state, &frame, &email, &request.ticket).await {
            tracing::warn!(%status, "codes could not be sent");
        }
    });
    Ok(answer)
}

async fn send(state: &PageState, frame: &Frame, email: &str, ticket: &str) -> Result<(), PageError> {
    let Some(mailer) = &state.mailer else { return Ok(()) };
    let members = state.application.members_with_address(email).await?;
    let active = members.into_iter().filter(|(member, _)| member.status == MemberStatus::Active);
    let mut active = active.take(MOST_OF_AN_ADDRESS).peekable();
    let write = async |member| {
        let code = code_write(&state.application, ticket, email, member).await;
        code.map_err(|cause| PageError::internal(&cause))
    };
    if active.peek().is_none() {
        write(None).await?;
    }
    for (member, person) in active {
        let Some(code) = write(Some(member.id)).await? else { continue };
        let letter = code_letter(state, frame, person.name.as_deref(), ticket, &code)?;
        mailer.send(email, letter).await.map_err(|cause| PageError::internal(&cause))?;
    }
    Ok(())
}

/// Where the link of a letter leads: a script sends what stands behind its `#`.
pub async fn code_page(Dressed(state): Dressed, frame: Frame) -> Result<Response, PageError> {
    html(&state, "portal/link.html", &frame, context! { action => CODE, is_code => true })
        .map(IntoResponse::into_response)
}

fn shown_code_page(state: &PageState, frame: &Frame, form: &Form) -> Result<impl IntoResponse, PageError> {
    html(state, "portal/code.html", frame, context! { form => Value::from(Serde(form)) })
}

pub async fn take(
    Dressed(state): Dressed,
    Extension(doorkeeper): Extension<Arc<Doorkeeper>>,
    peer: Option<Extension<Peer>>,
    frame: Frame,
    headers: HeaderMap,
    mut form: Form,
) -> Result<Response, PageError> {
    let code = form.required("code");
    form.forget(&["code"]);
    if !form.is_sound() {
        return Ok(shown_code_page(&state, &frame, &form)?.into_response());
    }
    doorkeeper.knock(&client(peer.as_deref(), &headers))?;
    // A code is used up when it is known whose it is, so the question comes before.
    let before = Visitor::find(&headers, &frame, &state).await?;
    if let Some(before) = before.as_ref().filter(|_| form.text("switch") != "yes") {
        return question(&state, &frame, before, CODE, &form.with("code", code)).await;
    }
    let Some(member) = code_take(&state.application, form.text("ticket"), &code).await? else {
        form.fault("code", "portal-fault-code");
        return Ok(shown_code_page(&state, &frame, &form)?.into_response());
    };
    let account = state.application.member(member).await?.ok_or(PageError::FORBIDDEN)?;
    // It may have been merged since the letter was sent.
    let row = state.application.survivor(account).await?;
    if row.status != MemberStatus::Active {
        return Err(PageError::FORBIDDEN);
    }
    welcome(&state, row.id, before.as_ref(), &headers, form.text("next")).await
}

/// Asks whether the session of whoever is signed in is to end.
async fn question(
    state: &PageState,
    frame: &Frame,
    before: &Visitor,
    action: &str,
    form: &Form,
) -> Result<Response, PageError> {
    let identity = state.application.identity(before.member.id).await?.unwrap_or_default();
    let first = identity.name.as_deref().and_then(|name| name.split_whitespace().next());
    let somebody = || state.pages.texts(frame.language()).say("portal-somebody", None, &[]);
    let mut frame = frame.clone();
    frame.path = HERE.to_owned();
    let content = context! {
        form => Value::from(Serde(form)),
        name => first.map_or_else(somebody, str::to_owned),
        action,
    };
    Ok(html(state, "portal/switch.html", &frame, content)?.into_response())
}

/// Where a signed link leads: a script sends the token that stands behind its `#`, which is in no log.
pub async fn enter_page(Dressed(state): Dressed, frame: Frame) -> Result<Response, PageError> {
    html(&state, "portal/link.html", &frame, context! { action => ENTER, is_code => false })
        .map(IntoResponse::into_response)
}

/// Lets a member in whom the shop has signed a token for. The form may stand on a page of the shop.
pub async fn enter(
    Dressed(state): Dressed,
    Extension(doorkeeper): Extension<Arc<Doorkeeper>>,
    peer: Option<Extension<Peer>>,
    frame: Frame,
    headers: HeaderMap,
    path: MatchedPath,
    form: Form,
) -> Result<Response, PageError> {
    doorkeeper.knock(&client(peer.as_deref(), &headers))?;
    let before = Visitor::find(&headers, &frame, &state).await?;
    let entered = async {
        let (member, claims) = state.application.member_of_token(form.text("token")).await?;
        let is_another = before.as_ref().is_some_and(|before| before.member.id != member.id);
        if is_another && path.as_str() != SWITCH {
            return Ok(None);
        }
        let mut transaction = state.application.database.write_aside_in(member.id.part()).await?;
        state.application.spend_token(&mut transaction, member.id, &claims).await?;
        transaction.commit().await?;
        Ok::<_, EntryFault>(Some(member.id))
    };
    match (entered.await, &before) {
        (Ok(Some(member)), before) => welcome(&state, member, before.as_ref(), &headers, form.text("next")).await,
        (Ok(None), Some(before)) => question(&state, &frame, before, SWITCH, &form).await,
        (Ok(None), None) => Err(PageError::FORBIDDEN),
        (Err(EntryFault::Token(fault)), _) => {
            tracing::info!(code = fault.code(), "a signed token opened nothing");
            let why = match fault {
                TokenFault::Ended | TokenFault::Used => "portal-entry-ended",
                TokenFault::UnknownMember => "portal-entry-unknown",
                _ => "portal-entry-wrong",
            };
            let page = html(&state, "portal/refused.html", &frame, context! { why, code => fault.code() })?;
            Ok((StatusCode::UNAUTHORIZED, page).into_response())
        }
        (Err(EntryFault::Inside(cause)), _) => Err(cause.into()),
    }
}

/// Begins the session, in the place of the one that the browser had before, and leads to where somebody wanted to go.
async fn welcome(
    state: &PageState,
    member: MemberId,
    before: Option<&Visitor>,
    headers: &HeaderMap,
    next: &str,
) -> Result<Response, PageError> {
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let application = &state.application;
    let mut transaction = application.database.write_aside_in(member.part()).await?;
    let token = MEMBER_SESSIONS.create(&mut transaction, member.into(), agent, application.clock.now()).await;
    let token = token.map_err(|cause| PageError::internal(&cause))?;
    if let Some(before) = before {
        MEMBER_SESSIONS.end(&mut transaction, before.member.id.into(), &before.session.hash).await?;
    }
    transaction.commit().await?;
    let mut response = see_other(own_address(next).filter(|next| next.starts_with(HOME)).unwrap_or(HOME));
    set_cookie(&mut response, state, &member_cookie_value(member, &token), MEMBER_SESSIONS.longest.as_secs());
    Ok(response)
}

pub(super) fn set_cookie(response: &mut Response, state: &PageState, value: &str, seconds: i64) {
    let (name, secure) = (member_cookie(state.is_secure()), if state.is_secure() { "; Secure" } else { "" });
    let cookie = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

pub async fn sign_out(visitor: Visitor, Dressed(state): Dressed) -> Result<Response, PageError> {
    let mut transaction = state.application.database.write_aside_in(visitor.member.id.part()).await?;
    MEMBER_SESSIONS.end(&mut transaction, visitor.member.id.into(), &visitor.session.hash).await?;
    transaction.commit().await?;
    let mut response = see_other(HERE);
    set_cookie(&mut response, &state, "", 0);
    Ok(response)
}
