//! What somebody typed into a form, kept so that nothing is lost when it is refused.

use std::collections::BTreeMap;

use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use serde::Serialize;

use super::error::PageError;

/// Forms are small; documents have a limit of their own.
const LARGEST: usize = 2 * 1024 * 1024;

/// What was typed, and what is wrong with it, field by field. Templates show both.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Form {
    pub values: BTreeMap<String, String>,
    /// The key of a text for each field that is not in order.
    pub faults: BTreeMap<&'static str, &'static str>,
}

impl Form {
    /// What was typed, without blanks around it; empty where nothing was.
    pub fn text(&self, field: &str) -> &str {
        self.values.get(field).map_or("", |value| value.trim())
    }

    /// Exactly what was typed.
    pub fn raw(&self, field: &str) -> &str {
        self.values.get(field).map_or("", String::as_str)
    }

    /// As [`Form::text`]; where nothing was typed, that is a fault.
    pub fn required(&mut self, field: &'static str) -> String {
        let text = self.text(field).to_owned();
        if text.is_empty() {
            self.fault(field, "fault-required");
        }
        text
    }

    /// Notes what is wrong with a field. What was noted first stays.
    pub fn fault(&mut self, field: &'static str, text: &'static str) {
        self.faults.entry(field).or_insert(text);
    }

    pub fn is_sound(&self) -> bool {
        self.faults.is_empty()
    }

    /// Sets what stands in a field before anybody types.
    pub fn with(mut self, field: &str, value: impl Into<String>) -> Form {
        self.values.insert(field.to_owned(), value.into());
        self
    }

    /// Forgets what must not stand in a page.
    pub fn forget(&mut self, secrets: &[&str]) {
        secrets.iter().for_each(|field| drop(self.values.remove(*field)));
    }
}

/// Whether this may be an e-mail address. One with two @ is read as one house's by some, and as another's by others.
pub fn looks_like_address(text: &str) -> bool {
    let has_both = text.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && host.contains('.') && !host.starts_with('.') && !host.ends_with('.') && !host.contains('@')
    });
    has_both && !text.chars().any(|letter| letter.is_whitespace() || letter.is_control()) && text.len() <= 254
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = PageError;

    async fn from_request(request: Request, _: &S) -> Result<Form, PageError> {
        let body = axum::body::to_bytes(request.into_body(), LARGEST).await;
        let body = body.map_err(|_| PageError::Status(StatusCode::PAYLOAD_TOO_LARGE))?;
        let pairs: Vec<(String, String)> =
            form_urlencoded::parse(&body).map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
        Ok(Form { values: pairs.into_iter().collect(), faults: BTreeMap::new() })
    }
}
