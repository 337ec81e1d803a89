//! `/console/programme/campaigns`: the campaigns of a year, those in force and those of the draft, as bars over its
//! months and as a table.

use axum::extract::{Query, State};
use axum::response::Html;
use lojal_core::kernel::{Date, Instant};
use lojal_core::programme::{Campaign, Programme, Rule, text};
use lojal_core::words::Words;
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::{Deserialize, Serialize};

use crate::platform::drafts::draft_find;
use crate::platform::pages::{PageError, PageState};
use crate::platform::rulebook::check;
use crate::platform::staff::{Staff, Views};

/// How wide the year is drawn.
const WIDTH: i64 = 1_200;
/// Nothing is narrower than this, so that a day can be seen.
const LEAST: i64 = 6;
/// Years that can be looked at.
const YEARS: std::ops::RangeInclusive<i16> = 1_970..=9_000;

#[derive(Deserialize)]
pub struct CampaignsQuery {
    year: Option<i16>,
}

/// Whether what is drawn is in force, or only in the draft.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Standing {
    /// In force, and in the draft as well where there is one.
    InForce,
    /// In force, and not in the draft any more.
    Ending,
    /// In the draft alone, or at another time there.
    Draft,
}

#[derive(Serialize)]
struct Bar {
    standing: Standing,
    x: i64,
    width: i64,
}

/// One line of the table.
#[derive(Serialize)]
struct Run {
    name: String,
    from: String,
    until: String,
    budget: String,
    standing: Standing,
}

/// A campaign with its bars in the year.
#[derive(Serialize)]
struct RowView {
    name: String,
    bars: Vec<Bar>,
}

pub async fn campaigns(
    staff: Staff<Views>,
    State(state): State<PageState>,
    Query(query): Query<CampaignsQuery>,
) -> Result<Html<String>, PageError> {
    let application = &state.application;
    let document = draft_find(&mut *application.database.read().await?).await?;
    let draft = document.as_deref().map(|document| check(document, None));
    let is_broken = matches!(draft, Some(Err(_)));
    let draft = draft.and_then(Result::ok).map(|checked| checked.programme);
    let live = application.rulebook().live().cloned();
    let today = application.calendar().date(application.clock.now());
    let year = query.year.filter(|year| YEARS.contains(year)).unwrap_or(today.year());
    let words = &state.pages.texts(staff.frame.language()).words;
    let all = standing(live.as_deref(), draft.as_ref());
    let shown: Vec<&Entry<'_>> = all.iter().filter(|entry| entry.bar(year).is_some()).collect();
    let mut rows: Vec<RowView> = Vec::new();
    for entry in &shown {
        let name = text(&entry.rule.name, words.language()).to_owned();
        let bar = entry.bar(year);
        match rows.iter_mut().find(|row| row.name == name) {
            Some(row) => row.bars.extend(bar),
            None => rows.push(RowView { name, bars: bar.into_iter().collect() }),
        }
    }
    let runs: Vec<Run> = shown.iter().map(|entry| entry.run(words)).collect();
    let content = context! {
        year,
        before => year.checked_sub(1).filter(|year| YEARS.contains(year)),
        after => year.checked_add(1).filter(|year| YEARS.contains(year)),
        today => (today.year() == year).then(|| place(today, year)),
        width => WIDTH,
        months => (1..=12).map(|month| place(Date::constant(year, month, 1), year)).collect::<Vec<_>>(),
        rows => Value::from(Serde(&rows)),
        runs => Value::from(Serde(&runs)),
        has_others => all.len() > shown.len(),
        has_draft => draft.is_some(),
        is_broken,
        has_programme => live.is_some(),
    };
    state.pages.html("programme/campaigns.html", &staff.frame, content)
}

struct Entry<'p> {
    programme: &'p Programme,
    rule: &'p Rule,
    campaign: &'p Campaign,
    standing: Standing,
}

/// All campaigns, those in force first; the draft's where they are new, or at another time.
fn standing<'p>(live: Option<&'p Programme>, draft: Option<&'p Programme>) -> Vec<Entry<'p>> {
    let same = |one: &Entry<'_>, other: &Entry<'_>| {
        one.rule.id == other.rule.id
            && (one.campaign.from, one.campaign.until) == (other.campaign.from, other.campaign.until)
    };
    let mut entries = live.map(|live| of(live, Standing::InForce)).unwrap_or_default();
    let Some(draft) = draft else { return entries };
    let drafted = of(draft, Standing::Draft);
    for entry in &mut entries {
        if !drafted.iter().any(|drafted| same(drafted, entry)) {
            entry.standing = Standing::Ending;
        }
    }
    let new = drafted.into_iter().filter(|drafted| !entries.iter().any(|entry| same(entry, drafted)));
    let new: Vec<Entry<'_>> = new.collect();
    entries.extend(new);
    entries
}

fn of(programme: &Programme, standing: Standing) -> Vec<Entry<'_>> {
    let entries = programme.rules.iter().filter_map(|rule| {
        let campaign = rule.campaign.as_ref()?;
        Some(Entry { programme, rule, campaign, standing })
    });
    entries.collect()
}

impl Entry<'_> {
    /// Where it lies in a year, if it does.
    fn bar(&self, year: i16) -> Option<Bar> {
        let date = |moment: Instant| self.programme.calendar.date(moment);
        let from = self.campaign.from.map_or(0, |from| place(date(from), year));
        // The last moment that belongs to it, and then the end of that day.
        let until = self.campaign.until.map(|until| until - jiff::SignedDuration::from_micros(1));
        let until = until.map_or(WIDTH, |until| {
            let last = date(until);
            place(last.tomorrow().unwrap_or(last), year)
        });
        let (from, until) = (from.clamp(0, WIDTH), until.clamp(0, WIDTH));
        let width = (until - from).max(LEAST);
        (until > from).then(|| Bar { standing: self.standing, x: from.min(WIDTH - width), width })
    }

    fn run(&self, words: &Words) -> Run {
        let speaker = words.about(self.programme);
        let budget = self.campaign.budget.as_ref();
        Run {
            name: text(&self.rule.name, words.language()).to_owned(),
            from: self.campaign.from.map(|from| speaker.since(from)).unwrap_or_default(),
            until: self.campaign.until.map(|until| speaker.until(until)).unwrap_or_default(),
            budget: budget
                .map(|budget| speaker.amount(&self.programme.units[self.rule.unit].id, budget.total))
                .unwrap_or_default(),
            standing: self.standing,
        }
    }
}

/// How far into a year the beginning of a day lies, with all months of one width: below nothing for an earlier year,
/// beyond the width for a later one.
fn place(date: Date, year: i16) -> i64 {
    const MONTH: i64 = WIDTH / 12;
    let months = (i64::from(date.year()) - i64::from(year)) * 12 + i64::from(date.month()) - 1;
    months * MONTH + (i64::from(date.day()) - 1) * MONTH / i64::from(date.days_in_month())
}
