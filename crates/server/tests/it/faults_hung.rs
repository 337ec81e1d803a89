//! Clients that hang: they are let go after a stated time, and nobody else waits for them.

use std::time::Duration;

use lojal_server::platform::http::HttpOptions;
use reqwest::StatusCode;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::Instant;

use crate::http_client::Counter;
use crate::shop::Shop;

const PATIENCE: Duration = Duration::from_millis(700);
/// How much longer it may take on a busy machine.
const GRACE: Duration = Duration::from_secs(10);
/// Answers that nobody reads: more than the system keeps for them.
const UNREAD: usize = 300;

async fn open() -> Counter {
    let counter =
        Counter::open_with(Shop::open().await, HttpOptions { patience: PATIENCE, ..Default::default() }).await;
    counter.shop.enrol("ada").await;
    counter
}

async fn connect(counter: &Counter) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    // What the system keeps for a client that does not read.
    socket.set_recv_buffer_size(4 * 1024).unwrap();
    socket.connect(counter.address.strip_prefix("http://").unwrap().parse().unwrap()).await.unwrap()
}

/// Waits until the server has let go of a connection that says nothing any more.
async fn until_let_go(stream: &mut TcpStream) {
    let mut bytes = [0; 1024];
    let reading = async { while let Ok(1..) = stream.read(&mut bytes).await {} };
    tokio::time::timeout(GRACE, reading).await.expect("the server did not let go");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_never_ends_a_head_is_let_go() {
    let counter = open().await;
    for beginning in ["", "GET /v1/mem", "GET /healthz HTTP/1.1\r\nhost: shop\r\nx-slow: "] {
        let mut stream = connect(&counter).await;
        let begun = Instant::now();
        stream.write_all(beginning.as_bytes()).await.unwrap();
        // A little every now and then does not help.
        while begun.elapsed() < PATIENCE && !beginning.is_empty() {
            tokio::time::sleep(PATIENCE / 5).await;
            if stream.write_all(b"a").await.is_err() {
                break;
            }
        }
        until_let_go(&mut stream).await;
        assert!(begun.elapsed() >= PATIENCE, "{beginning:?} was let go after {:?}", begun.elapsed());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_answered_and_silent_is_let_go() {
    let counter = open().await;
    let mut stream = connect(&counter).await;
    for _ in 0..2 {
        tokio::time::sleep(PATIENCE / 2).await;
        stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: shop\r\n\r\n").await.unwrap();
    }
    let mut answers = Vec::new();
    tokio::time::timeout(GRACE, stream.read_to_end(&mut answers)).await.unwrap().unwrap();
    assert_eq!(String::from_utf8_lossy(&answers).matches("HTTP/1.1 200 OK").count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_never_reads_is_let_go() {
    let counter = open().await;
    let mut stream = connect(&counter).await;
    let request = "GET /v1/openapi.json HTTP/1.1\r\nhost: shop\r\n\r\n".repeat(UNREAD);
    let begun = Instant::now();
    // When it has let go the system says so to whoever writes.
    let writing = async {
        while stream.write_all(request.as_bytes()).await.is_ok() {
            tokio::time::sleep(PATIENCE / 5).await;
        }
    };
    tokio::time::timeout(GRACE, writing).await.expect("the server did not let go");
    assert!(begun.elapsed() >= PATIENCE);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_ends_although_clients_hang() {
    let mut counter = open().await;
    let mut hung = connect(&counter).await;
    hung.write_all(b"GET /healthz HT").await.unwrap();
    let mut idle = connect(&counter).await;
    let request = format!(
        "PUT /v1/orders/1 HTTP/1.1\r\nhost: shop\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\n\
         content-length: 100\r\n\r\n{{",
        counter.key
    );
    let mut half = connect(&counter).await;
    half.write_all(request.as_bytes()).await.unwrap();
    tokio::time::sleep(PATIENCE / 5).await;
    let begun = Instant::now();
    counter.close();
    for stream in [&mut idle, &mut hung, &mut half] {
        until_let_go(stream).await;
    }
    assert!(begun.elapsed() < PATIENCE + GRACE);
}

/// A body that stops half way holds up whoever sends the same, for a while, and nobody else.
#[tokio::test(flavor = "multi_thread")]
async fn others_are_served_meanwhile() {
    let counter = open().await;
    let mut hung = Vec::new();
    for number in 0..60 {
        let mut stream = connect(&counter).await;
        let (path, kind) = match number % 3 {
            0 => ("PUT /v1/orders/half", "application/json"),
            1 => ("POST /v1/orders:batch", "application/x-ndjson"),
            _ => ("POST /v1/activities", "application/json"),
        };
        let request = format!(
            "{path} HTTP/1.1\r\nhost: shop\r\nauthorization: Bearer {}\r\ncontent-type: {kind}\r\n\
             content-length: 1000\r\n\r\n{{\"member\": \"ada\"",
            counter.key
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        hung.push(stream);
    }
    for number in 0..50 {
        let order = json!({
            "member": "ada", "state": "paid", "currency": "PLN", "placed_at": "2026-05-04T09:00:00Z",
            "lines": [{ "id": "1", "quantity": 1, "total": "20.00" }],
        });
        let answer = tokio::time::timeout(GRACE, counter.put(&format!("/v1/orders/{number}"), order)).await.unwrap();
        assert_eq!(answer.status, StatusCode::OK.as_u16(), "{answer:?}");
    }
    drop(hung);
    counter.shop.assert_audited().await;
}
