//! What the API refuses, and that it says so in problem details which name the field.

use std::time::Duration;

use lojal_server::platform::keys::{Scope, key_list, key_revoke};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::http_client::{Answer, Counter, read};
use crate::shop;

fn order() -> Value {
    json!({
        "member": "ada", "state": "paid", "currency": "PLN", "placed_at": "2026-05-04T09:00:00Z",
        "lines": [{ "id": "1", "quantity": 2, "total": "100.00" }],
    })
}

/// The order with one value changed, or added, at a JSON pointer.
fn order_with(pointer: &str, value: Value) -> Value {
    let mut order = order();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match order.pointer_mut(parent).unwrap() {
        Value::Object(fields) => fields.insert(name.to_owned(), value),
        _ => panic!("{pointer} is in no object"),
    };
    order
}

async fn open() -> Counter {
    let counter = Counter::open().await;
    counter.post("/v1/members", json!({ "external_id": "ada" })).await.ok();
    counter
}

#[tokio::test]
async fn a_wrong_field_is_named() {
    let counter = open().await;
    let line = json!({ "id": "1", "quantity": 2, "total": "100.00" });
    for (pointer, value, code) in [
        ("/colour", json!("red"), "unknown_field"),
        ("/lines/0/colour", json!("red"), "unknown_field"),
        ("/currency", json!("EUR"), "unknown_currency"),
        ("/currency", json!("zloty"), "invalid"),
        ("/currency", Value::Null, "invalid"),
        ("/placed_at", json!("2026-05-04T10:06:00Z"), "in_future"),
        ("/paid_at", json!("2036-05-04T10:06:00Z"), "in_future"),
        ("/placed_at", json!("yesterday"), "invalid"),
        ("/placed_at", json!("2026-05-04"), "invalid"),
        ("/placed_at", json!(1_777_888_999), "invalid"),
        ("/state", json!("returned"), "invalid"),
        ("/brand", json!("other"), "unknown_brand"),
        ("/lines/0/total", json!(100), "invalid"),
        ("/lines/0/total", json!(12.5), "invalid"),
        ("/lines/0/total", json!("12,50"), "invalid"),
        ("/lines/0/total", json!("12.505"), "too_precise"),
        ("/lines/0/total", json!("-1.00"), "negative"),
        ("/lines/0/total", json!("999999999999999.00"), "too_large"),
        ("/lines/0/total", json!("99999999999999999999.00"), "invalid"),
        ("/lines/0/unit_price", json!("50.00"), "stated_twice"),
        ("/lines/0/tax", json!("100.01"), "too_large"),
        ("/lines/0/quantity", json!(0), "invalid"),
        ("/lines/0/quantity", json!(-3), "invalid"),
        ("/lines/0/quantity", json!(1.5), "invalid"),
        ("/lines/0/quantity", json!(9_223_372_036_854_775_807_i64), "invalid"),
        ("/lines/0/quantity", json!(18_446_744_073_709_551_615_u64), "invalid"),
        ("/lines/0/id", json!(""), "invalid"),
        ("/lines/0/id", json!("a\u{0}b"), "invalid"),
        ("/lines/0/kind", json!("present"), "invalid"),
        ("/lines/0/sku", json!("x".repeat(101)), "invalid"),
        ("/paid_with_points", json!("100.01"), "too_large"),
        ("/lines", json!([]), "wrong_number"),
        ("/lines", json!([line, line]), "duplicate"),
    ] {
        let answer = counter.put("/v1/orders/1", order_with(pointer, value.clone())).await;
        answer.assert_problem(StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields");
        let named = if code == "duplicate" { "/lines/1/id" } else { pointer };
        answer.assert_field(named, code);
    }
    let mut without = order();
    without.as_object_mut().unwrap().remove("member");
    counter.put("/v1/orders/1", without).await.assert_field("/member", "missing_field");
    let mut without = order();
    without["lines"][0].as_object_mut().unwrap().remove("total");
    counter.put("/v1/orders/1", without).await.assert_field("/lines/0/total", "missing_field");
    assert_eq!(counter.get("/v1/orders/1").await.status, 404, "nothing of all this was written");
}

#[tokio::test]
async fn all_wrong_fields_are_named_at_once() {
    let counter = open().await;
    let mut wrong = order_with("/currency", json!("EUR"));
    wrong["placed_at"] = json!("2030-01-01T00:00:00Z");
    wrong["lines"][0]["tax"] = json!("200.00");
    let answer = counter.put("/v1/orders/1", wrong).await;
    for (pointer, code) in
        [("/currency", "unknown_currency"), ("/placed_at", "in_future"), ("/lines/0/tax", "too_large")]
    {
        answer.assert_field(pointer, code);
    }
}

#[tokio::test]
async fn amounts_that_would_overflow_are_refused() {
    let counter = open().await;
    let mut many = order();
    let line = |id: usize| json!({ "id": id.to_string(), "quantity": 1, "total": "9000000000000.00" });
    many["lines"] = (0..3).map(line).collect();
    counter.put("/v1/orders/1", many).await.assert_field("/lines", "too_large");
    let priced = json!([{ "id": "1", "quantity": 1_000_000, "unit_price": "9000000000.00" }]);
    counter.put("/v1/orders/1", order_with("/lines", priced)).await.assert_field("/lines/0/unit_price", "too_large");
    for amount in [json!(1_000_000_000_000_001_i64), json!(i64::MIN), json!(0), json!(1e30)] {
        let body = json!({ "member": "ada", "unit": "points", "amount": amount, "reason": "x" });
        counter.post("/v1/adjustments", body).await.assert_field("/amount", "invalid");
    }
    let body = json!({ "member": "ada", "unit": "points", "amount": 1_000_000_000_000_000_i64, "reason": "x" });
    for _ in 0..1_001 {
        let answer = counter.post("/v1/adjustments", body.clone()).await;
        if answer.status != 201 {
            answer.assert_problem(StatusCode::UNPROCESSABLE_ENTITY, "too_large");
            return;
        }
    }
    panic!("a wallet took more than it can hold");
}

#[tokio::test]
async fn bodies_that_cannot_be_read_are_refused() {
    let counter = open().await;
    let put = || counter.request(Method::PUT, "/v1/orders/1").header("content-type", "application/json");
    let broken = read(put().body("{\"member\": \"ada\",}")).await;
    broken.assert_problem(StatusCode::BAD_REQUEST, "malformed_json");
    let nothing = read(put()).await;
    nothing.assert_problem(StatusCode::BAD_REQUEST, "malformed_json");
    let trailing = read(put().body(format!("{} x", order()))).await;
    trailing.assert_problem(StatusCode::BAD_REQUEST, "malformed_json");
    let deep = read(put().body("[".repeat(100_000))).await;
    assert!(deep.status == 400 || deep.status == 422, "{deep:#?}");
    let not_utf8 = read(put().body(b"{\"member\": \"ad\xff\"}".to_vec())).await;
    not_utf8.assert_problem(StatusCode::BAD_REQUEST, "broken_utf8");
    let half = read(put().body("{\"member\": \"\\ud800\"}")).await;
    half.assert_problem(StatusCode::BAD_REQUEST, "malformed_json");
    let form = counter
        .request(Method::PUT, "/v1/orders/1")
        .header("content-type", "application/x-www-form-urlencoded")
        .body("member=ada");
    read(form).await.assert_problem(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_json");
    let untyped = counter.request(Method::PUT, "/v1/orders/1").body(order().to_string());
    read(untyped).await.assert_problem(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_json");
}

#[tokio::test]
async fn a_body_of_ten_megabytes_is_refused_and_says_why() {
    let counter = open().await;
    let large = order_with("/channel", json!("x".repeat(10 * 1024 * 1024)));
    counter.put("/v1/orders/1", large).await.assert_problem(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large");
    let almost = order_with("/channel", json!("x".repeat(1024 * 1024 - 400)));
    counter.put("/v1/orders/1", almost).await.assert_field("/channel", "invalid");
}

#[tokio::test]
async fn only_known_keys_get_in_and_only_where_they_may() {
    let counter = open().await;
    let call = |authorization: Option<&str>| {
        let request = counter.client.get(format!("{}/v1/members", counter.address));
        match authorization {
            Some(text) => read(request.header("authorization", text)),
            None => read(request),
        }
    };
    let key = counter.key.clone();
    let cut = format!("Bearer {}", &key[..key.len() - 1]);
    let other_kind = format!("Bearer {}", key.replace("lojal_sk_", "lojal_pk_"));
    for wrong in
        [None, Some("Bearer"), Some("Bearer x"), Some("Basic eDp5"), Some(cut.as_str()), Some(other_kind.as_str())]
    {
        let answer = call(wrong).await;
        answer.assert_problem(StatusCode::UNAUTHORIZED, "unauthorized");
        assert_eq!(answer.headers["www-authenticate"], "Bearer");
    }
    let reads = counter.new_key(&[Scope::Read]).await;
    assert_eq!(call(Some(&format!("bearer {reads}"))).await.status, 200);
    let writes = counter.client.put(format!("{}/v1/orders/1", counter.address)).bearer_auth(&reads).json(&order());
    read(writes).await.assert_problem(StatusCode::FORBIDDEN, "forbidden");
    let shop_key = counter.new_key(&[Scope::Read, Scope::Write]).await;
    let body = json!({ "member": "ada", "unit": "points", "amount": 5, "reason": "x" });
    let adjusts = counter.client.post(format!("{}/v1/adjustments", counter.address)).bearer_auth(&shop_key).json(&body);
    read(adjusts).await.assert_problem(StatusCode::FORBIDDEN, "forbidden");

    let keys = async || {
        let mut connection = counter.shop.application.database.read().await.unwrap();
        key_list(&mut connection).await.unwrap()
    };
    while keys().await.iter().any(|key| key.last_used_at.is_none()) {
        tokio::task::yield_now().await;
    }

    let id = reads.trim_start_matches("lojal_sk_").split('_').next().unwrap().to_owned();
    let mut transaction = counter.shop.application.database.write().await.unwrap();
    assert!(key_revoke(&mut transaction, &id, counter.shop.clock.now()).await.unwrap());
    transaction.commit().await.unwrap();
    call(Some(&format!("Bearer {reads}"))).await.assert_problem(StatusCode::UNAUTHORIZED, "unauthorized");

    // Somebody else's process revokes a key that this one took a moment ago.
    let id = shop_key.trim_start_matches("lojal_sk_").split('_').next().unwrap().to_owned();
    call(Some(&format!("Bearer {shop_key}"))).await;
    let elsewhere = shop::open(counter.shop.folder.path(), &counter.shop.clock).await;
    let mut transaction = elsewhere.database.write().await.unwrap();
    assert!(key_revoke(&mut transaction, &id, counter.shop.clock.now()).await.unwrap());
    transaction.commit().await.unwrap();
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    call(Some(&format!("Bearer {shop_key}"))).await.assert_problem(StatusCode::UNAUTHORIZED, "unauthorized");
}

#[tokio::test]
async fn addresses_that_lead_nowhere_are_problems() {
    let counter = open().await;
    for (path, code) in [
        ("/nowhere", "not_found"),
        ("/v1/nowhere", "not_found"),
        ("/v1/members/ada", "not_found"),
        ("/v1/members/ext:nobody", "unknown_member"),
        ("/v1/members/mem_0000000000000", "unknown_member"),
        ("/v1/members/mem_0", "not_found"),
        ("/v1/orders/none", "unknown_order"),
        ("/v1/holds/txn_0000000000000", "unknown_hold"),
        ("/v1/holds/hold-1", "not_found"),
        ("/v1/redemptions/txn_0000000000000", "unknown_redemption"),
        ("/v1/vouchers/txn_0000000000000-0", "unknown_voucher"),
        ("/v1/vouchers/CLUB-1234", "not_found"),
        ("/v1/ledger_entries/txn_0000000000000-0", "unknown_ledger_entry"),
        ("/v1/ledger_entries/txn_0000000000000-99999", "unknown_ledger_entry"),
        ("/v1/households/hol_0000000000000", "unknown_household"),
        ("/v1/households/hol_0000000000000/wallets", "unknown_household"),
        ("/v1/programmes/99", "unknown_version"),
        ("/v1/programmes/latest", "not_found"),
    ] {
        counter.get(path).await.assert_problem(StatusCode::NOT_FOUND, code);
    }
    let broken = counter.get("/v1/orders/%ff").await;
    broken.assert_problem(StatusCode::BAD_REQUEST, "broken_utf8");
    let wrong_method = counter.delete("/v1/rewards").await;
    wrong_method.assert_problem(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed");
    assert!(wrong_method.headers["allow"].to_str().unwrap().contains("GET"));
}

#[tokio::test]
async fn parameters_that_cannot_be_are_named() {
    let counter = open().await;
    for (path, name) in [
        ("/v1/members?limit=0", "limit"),
        ("/v1/members?limit=many", "limit"),
        ("/v1/members?limit=201", "limit"),
        ("/v1/members?cursor=%20", "cursor"),
        ("/v1/members?cursor=txn_0000000000000", ""),
        ("/v1/members?sort=name", "sort"),
        ("/v1/members/ext:ada/ledger_entries?lang=de", "lang"),
        ("/v1/members/ext:ada/ledger_entries?cursor=txn_0000000000000-0", ""),
        ("/v1/rewards?limit=5", "limit"),
    ] {
        let answer = counter.get(path).await;
        answer.assert_problem(StatusCode::BAD_REQUEST, "invalid_parameter");
        if !name.is_empty() {
            answer.assert_field(name, "invalid_parameter");
        }
    }
    let answer = counter.put("/v1/orders/1?dry_run=perhaps", order()).await;
    answer.assert_field("dry_run", "invalid_parameter");
}

#[tokio::test]
async fn what_moves_points_needs_a_key_against_repetition() {
    let counter = open().await;
    let body = json!({ "member": "ada", "unit": "points", "amount": 5, "reason": "x" });
    let without = read(counter.request(Method::POST, "/v1/adjustments").json(&body)).await;
    without.assert_problem(StatusCode::BAD_REQUEST, "idempotency_key_required");
    for wrong in ["", &"x".repeat(256)] {
        let answer = counter.post_with_key("/v1/adjustments", body.clone(), wrong).await;
        answer.assert_problem(StatusCode::BAD_REQUEST, "invalid_idempotency_key");
    }
    assert_eq!(counter.available("ext:ada").await, 50);
}

#[tokio::test]
async fn refusals_of_the_engine_have_their_status_and_facts() {
    let counter = open().await;
    counter.post("/v1/members", json!({ "external_id": "bob" })).await.ok();
    counter.put("/v1/orders/1", order()).await.ok();
    let hold = |unit: &str, amount: i64| json!({ "member": "ada", "unit": unit, "amount": amount });
    let gift =
        |to: &str, amount: i64| json!({ "kind": "gift", "from": "ada", "to": to, "unit": "points", "amount": amount });
    let transfer = json!({ "kind": "transfer", "from": "ada", "to": "bob", "unit": "points", "amount": 10 });
    let returned = |line: &str, quantity: i64| json!({ "return_id": format!("r-{line}-{quantity}"), "lines": [{ "line": line, "quantity": quantity }] });
    let mut late_hold = hold("points", 10);
    late_hold["valid_until"] = json!("2026-06-01T00:00:00Z");
    for (path, body, status, code) in [
        ("/v1/members", json!({ "external_id": "ada" }), 409, "already_enrolled"),
        ("/v1/holds", hold("stars", 5), 422, "unknown_unit"),
        ("/v1/holds", hold("points", 51), 409, "insufficient_points"),
        ("/v1/holds", late_hold, 422, "hold_too_long"),
        ("/v1/holds/txn_0000000000000/capture", json!({}), 404, "unknown_hold"),
        ("/v1/redemptions", json!({ "member": "ada", "reward": "yacht" }), 422, "unknown_reward"),
        ("/v1/redemptions", json!({ "member": "ada", "reward": "mug" }), 409, "insufficient_points"),
        ("/v1/redemptions", json!({ "member": "nobody", "reward": "mug" }), 404, "unknown_member"),
        ("/v1/transfers", gift("bob", 9), 422, "transfer_too_small"),
        ("/v1/transfers", gift("bob", 1_001), 422, "transfer_too_large"),
        ("/v1/transfers", gift("ada", 10), 422, "transfer_to_self"),
        ("/v1/transfers", gift("bob", 60), 409, "insufficient_points"),
        ("/v1/transfers", transfer, 422, "transfers_not_offered"),
        ("/v1/orders/1/returns", returned("9", 1), 422, "unknown_line"),
        ("/v1/orders/1/returns", returned("1", 3), 409, "returns_too_many"),
        ("/v1/orders/2/returns", returned("1", 1), 404, "unknown_order"),
        ("/v1/vouchers/use", json!({ "code": "CLUB-0000-0000" }), 404, "unknown_voucher"),
    ] {
        let answer = counter.post(path, body).await;
        assert_eq!((answer.status, answer.body["code"].as_str()), (status, Some(code)), "{path} {answer:#?}");
        answer.assert_problem(StatusCode::from_u16(status).unwrap(), code);
    }
    let mut stolen = order();
    for thief in ["bob", "somebody new"] {
        stolen["member"] = json!(thief);
        let answer = counter.put("/v1/orders/1", stolen.clone()).await;
        answer.assert_problem(StatusCode::CONFLICT, "order_of_another_member");
    }
    let unheard_of = counter.get("/v1/members/ext:somebody%20new").await;
    unheard_of.assert_problem(StatusCode::NOT_FOUND, "unknown_member");
    let reserved = counter.post("/v1/members", json!({ "external_id": "mem_x" })).await;
    reserved.assert_field("/external_id", "reserved");
    counter.delete("/v1/members/ext:bob").await.ok();
    let late = json!({ "member": "bob", "name": "review", "external_id": "r" });
    counter.post("/v1/activities", late).await.assert_problem(StatusCode::CONFLICT, "member_left");
}

#[tokio::test]
async fn who_calls_too_often_is_told_when_to_come_back() {
    let counter = Counter::open_with_burst(3).await;
    let mut answers: Vec<Answer> = Vec::new();
    for _ in 0..4 {
        answers.push(counter.get("/v1/rewards").await);
    }
    let remaining: Vec<&str> =
        answers.iter().map(|answer| answer.headers["ratelimit-remaining"].to_str().unwrap()).collect();
    assert_eq!(remaining, ["2", "1", "0", "0"]);
    assert!(answers.iter().all(|answer| answer.headers["ratelimit-limit"] == "3"));
    answers[3].assert_problem(StatusCode::TOO_MANY_REQUESTS, "too_many_requests");
    assert_eq!(answers[3].headers["retry-after"], "1");
    let other = counter.new_key(&[Scope::Read]).await;
    let other = counter.client.get(format!("{}/v1/rewards", counter.address)).bearer_auth(other);
    assert_eq!(read(other).await.status, 200, "another key has a bucket of its own");
}

#[tokio::test]
async fn a_request_id_is_echoed_or_made() {
    let counter = open().await;
    let with = async |id: &str| {
        let answer = read(counter.request(Method::GET, "/v1/nowhere").header("x-request-id", id)).await;
        answer.headers["x-request-id"].to_str().unwrap().to_owned()
    };
    assert_eq!(with("shop-42.a_b").await, "shop-42.a_b");
    for harmful in ["<script>", "a b", &"x".repeat(101)] {
        assert!(with(harmful).await.starts_with("req_"));
    }
}

#[tokio::test]
async fn nothing_works_before_a_programme_is_published() {
    let folder = tempfile::tempdir().unwrap();
    let clock = lojal_server::platform::clock::Clock::stopped_at(crate::shop::moment(crate::shop::OPENING));
    let application = crate::shop::open(folder.path(), &clock).await;
    let shop = crate::shop::Shop { application, clock, folder };
    let counter = Counter::open_with(shop, Default::default()).await;
    for path in ["/v1/rewards", "/v1/tiers"] {
        counter.get(path).await.assert_problem(StatusCode::CONFLICT, "no_programme");
    }
    let enrolling = counter.post("/v1/members", json!({ "external_id": "ada" })).await;
    enrolling.assert_problem(StatusCode::CONFLICT, "no_programme");
    counter.put("/v1/orders/1", order()).await.assert_problem(StatusCode::CONFLICT, "no_programme");
    assert_eq!(counter.get("/v1/members").await.ok()["data"], json!([]));
    assert_eq!(counter.get("/v1/programmes").await.ok()["data"], json!([]));
}

#[tokio::test]
async fn a_thousand_redemptions_at_once_take_exactly_what_is_there() {
    let counter = open().await;
    let body = json!({ "member": "ada", "unit": "points", "amount": 950, "reason": "a test" });
    counter.post("/v1/adjustments", body).await.ok();
    let redeem = |number: usize| {
        let body = json!({ "member": "ada", "reward": "coupon-10" });
        let key = format!("redemption {number}");
        read(counter.request(Method::POST, "/v1/redemptions").header("Idempotency-Key", key).json(&body))
    };
    let mut accepted = 0;
    // All of them at once, on as many connections as it takes.
    for answer in (0..1_000).map(redeem).collect::<JoinSet<Answer>>().join_all().await {
        match answer.status {
            201 => accepted += 1,
            409 => drop(answer.assert_problem(StatusCode::CONFLICT, "insufficient_points")),
            _ => panic!("{answer:#?}"),
        }
    }
    assert_eq!(accepted, 5, "200 points each");
    assert_eq!(counter.available("ext:ada").await, 0);
    let vouchers = counter.get("/v1/members/ext:ada/vouchers").await.ok();
    assert_eq!(vouchers["data"].as_array().unwrap().len(), 5);
}

#[tokio::test]
async fn guests_orders_are_taken_as_they_stand_all_or_none() {
    let counter = open().await;
    let stated = json!({ "placed_at": "2026-05-04T09:00:00Z", "currency": "PLN", "kept_total": "149.00" });
    let put = counter.put("/v1/guest_orders/g-1", stated.clone()).await.ok();
    assert_eq!(put["kept_total"], "149.00");
    let got = counter.get("/v1/guest_orders/g-1").await.ok();
    assert_eq!(got, put);
    assert_eq!(counter.get("/v1/guest_orders/g-2").await.status, 404);
    counter.put("/v1/orders/o-1", order()).await.ok();
    let refused = counter.put("/v1/guest_orders/o-1", stated.clone()).await;
    assert_eq!((refused.status, refused.body["code"].as_str()), (409, Some("order_of_another_member")));
    let named = |id: &str, total: &str| {
        let mut named = stated.clone();
        named["external_id"] = json!(id);
        named["kept_total"] = json!(total);
        named
    };
    let many =
        json!({ "orders": [named("g-2", "1.00"), named("g-2", "1.00"), named("o-1", "1.00"), named("g-3", "-1")] });
    let refused = counter.put("/v1/guest_orders", many).await;
    assert_eq!(refused.status, 422, "{}", refused.body);
    let errors = refused.body["errors"].as_array().unwrap();
    let told: Vec<(&str, &str)> =
        errors.iter().map(|error| (error["pointer"].as_str().unwrap(), error["code"].as_str().unwrap())).collect();
    assert_eq!(
        told,
        [
            ("/orders/1/external_id", "duplicate"),
            ("/orders/2/external_id", "order_of_another_member"),
            ("/orders/3/kept_total", "negative"),
        ]
    );
    assert_eq!(counter.get("/v1/guest_orders/g-2").await.status, 404, "nothing is half-done");
    assert_eq!(counter.put("/v1/guest_orders", json!({ "orders": [] })).await.status, 422);
    let many = json!({ "orders": [named("g-2", "1.00"), named("g-1", "0")] });
    assert_eq!(counter.put("/v1/guest_orders", many).await.ok()["taken"], 2);
    assert_eq!(counter.get("/v1/guest_orders/g-1").await.ok()["kept_total"], "0.00");
}
