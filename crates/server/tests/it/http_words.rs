//! What the API says in sentences.

use lojal_core::kernel::Language;
use lojal_core::programme::starter;
use serde_json::{Value, json};

use crate::http_client::Counter;

fn order(lines: Value) -> Value {
    json!({
        "member": "ada", "state": "paid", "currency": "PLN", "placed_at": "2026-05-04T09:00:00Z", "lines": lines,
    })
}

/// The sentence of the first effect.
fn first_sentence(answer: &Value) -> String {
    answer["transaction"]["effects"][0]["text"].as_str().unwrap().replace('\u{a0}', " ")
}

#[tokio::test]
async fn an_order_is_spoken_of_in_the_words_of_its_own_version() {
    let counter = Counter::open().await;
    counter.post("/v1/members", json!({ "external_id": "ada" })).await.ok();
    let lines = json!([{ "id": "1", "quantity": 2, "total": "80.00" }]);
    let earned = counter.put("/v1/orders/1001?lang=en", order(lines)).await.ok();
    assert!(first_sentence(&earned).contains("“1 point for each 1 PLN”"), "{earned:#}");

    let renamed = starter(Language::En).replace("en = \"1 point for each 1 PLN\"", "en = \"Shopping\"");
    assert_eq!(counter.shop.application.publish(&renamed).await.unwrap().version, 2);
    let back = json!({ "return_id": "r-1", "lines": [{ "line": "1", "quantity": 1 }] });
    let settled = counter.post("/v1/orders/1001/returns?lang=en", back).await.ok();
    assert_eq!(settled["transaction"]["programme_version"], 2);
    assert!(first_sentence(&settled).contains("“1 point for each 1 PLN”"), "{settled:#}");

    let lines = json!([{ "id": "1", "quantity": 3, "total": "120.00" }]);
    let changed = counter.put("/v1/orders/1001?lang=en&explain=true", order(lines)).await.ok();
    let rules = changed["explanation"]["rules"].as_array().unwrap();
    let spend = rules.iter().find(|rule| rule["rule"] == "spend").unwrap();
    assert!(spend["text"].as_str().unwrap().contains("“1 point for each 1 PLN”"), "{spend:#}");

    let cart = json!({ "member": "ada", "currency": "PLN", "lines": [{ "id": "1", "quantity": 1, "total": "9.00" }] });
    let quote = counter.post("/v1/quotes?lang=en", cart).await.ok();
    assert!(first_sentence(&quote).contains("“Shopping”"), "{quote:#}");
}

#[tokio::test]
async fn a_quote_speaks_of_a_cart_and_invents_no_number() {
    let counter = Counter::open().await;
    counter.post("/v1/members", json!({ "external_id": "ada" })).await.ok();
    let mut cart = json!({ "currency": "PLN", "lines": [{ "id": "1", "quantity": 1, "total": "9.00" }] });
    for buyer in [None, Some("ada")] {
        if let Some(buyer) = buyer {
            cart["member"] = json!(buyer);
        }
        for (language, word) in [("en", "Cart, "), ("pl", "Koszyk, ")] {
            let quote = counter.post(&format!("/v1/quotes?lang={language}"), cart.clone()).await.ok();
            let sentence = first_sentence(&quote);
            assert!(sentence.starts_with(word) && !sentence.contains("quote"), "{sentence}");
        }
    }
}

#[tokio::test]
async fn what_is_only_just_missed_is_told_with_what_was_found() {
    let counter = Counter::open().await;
    counter.post("/v1/members", json!({ "external_id": "ada" })).await.ok();
    let quote = |total: &str| json!({ "member": "ada", "currency": "PLN", "lines": [{ "id": "1", "quantity": 1, "total": total }] });
    let told = counter.post("/v1/quotes?explain=true&lang=en", quote("187.60")).await.ok();
    let near = told["explanation"]["near"].as_array().unwrap();
    let large = near.iter().find(|miss| miss["rule"] == "large-order").unwrap();
    assert_eq!(
        large,
        &json!({
            "kind": "rule", "rule": "large-order", "field": "order.total", "actual": "187.60", "needed": "200.00",
            "missing": "12.40", "text": large["text"],
        })
    );
    assert!(large["text"].as_str().unwrap().replace('\u{a0}', " ").starts_with("PLN 12.40 short of"), "{large:#}");
    let told = counter.post("/v1/quotes?explain=true&lang=pl", quote("250.00")).await.ok();
    let rules = told["explanation"]["rules"].as_array().unwrap();
    let large = rules.iter().find(|rule| rule["rule"] == "large-order").unwrap();
    assert_eq!(large["held"][0]["actual"], "250.00", "{large:#}");
    assert!(large["text"].as_str().unwrap().contains("(tu: 250,00"), "{large:#}");
    let unasked = counter.post("/v1/quotes?lang=pl", quote("250.00")).await.ok();
    assert_eq!(unasked.get("explanation"), None);
}

#[tokio::test]
async fn an_entry_says_by_which_conditions_it_came() {
    let counter = Counter::open().await;
    counter.post("/v1/members", json!({ "external_id": "ada" })).await.ok();
    let lines = json!([{ "id": "1", "quantity": 1, "total": "250.00" }]);
    let put = counter.put("/v1/orders/1001", order(lines)).await.ok();
    let id = put["transaction"]["id"].as_str().unwrap();
    let path = format!("/v1/ledger_entries/{id}-0/why");
    let why = counter.get(&path).await.ok();
    assert_eq!(why.get("explanation"), None);
    let why = counter.get(&format!("{path}?explain=true&lang=en")).await.ok();
    let rules = why["explanation"]["rules"].as_array().unwrap();
    let large = rules.iter().find(|rule| rule["rule"] == "large-order").unwrap();
    assert_eq!(large["outcome"], "fired");
    assert_eq!(large["held"][0]["condition"]["at_least"], "200.00", "{large:#}");
}
