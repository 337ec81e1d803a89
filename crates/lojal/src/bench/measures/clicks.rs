//! Members' links that are followed, beside a server that only redirects.

use lojal_server::Front;
use lojal_server::platform::http::Stopwatch;
use lojal_server::platform::referral_codes::code_make;
use lojal_simulation::chance::Chance;

use super::super::figure::Figure;
use super::super::http::Answer;
use super::super::load::{Latencies, Load, compare, pace};
use super::super::service::{Caller, Requests, Service};
use super::super::shop::Shop;
use super::Bench;
use crate::failure::Failure;

/// As many as come by in the same moment on a busy day, and as many as the other measures have.
const CONNECTIONS: [u64; 2] = [8, 64];
/// What a link of somebody brings whom everybody follows.
const PER_SECOND: u32 = 1_000;
const PACED_CONNECTIONS: u64 = 64;
/// The two take turns, so that whatever else the machine does meets both.
const TURNS: u32 = 4;
const MOST_CODES: usize = 1_000;
/// Each click comes from another place: no place may send that many.
const PLACES: u64 = 1 << 17;
const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0";

/// Takes down how long requests stay in whichever server is asked.
static STOPWATCH: Stopwatch = Stopwatch::new();

struct Followers {
    codes: Vec<String>,
    chance: Chance,
}

impl Requests for Followers {
    fn next(&mut self, _key: &str) -> (Vec<u8>, u64) {
        let code = self.chance.one_of(&self.codes);
        let [.., first, second, third] = self.chance.below(PLACES).to_be_bytes();
        let request = format!(
            "GET /r/{code} HTTP/1.1\r\nhost: bench\r\nuser-agent: {BROWSER}\r\naccept-language: pl\r\n\
             x-forwarded-for: 11.{first}.{second}.{third}\r\n\r\n"
        );
        (request.into_bytes(), 1)
    }
}

pub async fn measure(bench: &Bench<'_>) -> Result<Vec<Figure>, Failure> {
    let codes = codes(&bench.shop).await?;
    let followers = |seed| Followers { codes: codes.clone(), chance: Chance::seeded(seed) };
    let mut figures = Vec::new();
    for connections in CONNECTIONS {
        let service = Service::start(&bench.shop.application).await?;
        let callers = Caller::all(&service, (0..connections).map(followers).collect()).await?;
        let nothing = Answer { status: 302, cookie: None, body: Vec::new() };
        let redirecting = Service::parsing_only(nothing).await?;
        let others = Caller::all(&redirecting, (0..connections).map(followers).collect()).await?;
        let (mut load, mut limit) = compare(callers, others, bench.plan.time).await?;
        service.end().await?;
        redirecting.end().await?;
        let name = format!("links followed, {connections} connections");
        let figure = Figure::of_load(name, "clicks/s", &mut load);
        figures.push(figure.against(limit.per_second(), "redirect alone"));
        let name = format!("redirect alone, {connections} connections");
        let alone = Figure::of_load(name, "requests/s", &mut limit);
        figures.push(alone.against(limit.per_second(), "itself"));
    }
    figures.extend(paced(bench, followers).await?);
    Ok(figures)
}

/// At a rate that does not depend on the answers, and by the server's own watch: where clients ask as fast as they are
/// answered, times say how long the queue is that they make themselves.
async fn paced(bench: &Bench<'_>, followers: impl Fn(u64) -> Followers) -> Result<[Figure; 2], Failure> {
    let front = Front::open(None, "http://127.0.0.1")?;
    let service = Service::start_timed(&bench.shop.application, front, Some(&STOPWATCH)).await?;
    let mut callers = Caller::all(&service, (0..PACED_CONNECTIONS).map(&followers).collect()).await?;
    let nothing = Answer { status: 302, cookie: None, body: Vec::new() };
    let redirecting = Service::parsing_only_timed(nothing, Some(&STOPWATCH)).await?;
    let mut others = Caller::all(&redirecting, (0..PACED_CONNECTIONS).map(&followers).collect()).await?;
    // Codes that nobody has followed yet are looked up once.
    (_, callers) = pace(callers, PER_SECOND, bench.plan.time / TURNS).await?;
    let (mut loads, mut times) = ([Load::default(), Load::default()], [Latencies::default(), Latencies::default()]);
    for _ in 0..TURNS {
        STOPWATCH.take();
        let (load, back) = pace(callers, PER_SECOND, bench.plan.time / TURNS).await?;
        callers = back;
        loads[0].add(load);
        times[0].extend(STOPWATCH.take());
        let (load, back) = pace(others, PER_SECOND, bench.plan.time / TURNS).await?;
        others = back;
        loads[1].add(load);
        times[1].extend(STOPWATCH.take());
    }
    drop((callers, others));
    service.end().await?;
    redirecting.end().await?;
    let [mut load, mut alone] = loads;
    [load.latencies, alone.latencies] = times;
    let limit = alone.per_second();
    let figure = |name: &str, unit, load: &mut Load| Figure::of_load(format!("{name}, in the server"), unit, load);
    Ok([
        figure("links followed at a pace", "clicks/s", &mut load)
            .against(limit, "redirect alone")
            .goal("p99 < 1 ms in the server"),
        figure("redirect alone at a pace", "requests/s", &mut alone).against(limit, "itself"),
    ])
}

/// What members send to friends.
async fn codes(shop: &Shop) -> Result<Vec<String>, Failure> {
    let application = &shop.application;
    let mut codes = Vec::new();
    let mut transaction = application.database.write_aside().await?;
    for member in shop.members().iter().take(MOST_CODES) {
        let code = code_make(application, &mut transaction, *member, "").await?;
        let code = code.map_err(|refusal| Failure::new(refusal.to_string()))?;
        codes.push(code.shown);
    }
    transaction.commit().await?;
    Ok(codes)
}
