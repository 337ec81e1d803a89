//! What an ordinary member can reach, by what customers of the shop usually buy.

use super::units::days;
use super::{Check, Concern, rewards};
use crate::activity::builtin;
use crate::kernel::{Factor, Money};
use crate::programme::condition::{MoneyField, Range, Test};
use crate::programme::finding::Place;
use crate::programme::remark::{Argument, Remark};
use crate::programme::{AwardKind, Expiry, Reward, Rule, Trigger};

/// Points are reckoned in thousandths here.
const THOUSAND: i128 = 1_000;

/// How the customers of a shop usually buy, in the programme's currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usual {
    /// Orders a year of the customer in the middle, in hundredths: 250 are two and a half.
    pub orders_a_year: i64,
    pub average_order: Money,
}

/// Of a member known for less than this, little follows about a year.
const SHORTEST: i64 = 180;
/// Where nobody is known for longer, a time shorter than this is taken for so many days.
const LEAST: i64 = 30;

impl Usual {
    /// The customer in the middle of those who have bought: for each, for how many days they are known
    /// and how many orders they placed. `spent` is what `orders` came to. `None` without any.
    pub fn of(customers: impl IntoIterator<Item = (i64, i64)>, spent: i128, orders: i64) -> Option<Usual> {
        let buyers = customers.into_iter().filter(|(_, orders)| *orders > 0);
        let (long, short): (Vec<_>, Vec<_>) = buyers.partition(|(days, _)| *days >= SHORTEST);
        let seen = if long.is_empty() { short } else { long };
        let mut yearly: Vec<i64> =
            seen.into_iter().map(|(days, orders)| orders.saturating_mul(36_500) / days.max(LEAST)).collect();
        yearly.sort_unstable();
        let average = spent.checked_div(i128::from(orders))?;
        Some(Usual {
            orders_a_year: *yearly.get(yearly.len() / 2)?,
            average_order: Money(i64::try_from(average).unwrap_or(i64::MAX)),
        })
    }
}

impl<'p> Check<'p> {
    /// Findings that need to know how customers buy; none without.
    pub fn as_usual(&mut self) {
        let Some(usual) = self.usual.copied().filter(|usual| usual.orders_a_year > 0) else {
            return;
        };
        for index in 0..self.programme.units.len() {
            self.unit_as_usual(index, usual);
        }
    }

    fn unit_as_usual(&mut self, index: usize, usual: Usual) {
        let programme = self.programme;
        let unit = &programme.units[index];
        let by_order = self.points_by_order(index, usual);
        if by_order == 0 {
            return;
        }
        let a_year = by_order * i128::from(usual.orders_a_year) / 100 + self.points_by_the_year(index);
        let priced = programme.rewards.iter().filter_map(|reward| {
            let price = reward.price.as_ref().filter(|price| price.unit == index && price.points > 0)?;
            Some((reward, price.points))
        });
        let mut priced: Vec<(&Reward, i64)> = priced.collect();
        priced.sort_by_key(|(_, points)| *points);
        let Some((cheapest, least)) = priced.first().copied() else {
            return;
        };
        let place = |reward: &Reward| Place::root().key("rewards").key(&reward.id).key("price");
        let reached = i64::try_from(a_year / THOUSAND).unwrap_or(i64::MAX);
        let about = |key: &'static str| {
            let remark = Remark::new(key).with("orders", Argument::Hundredths(usual.orders_a_year));
            let remark = remark.money("order", usual.average_order, &programme.currency);
            remark.amount("points", reached, unit)
        };
        if i128::from(least) * THOUSAND > a_year {
            self.say(
                Concern::NoRewardInAYear,
                &place(cheapest),
                about("finding-no-reward-in-a-year").word("reward", &cheapest.id).number("price", least),
            );
        } else {
            for (reward, points) in priced.iter().filter(|(_, points)| i128::from(*points) * THOUSAND > a_year) {
                self.say(
                    Concern::RewardFarAway,
                    &place(reward),
                    about("finding-reward-far-away").word("reward", &reward.id).number("price", *points),
                );
            }
        }
        let needed = i128::from(least) * THOUSAND * 365 / a_year.max(1);
        let between = 36_500 / i128::from(usual.orders_a_year);
        let lost = match &unit.expiry {
            Expiry::AfterEarning { period, until_end_of: None } => i128::from(days(*period).1) < needed,
            // From one order to the next everything ends.
            Expiry::AfterInactivity { period } => i128::from(days(*period).1) < between.min(needed),
            _ => false,
        };
        if lost {
            let place = Place::root().key("units").key(&unit.id).key("expiry");
            self.say(
                Concern::ExpiryBeforeReward,
                &place,
                about("finding-expiry-before-reward").number("days", i64::try_from(needed).unwrap_or(i64::MAX)),
            );
        }
    }

    /// What rules on orders give at best for an order of the usual size, to a member without a status.
    fn points_by_order(&self, unit: usize, usual: Usual) -> i128 {
        let total = Some(usual.average_order.0);
        let world = self.world(&Trigger::Order);
        let size = Test::Money { field: MoneyField::OrderTotal, range: Range { least: total, most: total } };
        let bases =
            self.programme.ladders.iter().map(|ladder| Test::LevelIn { levels: [ladder.levels[0].id.clone()].into() });
        let ordinary = Test::All(bases.chain([size]).collect());
        let ways = world.narrow(world.anything(), &ordinary, true);
        let rules = self.programme.rules.iter().filter(|rule| {
            rule.campaign.is_none()
                && rule.on == Trigger::Order
                && rewards::gives_points(rule, unit)
                && !self.together(&ways, rule).is_some_and(|ways| ways.is_empty())
        });
        rules.map(|rule| self.points_of(rule, usual)).sum()
    }

    fn points_of(&self, rule: &Rule, usual: Usual) -> i128 {
        let points = match rule.award {
            AwardKind::PerAmount { rate, per, .. } => {
                i128::from(usual.average_order.0) * i128::from(rate.0) * THOUSAND
                    / (i128::from(per.0) * i128::from(Factor::ONE.0))
            }
            AwardKind::Fixed { points } => i128::from(points) * THOUSAND,
            // How many pieces an order has is not known: one at least.
            AwardKind::PerItem { each } => i128::from(each) * THOUSAND,
            _ => 0,
        };
        points.min(rule.order_cap.map_or(i128::MAX, |most| i128::from(most) * THOUSAND))
    }

    /// What joining and a birthday give in the first year.
    fn points_by_the_year(&self, unit: usize) -> i128 {
        let once = |rule: &&Rule| {
            [builtin::JOINED, builtin::BIRTHDAY].iter().any(|name| rule.on == Trigger::Activity((*name).into()))
        };
        let rules = self.programme.rules.iter().filter(once).filter(|rule| rewards::gives_points(rule, unit));
        let points = rules.filter_map(|rule| match rule.award {
            AwardKind::Fixed { points } => Some(i128::from(points) * THOUSAND),
            _ => None,
        });
        points.sum()
    }
}
