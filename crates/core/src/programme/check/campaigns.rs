//! Campaigns that multiply each other, and those of which nobody knows when they end.

use super::{Check, Concern, rules};
use crate::kernel::Factor;
use crate::programme::remark::{Argument, Remark};
use crate::programme::{AwardKind, Rule, Stacking};

impl<'p> Check<'p> {
    pub fn campaigns(&mut self) {
        let programme = self.programme;
        for (index, rule) in programme.rules.iter().enumerate() {
            let Some(campaign) = &rule.campaign else {
                continue;
            };
            let place = self.place(rule);
            if campaign.until.is_none() {
                if let Some(budget) = &campaign.budget {
                    self.say(
                        Concern::BudgetWithoutEnd,
                        &place.key("budget"),
                        Remark::new("finding-budget-without-end")
                            .word("campaign", &rule.id)
                            .number("budget", budget.total),
                    );
                } else {
                    self.say(
                        Concern::CampaignWithoutEnd,
                        &place,
                        Remark::new("finding-campaign-without-end").word("campaign", &rule.id),
                    );
                }
            }
            self.stacked(index, rule);
        }
    }

    /// Two campaigns that multiply the same points at the same time.
    fn stacked(&mut self, index: usize, rule: &Rule) {
        let programme = self.programme;
        let AwardKind::Multiplier { factor, .. } = rule.award else {
            return;
        };
        if programme.stacking == Stacking::Best || factor <= Factor::ONE {
            return;
        }
        for other in programme.rules[..index].iter().filter(|other| other.campaign.is_some()) {
            let AwardKind::Multiplier { factor: other_factor, .. } = other.award else {
                continue;
            };
            if other_factor <= Factor::ONE || other.on != rule.on {
                continue;
            }
            let both = self.together(&self.rules[index], other);
            let target = programme.rules.iter().find(|target| {
                rules::multiplies(rule, target)
                    && rules::multiplies(other, target)
                    && self.together(&both, target).is_some_and(|ways| !ways.is_empty())
            });
            if let Some(target) = target {
                let joint = match programme.stacking {
                    Stacking::Compound => factor.compound(other_factor),
                    _ => Factor(factor.0 + other_factor.0 - Factor::ONE.0),
                };
                let place = self.place(rule);
                self.say(
                    Concern::CampaignsStack,
                    &place,
                    Remark::new("finding-campaigns-stack")
                        .word("one", &other.id)
                        .word("other", &rule.id)
                        .word("rule", &target.id)
                        .with("factor", Argument::Factor(joint)),
                );
                return;
            }
        }
    }
}
