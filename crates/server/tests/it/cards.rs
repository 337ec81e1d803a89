//! Loyalty cards: at the till, in the console, in members' own pages, and when everything moves.

use lojal_core::command::{Birthday, Profile};
use lojal_core::kernel::MemberId;
use lojal_server::moving::{export, restore};
use lojal_server::platform::application::NewMember;
use lojal_server::platform::cards::CardNumber;
use lojal_server::platform::identity::Identity;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::http_client::Counter;
use crate::pages::{Browser, House};
use crate::pages_portal::{enrol as enrol_person, secret, signed_in};
use crate::shop;

async fn enrol(counter: &Counter, name: &str) -> String {
    let body = counter.post("/v1/members", json!({ "external_id": name })).await.ok();
    body["id"].as_str().unwrap().to_owned()
}

async fn give(counter: &Counter, member: &str, number: &str) -> Value {
    counter.post("/v1/cards", json!({ "member": member, "number": number })).await.ok()
}

async fn step(counter: &Counter, card: &Value, step: &str, body: Value) -> crate::http_client::Answer {
    counter.post(&format!("/v1/cards/{}/{step}", card["id"].as_str().unwrap()), body).await
}

/// A member by the name of the holder of its wallets.
fn holder(member: &str) -> String {
    member.replace("mem_", "hol_")
}

fn order(member: &str) -> Value {
    json!({
        "member": member, "state": "paid", "currency": "PLN", "placed_at": "2026-05-04T09:00:00Z",
        "lines": [{ "id": "1", "quantity": 1, "total": "100.00" }],
    })
}

#[tokio::test]
async fn a_card_names_its_member_at_the_till() {
    let counter = Counter::open().await;
    let ada = enrol(&counter, "ada").await;
    let card = give(&counter, "ada", "2600 1234-5678").await;
    assert_eq!((card["number"].as_str(), card["member"].as_str()), (Some("260012345678"), Some(ada.as_str())));
    assert_eq!(give(&counter, &ada, "260012345678").await, card, "the same card again is the same card");
    let id = card["id"].as_str().unwrap();
    assert_eq!(counter.get(&format!("/v1/cards/{id}")).await.ok(), card);
    assert_eq!(counter.get("/v1/members/ext:ada/cards").await.ok()["data"], json!([card]));

    // One request at the checkout, whatever it is about.
    let name = "card:2600 1234 5678";
    let bought = counter.put("/v1/orders/till-1", order(name)).await.ok();
    assert_eq!(bought["order"]["holder"], holder(&ada), "{bought:#}");
    let found = counter.get("/v1/members/card:260012345678").await.ok();
    assert_eq!(found["external_id"], "ada");
    assert!(counter.available("card:260012345678").await >= 50);
    let held = counter.post("/v1/holds", json!({ "member": name, "unit": "points", "amount": 20 })).await;
    assert_eq!(held.status, 201, "{held:#?}");
    let lines = format!(
        "{}\n{}\n",
        json!({ "member": name, "name": "review", "external_id": "r-1", "occurred_at": "2026-05-04T09:00:00Z" }),
        json!({ "member": "card:99999", "name": "review", "external_id": "r-2", "occurred_at": "2026-05-04T09:00:00Z" }),
    );
    let request = counter.request(reqwest::Method::POST, "/v1/activities:batch");
    let answer = crate::http_client::read(request.header("content-type", "application/x-ndjson").body(lines)).await;
    assert_eq!(answer.body[0]["status"].as_u64(), Some(201), "{answer:#?}");
    assert_eq!(answer.body[1]["problem"]["code"], "unknown_card", "{answer:#?}");

    // Nobody joins by a card that nobody has.
    let unknown = counter.put("/v1/orders/till-2", order("card:77777")).await;
    unknown.assert_problem(StatusCode::NOT_FOUND, "unknown_card");
    let malformed = counter.put("/v1/orders/till-2", order("card:1")).await;
    malformed.assert_problem(StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields");
    let text = counter.get("/v1/members/card:99999").await;
    text.assert_problem(StatusCode::NOT_FOUND, "unknown_card");
    counter.shop.assert_audited().await;
}

#[tokio::test]
async fn a_card_is_blocked_replaced_and_moved() {
    let counter = Counter::open().await;
    let (ada, ben) = (enrol(&counter, "ada").await, enrol(&counter, "ben").await);
    let card = give(&counter, "ada", "A-1001").await;
    let taken = counter.post("/v1/cards", json!({ "member": "ben", "number": "a1001" })).await;
    taken.assert_problem(StatusCode::CONFLICT, "card_taken");

    let blocked = step(&counter, &card, "block", json!({})).await.ok();
    assert!(blocked["state"] == "blocked" && blocked["ended_at"].is_string(), "{blocked:#}");
    assert_eq!(step(&counter, &card, "block", json!({})).await.ok(), blocked, "twice is once");
    let refused = counter.put("/v1/orders/o-1", order("card:A1001")).await;
    refused.assert_problem(StatusCode::CONFLICT, "card_blocked");
    assert_eq!(counter.get("/v1/members/card:A1001/cards").await.ok()["data"][0]["state"], "blocked");
    assert_eq!(step(&counter, &card, "unblock", json!({})).await.ok(), card);

    let new = step(&counter, &card, "replace", json!({ "number": "A-1002" })).await.ok();
    assert_eq!(step(&counter, &card, "replace", json!({ "number": "A-1002" })).await.ok(), new, "twice is once");
    let again = step(&counter, &card, "replace", json!({ "number": "A-1003" })).await;
    again.assert_problem(StatusCode::CONFLICT, "card_replaced");
    let refused = counter.put("/v1/orders/o-1", order("card:A1001")).await;
    refused.assert_problem(StatusCode::CONFLICT, "card_replaced");
    for dead in ["unblock", "block"] {
        step(&counter, &card, dead, json!({})).await.assert_problem(StatusCode::CONFLICT, "card_replaced");
    }
    let taken = counter.post("/v1/cards", json!({ "member": "ben", "number": "A1001" })).await;
    taken.assert_problem(StatusCode::CONFLICT, "card_taken");
    let old = counter.get(&format!("/v1/cards/{}", card["id"].as_str().unwrap())).await.ok();
    assert_eq!((old["state"].as_str(), &old["replaced_by"]), (Some("replaced"), &new["id"]));

    let before = counter.available(&ada).await;
    let unsaid = step(&counter, &new, "move", json!({ "to": "ben" })).await;
    unsaid.assert_problem(StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields");
    let moved = step(&counter, &new, "move", json!({ "to": "ben", "reason": "Mixed up at the till" })).await.ok();
    assert_eq!(moved["member"], ben);
    assert_eq!(counter.put("/v1/orders/o-2", order("card:A1002")).await.ok()["order"]["holder"], holder(&ben));
    assert_eq!(counter.available(&ada).await, before, "points stay where they are");
    let cards = counter.get(&format!("/v1/members/{ada}/cards")).await.ok();
    assert_eq!(cards["data"].as_array().unwrap().len(), 1, "{cards:#}");
    let nobody = counter.post("/v1/cards", json!({ "member": "nobody", "number": "A1009" })).await;
    nobody.assert_problem(StatusCode::NOT_FOUND, "unknown_member");

    // Whoever is erased leaves no card behind, and the number is free.
    counter.delete("/v1/members/ext:ben?erase=true").await.ok();
    counter.get("/v1/members/card:A1002").await.assert_problem(StatusCode::NOT_FOUND, "unknown_card");
    assert_eq!((counter.shop.count("loyalty_card").await, counter.shop.count("loyalty_card_step").await), (1, 4));
    let gone = counter.post("/v1/cards", json!({ "member": ben, "number": "A1002" })).await;
    gone.assert_problem(StatusCode::CONFLICT, "member_left");
    assert_eq!(give(&counter, "ada", "A1002").await["member"], ada);
    let left = step(&counter, &card, "move", json!({ "to": ben, "reason": "A test" })).await;
    left.assert_problem(StatusCode::CONFLICT, "card_replaced");
}

#[tokio::test]
async fn a_known_order_is_sent_again_by_its_member_when_the_card_is_dead() {
    let counter = Counter::open().await;
    let ada = enrol(&counter, "ada").await;
    let card = give(&counter, "ada", "A-1001").await;
    counter.put("/v1/orders/o-1", order("card:A1001")).await.ok();
    step(&counter, &card, "replace", json!({ "number": "A-1002" })).await.ok();
    let refused = counter.put("/v1/orders/o-1", order("card:A1001")).await;
    let problem = refused.assert_problem(StatusCode::CONFLICT, "card_replaced");
    assert!(problem["detail"].as_str().unwrap().contains("mem_"), "{problem:#}");
    let again = counter.put("/v1/orders/o-1", order(&ada)).await.ok();
    assert_eq!(again["order"]["holder"], holder(&ada), "{again:#}");
}

#[tokio::test]
async fn who_gave_a_card_away_is_forgotten_with_the_reason() {
    let house = House::open().await;
    let ada = enrol_person(&house.shop, "ada", "ada@example.com").await;
    let ben = enrol_person(&house.shop, "ben", "ben@example.com").await;
    let owner = house.owner().await;
    let (here, there) = (format!("/console/members/{ada}"), format!("/console/members/{ben}"));
    post(&owner, &format!("{here}/cards"), &[("number", "KL260077")]).await;
    let page = owner.get(&here).await.text;
    let card = details(&page, "KL260077").split_once("/cards/").unwrap().1.split_once('/').unwrap().0.to_owned();
    let fields = [("to", "ben"), ("reason", "Ada moved abroad")];
    post(&owner, &format!("{here}/cards/{card}/move"), &fields).await;
    assert!(owner.get(&there).await.text.contains("Ada moved abroad"));

    house.shop.application.erase_member(ada).await.unwrap();
    let page = owner.get(&there).await.text;
    assert!(page.contains("KL260077") && !page.contains("Ada moved") && !page.contains("came from"), "{page}");
    assert_eq!((house.shop.count("loyalty_card").await, house.shop.count("loyalty_card_step").await), (1, 1));
}

#[tokio::test]
async fn a_card_that_moves_while_its_giver_is_erased_keeps_its_history_or_goes() {
    let counter = Counter::open().await;
    for turn in 0..4 {
        let (giver, taker) = (format!("giver-{turn}"), format!("taker-{turn}"));
        enrol(&counter, &giver).await;
        enrol(&counter, &taker).await;
        let card = give(&counter, &giver, &format!("A-100{turn}")).await;
        let before = counter.shop.count("loyalty_card_step").await - 1;
        let erase = format!("/v1/members/ext:{giver}?erase=true");
        let body = json!({ "to": taker, "reason": "Mixed up" });
        let (moved, erased) = tokio::join!(step(&counter, &card, "move", body), counter.delete(&erase));
        erased.ok();
        let kept = i64::from(moved.status == 200);
        let cards = counter.get(&format!("/v1/members/ext:{taker}/cards")).await.ok();
        assert_eq!(cards["data"].as_array().unwrap().len() as i64, kept, "{moved:#?}");
        assert_eq!(counter.shop.count("loyalty_card_step").await - before, kept, "{moved:#?}");
    }
}

#[tokio::test]
async fn cards_move_with_everything_and_stay_sealed() {
    let counter = Counter::open().await;
    enrol(&counter, "ada").await;
    let card = give(&counter, "ada", "SECRET77").await;
    step(&counter, &card, "replace", json!({ "number": "SECRET78" })).await.ok();
    let number = CardNumber::parse("SECRET78").unwrap();
    let here = counter.shop.application.card_with_number(&number).await.unwrap().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (file, target) = (folder.path().join("export.gz"), folder.path().join("elsewhere"));
    let exported = export(&counter.shop.application, &file).await.unwrap();
    let restored = restore(&file, &target, counter.shop.clock.clone()).await.unwrap();
    assert!(restored.report.is_clean() && restored.rows == exported.rows);
    let elsewhere = shop::open(&target, &counter.shop.clock).await;
    assert_eq!(elsewhere.card_with_number(&number).await.unwrap(), Some(here.clone()));
    assert_eq!(elsewhere.cards(here.member).await.unwrap().len(), 2);
}

#[tokio::test]
async fn who_may_be_the_same_person_is_said_on_their_page() {
    let house = House::open().await;
    let owner = house.owner().await;
    let person = |name: &str, email: &str, phone: &str, year: Option<i16>| Identity {
        name: Some(name.to_owned()),
        email: Some(email.to_owned()).filter(|email| !email.is_empty()),
        phone: Some(phone.to_owned()).filter(|phone| !phone.is_empty()),
        birth_year: year,
        ..Identity::default()
    };
    let birthday = |day| Profile { birthday: Some(Birthday { month: 4, day }), ..Profile::default() };
    let mut members = Vec::new();
    for (name, identity, day) in [
        ("one", person("Łucja Żółw", "lucja@mail.example", "+48 601 234 567", Some(1980)), 17),
        ("two", person("L. Z.", "LUCJA@mail.example ", "", None), 1),
        ("three", person("Jan", "", "601-234-567", None), 1),
        ("four", person("Żółw Lucja", "", "", None), 17),
        ("five", person("Łucja Żółw", "", "", Some(1990)), 17),
        ("six", person("Łucja Żółw", "", "", None), 18),
        ("seven", person("Łucja Żółwik", "lucja@other.example", "601 234 568", Some(1980)), 17),
    ] {
        let new = NewMember { identity, profile: birthday(day), ..NewMember::new(name) };
        members.push(house.shop.application.enrol(new).await.unwrap().holder);
    }
    let member = |index: usize| MemberId(members[index].0);
    let page = owner.get(&format!("/console/members/{}", member(0))).await;
    let told = page.between("Perhaps the same person", "</section>");
    for (index, what) in [(1, "same e-mail address"), (2, "same telephone number"), (3, "same name and birthday")] {
        let of_them = told.split_once(&member(index).to_string()).unwrap_or_else(|| panic!("{index}: {told}")).1;
        assert!(of_them.split_once("</li>").unwrap().0.contains(what), "{index}: {told}");
    }
    for index in [0, 4, 5, 6] {
        assert!(!told.contains(&format!("<li><a href=\"/console/members/{}\"", member(index))), "{index}: {told}");
    }
    let alone = owner.get(&format!("/console/members/{}", member(6))).await;
    assert!(!alone.text.contains("Perhaps the same person"), "{}", alone.text);
}

fn details<'a>(page: &'a str, number: &str) -> &'a str {
    page.split_once(&format!("<code>{number}</code>")).unwrap_or_else(|| panic!("no {number} in {page}")).1
}

async fn post(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> crate::pages::Page {
    browser.post(path, fields).await
}

#[tokio::test]
async fn staff_give_find_and_move_cards_and_members_show_theirs() {
    let house = House::open().await;
    let ada = enrol_person(&house.shop, "ada", "ada@example.com").await;
    let ben = enrol_person(&house.shop, "ben", "ben@example.com").await;
    let owner = house.owner().await;
    let (here, there) = (format!("/console/members/{ada}"), format!("/console/members/{ben}"));
    assert!(owner.get(&here).await.text.contains("No card yet."));
    let refused = post(&owner, &format!("{here}/cards"), &[("number", "12_4")]).await;
    assert!(refused.text.contains("A card’s number has 4 to 40") && refused.text.contains("value=\"12_4\""));
    let given = post(&owner, &format!("{here}/cards"), &[("number", "kl 2600-77")]).await;
    assert_eq!(given.location, format!("{here}?done=card-given"));
    let page = owner.get(&given.location).await.text;
    assert!(page.contains("The card is given.") && page.contains("<code>KL260077</code>"), "{page}");
    let taken = post(&owner, &format!("{there}/cards"), &[("number", "KL260077")]).await;
    assert!(taken.text.contains("The number is that of another card."), "{}", taken.text);

    for sought in ["KL260077", "kl-2600 77"] {
        let found = owner.post("/console/members/search", &[("sought", sought)]).await.text;
        assert!(found.contains("1 member found") && found.contains(&ada.to_string()), "{sought}: {found}");
    }
    let none = owner.post("/console/members/search", &[("sought", "KL260078")]).await.text;
    assert!(!none.contains("<tbody>"), "{none}");

    let (_, signing) = secret(&house.shop).await;
    let member = signed_in(&house, &signing, "ada").await;
    let home = member.get("/portal").await.text;
    assert!(home.contains("Your card") && home.contains("<code>KL260077</code>") && home.contains("bars"), "{home}");
    assert!(member.get("/portal/account/data").await.text.contains("KL260077"));
    assert!(!signed_in(&house, &signing, "ben").await.get("/portal").await.text.contains("KL260077"));

    let card = details(&page, "KL260077").split_once("/cards/").unwrap().1.split_once('/').unwrap().0.to_owned();
    let act = |step: &str| format!("{here}/cards/{card}/{step}");
    for _ in 0..2 {
        let blocked = post(&owner, &act("block"), &[("blocked", "yes")]).await;
        assert_eq!(blocked.location, format!("{here}?done=card-blocked"));
    }
    assert!(!member.get("/portal").await.text.contains("KL260077"), "a blocked card is not shown at a till");
    let unblocked = post(&owner, &act("block"), &[("blocked", "no")]).await;
    assert_eq!(unblocked.location, format!("{here}?done=card-unblocked"));
    let refused = post(&owner, &act("move"), &[("to", "nobody"), ("reason", "")]).await;
    assert!(refused.text.contains("There is no such member.") && refused.text.contains("value=\"nobody\""));
    let moved = post(&owner, &act("move"), &[("to", "ben"), ("reason", "Mixed <up>")]).await;
    assert_eq!(moved.location, format!("{here}?done=card-moved"));
    let page = owner.get(&there).await.text;
    assert!(page.contains("KL260077") && page.contains("came from another member: Mixed &lt;up&gt;"), "{page}");
    assert_eq!(post(&owner, &act("block"), &[("blocked", "yes")]).await.status, 404, "it is no card of hers any more");
    let replaced = post(&owner, &format!("{there}/cards/{card}/replace"), &[("replacement", "KL260079")]).await;
    assert_eq!(replaced.location, format!("{there}?done=card-replaced"));
    let page = owner.get(&there).await.text;
    assert!(page.contains("KL260079") && details(&page, "KL260077").contains("replaced"), "{page}");
    let actions = owner.get("/console/actions").await.text;
    for action in ["gave a member a card", "blocked a card", "unblocked a card", "moved a card", "replaced a card"] {
        assert!(actions.contains(action), "{action}: {actions}");
    }
    assert!(!actions.contains("KL2600"), "numbers stay out of the log");
    house.shop.assert_audited().await;
}
