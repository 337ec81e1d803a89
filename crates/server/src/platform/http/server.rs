//! The HTTP server: routes of all slices, what lies around them, and an orderly end.

use std::future::Future;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Extension, Json, Router};
use tokio::net::TcpListener;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use utoipa_axum::router::OpenApiRouter;
use utoipa_swagger_ui::{Config, SwaggerUi};

use super::closing::Closing;
use super::connections;
use super::finish::finish;
use super::limits::Limits;
use super::openapi;
use super::problem::Problem;
use super::stopwatch::Stopwatch;
use super::turns::{Turns, in_turn};
use crate::platform::application::Application;
use crate::platform::auth::{Gate, authenticate};

/// Longer than the longest honest request, so that a stuck one does not stay for ever.
const REQUEST_TIME: Duration = Duration::from_secs(60);

const DESCRIPTION: &str = "/v1/openapi.json";

#[derive(Clone, Copy, Debug)]
pub struct HttpOptions {
    /// Requests that one key may send each second in the long run.
    pub per_second: NonZeroU32,
    /// Requests that one key may send at once.
    pub burst: NonZeroU32,
    /// How long a connection may keep its place while the client neither sends a whole head nor takes
    /// anything of what is sent. Longer than the minute after which proxies let go of their own.
    pub patience: Duration,
    /// Takes down how long requests stay here, where somebody measures.
    pub stopwatch: Option<&'static Stopwatch>,
}

impl Default for HttpOptions {
    fn default() -> HttpOptions {
        HttpOptions {
            per_second: NonZeroU32::MIN.saturating_add(1_999),
            burst: NonZeroU32::MIN.saturating_add(9_999),
            patience: Duration::from_secs(75),
            stopwatch: None,
        }
    }
}

/// What the service answers, beside its pages.
pub struct Routes {
    /// What needs a key of the shop.
    pub keyed: OpenApiRouter<Application>,
    /// What has a guard of its own.
    pub open: OpenApiRouter<Application>,
}

/// Answers requests until `shutdown` is ready; those under way are finished first.
pub async fn serve(
    routes: Routes,
    pages: Router,
    application: Application,
    options: HttpOptions,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) {
    let (announce, closing) = Closing::new();
    let router = router(routes, pages, application, options).layer(Extension(closing));
    let shutdown = async move {
        shutdown.await;
        // Nobody may be listening.
        let _ = announce.send(true);
    };
    connections::serve(router, options, listener, shutdown).await;
}

/// The whole service, without a socket.
pub fn router(routes: Routes, pages: Router, application: Application, options: HttpOptions) -> Router {
    let gate = Arc::new(Gate::new(Limits::new(options.per_second, options.burst)));
    let guard = middleware::from_fn_with_state((application.clone(), gate), authenticate);
    let in_turn = middleware::from_fn_with_state(Turns::default(), in_turn);
    let Routes { keyed, open } = routes;
    let (routes, mut description) = OpenApiRouter::with_openapi(openapi::empty()).merge(keyed).split_for_parts();
    let (open, described) = open.split_for_parts();
    description.merge(described);
    openapi::complete(&mut description);
    let docs = SwaggerUi::new("/docs").config(Config::from(DESCRIPTION));
    Router::new()
        .merge(routes.route_layer(in_turn.clone()).route_layer(guard))
        .merge(open.route_layer(in_turn))
        .route("/healthz", get(healthz))
        .route("/", get(|| async { Redirect::temporary("/docs/") }))
        .route(DESCRIPTION, get(move || async move { Json(description) }))
        .merge(docs)
        .fallback(|| async { Problem::not_found("not_found", "nothing has this address") })
        .method_not_allowed_fallback(|| async {
            let detail = "this address does not take this method; the header Allow says which it takes";
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail)
        })
        .with_state(application)
        .merge(pages)
        .layer(middleware::from_fn(in_time))
        .layer(CatchPanicLayer::custom(|_| Problem::internal(&"a handler panicked").into_response()))
        .layer(middleware::from_fn(finish))
        .layer(CompressionLayer::new())
}

async fn in_time(request: Request, next: Next) -> Response {
    match tokio::time::timeout(REQUEST_TIME, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::internal(&"a request took too long").into_response(),
    }
}

/// Whether the server runs and its database answers.
async fn healthz(State(application): State<Application>) -> Response {
    match application.database.read().await {
        Ok(_) => Json(serde_json::json!({ "status": "ok" })).into_response(),
        Err(error) => Problem::internal(&error).into_response(),
    }
}
