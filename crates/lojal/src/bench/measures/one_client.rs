//! One client and nothing else: how long an order takes beside one synced append of as many bytes. The
//! two take turns, so that whatever else the machine does slows down both alike.

use std::time::Instant;

use super::super::bare::bytes_an_order;
use super::super::disk::Appender;
use super::super::figure::Figure;
use super::super::load::{Client, Load, Until, drive};
use super::super::shop::{Buyer, Customer};
use super::Bench;
use crate::failure::Failure;

/// Orders by which it is known how much one writes.
const SAMPLE: usize = 50;

pub async fn measure(bench: &Bench<'_>) -> Result<Vec<Figure>, Failure> {
    let customers = Customer::many(&bench.shop, 1, Buyer::Anybody, SAMPLE);
    let (first, mut customers) = drive(customers, Until::Times(SAMPLE as u64)).await?;
    let Some(mut customer) = customers.pop().filter(|_| first.errors == 0) else {
        return Err(Failure::new(first.first_error.unwrap_or_default()));
    };
    let bytes = bytes_an_order(&bench.shop, &customer.written).await?;
    let mut appender = Appender::new(bench.ground.folder(), bytes)?;
    let (begun, mut load) = (Instant::now(), Load::default());
    while begun.elapsed() < bench.plan.time {
        let asked = Instant::now();
        load.done += customer.ask().await?;
        load.latencies.add(asked.elapsed());
        appender.append()?;
    }
    let append = appender.finish()?.quantiles();
    let figure = Figure::of_load("one client", "ms, p50", &mut load);
    let p50 = figure.quantiles.map_or(0.0, |quantiles| quantiles.p50);
    let figure = Figure { figure: p50, ..figure };
    Ok(vec![figure.against(append.p50, "one synced append of the same bytes, p50").goal("≤ 1.5")])
}
