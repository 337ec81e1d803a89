//! The team: who works here, as what, and what they did.

use std::collections::BTreeMap;

use axum::extract::{Path, Query, State};
use axum::response::{Html, IntoResponse, Response};
use lojal_core::kernel::Part;
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::{Deserialize, Serialize};

use super::again;
use super::sign_in::{blocking, email_of};
use crate::platform::pages::{Form, PageError, PageState, ShownOnce, see_other};
use crate::platform::staff::{
    Account, NewAccount, Owns, Role, STAFF_SESSIONS, Staff, account_create, account_disable, account_find,
    account_forget_steps, account_list, account_set_password, account_set_role, action_list, hash_password,
    passkey_owners, readable,
};

const HERE: &str = "/console/team";
const ACTIONS_ON_A_PAGE: usize = 50;

#[derive(Serialize)]
struct Person {
    id: i64,
    name: String,
    email: String,
    role: &'static str,
    has_codes: bool,
    has_passkeys: bool,
    is_disabled: bool,
    is_self: bool,
}

/// A password to be handed over to somebody.
fn handed(name: String, password: String) -> ShownOnce {
    ShownOnce::new("team-handed", "team-handed-hint", password).of(name)
}

pub async fn page(staff: Staff<Owns>, State(state): State<PageState>) -> Result<Response, PageError> {
    if let Some(question) = again::asked(&staff, &state, HERE) {
        return Ok(question);
    }
    Ok(shown(&staff, &state, &Form::default().with("role", "manager"), None).await?.into_response())
}

async fn shown(
    staff: &Staff<Owns>,
    state: &PageState,
    form: &Form,
    made: Option<&ShownOnce>,
) -> Result<Html<String>, PageError> {
    let mut connection = state.application.database.read().await?;
    let accounts = account_list(&mut connection).await?;
    let with_passkeys = passkey_owners(&mut connection).await?;
    drop(connection);
    let person = |account: &Account| Person {
        id: account.id,
        name: account.name.clone(),
        email: account.email.clone(),
        role: account.role.name(),
        has_codes: account.second_factor.is_some(),
        has_passkeys: with_passkeys.contains(&account.id),
        is_disabled: account.disabled_at.is_some(),
        is_self: account.id == staff.account.id,
    };
    let people: Vec<Person> = accounts.iter().map(person).collect();
    let roles: Vec<&str> = Role::ALL.iter().map(|role| role.name()).collect();
    let content = context! {
        people => Value::from(Serde(&people)),
        roles,
        form => Value::from(Serde(form)),
        shown_once => ShownOnce::value(made),
    };
    state.pages.html("staff/team.html", &staff.frame, content)
}

pub async fn add(staff: Staff<Owns>, State(state): State<PageState>, mut form: Form) -> Result<Response, PageError> {
    if let Some(question) = again::asked(&staff, &state, HERE) {
        return Ok(question);
    }
    let (name, email) = (form.required("name"), email_of(&mut form));
    let role = Role::named(form.text("role")).ok_or(PageError::NOT_FOUND)?;
    if !form.is_sound() {
        return Ok(shown(&staff, &state, &form, None).await?.into_response());
    }
    let password = readable::<20>()?;
    let hash = hashed(password.clone()).await?;
    let id = state.application.ids.next(Part::PROGRAMME).number();
    let mut transaction = state.application.database.write_aside().await?;
    let account = NewAccount { id, email: &email, name: &name, role, password: &hash };
    if !account_create(&mut transaction, account, state.application.clock.now()).await? {
        form.fault("email", "fault-email-taken");
        return Ok(shown(&staff, &state, &form, None).await?.into_response());
    }
    staff.note(&mut transaction, &state.application, "staff_added", id.to_string(), role.name()).await?;
    transaction.commit().await?;
    let form = Form::default().with("role", role.name());
    Ok(shown(&staff, &state, &form, Some(&handed(name, password))).await?.into_response())
}

async fn hashed(password: String) -> Result<String, PageError> {
    blocking(move || hash_password(&password)).await?.map_err(|cause| PageError::internal(&cause))
}

/// Another's account: nobody shuts themselves out.
async fn another(staff: &Staff<Owns>, state: &PageState, id: i64) -> Result<Account, PageError> {
    let account = account_find(&mut *state.application.database.read().await?, id).await?;
    account.filter(|account| account.id != staff.account.id).ok_or(PageError::NOT_FOUND)
}

pub async fn change_role(
    staff: Staff<Owns>,
    State(state): State<PageState>,
    Path(id): Path<i64>,
    form: Form,
) -> Result<Response, PageError> {
    if let Some(question) = again::asked(&staff, &state, HERE) {
        return Ok(question);
    }
    let account = another(&staff, &state, id).await?;
    let role = Role::named(form.text("role")).ok_or(PageError::NOT_FOUND)?;
    let mut transaction = state.application.database.write_aside().await?;
    account_set_role(&mut transaction, account.id, role).await?;
    staff.note(&mut transaction, &state.application, "role_changed", id.to_string(), role.name()).await?;
    transaction.commit().await?;
    Ok(see_other(HERE))
}

/// Shuts somebody out, or lets them in again.
pub async fn change_access(
    staff: Staff<Owns>,
    State(state): State<PageState>,
    Path(id): Path<i64>,
) -> Result<Response, PageError> {
    if let Some(question) = again::asked(&staff, &state, HERE) {
        return Ok(question);
    }
    let account = another(&staff, &state, id).await?;
    let disabled_at = match account.disabled_at {
        Some(_) => None,
        None => Some(state.application.clock.now()),
    };
    let mut transaction = state.application.database.write_aside().await?;
    account_disable(&mut transaction, account.id, disabled_at).await?;
    STAFF_SESSIONS.end_all(&mut transaction, (&account).into()).await?;
    let action = if disabled_at.is_some() { "staff_disabled" } else { "staff_enabled" };
    staff.note(&mut transaction, &state.application, action, id.to_string(), "").await?;
    transaction.commit().await?;
    Ok(see_other(HERE))
}

/// Hands somebody a new password; wherever they were signed in, they no longer are.
pub async fn reset_password(
    staff: Staff<Owns>,
    State(state): State<PageState>,
    Path(id): Path<i64>,
) -> Result<Response, PageError> {
    if let Some(question) = again::asked(&staff, &state, HERE) {
        return Ok(question);
    }
    let account = another(&staff, &state, id).await?;
    let password = readable::<20>()?;
    let hash = hashed(password.clone()).await?;
    let mut transaction = state.application.database.write_aside().await?;
    account_set_password(&mut transaction, account.id, &hash).await?;
    STAFF_SESSIONS.end_all(&mut transaction, (&account).into()).await?;
    staff.note(&mut transaction, &state.application, "password_reset", id.to_string(), "").await?;
    transaction.commit().await?;
    let form = Form::default().with("role", "manager");
    Ok(shown(&staff, &state, &form, Some(&handed(account.name, password))).await?.into_response())
}

/// Takes passkeys, codes and the link to the provider away from somebody who has lost them; the password stays.
pub async fn reset_steps(
    staff: Staff<Owns>,
    State(state): State<PageState>,
    Path(id): Path<i64>,
) -> Result<Response, PageError> {
    if let Some(question) = again::asked(&staff, &state, HERE) {
        return Ok(question);
    }
    let account = another(&staff, &state, id).await?;
    let mut transaction = state.application.database.write_aside().await?;
    account_forget_steps(&mut transaction, &account).await?;
    staff.note(&mut transaction, &state.application, "steps_reset", id.to_string(), "").await?;
    transaction.commit().await?;
    Ok(see_other(HERE))
}

#[derive(Default, Deserialize)]
pub struct ActionsQuery {
    before: Option<i64>,
}

#[derive(Serialize)]
struct ActionView {
    when: String,
    who: String,
    action: String,
    subject: String,
    detail: String,
}

/// What everybody did, the latest first.
pub async fn actions(
    staff: Staff<Owns>,
    State(state): State<PageState>,
    Query(query): Query<ActionsQuery>,
) -> Result<Response, PageError> {
    let application = &state.application;
    let mut connection = application.database.read().await?;
    let mut actions = action_list(&mut connection, query.before, ACTIONS_ON_A_PAGE + 1).await?;
    let names: BTreeMap<i64, String> =
        account_list(&mut connection).await?.into_iter().map(|account| (account.id, account.name)).collect();
    drop(connection);
    let has_more = actions.len() > ACTIONS_ON_A_PAGE;
    actions.truncate(ACTIONS_ON_A_PAGE);
    let next = actions.last().filter(|_| has_more).map(|action| action.id);
    let words = &state.pages.texts(staff.frame.language()).words;
    let calendar = application.calendar();
    let named = |id: &str| id.parse().ok().and_then(|id: i64| names.get(&id).cloned());
    let views: Vec<ActionView> = actions
        .into_iter()
        .map(|action| ActionView {
            when: words.moment_in(&calendar, action.acted_at),
            who: names.get(&action.staff).cloned().unwrap_or_default(),
            subject: named(&action.subject).unwrap_or(action.subject),
            action: format!("action-{}", action.action.replace('_', "-")),
            detail: match Role::named(&action.detail) {
                Some(role) => {
                    state.pages.texts(staff.frame.language()).say(&format!("role-{}", role.name()), None, &[])
                }
                None => action.detail,
            },
        })
        .collect();
    let content = context! { actions => Value::from(Serde(&views)), next };
    Ok(state.pages.html("staff/actions.html", &staff.frame, content)?.into_response())
}
