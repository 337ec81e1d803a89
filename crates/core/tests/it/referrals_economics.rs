//! What one edition costs, worked out by hand: prizes at one, five and ten friends, something for both sides, a limit, a
//! budget, and returns. Every number below is an integer that a shopkeeper can add up.

use super::shop::{POINTS, Shop, check};

/// The friend has 40 for coming and 60 for the first order from 100.00 on. The advocate has 100 for each friend who counts,
/// a tenth of what is kept of the order, and 500 more for the first, 1,000 for the fifth, 2,000 for the tenth.
const EDITION: &str = r#"
[referrals.spring]
name = { en = "Bring a friend" }
review = "none"
caps = { month = 8 }
budget = 12
[referrals.spring.qualify]
when = [{ field = "order.total", at_least = "100.00" }]
[earning.welcome]
name = { en = "Welcome" }
on = "referred"
points = 40
[earning.first_order]
name = { en = "First order" }
on = "referral_qualified"
points = 60
[earning.thanks]
name = { en = "Thanks" }
on = "friend_qualified"
points = 100
[earning.tenth]
name = { en = "A tenth of the order" }
on = "friend_qualified"
per_value = { attribute = "total", per = 100 }
rate = "0.1"
[earning.first]
name = { en = "The first friend" }
on = "friend_qualified"
when = [{ field = "activity.attribute.friends", is = 1 }]
points = 500
[earning.fifth]
name = { en = "The fifth friend" }
on = "friend_qualified"
when = [{ field = "activity.attribute.friends", is = 5 }]
points = 1000
[earning.tenth_friend]
name = { en = "The tenth friend" }
on = "friend_qualified"
when = [{ field = "activity.attribute.friends", is = 10 }]
points = 2000
"#;

fn comes_and_orders(shop: &mut Shop, day: &str, friend: usize, advocate: &str, expected: &str) {
    shop.run(&format!(
        "{day} f{friend} joins
         {day} f{friend} comes {advocate}        => available 40 referral joined
         {day} f{friend} order {friend} 0 lines=a:4:200.00 => {expected}"
    ));
}

/// | friend | is the | advocate's part                | together |
/// |-------:|-------:|--------------------------------|---------:|
/// |      1 |      1 | 100 + 20 + 500                 |      620 |
/// |      2 |      2 | 100 + 20                       |      740 |
/// |      3 |      3 | 100 + 20                       |      860 |
/// |      4 |      4 | 100 + 20                       |      980 |
/// |      5 |      5 | 100 + 20 + 1,000               |    2,100 |
/// |      6 |      6 | 100 + 20                       |    2,220 |
/// |      7 |      7 | 100 + 20                       |    2,340 |
/// |      8 |      8 | 100 + 20                       |    2,460 |
/// |      9 |      – | the month has room for eight   |    2,460 |
#[test]
fn a_month_of_friends_is_worth_what_the_table_says() {
    let mut shop = check(&[POINTS, EDITION], "2026-01-01 ada joins");
    for (friend, together) in [(1, 620), (2, 740), (3, 860), (4, 980), (5, 2_100), (6, 2_220), (7, 2_340), (8, 2_460)] {
        comes_and_orders(&mut shop, "2026-01-05", friend, "ada", "available 100 referral qualified");
        shop.run(&format!("2026-01-05 ada waits => available {together} friends {friend}"));
    }
    comes_and_orders(&mut shop, "2026-01-06", 9, "ada", "available 100 referral qualified left:referral/spring 3");
    shop.run("2026-01-06 ada waits => available 2460 friends 8");
}

/// By hand, from the 2,460 and eight friends of the table:
///
/// | what happens                                              | advocate                    | budget left |
/// |-----------------------------------------------------------|-----------------------------|------------:|
/// | friend 2 brings a piece back: 150.00 are kept             | 2,460 − 5 = 2,455           | 3 |
/// | and another one: 100.00, which is still enough            | 2,455 − 5 = 2,450           | 3 |
/// | and a third: 50.00 are not                                | 2,450 − 100 − 10 = 2,340    | 4 |
/// | friend 5 brings all of it back at once: the prize as well | 2,340 − 120 − 1,000 = 1,220 | 5 |
/// | friend 10 in February has number 2                        | 1,220 + 120 = 1,340         | 4 |
/// | friend 11 has number 5, and its prize                     | 1,340 + 1,120 = 2,460       | 3 |
/// | friends 12 and 13: numbers 9, 10 and the tenth's prize    | 2,460 + 240 + 2,000 = 4,700 | 1 |
/// | friend 14: the last place                                 | 4,700 + 120 = 4,820         | 0 |
/// | friend 15 finds none, and keeps what coming was worth      | 4,820                       | 0 |
/// | friend 1 gives up a place                                 | 4,820 − 620 = 4,200         | 1 |
/// | friend 16 has it, and number 1 with its prize             | 4,200 + 620 = 4,820         | 0 |
#[test]
fn returns_limits_and_the_budget_come_to_what_the_table_says() {
    let mut shop = check(&[POINTS, EDITION], "2026-01-01 ada joins");
    for friend in 1..=9 {
        comes_and_orders(&mut shop, "2026-01-05", friend, "ada", "available 100 referral qualified");
    }
    shop.run(
        "2026-01-06 ada waits                 => available 2460 friends 8 left:referral/spring 3
         2026-01-07 f2 returns 2 a*1 id=r1    => available 100 referral qualified
         2026-01-07 ada waits                 => available 2455 friends 8
         2026-01-08 f2 returns 2 a*1 id=r2    => available 100 referral qualified
         2026-01-08 ada waits                 => available 2450 friends 8 left:referral/spring 3
         2026-01-09 f2 returns 2 a*1 id=r3    => available 40 referral reversed
         2026-01-09 ada waits                 => available 2340 friends 7 left:referral/spring 4
         2026-01-10 f5 returns 5 a*4 id=r1    => available 40 referral reversed
         2026-01-10 ada waits                 => available 1220 friends 6 left:referral/spring 5",
    );
    for (friend, together, friends, left) in
        [(10, 1_340, 7, 4), (11, 2_460, 8, 3), (12, 2_580, 9, 2), (13, 4_700, 10, 1), (14, 4_820, 11, 0)]
    {
        comes_and_orders(&mut shop, "2026-02-02", friend, "ada", "available 100 referral qualified");
        let expected = format!("available {together} friends {friends} left:referral/spring {left}");
        shop.run(&format!("2026-02-02 ada waits => {expected}"));
    }
    comes_and_orders(&mut shop, "2026-02-03", 15, "ada", "available 40 referral rejected");
    shop.run(
        "2026-02-03 ada waits                 => available 4820 friends 11 left:referral/spring 0
         2026-02-04 f1 returns 1 a*4 id=r1    => available 40 referral reversed
         2026-02-04 ada waits                 => available 4200 friends 10 left:referral/spring 1",
    );
    comes_and_orders(&mut shop, "2026-02-05", 16, "ada", "available 100 referral qualified");
    shop.run("2026-02-05 ada waits => available 4820 friends 11 left:referral/spring 0");
}

/// Two advocates, 60 and 40 of a hundred. By hand: of 100 + 20 + 500 for a first friend 372 and 248; when half of the goods
/// come back, of 100 + 10 + 500, 366 and 244; what was spent of it is owed when the rest comes back.
#[test]
fn shares_and_debts_come_to_what_is_worked_out_by_hand() {
    check(
        &[POINTS, EDITION, "[transfers]\n"],
        "2026-01-01 ada joins
         2026-01-01 bob joins
         2026-01-01 kim joins
         2026-01-02 eve joins
         2026-01-02 eve comes ada:60+bob:40
         2026-01-03 eve order 1 0 lines=a:4:200.00 => referral qualified left:referral/spring 11
         2026-01-03 ada waits                 => available 372
         2026-01-03 bob waits                 => available 248
         2026-01-04 bob sends 200 kim         => available 48
         2026-01-05 eve returns 1 a*2 id=r1   => referral qualified
         2026-01-05 ada waits                 => available 366
         2026-01-05 bob waits                 => available 44
         2026-01-06 eve returns 1 a*2 id=r2   => available 40 referral reversed left:referral/spring 12
         2026-01-06 ada waits                 => available 0 debt 0
         2026-01-06 bob waits                 => available 0 debt 200",
    );
}
