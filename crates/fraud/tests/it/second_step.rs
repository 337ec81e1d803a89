use lojal_fraud::identifier::IdentifierKind;
use lojal_fraud::policy::{Policy, Rule, RuleSetting, Verdict};
use lojal_fraud::referral::Referral;
use lojal_fraud::second_step::{Proof, SecondStep};

use crate::house::{DAY, Shop, mark, member, referral};

/// A shop that asks those for a code who have mail to throw away.
fn shop() -> Shop {
    let setting = RuleSetting { verdict: Verdict::Verify, weight: 100 };
    let mut shop = Shop::under(Policy { rules: [(Rule::DisposableMail, setting)].into(), ..Policy::default() });
    shop.saw(2, 0, "phone:p2");
    shop.detector.refer(Referral { disposable_mail: true, ..referral(1, 2, DAY) }).unwrap();
    shop
}

#[test]
fn what_one_person_proves_tells_them_from_others_and_what_two_prove_joins_them() {
    let number = mark(IdentifierKind::Phone, "p2");
    let found = |shop: &Shop| {
        let assessment = shop.assess(2);
        (assessment.verdict, assessment.proof)
    };
    let mut shop = shop();
    assert_eq!(found(&shop), (Verdict::Verify, None));
    shop.detector.note_second_step(member(2), SecondStep::Missed);
    assert_eq!(found(&shop), (Verdict::Hold, Some(Proof::Missed)));
    shop.detector.note_second_step(member(2), SecondStep::Taken(number));
    assert_eq!(found(&shop), (Verdict::Flag, Some(Proof::Own)));
    // Somebody else turns out to have the same telephone.
    shop.saw(7, DAY, "phone:p2");
    assert_eq!(found(&shop).1, Some(Proof::Shared));
    assert!(found(&shop).0 >= Verdict::Hold);
}

#[test]
fn nothing_worse_than_the_wish_for_a_code_is_made_milder_by_it() {
    let mut shop = shop();
    shop.saw(1, 0, "phone:p2");
    shop.detector.note_second_step(member(2), SecondStep::Taken(mark(IdentifierKind::Email, "e2")));
    let assessment = shop.assess(2);
    assert_eq!(
        (assessment.verdict, assessment.proof),
        (Verdict::Reject, Some(Proof::Own)),
        "advocate and friend are one"
    );
    assert!(Verdict::Flag < Verdict::Verify && Verdict::Verify < Verdict::Hold && Verdict::Hold < Verdict::Reject);
}
