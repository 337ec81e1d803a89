//! What keeps the terms from being complete or true.

use super::named;
use crate::kernel::Language;
use crate::programme::{Finding, Findings, Place, Programme, Remark, Severity};

/// Consumers in Poland may take a complaint that has not been answered by then as granted (art. 7a of the act on
/// consumer rights of 30 May 2014).
const LATEST_ANSWER_IN_DAYS: i64 = 14;

pub fn findings(programme: &Programme) -> Vec<Finding> {
    let mut findings = Findings::default();
    missing(programme, &mut findings);
    late_answer(programme, &mut findings);
    for (place, name, number) in named::unfounded(programme) {
        findings.push(
            Severity::Warning,
            &place,
            "name_states_other_number",
            Remark::new("finding-name-states-other-number").word("name", name).word("number", number),
        );
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
        findings.push(
            Severity::Warning,
            &place,
            "complaints_answered_late",
            Remark::new("finding-complaints-answered-late").number("days", LATEST_ANSWER_IN_DAYS),
        );
    }
}

fn missing(programme: &Programme, findings: &mut Findings) {
    let operator = &programme.operator;
    let place = Place::root().key("operator");
    let (complaints, protection) = (place.key("complaints"), place.key("data_protection"));
    let fields = [
        (operator.name.is_none(), place.key("name"), "name", "name = \"…\""),
        (operator.address.is_none(), place.key("address"), "address", "address = \"…\""),
        (operator.registration.is_empty(), place.key("registration"), "registration", "registration = [\"…\"]"),
        (operator.email.is_none(), place.key("email"), "email", "email = \"…\""),
        (
            operator.complaints_to.is_none() && operator.email.is_none(),
            complaints.key("to"),
            "complaints-to",
            "complaints.to = \"…\"",
        ),
        (
            operator.complaints_answer.is_none(),
            complaints.key("answer"),
            "complaints-answer",
            "complaints.answer = \"14 days\"",
        ),
        (operator.data_contact.is_none(), protection.key("contact"), "data-contact", "data_protection.contact = \"…\""),
        (
            operator.data_policy.is_none(),
            protection.key("policy"),
            "data-policy",
            "data_protection.policy = \"https://…\"",
        ),
        (operator.from.is_none(), place.key("from"), "from", "from = \"2026-04-01\""),
    ];
    for (_, place, blank, field) in fields.into_iter().filter(|(is_missing, ..)| *is_missing) {
        let remark = Remark::new("finding-terms-incomplete").word("blank", blank).word("field", field);
        findings.push(Severity::Warning, &place, "terms_incomplete", remark);
    }
}
