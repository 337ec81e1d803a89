//! What a unit costs and what it is worth, and whether it lives long enough to be spent.

use std::cell::Cell;

use super::world::{Regions, World};
use super::{Check, Concern, rules};
use crate::kernel::{Factor, Period};
use crate::programme::condition::Test;
use crate::programme::finding::Place;
use crate::programme::remark::{Argument, PartOfReturn, Remark};
use crate::programme::{AwardKind, Expiry, PendingFrom, PendingRule, Rule, RulePending, Stacking, Trigger, Unit};

/// A whole, in millionths.
const WHOLE: i128 = 1_000_000;
/// What a shop gives back beyond this share of a price, in millionths, is worth a second look.
const GENEROUS: i128 = 200_000;
/// How much is done to find the dearest combination of rules and multipliers.
const MOST_TRIES: usize = 20_000;
/// As many steps of adding up count as one try.
const STEPS_A_TRY: usize = 64;

impl<'p> Check<'p> {
    pub fn units(&mut self) {
        let programme = self.programme;
        for (index, unit) in programme.units.iter().enumerate() {
            let place = Place::root().key("units").key(&unit.id);
            if unit.spendable && unit.worth.is_none() {
                self.say(Concern::WorthNotStated, &place, Remark::new("finding-worth-not-stated").units("unit", unit));
            }
            if unit.spendable {
                self.life(index, unit, &place);
            }
        }
        for (index, rule) in programme.rules.iter().enumerate() {
            let Some(share) = self.share(rule).filter(|share| *share >= WHOLE && !self.is_dead(index)) else {
                continue;
            };
            let unit = &programme.units[rule.unit];
            let limited =
                rule.order_cap.is_some() || !rule.caps.is_empty() || !unit.caps.is_empty() || rule.budget().is_some();
            // A condition may limit it as well as any number.
            let always = rule.campaign.is_none() && rule.when.is_always() && rule.lines.is_always();
            let place = self.place(rule).key("per");
            let concern = if limited || !always { Concern::GenerousReturn } else { Concern::UnitWorthMore };
            self.say(
                concern,
                &place,
                Remark::new("finding-gives-back")
                    .word("rule", &rule.id)
                    .with("share", Argument::Share(share))
                    .units("unit", unit),
            );
        }
        self.generosity();
    }

    /// The part of the price that a rule gives back, in millionths, before multipliers.
    fn share(&self, rule: &Rule) -> Option<i128> {
        let AwardKind::PerAmount { rate, per, .. } = &rule.award else {
            return None;
        };
        let unit = &self.programme.units[rule.unit];
        let worth = unit.worth.filter(|_| unit.spendable)?;
        Some(i128::from(rate.0) * i128::from(worth.money.0) / (i128::from(per.0) * i128::from(worth.units)))
    }

    /// The most that rules and multipliers give back together.
    fn generosity(&mut self) {
        let programme = self.programme;
        let world = self.world(&Trigger::Order);
        let tries = Cell::new(0);
        let mut search = Search { check: self, world: &world, parts: self.contributions(), tries: &tries, best: None };
        search.from(0, world.anything(), &mut Vec::new());
        let Some((share, chosen)) = search.best else {
            return;
        };
        let bases: Vec<&Rule> = chosen
            .iter()
            .filter_map(|part| match part {
                Contribution::Gives { rule, .. } => Some(&programme.rules[*rule]),
                _ => None,
            })
            .collect();
        let Some(first) = bases.first().filter(|_| share > GENEROUS) else {
            return;
        };
        if bases.iter().any(|rule| self.share(rule).is_some_and(|share| share >= WHOLE)) {
            return;
        }
        let parts = chosen.iter().map(|part| part.named(self)).collect();
        let place = self.place(first);
        self.say(
            Concern::GenerousReturn,
            &place,
            Remark::new("finding-generous-return")
                .with("share", Argument::Share(share))
                .with("parts", Argument::Parts(parts)),
        );
    }

    /// What gives and what multiplies on orders, the largest first.
    fn contributions(&self) -> Vec<Contribution> {
        let rules = self.programme.rules.iter().enumerate().filter(|(_, rule)| rule.on == Trigger::Order);
        let mut parts: Vec<Contribution> = rules
            .filter_map(|(index, rule)| match rule.award {
                AwardKind::Multiplier { factor, .. } if factor > Factor::ONE => {
                    Some(Contribution::Multiplies { rule: index, factor })
                }
                _ => self.share(rule).map(|share| Contribution::Gives { rule: index, share }),
            })
            .collect();
        for (ladder, known) in self.programme.ladders.iter().enumerate() {
            for (level, known) in known.levels.iter().enumerate() {
                if let Some(factor) = known.multiplier.filter(|factor| *factor > Factor::ONE) {
                    parts.push(Contribution::Level { ladder, level, factor });
                }
            }
        }
        parts.sort_by_key(|part| std::cmp::Reverse(part.size()));
        parts
    }

    /// Points that end before they can be spent.
    fn life(&mut self, index: usize, unit: &Unit, place: &Place) {
        let rules: Vec<&Rule> =
            self.programme.rules.iter().filter(|rule| super::rewards::gives_points(rule, index)).collect();
        // The unit's own wait is for orders alone, and for rules without one of their own.
        let as_unit = |rule: &&&Rule| rule.on == Trigger::Order && rule.pending == RulePending::AsUnit;
        let waiting = rules.iter().filter(as_unit).count();
        let of_unit = unit.pending.filter(|_| waiting > 0);
        let of_unit = of_unit.map(|pending| (pending, place.key("pending"), waiting == rules.len()));
        let own = rules.iter().filter_map(|rule| match rule.pending {
            RulePending::Own(pending) => Some((pending, self.place(rule).key("pending"), rules.len() == 1)),
            _ => None,
        });
        let waits: Vec<(PendingRule, Place, bool)> = of_unit.into_iter().chain(own).collect();
        for (pending, place, all_wait) in waits {
            let (least, most) = days(pending.wait);
            let (lives_least, lives_most) = match &unit.expiry {
                Expiry::Never => continue,
                Expiry::AfterInactivity { period } => days(*period),
                Expiry::AfterEarning { period, until_end_of } => {
                    let (least, most) = days(*period);
                    (least, most.saturating_add(until_end_of.map_or(0, rules::longest)))
                }
                Expiry::OnDates { not_before, .. } => (not_before.map_or(0, |period| days(period).0), i64::MAX),
            };
            // Only a wait that begins when the points are earned, or later, is certainly the longer one.
            let by_earning = matches!(unit.expiry, Expiry::AfterEarning { .. }) && pending.from != PendingFrom::Placed;
            if all_wait && by_earning && lives_most <= least && least > 0 {
                self.say(
                    Concern::ExpiryBeforeRelease,
                    &place,
                    Remark::new("finding-expiry-before-release")
                        .units("unit", unit)
                        .with("wait", Argument::Period(pending.wait)),
                );
            } else if lives_least < most && most > 1 {
                self.say(
                    Concern::SomeExpireBeforeRelease,
                    &place,
                    Remark::new("finding-some-expire-before-release")
                        .units("unit", unit)
                        .with("wait", Argument::Period(pending.wait)),
                );
            }
        }
    }
}

/// A part of what comes back for an order.
#[derive(Clone, Copy)]
enum Contribution {
    Gives { rule: usize, share: i128 },
    Multiplies { rule: usize, factor: Factor },
    Level { ladder: usize, level: usize, factor: Factor },
}

impl Contribution {
    fn size(&self) -> i128 {
        match self {
            // What gives comes before what multiplies it.
            Contribution::Gives { share, .. } => share.saturating_add(1_000_000 * WHOLE),
            Contribution::Multiplies { factor, .. } | Contribution::Level { factor, .. } => i128::from(factor.0),
        }
    }

    fn named(&self, check: &Check<'_>) -> (String, PartOfReturn) {
        let rule = |rule: usize| check.programme.rules[rule].id.to_string();
        match self {
            Contribution::Gives { rule: index, share } => (rule(*index), PartOfReturn::Gives(*share)),
            Contribution::Multiplies { rule: index, factor } => (rule(*index), PartOfReturn::Multiplies(*factor)),
            Contribution::Level { ladder, level, factor } => {
                let id = check.programme.ladders[*ladder].levels[*level].id.to_string();
                (id, PartOfReturn::Multiplies(*factor))
            }
        }
    }
}

/// Tries which rules and multipliers can act on one order, until it is found or the tries are used up:
/// what is found then can be had all the same.
struct Search<'s, 'p> {
    check: &'s Check<'p>,
    world: &'s World<'p>,
    parts: Vec<Contribution>,
    tries: &'s Cell<usize>,
    best: Option<(i128, Vec<Contribution>)>,
}

impl Search<'_, '_> {
    fn from(&mut self, next: usize, ways: Regions, chosen: &mut Vec<Contribution>) {
        let tries = self.tries.get();
        if tries >= MOST_TRIES {
            return;
        }
        self.tries.set(tries + 1);
        let Some(part) = self.parts.get(next).copied() else {
            self.tries.set(tries + chosen.len() * chosen.len() / STEPS_A_TRY);
            let share = self.share(chosen);
            if self.best.as_ref().is_none_or(|(best, _)| share > *best) {
                self.best = Some((share, chosen.clone()));
            }
            return;
        };
        let left = self.with(&ways, part);
        let costs_nothing = left.as_ref().is_some_and(|left| left.len() == ways.len() && self.is_certain(&ways, part));
        if let Some(left) = left.filter(|left| !left.is_empty()) {
            chosen.push(part);
            self.from(next + 1, left, chosen);
            chosen.pop();
        }
        if !costs_nothing {
            self.from(next + 1, ways, chosen);
        }
    }

    fn with(&self, ways: &Regions, part: Contribution) -> Option<Regions> {
        match part {
            Contribution::Gives { rule, .. } | Contribution::Multiplies { rule, .. } => {
                self.check.together(&Some(ways.clone()), &self.check.programme.rules[rule])
            }
            Contribution::Level { ladder, level, .. } => {
                self.world.narrow(ways.clone(), &self.level(ladder, level), true)
            }
        }
    }

    /// Whether the part holds in all of the ways anyhow, so that there is no reason to leave it out.
    fn is_certain(&self, ways: &Regions, part: Contribution) -> bool {
        match part {
            Contribution::Gives { rule, .. } | Contribution::Multiplies { rule, .. } => {
                let rule = &self.check.programme.rules[rule];
                rule.campaign.is_none() && self.world.always(ways, &rule.when) && self.world.always(ways, &rule.lines)
            }
            Contribution::Level { ladder, level, .. } => self.world.always(ways, &self.level(ladder, level)),
        }
    }

    fn level(&self, ladder: usize, level: usize) -> Test {
        Test::LevelIn { levels: [self.check.programme.ladders[ladder].levels[level].id.clone()].into() }
    }

    fn share(&self, chosen: &[Contribution]) -> i128 {
        let given = chosen.iter().filter_map(|part| match part {
            Contribution::Gives { rule, share } => Some((&self.check.programme.rules[*rule], *share)),
            _ => None,
        });
        given.map(|(rule, share)| share * i128::from(self.factor(rule, chosen).0) / WHOLE).sum()
    }

    fn factor(&self, target: &Rule, chosen: &[Contribution]) -> Factor {
        let factors = chosen.iter().filter_map(|part| match part {
            Contribution::Multiplies { rule, factor } => {
                rules::multiplies(&self.check.programme.rules[*rule], target).then_some(*factor)
            }
            Contribution::Level { factor, .. } => target.multiplied.then_some(*factor),
            Contribution::Gives { .. } => None,
        });
        match self.check.programme.stacking {
            Stacking::Compound => factors.fold(Factor::ONE, Factor::compound),
            Stacking::Additive => Factor(factors.fold(Factor::ONE.0, |sum, factor| sum + factor.0 - Factor::ONE.0)),
            Stacking::Best => factors.max().unwrap_or(Factor::ONE),
        }
    }
}

/// The fewest and the most days that a period may be, rounded down and up.
pub fn days(period: Period) -> (i64, i64) {
    let amount = period.amount();
    match period.unit().name() {
        "minute" => (amount / 1_440, amount / 1_440 + 1),
        "hour" => (amount / 24, amount / 24 + 1),
        "day" => (amount, amount),
        "week" => (amount * 7, amount * 7),
        "month" => (amount / 12 * 365 + amount % 12 * 28, amount / 12 * 366 + amount % 12 * 31),
        _ => (amount * 365, amount * 366),
    }
}
