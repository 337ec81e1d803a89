//! `/console/referrals`: what recommending brings.

use std::collections::BTreeMap;

use axum::Router;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use lojal_core::kernel::{HolderId, Money, Name};
use lojal_core::programme::Programme;
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::{Deserialize, Serialize};

use super::editions::calendar;
use super::listing::{self, choices, edition_name};
use super::one;
use crate::members::{HolderView, holders};
use crate::overview::{Figure, FigureView, Measure, Reach, Reached, Told, age, chosen_period, periods, read_days};
use crate::platform::figures::{ALL_TIME, Advocated, Figures, Rank, advocates_listed};
use crate::platform::pages::{Form, PageError, PageState, Texts};
use crate::platform::staff::{Staff, Views};

pub const HERE: &str = "/console/referrals";
/// Advocates that are named.
const ADVOCATES: usize = 8;
/// Rows of what is broken down.
const BROKEN_DOWN: usize = 12;
const WHOLE: i64 = 1000;

/// What stands in tiles, in their order.
const TILES: [Reach; 17] = [
    Reach::Sharers,
    Reach::ShareRate,
    Reach::ClickToCame,
    Reach::CameToBought,
    Reach::BoughtToQualified,
    Reach::ClickWait,
    Reach::PurchaseWait,
    Reach::Acquired,
    Reach::Revenue,
    Reach::FriendOrder,
    Reach::OtherOrder,
    Reach::Cost,
    Reach::CostPerCustomer,
    Reach::Rewarded,
    Reach::Refused,
    Reach::TakenBack,
    Reach::RanOut,
];

pub fn routes() -> Router<PageState> {
    Router::new()
        .route(HERE, get(page))
        .route(listing::HERE, get(listing::list))
        .route("/console/referrals/all.csv", get(listing::sheet))
        .route("/console/referrals/{friend}", get(one::page))
}

#[derive(Default, Deserialize)]
struct Asked {
    #[serde(default)]
    period: String,
    #[serde(default)]
    referral: String,
}

/// A step on the way from passing a link on to a friend who counts.
#[derive(Serialize)]
struct StepView {
    figure: FigureView,
    /// Of a thousand of the largest, and where it begins, so that it stands in the middle.
    size: i64,
    begin: i64,
    /// How many of those before, where that says something.
    of_before: Option<String>,
}

#[derive(Serialize)]
struct AdvocateView {
    who: HolderView,
    value: String,
    size: i64,
}

/// One channel, or one of the offers that are compared.
#[derive(Serialize)]
struct BrokenDown {
    name: String,
    shared: String,
    clicked: String,
    joined: String,
    bought: String,
    qualified: String,
    revenue: String,
}

#[derive(Serialize)]
struct ReasonView {
    reason: String,
    times: i64,
}

async fn page(
    staff: Staff<Views>,
    State(state): State<PageState>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let Some(programme) = state.application.rulebook().live().cloned() else {
        let content = context! { is_empty => true, has_programme => false };
        return Ok(state.pages.html("recommending/page.html", &staff.frame, content)?.into_response());
    };
    let (period, today) = chosen_period(&state, &asked.period)?;
    let edition = Some(Name::from(asked.referral.as_str())).filter(|edition| !edition.is_empty());
    let texts = state.pages.texts(staff.frame.language());
    let words = &texts.words;
    let measure = |reach: Reach| Measure::of_recommending(reach, edition.as_ref());
    let measures: Vec<Measure> = Reach::ALL.into_iter().map(measure).collect();
    let mut figures = Figures::default();
    let mut connection = state.application.database.read().await?;
    figures.read_totals(&mut connection, &["active", "buyers", "referrals", "friends_buying"]).await?;
    read_days(&mut connection, &mut figures, &measures, period).await?;
    let period_name = period.to_string();
    let qualified = advocates_listed(&mut connection, &period_name, Rank::Qualified, ADVOCATES).await?;
    let revenue = advocates_listed(&mut connection, &period_name, Rank::Amount, ADVOCATES).await?;
    let anybody = advocates_listed(&mut connection, ALL_TIME, Rank::Amount, 1).await?;
    let people = qualified.iter().chain(&revenue).map(|advocated| HolderId::from(advocated.advocate));
    let named = holders(&state, &mut connection, people).await?;
    let old = age(&state, &mut connection, words).await?;
    drop(connection);
    let is_empty = programme.referrals.is_empty() && figures.totals("referrals").next().is_none() && anybody.is_empty();
    let told = Told { figures: &figures, programme: &programme, words, period, today };
    let reached = Reached { figures: &figures, edition: edition.as_deref(), days: period.days() };
    let shown = |reach: &&Reach| edition.is_none() || reach.has_editions();
    let tiles: Vec<FigureView> = TILES.iter().filter(shown).map(|reach| told.figure(&measure(*reach))).collect();
    let more = edition.as_ref().map_or_else(String::new, |edition| {
        let edition: String = form_urlencoded::byte_serialize(edition.as_bytes()).collect();
        format!("&referral={edition}")
    });
    let speaker = words.about(&programme);
    let by_count = |advocated: &Advocated| (advocated.qualified, words.number(advocated.qualified, 0));
    let by_money = |advocated: &Advocated| (advocated.amount, speaker.money(Money(advocated.amount)));
    let content = context! {
        is_empty,
        has_programme => true,
        may_edit => staff.may::<crate::platform::staff::Manages>(),
        periods => Value::from(Serde(&periods(HERE, &more, period, today, words))),
        edition => edition.as_ref().map(|edition| edition_name(&programme, edition, texts)),
        editions => Value::from(Serde(&choices(&programme, texts))),
        form => Value::from(Serde(&Form::default().with("referral", asked.referral.as_str()))),
        funnel => Value::from(Serde(&funnel(&told, edition.as_ref()))),
        tiles => Value::from(Serde(&tiles)),
        reasons => Value::from(Serde(&reasons(reached))),
        channels => Value::from(Serde(&broken_down(reached, 2, &programme, texts))),
        variants => Value::from(Serde(&broken_down(reached, 1, &programme, texts))),
        again => Value::from(Serde(&again(&figures, texts))),
        by_qualified => Value::from(Serde(&ranked(&qualified, &named, by_count))),
        by_revenue => Value::from(Serde(&ranked(&revenue, &named, by_money))),
        calendar => Value::from(Serde(&calendar(&figures, &programme, words, state.application.clock.now()))),
        old,
    };
    Ok(state.pages.html("recommending/page.html", &staff.frame, content)?.into_response())
}

fn funnel(told: &Told<'_>, edition: Option<&Name>) -> Vec<StepView> {
    let measures: Vec<Measure> =
        Reach::FUNNEL.into_iter().map(|reach| Measure::of_recommending(reach, edition)).collect();
    let size = |measure: &Measure| measure.in_period(told.figures, told.programme, told.period).size().unwrap_or(0);
    let sizes: Vec<i64> = measures.iter().map(size).collect();
    let most = sizes.iter().copied().max().unwrap_or(0).max(1);
    let step = |(index, measure): (usize, &Measure)| {
        let number = sizes.get(index).copied().unwrap_or(0);
        let before = index.checked_sub(1).and_then(|index| sizes.get(index)).copied().unwrap_or(0);
        let share = Figure::Share(number, before).say(told.words, told.programme, None);
        let size = number.max(0) * WHOLE / most;
        StepView {
            figure: told.figure(measure),
            size,
            begin: (WHOLE - size) / 2,
            // A link that was passed on once is followed by many: that is no share.
            of_before: share.filter(|_| index > 1),
        }
    };
    measures.iter().enumerate().map(step).collect()
}

/// Why recommendations were not recognised, the commonest first.
fn reasons(reached: Reached<'_>) -> Vec<ReasonView> {
    let counted = reached.by("referral_rejected", 3).into_iter();
    let mut reasons: Vec<ReasonView> = counted
        .map(|(reason, count)| ReasonView { reason, times: count.times })
        .filter(|reason| reason.times > 0)
        .collect();
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.times));
    reasons
}

/// What was counted, by what stands in the subject at a place: the variant, or the channel.
fn broken_down(reached: Reached<'_>, place: usize, programme: &Programme, texts: &Texts) -> Vec<BrokenDown> {
    let names = ["shared", "clicked", "referral_joined", "referral_bought", "referral_qualified", "referral_sales"];
    let mut rows: BTreeMap<String, [i64; 6]> = BTreeMap::new();
    for (column, name) in names.into_iter().enumerate() {
        for (key, count) in reached.by(name, place) {
            let row = rows.entry(key).or_default();
            row[column] = if name == "referral_sales" { count.amount } else { count.times };
        }
    }
    // Where nothing is told apart there is nothing to compare.
    if rows.keys().all(String::is_empty) {
        return Vec::new();
    }
    let mut rows: Vec<(String, [i64; 6])> = rows.into_iter().filter(|(_, row)| row.iter().any(|it| *it != 0)).collect();
    rows.sort_by_key(|(_, [_, clicked, joined, ..])| std::cmp::Reverse((*joined, *clicked)));
    rows.truncate(BROKEN_DOWN);
    let number = |number: i64| texts.words.number(number, 0);
    let view = |(name, [shared, clicked, joined, bought, qualified, revenue]): (String, [i64; 6])| BrokenDown {
        name,
        shared: number(shared),
        clicked: number(clicked),
        joined: number(joined),
        bought: number(bought),
        qualified: number(qualified),
        revenue: texts.words.about(programme).money(Money(revenue)),
    };
    rows.into_iter().map(view).collect()
}

/// Who bought again, of friends and of all others, as of today.
#[derive(Serialize)]
struct Again {
    friends: Option<String>,
    others: Option<String>,
}

fn again(figures: &Figures, texts: &Texts) -> Again {
    let friends = |least: &str| figures.total("friends_buying", least);
    let others = |least: &str| figures.total("buyers", least) - friends(least);
    let share = |part: i64, whole: i64| Figure::Share(part, whole).size().map(|share| texts.words.percent(share, 1));
    Again { friends: share(friends("2"), friends("1")), others: share(others("2").max(0), others("1").max(0)) }
}

fn ranked(
    advocates: &[Advocated],
    named: &std::collections::HashMap<HolderId, HolderView>,
    say: impl Fn(&Advocated) -> (i64, String),
) -> Vec<AdvocateView> {
    let most = advocates.first().map_or(1, |best| say(best).0.max(1));
    let view = |advocated: &Advocated| {
        let (size, value) = say(advocated);
        AdvocateView {
            who: named.get(&advocated.advocate.into()).cloned().unwrap_or_default(),
            value,
            size: (i128::from(size.max(0)) * i128::from(WHOLE) / i128::from(most)) as i64,
        }
    };
    advocates.iter().map(view).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_has_a_tile_or_is_in_the_funnel() {
        for reach in Reach::ALL {
            assert!(TILES.contains(&reach) || Reach::FUNNEL.contains(&reach), "{reach:?}");
        }
    }
}
