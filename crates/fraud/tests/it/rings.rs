use lojal_core::kernel::Money;
use lojal_fraud::policy::{Reach, Rule, Verdict};
use lojal_fraud::referral::Referral;
use proptest::prelude::*;

use crate::house::{DAY, HOUR, Shop, at, member, referral};

/// Six friends who are nobody, of one advocate, over so many days, with what each has.
fn shop(days: i64, has: impl Fn(i64) -> String) -> Shop {
    let mut shop = Shop::new();
    shop.saw(1, 0, "payment:own device:own");
    for friend in 0..6 {
        let seconds = DAY + friend * days * DAY / 6;
        let thin = Referral { order: Money(10_200), ..referral(1, 100 + friend, seconds) };
        shop.refer(thin, &has(friend));
    }
    shop
}

#[test]
fn friends_who_hang_together_are_held_with_their_evidence() {
    let shop = shop(60, |friend| format!("device:one address:flat name:{friend} payment:{friend}"));
    let found = shop.assess(105);
    assert_eq!(found.verdict, Verdict::Hold);
    let ring = found.ring.unwrap();
    assert_eq!((ring.linked, ring.members.len(), ring.members[0]), (5, 6, member(105)));
    assert_eq!(ring.stake, Money(6 * 4_000));
    assert_eq!((ring.isolation.0, ring.thin.0), (1000, 1000));
    assert!(ring.ties.iter().all(|(one, other, tie)| one != other && !tie.kinds.is_empty()));
}

/// However large it is, as much is shown of it as anybody reads.
#[test]
fn of_a_large_ring_the_heaviest_ties_are_shown() {
    let mut shop = Shop::new();
    for friend in 0..40 {
        shop.referred(1, 100 + friend, DAY + friend * HOUR, &format!("device:one payment:{friend} name:{friend}"));
    }
    let ring = shop.assess(120).ring.unwrap();
    assert_eq!((ring.members.len(), ring.ties.len(), ring.more_ties), (40, 200, 40 * 39 / 2 - 200));
    assert!(ring.ties.is_sorted_by_key(|(_, _, tie)| std::cmp::Reverse(tie.weight)));
}

#[test]
fn honest_friends_of_the_same_advocate_stay_out_of_it() {
    let mut shop = shop(5, |friend| format!("device:one name:{friend}"));
    shop.referred(1, 300, 4 * DAY, "device:honest payment:honest address:honest name:honest");
    let found = shop.assess(300);
    assert!(found.ring.is_none() && found.verdict == Verdict::Allow, "{:?}", found.findings);
    assert!(found.findings.iter().any(|finding| finding.rule == Rule::LinkedFriends));
}

#[test]
fn people_of_many_advocates_on_one_thing_are_no_ring() {
    let mut shop = Shop::new();
    for friend in 0..6 {
        shop.referred(10 + friend, 100 + friend, friend * DAY, &format!("device:library name:{friend}"));
    }
    let found = shop.assess(105);
    assert!(found.verdict <= Verdict::Flag && !shop.rules(105).contains(&Rule::Ring), "{:?}", found.findings);
}

#[test]
fn a_family_is_no_ring_and_a_dozen_at_one_address_are_no_family() {
    let family = |number: i64| {
        let mut shop = Shop::new();
        let has = |name: i64| format!("address:home ip:line name:{name} payment:{name} surname:nowak device:{name}");
        shop.saw(1, 0, &has(1));
        for friend in 0..number {
            shop.referred(1, 100 + friend, DAY + friend * HOUR, &has(100 + friend));
        }
        shop.assess(100 + number - 1)
    };
    assert!(family(3).score <= 0, "{:?}", family(3).findings);
    assert!(family(12).score > 300, "{:?}", family(12).findings);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// However large the crowd, an assessment looks at no more edges than the policy's reach allows.
    #[test]
    fn an_assessment_costs_no_more_than_its_reach(crowd in 50..3_000_i64, friends in 1..200_i64, kinds in 1..4_i64) {
        let mut shop = Shop::new();
        for party in 0..crowd {
            let shared = format!("ip:all device:all address:{} payment:{} phone:{}", party % kinds, party / 40, party / 30);
            shop.saw(10_000 + party, 0, &shared);
        }
        for friend in 0..friends {
            shop.referred(1, 100 + friend, friend * 60, "ip:all device:all address:0 payment:1 phone:2");
        }
        let Reach { friends: most, parties, widest, marks } = Reach::default();
        // Friends, two hops of marks with their parties, everybody's marks, and a sample of each to tell hubs.
        let bound = most + 2 * parties * marks + (1 + parties) * marks * widest.min(parties) + parties * marks * 48;
        let touched = shop.assess(100).touched;
        prop_assert!(touched <= bound && touched <= 40_000, "{touched}");
    }

    /// What arrives in another order is judged the same in the end.
    #[test]
    fn the_order_of_visits_makes_no_difference(order in Just((0..24_i64).collect::<Vec<_>>()).prop_shuffle()) {
        let judged = |order: &[i64]| {
            let mut shop = Shop::new();
            for visit in order {
                let (party, seconds) = (visit % 8, visit * HOUR);
                shop.saw(100 + party, seconds, &format!("device:{} address:{}", party % 3, visit % 5));
            }
            for friend in 0..8 {
                shop.detector.refer(Referral { clicked_at: Some(at(30 * DAY)), ..referral(1, 100 + friend, 31 * DAY) }).unwrap();
            }
            (100..108).map(|friend| shop.assess(friend)).collect::<Vec<_>>()
        };
        let sorted: Vec<i64> = (0..24).collect();
        prop_assert_eq!(judged(&order), judged(&sorted));
    }
}

#[test]
fn what_is_too_old_is_forgotten() {
    let mut shop = shop(2, |friend| format!("device:one ip:line name:{friend}"));
    assert_eq!(shop.assess(105).verdict, Verdict::Hold);
    let gone = shop.detector.forget(at(200 * DAY));
    assert_eq!((gone.sightings, gone.referrals), (6, 0), "lines are kept for 90 days");
    shop.detector.forget(at(400 * DAY));
    assert!(shop.detector.graph().is_empty() && shop.detector.assess(member(105)).is_none());
}
