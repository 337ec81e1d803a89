//! What keeps the terms from being complete or true.

use super::named;
use crate::kernel::Language;
use crate::programme::{Finding, Findings, Place, Programme, Severity};

/// Consumers in Poland may take a complaint that has not been answered by then as granted (art. 7a of the act on
/// consumer rights of 30 May 2014).
const LATEST_ANSWER_IN_DAYS: i64 = 14;

pub fn findings(programme: &Programme) -> Vec<Finding> {
    let mut findings = Findings::default();
    missing(programme, &mut findings);
    late_answer(programme, &mut findings);
    for (place, name, number) in named::unfounded(programme) {
        let problem = format!("the name {name:?} states {number}, and what it names has no such number");
        let remedy = "state the same number in the name as in the rule or reward, or leave it out of the name";
        findings.push(Severity::Warning, &place, "name_states_other_number", problem, remedy.to_owned());
    }
    findings.0
}

fn late_answer(programme: &Programme, findings: &mut Findings) {
    let Some(answer) = programme.operator.complaints_answer else {
        return;
    };
    let days = match answer.unit().name() {
        "minute" | "hour" => 0,
        "day" => answer.amount(),
        "week" => answer.amount().saturating_mul(7),
        "month" => answer.amount().saturating_mul(28),
        _ => answer.amount().saturating_mul(365),
    };
    if days > LATEST_ANSWER_IN_DAYS && programme.languages.contains(&Language::Pl) {
        let place = Place::root().key("operator").key("complaints").key("answer");
        let problem = format!(
            "complaints are answered later than within {LATEST_ANSWER_IN_DAYS} days, after which they are granted by \
             law to consumers in Poland"
        );
        let remedy = format!("write complaints.answer = \"{LATEST_ANSWER_IN_DAYS} days\", or ask your lawyer");
        findings.push(Severity::Warning, &place, "complaints_answered_late", problem, remedy);
    }
}

fn missing(programme: &Programme, findings: &mut Findings) {
    let operator = &programme.operator;
    let place = Place::root().key("operator");
    let (complaints, protection) = (place.key("complaints"), place.key("data_protection"));
    let fields = [
        (operator.name.is_none(), place.key("name"), "who runs the programme", "name = \"…\""),
        (operator.address.is_none(), place.key("address"), "the operator's address", "address = \"…\""),
        (
            operator.registration.is_empty(),
            place.key("registration"),
            "the operator's registration numbers",
            "registration = [\"…\"]",
        ),
        (operator.email.is_none(), place.key("email"), "the operator's e-mail address", "email = \"…\""),
        (
            operator.complaints_to.is_none() && operator.email.is_none(),
            complaints.key("to"),
            "where complaints are sent",
            "complaints.to = \"…\"",
        ),
        (
            operator.complaints_answer.is_none(),
            complaints.key("answer"),
            "within what time complaints are answered",
            "complaints.answer = \"14 days\"",
        ),
        (
            operator.data_contact.is_none(),
            protection.key("contact"),
            "whom to ask about personal data",
            "data_protection.contact = \"…\"",
        ),
        (
            operator.data_policy.is_none(),
            protection.key("policy"),
            "where the full information on personal data is",
            "data_protection.policy = \"https://…\"",
        ),
        (operator.from.is_none(), place.key("from"), "the day from which the terms hold", "from = \"2026-04-01\""),
    ];
    for (_, place, what, field) in fields.into_iter().filter(|(is_missing, ..)| *is_missing) {
        let problem = format!("the terms have a blank for {what}");
        findings.push(Severity::Warning, &place, "terms_incomplete", problem, format!("add {field} to [operator]"));
    }
}
