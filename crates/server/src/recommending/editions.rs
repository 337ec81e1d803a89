//! The calendar of editions: when each runs, and how far its budget has gone.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use lojal_core::kernel::Instant;
use lojal_core::programme::{Edition, Programme, text};
use lojal_core::referrals::Step;
use lojal_core::words::Words;
use serde::Serialize;

use crate::platform::figures::Figures;

/// A calendar shows half a year before and after today, and whatever else it has to, within five years.
const AROUND: SignedDuration = SignedDuration::from_hours(183 * 24);
const FURTHEST: SignedDuration = SignedDuration::from_hours(5 * 365 * 24);
/// A drawing is so wide.
const WIDTH: i64 = 1000;
/// What can still be seen.
const THINNEST: i64 = 6;

#[derive(Debug, Serialize)]
pub struct CalendarView {
    pub editions: Vec<EditionView>,
    pub today: i64,
    pub first: String,
    pub last: String,
}

#[derive(Debug, Serialize)]
pub struct EditionView {
    pub id: String,
    pub name: String,
    /// `running`, `upcoming`, `ended`, or `gone`: no longer in the programme.
    pub state: &'static str,
    pub from: Option<String>,
    pub until: Option<String>,
    /// Where it is drawn, and how wide; nothing for what is gone.
    pub bar: Option<(i64, i64)>,
    /// Recommendations that are on the way.
    pub open: String,
    pub qualified: String,
    pub budget: Option<BudgetView>,
}

#[derive(Debug, Serialize)]
pub struct BudgetView {
    pub used: i64,
    pub total: i64,
}

/// All editions of the programme, and those of earlier versions by which somebody came.
pub fn calendar(figures: &Figures, programme: &Programme, words: &Words, now: Instant) -> CalendarView {
    let (first, last) = bounds(&programme.referrals, now);
    let place = |at: Instant| {
        let whole = last.duration_since(first).as_secs().max(1);
        (at.duration_since(first).as_secs() * WIDTH / whole).clamp(0, WIDTH)
    };
    let counts = counts(figures);
    let known = |id: &str| counts.get(id).cloned().unwrap_or_default();
    let speaker = words.about(programme);
    let view = |edition: &Edition| {
        let (open, qualified) = known(&edition.id);
        let from = edition.from.map_or(0, place);
        let until = edition.until.map_or(WIDTH, place);
        EditionView {
            id: edition.id.to_string(),
            name: text(&edition.name, words.language()).to_owned(),
            state: state(edition, now),
            from: edition.from.map(|from| speaker.day(from)),
            until: edition.until.map(|until| speaker.until(until)),
            bar: Some((from.min(WIDTH - THINNEST), (until - from).max(THINNEST))),
            open: words.number(open, 0),
            qualified: words.number(qualified, 0),
            budget: edition.budget.as_ref().map(|budget| BudgetView { used: qualified, total: budget.total }),
        }
    };
    let mut editions: Vec<EditionView> = programme.referrals.iter().map(view).collect();
    for (id, (open, qualified)) in &counts {
        if programme.edition(id).is_none() {
            editions.push(EditionView {
                id: id.clone(),
                name: id.clone(),
                state: "gone",
                from: None,
                until: None,
                bar: None,
                open: words.number(*open, 0),
                qualified: words.number(*qualified, 0),
                budget: None,
            });
        }
    }
    CalendarView { editions, today: place(now), first: speaker.day(first), last: speaker.day(last) }
}

fn state(edition: &Edition, now: Instant) -> &'static str {
    match edition.from {
        _ if edition.runs_at(now) => "running",
        Some(from) if from > now => "upcoming",
        _ => "ended",
    }
}

fn bounds(editions: &[Edition], now: Instant) -> (Instant, Instant) {
    let before = |distance| now.saturating_sub(distance).unwrap_or(Instant::MIN);
    let after = |distance| now.saturating_add(distance).unwrap_or(Instant::MAX);
    let named = || editions.iter().flat_map(|edition| [edition.from, edition.until]).flatten();
    let first = named().min().map_or(before(AROUND), |first| first.min(before(AROUND)));
    let last = named().max().map_or(after(AROUND), |last| last.max(after(AROUND)));
    (first.max(before(FURTHEST)), last.min(after(FURTHEST)))
}

/// By edition, how many recommendations are on the way, and how many count.
fn counts(figures: &Figures) -> BTreeMap<String, (i64, i64)> {
    let mut counts: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    for (subject, amount) in figures.totals("referrals") {
        let Some((edition, state)) = subject.split_once('/') else { continue };
        let (open, qualified) = counts.entry(edition.to_owned()).or_default();
        match state {
            "joined" | "ordered" | "checking" | "held" => *open += amount,
            "qualified" => *qualified += amount,
            _ => {}
        }
    }
    counts
}

/// The states of a recommendation, as lists are filtered by them.
pub fn states() -> [&'static str; 8] {
    let at = Instant::UNIX_EPOCH;
    [
        Step::Joined.name(),
        Step::Ordered { until: None }.name(),
        Step::Checking.name(),
        Step::Held.name(),
        Step::Qualified { at, total: None }.name(),
        Step::Reversed.name(),
        Step::Expired { lapse: lojal_core::referrals::Lapse::Deadline }.name(),
        Step::Rejected { rejection: lojal_core::referrals::Rejection::NotRunning }.name(),
    ]
}
