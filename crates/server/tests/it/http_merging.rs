//! Two accounts of one person become one, and whatever is sent to either goes where it belongs.

use lojal_server::checkpoints::{checkpoint, prove, verify};
use lojal_server::moving::{Relocation, Step, export, restore};
use lojal_server::platform::application::Application;
use lojal_server::platform::jobs::Jobs;
use lojal_server::platform::journal::journal_archive;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::http_bulk::{KIND, body as lines};
use crate::http_client::{Answer, Counter, read};
use crate::http_life::order;
use crate::shop::{self, Shop, moment};

/// A shop that is open, and whose background work is done.
pub struct Town {
    pub counter: Counter,
    _jobs: Jobs,
}

impl Town {
    pub async fn open() -> Town {
        Town::around(Counter::open().await)
    }

    pub fn around(counter: Counter) -> Town {
        let jobs = counter.shop.application.start_jobs();
        Town { counter, _jobs: jobs }
    }

    /// A new member with so many points.
    async fn enrol(&self, name: &str, points: i64) -> String {
        let body = self.counter.post("/v1/members", json!({ "external_id": name })).await.ok();
        if points != 50 {
            let body = json!({ "member": name, "unit": "points", "amount": points - 50, "reason": "a test" });
            self.counter.post("/v1/adjustments", body).await.ok();
        }
        body["id"].as_str().unwrap().to_owned()
    }

    async fn ask(&self, survivor: &str, account: &str) -> Answer {
        self.counter.post(&format!("/v1/members/ext:{survivor}/merge"), json!({ "account": account })).await
    }

    pub async fn merge(&self, survivor: &str, account: &str) -> Value {
        let merged = self.ask(survivor, account).await.ok();
        assert_eq!(merged["outcome"], "merged", "{merged:#}");
        merged
    }

    async fn available(&self, member: &str) -> i64 {
        // What is on its way has arrived then.
        self.counter.shop.run_until_idle().await;
        self.counter.available(&format!("ext:{member}")).await
    }

    async fn member(&self, name: &str) -> Value {
        self.counter.get(&format!("/v1/members/{name}")).await.ok()
    }

    async fn put(&self, id: &str, member: &str, state: &str, price: &str) -> Value {
        let mut body = order(member, state, price);
        if state == "closed" {
            body["closed_at"] = json!("2026-05-04T09:30:00Z");
        }
        self.counter.put(&format!("/v1/orders/{id}"), body).await.ok()
    }
}

/// A member by the name of the holder of its wallets.
fn holder(member: &str) -> String {
    member.replace("mem_", "hol_")
}

#[tokio::test]
async fn an_account_becomes_a_part_of_the_member_s() {
    let town = Town::open().await;
    let counter = &town.counter;
    let ada = json!({
        "external_id": "ada", "attributes": { "size": "L" },
        "person": { "name": "Ada Lis", "email": "ada@example.com" },
    });
    let old = json!({
        "external_id": "old", "attributes": { "size": "S", "pet": "cat" }, "birthday": "04-17",
        "person": { "name": "A. Lis", "email": "old@example.com", "phone": "+48 600 100 200" },
    });
    let ada = counter.post("/v1/members", ada).await.ok()["id"].as_str().unwrap().to_owned();
    let old = counter.post("/v1/members", old).await.ok()["id"].as_str().unwrap().to_owned();

    let tried = counter.post("/v1/members/ext:ada/merge?dry_run=true", json!({ "account": "old" })).await.ok();
    assert!(tried.get("outcome").is_none() && tried["transaction"]["dry_run"] == true, "{tried:#}");
    assert_eq!(town.member("ext:old").await["id"], old, "nothing was written");
    assert_eq!(town.member(&ada).await["person"].get("phone"), None);

    let path = "/v1/members/ext:ada/merge";
    let merged = counter.post_with_key(path, json!({ "account": "old" }), "once").await;
    assert_eq!(merged.status, 200, "{merged:#?}");
    assert_eq!(merged.body["outcome"], "merged");
    let again = counter.post_with_key(path, json!({ "account": "old" }), "once").await;
    assert_eq!((again.status, again.headers.get("idempotency-replayed").is_some()), (200, true));
    assert_eq!(again.body, merged.body);
    let reused = counter.post_with_key(path, json!({ "account": "ada" }), "once").await;
    reused.assert_problem(StatusCode::CONFLICT, "idempotency_key_reused");
    assert_eq!(town.merge("ada", "old").await["member"], merged.body["member"], "merged is merged");

    let member = town.member(&ada).await;
    assert_eq!(member, merged.body["member"]);
    assert_eq!(member["accounts"], json!([old]));
    assert_eq!(member["attributes"], json!({ "size": "L", "pet": "cat" }));
    assert_eq!(member["birthday"], "04-17");
    let person = json!({ "name": "Ada Lis", "email": "ada@example.com", "phone": "+48 600 100 200" });
    assert_eq!(member["person"], person, "what is known of the member stays, the rest is taken over");
    for name in [old.as_str(), "ext:old"] {
        assert_eq!(town.member(name).await, member, "every name leads to the member");
    }
    assert_eq!(town.available("ada").await, 100);
    assert_eq!(town.available("old").await, 100);

    let listed = counter.get("/v1/members").await.ok();
    let listed = listed["data"].as_array().unwrap().iter().find(|member| member["id"] == old).unwrap().clone();
    assert_eq!((listed["status"].as_str(), &listed["merged_into"]), (Some("merged"), &json!(ada)), "{listed:#}");
    let entries = counter.get(&format!("/v1/members/{old}/ledger_entries")).await.ok();
    let reasons: Vec<&str> =
        entries["data"].as_array().unwrap().iter().map(|entry| entry["because"]["why"].as_str().unwrap()).collect();
    assert_eq!(reasons, ["sent", "activity_earned"], "the account keeps its own story");
    let entries = counter.get("/v1/members/ext:old/ledger_entries").await.ok();
    assert_eq!(entries["data"].as_array().unwrap().len(), 2, "received, and for joining: {entries:#}");

    for refused in [
        counter.patch("/v1/members/ext:old", json!({ "attributes": { "size": "M" } })).await,
        counter.delete(&format!("/v1/members/{old}?erase=true")).await,
    ] {
        assert_eq!(refused.assert_problem(StatusCode::CONFLICT, "merged")["facts"]["into"], ada);
    }
    counter.shop.assert_audited().await;
}

#[tokio::test]
async fn what_cannot_be_merged_is_refused_before_anything_is_written() {
    let town = Town::open().await;
    let counter = &town.counter;
    for name in ["ada", "gone", "bob", "cleo"] {
        town.enrol(name, 50).await;
    }
    let person = json!({ "person": { "phone": "600100200" } });
    counter.patch("/v1/members/ext:gone", person.clone()).await.ok();
    counter.patch("/v1/members/ext:cleo", person).await.ok();
    counter.delete("/v1/members/ext:gone").await.ok();
    town.merge("bob", "cleo").await;
    for (survivor, account, status, code) in [
        ("ada", "ada", StatusCode::UNPROCESSABLE_ENTITY, "merge_with_self"),
        ("ada", "gone", StatusCode::CONFLICT, "member_left"),
        ("gone", "ada", StatusCode::CONFLICT, "member_left"),
        ("ada", "cleo", StatusCode::CONFLICT, "merged"),
        ("cleo", "bob", StatusCode::UNPROCESSABLE_ENTITY, "merge_with_self"),
        ("ada", "nobody", StatusCode::NOT_FOUND, "unknown_member"),
        ("nobody", "ada", StatusCode::NOT_FOUND, "unknown_member"),
    ] {
        for dry_run in [true, false] {
            let path = format!("/v1/members/ext:{survivor}/merge?dry_run={dry_run}");
            let refused = counter.post(&path, json!({ "account": account })).await;
            refused.assert_problem(status, code);
        }
    }
    let path = format!("{}/v1/members/ext:ada/merge", counter.address);
    let unnamed = counter.client.post(path).bearer_auth(&counter.key).json(&json!({ "account": "bob" }));
    read(unnamed).await.assert_problem(StatusCode::BAD_REQUEST, "idempotency_key_required");
    let ada = town.member("ext:ada").await;
    assert_eq!((ada.get("person"), ada.get("accounts")), (None, None), "{ada:#}");
    counter.shop.assert_audited().await;
}

#[tokio::test]
async fn an_order_goes_where_it_belongs_whoever_is_named() {
    let town = Town::open().await;
    let counter = &town.counter;
    let ada = town.enrol("ada", 50).await;
    let old = town.enrol("old", 50).await;
    let third = town.enrol("third", 50).await;
    town.put("o-1", "old", "closed", "100.00").await;
    town.put("o-2", "old", "paid", "50.00").await;
    town.put("o-3", "third", "paid", "25.00").await;
    town.merge("ada", "old").await;
    town.merge("ada", "third").await;

    // What is new is the member's, whichever account the shop still knows.
    for (id, name) in [("n-1", "old"), ("n-2", "ada"), ("n-3", "third")] {
        assert_eq!(town.put(id, name, "paid", "10.00").await["order"]["holder"], holder(&ada));
    }
    let closed = town.put("n-1", "third", "closed", "10.00").await;
    assert_eq!(closed["order"]["holder"], holder(&ada), "named with another one of the accounts");

    // What an account has begun is brought to an end there, whoever is named.
    for (id, name, owner) in
        [("o-2", "ada", &old), ("o-2", "third", &old), ("o-2", "old", &old), ("o-3", "old", &third)]
    {
        let closed = town.put(id, name, "closed", "50.00").await;
        assert_eq!(closed["order"]["holder"], holder(owner), "{id} of {name}");
    }
    let back = json!({ "return_id": "r-1", "lines": [{ "line": "1", "quantity": 1 }] });
    counter.post("/v1/orders/o-1/returns", back).await.ok();
    for name in ["old", "ada"] {
        let goods = json!({
            "member": name, "return_id": format!("loose-{name}"), "currency": "PLN",
            "lines": [{ "id": "1", "quantity": 1, "total": "5.00" }],
        });
        counter.post("/v1/returns", goods).await.ok();
    }
    let stranger = town.enrol("stranger", 50).await;
    for name in ["ada", "old"] {
        town.put("s-1", "stranger", "paid", "10.00").await;
        let taken = counter.put("/v1/orders/s-1", order(name, "closed", "10.00")).await;
        taken.assert_problem(StatusCode::CONFLICT, "order_of_another_member");
        let taken = counter.put("/v1/orders/o-2", order("stranger", "closed", "10.00")).await;
        taken.assert_problem(StatusCode::CONFLICT, "order_of_another_member");
    }
    assert_eq!(counter.get("/v1/orders/s-1").await.ok()["holder"], holder(&stranger));

    // When the time has come, all of it can be spent by the member: 150 for joining, one of two pieces for 100 each
    // and two times 50 twice, 20 for an order that is closed; 5 come back twice.
    counter.shop.clock.set(moment("2026-06-01T12:00:00Z"));
    assert_eq!(town.available("ada").await, 150 + 100 + 100 + 100 + 20 - 10);
    assert_eq!(town.member(&old).await["id"], ada);
    counter.shop.assert_audited().await;
}

#[tokio::test]
async fn many_orders_and_activities_at_once_go_there_as_well() {
    let town = Town::open().await;
    let counter = &town.counter;
    let ada = town.enrol("ada", 50).await;
    let old = town.enrol("old", 50).await;
    let third = town.enrol("third", 50).await;
    town.put("o-1", "old", "paid", "100.00").await;
    let review = |id: &str, member: &str| json!({ "external_id": id, "member": member, "name": "survey", "occurred_at": "2026-05-04T09:00:00Z" });
    counter.post("/v1/activities", review("a-1", "old")).await.ok();
    town.merge("ada", "old").await;
    town.merge("ada", "third").await;
    let before = town.available("ada").await;

    let line = |id: &str, member: &str, state: &str| {
        let mut body = order(member, state, "100.00");
        body["external_id"] = json!(id);
        body
    };
    let batch = async |path: &str, body: &[Value]| {
        let request = counter.request(Method::POST, path).header("content-type", KIND).body(lines(body));
        let answer = read(request).await.ok();
        answer.as_array().unwrap().clone()
    };
    let sent = [
        line("b-1", "old", "paid"),
        line("o-1", "ada", "closed"),
        line("b-1", "ada", "closed"),
        line("o-1", "third", "closed"),
        line("b-2", &old, "paid"),
        line("b-3", &third, "paid"),
    ];
    let answers = batch("/v1/orders:batch", &sent).await;
    let holders: Vec<&Value> = answers.iter().map(|answer| &answer["result"]["order"]["holder"]).collect();
    let (ada, old) = (json!(holder(&ada)), json!(holder(&old)));
    assert_eq!(holders, [&ada, &old, &ada, &old, &ada, &ada], "{answers:#?}");

    // What was reported of the account is known there; what is new counts once, for the member.
    let sent = [review("a-1", "old"), review("a-2", "old"), review("a-2", "old"), review("a-3", "third")];
    let answers = batch("/v1/activities:batch", &sent).await;
    assert!(answers.iter().all(|answer| answer["status"] == 201), "{answers:#?}");
    for (id, name) in [("a-1", "old"), ("a-2", "old"), ("a-2", "old"), ("a-4", "old")] {
        counter.post("/v1/activities", review(id, name)).await.ok();
    }
    assert_eq!(town.available("ada").await - before, 3 * 15);
    counter.shop.assert_audited().await;
}

#[tokio::test]
async fn what_was_begun_before_is_brought_to_an_end_once() {
    let town = Town::open().await;
    let counter = &town.counter;
    let ada = town.enrol("ada", 50).await;
    let old = town.enrol("old", 1_000).await;
    let hold = async |member: &str| {
        let body = json!({ "member": member, "unit": "points", "amount": 100, "valid_until": "2026-05-05T10:00:00Z" });
        let held = counter.post("/v1/holds", body).await.ok();
        held["hold"]["id"].as_str().unwrap().to_owned()
    };
    let (captured, released) = (hold("old").await, hold("old").await);
    let redeem = |member: &str| json!({ "member": member, "reward": "coupon-10" });
    let first = counter.post_with_key("/v1/redemptions", redeem("old"), "coupon").await.ok();
    let adjustment = json!({ "member": "old", "unit": "points", "amount": 7, "reason": "a test" });
    counter.post_with_key("/v1/adjustments", adjustment.clone(), "seven").await.ok();
    town.merge("ada", "old").await;
    assert_eq!(town.available("ada").await, 50 + 1_000 - 200 - 200 + 7);

    let again = counter.post_with_key("/v1/redemptions", redeem("old"), "coupon").await;
    assert!(again.headers.contains_key("idempotency-replayed"), "{again:#?}");
    assert_eq!(again.ok(), first, "what was answered is answered again");
    counter.post_with_key("/v1/adjustments", adjustment, "seven").await.ok();
    let open = counter.get("/v1/members/ext:ada/holds").await.ok();
    assert_eq!(open["data"].as_array().unwrap().len(), 2, "{open:#}");
    for _ in 0..2 {
        let body = json!({ "amount": 60 });
        counter.post_with_key(&format!("/v1/holds/{captured}/capture"), body, "capture").await.ok();
        counter.post_with_key(&format!("/v1/holds/{released}/release"), json!({}), "release").await.ok();
    }
    assert_eq!(town.available("ada").await, 50 + 1_000 - 200 - 60 + 7);

    // A code is used with any name of the member, and a new one is the member's.
    let code = first["redemption"]["voucher"]["code"].as_str().unwrap().to_owned();
    let open = counter.get(&format!("/v1/members/{ada}/vouchers")).await.ok();
    assert_eq!(open["data"][0]["code"], code, "{open:#}");
    for name in ["ada", "old"] {
        let valid = counter.post("/v1/vouchers/validate", json!({ "code": code, "member": name })).await.ok();
        assert_eq!(valid["valid"], true);
    }
    let used = counter.post("/v1/vouchers/use", json!({ "code": code, "member": "ada" })).await;
    assert_eq!(used.status, 200, "{used:#?}");
    let second = counter.post("/v1/redemptions", redeem("old")).await.ok();
    assert_eq!(second["redemption"]["holder"], holder(&ada));
    let id = second["redemption"]["id"].as_str().unwrap();
    counter.post(&format!("/v1/redemptions/{id}/rollback"), json!({})).await.ok();

    // A new checkout by the old name, a present to it, and one from it.
    let held = hold("old").await;
    counter.post(&format!("/v1/holds/{held}/release"), json!({})).await.ok();
    town.enrol("bob", 100).await;
    let gift = |from: &str, to: &str| json!({ "kind": "gift", "from": from, "to": to, "unit": "points", "amount": 30 });
    let before = town.available("ada").await;
    counter.post("/v1/transfers", gift("bob", "old")).await.ok();
    counter.post("/v1/transfers", gift("bob", &old)).await.ok();
    counter.post("/v1/transfers", gift("old", "bob")).await.ok();
    assert_eq!(town.available("ada").await, before + 30);
    assert_eq!(town.available("bob").await, 70);
    counter.shop.assert_audited().await;
}

#[tokio::test]
async fn a_card_of_an_account_is_one_of_the_member_s() {
    let town = Town::open().await;
    let counter = &town.counter;
    let ada = town.enrol("ada", 50).await;
    town.enrol("old", 70).await;
    town.enrol("bob", 50).await;
    let give = async |member: &str, number: &str| {
        counter.post("/v1/cards", json!({ "member": member, "number": number })).await
    };
    let card = give("old", "OLD-1001").await.ok();
    give("ada", "ADA-1001").await.ok();
    town.merge("ada", "old").await;

    assert_eq!(town.put("o-1", "card:OLD1001", "paid", "10.00").await["order"]["holder"], holder(&ada));
    assert_eq!(town.member("card:OLD1001").await["id"], ada);
    counter.shop.run_until_idle().await;
    assert_eq!(counter.available("card:OLD1001").await, 120);
    for name in ["ext:ada", "ext:old", "card:OLD1001"] {
        let cards = counter.get(&format!("/v1/members/{name}/cards")).await.ok();
        assert_eq!(cards["data"].as_array().unwrap().len(), 2, "{name}: {cards:#}");
    }
    assert_eq!(give("ada", "OLD-1001").await.ok(), card, "the member has it already");
    give("bob", "OLD-1001").await.assert_problem(StatusCode::CONFLICT, "card_taken");

    let id = card["id"].as_str().unwrap();
    let step = async |step: &str, body: Value| counter.post(&format!("/v1/cards/{id}/{step}"), body).await;
    assert_eq!(step("block", json!({})).await.ok()["state"], "blocked");
    counter.get("/v1/members/card:OLD1001").await.assert_problem(StatusCode::CONFLICT, "card_blocked");
    let cards = counter.get("/v1/members/card:OLD1001/cards").await.ok();
    assert_eq!(cards["data"].as_array().unwrap().len(), 2);
    step("unblock", json!({})).await.ok();
    let new = step("replace", json!({ "number": "NEW-1001" })).await.ok();
    assert_eq!(new["member"], ada, "{new:#}");
    let path = format!("/v1/cards/{}/move", new["id"].as_str().unwrap());
    let moved = counter.post(&path, json!({ "to": "bob", "reason": "a test" })).await.ok();
    assert_eq!(moved["member"], town.member("ext:bob").await["id"]);

    // Whoever is forgotten is forgotten under each account.
    let left = counter.delete("/v1/members/ext:ada?erase=true").await.ok();
    assert_eq!(left["erased"], true);
    for name in ["ext:ada", "ext:old"] {
        counter.get(&format!("/v1/members/{name}")).await.assert_problem(StatusCode::NOT_FOUND, "unknown_member");
    }
    for name in ["card:ADA1001", "card:OLD1001"] {
        counter.get(&format!("/v1/members/{name}")).await.assert_problem(StatusCode::NOT_FOUND, "unknown_card");
    }
    counter.shop.assert_audited().await;
}

#[tokio::test]
async fn points_find_their_way_into_a_household_and_out_of_one() {
    let town = Town::open().await;
    let counter = &town.counter;
    for (name, points) in [("ada", 100), ("bob", 100), ("old", 300), ("third", 70)] {
        town.enrol(name, points).await;
    }
    let household = async |members: &[&str]| {
        let opened = counter.post("/v1/households", json!({})).await.ok();
        let id = opened["id"].as_str().unwrap().to_owned();
        for member in members {
            counter.post(&format!("/v1/households/{id}/members"), json!({ "member": member })).await.ok();
            counter.shop.run_until_idle().await;
        }
        id
    };
    let home = household(&["ada", "bob"]).await;
    let alone = household(&["old"]).await;
    let coupon = json!({ "member": "old", "reward": "coupon-10", "reference": "before" });
    let before = counter.post_with_key("/v1/redemptions", coupon.clone(), "in-a-household").await.ok();
    assert_eq!(before["redemption"]["holder"], alone);
    town.put("o-1", "old", "closed", "10.00").await;
    // The account leaves its household, whose points it brings along.
    town.merge("ada", "old").await;
    town.merge("ada", "third").await;
    let again = counter.post_with_key("/v1/redemptions", coupon, "in-a-household").await.ok();
    assert_eq!(again, before, "it was asked where the account's wallet was then");
    assert_eq!(town.available("ada").await, 100 + 100 + 300 - 200 + 70);
    assert_eq!(town.available("bob").await, 370, "it is one wallet");
    assert_eq!(counter.get(&format!("/v1/households/{alone}")).await.ok()["members"], json!([]));
    let again = counter.post(&format!("/v1/households/{home}/members"), json!({ "member": "old" })).await;
    again.assert_problem(StatusCode::CONFLICT, "in_household");
    let coupon = counter.post("/v1/redemptions", json!({ "member": "old", "reward": "coupon-10" })).await.ok();
    assert_eq!(coupon["redemption"]["holder"], home);
    counter.shop.clock.set(moment("2026-06-01T12:00:00Z"));
    assert_eq!(town.available("bob").await, 370 - 200 + 20, "what an account's order gives later goes on as well");
    counter.shop.assert_audited().await;
}

#[tokio::test]
async fn whoever_was_merged_goes_along_to_the_next() {
    let town = Town::open().await;
    let counter = &town.counter;
    let mut ids = Vec::new();
    for name in ["a", "b", "c", "d"] {
        ids.push(town.enrol(name, 100).await);
        town.put(&format!("o-{name}"), name, "closed", "10.00").await;
    }
    let first = json!({ "account": "a" });
    let answered = counter.post_with_key("/v1/members/ext:b/merge", first.clone(), "first").await.ok();
    town.merge("c", "b").await;
    let refused = town.ask("d", "a").await;
    assert_eq!(refused.assert_problem(StatusCode::CONFLICT, "merged")["facts"]["into"], ids[2]);
    town.merge("d", "c").await;
    let again = counter.post_with_key("/v1/members/ext:b/merge", first, "first").await.ok();
    assert_eq!(again["transaction"], answered["transaction"], "what b was asked is known there");
    for name in ["a", "b", "c"] {
        let member = town.member(&format!("ext:{name}")).await;
        assert_eq!((&member["id"], &member["external_id"]), (&json!(ids[3]), &json!("d")));
        assert_eq!(member["accounts"], json!(sorted(&ids[..3])));
        assert_eq!(town.merge("d", name).await["member"], member, "it is merged already");
    }
    assert_eq!(town.available("a").await, 400);
    for name in ["a", "b", "c", "d"] {
        let edited = town.put("o-a", name, "closed", "20.00").await;
        assert_eq!(edited["order"]["holder"], holder(&ids[0]));
        assert_eq!(town.put(&format!("n-{name}"), name, "paid", "5.00").await["order"]["holder"], holder(&ids[3]));
    }
    counter.shop.clock.set(moment("2026-06-01T12:00:00Z"));
    assert_eq!(town.available("d").await, 400 + 40 + 3 * 20);
    counter.shop.assert_audited().await;
}

fn sorted(ids: &[String]) -> Vec<String> {
    let mut ids = ids.to_vec();
    ids.sort();
    ids
}

#[tokio::test]
async fn who_leaves_or_asks_at_the_same_moment_leaves_no_account_open() {
    let town = Town::open().await;
    let counter = &town.counter;
    for round in 0..8 {
        let names = ["a", "b", "c"].map(|name| format!("{name}-{round}"));
        for name in &names {
            town.enrol(name, 60).await;
        }
        let [a, b, c] = &names;
        let leaving = format!("/v1/members/ext:{c}");
        let (one, other, third, left) =
            tokio::join!(town.ask(a, b), town.ask(b, a), town.ask(a, c), counter.delete(&leaving));
        for answer in [&one, &other, &third] {
            assert!(answer.status == 200 || answer.status == 409, "{answer:#?}");
        }
        let _ = left;
        counter.shop.run_until_idle().await;
        let (a, b) = (town.member(&format!("ext:{a}")).await, town.member(&format!("ext:{b}")).await);
        for member in [&a, &b] {
            assert_eq!(member["status"], "active", "somebody is left of both: {member:#}");
        }
        for (name, answer) in [("a", &one), ("b", &other)] {
            if answer.body["outcome"] == "abandoned" {
                assert!(answer.body["refusal"].is_string(), "{name}: {answer:#?}");
            }
        }
    }
    counter.shop.assert_audited().await;
}

/// A shop in which accounts were merged, one by way of another, with something under way.
async fn merged_town() -> Town {
    let town = Town::open().await;
    let counter = &town.counter;
    for name in ["a", "b", "c"] {
        town.enrol(name, 700).await;
        town.put(&format!("o-{name}"), name, "closed", "10.00").await;
        counter.post("/v1/cards", json!({ "member": name, "number": format!("CARD-{name}") })).await.ok();
    }
    let person = json!({ "person": { "name": "Ala Lis", "email": "ala@example.com" } });
    counter.patch("/v1/members/ext:a", person).await.ok();
    counter.post("/v1/redemptions", json!({ "member": "a", "reward": "coupon-10" })).await.ok();
    counter.post("/v1/holds", json!({ "member": "a", "unit": "points", "amount": 40 })).await.ok();
    town.merge("b", "a").await;
    town.merge("c", "b").await;
    counter.shop.run_until_idle().await;
    town
}

async fn assert_same(elsewhere: &Application, shop: &Shop) {
    let c = elsewhere.member_by_external_id("c").await.unwrap().unwrap();
    for name in ["a", "b"] {
        let account = elsewhere.member_by_external_id(name).await.unwrap().unwrap();
        assert_eq!(elsewhere.survivor(account.clone()).await.unwrap().id, c.id);
        assert_eq!(shop.application.member(account.id).await.unwrap(), Some(account.clone()));
        let (here, there) = (shop.application.holder(account.id.into()), elsewhere.holder(account.id.into()));
        assert_eq!(here.await.unwrap(), there.await.unwrap());
    }
    assert_eq!(elsewhere.cards(c.id).await.unwrap().len(), 3);
    assert_eq!(elsewhere.merged_accounts(c.id).await.unwrap().len(), 2);
    let person = elsewhere.identity(c.id).await.unwrap().unwrap();
    assert_eq!((person.name.as_deref(), person.email.as_deref()), (Some("Ala Lis"), Some("ala@example.com")));
}

#[tokio::test]
async fn merged_accounts_move_along_with_the_shop() {
    let town = merged_town().await;
    let shop = &town.counter.shop;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("export.gz");
    export(&shop.application, &file).await.unwrap();
    let target = folder.path().join("elsewhere");
    let restored = restore(&file, &target, shop.clock.clone()).await.unwrap();
    assert!(restored.report.is_clean(), "{:#?}", restored.report.differences);
    let elsewhere = shop::open(&target, &shop.clock).await;
    assert_same(&elsewhere, shop).await;
    // What an account has begun goes on there.
    shop.clock.set(moment("2026-06-01T12:00:00Z"));
    elsewhere.run_until_idle(shop.clock.now()).await.unwrap();
    shop.run_until_idle().await;
    assert_same(&elsewhere, shop).await;

    let target = folder.path().join("moved");
    let from = shop::place(shop.folder.path());
    let relocation = Relocation::open(&from, &shop::place(&target), true, shop.clock.clone()).await.unwrap();
    while relocation.step(|_| ()).await.unwrap() != Step::Done {}
    relocation.close().await;
    let elsewhere = shop::open(&target, &shop.clock).await;
    assert_same(&elsewhere, shop).await;
    let report = lojal_server::audit::audit(&elsewhere.database, |_| ()).await.unwrap();
    assert!(report.is_clean(), "{:#?}", report.differences);
}

#[tokio::test]
async fn merged_accounts_are_in_checkpoints_and_in_the_archive() {
    let town = merged_town().await;
    let shop = &town.counter.shop;
    let taken = checkpoint(&shop.application).await.unwrap();
    assert_eq!(taken.summary.holders, 3);
    for name in ["a", "b", "c"] {
        let proof = prove(&shop.application, name).await.unwrap();
        assert_eq!(proof.check(Some(taken.public_key)), Ok(()), "{name}");
    }
    shop.clock.set(moment("2027-06-01T12:00:00Z"));
    shop.run_until_idle().await;
    let archived = journal_archive(&shop.application.database, moment("2027-01-01T00:00:00Z"), |_| ()).await.unwrap();
    assert!(archived.transactions > 10, "{archived:?}");
    assert_eq!(verify(&shop.application, &taken).await.unwrap(), Ok(()));
    for (id, name, owner) in [("o-a", "c", "a"), ("o-b", "a", "b")] {
        let edited = town.put(id, name, "closed", "30.00").await;
        let owner = shop.application.member_by_external_id(owner).await.unwrap().unwrap();
        assert_eq!(edited["order"]["holder"], holder(&owner.id.to_string()), "{id}");
    }
    assert_eq!(town.merge("c", "a").await["member"]["external_id"], "c");
    shop.run_until_idle().await;
    shop.assert_audited().await;
}
