//! Customers who go on wishing whatever becomes of the server, and remember what they were told.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use lojal_testing::Dice;
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

pub const MEMBERS: u64 = 12;
/// How long somebody waits who was asked to send the same again.
const PAUSE: Duration = Duration::from_millis(10);

/// Something a customer wants, under a name by which it can be sent again.
#[derive(Clone, Debug)]
enum Wish {
    Order { id: String, member: u64, points: i64 },
    Transfer { key: String, from: u64, to: u64, amount: i64 },
}

/// What was said to a wish.
enum Answer {
    /// With the transaction.
    Granted(String),
    /// There was nothing to be had.
    Denied,
    /// The server says that it cannot say: the same is to be sent again.
    PutOff,
}

pub struct Customer {
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

/// The way to a server, and what all customers together have met with.
#[derive(Clone)]
pub struct Shop {
    pub client: Client,
    pub address: String,
    pub key: String,
    pub tally: Arc<Tally>,
}

#[derive(Default)]
pub struct Tally {
    granted: AtomicU64,
    put_off: AtomicU64,
    closed: AtomicBool,
}

impl Tally {
    pub fn granted(&self) -> u64 {
        self.granted.load(Ordering::SeqCst)
    }

    pub fn put_off(&self) -> u64 {
        self.put_off.load(Ordering::SeqCst)
    }

    /// Customers go home when they have had the answer that they wait for.
    pub fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
    }

    fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }
}

impl Customer {
    pub fn new(number: usize, dice: Dice) -> Customer {
        Customer { number, dice, wishes: 0, open: None, granted: Vec::new(), seen: 0 }
    }

    pub fn is_waiting(&self) -> bool {
        self.open.is_some()
    }

    /// How much was acknowledged to this customer.
    pub fn acknowledged(&self) -> usize {
        self.granted.len()
    }

    /// What the wishes that were granted come to.
    pub fn add_to(&self, wallets: &mut BTreeMap<u64, i64>) {
        for (wish, _) in &self.granted {
            match wish {
                Wish::Order { member, points, .. } => *wallets.entry(*member).or_default() += points,
                Wish::Transfer { from, to, amount, .. } => {
                    *wallets.entry(*from).or_default() -= amount;
                    *wallets.entry(*to).or_default() += amount;
                }
            }
        }
    }

    /// Looks up what was granted before, then goes on wishing until the server is gone or the shop
    /// closes; in a shop that has closed, until the wish that is open is answered.
    pub async fn shop(mut self, shop: Shop) -> Customer {
        while let Some((wish, transaction)) = self.granted.get(self.seen) {
            match shop.look_up(transaction).await {
                Ok(StatusCode::OK) => self.seen += 1,
                Ok(status) if status.is_server_error() && !shop.tally.is_closed() => tokio::time::sleep(PAUSE).await,
                Ok(status) => panic!("{wish:?} was acknowledged as {transaction}, which is answered {status}"),
                Err(_) => return self,
            }
        }
        while self.open.is_some() || !shop.tally.is_closed() {
            let wish = self.open.take().unwrap_or_else(|| self.next_wish());
            match shop.send(&wish).await {
                Ok(Answer::Granted(transaction)) => {
                    shop.tally.granted.fetch_add(1, Ordering::SeqCst);
                    if self.dice.hits(8) {
                        self.assert_first_answer(&shop, &wish, &transaction).await;
                    }
                    self.granted.push((wish, transaction));
                }
                Ok(Answer::Denied) => (),
                Ok(Answer::PutOff) => {
                    self.open = Some(wish);
                    shop.tally.put_off.fetch_add(1, Ordering::SeqCst);
                    tokio::time::sleep(PAUSE).await;
                }
                Err(_) => {
                    self.open = Some(wish);
                    return self;
                }
            }
        }
        self
    }

    /// Whoever sends the same again gets the same transaction, or hears that nothing can be said.
    async fn assert_first_answer(&self, shop: &Shop, wish: &Wish, transaction: &str) {
        match shop.send(wish).await {
            Ok(Answer::Granted(again)) => assert_eq!(again, transaction, "{wish:?} was answered in two ways"),
            Ok(Answer::Denied) => panic!("{wish:?} was granted as {transaction}, and then denied"),
            Ok(Answer::PutOff) | Err(_) => (),
        }
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
}

impl Shop {
    async fn send(&self, wish: &Wish) -> reqwest::Result<Answer> {
        let request = match wish {
            Wish::Order { id, member, points } => {
                self.request(Method::PUT, &format!("orders/{id}")).json(&order(*member, *points))
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
            return Ok(Answer::Granted(transaction(&body)));
        }
        // Nobody is a member before the first order, nor rich.
        match body["code"].as_str().unwrap_or_default() {
            "insufficient_points" | "unknown_member" => Ok(Answer::Denied),
            "storage_unavailable" | "too_many_requests" | "busy" => Ok(Answer::PutOff),
            _ => panic!("{wish:?}: {status} {body}"),
        }
    }

    async fn look_up(&self, transaction: &str) -> reqwest::Result<StatusCode> {
        let entry = self.request(Method::GET, &format!("ledger_entries/{transaction}-0"));
        Ok(entry.send().await?.status())
    }

    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method, format!("{}/v1/{path}", self.address)).bearer_auth(&self.key)
    }
}

/// An order that is worth so many points.
pub fn order(member: u64, points: i64) -> Value {
    json!({
        "member": format!("member-{member}"), "state": "paid", "currency": "PLN", "placed_at": "2026-01-01T12:00:00Z",
        "lines": [{ "id": "1", "quantity": 1, "total": format!("{points}.00") }],
    })
}

fn transaction(body: &Value) -> String {
    let transaction = if body["transaction"].is_object() { &body["transaction"] } else { body };
    transaction["id"].as_str().unwrap_or_else(|| panic!("no transaction in {body}")).to_owned()
}
