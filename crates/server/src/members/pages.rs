//! `/console/members`: who takes part, and finding one of them.

use std::collections::{BTreeMap, HashMap};

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use lojal_core::holder::Holder;
use lojal_core::kernel::{HolderId, Language, MemberId, Money};
use lojal_core::programme::{Level, Programme, text};
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::Serialize;

use super::filter::{Asked, read_place, write_place};
use super::holders::{HolderView, holders as called};
use super::requests::requests_count;
use super::segments::{Segment, SegmentView, count_again, segment_list};
use super::{actions, cards, export, filter, merge_decisions, merges, requests, segments, view};
use crate::platform::enrolment::{MemberRow, MemberStatus, member_find_all, member_latest};
use crate::platform::figures::{Look, Place, cards_of, members_listed};
use crate::platform::http::subject::as_of_now;
use crate::platform::identity::identity_find_all;
use crate::platform::pages::{Form, Frame, PageError, PageState};
use crate::platform::search::Search;
use crate::platform::staff::{Manages, Serves, Staff, Views};
use crate::platform::states::state_find_all;

pub(super) const HERE: &str = "/console/members";
const ON_A_PAGE: usize = 25;

pub fn routes() -> Router<PageState> {
    let member = |action: &str| format!("{HERE}/{{member}}{action}");
    Router::new()
        .route(HERE, get(list).post(search))
        .route("/console/members/search", post(search_only))
        .route("/console/members/export", post(export::export))
        .route("/console/members/segments", post(segments::keep))
        .route("/console/members/segments/{id}/forget", post(segments::forget))
        .route(requests::HERE, get(requests::page))
        .route("/console/members/requests/limit", post(requests::change_limit))
        .route("/console/members/requests/{id}/confirm", post(requests::confirm))
        .route("/console/members/requests/{id}/refuse", post(requests::refuse))
        .route(&format!("{}/{{id}}", merge_decisions::HERE), get(merge_decisions::request))
        .route(&format!("{}/{{id}}/confirm", merge_decisions::HERE), post(merge_decisions::confirm))
        .route(&format!("{}/{{id}}/refuse", merge_decisions::HERE), post(merge_decisions::refuse))
        .route(&member(""), get(view::page))
        .route(&member("/merge"), get(merges::page).post(merges::submit))
        .route(&member("/merge/search"), post(merges::search))
        .route(&member("/adjust"), post(actions::adjust))
        .route(&member("/holds/{transaction}/release"), post(actions::release))
        .route(&member("/redemptions/{transaction}/rollback"), post(actions::roll_back))
        .route(&member("/person"), post(actions::correct))
        .route(&member("/cards"), post(cards::give))
        .route(&member("/cards/{card}/block"), post(cards::block))
        .route(&member("/cards/{card}/replace"), post(cards::replace))
        .route(&member("/cards/{card}/move"), post(cards::pass_on))
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

/// A member in a list.
#[derive(Serialize)]
pub(super) struct RowView {
    id: String,
    name: Option<String>,
    external_id: Option<String>,
    joined: String,
    level: String,
    balance: String,
    /// What was counted of them; nothing yet for whoever has just come.
    bought: Option<BoughtView>,
    has_left: bool,
    /// Whose account it was.
    merged_into: Option<HolderView>,
}

#[derive(Serialize)]
struct BoughtView {
    orders: String,
    spent: String,
    last: Option<String>,
}

/// What a list is a list of.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
enum Shown {
    Newest,
    Filtered,
    /// Something that was asked for cannot be read.
    Unclear,
    Found,
    TooShort,
}

#[derive(Serialize)]
struct ListView {
    shown: Shown,
    rows: Vec<RowView>,
    /// What the address of the next page ends in.
    next: Option<String>,
    has_more: bool,
    /// Whether the look ended before the page was full.
    ended_early: bool,
    is_first: bool,
}

/// The form by which a list is filtered.
#[derive(Serialize)]
struct FilterView {
    form: Form,
    is_open: bool,
    /// As an address says it; empty where nothing is asked for.
    written: String,
    /// Levels with their names.
    levels: Vec<(String, String)>,
    last: [&'static str; 8],
    expires: [&'static str; 3],
    orders: [&'static str; 5],
    /// The name under which it is kept already.
    name: Option<String>,
}

async fn list(
    staff: Staff<Views>,
    State(state): State<PageState>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, PageError> {
    let frame = &staff.frame;
    let asked = asked(&state, frame, &query);
    let is_sound = asked.form.is_sound();
    let list = if !is_sound {
        ListView {
            shown: Shown::Unclear,
            rows: Vec::new(),
            next: None,
            has_more: false,
            ended_early: false,
            is_first: true,
        }
    } else if asked.is_nothing() {
        let before = query.get("before").map(|before| before.parse().map_err(|_| PageError::NOT_FOUND)).transpose()?;
        newest(&state, frame, before).await?
    } else {
        let after = query.get("after").map(|after| read_place(after).ok_or(PageError::NOT_FOUND)).transpose()?;
        filtered(&state, frame, &asked, after).await?
    };
    let done = query.get("done").map(String::as_str).filter(|done| ["kept", "too-many"].contains(done));
    whole(&staff, &state, &list, &Form::default(), &asked, done).await
}

fn asked(state: &PageState, frame: &Frame, query: &BTreeMap<String, String>) -> Asked {
    let rulebook = state.application.rulebook();
    let Some(programme) = rulebook.live() else { return Asked::default() };
    Asked::read(query, programme, frame.language(), &programme.calendar, state.application.clock.now())
}

/// What was typed is personal data, so it travels in a form and never in an address.
async fn search(staff: Staff<Views>, State(state): State<PageState>, form: Form) -> Result<Response, PageError> {
    let list = sought(&state, &staff.frame, &form).await?;
    whole(&staff, &state, &list, &form, &Asked::default(), None).await
}

/// As [`search`], only the piece of the page that changes.
async fn search_only(staff: Staff<Views>, State(state): State<PageState>, form: Form) -> Result<Response, PageError> {
    let list = sought(&state, &staff.frame, &form).await?;
    let content = context! { list => Value::from(Serde(&list)) };
    Ok(state.pages.html("members/rows.html", &staff.frame, content)?.into_response())
}

async fn whole(
    staff: &Staff<Views>,
    state: &PageState,
    list: &ListView,
    form: &Form,
    asked: &Asked,
    done: Option<&str>,
) -> Result<Response, PageError> {
    let mut connection = state.application.database.read().await?;
    let waiting = requests_count(&mut connection).await?;
    let segments = segment_list(&mut connection).await?;
    drop(connection);
    count_again(&state.application, &segments);
    let written = asked.written();
    let words = &state.pages.texts(staff.frame.language()).words;
    let view = |segment: Segment| SegmentView {
        id: segment.id,
        address: format!("{HERE}?{}", segment.filter),
        members: segment.members.map(|members| words.number(members, 0)),
        is_chosen: segment.filter == written,
        name: segment.name,
    };
    let segments: Vec<SegmentView> = segments.into_iter().map(view).collect();
    let chosen = segments.iter().find(|segment| segment.is_chosen).map(|segment| segment.name.clone());
    let filter = filter_view(state, &staff.frame, asked, written, chosen);
    let content = context! {
        list => Value::from(Serde(list)),
        form => Value::from(Serde(form)),
        filter => Value::from(Serde(&filter)),
        segments => Value::from(Serde(&segments)),
        done,
        waiting,
        may_serve => staff.may::<Serves>(),
        may_manage => staff.may::<Manages>(),
    };
    Ok(state.pages.html("members/list.html", &staff.frame, content)?.into_response())
}

fn filter_view(
    state: &PageState,
    frame: &Frame,
    asked: &Asked,
    written: String,
    name: Option<String>,
) -> Option<FilterView> {
    let rulebook = state.application.rulebook();
    let programme = rulebook.live()?;
    let levels = programme.ladders.first().map(|ladder| &ladder.levels[..]).unwrap_or_default();
    let level = |level: &Level| (level.id.to_string(), text(&level.name, frame.language()).to_owned());
    Some(FilterView {
        form: asked.form.clone(),
        is_open: !asked.is_nothing(),
        written,
        levels: levels.iter().map(level).collect(),
        last: filter::LAST,
        expires: filter::EXPIRES,
        orders: filter::ORDERS,
        name,
    })
}

async fn newest(state: &PageState, frame: &Frame, before: Option<MemberId>) -> Result<ListView, PageError> {
    let mut members = member_latest(&mut *state.application.database.read().await?, before, ON_A_PAGE + 1).await?;
    let has_more = members.len() > ON_A_PAGE;
    members.truncate(ON_A_PAGE);
    let next = members.last().filter(|_| has_more).map(|member| format!("before={}", member.id));
    let rows = rows(state, frame, &members).await?;
    Ok(ListView { shown: Shown::Newest, rows, next, has_more, ended_early: false, is_first: before.is_none() })
}

async fn filtered(
    state: &PageState,
    frame: &Frame,
    asked: &Asked,
    after: Option<Place>,
) -> Result<ListView, PageError> {
    let mut connection = state.application.database.read().await?;
    let listing = members_listed(&mut connection, &asked.filter, asked.order, after, ON_A_PAGE, Look::USUAL).await?;
    let ids: Vec<MemberId> = listing.members.iter().map(|card| card.member).collect();
    let mut members = member_find_all(&mut connection, ids.iter().copied()).await?;
    drop(connection);
    members.sort_by_key(|member| ids.iter().position(|id| *id == member.id));
    let next = listing.next.map(|place| format!("{}&after={}", asked.written(), write_place(place)));
    Ok(ListView {
        shown: Shown::Filtered,
        rows: rows(state, frame, &members).await?,
        has_more: next.is_some(),
        next,
        ended_early: listing.ended_early,
        is_first: after.is_none(),
    })
}

async fn sought(state: &PageState, frame: &Frame, form: &Form) -> Result<ListView, PageError> {
    let typed = form.text("sought");
    if typed.is_empty() {
        return newest(state, frame, None).await;
    }
    let search = Search::new(typed);
    let mut found = state.application.search_members(&search, ON_A_PAGE).await?;
    // An account that was merged is found as well, below whoever is still there.
    found.members.sort_by_key(|member| survivor(member).is_some());
    let is_short = search.is_too_short() && found.members.is_empty();
    let shown = if is_short { Shown::TooShort } else { Shown::Found };
    let rows = rows(state, frame, &found.members).await?;
    Ok(ListView { shown, rows, next: None, has_more: found.has_more, ended_early: false, is_first: true })
}

pub(super) async fn rows(state: &PageState, frame: &Frame, members: &[MemberRow]) -> Result<Vec<RowView>, PageError> {
    let application = &state.application;
    let mut connection = application.database.read().await?;
    let people = identity_find_all(&mut connection, &application.vault, members.iter().map(|member| member.id)).await?;
    let mut holders: Vec<HolderId> = members.iter().flat_map(|member| [member.id.into(), member.holder()]).collect();
    holders.sort_unstable();
    holders.dedup();
    let states = state_find_all(&mut connection, holders).await?;
    let cards = cards_of(&mut connection, members.iter().map(|member| member.id.into())).await?;
    let survivors = called(state, &mut connection, members.iter().filter_map(survivor)).await?;
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
                    let unit = programme.main_unit()?;
                    let available = spends.wallets.get(&unit.id).map_or(0, |wallet| wallet.available());
                    Some(words.about(programme).amount(&unit.id, available))
                })
                .unwrap_or_default(),
            bought: programme.zip(cards.get(&member.id.into())).map(|(programme, card)| BoughtView {
                orders: words.number(card.orders(), 0),
                spent: words.about(programme).money(Money(card.spent())),
                last: card.last_order_at().map(|at| words.date(calendar.date(at))),
            }),
            has_left: member.status == MemberStatus::Left,
            merged_into: survivor(member).and_then(|into| survivors.get(&into).cloned()),
        }
    };
    Ok(members.iter().map(row).collect())
}

/// Whose account it was.
fn survivor(member: &MemberRow) -> Option<HolderId> {
    match member.status {
        MemberStatus::Merged { into } => Some(into.into()),
        MemberStatus::Active | MemberStatus::Left => None,
    }
}

/// The name of the level held on the first ladder.
fn level(programme: &Programme, holder: &Holder, language: Language) -> String {
    let Some(ladder) = programme.ladders.first() else { return String::new() };
    let rank = holder.tiers.get(&ladder.id).and_then(|tier| ladder.rank(&tier.level)).unwrap_or(0);
    ladder.levels.get(rank).map_or(String::new(), |level| text(&level.name, language).to_owned())
}

/// The name in an address.
pub(super) type Named = Path<String>;
