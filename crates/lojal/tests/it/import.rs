//! `lojal import orders` from the outside.

use std::io::Write;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::house::{House, repository, text};

const PROGRAMME: &str = r#"
[programme]
id = "shop"
name = { pl = "Sklep" }
languages = ["pl"]
time_zone = "Europe/Warsaw"
currency = "PLN"

[brands.shop]
name = { pl = "Sklep" }

[units.points]
name.pl = { one = "punkt", few = "punkty", many = "punktów", other = "punktu" }

[earning.spend]
name = { pl = "1 punkt za każdą złotówkę" }
on = "order"
per = "1.00"
"#;

const POLISH: &str = r#"
match_cancellations = true

[file]
delimiter = ";"
encoding = "windows-1250"

[columns]
order = "Zamówienie"
member = "Klient"
time = "Data sprzedaży"
sku = "Kod"
quantity = "Ilość"
unit_price = "Cena"

[times]
formats = ["%d.%m.%Y %H:%M"]

[numbers]
decimal = ","
thousands = " "

[cancellation]
prefix = "K"
"#;

#[test]
fn a_polish_spreadsheet_is_read_and_its_cancellation_matched() {
    let house = House::new();
    let programme = house.file("programme.toml", PROGRAMME);
    let mapping = house.file("mapping.toml", POLISH);
    let file = "Zamówienie;Klient;Data sprzedaży;Kod;Ilość;Cena\n\
                1;Łucja;01.03.2026 10:00;ŻÓŁW;2;1 250,50\n\
                2;Łucja;01.03.2026 11:00;ŻÓŁW;1;1 250,50\n\
                K3;Łucja;02.03.2026 10:00;ŻÓŁW;-2;1 250,50\n\
                4;Ćma;02.03.2026 10:01;ŻÓŁW;1;12.50\n";
    let file = house.file("orders.csv", windows_1250(file));
    let report = house.import(&file, &mapping, &["--programme", text(&programme)]);
    assert_eq!(report["returns"]["matched_lines"], 1);
    assert_eq!(report["returns"]["matched_pieces"], 2);
    assert_eq!(report["rows"]["reasons"][0]["reason"], "bad_number");
    assert_eq!(report["rows"]["reasons"][0]["examples"][0]["row"], 5);
    assert_eq!(report["rows"]["reasons"][0]["examples"][0]["found"], "12.50");
    // Three came to 3,751.50; two of them went back, and 1,250.50 are left.
    assert_eq!(house.wallets(), "external_id,unit,available,pending,held,debt,expired\nŁucja,points,1250,0,0,0,0\n");
    house.ok(&["audit"]);
}

#[test]
fn orders_that_name_nobody_are_kept_as_guests() {
    let house = House::new();
    let programme = house.file("programme.toml", PROGRAMME);
    let mapping = house.file("mapping.toml", POLISH);
    let rows = "Zamówienie;Klient;Data sprzedaży;Kod;Ilość;Cena\n\
                1;;01.03.2026 10:00;KUBEK;2;12,50\n\
                2;Łucja;01.03.2026 11:00;KUBEK;1;12,50\n\
                3;;01.03.2026 12:00;KUBEK;1;12,50\n";
    let file = house.file("orders.csv", windows_1250(rows));
    let report = house.import(&file, &mapping, &["--programme", text(&programme)]);
    assert_eq!((&report["guests"]["orders"], &report["guests"]["accepted"]), (&2.into(), &2.into()));
    assert_eq!((&report["guests"]["kept_total"], &report["rows"]["of_guests"]), (&"37.50".into(), &2.into()));
    assert_eq!((&report["commands"]["accepted"], &report["rows"]["left_out"]), (&1.into(), &0.into()));
    assert_eq!(house.wallets(), "external_id,unit,available,pending,held,debt,expired\nŁucja,points,12,0,0,0,0\n");
    let again = house.import(&file, &mapping, &[]);
    assert_eq!((&again["guests"]["resumed"], &again["guests"]["accepted"]), (&2.into(), &0.into()));
    // In another file the first is somebody's, and the second is said to be nobody's.
    let rows = rows.replace("1;;", "1;Ćma;").replace("2;Łucja;", "2;;");
    let other = house.file("other.csv", windows_1250(&rows));
    let report = house.import(&other, &mapping, &[]);
    assert_eq!(report["commands"]["refusals"][0]["code"], "order_of_another_member");
    assert_eq!((&report["guests"]["accepted"], &report["members_enrolled"]), (&1.into(), &1.into()));
    house.ok(&["audit"]);
}

#[test]
fn mistakes_are_told_in_a_sentence_with_their_place() {
    let house = House::new();
    let programme = house.file("programme.toml", PROGRAMME);
    let mapping = house.file("mapping.toml", POLISH);
    let file = house.file("orders.csv", windows_1250("Zamówienie;Klient;Data;Kod;Ilość;Cena\n"));
    let wrong = house.file("wrong.toml", POLISH.replace("decimal = \",\"", "decimal = \"'\""));
    let (file, mapping, wrong, programme) = (text(&file), text(&mapping), text(&wrong), text(&programme));
    let missing = house.path("missing");
    for (arguments, said) in [
        (vec![file, "--map", wrong, "--programme", programme], "wrong.toml: line 20, column 11: the decimal mark"),
        (vec![file, "--map", mapping], "the folder has no programme yet"),
        (vec![file, "--map", mapping, "--programme", mapping], "mapping.toml cannot be published\n"),
        (
            vec![file, "--map", mapping, "--programme", programme],
            "the mapping's line 11, column 8: the file has no column \"Data sprzedaży\"; its columns are Zamówienie, \
             Klient, Data, Kod, Ilość, Cena",
        ),
        (vec![text(&missing), "--map", mapping, "--programme", programme], "missing: the file cannot be read"),
        (vec![file, "--map", mapping, "--as-of", "2999-01-01"], "lies in the future"),
        (vec![file, "--map", mapping, "--as-of", "soon"], "is no time"),
    ] {
        let arguments: Vec<&str> = ["import", "orders"].into_iter().chain(arguments).collect();
        let error = house.refused(&arguments);
        assert!(error.starts_with("lojal: ") && error.contains(said), "{arguments:?}: {error}");
    }
    assert_eq!(house.run(&["import", "orders", file]).status.code(), Some(2), "--map is missing");
}

#[test]
fn a_compressed_file_is_the_same_file() {
    let rows = generated(300);
    let plain = House::new();
    let compressed = House::new();
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(rows.as_bytes()).unwrap();
    let file = plain.file("orders.csv", rows);
    let gz = compressed.file("orders.data", encoder.finish().unwrap());
    import_generated(&plain, &file);
    import_generated(&compressed, &gz);
    assert_eq!(plain.wallets(), compressed.wallets());
}

#[test]
fn an_import_that_is_killed_is_taken_up_again() {
    let rows = generated(6_000);
    let calm = House::new();
    import_generated(&calm, &calm.file("orders.csv", &rows));

    let house = House::new();
    let file = house.file("orders.csv", &rows);
    let programme = repository("examples/online-retail/programme-b.toml");
    let mapping = repository("examples/online-retail/online-retail-matched.toml");
    let arguments = ["import", "orders", text(&file), "--map", text(&mapping), "--programme", text(&programme)];
    let mut killed = 0;
    for pause in [150, 400, 800, 1_300, 2_000] {
        let mut child = house.command(&arguments).stdout(std::process::Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(pause));
        if child.try_wait().unwrap().is_none() {
            child.kill().unwrap();
            killed += 1;
        }
        child.wait().unwrap();
    }
    assert!(killed > 0, "no run was interrupted: the file is too short for this machine");
    import_generated(&house, &file);
    assert_eq!(house.wallets(), calm.wallets());
    house.ok(&["audit"]);

    let second = import_generated(&house, &file);
    assert_eq!(second["commands"]["resumed"], second["commands"]["all"]);
    assert_eq!(second["commands"]["accepted"], 0);
    assert_eq!(house.wallets(), calm.wallets());
}

#[test]
fn what_was_exported_restores_to_the_same_wallets() {
    let house = House::new();
    import_generated(&house, &house.file("orders.csv", generated(500)));
    let everything = house.path("everything.gz");
    house.ok(&["export", "all", "--to", text(&everything)]);
    let other = House::new();
    other.ok(&["restore", text(&everything)]);
    assert_eq!(other.wallets(), house.wallets());
    other.ok(&["audit"]);
    assert!(other.refused(&["restore", text(&everything)]).contains("not empty"));
    assert_eq!(import_generated(&other, &house.path("orders.csv"))["commands"]["accepted"], 0);
    assert_eq!(other.wallets(), house.wallets());
}

fn import_generated(house: &House, file: &std::path::Path) -> serde_json::Value {
    let programme = repository("examples/online-retail/programme-b.toml");
    let mapping = repository("examples/online-retail/online-retail-matched.toml");
    house.import(file, &mapping, &["--programme", text(&programme)])
}

/// Rows in the shape of the Online Retail file: a few hundred members, now and then a cancellation.
fn generated(orders: u64) -> String {
    let mut rows = String::from("InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n");
    let mut state: u64 = 20_260_401;
    let mut draw = |below: u64| {
        // Knuth's constants; the high bits are good enough to shuffle rows.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    for number in 0..orders {
        let cancelled = draw(8) == 0;
        let prefix = if cancelled { "C" } else { "" };
        let (month, day, minute) = (number * 12 / orders + 1, number % 28 + 1, draw(60));
        let member = 1 + draw(400);
        for _ in 0..=draw(3) {
            let pieces = (1 + draw(9)) as i64 * if cancelled { -1 } else { 1 };
            let (sku, price) = (draw(5), draw(4));
            rows.push_str(&format!(
                "{prefix}{number:06},SKU{sku},THING,{pieces},2024-{month:02}-{day:02} 12:{minute:02}:00,{price}.95,{member},X\n"
            ));
        }
    }
    sort_by_time(&rows)
}

fn sort_by_time(rows: &str) -> String {
    let mut lines: Vec<&str> = rows.lines().collect();
    lines[1..].sort_by_key(|line| line.split(',').nth(4).unwrap_or_default().to_owned());
    lines.join("\n") + "\n"
}

fn windows_1250(content: &str) -> Vec<u8> {
    let letter = |letter: char| match letter {
        'Ł' => 0xa3,
        'Ż' => 0xaf,
        'Ó' => 0xd3,
        'Ć' => 0xc6,
        'ó' => 0xf3,
        'ś' => 0x9c,
        'ć' => 0xe6,
        'ż' => 0xbf,
        plain => u8::try_from(plain).unwrap(),
    };
    content.chars().map(letter).collect()
}
