//! The API as a shop uses it: every operation once, on a real port.

use reqwest::Method;
use serde_json::{Value, json};

use crate::http_client::{Counter, read};
use crate::shop::moment;

pub fn order(member: &str, state: &str, price: &str) -> Value {
    json!({
        "member": member, "state": state, "currency": "PLN", "placed_at": "2026-05-04T09:00:00Z",
        "lines": [
            { "id": "1", "sku": "MUG-01", "quantity": 2, "unit_price": price },
            { "id": "2", "quantity": 1, "total": "15.00", "kind": "shipping" },
        ],
    })
}

async fn enrol(counter: &Counter, name: &str) -> String {
    let body = counter.post("/v1/members", json!({ "external_id": name })).await.ok();
    body["id"].as_str().unwrap().to_owned()
}

async fn give(counter: &Counter, member: &str, amount: i64) {
    let body = json!({ "member": member, "unit": "points", "amount": amount, "reason": "a test" });
    counter.post("/v1/adjustments", body).await.ok();
}

#[tokio::test]
async fn members_join_change_and_leave() {
    let counter = Counter::open().await;
    let body = json!({
        "external_id": "ada", "attributes": { "size": "L", "visits": 3 }, "segments": ["wholesale"],
        "birthday": "04-17", "person": { "name": "Ada Example", "email": "ada@example.com", "language": "pl" },
    });
    let enrolled = counter.post("/v1/members?lang=en", body).await;
    assert_eq!(enrolled.status, 201);
    let enrolled = enrolled.ok();
    assert_eq!(enrolled["transaction"]["balances"][0]["available"], 50, "joining gives 50 points: {enrolled:#}");
    let id = enrolled["id"].as_str().unwrap();

    for name in [id, "ext:ada"] {
        let member = counter.get(&format!("/v1/members/{name}")).await.ok();
        assert_eq!(member["external_id"], "ada");
        assert_eq!(member["person"]["email"], "ada@example.com");
        assert_eq!(member["attributes"], json!({ "size": "L", "visits": 3 }));
        assert_eq!(member["birthday"], "04-17");
    }

    let patch = json!({ "attributes": { "size": null, "newsletter": true }, "person": { "email": null } });
    let patched = counter.patch("/v1/members/ext:ada", patch).await.ok();
    assert_eq!(patched["member"]["attributes"], json!({ "newsletter": true, "visits": 3 }));
    assert_eq!(patched["member"]["person"]["name"], "Ada Example");
    assert_eq!(patched["member"]["person"].get("email"), None);

    let left = counter.delete("/v1/members/ext:ada?erase=true").await.ok();
    assert_eq!(left["erased"], true);
    assert!(left["transaction"]["effects"].as_array().unwrap().iter().any(|effect| effect["because"]["why"] == "left"));
    let unknown = counter.get("/v1/members/ext:ada").await;
    unknown.assert_problem(reqwest::StatusCode::NOT_FOUND, "unknown_member");
    let member = counter.get(&format!("/v1/members/{id}")).await.ok();
    assert_eq!((member["status"].as_str(), member.get("person")), (Some("left"), None));
    assert_eq!(member["external_id"], format!("erased-{id}"));
    let again = counter.delete(&format!("/v1/members/{id}")).await.ok();
    assert_eq!((again.get("transaction"), again["erased"].as_bool()), (None, Some(true)));

    enrol(&counter, "bob").await;
    let tried = counter.delete("/v1/members/ext:bob?erase=true&dry_run=true").await.ok();
    assert_eq!(tried["erased"], false);
    let left = counter.delete("/v1/members/ext:bob").await.ok();
    assert_eq!(left["erased"], false, "leaving alone forgets nothing");
    assert_eq!(counter.get("/v1/members/ext:bob").await.ok()["status"], "left");
}

#[tokio::test]
async fn members_accept_the_terms_and_that_is_kept() {
    let counter = Counter::open().await;
    let id = enrol(&counter, "ada").await;
    assert_eq!(counter.get("/v1/members/ext:ada").await.ok().get("terms_accepted"), None);
    let path = "/v1/members/ext:ada/terms_acceptances";
    let body = json!({ "version": 1, "language": "pl", "accepted_at": "2026-05-04T10:00:00Z" });
    let tried = counter.post(&format!("{path}?dry_run=true"), body.clone()).await;
    assert_eq!((tried.status, tried.body["version"].as_u64()), (200, Some(1)));
    assert_eq!(counter.get(path).await.ok()["data"], json!([]));
    let accepted = counter.post(path, body.clone()).await;
    assert_eq!((accepted.status, accepted.body["accepted_at"].as_str()), (201, Some("2026-05-04T10:00:00Z")));
    let again = counter.post(path, json!({ "version": 1, "language": "en" })).await;
    assert_eq!((again.status, &again.body), (201, &accepted.body), "the first acceptance stays");

    for (body, code) in [
        (json!({ "version": 9, "language": "pl" }), "unknown_version"),
        (json!({ "version": 1, "language": "pl", "accepted_at": "2999-01-01T00:00:00Z" }), "in_future"),
        (json!({ "version": 1, "language": "pl", "accepted_at": "1970-01-01T00:00:00Z" }), "too_early"),
    ] {
        let refused = counter.post(path, body).await;
        refused.assert_problem(reqwest::StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields");
        assert_eq!(refused.body["errors"][0]["code"], code);
    }
    counter.delete("/v1/members/ext:ada?erase=true").await.ok();
    let kept = counter.get(&format!("/v1/members/{id}/terms_acceptances")).await.ok();
    assert_eq!(kept["data"], json!([accepted.body]), "what was agreed on outlives the personal data");
    let member = counter.get(&format!("/v1/members/{id}")).await.ok();
    assert_eq!(member["terms_accepted"], json!({ "version": 1, "at": "2026-05-04T10:00:00Z" }));
    let late = counter.post(&format!("/v1/members/{id}/terms_acceptances"), body).await;
    late.assert_problem(reqwest::StatusCode::CONFLICT, "member_left");
    counter.shop.assert_audited().await;
}

#[tokio::test]
async fn lists_come_in_pages() {
    let counter = Counter::open().await;
    for number in 0..7 {
        enrol(&counter, &format!("customer {number}")).await;
    }
    let mut seen = Vec::new();
    let mut path = "/v1/members?limit=3".to_owned();
    loop {
        let page = counter.get(&path).await.ok();
        seen.extend(page["data"].as_array().unwrap().iter().map(|member| member["external_id"].to_string()));
        match page["next_cursor"].as_str() {
            Some(cursor) => path = format!("/v1/members?limit=3&cursor={cursor}"),
            None => break,
        }
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 7);

    for _ in 0..5 {
        give(&counter, "customer 0", 10).await;
    }
    let all = counter.get("/v1/members/ext:customer%200/ledger_entries").await.ok();
    let all: Vec<Value> = all["data"].as_array().unwrap().clone();
    let mut paged = Vec::new();
    let mut path = "/v1/members/ext:customer%200/ledger_entries?limit=2".to_owned();
    while !path.is_empty() {
        let page = counter.get(&path).await.ok();
        assert_eq!(page["has_more"], page.get("next_cursor").is_some());
        paged.extend(page["data"].as_array().unwrap().clone());
        let next = page["next_cursor"].as_str();
        path = next.map_or(String::new(), |cursor| {
            format!("/v1/members/ext:customer%200/ledger_entries?limit=2&cursor={cursor}")
        });
    }
    assert_eq!(all.len(), 6, "joining and five adjustments");
    assert_eq!(paged, all);
}

#[tokio::test]
async fn an_order_lives_its_whole_life() {
    let counter = Counter::open().await;
    enrol(&counter, "ada").await;

    let quote = counter.put("/v1/orders/1001", order("ada", "open", "100.00")).await.ok();
    assert_eq!(quote["transaction"]["dry_run"], true);
    assert_eq!(quote["transaction"]["balances"][0]["pending"], 230, "{quote:#}");
    assert_eq!(counter.get("/v1/orders/1001").await.status, 404);

    let tried = counter.put("/v1/orders/1001?dry_run=true", order("ada", "paid", "100.00")).await.ok();
    assert_eq!(tried["transaction"].get("id"), None);
    assert_eq!(counter.get("/v1/orders/1001").await.status, 404);

    let paid = counter.put("/v1/orders/1001?explain=true&lang=pl", order("ada", "paid", "100.00")).await.ok();
    assert_eq!(paid["transaction"]["balances"][0]["pending"], 230);
    assert_eq!(paid["order"]["total"], "215.00");
    let rules = paid["explanation"]["rules"].as_array().unwrap();
    let season = rules.iter().find(|rule| rule["rule"] == "season").unwrap();
    assert_eq!(season["outcome"], "not_met");
    assert_eq!(season["failed"]["condition"]["field"], "time.month");
    assert_eq!(season["failed"]["actual"], 5);
    assert!(season["text"].as_str().unwrap().contains("weekendy"), "{season:#}");
    let effect = &paid["transaction"]["effects"][0];
    assert_eq!(effect["because"]["reckoning"]["basis"]["amount"], "200.00", "{effect:#}");
    assert!(effect["text"].as_str().unwrap().contains("200,00"), "{effect:#}");
    let sum: i64 = effect["postings"].as_array().unwrap().iter().map(|side| side["amount"].as_i64().unwrap()).sum();
    assert_eq!(sum, 0);

    let again = counter.put("/v1/orders/1001", order("ada", "paid", "100.00")).await.ok();
    assert_eq!(again["transaction"]["id"], paid["transaction"]["id"], "the same order again changes nothing");

    let mut closed = order("ada", "closed", "100.00");
    closed["closed_at"] = json!("2026-05-04T09:30:00Z");
    counter.put("/v1/orders/1001", closed).await.ok();
    let back = json!({ "return_id": "r-1", "lines": [{ "line": "1", "quantity": 1 }] });
    let returned = counter.post("/v1/orders/1001/returns", back).await;
    assert_eq!(returned.status, 201);
    let returned = returned.ok();
    assert_eq!(returned["order"]["returned"], "partly");
    assert_eq!(returned["order"]["kept_total"], "115.00");
    assert_eq!(returned["transaction"]["balances"][0]["pending"], 100, "100 PLN are kept, and no longer 200");
    let rest = counter.post("/v1/orders/1001/returns", json!({ "return_id": "r-2" })).await.ok();
    assert_eq!(rest["order"]["returned"], "wholly");
    assert_eq!(rest["transaction"]["balances"][0]["pending"], 0);
    let order = counter.get("/v1/orders/1001").await.ok();
    assert_eq!(order["returns"], json!(["r-1", "r-2"]));

    let loose = json!({
        "member": "ada", "return_id": "r-3", "currency": "PLN",
        "lines": [{ "id": "1", "quantity": 1, "total": "20.00" }],
    });
    let loose = counter.post("/v1/returns", loose).await.ok();
    assert_eq!(loose["transaction"]["balances"][0]["available"], 30, "50 for joining less 20");
}

#[tokio::test]
async fn a_first_order_makes_a_member_and_a_guest_gets_a_quote() {
    let counter = Counter::open().await;
    let cart = json!({ "currency": "PLN", "lines": [{ "id": "1", "quantity": 1, "total": "150.00" }] });
    let quote = counter.post("/v1/quotes?explain=true", cart.clone()).await.ok();
    assert_eq!(quote["transaction"]["balances"][0]["pending"], 150);
    assert!(quote["explanation"]["rules"].as_array().unwrap().len() > 1);
    let guest = counter.put("/v1/orders/7", order("new", "open", "10.00")).await.ok();
    assert_eq!(guest["transaction"]["dry_run"], true);
    assert_eq!(counter.get("/v1/members/ext:new").await.status, 404);

    counter.put("/v1/orders/7", order("new", "paid", "10.00")).await.ok();
    assert_eq!(counter.get("/v1/members/ext:new").await.ok()["status"], "active");
    let mut cart = cart;
    cart["member"] = json!("new");
    let quote = counter.post("/v1/quotes", cart).await.ok();
    assert_eq!(quote["transaction"]["balances"][0]["pending"], 170);
}

#[tokio::test]
async fn activities_count_once() {
    let counter = Counter::open().await;
    enrol(&counter, "ada").await;
    let review = json!({ "member": "ada", "name": "review", "external_id": "rev-1", "attributes": { "stars": 5 } });
    for _ in 0..2 {
        let done = counter.post("/v1/activities?lang=en&explain=true", review.clone()).await.ok();
        assert!(done["explanation"]["rules"].as_array().is_some());
    }
    assert_eq!(counter.available("ext:ada").await, 60);
}

#[tokio::test]
async fn points_are_held_captured_and_released() {
    let counter = Counter::open().await;
    enrol(&counter, "ada").await;
    give(&counter, "ada", 450).await;
    let hold = json!({ "member": "ada", "unit": "points", "amount": 300, "reference": "cart-9" });
    let opened = counter.post("/v1/holds", hold.clone()).await;
    assert_eq!(opened.status, 201);
    let id = opened.ok()["hold"]["id"].as_str().unwrap().to_owned();
    assert_eq!(counter.available("ext:ada").await, 200);
    let open = counter.get("/v1/members/ext:ada/holds").await.ok();
    assert_eq!(open["data"][0]["id"], id);
    assert_eq!(counter.get(&format!("/v1/holds/{id}")).await.ok()["state"], "open");

    let captured = counter.post(&format!("/v1/holds/{id}/capture"), json!({ "amount": 250 })).await.ok();
    assert_eq!(captured["hold"]["state"], "captured");
    assert_eq!(counter.available("ext:ada").await, 250, "50 of the hold came back");
    assert_eq!(counter.get(&format!("/v1/holds/{id}")).await.ok()["state"], "captured");

    let second = counter.post("/v1/holds", hold.clone()).await;
    second.assert_problem(reqwest::StatusCode::CONFLICT, "insufficient_points");
    assert_eq!(second.body["facts"], json!({ "unit": "points", "needed": 300, "available": 250 }));
    let mut small = hold;
    small["amount"] = json!(100);
    let third = counter.post("/v1/holds", small.clone()).await.ok();
    let released =
        counter.post(&format!("/v1/holds/{}/release", third["hold"]["id"].as_str().unwrap()), json!({})).await.ok();
    assert_eq!(released["hold"]["state"], "released");

    let fourth = counter.post("/v1/holds", small).await.ok();
    counter.shop.clock.set(moment("2026-05-04T11:00:00Z"));
    assert_eq!(counter.available("ext:ada").await, 250, "a hold that lapsed is free at once");
    counter.shop.run_until_idle().await;
    let lapsed = counter.get(&format!("/v1/holds/{}", fourth["hold"]["id"].as_str().unwrap())).await.ok();
    assert_eq!(lapsed["state"], "lapsed");
}

#[tokio::test]
async fn rewards_are_redeemed_used_and_rolled_back() {
    let counter = Counter::open().await;
    enrol(&counter, "ada").await;
    give(&counter, "ada", 400).await;
    let catalogue = counter.get("/v1/rewards").await.ok();
    assert!(catalogue["data"].as_array().unwrap().iter().any(|reward| reward["id"] == "coupon-10"
        && reward["gives"] == json!({ "kind": "amount_off", "amount": "10.00" })
        && reward["price"]["points"] == 200));
    let rewards = counter.get("/v1/members/ext:ada/rewards?lang=pl").await.ok();
    let of =
        |id: &str| rewards["data"].as_array().unwrap().iter().find(|one| one["reward"]["id"] == id).unwrap().clone();
    assert_eq!(of("coupon-10")["available"], true);
    assert_eq!(of("mug")["missing"]["code"], "insufficient_points");
    assert_eq!(of("mug")["missing"]["facts"]["available"], 450);
    assert_eq!(of("premiere")["missing"]["code"], "reward_not_for_member");

    let redeemed = counter.post("/v1/redemptions", json!({ "member": "ada", "reward": "coupon-10" })).await;
    assert_eq!(redeemed.status, 201);
    let redemption = redeemed.ok()["redemption"].clone();
    let id = redemption["id"].as_str().unwrap();
    let code = redemption["voucher"]["code"].as_str().unwrap();
    assert_eq!((redemption["points"].as_i64(), redemption["rolled_back"].as_bool()), (Some(200), Some(false)));
    assert_eq!(counter.get(&format!("/v1/redemptions/{id}")).await.ok(), redemption);

    let voucher = format!("/v1/vouchers/{}", redemption["voucher"]["id"].as_str().unwrap());
    assert_eq!(counter.get(&voucher).await.ok()["state"], "issued");
    assert_eq!(counter.get("/v1/members/ext:ada/vouchers").await.ok()["data"][0]["code"], code);
    let valid = counter.post("/v1/vouchers/validate", json!({ "code": code, "member": "ada" })).await.ok();
    assert_eq!((valid["valid"].as_bool(), valid["voucher"]["redemption"].as_str()), (Some(true), Some(id)));

    counter.post(&format!("/v1/redemptions/{id}/rollback"), json!({ "reason": "changed her mind" })).await.ok();
    assert_eq!(counter.get(&format!("/v1/redemptions/{id}")).await.ok()["rolled_back"], true);
    assert_eq!(counter.get(&voucher).await.ok()["state"], "cancelled");
    assert_eq!(counter.available("ext:ada").await, 450);

    let second = counter.post("/v1/redemptions", json!({ "member": "ada", "reward": "coupon-10" })).await.ok();
    let code = second["redemption"]["voucher"]["code"].as_str().unwrap();
    let used = counter.post("/v1/vouchers/use", json!({ "code": code, "order": "1001" })).await.ok();
    assert_eq!((used["voucher"]["state"].as_str(), used["voucher"]["order"].as_str()), (Some("used"), Some("1001")));
    let invalid = counter.post("/v1/vouchers/validate", json!({ "code": code })).await.ok();
    assert_eq!((invalid["valid"].as_bool(), invalid["code"].as_str()), (Some(false), Some("voucher_used")));
}

#[tokio::test]
async fn codes_of_a_pool_are_imported_once() {
    let counter = Counter::open().await;
    let list = json!({ "codes": ["A-1", "A-2", "A-2"] });
    let first = read(counter.request(Method::POST, "/v1/voucher_pools/partner/codes").json(&list)).await.ok();
    assert_eq!(first, json!({ "pool": "partner", "received": 2, "added": 2, "known": 0 }));
    let text = counter.request(Method::POST, "/v1/voucher_pools/partner/codes").header("content-type", "text/plain");
    let second = read(text.body("A-2\r\nA-3\n\n")).await.ok();
    assert_eq!(second, json!({ "pool": "partner", "received": 2, "added": 1, "known": 1 }));
}

#[tokio::test]
async fn every_entry_says_why() {
    let counter = Counter::open().await;
    enrol(&counter, "ada").await;
    give(&counter, "ada", 25).await;
    let entries = counter.get("/v1/members/ext:ada/ledger_entries?lang=pl").await.ok();
    let newest = &entries["data"][0];
    assert_eq!(newest["because"], json!({ "why": "adjusted", "reason": "a test", "debt": 0 }));
    let id = newest["id"].as_str().unwrap();
    let plain = counter.get(&format!("/v1/ledger_entries/{id}")).await.ok();
    assert_eq!((plain["id"].as_str(), plain.get("text")), (Some(id), None));
    let why = counter.get(&format!("/v1/ledger_entries/{id}/why?lang=pl")).await.ok();
    assert_eq!(why["text"], newest["text"]);
    assert!(why["text"].as_str().unwrap().contains("25\u{a0}punktów"), "{why:#}");
}

#[tokio::test]
async fn tiers_show_what_is_missing() {
    let counter = Counter::open().await;
    enrol(&counter, "ada").await;
    let ladders = counter.get("/v1/tiers").await.ok();
    assert_eq!(ladders["data"][0]["levels"][1]["at"], "1000.00");
    counter.put("/v1/orders/1", order("ada", "paid", "200.00")).await.ok();
    let tiers = counter.get("/v1/members/ext:ada/tiers").await.ok();
    assert_eq!(tiers["data"][0]["level"], "member");
    assert_eq!(tiers["data"][0]["next"], json!({ "level": "silver", "at": "1000.00", "missing": "600.00" }));
    counter.put("/v1/orders/2", order("ada", "paid", "400.00")).await.ok();
    let tiers = counter.get("/v1/members/ext:ada/tiers").await.ok();
    assert_eq!(tiers["data"][0]["level"], "silver");
    assert_eq!(tiers["data"][0]["next"]["level"], "gold");
}

#[tokio::test]
async fn points_go_to_others_and_households_share() {
    let counter = Counter::open().await;
    let ada = enrol(&counter, "ada").await;
    enrol(&counter, "bob").await;
    let gift = json!({ "kind": "gift", "from": "ada", "to": "bob", "unit": "points", "amount": 20 });
    let sent = counter.post("/v1/transfers", gift).await;
    assert_eq!(sent.status, 201);
    counter.shop.run_until_idle().await;
    assert_eq!((counter.available("ext:ada").await, counter.available("ext:bob").await), (30, 70));

    let household = counter.post("/v1/households", json!({})).await.ok()["id"].as_str().unwrap().to_owned();
    for member in ["ada", "bob"] {
        counter.post(&format!("/v1/households/{household}/members"), json!({ "member": member })).await.ok();
        counter.shop.run_until_idle().await;
    }
    assert_eq!(counter.get(&format!("/v1/households/{household}")).await.ok()["members"].as_array().unwrap().len(), 2);
    assert_eq!(counter.available("ext:ada").await, 100);
    let shared = counter.get(&format!("/v1/households/{household}/wallets")).await.ok();
    assert_eq!(shared["data"][0]["available"], 100);
    let held = counter.post("/v1/holds", json!({ "member": "bob", "unit": "points", "amount": 90 })).await.ok();
    assert_eq!(held["hold"]["holder"], household);
    let entries = counter.get(&format!("/v1/households/{household}/ledger_entries")).await.ok();
    assert!(entries["data"].as_array().unwrap().len() >= 3);

    let left = counter.delete(&format!("/v1/households/{household}/members/{ada}")).await;
    assert_eq!(left.status, 200);
    counter.shop.run_until_idle().await;
    assert_eq!(counter.get(&format!("/v1/households/{household}")).await.ok()["members"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn the_same_key_gets_the_same_answer() {
    let counter = Counter::open().await;
    enrol(&counter, "ada").await;
    enrol(&counter, "bob").await;
    let body =
        |member: &str, amount: i64| json!({ "member": member, "unit": "points", "amount": amount, "reason": "x" });
    let first = counter.post_with_key("/v1/adjustments", body("ada", 10), "my key").await;
    let second = counter.post_with_key("/v1/adjustments", body("ada", 10), "my key").await;
    assert_eq!((first.status, &first.body), (second.status, &second.body));
    assert_eq!(
        (first.headers.get("idempotency-replayed"), second.headers["idempotency-replayed"].as_bytes()),
        (None, &b"true"[..])
    );
    assert_eq!(counter.available("ext:ada").await, 60);
    for other in [body("ada", 11), body("bob", 10)] {
        let reused = counter.post_with_key("/v1/adjustments", other, "my key").await;
        reused.assert_problem(reqwest::StatusCode::CONFLICT, "idempotency_key_reused");
    }
    let hold = json!({ "member": "ada", "unit": "points", "amount": 1000 });
    let once = counter.post_with_key("/v1/holds", hold.clone(), "a hold").await;
    give(&counter, "ada", 5_000).await;
    let twice = counter.post_with_key("/v1/holds", hold, "a hold").await;
    assert_eq!((once.status, &once.body["facts"]), (409, &twice.body["facts"]), "a refusal is remembered, too");
}

#[tokio::test]
async fn health_docs_and_description_need_no_key() {
    let counter = Counter::open().await;
    let plain = |path: &str| counter.client.get(format!("{}{path}", counter.address));
    assert_eq!(read(plain("/healthz")).await.ok(), json!({ "status": "ok" }));
    assert_eq!(read(plain("/v1/openapi.json")).await.ok()["openapi"], "3.1.0");
    let docs = plain("/").send().await.unwrap();
    assert_eq!((docs.status().as_u16(), docs.url().path()), (200, "/docs/"));
    assert!(docs.text().await.unwrap().contains("swagger-ui"));
}

#[tokio::test]
async fn every_change_of_mind_is_kept_and_the_last_one_holds() {
    let counter = Counter::open().await;
    counter.post("/v1/members", json!({ "external_id": "ada" })).await.ok();
    let all = "/v1/members/ext:ada/consents";
    assert_eq!(counter.get(all).await.ok()["data"], json!([]));
    let put = async |purpose: &str, body: Value| counter.put(&format!("{all}/{purpose}"), body).await;
    let first = put("email", json!({ "given": true })).await.ok();
    assert_eq!((&first["purpose"], &first["given"]), (&json!("email"), &json!(true)));
    counter.shop.clock.set(moment("2026-05-06T10:00:00Z"));
    assert_eq!(put("email", json!({ "given": true })).await.ok(), first, "nothing has changed");
    let withdrawn = put("email", json!({ "given": false })).await.ok();
    let earlier = put("sms", json!({ "given": true, "changed_at": "2026-01-01T09:00:00Z" })).await.ok();
    assert_eq!(counter.get(all).await.ok()["data"], json!([earlier, first, withdrawn]));
    // Said earlier than what holds: it is written down, and changes nothing of what holds.
    let late = put("email", json!({ "given": true, "changed_at": "2026-05-05T00:00:00Z" })).await.ok();
    assert_eq!(late, withdrawn);
    let moment = withdrawn["changed_at"].clone();
    let rewritten = put("email", json!({ "given": true, "changed_at": moment })).await;
    assert_eq!(rewritten.status, 409, "{}", rewritten.body);
    for (purpose, body, status) in [
        ("fax", json!({ "given": true }), 404),
        ("sms", json!({ "given": "yes" }), 422),
        ("sms", json!({}), 422),
        ("sms", json!({ "given": true, "changed_at": "2036-01-01T09:00:00Z" }), 422),
    ] {
        assert_eq!(put(purpose, body.clone()).await.status, status, "{purpose} {body}");
    }
    counter.delete("/v1/members/ext:ada").await;
    assert_eq!(put("sms", json!({ "given": false })).await.status, 409);
}

#[tokio::test]
async fn an_activity_is_called_off_once() {
    let counter = Counter::open().await;
    enrol(&counter, "ada").await;
    let before = counter.available("ext:ada").await;
    let review = json!({ "member": "ada", "name": "review", "external_id": "rev-1", "attributes": { "stars": 5 } });
    counter.post("/v1/activities", review.clone()).await.ok();
    let with_review = counter.available("ext:ada").await;
    assert!(with_review > before);

    let named = json!({ "member": "ada", "name": "review", "external_id": "rev-1", "reason": "copied" });
    let tried = counter.post("/v1/activities/call_off?dry_run=true", named.clone()).await;
    assert_eq!((tried.status, counter.available("ext:ada").await), (200, with_review));
    let called_off = counter.post("/v1/activities/call_off?lang=en", named.clone()).await;
    assert_eq!((called_off.status, counter.available("ext:ada").await), (201, before));
    let effect = &called_off.body["transaction"]["effects"][0];
    assert_eq!(effect["because"]["why"], "activity_called_off", "{effect:#}");
    assert!(effect["text"].as_str().unwrap().ends_with("Reason: copied."), "{effect:#}");

    for (path, body) in [("/v1/activities/call_off", named), ("/v1/activities", review)] {
        let again = counter.post(path, body).await;
        assert!(again.status < 300, "{again:#?}");
        assert_eq!(counter.available("ext:ada").await, before, "{path}");
    }
    let unknown = json!({ "member": "ada", "name": "review", "external_id": "rev-2" });
    let unknown = counter.post("/v1/activities/call_off", unknown).await;
    unknown.assert_problem(reqwest::StatusCode::NOT_FOUND, "unknown_activity");
    counter.shop.assert_audited().await;
}
