//! What the engine decided, and why: effects with their postings and reasons, follow-ups for other
//! holders, and the records kept under natural keys.

mod reckoning;

use serde::{Deserialize, Serialize};

use crate::activity::{Activity, Order};
use crate::command::{Inheritance, Key, Parcel, Profile, TransferKind};
use crate::kernel::{HolderId, Instant, MemberId, Money, Name, Period, TransactionId, Window, microseconds};
use crate::ledger::Posting;
use crate::referrals::{Advocacy, Recommendation, Step};

pub use reckoning::{Basis, Limit, MultiplierSource, Reckoning};

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

/// What is kept under a natural key: all that is needed to settle the thing again later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    Order(Box<OrderRecord>),
    /// `None` for one that was written before activities could be called off.
    Activity(Option<Box<ActivityRecord>>),
    LooseReturn,
    Redemption(RedemptionRecord),
    Voucher(VoucherRecord),
    Parcel,
    /// What an advocate heard of a friend last.
    Advocacy(Box<Advocacy>),
}

/// An order with what it gave and the facts by which it was judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderRecord {
    pub order: Order,
    /// The version under which it was earned, and by which any return will be settled.
    pub version: u32,
    /// 1 for the holder's first order.
    pub number: i64,
    /// Tier levels held when it was earned.
    pub levels: Vec<Name>,
    /// The member's profile as rules saw it; empty where no rule looks at it.
    pub profile: Profile,
    /// When it was earned, as first stated: expiry counts from here.
    pub earned_at: Instant,
    pub awards: Vec<Award>,
    /// Rules that gave a reward for it.
    pub rewarded: Vec<Name>,
    /// Ids of the returns that were counted.
    pub returns: Vec<Name>,
    /// Whether it counts among the holder's orders.
    pub counted: bool,
    /// What of it counts towards ladders by spend, in minor units.
    pub spent: i64,
}

/// An activity with what it gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityRecord {
    #[serde(with = "microseconds")]
    pub occurred_at: Instant,
    pub brand: Name,
    /// The version under which it was earned, and by which it will be called off.
    pub version: u32,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub awards: Vec<Award>,
    /// Rules that gave a reward for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rewarded: Vec<Name>,
    #[serde(default, skip_serializing_if = "is_false")]
    pub called_off: bool,
}

/// An activity with the facts by which it was judged, so that it can be judged again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JudgedActivity {
    pub activity: Activity,
    /// Tier levels held then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<Name>,
    /// The member's profile as rules saw it; empty where no rule looks at it.
    #[serde(default, skip_serializing_if = "Profile::is_empty")]
    pub profile: Profile,
    /// Paid orders by then.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub orders: i64,
    pub record: ActivityRecord,
}

/// What one rule gave for one order or activity, as it now stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Award {
    pub rule: Name,
    pub unit: Name,
    pub brand: Name,
    pub points: i64,
    /// What limits left to it at first: a return, later, never gives more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<i64>,
    /// For a rule that carries remainders: the exact amount it counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exact: Option<crate::holder::Fraction>,
    /// For a rule that carries remainders: the whole points that came of it, before limits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whole: Option<i64>,
    /// What it drew from campaign budgets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drawn: Vec<Draw>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RedemptionRecord {
    pub redemption: TransactionId,
    pub reward: Name,
    #[serde(with = "microseconds")]
    pub redeemed_at: Instant,
    pub unit: Name,
    /// The lots it took, to be given back with their own dates if it is rolled back.
    pub lots: Vec<crate::ledger::Lot>,
    /// What the member pays in money beside the points.
    #[serde(default, skip_serializing_if = "is_zero_money")]
    pub cash: Money,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voucher: Option<Name>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drawn: Vec<Draw>,
    #[serde(default, skip_serializing_if = "is_false")]
    pub rolled_back: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoucherRecord {
    pub code: Name,
    pub reward: Name,
    pub holder: HolderId,
    #[serde(with = "microseconds")]
    pub issued_at: Instant,
    #[serde(default, with = "microseconds::option", skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Instant>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redemption: Option<TransactionId>,
    pub state: VoucherState,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VoucherState {
    Issued,
    Used {
        #[serde(with = "microseconds")]
        at: Instant,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        order: Option<Name>,
    },
    Cancelled {
        #[serde(with = "microseconds")]
        at: Instant,
    },
    Lapsed {
        #[serde(with = "microseconds")]
        at: Instant,
    },
}

/// Why a command was refused: the facts, never the internals. Each has a stable code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "refusal", rename_all = "snake_case")]
pub enum Refusal {
    #[error("no programme has been published")]
    NoProgramme,
    #[error("the member is already enrolled")]
    AlreadyEnrolled,
    #[error("no such member or household")]
    UnknownHolder,
    #[error("the member has left the programme")]
    MemberLeft,
    #[error("the account was merged into {into}")]
    Merged {
        #[serde(with = "id_text")]
        into: MemberId,
    },
    #[error("another account is being merged into this one; try again in a moment")]
    MergeUnderWay,
    #[error("an account cannot be merged into itself")]
    MergeWithSelf,
    #[error("at most {most} accounts may be merged into one")]
    TooManyAccounts { most: i64 },
    #[error("the member's activities count for a household; name the household instead")]
    InHousehold,
    #[error("the member is in no household")]
    NotInHousehold,
    #[error("the household already has {most} members")]
    HouseholdFull { most: i64 },
    #[error("the programme has no households")]
    HouseholdsNotOffered,
    #[error("the programme has no unit {unit}")]
    UnknownUnit { unit: Name },
    #[error("the programme has no brand {brand}")]
    UnknownBrand { brand: Name },
    #[error("the programme has no reward {reward}")]
    UnknownReward { reward: Name },
    #[error("no order {order} of this member is known")]
    UnknownOrder { order: Name },
    #[error("no activity {external_id} of this member is known")]
    UnknownActivity { external_id: Name },
    #[error("{external_id} was written before activities could be called off; correct the points by an adjustment")]
    ActivityFinal { external_id: Name },
    #[error("the programme has no recommendations")]
    ReferralsNotOffered,
    #[error("the programme has no edition of recommendations {referral}")]
    UnknownReferral { referral: Name },
    #[error("the member was recommended before, at {at}")]
    AlreadyReferred { at: Instant },
    #[error("nobody recommended the member")]
    NotReferred,
    #[error("the recommendation is over: nothing more is decided about it")]
    ReferralOver,
    #[error("the member may not recommend anybody in {referral}")]
    MayNotRecommend { referral: Name },
    #[error("the order has no line {line}")]
    UnknownLine { line: Name },
    #[error("no open hold {hold}")]
    UnknownHold {
        #[serde(with = "id_text")]
        hold: TransactionId,
    },
    #[error("no redemption {redemption}")]
    UnknownRedemption {
        #[serde(with = "id_text")]
        redemption: TransactionId,
    },
    #[error("no voucher {code} of this member is known")]
    UnknownVoucher { code: Name },
    #[error("an order cannot go from {from} to {to}")]
    OrderStep { from: Name, to: Name },
    #[error("{field}: {detail}")]
    Invalid { field: Name, detail: Name },
    #[error("{external_id} is already known with another content")]
    DifferentContent { external_id: Name },
    #[error("line {line}: {returned} of {quantity} pieces have come back already, {asked} more cannot")]
    ReturnsTooMany { line: Name, quantity: i64, returned: i64, asked: i64 },
    #[error("needs {needed}, and {available} are available")]
    InsufficientPoints { unit: Name, needed: i64, available: i64 },
    #[error("a debt of {debt} must be made good first")]
    DebtOpen { unit: Name, debt: i64 },
    #[error("{unit} cannot be spent")]
    NotSpendable { unit: Name },
    #[error("the hold has {held}, less than {asked}")]
    HoldTooSmall { unit: Name, held: i64, asked: i64 },
    #[error("at most {most} may be held at once")]
    TooManyHolds { most: i64 },
    #[error("a hold may last at most {longest}")]
    HoldTooLong { longest: Period },
    #[error("the reward is not available now")]
    RewardNotAvailable { reward: Name },
    #[error("the member does not meet the reward's conditions")]
    RewardNotForMember { reward: Name },
    #[error("the reward may be taken {times} times per {window}")]
    RewardLimit { reward: Name, times: i64, window: Window },
    #[error("the reward is out of stock")]
    OutOfStock { reward: Name },
    #[error("the redemption was rolled back before")]
    AlreadyRolledBack {
        #[serde(with = "id_text")]
        redemption: TransactionId,
    },
    #[error("the voucher was used")]
    VoucherUsed { code: Name, at: Instant },
    #[error("the voucher is no longer valid")]
    VoucherLapsed { code: Name, at: Instant },
    #[error("the voucher was cancelled")]
    VoucherCancelled { code: Name, at: Instant },
    #[error("the programme does not allow this kind of transfer")]
    TransfersNotOffered,
    #[error("a transfer has at least {least}")]
    TransferTooSmall { unit: Name, least: i64 },
    #[error("a transfer has at most {most}")]
    TransferTooLarge { unit: Name, most: i64 },
    #[error("at most {most} may be sent in a {window}; {left} are left")]
    TransferLimit { unit: Name, most: i64, window: Window, left: i64 },
    #[error("a transfer needs two different holders")]
    TransferToSelf,
    #[error("the amount would leave what a wallet can hold")]
    TooLarge,
}

impl Refusal {
    /// The stable code by which programs recognise the refusal.
    pub fn code(&self) -> String {
        match serde_json::to_value(self) {
            Ok(serde_json::Value::Object(fields)) => {
                fields.get("refusal").and_then(|code| code.as_str()).unwrap_or_default().to_owned()
            }
            _ => String::new(),
        }
    }
}

fn is_zero(number: &i64) -> bool {
    *number == 0
}

fn is_zero_money(money: &Money) -> bool {
    *money == Money::ZERO
}

fn is_false(flag: &bool) -> bool {
    !flag
}

/// A refusal's facts are read by callers, who know ids as text.
mod id_text {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    use std::fmt::Display;
    use std::str::FromStr;

    pub fn serialize<I: Display, S: Serializer>(id: &I, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(id)
    }

    pub fn deserialize<'de, I, D>(deserializer: D) -> Result<I, D::Error>
    where
        I: FromStr<Err: Display>,
        D: Deserializer<'de>,
    {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}
