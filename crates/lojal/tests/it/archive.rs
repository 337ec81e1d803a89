//! Old periods go into the archive, as a person types it.

use std::process::Stdio;
use std::time::Duration;

use crate::house::{House, text};

const MEMBERS: &str = "120";

/// Two years of a shop.
fn with_history() -> House {
    let house = House::new();
    house.ok(&["demo", "--once", "--members", MEMBERS]);
    house
}

/// The shop's own id of some member, and one of that member's earliest entries.
fn somebody(house: &House) -> String {
    house.wallets().lines().nth(7).unwrap().split(',').next().unwrap().to_owned()
}

#[test]
fn an_archived_shop_tells_the_same_stories() {
    let house = with_history();
    let member = somebody(&house);
    let told = || {
        let story = house.ok(&["member", "show", &member, "--all"]);
        (house.wallets(), story, house.ok(&["audit"]))
    };
    let before = told();
    let missing = house.run(&["archive"]);
    assert!(!missing.status.success() && String::from_utf8_lossy(&missing.stderr).contains("--before"));
    assert!(house.refused(&["archive", "--before", "soon"]).contains("--before \"soon\""));
    let nothing = house.ok(&["archive", "--before", "2001-01-01"]);
    assert!(nothing.contains("Nothing from before 2001-01-01") || nothing.contains("2000-12-31"), "{nothing}");

    let said = house.ok(&["archive", "--keep-months", "1"]);
    assert!(said.contains("transactions are archived"), "{said}");
    assert_eq!(said.contains("vacuum"), env!("CARGO_CRATE_NAME") != "on_postgres");
    assert_eq!(told(), before);
    let all = house.ok(&["archive", "--before", "2100-01-01", "--lang", "pl"]);
    assert!(all.contains("archiwum"), "{all}");
    assert_eq!(told(), before);

    let export = house.path("all.gz");
    house.ok(&["export", "all", "--to", text(&export)]);
    let again = House::new();
    again.ok(&["restore", text(&export)]);
    assert_eq!((again.wallets(), again.ok(&["audit"])), (before.0.clone(), before.2.clone()));

    if env!("CARGO_CRATE_NAME") != "on_postgres" {
        let (safe, third) = (house.path("backups"), house.path("third"));
        house.ok(&["backup", "--to", text(&safe), "--audit", "--with-key"]);
        house.ok(&["restore", "--from", text(&safe), "--data", text(&third)]);
        assert_eq!(house.ok(&["export", "wallets", "--data", text(&third)]), before.0);
    }
}

#[test]
fn an_archive_that_was_killed_goes_on() {
    let house = with_history();
    let (wallets, audited) = (house.wallets(), house.ok(&["audit"]));
    for moment in 1..=20 {
        let mut command = house.command(&["archive", "--before", "2100-01-01"]);
        let mut archive = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(12 * moment));
        archive.kill().unwrap();
        archive.wait().unwrap();
        if moment % 5 == 0 {
            assert_eq!(house.ok(&["audit"]), audited);
        }
    }
    house.ok(&["archive", "--before", "2100-01-01"]);
    assert_eq!((house.wallets(), house.ok(&["audit"])), (wallets, audited));
    assert!(house.ok(&["archive", "--before", "2100-01-01"]).contains("Nothing"));
}
