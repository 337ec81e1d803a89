//! A file in place of options that would be typed each time.

use std::process::Command;

use crate::house::{House, text};

/// The binary with nothing of its settings in the environment, in the folder of the house.
fn bare(house: &House, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lojal"));
    command.args(arguments).current_dir(house.path("."));
    for name in ["LOJAL_DATA", "LOJAL_DATABASE", "LOJAL_LANG", "LOJAL_CONFIG", "LC_ALL", "LC_MESSAGES", "LANG"] {
        command.env_remove(name);
    }
    command
}

fn said(command: &mut Command) -> Result<String, String> {
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
}

fn settings(house: &House) -> String {
    let mut settings = toml::Table::new();
    settings.insert("data".into(), text(&house.data()).into());
    settings.insert("lang".into(), "pl".into());
    settings.extend(house.database().map(|address| ("database".into(), address.into())));
    settings.to_string()
}

#[test]
fn the_file_of_the_working_folder_says_where_the_data_are() {
    let house = House::new();
    house.file("lojal.toml", settings(&house));
    let programme = house.path("programme.toml");
    said(&mut bare(&house, &["init", text(&programme)])).unwrap();
    assert!(std::fs::read_to_string(&programme).unwrap().contains("# Program lojalnościowy"));
    let published = said(&mut bare(&house, &["programme", "publish", text(&programme)])).unwrap();
    assert!(published.contains('1') && !published.contains("Version"), "in the file's language: {published}");
    assert_eq!(house.ok(&["programme", "list"]).lines().count(), 2, "in the data of the house");
}

#[test]
fn what_is_typed_goes_before_the_environment_and_that_before_the_file() {
    let house = House::new();
    let file = house.file("elsewhere.toml", "lang = \"pl\"\n");
    let named = ["--config", text(&file), "init"];
    said(bare(&house, &[&named[..], &["1.toml"]].concat()).env("LOJAL_LANG", "en")).unwrap();
    said(bare(&house, &[&named[..], &["2.toml", "--lang", "pl"]].concat()).env("LOJAL_LANG", "en")).unwrap();
    said(bare(&house, &["init", "3.toml"]).env("LOJAL_CONFIG", &file)).unwrap();
    let polish = |name| std::fs::read_to_string(house.path(name)).unwrap().contains("# Program");
    assert_eq!(["1.toml", "2.toml", "3.toml"].map(polish), [false, true, true]);
}

#[test]
fn a_wrong_file_is_named_with_the_place_and_without_what_may_be_secret() {
    let house = House::new();
    let refused = |content: &str| {
        let file = house.file("wrong.toml", content);
        said(&mut bare(&house, &["audit", "--config", text(&file)])).unwrap_err()
    };
    let unknown = refused("data = \"x\"\ndatabse = \"postgres://shop:hush@db/lojal\"\n");
    assert!(unknown.contains("wrong.toml") && unknown.contains("line 2") && unknown.contains("databse"), "{unknown}");
    let broken = refused("database = \"postgres://shop:hush@db/lojal\n");
    assert!(broken.contains("line 1"), "{broken}");
    let address = refused("database = \"mysql://shop:hush@db/lojal\"\n");
    assert!(address.contains("--database") && address.contains("sqlite:"), "{address}");
    let months = refused("keep_months = -1\n");
    assert!(months.contains("line 1"), "{months}");
    for answer in [unknown, broken, address] {
        assert!(!answer.contains("hush"), "{answer}");
    }
    let absent = said(&mut bare(&house, &["audit", "--config", "nowhere.toml"])).unwrap_err();
    assert!(absent.contains("nowhere.toml"), "{absent}");
}
