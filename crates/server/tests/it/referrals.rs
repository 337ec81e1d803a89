//! Members who recommend, from the link to the reward.

use lojal_core::kernel::{ClickId, Id, Language};
use lojal_core::programme::starter;
use lojal_server::platform::clicks::ClickToken;
use lojal_server::platform::referral_codes::CodeName;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::codes::{enrol, give};
use crate::http_client::{Counter, read};
use crate::shop::Shop;

const EDITION: &str = r#"
[referrals.spring]
name = { en = "Bring a friend", pl = "Przyprowadź znajomego" }
review = "none"
credit = "CREDIT"
[referrals.spring.qualify]
when = [{ field = "order.first", is = true }]
[earning.thanks]
name = { en = "Thanks", pl = "Dziękujemy" }
on = "friend_qualified"
unit = "points"
points = 500
[earning.first_order]
name = { en = "First order", pl = "Pierwsze zamówienie" }
on = "referral_qualified"
unit = "points"
points = 100
"#;

pub async fn open(credit: &str) -> Counter {
    let programme = format!("{}\n{}", starter(Language::En), EDITION.replace("CREDIT", credit));
    Counter::open_with(Shop::open_with(&programme).await, Default::default()).await
}

pub async fn advocate(counter: &Counter, name: &str) -> String {
    let id = enrol(counter, name).await;
    give(counter, name, json!({ "name": format!("{name}-szyje") })).await;
    id
}

/// Somebody follows a link; answers what is handed on.
pub async fn follow(counter: &Counter, path: &str, cookies: &str) -> (String, String) {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let request = client.request(Method::GET, format!("{}{path}", counter.address)).header("cookie", cookies);
    let answer = request.header("user-agent", "Mozilla/5.0 Firefox/133.0").send().await.unwrap();
    let location = answer.headers()["location"].to_str().unwrap().to_owned();
    let kept = answer.headers().get_all("set-cookie").iter();
    let kept: Vec<&str> = kept.map(|cookie| cookie.to_str().unwrap().split(';').next().unwrap()).collect();
    (location.split_once("lojal_click=").unwrap().1.to_owned(), kept.join("; "))
}

fn order(member: &str, placed_at: &str) -> Value {
    json!({
        "member": member, "state": "paid", "currency": "PLN", "placed_at": placed_at,
        "lines": [{ "id": "1", "quantity": 1, "total": "100.00" }],
    })
}

fn outcomes(referral: &Value) -> Vec<&str> {
    referral["touches"].as_array().unwrap().iter().map(|touch| touch["outcome"].as_str().unwrap()).collect()
}

async fn referral(counter: &Counter, friend: &str) -> Value {
    counter.get(&format!("/v1/referrals/ext:{friend}")).await.ok()
}

#[tokio::test]
async fn a_friend_who_followed_a_link_is_the_advocates() {
    let counter = open("last").await;
    let (ada, ben) = (advocate(&counter, "ada").await, advocate(&counter, "ben").await);
    let (_, cookies) = follow(&counter, "/r/ben-szyje", "").await;
    let (token, _) = follow(&counter, "/r/ada-szyje/whatsapp", &cookies).await;
    let body = json!({ "external_id": "eve", "referral": { "click": token } });
    let joined = counter.post_with_key("/v1/members", body.clone(), "eve-joins").await.ok();
    assert_eq!(joined["referral"], json!({ "outcome": "recognised", "state": "joined" }), "{joined:#}");
    let again = counter.post_with_key("/v1/members", body, "eve-joins").await.ok();
    assert_eq!(again["referral"], joined["referral"]);
    let known = referral(&counter, "eve").await;
    assert_eq!(known["credits"], json!([{ "advocate": ada, "share": 100 }]), "{known:#}");
    assert_eq!((&known["channel"], &known["credit"]), (&json!("whatsapp"), &json!("last")));
    assert_eq!(outcomes(&known), ["overtaken_by_later", "credited"]);
    assert_eq!(known["touches"][0]["advocate"], json!(ben));

    counter.put("/v1/orders/1", order("eve", "2026-05-04T10:00:00Z")).await.ok();
    counter.shop.run_until_idle().await;
    assert_eq!(referral(&counter, "eve").await["state"], "qualified");
    assert!(counter.available("ext:ada").await >= 500);
    let friends = counter.get("/v1/referrals?advocate=ext:ada").await.ok();
    assert_eq!((&friends["data"][0]["friend"], &friends["data"][0]["state"]), (&known["friend"], &json!("qualified")));
    for (query, count) in
        [("ext:ada&state=qualified", 1), ("ext:ada&state=joined", 0), ("ext:ben", 0), ("ext:nobody", 0)]
    {
        let found = counter.get(&format!("/v1/referrals?advocate={query}")).await.ok();
        assert_eq!(found["data"].as_array().unwrap().len(), count, "{query}");
    }
    let nobody = counter.get("/v1/referrals/ext:ada").await;
    nobody.assert_problem(StatusCode::NOT_FOUND, "unknown_referral");
    counter.shop.assert_audited().await;

    // Whoever is erased leaves nothing of what they met.
    counter.delete("/v1/members/ext:eve?erase=true").await.ok();
    for table in ["referral_attribution", "referral_touch", "referral_visitor"] {
        assert_eq!(counter.shop.count(table).await, 0, "{table}");
    }
}

#[tokio::test]
async fn a_code_that_was_typed_beats_links_and_nothing_refuses_a_friend() {
    let counter = open("last").await;
    let ada = advocate(&counter, "ada").await;
    advocate(&counter, "ben").await;
    let (token, _) = follow(&counter, "/r/ben-szyje", "").await;
    let referral_of = |body: Value| json!({ "external_id": body["id"], "referral": body["referral"] });
    let body = referral_of(json!({ "id": "eve", "referral": { "click": token, "code": "ADA SZYJE" } }));
    counter.post("/v1/members", body).await.ok();
    let known = referral(&counter, "eve").await;
    assert_eq!(known["credits"][0]["advocate"], json!(ada));
    // Both were met at the same moment.
    let mut found = outcomes(&known);
    found.sort_unstable();
    assert_eq!(found, ["beaten_by_code", "credited"]);
    for (name, met, outcome) in [
        ("f1", json!({ "code": "nobodyhasit" }), "unknown_code"),
        ("f2", json!({ "click": "what is this" }), "nobody"),
        ("f3", json!({}), "nobody"),
        ("f4", json!({ "code": "ada-szyje", "referral": "winter" }), "refused"),
    ] {
        let joined = counter.post("/v1/members", referral_of(json!({ "id": name, "referral": met }))).await.ok();
        assert_eq!(joined["referral"]["outcome"], outcome, "{joined:#}");
    }
    let bad = counter.post("/v1/members", referral_of(json!({ "id": "f5", "referral": { "code": "?" } }))).await;
    bad.assert_problem(StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields");
    let tried = counter
        .post("/v1/members?dry_run=true", referral_of(json!({ "id": "f6", "referral": { "code": "ada-szyje" } })));
    assert_eq!(tried.await.ok()["referral"], Value::Null);
}

#[tokio::test]
async fn a_first_order_says_by_whom_somebody_came_and_shares_make_a_whole() {
    let counter = open("split").await;
    let (ada, ben) = (advocate(&counter, "ada").await, advocate(&counter, "ben").await);
    for name in ["ada", "ben"] {
        let told = json!({ "code": format!("{name}-szyje"), "visitor": "session-1" });
        counter.post("/v1/track/click", told).await.ok();
    }
    let mut sale = order("eve", "2026-05-04T10:00:00Z");
    sale["referral"] = json!({ "visitor": "session-1" });
    let body = json!({ "external_id": "1", "order": sale });
    let sold = counter.post("/v1/track/sale", body.clone()).await.ok();
    assert_eq!(sold["referral"]["outcome"], "recognised", "{sold:#}");
    let again = counter.post("/v1/track/sale", body).await.ok();
    assert_eq!(again["referral"]["outcome"], "recognised", "{again:#}");
    counter.shop.run_until_idle().await;
    let known = referral(&counter, "eve").await;
    let mut credited: Vec<String> =
        known["credits"].as_array().unwrap().iter().map(|it| it["advocate"].as_str().unwrap().to_owned()).collect();
    credited.sort();
    let mut expected = vec![ada, ben];
    expected.sort();
    assert_eq!((credited, known["credits"][0]["share"].as_i64()), (expected, Some(50)), "{known:#}");
    assert_eq!(known["state"], "qualified", "{known:#}");
    let back = json!({ "external_id": "1", "return": { "return_id": "R-1" } });
    counter.post("/v1/track/refund", back).await.ok();
    counter.shop.run_until_idle().await;
    assert_eq!(referral(&counter, "eve").await["state"], "reversed");

    let lead = json!({ "external_id": "kim", "referral": { "visitor": "session-1" } });
    let joined = counter.post("/v1/track/lead", lead).await.ok();
    assert_eq!(joined["referral"]["state"], "joined", "{joined:#}");
    counter.shop.assert_audited().await;
}

#[tokio::test]
async fn nobody_recommends_anything_to_themselves() {
    let counter = open("last").await;
    advocate(&counter, "ada").await;
    let mut own = order("ada", "2026-05-04T10:00:00Z");
    own["referral"] = json!({ "code": "ada-szyje" });
    let sold = counter.put("/v1/orders/1", own).await.ok();
    assert_eq!(sold["referral"]["outcome"], "nobody", "{sold:#}");
    let known = referral(&counter, "ada").await;
    assert_eq!((&known["state"], &known["credits"]), (&json!("nobody"), &json!([])), "{known:#}");
    assert_eq!(outcomes(&known), ["own_link"]);
}

#[tokio::test]
async fn a_code_that_leads_to_nobody_is_told_as_well() {
    let counter = open("last").await;
    let (ada, ben) = (advocate(&counter, "ada").await, advocate(&counter, "ben").await);
    let (_, cookies) = follow(&counter, "/r/ada-szyje", "").await;
    let (token, _) = follow(&counter, "/r/ben-szyje", &cookies).await;
    for name in ["ada", "ben"] {
        counter.post(&format!("/v1/codes/{name}-szyje/block"), json!({})).await.ok();
    }
    let body = json!({ "external_id": "eve", "referral": { "click": token } });
    let joined = counter.post("/v1/members", body).await.ok();
    assert_eq!(joined["referral"]["outcome"], "nobody");
    let known = referral(&counter, "eve").await;
    assert_eq!(outcomes(&known), ["leads_to_nobody", "leads_to_nobody"]);
    assert_eq!((&known["touches"][0]["advocate"], &known["touches"][1]["advocate"]), (&json!(ada), &json!(ben)));
    let body = json!({ "external_id": "kim", "referral": { "code": "ada-szyje" } });
    let joined = counter.post("/v1/members", body).await.ok();
    assert_eq!(joined["referral"]["outcome"], "unknown_code");
    assert_eq!(outcomes(&referral(&counter, "kim").await), ["leads_to_nobody"]);
}

#[tokio::test]
async fn a_token_that_was_handed_on_brings_its_own_link_and_no_more() {
    let counter = open("last").await;
    let ada = advocate(&counter, "ada").await;
    advocate(&counter, "ben").await;
    advocate(&counter, "eve").await;
    // Somebody follows links, hands on the address where the second one led, and follows another.
    let (_, cookies) = follow(&counter, "/r/ben-szyje", "").await;
    let (token, cookies) = follow(&counter, "/r/ada-szyje", &cookies).await;
    follow(&counter, "/r/eve-szyje", &cookies).await;
    for (name, expected) in [("f1", vec!["overtaken_by_later", "credited"]), ("f2", vec!["credited"])] {
        let body = json!({ "external_id": name, "referral": { "click": token } });
        counter.post_with_key("/v1/members", body.clone(), name).await.ok();
        // Asked for again, it is as it was.
        counter.post_with_key("/v1/members", body, name).await.ok();
        let known = referral(&counter, name).await;
        assert_eq!((&known["credits"][0]["advocate"], outcomes(&known)), (&json!(ada), expected), "{name}");
    }
    counter.delete("/v1/members/ext:f2?erase=true").await.ok();
    assert_eq!(counter.shop.count("referral_touch").await, 3, "which were somebody else's");
    counter.delete("/v1/members/ext:f1?erase=true").await.ok();
    assert_eq!(counter.shop.count("referral_touch").await, 0);
}

#[tokio::test]
async fn a_visitor_whom_the_shop_names_has_met_what_the_browser_met() {
    let counter = open("first").await;
    advocate(&counter, "ada").await;
    let ben = advocate(&counter, "ben").await;
    let (_, cookies) = follow(&counter, "/r/ben-szyje", "").await;
    let (token, _) = follow(&counter, "/r/ada-szyje", &cookies).await;
    counter.post("/v1/track/click", json!({ "click": token, "visitor": "s-1" })).await.ok();
    let body = json!({ "external_id": "eve", "referral": { "visitor": "s-1" } });
    counter.post("/v1/members", body).await.ok();
    let known = referral(&counter, "eve").await;
    assert_eq!((&known["credits"][0]["advocate"], known["touches"].as_array().unwrap().len()), (&json!(ben), 2));
    counter.delete("/v1/members/ext:eve?erase=true").await.ok();
    assert_eq!(counter.shop.count("referral_touch").await, 0, "neither the session nor the browser is known any more");
}

/// A click that was made so many seconds ago and is written nowhere, and what was handed on with it.
pub async fn lost_click(counter: &Counter, code: &str, seconds: i64) -> (ClickId, String) {
    let application = &counter.shop.application;
    let lead = application.advocate_by_code(&CodeName::parse(code).unwrap()).await.unwrap().unwrap();
    let long_ago = counter.shop.clock.now().as_millisecond() - seconds * 1_000;
    let click = ClickId(Id::new(long_ago, 0, lead.code.part()));
    (click, ClickToken { click, code: Some(lead.code) }.sign(&application.vault))
}

#[tokio::test]
async fn a_click_that_never_came_to_be_written_is_when_it_comes_back() {
    let counter = open("last").await;
    let ada = advocate(&counter, "ada").await;
    let (click, token) = lost_click(&counter, "ada-szyje", 60).await;
    let body = json!({ "external_id": "eve", "referral": { "click": token } });
    counter.post("/v1/members", body).await.ok();
    assert_eq!(referral(&counter, "eve").await["credits"][0]["advocate"], json!(ada));
    let clicks = counter.get("/v1/clicks").await.ok();
    assert_eq!((&clicks["data"][0]["id"], &clicks["data"][0]["source"]), (&json!(click.to_string()), &json!("shop")));
}

const TWO_EDITIONS: &str = r#"
[referrals.students]
name = { en = "For students", pl = "Dla studentów" }
friends = [{ field = "member.segments", is = "students" }]
window = "90 days"
credit = "first"
review = "none"
[referrals.everybody]
name = { en = "For everybody", pl = "Dla wszystkich" }
from = "2026-05-01"
window = "7 days"
review = "none"
[labels.segment]
students = { pl = "studenci", en = "students" }
"#;

#[tokio::test]
async fn the_edition_that_is_meant_for_the_friend_says_who_is_credited() {
    let programme = format!("{}\n{TWO_EDITIONS}", starter(Language::En));
    let counter = Counter::open_with(Shop::open_with(&programme).await, Default::default()).await;
    let (ada, ben) = (advocate(&counter, "ada").await, advocate(&counter, "ben").await);
    let now = counter.shop.clock.now();
    let click = async |visitor: &str, code: &str, days: i64| {
        let at = now.saturating_sub(jiff::SignedDuration::from_hours(24 * days)).unwrap();
        let body = json!({ "visitor": visitor, "code": format!("{code}-szyje"), "occurred_at": at.to_string() });
        counter.post_with_key("/v1/track/click", body, &format!("{visitor}-{code}")).await.ok();
    };
    for (friend, segments, edition, advocate) in
        [("eve", json!([]), "everybody", &ben), ("kim", json!(["students"]), "students", &ada)]
    {
        click(friend, "ada", 2).await;
        click(friend, "ben", 1).await;
        let body = json!({ "external_id": friend, "segments": segments, "referral": { "visitor": friend } });
        let joined = counter.post("/v1/members", body).await.ok();
        assert_eq!(joined["referral"]["outcome"], "recognised", "{joined:#}");
        let known = referral(&counter, friend).await;
        assert_eq!((&known["referral"], &known["credits"][0]["advocate"]), (&json!(edition), &json!(advocate)));
    }
}

const LATER: &str = r#"
[referrals.later]
name = { en = "From tomorrow", pl = "Od jutra" }
from = "FROM"
review = "none"
"#;

#[tokio::test]
async fn who_was_recommended_too_early_may_be_recommended_again() {
    let start = Shop::open().await;
    let tomorrow = start.application.calendar().date(start.clock.now()).tomorrow().unwrap();
    let programme = format!("{}\n{}", starter(Language::En), LATER.replace("FROM", &tomorrow.to_string()));
    let counter = Counter::open_with(Shop::open_with(&programme).await, Default::default()).await;
    advocate(&counter, "ada").await;
    let body = json!({ "external_id": "eve", "referral": { "code": "ada-szyje" } });
    let joined = counter.post("/v1/members", body).await.ok();
    assert_eq!(joined["referral"]["state"], "rejected", "{joined:#}");
    counter.shop.clock.set(counter.shop.clock.now() + jiff::SignedDuration::from_hours(48));
    let placed_at = counter.shop.clock.now().to_string();
    let mut again = order("eve", &placed_at);
    again["referral"] = json!({ "code": "ada-szyje" });
    let ordered = counter.put("/v1/orders/1", again).await.ok();
    assert_eq!(ordered["referral"]["outcome"], "recognised", "{ordered:#}");
    assert_eq!(referral(&counter, "eve").await["state"], "qualified");
}

const FOR_SOME: &str = r#"
[referrals.vip]
name = { en = "For the best", pl = "Dla najlepszych" }
advocates = [{ field = "member.segments", is = "vip" }]
review = "none"
[referrals.everybody]
name = { en = "For everybody", pl = "Dla wszystkich" }
review = "none"
[labels.segment]
vip = { pl = "VIP", en = "VIP" }
[earning.thanks]
name = { en = "Thanks", pl = "Dziękujemy" }
on = "friend_qualified"
unit = "points"
points = 500
"#;

#[tokio::test]
async fn an_edition_is_passed_over_under_which_the_advocate_may_not_recommend() {
    let programme = format!("{}\n{FOR_SOME}", starter(Language::En));
    let counter = Counter::open_with(Shop::open_with(&programme).await, Default::default()).await;
    advocate(&counter, "ada").await;
    counter.post("/v1/members", json!({ "external_id": "ben", "segments": ["vip"] })).await.ok();
    give(&counter, "ben", json!({ "name": "ben-szyje" })).await;
    for (friend, advocate, edition) in [("eve", "ada", "everybody"), ("kim", "ben", "vip")] {
        let body = json!({ "external_id": friend, "referral": { "code": format!("{advocate}-szyje") } });
        counter.post("/v1/members", body).await.ok();
        counter.put(&format!("/v1/orders/{friend}"), order(friend, "2026-05-04T10:00:00Z")).await.ok();
        counter.shop.run_until_idle().await;
        let known = referral(&counter, friend).await;
        assert_eq!((&known["referral"], &known["state"]), (&json!(edition), &json!("qualified")), "{known:#}");
        assert_eq!(known["credits"].as_array().unwrap().len(), 1, "{known:#}");
    }
    // Who names an edition is told that it is not theirs.
    let body = json!({ "external_id": "liz", "referral": { "code": "ada-szyje", "referral": "vip" } });
    counter.post("/v1/members", body).await.ok();
    counter.shop.run_until_idle().await;
    let liz = referral(&counter, "liz").await;
    assert_eq!(liz["credits"], json!([]));
    // And who has no other left, as if it were the only one.
    let ended = programme.replace("[referrals.everybody]", "[referrals.everybody]\nuntil = \"2026-01-01\"");
    let other = Counter::open_with(Shop::open_with(&ended).await, Default::default()).await;
    advocate(&other, "ada").await;
    other.post("/v1/members", json!({ "external_id": "max", "referral": { "code": "ada-szyje" } })).await.ok();
    other.shop.run_until_idle().await;
    let max = referral(&other, "max").await;
    for field in ["referral", "state", "credits"] {
        assert_eq!(max[field], liz[field], "{field}: {max:#}");
    }
    assert_eq!(max["referral"], "vip");
    counter.shop.assert_audited().await;
}

#[tokio::test]
async fn what_was_followed_after_the_purchase_is_nobodys_credit() {
    let counter = open("last").await;
    let (ada, ben) = (advocate(&counter, "ada").await, advocate(&counter, "ben").await);
    let now = counter.shop.clock.now();
    let click = async |visitor: &str, code: &str, minutes: i64| {
        let at = now.saturating_sub(jiff::SignedDuration::from_mins(minutes)).unwrap();
        let body = json!({ "visitor": visitor, "code": format!("{code}-szyje"), "occurred_at": at.to_string() });
        counter.post_with_key("/v1/track/click", body, &format!("{visitor}-{code}")).await.ok();
    };
    // Ada's before, Ben's between the order and the moment when it is told.
    for (friend, before, credited) in [("eve", true, &ada), ("kim", false, &ben)] {
        if before {
            click(friend, "ada", 90).await;
        }
        click(friend, "ben", 10).await;
        let placed_at = now.saturating_sub(jiff::SignedDuration::from_mins(30)).unwrap();
        let mut sale = order(friend, &placed_at.to_string());
        sale["referral"] = json!({ "visitor": friend });
        counter.put(&format!("/v1/orders/{friend}"), sale).await.ok();
        let known = referral(&counter, friend).await;
        assert_eq!(&known["credits"][0]["advocate"], &json!(credited), "{friend}: {known:#}");
    }
}

#[tokio::test]
async fn whoever_tells_of_events_needs_a_key_for_each() {
    let counter = open("last").await;
    let sale = |member: &str| json!({ "external_id": "1", "order": order(member, "2026-05-04T10:00:00Z") });
    let back = json!({ "external_id": "1", "return": { "return_id": "R-1" } });
    for (path, body) in [("lead", json!({ "external_id": "kim" })), ("sale", sale("eve")), ("refund", back)] {
        let request = counter.request(Method::POST, &format!("/v1/track/{path}"));
        let refused = read(request.json(&body)).await;
        refused.assert_problem(StatusCode::BAD_REQUEST, "idempotency_key_required");
        counter.post_with_key(&format!("/v1/track/{path}"), body.clone(), path).await.ok();
        counter.post_with_key(&format!("/v1/track/{path}"), body, path).await.ok();
    }
    let other = counter.post_with_key("/v1/track/sale", sale("liz"), "sale").await;
    assert_eq!((other.status, other.body["code"].as_str()), (409, Some("idempotency_key_reused")), "{other:#?}");
}
