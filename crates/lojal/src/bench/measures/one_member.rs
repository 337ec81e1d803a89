//! Everybody wants something of the same member: one after the other, and nobody is refused.

use super::super::figure::Figure;
use super::super::load::drive;
use super::super::shop::{Buyer, Customer};
use super::{Bench, REMEMBERED};
use crate::failure::Failure;

const CLIENTS: usize = 1_000;

pub async fn measure(bench: &Bench<'_>) -> Result<Vec<Figure>, Failure> {
    let customers = Customer::many(&bench.shop, CLIENTS, Buyer::Only(0), REMEMBERED);
    let (mut load, customers) = drive(customers, bench.until()).await?;
    let written = customers.into_iter().flat_map(|customer| customer.written).collect();
    let limit = bench.bare_limit(written).await?;
    let figure = Figure::of_load("1,000 clients on one member", "orders/s", &mut load);
    Ok(vec![figure.against(limit, bench.same_rows()).goal("no error")])
}
