use super::shop::{POINTS, SPEND, check};

const REWARDS: &str = r#"
[rewards.coffee]
name = { en = "Coffee" }
kind = "free_product"
product = "COFFEE"
price = 40
limit = { times = 2, every = "month" }
voucher = { prefix = "CUP", valid = "30 days" }
[rewards.vip]
name = { en = "VIP evening" }
kind = "experience"
price = 10
when = [{ field = "member.segments", is = "vip" }]
from = "2026-02-01"
until = "2026-02-28"
"#;

const BETWEEN: &str = r#"
[transfers]
least = 10
most = 50
caps = { month = 60 }
[gifts]
[households]
most = 2
"#;

#[test]
fn points_are_held_captured_released_and_lapse() {
    check(
        &[POINTS, SPEND],
        "2026-01-01 ada joins
         2026-01-02 ada order 1 100.00
         2026-01-02 ada holds 101 until=2026-01-03                 => insufficient_points
         2026-01-02 ada holds 10 until=2026-03-03                  => hold_too_long
         2026-01-02 ada holds 60 until=2026-01-03 as first         => available 40 held 60
         2026-01-02 ada holds 50 until=2026-01-03                  => insufficient_points
         2026-01-02T10:00 ada captures first 61                    => hold_too_small
         2026-01-02T10:00 ada captures first 45                    => available 55 held 0 redeemed 45
         2026-01-02T10:00 ada captures first                       => unknown_hold
         2026-01-02T11:00 ada holds 30 until=2026-01-03 as second  => available 25 held 30
         2026-01-02T12:00 ada releases second                      => available 55 held 0
         2026-01-02T12:00 ada holds 30 until=2026-01-03 as third   => held 30
         2026-01-03 ada waits                                      => available 55 held 0
         2026-01-03 ada captures third                             => unknown_hold",
    );
}

#[test]
fn a_reward_is_taken_within_its_limits_and_taken_back() {
    check(
        &[POINTS, SPEND, REWARDS],
        "2026-01-01 ada joins
         2026-01-02 ada redeems coffee            => insufficient_points
         2026-01-02 ada redeems tea               => unknown_reward
         2026-01-02 ada order 1 200.00
         2026-01-03 ada redeems coffee as first   => available 160 vouchers 1
         2026-01-03 ada redeems coffee            => available 120 vouchers 2
         2026-01-04 ada redeems coffee            => reward_limit
         2026-01-05 ada undoes first              => available 160 vouchers 1
         2026-01-05 ada undoes first              => already_rolled_back
         2026-01-05 ada redeems coffee as third   => available 120 vouchers 2
         2026-01-06 ada uses ada 77               => vouchers 1
         2026-01-06 ada uses ada 77               => vouchers 1
         2026-01-06 ada uses ada 78               => voucher_used
         2026-01-07 ada undoes third              => voucher_used
         2026-02-03 ada waits                     => vouchers 0
         2026-01-05 ada redeems vip               => reward_not_for_member
         2026-03-05 ada redeems vip               => reward_not_available",
    );
}

#[test]
fn a_reward_is_for_whom_it_is_for() {
    check(
        &[POINTS, SPEND, REWARDS],
        "2026-01-01 ada joins segment=vip
         2026-01-02 ada order 1 100.00
         2026-01-31 ada redeems vip       => reward_not_available
         2026-02-28T23:00 ada redeems vip => available 90
         2026-03-01 ada redeems vip       => reward_not_available",
    );
}

#[test]
fn staff_give_and_take_with_a_reason() {
    check(
        &[POINTS, SPEND],
        "2026-01-01 ada joins
         2026-01-02 ada adjusts 100   => available 100
         2026-01-02 ada adjusts -30   => available 70
         2026-01-02 ada adjusts 0     => invalid
         2026-01-02 ada adjusts -100  => available 0 debt 30",
    );
}

#[test]
fn points_go_between_members_within_limits_and_come_back_undeliverable() {
    check(
        &[POINTS, SPEND, BETWEEN],
        "2026-01-01 ada joins
         2026-01-01 bob joins
         2026-01-02 ada order 1 200.00
         2026-01-03 ada sends 9 bob      => transfer_too_small
         2026-01-03 ada sends 51 bob     => transfer_too_large
         2026-01-03 ada sends 10 ada     => transfer_to_self
         2026-01-03 ada sends 50 bob     => available 150
         2026-01-03 bob waits            => available 50
         2026-01-03 ada sends 20 bob     => transfer_limit
         2026-02-03 ada sends 20 nobody  => available 150
         2026-02-03 ada gives 150 bob    => available 0
         2026-02-03 bob leaves           => available 0 expired 200
         2026-02-04 bob order 2 10.00    => member_left
         2026-02-05 ada order 3 30.00
         2026-02-05 ada gives 30 bob     => available 30",
    );
    check(
        &[POINTS, SPEND],
        "2026-01-01 ada joins\n2026-01-01 bob joins\n2026-01-02 ada order 1 20.00\n2026-01-03 ada sends 10 bob => transfers_not_offered",
    );
}

#[test]
fn a_household_shares_one_wallet() {
    check(
        &[POINTS, SPEND, BETWEEN, REWARDS],
        "2026-01-01 ada joins
         2026-01-01 bob joins
         2026-01-01 eve joins
         2026-01-01 home opens
         2026-01-02 ada order 1 100.00
         2026-01-03 ada enters home         => available 0
         2026-01-03 home waits              => available 100 members 1
         2026-01-03 bob enters home
         2026-01-04 bob order 2 50.00       => available 0
         2026-01-04 home waits              => available 150 members 2
         2026-01-05 home redeems coffee     => not_in_household
         2026-01-05 home redeems coffee by=eve => not_in_household
         2026-01-05 bob redeems coffee      => in_household
         2026-01-05 home redeems coffee by=bob => available 110
         2026-01-06 bob returns 2 a*1       => available 0 debt 0
         2026-01-06 home waits              => available 60 debt 0
         2026-01-07 ada returns 1 a*1       => debt 0
         2026-01-07 home waits              => available 0 debt 40
         2026-01-08 ada order 3 45.00
         2026-01-08 home waits              => available 5 debt 0
         2026-01-09 bob exits
         2026-01-09 bob order 4 7.00        => available 7
         2026-01-09 bob exits               => not_in_household
         2026-01-09 home waits              => available 5 members 1
         2026-01-10 ada exits               => available 5
         2026-01-10 home waits              => available 0 members 0",
    );
}

#[test]
fn a_voucher_that_was_paid_for_outlives_the_membership() {
    check(
        &[POINTS, SPEND, REWARDS],
        "2026-01-01 ada joins
         2026-01-02 ada order 1 100.00
         2026-01-03 ada redeems coffee   => vouchers 1
         2026-01-04 ada leaves           => available 0
         2026-01-05 ada uses ada 7       => vouchers 0",
    );
}

#[test]
fn a_reward_given_for_an_order_goes_with_it() {
    let gift = r#"
[earning.gift]
name = { en = "A pen for 100 and more" }
reward = "pen"
when = [{ field = "order.total", at_least = "100.00" }]
[rewards.pen]
name = { en = "Pen" }
kind = "free_product"
product = "PEN"
stock = 3
voucher = {}
"#;
    check(
        &[POINTS, SPEND, gift],
        "2026-01-01 ada joins
         2026-01-02 ada order 1 lines=a:1:90.00,b:1:10.00   => vouchers 1 left:stock/pen 2
         2026-01-03 ada order 2 100.00                      => vouchers 2 left:stock/pen 1
         2026-01-04 ada returns 1 b*1                       => vouchers 1 left:stock/pen 2
         2026-01-05 ada returns 1 a*1 id=r2                 => vouchers 1
         2026-01-06 ada order 2 100.00 cancelled            => vouchers 0 left:stock/pen 3 available 0",
    );
    check(
        &[POINTS, SPEND, gift],
        "2026-01-01 ada joins
         2026-01-02 ada order 1 100.00            => vouchers 1
         2026-01-03 ada uses ada 9                => vouchers 0
         2026-01-04 ada returns 1 a*1             => vouchers 0 left:stock/pen 2
         2026-01-05 ada order 1 lines=a:2:200.00  => available 100 vouchers 0",
    );
}
