//! What can be asked of the engine. A command is complete: with the state, the rulebook and the
//! inputs it decides the outcome, so the journal keeps it whole and can decide it again.
//!
//! Whatever earns is addressed to the member, also when the member shares a household's wallet: what
//! became available then moves on to the household by itself. Whatever spends (a hold, a
//! redemption, a transfer) is addressed to the holder whose wallet it is: the household.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::activity::{Activity, Order, Value};
use crate::holder::{Fraction, TierState, Usage};
use crate::kernel::{Date, HolderId, Instant, MemberId, Name, TransactionId, microseconds};
use crate::ledger::Lot;
use crate::referrals::{Friends, Introduction, Judge, Recommendation, Verdict};

/// A member's day and month of birth: all that a birthday rule needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Birthday {
    pub month: i8,
    pub day: i8,
}

/// What rules may know of a member, under the pseudonymous id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<Name, Value>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub segments: BTreeSet<Name>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birthday: Option<Birthday>,
}

impl Profile {
    pub fn is_empty(&self) -> bool {
        self.attributes.is_empty() && self.segments.is_empty() && self.birthday.is_none()
    }
}

/// A member of a household who takes a reward from the shared wallet: what the reward's
/// conditions look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acting {
    pub member: MemberId,
    #[serde(with = "microseconds")]
    pub joined_at: Instant,
    #[serde(default, skip_serializing_if = "Profile::is_empty")]
    pub profile: Profile,
    /// Tier levels held.
    pub levels: Vec<Name>,
    pub orders: i64,
}

/// Pieces of one line that came back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnedLine {
    pub line: Name,
    pub quantity: i64,
}

/// Whether points went to somebody by the sender's wish as a present or as a move of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransferKind {
    Transfer,
    Gift,
    /// What a member brings into a household that shares a wallet.
    Household,
    /// What an account brings to the member into whose account it was merged.
    Merge,
}

/// What one holder sends to another through the in-transit account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parcel {
    /// The sender's transaction, which is the key that makes delivery exactly once.
    pub transfer: TransactionId,
    pub kind: TransferKind,
    pub from: HolderId,
    pub unit: Name,
    /// With their own dates, so that a transfer never makes points live longer.
    pub lots: Vec<Lot>,
    /// A debt that comes along (joining a household); zero or more.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub debt: i64,
}

/// What an account that was merged brings to the survivor besides points: at first all that it counted, later what
/// its own orders change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inheritance {
    /// The transaction that sends it, which is the key that makes delivery exactly once.
    pub transfer: TransactionId,
    pub from: MemberId,
    /// At first: the account, and those that were merged into it before. Later none.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub accounts: BTreeSet<MemberId>,
    /// Paid orders more, or fewer.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub orders: i64,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub activities: BTreeMap<Name, i64>,
    /// What counts against limits; below zero where an order no longer does.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub usage: BTreeMap<Name, Usage>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub remainders: BTreeMap<Name, Fraction>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tiers: BTreeMap<Name, TierState>,
    /// Friends who count, by edition.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub friends: BTreeMap<Name, Friends>,
    /// What rules knew of it: the survivor takes over what is not known of them.
    #[serde(default, skip_serializing_if = "Profile::is_empty")]
    pub profile: Profile,
    /// Only a birthday after this day is celebrated: it goes along with the birthday.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birthday_after: Option<Date>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// A new member; the first command of a holder.
    Enrol {
        holder: HolderId,
        #[serde(with = "microseconds")]
        joined_at: Instant,
        #[serde(default, skip_serializing_if = "Profile::is_empty")]
        profile: Profile,
    },
    /// A new household; the first command of its holder.
    OpenHousehold {
        holder: HolderId,
        #[serde(with = "microseconds")]
        opened_at: Instant,
    },
    /// Replaces what rules may know of the member.
    UpdateProfile {
        #[serde(default, skip_serializing_if = "Profile::is_empty")]
        profile: Profile,
    },
    /// The member says their birthday, which can be done once: what is known already stays.
    SayBirthday {
        birthday: Birthday,
    },
    /// The order as it now stands. Most of a journal is these, so it is written without a name.
    #[serde(serialize_with = "Order::serialize", deserialize_with = "Order::deserialize")]
    PutOrder {
        order: Order,
    },
    /// Pieces of a known order came back.
    ReturnLines {
        order: Name,
        /// The shop's own id of this return; the same id twice counts once.
        return_id: Name,
        #[serde(with = "microseconds")]
        returned_at: Instant,
        lines: Vec<ReturnedLine>,
    },
    /// Goods came back whose order nobody can name; `goods` lists them as if they were bought.
    ReturnWithoutOrder {
        goods: Order,
    },
    PostActivity {
        member: MemberId,
        activity: Activity,
    },
    /// An activity turned out not to have happened, or not to count: what it gave is taken back.
    CallOffActivity {
        member: MemberId,
        activity: Name,
        /// The shop's own id of it.
        external_id: Name,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Name>,
    },
    /// Sets points aside at checkout.
    Hold {
        unit: Name,
        amount: i64,
        #[serde(with = "microseconds")]
        valid_until: Instant,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reference: Option<Name>,
    },
    /// Spends a hold; the rest of it, if any, is given back.
    CaptureHold {
        hold: TransactionId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        amount: Option<i64>,
    },
    ReleaseHold {
        hold: TransactionId,
    },
    Redeem {
        reward: Name,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reference: Option<Name>,
        /// Who of the household asks; `None` for a member's own wallet.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        acting: Option<Acting>,
    },
    RollBackRedemption {
        redemption: TransactionId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Name>,
    },
    UseVoucher {
        code: Name,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        order: Option<Name>,
    },
    /// Points given or taken by staff.
    Adjust {
        unit: Name,
        brand: Name,
        amount: i64,
        reason: Name,
    },
    Transfer {
        kind: TransferKind,
        unit: Name,
        amount: i64,
        to: HolderId,
    },
    /// Follow-up on the receiver's side.
    Receive {
        parcel: Parcel,
    },
    /// Follow-up on the sender's side: the receiver could not take it.
    TakeBack {
        parcel: Parcel,
        refusal: Name,
    },
    /// From now on the member's activities count for the household; everything goes along.
    JoinHousehold {
        household: HolderId,
    },
    /// The household's own list of its members.
    AdmitMember {
        member: MemberId,
    },
    /// Of this household, or of whichever it is. Who has joined another one meanwhile stays there.
    LeaveHousehold {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        household: Option<HolderId>,
    },
    DismissMember {
        member: MemberId,
    },
    /// `account` is another one of the same person: it is to be merged into this member's.
    Merge {
        account: MemberId,
    },
    /// Follow-up on the other account: from now on it is a part of the survivor's.
    MergeInto {
        survivor: MemberId,
    },
    /// Follow-up on an account that was merged: all accounts that are the same person's.
    KnowAccounts {
        accounts: BTreeSet<MemberId>,
    },
    /// Follow-up on the survivor's side: what an account brings besides points.
    Inherit {
        inheritance: Box<Inheritance>,
    },
    /// Follow-up on the survivor's side: the account could not be merged.
    AbandonMerge {
        account: MemberId,
        refusal: Name,
    },
    /// The member came by somebody's recommendation.
    Refer {
        introduction: Box<Introduction>,
    },
    /// What the detector or a person thinks of the recommendation by which the member came.
    JudgeReferral {
        verdict: Verdict,
        by: Judge,
        /// How it stood when the detector looked: a word on how it stood before counts for nothing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seen: Option<u32>,
    },
    /// Follow-up on the advocate's side: how the recommendation of a friend stands.
    HearOfFriend {
        recommendation: Box<Recommendation>,
    },
    /// Follow-up on the friend's side: the advocate cannot be credited with anything.
    LoseAdvocate {
        advocate: MemberId,
        refusal: Name,
    },
    /// The member leaves the programme: points are forfeited, nothing is earned any more.
    Leave,
    /// Nothing but the passing of time.
    Tick,
}

impl Command {
    /// The natural key whose record decides what this command still has to do.
    pub fn key(&self) -> Option<Key> {
        let (kind, id) = match self {
            Command::PutOrder { order } => (KeyKind::Order, order.external_id.clone()),
            Command::ReturnLines { order, .. } => (KeyKind::Order, order.clone()),
            Command::ReturnWithoutOrder { goods } => (KeyKind::LooseReturn, goods.external_id.clone()),
            Command::PostActivity { member, activity } => {
                (KeyKind::Activity, activity_key(*member, &activity.name, &activity.external_id))
            }
            Command::CallOffActivity { member, activity, external_id, .. } => {
                (KeyKind::Activity, activity_key(*member, activity, external_id))
            }
            Command::RollBackRedemption { redemption, .. } => (KeyKind::Redemption, Name::from(redemption.to_string())),
            Command::UseVoucher { code, .. } => (KeyKind::Voucher, code.clone()),
            Command::Receive { parcel } => {
                (KeyKind::Parcel, Name::from(format!("{}/{}", parcel.transfer, parcel.unit)))
            }
            Command::TakeBack { parcel, .. } => {
                (KeyKind::ParcelBack, Name::from(format!("{}/{}", parcel.transfer, parcel.unit)))
            }
            // A unit has a name, so no parcel of the same transaction is called like this.
            Command::Inherit { inheritance } => (KeyKind::Parcel, Name::from(format!("{}/", inheritance.transfer))),
            Command::HearOfFriend { recommendation } => {
                let Recommendation { advocate, friend, is_passed_on, .. } = recommendation.as_ref();
                let of_merged = if *is_passed_on { "/merged" } else { "" };
                (KeyKind::Referral, Name::from(format!("{advocate}/{friend}{of_merged}")))
            }
            _ => return None,
        };
        Some(Key { kind, id })
    }

    /// What the holder who sent a follow-up is to do when `addressee` will not take it; `None` where nothing
    /// can be done.
    pub fn way_back(&self, addressee: HolderId, refusal: &str) -> Option<(HolderId, Command)> {
        let refusal = Name::from(refusal);
        match self {
            Command::Receive { parcel } => Some((parcel.from, Command::TakeBack { parcel: parcel.clone(), refusal })),
            // The household is full: the member stays alone.
            Command::AdmitMember { member } => {
                Some(((*member).into(), Command::LeaveHousehold { household: Some(addressee) }))
            }
            Command::MergeInto { survivor } => {
                let account = MemberId(addressee.0);
                Some(((*survivor).into(), Command::AbandonMerge { account, refusal }))
            }
            Command::HearOfFriend { recommendation } => {
                let Recommendation { advocate, friend, .. } = recommendation.as_ref();
                Some(((*friend).into(), Command::LoseAdvocate { advocate: *advocate, refusal }))
            }
            _ => None,
        }
    }

    /// The same, asked of the member into whose account the one it was addressed to was merged. `None`
    /// for what is about that account itself.
    pub fn for_survivor(&self, survivor: MemberId) -> Option<Command> {
        match self {
            Command::PostActivity { activity, .. } => {
                Some(Command::PostActivity { member: survivor, activity: activity.clone() })
            }
            Command::CallOffActivity { activity, external_id, reason, .. } => Some(Command::CallOffActivity {
                member: survivor,
                activity: activity.clone(),
                external_id: external_id.clone(),
                reason: reason.clone(),
            }),
            Command::PutOrder { .. }
            | Command::ReturnWithoutOrder { .. }
            | Command::Hold { .. }
            | Command::Redeem { .. }
            | Command::Adjust { .. }
            | Command::Transfer { .. }
            | Command::Refer { .. }
            | Command::HearOfFriend { .. }
            | Command::JoinHousehold { .. } => Some(self.clone()),
            _ => None,
        }
    }
}

/// The shop's own id of an activity is unique among those of one kind of one member.
fn activity_key(member: MemberId, activity: &Name, external_id: &Name) -> Name {
    Name::from(format!("{member}/{activity}/{external_id}"))
}

/// What a natural key names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyKind {
    Order,
    LooseReturn,
    Activity,
    Redemption,
    Voucher,
    Parcel,
    ParcelBack,
    Referral,
}

/// A name from outside that holds for ever within a part: the second time it comes, the record
/// kept under it says what is already done.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Key {
    pub kind: KeyKind,
    pub id: Name,
}

/// What the shell brings to a decision besides state and command. Recorded in the journal, so
/// that the decision can be made again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inputs {
    /// The moment of the decision.
    pub now: Instant,
    /// The id under which the journal will keep it.
    pub transaction: TransactionId,
    /// 128 random bits, from which voucher codes are made.
    pub entropy: u128,
    /// What is left for this decision of the quantities that all members share: a reward's stock,
    /// a campaign's budget. Empty at first: the engine names what it [needs](Needs).
    pub shared: BTreeMap<Name, Offered>,
    /// The next free codes of imported pools, as many as the engine asked for.
    pub pool_codes: BTreeMap<Name, Vec<Name>>,
}

/// How much of a shared quantity was asked for, and how much of that there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offered {
    pub asked: i64,
    /// At most `asked`; less only where there is no more.
    pub given: i64,
}

/// What the engine must know before it can decide: the shell fetches it, adds it to the
/// [`Inputs`] and asks again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Shared quantities, with how much of each is wanted.
    pub shared: BTreeMap<Name, i64>,
    /// Pools of codes, with how many codes are wanted.
    pub pool_codes: BTreeMap<Name, usize>,
}

fn is_zero(number: &i64) -> bool {
    *number == 0
}
