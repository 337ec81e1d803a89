//! What a replay comes to. Money is in minor units of the programme's currency, points in the smallest
//! parts of their unit, shares in millionths.

use std::collections::BTreeMap;

use lojal_core::kernel::{Date, HolderId, Instant, Name};
use serde::Serialize;

use super::redemption::Redemption;
use crate::statistics::{Curve, Estimate, GROUPS, Watched, group, ratio, share};

/// Everything that is told about one programme under one history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outcome {
    pub programme: Name,
    pub redemption: Redemption,
    pub seed: u64,
    /// The first and the last moment.
    pub from: Option<Instant>,
    pub until: Instant,
    pub members: u64,
    /// Members with an order.
    pub buyers: u64,
    pub orders: u64,
    pub returns: u64,
    /// What was paid, net of what came back.
    pub revenue: i64,
    /// Commands that were refused, by the refusal's code.
    pub refused: BTreeMap<String, u64>,
    /// Orders after which the member could afford a reward, and how often points were spent: on a reward or at
    /// checkout.
    pub occasions: u64,
    pub redemptions: u64,
    pub units: Vec<UnitOutcome>,
    pub cost: Cost,
    pub months: Vec<Month>,
    pub ladders: Vec<LadderOutcome>,
    /// In the order of the document; one with `times` 0 never fired.
    pub rules: Vec<RuleOutcome>,
    pub rewards: Vec<RewardOutcome>,
    /// Buyers by what they paid, from the tenth who paid the least.
    pub deciles: Vec<Group>,
    /// Buyers by how many orders they made: one, two or three, up to six, up to twelve, and more.
    pub frequencies: Vec<Group>,
    /// Members by their segments; one may be in several.
    pub segments: Vec<Group>,
    pub first_reward: FirstReward,
    /// Each member's share, in the order of their ids.
    #[serde(skip)]
    pub standings: Vec<Standing>,
}

/// What moved, and what is left, in one unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Flow {
    pub issued: i64,
    /// Taken back: returns, corrections.
    pub reversed: i64,
    pub redeemed: i64,
    pub expired: i64,
    /// Earned and not yet to be spent.
    pub pending: i64,
    /// Available or held.
    pub available: i64,
    /// Owed by members.
    pub debt: i64,
}

impl Flow {
    /// What members still have.
    pub fn outstanding(&self) -> i64 {
        self.pending + self.available
    }

    /// What was given and not taken back: spent, expired, or still had. What is taken back from somebody who has
    /// spent it is owed, and counts here until it is paid.
    pub fn kept(&self) -> i64 {
        self.issued - self.reversed + self.debt
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnitOutcome {
    pub unit: Name,
    pub flow: Flow,
    /// So many are worth `worth` minor units; `None` where nothing says what the unit is worth.
    pub worth_units: i64,
    pub worth: Option<i64>,
    /// Of the points whose fate is known, the share that was spent, in millionths.
    pub spent: Estimate,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Cost {
    /// What all issued points, net of what was taken back, would cost if every one were spent. What was spent before
    /// it was taken back, and is owed for, was not taken back yet.
    pub ceiling: i64,
    /// The same, for the share of them that is spent.
    pub points: Estimate,
    /// Rewards with a value in money that rules gave for nothing.
    pub given: i64,
    /// Points and rewards, as a share of revenue, in millionths.
    pub share: Estimate,
    /// What is still to be spent at the end, if all of it is.
    pub liability_ceiling: i64,
    /// The share of it that is expected to be spent.
    pub liability: Estimate,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Month {
    /// The first day.
    pub first: Date,
    pub orders: u64,
    pub joined: u64,
    pub revenue: i64,
    /// By unit; `pending`, `available` and `debt` are those at the month's end.
    pub flows: Vec<Flow>,
    pub liability_ceiling: i64,
    pub liability: Estimate,
    /// Members at each level at the month's end, by ladder, from the base upwards.
    pub levels: Vec<Vec<i64>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LadderOutcome {
    pub ladder: Name,
    /// From the base upwards, with the members there at the end.
    pub levels: Vec<(Name, i64)>,
    /// From, to, how often.
    pub moves: Vec<(Name, Name, u64)>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleOutcome {
    pub rule: Name,
    pub campaign: bool,
    /// How often it gave something.
    pub times: u64,
    /// What it gave, net of what was taken back.
    pub points: i64,
    pub unit: Name,
    /// Whether it gives by what it multiplies: its points are in those of other rules.
    pub multiplies: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RewardOutcome {
    pub reward: Name,
    pub redeemed: u64,
    /// Given by rules.
    pub given: u64,
    /// Spent on it, net of what was rolled back.
    pub points: i64,
}

/// Some members together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Group {
    pub name: Name,
    pub members: u64,
    pub orders: u64,
    pub revenue: i64,
    /// What they were given: points, net of what was taken back, and rewards.
    pub value: i64,
    /// Members who could afford a reward at some moment.
    pub reached: u64,
}

impl Group {
    /// What they were given for what they paid, in millionths.
    pub fn rate(&self) -> i64 {
        share(self.value, self.revenue)
    }
}

/// How long it takes until a member can afford a reward for the first time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FirstReward {
    /// Members who could at some moment.
    pub reached: u64,
    /// Days from joining: a quarter, half and three quarters of them needed no more.
    pub quartiles: Option<[i64; 3]>,
    /// By the number of whole 30 days that it took.
    pub after_months: BTreeMap<i64, u64>,
}

/// One member at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub holder: HolderId,
    pub orders: u32,
    pub revenue: i64,
    pub value: i64,
    /// Days from joining to the end.
    pub days: i64,
    /// Days from joining until a reward was within reach for the first time.
    pub first_reward: Option<i64>,
}

impl Outcome {
    /// What members were given for what they paid, in millionths, as it would vary with other members like these.
    /// `None` where nobody paid anything.
    pub fn reward_rate(&self) -> Option<Estimate> {
        let (mut values, mut revenues) = ([0; GROUPS], [0; GROUPS]);
        for standing in &self.standings {
            let group = usize::from(group(standing.holder));
            values[group] += standing.value;
            revenues[group] += standing.revenue;
        }
        ratio(&values, &revenues)
    }

    /// What share of the members could afford a reward, by the days since they joined: members who joined late were
    /// not watched for as long as the others.
    pub fn reaching(&self) -> Curve {
        let watched = self.standings.iter().map(|standing| match standing.first_reward {
            Some(days) => Watched { days, happened: true },
            None => Watched { days: standing.days, happened: false },
        });
        let longest = self.standings.iter().map(|standing| standing.days).max();
        Curve::of(watched.collect(), longest.unwrap_or(0))
    }
}
