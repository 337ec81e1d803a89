//! `lojal bench`, in short: every measure comes to a ratio, and none meets an error. What the
//! figures are is never asserted: they belong to the machine.

use std::fs;

use serde_json::Value;

use crate::house::{House, text};

/// Runs a bench of a moment on a small shop, and answers its figures.
fn figures(house: &House, more: &[&str]) -> Vec<Value> {
    let (place, file) = (house.path("place"), house.path("figures.json"));
    fs::create_dir_all(&place).unwrap();
    let mut arguments = vec!["bench", "--members", "300", "--seconds", "0.2", "--json", text(&file)];
    arguments.extend(["--data", text(&place)]);
    arguments.extend(more);
    let said = house.ok(&arguments);
    assert_eq!(fs::read_dir(&place).unwrap().count(), 0, "nothing is left behind");
    let sheet: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    for name in ["cores", "one synced append of 1,000 bytes", "database"] {
        assert!(said.contains(&format!("{name}: ")) && !sheet["ground"][name].as_str().unwrap().is_empty(), "{said}");
    }
    let figures = sheet["measures"].as_array().unwrap().clone();
    for figure in &figures {
        let name = figure["measure"].as_str().unwrap();
        assert!(said.contains(name), "{name} is not in the table: {said}");
        if figure["left_out"].is_null() {
            assert!(figure["ratio"].as_f64().unwrap() > 0.0, "{name} has no ratio: {said}");
            assert_eq!(figure["errors"], 0, "{said}");
        }
    }
    figures
}

fn count(figures: &[Value], word: &str) -> usize {
    figures.iter().filter(|figure| figure["measure"].as_str().unwrap().contains(word)).count()
}

#[test]
fn every_measure_comes_to_a_ratio_on_a_file() {
    let figures = figures(&House::new(), &[]);
    for (word, times) in [
        ("memory", 1),
        ("in process", 3),
        ("one client", 1),
        ("one member", 1),
        ("HTTP", 3),
        ("links followed", 3),
        ("vouchers", 1),
        ("voucher codes", 1),
        ("every sync", 2),
    ] {
        assert_eq!(count(&figures, word), times, "{word}: {figures:#?}");
    }
}

#[test]
fn named_measures_come_to_a_ratio_on_a_server() {
    let database = lojal_testing::new_database();
    let figures = figures(&House::new(), &["--database", &database, "--only", "in-process,one-client,slow-disk"]);
    assert_eq!(figures.len(), 6);
    assert!(figures.iter().all(|figure| figure["left_out"].is_null()), "{figures:#?}");
}

#[test]
fn growth_is_told_step_by_step_and_drawn() {
    let house = House::new();
    let (place, picture) = (house.path("place"), house.path("growth.svg"));
    let mut arguments = vec!["bench", "growth", "--members", "100", "--orders", "500", "--step", "200"];
    arguments.extend(["--data", text(&place), "--svg", text(&picture)]);
    let said = house.ok(&arguments);
    let orders: Vec<&str> = said.lines().map(|line| line.split(',').next().unwrap()).collect();
    assert_eq!(orders, ["orders", "200", "400", "500"], "{said}");
    let picture = fs::read_to_string(picture).unwrap();
    assert_eq!(picture.matches("<polyline").count(), 3, "{picture}");
    assert_eq!(fs::read_dir(&place).unwrap().count(), 0, "nothing is left behind");
}

#[test]
fn nobody_s_own_file_is_measured() {
    let house = House::new();
    let said = house.refused(&["bench", "--database", "sqlite:shop.db"]);
    assert!(said.contains("--data"), "{said}");
}
