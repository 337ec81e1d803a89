//! Passkeys: signing in with one, and making and removing them on one's own account.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::account;
use super::door::{Caller, Door};
use super::sign_in::{blocking, noted, read_ticket, sign_in_page, welcome_by};
use crate::platform::pages::{Form, Frame, PageError, PageState, cookie, see_other};
use crate::platform::random;
use crate::platform::staff::{
    Account, CHALLENGE_KEPT, Challenge, ENTRANCE_COOKIE, MOST_PASSKEYS, Passkey, Purpose, STAFF_SESSIONS, Staff, Views,
    account_find, challenge_ask, challenge_take, entrance_token, passkey_create, passkey_find, passkey_list,
    passkey_remove, passkey_use, verify_password,
};
use crate::platform::webauthn::{
    ALGORITHMS, Assertion, ClientData, PasskeyFault, Registration, RelyingParty, asserted, registered,
};

pub const HERE: &str = "/console/sign-in/passkey";
pub const BEGIN: &str = "/console/sign-in/passkey/begin";
/// For so long after signing in nobody is asked again who they are.
const RECENTLY: SignedDuration = SignedDuration::from_mins(10);
const LONGEST_NAME: usize = 60;
/// What a browser answers has some hundred bytes; a certificate of a make would be refused anyway.
const LONGEST_ANSWER: usize = 16 * 1_024;
const HANDLE: &str = "passkeys' name for somebody";

/// The cookie that binds a question to a browser.
pub(super) fn entrance_cookie(state: &PageState) -> &'static str {
    if state.is_secure() { "__Host-lojal_entrance" } else { ENTRANCE_COOKIE }
}

/// Binds a question to the browser that asked, and answers what it keeps.
pub(super) async fn ask(
    state: &PageState,
    headers: &HeaderMap,
    text: &str,
    purpose: Purpose,
    challenge: &Challenge,
) -> Result<HeaderValue, PageError> {
    let name = entrance_cookie(state);
    let kept = entrance_token(cookie(headers, name))?;
    let application = &state.application;
    let mut transaction = application.database.write_aside().await?;
    challenge_ask(&mut transaction, &kept, text, purpose, challenge, application.clock.now()).await?;
    transaction.commit().await?;
    let (secure, seconds) = (if state.is_secure() { "; Secure" } else { "" }, CHALLENGE_KEPT.as_secs());
    let cookie = format!("{name}={kept}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::from_str(&cookie).map_err(|cause| PageError::internal(&cause))
}

/// Takes the question away that this browser was asked.
pub(super) async fn answered(
    state: &PageState,
    headers: &HeaderMap,
    text: &str,
    purpose: Purpose,
) -> Result<Option<Challenge>, PageError> {
    let Some(kept) = cookie(headers, entrance_cookie(state)) else { return Ok(None) };
    let application = &state.application;
    let mut transaction = application.database.write_aside().await?;
    let challenge = challenge_take(&mut transaction, kept, text, purpose, application.clock.now()).await?;
    transaction.commit().await?;
    Ok(challenge)
}

fn party(state: &PageState) -> Result<RelyingParty, PageError> {
    RelyingParty::of(&state.public).ok_or(PageError::NOT_FOUND)
}

fn bytes(form: &Form, field: &str) -> Result<Vec<u8>, PasskeyFault> {
    let text = Some(form.raw(field)).filter(|text| text.len() <= LONGEST_ANSWER);
    text.and_then(|text| URL_SAFE_NO_PAD.decode(text).ok()).ok_or(PasskeyFault::Malformed)
}

/// An answer to a script, with what the browser is to keep.
fn question(options: Value, kept: HeaderValue) -> Response {
    ([(header::SET_COOKIE, kept)], Json(options)).into_response()
}

/// A refusal that a script shows.
fn refusal(state: &PageState, frame: &Frame, key: &str) -> Response {
    let text = state.pages.texts(frame.language()).say(key, None, &[]);
    (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "fault": text }))).into_response()
}

fn named(passkeys: &[Passkey], party: &RelyingParty) -> Vec<Value> {
    let of_here = passkeys.iter().filter(|passkey| passkey.relying_party == party.id);
    of_here.map(|passkey| json!({ "type": "public-key", "id": URL_SAFE_NO_PAD.encode(&passkey.credential) })).collect()
}

/// What a browser is to ask its passkeys: any of them, or those of whoever has just typed their password.
pub async fn begin(
    State(state): State<PageState>,
    Extension(door): Extension<Arc<Door>>,
    caller: Caller,
    frame: Frame,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, PageError> {
    let party = party(&state)?;
    door.ask(&caller)?;
    let ticket = form.text("ticket");
    let (mut staff, mut allowed) = (None, Vec::new());
    if !ticket.is_empty() {
        let Some(known) = read_ticket(&state.application, ticket) else {
            return Ok(refusal(&state, &frame, "fault-too-late"));
        };
        allowed = named(&passkey_list(&mut *state.application.database.read().await?, known).await?, &party);
        staff = Some(known);
    }
    let text = URL_SAFE_NO_PAD.encode(random::bytes::<32>()?);
    let challenge = Challenge { staff, next: String::new() };
    let kept = ask(&state, &headers, &text, Purpose::Passkey, &challenge).await?;
    let options = json!({
        "challenge": text,
        "rpId": party.id,
        "allowCredentials": allowed,
        "userVerification": "required",
        "timeout": CHALLENGE_KEPT.as_millis() as u64,
    });
    Ok(question(options, kept))
}

/// Why a passkey let nobody in.
enum Unproven {
    Late,
    Unknown,
    Fault(PasskeyFault),
}

impl From<PasskeyFault> for Unproven {
    fn from(fault: PasskeyFault) -> Unproven {
        Unproven::Fault(fault)
    }
}

/// Lets somebody in whose passkey has signed the question.
pub async fn sign_in(
    State(state): State<PageState>,
    Extension(door): Extension<Arc<Door>>,
    caller: Caller,
    frame: Frame,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, PageError> {
    door.knock(&caller)?;
    let notice = match proven(&state, &door, &headers, &form).await? {
        Ok((account, credential)) => {
            let (next, action) = (form.text("next"), "signed_in_passkey");
            return welcome_by(&state, &account, Some(&credential), &headers, next, action).await;
        }
        Err(Unproven::Late) => "notice-late",
        Err(Unproven::Unknown) => "notice-passkey-unknown",
        Err(Unproven::Fault(fault)) => {
            tracing::info!(cause = %fault, "a passkey opened nothing");
            if fault == PasskeyFault::Counter { "notice-passkey-counter" } else { "notice-passkey" }
        }
    };
    let form = Form::default().with("next", form.text("next"));
    sign_in_page(&state, &frame, &form, Some(notice)).await
}

/// Whose passkey has signed, and its credential.
async fn proven(
    state: &PageState,
    door: &Door,
    headers: &HeaderMap,
    form: &Form,
) -> Result<Result<(Account, Vec<u8>), Unproven>, PageError> {
    let party = party(state)?;
    let application = &state.application;
    let read = |field| bytes(form, field);
    let (credential, client_data, data, signature, handle) = match (
        read("credential"),
        read("client_data"),
        read("authenticator_data"),
        read("signature"),
        read("handle"),
    ) {
        (Ok(credential), Ok(client_data), Ok(data), Ok(signature), Ok(handle)) => {
            (credential, client_data, data, signature, handle)
        }
        _ => return Ok(Err(PasskeyFault::Malformed.into())),
    };
    let asked = match ClientData::read(&client_data) {
        Ok(said) => said.challenge,
        Err(fault) => return Ok(Err(fault.into())),
    };
    let Some(challenge) = answered(state, headers, &asked, Purpose::Passkey).await? else {
        return Ok(Err(Unproven::Late));
    };
    let Some(passkey) = passkey_find(&mut *application.database.read().await?, &credential).await? else {
        return Ok(Err(Unproven::Unknown));
    };
    if challenge.staff.is_some_and(|staff| staff != passkey.staff) {
        return Ok(Err(PasskeyFault::Owner.into()));
    }
    let account = account_find(&mut *application.database.read().await?, passkey.staff).await?;
    let Some(account) = account.filter(|account| account.disabled_at.is_none()) else {
        return Ok(Err(Unproven::Unknown));
    };
    let assertion = Assertion {
        client_data: &client_data,
        authenticator_data: &data,
        signature: &signature,
        handle: Some(handle.as_slice()).filter(|handle| !handle.is_empty()),
    };
    let counter = asserted(assertion, passkey.known(), &asked, &party, challenge.staff.is_some());
    let mut transaction = application.database.write_aside().await?;
    let fault = match counter {
        Ok(counter) if passkey_use(&mut transaction, &passkey, counter, application.clock.now()).await? => None,
        Ok(_) => Some(PasskeyFault::Counter),
        Err(fault) => Some(fault),
    };
    if fault == Some(PasskeyFault::Counter) {
        noted(&mut transaction, application, account.id, "passkey_refused", &passkey.name).await?;
    }
    transaction.commit().await?;
    let Some(fault) = fault else { return Ok(Ok((account, credential))) };
    // Nobody guesses a signature, so whoever signs rightly is not kept out by those who do not.
    door.try_as(&format!("passkey of {}", account.id))?;
    Ok(Err(fault.into()))
}

/// Whether somebody has signed in so lately that they need not say again who they are.
pub(super) fn is_recent<P>(staff: &Staff<P>, state: &PageState) -> bool {
    state.application.clock.now().duration_since(staff.session.created_at) < RECENTLY
}

/// Whether whoever sits there is still the one who signed in: lately, or by the password. Else, what to say.
pub(super) async fn doubt(
    staff: &Staff<Views>,
    state: &PageState,
    door: &Door,
    form: &Form,
) -> Result<Option<&'static str>, PageError> {
    if is_recent(staff, state) {
        return Ok(None);
    }
    if staff.account.password.is_empty() {
        return Ok(Some("fault-sign-in-again"));
    }
    door.try_as(&format!("password of {}", staff.account.id))?;
    let (password, hash) = (form.raw("own_password").to_owned(), staff.account.password.clone());
    let is_right = blocking(move || verify_password(&password, Some(&hash))).await?;
    Ok((!is_right).then_some("fault-password-current"))
}

/// What the browser is to make, for somebody who has said again who they are.
pub async fn begin_making(
    staff: Staff<Views>,
    State(state): State<PageState>,
    Extension(door): Extension<Arc<Door>>,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, PageError> {
    let party = party(&state)?;
    if let Some(fault) = name_fault(&form) {
        return Ok(refusal(&state, &staff.frame, fault));
    }
    if let Some(fault) = doubt(&staff, &state, &door, &form).await? {
        return Ok(refusal(&state, &staff.frame, fault));
    }
    let passkeys = passkey_list(&mut *state.application.database.read().await?, staff.account.id).await?;
    if passkeys.len() >= MOST_PASSKEYS {
        return Ok(refusal(&state, &staff.frame, "fault-passkeys-many"));
    }
    let text = URL_SAFE_NO_PAD.encode(random::bytes::<32>()?);
    let challenge = Challenge { staff: Some(staff.account.id), next: String::new() };
    let kept = ask(&state, &headers, &text, Purpose::Register, &challenge).await?;
    let kinds: Vec<Value> = ALGORITHMS.iter().map(|kind| json!({ "type": "public-key", "alg": kind })).collect();
    let options = json!({
        "challenge": text,
        "rp": { "id": party.id, "name": state.shop_name(staff.frame.language()) },
        "user": {
            "id": URL_SAFE_NO_PAD.encode(handle(&state, &staff.account)),
            "name": staff.account.email,
            "displayName": staff.account.name,
        },
        "pubKeyCredParams": kinds,
        "excludeCredentials": named(&passkeys, &party),
        "authenticatorSelection": {
            "residentKey": "required", "requireResidentKey": true, "userVerification": "required",
        },
        "attestation": "none",
        "timeout": CHALLENGE_KEPT.as_millis() as u64,
    });
    Ok(question(options, kept))
}

/// What passkeys call somebody: the same for all that one person has, and no word about them.
fn handle(state: &PageState, account: &Account) -> [u8; 32] {
    *state.application.vault.mark(HANDLE, &account.id.to_le_bytes()).as_bytes()
}

fn name_fault(form: &Form) -> Option<&'static str> {
    match form.text("name").chars().count() {
        0 => Some("fault-required"),
        length if length > LONGEST_NAME => Some("fault-too-long"),
        _ => None,
    }
}

/// Keeps a passkey that the browser has made.
pub async fn make(
    staff: Staff<Views>,
    State(state): State<PageState>,
    headers: HeaderMap,
    mut form: Form,
) -> Result<Response, PageError> {
    let party = party(&state)?;
    let fault = match (name_fault(&form), made(&staff, &state, &headers, &form, &party).await?) {
        (Some(fault), _) => fault,
        (None, Ok(())) => return Ok(see_other(account::HERE)),
        (None, Err(Unproven::Late)) => "notice-late",
        (None, Err(Unproven::Unknown)) => "fault-passkey-known",
        (None, Err(Unproven::Fault(fault))) => {
            tracing::info!(cause = %fault, "a passkey was not taken");
            "fault-passkey"
        }
    };
    form.fault("passkey", fault);
    account::shown(&staff, &state, &form, None).await.map(IntoResponse::into_response)
}

async fn made(
    staff: &Staff<Views>,
    state: &PageState,
    headers: &HeaderMap,
    form: &Form,
    party: &RelyingParty,
) -> Result<Result<(), Unproven>, PageError> {
    let read = |field| bytes(form, field);
    let (Ok(credential), Ok(client_data), Ok(attestation)) =
        (read("credential"), read("client_data"), read("attestation"))
    else {
        return Ok(Err(PasskeyFault::Malformed.into()));
    };
    let asked = match ClientData::read(&client_data) {
        Ok(said) => said.challenge,
        Err(fault) => return Ok(Err(fault.into())),
    };
    let challenge = answered(state, headers, &asked, Purpose::Register).await?;
    if challenge.is_none_or(|challenge| challenge.staff != Some(staff.account.id)) {
        return Ok(Err(Unproven::Late));
    }
    let answer = Registration { credential: &credential, client_data: &client_data, attestation: &attestation };
    let passkey = match registered(answer, &asked, party) {
        Ok(passkey) => passkey,
        Err(fault) => return Ok(Err(fault.into())),
    };
    let application = &state.application;
    let mut transaction = application.database.write_aside().await?;
    let (account, name, now) = (&staff.account, form.text("name"), application.clock.now());
    let handle = handle(state, account);
    if !passkey_create(&mut transaction, account.id, name, &handle, &party.id, &passkey, now).await? {
        return Ok(Err(Unproven::Unknown));
    }
    // From now on a password alone is not enough: whoever came in with it is out.
    STAFF_SESSIONS.end_others(&mut transaction, account.into(), &staff.session.hash).await?;
    staff.note(&mut transaction, application, "passkey_made", name, "").await?;
    transaction.commit().await?;
    Ok(Ok(()))
}

/// Takes a passkey out of use.
pub async fn remove(
    staff: Staff<Views>,
    State(state): State<PageState>,
    Extension(door): Extension<Arc<Door>>,
    mut form: Form,
) -> Result<Response, PageError> {
    let application = &state.application;
    let passkeys = passkey_list(&mut *application.database.read().await?, staff.account.id).await?;
    let mark = form.text("passkey_mark").to_owned();
    let passkey = passkeys.iter().find(|passkey| passkey.mark() == mark).ok_or(PageError::NOT_FOUND)?;
    if let Some(fault) = doubt(&staff, &state, &door, &form).await? {
        form.forget(&["own_password"]);
        form.fault("passkey", fault);
        return account::shown(&staff, &state, &form, None).await.map(IntoResponse::into_response);
    }
    let mut transaction = application.database.write_aside().await?;
    passkey_remove(&mut transaction, staff.account.id, &passkey.hash).await?;
    // Whoever came in with it is out.
    STAFF_SESSIONS.end_others(&mut transaction, (&staff.account).into(), &staff.session.hash).await?;
    staff.note(&mut transaction, application, "passkey_removed", passkey.name.as_str(), "").await?;
    transaction.commit().await?;
    Ok(see_other(account::HERE))
}
