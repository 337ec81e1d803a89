//! Backups, checkpoints and moves, as a person types them.

use std::io::BufRead;

use lojal_testing::Store;

use crate::house::{House, MAPPING, text};

const ORDERS: &str = "\
order,member,time,sku,quantity,total
1,ada,2026-03-02 10:00,MUG,2,49.80
2,bob,2026-03-03 10:00,TEAPOT,1,210.00
";

fn with_orders() -> House {
    let house = House::new();
    let programme = house.path("programme.toml");
    house.ok(&["init", text(&programme), "--lang", "en"]);
    let (file, mapping) = (house.file("orders.csv", ORDERS), house.file("mapping.toml", MAPPING));
    house.import(&file, &mapping, &["--programme", text(&programme)]);
    house
}

fn order_more(house: &House) {
    let (file, mapping) = (house.file("more.csv", ORDERS.replace("\n1,", "\n3,")), house.path("mapping.toml"));
    house.import(&file, &mapping, &["--programme", text(&house.path("programme.toml"))]);
}

#[test]
fn a_backup_is_made_and_comes_back() {
    let house = with_orders();
    let (safe, again) = (house.path("backups"), house.path("again"));
    let wallets = house.wallets();
    let said = house.ok(&["backup", "--to", text(&safe), "--audit"]);
    assert!(said.contains(".db is written") && said.contains("2 holders"), "{said}");
    order_more(&house);
    let polish = house.ok(&["backup", "--to", text(&safe), "--increment", "--with-key", "--lang", "pl"]);
    assert!(polish.contains(".pages.gz") && polish.contains("właściciele portfeli: 2"), "{polish}");
    let manifests: Vec<serde_json::Value> = std::fs::read_dir(&safe)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
        .map(|path| serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap())
        .collect();
    let base = manifests.iter().find(|manifest| manifest["kind"] == "base").unwrap();
    let at = base["taken_at"].as_str().unwrap();

    let data = ["--data", text(&again)];
    let restored = house.ok(&[&["restore", "--from", text(&safe), "--at", at], &data[..]].concat());
    assert!(restored.contains("Everything holds"), "{restored}");
    assert_eq!(house.ok(&[&["export", "wallets"], &data[..]].concat()), wallets);
    let occupied = house.refused(&[&["restore", "--from", text(&safe)], &data[..]].concat());
    assert!(occupied.contains("is there already"), "{occupied}");

    let latest = house.path("latest");
    house.ok(&["restore", "--from", text(&safe), "--data", text(&latest)]);
    assert_eq!(house.ok(&["export", "wallets", "--data", text(&latest)]), house.wallets());
    assert!(house.refused(&["restore", "--from", text(&safe), "--at", "2020-01-01T00:00:00Z"]).contains("no backup"));
}

#[test]
fn backups_go_on_until_they_are_ended() {
    let house = with_orders();
    let safe = house.path("backups");
    let mut backup = house.command(&["backup", "--to", text(&safe), "--every", "1s"]).spawn().unwrap();
    let begun = std::time::Instant::now();
    let count = || {
        let names = std::fs::read_dir(&safe).into_iter().flatten().map(|entry| entry.unwrap().file_name());
        names.filter(|name| name.to_string_lossy().ends_with(".json")).count()
    };
    while count() < 3 {
        assert!(begun.elapsed().as_secs() < 60 && backup.try_wait().unwrap().is_none(), "{} backups", count());
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    backup.kill().unwrap();
    backup.wait().unwrap();
    let restored = house.ok(&["restore", "--from", text(&safe), "--data", text(&house.path("again"))]);
    assert!(restored.contains("Everything holds"), "{restored}");
}

/// Runs the binary with what opens a store, and answers whether it succeeded and all that it said.
fn run_at(house: &House, store: &Store, arguments: &[&str], other: &[(&str, &str)]) -> (bool, String) {
    let mut command = house.command(arguments);
    command.envs(store.variables()).envs(other.iter().copied()).env("RUST_LOG", "debug");
    let output = command.output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8(said).unwrap();
    assert!(!said.contains("secret that nobody"), "{said}");
    (output.status.success(), said)
}

#[test]
fn a_bucket_has_the_backups_when_the_machine_is_gone() {
    let (house, store) = (with_orders(), Store::start());
    let (safe, bucket) = (house.path("backups"), store.bucket("shops/tea"));
    let backup = ["backup", "--to", text(&safe), "--copy-to", &bucket];
    let (made, said) = run_at(&house, &store, &backup, &[]);
    assert!(made && said.contains(&format!("{bucket} has all of them. Backups copied: 1, ")), "{said}");
    order_more(&house);
    let more = [&backup[..], &["--increment", "--lang", "pl"]].concat();
    store.answer_only(1);
    let (made, said) = run_at(&house, &store, &more, &[]);
    assert!(!made && said.contains("Zapisano") && said.contains("Kopie są w"), "{said}");
    assert!(said.contains(&bucket) && said.contains("AWS_ENDPOINT_URL"), "{said}");
    store.answer_all();
    let (made, said) = run_at(&house, &store, &more, &[]);
    assert!(made && said.contains("Nowe kopie: 2"), "{said}");

    let wallets = house.wallets();
    std::fs::remove_dir_all(&safe).unwrap();
    let machine = house.path("machine");
    let restore = ["restore", "--from", &bucket, "--data", text(&machine)];
    let (refused, said) = run_at(&house, &store, &restore, &[("AWS_SECRET_ACCESS_KEY", "not this")]);
    assert!(!refused && said.contains("the store refuses the key (SignatureDoesNotMatch)"), "{said}");
    assert!(!said.contains("not this") && !machine.exists(), "{said}");
    let (restored, said) = run_at(&house, &store, &restore, &[]);
    assert!(
        restored && said.contains("Everything holds") && said.contains("Put secret.key of the shop into"),
        "{said}"
    );
    std::fs::copy(house.data().join("secret.key"), machine.join("secret.key")).unwrap();
    assert_eq!(house.ok(&["export", "wallets", "--data", text(&machine)]), wallets);
}

#[test]
fn what_a_bucket_missed_is_made_up_for_at_the_next_round() {
    let (house, store) = (with_orders(), Store::start());
    let (safe, bucket) = (house.path("backups"), store.bucket(""));
    let mut command = house.command(&["backup", "--to", text(&safe), "--every", "1s", "--copy-to", &bucket]);
    store.answer_only(0);
    let mut backup = command.envs(store.variables()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    let mut lines = std::io::BufReader::new(backup.stderr.take().unwrap()).lines();
    let told = lines.next().unwrap().unwrap();
    assert!(told.contains("the next try copies what is missing"), "{told}");
    store.answer_all();
    let begun = std::time::Instant::now();
    let count = || {
        let names = std::fs::read_dir(store.folder("")).unwrap().map(|entry| entry.unwrap().file_name());
        names.filter(|name| name.to_string_lossy().ends_with(".json")).count()
    };
    while count() < 3 {
        assert!(begun.elapsed().as_secs() < 60 && backup.try_wait().unwrap().is_none(), "{} backups", count());
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    backup.kill().unwrap();
    backup.wait().unwrap();
    let (restored, said) =
        run_at(&house, &store, &["restore", "--from", &bucket, "--data", text(&house.path("again"))], &[]);
    assert!(restored && said.contains("Everything holds"), "{said}");
}

#[test]
fn a_store_is_asked_only_when_its_certificate_is_trusted() {
    let (house, store) = (with_orders(), Store::start_encrypted());
    let (safe, bucket) = (house.path("backups"), store.bucket("shops/tea"));
    let backup = ["backup", "--to", text(&safe), "--copy-to", &bucket];
    let stranger = [("SSL_CERT_FILE", "/dev/null")];
    let (made, said) = run_at(&house, &store, &backup, &stranger);
    assert!(!made && said.contains("invalid peer certificate: UnknownIssuer"), "{said}");
    let (made, said) = run_at(&house, &store, &backup, &[]);
    assert!(made && said.contains("Backups copied: 2, "), "{said}");
    let machine = house.path("machine");
    let restore = ["restore", "--from", &bucket, "--data", text(&machine)];
    let (restored, said) = run_at(&house, &store, &restore, &[]);
    assert!(restored && said.contains("Everything holds"), "{said}");
}

#[test]
fn a_bucket_is_no_folder() {
    let house = with_orders();
    let refused = |arguments: &[&str]| {
        let output = house.command(arguments).env_remove("AWS_ACCESS_KEY_ID").output().unwrap();
        assert!(!output.status.success() && !house.path("again").exists());
        String::from_utf8(output.stderr).unwrap()
    };
    let stage = refused(&["backup", "--to", "s3://shop/tea"]);
    assert!(stage.contains("write --to DIR --copy-to s3://shop/tea"), "{stage}");
    let safe = house.path("backups");
    let copy = refused(&["backup", "--to", text(&safe), "--copy-to", "backups"]);
    assert!(copy.contains("s3://BUCKET/PREFIX"), "{copy}");
    let again = house.path("again");
    let other = refused(&["restore", "--from", "gs://shop/tea", "--data", text(&again)]);
    assert!(other.contains("gs:// is not known"), "{other}");
    for arguments in [
        &["backup", "--to", text(&safe), "--copy-to", "s3://shop"][..],
        &["restore", "--from", "s3://shop", "--data", text(&again)],
    ] {
        let said = refused(arguments);
        assert!(said.contains("AWS_ACCESS_KEY_ID is not set"), "{said}");
        assert!(!safe.exists(), "what cannot be finished is not begun");
    }
}

#[test]
fn a_checkpoint_is_signed_checked_and_proved_from() {
    let house = with_orders();
    let (file, proof) = (house.path("checkpoint.json"), house.path("proof.json"));
    let said = house.ok(&["checkpoint", "--to", text(&file)]);
    assert!(said.contains("2 holders") && said.contains("Root "), "{said}");
    assert!(house.refused(&["checkpoint", "--to", text(&file)]).contains("cannot be written"));
    order_more(&house);
    assert_eq!(house.ok(&["checkpoint", "--verify", text(&file)]), said);
    let printed: serde_json::Value = serde_json::from_str(&house.ok(&["checkpoint"])).unwrap();
    let key = printed["public_key"].as_str().unwrap();

    house.ok(&["checkpoint", "--member", "ada", "--to", text(&proof)]);
    let elsewhere = House::new();
    let verify = ["checkpoint", "verify-proof", text(&proof), "--public-key", key];
    assert!(elsewhere.ok(&verify).contains("The proof holds"));
    assert!(elsewhere.ok(&[&verify[..], &["--lang", "pl"]].concat()).contains("Dowód się zgadza"));
    assert!(!elsewhere.data().exists(), "no data are needed");
    let other = "00".repeat(32);
    assert!(elsewhere.refused(&["checkpoint", "verify-proof", text(&proof), "--public-key", &other]).contains("key"));
    let changed = std::fs::read_to_string(&file).unwrap().replacen("\"transactions\": ", "\"transactions\": 1", 1);
    let changed = house.file("changed.json", changed);
    assert!(house.refused(&["checkpoint", "--verify", text(&changed)]).contains("changed after it was signed"));
}

#[test]
fn a_shop_moves_and_the_old_database_says_where() {
    let house = with_orders();
    let wallets = house.wallets();
    let (old, new) = (house.data().join("lojal.db"), house.path("new/lojal.db"));
    let (old, new) = (format!("sqlite:{}", text(&old)), format!("sqlite:{}", text(&new)));
    let folder = house.path("new");
    let order = ["move", "--from", &old, "--to", &new, "--to-data", text(&folder)];
    let said = house.ok(&order);
    for part in ["rows are copied", "the books hold", "closed for good", "may be used", "Nothing is left to move"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(house.ok(&[&order[..], &["--lang", "pl"]].concat()).contains("Nic więcej"));
    assert_eq!(house.ok(&["export", "wallets", "--data", text(&folder)]), wallets);
    assert!(house.refused(&["key", "create", "--name", "late", "--scope", "read"]).contains(&new));
    house.ok(&["key", "create", "--name", "early", "--scope", "read", "--data", text(&folder)]);
    assert!(house.refused(&["move", "--from", &old, "--give-up"]).contains("has moved"));
    assert_eq!(house.ok(&["move", "--from", &new, "--data", text(&folder), "--give-up"]).lines().count(), 1);
}
