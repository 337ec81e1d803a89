//! Who has brought how many friends: places, names, what members and staff see of it.

use lojal_core::kernel::{Language, Part};
use lojal_core::programme::starter;
use lojal_server::moving::{export, restore};
use lojal_server::platform::leaderboard::{leaderboard_drop, leaderboard_overlooked};
use lojal_server::platform::rulebook::PublishOptions;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::codes::{enrol, give};
use crate::http_client::Counter;
use crate::pages::{Browser, House};
use crate::pages_portal::{secret, signed_in};
use crate::shop::{self, Shop, moment};

const EDITION: &str = r#"
[referrals.spring]
name = { en = "Bring a friend", pl = "Przyprowadź znajomego" }
review = "none"
CAPS
[referrals.spring.qualify]
when = [{ field = "order.first", is = true }]
[earning.thanks]
name = { en = "Thanks", pl = "Dziękujemy" }
on = "friend_qualified"
unit = "points"
points = 500
"#;

fn programme(caps: &str) -> String {
    format!("{}\n{}", starter(Language::En), EDITION.replace("CAPS", caps))
}

async fn open(caps: &str) -> Counter {
    Counter::open_with(Shop::open_with(&programme(caps)).await, Default::default()).await
}

/// The same shop once more, for whoever calls it another way.
fn same(shop: &Shop) -> Shop {
    let folder = tempfile::tempdir().unwrap();
    Shop { application: shop.application.clone(), clock: shop.clock.clone(), folder }
}

async fn advocates(counter: &Counter, names: &[&str]) {
    for name in names {
        enrol(counter, name).await;
        give(counter, name, json!({ "name": format!("{name}-szyje") })).await;
    }
}

/// Friends of an advocate come, and order: `ada1`, `ada2` and so on, from `first` on.
async fn bring(counter: &Counter, advocate: &str, first: usize, count: usize) {
    for number in first..first + count {
        let friend = format!("{advocate}{number}");
        let came = json!({ "external_id": friend, "referral": { "code": format!("{advocate}-szyje") } });
        counter.post("/v1/members", came).await.ok();
        let order = json!({
            "member": friend, "state": "paid", "currency": "PLN", "placed_at": counter.shop.clock.now().to_string(),
            "lines": [{ "id": "1", "quantity": 1, "total": "100.00" }],
        });
        counter.put(&format!("/v1/orders/o-{friend}"), order).await.ok();
    }
    counter.shop.run_until_idle().await;
}

async fn give_back(counter: &Counter, friend: &str) {
    let body = json!({ "external_id": format!("o-{friend}"), "return": { "return_id": format!("r-{friend}") } });
    counter.post("/v1/track/refund", body).await.ok();
    counter.shop.run_until_idle().await;
}

async fn board(counter: &Counter, query: &str) -> Value {
    counter.get(&format!("/v1/referrals/leaderboard?{query}")).await.ok()
}

/// Rank and friends of each place.
fn places(board: &Value) -> Vec<(i64, i64)> {
    let place = |place: &Value| (place["rank"].as_i64().unwrap(), place["friends"].as_i64().unwrap());
    board["data"].as_array().unwrap().iter().map(place).collect()
}

#[tokio::test]
async fn places_are_shared_and_given_up_again() {
    let counter = open("").await;
    advocates(&counter, &["ada", "ben", "cid", "dora"]).await;
    for (name, friends) in [("ada", 3), ("ben", 3), ("cid", 1)] {
        bring(&counter, name, 1, friends).await;
    }
    let seen = board(&counter, "member=ext:cid").await;
    assert_eq!(places(&seen), [(1, 3), (1, 3), (3, 1)], "{seen:#}");
    assert_eq!((&seen["period"], &seen["advocates"]), (&json!("2026-05"), &json!(3)));
    assert_eq!((&seen["from"], &seen["until"]), (&json!("2026-04-30T22:00:00Z"), &json!("2026-05-31T22:00:00Z")));
    assert_eq!(seen["own"], json!({ "rank": 3, "friends": 1, "next": { "rank": 1, "missing": 2 } }));
    assert!(seen["data"][0].get("name").is_none(), "nobody has chosen to be named: {seen:#}");
    let own = async |member: &str| board(&counter, &format!("member=ext:{member}")).await["own"].clone();
    assert_eq!(own("dora").await, json!({ "friends": 0, "next": { "rank": 3, "missing": 1 } }));
    assert_eq!(own("ada").await, json!({ "rank": 1, "friends": 3 }));

    let first = board(&counter, "limit=2").await;
    let cursor = first["next_cursor"].as_str().unwrap();
    assert!(first["has_more"] == true && places(&first) == [(1, 3), (1, 3)], "{first:#}");
    let rest = board(&counter, &format!("limit=2&cursor={cursor}")).await;
    assert!(rest["has_more"] == false && places(&rest) == [(3, 1)], "{rest:#}");

    give_back(&counter, "ada1").await;
    let seen = board(&counter, "").await;
    assert_eq!(places(&seen), [(1, 3), (2, 2), (3, 1)], "who came back counts no more: {seen:#}");
    give_back(&counter, "cid1").await;
    assert_eq!(places(&board(&counter, "").await), [(1, 3), (2, 2)]);

    for (query, code) in [
        ("period=week", "invalid_parameter"),
        ("date=2026-13-01", "invalid_parameter"),
        ("date=yesterday", "invalid_parameter"),
        ("cursor=what", "invalid_parameter"),
        ("period=edition&referral=winter", "invalid_parameter"),
        ("places=3", "invalid_parameter"),
    ] {
        let refused = counter.get(&format!("/v1/referrals/leaderboard?{query}")).await;
        refused.assert_problem(StatusCode::BAD_REQUEST, code);
    }
    let nobody = counter.get("/v1/referrals/leaderboard?member=ext:nobody").await;
    nobody.assert_problem(StatusCode::BAD_REQUEST, "invalid_parameter");
    counter.shop.assert_audited().await;
}

#[tokio::test]
async fn friends_count_in_the_time_in_which_they_qualified_and_it_can_be_counted_again() {
    let counter = open("").await;
    advocates(&counter, &["ada", "ben"]).await;
    bring(&counter, "ada", 1, 2).await;
    counter.shop.clock.set(moment("2026-06-02T10:00:00Z"));
    bring(&counter, "ben", 1, 3).await;
    bring(&counter, "ada", 3, 1).await;
    let each = async || {
        let mut seen = Vec::new();
        for query in [
            "period=month",
            "period=month&date=2026-05-31",
            "period=month&date=2026-07-01",
            "period=quarter",
            "period=year",
            "period=all",
            "period=edition",
            "period=edition&referral=spring",
            "period=year&date=2025-12-31",
        ] {
            seen.push(board(&counter, query).await);
        }
        seen
    };
    let seen = each().await;
    let found: Vec<(&str, Vec<(i64, i64)>)> =
        seen.iter().map(|board| (board["period"].as_str().unwrap(), places(board))).collect();
    let whole = vec![(1, 3), (1, 3)];
    assert_eq!(
        found,
        [
            ("2026-06", vec![(1, 3), (2, 1)]),
            ("2026-05", vec![(1, 2)]),
            ("2026-07", vec![]),
            ("2026-Q2", whole.clone()),
            ("2026", whole.clone()),
            ("all", whole.clone()),
            ("edition/spring", whole.clone()),
            ("edition/spring", whole),
            ("2025", vec![]),
        ]
    );

    // From the beginning it is the same.
    let application = &counter.shop.application;
    leaderboard_drop(&application.database, counter.shop.clock.now()).await.unwrap();
    assert_eq!(places(&board(&counter, "period=all").await), []);
    counter.shop.run_until_idle().await;
    assert_eq!(each().await, seen);
    // A friend who went unseen is found by the account of the advocate.
    let part = Part::PROGRAMME.number();
    counter.shop.tamper("delete from friend_counted where part >= 0 and sequence > 0").await;
    counter.shop.tamper(&format!("delete from leaderboard_place where part = {part}")).await;
    counter.shop.tamper(&format!("delete from leaderboard_tally where part = {part}")).await;
    let (calendar, now) = (application.calendar(), counter.shop.clock.now());
    assert_eq!(leaderboard_overlooked(&application.database, &calendar, now).await.unwrap(), 2);
    assert_eq!(leaderboard_overlooked(&application.database, &calendar, now).await.unwrap(), 0);
    assert_eq!(each().await, seen);
}

#[tokio::test]
async fn whoever_is_doubted_or_one_too_many_does_not_count() {
    let counter = open("caps = { month = 2 }").await;
    advocates(&counter, &["ada"]).await;
    bring(&counter, "ada", 1, 3).await;
    assert_eq!(places(&board(&counter, "").await), [(1, 2)], "a limit left no room for the third");
    let held = programme("").replace("review = \"none\"", "review = \"all\"");
    let options = PublishOptions { accept_warnings: true, accept_worse: true, ..PublishOptions::default() };
    counter.shop.application.publish_with(&held, &options).await.unwrap();
    advocates(&counter, &["ben"]).await;
    bring(&counter, "ben", 1, 1).await;
    assert_eq!(counter.get("/v1/referrals/ext:ben1").await.ok()["state"], "held");
    assert_eq!(places(&board(&counter, "").await), [(1, 2)], "nobody has looked at it yet");
}

#[tokio::test]
async fn accounts_of_one_person_are_one_and_whoever_is_gone_has_no_place() {
    let house = House::around(Shop::open_with(&programme("")).await, None).await;
    let (_, secret) = secret(&house.shop).await;
    let counter = Counter::open_with(same(&house.shop), Default::default()).await;
    advocates(&counter, &["ada", "ben", "cid"]).await;
    for (name, friends) in [("ada", 1), ("ben", 2), ("cid", 1)] {
        bring(&counter, name, 1, friends).await;
    }
    switch_on(&house).await;
    let ben = signed_in(&house, &secret, "ben").await;
    choose(&ben, "Ben z Łodzi").await;
    counter.post("/v1/members/ext:ada/merge", json!({ "account": "ben" })).await.ok();
    counter.shop.run_until_idle().await;
    let seen = board(&counter, "member=ext:ben").await;
    assert_eq!(places(&seen), [(1, 3), (2, 1)], "{seen:#}");
    assert_eq!((&seen["data"][0]["name"], &seen["own"]["rank"]), (&json!("Ben z Łodzi"), &json!(1)));
    // What comes to the account that was merged goes on to the survivor.
    give_back(&counter, "ben2").await;
    let seen = board(&counter, "").await;
    assert_eq!(places(&seen), [(1, 2), (2, 1)], "{seen:#}");

    assert_eq!(seen["data"][0]["name"], "Ben z Łodzi", "{seen:#}");
    assert_eq!(counter.shop.count("leaderboard_name").await, 1);
    let folder = tempfile::tempdir().unwrap();
    let (file, target) = (folder.path().join("export.gz"), folder.path().join("elsewhere"));
    export(&counter.shop.application, &file).await.unwrap();
    restore(&file, &target, counter.shop.clock.clone()).await.unwrap();
    let elsewhere = shop::open(&target, &counter.shop.clock).await;
    elsewhere.run_until_idle(counter.shop.clock.now()).await.unwrap();
    let moved = Shop { application: elsewhere, clock: counter.shop.clock.clone(), folder };
    assert_eq!((moved.count("leaderboard_name").await, moved.count("leaderboard_tally").await), (1, 10));
    moved.application.close().await;

    counter.delete("/v1/members/ext:ada?erase=true").await.ok();
    counter.shop.run_until_idle().await;
    let seen = board(&counter, "").await;
    assert_eq!(places(&seen), [(1, 1)], "{seen:#}");
    assert_eq!(counter.shop.count("leaderboard_name").await, 0);
    counter.delete("/v1/members/ext:cid").await.ok();
    counter.shop.run_until_idle().await;
    assert_eq!(board(&counter, "").await["advocates"], 0);
}

async fn switch_on(house: &House) -> Browser {
    let owner = house.owner().await;
    let set = owner.post("/console/leaderboard", &[("is_on", "yes"), ("places", "2"), ("least_advocates", "2")]).await;
    assert_eq!(set.status, 303);
    owner
}

async fn choose(browser: &Browser, name: &str) {
    let chosen = browser.post("/portal/invite/leaderboard/name", &[("name", name)]).await;
    assert_eq!(chosen.status, 303, "{name}: {}", chosen.text);
}

#[tokio::test]
async fn members_see_their_own_place_and_the_names_of_those_who_want_it() {
    const HERE: &str = "/portal/invite/leaderboard";
    let house = House::around(Shop::open_with(&programme("")).await, None).await;
    let (_, secret) = secret(&house.shop).await;
    let counter = Counter::open_with(same(&house.shop), Default::default()).await;
    advocates(&counter, &["ada", "ben", "cid"]).await;
    bring(&counter, "ada", 1, 3).await;
    let (ada, ben) = (signed_in(&house, &secret, "ada").await, signed_in(&house, &secret, "ben").await);
    assert_eq!(ada.get(HERE).await.status, 404, "it is off until the shop switches it on");
    assert!(!ada.get("/portal/invite").await.text.contains(HERE));
    assert_eq!(ada.post("/portal/invite/leaderboard/name", &[("name", "Ada")]).await.status, 404);
    let owner = switch_on(&house).await;
    assert!(ada.get("/portal/invite").await.text.contains(HERE));
    let few = ada.get(HERE).await.text;
    assert!(few.contains("shown when there are more") && few.contains("3 friends of yours count"), "{few}");
    assert!(!few.contains("Place 1"), "of one, everybody would know who it is: {few}");

    bring(&counter, "ben", 1, 1).await;
    bring(&counter, "cid", 1, 2).await;
    let page = ben.get(HERE).await.text;
    for expected in ["Place 3", "1 friend of yours counts.", "1 more friend and you have place 2.", "somebody"] {
        assert!(page.contains(expected), "{expected}: {page}");
    }
    assert_eq!(page.matches("<tr").count(), 3, "two places are shown: {page}");
    assert!(!page.contains("mem_") && !page.contains("szyje"), "{page}");

    for (name, fault) in [
        ("", "Something has to stand here"),
        ("ada@example.com", "looks like an address"),
        ("Admin", "speaks for the shop"),
        ("<b>", "letters, digits"),
    ] {
        let refused = ada.post("/portal/invite/leaderboard/name", &[("name", name)]).await;
        assert!(refused.status == 200 && refused.text.contains(fault), "{name}: {}", refused.text);
    }
    choose(&ada, "  Ada   szyje ").await;
    assert!(ben.get(HERE).await.text.contains(">Ada szyje<"));
    let own = ada.get(HERE).await.text;
    assert!(own.contains("Others see you as “Ada szyje”.") && own.contains("nobody above you"), "{own}");

    // Staff see everybody, and who wants to be named; a name that has no place there is taken off.
    let all = owner.get("/console/leaderboard").await;
    assert!(all.text.contains(">Ada szyje") && all.text.contains("/console/members/mem_"), "{}", all.text);
    let member = all.between("action=\"/console/leaderboard/names/", "/stop").to_owned();
    assert_eq!(owner.post(&format!("/console/leaderboard/names/{member}/stop"), &[]).await.status, 303);
    assert!(!ben.get(HERE).await.text.contains("Ada szyje"));
    assert!(ada.get(HERE).await.text.contains("has taken your name off"));
    let again = ada.post("/portal/invite/leaderboard/name", &[("name", "Ada")]).await;
    assert!(again.status == 200 && again.text.contains("has taken your name off"), "{}", again.text);
    assert_eq!(owner.post(&format!("/console/leaderboard/names/{member}/allow"), &[]).await.status, 303);
    choose(&ada, "Ada").await;
    assert!(ben.get(HERE).await.text.contains(">Ada<"));
    assert_eq!(ada.post("/portal/invite/leaderboard/name/withdraw", &[]).await.status, 303);
    assert!(!ben.get(HERE).await.text.contains(">Ada<"));
    let actions = owner.get("/console/actions").await.text;
    assert!(actions.contains("took a name off the list of advocates"), "{actions}");

    for path in ["?period=quarter", "?period=all", "?period=edition&edition=spring", "?period=month&date=2026-04-02"] {
        assert_eq!(ben.get(&format!("{HERE}{path}")).await.status, 200, "{path}");
        let console = path.replace("edition=spring", "edition=spring&date=");
        assert_eq!(owner.get(&format!("/console/leaderboard{console}")).await.status, 200, "{console}");
    }
    for path in ["?period=week", "?period=edition&edition=winter"] {
        assert_eq!(ben.get(&format!("{HERE}{path}")).await.status, 404, "{path}");
        assert_eq!(owner.get(&format!("/console/leaderboard{path}")).await.status, 404, "{path}");
    }
    let bad = owner.post("/console/leaderboard", &[("is_on", "yes"), ("places", "0"), ("least_advocates", "1")]).await;
    assert!(bad.text.contains("from 1 to 100") && bad.text.contains("from 2 to 1000"), "{}", bad.text);
}
