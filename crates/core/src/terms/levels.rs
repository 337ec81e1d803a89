//! Tier ladders: what decides about a level, how long it stays, and what it brings.

use super::earning::excluded;
use super::scribe::Scribe;
use super::span::Text;
use super::units::counts_orders;
use super::{Clause, Section, Table};
use crate::kernel::Money;
use crate::programme::{Exclusions, Ladder, LadderWindow, Level, Metric, OnReturn, Place, StepDown, WordKind};

pub fn section(scribe: &Scribe<'_>) -> Section {
    let mut clauses = Vec::new();
    for ladder in &scribe.programme.ladders {
        let levels = ladder.levels.iter().enumerate().map(|(rank, level)| in_full(scribe, ladder, rank, level));
        clauses.push(Clause { text: ladder_sentences(scribe, ladder), points: levels.collect() });
        clauses.push(Text::joined(keeping(scribe, ladder), " ").into());
    }
    (scribe.say("terms-section-levels", &[]), clauses)
}

pub fn table(scribe: &Scribe<'_>, ladder: &Ladder) -> Table {
    let has_multiplier = ladder.levels.iter().any(|level| level.multiplier.is_some());
    let has_perks = ladder.levels.iter().any(|level| !level.perks.is_empty());
    let mut head = vec![scribe.say("terms-head-level", &[]), scribe.say("terms-head-threshold", &[])];
    head.extend(has_multiplier.then(|| scribe.say("terms-head-multiplier", &[])));
    head.extend(has_perks.then(|| scribe.say("terms-head-perks", &[])));
    let row = |(rank, level): (usize, &Level)| {
        let place = level_place(ladder, rank);
        let threshold = match rank {
            0 => scribe.say("terms-threshold-base", &[]),
            _ => threshold(scribe, ladder, level, &place),
        };
        let mut row = vec![scribe.text(&level.name, &place.key("name")), threshold];
        if has_multiplier {
            row.push(match level.multiplier {
                Some(factor) => scribe.factor(factor, &place.key("multiplier")),
                None => scribe.say("terms-no-multiplier", &[]),
            });
        }
        if has_perks {
            row.push(Text::joined(perks(scribe, level, &place), "; "));
        }
        row
    };
    Table {
        caption: scribe.text(&ladder.name, &ladder_place(ladder).key("name")),
        head,
        rows: ladder.levels.iter().enumerate().map(row).collect(),
    }
}

/// The levels above the base, by name.
pub fn names(scribe: &Scribe<'_>, ladder: &Ladder) -> Text {
    let levels = ladder.levels.iter().enumerate().skip(1);
    let names = levels.map(|(rank, level)| scribe.text(&level.name, &level_place(ladder, rank).key("name")));
    scribe.and(names.collect())
}

fn ladder_place(ladder: &Ladder) -> Place {
    Place::root().key("tiers").key(&ladder.id)
}

fn level_place(ladder: &Ladder, rank: usize) -> Place {
    match rank.checked_sub(1) {
        None => ladder_place(ladder).key("base"),
        Some(index) => ladder_place(ladder).key("levels").index(index),
    }
}

fn ladder_sentences(scribe: &Scribe<'_>, ladder: &Ladder) -> Text {
    let place = ladder_place(ladder);
    let metric = match &ladder.metric {
        Metric::Spend => scribe.say("terms-metric-spend", &[]),
        Metric::Points(unit) => {
            let units = scribe.programme.unit(unit).map(|unit| scribe.of_units(unit)).unwrap_or_default();
            scribe.say("terms-metric-points", &[("units", units.into())])
        }
        Metric::Orders => scribe.say("terms-metric-orders", &[]),
        Metric::Activity(name) => {
            let activity = scribe.label(WordKind::Activity, name, &place.key("metric"));
            scribe.say("terms-metric-activity", &[("activity", activity.into())])
        }
    };
    let window = match ladder.window {
        LadderWindow::Lifetime => scribe.say("terms-window-lifetime", &[]),
        LadderWindow::CalendarYear => scribe.say("terms-window-calendar-year", &[]),
        LadderWindow::MembershipYear => scribe.say("terms-window-membership-year", &[]),
        LadderWindow::Rolling(period) => {
            let period = scribe.last_period(period, &place.key("window"));
            scribe.say("terms-window-rolling", &[("period", period.into())])
        }
    };
    let name = scribe.text(&ladder.name, &place.key("name"));
    let sentence =
        scribe.say("terms-ladder", &[("name", name.into()), ("metric", metric.into()), ("window", window.into())]);
    let exclusions: &Exclusions = &scribe.programme.exclude;
    let net = match ladder.metric {
        Metric::Spend => excluded(scribe, exclusions, &Place::root().key("exclude"))
            .map(|list| scribe.say("terms-spend-net", &[("list", list.into())])),
        _ => None,
    };
    Text::joined(std::iter::once(sentence).chain(net), " ")
}

fn in_full(scribe: &Scribe<'_>, ladder: &Ladder, rank: usize, level: &Level) -> Text {
    let place = level_place(ladder, rank);
    let name = ("level", scribe.text(&level.name, &place.key("name")).into());
    let factor = level.multiplier.map(|factor| ("factor", scribe.factor(factor, &place.key("multiplier")).into()));
    let at = ("at", threshold(scribe, ladder, level, &place).into());
    let sentence = match (rank, factor) {
        (0, None) => scribe.say("terms-level-base", &[name]),
        (0, Some(factor)) => scribe.say("terms-level-base-multiplier", &[name, factor]),
        (_, None) => scribe.say("terms-level", &[name, at]),
        (_, Some(factor)) => scribe.say("terms-level-multiplier", &[name, at, factor]),
    };
    let perks = perks(scribe, level, &place);
    let perks =
        (!perks.is_empty()).then(|| scribe.say("terms-level-perks", &[("perks", Text::joined(perks, "; ").into())]));
    Text::joined(std::iter::once(sentence).chain(perks), " ")
}

fn perks(scribe: &Scribe<'_>, level: &Level, place: &Place) -> Vec<Text> {
    let place = place.key("perks");
    level.perks.iter().enumerate().map(|(index, perk)| scribe.text(perk, &place.index(index))).collect()
}

fn threshold(scribe: &Scribe<'_>, ladder: &Ladder, level: &Level, place: &Place) -> Text {
    let place = place.key("at");
    match &ladder.metric {
        Metric::Spend => scribe.money(Money(level.at), &place),
        Metric::Points(unit) => match scribe.programme.unit(unit) {
            Some(unit) => scribe.amount(unit, level.at, &place),
            None => scribe.number(level.at, &place),
        },
        Metric::Orders => scribe.counted("orders", level.at, &place),
        Metric::Activity(_) => scribe.counted("times", level.at, &place),
    }
}

fn keeping(scribe: &Scribe<'_>, ladder: &Ladder) -> Vec<Text> {
    let place = ladder_place(ladder);
    let mut sentences = vec![match ladder.window {
        LadderWindow::Lifetime => scribe.say("terms-keep-lifetime", &[]),
        LadderWindow::Rolling(_) => scribe.say("terms-keep-rolling", &[]),
        _ if ladder.keep == 0 => scribe.say("terms-keep-none", &[]),
        _ => {
            let years = scribe.counted("period-years", ladder.keep, &place.key("keep"));
            scribe.say("terms-keep", &[("years", years.into())])
        }
    }];
    if ladder.window != LadderWindow::Lifetime {
        if let Some(grace) = ladder.grace.filter(|grace| !grace.is_zero()) {
            let period = scribe.for_period(grace, &place.key("grace"));
            sentences.push(scribe.say("terms-grace", &[("period", period.into())]));
        }
        sentences.push(match ladder.step_down {
            StepDown::One => scribe.say("terms-step-down-one", &[]),
            StepDown::ToEarned => scribe.say("terms-step-down-earned", &[]),
        });
    }
    let depends_on_orders = !matches!(ladder.metric, Metric::Activity(_)) && counts_orders(scribe.programme);
    sentences.extend(depends_on_orders.then(|| match ladder.on_return {
        OnReturn::Recheck => scribe.say("terms-on-return-recheck", &[]),
        OnReturn::Keep => scribe.say("terms-on-return-keep", &[]),
    }));
    sentences
}
