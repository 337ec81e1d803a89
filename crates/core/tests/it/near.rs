//! What was only just missed: told where at least half is there, and where nothing else is in the way.

use lojal_core::explanation::RuleOutcome;

use super::shop::{POINTS, SPEND, check};

const NEAR: &str = r#"
[earning.large]
name = { en = "30 for a large order" }
points = 30
when = [{ field = "order.total", at_least = "200.00" }]
[earning.app]
name = { en = "A present for a large order in the app" }
reward = "present"
when = [
  { field = "order.total", at_least = "150.00" },
  { field = "order.channel", in = ["app"] },
]
[earning.either]
name = { en = "5 for many pieces or a large order" }
points = 5
when = [{ any = [
  { field = "order.items", at_least = 4 },
  { field = "order.total", at_least = "300.00" },
] }]
[earning.small]
name = { en = "1 for a small order" }
points = 1
when = [{ field = "order.total", at_most = "10.00" }]

[tiers.status]
name = { en = "Status" }
metric = "spend"
window = "lifetime"
base = { id = "member", name = { en = "Member" } }
levels = [
  { id = "silver", name = { en = "Silver" }, at = "300.00" },
  { id = "gold", name = { en = "Gold" }, at = "1000.00" },
]

[rewards.coffee]
name = { en = "Coffee" }
kind = "free_product"
product = "CUP"
price = 110
[rewards.tea]
name = { en = "Tea" }
kind = "free_product"
product = "TEA"
price = 100
limit = { times = 1, every = "year" }
[rewards.lounge]
name = { en = "Lounge" }
kind = "experience"
price = 120
when = [{ field = "member.tier", in = ["gold"] }]
[rewards.present]
name = { en = "Present" }
kind = "free_product"
product = "GIFT"
voucher = {}
"#;

#[test]
fn near_misses_are_what_a_little_more_would_bring() {
    check(
        &[POINTS, SPEND, NEAR],
        "2026-02-01 ada joins
         # Far from everything: half of nothing is there.
         2026-02-02 ada order 1 40.00                       => available 40 near nothing
         # 12.40 short of the large order, and further from the other way to 5; the app's present wants the app as well; tea and coffee are
         # there; the lounge is for others; 72.40 short of silver.
         2026-02-03 ada order 2 187.60                      => available 227 near large:1240+either:11240+silver:7240
         # In the app 10.00 is all that the present lacks.
         2026-02-04 ada order 3 140.00 channel=app          => near app:1000+large:6000
         # Of two ways the nearer one counts.
         2026-02-05 ada order 4 6.00 lines=a:3:6.00         => near either:1",
    );
}

#[test]
fn a_reward_taken_as_often_as_it_can_be_is_not_near() {
    check(
        &[POINTS, SPEND, NEAR],
        "2026-02-01 ben joins
         2026-02-02 ben order 1 99.00     => near tea:1+coffee:11
         2026-02-03 ben order 2 1.00      => available 101 near coffee:9
         2026-02-04 ben redeems tea       => near nothing
         2026-02-05 ben order 3 90.00     => near coffee:19+silver:11000",
    );
}

#[test]
fn a_rule_that_has_given_all_it_may_is_not_near() {
    let capped = r#"
[earning.basket]
name = { en = "100 for 100.00, once" }
points = 100
when = [{ field = "order.total", at_least = "100.00" }]
caps = { lifetime = 100 }
"#;
    check(
        &[POINTS, capped],
        "2026-02-01 ada joins
         2026-02-02 ada order 1 60.00      => near basket:4000
         2026-02-03 ada order 2 100.00     => available 100
         2026-02-04 ada order 3 60.00      => near nothing",
    );
}

#[test]
fn points_on_their_way_are_told_beside_what_is_missing() {
    let pending = "pending = { after = \"paid\", for = \"14 days\" }\n";
    check(
        &[POINTS, pending, SPEND, NEAR],
        "2026-02-01 eve joins
         2026-02-01 eve adjusts 60
         2026-02-02 eve order 1 45.00     => pending 45 near tea:40:45+coffee:50:45",
    );
}

#[test]
fn every_rule_says_what_it_asked_for_and_found() {
    let shop = check(
        &[POINTS, SPEND, NEAR],
        "2026-02-01 ada joins
         2026-02-02 ada order 1 210.00 channel=app",
    );
    let told: Vec<(&str, bool, usize)> = shop
        .explained
        .rules
        .iter()
        .map(|trace| {
            let fired = matches!(trace.outcome, RuleOutcome::Fired { .. });
            (trace.rule.as_str(), fired, trace.held.len())
        })
        .collect();
    let expected =
        [("spend", true, 0), ("large", true, 1), ("app", true, 2), ("either", false, 0), ("small", false, 0)];
    assert_eq!(told, expected);
}
