//! What SQL may and may not do, so that one schema serves every database and every machine.

use std::collections::BTreeSet;

use super::distributed::{faults, locks_one_part, names_its_part};
use super::source::{files, read, sources};
use super::{assert_tidy, has_word};

/// Statements that look at all parts on purpose, by the file and a piece of their text.
const ALL_PARTS: [(&str, &str); 16] = [
    // What the audit compares: the whole of a stock or budget, over all its allotments.
    ("audit/totals.rs", "from shared_quantity group by name"),
    // What the audit compares with what it has counted itself.
    ("audit/totals.rs", "count(*) as found from"),
    ("audit/totals.rs", "as archived from journal_archive group by part"),
    ("audit/acceptances.rs", "from terms_acceptance"),
    // In a file, rows lie in the order of their ids, whatever their part.
    ("platform/journal.rs", "select max(id) as head from journal"),
    ("platform/journal.rs", "from journal order by id desc limit ?"),
    ("platform/states.rs", "from holder_state where due_at <= ?"),
    // Lists of members for staff, by lanes: in a file all parts are one.
    ("figures/listing.rs", "from member_card"),
    // Friends, advocates and tallies for staff, by lanes: in a file all parts are one.
    ("figures/recommended.rs", "from referral_card"),
    ("figures/recommended.rs", "from referral_advocate"),
    ("platform/shares.rs", "from referral_tally"),
    // What happens beside the journal, by lanes.
    ("platform/shares.rs", "from referral_share where {page}"),
    ("clicks/store.rs", "from referral_click where {page}"),
    // The hourly look for what was overlooked, which begins after a holder in whatever order they lie.
    ("figures/following.rs", "select holder, state_head, card_head from"),
    ("webhooks/following.rs", "select holder, state_head, known_head from"),
    // The stock of codes, for staff: a sum over all members' parts.
    ("platform/pools.rs", "from pool_code group by pool"),
];

/// What a piece of SQL begins with.
const VERBS: [&str; 15] = [
    "select", "insert", "update", "delete", "with", "on", "begin", "set", "create", "alter", "lock", "listen",
    "notify", "merge", "truncate",
];

#[test]
fn part_leads_every_key() {
    let migrations = migrations();
    assert!(!migrations.is_empty(), "no migration was found");
    let mut complaints = Vec::new();
    for (path, text) in migrations {
        for statement in statements(&text) {
            let words: Vec<&str> = statement.split_whitespace().collect();
            match words.as_slice() {
                ["create", "table", ..] => {
                    // Over several machines each of the three is a primary key that `part` leads.
                    let keys = ["primary key (", "id_key (", "name_key ("].into_iter();
                    let keys: Vec<&str> = keys.filter_map(|word| Some(statement.split_once(word)?.1)).collect();
                    if !matches!(keys.as_slice(), [key] if starts_with_part(key)) {
                        complaints.push(format!("{path}: {}: part does not lead the primary key", words[2]));
                    }
                }
                ["create", "index" | "unique", ..] => {
                    let columns = statement.split_once('(').map_or("", |(_, columns)| columns);
                    if !starts_with_part(columns) {
                        complaints.push(format!("{path}: {}: part does not lead the index", words[2]));
                    }
                }
                _ => {}
            }
        }
        for statement in statements(&text) {
            complaints.extend(faults(&statement, &tables()).into_iter().map(|fault| format!("{path}: {fault}")));
        }
        if text.lines().any(|line| line.split("--").next().is_some_and(|sql| sql.chars().any(char::is_uppercase))) {
            complaints.push(format!("{path}: SQL is written in lower case"));
        }
    }
    assert_tidy(complaints);
}

#[test]
fn every_migration_has_notes() {
    for path in files("crates/server/migrations", ".sql") {
        let (folder, _) = path.rsplit_once('/').expect("a folder per migration");
        assert!(!read(&format!("{folder}/notes.md")).trim().is_empty(), "{folder}/notes.md says nothing");
    }
}

#[test]
fn statements_are_lower_case_and_name_their_part() {
    let tables = tables();
    let mut complaints = Vec::new();
    for source in sources("crates").into_iter().filter(|source| !source.is_test()) {
        for (line, quoted) in &source.quoted {
            let sql = with_columns(&quoted.replace("\\\n", " "), &source.text);
            let sql = sql.split_whitespace().collect::<Vec<_>>().join(" ");
            let words: Vec<&str> = sql.split(|letter: char| !letter.is_alphanumeric() && letter != '_').collect();
            let Some(verb) = words.iter().find(|word| !word.is_empty()) else { continue };
            let verb = verb.to_lowercase();
            let place = format!("{}:{line}", source.path);
            // Also what only begins or ends a statement.
            if VERBS.contains(&verb.as_str()) {
                complaints.extend(faults(&sql, &tables).into_iter().map(|fault| format!("{place}: {fault}: {sql}")));
            }
            let is_statement = ["select", "insert", "update", "delete", "with"].contains(&verb.as_str())
                && words.iter().any(|word| tables.contains(*word));
            if !is_statement {
                continue;
            }
            if words.iter().any(|word| word.len() > 1 && word.chars().all(|letter| letter.is_ascii_uppercase())) {
                complaints.push(format!("{place}: SQL is written in lower case"));
            }
            let is_allowed = ALL_PARTS.iter().any(|(path, piece)| source.path.ends_with(path) && sql.contains(piece));
            if !is_allowed && !names_its_part(&sql, &tables) {
                complaints.push(format!("{place}: names no part: {sql}"));
            }
            if !locks_one_part(&sql) {
                complaints.push(format!("{place}: locks rows of other than one part: {sql}"));
            }
        }
    }
    assert_tidy(complaints);
}

/// A list of columns that several statements of a file share stands under a name of its own.
fn with_columns(sql: &str, file: &str) -> String {
    const LIST: &str = "const COLUMNS: &str = \"";
    match file.split_once(LIST).and_then(|(_, rest)| rest.split_once('"')) {
        Some((columns, _)) => sql.replace("{COLUMNS}", columns),
        None => sql.to_owned(),
    }
}

fn starts_with_part(columns: &str) -> bool {
    has_word(columns.split([',', ')']).next().unwrap_or_default(), "part")
}

fn migrations() -> Vec<(String, String)> {
    files("crates/server/migrations", ".sql").into_iter().map(|path| (path.clone(), read(&path))).collect()
}

fn statements(text: &str) -> Vec<String> {
    let without_comments: Vec<&str> = text.lines().map(|line| line.split("--").next().unwrap_or_default()).collect();
    without_comments.join("\n").split(';').map(|statement| statement.trim().to_owned()).collect()
}

fn tables() -> BTreeSet<String> {
    let statements = migrations().into_iter().flat_map(|(_, text)| statements(&text));
    statements
        .filter_map(|statement| statement.strip_prefix("create table ").map(|rest| rest.to_owned()))
        .filter_map(|rest| rest.split([' ', '(']).next().map(str::to_owned))
        .collect()
}
