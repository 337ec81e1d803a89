use std::path::PathBuf;

use clap::Args;
use lojal_server::moving::{Relocation, Step, give_up};
use lojal_server::platform::clock::Clock;
use lojal_server::platform::database::{Address, Place};

use super::print;
use crate::failure::Failure;
use crate::progress;
use crate::texts::Texts;

#[derive(Args)]
pub struct Move {
    /// The database to move away: sqlite:PATH or postgres://USER@HOST/NAME
    #[arg(long, value_name = "ADDRESS", hide_env_values = true)]
    from: Address,
    /// The database to move to, which is made when it is a file, and must be empty
    #[arg(long, value_name = "ADDRESS", required_unless_present = "give_up")]
    to: Option<Address>,
    /// The data folder with secret.key
    #[arg(long, value_name = "DIR", env = "LOJAL_DATA", default_value = "lojal-data")]
    data: PathBuf,
    /// The data folder to be used with the new database, to which the keys are copied; else the same
    #[arg(long, value_name = "DIR")]
    to_data: Option<PathBuf>,
    /// Let the old database be used further; the two part ways
    #[arg(long)]
    keep_source: bool,
    /// Let the old database be written to again after a move that was interrupted
    #[arg(long, conflicts_with_all = ["to", "to_data", "keep_source"])]
    give_up: bool,
}

impl Move {
    pub async fn run(&self, texts: &Texts) -> Result<(), Failure> {
        let from = Place { folder: self.data.clone(), address: self.from.clone() };
        let Some(to) = self.to.clone().filter(|_| !self.give_up) else {
            give_up(&from).await?;
            return print(&format!("{}\n", texts.say("move-given-up", &[])));
        };
        let to = Place { folder: self.to_data.clone().unwrap_or_else(|| self.data.clone()), address: to };
        let relocation = Relocation::open(&from, &to, self.keep_source, Clock::system()).await?;
        let result = self.steps(&relocation, texts).await;
        relocation.close().await;
        result
    }

    async fn steps(&self, relocation: &Relocation, texts: &Texts) -> Result<(), Failure> {
        loop {
            let bar = progress::spinner("{spinner} {human_pos}");
            let step = relocation.step(|count| bar.set_position(count)).await;
            bar.finish_and_clear();
            let number = |count: u64| texts.number(i64::try_from(count).unwrap_or(i64::MAX));
            let sentence = match step? {
                Step::Prepared => texts.say("move-prepared", &[]),
                Step::Copied(rows) => texts.say("move-copied", &[("rows", &number(rows))]),
                Step::Stopped => texts.say("move-stopped", &[]),
                Step::CaughtUp(rows) => texts.say("move-caught-up", &[("rows", &number(rows))]),
                Step::Verified(summary) => {
                    let (holders, transactions) = (texts.number(summary.holders), texts.number(summary.transactions));
                    let root = summary.root.to_string();
                    let values = [
                        ("holders", holders.as_str()),
                        ("transactions", transactions.as_str()),
                        ("root", root.as_str()),
                    ];
                    texts.say("move-verified", &values)
                }
                Step::Left => texts.say("move-left", &[]),
                Step::Arrived => texts.say("move-arrived", &[]),
                Step::Done => return print(&format!("{}\n", texts.say("move-done", &[]))),
            };
            print(&format!("{sentence}\n"))?;
        }
    }
}
