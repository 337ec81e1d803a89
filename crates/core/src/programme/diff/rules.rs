//! Earning rules and campaigns.

use super::conditions::wider;
use super::general::optional;
use super::{Aspect, Award, Comparison, ForMembers, Subject, Value, order};
use crate::kernel::{Factor, Instant, Name};
use crate::programme::finding::Place;
use crate::programme::model::{AwardKind, PendingRule, Programme, Rule, RulePending, Trigger};

impl Comparison<'_> {
    pub(super) fn rules(&mut self) {
        let (old, new) = (self.old, self.new);
        for rule in &new.rules {
            match old.rule(&rule.id) {
                None => self.added(&place_of(rule), subject_of(rule), if_good(rule, ForMembers::Better)),
                Some(before) => self.rule(before, rule),
            }
        }
        for rule in old.rules.iter().filter(|rule| new.rule(&rule.id).is_none()) {
            let is_over = period(rule).1.is_some_and(|until| until <= self.at);
            let effect = if is_over { ForMembers::Neutral } else { if_good(rule, ForMembers::Worse) };
            self.removed(&place_of(rule), subject_of(rule), effect);
        }
    }

    fn rule(&mut self, old: &Rule, new: &Rule) {
        let (place, subject) = (place_of(new), subject_of(new));
        let names = (Value::Texts(old.name.clone()), Value::Texts(new.name.clone()));
        self.altered(&place.key("name"), &subject, Aspect::Name, names, ForMembers::Neutral);
        let triggers = (Value::Trigger(old.on.clone()), Value::Trigger(new.on.clone()));
        self.altered(&place.key("on"), &subject, Aspect::Trigger, triggers, ForMembers::Mixed);
        self.award(&place, &subject, old, new);
        for (aspect, key, before, after) in
            [(Aspect::When, "when", &old.when, &new.when), (Aspect::Lines, "lines", &old.lines, &new.lines)]
        {
            let effect = self.condition_effect(old, new, wider(before, after));
            let conditions = (Value::Condition(before.clone()), Value::Condition(after.clone()));
            self.altered(&place.key(key), &subject, aspect, conditions, effect);
        }
        let effect = if new.multiplied { ForMembers::Better } else { ForMembers::Worse };
        let multiplied = (Value::Flag(old.multiplied), Value::Flag(new.multiplied));
        self.altered(&place.key("multiplied"), &subject, Aspect::Multiplied, multiplied, effect);
        self.rule_limits(&place, &subject, old, new);
        self.rule_exclusions(&place.key("exclude"), &subject, old, new);
        self.rule_pending(&place.key("pending"), &subject, old, new);
    }

    /// More often is better, but for what makes less of the points.
    fn condition_effect(&self, old: &Rule, new: &Rule, effect: ForMembers) -> ForMembers {
        match (is_good(old), is_good(new)) {
            (true, true) => effect,
            (false, false) => effect.reversed(),
            _ => ForMembers::Mixed,
        }
    }

    fn award(&mut self, place: &Place, subject: &Subject, old: &Rule, new: &Rule) {
        let (before, after) = (self.old, self.new);
        let units = (unit_of(before, old), unit_of(after, new));
        let awards = (award_of(before, old), award_of(after, new));
        let has_unit = |award: &Award| !matches!(award, Award::Multiplier { .. } | Award::Reward { .. });
        let effect = if has_unit(&awards.0) && has_unit(&awards.1) && units.0 != units.1 {
            let units = (Value::Units(vec![units.0.clone()]), Value::Units(vec![units.1.clone()]));
            self.altered(&place.key("unit"), subject, Aspect::Unit, units, ForMembers::Mixed);
            ForMembers::Mixed
        } else {
            self.award_effect(old, new)
        };
        // Another unit by itself has been told of; a multiplier or a reward has none.
        if let (Award::Multiplier { factor: old }, Award::Multiplier { factor: new }) = (&awards.0, &awards.1) {
            let factors = (Value::Factor(*old), Value::Factor(*new));
            self.altered(&place.key("multiplier"), subject, Aspect::Multiplier, factors, effect);
        } else if awards.0 != awards.1 {
            let values =
                (Value::Award { unit: units.0, award: awards.0 }, Value::Award { unit: units.1, award: awards.1 });
            self.altered(&place.key(award_key(&new.award)), subject, Aspect::Award, values, effect);
        }
        if let (AwardKind::PerAmount { carry: old, .. }, AwardKind::PerAmount { carry: new, .. }) =
            (&old.award, &new.award)
        {
            let effect = if *new { ForMembers::Better } else { ForMembers::Worse };
            let carried = (Value::Flag(*old), Value::Flag(*new));
            self.altered(&place.key("remainder"), subject, Aspect::Remainder, carried, effect);
        }
        if let (AwardKind::Multiplier { applies_to: targets, .. }, AwardKind::Multiplier { applies_to, factor }) =
            (&old.award, &new.award)
        {
            let effect = match (targets, applies_to) {
                (Some(old), Some(new)) => order::names(old, new),
                (None, _) => ForMembers::Worse,
                (Some(_), None) => ForMembers::Better,
            };
            let effect = if *factor < Factor::ONE { effect.reversed() } else { effect };
            let rules = |targets: &Option<Vec<Name>>| {
                optional(targets.clone(), |mut rules: Vec<Name>| {
                    rules.sort_unstable();
                    Value::Rules(rules)
                })
            };
            let targets = (rules(targets), rules(applies_to));
            self.altered(&place.key("applies_to"), subject, Aspect::AppliesTo, targets, effect);
        }
    }

    fn award_effect(&self, old: &Rule, new: &Rule) -> ForMembers {
        use AwardKind::{Fixed, Multiplier, PerAmount, PerItem, PerValue};
        let compared = |old: i64, new: i64| order::more(Some(new.cmp(&old)));
        match (&old.award, &new.award) {
            (PerAmount { rate, per, .. }, PerAmount { rate: new_rate, per: new_per, .. }) if self.same_money() => {
                order::ratio((rate.0, per.0), (new_rate.0, new_per.0))
            }
            (PerItem { each }, PerItem { each: new }) => compared(*each, *new),
            (Fixed { points }, Fixed { points: new }) => compared(*points, *new),
            (PerValue { attribute, rate, per }, PerValue { attribute: same, rate: new_rate, per: new_per })
                if attribute == same =>
            {
                order::ratio((rate.0, *per), (new_rate.0, *new_per))
            }
            (Multiplier { factor, .. }, Multiplier { factor: new, .. }) => order::factor(Some(*factor), Some(*new)),
            _ => ForMembers::Mixed,
        }
    }

    fn rule_limits(&mut self, place: &Place, subject: &Subject, old: &Rule, new: &Rule) {
        let unit = unit_of(self.new, new);
        let amount = |amount| Value::Amount { unit: unit.clone(), amount };
        let order_caps = (optional(old.order_cap, amount), optional(new.order_cap, amount));
        let effect = order::limit(old.order_cap, new.order_cap);
        self.altered(&place.key("caps").key("order"), subject, Aspect::OrderCap, order_caps, effect);
        self.caps(&place.key("caps"), subject, Aspect::Cap, (&old.caps, &new.caps), amount);
        let total = |rule: &Rule| rule.budget().map(|budget| budget.total);
        let budgets = (optional(total(old), amount), optional(total(new), amount));
        self.altered(&place.key("budget"), subject, Aspect::Budget, budgets, order::limit(total(old), total(new)));
        let effect = self.condition_effect(old, new, self.period_effect(period(old), period(new)));
        self.period(&place.key("until"), subject, period(old), period(new), effect);
    }

    pub(super) fn period(&mut self, place: &Place, subject: &Subject, old: Bounds, new: Bounds, effect: ForMembers) {
        let between = |(from, until): Bounds| Value::Between { from, until };
        self.altered(place, subject, Aspect::Period, (between(old), between(new)), effect);
    }

    /// Longer is better. What has begun already cannot begin earlier, and what is over stays so.
    pub(super) fn period_effect(&self, old: Bounds, new: Bounds) -> ForMembers {
        let begins = |(from, _): Bounds| from.filter(|from| *from > self.at);
        let ends = |(_, until): Bounds| until.map_or(Instant::MAX, |until| until.max(self.at));
        if ends(old) == self.at && ends(new) == self.at {
            return ForMembers::Neutral;
        }
        let earlier = order::less(Some(begins(new).cmp(&begins(old))));
        earlier.and(order::more(Some(ends(new).cmp(&ends(old)))))
    }

    /// A rule without a list of its own follows the programme's, which is told of once.
    fn rule_exclusions(&mut self, place: &Place, subject: &Subject, old: &Rule, new: &Rule) {
        let follows = old.exclude == self.old.exclude && new.exclude == self.new.exclude;
        if follows || new.on != Trigger::Order {
            return;
        }
        let excluded = (Value::Exclusions(old.exclude), Value::Exclusions(new.exclude));
        let effect = self.condition_effect(old, new, order::exclusions(old.exclude, new.exclude));
        self.altered(place, subject, Aspect::Exclusions, excluded, effect);
    }

    /// As for exclusions: a rule without a wait of its own follows its unit's.
    fn rule_pending(&mut self, place: &Place, subject: &Subject, old: &Rule, new: &Rule) {
        if (old.pending, new.pending) == (RulePending::AsUnit, RulePending::AsUnit) {
            return;
        }
        let (old, new) = (wait_of(self.old, old), wait_of(self.new, new));
        let waits = (optional(old, Value::Pending), optional(new, Value::Pending));
        self.altered(place, subject, Aspect::Pending, waits, order::pending(old, new));
    }
}

/// From when until when something is there.
pub(super) type Bounds = (Option<Instant>, Option<Instant>);

fn period(rule: &Rule) -> Bounds {
    rule.campaign.as_ref().map_or((None, None), |campaign| (campaign.from, campaign.until))
}

fn place_of(rule: &Rule) -> Place {
    let section = if rule.campaign.is_some() { "campaigns" } else { "earning" };
    Place::root().key(section).key(&rule.id)
}

fn subject_of(rule: &Rule) -> Subject {
    match rule.campaign {
        Some(_) => Subject::Campaign(rule.id.clone()),
        None => Subject::Rule(rule.id.clone()),
    }
}

/// Whether a member is glad of the rule: not of one that makes less of the points.
fn is_good(rule: &Rule) -> bool {
    !matches!(rule.award, AwardKind::Multiplier { factor, .. } if factor < Factor::ONE)
}

fn if_good(rule: &Rule, effect: ForMembers) -> ForMembers {
    if is_good(rule) { effect } else { effect.reversed() }
}

fn unit_of(programme: &Programme, rule: &Rule) -> Name {
    programme.units.get(rule.unit).map_or_else(Name::default, |unit| unit.id.clone())
}

fn award_of(programme: &Programme, rule: &Rule) -> Award {
    match &rule.award {
        AwardKind::PerAmount { rate, per, .. } => Award::PerAmount { rate: *rate, per: *per },
        AwardKind::PerItem { each } => Award::PerItem { each: *each },
        AwardKind::Fixed { points } => Award::Fixed { points: *points },
        AwardKind::PerValue { attribute, rate, per } => {
            Award::PerValue { attribute: attribute.clone(), rate: *rate, per: *per }
        }
        AwardKind::Multiplier { factor, .. } => Award::Multiplier { factor: *factor },
        AwardKind::Reward { reward } => Award::Reward {
            reward: programme.rewards.get(*reward).map_or_else(Name::default, |reward| reward.id.clone()),
        },
    }
}

/// The field of the document that states the award.
fn award_key(award: &AwardKind) -> &'static str {
    match award {
        AwardKind::PerAmount { .. } => "rate",
        AwardKind::PerItem { .. } => "per_item",
        AwardKind::Fixed { .. } => "points",
        AwardKind::PerValue { .. } => "per_value",
        AwardKind::Multiplier { .. } => "multiplier",
        AwardKind::Reward { .. } => "reward",
    }
}

fn wait_of(programme: &Programme, rule: &Rule) -> Option<PendingRule> {
    match rule.pending {
        RulePending::AsUnit => programme.units.get(rule.unit).and_then(|unit| unit.pending),
        RulePending::Immediate => None,
        RulePending::Own(wait) => Some(wait),
    }
}
