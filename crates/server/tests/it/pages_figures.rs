//! Figures, lists and books in the console: what they say is what happened.

use lojal_core::activity::OrderState;
use lojal_core::command::Command;
use lojal_core::kernel::{Money, Name};
use lojal_server::platform::application::NewMember;
use lojal_server::platform::figures::{GuestOrder, guest_orders_put};
use lojal_server::platform::identity::Identity;

use crate::pages::{House, PASSWORD, Page};
use crate::shop::{moment, put_order, redeem, return_one};

fn assert_says(page: &Page, said: &[&str]) {
    for said in said {
        assert!(page.text.contains(said), "{said} is not in {} {}", page.status, page.text);
    }
}

/// An order of one line, placed at a moment.
fn bought(id: &str, when: &str, total: i64) -> Command {
    match put_order(id, OrderState::Paid, &[("1", 2, total)]) {
        Command::PutOrder { mut order } => {
            order.placed_at = moment(when);
            order.paid_at = Some(moment(when));
            Command::PutOrder { order }
        }
        other => other,
    }
}

#[tokio::test]
async fn the_first_page_counts_what_happened_and_compares_it() {
    let house = House::open().await;
    let owner = house.owner().await;
    assert_says(&owner.get("/console").await, &["Nobody takes part yet.", "What is left to do"]);
    let shop = &house.shop;
    let ada = shop.enrol("ada").await;
    let ben = shop.enrol("ben").await;
    shop.clock.set(moment("2026-06-20T10:00:00Z"));
    owner.sign_in("ewa@shop.example", PASSWORD).await;
    shop.submit(ada, bought("o-1", "2026-05-10T10:00:00Z", 20_000)).await.unwrap();
    shop.submit(ada, bought("o-2", "2026-06-10T10:00:00Z", 30_000)).await.unwrap();
    shop.submit(ben, bought("o-3", "2026-06-12T10:00:00Z", 10_000)).await.unwrap();
    shop.submit(ben, return_one("o-3", "r-1", "1")).await.unwrap();
    shop.run_until_idle().await;
    let june = owner.get("/console?period=2026-06").await;
    assert_says(
        &june,
        &[
            "June 2026",
            // 300.00 and what is left of 100.00; 200.00 until the same day of May.
            "<strong>PLN 350.00</strong>",
            "75% more than before",
            "<strong>PLN 175.00</strong>",
            // Of two who bought one had bought before.
            "<strong>50%</strong>",
            "before: 0",
            "May 2026",
        ],
    );
    // June is not over, so people are not compared yet.
    let buyers = owner.get("/console/figures/buyers?period=2026-06").await;
    assert_says(&buyers, &["each counted once", "<strong>2</strong>", "<th scope=\"row\">May 2026</th>"]);
    assert!(!buyers.text.contains("than before"), "{}", buyers.text);
    let sales = owner.get("/console/figures/sales?period=2026-06").await;
    assert_says(&sales, &["<th scope=\"row\">10 June 2026</th><td class=\"number\">PLN 300.00</td>", "PLN 50.00"]);
    let sheet = owner.get("/console/figures/sales.csv?period=2026-Q2").await;
    assert_eq!(sheet.headers["content-type"], "text/csv; charset=utf-8");
    assert!(sheet.text.starts_with("from,to,value\n2026-04-01,2026-04-07,0.00\n"), "{}", sheet.text);
    assert!(sheet.text.contains("2026-06-10,2026-06-16,350.00\n"), "{}", sheet.text);
    let issued = owner.get("/console/figures/issued?period=2026&unit=points").await;
    // Twice 50 for joining, 200 with 30 for a large order, 300 with 30 and 100.
    assert_says(&issued, &["Points", "<strong>760 points</strong>"]);
    for wrong in ["/console/figures/luck", "/console/figures/issued?unit=no", "/console?period=2026-13"] {
        assert_eq!(owner.get(wrong).await.status, 404, "{wrong}");
    }
    assert_eq!(owner.get("/console?period=1999").await.status, 200);
    // Nobody is compared with guests of whom nothing is known.
    assert!(!june.text.contains("Average order of guests"), "{}", june.text);
    let guest =
        GuestOrder { external_id: Name::from("g-1"), placed_at: moment("2026-06-11T10:00:00Z"), kept: Money(35_000) };
    guest_orders_put(&shop.application.database, &[guest]).await.unwrap();
    shop.run_until_idle().await;
    let june = owner.get("/console?period=2026-06").await;
    assert_says(&june, &["Average order of guests", "<strong>PLN 350.00</strong>", "Members’ share of sales"]);
    let share = owner.get("/console/figures/members-share?period=2026-06").await;
    assert_says(&share, &["<strong>50%</strong>"]);
}

#[tokio::test]
async fn members_are_filtered_kept_as_a_group_and_taken_home() {
    let house = House::open().await;
    let owner = house.owner().await;
    let shop = &house.shop;
    let name = |name: &str| Identity { name: Some(name.to_owned()), ..Identity::default() };
    let people = [("ada", "=Ada", 200_000, 3), ("ben", "Ben", 30_000, 2), ("cleo", "Cleo", 0, 1)];
    for (id, person, spent, day) in people {
        let done = shop.application.enrol(NewMember { identity: name(person), ..NewMember::new(id) }).await.unwrap();
        if spent > 0 {
            let order = bought(&format!("o-{id}"), &format!("2026-05-0{day}T10:00:00Z"), spent);
            shop.submit(done.holder, order).await.unwrap();
        }
    }
    shop.clock.set(moment("2026-07-20T10:00:00Z"));
    shop.run_until_idle().await;
    owner.sign_in("ewa@shop.example", PASSWORD).await;
    let names = |page: &Page| -> Vec<&'static str> {
        let place = |name: &&str| page.text.find(&format!(">{name}</a>"));
        let mut found: Vec<(usize, &str)> =
            ["=Ada", "Ben", "Cleo"].iter().filter_map(|name| Some((place(name)?, *name))).collect();
        found.sort_unstable();
        found.into_iter().map(|(_, name)| name).collect()
    };
    for (query, expected) in [
        ("order=spent", &["=Ada", "Ben", "Cleo"][..]),
        ("order=newest", &["Cleo", "Ben", "=Ada"]),
        ("spent=300", &["=Ada", "Ben"]),
        ("spent=300.01", &["=Ada"]),
        // Both have what joining gave, for their orders are on their way: whoever joined last comes first.
        ("orders=1&order=points", &["Ben", "=Ada"]),
        ("last=ago-30", &["=Ada", "Ben"]),
        ("last=in-30", &[]),
        ("last=never", &["Cleo"]),
        ("level=silver", &["=Ada"]),
        ("level=gold", &[]),
        // Whoever has never been looked at stands on the first level.
        ("level=member", &["Cleo", "Ben"]),
        ("last=never&order=last", &["Cleo"]),
    ] {
        let page = owner.get(&format!("/console/members?{query}")).await;
        assert_eq!(names(&page), expected, "{query}: {} {}", page.status, page.text);
    }
    assert_says(&owner.get("/console/members?level=gold").await, &["Nobody meets these conditions."]);
    assert_says(&owner.get("/console/members?points=many").await, &["Type a number above zero.", "value=\"many\""]);
    assert_says(&owner.get("/console/members?spent=300").await, &["PLN 2,000.00", "2 May 2026"]);

    let kept = owner.post("/console/members/segments", &[("name", "Big <spenders>"), ("filter", "spent=300")]).await;
    assert_eq!((kept.status, kept.location.as_str()), (303, "/console/members?spent=300.00&done=kept"));
    let mut counted = false;
    for _ in 0..100 {
        let page = owner.get("/console/members").await;
        assert_says(&page, &["Big &lt;spenders&gt;"]);
        counted = page.text.contains("<span class=\"badge\">2</span>");
        if counted {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert!(counted, "the group is counted in a moment");
    let chosen = owner.get("/console/members?spent=300.00").await;
    let forget = chosen.between("action=\"/console/members/segments/", "\"").to_owned();
    assert_eq!(owner.post(&format!("/console/members/segments/{forget}"), &[]).await.status, 303);
    assert!(!owner.get("/console/members").await.text.contains("spenders"));

    let sheet = owner.post("/console/members/export", &[("filter", "order=spent")]).await;
    let lines: Vec<&str> = sheet.text.lines().collect();
    assert_eq!(lines.len(), 4, "{}", sheet.text);
    assert!(lines[1].contains(",ada,'=Ada,") && lines[1].contains(",silver,") && lines[1].contains(",2000.00,"));
    assert_says(&owner.get("/console/actions").await, &["downloaded a list of members", "kept a group of members"]);
    let fields = [("name", "Adam"), ("email", "adam@shop.example"), ("role", "support")];
    let handed = owner.post("/console/team", &fields).await.between("<p><code>", "</code></p>").to_owned();
    let adam = house.browser();
    adam.sign_in("adam@shop.example", &handed).await;
    assert!(!adam.get("/console/members?spent=300").await.text.contains("export"));
    assert_eq!(adam.post("/console/members/export", &[("filter", "")]).await.status, 403);
}

#[tokio::test]
async fn a_list_of_any_order_passes_nobody_over() {
    let house = House::open().await;
    let owner = house.owner().await;
    let shop = &house.shop;
    for number in 0..60 {
        let member = shop.enrol(&format!("member-{number}")).await;
        if number % 3 > 0 {
            // Many have spent the same.
            let order = bought(&format!("o-{number}"), "2026-05-02T10:00:00Z", 10_000 * (number % 3));
            shop.submit(member, order).await.unwrap();
        }
    }
    shop.run_until_idle().await;
    for (query, expected) in [("order=newest", 60), ("order=spent", 60), ("order=points", 60), ("order=last", 60)] {
        let mut address = format!("/console/members?{query}");
        let mut seen = Vec::new();
        loop {
            let page = owner.get(&address).await;
            let ids = page.text.split("href=\"/console/members/mem_").skip(1);
            seen.extend(ids.map(|rest| rest.split('"').next().unwrap().to_owned()));
            let Some((_, next)) = page.text.split_once("<a class=\"button\" href=\"/console/members?") else {
                break;
            };
            let next = next.split('"').next().unwrap().replace("&amp;", "&");
            address = format!("/console/members?{next}");
        }
        let count = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!((count, seen.len()), (expected, expected), "{query}");
    }
}

#[tokio::test]
async fn the_books_are_browsed_followed_and_added_up() {
    let house = House::open().await;
    let owner = house.owner().await;
    assert_says(&owner.get("/console/ledger").await, &["Nothing has been written into the ledger yet."]);
    let shop = &house.shop;
    shop.live_a_little().await;
    owner.sign_in("ewa@shop.example", PASSWORD).await;
    let page = owner.get("/console/ledger").await;
    assert_says(&page, &["ada", "bob", "Change"]);
    let rewards = owner.get("/console/ledger?kind=redemptions").await;
    assert_eq!(rewards.text.matches("<tr>").count(), 4, "three rewards and a heading: {}", rewards.text);
    assert_says(&owner.get("/console/ledger?until=2026-05-03").await, &["There is nothing further here."]);
    assert_says(&owner.get("/console/ledger?until=May").await, &["Type a date", "value=\"May\""]);

    let returns = owner.get("/console/ledger?kind=returns").await;
    let transaction = returns.between("href=\"/console/ledger/txn_", "\"").to_owned();
    let page = owner.get(&format!("/console/ledger/txn_{transaction}")).await;
    assert_says(&page, &["taken back", "The order as it stood before", "The member&#x27;s transaction before"]);
    let replaced = page.text.rsplit_once("href=\"/console/ledger/txn_").unwrap().1.split('"').next().unwrap();
    assert_says(&owner.get(&format!("/console/ledger/txn_{replaced}")).await, &["Transaction"]);
    assert_eq!(owner.get("/console/ledger/txn_0000000000000").await.status, 404);
    assert_eq!(owner.get("/console/ledger/nonsense").await.status, 404);

    let sheet = owner.get("/console/ledger/accounts.csv?year=2026").await;
    let mut balance = 0;
    for line in sheet.text.lines().skip(1) {
        let numbers: Vec<i64> = line.split(',').skip(3).map(|cell| cell.parse().unwrap()).collect();
        assert_eq!(numbers[0], balance, "{line}");
        balance = numbers[0] + numbers[1] - numbers[2..6].iter().sum::<i64>();
        assert_eq!(numbers[6], balance, "{line}");
    }
    let mut held = 0;
    for name in ["ada", "bob"] {
        let member = shop.application.member_by_external_id(name).await.unwrap().unwrap();
        let (available, pending, set_aside) = shop.wallet(member.id).await;
        held += available + pending + set_aside;
    }
    assert_eq!(balance, held, "{}", sheet.text);
    let accounts = owner.get("/console/ledger/accounts").await;
    assert_says(&accounts, &["Closing balance", "June 2026", "The closing balance is worth"]);
    assert_eq!(owner.get("/console/ledger/accounts?year=1999").await.status, 404);
    shop.submit(shop.enrol_with("cleo", 900).await, redeem("coupon-10")).await.unwrap();
    assert_says(&owner.get("/console/ledger?kind=redemptions").await, &["cleo"]);
}
