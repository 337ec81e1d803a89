//! Webhooks when something is in the way: what is stopped, passed over, slow or old.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use lojal_core::activity::OrderState;
use lojal_server::platform::sql::{column, rows};
use lojal_server::webhooks::{Reach, Webhooks};
use serde_json::json;

use crate::referrals::{advocate, follow, lost_click, open};
use crate::shop::put_order;
use crate::webhooks::{Manner, Message, Receiver, Teller, by_member};

/// The names of all deliveries.
async fn names(teller: &Teller) -> Vec<(i64, i64, i64)> {
    let mut connection = teller.shop().application.database.read().await.unwrap();
    let sql = "select endpoint, source, position from webhook_delivery order by endpoint, source, position";
    let rows = rows(&mut connection, sql, vec![]).await.unwrap();
    let number = |row, name| column::<i64>(row, name).unwrap();
    rows.iter().map(|row| (number(row, "endpoint"), number(row, "source"), number(row, "position"))).collect()
}

#[tokio::test]
async fn nothing_is_lost_or_doubled_wherever_it_is_stopped() {
    let teller = Teller::open().await;
    let receivers = [Receiver::open().await, Receiver::open().await];
    for receiver in &receivers {
        teller.endpoint(receiver, &[]).await;
    }
    let shop = teller.shop();
    for number in 0..40u64 {
        let member = shop.enrol(&format!("member {number}")).await;
        let id = format!("o-{number}");
        shop.submit(member, put_order(&id, OrderState::Closed, &[("1", 1, 10_000)])).await.unwrap();
        if number % 4 == 0 {
            let webhooks = Webhooks::new(shop.application.clone(), Reach::Private).unwrap();
            let at_work = [tokio::spawn(stopped(webhooks.clone())), tokio::spawn(stopped(webhooks))];
            tokio::time::sleep(Duration::from_millis(number)).await;
            at_work.iter().for_each(|work| work.abort());
        }
    }
    // The lease of whoever was stopped ends.
    teller.later(60).await;
    teller.tell().await;
    let kept = names(&teller).await;
    // Made all over again, without anybody in the way.
    for table in ["webhook_delivery", "webhook_head", "progress"] {
        let all = if table == "progress" { " where work like 'webhooks%'" } else { "" };
        shop.tamper(&format!("delete from {table}{all}")).await;
    }
    teller.webhooks.follow().await.unwrap();
    assert_eq!(names(&teller).await, kept);
    for receiver in &receivers {
        let told: BTreeSet<String> = receiver.seen().into_iter().map(|message| message.id).collect();
        assert_eq!(told.len() * 2, kept.len(), "each arrives");
    }
}

async fn stopped(webhooks: Webhooks) {
    let _ = webhooks.run_until_idle().await;
}

#[tokio::test]
async fn what_was_passed_over_is_found() {
    let teller = Teller::open().await;
    let receiver = Receiver::open().await;
    teller.endpoint(&receiver, &[]).await;
    let shop = teller.shop();
    let ada = shop.enrol("ada").await;
    let bob = shop.enrol("bob").await;
    teller.tell().await;
    let kept = names(&teller).await;
    // As if their rows had come to light long after others with higher ids.
    for member in [ada, bob] {
        let member = member.number();
        shop.tamper(&format!("delete from webhook_delivery where holder = {member}")).await;
        shop.tamper(&format!("delete from webhook_head where holder = {member}")).await;
    }
    teller.later(3600).await;
    shop.enrol("cleo").await;
    // The next row of a holder tells of those before it.
    shop.submit(ada, put_order("o-1", OrderState::Closed, &[("1", 1, 10_000)])).await.unwrap();
    teller.tell().await;
    let found = names(&teller).await;
    let of = |names: &[(i64, i64, i64)], part: i64| names.iter().filter(|(_, source, _)| source & 63 == part).count();
    let part = ada.part().number();
    assert!(of(&found, part) > of(&kept, part));
    // Who has none is found by looking at everybody.
    teller.webhooks.clean().await.unwrap();
    let found: BTreeSet<_> = names(&teller).await.into_iter().collect();
    assert!(kept.iter().all(|name| found.contains(name)), "{kept:?} {found:?}");
}

#[tokio::test]
async fn a_slow_endpoint_holds_nobody_back() {
    let teller = Teller::open().await;
    let (slow, quick) = (Receiver::open().await, Receiver::open().await);
    slow.answer(Manner { wait: Duration::from_secs(30), ..Manner::default() });
    teller.endpoint(&slow, &["member.joined"]).await;
    teller.endpoint(&quick, &["member.joined"]).await;
    for number in 0..20 {
        teller.shop().enrol(&format!("member {number}")).await;
    }
    let begun = Instant::now();
    let working = teller.webhooks.clone().start();
    while quick.seen().len() < 20 {
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert!(begun.elapsed() < Duration::from_secs(14), "{} arrived", quick.seen().len());
    }
    let at_once = slow.seen().len();
    assert!((1..=8).contains(&at_once), "{at_once} requests are under way to one endpoint");
    // Whoever stops lets others carry on at once.
    working.stop().await;
    slow.answer(Manner::default());
    let another = Webhooks::new(teller.shop().application.clone(), Reach::Private).unwrap();
    assert!(another.run_until_idle().await.unwrap() > 0);
    assert_eq!(by_member(&quick.seen()).len(), 20);
}

#[tokio::test]
async fn what_is_old_is_cleared_away() {
    let teller = Teller::open().await;
    let receiver = Receiver::open().await;
    let (endpoint, _) = teller.endpoint(&receiver, &["member.joined"]).await;
    teller.shop().enrol("ada").await;
    teller.tell().await;
    receiver.answer(Manner { status: 410, ..Manner::default() });
    teller.shop().enrol("bob").await;
    teller.tell().await;
    for (days, left) in [(29, 2), (2, 1), (58, 1), (3, 0)] {
        teller.later(days * 86_400).await;
        teller.webhooks.clean().await.unwrap();
        assert_eq!(teller.deliveries(&endpoint, "").await.len(), left, "after {days} more days");
    }
    assert_eq!(teller.webhooks.follow().await.unwrap(), 0, "and is not made again");
}

#[tokio::test]
async fn two_processes_send_each_event_once() {
    let teller = Teller::open().await;
    let receiver = Receiver::open().await;
    receiver.answer(Manner { wait: Duration::from_millis(5), ..Manner::default() });
    teller.endpoint(&receiver, &["member.joined"]).await;
    let processes = [(); 2].map(|()| Webhooks::new(teller.shop().application.clone(), Reach::Private).unwrap());
    for number in 0..30 {
        teller.shop().enrol(&format!("member {number}")).await;
        let [one, other] = &processes;
        let (one, other) = tokio::join!(one.run_until_idle(), other.run_until_idle());
        one.unwrap();
        other.unwrap();
    }
    teller.tell().await;
    assert_eq!(receiver.seen().len(), 30);
}

#[tokio::test]
async fn what_is_asked_for_while_something_is_sent_holds() {
    let teller = Teller::open().await;
    let receiver = Receiver::open().await;
    let (endpoint, _) = teller.endpoint(&receiver, &["member.joined"]).await;
    receiver.answer(Manner { wait: Duration::from_millis(600), ..Manner::default() });
    teller.shop().enrol("ada").await;
    teller.later(1).await;
    let telling = tokio::spawn(stopped(teller.webhooks.clone()));
    while receiver.seen().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let event = receiver.seen()[0].id.clone();
    teller.counter.post(&format!("{endpoint}/deliveries/{event}/replay"), json!({})).await.ok();
    telling.await.unwrap();
    teller.tell().await;
    assert_eq!(receiver.seen().len(), 2, "once more is once more");
    // Disabled while much is on its way.
    receiver.forget();
    receiver.answer(Manner { wait: Duration::from_millis(300), ..Manner::default() });
    for number in 0..50 {
        teller.shop().enrol(&format!("member {number}")).await;
    }
    let telling = tokio::spawn(stopped(teller.webhooks.clone()));
    while receiver.seen().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    teller.counter.patch(&endpoint, json!({ "enabled": false })).await.ok();
    telling.await.unwrap();
    assert!(receiver.seen().len() < 50, "{} were sent", receiver.seen().len());
}

#[tokio::test]
async fn a_kind_of_a_later_release_is_not_everything() {
    let teller = Teller::open().await;
    let receiver = Receiver::open().await;
    let (endpoint, _) = teller.endpoint(&receiver, &["member.joined"]).await;
    teller.shop().tamper("update webhook_endpoint set events = 'points.invented'").await;
    teller.counter.patch(&endpoint, json!({ "description": "Shop" })).await.ok();
    teller.shop().enrol("ada").await;
    assert_eq!(teller.tell().await, 0);
    assert_eq!(teller.counter.get(&endpoint).await.ok()["events"], json!(["points.invented"]));
}

#[tokio::test]
async fn there_is_one_replay_at_a_time_and_it_can_be_stopped() {
    let teller = Teller::open().await;
    let receiver = Receiver::open().await;
    teller.shop().enrol("ada").await;
    let (endpoint, _) = teller.endpoint(&receiver, &["member.joined"]).await;
    let (replay, since) = (format!("{endpoint}/replay"), json!({ "since": "2026-05-01T00:00:00Z" }));
    teller.counter.post(&replay, since.clone()).await.ok();
    let second = teller.counter.post(&replay, since.clone()).await;
    second.assert_problem(reqwest::StatusCode::CONFLICT, "webhook_replay_under_way");
    assert_eq!(teller.counter.delete(&replay).await.status, 200);
    assert_eq!(teller.tell().await, 0);
    teller.counter.post(&replay, since).await.ok();
    // As if it had been begun where the journal lies in more lanes.
    teller.shop().tamper("update webhook_replay set lanes = 7, lane = 5").await;
    assert_eq!(teller.tell().await, 1);
    assert_eq!(teller.shop().count("webhook_replay").await, 0);
}

#[tokio::test]
async fn what_waits_goes_on_waiting_and_is_found() {
    let teller = Teller::open().await;
    let receiver = Receiver::open().await;
    let (endpoint, _) = teller.endpoint(&receiver, &["member.joined"]).await;
    teller.shop().enrol("ada").await;
    teller.webhooks.follow().await.unwrap();
    teller.later(100 * 86_400).await;
    // Whoever was about to say that something is due came to an end.
    teller.shop().tamper("update webhook_endpoint set wake_at = null").await;
    assert_eq!(teller.tell().await, 0);
    teller.webhooks.clean().await.unwrap();
    assert_eq!(teller.tell().await, 1);
    assert_eq!(teller.deliveries(&endpoint, "&state=delivered").await.len(), 1);
}

#[tokio::test]
async fn there_being_nothing_to_tell_is_nobodys_fault() {
    let teller = Teller::open().await;
    let receiver = Receiver::open().await;
    let (endpoint, _) = teller.endpoint(&receiver, &["member.joined"]).await;
    teller.shop().enrol("ada").await;
    teller.webhooks.follow().await.unwrap();
    teller.shop().tamper("update webhook_delivery set position = 99").await;
    teller.tell().await;
    let delivery = teller.deliveries(&endpoint, "").await.remove(0);
    assert_eq!(delivery["attempts"][0]["trouble"], "nothing_to_tell");
    assert!(receiver.seen().is_empty() && teller.counter.get(&endpoint).await.ok()["failing_since"].is_null());
}

#[tokio::test]
async fn what_has_just_happened_does_not_wait_for_a_replay() {
    let teller = Teller::open().await;
    let receiver = Receiver::open().await;
    for number in 0..300 {
        teller.shop().enrol(&format!("member {number}")).await;
    }
    let (endpoint, _) = teller.endpoint(&receiver, &["member.joined", "points.earned"]).await;
    receiver.answer(Manner { wait: Duration::from_millis(30), ..Manner::default() });
    teller.counter.post(&format!("{endpoint}/replay"), json!({ "since": "2026-05-01T00:00:00Z" })).await.ok();
    let webhooks = teller.webhooks.clone();
    let sending = tokio::spawn(async move { webhooks.run_until_idle().await });
    seen_at_least(&receiver, 10).await;
    let newcomer = teller.shop().enrol("newcomer").await;
    let order = put_order("o-1", OrderState::Closed, &[("1", 1, 10_000)]);
    teller.shop().submit(newcomer, order).await.unwrap();
    teller.webhooks.follow().await.unwrap();
    sending.await.unwrap().unwrap();
    let messages = receiver.seen();
    let ids: BTreeSet<&str> = messages.iter().map(|message| message.id.as_str()).collect();
    assert!(messages.len() > 600 && ids.len() == messages.len(), "everything arrives, once");
    let is_newcomer = |message: &Message| message.body["data"]["member"]["external_id"] == "newcomer";
    let place = messages.iter().position(is_newcomer).unwrap();
    assert!(place < 250, "it came after {place}");
    let of_newcomer: Vec<_> = messages.iter().filter(|message| is_newcomer(message)).collect();
    assert!(of_newcomer.is_sorted_by_key(|message| message.body["data"]["transaction"].as_str().unwrap()));
    assert_eq!((of_newcomer.len(), &of_newcomer[0].body["type"]), (3, &json!("member.joined")));
    assert_eq!(teller.shop().count("webhook_replay").await, 0);
}

async fn seen_at_least(receiver: &Receiver, count: usize) {
    let begun = Instant::now();
    while receiver.seen().len() < count {
        tokio::time::sleep(Duration::from_millis(5)).await;
        assert!(begun.elapsed() < Duration::from_secs(14), "{} arrived", receiver.seen().len());
    }
}

#[tokio::test]
async fn a_slow_answer_holds_up_nobody_elses_events() {
    let teller = Teller::open().await;
    let receiver = Receiver::open().await;
    teller.endpoint(&receiver, &["member.joined", "points.earned"]).await;
    let ada = teller.shop().enrol("ada").await;
    receiver.answer(Manner { wait: Duration::from_secs(12), ..Manner::default() });
    let webhooks = teller.webhooks.clone();
    let sending = tokio::spawn(async move { webhooks.run_until_idle().await });
    seen_at_least(&receiver, 1).await;
    receiver.answer(Manner::default());
    let bob = teller.shop().enrol("bob").await;
    for member in [ada, bob] {
        let order = put_order(&format!("o-{member}"), OrderState::Closed, &[("1", 1, 10_000)]);
        teller.shop().submit(member, order).await.unwrap();
    }
    let begun = Instant::now();
    teller.webhooks.follow().await.unwrap();
    seen_at_least(&receiver, 4).await;
    assert!(begun.elapsed() < Duration::from_secs(9), "they waited for the slow answer");
    let told = by_member(&receiver.seen());
    assert_eq!(told.values().map(Vec::len).collect::<BTreeSet<_>>(), [1, 3].into(), "{told:?}");
    sending.abort();
}

#[tokio::test]
async fn links_that_are_passed_on_and_followed_are_told_of_once() {
    let counter = open("last").await;
    let webhooks = Webhooks::new(counter.shop.application.clone(), Reach::Private).unwrap();
    let teller = Teller { counter, webhooks };
    let counter = &teller.counter;
    advocate(counter, "ada").await;
    let share = async |channel: &str| {
        let told = json!({ "member": "ext:ada", "channel": channel });
        counter.post_with_key("/v1/track/share", told, channel).await.ok()
    };
    share("mail").await;
    follow(counter, "/r/ada-szyje", "").await;
    counter.get("/v1/clicks").await.ok();
    // What was before the endpoint is not told.
    let receiver = Receiver::open().await;
    let (endpoint, _) = teller.endpoint(&receiver, &["referral.invited", "referral.clicked"]).await;
    teller.later(1).await;
    let shared = share("whatsapp").await;
    follow(counter, "/r/ada-szyje/whatsapp", "").await;
    let nowhere = reqwest::redirect::Policy::none();
    let robot = reqwest::Client::builder().user_agent("Googlebot/2.1").redirect(nowhere).build().unwrap();
    robot.get(format!("{}/r/ada-szyje", counter.address)).send().await.unwrap();
    let clicks = counter.get("/v1/clicks").await.ok();
    teller.tell().await;
    assert_eq!(receiver.seen().len(), 0, "what other processes know may be written later");
    teller.later(61).await;
    teller.tell().await;
    teller.tell().await;
    let mut seen = receiver.seen();
    seen.sort_by_key(|message| message.body["type"] == "referral.clicked");
    assert_eq!(seen.len(), 2, "no robot, and nothing twice: {:?}", receiver.kinds());
    let data = clicks["data"].as_array().unwrap();
    let mut of_person = data.iter().find(|click| click["channel"] == "whatsapp").unwrap().clone();
    of_person.as_object_mut().unwrap().remove("code");
    assert_eq!((&seen[0].body["data"]["share"], &seen[1].body["data"]["click"]), (&shared, &of_person));
    for message in &seen {
        assert_eq!(message.body["data"]["member"]["external_id"], "ada");
        assert!(!String::from_utf8_lossy(&message.raw).contains("szyje"), "a code may be a name");
    }

    // One that comes to light when later ones have been told of is told by a replay alone.
    let told = json!({ "code": "ada-szyje", "visitor": "session-1" });
    teller.later(600).await;
    counter.post_with_key("/v1/track/click", told, "session-1").await.ok();
    teller.later(61).await;
    teller.tell().await;
    receiver.forget();
    let (_, token) = lost_click(counter, "ada-szyje", 120).await;
    counter.post("/v1/members", json!({ "external_id": "eve", "referral": { "click": token } })).await.ok();
    teller.tell().await;
    assert_eq!(receiver.seen().len(), 0);

    // All of it once more, what was before the endpoint included.
    receiver.forget();
    let since = json!({ "since": "2026-05-01T00:00:00Z" });
    counter.post(&format!("{endpoint}/replay"), since).await.ok();
    teller.tell().await;
    let kinds: BTreeSet<(String, String)> =
        receiver.seen().iter().map(|message| (message.body["type"].to_string(), message.id.clone())).collect();
    assert_eq!((kinds.len(), receiver.seen().len()), (6, 6), "two shares and four clicks, each by its own name");
    assert!(seen.iter().all(|message| kinds.iter().any(|(_, id)| *id == message.id)), "names are kept");

    // Of whoever is erased there is nothing to tell.
    receiver.forget();
    share("sms").await;
    follow(counter, "/r/ada-szyje", "").await;
    counter.get("/v1/clicks").await.ok();
    counter.delete("/v1/members/ext:ada?erase=true").await.ok();
    teller.later(61).await;
    teller.tell().await;
    assert_eq!(receiver.seen().len(), 0);
}

#[tokio::test]
async fn links_that_many_follow_are_told_of_page_by_page_and_each_once() {
    let counter = open("last").await;
    let webhooks = Webhooks::new(counter.shop.application.clone(), Reach::Private).unwrap();
    let teller = Teller { counter, webhooks };
    let counter = &teller.counter;
    advocate(counter, "ada").await;
    let receiver = Receiver::open().await;
    teller.endpoint(&receiver, &["referral.clicked"]).await;
    // More than are read together of one part.
    for number in 0..40 {
        let session = format!("session-{number}");
        let told = json!({ "code": "ada-szyje", "visitor": session });
        counter.post_with_key("/v1/track/click", told, &session).await.ok();
    }
    teller.later(61).await;
    teller.tell().await;
    teller.tell().await;
    let clicks: BTreeSet<String> =
        receiver.seen().iter().map(|message| message.body["data"]["click"]["id"].to_string()).collect();
    assert_eq!((clicks.len(), receiver.seen().len()), (40, 40));
}
