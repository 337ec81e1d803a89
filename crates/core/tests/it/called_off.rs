use super::shop::{POINTS, Shop, check};

const REVIEWS: &str = r#"
[earning.review]
name = { en = "A review" }
on = "review"
points = 50
caps = { month = 100 }
[earning.photo]
name = { en = "A photo with it" }
on = "review"
when = [{ field = "activity.attribute.photo", is = true }]
points = 10
pending = { after = "placed", for = "7 days" }
[campaigns.spring]
name = { en = "Spring of reviews" }
on = "review"
points = 5
from = "2026-03-01"
until = "2026-03-31"
budget = 10
[earning.cup]
name = { en = "A cup for a reviewer" }
on = "visit"
reward = "coffee"
[rewards.coffee]
name = { en = "Coffee" }
kind = "free_product"
product = "COFFEE"
stock = 5
limit = { times = 1, every = "month" }
voucher = { prefix = "CUP", valid = "30 days" }
[rewards.cake]
name = { en = "Cake" }
kind = "free_product"
product = "CAKE"
price = 40
voucher = { prefix = "CAKE" }
[tiers.critics]
name = { en = "Critics" }
metric = "activity:review"
window = "lifetime"
base = { id = "reader", name = { en = "Reader" } }
[[tiers.critics.levels]]
id = "critic"
name = { en = "Critic" }
at = 2
"#;

#[test]
fn what_an_activity_gave_is_taken_back_once() {
    check(
        &[POINTS, REVIEWS],
        "2026-01-01 ada joins
         2026-01-02 ada does review r1 photo=yes      => available 50 pending 10
         2026-01-03 ada recalls review r1             => available 0 pending 0 debt 0
         2026-01-04 ada recalls review r1             => available 0
         2026-01-04 ada does review r1                => available 0
         2026-01-04 ada recalls review r2             => unknown_activity
         2026-01-04 ada recalls visit r1              => unknown_activity",
    );
}

#[test]
fn limits_budgets_and_levels_have_room_again() {
    check(
        &[POINTS, REVIEWS],
        "2026-03-01 ada joins
         2026-03-02 ada does review r1                => available 55 tier reader
         2026-03-02 ada does review r2                => available 110 tier critic left:budget/spring 0
         2026-03-02 ada does review r3                => available 110
         2026-03-03 ada recalls review r2             => available 55 left:budget/spring 5 tier critic
         2026-03-03 ada recalls review r3             => available 55 tier reader
         2026-03-04 ada does review r4                => available 110 tier critic",
    );
}

#[test]
fn what_was_spent_is_owed() {
    check(
        &[POINTS, REVIEWS],
        "2026-01-01 ada joins
         2026-01-02 ada does review r1                => available 50
         2026-01-03 ada redeems cake                  => available 10
         2026-01-04 ada recalls review r1             => available 0 debt 40
         2026-02-04 ada does review r2                => available 10 debt 0",
    );
}

#[test]
fn a_reward_that_was_not_used_is_cancelled() {
    let mut shop = check(
        &[POINTS, REVIEWS],
        "2026-01-01 ada joins
         2026-01-02 ada does visit v1                 => vouchers 1 left:stock/coffee 4
         2026-01-03 ada recalls visit v1              => vouchers 0 left:stock/coffee 5
         2026-01-03 ada does visit v2                 => vouchers 1
         2026-01-04 ada uses ada                      => vouchers 0
         2026-01-05 ada recalls visit v2              => vouchers 0 left:stock/coffee 4",
    );
    // An earlier version is what it was given by.
    shop.publish(&[POINTS]);
    shop.run("2026-01-06 ada recalls visit v2 => vouchers 0");
}

#[test]
fn it_is_called_off_by_the_version_that_gave_it() {
    let mut shop = Shop::new(&[POINTS, REVIEWS]);
    shop.run(
        "2026-01-01 ada joins
         2026-01-02 ada does review r1 => available 50",
    );
    shop.publish(&[POINTS]);
    shop.run("2026-01-03 ada recalls review r1 => available 0");
}

#[test]
fn an_account_that_was_merged_calls_off_its_own() {
    check(
        &[POINTS, REVIEWS],
        "2026-01-01 ada joins
         2026-01-01 eve joins
         2026-01-02 ada does review r1                => tier reader
         2026-01-02 eve does review r2
         2026-01-03 ada absorbs eve                   => available 100 tier critic
         2026-01-04 eve recalls review r2
         2026-01-04 ada waits                         => available 50 tier reader
         2026-01-05 eve recalls review r3             => merged",
    );
}
