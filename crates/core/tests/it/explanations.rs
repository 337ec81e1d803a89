//! One story of a member, told under every programme of the repository: what happens, each effect and each
//! refusal in words, and why rules gave nothing. Read what has changed as the member would.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use lojal_core::kernel::{Language, Name};
use lojal_core::programme::{AwardKind, Programme, Trigger, WordKind, parse_toml};
use lojal_core::words::Words;

use crate::golden::assert_golden;
use crate::shop::Shop;
use crate::terms::gallery;

#[test]
fn a_members_story_is_told_under_every_programme() {
    for (name, text) in gallery() {
        let mut programme = parse_toml(&text).unwrap_or_else(|findings| panic!("{name}: {findings:?}"));
        programme.version = 1;
        for language in &programme.languages {
            let told = told(&programme, &Words::new(*language));
            let name = name.trim_end_matches(".toml");
            assert_golden(&format!("explanations/{name}.{}.txt", language.tag()), &told);
        }
    }
}

/// What happens, as a line of a table, and after it what the member reads.
fn told(programme: &Programme, words: &Words) -> String {
    let mut shop = Shop::of(programme.clone());
    let names = ["Anna", "Ewa"].map(|name| (shop.id_of(&name.to_lowercase().into()), name.to_owned()));
    let names = BTreeMap::from(names);
    let speaker = words.about(programme).calling(&names);
    let mut told = String::new();
    for happening in story(programme) {
        let line: Vec<&str> = happening.split_whitespace().collect();
        let before = shop.decisions.len();
        let outcome = shop.happen(&line);
        writeln!(told, "{happening}").unwrap();
        match outcome {
            Err(refusal) => writeln!(told, "  {}", speaker.refusal(&refusal)).unwrap(),
            Ok(()) => {
                for (who, decision) in &shop.decisions[before..] {
                    for effect in decision.effects.iter().filter(|_| who == "anna") {
                        writeln!(told, "  {}: {}", speaker.moment(effect.at), speaker.effect(effect)).unwrap();
                    }
                }
                for trace in &shop.explained.rules {
                    writeln!(told, "  · {}", speaker.outcome(trace)).unwrap();
                }
                for miss in &shop.explained.near {
                    writeln!(told, "  · {}", speaker.near_miss(miss)).unwrap();
                }
            }
        }
    }
    told
}

/// The same for all, in words of their own: who joins, buys, does what the rules ask for, takes rewards,
/// brings goods back, lets points expire, and leaves.
fn story(programme: &Programme) -> Vec<String> {
    let brand = &programme.brands[0].id;
    let word = |kind: WordKind| {
        let word = programme.labels.iter().find(|(of, ..)| *of == kind);
        word.map_or("", |(_, word, _)| word.as_str())
    };
    let (category, make, tag) = (word(WordKind::Category), word(WordKind::Make), word(WordKind::Tag));
    let unit = programme.units.iter().find(|unit| unit.spendable).unwrap_or(&programme.units[0]);
    let size = 5 * 10i64.pow(u32::from(unit.scale));
    let unit = &unit.id;
    let segment = match word(WordKind::Segment) {
        "" => String::new(),
        segment => format!(" segment={segment}"),
    };
    let order =
        format!("brand={brand} lines=a:2:240.00:{category}:::{tag},b:1:60.00::discounted:{make} shipping=15.00");
    let mut story = vec![
        "2026-03-02T10:00 ewa joins".to_owned(),
        format!("2026-03-02T10:00 anna joins birthday=05-20{segment}"),
        format!("2026-03-03T12:30 anna order 1001 {order} tag={tag}"),
        format!("2026-03-05T09:00 anna order 1001 {order} tag={tag} placed=2026-03-03T12:30 closed"),
    ];
    for (index, (name, attributes)) in activities(programme).into_iter().enumerate() {
        story.push(format!("2026-03-{:02}T18:00 anna does {name} a{index} brand={brand}{attributes}", index + 7));
    }
    let by_price = |dearest: bool| {
        let priced = programme.rewards.iter().filter_map(|reward| Some((reward.price.as_ref()?.points, &reward.id)));
        let reward = if dearest { priced.max() } else { priced.filter(|(points, _)| *points > 0).min() };
        reward.map(|(_, reward)| reward.clone())
    };
    let (dearest, cheapest) = (by_price(true), by_price(false));
    story.extend(dearest.map(|reward| format!("2026-03-20T16:00 anna redeems {reward}")));
    story.push(format!("2026-04-20T12:30 anna order 1002 brand={brand} lines=a:1:5000.00 closed"));
    story.push("2026-06-01T08:00 anna waits".to_owned());
    if let Some(reward) = &cheapest {
        story.push(format!("2026-06-02T16:00 anna redeems {reward} as r1"));
        story.push(format!("2026-06-02T16:05 anna redeems {reward}"));
        story.push("2026-06-03T09:00 anna undoes r1".to_owned());
    }
    story.extend([
        format!("2026-06-03T10:00 anna holds {size} unit={unit} as h1 until=2026-06-04"),
        "2026-06-03T10:05 anna captures h1".to_owned(),
        format!("2026-06-03T11:00 anna sends {size} ewa unit={unit}"),
        format!("2026-06-03T11:05 anna gives {size} ewa unit={unit}"),
        "2026-06-05T12:00 anna returns 1001 a*1".to_owned(),
        format!("2026-06-06T12:00 anna adjusts {size} unit={unit} brand={brand}"),
        "2030-01-02T08:00 anna waits".to_owned(),
        "2030-01-02T09:00 anna leaves".to_owned(),
        format!("2030-01-02T10:00 anna order 1003 brand={brand} lines=a:1:50.00"),
    ]);
    story
}

/// What rules ask for beside orders and what the engine itself gives rise to, with all that they look at.
fn activities(programme: &Programme) -> Vec<(Name, String)> {
    let mut known = BTreeSet::new();
    let mut activities = Vec::new();
    for rule in &programme.rules {
        let Trigger::Activity(name) = &rule.on else { continue };
        if lojal_core::activity::builtin::ALL.contains(&name.as_str()) || !known.insert(name.clone()) {
            continue;
        }
        let counted = programme.rules.iter().filter(|rule| rule.on == Trigger::Activity(name.clone()));
        let attributes = counted.filter_map(|rule| match &rule.award {
            AwardKind::PerValue { attribute, .. } if attribute == "grosze" => Some(format!(" {attribute}=12050")),
            AwardKind::PerValue { attribute, .. } => Some(format!(" {attribute}=12")),
            _ => None,
        });
        let flags =
            programme.labels.iter().filter(|(kind, word, _)| *kind == WordKind::Attribute && *word == "photograph");
        let flags = flags.filter(|_| name == "review").map(|(_, word, _)| format!(" {word}=yes"));
        activities.push((name.clone(), attributes.chain(flags).collect()));
    }
    activities
}

#[test]
fn both_languages_tell_the_same_story() {
    for (name, text) in gallery() {
        let mut programme = parse_toml(&text).unwrap();
        programme.version = 1;
        let lines = |language| told(&programme, &Words::new(language)).lines().count();
        if programme.languages.len() == Language::ALL.len() {
            assert_eq!(lines(Language::Pl), lines(Language::En), "{name}");
        }
    }
}
