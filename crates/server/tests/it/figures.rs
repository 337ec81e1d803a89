//! The figures follow the journal: they add up to what the books say, however and whenever they are counted.

use std::collections::BTreeMap;

use lojal_core::activity::OrderState;
use lojal_core::command::Command;
use lojal_core::kernel::{MemberId, Money, Name};
use lojal_server::platform::enrolment::MemberStatus;
use lojal_server::platform::figures::{
    Figures, Filter, GuestOrder, Listed, Look, Order, figures_catch_up, figures_drop, figures_overlooked,
    guest_orders_put, members_listed,
};
use lojal_server::platform::sql;

use crate::shop::{Shop, moment, put_order, redeem, return_one};

const ALWAYS: (jiff::civil::Date, jiff::civil::Date) = (jiff::civil::date(2000, 1, 1), jiff::civil::date(2099, 1, 1));

async fn catch_up(shop: &Shop) -> usize {
    let programme = shop.application.rulebook().live().cloned().unwrap();
    figures_catch_up(&shop.application.database, &programme, shop.clock.now()).await.unwrap()
}

/// Everything that was counted, as text.
async fn counted(shop: &Shop) -> Vec<String> {
    let mut connection = shop.application.database.read().await.unwrap();
    let mut lines = Vec::new();
    for (sql, columns) in [
        (
            "select member, head, level, points, spent, orders, last_order_at, expires_at, body from member_card",
            &["member", "head", "level", "points", "spent", "orders", "last_order_at", "expires_at", "body"][..],
        ),
        ("select name, subject, amount from figure_total where amount <> 0", &["name", "subject", "amount"]),
        (
            "select name, day, subject, times, amount from figure_day where amount <> 0 or times <> 0",
            &["name", "day", "subject", "times", "amount"],
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

async fn figures(shop: &Shop) -> Figures {
    let mut figures = Figures::default();
    let mut connection = shop.application.database.read().await.unwrap();
    let totals = ["members", "level", "balance", "debt", "expiring", "buyers", "active", "returning", "cohort"];
    figures.read_totals(&mut connection, &totals).await.unwrap();
    let days = ["joined", "left", "orders", "issued", "redeemed", "expired", "reversed", "booked", "rule", "reward"];
    figures.read_days(&mut connection, &days, ALWAYS).await.unwrap();
    figures
}

/// What the books say of all accounts.
async fn books(shop: &Shop) -> BTreeMap<String, i64> {
    let mut connection = shop.application.database.read().await.unwrap();
    let sql = "select account, cast(sum(amount) as bigint) as total from ledger_entry group by account";
    let rows = sql::rows(&mut connection, sql, vec![]).await.unwrap();
    rows.iter().map(|row| (sql::column(row, "account").unwrap(), sql::column(row, "total").unwrap())).collect()
}

#[tokio::test]
async fn figures_add_up_to_what_the_books_say() {
    let shop = Shop::open().await;
    shop.live_a_little().await;
    let figures = figures(&shop).await;
    let books = books(&shop).await;
    for (name, account, sign) in
        [("issued", "issued", -1), ("redeemed", "redeemed", 1), ("expired", "expired", 1), ("reversed", "reversed", 1)]
    {
        let sum = figures.sum(name, ALWAYS, |_| true).amount;
        assert_eq!(sum, sign * books.get(account).copied().unwrap_or(0), "{name}");
    }
    for account in ["available", "pending", "held"] {
        let total = figures.total("balance", &format!("{account}/points/shop"));
        assert_eq!(total, books.get(account).copied().unwrap_or(0), "{account}");
    }
    let held: i64 = ["available", "pending", "held"].iter().filter_map(|account| books.get(*account)).sum();
    assert_eq!(figures.totals("expiring").map(|(_, amount)| amount).sum::<i64>(), held);
    for (account, total) in &books {
        let booked = figures.sum("booked", ALWAYS, |subject| subject == format!("{account}/points/shop"));
        assert_eq!(booked.amount, *total, "{account}");
    }

    assert_eq!(figures.total("members", ""), 2);
    assert_eq!(figures.sum("joined", ALWAYS, |_| true).times, 2);
    // 299.99 less one of two pieces that cost 250.00, and 1200.00.
    let orders = figures.sum("orders", ALWAYS, |_| true);
    assert_eq!((orders.times, orders.amount), (2, 29_999 - 12_500 + 120_000));
    assert_eq!((figures.total("buyers", "1"), figures.total("buyers", "2")), (2, 0));
    assert_eq!(figures.total("active", "2026-05"), 2);
    assert_eq!(figures.total("active", "2026-Q2"), 2);
    assert_eq!(figures.total("active", "2026"), 2);
    assert_eq!(figures.total("cohort", "2026-05/0"), 2);
    assert_eq!(figures.sum("reward", ALWAYS, |subject| subject == "mug").times, 1);
    assert_eq!(catch_up(&shop).await, 0, "everything has been counted once");
}

#[tokio::test]
async fn who_comes_back_is_counted_in_each_period_and_a_return_takes_it_back() {
    let shop = Shop::open().await;
    let ada = shop.enrol("ada").await;
    let at = |id: &str, when: &str| match put_order(id, OrderState::Paid, &[("1", 1, 10_000)]) {
        Command::PutOrder { mut order } => {
            order.placed_at = moment(when);
            order.paid_at = Some(moment(when));
            Command::PutOrder { order }
        }
        other => other,
    };
    shop.clock.set(moment("2026-08-01T10:00:00Z"));
    shop.submit(ada, at("o-2", "2026-07-10T10:00:00Z")).await.unwrap();
    // The first order arrives late: the cohort was July, and is May.
    shop.run_until_idle().await;
    assert_eq!(figures(&shop).await.total("cohort", "2026-07/0"), 1);
    // The last minute of May on the programme's clock is the evening before in UTC.
    shop.submit(ada, at("o-1", "2026-05-31T21:59:00Z")).await.unwrap();
    shop.run_until_idle().await;
    let counted = figures(&shop).await;
    assert_eq!(counted.totals("cohort").collect::<Vec<_>>(), [("2026-05/0", 1), ("2026-05/2", 1)]);
    assert_eq!(
        counted.totals("returning").map(|(period, _)| period).collect::<Vec<_>>(),
        ["2026", "2026-07", "2026-Q3"]
    );
    assert_eq!(counted.total("buyers", "2"), 1);
    // An order that comes back as a whole was none.
    shop.submit(ada, return_one("o-1", "r-1", "1")).await.unwrap();
    shop.run_until_idle().await;
    let counted = figures(&shop).await;
    assert_eq!(counted.totals("cohort").collect::<Vec<_>>(), [("2026-07/0", 1)]);
    assert_eq!((counted.total("buyers", "1"), counted.total("buyers", "2")), (1, 0));
    // Whoever has left is not counted any more, what they bought is.
    shop.submit(ada, Command::Leave).await.unwrap();
    shop.run_until_idle().await;
    let counted = figures(&shop).await;
    assert_eq!((counted.total("members", ""), counted.total("buyers", "1")), (0, 0));
    assert_eq!(
        (counted.total("active", "2026-07"), counted.total("cohort", "2026-07/0")),
        (1, 1),
        "July stays as it was"
    );
    assert_eq!(counted.sum("orders", ALWAYS, |_| true).amount, 10_000);
}

#[tokio::test]
async fn however_it_is_counted_it_comes_to_the_same() {
    let shop = Shop::open().await;
    let mut members: Vec<MemberId> = Vec::new();
    let mut dice = 7_u64;
    for step in 0..160_usize {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let number = (dice >> 33) as usize;
        if members.len() < 3 || number.is_multiple_of(16) {
            members.push(shop.enrol(&format!("member-{step}")).await);
            continue;
        }
        let member = members[number % members.len()];
        if number.is_multiple_of(19) {
            let account = members[number / 19 % members.len()];
            let _ = shop.submit(member, Command::Merge { account }).await;
            if number.is_multiple_of(2) {
                shop.run_until_idle().await;
            }
            continue;
        }
        let order = format!("o-{}", number % 40);
        let command = match number % 7 {
            0..3 => put_order(&order, OrderState::Paid, &[("1", 2, 10_000 + (number % 100) as i64)]),
            3 => put_order(&order, OrderState::Closed, &[("1", 2, 20_000)]),
            4 => return_one(&order, &format!("r-{step}"), "1"),
            5 => put_order(&order, OrderState::Cancelled, &[("1", 2, 10_000)]),
            _ => redeem("coupon-10"),
        };
        // Some of these are refused, which is as well.
        let _ = shop.submit(member, command).await;
        if number.is_multiple_of(5) {
            catch_up(&shop).await;
        }
    }
    shop.run_until_idle().await;
    let followed = counted(&shop).await;
    assert!(followed.len() > 40, "{followed:#?}");
    let (mut active, mut merged) = (0, 0);
    for member in &members {
        match shop.application.member(*member).await.unwrap().unwrap().status {
            MemberStatus::Active => active += 1,
            MemberStatus::Merged { .. } => merged += 1,
            MemberStatus::Left => {}
        }
    }
    assert!(merged > 2, "{merged} were merged");
    assert_eq!(figures(&shop).await.total("members", ""), active);
    shop.assert_audited().await;
    figures_drop(&shop.application.database, shop.clock.now()).await.unwrap();
    assert_eq!(figures(&shop).await.total("members", ""), 0, "everything is counted anew");
    catch_up(&shop).await;
    assert_eq!(counted(&shop).await, followed);
}

#[tokio::test]
async fn a_person_with_several_accounts_is_counted_once() {
    let shop = Shop::open().await;
    let mut members = Vec::new();
    for (name, month) in [("old", 5), ("ada", 6), ("third", 7)] {
        let member = shop.enrol(name).await;
        shop.clock.set(moment(&format!("2026-{month:02}-20T10:00:00Z")));
        let order = put_order(&format!("o-{name}"), OrderState::Paid, &[("1", 2, 20_000)]);
        let Command::PutOrder { mut order } = order else { unreachable!() };
        order.placed_at = shop.clock.now();
        order.paid_at = Some(shop.clock.now());
        shop.submit(member, Command::PutOrder { order }).await.unwrap();
        members.push(member);
    }
    let [old, ada, third] = members[..] else { unreachable!() };
    shop.run_until_idle().await;
    let before = figures(&shop).await;
    assert_eq!((before.total("members", ""), before.total("buyers", "1"), before.total("buyers", "2")), (3, 3, 0));
    let merge = async |survivor: MemberId, account: MemberId| {
        shop.submit(survivor, Command::Merge { account }).await.unwrap();
        shop.run_until_idle().await;
    };
    merge(ada, old).await;
    merge(third, ada).await;
    let after = figures(&shop).await;
    assert_eq!((after.total("members", ""), after.total("buyers", "1"), after.total("buyers", "2")), (1, 1, 1));
    let cohorts: Vec<_> = after.totals("cohort").collect();
    assert_eq!(cohorts, [("2026-05/0", 1), ("2026-05/1", 1), ("2026-05/2", 1)], "one who came in May, and came back");
    assert_eq!((after.total("active", "2026-06"), after.total("returning", "2026-06")), (1, 1));
    assert_eq!(after.sum("left", ALWAYS, |_| true).times, 0, "nobody has left");
    let orders = after.sum("orders", ALWAYS, |_| true);
    assert_eq!((orders.times, orders.amount), (3, 60_000), "each order was one");
    let mut connection = shop.application.database.read().await.unwrap();
    let listing = members_listed(&mut connection, &Filter::default(), Order::MostSpent, None, 10, Look::USUAL).await;
    let listed = listing.unwrap().members;
    assert_eq!(
        listed.iter().map(|card| (card.member, card.orders, card.spent)).collect::<Vec<_>>(),
        [(third, 3, 60_000)]
    );
    drop(connection);

    // What becomes of an account's order later is the member's as well.
    shop.submit(old, return_one("o-old", "r-1", "1")).await.unwrap();
    shop.submit(old, return_one("o-old", "r-2", "1")).await.unwrap();
    shop.run_until_idle().await;
    let after = figures(&shop).await;
    assert_eq!(after.totals("cohort").collect::<Vec<_>>(), [("2026-06/0", 1), ("2026-06/1", 1)]);
    let found = counted(&shop).await;
    figures_drop(&shop.application.database, shop.clock.now()).await.unwrap();
    catch_up(&shop).await;
    assert_eq!(counted(&shop).await, found);
    shop.assert_audited().await;
}

#[tokio::test]
async fn what_was_overlooked_is_found_by_what_follows_or_by_looking_again() {
    let shop = Shop::open().await;
    let ada = shop.enrol("ada").await;
    let bob = shop.enrol("bob").await;
    shop.run_until_idle().await;
    for (member, id) in [(ada, "o-1"), (bob, "o-2")] {
        shop.submit(member, put_order(id, OrderState::Paid, &[("1", 1, 10_000)])).await.unwrap();
    }
    // As if both had come to light after what was written later.
    shop.clock.set(moment("2026-05-05T10:00:00Z"));
    let cleo = shop.enrol("cleo").await;
    let head = shop.application.state(cleo.into()).await.unwrap().unwrap().head;
    for part in 0..64 {
        let sql = format!(
            "insert into progress (part, work, position, updated_at) values ({part}, 'figures', {}, 0)
             on conflict (part, work) do update set position = excluded.position",
            head.number() - 1
        );
        shop.tamper(&sql).await;
    }
    shop.submit(ada, put_order("o-3", OrderState::Paid, &[("1", 1, 10_000)])).await.unwrap();
    catch_up(&shop).await;
    assert_eq!(figures(&shop).await.sum("orders", ALWAYS, |_| true).times, 2, "Ada's, both of them");
    let programme = shop.application.rulebook().live().cloned().unwrap();
    let now = shop.clock.now();
    assert_eq!(figures_overlooked(&shop.application.database, &programme, now).await.unwrap(), 1);
    assert_eq!(figures(&shop).await.sum("orders", ALWAYS, |_| true).times, 3);
    let found = counted(&shop).await;
    figures_drop(&shop.application.database, now).await.unwrap();
    catch_up(&shop).await;
    assert_eq!(counted(&shop).await, found);
}

#[tokio::test]
async fn what_is_begun_anew_while_others_count_comes_to_the_same() {
    let shop = Shop::open().await;
    let ada = shop.enrol("ada").await;
    for number in 0..40_u32 {
        let order = put_order(&format!("o-{number}"), OrderState::Paid, &[("1", 1, 10_000)]);
        shop.submit(ada, order).await.unwrap();
        if number.is_multiple_of(3) {
            let (database, now) = (shop.application.database.clone(), shop.clock.now());
            let drop = tokio::spawn(async move { figures_drop(&database, now).await.unwrap() });
            catch_up(&shop).await;
            drop.await.unwrap();
        }
    }
    while catch_up(&shop).await > 0 {}
    let figures = figures(&shop).await;
    assert_eq!(figures.sum("orders", ALWAYS, |_| true).times, 40);
    assert_eq!(figures.total("members", ""), 1);
    let found = counted(&shop).await;
    figures_drop(&shop.application.database, shop.clock.now()).await.unwrap();
    catch_up(&shop).await;
    assert_eq!(counted(&shop).await, found);
}

fn guest(id: &str, day: &str, kept: i64) -> GuestOrder {
    let placed_at = moment(&format!("{day}T10:00:00Z"));
    GuestOrder { external_id: Name::from(id), placed_at, kept: Money(kept) }
}

/// Guests' orders of all days: how many, and how much.
async fn guests(shop: &Shop) -> (i64, i64) {
    let mut figures = Figures::default();
    let mut connection = shop.application.database.read().await.unwrap();
    figures.read_days(&mut connection, &["guest_orders"], ALWAYS).await.unwrap();
    let sum = figures.sum("guest_orders", ALWAYS, |_| true);
    (sum.times, sum.amount)
}

#[tokio::test]
async fn guests_orders_count_as_they_last_stood_until_they_are_a_member_s() {
    let shop = Shop::open().await;
    let database = &shop.application.database;
    let many: Vec<GuestOrder> = (0..1200).map(|number| guest(&format!("g-{number}"), "2026-05-01", 1_000)).collect();
    for some in many.chunks(1000) {
        guest_orders_put(database, some).await.unwrap();
    }
    assert_eq!(guests(&shop).await, (0, 0), "they are counted a moment later");
    catch_up(&shop).await;
    assert_eq!(guests(&shop).await, (1200, 1_200_000));
    // The same again, one that came back in part, one that was dated wrongly, and one that was called off.
    let changed = [
        guest("g-0", "2026-05-01", 1_000),
        guest("g-1", "2026-05-01", 400),
        guest("g-2", "2026-04-30", 1_000),
        guest("g-3", "2026-05-01", 0),
    ];
    guest_orders_put(database, &changed).await.unwrap();
    catch_up(&shop).await;
    assert_eq!(guests(&shop).await, (1199, 1_198_400));
    let april = (jiff::civil::date(2026, 4, 30), jiff::civil::date(2026, 4, 30));
    let mut figures = Figures::default();
    figures.read_days(&mut database.read().await.unwrap(), &["guest_orders"], april).await.unwrap();
    assert_eq!(figures.sum("guest_orders", april, |_| true).amount, 1_000);
    // Whoever joins takes an order along, in whatever order they come to be counted.
    let ada = shop.enrol("ada").await;
    shop.submit(ada, put_order("g-4", OrderState::Paid, &[("1", 1, 1_000)])).await.unwrap();
    while catch_up(&shop).await > 0 {}
    assert_eq!(guests(&shop).await, (1198, 1_197_400));
    // Sent once more as a guest's, too late for the API to notice: it stays a member's.
    guest_orders_put(database, &[guest("g-4", "2026-05-01", 1_000)]).await.unwrap();
    while catch_up(&shop).await > 0 {}
    assert_eq!(guests(&shop).await, (1198, 1_197_400));
    let found = counted(&shop).await;
    figures_drop(database, shop.clock.now()).await.unwrap();
    while catch_up(&shop).await > 0 {}
    assert_eq!(counted(&shop).await, found);
}

#[tokio::test]
async fn guests_orders_that_change_while_they_are_counted_are_counted_once() {
    let shop = Shop::open().await;
    for round in 0..30_i64 {
        let database = shop.application.database.clone();
        let orders: Vec<GuestOrder> =
            (0..20).map(|number| guest(&format!("g-{number}"), "2026-05-01", round * 10 + number + 1)).collect();
        let put = tokio::spawn(async move { guest_orders_put(&database, &orders).await.unwrap() });
        let now = shop.clock.now();
        if round % 7 == 3 {
            figures_drop(&shop.application.database, now).await.unwrap();
        }
        catch_up(&shop).await;
        put.await.unwrap();
    }
    while catch_up(&shop).await > 0 {}
    assert_eq!(guests(&shop).await, (20, (0..20).map(|number| 29 * 10 + number + 1).sum()));
}

#[tokio::test]
async fn a_household_s_balance_is_that_of_its_members() {
    let shop = Shop::open().await;
    let ada = shop.enrol_with("ada", 300).await;
    let ben = shop.enrol_with("ben", 100).await;
    shop.enrol_with("cleo", 350).await;
    let household = shop.application.open_household(None, false).await.unwrap().holder;
    for member in [ada, ben] {
        shop.submit(member, Command::JoinHousehold { household }).await.unwrap();
        shop.run_until_idle().await;
    }
    let order = async |filter: Filter| {
        let mut connection = shop.application.database.read().await.unwrap();
        let listing = members_listed(&mut connection, &filter, Order::MostPoints, None, 10, Look::USUAL).await.unwrap();
        listing.members.into_iter().map(|card| (card.member, card.points)).collect::<Vec<_>>()
    };
    let found = order(Filter { least_points: Some(360), ..Filter::default() }).await;
    let mut expected = vec![(ben, 400), (ada, 400)];
    expected.sort_unstable_by_key(|(member, _)| std::cmp::Reverse(*member));
    assert_eq!(found, expected);
    let total: i64 = figures(&shop).await.totals("balance").map(|(_, amount)| amount).sum();
    assert_eq!(total, 750, "what is shared is counted once");
    shop.submit(ben, Command::LeaveHousehold { household: None }).await.unwrap();
    shop.run_until_idle().await;
    let found = order(Filter::default()).await;
    assert!(found.contains(&(ben, 0)) && found.contains(&(ada, 400)), "{found:?}");
}

#[tokio::test]
async fn a_list_goes_on_wherever_a_look_ended() {
    let shop = Shop::open().await;
    for number in 0..50_i64 {
        let member = shop.enrol(&format!("member-{number}")).await;
        if number % 3 > 0 {
            let lines = [("1", 1, 10_000 * (number % 3))];
            shop.submit(member, put_order(&format!("o-{number}"), OrderState::Paid, &lines)).await.unwrap();
        }
    }
    shop.run_until_idle().await;
    let mut connection = shop.application.database.read().await.unwrap();
    let look = Look { most: 4, stride: 2 };
    for order in [Order::Newest, Order::MostPoints, Order::MostSpent, Order::LatestOrder, Order::SoonestExpiry] {
        for (filter, expected) in [
            (Filter::default(), 50),
            (Filter { least_spent: Some(20_000), ..Filter::default() }, 16),
            (Filter { most_orders: Some(0), ..Filter::default() }, 17),
        ] {
            let mut seen = Vec::new();
            let mut place = None;
            let mut looks = 0;
            loop {
                let listing = members_listed(&mut connection, &filter, order, place, 3, look).await.unwrap();
                seen.extend(listing.members);
                place = listing.next;
                looks += 1;
                if place.is_none() {
                    break;
                }
            }
            assert!(looks > 5, "{order:?}");
            let in_order = |cards: &[Listed]| match order {
                Order::MostSpent => cards.is_sorted_by_key(|card| std::cmp::Reverse(card.spent)),
                Order::Newest => cards.is_sorted_by_key(|card| std::cmp::Reverse(card.member)),
                _ => true,
            };
            assert!(in_order(&seen), "{order:?}");
            let count = seen.len();
            let mut members: Vec<MemberId> = seen.into_iter().map(|card| card.member).collect();
            members.sort_unstable();
            members.dedup();
            assert_eq!((count, members.len()), (expected, expected), "{order:?} {filter:?}");
        }
    }
}

#[tokio::test]
async fn two_who_count_at_once_count_once() {
    let shop = Shop::open().await;
    for name in ["ada", "bob", "cleo"] {
        shop.enrol(name).await;
    }
    let (first, second) = tokio::join!(catch_up(&shop), catch_up(&shop));
    assert!(first + second >= 3);
    catch_up(&shop).await;
    let figures = figures(&shop).await;
    assert_eq!(figures.total("members", ""), 3);
    assert_eq!(figures.sum("joined", ALWAYS, |_| true).times, 3);
}
