//! The one error type of the API: problem details (RFC 9457) with a stable code.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// One thing that is wrong with one field of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// JSON pointer into the body; a query parameter or header by its bare name.
    #[schema(example = "/lines/0/total")]
    pub pointer: String,
    /// Stable, snake_case.
    #[schema(example = "too_precise")]
    pub code: String,
    /// One sentence for a person.
    pub detail: String,
}

/// Why a request was not carried out. Boxed, so that what goes well does not carry its size around.
#[derive(Clone, Debug)]
pub struct Problem(Box<Details>);

#[derive(Clone, Debug)]
struct Details {
    status: StatusCode,
    code: String,
    detail: String,
    errors: Vec<FieldError>,
    facts: Map<String, Value>,
    retry_after: Option<u64>,
}

/// Problem details as they go over the wire.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemJson {
    /// Names the kind of problem for ever.
    #[serde(rename = "type")]
    #[schema(example = "urn:lojal:problem:insufficient_points")]
    kind: String,
    /// The kind of problem in words; always the same for one `code`.
    #[schema(example = "Insufficient points")]
    title: String,
    #[schema(example = 409, minimum = 400, maximum = 599)]
    status: u16,
    /// What is wrong with this request.
    #[schema(example = "needs 500, and 120 are available")]
    detail: String,
    /// What programs should look at.
    #[schema(example = "insufficient_points")]
    code: String,
    /// The same as in the header `x-request-id`.
    request_id: String,
    /// Fields that are wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    errors: Vec<FieldError>,
    /// The facts behind a refusal; which ones depends on the `code`.
    #[serde(skip_serializing_if = "Map::is_empty")]
    #[schema(required = false, value_type = Object)]
    facts: Map<String, Value>,
}

impl Problem {
    /// `code` is stable and snake_case; `detail` is one sentence for a person, never the internals.
    pub fn new(status: StatusCode, code: impl Into<String>, detail: impl Into<String>) -> Problem {
        Problem(Box::new(Details {
            status,
            code: code.into(),
            detail: detail.into(),
            errors: Vec::new(),
            facts: Map::new(),
            retry_after: None,
        }))
    }

    /// Adds a field that is wrong.
    pub fn naming(mut self, pointer: impl Into<String>, code: impl Into<String>, detail: impl Into<String>) -> Problem {
        self.0.errors.push(FieldError { pointer: pointer.into(), code: code.into(), detail: detail.into() });
        self
    }

    /// Adds the facts behind a refusal, for programs.
    pub fn with_facts(mut self, facts: Map<String, Value>) -> Problem {
        self.0.facts = facts;
        self
    }

    /// Another code for the same status and fields.
    pub fn with_code(mut self, code: &str) -> Problem {
        self.0.code = code.to_owned();
        self
    }

    /// Another sentence for the same problem.
    pub fn with_detail(mut self, detail: impl Into<String>) -> Problem {
        self.0.detail = detail.into();
        self
    }

    /// Seconds after which trying again makes sense.
    pub fn retry_after(mut self, seconds: u64) -> Problem {
        self.0.retry_after = Some(seconds);
        self
    }

    /// 404: the thing that the address names does not exist.
    pub fn not_found(code: &str, detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::NOT_FOUND, code, detail)
    }

    pub fn conflict(code: &str, detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::CONFLICT, code, detail)
    }

    /// 422: the request was understood, and these fields of it cannot be right.
    pub fn fields(errors: Vec<FieldError>) -> Problem {
        let detail = match errors.as_slice() {
            [only] => format!("{}: {}", only.pointer, only.detail),
            several => format!("{} fields are wrong", several.len()),
        };
        let mut problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields", detail);
        problem.0.errors = errors;
        problem
    }

    /// 422 with one field.
    pub fn field(pointer: impl Into<String>, code: &str, detail: impl Into<String>) -> Problem {
        Problem::fields(vec![FieldError { pointer: pointer.into(), code: code.to_owned(), detail: detail.into() }])
    }

    /// 500. The cause goes to the log, not to the caller.
    pub fn internal(cause: &dyn std::fmt::Display) -> Problem {
        tracing::error!(%cause, "a request failed");
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "something went wrong here; the log knows more")
    }

    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// As it goes over the wire, once the id of the request is known.
    pub fn into_wire(self, request_id: &str) -> ProblemJson {
        let Details { status, code, detail, errors, facts, .. } = *self.0;
        ProblemJson {
            kind: format!("urn:lojal:problem:{code}"),
            title: title(&code),
            status: status.as_u16(),
            detail,
            code,
            request_id: request_id.to_owned(),
            errors,
            facts,
        }
    }

    /// The answer, once the id of the request is known.
    pub(super) fn into_json(self, request_id: &str) -> Response {
        let (status, retry_after) = (self.0.status, self.0.retry_after);
        let body = serde_json::to_vec(&self.into_wire(request_id)).unwrap_or_default();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// The outermost layer turns it into JSON, for only that layer knows the id of the request.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.0.status;
        response.extensions_mut().insert(self);
        response
    }
}

/// `insufficient_points` → `Insufficient points`.
fn title(code: &str) -> String {
    let mut characters = code.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters.map(|character| if character == '_' { ' ' } else { character })).collect()
}
