//! How the points of one rule were arrived at, read aloud: amount, rate, multipliers, rounding,
//! and the limits that cut the result.

use super::Speaker;
use crate::decision::{Basis, Limit, MultiplierSource, Reckoning};
use crate::kernel::{Factor, Money, Rounding, Window};
use crate::programme::{Stacking, WordKind};

impl Speaker<'_> {
    /// `1 point for each PLN 1.00 of PLN 123.45, ×1.5 for the Gold level, 185 points in all, rounded
    /// down`, then a sentence for each limit. Ends with a full stop.
    pub(super) fn reckoning(&self, reckoning: &Reckoning, unit: &str) -> String {
        let mut steps = vec![self.basis(&reckoning.basis, unit)];
        for (source, factor) in &reckoning.multipliers {
            steps.push(self.multiplier(source, *factor));
        }
        if reckoning.multipliers.len() > 1 {
            let together = self.words.factor(self.stacked(&reckoning.multipliers));
            steps.push(self.say("multipliers-together", &[("factor", together.into())]));
        }
        if !self.is_plain(reckoning) {
            steps.push(self.total(reckoning, unit));
        }
        let mut text = format!("{}.", steps.join(", "));
        for limit in &reckoning.limits {
            text.push(' ');
            text.push_str(&self.limit(limit, unit));
        }
        if reckoning.points != reckoning.before_limits {
            text.push(' ');
            text.push_str(
                &self.say("reckoning-after-limits", &[("amount", self.amount(unit, reckoning.points).into())]),
            );
        }
        text
    }

    /// A fixed number that nothing multiplies is its own total.
    fn is_plain(&self, reckoning: &Reckoning) -> bool {
        matches!(reckoning.basis, Basis::Fixed { points } if points == reckoning.before_limits)
            && reckoning.multipliers.is_empty()
    }

    fn basis(&self, basis: &Basis, unit: &str) -> String {
        match basis {
            Basis::Amount { amount, rate, per, .. } => self.say(
                "reckoning-amount",
                &[
                    ("rate", self.rate(unit, *rate).into()),
                    ("size", if self.is_one_coin(*per) { "one" } else { "other" }.into()),
                    ("per", self.money(*per).into()),
                    ("amount", self.money(*amount).into()),
                ],
            ),
            Basis::Pieces { pieces, each } => self.say(
                "reckoning-pieces",
                &[("each", self.amount(unit, *each).into()), ("pieces", self.words.counted("pieces", *pieces).into())],
            ),
            Basis::Fixed { points } => self.amount(unit, *points),
            Basis::Attribute { attribute, value, rate, per } => self.say(
                "reckoning-attribute",
                &[
                    ("rate", self.rate(unit, *rate).into()),
                    ("per", self.words.counted("parts-each", *per).into()),
                    ("attribute", self.label(WordKind::Attribute, attribute).into()),
                    ("value", self.words.number(*value, 0).into()),
                ],
            ),
        }
    }

    /// Whether an amount is exactly one złoty, pound or dollar, for which Polish has its own form.
    /// The euro takes the general one.
    pub(super) fn is_one_coin(&self, money: Money) -> bool {
        let currency = &self.programme.currency;
        money.0 == 10i64.saturating_pow(u32::from(currency.decimals)) && currency.code != "EUR"
    }

    fn multiplier(&self, source: &MultiplierSource, factor: Factor) -> String {
        let factor = self.words.factor(factor);
        match source {
            MultiplierSource::Tier(level) => {
                self.say("multiplier-level", &[("factor", factor.into()), ("level", self.level(level).into())])
            }
            MultiplierSource::Share => self.say("multiplier-share", &[("factor", factor.into())]),
            MultiplierSource::Rule(rule) => {
                let named = self.rule(rule);
                let source = match self.conditions_of(rule) {
                    None => named,
                    Some(conditions) => format!("{named}; {conditions}"),
                };
                self.say("multiplier-rule", &[("factor", factor.into()), ("rule", source.into())])
            }
        }
    }

    fn total(&self, reckoning: &Reckoning, unit: &str) -> String {
        let carried = matches!(reckoning.basis, Basis::Amount { carried: true, .. });
        let rounding = self.programme.rounding;
        let key = match self.product(reckoning) {
            Some((number, parts)) if number == parts * i128::from(reckoning.before_limits) => "reckoning-total",
            _ if carried => "reckoning-total-carried",
            Some((number, parts)) if rounding.divide(number, parts) == i128::from(reckoning.before_limits) => {
                match rounding {
                    Rounding::Down => "reckoning-total-rounded-down",
                    Rounding::Nearest => "reckoning-total-rounded",
                    Rounding::Up => "reckoning-total-rounded-up",
                }
            }
            // A multiplier may cover some of the lines only; the entry keeps just the sum.
            _ => "reckoning-total-partly",
        };
        self.say(key, &[("amount", self.amount(unit, reckoning.before_limits).into())])
    }

    /// The exact points, as a fraction, if every multiplier covers everything that was counted.
    fn product(&self, reckoning: &Reckoning) -> Option<(i128, i128)> {
        let million = i128::from(Factor::ONE.0);
        let (number, parts) = match &reckoning.basis {
            Basis::Amount { amount, rate, per, .. } => {
                (i128::from(amount.0) * i128::from(rate.0), i128::from(per.0) * million)
            }
            Basis::Pieces { pieces, each } => (i128::from(*pieces) * i128::from(*each), 1),
            Basis::Fixed { points } => (i128::from(*points), 1),
            Basis::Attribute { value, rate, per, .. } => {
                (i128::from(*value) * i128::from(rate.0), i128::from(*per) * million)
            }
        };
        let number = number.checked_mul(i128::from(self.stacked(&reckoning.multipliers).0))?;
        let parts = parts.checked_mul(million)?;
        parts.checked_mul(i128::from(reckoning.before_limits))?;
        (number >= 0 && parts > 0).then_some((number, parts))
    }

    /// What all the multipliers come to, by the programme's way of stacking them.
    fn stacked(&self, multipliers: &[(MultiplierSource, Factor)]) -> Factor {
        let factors = multipliers.iter().map(|(_, factor)| *factor);
        match self.programme.stacking {
            Stacking::Compound => factors.fold(Factor::ONE, Factor::compound),
            Stacking::Additive => Factor(factors.fold(Factor::ONE.0, |sum, factor| sum + factor.0 - Factor::ONE.0)),
            Stacking::Best => factors.max().unwrap_or(Factor::ONE),
        }
    }

    fn limit(&self, limit: &Limit, unit: &str) -> String {
        match limit {
            Limit::RuleOrder { most } => self.say("limit-once", &[("amount", self.amount(unit, *most).into())]),
            Limit::Rule { window, most } => self.window_limit("limit-rule", *window, *most, unit),
            Limit::Unit { window, most } => self.window_limit("limit-programme", *window, *most, unit),
            Limit::Budget { campaign, left } => self.say(
                "limit-budget",
                &[("campaign", self.rule_name(campaign).into()), ("amount", self.amount(unit, *left).into())],
            ),
        }
    }

    fn window_limit(&self, key: &'static str, window: Window, most: i64, unit: &str) -> String {
        let values = [("window", self.words.per_window(window).into()), ("amount", self.amount(unit, most).into())];
        self.say(key, &values)
    }
}
