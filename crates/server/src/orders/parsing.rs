//! What HTTP and JSON take by themselves: a server that reads orders as the real one does, and has
//! its answer ready.

use std::future::Future;

use axum::Router;
use axum::body::Bytes;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{get, put};
use tokio::net::TcpListener;

use super::wire::OrderInput;
use crate::platform::http::{HttpOptions, Stopwatch, connections};

/// Answers each order, and each question for a member's wallets, with `answer`, and leads each link to the same page;
/// nothing is decided, looked up or written.
pub async fn serve_parsing_only(
    answer: Vec<u8>,
    stopwatch: Option<&'static Stopwatch>,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) {
    let answer = Bytes::from(answer);
    let to_order = {
        let answer = answer.clone();
        move |axum::Json(_): axum::Json<OrderInput>| async move { reply(answer) }
    };
    let router = Router::new()
        .route("/v1/orders/{external_id}", put(to_order))
        .route("/v1/members/{member}/wallets", get(move || async move { reply(answer) }))
        .route("/r/{code}", get(|| async { (StatusCode::FOUND, [(header::LOCATION, "https://shop.example/hello")]) }));
    let options = HttpOptions { stopwatch, ..HttpOptions::default() };
    connections::serve(router, options, listener, shutdown).await;
}

fn reply(answer: Bytes) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], answer)
}
