//! What a shop sends arrives twice, late and in any order, over several connections, one by one and
//! many at once. The wallets end up as if each thing had come once, and in its time.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use lojal_testing::{Dice, rounds};
use reqwest::{Client, Method};
use serde_json::{Value, json};

use super::trial::Server;
use crate::house::{House, text};

const PROGRAMME: &str = r#"
[programme]
id = "deliveries"
name = { en = "Deliveries" }
languages = ["en"]
time_zone = "UTC"
currency = "PLN"
join_on_first_order = true

[brands.shop]
name = { en = "Shop" }

[units.points]
name.en = { one = "point", many = "points" }
pending = { after = "paid", for = "7 days" }

[earning.spend]
name = { en = "1 point for each 1 PLN" }
on = "order"
per = "1.00"

[earning.large-order]
name = { en = "30 points for an order of 200 PLN or more" }
on = "order"
points = 30
when = [{ field = "order.total", at_least = "200.00" }]

[earning.review]
name = { en = "10 points for a review" }
on = "review"
points = 10
"#;

const MEMBERS: u64 = 10;
const ORDERS: u64 = 120;
const REVIEWS: u64 = 30;
const CONNECTIONS: u64 = 6;
/// Every other connection sends so many at once.
const TOGETHER: usize = 16;

/// Something that a shop has to tell.
#[derive(Clone, Debug)]
enum News {
    Order { id: String, body: Value },
    Return { order: String, body: Value },
    Activity { body: Value },
}

/// What was said to it.
#[derive(Debug, PartialEq, Eq)]
enum Reception {
    Taken,
    /// What it is about has not been heard of yet: to be sent again.
    TooEarly,
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_comes_twice_late_or_out_of_order_ends_alike() {
    for mut dice in rounds("deliveries") {
        let news = news(&mut dice);
        let (in_order, _) = tell(vec![news.clone()], false).await;
        let mut heap: Vec<News> = news.iter().flat_map(|one| vec![one.clone(); 1 + dice.below(3) as usize]).collect();
        dice.shuffle(&mut heap);
        let mut queues = vec![Vec::new(); CONNECTIONS as usize];
        for one in heap {
            queues[dice.below(CONNECTIONS) as usize].push(one);
        }
        let (anyhow, early) = tell(queues, true).await;
        assert_eq!(in_order, anyhow);
        assert!(in_order.lines().count() > MEMBERS as usize && early > 0, "too tame: {early} came early\n{in_order}");
    }
}

/// A shop's weeks, in the order in which they happened.
fn news(dice: &mut Dice) -> Vec<News> {
    let mut news = Vec::new();
    for number in 0..ORDERS {
        let id = format!("order-{number}");
        let day = 1 + number % 28;
        let totals = [1 + dice.below(150), 1 + dice.below(150)];
        let line = |(index, total): (usize, &u64)| json!({ "id": format!("{index}"), "quantity": 2, "total": format!("{total}.00") });
        let lines: Vec<Value> = totals.iter().enumerate().map(line).collect();
        let at = format!("2026-01-{day:02}T12:00:00Z");
        let body = |member: u64, state: &str| {
            json!({
                "external_id": id, "member": format!("member-{member}"), "state": state, "currency": "PLN",
                "placed_at": at, "paid_at": at, "lines": lines,
            })
        };
        let member = dice.below(MEMBERS);
        let order = |state: &str| News::Order { id: id.clone(), body: body(member, state) };
        news.push(order("paid"));
        match dice.below(5) {
            0 => news.push(order("cancelled")),
            1 | 2 => news.push(order("closed")),
            _ => {
                for (number, line) in ["0", "1", "0"].into_iter().take(1 + dice.below(3) as usize).enumerate() {
                    let lines = json!([{ "line": line, "quantity": 1 }]);
                    let body = json!({ "return_id": format!("{id}-{number}"), "lines": lines });
                    news.push(News::Return { order: id.clone(), body });
                }
            }
        }
    }
    for number in 0..REVIEWS {
        let body = json!({
            "external_id": format!("review-{number}"), "member": format!("member-{}", dice.below(MEMBERS)),
            "name": "review", "occurred_at": "2026-02-01T12:00:00Z",
        });
        news.push(News::Activity { body });
    }
    news
}

/// The wallets of a shop that was told everything, by one connection for each queue, and how much had to
/// be sent again.
async fn tell(queues: Vec<Vec<News>>, in_bulk: bool) -> (String, usize) {
    let house = House::new();
    let programme = house.file("programme.toml", PROGRAMME);
    house.ok(&["programme", "publish", "--accept", text(&programme)]);
    let key = house.ok(&["key", "create"]).trim().to_owned();
    let server = Server::start(&house, house.command(&Server::ARGUMENTS));
    let early = Arc::new(Mutex::new(Vec::new()));
    let connections: Vec<_> = queues
        .into_iter()
        .enumerate()
        .map(|(number, queue)| {
            let teller = Teller { client: Client::new(), address: server.address.clone(), key: key.clone() };
            let at_once = if in_bulk && number % 2 == 1 { TOGETHER } else { 1 };
            tokio::spawn(teller.tell_all(queue, at_once, Arc::clone(&early)))
        })
        .collect();
    for connection in connections {
        connection.await.unwrap();
    }
    // By now everything has been heard of that anything can be about.
    let teller = Teller { client: Client::new(), address: server.address.clone(), key };
    let again = std::mem::take(&mut *early.lock().unwrap());
    let sent_again = again.len();
    for news in again {
        assert_eq!(teller.tell(&news).await, Reception::Taken, "{news:?}");
    }
    server.stop();
    house.ok(&["audit"]);
    (house.wallets(), sent_again)
}

struct Teller {
    client: Client,
    address: String,
    key: String,
}

impl Teller {
    async fn tell_all(self, queue: Vec<News>, at_once: usize, early: Arc<Mutex<Vec<News>>>) {
        let mut queue = VecDeque::from(queue);
        while !queue.is_empty() {
            let some: Vec<News> = queue.drain(..at_once.min(queue.len())).collect();
            let (mut orders, mut activities, mut returns) = (Vec::new(), Vec::new(), Vec::new());
            for news in some {
                match news {
                    News::Order { .. } if at_once > 1 => orders.push(news),
                    News::Activity { .. } if at_once > 1 => activities.push(news),
                    _ => returns.push(news),
                }
            }
            for (path, news) in [("orders:batch", orders), ("activities:batch", activities)] {
                if !news.is_empty() {
                    let receptions = self.tell_together(path, &news).await;
                    let again = news.into_iter().zip(receptions).filter(|(_, said)| *said == Reception::TooEarly);
                    early.lock().unwrap().extend(again.map(|(news, _)| news));
                }
            }
            for news in returns {
                if self.tell(&news).await == Reception::TooEarly {
                    early.lock().unwrap().push(news);
                }
            }
        }
    }

    async fn tell(&self, news: &News) -> Reception {
        let request = match news {
            News::Order { id, body } => {
                let mut body = body.clone();
                body.as_object_mut().unwrap().shift_remove("external_id");
                self.request(Method::PUT, &format!("orders/{id}")).json(&body)
            }
            News::Return { order, body } => self.request(Method::POST, &format!("orders/{order}/returns")).json(body),
            News::Activity { body } => self.request(Method::POST, "activities").json(body),
        };
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        reception(news, status, &answer.json().await.unwrap())
    }

    async fn tell_together(&self, path: &str, news: &[News]) -> Vec<Reception> {
        let body = |news: &News| match news {
            News::Order { body, .. } | News::Return { body, .. } | News::Activity { body } => format!("{body}\n"),
        };
        let lines: String = news.iter().map(body).collect();
        let request = self.request(Method::POST, path).header("Content-Type", "application/x-ndjson").body(lines);
        let answer = request.send().await.unwrap().text().await.unwrap();
        let answers: Vec<Value> = answer.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(answers.len(), news.len(), "{answer}");
        let said = |(news, answer): (&News, &Value)| {
            reception(news, answer["status"].as_u64().unwrap() as u16, &answer["problem"])
        };
        news.iter().zip(&answers).map(said).collect()
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method, format!("{}/v1/{path}", self.address)).bearer_auth(&self.key)
    }
}

fn reception(news: &News, status: u16, problem: &Value) -> Reception {
    match (status, problem["code"].as_str().unwrap_or_default()) {
        (200..300, _) => Reception::Taken,
        (404, "unknown_order" | "unknown_member") => Reception::TooEarly,
        // It was called off before this came.
        (409, "order_step") => Reception::Taken,
        _ => panic!("{news:?}: {status} {problem}"),
    }
}
