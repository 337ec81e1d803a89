//! `/portal`: the pages of members.

use std::sync::Arc;

use axum::Router;
use axum::response::Html;
use axum::routing::{get, post};
use minijinja::context;
use minijinja::value::Value;

use super::sign_in::{self, Doorkeeper};
use crate::platform::pages::{Frame, PageError, PageState};

pub const HOME: &str = "/portal";

pub fn routes() -> Router<PageState> {
    Router::new()
        .route(sign_in::HERE, get(sign_in::page).post(sign_in::ask))
        .route(sign_in::CODE, get(sign_in::code_page).post(sign_in::take))
        .route(sign_in::ENTER, get(sign_in::enter_page).post(sign_in::enter))
        .route("/portal/sign-out", post(sign_in::sign_out))
        .layer(axum::Extension(Arc::new(Doorkeeper::default())))
}

/// A page under the name of the shop.
pub fn html(state: &PageState, template: &str, frame: &Frame, content: Value) -> Result<Html<String>, PageError> {
    let shop = state.shop_name(frame.language());
    state.pages.html(template, frame, context! { shop, ..content })
}
