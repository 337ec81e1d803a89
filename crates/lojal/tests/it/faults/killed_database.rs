//! The database server is killed in the middle of everything, several times. Whoever is not answered
//! sends the same again.

use std::time::Duration;

use lojal_testing::{Cluster, rounds};

use super::trial::{Trial, eventually};
use crate::house::{House, is_on_postgres};

const CRASHES: usize = 3;

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_killed_loses_and_doubles_nothing() {
    if !is_on_postgres() {
        // A file has no server.
        return;
    }
    if lojal_testing::is_spread() {
        return eprintln!("left out: the machines of a cluster that was there before are not killed");
    }
    for mut dice in rounds("the database is killed") {
        let mut cluster = Cluster::start();
        let mut trial = Trial::new(House::on(Some(cluster.new_database())), &mut dice);
        let mut server = trial.serve();
        let crowd = trial.open(&server);
        for _ in 0..CRASHES {
            tokio::time::sleep(Duration::from_millis(100 + dice.below(500))).await;
            let crash = move || {
                cluster.crash();
                cluster
            };
            cluster = tokio::task::spawn_blocking(crash).await.unwrap();
            let before = crowd.shop.tally.granted();
            let goes_on = || crowd.shop.tally.granted() > before + 20;
            eventually(|| goes_on().then_some(()).ok_or_else(|| format!("nothing goes on: {}", trial.log()))).await;
        }
        assert!(server.is_alive());
        crowd.shop.tally.close();
        trial.end(crowd).await;
        drop(server);
        trial.check().await;
    }
}
