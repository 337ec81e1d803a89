//! `lojal demo`.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use crate::house::{House, text};

#[test]
fn the_demo_builds_a_shop_once_and_keeps_it() {
    let house = House::new();
    let said = house.ok(&["demo", "--once", "--members", "60"]);
    assert!(said.contains("holds a shop now: 60 members,"), "{said}");
    assert!(!said.contains("refused"), "{said}");
    let wallets = house.wallets();
    assert_eq!(wallets.lines().count(), 61);
    house.ok(&["audit"]);

    let again = house.ok(&["demo", "--once", "--members", "90"]);
    assert!(again.contains("holds the shop from before; it is kept."), "{again}");
    assert_eq!(house.wallets(), wallets);
}

#[test]
fn a_demo_that_was_interrupted_is_built_to_its_end() {
    let house = House::new();
    let mut child = house.command(&["demo", "--once", "--members", "60"]).stdout(Stdio::null()).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(700));
    child.kill().unwrap();
    child.wait().unwrap();
    let said = house.ok(&["demo", "--once"]);
    assert!(said.contains("60 members,"), "the plan of the first start counts: {said}");
    assert!(!said.contains("refused"), "{said}");
    house.ok(&["audit"]);
}

#[test]
fn the_demo_never_mixes_with_somebody_s_own_data() {
    let house = House::new();
    let programme = house.path("programme.toml");
    house.ok(&["init", text(&programme)]);
    house.ok(&["programme", "publish", text(&programme)]);
    assert!(house.refused(&["demo", "--once"]).contains("holds data of its own"));
    let waiting = House::new();
    waiting.ok(&["programme", "publish", text(&programme), "--effective", "2085-01-01"]);
    assert!(waiting.refused(&["demo", "--once"]).contains("holds data of its own"));
}

#[cfg(unix)]
#[test]
fn what_the_demo_says_to_try_works_when_it_is_pasted() {
    let house = House::new();
    house.ok(&["demo", "--once", "--members", "30"]);
    // A start before this one, by which keys were left behind.
    let (mut earlier, mut lines) = serve(&house);
    lines.find(|line| line.contains("/console")).unwrap();
    earlier.kill().unwrap();
    earlier.wait().unwrap();
    house.ok(&["key", "create", "--name", "my own"]);

    let (mut child, mut lines) = serve(&house);
    let story = lines.find(|line| line.contains(" member show ")).unwrap();
    let quote = lines.find(|line| line.trim_start().starts_with("curl ")).unwrap();
    let story = shell(&story);
    assert!(story.contains("txn_") && story.contains("member since"), "{story}");
    // curl need not be there; then there is nothing to paste into.
    if Command::new("curl").arg("--version").output().is_ok() {
        let quote = shell(&quote);
        assert!(quote.contains("\"effects\"") && quote.contains("\"dry_run\":true"), "{quote}");
    }
    lines.find(|line| line.contains("/console")).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();

    let keys = house.ok(&["key", "list"]);
    let in_use: Vec<&str> =
        keys.lines().filter(|key| key.ends_with(',')).filter_map(|key| key.split(',').nth(1)).collect();
    assert_eq!((in_use, keys.lines().count()), (vec!["my own", "demo", "demo"], 6), "{keys}");
}

#[cfg(unix)]
#[test]
fn what_the_demo_says_to_try_names_the_database() {
    let house = House::new();
    let address = format!("sqlite:{}", text(&house.path("elsewhere.db")));
    house.ok(&["demo", "--once", "--members", "30", "--database", &address]);
    let (mut child, mut lines) = serve_with(&house, &["--database", &address]);
    let story = lines.find(|line| line.contains(" member show ")).unwrap();
    assert!(shell(&story).contains("txn_"), "{story}");
    child.kill().unwrap();
    child.wait().unwrap();
}

/// A demo that serves, and what it prints.
#[cfg(unix)]
fn serve(house: &House) -> (Child, impl Iterator<Item = String>) {
    serve_with(house, &[])
}

#[cfg(unix)]
fn serve_with(house: &House, options: &[&str]) -> (Child, impl Iterator<Item = String> + use<>) {
    let mut command = house.command(&["demo", "--listen", "127.0.0.1:0", "--data", text(&house.data())]);
    command.args(options);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    (child, lines)
}

fn shell(line: &str) -> String {
    let output = Command::new("sh").args(["-c", line]).output().unwrap();
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
