//! Styles, scripts and pictures of pages: built in, with those of the shop in their place.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

use crate::platform::appearance::{Theme, themed};

/// What pages of the shop load by an address that stays.
const FOR_A_WHILE: HeaderValue = HeaderValue::from_static("public, max-age=300");
const FOR_PAGES_OF: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
/// What a page loads by an address that says its content never changes.
pub(super) const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

#[derive(RustEmbed)]
#[folder = "assets/"]
struct BuiltIn;

pub struct Assets {
    files: BTreeMap<String, Asset>,
}

#[derive(Clone)]
struct Asset {
    content: Bytes,
    kind: &'static str,
    /// The beginning of the content's hash.
    mark: Arc<str>,
}

impl Assets {
    /// With the shop's own, in the folder `assets` of its overrides, in the place of ours.
    pub fn open(overrides: Option<&Path>) -> std::io::Result<Assets> {
        let built_in = BuiltIn::iter().filter_map(|name| Some((name.to_string(), BuiltIn::get(&name)?.data)));
        let mut files: BTreeMap<String, Asset> =
            built_in.filter_map(|(name, content)| asset(name, Bytes::from(content.into_owned()))).collect();
        let own = overrides.map(|folder| folder.join("assets")).filter(|folder| folder.is_dir());
        for entry in own.map(std::fs::read_dir).transpose()?.into_iter().flatten() {
            let path = entry?.path();
            let name = path.file_name().and_then(|name| name.to_str()).map(str::to_owned);
            if let Some(name) = name.filter(|_| path.is_file()) {
                files.extend(asset(name, Bytes::from(std::fs::read(&path)?)));
            }
        }
        Ok(Assets { files })
    }

    /// The address of a file. It changes when the content does, so that it can be kept for ever.
    /// A style sheet has one for each theme as well, for previews.
    pub fn address(&self, name: &str, theme: Option<Theme>) -> Option<String> {
        let theme = theme.filter(|_| name.ends_with(".css")).map_or("", Theme::name);
        let point = if theme.is_empty() { "" } else { "." };
        self.files.get(name).map(|asset| format!("/assets/{}{point}{theme}/{name}", asset.mark))
    }

    /// A file under an address that stays: browsers ask again after a while, and are told if it is the same.
    pub fn serve_named(&self, name: &str, asked: &HeaderMap) -> Response {
        let Some(asset) = self.files.get(name) else { return StatusCode::NOT_FOUND.into_response() };
        let mark = format!("\"{}\"", asset.mark);
        let known = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
        // On its way an answer may be packed, and its mark be made a weak one.
        let is_known = known.flat_map(|marks| marks.split(',')).any(|one| one.trim().trim_start_matches("W/") == mark);
        let status = if is_known { StatusCode::NOT_MODIFIED } else { StatusCode::OK };
        let mut response = (status, [(header::CACHE_CONTROL, FOR_A_WHILE)]).into_response();
        response.headers_mut().extend(HeaderValue::from_str(&mark).map(|mark| (header::ETAG, mark)));
        response.headers_mut().extend([
            (FOR_PAGES_OF, HeaderValue::from_static("cross-origin")),
            (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
            (header::CONTENT_TYPE, HeaderValue::from_static(asset.kind)),
            (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        ]);
        if !is_known {
            *response.body_mut() = asset.content.clone().into();
        }
        response
    }

    /// A file, with whatever mark it is asked for: an old page may still ask for an old one.
    pub fn serve(&self, mark: &str, name: &str) -> Response {
        let Some(asset) = self.files.get(name) else { return StatusCode::NOT_FOUND.into_response() };
        let (mark, theme) = mark.split_once('.').unwrap_or((mark, ""));
        let theme = Theme::named(theme).filter(|_| name.ends_with(".css"));
        let content = match theme {
            Some(theme) => Bytes::from(themed(&String::from_utf8_lossy(&asset.content), theme)),
            None => asset.content.clone(),
        };
        let keep = if *asset.mark == *mark { FOR_EVER } else { HeaderValue::from_static("no-cache") };
        let headers = [
            (FOR_PAGES_OF, HeaderValue::from_static("cross-origin")),
            (header::CONTENT_TYPE, HeaderValue::from_static(asset.kind)),
            (header::CACHE_CONTROL, keep),
            (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        ];
        (headers, content).into_response()
    }
}

fn asset(name: String, content: Bytes) -> Option<(String, Asset)> {
    let kind = match name.rsplit_once('.')?.1 {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        "webmanifest" => "application/manifest+json",
        _ => return None,
    };
    let mark = blake3::hash(&content).to_hex()[..12].into();
    Some((name, Asset { content, kind, mark }))
}
