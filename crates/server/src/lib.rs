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
mod ledger;
mod ledger_entries;
mod members;
mod orders;
mod overview;
mod programmes;
mod redemptions;
mod rewards;
mod settings;
mod simulations;
mod slices;
mod staff;
mod tiers;
mod transfers;
mod vouchers;
mod wallets;

use std::future::Future;
use std::path::Path;

use tokio::net::TcpListener;

use platform::application::Application;
use platform::http::HttpOptions;
use platform::pages::{OpenPagesError, Pages};
use platform::random::NoRandomness;
use platform::sql;
use platform::staff::has_accounts;
use staff::pages::SetUp;

pub use orders::serve_parsing_only;
pub use programmes::{DiffAnswer, PdfError, pdf};

/// What people see of the service, and how the first of them comes in.
#[derive(Clone, Debug)]
pub struct Front {
    pages: Pages,
    set_up: SetUp,
}

#[derive(Debug, thiserror::Error)]
pub enum OpenFrontError {
    #[error(transparent)]
    Pages(#[from] OpenPagesError),
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
}

impl Front {
    /// `overrides` is the shop's own folder of templates, texts and assets. `is_secure`: whether people come by
    /// HTTPS, so that cookies may go no other way.
    pub fn open(overrides: Option<&Path>, is_secure: bool) -> Result<Front, OpenFrontError> {
        Ok(Front { pages: Pages::open(overrides)?, set_up: SetUp::new(is_secure)? })
    }

    /// What the first owner types, as long as nobody works in the console.
    pub async fn set_up_code(&self, application: &Application) -> Result<Option<&str>, sql::Error> {
        let has_accounts = has_accounts(&mut *application.database.read().await?).await?;
        Ok(Some(self.set_up.code()).filter(|_| !has_accounts))
    }
}

/// Answers HTTP requests until `shutdown` is ready; those under way are finished first. Background
/// work is the caller's to start.
pub async fn serve(
    application: Application,
    front: Front,
    options: HttpOptions,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) {
    let pages = platform::pages::router(slices::pages(front.set_up), application.clone(), front.pages);
    platform::http::serve(slices::routes(), pages, application, options, listener, shutdown).await;
}
