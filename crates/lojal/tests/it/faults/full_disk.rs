//! The disk fills up under load: no file grows any more. Nothing is acknowledged then, everything can
//! be read, and as soon as there is room everything goes on, without a restart.

use std::process::Command;
use std::time::Duration;

use lojal_testing::{Cluster, Dice, rounds};
use reqwest::{Method, StatusCode};

use super::customers::Shop;
use super::trial::{PATIENCE, Server, Trial};
use crate::house::{House, is_on_postgres};

/// What a server's tables may come to: more than its own catalogues need.
const SMALL_DISK: u64 = 1_280 * 1024;
/// What a file may grow by, after a shop was opened in it.
const ROOM_IN_BLOCKS: u64 = 1_024;
/// So often somebody is put off before room is made.
const PUT_OFF: u64 = 200;

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_loses_and_doubles_nothing() {
    for mut dice in rounds("the disk is full") {
        if is_on_postgres() {
            let mut cluster = Cluster::start_on_a_small_disk(SMALL_DISK);
            let house = House::on(Some(cluster.new_database()));
            let mut trial = Trial::new(house, &mut dice);
            let server = trial.serve();
            fill(&mut trial, server, || cluster.make_room()).await;
        } else {
            let mut trial = Trial::new(House::new(), &mut dice);
            let server = start_with_little_room(&trial, &mut dice);
            let process = server.process();
            let make_room = || {
                let raised = Command::new("prlimit").args(["--pid", &process, "--fsize=unlimited"]).status();
                assert!(raised.unwrap().success());
            };
            fill(&mut trial, server, make_room).await;
        }
    }
}

/// A server whose files may not grow much.
fn start_with_little_room(trial: &Trial, dice: &mut Dice) -> Server {
    let size = std::fs::metadata(trial.house.data().join("lojal.db")).unwrap().len();
    let blocks = size / 512 + ROOM_IN_BLOCKS + dice.below(64);
    // Without the trap the system would end the process instead of telling it.
    let first = format!("trap '' XFSZ\nulimit -S -f {blocks}");
    Server::start(&trial.house, trial.house.command_after(&first, &Server::ARGUMENTS))
}

async fn fill(trial: &mut Trial, mut server: Server, make_room: impl FnOnce()) {
    let crowd = trial.open(&server);
    let (shop, begun) = (crowd.shop.clone(), tokio::time::Instant::now());
    while shop.tally.put_off() < PUT_OFF {
        assert!(begun.elapsed() < PATIENCE, "the disk was never full");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(shop.tally.granted() > 0, "the disk was full from the beginning");
    assert!(server.is_alive());
    assert_can_be_read(&shop).await;
    let log = trial.log();
    assert!(log.contains("make room"), "the log says nothing of how to mend it: {log}");

    make_room();
    let before = shop.tally.granted();
    while shop.tally.granted() < before + 50 {
        assert!(begun.elapsed() < PATIENCE, "there is room, and nothing goes on: {}", trial.log());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    shop.tally.close();
    trial.end(crowd).await;
    drop(server);
    trial.check().await;
    eprintln!("{} were put off, {} commands were acknowledged", shop.tally.put_off(), trial.acknowledged());
}

async fn assert_can_be_read(shop: &Shop) {
    for path in ["members/ext:member-1/wallets", "orders/0-1", "programmes"] {
        let answer = shop.request(Method::GET, path).send().await.unwrap();
        assert!([StatusCode::OK, StatusCode::NOT_FOUND].contains(&answer.status()), "{path}: {answer:?}");
    }
    let health = shop.client.get(format!("{}/healthz", shop.address)).send().await.unwrap();
    assert_eq!(health.status(), StatusCode::OK);
}
