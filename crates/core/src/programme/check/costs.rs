//! Costs without a bound.

use super::{Check, Concern};
use crate::activity::builtin;
use crate::programme::finding::Place;
use crate::programme::remark::Remark;
use crate::programme::{AwardKind, Rule, TransferPolicy, Trigger};

impl<'p> Check<'p> {
    pub fn costs(&mut self) {
        let programme = self.programme;
        for (index, rule) in programme.rules.iter().enumerate() {
            if !self.is_dead(index) {
                self.activity(rule);
            }
        }
        self.transfer("transfers", programme.transfers.as_ref());
        self.transfer("gifts", programme.gifts.as_ref());
        for reward in &programme.rewards {
            let is_free = reward.price.as_ref().is_some_and(|price| price.points == 0 && price.cash.0 == 0);
            if is_free && reward.stock.is_none() && reward.limit.is_none() {
                let place = Place::root().key("rewards").key(&reward.id).key("price");
                self.say(
                    Concern::FreeRewardWithoutLimit,
                    &place,
                    Remark::new("finding-free-reward-without-limit").word("reward", &reward.id),
                );
            }
        }
    }

    /// An activity that the shop posts may happen any number of times.
    fn activity(&mut self, rule: &Rule) {
        let Trigger::Activity(name) = &rule.on else {
            return;
        };
        let happens_by_itself = builtin::ALL.contains(&name.as_str());
        if happens_by_itself || !rule.caps.is_empty() || rule.budget().is_some() {
            return;
        }
        let (costs, gives) = match &rule.award {
            AwardKind::Multiplier { .. } => return,
            AwardKind::Reward { reward } => (self.programme.rewards[*reward].stock.is_none(), "reward"),
            _ => {
                let unit = &self.programme.units[rule.unit];
                (unit.spendable && unit.caps.is_empty(), "points")
            }
        };
        if costs {
            let place = self.place(rule);
            self.say(
                Concern::ActivityWithoutCap,
                &place,
                Remark::new("finding-activity-without-cap")
                    .word("rule", &rule.id)
                    .word("activity", name)
                    .word("gives", gives),
            );
        }
    }

    fn transfer(&mut self, section: &str, policy: Option<&TransferPolicy>) {
        if policy.is_some_and(|policy| policy.caps.is_empty()) {
            self.say(
                Concern::TransfersWithoutCap,
                &Place::root().key(section),
                Remark::new("finding-transfers-without-cap").word("section", section),
            );
        }
    }
}
