//! A plain sentence for each refusal: what stands in the way, with the facts.

use super::Speaker;
use crate::decision::Refusal;
use crate::kernel::Name;
use crate::programme::condition::MomentField;

impl Speaker<'_> {
    /// Says why the answer is no, in words for the one who asked.
    pub fn refusal(&self, refusal: &Refusal) -> String {
        match refusal {
            Refusal::NoProgramme
            | Refusal::AlreadyEnrolled
            | Refusal::UnknownHolder
            | Refusal::MemberLeft
            | Refusal::Merged { .. }
            | Refusal::MergeUnderWay
            | Refusal::MergeWithSelf
            | Refusal::TooManyAccounts { .. }
            | Refusal::InHousehold
            | Refusal::NotInHousehold
            | Refusal::HouseholdFull { .. }
            | Refusal::HouseholdsNotOffered => self.membership_refusal(refusal),
            Refusal::UnknownUnit { .. }
            | Refusal::UnknownBrand { .. }
            | Refusal::UnknownReward { .. }
            | Refusal::UnknownOrder { .. }
            | Refusal::UnknownActivity { .. }
            | Refusal::ActivityFinal { .. }
            | Refusal::UnknownLine { .. }
            | Refusal::UnknownHold { .. }
            | Refusal::UnknownRedemption { .. }
            | Refusal::UnknownVoucher { .. } => self.unknown(refusal),
            Refusal::OrderStep { .. }
            | Refusal::Invalid { .. }
            | Refusal::DifferentContent { .. }
            | Refusal::ReturnsTooMany { .. }
            | Refusal::TooLarge => self.wrong_content(refusal),
            Refusal::InsufficientPoints { .. }
            | Refusal::DebtOpen { .. }
            | Refusal::NotSpendable { .. }
            | Refusal::HoldTooSmall { .. }
            | Refusal::TooManyHolds { .. }
            | Refusal::HoldTooLong { .. } => self.spending_refusal(refusal),
            Refusal::RewardNotAvailable { .. }
            | Refusal::RewardNotForMember { .. }
            | Refusal::RewardLimit { .. }
            | Refusal::OutOfStock { .. }
            | Refusal::AlreadyRolledBack { .. }
            | Refusal::VoucherUsed { .. }
            | Refusal::VoucherLapsed { .. }
            | Refusal::VoucherCancelled { .. } => self.reward_refusal(refusal),
            Refusal::ReferralsNotOffered
            | Refusal::UnknownReferral { .. }
            | Refusal::AlreadyReferred { .. }
            | Refusal::NotReferred
            | Refusal::ReferralOver
            | Refusal::MayNotRecommend { .. } => self.referral_refusal(refusal),
            Refusal::TransfersNotOffered
            | Refusal::TransferTooSmall { .. }
            | Refusal::TransferTooLarge { .. }
            | Refusal::TransferLimit { .. }
            | Refusal::TransferToSelf => self.transfer_refusal(refusal),
        }
    }

    /// The reason why a transfer could not be received, by its code: only the code travels back.
    pub(super) fn short_refusal(&self, code: &str) -> String {
        match code {
            "unknown_holder" => self.say("refusal-unknown-holder", &[]),
            "member_left" => self.say("refusal-member-left", &[]),
            "in_household" => self.say("refusal-in-household", &[]),
            "merged" => self.say("refusal-merged", &[]),
            "merge_under_way" => self.say("refusal-merge-under-way", &[]),
            "may_not_recommend" => self.say("refusal-may-not-recommend-short", &[]),
            "too_large" => self.say("refusal-too-large", &[]),
            other => self.say("effect-reason", &[("reason", other.into())]),
        }
    }

    fn membership_refusal(&self, refusal: &Refusal) -> String {
        match refusal {
            Refusal::NoProgramme => self.say("refusal-no-programme", &[]),
            Refusal::AlreadyEnrolled => self.say("refusal-already-enrolled", &[]),
            Refusal::UnknownHolder => self.say("refusal-unknown-holder", &[]),
            Refusal::MemberLeft => self.say("refusal-member-left", &[]),
            Refusal::Merged { into } => self.say("refusal-merged", &[("account", self.holder((*into).into()).into())]),
            Refusal::MergeUnderWay => self.say("refusal-merge-under-way", &[]),
            Refusal::MergeWithSelf => self.say("refusal-merge-with-self", &[]),
            Refusal::TooManyAccounts { most } => {
                self.say("refusal-too-many-accounts", &[("most", self.words.number(*most, 0).into())])
            }
            Refusal::InHousehold => self.say("refusal-in-household", &[]),
            Refusal::NotInHousehold => self.say("refusal-not-in-household", &[]),
            Refusal::HouseholdFull { most } => {
                self.say("refusal-household-full", &[("most", self.words.counted("people", *most).into())])
            }
            Refusal::HouseholdsNotOffered => self.say("refusal-households-not-offered", &[]),
            _ => String::new(),
        }
    }

    fn unknown(&self, refusal: &Refusal) -> String {
        match refusal {
            Refusal::UnknownUnit { unit } => self.say("refusal-unknown-unit", &[("unit", unit.as_str().into())]),
            Refusal::UnknownBrand { brand } => self.say("refusal-unknown-brand", &[("brand", brand.as_str().into())]),
            Refusal::UnknownReward { reward } => {
                self.say("refusal-unknown-reward", &[("reward", reward.as_str().into())])
            }
            Refusal::UnknownOrder { order } => self.say("refusal-unknown-order", &[("order", order.as_str().into())]),
            Refusal::UnknownActivity { external_id } => {
                self.say("refusal-unknown-activity", &[("activity", external_id.as_str().into())])
            }
            Refusal::ActivityFinal { external_id } => {
                self.say("refusal-activity-final", &[("activity", external_id.as_str().into())])
            }
            Refusal::UnknownLine { line } => self.say("refusal-unknown-line", &[("line", line.as_str().into())]),
            Refusal::UnknownHold { hold } => self.say("refusal-unknown-hold", &[("hold", hold.to_string().into())]),
            Refusal::UnknownRedemption { redemption } => {
                self.say("refusal-unknown-redemption", &[("redemption", redemption.to_string().into())])
            }
            Refusal::UnknownVoucher { .. } => self.say("refusal-unknown-voucher", &[]),
            _ => String::new(),
        }
    }

    fn wrong_content(&self, refusal: &Refusal) -> String {
        match refusal {
            Refusal::OrderStep { from, to } => self.say(
                "refusal-order-step",
                &[("from", self.order_state(from).into()), ("to", self.order_state(to).into())],
            ),
            Refusal::Invalid { field, detail } => {
                self.say("refusal-invalid", &[("field", field.as_str().into()), ("detail", detail.as_str().into())])
            }
            Refusal::DifferentContent { external_id } => {
                self.say("refusal-different-content", &[("id", external_id.as_str().into())])
            }
            Refusal::ReturnsTooMany { line, quantity, returned, asked } => self.say(
                "refusal-returns-too-many",
                &[
                    ("line", line.as_str().into()),
                    ("quantity", self.words.counted("pieces", *quantity).into()),
                    ("returned", self.words.counted("pieces", *returned).into()),
                    ("asked", self.words.counted("pieces", *asked).into()),
                ],
            ),
            Refusal::TooLarge => self.say("refusal-too-large", &[]),
            _ => String::new(),
        }
    }

    /// The name of an order's state; a state that is not known goes by its own name.
    fn order_state(&self, state: &str) -> String {
        match state {
            "open" => self.say("order-open", &[]),
            "paid" => self.say("order-paid", &[]),
            "closed" => self.say("order-closed", &[]),
            "cancelled" => self.say("order-cancelled", &[]),
            other => other.to_owned(),
        }
    }

    fn spending_refusal(&self, refusal: &Refusal) -> String {
        match refusal {
            Refusal::InsufficientPoints { unit, needed, available } => self.say(
                "refusal-insufficient",
                &[
                    ("needed", self.amount(unit, *needed).into()),
                    ("available", self.amount(unit, *available).into()),
                    ("missing", self.amount(unit, needed.saturating_sub(*available)).into()),
                ],
            ),
            Refusal::DebtOpen { unit, debt } => {
                self.say("refusal-debt-open", &[("debt", self.amount(unit, *debt).into())])
            }
            Refusal::NotSpendable { unit } => self.say("refusal-not-spendable", &[("unit", self.plural(unit).into())]),
            Refusal::HoldTooSmall { unit, held, asked } => self.say(
                "refusal-hold-too-small",
                &[("held", self.amount(unit, *held).into()), ("asked", self.amount(unit, *asked).into())],
            ),
            Refusal::TooManyHolds { most } => {
                self.say("refusal-too-many-holds", &[("most", self.words.number(*most, 0).into())])
            }
            Refusal::HoldTooLong { longest } => {
                self.say("refusal-hold-too-long", &[("longest", self.words.period(*longest).into())])
            }
            _ => String::new(),
        }
    }

    fn reward_refusal(&self, refusal: &Refusal) -> String {
        match refusal {
            Refusal::RewardNotAvailable { reward } => self.reward_not_available(reward),
            Refusal::RewardNotForMember { reward } => {
                let test = self.programme.reward(reward).map(|reward| &reward.when).filter(|test| !test.is_always());
                let (key, conditions) = match test {
                    Some(test) => ("refusal-reward-conditions", self.condition(test)),
                    None => ("refusal-reward-not-for-member", String::new()),
                };
                self.say(key, &[("reward", self.reward(reward).into()), ("conditions", conditions.into())])
            }
            Refusal::RewardLimit { reward, times, window } => self.say(
                "refusal-reward-limit",
                &[
                    ("reward", self.reward(reward).into()),
                    ("times", self.words.counted("times", *times).into()),
                    ("window", self.words.per_window(*window).into()),
                ],
            ),
            Refusal::OutOfStock { reward } => {
                self.say("refusal-out-of-stock", &[("reward", self.reward(reward).into())])
            }
            Refusal::AlreadyRolledBack { .. } => self.say("refusal-already-rolled-back", &[]),
            Refusal::VoucherUsed { at, .. } => self.say("refusal-voucher-used", &[("moment", self.moment(*at).into())]),
            Refusal::VoucherLapsed { at, .. } => {
                self.say("refusal-voucher-lapsed", &[("until", self.until(*at).into())])
            }
            Refusal::VoucherCancelled { at, .. } => {
                self.say("refusal-voucher-cancelled", &[("moment", self.moment(*at).into())])
            }
            _ => String::new(),
        }
    }

    fn reward_not_available(&self, id: &Name) -> String {
        let reward = self.programme.reward(id);
        let period = reward.filter(|reward| reward.from.is_some() || reward.until.is_some());
        let (key, period) = match (reward, period) {
            (Some(reward), _) if reward.price.is_none() => ("refusal-reward-only-given", String::new()),
            (_, Some(reward)) => {
                ("refusal-reward-period", self.moment_between(MomentField::Now, reward.from, reward.until))
            }
            _ => ("refusal-reward-not-available", String::new()),
        };
        self.say(key, &[("reward", self.reward(id).into()), ("period", period.into())])
    }

    fn transfer_refusal(&self, refusal: &Refusal) -> String {
        match refusal {
            Refusal::TransfersNotOffered => self.say("refusal-transfers-not-offered", &[]),
            Refusal::TransferTooSmall { unit, least } => {
                self.say("refusal-transfer-too-small", &[("least", self.amount(unit, *least).into())])
            }
            Refusal::TransferTooLarge { unit, most } => {
                self.say("refusal-transfer-too-large", &[("most", self.amount(unit, *most).into())])
            }
            Refusal::TransferLimit { unit, most, window, left } => self.say(
                "refusal-transfer-limit",
                &[
                    ("most", self.amount(unit, *most).into()),
                    ("window", self.words.per_window(*window).into()),
                    ("left", self.amount(unit, *left).into()),
                ],
            ),
            Refusal::TransferToSelf => self.say("refusal-transfer-to-self", &[]),
            _ => String::new(),
        }
    }
}
