//! Why there is no page. What the page about it looks like is the business of [`super::guard`], which knows
//! the reader's language.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::platform::identity::IdentityError;
use crate::platform::sql;
use crate::platform::writer::WriteError;

#[derive(Debug)]
pub enum PageError {
    /// A page about the status takes the place of the answer.
    Status(StatusCode),
    /// Sign in first, at this door, and come back to this address.
    SignIn { door: &'static str, back_to: String },
    /// Too often; try again in so many seconds.
    TooOften { seconds: u64 },
}

/// A mark on an answer whose page is still to be made.
#[derive(Clone, Copy, Debug)]
pub struct Unrendered;

impl PageError {
    pub const NOT_FOUND: PageError = PageError::Status(StatusCode::NOT_FOUND);
    pub const FORBIDDEN: PageError = PageError::Status(StatusCode::FORBIDDEN);

    /// What went wrong inside is for the log, never for a page.
    pub fn internal(cause: &dyn std::fmt::Display) -> PageError {
        tracing::error!(%cause, "a page could not be made");
        PageError::Status(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl From<sql::Error> for PageError {
    fn from(cause: sql::Error) -> PageError {
        PageError::internal(&cause)
    }
}

impl From<minijinja::Error> for PageError {
    fn from(cause: minijinja::Error) -> PageError {
        PageError::internal(&format!("{cause:#}"))
    }
}

impl From<crate::platform::random::NoRandomness> for PageError {
    fn from(cause: crate::platform::random::NoRandomness) -> PageError {
        PageError::internal(&cause)
    }
}

impl From<IdentityError> for PageError {
    fn from(cause: IdentityError) -> PageError {
        PageError::internal(&cause)
    }
}

impl From<WriteError> for PageError {
    fn from(cause: WriteError) -> PageError {
        PageError::internal(&cause)
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        match self {
            PageError::Status(status) => {
                let mut response = status.into_response();
                response.extensions_mut().insert(Unrendered);
                response
            }
            PageError::SignIn { door, back_to } => {
                let back_to: String = form_urlencoded::byte_serialize(back_to.as_bytes()).collect();
                see_other(&format!("{door}?next={back_to}"))
            }
            PageError::TooOften { seconds } => {
                let mut response = StatusCode::TOO_MANY_REQUESTS.into_response();
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
                response.extensions_mut().insert(Unrendered);
                response
            }
        }
    }
}

/// Leads on to another page of the house, which is then asked for by GET.
pub fn see_other(address: &str) -> Response {
    match HeaderValue::from_str(address) {
        Ok(address) => (StatusCode::SEE_OTHER, [(header::LOCATION, address)]).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
