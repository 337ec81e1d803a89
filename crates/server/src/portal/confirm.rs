//! Where a friend confirms a recommendation: whoever has the link of a message enters the code that stands in it. What is
//! unknown looks like what is known.

use std::sync::Arc;

use axum::Extension;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use minijinja::context;
use minijinja::value::{Serde, Value};

use super::pages::html;
use super::sign_in::Doorkeeper;
use crate::platform::application::Application;
use crate::platform::fraud::{Asker, Confirming, verification_by_ticket};
use crate::platform::http::clients::client;
use crate::platform::http::connections::Peer;
use crate::platform::pages::{Dressed, Form, Frame, PageError, PageState};

pub const HERE: &str = "/portal/confirm";

/// What has happened on the page.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    Asked,
    SentAgain,
    Confirmed,
}

pub async fn page(Dressed(state): Dressed, frame: Frame, Path(ticket): Path<String>) -> Result<Response, PageError> {
    let turn = if is_confirmed(&state.application, &ticket).await? { Turn::Confirmed } else { Turn::Asked };
    shown(&state, &frame, &ticket, &Form::default(), turn)
}

pub async fn enter(
    Dressed(state): Dressed,
    Extension(doorkeeper): Extension<Arc<Doorkeeper>>,
    peer: Option<Extension<Peer>>,
    frame: Frame,
    headers: HeaderMap,
    Path(ticket): Path<String>,
    mut form: Form,
) -> Result<Response, PageError> {
    let code = form.required("code");
    form.forget(&["code"]);
    if !form.is_sound() {
        return shown(&state, &frame, &ticket, &form, Turn::Asked);
    }
    doorkeeper.knock(&client(peer.as_deref(), &headers))?;
    let confirmed = state.application.verification_confirm(Confirming::Ticket(&ticket), &code).await;
    let is_right = confirmed.map_err(|cause| PageError::internal(&cause))?.is_some();
    if is_right || is_confirmed(&state.application, &ticket).await? {
        return shown(&state, &frame, &ticket, &form, Turn::Confirmed);
    }
    form.fault("code", "portal-fault-code");
    shown(&state, &frame, &ticket, &form, Turn::Asked)
}

/// Sends another code, if there is anything to confirm and enough time has passed. Nothing that can be seen depends on it.
pub async fn again(
    Dressed(state): Dressed,
    Extension(doorkeeper): Extension<Arc<Doorkeeper>>,
    peer: Option<Extension<Peer>>,
    frame: Frame,
    headers: HeaderMap,
    Path(ticket): Path<String>,
) -> Result<Response, PageError> {
    doorkeeper.knock(&client(peer.as_deref(), &headers))?;
    let application = &state.application;
    let known = verification_by_ticket(&mut *application.database.read().await?, &ticket).await?;
    if let Some(known) = known {
        let asked = application.verification_ask(known.friend, Asker::Friend, known.wanted).await;
        if let Err(refusal) = asked.map_err(|cause| PageError::internal(&cause))? {
            tracing::info!(code = refusal.code(), "no further code is sent");
        }
    }
    shown(&state, &frame, &ticket, &Form::default(), Turn::SentAgain)
}

/// Whoever has the link may know that it was of use.
async fn is_confirmed(application: &Application, ticket: &str) -> Result<bool, PageError> {
    let known = verification_by_ticket(&mut *application.database.read().await?, ticket).await?;
    Ok(known.is_some_and(|known| known.is_confirmed()))
}

fn shown(state: &PageState, frame: &Frame, ticket: &str, form: &Form, turn: Turn) -> Result<Response, PageError> {
    let mut frame = frame.clone();
    frame.path = format!("{HERE}/{ticket}");
    let content = context! {
        form => Value::from(Serde(form)),
        ticket,
        is_confirmed => turn == Turn::Confirmed,
        is_sent_again => turn == Turn::SentAgain,
    };
    Ok(html(state, "portal/confirm.html", &frame, content)?.into_response())
}
