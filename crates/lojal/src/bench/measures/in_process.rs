//! Clients in the same process, each with one order under way.

use super::super::figure::Figure;
use super::super::load::drive;
use super::super::shop::{Buyer, Customer};
use super::{Bench, REMEMBERED};
use crate::failure::Failure;

pub async fn measure(bench: &Bench<'_>) -> Result<Vec<Figure>, Failure> {
    let mut figures = Vec::new();
    for (clients, on_sqlite, on_postgres) in
        [(64, "–", "–"), (256, "≥ .50, p99 ≤ 30 ms; journal first ≥ .60, p99 ≤ 10 ms", "≥ .55"), (1_024, "–", "≥ .65")]
    {
        let customers = Customer::many(&bench.shop, clients, Buyer::Anybody, REMEMBERED);
        let (mut load, customers) = drive(customers, bench.until()).await?;
        let written = customers.into_iter().flat_map(|customer| customer.written).collect();
        let limit = bench.bare_limit(written).await?;
        figures.push(
            Figure::of_load(format!("in process, {clients} clients"), "orders/s", &mut load)
                .against(limit, bench.same_rows())
                .goal(if bench.is_sqlite() { on_sqlite } else { on_postgres }),
        );
    }
    Ok(figures)
}
