//! The terms never state a number that the engine does not use: each numeral stands in a piece of text
//! that names a field of the document, and is what that field says.

use std::collections::BTreeSet;

use lojal_core::kernel::Language;
use lojal_core::programme::diff::compare;
use lojal_core::programme::document::Document;
use lojal_core::programme::{Programme, check_json, parse_json};
use lojal_core::terms::{Span, Terms, html, markdown};
use lojal_core::words::Words;
use proptest::prelude::*;
use serde_json::Value;

use super::{compiled, documented, gallery, terms};

/// A number in millionths of millionths, so that each way of writing it is the same.
type Number = i128;
const SCALE: u32 = 12;

fn number(whole: &str, fraction: &str) -> Option<Number> {
    let fraction = fraction.trim_end_matches('0');
    let digits = format!("{whole}{fraction}").parse::<i128>().ok()?;
    Some(digits * 10i128.pow(SCALE.checked_sub(u32::try_from(fraction.len()).ok()?)?))
}

/// The numerals of a text, read as people of that language write them.
fn numerals(text: &str, language: Language) -> BTreeSet<Number> {
    let (group, point) = match language {
        Language::Pl => ('\u{a0}', ','),
        Language::En => (',', '.'),
    };
    let letters: Vec<char> = text.chars().collect();
    let digits_at = |from: usize| letters[from..].iter().take_while(|letter| letter.is_ascii_digit()).count();
    let mut found = BTreeSet::new();
    let mut at = 0;
    while at < letters.len() {
        let mut length = digits_at(at);
        if length == 0 {
            at += 1;
            continue;
        }
        let mut whole: String = letters[at..at + length].iter().collect();
        at += length;
        while at < letters.len() && letters[at] == group && digits_at(at + 1) == 3 {
            whole.extend(&letters[at + 1..at + 4]);
            at += 4;
        }
        let mut fraction = String::new();
        if at < letters.len() && letters[at] == point {
            length = digits_at(at + 1);
            fraction.extend(&letters[at + 1..at + 1 + length]);
            at += if length > 0 { length + 1 } else { 0 };
        }
        found.insert(number(&whole, &fraction).expect("a number"));
    }
    found
}

/// The numbers that a field's value states, and those that are the same thing said otherwise.
fn stated(value: &Value, pointer: &str, programme: &Programme, found: &mut BTreeSet<Number>) {
    let one = 10i128.pow(SCALE);
    match value {
        Value::Object(members) => members.values().for_each(|value| stated(value, pointer, programme, found)),
        Value::Array(items) => items.iter().for_each(|value| stated(value, pointer, programme, found)),
        Value::Number(number) => {
            let whole = i128::from(number.as_i64().expect("a whole number")) * one;
            found.insert(whole);
            // Amounts are in the unit's smallest part.
            found.extend(programme.units.iter().map(|unit| whole / 10i128.pow(u32::from(unit.scale))));
        }
        Value::String(text) => {
            let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
            let is_decimal = text.chars().all(|letter| letter.is_ascii_digit() || letter == '.');
            if let Some(exact) = is_decimal.then(|| number(whole, fraction)).flatten() {
                found.insert(exact);
                found.extend(programme.units.iter().map(|unit| exact / 10i128.pow(u32::from(unit.scale))));
            } else {
                found.extend(text.split(|letter: char| !letter.is_ascii_digit()).filter_map(|part| number(part, "")));
            }
            if is_condition(pointer) {
                // A level is said by its name, and with it those above.
                let ladder = programme.ladders.iter().find(|ladder| ladder.rank(text).is_some());
                let names = ladder.into_iter().flat_map(|ladder| &ladder.levels).flat_map(|level| &level.name);
                found.extend(names.flat_map(|(language, name)| numerals(name, *language)));
            }
            if pointer.ends_with("/until") || is_condition(pointer) {
                // The end of a day is said by that day.
                if let Some(before) = text.get(..10).and_then(|day| day.parse::<lojal_core::kernel::Date>().ok()) {
                    let before = before.yesterday().unwrap();
                    found.extend([i128::from(before.day()) * one, i128::from(before.year()) * one]);
                }
            }
        }
        Value::Null | Value::Bool(_) => {}
    }
    // "More than 5" is "at least 6"; the hour before 10 ends at 10:00.
    if is_condition(pointer) {
        let smallest = one / 10i128.pow(u32::from(programme.currency.decimals));
        let exact: Vec<Number> = found.iter().copied().collect();
        found
            .extend(exact.iter().flat_map(|number| [number - one, number + one, number - smallest, number + smallest]));
        found.insert(0);
    }
}

fn is_condition(pointer: &str) -> bool {
    ["/when/", "/lines/", "/audience/", "/advocates/", "/friends/"].iter().any(|list| pointer.contains(list))
}

/// Everything that is wrong with the terms.
fn complaints(terms: &Terms, programme: &Programme, document: &Value) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut digits = String::new();
    for span in terms.texts().iter().flat_map(|text| text.spans()) {
        match span {
            Span::Words(text) | Span::Blank(text) => {
                if text.contains(|letter: char| letter.is_numeric()) {
                    complaints.push(format!("a number of the house's own: {text}"));
                }
            }
            Span::Published(text) => complaints.push(format!("nothing has been published: {text}")),
            Span::Stated { text, pointer } => {
                digits.extend(text.chars().filter(char::is_ascii_digit));
                let Some(value) = document.pointer(pointer) else {
                    complaints.push(format!("{text}: there is no {pointer}"));
                    continue;
                };
                if value.as_str().is_some_and(|value| value.to_lowercase() == text.to_lowercase()) {
                    continue;
                }
                let mut known = BTreeSet::new();
                stated(value, pointer, programme, &mut known);
                if value.is_null() && pointer.ends_with("/rate") {
                    // The one default that stands in the document as nothing.
                    known.insert(10i128.pow(SCALE));
                }
                if !numerals(text, terms.language).is_subset(&known) {
                    complaints.push(format!("{text}: {pointer} says {value}"));
                }
            }
        }
    }
    for (kind, page) in [("Markdown", markdown(terms)), ("HTML", html(terms))] {
        if page_digits(&page, kind == "HTML") != digits {
            complaints.push(format!("the {kind} has other digits than its texts"));
        }
    }
    complaints
}

/// The digits of a page, but for those by which it numbers sections and clauses.
fn page_digits(page: &str, is_html: bool) -> String {
    let mut found = String::new();
    if is_html {
        let body = page.split_once("<h1>").expect("a title").1;
        let mut texts = String::new();
        for piece in body.split('<').flat_map(|piece| piece.split_once('>').map(|(_, text)| text)) {
            texts.push_str(&piece.replace("&#39;", "'"));
            texts.push('\n');
        }
        for line in body.split("<h3 id=\"s").skip(1) {
            let number: String = line.chars().take_while(char::is_ascii_digit).collect();
            let marked = [format!("§\u{a0}{number}. "), format!("{number}. ")];
            let mark = marked.iter().find(|mark| texts.contains(&format!("\n{mark}"))).expect("a numbered section");
            texts = texts.replacen(&format!("\n{mark}"), "\n", 1);
        }
        found.extend(texts.chars().filter(char::is_ascii_digit));
        return found;
    }
    for line in page.lines() {
        let line = line.trim_start_matches("### ").trim_start_matches("§\u{a0}");
        let rest = line.trim_start_matches(|letter: char| letter.is_ascii_digit());
        let line = if rest.starts_with(". ") { rest } else { line };
        found.extend(line.chars().filter(char::is_ascii_digit));
    }
    found
}

fn programme_of(document: &Document) -> Programme {
    parse_json(&serde_json::to_value(document).unwrap().to_string()).unwrap()
}

fn check(name: &str, document: &Document) {
    let value = serde_json::to_value(document).unwrap();
    let programme = check_json(&value.to_string()).unwrap_or_else(|findings| panic!("{name}: {findings:?}")).programme;
    for language in &programme.languages {
        let complaints = complaints(&terms(&programme, *language), &programme, &value);
        assert!(complaints.is_empty(), "{name}, {}:\n{}", language.tag(), complaints.join("\n"));
    }
}

#[test]
fn every_number_comes_from_its_field() {
    for (name, text) in gallery().into_iter().chain([("documented".to_owned(), documented())]) {
        compiled(&name, &text);
        check(&name, &toml::from_str(&text).unwrap());
    }
}

/// The places of all values that have numbers and are not words.
fn numeric_places(value: &Value, place: String, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            let named =
                members.iter().filter(|(key, _)| !["name", "perks", "description", "cause"].contains(&key.as_str()));
            named.for_each(|(key, value)| {
                numeric_places(value, format!("{place}/{}", key.replace('~', "~0").replace('/', "~1")), found);
            });
        }
        Value::Array(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(index, value)| numeric_places(value, format!("{place}/{index}"), found));
        }
        Value::Number(_) => found.push(place),
        Value::String(text) if text.starts_with(|letter: char| letter.is_ascii_digit()) => found.push(place),
        _ => {}
    }
}

/// Another value of the same shape: `12 months` becomes `7 months`.
fn varied(value: &Value, by: u32) -> Value {
    match value {
        Value::Number(_) => (by % 3_000).into(),
        Value::String(text) => match text.split_once(' ') {
            Some((_, unit)) if !unit.contains(':') => format!("{} {unit}", by % 40).into(),
            None if text.contains('.') => format!("{}.{:02}", by % 5_000, by / 7 % 100).into(),
            None if text.len() == 10 => format!("2026-{:02}-{:02}", by % 12 + 1, by / 12 % 28 + 1).into(),
            _ => value.clone(),
        },
        other => other.clone(),
    }
}

/// What is wrong with the part on changes: each numeral stands in what it is about, in the one document or the other.
fn wrong_changes(old: (&Document, &Programme), new: (&Document, &Programme), language: Language) -> Vec<String> {
    let words = Words::new(language);
    let diff = compare(old.1, new.1, lojal_core::kernel::Instant::MAX);
    let before = terms(new.1, language);
    let texts_before = before.texts().len();
    let after = before.since(&diff, &words, None);
    let values = [serde_json::to_value(old.0).unwrap(), serde_json::to_value(new.0).unwrap()];
    let mut wrong = Vec::new();
    for span in after.texts()[texts_before..].iter().flat_map(|text| text.spans()) {
        let Span::Stated { text, pointer } = span else { continue };
        // The rule, reward or level that it is about: its name is said, and often more than the field that differs.
        let subject = pointer.split('/').skip(1).take(2).fold(String::new(), |place, key| format!("{place}/{key}"));
        let mut known = BTreeSet::from([0]);
        for (value, programme) in values.iter().zip([old.1, new.1]) {
            if let Some(value) = value.pointer(&subject) {
                known.extend(numerals(&value.to_string(), language));
                for leaf in leaves(value) {
                    let mut said = BTreeSet::new();
                    stated(leaf, &format!("{subject}/when/until"), programme, &mut said);
                    known.extend(said);
                }
            }
        }
        let found = numerals(text, language);
        wrong.extend(found.difference(&known).map(|number| format!("{text}: {number} is not at {pointer}")));
    }
    wrong
}

/// The values that have none inside.
fn leaves(value: &Value) -> Vec<&Value> {
    match value {
        Value::Object(members) => members.values().flat_map(leaves).collect(),
        Value::Array(items) => items.iter().flat_map(leaves).collect(),
        leaf => vec![leaf],
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, max_global_rejects: 20_000, ..ProptestConfig::default() })]
    #[test]
    fn whatever_the_numbers_are_they_come_from_their_fields(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u32>()), 1..6),
    ) {
        let mut documents = gallery();
        documents.push(("documented".to_owned(), documented()));
        let (name, text) = which.get(&documents);
        let document: Document = toml::from_str(text).unwrap();
        let mut value = serde_json::to_value(&document).unwrap();
        let mut places = Vec::new();
        numeric_places(&value, String::new(), &mut places);
        for (place, by) in changes {
            let place = place.get(&places).clone();
            let found = value.pointer_mut(&place).expect("it is there");
            *found = varied(found, by);
        }
        // Some variations are no programme: levels out of order, 1000 percent.
        prop_assume!(check_json(&value.to_string()).is_ok());
        let varied: Document = serde_json::from_value(value).unwrap();
        let (old, new) = (programme_of(&document), programme_of(&varied));
        for language in &old.languages {
            let wrong = wrong_changes((&document, &old), (&varied, &new), *language);
            prop_assert!(wrong.is_empty(), "{name}:\n{}", wrong.join("\n"));
        }
        check(name, &varied);
    }
}
