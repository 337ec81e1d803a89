//! One client and nothing else: how long an order takes beside one synced append of as many bytes.

use super::super::bare::bytes_an_order;
use super::super::disk::synced_appends;
use super::super::figure::Figure;
use super::super::load::drive;
use super::super::shop::{Buyer, Customer};
use super::{Bench, SYNCS};
use crate::failure::Failure;

/// Enough to know what an order writes.
const REMEMBERED: usize = 1_000;

pub async fn measure(bench: &Bench<'_>) -> Result<Vec<Figure>, Failure> {
    let customers = Customer::many(&bench.shop, 1, Buyer::Anybody, REMEMBERED);
    let (mut load, customers) = drive(customers, bench.until()).await?;
    let written: Vec<_> = customers.into_iter().flat_map(|customer| customer.written).collect();
    let bytes = bytes_an_order(&bench.shop, &written).await?;
    let append = synced_appends(bench.ground.folder(), bytes, SYNCS)?.quantiles();
    let figure = Figure::of_load("one client", "ms, p50", &mut load);
    let p50 = figure.quantiles.map_or(0.0, |quantiles| quantiles.p50);
    let figure = Figure { figure: p50, ..figure };
    Ok(vec![figure.against(append.p50, "one synced append of the same bytes, p50").goal("≤ 1.5")])
}
