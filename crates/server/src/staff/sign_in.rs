//! The first owner, signing in, and signing out.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use jiff::SignedDuration;
use lojal_core::kernel::{Instant, Part};
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::Deserialize;
use subtle::ConstantTimeEq;

use super::door::{Caller, Door};
use super::pages::{COOKIE_KEPT, SetUp};
use crate::platform::application::Application;
use crate::platform::pages::{Form, Frame, PageError, PageState, looks_like_address, own_address, see_other};
use crate::platform::sql::Connection;
use crate::platform::staff::{
    Account, Action, NewAccount, PasswordFault, Role, SESSION_COOKIE, STAFF_SESSIONS, Secret, Staff, Views,
    account_create, account_find, account_find_by_email, account_hold, account_take_step, action_note, check_password,
    has_accounts, hash_password, passkey_find, passkey_list, verify_password, ways_find,
};
use crate::platform::webauthn::RelyingParty;

const HOME: &str = "/console";
/// RFC 5321, 4.5.3.1.3: no address is longer.
const LONGEST_EMAIL: usize = 254;
pub(super) const HERE: &str = "/console/sign-in";
/// How long the second step may take.
const TICKET_KEPT: SignedDuration = SignedDuration::from_mins(5);
const TICKET: &str = "second step of signing in";
/// What a one-time code's secret is sealed for.
pub(super) const SECOND_FACTOR: &str = "second factor";

/// What a page of refusal may be asked to say, and the text of each.
const REFUSALS: [(&str, &str); 7] = [
    ("late", "notice-late"),
    ("denied", "notice-denied"),
    ("provider", "notice-provider"),
    ("token", "notice-token"),
    ("email", "notice-email"),
    ("unknown", "notice-unknown"),
    ("another", "notice-another"),
];

#[derive(Default, Deserialize)]
pub struct NextQuery {
    #[serde(default)]
    pub(super) next: String,
    /// Why somebody is here again.
    #[serde(default)]
    refused: String,
}

pub async fn page(
    State(state): State<PageState>,
    frame: Frame,
    Query(query): Query<NextQuery>,
) -> Result<Response, PageError> {
    if !has_accounts(&mut *state.application.database.read().await?).await? {
        return Ok(see_other("/console/setup"));
    }
    let notice = REFUSALS.iter().find(|(name, _)| *name == query.refused).map(|(_, text)| *text);
    sign_in_page(&state, &frame, &Form::default().with("next", query.next), notice).await
}

/// The page with all ways in. `notice` is the key of what went wrong with another way than the password.
pub(super) async fn sign_in_page(
    state: &PageState,
    frame: &Frame,
    form: &Form,
    notice: Option<&str>,
) -> Result<Response, PageError> {
    let ways = ways_find(&mut *state.application.database.read().await?).await?;
    let content = context! {
        form => Value::from(Serde(form)),
        notice,
        provider => ways.provider.map(|provider| provider.label),
        passkeys => RelyingParty::of(&state.public).map(|party| party.origin),
        passwords => ways.passwords,
    };
    // A refused passkey is another address, where nobody can come back to.
    let frame = Frame { path: HERE.to_owned(), ..frame.clone() };
    Ok(state.pages.html("staff/sign-in.html", &frame, content)?.into_response())
}

pub async fn sign_in(
    State(state): State<PageState>,
    Extension(door): Extension<Arc<Door>>,
    caller: Caller,
    frame: Frame,
    headers: HeaderMap,
    mut form: Form,
) -> Result<Response, PageError> {
    let email = form.required("email").to_lowercase();
    let password = form.raw("password").to_owned();
    form.forget(&["password"]);
    if email.len() > LONGEST_EMAIL {
        form.fault("email", "fault-email");
        // Nor is it sent back.
        form.forget(&["email"]);
    }
    if password.is_empty() {
        form.fault("password", "fault-required");
    }
    if !form.is_sound() {
        return sign_in_page(&state, &frame, &form, None).await;
    }
    door.knock(&caller)?;
    door.try_as(&email)?;
    let mut connection = state.application.database.read().await?;
    let account = account_find_by_email(&mut connection, &email).await?;
    let ways = ways_find(&mut connection).await?;
    drop(connection);
    let account = account.filter(|account| account.disabled_at.is_none());
    let hash = account.as_ref().map(|account| account.password.clone());
    let is_right = blocking(move || verify_password(&password, hash.as_deref())).await?;
    let Some(account) = account.filter(|_| is_right) else {
        // One text for both, so that nobody learns who has an account.
        form.fault("password", "fault-sign-in");
        return sign_in_page(&state, &frame, &form, None).await;
    };
    if !ways.passwords && account.role < Role::Owner {
        form.fault("password", "fault-passwords-off");
        return sign_in_page(&state, &frame, &form, None).await;
    }
    let steps = SecondSteps::of(&state, &account).await?;
    if steps.codes || steps.passkeys {
        let ticket = ticket(&state.application, account.id, state.application.clock.now());
        let form = Form::default().with("next", form.text("next")).with("ticket", ticket);
        return Ok(code_page(&state, &frame, &form, steps)?.into_response());
    }
    welcome(&state, &account, &headers, form.text("next"), "signed_in").await
}

/// What there is beside the password.
#[derive(Clone, Copy)]
struct SecondSteps {
    codes: bool,
    /// Those that can be used here: one for another host would shut somebody out.
    passkeys: bool,
}

impl SecondSteps {
    async fn of(state: &PageState, account: &Account) -> Result<SecondSteps, PageError> {
        let passkeys = passkey_list(&mut *state.application.database.read().await?, account.id).await?;
        let party = RelyingParty::of(&state.public);
        let is_usable = |party: &RelyingParty| passkeys.iter().any(|passkey| passkey.relying_party == party.id);
        Ok(SecondSteps {
            codes: account.second_factor.is_some(),
            passkeys: party.is_some_and(|party| is_usable(&party)),
        })
    }
}

fn code_page(
    state: &PageState,
    frame: &Frame,
    form: &Form,
    steps: SecondSteps,
) -> Result<impl IntoResponse, PageError> {
    let content = context! {
        form => Value::from(Serde(form)),
        codes => steps.codes,
        passkeys => RelyingParty::of(&state.public).map(|party| party.origin).filter(|_| steps.passkeys),
    };
    state.pages.html("staff/code.html", frame, content)
}

/// What proves for some minutes that the password was right: whose, until when, and the house's mark.
fn ticket(application: &Application, staff: i64, now: Instant) -> String {
    let message = format!("{staff}.{}", (now + TICKET_KEPT).as_second());
    format!("{message}.{}", application.vault.mark(TICKET, message.as_bytes()).to_hex())
}

pub(super) fn read_ticket(application: &Application, ticket: &str) -> Option<i64> {
    let (message, mark) = ticket.rsplit_once('.')?;
    let own = application.vault.mark(TICKET, message.as_bytes()).to_hex();
    let is_ours = bool::from(own.as_bytes().ct_eq(mark.as_bytes()));
    let (staff, until) = message.split_once('.').filter(|_| is_ours)?;
    let until: i64 = until.parse().ok()?;
    staff.parse().ok().filter(|_| application.clock.now().as_second() < until)
}

pub async fn second_step(
    State(state): State<PageState>,
    Extension(door): Extension<Arc<Door>>,
    caller: Caller,
    frame: Frame,
    headers: HeaderMap,
    mut form: Form,
) -> Result<Response, PageError> {
    let application = &state.application;
    let Some(staff) = read_ticket(application, form.text("ticket")) else {
        let mut form = Form::default().with("next", form.text("next"));
        form.fault("password", "fault-too-late");
        return sign_in_page(&state, &frame, &form, None).await;
    };
    let code = form.required("code");
    form.forget(&["code"]);
    let account = account_find(&mut *application.database.read().await?, staff).await?;
    let account = account.filter(|account| account.disabled_at.is_none()).ok_or(PageError::FORBIDDEN)?;
    let steps = SecondSteps::of(&state, &account).await?;
    if !form.is_sound() {
        return Ok(code_page(&state, &frame, &form, steps)?.into_response());
    }
    door.knock(&caller)?;
    door.try_as(&format!("code of {staff}"))?;
    if !take_code(application, &account, &code).await? {
        form.fault("code", "fault-code");
        return Ok(code_page(&state, &frame, &form, steps)?.into_response());
    }
    welcome(&state, &account, &headers, form.text("next"), "signed_in").await
}

/// Takes a one-time code, each at most once.
pub(super) async fn take_code(application: &Application, account: &Account, code: &str) -> Result<bool, PageError> {
    let Some(secret) = second_factor(application, account)? else { return Ok(false) };
    let Some(step) = secret.step_of(code, application.clock.now()) else { return Ok(false) };
    let mut transaction = application.database.write_aside().await?;
    let is_new = account_take_step(&mut transaction, account.id, step).await?;
    transaction.commit().await?;
    Ok(is_new)
}

fn second_factor(application: &Application, account: &Account) -> Result<Option<Secret>, PageError> {
    let Some(sealed) = &account.second_factor else { return Ok(None) };
    let secret = application.vault.unseal_secret(SECOND_FACTOR, account.id, sealed);
    let secret = secret.map_err(|cause| PageError::internal(&cause))?;
    Ok(secret.try_into().ok().map(Secret))
}

/// Begins the session, and leads to where somebody wanted to go. `action` says by which way they came.
pub(super) async fn welcome(
    state: &PageState,
    account: &Account,
    headers: &HeaderMap,
    next: &str,
    action: &str,
) -> Result<Response, PageError> {
    welcome_by(state, account, None, headers, next, action).await
}

/// As [`welcome`], for somebody who came with this passkey's credential, if with one.
pub(super) async fn welcome_by(
    state: &PageState,
    account: &Account,
    credential: Option<&[u8]>,
    headers: &HeaderMap,
    next: &str,
    action: &str,
) -> Result<Response, PageError> {
    let application = &state.application;
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let mut transaction = application.database.write_aside().await?;
    // Whoever proved themselves by what has been taken away since then is not let in.
    if !account_hold(&mut transaction, account).await? {
        return Ok(see_other(&format!("{HERE}?refused=late")));
    }
    if let Some(credential) = credential
        && passkey_find(&mut transaction, credential).await?.is_none()
    {
        return Ok(see_other(&format!("{HERE}?refused=late")));
    }
    let token = STAFF_SESSIONS.create(&mut transaction, account.into(), agent, application.clock.now()).await;
    let token = token.map_err(|cause| PageError::internal(&cause))?;
    noted(&mut transaction, application, account.id, action, "").await?;
    transaction.commit().await?;
    let mut response = see_other(own_address(next).filter(|next| next.starts_with(HOME)).unwrap_or(HOME));
    set_cookie(&mut response, state, &token, COOKIE_KEPT.as_secs());
    Ok(response)
}

/// Writes down what somebody did who is not signed in yet.
pub(super) async fn noted(
    connection: &mut Connection,
    application: &Application,
    staff: i64,
    action: &str,
    detail: &str,
) -> Result<(), PageError> {
    let action = Action {
        id: application.ids.next(Part::PROGRAMME).number(),
        staff,
        acted_at: application.clock.now(),
        action: action.to_owned(),
        subject: String::new(),
        detail: detail.to_owned(),
    };
    Ok(action_note(connection, &action).await?)
}

fn set_cookie(response: &mut Response, state: &PageState, token: &str, seconds: i64) {
    let secure = if state.is_secure() { "; Secure" } else { "" };
    let cookie = format!("{SESSION_COOKIE}={token}; Path=/console; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

pub async fn sign_out(staff: Staff<Views>, State(state): State<PageState>) -> Result<Response, PageError> {
    let mut transaction = state.application.database.write_aside().await?;
    STAFF_SESSIONS.end(&mut transaction, (&staff.account).into(), &staff.session.hash).await?;
    transaction.commit().await?;
    let mut response = see_other(HERE);
    set_cookie(&mut response, &state, "", 0);
    Ok(response)
}

pub async fn setup_page(State(state): State<PageState>, frame: Frame) -> Result<Response, PageError> {
    if has_accounts(&mut *state.application.database.read().await?).await? {
        return Ok(see_other("/console/sign-in"));
    }
    Ok(set_up_page(&state, &frame, &Form::default())?.into_response())
}

fn set_up_page(state: &PageState, frame: &Frame, form: &Form) -> Result<impl IntoResponse, PageError> {
    state.pages.html("staff/setup.html", frame, context! { form => Value::from(Serde(form)) })
}

/// Makes the first owner: whoever knows the code that was printed where the service was started.
pub async fn set_up(
    State(state): State<PageState>,
    Extension(door): Extension<Arc<Door>>,
    caller: Caller,
    Extension(set_up): Extension<SetUp>,
    frame: Frame,
    headers: HeaderMap,
    mut form: Form,
) -> Result<Response, PageError> {
    let application = &state.application;
    let code = form.required("code");
    let (name, email) = (form.required("name"), email_of(&mut form));
    let password = new_password(&mut form, &email);
    form.forget(&["password", "repeated"]);
    if form.is_sound() {
        door.knock(&caller)?;
        door.try_as("setup code")?;
        let typed: String = code.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
        let known: String = set_up.code().chars().filter(char::is_ascii_alphanumeric).collect();
        if !bool::from(known.as_bytes().ct_eq(typed.as_bytes())) {
            form.fault("code", "fault-setup-code");
        }
    }
    let Some(password) = password.filter(|_| form.is_sound()) else {
        return Ok(set_up_page(&state, &frame, &form)?.into_response());
    };
    let hash = blocking(move || hash_password(&password)).await?.map_err(|cause| PageError::internal(&cause))?;
    let id = application.ids.next(Part::PROGRAMME).number();
    let mut transaction = application.database.write_aside().await?;
    if has_accounts(&mut transaction).await? {
        return Ok(see_other("/console/sign-in"));
    }
    let account = NewAccount { id, email: &email, name: &name, role: Role::Owner, password: &hash };
    account_create(&mut transaction, account, application.clock.now()).await?;
    transaction.commit().await?;
    let account = account_find(&mut *application.database.read().await?, id).await?;
    let account = account.ok_or_else(|| PageError::internal(&"the new account is not there"))?;
    welcome(&state, &account, &headers, HOME, "signed_in").await
}

/// An address for signing in, in small letters. Of ASCII alone: elsewhere small letters make two addresses one.
pub(super) fn email_of(form: &mut Form) -> String {
    let email = form.required("email");
    if !email.is_empty() && (!email.is_ascii() || !looks_like_address(&email)) {
        form.fault("email", "fault-email");
    }
    email.to_ascii_lowercase()
}

/// A new password that was typed twice.
pub(super) fn new_password(form: &mut Form, email: &str) -> Option<String> {
    let password = form.raw("password").to_owned();
    match check_password(&password, email) {
        Ok(()) if form.raw("repeated") == password => return Some(password),
        Ok(()) => form.fault("repeated", "fault-password-repeated"),
        Err(PasswordFault::TooShort) => form.fault("password", "fault-password-short"),
        Err(PasswordFault::TooLong) => form.fault("password", "fault-password-long"),
        Err(PasswordFault::TooPlain) => form.fault("password", "fault-password-plain"),
    }
    None
}

/// Work that takes some tens of milliseconds of a core.
pub(super) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, PageError> {
    tokio::task::spawn_blocking(work).await.map_err(|cause| PageError::internal(&cause))
}
