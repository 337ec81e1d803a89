//! Signing in at the shop's own provider of identities.

use std::fmt::Display;

use axum::Extension;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use lojal_core::kernel::Part;
use serde::Deserialize;
use std::sync::Arc;

use super::account;
use super::door::{Caller, Door};
use super::passkeys::{answered, ask, doubt, entrance_cookie};
use super::sign_in::{self, NextQuery, noted, welcome};
use crate::platform::openid::{Attempt, Client, Openid, OpenidFault, Person, is_sound_address};
use crate::platform::pages::{Form, PageError, PageState, cookie, see_other};
use crate::platform::random;
use crate::platform::staff::{
    Account, Challenge, NewAccount, Provider, Purpose, STAFF_SESSIONS, Staff, Views, account_create, account_find,
    account_find_by_email, entrance_token, provider_identity_create, provider_identity_find, provider_identity_remove,
    provider_identity_use, ways_find,
};

pub const HERE: &str = "/console/sign-in/provider";
pub const BACK: &str = "/console/sign-in/provider/return";
const LONGEST_NAME: usize = 100;
/// More than any provider sends.
const LONGEST_CODE: usize = 4_096;

/// Where the provider sends people back to.
pub(super) fn back(state: &PageState) -> String {
    format!("{}{BACK}", state.public)
}

/// Whether a provider on this very machine may be asked without TLS: only where the operator has said that people reach
/// the console on this machine, without TLS as well.
pub(super) fn is_local(state: &PageState) -> bool {
    !is_sound_address(&state.public, false) && is_sound_address(&state.public, true)
}

/// Why nobody came in, in a word that the sign-in page knows.
fn refused(why: &str, next: &str) -> Response {
    let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
    see_other(&format!("{}?refused={why}&next={next}", sign_in::HERE))
}

/// What the log says: causes, and never a token or a secret, which no fault holds.
fn log(cause: &dyn Display) {
    tracing::warn!(%cause, "nobody could sign in at the provider of identities");
}

/// What the browser takes along and what stays here follow from the question and from what the browser keeps, so that
/// nothing secret has to be stored.
fn attempt(state: &PageState, kept: &str, text: &str) -> Attempt {
    let mark = |purpose: &str| {
        let mark = state.application.vault.mark(purpose, format!("{kept} {text}").as_bytes());
        mark.to_hex().to_string()
    };
    Attempt { state: text.to_owned(), nonce: mark("nonce of signing in"), verifier: mark("verifier of signing in") }
}

/// Leads to the provider.
pub async fn begin(
    State(state): State<PageState>,
    Extension(door): Extension<Arc<Door>>,
    Extension(openid): Extension<Openid>,
    caller: Caller,
    headers: HeaderMap,
    Query(query): Query<NextQuery>,
) -> Result<Response, PageError> {
    door.ask(&caller)?;
    let application = &state.application;
    let ways = ways_find(&mut *application.database.read().await?).await?;
    let provider = ways.provider.ok_or(PageError::NOT_FOUND)?;
    let text = blake3::Hash::from_bytes(random::bytes()?).to_hex().to_string();
    let mut headers = headers;
    let kept = entrance_token(cookie(&headers, entrance_cookie(&state)))?;
    let attempt = attempt(&state, &kept, &text);
    let back = back(&state);
    let client = client(&provider, &back, is_local(&state));
    let address = match openid.begin(&client, &attempt, application.clock.now()).await {
        Ok(address) => address,
        Err(cause) => {
            log(&cause);
            return Ok(refused("provider", &query.next));
        }
    };
    let known = format!("{}={kept}", entrance_cookie(&state)).parse();
    headers.insert(header::COOKIE, known.map_err(|cause| PageError::internal(&cause))?);
    let challenge = Challenge { staff: None, next: query.next };
    let kept = ask(&state, &headers, &text, Purpose::Provider, &challenge).await?;
    let mut response = see_other(&address);
    response.headers_mut().append(header::SET_COOKIE, kept);
    Ok(response)
}

fn client<'c>(provider: &'c Provider, back: &'c str, is_local: bool) -> Client<'c> {
    Client { issuer: &provider.issuer, id: &provider.client, back, is_local }
}

#[derive(Default, Deserialize)]
pub struct ReturnQuery {
    #[serde(default)]
    state: String,
    #[serde(default)]
    code: String,
    error: Option<String>,
    iss: Option<String>,
}

/// Takes whoever comes back from the provider. The address with the code in it leads on at once.
pub async fn finish(
    State(state): State<PageState>,
    Extension(door): Extension<Arc<Door>>,
    Extension(openid): Extension<Openid>,
    caller: Caller,
    headers: HeaderMap,
    Query(query): Query<ReturnQuery>,
) -> Result<Response, PageError> {
    door.knock(&caller)?;
    let application = &state.application;
    let Some(challenge) = answered(&state, &headers, &query.state, Purpose::Provider).await? else {
        return Ok(refused("late", ""));
    };
    let next = challenge.next.as_str();
    let ways = ways_find(&mut *application.database.read().await?).await?;
    let Some(provider) = ways.provider else { return Ok(refused("provider", next)) };
    if let Some(error) = &query.error {
        let is_denied = error == "access_denied";
        return Ok(refused(if is_denied { "denied" } else { "provider" }, next));
    }
    if query.code.is_empty() || query.code.len() > LONGEST_CODE {
        return Ok(refused("provider", next));
    }
    let kept = cookie(&headers, entrance_cookie(&state)).unwrap_or_default();
    let attempt = attempt(&state, kept, &query.state);
    let (back, secret) = (back(&state), provider.secret(&application.vault)?);
    let client = client(&provider, &back, is_local(&state));
    let sender = query.iss.as_deref();
    let person = openid.finish(&client, &secret, &attempt, &query.code, sender, application.clock.now()).await;
    let person = match person {
        Ok(person) => person,
        Err(cause) => {
            log(&cause);
            let why = match cause {
                OpenidFault::Token(_) | OpenidFault::Issuer(_) => "token",
                OpenidFault::NoEmail | OpenidFault::UnverifiedEmail => "email",
                _ => "provider",
            };
            return Ok(refused(why, next));
        }
    };
    match let_in(&state, &provider, &person).await? {
        Ok(account) => welcome(&state, &account, &headers, next, "signed_in_provider").await,
        Err(why) => Ok(refused(why, next)),
    }
}

/// The account of somebody whom the provider has seen: the one that its name for them led to before, else the one with
/// their address, else a new one where an owner has said so.
async fn let_in(
    state: &PageState,
    provider: &Provider,
    person: &Person,
) -> Result<Result<Account, &'static str>, PageError> {
    let application = &state.application;
    let now = application.clock.now();
    let mut transaction = application.database.write_aside().await?;
    let known = provider_identity_find(&mut transaction, &provider.issuer, &person.subject).await?;
    let account = match &known {
        Some(known) => {
            provider_identity_use(&mut transaction, known, now).await?;
            account_find(&mut transaction, known.staff).await?
        }
        None => account_find_by_email(&mut transaction, &person.email).await?,
    };
    let account = match (account, provider.newcomer(&person.email)) {
        (Some(account), _) => account,
        (None, Some(role)) => {
            let id = application.ids.next(Part::PROGRAMME).number();
            let own: String =
                person.name.iter().flat_map(|name| name.chars()).filter(|letter| !letter.is_control()).collect();
            let own = Some(own.trim()).filter(|name| !name.is_empty());
            let name: String = own.unwrap_or(&person.email).chars().take(LONGEST_NAME).collect();
            // No password is the empty text's hash.
            let account = NewAccount { id, email: &person.email, name: &name, role, password: "" };
            if !account_create(&mut transaction, account, now).await? {
                return Ok(Err("unknown"));
            }
            noted(&mut transaction, application, id, "staff_joined", role.name()).await?;
            account_find(&mut transaction, id).await?.ok_or(PageError::NOT_FOUND)?
        }
        (None, None) => return Ok(Err("unknown")),
    };
    if account.disabled_at.is_some() {
        return Ok(Err("unknown"));
    }
    if known.is_none() {
        let (issuer, subject) = (&provider.issuer, &person.subject);
        if !provider_identity_create(&mut transaction, account.id, issuer, subject, now).await? {
            // The address is somebody else's now, or the provider has made a new account for them.
            noted(&mut transaction, application, account.id, "provider_refused", "").await?;
            transaction.commit().await?;
            return Ok(Err("another"));
        }
        noted(&mut transaction, application, account.id, "provider_linked", "").await?;
    }
    transaction.commit().await?;
    Ok(Ok(account))
}

/// Forgets whom the provider knows oneself as.
pub async fn remove(
    staff: Staff<Views>,
    State(state): State<PageState>,
    Extension(door): Extension<Arc<Door>>,
    mut form: Form,
) -> Result<Response, PageError> {
    if let Some(fault) = doubt(&staff, &state, &door, &form).await? {
        form.forget(&["own_password"]);
        form.fault("provider", fault);
        return account::shown(&staff, &state, &form, None).await.map(axum::response::IntoResponse::into_response);
    }
    let mut transaction = state.application.database.write_aside().await?;
    provider_identity_remove(&mut transaction, staff.account.id).await?;
    // Whoever came in through it is out.
    STAFF_SESSIONS.end_others(&mut transaction, (&staff.account).into(), &staff.session.hash).await?;
    staff.note(&mut transaction, &state.application, "provider_unlinked", "", "").await?;
    transaction.commit().await?;
    Ok(see_other(account::HERE))
}
