//! How points were arrived at: the numbers that were executed.

use std::borrow::Cow;

use serde::{Deserialize, Serialize, Serializer};

use crate::kernel::{Factor, Money, Name, Window};

/// Where a multiplier came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MultiplierSource {
    /// A level of a tier ladder.
    Tier(Name),
    /// An earning rule or campaign that multiplies.
    Rule(Name),
    /// Several members share in it.
    Share,
}

/// A limit that cut an award short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// The rule's own cap within one order.
    RuleOrder { most: i64 },
    /// The rule's own cap within a window.
    Rule { window: Window, most: i64 },
    /// The unit's cap on what a member may earn within a window.
    Unit { window: Window, most: i64 },
    /// A campaign's budget, with what was left of it.
    Budget { campaign: Name, left: i64 },
}

/// How the points of one earning rule were arrived at. The numbers that were executed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "WrittenReckoning")]
pub struct Reckoning {
    pub rule: Name,
    /// What the rule counted.
    pub basis: Basis,
    pub multipliers: Vec<(MultiplierSource, Factor)>,
    /// After multipliers and rounding, before limits.
    pub before_limits: i64,
    pub limits: Vec<Limit>,
    /// What the rule gives for this activity as it now stands.
    pub points: i64,
}

/// A reckoning as it is written: mostly no limit changes the points.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenReckoning<'a> {
    rule: Cow<'a, Name>,
    basis: Cow<'a, Basis>,
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    multipliers: Cow<'a, [(MultiplierSource, Factor)]>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    before_limits: Option<i64>,
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    limits: Cow<'a, [Limit]>,
    points: i64,
}

impl Serialize for Reckoning {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let written = WrittenReckoning {
            rule: Cow::Borrowed(&self.rule),
            basis: Cow::Borrowed(&self.basis),
            multipliers: Cow::Borrowed(&self.multipliers),
            before_limits: Some(self.before_limits).filter(|before| *before != self.points),
            limits: Cow::Borrowed(&self.limits),
            points: self.points,
        };
        written.serialize(serializer)
    }
}

impl From<WrittenReckoning<'_>> for Reckoning {
    fn from(written: WrittenReckoning<'_>) -> Reckoning {
        Reckoning {
            rule: written.rule.into_owned(),
            basis: written.basis.into_owned(),
            multipliers: written.multipliers.into_owned(),
            before_limits: written.before_limits.unwrap_or(written.points),
            limits: written.limits.into_owned(),
            points: written.points,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// `rate` points for each `per` of `amount`; what is less than a whole point is dropped, or
    /// carried to the next order.
    Amount {
        amount: Money,
        #[serde(default = "one", skip_serializing_if = "is_one")]
        rate: Factor,
        per: Money,
        #[serde(default, skip_serializing_if = "is_false")]
        carried: bool,
    },
    /// `each` points for each of `pieces`.
    Pieces { pieces: i64, each: i64 },
    /// A fixed number.
    Fixed { points: i64 },
    /// `rate` points for each `per` of an activity's attribute.
    Attribute {
        attribute: Name,
        value: i64,
        #[serde(default = "one", skip_serializing_if = "is_one")]
        rate: Factor,
        per: i64,
    },
}

fn one() -> Factor {
    Factor::ONE
}

fn is_one(factor: &Factor) -> bool {
    *factor == Factor::ONE
}

fn is_false(flag: &bool) -> bool {
    !flag
}
