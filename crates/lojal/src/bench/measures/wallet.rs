//! Reading a member's wallets over HTTP, beside a server that only replies.

use lojal_simulation::chance::Chance;

use super::super::figure::Figure;
use super::super::http::request;
use super::super::load::compare;
use super::super::service::{Caller, Requests, Service};
use super::super::shop::Shop;
use super::Bench;
use crate::failure::Failure;

const CONNECTIONS: u64 = 64;

struct Wallets {
    shop: Shop,
    chance: Chance,
}

impl Requests for Wallets {
    fn next(&mut self, key: &str) -> (Vec<u8>, u64) {
        let member = self.chance.one_of(self.shop.members());
        (request("GET", &format!("/v1/members/{member}/wallets"), key, "", ""), 1)
    }
}

pub async fn measure(bench: &Bench<'_>) -> Result<Vec<Figure>, Failure> {
    let wallets = |seed| Wallets { shop: bench.shop.clone(), chance: Chance::seeded(seed) };
    let service = Service::start(&bench.shop.application).await?;
    let mut callers = Caller::all(&service, (0..CONNECTIONS).map(wallets).collect()).await?;
    let answer = match callers.first_mut() {
        Some(caller) => caller.call().await?.0,
        None => return Ok(Vec::new()),
    };
    let replying = Service::parsing_only(answer).await?;
    let others = Caller::all(&replying, (0..CONNECTIONS).map(wallets).collect()).await?;
    let (mut load, limit) = compare(callers, others, bench.plan.time).await?;
    service.end().await?;
    replying.end().await?;
    let figure = Figure::of_load("read a wallet over HTTP, 64 connections", "requests/s", &mut load);
    Ok(vec![figure.against(limit.per_second(), "reply alone").goal("≥ 20,000/s, p99 < 10 ms")])
}
