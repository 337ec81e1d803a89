use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};
use lojal_server::platform::database::Address;

use super::print;
use crate::bench::{Ground, Growth, Measure, Plan, Scale, Timing, grow, measure_all, time_pages};
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
    /// Show how long the pages of the console take over a large shop
    Pages(PagesOptions),
}

#[derive(Args)]
struct PagesOptions {
    #[command(flatten)]
    place: Place,
    /// How many orders of two years the shop has
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1..))]
    orders: u64,
    /// How often each page is asked for
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    times: u32,
    /// Write the figures to a file as well, as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
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
            Some(Other::Pages(options)) => options.run().await,
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

impl PagesOptions {
    async fn run(&self) -> Result<(), Failure> {
        let ground = self.place.ground()?;
        let bar = progress::spinner("{spinner} {msg} {elapsed}");
        bar.enable_steady_tick(Duration::from_millis(200));
        let say = |what: &str| bar.set_message(what.to_owned());
        let timed = time_pages(&ground, self.place.members, self.orders, self.times as usize, say).await;
        bar.finish_and_clear();
        ground.clear().await?;
        let (scale, timings) = timed?;
        print(&table(&scale, &timings))?;
        if let Some(file) = &self.json {
            let figures = serde_json::json!({ "scale": scale, "pages": timings });
            write(file, &format!("{figures:#}\n"))?;
        }
        Ok(())
    }
}

fn table(scale: &Scale, timings: &[Timing]) -> String {
    let mut table = format!(
        "{} members, {} orders, {} transactions, {} postings, {} MB; counted in {:.0} s\n\n\
         | page | p50 ms | p95 ms | p99 ms | longest | kB |\n|---|---:|---:|---:|---:|---:|\n",
        scale.members,
        scale.orders,
        scale.transactions,
        scale.postings,
        scale.bytes / 1_000_000,
        scale.counted_in_seconds
    );
    for timing in timings {
        table.push_str(&format!(
            "| {} | {:.1} | {:.1} | {:.1} | {:.1} | {} |\n",
            timing.page,
            timing.p50,
            timing.p95,
            timing.p99,
            timing.longest,
            timing.bytes / 1000
        ));
    }
    table
}

fn write(file: &PathBuf, text: &str) -> Result<(), Failure> {
    std::fs::write(file, text).map_err(|cause| Failure::new(format!("{} cannot be written: {cause}", file.display())))
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: Option<f64> = text.parse().ok().filter(|seconds| (0.1..=3_600.0).contains(seconds));
    seconds.map(Duration::from_secs_f64).ok_or_else(|| "state between 0.1 and 3600 seconds".to_owned())
}
