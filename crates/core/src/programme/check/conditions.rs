//! Conditions that contradict, that say nothing, and that say the same twice.

use super::world::Regions;
use super::{Check, Concern, Stated};
use crate::kernel::{Instant, Name};
use crate::programme::condition::Test;
use crate::programme::finding::Place;
use crate::programme::remark::Remark;
use crate::programme::{AwardKind, Rule, Trigger};

/// Among more conditions than these, none is called superfluous.
const MOST_COMPARED: usize = 16;

/// What conditions are read for, in words.
struct Subject {
    never: Concern,
    /// A rule or a reward.
    of: &'static str,
    id: Name,
    /// What the conditions stand against from the beginning.
    against: &'static str,
}

impl<'p> Check<'p> {
    pub fn conditions(&mut self) {
        for (index, rule) in self.programme.rules.iter().enumerate() {
            let stated = self.stated(rule);
            let against = match (&rule.campaign, super::counts_lines(rule) && rule.exclude.discounted_lines) {
                (Some(_), _) => "campaign",
                (None, true) => "counted",
                (None, false) => "ground",
            };
            let subject = Subject { never: Concern::RuleNeverFires, of: "rule", id: rule.id.clone(), against };
            let ground = self.ground(rule);
            if ground.as_ref().is_some_and(Vec::is_empty) {
                let remark = Remark::new("finding-rule-without-number").word("rule", &rule.id);
                self.say(Concern::RuleNeverFires, &self.place(rule), remark);
            } else if let Some(ground) = ground {
                self.read(&rule.on, ground, &stated, &subject);
            }
            self.doubles(index, rule);
        }
        for reward in &self.programme.rewards {
            let place = Place::root().key("rewards").key(&reward.id);
            let written = self.document.rewards.get(reward.id.as_str()).map_or(&[][..], |section| &section.when);
            let stated = super::stated(&place.key("when"), "when", written, super::parts(&reward.when));
            let subject =
                Subject { never: Concern::RewardNeverOffered, of: "reward", id: reward.id.clone(), against: "offered" };
            if is_over(reward.from, reward.until) {
                self.say(
                    subject.never,
                    &place.key("until"),
                    Remark::new("finding-reward-over").word("reward", &reward.id),
                );
                continue;
            }
            let world = self.world(&Trigger::Order);
            let ground = world.between(world.anything(), reward.from, reward.until);
            if let Some(ground) = ground {
                self.read(&Trigger::Order, ground, &stated, &subject);
            }
        }
    }

    /// Reads conditions one after the other, and says where none of them can hold any more.
    fn read(&mut self, on: &Trigger, ground: Regions, stated: &[Stated<'p>], subject: &Subject) {
        let world = self.world(on);
        let mut ways = ground.clone();
        for (index, one) in stated.iter().enumerate() {
            let Some(left) = world.narrow(ways, one.test, true) else {
                return;
            };
            if left.is_empty() {
                let never = |regions: Regions| world.never(&world.narrow(regions, one.test, true));
                let rival = stated[..index]
                    .iter()
                    .find(|other| world.narrow(ground.clone(), other.test, true).is_some_and(&never));
                let why = if never(world.anything()) {
                    "never"
                } else if never(ground.clone()) {
                    subject.against
                } else if rival.is_some() {
                    "rival"
                } else {
                    "others"
                };
                self.say(
                    subject.never,
                    &one.place,
                    Remark::new("finding-condition-never")
                        .word("subject", subject.of)
                        .word("id", &subject.id)
                        .word("why", why)
                        .word("rival", rival.map_or("", |rival| rival.called.as_str())),
                );
                return;
            }
            ways = left;
        }
        self.superfluous(on, &ground, stated);
    }

    /// Conditions that the others imply, and branches of `any` that the others exclude.
    fn superfluous(&mut self, on: &Trigger, ground: &Regions, stated: &[Stated<'p>]) {
        if stated.len() > MOST_COMPARED {
            return;
        }
        for (index, one) in stated.iter().enumerate() {
            let world = self.world(on);
            let others = stated.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, other)| other.test);
            let mut others = others;
            let Some(ways) = others.try_fold(ground.clone(), |ways, test| world.narrow(ways, test, true)) else {
                continue;
            };
            if world.always(&ways, one.test) {
                let beside = if world.always(&world.anything(), one.test) { "alone" } else { "others" };
                self.say(
                    Concern::ConditionAlways,
                    &one.place,
                    Remark::new("finding-condition-always").word("beside", beside),
                );
                return;
            }
            let Test::Any(branches) = one.test else {
                continue;
            };
            if !one.any {
                continue;
            }
            let dead: Vec<usize> = branches
                .iter()
                .enumerate()
                .filter(|(_, branch)| world.never(&world.narrow(ways.clone(), branch, true)))
                .map(|(branch, _)| branch)
                .collect();
            for branch in dead {
                self.say(
                    Concern::ConditionBranchNever,
                    &one.place.key("any").index(branch),
                    "finding-condition-branch-never",
                );
            }
        }
    }

    /// An earlier rule that fires exactly when this one does, and gives the same kind of thing.
    fn doubles(&mut self, index: usize, rule: &'p Rule) {
        if rule.campaign.is_some() || self.is_dead(index) {
            return;
        }
        let programme = self.programme;
        let twin = programme.rules[..index].iter().enumerate().find(|(earlier, other)| {
            other.campaign.is_none()
                && other.on == rule.on
                && other.exclude == rule.exclude
                && same_kind(rule, other)
                && self.implies(index, other)
                && self.implies(*earlier, rule)
        });
        if let Some((_, twin)) = twin {
            self.say(
                Concern::RulesFireTogether,
                &self.place(rule),
                Remark::new("finding-rules-fire-together").word("one", &twin.id).word("other", &rule.id),
            );
        }
    }

    /// Whether it is certain that the other rule fires whenever this one does.
    fn implies(&self, index: usize, other: &Rule) -> bool {
        let world = self.world(&other.on);
        self.rules[index].as_ref().is_some_and(|ways| {
            !ways.is_empty()
                && world.always(ways, &other.when)
                && (!super::looks_at_lines(other) || world.always(ways, &other.lines))
        })
    }
}

fn is_over(from: Option<Instant>, until: Option<Instant>) -> bool {
    matches!((from, until), (Some(from), Some(until)) if until <= from)
}

fn same_kind(one: &Rule, other: &Rule) -> bool {
    match (&one.award, &other.award) {
        (AwardKind::PerAmount { .. }, AwardKind::PerAmount { .. })
        | (AwardKind::PerItem { .. }, AwardKind::PerItem { .. })
        | (AwardKind::Fixed { .. }, AwardKind::Fixed { .. }) => one.unit == other.unit,
        (AwardKind::PerValue { attribute, .. }, AwardKind::PerValue { attribute: other_attribute, .. }) => {
            one.unit == other.unit && attribute == other_attribute
        }
        (AwardKind::Multiplier { applies_to, .. }, AwardKind::Multiplier { applies_to: other_applies_to, .. }) => {
            applies_to == other_applies_to
        }
        (AwardKind::Reward { reward }, AwardKind::Reward { reward: other_reward }) => reward == other_reward,
        _ => false,
    }
}
