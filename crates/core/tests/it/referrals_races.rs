//! Recommendations that are made again, decided early, and heard of late.

use lojal_core::activity::OrderState;
use lojal_core::command::Command;
use lojal_core::referrals::{Judge, Verdict};

use super::referrals_town::{Town, account, comes, judged, order, returns};
use super::shop::{POINTS, check};

const ADA: usize = 0;
const BOB: usize = 1;
const EVE: usize = 2;
const KIM: usize = 3;

const REWARDS: &str = r#"
[earning.welcome]
name = { en = "Welcome" }
on = "referred"
points = 50
[earning.first_order]
name = { en = "First order" }
on = "referral_qualified"
points = 100
[earning.came]
name = { en = "Somebody came" }
on = "friend_joined"
points = 20
[earning.thanks]
name = { en = "Thanks" }
on = "friend_qualified"
points = 500
"#;

fn edition(more: &str) -> String {
    format!("[referrals.spring]\nname = {{ en = \"Bring a friend\" }}\nfriends = []\n{more}\n")
}

fn town(more: &str) -> Town {
    let frame = format!("{}{POINTS}{}{REWARDS}", super::shop::FRAME, edition(more));
    Town::new(&frame, 4)
}

#[test]
fn who_recommends_the_same_friend_again_is_heard_and_brings_them_once() {
    check(
        &[POINTS, &edition("review = \"none\"\nqualify = { within = \"30 days\" }"), REWARDS],
        "2026-01-01 ada joins
         2026-01-01 eve joins
         2026-01-02 eve comes ada                => available 50
         2026-01-02 ada waits                    => available 20
         2026-03-01 eve waits                    => referral expired available 50
         2026-03-02 eve comes ada                => referral joined available 50
         2026-03-02 ada waits                    => available 20
         2026-03-03 eve order 1 10.00            => referral qualified available 150
         2026-03-03 ada waits                    => available 520 friends 1
         2026-03-04 eve returns 1 a*1            => referral reversed available 50
         2026-03-04 ada waits                    => available 20 friends 0",
    );
}

#[test]
fn a_person_who_has_looked_early_has_looked() {
    for review in ["suspicious", "all"] {
        let qualify = "qualify = { wait = { after = \"placed\", for = \"14 days\" } }";
        check(
            &[POINTS, &edition(&format!("review = \"{review}\"\n{qualify}")), REWARDS],
            "2026-01-01 ada joins
             2026-01-01 eve joins
             2026-01-02 eve comes ada
             2026-01-03 eve order 1 10.00
             2026-01-04 eve judged hold
             2026-01-05 eve judged allow by=person   => referral ordered
             2026-01-06 eve judged hold              => referral ordered
             2026-01-18 eve waits                    => referral qualified available 150
             2026-01-18 eve judged reject            => referral qualified
             2026-01-19 eve judged hold by=person    => referral held available 50
             # The detector is asked as little while a person is.
             2026-01-19 eve judged reject            => referral held
             2026-01-20 eve judged allow by=person   => referral qualified",
        );
    }
}

#[test]
fn what_is_cleared_before_it_has_stood_long_enough_has_to_stand() {
    check(
        &[
            POINTS,
            &edition("review = \"suspicious\"\nqualify = { wait = { after = \"closed\", for = \"14 days\" } }"),
            REWARDS,
        ],
        "2026-01-01 ada joins
         2026-01-01 eve joins
         2026-01-02 eve comes ada
         2026-01-03 eve order 1 10.00
         2026-01-04 eve judged reject            => referral rejected available 0
         2026-01-05 eve order 1 10.00 closed     => referral rejected
         2026-01-06 eve judged allow by=person   => referral ordered available 50
         2026-01-18 eve waits                    => referral ordered
         2026-01-19 eve waits                    => referral qualified
         2026-01-20 eve judged reject by=person  => referral rejected
         # What had stood long enough need not stand again.
         2026-01-21 eve judged allow by=person   => referral qualified
         2026-01-21 ada waits                    => available 520",
    );
}

/// Ada may not recommend when the first word comes to her, and may when the second does.
#[test]
fn who_is_credited_with_nothing_keeps_nothing_that_was_heard_meanwhile() {
    for last_word_first in [false, true] {
        let mut town = town("review = \"none\"\nadvocates = [{ field = \"member.orders\", at_least = 1 }]");
        let at = town.at;
        let own = |id: &str| order(id, 1, OrderState::Closed, at, Some(at));
        town.carry_out(account(EVE), &comes(&[(ADA, 100)], at)).unwrap();
        // The first word is refused; what is to be said to the friend waits.
        town.deliver(0);
        town.carry_out(account(ADA), &own("own")).unwrap();
        town.carry_out(account(EVE), &own("1")).unwrap();
        assert!(town.on_their_way.len() >= 2, "{:#?}", town.on_their_way);
        if last_word_first {
            // The friend hears, says the last word, and it overtakes the others.
            town.deliver(0);
            let last = town.on_their_way.len() - 1;
            town.deliver(last);
        } else {
            while town.on_their_way.len() > 1 {
                town.deliver(1);
            }
            assert_eq!(town.net(account(ADA)), 520, "she was heard meanwhile");
        }
        town.deliver_all();
        assert_eq!((town.net(account(ADA)), town.net(account(EVE))), (0, 150));
        assert!(town.holder(ADA).friends.is_empty());
        town.carry_out(account(EVE), &returns("1", "r", 1, at)).unwrap();
        town.deliver_all();
        assert_eq!((town.net(account(ADA)), town.net(account(EVE))), (0, 50));
    }
}

#[test]
fn friends_of_an_account_that_was_merged_have_numbers_of_the_survivor() {
    let mut town = town("review = \"none\"");
    let at = town.at;
    let counted = |town: &Town, who: usize| town.holder(who).friends.get("spring").map_or(0, |friends| friends.count());
    for (friend, advocate) in [(EVE, ADA), (KIM, BOB)] {
        town.carry_out(account(friend), &comes(&[(advocate, 100)], at)).unwrap();
        let id = format!("order-{friend}");
        town.carry_out(account(friend), &order(&id, 1, OrderState::Closed, at, Some(at))).unwrap();
    }
    town.deliver_all();
    town.carry_out(account(BOB), &Command::Merge { account: account(ADA) }).unwrap();
    town.deliver_all();
    assert_eq!((counted(&town, BOB), town.net(account(BOB))), (2, 1_040));
    // It comes back, and counts no longer with either.
    town.carry_out(account(EVE), &returns("order-2", "r", 1, at)).unwrap();
    town.deliver_all();
    assert_eq!((counted(&town, BOB), counted(&town, ADA), town.net(account(BOB))), (1, 0, 540));
    town.carry_out(account(EVE), &order("again", 1, OrderState::Closed, at, Some(at))).unwrap();
    town.deliver_all();
    assert_eq!((counted(&town, BOB), counted(&town, ADA), town.net(account(BOB))), (2, 0, 1_040));
}

#[test]
fn a_word_that_was_overtaken_by_a_later_one_is_not_heard() {
    let mut town = town("review = \"suspicious\"");
    let at = town.at;
    town.carry_out(account(EVE), &comes(&[(ADA, 100)], at)).unwrap();
    town.carry_out(account(EVE), &order("1", 1, OrderState::Closed, at, Some(at))).unwrap();
    town.carry_out(account(EVE), &judged(Verdict::Allow, Judge::Detector)).unwrap();
    let words = town.on_their_way.clone();
    assert!(words.len() >= 3, "{words:#?}");
    while let Some(last) = town.on_their_way.len().checked_sub(1) {
        town.deliver(last);
        assert_eq!(town.net(account(ADA)), 520);
    }
    for (to, command) in words {
        let (_, decision) = town.carry_out(lojal_core::kernel::MemberId(to.0), &command).unwrap();
        assert!(decision.repeats.is_some() && decision.effects.is_empty());
    }
}
