//! Simulations as rows: how far they are, and what they came to.

use jiff::SignedDuration;
use lojal_core::kernel::{Instant, Part};

use crate::platform::sql::{self, Connection, Row, cells, damaged};

/// For so long a simulation can be looked at.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);
/// So many can be looked at.
const MOST: i64 = 20;
/// Whoever has not been heard of for so long carries nothing out any more.
const SILENT: SignedDuration = SignedDuration::from_secs(60);
const COLUMNS: &str = "id, staff, started_at, seen_at, against, state, progress";

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

pub struct Simulation {
    pub id: i64,
    pub staff: i64,
    pub started_at: Instant,
    seen_at: Instant,
    /// The version in force when it was begun.
    pub against: i64,
    state: State,
    /// In thousandths.
    pub progress: i64,
}

impl Simulation {
    pub fn new(id: i64, staff: i64, against: u32, now: Instant) -> Simulation {
        let against = i64::from(against);
        Simulation { id, staff, started_at: now, seen_at: now, against, state: State::Running, progress: 0 }
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

    fn read(row: &Row) -> Result<Simulation, sql::Error> {
        let moment = |name| Instant::from_microsecond(sql::column(row, name)?).map_err(damaged);
        let state: String = sql::column(row, "state")?;
        let known = State::ALL.into_iter().find(|known| known.name() == state);
        Ok(Simulation {
            id: sql::column(row, "id")?,
            staff: sql::column(row, "staff")?,
            started_at: moment("started_at")?,
            seen_at: moment("seen_at")?,
            against: sql::column(row, "against")?,
            state: known.ok_or_else(|| damaged(format!("a simulation is {state}")))?,
            progress: sql::column(row, "progress")?,
        })
    }
}

/// Notes that it begins, and forgets those that are old.
pub async fn simulation_insert(connection: &mut Connection, new: &Simulation) -> Result<(), sql::Error> {
    let sql = "delete from simulation where part = ? and started_at < ?";
    let before = new.started_at.saturating_sub(KEPT).map_err(damaged)?;
    sql::execute(connection, sql, cells![Part::PROGRAMME.number(), before.as_microsecond()]).await?;
    let sql = "insert into simulation (part, id, staff, started_at, seen_at, against, state, progress, result)
               values (?, ?, ?, ?, ?, ?, ?, 0, ?)";
    let (started, seen) = (new.started_at.as_microsecond(), new.seen_at.as_microsecond());
    let cells = cells![
        Part::PROGRAMME.number(),
        new.id,
        new.staff,
        started,
        seen,
        new.against,
        new.state.name(),
        Vec::<u8>::new()
    ];
    sql::execute(connection, sql, cells).await?;
    Ok(())
}

pub async fn simulation_find(connection: &mut Connection, id: i64) -> Result<Option<Simulation>, sql::Error> {
    let sql = format!("select {COLUMNS} from simulation where part = ? and id = ?");
    let row = sql::row(connection, &sql, cells![Part::PROGRAMME.number(), id]).await?;
    row.as_ref().map(Simulation::read).transpose()
}

/// The latest first.
pub async fn simulation_list(connection: &mut Connection, now: Instant) -> Result<Vec<Simulation>, sql::Error> {
    let sql = format!("select {COLUMNS} from simulation where part = ? and started_at >= ? order by id desc limit ?");
    let since = now.saturating_sub(KEPT).map_err(damaged)?;
    let rows = sql::rows(connection, &sql, cells![Part::PROGRAMME.number(), since.as_microsecond(), MOST]).await?;
    rows.iter().map(Simulation::read).collect()
}

/// What it came to, once it is done.
pub async fn simulation_result(connection: &mut Connection, id: i64) -> Result<Option<Vec<u8>>, sql::Error> {
    let sql = "select result from simulation where part = ? and id = ?";
    let row = sql::row(connection, sql, cells![Part::PROGRAMME.number(), id]).await?;
    let result: Option<Vec<u8>> = row.map(|row| sql::column(&row, "result")).transpose()?;
    Ok(result.filter(|result| !result.is_empty()))
}

/// Notes how far it is; answers whether it is to go on.
pub async fn simulation_progress(
    connection: &mut Connection,
    id: i64,
    progress: i64,
    now: Instant,
) -> Result<bool, sql::Error> {
    let sql = "update simulation set progress = ?, seen_at = ? where part = ? and id = ?";
    let cells = cells![progress, now.as_microsecond(), Part::PROGRAMME.number(), id];
    sql::execute(connection, sql, cells).await?;
    let simulation = simulation_find(connection, id).await?;
    Ok(simulation.is_some_and(|simulation| simulation.state == State::Running))
}

/// Asks for it to be stopped; it goes on for a moment.
pub async fn simulation_stop(connection: &mut Connection, id: i64) -> Result<bool, sql::Error> {
    let sql = "update simulation set state = 'stopping' where part = ? and id = ? and state = 'running'";
    Ok(sql::execute(connection, sql, cells![Part::PROGRAMME.number(), id]).await? > 0)
}

pub async fn simulation_finish(
    connection: &mut Connection,
    id: i64,
    state: State,
    result: Vec<u8>,
    now: Instant,
) -> Result<(), sql::Error> {
    let sql = "update simulation set state = ?, result = ?, progress = 1000, seen_at = ? where part = ? and id = ?";
    let cells = cells![state.name(), result, now.as_microsecond(), Part::PROGRAMME.number(), id];
    sql::execute(connection, sql, cells).await?;
    Ok(())
}
