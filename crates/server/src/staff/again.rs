//! `/console/again`: who gives rights to others says once more who they are, unless they have just signed in.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use minijinja::context;
use minijinja::value::{Serde, Value};

use super::door::Door;
use super::passkeys::{doubt, is_recent};
use super::sign_in::{NextQuery, welcome};
use crate::platform::pages::{Form, PageError, PageState, see_other};
use crate::platform::staff::{STAFF_SESSIONS, Staff, Views};

pub const HERE: &str = "/console/again";

/// Where somebody is led first who signed in long ago and wants to do something at `next`.
pub(super) fn asked<P>(staff: &Staff<P>, state: &PageState, next: &str) -> Option<Response> {
    if is_recent(staff, state) {
        return None;
    }
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
    Some(see_other(&format!("{HERE}?{query}")))
}

pub async fn page(
    staff: Staff<Views>,
    State(state): State<PageState>,
    Query(query): Query<NextQuery>,
) -> Result<Response, PageError> {
    shown(&staff, &state, &Form::default().with("next", query.next))
}

fn shown(staff: &Staff<Views>, state: &PageState, form: &Form) -> Result<Response, PageError> {
    let content = context! {
        form => Value::from(Serde(form)),
        has_password => !staff.account.password.is_empty(),
    };
    Ok(state.pages.html("staff/again.html", &staff.frame, content)?.into_response())
}

/// Begins a session of now in the place of the one that is old.
pub async fn say(
    staff: Staff<Views>,
    State(state): State<PageState>,
    Extension(door): Extension<Arc<Door>>,
    headers: HeaderMap,
    mut form: Form,
) -> Result<Response, PageError> {
    let fault = doubt(&staff, &state, &door, &form).await?;
    form.forget(&["own_password"]);
    if let Some(fault) = fault {
        form.fault("own_password", fault);
        return shown(&staff, &state, &form);
    }
    let mut transaction = state.application.database.write_aside().await?;
    STAFF_SESSIONS.end(&mut transaction, (&staff.account).into(), &staff.session.hash).await?;
    transaction.commit().await?;
    welcome(&state, &staff.account, &headers, form.text("next"), "said_again").await
}
