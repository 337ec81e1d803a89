//! A task while it is carried out.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::thread;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::rows::{State, Task, task_finish, task_progress};
use crate::platform::application::Application;
use crate::platform::sql;

/// How often it is said how far it is, and asked whether it is to go on.
const PAUSE: Duration = Duration::from_secs(1);

/// Where tasks of one kind are carried out in this process, one at a time.
#[derive(Clone, Debug)]
pub struct Bench(Arc<Semaphore>);

/// The right to carry one out.
pub struct Turn(OwnedSemaphorePermit);

impl Default for Bench {
    fn default() -> Bench {
        Bench(Arc::new(Semaphore::new(1)))
    }
}

impl Bench {
    /// `None` while another one is under way.
    pub fn turn(&self) -> Option<Turn> {
        Arc::clone(&self.0).try_acquire_owned().ok().map(Turn)
    }
}

/// How far it is, and whether it is to go on.
#[derive(Debug, Default)]
pub struct Course {
    reached: AtomicI64,
    stop: AtomicBool,
}

impl Course {
    /// Says how far it is, in whatever is counted.
    pub fn reach(&self, progress: i64) {
        self.reached.store(progress, Ordering::Release);
    }

    pub fn is_to_stop(&self) -> bool {
        self.stop.load(Ordering::Acquire)
    }
}

/// Why a task ends without a result. Any error is a reason.
#[derive(Debug)]
pub enum Ended {
    /// Somebody stopped it.
    Stopped,
    Failed(Box<dyn Error + Send + Sync>),
}

impl<Cause: Error + Send + Sync + 'static> From<Cause> for Ended {
    fn from(cause: Cause) -> Ended {
        Ended::Failed(Box::new(cause))
    }
}

/// Stops the thread when whoever looks after it is gone.
struct Watch(Arc<Course>);

impl Drop for Watch {
    fn drop(&mut self) {
        self.0.stop.store(true, Ordering::Release);
    }
}

/// Carries it out in the background. `work` blocks, and looks now and then whether it [is to
/// stop](Course::is_to_stop); what it answers is the task's result.
pub fn begin(
    application: &Application,
    task: &Task,
    turn: Turn,
    work: impl FnOnce(&Course) -> Result<Vec<u8>, Ended> + Send + 'static,
) {
    let (application, id) = (application.clone(), task.id);
    tokio::spawn(async move {
        if let Err(cause) = look_after(&application, id, work).await {
            tracing::error!(%cause, task = id, "the end of a task could not be kept");
        }
        drop(turn.0);
    });
}

async fn look_after(
    application: &Application,
    id: i64,
    work: impl FnOnce(&Course) -> Result<Vec<u8>, Ended> + Send + 'static,
) -> Result<(), sql::Error> {
    let watch = Watch(Arc::default());
    let (answer, mut finished) = oneshot::channel();
    let course = Arc::clone(&watch.0);
    // A thread of its own, which ends with the process: nobody waits for it to stop the service.
    let begun = thread::Builder::new().name("task".to_owned()).spawn(move || {
        // Nobody may be left to hear of it.
        let _ = answer.send(work(&course));
    });
    let outcome = match begun {
        Err(cause) => Err(cause.into()),
        Ok(_) => loop {
            tokio::select! {
                // An error here: the thread has ended without an answer.
                outcome = &mut finished => break outcome.unwrap_or_else(|lost| Err(lost.into())),
                () = tokio::time::sleep(PAUSE) => {
                    let reached = watch.0.reached.load(Ordering::Acquire);
                    match tell(application, id, reached).await {
                        Ok(goes_on) => {
                            watch.0.stop.fetch_or(!goes_on, Ordering::AcqRel);
                        }
                        // The next second it may be possible again.
                        Err(cause) => tracing::warn!(%cause, task = id, "how far a task is could not be kept"),
                    }
                }
            }
        },
    };
    let (state, result) = match outcome {
        Ok(result) => (State::Done, result),
        Err(Ended::Stopped) => (State::Stopped, Vec::new()),
        Err(Ended::Failed(cause)) => {
            tracing::error!(%cause, task = id, "a task failed");
            (State::Failed, Vec::new())
        }
    };
    let reached = watch.0.reached.load(Ordering::Acquire);
    let mut transaction = application.database.write_aside().await?;
    task_finish(&mut transaction, id, state, (reached, result), application.clock.now()).await?;
    transaction.commit().await
}

/// Notes how far it is; answers whether it is to go on.
async fn tell(application: &Application, id: i64, reached: i64) -> Result<bool, sql::Error> {
    let mut transaction = application.database.write_aside().await?;
    let goes_on = task_progress(&mut transaction, id, reached, application.clock.now()).await?;
    transaction.commit().await?;
    Ok(goes_on)
}
