//! Filters that somebody has given a name.

use axum::extract::{Path, State};
use axum::response::Response;
use jiff::SignedDuration;
use lojal_core::kernel::{Instant, Language, Part};
use serde::Serialize;

use super::filter::{Asked, fields};
use super::pages::HERE;
use crate::platform::application::Application;
use crate::platform::clock::instant;
use crate::platform::figures::members_counted;
use crate::platform::pages::{Form, PageError, PageState, see_other};
use crate::platform::sql::{self, Connection, Row, cells};
use crate::platform::staff::{Manages, Staff};

/// More than this nobody finds their way among.
const MOST: i64 = 50;
const LONGEST_NAME: usize = 60;
/// How old a count may be.
const RECOUNTED: SignedDuration = SignedDuration::from_hours(1);

pub struct Segment {
    pub id: i64,
    pub name: String,
    /// As an address says it.
    pub filter: String,
    /// How many members it had when they were last counted.
    pub members: Option<i64>,
    pub counted_at: Option<Instant>,
}

/// A segment to choose.
#[derive(Serialize)]
pub struct SegmentView {
    pub id: i64,
    pub name: String,
    pub address: String,
    pub members: Option<String>,
    pub is_chosen: bool,
}

impl Segment {
    fn read(row: &Row) -> Result<Segment, sql::Error> {
        Ok(Segment {
            id: sql::column(row, "id")?,
            name: sql::column(row, "name")?,
            filter: sql::column(row, "filter")?,
            members: sql::column(row, "members")?,
            counted_at: sql::column::<Option<i64>>(row, "counted_at")?.map(instant),
        })
    }
}

/// In the order of their names.
pub async fn segment_list(connection: &mut Connection) -> Result<Vec<Segment>, sql::Error> {
    let sql = "select id, name, filter, members, counted_at from segment where part = ? order by name";
    sql::rows(connection, sql, cells![Part::PROGRAMME.number()]).await?.iter().map(Segment::read).collect()
}

/// Keeps what a list shows under a name; the same name again stands for something else from now on.
pub async fn keep(staff: Staff<Manages>, State(state): State<PageState>, form: Form) -> Result<Response, PageError> {
    let application = &state.application;
    let name: String = form.text("name").chars().take(LONGEST_NAME).collect();
    let Some(asked) = asked(&state.application, form.text("filter")) else { return Err(PageError::NOT_FOUND) };
    let address = format!("{HERE}?{}", asked.written());
    if name.is_empty() || asked.is_nothing() || !asked.form.is_sound() {
        return Ok(see_other(&address));
    }
    let now = application.clock.now();
    let mut transaction = application.database.write_aside().await?;
    let sql = "select count(*) as segments from segment where part = ? and name <> ?";
    let row = sql::row(&mut transaction, sql, cells![Part::PROGRAMME.number(), name.as_str()]).await?;
    let there_are = row.as_ref().map_or(Ok(0), |row| sql::column::<i64>(row, "segments"))?;
    if there_are >= MOST {
        transaction.rollback().await?;
        return Ok(see_other(&format!("{address}&done=too-many")));
    }
    let id = application.ids.next(Part::PROGRAMME).number();
    let sql = "insert into segment (part, id, name, filter, made_by, made_at) values (?, ?, ?, ?, ?, ?)
               on conflict (part, name) do update set filter = excluded.filter, made_by = excluded.made_by,
               made_at = excluded.made_at, members = null, counted_at = null";
    let cells =
        cells![Part::PROGRAMME.number(), id, name.as_str(), asked.written(), staff.account.id, now.as_microsecond()];
    sql::execute(&mut transaction, sql, cells).await?;
    staff.note(&mut transaction, application, "segment_kept", name, asked.written()).await?;
    transaction.commit().await?;
    Ok(see_other(&format!("{address}&done=kept")))
}

pub async fn forget(
    staff: Staff<Manages>,
    State(state): State<PageState>,
    Path(id): Path<i64>,
) -> Result<Response, PageError> {
    let mut transaction = state.application.database.write_aside().await?;
    let sql = "delete from segment where part = ? and id = ?";
    if sql::execute(&mut transaction, sql, cells![Part::PROGRAMME.number(), id]).await? == 0 {
        return Err(PageError::NOT_FOUND);
    }
    staff.note(&mut transaction, &state.application, "segment_forgotten", id.to_string(), "").await?;
    transaction.commit().await?;
    Ok(see_other(HERE))
}

/// What a written filter asks for, today.
fn asked(application: &Application, written: &str) -> Option<Asked> {
    let programme = application.rulebook().live().cloned()?;
    // Amounts are written as every language reads them.
    let now = application.clock.now();
    let language = Language::En;
    Some(Asked::read(&fields(written), &programme, language, &programme.calendar, now))
}

/// Counts the members of segments again that were counted long ago, without making anybody wait.
pub fn count_again(application: &Application, segments: &[Segment]) {
    let now = application.clock.now();
    let is_old = |segment: &&Segment| segment.counted_at.is_none_or(|at| now.duration_since(at) >= RECOUNTED);
    let old: Vec<(i64, String)> =
        segments.iter().filter(is_old).map(|segment| (segment.id, segment.filter.clone())).collect();
    if old.is_empty() {
        return;
    }
    let application = application.clone();
    tokio::spawn(async move {
        for (id, filter) in old {
            if let Err(cause) = count(&application, id, &filter).await {
                tracing::warn!(%cause, "a group of members could not be counted");
            }
        }
    });
}

async fn count(application: &Application, id: i64, filter: &str) -> Result<(), sql::Error> {
    let now = application.clock.now();
    let before = now.saturating_sub(RECOUNTED).unwrap_or(now).as_microsecond();
    // Whoever says so first counts.
    let mut transaction = application.database.write_aside().await?;
    let sql = "update segment set counted_at = ?
               where part = ? and id = ? and (counted_at is null or counted_at <= ?)";
    let cells = cells![now.as_microsecond(), Part::PROGRAMME.number(), id, before];
    let is_first = sql::execute(&mut transaction, sql, cells).await? == 1;
    transaction.commit().await?;
    if !is_first {
        return Ok(());
    }
    let Some(asked) = asked(application, filter).filter(|asked| asked.form.is_sound()) else {
        // A level that is gone, for one: there is no number any more.
        let mut transaction = application.database.write_aside().await?;
        let sql = "update segment set members = null where part = ? and id = ?";
        sql::execute(&mut transaction, sql, cells![Part::PROGRAMME.number(), id]).await?;
        return transaction.commit().await;
    };
    let mut members = 0;
    let mut place = None;
    loop {
        // Others read and work in between.
        let mut connection = application.database.read().await?;
        let (counted, next) = members_counted(&mut connection, &asked.filter, asked.order, place).await?;
        drop(connection);
        members += counted;
        place = next;
        if place.is_none() {
            break;
        }
        tokio::task::yield_now().await;
    }
    let mut transaction = application.database.write_aside().await?;
    let sql = "update segment set members = ? where part = ? and id = ? and filter = ?";
    sql::execute(&mut transaction, sql, cells![members, Part::PROGRAMME.number(), id, filter]).await?;
    transaction.commit().await
}
