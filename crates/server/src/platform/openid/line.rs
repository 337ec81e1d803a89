//! The line to a provider: the HTTP and the TLS that the house has already. It follows nobody elsewhere, and reads no
//! more than an answer of the standard can be.

use std::sync::OnceLock;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode, Uri, header};
use bytes::Bytes;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector as Sockets;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use crate::platform::tls;

const CONNECT_LIMIT: Duration = Duration::from_secs(5);
const REQUEST_LIMIT: Duration = Duration::from_secs(10);
const LONGEST_ANSWER: usize = 256 * 1_024;
const FORM: &str = "application/x-www-form-urlencoded";

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LineFault {
    #[error("the provider cannot be reached")]
    Unreachable,
    #[error("the provider's certificate is not one that this machine trusts, or it speaks no HTTP")]
    Interrupted,
    #[error("the provider does not answer in time")]
    Late,
    #[error("the provider's answer is too long")]
    TooLong,
}

/// Whether anybody may be asked under this address: over TLS, or on one's own machine where that is said.
pub fn is_sound_address(address: &str, is_local: bool) -> bool {
    let Ok(uri) = address.parse::<Uri>() else { return false };
    let (Some(scheme), Some(authority), Some(host)) = (uri.scheme_str(), uri.authority(), uri.host()) else {
        return false;
    };
    if authority.as_str().contains('@') || address.contains('#') || host.is_empty() {
        return false;
    }
    let is_own_machine = ["localhost", "127.0.0.1", "[::1]"].contains(&host);
    scheme == "https" || (scheme == "http" && is_local && is_own_machine)
}

#[derive(Debug, Default)]
pub(super) struct Line {
    /// Made when somebody is asked for the first time: it reads the system's certificates.
    client: OnceLock<Client<HttpsConnector<Sockets>, Body>>,
}

impl Line {
    fn client(&self) -> &Client<HttpsConnector<Sockets>, Body> {
        self.client.get_or_init(|| {
            let mut sockets = Sockets::new();
            sockets.set_connect_timeout(Some(CONNECT_LIMIT));
            // The address says whether there is TLS.
            sockets.enforce_http(false);
            let connector = hyper_rustls::HttpsConnectorBuilder::new()
                .with_tls_config(tls::client())
                .https_or_http()
                .enable_http1()
                .wrap_connector(sockets);
            Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(connector)
        })
    }

    /// Sends a form, or nothing.
    pub async fn ask(
        &self,
        method: Method,
        address: &str,
        authorization: Option<&str>,
        body: String,
    ) -> Result<(StatusCode, Bytes), LineFault> {
        let mut request = Request::builder().method(method).uri(address).header(header::ACCEPT, "application/json");
        if let Some(authorization) = authorization {
            request = request.header(header::AUTHORIZATION, authorization);
        }
        if !body.is_empty() {
            request = request.header(header::CONTENT_TYPE, FORM);
        }
        let request = request.body(Body::from(body)).map_err(|_| LineFault::Unreachable)?;
        let answered = async {
            let answer =
                self.client().request(request).await.map_err(|cause| {
                    if cause.is_connect() { LineFault::Unreachable } else { LineFault::Interrupted }
                })?;
            let (head, body) = answer.into_parts();
            let body = to_bytes(Body::new(body), LONGEST_ANSWER).await.map_err(|_| LineFault::TooLong)?;
            Ok((head.status, body))
        };
        tokio::time::timeout(REQUEST_LIMIT, answered).await.unwrap_or(Err(LineFault::Late))
    }
}

#[cfg(test)]
mod tests {
    use super::is_sound_address;

    #[test]
    fn nobody_is_asked_without_tls_but_one_s_own_machine() {
        for (address, elsewhere, here) in [
            ("https://sso.example", true, true),
            ("https://sso.example:8443/realms/shop", true, true),
            ("http://sso.example", false, false),
            ("http://localhost:8080", false, true),
            ("http://127.0.0.1:8080/x", false, true),
            ("http://[::1]:8080/x", false, true),
            ("http://127.0.0.1.evil.example", false, false),
            ("http://localhost@evil.example", false, false),
            ("https://user@sso.example", false, false),
            ("https://sso.example/#x", false, false),
            ("ftp://sso.example", false, false),
            ("sso.example", false, false),
            ("/path", false, false),
            ("", false, false),
        ] {
            assert_eq!(is_sound_address(address, false), elsewhere, "{address}");
            assert_eq!(is_sound_address(address, true), here, "{address}");
        }
    }
}
