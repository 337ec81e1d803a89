//! `/console/portal`: how members come into their own pages.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::Serialize;

use super::pages::LONGEST_NAME;
use crate::platform::pages::{Form, PageError, PageState, see_other};
use crate::platform::staff::{Owns, Staff};
use crate::platform::visitors::{SigningSecret, secret_create, secret_list, secret_revoke};

const HERE: &str = "/console/portal";

pub fn routes() -> Router<PageState> {
    Router::new().route(HERE, get(page).post(make)).route("/console/portal/{id}/revoke", post(revoke))
}

#[derive(Serialize)]
struct SecretView {
    id: String,
    name: String,
    made: String,
    is_revoked: bool,
}

async fn page(staff: Staff<Owns>, State(state): State<PageState>) -> Result<Response, PageError> {
    Ok(shown(&staff, &state, &Form::default(), None).await?.into_response())
}

/// `text` is a secret that has just been made: it is shown this once.
async fn shown(
    staff: &Staff<Owns>,
    state: &PageState,
    form: &Form,
    text: Option<&str>,
) -> Result<Html<String>, PageError> {
    let secrets = secret_list(&mut *state.application.database.read().await?).await?;
    let words = &state.pages.texts(staff.frame.language()).words;
    let calendar = state.application.calendar();
    let view = |secret: &SigningSecret| SecretView {
        id: secret.id.clone(),
        name: secret.name.clone(),
        made: words.moment_in(&calendar, secret.created_at),
        is_revoked: secret.revoked_at.is_some(),
    };
    let secrets: Vec<SecretView> = secrets.iter().rev().map(view).collect();
    let content = context! {
        secrets => Value::from(Serde(&secrets)),
        form => Value::from(Serde(form)),
        text,
        address => format!("{}/portal", state.public),
        by_mail => state.mailer.is_some(),
    };
    state.pages.html("settings/portal.html", &staff.frame, content)
}

async fn make(staff: Staff<Owns>, State(state): State<PageState>, mut form: Form) -> Result<Response, PageError> {
    let name = form.required("name");
    if name.chars().count() > LONGEST_NAME {
        form.fault("name", "fault-too-long");
    }
    if !form.is_sound() {
        return Ok(shown(&staff, &state, &form, None).await?.into_response());
    }
    let application = &state.application;
    let mut transaction = application.database.write_aside().await?;
    let (secret, text) = secret_create(&mut transaction, &application.vault, &name, application.clock.now()).await?;
    staff.note(&mut transaction, application, "secret_made", secret.id, "").await?;
    transaction.commit().await?;
    Ok(shown(&staff, &state, &Form::default(), Some(&text)).await?.into_response())
}

async fn revoke(
    staff: Staff<Owns>,
    State(state): State<PageState>,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let application = &state.application;
    let mut transaction = application.database.write_aside().await?;
    if !secret_revoke(&mut transaction, &id, application.clock.now()).await? {
        return Err(PageError::NOT_FOUND);
    }
    staff.note(&mut transaction, application, "secret_revoked", id, "").await?;
    transaction.commit().await?;
    Ok(see_other(HERE))
}
