//! Leaving and arriving: the other instance is the same to the last bit.

use std::io::{Read, Write};
use std::path::Path;

use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use lojal_server::moving::{RestoreError, export, export_wallets, restore};
use lojal_server::platform::application::{Application, NewMember};
use lojal_server::platform::database::{Address, Place};
use lojal_server::platform::identity::Identity;

use crate::shop::{self, Shop, adjust};

async fn wallets(application: &Application) -> String {
    let mut csv = Vec::new();
    export_wallets(application, &mut csv).await.unwrap();
    String::from_utf8(csv).unwrap()
}

fn unpack(path: &Path) -> String {
    let mut text = String::new();
    GzDecoder::new(std::fs::File::open(path).unwrap()).read_to_string(&mut text).unwrap();
    text
}

fn pack(path: &Path, text: &str) {
    let mut file = GzEncoder::new(std::fs::File::create(path).unwrap(), flate2::Compression::fast());
    file.write_all(text.as_bytes()).unwrap();
    file.finish().unwrap();
}

/// The rows of an export, without the heading that tells the time and the last line that counts.
fn rows(text: &str) -> Vec<&str> {
    let lines: Vec<&str> = text.lines().collect();
    lines[1..lines.len() - 1].to_vec()
}

#[tokio::test]
async fn a_restored_instance_is_the_same() {
    let shop = Shop::open().await;
    shop.live_a_little().await;
    let identity = Identity { name: Some("Eve".to_owned()), ..Identity::default() };
    shop.application.enrol(NewMember { identity: identity.clone(), ..NewMember::new("eve") }).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (file, second) = (folder.path().join("one.gz"), folder.path().join("two.gz"));
    let exported = export(&shop.application, &file).await.unwrap();
    assert!(export(&shop.application, &file).await.is_err(), "a file is never overwritten");

    let target = folder.path().join("elsewhere");
    let restored = restore(&file, &target, shop.clock.clone()).await.unwrap();
    assert!(restored.report.is_clean(), "{:#?}", restored.report.differences);
    assert_eq!(restored.rows, exported.rows);
    let elsewhere = shop::open(&target, &shop.clock).await;
    assert_eq!(wallets(&elsewhere).await, wallets(&shop.application).await);
    export(&elsewhere, &second).await.unwrap();
    let (second, file_text) = (unpack(&second), unpack(&file));
    let (mut rows_there, mut rows_here) = (rows(&second), rows(&file_text));
    // Each kind of database has an order of its own.
    rows_there.sort();
    rows_here.sort();
    assert!(rows_there == rows_here, "the second export differs");
    let eve = elsewhere.member_by_external_id("eve").await.unwrap().unwrap();
    assert!(elsewhere.identity(eve.id).await.unwrap() == Some(identity));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }

    assert!(matches!(restore(&file, &target, shop.clock.clone()).await, Err(RestoreError::NotEmpty(_))));
}

#[tokio::test]
async fn a_damaged_file_leaves_nothing_behind() {
    let shop = Shop::open().await;
    shop.live_a_little().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("export.gz");
    export(&shop.application, &file).await.unwrap();
    let target = folder.path().join("target");
    let on_postgres = env!("CARGO_CRATE_NAME") == "on_postgres";
    let address: Option<Address> = on_postgres.then(|| lojal_testing::new_database().parse().unwrap());
    let place = || Place::stated(&target, address.clone());
    let text = unpack(&file);
    let half = text.len() / 2;
    let lines: Vec<&str> = text.lines().collect();
    for (name, damaged) in [
        ("cut short", text[..text.floor_char_boundary(half)].to_owned()),
        ("changed", text.replace("a test", "a jest")),
        ("a row left out", [&lines[..3], &lines[4..]].concat().join("\n") + "\n"),
        ("no last line", lines[..lines.len() - 1].join("\n") + "\n"),
        ("something after the end", format!("{text}more\n")),
        ("another format", text.replacen("\"lojal_export\":1", "\"lojal_export\":9", 1)),
        ("an unknown table", text.replacen("\"table\":\"member\"", "\"table\":\"sqlite_master\"", 1)),
        ("not an export", "hello\n".to_owned()),
    ] {
        let path = folder.path().join("damaged.gz");
        pack(&path, &damaged);
        assert!(restore(&path, place(), shop.clock.clone()).await.is_err(), "{name}");
        assert!(!target.exists(), "{name} left something behind");
    }
    // What is whole finds the database as empty as it was.
    assert!(restore(&file, place(), shop.clock.clone()).await.unwrap().report.is_clean());
}

#[tokio::test]
async fn wallets_are_sorted_by_external_id() {
    let shop = Shop::open().await;
    for (name, points) in [("zoe", 70), ("Ada, \"A\"", 120), ("10", 50), ("9", 60)] {
        shop.enrol_with(name, points).await;
    }
    let bob = shop.enrol_with("bob", 250).await;
    shop.submit(bob, adjust(-250)).await.unwrap();
    assert_eq!(
        wallets(&shop.application).await,
        "external_id,unit,available,pending,held,debt,expired\n\
         10,points,50,0,0,0,0\n\
         9,points,60,0,0,0,0\n\
         \"Ada, \"\"A\"\"\",points,120,0,0,0,0\n\
         bob,points,0,0,0,0,0\n\
         zoe,points,70,0,0,0,0\n"
    );
}
