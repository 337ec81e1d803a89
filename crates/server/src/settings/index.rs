//! `/console/settings`: where everything is that is set once and seldom looked at.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use minijinja::context;

use crate::platform::pages::{PageError, PageState};
use crate::platform::staff::{Manages, Owns, Staff};

pub fn routes() -> Router<PageState> {
    Router::new().route("/console/settings", get(page))
}

async fn page(staff: Staff<Manages>, State(state): State<PageState>) -> Result<Response, PageError> {
    let content = context! { is_owner => staff.may::<Owns>() };
    Ok(state.pages.html("settings/index.html", &staff.frame, content)?.into_response())
}
