use std::collections::BTreeSet;

use lojal_fraud::identifier::IdentifierKind;
use lojal_fraud::policy::{Policy, Rule, Verdict};
use lojal_fraud::scale::Thousandths;
use lojal_fraud::weights::{Decision, PrecedentError, Precedents};
use proptest::prelude::*;

use crate::house::{DAY, Shop, member};

fn decisions() -> impl Strategy<Value = Vec<(i64, bool, BTreeSet<usize>)>> {
    prop::collection::vec((0..30_i64, any::<bool>(), prop::collection::btree_set(0..Rule::ALL.len(), 0..5)), 0..30)
}

fn record(precedents: &mut Precedents, (friend, confirmed, rules): &(i64, bool, BTreeSet<usize>)) -> bool {
    let decision = if *confirmed { Decision::Confirmed } else { Decision::Cleared };
    let rules = rules.iter().map(|rule| Rule::ALL[*rule]);
    precedents.record(member(*friend), decision, rules, [IdentifierKind::Device]).is_ok()
}

proptest! {
    #[test]
    fn undoing_restores_exactly(decisions in decisions(), last in (100..130_i64, any::<bool>(), prop::collection::btree_set(0..18_usize, 0..5))) {
        let mut precedents = Precedents::default();
        for decision in &decisions {
            record(&mut precedents, decision);
        }
        let before = precedents.clone();
        prop_assert!(record(&mut precedents, &last));
        precedents.undo(member(last.0)).unwrap();
        prop_assert_eq!(precedents, before);
    }

    /// However many decisions: no further than four times the odds, and never from against to for.
    #[test]
    fn weights_move_within_bounds(confirmed in 0..3_000_i64, cleared in 0..3_000_i64, stated in 1..1_000_i32) {
        let mut precedents = Precedents::default();
        for friend in 0..confirmed + cleared {
            record(&mut precedents, &(friend, friend < confirmed, BTreeSet::from([0])));
        }
        let weight = precedents.weight(Rule::ALL[0], stated);
        prop_assert!((stated - 200).max(0) <= weight && weight <= stated + 200);
        let moves_right = if confirmed >= cleared { weight >= stated } else { weight <= stated };
        prop_assert!(moves_right);
        prop_assert_eq!(precedents.weight(Rule::ALL[0], 0), 0);
        prop_assert_eq!(precedents.weight(Rule::Household, -100), -100);
    }
}

#[test]
fn decisions_by_hand() {
    let mut precedents = Precedents::default();
    assert_eq!(precedents.of_rule(Rule::Ring).precision(), Thousandths(500), "nothing was decided yet");
    for friend in 0..30 {
        let decision = if friend < 10 { Decision::Confirmed } else { Decision::Cleared };
        precedents.record(member(friend), decision, [Rule::Ring], [IdentifierKind::Ip]).unwrap();
    }
    // (10 + 10) of (30 + 20), and 20 to 30 is 58 hundredths of a doubling less.
    assert_eq!(precedents.of_rule(Rule::Ring).precision(), Thousandths(400));
    assert_eq!(precedents.weight(Rule::Ring, 900), 842);
    assert_eq!(precedents.tie(IdentifierKind::Ip, Thousandths(250)), Thousandths(225));
    assert_eq!(precedents.record(member(3), Decision::Cleared, [], []), Err(PrecedentError::Decided(member(3))));
    assert_eq!(precedents.undo(member(99)), Err(PrecedentError::Undecided(member(99))));
}

#[test]
fn what_a_person_decides_is_the_verdict_until_it_is_taken_back() {
    let mut shop = Shop::new();
    shop.saw(1, 0, "payment:visa device:d name:jan").referred(1, 2, DAY, "payment:visa device:d name:piotr");
    let before = shop.assess(2);
    assert_eq!(before.verdict, Verdict::Reject);
    shop.detector.decide(member(2), Decision::Cleared).unwrap();
    assert_eq!(shop.assess(2).verdict, Verdict::Allow);
    assert!(shop.assess(2).score < before.score, "what had spoken against it weighs less");
    shop.detector.undo(member(2)).unwrap();
    assert_eq!(shop.assess(2), before);
    assert!(shop.detector.decide(member(7), Decision::Cleared).is_err(), "nobody recommended member 7");
}

/// A family shares its line, and friends of one advocate a network: what did not speak is not what was decided about.
#[test]
fn only_what_spoke_is_counted() {
    let off: Policy = toml::from_str("[rules.ring]\nverdict = \"allow\"\nweight = 0").unwrap();
    for (mut shop, ring_speaks) in [(Shop::new(), true), (Shop::under(off), false)] {
        shop.saw(1, 0, "payment:visa device:own name:jan");
        for friend in [100, 101, 102] {
            shop.referred(1, friend, DAY + friend, &format!("device:one payment:{friend} name:{friend}"));
        }
        let found = shop.assess(102);
        assert!(found.ring.as_ref().is_some_and(|ring| !ring.ties.is_empty()), "{found:?}");
        assert_eq!(found.kinds().any(|kind| kind == IdentifierKind::Device), ring_speaks, "{found:?}");
    }
    let mut shop = Shop::new();
    shop.saw(1, 0, "payment:visa name:jan surname:nowak address:home");
    for friend in [100, 101, 102] {
        let text = format!("device:one payment:{friend} name:{friend}");
        shop.referred(1, friend, DAY + friend, &text);
    }
    shop.saw(100, DAY, "address:flat surname:lis").saw(103, DAY, "name:zoe surname:lis address:flat payment:z");
    let found = shop.assess(100);
    let ties = &found.ring.as_ref().unwrap().ties;
    assert!(ties.iter().all(|(_, _, tie)| !tie.household || tie.kinds.contains(&IdentifierKind::Address)), "{ties:?}");
    assert!(found.kinds().all(|kind| kind != IdentifierKind::Address), "{found:?}");
}
