//! The pages in `docs/` are held to what the program does.

use std::collections::BTreeSet;

use lojal_core::kernel::{Factor, Language};
use lojal_core::programme::{AwardKind, Concern, Programme, check_toml, schema, starter};
use lojal_core::words::Words;
use lojal_fraud::identifier::IdentifierKind;
use lojal_fraud::policy::{Retention, Rule, RuleSetting, Scores, Ties};
use lojal_server::platform::application::Application;
use lojal_server::platform::clock::Clock;
use lojal_server::platform::http::HttpOptions;
use lojal_server::platform::keys::{KeyVisibility, Scope, key_create};
use lojal_server::serve;
use serde_json::Value;

use crate::tidy::source::{read, root};

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
    assert!(checked.unaccepted().is_empty(), "{:?}", checked.unaccepted());
}

#[test]
fn the_programme_page_tells_of_every_finding() {
    let page = read("docs/programme.md");
    let rows = page.lines().filter_map(|line| {
        let cells: Vec<&str> = line.split(" | ").collect();
        let severity = cells.get(1).filter(|cell| ["error", "warning", "notice"].contains(cell))?;
        Some(format!("{} {severity}", cells[0].trim_matches(['|', ' ', '`'])))
    });
    let told: Vec<String> = rows.collect();
    let severity = |concern: &Concern| format!("{:?}", concern.severity()).to_lowercase();
    let known: Vec<String> =
        Concern::ALL.iter().map(|concern| format!("{} {}", concern.code(), severity(concern))).collect();
    assert_eq!(told, known);
}

#[test]
fn the_gallery_page_tells_of_every_programme() {
    let page = read("docs/gallery.md");
    let mut told = 0;
    for folder in ["programmes/gallery", "programmes/starters"] {
        for entry in std::fs::read_dir(root().join(folder)).unwrap() {
            let file = format!("{folder}/{}", entry.unwrap().file_name().to_str().unwrap());
            let checked = check_toml(&read(&file)).unwrap();
            let link = format!("](../{file}) | ");
            let row = page.lines().find(|line| line.contains(&link)).unwrap_or_else(|| panic!("no row for {file}"));
            let cells: Vec<&str> = row.split(" | ").collect();
            let planned: Vec<&str> =
                checked.warnings.iter().filter_map(|finding| finding.pointer.strip_prefix("/planned/")).collect();
            let or_dash = |text: String| if text.is_empty() { "–".to_owned() } else { text };
            assert_eq!(cells[2], or_dash(planned.join(", ")), "{file}");
            assert_eq!(cells[3].trim_end_matches([' ', '|', '*']), or_dash(base_rate(&checked.programme)), "{file}");
            told += 1;
        }
    }
    assert_eq!(page.matches(".toml) | ").count(), told, "each row is of a file that is there");
}

/// What the first rule on orders gives back, in percent.
fn base_rate(programme: &Programme) -> String {
    let by_amount = programme.rules.iter().find_map(|rule| match &rule.award {
        AwardKind::PerAmount { rate, per, .. } => Some((rule.unit, rate, per)),
        _ => None,
    });
    let Some((unit, rate, per)) = by_amount else {
        return String::new();
    };
    let Some(worth) = &programme.units[unit].worth else {
        return String::new();
    };
    let given = rate.0 as f64 / 10_f64.powi(i32::from(Factor::DECIMALS));
    let percent = 100.0 * given / per.0 as f64 * worth.money.0 as f64 / worth.units as f64;
    format!("{percent:.1}%")
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
        let remedy = Words::new(Language::En).remedy(known);
        let names: Vec<&str> = remedy.trim_start_matches("use one of ").split(", ").collect();
        assert!(names.len() > 5, "{remedy}");
        for name in names {
            assert!(page.contains(&format!("`{name}`")), "docs/programme.md says nothing of {name}");
        }
    }
}

#[test]
fn the_fraud_page_tells_of_every_rule_and_identifier() {
    let page = read("docs/fraud.md");
    let ends_of_row = |name: &str, number: usize| -> Vec<String> {
        let row = page.lines().find(|line| line.starts_with(&format!("| `{name}` | ")));
        let row = row.unwrap_or_else(|| panic!("docs/fraud.md says nothing of {name}")).trim_end_matches(" |");
        let cells: Vec<&str> = row.split(" | ").collect();
        cells[cells.len() - number..].iter().map(|cell| (*cell).to_owned()).collect()
    };
    for rule in Rule::ALL {
        let RuleSetting { verdict, weight } = rule.usual();
        let verdict = format!("{verdict:?}").to_lowercase();
        assert_eq!(ends_of_row(rule.code(), 2), [verdict, weight.to_string()], "{rule:?}");
    }
    let (ties, retention) = (Ties::default(), Retention::default());
    for kind in IdentifierKind::ALL {
        let nature = format!("{:?}", kind.nature()).to_lowercase();
        let joins = ties.weight(kind, 0).0.to_string();
        assert_eq!(ends_of_row(kind.code(), 3), [nature, joins, retention.days(kind).to_string()], "{kind:?}");
    }
    let scores = Scores::default();
    let told = format!("From {} on a referral is flagged, from {} on it is held", scores.flag_from, scores.hold_from);
    assert!(page.contains(&told), "{told}");
}

/// A request of the page: its first line, its `Idempotency-Key`, its kind unless it is JSON, and its
/// body.
struct Example {
    method: String,
    path: String,
    key: Option<String>,
    kind: Option<String>,
    body: String,
}

fn examples(page: &str) -> Vec<Example> {
    let example = |block: &str| {
        let (head, body) = block.split_once("\n\n").unwrap_or((block.trim_end(), ""));
        let (method, path) = head.lines().next().and_then(|line| line.split_once(' ')).expect("a method and a path");
        let header = |name: &str| head.lines().find_map(|line| line.strip_prefix(name).map(str::to_owned));
        let (key, kind) = (header("Idempotency-Key: "), header("Content-Type: "));
        Example { method: method.to_owned(), path: path.to_owned(), key, kind, body: body.to_owned() }
    };
    page.split("```http\n").skip(1).filter_map(|rest| rest.split("```").next()).map(example).collect()
}

/// What later requests of the page take from an answer.
fn learn(known: &mut Vec<(&'static str, String)>, answer: &Value) {
    let places = [
        ("{hold}", "/hold/id"),
        ("{redemption}", "/redemption/id"),
        ("{code}", "/redemption/voucher/code"),
        ("{entry}", "/transaction/effects/0/entry"),
    ];
    for (name, pointer) in places {
        if let Some(found) = answer.pointer(pointer).and_then(Value::as_str) {
            known.retain(|(known, _)| *known != name);
            known.push((name, found.to_owned()));
        }
    }
}

#[tokio::test]
async fn every_request_of_the_api_page_succeeds() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::stopped_at("2026-05-04T10:00:00Z".parse().unwrap());
    let application = Application::open(folder.path(), clock.clone()).await.unwrap();
    application.publish(starter(Language::En)).await.unwrap();
    let mut transaction = application.database.write().await.unwrap();
    let made = key_create(&mut transaction, "the page", KeyVisibility::Secret, &Scope::ALL, clock.now()).await;
    let (_, secret) = made.unwrap();
    transaction.commit().await.unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let front = lojal_server::Front::open(None, "http://127.0.0.1").unwrap();
    let _jobs = application.start_jobs();
    tokio::spawn(serve(application, front, HttpOptions::default(), listener, std::future::pending()));

    let client = reqwest::Client::new();
    let mut known: Vec<(&'static str, String)> = Vec::new();
    let examples = examples(&read("docs/api.md"));
    assert!(examples.len() > 10);
    for example in examples {
        let fill = |text: &str| known.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value));
        let method: reqwest::Method = example.method.parse().unwrap();
        let path = fill(&example.path);
        let mut request = client.request(method, format!("{address}{path}")).bearer_auth(&secret);
        if let Some(key) = &example.key {
            request = request.header("Idempotency-Key", key);
        }
        if !example.body.is_empty() {
            let kind = example.kind.as_deref().unwrap_or("application/json");
            request = request.header("content-type", kind).body(fill(&example.body));
        }
        let response = request.send().await.unwrap();
        let status = response.status();
        let text = response.text().await.unwrap();
        let answer: Value = serde_json::from_str(&text).unwrap_or_default();
        assert!(status.is_success(), "{} {path}: {status} {answer:#}", example.method);
        assert!(!text.contains("\"problem\""), "{} {path}: {text}", example.method);
        learn(&mut known, &answer);
    }
}
