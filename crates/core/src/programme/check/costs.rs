//! Costs without a bound.

use super::{Check, Concern};
use crate::activity::builtin;
use crate::programme::finding::Place;
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
                let problem = format!("anybody can have the reward {} for nothing, as often as they like", reward.id);
                let remedy = "add limit = { times = 1, every = \"month\" }, stock, or a price";
                let place = Place::root().key("rewards").key(&reward.id).key("price");
                self.say(Concern::FreeRewardWithoutLimit, &place, problem, remedy);
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
        let (costs, remedy) = match &rule.award {
            AwardKind::Multiplier { .. } => return,
            AwardKind::Reward { reward } => {
                let remedy = "give the reward a stock";
                (self.programme.rewards[*reward].stock.is_none(), remedy)
            }
            _ => {
                let unit = &self.programme.units[rule.unit];
                (unit.spendable && unit.caps.is_empty(), "add caps, like caps = { month = 100 }")
            }
        };
        if costs {
            let problem = format!("{} gives something each time that {name} is posted, without a limit", rule.id);
            let place = self.place(rule);
            self.say(Concern::ActivityWithoutCap, &place, problem, remedy);
        }
    }

    fn transfer(&mut self, section: &str, policy: Option<&TransferPolicy>) {
        if policy.is_some_and(|policy| policy.caps.is_empty()) {
            let problem = format!("a member may send any amount by {section}, in as many parts as they like");
            let remedy = "add caps, like caps = { month = 2000 }";
            self.say(Concern::TransfersWithoutCap, &Place::root().key(section), problem, remedy);
        }
    }
}
