//! The first owner, signing in, and signing out.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

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

use super::pages::{COOKIE_KEPT, SetUp};
use crate::platform::application::Application;
use crate::platform::attempts::Attempts;
use crate::platform::pages::{Form, Frame, PageError, PageState, looks_like_address, own_address, see_other};
use crate::platform::staff::{
    Account, Action, NewAccount, PasswordFault, Role, SESSION_COOKIE, STAFF_SESSIONS, Secret, Staff, Views,
    account_create, account_find, account_find_by_email, account_take_step, action_note, check_password, has_accounts,
    hash_password, verify_password,
};

const HOME: &str = "/console";
/// How long the second step may take.
const TICKET_KEPT: SignedDuration = SignedDuration::from_mins(5);
const TICKET: &str = "second step of signing in";
/// What a one-time code's secret is sealed for.
pub(super) const SECOND_FACTOR: &str = "second factor";
const ATTEMPTS_AT_ONCE: NonZeroU32 = NonZeroU32::MIN.saturating_add(4);
const ATTEMPT_EVERY: Duration = Duration::from_secs(20);

/// How often somebody may try to come in: by the address they name, and with the setup code.
pub(super) fn attempts() -> Attempts {
    Attempts::new(ATTEMPTS_AT_ONCE, ATTEMPT_EVERY)
}

#[derive(Default, Deserialize)]
pub struct NextQuery {
    #[serde(default)]
    next: String,
}

pub async fn page(
    State(state): State<PageState>,
    frame: Frame,
    Query(query): Query<NextQuery>,
) -> Result<Response, PageError> {
    if !has_accounts(&mut *state.application.database.read().await?).await? {
        return Ok(see_other("/console/setup"));
    }
    Ok(sign_in_page(&state, &frame, &Form::default().with("next", query.next))?.into_response())
}

fn sign_in_page(state: &PageState, frame: &Frame, form: &Form) -> Result<impl IntoResponse, PageError> {
    state.pages.html("staff/sign-in.html", frame, context! { form => Value::from(Serde(form)) })
}

pub async fn sign_in(
    State(state): State<PageState>,
    Extension(attempts): Extension<Arc<Attempts>>,
    Extension(set_up): Extension<SetUp>,
    frame: Frame,
    headers: HeaderMap,
    mut form: Form,
) -> Result<Response, PageError> {
    let email = form.required("email").to_lowercase();
    let password = form.raw("password").to_owned();
    form.forget(&["password"]);
    if password.is_empty() {
        form.fault("password", "fault-required");
    }
    if !form.is_sound() {
        return Ok(sign_in_page(&state, &frame, &form)?.into_response());
    }
    attempts.take(&email)?;
    let account = account_find_by_email(&mut *state.application.database.read().await?, &email).await?;
    let account = account.filter(|account| account.disabled_at.is_none());
    let hash = account.as_ref().map(|account| account.password.clone());
    let is_right = blocking(move || verify_password(&password, hash.as_deref())).await?;
    let Some(account) = account.filter(|_| is_right) else {
        // One text for both, so that nobody learns who has an account.
        form.fault("password", "fault-sign-in");
        return Ok(sign_in_page(&state, &frame, &form)?.into_response());
    };
    if account.second_factor.is_some() {
        let ticket = ticket(&state.application, account.id, state.application.clock.now());
        let form = Form::default().with("next", form.text("next")).with("ticket", ticket);
        return Ok(code_page(&state, &frame, &form)?.into_response());
    }
    welcome(&state.application, &set_up, &account, &headers, form.text("next")).await
}

fn code_page(state: &PageState, frame: &Frame, form: &Form) -> Result<impl IntoResponse, PageError> {
    state.pages.html("staff/code.html", frame, context! { form => Value::from(Serde(form)) })
}

/// What proves for some minutes that the password was right: whose, until when, and the house's mark.
fn ticket(application: &Application, staff: i64, now: Instant) -> String {
    let message = format!("{staff}.{}", (now + TICKET_KEPT).as_second());
    format!("{message}.{}", application.vault.mark(TICKET, message.as_bytes()).to_hex())
}

fn read_ticket(application: &Application, ticket: &str) -> Option<i64> {
    let (message, mark) = ticket.rsplit_once('.')?;
    let own = application.vault.mark(TICKET, message.as_bytes()).to_hex();
    let is_ours = bool::from(own.as_bytes().ct_eq(mark.as_bytes()));
    let (staff, until) = message.split_once('.').filter(|_| is_ours)?;
    let until: i64 = until.parse().ok()?;
    staff.parse().ok().filter(|_| application.clock.now().as_second() < until)
}

pub async fn second_step(
    State(state): State<PageState>,
    Extension(attempts): Extension<Arc<Attempts>>,
    Extension(set_up): Extension<SetUp>,
    frame: Frame,
    headers: HeaderMap,
    mut form: Form,
) -> Result<Response, PageError> {
    let application = &state.application;
    let Some(staff) = read_ticket(application, form.text("ticket")) else {
        let mut form = Form::default().with("next", form.text("next"));
        form.fault("password", "fault-too-late");
        return Ok(sign_in_page(&state, &frame, &form)?.into_response());
    };
    let code = form.required("code");
    form.forget(&["code"]);
    if !form.is_sound() {
        return Ok(code_page(&state, &frame, &form)?.into_response());
    }
    attempts.take(&format!("code of {staff}"))?;
    let account = account_find(&mut *application.database.read().await?, staff).await?;
    let account = account.filter(|account| account.disabled_at.is_none()).ok_or(PageError::FORBIDDEN)?;
    if !take_code(application, &account, &code).await? {
        form.fault("code", "fault-code");
        return Ok(code_page(&state, &frame, &form)?.into_response());
    }
    welcome(application, &set_up, &account, &headers, form.text("next")).await
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

/// Begins the session, and leads to where somebody wanted to go.
async fn welcome(
    application: &Application,
    set_up: &SetUp,
    account: &Account,
    headers: &HeaderMap,
    next: &str,
) -> Result<Response, PageError> {
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let now = application.clock.now();
    let mut transaction = application.database.write_aside().await?;
    let token = STAFF_SESSIONS.create(&mut transaction, account.into(), agent, now).await;
    let token = token.map_err(|cause| PageError::internal(&cause))?;
    let action = Action {
        id: application.ids.next(Part::PROGRAMME).number(),
        staff: account.id,
        acted_at: now,
        action: "signed_in".to_owned(),
        subject: String::new(),
        detail: String::new(),
    };
    action_note(&mut transaction, &action).await?;
    transaction.commit().await?;
    let mut response = see_other(own_address(next).filter(|next| next.starts_with(HOME)).unwrap_or(HOME));
    set_cookie(&mut response, set_up, &token, COOKIE_KEPT.as_secs());
    Ok(response)
}

fn set_cookie(response: &mut Response, set_up: &SetUp, token: &str, seconds: i64) {
    let secure = if set_up.is_secure { "; Secure" } else { "" };
    let cookie = format!("{SESSION_COOKIE}={token}; Path=/console; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

pub async fn sign_out(
    staff: Staff<Views>,
    State(application): State<Application>,
    Extension(set_up): Extension<SetUp>,
) -> Result<Response, PageError> {
    let mut transaction = application.database.write_aside().await?;
    STAFF_SESSIONS.end(&mut transaction, (&staff.account).into(), &staff.session.hash).await?;
    transaction.commit().await?;
    let mut response = see_other("/console/sign-in");
    set_cookie(&mut response, &set_up, "", 0);
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
    Extension(attempts): Extension<Arc<Attempts>>,
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
        attempts.take("setup code")?;
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
    welcome(application, &set_up, &account, &headers, HOME).await
}

/// An address for signing in, in small letters.
pub(super) fn email_of(form: &mut Form) -> String {
    let email = form.required("email").to_lowercase();
    if !email.is_empty() && !looks_like_address(&email) {
        form.fault("email", "fault-email");
    }
    email
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
