use std::collections::{BTreeMap, BTreeSet};

use lojal_core::activity::OrderState;

use super::*;

fn plan(seed: u64, members: u32, days: u32) -> ShopPlan {
    ShopPlan {
        members,
        days,
        rewards: vec![Name::from("coupon"), Name::from("mug")],
        ..ShopPlan::two_years(
            seed,
            "2026-06-30".parse().unwrap(),
            Calendar::new("Europe/Warsaw").unwrap(),
            Name::from("shop"),
        )
    }
}

#[test]
fn the_same_seed_tells_the_same_story_and_another_seed_another() {
    let tell = |seed| Shop::new(plan(seed, 60, 200)).collect::<Vec<_>>();
    assert_eq!(tell(5), tell(5));
    assert_ne!(tell(5), tell(6));
}

#[test]
fn a_story_has_not_changed_since_it_was_first_told() {
    let first = Shop::new(plan(5, 60, 200)).find_map(|event| match event.kind {
        ShopEventKind::Ordered { order } => Some(order),
        _ => None,
    });
    let order = first.unwrap();
    let skus: Vec<&str> = order.lines.iter().filter_map(|line| line.sku.as_deref()).collect();
    assert_eq!(
        (order.placed_at.to_string().as_str(), skus, order.total().0),
        ("2025-12-13T14:10:22Z", vec!["TEA-008"], 3798)
    );
}

#[test]
fn two_years_have_about_twenty_thousand_orders() {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    let mut buyers: BTreeMap<Name, u64> = BTreeMap::new();
    for event in Shop::new(plan(1, 1_800, 730)) {
        let kind = match &event.kind {
            ShopEventKind::Joined { .. } => "joined",
            ShopEventKind::Ordered { order } => match order.state {
                OrderState::Open => "unpaid",
                OrderState::Paid => "paid",
                OrderState::Closed => {
                    *buyers.entry(event.member.clone()).or_default() += 1;
                    if order.paid_at == order.closed_at { "over the counter" } else { "delivered" }
                }
                OrderState::Cancelled => "cancelled",
            },
            ShopEventKind::Returned { .. } => "returned",
            ShopEventKind::Took { activity } => match activity.name.as_str() {
                "review" => "review",
                "newsletter" => "newsletter",
                "survey" => "survey",
                _ => "event",
            },
            ShopEventKind::Wished { .. } => "wished",
        };
        *counts.entry(kind).or_default() += 1;
    }
    for (kind, least, most) in [
        ("joined", 1_800, 1_800),
        ("unpaid", 1_500, 4_500),
        ("paid", 15_000, 21_000),
        ("delivered", 15_000, 21_000),
        ("over the counter", 2_000, 7_000),
        ("cancelled", 300, 900),
        ("returned", 800, 2_500),
        ("review", 1_500, 3_500),
        ("newsletter", 500, 750),
        ("survey", 200, 500),
        ("event", 700, 2_500),
        ("wished", 4_000, 9_000),
    ] {
        let count = counts.get(kind).copied().unwrap_or(0);
        assert!((least..=most).contains(&count), "{kind}: {count} of {counts:?}");
    }
    let orders = counts["delivered"] + counts["over the counter"];
    assert!((18_000..=22_000).contains(&orders), "{orders}");
    let once = buyers.values().filter(|orders| **orders == 1).count();
    let often = buyers.values().filter(|orders| **orders >= 30).count();
    assert!(once > 150 && often > 100, "customers differ: {once} bought once, {often} often");
}

#[test]
fn who_recommends_was_there_before_and_a_few_bring_many() {
    let mut joined = BTreeMap::new();
    let mut brought: BTreeMap<Name, u64> = BTreeMap::new();
    for event in Shop::new(plan(1, 1_800, 730)) {
        let ShopEventKind::Joined { recommended, .. } = event.kind else { continue };
        joined.insert(event.member.clone(), event.at);
        if let Some(recommended) = recommended {
            assert!(recommended.clicked_at < event.at && joined.contains_key(&recommended.by));
            assert_ne!(recommended.by, event.member);
            *brought.entry(recommended.by).or_default() += 1;
        }
    }
    let friends: u64 = brought.values().sum();
    assert!((200..=330).contains(&friends), "{friends}");
    assert!(brought.values().any(|friends| *friends >= 5) && brought.len() > 60, "{brought:?}");
}

#[test]
fn events_come_in_time_order_and_within_the_plan() {
    let shop = Shop::new(plan(9, 150, 365));
    let (starts_at, ends_at) = (shop.starts_at(), shop.ends_at());
    let mut last = starts_at;
    let mut joined = BTreeSet::new();
    for event in shop {
        assert!(event.at >= last && event.at < ends_at, "{event:?}");
        last = event.at;
        match event.kind {
            ShopEventKind::Joined { .. } => assert!(joined.insert(event.member)),
            _ => assert!(joined.contains(&event.member), "{} did something before joining", event.member),
        }
    }
}

#[test]
fn orders_only_move_forward_and_their_lines_never_change() {
    let mut known: BTreeMap<Name, Order> = BTreeMap::new();
    for event in Shop::new(plan(11, 200, 365)) {
        let ShopEventKind::Ordered { order } = event.kind else { continue };
        let reached = order.closed_at.or(order.paid_at).unwrap_or(order.placed_at);
        assert!(reached <= event.at);
        assert!(order.lines.iter().all(|line| line.quantity >= 1 && line.total.0 > 0 && line.tax < line.total));
        if let Some(before) = known.insert(order.external_id.clone(), order.clone()) {
            assert!(before.state < order.state, "{:?} to {:?}", before.state, order.state);
            assert_eq!((before.lines, before.placed_at), (order.lines, order.placed_at));
        }
    }
}

#[test]
fn returns_never_exceed_what_was_bought_and_come_within_thirty_days() {
    let mut bought: BTreeMap<Name, Order> = BTreeMap::new();
    let mut returned: BTreeMap<(Name, Name), i64> = BTreeMap::new();
    let mut return_ids = BTreeSet::new();
    for event in Shop::new(plan(13, 300, 500)) {
        match event.kind {
            ShopEventKind::Ordered { order } => {
                bought.insert(order.external_id.clone(), order);
            }
            ShopEventKind::Returned { order, return_id, lines } => {
                let order = &bought[&order];
                let received = order.closed_at.unwrap();
                assert!(event.at.as_second() - received.as_second() <= 30 * 86_400);
                assert!(return_ids.insert(return_id));
                for back in lines {
                    let line = order.lines.iter().find(|line| line.id == back.line).unwrap();
                    let so_far = returned.entry((order.external_id.clone(), back.line)).or_default();
                    *so_far += back.quantity;
                    assert!(back.quantity >= 1 && *so_far <= line.quantity);
                }
            }
            _ => {}
        }
    }
    assert!(returned.len() > 50);
}

#[test]
fn natural_keys_are_named_once() {
    let mut keys = BTreeSet::new();
    for event in Shop::new(plan(17, 300, 500)) {
        if let ShopEventKind::Took { activity } = event.kind {
            assert!(keys.insert((event.member, activity.name, activity.external_id)));
        }
    }
    assert!(keys.len() > 100);
}

#[test]
fn december_is_busier_than_february_and_nobody_shops_at_four_in_the_morning() {
    let plan = plan(3, 1_500, 365);
    let calendar = plan.calendar.clone();
    let mut months = [0; 13];
    let mut hours = [0; 24];
    for event in Shop::new(plan) {
        let ShopEventKind::Ordered { order } = event.kind else { continue };
        if order.state != OrderState::Closed {
            continue;
        }
        let placed = calendar.local(order.placed_at);
        months[placed.month() as usize] += 1;
        hours[placed.hour() as usize] += 1;
    }
    assert!(months[12] * 2 > months[2] * 3, "{months:?}");
    assert!(hours[3] + hours[4] == 0 && hours[20] > hours[13], "{hours:?}");
}
