//! What the page says, section by section.

mod members;
mod money;
mod rules;

use lojal_simulation::replay::Redemption;

use super::figures::{Estimated, Figure, Figures, Response, cost};
use super::{Fit, Report, Side};
use crate::page::{Block, Cell, Highlight, Page, Section};
use crate::voice::{Kind, Voice};
use crate::{capitalised, count};

pub fn page(report: &Report<'_>, figures: &Figures, voice: &Voice<'_>) -> Page {
    let sections = [
        basis(report, figures, voice),
        key_figures(report, figures, voice),
        money::points(report, voice),
        money::liability(report, voice),
        money::cost_share(report, figures, voice),
        members::tiers(report, voice),
        members::groups(report, voice),
        members::first_reward(report, voice),
    ];
    let more = [rules::busiest(report, voice), rules::rewards(report, voice), rules::refusals(report, voice)];
    let sections = sections.into_iter().chain(members::changes(report, voice)).chain(more);
    let sections = sections.chain(money::sweep(report, voice)).chain([rules::glossary(voice)]);
    let name = voice.programme(report.programme);
    let subtitle = match report.against {
        Some(against) => voice.tell("page-against", &[("name", &voice.programme(against.programme))]),
        None => voice.say("page-alone"),
    };
    Page {
        language: voice.language().tag(),
        title: voice.tell("page-title", &[("name", &name)]),
        subtitle,
        contents: voice.say("page-contents"),
        numbers: voice.say("page-numbers"),
        verdict: verdict(report, figures, voice),
        highlights: highlights(report, figures, voice),
        sections: sections.collect(),
        footer: voice.say("page-footer"),
    }
}

/// The two or three sentences that somebody reads who reads nothing else.
pub fn verdict(report: &Report<'_>, figures: &Figures, voice: &Voice<'_>) -> Vec<String> {
    let outcome = report.outcome;
    if outcome.orders == 0 {
        return vec![voice.say("verdict-no-orders")];
    }
    let mut sentences = Vec::new();
    let all = cost(outcome);
    if outcome.units.iter().all(|unit| unit.worth.is_none()) && all.expected == 0 {
        sentences.push(voice.say("verdict-no-worth"));
    } else {
        let has_expired = outcome.units.iter().any(|unit| unit.flow.expired > 0);
        let key = match all.low == all.high {
            true if all.expected == outcome.cost.given || has_expired => "verdict-cost-certain",
            true => "verdict-cost-at-most",
            false => "verdict-cost",
        };
        sentences.push(voice.tell(
            key,
            &[
                ("cost", &voice.money(all.expected)),
                ("low", &voice.money(all.low)),
                ("high", &voice.money(all.high)),
                ("share", &voice.percent(outcome.cost.share.expected)),
                ("revenue", &voice.money(outcome.revenue)),
            ],
        ));
    }
    let change = figures.key.iter().find(|figure| figure.name == "figure-cost").and_then(|figure| figure.change);
    if let (Some(change), Some(against)) = (change, report.against) {
        let more = cost(against.outcome).expected;
        let values = [("before", voice.money(more)), ("change", voice.money(change.saturating_abs()))];
        let values = values.each_ref().map(|(name, text)| (*name, text.as_str()));
        sentences.push(match change {
            0 => voice.say("verdict-same-cost"),
            1.. => voice.tell("verdict-dearer", &values),
            _ => voice.tell("verdict-cheaper", &values),
        });
        let comparison = against.comparison;
        let same = comparison.buyers - comparison.winners - comparison.losers;
        let part =
            |members: u64| voice.percent(lojal_simulation::replay::share(count(members), count(comparison.buyers)));
        sentences.push(voice.counted(
            "verdict-members",
            comparison.buyers,
            &[
                ("winners", &voice.count(comparison.winners)),
                ("winning", &part(comparison.winners)),
                ("losers", &voice.count(comparison.losers)),
                ("losing", &part(comparison.losers)),
                ("same", &voice.count(same)),
                ("staying", &part(same)),
            ],
        ));
    }
    sentences
}

fn highlights(report: &Report<'_>, figures: &Figures, voice: &Voice<'_>) -> Vec<Highlight> {
    let shown: &[&str] = match report.outcome.orders {
        0 => &[],
        _ => &["figure-cost", "figure-cost-share", "figure-liability", "figure-reached"],
    };
    let shown = shown.iter().filter_map(|name| figures.key.iter().find(|figure| figure.name == *name));
    let highlight = |figure: &Figure| {
        let note = match (figure.change, figure.value.and_then(|value| value.between)) {
            (Some(change), _) => {
                voice.tell("highlight-change", &[("change", &voice.write_change(figure.kind, change))])
            }
            (None, Some((low, high))) => between(figure.kind, low, high, voice),
            (None, None) => voice.counted("highlight-of-members", report.outcome.members, &[]),
        };
        Some(Highlight { label: voice.say(figure.name), figure: voice.cell(figure.kind, figure.value?.value), note })
    };
    shown.filter_map(highlight).collect()
}

fn basis(report: &Report<'_>, figures: &Figures, voice: &Voice<'_>) -> Section {
    let outcome = report.outcome;
    let mut facts = vec![fact(voice, "basis-source", report.source.to_owned())];
    if let Some(from) = outcome.from {
        let day = |moment| voice.words.date(report.programme.calendar.date(moment));
        facts.push(fact(voice, "basis-period", format!("{} – {}", day(from), day(outcome.until))));
    }
    let members = [("members", voice.count(outcome.members)), ("buyers", voice.count(outcome.buyers))];
    facts.push(fact(voice, "basis-members", voice.tell("basis-members-value", &members.each_ref().map(borrowed))));
    let orders = [("orders", voice.count(outcome.orders)), ("returns", voice.count(outcome.returns))];
    facts.push(fact(voice, "basis-orders", voice.tell("basis-orders-value", &orders.each_ref().map(borrowed))));
    facts.push(fact(voice, "basis-revenue", voice.money(outcome.revenue)));
    facts.push(fact(voice, "basis-redemption", redemption(report, voice)));
    facts.push(fact(voice, "basis-seed", outcome.seed.to_string()));
    facts.push(fact(voice, "basis-elasticity", elasticity(report, voice)));
    let mut blocks = vec![Block::Facts { facts }];
    if !figures.without_worth.is_empty() {
        let units = figures.without_worth.iter().map(|unit| voice.unit(report.programme, unit));
        let units = units.collect::<Vec<_>>().join(", ");
        blocks.push(Block::note(voice.tell("basis-without-worth", &[("units", &units)])));
    }
    blocks.push(Block::note(voice.say("basis-unknowable")));
    Section { id: "basis", heading: voice.say("basis-heading"), blocks }
}

fn redemption(report: &Report<'_>, voice: &Voice<'_>) -> String {
    match report.outcome.redemption {
        Redemption::Nobody => voice.say("redemption-nobody"),
        Redemption::AsRecorded => voice.say("redemption-as-recorded"),
        Redemption::Modelled { likelihood } => {
            let share = voice.percent(i64::try_from(likelihood).unwrap_or(i64::MAX));
            let fit = match report.fit {
                Fit::Stated => voice.say("fit-stated"),
                Fit::Fitted { redemptions, occasions } => {
                    let redemptions = voice.count(redemptions);
                    voice.counted("fit-fitted", occasions, &[("redemptions", &redemptions)])
                }
                Fit::Assumed => voice.say("fit-assumed"),
            };
            voice.tell("redemption-modelled", &[("share", &share), ("fit", &fit)])
        }
    }
}

fn elasticity(report: &Report<'_>, voice: &Voice<'_>) -> String {
    match (report.elasticity, report.against) {
        (None, _) => voice.say("elasticity-off"),
        (Some(_), None) => voice.say("elasticity-alone"),
        (Some(thousandths), Some(_)) => {
            voice.tell("elasticity-stated", &[("share", &voice.words.percent(thousandths, 1))])
        }
    }
}

fn key_figures(report: &Report<'_>, figures: &Figures, voice: &Voice<'_>) -> Section {
    let compared = report.against.is_some();
    let rows = figures.key.iter().map(|figure| {
        let mut cells = vec![estimated(figure.kind, figure.value, voice)];
        if compared {
            cells.push(estimated(figure.kind, figure.against, voice));
            cells.push(voice.change_cell(figure.kind, figure.change));
        }
        (figure_label(report, figure, voice), cells)
    });
    let mut head = vec![voice.say("column-figure")];
    head.extend(sides(report, voice));
    if compared {
        head.push(voice.say("column-change"));
    }
    let mut blocks = vec![Block::table(voice.say("figures-caption"), head, rows.collect())];
    blocks.extend(figures.response.iter().flat_map(|response| answer(report, response, voice)));
    Section { id: "figures", heading: voice.say("figures-heading"), blocks }
}

/// What a stated elasticity would add; never part of the replayed figures.
fn answer(report: &Report<'_>, response: &Response, voice: &Voice<'_>) -> [Block; 2] {
    let row = |key: &'static str, replayed: i64, change: i64, answered: i64| {
        let cells = [voice.cell(Kind::Money, replayed), voice.change_cell(Kind::Money, Some(change))];
        (voice.say(key), cells.into_iter().chain([voice.cell(Kind::Money, answered)]).collect())
    };
    let head = ["column-figure", "column-replayed", "column-answer", "column-answered"].map(|key| voice.say(key));
    let rows = vec![
        row("basis-revenue", report.outcome.revenue, response.revenue_change, response.revenue),
        row("figure-cost", cost(report.outcome).expected, response.cost_change, response.cost),
    ];
    let note = voice.tell(
        "response-note",
        &[
            ("rate", &voice.write_change(Kind::Share, response.rate_change)),
            ("share", &voice.words.percent(response.elasticity, 1)),
        ],
    );
    [Block::table(voice.say("response-caption"), head.to_vec(), rows), Block::note(note)]
}

pub fn figure_label(report: &Report<'_>, figure: &Figure, voice: &Voice<'_>) -> String {
    match &figure.unit {
        Some(unit) => {
            let unit = voice.unit(report.programme, unit);
            capitalised(&voice.tell("figure-of-unit", &[("figure", &voice.say(figure.name)), ("unit", &unit)]))
        }
        None => voice.say(figure.name),
    }
}

fn estimated(kind: Kind, estimated: Option<Estimated>, voice: &Voice<'_>) -> Cell {
    let Some(estimated) = estimated else { return Cell::text("–") };
    let mut cell = voice.cell(kind, estimated.value);
    if let Some((low, high)) = estimated.between.filter(|(low, high)| low != high) {
        cell.note = between(kind, low, high, voice);
    }
    cell
}

/// `1 200,00 zł – 1 400,00 zł`
pub fn between(kind: Kind, low: i64, high: i64, voice: &Voice<'_>) -> String {
    format!("{} – {}", voice.write(kind, low), voice.write(kind, high))
}

fn fact(voice: &Voice<'_>, key: &'static str, value: String) -> (String, String) {
    (voice.say(key), value)
}

fn borrowed<'b>((name, text): &'b (&'static str, String)) -> (&'static str, &'b str) {
    (*name, text.as_str())
}

/// What the programmes are called at the heads of columns.
fn sides(report: &Report<'_>, voice: &Voice<'_>) -> Vec<String> {
    let names = ["side-tried", "side-against"].map(|key| voice.say(key));
    names.into_iter().take(report.sides().len()).collect()
}

/// The same number of each programme, under their names.
fn per_side(report: &Report<'_>, voice: &Voice<'_>, key: &'static str) -> Vec<String> {
    let sides = sides(report, voice);
    if sides.len() == 1 {
        return vec![voice.say(key)];
    }
    sides.iter().map(|side| voice.tell("figure-of-side", &[("figure", &voice.say(key)), ("side", side)])).collect()
}

fn head(voice: &Voice<'_>, first: &'static str, others: Vec<String>) -> Vec<String> {
    [voice.say(first)].into_iter().chain(others).collect()
}

/// A number of each programme for each row.
fn rows<'a>(
    labels: impl IntoIterator<Item = String>,
    sides: &[Side<'a>],
    cells: impl Fn(usize, Side<'a>) -> Vec<Cell>,
) -> Vec<(String, Vec<Cell>)> {
    let labels = labels.into_iter().enumerate();
    labels.map(|(index, label)| (label, sides.iter().flat_map(|side| cells(index, *side)).collect())).collect()
}
