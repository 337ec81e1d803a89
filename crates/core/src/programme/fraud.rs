//! How recommendations are checked: what a shop sets beside what is usual. It is kept as plain settings by their names,
//! because the core judges no recommendations; whoever does takes what is set from here.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::compile::Compiler;
use super::finding::Place;
use super::remark::Remark;
use crate::kernel::Name;

/// Rules that may be set.
pub const CHECKS: [&str; 18] = [
    "self_referral",
    "existing_customer",
    "same_payment",
    "same_device",
    "same_place",
    "alike_name",
    "alike_mail",
    "disposable_mail",
    "advocate_velocity",
    "ip_velocity",
    "network_velocity",
    "coupon_site",
    "too_quick",
    "return_rate",
    "thin_orders",
    "ring",
    "linked_friends",
    "household",
];

/// Thresholds that may be set, and their bounds. Of an advocate's friends 60 are looked at: more are never found.
pub const THRESHOLDS: [(&str, i64, i64); 16] = [
    ("likeness", 500, 1_000),
    ("quick_seconds", 0, 3_600),
    ("advocate_friends", 2, 60),
    ("advocate_hours", 1, 24 * 31),
    ("ip_friends", 2, 60),
    ("network_friends", 2, 60),
    ("place_days", 1, 90),
    ("coupon_orders", 2, 60),
    ("coupon_days", 1, 365),
    ("coupon_share", 100, 1_000),
    ("returned_orders", 2, 60),
    ("return_factor", 1, 100),
    ("thin_margin", 0, 1_000),
    ("household_friends", 0, 20),
    ("hub_parties", 3, 10_000),
    ("hub_sources", 2, 64),
];

/// What is kept for so many days; `referrals` are who recommended whom.
pub const KEPT: [&str; 13] = [
    "payment",
    "email",
    "phone",
    "device",
    "address",
    "name",
    "mail_pattern",
    "locker",
    "ip",
    "traits",
    "network",
    "surname",
    "referrals",
];

const FURTHEST_WEIGHT: i64 = 2_000;
const HIGHEST_SCORE: i64 = 10_000;
const LONGEST_DAYS: i64 = 3_650;
const MOST_DOMAINS: i64 = 10_000;
const HIGHEST_CALLING_CODE: i64 = 999;
/// Scores from which on a recommendation is looked at, and waits.
const USUAL_FLAG: i64 = 300;
const USUAL_HOLD: i64 = 470;
/// A friend has so many days to confirm.
const USUAL_VERIFY_DAYS: i64 = 7;
const LONGEST_VERIFY_DAYS: i64 = 90;

/// Recommendations are checked, each setting beside what is usual.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FraudSection {
    /// From which score on a recommendation is shown to somebody: 300 unless stated.
    pub flag_from: Option<i64>,
    /// From which score on it waits for a person: 470 unless stated.
    pub hold_from: Option<i64>,
    /// The country's calling code, for telephone numbers that are written without one; that of the country whose time the
    /// programme keeps unless stated.
    pub calling_code: Option<i64>,
    /// For so many days a friend who was asked for a code may enter it; then a person decides: 7 unless stated.
    pub verify_days: Option<i64>,
    /// What single checks ask for, and how much they weigh.
    pub rules: IndexMap<String, CheckSection>,
    pub thresholds: IndexMap<String, i64>,
    /// For how many days after it was last seen something is kept.
    pub keep: IndexMap<String, i64>,
    /// Domains of mail to throw away, beside those that are known.
    pub throwaway_mail: Vec<String>,
}

/// What a check does when it applies in full.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CheckSection {
    pub verdict: Option<VerdictWord>,
    /// A hundred is a doubling of the odds.
    pub weight: Option<i64>,
}

/// What is to be done with a recommendation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum VerdictWord {
    Allow,
    /// Rewarded, and shown to somebody.
    Flag,
    /// Waits until the friend has entered a code that was sent to them.
    Verify,
    /// Waits for a person.
    Hold,
    Reject,
}

impl VerdictWord {
    pub fn name(self) -> &'static str {
        match self {
            VerdictWord::Allow => "allow",
            VerdictWord::Flag => "flag",
            VerdictWord::Verify => "verify",
            VerdictWord::Hold => "hold",
            VerdictWord::Reject => "reject",
        }
    }
}

/// What a shop has set. Names are those of the document, like `rules.ring.weight`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FraudSettings {
    pub numbers: BTreeMap<Name, i64>,
    pub verdicts: BTreeMap<Name, VerdictWord>,
    pub throwaway_mail: Vec<Name>,
}

impl FraudSettings {
    pub fn number(&self, name: &str) -> Option<i64> {
        self.numbers.get(name).copied()
    }

    pub fn verdict(&self, check: &str) -> Option<VerdictWord> {
        self.verdicts.get(format!("rules.{check}.verdict").as_str()).copied()
    }

    /// Whether a friend may be asked for a code.
    pub fn asks_for_codes(&self) -> bool {
        self.verdicts.values().any(|verdict| *verdict == VerdictWord::Verify)
    }

    /// For how many days a code is waited for.
    pub fn verify_days(&self) -> i64 {
        self.number("verify_days").unwrap_or(USUAL_VERIFY_DAYS)
    }
}

/// The place of a setting in the document.
pub(super) fn place_of(name: &str) -> Place {
    name.split('.').fold(Place::root().key("fraud"), |place, key| place.key(key))
}

impl Compiler<'_> {
    pub(super) fn fraud(&mut self) -> Option<FraudSettings> {
        let section = self.document.fraud.as_ref()?;
        let mut settings = FraudSettings::default();
        let flag_from = section.flag_from.unwrap_or(USUAL_FLAG);
        let hold_from = section.hold_from.unwrap_or(USUAL_HOLD);
        self.set(&mut settings, "hold_from", Some(hold_from), (1, HIGHEST_SCORE));
        self.set(&mut settings, "flag_from", Some(flag_from), (1, hold_from.max(1)));
        self.set(&mut settings, "calling_code", section.calling_code, (1, HIGHEST_CALLING_CODE));
        self.set(&mut settings, "verify_days", section.verify_days, (1, LONGEST_VERIFY_DAYS));
        for (check, stated) in &section.rules {
            if self.is_known("rules", check, &CHECKS) {
                let bounds = (-FURTHEST_WEIGHT, FURTHEST_WEIGHT);
                self.set(&mut settings, &format!("rules.{check}.weight"), stated.weight, bounds);
                let name = Name::from(format!("rules.{check}.verdict"));
                settings.verdicts.extend(stated.verdict.map(|verdict| (name, verdict)));
            }
        }
        let names = THRESHOLDS.map(|(name, ..)| name);
        for (name, number) in &section.thresholds {
            if self.is_known("thresholds", name, &names) {
                let bounds = THRESHOLDS.iter().find(|(known, ..)| known == name);
                let bounds = bounds.map_or((0, 0), |(_, least, most)| (*least, *most));
                self.set(&mut settings, &format!("thresholds.{name}"), Some(*number), bounds);
            }
        }
        for (name, days) in &section.keep {
            if self.is_known("keep", name, &KEPT) {
                self.set(&mut settings, &format!("keep.{name}"), Some(*days), (1, LONGEST_DAYS));
            }
        }
        settings.throwaway_mail = self.domains(&section.throwaway_mail);
        Some(settings)
    }

    fn set(&mut self, settings: &mut FraudSettings, name: &str, number: Option<i64>, (least, most): (i64, i64)) {
        let Some(number) = number else { return };
        if !(least..=most).contains(&number) {
            let remark = Remark::new("finding-fraud-range").plain("least", least).plain("most", most);
            self.findings.error(&place_of(name), "out_of_range", remark);
        }
        settings.numbers.insert(Name::from(name), number);
    }

    fn is_known(&mut self, section: &str, name: &str, known: &[&str]) -> bool {
        let is_known = known.contains(&name);
        if !is_known {
            let remark = Remark::new("finding-fraud-unknown").word("name", name).words("known", known);
            let place = Place::root().key("fraud").key(section).key(name);
            self.findings.error(&place, "unknown_check", remark);
        }
        is_known
    }

    fn domains(&mut self, stated: &[String]) -> Vec<Name> {
        let place = Place::root().key("fraud").key("throwaway_mail");
        if stated.len() as i64 > MOST_DOMAINS {
            let remark = Remark::new("finding-fraud-range").plain("least", 0).plain("most", MOST_DOMAINS);
            self.findings.error(&place, "too_many", remark);
        }
        for (index, domain) in stated.iter().enumerate() {
            let is_word =
                |letter: u8| letter.is_ascii_lowercase() || letter.is_ascii_digit() || b".-".contains(&letter);
            if !domain.contains('.') || domain.starts_with('.') || !domain.bytes().all(is_word) {
                let remark = Remark::new("finding-fraud-domain").word("domain", domain);
                self.findings.error(&place.index(index), "invalid_domain", remark);
            }
        }
        stated.iter().map(|domain| Name::from(domain.as_str())).collect()
    }
}
