//! Many orders and activities in one request.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use lojal_core::kernel::Language;
use lojal_core::programme::starter;
use lojal_server::platform::keys::Scope;
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::http_client::{Answer, Counter, read};

pub const KIND: &str = "application/x-ndjson";

pub fn order(id: &str, member: &str, total: &str) -> Value {
    json!({
        "external_id": id, "member": member, "state": "paid", "currency": "PLN",
        "placed_at": "2026-05-04T09:00:00Z", "lines": [{ "id": "1", "quantity": 1, "total": total }],
    })
}

fn review(id: &str, member: &str) -> Value {
    json!({ "external_id": id, "member": member, "name": "review", "occurred_at": "2026-05-04T09:00:00Z" })
}

pub fn body(lines: &[Value]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

fn request(counter: &Counter, path: &str, body: impl Into<reqwest::Body>) -> RequestBuilder {
    counter.request(Method::POST, path).header("content-type", KIND).body(body)
}

/// The result lines of an answer that must be a success.
async fn results(request: RequestBuilder) -> Vec<Value> {
    let answer = read(request).await;
    assert_eq!((answer.status, answer.kind.as_str()), (200, KIND), "{answer:#?}");
    answer.body.as_array().unwrap().clone()
}

async fn bulk(counter: &Counter, path: &str, body: impl Into<reqwest::Body>) -> Vec<Value> {
    results(request(counter, path, body)).await
}

async fn open() -> Counter {
    let counter = Counter::open().await;
    for name in ["ada", "bob"] {
        counter.shop.enrol(name).await;
    }
    counter
}

/// The numbers of the lines with the codes of their problems; those without have a status alone.
fn outline(results: &[Value]) -> Vec<(u64, u64, &str)> {
    let number = |result: &Value, name: &str| result[name].as_u64().unwrap();
    let code = |result| Value::pointer(result, "/problem/code").and_then(Value::as_str).unwrap_or_default();
    results.iter().map(|result| (number(result, "line"), number(result, "status"), code(result))).collect()
}

#[tokio::test]
async fn each_line_is_answered_as_a_request_of_its_own_would_be() {
    let counter = open().await;
    let twin = open().await;
    let orders = [order("1", "ada", "20.00"), order("2", "bob", "31.00"), order("3", "ada", "5.50")];
    let answered = bulk(&counter, "/v1/orders:batch?lang=en", body(&orders)).await;
    assert_eq!(outline(&answered), [(1, 200, ""), (2, 200, ""), (3, 200, "")], "{answered:#?}");
    for (mut order, answered) in orders.into_iter().zip(&answered) {
        let id = order.as_object_mut().unwrap().remove("external_id").unwrap();
        let path = format!("/v1/orders/{}?lang=en", id.as_str().unwrap());
        let single = twin.put(&path, order).await.ok();
        assert_eq!(without_ids(&answered["result"]), without_ids(&single));
        assert_eq!(answered.get("repeated"), None);
    }
    let answered = bulk(&counter, "/v1/activities:batch", body(&[review("r-1", "bob")])).await;
    assert_eq!(outline(&answered), [(1, 201, "")], "{answered:#?}");
    let single = twin.post("/v1/activities", review("r-1", "bob")).await.ok();
    assert_eq!(without_ids(&answered[0]["result"]), without_ids(&single));
    for member in ["ext:ada", "ext:bob"] {
        assert_eq!(counter.available(member).await, twin.available(member).await);
    }
    counter.shop.assert_audited().await;
}

/// An answer without what differs from one shop to the next.
fn without_ids(answer: &Value) -> Value {
    match answer {
        Value::String(text) if ["mem_", "hol_", "txn_"].iter().any(|prefix| text.starts_with(prefix)) => json!("id"),
        Value::Array(items) => items.iter().map(without_ids).collect(),
        Value::Object(fields) => fields.iter().map(|(name, field)| (name.clone(), without_ids(field))).collect(),
        other => other.clone(),
    }
}

#[tokio::test]
async fn a_wrong_line_fails_alone_and_says_where() {
    let counter = open().await;
    let mut wrong_currency = order("4", "ada", "20.00");
    wrong_currency["currency"] = json!("XYZ");
    let mut misspelt = order("5", "ada", "20.00");
    misspelt["lines"][0]["colour"] = json!("red");
    let text = format!(
        "{}\n{{\"member\": nobody}}\n\n   \n{}\n{wrong_currency}\n{misspelt}\n[1, 2]\n\"\u{e9}\n{}",
        order("1", "ada", "20.00"),
        order("2", "mem_0p4k2v9x7m3ab", "20.00"),
        order("3", "bob", "20.00"),
    );
    // Without a line feed at its end.
    let mut bytes = text.into_bytes();
    let broken = bytes.windows(2).position(|pair| pair == [0xc3, 0xa9]).unwrap();
    bytes.remove(broken + 1);
    let answered = bulk(&counter, "/v1/orders:batch", bytes).await;
    let expected = [
        (1, 200, ""),
        (2, 400, "malformed_json"),
        (5, 404, "unknown_member"),
        (6, 422, "invalid_fields"),
        (7, 422, "invalid_fields"),
        (8, 422, "invalid_fields"),
        (9, 400, "broken_utf8"),
        (10, 200, ""),
    ];
    assert_eq!(outline(&answered), expected, "{answered:#?}");
    let problem = &answered[1]["problem"];
    assert_eq!((&problem["status"], &problem["facts"]["column"]), (&json!(400), &json!(13)), "{problem:#}");
    assert!(!problem["request_id"].as_str().unwrap().is_empty());
    assert_eq!(answered[3]["problem"]["errors"][0]["pointer"], "/currency");
    assert_eq!(answered[4]["problem"]["errors"][0]["pointer"], "/lines/0/colour");
    assert_eq!(counter.available("ext:ada").await, counter.available("ext:bob").await);
}

#[tokio::test]
async fn a_line_that_is_too_long_fails_alone() {
    let counter = open().await;
    let long = format!("{{\"external_id\": \"{}\"}}", "x".repeat(1024 * 1024));
    let text = format!("{}\n{long}\n{}\n", order("1", "ada", "20.00"), order("2", "bob", "20.00"));
    let answered = bulk(&counter, "/v1/orders:batch", text).await;
    assert_eq!(outline(&answered), [(1, 200, ""), (2, 413, "line_too_long"), (3, 200, "")]);
}

#[tokio::test]
async fn a_packed_body_is_unpacked_and_a_broken_one_told() {
    let counter = open().await;
    let lines: Vec<Value> = (0..300).map(|number| order(&number.to_string(), "ada", "1.00")).collect();
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(body(&lines).as_bytes()).unwrap();
    let packed = packer.finish().unwrap();
    let send = |bytes: &[u8]| {
        let request = request(&counter, "/v1/orders:batch?lean=true", bytes.to_vec());
        results(request.header("content-encoding", "gzip"))
    };
    let broken = send(&packed[..packed.len() - 20]).await;
    let (last, taken) = broken.split_last().unwrap();
    assert_eq!((&last["status"], &last["problem"]["code"]), (&json!(400), &json!("broken_gzip")), "{last:#}");
    assert!(taken.iter().all(|result| result["status"] == 200));
    let answered = send(&packed).await;
    assert!(answered.len() == 300 && answered.iter().all(|result| result["status"] == 200));
    let repeated = answered.iter().filter(|result| result["repeated"] == true).count();
    assert_eq!(repeated, taken.len(), "what was taken of the broken body is known");
    assert_eq!(counter.available("ext:ada").await, 50);
    assert_eq!(counter.shop.count("journal").await, 302);
}

#[tokio::test]
async fn sending_the_same_again_changes_nothing() {
    let counter = Counter::open().await;
    let lines: Vec<Value> = (0..50).map(|number| order(&number.to_string(), &format!("c-{number}"), "9.00")).collect();
    let first = bulk(&counter, "/v1/orders:batch", body(&lines)).await;
    let rows = counter.shop.count("journal").await;
    assert_eq!(rows, 100, "everybody joined with their first order");
    let second = bulk(&counter, "/v1/orders:batch", body(&lines)).await;
    assert_eq!(counter.shop.count("journal").await, rows);
    for (first, second) in first.iter().zip(&second) {
        assert_eq!((&first["status"], &first["result"]), (&json!(200), &second["result"]));
        assert_eq!((first.get("repeated"), &second["repeated"]), (None, &json!(true)));
    }
    let lines: Vec<Value> = (0..50).map(|number| review(&number.to_string(), &format!("c-{number}"))).collect();
    let first = bulk(&counter, "/v1/activities:batch", body(&lines)).await;
    let second = bulk(&counter, "/v1/activities:batch", body(&lines)).await;
    assert!(first.iter().all(|result| result["status"] == 201 && result.get("repeated").is_none()));
    assert!(second.iter().all(|result| result["status"] == 201 && result["repeated"] == true));
    assert_eq!(counter.shop.count("journal").await, rows + 50);
    counter.shop.assert_audited().await;
}

#[tokio::test]
async fn lines_of_one_member_keep_their_order() {
    let counter = open().await;
    // The order grows with each line; if any two changed places, the end would be another.
    let lines: Vec<Value> = (1..=1_500)
        .map(|number| match number % 3 {
            0 => order("one", "ada", &format!("{number}.00")),
            1 => order(&format!("other-{number}"), "bob", "1.00"),
            _ => order("two", "bob", &format!("{number}.00")),
        })
        .collect();
    let answered = bulk(&counter, "/v1/orders:batch", body(&lines)).await;
    for (line, result) in lines.iter().zip(&answered) {
        let total = line["lines"][0]["total"].as_str().unwrap();
        assert_eq!(result["result"]["order"]["total"], total, "{result:#}");
    }
    assert_eq!(counter.get("/v1/orders/one").await.ok()["total"], "1500.00");
    assert_eq!(counter.get("/v1/orders/two").await.ok()["total"], "1499.00");
}

#[tokio::test]
async fn customers_join_with_their_first_order_where_the_programme_says_so() {
    let counter = Counter::open().await;
    let state = |mut order: Value, state: &str| {
        order["state"] = json!(state);
        order
    };
    let lines = [
        // Called off, or only a cart: nobody joins with that.
        state(order("1", "ada", "20.00"), "cancelled"),
        state(order("2", "ada", "20.00"), "open"),
        order("3", "ada", "20.00"),
        state(order("3", "ada", "20.00"), "cancelled"),
        order("4", "mem_0p4k2v9x7m3ab", "20.00"),
    ];
    let answered = bulk(&counter, "/v1/orders:batch?dry_run=true", body(&lines)).await;
    let expected = [(1, 404, "unknown_member"), (2, 200, ""), (3, 200, ""), (4, 404, "unknown_member")];
    assert_eq!(outline(&answered[..4]), expected);
    assert!(answered[2]["result"]["transaction"]["dry_run"] == true && counter.shop.count("member").await == 0);

    let answered = bulk(&counter, "/v1/orders:batch", body(&lines)).await;
    let expected = [(1, 404, "unknown_member"), (2, 200, ""), (3, 200, ""), (4, 200, ""), (5, 404, "unknown_member")];
    assert_eq!(outline(&answered), expected, "{answered:#?}");
    assert_eq!(answered[1]["result"]["transaction"]["dry_run"], true);
    assert_eq!(answered[1]["result"].get("order"), None);
    assert_eq!(answered[2]["result"]["order"]["external_id"], "3");
    assert_eq!(counter.shop.count("member").await, 1);
    counter.shop.assert_audited().await;

    let programme = starter(Language::En).replace("join_on_first_order = true", "join_on_first_order = false");
    counter.shop.application.publish(&programme).await.unwrap();
    let lines = [order("5", "bob", "20.00"), order("6", "ada", "20.00")];
    let answered = bulk(&counter, "/v1/orders:batch", body(&lines)).await;
    assert_eq!(outline(&answered), [(1, 404, "unknown_member"), (2, 200, "")]);
}

#[tokio::test]
async fn a_dry_run_answers_and_writes_nothing() {
    let counter = open().await;
    let rows = counter.shop.count("journal").await;
    let lines = [order("1", "ada", "20.00"), order("1", "ada", "20.00"), order("1", "bob", "20.00")];
    for _ in 0..2 {
        let answered = bulk(&counter, "/v1/orders:batch?dry_run=true", body(&lines)).await;
        assert_eq!(outline(&answered), [(1, 200, ""), (2, 200, ""), (3, 200, "")]);
        for result in &answered {
            assert_eq!(result["result"]["transaction"].get("id"), None);
            assert!(result.get("repeated").is_none() && result["result"]["transaction"]["dry_run"] == true);
        }
    }
    let answered = bulk(&counter, "/v1/activities:batch?dry_run=true", body(&[review("r-1", "bob")])).await;
    assert_eq!(outline(&answered), [(1, 200, "")]);
    assert_eq!(counter.shop.count("journal").await, rows);
}

#[tokio::test]
async fn a_lean_answer_is_a_part_of_the_whole_one() {
    let counter = open().await;
    let line = body(&[order("1", "ada", "20.00")]);
    let whole = bulk(&counter, "/v1/orders:batch", line.clone()).await;
    let lean = bulk(&counter, "/v1/orders:batch?lean=true", line).await;
    let lean = lean[0]["result"].as_object().unwrap();
    assert_eq!(lean.keys().collect::<Vec<_>>(), ["transaction"]);
    let transaction = lean["transaction"].as_object().unwrap();
    assert_eq!(transaction.keys().collect::<Vec<_>>(), ["id", "holder", "balances"]);
    for (name, value) in transaction {
        assert_eq!(*value, whole[0]["result"]["transaction"][name]);
    }
}

#[tokio::test]
async fn what_cannot_be_right_is_refused_before_a_line_is_read() {
    let counter = open().await;
    let line = body(&[order("1", "ada", "20.00")]);
    for path in ["/v1/orders:batch", "/v1/activities:batch"] {
        let reader = counter.new_key(&[Scope::Read]).await;
        let plain = || request(&counter, path, line.clone());
        let asked: [(RequestBuilder, StatusCode, &str); 5] = [
            (
                counter.client.post(format!("{}{path}", counter.address)).bearer_auth(reader).body(line.clone()),
                StatusCode::FORBIDDEN,
                "forbidden",
            ),
            (plain().header("Idempotency-Key", "mine"), StatusCode::BAD_REQUEST, "idempotency_key_not_taken"),
            (counter.request(Method::POST, path).json(&json!([])), StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_ndjson"),
            (plain().header("content-encoding", "br"), StatusCode::UNSUPPORTED_MEDIA_TYPE, "unknown_encoding"),
            (
                request(&counter, &format!("{path}?explain=true"), line.clone()),
                StatusCode::BAD_REQUEST,
                "invalid_parameter",
            ),
        ];
        for (request, status, code) in asked {
            read(request).await.assert_problem(status, code);
        }
        assert_eq!(bulk(&counter, path, "").await, Vec::<Value>::new());
    }
    assert_eq!(counter.shop.count("journal").await, 2);
}

#[tokio::test]
async fn a_bulk_request_counts_once() {
    let counter = Counter::open_with_burst(3).await;
    let lines: Vec<Value> = (0..20).map(|number| order(&number.to_string(), "nobody", "1.00")).collect();
    let answer = read(request(&counter, "/v1/orders:batch", body(&lines))).await;
    assert_eq!((answer.status, &answer.headers["ratelimit-remaining"]), (200, &"2".parse().unwrap()));
}

#[tokio::test]
async fn an_order_has_one_owner_whoever_asks_and_however() {
    let counter = open().await;
    let lines = [order("1", "ada", "20.00"), order("1", "bob", "20.00"), order("2", "bob", "20.00")];
    let expected = [(1, 200, ""), (2, 409, "order_of_another_member"), (3, 200, "")];
    assert_eq!(outline(&bulk(&counter, "/v1/orders:batch", body(&lines)).await), expected);
    // When the directory knows them, too.
    counter.shop.run_until_idle().await;
    let lines = [order("2", "ada", "20.00"), order("1", "ada", "20.00")];
    let answered = bulk(&counter, "/v1/orders:batch", body(&lines)).await;
    assert_eq!(outline(&answered), [(1, 409, "order_of_another_member"), (2, 200, "")]);
    assert_eq!(answered[1]["repeated"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn streams_and_single_requests_take_turns() {
    const CROWD: usize = 10;
    const ORDERS: usize = 100;
    let counter = open().await;
    for number in 0..CROWD {
        counter.shop.enrol(&format!("customer-{number}")).await;
    }
    let before = counter.shop.count("journal").await;
    let mut crowd = JoinSet::new();
    for number in 0..CROWD {
        let member = format!("customer-{number}");
        // Each in another sequence.
        let id = |index: usize| ((index * (2 * number + 1) + number * 7) % ORDERS).to_string();
        let lines: Vec<Value> = (0..ORDERS).map(|index| order(&id(index), &member, "1.00")).collect();
        crowd.spawn(read(request(&counter, "/v1/orders:batch", body(&lines))));
        let mut single = order("50", &member, "1.00");
        single.as_object_mut().unwrap().remove("external_id");
        crowd.spawn(read(counter.request(Method::PUT, "/v1/orders/50").json(&single)));
    }
    let answers: Vec<Answer> = crowd.join_all().await;
    assert!(answers.iter().all(|answer| answer.status == 200 || answer.status == 409), "{answers:#?}");
    assert_eq!(counter.shop.count("journal").await, before + ORDERS as i64, "each order was written once");
    counter.shop.assert_audited().await;
}
