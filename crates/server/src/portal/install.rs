//! What makes the portal something that can be installed: a manifest, and a worker that shows a page when there is no
//! network. It keeps nothing that is somebody's.

use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use minijinja::context;
use serde_json::json;

use super::pages::{HOME, html};
use crate::platform::appearance::PictureUse;
use crate::platform::pages::{Dressed, Frame, PageError};

pub async fn manifest(Dressed(state): Dressed, frame: Frame) -> Result<Response, PageError> {
    let shop = state.shop_name(frame.language());
    let look = state.pages.look();
    let icon = match &look.appearance.icon {
        Some(icon) => json!({
            "src": icon.address(PictureUse::Icon),
            "sizes": format!("{}x{}", icon.width, icon.height),
            "type": icon.media_type(),
            "purpose": "any",
        }),
        None => {
            let mark = state.pages.asset("mark.svg").ok_or(PageError::NOT_FOUND)?;
            json!({ "src": mark, "sizes": "any", "type": "image/svg+xml", "purpose": "any" })
        }
    };
    let palette = look.palette(false);
    let manifest = json!({
        "name": shop,
        "short_name": shop,
        "lang": frame.language,
        "id": HOME,
        "start_url": HOME,
        "scope": HOME,
        "display": "standalone",
        "background_color": palette.ground.to_string(),
        "theme_color": palette.raised.to_string(),
        "icons": [icon],
    });
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("application/manifest+json"))];
    Ok((kind, manifest.to_string()).into_response())
}

pub async fn worker(Dressed(state): Dressed, frame: Frame) -> Result<Response, PageError> {
    let script = state.pages.render("portal/worker.js", &frame, context! {})?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8")),
        (HeaderName::from_static("service-worker-allowed"), HeaderValue::from_static(HOME)),
    ];
    Ok((headers, script).into_response())
}

pub async fn offline(Dressed(state): Dressed, frame: Frame) -> Result<Response, PageError> {
    Ok(html(&state, "portal/offline.html", &frame, context! {})?.into_response())
}
