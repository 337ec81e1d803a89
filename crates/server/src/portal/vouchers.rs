//! `/portal/vouchers`: codes that a member has, as text, bars and squares. A code is worth money, so it stands in no
//! address.

use std::collections::BTreeSet;

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use barcoders::sym::code128::Code128;
use lojal_core::decision::{Because, Record};
use lojal_core::kernel::{HolderId, Name};
use lojal_core::programme::{Gives, Programme, text};
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::Serialize;

use super::pages::html;
use super::standing::Standing;
use crate::platform::journal::{JournalRow, journal_chain, journal_find_all};
use crate::platform::pages::{Dressed, Frame, PageError, PageState};
use crate::platform::square::square_svg;
use crate::platform::states::state_find_all;
use crate::platform::visitors::Visitor;
use crate::platform::writer::Done;

/// Vouchers that are drawn on one page; whoever has more sees the ones that end first.
const MOST_DRAWN: usize = 40;
/// Transactions that are looked through for vouchers that are over: of everybody whose vouchers are the member's
/// together, but for each of them a few.
const LOOKED_THROUGH: usize = 200;
const FEWEST_LOOKED_THROUGH: usize = 20;
const MOST_ENDED: usize = 20;
/// The white beside bars, in their narrowest width, without which scanners do not find them.
const QUIET: usize = 10;
const BAR_HEIGHT: usize = 60;

/// A code as it is shown at a till.
#[derive(Serialize)]
pub struct DrawnCode {
    code: String,
    /// SVG, made here.
    square: Option<String>,
    bars: Option<String>,
}

impl DrawnCode {
    pub fn new(code: &str) -> DrawnCode {
        DrawnCode { code: code.to_owned(), square: square_svg(code), bars: bars(code) }
    }
}

#[derive(Serialize)]
struct VoucherView {
    #[serde(flatten)]
    drawn: DrawnCode,
    reward: String,
    until: Option<String>,
}

#[derive(Serialize)]
struct EndedView {
    reward: String,
    tail: String,
    how: &'static str,
    when: String,
}

pub async fn list(visitor: Visitor, Dressed(state): Dressed) -> Result<Response, PageError> {
    let standing = Standing::of(&visitor.member, &state).await?;
    let mut open: Vec<_> = standing.holders().flat_map(|holder| &holder.vouchers).collect();
    open.sort_by_key(|voucher| (voucher.valid_until.is_none(), voucher.valid_until, voucher.issued_at));
    let speaker = state.pages.texts(visitor.frame.language()).words.about(&standing.programme);
    let view = |voucher: &&lojal_core::holder::OpenVoucher| {
        let until = voucher.valid_until.map(|until| speaker.until(until));
        voucher_view(&voucher.code, &voucher.reward, until, &standing.programme, &visitor.frame)
    };
    let vouchers: Vec<VoucherView> = open.iter().take(MOST_DRAWN).map(view).collect();
    let content = context! {
        vouchers => Value::from(Serde(&vouchers)),
        more => open.len().saturating_sub(MOST_DRAWN),
        ended => Value::from(Serde(&ended(&visitor, &standing, &state).await?)),
    };
    Ok(html(&state, "portal/vouchers.html", &visitor.frame, content)?.into_response())
}

/// What a redemption gave.
pub async fn redemption(
    visitor: Visitor,
    Dressed(state): Dressed,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let standing = Standing::of(&visitor.member, &state).await?;
    let done = standing.transaction(&state, &id).await?;
    let taken = done.decision.records.iter().find_map(|(_, record)| match record {
        Record::Redemption(taken) if taken.redemption == done.transaction => Some(taken),
        _ => None,
    });
    let taken = taken.ok_or(PageError::NOT_FOUND)?;
    let mut open = standing.holders().flat_map(|holder| &holder.vouchers);
    let voucher = open.find(|voucher| taken.voucher.as_ref() == Some(&voucher.code));
    let speaker = state.pages.texts(visitor.frame.language()).words.about(&standing.programme);
    let view = voucher.map(|voucher| {
        let until = voucher.valid_until.map(|until| speaker.until(until));
        voucher_view(&voucher.code, &voucher.reward, until, &standing.programme, &visitor.frame)
    });
    let reward = standing.programme.reward(&taken.reward);
    let content = context! {
        reward => reward_name(&taken.reward, &standing.programme, &visitor.frame),
        voucher => Value::from(Serde(&view)),
        is_over => taken.voucher.is_some() && view.is_none(),
        is_donation => reward.is_some_and(|reward| matches!(reward.gives, Gives::Donation { .. })),
    };
    Ok(html(&state, "portal/redemption.html", &visitor.frame, content)?.into_response())
}

fn reward_name(reward: &Name, programme: &Programme, frame: &Frame) -> String {
    let known = programme.reward(reward).map(|reward| text(&reward.name, frame.language()));
    known.unwrap_or(reward.as_str()).to_owned()
}

fn voucher_view(
    code: &Name,
    reward: &Name,
    until: Option<String>,
    programme: &Programme,
    frame: &Frame,
) -> VoucherView {
    VoucherView { drawn: DrawnCode::new(code), reward: reward_name(reward, programme, frame), until }
}

/// The code as Code 128, with the character set B; a code that has other letters has no bars.
fn bars(code: &str) -> Option<String> {
    let bars = Code128::new(format!("\u{181}{code}")).ok()?.encode();
    let width = bars.len() + 2 * QUIET;
    let mut drawn = String::new();
    let mut at = 0;
    for run in bars.chunk_by(|one, other| one == other) {
        if run.first() == Some(&1) {
            drawn.push_str(&format!("M{} 0h{}v{BAR_HEIGHT}h-{}z", QUIET + at, run.len(), run.len()));
        }
        at += run.len();
    }
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {BAR_HEIGHT}\" preserveAspectRatio=\"none\" \
         shape-rendering=\"crispEdges\"><path fill=\"#000\" d=\"{drawn}\"/></svg>"
    ))
}

/// What was last decided about everybody whose vouchers are the member's: one question for each of them, and one for
/// all that was decided, for any member may ask for it as often as they like.
async fn lately(standing: &Standing, state: &PageState) -> Result<Vec<Done>, PageError> {
    let holders: Vec<HolderId> = standing.holders().map(|holder| holder.id).collect();
    let limit = looked_through(holders.len());
    let mut connection = state.application.database.snapshot().await?;
    let mut ids = Vec::new();
    for known in state_find_all(&mut connection, holders).await? {
        ids.extend(journal_chain(&mut connection, known.head, limit).await?.into_iter().map(|(id, _)| id));
    }
    let rows = journal_find_all(&mut connection, ids).await?;
    drop(connection);
    Ok(rows.iter().map(JournalRow::done).collect::<Result<_, _>>()?)
}

/// How far to look back for each of so many.
fn looked_through(holders: usize) -> usize {
    (LOOKED_THROUGH / holders.max(1)).max(FEWEST_LOOKED_THROUGH)
}

/// Vouchers that were used, have lapsed or were taken back, the latest first, as far as they are not long ago.
async fn ended(visitor: &Visitor, standing: &Standing, state: &PageState) -> Result<Vec<EndedView>, PageError> {
    let words = &state.pages.texts(visitor.frame.language()).words;
    let calendar = state.application.calendar();
    let mut found = Vec::new();
    for done in lately(standing, state).await? {
        for effect in &done.decision.effects {
            let (code, reward, how) = match &effect.because {
                Because::VoucherUsed { code, reward, .. } => (code, reward, "used"),
                Because::VoucherLapsed { code, reward } => (code, reward, "lapsed"),
                Because::VoucherCancelled { code, reward } => (code, reward, "cancelled"),
                _ => continue,
            };
            found.push((done.decided_at, code.clone(), reward.clone(), how));
        }
    }
    found.sort_by_key(|(when, ..)| std::cmp::Reverse(*when));
    let mut seen = BTreeSet::new();
    found.retain(|(_, code, ..)| seen.insert(code.clone()));
    let view = |(when, code, reward, how): (_, Name, Name, _)| EndedView {
        reward: reward_name(&reward, &standing.programme, &visitor.frame),
        tail: code.chars().rev().take(4).collect::<Vec<_>>().into_iter().rev().collect(),
        how,
        when: words.date(calendar.date(when)),
    };
    Ok(found.into_iter().take(MOST_ENDED).map(view).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_accounts_are_looked_through_no_further_than_a_few() {
        assert_eq!([1, 2, 4, 65].map(looked_through), [200, 100, 50, 20]);
    }

    #[test]
    fn bars_are_drawn_from_start_to_stop() {
        // Start, four letters, check and stop: eleven widths each, and two more at the end.
        let drawn = bars("A-42").unwrap();
        assert!(drawn.contains(&format!("0 0 {} 60", 7 * 11 + 2 + 20)), "{drawn}");
        assert!(drawn.contains("d=\"M10 0h2v60h-2z") && bars("żółw").is_none());
    }
}
