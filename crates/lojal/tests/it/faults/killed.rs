//! The server is killed at random moments while clients write. Whatever it acknowledged must be
//! there, and what it did not must be there as a whole or not at all: the clients send it again,
//! and in the end every wallet is exactly what the acknowledged commands come to.

use std::process::{Child, Stdio};
use std::time::Duration;

use lojal_testing::{Dice, rounds};

use super::trial::{Server, Trial, eventually};
use crate::house::House;

const KILLS: usize = 15;
const KILLS_BETWEEN_AUDITS: usize = 30;
const KILLS_BETWEEN_ARCHIVES: usize = 3;
/// The longest that a server may live, in milliseconds after it began to listen, or to grant.
const LONGEST_LIFE: u64 = 400;

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_killed_loses_and_doubles_nothing() {
    let mut trial = None;
    let mut kills = 0;
    for mut dice in rounds("the server is killed") {
        let trial = trial.get_or_insert_with(|| Trial::new(House::new(), &mut dice));
        for _ in 0..KILLS {
            kills += 1;
            if kills % 10 == 0 {
                kill_while_starting(&trial.house, &mut dice);
            }
            let server = trial.serve();
            let archiving = (kills % KILLS_BETWEEN_ARCHIVES == 0).then(|| archive(&trial.house));
            let crowd = trial.open(&server);
            let life = Duration::from_micros(dice.below(LONGEST_LIFE * 1_000));
            // On a busy machine, too, most of them die in the middle of their work.
            if !dice.hits(4) {
                let tally = &crowd.shop.tally;
                eventually(|| (tally.granted() > 0).then_some(()).ok_or("nothing was granted".to_owned())).await;
            }
            tokio::time::sleep(life).await;
            server.kill();
            if let Some(mut archiving) = archiving {
                archiving.kill().unwrap();
                archiving.wait().unwrap();
            }
            trial.end(crowd).await;
            if kills % KILLS_BETWEEN_AUDITS == 0 {
                trial.house.ok(&["audit"]);
            }
        }
    }
    let mut trial = trial.unwrap();
    trial.check().await;
    let granted = trial.acknowledged();
    eprintln!("{granted} commands were acknowledged by {kills} servers that were killed");
    assert!(granted >= kills / 2, "the servers hardly lived");
}

/// Everything may be archived at any moment, and whoever does it may die in the middle of it.
fn archive(house: &House) -> Child {
    let mut command = house.command(&["archive", "--before", "2100-01-01"]);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Also before it listens a server may die: while it opens the data and takes up deliveries.
fn kill_while_starting(house: &House, dice: &mut Dice) {
    let mut command = house.command(&Server::ARGUMENTS);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(Duration::from_micros(dice.below(50_000)));
    child.kill().unwrap();
    child.wait().unwrap();
}
