//! A simulation while it is carried out: one at a time in a process, on threads of its own, so that nobody who shops
//! waits for it; and stopped when somebody asks, or the process ends.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::thread;
use std::time::Duration;

use lojal_core::kernel::{Instant, Language};
use lojal_core::programme::Programme;
use lojal_report::simulation::{Against, Fit, Report};
use lojal_simulation::adapting::Adapting;
use lojal_simulation::history::Step;
use lojal_simulation::replay::{Comparison, MEMORY, Manner, Outcome, Redemption, Side, run};
use lojal_simulation::shell::NeverDecided;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::kept::{Kept, KeptError};
use super::rows::{State, simulation_finish, simulation_progress};
use crate::platform::application::Application;
use crate::platform::journal::History;
use crate::platform::sql;

/// How often it is said how far it is, and asked whether it is to go on.
const PAUSE: Duration = Duration::from_secs(1);
/// The past is gone through twice: how members take rewards is learnt first.
const PASSES: i64 = 2;
const WHOLE: i64 = 1_000;
/// The same draft and past give the same figures.
const SEED: u64 = 1;

/// Where simulations of this process are carried out.
#[derive(Clone, Debug)]
pub struct Bench(Arc<Semaphore>);

/// The right to carry one out.
pub struct Turn(OwnedSemaphorePermit);

impl Bench {
    pub fn new() -> Bench {
        Bench(Arc::new(Semaphore::new(1)))
    }

    /// `None` while another one is under way.
    pub fn turn(&self) -> Option<Turn> {
        Arc::clone(&self.0).try_acquire_owned().ok().map(Turn)
    }
}

/// What is tried, and beside what.
pub struct Trial {
    pub id: i64,
    pub tried: Programme,
    pub live: Programme,
    /// What was replayed, as people call it.
    pub source: BTreeMap<Language, String>,
}

/// Why a simulation ends before its time.
#[derive(Debug, thiserror::Error)]
enum Ended {
    #[error("somebody stopped it")]
    Stopped,
    #[error(transparent)]
    Storage(#[from] sql::Error),
    #[error(transparent)]
    Engine(#[from] NeverDecided),
    #[error(transparent)]
    Kept(#[from] KeptError),
    #[error("its thread has ended")]
    Lost,
}

/// How far it is, and whether it is to go on.
#[derive(Default)]
struct Course {
    /// In thousandths.
    reached: AtomicI64,
    stop: AtomicBool,
}

/// Stops the threads when whoever looks after them is gone.
struct Watch(Arc<Course>);

impl Drop for Watch {
    fn drop(&mut self) {
        self.0.stop.store(true, Ordering::Release);
    }
}

/// Carries it out in the background.
pub fn begin(application: &Application, trial: Trial, turn: Turn) {
    let application = application.clone();
    tokio::spawn(async move {
        let id = trial.id;
        if let Err(cause) = look_after(&application, trial).await {
            tracing::error!(%cause, simulation = id, "a simulation could not be kept");
        }
        drop(turn.0);
    });
}

async fn look_after(application: &Application, trial: Trial) -> Result<(), sql::Error> {
    let id = trial.id;
    let watch = Watch(Arc::default());
    let (answer, mut finished) = oneshot::channel();
    let course = Arc::clone(&watch.0);
    let history = [History::of(&application.database), History::of(&application.database)];
    let until = application.clock.now();
    // A thread of its own, which ends with the process: nobody waits for a simulation to stop the service.
    let begun = thread::Builder::new().name("simulation".to_owned()).spawn(move || {
        // Nobody may be left to hear of it.
        let _ = answer.send(carry_out(&trial, history, until, &course));
    });
    let outcome = match begun {
        Err(_) => Err(Ended::Lost),
        Ok(_) => loop {
            tokio::select! {
                outcome = &mut finished => break outcome.unwrap_or(Err(Ended::Lost)),
                () = tokio::time::sleep(PAUSE) => {
                    let reached = watch.0.reached.load(Ordering::Acquire);
                    let mut transaction = application.database.write_aside().await?;
                    let goes_on = simulation_progress(&mut transaction, id, reached, application.clock.now()).await?;
                    transaction.commit().await?;
                    watch.0.stop.fetch_or(!goes_on, Ordering::AcqRel);
                }
            }
        },
    };
    let (state, result) = match outcome {
        Ok(result) => (State::Done, result),
        Err(Ended::Stopped) => (State::Stopped, Vec::new()),
        Err(cause) => {
            tracing::error!(%cause, simulation = id, "a simulation failed");
            (State::Failed, Vec::new())
        }
    };
    let mut transaction = application.database.write_aside().await?;
    simulation_finish(&mut transaction, id, state, result, application.clock.now()).await?;
    transaction.commit().await
}

fn carry_out(trial: &Trial, history: [History; 2], until: Instant, course: &Course) -> Result<Vec<u8>, Ended> {
    let [recorded, past] = history;
    let side = |programme: &Programme| Side { programme: programme.clone(), adapting: Adapting::default() };
    let manner = |redemption| Manner { redemption, seed: SEED, memory: MEMORY };
    let recorded = go_through(recorded, &[side(&trial.live)], &manner(Redemption::AsRecorded), until, course, 0)?;
    let (redemption, fit) = recorded.first().map_or((Redemption::Nobody, Fit::Assumed), Fit::to);
    let sides = [side(&trial.tried), side(&trial.live)];
    let outcomes = go_through(past, &sides, &manner(redemption), until, course, 1)?;
    let [outcome, before] = outcomes.as_slice() else { return Err(Ended::Lost) };
    let comparison = Comparison::of(outcome, before);
    let report = Report {
        source: "",
        programme: &trial.tried,
        outcome,
        against: Some(Against { programme: &trial.live, outcome: before, comparison: &comparison }),
        elasticity: None,
        sweep: None,
        fit,
    };
    let kept = Kept::of(&report, &trial.source)?;
    Ok(kept.packed()?)
}

fn go_through(
    mut history: History,
    sides: &[Side],
    manner: &Manner,
    until: Instant,
    course: &Course,
    pass: i64,
) -> Result<Vec<Outcome>, Ended> {
    let mut first = None;
    let next_steps = || -> Result<Vec<Step>, Ended> {
        if course.stop.load(Ordering::Acquire) {
            return Err(Ended::Stopped);
        }
        let steps = history.next_steps()?;
        if let Some(last) = steps.last() {
            let begun = *first.get_or_insert(last.at);
            let (gone, all) = (last.at.duration_since(begun).as_secs(), until.duration_since(begun).as_secs());
            let reached = (gone.clamp(0, all.max(0)) * WHOLE).checked_div(all).unwrap_or(WHOLE);
            course.reached.store((pass * WHOLE + reached) / PASSES, Ordering::Release);
        }
        Ok(steps)
    };
    run(next_steps, sides, manner, Some(until))
}
