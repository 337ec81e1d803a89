//! `/console/keys`: who may ask for what over the API.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::Serialize;

use crate::platform::keys::{ApiKey, KeyVisibility, Scope, key_create, key_list, key_revoke};
use crate::platform::pages::{Form, PageError, PageState, ShownOnce, see_other};
use crate::platform::staff::{Owns, Staff};

const HERE: &str = "/console/keys";
/// A name is for telling keys apart.
pub(super) const LONGEST_NAME: usize = 100;

pub fn routes() -> Router<PageState> {
    Router::new().route(HERE, get(page).post(make)).route("/console/keys/{id}/revoke", post(revoke))
}

#[derive(Serialize)]
struct KeyView {
    id: String,
    name: String,
    scopes: Vec<&'static str>,
    made: String,
    used: Option<String>,
    is_revoked: bool,
}

async fn page(staff: Staff<Owns>, State(state): State<PageState>) -> Result<Response, PageError> {
    let form = Form::default().with("read", "yes").with("write", "yes");
    Ok(shown(&staff, &state, &form, None).await?.into_response())
}

async fn shown(
    staff: &Staff<Owns>,
    state: &PageState,
    form: &Form,
    made: Option<&ShownOnce>,
) -> Result<Html<String>, PageError> {
    let keys = key_list(&mut *state.application.database.read().await?).await?;
    let words = &state.pages.texts(staff.frame.language()).words;
    let calendar = state.application.calendar();
    let view = |key: &ApiKey| KeyView {
        id: key.id.clone(),
        name: key.name.clone(),
        scopes: key.scopes.iter().map(|scope| scope.name()).collect(),
        made: words.moment_in(&calendar, key.created_at),
        used: key.last_used_at.map(|used| words.moment_in(&calendar, used)),
        is_revoked: key.revoked_at.is_some(),
    };
    let keys: Vec<KeyView> = keys.iter().rev().map(view).collect();
    let content = context! {
        keys => Value::from(Serde(&keys)),
        scopes => Scope::ALL.iter().map(|scope| scope.name()).collect::<Vec<_>>(),
        form => Value::from(Serde(form)),
        shown_once => ShownOnce::value(made),
    };
    state.pages.html("settings/keys.html", &staff.frame, content)
}

async fn make(staff: Staff<Owns>, State(state): State<PageState>, mut form: Form) -> Result<Response, PageError> {
    let name = form.required("name");
    if name.chars().count() > LONGEST_NAME {
        form.fault("name", "fault-too-long");
    }
    let scopes: Vec<Scope> = Scope::ALL.into_iter().filter(|scope| form.text(scope.name()) == "yes").collect();
    if scopes.is_empty() {
        form.fault("scopes", "fault-no-scope");
    }
    if !form.is_sound() {
        return Ok(shown(&staff, &state, &form, None).await?.into_response());
    }
    let application = &state.application;
    let mut transaction = application.database.write_aside().await?;
    let made = key_create(&mut transaction, &name, KeyVisibility::Secret, &scopes, application.clock.now()).await;
    let (key, text) = made.map_err(|cause| PageError::internal(&cause))?;
    staff.note(&mut transaction, application, "key_made", key.id, "").await?;
    transaction.commit().await?;
    let form = Form::default().with("read", "yes").with("write", "yes");
    let made = ShownOnce::new("key-made", "key-made-hint", text);
    Ok(shown(&staff, &state, &form, Some(&made)).await?.into_response())
}

async fn revoke(
    staff: Staff<Owns>,
    State(state): State<PageState>,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let application = &state.application;
    // Decisions know nothing of keys, but this process must not trust the key any longer: what is written
    // counts the generation up.
    let mut transaction = application.database.write().await?;
    if !key_revoke(&mut transaction, &id, application.clock.now()).await? {
        return Err(PageError::NOT_FOUND);
    }
    staff.note(&mut transaction, application, "key_revoked", id, "").await?;
    transaction.commit().await?;
    Ok(see_other(HERE))
}
