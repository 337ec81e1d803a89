//! Rewards that nobody can reach, and those that give more than the points are said to be worth.

use super::rules::most_times;
use super::units::days;
use super::{Check, Concern};
use crate::kernel::{Money, Window};
use crate::programme::finding::Place;
use crate::programme::remark::{Argument, Remark};
use crate::programme::{AwardKind, Cap, Expiry, Gives, Price, Reward, Rule};

/// By how many hundredths a reward may give more than the points are said to be worth.
const TOLERANCE: i128 = 10;

impl<'p> Check<'p> {
    pub fn rewards(&mut self) {
        let programme = self.programme;
        let given: Vec<usize> = programme
            .rules
            .iter()
            .filter_map(|rule| match rule.award {
                AwardKind::Reward { reward } => Some(reward),
                _ => None,
            })
            .collect();
        for (index, reward) in programme.rewards.iter().enumerate() {
            let place = Place::root().key("rewards").key(&reward.id);
            let Some(price) = &reward.price else {
                if !given.contains(&index) {
                    self.say(
                        Concern::RewardOutOfReach,
                        &place,
                        Remark::new("finding-reward-without-price").word("reward", &reward.id),
                    );
                }
                continue;
            };
            self.price(reward, price, &place);
            self.worth(reward, price, &place);
        }
    }

    fn price(&mut self, reward: &Reward, price: &Price, place: &Place) {
        let unit = &self.programme.units[price.unit];
        let place = place.key("price");
        if price.points > 0 && !self.programme.rules.iter().any(|rule| gives_points(rule, price.unit)) {
            self.say(
                Concern::RewardOutOfReach,
                &place,
                Remark::new("finding-reward-in-unearned-unit").word("reward", &reward.id).units("unit", unit),
            );
            return;
        }
        let window = match &unit.expiry {
            Expiry::AfterEarning { period, .. } if days(*period).1 <= 366 => Window::Year,
            Expiry::OnDates { not_before: None, .. } => Window::Year,
            _ => Window::Lifetime,
        };
        let Some(most) = most_within(self, price.unit, window).filter(|most| *most < price.points) else {
            return;
        };
        self.say(
            Concern::RewardBeyondCaps,
            &place,
            Remark::new("finding-reward-beyond-caps")
                .word("reward", &reward.id)
                .amount("price", price.points, unit)
                .amount("most", most, unit)
                .with("window", Argument::Window(window)),
        );
    }

    fn worth(&mut self, reward: &Reward, price: &Price, place: &Place) {
        let unit = &self.programme.units[price.unit];
        let (Some(worth), Some(value)) = (unit.worth, in_money(&reward.gives)) else {
            return;
        };
        let gain = i128::from((value - price.cash).0);
        // value / points compared with worth.money / worth.units, without dividing.
        let given = gain * i128::from(worth.units) * 100;
        let stated = i128::from(price.points) * i128::from(worth.money.0) * (100 + TOLERANCE);
        if price.points > 0 && given > stated {
            let (gain, currency) = (Money(i64::try_from(gain).unwrap_or(i64::MAX)), &self.programme.currency);
            self.say(
                Concern::RewardAboveWorth,
                &place.key("price"),
                Remark::new("finding-reward-above-worth")
                    .word("reward", &reward.id)
                    .money("gain", gain, currency)
                    .amount("price", price.points, unit)
                    .money("worth", worth.of(price.points), currency),
            );
        }
    }
}

/// What a reward is worth where that is a sum of money.
fn in_money(gives: &Gives) -> Option<Money> {
    match gives {
        // What goes to a cause is a cost, and no gain of the member's.
        Gives::Donation { .. } => None,
        other => other.money(),
    }
}

pub fn gives_points(rule: &Rule, unit: usize) -> bool {
    rule.unit == unit && !matches!(rule.award, AwardKind::Multiplier { .. } | AwardKind::Reward { .. })
}

/// The most of a unit that limits let one member earn in a window; `None` when they do not say.
pub fn most_within(check: &Check<'_>, unit: usize, window: Window) -> Option<i64> {
    let of_unit = most_by(&check.programme.units[unit].caps, window);
    let rules = check.programme.rules.iter().enumerate();
    let mut live = rules.filter(|(index, rule)| gives_points(rule, unit) && !check.is_dead(*index));
    let of_rules = live.try_fold(0_i64, |sum, (_, rule)| Some(sum.saturating_add(most_by(&rule.caps, window)?)));
    match (of_unit, of_rules) {
        (Some(unit), Some(rules)) => Some(unit.min(rules)),
        (one, other) => one.or(other),
    }
}

fn most_by(caps: &[Cap], window: Window) -> Option<i64> {
    let within = caps.iter().filter_map(|cap| {
        if cap.window == window || cap.window == Window::Lifetime {
            return Some(cap.most);
        }
        // A limit for a longer time is one for the shorter as well.
        if cap.window > window {
            return Some(cap.most);
        }
        most_times(cap.window, window).map(|times| cap.most.saturating_mul(times))
    });
    within.min()
}
