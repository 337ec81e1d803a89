use lojal_core::kernel::Money;
use lojal_fraud::identifier::IdentifierKind;
use lojal_fraud::likeness::Likeness;
use lojal_fraud::policy::{Policy, Rule, Verdict};
use lojal_fraud::referral::Referral;
use lojal_fraud::rules::Evidence;
use lojal_fraud::scale::Thousandths;

use crate::house::{DAY, HOUR, Shop, at, member, referral};

/// What an advocate and then a friend were seen with, and what is made of it.
#[test]
fn two_people_or_one() {
    let advocate = "payment:visa email:a phone:p device:d address:home name:jan surname:kowalski ip:line";
    for (friend, verdict, expected) in [
        ("payment:master email:b device:e address:other name:ewa surname:nowak ip:else", Verdict::Allow, vec![]),
        ("email:a name:ewa", Verdict::Reject, vec![Rule::SelfReferral]),
        ("phone:p name:ewa", Verdict::Reject, vec![Rule::SelfReferral]),
        ("name:jan address:home", Verdict::Reject, vec![Rule::SelfReferral]),
        ("name:jan", Verdict::Allow, vec![]),
        ("payment:visa device:d name:ewa", Verdict::Reject, vec![Rule::SamePayment, Rule::SameDevice]),
        ("device:d name:ewa", Verdict::Hold, vec![Rule::SameDevice]),
        ("ip:line payment:master", Verdict::Allow, vec![Rule::SamePlace]),
        // A couple: two names at one address, and two cards.
        ("address:home name:anna surname:kowalski payment:master", Verdict::Allow, vec![Rule::Household]),
        // The same with one card is for a person to decide.
        ("address:home name:anna surname:kowalski payment:visa device:e", Verdict::Hold, vec![Rule::SamePayment]),
    ] {
        let mut shop = Shop::new();
        shop.saw(1, 0, advocate).referred(1, 2, DAY, friend);
        let mut rules = shop.rules(2);
        rules.retain(|rule| expected.contains(rule) || *rule != Rule::SamePlace);
        assert_eq!((shop.assess(2).verdict, rules), (verdict, expected), "{friend}");
    }
}

/// What a single fact about the order adds.
#[test]
fn orders_that_look_strange() {
    let plain = referral(1, 2, DAY);
    let likeness = |name, mail| Likeness { name, mail };
    let after = |seconds: i64| Referral { clicked_at: Some(at(DAY - seconds)), ..plain };
    for (referral, expected) in [
        (plain, None),
        (Referral { existing_customer: true, ..plain }, Some((Rule::ExistingCustomer, 700))),
        (Referral { disposable_mail: true, ..plain }, Some((Rule::DisposableMail, 300))),
        (after(10), Some((Rule::TooQuick, 200))),
        (after(30), Some((Rule::TooQuick, 60))),
        (after(60), None),
        // Clocks differ: who seems to have ordered before the click was not quick.
        (after(-1), None),
        (Referral { likeness: likeness(Some(Thousandths(1000)), None), ..plain }, Some((Rule::AlikeName, 300))),
        (Referral { likeness: likeness(Some(Thousandths(850)), None), ..plain }, Some((Rule::AlikeName, 150))),
        (Referral { likeness: likeness(Some(Thousandths(849)), None), ..plain }, None),
        (Referral { likeness: likeness(None, Some(Thousandths(1000))), ..plain }, Some((Rule::AlikeMail, 300))),
        (Referral { order: Money(10_000), ..plain }, None),
    ] {
        let mut shop = Shop::new();
        shop.refer(referral, "payment:master");
        let found = shop.assess(2);
        let only = found.findings.first().map(|finding| (finding.rule, finding.weight));
        assert_eq!((only, found.findings.len()), (expected, usize::from(expected.is_some())), "{referral:?}");
    }
}

#[test]
fn an_earlier_customer_is_known_by_card_mail_or_telephone() {
    let mut shop = Shop::new();
    shop.saw(9, 0, "payment:visa name:ola").referred(1, 2, DAY, "payment:visa name:kasia");
    let found = shop.assess(2);
    assert_eq!((found.verdict, found.findings[0].rule), (Verdict::Hold, Rule::ExistingCustomer));
    let shared = Evidence::Shared { kind: IdentifierKind::Payment, with: member(9), parties: 2, since: at(0) };
    assert_eq!(found.findings[0].evidence, [shared]);
    // Who was seen with it only later is no earlier customer.
    let mut shop = Shop::new();
    shop.referred(1, 2, DAY, "payment:visa name:kasia").saw(9, 2 * DAY, "payment:visa name:ola");
    assert_eq!(shop.rules(2), []);
}

/// The shop's own tablet is a device of everybody, and joins nobody.
#[test]
fn a_tablet_in_the_shop_is_nobodys_own() {
    let mut shop = Shop::new();
    for party in 10..40 {
        shop.saw(party, 0, &format!("device:tablet ip:shop payment:{party}"));
    }
    shop.saw(1, 0, "device:tablet ip:shop payment:visa").referred(1, 2, DAY, "device:tablet ip:shop payment:master");
    let found = shop.assess(2);
    assert!(found.verdict == Verdict::Allow && found.score < 150, "{:?}", found.findings);
}

#[test]
fn many_at_once_are_a_famous_post_unless_they_hang_together() {
    let (mut honest, mut ring) = (Shop::new(), Shop::new());
    for friend in 0..30 {
        honest.referred(1, 100 + friend, friend * 600, &format!("device:{friend} payment:{friend} ip:mobile"));
        ring.referred(1, 100 + friend, friend * 600, &format!("device:{} ip:mobile", friend % 3));
    }
    // Telephones have one way out, which others use, too.
    for party in 0..300 {
        honest.saw(1_000 + party, 0, "ip:mobile");
    }
    assert!(honest.rules(120).contains(&Rule::AdvocateVelocity));
    assert!(honest.assess(120).verdict <= Verdict::Flag && honest.assess(120).score < 100);
    assert_eq!(ring.assess(120).verdict, Verdict::Hold);
}

#[test]
fn a_code_that_is_used_without_a_click() {
    let friends = |number: i64, clicks: i64| {
        let mut shop = Shop::new();
        for friend in 0..number {
            let clicked_at = (friend < clicks).then(|| at(friend * HOUR));
            let payment = format!("payment:{friend}");
            shop.refer(Referral { clicked_at, ..referral(1, 100 + friend, friend * HOUR + 600) }, &payment);
        }
        shop.rules(100 + number - 1).contains(&Rule::CouponSite)
    };
    assert!(friends(20, 0));
    assert!(friends(25, 5));
    assert!(!friends(40, 20), "half came by the link");
    assert!(!friends(19, 0), "a few people may have heard it from a friend");
}

/// A stretch of so many hours is as long as it says, wherever in it the friend ordered.
#[test]
fn many_friends_within_so_many_hours() {
    let spread = |hours: i64, asked: i64| {
        let mut shop = Shop::new();
        for friend in 0..11 {
            shop.referred(1, 100 + friend, friend * hours * HOUR / 10, &format!("payment:{friend}"));
        }
        shop.rules(100 + asked).contains(&Rule::AdvocateVelocity)
    };
    for asked in [0, 5, 10] {
        assert!(spread(24, asked), "eleven of them within a day: {asked}");
        assert!(spread(26, asked), "ten of them within a day: {asked}");
        assert!(!spread(44, asked), "within two days: {asked}");
    }
}

/// Whoever comes last, as anybody does when asked at the order, has as many friends around as anybody else.
#[test]
fn as_many_friends_are_seen_before_the_last_one_as_are_looked_at() {
    let policy: Policy = toml::from_str("[thresholds]\nadvocate_friends = 60\nadvocate_hours = 100").unwrap();
    let mut shop = Shop::under(policy);
    for friend in 0..60 {
        shop.referred(1, 100 + friend, friend * HOUR, &format!("payment:{friend}"));
    }
    for friend in [100, 130, 159] {
        assert!(shop.rules(friend).contains(&Rule::AdvocateVelocity), "{friend}");
    }
}

#[test]
fn nothing_is_too_quick_where_no_time_is_asked_for() {
    let policy: Policy = toml::from_str("[thresholds]\nquick_seconds = 0").unwrap();
    let mut shop = Shop::under(policy);
    shop.refer(Referral { clicked_at: Some(at(DAY)), ..referral(1, 2, DAY) }, "payment:visa");
    assert_eq!(shop.rules(2), []);
}

#[test]
fn friends_who_send_it_all_back() {
    let mut shop = Shop::new();
    for friend in 0..6 {
        shop.referred(1, 100 + friend, friend * DAY, &format!("payment:a{friend}"));
        shop.referred(2, 200 + friend, friend * DAY, &format!("payment:b{friend}"));
    }
    shop.detector.note_return(member(100));
    shop.detector.note_return(member(101));
    assert_eq!(shop.rules(105), [], "two may be chance");
    shop.detector.note_return(member(101));
    assert_eq!(shop.rules(105), [], "once is as good as twice");
    shop.detector.note_return(member(103));
    let found = shop.assess(105);
    assert_eq!((found.findings[0].rule, found.verdict), (Rule::ReturnRate, Verdict::Flag));
    assert_eq!(shop.rules(205), []);
}

#[test]
fn a_rule_that_is_switched_off_says_nothing() {
    let off: Policy = toml::from_str("[rules.same_payment]\nverdict = \"allow\"\nweight = 0").unwrap();
    let mut shop = Shop::under(off);
    shop.saw(1, 0, "payment:visa name:jan").referred(1, 2, DAY, "payment:visa name:ewa");
    assert_eq!((shop.assess(2).verdict, shop.rules(2)), (Verdict::Allow, vec![]));
}

#[test]
fn a_friend_is_recommended_once() {
    let mut shop = Shop::new();
    shop.referred(1, 2, 0, "payment:visa");
    let again = shop.detector.refer(referral(3, 2, DAY)).unwrap_err();
    assert_eq!(again.advocate, member(1));
    assert_eq!(shop.detector.assess(member(3)), None);
}
