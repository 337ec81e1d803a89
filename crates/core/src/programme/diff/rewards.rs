//! Rewards: what they give, what they cost, and who can have them.

use std::cmp::Ordering;

use super::conditions::wider;
use super::general::optional;
use super::{Aspect, Comparison, ForMembers, Subject, Value, order};
use crate::kernel::Money;
use crate::programme::finding::Place;
use crate::programme::model::{Gives, Price, Programme, Reward, VoucherRule};

impl Comparison<'_> {
    pub(super) fn rewards(&mut self) {
        let (old, new) = (self.old, self.new);
        let place = Place::root().key("rewards");
        for reward in &new.rewards {
            let place = place.key(&reward.id);
            match old.reward(&reward.id) {
                None => self.added(&place, Subject::Reward(reward.id.clone()), ForMembers::Better),
                Some(before) => self.reward(&place, before, reward),
            }
        }
        for reward in old.rewards.iter().filter(|reward| new.reward(&reward.id).is_none()) {
            let is_over = reward.until.is_some_and(|until| until <= self.at);
            let effect = if is_over { ForMembers::Neutral } else { ForMembers::Worse };
            self.removed(&place.key(&reward.id), Subject::Reward(reward.id.clone()), effect);
        }
    }

    fn reward(&mut self, place: &Place, old: &Reward, new: &Reward) {
        let subject = Subject::Reward(new.id.clone());
        let names = (Value::Texts(old.name.clone()), Value::Texts(new.name.clone()));
        self.altered(&place.key("name"), &subject, Aspect::Name, names, ForMembers::Neutral);
        let descriptions =
            (optional(old.description.clone(), Value::Texts), optional(new.description.clone(), Value::Texts));
        self.altered(&place.key("description"), &subject, Aspect::Description, descriptions, ForMembers::Neutral);
        let gives = (Value::Gives(old.gives.clone()), Value::Gives(new.gives.clone()));
        self.altered(&place.key("kind"), &subject, Aspect::Gives, gives, self.gives(&old.gives, &new.gives));
        let prices = (price(self.old, old), price(self.new, new));
        let effect = self.price(old.price.as_ref(), new.price.as_ref());
        self.altered(&place.key("price"), &subject, Aspect::Price, prices, effect);
        let total = |reward: &Reward| reward.stock.as_ref().map(|stock| stock.total);
        let stocks = (optional(total(old), Value::Count), optional(total(new), Value::Count));
        self.altered(&place.key("stock"), &subject, Aspect::Stock, stocks, order::limit(total(old), total(new)));
        let limit = |reward: &Reward| {
            optional(reward.limit.as_ref(), |limit| Value::Limit { times: limit.times, window: limit.window })
        };
        let effect = order::reward_limit(old.limit.as_ref(), new.limit.as_ref());
        self.altered(&place.key("limit"), &subject, Aspect::Limit, (limit(old), limit(new)), effect);
        let conditions = (Value::Condition(old.when.clone()), Value::Condition(new.when.clone()));
        self.altered(&place.key("when"), &subject, Aspect::When, conditions, wider(&old.when, &new.when));
        let (before, after) = ((old.from, old.until), (new.from, new.until));
        self.period(&place.key("until"), &subject, before, after, self.period_effect(before, after));
        self.voucher(&place.key("voucher"), &subject, old.voucher.as_ref(), new.voucher.as_ref());
    }

    fn gives(&self, old: &Gives, new: &Gives) -> ForMembers {
        let money = |old: &Money, new: &Money| {
            if self.same_money() { order::more(Some(new.cmp(old))) } else { ForMembers::Mixed }
        };
        match (old, new) {
            (Gives::PercentOff { percent: old }, Gives::PercentOff { percent: new }) => order::more(Some(new.cmp(old))),
            (Gives::AmountOff { amount: old }, Gives::AmountOff { amount: new })
            | (Gives::GiftCard { amount: old }, Gives::GiftCard { amount: new })
            | (Gives::CashBack { amount: old }, Gives::CashBack { amount: new }) => money(old, new),
            (Gives::Donation { amount: old, cause }, Gives::Donation { amount: new, cause: same }) if cause == same => {
                money(old, new)
            }
            _ => ForMembers::Mixed,
        }
    }

    fn price(&self, old: Option<&Price>, new: Option<&Price>) -> ForMembers {
        let unit = |programme: &Programme, price: &Price| programme.units.get(price.unit).map(|unit| unit.id.clone());
        match (old, new) {
            (None, None) => ForMembers::Neutral,
            (None, Some(_)) => ForMembers::Better,
            (Some(_), None) => ForMembers::Worse,
            (Some(old), Some(new)) if unit(self.old, old) == unit(self.new, new) => {
                let is_points_only = old.cash == Money::ZERO && new.cash == Money::ZERO;
                let cash = if is_points_only || self.same_money() { Some(new.cash.cmp(&old.cash)) } else { None };
                order::less(Some(new.points.cmp(&old.points))).and(order::less(cash))
            }
            (Some(_), Some(_)) => ForMembers::Mixed,
        }
    }

    fn voucher(&mut self, place: &Place, subject: &Subject, old: Option<&VoucherRule>, new: Option<&VoucherRule>) {
        let source = |voucher: Option<&VoucherRule>| {
            optional(voucher, |voucher: &VoucherRule| Value::Voucher(voucher.source.clone()))
        };
        // Where a code comes from is the shop's own business; whether there is one is not.
        let effect = if old.is_some() == new.is_some() { ForMembers::Neutral } else { ForMembers::Mixed };
        self.altered(place, subject, Aspect::Voucher, (source(old), source(new)), effect);
        if let (Some(old), Some(new)) = (old, new) {
            let periods = (optional(old.valid, Value::Period), optional(new.valid, Value::Period));
            let effect = order::longer(old.valid, new.valid, Ordering::Greater);
            self.altered(&place.key("valid"), subject, Aspect::Validity, periods, effect);
        }
    }
}

fn price(programme: &Programme, reward: &Reward) -> Value {
    optional(reward.price.as_ref(), |price| Value::Price {
        unit: programme.units.get(price.unit).map(|unit| unit.id.clone()).unwrap_or_default(),
        points: price.points,
        cash: price.cash,
    })
}
