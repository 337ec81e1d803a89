//! Why, and why not, in words: what became of a rule, and what was only just missed.

use super::{Speaker, sentence};
use crate::explanation::{NearMiss, RuleOutcome, RuleTrace};
use crate::kernel::{Money, Name};
use crate::programme::AwardKind;
use crate::programme::condition::{Actual, Lacking, MomentField, Reading, Test};

impl Speaker<'_> {
    /// What did not hold, and what was the case instead.
    pub fn failure(&self, failed: &Reading) -> String {
        let condition = self.condition(&failed.test);
        match self.actual(failed) {
            Some(actual) => self.say("failure-actual", &[("condition", condition.into()), ("actual", actual.into())]),
            None => self.say("failure", &[("condition", condition.into())]),
        }
    }

    /// What became of a rule: that it had its part, or why it gave nothing:
    /// `Rule “Weekend” does not apply here. Condition: …; actual: ….`
    pub fn outcome(&self, trace: &RuleTrace) -> String {
        let rule = sentence(&self.rule(&trace.rule));
        let mut text = match &trace.outcome {
            RuleOutcome::NotMet(failed) => {
                self.say("outcome-not-met", &[("rule", rule.into()), ("failure", self.failure(failed).into())])
            }
            RuleOutcome::NotRunning => self
                .say("outcome-not-running", &[("rule", rule.into()), ("period", self.period_of(&trace.rule).into())]),
            RuleOutcome::NoLines => self.say("outcome-no-lines", &[("rule", rule.into())]),
            RuleOutcome::Multiplied => self.say("outcome-multiplied", &[("rule", rule.into())]),
            RuleOutcome::Fired { points } => match self.given(&trace.rule) {
                Some(reward) => {
                    self.say("outcome-fired-reward", &[("rule", rule.into()), ("reward", self.reward(reward).into())])
                }
                None => {
                    let unit = self.programme.rule(&trace.rule).and_then(|rule| self.programme.units.get(rule.unit));
                    let amount = self.amount(unit.map_or("", |unit| unit.id.as_str()), *points);
                    self.say("outcome-fired", &[("rule", rule.into()), ("amount", amount.into())])
                }
            },
        };
        if !trace.held.is_empty() {
            let held: Vec<String> = trace.held.iter().map(|held| self.held(held)).collect();
            text.push(' ');
            text.push_str(&self.say("outcome-held", &[("conditions", held.join("; ").into())]));
        }
        text
    }

    /// As [`Speaker::near_miss`], for whoever still has the cart in hand.
    pub fn invitation(&self, miss: &NearMiss) -> String {
        let NearMiss::Rule { rule, lacking } = miss else { return self.near_miss(miss) };
        let Some(named) = self.programme.rule(rule) else { return self.near_miss(miss) };
        let values = [("missing", self.missing(lacking).into()), ("rule", self.text(&named.name).into())];
        let text = self.say("near-invitation", &values);
        sentence(&text)
    }

    /// What was only just missed: `PLN 12.40 short of the reward “Free delivery”.`
    pub fn near_miss(&self, miss: &NearMiss) -> String {
        let text = match miss {
            NearMiss::Rule { rule, lacking } => {
                let missing = self.missing(lacking);
                match self.given(rule) {
                    Some(reward) => {
                        self.say("near-reward", &[("missing", missing.into()), ("reward", self.reward(reward).into())])
                    }
                    None => self.say("near-rule", &[("missing", missing.into()), ("rule", self.rule(rule).into())]),
                }
            }
            NearMiss::Reward { reward, unit, missing, pending, .. } => {
                let key = if *pending > 0 { "near-reward-pending" } else { "near-reward" };
                let missing = self.of_amount(unit, *missing);
                let pending = self.amount(unit, *pending);
                let reward = self.reward(reward);
                self.say(key, &[("missing", missing.into()), ("reward", reward.into()), ("pending", pending.into())])
            }
            NearMiss::Level { ladder, level, missing, .. } => self.say(
                "near-level",
                &[("missing", self.measure(ladder, *missing).into()), ("level", self.level(level).into())],
            ),
        };
        sentence(&text)
    }

    fn missing(&self, lacking: &Lacking) -> String {
        match lacking {
            Lacking::Money { needed, actual, .. } => self.money(Money(needed.0.saturating_sub(actual.0))),
            Lacking::Number { field, .. } => self.say(
                "near-number",
                &[
                    ("number", self.words.number(lacking.missing(), 0).into()),
                    ("field", self.number_label(field).into()),
                ],
            ),
        }
    }

    /// A condition that holds. What was the case is added where the condition leaves it open.
    fn held(&self, held: &Reading) -> String {
        let condition = self.condition(&held.test);
        let is_said = match (&held.test, &held.actual) {
            (Test::Number { range, .. } | Test::Money { range, .. }, _) => {
                range.least.is_some_and(|least| range.most == Some(least))
            }
            (Test::TextIn { texts, .. } | Test::Has { texts, .. }, Actual::Texts(actual)) => {
                texts.len() == 1 && actual.len() == 1
            }
            (Test::LevelIn { levels }, _) => levels.len() == 1,
            (Test::WeekdayIn { days }, _) => days.len() == 1,
            (Test::MonthIn { months }, _) => months.len() == 1,
            (Test::NumberIn { numbers, .. }, _) => numbers.len() == 1,
            (Test::Flag { .. } | Test::Moment { .. } | Test::All(_) | Test::Any(_) | Test::Not(_), _) => true,
            _ => false,
        };
        match self.actual(held).filter(|_| !is_said) {
            Some(actual) => self.say("held-actual", &[("condition", condition.into()), ("actual", actual.into())]),
            None => condition,
        }
    }

    /// The reward that a rule gives.
    fn given(&self, rule: &Name) -> Option<&Name> {
        match self.programme.rule(rule)?.award {
            AwardKind::Reward { reward } => Some(&self.programme.rewards[reward].id),
            _ => None,
        }
    }

    /// When a campaign runs: `from 1 April 2026 until the end of 30 April 2026`.
    fn period_of(&self, campaign: &Name) -> String {
        let campaign = self.programme.rule(campaign).and_then(|rule| rule.campaign.as_ref());
        campaign
            .map_or_else(String::new, |campaign| self.moment_between(MomentField::Now, campaign.from, campaign.until))
    }
}
