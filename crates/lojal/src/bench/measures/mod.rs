//! The measures: one file for each.

mod bulk;
mod clicks;
mod http;
mod in_process;
mod memory;
mod one_client;
mod one_member;
mod slow_disk;
mod vouchers;
mod wallet;

use std::time::Duration;

use clap::ValueEnum;
use lojal_server::platform::sql::{self, Dialect};

use super::bare;
use super::disk::Appender;
use super::figure::{Figure, Line, Sheet};
use super::ground::Ground;
use super::load::Until;
use super::process;
use super::shop::{Shop, Written};
use crate::failure::Failure;

/// Orders that are remembered, to be written again for the bare limit.
const REMEMBERED: usize = 200_000;
/// How often the disk is asked what a sync takes.
const SYNCS: usize = 300;
/// About what an order writes.
const SYNCED_BYTES: usize = 1_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Measure {
    /// Resident memory after a load
    Memory,
    /// Orders in process, with 64, 256 and 1,024 clients
    InProcess,
    /// One client, nothing else running
    OneClient,
    /// 1,000 clients on one member
    OneMember,
    /// Orders over HTTP, one a request
    Http,
    /// Orders over HTTP in bulk
    Bulk,
    /// Reading a wallet over HTTP
    Wallet,
    /// Following members' links
    Clicks,
    /// Making voucher codes
    Vouchers,
    /// Orders in process with 1 ms and 4 ms added to every sync
    SlowDisk,
}

/// How large and how long.
#[derive(Clone, Debug)]
pub struct Plan {
    pub members: u64,
    pub time: Duration,
    /// All of them when none is named.
    pub only: Vec<Measure>,
}

/// What every measure works on.
pub struct Bench<'a> {
    ground: &'a Ground,
    shop: Shop,
    plan: &'a Plan,
}

impl Bench<'_> {
    fn until(&self) -> Until {
        Until::Time(self.plan.time)
    }

    async fn bare_limit(&self, written: Vec<Written>) -> Result<f64, Failure> {
        bare::limit(self.ground, &self.shop, written).await
    }

    /// What [`Bench::bare_limit`] is.
    fn same_rows(&self) -> &'static str {
        if self.is_sqlite() {
            "the same rows in one transaction"
        } else {
            "the same rows, unnested, on two connections"
        }
    }

    fn is_sqlite(&self) -> bool {
        self.shop.application.database.dialect() == Dialect::Sqlite
    }
}

/// Measures what the plan asks for, one after another.
pub async fn measure_all(ground: &Ground, plan: &Plan, mut tell: impl FnMut(&str)) -> Result<Sheet, Failure> {
    let mut sheet = Sheet::default();
    tell("enrolling members");
    let shop = Shop::open(ground.fresh().await?, plan.members, None).await?;
    let bench = Bench { ground, shop, plan };
    sheet.ground = what_it_stands_on(&bench).await?;
    for measure in Measure::value_variants() {
        if !plan.only.is_empty() && !plan.only.contains(measure) {
            continue;
        }
        if let Some(name) = measure.to_possible_value() {
            tell(name.get_name());
        }
        sheet.lines.extend(bench.measure(*measure).await?);
    }
    bench.shop.close().await;
    Ok(sheet)
}

impl Bench<'_> {
    async fn measure(&self, measure: Measure) -> Result<Vec<Line>, Failure> {
        let measured = |figures: Vec<Figure>| figures.into_iter().map(Line::Measured).collect();
        match measure {
            Measure::Memory => memory::measure(self).await.map(measured),
            Measure::InProcess => in_process::measure(self).await.map(measured),
            Measure::OneClient => one_client::measure(self).await.map(measured),
            Measure::OneMember => one_member::measure(self).await.map(measured),
            Measure::Http => http::measure(self).await.map(measured),
            Measure::Bulk => bulk::measure(self).await.map(measured),
            Measure::Wallet => wallet::measure(self).await.map(measured),
            Measure::Clicks => clicks::measure(self).await.map(measured),
            Measure::Vouchers => vouchers::measure(self).await.map(measured),
            Measure::SlowDisk => slow_disk::measure(self).await,
        }
    }
}

async fn what_it_stands_on(bench: &Bench<'_>) -> Result<Vec<(&'static str, String)>, Failure> {
    let mut appender = Appender::new(bench.ground.folder(), SYNCED_BYTES)?;
    for _ in 0..SYNCS {
        appender.append()?;
    }
    let sync = appender.finish()?.quantiles();
    let database = &bench.shop.application.database;
    let mut ground = vec![
        ("cores", std::thread::available_parallelism().map_or(1, usize::from).to_string()),
        ("load of the machine before", process::machine_load().unwrap_or_else(|| "not known".to_owned())),
        ("one synced append of 1,000 bytes", format!("p50 {:.3} ms, p99 {:.3} ms", sync.p50, sync.p99)),
        ("members", bench.plan.members.to_string()),
        ("programme", "20 rules, orders of 3 lines".to_owned()),
        ("seconds for each load", bench.plan.time.as_secs_f64().to_string()),
    ];
    let mut connection = database.read().await?;
    let mut settings = |row: Option<sql::Row>, name| {
        let value = row.as_ref().map(|row| sql::column::<String>(row, "value")).transpose()?;
        ground.push((name, value.unwrap_or_default()));
        Ok::<(), sql::Error>(())
    };
    if bench.is_sqlite() {
        let version = "select 'SQLite ' || sqlite_version() as value";
        settings(sql::row(&mut connection, version, Vec::new()).await?, "database")?;
    } else {
        settings(sql::row(&mut connection, "select version() as value", Vec::new()).await?, "database")?;
        let fsync = "select current_setting('fsync') as value";
        settings(sql::row(&mut connection, fsync, Vec::new()).await?, "fsync")?;
    }
    ground.push(("programme version", env!("CARGO_PKG_VERSION").to_owned()));
    Ok(ground)
}
