//! Recommendations: what each side is given, when, and when no longer.

use super::shop::{POINTS, SPEND, Shop, check};

const FRIENDS: &str = r#"
[referrals.spring]
name = { en = "Bring a friend" }
review = "none"
[referrals.spring.qualify]
when = [{ field = "order.first", is = true }, { field = "order.total", at_least = "100.00" }]
within = "90 days"
"#;

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

#[test]
fn both_sides_are_given_their_reward_when_the_friend_qualifies() {
    check(
        &[POINTS, FRIENDS, REWARDS],
        "2026-01-01 ada joins
         2026-01-02 eve joins
         2026-01-02 eve comes ada            => available 50 referral joined
         2026-01-02 ada waits                => available 0 friends 0
         # Too small, and the second order is not the first.
         2026-01-03 eve order 1 99.99        => available 50 referral joined
         2026-01-04 eve order 2 200.00       => available 50 referral joined
         # Where the first is called off, the other becomes nothing more than it was.
         2026-01-05 eve order 1 99.99 cancelled => referral joined
         2026-01-06 eve order 3 100.00       => referral joined",
    );
    check(
        &[POINTS, FRIENDS, REWARDS],
        "2026-01-01 ada joins
         2026-01-02 eve joins
         2026-01-02 eve comes ada
         2026-01-03 eve order 1 100.00       => available 150 referral qualified
         2026-01-03 ada waits                => available 500 friends 1
         2026-01-03 eve comes ada            => already_referred
         2026-01-04 eve order 2 300.00       => available 150
         2026-01-04 ada waits                => available 500 friends 1",
    );
}

#[test]
fn what_comes_back_takes_both_rewards_back_and_another_first_order_may_count() {
    check(
        &[POINTS, FRIENDS, REWARDS],
        "2026-01-01 ada joins
         2026-01-02 eve joins
         2026-01-02 eve comes ada
         2026-01-03 eve order 1 0 lines=a:2:120.00,b:1:30.00 => available 150
         # What is left is enough still.
         2026-01-10 eve returns 1 b*1 id=r1  => available 150 referral qualified
         2026-01-10 ada waits                => available 500 friends 1
         2026-01-11 eve returns 1 a*1 id=r2  => available 50 referral reversed
         2026-01-11 ada waits                => available 0 friends 0
         2026-01-12 eve returns 1 a*1 id=r3  => available 50 orders 0
         2026-01-13 eve order 2 100.00       => available 150 referral qualified
         2026-01-13 ada waits                => available 500 friends 1",
    );
}

#[test]
fn clocks_that_differ_a_little_cost_nobody_a_friend() {
    check(
        &[POINTS, FRIENDS, REWARDS],
        "2026-01-01 ada joins
         2026-01-02 eve joins
         2026-01-02T12:00 eve comes ada touched=2026-01-02T12:30   => referral joined
         2026-01-02T13:00 eve order 1 100.00 placed=2026-01-02T11:31 => referral qualified
         2026-01-02 kim joins
         2026-01-02T12:00 kim comes ada touched=2026-01-02T13:30   => referral rejected
         2026-01-02 liz joins
         2026-01-02T12:00 liz comes ada                            => referral joined
         # What is told of late, and happened before, is no work of the advocate.
         2026-01-03 liz order 2 100.00 placed=2026-01-02T10:00     => referral joined",
    );
}

#[test]
fn what_was_spent_is_owed_when_the_friend_returns() {
    check(
        &[POINTS, FRIENDS, REWARDS, "[transfers]\n"],
        "2026-01-01 ada joins
         2026-01-01 bob joins
         2026-01-02 eve joins
         2026-01-02 eve comes ada
         2026-01-03 eve order 1 100.00
         2026-01-04 ada sends 400 bob        => available 100
         2026-01-10 eve returns 1 a*1
         2026-01-10 ada waits                => available 0 debt 400",
    );
}

const WAITING: &str = r#"
[referrals.spring]
name = { en = "Bring a friend" }
review = "suspicious"
[referrals.spring.qualify]
wait = { after = "closed", for = "14 days" }
within = "60 days"
"#;

#[test]
fn the_return_window_is_waited_out_and_the_detector_asked() {
    check(
        &[POINTS, WAITING, REWARDS],
        "2026-01-01 ada joins
         2026-01-02 eve joins
         2026-01-02 eve comes ada
         2026-01-03 eve order 1 100.00          => referral ordered
         2026-01-20 eve waits                   => referral ordered
         2026-01-20 eve order 1 100.00 closed   => referral ordered
         2026-02-02 eve judged allow            => referral ordered
         2026-02-02T23:59 eve waits             => referral ordered
         2026-02-03 eve waits                   => referral checking available 50
         # Nothing is approved because time has passed.
         2027-02-03 eve waits                   => referral checking available 50
         2027-02-03 eve judged allow            => referral qualified available 150
         2027-02-03 ada waits                   => available 500",
    );
}

#[test]
fn a_doubt_waits_for_a_person_and_a_person_outranks_the_detector() {
    check(
        &[POINTS, WAITING, REWARDS],
        "2026-01-01 ada joins
         2026-01-02 eve joins
         2026-01-02 eve comes ada
         2026-01-03 eve order 1 100.00 closed      => referral ordered
         2026-01-04 eve judged hold                => referral ordered
         2026-01-17 eve waits                      => referral held
         2026-01-18 eve judged allow               => referral held
         2026-01-18 eve judged reject by=person    => referral rejected available 0
         2026-01-18 ada waits                      => available 0
         2026-01-19 eve judged allow               => referral rejected
         # The decision is taken back.
         2026-01-20 eve judged hold by=person      => referral held available 50
         2026-01-21 eve judged allow by=person     => referral qualified available 150
         2026-01-21 ada waits                      => available 500 friends 1
         2026-01-22 eve judged reject by=person    => referral rejected available 0
         2026-01-22 ada waits                      => available 0 friends 0",
    );
}

#[test]
fn everybody_is_told_why_it_came_to_nothing() {
    check(
        &[
            POINTS,
            REWARDS,
            r#"
[referrals.spring]
name = { en = "Bring a friend" }
from = "2026-01-01"
until = "2026-03-31"
advocates = [{ field = "member.orders", at_least = 1 }]
window = "10 days"
review = "none"
qualify = { within = "30 days" }
"#,
        ],
        "2026-01-01 ada joins
         2026-01-01 bob joins
         2026-01-01 bob order b 10.00
         2026-01-02 eve joins
         2026-01-02 eve comes eve            => referral rejected available 0
         2026-01-02 kim joins
         2026-01-02 kim order k 10.00
         2026-01-03 kim comes bob            => referral rejected available 0
         2026-01-02 liz joins
         2026-01-14 liz comes bob touched=2026-01-02 => referral rejected
         2026-01-14 liz comes bob            => referral joined available 50
         # Who may not recommend is credited with nothing; the friend keeps what is theirs.
         2026-01-15 max joins
         2026-01-15 max comes ada            => referral joined available 50
         2026-01-16 max order m 10.00        => referral qualified available 150
         2026-01-16 ada waits                => available 0 friends 0
         2026-03-01 liz waits                => referral expired
         2026-03-02 liz order l 10.00        => referral expired
         2026-04-01 pat joins
         2026-04-01 pat comes bob            => referral rejected
         2026-04-01 pat judged allow         => referral_over
         2026-04-01 bob judged allow         => not_referred
         2026-04-01 bob comes ada:50         => invalid
         2026-04-01 bob comes ada edition=autumn => unknown_referral",
    );
}

#[test]
fn steps_and_limits_count_friends_once() {
    check(
        &[
            POINTS,
            r#"
[referrals.spring]
name = { en = "Bring a friend" }
review = "none"
caps = { month = 3 }
[earning.thanks]
name = { en = "Thanks" }
on = "friend_qualified"
points = 10
[earning.second]
name = { en = "The second friend" }
on = "friend_qualified"
when = [{ field = "activity.attribute.friends", is = 2 }]
points = 1000
[tiers.ambassadors]
name = { en = "Ambassadors" }
metric = "activity:friend_qualified"
window = "lifetime"
base = { id = "fan", name = { en = "Fan" } }
[[tiers.ambassadors.levels]]
id = "ambassador"
name = { en = "Ambassador" }
at = 3
"#,
        ],
        "2026-01-01 ada joins
         2026-01-02 b1 joins
         2026-01-02 b1 comes ada
         2026-01-03 b1 order 1 10.00
         2026-01-03 ada waits                => available 10 friends 1
         2026-01-02 b2 joins
         2026-01-02 b2 comes ada
         2026-01-03 b2 order 2 10.00
         2026-01-03 ada waits                => available 1020 friends 2
         # The prize for two was given once, whichever friend returns and comes instead.
         2026-01-04 b1 returns 1 a*1
         2026-01-04 ada waits                => available 1010 friends 1
         2026-01-05 b3 joins
         2026-01-05 b3 comes ada
         2026-01-05 b3 order 3 10.00
         2026-01-05 ada waits                => available 1020 friends 2 tier fan
         2026-01-05 b4 joins
         2026-01-05 b4 comes ada
         2026-01-05 b4 order 4 10.00
         2026-01-05 ada waits                => available 1030 friends 3 tier ambassador
         2026-01-06 b5 joins
         2026-01-06 b5 comes ada
         2026-01-06 b5 order 5 10.00         => referral qualified
         2026-01-06 ada waits                => available 1030 friends 3
         2026-02-01 b6 joins
         2026-02-01 b6 comes ada
         2026-02-01 b6 order 6 10.00
         2026-02-01 ada waits                => available 1040 friends 4",
    );
}

const SHARED: &str = r#"
[referrals.spring]
name = { en = "Bring a friend" }
review = "none"
credit = "split"
budget = 2
[earning.commission]
name = { en = "A tenth of the order" }
on = "friend_qualified"
per_value = { attribute = "total", per = 100 }
rate = "0.1"
[earning.flat]
name = { en = "And something more" }
on = "friend_qualified"
points = 5
"#;

/// By hand: an order of 250.00 is a commission of 25; of that 60% are 15 and 40% are 10; of the five points more 3 and
/// 2. When a fifth of the goods comes back, 200.00 are left: 20, of that 12 and 8.
#[test]
fn several_advocates_share_by_their_part_and_by_what_is_kept() {
    check(
        &[POINTS, SHARED],
        "2026-01-01 ada joins
         2026-01-01 bob joins
         2026-01-02 eve joins
         2026-01-02 eve comes ada:60+bob:40
         2026-01-03 eve order 1 0 lines=a:5:250.00  => referral qualified left:referral/spring 1
         2026-01-03 ada waits                => available 18
         2026-01-03 bob waits                => available 12
         2026-01-09 eve returns 1 a*1 id=r1
         2026-01-09 ada waits                => available 15
         2026-01-09 bob waits                => available 10
         2026-01-10 eve returns 1 a*4 id=r2  => left:referral/spring 2
         2026-01-10 ada waits                => available 0
         2026-01-10 bob waits                => available 0",
    );
}

#[test]
fn a_budget_has_room_for_so_many_friends() {
    let mut shop = Shop::new(&[POINTS, SHARED]);
    shop.run("2026-01-01 ada joins");
    for friend in 0..500 {
        shop.run(&format!(
            "2026-01-02 f{friend} joins
             2026-01-02 f{friend} comes ada
             2026-01-03 f{friend} order {friend} 100.00"
        ));
    }
    shop.run("2026-01-03 ada waits => available 30 friends 2 left:referral/spring 0");
    let steps = shop.holders.values().filter_map(|holder| holder.referral.as_ref());
    let counted = steps.filter(|state| state.step().name() == "qualified").count();
    assert_eq!(counted, 2);
    // One gives up a place, and the next one has it.
    let first = shop
        .holders
        .iter()
        .find(|(_, holder)| holder.referral.as_ref().is_some_and(|state| state.step().name() == "qualified"));
    let name = first.unwrap().0.clone();
    let order = name.trim_start_matches('f').to_owned();
    shop.run(&format!(
        "2026-01-09 {name} returns {order} a*1
         2026-01-09 ada waits => available 15 friends 1 left:referral/spring 1
         2026-01-10 last joins
         2026-01-10 last comes ada
         2026-01-10 last order last 100.00 => referral qualified
         2026-01-10 ada waits => available 30 friends 2"
    ));
}

#[test]
fn an_activity_can_be_what_is_asked_for() {
    check(
        &[
            POINTS,
            REWARDS,
            r#"
[referrals.bank]
name = { en = "Bring a friend" }
review = "none"
[referrals.bank.qualify]
on = "account_opened"
when = [{ field = "activity.attribute.kind", is = "personal" }]
"#,
        ],
        "2026-01-01 ada joins
         2026-01-02 eve joins
         2026-01-02 eve comes ada
         2026-01-03 eve order 1 500.00                             => referral joined
         2026-01-03 eve does account_opened a1 kind=business       => referral joined
         2026-01-03 eve does account_opened a2 kind=personal       => referral qualified
         2026-01-03 ada waits                                      => available 500
         2026-01-05 eve recalls account_opened a2                  => referral reversed
         2026-01-05 ada waits                                      => available 0",
    );
}

#[test]
fn the_terms_of_the_day_hold_to_the_end() {
    let mut shop = Shop::new(&[POINTS, FRIENDS, REWARDS]);
    shop.run(
        "2026-01-01 ada joins
         2026-01-02 eve joins
         2026-01-02 eve comes ada",
    );
    shop.publish(&[POINTS, SPEND]);
    shop.run(
        "2026-01-03 kim joins
         2026-01-03 kim comes ada            => referrals_not_offered
         2026-01-03 eve order 1 100.00       => available 250 referral qualified
         2026-01-03 ada waits                => available 500
         2026-01-09 eve returns 1 a*1        => available 50
         2026-01-09 ada waits                => available 0",
    );
}

#[test]
fn who_turns_out_to_be_the_advocate_is_credited_with_nothing() {
    for absorbing in ["ada absorbs eve", "eve absorbs ada"] {
        let survivor = &absorbing[..3];
        check(
            &[POINTS, FRIENDS, REWARDS],
            &format!(
                "2026-01-01 ada joins
                 2026-01-02 eve joins
                 2026-01-02 eve comes ada
                 2026-01-03 eve order 1 100.00   => available 150
                 2026-01-03 ada waits            => available 500
                 2026-01-05 {absorbing}
                 2026-01-06 {survivor} waits     => available 0 debt 0"
            ),
        );
    }
}

#[test]
fn each_limit_has_room_again_when_its_time_is_over() {
    // Monday, 5 January 2026; the last day on which there is no room, and the first on which there is.
    for (window, last, next) in [
        ("day", "2026-01-05", "2026-01-06"),
        ("week", "2026-01-11", "2026-01-12"),
        ("month", "2026-01-31", "2026-02-01"),
        ("quarter", "2026-03-31", "2026-04-01"),
        ("year", "2026-12-31", "2027-01-01"),
    ] {
        let edition = format!(
            "[referrals.spring]\nname = {{ en = \"Bring a friend\" }}\nreview = \"none\"\ncaps = {{ {window} = 1 }}\n\
             [earning.thanks]\nname = {{ en = \"Thanks\" }}\non = \"friend_qualified\"\npoints = 10\n"
        );
        let story = format!(
            "2026-01-01 ada joins
             2026-01-05 b1 joins
             2026-01-05 b1 comes ada
             2026-01-05 b1 order 1 10.00
             2026-01-05 ada waits             => available 10 friends 1
             {last} b2 joins
             {last} b2 comes ada
             {last} b2 order 2 10.00          => referral qualified
             {last} ada waits                 => available 10 friends 1
             {next} b3 joins
             {next} b3 comes ada
             {next} b3 order 3 10.00          => referral qualified
             {next} ada waits                 => available 20 friends 2"
        );
        check(&[POINTS, &edition], &story);
    }
}

#[test]
fn a_friend_may_have_to_order_more_than_once() {
    const THIRD: &str = r#"
[referrals.spring]
name = { en = "Bring a friend" }
review = "none"
[referrals.spring.qualify]
when = [{ field = "order.number", is = 3 }]
[earning.thanks]
name = { en = "Thanks" }
on = "friend_qualified"
points = 10
"#;
    check(
        &[POINTS, THIRD],
        "2026-01-01 ada joins
         2026-01-05 eve joins
         2026-01-05 eve comes ada
         2026-01-06 eve order 1 10.00         => referral joined
         2026-01-07 eve order 2 10.00         => referral joined
         2026-01-08 eve order 3 10.00         => referral qualified
         2026-01-08 ada waits                 => available 10 friends 1
         # What is bought later has nothing to do with it.
         2026-01-09 eve order 4 10.00
         2026-01-10 eve returns 4 a*1         => referral qualified
         2026-01-10 eve returns 3 a*1         => referral reversed
         2026-01-10 ada waits                 => available 0 friends 0",
    );
}
