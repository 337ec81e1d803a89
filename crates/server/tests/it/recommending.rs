//! What recommending brings, worked out by hand and then read where people and programs read it.
//!
//! A dozen friends of Ada and Ben in May 2026. A friend has 100 points for coming, the advocate 500 for a friend who counts;
//! 100 points are worth 5.00. An order counts from 100.00 on.
//!
//! | friend | by | met it before coming | bought | came of it | kept | has | advocate has |
//! |---|---|---|---|---|---|---|---|
//! | f01 | Ada, whatsapp | 120 min | 200.00 after 1 day | counts | 200.00 | 100 | 500 |
//! | f02 | Ada, whatsapp | 30 min | 150.00 after 1 day, half came back | taken back | 75.00 | 100 | 0 |
//! | f03 | Ada, mail | 60 min | 300.00 after 2 days, half came back | counts | 150.00 | 100 | 500 |
//! | f04 | Ben, mail | 60 min | 120.00 after 2 days, then 80.00 | counts | 200.00 | 100 | 500 |
//! | f05 | Ben, a code | 0 | 50.00 after 2 days | came | 50.00 | 100 | – |
//! | f06 | Ben, a code | 0 | nothing | came | – | 100 | – |
//! | f07 | Ben, whatsapp | 240 min | 100.00 after 1 day | made up, says a person | (100.00) | 0 | 0 |
//! | f08 | themselves | 60 min | nothing | not recognised | – | – | – |
//! | f09 | Ada, mail | 60 min | 60.00 an hour before | not meant for them | (60.00) | – | – |
//! | f10 | Ada, mail | 40 days | nothing | outside the window | – | – | – |
//! | f11 | Ada, a code | 0 | nothing, and left | ran out | – | 100 | – |
//! | f12 | Ada, whatsapp | 15 min | 500.00 after 6 days, all came back | taken back | 0.00 | 100 | 0 |
//!
//! Recognised: 12 less f07 to f10 are 8. Bought: f01 to f05 and f12 are 6, all for the first time. Count: 3. Taken back: 2.
//! Kept: 200 + 75 + 150 + 200 + 50 are 675.00 in 6 orders, 112.50 each. Points: 8 × 100 and 3 × 500 are 2300, worth 115.00,
//! 19.17 for each of 6 customers. Sides that have something: 8 friends and 3 advocates. Ada: 200 + 75 + 150 are 425.00 and 2
//! friends; Ben: 200 + 50 are 250.00 and 1. Others bought 100.00 (f07), 60.00 (f09) and 40.00 (Ada): 66.67 each.
//! From link to coming: 15, 30, 60, 60, 120 minutes, an hour in the middle. To the first order: 1, 1, 2, 2, 2, 6 days; 2880
//! minutes are told as 2816, the least of their bucket, 1.96 days.

use lojal_core::activity::OrderState;
use lojal_core::command::Command;
use lojal_core::kernel::{Language, MemberId, Name};
use lojal_core::programme::starter;
use lojal_core::referrals::{Credit, Introduction, Judge, Verdict};
use lojal_server::platform::figures::{figures_catch_up, figures_drop};
use lojal_server::platform::keys::{KeyVisibility, Scope, key_create};
use lojal_server::platform::rulebook::PublishOptions;
use lojal_server::platform::sql;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::http_client::{Answer, read};
use crate::pages::{Browser, House, Page};
use crate::shop::{OPENING, Shop, moment, put_order, return_one};

const EDITIONS: &str = r#"
[referrals.spring]
name = { en = "Bring a friend", pl = "Przyprowadź znajomego" }
review = "none"
budget = 20
[referrals.spring.qualify]
when = [{ field = "order.total", at_least = "100.00" }]
[referrals.winter]
name = { en = "Warm friends", pl = "Ciepli znajomi" }
from = "2026-12-01"
until = "2027-02-28"
[earning.thanks]
name = { en = "Thanks for a friend", pl = "Dziękujemy za polecenie" }
on = "friend_qualified"
unit = "points"
points = 500
[earning.welcome]
name = { en = "Welcome, friend", pl = "Na dobry początek" }
on = "referred"
unit = "points"
points = 100
"#;

async fn open() -> House {
    let shop = Shop::open().await;
    publish(&shop, EDITIONS).await;
    House::around(shop, None).await
}

async fn publish(shop: &Shop, editions: &str) {
    let programme = format!("{}\n{editions}", starter(Language::En));
    let options = PublishOptions { accept_warnings: true, accept_worse: true, ..PublishOptions::default() };
    shop.application.publish_with(&programme, &options).await.unwrap();
}

/// Somebody comes by an advocate, so many minutes after they met the recommendation.
async fn refer(shop: &Shop, friend: MemberId, advocate: MemberId, channel: &str, minutes: i64) {
    let came_at = moment(OPENING);
    let introduction = Box::new(Introduction {
        referral: None,
        credits: vec![Credit { advocate, share: 100 }],
        touched_at: came_at - jiff::SignedDuration::from_mins(minutes),
        came_at,
        channel: Some(Name::from(channel)).filter(|channel| !channel.is_empty()),
    });
    shop.submit(friend, Command::Refer { introduction }).await.unwrap();
}

/// An order of two pieces, so many hours after opening.
async fn buy(shop: &Shop, member: MemberId, id: &str, hours: i64, total: i64) {
    let Command::PutOrder { mut order } = put_order(id, OrderState::Paid, &[("1", 2, total)]) else { panic!() };
    order.placed_at = moment(OPENING) + jiff::SignedDuration::from_hours(hours);
    order.paid_at = Some(order.placed_at);
    shop.submit(member, Command::PutOrder { order }).await.unwrap();
}

struct People {
    ada: MemberId,
    ben: MemberId,
    friends: Vec<MemberId>,
}

impl People {
    fn friend(&self, number: usize) -> MemberId {
        self.friends[number - 1]
    }
}

/// The month of the table above. The figures are counted in between, so that much is corrected.
async fn a_month(shop: &Shop) -> People {
    let (ada, ben) = (shop.enrol("ada").await, shop.enrol("ben").await);
    let mut friends = Vec::new();
    for number in 1..=12 {
        friends.push(shop.enrol(&format!("f{number:02}")).await);
    }
    let people = People { ada, ben, friends };
    buy(shop, people.friend(9), "o-09", -1, 6_000).await;
    let met = [
        (1, ada, "whatsapp", 120),
        (2, ada, "whatsapp", 30),
        (3, ada, "mail", 60),
        (4, ben, "mail", 60),
        (5, ben, "", 0),
        (6, ben, "", 0),
        (7, ben, "whatsapp", 240),
        (8, people.friend(8), "mail", 60),
        (9, ada, "mail", 60),
        (10, ada, "mail", 40 * 24 * 60),
        (11, ada, "", 0),
        (12, ada, "whatsapp", 15),
    ];
    for (number, advocate, channel, minutes) in met {
        refer(shop, people.friend(number), advocate, channel, minutes).await;
    }
    shop.run_until_idle().await;
    shop.clock.set(moment("2026-05-20T10:00:00Z"));
    for (number, id, hours, total) in [
        (1, "o-01", 24, 20_000),
        (2, "o-02", 24, 15_000),
        (3, "o-03", 48, 30_000),
        (4, "o-04", 48, 12_000),
        (4, "o-04b", 72, 8_000),
        (5, "o-05", 48, 5_000),
        (7, "o-07", 24, 10_000),
        (12, "o-12", 144, 50_000),
    ] {
        buy(shop, people.friend(number), id, hours, total).await;
    }
    buy(shop, ada, "o-ada", 30, 4_000).await;
    shop.run_until_idle().await;
    for (number, order, piece) in [(2, "o-02", "r-1"), (3, "o-03", "r-2"), (12, "o-12", "r-3"), (12, "o-12", "r-4")] {
        shop.submit(people.friend(number), return_one(order, piece, "1")).await.unwrap();
        shop.run_until_idle().await;
    }
    let made_up = Command::JudgeReferral { verdict: Verdict::Reject, by: Judge::Person, seen: None };
    shop.submit(people.friend(7), made_up).await.unwrap();
    shop.submit(people.friend(11), Command::Leave).await.unwrap();
    shop.run_until_idle().await;
    people
}

/// A program that calls the house with a key.
struct Caller<'a> {
    house: &'a House,
    key: String,
}

impl Caller<'_> {
    async fn new(house: &House) -> Caller<'_> {
        let mut transaction = house.shop.application.database.write().await.unwrap();
        let now = house.shop.clock.now();
        let made = key_create(&mut transaction, "a test", KeyVisibility::Secret, &Scope::ALL, now).await.unwrap();
        transaction.commit().await.unwrap();
        Caller { house, key: made.1 }
    }

    async fn get(&self, path: &str) -> Answer {
        let request = reqwest::Client::new().request(Method::GET, format!("{}{path}", self.house.address));
        read(request.bearer_auth(&self.key)).await
    }

    async fn post(&self, path: &str, body: Value, key: &str) -> Answer {
        let request = reqwest::Client::new().request(Method::POST, format!("{}{path}", self.house.address));
        read(request.bearer_auth(&self.key).header("idempotency-key", key).json(&body)).await
    }
}

/// Links are passed on three times by two members, and followed ten times.
async fn links(house: &House) -> Caller<'_> {
    let caller = Caller::new(house).await;
    let code = caller.post("/v1/members/ext:ada/codes", json!({}), "ada-code").await.ok();
    for (number, (member, channel)) in
        [("ada", "whatsapp"), ("ada", "whatsapp"), ("ben", "mail")].into_iter().enumerate()
    {
        let told = json!({ "member": member, "channel": channel });
        caller.post("/v1/track/share", told, &format!("share-{number}")).await.ok();
    }
    for number in 0..10 {
        let told = json!({ "code": code["code"], "channel": "whatsapp", "visitor": format!("session-{number}") });
        caller.post("/v1/track/click", told, &format!("click-{number}")).await.ok();
    }
    caller
}

fn assert_says(page: &Page, said: &[&str]) {
    for said in said {
        assert!(page.text.contains(said), "{said} is not in {} {}", page.status, page.text);
    }
}

async fn figure(owner: &Browser, name: &str) -> String {
    let page = owner.get(&format!("/console/figures/{name}?period=2026-05")).await;
    assert_eq!(page.status, 200, "{name}: {}", page.text);
    page.between("<p class=\"large\"><strong>", "</strong>").to_owned()
}

#[tokio::test]
async fn the_figures_are_those_that_were_worked_out_by_hand() {
    let house = open().await;
    let people = a_month(&house.shop).await;
    let caller = links(&house).await;
    let owner = house.owner().await;
    for (name, expected) in [
        ("referral-shared", "3"),
        ("referral-sharers", "2"),
        // Of f01 to f05, f07, f09 and Ada, who bought.
        ("referral-share-rate", "25%"),
        ("referral-clicked", "10"),
        ("referral-joined", "8"),
        ("referral-bought", "6"),
        ("referral-new-customers", "6"),
        ("referral-qualified", "3"),
        ("referral-rewarded", "11"),
        ("referral-rejected", "4"),
        ("referral-reversed", "2"),
        ("referral-expired", "1"),
        ("referral-clicked-to-joined", "80%"),
        ("referral-joined-to-bought", "75%"),
        ("referral-bought-to-qualified", "50%"),
        ("referral-hours-to-joining", "1"),
        ("referral-days-to-purchase", "1.96"),
        ("referral-revenue", "PLN 675.00"),
        ("referral-average-order", "PLN 112.50"),
        ("referral-other-average-order", "PLN 66.67"),
        ("referral-cost", "PLN 115.00"),
        ("referral-cost-per-customer", "PLN 19.17"),
    ] {
        assert_eq!(figure(&owner, name).await, expected, "{name}");
    }
    let sheet = owner.get("/console/figures/referral-revenue.csv?period=2026-05").await;
    assert_says(&sheet, &["2026-05-05,2026-05-05,275.00\n", "2026-05-06,2026-05-06,320.00\n"]);
    let page = owner.get("/console/referrals?period=2026-05").await;
    assert_says(
        &page,
        &["Bring a friend", "PLN 425.00", "PLN 250.00", "Made up", "Recommended themselves", "Warm friends"],
    );
    // Of five friends who bought one bought again, and nobody of the others.
    assert_says(&page, &["<dd>20%</dd>", "<dd>0%</dd>", "Budget: 3 of 20 friends.", "to come"]);
    let none = owner.get("/console/referrals?period=2026-05&referral=winter").await;
    assert_says(&none, &["Warm friends", "PLN 0.00"]);

    let told = caller.get("/v1/referrals/figures?from=2026-05-01&until=2026-05-31").await.ok();
    let expected = json!({
        "from": "2026-05-01", "until": "2026-05-31", "counted_until": told["counted_until"],
        "shared": 3, "clicked": 10, "joined": 8, "bought": 6, "new_customers": 6, "qualified": 3, "rewarded": 11,
        "reversed": 2, "expired": 1,
        "rejected": { "fraud": 1, "not_eligible": 1, "outside_window": 1, "self_referral": 1 },
        "orders": 6, "currency": "PLN", "revenue": "675.00", "cost": "115.00", "cost_per_new_customer": "19.17",
        "median_minutes_to_joining": 60, "median_minutes_to_purchase": 2816, "points": { "points": 2300 },
    });
    assert_eq!(told, expected, "{told:#}");
    let of_edition = caller.get("/v1/referrals/figures?from=2026-05-01&edition=winter").await.ok();
    assert_eq!((&of_edition["joined"], &of_edition["cost"]), (&json!(0), &json!("0.00")));
    for (query, code) in [("from=May", "invalid_parameter"), ("from=2026-05-02&until=2026-05-01", "invalid_parameter")]
    {
        let refused = caller.get(&format!("/v1/referrals/figures?{query}")).await;
        refused.assert_problem(StatusCode::BAD_REQUEST, code);
    }
    let member = owner.get(&format!("/console/members/{}", people.ada)).await;
    assert_says(&member, &["Friends who came", &format!("/console/referrals/{}", people.friend(1))]);
    house.shop.assert_audited().await;
}

/// Everything that was counted of recommendations, as text.
async fn counted(shop: &Shop) -> Vec<String> {
    let mut connection = shop.application.database.read().await.unwrap();
    let mut lines = Vec::new();
    for (sql, columns) in [
        ("select member, body from member_card", &["member", "body"][..]),
        ("select name, subject, amount from figure_total where amount <> 0", &["name", "subject", "amount"]),
        (
            "select name, day, subject, times, amount from figure_day where times <> 0 or amount <> 0",
            &["name", "day", "subject", "times", "amount"],
        ),
        ("select name, day, subject, times from referral_tally", &["name", "day", "subject", "times"]),
        ("select friend, referral, state, came_at from referral_card", &["friend", "referral", "state", "came_at"]),
        (
            "select advocate, period, joined, qualified, amount from referral_advocate
             where joined <> 0 or qualified <> 0 or amount <> 0",
            &["advocate", "period", "joined", "qualified", "amount"],
        ),
    ] {
        for row in sql::rows(&mut connection, sql, vec![]).await.unwrap() {
            let cell = |column: &&str| match sql::column::<Option<i64>>(&row, column) {
                Ok(number) => format!("{number:?}"),
                Err(_) => format!("{:?}", sql::column::<Option<String>>(&row, column).unwrap()),
            };
            lines.push(columns.iter().map(cell).collect::<Vec<_>>().join(" "));
        }
    }
    lines.sort();
    lines
}

#[tokio::test]
async fn counted_anew_the_figures_are_the_same() {
    let house = open().await;
    let shop = &house.shop;
    a_month(shop).await;
    links(&house).await;
    shop.run_until_idle().await;
    let followed = counted(shop).await;
    assert!(followed.iter().any(|line| line.contains("referral_sales")), "{followed:#?}");
    let programme = shop.application.rulebook().live().cloned().unwrap();
    figures_drop(&shop.application.database, shop.clock.now()).await.unwrap();
    figures_catch_up(&shop.application.database, &programme, shop.clock.now()).await.unwrap();
    let anew: Vec<String> = counted(shop).await;
    // Rows of days that came to nothing are not there anew.
    assert_eq!(followed, anew);
}

#[tokio::test]
async fn a_rejection_that_is_taken_back_brings_back_what_was_bought() {
    let house = open().await;
    let shop = &house.shop;
    let people = a_month(shop).await;
    let owner = house.owner().await;
    assert_eq!(figure(&owner, "referral-revenue").await, "PLN 675.00");
    let honest = Command::JudgeReferral { verdict: Verdict::Allow, by: Judge::Person, seen: None };
    shop.submit(people.friend(7), honest).await.unwrap();
    shop.run_until_idle().await;
    for (name, expected) in [
        ("referral-revenue", "PLN 775.00"),
        ("referral-joined", "9"),
        ("referral-qualified", "4"),
        ("referral-rejected", "3"),
        // 600 points more.
        ("referral-cost", "PLN 145.00"),
        ("referral-rewarded", "13"),
    ] {
        assert_eq!(figure(&owner, name).await, expected, "{name}");
    }
}

#[tokio::test]
async fn recommendations_are_listed_and_each_is_told_in_full() {
    let house = open().await;
    let shop = &house.shop;
    let people = a_month(shop).await;
    let owner = house.owner().await;
    let rows = |page: &Page| page.text.matches("<th scope=\"row\"><a href=\"/console/referrals/mem_").count();
    for (query, expected) in [
        ("", 12),
        ("state=qualified", 3),
        ("state=rejected", 4),
        ("referral=spring", 12),
        ("referral=winter", 0),
        ("state=reversed&referral=spring", 2),
        ("state=reversed&referral=winter", 0),
    ] {
        assert_eq!(rows(&owner.get(&format!("/console/referrals/all?{query}")).await), expected, "{query}");
    }
    assert_eq!(owner.get("/console/referrals/all?state=lost").await.status, 404);
    assert_eq!(owner.get("/console/referrals/all?before=what").await.status, 404);
    let sheet = owner.get("/console/referrals/all.csv?state=qualified").await;
    assert_eq!(sheet.text.lines().count(), 4, "{}", sheet.text);
    assert_says(&sheet, &["friend,advocates,edition", ",spring,,whatsapp,qualified,2026-05-04,1,200.00,PLN"]);

    let one = owner.get(&format!("/console/referrals/{}", people.friend(3))).await;
    assert_says(
        &one,
        &["Recommendation of f03", "counts", "ada", "500 points", "100 points", "PLN 150.00, 1 order", "mail"],
    );
    let rejected = owner.get(&format!("/console/referrals/{}", people.friend(7))).await;
    assert_says(&rejected, &["not recognised", "ordered", "Nothing."]);
    assert_eq!(owner.get(&format!("/console/referrals/{}", people.ben)).await.status, 404, "came by nobody");
    assert_eq!(owner.get("/console/referrals/mem_0000000000000").await.status, 404);
    let stranger = house.browser();
    for path in ["/console/referrals", "/console/referrals/all", "/console/referrals/all.csv"] {
        assert_eq!(stranger.get(path).await.status, 303, "{path}");
    }
}

#[tokio::test]
async fn long_lists_go_on_where_they_ended() {
    let house = open().await;
    let shop = &house.shop;
    let ada = shop.enrol("ada").await;
    for number in 0..43 {
        let friend = shop.enrol(&format!("f{number}")).await;
        refer(shop, friend, ada, "", number).await;
    }
    shop.run_until_idle().await;
    let owner = house.owner().await;
    for filter in ["", "state=joined&referral=spring"] {
        let first = owner.get(&format!("/console/referrals/all?{filter}")).await;
        let first = Page { text: first.text.replace("&#x2f;", "/").replace("&amp;", "&"), ..first };
        let next = first.between("<a class=\"button\" href=\"/console/referrals/all?", "\"").to_owned();
        let second = owner.get(&format!("/console/referrals/all?{next}")).await;
        let rows = |page: &Page| page.text.matches("<th scope=\"row\"><a href=\"/console/referrals/mem_").count();
        assert_eq!((rows(&first), rows(&second)), (40, 3), "{filter}");
    }
}

#[tokio::test]
async fn shares_are_told_once() {
    let house = open().await;
    house.shop.enrol("ada").await;
    let caller = Caller::new(&house).await;
    let told = json!({ "member": "ada", "channel": "flyer", "occurred_at": "2026-05-03T10:00:00Z" });
    let share = caller.post("/v1/track/share", told.clone(), "one").await.ok();
    assert_eq!((&share["channel"], &share["source"]), (&json!("flyer"), &json!("shop")));
    assert_eq!(caller.post("/v1/track/share", told.clone(), "one").await.ok(), share);
    let other = json!({ "member": "ada", "channel": "mail" });
    caller.post("/v1/track/share", other, "one").await.assert_problem(StatusCode::CONFLICT, "idempotency_key_reused");
}

#[tokio::test]
async fn nothing_to_tell_says_what_to_do_first() {
    let house = House::open().await;
    let owner = house.owner().await;
    let page = owner.get("/console/referrals").await;
    assert_says(&page, &["Nobody can recommend the shop yet.", "Go to the programme"]);
    owner.post("/language", &[("language", "pl"), ("back", "/console/referrals")]).await;
    assert_says(&owner.get("/console/referrals").await, &["Na razie nikt nie może polecać sklepu."]);
}
