use std::time::Duration;

use clap::{Args, Subcommand};
use lojal_fraud::policy::PolicyError;
use lojal_fraud_measure::{measure, policy};

use super::print;
use crate::failure::Failure;
use crate::progress;

#[derive(Args)]
pub struct Fraud {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Show the detector hard cases whose truth is known, and print what it finds, what it costs honest people, and
    /// what two naive rules find
    Measure(Measure),
}

#[derive(Args)]
struct Measure {
    /// The same seed gives the same cases. Weights were chosen on 1 to 12
    #[arg(long, default_value_t = 101)]
    seed: u64,
    /// How many referrals there are, 5 to 20 in 1,000 of them made up
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u64).range(500..=500_000))]
    referrals: u64,
    /// Print the figures as JSON
    #[arg(long)]
    json: bool,
}

impl Fraud {
    pub fn run(&self) -> Result<(), Failure> {
        let What::Measure(options) = &self.what;
        options.run()
    }
}

impl Measure {
    fn run(&self) -> Result<(), Failure> {
        let bar = progress::spinner("{spinner} {msg} {elapsed}");
        bar.enable_steady_tick(Duration::from_millis(200));
        let measured = measure(self.seed, self.referrals, policy(), |gone, of| {
            bar.set_message(format!("{}%", gone * 100 / of.max(1)));
        });
        bar.finish_and_clear();
        let measured = measured.map_err(refused)?;
        if self.json {
            return print(&format!("{}\n", serde_json::to_string_pretty(&measured)?));
        }
        print(&measured.table())
    }
}

fn refused(errors: Vec<PolicyError>) -> Failure {
    let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
    Failure::new(errors.join("; "))
}
