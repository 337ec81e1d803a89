//! How recommendations stand, in sentences: for the friend, and for the advocate.

use super::Speaker;
use crate::decision::{Because, Refusal};
use crate::kernel::{Name, Window};
use crate::referrals::{Lapse, Rejection, Step};

impl Speaker<'_> {
    pub(super) fn referral(&self, because: &Because) -> String {
        match because {
            Because::Referred { referral, step, .. } => {
                let text = self.say("effect-referred", &[("edition", self.edition(referral).into())]);
                format!("{text} {}", self.step(step, "friend"))
            }
            Because::FriendStands { referral, step, number, limit, .. } => {
                let text = self.say("effect-friend-stands", &[("edition", self.edition(referral).into())]);
                let step_text = match (step, limit) {
                    (Step::Qualified { .. }, Some(window)) => self.limit_reached(*window),
                    _ => self.step(step, "advocate"),
                };
                match number.filter(|_| matches!(step, Step::Qualified { .. })) {
                    Some(number) => {
                        let counted = self.say("effect-friend-number", &[("number", number.into())]);
                        format!("{text} {step_text} {counted}")
                    }
                    None => format!("{text} {step_text}"),
                }
            }
            Because::AdvocateLost { referral, refusal, .. } => self.say(
                "effect-advocate-lost",
                &[("edition", self.edition(referral).into()), ("reason", self.short_refusal(refusal).into())],
            ),
            _ => String::new(),
        }
    }

    /// How a recommendation stands, in a sentence for the `friend`, the `advocate` or the shop's `staff`. Neither
    /// of the two is told how something made up was found.
    pub fn step(&self, step: &Step, to: &'static str) -> String {
        let to = ("to", to.into());
        match step {
            Step::Joined => self.say("referral-joined", &[to]),
            Step::Ordered { until: Some(until) } => {
                self.say("referral-ordered-until", &[to, ("until", self.until(*until).into())])
            }
            Step::Ordered { until: None } => self.say("referral-ordered", &[to]),
            Step::Checking => self.say("referral-checking", &[to]),
            Step::Held => self.say("referral-held", &[to]),
            Step::Qualified { .. } => self.say("referral-qualified", &[to]),
            Step::Reversed => self.say("referral-reversed", &[to]),
            Step::Expired { lapse } => match lapse {
                Lapse::Deadline => self.say("referral-expired-deadline", &[to]),
                Lapse::Left => self.say("referral-expired-left", &[to]),
                Lapse::Merged => self.say("referral-expired-merged", &[to]),
            },
            Step::Rejected { rejection } => match rejection {
                Rejection::NotRunning => self.say("referral-rejected-not-running", &[]),
                Rejection::NotEligible => self.say("referral-rejected-not-eligible", &[to]),
                Rejection::OutsideWindow => self.say("referral-rejected-outside-window", &[]),
                Rejection::SelfReferral => self.say("referral-rejected-self-referral", &[]),
                Rejection::BudgetSpent => self.say("referral-rejected-budget-spent", &[]),
                Rejection::Fraud => self.say("referral-rejected-fraud", &[]),
            },
        }
    }

    /// That a friend fulfilled the terms, and does not count for a limit.
    pub fn limit_reached(&self, window: Window) -> String {
        self.say("referral-limit-reached", &[("window", window.name().into())])
    }

    /// The name of an edition; its id where the programme no longer has it.
    pub(super) fn edition<'b>(&'b self, id: &'b Name) -> &'b str {
        self.programme.edition(id).map_or(id.as_str(), |edition| self.text(&edition.name))
    }

    pub(super) fn referral_refusal(&self, refusal: &Refusal) -> String {
        match refusal {
            Refusal::ReferralsNotOffered => self.say("refusal-referrals-not-offered", &[]),
            Refusal::UnknownReferral { referral } => {
                self.say("refusal-unknown-referral", &[("edition", referral.as_str().into())])
            }
            Refusal::AlreadyReferred { at } => self.say("refusal-already-referred", &[("date", self.day(*at).into())]),
            Refusal::NotReferred => self.say("refusal-not-referred", &[]),
            Refusal::ReferralOver => self.say("refusal-referral-over", &[]),
            Refusal::MayNotRecommend { referral } => {
                self.say("refusal-may-not-recommend", &[("edition", self.edition(referral).into())])
            }
            _ => String::new(),
        }
    }
}
