//! A programme tried on a shop's past, as a person does it.

use serde_json::Value;

use crate::house::{House, MAPPING, text};

/// Ada orders every week for a year; the others now and then.
fn export() -> String {
    let mut rows = String::from("order,member,time,sku,quantity,total\n");
    for week in 0..52 {
        let (month, day) = (1 + week / 4 % 12, 1 + week % 4 * 7);
        let year = 2025 + week / 48;
        rows.push_str(&format!("a{week},ada,{year}-{month:02}-{day:02} 10:00,MUG,2,90.00\n"));
        if week % 13 == 0 {
            rows.push_str(&format!("b{week},bob,{year}-{month:02}-{day:02} 11:00,TEAPOT,1,210.00\n"));
        }
    }
    rows
}

fn figures(house: &House, arguments: &[&str]) -> Value {
    let file = house.path("figures.json");
    house.ok(&[&["simulate"], arguments, &["--json", text(&file)]].concat());
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

/// Sums of a column of `export wallets`.
fn sum(wallets: &str, column: &str) -> i64 {
    let mut lines = wallets.lines();
    let index = lines.next().unwrap().split(',').position(|name| name == column).unwrap();
    lines.map(|line| line.split(',').nth(index).unwrap().parse::<i64>().unwrap()).sum()
}

#[test]
fn the_programme_in_force_comes_to_what_the_ledger_says() {
    let house = House::new();
    house.ok(&["demo", "--once", "--members", "60"]);
    let file = house.file("live.toml", house.ok(&["programme", "show"]));
    let figures = figures(&house, &[text(&file), "--redemption", "recorded"]);
    let wallets = house.ok(&["export", "wallets"]);
    let flow = &figures["tried"]["outcome"]["units"][0]["flow"];
    for (name, column) in [("available", "available"), ("pending", "pending"), ("expired", "expired"), ("debt", "debt")]
    {
        assert_eq!(flow[name], sum(&wallets, column), "{name}: {flow}");
    }
    assert_eq!(figures["tried"]["outcome"]["refused"], serde_json::json!({}));
    let (gained, lost) = (&figures["comparison"]["gained"], &figures["comparison"]["lost"]);
    assert_eq!((gained, lost), (&0.into(), &0.into()), "nobody gains or loses by what is in force already");
}

#[test]
fn an_export_is_replayed_without_a_data_folder() {
    let house = House::new();
    let (programme, orders) = (house.path("programme.toml"), house.file("orders.csv", export()));
    house.ok(&["init", text(&programme), "--lang", "en"]);
    let map = house.file("map.toml", MAPPING);
    let source = [text(&programme), "--orders", text(&orders), "--map", text(&map)];
    let plain = figures(&house, &source);
    assert_eq!((&plain["tried"]["outcome"]["orders"], &plain["tried"]["outcome"]["members"]), (&56.into(), &2.into()));
    // 52 × 90.00 + 4 × 210.00
    assert_eq!(plain["tried"]["outcome"]["revenue"], 552_000);
    assert!(!house.data().exists(), "nothing is written");
    assert_eq!(figures(&house, &source), plain, "the same seed gives the same figures");

    let set = ["--set", "earning.spend.rate=2", "--against", text(&programme), "--redemption", "nobody"];
    let doubled = figures(&house, &[&source[..], &set].concat());
    assert_eq!((&doubled["comparison"]["winners"], &doubled["comparison"]["losers"]), (&2.into(), &0.into()));
    let spend = |figures: &Value| figures["tried"]["outcome"]["rules"][0]["points"].as_i64().unwrap();
    assert!(spend(&doubled) > spend(&plain) * 19 / 10);

    let sweep = ["--sweep", "earning.spend.rate=1..3:1", "--redemption", "nobody"];
    let swept = figures(&house, &[&source[..], &sweep].concat());
    let points = swept["sweep"]["points"].as_array().unwrap();
    assert_eq!(points.iter().map(|point| point["value"].as_str().unwrap()).collect::<Vec<_>>(), ["1", "2", "3"]);

    let json: toml::Table = std::fs::read_to_string(&programme).unwrap().parse().unwrap();
    let json = house.file("programme.json", serde_json::to_string(&json).unwrap());
    let doubled_json = figures(&house, &[&[text(&json)], &source[1..], &set[..4]].concat());
    assert_eq!(doubled_json["comparison"]["winners"], 2, "a document may be written in JSON");

    let (page, tables) = (house.path("report.html"), house.path("tables"));
    let files = ["--report", text(&page), "--csv", text(&tables), "--lang", "pl"];
    let summary = house.ok(&[&["simulate"], &source[..], &files].concat());
    assert!(!summary.is_empty());
    assert!(std::fs::read_to_string(page).unwrap().contains("<html lang=\"pl\""));
    assert!(std::fs::read_dir(tables).unwrap().count() >= 4);
}

#[test]
fn what_cannot_be_replayed_says_why() {
    let house = House::new();
    let (programme, orders) = (house.path("programme.toml"), house.file("orders.csv", export()));
    house.ok(&["init", text(&programme), "--lang", "en"]);
    let map = house.file("map.toml", MAPPING);
    let source = ["simulate", text(&programme), "--orders", text(&orders), "--map", text(&map)];
    let refused = |more: &[&str]| house.refused(&[&source[..], more].concat());
    assert!(refused(&["--redemption", "fitted"]).contains("state a share"));
    assert!(refused(&["--set", "earning.spent.rate=2"]).contains("earning has no spent; it has spend"));
    assert!(refused(&["--set", "earning.spend.rate=many"]).contains("cannot be published"));
    assert!(refused(&["--until", "tomorrow"]).contains("--until"));
    let other = std::fs::read_to_string(&programme).unwrap().replace("\"PLN\"", "\"EUR\"");
    let other = house.file("euro.toml", other);
    assert!(refused(&["--against", text(&other)]).contains("EUR"));
    let other = house.file("in-euro.toml", MAPPING.to_owned() + "[orders]\ncurrency = \"EUR\"\n");
    let foreign = house.run(&["simulate", text(&programme), "--orders", text(&orders), "--map", text(&other)]);
    let said = String::from_utf8(foreign.stderr).unwrap();
    assert!(foreign.status.success() && said.contains("Rows left out"), "what is left out is told: {said}");
    let nowhere = house.refused(&["simulate", text(&programme), "--history"]);
    assert!(nowhere.contains("lojal"), "{nowhere}");
    assert!(!house.data().exists());
}
