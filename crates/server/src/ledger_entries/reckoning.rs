//! How points were reckoned, as JSON.

use lojal_core::decision::{Basis, Limit, MultiplierSource, Reckoning};
use lojal_core::kernel::Factor;
use serde::Serialize;
use utoipa::ToSchema;

use super::reason::{Teller, WindowJson};

/// How the points of one earning rule were arrived at.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = Reckoning)]
pub struct ReckoningJson {
    /// The rule's id in the programme.
    rule: String,
    basis: BasisJson,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    multipliers: Vec<MultiplierJson>,
    /// After multipliers and rounding, before limits.
    before_limits: i64,
    /// Limits that cut it short.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    limits: Vec<LimitJson>,
    /// What the rule gives.
    points: i64,
}

/// What a rule counted.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = Basis)]
#[serde(tag = "counted", rename_all = "snake_case")]
pub enum BasisJson {
    /// `rate` points for each `per` of `amount`.
    Amount {
        amount: String,
        rate: String,
        per: String,
        /// Whether what is less than a whole point is carried to the next order.
        carried: bool,
    },
    Pieces {
        pieces: i64,
        each: i64,
    },
    Fixed {
        points: i64,
    },
    Attribute {
        attribute: String,
        value: i64,
        rate: String,
        per: i64,
    },
}

/// A tier level or a rule that multiplies.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = Multiplier)]
pub struct MultiplierJson {
    #[serde(skip_serializing_if = "Option::is_none")]
    tier: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<String>,
    /// The member's share in what several members share in.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    share: bool,
    #[schema(example = "1.5")]
    factor: String,
}

#[derive(Clone, Serialize, ToSchema)]
#[schema(as = Limit)]
#[serde(tag = "limit", rename_all = "snake_case")]
pub enum LimitJson {
    /// The rule's own cap within one order.
    RuleOrder { most: i64 },
    /// The rule's own cap within a window.
    Rule { window: WindowJson, most: i64 },
    /// The unit's cap on what a member may earn within a window.
    Unit { window: WindowJson, most: i64 },
    /// A campaign's budget, with what was left of it.
    Budget { campaign: String, left: i64 },
}

impl Teller<'_> {
    pub(super) fn reckoning(&self, reckoning: &Reckoning) -> ReckoningJson {
        let basis = match &reckoning.basis {
            Basis::Amount { amount, rate, per, carried } => BasisJson::Amount {
                amount: self.money(*amount),
                rate: rate.to_string(),
                per: self.money(*per),
                carried: *carried,
            },
            Basis::Pieces { pieces, each } => BasisJson::Pieces { pieces: *pieces, each: *each },
            Basis::Fixed { points } => BasisJson::Fixed { points: *points },
            Basis::Attribute { attribute, value, rate, per } => BasisJson::Attribute {
                attribute: attribute.to_string(),
                value: *value,
                rate: rate.to_string(),
                per: *per,
            },
        };
        ReckoningJson {
            rule: reckoning.rule.to_string(),
            basis,
            multipliers: reckoning.multipliers.iter().map(multiplier).collect(),
            before_limits: reckoning.before_limits,
            limits: reckoning.limits.iter().map(limit).collect(),
            points: reckoning.points,
        }
    }
}

fn multiplier((source, factor): &(MultiplierSource, Factor)) -> MultiplierJson {
    let (tier, rule, share) = match source {
        MultiplierSource::Tier(level) => (Some(level.to_string()), None, false),
        MultiplierSource::Rule(rule) => (None, Some(rule.to_string()), false),
        MultiplierSource::Share => (None, None, true),
    };
    MultiplierJson { tier, rule, share, factor: factor.to_string() }
}

fn limit(limit: &Limit) -> LimitJson {
    match limit {
        Limit::RuleOrder { most } => LimitJson::RuleOrder { most: *most },
        Limit::Rule { window, most } => LimitJson::Rule { window: (*window).into(), most: *most },
        Limit::Unit { window, most } => LimitJson::Unit { window: (*window).into(), most: *most },
        Limit::Budget { campaign, left } => LimitJson::Budget { campaign: campaign.to_string(), left: *left },
    }
}
