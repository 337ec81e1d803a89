//! The types of a recommendation, on the friend's side and on the advocate's.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::activity::{Activity, Value, builtin};
use crate::decision::JudgedActivity;
use crate::kernel::{Instant, MemberId, Name, TransactionId, Window, microseconds};

/// The clocks of a shop and of this house may differ by so much, and a shop may state whole seconds: what seems to have
/// happened so little before a recommendation may have come after it.
pub const CLOCKS_DIFFER: SignedDuration = SignedDuration::from_hours(1);

/// An advocate's share in a friend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credit {
    pub advocate: MemberId,
    /// In percent; those of one friend make a hundred.
    pub share: i64,
}

/// How somebody came: by whom, by what, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Introduction {
    /// The edition; where none is named, the first one that ran when the friend was recommended and is meant for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referral: Option<Name>,
    pub credits: Vec<Credit>,
    /// When the advocate was credited with it: the click, or the moment when the code was typed.
    #[serde(with = "microseconds")]
    pub touched_at: Instant,
    /// When the friend came: joined, or ordered.
    #[serde(with = "microseconds")]
    pub came_at: Instant,
    /// How the recommendation was passed on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Name>,
}

impl Introduction {
    /// Whether the same is said, whichever edition it would fall under by now.
    pub fn is_like(&self, other: &Introduction) -> bool {
        let Introduction { referral: _, credits, touched_at, came_at, channel } = self;
        (credits, touched_at, came_at, channel) == (&other.credits, &other.touched_at, &other.came_at, &other.channel)
    }
}

/// What is thought of a recommendation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Allow,
    /// A person has to look.
    Hold,
    Reject,
}

/// Who thinks so. A person outranks the detector.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Judge {
    Detector,
    Person,
}

/// What a friend did that the edition asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ground {
    /// The order, or `activity/external id`.
    pub name: Name,
    #[serde(with = "microseconds")]
    pub at: Instant,
    /// Of an order: what is kept of it, in minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<i64>,
}

/// Something that fulfils the terms, and until when it has to stand: until a delivery that is still to come where
/// nothing is said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fulfilled {
    pub ground: Ground,
    #[serde(default, with = "microseconds::option", skip_serializing_if = "Option::is_none")]
    pub until: Option<Instant>,
}

/// Why a recommendation came to nothing by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lapse {
    /// The time in which the friend could qualify is over.
    Deadline,
    /// The friend left the programme.
    Left,
    /// The friend turned out to have another account.
    Merged,
}

/// Why a recommendation is not recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rejection {
    /// No edition ran at that time.
    NotRunning,
    /// The friend is not one of those whom the edition is meant for: a customer already, as a rule.
    NotEligible,
    /// The friend came later than the edition's window, or before being recommended.
    OutsideWindow,
    /// Advocate and friend are one person.
    SelfReferral,
    /// As many friends as the edition has room for have qualified.
    BudgetSpent,
    /// It was found to be made up.
    Fraud,
}

/// How far a recommendation has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    Joined,
    /// The friend did what is asked for; it has to stand until then, or until a delivery that is still to come.
    Waiting {
        ground: Ground,
        #[serde(default, with = "microseconds::option", skip_serializing_if = "Option::is_none")]
        until: Option<Instant>,
    },
    /// Everything is there but the detector's word.
    Ripe {
        ground: Ground,
    },
    /// A person's word is waited for.
    Held {
        ground: Ground,
        /// As while it waits: whatever a person says, it has to stand until then.
        #[serde(default = "over", with = "microseconds::option")]
        until: Option<Instant>,
    },
    Qualified {
        ground: Ground,
        #[serde(with = "microseconds")]
        at: Instant,
    },
    /// It had counted, and what it rested on came back.
    Reversed,
    Expired {
        lapse: Lapse,
    },
    Rejected {
        rejection: Rejection,
        by: Judge,
        /// What it would rest on, if the rejection were taken back.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ground: Option<Ground>,
        /// As while it waits.
        #[serde(default = "over", with = "microseconds::option")]
        until: Option<Instant>,
    },
}

/// The same, as it is told to people and programs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Step {
    Joined,
    Ordered {
        #[serde(default, with = "microseconds::option", skip_serializing_if = "Option::is_none")]
        until: Option<Instant>,
    },
    /// It is being looked at.
    Checking,
    Held,
    Qualified {
        #[serde(with = "microseconds")]
        at: Instant,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        total: Option<i64>,
    },
    Reversed,
    Expired {
        lapse: Lapse,
    },
    Rejected {
        rejection: Rejection,
    },
}

impl Step {
    /// Whether both are the same state, whatever their particulars.
    pub fn is_like(&self, other: &Step) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }

    /// Since when it counts; none where it does not.
    pub fn qualified_at(&self) -> Option<Instant> {
        match self {
            Step::Qualified { at, .. } => Some(*at),
            _ => None,
        }
    }

    /// Whether the friend is recognised as having come by the recommendation, whatever became of it. That the budget was
    /// spent when they qualified is nobody's fault.
    pub fn has_come(&self) -> bool {
        match self {
            Step::Rejected { rejection } => *rejection == Rejection::BudgetSpent,
            _ => true,
        }
    }

    /// Its name in an API.
    pub fn name(&self) -> &'static str {
        match self {
            Step::Joined => "joined",
            Step::Ordered { .. } => "ordered",
            Step::Checking => "checking",
            Step::Held => "held",
            Step::Qualified { .. } => "qualified",
            Step::Reversed => "reversed",
            Step::Expired { .. } => "expired",
            Step::Rejected { .. } => "rejected",
        }
    }
}

/// The friend's side of a recommendation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferralState {
    /// The edition.
    pub referral: Name,
    /// The programme version whose terms hold, from beginning to end.
    pub version: u32,
    /// The transaction with which it began.
    pub began: TransactionId,
    pub introduction: Introduction,
    /// Those whom the friend is credited to still.
    pub credits: Vec<Credit>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<Name>,
    /// How often advocates have been told.
    pub sequence: u32,
    pub stage: Stage,
    /// The detector asked for a person's word before everything was there.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_doubted: bool,
    /// A person has said that it is right, and has not taken that back: nobody is asked again.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_cleared: bool,
    /// What it rests on came back, and by the edition's terms it counts all the same.
    #[serde(default, skip_serializing_if = "is_false")]
    pub came_back: bool,
    /// What else the friend did that fulfils the terms, should the first come back; the earliest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<Fulfilled>,
    /// The last moment at which the friend can qualify.
    #[serde(default, with = "microseconds::option", skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Instant>,
    /// What the friend was given for coming.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub welcome: Option<Box<JudgedActivity>>,
    /// What the friend was given for qualifying.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reward: Option<Box<JudgedActivity>>,
    /// Whether the edition's budget was drawn from.
    #[serde(default, skip_serializing_if = "is_false")]
    pub drawn: bool,
}

impl ReferralState {
    pub fn step(&self) -> Step {
        match &self.stage {
            Stage::Joined => Step::Joined,
            Stage::Waiting { until, .. } => Step::Ordered { until: *until },
            Stage::Ripe { .. } => Step::Checking,
            Stage::Held { .. } => Step::Held,
            Stage::Qualified { ground, at } => Step::Qualified { at: *at, total: ground.total },
            Stage::Reversed => Step::Reversed,
            Stage::Expired { lapse } => Step::Expired { lapse: *lapse },
            Stage::Rejected { rejection, .. } => Step::Rejected { rejection: *rejection },
        }
    }

    /// Whether somebody else may be credited: the recommendation ended before the friend did anything, for a reason
    /// that is not the friend's.
    pub fn is_open_to_another(&self) -> bool {
        match &self.stage {
            Stage::Expired { lapse } => *lapse == Lapse::Deadline,
            Stage::Rejected { rejection, .. } => matches!(rejection, Rejection::NotRunning | Rejection::OutsideWindow),
            _ => false,
        }
    }

    /// What it rests on, or would.
    pub fn ground(&self) -> Option<&Ground> {
        match &self.stage {
            Stage::Waiting { ground, .. }
            | Stage::Ripe { ground }
            | Stage::Held { ground, .. }
            | Stage::Qualified { ground, .. } => Some(ground),
            Stage::Rejected { ground, .. } => ground.as_ref(),
            Stage::Joined | Stage::Reversed | Stage::Expired { .. } => None,
        }
    }
}

/// What an advocate is told of a friend: the relation as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recommendation {
    pub advocate: MemberId,
    pub friend: MemberId,
    pub referral: Name,
    pub version: u32,
    /// None for somebody who is no longer credited with the friend.
    pub share: i64,
    /// The higher one is the newer one.
    pub sequence: u32,
    #[serde(with = "microseconds")]
    pub came_at: Instant,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Name>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<Name>,
    pub step: Step,
    /// By an account that was merged since: what was given there for the friend's coming stays there.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_passed_on: bool,
}

impl Recommendation {
    /// Since when the friend counts for this advocate; none where they do not.
    pub fn counts_since(&self) -> Option<Instant> {
        self.step.qualified_at().filter(|_| self.share > 0)
    }

    /// Whether the friend has come, by this advocate.
    pub fn has_brought(&self) -> bool {
        self.share > 0 && self.step.has_come() && !self.is_passed_on
    }
}

/// The advocate's side of a recommendation, kept under the friend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advocacy {
    /// What was heard last.
    pub recommendation: Recommendation,
    /// Which of the advocate's friends it is, of those who count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<i64>,
    /// The limit that left no room for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Window>,
    /// The account was merged before the friend counted: the survivor counts them.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_passed_on: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joined: Option<Box<JudgedActivity>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub qualified: Option<Box<JudgedActivity>>,
}

/// An advocate's friends of one edition who count. A friend keeps their number; one that is given up is the
/// next one's, so that the fifth friend is never rewarded twice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Friends {
    pub highest: i64,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub free: BTreeSet<i64>,
    /// Numbers of friends of accounts that were merged into this one. One below zero stands for a friend of whom it
    /// was heard first that they no longer count.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub inherited: BTreeSet<i64>,
}

impl Friends {
    /// Whether nothing has to be remembered.
    pub fn is_empty(&self) -> bool {
        *self == Friends::default()
    }

    /// How many count now.
    pub fn count(&self) -> i64 {
        self.highest - self.free.len() as i64
    }

    pub(super) fn take(&mut self) -> i64 {
        self.free.pop_first().unwrap_or_else(|| {
            self.highest += 1;
            self.highest
        })
    }

    pub(super) fn give_up(&mut self, number: i64) {
        self.free.insert(number);
        while self.free.remove(&self.highest) {
            self.highest -= 1;
        }
    }

    /// Takes over what another account counted; fewer, where somebody counted there does so no longer. They have
    /// numbers here, so that no new friend has the same.
    pub fn inherit(&mut self, other: &Friends) {
        let change = other.count();
        for _ in 0..change {
            if self.inherited.first().is_some_and(|number| *number < 0) {
                self.inherited.pop_first();
            } else {
                let number = self.take();
                self.inherited.insert(number);
            }
        }
        for _ in change..0 {
            match self.inherited.last().copied().filter(|number| *number > 0) {
                Some(number) => {
                    self.inherited.remove(&number);
                    self.give_up(number);
                }
                None => {
                    let lowest = self.inherited.first().copied().unwrap_or(0);
                    self.inherited.insert(lowest - 1);
                }
            }
        }
    }

    /// So many friends more, or fewer, count by what another account counted: to be passed on as a whole.
    pub fn add(&mut self, other: &Friends) {
        self.highest += other.count();
    }
}

/// The activities of one side that took place as things stand; none where one did not, or does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// By whose rules.
    pub version: u32,
    pub first: Option<Activity>,
    pub second: Option<Activity>,
}

/// An activity of the house, with what rules on recommendations look at.
pub(super) struct Particulars<'a> {
    pub referral: &'a Name,
    pub variant: Option<&'a Name>,
    pub channel: Option<&'a Name>,
    pub total: Option<i64>,
    pub friends: Option<i64>,
    pub share: i64,
    pub brand: &'a Name,
}

impl Particulars<'_> {
    pub fn activity(&self, name: &str, external_id: &str, at: Instant) -> Activity {
        debug_assert!(builtin::OF_REFERRALS.contains(&name));
        let mut attributes: BTreeMap<Name, Value> = BTreeMap::new();
        attributes.insert(Name::from("referral"), Value::Text(self.referral.clone()));
        for (key, text) in [("variant", self.variant), ("channel", self.channel)] {
            attributes.extend(text.map(|text| (Name::from(key), Value::Text(text.clone()))));
        }
        for (key, number) in [("total", self.total), ("friends", self.friends)] {
            attributes.extend(number.map(|number| (Name::from(key), Value::Number(number))));
        }
        Activity {
            name: Name::from(name),
            external_id: Name::from(external_id),
            occurred_at: at,
            brand: self.brand.clone(),
            attributes,
            share: self.share,
        }
    }
}

/// Of states that were written before it was kept.
fn over() -> Option<Instant> {
    Some(Instant::UNIX_EPOCH)
}

fn is_false(flag: &bool) -> bool {
    !flag
}
