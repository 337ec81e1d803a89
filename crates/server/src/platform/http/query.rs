//! Parameters that many operations share, and how they answer.

use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use lojal_core::kernel::Language;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::fields::Lang;

/// Says that the answer is the one that an earlier request with the same key got.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct WriteQuery {
    /// Answers what would happen and writes nothing.
    #[serde(default)]
    #[param(required = false)]
    pub dry_run: bool,
    /// Adds a sentence in this language to each effect.
    #[param(inline, required = false)]
    pub lang: Option<Lang>,
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ExplainQuery {
    /// Answers what would happen and writes nothing.
    #[serde(default)]
    #[param(required = false)]
    pub dry_run: bool,
    /// Adds what became of each rule, with the conditions that held or failed, and what was only just
    /// missed.
    #[serde(default)]
    #[param(required = false)]
    pub explain: bool,
    /// Adds a sentence in this language to each effect.
    #[param(inline, required = false)]
    pub lang: Option<Lang>,
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct WordsQuery {
    /// Says it in this language, too.
    #[param(inline, required = false)]
    pub lang: Option<Lang>,
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct WhyQuery {
    /// Adds what became of each rule, with the conditions that held or failed, and what was only just
    /// missed. It takes time in proportion to what the member did before.
    #[serde(default)]
    #[param(required = false)]
    pub explain: bool,
    /// The language of the sentences; English if none is named.
    #[param(inline, required = false)]
    pub lang: Option<Lang>,
}

/// No parameters at all: stating one is a mistake.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoQuery {}

pub fn language(lang: Option<Lang>) -> Option<Language> {
    lang.map(Language::from)
}

#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub struct IdempotencyKey {
    /// Any text of your own. The same key with the same body gets the first answer again.
    #[param(rename = "Idempotency-Key", min_length = 1, max_length = 255, pattern = "^[ -~]+$", required = false)]
    pub key: Option<String>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub struct RequiredIdempotencyKey {
    /// Any text of your own. The same key with the same body gets the first answer again.
    #[param(rename = "Idempotency-Key", min_length = 1, max_length = 255, pattern = "^[ -~]+$")]
    pub key: String,
}

/// An answer to a write.
pub struct Written<T> {
    status: StatusCode,
    repeated: bool,
    body: T,
}

impl<T> Written<T> {
    /// 201, or 200 when nothing was to be written.
    pub fn created(body: T, dry_run: bool, repeated: bool) -> Written<T> {
        let status = if dry_run { StatusCode::OK } else { StatusCode::CREATED };
        Written { status, repeated: repeated && !dry_run, body }
    }

    pub fn changed(body: T, repeated: bool) -> Written<T> {
        Written { status: StatusCode::OK, repeated, body }
    }
}

impl<T: Serialize> IntoResponse for Written<T> {
    fn into_response(self) -> Response {
        let mut response = (self.status, axum::Json(self.body)).into_response();
        if self.repeated {
            response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
        }
        response
    }
}
