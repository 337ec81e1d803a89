//! Who runs the programme, and what members may expect of them.

use super::scribe::{Scribe, unit_place};
use super::span::Text;
use super::units::counts_orders;
use super::{Clause, Section};
use crate::kernel::Period;
use crate::programme::{Place, Programme, Unit, Worth};

pub fn general(scribe: &Scribe<'_>) -> Section {
    let programme = scribe.programme;
    let operator = &programme.operator;
    let subject = [("programme", scribe.programme_name().into()), ("units", scribe.all_units().into())];
    let mut clauses: Vec<Clause> = vec![scribe.say("terms-subject", &subject).into()];
    let name = or_blank(scribe, &operator.name, place().key("name"), "terms-blank-name");
    let address = or_blank(scribe, &operator.address, place().key("address"), "terms-blank-address");
    clauses.push(scribe.say("terms-operator", &[("name", name.into()), ("address", address.into())]).into());
    let numbers = operator.registration.iter().enumerate();
    let numbers: Vec<Text> = numbers
        .map(|(index, number)| Text::stated(number, place().key("registration").index(index).pointer()))
        .collect();
    let numbers = match numbers.is_empty() {
        true => scribe.blank("terms-blank-registration"),
        false => Text::joined(numbers, ", "),
    };
    clauses.push(scribe.say("terms-registration", &[("numbers", numbers.into())]).into());
    let ways = scribe.say("terms-contact-email", &[("email", contact(scribe).into())]);
    let phone = operator.phone.as_ref().map(|phone| {
        let phone = Text::stated(phone, place().key("phone").pointer());
        scribe.say("terms-contact-phone", &[("phone", phone.into())])
    });
    let website = operator.website.as_ref().map(|website| {
        let website = Text::stated(website, place().key("website").pointer());
        scribe.say("terms-contact-website", &[("website", website.into())])
    });
    let ways = Text::joined(std::iter::once(ways).chain(phone).chain(website), ", ");
    clauses.push(scribe.say("terms-contact", &[("ways", ways.into())]).into());
    clauses.push(brands(scribe).into());
    (scribe.say("terms-section-general", &[]), clauses)
}

pub fn definitions(scribe: &Scribe<'_>) -> Section {
    let programme = scribe.programme;
    let mut points = vec![scribe.say("terms-define-member", &[])];
    for unit in &programme.units {
        let units = ("units", scribe.units(unit).into());
        let place = unit_place(unit).key("worth");
        points.push(match &unit.worth {
            _ if !unit.spendable => scribe.say("terms-define-unit-counted", &[units]),
            Some(worth) if is_money(scribe.programme, unit, worth) => scribe.say("terms-define-unit-money", &[units]),
            Some(worth) => {
                let amount = scribe.amount(unit, worth.units, &place.key("units"));
                let money = scribe.money(worth.money, &place.key("money"));
                scribe.say("terms-define-unit-worth", &[units, ("amount", amount.into()), ("money", money.into())])
            }
            None => scribe.say("terms-define-unit", &[units]),
        });
    }
    points.push(scribe.say("terms-define-wallet", &[]));
    if !programme.ladders.is_empty() {
        points.push(scribe.say("terms-define-level", &[]));
    }
    points.push(scribe.say("terms-define-reward", &[]));
    points.push(scribe.say("terms-define-voucher", &[]));
    let clause = Clause { text: scribe.say("terms-definitions", &[]), points };
    (scribe.say("terms-section-definitions", &[]), vec![clause])
}

/// Whether one of the unit is worth one of the currency.
fn is_money(programme: &Programme, unit: &Unit, worth: &Worth) -> bool {
    let one = |decimals: u8| 10i128.pow(u32::from(decimals));
    i128::from(worth.units) * one(programme.currency.decimals) == i128::from(worth.money.0) * one(unit.scale)
}

pub fn joining(scribe: &Scribe<'_>) -> Section {
    let programme = scribe.programme;
    let mut clauses = vec![match programme.operator.minimum_age {
        Some(age) => {
            let age = scribe.counted("period-years", age, &place().key("minimum_age"));
            scribe.say("terms-joining-age", &[("age", age.into())])
        }
        None => scribe.say("terms-joining-anybody", &[]),
    }];
    clauses.push(match programme.join_on_first_order {
        true => scribe.say("terms-joining-order", &[]),
        false => scribe.say("terms-joining-way", &[]),
    });
    clauses.push(scribe.say("terms-joining-free-will", &[]));
    clauses.push(scribe.say("terms-joining-technical", &[]));
    clauses.push(scribe.say("terms-joining-unlawful", &[]));
    if programme.fraud.is_some() || !programme.referrals.is_empty() {
        clauses.push(scribe.say("terms-recommendations-checked", &[]));
    }
    if let Some(fraud) = programme.fraud.as_ref().filter(|fraud| fraud.asks_for_codes()) {
        let place = Place::root().key("fraud").key("verify_days");
        let period = scribe.of_period(Period::days(fraud.verify_days()), &place);
        clauses.push(scribe.say("terms-recommendations-verified", &[("period", period.into())]));
    }
    if let Some(most) = programme.households {
        let most = scribe.number(most, &Place::root().key("households").key("most"));
        clauses.push(scribe.say("terms-household", &[("most", most.into())]));
    }
    section(scribe.say("terms-section-joining", &[]), clauses)
}

pub fn complaints(scribe: &Scribe<'_>) -> Section {
    let operator = &scribe.programme.operator;
    let place = place().key("complaints");
    let to = match (&operator.complaints_to, &operator.email) {
        (None, Some(_)) => contact(scribe),
        (to, _) => or_blank(scribe, to, place.key("to"), "terms-blank-complaints"),
    };
    let answer = match operator.complaints_answer {
        Some(period) => scribe.of_period(period, &place.key("answer")),
        None => scribe.blank("terms-blank-answer"),
    };
    let clauses = vec![
        scribe.say("terms-complaint-where", &[("to", to.into())]),
        scribe.say("terms-complaint-what", &[]),
        scribe.say("terms-complaint-answer", &[("period", answer.into())]),
        scribe.say("terms-complaint-history", &[]),
        scribe.say("terms-complaint-rights", &[]),
    ];
    section(scribe.say("terms-section-complaints", &[]), clauses)
}

pub fn personal_data(scribe: &Scribe<'_>) -> Section {
    let operator = &scribe.programme.operator;
    let place = place().key("data_protection");
    let contact = or_blank(scribe, &operator.data_contact, place.key("contact"), "terms-blank-data-contact");
    let policy = or_blank(scribe, &operator.data_policy, place.key("policy"), "terms-blank-data-policy");
    let clauses = vec![
        scribe.say("terms-data-controller", &[]),
        scribe.say("terms-data-contact", &[("contact", contact.into())]),
        scribe.say("terms-data-purpose", &[]),
        scribe.say("terms-data-ground", &[]),
        scribe.say("terms-data-time", &[]),
        scribe.say("terms-data-rights", &[]),
        scribe.say("terms-data-policy", &[("policy", policy.into())]),
    ];
    section(scribe.say("terms-section-data", &[]), clauses)
}

pub fn leaving(scribe: &Scribe<'_>) -> Section {
    let mut clauses = vec![
        scribe.say("terms-leaving", &[("contact", contact(scribe).into())]),
        scribe.say("terms-leaving-wallet", &[("units", scribe.all_units().into())]),
    ];
    clauses.extend(counts_orders(scribe.programme).then(|| scribe.say("terms-leaving-withdrawal", &[])));
    section(scribe.say("terms-section-leaving", &[]), clauses)
}

pub fn changes(scribe: &Scribe<'_>) -> Section {
    let notice = scribe.period(scribe.programme.operator.notice, &place().key("notice"));
    let clauses = vec![
        scribe.say("terms-change-notice", &[("period", notice.into())]),
        scribe.say("terms-change-refusal", &[]),
        scribe.say("terms-change-past", &[]),
        scribe.say("terms-change-versions", &[]),
    ];
    section(scribe.say("terms-section-changes", &[]), clauses)
}

pub fn closing(scribe: &Scribe<'_>) -> Section {
    let zone = &scribe.programme.time_zone;
    let zone = Text::stated(zone, Place::root().key("programme").key("time_zone").pointer());
    let clauses = vec![scribe.say("terms-final-zone", &[("zone", zone.into())]), scribe.say("terms-final-law", &[])];
    section(scribe.say("terms-section-final", &[]), clauses)
}

/// From which day the terms hold.
pub fn from(scribe: &Scribe<'_>) -> Text {
    let date = match scribe.programme.operator.from {
        Some(date) => scribe.date(date, &place().key("from")),
        None => scribe.blank("terms-blank-from"),
    };
    scribe.say("terms-from", &[("date", date.into())])
}

/// Where to write.
pub fn contact(scribe: &Scribe<'_>) -> Text {
    or_blank(scribe, &scribe.programme.operator.email, place().key("email"), "terms-blank-contact")
}

fn place() -> Place {
    Place::root().key("operator")
}

fn or_blank(scribe: &Scribe<'_>, stated: &Option<String>, place: Place, blank: &'static str) -> Text {
    match stated {
        Some(text) => Text::stated(text, place.pointer()),
        None => scribe.blank(blank),
    }
}

fn section(title: Text, clauses: Vec<Text>) -> Section {
    (title, clauses.into_iter().map(Clause::from).collect())
}

fn brands(scribe: &Scribe<'_>) -> Text {
    let brands = &scribe.programme.brands;
    let name = |brand: &crate::programme::Brand| {
        scribe.text(&brand.name, &Place::root().key("brands").key(&brand.id).key("name"))
    };
    let count = i64::try_from(brands.len()).unwrap_or(i64::MAX);
    let brands = scribe.and(brands.iter().map(name).collect());
    scribe.say("terms-brands", &[("count", count.into()), ("brands", brands.into())])
}
