//! What keeps the terms from being complete or true.

use super::named;
use crate::programme::{Finding, Place, Programme, Severity};

pub fn findings(programme: &Programme) -> Vec<Finding> {
    let named = named::unfounded(programme).into_iter().map(|(place, name, number)| {
        let remedy = "state the same number in the name as in the rule or reward, or leave it out of the name";
        let problem = format!("the name {name:?} states {number}, and what it names has no such number");
        warning(&place, "name_states_other_number", problem, remedy.to_owned())
    });
    missing(programme).into_iter().chain(named).collect()
}

fn missing(programme: &Programme) -> Vec<Finding> {
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
    let missing = fields.into_iter().filter(|(is_missing, ..)| *is_missing);
    missing
        .map(|(_, place, what, field)| {
            let remedy = format!("add {field} to [operator]");
            warning(&place, "terms_incomplete", format!("the terms have a blank for {what}"), remedy)
        })
        .collect()
}

fn warning(place: &Place, code: &str, problem: String, remedy: String) -> Finding {
    Finding {
        code: code.to_owned(),
        severity: Severity::Warning,
        pointer: place.pointer().to_owned(),
        line: None,
        column: None,
        found: String::new(),
        problem,
        remedy,
        accepted: None,
    }
}
