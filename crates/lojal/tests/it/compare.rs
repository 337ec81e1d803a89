//! Several programmes for the same customers, as a person compares them.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::house::{House, MAPPING, repository, text};

/// Each of 36 customers buys for 100.00 every month of a year, in pounds.
fn export() -> String {
    let mut rows = String::from("order,member,time,sku,quantity,total\n");
    for month in 1..=12 {
        for member in 0..36 {
            let day = 1 + member / 3;
            rows.push_str(&format!("{member}-{month},{member},2024-{month:02}-{day:02} 12:00,MUG,1,100.00\n"));
        }
    }
    rows
}

/// A point for each unit of money, worth a tenth of it; a reward for as many points.
fn programme(id: &str, currency: &str, price: i64) -> String {
    format!(
        "[programme]\nid = \"{id}\"\nname = {{ en = \"{id}\" }}\nlanguages = [\"en\"]\ntime_zone = \"Europe/London\"\n\
         currency = \"{currency}\"\n[brands.{id}-shop]\nname = {{ en = \"Shop\" }}\n[units.points]\n\
         name.en = {{ one = \"point\", many = \"points\" }}\nworth = {{ units = 10, money = \"1.00\" }}\n\
         [earning.spend]\nname = {{ en = \"Spend\" }}\non = \"order\"\nrate = 1\nper = \"1.00\"\n\
         [rewards.off]\nname = {{ en = \"Money off\" }}\nkind = \"amount_off\"\namount = \"{}.00\"\nprice = {price}\n",
        price / 10
    )
}

struct Shop {
    house: House,
    orders: PathBuf,
    map: PathBuf,
    pounds: PathBuf,
    zlotys: PathBuf,
}

fn shop() -> Shop {
    let house = House::new();
    Shop {
        orders: house.file("orders.csv", export()),
        map: house.file("map.toml", MAPPING.to_owned() + "[orders]\ncurrency = \"GBP\"\n"),
        pounds: house.file("pounds.toml", programme("pounds", "GBP", 300)),
        zlotys: house.file("zlotys.toml", programme("zlotys", "PLN", 3_000)),
        house,
    }
}

impl Shop {
    fn arguments<'a>(&'a self, files: &[&'a PathBuf], more: &[&'a str]) -> Vec<&'a str> {
        let mut arguments = vec!["compare"];
        arguments.extend(files.iter().map(|file| text(file)));
        arguments.extend(["--orders", text(&self.orders), "--map", text(&self.map)]);
        arguments.extend(more);
        arguments
    }

    fn figures(&self, files: &[&PathBuf], more: &[&str]) -> Value {
        let json = self.house.path("figures.json");
        self.house.ok(&self.arguments(files, &[more, &["--json", text(&json)]].concat()));
        serde_json::from_str(&std::fs::read_to_string(json).unwrap()).unwrap()
    }

    fn refused(&self, files: &[&PathBuf], more: &[&str]) -> String {
        self.house.refused(&self.arguments(files, more))
    }
}

#[test]
fn the_same_customers_are_told_of_under_each_programme() {
    let shop = shop();
    let figures = shop.figures(&[&shop.pounds, &shop.zlotys], &["--rate", "PLN=5"]);
    assert_eq!(figures["currency"]["code"], "GBP");
    let [pounds, zlotys] = [0, 1].map(|index| &figures["programmes"][index]);
    // 36 × 12 × £100.00, in either money.
    assert_eq!((&pounds["revenue"], &zlotys["revenue"]), (&4_320_000.into(), &4_320_000.into()));
    for programme in [pounds, zlotys] {
        assert_eq!(programme["figures"]["rate"]["expected"], 100_000, "a tenth is given back: {programme:#}");
        assert_eq!(programme["figures"]["reached_members"], 36);
    }
    // £300 is the third order, some 60 days after the first; 3,000 zł is 600 pounds, the sixth.
    assert_eq!(pounds["figures"]["half_by"], 60);
    assert_eq!(zlotys["figures"]["half_by"], 152);
    assert_eq!(pounds["figures"]["within"][0]["share"]["expected"], 1_000_000);
    assert_eq!(zlotys["figures"]["within"][0]["share"]["expected"], 0);
    assert!(!shop.house.data().exists(), "nothing is written");
}

#[test]
fn the_same_seed_gives_the_same_files_whoever_is_named_first() {
    let shop = shop();
    let rate = ["--rate", "PLN=5", "--seed", "7"];
    let figures = shop.figures(&[&shop.pounds, &shop.zlotys], &rate);
    assert_eq!(figures, shop.figures(&[&shop.pounds, &shop.zlotys], &rate));
    let turned = shop.figures(&[&shop.zlotys, &shop.pounds], &rate);
    assert_eq!(figures["programmes"][1]["figures"], turned["programmes"][0]["figures"]);
    let (page, tables) = (shop.house.path("page.html"), shop.house.path("tables"));
    let files = ["--rate", "PLN=5", "--report", text(&page), "--csv", text(&tables), "--lang", "pl"];
    let table = shop.house.ok(&shop.arguments(&[&shop.pounds, &shop.zlotys], &files));
    assert!(table.contains("10,00%") && table.contains("60 dni"), "{table}");
    let page = std::fs::read_to_string(page).unwrap();
    assert!(page.contains("<html lang=\"pl\"") && page.contains("1\u{a0}GBP = 5\u{a0}PLN"));
    assert_eq!(std::fs::read_dir(tables).unwrap().count(), 4);
}

/// Everything that was bought comes back after some have spent what it gave.
#[test]
fn what_is_spent_and_then_brought_back_is_owed_and_costs() {
    let mut shop = shop();
    let mut rows = String::from("order,member,time,sku,quantity,total\n");
    for (day, pieces) in [("01-05", 1), ("02-05", -1)] {
        for member in 0..36 {
            rows.push_str(&format!("{member}{pieces},{member},2024-{day} 12:{member:02},MUG,{pieces},1000.00\n"));
        }
    }
    shop.orders = shop.house.file("returned.csv", rows);
    let mapping = format!("match_cancellations = true\n{MAPPING}[orders]\ncurrency = \"GBP\"\n");
    shop.map = shop.house.file("matched.toml", mapping);
    let dear = shop.house.file("dear.toml", programme("dear", "GBP", 9_000));
    let page = shop.house.path("page.html");
    let figures = shop.figures(&[&shop.pounds, &dear], &["--report", text(&page)]);
    let [cheap, dear] = [0, 1].map(|index| &figures["programmes"][index]);
    let flow = &cheap["outcome"]["units"][0]["flow"];
    let redeemed = flow["redeemed"].as_i64().unwrap();
    assert!(redeemed > 0 && flow["debt"] == redeemed, "{flow}");
    assert_eq!(cheap["figures"]["fate"], json!({ "spent": 0, "owed": 1_000_000, "expired": 0, "held": 0 }));
    // Ten points are worth a pound.
    assert_eq!(cheap["figures"]["cost"]["expected"], redeemed * 10);
    assert_eq!((&dear["figures"]["fate"], &dear["figures"]["cost"]["expected"]), (&Value::Null, &0.into()));
    assert!(std::fs::read_to_string(page).unwrap().contains("Spent, and owed for"));
}

#[test]
fn what_a_planned_section_promises_stands_on_the_page() {
    let shop = shop();
    let club = repository("programmes/starters/paid-club.toml");
    let page = shop.house.path("page.html");
    shop.figures(&[&shop.pounds, &club], &["--rate", "PLN=5", "--report", text(&page)]);
    let page = std::fs::read_to_string(page).unwrap();
    assert!(page.contains("Planned, and not run by Lojal yet"), "{page}");
}

#[test]
fn what_cannot_be_compared_says_why() {
    let shop = shop();
    let (pounds, zlotys) = (&shop.pounds, &shop.zlotys);
    let twin = shop.house.file("twin.toml", std::fs::read(pounds).unwrap());
    let broken = shop.house.file("broken.toml", "[programme]\nid = 5\n");
    let nowhere = shop.house.path("nowhere.toml");
    let many: Vec<&PathBuf> = std::iter::repeat_n(pounds, 7).collect();
    for (files, more, said) in [
        (vec![pounds], &[][..], "name two programmes or more"),
        (many, &[], "7 programmes are more than one page can tell apart"),
        (vec![pounds, pounds], &[], "is named twice"),
        (vec![pounds, &twin], &[], "say the same"),
        (vec![pounds, &broken], &[], "broken.toml cannot be published"),
        (vec![pounds, &nowhere], &[], "nowhere.toml cannot be read"),
        (vec![pounds, zlotys], &[], "zlotys reckons in PLN, and the orders are in GBP: say what 1 GBP is worth"),
        (vec![pounds, zlotys], &["--rate", "PLN=5", "--rate", "EUR=1.2"], "no programme here reckons in EUR"),
        (vec![pounds, zlotys], &["--rate", "PLN=5", "--rate", "PLN=4"], "says twice what PLN is worth"),
        (vec![pounds, zlotys], &["--rate", "PLN=5", "--rate", "GBP=2"], "the orders are in GBP"),
    ] {
        let refused = shop.refused(&files, more);
        assert!(refused.contains(said), "{refused}");
    }
    let wrong = shop.house.run(&shop.arguments(&[pounds, zlotys], &["--rate", "PLN"]));
    assert!(String::from_utf8(wrong.stderr).unwrap().contains("write CURRENCY=AMOUNT, like PLN=4.97"));
    let empty = shop.house.file("empty.csv", "order,member,time,sku,quantity,total\n");
    let none = ["compare", text(pounds), text(zlotys), "--rate", "PLN=5", "--orders", text(&empty), "--map"];
    assert!(shop.house.refused(&[&none[..], &[text(&shop.map)]].concat()).contains("no order of a member"));
}
