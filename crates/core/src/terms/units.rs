//! What becomes of what was collected: when it can be spent, until when, and what a return takes back.

use super::Section;
use super::scribe::{Scribe, unit_place};
use super::span::Text;
use crate::ledger::SpendOrder;
use crate::programme::{
    DebtPolicy, Expiry, LooseReturns, Metric, PendingFrom, PendingRule, Place, Programme, Trigger, Unit,
};

pub fn validity(scribe: &Scribe<'_>) -> Section {
    let units = &scribe.programme.units;
    let mut clauses = Vec::new();
    clauses.extend(units.iter().map(|unit| expiry_sentence(scribe, unit)));
    for unit in units.iter().filter(|unit| unit.spendable && unit.expiry != Expiry::Never) {
        let order = match unit.spend_order {
            SpendOrder::ExpiringFirst => "expiring_first",
            SpendOrder::OldestFirst => "oldest_first",
        };
        let units = scribe.units(unit);
        clauses.push(scribe.say("terms-spend-order", &[("order", order.into()), ("units", units.into())]));
    }
    (scribe.say("terms-section-validity", &[]), clauses.into_iter().map(Into::into).collect())
}

/// Whether orders change anything, so that returns do.
pub fn counts_orders(programme: &Programme) -> bool {
    programme.rules.iter().any(|rule| rule.on == Trigger::Order)
        || programme.ladders.iter().any(|ladder| matches!(ladder.metric, Metric::Spend | Metric::Orders))
        || programme.referrals.iter().any(|edition| edition.qualify.on == Trigger::Order)
}

/// Nothing where orders change nothing.
pub fn returns(scribe: &Scribe<'_>) -> Section {
    if !counts_orders(scribe.programme) {
        return (scribe.say("terms-section-returns", &[]), Vec::new());
    }
    let mut clauses = vec![scribe.say("terms-return", &[])];
    clauses.push(match scribe.programme.loose_returns {
        LooseReturns::Reverse => scribe.say("terms-return-loose", &[]),
        LooseReturns::Ignore => scribe.say("terms-return-ignored", &[]),
    });
    for (policy, debt) in [
        (DebtPolicy::Carry, "terms-debt-carry"),
        (DebtPolicy::Forgive, "terms-debt-forgive"),
        (DebtPolicy::Block, "terms-debt-block"),
    ] {
        let units: Vec<&Unit> = scribe.programme.units.iter().filter(|unit| unit.debt == policy).collect();
        if !units.is_empty() {
            let genitive = scribe.or(units.iter().map(|unit| scribe.of_units(unit)).collect());
            clauses.push(scribe.say(debt, &[("genitive", genitive.into())]));
        }
    }
    (scribe.say("terms-section-returns", &[]), clauses.into_iter().map(Into::into).collect())
}

/// When the unit can be spent, in a sentence.
pub fn available(scribe: &Scribe<'_>, unit: &Unit) -> Text {
    let units = scribe.units(unit);
    let when = when_available(scribe, unit);
    let key = if unit.pending.is_some() { "terms-available-orders" } else { "terms-available" };
    scribe.say(key, &[("units", units.into()), ("when", when.into())])
}

/// When what an order brings can be spent: `po upływie 14 dni od dostarczenia zamówienia`.
pub fn when_available(scribe: &Scribe<'_>, unit: &Unit) -> Text {
    match unit.pending {
        _ if !unit.spendable => scribe.say("terms-not-spendable", &[]),
        Some(pending) => since(scribe, pending, true, &unit_place(unit).key("pending").key("for")),
        None => scribe.say("terms-at-once", &[]),
    }
}

pub fn since(scribe: &Scribe<'_>, pending: PendingRule, is_order: bool, place: &Place) -> Text {
    let moment = match pending.from {
        PendingFrom::Placed if !is_order => "happened",
        PendingFrom::Placed => "placed",
        PendingFrom::Paid => "paid",
        PendingFrom::Closed => "closed",
    };
    if pending.wait.is_zero() {
        return scribe.say("terms-upon", &[("moment", moment.into())]);
    }
    let period = scribe.of_period(pending.wait, place);
    scribe.say("terms-after", &[("period", period.into()), ("moment", moment.into())])
}

pub fn expiry_sentence(scribe: &Scribe<'_>, unit: &Unit) -> Text {
    let units = ("units", scribe.units(unit).into());
    let sentence = match &unit.expiry {
        Expiry::Never => scribe.say("terms-expiry-never", &[units]),
        Expiry::AfterInactivity { .. } => {
            scribe.say("terms-expiry-when", &[units, ("until", until(scribe, unit).into())])
        }
        _ => scribe.say("terms-expiry", &[units, ("until", until(scribe, unit).into())]),
    };
    sentence.capitalised()
}

/// When the unit expires: `po upływie 12 miesięcy od dnia naliczenia`.
pub fn until(scribe: &Scribe<'_>, unit: &Unit) -> Text {
    let place = unit_place(unit).key("expiry");
    match &unit.expiry {
        Expiry::Never => scribe.say("terms-until-ever", &[]),
        Expiry::AfterEarning { period, until_end_of } => {
            let period = ("period", scribe.of_period(*period, &place.key("after_earning")).into());
            match until_end_of {
                None => scribe.say("terms-until-after", &[period]),
                Some(window) => scribe.say("terms-until-after-end", &[period, ("window", window.name().into())]),
            }
        }
        Expiry::AfterInactivity { period } => {
            let period = ("period", scribe.for_period(*period, &place.key("after_inactivity")).into());
            scribe.say("terms-until-inactivity", &[period])
        }
        Expiry::OnDates { days, not_before } => {
            // The compiler puts them in order, so that all of them come from the whole list.
            let place_of_days = place.key("on");
            let days = days.iter().map(|day| scribe.day_of_year(*day, &place_of_days));
            let days = ("days", scribe.and(days.collect()).into());
            match not_before {
                None => scribe.say("terms-until-dates", &[days]),
                Some(period) => {
                    let period = ("period", scribe.period(*period, &place.key("not_before")).into());
                    scribe.say("terms-until-dates-young", &[days, period])
                }
            }
        }
    }
}
