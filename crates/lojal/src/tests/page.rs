//! What every page of a report keeps.

use std::collections::{BTreeMap, BTreeSet};

use lojal_core::kernel::Language;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde_json::Value;

/// The page is whole, needs nothing else, and says what the JSON beside it says.
pub fn check_page(html: &str, language: Language, json: &str) {
    let mut known = BTreeSet::new();
    numbers(&serde_json::from_str(json).unwrap(), &mut known);
    let page = read(html);
    let attributes = || page.elements.iter().flat_map(|(_, attributes)| attributes);
    assert_eq!(page.elements[0].1["lang"], language.tag());
    for banned in ["script", "link", "img", "iframe", "object"] {
        assert!(page.elements.iter().all(|(tag, _)| tag != banned), "{banned}");
    }
    assert!(attributes().all(|(name, value)| !name.starts_with("on") && (name != "href" || value.starts_with('#'))));
    assert!(!html.contains("http://") && !html.contains("https://") && !html.contains("@import"));
    let ids: Vec<&String> = attributes().filter(|(name, _)| *name == "id").map(|(_, id)| id).collect();
    let unique: BTreeSet<&String> = ids.iter().copied().collect();
    assert_eq!(ids.len(), unique.len(), "an id twice: {ids:?}");
    for (name, value) in attributes().filter(|(name, _)| *name == "aria-labelledby" || *name == "href") {
        let targets: Vec<&str> = value.trim_start_matches('#').split(' ').collect();
        assert!(targets.iter().all(|target| unique.iter().any(|id| id == target)), "{name} {value}");
    }
    for place in ["NaN", "inf"] {
        assert!(attributes().all(|(name, value)| name.len() > 2 || !value.contains(place)), "{place} in a drawing");
    }
    // A key shows where a text is missing; a brace where one was not filled in.
    for key in ["figure-", "column-", "{ $", "glossary-", "verdict-"] {
        assert!(!page.text.contains(key), "{language:?}: {key}");
    }
    for (value, text) in &page.figures {
        assert!(known.contains(value), "{text} ({value}) is not in the JSON");
        // Money, points and counts are written with every digit.
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        if !text.contains('%') && !text.contains("pp") && !text.contains("p.p.") {
            let (written, whole) = (digits(text), value.unsigned_abs().to_string());
            assert_eq!(written.trim_start_matches('0'), whole.trim_start_matches('0'), "{text} is not {value}");
        }
    }
}

/// What a reader of the page meets, with every tag closed in its order.
#[derive(Default)]
pub struct Read {
    /// Tag and attributes.
    pub elements: Vec<(String, BTreeMap<String, String>)>,
    pub text: String,
    /// The `value` of each `data`, with what people read there.
    pub figures: Vec<(i64, String)>,
}

pub fn read(html: &str) -> Read {
    let mut reader = Reader::from_str(html);
    let mut read = Read::default();
    let mut open: Vec<String> = Vec::new();
    loop {
        let name = |start: &BytesStart<'_>| String::from_utf8(start.name().as_ref().to_vec()).unwrap();
        let attributes = |start: &BytesStart<'_>| -> BTreeMap<String, String> {
            let attributes = start.attributes().map(|attribute| attribute.unwrap());
            let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
            attributes.map(|attribute| (text(attribute.key.as_ref()), text(&attribute.value))).collect()
        };
        match reader.read_event().unwrap_or_else(|error| panic!("{error} at {}", reader.error_position())) {
            Event::Start(start) => {
                read.elements.push((name(&start), attributes(&start)));
                if name(&start) == "data" {
                    read.figures.push((attributes(&start)["value"].parse().unwrap(), String::new()));
                }
                open.push(name(&start));
            }
            Event::Empty(start) => read.elements.push((name(&start), attributes(&start))),
            Event::End(_) => drop(open.pop()),
            Event::Text(text) => {
                let text = String::from_utf8(text.to_vec()).unwrap();
                if open.last().is_some_and(|tag| tag == "data") {
                    read.figures.last_mut().unwrap().1.push_str(&text);
                }
                if open.last().is_none_or(|tag| tag != "style") {
                    read.text.push_str(&text);
                }
            }
            Event::GeneralRef(reference) => {
                read.text.push_str(&format!("&{};", String::from_utf8(reference.to_vec()).unwrap()));
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert!(open.is_empty(), "left open: {open:?}");
    read
}

/// Everything numeric in a JSON text.
fn numbers(value: &Value, found: &mut BTreeSet<i64>) {
    match value {
        Value::Number(number) => drop(found.insert(number.as_i64().unwrap())),
        Value::Array(values) => values.iter().for_each(|value| numbers(value, found)),
        Value::Object(values) => values.values().for_each(|value| numbers(value, found)),
        _ => {}
    }
}
