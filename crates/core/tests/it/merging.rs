use super::shop::{POINTS, SPEND, Shop, check};

const LADDER: &str = r#"
[tiers.status]
name = { en = "Status" }
metric = "orders"
window = "lifetime"
on_return = "recheck"
base = { id = "guest", name = { en = "Guest" } }
[[tiers.status.levels]]
id = "friend"
name = { en = "Friend" }
at = 3
[earning.friends]
name = { en = "A present for friends" }
on = "tier_reached"
points = 500
"#;

const PENDING: &str = r#"
[units.points]
name.en = { one = "point", many = "points" }
pending = { after = "paid", for = "14 days" }
"#;

const DEBTS: &str = r#"
[units.points]
name.en = { one = "point", many = "points" }
debt = "carry"
"#;

const FORGIVING: &str = r#"
[units.points]
name.en = { one = "point", many = "points" }
debt = "forgive"
"#;

const CUPS: &str = r#"
[rewards.coffee]
name = { en = "Coffee" }
kind = "free_product"
product = "COFFEE"
price = 40
limit = { times = 2, every = "month" }
voucher = { prefix = "CUP", valid = "30 days" }
[households]
most = 2
[transfers]
"#;

#[test]
fn everything_goes_on_to_the_survivor() {
    check(
        &[POINTS, SPEND, CUPS],
        "2026-01-01 ada joins
         2026-01-01 eve joins
         2026-01-02 ada order 1 100.00                => available 100
         2026-01-02 eve order 2 200.00                => available 200
         2026-01-02 eve redeems coffee as cup         => available 160 vouchers 1
         2026-01-02 eve holds 50 until=2026-01-09 as checkout
         2026-01-03 ada absorbs ada                   => merge_with_self
         2026-01-03 ada absorbs eve                   => available 210 orders 2
         2026-01-03 eve waits                         => available 0 held 50 orders 0 vouchers 1
         2026-01-03 ada absorbs eve                   => available 210 orders 2
         # A checkout that was under way, a voucher and an order end where they began.
         2026-01-03 eve captures checkout 30          => available 0 held 0 redeemed 70
         2026-01-03 ada waits                         => available 230
         2026-01-04 eve redeems coffee                => merged
         2026-01-05 eve undoes cup                    => available 0 redeemed 30 vouchers 0
         2026-01-05 ada waits                         => available 270
         2026-01-06 eve returns 2 a*1                 => available 0 debt 0
         2026-01-06 ada waits                         => available 70 orders 1
         # What is new is the survivor's.
         2026-01-06 eve order 3 10.00                 => merged
         2026-01-06 eve redeems coffee                => merged
         2026-01-06 eve sends 10 ada                  => merged
         2026-01-06 eve leaves                        => merged
         2026-01-06 eve absorbs ada                   => merged",
    );
}

#[test]
fn limits_are_shared_by_accounts_that_are_one() {
    check(
        &[POINTS, SPEND, CUPS],
        "2026-01-01 ada joins
         2026-01-01 eve joins
         2026-01-02 ada order 1 300.00
         2026-01-02 eve order 2 300.00
         2026-01-02 ada redeems coffee
         2026-01-02 eve redeems coffee as second
         2026-01-03 ada absorbs eve
         2026-01-03 ada redeems coffee                => reward_limit
         2026-01-04 eve undoes second
         2026-01-04 ada redeems coffee                => ok",
    );
}

#[test]
fn pending_points_follow_when_they_are_released() {
    check(
        &[PENDING, SPEND],
        "2026-01-01 ada joins
         2026-01-01 eve joins
         2026-01-02 eve order 1 80.00                 => pending 80
         2026-01-03 ada absorbs eve                   => available 0
         2026-01-03 eve waits                         => pending 80
         2026-01-20 eve waits                         => pending 0 available 0
         2026-01-20 ada waits                         => available 80",
    );
}

#[test]
fn a_debt_is_settled_where_the_points_are() {
    for (unit, afterwards) in [(DEBTS, "available 0 debt 30"), (FORGIVING, "available 0 debt 0")] {
        check(
            &[unit, SPEND, CUPS],
            &format!(
                "2026-01-01 ada joins
                 2026-01-01 eve joins
                 2026-01-02 eve order 1 70.00
                 2026-01-02 eve redeems coffee        => available 30
                 2026-01-03 ada order 2 10.00
                 2026-01-03 ada absorbs eve           => available 40
                 2026-01-04 eve returns 1 a*1         => available 0 debt 0
                 2026-01-04 ada waits                 => {afterwards}"
            ),
        );
    }
}

#[test]
fn levels_are_reached_together_and_lost_together() {
    check(
        &[POINTS, LADDER],
        "2026-01-01 ada joins
         2026-01-01 eve joins
         2026-01-02 ada order 1 10.00
         2026-01-02 ada order 2 10.00                 => tier guest
         2026-01-02 eve order 3 10.00                 => tier guest
         2026-01-03 ada absorbs eve                   => tier friend available 500
         2026-01-04 eve returns 3 a*1                 => tier guest
         2026-01-04 ada waits                         => tier guest orders 2",
    );
    // A level that the account had, the survivor has; its present was given once.
    check(
        &[POINTS, LADDER],
        "2026-01-01 ada joins
         2026-01-01 eve joins
         2026-01-02 eve order 1 10.00
         2026-01-02 eve order 2 10.00
         2026-01-02 eve order 3 10.00                 => tier friend available 500
         2026-01-03 ada order 4 10.00                 => tier guest
         2026-01-03 ada absorbs eve                   => tier friend available 500
         2026-01-04 ada order 5 10.00                 => tier friend available 500 orders 5",
    );
}

#[test]
fn an_account_leaves_its_household_and_the_survivor_stays_in_theirs() {
    check(
        &[POINTS, SPEND, CUPS],
        "2026-01-01 ada joins
         2026-01-01 eve joins
         2026-01-01 bob joins
         2026-01-01 home opens
         2026-01-01 flat opens
         2026-01-02 ada enters home
         2026-01-02 bob enters home
         2026-01-02 eve enters flat
         2026-01-03 eve order 1 50.00
         2026-01-03 flat waits                        => available 50 members 1
         2026-01-04 ada absorbs eve
         # The last one who leaves takes along what the household had.
         2026-01-04 flat waits                        => available 0 members 0
         2026-01-04 home waits                        => available 50 members 2
         2026-01-05 eve returns 1 a*1
         2026-01-05 home waits                        => available 0",
    );
}

#[test]
fn accounts_follow_one_another_and_nobody_leaves_while_one_is_waited_for() {
    check(
        &[POINTS, SPEND],
        "2026-01-01 ada joins
         2026-01-01 bob joins
         2026-01-01 eve joins
         2026-01-02 eve order 1 10.00
         2026-01-03 bob absorbs eve                   => available 10
         2026-01-04 ada absorbs bob                   => available 10 orders 1
         2026-01-05 eve returns 1 a*1
         2026-01-05 bob waits                         => available 0 debt 0 orders 0
         2026-01-05 ada waits                         => available 0 orders 0
         # Who has left has no account to merge, and takes what still comes.
         2026-01-06 ben joins
         2026-01-06 ben leaves
         2026-01-06 ada absorbs ben                   => available 0
         2026-01-06 ben absorbs ada                   => member_left
         2026-01-07 ada leaves                        => ok",
    );
}

#[test]
fn what_the_survivor_cannot_hold_stays_where_it_is() {
    let mut shop = Shop::new(&[POINTS, SPEND]);
    for who in ["ada", "bob", "eve"] {
        shop.run(&format!("2026-01-01 {who} joins"));
    }
    for who in ["bob", "eve"] {
        (0..1_000).for_each(|_| shop.run(&format!("2026-01-02 {who} adjusts 1000000000000000")));
    }
    shop.run(
        "2026-01-03 ada absorbs bob                   => available 1000000000000000000
         2026-01-03 ada absorbs eve                   => available 1000000000000000000
         2026-01-03 bob waits                         => available 0
         2026-01-03 eve waits                         => available 1000000000000000000",
    );
}

const YEARLY: &str = r#"
[tiers.status]
name = { en = "Status" }
metric = "orders"
window = "calendar_year"
keep = 1
base = { id = "guest", name = { en = "Guest" } }
[[tiers.status.levels]]
id = "friend"
name = { en = "Friend" }
at = 2
"#;

#[test]
fn a_level_is_promised_for_as_long_as_it_was_to_the_account() {
    for merged in ["2026-06-01", "2026-12-31"] {
        check(
            &[POINTS, YEARLY],
            &format!(
                "2025-01-01 eve joins
                 2025-01-02 eve order 1 10.00
                 2025-01-03 eve order 2 10.00         => tier friend
                 2026-01-10 eve waits                 => tier friend
                 2026-02-01 ada joins
                 {merged} ada absorbs eve             => tier friend
                 2026-12-31T23:00 ada waits           => tier friend
                 2027-01-02 ada waits                 => tier guest"
            ),
        );
    }
}

#[test]
fn a_birthday_comes_once_a_year_whoever_it_was_known_of() {
    const PRESENT: &str = r#"
[earning.birthday]
name = { en = "A present" }
on = "birthday"
points = 30
"#;
    check(
        &[POINTS, PRESENT],
        "2026-01-01 ada joins
         2026-01-01 eve joins birthday=03-10
         2026-03-10 eve waits                         => available 30
         2026-03-10 ada absorbs eve                   => available 30
         2026-03-12 ada waits                         => available 30
         2027-03-10T12:00 ada waits                   => available 60",
    );
}
