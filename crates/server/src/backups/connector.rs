//! The line to an object store: the HTTP and the TLS that the house has already.

use std::pin::Pin;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector as Sockets;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpRequestBody, HttpResponse, HttpService,
};

use super::bucket::PART;
use crate::platform::tls;

const CONNECT_LIMIT: Duration = Duration::from_secs(10);
/// Enough for a part on a line of 30 KB a second.
const REQUEST_LIMIT: Duration = Duration::from_secs(300);
/// No answer is longer than a part, or than a page of names.
const LONGEST_ANSWER: usize = 2 * PART as usize;

#[derive(Debug)]
pub(super) struct Connector;

#[derive(Debug)]
struct Line(Client<HttpsConnector<Sockets>, HttpRequestBody>);

impl HttpConnector for Connector {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        let mut sockets = Sockets::new();
        sockets.set_connect_timeout(Some(CONNECT_LIMIT));
        // The address says whether there is TLS.
        sockets.enforce_http(false);
        let connector = hyper_rustls::HttpsConnectorBuilder::new()
            .with_tls_config(tls::client())
            .https_or_http()
            .enable_http1()
            .wrap_connector(sockets);
        let client = Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(connector);
        Ok(HttpClient::new(Line(client)))
    }
}

/// As the macro writes it with which the trait was made.
impl HttpService for Line {
    fn call<'line, 'call>(
        &'line self,
        request: HttpRequest,
    ) -> Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send + 'call>>
    where
        'line: 'call,
        Self: 'call,
    {
        Box::pin(async {
            match tokio::time::timeout(REQUEST_LIMIT, self.ask(request)).await {
                Ok(answer) => answer,
                Err(late) => Err(HttpError::new(HttpErrorKind::Timeout, late)),
            }
        })
    }
}

impl Line {
    async fn ask(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let answer = self.0.request(request).await.map_err(|cause| {
            let kind = if cause.is_connect() { HttpErrorKind::Connect } else { HttpErrorKind::Interrupted };
            HttpError::new(kind, cause)
        })?;
        let (head, body) = answer.into_parts();
        let body = to_bytes(Body::new(body), LONGEST_ANSWER).await;
        let body = body.map_err(|cause| HttpError::new(HttpErrorKind::Interrupted, cause))?;
        Ok(HttpResponse::from_parts(head, body.into()))
    }
}
