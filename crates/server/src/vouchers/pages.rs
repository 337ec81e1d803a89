//! `/console/rewards`: what can be had, what is left of it, and codes that the shop brings along.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use lojal_core::kernel::Name;
use lojal_core::programme::{Programme, Reward, VoucherSource, text};
use lojal_core::words::Speaker;
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::Serialize;

use super::pools::{Imported, import};
use crate::platform::http::fields::VoucherCode;
use crate::platform::pages::{Form, PageError, PageState};
use crate::platform::sql::Connection;
use crate::platform::staff::{Manages, Staff, Views};
use crate::rewards::{pool_codes_free, quantity_remaining};

const HERE: &str = "/console/rewards";
/// Codes are counted so far: more than enough to say that there are enough.
const MOST_COUNTED: usize = 1_000;
/// What is left of a stock or a pool is little below this share, in percent.
const LITTLE: i64 = 10;

pub fn routes() -> Router<PageState> {
    Router::new().route(HERE, get(page)).route("/console/rewards/pools/{pool}", post(bring))
}

#[derive(Serialize)]
struct RewardView {
    name: String,
    description: Option<String>,
    /// Absent for what only a rule gives.
    price: Option<String>,
    condition: String,
    period: String,
    is_offered: bool,
    stock: Option<StockView>,
    /// Whether it comes with a code.
    has_voucher: bool,
}

#[derive(Serialize)]
struct StockView {
    left: String,
    total: String,
    is_little: bool,
}

#[derive(Serialize)]
struct PoolView {
    name: String,
    /// Rewards that hand out its codes.
    rewards: Vec<String>,
    left: i64,
    has_more: bool,
    is_empty: bool,
}

/// What an import came to, for the page.
#[derive(Serialize)]
struct Brought {
    pool: String,
    added: i64,
    known: i64,
}

async fn page(staff: Staff<Views>, State(state): State<PageState>) -> Result<Response, PageError> {
    Ok(shown(&staff, &state, &Form::default(), None).await?.into_response())
}

async fn shown<P>(
    staff: &Staff<P>,
    state: &PageState,
    form: &Form,
    brought: Option<Brought>,
) -> Result<Html<String>, PageError> {
    let application = &state.application;
    let rulebook = application.rulebook();
    let texts = state.pages.texts(staff.frame.language());
    let mut rewards = Vec::new();
    let mut pools = Vec::new();
    if let Some(programme) = rulebook.live() {
        let mut connection = application.database.read().await?;
        let speaker = texts.words.about(programme);
        for reward in &programme.rewards {
            rewards.push(reward_view(&mut connection, state, programme, &speaker, reward, staff).await?);
        }
        for pool in programme.pools() {
            pools.push(pool_view(&mut connection, programme, &pool, staff).await?);
        }
    }
    let content = context! {
        rewards => Value::from(Serde(&rewards)),
        pools => Value::from(Serde(&pools)),
        form => Value::from(Serde(form)),
        brought => Value::from(Serde(&brought)),
        may_bring => staff.may::<Manages>(),
    };
    state.pages.html("rewards.html", &staff.frame, content)
}

async fn reward_view<P>(
    connection: &mut Connection,
    state: &PageState,
    programme: &Programme,
    speaker: &Speaker<'_>,
    reward: &Reward,
    staff: &Staff<P>,
) -> Result<RewardView, PageError> {
    let reader = staff.frame.language();
    let words = &state.pages.texts(reader).words;
    let stock = match &reward.stock {
        None => None,
        Some(stock) => {
            let left = quantity_remaining(connection, &stock.quantity).await?;
            let is_little = left.saturating_mul(100) < stock.total.saturating_mul(LITTLE);
            Some(StockView { left: words.number(left, 0), total: words.number(stock.total, 0), is_little })
        }
    };
    let price = reward.price.as_ref().map(|price| {
        let points = speaker.amount(&programme.units[price.unit].id, price.points);
        if price.cash.0 == 0 { points } else { format!("{points} + {}", speaker.money(price.cash)) }
    });
    let bounds = [reward.from.map(|from| speaker.since(from)), reward.until.map(|until| speaker.until(until))];
    Ok(RewardView {
        name: text(&reward.name, reader).to_owned(),
        description: reward.description.as_ref().map(|description| text(description, reader).to_owned()),
        price,
        condition: speaker.condition(&reward.when),
        period: bounds.into_iter().flatten().collect::<Vec<_>>().join(" "),
        is_offered: reward.offered_at(state.application.clock.now()),
        stock,
        has_voucher: reward.voucher.is_some(),
    })
}

async fn pool_view<P>(
    connection: &mut Connection,
    programme: &Programme,
    pool: &Name,
    staff: &Staff<P>,
) -> Result<PoolView, PageError> {
    let free = pool_codes_free(connection, pool, MOST_COUNTED + 1).await?.len();
    let hands_out = |reward: &&Reward| {
        let source = reward.voucher.as_ref().map(|voucher| &voucher.source);
        matches!(source, Some(VoucherSource::Pool { pool: named }) if named == pool)
    };
    let rewards = programme.rewards.iter().filter(hands_out);
    Ok(PoolView {
        name: pool.to_string(),
        rewards: rewards.map(|reward| text(&reward.name, staff.frame.language()).to_owned()).collect(),
        left: free.min(MOST_COUNTED) as i64,
        has_more: free > MOST_COUNTED,
        is_empty: free == 0,
    })
}

/// Takes codes that the shop brings along, one on each line.
async fn bring(
    staff: Staff<Manages>,
    State(state): State<PageState>,
    Path(pool): Path<String>,
    mut form: Form,
) -> Result<Response, PageError> {
    let application = &state.application;
    let rulebook = application.rulebook();
    let known = rulebook.live().is_some_and(|programme| programme.pools().iter().any(|known| *known == pool));
    if !known {
        return Err(PageError::NOT_FOUND);
    }
    let typed = form.required("codes");
    let lines = typed.lines().map(str::trim).filter(|line| !line.is_empty());
    let codes: Result<Vec<Name>, String> = lines.map(|line| VoucherCode::parse(line).map(|code| code.0)).collect();
    let codes = match codes {
        Ok(codes) if form.is_sound() => codes,
        _ => {
            form.fault("codes", "fault-codes");
            form.values.insert("pool".to_owned(), pool);
            return Ok(shown(&staff, &state, &form, None).await?.into_response());
        }
    };
    let pool_name = Name::from(pool.as_str());
    let Imported { received, added } = import(application, &pool_name, codes).await?;
    let mut transaction = application.database.write_aside().await?;
    staff.note(&mut transaction, application, "codes_brought", pool.as_str(), added.to_string()).await?;
    transaction.commit().await?;
    let brought = Brought { pool, added: added as i64, known: (received - added) as i64 };
    Ok(shown(&staff, &state, &Form::default(), Some(brought)).await?.into_response())
}
