//! Tasks as rows: how far they are, and what they came to.

use jiff::SignedDuration;
use lojal_core::kernel::{Instant, Part};

use crate::platform::progress::progress_set;
use crate::platform::sql::{self, Connection, Row, cells, damaged};

/// For so long a task can be looked at.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);
/// So many can be looked at.
const MOST: i64 = 20;
/// Whoever has not been heard of for so long carries nothing out any more.
const SILENT: SignedDuration = SignedDuration::from_secs(60);
const COLUMNS: &str = "id, kind, staff, started_at, seen_at, subject, state, progress";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Running,
    /// Somebody has asked for that.
    Stopping,
    Done,
    Stopped,
    Failed,
}

impl State {
    const ALL: [State; 5] = [State::Running, State::Stopping, State::Done, State::Stopped, State::Failed];

    pub fn name(self) -> &'static str {
        match self {
            State::Running => "running",
            State::Stopping => "stopping",
            State::Done => "done",
            State::Stopped => "stopped",
            State::Failed => "failed",
        }
    }
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Simulation,
    Audit,
}

impl Kind {
    const ALL: [Kind; 2] = [Kind::Simulation, Kind::Audit];

    pub fn name(self) -> &'static str {
        match self {
            Kind::Simulation => "simulation",
            Kind::Audit => "audit",
        }
    }
}

/// Long work that somebody of the staff has begun.
pub struct Task {
    pub id: i64,
    kind: Kind,
    pub staff: i64,
    pub started_at: Instant,
    seen_at: Instant,
    /// What it is about; for a simulation, the version in force when it was begun.
    pub subject: i64,
    state: State,
    /// How far it is: a simulation in thousandths, an audit in holders.
    pub progress: i64,
}

impl Task {
    pub fn new(id: i64, kind: Kind, staff: i64, subject: i64, now: Instant) -> Task {
        Task { id, kind, staff, started_at: now, seen_at: now, subject, state: State::Running, progress: 0 }
    }

    /// Where it stands; one of which nobody has heard for long has failed.
    pub fn state(&self, now: Instant) -> State {
        let is_silent = now.duration_since(self.seen_at) > SILENT;
        match self.state {
            State::Running | State::Stopping if is_silent => State::Failed,
            state => state,
        }
    }

    pub fn is_under_way(&self, now: Instant) -> bool {
        matches!(self.state(now), State::Running | State::Stopping)
    }

    fn read(row: &Row) -> Result<Task, sql::Error> {
        let moment = |name| Instant::from_microsecond(sql::column(row, name)?).map_err(damaged);
        let state: String = sql::column(row, "state")?;
        let known = State::ALL.into_iter().find(|known| known.name() == state);
        let kind: String = sql::column(row, "kind")?;
        let kind_known = Kind::ALL.into_iter().find(|known| known.name() == kind);
        Ok(Task {
            id: sql::column(row, "id")?,
            kind: kind_known.ok_or_else(|| damaged(format!("a task is called {kind}")))?,
            staff: sql::column(row, "staff")?,
            started_at: moment("started_at")?,
            seen_at: moment("seen_at")?,
            subject: sql::column(row, "subject")?,
            state: known.ok_or_else(|| damaged(format!("a task is {state}")))?,
            progress: sql::column(row, "progress")?,
        })
    }
}

/// Notes that it begins, unless another one of its kind is under way in whatever process, and forgets those that are
/// old. Answers whether it was noted.
pub async fn task_begin(connection: &mut Connection, new: &Task) -> Result<bool, sql::Error> {
    // Whoever begins one at the same moment waits for the end of this transaction, and then sees what it has noted.
    let work = format!("{} begun", new.kind.name());
    progress_set(connection, Part::PROGRAMME, &work, new.id, new.started_at).await?;
    let known = task_list(connection, new.kind, new.started_at).await?;
    if known.iter().any(|task| task.is_under_way(new.started_at)) {
        return Ok(false);
    }
    let sql = "delete from task where part = ? and started_at < ?";
    let before = new.started_at.saturating_sub(KEPT).map_err(damaged)?;
    sql::execute(connection, sql, cells![Part::PROGRAMME.number(), before.as_microsecond()]).await?;
    let sql = "insert into task (part, id, kind, staff, started_at, seen_at, subject, state, progress, result)
               values (?, ?, ?, ?, ?, ?, ?, ?, 0, ?)";
    let (started, seen) = (new.started_at.as_microsecond(), new.seen_at.as_microsecond());
    let cells = cells![
        Part::PROGRAMME.number(),
        new.id,
        new.kind.name(),
        new.staff,
        started,
        seen,
        new.subject,
        new.state.name(),
        Vec::<u8>::new()
    ];
    sql::execute(connection, sql, cells).await?;
    Ok(true)
}

pub async fn task_find(connection: &mut Connection, kind: Kind, id: i64) -> Result<Option<Task>, sql::Error> {
    let sql = format!("select {COLUMNS} from task where part = ? and id = ? and kind = ?");
    let row = sql::row(connection, &sql, cells![Part::PROGRAMME.number(), id, kind.name()]).await?;
    row.as_ref().map(Task::read).transpose()
}

/// The latest first.
pub async fn task_list(connection: &mut Connection, kind: Kind, now: Instant) -> Result<Vec<Task>, sql::Error> {
    let sql =
        format!("select {COLUMNS} from task where part = ? and kind = ? and started_at >= ? order by id desc limit ?");
    let since = now.saturating_sub(KEPT).map_err(damaged)?;
    let cells = cells![Part::PROGRAMME.number(), kind.name(), since.as_microsecond(), MOST];
    sql::rows(connection, &sql, cells).await?.iter().map(Task::read).collect()
}

/// What it came to, once it is done.
pub async fn task_result(connection: &mut Connection, id: i64) -> Result<Option<Vec<u8>>, sql::Error> {
    let sql = "select result from task where part = ? and id = ?";
    let row = sql::row(connection, sql, cells![Part::PROGRAMME.number(), id]).await?;
    let result: Option<Vec<u8>> = row.map(|row| sql::column(&row, "result")).transpose()?;
    Ok(result.filter(|result| !result.is_empty()))
}

/// Notes how far it is; answers whether it is to go on.
pub(super) async fn task_progress(
    connection: &mut Connection,
    id: i64,
    progress: i64,
    now: Instant,
) -> Result<bool, sql::Error> {
    let sql = "update task set progress = ?, seen_at = ? where part = ? and id = ?";
    let cells = cells![progress, now.as_microsecond(), Part::PROGRAMME.number(), id];
    sql::execute(connection, sql, cells).await?;
    let sql = "select state from task where part = ? and id = ?";
    let row = sql::row(connection, sql, cells![Part::PROGRAMME.number(), id]).await?;
    let state: Option<String> = row.map(|row| sql::column(&row, "state")).transpose()?;
    Ok(state.as_deref() == Some(State::Running.name()))
}

/// Asks for it to be stopped; it goes on for a moment.
pub async fn task_stop(connection: &mut Connection, kind: Kind, id: i64) -> Result<bool, sql::Error> {
    let sql = "update task set state = 'stopping' where part = ? and id = ? and kind = ? and state = 'running'";
    Ok(sql::execute(connection, sql, cells![Part::PROGRAMME.number(), id, kind.name()]).await? > 0)
}

pub(super) async fn task_finish(
    connection: &mut Connection,
    id: i64,
    state: State,
    (progress, result): (i64, Vec<u8>),
    now: Instant,
) -> Result<(), sql::Error> {
    let sql = "update task set state = ?, result = ?, progress = ?, seen_at = ? where part = ? and id = ?";
    let cells = cells![state.name(), result, progress, now.as_microsecond(), Part::PROGRAMME.number(), id];
    sql::execute(connection, sql, cells).await?;
    Ok(())
}
