//! `/console/portal`: how members come into their own pages, and which pages of the shop may show the widget.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::Serialize;

use super::pages::LONGEST_NAME;
use crate::platform::clicks::{landing_find, landing_of, landing_set};
use crate::platform::keys::{KeyVisibility, Scope, key_create};
use crate::platform::origins::{MOST_ORIGINS, origin_of, origins_find, origins_set};
use crate::platform::pages::{Form, PageError, PageState, ShownOnce, see_other};
use crate::platform::staff::{Owns, Staff};
use crate::platform::visitors::{SigningSecret, secret_create, secret_list, secret_revoke};

const HERE: &str = "/console/portal";
const ORIGINS: &str = "/console/portal/origins";
const LANDING: &str = "/console/portal/landing";
const KEY: &str = "/console/portal/key";

pub fn routes() -> Router<PageState> {
    Router::new()
        .route(HERE, get(page).post(make))
        .route("/console/portal/{id}/revoke", post(revoke))
        .route(ORIGINS, post(list_origins))
        .route(LANDING, post(set_landing))
        .route(KEY, post(make_key))
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

async fn shown(
    staff: &Staff<Owns>,
    state: &PageState,
    form: &Form,
    made: Option<&ShownOnce>,
) -> Result<Html<String>, PageError> {
    let mut connection = state.application.database.read().await?;
    let secrets = secret_list(&mut connection).await?;
    let origins = origins_find(&mut connection).await?.join("\n");
    let landing = landing_find(&mut connection).await?.unwrap_or_default();
    drop(connection);
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
        shown_once => ShownOnce::value(made),
        origins => form.values.get("origins").unwrap_or(&origins),
        links => context! {
            landing => form.values.get("landing").unwrap_or(&landing),
            example => format!("{}/r/…", state.public),
        },
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
    let made = ShownOnce::new("secret-made", "secret-made-hint", text);
    Ok(shown(&staff, &state, &Form::default(), Some(&made)).await?.into_response())
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

/// Which pages of the shop may show the widget, an origin on each line.
async fn list_origins(
    staff: Staff<Owns>,
    State(state): State<PageState>,
    mut form: Form,
) -> Result<Response, PageError> {
    let typed = form.text("origins").to_owned();
    let lines: Vec<&str> = typed.split_whitespace().collect();
    let mut origins: Vec<String> = lines.iter().filter_map(|line| origin_of(line)).collect();
    if origins.len() < lines.len() || origins.len() > MOST_ORIGINS {
        form.fault("origins", "fault-origin");
        return Ok(shown(&staff, &state, &form, None).await?.into_response());
    }
    origins.sort();
    origins.dedup();
    let application = &state.application;
    let mut transaction = application.database.write_aside().await?;
    origins_set(&mut transaction, &origins).await?;
    staff.note(&mut transaction, application, "origins_listed", "", origins.join(" ")).await?;
    transaction.commit().await?;
    Ok(see_other(HERE))
}

/// Where members' links lead. Nothing typed is the portal.
async fn set_landing(
    staff: Staff<Owns>,
    State(state): State<PageState>,
    mut form: Form,
) -> Result<Response, PageError> {
    let typed = form.text("landing").trim().to_owned();
    let address = landing_of(&typed);
    if address.is_none() && !typed.is_empty() {
        form.fault("landing", "fault-landing");
        return Ok(shown(&staff, &state, &form, None).await?.into_response());
    }
    let application = &state.application;
    let mut transaction = application.database.write_aside().await?;
    staff.note(&mut transaction, application, "landing_set", "", address.clone().unwrap_or_default()).await?;
    landing_set(&mut transaction, address).await?;
    transaction.commit().await?;
    Ok(see_other(HERE))
}

/// Makes the key that stands in the shop's pages.
async fn make_key(staff: Staff<Owns>, State(state): State<PageState>) -> Result<Response, PageError> {
    let application = &state.application;
    let mut transaction = application.database.write_aside().await?;
    let now = application.clock.now();
    let made = key_create(&mut transaction, "widget", KeyVisibility::Publishable, &[Scope::Read], now).await;
    let (key, text) = made.map_err(|cause| PageError::internal(&cause))?;
    staff.note(&mut transaction, application, "key_made", key.id, "").await?;
    transaction.commit().await?;
    let lines = [
        format!("<script src=\"{}/widget.js\" defer></script>", state.public),
        format!("<lojal-widget key=\"{text}\"></lojal-widget>"),
    ];
    let made = ShownOnce::lines("widget-key-made", "widget-key-made-hint", lines);
    Ok(shown(&staff, &state, &Form::default(), Some(&made)).await?.into_response())
}
