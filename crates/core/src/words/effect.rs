//! One plain sentence or two for each thing that the engine decided: what happened, by which rule,
//! and how it was reckoned.

use super::{Speaker, sentence};
use crate::activity::builtin;
use crate::command::TransferKind;
use crate::decision::{Because, Effect, Reckoning, Standing, TierCause};
use crate::kernel::{MemberId, Money, Name};
use crate::ledger::{Account, Posting};
use crate::programme::{Metric, WordKind};

/// How much of a voucher's code is told: enough to recognise it, too little to use it.
const CODE_TAIL: usize = 4;

impl Speaker<'_> {
    /// Says what the effect is and why it came about.
    pub fn effect(&self, effect: &Effect) -> String {
        let mut text = self.because(effect);
        let repaid = sums(&effect.postings, Account::Debt, 1);
        if !repaid.is_empty() && !moves_debt(&effect.because) {
            text.push(' ');
            text.push_str(&self.say("effect-towards-debt", &[("amount", self.amounts(&repaid).into())]));
        }
        let waiting = sums(&effect.postings, Account::Pending, 1);
        if !waiting.is_empty() && gives(&effect.because) {
            text.push(' ');
            text.push_str(&self.say("effect-waits", &[("amount", self.amounts(&waiting).into())]));
        }
        text
    }

    fn because(&self, effect: &Effect) -> String {
        match &effect.because {
            Because::OrderEarned { .. }
            | Because::OrderSettled { .. }
            | Because::GoodsReturned { .. }
            | Because::ActivityEarned { .. }
            | Because::ActivitySettled { .. }
            | Because::ActivityCalledOff { .. } => self.earning(effect),
            Because::Released { .. }
            | Because::ReleaseSet { .. }
            | Because::Expired { .. }
            | Because::ExpiredAfterInactivity { .. } => self.passing_of_time(effect),
            Because::Held { .. }
            | Because::Captured { .. }
            | Because::HoldReleased { .. }
            | Because::HoldLapsed { .. } => self.hold(effect),
            Because::Redeemed { .. } | Because::RolledBack { .. } => self.redemption(effect),
            Because::VoucherIssued { .. }
            | Because::VoucherUsed { .. }
            | Because::VoucherLapsed { .. }
            | Because::VoucherCancelled { .. } => self.voucher(effect),
            Because::Sent { .. } | Because::Received { .. } | Because::CameBack { .. } => self.transfer(effect),
            Because::TierChanged { .. } | Because::TierGrace { .. } => self.tier(effect),
            Because::Adjusted { .. } | Because::DebtRepaid | Because::DebtForgiven { .. } => self.correction(effect),
            Because::Referred { .. } | Because::AdvocateLost { .. } | Because::FriendStands { .. } => {
                self.referral(&effect.because)
            }
            Because::Enrolled
            | Because::HouseholdOpened
            | Because::ProfileUpdated
            | Because::HouseholdJoined { .. }
            | Because::HouseholdLeft { .. }
            | Because::MemberAdmitted { .. }
            | Because::MemberDismissed { .. }
            | Because::MergeAsked { .. }
            | Because::MergedInto { .. }
            | Because::AccountMerged { .. }
            | Because::MergeAbandoned { .. }
            | Because::Left
            | Because::Forfeited => self.membership(effect),
        }
    }

    fn earning(&self, effect: &Effect) -> String {
        match &effect.because {
            Because::OrderEarned { order, reckoning, .. } => sentence(&self.say(
                "effect-order-earned",
                &[
                    ("order", self.order(order).into()),
                    ("rule", self.rule_with_conditions(&reckoning.rule).into()),
                    ("reckoning", self.reckoning(reckoning, &self.unit_of(reckoning, effect)).into()),
                ],
            )),
            Because::OrderSettled { order, was, reckoning, debt, forgiven, .. } => {
                let unit = self.unit_of(reckoning, effect);
                let key = if reckoning.points == 0 { "effect-order-gives-nothing" } else { "effect-order-settled" };
                let mut text = sentence(&self.say(
                    key,
                    &[
                        ("order", order.as_str().into()),
                        ("rule", self.rule_with_conditions(&reckoning.rule).into()),
                        ("reckoning", self.reckoning(reckoning, &unit).into()),
                        ("was", self.amount(&unit, *was).into()),
                        ("change", self.signed_amount(&unit, reckoning.points - was).into()),
                    ],
                ));
                self.add_shortfall(&mut text, &unit, *debt, *forgiven);
                text
            }
            Because::GoodsReturned { goods, reckoning, debt, forgiven } => {
                let unit = self.unit_of(reckoning, effect);
                let mut text = sentence(&self.say(
                    "effect-goods-returned",
                    &[
                        ("goods", goods.as_str().into()),
                        ("rule", self.rule_with_conditions(&reckoning.rule).into()),
                        ("reckoning", self.reckoning(reckoning, &unit).into()),
                    ],
                ));
                self.add_shortfall(&mut text, &unit, *debt, *forgiven);
                text
            }
            Because::ActivityEarned { activity, reckoning, .. } => sentence(&self.say(
                "effect-activity-earned",
                &[
                    ("activity", self.activity(activity).into()),
                    ("rule", self.rule_with_conditions(&reckoning.rule).into()),
                    ("reckoning", self.reckoning(reckoning, &self.unit_of(reckoning, effect)).into()),
                ],
            )),
            Because::ActivitySettled { activity, was, reckoning, debt, forgiven, .. } => {
                let unit = self.unit_of(reckoning, effect);
                let key =
                    if reckoning.points == 0 { "effect-activity-gives-nothing" } else { "effect-activity-settled" };
                let mut text = sentence(&self.say(
                    key,
                    &[
                        ("activity", self.activity(activity).into()),
                        ("rule", self.rule_with_conditions(&reckoning.rule).into()),
                        ("reckoning", self.reckoning(reckoning, &unit).into()),
                        ("was", self.amount(&unit, *was).into()),
                        ("change", self.signed_amount(&unit, reckoning.points - was).into()),
                    ],
                ));
                self.add_shortfall(&mut text, &unit, *debt, *forgiven);
                text
            }
            Because::ActivityCalledOff { activity, rule, points, reason, debt, forgiven, .. } => {
                let activity = self.activity(activity);
                let text = match rule {
                    None => sentence(&self.say("effect-activity-called-off", &[("activity", activity.into())])),
                    Some(rule) => {
                        let unit = self.unit_of_rule(rule, effect);
                        let mut text = sentence(&self.say(
                            "effect-activity-taken-back",
                            &[
                                ("activity", activity.into()),
                                ("rule", self.rule(rule).into()),
                                ("amount", self.amount(&unit, *points).into()),
                            ],
                        ));
                        self.add_shortfall(&mut text, &unit, *debt, *forgiven);
                        text
                    }
                };
                match reason {
                    Some(reason) => self.with_reason(text, reason),
                    None => text,
                }
            }
            _ => String::new(),
        }
    }

    /// What became of points that should have been taken back and were no longer there.
    fn add_shortfall(&self, text: &mut String, unit: &str, debt: i64, forgiven: i64) {
        for (key, amount) in [("effect-owed", debt), ("effect-forgiven", forgiven)] {
            if amount > 0 {
                text.push(' ');
                text.push_str(&self.say(key, &[("amount", self.amount(unit, amount).into())]));
            }
        }
    }

    fn passing_of_time(&self, effect: &Effect) -> String {
        match &effect.because {
            Because::Released { order: Some(order), earned_at } => self.say(
                "effect-released-order",
                &[
                    ("order", order.as_str().into()),
                    ("date", self.day(*earned_at).into()),
                    ("amount", self.size(effect, Account::Pending).into()),
                ],
            ),
            Because::Released { order: None, earned_at } => self.say(
                "effect-released",
                &[("date", self.day(*earned_at).into()), ("amount", self.size(effect, Account::Pending).into())],
            ),
            Because::ReleaseSet { order, until } => self
                .say("effect-release-set", &[("order", order.as_str().into()), ("moment", self.since(*until).into())]),
            Because::Expired { earned_at: Some(earned_at) } => self.say(
                "effect-expired-lot",
                &[("date", self.day(*earned_at).into()), ("amount", self.size(effect, Account::Expired).into())],
            ),
            Because::Expired { earned_at: None } => {
                self.say("effect-expired", &[("amount", self.size(effect, Account::Expired).into())])
            }
            Because::ExpiredAfterInactivity { since } => self.say(
                "effect-expired-inactivity",
                &[("date", self.day(*since).into()), ("amount", self.size(effect, Account::Expired).into())],
            ),
            _ => String::new(),
        }
    }

    fn hold(&self, effect: &Effect) -> String {
        let amount = self.size(effect, Account::Held);
        match &effect.because {
            Because::Held { until, reference } => {
                let text = self.say("effect-held", &[("until", self.until(*until).into()), ("amount", amount.into())]);
                self.with_reference(text, reference.as_ref())
            }
            Because::Captured { .. } => {
                let mut text = self.say("effect-captured", &[("amount", self.size(effect, Account::Redeemed).into())]);
                let rest = sums(&effect.postings, Account::Available, 1);
                if !rest.is_empty() {
                    text.push(' ');
                    text.push_str(&self.say("effect-captured-rest", &[("amount", self.amounts(&rest).into())]));
                }
                text
            }
            Because::HoldReleased { .. } => self.say("effect-hold-released", &[("amount", amount.into())]),
            Because::HoldLapsed { .. } => self.say("effect-hold-lapsed", &[("amount", amount.into())]),
            _ => String::new(),
        }
    }

    fn redemption(&self, effect: &Effect) -> String {
        let amount = self.size(effect, Account::Redeemed);
        match &effect.because {
            Because::Redeemed { reward, reference } => {
                let values = [("reward", self.reward(reward).into()), ("amount", amount.as_str().into())];
                let key = if amount.is_empty() { "effect-redeemed-free" } else { "effect-redeemed" };
                self.with_reference(self.say(key, &values), reference.as_ref())
            }
            Because::RolledBack { reward, reason, .. } => {
                let text = self
                    .say("effect-rolled-back", &[("reward", self.reward(reward).into()), ("amount", amount.into())]);
                match reason {
                    Some(reason) => self.with_reason(text, reason),
                    None => text,
                }
            }
            _ => String::new(),
        }
    }

    fn voucher(&self, effect: &Effect) -> String {
        match &effect.because {
            Because::VoucherIssued { code, reward, rule, valid_until } => {
                let mut text = self.say("effect-voucher-issued", &self.voucher_values(code, reward));
                if let Some(rule) = rule {
                    text.push_str(", ");
                    text.push_str(&self.rule(rule));
                }
                if let Some(valid_until) = valid_until {
                    text.push_str(&self.say("effect-voucher-valid", &[("until", self.until(*valid_until).into())]));
                }
                text.push('.');
                text
            }
            Because::VoucherUsed { code, reward, order: Some(order) } => {
                let [code, reward] = self.voucher_values(code, reward);
                self.say("effect-voucher-used-order", &[code, reward, ("order", order.as_str().into())])
            }
            Because::VoucherUsed { code, reward, order: None } => {
                self.say("effect-voucher-used", &self.voucher_values(code, reward))
            }
            Because::VoucherLapsed { code, reward } => {
                self.say("effect-voucher-lapsed", &self.voucher_values(code, reward))
            }
            Because::VoucherCancelled { code, reward } => {
                self.say("effect-voucher-cancelled", &self.voucher_values(code, reward))
            }
            _ => String::new(),
        }
    }

    fn voucher_values<'b>(&self, code: &str, reward: &'b Name) -> [(&'static str, fluent_bundle::FluentValue<'b>); 2]
    where
        Self: 'b,
    {
        [("code", masked(code).into()), ("reward", self.reward(reward).to_owned().into())]
    }

    fn transfer(&self, effect: &Effect) -> String {
        let amount = self.size(effect, Account::InTransit);
        // What is owed moves into a household, or with an account, too; alone, it is worth a sentence of its own.
        let is_debt = |sign| !sums(&effect.postings, Account::InTransit, sign).is_empty();
        match &effect.because {
            Because::Sent { to, kind } => {
                let key = match kind {
                    TransferKind::Household if is_debt(-1) => "effect-sent-debt",
                    TransferKind::Merge if is_debt(-1) => "effect-sent-merge-debt",
                    TransferKind::Transfer => "effect-sent",
                    TransferKind::Gift => "effect-sent-gift",
                    TransferKind::Household => "effect-sent-household",
                    TransferKind::Merge => "effect-sent-merge",
                };
                self.say(key, &[("to", self.holder(*to).into()), ("amount", amount.into())])
            }
            Because::Received { from, kind, .. } => {
                let key = match kind {
                    TransferKind::Household if is_debt(1) => "effect-received-debt",
                    TransferKind::Merge if is_debt(1) => "effect-received-merge-debt",
                    TransferKind::Transfer => "effect-received",
                    TransferKind::Gift => "effect-received-gift",
                    TransferKind::Household => "effect-received-household",
                    TransferKind::Merge => "effect-received-merge",
                };
                self.say(key, &[("from", self.holder(*from).into()), ("amount", amount.into())])
            }
            Because::CameBack { from, refusal, .. } => self.say(
                "effect-came-back",
                &[
                    ("from", self.holder(*from).into()),
                    ("amount", amount.into()),
                    ("reason", self.short_refusal(refusal).into()),
                ],
            ),
            _ => String::new(),
        }
    }

    fn tier(&self, effect: &Effect) -> String {
        match &effect.because {
            Because::TierChanged { ladder, from, to, standing, cause } => {
                let key = match cause {
                    TierCause::Reached => "effect-tier-reached",
                    TierCause::Review => "effect-tier-review",
                    TierCause::Return => "effect-tier-return",
                    TierCause::Programme => "effect-tier-programme",
                    TierCause::Merge => "effect-tier-merge",
                };
                let mut text = self.say(key, &[("from", self.level(from).into()), ("to", self.level(to).into())]);
                // After another version, or with an account's level, the metric need not be what decided.
                if !matches!(cause, TierCause::Programme | TierCause::Merge) {
                    text.push(' ');
                    text.push_str(&self.standing(ladder, standing));
                }
                text
            }
            Because::TierGrace { tier, until, .. } => self
                .say("effect-tier-grace", &[("level", self.level(tier).into()), ("until", self.until(*until).into())]),
            _ => String::new(),
        }
    }

    fn standing(&self, ladder: &Name, standing: &Standing) -> String {
        self.say(
            "standing",
            &[
                ("reached", self.measure(ladder, standing.reached).into()),
                ("needed", self.measure(ladder, standing.needed).into()),
            ],
        )
    }

    /// A number of what a ladder counts: money, points, orders, times.
    pub fn measure(&self, ladder: &str, number: i64) -> String {
        match self.programme.ladder(ladder).map(|ladder| &ladder.metric) {
            Some(Metric::Spend) => self.money(Money(number)),
            Some(Metric::Points(unit)) => self.amount(unit, number),
            Some(Metric::Orders) => self.words.counted("orders", number),
            Some(Metric::Activity(_)) => self.words.counted("times", number),
            None => self.words.number(number, 0),
        }
    }

    fn correction(&self, effect: &Effect) -> String {
        match &effect.because {
            Because::Adjusted { reason, debt } => {
                let changes = adjustments(&effect.postings);
                let written: Vec<String> =
                    changes.iter().map(|(unit, amount)| self.signed_amount(unit, *amount)).collect();
                let text = self.say("effect-adjusted", &[("amount", written.join(", ").into())]);
                let mut text = self.with_reason(text, reason);
                let unit = changes.first().map_or_else(Name::default, |(unit, _)| unit.clone());
                self.add_shortfall(&mut text, &unit, *debt, 0);
                text
            }
            Because::DebtRepaid => {
                self.say("effect-debt-repaid", &[("amount", self.size(effect, Account::Debt).into())])
            }
            Because::DebtForgiven { .. } => {
                self.say("effect-debt-forgiven", &[("amount", self.size(effect, Account::Debt).into())])
            }
            _ => String::new(),
        }
    }

    fn membership(&self, effect: &Effect) -> String {
        match &effect.because {
            Because::Enrolled => self.say("effect-enrolled", &[]),
            Because::HouseholdOpened => self.say("effect-household-opened", &[]),
            Because::ProfileUpdated => self.say("effect-profile-updated", &[]),
            Because::HouseholdJoined { household } => {
                self.say("effect-household-joined", &[("household", self.holder(*household).into())])
            }
            Because::HouseholdLeft { household } => {
                self.say("effect-household-left", &[("household", self.holder(*household).into())])
            }
            Because::MemberAdmitted { member } => {
                self.say("effect-member-admitted", &[("member", self.holder((*member).into()).into())])
            }
            Because::MemberDismissed { member } => {
                self.say("effect-member-dismissed", &[("member", self.holder((*member).into()).into())])
            }
            Because::MergeAsked { account } => self.about_account("effect-merge-asked", *account),
            Because::MergedInto { survivor } => self.about_account("effect-merged-into", *survivor),
            Because::AccountMerged { account } => self.about_account("effect-account-merged", *account),
            Because::MergeAbandoned { account, refusal } => self.say(
                "effect-merge-abandoned",
                &[("account", self.holder((*account).into()).into()), ("reason", self.short_refusal(refusal).into())],
            ),
            Because::Left => self.say("effect-left", &[]),
            Because::Forfeited => {
                self.say("effect-forfeited", &[("amount", self.size(effect, Account::Expired).into())])
            }
            _ => String::new(),
        }
    }

    fn about_account(&self, key: &'static str, account: MemberId) -> String {
        self.say(key, &[("account", self.holder(account.into()).into())])
    }

    fn with_reason(&self, text: String, reason: &str) -> String {
        let reason = reason.trim_end_matches('.');
        format!("{text} {}", self.say("effect-reason", &[("reason", reason.into())]))
    }

    fn with_reference(&self, text: String, reference: Option<&Name>) -> String {
        match reference {
            Some(reference) => {
                format!("{text} {}", self.say("effect-reference", &[("reference", reference.as_str().into())]))
            }
            None => text,
        }
    }

    /// The name of an activity: the house's own for what it gives rise to itself, otherwise the
    /// programme's label, or as its rules spell it.
    pub(super) fn activity(&self, name: &Name) -> String {
        match name.as_str() {
            builtin::JOINED => self.say("activity-joined", &[]),
            builtin::BIRTHDAY => self.say("activity-birthday", &[]),
            builtin::TIER_REACHED => self.say("activity-tier-reached", &[]),
            builtin::FRIEND_JOINED => self.say("activity-friend-joined", &[]),
            builtin::FRIEND_QUALIFIED => self.say("activity-friend-qualified", &[]),
            builtin::REFERRED => self.say("activity-referred", &[]),
            builtin::REFERRAL_QUALIFIED => self.say("activity-referral-qualified", &[]),
            _ => self.say("activity-custom", &[("name", self.label(WordKind::Activity, name).into())]),
        }
    }

    /// The unit that a rule gives; where the rule is no longer known, the one that was posted.
    fn unit_of(&self, reckoning: &Reckoning, effect: &Effect) -> Name {
        self.unit_of_rule(&reckoning.rule, effect)
    }

    fn unit_of_rule(&self, rule: &Name, effect: &Effect) -> Name {
        let posted = effect.postings.first().map(|posting| posting.unit.clone());
        let stated = || {
            let rule = self.programme.rule(rule)?;
            self.programme.units.get(rule.unit).map(|unit| unit.id.clone())
        };
        posted.or_else(stated).unwrap_or_default()
    }

    /// How much moved through an account, whichever way; empty when nothing did.
    fn size(&self, effect: &Effect, account: Account) -> String {
        let mut moved = sums(&effect.postings, account, 1);
        moved.extend(sums(&effect.postings, account, -1));
        self.amounts(&moved)
    }
}

/// Whether points come to the holder for something done, so that it is worth saying when they wait.
fn gives(because: &Because) -> bool {
    matches!(because, Because::OrderEarned { .. } | Because::OrderSettled { .. } | Because::ActivityEarned { .. })
}

/// Whether what is posted to the debt is what the entry is about, and said already.
fn moves_debt(because: &Because) -> bool {
    matches!(because, Because::DebtRepaid | Because::DebtForgiven { .. } | Because::Sent { .. })
}

/// The sums posted to an account by unit, where they have this sign; without the sign.
fn sums(postings: &[Posting], account: Account, sign: i64) -> Vec<(Name, i64)> {
    let mut sums: Vec<(Name, i64)> = Vec::new();
    for posting in postings.iter().filter(|posting| posting.account == account) {
        match sums.iter_mut().find(|(unit, _)| *unit == posting.unit) {
            Some((_, sum)) => *sum += posting.amount,
            None => sums.push((posting.unit.clone(), posting.amount)),
        }
    }
    sums.retain_mut(|(_, sum)| {
        *sum *= sign;
        *sum > 0
    });
    sums
}

/// What staff gave or took, by unit.
fn adjustments(postings: &[Posting]) -> Vec<(Name, i64)> {
    let mut changes = sums(postings, Account::Issued, -1);
    changes.extend(sums(postings, Account::Reversed, 1).into_iter().map(|(unit, amount)| (unit, -amount)));
    changes
}

/// `…7K3P`. A short code shows half of itself.
fn masked(code: &str) -> String {
    let letters = code.chars().count();
    let shown = CODE_TAIL.min(letters / 2);
    format!("…{}", code.chars().skip(letters - shown).collect::<String>())
}
