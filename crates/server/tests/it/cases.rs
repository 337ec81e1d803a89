//! Cases: from what orders bring to a decision, over the API and in the console.

use lojal_core::kernel::{Language, MemberId, Money};
use lojal_core::programme::starter;
use lojal_fraud::likeness::Likeness;
use lojal_fraud::referral::Referral;
use lojal_server::platform::fraud::{precedent_counts, referral_add};
use lojal_server::platform::http::HttpOptions;
use lojal_server::platform::sql;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::http_client::Counter;
use crate::pages::{Browser, House};
use crate::shop::{Shop, moment};

/// The starter programme, with recommendations checked.
async fn shop() -> Shop {
    Shop::open_with(&format!("{}\n[fraud]\n", starter(Language::En))).await
}

async fn counter() -> Counter {
    Counter::open_with(shop().await, HttpOptions::default()).await
}

/// Somebody whom the other one recommended orders, and what is known is looked into.
async fn referred(shop: &Shop, advocate: MemberId, friend: MemberId) {
    let mut transaction = shop.application.database.write_aside().await.unwrap();
    let referral = Referral {
        advocate,
        friend,
        at: shop.clock.now(),
        clicked_at: None,
        likeness: Likeness::default(),
        disposable_mail: false,
        existing_customer: false,
        order: Money(25_000),
        least_order: None,
        stake: Money(4_000),
    };
    referral_add(&mut transaction, &referral).await.unwrap();
    transaction.commit().await.unwrap();
    shop.application.look_into(friend, false).await.unwrap().unwrap();
}

fn member(body: &Value) -> MemberId {
    body["id"].as_str().unwrap().parse().unwrap()
}

async fn join(counter: &Counter, name: &str, person: &str, identifiers: Value) -> MemberId {
    let body = json!({ "external_id": name, "person": { "name": person }, "identifiers": identifiers });
    member(&counter.post("/v1/members", body).await.ok())
}

fn order(member: &str, identifiers: Value) -> Value {
    json!({
        "member": member, "state": "paid", "currency": "PLN", "placed_at": "2026-05-04T09:00:00Z",
        "lines": [{ "id": "1", "quantity": 1, "total": "100.00" }], "identifiers": identifiers,
    })
}

/// Kinds and how many were seen with each mark.
async fn marks(shop: &Shop) -> Vec<(i64, i64)> {
    let mut connection = shop.application.database.read().await.unwrap();
    let sql = "select kind, parties from mark_tally order by kind, parties";
    let rows = sql::rows(&mut connection, sql, vec![]).await.unwrap();
    rows.iter().map(|row| (sql::column(row, "kind").unwrap(), sql::column(row, "parties").unwrap())).collect()
}

#[tokio::test]
async fn what_orders_bring_is_seen_and_kept_nowhere_in_clear() {
    let counter = counter().await;
    let (ada, _) = (
        join(&counter, "ada", "Ada Nowak", json!({ "device": "secret-device-1" })).await,
        join(&counter, "ben", "Ben Lis", json!({})).await,
    );
    // A device; two names. Surnames lead to nobody.
    assert_eq!(marks(&counter.shop).await, [(4, 1), (6, 1), (6, 1)]);
    let seen = json!({
        "ip": "83.4.5.6", "payment": "tok_secret", "device": "secret-device-1", "locker": "WAW-12M", "traits": "x",
        "address": { "line": "ul. Sekretna 5/3", "postcode": "00-238", "country": "PL" },
    });
    counter.put("/v1/orders/o-1", order("ben", seen.clone())).await.ok();
    assert!(marks(&counter.shop).await.contains(&(4, 2)), "one device of two");
    let before = marks(&counter.shop).await;
    // A cart, a dry run and a guest's quote leave no trace.
    let mut cart = order("ada", json!({ "ip": "83.9.9.9" }));
    counter.put("/v1/orders/o-2?dry_run=true", cart.clone()).await.ok();
    cart["state"] = json!("open");
    counter.put("/v1/orders/o-2", cart).await.ok();
    assert_eq!(marks(&counter.shop).await, before);
    for table in ["journal", "sighting", "mark_party", "holder_state"] {
        let mut connection = counter.shop.application.database.read().await.unwrap();
        let rows = sql::rows(&mut connection, &format!("select * from {table}"), vec![]).await.unwrap();
        let text = format!("{rows:?}");
        assert!(!text.contains("secret") && !text.contains("Sekretna") && !text.contains("83.4.5"), "{table}");
    }

    let wrong = json!({ "ip": "here", "payment": "4111 1111 1111 1111", "address": { "line": "ul. Długa 5" } });
    let refused = counter.put("/v1/orders/o-3", order("ada", wrong)).await;
    refused.assert_problem(StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields");
    let pointers: Vec<&str> =
        refused.body["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect();
    assert_eq!(pointers, ["/identifiers/ip", "/identifiers/payment", "/identifiers/address"], "{refused:#?}");
    let unknown = counter.put("/v1/orders/o-3", order("ada", json!({ "shoe": 44 }))).await;
    assert_eq!(unknown.status, 422, "{unknown:#?}");

    counter.delete(&format!("/v1/members/{ada}?erase=true")).await.ok();
    assert!(!marks(&counter.shop).await.contains(&(4, 2)));
    counter.shop.assert_audited().await;
}

#[tokio::test]
async fn nobody_is_watched_where_nothing_is_checked_and_everybody_from_then_on() {
    let counter = Counter::open().await;
    let seen = json!({ "device": "d-1" });
    let body = json!({ "external_id": "ada", "person": { "name": "Ada Nowak" }, "identifiers": seen });
    counter.post("/v1/members", body).await.ok();
    assert_eq!(marks(&counter.shop).await, []);
    counter.shop.later_version(&format!("{}\n[fraud]\nhold_from = 500\n", starter(Language::En))).await;
    counter.shop.run_until_idle().await;
    assert_eq!(marks(&counter.shop).await, [(6, 1)]);
    let changed = json!({ "person": { "email": "ada@example.com" } });
    counter.patch("/v1/members/ext:ada", changed).await.ok();
    assert!(marks(&counter.shop).await.contains(&(2, 1)));
}

#[tokio::test]
async fn a_case_is_listed_decided_and_taken_back() {
    let counter = counter().await;
    let card = json!({ "payment": "tok_1", "device": "d-1" });
    let ada = join(&counter, "ada", "Ada Nowak", card.clone()).await;
    let ben = join(&counter, "ben", "Ben Lis", card).await;
    let cy = join(&counter, "cy", "Cy Kot", json!({ "device": "d-2" })).await;
    assert_eq!(counter.get("/v1/cases").await.ok(), json!({ "data": [], "has_more": false }));
    referred(&counter.shop, ada, ben).await;
    referred(&counter.shop, ada, cy).await;
    let list = counter.get("/v1/cases").await.ok();
    let [case] = list["data"].as_array().unwrap().as_slice() else { panic!("{list:#}") };
    assert_eq!((case["friend"].as_str(), case["state"].as_str()), (Some(ben.to_string().as_str()), Some("open")));
    assert_eq!((case["verdict"].as_str(), case["stake"].as_str()), (Some("reject"), Some("40.00")), "{case:#}");
    let same_card = case["findings"].as_array().unwrap().iter().find(|finding| finding["rule"] == "same_payment");
    let evidence = &same_card.unwrap()["evidence"][0];
    assert_eq!((evidence["kind"].as_str(), evidence["parties"].as_i64()), (Some("payment"), Some(2)), "{case:#}");

    for (query, number) in [("state=open", 1), ("state=cleared", 0), ("rule=same_payment", 1), ("rule=coupon_site", 0)]
    {
        let found = counter.get(&format!("/v1/cases?{query}")).await.ok();
        assert_eq!(found["data"].as_array().unwrap().len(), number, "{query}");
    }
    for query in ["rule=astrology", "state=lost", "cursor=cas_x", "colour=red"] {
        counter.get(&format!("/v1/cases?{query}")).await.assert_problem(StatusCode::BAD_REQUEST, "invalid_parameter");
    }

    let address = format!("/v1/cases/{}", case["id"].as_str().unwrap());
    let unreasoned = counter.post(&format!("{address}/decide"), json!({ "decision": "cleared" })).await;
    unreasoned.assert_problem(StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields");
    let cleared = json!({ "decision": "cleared", "reason": "A couple with one card" });
    let decided = counter.post(&format!("{address}/decide"), cleared.clone()).await.ok();
    assert_eq!((decided["state"].as_str(), decided["steps"][0]["by_staff"].as_bool()), (Some("cleared"), Some(false)));
    assert_eq!(counter.post(&format!("{address}/decide"), cleared).await.ok(), decided, "twice is once");
    let confirmed = json!({ "decision": "confirmed", "reason": "No" });
    let refused = counter.post(&format!("{address}/decide"), confirmed).await;
    refused.assert_problem(StatusCode::CONFLICT, "case_decided");

    // What a person decided holds, whatever is found later, and weighs elsewhere.
    let (_, assessment) = counter.shop.application.look_into(ben, false).await.unwrap().unwrap();
    assert_eq!(assessment.verdict, lojal_fraud::policy::Verdict::Allow);
    let mut connection = counter.shop.application.database.read().await.unwrap();
    let (rules, kinds) = precedent_counts(&mut connection).await.unwrap();
    assert!(!rules.is_empty() && kinds.values().all(|counts| counts.cleared == 1), "{rules:?} {kinds:?}");
    drop(connection);

    let mistake = json!({ "reason": "Decided by mistake" });
    let undone = counter.post(&format!("{address}/undo"), mistake.clone()).await.ok();
    assert_eq!((undone["state"].as_str(), undone["steps"].as_array().unwrap().len()), (Some("open"), 2));
    let refused = counter.post(&format!("{address}/undo"), mistake).await;
    refused.assert_problem(StatusCode::CONFLICT, "case_undecided");
    let mut connection = counter.shop.application.database.read().await.unwrap();
    let (rules, kinds) = precedent_counts(&mut connection).await.unwrap();
    assert!(rules.is_empty() && kinds.is_empty(), "as if it had never been decided");
    drop(connection);
    let missing = counter.get("/v1/cases/cas_0000000000000").await;
    assert_eq!(missing.status, 404, "{missing:#?}");

    counter.delete(&format!("/v1/members/{ben}?erase=true")).await.ok();
    let erased = counter.get(&address).await.ok();
    assert!(erased["steps"].as_array().unwrap().iter().all(|step| step["reason"] == ""), "{erased:#}");
    let programme = format!("{}\n[fraud.rules]\nastrology = {{ weight = 1 }}\n", starter(Language::En));
    assert!(counter.shop.application.publish(&programme).await.is_err());
}

async fn house_with_a_case() -> (House, Browser, String) {
    let house = House::around(shop().await, None).await;
    let shop = &house.shop;
    let owner = house.owner().await;
    assert!(owner.get("/console/cases").await.text.contains("No case is here."));
    let seen = lojal_fraud::identifier::Clear { payment: Some("tok_1"), ..Default::default() };
    let (ada, ben) = (shop.enrol("ada").await, shop.enrol("<b>ben</b>").await);
    for member in [ada, ben] {
        shop.application.watch(member, &seen, moment("2026-05-01T00:00:00Z")).await.unwrap();
    }
    referred(shop, ada, ben).await;
    let list = owner.get("/console/cases?state=open&rule=same_payment").await;
    let case = list.between("<a href=\"/console/cases/cas_", "\"").to_owned();
    (house, owner, format!("/console/cases/cas_{case}"))
}

#[tokio::test]
async fn staff_read_a_case_as_a_drawing_as_a_table_and_in_words() {
    let (_house, owner, case) = house_with_a_case().await;
    assert!(owner.get("/console/cases?state=cleared").await.text.contains("No case is here."));
    assert_eq!(owner.get("/console/cases?state=lost").await.status, 404);
    let page = owner.get(&case).await;
    assert_eq!(page.status, 200, "{}", page.text);
    for said in ["<svg class=\"people\"", "paid with the same card", "the same card", "waits for a person", "PLN 40"] {
        assert!(page.text.contains(said), "{said}: {}", page.text);
    }
    assert!(!page.text.contains("<b>ben") && page.text.contains("&lt;b&gt;ben"), "names are escaped");
    assert!(!page.text.contains("style="), "nothing needs an exception of the policy");
    assert_eq!(owner.get("/console/cases/cas_0000000000000").await.status, 404);
    owner.post("/language", &[("language", "pl"), ("back", "/console/cases")]).await;
    let page = owner.get(&case).await;
    for said in ["zapłacili tą samą kartą", "ta sama karta", "czeka na człowieka"] {
        assert!(page.text.contains(said), "{said}: {}", page.text);
    }
}

#[tokio::test]
async fn staff_decide_a_case_with_a_reason_and_take_it_back() {
    let (house, owner, case) = house_with_a_case().await;
    let decide = format!("{case}/decide");
    let page = owner.post(&decide, &[("decision", ""), ("reason", "")]).await;
    for fault in ["Choose one of the two.", "Something has to stand here.", "Say first that you are sure."] {
        assert!(page.text.contains(fault), "{fault}: {}", page.text);
    }
    let fields = [("decision", "confirmed"), ("reason", "One person <i>twice</i>"), ("sure", "yes")];
    let page = owner.post(&decide, &fields).await;
    assert_eq!((page.status, page.location.as_str()), (303, case.as_str()), "{}", page.text);
    let page = owner.get(&case).await;
    assert!(page.text.contains("One person &lt;i&gt;twice") && page.text.contains("decided: made up"), "{}", page.text);
    let again = owner.post(&decide, &fields).await;
    assert!(again.status == 200 && again.text.contains("Somebody else was quicker"), "{}", again.text);
    let page = owner.post(&format!("{case}/undo"), &[("reason", "Too quick"), ("sure", "yes")]).await;
    assert_eq!(page.status, 303, "{}", page.text);
    let page = owner.get(&case).await;
    assert!(page.text.contains("took the decision back") && page.text.contains("waits for a person"), "{}", page.text);
    let actions = owner.get("/console/actions").await;
    assert!(actions.text.contains("took back a decision about a recommendation"), "{}", actions.text);
    let stranger = house.browser().get(&case).await;
    assert_eq!(stranger.status, 303, "nobody looks at cases without signing in");
}
