use super::shop::{POINTS, SPEND, Shop, check};

#[test]
fn an_order_earns_and_says_so_twice_only_once() {
    check(
        &[POINTS, SPEND],
        "2026-01-01 ada joins
         2026-01-02 ada order 1 120.99        => available 120 orders 1
         2026-01-02 ada order 1 120.99 placed=2026-01-02 => available 120 orders 1
         2026-01-03 ada order 2 0.99          => available 120 orders 2
         2026-01-03 ada order 3 10.00 brand=other => unknown_brand
         2026-01-03 bob order 4 10.00         => unknown_holder",
    );
}

#[test]
fn delivery_and_gift_cards_earn_nothing_and_points_do_not_earn_points() {
    check(
        &[POINTS, SPEND],
        "2026-01-01 ada joins
         2026-01-02 ada order 1 100.00 shipping=15.00               => available 100
         2026-01-03 ada order 2 100.00 points_paid=25.00            => available 175
         2026-01-04 ada order 3 lines=a:1:50.00,b:1:50.00 points_paid=33.33 => available 241
         2026-01-05 ada order 4 lines=a:1:50.00,b:1:50.00 points_paid=50.01 => available 290",
    );
}

#[test]
fn partial_returns_end_where_one_full_return_would() {
    let table = |returns: &str| {
        format!(
            "2026-01-01 ada joins
             2026-01-02 ada order 1 lines=a:3:10.00,b:2:7.77,c:1:0.50 => available 18
             {returns}"
        )
    };
    for returns in [
        "2026-01-03 ada returns 1 a*3,b*2,c*1 => available 0 orders 0",
        "2026-01-03 ada returns 1 a*1 id=x => available 14
         2026-01-04 ada returns 1 a*1,b*1 id=y => available 7
         2026-01-05 ada returns 1 c*1 id=z => available 7
         2026-01-06 ada returns 1 a*1 id=v => available 3
         2026-01-07 ada returns 1 b*1 id=w => available 0 orders 0",
        "2026-01-03 ada order 1 lines=a:3:10.00,b:2:7.77,c:1:0.50 placed=2026-01-02 cancelled => available 0 orders 0",
    ] {
        check(&[POINTS, SPEND], &table(returns));
    }
}

#[test]
fn a_return_is_refused_that_cannot_be() {
    check(
        &[POINTS, SPEND],
        "2026-01-01 ada joins
         2026-01-02 ada order 1 lines=a:3:30.00
         2026-01-03 ada returns 2 a*1        => unknown_order
         2026-01-03 ada returns 1 b*1        => unknown_line
         2026-01-03 ada returns 1 a*4        => returns_too_many
         2026-01-03 ada returns 1 a*2 id=x   => available 10
         2026-01-03 ada returns 1 a*2 id=x   => available 10
         2026-01-03 ada returns 1 a*2 id=y   => returns_too_many
         2026-01-04 ada order 1 lines=a:1:10.00 placed=2026-01-02 => different_content",
    );
}

#[test]
fn a_return_is_settled_by_the_version_that_was_in_force() {
    let mut shop = Shop::new(&[POINTS, SPEND]);
    shop.run(
        "2026-01-01 ada joins
         2026-01-02 ada order 1 lines=a:2:100.00 => available 100",
    );
    shop.publish(&[POINTS, "[earning.spend]\nname = { en = \"10 for 1\" }\nper = \"1.00\"\nrate = 10\n"]);
    shop.run(
        "2026-01-03 ada order 2 10.00    => available 200
         2026-01-04 ada returns 1 a*1    => available 150
         2026-01-05 ada returns 2 a*1    => available 50",
    );
}

#[test]
fn spent_points_of_returned_goods_follow_the_policy_on_debts() {
    let reward = "[rewards.mug]\nname = { en = \"Mug\" }\nkind = \"free_product\"\nproduct = \"MUG\"\nprice = 80\n[rewards.pen]\nname = { en = \"Pen\" }\nkind = \"free_product\"\nproduct = \"PEN\"\nprice = 0\n";
    let table = |after: &str| {
        format!(
            "2026-01-01 ada joins
             2026-01-02 ada order 1 100.00
             2026-01-03 ada redeems mug            => available 20
             2026-01-04 ada returns 1 a*1          => {after}"
        )
    };
    for (policy, after) in [
        (
            "carry",
            "available 0 debt 80\n2026-01-05 ada redeems pen => ok\n2026-01-05 ada order 2 100.00 => available 20 debt 0",
        ),
        ("forgive", "available 0 debt 0\n2026-01-05 ada order 2 100.00 => available 100"),
        (
            "block",
            "available 0 debt 80\n2026-01-05 ada redeems pen => debt_open\n2026-01-05 ada order 2 90.00 => available 10 debt 0\n2026-01-06 ada redeems pen",
        ),
    ] {
        check(&[POINTS, &format!("debt = \"{policy}\"\n"), SPEND, reward], &table(after));
    }
}

#[test]
fn goods_without_an_order_take_back_what_they_would_earn() {
    check(
        &[POINTS, SPEND],
        "2026-01-01 ada joins
         2026-01-02 ada order 1 100.00
         2026-01-03 ada goods r1 30.99   => available 70
         2026-01-03 ada goods r1 30.99   => available 70
         2026-01-04 ada goods r2 90.00   => available 0 debt 20",
    );
    check(
        &[POINTS, SPEND, "[returns]\nwithout_order = \"ignore\"\n"],
        "2026-01-01 ada joins
         2026-01-02 ada order 1 100.00
         2026-01-03 ada goods r1 30.00   => available 100",
    );
}

#[test]
fn an_order_only_goes_forward() {
    check(
        &[POINTS, SPEND],
        "2026-01-01 ada joins
         2026-01-02 ada order 9 10.00 cancelled => unknown_order
         2026-01-02 ada order 1 100.00
         2026-01-03 ada order 1 100.00 placed=2026-01-02 closed => available 100
         2026-01-04 ada order 1 100.00 placed=2026-01-02        => available 100
         2026-01-04 ada order 1 90.00 placed=2026-01-02         => order_step
         2026-01-05 ada order 1 100.00 placed=2026-01-02 cancelled => available 0
         2026-01-06 ada order 1 100.00 placed=2026-01-02 closed => order_step",
    );
}

#[test]
fn a_changed_order_gives_the_difference() {
    check(
        &[POINTS, SPEND],
        "2026-01-01 ada joins
         2026-01-02 ada order 1 100.00
         2026-01-03 ada order 1 130.00 placed=2026-01-02 => available 130
         2026-01-04 ada order 1 40.00 placed=2026-01-02  => available 40",
    );
}

#[test]
fn remainders_are_carried_where_the_rule_says_so() {
    let carry = format!("{SPEND}remainder = \"carry\"\n");
    check(
        &[POINTS, &carry],
        "2026-01-01 ada joins
         2026-01-02 ada order 1 0.60    => available 0
         2026-01-03 ada order 2 0.60    => available 1
         2026-01-04 ada order 3 0.80    => available 2
         2026-01-05 ada returns 2 a*1   => available 1
         2026-01-06 ada goods r 3.00    => available 0 debt 2
         2026-01-07 ada order 4 1.60    => available 0 debt 0",
    );
}

#[test]
fn points_wait_until_the_order_is_delivered_and_the_return_window_is_over() {
    let pending = "pending = { after = \"closed\", for = \"14 days\" }\n";
    check(
        &[POINTS, pending, SPEND],
        "2026-01-01 ada joins
         2026-01-02 ada order 1 100.00                           => available 0 pending 100
         2026-01-20 ada waits                                    => available 0 pending 100
         2026-01-21 ada order 1 100.00 placed=2026-01-02 closed  => pending 100
         2026-02-03 ada waits                                    => available 0 pending 100
         2026-02-04 ada waits                                    => available 100 pending 0
         2026-02-05 ada order 2 lines=a:2:50.00                  => available 100 pending 50
         2026-02-06 ada returns 2 a*1                            => available 100 pending 25
         2026-02-07 ada order 3 10.00 placed=2026-01-01 closed   => available 100 pending 35",
    );
}

#[test]
fn a_known_order_keeps_its_time_and_its_brand() {
    let two = "[brands.other]\nname = { en = \"Other\" }\n";
    let mut shop = Shop::new(&[two, POINTS, SPEND, "caps = { day = 100 }\n"]);
    shop.run(
        "2026-01-01 ada joins
         2026-01-02 ada order 1 80.00                => available 80
         2026-01-03 ada order 1 90.00                => available 90
         2026-01-03 ada order 1 90.00 brand=other    => different_content
         2026-01-03 ada order 2 100.00 brand=other   => available 190
         2026-01-04 ada order 3 30.00 placed=2026-01-02 => available 200",
    );
    shop.publish(&[POINTS, SPEND]);
    shop.run(
        "2026-01-05 ada order 4 10.00 brand=other    => unknown_brand
         2026-01-05 ada order 2 100.00 brand=other cancelled => available 100",
    );
}
