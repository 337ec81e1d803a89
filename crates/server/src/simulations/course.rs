//! What a simulation does on its thread.

use std::collections::BTreeMap;
use std::io;

use lojal_core::kernel::{Instant, Language};
use lojal_core::programme::Programme;
use lojal_report::simulation::{Against, Fit, Report};
use lojal_simulation::adapting::Adapting;
use lojal_simulation::history::Step;
use lojal_simulation::replay::{Comparison, MEMORY, Manner, Outcome, Redemption, Side, run};

use super::kept::Kept;
use crate::platform::journal::History;
use crate::platform::tasks::{Course, Ended};

/// The past is gone through twice: how members take rewards is learnt first.
const PASSES: i64 = 2;
const WHOLE: i64 = 1_000;
/// The same draft and past give the same figures.
const SEED: u64 = 1;

/// What is tried, and beside what.
pub struct Trial {
    pub tried: Programme,
    pub live: Programme,
    /// What was replayed, as people call it.
    pub source: BTreeMap<Language, String>,
    /// The past, once for each pass.
    pub history: [History; 2],
    pub until: Instant,
}

/// Carries it out: blocks until it is done.
pub fn carry_out(trial: Trial, course: &Course) -> Result<Vec<u8>, Ended> {
    let [recorded, past] = trial.history;
    let until = trial.until;
    let side = |programme: &Programme| Side { programme: programme.clone(), adapting: Adapting::default() };
    let manner = |redemption| Manner { redemption, seed: SEED, memory: MEMORY };
    let recorded = go_through(recorded, &[side(&trial.live)], &manner(Redemption::AsRecorded), until, course, 0)?;
    let (redemption, fit) = recorded.first().map_or((Redemption::Nobody, Fit::Assumed), Fit::to);
    let sides = [side(&trial.tried), side(&trial.live)];
    let outcomes = go_through(past, &sides, &manner(redemption), until, course, 1)?;
    let [outcome, before] = outcomes.as_slice() else { return Err(io::Error::other("a side is missing").into()) };
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
        if course.is_to_stop() {
            return Err(Ended::Stopped);
        }
        let steps = history.next_steps()?;
        if let Some(last) = steps.last() {
            let begun = *first.get_or_insert(last.at);
            let (gone, all) = (last.at.duration_since(begun).as_secs(), until.duration_since(begun).as_secs());
            let reached = (gone.clamp(0, all.max(0)) * WHOLE).checked_div(all).unwrap_or(WHOLE);
            course.reach((pass * WHOLE + reached) / PASSES);
        }
        Ok(steps)
    };
    run(next_steps, sides, manner, Some(until))
}
