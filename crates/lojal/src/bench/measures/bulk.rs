//! Orders over HTTP in bulk, beside the same orders in process.

use lojal_server::platform::writer::Submission;
use lojal_simulation::chance::Chance;

use super::super::figure::Figure;
use super::super::http::request;
use super::super::load::{Client, compare};
use super::super::service::{Caller, Requests, Service};
use super::super::shop::{Purchase, Shop};
use super::Bench;
use crate::failure::Failure;

const CONNECTIONS: u64 = 4;
/// Orders in a request.
const LINES: u64 = 1_000;

struct Bodies {
    shop: Shop,
    chance: Chance,
}

impl Bodies {
    fn purchases(&mut self) -> Vec<Purchase> {
        let now = self.shop.application.clock.now();
        let purchase = |_| {
            let member = self.shop.somebody(&mut self.chance);
            self.shop.purchase(member, now, &mut self.chance)
        };
        (0..LINES).map(purchase).collect()
    }
}

impl Requests for Bodies {
    fn next(&mut self, key: &str) -> (Vec<u8>, u64) {
        let body: String = self.purchases().iter().map(Purchase::json_line).collect();
        (request("POST", "/v1/orders:batch?lean=true", key, "application/x-ndjson", &body), LINES)
    }
}

/// Sends bodies, and looks at the answer to each line.
struct Sender(Caller<Bodies>);

impl Client for Sender {
    async fn ask(&mut self) -> Result<u64, Failure> {
        let (answer, lines) = self.0.call().await?;
        let good = answer.body.split(|byte| *byte == b'\n').filter(|line| is_good(line)).count() as u64;
        if good == lines {
            return Ok(lines);
        }
        let bad = answer.body.split(|byte| *byte == b'\n').find(|line| !is_good(line)).unwrap_or_default();
        Err(Failure::new(format!("{good} of {lines} lines were taken: {}", String::from_utf8_lossy(bad))))
    }
}

fn is_good(line: &[u8]) -> bool {
    const STATUS: &[u8] = b"\"status\":200";
    line.windows(STATUS.len()).any(|window| window == STATUS)
}

/// Submits as many at once, in process.
struct Submitter(Bodies);

impl Client for Submitter {
    async fn ask(&mut self) -> Result<u64, Failure> {
        let purchases = self.0.purchases();
        let mut submissions = Vec::with_capacity(purchases.len());
        for purchase in purchases {
            let holder = self.0.shop.holder(purchase.member).ok_or_else(|| Failure::new("nobody has this number"))?;
            submissions.push(Submission::new(holder, purchase.command()));
        }
        for answer in self.0.shop.application.writer.submit_all(submissions).await {
            answer?;
        }
        Ok(LINES)
    }
}

pub async fn measure(bench: &Bench<'_>) -> Result<Vec<Figure>, Failure> {
    let bodies = |seed| Bodies { shop: bench.shop.clone(), chance: Chance::seeded(seed) };
    let service = Service::start(&bench.shop.application).await?;
    let callers = Caller::all(&service, (0..CONNECTIONS).map(bodies).collect()).await?;
    let senders = callers.into_iter().map(Sender).collect();
    let submitters = (0..CONNECTIONS).map(|seed| Submitter(bodies(seed))).collect();
    let (mut load, limit) = compare(senders, submitters, bench.plan.time).await?;
    service.end().await?;
    let figure = Figure::of_load("HTTP in bulk, 4 connections", "orders/s", &mut load);
    Ok(vec![figure.against(limit.per_second(), "the same in process, 4 tasks").goal("≥ .80")])
}
