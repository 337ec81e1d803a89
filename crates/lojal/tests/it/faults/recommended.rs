//! The server is killed while people follow links, and while friends bring rewards to whoever recommended them. A click that
//! was answered is there, once; and both sides of a recommendation come to what the rules say.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use lojal_core::kernel::{ClickId, Id, Instant};
use lojal_testing::{Dice, rounds};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::trial::{Server, eventually};
use crate::house::{House, text};

const KILLS: usize = 4;
const VISITORS: usize = 8;
const FRIENDS: usize = 60;
const CLIENTS: usize = 6;
/// The longest that a server may live once there is something to lose, in milliseconds.
const LONGEST_LIFE: u64 = 300;
const NOT_KEPT: &str = "a click is not known to be kept";
const PAUSE: Duration = Duration::from_millis(10);

const PROGRAMME: &str = r#"
[programme]
id = "faults"
name = { en = "Faults" }
languages = ["en"]
time_zone = "UTC"
currency = "PLN"
[brands.shop]
name = { en = "Shop" }
[units.points]
name.en = { one = "point", many = "points" }
[referrals.spring]
name = { en = "Bring a friend" }
review = "none"
[earning.thanks]
name = { en = "Thanks" }
on = "friend_qualified"
points = 10
[earning.came]
name = { en = "Somebody came" }
on = "friend_joined"
points = 1
[earning.first_order]
name = { en = "First order" }
on = "referral_qualified"
points = 7
"#;

/// A shop with one member who recommends it.
struct Trial {
    house: House,
    key: String,
}

impl Trial {
    async fn new() -> Trial {
        let house = House::new();
        let programme = house.file("programme.toml", PROGRAMME);
        house.ok(&["programme", "publish", "--accept", text(&programme)]);
        let key = house.ok(&["key", "create"]).trim().to_owned();
        let trial = Trial { house, key };
        let server = trial.serve();
        let client = Client::new();
        for (path, body) in
            [("members", json!({ "external_id": "ada" })), ("members/ext:ada/codes", json!({ "name": "ada-szyje" }))]
        {
            let answer = trial.ask(&client, &server.address, Method::POST, path, path, Some(&body)).await.unwrap();
            assert!(answer.0.is_success(), "{answer:?}");
        }
        server.stop();
        trial
    }

    fn serve(&self) -> Server {
        Server::start(&self.house, self.house.command(&Server::ARGUMENTS))
    }

    async fn ask(
        &self,
        client: &Client,
        address: &str,
        method: Method,
        path: &str,
        key: &str,
        body: Option<&Value>,
    ) -> reqwest::Result<(StatusCode, Value)> {
        let mut request = client.request(method, format!("{address}/v1/{path}")).bearer_auth(&self.key);
        if !key.is_empty() {
            request = request.header("Idempotency-Key", key);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await?;
        Ok((answer.status(), answer.json().await?))
    }

    /// All clicks that the shop knows of, each with how often it is listed.
    async fn clicks(&self, server: &Server) -> BTreeMap<String, usize> {
        let (client, mut known, mut cursor) = (Client::new(), BTreeMap::new(), String::new());
        loop {
            let path = format!("clicks?limit=100{cursor}");
            let (status, page) = self.ask(&client, &server.address, Method::GET, &path, "", None).await.unwrap();
            assert_eq!(status, StatusCode::OK, "{page:#}");
            for click in page["data"].as_array().unwrap() {
                *known.entry(click["id"].as_str().unwrap().to_owned()).or_default() += 1;
            }
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return known,
            }
        }
    }

    /// How often a server said that it could not say whether a click was kept.
    fn doubtful(&self) -> usize {
        let log = std::fs::read_to_string(self.house.path("server.log")).unwrap_or_default();
        log.matches(NOT_KEPT).count()
    }
}

/// The click that a token was made for: its first half says so, in the signs in which ids are written.
fn click_of(token: &str) -> String {
    let digits = "0123456789abcdefghjkmnpqrstvwxyz";
    let (half, _) = token.split_once('.').unwrap();
    let number = half.chars().fold(0_u128, |number, sign| number << 5 | digits.find(sign).unwrap() as u128);
    ClickId(Id::from_number((number >> 64) as i64).unwrap()).to_string()
}

/// Follows links until the server is gone, and notes what was answered.
async fn visit(address: String, visitor: usize, round: usize, answered: Arc<Mutex<BTreeSet<String>>>) {
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    for number in 0.. {
        // Somebody else each time: one place may follow only so many at once.
        let place = format!("198.{}.{}.{}", 18 + round % 2, visitor * 16 + number / 250 % 16, number % 250 + 1);
        let request = client.get(format!("{address}/r/ada-szyje")).header("x-forwarded-for", place);
        let Ok(answer) = request.header("user-agent", "Mozilla/5.0 Firefox/133.0").send().await else { return };
        assert_eq!(answer.status(), StatusCode::FOUND);
        let location = answer.headers()["location"].to_str().unwrap();
        let (_, token) = location.split_once("lojal_click=").unwrap_or_else(|| panic!("{location}"));
        answered.lock().unwrap().insert(click_of(token));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn clicks_that_a_killed_server_has_answered_are_there_once() {
    for mut dice in rounds("the server is killed under clicks") {
        let trial = Trial::new().await;
        let answered = Arc::new(Mutex::new(BTreeSet::new()));
        for round in 0..KILLS {
            let server = trial.serve();
            let before = answered.lock().unwrap().len();
            let mut visitors = JoinSet::new();
            for visitor in 0..VISITORS {
                visitors.spawn(visit(server.address.clone(), visitor, round, Arc::clone(&answered)));
            }
            let is_busy = || answered.lock().unwrap().len() > before + VISITORS;
            eventually(|| is_busy().then_some(()).ok_or("nobody is led on".to_owned())).await;
            tokio::time::sleep(Duration::from_millis(dice.below(LONGEST_LIFE))).await;
            server.kill();
            while let Some(visitor) = visitors.join_next().await {
                visitor.unwrap();
            }
            cut_short(&trial.house, &mut dice);
        }
        let server = trial.serve();
        let known = trial.clicks(&server).await;
        let answered = answered.lock().unwrap();
        let missing = answered.iter().filter(|click| !known.contains_key(*click)).count();
        let doubtful = trial.doubtful();
        eprintln!("{} clicks were answered, of {doubtful} the server was not certain", answered.len());
        assert!(missing <= doubtful, "{missing} of {} are missing, and {doubtful} may be", answered.len());
        assert!(known.values().all(|times| *times == 1), "some are there twice");
        let left = std::fs::read_dir(trial.house.data().join("clicks")).unwrap();
        let says_something = |file: &PathBuf| std::fs::read(file).unwrap().iter().any(|byte| *byte != 0);
        let left: Vec<PathBuf> = left.map(|entry| entry.unwrap().path()).filter(says_something).collect();
        assert!(left.is_empty(), "what dead servers left behind is taken over: {left:?}");
        server.stop();
        trial.house.ok(&["audit"]);
    }
}

/// A line that was being written when the power went: it is no click, and does no harm to the others.
fn cut_short(house: &House, dice: &mut Dice) {
    let Ok(folder) = std::fs::read_dir(house.data().join("clicks")) else { return };
    for entry in folder.map(|entry| entry.unwrap().path()) {
        let mut content = std::fs::read(&entry).unwrap();
        if let Some(first) = content.split(|byte| *byte == b'\n').next().filter(|line| !line.is_empty()) {
            let cut = first[..first.len() - 1 - dice.below(first.len() as u64 - 1) as usize].to_vec();
            content.extend(cut);
            std::fs::write(&entry, content).unwrap();
        }
    }
}

/// Whoever is not answered asks the same again, of the next server.
struct Errands {
    trial: Trial,
    next: AtomicUsize,
    done: AtomicUsize,
    closed: AtomicBool,
    address: Mutex<Option<String>>,
}

impl Errands {
    async fn certainly(&self, client: &Client, method: Method, path: &str, key: &str, body: &Value) -> Value {
        loop {
            let address = self.address.lock().unwrap().clone();
            if let Some(address) = address
                && let Ok((status, answer)) =
                    self.trial.ask(client, &address, method.clone(), path, key, Some(body)).await
            {
                match answer["code"].as_str() {
                    _ if status.is_success() => return answer,
                    Some("storage_unavailable" | "too_many_requests" | "busy") => {}
                    _ => panic!("{path}: {status} {answer:#}"),
                }
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Friends come, order, and some bring it back, one after the other.
    async fn run(self: Arc<Errands>) {
        let client = Client::new();
        loop {
            let number = self.next.fetch_add(1, Ordering::SeqCst);
            if number >= FRIENDS || self.closed.load(Ordering::SeqCst) {
                return;
            }
            let friend = format!("friend-{number}");
            let body = json!({ "external_id": friend, "referral": { "code": "ada-szyje" } });
            self.certainly(&client, Method::POST, "members", &friend, &body).await;
            let order = json!({
                "member": friend, "state": "paid", "currency": "PLN", "placed_at": Instant::now().to_string(),
                "lines": [{ "id": "1", "quantity": 1, "total": "50.00" }],
            });
            self.certainly(&client, Method::PUT, &format!("orders/{friend}"), "", &order).await;
            if number.is_multiple_of(4) {
                let body = json!({ "return_id": "R" });
                let path = format!("orders/{friend}/returns");
                self.certainly(&client, Method::POST, &path, &format!("{friend}-back"), &body).await;
            }
            self.done.fetch_add(1, Ordering::SeqCst);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rewards_that_were_on_their_way_arrive_on_both_sides() {
    for mut dice in rounds("the server is killed amid recommendations") {
        let errands = Arc::new(Errands {
            trial: Trial::new().await,
            next: AtomicUsize::new(0),
            done: AtomicUsize::new(0),
            closed: AtomicBool::new(false),
            address: Mutex::new(None),
        });
        let mut clients = JoinSet::new();
        for _ in 0..CLIENTS {
            clients.spawn(Arc::clone(&errands).run());
        }
        let mut kills = 0;
        while errands.done.load(Ordering::SeqCst) < FRIENDS {
            let server = errands.trial.serve();
            *errands.address.lock().unwrap() = Some(server.address.clone());
            let (before, patience) = (errands.done.load(Ordering::SeqCst), dice.below(6) as usize);
            let goes_on = || {
                let done = errands.done.load(Ordering::SeqCst);
                (done > before + patience || done == FRIENDS).then_some(()).ok_or("nobody comes".to_owned())
            };
            eventually(goes_on).await;
            tokio::time::sleep(Duration::from_millis(dice.below(30))).await;
            server.kill();
            kills += 1;
        }
        while let Some(client) = clients.join_next().await {
            client.unwrap();
        }
        assert!(kills > 3, "the server hardly died");
        let gone = FRIENDS.div_ceil(4);
        let kept = FRIENDS - gone;
        let server = errands.trial.serve();
        eventually(|| {
            let wallets = errands.trial.house.wallets();
            let ada = available(&wallets, "ada");
            // One for each who came, ten for each who counts, seven for each of those.
            let expected = (FRIENDS + 10 * kept) as i64;
            let friends: i64 = (0..FRIENDS).map(|number| available(&wallets, &format!("friend-{number}"))).sum();
            let is_right = ada == expected && friends == (7 * kept) as i64;
            is_right.then_some(()).ok_or_else(|| format!("{ada} of {expected}, and {friends} of {}", 7 * kept))
        })
        .await;
        server.stop();
        errands.trial.house.ok(&["audit"]);
    }
}

/// What a member can spend, out of `export wallets`; nothing where there is no wallet.
fn available(table: &str, member: &str) -> i64 {
    let row = table.lines().find(|line| line.split(',').next() == Some(member));
    row.and_then(|row| row.split(',').nth(2)).map_or(0, |points| points.parse().unwrap())
}
