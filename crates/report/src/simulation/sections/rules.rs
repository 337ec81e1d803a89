//! Which rules gave, which rewards were taken, what was refused, and how each figure is reckoned.

use lojal_simulation::replay::{RewardOutcome, RuleOutcome};

use super::{head, per_side};
use crate::charts::{Series, Told, bars};
use crate::page::{Block, Cell, Chart, Section, Table};
use crate::simulation::Report;
use crate::voice::{Kind, Voice};
use crate::{capitalised, count};

/// Bars that a chart has room for; the table has all.
const BUSIEST: usize = 10;

pub fn busiest(report: &Report<'_>, voice: &Voice<'_>) -> Section {
    let mut rules: Vec<&RuleOutcome> = report.outcome.rules.iter().filter(|rule| rule.times > 0).collect();
    rules.sort_by_key(|rule| std::cmp::Reverse(rule.times));
    let mut blocks = Vec::new();
    if rules.is_empty() {
        blocks.push(Block::text(voice.say("rules-none")));
    } else {
        blocks.push(fired(report, &rules, voice));
    }
    let never = report.outcome.rules.iter().filter(|rule| rule.times == 0);
    let never: Vec<String> = never.map(|rule| rule_name(report, rule, voice)).collect();
    if never.is_empty() {
        blocks.push(Block::text(voice.say("rules-all-fired")));
    } else {
        blocks.push(Block::List { heading: voice.say("rules-never"), items: never });
    }
    Section { id: "rules", heading: voice.say("rules-heading"), blocks }
}

fn fired(report: &Report<'_>, rules: &[&RuleOutcome], voice: &Voice<'_>) -> Block {
    let busiest = &rules[..rules.len().min(BUSIEST)];
    let names: Vec<String> = busiest.iter().map(|rule| rule_name(report, rule, voice)).collect();
    let times = Series {
        name: String::new(),
        values: busiest.iter().map(|rule| count(rule.times)).collect(),
        bounds: Vec::new(),
        style: 0,
    };
    let (title, caption) = (voice.say("rules-title"), voice.say("rules-caption"));
    let told = Told { id: "busiest", title: &title, description: &caption };
    let drawing = bars(told, &names, &[times], &|times| voice.words.number(times, 0));
    let before = |rule: &RuleOutcome| {
        let known = report.against?.outcome.rules.iter().find(|known| known.rule == rule.rule)?;
        Some(count(known.times))
    };
    let rows = rules.iter().map(|rule| {
        let mut cells = vec![voice.cell(Kind::Count, count(rule.times))];
        if report.against.is_some() {
            cells.push(voice.cell_or_none(Kind::Count, before(rule)));
        }
        cells.push(match rule.multiplies {
            true => Cell::text(voice.say("rule-multiplies")),
            false => Cell::new(voice.amount(&rule.unit, rule.points), Some(rule.points)),
        });
        (rule_name(report, rule, voice), cells)
    });
    let columns = per_side(report, voice, "column-times").into_iter().chain([voice.say("column-given")]);
    let table =
        Table { caption: title.clone(), head: head(voice, "column-rule", columns.collect()), rows: rows.collect() };
    Block::Chart { chart: Chart { title, caption, drawing, table } }
}

fn rule_name(report: &Report<'_>, rule: &RuleOutcome, voice: &Voice<'_>) -> String {
    let name = voice.rule(report.programme, &rule.rule);
    if rule.campaign { voice.tell("campaign", &[("name", &name)]) } else { name }
}

pub fn rewards(report: &Report<'_>, voice: &Voice<'_>) -> Section {
    let heading = voice.say("rewards-heading");
    let rewards = &report.outcome.rewards;
    if rewards.is_empty() {
        return Section { id: "rewards", heading, blocks: vec![Block::text(voice.say("rewards-none"))] };
    }
    let names: Vec<String> = rewards.iter().map(|reward| voice.reward(report.programme, &reward.reward)).collect();
    let part = |style: usize, key: &'static str, of: fn(&RewardOutcome) -> u64| Series {
        name: voice.say(key),
        values: rewards.iter().map(|reward| count(of(reward))).collect(),
        bounds: Vec::new(),
        style,
    };
    let series =
        [part(0, "column-taken", |reward| reward.redeemed), part(5, "column-given-free", |reward| reward.given)];
    let (title, caption) = (voice.say("rewards-title"), voice.say("rewards-caption"));
    let told = Told { id: "taken", title: &title, description: &caption };
    let drawing = bars(told, &names, &series, &|times| voice.words.number(times, 0));
    let before = |reward: &RewardOutcome| {
        let known = report.against?.outcome.rewards.iter().find(|known| known.reward == reward.reward)?;
        Some(count(known.redeemed))
    };
    let rows = rewards.iter().zip(names).map(|(reward, name)| {
        let mut cells = vec![voice.cell(Kind::Count, count(reward.redeemed))];
        if report.against.is_some() {
            cells.push(voice.cell_or_none(Kind::Count, before(reward)));
        }
        cells.push(voice.cell(Kind::Count, count(reward.given)));
        let price = report.programme.reward(&reward.reward).and_then(|known| known.price.as_ref());
        let unit = price.and_then(|price| report.programme.units.get(price.unit));
        cells.push(match unit {
            Some(unit) => Cell::new(voice.amount(&unit.id, reward.points), Some(reward.points)),
            None => Cell::text("–"),
        });
        (name, cells)
    });
    let columns = per_side(report, voice, "column-taken").into_iter();
    let columns = columns.chain(["column-given-free", "column-spent"].map(|key| voice.say(key)));
    let table =
        Table { caption: title.clone(), head: head(voice, "column-reward", columns.collect()), rows: rows.collect() };
    let has_taken = rewards.iter().any(|reward| reward.redeemed > 0 || reward.given > 0);
    let blocks = match has_taken {
        true => vec![Block::Chart { chart: Chart { title, caption, drawing, table } }],
        false => vec![Block::text(voice.say("rewards-untouched")), Block::Table { table }],
    };
    Section { id: "rewards", heading, blocks }
}

pub fn refusals(report: &Report<'_>, voice: &Voice<'_>) -> Section {
    let heading = voice.say("refusals-heading");
    let before = report.against.map(|against| &against.outcome.refused);
    let mut codes: Vec<&String> =
        report.outcome.refused.keys().chain(before.into_iter().flat_map(|map| map.keys())).collect();
    codes.sort_unstable();
    codes.dedup();
    if codes.is_empty() {
        return Section { id: "refusals", heading, blocks: vec![Block::text(voice.say("refusals-none"))] };
    }
    let rows = codes.into_iter().map(|code| {
        let times = |refused: &std::collections::BTreeMap<String, u64>| {
            voice.cell(Kind::Count, count(refused.get(code).copied().unwrap_or(0)))
        };
        (code.clone(), [&report.outcome.refused].into_iter().chain(before).map(times).collect())
    });
    let columns = head(voice, "column-refusal", per_side(report, voice, "column-times"));
    let table = Block::table(voice.say("refusals-caption"), columns, rows.collect());
    Section { id: "refusals", heading, blocks: vec![Block::text(voice.say("refusals-lead")), table] }
}

pub fn glossary(voice: &Voice<'_>) -> Section {
    let terms = [
        ("basis-revenue", "glossary-revenue"),
        ("term-worth", "glossary-worth"),
        ("figure-issued", "glossary-issued"),
        ("column-pending", "glossary-pending"),
        ("figure-spent", "glossary-spent"),
        ("term-interval", "glossary-interval"),
        ("figure-cost", "glossary-cost"),
        ("figure-cost-share", "glossary-cost-share"),
        ("figure-cost-ceiling", "glossary-cost-ceiling"),
        ("figure-given", "glossary-given"),
        ("figure-liability", "glossary-liability"),
        ("figure-liability-ceiling", "glossary-liability-ceiling"),
        ("column-value", "glossary-value"),
        ("column-rate", "glossary-rate"),
        ("term-decile", "glossary-decile"),
        ("first-heading", "glossary-first"),
        ("changes-heading", "glossary-changes"),
        ("basis-elasticity", "glossary-elasticity"),
        ("term-rounding", "glossary-rounding"),
    ];
    let facts = terms.iter().map(|(term, meaning)| (capitalised(&voice.say(term)), voice.say(meaning)));
    Section {
        id: "glossary",
        heading: voice.say("glossary-heading"),
        blocks: vec![Block::Facts { facts: facts.collect() }],
    }
}
