//! The line to others: the HTTP and the TLS that the house has already, to addresses that were looked at.

use std::error::Error as _;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Method, Request, StatusCode, Uri, header};
use futures_util::StreamExt;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::Name;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use super::super::tls;
use super::address::{Reach, check_url, may_reach};

const CONNECT_LIMIT: Duration = Duration::from_secs(5);
/// The connection, the request, the status that is answered.
const LIMIT: Duration = Duration::from_secs(15);
/// For so long is listened to what else it says.
const LISTENING: Duration = Duration::from_secs(2);
const IDLE: Duration = Duration::from_secs(30);
const IDLE_LINES: usize = 2;
/// What is read of an answer.
const LARGEST_ANSWER: usize = 4096;
/// What is kept of it.
const LONGEST_KEPT: usize = 500;
const AGENT: HeaderValue = HeaderValue::from_static(concat!("Lojal/", env!("CARGO_PKG_VERSION"), " (webhooks)"));

/// Why there was no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The address leads into a private network.
    Private,
    Unreachable,
    TooSlow,
    /// It began an answer that is none.
    Broken,
    /// What it is about is not there, so that nothing was sent.
    Nothing,
}

impl Trouble {
    pub fn name(self) -> &'static str {
        match self {
            Trouble::Private => "private-address",
            Trouble::Unreachable => "unreachable",
            Trouble::TooSlow => "too-slow",
            Trouble::Broken => "broken-answer",
            Trouble::Nothing => "nothing-to-tell",
        }
    }
}

/// What an endpoint answered.
#[derive(Clone, Debug)]
pub struct Answered {
    pub status: StatusCode,
    /// Seconds after which it wants to be asked again.
    pub retry_after: Option<i64>,
    /// The beginning of what it said.
    pub text: String,
}

/// One message, ready to be sent.
#[derive(Clone, Debug)]
pub struct Message {
    pub url: String,
    pub id: String,
    pub seconds: i64,
    pub signatures: String,
    pub body: Vec<u8>,
}

/// Clones share connections.
#[derive(Clone, Debug)]
pub struct Line {
    client: Client<HttpsConnector<HttpConnector<Guarded>>, Body>,
    reach: Reach,
}

impl Line {
    pub fn new(reach: Reach) -> Line {
        let mut sockets = HttpConnector::new_with_resolver(Guarded { reach });
        sockets.set_connect_timeout(Some(CONNECT_LIMIT));
        // The address says whether there is TLS.
        sockets.enforce_http(false);
        let connector = hyper_rustls::HttpsConnectorBuilder::new()
            .with_tls_config(tls::client())
            .https_or_http()
            .enable_http1()
            .wrap_connector(sockets);
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(IDLE_LINES)
            .build(connector);
        Line { client, reach }
    }

    /// Sends a message, and follows nothing that the answer points at.
    pub async fn send(&self, message: Message) -> Result<Answered, Trouble> {
        let sent_at = message.seconds;
        let request = request(message).ok_or(Trouble::Unreachable)?;
        self.ask(request, sent_at).await
    }

    /// As [`Line::send`], of a request that is signed in another way, sent at a second since 1970.
    pub async fn ask(&self, request: Request<Body>, sent_at: i64) -> Result<Answered, Trouble> {
        // Who states a number instead of a name is not asked about by the resolver.
        check_url(&request.uri().to_string(), self.reach).map_err(|_| Trouble::Private)?;
        let answer = tokio::time::timeout(LIMIT, self.client.request(request)).await;
        let answer = answer.map_err(|_| Trouble::TooSlow)?.map_err(|cause| trouble(&cause))?;
        let (head, body) = answer.into_parts();
        let mut pieces = Body::new(body).into_data_stream();
        let mut read: Vec<u8> = Vec::new();
        let listening = async {
            while read.len() < LARGEST_ANSWER
                && let Some(Ok(piece)) = pieces.next().await
            {
                read.extend_from_slice(&piece[..piece.len().min(LARGEST_ANSWER - read.len())]);
            }
        };
        // The status is the answer, whatever becomes of the rest.
        let _ = tokio::time::timeout(LISTENING, listening).await;
        let retry_after = head.headers.get(header::RETRY_AFTER).and_then(|value| value.to_str().ok());
        let retry_after = retry_after.and_then(|text| seconds_until(text.trim(), sent_at));
        Ok(Answered { status: head.status, retry_after, text: beginning(&read) })
    }
}

/// What `Retry-After` says: seconds, or a date.
fn seconds_until(text: &str, sent_at: i64) -> Option<i64> {
    let seconds = text.parse().ok().or_else(|| {
        let moment = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
        Some(moment.as_second() - sent_at)
    });
    seconds.filter(|seconds| *seconds > 0)
}

fn request(message: Message) -> Option<Request<Body>> {
    let uri: Uri = message.url.parse().ok()?;
    let mut request = Request::builder().method(Method::POST).uri(uri).body(Body::from(message.body)).ok()?;
    let headers = request.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::USER_AGENT, AGENT);
    for (name, value) in [
        ("webhook-id", message.id),
        ("webhook-timestamp", message.seconds.to_string()),
        ("webhook-signature", message.signatures),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_str(&value).ok()?);
    }
    Some(request)
}

fn trouble(cause: &hyper_util::client::legacy::Error) -> Trouble {
    if !cause.is_connect() {
        return Trouble::Broken;
    }
    let mut source = cause.source();
    while let Some(inner) = source {
        match inner.downcast_ref::<io::Error>().map(io::Error::kind) {
            Some(io::ErrorKind::PermissionDenied) => return Trouble::Private,
            Some(io::ErrorKind::TimedOut) => return Trouble::TooSlow,
            _ => source = inner.source(),
        }
    }
    Trouble::Unreachable
}

/// What a person may read of an answer.
fn beginning(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).take(LONGEST_KEPT).collect()
}

/// Looks names up, and answers the addresses that may be reached: those, and no others, are then connected to.
#[derive(Clone, Debug)]
pub struct Guarded {
    reach: Reach,
}

impl tower::Service<Name> for Guarded {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Self::Response>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let reach = self.reach;
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let reached: Vec<SocketAddr> = found.into_iter().filter(|address| may_reach(address.ip(), reach)).collect();
            if reached.is_empty() {
                return Err(io::Error::from(io::ErrorKind::PermissionDenied));
            }
            Ok(reached.into_iter())
        })
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tower::Service;

    use super::*;

    #[tokio::test]
    async fn a_name_that_leads_inside_is_not_connected_to() {
        let name = || "localhost".parse::<Name>().unwrap();
        let refused = Guarded { reach: Reach::Public }.call(name()).await.unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::PermissionDenied);
        assert!(Guarded { reach: Reach::Private }.call(name()).await.unwrap().next().is_some());
    }

    #[tokio::test]
    async fn a_status_counts_although_the_rest_never_comes() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hooks", listener.local_addr().unwrap());
        tokio::spawn(async move {
            let (mut socket, _) = listener.accept().await.unwrap();
            let _ = socket.read(&mut [0; 4096]).await;
            socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nso ").await.unwrap();
            std::future::pending::<()>().await;
        });
        let message =
            Message { url, id: "evt_1".to_owned(), seconds: 1, signatures: "v1,a".to_owned(), body: Vec::new() };
        let answered = Line::new(Reach::Private).send(message).await.unwrap();
        assert_eq!((answered.status, answered.text.as_str()), (StatusCode::OK, "so "));
    }

    #[test]
    fn when_to_ask_again_is_a_number_or_a_date() {
        let sent_at = 1_777_888_800;
        for (text, seconds) in [
            ("120", Some(120)),
            ("Mon, 04 May 2026 10:05:00 GMT", Some(300)),
            ("Mon, 04 May 2026 09:00:00 GMT", None),
            ("0", None),
            ("soon", None),
        ] {
            assert_eq!(seconds_until(text, sent_at), seconds, "{text}");
        }
    }
}
