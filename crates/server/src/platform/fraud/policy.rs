//! The detector's policy, of what the programme sets.

use lojal_core::programme::fraud::{FraudSettings, VerdictWord};
use lojal_fraud::identifier::{IdentifierKind, Normalising, Numbering};
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
    let calling_code = settings.number(CALLING_CODE).and_then(|code| u16::try_from(code).ok());
    Normalising {
        disposable_domains: settings.throwaway_mail.iter().map(ToString::to_string).collect(),
        numbering: calling_code.map(Numbering::of).unwrap_or_default(),
    }
}

/// Under which the country's calling code is set.
pub(super) const CALLING_CODE: &str = "calling_code";

/// The calling code of the country whose time a programme keeps; 0 where that tells none.
pub(super) fn calling_code_of(zone: &str) -> i64 {
    const ZONES: [(&str, i64); 53] = [
        ("Europe/Warsaw", 48),
        ("Poland", 48),
        ("Europe/Berlin", 49),
        ("Europe/Busingen", 49),
        ("Europe/Prague", 420),
        ("Europe/Bratislava", 421),
        ("Europe/Kyiv", 380),
        ("Europe/Kiev", 380),
        ("Europe/Vilnius", 370),
        ("Europe/Riga", 371),
        ("Europe/Tallinn", 372),
        ("Europe/London", 44),
        ("Europe/Dublin", 353),
        ("Europe/Paris", 33),
        ("Europe/Madrid", 34),
        ("Atlantic/Canary", 34),
        ("Europe/Lisbon", 351),
        ("Atlantic/Madeira", 351),
        ("Europe/Rome", 39),
        ("Europe/Amsterdam", 31),
        ("Europe/Brussels", 32),
        ("Europe/Luxembourg", 352),
        ("Europe/Zurich", 41),
        ("Europe/Vienna", 43),
        ("Europe/Copenhagen", 45),
        ("Europe/Stockholm", 46),
        ("Europe/Oslo", 47),
        ("Europe/Helsinki", 358),
        ("Atlantic/Reykjavik", 354),
        ("Europe/Budapest", 36),
        ("Europe/Bucharest", 40),
        ("Europe/Sofia", 359),
        ("Europe/Athens", 30),
        ("Europe/Zagreb", 385),
        ("Europe/Ljubljana", 386),
        ("Europe/Belgrade", 381),
        ("Europe/Sarajevo", 387),
        ("Europe/Skopje", 389),
        ("Europe/Podgorica", 382),
        ("Europe/Tirane", 355),
        ("Europe/Chisinau", 373),
        ("Europe/Malta", 356),
        ("Asia/Nicosia", 357),
        ("Europe/Istanbul", 90),
        ("America/New_York", 1),
        ("America/Chicago", 1),
        ("America/Denver", 1),
        ("America/Phoenix", 1),
        ("America/Los_Angeles", 1),
        ("America/Anchorage", 1),
        ("Pacific/Honolulu", 1),
        ("America/Toronto", 1),
        ("America/Vancouver", 1),
    ];
    ZONES.into_iter().find(|(known, _)| *known == zone).map_or(0, |(_, code)| code)
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
        let numbers =
            [("rules.ring.weight", 1), ("hold_from", 900), ("keep.ip", 7), ("keep.referrals", 8), ("calling_code", 44)];
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
        assert_eq!(normalising_of(&settings).numbering, Numbering::of(44));
    }

    #[test]
    fn a_country_is_known_by_its_time() {
        for (zone, code) in [("Europe/Warsaw", 48), ("Europe/Prague", 420), ("Europe/Madrid", 34), ("UTC", 0)] {
            assert_eq!(calling_code_of(zone), code, "{zone}");
        }
    }
}
