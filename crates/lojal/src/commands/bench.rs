use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};
use lojal_server::platform::database::Address;

use super::print;
use crate::bench::{Ground, Growth, Measure, Plan, grow, measure_all};
use crate::failure::Failure;
use crate::progress;

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Bench {
    #[command(subcommand)]
    other: Option<Other>,
    #[command(flatten)]
    place: Place,
    /// How long each load lasts
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = seconds)]
    seconds: Duration,
    /// Measure only these
    #[arg(long, value_name = "MEASURE", value_delimiter = ',')]
    only: Vec<Measure>,
    /// Write the figures to a file as well, as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Other {
    /// Show what an order costs while the database grows, as CSV and as a picture
    Growth(GrowthOptions),
}

#[derive(Args)]
struct GrowthOptions {
    #[command(flatten)]
    place: Place,
    /// How many orders the database has in the end
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1..))]
    orders: u64,
    /// After how many orders a point of the curve is set
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(1..))]
    step: u64,
    /// Draw the curve into a file
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
}

/// Where measures make databases of their own, which they remove.
#[derive(Args)]
struct Place {
    /// A folder on the disk that is measured
    #[arg(long, value_name = "DIR", default_value = ".")]
    data: PathBuf,
    /// A server on which databases may be made: postgres://USER@HOST/NAME. Else files in the folder
    #[arg(long, value_name = "ADDRESS")]
    database: Option<Address>,
    /// How many members the shop has
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    members: u64,
}

impl Place {
    fn ground(&self) -> Result<Ground, Failure> {
        Ground::new(&self.data, self.database.clone())
    }
}

impl Bench {
    pub async fn run(self) -> Result<(), Failure> {
        match &self.other {
            Some(Other::Growth(options)) => options.run().await,
            None => self.measure().await,
        }
    }

    async fn measure(&self) -> Result<(), Failure> {
        let ground = self.place.ground()?;
        let plan = Plan { members: self.place.members, time: self.seconds, only: self.only.clone() };
        let bar = progress::spinner("{spinner} {msg} {elapsed}");
        bar.enable_steady_tick(Duration::from_millis(200));
        let sheet = measure_all(&ground, &plan, |what| bar.set_message(what.to_owned())).await;
        bar.finish_and_clear();
        ground.clear().await?;
        let sheet = sheet?;
        print(&sheet.render())?;
        if let Some(file) = &self.json {
            write(file, &format!("{:#}\n", sheet.json()))?;
        }
        let errors = sheet.errors();
        if errors.is_empty() { Ok(()) } else { Err(Failure::new(errors.join("; "))) }
    }
}

impl GrowthOptions {
    async fn run(&self) -> Result<(), Failure> {
        let ground = self.place.ground()?;
        print(Growth::HEAD)?;
        let curve = grow(&ground, self.place.members, self.orders, self.step, |point| print(&point.row())).await;
        ground.clear().await?;
        if let Some(file) = &self.svg {
            write(file, &Growth::picture(&curve?))?;
        }
        Ok(())
    }
}

fn write(file: &PathBuf, text: &str) -> Result<(), Failure> {
    std::fs::write(file, text).map_err(|cause| Failure::new(format!("{} cannot be written: {cause}", file.display())))
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: Option<f64> = text.parse().ok().filter(|seconds| (0.1..=3_600.0).contains(seconds));
    seconds.map(Duration::from_secs_f64).ok_or_else(|| "state between 0.1 and 3600 seconds".to_owned())
}
