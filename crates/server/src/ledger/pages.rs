//! `/console/ledger`.

use axum::Router;
use axum::routing::get;

use super::{accounts, browse, transaction};
use crate::platform::pages::PageState;

const HERE: &str = "/console/ledger";

pub fn routes() -> Router<PageState> {
    Router::new()
        .route(HERE, get(browse::page))
        .route("/console/ledger/accounts", get(accounts::page))
        .route("/console/ledger/accounts.csv", get(accounts::sheet))
        .route("/console/ledger/{transaction}", get(transaction::page))
}
