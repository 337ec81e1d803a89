//! The first start, when the tables are made, ends at random moments, or at each moment at which it
//! could: the disk has no room for the next page, or the line to the server is cut. Whoever starts
//! next makes a shop of it. A shop of a newer release is left alone.

use std::process::{Command, Stdio};
use std::time::Duration;

use lojal_testing::{Dice, Line, Risk, execute, new_database, rounds};

use super::trial::{Server, Trial};
use crate::house::{House, is_on_postgres};

const KILLS: usize = 4;
/// A file grows by so many blocks of 512 bytes at once.
const PAGE_IN_BLOCKS: u64 = 8;
/// Of the moments at which a first start can end, so many are tried in the short form.
const SOME: u64 = 5;

#[tokio::test(flavor = "multi_thread")]
async fn a_first_start_that_is_cut_short_is_made_up_for() {
    for (round, mut dice) in rounds("the first start is cut short").enumerate() {
        for _ in 0..KILLS {
            let house = House::new();
            kill_after(house.command(&Server::ARGUMENTS), Duration::from_micros(dice.below(60_000)));
            let mut trial = Trial::new(house, &mut dice);
            trial.check().await;
        }
        if is_on_postgres() {
            cut_at_each_message(round == 0, &mut dice).await;
        } else {
            fill_up_at_each_page(round == 0, &mut dice).await;
        }
    }
}

fn kill_after(mut command: Command, life: Duration) {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(life);
    child.kill().unwrap();
    child.wait().unwrap();
}

/// No file can grow beyond a page, two pages, three … until a start needs no more.
async fn fill_up_at_each_page(some: bool, dice: &mut Dice) {
    let whole = House::new();
    drop(Server::start(&whole, whole.command(&Server::ARGUMENTS)));
    let longest = std::fs::read_dir(whole.data()).unwrap().map(|file| file.unwrap().metadata().unwrap().len()).max();
    let pages = longest.unwrap() / 512 / PAGE_IN_BLOCKS + 1;
    for pages in moments(pages, some, dice) {
        let house = House::new();
        let first = format!("trap '' XFSZ\nulimit -S -f {}", pages * PAGE_IN_BLOCKS);
        if let Err(said) = Server::try_start(&house, house.command_after(&first, &Server::ARGUMENTS)) {
            assert!(said.contains("lojal.db") || said.contains("secret.key"), "it is not said where: {said}");
            assert!(!said.contains("panicked"), "{said}");
        }
        Trial::new(house, dice).check().await;
    }
}

/// The line is cut at the first message, the second, the third … until a start has no more to say.
async fn cut_at_each_message(some: bool, dice: &mut Dice) {
    let line = Line::to(&new_database(), dice.another());
    let whole = House::on(Some(line.address().to_owned()));
    drop(Server::start(&whole, whole.command(&Server::ARGUMENTS)));
    for message in moments(line.messages(), some, dice) {
        let line = Line::to(&new_database(), dice.another());
        line.set(Risk { at_message: Some(message), ..Risk::default() });
        let house = House::on(Some(line.address().to_owned()));
        if let Err(said) = Server::try_start(&house, house.command(&Server::ARGUMENTS)) {
            assert!(said.contains("PostgreSQL") && !said.contains("panicked"), "message {message}: {said}");
        }
        line.set(Risk::default());
        Trial::new(house, dice).check().await;
    }
}

/// Some of the first so many moments, or all.
fn moments(all: u64, some: bool, dice: &mut Dice) -> Vec<u64> {
    let mut moments: Vec<u64> = (1..=all).collect();
    if some {
        dice.shuffle(&mut moments);
        moments.truncate(SOME as usize);
    }
    moments
}

/// What a newer release has written is refused, and not changed.
#[test]
fn a_newer_schema_is_refused() {
    let insert = "insert into schema_migration select 9999, 'later', checksum, applied_at from schema_migration \
                  where number = 1";
    let house = House::new();
    house.ok(&["key", "create"]);
    match house.database() {
        Some(address) => execute(address, insert),
        None => {
            let file = rusqlite::Connection::open(house.data().join("lojal.db")).unwrap();
            file.execute(insert, []).unwrap();
        }
    }
    for arguments in [&Server::ARGUMENTS[..], &["audit"], &["export", "wallets"]] {
        let said = house.refused(arguments);
        assert!(said.contains("newer Lojal") && said.contains("9999"), "{said}");
    }
}
