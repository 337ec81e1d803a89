//! The figures of a set that nothing was chosen on, held to floors that a worse detector would not reach.

use lojal_fraud_measure::figures::Figures;
use lojal_fraud_measure::set::{Cohort, Event, Set};
use lojal_fraud_measure::{Measurement, measure, policy};

/// None of those that weights were chosen on, nor of those in the documentation.
const FRESH: u64 = 20_261_122;
const REFERRALS: u64 = 6_000;

fn rate(figures: &Figures, cohort: Cohort) -> f64 {
    figures.cohorts.get(&cohort).copied().unwrap_or_default().rate()
}

#[test]
fn made_up_friends_are_found_and_honest_ones_left_in_peace() {
    let Measurement { before_reward, at_order, same_ip_or_device, friends_a_day, .. } =
        measure(FRESH, REFERRALS, policy(), |_, _| {}).unwrap();
    for naive in [&same_ip_or_device, &friends_a_day] {
        assert!(before_reward.pr_auc > 4.0 * naive.pr_auc, "{} and {}", before_reward.pr_auc, naive.pr_auc);
        assert!(before_reward.false_holds < naive.false_holds / 5.0);
    }
    assert!(before_reward.pr_auc > 0.45, "{}", before_reward.pr_auc);
    assert!(before_reward.pr_auc > at_order.pr_auc, "what is learnt while the reward waits must help");
    assert!(before_reward.false_holds < 0.015, "{}", before_reward.false_holds);
    assert!(before_reward.recall > 0.4, "{}", before_reward.recall);
    let (certain, rings) = (before_reward.recall_at_95_precision, before_reward.ring_recall);
    assert!(certain > 0.3 && rings > 0.7, "{certain}, {rings}");
    for (cohort, most) in [
        (Cohort::Friends, 0.005),
        (Cohort::Household, 0.08),
        (Cohort::Colleagues, 0.03),
        (Cohort::ShopTablet, 0.02),
        (Cohort::Burst, 0.01),
    ] {
        assert!(rate(&before_reward, cohort) < most, "{cohort:?}: {}", rate(&before_reward, cohort));
    }
    let found = before_reward.money_saved.0;
    assert!(found * 2 > before_reward.money_made_up.0 * 4 / 5, "{found}");
}

#[test]
fn the_same_seed_gives_the_same_figures() {
    let json = |seed| serde_json::to_string(&measure(seed, 800, policy(), |_, _| {}).unwrap()).unwrap();
    assert_eq!(json(FRESH), json(FRESH));
    assert_ne!(json(FRESH), json(FRESH + 1));
}

/// The set is what it is said to be: as many as asked for, few made up, every cohort there, some of everything
/// missing.
#[test]
fn a_set_is_hard_in_every_way() {
    let set = Set::generate(FRESH, 20_000);
    let of = |cohort: Cohort| set.truths.values().filter(|truth| truth.cohort == cohort).count();
    for cohort in Cohort::ALL {
        let optional = matches!(cohort, Cohort::CouponSite | Cohort::ReturnAbuse | Cohort::FriendsOfCrooks);
        assert!(of(cohort) > 0 || optional, "{cohort:?}");
    }
    let made_up = set.truths.values().filter(|truth| truth.cohort.is_fraud()).count();
    assert!(set.truths.len() >= 20_000 && (90..=450).contains(&made_up), "{} {made_up}", set.truths.len());
    let in_order = set.events.windows(2).all(|pair| pair[0].0 <= pair[1].0);
    assert!(in_order, "a shop sees things when they happen");
    let marks = set.events.iter().filter_map(|(_, event)| match event {
        Event::Visit(visit) => Some(visit.marks.len()),
        _ => None,
    });
    assert!(marks.clone().min().unwrap() < 5 && marks.max().unwrap() > 8);
}
