//! `/console/ledger/audits`: the books proved from the data alone, and what was found.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use lojal_core::kernel::{HolderId, MemberId, Part};
use lojal_core::words::Words;
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::{Deserialize, Serialize};
use tokio::runtime::Handle;

use super::{Difference, Report, audit_while};
use crate::platform::database::Database;
use crate::platform::enrolment::member_find_all;
use crate::platform::pages::{PageError, PageState, see_other};
use crate::platform::sql::Connection;
use crate::platform::staff::{Manages, Staff, Views, account_list};
use crate::platform::tasks::{
    Bench, Course, Ended, Kind, State as TaskState, Task, begin, task_begin, task_find, task_list, task_result,
    task_stop,
};

const HERE: &str = "/console/ledger/audits";
/// So many differences are told on the page; all others are counted.
const MOST_TOLD: usize = 200;

pub fn routes() -> Router<PageState> {
    Router::new()
        .route(HERE, get(list).post(start))
        .route("/console/ledger/audits/{id}", get(page))
        .route("/console/ledger/audits/{id}/progress", get(progress))
        .route("/console/ledger/audits/{id}/stop", post(stop))
        .layer(Extension(Bench::default()))
}

/// What is kept of an audit.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Kept {
    holders: u64,
    transactions: u64,
    difference_count: u64,
    differences: Vec<KeptDifference>,
}

#[derive(Debug, Serialize, Deserialize)]
struct KeptDifference {
    #[serde(skip_serializing_if = "Option::is_none")]
    holder: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    transaction: Option<String>,
    what: String,
}

impl From<&Difference> for KeptDifference {
    fn from(difference: &Difference) -> KeptDifference {
        KeptDifference {
            holder: difference.holder.map(|holder| holder.to_string()),
            transaction: difference.transaction.map(|transaction| transaction.to_string()),
            what: difference.what.clone(),
        }
    }
}

impl From<&Report> for Kept {
    fn from(report: &Report) -> Kept {
        Kept {
            holders: report.holders,
            transactions: report.transactions,
            difference_count: report.difference_count,
            differences: report.differences.iter().take(MOST_TOLD).map(KeptDifference::from).collect(),
        }
    }
}

impl Kept {
    async fn of(connection: &mut Connection, task: &Task) -> Result<Option<Kept>, PageError> {
        let result = task_result(connection, task.id).await?;
        result.map(|bytes| serde_json::from_slice(&bytes).map_err(|cause| PageError::internal(&cause))).transpose()
    }
}

#[derive(Serialize)]
struct RowView {
    id: i64,
    started_at: String,
    staff: String,
    state: &'static str,
    /// How far it is.
    reached: String,
    holders: String,
    transactions: String,
    /// None before it is done.
    differences: Option<u64>,
    difference_count: String,
}

/// What a page about audits is made of.
struct Teller<'a> {
    state: &'a PageState,
    words: &'a Words,
    names: BTreeMap<i64, String>,
}

impl<'a> Teller<'a> {
    async fn new(
        state: &'a PageState,
        staff: &Staff<impl Sized>,
        connection: &mut Connection,
    ) -> Result<Teller<'a>, PageError> {
        let names = account_list(connection).await?.into_iter().map(|account| (account.id, account.name)).collect();
        Ok(Teller { state, words: &state.pages.texts(staff.frame.language()).words, names })
    }

    fn row(&self, task: &Task, kept: Option<&Kept>) -> RowView {
        let application = &self.state.application;
        let number = |count: u64| self.words.number(i64::try_from(count).unwrap_or(i64::MAX), 0);
        let count = |count: fn(&Kept) -> u64| kept.map(|kept| number(count(kept))).unwrap_or_default();
        RowView {
            id: task.id,
            started_at: self.words.moment_in(&application.calendar(), task.started_at),
            staff: self.names.get(&task.staff).cloned().unwrap_or_default(),
            state: task.state(application.clock.now()).name(),
            reached: self.words.number(task.progress, 0),
            holders: count(|kept| kept.holders),
            transactions: count(|kept| kept.transactions),
            differences: kept.map(|kept| kept.difference_count),
            difference_count: count(|kept| kept.difference_count),
        }
    }
}

async fn list(staff: Staff<Views>, State(state): State<PageState>) -> Result<Response, PageError> {
    let now = state.application.clock.now();
    let mut connection = state.application.database.read().await?;
    let teller = Teller::new(&state, &staff, &mut connection).await?;
    let tasks = task_list(&mut connection, Kind::Audit, now).await?;
    let mut rows = Vec::with_capacity(tasks.len());
    for task in &tasks {
        rows.push(teller.row(task, Kept::of(&mut connection, task).await?.as_ref()));
    }
    drop(connection);
    let content = context! {
        under_way => tasks.iter().find(|task| task.is_under_way(now)).map(|task| task.id),
        audits => Value::from(Serde(&rows)),
        may_start => staff.may::<Manages>(),
    };
    Ok(state.pages.html("ledger/audits.html", &staff.frame, content)?.into_response())
}

/// Begins, unless one is under way.
async fn start(
    staff: Staff<Manages>,
    State(state): State<PageState>,
    Extension(bench): Extension<Bench>,
) -> Result<Response, PageError> {
    let application = &state.application;
    let now = application.clock.now();
    let Some(turn) = bench.turn() else { return Ok(see_other(HERE)) };
    let id = application.ids.next(Part::PROGRAMME).number();
    let task = Task::new(id, Kind::Audit, staff.account.id, 0, now);
    let mut transaction = application.database.write_aside().await?;
    if !task_begin(&mut transaction, &task).await? {
        return Ok(see_other(HERE));
    }
    staff.note(&mut transaction, application, "audit_started", "", "").await?;
    transaction.commit().await?;
    let (database, runtime) = (application.database.clone(), Handle::current());
    begin(application, &task, turn, move |course| runtime.block_on(carry_out(&database, course)));
    Ok(see_other(&format!("{HERE}/{id}")))
}

async fn carry_out(database: &Database, course: &Course) -> Result<Vec<u8>, Ended> {
    let watch = |holders| {
        course.reach(i64::try_from(holders).unwrap_or(i64::MAX));
        if course.is_to_stop() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let report = audit_while(database, watch).await?.ok_or(Ended::Stopped)?;
    if !report.is_clean() {
        tracing::error!(differences = report.difference_count, "an audit found differences");
    }
    Ok(serde_json::to_vec(&Kept::from(&report))?)
}

async fn found(connection: &mut Connection, id: i64) -> Result<Task, PageError> {
    task_find(connection, Kind::Audit, id).await?.ok_or(PageError::NOT_FOUND)
}

#[derive(Serialize)]
struct DifferenceView<'a> {
    /// As the members' pages are addressed.
    member: Option<String>,
    holder: Option<&'a str>,
    transaction: Option<&'a str>,
    what: &'a str,
}

async fn page(staff: Staff<Views>, State(state): State<PageState>, Path(id): Path<i64>) -> Result<Response, PageError> {
    let mut connection = state.application.database.read().await?;
    let task = found(&mut connection, id).await?;
    let now = state.application.clock.now();
    let is_done = task.state(now) == TaskState::Done;
    let kept = if is_done { Kept::of(&mut connection, &task).await? } else { None };
    let told = kept.as_ref().map(|kept| kept.differences.as_slice()).unwrap_or_default();
    let member = |difference: &KeptDifference| {
        let holder: HolderId = difference.holder.as_deref()?.parse().ok()?;
        Some(MemberId(holder.0))
    };
    let members = member_find_all(&mut connection, told.iter().filter_map(member)).await?;
    let members: BTreeSet<MemberId> = members.into_iter().map(|row| row.id).collect();
    let differences: Vec<DifferenceView<'_>> = told
        .iter()
        .map(|difference| DifferenceView {
            member: member(difference).filter(|member| members.contains(member)).map(|member| member.to_string()),
            holder: difference.holder.as_deref(),
            transaction: difference.transaction.as_deref(),
            what: &difference.what,
        })
        .collect();
    let teller = Teller::new(&state, &staff, &mut connection).await?;
    drop(connection);
    let content = context! {
        audit => Value::from(Serde(&teller.row(&task, kept.as_ref()))),
        differences => Value::from(Serde(&differences)),
        is_under_way => task.is_under_way(now),
        may_stop => staff.may::<Manages>(),
    };
    Ok(state.pages.html("ledger/audit.html", &staff.frame, content)?.into_response())
}

/// How far it is: the piece of the page that is asked for again and again.
async fn progress(
    staff: Staff<Views>,
    State(state): State<PageState>,
    Path(id): Path<i64>,
) -> Result<Html<String>, PageError> {
    let mut connection = state.application.database.read().await?;
    let task = found(&mut connection, id).await?;
    let teller = Teller::new(&state, &staff, &mut connection).await?;
    drop(connection);
    let content = context! {
        audit => Value::from(Serde(&teller.row(&task, None))),
        is_under_way => task.is_under_way(state.application.clock.now()),
    };
    state.pages.html("ledger/audit-progress.html", &staff.frame, content)
}

async fn stop(
    staff: Staff<Manages>,
    State(state): State<PageState>,
    Path(id): Path<i64>,
) -> Result<Response, PageError> {
    let mut transaction = state.application.database.write_aside().await?;
    if task_stop(&mut transaction, Kind::Audit, id).await? {
        staff.note(&mut transaction, &state.application, "audit_stopped", "", "").await?;
    }
    transaction.commit().await?;
    Ok(see_other(&format!("{HERE}/{id}")))
}
