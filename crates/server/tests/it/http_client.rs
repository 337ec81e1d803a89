//! A shop that is open on a real port, and somebody who calls it.

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};

use lojal_server::platform::http::HttpOptions;
use lojal_server::platform::keys::{KeyVisibility, Scope, key_create};
use lojal_server::{Front, serve};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::shop::Shop;

pub struct Counter {
    pub shop: Shop,
    pub address: String,
    pub key: String,
    pub client: reqwest::Client,
    keys: AtomicU32,
    closing: Option<oneshot::Sender<()>>,
}

/// An answer, read to its end. The body of one that came as lines is the list of them.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub kind: String,
    pub headers: reqwest::header::HeaderMap,
    pub body: Value,
}

impl Counter {
    pub async fn open() -> Counter {
        Counter::open_with(Shop::open().await, HttpOptions::default()).await
    }

    /// As with the defaults, but a key may call so many times at once, and once a second from then on.
    pub async fn open_with_burst(burst: u32) -> Counter {
        let burst = NonZeroU32::new(burst).unwrap();
        let options = HttpOptions { per_second: NonZeroU32::MIN, burst, ..HttpOptions::default() };
        Counter::open_with(Shop::open().await, options).await
    }

    pub async fn open_with(shop: Shop, options: HttpOptions) -> Counter {
        Counter::behind(shop, options, |front| front).await
    }

    /// With whatever else the operator has set up.
    pub async fn behind(shop: Shop, options: HttpOptions, set_up: impl FnOnce(Front) -> Front) -> Counter {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (closing, closed) = oneshot::channel::<()>();
        let shutdown = async {
            let _ = closed.await;
        };
        let front = set_up(Front::open(None, "http://127.0.0.1").unwrap());
        tokio::spawn(serve(shop.application.clone(), front, options, listener, shutdown));
        let client = reqwest::Client::new();
        let keys = AtomicU32::new(0);
        let counter = Counter { shop, address, key: String::new(), client, keys, closing: Some(closing) };
        let key = counter.new_key(&Scope::ALL).await;
        Counter { key, ..counter }
    }

    /// Asks the server to end.
    pub fn close(&mut self) {
        self.closing = None;
    }

    pub async fn new_key(&self, scopes: &[Scope]) -> String {
        let mut transaction = self.shop.application.database.write().await.unwrap();
        let now = self.shop.clock.now();
        let made = key_create(&mut transaction, "a test", KeyVisibility::Secret, scopes, now).await.unwrap();
        transaction.commit().await.unwrap();
        made.1
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.address)).bearer_auth(&self.key)
    }

    pub async fn get(&self, path: &str) -> Answer {
        read(self.request(Method::GET, path)).await
    }

    /// With an `Idempotency-Key` of its own.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        let key = format!("key-{}", self.keys.fetch_add(1, Ordering::Relaxed));
        self.post_with_key(path, body, &key).await
    }

    pub async fn post_with_key(&self, path: &str, body: Value, key: &str) -> Answer {
        read(self.request(Method::POST, path).header("Idempotency-Key", key).json(&body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        read(self.request(Method::PUT, path).json(&body)).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        read(self.request(Method::PATCH, path).json(&body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        read(self.request(Method::DELETE, path)).await
    }

    /// What the member can spend.
    pub async fn available(&self, member: &str) -> i64 {
        let wallets = self.get(&format!("/v1/members/{member}/wallets")).await.ok();
        let wallets = wallets["data"].as_array().unwrap().clone();
        wallets.iter().map(|wallet| wallet["available"].as_i64().unwrap()).sum()
    }
}

impl Answer {
    /// The body of an answer that must be a success.
    pub fn ok(self) -> Value {
        assert!(self.status < 300, "{self:#?}");
        self.body
    }

    /// Checks that this is a problem with everything that a problem must have.
    pub fn assert_problem(&self, status: StatusCode, code: &str) -> &Value {
        assert_eq!((self.status, self.body["code"].as_str()), (status.as_u16(), Some(code)), "{self:#?}");
        assert_eq!(self.kind, "application/problem+json");
        assert_eq!(self.body["status"], status.as_u16());
        assert_eq!(self.body["type"], format!("urn:lojal:problem:{code}"));
        assert!(!self.body["title"].as_str().unwrap().is_empty() && !self.body["detail"].as_str().unwrap().is_empty());
        assert_eq!(self.headers["x-request-id"].to_str().unwrap(), self.body["request_id"].as_str().unwrap());
        &self.body
    }

    /// As [`Answer::assert_problem`], and the first field it names is this one.
    pub fn assert_field(&self, pointer: &str, code: &str) {
        let fields = self.body["errors"].as_array().cloned().unwrap_or_default();
        let named = fields.iter().any(|field| field["pointer"] == pointer && field["code"] == code);
        assert!(named, "{pointer} {code} is not in {self:#?}");
    }
}

pub async fn read(request: RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let headers = response.headers().clone();
    let kind = headers.get("content-type").map_or("", |kind| kind.to_str().unwrap()).to_owned();
    let status = response.status().as_u16();
    let bytes = response.bytes().await.unwrap();
    let body = if kind == "application/x-ndjson" {
        lines(&bytes).into()
    } else if kind.starts_with("text/") {
        String::from_utf8(bytes.to_vec()).unwrap().into()
    } else if kind == "application/pdf" {
        String::from_utf8_lossy(&bytes).into()
    } else {
        serde_json::from_slice(&bytes).unwrap_or(Value::Null)
    };
    Answer { status, kind, headers, body }
}

/// The values of a body that has one on each line.
pub fn lines(bytes: &[u8]) -> Vec<Value> {
    let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| serde_json::from_slice(line).unwrap()).collect()
}
