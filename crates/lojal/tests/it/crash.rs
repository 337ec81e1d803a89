//! The server is killed at random moments while clients write. Whatever it acknowledged must be
//! there, and what it did not must be there as a whole or not at all: the clients send it again,
//! and in the end every wallet is exactly what the acknowledged commands come to.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

use crate::house::{House, text};

const PROGRAMME: &str = r#"
[programme]
id = "crash"
name = { en = "Crash" }
languages = ["en"]
time_zone = "UTC"
currency = "PLN"
join_on_first_order = true

[brands.shop]
name = { en = "Shop" }

[units.points]
name.en = { one = "point", many = "points" }

[earning.spend]
name = { en = "1 point for each 1 PLN" }
on = "order"
per = "1.00"

[transfers]
least = 1
"#;

const KILLS: usize = 200;
const KILLS_BETWEEN_AUDITS: usize = 20;
const KILLS_BETWEEN_ARCHIVES: usize = 3;
const CLIENTS: usize = 8;
const MEMBERS: u64 = 12;
/// The longest that a server may live, in milliseconds after it began to listen.
const LONGEST_LIFE: u64 = 500;

/// Random enough for choosing moments, and the same each time for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// Something a client wants, under a name by which it can be sent again.
#[derive(Clone, Debug)]
enum Wish {
    Order { id: String, member: u64, points: i64 },
    Transfer { key: String, from: u64, to: u64, amount: i64 },
}

struct Customer {
    number: usize,
    dice: Dice,
    wishes: usize,
    /// Sent, and not answered yet.
    open: Option<Wish>,
    /// Accepted, with the transaction.
    granted: Vec<(Wish, String)>,
    /// How many of them have been looked up again.
    seen: usize,
}

impl Customer {
    fn new(number: usize) -> Customer {
        Customer { number, dice: Dice(number as u64), wishes: 0, open: None, granted: Vec::new(), seen: 0 }
    }

    fn next_wish(&mut self) -> Wish {
        self.wishes += 1;
        let name = format!("{}-{}", self.number, self.wishes);
        let member = self.dice.below(MEMBERS);
        if self.dice.below(4) > 0 {
            return Wish::Order { id: name, member, points: 1 + self.dice.below(50) as i64 };
        }
        let to = (member + 1 + self.dice.below(MEMBERS - 1)) % MEMBERS;
        Wish::Transfer { key: name, from: member, to, amount: 1 + self.dice.below(20) as i64 }
    }

    /// Looks up what was granted before, then goes on wishing until the server is gone or `enough`
    /// wishes were answered.
    async fn shop(mut self, shop: Shop, enough: usize) -> Customer {
        while let Some((wish, transaction)) = self.granted.get(self.seen) {
            let Ok(status) = shop.look_up(transaction).await else { return self };
            assert_eq!(status, StatusCode::OK, "{wish:?} was acknowledged as {transaction} and is not there");
            self.seen += 1;
        }
        let mut answered = 0;
        while answered < enough {
            let wish = self.open.take().unwrap_or_else(|| self.next_wish());
            match shop.send(&wish).await {
                Ok(Some(transaction)) => self.granted.push((wish, transaction)),
                Ok(None) => (),
                Err(_) => {
                    self.open = Some(wish);
                    return self;
                }
            }
            answered += 1;
        }
        self
    }
}

/// The way to a server.
#[derive(Clone)]
struct Shop {
    client: Client,
    address: String,
    key: String,
}

impl Shop {
    /// The transaction that granted the wish; `None` when it could not be had.
    async fn send(&self, wish: &Wish) -> reqwest::Result<Option<String>> {
        let request = match wish {
            Wish::Order { id, member, points } => {
                let lines = json!([{ "id": "1", "quantity": 1, "total": format!("{points}.00") }]);
                let placed_at = "2026-01-01T12:00:00Z";
                let member = format!("member-{member}");
                let body = json!({
                    "member": member, "state": "paid", "currency": "PLN", "placed_at": placed_at, "lines": lines,
                });
                self.request(Method::PUT, &format!("orders/{id}")).json(&body)
            }
            Wish::Transfer { key, from, to, amount } => {
                let (from, to) = (format!("member-{from}"), format!("member-{to}"));
                let body = json!({ "kind": "transfer", "from": from, "to": to, "unit": "points", "amount": amount });
                self.request(Method::POST, "transfers").header("Idempotency-Key", key).json(&body)
            }
        };
        let answer = request.send().await?;
        let status = answer.status();
        let body: Value = answer.json().await?;
        if status.is_success() {
            return Ok(Some(transaction(&body)));
        }
        // Nobody is a member before the first order, nor rich.
        let code = body["code"].as_str().unwrap_or_default();
        assert!(["insufficient_points", "unknown_member"].contains(&code), "{wish:?}: {status} {body}");
        Ok(None)
    }

    async fn look_up(&self, transaction: &str) -> reqwest::Result<StatusCode> {
        let entry = self.request(Method::GET, &format!("ledger_entries/{transaction}-0"));
        Ok(entry.send().await?.status())
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method, format!("{}/v1/{path}", self.address)).bearer_auth(&self.key)
    }
}

fn transaction(body: &Value) -> String {
    let transaction = if body["transaction"].is_object() { &body["transaction"] } else { body };
    transaction["id"].as_str().unwrap_or_else(|| panic!("no transaction in {body}")).to_owned()
}

/// Starts a server and waits until it listens.
fn start(house: &House) -> (Child, String) {
    let mut command = house.command(&["serve", "--listen", "127.0.0.1:0"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("Listening on ").unwrap_or_else(|| panic!("the server said {line:?}"));
    (child, address.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_and_nothing_is_counted_twice() {
    let house = House::new();
    let programme = house.file("programme.toml", PROGRAMME);
    house.ok(&["programme", "publish", text(&programme)]);
    let key = house.ok(&["key", "create"]).trim().to_owned();
    let mut dice = Dice(20_260_401);
    let mut customers: Vec<Customer> = (0..CLIENTS).map(Customer::new).collect();
    for kill in 1..=KILLS {
        if kill % 10 == 0 {
            kill_while_starting(&house, &mut dice);
        }
        let (mut server, address) = start(&house);
        let mut archiving = (kill % KILLS_BETWEEN_ARCHIVES == 0).then(|| archive(&house));
        let shop = Shop { client: Client::new(), address, key: key.clone() };
        let shopping: Vec<_> =
            customers.drain(..).map(|customer| tokio::spawn(customer.shop(shop.clone(), usize::MAX))).collect();
        tokio::time::sleep(Duration::from_micros(dice.below(LONGEST_LIFE * 1_000))).await;
        for process in [&mut server].into_iter().chain(&mut archiving) {
            process.kill().unwrap();
            process.wait().unwrap();
        }
        for customer in shopping {
            customers.push(customer.await.unwrap());
        }
        if kill % KILLS_BETWEEN_AUDITS == 0 {
            house.ok(&["audit"]);
        }
    }
    settle(&house, key, customers).await;
    house.ok(&["audit"]);
}

/// Everything may be archived at any moment, and whoever does it may die in the middle of it.
fn archive(house: &House) -> Child {
    let mut command = house.command(&["archive", "--before", "2100-01-01"]);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Also before it listens a server may die: while it opens the data and takes up deliveries.
fn kill_while_starting(house: &House, dice: &mut Dice) {
    let mut command = house.command(&["serve", "--listen", "127.0.0.1:0"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(Duration::from_micros(dice.below(50_000)));
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Lets every customer get the last answer, waits for what is on its way, and counts.
async fn settle(house: &House, key: String, customers: Vec<Customer>) {
    let (mut server, address) = start(house);
    let shop = Shop { client: Client::new(), address, key };
    let mut expected: BTreeMap<u64, i64> = BTreeMap::new();
    let mut granted = 0;
    for customer in customers {
        let customer = customer.shop(shop.clone(), 1).await;
        assert!(customer.open.is_none(), "the last server was not killed");
        for (wish, _) in &customer.granted {
            granted += 1;
            match wish {
                Wish::Order { member, points, .. } => *expected.entry(*member).or_default() += points,
                Wish::Transfer { from, to, amount, .. } => {
                    *expected.entry(*from).or_default() -= amount;
                    *expected.entry(*to).or_default() += amount;
                }
            }
        }
    }
    eprintln!("{granted} commands were acknowledged by {KILLS} servers that were killed");
    assert!(granted >= KILLS, "the servers hardly lived");
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let wallets = available(&house.wallets());
        if wallets == expected {
            break;
        }
        assert!(Instant::now() < deadline, "the wallets hold {wallets:?}, the commands come to {expected:?}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    server.kill().unwrap();
    server.wait().unwrap();
}

fn available(table: &str) -> BTreeMap<u64, i64> {
    let wallet = |line: &str| {
        let mut fields = line.split(',');
        let member = fields.next()?.strip_prefix("member-")?.parse().ok()?;
        Some((member, fields.nth(1)?.parse().ok()?))
    };
    table.lines().skip(1).map(|line| wallet(line).unwrap_or_else(|| panic!("{line}"))).collect()
}
