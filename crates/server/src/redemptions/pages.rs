//! `/console/rewards/redemptions`: who took which reward, and what became of it.

use std::collections::HashMap;

use axum::Router;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use lojal_core::decision::{RedemptionRecord, VoucherState};
use lojal_core::kernel::{HolderId, TransactionId};
use lojal_core::ledger::total;
use lojal_core::programme::{Programme, text};
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::{Deserialize, Serialize};

use super::store::redemptions_latest;
use super::wire::record_in;
use crate::members::{HolderView, holders};
use crate::platform::journal::{JournalRow, journal_browse, journal_find_all};
use crate::platform::pages::{Form, PageError, PageState};
use crate::platform::sql::{self, Connection};
use crate::platform::staff::{Staff, Views};

const HERE: &str = "/console/rewards/redemptions";
const ON_A_PAGE: usize = 40;
/// Redemptions that are read for a page when only those of one reward are wanted.
const LOOKED_THROUGH: usize = 400;
/// Of a code so many characters are shown: enough to tell it from others, not enough to use it.
const SHOWN: usize = 4;

pub fn routes() -> Router<PageState> {
    Router::new().route(HERE, get(page))
}

#[derive(Default, Deserialize)]
struct Asked {
    #[serde(default)]
    reward: String,
    before: Option<String>,
}

#[derive(Serialize)]
struct RowView {
    transaction: String,
    when: String,
    holder: HolderView,
    reward: String,
    price: String,
    voucher: Option<VoucherView>,
    is_rolled_back: bool,
}

#[derive(Serialize)]
struct VoucherView {
    /// How its code ends.
    tail: String,
    /// `issued`, `used`, `cancelled` or `lapsed`
    state: &'static str,
    /// Until when it holds, or when its state came about.
    when: Option<String>,
}

/// A redemption, and how its record stands now.
struct Taken {
    transaction: TransactionId,
    holder: HolderId,
    record: RedemptionRecord,
}

/// Redemptions, the latest first.
#[derive(Default)]
struct Found {
    taken: Vec<Taken>,
    next: Option<TransactionId>,
}

async fn page(
    staff: Staff<Views>,
    State(state): State<PageState>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let before = match asked.before.as_deref().map(str::parse::<TransactionId>) {
        Some(Ok(before)) => Some(before),
        Some(Err(_)) => return Err(PageError::NOT_FOUND),
        None => None,
    };
    let rulebook = state.application.rulebook();
    let form = Form::default().with("reward", asked.reward.as_str());
    let Some(programme) = rulebook.live() else {
        let content = context! { rows => Vec::<Value>::new(), is_first => true, form => Value::from(Serde(&form)) };
        return Ok(state.pages.html("redemptions.html", &staff.frame, content)?.into_response());
    };
    let found = found(&state, &asked.reward, before).await?;
    let rows = views(&staff, &state, programme, &found.taken).await?;
    let language = staff.frame.language();
    let rewards: Vec<(&str, &str)> =
        programme.rewards.iter().map(|reward| (reward.id.as_str(), text(&reward.name, language))).collect();
    let next = found.next.map(|next| {
        let mut address = form_urlencoded::Serializer::new(String::new());
        address.append_pair("reward", &asked.reward).append_pair("before", &next.to_string()).finish()
    });
    let content = context! {
        ended_early => next.is_some() && rows.len() < ON_A_PAGE,
        rows => Value::from(Serde(&rows)),
        rewards => Value::from(Serde(&rewards)),
        form => Value::from(Serde(&form)),
        next,
        is_first => asked.before.is_none(),
    };
    Ok(state.pages.html("redemptions.html", &staff.frame, content)?.into_response())
}

/// A page of redemptions, of one reward or of all.
async fn found(state: &PageState, reward: &str, before: Option<TransactionId>) -> Result<Found, PageError> {
    let mut found = Found { taken: Vec::new(), next: before };
    let mut looked = 0;
    while looked < LOOKED_THROUGH {
        let mut connection = state.application.database.read().await?;
        let place = found.next.map(|next| next.0);
        let browsed = journal_browse(&mut connection, place, &["redeem"], ON_A_PAGE).await?;
        let mut records = records(&mut connection, &browsed.rows).await?;
        drop(connection);
        looked += browsed.rows.len().max(1);
        for row in &browsed.rows {
            found.next = Some(row.id);
            let Some(record) = records.remove(&row.id) else { continue };
            if !reward.is_empty() && record.reward != reward {
                continue;
            }
            found.taken.push(Taken { transaction: row.id, holder: row.holder, record });
            if found.taken.len() == ON_A_PAGE {
                break;
            }
        }
        let is_full = found.taken.len() == ON_A_PAGE;
        // What was read beyond a full page is read again for the next one.
        let is_cut = browsed.rows.last().is_some_and(|last| found.next != Some(last.id));
        if !is_cut {
            found.next = browsed.next;
        }
        if is_full || found.next.is_none() || browsed.ended_early {
            break;
        }
    }
    Ok(found)
}

/// The records of redemptions as they were last written.
async fn records(
    connection: &mut Connection,
    made: &[JournalRow],
) -> Result<HashMap<TransactionId, RedemptionRecord>, sql::Error> {
    let latest = redemptions_latest(connection, made.iter().map(|row| row.id)).await?;
    let later = latest.iter().filter(|(redemption, latest)| redemption != latest).map(|(_, latest)| *latest);
    let mut written = HashMap::new();
    for row in journal_find_all(connection, later).await? {
        written.insert(row.id, row.done()?);
    }
    let mut records = HashMap::new();
    for row in made {
        let done = latest.get(&row.id).and_then(|latest| written.get(latest));
        let record = match done.and_then(|done| record_in(done, row.id)) {
            Some(record) => Some(record.clone()),
            None => record_in(&row.done()?, row.id).cloned(),
        };
        records.extend(record.map(|record| (row.id, record)));
    }
    Ok(records)
}

async fn views(
    staff: &Staff<Views>,
    state: &PageState,
    programme: &Programme,
    taken: &[Taken],
) -> Result<Vec<RowView>, PageError> {
    let mut connection = state.application.database.read().await?;
    let named = holders(state, &mut connection, taken.iter().map(|taken| taken.holder)).await?;
    drop(connection);
    let codes: Vec<&str> = taken.iter().filter_map(|taken| taken.record.voucher.as_deref()).collect();
    let vouchers = state.application.vouchers(&codes).await?;
    let language = staff.frame.language();
    let words = &state.pages.texts(language).words;
    let speaker = words.about(programme);
    let calendar = state.application.calendar();
    let mut rows = Vec::with_capacity(taken.len());
    for Taken { transaction, holder, record } in taken {
        let points = speaker.amount(&record.unit, total(&record.lots));
        let cash = (record.cash.0 != 0).then(|| speaker.money(record.cash));
        let reward = programme.reward(&record.reward).map(|reward| text(&reward.name, language));
        let voucher = record.voucher.as_ref().and_then(|code| vouchers.get(code)).map(|voucher| {
            let (state, when) = match &voucher.state {
                VoucherState::Issued => ("issued", voucher.valid_until.map(|until| speaker.until(until))),
                VoucherState::Used { at, .. } => ("used", Some(words.date(calendar.date(*at)))),
                VoucherState::Cancelled { at } => ("cancelled", Some(words.date(calendar.date(*at)))),
                VoucherState::Lapsed { at } => ("lapsed", Some(words.date(calendar.date(*at)))),
            };
            let hidden = voucher.code.chars().count().saturating_sub(SHOWN);
            VoucherView { tail: voucher.code.chars().skip(hidden).collect(), state, when }
        });
        rows.push(RowView {
            transaction: transaction.to_string(),
            when: words.moment_in(&calendar, record.redeemed_at),
            holder: named.get(holder).cloned().unwrap_or_default(),
            reward: reward.unwrap_or(record.reward.as_str()).to_owned(),
            price: cash.map_or_else(|| points.clone(), |cash| format!("{points} + {cash}")),
            voucher,
            is_rolled_back: record.rolled_back,
        });
    }
    Ok(rows)
}
