//! The small commands, as a person types them.

use crate::house::{House, MAPPING, text};

const ORDERS: &str = "\
order,member,time,sku,quantity,total
1,ada,2026-03-02 10:00,MUG,2,49.80
2,ada,2026-03-03 10:00,TEAPOT,1,210.00
";

fn with_orders() -> House {
    let house = House::new();
    let programme = house.path("programme.toml");
    house.ok(&["init", text(&programme), "--lang", "en"]);
    let (file, mapping) = (house.file("orders.csv", ORDERS), house.file("mapping.toml", MAPPING));
    house.import(&file, &mapping, &["--programme", text(&programme)]);
    house
}

#[test]
fn a_programme_is_written_checked_published_and_shown() {
    for language in ["pl", "en"] {
        let house = House::new();
        let file = house.path("programme.toml");
        house.ok(&["init", text(&file), "--lang", language]);
        assert!(house.refused(&["init", text(&file)]).contains("cannot be written"), "it is never overwritten");
        house.ok(&["programme", "check", text(&file), "--lang", language]);
        assert!(house.ok(&["programme", "publish", text(&file)]).contains("Version 1 is published"));
        assert!(house.ok(&["programme", "publish", text(&file)]).contains("Version 1 is in force already"));
        let document = std::fs::read_to_string(&file).unwrap();
        assert_eq!(house.ok(&["programme", "show"]), document);
        let second = house.file("second.toml", format!("# The second.\n{document}"));
        house.ok(&["programme", "publish", text(&second)]);
        assert_eq!(house.ok(&["programme", "show", "1"]), document);
        assert_eq!(house.ok(&["programme", "list"]).lines().count(), 3);
        assert!(house.refused(&["programme", "show", "3"]).contains("there is no version 3"));
        let terms = house.ok(&["programme", "terms", "--lang", language]);
        let unpublished = house.ok(&["programme", "terms", text(&file), "--lang", language]);
        assert!(terms.contains("\nVersion 2\n") || terms.contains("\nWersja 2\n"), "{terms}");
        assert_eq!(unpublished, terms.replace("Version 2\n", "").replace("Wersja 2\n", ""));
        let page = house.path("terms.html");
        house.ok(&["programme", "terms", "1", "--format", "html", "--output", text(&page), "--lang", language]);
        assert!(std::fs::read_to_string(page).unwrap().contains(&format!("<html lang=\"{language}\">")));
        assert!(house.refused(&["programme", "terms", "3"]).contains("there is no version 3"));
        let third = house.file("third.toml", document.replacen("points = 30\n", "points = 20\n", 1));
        let since = house.ok(&["programme", "terms", text(&third), "--since", "2", "--lang", language]);
        let (title, change) = match language {
            "pl" => ("## Zmiany względem wersji 2\n", "30\u{a0}punktów → 20\u{a0}punktów"),
            _ => ("## Changes since version 2\n", "30\u{a0}points → 20\u{a0}points"),
        };
        assert!(since.contains(title) && since.contains(change), "{since}");
        let files = house.ok(&["programme", "terms", text(&third), "--since", text(&file), "--lang", language]);
        assert!(files.contains(change), "{files}");
        assert!(house.refused(&["programme", "terms", "--since", "3"]).contains("there is no version 3"));
        let reversed = house.refused(&["programme", "terms", "1", "--since", "2"]);
        assert!(reversed.contains("which is no earlier one than version 1"), "{reversed}");
    }
}

#[test]
fn a_programme_can_begin_with_one_kind() {
    let house = House::new();
    for (kind, document) in lojal_core::programme::STARTERS {
        let file = house.path(&format!("{kind}.toml"));
        house.ok(&["init", text(&file), "--starter", kind]);
        assert_eq!(std::fs::read_to_string(&file).unwrap(), document);
        house.ok(&["programme", "check", text(&file)]);
    }
}

#[test]
fn two_versions_of_a_programme_are_compared_in_words() {
    let house = House::new();
    let first = house.path("first.toml");
    house.ok(&["init", text(&first), "--lang", "en"]);
    let document = std::fs::read_to_string(&first).unwrap();
    let dearer = document.replace("price = 500\n", "price = 600\n").replace("price = 200\n", "price = 150\n");
    let second = house.file("second.toml", dearer);
    let english = house.ok(&["programme", "diff", text(&first), text(&second), "--lang", "en"]).replace('\u{a0}', " ");
    assert_eq!(
        english,
        "Worse for members: 1 reward dearer. Better: 1 reward cheaper.\n\n\
         ! worse   Reward “A mug” becomes dearer: 500 points → 600 points.\n  \
           better  Reward “10 PLN off” becomes cheaper: 200 points → 150 points.\n\n\
         Members must be told of what is marked ! before it comes into force.\n"
    );
    assert!(!house.data().exists(), "two files need no data");
    assert!(house.refused(&["programme", "diff", text(&second)]).contains("holds no Lojal database"));

    house.ok(&["programme", "publish", text(&first)]);
    let polish = house.ok(&["programme", "diff", text(&second), "--lang", "pl"]).replace('\u{a0}', " ");
    assert!(polish.contains("! gorsze  Nagroda „Kubek” drożeje: 500 punktów → 600 punktów.\n"), "{polish}");
    assert_eq!(house.ok(&["programme", "diff", "1", text(&first), "--lang", "en"]), "Nothing changes.\n");
    assert!(house.refused(&["programme", "diff", "7", text(&first)]).contains("there is no version 7"));
    let printed = house.ok(&["programme", "diff", "1", text(&second), "--json", "--lang", "en"]);
    let printed: serde_json::Value = serde_json::from_str(&printed).unwrap();
    assert_eq!((printed["against"].as_u64(), printed["changes"][0]["effect"].as_str()), (Some(1), Some("worse")));
}

#[test]
fn a_worse_version_is_published_ahead_or_with_a_statement() {
    let house = House::new();
    let first = house.path("first.toml");
    house.ok(&["init", text(&first), "--lang", "en"]);
    let document = std::fs::read_to_string(&first).unwrap();
    let dearer = house.file("dearer.toml", document.replace("price = 500\n", "price = 600\n"));
    house.ok(&["programme", "publish", text(&first)]);
    let said = house.refused(&["programme", "publish", text(&dearer), "--lang", "en"]).replace('\u{a0}', " ");
    for part in ["--effective", "--accept-worse", "! worse  Reward “A mug” becomes dearer: 500 points → 600 points."]
    {
        assert!(said.contains(part), "{said}");
    }
    assert!(house.refused(&["programme", "publish", text(&dearer), "--effective", "2020-01-01"]).contains("passed"));
    let waits = house.ok(&["programme", "publish", text(&dearer), "--effective", "2999-12-15", "--lang", "en"]);
    assert!(waits.contains("Version 2 is published. It holds from 2999-12-14T23:00:00Z on"), "{waits}");
    assert_eq!(house.ok(&["programme", "show"]), document, "the first still holds");
    assert!(house.ok(&["programme", "list"]).contains(",2999-12-14T23:00:00Z,"));
    assert!(house.ok(&["programme", "publish", text(&dearer), "--accept-worse"]).contains("Version 3 is published"));
    assert_ne!(house.ok(&["programme", "show"]), document);
}

#[test]
fn the_schema_of_programmes_is_printed_without_data() {
    let house = House::new();
    let printed: serde_json::Value = serde_json::from_str(&house.ok(&["programme", "schema"])).unwrap();
    assert_eq!(printed, lojal_core::programme::schema());
    for section in ["programme", "units", "earning", "rewards", "tiers"] {
        assert!(printed["properties"][section].is_object(), "{section}");
    }
    assert!(!house.data().exists());
}

#[test]
fn mistakes_in_a_programme_are_told_as_compilers_tell_them() {
    let house = House::new();
    let file = house.path("programme.toml");
    house.ok(&["init", text(&file), "--lang", "en"]);
    let document = std::fs::read_to_string(&file).unwrap();
    let line = document.lines().position(|line| line.starts_with("currency = ")).unwrap() + 1;
    let wrong = house.file("wrong.toml", document.replacen("currency = \"PLN\"", "currency = \"ZŁOTY\"", 1));
    for arguments in [["programme", "check"], ["programme", "publish"]] {
        let said = house.refused(&[arguments[0], arguments[1], text(&wrong)]);
        assert!(said.contains(&format!("wrong.toml:{line}:")) && said.contains("remedy"), "{said}");
    }
    let said = house.refused(&["programme", "check", text(&wrong), "--lang", "pl"]);
    let told = format!("błąd w wierszu {line}, kolumnie 12 (/programme/currency): ZŁOTY to nie kod waluty");
    assert!(said.contains("wrong.toml nie może zostać opublikowany") && said.contains(&told), "{said}");
    assert!(!house.data().join("demo.toml").exists());
}

#[test]
fn warnings_are_accepted_or_nothing_is_published() {
    let house = House::new();
    let file = house.path("programme.toml");
    house.ok(&["init", text(&file), "--lang", "en"]);
    house.ok(&["programme", "check", text(&file), "--strict"]);
    let document = std::fs::read_to_string(&file).unwrap();
    let doubtful = house.file("doubtful.toml", document.replacen("caps = { month = 30 }", "", 1));
    let line = document.lines().position(|line| line == "[earning.review]").unwrap() + 1;
    assert!(house.ok(&["programme", "check", text(&doubtful)]).contains("can be published"));
    for arguments in
        [&["programme", "check", "--strict", text(&doubtful)][..], &["programme", "publish", text(&doubtful)]]
    {
        let said = house.refused(arguments);
        assert!(said.contains(&format!("doubtful.toml:{line}:")) && said.contains("remedy: add caps"), "{said}");
        assert!(said.contains("--accept") && !said.contains("/earning/survey"), "only what is not accepted: {said}");
    }
    assert!(house.ok(&["programme", "publish", "--accept", text(&doubtful)]).contains("Version 1 is published"));
    assert!(house.ok(&["programme", "publish", text(&doubtful)]).contains("Version 1 is in force already"));
}

#[test]
fn an_export_says_what_an_ordinary_member_can_reach() {
    let house = House::new();
    let file = house.path("programme.toml");
    house.ok(&["init", text(&file), "--lang", "en"]);
    // Two customers: one buys for 100.00 every 50 days, one a single time.
    let days = ["01-01", "02-20", "04-11", "05-31", "07-20", "09-08", "10-28", "12-17"];
    let often = days.iter().enumerate().map(|(index, day)| format!("{index},ada,2025-{day} 10:00,MUG,1,100.00\n"));
    let rows = format!(
        "order,member,time,sku,quantity,total\n9,eve,2025-01-01 09:00,MUG,1,100.00\n{}",
        often.collect::<String>()
    );
    let (orders, mapping) = (house.file("orders.csv", rows), house.file("mapping.toml", MAPPING));
    let checked = |document: &str| {
        let document = house.file("other.toml", document);
        let arguments = ["programme", "check", text(&document), "--orders", text(&orders), "--map", text(&mapping)];
        let output = house.run(&arguments);
        assert!(output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    let starter = std::fs::read_to_string(&file).unwrap();
    let said = checked(&starter);
    assert!(!said.contains("(/rewards/mug/price)"), "850 points a year, and joining: {said}");
    let said = checked(&starter.replace("price = 500\n", "price = 5000\n"));
    assert!(said.contains("(/rewards/mug/price)") && said.contains("8.34 orders of PLN\u{a0}100.00"), "{said}");
    assert!(house.run(&["programme", "check", text(&file), "--orders", text(&orders)]).status.code() == Some(2));
}

#[test]
fn a_member_and_an_order_tell_their_story_in_both_languages() {
    let house = with_orders();
    let english = house.ok(&["member", "show", "ada", "--lang", "en"]);
    let polish = house.ok(&["member", "show", "ext:ada", "--lang", "pl"]);
    assert!(english.contains("3 March 2026, 10:00") && english.contains("Order 2"), "{english}");
    assert!(polish.contains("3 marca 2026, 10:00") && polish.contains("Zamówienie 2"), "{polish}");
    let id = english.split(['(', ')']).nth(1).unwrap();
    assert_eq!(house.ok(&["member", "show", id, "--lang", "en"]), english);

    let order = house.ok(&["explain", "2"]);
    assert!(order.contains("Order 2") && !order.contains("Order 1"), "{order}");
    let entry = order.split_whitespace().find(|word| word.starts_with("txn_")).unwrap();
    let one = house.ok(&["explain", entry]);
    assert!(one.contains(entry) && one.matches("txn_").count() == 1, "{one}");
    for unknown in ["3", "txn_0000000000000"] {
        assert!(house.refused(&["explain", unknown]).contains("known"));
    }
    assert!(house.refused(&["member", "show", "ben"]).contains("no member ben is known"));
}

#[test]
fn a_rule_that_did_not_apply_is_told_with_the_reason() {
    let house = with_orders();
    let before = |text: &str, end: &str| text.split(end).next().unwrap().to_owned();
    for (language, heading, large, purchase) in [
        ("en", "Other rules:", "“30 points for an order of 200 PLN or more” does not apply", "Order 1,"),
        ("pl", "Inne zasady:", "„30 punktów za zamówienie od 200 zł” nie ma tu", "Zamówienie 1,"),
    ] {
        let small = house.ok(&["explain", "1", "--lang", language]).replace('\u{a0}', " ");
        assert!(before(&small, heading).contains(purchase), "{small}");
        let silent = small.split(heading).nth(1).expect(&small);
        assert!(silent.contains(large) && silent.contains("49"), "{small}");
        let entry = small.split_whitespace().find(|word| word.starts_with("txn_")).unwrap();
        let transaction = entry.split('-').next().unwrap();
        assert!(house.ok(&["explain", transaction, "--lang", language]).contains(heading));
        assert!(!house.ok(&["explain", entry, "--lang", language]).contains(heading), "one entry is told alone");
        let big = house.ok(&["explain", "2", "--lang", language]).replace('\u{a0}', " ");
        let met = big.split(if language == "en" { "asked for and found:" } else { "Spełnione warunki:" }).nth(1);
        assert!(met.is_some_and(|met| met.contains("200")), "{big}");
        assert!(!big.split(heading).nth(1).unwrap_or_default().contains(large), "{big}");
    }
}

#[test]
fn a_return_without_an_order_is_found_by_its_id() {
    let house = with_orders();
    let returned = house.file("returns.csv", format!("{ORDERS}C7,ada,2026-03-05 10:00,SPOON,-1,-12.00\n"));
    house.import(&returned, &house.file("mapping.toml", MAPPING), &[]);
    let told = house.ok(&["explain", "C7", "--lang", "en"]).replace('\u{a0}', " ");
    assert!(told.contains("Goods returned without their order (C7)"), "{told}");
    assert!(told.contains("−12 points") && told.contains("Other rules:"), "{told}");
    assert!(house.ok(&["explain", "C7", "--lang", "pl"]).contains("(C7)"));
}

#[test]
fn keys_are_shown_once_and_revoked() {
    let house = House::new();
    let secret = house.ok(&["key", "create", "--name", "till", "--scope", "read,write"]);
    let publishable = house.ok(&["key", "create", "--publishable", "--scope", "read"]);
    assert!(secret.starts_with("lojal_sk_") && publishable.starts_with("lojal_pk_"));
    let list = house.ok(&["key", "list"]);
    assert!(list.contains(",till,secret,read write,") && !list.contains(secret.trim()), "{list}");
    let id = list.lines().find(|line| line.contains("till")).unwrap().split(',').next().unwrap();
    house.ok(&["key", "revoke", id]);
    assert!(house.refused(&["key", "revoke", id]).contains("no key"));
}

#[test]
fn a_folder_without_data_is_no_folder_to_read_from() {
    let house = House::new();
    for arguments in [vec!["export", "wallets"], vec!["audit"], vec!["member", "show", "ada"], vec!["key", "list"]] {
        assert!(house.refused(&arguments).contains("holds no Lojal database"), "{arguments:?}");
    }
    assert!(!house.data().exists(), "nothing is made by looking");
}
