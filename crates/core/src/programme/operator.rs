//! Who runs the programme: nothing of it is needed to run it, but what is there must be right.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::compile::Compiler;
use super::finding::Place;
use super::model::Operator;
use super::remark::Remark;
use crate::kernel::{Date, Period};

const OLDEST: i64 = 120;
const LONGEST_DETAIL: usize = 300;

/// What the public terms say of those who run the programme. All of it may be left out; the terms
/// then show a blank in its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OperatorSection {
    /// The full legal name.
    pub name: Option<String>,
    pub address: Option<String>,
    /// Numbers under which the operator is registered, each with the name of the register.
    pub registration: Vec<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub website: Option<String>,
    pub complaints: ComplaintsSection,
    pub data_protection: DataProtectionSection,
    /// Whole years of age from which one may join; anybody may when absent.
    pub minimum_age: Option<i64>,
    /// How long before a change of the terms members hear of it, like `14 days`.
    pub notice: String,
    /// The day from which the terms hold.
    pub from: Option<String>,
}

impl Default for OperatorSection {
    fn default() -> OperatorSection {
        OperatorSection {
            name: None,
            address: None,
            registration: Vec::new(),
            email: None,
            phone: None,
            website: None,
            complaints: ComplaintsSection::default(),
            data_protection: DataProtectionSection::default(),
            minimum_age: None,
            notice: "14 days".to_owned(),
            from: None,
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ComplaintsSection {
    /// The address for complaints, by e-mail or post; the operator's e-mail unless stated.
    pub to: Option<String>,
    /// Within what time a complaint is answered, like `14 days`.
    pub answer: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DataProtectionSection {
    /// Whom to ask about personal data: an e-mail or a postal address.
    pub contact: Option<String>,
    /// Where the full information about personal data is, as a web address.
    pub policy: Option<String>,
}

pub(super) fn operator(compiler: &mut Compiler<'_>) -> Operator {
    let section = &compiler.document.operator;
    let place = Place::root().key("operator");
    let (complaints, protection) = (place.key("complaints"), place.key("data_protection"));
    let mut detail = |text: &Option<String>, place: Place| {
        let text = text.as_ref()?;
        detail(compiler, text, &place);
        Some(text.trim().to_owned())
    };
    let name = detail(&section.name, place.key("name"));
    let address = detail(&section.address, place.key("address"));
    let email = detail(&section.email, place.key("email"));
    let phone = detail(&section.phone, place.key("phone"));
    let website = detail(&section.website, place.key("website"));
    let complaints_to = detail(&section.complaints.to, complaints.key("to"));
    let data_contact = detail(&section.data_protection.contact, protection.key("contact"));
    let data_policy = detail(&section.data_protection.policy, protection.key("policy"));
    let numbers = section.registration.iter().enumerate();
    let registration =
        numbers.filter_map(|(index, number)| detail(&Some(number.clone()), place.key("registration").index(index)));
    let registration = registration.collect();
    if section.minimum_age.is_some_and(|age| !(1..=OLDEST).contains(&age)) {
        compiler.findings.error(
            &place.key("minimum_age"),
            "out_of_range",
            Remark::new("finding-age-range").plain("oldest", OLDEST),
        );
    }
    let answer = section.complaints.answer.as_ref();
    Operator {
        name,
        address,
        registration,
        email,
        phone,
        website,
        complaints_to,
        complaints_answer: answer.and_then(|answer| compiler.wait(answer, &complaints.key("answer"))),
        data_contact,
        data_policy,
        minimum_age: section.minimum_age,
        notice: compiler.wait(&section.notice, &place.key("notice")).unwrap_or(Period::days(14)),
        from: section.from.as_ref().and_then(|from| day(compiler, from, &place.key("from"))),
    }
}

fn detail(compiler: &mut Compiler<'_>, text: &str, place: &Place) {
    if text.trim().is_empty() || text.len() > LONGEST_DETAIL || text.chars().any(char::is_control) {
        compiler.findings.error(
            place,
            "text_unfit",
            Remark::new("finding-detail-unfit").plain("longest", LONGEST_DETAIL as i64),
        );
    }
}

fn day(compiler: &mut Compiler<'_>, text: &str, place: &Place) -> Option<Date> {
    let date = text.parse().ok().filter(|_| text.len() == 10);
    if date.is_none() {
        compiler.findings.error(place, "not_a_time", Remark::new("finding-no-day").word("text", text));
    }
    date
}
