//! The detector's policy, of what the programme sets.

use lojal_core::programme::fraud::{FraudSettings, VerdictWord};
use lojal_fraud::identifier::{IdentifierKind, Normalising};
use lojal_fraud::policy::{Policy, Rule, RuleSetting, Verdict};

/// What is set, beside what is usual.
pub fn policy_of(settings: &FraudSettings) -> Policy {
    let mut policy = Policy::default();
    for rule in Rule::ALL {
        let usual = rule.usual();
        let weight = settings.number(&format!("rules.{}.weight", rule.code()));
        let setting = RuleSetting {
            verdict: settings.verdict(rule.code()).map_or(usual.verdict, verdict_of),
            weight: weight.and_then(|weight| i32::try_from(weight).ok()).unwrap_or(usual.weight),
        };
        if setting != usual {
            policy.rules.insert(rule, setting);
        }
    }
    let score =
        |name: &str, usual: i32| settings.number(name).and_then(|score| i32::try_from(score).ok()).unwrap_or(usual);
    policy.scores.flag_from = score("flag_from", policy.scores.flag_from);
    policy.scores.hold_from = score("hold_from", policy.scores.hold_from);
    thresholds(settings, &mut policy);
    for kind in IdentifierKind::ALL {
        let days = settings.number(&format!("keep.{}", kind.code())).and_then(|days| u32::try_from(days).ok());
        policy.retention.identifiers.extend(days.map(|days| (kind, days)));
    }
    let referrals = settings.number("keep.referrals").and_then(|days| u32::try_from(days).ok());
    policy.retention.referrals = referrals.unwrap_or(policy.retention.referrals);
    policy
}

fn thresholds(settings: &FraudSettings, policy: &mut Policy) {
    let thresholds = &mut policy.thresholds;
    for (name, field) in [
        ("likeness", &mut thresholds.likeness.0),
        ("quick_seconds", &mut thresholds.quick_seconds),
        ("advocate_friends", &mut thresholds.advocate_friends),
        ("advocate_hours", &mut thresholds.advocate_hours),
        ("ip_friends", &mut thresholds.ip_friends),
        ("network_friends", &mut thresholds.network_friends),
        ("place_days", &mut thresholds.place_days),
        ("coupon_orders", &mut thresholds.coupon_orders),
        ("coupon_days", &mut thresholds.coupon_days),
        ("coupon_share", &mut thresholds.coupon_share.0),
        ("returned_orders", &mut thresholds.returned_orders),
        ("return_factor", &mut thresholds.return_factor),
        ("thin_margin", &mut thresholds.thin_margin.0),
        ("household_friends", &mut thresholds.household_friends),
        ("hub_parties", &mut thresholds.hub_parties),
        ("hub_sources", &mut thresholds.hub_sources),
    ] {
        let stated = settings.number(&format!("thresholds.{name}")).and_then(|number| u32::try_from(number).ok());
        *field = stated.unwrap_or(*field);
    }
}

/// How identifiers are brought into order under what is set.
pub fn normalising_of(settings: &FraudSettings) -> Normalising {
    Normalising {
        disposable_domains: settings.throwaway_mail.iter().map(ToString::to_string).collect(),
        ..Normalising::default()
    }
}

fn verdict_of(word: VerdictWord) -> Verdict {
    match word {
        VerdictWord::Allow => Verdict::Allow,
        VerdictWord::Flag => Verdict::Flag,
        VerdictWord::Verify => Verdict::Verify,
        VerdictWord::Hold => Verdict::Hold,
        VerdictWord::Reject => Verdict::Reject,
    }
}

#[cfg(test)]
mod tests {
    use lojal_core::kernel::Name;
    use lojal_core::programme::fraud::{CHECKS, KEPT, THRESHOLDS};

    use super::*;

    /// What may be set in a programme is what the detector has, within its bounds.
    #[test]
    fn the_programme_and_the_detector_speak_of_the_same() {
        assert_eq!(CHECKS, Rule::ALL.map(Rule::code));
        let kinds: Vec<&str> = IdentifierKind::ALL.iter().map(|kind| kind.code()).chain(["referrals"]).collect();
        assert_eq!(KEPT.as_slice(), kinds);
        let usual = policy_of(&FraudSettings::default());
        assert_eq!(usual, Policy::default());
        for (name, least, most) in THRESHOLDS {
            let key = format!("thresholds.{name}");
            for (number, is_sound) in [(least, true), (most, true), (least - 1, least == 0), (most + 1, false)] {
                let numbers = [(Name::from(key.as_str()), number)].into();
                let policy = policy_of(&FraudSettings { numbers, ..FraudSettings::default() });
                assert_eq!(policy.check().is_ok(), is_sound, "{key} {number}");
                assert!(policy != usual || number < 0 || number == usual_of(name), "{key} {number} is not taken");
            }
        }
    }

    fn usual_of(name: &str) -> i64 {
        let text = toml::to_string(&Policy::default().thresholds).unwrap();
        toml::from_str::<toml::Table>(&text).unwrap()[name].as_integer().unwrap()
    }

    #[test]
    fn what_is_set_is_taken() {
        let numbers = [("rules.ring.weight", 1), ("hold_from", 900), ("keep.ip", 7), ("keep.referrals", 8)];
        let settings = FraudSettings {
            numbers: numbers.into_iter().map(|(name, number)| (Name::from(name), number)).collect(),
            verdicts: [(Name::from("rules.ring.verdict"), VerdictWord::Reject)].into(),
            throwaway_mail: vec![Name::from("away.example")],
        };
        let policy = policy_of(&settings);
        assert_eq!(policy.rule(Rule::Ring), RuleSetting { verdict: Verdict::Reject, weight: 1 });
        assert_eq!((policy.scores.hold_from, policy.retention.referrals), (900, 8));
        assert_eq!(policy.retention.days(IdentifierKind::Ip), 7);
        assert_eq!(normalising_of(&settings).disposable_domains, ["away.example"]);
    }
}
