//! How long the pages of the console and of the member portal take, over a shop of a stated size.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, ToSpan};
use lojal_core::kernel::{HolderId, MemberId};
use lojal_server::Front;
use lojal_server::platform::application::Application;
use lojal_server::platform::database::Address;
use lojal_server::platform::figures::figures_catch_up;
use lojal_server::platform::sql;
use lojal_server::platform::visitors::{secret_create, sign};
use lojal_simulation::chance::Chance;
use serde::Serialize;

use super::ground::Ground;
use super::http::{Answer, Connection};
use super::load::{Latencies, Until, drive};
use super::service::Service;
use super::shop::{Chronicler, Shop, member_name};
use crate::failure::Failure;

const CLIENTS: usize = 256;
const DAYS: i64 = 730;
const MICROSECONDS_A_DAY: i64 = 24 * 3_600 * 1_000_000;
const PASSWORD: &str = "a page for each of them";
/// Members who come in; each page is asked for by one after the other. So many may come from one place at once.
const MOST_MEMBERS: usize = 40;
const SEED: u64 = 20_261_122;

/// What the shop came to, and how long its figures took to be counted.
#[derive(Clone, Debug, Serialize)]
pub struct Scale {
    pub members: u64,
    pub orders: u64,
    pub transactions: usize,
    pub postings: i64,
    pub bytes: u64,
    pub counted_in_seconds: f64,
}

/// How long one page took, in milliseconds.
#[derive(Clone, Debug, Serialize)]
pub struct Timing {
    pub page: &'static str,
    pub times: usize,
    pub bytes: usize,
    pub p50: f64,
    pub p95: f64,
    pub p99: f64,
    pub longest: f64,
}

/// Builds a shop of two years and asks for each of its pages so many times, one after the other.
pub async fn time_pages(
    ground: &Ground,
    members: u64,
    orders: u64,
    times: usize,
    mut say: impl FnMut(&str),
) -> Result<(Scale, Vec<Timing>), Failure> {
    let now = lojal_server::platform::clock::Clock::system().now();
    let begins_at = now.checked_sub((DAYS * 24).hours())?;
    say("members join");
    let shop = Shop::open(ground.fresh().await?, members, Some(begins_at)).await?;
    say("orders are put");
    let microseconds_apart = DAYS * MICROSECONDS_A_DAY / i64::try_from(orders.max(1))?;
    let chronicler = |number: usize| {
        let (shop, chance) = (shop.clone(), Chance::seeded(number as u64));
        Chronicler { shop, chance, begins_at, microseconds_apart }
    };
    let (load, chroniclers) = drive((0..CLIENTS).map(chronicler).collect(), Until::Times(orders)).await?;
    drop(chroniclers);
    if let Some(error) = load.first_error {
        return Err(Failure::new(format!("an order could not be put: {error}")));
    }
    say("figures are counted");
    let application = &shop.application;
    let programme = application.rulebook().live().cloned().ok_or_else(|| Failure::new("no programme is in force"))?;
    let begun = Instant::now();
    let transactions = figures_catch_up(&application.database, &programme, application.clock.now()).await?;
    let counted_in_seconds = begun.elapsed().as_secs_f64();
    let (postings, bytes) = size(application).await?;
    let scale = Scale { members, orders, transactions, postings, bytes, counted_in_seconds };
    let timings = ask(&shop, times, &mut say).await?;
    shop.close().await;
    Ok((scale, timings))
}

/// Postings that were counted, and bytes that the database occupies.
async fn size(application: &Application) -> Result<(i64, u64), Failure> {
    let mut connection = application.database.read().await?;
    let mut number = async |sql: &str| -> Result<i64, Failure> {
        let row = sql::row(&mut connection, sql, Vec::new()).await?;
        let row = row.ok_or_else(|| Failure::new("the database did not count"))?;
        Ok(sql::column(&row, "number")?)
    };
    let sql = "select cast(sum(times) as bigint) as number from figure_day where part = 0 and name = 'booked'";
    let postings = number(sql).await?;
    let bytes = match application.database.address() {
        Address::Sqlite(path) => std::fs::metadata(path)?.len(),
        Address::Postgres(_) => u64::try_from(number("select pg_database_size(current_database()) as number").await?)?,
    };
    Ok((postings, bytes))
}

/// A browser in which an owner has signed in, and members after one another.
struct Browser {
    connection: Connection,
    owner: String,
    members: Vec<String>,
    chance: Chance,
}

async fn ask(shop: &Shop, times: usize, say: &mut impl FnMut(&str)) -> Result<Vec<Timing>, Failure> {
    let front = Front::open(None, "http://127.0.0.1")?;
    let code = front.set_up_code(&shop.application).await?.map(str::to_owned);
    let code = code.ok_or_else(|| Failure::new("somebody has set the console up"))?;
    let service = Service::start_with(&shop.application, front).await?;
    let mut browser = Browser::open(&service.address, &code).await?;
    say("members come in");
    browser.let_in(shop, times.clamp(1, MOST_MEMBERS)).await?;
    let mut timings = Vec::new();
    for page in PAGES {
        say(page.0);
        timings.push(browser.time(shop, page, times).await?);
    }
    drop(browser);
    service.end().await?;
    Ok(timings)
}

/// Asks for a page, of somebody where it is about somebody.
type Page = (&'static str, fn(HolderId, u64) -> Asked);

enum Asked {
    Get(String),
    Post(&'static str, String),
    /// A page of the portal, of the next member who has come in.
    Member(&'static str),
}

/// Each with another member, and another number below a million.
const PAGES: [Page; 21] = [
    ("/console", |_, _| Asked::Get("/console".to_owned())),
    ("/console, a quarter", |_, _| Asked::Get("/console?period=2026-Q2".to_owned())),
    ("/console, a year", |_, _| Asked::Get("/console?period=2026".to_owned())),
    ("figures/sales, a year", |_, _| Asked::Get("/console/figures/sales?period=2026".to_owned())),
    ("members", |_, _| Asked::Get("/console/members".to_owned())),
    ("members, anywhere", |holder, _| Asked::Get(format!("/console/members?before={}", MemberId(holder.0)))),
    ("members by spending", |_, number| Asked::Get(format!("/console/members?order=spent&spent={}", number % 900 + 1))),
    ("members by last order", |_, _| Asked::Get("/console/members?last=ago-90".to_owned())),
    ("members, rare together", |_, _| {
        Asked::Get("/console/members?last=ago-365&spent=5000&points=100000&order=newest".to_owned())
    }),
    ("members, found", |_, number| Asked::Post("/console/members", format!("sought=m{number}"))),
    ("one member", |holder, _| Asked::Get(format!("/console/members/{}", MemberId(holder.0)))),
    ("ledger", |_, _| Asked::Get("/console/ledger".to_owned())),
    ("ledger, rare kind", |_, _| Asked::Get("/console/ledger?kind=transfers".to_owned())),
    ("ledger, accounts", |_, _| Asked::Get("/console/ledger/accounts".to_owned())),
    ("rewards", |_, _| Asked::Get("/console/rewards".to_owned())),
    ("programme", |_, _| Asked::Get("/console/programme".to_owned())),
    ("portal", |_, _| Asked::Member("/portal")),
    ("portal, history", |_, _| Asked::Member("/portal/history")),
    ("portal, rewards", |_, _| Asked::Member("/portal/rewards")),
    ("portal, share", |_, _| Asked::Member("/portal/share")),
    ("portal, account", |_, _| Asked::Member("/portal/account")),
];

impl Browser {
    async fn open(address: &str, code: &str) -> Result<Browser, Failure> {
        let mut connection = Connection::open(address).await?;
        let fields = [
            ("code", code),
            ("name", "Owner"),
            ("email", "owner@shop.example"),
            ("password", PASSWORD),
            ("repeated", PASSWORD),
        ];
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let answer = connection.exchange(&posted("/console/setup", "", &body)).await?;
        let cookie = answer.cookie.clone().ok_or_else(|| Failure::new("nobody was let in"))?;
        Ok(Browser { connection, owner: cookie, members: Vec::new(), chance: Chance::seeded(SEED) })
    }

    /// Lets members in, by tokens that the shop signs.
    async fn let_in(&mut self, shop: &Shop, members: usize) -> Result<(), Failure> {
        let application = &shop.application;
        let now = application.clock.now();
        let mut transaction = application.database.write_aside().await?;
        let (_, secret) = secret_create(&mut transaction, &application.vault, "bench", now).await?;
        transaction.commit().await?;
        for _ in 0..members {
            let name = member_name(shop.somebody(&mut self.chance));
            let token = sign(&secret, &name, application.clock.now(), SignedDuration::from_mins(5));
            let body = form_urlencoded::Serializer::new(String::new()).append_pair("token", &token).finish();
            let answer = self.connection.exchange(&posted("/portal/enter", "", &body)).await?;
            let status = answer.status;
            let cookie = answer.cookie.ok_or_else(|| Failure::new(format!("{name} was not let in: {status}")))?;
            self.members.push(cookie);
        }
        Ok(())
    }

    async fn time(&mut self, shop: &Shop, (page, asked): Page, times: usize) -> Result<Timing, Failure> {
        let mut latencies = Latencies::default();
        let mut longest = Duration::ZERO;
        let mut bytes = 0;
        for time in 0..=times {
            let member = shop.somebody(&mut self.chance);
            let holder = shop.holder(member).ok_or_else(|| Failure::new("the shop has no members"))?;
            let request = match asked(holder, member) {
                Asked::Get(path) => got(&path, &self.owner),
                Asked::Post(path, body) => posted(path, &self.owner, &body),
                Asked::Member(path) => {
                    got(path, self.members.get(time % self.members.len().max(1)).map_or("", String::as_str))
                }
            };
            let begun = Instant::now();
            let answer: Answer = self.connection.exchange(&request).await?;
            let taken = begun.elapsed();
            if answer.status != 200 {
                return Err(Failure::new(format!("{page} was answered with {}", answer.status)));
            }
            bytes = bytes.max(answer.body.len());
            // The first one fills what is kept in memory.
            if time > 0 {
                latencies.add(taken);
                longest = longest.max(taken);
            }
        }
        let quantiles = latencies.quantiles();
        let longest = longest.as_secs_f64() * 1_000.0;
        Ok(Timing { page, times, bytes, p50: quantiles.p50, p95: quantiles.p95, p99: quantiles.p99, longest })
    }
}

fn got(path: &str, cookie: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: bench\r\ncookie: {cookie}\r\n\r\n").into_bytes()
}

fn posted(path: &str, cookie: &str, body: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nhost: bench\r\ncookie: {cookie}\r\nsec-fetch-site: same-origin\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
