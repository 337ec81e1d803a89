//! The rules of the house, held against the source tree itself. Each test lists everything that is
//! out of order, so that one run is enough to tidy up.

mod distributed;
pub mod source;
mod sql;

use std::collections::BTreeSet;

use source::{Source, files, read, sources};

/// More than this is a file with two subjects.
const LONGEST_FILE: usize = 600;
const LONGEST_TEST: usize = 800;

/// What each crate of the house may use of the others.
const HOUSE: [(&str, &[&str]); 7] = [
    ("core", &[]),
    ("simulation", &["lojal-core"]),
    ("report", &["lojal-core", "lojal-simulation"]),
    ("fraud", &["lojal-core"]),
    // Knows the truth, so the detector must not know it.
    ("fraud-measure", &["lojal-core", "lojal-fraud", "lojal-simulation"]),
    ("server", &["lojal-core", "lojal-fraud", "lojal-report", "lojal-simulation"]),
    (
        "lojal",
        &["lojal-core", "lojal-fraud", "lojal-fraud-measure", "lojal-report", "lojal-server", "lojal-simulation"],
    ),
];

/// Decides, and must not read a clock, draw chance, or open anything.
const PURE: [&str; 2] = ["core", "fraud"];

/// What those never do, by the words that would do it.
const PURE_BANS: [(&str, &str); 18] = [
    ("tokio", "a decision waits for nothing"),
    ("sqlx", "a decision knows no database"),
    ("axum", "a decision knows no network"),
    ("reqwest", "a decision knows no network"),
    ("std::net", "a decision knows no network"),
    ("std::fs", "a decision opens no files"),
    ("std::env", "a decision rests on its inputs alone"),
    ("std::thread", "a decision rests on its inputs alone"),
    ("SystemTime", "time is an input"),
    ("std::time", "time is an input"),
    ("Timestamp::now", "time is an input"),
    ("Zoned::now", "time is an input"),
    ("Instant::now", "time is an input"),
    ("rand", "chance is an input"),
    ("HashMap", "its order differs from run to run"),
    ("HashSet", "its order differs from run to run"),
    ("f32", "balances and scores are whole numbers"),
    ("f64", "balances and scores are whole numbers"),
];

/// Capabilities of the core: they meet in the engine and nowhere else.
const CAPABILITIES: [&str; 6] = ["earning", "holds", "orders", "rewards", "tiers", "transfers"];

/// What the lower floors of the core may import of it.
const FLOORS: [(&str, &[&str]); 4] = [
    ("kernel/", &["kernel"]),
    ("ledger/", &["kernel", "ledger"]),
    ("activity.rs", &["kernel", "activity"]),
    ("programme/", &["kernel", "activity", "command", "ledger", "programme"]),
];

/// Which slice of the server may import which, beside the platform. Almost all answer with the
/// entries they wrote, and name a member; neither of those two knows anything above it.
const SLICE_EDGES: [(&str, &[&str]); 24] = [
    // A restored folder is audited before it is called restored, and compared by its checkpoint.
    ("moving", &["audit", "checkpoints"]),
    ("backups", &["audit", "checkpoints"]),
    // Shows staff what members would see.
    ("appearance", &["members", "portal", "widget"]),
    // Calls whoever a case is about by name, and says whether they have confirmed.
    ("cases", &["members", "verifications"]),
    // Calls advocates by name.
    ("leaderboard", &["members"]),
    // Tells figures as the first page does, and calls people by name.
    ("recommending", &["members", "overview"]),
    // Says by whom somebody came.
    ("members", &["ledger_entries", "referrals"]),
    // Calls whoever a transaction is of by name.
    ("ledger", &["members"]),
    // What a line led to may be told in full or in short.
    ("ingestion", &["ledger_entries"]),
    ("wallets", &["members"]),
    ("tiers", &["ledger_entries", "members", "rewards"]),
    ("activities", &["ingestion", "ledger_entries", "members"]),
    ("adjustments", &["ledger_entries", "members"]),
    ("holds", &["ledger_entries", "members"]),
    ("households", &["ledger_entries", "members"]),
    ("orders", &["ingestion", "ledger_entries", "members", "referrals"]),
    // Shows a member what staff see of them, and what a member can have.
    ("portal", &["ledger_entries", "materials", "members", "rewards"]),
    ("rewards", &["ledger_entries", "members"]),
    ("transfers", &["ledger_entries", "members"]),
    ("redemptions", &["ledger_entries", "members", "rewards"]),
    ("vouchers", &["ledger_entries", "members", "rewards"]),
    // Writes to friends as the portal does.
    ("verifications", &["portal"]),
    // What is told is an entry, a click or a share, as the API has it.
    ("webhooks", &["clicks", "ledger_entries"]),
    // Shows on pages of the shop what members see on their own.
    ("widget", &["members", "orders", "portal"]),
];

/// What has no place in a program that people run.
const BANS: [(&str, &str); 5] = [
    (".unwrap()", "return the error, or say why it cannot happen in the types"),
    ("panic!(", "return an error"),
    ("todo!(", "finish it"),
    ("unimplemented!(", "finish it"),
    ("dbg!(", "use tracing"),
];

fn assert_tidy(complaints: Vec<String>) {
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

/// Whether `word` stands in `line` by itself, not as a part of another word.
fn has_word(line: &str, word: &str) -> bool {
    let is_name = |letter: char| letter.is_alphanumeric() || letter == '_';
    line.match_indices(word).any(|(start, _)| {
        let before = line[..start].chars().next_back();
        let after = line[start + word.len()..].chars().next();
        !before.is_some_and(is_name) && !after.is_some_and(is_name)
    })
}

/// The first names after `crate::` on a line: `use crate::{a, b::c}` names a and b.
fn imported(line: &str) -> Vec<&str> {
    let first = |text: &'_ str| text.trim_start().find(|letter: char| !letter.is_alphanumeric() && letter != '_');
    line.split("crate::")
        .skip(1)
        .flat_map(|rest| match rest.strip_prefix('{') {
            Some(list) => list.split('}').next().unwrap_or_default().split(',').collect::<Vec<_>>(),
            None => vec![rest],
        })
        .map(|name| name.trim_start())
        .map(|name| &name[..first(name).unwrap_or(name.len())])
        .collect()
}

#[test]
fn crates_use_only_what_the_house_allows() {
    let mut complaints = Vec::new();
    for (name, allowed) in HOUSE {
        let manifest = read(&format!("crates/{name}/Cargo.toml"));
        let dependencies = manifest.split("[dev-dependencies]").next().unwrap_or_default();
        for line in dependencies.lines().filter(|line| line.starts_with("lojal-")) {
            let used = line.split(['.', ' ', '=']).next().unwrap_or_default();
            if !allowed.contains(&used) {
                complaints.push(format!("crates/{name} may not use {used}"));
            }
        }
        let banned = ["tokio", "sqlx", "axum", "reqwest", "rand", "getrandom"];
        if PURE.contains(&name) {
            for line in dependencies.lines() {
                if banned.iter().any(|banned| line.starts_with(banned)) {
                    complaints.push(format!("crates/{name} may not use {line}"));
                }
            }
        }
    }
    assert_tidy(complaints);
}

#[test]
fn what_decides_is_pure() {
    let mut complaints = Vec::new();
    for source in PURE.into_iter().flat_map(|name| sources(&format!("crates/{name}/src"))) {
        for (line, text) in source.lines() {
            for (word, why) in PURE_BANS {
                if has_word(text, word) {
                    complaints.push(format!("{}:{line}: {word}: {why}", source.path));
                }
            }
        }
    }
    assert_tidy(complaints);
}

#[test]
fn capabilities_of_the_core_meet_only_in_the_engine() {
    let mut complaints = Vec::new();
    for source in sources("crates/core/src") {
        let Some(inside) = source.path.strip_prefix("crates/core/src/") else { continue };
        let own = inside.split(['/', '.']).next().unwrap_or_default();
        let floor = FLOORS.iter().find(|(floor, _)| inside.starts_with(floor));
        for (line, text) in source.lines() {
            for name in imported(text) {
                if CAPABILITIES.contains(&own) && CAPABILITIES.contains(&name) && own != name {
                    complaints.push(format!("{}:{line}: {own} imports {name}", source.path));
                }
                if let Some((floor, allowed)) = floor
                    && !allowed.contains(&name)
                    && !source.is_test()
                {
                    complaints.push(format!("{}:{line}: {floor} imports {name}", source.path));
                }
            }
        }
    }
    assert_tidy(complaints);
}

#[test]
fn slices_of_the_server_keep_apart() {
    let sources = sources("crates/server/src");
    let slice = |source: &Source| -> Option<String> {
        let (folder, _) = source.path.strip_prefix("crates/server/src/")?.split_once('/')?;
        Some(folder.to_owned())
    };
    let folders: BTreeSet<String> = sources.iter().filter_map(slice).collect();
    let mut complaints = Vec::new();
    for source in &sources {
        let Some(own) = slice(source) else { continue };
        let allowed = SLICE_EDGES.iter().find(|(from, _)| *from == own).map_or(&[][..], |(_, to)| *to);
        for (line, text) in source.lines() {
            for name in imported(text).into_iter().filter(|name| *name != own && *name != "platform") {
                if own == "platform" && (folders.contains(name) || name == "slices") {
                    complaints.push(format!("{}:{line}: the platform imports the slice {name}", source.path));
                } else if own != "platform" && folders.contains(name) && !allowed.contains(&name) {
                    complaints.push(format!("{}:{line}: {own} imports {name}, which no edge allows", source.path));
                }
            }
        }
    }
    assert_tidy(complaints);
}

#[test]
fn the_edges_between_slices_make_no_circle() {
    let after = |name: &str| SLICE_EDGES.iter().find(|(from, _)| *from == name).map_or(&[][..], |(_, to)| *to);
    for (start, _) in SLICE_EDGES {
        let mut seen = BTreeSet::new();
        let mut open: Vec<&str> = after(start).to_vec();
        while let Some(name) = open.pop() {
            assert_ne!(name, start, "{start} imports itself by way of others");
            if seen.insert(name) {
                open.extend(after(name));
            }
        }
    }
}

#[test]
fn files_have_one_subject() {
    let mut complaints = Vec::new();
    for source in sources("crates") {
        let longest = if source.is_test() { LONGEST_TEST } else { LONGEST_FILE };
        let lines = source.text.lines().count();
        if lines > longest {
            complaints.push(format!("{}: {lines} lines, more than {longest}: split it", source.path));
        }
    }
    assert_tidy(complaints);
}

#[test]
fn nothing_is_left_undone() {
    let mut complaints = Vec::new();
    for source in sources("crates") {
        if source.path.contains("/tests/it/tidy/") {
            continue;
        }
        for (index, line) in source.text.lines().enumerate() {
            for mark in ["TODO", "FIXME", "XXX", "HACK", "#[ignore"] {
                if line.contains(mark) {
                    complaints.push(format!("{}:{}: {mark}", source.path, index + 1));
                }
            }
        }
        for (line, text) in source.lines().filter(|_| !source.is_test()) {
            for (word, remedy) in BANS {
                if text.contains(word) {
                    complaints.push(format!("{}:{line}: {word} – {remedy}", source.path));
                }
            }
        }
    }
    assert_tidy(complaints);
}

/// The keys of a Fluent file, in order.
fn keys(text: &str) -> Vec<&str> {
    text.lines()
        .filter(|line| line.starts_with(|letter: char| letter.is_ascii_lowercase()))
        .filter_map(|line| line.split_once(" ="))
        .map(|(key, _)| key)
        .collect()
}

#[test]
fn every_text_is_there_in_both_languages_and_used() {
    let mut quoted: BTreeSet<String> =
        sources("crates").into_iter().flat_map(|source| source.quoted).map(|(_, text)| text).collect();
    let templates = files("crates/server/templates", ".html");
    let templates: Vec<(String, String)> = templates.into_iter().map(|path| (path.clone(), read(&path))).collect();
    quoted.extend(templates.iter().flat_map(|(_, text)| text.split('"').map(str::to_owned)));
    // Some keys are put together: `t("role-" ~ role)` and `format!("role-{}", …)`.
    let beginnings: BTreeSet<String> = quoted
        .iter()
        .map(|text| text.trim_end_matches("{}"))
        .filter(|text| is_beginning(text))
        .map(str::to_owned)
        .collect();
    let mut complaints = Vec::new();
    let known: BTreeSet<String> = files("locales/en", ".ftl")
        .iter()
        .flat_map(|path| keys(&read(path)).into_iter().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    for (path, text) in &templates {
        let said = text.split(" t(\"").skip(1).filter_map(|call| Some(call.split_once('"')?.0));
        for key in said.filter(|key| !key.ends_with('-') && !known.contains(*key)) {
            complaints.push(format!("{path}: no text is there for {key}"));
        }
    }
    for path in files("locales", ".ftl") {
        let text = read(&path);
        for key in keys(&text) {
            if !quoted.contains(key) && !beginnings.iter().any(|beginning| key.starts_with(beginning.as_str())) {
                complaints.push(format!("{path}: no code says {key}"));
            }
        }
        let (language, name) = path.trim_start_matches("locales/").split_once('/').expect("a folder per language");
        let other = if language == "pl" { "en" } else { "pl" };
        if keys(&text) != keys(&read(&format!("locales/{other}/{name}"))) {
            complaints.push(format!("{path}: {other} has other keys, or in another order"));
        }
    }
    assert_tidy(complaints);
}

/// Whether a text may be the beginning of a key: two letters at least, and words joined by hyphens.
fn is_beginning(text: &str) -> bool {
    text.len() > 4 && text.ends_with('-') && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

#[test]
fn links_between_pages_lead_somewhere() {
    let mut complaints = Vec::new();
    for path in files("", ".md") {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for target in
            read(&path).split("](").skip(1).filter_map(|rest| rest.split([')', '#', ' ']).next().map(str::to_owned))
        {
            let is_outside = target.is_empty() || target.contains("://") || target.starts_with("mailto:");
            if !is_outside && !source::root().join(folder).join(&target).exists() {
                complaints.push(format!("{path}: {target} is not there"));
            }
        }
    }
    assert_tidy(complaints);
}

#[test]
fn the_tests_of_one_database_are_those_of_the_other() {
    let modules = |file: &str| -> Vec<String> {
        read(file).lines().filter(|line| line.starts_with("mod ")).map(str::to_owned).collect()
    };
    let on_postgres = modules("crates/server/tests/on_postgres/main.rs");
    for module in modules("crates/server/tests/it/main.rs") {
        assert!(on_postgres.contains(&module), "{module} is not tested on PostgreSQL");
    }
}

#[test]
fn the_readme_and_the_check_run_the_same_tests() {
    const TESTS: &str = "cargo test --workspace";
    for path in ["README.md", "CONTRIBUTING.md", "Makefile", ".ci/run"] {
        assert!(read(path).contains(TESTS), "{path} runs other tests than {TESTS}");
    }
}
