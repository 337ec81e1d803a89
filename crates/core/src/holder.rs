//! The state of one account holder: a member, or a household that shares a wallet. It is the fold
//! of the holder's journal; the row in the database is a copy that saves the folding.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::command::Profile;
use crate::kernel::{Date, HolderId, Instant, MemberId, Name, TransactionId, Window, microseconds};
use crate::ledger::Wallets;
use crate::referrals::{Friends, ReferralState};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    pub id: HolderId,
    pub kind: HolderKind,
    pub joined_at: Instant,
    /// The latest moment that has been decided about. It never goes back: what arrives late is
    /// dated by its own time but decided now.
    pub clock: Instant,
    pub profile: Profile,
    pub wallets: Wallets,
    /// Paid orders of which something is kept.
    pub orders: i64,
    /// How often each activity has happened.
    pub activities: BTreeMap<Name, i64>,
    /// What counts against limits, by the limit's name.
    pub usage: BTreeMap<Name, Usage>,
    /// Of rules that carry what is less than a whole point.
    pub remainders: BTreeMap<Name, Fraction>,
    /// By ladder.
    pub tiers: BTreeMap<Name, TierState>,
    /// Issued and not yet used, lapsed or cancelled.
    pub vouchers: Vec<OpenVoucher>,
    /// Only a birthday after this day is celebrated: the day of joining, or, so that nobody has two
    /// birthdays a year by changing the date, 300 days after the last one.
    pub birthday_after: Option<Date>,
    /// By whom the member was recommended, and how far that has come.
    pub referral: Option<Box<ReferralState>>,
    /// The member's own friends who count, by edition.
    pub friends: BTreeMap<Name, Friends>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HolderKind {
    Member {
        membership: Membership,
        /// Other accounts of the same person, that are merged into this one or about to be.
        accounts: BTreeMap<MemberId, Merging>,
    },
    Household {
        members: BTreeSet<MemberId>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Membership {
    Active {
        /// Whose wallet the member shares.
        household: Option<HolderId>,
    },
    Left {
        at: Instant,
    },
    /// The account was another one of a member's. It keeps its story, its orders and its vouchers;
    /// whatever becomes of them goes on to that member.
    Merged {
        into: MemberId,
    },
}

/// How far another account of the same person has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Merging {
    /// It was asked to merge. Until it answers, this member neither leaves nor merges.
    Asked,
    Merged,
}

/// What was used of a limit, in each window by its first day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    pub window: Window,
    pub used: BTreeMap<Date, i64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TierState {
    /// The level held now.
    pub level: Name,
    /// What the ladder counted, over which window, when the progress was counted.
    pub shape: Name,
    #[serde(with = "microseconds")]
    pub since: Instant,
    /// What counts towards the ladder, by day; for a lifetime ladder under one day.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub progress: BTreeMap<Date, i64>,
    /// The level that is kept whatever the metric says, and the end of that promise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secured: Option<(Name, Instant)>,
    /// A review found too little; when this moment comes, the tier falls.
    #[serde(default, with = "microseconds::option", skip_serializing_if = "Option::is_none")]
    pub grace_until: Option<Instant>,
    /// When the ladder looks at the holder again.
    #[serde(default, with = "microseconds::option", skip_serializing_if = "Option::is_none")]
    pub review_at: Option<Instant>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenVoucher {
    pub code: Name,
    pub reward: Name,
    pub issued_at: Instant,
    /// The redemption that paid for it; none for one that was given.
    pub redemption: Option<TransactionId>,
    /// The rule that gave it, and the order it was given for.
    pub given: Option<Given>,
    pub valid_until: Option<Instant>,
}

/// By what a voucher was given for free.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    pub rule: Name,
    pub order: Option<Name>,
}

/// An exact part of a point: numerator and denominator, the denominator positive. Text in the
/// journal, for JSON numbers end at 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Fraction {
    pub numerator: i128,
    pub denominator: i128,
}

impl From<Fraction> for String {
    fn from(fraction: Fraction) -> String {
        format!("{}/{}", fraction.numerator, fraction.denominator)
    }
}

impl TryFrom<String> for Fraction {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Fraction, &'static str> {
        const WRONG: &str = "a fraction is written as two whole numbers, the second one positive: 3/10";
        let (numerator, denominator) = text.split_once('/').ok_or(WRONG)?;
        let numerator = numerator.parse().map_err(|_| WRONG)?;
        let denominator = denominator.parse().ok().filter(|number| *number > 0).ok_or(WRONG)?;
        Ok(Fraction { numerator, denominator })
    }
}

impl HolderKind {
    /// A member of their own, in no household.
    pub fn member() -> HolderKind {
        HolderKind::Member { membership: Membership::Active { household: None }, accounts: BTreeMap::new() }
    }
}

impl Holder {
    pub fn new(id: HolderId, kind: HolderKind, joined_at: Instant, profile: Profile) -> Holder {
        Holder {
            id,
            kind,
            joined_at,
            clock: joined_at,
            profile,
            wallets: Wallets::default(),
            orders: 0,
            activities: BTreeMap::new(),
            usage: BTreeMap::new(),
            remainders: BTreeMap::new(),
            tiers: BTreeMap::new(),
            vouchers: Vec::new(),
            birthday_after: None,
            referral: None,
            friends: BTreeMap::new(),
        }
    }

    fn membership(&self) -> Option<Membership> {
        match &self.kind {
            HolderKind::Member { membership, .. } => Some(*membership),
            HolderKind::Household { .. } => None,
        }
    }

    /// The household whose wallet the member shares.
    pub fn household(&self) -> Option<HolderId> {
        match self.membership()? {
            Membership::Active { household } => household,
            Membership::Left { .. } | Membership::Merged { .. } => None,
        }
    }

    pub fn has_left(&self) -> bool {
        matches!(self.membership(), Some(Membership::Left { .. }))
    }

    /// The member whose other account this was.
    pub fn merged_into(&self) -> Option<MemberId> {
        match self.membership()? {
            Membership::Merged { into } => Some(into),
            Membership::Active { .. } | Membership::Left { .. } => None,
        }
    }

    /// Whether nothing more is earned here: the member has left, or the account was merged.
    pub fn is_closed(&self) -> bool {
        self.has_left() || self.merged_into().is_some()
    }

    /// Where what becomes available goes on to: the household, or the member whose account this was.
    pub fn leads_to(&self) -> Option<HolderId> {
        self.household().or(self.merged_into().map(HolderId::from))
    }

    /// The accounts that were merged into this one, also by way of others.
    pub fn merged_accounts(&self) -> impl Iterator<Item = MemberId> {
        let merged = self.accounts().filter(|(_, merging)| *merging == Merging::Merged);
        merged.map(|(account, _)| account)
    }

    /// Other accounts of the same person, those that have only been asked included.
    pub fn accounts(&self) -> impl Iterator<Item = (MemberId, Merging)> {
        let accounts = match &self.kind {
            HolderKind::Member { accounts, .. } => Some(accounts),
            HolderKind::Household { .. } => None,
        };
        accounts.into_iter().flatten().map(|(account, merging)| (*account, *merging))
    }
}
