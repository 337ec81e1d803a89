//! Editions of recommendations.

use std::cmp::Ordering;

use super::conditions::wider;
use super::general::optional;
use super::{Aspect, Comparison, ForMembers, Subject, Value, order};
use crate::kernel::Name;
use crate::programme::document::OnReturn;
use crate::programme::finding::Place;
use crate::programme::model::Trigger;
use crate::programme::referrals::{Edition, Qualify, Review};

impl Comparison<'_> {
    pub(super) fn referrals(&mut self) {
        let (old, new) = (self.old, self.new);
        for edition in &new.referrals {
            match old.edition(&edition.id) {
                None => self.added(&place_of(edition), subject_of(edition), ForMembers::Better),
                Some(before) => self.edition(before, edition),
            }
        }
        for edition in old.referrals.iter().filter(|edition| new.edition(&edition.id).is_none()) {
            let is_over = edition.until.is_some_and(|until| until <= self.at);
            let effect = if is_over { ForMembers::Neutral } else { ForMembers::Worse };
            self.removed(&place_of(edition), subject_of(edition), effect);
        }
    }

    fn edition(&mut self, old: &Edition, new: &Edition) {
        let (place, subject) = (place_of(new), subject_of(new));
        let names = (Value::Texts(old.name.clone()), Value::Texts(new.name.clone()));
        self.altered(&place.key("name"), &subject, Aspect::Name, names, ForMembers::Neutral);
        let (before, after) = ((old.from, old.until), (new.from, new.until));
        self.period(&place.key("until"), &subject, before, after, self.period_effect(before, after));
        for (aspect, key, before, after) in [
            (Aspect::Advocates, "advocates", &old.advocates, &new.advocates),
            (Aspect::Friends, "friends", &old.friends, &new.friends),
        ] {
            let conditions = (Value::Condition(before.clone()), Value::Condition(after.clone()));
            self.altered(&place.key(key), &subject, aspect, conditions, wider(before, after));
        }
        let windows = (Value::Period(old.window), Value::Period(new.window));
        let effect = order::longer(Some(old.window), Some(new.window), Ordering::Greater);
        self.altered(&place.key("window"), &subject, Aspect::TouchWindow, windows, effect);
        // What one advocate gains by it another one loses.
        let credits = (Value::Credit(old.credit), Value::Credit(new.credit));
        self.altered(&place.key("credit"), &subject, Aspect::Credit, credits, ForMembers::Mixed);
        self.qualify(&place.key("qualify"), &subject, old, new);
        self.friends_who_count(&place, &subject, old, new);
        self.after_qualifying(&place, &subject, old, new);
    }

    fn qualify(&mut self, place: &Place, subject: &Subject, old: &Edition, new: &Edition) {
        let (old, new) = (&old.qualify, &new.qualify);
        let triggers = (Value::Trigger(old.on.clone()), Value::Trigger(new.on.clone()));
        self.altered(&place.key("on"), subject, Aspect::QualifyOn, triggers, ForMembers::Mixed);
        let effect = if old.on == new.on { wider(&old.when, &new.when) } else { ForMembers::Mixed };
        let conditions = (Value::Condition(old.when.clone()), Value::Condition(new.when.clone()));
        self.altered(&place.key("when"), subject, Aspect::QualifyWhen, conditions, effect);
        let waits = (wait_of(old), wait_of(new));
        let effect = order::pending(old.wait, new.wait);
        self.altered(&place.key("wait"), subject, Aspect::QualifyWait, waits, effect);
        let deadlines = (optional(old.within, Value::Period), optional(new.within, Value::Period));
        let effect = order::longer(old.within, new.within, Ordering::Greater);
        self.altered(&place.key("within"), subject, Aspect::QualifyWithin, deadlines, effect);
    }

    fn friends_who_count(&mut self, place: &Place, subject: &Subject, old: &Edition, new: &Edition) {
        let caps = (old.caps.as_slice(), new.caps.as_slice());
        self.caps(&place.key("caps"), subject, Aspect::FriendsCap, caps, Value::Count);
        let total = |edition: &Edition| edition.budget.as_ref().map(|budget| budget.total);
        let (before, after) = (total(old), total(new));
        let values = (optional(before, Value::Count), optional(after, Value::Count));
        self.altered(&place.key("budget"), subject, Aspect::FriendsBudget, values, order::limit(before, after));
    }

    fn after_qualifying(&mut self, place: &Place, subject: &Subject, old: &Edition, new: &Edition) {
        let effect = match new.on_return {
            OnReturn::Keep => ForMembers::Better,
            OnReturn::Recheck => ForMembers::Worse,
        };
        let returns = (Value::OnReturn(old.on_return), Value::OnReturn(new.on_return));
        self.altered(&place.key("on_return"), subject, Aspect::FriendReturn, returns, effect);
        // The fewer look at it, the sooner the reward comes.
        let leisurely = |review: Review| match review {
            Review::None => 0,
            Review::Suspicious => 1,
            Review::All => 2,
        };
        let effect = order::less(Some(leisurely(new.review).cmp(&leisurely(old.review))));
        let reviews = (Value::Review(old.review), Value::Review(new.review));
        self.altered(&place.key("review"), subject, Aspect::Review, reviews, effect);
        let listed = |edition: &Edition| match edition.variants.as_slice() {
            [] => Value::Nothing,
            variants => Value::Text(Name::from(variants.iter().map(Name::as_str).collect::<Vec<_>>().join(", "))),
        };
        let variants = (listed(old), listed(new));
        self.altered(&place.key("variants"), subject, Aspect::Variants, variants, ForMembers::Mixed);
    }
}

/// An activity has one moment only, from which it is waited.
fn wait_of(qualify: &Qualify) -> Value {
    optional(qualify.wait, |wait| match qualify.on {
        Trigger::Order => Value::Pending(wait),
        Trigger::Activity(_) => Value::Period(wait.wait),
    })
}

fn place_of(edition: &Edition) -> Place {
    Place::root().key("referrals").key(&edition.id)
}

fn subject_of(edition: &Edition) -> Subject {
    Subject::Referral(edition.id.clone())
}
