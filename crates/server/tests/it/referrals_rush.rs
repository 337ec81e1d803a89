//! Five hundred friends at once, with one code and one budget: exactly so many count as there is room for, each with a
//! number of their own, and nobody has a point too many, whoever asks again and whatever comes back meanwhile.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use lojal_core::kernel::MemberId;
use lojal_core::referrals::{Friends, Rejection, Stage};
use lojal_server::platform::http::HttpOptions;
use lojal_server::platform::writer::Owner;
use reqwest::Method;
use serde_json::{Value, json};

use crate::codes::{enrol, give};
use crate::http_client::Counter;
use crate::shop::Shop;

const FRIENDS: usize = 500;
const BUDGET: i64 = 200;
const CLIENTS: usize = 24;
const EDITION: &str = "spring";

const PROGRAMME: &str = r#"
[programme]
id = "club"
name = { en = "Club" }
languages = ["en"]
time_zone = "UTC"
currency = "PLN"
[brands.shop]
name = { en = "Shop" }
[units.points]
name.en = { one = "point", many = "points" }
[referrals.spring]
name = { en = "Bring a friend" }
review = "none"
budget = 200
[referrals.spring.qualify]
when = [{ field = "order.total", at_least = "100.00" }]
[earning.thanks]
name = { en = "Thanks" }
on = "friend_qualified"
points = 10
[earning.hundredth]
name = { en = "The hundredth friend" }
on = "friend_qualified"
when = [{ field = "activity.attribute.friends", is = 100 }]
points = 5000
[earning.first_order]
name = { en = "First order" }
on = "referral_qualified"
points = 7
"#;

struct Rush {
    counter: Counter,
    ada: MemberId,
}

impl Rush {
    async fn open() -> Rush {
        let unlimited = NonZeroU32::new(1_000_000).unwrap();
        let options = HttpOptions { per_second: unlimited, burst: unlimited, ..HttpOptions::default() };
        let counter = Counter::open_with(Shop::open_with(PROGRAMME).await, options).await;
        let ada = enrol(&counter, "ada").await.parse().unwrap();
        give(&counter, "ada", json!({ "name": "ada-szyje" })).await;
        Rush { counter, ada }
    }

    /// All friends, by so many clients at once; each client takes the next who is there.
    async fn run<F: Future<Output = ()> + Send + 'static>(
        self: &Arc<Rush>,
        friend: impl Fn(Arc<Rush>, usize) -> F + Send + Sync + Copy + 'static,
    ) {
        let next = Arc::new(AtomicUsize::new(0));
        let clients = (0..CLIENTS).map(|_| {
            let (rush, next) = (Arc::clone(self), Arc::clone(&next));
            tokio::spawn(async move {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= FRIENDS {
                        return;
                    }
                    friend(Arc::clone(&rush), number).await;
                }
            })
        });
        for client in clients.collect::<Vec<_>>() {
            client.await.unwrap();
        }
        self.counter.shop.run_until_idle().await;
    }

    async fn joins(&self, number: usize) -> Value {
        let body = json!({ "external_id": format!("friend-{number}"), "referral": { "code": "ada-szyje" } });
        self.counter.post_with_key("/v1/members", body, &format!("joins-{number}")).await.ok()
    }

    async fn orders(&self, number: usize) -> Value {
        let body = json!({
            "member": format!("friend-{number}"), "state": "paid", "currency": "PLN",
            "placed_at": "2026-05-04T10:00:00Z", "lines": [{ "id": "1", "quantity": 2, "total": "150.00" }],
        });
        self.counter.put(&format!("/v1/orders/order-{number}"), body).await.ok()
    }

    async fn returns(&self, number: usize) -> Value {
        let body = json!({ "return_id": "R", "lines": [{ "line": "1", "quantity": 1 }] });
        let path = format!("/v1/orders/order-{number}/returns");
        self.counter.post_with_key(&path, body, &format!("returns-{number}")).await.ok()
    }

    /// Where everybody stands: those who count, and those who found no room.
    async fn stages(&self) -> (usize, usize) {
        let application = &self.counter.shop.application;
        let (mut counting, mut too_late) = (0, 0);
        for number in 0..FRIENDS {
            let name = format!("friend-{number}");
            let friend = self.counter.get(&format!("/v1/members/ext:{name}")).await.ok();
            let friend: MemberId = friend["id"].as_str().unwrap().parse().unwrap();
            let holder = application.holder(friend.into()).await.unwrap().unwrap();
            let points = holder.wallets.get("points").map_or(0, |wallet| wallet.available());
            match holder.referral.unwrap().stage {
                Stage::Qualified { .. } => {
                    counting += 1;
                    assert_eq!(points, 7, "{name}");
                }
                Stage::Rejected { rejection, .. } => {
                    assert_eq!((rejection, points), (Rejection::BudgetSpent, 0), "{name}");
                    too_late += 1;
                }
                Stage::Reversed => assert_eq!(points, 0, "{name}"),
                other => panic!("{name}: {other:?}"),
            }
        }
        (counting, too_late)
    }

    /// Ada's friends of the edition, and her points.
    async fn advocate(&self) -> (Friends, i64) {
        let holder = self.counter.shop.application.holder(self.ada.into()).await.unwrap().unwrap();
        let wallet = holder.wallets.get("points").unwrap();
        (holder.friends.get(EDITION).cloned().unwrap_or_default(), wallet.available() - wallet.debt)
    }
}

fn transaction(answer: &Value) -> &str {
    answer["transaction"]["id"].as_str().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn exactly_as_many_friends_count_as_there_is_room_for() {
    let rush = Arc::new(Rush::open().await);
    rush.run(|rush, number| async move {
        // Twice at the same time, as by somebody who has lost patience: one answer.
        let (first, again) = tokio::join!(rush.joins(number), rush.joins(number));
        assert_eq!((&first["id"], &first["referral"]), (&again["id"], &again["referral"]));
        let (first, again) = tokio::join!(rush.orders(number), rush.orders(number));
        assert_eq!(transaction(&first), transaction(&again), "{first:#} {again:#}");
    })
    .await;
    assert_eq!(rush.stages().await, (BUDGET as usize, FRIENDS - BUDGET as usize));
    let (friends, points) = rush.advocate().await;
    // The numbers are 1 to 200, and the hundredth friend has been there once.
    assert_eq!((friends.highest, friends.count(), points), (BUDGET, BUDGET, BUDGET * 10 + 5_000));
    rush.counter.shop.assert_audited().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_comes_back_meanwhile_leaves_its_place_to_one_other() {
    let rush = Arc::new(Rush::open().await);
    rush.run(|rush, number| async move {
        rush.joins(number).await;
        rush.orders(number).await;
        if number % 3 == 0 {
            // Half of it comes back, which is not enough any more; the same is asked again.
            let (first, again) = tokio::join!(rush.returns(number), rush.returns(number));
            assert_eq!(transaction(&first), transaction(&again), "{first:#} {again:#}");
        }
    })
    .await;
    let (counting, too_late) = rush.stages().await;
    let (friends, points) = rush.advocate().await;
    assert_eq!(friends.count(), counting as i64);
    assert!(counting as i64 <= BUDGET && too_late > 0 && friends.highest <= BUDGET, "{friends:?} {too_late}");
    let prize =
        if (1..=friends.highest).any(|number| number == 100 && !friends.free.contains(&100)) { 5_000 } else { 0 };
    assert_eq!(points, friends.count() * 10 + prize);
    rush.counter.shop.assert_audited().await;
    // What is left is left for whoever comes next: exactly so many.
    let mut left = BUDGET - counting as i64;
    let mut number = FRIENDS;
    while left > 0 {
        rush.joins(number).await;
        rush.orders(number).await;
        (left, number) = (left - 1, number + 1);
    }
    rush.joins(number).await;
    rush.orders(number).await;
    rush.counter.shop.run_until_idle().await;
    let (friends, _) = rush.advocate().await;
    assert_eq!((friends.count(), friends.highest), (BUDGET, BUDGET));
    let late = rush.counter.request(Method::GET, &format!("/v1/referrals/ext:friend-{number}"));
    assert_eq!(crate::http_client::read(late).await.ok()["state"], "rejected");
    rush.counter.shop.assert_audited().await;
}

/// The first words about a friend went to an account that was merged before it heard them: what follows finds them where
/// they were heard.
#[tokio::test]
async fn what_an_account_never_heard_the_survivor_hears_to_the_end() {
    let rush = Rush::open().await;
    let shop = &rush.counter.shop;
    let bob = shop.enrol("bob").await;
    // Without delivering anything on its way to Ada, her account goes into Bob's.
    let joined = rush.joins(0).await;
    assert_eq!(joined["referral"]["state"], "joined");
    let submitted = |command| {
        let submission = lojal_server::platform::writer::Submission::new(Owner::Holder(rush.ada.into()), command);
        shop.application.writer.submit(submission)
    };
    submitted(lojal_core::command::Command::MergeInto { survivor: bob }).await.unwrap();
    shop.run_until_idle().await;
    rush.orders(0).await;
    shop.run_until_idle().await;
    assert_eq!(shop.available(bob).await, 10);
    rush.returns(0).await;
    shop.run_until_idle().await;
    assert_eq!(shop.available(bob).await, 0);
    shop.assert_audited().await;
}
