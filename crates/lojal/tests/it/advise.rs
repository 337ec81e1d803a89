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

/// 200 customers who buy every month, half of them for 10.00, and half for 100.00, of which they keep nothing.
fn with_returns(matched: bool) -> Asked {
    let mut asked = shop(1, 1, POUNDS);
    let mut rows = String::from("order,member,time,sku,quantity,total\n");
    for month in 1..=12 {
        for customer in 0..200 {
            let (total, day) = if customer < 100 { (10, 1) } else { (100, 2) };
            let bought = format!("{customer},2024-{month:02}-{day:02} 10:00,MUG");
            rows.push_str(&format!("{customer}-{month},{bought},1,{total}.00\n"));
            if customer >= 100 {
                rows.push_str(&format!(
                    "{customer}-{month}-back,{customer},2024-{month:02}-03 10:00,MUG,-1,{total}.00\n"
                ));
            }
        }
    }
    let orders = asked.house.file("returned.csv", rows);
    asked.arguments[2] = text(&orders).to_owned();
    if !matched {
        let mapping = MAPPING.replace("[columns]", "[file]\nsorted = false\n[columns]") + POUNDS;
        let map = asked.house.file("unmatched.toml", mapping);
        asked.arguments[4] = text(&map).to_owned();
    }
    asked
}

#[test]
fn what_came_back_was_not_paid() {
    let matched = with_returns(true).json(&["--margin", "35%"]);
    // Of 200 customers, those who spent 100.00 kept nothing.
    assert_eq!((&matched["habits"]["customers"], &matched["habits"]["average_order"]), (&100.into(), &1_000.into()));
    assert_eq!(matched["usual"]["average_order"], 1_000);
    assert_eq!(matched["unmatched"], 0);
    let asked = with_returns(false);
    let unmatched = asked.json(&["--margin", "35%"]);
    assert_eq!(unmatched["unmatched"], 909_090);
    let friend = &unmatched["judgement"]["referral_checks"][0];
    assert_eq!((&friend["mark"], &friend["unmatched"]), (&"unknown".into(), &909_090.into()));
    assert!(asked.house.ok(&asked.with(&["--margin", "35%"])).contains("match_cancellations = true"));
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
