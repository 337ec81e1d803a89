//! Who climbs, who is given what, how soon, and who gains or loses by a change.

use lojal_simulation::replay::{FirstReward, Group, LadderOutcome, share};

use super::money::labels;
use super::{head, per_side, rows, sides};
use crate::charts::{Scale, Series, Told, bars, columns, lines};
use crate::count;
use crate::page::{Block, Cell, Chart, Section, Table};
use crate::simulation::{Against, Report};
use crate::voice::{Kind, Voice};

/// Three years: who has not reached a reward by then is told of by the total.
const MONTHS_TO_FIRST_REWARD: i64 = 36;

pub fn tiers(report: &Report<'_>, voice: &Voice<'_>) -> Section {
    let members = report.outcome.members;
    let ladders = report.outcome.ladders.iter().enumerate().filter(|_| members > 0);
    let mut blocks: Vec<Block> = ladders.flat_map(|(index, ladder)| of_ladder(report, index, ladder, voice)).collect();
    if blocks.is_empty() {
        blocks.push(Block::text(voice.say(if members == 0 { "tiers-nobody" } else { "tiers-none" })));
    }
    Section { id: "tiers", heading: voice.say("tiers-heading"), blocks }
}

fn of_ladder(report: &Report<'_>, index: usize, ladder: &LadderOutcome, voice: &Voice<'_>) -> Vec<Block> {
    let months = &report.outcome.months;
    let name = voice.ladder(report.programme, &ladder.ladder);
    let levels: Vec<String> = ladder.levels.iter().map(|(level, _)| voice.level(report.programme, level)).collect();
    let members = |month: usize, level: usize| months[month].levels[index].get(level).copied().unwrap_or_default();
    let series: Vec<Series> = levels
        .iter()
        .enumerate()
        .map(|(level, name)| Series {
            name: name.clone(),
            values: (0..months.len()).map(|month| members(month, level)).collect(),
            bounds: Vec::new(),
            style: level,
        })
        .collect();
    let title = voice.tell("tiers-title", &[("ladder", &name)]);
    let caption = voice.say("tiers-caption");
    let axis = voice.on_axis(Kind::Count);
    let id = format!("ladder-{index}");
    let told = Told { id: &id, title: &title, description: &caption };
    let drawing = columns(told, &labels(months, voice), &series, &[], Scale::with(&axis), 0);
    let by_month = months.iter().enumerate().map(|(month, known)| {
        let cells = (0..levels.len()).map(|level| voice.cell(Kind::Count, members(month, level)));
        (voice.month(known.first), cells.collect())
    });
    let table =
        Table { caption: title.clone(), head: head(voice, "column-month", levels.clone()), rows: by_month.collect() };
    let chart = Block::Chart { chart: Chart { title, caption, drawing, table } };
    vec![chart, at_the_end(report, ladder, &levels, &name, voice), moves(report, ladder, &name, voice)]
}

fn at_the_end(report: &Report<'_>, ladder: &LadderOutcome, levels: &[String], name: &str, voice: &Voice<'_>) -> Block {
    let other =
        report.against.and_then(|against| against.outcome.ladders.iter().find(|known| known.ladder == ladder.ladder));
    let rows = ladder.levels.iter().zip(levels).map(|((id, members), level)| {
        let mut cells = vec![voice.cell(Kind::Count, *members)];
        if report.against.is_some() {
            let before =
                other.and_then(|other| other.levels.iter().find(|(known, _)| known == id)).map(|known| known.1);
            cells.push(voice.cell_or_none(Kind::Count, before));
        }
        (level.clone(), cells)
    });
    let caption = voice.tell("tiers-end", &[("ladder", name)]);
    Block::table(caption, head(voice, "column-level", per_side(report, voice, "column-members")), rows.collect())
}

fn moves(report: &Report<'_>, ladder: &LadderOutcome, name: &str, voice: &Voice<'_>) -> Block {
    if ladder.moves.is_empty() {
        return Block::text(voice.tell("tiers-no-moves", &[("ladder", name)]));
    }
    let rows = ladder.moves.iter().map(|(from, to, times)| {
        let [from, to] = [from, to].map(|level| voice.level(report.programme, level));
        (format!("{from} → {to}"), vec![voice.cell(Kind::Count, count(*times))])
    });
    let caption = voice.tell("tiers-moves", &[("ladder", name)]);
    Block::table(caption, head(voice, "column-move", vec![voice.say("column-times")]), rows.collect())
}

pub fn groups(report: &Report<'_>, voice: &Voice<'_>) -> Section {
    let mut blocks = Vec::new();
    if report.outcome.buyers == 0 {
        blocks.push(Block::text(voice.say("groups-none")));
    } else {
        blocks.push(Block::text(voice.say("groups-lead")));
        let deciles = &report.outcome.deciles;
        let names = deciles.iter().map(|decile| voice.decile(&decile.name)).collect();
        let other = report.against.map(|against| against.outcome.deciles.as_slice());
        blocks.push(of_groups(report, ("deciles", "deciles-title"), names, (deciles, other), voice));
    }
    if report.outcome.segments.is_empty() {
        blocks.push(Block::text(voice.say("segments-none")));
    } else {
        let segments = &report.outcome.segments;
        let names = segments.iter().map(|segment| segment.name.to_string()).collect();
        let other = report.against.map(|against| against.outcome.segments.as_slice());
        blocks.push(of_groups(report, ("segments", "segments-title"), names, (segments, other), voice));
    }
    Section { id: "groups", heading: voice.say("groups-heading"), blocks }
}

fn of_groups(
    report: &Report<'_>,
    (id, title): (&str, &'static str),
    names: Vec<String>,
    (groups, other): (&[Group], Option<&[Group]>),
    voice: &Voice<'_>,
) -> Block {
    let before = |group: &Group| other.and_then(|other| other.iter().find(|known| known.name == group.name));
    let mut series = vec![groups.iter().map(Group::rate).collect::<Vec<_>>()];
    if other.is_some() {
        series.push(groups.iter().map(|group| before(group).map_or(0, Group::rate)).collect());
    }
    let sides = sides(report, voice);
    let series = series.into_iter().zip(sides).enumerate();
    let series: Vec<Series> =
        series.map(|(style, (values, name))| Series { name, values, bounds: Vec::new(), style }).collect();
    let (title, caption) = (voice.say(title), voice.say("groups-caption"));
    let told = Told { id, title: &title, description: &caption };
    let drawing = bars(told, &names, &series, &|share| voice.share(share));
    let rows = groups.iter().zip(names).map(|(group, name)| {
        let mut cells = vec![
            voice.cell(Kind::Count, count(group.members)),
            voice.cell(Kind::Count, count(group.orders)),
            voice.cell(Kind::Money, group.revenue),
            voice.cell(Kind::Count, count(group.reached)),
        ];
        for group in [Some(group)].into_iter().chain(other.map(|_| before(group))) {
            cells.push(voice.cell_or_none(Kind::Money, group.map(|group| group.value)));
            cells.push(voice.cell_or_none(Kind::Share, group.map(Group::rate)));
        }
        (name, cells)
    });
    let [value, rate] = ["column-value", "column-rate"].map(|key| per_side(report, voice, key));
    let columns = ["column-members", "basis-orders", "basis-revenue", "column-reached"].map(|key| voice.say(key));
    let columns = columns.into_iter().chain(value.into_iter().zip(rate).flat_map(|(value, rate)| [value, rate]));
    let table =
        Table { caption: title.clone(), head: head(voice, "column-group", columns.collect()), rows: rows.collect() };
    Block::Chart { chart: Chart { title, caption, drawing, table } }
}

pub fn first_reward(report: &Report<'_>, voice: &Voice<'_>) -> Section {
    let heading = voice.say("first-heading");
    let all = report.sides();
    if all.iter().all(|side| side.outcome.first_reward.reached == 0) {
        let key = if report.programme.rewards.is_empty() { "first-no-rewards" } else { "first-none" };
        return Section { id: "first-reward", heading, blocks: vec![Block::text(voice.say(key))] };
    }
    let first = &report.outcome.first_reward;
    let mut lead = voice.counted(
        "first-lead",
        first.reached,
        &[("share", &voice.percent(share(count(first.reached), count(report.outcome.members))))],
    );
    if let Some([quarter, half, most]) = first.quartiles {
        let days = [("quarter", quarter), ("half", half), ("most", most)];
        let days = days.map(|(name, days)| (name, voice.write(Kind::Days, days)));
        lead.push(' ');
        lead.push_str(&voice.tell("first-quartiles", &days.each_ref().map(super::borrowed)));
    }
    let last = all.iter().flat_map(|side| side.outcome.first_reward.after_months.keys()).max().copied().unwrap_or(0);
    let months: Vec<i64> = (0..=last.min(MONTHS_TO_FIRST_REWARD)).collect();
    let series = all.iter().zip(sides(report, voice)).enumerate().map(|(style, (side, name))| Series {
        name,
        values: reached_by(&side.outcome.first_reward, &months)
            .map(|reached| share(reached, count(side.outcome.members)))
            .collect(),
        bounds: Vec::new(),
        style,
    });
    let (title, caption) = (voice.say("first-title"), voice.say("first-caption"));
    let names: Vec<String> = months.iter().map(|month| voice.words.number(month + 1, 0)).collect();
    let axis = voice.on_axis(Kind::Share);
    let told = Told { id: "first", title: &title, description: &caption };
    let drawing = lines(told, &names, &series.collect::<Vec<_>>(), Scale::with(&axis));
    let rows = rows(names, &all, |index, side| {
        let fresh = side.outcome.first_reward.after_months.get(&months[index]).copied().unwrap_or(0);
        vec![voice.cell(Kind::Count, count(fresh))]
    });
    let columns = per_side(report, voice, "column-first");
    let table = Table { caption: title.clone(), head: head(voice, "column-month-of-membership", columns), rows };
    let chart = Block::Chart { chart: Chart { title, caption, drawing, table } };
    Section { id: "first-reward", heading, blocks: vec![Block::text(lead), chart] }
}

/// Members who had reached a reward by the end of each month since they joined.
fn reached_by(first: &FirstReward, months: &[i64]) -> impl Iterator<Item = i64> {
    months.iter().scan(0, |sum, month| {
        *sum += first.after_months.get(month).copied().map_or(0, count);
        Some(*sum)
    })
}

pub fn changes(report: &Report<'_>, voice: &Voice<'_>) -> Option<Section> {
    let against = report.against?;
    let heading = voice.say("changes-heading");
    if against.comparison.buyers == 0 {
        return Some(Section { id: "changes", heading, blocks: vec![Block::text(voice.say("groups-none"))] });
    }
    let comparison = against.comparison;
    let mut blocks = vec![Block::text(voice.tell(
        "changes-lead",
        &[
            ("gained", &voice.money(comparison.gained)),
            ("lost", &voice.money(comparison.lost)),
            ("before", &voice.percent(comparison.rates.0)),
            ("after", &voice.percent(comparison.rates.1)),
        ],
    ))];
    blocks.push(histogram(&against, voice));
    blocks.push(change_by_decile(&against, voice));
    if let Some(quantiles) = comparison.quantiles {
        let keys = ["quantile-5", "quantile-25", "quantile-50", "quantile-75", "quantile-95"];
        let rows = keys.iter().zip(quantiles);
        let rows = rows.map(|(key, change)| (voice.say(key), vec![voice.change_cell(Kind::Money, Some(change))]));
        let columns = head(voice, "column-buyers", vec![voice.say("column-change")]);
        blocks.push(Block::table(voice.say("quantiles-caption"), columns, rows.collect()));
    }
    Some(Section { id: "changes", heading, blocks })
}

fn histogram(against: &Against<'_>, voice: &Voice<'_>) -> Block {
    let changes = &against.comparison.changes;
    // Losers, those to whom nothing changes, and winners: apart by colour, by pattern and by place.
    let part = |style: usize, key: &'static str, is_in: fn(i64) -> bool| Series {
        name: voice.say(key),
        values: changes.iter().map(|change| if is_in(change.from) { count(change.buyers) } else { 0 }).collect(),
        bounds: Vec::new(),
        style,
    };
    let series = [
        part(1, "change-loses", |from| from < 0),
        part(4, "change-none", |from| from == 0),
        part(0, "change-gains", |from| from > 0),
    ];
    let (title, caption) =
        (voice.tell("histogram-title", &[("currency", &voice.currency())]), voice.say("histogram-caption"));
    // A bar is named by its bound on the side of nothing.
    let bounds = || changes.iter().map(|change| if change.from < 0 { change.to - 1 } else { change.from });
    let largest = bounds().map(i64::unsigned_abs).max().unwrap_or(0);
    let names: Vec<String> = bounds().map(|bound| voice.short_money(bound, largest)).collect();
    let middle = changes.iter().position(|change| change.from == 0).unwrap_or(0);
    let axis = voice.on_axis(Kind::Count);
    let told = Told { id: "histogram", title: &title, description: &caption };
    let drawing = columns(told, &names, &series, &[], Scale::with(&axis), middle);
    let rows = changes.iter().map(|change| {
        let ends = [change.from, change.to - 1];
        let name = match ends {
            [0, 0] => voice.say("change-none"),
            ends => ends.map(|end| voice.write_change(Kind::Money, end)).join(" … "),
        };
        (name, vec![voice.cell(Kind::Count, count(change.buyers))])
    });
    let columns = head(voice, "column-change", vec![voice.say("column-buyers")]);
    let table = Table { caption: title.clone(), head: columns, rows: rows.collect() };
    Block::Chart { chart: Chart { title, caption, drawing, table } }
}

fn change_by_decile(against: &Against<'_>, voice: &Voice<'_>) -> Block {
    let changes = &against.comparison.by_decile;
    // With fewer than ten buyers some tenths are empty, and nobody knows which.
    let is_whole = changes.len() == 10;
    let names = (1..=changes.len()).map(|decile| match is_whole {
        true => voice.decile(&decile.to_string()),
        false => voice.words.number(decile as i64, 0),
    });
    let names: Vec<String> = names.collect();
    let series = Series { name: String::new(), values: changes.clone(), bounds: Vec::new(), style: 0 };
    let (title, caption) = (voice.say("mean-change-title"), voice.say("mean-change-caption"));
    let told = Told { id: "mean-change", title: &title, description: &caption };
    let drawing = bars(told, &names, &[series], &|change| voice.write_change(Kind::Money, change));
    let rows = names.into_iter().zip(changes);
    let rows = rows.map(|(name, change)| (name, vec![voice.change_cell(Kind::Money, Some(*change))]));
    let columns = head(voice, "column-group", vec![voice.say("column-change")]);
    let table = Table { caption: title.clone(), head: columns, rows: rows.collect::<Vec<(String, Vec<Cell>)>>() };
    Block::Chart { chart: Chart { title, caption, drawing, table } }
}
