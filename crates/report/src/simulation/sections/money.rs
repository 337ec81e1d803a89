//! Points, what is owed, and what it costs.

use lojal_simulation::replay::{Flow, Month};

use super::{head, per_side, rows, sides};
use crate::charts::{Point, Scale, Series, Told, bars, columns, lines, path};
use crate::page::{Block, Cell, Chart, Section, Table};
use crate::simulation::figures::Figures;
use crate::simulation::{Goal, Report, Side};
use crate::voice::{Kind, Voice};

pub fn points(report: &Report<'_>, voice: &Voice<'_>) -> Section {
    let units = 0..report.outcome.units.len();
    let moved = units.filter(|unit| report.outcome.months.iter().any(|month| month.flows[*unit] != Flow::default()));
    let mut blocks: Vec<Block> = moved.map(|unit| of_unit(report, unit, voice)).collect();
    if blocks.is_empty() {
        blocks.push(Block::text(voice.say("points-none")));
    } else {
        blocks.insert(0, Block::text(voice.say("points-lead")));
    }
    Section { id: "points", heading: voice.say("points-heading"), blocks }
}

fn of_unit(report: &Report<'_>, unit: usize, voice: &Voice<'_>) -> Block {
    let months = &report.outcome.months;
    let known = &report.outcome.units[unit];
    let scale = report.programme.units.get(unit).map_or(0, |unit| unit.scale);
    let kind = Kind::Points { scale };
    let series = |style: usize, key: &'static str, of: fn(&Flow) -> i64| Series {
        name: voice.say(key),
        values: months.iter().map(|month| of(&month.flows[unit])).collect(),
        bounds: Vec::new(),
        style,
    };
    let piles = [
        series(0, "column-issued", |flow| flow.issued),
        series(1, "column-redeemed", |flow| flow.redeemed.saturating_neg()),
        series(3, "column-expired", |flow| flow.expired.saturating_neg()),
        series(4, "column-reversed", |flow| flow.reversed.saturating_neg()),
    ];
    let pending = series(2, "column-pending", |flow| flow.pending);
    let name = voice.unit(report.programme, &known.unit);
    let title = voice.tell("points-title", &[("unit", &name)]);
    let axis = voice.on_axis(kind);
    let id = format!("points-{unit}");
    let told = Told { id: &id, title: &title, description: &voice.say("points-lead") };
    let drawing = columns(told, &labels(months, voice), &piles, &[pending], Scale::with(&axis), 0);
    let keys = [
        "column-issued",
        "column-reversed",
        "column-redeemed",
        "column-expired",
        "column-pending",
        "column-available",
        "column-debt",
    ];
    let cells = |flow: &Flow| {
        [flow.issued, flow.reversed, flow.redeemed, flow.expired, flow.pending, flow.available, flow.debt]
            .map(|points| voice.cell(kind, points))
    };
    let mut rows: Vec<(String, Vec<Cell>)> =
        months.iter().map(|month| (voice.month(month.first), cells(&month.flows[unit]).to_vec())).collect();
    rows.push((voice.say("row-total"), cells(&known.flow).to_vec()));
    let table = Table {
        caption: title.clone(),
        head: head(voice, "column-month", keys.map(|key| voice.say(key)).to_vec()),
        rows,
    };
    Block::Chart { chart: Chart { title, caption: voice.say("points-caption"), drawing, table } }
}

pub fn liability(report: &Report<'_>, voice: &Voice<'_>) -> Section {
    let heading = voice.say("liability-heading");
    let months = &report.outcome.months;
    if report.sides().iter().all(|side| side.outcome.months.iter().all(|month| month.liability_ceiling == 0)) {
        return Section { id: "liability", heading, blocks: vec![Block::text(voice.say("liability-none"))] };
    }
    let all = report.sides();
    let series: Vec<Series> = all
        .iter()
        .zip(sides(report, voice))
        .enumerate()
        .map(|(style, (side, name))| Series {
            name,
            values: side.outcome.months.iter().map(|month| month.liability.expected).collect(),
            bounds: side.outcome.months.iter().map(|month| (month.liability.low, month.liability.high)).collect(),
            style,
        })
        .collect();
    let title = voice.tell("liability-title", &[("currency", &voice.currency())]);
    let axis = voice.on_axis(Kind::Money);
    let told = Told { id: "owed", title: &title, description: &voice.say("liability-caption") };
    let drawing = lines(told, &labels(months, voice), &series, Scale::with(&axis));
    let columns = all.iter().zip(sides(report, voice)).flat_map(|(_, side)| {
        ["column-expected", "column-low", "column-high", "column-ceiling"].map(|key| {
            if all.len() == 1 {
                voice.say(key)
            } else {
                voice.tell("figure-of-side", &[("figure", &voice.say(key)), ("side", &side)])
            }
        })
    });
    let rows = rows(labels(months, voice), &all, |index, side| match side.outcome.months.get(index) {
        Some(month) => [month.liability.expected, month.liability.low, month.liability.high, month.liability_ceiling]
            .map(|amount| voice.cell(Kind::Money, amount))
            .to_vec(),
        None => vec![Cell::text("–"); 4],
    });
    let table = Table { caption: title.clone(), head: head(voice, "column-month", columns.collect()), rows };
    let caption = voice.say("liability-caption");
    let mut blocks = vec![
        Block::text(voice.say("liability-lead")),
        Block::Chart { chart: Chart { title, caption, drawing, table } },
        Block::text(voice.say("liability-method")),
    ];
    let is_known = |side: &Side<'_>| side.outcome.cost.liability.low == side.outcome.cost.liability.high;
    let has_expired = |side: &Side<'_>| side.outcome.units.iter().any(|unit| unit.flow.expired > 0);
    if all.iter().all(|side| is_known(side) && !has_expired(side)) {
        blocks.push(Block::note(voice.say("liability-nothing-expired")));
    }
    Section { id: "liability", heading, blocks }
}

pub fn cost_share(report: &Report<'_>, figures: &Figures, voice: &Voice<'_>) -> Section {
    let heading = voice.say("cost-heading");
    if report.outcome.revenue <= 0 {
        return Section { id: "cost", heading, blocks: vec![Block::text(voice.say("cost-none"))] };
    }
    let all = report.sides();
    let names = sides(report, voice);
    let share = Series {
        name: String::new(),
        values: all.iter().map(|side| side.outcome.cost.share.expected).collect(),
        bounds: all.iter().map(|side| (side.outcome.cost.share.low, side.outcome.cost.share.high)).collect(),
        style: 0,
    };
    let title = voice.say("figure-cost-share");
    let caption = voice.say("cost-caption");
    let told = Told { id: "share", title: &title, description: &caption };
    let drawing = bars(told, &names, &[share], &|share| voice.share(share));
    let head_keys = ["column-expected", "column-low", "column-high"].map(|key| voice.say(key));
    let rows = names.iter().zip(&all).map(|(name, side)| {
        let share = side.outcome.cost.share;
        (name.clone(), [share.expected, share.low, share.high].map(|share| voice.cell(Kind::Share, share)).to_vec())
    });
    let table = Table {
        caption: title.clone(),
        head: head(voice, "column-programme", head_keys.to_vec()),
        rows: rows.collect(),
    };
    let total = Block::Chart { chart: Chart { title, caption, drawing, table } };
    let blocks = vec![Block::text(voice.say("cost-lead")), total, given_by_month(report, figures, voice)];
    Section { id: "cost", heading, blocks }
}

fn given_by_month(report: &Report<'_>, figures: &Figures, voice: &Voice<'_>) -> Block {
    let months = &report.outcome.months;
    let names = sides(report, voice);
    let series: Vec<Series> = figures
        .given_by_month
        .iter()
        .zip(names)
        .enumerate()
        .map(|(style, (values, name))| Series { name, values: values.clone(), bounds: Vec::new(), style })
        .collect();
    let (title, caption) = (voice.say("given-title"), voice.say("given-caption"));
    let axis = voice.on_axis(Kind::Share);
    let told = Told { id: "given", title: &title, description: &caption };
    let drawing = lines(told, &labels(months, voice), &series, Scale::with(&axis));
    let rows = months.iter().enumerate().map(|(index, month)| {
        let mut cells = vec![voice.cell(Kind::Money, month.revenue)];
        let shares = figures.given_by_month.iter().map(|shares| shares.get(index).copied());
        cells.extend(shares.map(|share| voice.cell_or_none(Kind::Share, share)));
        (voice.month(month.first), cells)
    });
    let columns = [voice.say("basis-revenue")].into_iter().chain(per_side(report, voice, "column-given-share"));
    let table =
        Table { caption: title.clone(), head: head(voice, "column-month", columns.collect()), rows: rows.collect() };
    Block::Chart { chart: Chart { title, caption, drawing, table } }
}

pub fn sweep(report: &Report<'_>, voice: &Voice<'_>) -> Option<Section> {
    let sweep = report.sweep.filter(|sweep| !sweep.points.is_empty())?;
    let (goal, kind) = match sweep.goal {
        Goal::Reached => ("goal-reached", Kind::Share),
        Goal::Redemptions => ("goal-redemptions", Kind::Count),
        Goal::Generosity => ("goal-generosity", Kind::Share),
        Goal::Climbed => ("goal-climbed", Kind::Share),
    };
    let goal = voice.say(goal);
    let points: Vec<Point> = sweep
        .points
        .iter()
        .map(|point| Point {
            name: point.value.clone(),
            across: point.goal,
            up: point.cost_share.expected,
            bounds: (point.cost_share.low, point.cost_share.high),
        })
        .collect();
    let title = voice.tell("sweep-title", &[("setting", &sweep.setting)]);
    let caption = voice.tell("sweep-caption", &[("goal", &goal), ("setting", &sweep.setting)]);
    let (across, up) = (voice.on_axis(kind), voice.on_axis(Kind::Share));
    let told = Told { id: "swept", title: &title, description: &caption };
    let drawing = path(told, &points, Scale::with(&across), Scale::with(&up));
    let rows = sweep.points.iter().map(|point| {
        let share = point.cost_share;
        let shares = [share.expected, share.low, share.high].map(|share| voice.cell(Kind::Share, share));
        (point.value.clone(), [voice.cell(kind, point.goal)].into_iter().chain(shares).collect())
    });
    let head = [sweep.setting.clone(), goal.clone()]
        .into_iter()
        .chain(["figure-cost-share", "column-low", "column-high"].map(|key| voice.say(key)));
    let table = Table { caption: title.clone(), head: head.collect(), rows: rows.collect() };
    let chart = Block::Chart { chart: Chart { title, caption, drawing, table } };
    Some(Section { id: "sweep", heading: voice.say("sweep-heading"), blocks: vec![chart] })
}

pub fn labels(months: &[Month], voice: &Voice<'_>) -> Vec<String> {
    months.iter().map(|month| voice.month(month.first)).collect()
}
