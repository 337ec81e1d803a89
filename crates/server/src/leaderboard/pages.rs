//! `/console/leaderboard`: who has brought how many friends, who is named there, and what members see of it.

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use lojal_core::kernel::{Date, HolderId, MemberId};
use lojal_core::programme::{Edition, Programme, text};
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::{Deserialize, Serialize};

use crate::members::{HolderView, holders};
use crate::platform::leaderboard::{
    LeaderboardSettings, MOST_PLACES, NameState, Period, PeriodKind, leaderboard_page, name_set_state, names_find,
    settings_find, settings_set,
};
use crate::platform::pages::{Form, PageError, PageState, see_other};
use crate::platform::sql::Connection;
use crate::platform::staff::{Manages, Staff, Views};

const HERE: &str = "/console/leaderboard";
const ON_A_PAGE: usize = 50;
/// What makes sense as the least number of advocates.
const LEAST_ADVOCATES: std::ops::RangeInclusive<i64> = 2..=1000;

pub fn routes() -> Router<PageState> {
    Router::new()
        .route(HERE, get(page).post(set))
        .route("/console/leaderboard/names/{member}/stop", post(stop))
        .route("/console/leaderboard/names/{member}/allow", post(allow))
}

#[derive(Default, Deserialize)]
struct Asked {
    #[serde(default)]
    period: String,
    #[serde(default)]
    date: String,
    #[serde(default)]
    edition: String,
    /// Where the list goes on: how many friends, and who.
    after: Option<String>,
}

#[derive(Serialize)]
struct RowView {
    rank: i64,
    member: HolderView,
    friends: i64,
    /// The name that others see, or saw.
    name: Option<String>,
    state: Option<&'static str>,
}

#[derive(Serialize)]
struct EditionView {
    id: String,
    name: String,
}

/// A page of the list.
#[derive(Default)]
struct Listed {
    rows: Vec<RowView>,
    advocates: i64,
    title: Option<String>,
    next: Option<String>,
}

async fn page(
    staff: Staff<Views>,
    State(state): State<PageState>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let settings = settings_find(&mut *state.application.database.read().await?).await?;
    let form = Form::default()
        .with("is_on", if settings.is_on { "yes" } else { "" })
        .with("places", settings.places.to_string())
        .with("least_advocates", settings.least_advocates.to_string());
    Ok(shown(&staff, &state, &asked, &form).await?.into_response())
}

async fn shown<P>(staff: &Staff<P>, state: &PageState, asked: &Asked, form: &Form) -> Result<Html<String>, PageError> {
    let rulebook = state.application.rulebook();
    let language = staff.frame.language();
    let edition =
        |edition: &Edition| EditionView { id: edition.id.to_string(), name: text(&edition.name, language).to_owned() };
    let editions: Vec<EditionView> =
        rulebook.live().map(|live| live.referrals.iter().map(edition).collect()).unwrap_or_default();
    let listed = match rulebook.live() {
        Some(programme) if !programme.referrals.is_empty() || asked.period == PeriodKind::All.name() => {
            list(staff, state, programme, asked).await?
        }
        _ => Listed::default(),
    };
    let mut frame = staff.frame.clone();
    frame.path = HERE.to_owned();
    let filter = Form::default()
        .with("period", if asked.period.is_empty() { PeriodKind::Month.name() } else { asked.period.as_str() })
        .with("date", asked.date.as_str())
        .with("edition", asked.edition.as_str());
    let content = context! {
        rows => Value::from(Serde(&listed.rows)),
        advocates => listed.advocates,
        title => listed.title,
        next => listed.next,
        kinds => PeriodKind::EACH.map(PeriodKind::name).to_vec(),
        editions => Value::from(Serde(&editions)),
        filter => Value::from(Serde(&filter)),
        form => Value::from(Serde(form)),
        may_change => staff.may::<Manages>(),
    };
    state.pages.html("leaderboard/page.html", &frame, content)
}

async fn list<P>(
    staff: &Staff<P>,
    state: &PageState,
    programme: &Programme,
    asked: &Asked,
) -> Result<Listed, PageError> {
    let period = period(programme, asked, state).ok_or(PageError::NOT_FOUND)?;
    let after = asked.after.as_deref().map(|after| place_of(after).ok_or(PageError::NOT_FOUND)).transpose()?;
    let mut connection = state.application.database.read().await?;
    let (board, _) = leaderboard_page(&mut connection, &period, after, ON_A_PAGE, &[]).await?;
    let members: Vec<MemberId> = board.places.iter().map(|place| place.member).collect();
    let people = holders(state, &mut connection, members.iter().copied().map(HolderId::from)).await?;
    let names = names_find(&mut connection, members).await?;
    drop(connection);
    let rows = board.places.iter().map(|place| {
        let chosen = names.get(&place.member);
        RowView {
            rank: place.rank,
            member: people.get(&place.member.into()).cloned().unwrap_or_default(),
            friends: place.friends,
            name: chosen.map(|name| name.name.clone()),
            state: chosen.map(|name| name.state.name()),
        }
    });
    let last = board.places.last().filter(|_| board.has_more);
    let next = last.map(|place| {
        let mut address = form_urlencoded::Serializer::new(String::new());
        address.append_pair("period", period.kind().name());
        address.append_pair("date", &asked.date).append_pair("edition", &asked.edition);
        address.append_pair("after", &format!("{}-{}", place.friends, place.member)).finish()
    });
    let words = &state.pages.texts(staff.frame.language()).words;
    Ok(Listed { rows: rows.collect(), advocates: board.advocates, title: period.say(words, programme), next })
}

fn period(programme: &Programme, asked: &Asked, state: &PageState) -> Option<Period> {
    let kind = match asked.period.as_str() {
        "" => PeriodKind::Month,
        name => PeriodKind::named(name)?,
    };
    let day: Option<Date> = match asked.date.as_str() {
        "" => None,
        date => Some(date.parse().ok()?),
    };
    let edition = Some(asked.edition.as_str()).filter(|edition| !edition.is_empty());
    Period::asked(kind, day, edition, programme, state.application.clock.now())
}

fn place_of(after: &str) -> Option<(i64, MemberId)> {
    let (friends, member) = after.split_once('-')?;
    Some((friends.parse().ok()?, member.parse().ok()?))
}

async fn set(staff: Staff<Manages>, State(state): State<PageState>, mut form: Form) -> Result<Response, PageError> {
    let number = |text: &str, range: std::ops::RangeInclusive<i64>| {
        text.parse::<i64>().ok().filter(|number| range.contains(number))
    };
    let places = number(form.text("places"), 1..=MOST_PLACES);
    let least_advocates = number(form.text("least_advocates"), LEAST_ADVOCATES);
    let (Some(places), Some(least_advocates)) = (places, least_advocates) else {
        if places.is_none() {
            form.fault("places", "fault-board-places");
        }
        if least_advocates.is_none() {
            form.fault("least_advocates", "fault-board-least");
        }
        return Ok(shown(&staff, &state, &Asked::default(), &form).await?.into_response());
    };
    let settings = LeaderboardSettings { is_on: form.text("is_on") == "yes", places, least_advocates };
    let application = &state.application;
    let mut transaction = application.database.write_aside().await?;
    settings_set(&mut transaction, &settings).await?;
    let says = format!("{}, {places}, {least_advocates}", if settings.is_on { "on" } else { "off" });
    staff.note(&mut transaction, application, "leaderboard_set", "", says).await?;
    transaction.commit().await?;
    Ok(see_other(HERE))
}

async fn stop(staff: Staff<Manages>, state: State<PageState>, member: Path<String>) -> Result<Response, PageError> {
    change(&staff, state, member, NameState::Stopped, "board_name_stopped").await
}

async fn allow(staff: Staff<Manages>, state: State<PageState>, member: Path<String>) -> Result<Response, PageError> {
    change(&staff, state, member, NameState::Shown, "board_name_allowed").await
}

async fn change(
    staff: &Staff<Manages>,
    State(state): State<PageState>,
    Path(member): Path<String>,
    to: NameState,
    action: &str,
) -> Result<Response, PageError> {
    let member: MemberId = member.parse().map_err(|_| PageError::NOT_FOUND)?;
    let application = &state.application;
    let mut transaction = application.database.write_aside().await?;
    let connection: &mut Connection = &mut transaction;
    if !name_set_state(connection, member, to).await? {
        return Err(PageError::NOT_FOUND);
    }
    staff.note(connection, application, action, member.to_string(), "").await?;
    transaction.commit().await?;
    Ok(see_other(HERE))
}
