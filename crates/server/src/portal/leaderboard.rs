//! `/portal/invite/leaderboard`: who has brought how many friends. Everybody sees their own place; others stand there by
//! name only if they have chosen one for it.

use std::collections::HashMap;

use axum::extract::Query;
use axum::response::{Html, IntoResponse, Response};
use lojal_core::kernel::{Date, MemberId};
use lojal_core::programme::{Edition, Programme, text};
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::{Deserialize, Serialize};

use super::pages::html;
use super::sign_in::Busy;
use super::standing::Standing;
use crate::platform::leaderboard::{
    Board, BoardName, BoardNameFault, ChosenName, LeaderboardSettings, NameState, Own, Period, PeriodKind,
    leaderboard_page, name_choose, name_find, name_withdraw, names_find, settings_find,
};
use crate::platform::pages::{Dressed, Form, PageError, PageState, see_other};
use crate::platform::visitors::Visitor;

pub const HERE: &str = "/portal/invite/leaderboard";

#[derive(Default, Deserialize)]
pub struct BoardQuery {
    period: Option<String>,
    /// A day of the period.
    date: Option<Date>,
    edition: Option<String>,
}

#[derive(Serialize)]
struct PlaceView {
    rank: i64,
    /// Nothing for whoever does not want to be named.
    name: Option<String>,
    friends: i64,
    is_own: bool,
}

/// Another period that may be looked at.
#[derive(Serialize)]
struct ChoiceView {
    kind: &'static str,
    edition: Option<String>,
    /// What an edition is called.
    name: Option<String>,
    is_chosen: bool,
}

/// Whether members may look at the leaderboard at all.
pub async fn is_on(state: &PageState, programme: &Programme) -> Result<bool, PageError> {
    let settings = settings_find(&mut *state.application.database.read().await?).await?;
    Ok(settings.is_on && !programme.referrals.is_empty())
}

pub async fn page(
    visitor: Visitor,
    Dressed(state): Dressed,
    Query(query): Query<BoardQuery>,
) -> Result<Response, PageError> {
    Ok(shown(&visitor, &state, &query, &Form::default()).await?.into_response())
}

/// Has the member stand there by a name of their choice.
pub async fn choose(Busy(visitor): Busy, Dressed(state): Dressed, mut form: Form) -> Result<Response, PageError> {
    let programme = state.application.rulebook().live().cloned().ok_or(PageError::NOT_FOUND)?;
    if !is_on(&state, &programme).await? {
        return Err(PageError::NOT_FOUND);
    }
    let typed = form.required("name");
    let shops = state.shop_names();
    match BoardName::parse(&typed, shops.iter().map(String::as_str)) {
        Err(_) if typed.is_empty() => {}
        Err(fault) => form.fault("name", name_fault(fault)),
        Ok(name) => {
            let application = &state.application;
            let member = visitor.member.id;
            let mut transaction = application.database.write_aside_in(member.part()).await?;
            if name_choose(&mut transaction, member, &name, application.clock.now()).await? {
                transaction.commit().await?;
                return Ok(see_other(HERE));
            }
            form.fault("name", "leaderboard-fault-stopped");
        }
    }
    Ok(shown(&visitor, &state, &BoardQuery::default(), &form).await?.into_response())
}

/// Takes the name back. Possible also where nobody sees the leaderboard any more.
pub async fn withdraw(Busy(visitor): Busy, Dressed(state): Dressed) -> Result<Response, PageError> {
    let member = visitor.member.id;
    let mut transaction = state.application.database.write_aside_in(member.part()).await?;
    name_withdraw(&mut transaction, member).await?;
    transaction.commit().await?;
    Ok(see_other(HERE))
}

fn name_fault(fault: BoardNameFault) -> &'static str {
    match fault {
        BoardNameFault::Length => "leaderboard-fault-length",
        BoardNameFault::Letters => "leaderboard-fault-letters",
        BoardNameFault::Contact => "leaderboard-fault-contact",
        BoardNameFault::Reserved => "leaderboard-fault-reserved",
    }
}

async fn shown(
    visitor: &Visitor,
    state: &PageState,
    query: &BoardQuery,
    form: &Form,
) -> Result<Html<String>, PageError> {
    let standing = Standing::of(&visitor.member, state).await?;
    let programme = &standing.programme;
    let now = state.application.clock.now();
    let kind = query.period.as_deref().map_or(Some(PeriodKind::Month), PeriodKind::named);
    let period = kind.and_then(|kind| Period::asked(kind, query.date, query.edition.as_deref(), programme, now));
    let period = period.ok_or(PageError::NOT_FOUND)?;
    let own = visitor.member.id;
    let accounts: Vec<MemberId> = standing.own.merged_accounts().chain([own]).collect();
    let mut connection = state.application.database.read().await?;
    let settings = settings_find(&mut connection).await?;
    let name = name_find(&mut connection, own).await?;
    if programme.referrals.is_empty() || !settings.is_on {
        return Err(PageError::NOT_FOUND);
    }
    let most = usize::try_from(settings.places).unwrap_or_default();
    let (board, friends) = leaderboard_page(&mut connection, &period, None, most, &accounts).await?;
    let names = names_find(&mut connection, board.places.iter().map(|place| place.member)).await?;
    drop(connection);
    let texts = state.pages.texts(visitor.frame.language());
    let mut frame = visitor.frame.clone();
    frame.path = HERE.to_owned();
    let today = programme.calendar.date(now);
    let content = context! {
        title => period.say(&texts.words, programme),
        choices => Value::from(Serde(&choices(programme, &period, visitor))),
        before => dated(period.before()),
        after => dated(after(&period, today)),
        kind => period.kind().name(),
        form => Value::from(Serde(form)),
        name => name.as_ref().filter(|name| name.state == NameState::Shown).map(|name| name.name.as_str()),
        is_stopped => name.as_ref().is_some_and(|name| name.state == NameState::Stopped),
        ..board_content(&board, &settings, &names, own, board.own(friends))
    };
    html(state, "portal/leaderboard.html", &frame, content)
}

fn board_content(
    board: &Board,
    settings: &LeaderboardSettings,
    names: &HashMap<MemberId, ChosenName>,
    own: MemberId,
    standing: Own,
) -> Value {
    let is_enough = board.advocates >= settings.least_advocates;
    let shown = |member: &MemberId| names.get(member).filter(|name| name.state == NameState::Shown);
    let places = board.places.iter().filter(|_| is_enough).map(|place| PlaceView {
        rank: place.rank,
        name: shown(&place.member).map(|name| name.name.clone()),
        friends: place.friends,
        is_own: place.member == own,
    });
    let places: Vec<PlaceView> = places.collect();
    context! {
        is_enough,
        places => Value::from(Serde(&places)),
        friends => standing.friends,
        rank => standing.rank.filter(|_| is_enough),
        missing => standing.next.filter(|_| is_enough).map(|(missing, _)| missing),
        next_rank => standing.next.map(|(_, rank)| rank),
    }
}

fn choices(programme: &Programme, period: &Period, visitor: &Visitor) -> Vec<ChoiceView> {
    let language = visitor.frame.language();
    let plain = |kind: PeriodKind| ChoiceView {
        kind: kind.name(),
        edition: None,
        name: None,
        is_chosen: period.kind() == kind,
    };
    let edition = |edition: &Edition| ChoiceView {
        kind: PeriodKind::Edition.name(),
        edition: Some(edition.id.to_string()),
        name: Some(text(&edition.name, language).to_owned()),
        is_chosen: *period == Period::Edition(edition.id.clone()),
    };
    let kinds = [PeriodKind::Month, PeriodKind::Quarter, PeriodKind::Year].map(plain);
    kinds.into_iter().chain(programme.referrals.iter().map(edition)).chain([plain(PeriodKind::All)]).collect()
}

/// A day by which a period is named in an address.
fn dated(period: Option<Period>) -> Option<String> {
    period.and_then(|period| period.days()).map(|(first, _)| first.to_string())
}

/// The one behind it, if it has begun.
fn after(period: &Period, today: Date) -> Option<Period> {
    let (_, end) = period.days()?;
    (end <= today).then(|| Period::at(period.kind(), end, None)).flatten()
}
