//! Whatever stands in a document, it is read or refused: nothing panics, and each mistake has its place.
//! `PROPTEST_CASES=1000000 cargo test -p lojal-core --release --test it fuzz` goes on for longer.

use lojal_core::kernel::Language;
use lojal_core::programme::{Checked, Finding, Severity, check_json, check_toml};
use lojal_core::terms::Terms;
use lojal_core::words::Words;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

use super::findings::assert_told;
use super::terms::{documented, gallery};

const CASES: u32 = 400;

fn documents() -> Vec<String> {
    gallery().into_iter().map(|(_, text)| text).chain([documented()]).collect()
}

fn configured() -> ProptestConfig {
    let default = ProptestConfig::default();
    ProptestConfig { cases: default.cases.max(CASES), max_shrink_iters: 500, ..default }
}

/// Pieces that documents are broken with.
fn pieces() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(vec![
        "",
        "=",
        "[",
        "]]",
        "{",
        "\"",
        "'''",
        "#",
        "\n",
        "\0",
        "\u{feff}",
        "ł",
        "👩‍👩‍👧",
        "-1",
        "0",
        "9223372036854775807",
        "-9223372036854775808",
        "99999999999999999999",
        "1e308",
        "nan",
        "0.0000001",
        "true",
        "1979-05-27T07:32:00Z",
        "\"0.00\"",
        "\"-0.01\"",
        "\"92233720368547758.07\"",
        "\"0 days\"",
        "\"9999999 years\"",
        "[]",
        "{}",
        "[[[[[[[[[[]]]]]]]]]]",
        "[programme]",
        "[earning.spend]",
        "unit = \"points\"",
        "when = [{ not = { field = \"order.total\", at_least = \"1.00\" } }]",
        "\"not_in\"",
        "\"order\"",
        "\"Europe/Nowhere\"",
        "levels = []",
    ]);
    prop_oneof![4 => odd.prop_map(str::to_owned), 1 => ".{0,12}"]
}

#[derive(Clone, Debug)]
enum Edit {
    Insert(Index, String),
    Cut(Index, usize),
    /// In place of what stands between two spaces or line ends.
    Replace(Index, String),
    /// Lines of another document.
    Graft(Index, Index, Index),
}

fn edits() -> impl Strategy<Value = Edit> {
    let place = any::<Index>;
    prop_oneof![
        (place(), pieces()).prop_map(|(place, piece)| Edit::Insert(place, piece)),
        (place(), 1..40_usize).prop_map(|(place, length)| Edit::Cut(place, length)),
        (place(), pieces()).prop_map(|(place, piece)| Edit::Replace(place, piece)),
        (place(), place(), place()).prop_map(|(place, other, line)| Edit::Graft(place, other, line)),
    ]
}

fn edited(text: &str, edit: &Edit, documents: &[String]) -> String {
    let at = |place: &Index| text.floor_char_boundary(place.index(text.len().max(1)));
    match edit {
        Edit::Insert(place, piece) => format!("{}{piece}{}", &text[..at(place)], &text[at(place)..]),
        Edit::Cut(place, length) => {
            let end = text.ceil_char_boundary((at(place) + length).min(text.len()));
            format!("{}{}", &text[..at(place)], &text[end..])
        }
        Edit::Replace(place, piece) => {
            let start = text[..at(place)].rfind([' ', '\n']).map_or(0, |found| found + 1);
            let end = text[at(place)..].find([' ', '\n']).map_or(text.len(), |found| at(place) + found);
            format!("{}{piece}{}", &text[..start], &text[end.max(start)..])
        }
        Edit::Graft(place, other, line) => {
            let lines: Vec<&str> = other.get(documents).lines().collect();
            let from = line.index(lines.len());
            let graft = lines[from..(from + 5).min(lines.len())].join("\n");
            let start = text[..at(place)].rfind('\n').map_or(0, |found| found + 1);
            format!("{}{graft}\n{}", &text[..start], &text[start..])
        }
    }
}

/// A value that stands where it should not.
fn values() -> impl Strategy<Value = Value> {
    let odd = prop::sample::select(vec![
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(i64::MAX),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(1.5),
        json!(1e300),
        json!(""),
        json!(" "),
        json!("0"),
        json!("-1.00"),
        json!("99999999999999.99"),
        json!("0.000001"),
        json!("1000000"),
        json!("100 years"),
        json!("1 minute"),
        json!("2026-02-30"),
        json!("9999-12-31"),
        json!("points"),
        json!("order.total"),
        json!("a\u{0}b\u{202e}"),
        json!([]),
        json!([null]),
        json!({}),
        json!({ "en": "x" }),
        json!({ "all": [] }),
        json!([{ "any": [{ "not": { "any": [] } }] }]),
    ]);
    prop_oneof![6 => odd, 1 => any::<i64>().prop_map(|number| json!(number)), 1 => ".{0,40}".prop_map(|text| json!(text))]
}

/// All places of a document, the whole one excepted.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    let mut below = |step: String, value: &Value| {
        let at = format!("{at}/{step}");
        places(value, &at, found);
        found.push(at);
    };
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(key, value)| below(key.replace('~', "~0").replace('/', "~1"), value));
        }
        Value::Array(items) => items.iter().enumerate().for_each(|(index, value)| below(index.to_string(), value)),
        _ => {}
    }
}

/// What was read can be told of; what was refused says where and how to mend it.
fn judge(outcome: Result<Checked, Vec<Finding>>, is_placed: impl Fn(&Finding) -> bool) {
    match outcome {
        Ok(Checked { programme, warnings }) => {
            assert!(warnings.iter().all(is_placed), "{warnings:?}");
            for language in &programme.languages {
                let _ = Terms::of(&programme, &Words::new(*language));
            }
            let _ = Words::new(Language::En).about(&programme);
        }
        Err(findings) => {
            assert!(findings.iter().any(|finding| finding.severity == Severity::Error));
            for finding in &findings {
                assert!(is_placed(finding), "{finding:?}");
                assert_told(finding);
            }
        }
    }
}

proptest! {
    #![proptest_config(configured())]

    #[test]
    fn no_text_breaks_the_parser(which in any::<Index>(), edits in prop::collection::vec(edits(), 1..6)) {
        let documents = documents();
        let mut text = which.get(&documents).clone();
        for edit in &edits {
            text = edited(&text, edit, &documents);
        }
        let lines = text.matches('\n').count() + 1;
        judge(check_toml(&text), |finding| {
            finding.column.is_some() && finding.line.is_some_and(|line| (1..=lines).contains(&line))
        });
    }

    #[test]
    fn no_value_breaks_the_parser(
        which in any::<Index>(),
        changes in prop::collection::vec((any::<Index>(), prop::option::of(values())), 1..6),
    ) {
        let documents = documents();
        let table: toml::Table = toml::from_str(which.get(&documents).as_str()).unwrap();
        let mut document = serde_json::to_value(table).unwrap();
        for (place, value) in changes {
            let mut found = Vec::new();
            places(&document, "", &mut found);
            if found.is_empty() {
                break;
            }
            let (around, step) = place.get(&found).rsplit_once('/').unwrap();
            match (document.pointer_mut(around).unwrap(), value) {
                (Value::Object(fields), Some(value)) => {
                    fields.insert(step.replace("~1", "/").replace("~0", "~"), value);
                }
                (Value::Object(fields), None) => {
                    fields.shift_remove(&step.replace("~1", "/").replace("~0", "~"));
                }
                (Value::Array(items), Some(value)) => items[step.parse::<usize>().unwrap()] = value,
                (Value::Array(items), None) => {
                    items.remove(step.parse().unwrap());
                }
                _ => {}
            }
        }
        let text = document.to_string();
        judge(check_json(&text), |finding| finding.line.is_some() || finding.pointer.starts_with('/'));
    }
}
