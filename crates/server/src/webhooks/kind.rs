//! What can be told: one name for each kind of event, for ever.

use lojal_core::decision::Because;
use lojal_core::referrals::Step;

macro_rules! kinds {
    ($($kind:ident = $name:literal,)*) => {
        /// A kind of event. Names are stable; kinds are only ever added.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $($kind,)*
        }

        impl Kind {
            pub const ALL: &[Kind] = &[$(Kind::$kind,)*];

            /// As it goes over the wire.
            pub fn name(self) -> &'static str {
                match self {
                    $(Kind::$kind => $name,)*
                }
            }
        }
    };
}

kinds! {
    MemberJoined = "member.joined",
    MemberUpdated = "member.updated",
    MemberLeft = "member.left",
    MemberMerged = "member.merged",
    HouseholdOpened = "household.opened",
    HouseholdJoined = "household.joined",
    HouseholdLeft = "household.left",
    PointsEarned = "points.earned",
    PointsReleased = "points.released",
    PointsReversed = "points.reversed",
    PointsExpired = "points.expired",
    PointsAdjusted = "points.adjusted",
    PointsSent = "points.sent",
    PointsReceived = "points.received",
    PointsCameBack = "points.came_back",
    PointsForfeited = "points.forfeited",
    DebtRepaid = "debt.repaid",
    DebtForgiven = "debt.forgiven",
    HoldCreated = "hold.created",
    HoldCaptured = "hold.captured",
    HoldReleased = "hold.released",
    HoldLapsed = "hold.lapsed",
    RewardRedeemed = "reward.redeemed",
    RedemptionRolledBack = "redemption.rolled_back",
    VoucherIssued = "voucher.issued",
    VoucherUsed = "voucher.used",
    VoucherLapsed = "voucher.lapsed",
    VoucherCancelled = "voucher.cancelled",
    TierChanged = "tier.changed",
    TierGraceBegan = "tier.grace_began",
    ReferralInvited = "referral.invited",
    ReferralClicked = "referral.clicked",
    ReferralJoined = "referral.joined",
    ReferralOrdered = "referral.ordered",
    ReferralChecking = "referral.checking",
    ReferralHeld = "referral.held",
    ReferralQualified = "referral.qualified",
    ReferralReversed = "referral.reversed",
    ReferralExpired = "referral.expired",
    ReferralRejected = "referral.rejected",
    ReferralVerificationRequested = "referral.verification_requested",
    ReferralVerificationConfirmed = "referral.verification_confirmed",
    ProgrammePublished = "programme.published",
    WebhookTest = "webhook.test",
}

impl Kind {
    /// The kind with this name.
    pub fn named(name: &str) -> Option<Kind> {
        Kind::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// What may be chosen: a test is told whatever was chosen.
    pub fn choices() -> impl Iterator<Item = Kind> {
        Kind::ALL.iter().copied().filter(|kind| *kind != Kind::WebhookTest)
    }

    /// The text of the house that says when it happens.
    pub fn text_key(self) -> String {
        format!("webhook-event-{}", self.name().replace(['.', '_'], "-"))
    }

    /// What a step with confirming is told as; `None` for what only staff care for.
    pub fn of_step(step: &str) -> Option<Kind> {
        match step {
            "asked" => Some(Kind::ReferralVerificationRequested),
            "confirmed" => Some(Kind::ReferralVerificationConfirmed),
            _ => None,
        }
    }

    /// What an effect is told as; `None` for what another effect tells already, or nobody but the engine cares for.
    pub fn of(because: &Because) -> Option<Kind> {
        Some(match because {
            Because::Enrolled => Kind::MemberJoined,
            Because::HouseholdOpened => Kind::HouseholdOpened,
            Because::ProfileUpdated => Kind::MemberUpdated,
            Because::OrderEarned { .. } | Because::ActivityEarned { .. } => Kind::PointsEarned,
            Because::OrderSettled { was, reckoning, .. } | Because::ActivitySettled { was, reckoning, .. }
                if reckoning.points > *was =>
            {
                Kind::PointsEarned
            }
            Because::OrderSettled { .. } | Because::ActivitySettled { .. } | Because::GoodsReturned { .. } => {
                Kind::PointsReversed
            }
            Because::ActivityCalledOff { rule: Some(_), .. } => Kind::PointsReversed,
            // Nothing had been given for it.
            Because::ActivityCalledOff { rule: None, .. } => return None,
            Because::Released { .. } => Kind::PointsReleased,
            Because::Expired { .. } | Because::ExpiredAfterInactivity { .. } => Kind::PointsExpired,
            Because::Held { .. } => Kind::HoldCreated,
            Because::Captured { .. } => Kind::HoldCaptured,
            Because::HoldReleased { .. } => Kind::HoldReleased,
            Because::HoldLapsed { .. } => Kind::HoldLapsed,
            Because::Redeemed { .. } => Kind::RewardRedeemed,
            Because::RolledBack { .. } => Kind::RedemptionRolledBack,
            Because::VoucherIssued { .. } => Kind::VoucherIssued,
            Because::VoucherUsed { .. } => Kind::VoucherUsed,
            Because::VoucherLapsed { .. } => Kind::VoucherLapsed,
            Because::VoucherCancelled { .. } => Kind::VoucherCancelled,
            Because::Adjusted { .. } => Kind::PointsAdjusted,
            Because::Sent { .. } => Kind::PointsSent,
            Because::Received { .. } => Kind::PointsReceived,
            Because::CameBack { .. } => Kind::PointsCameBack,
            Because::DebtRepaid => Kind::DebtRepaid,
            Because::DebtForgiven { .. } => Kind::DebtForgiven,
            Because::TierChanged { .. } => Kind::TierChanged,
            Because::TierGrace { .. } => Kind::TierGraceBegan,
            Because::HouseholdJoined { .. } => Kind::HouseholdJoined,
            Because::HouseholdLeft { .. } => Kind::HouseholdLeft,
            Because::Left => Kind::MemberLeft,
            Because::AccountMerged { .. } => Kind::MemberMerged,
            Because::Forfeited => Kind::PointsForfeited,
            Because::Referred { step, .. } => match step {
                Step::Joined => Kind::ReferralJoined,
                Step::Ordered { .. } => Kind::ReferralOrdered,
                Step::Checking => Kind::ReferralChecking,
                Step::Held => Kind::ReferralHeld,
                Step::Qualified { .. } => Kind::ReferralQualified,
                Step::Reversed => Kind::ReferralReversed,
                Step::Expired { .. } => Kind::ReferralExpired,
                Step::Rejected { .. } => Kind::ReferralRejected,
            },
            // The friend's own entry tells of it.
            Because::FriendStands { .. } | Because::AdvocateLost { .. } => return None,
            // The member's own entry tells of it.
            Because::MemberAdmitted { .. } | Because::MemberDismissed { .. } => return None,
            // The survivor's own entry tells of it, once it is done.
            Because::MergeAsked { .. } | Because::MergedInto { .. } | Because::MergeAbandoned { .. } => return None,
            // Nothing has moved yet.
            Because::ReleaseSet { .. } => return None,
        })
    }
}
