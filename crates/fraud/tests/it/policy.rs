use lojal_fraud::identifier::IdentifierKind;
use lojal_fraud::policy::{Policy, Rule, Verdict};

#[test]
fn what_is_usual_is_within_its_bounds() {
    assert_eq!(Policy::default().check(), Ok(()));
    let stated = Rule::ALL.map(|rule| (rule, rule.usual())).into();
    assert_eq!(Policy { rules: stated, ..Policy::default() }.check(), Ok(()));
}

#[test]
fn a_policy_states_what_differs() {
    let text = "
        [rules.same_device]
        verdict = \"hold\"
        weight = 650
        [thresholds]
        thin_margin = 50
        [ties.weights]
        locker = 50
        [retention.identifiers]
        ip = 30
    ";
    let policy: Policy = toml::from_str(text).unwrap();
    assert_eq!(policy.check(), Ok(()));
    assert_eq!(policy.rule(Rule::SameDevice).verdict, Verdict::Hold);
    assert_eq!(policy.rule(Rule::SamePayment), Rule::SamePayment.usual());
    assert_eq!(policy.retention.days(IdentifierKind::Ip), 30);
    assert_eq!(policy.retention.days(IdentifierKind::Payment), 365);
}

#[test]
fn codes_are_those_that_are_written() {
    for rule in Rule::ALL {
        let text = format!("[rules.{}]\nverdict = \"allow\"\nweight = 1", rule.code());
        let policy: Policy = toml::from_str(&text).unwrap();
        assert_eq!(policy.rule(rule).weight, 1, "{text}");
    }
    for kind in IdentifierKind::ALL {
        let text = format!("[identifiers]\n{} = 7\n", kind.code()).replace("identifiers", "retention.identifiers");
        assert_eq!(toml::from_str::<Policy>(&text).unwrap().retention.days(kind), 7, "{text}");
    }
}

#[test]
fn a_setting_out_of_its_bounds_is_named() {
    for (text, expected) in [
        ("[thresholds]\nlikeness = 200", "thresholds.likeness is 200: state 500 to 1000"),
        ("[thresholds]\ncoupon_orders = 61", "thresholds.coupon_orders is 61: state 2 to 60"),
        ("[scores]\nflag_from = 900", "scores.flag_from is 900: state 1 to 470"),
        ("[rules.ring]\nverdict = \"hold\"\nweight = 5000", "rules.ring.weight is 5000: state -2000 to 2000"),
        ("[ties]\nhalf_crowd = 0", "ties.half_crowd is 0: state 1 to 1000"),
        ("[ties.weights]\nip = 2000", "ties.weights.ip is 2000: state 0 to 1000"),
        ("[reach]\nparties = 100000", "reach.parties is 100000: state 2 to 1000"),
        ("[retention.identifiers]\nip = 0", "retention.identifiers.ip is 0: state 1 to 3650"),
    ] {
        let policy: Policy = toml::from_str(text).unwrap();
        let errors: Vec<String> = policy.check().unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(errors, [expected]);
    }
    assert!(toml::from_str::<Policy>("[thresholds]\nlikness = 900").is_err(), "a field that is not there");
}
