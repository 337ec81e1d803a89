//! The widget's API, as pages of the shop call it: with a publishable key or a member's token, from origins that the
//! shop lists, and from no others.

use std::io::Write;

use jiff::SignedDuration;
use lojal_core::activity::OrderState;
use lojal_core::command::Command;
use lojal_core::kernel::{Language, MemberId};
use lojal_core::programme::starter;
use lojal_server::platform::keys::{KeyVisibility, Scope, key_create};
use lojal_server::platform::referral_codes::{WrittenCode, code_choose};
use lojal_server::platform::rulebook::PublishOptions;
use lojal_server::platform::visitors::sign;
use reqwest::Method;
use serde_json::{Value, json};

use crate::http_client::{Answer, read};
use crate::pages::House;
use crate::pages_portal::{enrol, secret};
use crate::shop::{Shop, adjust, put_order};

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const SHOP: &str = "https://shop.example";

/// A shop whose pages have the widget.
struct Front {
    house: House,
    client: reqwest::Client,
    key: String,
    secret: String,
}

impl Front {
    async fn open() -> Front {
        Front::around(Shop::open().await).await
    }

    async fn around(shop: Shop) -> Front {
        let house = House::around(shop, None).await;
        let secret = secret(&house.shop).await.1;
        let mut front = Front { house, client: reqwest::Client::new(), key: String::new(), secret };
        front.key = front.new_key(KeyVisibility::Publishable).await;
        front
    }

    async fn new_key(&self, visibility: KeyVisibility) -> String {
        let mut transaction = self.house.shop.application.database.write().await.unwrap();
        let now = self.house.shop.clock.now();
        let made = key_create(&mut transaction, "widget", visibility, &[Scope::Read], now).await.unwrap();
        transaction.commit().await.unwrap();
        made.1
    }

    fn token(&self, member: &str) -> String {
        sign(&self.secret, member, self.house.shop.clock.now(), HOUR)
    }

    fn request(&self, method: Method, path: &str, bearer: &str) -> reqwest::RequestBuilder {
        self.client.request(method, format!("{}{path}", self.house.address)).bearer_auth(bearer)
    }

    async fn get(&self, path: &str, bearer: &str) -> Answer {
        read(self.request(Method::GET, path, bearer)).await
    }

    async fn post(&self, path: &str, bearer: &str, body: Value) -> Answer {
        read(self.request(Method::POST, path, bearer).json(&body)).await
    }

    async fn redeem(&self, bearer: &str, key: &str, reward: &str) -> Answer {
        let request = self.request(Method::POST, "/v1/widget/redemptions?lang=en", bearer);
        read(request.header("Idempotency-Key", key).json(&json!({ "reward": reward }))).await
    }

    /// Somebody with points to spend.
    async fn enrol(&self, name: &str, points: i64) -> MemberId {
        let member = enrol(&self.house.shop, name, &format!("{name}@example.com")).await;
        if points > 0 {
            self.house.shop.submit(member, adjust(points)).await.unwrap();
        }
        member
    }
}

/// A text with the spaces that are not broken across lines as usual ones.
fn plain(value: &Value) -> String {
    value.as_str().unwrap_or_default().replace('\u{a0}', " ")
}

fn cart(total: &str) -> Value {
    json!({ "currency": "PLN", "lines": [{ "id": "1", "quantity": 1, "total": total }] })
}

#[tokio::test]
async fn a_guest_is_told_what_the_programme_is_and_what_a_cart_would_give() {
    let front = Front::open().await;
    let seen = front.get("/v1/widget?lang=pl", &front.key).await.ok();
    assert_eq!((seen["name"].as_str(), seen.get("member")), (Some("Klub"), None));
    assert_eq!(seen["texts"]["close"], "Zamknij");
    assert!(plain(&seen["ways"][0]["award"]).contains("1 punkt"), "{seen}");
    assert!(seen["rewards"].as_array().is_some_and(|rewards| rewards.len() == 3), "{seen}");
    assert_eq!(seen["portal"], format!("{}/portal", front.house.address));
    let quote = front.post("/v1/widget/quotes?lang=en", &front.key, cart("190.00")).await.ok();
    assert_eq!(plain(&quote["text"]), "With an account, this cart brings you 190 points.");
    let near = "Another PLN 10, and there is: 30 points for an order of 200 PLN or more.";
    assert_eq!(plain(&quote["near"]), near);
    let named = json!({ "member": "ada", "currency": "PLN", "lines": [{ "id": "1", "quantity": 1, "total": "5.00" }] });
    let refused = front.post("/v1/widget/quotes", &front.key, named).await;
    assert_eq!((refused.status, &refused.body["errors"][0]["pointer"]), (422, &json!("/member")));
    let unknown = front.get("/v1/widget", "lojal_pk_none_none").await;
    assert_eq!((unknown.status, unknown.headers["ratelimit-limit"].to_str().unwrap()), (401, "240"));
}

#[tokio::test]
async fn guests_look_forward_to_what_there_is_and_see_all_that_it_costs() {
    let programme = starter(Language::En)
        .replace("kind = \"free_shipping\"\nprice = 250", "kind = \"free_shipping\"\ncash = \"5.00\"\nprice = 250")
        .replace(
            "kind = \"free_product\"\nproduct = \"MUG-01\"\nprice = 500\nstock = 300",
            "kind = \"free_product\"\nproduct = \"MUG-01\"\nprice = 20\nstock = 1",
        );
    let front = Front::around(Shop::open_with(&programme).await).await;
    front.enrol("ada", 2_000).await;
    let offers = async || {
        let seen = front.get("/v1/widget?lang=en", &front.key).await.ok();
        let offers = seen["rewards"].as_array().unwrap().clone();
        offers.iter().map(|one| (plain(&one["name"]), plain(&one["price"]))).collect::<Vec<_>>()
    };
    let with_mug = offers().await;
    assert_eq!(with_mug[0], ("A mug".to_owned(), "20 points".to_owned()));
    assert_eq!(with_mug[2], ("Free delivery".to_owned(), "250 points + PLN 5.00".to_owned()));
    assert_eq!(front.redeem(&front.token("ada"), "the last", "mug").await.status, 201);
    let without = offers().await;
    assert_eq!(without[..2], with_mug[1..]);
    assert_eq!(without.len(), 3, "what comes next takes its place");
}

#[tokio::test]
async fn a_member_takes_as_many_rewards_as_anybody_would_by_hand() {
    let front = Front::open().await;
    for name in ["ada", "bob"] {
        front.enrol(name, 0).await;
    }
    let token = front.token("ada");
    let mut asked = 0;
    let refused = loop {
        let answer = front.redeem(&token, &format!("click {asked}"), "mug").await;
        if answer.status != 409 {
            break answer;
        }
        asked += 1;
        assert!(asked < 100, "nobody says that it is too often");
    };
    assert!(asked >= 60, "{asked}");
    assert_eq!((refused.status, &refused.body["code"]), (429, &json!("too_many_requests")));
    assert!(refused.headers.contains_key("retry-after"));
    assert_eq!(front.redeem(&front.token("bob"), "click", "mug").await.status, 409, "others may go on");
}

#[tokio::test]
async fn pages_that_may_not_ask_are_counted_before_anything_is_looked_up() {
    let front = Front::open().await;
    let mut left = None;
    for place in 0..3 {
        let request =
            front.request(Method::GET, "/v1/widget", &front.key).header("origin", format!("https://{place}.example"));
        let refused = read(request.header("x-forwarded-for", "203.0.113.9")).await;
        assert_eq!(refused.status, 403);
        let now: u32 = refused.headers["ratelimit-remaining"].to_str().unwrap().parse().unwrap();
        assert!(now < 240 && left.is_none_or(|before| now <= before), "{now} after {left:?}");
        left = Some(now);
    }
}

#[tokio::test]
async fn a_publishable_key_opens_nothing_but_the_widget() {
    let front = Front::open().await;
    front.enrol("ada", 0).await;
    for path in ["/v1/members/ada", "/v1/members", "/v1/rewards"] {
        let refused = front.get(path, &front.key).await;
        assert_eq!((refused.status, &refused.body["code"]), (403, &json!("forbidden")), "{path}");
    }
    assert_eq!(front.redeem(&front.key, "a", "voucher-25").await.status, 401, "nobody redeems with a key");
    let secret = front.new_key(KeyVisibility::Secret).await;
    assert_eq!(front.get("/v1/rewards", &secret).await.status, 200);
}

#[tokio::test]
async fn a_member_sees_what_is_their_own() {
    let front = Front::open().await;
    front.enrol("ada", 450).await;
    front.enrol("bob", 7).await;
    let ada = front.get("/v1/widget?lang=en", &front.token("ada")).await.ok();
    assert_eq!(ada["member"]["hello"], "Hello, ada");
    assert_eq!(plain(&ada["member"]["wallets"][0]["amount"]), "500 points");
    assert!(plain(&ada["member"]["levels"][0]["note"]).contains("Silver"), "{ada}");
    let taken = ada["rewards"].as_array().unwrap().iter().find(|reward| reward["available"] == true).unwrap();
    assert!(plain(&taken["question"]).starts_with("It costs "), "{taken}");
    let bob = front.get("/v1/widget?lang=en", &front.token("bob")).await.ok();
    assert_eq!(plain(&bob["member"]["wallets"][0]["amount"]), "57 points");
    let quote = front.post("/v1/widget/quotes?lang=en", &front.token("bob"), cart("49.00")).await.ok();
    assert_eq!(plain(&quote["text"]), "This cart brings you 49 points.");
    let none = front.post("/v1/widget/quotes?lang=en", &front.token("bob"), cart("0.50")).await.ok();
    assert_eq!(
        (none["gives"].as_bool(), plain(&none["text"])),
        (Some(false), "This cart brings no points.".to_owned())
    );

    let now = front.house.shop.clock.now();
    for (token, code) in [
        (sign(&front.secret, "ada", now - HOUR, HOUR), "token_ended"),
        (sign(&front.secret, "nobody", now, HOUR), "unknown_member"),
        (sign("another secret", "ada", now, HOUR), "token_signature"),
        ("eyJ.nothing".to_owned(), "token_malformed"),
    ] {
        let refused = front.get("/v1/widget", &token).await;
        assert_eq!((refused.status, &refused.body["code"]), (401, &json!(code)));
        assert_eq!(front.redeem(&token, "x", "voucher-25").await.status, 401);
    }
}

#[tokio::test]
async fn a_reward_is_taken_once_however_often_it_is_asked_for() {
    let front = Front::open().await;
    let (ada, bob) = (front.enrol("ada", 2_000).await, front.enrol("bob", 2_000).await);
    let token = front.token("ada");
    let seen = front.get("/v1/widget?lang=en", &token).await.ok();
    let reward = seen["rewards"].as_array().unwrap().iter().find(|reward| reward["available"] == true).unwrap();
    let reward = reward["id"].as_str().unwrap().to_owned();
    let before = front.house.shop.available(ada).await;
    let first = front.redeem(&token, "one click", &reward).await;
    assert_eq!(first.status, 201, "{first:?}");
    assert!(first.body["code"].as_str().is_some_and(|code| code.len() > 5), "{first:?}");
    let after = front.house.shop.available(ada).await;
    assert!(after < before);
    let again = front.redeem(&token, "one click", &reward).await;
    assert_eq!((again.status, &again.body), (201, &first.body));
    assert_eq!(again.headers["idempotency-replayed"], "true");
    assert_eq!(front.house.shop.available(ada).await, after);
    let other = front.redeem(&front.token("bob"), "one click", &reward).await;
    assert!(other.status == 201 && other.body["code"] != first.body["code"], "{other:?}");
    assert!(front.house.shop.available(bob).await < 2_050);
    let unknown = front.redeem(&token, "another", "nothing-of-the-kind").await;
    assert_eq!((unknown.status, &unknown.body["code"]), (404, &json!("unknown_reward")));
    let unnamed = front.post("/v1/widget/redemptions", &token, json!({ "reward": reward })).await;
    assert_eq!((unnamed.status, &unnamed.body["code"]), (400, &json!("idempotency_key_required")));
    front.enrol("eve", 0).await;
    let poor = front.redeem(&front.token("eve"), "one click", &reward).await;
    assert_eq!((poor.status, &poor.body["code"]), (409, &json!("insufficient_points")));
    assert!(plain(&poor.body["detail"]).contains("50 points"), "{poor:?}");
}

#[tokio::test]
async fn only_pages_of_listed_origins_may_ask() {
    let front = Front::open().await;
    let ask = async |method: Method, origin: &str| {
        let request = front.request(method, "/v1/widget", &front.key).header("origin", origin);
        read(request.header("access-control-request-method", "GET")).await
    };
    let allowed = |answer: &Answer| answer.headers.get("access-control-allow-origin").cloned();
    let refused = ask(Method::GET, SHOP).await;
    assert_eq!((refused.status, &refused.body["code"], allowed(&refused)), (403, &json!("origin_not_listed"), None));
    assert_eq!(refused.headers["vary"].to_str().unwrap().to_lowercase().matches("origin").count(), 1);

    let owner = front.house.owner().await;
    let wrong = owner.post("/console/portal/origins", &[("origins", "https://shop.example/cart")]).await;
    assert!(
        wrong.text.contains("Each line is an origin") && wrong.text.contains("shop.example&#x2f;cart"),
        "{}",
        wrong.text
    );
    let listed =
        owner.post("/console/portal/origins", &[("origins", "HTTPS://Shop.example/\r\nhttp://localhost:3000")]).await;
    assert_eq!(listed.status, 303, "{}", listed.text);
    let page = owner.get("/console/portal").await.text;
    assert!(page.contains("http:&#x2f;&#x2f;localhost:3000\nhttps:&#x2f;&#x2f;shop.example</textarea>"), "{page}");
    assert!(owner.get("/console/actions").await.text.contains("said which pages may show the widget"));
    let made = owner.post("/console/portal/key", &[]).await;
    assert_eq!(front.get("/v1/widget", made.between("lojal-widget key=&quot;", "&quot;")).await.status, 200);

    for (origin, is_listed) in [
        (SHOP, true),
        ("http://localhost:3000", true),
        (front.house.address.as_str(), true),
        ("http://shop.example", false),
        ("https://shop.example:8443", false),
        ("https://shop.example.evil.example", false),
        ("https://evil.example", false),
        ("null", false),
    ] {
        let answer = ask(Method::GET, origin).await;
        assert_eq!(answer.status == 200, is_listed, "{origin}: {answer:?}");
        assert_eq!(allowed(&answer).is_some_and(|allowed| allowed == origin), is_listed, "{origin}");
        assert!(answer.headers["vary"].to_str().unwrap().to_lowercase().contains("origin"));
        assert!(!answer.headers.contains_key("access-control-allow-credentials"));
        let asked = front.client.request(Method::OPTIONS, format!("{}/v1/widget/redemptions", front.house.address));
        let asked =
            asked.header("origin", origin).header("access-control-request-method", "POST").send().await.unwrap();
        assert_eq!(asked.status().as_u16(), if is_listed { 204 } else { 403 }, "{origin}");
        let headers =
            asked.headers().get("access-control-allow-headers").map(|names| names.to_str().unwrap().to_owned());
        assert_eq!(headers.is_some_and(|names| names.contains("idempotency-key")), is_listed);
    }
    assert_eq!(front.house.browser().get("/demo").await.status, 404, "the demo's shop is for the demo");
    let elsewhere = front.client.get(format!("{}/v1/members/ada", front.house.address)).header("origin", SHOP);
    assert!(!read(elsewhere).await.headers.contains_key("access-control-allow-origin"), "nothing else is opened");
}

#[tokio::test]
async fn the_script_is_small_and_is_asked_for_again_only_when_it_has_changed() {
    let front = Front::open().await;
    let address = format!("{}/widget.js", front.house.address);
    let answer = front.client.get(&address).send().await.unwrap();
    assert_eq!(answer.headers()["cross-origin-resource-policy"], "cross-origin");
    assert_eq!(answer.headers()["cache-control"], "public, max-age=300");
    assert_eq!(answer.headers()["content-type"], "text/javascript; charset=utf-8");
    let mark = answer.headers()["etag"].clone();
    let script = answer.bytes().await.unwrap();
    for known in [
        mark.to_str().unwrap().to_owned(),
        format!("W/{}", mark.to_str().unwrap()),
        format!("\"x\", {}", mark.to_str().unwrap()),
    ] {
        let same = front.client.get(&address).header("if-none-match", known).send().await.unwrap();
        assert_eq!((same.status().as_u16(), same.bytes().await.unwrap().len()), (304, 0));
    }
    let other = front.client.get(&address).header("if-none-match", "\"another\"").send().await.unwrap();
    assert_eq!(other.status(), 200);
    let packed = front.client.get(&address).header("accept-encoding", "gzip").send().await.unwrap();
    assert_eq!(packed.headers()["content-encoding"], "gzip");
    let on_the_way = packed.bytes().await.unwrap().len();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(&script).unwrap();
    let packed = gzip.finish().unwrap().len();
    println!("widget.js: {} bytes, {packed} with gzip, {on_the_way} as served", script.len());
    assert!(script.len() < 40_000, "{} bytes", script.len());
    assert!(packed < 20_000 && on_the_way < 20_000, "{packed} bytes with gzip, {on_the_way} as served");
    let text = String::from_utf8(script.to_vec()).unwrap();
    for banned in ["innerHTML", "eval(", "cdn", "https://"] {
        assert!(!text.contains(banned), "{banned}");
    }
}

const EDITION: &str = r#"
[referrals.spring]
name = { en = "Bring a friend", pl = "Przyprowadź znajomego" }
review = "none"
UNTIL
[earning.first_order]
name = { en = "First order of a friend", pl = "Pierwsze zamówienie z polecenia" }
on = "referral_qualified"
unit = "points"
points = 100
"#;

fn recommending(until: &str) -> String {
    format!("{}\n{}", starter(Language::En), EDITION.replace("UNTIL", until))
}

impl Front {
    /// A member's code by the name that they have chosen.
    async fn choose(&self, member: MemberId, name: &str) {
        let application = &self.house.shop.application;
        let mut transaction = application.database.write_aside().await.unwrap();
        let written = WrittenCode::chosen(name).unwrap();
        code_choose(application, &mut transaction, member, "", written).await.unwrap().unwrap();
        transaction.commit().await.unwrap();
    }

    async fn code(&self, bearer: &str, code: &str) -> Value {
        self.post("/v1/widget/codes?lang=en", bearer, json!({ "code": code })).await.ok()
    }
}

#[tokio::test]
async fn a_code_from_a_friend_says_what_it_is_worth_and_not_whose_it_is() {
    let front = Front::around(Shop::open_with(&recommending("")).await).await;
    let (ada, ben) = (front.enrol("ada", 0).await, front.enrol("ben", 0).await);
    front.choose(ada, "ada-szyje").await;
    front.choose(ben, "ben-szyje").await;
    let view = front.get("/v1/widget?lang=en", &front.key).await.ok();
    assert_eq!(view["referral"]["asks"], true, "{view:#}");
    assert_eq!(view["referral"]["gets"][0]["what"], "First order of a friend");
    let works = front.code(&front.key, " ADA szyje ").await;
    assert_eq!((&works["works"], &works["referral"]), (&json!(true), &json!({ "code": "adaszyje" })), "{works:#}");
    assert!(plain(&works["gets"][0]["award"]).starts_with("100 points for"), "{works:#}");
    for hidden in [ada.to_string().as_str(), "mem_", "ada@"] {
        assert!(!works.to_string().contains(hidden), "{works:#}");
    }

    // What is blocked, what was never there and what is somebody's who left look the same.
    let nothing = front.code(&front.key, "nobodyhasit").await;
    assert_eq!((&nothing["works"], nothing.get("referral")), (&json!(false), None), "{nothing:#}");
    front.house.shop.submit(ben, Command::Leave).await.unwrap();
    front.house.shop.run_until_idle().await;
    assert_eq!(front.code(&front.key, "ben-szyje").await, nothing);
    let wrong = front.post("/v1/widget/codes", &front.key, json!({ "code": "?" })).await;
    assert_eq!((wrong.status, &wrong.body["errors"][0]["pointer"]), (422, &json!("/code")));

    // A member has a code and a link of their own, and can be recommended until they are a customer.
    let (token, eve) = (front.token("ada"), front.enrol("eve", 0).await);
    let own = front.code(&token, "ada-szyje").await;
    assert!(own["works"] == false && own["text"].as_str().unwrap().contains("your own code"), "{own:#}");
    let view = front.get("/v1/widget?lang=en", &token).await.ok();
    let link = view["referral"]["link"].as_str().unwrap();
    assert!(link.ends_with("/r/ada-szyje") && view["referral"]["recommends"] == true, "{view:#}");
    let newcomer = front.token("eve");
    assert_eq!(front.code(&newcomer, "ada-szyje").await["works"], true);
    let order = put_order("o-1", OrderState::Paid, &[("1", 1, 9_000)]);
    front.house.shop.submit(eve, order).await.unwrap();
    assert!(front.code(&newcomer, "ada-szyje").await["text"].as_str().unwrap().contains("new here"));
    let view = front.get("/v1/widget?lang=en", &newcomer).await.ok();
    assert_eq!(view["referral"]["asks"], false, "{view:#}");
    assert_eq!((view["referral"].get("link"), &view["referral"]["recommends"]), (None, &json!(true)));

    // When it is over, no code works any more.
    let options = PublishOptions { accept_warnings: true, accept_worse: true, ..PublishOptions::default() };
    let over = recommending("until = \"2020-01-01\"");
    front.house.shop.application.publish_with(&over, &options).await.unwrap();
    assert_eq!(front.code(&front.key, "ada-szyje").await, nothing);
    assert_eq!(front.get("/v1/widget", &front.key).await.ok().get("referral"), None);
}

#[tokio::test]
async fn codes_are_not_to_be_guessed() {
    let front = Front::around(Shop::open_with(&recommending("")).await).await;
    let mut tried = 0;
    let refused = loop {
        let answer = front.post("/v1/widget/codes", &front.key, json!({ "code": format!("guess-{tried}") })).await;
        if answer.status != 200 {
            break answer;
        }
        tried += 1;
        assert!(tried < 60, "nobody says that it is too often");
    };
    assert_eq!((refused.status, &refused.body["code"]), (429, &json!("too_many_requests")));
    assert!((30..50).contains(&tried), "{tried}");
    let seconds: u64 = refused.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=11).contains(&seconds), "{seconds}");
    assert_eq!(front.get("/v1/widget", &front.key).await.status, 200, "everything else goes on");
}
