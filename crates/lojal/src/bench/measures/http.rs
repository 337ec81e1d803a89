//! Orders over HTTP, one a request, beside a server that only parses them and replies.

use lojal_simulation::chance::Chance;

use super::super::figure::Figure;
use super::super::load::compare;
use super::super::service::{Caller, Requests, Service, order_request};
use super::super::shop::Shop;
use super::Bench;
use crate::failure::Failure;

const CONNECTIONS: u64 = 64;

struct Orders {
    shop: Shop,
    chance: Chance,
}

impl Requests for Orders {
    fn next(&mut self, key: &str) -> (Vec<u8>, u64) {
        let member = self.shop.somebody(&mut self.chance);
        let purchase = self.shop.purchase(member, self.shop.application.clock.now(), &mut self.chance);
        (order_request(&purchase.name(), key, &purchase.json()), 1)
    }
}

pub async fn measure(bench: &Bench<'_>) -> Result<Vec<Figure>, Failure> {
    let orders = |seed| Orders { shop: bench.shop.clone(), chance: Chance::seeded(seed) };
    let service = Service::start(&bench.shop.application).await?;
    let mut callers = Caller::all(&service, (0..CONNECTIONS).map(orders).collect()).await?;
    let answer = match callers.first_mut() {
        Some(caller) => caller.call().await?.0,
        None => return Ok(Vec::new()),
    };
    let parsing = Service::parsing_only(answer).await?;
    let others = Caller::all(&parsing, (0..CONNECTIONS).map(orders).collect()).await?;
    let (mut load, limit) = compare(callers, others, bench.plan.time).await?;
    service.end().await?;
    parsing.end().await?;
    let figure = Figure::of_load("HTTP, one order a request, 64 connections", "orders/s", &mut load);
    Ok(vec![figure.against(limit.per_second(), "parse and reply alone").goal("≥ .60, p99 ≤ 5 ms")])
}
