//! Recommendations whose story takes a turn: decisions that are taken back, members who leave or turn out to be others,
//! orders that come of late or in another order.

use super::shop::{POINTS, Shop, check};

const REWARDS: &str = r#"
[earning.welcome]
name = { en = "Welcome" }
on = "referred"
points = 50
[earning.first_order]
name = { en = "First order" }
on = "referral_qualified"
points = 100
[earning.thanks]
name = { en = "Thanks" }
on = "friend_qualified"
points = 500
"#;

fn edition(more: &str) -> String {
    format!("[referrals.spring]\nname = {{ en = \"Bring a friend\" }}\n{more}\n")
}

fn waiting(review: &str) -> String {
    let wait = r#"qualify = { wait = { after = "closed", for = "14 days" }, within = "60 days" }"#;
    edition(&format!("review = \"{review}\"\n{wait}"))
}

#[test]
fn nothing_counts_before_it_has_stood_whoever_says_so() {
    check(
        &[POINTS, &waiting("suspicious"), REWARDS],
        "2026-01-01 ada joins
         2026-01-02 eve joins
         2026-01-02 eve comes ada
         2026-01-03 eve order 1 100.00                 => referral ordered
         2026-01-03 eve judged reject                  => referral rejected available 0
         2026-01-04 eve judged allow by=person         => referral ordered available 50
         2026-01-04 ada waits                          => available 0
         # Whom a person has cleared the detector accuses no more.
         2026-01-05 eve judged reject                  => referral ordered
         2026-01-20 eve order 1 100.00 closed          => referral ordered
         2026-02-02T23:59 eve waits                    => referral ordered
         2026-02-03 eve waits                          => referral qualified available 150
         2026-02-03 ada waits                          => available 500",
    );
    check(
        &[POINTS, &waiting("suspicious"), REWARDS],
        "2026-01-01 ada joins
         2026-01-02 eve joins
         2026-01-02 eve comes ada
         2026-01-03 eve order 1 100.00 closed          => referral ordered
         2026-01-03 eve judged reject by=person        => referral rejected
         2026-01-04 eve judged hold by=person          => referral held
         2026-01-05 eve judged allow by=person         => referral ordered available 50
         2026-01-17 eve waits                          => referral qualified",
    );
}

#[test]
fn a_person_who_has_decided_is_not_asked_again() {
    check(
        &[POINTS, &waiting("all"), REWARDS],
        "2026-01-01 ada joins
         2026-01-02 eve joins
         2026-01-02 eve comes ada
         2026-01-03 eve order 1 100.00 closed          => referral ordered
         # Where people decide, the detector only asks them.
         2026-01-03 eve judged reject                  => referral ordered available 50
         2026-01-04 eve judged allow by=person         => referral ordered
         2026-01-17 eve waits                          => referral qualified
         2026-01-18 eve returns 1 a*1                  => referral reversed
         2026-01-19 eve order 2 100.00 closed          => referral ordered
         2026-02-03 eve waits                          => referral qualified
         2026-02-04 eve judged hold by=person          => referral held
         2026-02-05 eve judged reject                  => referral held
         2026-02-06 eve judged reject by=person        => referral rejected available 0",
    );
    check(
        &[POINTS, &waiting("all"), REWARDS],
        "2026-01-01 ada joins
         2026-01-02 eve joins
         2026-01-02 eve comes ada
         2026-01-03 eve order 1 100.00 closed
         2026-01-17 eve waits                          => referral held
         2026-01-18 eve judged allow                   => referral held
         2026-01-18 eve judged reject                  => referral held",
    );
    check(
        &[POINTS, &waiting("none"), REWARDS],
        "2026-01-01 ada joins
         2026-01-02 eve joins
         2026-01-02 eve comes ada
         2026-01-03 eve order 1 100.00 closed
         2026-01-04 eve judged reject                  => referral ordered
         2026-01-17 eve waits                          => referral qualified",
    );
}

#[test]
fn who_leaves_takes_nothing_along_that_others_were_given_for_an_order_that_comes_back() {
    for undone in ["eve returns 1 a*1", "eve order 1 100.00 cancelled"] {
        check(
            &[POINTS, &edition("review = \"none\""), REWARDS],
            &format!(
                "2026-01-01 ada joins
                 2026-01-02 eve joins
                 2026-01-02 eve comes ada
                 2026-01-03 eve order 1 100.00            => available 150
                 2026-01-03 ada waits                     => available 500
                 2026-01-04 eve leaves                    => available 0
                 2026-01-05 eve order 2 100.00            => member_left
                 2026-01-06 {undone}                      => referral reversed available 0 debt 0
                 2026-01-06 ada waits                     => available 0 friends 0"
            ),
        );
    }
    check(
        &[POINTS, &edition("review = \"suspicious\""), REWARDS],
        "2026-01-01 ada joins
         2026-01-02 eve joins
         2026-01-02 eve comes ada
         2026-01-03 eve order 1 100.00
         2026-01-03 eve judged allow
         2026-01-03 ada waits                     => available 500
         2026-01-04 eve leaves
         2026-01-05 eve judged reject by=person   => referral rejected
         2026-01-05 ada waits                     => available 0",
    );
}

const STEPS: &str = r#"
[earning.thanks]
name = { en = "Thanks" }
on = "friend_qualified"
points = 10
[earning.second]
name = { en = "The second friend" }
on = "friend_qualified"
when = [{ field = "activity.attribute.friends", is = 2 }]
points = 1000
"#;

#[test]
fn friends_of_an_account_that_was_merged_are_counted_by_the_survivor() {
    let story = "2026-01-01 ada joins
         2026-01-01 sue joins
         2026-01-02 f1 joins
         2026-01-02 f1 comes ada
         2026-01-02 f2 joins
         2026-01-02 f2 comes ada
         2026-01-02 f3 joins
         2026-01-02 f3 comes ada
         2026-01-03 sue absorbs ada
         2026-01-04 f1 order 1 10.00
         2026-01-04 f2 order 2 10.00
         2026-01-04 f3 order 3 10.00";
    let mut shop = Shop::new(&[POINTS, &edition("review = \"none\""), STEPS]);
    shop.run(story);
    shop.run(
        "2026-01-05 sue waits                    => available 1030 friends 3
         2026-01-06 f1 returns 1 a*1
         2026-01-06 sue waits                    => available 1020 friends 2
         # Told again the other way about, it stands as before.
         2026-01-07 f1 order 4 10.00
         2026-01-07 sue waits                    => available 1030 friends 3",
    );
    let mut shop = Shop::new(&[POINTS, &edition("review = \"none\"\ncaps = { month = 2 }"), STEPS]);
    shop.run(story);
    shop.run("2026-01-05 sue waits => available 1020 friends 2");
    check(
        &[POINTS, &edition("review = \"none\""), STEPS],
        "2026-01-01 ada joins
         2026-01-01 sue joins
         2026-01-02 f1 joins
         2026-01-02 f1 comes ada
         2026-01-02 f1 order 1 10.00
         2026-01-03 sue absorbs ada
         2026-01-03 sue waits                    => available 10 friends 1
         2026-01-04 f1 returns 1 a*1
         2026-01-04 sue waits                    => available 0 friends 0
         2026-01-05 f1 order 2 10.00
         2026-01-05 sue waits                    => available 10 friends 1",
    );
}

#[test]
fn who_turns_out_to_be_the_advocate_by_a_third_account_is_credited_with_nothing() {
    for (first, second) in [("ada", "eve"), ("eve", "ada")] {
        check(
            &[POINTS, &edition("review = \"none\""), REWARDS],
            &format!(
                "2026-01-01 ada joins
                 2026-01-01 sue joins
                 2026-01-02 eve joins
                 2026-01-02 eve comes ada
                 2026-01-03 eve order 1 100.00   => available 150
                 2026-01-03 ada waits            => available 500
                 2026-01-04 sue absorbs {first}
                 2026-01-05 sue absorbs {second}
                 2026-01-06 sue waits            => available 0 debt 0
                 2026-01-06 eve waits            => referral rejected"
            ),
        );
    }
}

#[test]
fn a_budget_that_is_spent_takes_no_welcome_back() {
    check(
        &[POINTS, &edition("review = \"none\"\nbudget = 1"), REWARDS],
        "2026-01-01 ada joins
         2026-01-02 eve joins
         2026-01-02 eve comes ada
         2026-01-02 kim joins
         2026-01-02 kim comes ada                => available 50
         2026-01-03 eve order 1 100.00           => available 150
         2026-01-03 kim order 2 100.00           => referral rejected available 50",
    );
}

#[test]
fn what_was_promised_is_given_whatever_is_published_later() {
    let mug = r#"
[rewards.mug]
name = { en = "A mug" }
kind = "free_product"
product = "MUG"
voucher = { prefix = "MUG", valid = "60 days" }
[earning.mug]
name = { en = "A mug for a friend" }
on = "friend_qualified"
reward = "mug"
"#;
    let mut shop = Shop::new(&[POINTS, &edition("review = \"none\""), mug]);
    shop.run(
        "2026-01-01 ada joins
         2026-01-02 eve joins
         2026-01-02 eve comes ada",
    );
    shop.publish(&[POINTS]);
    shop.run(
        "2026-01-03 eve order 1 100.00           => referral qualified
         2026-01-03 ada waits                    => vouchers 1
         2026-01-04 eve returns 1 a*1            => referral reversed
         2026-01-04 ada waits                    => vouchers 0",
    );
}

#[test]
fn what_was_done_in_time_counts_though_it_is_told_of_late() {
    check(
        &[POINTS, &edition("review = \"none\"\nqualify = { within = \"10 days\" }"), REWARDS],
        "2026-01-01 ada joins
         2026-01-02 eve joins
         2026-01-02 eve comes ada
         2026-01-20 eve waits                                  => referral expired
         2026-01-20 eve order 1 100.00 placed=2026-01-14       => referral expired
         2026-01-20 eve order 2 100.00 placed=2026-01-11       => referral qualified available 150
         2026-01-20 ada waits                                  => available 500",
    );
}

#[test]
fn the_order_in_which_orders_fulfil_the_terms_makes_no_difference() {
    let come = "2026-01-01 ada joins
         2026-01-02 eve joins
         2026-01-02 eve comes ada";
    let stories = [
        "2026-01-03 eve order 1 100.00
         2026-01-04 eve order 2 100.00
         2026-01-05 eve order 1 100.00 cancelled",
        "2026-01-03 eve order 1 100.00
         2026-01-04 eve order 1 100.00 cancelled
         2026-01-05 eve order 2 100.00",
        "2026-01-03 eve order 2 100.00
         2026-01-04 eve order 1 100.00
         2026-01-05 eve order 1 100.00 cancelled",
    ];
    for story in stories {
        let mut shop = Shop::new(&[POINTS, &edition("review = \"none\""), REWARDS]);
        shop.run(come);
        shop.run(story);
        shop.run(
            "2026-01-06 eve waits                    => referral qualified available 150
             2026-01-06 ada waits                    => available 500 friends 1
             2026-01-07 eve order 2 100.00 cancelled => referral reversed available 50
             2026-01-07 ada waits                    => available 0 friends 0",
        );
    }
}

#[test]
fn somebody_else_may_be_credited_where_nothing_was_done_in_time() {
    let mut shop = Shop::new(&[POINTS, &edition("review = \"none\"\nqualify = { within = \"10 days\" }"), REWARDS]);
    shop.run(
        "2026-01-01 ada joins
         2026-01-01 bob joins
         2026-01-02 eve joins
         2026-01-02 eve comes ada                => available 50
         2026-01-20 eve waits                    => referral expired available 50
         # The same again is a repetition, and nobody is welcomed twice.
         2026-01-20 eve comes ada touched=2026-01-02 => referral joined available 50
         2026-01-21 eve order 1 100.00           => referral qualified available 150
         2026-01-21 ada waits                    => available 500 friends 1
         2026-01-21 bob waits                    => available 0",
    );
}

#[test]
fn where_a_limit_left_no_room_a_corrected_order_makes_none() {
    check(
        &[POINTS, &edition("review = \"none\"\ncaps = { month = 1 }"), REWARDS],
        "2026-01-01 ada joins
         2026-01-02 f1 joins
         2026-01-02 f1 comes ada
         2026-01-02 f1 order 1 100.00
         2026-01-03 f2 joins
         2026-01-03 f2 comes ada
         2026-01-03 f2 order 2 100.00
         2026-01-03 ada waits                    => available 500 friends 1
         2026-01-04 f1 returns 1 a*1
         2026-01-04 ada waits                    => available 0 friends 0
         2026-01-05 f2 order 2 99.99
         2026-01-05 ada waits                    => available 0 friends 0",
    );
}
