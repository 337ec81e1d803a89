//! `/portal`: what a member has, what it is worth, what is next, and how to get more; `/portal/history`: what happened.

use std::collections::BTreeMap;

use axum::extract::Query;
use axum::response::{IntoResponse, Response};
use lojal_core::kernel::{Instant, Language};
use lojal_core::programme::Programme;
use lojal_core::words::Speaker;
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::{Deserialize, Serialize};

use super::invite::may_be_recommended;
use super::pages::html;
use super::rewards::{RewardView, reward_views};
use super::standing::Standing;
use super::thanks::{News, news, news_content};
use super::vouchers::DrawnCode;
use crate::members::{Listener, Pieces, StoryView, story};
use crate::platform::cards::CardState;
use crate::platform::http::subject::accounts_now;
use crate::platform::pages::{Dressed, PageError, PageState};
use crate::platform::visitors::Visitor;
use crate::platform::ways::ways;

/// Rewards on the first page.
const CLOSEST: usize = 3;
/// Days on which something ends, on the first page.
const MOST_ENDS: usize = 4;
/// Cards that are drawn.
const MOST_CARDS: usize = 2;

/// What ends on a day, beside what there is in all.
#[derive(Serialize)]
pub struct EndView {
    pub amount: String,
    pub until: String,
    ends: i64,
    available: i64,
}

pub async fn page(visitor: Visitor, Dressed(state): Dressed) -> Result<Response, PageError> {
    let standing = Standing::of(&visitor.member, &state).await?;
    let frame = &visitor.frame;
    let rewards = closest(reward_views(&visitor.member, frame.language(), &standing, &state).await?);
    let accepted = state.application.acceptances(visitor.member.id).await?;
    let identity = state.application.identity(visitor.member.id).await?.unwrap_or_default();
    let cards = state.application.cards(visitor.member.id).await?;
    let cards = cards.iter().filter(|card| card.state == CardState::Active).take(MOST_CARDS);
    let known = Known {
        name: identity.name.as_deref().and_then(|name| name.split_whitespace().next()),
        cards: cards.map(|card| DrawnCode::new(card.number.as_str())).collect(),
        is_new_terms: !accepted.iter().any(|known| known.version == standing.programme.version),
        has_accepted: !accepted.is_empty(),
    };
    let news = news(&state, &standing, frame.language()).await?;
    let content = context! {
        news => news_content(&news),
        has_code => may_be_recommended(&standing, &state).is_some(),
        ..home_content(&state, frame.language(), &standing, &rewards, &known)
    };
    Ok(html(&state, "portal/home.html", frame, content)?.into_response())
}

/// What is known of a member beside what they have.
pub struct Known<'a> {
    pub name: Option<&'a str>,
    /// Those that are good at the till.
    pub cards: Vec<DrawnCode>,
    pub is_new_terms: bool,
    pub has_accepted: bool,
}

/// What the first page speaks of.
pub fn home_content(
    state: &PageState,
    language: Language,
    standing: &Standing,
    rewards: &[RewardView],
    known: &Known<'_>,
) -> Value {
    let words = &state.pages.texts(language).words;
    let programme = &standing.programme;
    let pieces = Pieces::new(programme, words, &standing.own, standing.household.as_ref(), state);
    context! {
        name => known.name,
        pieces => Value::from(Serde(&pieces)),
        ends => Value::from(Serde(&ends(standing, words.about(programme)))),
        rewards => Value::from(Serde(rewards)),
        ways => Value::from(Serde(&ways(programme, words, state.application.clock.now()))),
        vouchers => standing.vouchers(),
        cards => Value::from(Serde(&known.cards)),
        is_new_terms => known.is_new_terms,
        has_accepted => known.has_accepted,
        shares => shares(programme),
        invites => !programme.referrals.is_empty(),
        news => news_content(&News::default()),
        has_code => false,
    }
}

/// Whether points may go to others.
pub fn shares(programme: &Programme) -> bool {
    programme.transfers.is_some() || programme.gifts.is_some() || programme.households.is_some()
}

/// What ends soonest, by day.
pub fn ends(standing: &Standing, speaker: Speaker<'_>) -> Vec<EndView> {
    let mut by_day: BTreeMap<Instant, Vec<(&str, i64)>> = BTreeMap::new();
    for wallet in standing.spends().wallets.iter() {
        for lot in wallet.lots.iter().filter(|lot| lot.pending.is_none()) {
            let Some(ends) = lot.expires_at else { continue };
            let amounts = by_day.entry(ends).or_default();
            match amounts.iter_mut().find(|(unit, _)| *unit == wallet.unit.as_str()) {
                Some((_, amount)) => *amount += lot.amount,
                None => amounts.push((wallet.unit.as_str(), lot.amount)),
            }
        }
    }
    let all = by_day
        .into_iter()
        .flat_map(|(day, amounts)| amounts.into_iter().map(move |(unit, amount)| (day, unit, amount)));
    all.take(MOST_ENDS)
        .map(|(day, unit, ends)| EndView {
            amount: speaker.amount(unit, ends),
            until: speaker.until(day),
            ends,
            available: standing.available(unit),
        })
        .collect()
}

/// The best that can be had now, and what is nearest of the rest.
pub fn closest(rewards: Vec<RewardView>) -> Vec<RewardView> {
    let (mut had, mut missing): (Vec<_>, Vec<_>) = rewards.into_iter().partition(|reward| reward.is_available);
    had.sort_by_key(|reward| std::cmp::Reverse(reward.points));
    missing.retain(|reward| reward.missing > 0);
    missing.sort_by_key(|reward| reward.missing);
    let nearest = missing.len().min(CLOSEST - 1).max(CLOSEST.saturating_sub(had.len()));
    had.truncate(CLOSEST - nearest.min(missing.len()));
    had.into_iter().chain(missing).take(CLOSEST).collect()
}

#[derive(Default, Deserialize)]
pub struct HistoryQuery {
    /// Where the story goes on.
    from: Option<String>,
    /// Of the household, not of the member.
    #[serde(default)]
    household: bool,
    /// Of which of the accounts that were merged, counted from one.
    account: Option<usize>,
}

pub async fn history(
    visitor: Visitor,
    Dressed(state): Dressed,
    Query(query): Query<HistoryQuery>,
) -> Result<Response, PageError> {
    let household = visitor.member.household.filter(|_| query.household);
    let own = state.application.holder(visitor.member.id.into()).await?.ok_or(PageError::NOT_FOUND)?;
    let accounts = accounts_now(&state.application, &own).await?;
    let account = query.account.filter(|_| household.is_none());
    let chosen = account.map(|account| account.checked_sub(1).and_then(|index| accounts.get(index)));
    let holder = match chosen {
        Some(account) => account.ok_or(PageError::NOT_FOUND)?.id,
        None => household.unwrap_or(own.id),
    };
    let from = query.from.as_ref().map(|from| from.parse().map_err(|_| PageError::NOT_FOUND)).transpose()?;
    let story = story(&state, &visitor.frame, Listener::Member, holder, from).await?;
    let content = context! {
        is_of_household => household.is_some(),
        has_household => visitor.member.household.is_some(),
        is_later => query.from.is_some(),
        accounts => accounts.len(),
        account,
        ..history_content(&story)
    };
    Ok(html(&state, "portal/history.html", &visitor.frame, content)?.into_response())
}

/// What the history of a member without a household speaks of.
pub fn history_content(story: &StoryView) -> Value {
    context! {
        story => Value::from(Serde(story)),
        is_of_household => false,
        has_household => false,
        is_later => false,
        accounts => 0,
        account => None::<usize>,
    }
}
