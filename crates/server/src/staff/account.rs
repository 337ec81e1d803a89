//! One's own account: password, one-time codes, and the browsers in which one is signed in.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::Serialize;

use super::door::Door;
use super::passkeys::{doubt, is_recent};
use super::sign_in::{SECOND_FACTOR, blocking, new_password, take_code};
use crate::platform::pages::{Form, PageError, PageState, see_other};
use crate::platform::square::square_svg;
use crate::platform::staff::{
    Role, STAFF_SESSIONS, Secret, Staff, Views, account_set_password, account_set_second_factor, account_take_step,
    hash_password, passkey_list, provider_identity_of, verify_password, ways_find,
};
use crate::platform::webauthn::RelyingParty;

pub(super) const HERE: &str = "/console/account";

#[derive(Serialize)]
struct SessionView {
    mark: String,
    agent: String,
    seen_at: String,
    is_this: bool,
}

#[derive(Serialize)]
struct PasskeyView {
    mark: String,
    name: String,
    made: String,
    used: Option<String>,
    is_synced: bool,
    /// Where it was made for another host than this one.
    elsewhere: Option<String>,
}

/// A secret that is offered, before it is confirmed by a code.
#[derive(Serialize)]
pub(super) struct Offer {
    spelled: String,
    /// SVG, made here.
    picture: String,
    sealed: String,
}

pub async fn page(staff: Staff<Views>, State(state): State<PageState>) -> Result<Response, PageError> {
    Ok(shown(&staff, &state, &Form::default(), None).await?.into_response())
}

pub(super) async fn shown(
    staff: &Staff<Views>,
    state: &PageState,
    form: &Form,
    offer: Option<Offer>,
) -> Result<Html<String>, PageError> {
    let now = state.application.clock.now();
    let mut connection = state.application.database.read().await?;
    let sessions = STAFF_SESSIONS.list(&mut connection, (&staff.account).into(), now).await?;
    let passkeys = passkey_list(&mut connection, staff.account.id).await?;
    let ways = ways_find(&mut connection).await?;
    let known = match &ways.provider {
        Some(provider) => provider_identity_of(&mut connection, staff.account.id, &provider.issuer).await?,
        None => None,
    };
    drop(connection);
    let words = &state.pages.texts(staff.frame.language()).words;
    let zone = state.application.calendar();
    let party = RelyingParty::of(&state.public);
    let passkeys: Vec<PasskeyView> = passkeys
        .into_iter()
        .map(|passkey| PasskeyView {
            mark: passkey.mark(),
            made: words.moment_in(&zone, passkey.created_at),
            used: passkey.used_at.map(|used_at| words.moment_in(&zone, used_at)),
            is_synced: passkey.is_synced,
            name: passkey.name,
            elsewhere: Some(passkey.relying_party)
                .filter(|made_for| party.as_ref().is_none_or(|party| party.id != *made_for)),
        })
        .collect();
    let sessions: Vec<SessionView> = sessions
        .iter()
        .map(|session| SessionView {
            mark: session.mark(),
            agent: session.agent.clone(),
            seen_at: words.moment_in(&zone, session.seen_at),
            is_this: session.hash == staff.session.hash,
        })
        .collect();
    let content = context! {
        email => staff.account.email.as_str(),
        has_codes => staff.account.second_factor.is_some(),
        has_password => !staff.account.password.is_empty(),
        takes_password => ways.passwords || staff.account.role == Role::Owner,
        passkeys => Value::from(Serde(&passkeys)),
        origin => party.as_ref().map(|party| party.origin.as_str()),
        public => &*state.public,
        is_recent => is_recent(staff, state),
        provider => ways.provider.as_ref().map(|provider| provider.label.as_str()),
        known_since => known.map(|known| words.moment_in(&zone, known.created_at)),
        sessions => Value::from(Serde(&sessions)),
        form => Value::from(Serde(form)),
        offer => Value::from(Serde(&offer)),
    };
    state.pages.html("staff/account.html", &staff.frame, content)
}

pub async fn change_password(
    staff: Staff<Views>,
    State(state): State<PageState>,
    Extension(door): Extension<Arc<Door>>,
    mut form: Form,
) -> Result<Response, PageError> {
    let (current, hash) = (form.raw("current").to_owned(), staff.account.password.clone());
    let password = new_password(&mut form, &staff.account.email);
    form.forget(&["current", "password", "repeated"]);
    door.try_as(&format!("password of {}", staff.account.id))?;
    if !blocking(move || verify_password(&current, Some(&hash))).await? {
        form.fault("current", "fault-password-current");
    }
    let Some(password) = password.filter(|_| form.is_sound()) else {
        return Ok(shown(&staff, &state, &form, None).await?.into_response());
    };
    let hash = blocking(move || hash_password(&password)).await?.map_err(|cause| PageError::internal(&cause))?;
    let mut transaction = state.application.database.write_aside().await?;
    account_set_password(&mut transaction, staff.account.id, &hash).await?;
    // Whoever else knew the old one is out.
    STAFF_SESSIONS.end_others(&mut transaction, (&staff.account).into(), &staff.session.hash).await?;
    staff.note(&mut transaction, &state.application, "password_changed", "", "").await?;
    transaction.commit().await?;
    Ok(see_other(HERE))
}

/// Offers a secret; it counts once a code of it has been typed.
pub async fn begin_codes(
    staff: Staff<Views>,
    State(state): State<PageState>,
    Extension(door): Extension<Arc<Door>>,
    mut form: Form,
) -> Result<Response, PageError> {
    // Codes are replaced by taking them away first, which asks for one of them.
    if staff.account.second_factor.is_some() {
        return Ok(see_other(HERE));
    }
    if let Some(fault) = doubt(&staff, &state, &door, &form).await? {
        form.forget(&["own_password"]);
        form.fault("codes", fault);
        return Ok(shown(&staff, &state, &form, None).await?.into_response());
    }
    let offer = offer(&staff, &state, Secret::new()?)?;
    Ok(shown(&staff, &state, &Form::default(), Some(offer)).await?.into_response())
}

fn offer(staff: &Staff<Views>, state: &PageState, secret: Secret) -> Result<Offer, PageError> {
    let issuer = match state.application.rulebook().live() {
        Some(programme) => lojal_core::programme::text(&programme.name, staff.frame.language()).to_owned(),
        None => "Lojal".to_owned(),
    };
    let address = secret.address(&issuer, &staff.account.email);
    // Between page and confirmation it is kept by the page, sealed for its reader alone.
    let sealed = state.application.vault.seal_secret(SECOND_FACTOR, staff.account.id, &secret.0);
    let sealed = sealed.map_err(|cause| PageError::internal(&cause))?;
    Ok(Offer {
        spelled: secret.spelled(),
        // What is too long to be drawn can still be typed.
        picture: square_svg(&address).unwrap_or_default(),
        sealed: sealed.iter().map(|byte| format!("{byte:02x}")).collect(),
    })
}

pub async fn confirm_codes(
    staff: Staff<Views>,
    State(state): State<PageState>,
    Extension(door): Extension<Arc<Door>>,
    mut form: Form,
) -> Result<Response, PageError> {
    // Another page was quicker.
    if staff.account.second_factor.is_some() {
        return Ok(see_other(HERE));
    }
    let sealed = from_hexadecimal(form.text("sealed")).ok_or(PageError::NOT_FOUND)?;
    let secret = state.application.vault.unseal_secret(SECOND_FACTOR, staff.account.id, &sealed);
    let secret = secret.ok().and_then(|secret| secret.try_into().ok()).map(Secret).ok_or(PageError::NOT_FOUND)?;
    // An offer may lie in an open page for long.
    if let Some(fault) = doubt(&staff, &state, &door, &form).await? {
        form.fault("codes", fault);
    }
    let code = form.required("code");
    form.forget(&["code", "own_password"]);
    let step = secret.step_of(&code, state.application.clock.now());
    if step.is_none() {
        form.fault("code", "fault-code");
    }
    let Some(step) = step.filter(|_| form.is_sound()) else {
        let offer = offer(&staff, &state, secret)?;
        return Ok(shown(&staff, &state, &form, Some(offer)).await?.into_response());
    };
    let mut transaction = state.application.database.write_aside().await?;
    account_set_second_factor(&mut transaction, staff.account.id, Some(&sealed)).await?;
    account_take_step(&mut transaction, staff.account.id, step).await?;
    STAFF_SESSIONS.end_others(&mut transaction, (&staff.account).into(), &staff.session.hash).await?;
    staff.note(&mut transaction, &state.application, "codes_begun", "", "").await?;
    transaction.commit().await?;
    Ok(see_other(HERE))
}

/// Takes one-time codes away, for somebody who has one more of them.
pub async fn remove_codes(
    staff: Staff<Views>,
    State(state): State<PageState>,
    Extension(door): Extension<Arc<Door>>,
    mut form: Form,
) -> Result<Response, PageError> {
    let code = form.required("code");
    form.forget(&["code"]);
    if form.is_sound() {
        door.try_as(&format!("code of {}", staff.account.id))?;
        if !take_code(&state.application, &staff.account, &code).await? {
            form.fault("code", "fault-code");
        }
    }
    if !form.is_sound() {
        return Ok(shown(&staff, &state, &form, None).await?.into_response());
    }
    let mut transaction = state.application.database.write_aside().await?;
    account_set_second_factor(&mut transaction, staff.account.id, None).await?;
    staff.note(&mut transaction, &state.application, "codes_ended", "", "").await?;
    transaction.commit().await?;
    Ok(see_other(HERE))
}

pub async fn end_session(
    staff: Staff<Views>,
    State(state): State<PageState>,
    form: Form,
) -> Result<Response, PageError> {
    let now = state.application.clock.now();
    let sessions =
        STAFF_SESSIONS.list(&mut *state.application.database.read().await?, (&staff.account).into(), now).await?;
    let mark = form.text("session");
    let session = sessions.iter().find(|session| session.mark() == mark).ok_or(PageError::NOT_FOUND)?;
    let mut transaction = state.application.database.write_aside().await?;
    STAFF_SESSIONS.end(&mut transaction, (&staff.account).into(), &session.hash).await?;
    staff.note(&mut transaction, &state.application, "session_ended", mark, "").await?;
    transaction.commit().await?;
    Ok(see_other(HERE))
}

fn from_hexadecimal(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    if digits.len().is_multiple_of(2) && digits.len() < 400 { digits.chunks(2).map(byte).collect() } else { None }
}
