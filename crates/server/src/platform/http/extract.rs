//! How a request is read: body, query, path and `Idempotency-Key`, each refused by name.

use std::pin::Pin;
use std::time::Duration;

use axum::body::HttpBody;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use super::problem::Problem;
use crate::platform::application::Application;
use crate::platform::writer::{Idempotency, WriteError};

/// The largest JSON body: an order of a thousand lines takes a third of it.
pub const LARGEST_BODY: usize = 1024 * 1024;

/// What is read and thrown away of a body that is too large, so that the sender gets to read why.
const LARGEST_DISCARDED: usize = 64 * 1024 * 1024;

const BODY_TIME: Duration = Duration::from_secs(20);

const LONGEST_KEY: usize = 255;

pub const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// A JSON body, and the `Idempotency-Key` it came with.
pub struct Json<T> {
    pub body: T,
    pub idempotency: Option<Idempotency>,
}

/// As [`Json`], for what moves points: without a key it is refused.
pub struct JsonOnce<T> {
    pub body: T,
    pub idempotency: Idempotency,
}

impl<T: DeserializeOwned> FromRequest<Application> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, application: &Application) -> Result<Json<T>, Problem> {
        let key = idempotency_key(request.headers())?;
        is_json(request.headers())?;
        let mut hasher = blake3::Hasher::new();
        let target = request.uri().path_and_query().map(|target| target.as_str()).unwrap_or_default();
        for part in [request.method().as_str(), target] {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
        let bytes = read_body(request).await?;
        hasher.update(&bytes);
        let fingerprint = *hasher.finalize().as_bytes();
        let idempotency = key.map(|key| Idempotency { key, fingerprint });
        if let Some(idempotency) = &idempotency {
            refuse_reused(application, idempotency).await?;
        }
        Ok(Json { body: parse(&bytes)?, idempotency })
    }
}

impl<T: DeserializeOwned> FromRequest<Application> for JsonOnce<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, application: &Application) -> Result<JsonOnce<T>, Problem> {
        let Json { body, idempotency } = Json::from_request(request, application).await?;
        let idempotency = idempotency.ok_or_else(|| {
            bad_request(
                "idempotency_key_required",
                "Idempotency-Key",
                "this request moves points: send a key of your own with it, so that a repeated request counts once",
            )
        })?;
        Ok(JsonOnce { body, idempotency })
    }
}

/// The writer remembers keys where the member they came with lives; a key that comes again with
/// another member would be looked for elsewhere. So it is looked for everywhere first; requests with
/// the same key take turns, so what is found here stays so.
async fn refuse_reused(application: &Application, idempotency: &Idempotency) -> Result<(), Problem> {
    match application.idempotency_fingerprint(&idempotency.key).await? {
        Some(known) if known != idempotency.fingerprint => Err(WriteError::KeyReused.into()),
        _ => Ok(()),
    }
}

/// A body of plain text or JSON, as large as its reader allows.
pub async fn read_body_up_to(request: Request, largest: usize) -> Result<Vec<u8>, Problem> {
    let mut body = request.into_body();
    let mut bytes = Vec::new();
    let mut seen = 0;
    let reading = async {
        while let Some(frame) = std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
            let frame = frame.map_err(|_| broken_off())?;
            let Ok(data) = frame.into_data() else { continue };
            seen += data.len();
            if seen <= largest {
                bytes.extend_from_slice(&data);
            } else if seen > LARGEST_DISCARDED.max(largest) {
                break;
            }
        }
        Ok::<(), Problem>(())
    };
    match tokio::time::timeout(BODY_TIME, reading).await {
        Err(_) => {
            return Err(Problem::new(StatusCode::REQUEST_TIMEOUT, "body_too_slow", "the body took too long to arrive"));
        }
        Ok(read) => read?,
    }
    if seen > largest {
        let detail = format!("the body is larger than {largest} bytes");
        return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", detail));
    }
    Ok(bytes)
}

async fn read_body(request: Request) -> Result<Vec<u8>, Problem> {
    read_body_up_to(request, LARGEST_BODY).await
}

fn broken_off() -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "body_broken_off", "the body ended before it was complete")
}

fn is_json(headers: &HeaderMap) -> Result<(), Problem> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if kind == "application/json" {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "not_json",
        "the body must be JSON, with the header Content-Type: application/json",
    ))
}

/// Reads JSON; what does not fit is named by a JSON pointer.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let detail = format!("the body is not UTF-8 from byte {} on", error.valid_up_to());
        Problem::new(StatusCode::BAD_REQUEST, "broken_utf8", detail)
    })?;
    // Keeping track of the place takes as long as reading, and is for what is wrong.
    serde_json::from_str(text).or_else(|_| {
        let mut reader = serde_json::Deserializer::from_str(text);
        let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            let pointer = pointer(error.path());
            let cause = error.into_inner();
            match cause.classify() {
                Category::Data => wrong_field(pointer, &cause),
                _ => malformed(&cause),
            }
        })?;
        reader.end().map_err(|error| malformed(&error))?;
        Ok(value)
    })
}

fn malformed(error: &serde_json::Error) -> Problem {
    let detail = format!("the body is no JSON: line {}, column {}", error.line(), error.column());
    Problem::new(StatusCode::BAD_REQUEST, "malformed_json", detail)
}

fn wrong_field(mut pointer: String, error: &serde_json::Error) -> Problem {
    let text = error.to_string();
    // The place in the text is of no use to a program that built the body from values.
    let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(said, _)| said);
    let code = if text.starts_with("unknown field") {
        "unknown_field"
    } else if text.starts_with("missing field") {
        "missing_field"
    } else if text.starts_with("duplicate field") {
        "duplicate_field"
    } else {
        "invalid"
    };
    if code != "invalid"
        && let Some(name) = text.split('`').nth(1)
        && pointer.rsplit('/').next() != Some(name)
    {
        pointer = format!("{pointer}/{}", escape(name));
    }
    Problem::field(pointer, code, text)
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter()
        .map(|segment| match segment {
            Segment::Seq { index } => format!("/{index}"),
            Segment::Map { key } => format!("/{}", escape(key)),
            Segment::Enum { .. } | Segment::Unknown => String::new(),
        })
        .collect()
}

/// As RFC 6901 writes a name inside a pointer.
pub fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Query parameters; unknown ones are refused.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Query<T>, Problem> {
        let read = axum::extract::Query::<T>::try_from_uri(&parts.uri);
        read.map(|axum::extract::Query(query)| Query(query)).map_err(|rejection| {
            let text = rejection.body_text();
            let said = text.split_once("query string: ").map_or(text.as_str(), |(_, said)| said);
            let (name, detail) = match said.split_once(": ") {
                Some((name, detail)) => (name, detail),
                None => (said.split('`').nth(1).unwrap_or_default(), said),
            };
            bad_request("invalid_parameter", name, detail)
        })
    }
}

/// What the address names. An id that cannot be one names nothing: 404.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Path<T>, Problem> {
        use axum::extract::path::ErrorKind;
        use axum::extract::rejection::PathRejection;
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(path)) => Ok(Path(path)),
            Err(PathRejection::FailedToDeserializePathParams(failure)) => match failure.kind() {
                ErrorKind::InvalidUtf8InPathParam { key } => {
                    Err(bad_request("broken_utf8", key, "is not UTF-8 once its %-escapes are read"))
                }
                ErrorKind::Message(detail) | ErrorKind::DeserializeError { message: detail, .. } => {
                    Err(Problem::not_found("not_found", detail.clone()))
                }
                _ => Err(Problem::not_found("not_found", "nothing has this address")),
            },
            Err(_) => Err(Problem::not_found("not_found", "nothing has this address")),
        }
    }
}

fn bad_request(code: &str, name: &str, detail: &str) -> Problem {
    let sentence = if name.is_empty() { detail.to_owned() } else { format!("{name}: {detail}") };
    Problem::new(StatusCode::BAD_REQUEST, code, sentence).naming(name, code, detail)
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let mut values = headers.get_all(IDEMPOTENCY_KEY).iter();
    let Some(value) = values.next() else { return Ok(None) };
    let wrong = || {
        let detail = "a key has 1 to 255 printable ASCII characters, and there is one of it";
        bad_request("invalid_idempotency_key", "Idempotency-Key", detail)
    };
    let key = value.to_str().map_err(|_| wrong())?;
    let printable = key.bytes().all(|byte| (0x20..0x7f).contains(&byte));
    if key.is_empty() || key.len() > LONGEST_KEY || !printable || values.next().is_some() {
        return Err(wrong());
    }
    Ok(Some(key.to_owned()))
}
