//! What a shop can set, as plain data: verdicts and weights of the rules, thresholds, how identifiers join
//! people, how far is looked, and how long things are kept.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::identifier::{IdentifierKind, Nature};
use crate::scale::Thousandths;

/// What is to be done with a referral, the mildest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    #[default]
    Allow,
    /// Rewarded, and shown to somebody.
    Flag,
    /// Waits until the friend has taken a second step: entered a code that was sent to them.
    Verify,
    /// Waits for a person, for however long that takes.
    Hold,
    Reject,
}

/// What speaks for or against a referral. Each is weighed by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Advocate and friend are the same person by mail, telephone, or name together with something else.
    SelfReferral,
    /// The friend is a customer already, under this or another account.
    ExistingCustomer,
    SamePayment,
    SameDevice,
    /// Advocate and friend share what is around many: an address, a line, a browser's traits.
    SamePlace,
    AlikeName,
    AlikeMail,
    DisposableMail,
    /// Many friends of one advocate in a short time.
    AdvocateVelocity,
    /// Several friends of one advocate on one line.
    IpVelocity,
    NetworkVelocity,
    /// A code that many use who never clicked a link.
    CouponSite,
    /// Ordered sooner after the click than anybody could read.
    TooQuick,
    /// An advocate's friends return far more than others.
    ReturnRate,
    /// Friend after friend orders for hardly more than is needed.
    ThinOrders,
    /// The friend hangs together with other friends of the same advocates.
    Ring,
    /// Other friends of the advocate hang together; this one does not.
    LinkedFriends,
    /// Advocate and friend are two people who live together; speaks for them.
    Household,
}

impl Rule {
    pub const ALL: [Rule; 18] = [
        Rule::SelfReferral,
        Rule::ExistingCustomer,
        Rule::SamePayment,
        Rule::SameDevice,
        Rule::SamePlace,
        Rule::AlikeName,
        Rule::AlikeMail,
        Rule::DisposableMail,
        Rule::AdvocateVelocity,
        Rule::IpVelocity,
        Rule::NetworkVelocity,
        Rule::CouponSite,
        Rule::TooQuick,
        Rule::ReturnRate,
        Rule::ThinOrders,
        Rule::Ring,
        Rule::LinkedFriends,
        Rule::Household,
    ];

    /// As it is written in a policy.
    pub fn code(self) -> &'static str {
        match self {
            Rule::SelfReferral => "self_referral",
            Rule::ExistingCustomer => "existing_customer",
            Rule::SamePayment => "same_payment",
            Rule::SameDevice => "same_device",
            Rule::SamePlace => "same_place",
            Rule::AlikeName => "alike_name",
            Rule::AlikeMail => "alike_mail",
            Rule::DisposableMail => "disposable_mail",
            Rule::AdvocateVelocity => "advocate_velocity",
            Rule::IpVelocity => "ip_velocity",
            Rule::NetworkVelocity => "network_velocity",
            Rule::CouponSite => "coupon_site",
            Rule::TooQuick => "too_quick",
            Rule::ReturnRate => "return_rate",
            Rule::ThinOrders => "thin_orders",
            Rule::Ring => "ring",
            Rule::LinkedFriends => "linked_friends",
            Rule::Household => "household",
        }
    }

    /// What holds unless a policy says otherwise.
    pub fn usual(self) -> RuleSetting {
        let (verdict, weight) = match self {
            Rule::SelfReferral => (Verdict::Reject, 1_000),
            Rule::ExistingCustomer => (Verdict::Hold, 700),
            Rule::SamePayment => (Verdict::Reject, 600),
            Rule::SameDevice => (Verdict::Flag, 500),
            Rule::SamePlace => (Verdict::Allow, 200),
            Rule::AlikeName => (Verdict::Flag, 300),
            Rule::AlikeMail => (Verdict::Flag, 300),
            Rule::DisposableMail => (Verdict::Flag, 300),
            Rule::AdvocateVelocity => (Verdict::Flag, 100),
            Rule::IpVelocity => (Verdict::Flag, 200),
            Rule::NetworkVelocity => (Verdict::Allow, 50),
            Rule::CouponSite => (Verdict::Flag, 520),
            Rule::TooQuick => (Verdict::Flag, 200),
            Rule::ReturnRate => (Verdict::Flag, 700),
            Rule::ThinOrders => (Verdict::Allow, 250),
            Rule::Ring => (Verdict::Flag, 900),
            Rule::LinkedFriends => (Verdict::Allow, 200),
            Rule::Household => (Verdict::Allow, -100),
        };
        RuleSetting { verdict, weight }
    }
}

/// What a rule does when it applies in full. A hundred of weight is a doubling of the odds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleSetting {
    pub verdict: Verdict,
    pub weight: i32,
}

/// From which score on, beside the verdicts of single rules, a referral is looked at or waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Scores {
    pub flag_from: i32,
    pub hold_from: i32,
}

impl Default for Scores {
    fn default() -> Scores {
        Scores { flag_from: 300, hold_from: 470 }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Thresholds {
    /// From which likeness on names and mail addresses count as alike.
    pub likeness: Thousandths,
    /// An order this soon after the click is too quick.
    pub quick_seconds: u32,
    /// This many friends of an advocate within so many hours are many.
    pub advocate_friends: u32,
    pub advocate_hours: u32,
    /// This many friends of an advocate on one line, or in one network, within so many days are many.
    pub ip_friends: u32,
    pub network_friends: u32,
    pub place_days: u32,
    /// This many orders without a click within so many days, if they are such a share of the advocate's.
    pub coupon_orders: u32,
    pub coupon_days: u32,
    pub coupon_share: Thousandths,
    /// From this many returns of an advocate's friends on, if their share is so many times that of everybody's.
    pub returned_orders: u32,
    pub return_factor: u32,
    /// Up to this share above what a friend has to order for, an order is thin.
    pub thin_margin: Thousandths,
    /// More friends than this at the advocate's own address are no household.
    pub household_friends: u32,
    /// A strong identifier of this many parties from so many sources belongs to the shop or a café.
    pub hub_parties: u32,
    pub hub_sources: u32,
}

impl Default for Thresholds {
    fn default() -> Thresholds {
        Thresholds {
            likeness: Thousandths(850),
            quick_seconds: 10,
            advocate_friends: 10,
            advocate_hours: 24,
            ip_friends: 3,
            network_friends: 6,
            place_days: 7,
            coupon_orders: 20,
            coupon_days: 14,
            coupon_share: Thousandths(700),
            returned_orders: 3,
            return_factor: 3,
            thin_margin: Thousandths(100),
            household_friends: 4,
            hub_parties: 6,
            hub_sources: 5,
        }
    }
}

/// How much each kind of identifier joins two people who share it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Ties {
    /// Beside what is usual.
    pub weights: BTreeMap<IdentifierKind, Thousandths>,
    /// With so many others around, something ambient says half as much.
    pub half_crowd: u32,
    /// From which weight on two people hang together.
    pub least: Thousandths,
}

impl Default for Ties {
    fn default() -> Ties {
        Ties { weights: BTreeMap::new(), half_crowd: 4, least: Thousandths(300) }
    }
}

impl Ties {
    /// Where `crowd` others share it as well. Only what is ambient says less for that: who has a card in common
    /// with ten people has it in common with each of them.
    pub fn weight(&self, kind: IdentifierKind, crowd: usize) -> Thousandths {
        let whole = self.weights.get(&kind).copied().unwrap_or_else(|| usual_tie(kind));
        match kind.nature() {
            Nature::Strong => whole,
            Nature::Ambient => self.discounted(whole, crowd),
        }
    }

    /// What an ambient weight comes to in a crowd.
    pub fn discounted(&self, whole: Thousandths, crowd: usize) -> Thousandths {
        let half = u64::from(self.half_crowd.max(1));
        whole.times(Thousandths::of(half, half + crowd as u64))
    }
}

fn usual_tie(kind: IdentifierKind) -> Thousandths {
    Thousandths(match kind {
        IdentifierKind::Payment | IdentifierKind::Email => 1_000,
        IdentifierKind::Phone => 900,
        IdentifierKind::Device => 800,
        IdentifierKind::Address => 350,
        IdentifierKind::Name => 350,
        IdentifierKind::MailPattern => 350,
        IdentifierKind::Locker => 150,
        IdentifierKind::Ip => 250,
        IdentifierKind::Traits => 150,
        IdentifierKind::Network => 80,
        IdentifierKind::Surname => 0,
    })
}

/// How far is looked around a referral. Bounds what an assessment costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Reach {
    /// The advocate's latest friends that are looked at.
    pub friends: usize,
    /// Parties in all.
    pub parties: usize,
    /// A mark of more parties leads to none of them.
    pub widest: usize,
    /// Marks of one party that are looked at, stronger kinds first.
    pub marks: usize,
}

impl Default for Reach {
    fn default() -> Reach {
        Reach { friends: 60, parties: 150, widest: 64, marks: 32 }
    }
}

/// For how many days after it was last seen something is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Retention {
    /// Beside what is usual.
    pub identifiers: BTreeMap<IdentifierKind, u32>,
    pub referrals: u32,
}

impl Default for Retention {
    fn default() -> Retention {
        Retention { identifiers: BTreeMap::new(), referrals: 365 }
    }
}

impl Retention {
    /// What is around many changes hands sooner, and is kept for less.
    pub fn days(&self, kind: IdentifierKind) -> u32 {
        let usual = match kind {
            IdentifierKind::Ip | IdentifierKind::Network | IdentifierKind::Traits | IdentifierKind::Locker => 90,
            _ => 365,
        };
        self.identifiers.get(&kind).copied().unwrap_or(usual)
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// Beside what is usual.
    pub rules: BTreeMap<Rule, RuleSetting>,
    pub scores: Scores,
    pub thresholds: Thresholds,
    pub ties: Ties,
    pub reach: Reach,
    pub retention: Retention,
}

/// A setting out of its bounds.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field} is {value}: state {least} to {most}")]
pub struct PolicyError {
    pub field: String,
    pub value: i64,
    pub least: i64,
    pub most: i64,
}

impl Policy {
    pub fn rule(&self, rule: Rule) -> RuleSetting {
        self.rules.get(&rule).copied().unwrap_or_else(|| rule.usual())
    }

    /// Everything that is out of its bounds, by its field.
    pub fn check(&self) -> Result<(), Vec<PolicyError>> {
        let mut errors = Vec::new();
        let mut within = |field: String, value: i64, least: i64, most: i64| {
            if !(least..=most).contains(&value) {
                errors.push(PolicyError { field, value, least, most });
            }
        };
        for (rule, setting) in &self.rules {
            within(format!("rules.{}.weight", rule.code()), setting.weight.into(), -2_000, 2_000);
        }
        within("scores.flag_from".to_owned(), self.scores.flag_from.into(), 1, self.scores.hold_from.into());
        within("scores.hold_from".to_owned(), self.scores.hold_from.into(), 1, 10_000);
        let thresholds = &self.thresholds;
        // More friends than are looked at can never be found.
        let friends = i64::try_from(self.reach.friends).unwrap_or(i64::MAX);
        for (name, value, least, most) in [
            ("likeness", thresholds.likeness.0, 500, 1_000),
            ("quick_seconds", thresholds.quick_seconds, 0, 3_600),
            ("advocate_friends", thresholds.advocate_friends, 2, friends),
            ("advocate_hours", thresholds.advocate_hours, 1, 24 * 31),
            ("ip_friends", thresholds.ip_friends, 2, friends),
            ("network_friends", thresholds.network_friends, 2, friends),
            ("place_days", thresholds.place_days, 1, 90),
            ("coupon_orders", thresholds.coupon_orders, 2, friends),
            ("coupon_days", thresholds.coupon_days, 1, 365),
            ("coupon_share", thresholds.coupon_share.0, 100, 1_000),
            ("returned_orders", thresholds.returned_orders, 2, friends),
            ("return_factor", thresholds.return_factor, 1, 100),
            ("thin_margin", thresholds.thin_margin.0, 0, 1_000),
            ("household_friends", thresholds.household_friends, 0, 20),
            ("hub_parties", thresholds.hub_parties, 3, 10_000),
            ("hub_sources", thresholds.hub_sources, 2, 64),
        ] {
            within(format!("thresholds.{name}"), value.into(), least, most);
        }
        for (kind, weight) in &self.ties.weights {
            within(format!("ties.weights.{}", kind.code()), weight.0.into(), 0, 1_000);
        }
        within("ties.half_crowd".to_owned(), self.ties.half_crowd.into(), 1, 1_000);
        within("ties.least".to_owned(), self.ties.least.0.into(), 1, 1_000);
        let reach = &self.reach;
        for (name, value, most) in [
            ("friends", reach.friends, 500),
            ("parties", reach.parties, 1_000),
            ("widest", reach.widest, 1_000),
            ("marks", reach.marks, 200),
        ] {
            within(format!("reach.{name}"), i64::try_from(value).unwrap_or(i64::MAX), 2, most);
        }
        for (kind, days) in &self.retention.identifiers {
            within(format!("retention.identifiers.{}", kind.code()), (*days).into(), 1, 3_650);
        }
        within("retention.referrals".to_owned(), self.retention.referrals.into(), 1, 3_650);
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}
