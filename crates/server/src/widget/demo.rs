//! `/demo`: pages of a shop that has the widget, when `lojal demo` is started. The shop signs its customer in with a
//! secret of its own, as any shop would.

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Json, Router};
use lojal_core::kernel::Money;
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::platform::pages::{Frame, PageError, PageState};
use crate::platform::visitors::{LONGEST_LIFE, sign};

const HERE: &str = "/demo";
const ACCOUNT: &str = "/demo/account";
const TOKEN: &str = "/demo/token";
/// What the shop sells, and for how much, in whole units of its currency.
const PRODUCTS: [(&str, i64); 6] =
    [("mug", 49), ("teapot", 149), ("bowl", 39), ("board", 89), ("towel", 29), ("pan", 219)];

/// What a shop needs for the widget: a publishable key, a secret to sign with, and a customer who is signed in.
#[derive(Clone, Debug)]
pub struct DemoShop {
    pub key: String,
    pub secret: String,
    pub member: String,
}

pub fn routes(shop: DemoShop) -> Router<PageState> {
    Router::new().route(HERE, get(page)).route(ACCOUNT, get(account)).route(TOKEN, get(token)).layer(Extension(shop))
}

#[derive(Serialize)]
struct ProductView {
    sku: &'static str,
    /// As the API takes it.
    amount: String,
    price: String,
}

#[derive(Default, Deserialize)]
struct Entrance {
    /// Whether the customer is signed in at the shop.
    #[serde(default, rename = "in")]
    is_in: Option<String>,
}

/// What stands on both pages.
fn around(shop: &DemoShop, entrance: &Entrance) -> Value {
    let is_in = entrance.is_in.is_some();
    context! { key => shop.key.clone(), is_in, token_url => is_in.then_some(TOKEN), with => if is_in { "?in=1" } else { "" } }
}

async fn page(
    State(state): State<PageState>,
    Extension(shop): Extension<DemoShop>,
    frame: Frame,
    Query(entrance): Query<Entrance>,
) -> Result<Response, PageError> {
    let rulebook = state.application.rulebook();
    let programme = rulebook.live().ok_or(PageError::NOT_FOUND)?;
    let speaker = state.pages.texts(frame.language()).words.about(programme);
    let whole = 10i64.saturating_pow(u32::from(programme.currency.decimals));
    let product = |(sku, price): &(&'static str, i64)| ProductView {
        sku,
        amount: price.to_string(),
        price: speaker.money(Money(price.saturating_mul(whole))),
    };
    let products: Vec<ProductView> = PRODUCTS.iter().map(product).collect();
    let content = context! {
        products => Value::from(Serde(&products)),
        currency => programme.currency.code.as_str(),
        ..around(&shop, &entrance)
    };
    Ok(state.pages.html("demo/shop.html", &frame, content)?.into_response())
}

async fn account(
    State(state): State<PageState>,
    Extension(shop): Extension<DemoShop>,
    frame: Frame,
    Query(entrance): Query<Entrance>,
) -> Result<Response, PageError> {
    Ok(state.pages.html("demo/account.html", &frame, around(&shop, &entrance))?.into_response())
}

/// A token for the customer who is signed in. A real shop would look at its own session first.
async fn token(State(state): State<PageState>, Extension(shop): Extension<DemoShop>) -> Response {
    let token = sign(&shop.secret, &shop.member, state.application.clock.now(), LONGEST_LIFE);
    Json(json!({ "token": token })).into_response()
}
