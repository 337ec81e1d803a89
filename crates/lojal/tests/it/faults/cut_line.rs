//! The connection to the database is cut at random instants, most of all when a commit was sent and is
//! not answered. Then nobody knows whether it was carried out; whoever sends the same again finds out.

use std::time::Duration;

use lojal_testing::{Line, Risk, new_database, rounds};

use super::trial::{PATIENCE, Trial, eventually};
use crate::house::{House, is_on_postgres};

const RISK: Risk = Risk {
    after_commit: Some(12),
    before_commit: Some(40),
    torn_commit: Some(60),
    anywhere: Some(600),
    at_message: None,
};
/// Cuts between a commit and its answer.
const CUTS: u64 = 30;

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_of_unknown_outcome_is_found_out() {
    if !is_on_postgres() {
        // Nothing leads to a file that could be cut.
        return;
    }
    for mut dice in rounds("the line is cut") {
        let line = Line::to(&new_database(), dice.another());
        let mut trial = Trial::new(House::on(Some(line.address().to_owned())), &mut dice);
        let mut server = trial.serve();
        let crowd = trial.open(&server);
        line.set(RISK);
        let begun = tokio::time::Instant::now();
        while line.cuts().1 < CUTS {
            assert!(begun.elapsed() < PATIENCE, "the line was cut {:?} times", line.cuts());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        line.set(Risk::default());
        let granted = crowd.shop.tally.granted();
        let goes_on = || crowd.shop.tally.granted() > granted + 50;
        eventually(|| goes_on().then_some(()).ok_or_else(|| format!("nothing goes on: {}", trial.log()))).await;
        assert!(server.is_alive() && crowd.shop.tally.put_off() > 0);
        crowd.shop.tally.close();
        trial.end(crowd).await;
        drop(server);
        trial.check().await;
        let (cuts, unknown) = line.cuts();
        eprintln!("{cuts} cuts, {unknown} of them after a commit; {} were acknowledged", trial.acknowledged());
    }
}
