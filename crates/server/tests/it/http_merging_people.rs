//! What is known of a person with two accounts: it goes along once they are one, and can be corrected under either.

use std::time::Duration;

use lojal_core::command::Command;
use lojal_core::holder::HolderKind;
use lojal_core::kernel::MemberId;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::http_client::Counter;
use crate::http_merging::Town;

/// A new member of whom something is known.
async fn enrol(counter: &Counter, name: &str, person: Value) -> MemberId {
    let body = json!({ "external_id": name, "person": person });
    counter.post("/v1/members", body).await.ok()["id"].as_str().unwrap().parse().unwrap()
}

/// Merges as the engine does, as if the process had ended before anything went with it.
async fn interrupted(counter: &Counter, survivor: MemberId, account: MemberId) {
    counter.shop.submit(survivor, Command::Merge { account }).await.unwrap();
    counter.shop.run_until_idle().await;
    assert_eq!(counter.get(&format!("/v1/members/{account}")).await.ok()["id"], survivor.to_string());
}

async fn person(counter: &Counter, member: MemberId) -> Value {
    counter.get(&format!("/v1/members/{member}")).await.ok()["person"].clone()
}

#[tokio::test]
async fn nothing_is_taken_over_from_an_account_that_refuses() {
    let counter = Counter::open().await;
    let shop = &counter.shop;
    let ada = enrol(&counter, "ada", json!({ "name": "Ada" })).await;
    let old = enrol(&counter, "old", json!({ "email": "old@example.com" })).await;
    // Nobody does what is on its way here, so the account leaves between the question and its answer.
    let is_asked = async || match shop.application.holder(ada.into()).await.unwrap().unwrap().kind {
        HolderKind::Member { accounts, .. } => accounts.contains_key(&old),
        HolderKind::Household { .. } => false,
    };
    let leave = async {
        while !is_asked().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        shop.submit(old, Command::Leave).await.unwrap();
        shop.run_until_idle().await;
    };
    let path = "/v1/members/ext:ada/merge";
    let (asked, ()) = tokio::join!(counter.post_with_key(path, json!({ "account": "old" }), "once"), leave);
    let asked = asked.ok();
    assert_eq!((&asked["outcome"], &asked["refusal"]), (&json!("abandoned"), &json!("member_left")), "{asked:#}");
    assert_eq!(person(&counter, ada).await, json!({ "name": "Ada" }));
    let found = shop.application.members_with_address("old@example.com").await.unwrap();
    assert!(found.iter().all(|(member, _)| member.id != ada));
}

#[tokio::test]
async fn what_was_interrupted_is_made_good_by_asking_again_or_by_the_next_merge() {
    let town = Town::open().await;
    let counter = &town.counter;
    let ada = enrol(counter, "ada", json!({ "name": "Ada" })).await;
    let old = enrol(counter, "old", json!({ "name": "A.", "phone": "600100200" })).await;
    interrupted(counter, ada, old).await;
    assert_eq!(person(counter, ada).await, json!({ "name": "Ada" }));
    let merged = town.merge("ada", "old").await;
    assert_eq!(merged["member"]["person"], json!({ "name": "Ada", "phone": "600100200" }));

    let second = enrol(counter, "second", json!({ "email": "second@example.com", "birth_year": 1990 })).await;
    interrupted(counter, ada, second).await;
    enrol(counter, "third", json!({ "email": "third@example.com" })).await;
    let merged = town.merge("ada", "third").await;
    let all = json!({ "name": "Ada", "email": "third@example.com", "phone": "600100200", "birth_year": 1990 });
    assert_eq!(merged["member"]["person"], all);
}

#[tokio::test]
async fn an_address_of_an_account_can_be_taken_away() {
    let town = Town::open().await;
    let counter = &town.counter;
    let ada = enrol(counter, "ada", json!({ "name": "Ada", "email": "ada@example.com" })).await;
    let old = enrol(counter, "old", json!({ "name": "A.", "email": "old@example.com" })).await;
    town.merge("ada", "old").await;
    let with_address = async |address: &str| {
        let found = counter.shop.application.members_with_address(address).await.unwrap();
        found.into_iter().map(|(member, _)| member.id).collect::<Vec<_>>()
    };
    assert_eq!(with_address("old@example.com").await, [ada]);

    let gone = json!({ "person": { "email": null } });
    let path = format!("/v1/members/{old}");
    for refused in [
        counter.patch("/v1/members/ext:old", gone.clone()).await,
        counter.patch(&path, json!({ "person": { "email": null }, "attributes": { "size": "M" } })).await,
        counter.patch(&path, json!({})).await,
    ] {
        refused.assert_problem(StatusCode::CONFLICT, "merged");
    }
    counter.patch(&format!("{path}?dry_run=true"), gone.clone()).await.ok();
    assert_eq!(with_address("old@example.com").await, [ada], "nothing was written");

    let corrected = counter.patch(&path, gone).await.ok();
    assert_eq!(corrected["member"]["id"], ada.to_string(), "the answer is the member");
    assert_eq!(with_address("old@example.com").await, []);
    assert_eq!(with_address("ada@example.com").await, [ada]);
    assert_eq!(person(counter, ada).await, json!({ "name": "Ada", "email": "ada@example.com" }));
    let known = counter.shop.application.identity(old).await.unwrap().unwrap();
    assert_eq!((known.name.as_deref(), known.email), (Some("A."), None));
}
