use super::shop::{POINTS, SPEND, check};

const SEASON: &str = r#"
[campaigns.double]
name = { en = "Double points in April" }
multiplier = 2
from = "2026-04-01"
until = "2026-04-30"
budget = 150
"#;

#[test]
fn caps_hold_in_their_windows_and_a_return_makes_room() {
    let caps = "caps = { order = 60, day = 100, month = 130 }\n";
    check(
        &[POINTS, SPEND, caps],
        "2026-01-01 ada joins
         2026-01-02T09:00 ada order 1 80.00  => available 60
         2026-01-02T10:00 ada order 2 50.00  => available 100
         2026-01-03 ada order 3 50.00        => available 130
         2026-01-04 ada order 4 50.00        => available 130
         2026-01-05 ada returns 3 a*1        => available 100
         2026-01-06 ada order 5 50.00        => available 130
         2026-02-01 ada order 6 50.00        => available 180",
    );
}

#[test]
fn a_return_never_gives_more_than_limits_left_at_first() {
    let caps = "caps = { day = 100 }\n";
    check(
        &[POINTS, SPEND, caps],
        "2026-01-01 ada joins
         2026-01-02T09:00 ada order 1 80.00                  => available 80
         2026-01-02T10:00 ada order 2 lines=a:1:50.00,b:1:1.00 => available 100
         2026-01-03 ada returns 1 a*1                        => available 20
         2026-01-04 ada returns 2 b*1                        => available 20
         2026-01-05 ada returns 2 a*1 id=r2                  => available 0",
    );
}

#[test]
fn a_units_cap_holds_for_all_rules_together() {
    let rules = "[units.points.caps]\nmonth = 100\n[earning.review]\nname = { en = \"Review\" }\non = \"review\"\npoints = 30\n";
    check(
        &[POINTS, rules, SPEND],
        "2026-01-01 ada joins
         2026-01-02 ada order 1 80.00      => available 80
         2026-01-03 ada does review 1      => available 100
         2026-01-04 ada does review 2      => available 100
         2026-02-04 ada does review 3      => available 130",
    );
}

#[test]
fn a_budget_is_never_overrun_and_returns_give_back() {
    check(
        &[POINTS, SPEND, SEASON],
        "2026-01-01 ada joins
         2026-03-31 ada order 0 10.00                        => available 10 left:budget/double 150
         2026-04-01 ada order 1 100.00                       => available 210 left:budget/double 50
         2026-04-02 ada order 2 lines=a:1:50.00,b:1:50.00    => available 360 left:budget/double 0
         2026-04-03 ada order 3 100.00                       => available 460 left:budget/double 0
         2026-04-04 ada returns 2 a*1                        => available 410 left:budget/double 0
         2026-04-05 ada returns 2 b*1 id=r2                  => available 310 left:budget/double 50
         2026-04-06 ada returns 1 a*1                        => available 110 left:budget/double 150
         2026-04-30T23:59 ada order 4 10.00                  => available 130 left:budget/double 140
         2026-05-01 ada order 5 10.00                        => available 140",
    );
}

#[test]
fn multipliers_stack_as_the_programme_says() {
    let rules = r#"
[earning.weekend]
name = { en = "Weekend" }
multiplier = "1.5"
when = [{ field = "time.weekday", in = ["saturday", "sunday"] }]
[earning.app]
name = { en = "App" }
multiplier = 2
when = [{ field = "order.channel", is = "app" }]
[earning.tea]
name = { en = "Tea" }
multiplier = 3
lines = [{ field = "line.category", is = "tea" }]
"#;
    // 2026-01-03 is a Saturday.
    for (stacking, both, tea) in [("compound", 300, 1000), ("additive", 250, 600), ("best", 200, 500)] {
        let stacking = format!("[stacking]\nmultipliers = \"{stacking}\"\n");
        check(
            &[POINTS, SPEND, rules, &stacking],
            &format!(
                "2026-01-01 ada joins
                 2026-01-02 ada order 1 100.00                 => available 100
                 2026-01-03 bob joins
                 2026-01-03 bob order 2 100.00 channel=app     => available {both}
                 2026-01-02 eve joins
                 2026-01-05 eve order 3 lines=a:1:100.00,b:1:100.00:tea  => available 400
                 2026-01-02 dan joins
                 2026-01-05 dan order 4 lines=a:1:100.00,b:1:100.00:tea channel=app  => available {}",
                tea - 200 * i32::from(stacking.contains("compound"))
            ),
        );
    }
}

#[test]
fn a_pool_and_a_stock_run_dry() {
    let rewards = r#"
[rewards.mug]
name = { en = "Mug" }
kind = "free_product"
product = "MUG"
price = 10
stock = 2
[rewards.ticket]
name = { en = "Ticket" }
kind = "experience"
price = 10
voucher = { pool = "tickets", valid = "10 days" }
"#;
    let mut shop = super::shop::Shop::new(&[POINTS, SPEND, rewards]);
    shop.fill_pool("tickets", &["T-1", "T-2"]);
    shop.run(
        "2026-01-01 ada joins
         2026-01-02 ada order 1 100.00
         2026-01-03 ada redeems mug            => available 90 left:stock/mug 1
         2026-01-03 ada redeems mug as second  => available 80 left:stock/mug 0
         2026-01-03 ada redeems mug            => out_of_stock
         2026-01-03 ada undoes second          => available 90 left:stock/mug 1
         2026-01-03 ada redeems ticket         => available 80 vouchers 1
         2026-01-03 ada redeems ticket         => available 70 vouchers 2
         2026-01-03 ada redeems ticket         => out_of_stock
         2026-01-14 ada waits                  => vouchers 0",
    );
}

#[test]
fn two_draws_on_one_quantity_in_one_decision_get_what_there_is() {
    let gifts = r#"
[earning.first]
name = { en = "A pen" }
reward = "pen"
[earning.second]
name = { en = "Another pen" }
reward = "pen"
[rewards.pen]
name = { en = "Pen" }
kind = "free_product"
product = "PEN"
stock = 3
voucher = {}
"#;
    check(
        &[POINTS, SPEND, gifts],
        "2026-01-01 ada joins
         2026-01-02 ada order 1 1.00    => vouchers 2 left:stock/pen 1
         2026-01-03 ada order 2 1.00    => vouchers 3 left:stock/pen 0
         2026-01-04 ada order 3 1.00    => vouchers 3",
    );
}
