//! What is sent a second time, and is known under another account of the same person.

use serde_json::json;

use crate::http_life::order;
use crate::http_merging::Town;

async fn town() -> Town {
    let town = Town::open().await;
    for name in ["ada", "eve", "sue"] {
        town.counter.post("/v1/members", json!({ "external_id": name })).await.ok();
    }
    town
}

#[tokio::test]
async fn an_activity_is_called_off_by_any_name_and_with_a_key() {
    let town = town().await;
    for (name, id) in [("eve", "r-1"), ("sue", "r-2")] {
        let review = json!({ "member": name, "name": "review", "external_id": id });
        town.counter.post("/v1/activities", review).await.ok();
    }
    town.merge("ada", "eve").await;
    town.merge("ada", "sue").await;
    let named = |name: &str, id: &str| json!({ "member": name, "name": "review", "external_id": id });
    // By the survivor's name, by another account's, and again with the same key.
    for (key, body) in [("one", named("ada", "r-1")), ("two", named("eve", "r-2")), ("one", named("ada", "r-1"))] {
        let answer = town.counter.post_with_key("/v1/activities/call_off", body, key).await.ok();
        assert_eq!(answer["transaction"]["effects"][0]["because"]["why"], "activity_called_off", "{answer:#}");
    }
    let unknown = town.counter.post("/v1/activities/call_off", named("ada", "r-3")).await;
    unknown.assert_problem(reqwest::StatusCode::NOT_FOUND, "unknown_activity");
    town.counter.shop.run_until_idle().await;
    assert_eq!(town.counter.available("ext:ada").await, 150, "three welcomes");
    town.counter.shop.assert_audited().await;
}

#[tokio::test]
async fn goods_without_their_order_come_back_once() {
    let town = town().await;
    town.merge("ada", "eve").await;
    let lines = order("eve", "paid", "20.00")["lines"].clone();
    let goods = json!({ "member": "eve", "return_id": "r-9", "currency": "PLN", "lines": lines });
    let without_key = async || {
        let request = town.counter.request(reqwest::Method::POST, "/v1/returns");
        crate::http_client::read(request.json(&goods)).await.ok()
    };
    let first = without_key().await;
    let second = without_key().await;
    assert_eq!(first["transaction"]["id"], second["transaction"]["id"], "{second:#}");
    town.counter.shop.assert_audited().await;
}
