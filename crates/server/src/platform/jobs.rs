//! Work that nobody asks for: deliveries, the passing of time, projections, clearing away. Every
//! piece may be stopped at any point and done again.

use std::collections::{BTreeSet, HashSet};
use std::time::Duration;

use lojal_core::command::Command;
use lojal_core::engine;
use lojal_core::kernel::{HolderId, Instant, Part};
use tokio::task::JoinSet;

use super::application::{Application, unsealed};
use super::clicks::clicks_forget;
use super::directory::directory_catch_up;
use super::figures::{figures_catch_up, figures_overlooked};
use super::fraud::{fraud_catch_up, fraud_forget, guard, guard_again, guard_overlooked_in_turn, policy_of};
use super::journal::{first_kept, journal_archive};
use super::leaderboard::{leaderboard_catch_up, leaderboard_overlooked};
use super::outbox;
use super::progress::{progress_find, progress_set};
use super::requests::requests_forget;
use super::search::search_catch_up;
use super::sql::{self, cells};
use super::states::{State, state_due, state_find_all, state_page, state_set_due};
use super::visitors::MEMBER_SESSIONS;
use super::writer::{Submission, WriteError, shared_set_totals};

/// Holders that are looked at together.
const PAGE: usize = 256;
/// How often the clock and the projections are looked after.
const ROUND: Duration = Duration::from_secs(1);
/// Answers by `Idempotency-Key` are kept for seven days.
const IDEMPOTENCY_DAYS: i64 = 7;
const CLEANING: Duration = Duration::from_secs(3600);
/// A month has passed soon enough for all who look each hour.
const ARCHIVING: Duration = Duration::from_secs(3600);
/// The last programme version for which every holder knows when something is due.
const DUE_WORK: &str = "due";

/// The jobs of a process that serves; they stop when this is dropped.
#[derive(Debug)]
pub struct Jobs {
    _tasks: JoinSet<()>,
}

/// Starts all jobs.
pub fn start(application: &Application) -> Jobs {
    let mut tasks = JoinSet::new();
    tasks.spawn(outbox::run(application.database.clone(), application.writer.clone(), application.outbox_bell()));
    tasks.spawn(every(ROUND, application.clone(), "clock", async |application| {
        let now = application.clock.now();
        refresh_due(application).await?;
        tick_due(application, now, None).await?;
        Ok(())
    }));
    tasks.spawn(every(ROUND, application.clone(), "directory", async |application| {
        directory_catch_up(&application.database, application.clock.now()).await?;
        Ok(())
    }));
    tasks.spawn(every(CLEANING, application.clone(), "cleaning", async |application| {
        forget(application).await?;
        Ok(())
    }));
    tasks.spawn(every(ROUND, application.clone(), "figures", count));
    tasks.spawn(every(CLEANING, application.clone(), "figures_overlooked", async |application| {
        let Some(programme) = application.rulebook().live().cloned() else { return Ok(()) };
        figures_overlooked(&application.database, &programme, application.clock.now()).await?;
        Ok(())
    }));
    tasks.spawn(every(ROUND, application.clone(), "leaderboard", place));
    tasks.spawn(every(CLEANING, application.clone(), "leaderboard_overlooked", async |application| {
        leaderboard_overlooked(&application.database, &application.calendar(), application.clock.now()).await?;
        Ok(())
    }));
    tasks.spawn(every(CLEANING, application.clone(), "search", find_everybody));
    tasks.spawn(every(ROUND, application.clone(), "guard", async |application| {
        guard(application).await?;
        Ok(())
    }));
    tasks.spawn(every(CLEANING, application.clone(), "guard_overlooked", async |application| {
        guard_again(application).await?;
        guard_overlooked_in_turn(application).await?;
        Ok(())
    }));
    tasks.spawn(every(CLEANING, application.clone(), "requests_cleaning", async |application| {
        requests_forget(application).await?;
        Ok(())
    }));
    tasks.spawn(every(CLEANING, application.clone(), "clicks_cleaning", async |application| {
        clicks_forget(application).await?;
        Ok(())
    }));
    tasks.spawn(every(CLEANING, application.clone(), "fraud", async |application| {
        watch_everybody(application).await?;
        let policy = application.fraud_settings().map(|settings| policy_of(&settings)).unwrap_or_default();
        fraud_forget(&application.database, &policy.retention, application.clock.now()).await?;
        Ok(())
    }));
    Jobs { _tasks: tasks }
}

/// Starts archiving what is older than so many whole months.
pub fn start_archiving(application: &Application, months: u32) -> Jobs {
    let mut tasks = JoinSet::new();
    tasks.spawn(every(ARCHIVING, application.clone(), "archive", async move |application| {
        let Some(programme) = application.rulebook().live().cloned() else { return Ok(()) };
        let before = first_kept(&programme.calendar, application.clock.now(), months);
        journal_archive(&application.database, before, |_| ()).await?;
        Ok(())
    }));
    Jobs { _tasks: tasks }
}

/// Does everything that is waiting as of `moment`, and what follows from it, and returns when
/// nothing is left. What time brings is decided at `moment`.
pub async fn run_until_idle(application: &Application, moment: Instant) -> Result<(), WriteError> {
    refresh_due(application).await?;
    loop {
        let delivered = outbox::deliver_all(&application.database, &application.writer).await?;
        let ticked = tick_due(application, moment, Some(moment)).await?;
        let judged = guard(application).await?;
        if delivered + ticked + judged == 0 {
            break;
        }
    }
    directory_catch_up(&application.database, application.clock.now()).await?;
    count(application).await?;
    place(application).await?;
    watch_everybody(application).await?;
    find_everybody(application).await
}

/// Lets those be watched who were there before recommendations were checked.
async fn watch_everybody(application: &Application) -> Result<(), WriteError> {
    fraud_catch_up(application).await?;
    Ok(())
}

/// Lets the figures catch up with the journal.
async fn count(application: &Application) -> Result<(), WriteError> {
    let Some(programme) = application.rulebook().live().cloned() else { return Ok(()) };
    figures_catch_up(&application.database, &programme, application.clock.now()).await?;
    Ok(())
}

/// Lets the leaderboard catch up with the journal.
async fn place(application: &Application) -> Result<(), WriteError> {
    leaderboard_catch_up(&application.database, &application.calendar(), application.clock.now()).await?;
    Ok(())
}

async fn every<Work>(pause: Duration, application: Application, name: &'static str, work: Work)
where
    Work: AsyncFn(&Application) -> Result<(), WriteError>,
{
    let mut interval = tokio::time::interval(pause);
    interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        interval.tick().await;
        if let Err(cause) = work(&application).await {
            tracing::error!(%cause, job = name, "a job failed and will be tried again");
        }
    }
}

/// Lets time pass for every holder for whom something is due by `moment`. Each is asked once, so
/// that one whose work never ends cannot keep the others waiting.
async fn tick_due(application: &Application, moment: Instant, decide_at: Option<Instant>) -> Result<usize, WriteError> {
    let mut ticked = 0;
    let mut failure = None;
    for part in application.database.dialect().in_order_of_time() {
        let mut asked: HashSet<HolderId> = HashSet::new();
        loop {
            let limit = PAGE + asked.len();
            let due = state_due(&mut *application.database.read().await?, part, moment, limit).await?;
            let (still_due, mut due): (HashSet<_>, Vec<_>) = {
                let (again, first): (Vec<_>, Vec<_>) = due.into_iter().partition(|holder| asked.contains(holder));
                (again.into_iter().collect(), first)
            };
            if due.is_empty() {
                break;
            }
            due.truncate(PAGE);
            // Whoever is not due any more need not be remembered.
            asked = still_due;
            asked.extend(due.iter().copied());
            let tick = |holder| Submission { now: decide_at, ..Submission::new(holder, Command::Tick) };
            for answer in application.writer.submit_all(due.into_iter().map(tick).collect()).await {
                match answer {
                    Ok(_) => ticked += 1,
                    Err(WriteError::Refused(refusal)) => tracing::warn!(%refusal, "time could not pass for a holder"),
                    // One holder's trouble must not keep the others waiting.
                    Err(other) => failure = failure.or(Some(other)),
                }
            }
        }
    }
    failure.map_or(Ok(ticked), Err)
}

/// After a new version is published: works out again when something is due for each holder.
async fn refresh_due(application: &Application) -> Result<(), WriteError> {
    let mut connection = application.database.read().await?;
    let rulebook = application.rulebooks.refresh(&mut connection).await?;
    let done = progress_find(&mut connection, Part::PROGRAMME, DUE_WORK).await?;
    drop(connection);
    let live = rulebook.live_at(application.clock.now());
    let Some(programme) = live.filter(|programme| i64::from(programme.version) > done) else {
        return Ok(());
    };
    if rulebook.effective_from(programme.version).is_some() {
        // What all members share was left as it was until now.
        let parts: Vec<Part> = Part::all().collect();
        let mut transaction = application.database.write_parts(&parts).await?;
        // Looked at again under the claim: a version that was published meanwhile has totals of its own.
        let rulebook = application.rulebooks.refresh(&mut transaction).await?;
        let holds = rulebook.live_at(application.clock.now()).map(|live| live.version);
        if holds != Some(programme.version) {
            // The next round is about that one.
            return Ok(());
        }
        shared_set_totals(&mut transaction, &programme.shared_quantities()).await?;
        transaction.commit().await?;
        application.writer.replenished();
    }
    let mut after = None;
    loop {
        let page = state_page(&mut *application.database.read().await?, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.holder.id);
        let changed = |state: &&State| engine::next_due(programme, &state.holder) != state.due_at;
        let holders: Vec<HolderId> = page.iter().filter(changed).map(|state| state.holder.id).collect();
        if holders.is_empty() {
            continue;
        }
        let parts: BTreeSet<Part> = holders.iter().map(|holder| holder.part()).collect();
        let parts: Vec<Part> = parts.into_iter().collect();
        // Read again under the claim, so that no decision comes between reading and writing.
        let mut transaction = application.database.write_parts(&parts).await?;
        for state in state_find_all(&mut transaction, holders).await? {
            let due_at = engine::next_due(programme, &state.holder);
            state_set_due(&mut transaction, state.holder.id, due_at).await?;
        }
        transaction.commit().await?;
    }
    let mut transaction = application.database.write().await?;
    let version = i64::from(programme.version);
    progress_set(&mut transaction, Part::PROGRAMME, DUE_WORK, version, application.clock.now()).await?;
    transaction.commit().await?;
    Ok(())
}

/// Lets members be found who were written by a release that could not find them.
async fn find_everybody(application: &Application) -> Result<(), WriteError> {
    let now = application.clock.now();
    search_catch_up(&application.database, &application.vault, now).await.map_err(unsealed)?;
    Ok(())
}

/// Forgets answers that nobody may ask for again, and sessions that nobody uses any more.
async fn forget(application: &Application) -> Result<(), sql::Error> {
    let kept = jiff::SignedDuration::from_hours(24 * IDEMPOTENCY_DAYS);
    let oldest = application.clock.now().saturating_sub(kept).unwrap_or(Instant::MIN).as_microsecond();
    for part in Part::all() {
        let mut transaction = application.database.write_aside().await?;
        let sql = "delete from idempotency where part = ? and created_at < ?";
        sql::execute(&mut transaction, sql, cells![part.number(), oldest]).await?;
        MEMBER_SESSIONS.clear(&mut transaction, part, application.clock.now()).await?;
        transaction.commit().await?;
    }
    Ok(())
}
