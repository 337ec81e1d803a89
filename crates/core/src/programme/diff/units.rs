//! Units: what they are worth, when they can be spent, and when they end.

use super::general::optional;
use super::{Aspect, Comparison, ForMembers, Subject, Value, order};
use crate::ledger::SpendOrder;
use crate::programme::document::DebtPolicy;
use crate::programme::finding::Place;
use crate::programme::model::{Expiry, Unit};

impl Comparison<'_> {
    pub(super) fn units(&mut self) {
        let (old, new) = (self.old, self.new);
        let place = Place::root().key("units");
        for unit in &new.units {
            let place = place.key(&unit.id);
            match old.unit(&unit.id) {
                // By itself a unit gives nothing; the rules that do are told of by themselves.
                None => self.added(&place, Subject::Unit(unit.id.clone()), ForMembers::Neutral),
                Some(before) => self.unit(&place, before, unit),
            }
        }
        for unit in old.units.iter().filter(|unit| new.unit(&unit.id).is_none()) {
            self.removed(&place.key(&unit.id), Subject::Unit(unit.id.clone()), ForMembers::Worse);
        }
    }

    fn unit(&mut self, place: &Place, old: &Unit, new: &Unit) {
        let subject = Subject::Unit(new.id.clone());
        let forms = (Value::Forms(old.forms.clone()), Value::Forms(new.forms.clone()));
        self.altered(&place.key("name"), &subject, Aspect::Name, forms, ForMembers::Neutral);
        let scale = (Value::Count(old.scale.into()), Value::Count(new.scale.into()));
        self.altered(&place.key("scale"), &subject, Aspect::Scale, scale, ForMembers::Mixed);
        self.worth(&place.key("worth"), &subject, old, new);
        let effect = if new.spendable { ForMembers::Better } else { ForMembers::Worse };
        let spendable = (Value::Flag(old.spendable), Value::Flag(new.spendable));
        self.altered(&place.key("spendable"), &subject, Aspect::Spendable, spendable, effect);
        let pending = (optional(old.pending, Value::Pending), optional(new.pending, Value::Pending));
        let effect = order::pending(old.pending, new.pending);
        self.altered(&place.key("pending"), &subject, Aspect::Pending, pending, effect);
        let expiry = (Value::Expiry(old.expiry.clone()), Value::Expiry(new.expiry.clone()));
        let effect = order::expiry(&old.expiry, &new.expiry);
        self.altered(&place.key("expiry"), &subject, Aspect::Expiry, expiry, effect);
        let spend = (Value::SpendOrder(old.spend_order), Value::SpendOrder(new.spend_order));
        self.altered(&place.key("spend"), &subject, Aspect::SpendOrder, spend, self.spend_order(old, new));
        let lenient = |debt: DebtPolicy| match debt {
            DebtPolicy::Block => 0,
            DebtPolicy::Carry => 1,
            DebtPolicy::Forgive => 2,
        };
        let effect = order::more(Some(lenient(new.debt).cmp(&lenient(old.debt))));
        let debt = (Value::Debt(old.debt), Value::Debt(new.debt));
        self.altered(&place.key("debt"), &subject, Aspect::Debt, debt, effect);
        let amount = |amount| Value::Amount { unit: new.id.clone(), amount };
        self.caps(&place.key("caps"), &subject, Aspect::Cap, (&old.caps, &new.caps), amount);
    }

    fn worth(&mut self, place: &Place, subject: &Subject, old: &Unit, new: &Unit) {
        let effect = match (old.worth, new.worth) {
            (None, _) => ForMembers::Neutral,
            (Some(old), Some(new)) if self.same_money() => {
                order::ratio((old.money.0, old.units), (new.money.0, new.units))
            }
            (Some(_), _) => ForMembers::Mixed,
        };
        let worth = |unit: &Unit| optional(unit.worth, |worth| Value::Worth { unit: unit.id.clone(), worth });
        self.altered(place, subject, Aspect::Worth, (worth(old), worth(new)), effect);
    }

    /// Spending what expires first loses the fewest points; where none expire it makes no difference.
    fn spend_order(&self, old: &Unit, new: &Unit) -> ForMembers {
        match (old.spend_order, new.spend_order) {
            _ if old.expiry == Expiry::Never && new.expiry == Expiry::Never => ForMembers::Neutral,
            (SpendOrder::ExpiringFirst, SpendOrder::OldestFirst) => ForMembers::Worse,
            (SpendOrder::OldestFirst, SpendOrder::ExpiringFirst) => ForMembers::Better,
            _ => ForMembers::Neutral,
        }
    }
}
