//! The pages in `docs/` are held to what the program does.

use std::collections::BTreeSet;

use lojal_core::programme::{check_toml, schema};
use serde_json::Value;

use crate::tidy::source::read;

/// What stands in blocks of one language, put together.
fn blocks(page: &str, language: &str) -> String {
    let fence = format!("```{language}\n");
    page.split(fence.as_str()).skip(1).filter_map(|rest| rest.split("```").next()).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_examples_of_the_programme_page_are_one_programme() {
    let document = blocks(&read("docs/programme.md"), "toml");
    let checked = check_toml(&document).unwrap_or_else(|findings| {
        panic!("{}", findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    });
    assert!(checked.warnings.is_empty(), "{:?}", checked.warnings);
}

/// The names of all fields, at any depth.
fn fields(schema: &Value, found: &mut BTreeSet<String>) {
    match schema {
        Value::Object(members) => {
            if let Some(Value::Object(properties)) = members.get("properties") {
                found.extend(properties.keys().cloned());
            }
            members.values().for_each(|member| fields(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| fields(item, found)),
        _ => {}
    }
}

#[test]
fn the_programme_page_names_every_field() {
    let page = read("docs/programme.md");
    let mut names = BTreeSet::new();
    fields(&schema(), &mut names);
    assert!(names.contains("until_end_of") && names.contains("applies_to"), "{names:?}");
    let is_name = |letter: char| letter.is_alphanumeric() || letter == '_';
    let words: BTreeSet<&str> = page.split(|letter: char| !is_name(letter)).collect();
    let missing: Vec<&String> = names.iter().filter(|name| !words.contains(name.as_str())).collect();
    assert!(missing.is_empty(), "docs/programme.md says nothing of {missing:?}");
}

#[test]
fn the_programme_page_names_every_field_of_a_condition() {
    let page = read("docs/programme.md");
    let document = blocks(&page, "toml");
    for (on, section) in [("order", "lines"), ("review", "when")] {
        let rule = format!(
            "\n[earning.wrong]\nname = {{ pl = \"x\", en = \"x\" }}\non = \"{on}\"\nunit = \"points\"\npoints = 1\n\
             {section} = [{{ field = \"nothing\", is = 1 }}]\n"
        );
        let findings = check_toml(&format!("{document}{rule}")).expect_err("there is no such field");
        let known = findings.iter().find(|finding| finding.code == "unknown_field").expect("the field is named");
        let names: Vec<&str> = known.remedy.trim_start_matches("use one of ").split(", ").collect();
        assert!(names.len() > 5, "{}", known.remedy);
        for name in names {
            assert!(page.contains(&format!("`{name}`")), "docs/programme.md says nothing of {name}");
        }
    }
}
