//! The outermost layer: gives every request an id, turns problems into JSON, and writes one line
//! to the log. The line has the route, never the address: addresses may name a customer.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use super::problem::Problem;
use crate::platform::random;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const LONGEST_ID: usize = 100;

/// The id of the request, among its extensions: for answers that are still made when this layer is
/// done with them.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

pub async fn finish(mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let request_id = request_id(request.headers());
    request.extensions_mut().insert(RequestId(request_id.clone()));
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str).to_owned();
    let mut response = next.run(request).await;
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        let headers = std::mem::take(response.headers_mut());
        response = problem.into_json(&request_id);
        for (name, value) in headers {
            if let Some(name) = name
                && name != header::CONTENT_LENGTH
            {
                response.headers_mut().insert(name, value);
            }
        }
    }
    if let Ok(id) = HeaderValue::from_str(&request_id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    let status = response.status().as_u16();
    let milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(%method, route, status, milliseconds, request_id, "request");
    response
}

/// The caller's own id, when it is a harmless one; a new one otherwise.
fn request_id(headers: &HeaderMap) -> String {
    let stated = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok());
    let harmless = |id: &&str| {
        (1..=LONGEST_ID).contains(&id.len())
            && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    };
    match stated.filter(harmless) {
        Some(id) => id.to_owned(),
        None => {
            // An id without randomness is still an id; the request does not fail for it.
            let random: [u8; 16] = random::bytes().unwrap_or_default();
            format!("req_{:024x}", u128::from_le_bytes(random) >> 32)
        }
    }
}
