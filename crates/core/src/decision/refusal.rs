//! Why a command was refused.

use serde::{Deserialize, Serialize};

use crate::kernel::{Instant, MemberId, Name, Period, TransactionId, Window};

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
