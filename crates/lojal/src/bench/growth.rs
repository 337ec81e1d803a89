//! What an order costs while the database grows.

use std::time::Duration;

use jiff::ToSpan;
use lojal_server::platform::database::{Address, Database};
use lojal_server::platform::sql;
use lojal_simulation::chance::Chance;

use super::ground::Ground;
use super::load::{Until, drive};
use super::process;
use super::shop::{Chronicler, Shop};
use crate::failure::Failure;

const CLIENTS: usize = 256;
/// The orders are those of a year.
const DAYS: i64 = 365;
const MICROSECONDS_A_DAY: i64 = 24 * 3_600 * 1_000_000;

/// What one step came to.
#[derive(Clone, Copy, Debug)]
pub struct Growth {
    /// In the database at the end of the step.
    pub orders: u64,
    pub orders_per_second: f64,
    pub p50_ms: f64,
    pub p99_ms: f64,
    /// Processor time of this process for each order, in microseconds: clients included, a server of
    /// PostgreSQL not.
    pub processor: f64,
    /// Written for each order, the write-ahead log included. On PostgreSQL the log alone.
    pub bytes_written: f64,
    /// What the database occupies for each order.
    pub bytes_kept: f64,
}

/// Puts `orders` orders of a year into a fresh shop, and tells of each `step` of them.
pub async fn grow(
    ground: &Ground,
    members: u64,
    orders: u64,
    step: u64,
    mut tell: impl FnMut(&Growth) -> Result<(), Failure>,
) -> Result<Vec<Growth>, Failure> {
    let now = lojal_server::platform::clock::Clock::system().now();
    let begins_at = now.checked_sub((DAYS * 24).hours())?;
    let shop = Shop::open(ground.fresh().await?, members, Some(begins_at)).await?;
    let microseconds_apart = DAYS * MICROSECONDS_A_DAY / i64::try_from(orders.max(1))?;
    let chronicler = |number: usize| {
        let (shop, chance) = (shop.clone(), Chance::seeded(number as u64));
        Chronicler { shop, chance, begins_at, microseconds_apart }
    };
    let mut chroniclers: Vec<Chronicler> = (0..CLIENTS).map(chronicler).collect();
    let database = shop.application.database.clone();
    let empty = kept(&database).await?;
    let mut curve: Vec<Growth> = Vec::new();
    let mut told = 0;
    while told < orders {
        let wanted = step.clamp(1, orders - told);
        let (before, processor_before) = (written(&database).await?, processor()?);
        let (mut load, back) = drive(chroniclers, Until::Times(wanted)).await?;
        chroniclers = back;
        if let Some(error) = load.first_error {
            return Err(Failure::new(format!("an order could not be put: {error}")));
        }
        told += load.done;
        let quantiles = load.latencies.quantiles();
        let point = Growth {
            orders: told,
            orders_per_second: load.done as f64 / load.elapsed.max(Duration::from_micros(1)).as_secs_f64(),
            p50_ms: quantiles.p50,
            p99_ms: quantiles.p99,
            processor: processor()?.saturating_sub(processor_before) as f64 / load.done.max(1) as f64,
            bytes_written: written(&database).await?.saturating_sub(before) as f64 / load.done.max(1) as f64,
            bytes_kept: kept(&database).await?.saturating_sub(empty) as f64 / told.max(1) as f64,
        };
        tell(&point)?;
        curve.push(point);
    }
    drop(chroniclers);
    shop.close().await;
    Ok(curve)
}

/// Bytes written so far on the database's behalf.
async fn written(database: &Database) -> Result<u64, Failure> {
    match database.address() {
        Address::Sqlite(_) => process::written().ok_or_else(unknown),
        Address::Postgres(_) => {
            let sql = "select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint as bytes";
            number(database, sql).await
        }
    }
}

fn processor() -> Result<u64, Failure> {
    process::processor_microseconds().ok_or_else(unknown)
}

fn unknown() -> Failure {
    Failure::new("this system does not say what a process has written and how long it has run: measure growth on Linux")
}

/// Bytes that the database occupies, what waits in its log not included.
async fn kept(database: &Database) -> Result<u64, Failure> {
    match database.address() {
        Address::Sqlite(path) => Ok(std::fs::metadata(path)?.len()),
        Address::Postgres(_) => number(database, "select pg_database_size(current_database()) as bytes").await,
    }
}

async fn number(database: &Database, statement: &str) -> Result<u64, Failure> {
    let row = sql::row(&mut *database.read().await?, statement, Vec::new()).await?;
    let row = row.ok_or_else(|| Failure::new("the database did not say how large it is"))?;
    Ok(u64::try_from(sql::column::<i64>(&row, "bytes")?)?)
}
