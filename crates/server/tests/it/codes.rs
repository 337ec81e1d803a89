//! Codes by which members recommend: given, chosen, blocked, replaced; whoever is merged, erased or moves.

use lojal_server::moving::{export, restore};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::http_client::Counter;
use crate::shop;

pub async fn enrol(counter: &Counter, name: &str) -> String {
    let body = counter.post("/v1/members", json!({ "external_id": name })).await.ok();
    body["id"].as_str().unwrap().to_owned()
}

pub async fn give(counter: &Counter, member: &str, body: Value) -> Value {
    counter.post(&format!("/v1/members/ext:{member}/codes"), body).await.ok()
}

fn text(code: &Value) -> &str {
    code["code"].as_str().unwrap()
}

async fn advocate(counter: &Counter, code: &str) -> Value {
    counter.get(&format!("/v1/codes/{code}")).await.ok()["advocate"].clone()
}

#[tokio::test]
async fn a_member_has_a_code_for_each_channel() {
    let counter = Counter::open().await;
    let ada = enrol(&counter, "ada").await;
    let code = give(&counter, "ada", json!({})).await;
    assert_eq!((code["member"].as_str(), code["kind"].as_str()), (Some(ada.as_str()), Some("made")));
    assert_eq!(code["link"], format!("http://127.0.0.1/r/{}", text(&code)));
    assert_eq!(give(&counter, "ada", json!({})).await, code, "twice is once");
    let flyer = give(&counter, "ada", json!({ "channel": "flyer" })).await;
    assert!(flyer["channel"] == "flyer" && flyer["code"] != code["code"], "{flyer:#}");
    let listed = counter.get("/v1/members/ext:ada/codes").await.ok();
    assert_eq!(listed["data"].as_array().unwrap().len(), 2, "{listed:#}");

    // However it is typed.
    let typed = text(&code).replace('-', "%20").to_lowercase();
    assert_eq!(advocate(&counter, &typed).await, json!(ada));
    let mut wrong = text(&code).to_owned();
    let last = if wrong.ends_with('2') { "3" } else { "2" };
    wrong.replace_range(13.., last);
    let mistyped = counter.get(&format!("/v1/codes/{wrong}")).await;
    let problem = mistyped.assert_problem(StatusCode::NOT_FOUND, "unknown_code");
    assert!(problem["detail"].as_str().unwrap().contains("wrong"), "{problem:#}");
    let none = counter.get("/v1/codes/nobodyhasit").await;
    none.assert_problem(StatusCode::NOT_FOUND, "unknown_code");
    let bad = counter.get("/v1/codes/a%3Cb").await;
    assert_eq!(bad.status, 404, "{bad:#?}");
    let nobody = counter.post("/v1/members/ext:nobody/codes", json!({})).await;
    nobody.assert_problem(StatusCode::NOT_FOUND, "unknown_member");
    let channel = counter.post("/v1/members/ext:ada/codes", json!({ "channel": "Insta!" })).await;
    channel.assert_problem(StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields");
}

#[tokio::test]
async fn a_name_is_chosen_and_never_given_to_anybody_else() {
    let counter = Counter::open().await;
    let ada = enrol(&counter, "ada").await;
    let ben = enrol(&counter, "ben").await;
    let first = give(&counter, "ada", json!({ "name": "Żółta Ada" })).await;
    assert_eq!((text(&first), &first["kind"]), ("zolta-ada", &json!("chosen")));
    for name in ["zolta ada", "ZOLTAADA", "żółta-ada"] {
        let taken = counter.post("/v1/members/ext:ben/codes", json!({ "name": name })).await;
        taken.assert_problem(StatusCode::CONFLICT, "code_taken");
    }
    for (name, code) in
        [("ab", "too_short"), ("1234567", "few_letters"), ("sklep", "reserved_name"), ("a/bcd", "invalid_letters")]
    {
        let refused = counter.post("/v1/members/ext:ben/codes", json!({ "name": name })).await;
        refused.assert_problem(StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields");
        refused.assert_field("/name", code);
    }

    // The old name leads on, for good, and may be taken back.
    let second = give(&counter, "ada", json!({ "name": "ada-szyje" })).await;
    let old = counter.get("/v1/codes/zolta-ada").await.ok();
    assert_eq!((&old["state"], &old["advocate"]), (&json!("replaced"), &json!(ada)));
    let taken = counter.post("/v1/members/ext:ben/codes", json!({ "name": "zolta-ada" })).await;
    taken.assert_problem(StatusCode::CONFLICT, "code_taken");
    assert_eq!(give(&counter, "ada", json!({ "name": "zolta-ada" })).await["state"], "active");
    assert_eq!(counter.get("/v1/codes/ada-szyje").await.ok()["state"], "replaced");
    assert_eq!(advocate(&counter, text(&second)).await, json!(ada));

    // Whoever is erased takes the names along; nobody else gets them.
    counter.delete("/v1/members/ext:ada?erase=true").await.ok();
    for name in ["zolta-ada", "ada-szyje"] {
        let gone = counter.get(&format!("/v1/codes/{name}")).await;
        gone.assert_problem(StatusCode::NOT_FOUND, "unknown_code");
        let taken = counter.post("/v1/members/ext:ben/codes", json!({ "name": name })).await;
        taken.assert_problem(StatusCode::CONFLICT, "code_taken");
    }
    let gone = counter.post(&format!("/v1/members/{ada}/codes"), json!({})).await;
    gone.assert_problem(StatusCode::CONFLICT, "member_left");
    assert_eq!(give(&counter, "ben", json!({ "name": "ben-szyje" })).await["member"], ben);
}

#[tokio::test]
async fn a_code_is_blocked_and_replaced() {
    let counter = Counter::open().await;
    let ada = enrol(&counter, "ada").await;
    let code = give(&counter, "ada", json!({ "channel": "flyer" })).await;
    let step =
        async |code: &Value, step: &str| counter.post(&format!("/v1/codes/{}/{step}", text(code)), json!({})).await;
    let blocked = step(&code, "block").await.ok();
    assert!(blocked["state"] == "blocked" && blocked["ended_at"].is_string(), "{blocked:#}");
    assert_eq!(step(&code, "block").await.ok(), blocked, "twice is once");
    assert_eq!(advocate(&counter, text(&code)).await, Value::Null);
    let another = counter.post("/v1/members/ext:ada/codes", json!({ "channel": "flyer" })).await;
    another.assert_problem(StatusCode::CONFLICT, "code_blocked");
    let named = counter.post("/v1/members/ext:ada/codes", json!({ "channel": "flyer", "name": "ada-szyje" })).await;
    named.assert_problem(StatusCode::CONFLICT, "code_blocked");
    assert_eq!(step(&code, "unblock").await.ok(), code);
    let new = step(&code, "replace").await.ok();
    assert_eq!(new["channel"], "flyer");
    assert_eq!(step(&code, "replace").await.ok(), new, "twice is once");
    assert_eq!(advocate(&counter, text(&code)).await, json!(ada), "the old one leads on");
    step(&code, "block").await.assert_problem(StatusCode::CONFLICT, "code_replaced");
    step(&new, "block").await.ok();
    assert_eq!(advocate(&counter, text(&code)).await, Value::Null, "and leads to nobody when that one does");
    let newer = step(&new, "replace").await.ok();
    assert_eq!(give(&counter, "ada", json!({ "channel": "flyer" })).await, newer, "another one is the shop's to give");
    let unknown = counter.post("/v1/codes/nobodyhasit/block", json!({})).await;
    unknown.assert_problem(StatusCode::NOT_FOUND, "unknown_code");
}

#[tokio::test]
async fn codes_of_merged_accounts_lead_to_the_survivor_and_move_along() {
    let counter = Counter::open().await;
    let (ada, _) = (enrol(&counter, "ada").await, enrol(&counter, "ada-2").await);
    let code = give(&counter, "ada-2", json!({})).await;
    let name = give(&counter, "ada-2", json!({ "name": "adaszyje" })).await;
    counter.post("/v1/members/ext:ada/merge", json!({ "account": "ada-2" })).await.ok();
    counter.shop.run_until_idle().await;
    assert_eq!(advocate(&counter, text(&code)).await, json!(ada));
    assert_eq!(give(&counter, "ada-2", json!({})).await, code, "the account's code is the member's");
    assert_eq!(give(&counter, "ada", json!({ "name": "ada-szyje" })).await["code"], name["code"]);
    let listed = counter.get("/v1/members/ext:ada/codes").await.ok();
    assert_eq!(listed["data"].as_array().unwrap().len(), 2, "{listed:#}");

    let folder = tempfile::tempdir().unwrap();
    let (file, target) = (folder.path().join("export.gz"), folder.path().join("elsewhere"));
    let exported = export(&counter.shop.application, &file).await.unwrap();
    let restored = restore(&file, &target, counter.shop.clock.clone()).await.unwrap();
    assert!(restored.report.is_clean() && restored.rows == exported.rows);
    let application = shop::open(&target, &counter.shop.clock).await;
    let name = lojal_server::platform::referral_codes::CodeName::parse("ada szyje").unwrap();
    let lead = application.advocate_by_code(&name).await.unwrap().unwrap();
    assert_eq!(json!(lead.advocate.to_string()), json!(ada));
    application.close().await;
}

#[tokio::test]
async fn a_blocked_code_is_replaced_and_leads_nowhere_still() {
    let counter = Counter::open().await;
    let ada = enrol(&counter, "ada").await;
    let code = give(&counter, "ada", json!({})).await;
    let step = async |step: &str| counter.post(&format!("/v1/codes/{}/{step}", text(&code)), json!({})).await.ok();
    step("block").await;
    let new = step("replace").await;
    assert_eq!(step("replace").await, new, "twice is once");
    assert_eq!(
        (advocate(&counter, text(&code)).await, advocate(&counter, text(&new)).await),
        (Value::Null, json!(ada))
    );
    assert_eq!(give(&counter, "ada", json!({})).await, new);
}

#[tokio::test]
async fn a_request_that_comes_again_does_nothing_again() {
    let counter = Counter::open().await;
    enrol(&counter, "ada").await;
    let code = give(&counter, "ada", json!({})).await;
    let path = |step: &str| format!("/v1/codes/{}/{step}", text(&code));
    counter.post_with_key(&path("block"), json!({}), "K").await.ok();
    counter.post(&path("unblock"), json!({})).await.ok();
    let again = counter.post_with_key(&path("block"), json!({}), "K").await;
    assert_eq!(again.headers["idempotency-replayed"], "true");
    assert_eq!(again.ok()["state"], "active", "whoever unblocked it meant that");
    let other = counter.post_with_key(&path("replace"), json!({}), "K").await;
    other.assert_problem(StatusCode::CONFLICT, "idempotency_key_reused");
    let made = counter.post_with_key("/v1/members/ext:ada/codes", json!({ "channel": "flyer" }), "L").await.ok();
    let again = counter.post_with_key("/v1/members/ext:ada/codes", json!({ "channel": "flyer" }), "L").await.ok();
    assert_eq!(again, made);
    let other = counter.post_with_key("/v1/members/ext:ada/codes", json!({ "channel": "podcast" }), "L").await;
    other.assert_problem(StatusCode::CONFLICT, "idempotency_key_reused");
    // What was refused may be tried again.
    let refused = counter.post_with_key("/v1/codes/nobodyhasit/block", json!({}), "M").await;
    refused.assert_problem(StatusCode::NOT_FOUND, "unknown_code");
    let refused = counter.post_with_key("/v1/codes/nobodyhasit/block", json!({}), "M").await;
    refused.assert_problem(StatusCode::NOT_FOUND, "unknown_code");
}

#[tokio::test]
async fn nobody_takes_more_names_than_a_few_nor_the_shops() {
    let counter = Counter::open().await;
    enrol(&counter, "ada").await;
    for number in 0..10 {
        give(&counter, "ada", json!({ "name": format!("ada-szyje-{number}") })).await;
    }
    let one_more = counter.post("/v1/members/ext:ada/codes", json!({ "name": "ada-haftuje" })).await;
    one_more.assert_problem(StatusCode::CONFLICT, "too_many_codes");
    give(&counter, "ada", json!({ "name": "ada-szyje-3" })).await;
    // What staff replace is not the member's doing.
    for _ in 0..60 {
        let code = give(&counter, "ada", json!({})).await;
        counter.post(&format!("/v1/codes/{}/replace", text(&code)), json!({})).await.ok();
    }
    enrol(&counter, "ben").await;
    let programme = counter.shop.application.rulebook().live().unwrap().name.values().next().unwrap().clone();
    for name in [programme.clone(), format!("{programme} shop"), "Rabat".to_owned(), "obsługa".to_owned()] {
        let refused = counter.post("/v1/members/ext:ben/codes", json!({ "name": name })).await;
        refused.assert_field("/name", "reserved_name");
    }
}
