//! Where the pages about the appearance are.

use axum::Router;
use axum::routing::{get, post};

use super::{look, preview, templates, texts};
use crate::platform::pages::PageState;

pub const HERE: &str = "/console/settings/appearance";

pub fn routes() -> Router<PageState> {
    Router::new()
        .route(HERE, get(look::page).post(look::save))
        .route("/console/settings/appearance/pictures/{purpose}", post(look::bring))
        .route("/console/settings/appearance/pictures/{purpose}/remove", post(look::remove))
        .route("/console/settings/appearance/publish", post(look::publish))
        .route("/console/settings/appearance/discard", post(look::discard))
        .route("/console/settings/appearance/versions/{number}/return", post(look::go_back))
        .route("/console/settings/appearance/texts", get(texts::list))
        .route("/console/settings/appearance/texts/{language}/{key}", get(texts::page).post(texts::save))
        .route("/console/settings/appearance/texts/{language}/{key}/reset", post(texts::reset))
        .route("/console/settings/appearance/templates", get(templates::list))
        .route("/console/settings/appearance/templates/{name}", get(templates::page).post(templates::save))
        .route("/console/settings/appearance/templates/{name}/reset", post(templates::reset))
        .route("/console/settings/appearance/style", get(templates::style).post(templates::save_style))
        .route("/console/settings/appearance/preview", get(preview::page))
        .route("/console/settings/appearance/preview/frame", get(preview::framed))
        .route("/console/settings/appearance/preview/{theme}/{name}", get(preview::sheet))
}
