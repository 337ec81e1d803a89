//! The second step: friends who are asked to confirm with a code, by mail and as text messages.

use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::http::HeaderMap;
use jiff::SignedDuration;
use lojal_core::activity::OrderState;
use lojal_core::command::Command;
use lojal_core::kernel::{Language, MemberId};
use lojal_core::programme::starter;
use lojal_core::referrals::{Credit, Introduction, Stage};
use lojal_server::Front;
use lojal_server::platform::application::NewMember;
use lojal_server::platform::http::HttpOptions;
use lojal_server::platform::identity::Identity;
use lojal_server::platform::mail::Mailer;
use lojal_server::platform::sms::Texter;
use lojal_server::platform::visitors::code_take;
use lojal_server::webhooks::{Reach, Webhooks};
use lojal_testing::mail_server;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::http_client::{Answer, Counter};
use crate::pages::House;
use crate::pages_portal::digits;
use crate::shop::{Shop, put_order};
use crate::webhooks::Receiver;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// The starter programme, with recommendations, their rewards, and codes for those with mail to throw away.
fn programme() -> String {
    let name = r#"{ en = "Bring a friend", pl = "Poleć nas" }"#;
    format!(
        r#"{}
[referrals.spring]
name = {name}
[earning.thanks]
name = {name}
on = "friend_qualified"
points = 500
[fraud]
throwaway_mail = ["throwaway.example"]
[fraud.rules]
disposable_mail = {{ verdict = "verify" }}
"#,
        starter(Language::En)
    )
}

async fn shop() -> Shop {
    Shop::open_with(&programme()).await
}

fn mailer() -> Mailer {
    Mailer::new(&mail_server().address(), "Klub Lojal <club@shop.example>").unwrap()
}

async fn counter(set_up: impl FnOnce(Front) -> Front) -> Counter {
    Counter::behind(shop().await, HttpOptions::default(), set_up).await
}

fn throwaway(name: &str) -> String {
    format!("{name}-{}@throwaway.example", std::process::id())
}

async fn join(shop: &Shop, name: &str, email: Option<&str>, phone: Option<&str>) -> MemberId {
    let identity = Identity {
        name: Some(format!("{name} Kot")),
        email: email.map(str::to_owned),
        phone: phone.map(str::to_owned),
        ..Identity::default()
    };
    MemberId(shop.application.enrol(NewMember { identity, ..NewMember::new(name) }).await.unwrap().holder.0)
}

/// A friend comes by a recommendation and orders.
async fn comes(shop: &Shop, advocate: MemberId, friend: MemberId, order: &str) {
    let introduction = Introduction {
        referral: None,
        credits: vec![Credit { advocate, share: 100 }],
        touched_at: shop.clock.now() - SignedDuration::from_hours(1),
        came_at: shop.clock.now(),
        channel: None,
    };
    shop.submit(friend, Command::Refer { introduction: Box::new(introduction) }).await.unwrap();
    shop.submit(friend, put_order(order, OrderState::Paid, &[("1", 1, 20_000)])).await.unwrap();
    shop.run_until_idle().await;
}

async fn stage(shop: &Shop, friend: MemberId) -> Stage {
    shop.application.holder(friend.into()).await.unwrap().unwrap().referral.unwrap().stage
}

fn later(shop: &Shop, seconds: i64) {
    shop.clock.set(shop.clock.now() + SignedDuration::from_secs(seconds));
}

/// Asks until it is so.
async fn until(counter: &Counter, friend: &str, is_so: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..600 {
        let known = counter.get(&format!("/v1/referrals/ext:{friend}/verification")).await;
        if known.status == 200 && is_so(&known.body) {
            return known.body;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("{friend} does not get so far");
}

async fn send(counter: &Counter, friend: &str) -> Answer {
    counter.post(&format!("/v1/referrals/ext:{friend}/verification"), json!({})).await
}

async fn confirm(counter: &Counter, friend: &str, code: &str) -> Answer {
    counter.post(&format!("/v1/referrals/ext:{friend}/verification/confirm"), json!({ "code": code })).await
}

async fn case(counter: &Counter, friend: MemberId) -> Value {
    let list = counter.get("/v1/cases").await.ok();
    let own = list["data"].as_array().unwrap().iter().find(|case| case["friend"] == friend.to_string());
    counter.get(&format!("/v1/cases/{}", own.unwrap()["id"].as_str().unwrap())).await.ok()
}

fn another(code: &str) -> &'static str {
    if code == "000000" { "111111" } else { "000000" }
}

#[tokio::test]
async fn a_friend_confirms_by_mail_and_the_advocate_is_thanked() {
    let counter = counter(|front| front.with_mailer(Some(mailer()))).await;
    let shop = &counter.shop;
    let email = throwaway("eve");
    let (ada, eve) = (shop.enrol("ada").await, join(shop, "eve", Some(&email), None).await);
    let unknown = counter.get("/v1/referrals/ext:eve/verification").await;
    unknown.assert_problem(StatusCode::NOT_FOUND, "unknown_verification");
    comes(shop, ada, eve, "order-1").await;
    assert!(matches!(stage(shop, eve).await, Stage::Ripe { .. }), "it waits for the friend");

    let letter = mail_server().letter_to(&email).await;
    let code = digits(&letter.subject).pop().expect("a code");
    assert!(letter.text.contains("eve Kot") && letter.text.contains(&code) && letter.html.contains(&code));
    assert!(!letter.text.contains("ada"), "nobody is told by whom: {}", letter.text);
    let path = letter.text.split_once("/portal/confirm/").unwrap().1.split_whitespace().next().unwrap();
    let path = format!("/portal/confirm/{path}");
    let ticket = path.rsplit('/').next().unwrap();
    assert_eq!(code_take(&shop.application, ticket, &code).await.unwrap(), None, "it opens no account");
    until(&counter, "eve", |known| known["sends"] == 1).await;

    let page = counter.client.get(format!("{}{path}", counter.address)).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("Confirm the recommendation") && !page.contains(&code), "{page}");
    let enter = async |code: &str| {
        let request = counter.client.post(format!("{}{path}", counter.address)).header("origin", &counter.address);
        request
            .header("content-type", "application/x-www-form-urlencoded")
            .body(format!("code={}", code.trim().replace(' ', "+")))
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap()
    };
    let wrong = enter(another(&code)).await;
    assert!(
        wrong.contains("This code is not right") && matches!(stage(shop, eve).await, Stage::Ripe { .. }),
        "{wrong}"
    );
    let done = enter(&format!(" {} {} ", &code[..3], &code[3..])).await;
    assert!(done.contains("The recommendation is confirmed."), "{done}");
    assert!(enter(&code).await.contains("The recommendation is confirmed."), "twice is as good as once");
    shop.run_until_idle().await;
    assert!(matches!(stage(shop, eve).await, Stage::Qualified { .. }));
    let (available, pending, _) = shop.wallet(ada).await;
    assert!(available + pending >= 500);

    let case = case(&counter, eve).await;
    let told = &case["verification"];
    assert_eq!((&case["verdict"], &case["proof"]), (&json!("flag"), &json!("own")), "{case:#}");
    assert_eq!(
        (&told["state"], &told["channel"], &told["asked_by"]),
        (&json!("confirmed"), &json!("mail"), &json!("detector"))
    );
    assert_eq!((&told["sends"], &told["sending"], &told["tries"]), (&json!(1), &json!(false), &json!(3)), "{told:#}");
    send(&counter, "eve").await.assert_problem(StatusCode::CONFLICT, "already_confirmed");
    assert_eq!(confirm(&counter, "eve", "123456").await.status, 200, "it is confirmed already");
    let nobody = format!("{}/portal/confirm/{}", counter.address, "0".repeat(32));
    let page = counter.client.get(nobody).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("Confirm the recommendation") && page.contains("name=\"code\""), "unknown looks like known");

    counter.delete("/v1/members/ext:eve?erase=true").await.ok();
    assert_eq!((shop.count("friend_verification").await, shop.count("friend_verification_step").await), (0, 0));
}

#[tokio::test]
async fn a_code_of_the_second_step_holds_for_fifteen_minutes_and_five_tries() {
    let counter = counter(|front| front.with_mailer(Some(mailer()))).await;
    let shop = &counter.shop;
    let email = throwaway("tries");
    let (ada, _) = (shop.enrol("ada").await, shop.enrol("bob").await);
    send(&counter, "bob").await.assert_problem(StatusCode::NOT_FOUND, "unknown_referral");
    let eve = join(shop, "eve", Some(&email), None).await;
    comes(shop, ada, eve, "order-1").await;
    let code = digits(&mail_server().letter_to(&email).await.subject).pop().unwrap();
    until(&counter, "eve", |known| known["sends"] == 1).await;
    let soon = send(&counter, "eve").await;
    soon.assert_problem(StatusCode::TOO_MANY_REQUESTS, "too_soon");
    assert_eq!(soon.headers["retry-after"], "60");
    for _ in 0..5 {
        let wrong = confirm(&counter, "eve", another(&code)).await;
        wrong.assert_problem(StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields");
        wrong.assert_field("/code", "wrong_code");
    }
    confirm(&counter, "eve", &code).await.assert_field("/code", "wrong_code");

    later(shop, 60);
    let again = counter.post_with_key("/v1/referrals/ext:eve/verification", json!({ "channel": "mail" }), "k").await;
    assert_eq!((again.status, &again.body["sending"]), (202, &json!(true)), "{again:#?}");
    let repeated = counter.post_with_key("/v1/referrals/ext:eve/verification", json!({ "channel": "mail" }), "k").await;
    assert_eq!(repeated.status, 202, "the same request is the same answer: {repeated:#?}");
    let second = digits(&mail_server().letter_to(&email).await.subject).pop().unwrap();
    until(&counter, "eve", |known| known["sends"] == 2).await;
    if code != second {
        confirm(&counter, "eve", &code).await.assert_field("/code", "wrong_code");
    }
    later(shop, 15 * 60);
    confirm(&counter, "eve", &second).await.assert_field("/code", "wrong_code");
    for number in 3..=5 {
        assert_eq!(send(&counter, "eve").await.status, 202);
        mail_server().letter_to(&email).await;
        until(&counter, "eve", |known| known["sends"] == number).await;
        later(shop, 60);
    }
    send(&counter, "eve").await.assert_problem(StatusCode::TOO_MANY_REQUESTS, "too_many_codes");
    let by_sms = json!({ "channel": "sms" });
    let refused = counter.post("/v1/referrals/ext:eve/verification", by_sms).await;
    refused.assert_problem(StatusCode::CONFLICT, "no_way_to_send");
    assert!(matches!(stage(shop, eve).await, Stage::Ripe { .. }));
}

#[tokio::test]
async fn whoever_does_not_confirm_waits_for_a_person_and_time_approves_nothing() {
    let counter = counter(|front| front.with_mailer(Some(mailer()))).await;
    let shop = &counter.shop;
    let email = throwaway("late");
    let (ada, eve) = (shop.enrol("ada").await, join(shop, "eve", Some(&email), None).await);
    comes(shop, ada, eve, "order-1").await;
    mail_server().letter_to(&email).await;
    until(&counter, "eve", |known| known["sends"] == 1).await;
    later(shop, 7 * 24 * 3_600 - 1);
    shop.run_until_idle().await;
    assert!(matches!(stage(shop, eve).await, Stage::Ripe { .. }));
    later(shop, 1);
    shop.run_until_idle().await;
    assert!(matches!(stage(shop, eve).await, Stage::Held { .. }));
    let found = case(&counter, eve).await;
    assert_eq!(
        (&found["verdict"], &found["proof"], &found["state"]),
        (&json!("hold"), &json!("missed"), &json!("open"))
    );
    assert_eq!(found["verification"]["state"], "missed");

    // Late is better than never, and a person has the last word.
    assert_eq!(send(&counter, "eve").await.status, 202);
    let code = digits(&mail_server().letter_to(&email).await.subject).pop().unwrap();
    assert_eq!(confirm(&counter, "eve", &code).await.ok()["state"], "confirmed");
    shop.run_until_idle().await;
    assert!(matches!(stage(shop, eve).await, Stage::Held { .. }));
    let decide = format!("/v1/cases/{}/decide", found["id"].as_str().unwrap());
    counter.post(&decide, json!({ "decision": "cleared", "reason": "Confirmed, though late" })).await.ok();
    shop.run_until_idle().await;
    assert!(matches!(stage(shop, eve).await, Stage::Qualified { .. }));
    shop.assert_audited().await;
}

#[tokio::test]
async fn without_a_way_to_send_a_person_looks_at_once() {
    let counter = counter(|front| front).await;
    let shop = &counter.shop;
    let (ada, eve) = (shop.enrol("ada").await, join(shop, "eve", Some(&throwaway("none")), None).await);
    comes(shop, ada, eve, "order-1").await;
    until(&counter, "eve", |known| known["state"] == "unreachable").await;
    shop.run_until_idle().await;
    assert!(matches!(stage(shop, eve).await, Stage::Held { .. }));
    send(&counter, "eve").await.assert_problem(StatusCode::CONFLICT, "no_way_to_send");
}

#[tokio::test]
async fn two_who_prove_one_telephone_are_joined_and_not_proven() {
    let gateway = Receiver::open().await;
    let texter = Texter::new(&gateway.url, SECRET, None).unwrap();
    let counter = counter(|front| front.with_texter(Some(texter))).await;
    let shop = &counter.shop;
    let ada = shop.enrol("ada").await;
    let mut stages = Vec::new();
    for name in ["eve", "bob"] {
        let friend = join(shop, name, Some(&throwaway(name)), Some("601 234 567")).await;
        comes(shop, ada, friend, name).await;
        if counter.get(&format!("/v1/referrals/ext:{name}/verification")).await.status == 404 {
            assert_eq!(send(&counter, name).await.status, 202);
        }
        until(&counter, name, |known| known["sends"] == 1).await;
        let sent = gateway.seen().pop().unwrap();
        assert!(sent.is_signed_by(SECRET) && sent.id.starts_with("sms_"), "{sent:?}");
        assert_eq!((&sent.body["type"], &sent.body["data"]["to"]), (&json!("sms.send"), &json!("+48601234567")));
        let text = sent.body["data"]["text"].as_str().unwrap();
        assert!(text.contains("http://127.0.0.1/portal/confirm/"), "{text}");
        let code = digits(text).remove(0);
        assert_eq!(confirm(&counter, name, &code).await.ok()["channel"], "sms");
        shop.run_until_idle().await;
        stages.push(stage(shop, friend).await);
        let proof = if name == "eve" { "own" } else { "shared" };
        assert_eq!(case(&counter, friend).await["proof"], proof, "{name}");
        later(shop, 60);
    }
    assert!(matches!(&stages[..], [Stage::Qualified { .. }, Stage::Held { .. }]), "{stages:?}");
}

/// What speaks as SMSAPI does.
#[derive(Clone, Default)]
struct SmsApi {
    seen: Arc<Mutex<Vec<(String, String)>>>,
}

async fn take(State(service): State<SmsApi>, headers: HeaderMap, body: String) -> String {
    let authorization = headers["authorization"].to_str().unwrap().to_owned();
    let is_wanted = body.contains("to=48601234567");
    service.seen.lock().unwrap().push((authorization, body));
    match is_wanted {
        true => r#"{"count":1,"list":[{"id":"1","points":0.16,"number":"48601234567","status":"QUEUE"}]}"#.to_owned(),
        false => r#"{"error":13,"message":"No correct phone numbers","invalid_numbers":[]}"#.to_owned(),
    }
}

#[tokio::test]
async fn smsapi_is_asked_first_and_mail_where_it_does_not_know_the_number() {
    let service = SmsApi::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/sms.do", listener.local_addr().unwrap());
    let router = axum::Router::new().route("/sms.do", axum::routing::post(take)).with_state(service.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let texter = Texter::smsapi_at(&url, "token-of-the-shop", Some("Sklep")).unwrap();
    let counter = counter(|front| front.with_texter(Some(texter)).with_mailer(Some(mailer()))).await;
    let shop = &counter.shop;
    let ada = shop.enrol("ada").await;
    let eve = join(shop, "eve", Some(&throwaway("sms-eve")), Some("+48 601 234 567")).await;
    comes(shop, ada, eve, "order-1").await;
    assert_eq!(until(&counter, "eve", |known| known["sends"] == 1).await["channel"], "sms");
    let (authorization, form) = service.seen.lock().unwrap()[0].clone();
    assert_eq!(authorization, "Bearer token-of-the-shop");
    assert!(form.contains("from=Sklep") && form.contains("format=json"), "{form}");

    let email = throwaway("sms-bob");
    let bob = join(shop, "bob", Some(&email), Some("+44 7700 900123")).await;
    comes(shop, ada, bob, "order-2").await;
    let letter = mail_server().letter_to(&email).await;
    let code = digits(&letter.subject).pop().unwrap();
    assert_eq!(confirm(&counter, "bob", &code).await.ok()["channel"], "mail");
}

#[tokio::test]
async fn staff_ask_from_a_case_and_see_what_comes_of_it() {
    let email = throwaway("staff");
    let house = House::around(shop().await, Some(mailer())).await;
    let shop = &house.shop;
    let owner = house.owner().await;
    // Alike names are flagged, and rewarded: nobody is asked by the checks.
    let ada = join(shop, "anna", Some("anna@shop.example"), None).await;
    let eve = join(shop, "annna", Some(&email.replace("throwaway", "kept")), None).await;
    comes(shop, ada, eve, "order-1").await;
    let list = owner.get("/console/cases?state=open").await;
    let case = format!("/console/cases/cas_{}", list.between("<a href=\"/console/cases/cas_", "\""));
    let page = owner.get(&case).await;
    assert!(page.text.contains("Nobody has asked the friend to confirm with a code."), "{}", page.text);
    let asked = owner.post(&format!("{case}/ask"), &[]).await;
    assert_eq!((asked.status, asked.location.as_str()), (303, case.as_str()), "{}", asked.text);
    let again = owner.post(&format!("{case}/ask"), &[]).await;
    assert!(again.text.contains("A code was sent a moment ago."), "{}", again.text);
    let letter = mail_server().letter_to(&email.replace("throwaway", "kept")).await;
    let code = digits(&letter.subject).pop().unwrap();
    let path = format!(
        "/portal/confirm/{}",
        letter.text.split_once("/portal/confirm/").unwrap().1.split_whitespace().next().unwrap()
    );
    let sent_again = house.browser().post(&format!("{path}/again"), &[]).await;
    assert!(sent_again.text.contains("If there is anything to confirm"), "{}", sent_again.text);
    let mut page = owner.get(&case).await;
    while !page.text.contains("a code was sent") {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        page = owner.get(&case).await;
    }
    assert!(
        page.text.contains("waits until the friend confirms") && page.text.contains("asked for a code"),
        "{}",
        page.text
    );
    let done = house.browser().post(&path, &[("code", &code)]).await;
    assert!(done.text.contains("The recommendation is confirmed."), "{}", done.text);
    owner.post("/language", &[("language", "pl"), ("back", "/console/cases")]).await;
    let page = owner.get(&case).await;
    for said in ["Znajomy potwierdził kodem", "e-mail", "prośba o kod", "wysłano kod", "potwierdzone"] {
        assert!(page.text.contains(said), "{said}: {}", page.text);
    }
    let actions = owner.get("/console/actions").await;
    assert!(actions.text.contains("prośba o potwierdzenie polecenia kodem"), "{}", actions.text);
}

#[tokio::test]
async fn others_are_told_that_a_friend_is_asked_and_has_confirmed() {
    let counter = counter(|front| front.with_mailer(Some(mailer()))).await;
    let shop = &counter.shop;
    let webhooks = Webhooks::new(shop.application.clone(), Reach::Private).unwrap();
    let receiver = Receiver::open().await;
    let events = ["referral.verification_requested", "referral.verification_confirmed"];
    let body = json!({ "url": "https://shop.example.com/hooks", "events": events });
    counter.post("/v1/webhook_endpoints", body).await.ok();
    shop.tamper(&format!("update webhook_endpoint set url = '{}'", receiver.url)).await;
    let email = throwaway("hooks");
    let (ada, eve) = (shop.enrol("ada").await, join(shop, "eve", Some(&email), None).await);
    later(shop, 1);
    comes(shop, ada, eve, "order-1").await;
    let code = digits(&mail_server().letter_to(&email).await.subject).pop().unwrap();
    later(shop, 1);
    confirm(&counter, "eve", &code).await.ok();
    webhooks.run_until_idle().await.unwrap();
    webhooks.run_until_idle().await.unwrap();
    assert_eq!(receiver.kinds(), events, "each once");
    let told = receiver.seen().pop().unwrap().body;
    assert_eq!((&told["data"]["member"]["external_id"], &told["data"]["channel"]), (&json!("eve"), &json!("mail")));
    assert!(!told.to_string().contains("throwaway"), "nothing personal is told: {told}");
}

/// Whatever a shop says that somebody was seen with counts in the same way, wherever it says so.
#[tokio::test]
async fn what_is_seen_with_a_click_and_with_many_orders_counts_as_with_one() {
    let counter = counter(|front| front).await;
    let shop = &counter.shop;
    let ada = join(&counter.shop, "ada", None, None).await;
    let seen = json!({ "ip": "83.4.5.6", "device": "d-71b0", "payment": "tok_1" });
    counter.post(&format!("/v1/members/{ada}/codes"), json!({ "name": "ada-szyje" })).await.ok();
    let marks = shop.count("sighting").await;
    let wrong = json!({ "code": "ada-szyje", "visitor": "s", "identifiers": { "ip": "here", "payment": "4111 1111 1111 1111" } });
    let refused = counter.post("/v1/track/click", wrong).await;
    refused.assert_field("/identifiers/ip", "invalid");
    refused.assert_field("/identifiers/payment", "card_number");
    let click = json!({ "code": "ada-szyje", "visitor": "session-1", "identifiers": seen });
    counter.post("/v1/track/click", click).await.ok();
    assert_eq!(
        (shop.count("click_identifier").await, shop.count("sighting").await),
        (4, marks),
        "nobody knows who it was"
    );
    let join = json!({ "external_id": "eve", "referral": { "visitor": "session-1" } });
    let told = counter.post("/v1/members", join).await.ok();
    assert_eq!(shop.count("sighting").await, marks + 4, "{told:#}");
    let order = |id: &str, member: &str, identifiers: Value| {
        json!({
            "external_id": id, "member": member, "state": "paid", "currency": "PLN",
            "placed_at": "2026-05-04T09:00:00Z", "lines": [{ "id": "1", "quantity": 1, "total": "20.00" }],
            "identifiers": identifiers,
        })
    };
    let lines = [
        order("1", "ada", json!({ "device": "d-71b0" })),
        order("2", "nobody", json!({ "device": "d-1" })),
        order("3", "ada", json!({ "ip": "here" })),
    ];
    let body = lines.iter().map(Value::to_string).collect::<Vec<_>>().join("\n");
    let request =
        counter.request(reqwest::Method::POST, "/v1/orders:batch").header("content-type", "application/x-ndjson");
    let answers = crate::http_client::read(request.body(body)).await;
    let answers = answers.body.as_array().unwrap().clone();
    assert!(answers[0].get("error").is_none(), "{answers:#?}");
    assert!(answers[2].to_string().contains("/identifiers/ip"), "{answers:#?}");
    assert_eq!(shop.count("mark_party").await, shop.count("sighting where kind <> 12").await);
    let shared = counter.get("/v1/cases").await.ok();
    assert_eq!(shared["data"], json!([]), "nobody has ordered by a recommendation yet");
    assert!(shop.count("sighting").await > marks + 4, "the device of the order is noted");
    let eve = counter.get("/v1/members/ext:eve").await.ok()["id"].as_str().unwrap().to_owned();
    counter.delete(&format!("/v1/members/{eve}?erase=true")).await.ok();
    assert_eq!(shop.count("click_identifier").await, 0, "whoever is erased was never here");
}
