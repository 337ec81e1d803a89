//! What the engine decided, and why: effects with their postings and reasons, follow-ups for other
//! holders, and the records kept under natural keys.

mod reckoning;
mod record;
mod refusal;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::command::{Inheritance, Key, Parcel, TransferKind};
use crate::kernel::{HolderId, Instant, MemberId, Name, TransactionId, Window, microseconds};
use crate::ledger::Posting;
use crate::referrals::{Recommendation, Step};

pub use reckoning::{Basis, Limit, MultiplierSource, Reckoning};
pub use record::{
    ActivityRecord, Award, JudgedActivity, OrderRecord, Record, RedemptionRecord, VoucherRecord, VoucherState,
};
pub use refusal::Refusal;

/// Everything that one command led to, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The programme version that was in force.
    pub version: u32,
    pub effects: Vec<Effect>,
    /// To be kept under their natural keys.
    pub records: Vec<(Key, Record)>,
    /// Commands for other holders, to be carried out exactly once.
    pub follow_ups: Vec<FollowUp>,
    /// What was used (or, when negative, given back) of the quantities that all members share.
    pub draws: Vec<Draw>,
    /// Nothing was left to do: the same was decided before, in this transaction.
    pub repeats: Option<TransactionId>,
    /// The transaction that wrote the record of the same order before this one did.
    pub replaces: Option<TransactionId>,
}

impl Decision {
    /// A decision under `version` that does nothing.
    pub fn empty(version: u32) -> Decision {
        Decision {
            version,
            effects: Vec::new(),
            records: Vec::new(),
            follow_ups: Vec::new(),
            draws: Vec::new(),
            repeats: None,
            replaces: None,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draw {
    pub quantity: Name,
    pub amount: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowUp {
    pub to: HolderId,
    pub command: FollowUpCommand,
}

/// The few commands that one holder may address to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FollowUpCommand {
    Receive { parcel: Parcel },
    TakeBack { parcel: Parcel, refusal: Name },
    AdmitMember { member: MemberId },
    DismissMember { member: MemberId },
    MergeInto { survivor: MemberId },
    KnowAccounts { accounts: BTreeSet<MemberId> },
    Inherit { inheritance: Box<Inheritance> },
    HearOfFriend { recommendation: Box<Recommendation> },
}

/// One thing the engine decided. One with postings is a ledger entry, and they balance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// When it took place in the member's story: for what time did by itself, the moment it was
    /// due, not the moment it was written.
    pub at: Instant,
    pub because: Because,
    pub postings: Vec<Posting>,
}

/// The metric of a tier ladder at the moment when a tier changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    pub reached: i64,
    pub needed: i64,
}

/// Why a thing happened. Enough to say it in words in any language, for ever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    Enrolled,
    HouseholdOpened,
    ProfileUpdated,
    /// An order gave points by a rule; `version` is the programme version it is pinned to.
    OrderEarned {
        order: Name,
        version: u32,
        reckoning: Reckoning,
    },
    /// The same order, changed or returned, gives another number of points than before: `was` and
    /// `reckoning.points`. What could not be taken became a debt or was forgiven.
    OrderSettled {
        order: Name,
        version: u32,
        was: i64,
        reckoning: Reckoning,
        #[serde(default, skip_serializing_if = "is_zero")]
        debt: i64,
        #[serde(default, skip_serializing_if = "is_zero")]
        forgiven: i64,
    },
    /// Goods came back without their order.
    GoodsReturned {
        goods: Name,
        reckoning: Reckoning,
        #[serde(default, skip_serializing_if = "is_zero")]
        debt: i64,
        #[serde(default, skip_serializing_if = "is_zero")]
        forgiven: i64,
    },
    /// Under the version in force, unless another one is stated.
    ActivityEarned {
        activity: Name,
        external_id: Name,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        version: Option<u32>,
        reckoning: Reckoning,
    },
    /// The same activity, known otherwise than before, gives another number of points: `was` and
    /// `reckoning.points`.
    ActivitySettled {
        activity: Name,
        external_id: Name,
        version: u32,
        was: i64,
        reckoning: Reckoning,
        #[serde(default, skip_serializing_if = "is_zero")]
        debt: i64,
        #[serde(default, skip_serializing_if = "is_zero")]
        forgiven: i64,
    },
    /// An activity was called off: what a rule gave for it is taken back. Without a rule where none
    /// gave anything that could be.
    ActivityCalledOff {
        activity: Name,
        external_id: Name,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rule: Option<Name>,
        #[serde(default, skip_serializing_if = "is_zero")]
        points: i64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Name>,
        #[serde(default, skip_serializing_if = "is_zero")]
        debt: i64,
        #[serde(default, skip_serializing_if = "is_zero")]
        forgiven: i64,
    },
    /// Pending points became available.
    Released {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        order: Option<Name>,
        #[serde(with = "microseconds")]
        earned_at: Instant,
    },
    /// Pending points learnt when they will become available.
    ReleaseSet {
        order: Name,
        #[serde(with = "microseconds")]
        until: Instant,
    },
    Expired {
        #[serde(default, with = "microseconds::option", skip_serializing_if = "Option::is_none")]
        earned_at: Option<Instant>,
    },
    ExpiredAfterInactivity {
        #[serde(with = "microseconds")]
        since: Instant,
    },
    Held {
        #[serde(with = "microseconds")]
        until: Instant,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reference: Option<Name>,
    },
    Captured {
        hold: TransactionId,
    },
    HoldReleased {
        hold: TransactionId,
    },
    HoldLapsed {
        hold: TransactionId,
    },
    Redeemed {
        reward: Name,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reference: Option<Name>,
    },
    RolledBack {
        redemption: TransactionId,
        reward: Name,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Name>,
    },
    VoucherIssued {
        code: Name,
        reward: Name,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rule: Option<Name>,
        #[serde(default, with = "microseconds::option", skip_serializing_if = "Option::is_none")]
        valid_until: Option<Instant>,
    },
    VoucherUsed {
        code: Name,
        reward: Name,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        order: Option<Name>,
    },
    VoucherLapsed {
        code: Name,
        reward: Name,
    },
    VoucherCancelled {
        code: Name,
        reward: Name,
    },
    Adjusted {
        reason: Name,
        #[serde(default, skip_serializing_if = "is_zero")]
        debt: i64,
    },
    Sent {
        to: HolderId,
        kind: TransferKind,
    },
    Received {
        from: HolderId,
        kind: TransferKind,
        transfer: TransactionId,
    },
    CameBack {
        from: HolderId,
        transfer: TransactionId,
        refusal: Name,
    },
    DebtRepaid,
    DebtForgiven {
        #[serde(default, skip_serializing_if = "is_zero")]
        forgiven: i64,
    },
    TierChanged {
        ladder: Name,
        from: Name,
        to: Name,
        standing: Standing,
        cause: TierCause,
    },
    /// The metric fell short; the tier is kept until the grace period ends.
    TierGrace {
        ladder: Name,
        tier: Name,
        #[serde(with = "microseconds")]
        until: Instant,
    },
    HouseholdJoined {
        household: HolderId,
    },
    HouseholdLeft {
        household: HolderId,
    },
    MemberAdmitted {
        member: MemberId,
    },
    MemberDismissed {
        member: MemberId,
    },
    /// Another account of the same person is to be merged into this one.
    MergeAsked {
        account: MemberId,
    },
    /// This account was merged into another one of the same person.
    MergedInto {
        survivor: MemberId,
    },
    /// Another account of the same person was merged into this one.
    AccountMerged {
        account: MemberId,
    },
    /// The other account could not be merged.
    MergeAbandoned {
        account: MemberId,
        refusal: Name,
    },
    /// How the recommendation by which the member came stands.
    Referred {
        referral: Name,
        advocates: Vec<MemberId>,
        step: Step,
    },
    /// An advocate could not be credited.
    AdvocateLost {
        referral: Name,
        advocate: MemberId,
        refusal: Name,
    },
    /// How the recommendation of a friend stands: which of those who count the friend is, or which limit left
    /// no room.
    FriendStands {
        referral: Name,
        friend: MemberId,
        step: Step,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        number: Option<i64>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        limit: Option<Window>,
    },
    Left,
    /// What could be spent ended with the membership.
    Forfeited,
}

impl Because {
    /// Whom it names besides the holder whose story it stands in.
    pub fn other(&self) -> Option<HolderId> {
        match self {
            Because::Sent { to, .. } => Some(*to),
            Because::Received { from, .. } | Because::CameBack { from, .. } => Some(*from),
            Because::HouseholdJoined { household } | Because::HouseholdLeft { household } => Some(*household),
            Because::MemberAdmitted { member } | Because::MemberDismissed { member } => Some((*member).into()),
            Because::MergeAsked { account }
            | Because::AccountMerged { account }
            | Because::MergeAbandoned { account, .. } => Some((*account).into()),
            Because::MergedInto { survivor } => Some((*survivor).into()),
            Because::FriendStands { friend, .. } => Some((*friend).into()),
            Because::AdvocateLost { advocate, .. } => Some((*advocate).into()),
            Because::Referred { advocates, .. } => advocates.first().map(|advocate| (*advocate).into()),
            _ => None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TierCause {
    /// Enough was reached.
    Reached,
    /// A period ended, or a day left the rolling window.
    Review,
    /// A return took back what had been reached.
    Return,
    /// The programme no longer has the level.
    Programme,
    /// Another account of the same person was merged into this one.
    Merge,
}

fn is_zero(number: &i64) -> bool {
    *number == 0
}
