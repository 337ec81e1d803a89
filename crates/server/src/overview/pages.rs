//! `/console`, and what its figures are made of.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use lojal_core::kernel::{Date, Name};
use lojal_core::programme::{Programme, text};
use lojal_core::words::Words;
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::{Deserialize, Serialize};

use super::cohorts::cohorts;
use super::measures::{Measure, Value as Figure};
use super::outstanding::{levels, outstanding};
use super::period::Period;
use super::shown::{FigureView, PERIODS, Told};
use crate::platform::figures::{Count, Figures, figures_through, sums_by_subject};
use crate::platform::keys::key_list;
use crate::platform::pages::{PageError, PageState};
use crate::platform::shares::{CLICKED, SHARED, SHARERS};
use crate::platform::sql::Connection;
use crate::platform::staff::{Staff, Views, account_list};
use crate::platform::states::state_page;

/// Figures that are older than this are said to be.
const OLD: jiff::SignedDuration = jiff::SignedDuration::from_mins(3);
/// Rules of a unit, and rewards, that are named.
const SHOWN: usize = 6;
/// Totals of which the first page tells.
const TOTALS: [&str; 8] = ["members", "level", "balance", "debt", "expiring", "active", "returning", "buyers"];

/// What a shop does on its way to a running programme.
#[derive(Serialize)]
struct Step {
    text: &'static str,
    hint: &'static str,
    is_done: bool,
}

#[derive(Default, Deserialize)]
struct Asked {
    #[serde(default)]
    period: String,
    #[serde(default)]
    unit: String,
    #[serde(default)]
    referral: String,
}

/// A period to choose.
#[derive(Serialize)]
pub struct Choice {
    address: String,
    name: String,
    is_chosen: bool,
}

/// Which period is shown, and which others there are.
#[derive(Serialize)]
pub struct Periods {
    pub address: String,
    name: String,
    before: Choice,
    after: Option<Choice>,
    kinds: Vec<Choice>,
}

/// What is counted of one unit.
#[derive(Serialize)]
struct UnitView {
    name: String,
    figures: Vec<FigureView>,
}

pub fn routes() -> Router<PageState> {
    Router::new().route("/console", get(page)).route("/console/figures/{measure}", get(measured))
}

async fn page(
    staff: Staff<Views>,
    State(state): State<PageState>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let steps = steps(&staff, &state).await?;
    let is_complete = steps.iter().all(|step| step.is_done);
    let steps = context! { is_complete, steps => Value::from(Serde(&steps)) };
    let Some(programme) = state.application.rulebook().live().cloned() else {
        let content = context! { name => Option::<String>::None, ..steps };
        return Ok(state.pages.html("overview/first.html", &staff.frame, content)?.into_response());
    };
    let (period, today) = chosen_period(&state, &asked.period)?;
    let words = &state.pages.texts(staff.frame.language()).words;
    let mut figures = Figures::default();
    let mut connection = state.application.database.read().await?;
    figures.read_totals(&mut connection, &TOTALS).await?;
    figures.read_totals(&mut connection, &["cohort"]).await?;
    let of_points: Vec<(Name, Vec<Measure>)> =
        programme.units.iter().map(|unit| (unit.id.clone(), Measure::of_points(&unit.id))).collect();
    let of_sales = Measure::of_sales();
    let measures = of_sales.iter().chain(of_points.iter().flat_map(|(_, measures)| measures));
    read_days(&mut connection, &mut figures, measures, period).await?;
    let rules = figures_of_subjects(&mut connection, "rule", period).await?;
    let rewards = figures_of_subjects(&mut connection, "reward", period).await?;
    let old = age(&state, &mut connection, words).await?;
    drop(connection);
    let told = Told { figures: &figures, programme: &programme, words, period, today };
    let has_guests = figures.days("guest_orders").next().is_some();
    let of_sales = of_sales.iter().filter(|measure| has_guests || !measure.is_about_guests());
    let sales: Vec<FigureView> = of_sales.map(|measure| told.figure(measure)).collect();
    let unit = |(id, measures): &(Name, Vec<Measure>)| UnitView {
        name: unit_name(&programme, id, words),
        figures: measures.iter().map(|measure| told.figure(measure)).collect(),
    };
    let units: Vec<UnitView> = of_points.iter().map(unit).collect();
    let language = staff.frame.language();
    let content = context! {
        name => text(&programme.name, language),
        version => programme.version,
        periods => Value::from(Serde(&periods("/console", "", period, today, words))),
        sales => Value::from(Serde(&sales)),
        units => Value::from(Serde(&units)),
        members => words.number(figures.total("members", ""), 0),
        has_members => figures.total("members", "") > 0,
        buyers => words.number(figures.total("buyers", "1"), 0),
        twice => share(figures.total("buyers", "2"), figures.total("buyers", "1"), words),
        outstanding => Value::from(Serde(&outstanding(&figures, &programme, today, words))),
        ladders => Value::from(Serde(&levels(&figures, &programme, words))),
        cohorts => Value::from(Serde(&cohorts(&figures, today, words))),
        rules => Value::from(Serde(&rules_used(&rules, &programme, words))),
        rewards => Value::from(Serde(&rewards_taken(rewards, &programme, words))),
        old,
        ..steps
    };
    Ok(state.pages.html("overview/page.html", &staff.frame, content)?.into_response())
}

/// One figure: what it means, and the rows that it is made of.
async fn measured(
    staff: Staff<Views>,
    State(state): State<PageState>,
    Path(name): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let programme = state.application.rulebook().live().cloned().ok_or(PageError::NOT_FOUND)?;
    let unit = Some(Name::from(asked.unit.as_str())).filter(|unit| programme.unit(unit).is_some());
    let edition = Some(Name::from(asked.referral.as_str())).filter(|edition| !edition.is_empty());
    let (name, is_sheet) = name.strip_suffix(".csv").map_or((name.as_str(), false), |name| (name, true));
    let measure = Measure::find(name, unit.as_ref(), edition.as_ref()).ok_or(PageError::NOT_FOUND)?;
    let (period, today) = chosen_period(&state, &asked.period)?;
    let words = &state.pages.texts(staff.frame.language()).words;
    let mut figures = Figures::default();
    let mut connection = state.application.database.read().await?;
    figures.read_totals(&mut connection, &["active", "returning"]).await?;
    read_days(&mut connection, &mut figures, [&measure], period).await?;
    let old = age(&state, &mut connection, words).await?;
    drop(connection);
    let told = Told { figures: &figures, programme: &programme, words, period, today };
    let pieces = told.pieces(&measure);
    if is_sheet {
        let mut sheet = String::from("from,to,value\n");
        for piece in pieces.iter().rev() {
            let number = piece.number.as_deref().unwrap_or_default();
            sheet.push_str(&format!("{},{},{number}\n", piece.first, piece.last));
        }
        let name = format!("attachment; filename=\"{}-{period}.csv\"", measure.name());
        let headers =
            [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)];
        return Ok((headers, sheet).into_response());
    }
    let here = format!("/console/figures/{}", measure.name());
    let more = match (unit.as_ref(), measure.edition()) {
        (Some(unit), _) => format!("&unit={unit}"),
        (None, Some(edition)) => {
            let edition: String = form_urlencoded::byte_serialize(edition.as_bytes()).collect();
            format!("&referral={edition}")
        }
        (None, None) => String::new(),
    };
    let edition = measure.edition().map(|edition| match programme.edition(edition) {
        Some(known) => text(&known.name, staff.frame.language()).to_owned(),
        None => edition.to_string(),
    });
    let content = context! {
        figure => Value::from(Serde(&told.figure(&measure))),
        unit => unit.as_ref().map(|unit| unit_name(&programme, unit, words)),
        periods => Value::from(Serde(&periods(&here, &more, period, today, words))),
        rows => Value::from(Serde(&pieces)),
        is_recommending => measure.is_about_recommending(),
        edition,
        sheet => format!("{here}.csv?period={period}{more}"),
        old,
    };
    Ok(state.pages.html("overview/figure.html", &staff.frame, content)?.into_response())
}

async fn steps(staff: &Staff<Views>, state: &PageState) -> Result<[Step; 5], PageError> {
    let application = &state.application;
    let is_published = application.rulebook().live().is_some();
    let mut connection = application.database.read().await?;
    let has_keys = key_list(&mut connection).await?.iter().any(|key| key.revoked_at.is_none());
    let has_members = !state_page(&mut connection, None, 1).await?.is_empty();
    let accounts = account_list(&mut connection).await?;
    drop(connection);
    let has_codes = staff.account.second_factor.is_some();
    Ok([
        Step { text: "step-programme", hint: "step-programme-hint", is_done: is_published },
        Step { text: "step-key", hint: "step-key-hint", is_done: has_keys },
        Step { text: "step-members", hint: "step-members-hint", is_done: has_members },
        Step { text: "step-codes", hint: "step-codes-hint", is_done: has_codes },
        Step { text: "step-team", hint: "step-team-hint", is_done: accounts.len() > 1 },
    ])
}

/// The period that is asked for, this month where nothing is said, and what day it is.
pub fn chosen_period(state: &PageState, asked: &str) -> Result<(Period, Date), PageError> {
    let today = state.application.calendar().date(state.application.clock.now());
    if asked.is_empty() {
        return Ok((Period::month_of(today), today));
    }
    let period: Period = asked.parse().map_err(|()| PageError::NOT_FOUND)?;
    Ok((period, today))
}

/// The choice of periods of a page at an address; `more` is what else its address says.
pub fn periods(address: &str, more: &str, period: Period, today: Date, words: &Words) -> Periods {
    let choice = |choice: Period| Choice {
        address: format!("{address}?period={choice}{more}"),
        name: choice.say(words),
        is_chosen: choice == period,
    };
    let after = period.plus(1);
    let end = period.last_day().min(today);
    Periods {
        address: period.to_string(),
        name: period.say(words),
        before: choice(period.plus(-1)),
        after: (after.first_day() <= today).then(|| choice(after)),
        kinds: [Period::month_of(end), Period::quarter_of(end), Period::year_of(end)].map(choice).into(),
    }
}

/// Reads the days that figures of a period and of the one before are made of.
pub async fn read_days<'m>(
    connection: &mut Connection,
    figures: &mut Figures,
    measures: impl IntoIterator<Item = &'m Measure>,
    period: Period,
) -> Result<(), PageError> {
    // How far back each is looked at.
    let mut names: BTreeMap<&str, i32> = BTreeMap::new();
    for measure in measures {
        let periods = if measure.counts_people() { PERIODS } else { 2 };
        for name in measure.counted_as() {
            let known = names.entry(name).or_default();
            *known = periods.max(*known);
        }
    }
    for (name, periods) in names {
        let days = (period.plus(1 - periods).first_day(), period.last_day());
        if [SHARED, CLICKED, SHARERS].contains(&name) {
            figures.read_tallies(connection, &[name], days).await?;
        } else {
            figures.read_days(connection, &[name], days).await?;
        }
    }
    Ok(())
}

/// A rule or a reward among others.
#[derive(Serialize)]
struct Ranked {
    name: String,
    times: i64,
    /// What it gave or took, in its unit.
    amount: Option<String>,
    /// Of a thousand of the largest.
    size: i64,
}

type Subjects = Vec<(String, Count)>;

async fn figures_of_subjects(connection: &mut Connection, name: &str, period: Period) -> Result<Subjects, PageError> {
    Ok(sums_by_subject(connection, name, period.days()).await?)
}

/// Rules by what they gave, those of each unit together.
fn rules_used(subjects: &Subjects, programme: &Programme, words: &Words) -> Vec<Ranked> {
    let mut ranked = Vec::new();
    for unit in &programme.units {
        let of_unit = |subject: &str| programme.rule(subject).filter(|rule| programme.units[rule.unit].id == unit.id);
        let mut used: Vec<_> =
            subjects.iter().filter_map(|(subject, count)| Some((of_unit(subject)?, count))).collect();
        used.sort_by_key(|(_, count)| std::cmp::Reverse(count.amount));
        let most = used.first().map_or(1, |(_, count)| count.amount);
        ranked.extend(used.into_iter().take(SHOWN).map(|(rule, count)| Ranked {
            name: text(&rule.name, words.language()).to_owned(),
            times: count.times,
            amount: Some(words.about(programme).amount(&unit.id, count.amount)),
            size: thousandths(count.amount, most),
        }));
    }
    ranked
}

/// Rewards by how often they were taken.
fn rewards_taken(mut subjects: Subjects, programme: &Programme, words: &Words) -> Vec<Ranked> {
    subjects.sort_by_key(|(_, count)| std::cmp::Reverse(count.times));
    let most = subjects.first().map_or(1, |(_, count)| count.times);
    let rank = |(subject, count): &(String, Count)| Ranked {
        name: programme
            .reward(subject)
            .map_or(subject.clone(), |reward| text(&reward.name, words.language()).to_owned()),
        times: count.times,
        amount: None,
        size: thousandths(count.times, most),
    };
    subjects.iter().take(SHOWN).map(rank).collect()
}

fn thousandths(part: i64, whole: i64) -> i64 {
    (i128::from(part.max(0)) * 1000 / i128::from(whole.max(1))) as i64
}

fn share(part: i64, whole: i64, words: &Words) -> Option<String> {
    Figure::Share(part, whole).size().map(|tenths| words.percent(tenths, 1))
}

fn unit_name(programme: &Arc<Programme>, unit: &Name, words: &Words) -> String {
    words.about(programme).plural(unit)
}

/// Up to when everything has been counted, where that is not now: nothing yet, or a moment.
pub async fn age(state: &PageState, connection: &mut Connection, words: &Words) -> Result<Option<String>, PageError> {
    let now = state.application.clock.now();
    Ok(match figures_through(connection).await? {
        None => Some(String::new()),
        Some(through) if now.duration_since(through) > OLD => {
            Some(words.moment_in(&state.application.calendar(), through))
        }
        Some(_) => None,
    })
}
