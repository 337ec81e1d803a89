//! What happens is told to other programs: signed, in order, until it is taken.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use lojal_core::activity::OrderState;
use lojal_server::webhooks::{Reach, Webhooks};
use ring::hmac;
use serde_json::{Value, json};

use crate::http_client::Counter;
use crate::shop::{Shop, put_order, redeem};

const ENDPOINTS: &str = "/v1/webhook_endpoints";

/// Somebody who is told: an HTTP server that answers as it was asked to.
#[derive(Clone)]
pub struct Receiver {
    pub url: String,
    seen: Arc<Mutex<Vec<Message>>>,
    manner: Arc<Mutex<Manner>>,
}

#[derive(Clone, Debug)]
pub struct Message {
    pub id: String,
    pub seconds: i64,
    pub signatures: Vec<String>,
    pub raw: Vec<u8>,
    pub body: Value,
}

#[derive(Clone, Debug)]
pub struct Manner {
    pub status: u16,
    pub retry_after: Option<u64>,
    pub wait: Duration,
}

impl Default for Manner {
    fn default() -> Manner {
        Manner { status: 200, retry_after: None, wait: Duration::ZERO }
    }
}

impl Receiver {
    pub async fn open() -> Receiver {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hooks", listener.local_addr().unwrap());
        let receiver = Receiver { url, seen: Arc::default(), manner: Arc::default() };
        let router = axum::Router::new().route("/hooks", axum::routing::post(take)).with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        receiver
    }

    pub fn answer(&self, manner: Manner) {
        *self.manner.lock().unwrap() = manner;
    }

    pub fn seen(&self) -> Vec<Message> {
        self.seen.lock().unwrap().clone()
    }

    pub fn kinds(&self) -> Vec<String> {
        self.seen().iter().map(|message| message.body["type"].as_str().unwrap().to_owned()).collect()
    }

    pub fn forget(&self) {
        self.seen.lock().unwrap().clear();
    }
}

async fn take(State(receiver): State<Receiver>, headers: HeaderMap, body: Bytes) -> (StatusCode, HeaderMap, String) {
    let header = |name: &str| headers[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "application/json");
    let message = Message {
        id: header("webhook-id"),
        seconds: header("webhook-timestamp").parse().unwrap(),
        signatures: header("webhook-signature").split(' ').map(str::to_owned).collect(),
        raw: body.to_vec(),
        body: serde_json::from_slice(&body).unwrap(),
    };
    receiver.seen.lock().unwrap().push(message);
    let Manner { status, retry_after, wait } = receiver.manner.lock().unwrap().clone();
    tokio::time::sleep(wait).await;
    let mut headers = HeaderMap::new();
    if let Some(seconds) = retry_after {
        headers.insert("retry-after", seconds.into());
    }
    (StatusCode::from_u16(status).unwrap(), headers, format!("said {status} \u{0} <b>"))
}

impl Message {
    /// As the specification says it, and not as the house does it.
    pub fn is_signed_by(&self, secret: &str) -> bool {
        let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
        assert!((24..=64).contains(&key.len()));
        let signed = [format!("{}.{}.", self.id, self.seconds).as_bytes(), self.raw.as_slice()].concat();
        let signature = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), &signed);
        self.signatures.contains(&format!("v1,{}", STANDARD.encode(signature)))
    }
}

/// A shop with what tells others, which does so when it is asked to.
pub struct Teller {
    pub counter: Counter,
    pub webhooks: Webhooks,
}

impl Teller {
    pub async fn open() -> Teller {
        let counter = Counter::open().await;
        let webhooks = Webhooks::new(counter.shop.application.clone(), Reach::Private).unwrap();
        Teller { counter, webhooks }
    }

    pub fn shop(&self) -> &Shop {
        &self.counter.shop
    }

    /// An endpoint for some kinds, or all; its address and its secret.
    pub async fn endpoint(&self, receiver: &Receiver, events: &[&str]) -> (String, String) {
        let body = json!({ "url": "https://shop.example.com/hooks", "events": events });
        let made = self.counter.post(ENDPOINTS, body).await.ok();
        let id = made["id"].as_str().unwrap();
        // The service itself sends to public addresses only.
        let newest = "(select max(id) from webhook_endpoint)";
        self.shop().tamper(&format!("update webhook_endpoint set url = '{}' where id = {newest}", receiver.url)).await;
        (format!("{ENDPOINTS}/{id}"), made["secret"].as_str().unwrap().to_owned())
    }

    pub async fn tell(&self) -> usize {
        self.webhooks.run_until_idle().await.unwrap()
    }

    pub async fn later(&self, seconds: i64) {
        let clock = &self.shop().clock;
        clock.set(clock.now() + jiff::SignedDuration::from_secs(seconds));
    }

    pub async fn deliveries(&self, endpoint: &str, filter: &str) -> Vec<Value> {
        let page = self.counter.get(&format!("{endpoint}/deliveries?limit=200{filter}")).await.ok();
        page["data"].as_array().unwrap().clone()
    }
}

#[tokio::test]
async fn what_happens_is_told_signed_and_in_the_words_of_the_api() {
    let teller = Teller::open().await;
    let shop = teller.shop();
    shop.enrol_with("before", 700).await;
    let receiver = Receiver::open().await;
    let (endpoint, secret) = teller.endpoint(&receiver, &[]).await;
    let body = json!({ "external_id": "ada", "person": { "name": "Ada Nowak", "email": "ada@example.com" } });
    let joined = teller.counter.post("/v1/members", body).await;
    assert!(joined.status < 300, "{joined:?}");
    let order = json!({
        "member": "ada", "state": "closed", "currency": "PLN", "placed_at": "2026-05-04T09:00:00Z",
        "lines": [{ "id": "1", "quantity": 1, "total": "120.00" }],
    });
    let put = teller.counter.put("/v1/orders/o-1", order).await;
    assert!(put.status < 300, "{put:?}");
    assert!(teller.tell().await > 0);
    let seen = receiver.seen();
    assert_eq!(receiver.kinds()[0], "member.joined");
    assert!(receiver.kinds().contains(&"points.earned".to_owned()), "{:?}", receiver.kinds());
    let ids: BTreeSet<&str> = seen.iter().map(|message| message.id.as_str()).collect();
    assert_eq!(ids.len(), seen.len(), "each once");
    for message in &seen {
        assert!(message.is_signed_by(&secret) && message.signatures.len() == 1, "{message:?}");
        assert_eq!(message.seconds, shop.clock.now().as_second());
        assert_eq!(message.body["data"]["member"]["external_id"], "ada", "nothing from before: {message:?}");
        let text = String::from_utf8(message.raw.clone()).unwrap();
        assert!(!text.contains("Nowak") && !text.contains("example.com"), "{text}");
        let entry = message.body["data"]["id"].as_str().unwrap();
        assert_eq!(entry.replace("txn_", "evt_"), message.id);
    }
    // The same entry as the API has it.
    let earned = seen.iter().rev().find(|message| message.body["type"] == "points.earned").unwrap();
    let data = &earned.body["data"];
    let entry = teller.counter.get(&format!("/v1/ledger_entries/{}", data["id"].as_str().unwrap())).await.ok();
    for (name, value) in entry.as_object().unwrap() {
        assert_eq!(&data[name], value, "{name}");
    }
    assert_eq!(earned.body["timestamp"], entry["at"]);
    assert!(data["balances"][0]["available"].is_i64());
    assert_eq!(teller.tell().await, 0, "nothing is told twice");
    let listed = teller.deliveries(&endpoint, "&state=delivered").await;
    assert_eq!(listed.len(), seen.len());
    assert_eq!(listed[0]["attempts"][0]["status"], 200);
    let id = listed[0]["event"].as_str().unwrap();
    let full = teller.counter.get(&format!("{endpoint}/deliveries/{id}")).await.ok();
    let sent = seen.iter().find(|message| message.id == id).unwrap();
    assert_eq!((&full["payload"], full["answer"].as_str()), (&sent.body, Some("said 200   <b>")).to_owned());
}

#[tokio::test]
async fn only_chosen_events_are_told_and_nobody_pays_for_nobody() {
    let teller = Teller::open().await;
    let shop = teller.shop();
    let ada = shop.enrol_with("ada", 3000).await;
    assert_eq!((teller.webhooks.follow().await.unwrap(), shop.count("webhook_head").await), (0, 0));
    let receiver = Receiver::open().await;
    let (endpoint, _) = teller.endpoint(&receiver, &["reward.redeemed", "programme.published"]).await;
    shop.submit(ada, redeem("coupon-10")).await.unwrap();
    let another = lojal_core::programme::starter(lojal_core::kernel::Language::En).replace("rate = 1\n", "rate = 2\n");
    shop.later_version(&another).await;
    teller.tell().await;
    let mut kinds = receiver.kinds();
    kinds.sort();
    assert_eq!(kinds, ["programme.published", "reward.redeemed"]);
    let published = receiver.seen().into_iter().find(|message| message.body["type"] == "programme.published").unwrap();
    assert_eq!(published.body["data"]["programme_version"], 2);
    // A test comes whatever was chosen.
    teller.counter.post(&format!("{endpoint}/test"), json!({})).await.ok();
    teller.tell().await;
    assert_eq!(receiver.kinds().last().unwrap(), "webhook.test");
    let of_type = teller.deliveries(&endpoint, "&type=reward.redeemed").await;
    assert_eq!((of_type.len(), of_type[0]["type"].as_str()), (1, Some("reward.redeemed")));
    let wrong = teller.counter.get(&format!("{endpoint}/deliveries?type=points.lost")).await;
    wrong.assert_problem(reqwest::StatusCode::BAD_REQUEST, "invalid_parameter");
}

#[tokio::test]
async fn it_is_tried_for_three_days_given_up_and_sent_once_more() {
    let teller = Teller::open().await;
    let receiver = Receiver::open().await;
    let (endpoint, secret) = teller.endpoint(&receiver, &["member.joined"]).await;
    receiver.answer(Manner { status: 500, ..Manner::default() });
    teller.shop().enrol("ada").await;
    let begun = teller.shop().clock.now();
    let mut planned = [0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400].into_iter();
    let mut last = begun;
    for usual in planned.by_ref() {
        assert_eq!(teller.tell().await, 1);
        let waited = teller.shop().clock.now().duration_since(last).as_secs();
        assert!((usual..=usual + usual / 10).contains(&waited), "{waited} for {usual}");
        last = teller.shop().clock.now();
        let delivery = teller.deliveries(&endpoint, "").await.remove(0);
        let Some(next) = delivery["next_attempt_at"].as_str() else { break };
        let next: jiff::Timestamp = next.parse().unwrap();
        // Not a moment earlier.
        teller.shop().clock.set(next - jiff::SignedDuration::from_micros(1));
        assert_eq!(teller.tell().await, 0);
        teller.shop().clock.set(next);
    }
    assert_eq!(planned.len(), 0);
    assert_eq!(receiver.seen().len(), 10);
    let ids: BTreeSet<String> = receiver.seen().into_iter().map(|message| message.id).collect();
    assert_eq!(ids.len(), 1, "the same event each time");
    let moments: BTreeSet<i64> = receiver.seen().iter().map(|message| message.seconds).collect();
    assert_eq!(moments.len(), 10, "each attempt has its own moment");
    let dead = teller.deliveries(&endpoint, "&state=dead").await;
    assert_eq!((dead.len(), dead[0]["attempts"].as_array().unwrap().len()), (1, 10));
    assert!(teller.counter.get(&endpoint).await.ok()["failing_since"].is_null(), "nothing is left that fails");
    // Once more, all that was given up; and then this one.
    receiver.answer(Manner::default());
    receiver.forget();
    let since = json!({ "since": "2026-05-04T00:00:00Z", "only": "dead" });
    let revived = teller.counter.post(&format!("{endpoint}/replay"), since.clone()).await.ok();
    assert_eq!(revived["deliveries"], 1);
    teller.tell().await;
    let again = teller.counter.post(&format!("{endpoint}/replay"), since).await.ok();
    assert_eq!(again["deliveries"], 0);
    let event = dead[0]["event"].as_str().unwrap();
    teller.counter.post(&format!("{endpoint}/deliveries/{event}/replay"), json!({})).await.ok();
    teller.tell().await;
    assert_eq!(receiver.seen().len(), 2);
    assert!(receiver.seen().iter().all(|message| ids.contains(&message.id) && message.is_signed_by(&secret)));
    assert_eq!(teller.deliveries(&endpoint, "&state=delivered").await.len(), 1);
}

#[tokio::test]
async fn an_endpoint_that_is_gone_or_fails_for_days_is_left_alone() {
    let teller = Teller::open().await;
    let receiver = Receiver::open().await;
    let (endpoint, _) = teller.endpoint(&receiver, &["member.joined"]).await;
    receiver.answer(Manner { status: 410, ..Manner::default() });
    teller.shop().enrol("ada").await;
    assert_eq!(teller.tell().await, 1);
    let known = teller.counter.get(&endpoint).await.ok();
    assert_eq!((known["status"].as_str(), known["disabled_because"].as_str()), (Some("disabled"), Some("gone")));
    teller.shop().enrol("bob").await;
    assert_eq!(teller.tell().await, 0);
    // Enabled again, it is told what happens from then on.
    receiver.answer(Manner::default());
    receiver.forget();
    teller.counter.patch(&endpoint, json!({ "enabled": true })).await.ok();
    teller.shop().enrol("cleo").await;
    teller.tell().await;
    let told: Vec<Value> =
        receiver.seen().iter().map(|message| message.body["data"]["member"]["external_id"].clone()).collect();
    assert_eq!(told, ["cleo"]);
    // What happened meanwhile can be had.
    let since = json!({ "since": "2026-05-04T00:00:00Z" });
    teller.counter.post(&format!("{endpoint}/replay"), since).await.ok();
    teller.tell().await;
    let told: BTreeSet<String> = receiver
        .seen()
        .iter()
        .map(|message| message.body["data"]["member"]["external_id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(told.into_iter().collect::<Vec<_>>(), ["ada", "bob", "cleo"]);
    assert_eq!(teller.deliveries(&endpoint, "").await.len(), 3);
    // Five days without an answer.
    receiver.answer(Manner { status: 503, ..Manner::default() });
    for day in 0..6 {
        teller.shop().enrol(&format!("member {day}")).await;
        teller.tell().await;
        teller.later(86_400).await;
    }
    let known = teller.counter.get(&endpoint).await.ok();
    assert_eq!(known["disabled_because"], "failing", "{known}");
}

#[tokio::test]
async fn an_endpoint_is_left_alone_for_as_long_as_it_asks() {
    let teller = Teller::open().await;
    let receiver = Receiver::open().await;
    let (endpoint, _) = teller.endpoint(&receiver, &["member.joined"]).await;
    receiver.answer(Manner { status: 429, retry_after: Some(900), ..Manner::default() });
    teller.shop().enrol("ada").await;
    assert_eq!(teller.tell().await, 1);
    receiver.answer(Manner::default());
    teller.shop().enrol("bob").await;
    teller.later(899).await;
    assert_eq!(teller.tell().await, 0, "neither the one nor the other");
    teller.later(1).await;
    assert_eq!(teller.tell().await, 2);
    assert_eq!(teller.deliveries(&endpoint, "&state=delivered").await.len(), 2);
}

#[tokio::test]
async fn for_a_day_the_old_secret_signs_as_well() {
    let teller = Teller::open().await;
    let receiver = Receiver::open().await;
    let (endpoint, old) = teller.endpoint(&receiver, &["member.joined"]).await;
    let rotated = teller.counter.post(&format!("{endpoint}/secret"), json!({})).await.ok();
    let new = rotated["secret"].as_str().unwrap();
    assert!(new != old && rotated["old_secret_until"].as_str().is_some());
    let third = teller.counter.post(&format!("{endpoint}/secret"), json!({})).await;
    third.assert_problem(reqwest::StatusCode::CONFLICT, "webhook_secret_is_new");
    teller.shop().enrol("ada").await;
    teller.tell().await;
    teller.later(86_400).await;
    teller.shop().enrol("bob").await;
    teller.tell().await;
    let [both, one] = receiver.seen().try_into().unwrap();
    assert!(both.signatures.len() == 2 && both.is_signed_by(&old) && both.is_signed_by(new));
    assert!(one.signatures.len() == 1 && !one.is_signed_by(&old) && one.is_signed_by(new));
    for shown in [&endpoint, ENDPOINTS] {
        let text = teller.counter.get(shown).await.ok().to_string();
        assert!(!text.contains("whsec_"), "{text}");
    }
}

#[tokio::test]
async fn nothing_is_sent_into_the_operators_own_network() {
    let teller = Teller::open().await;
    for (url, code) in [
        ("http://shop.example.com/hooks", "not_https"),
        ("https://127.0.0.1/hooks", "private_address"),
        ("https://[::ffff:10.0.0.1]/hooks", "private_address"),
        ("https://169.254.169.254/latest/meta-data", "private_address"),
        ("https://localhost/hooks", "private_address"),
        ("https://ewa:secret@shop.example.com/", "invalid"),
        ("hooks", "invalid"),
    ] {
        let refused = teller.counter.post(ENDPOINTS, json!({ "url": url })).await;
        refused.assert_problem(reqwest::StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields");
        refused.assert_field("/url", code);
    }
    let refused = teller.counter.post(ENDPOINTS, json!({ "url": "https://a.example/", "events": ["points"] })).await;
    refused.assert_field("/events/0", "invalid");
    // What was allowed once, or is a name that leads inside, is looked at when something is sent.
    let receiver = Receiver::open().await;
    let (endpoint, _) = teller.endpoint(&receiver, &["member.joined"]).await;
    let strict = Webhooks::new(teller.shop().application.clone(), Reach::Public).unwrap();
    let port = receiver.url.split(':').nth(2).unwrap().to_owned();
    for (number, url) in [format!("http://127.0.0.1:{port}"), format!("https://localhost.localdomain:{port}")]
        .into_iter()
        .chain([format!("https://2130706433:{port}"), format!("https://0x7f.1:{port}")])
        .enumerate()
    {
        teller.shop().tamper(&format!("update webhook_endpoint set url = '{url}'")).await;
        teller.shop().enrol(&format!("member {number}")).await;
        assert_eq!(strict.run_until_idle().await.unwrap(), 1);
        let delivery = teller.deliveries(&endpoint, "").await.remove(0);
        let trouble = delivery["attempts"][0]["trouble"].as_str().unwrap();
        // A machine may not know the name at all.
        assert!(trouble == "private_address" || (number > 0 && trouble == "unreachable"), "{url}: {trouble}");
    }
    assert!(receiver.seen().is_empty());
}

#[tokio::test]
async fn a_repeated_request_gets_the_first_answer() {
    let teller = Teller::open().await;
    let body = json!({ "url": "https://shop.example.com/hooks" });
    let first = teller.counter.post_with_key(ENDPOINTS, body.clone(), "one").await.ok();
    let again = teller.counter.post_with_key(ENDPOINTS, body, "one").await;
    assert_eq!((again.headers["idempotency-replayed"].to_str().unwrap(), &again.body), ("true", &first));
    let other = teller.counter.post_with_key(ENDPOINTS, json!({ "url": "https://b.example/" }), "one").await;
    other.assert_problem(reqwest::StatusCode::CONFLICT, "idempotency_key_reused");
    assert_eq!(teller.counter.get(ENDPOINTS).await.ok()["data"].as_array().unwrap().len(), 1);
    let endpoint = format!("{ENDPOINTS}/{}", first["id"].as_str().unwrap());
    for path in ["secret", "test"] {
        let address = format!("{endpoint}/{path}");
        let first = teller.counter.post_with_key(&address, json!({}), path).await.ok();
        assert_eq!(teller.counter.post_with_key(&address, json!({}), path).await.ok(), first, "{path}");
    }
    assert_eq!(teller.deliveries(&endpoint, "").await.len(), 1);
    let reading = teller.counter.new_key(&[lojal_server::platform::keys::Scope::Read]).await;
    let client = reqwest::Client::new();
    let asked = client.get(format!("{}{ENDPOINTS}", teller.counter.address)).bearer_auth(reading);
    assert_eq!(asked.send().await.unwrap().status(), 403);
    assert_eq!(teller.counter.delete(&endpoint).await.status, 200);
    teller.counter.get(&endpoint).await.assert_problem(reqwest::StatusCode::NOT_FOUND, "unknown_webhook_endpoint");
    teller.webhooks.clean().await.unwrap();
    assert_eq!((teller.shop().count("webhook_endpoint").await, teller.shop().count("webhook_delivery").await), (0, 0));
}

#[tokio::test]
async fn each_type_of_event_is_told_of_with_an_example() {
    let teller = Teller::open().await;
    let types = teller.counter.get("/v1/webhook_event_types?lang=pl").await.ok();
    let types = types["data"].as_array().unwrap();
    assert!(types.len() > 25);
    for known in types {
        assert_eq!(known["type"], known["example"]["type"]);
        assert!(known["text"].as_str().unwrap().ends_with('.') && known["example"]["data"].is_object(), "{known}");
    }
}

/// How often each event of a member came, in the order in which they came.
pub fn by_member(messages: &[Message]) -> BTreeMap<String, Vec<String>> {
    let mut by_member: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for message in messages {
        let member = message.body["data"]["holder"].as_str().unwrap().to_owned();
        by_member.entry(member).or_default().push(message.id.clone());
    }
    by_member
}

#[tokio::test]
async fn events_of_a_member_come_in_their_order() {
    let teller = Teller::open().await;
    let receiver = Receiver::open().await;
    receiver.answer(Manner { wait: Duration::from_millis(3), ..Manner::default() });
    teller.endpoint(&receiver, &[]).await;
    let (ada, bob) = (teller.shop().enrol("ada").await, teller.shop().enrol("bob").await);
    for number in 0..12 {
        for member in [ada, bob] {
            let id = format!("{member}-{number}");
            let order = put_order(&id, OrderState::Closed, &[("1", 1, 10_000)]);
            teller.shop().submit(member, order).await.unwrap();
        }
        if number % 5 == 0 {
            teller.tell().await;
        }
    }
    teller.tell().await;
    let by_member = by_member(&receiver.seen());
    assert!(by_member.values().map(Vec::len).sum::<usize>() > 24);
    for ids in by_member.values() {
        let key = |id: &String| {
            let (source, position) = id.split_once('-').unwrap();
            (source.to_owned(), position.parse::<u32>().unwrap())
        };
        assert!(ids.iter().map(key).is_sorted(), "{ids:?}");
    }
}
