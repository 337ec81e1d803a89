//! `/console`.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use lojal_core::programme::text;
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::Serialize;

use crate::platform::keys::key_list;
use crate::platform::pages::{PageError, PageState};
use crate::platform::staff::{Staff, Views, account_list};
use crate::platform::states::state_page;

/// What is in force.
#[derive(Serialize)]
struct InForce {
    name: String,
    version: u32,
    rules: usize,
    levels: usize,
    rewards: usize,
}

/// What a shop does on its way to a running programme.
#[derive(Serialize)]
struct Step {
    text: &'static str,
    hint: &'static str,
    is_done: bool,
}

pub fn routes() -> Router<PageState> {
    Router::new().route("/console", get(page))
}

async fn page(staff: Staff<Views>, State(state): State<PageState>) -> Result<Response, PageError> {
    let application = &state.application;
    let rulebook = application.rulebook();
    let in_force = rulebook.live().map(|programme| InForce {
        name: text(&programme.name, staff.frame.language()).to_owned(),
        version: programme.version,
        rules: programme.rules.len(),
        levels: programme.ladders.iter().map(|ladder| ladder.levels.len()).sum(),
        rewards: programme.rewards.len(),
    });
    let mut connection = application.database.read().await?;
    let has_keys = key_list(&mut connection).await?.iter().any(|key| key.revoked_at.is_none());
    let has_members = !state_page(&mut connection, None, 1).await?.is_empty();
    let accounts = account_list(&mut connection).await?;
    drop(connection);
    let has_codes = staff.account.second_factor.is_some();
    let steps = [
        Step { text: "step-programme", hint: "step-programme-hint", is_done: in_force.is_some() },
        Step { text: "step-key", hint: "step-key-hint", is_done: has_keys },
        Step { text: "step-members", hint: "step-members-hint", is_done: has_members },
        Step { text: "step-codes", hint: "step-codes-hint", is_done: has_codes },
        Step { text: "step-team", hint: "step-team-hint", is_done: accounts.len() > 1 },
    ];
    let content = context! {
        in_force => Value::from(Serde(&in_force)),
        is_complete => steps.iter().all(|step| step.is_done),
        steps => Value::from(Serde(&steps)),
    };
    Ok(state.pages.html("overview.html", &staff.frame, content)?.into_response())
}
