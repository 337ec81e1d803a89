//! The machine's clock is set back, and ahead and back again, while orders come in. Ids go on growing,
//! chains stay whole, what has expired stays expired, and nothing that is due happens twice.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jiff::SignedDuration;
use lojal_server::platform::http::HttpOptions;
use lojal_testing::rounds;
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

use crate::http_client::Counter;
use crate::shop::{OPENING, Shop, moment};

const PROGRAMME: &str = r#"
[programme]
id = "clock"
name = { en = "Clock" }
languages = ["en"]
time_zone = "UTC"
currency = "PLN"

[brands.shop]
name = { en = "Shop" }

[units.points]
name.en = { one = "point", many = "points" }
pending = { after = "paid", for = "10 days" }
expiry = { after_earning = "60 days" }

[earning.spend]
name = { en = "1 point for each 1 PLN" }
on = "order"
per = "1.00"

[earning.joining]
name = { en = "50 points for joining" }
on = "joined"
points = 50
immediate = true
"#;

/// Each puts one order after another, for a member of its own.
const TILLS: usize = 6;
const POINTS: i64 = 20;
const JOINING: i64 = 50;
/// How often the clock is set wrong in a round.
const STEPS: usize = 25;
/// What the clock is wrong by at most when it is set back, and ahead.
const BACK_HOURS: u64 = 72;
const AHEAD_HOURS: u64 = 24 * 100;

/// What a till has heard: the transactions of its orders, one after the other.
type Heard = Vec<String>;

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_set_wrong_loses_and_doubles_nothing() {
    for mut dice in rounds("the clock is set wrong") {
        let mut shop = Shop::open_with(PROGRAMME).await;
        for till in 0..TILLS {
            shop.enrol(&member(till)).await;
        }
        let mut heard: BTreeMap<usize, Heard> = BTreeMap::new();
        // Once more after a restart, with a clock that is behind.
        for life in 0..2 {
            let mut counter = Counter::open_with(shop, HttpOptions::default()).await;
            let jobs = counter.shop.application.start_jobs();
            let closed = Arc::new(AtomicBool::new(false));
            let tills: Vec<_> = (0..TILLS)
                .map(|till| {
                    let (client, address, key) = (Client::new(), counter.address.clone(), counter.key.clone());
                    let heard = heard.remove(&till).unwrap_or_default();
                    tokio::spawn(sell(client, address, key, till, life, heard, Arc::clone(&closed)))
                })
                .collect();
            for _ in 0..STEPS {
                let hours = match dice.below(3) {
                    0 => dice.below(AHEAD_HOURS) as i64,
                    _ => -(dice.below(BACK_HOURS) as i64),
                };
                counter.shop.clock.set(moment(OPENING) + SignedDuration::from_hours(hours));
                tokio::time::sleep(Duration::from_millis(dice.below(80))).await;
                if dice.hits(5) {
                    counter.shop.run_until_idle().await;
                }
            }
            closed.store(true, Ordering::SeqCst);
            for (till, selling) in tills.into_iter().enumerate() {
                heard.insert(till, selling.await.unwrap());
            }
            counter.shop.clock.set(moment(OPENING) - SignedDuration::from_hours(BACK_HOURS as i64));
            counter.close();
            drop(jobs);
            shop = counter.shop.reopen().await;
        }
        assert_books(&shop, &heard).await;
    }
}

fn member(till: usize) -> String {
    format!("member-{till}")
}

/// Puts orders until the shop is closed, and now and then the last one again.
async fn sell(
    client: Client,
    address: String,
    key: String,
    till: usize,
    life: usize,
    mut heard: Heard,
    closed: Arc<AtomicBool>,
) -> Heard {
    let mut number = 0;
    while !closed.load(Ordering::SeqCst) {
        number += 1;
        let at = moment(OPENING) - SignedDuration::from_hours(BACK_HOURS as i64 + 1);
        let order = json!({
            "member": member(till), "state": "paid", "currency": "PLN", "placed_at": at, "paid_at": at,
            "lines": [{ "id": "1", "quantity": 1, "total": format!("{POINTS}.00") }],
        });
        for attempt in 0..2 {
            let path = format!("{address}/v1/orders/{till}-{life}-{number}");
            let answer = client.request(Method::PUT, path).bearer_auth(&key).json(&order).send().await.unwrap();
            let status = answer.status();
            let body: Value = answer.json().await.unwrap();
            assert!(status.is_success(), "{status} {body}");
            let transaction = body["transaction"]["id"].as_str().unwrap().to_owned();
            if attempt == 0 {
                // Whoever looks at ids sees in which order things happened.
                assert!(heard.last().is_none_or(|last| *last < transaction), "{transaction} after {:?}", heard.last());
                heard.push(transaction);
            } else {
                assert_eq!(heard.last(), Some(&transaction), "an order that came again was counted again");
            }
        }
    }
    heard
}

/// Everything that was earned is somewhere, once; and in the end, when all of it has expired, everything
/// has expired once.
async fn assert_books(shop: &Shop, heard: &BTreeMap<usize, Heard>) {
    assert!(heard.values().map(Vec::len).sum::<usize>() > STEPS, "hardly anything was sold: {heard:?}");
    shop.assert_audited().await;
    let mut expired_before = BTreeMap::new();
    for days in [0, 5, 300, -3, 30, 400] {
        shop.clock.set(moment(OPENING) + SignedDuration::from_hours(24 * days));
        shop.run_until_idle().await;
        for (till, heard) in heard {
            let found = shop.application.member_by_external_id(&member(*till)).await.unwrap().unwrap();
            let holder = shop.application.holder(found.id.into()).await.unwrap().unwrap();
            let wallet = holder.wallets.get("points").unwrap();
            let earned = JOINING + POINTS * heard.len() as i64;
            let known = wallet.available() + wallet.pending() + wallet.held() + wallet.totals.expired;
            assert_eq!(known, earned, "day {days}: {wallet:?}");
            let before = expired_before.insert(*till, wallet.totals.expired).unwrap_or(0);
            assert!(wallet.totals.expired >= before, "day {days}: what had expired is back");
            assert!(days < 300 || wallet.totals.expired == earned, "day {days}: {wallet:?}");
        }
    }
    shop.assert_audited().await;
}

/// A hold that has lapsed has lapsed, whatever the clock says afterwards; and a request that comes again
/// is known by its key.
#[tokio::test]
async fn what_time_has_done_is_not_undone() {
    let counter = Counter::open().await;
    counter.shop.enrol_with("ada", 500).await;
    let hold = json!({ "member": "ada", "unit": "points", "amount": 100 });
    let held = counter.post_with_key("/v1/holds", hold.clone(), "a hold").await.ok();
    let id = held["hold"]["id"].as_str().unwrap().to_owned();
    counter.shop.clock.set(moment(OPENING) + SignedDuration::from_hours(48));
    counter.shop.run_until_idle().await;
    counter.shop.clock.set(moment(OPENING));
    let captured = counter.post(&format!("/v1/holds/{id}/capture"), json!({ "amount": 100 })).await;
    captured.assert_problem(StatusCode::NOT_FOUND, "unknown_hold");
    let again = counter.post_with_key("/v1/holds", hold, "a hold").await.ok();
    assert_eq!(again["hold"]["id"].as_str(), Some(id.as_str()));
    let wallets = counter.get("/v1/members/ext:ada/wallets").await.ok();
    assert_eq!((&wallets["data"][0]["available"], &wallets["data"][0]["held"]), (&json!(500), &json!(0)));
    counter.shop.assert_audited().await;
}
