//! The guard: recommendations are looked into behind the journal, and what people decide reaches the ledger.

use lojal_core::activity::OrderState;
use lojal_core::command::Command;
use lojal_core::kernel::{Language, MemberId, Name};
use lojal_core::programme::starter;
use lojal_core::referrals::{Credit, Introduction, Judge, Stage};
use lojal_fraud::identifier::Clear;
use lojal_server::platform::fraud::{guard, guard_overlooked};
use lojal_server::platform::http::HttpOptions;
use serde_json::{Value, json};

use crate::http_client::Counter;
use crate::shop::{Shop, moment, put_order, return_one};

/// The starter programme, with recommendations and their rewards.
fn programme(review: &str) -> String {
    let name = r#"{ en = "Bring a friend", pl = "Poleć nas" }"#;
    format!(
        r#"{}
[referrals.spring]
name = {name}
review = "{review}"
[earning.thanks]
name = {name}
on = "friend_qualified"
points = 500
[earning.first_order]
name = {name}
on = "referral_qualified"
points = 100
"#,
        starter(Language::En)
    )
}

async fn counter(review: &str) -> Counter {
    Counter::open_with(Shop::open_with(&programme(review)).await, HttpOptions::default()).await
}

/// A friend comes by a recommendation and orders.
pub async fn comes(shop: &Shop, advocate: MemberId, friend: MemberId, order: &str) {
    let now = shop.clock.now();
    let introduction = Introduction {
        referral: None,
        credits: vec![Credit { advocate, share: 100 }],
        touched_at: moment("2026-05-04T08:00:00Z"),
        came_at: now,
        channel: Some(Name::from("mail")),
    };
    shop.submit(friend, Command::Refer { introduction: Box::new(introduction) }).await.unwrap();
    shop.submit(friend, put_order(order, OrderState::Paid, &[("1", 1, 20_000)])).await.unwrap();
    shop.run_until_idle().await;
}

pub async fn stage(shop: &Shop, friend: MemberId) -> Stage {
    let holder = shop.application.holder(friend.into()).await.unwrap().unwrap();
    holder.referral.unwrap().stage
}

pub async fn thanked(shop: &Shop, advocate: MemberId) -> bool {
    let (available, pending, _) = shop.wallet(advocate).await;
    available + pending >= 500
}

pub async fn seen(shop: &Shop, member: MemberId, card: &str) {
    let clear = Clear { payment: Some(card), ..Clear::default() };
    shop.application.watch(member, &clear, moment("2026-05-04T09:00:00Z")).await.unwrap();
}

pub async fn cases(counter: &Counter) -> Vec<Value> {
    counter.get("/v1/cases").await.ok()["data"].as_array().unwrap().clone()
}

#[tokio::test]
async fn whom_nothing_speaks_against_is_rewarded_without_a_person() {
    let counter = counter("suspicious").await;
    let shop = &counter.shop;
    let (ada, eve) = (shop.enrol("ada").await, shop.enrol("eve").await);
    seen(shop, ada, "tok_ada").await;
    seen(shop, eve, "tok_eve").await;
    comes(shop, ada, eve, "o-1").await;
    assert!(matches!(stage(shop, eve).await, Stage::Qualified { .. }), "{:?}", stage(shop, eve).await);
    assert!(thanked(shop, ada).await && cases(&counter).await.is_empty());
    assert_eq!(shop.count("watched_referral").await, 1);
    // Whatever is looked at again is what it was.
    let journal = shop.count("journal").await;
    guard(&shop.application).await.unwrap();
    guard_overlooked(&shop.application).await.unwrap();
    assert_eq!(shop.count("journal").await, journal);
    // What comes back counts as a return of the advocate's friends.
    shop.submit(eve, return_one("o-1", "r-1", "1")).await.unwrap();
    shop.run_until_idle().await;
    assert_eq!(stage(shop, eve).await, Stage::Reversed);
    assert_eq!(shop.count("watched_referral where returned = 1").await, 1);
    shop.assert_audited().await;
}

#[tokio::test]
async fn what_is_made_up_waits_for_nobody_and_a_person_has_the_last_word() {
    let counter = counter("suspicious").await;
    let shop = &counter.shop;
    let (ada, eve) = (shop.enrol("ada").await, shop.enrol("eve").await);
    seen(shop, ada, "tok_1").await;
    seen(shop, eve, "tok_1").await;
    comes(shop, ada, eve, "o-1").await;
    let rejected = stage(shop, eve).await;
    assert!(matches!(rejected, Stage::Rejected { by: Judge::Detector, .. }), "{rejected:?}");
    assert!(!thanked(shop, ada).await);
    let open = cases(&counter).await;
    assert_eq!((open.len(), open[0]["verdict"].as_str()), (1, Some("reject")), "{open:#?}");

    let case = format!("/v1/cases/{}", open[0]["id"].as_str().unwrap());
    let cleared = json!({ "decision": "cleared", "reason": "A couple with one card" });
    counter.post(&format!("{case}/decide"), cleared).await.ok();
    shop.run_until_idle().await;
    assert!(matches!(stage(shop, eve).await, Stage::Qualified { .. }), "{:?}", stage(shop, eve).await);
    assert!(thanked(shop, ada).await);
    counter.post(&format!("{case}/undo"), json!({ "reason": "Decided by mistake" })).await.ok();
    shop.run_until_idle().await;
    assert!(matches!(stage(shop, eve).await, Stage::Held { .. }), "{:?}", stage(shop, eve).await);
    assert!(!thanked(shop, ada).await, "what was given is taken back");
    let confirmed = json!({ "decision": "confirmed", "reason": "One person" });
    counter.post(&format!("{case}/decide"), confirmed).await.ok();
    shop.run_until_idle().await;
    let rejected = stage(shop, eve).await;
    assert!(matches!(rejected, Stage::Rejected { by: Judge::Person, .. }), "{rejected:?}");
    assert_eq!(shop.count("fraud_case where sent = 0").await, 0);
    shop.assert_audited().await;
}

#[tokio::test]
async fn where_a_person_looks_at_each_nothing_is_approved_by_time() {
    let counter = counter("all").await;
    let shop = &counter.shop;
    let (ada, eve) = (shop.enrol("ada").await, shop.enrol("eve").await);
    comes(shop, ada, eve, "o-1").await;
    assert!(matches!(stage(shop, eve).await, Stage::Held { .. }), "{:?}", stage(shop, eve).await);
    shop.clock.set(moment("2027-05-04T10:00:00Z"));
    shop.run_until_idle().await;
    assert!(matches!(stage(shop, eve).await, Stage::Held { .. }), "{:?}", stage(shop, eve).await);
    let open = cases(&counter).await;
    assert_eq!((open.len(), open[0]["verdict"].as_str()), (1, Some("allow")), "{open:#?}");
    assert_ne!(open[0]["stake"], "0.00", "{open:#?}");
    let case = format!("/v1/cases/{}", open[0]["id"].as_str().unwrap());
    let cleared = json!({ "decision": "cleared", "reason": "I know both" });
    counter.post(&format!("{case}/decide"), cleared).await.ok();
    shop.run_until_idle().await;
    assert!(matches!(stage(shop, eve).await, Stage::Qualified { .. }), "{:?}", stage(shop, eve).await);
}

/// As [`programme`], with a cup for both sides in the place of points, and rewards that stay whatever comes back.
fn with_cups() -> String {
    let name = r#"{ en = "A cup", pl = "Filiżanka" }"#;
    let begin = programme("all").split_once("[earning.thanks]").unwrap().0.to_owned();
    format!(
        r#"{begin}on_return = "keep"
[rewards.cup]
name = {name}
kind = "amount_off"
amount = "40.00"
voucher = {{ prefix = "CUP", valid = "30 days" }}
[earning.thanks]
name = {name}
on = "friend_qualified"
reward = "cup"
[earning.first_order]
name = {name}
on = "referral_qualified"
reward = "cup"
"#
    )
}

#[tokio::test]
async fn vouchers_are_at_stake_and_returns_are_noted_although_they_change_nothing() {
    let counter = Counter::open_with(Shop::open_with(&with_cups()).await, HttpOptions::default()).await;
    let shop = &counter.shop;
    let (ada, eve) = (shop.enrol("ada").await, shop.enrol("eve").await);
    comes(shop, ada, eve, "o-1").await;
    let open = cases(&counter).await;
    assert_eq!((open.len(), open[0]["stake"].as_str()), (1, Some("80.00")), "{open:#?}");
    let case = format!("/v1/cases/{}", open[0]["id"].as_str().unwrap());
    counter.post(&format!("{case}/decide"), json!({ "decision": "cleared", "reason": "I know both" })).await.ok();
    shop.run_until_idle().await;
    // Long after everything else in the journal was looked at.
    shop.clock.set(shop.clock.now() + jiff::SignedDuration::from_hours(48));
    shop.run_until_idle().await;
    shop.submit(eve, return_one("o-1", "r-1", "1")).await.unwrap();
    shop.run_until_idle().await;
    assert!(matches!(stage(shop, eve).await, Stage::Qualified { .. }), "what was given stays");
    assert_eq!(shop.count("watched_referral where returned = 1").await, 1);
    shop.assert_audited().await;
}

#[tokio::test]
async fn who_followed_a_link_and_typed_its_code_did_not_come_by_a_code_alone() {
    let counter = counter("suspicious").await;
    let shop = &counter.shop;
    crate::codes::enrol(&counter, "ada").await;
    crate::codes::give(&counter, "ada", json!({ "name": "ada-szyje" })).await;
    for (friend, follows) in [("eve", true), ("kim", false)] {
        if follows {
            let click = json!({ "code": "ada-szyje", "visitor": friend });
            counter.post("/v1/track/click", click).await.ok();
        }
        let referral = json!({ "code": "ada-szyje", "visitor": friend });
        counter.post("/v1/members", json!({ "external_id": friend, "referral": referral })).await.ok();
        let order = json!({
            "member": friend, "state": "paid", "currency": "PLN", "placed_at": "2026-05-04T10:00:00Z",
            "lines": [{ "id": "1", "quantity": 1, "total": "100.00" }],
        });
        counter.put(&format!("/v1/orders/{friend}"), order).await.ok();
        shop.run_until_idle().await;
    }
    for (friend, unknown) in [("eve", 0), ("kim", 1)] {
        let known = counter.get(&format!("/v1/members/ext:{friend}")).await.ok();
        let friend: MemberId = known["id"].as_str().unwrap().parse().unwrap();
        let row = format!("watched_referral where friend = {}", friend.number());
        assert_eq!(shop.count(&row).await, 1);
        assert_eq!(shop.count(&format!("{row} and clicked_at is null")).await, unknown, "{known:#}");
    }
}

#[tokio::test]
async fn of_several_advocates_the_one_is_looked_at_who_has_something_in_common_with_the_friend() {
    let counter = counter("suspicious").await;
    let shop = &counter.shop;
    let (ada, mal, bob) = (shop.enrol("ada").await, shop.enrol("mal").await, shop.enrol("bob").await);
    let friends = [(shop.enrol("eve").await, "tok_mal", true), (shop.enrol("kim").await, "tok_kim", false)];
    seen(shop, mal, "tok_mal").await;
    for (number, (friend, card, is_made_up)) in friends.into_iter().enumerate() {
        seen(shop, friend, card).await;
        let introduction = Introduction {
            referral: None,
            // The honest ones are older and younger than the other.
            credits: [(ada, 34), (mal, 33), (bob, 33)].map(|(advocate, share)| Credit { advocate, share }).into(),
            touched_at: moment("2026-05-04T08:00:00Z"),
            came_at: shop.clock.now(),
            channel: None,
        };
        shop.submit(friend, Command::Refer { introduction: Box::new(introduction) }).await.unwrap();
        let order = put_order(&format!("o-{number}"), OrderState::Paid, &[("1", 1, 20_000)]);
        shop.submit(friend, order).await.unwrap();
        shop.run_until_idle().await;
        let stage = stage(shop, friend).await;
        assert_eq!(matches!(stage, Stage::Rejected { by: Judge::Detector, .. }), is_made_up, "{stage:?}");
    }
    shop.assert_audited().await;
}
