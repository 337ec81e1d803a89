//! Storage, writer, HTTP and background work around the pure engine.

pub mod audit;
pub mod backups;
pub mod checkpoints;
pub mod ingestion;
pub mod moving;
pub mod platform;

mod activities;
mod adjustments;
mod holds;
mod households;
mod ledger_entries;
mod members;
mod orders;
mod programmes;
mod redemptions;
mod rewards;
mod slices;
mod tiers;
mod transfers;
mod vouchers;
mod wallets;

use std::future::Future;

use tokio::net::TcpListener;

use platform::application::Application;
use platform::http::HttpOptions;

pub use orders::serve_parsing_only;
pub use programmes::{DiffAnswer, PdfError, pdf};

/// Answers HTTP requests until `shutdown` is ready; those under way are finished first. Background
/// work is the caller's to start.
pub async fn serve(
    application: Application,
    options: HttpOptions,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) {
    platform::http::serve(slices::routes(), application, options, listener, shutdown).await;
}
