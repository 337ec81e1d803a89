//! The guard over time: what people decide before it counts, orders that come back, programmes that change, accounts
//! that are merged, and rows that are damaged.

use lojal_core::activity::OrderState;
use lojal_core::command::Command;
use lojal_core::kernel::{Language, MemberId};
use lojal_core::programme::starter;
use lojal_core::referrals::{Judge, Stage, Verdict};
use lojal_fraud::identifier::Clear;
use lojal_server::platform::application::NewMember;
use lojal_server::platform::fraud::{guard_again, guard_overlooked, guard_overlooked_in_turn};
use lojal_server::platform::http::HttpOptions;
use lojal_server::platform::identity::Identity;
use lojal_server::platform::rulebook::PublishOptions;
use serde_json::{Value, json};

use crate::guard::{cases, comes, seen, stage, thanked};
use crate::http_client::Counter;
use crate::shop::{Shop, moment, put_order, return_one};

const EVERY_NAME: &str = r#"name = { en = "Bring a friend", pl = "Poleć nas" }"#;

/// The starter programme, with recommendations of an edition and their rewards.
fn programme(edition: &str) -> String {
    format!(
        "{}\n[referrals.spring]\n{EVERY_NAME}\n{edition}\n[earning.thanks]\n{EVERY_NAME}\non = \"friend_qualified\"\npoints = 500\n",
        starter(Language::En)
    )
}

const WAITING: &str = r#"[referrals.spring.qualify]
when = [{ field = "order.total", at_least = "100.00" }]
wait = { after = "placed", for = "14 days" }"#;

async fn counter(edition: &str) -> Counter {
    Counter::open_with(Shop::open_with(&programme(edition)).await, HttpOptions::default()).await
}

fn address(case: &Value) -> String {
    format!("/v1/cases/{}", case["id"].as_str().unwrap())
}

async fn decide(counter: &Counter, case: &Value, decision: &str) {
    let body = json!({ "decision": decision, "reason": "I have talked to both" });
    counter.post(&format!("{}/decide", address(case)), body).await.ok();
}

async fn later(shop: &Shop, text: &str) {
    shop.clock.set(moment(text));
    shop.run_until_idle().await;
}

#[tokio::test]
async fn what_is_decided_while_it_waits_holds_when_it_counts() {
    for (review, verdict) in [("all", "cleared"), ("suspicious", "cleared"), ("all", "confirmed")] {
        let counter = counter(&format!("review = \"{review}\"\n{WAITING}")).await;
        let shop = &counter.shop;
        let (ada, eve) = (shop.enrol("ada").await, shop.enrol("eve").await);
        seen(shop, ada, "tok_1").await;
        seen(shop, eve, "tok_1").await;
        comes(shop, ada, eve, "o-1").await;
        let open = cases(&counter).await;
        assert_eq!(open.len(), 1, "{open:#?}");
        assert_ne!(open[0]["stake"], "0.00", "what is at stake is known at the order");
        decide(&counter, &open[0], verdict).await;
        later(shop, "2026-05-30T10:00:00Z").await;
        match (verdict, stage(shop, eve).await) {
            ("cleared", Stage::Qualified { .. }) => assert!(thanked(shop, ada).await),
            ("confirmed", Stage::Rejected { by: Judge::Person, .. }) => assert!(!thanked(shop, ada).await),
            other => panic!("{review}: {other:?}"),
        }
        shop.assert_audited().await;
    }
}

/// A decision that is taken back while it waits leaves it to a person, whatever the detector finds.
#[tokio::test]
async fn what_is_taken_back_while_it_waits_is_for_a_person() {
    let counter =
        counter(&format!("review = \"suspicious\"\n{WAITING}\n[fraud]\nflag_from = 1\nhold_from = 9000")).await;
    let shop = &counter.shop;
    let (ada, eve) = (shop.enrol("ada").await, shop.enrol("eve").await);
    for member in [ada, eve] {
        let clear = Clear { ip: Some("83.4.5.6"), ..Clear::default() };
        shop.application.watch(member, &clear, moment("2026-05-04T09:00:00Z")).await.unwrap();
    }
    comes(shop, ada, eve, "o-1").await;
    let open = cases(&counter).await;
    assert_eq!((open.len(), open[0]["verdict"].as_str()), (1, Some("flag")), "{open:#?}");
    decide(&counter, &open[0], "cleared").await;
    counter.post(&format!("{}/undo", address(&open[0])), json!({ "reason": "A mistake" })).await.ok();
    shop.run_until_idle().await;
    later(shop, "2026-05-30T10:00:00Z").await;
    assert!(matches!(stage(shop, eve).await, Stage::Held { .. }), "{:?}", stage(shop, eve).await);
    decide(&counter, &cases(&counter).await[0], "cleared").await;
    assert!(matches!(stage(shop, eve).await, Stage::Qualified { .. }), "{:?}", stage(shop, eve).await);
}

/// Whether it was kept by an earlier release or overtaken by an earlier word: the ledger comes to hear what is decided.
#[tokio::test]
async fn what_was_decided_and_never_heard_is_said_again() {
    let counter = counter("review = \"all\"").await;
    let shop = &counter.shop;
    let (ada, eve) = (shop.enrol("ada").await, shop.enrol("eve").await);
    comes(shop, ada, eve, "o-1").await;
    assert!(matches!(stage(shop, eve).await, Stage::Held { .. }));
    let decided = "state = 'cleared', grounds = '{\"rules\":[],\"kinds\":[]}', decided_at = 1, revision = 1, sent = 1";
    shop.tamper(&format!("update fraud_case set {decided}")).await;
    guard_overlooked(&shop.application).await.unwrap();
    assert!(matches!(stage(shop, eve).await, Stage::Qualified { .. }), "{:?}", stage(shop, eve).await);

    let kim = shop.enrol("kim").await;
    comes(shop, ada, kim, "o-2").await;
    assert!(matches!(stage(shop, kim).await, Stage::Held { .. }));
    // Cleared and taken back; the word that came first is heard last.
    shop.tamper(&format!("update fraud_case set revision = 2 where friend = {}", kim.number())).await;
    let allow = Command::JudgeReferral { verdict: Verdict::Allow, by: Judge::Person, seen: None };
    shop.submit(kim, allow).await.unwrap();
    assert!(matches!(stage(shop, kim).await, Stage::Qualified { .. }));
    shop.run_until_idle().await;
    assert!(matches!(stage(shop, kim).await, Stage::Held { .. }), "{:?}", stage(shop, kim).await);
    let journal = shop.count("journal").await;
    shop.run_until_idle().await;
    assert_eq!(shop.count("journal").await, journal, "once is enough");
}

#[tokio::test]
async fn who_came_before_recommendations_ended_is_looked_at_still() {
    let counter = counter(&format!("review = \"suspicious\"\n{WAITING}")).await;
    let shop = &counter.shop;
    let (ada, eve) = (shop.enrol("ada").await, shop.enrol("eve").await);
    comes(shop, ada, eve, "o-1").await;
    let options = PublishOptions { accept_warnings: true, accept_worse: true, ..PublishOptions::default() };
    shop.clock.set(shop.clock.now() + jiff::SignedDuration::from_millis(5));
    shop.application.publish_with(starter(Language::En), &options).await.unwrap();
    later(shop, "2026-05-30T10:00:00Z").await;
    assert!(matches!(stage(shop, eve).await, Stage::Qualified { .. }), "{:?}", stage(shop, eve).await);
    let settings = shop.application.fraud_settings().unwrap();
    assert_eq!(settings.number("calling_code"), Some(48), "the programme keeps the time of Warsaw");
}

/// One damaged row keeps nobody else waiting, and is tried again.
#[tokio::test]
async fn what_cannot_be_read_waits_alone() {
    let counter = counter("review = \"all\"").await;
    let shop = &counter.shop;
    let mut friends = Vec::new();
    let ada = shop.enrol("ada").await;
    for name in ["eve", "kim", "lea"] {
        let friend = shop.enrol(name).await;
        comes(shop, ada, friend, &format!("o-{name}")).await;
        friends.push(friend);
    }
    let open = cases(&counter).await;
    let of = |friend: MemberId| open.iter().find(|case| case["friend"] == friend.to_string()).unwrap().clone();
    let broken = format!("friend = {}", friends[0].number());
    shop.tamper(&format!("update fraud_case set state = 'astray', sent = 0 where {broken}")).await;
    decide(&counter, &of(friends[1]), "cleared").await;
    assert!(matches!(stage(shop, friends[1]).await, Stage::Qualified { .. }));
    shop.tamper(&format!(
        "update fraud_case set state = 'cleared', sent = 0, revision = 1 where friend = {}",
        friends[2].number()
    ))
    .await;
    shop.run_until_idle().await;
    assert!(matches!(stage(shop, friends[2]).await, Stage::Qualified { .. }), "the first of the unsent is damaged");
    assert!(guard_overlooked(&shop.application).await.unwrap() >= 1);
    assert_eq!(shop.count("guard_again").await, 1);
    assert_eq!(guard_again(&shop.application).await.unwrap(), 0);
    shop.tamper(&format!("update fraud_case set state = 'open', sent = 1 where {broken}")).await;
    assert_eq!(guard_again(&shop.application).await.unwrap(), 1);
    assert_eq!(shop.count("guard_again").await, 0);
    assert_eq!(guard_overlooked_in_turn(&shop.application).await.unwrap(), 1);
    assert_eq!(guard_overlooked_in_turn(&shop.application).await.unwrap(), 0, "once a day");
}

async fn enrol_person(shop: &Shop, name: &str, email: &str, phone: &str) -> MemberId {
    let identity = Identity {
        name: Some(format!("{name} Kowal")),
        email: Some(email.to_owned()),
        phone: Some(phone.to_owned()),
        ..Identity::default()
    };
    let done = shop.application.enrol(NewMember { identity, ..NewMember::new(name) }).await.unwrap();
    MemberId(done.holder.0)
}

/// By their kinds: a mail address is 2, a telephone 3, a name 6.
async fn known_by(shop: &Shop, member: MemberId, kind: i64) -> i64 {
    shop.count(&format!("sighting where party = {} and kind = {kind}", member.number())).await
}

#[tokio::test]
async fn people_are_known_by_what_is_true_of_them_now() {
    let counter = counter("review = \"suspicious\"").await;
    let shop = &counter.shop;
    let ada = enrol_person(shop, "ada", "ada@example.com", "601 234 567").await;
    let eve = enrol_person(shop, "eve", "eve@example.com", "+48 602 222 222").await;
    assert_eq!((known_by(shop, ada, 2).await, known_by(shop, ada, 3).await), (1, 1));
    // As if they had been forgotten by age, or never noted.
    shop.tamper("delete from sighting").await;
    shop.tamper("delete from mark_party").await;
    shop.tamper("delete from mark_tally").await;
    let body = json!({ "person": { "phone": "+48 601 234 567" } });
    comes(shop, ada, eve, "o-1").await;
    for party in [ada, eve] {
        assert_eq!((known_by(shop, party, 2).await, known_by(shop, party, 6).await), (1, 1), "looked at again");
    }
    // A number that somebody else has now, however it is written.
    counter.patch("/v1/members/ext:eve", body).await.ok();
    assert_eq!((known_by(shop, eve, 3).await, shop.count("mark_tally where parties = 2 and kind = 3").await), (1, 1));
    counter.patch("/v1/members/ext:eve", json!({ "person": { "phone": null, "email": null } })).await.ok();
    assert_eq!((known_by(shop, eve, 2).await, known_by(shop, eve, 3).await), (0, 0));
    assert_eq!((known_by(shop, eve, 6).await, known_by(shop, ada, 3).await), (1, 1));
    assert_eq!(shop.count("mark_party").await, shop.count("sighting where kind <> 12").await);
}

#[tokio::test]
async fn who_orders_again_is_looked_at_by_the_new_order() {
    let counter = counter(&format!("review = \"suspicious\"\n{WAITING}")).await;
    let shop = &counter.shop;
    let (ada, eve) = (shop.enrol("ada").await, shop.enrol("eve").await);
    comes(shop, ada, eve, "o-1").await;
    assert_eq!(shop.count("watched_referral where least_order = 10000 and amount = 20000 and stake > 0").await, 1);
    shop.submit(eve, return_one("o-1", "r-1", "1")).await.unwrap();
    shop.run_until_idle().await;
    assert_eq!(stage(shop, eve).await, Stage::Joined);
    assert_eq!(shop.count("watched_referral where returned = 1").await, 1);
    assert_eq!(shop.count("advocate_tally where returned = 1 and friends = 1").await, 1);
    shop.clock.set(moment("2026-05-05T10:00:00Z"));
    shop.submit(eve, put_order("o-2", OrderState::Paid, &[("1", 1, 30_000)])).await.unwrap();
    shop.run_until_idle().await;
    assert_eq!(shop.count("watched_referral where returned = 0 and amount = 30000").await, 1);
    assert_eq!(shop.count("advocate_tally where returned = 0 and friends = 1").await, 1);
    assert_eq!((shop.count("advocate_friend").await, shop.count("friend_tally where returned > 0").await), (1, 0));
}

#[tokio::test]
async fn accounts_that_were_merged_are_followed() {
    let counter = counter("review = \"suspicious\"").await;
    let shop = &counter.shop;
    let (ada, eve, own) = (shop.enrol("ada").await, shop.enrol("eve").await, shop.enrol("own").await);
    for member in [ada, eve] {
        seen(shop, member, "tok_1").await;
    }
    comes(shop, ada, eve, "o-1").await;
    let open = cases(&counter).await;
    decide(&counter, &open[0], "cleared").await;
    assert!(matches!(stage(shop, eve).await, Stage::Qualified { .. }), "{:?}", stage(shop, eve).await);
    // What nobody waited for is found in the journal.
    shop.submit(own, Command::Merge { account: eve }).await.unwrap();
    shop.run_until_idle().await;
    let of_own = format!("friend = {}", own.number());
    assert_eq!(shop.count(&format!("watched_referral where {of_own}")).await, 1);
    assert_eq!(shop.count(&format!("fraud_case where {of_own}")).await, 1);
    counter.post(&format!("{}/undo", address(&open[0])), json!({ "reason": "A mistake" })).await.ok();
    shop.run_until_idle().await;
    assert!(matches!(stage(shop, eve).await, Stage::Held { .. }), "{:?}", stage(shop, eve).await);
    decide(&counter, &open[0], "cleared").await;
    shop.submit(eve, return_one("o-1", "r-1", "1")).await.unwrap();
    shop.run_until_idle().await;
    assert_eq!(shop.count(&format!("watched_referral where {of_own} and returned = 1")).await, 1);
    assert_eq!(shop.count("watched_referral").await, 1);
}
