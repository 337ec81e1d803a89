//! What lies around every page: headers that keep it to itself, requests that must come from it, and pages
//! about what went wrong.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use minijinja::context;

use super::error::Unrendered;
use super::{Frame, PageState};

/// Nothing from elsewhere, and no script or style that stands in the page itself.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
     connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);

/// What may be done with a page beyond what all may, as its answer's extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// It shows another page of the house in a frame.
    Frames,
    /// It is shown in such a frame, and does nothing there: no form of it is sent, no link followed, no script run.
    Framed,
    /// As that, with scripts.
    FramedWithScripts,
    /// As [`Framing::Framed`], with the styles that stand in letters.
    FramedLetter,
    /// It is in no frame, and has forms that lead on to what people talk by.
    PassesOn,
}

impl Framing {
    fn policy(self) -> HeaderValue {
        match self {
            Framing::Frames => FRAMES,
            Framing::Framed => FRAMED,
            Framing::FramedWithScripts => FRAMED_WITH_SCRIPTS,
            Framing::FramedLetter => FRAMED_LETTER,
            Framing::PassesOn => PASSES_ON,
        }
    }
}

const FRAMES: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
     connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
     frame-src 'self'",
);
/// A browser holds the addresses to which a form leads on to the same policy as the form itself.
const PASSES_ON: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
     connect-src 'self'; manifest-src 'self'; form-action 'self' mailto: sms: fb-messenger: https://wa.me \
     https://*.whatsapp.com https://*.facebook.com https://x.com https://twitter.com https://t.me \
     https://*.telegram.org; base-uri 'none'; frame-ancestors 'none'",
);
const FRAMED: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; form-action 'none'; \
     base-uri 'none'; frame-ancestors 'self'; sandbox allow-same-origin",
);
const FRAMED_LETTER: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; form-action 'none'; base-uri 'none'; \
     frame-ancestors 'self'; sandbox allow-same-origin",
);
const FRAMED_WITH_SCRIPTS: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
     form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox allow-same-origin allow-scripts",
);

/// Takes a form from a page of the shop: what it proves stands in the form itself.
const FROM_ANYWHERE: &str = "/portal/enter";
/// Under which addresses members have their own pages.
const OF_MEMBERS: &str = "/portal";

pub async fn guard(State(state): State<PageState>, request: Request, next: Next) -> Response {
    let frame = Frame::of(request.headers(), request.uri());
    let is_ours = comes_from_here(request.headers()) || request.uri().path() == FROM_ANYWHERE;
    let mut response = if changes(request.method()) && !is_ours {
        let mut response = StatusCode::FORBIDDEN.into_response();
        response.extensions_mut().insert(Unrendered);
        response
    } else {
        next.run(request).await
    };
    if response.extensions().get::<Unrendered>().is_some() {
        let state = if frame.path.starts_with(OF_MEMBERS) { state.dressed().await } else { state };
        response = about(&state, &frame, response);
    }
    let policy = response.extensions().get::<Framing>().map_or(POLICY, |framing| framing.policy());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

fn changes(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Whether a page of this very origin sent the request. Every browser of today says so by itself; where one
/// does not, the origin it names must be the host it asks.
fn comes_from_here(headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    match text(HeaderName::from_static("sec-fetch-site")) {
        Some(site) => site == "same-origin",
        None => {
            let origin = text(header::ORIGIN).and_then(|origin| Some(origin.split_once("://")?.1));
            origin.is_some() && origin == text(header::HOST)
        }
    }
}

/// The page about an answer that has none, with the answer's status and headers.
fn about(state: &PageState, frame: &Frame, mut response: Response) -> Response {
    let status = response.status();
    let (title, text) = match status {
        StatusCode::NOT_FOUND => ("error-not-found", "error-not-found-text"),
        StatusCode::FORBIDDEN => ("error-forbidden", "error-forbidden-text"),
        StatusCode::TOO_MANY_REQUESTS => ("error-too-often", "error-too-often-text"),
        StatusCode::PAYLOAD_TOO_LARGE => ("error-too-large", "error-too-large-text"),
        _ => ("error-internal", "error-internal-text"),
    };
    let page = match frame.path.starts_with(OF_MEMBERS) {
        true => {
            // Members have no log to look into, and nobody who gives them a role.
            let text = match status {
                StatusCode::NOT_FOUND | StatusCode::PAYLOAD_TOO_LARGE | StatusCode::TOO_MANY_REQUESTS => text,
                StatusCode::FORBIDDEN => "portal-error-forbidden",
                _ => "portal-error-internal",
            };
            let shop = state.shop_name(frame.language());
            state.pages.render("portal/error.html", frame, context! { title, text, shop })
        }
        false => state.pages.render("error.html", frame, context! { title, text }),
    };
    if let Ok(page) = page {
        let headers = std::mem::take(response.headers_mut());
        response = (status, axum::response::Html(page)).into_response();
        response.headers_mut().extend(headers.into_iter().filter_map(|(name, value)| Some((name?, value))));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_page_of_this_origin_changes_anything() {
        for (headers, answer) in [
            (&[("sec-fetch-site", "same-origin")][..], true),
            (&[("sec-fetch-site", "same-site"), ("origin", "https://shop.example"), ("host", "shop.example")], false),
            (&[("sec-fetch-site", "cross-site")], false),
            (&[("sec-fetch-site", "none")], false),
            (&[("origin", "https://shop.example"), ("host", "shop.example")], true),
            (&[("origin", "https://evil.example"), ("host", "shop.example")], false),
            (&[("origin", "null"), ("host", "null")], false),
            (&[("host", "shop.example")], false),
            (&[], false),
        ] {
            let mut map = HeaderMap::new();
            for (name, value) in headers {
                map.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
            }
            assert_eq!(comes_from_here(&map), answer, "{headers:?}");
        }
    }
}
