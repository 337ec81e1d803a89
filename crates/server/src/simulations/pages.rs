//! `/console/programme/simulations`: the draft tried on the shop's own past.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use lojal_core::kernel::{Language, Part};
use lojal_core::programme::Programme;
use lojal_core::programme::diff::compare;
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::Serialize;

use super::course::{Trial, carry_out};
use super::kept::Kept;
use crate::platform::application::Application;
use crate::platform::drafts::draft_find;
use crate::platform::enrolment::member_latest;
use crate::platform::journal::History;
use crate::platform::pages::{Frame, PageError, PageState, see_other};
use crate::platform::rulebook::check;
use crate::platform::staff::{Manages, Staff, Views, account_list};
use crate::platform::tasks::{
    Bench, Kind, State as TaskState, Task, begin, task_begin, task_find, task_list, task_result, task_stop,
};

const HERE: &str = "/console/programme/simulations";

pub fn routes() -> Router<PageState> {
    Router::new()
        .route(HERE, get(list).post(start))
        .route("/console/programme/simulations/{id}", get(page))
        .route("/console/programme/simulations/{id}/progress", get(progress))
        .route("/console/programme/simulations/{id}/stop", post(stop))
        .route("/console/programme/simulations/{id}/files/{name}", get(file))
        .layer(Extension(Bench::default()))
}

/// What there is to try.
enum Draft {
    None,
    /// It is what is in force already.
    Same,
    /// So many mistakes are in the way.
    Mistaken(usize),
    /// It reckons in other money than the version in force, so that nothing can be compared.
    OtherMoney,
    Ready(Box<Programme>),
}

impl Draft {
    fn name(&self) -> &'static str {
        match self {
            Draft::None => "none",
            Draft::Same => "same",
            Draft::Mistaken(_) => "mistaken",
            Draft::OtherMoney => "other-money",
            Draft::Ready(_) => "ready",
        }
    }
}

async fn draft(application: &Application, live: &Programme) -> Result<Draft, PageError> {
    let Some(document) = draft_find(&mut *application.database.read().await?).await? else { return Ok(Draft::None) };
    Ok(match check(&document, None) {
        Err(findings) => Draft::Mistaken(findings.len()),
        Ok(checked) if checked.programme.currency != live.currency => Draft::OtherMoney,
        Ok(checked) => {
            let diff = compare(live, &checked.programme, application.clock.now());
            if diff.changes.is_empty() { Draft::Same } else { Draft::Ready(Box::new(checked.programme)) }
        }
    })
}

#[derive(Serialize)]
struct RowView {
    id: i64,
    started_at: String,
    staff: String,
    against: i64,
    state: &'static str,
}

fn views(
    application: &Application,
    state: &PageState,
    frame: &Frame,
    simulations: &[Task],
    names: &BTreeMap<i64, String>,
) -> Vec<RowView> {
    let words = &state.pages.texts(frame.language()).words;
    let (calendar, now) = (application.calendar(), application.clock.now());
    let view = |simulation: &Task| RowView {
        id: simulation.id,
        started_at: words.moment_in(&calendar, simulation.started_at),
        staff: names.get(&simulation.staff).cloned().unwrap_or_default(),
        against: simulation.subject,
        state: simulation.state(now).name(),
    };
    simulations.iter().map(view).collect()
}

async fn list(staff: Staff<Views>, State(state): State<PageState>) -> Result<Response, PageError> {
    let application = &state.application;
    let now = application.clock.now();
    let live = application.rulebook().live().cloned();
    let draft = match &live {
        Some(live) => Some(draft(application, live).await?),
        None => None,
    };
    let mut connection = application.database.read().await?;
    let simulations = task_list(&mut connection, Kind::Simulation, now).await?;
    let has_past = !member_latest(&mut connection, None, 1).await?.is_empty();
    let names = account_list(&mut connection).await?.into_iter().map(|account| (account.id, account.name)).collect();
    drop(connection);
    let under_way = simulations.iter().find(|simulation| simulation.is_under_way(now));
    let mistakes = match &draft {
        Some(Draft::Mistaken(mistakes)) => *mistakes,
        _ => 0,
    };
    let content = context! {
        draft => draft.as_ref().map_or("unpublished", Draft::name),
        mistakes,
        has_past,
        under_way => under_way.map(|simulation| simulation.id),
        version => live.map(|live| live.version),
        simulations => Value::from(Serde(views(application, &state, &staff.frame, &simulations, &names))),
        may_start => staff.may::<Manages>(),
    };
    Ok(state.pages.html("simulations/list.html", &staff.frame, content)?.into_response())
}

/// Begins, where nothing is in the way; else the list says what is.
async fn start(
    staff: Staff<Manages>,
    State(state): State<PageState>,
    Extension(bench): Extension<Bench>,
) -> Result<Response, PageError> {
    let application = &state.application;
    let now = application.clock.now();
    let Some(live) = application.rulebook().live().cloned() else { return Ok(see_other(HERE)) };
    let Draft::Ready(tried) = draft(application, &live).await? else { return Ok(see_other(HERE)) };
    let Some(turn) = bench.turn() else { return Ok(see_other(HERE)) };
    let id = application.ids.next(Part::PROGRAMME).number();
    let simulation = Task::new(id, Kind::Simulation, staff.account.id, i64::from(live.version), now);
    let mut transaction = application.database.write_aside().await?;
    if !task_begin(&mut transaction, &simulation).await? {
        return Ok(see_other(HERE));
    }
    staff.note(&mut transaction, application, "simulation_started", "", "").await?;
    transaction.commit().await?;
    let said = |language| (language, state.pages.texts(language).say("simulation-source", None, &[]));
    let trial = Trial {
        tried: *tried,
        live: live.as_ref().clone(),
        source: Language::ALL.map(said).into(),
        history: [History::of(&application.database), History::of(&application.database)],
        until: now,
    };
    begin(application, &simulation, turn, move |course| carry_out(trial, course));
    Ok(see_other(&format!("{HERE}/{id}")))
}

async fn found(state: &PageState, id: i64) -> Result<Task, PageError> {
    task_find(&mut *state.application.database.read().await?, Kind::Simulation, id).await?.ok_or(PageError::NOT_FOUND)
}

async fn kept(state: &PageState, id: i64) -> Result<Option<Kept>, PageError> {
    let packed = task_result(&mut *state.application.database.read().await?, id).await?;
    packed.map(|packed| Kept::unpacked(&packed).map_err(|cause| PageError::internal(&cause))).transpose()
}

async fn page(staff: Staff<Views>, State(state): State<PageState>, Path(id): Path<i64>) -> Result<Response, PageError> {
    let simulation = found(&state, id).await?;
    let application = &state.application;
    let now = application.clock.now();
    let kept = if simulation.state(now) == TaskState::Done { kept(&state, id).await? } else { None };
    let names = account_list(&mut *application.database.read().await?).await?;
    let names = names.into_iter().map(|account| (account.id, account.name)).collect();
    let row = views(application, &state, &staff.frame, std::slice::from_ref(&simulation), &names);
    let report = kept.as_ref().and_then(|kept| kept.page(staff.frame.language())).cloned();
    let content = context! {
        simulation => Value::from(Serde(row.first())),
        share => simulation.progress / 10,
        is_under_way => simulation.is_under_way(now),
        report => Value::from(Serde(&report)),
        files => kept.as_ref().map(|kept| kept.names().map(str::to_owned).collect::<Vec<_>>()).unwrap_or_default(),
        may_stop => staff.may::<Manages>(),
    };
    Ok(state.pages.html("simulations/simulation.html", &staff.frame, content)?.into_response())
}

/// How far it is: the piece of the page that is asked for again and again.
async fn progress(
    staff: Staff<Views>,
    State(state): State<PageState>,
    Path(id): Path<i64>,
) -> Result<Html<String>, PageError> {
    let simulation = found(&state, id).await?;
    let now = state.application.clock.now();
    let content = context! {
        simulation => context! { id, state => simulation.state(now).name() },
        share => simulation.progress / 10,
        is_under_way => simulation.is_under_way(now),
    };
    state.pages.html("simulations/progress.html", &staff.frame, content)
}

async fn stop(
    staff: Staff<Manages>,
    State(state): State<PageState>,
    Path(id): Path<i64>,
) -> Result<Response, PageError> {
    found(&state, id).await?;
    let mut transaction = state.application.database.write_aside().await?;
    if task_stop(&mut transaction, Kind::Simulation, id).await? {
        staff.note(&mut transaction, &state.application, "simulation_stopped", "", "").await?;
    }
    transaction.commit().await?;
    Ok(see_other(&format!("{HERE}/{id}")))
}

/// A file to take along: `simulation.json`, or a table for a spreadsheet.
async fn file(
    _: Staff<Views>,
    State(state): State<PageState>,
    Path((id, name)): Path<(i64, String)>,
) -> Result<Response, PageError> {
    let kept = kept(&state, id).await?.ok_or(PageError::NOT_FOUND)?;
    let content = kept.file(&name).ok_or(PageError::NOT_FOUND)?.to_owned();
    let kind = if name.ends_with(".json") { "application/json" } else { "text/csv; charset=utf-8" };
    let mut response = content.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response.headers_mut().insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    Ok(response)
}
