//! Why an effect happened, as the API says it: the engine's reason with ids as text and money with
//! its decimals.

use lojal_core::command::TransferKind;
use lojal_core::decision::{Because, Standing, TierCause};
use lojal_core::kernel::{HolderId, Instant, Money, Name, TransactionId, Window, format_decimal};
use lojal_core::programme::{Metric, Programme};
use serde::Serialize;
use utoipa::ToSchema;

use super::reckoning::ReckoningJson;
use super::step::StepJson;
use crate::platform::http::fields::{HouseholdKey, MemberKey, Time, TransactionKey};

/// Why a thing happened. Which fields there are depends on `why`.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = Reason)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum ReasonJson {
    Enrolled,
    HouseholdOpened,
    ProfileUpdated,
    /// An order gave points by a rule of the programme version it is pinned to.
    OrderEarned {
        order: String,
        version: u32,
        reckoning: ReckoningJson,
    },
    /// A changed or returned order gives another number of points than before.
    OrderSettled {
        order: String,
        version: u32,
        /// What it gave before; `reckoning.points` is what it gives now.
        was: i64,
        reckoning: ReckoningJson,
        /// What could not be taken back and is owed.
        debt: i64,
        /// What could not be taken back and is let go.
        forgiven: i64,
    },
    /// Goods came back without their order.
    GoodsReturned {
        goods: String,
        reckoning: ReckoningJson,
        debt: i64,
        forgiven: i64,
    },
    ActivityEarned {
        activity: String,
        external_id: String,
        reckoning: ReckoningJson,
    },
    /// The same activity, known otherwise than before, gives another number of points than it `was`.
    ActivitySettled {
        activity: String,
        external_id: String,
        was: i64,
        reckoning: ReckoningJson,
        debt: i64,
        forgiven: i64,
    },
    /// An activity was called off. Without a rule where none had given anything.
    ActivityCalledOff {
        activity: String,
        external_id: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        rule: Option<String>,
        /// What is taken back.
        points: i64,
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        debt: i64,
        forgiven: i64,
    },
    /// Pending points became available.
    Released {
        #[serde(skip_serializing_if = "Option::is_none")]
        order: Option<String>,
        #[schema(value_type = Time)]
        earned_at: Time,
    },
    /// Pending points learnt when they will become available.
    ReleaseSet {
        order: String,
        until: Time,
    },
    Expired {
        #[serde(skip_serializing_if = "Option::is_none")]
        earned_at: Option<Time>,
    },
    ExpiredAfterInactivity {
        since: Time,
    },
    Held {
        until: Time,
        #[serde(skip_serializing_if = "Option::is_none")]
        reference: Option<String>,
    },
    Captured {
        hold: TransactionKey,
    },
    HoldReleased {
        hold: TransactionKey,
    },
    HoldLapsed {
        hold: TransactionKey,
    },
    Redeemed {
        reward: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        reference: Option<String>,
    },
    RolledBack {
        redemption: TransactionKey,
        reward: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    VoucherIssued {
        code: String,
        reward: String,
        /// The earning rule that gave it; absent when it was redeemed for.
        #[serde(skip_serializing_if = "Option::is_none")]
        rule: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        valid_until: Option<Time>,
    },
    VoucherUsed {
        code: String,
        reward: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        order: Option<String>,
    },
    VoucherLapsed {
        code: String,
        reward: String,
    },
    VoucherCancelled {
        code: String,
        reward: String,
    },
    Adjusted {
        reason: String,
        debt: i64,
    },
    Sent {
        to: HouseholdKey,
        kind: TransferKindJson,
    },
    Received {
        from: HouseholdKey,
        kind: TransferKindJson,
        transfer: TransactionKey,
    },
    /// The receiver could not take it.
    CameBack {
        from: HouseholdKey,
        transfer: TransactionKey,
        /// The code of the receiver's refusal.
        refusal: String,
    },
    DebtRepaid,
    DebtForgiven {
        forgiven: i64,
    },
    TierChanged {
        ladder: String,
        from: String,
        to: String,
        standing: StandingJson,
        cause: TierCauseJson,
    },
    /// The metric fell short; the tier is kept until the grace period ends.
    TierGrace {
        ladder: String,
        tier: String,
        until: Time,
    },
    HouseholdJoined {
        household: HouseholdKey,
    },
    HouseholdLeft {
        household: HouseholdKey,
    },
    MemberAdmitted {
        member: MemberKey,
    },
    MemberDismissed {
        member: MemberKey,
    },
    /// Another account of the same person is to be merged into this one.
    MergeAsked {
        account: MemberKey,
    },
    /// This account was merged into another one of the same person, where its story goes on.
    MergedInto {
        survivor: MemberKey,
    },
    /// Another account of the same person was merged into this one.
    AccountMerged {
        account: MemberKey,
    },
    /// How the recommendation by which the member came stands.
    Referred {
        referral: String,
        advocates: Vec<MemberKey>,
        step: StepJson,
    },
    /// An advocate could not be credited.
    AdvocateLost {
        referral: String,
        advocate: MemberKey,
        refusal: String,
    },
    /// How the recommendation of a friend stands: which of those who count the friend is, or which limit left no
    /// room.
    FriendStands {
        referral: String,
        friend: MemberKey,
        step: StepJson,
        #[serde(skip_serializing_if = "Option::is_none")]
        number: Option<i64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        limit: Option<String>,
    },
    /// The other account could not be merged.
    MergeAbandoned {
        account: MemberKey,
        /// The code of its refusal.
        refusal: String,
    },
    Left,
    /// What could be spent ended with the membership.
    Forfeited,
}

#[derive(Clone, Copy, Serialize, ToSchema)]
#[schema(as = Window)]
#[serde(rename_all = "snake_case")]
pub enum WindowJson {
    Day,
    Week,
    Month,
    Quarter,
    Year,
    Lifetime,
}

#[derive(Clone, Copy, Serialize, ToSchema)]
#[schema(as = TransferKind)]
#[serde(rename_all = "snake_case")]
pub enum TransferKindJson {
    Transfer,
    Gift,
    Household,
    /// From an account to the one that it was merged into.
    Merge,
}

#[derive(Clone, Copy, Serialize, ToSchema)]
#[schema(as = TierCause)]
#[serde(rename_all = "snake_case")]
pub enum TierCauseJson {
    Reached,
    Review,
    Return,
    Programme,
    Merge,
}

/// The metric of a tier ladder; money has its decimals.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = Standing)]
pub struct StandingJson {
    #[schema(example = "1040.00")]
    reached: String,
    #[schema(example = "1000.00")]
    needed: String,
}

/// Says reasons in the terms of one programme version.
pub struct Teller<'a> {
    programme: Option<&'a Programme>,
}

impl<'a> Teller<'a> {
    pub fn new(programme: Option<&'a Programme>) -> Teller<'a> {
        Teller { programme }
    }

    pub fn money(&self, amount: Money) -> String {
        format_decimal(amount.0, self.programme.map_or(2, |programme| programme.currency.decimals))
    }

    /// A metric of a ladder: money has its decimals, the rest is whole.
    pub fn metric(&self, ladder: &str, number: i64) -> String {
        let ladder = self.programme.and_then(|programme| programme.ladder(ladder));
        match ladder.map(|ladder| &ladder.metric) {
            Some(Metric::Spend) => self.money(Money(number)),
            _ => number.to_string(),
        }
    }

    fn standing(&self, ladder: &str, standing: &Standing) -> StandingJson {
        StandingJson { reached: self.metric(ladder, standing.reached), needed: self.metric(ladder, standing.needed) }
    }

    /// A flat table: one arm for each reason.
    pub fn reason(&self, because: &Because) -> ReasonJson {
        let key = |id: &TransactionId| TransactionKey(*id);
        let holder = |id: &HolderId| HouseholdKey(*id);
        let time = |moment: &Instant| Time(*moment);
        let text = |name: &Name| name.to_string();
        let optional = |name: &Option<Name>| name.as_ref().map(text);
        match because {
            Because::OrderEarned { order, version, reckoning } => ReasonJson::OrderEarned {
                order: order.to_string(),
                version: *version,
                reckoning: self.reckoning(reckoning),
            },
            Because::OrderSettled { order, version, was, reckoning, debt, forgiven } => ReasonJson::OrderSettled {
                order: order.to_string(),
                version: *version,
                was: *was,
                reckoning: self.reckoning(reckoning),
                debt: *debt,
                forgiven: *forgiven,
            },
            Because::GoodsReturned { goods, reckoning, debt, forgiven } => ReasonJson::GoodsReturned {
                goods: goods.to_string(),
                reckoning: self.reckoning(reckoning),
                debt: *debt,
                forgiven: *forgiven,
            },
            Because::ActivityEarned { activity, external_id, reckoning, .. } => ReasonJson::ActivityEarned {
                activity: activity.to_string(),
                external_id: external_id.to_string(),
                reckoning: self.reckoning(reckoning),
            },
            Because::ActivitySettled { activity, external_id, was, reckoning, debt, forgiven, .. } => {
                ReasonJson::ActivitySettled {
                    activity: activity.to_string(),
                    external_id: external_id.to_string(),
                    was: *was,
                    reckoning: self.reckoning(reckoning),
                    debt: *debt,
                    forgiven: *forgiven,
                }
            }
            Because::ActivityCalledOff { activity, external_id, rule, points, reason, debt, forgiven } => {
                ReasonJson::ActivityCalledOff {
                    activity: activity.to_string(),
                    external_id: external_id.to_string(),
                    rule: rule.as_ref().map(Name::to_string),
                    points: *points,
                    reason: reason.as_ref().map(Name::to_string),
                    debt: *debt,
                    forgiven: *forgiven,
                }
            }
            Because::TierChanged { ladder, from, to, standing, cause } => ReasonJson::TierChanged {
                ladder: ladder.to_string(),
                from: from.to_string(),
                to: to.to_string(),
                standing: self.standing(ladder, standing),
                cause: tier_cause(*cause),
            },
            Because::Enrolled => ReasonJson::Enrolled,
            Because::HouseholdOpened => ReasonJson::HouseholdOpened,
            Because::ProfileUpdated => ReasonJson::ProfileUpdated,
            Because::Released { order, earned_at } => {
                ReasonJson::Released { order: optional(order), earned_at: time(earned_at) }
            }
            Because::ReleaseSet { order, until } => ReasonJson::ReleaseSet { order: text(order), until: time(until) },
            Because::Expired { earned_at } => ReasonJson::Expired { earned_at: earned_at.as_ref().map(time) },
            Because::ExpiredAfterInactivity { since } => ReasonJson::ExpiredAfterInactivity { since: time(since) },
            Because::Held { until, reference } => {
                ReasonJson::Held { until: time(until), reference: optional(reference) }
            }
            Because::Captured { hold } => ReasonJson::Captured { hold: key(hold) },
            Because::HoldReleased { hold } => ReasonJson::HoldReleased { hold: key(hold) },
            Because::HoldLapsed { hold } => ReasonJson::HoldLapsed { hold: key(hold) },
            Because::Redeemed { reward, reference } => {
                ReasonJson::Redeemed { reward: text(reward), reference: optional(reference) }
            }
            Because::RolledBack { redemption, reward, reason } => {
                ReasonJson::RolledBack { redemption: key(redemption), reward: text(reward), reason: optional(reason) }
            }
            Because::VoucherIssued { code, reward, rule, valid_until } => ReasonJson::VoucherIssued {
                code: text(code),
                reward: text(reward),
                rule: optional(rule),
                valid_until: valid_until.as_ref().map(time),
            },
            Because::VoucherUsed { code, reward, order } => {
                ReasonJson::VoucherUsed { code: text(code), reward: text(reward), order: optional(order) }
            }
            Because::VoucherLapsed { code, reward } => {
                ReasonJson::VoucherLapsed { code: text(code), reward: text(reward) }
            }
            Because::VoucherCancelled { code, reward } => {
                ReasonJson::VoucherCancelled { code: text(code), reward: text(reward) }
            }
            Because::Adjusted { reason, debt } => ReasonJson::Adjusted { reason: text(reason), debt: *debt },
            Because::Sent { to, kind } => ReasonJson::Sent { to: holder(to), kind: transfer_kind(*kind) },
            Because::Received { from, kind, transfer } => {
                ReasonJson::Received { from: holder(from), kind: transfer_kind(*kind), transfer: key(transfer) }
            }
            Because::CameBack { from, transfer, refusal } => {
                ReasonJson::CameBack { from: holder(from), transfer: key(transfer), refusal: text(refusal) }
            }
            Because::DebtRepaid => ReasonJson::DebtRepaid,
            Because::DebtForgiven { forgiven } => ReasonJson::DebtForgiven { forgiven: *forgiven },
            Because::TierGrace { ladder, tier, until } => {
                ReasonJson::TierGrace { ladder: text(ladder), tier: text(tier), until: time(until) }
            }
            Because::HouseholdJoined { household } => ReasonJson::HouseholdJoined { household: holder(household) },
            Because::HouseholdLeft { household } => ReasonJson::HouseholdLeft { household: holder(household) },
            Because::MemberAdmitted { member } => ReasonJson::MemberAdmitted { member: MemberKey(*member) },
            Because::MemberDismissed { member } => ReasonJson::MemberDismissed { member: MemberKey(*member) },
            Because::MergeAsked { account } => ReasonJson::MergeAsked { account: MemberKey(*account) },
            Because::MergedInto { survivor } => ReasonJson::MergedInto { survivor: MemberKey(*survivor) },
            Because::AccountMerged { account } => ReasonJson::AccountMerged { account: MemberKey(*account) },
            Because::Referred { referral, advocates, step } => ReasonJson::Referred {
                referral: text(referral),
                advocates: advocates.iter().map(|advocate| MemberKey(*advocate)).collect(),
                step: StepJson::of(step),
            },
            Because::AdvocateLost { referral, advocate, refusal } => ReasonJson::AdvocateLost {
                referral: text(referral),
                advocate: MemberKey(*advocate),
                refusal: text(refusal),
            },
            Because::FriendStands { referral, friend, step, number, limit } => ReasonJson::FriendStands {
                referral: text(referral),
                friend: MemberKey(*friend),
                step: StepJson::of(step),
                number: *number,
                limit: limit.map(|window| window.name().to_owned()),
            },
            Because::MergeAbandoned { account, refusal } => {
                ReasonJson::MergeAbandoned { account: MemberKey(*account), refusal: text(refusal) }
            }
            Because::Left => ReasonJson::Left,
            Because::Forfeited => ReasonJson::Forfeited,
        }
    }
}

impl From<Window> for WindowJson {
    fn from(window: Window) -> WindowJson {
        match window {
            Window::Day => WindowJson::Day,
            Window::Week => WindowJson::Week,
            Window::Month => WindowJson::Month,
            Window::Quarter => WindowJson::Quarter,
            Window::Year => WindowJson::Year,
            Window::Lifetime => WindowJson::Lifetime,
        }
    }
}

fn transfer_kind(kind: TransferKind) -> TransferKindJson {
    match kind {
        TransferKind::Transfer => TransferKindJson::Transfer,
        TransferKind::Gift => TransferKindJson::Gift,
        TransferKind::Household => TransferKindJson::Household,
        TransferKind::Merge => TransferKindJson::Merge,
    }
}

fn tier_cause(cause: TierCause) -> TierCauseJson {
    match cause {
        TierCause::Reached => TierCauseJson::Reached,
        TierCause::Review => TierCauseJson::Review,
        TierCause::Return => TierCauseJson::Return,
        TierCause::Programme => TierCauseJson::Programme,
        TierCause::Merge => TierCauseJson::Merge,
    }
}
