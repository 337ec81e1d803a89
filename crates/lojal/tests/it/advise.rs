//! Whether a programme is worth it for a shop, asked as a person asks it.

use serde_json::Value;

use crate::house::{House, MAPPING, text};

const POUNDS: &str = "[orders]\ncurrency = \"GBP\"\n";

/// So many customers who come every 30 days, so often; each order is of 40.00. The last order of each comes back.
fn export(customers: u32, visits: u32) -> String {
    let mut rows = String::from("order,member,time,sku,quantity,total\n");
    for visit in 0..visits {
        for customer in 0..customers {
            let (month, day) = (1 + visit % 12, 1 + customer % 28);
            let time = format!("{}-{month:02}-{day:02} 10:{:02}", 2024 + visit / 12, customer / 28 % 60);
            rows.push_str(&format!("{customer}-{visit},{customer},{time},MUG,1,40.00\n"));
            if visit + 1 == visits {
                rows.push_str(&format!("{customer}-{visit},{customer},{time},MUG,-1,40.00\n"));
            }
        }
    }
    rows
}

struct Asked {
    house: House,
    arguments: Vec<String>,
}

fn shop(customers: u32, visits: u32, mapping: &str) -> Asked {
    let house = House::new();
    let orders = house.file("orders.csv", export(customers, visits));
    let mapping =
        MAPPING.replace("[columns]", "match_cancellations = true\n[file]\nsorted = false\n[columns]") + mapping;
    let map = house.file("map.toml", mapping);
    let arguments = ["advise", "--orders", text(&orders), "--map", text(&map)].map(str::to_owned).into();
    Asked { house, arguments }
}

impl Asked {
    fn with<'a>(&'a self, more: &[&'a str]) -> Vec<&'a str> {
        self.arguments.iter().map(String::as_str).chain(more.iter().copied()).collect()
    }

    fn json(&self, more: &[&str]) -> Value {
        let file = self.house.path("advice.json");
        self.house.ok(&self.with(&[more, &["--json", text(&file)]].concat()));
        serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
    }
}

#[test]
fn a_busy_shop_is_told_yes_with_the_reasons() {
    let shop = shop(1_200, 14, POUNDS);
    let told = shop.json(&["--margin", "33%"]);
    let judgement = &told["judgement"];
    assert_eq!((&judgement["loyalty"], &judgement["referral"]), (&"yes".into(), &"yes".into()));
    let habits = &told["habits"];
    // The last order of each came back as a whole: it was no purchase.
    assert_eq!((&habits["customers"], &habits["orders"]), (&1_200.into(), &(1_200 * 13).into()));
    assert_eq!((&habits["average_order"], &habits["revenue"]), (&4_000.into(), &(1_200 * 13 * 4_000).into()));
    assert_eq!(told["returned"], 71_428, "one of 14");
    // 31 days in seven months of the year, 30 in four, 29 in February of 2024.
    assert_eq!(habits["next"]["steps"][0]["day"], 29);
    assert_eq!(judgement["loyalty_checks"][1]["half_by"], 31);
    assert_eq!(judgement["loyalty_checks"][3]["rate"], 30_000, "a third of a tenth, and a bit");
    let said = shop.house.ok(&shop.with(&["--margin", "33"]));
    for sentence in
        ["Loyalty programme: yes.", "giving back 3% pays for itself when members buy 10% more", "[1] E. Davis"]
    {
        assert!(said.contains(sentence), "{sentence}: {said}");
    }
}

#[test]
fn a_small_shop_is_told_not_yet_and_an_unknown_margin_cannot_be_judged() {
    let small = shop(20, 6, POUNDS).json(&["--margin", "40%"]);
    assert_eq!(small["judgement"]["loyalty"], "not_yet");
    assert_eq!(small["judgement"]["referral"], "not_yet");
    let silent = shop(1_200, 14, POUNDS).json(&[]);
    assert_eq!(silent["judgement"]["loyalty"], "cannot_tell");
    assert_eq!(silent["margin"], Value::Null);
}

#[test]
fn the_programme_that_is_written_is_sound_and_fits() {
    let shop = shop(300, 8, POUNDS);
    let (programme, page) = (shop.house.path("fitted.toml"), shop.house.path("advice.html"));
    let more = ["--margin", "30", "--write", text(&programme), "--report", text(&page), "--lang", "pl"];
    let said = shop.house.ok(&shop.with(&more));
    assert!(said.contains("Program lojalnościowy: "), "{said}");
    assert!(std::fs::read_to_string(page).unwrap().contains("<html lang=\"pl\""));
    let orders = &shop.arguments[2];
    let map = &shop.arguments[4];
    shop.house.ok(&["programme", "check", text(&programme), "--strict", "--orders", orders, "--map", map]);
    let written: toml::Table = std::fs::read_to_string(&programme).unwrap().parse().unwrap();
    assert_eq!(written["programme"]["currency"].as_str(), Some("GBP"));
    assert_eq!(written["units"]["points"]["expiry"]["after_earning"].as_str(), Some("12 months"));
    let again = shop.house.run(&shop.with(&["--write", text(&programme)]));
    assert!(!again.status.success(), "nothing is written over");
    let replayed = ["simulate", text(&programme), "--orders", orders, "--map", map];
    assert!(shop.house.ok(&replayed).contains("Expected cost"));
}

#[test]
fn what_cannot_be_advised_on_says_why() {
    let no_currency = shop(3, 3, "");
    assert!(no_currency.house.refused(&no_currency.with(&[])).contains("add currency = \"PLN\""));
    let shop = shop(3, 3, POUNDS);
    for margin in ["0", "100%", "a third", "-5"] {
        let wrong = shop.house.run(&shop.with(&[&format!("--margin={margin}")]));
        let said = String::from_utf8(wrong.stderr).unwrap();
        assert!(!wrong.status.success() && said.contains("is no margin"), "{margin}: {said}");
    }
    assert!(shop.house.refused(&shop.with(&["--time-zone", "Narnia"])).contains("Narnia"));
    let empty = shop.house.file("empty.csv", "order,member,time,sku,quantity,total\n");
    let nothing = shop.house.refused(&["advise", "--orders", text(&empty), "--map", &shop.arguments[4]]);
    assert!(nothing.contains("has no order of a customer"), "{nothing}");
}
