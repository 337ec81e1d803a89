//! `/console/members`: who takes part, and finding one of them.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use lojal_core::holder::Holder;
use lojal_core::kernel::{HolderId, Language, MemberId};
use lojal_core::programme::{Programme, Unit, text};
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::{Deserialize, Serialize};

use super::requests::request_count;
use super::{actions, requests, view};
use crate::platform::enrolment::{MemberRow, MemberStatus, member_latest};
use crate::platform::http::subject::as_of_now;
use crate::platform::identity::identity_find_all;
use crate::platform::pages::{Form, Frame, PageError, PageState};
use crate::platform::search::Search;
use crate::platform::staff::{Serves, Staff, Views};
use crate::platform::states::state_find_all;

pub(super) const HERE: &str = "/console/members";
const ON_A_PAGE: usize = 25;

pub fn routes() -> Router<PageState> {
    let member = |action: &str| format!("{HERE}/{{member}}{action}");
    Router::new()
        .route(HERE, get(list).post(search))
        .route("/console/members/search", post(search_only))
        .route(requests::HERE, get(requests::page))
        .route("/console/members/requests/limit", post(requests::change_limit))
        .route("/console/members/requests/{id}/confirm", post(requests::confirm))
        .route("/console/members/requests/{id}/refuse", post(requests::refuse))
        .route(&member(""), get(view::page))
        .route(&member("/adjust"), post(actions::adjust))
        .route(&member("/holds/{transaction}/release"), post(actions::release))
        .route(&member("/redemptions/{transaction}/rollback"), post(actions::roll_back))
        .route(&member("/person"), post(actions::correct))
        .route(&member("/leave"), post(actions::leave))
        .route(&member("/erase"), post(actions::erase))
}

/// The address of a member's page.
pub(super) fn address(member: MemberId) -> String {
    format!("{HERE}/{member}")
}

/// The member that an address names.
pub(super) async fn member_of(state: &PageState, name: &str) -> Result<MemberRow, PageError> {
    let id: MemberId = name.parse().map_err(|_| PageError::NOT_FOUND)?;
    state.application.member(id).await?.ok_or(PageError::NOT_FOUND)
}

#[derive(Default, Deserialize)]
struct ListQuery {
    before: Option<String>,
}

/// A member in a list.
#[derive(Serialize)]
struct RowView {
    id: String,
    name: Option<String>,
    external_id: Option<String>,
    joined: String,
    level: String,
    balance: String,
    has_left: bool,
}

/// What a list is a list of.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
enum Shown {
    Newest,
    Found,
    TooShort,
}

#[derive(Serialize)]
struct ListView {
    shown: Shown,
    rows: Vec<RowView>,
    /// Where the next page begins.
    next: Option<String>,
    has_more: bool,
}

async fn list(
    staff: Staff<Views>,
    State(state): State<PageState>,
    Query(query): Query<ListQuery>,
) -> Result<Response, PageError> {
    let before = query.before.map(|before| before.parse().map_err(|_| PageError::NOT_FOUND)).transpose()?;
    let list = newest(&state, &staff.frame, before).await?;
    whole(&staff, &state, &list, &Form::default(), before.is_none()).await
}

/// What was typed is personal data, so it travels in a form and never in an address.
async fn search(staff: Staff<Views>, State(state): State<PageState>, form: Form) -> Result<Response, PageError> {
    let list = sought(&state, &staff.frame, &form).await?;
    whole(&staff, &state, &list, &form, true).await
}

/// As [`search`], only the piece of the page that changes.
async fn search_only(staff: Staff<Views>, State(state): State<PageState>, form: Form) -> Result<Response, PageError> {
    let list = sought(&state, &staff.frame, &form).await?;
    let content = context! { list => Value::from(Serde(&list)), is_first => true };
    Ok(state.pages.html("members/rows.html", &staff.frame, content)?.into_response())
}

async fn whole(
    staff: &Staff<Views>,
    state: &PageState,
    list: &ListView,
    form: &Form,
    is_first: bool,
) -> Result<Response, PageError> {
    let waiting = request_count(&mut *state.application.database.read().await?).await?;
    let content = context! {
        list => Value::from(Serde(list)),
        form => Value::from(Serde(form)),
        is_first,
        waiting,
        may_serve => staff.may::<Serves>(),
    };
    Ok(state.pages.html("members/list.html", &staff.frame, content)?.into_response())
}

async fn newest(state: &PageState, frame: &Frame, before: Option<MemberId>) -> Result<ListView, PageError> {
    let mut members = member_latest(&mut *state.application.database.read().await?, before, ON_A_PAGE + 1).await?;
    let has_more = members.len() > ON_A_PAGE;
    members.truncate(ON_A_PAGE);
    let next = members.last().filter(|_| has_more).map(|member| member.id.to_string());
    Ok(ListView { shown: Shown::Newest, rows: rows(state, frame, &members).await?, next, has_more })
}

async fn sought(state: &PageState, frame: &Frame, form: &Form) -> Result<ListView, PageError> {
    let typed = form.text("sought");
    if typed.is_empty() {
        return newest(state, frame, None).await;
    }
    let search = Search::new(typed);
    let found = state.application.search_members(&search, ON_A_PAGE).await?;
    let is_short = search.is_too_short() && found.members.is_empty();
    let shown = if is_short { Shown::TooShort } else { Shown::Found };
    Ok(ListView { shown, rows: rows(state, frame, &found.members).await?, next: None, has_more: found.has_more })
}

async fn rows(state: &PageState, frame: &Frame, members: &[MemberRow]) -> Result<Vec<RowView>, PageError> {
    let application = &state.application;
    let mut connection = application.database.read().await?;
    let people = identity_find_all(&mut connection, &application.vault, members.iter().map(|member| member.id)).await?;
    let mut holders: Vec<HolderId> = members.iter().flat_map(|member| [member.id.into(), member.holder()]).collect();
    holders.sort_unstable();
    holders.dedup();
    let states = state_find_all(&mut connection, holders).await?;
    drop(connection);
    let holders: HashMap<HolderId, Holder> =
        states.into_iter().map(|state| (state.holder.id, as_of_now(application, state.holder))).collect();
    let rulebook = application.rulebook();
    let programme = rulebook.live();
    let words = &state.pages.texts(frame.language()).words;
    let calendar = application.calendar();
    let row = |member: &MemberRow| {
        let own = holders.get(&HolderId::from(member.id));
        let spends = holders.get(&member.holder());
        let joined = own.map_or(member.created_at, |own| own.joined_at);
        RowView {
            id: member.id.to_string(),
            name: people.get(&member.id).and_then(|person| person.name.clone()),
            external_id: (!member.is_erased()).then(|| member.external_id.clone()),
            joined: words.date(calendar.date(joined)),
            level: programme
                .zip(own)
                .map(|(programme, own)| level(programme, own, frame.language()))
                .unwrap_or_default(),
            balance: programme
                .zip(spends)
                .and_then(|(programme, spends)| {
                    let unit = main_unit(programme)?;
                    let available = spends.wallets.get(&unit.id).map_or(0, |wallet| wallet.available());
                    Some(words.about(programme).amount(&unit.id, available))
                })
                .unwrap_or_default(),
            has_left: member.status == MemberStatus::Left,
        }
    };
    Ok(members.iter().map(row).collect())
}

/// The unit that members have first of all: one that can be spent, where there is one.
fn main_unit(programme: &Arc<Programme>) -> Option<&Unit> {
    programme.units.iter().find(|unit| unit.spendable).or(programme.units.first())
}

/// The name of the level held on the first ladder.
fn level(programme: &Programme, holder: &Holder, language: Language) -> String {
    let Some(ladder) = programme.ladders.first() else { return String::new() };
    let rank = holder.tiers.get(&ladder.id).and_then(|tier| ladder.rank(&tier.level)).unwrap_or(0);
    ladder.levels.get(rank).map_or(String::new(), |level| text(&level.name, language).to_owned())
}

/// The name in an address.
pub(super) type Named = Path<String>;
