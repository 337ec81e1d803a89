//! What holds for the whole programme, and what members may do with each other.

use std::collections::BTreeSet;

use super::{Aspect, Comparison, ForMembers, Subject, Value, order};
use crate::kernel::{Factor, Name, Rounding, Window};
use crate::programme::document::{LooseReturns, Stacking};
use crate::programme::finding::Place;
use crate::programme::fraud::{FraudSettings, place_of};
use crate::programme::labels::Labels;
use crate::programme::model::{AwardKind, Cap, Programme, TransferPolicy};

impl Comparison<'_> {
    pub(super) fn general(&mut self) {
        self.identity();
        self.reckoning();
        self.brands();
        self.labels();
        self.transfers("transfers", Subject::Transfers);
        self.transfers("gifts", Subject::Gifts);
        self.households();
        self.holds();
        self.fraud();
    }

    fn identity(&mut self) {
        let (old, new) = (self.old, self.new);
        let place = Place::root().key("programme");
        let subject = Subject::Programme;
        let texts = |name: &Name| Value::Text(name.clone());
        self.altered(&place.key("id"), &subject, Aspect::Id, (texts(&old.id), texts(&new.id)), ForMembers::Mixed);
        let names = (Value::Texts(old.name.clone()), Value::Texts(new.name.clone()));
        self.altered(&place.key("name"), &subject, Aspect::Name, names, ForMembers::Neutral);
        let mut spoken = (old.languages.clone(), new.languages.clone());
        spoken.0.sort_unstable();
        spoken.1.sort_unstable();
        let effect = order::names(&old.languages, &new.languages);
        let languages = (Value::Languages(spoken.0), Value::Languages(spoken.1));
        self.altered(&place.key("languages"), &subject, Aspect::Languages, languages, effect);
        let zones = (Value::Text(Name::from(&old.time_zone)), Value::Text(Name::from(&new.time_zone)));
        self.altered(&place.key("time_zone"), &subject, Aspect::TimeZone, zones, ForMembers::Mixed);
        let currencies = (texts(&old.currency.code), texts(&new.currency.code));
        self.altered(&place.key("currency"), &subject, Aspect::Currency, currencies, ForMembers::Mixed);
        let decimals = (Value::Count(self.decimals.0.into()), Value::Count(self.decimals.1.into()));
        self.altered(&place.key("decimals"), &subject, Aspect::Decimals, decimals, ForMembers::Mixed);
        let place = place.key("join_on_first_order");
        let joins = (Value::Flag(old.join_on_first_order), Value::Flag(new.join_on_first_order));
        self.altered(&place, &subject, Aspect::JoinOnFirstOrder, joins, ForMembers::Neutral);
    }

    fn reckoning(&mut self) {
        let (old, new) = (self.old, self.new);
        let subject = Subject::Programme;
        let root = Place::root();
        let place = root.key("programme").key("exchange");
        let mut currencies: Vec<&Name> = old.exchange.keys().chain(new.exchange.keys()).collect();
        currencies.sort_unstable();
        currencies.dedup();
        for code in currencies {
            let rates = (old.exchange.get(code), new.exchange.get(code));
            // An order in a currency without a rate is not taken at all.
            let effect = order::more(Some(rates.1.cmp(&rates.0)));
            let rates =
                (optional(rates.0, |rate| Value::Factor(*rate)), optional(rates.1, |rate| Value::Factor(*rate)));
            self.altered(&place.key(code), &subject, Aspect::Exchange(code.clone()), rates, effect);
        }
        let generous = |rounding: Rounding| match rounding {
            Rounding::Down => 0,
            Rounding::Nearest => 1,
            Rounding::Up => 2,
        };
        let effect = order::more(Some(generous(new.rounding).cmp(&generous(old.rounding))));
        let rounding = (Value::Rounding(old.rounding), Value::Rounding(new.rounding));
        self.altered(&root.key("programme").key("rounding"), &subject, Aspect::Rounding, rounding, effect);
        let stacking = (Value::Stacking(old.stacking), Value::Stacking(new.stacking));
        let place = root.key("stacking").key("multipliers");
        self.altered(&place, &subject, Aspect::Stacking, stacking, self.stacking());
        let excluded = (Value::Exclusions(old.exclude), Value::Exclusions(new.exclude));
        let effect = order::exclusions(old.exclude, new.exclude);
        self.altered(&root.key("exclude"), &subject, Aspect::Exclusions, excluded, effect);
        let effect = match new.loose_returns {
            LooseReturns::Reverse => ForMembers::Worse,
            LooseReturns::Ignore => ForMembers::Better,
        };
        let returns = (Value::LooseReturns(old.loose_returns), Value::LooseReturns(new.loose_returns));
        self.altered(&root.key("returns").key("without_order"), &subject, Aspect::LooseReturns, returns, effect);
    }

    /// Of factors that are all 1 or more, compounding makes the most and the best alone the least.
    fn stacking(&self) -> ForMembers {
        let generous = |stacking: Stacking| match stacking {
            Stacking::Best => 0,
            Stacking::Additive => 1,
            Stacking::Compound => 2,
        };
        let shrinks = |programme: &Programme| factors(programme).any(|factor| factor < Factor::ONE);
        if shrinks(self.old) || shrinks(self.new) {
            return ForMembers::Mixed;
        }
        order::more(Some(generous(self.new.stacking).cmp(&generous(self.old.stacking))))
    }

    fn brands(&mut self) {
        let (old, new) = (self.old, self.new);
        let place = Place::root().key("brands");
        for brand in &new.brands {
            let subject = Subject::Brand(brand.id.clone());
            let place = place.key(&brand.id);
            match old.brand(&brand.id) {
                None => self.added(&place, subject, ForMembers::Neutral),
                Some(before) => {
                    let names = (Value::Texts(before.name.clone()), Value::Texts(brand.name.clone()));
                    self.altered(&place.key("name"), &subject, Aspect::Name, names, ForMembers::Neutral);
                }
            }
        }
        for brand in old.brands.iter().filter(|brand| new.brand(&brand.id).is_none()) {
            self.removed(&place.key(&brand.id), Subject::Brand(brand.id.clone()), ForMembers::Worse);
        }
    }

    fn labels(&mut self) {
        let (old, new) = (&self.old.labels, &self.new.labels);
        let mut words: Vec<_> = old.iter().chain(new.iter()).map(|(kind, word, _)| (kind, word)).collect();
        words.sort_unstable();
        words.dedup();
        for (kind, word) in words {
            let place = Place::root().key("labels").key(&kind.to_string()).key(word);
            let called = |labels: &Labels| optional(labels.of(kind, word).cloned(), Value::Texts);
            let labels = (called(old), called(new));
            let aspect = Aspect::Label(word.clone());
            self.altered(&place, &Subject::Programme, aspect, labels, ForMembers::Neutral);
        }
    }

    fn transfers(&mut self, key: &str, subject: Subject) {
        let of = |programme| -> &Option<TransferPolicy> {
            let programme: &Programme = programme;
            if subject == Subject::Gifts { &programme.gifts } else { &programme.transfers }
        };
        let place = Place::root().key(key);
        let (old, new) = match (of(self.old).clone(), of(self.new).clone()) {
            (None, None) => return,
            (None, Some(_)) => return self.added(&place, subject, ForMembers::Better),
            (Some(_), None) => return self.removed(&place, subject, ForMembers::Worse),
            (Some(old), Some(new)) => (old, new),
        };
        let effect = order::less(Some(new.least.cmp(&old.least)));
        let least = (Value::Count(old.least), Value::Count(new.least));
        self.altered(&place.key("least"), &subject, Aspect::Least, least, effect);
        let most = (optional(old.most, Value::Count), optional(new.most, Value::Count));
        self.altered(&place.key("most"), &subject, Aspect::Most, most, order::limit(old.most, new.most));
        self.caps(&place.key("caps"), &subject, Aspect::Cap, (&old.caps, &new.caps), Value::Count);
        let effect = order::names(&old.units, &new.units);
        let mut units = (old.units, new.units);
        units.0.sort_unstable();
        units.1.sort_unstable();
        let units = (Value::Units(units.0), Value::Units(units.1));
        self.altered(&place.key("units"), &subject, Aspect::Units, units, effect);
    }

    fn households(&mut self) {
        let place = Place::root().key("households");
        let subject = Subject::Households;
        match (self.old.households, self.new.households) {
            (None, None) => {}
            (None, Some(_)) => self.added(&place, subject, ForMembers::Better),
            (Some(_), None) => self.removed(&place, subject, ForMembers::Worse),
            (Some(old), Some(new)) => {
                let effect = order::more(Some(new.cmp(&old)));
                self.altered(
                    &place.key("most"),
                    &subject,
                    Aspect::Most,
                    (Value::Count(old), Value::Count(new)),
                    effect,
                );
            }
        }
    }

    fn holds(&mut self) {
        let (old, new) = (self.old.holds, self.new.holds);
        let place = Place::root().key("holds");
        let subject = Subject::Holds;
        let valid = (Value::Period(old.valid), Value::Period(new.valid));
        self.altered(&place.key("valid"), &subject, Aspect::HoldValid, valid, ForMembers::Neutral);
        let longest = (Value::Period(old.longest), Value::Period(new.longest));
        self.altered(&place.key("longest"), &subject, Aspect::HoldLongest, longest, ForMembers::Neutral);
        let most = (Value::Count(old.most), Value::Count(new.most));
        let effect = order::more(Some(new.most.cmp(&old.most)));
        self.altered(&place.key("most"), &subject, Aspect::HoldMost, most, effect);
    }

    /// How recommendations are checked gives and takes nothing.
    fn fraud(&mut self) {
        let subject = Subject::Fraud;
        let (old, new) = match (&self.old.fraud, &self.new.fraud) {
            (None, None) => return,
            (None, Some(_)) => return self.added(&Place::root().key("fraud"), subject, ForMembers::Neutral),
            (Some(_), None) => return self.removed(&Place::root().key("fraud"), subject, ForMembers::Neutral),
            (Some(old), Some(new)) => (old, new),
        };
        let mut names: BTreeSet<&Name> = old.numbers.keys().chain(new.numbers.keys()).collect();
        for name in std::mem::take(&mut names) {
            let count = |settings: &FraudSettings| optional(settings.numbers.get(name).copied(), Value::Count);
            let values = (count(old), count(new));
            self.altered(&place_of(name), &subject, Aspect::Setting(name.clone()), values, ForMembers::Neutral);
        }
        names.extend(old.verdicts.keys().chain(new.verdicts.keys()));
        for name in names {
            let word = |settings: &FraudSettings| {
                optional(settings.verdicts.get(name), |word| Value::Text(Name::from(word.name())))
            };
            let values = (word(old), word(new));
            self.altered(&place_of(name), &subject, Aspect::Setting(name.clone()), values, ForMembers::Neutral);
        }
        let name = Name::from("throwaway_mail");
        let list = |settings: &FraudSettings| Value::Text(Name::from(joined(&settings.throwaway_mail)));
        let values = (list(old), list(new));
        self.altered(&place_of(&name), &subject, Aspect::Setting(name.clone()), values, ForMembers::Neutral);
    }

    /// Caps by window: a higher one is better, and none is best.
    pub(super) fn caps(
        &mut self,
        place: &Place,
        subject: &Subject,
        aspect: fn(Window) -> Aspect,
        (old, new): (&[Cap], &[Cap]),
        write: impl Fn(i64) -> Value,
    ) {
        let mut windows: Vec<_> = old.iter().chain(new).map(|cap| cap.window).collect();
        windows.sort_unstable();
        windows.dedup();
        for window in windows {
            let most = |caps: &[Cap]| caps.iter().find(|cap| cap.window == window).map(|cap| cap.most);
            let (old, new) = (most(old), most(new));
            let values = (optional(old, &write), optional(new, &write));
            let place = place.key(window.name());
            self.altered(&place, subject, aspect(window), values, order::limit(old, new));
        }
    }
}

fn joined(names: &[Name]) -> String {
    names.iter().map(Name::as_str).collect::<Vec<_>>().join(", ")
}

/// A value that may not be there.
pub(super) fn optional<T>(value: Option<T>, write: impl Fn(T) -> Value) -> Value {
    value.map_or(Value::Nothing, write)
}

/// All the multipliers of a programme.
fn factors(programme: &Programme) -> impl Iterator<Item = Factor> {
    let levels = programme.ladders.iter().flat_map(|ladder| &ladder.levels).filter_map(|level| level.multiplier);
    let rules = programme.rules.iter().filter_map(|rule| match rule.award {
        AwardKind::Multiplier { factor, .. } => Some(factor),
        _ => None,
    });
    levels.chain(rules)
}
