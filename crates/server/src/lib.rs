//! Storage, writer, HTTP and background work around the pure engine.

pub mod audit;
pub mod backups;
pub mod checkpoints;
pub mod ingestion;
pub mod moving;
pub mod platform;
pub mod webhooks;

mod activities;
mod adjustments;
mod appearance;
mod cards;
mod cases;
mod clicks;
mod codes;
pub mod guest_orders;
mod holds;
mod households;
mod leaderboard;
mod ledger;
mod ledger_entries;
mod materials;
mod members;
mod orders;
mod overview;
mod portal;
mod programmes;
mod recommending;
mod redemptions;
mod referrals;
mod rewards;
mod settings;
mod simulations;
mod slices;
mod staff;
mod tiers;
mod transfers;
mod verifications;
mod vouchers;
mod wallets;
mod widget;

use std::future::Future;
use std::path::Path;
use std::sync::Arc;

use axum::Extension;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use platform::application::Application;
use platform::clicks::Clicks;
use platform::courier::Courier;
use platform::http::{HttpOptions, Routes};
use platform::mail::Mailer;
use platform::pages::{OpenPagesError, PageState, Pages, Wardrobe};
use platform::random::NoRandomness;
use platform::referral_codes::LinkBase;
use platform::sms::Texter;
use platform::sql;
use platform::staff::has_accounts;
use staff::pages::SetUp;
use webhooks::Reach;

pub use orders::serve_parsing_only;
pub use widget::demo::DemoShop;

pub use programmes::{DiffAnswer, PdfError, pdf};

/// What people see of the service, and how the first of them comes in.
#[derive(Clone, Debug)]
pub struct Front {
    pages: Pages,
    set_up: SetUp,
    public: Arc<str>,
    mailer: Option<Mailer>,
    texter: Option<Texter>,
    demo: Option<DemoShop>,
    reach: Reach,
}

#[derive(Debug, thiserror::Error)]
pub enum OpenFrontError {
    #[error(transparent)]
    Pages(#[from] OpenPagesError),
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
}

impl Front {
    /// `overrides` is the shop's own folder of templates, texts and assets; `public` the address that people use
    /// from outside. Where that is HTTPS, cookies go no other way; its host is what passkeys are made for.
    pub fn open(overrides: Option<&Path>, public: &str) -> Result<Front, OpenFrontError> {
        let public = public.trim_end_matches('/').into();
        Ok(Front {
            pages: Pages::open(overrides)?,
            set_up: SetUp::new()?,
            public,
            mailer: None,
            texter: None,
            demo: None,
            reach: Reach::default(),
        })
    }

    /// With a way to send letters, so that members can have codes by mail.
    pub fn with_mailer(self, mailer: Option<Mailer>) -> Front {
        Front { mailer, ..self }
    }

    /// With a way to send text messages, so that friends can have codes on their telephones.
    pub fn with_texter(self, texter: Option<Texter>) -> Front {
        Front { texter, ..self }
    }

    /// With the page of a shop, under `/demo`, that shows the widget in use.
    pub fn with_demo(self, demo: DemoShop) -> Front {
        Front { demo: Some(demo), ..self }
    }

    /// With endpoints of webhooks where the operator allows them.
    pub fn with_reach(self, reach: Reach) -> Front {
        Front { reach, ..self }
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
    let Front { pages, set_up, public, mailer, texter, demo, reach } = front;
    let wardrobe = Wardrobe::default();
    let links = LinkBase::new(&public);
    let clicks = Clicks::start(&application, &public);
    let courier = Courier { mailer: mailer.clone(), texter: texter.clone() };
    let state = PageState { application: application.clone(), pages, public, mailer, texter, wardrobe };
    // What is in hand when this ends is sent by whoever serves next.
    let mut sending = JoinSet::new();
    sending.spawn(verifications::sending::keep_sending(state.clone()));
    let routes = Routes {
        keyed: slices::routes()
            .layer(Extension(reach))
            .layer(Extension(links.clone()))
            .layer(Extension(courier))
            .layer(Extension(clicks.clone())),
        open: slices::storefront(state.clone()),
    };
    let demo = demo.map(widget::demo::routes).unwrap_or_default();
    let pages = slices::pages(set_up).merge(demo);
    let pages = pages.layer(Extension(reach)).layer(Extension(clicks.clone())).layer(Extension(links));
    let pages = platform::pages::router(pages, state);
    platform::http::serve(routes, pages, application, options, listener, shutdown).await;
    // A machine that ends may take its disk along: whoever follows is counted elsewhere.
    if let Err(cause) = clicks.fold().await {
        tracing::error!(%cause, "the last clicks are not in the database; they are in the data folder");
    }
    drop(sending);
}
