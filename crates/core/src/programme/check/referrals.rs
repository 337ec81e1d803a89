//! Editions of recommendations that reward nobody, are never chosen, or cost more than they bring.

use super::{Check, Concern, units};
use crate::activity::builtin;
use crate::kernel::{Instant, Money, Name};
use crate::programme::condition::{Test, TextField};
use crate::programme::finding::Place;
use crate::programme::fraud::{VerdictWord, place_of};
use crate::programme::remark::Remark;
use crate::programme::{AwardKind, Edition, PendingFrom, PendingRule, Review, Rule, Trigger};

impl<'p> Check<'p> {
    pub fn referrals(&mut self) {
        let programme = self.programme;
        for (index, rule) in programme.rules.iter().enumerate() {
            let Some(activity) = of_referrals(rule).filter(|_| !self.is_dead(index)) else {
                continue;
            };
            let place = self.place(rule);
            let about = |key| Remark::new(key).word("rule", &rule.id).word("activity", activity);
            if programme.referrals.is_empty() {
                self.say(Concern::RewardWithoutEdition, &place.key("on"), about("finding-reward-without-edition"));
            } else if self.costs_without_bound(rule, activity) {
                self.say(Concern::ComingWithoutLimit, &place, about("finding-coming-without-limit"));
            }
        }
        for (index, edition) in programme.referrals.iter().enumerate() {
            let place = Place::root().key("referrals").key(&edition.id);
            let rules = self.rewarding(edition);
            if rules.is_empty() {
                let remark = Remark::new("finding-recommendations-unrewarded").word("edition", &edition.id);
                self.say(Concern::RecommendationsUnrewarded, &place, remark);
            } else if edition.review == Review::None {
                let remark = Remark::new("finding-recommendations-unreviewed").word("edition", &edition.id);
                self.say(Concern::RecommendationsUnreviewed, &place.key("review"), remark);
            }
            let mut earlier = programme.referrals[..index].iter();
            if let Some(first) = earlier.find(|first| first.friends == edition.friends && covers(first, edition)) {
                let remark =
                    Remark::new("finding-edition-never-chosen").word("edition", &edition.id).word("first", &first.id);
                self.say(Concern::EditionNeverChosen, &place, remark);
            }
            if edition.qualify.on == Trigger::Order {
                self.above_order(edition, &rules, &place);
                self.settles_early(edition, &rules, &place);
            }
        }
        self.codes();
    }

    /// Friends are asked for a code only where recommendations are looked at before they count.
    fn codes(&mut self) {
        let Some(fraud) = &self.programme.fraud else { return };
        let mut editions = self.programme.referrals.iter();
        if editions.any(|edition| edition.review == Review::Suspicious) {
            return;
        }
        let asking = fraud.verdicts.iter().find(|(_, verdict)| **verdict == VerdictWord::Verify);
        if let Some((name, _)) = asking {
            self.say(Concern::CodesAskNobody, &place_of(name), Remark::new("finding-codes-ask-nobody"));
        }
    }

    /// The rules that give something under an edition, as far as can be told.
    fn rewarding(&self, edition: &Edition) -> Vec<&'p Rule> {
        let field = TextField::ActivityAttribute(Name::const_new("referral"));
        let of_edition = Test::TextIn { field, texts: [edition.id.clone()].into() };
        let rules = self.programme.rules.iter().zip(&self.rules);
        let rewarding = rules.filter(|(rule, ways)| {
            let left = (*ways).clone().and_then(|ways| self.world(&rule.on).narrow(ways, &of_edition, true));
            let gives = !matches!(rule.award, AwardKind::Multiplier { .. });
            of_referrals(rule).is_some() && gives && left.is_none_or(|left| !left.is_empty())
        });
        rewarding.map(|(rule, _)| rule).collect()
    }

    /// Anybody can open accounts. A limit for one member bounds what an advocate is given for them, and not what
    /// the accounts are given.
    fn costs_without_bound(&self, rule: &Rule, activity: &str) -> bool {
        let is_limited = match activity {
            builtin::FRIEND_JOINED => !rule.caps.is_empty() || !self.programme.units[rule.unit].caps.is_empty(),
            builtin::REFERRED => false,
            _ => true,
        };
        let costs = match &rule.award {
            AwardKind::Multiplier { .. } => false,
            AwardKind::Reward { reward } => self.programme.rewards[*reward].stock.is_none(),
            _ => self.programme.units[rule.unit].spendable,
        };
        costs && !is_limited && rule.budget().is_none()
    }

    /// What both sides are given for an order that is worth less: friends are then bought, or made up.
    fn above_order(&mut self, edition: &Edition, rules: &[&Rule], place: &Place) {
        let dearest = |activity: &str| {
            let rules = rules.iter().filter(|rule| of_referrals(rule) == Some(activity));
            rules.map(|rule| self.money_for(rule)).max().unwrap_or(0)
        };
        let given = dearest(builtin::FRIEND_QUALIFIED).saturating_add(dearest(builtin::REFERRAL_QUALIFIED));
        let least = edition.least_order().unwrap_or(Money::ZERO).0;
        if given > least {
            let currency = &self.programme.currency;
            let remark = Remark::new("finding-reward-above-order")
                .word("edition", &edition.id)
                .money("given", Money(given), currency)
                .money("least", Money(least), currency);
            self.say(Concern::RewardAboveOrder, place, remark);
        }
    }

    /// What a fixed number of points is worth in money; nothing where that is not said.
    fn money_for(&self, rule: &Rule) -> i64 {
        let unit = &self.programme.units[rule.unit];
        match (&rule.award, unit.worth) {
            (AwardKind::Fixed { points }, Some(worth)) if unit.spendable => {
                let money = i128::from(*points) * i128::from(worth.money.0) / i128::from(worth.units.max(1));
                i64::try_from(money).unwrap_or(i64::MAX)
            }
            _ => 0,
        }
    }

    /// Points of orders wait until returns are over, and what is given for the same orders does not.
    fn settles_early(&mut self, edition: &Edition, rules: &[&Rule], place: &Place) {
        let units = self.programme.units.iter();
        let later = units.filter(|unit| unit.pending.is_some_and(|pending| is_before(edition.qualify.wait, pending)));
        let Some(unit) = later.into_iter().next().filter(|_| !rules.is_empty()) else {
            return;
        };
        let remark =
            Remark::new("finding-recommendation-settles-early").word("edition", &edition.id).units("unit", unit);
        self.say(Concern::RecommendationSettlesEarly, place, remark);
    }
}

/// The activity on which a rule rewards a recommendation.
fn of_referrals(rule: &Rule) -> Option<&'static str> {
    let Trigger::Activity(name) = &rule.on else {
        return None;
    };
    builtin::OF_REFERRALS.into_iter().find(|known| known == name)
}

/// Whether the one runs whenever the other does.
fn covers(first: &Edition, other: &Edition) -> bool {
    let begins = |edition: &Edition| edition.from.unwrap_or(Instant::MIN);
    let ends = |edition: &Edition| edition.until.unwrap_or(Instant::MAX);
    begins(first) <= begins(other) && ends(first) >= ends(other)
}

/// In which order the moments of an order come.
fn moment(from: PendingFrom) -> u8 {
    match from {
        PendingFrom::Placed => 0,
        PendingFrom::Paid => 1,
        PendingFrom::Closed => 2,
    }
}

/// Whether a recommendation may be settled before the points of its order are.
fn is_before(wait: Option<PendingRule>, pending: PendingRule) -> bool {
    let Some(wait) = wait else {
        return true;
    };
    if wait.from == pending.from {
        units::days(wait.wait).1 < units::days(pending.wait).0
    } else {
        moment(wait.from) < moment(pending.from)
    }
}
