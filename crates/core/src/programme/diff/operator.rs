//! Who runs the programme, and what they promise of complaints and of notice.

use std::cmp::Ordering;

use super::general::optional;
use super::{Aspect, Comparison, ForMembers, Subject, Value, order};
use crate::kernel::Name;
use crate::programme::finding::Place;

impl Comparison<'_> {
    pub(super) fn operator(&mut self) {
        let (old, new) = (&self.old.operator, &self.new.operator);
        let place = Place::root().key("operator");
        let (complaints, protection) = (place.key("complaints"), place.key("data_protection"));
        let text = |text: &Option<String>| optional(text.as_ref(), |text| Value::Text(Name::from(text.as_str())));
        let registered = |numbers: &[String]| match numbers {
            [] => Value::Nothing,
            numbers => Value::Text(Name::from(numbers.join(", "))),
        };
        let numbers = (registered(&old.registration), registered(&new.registration));
        for (place, aspect, values) in [
            (place.key("name"), Aspect::Name, (text(&old.name), text(&new.name))),
            (place.key("address"), Aspect::Address, (text(&old.address), text(&new.address))),
            (place.key("registration"), Aspect::Registration, numbers),
            (place.key("email"), Aspect::Contact, (text(&old.email), text(&new.email))),
            (place.key("phone"), Aspect::Contact, (text(&old.phone), text(&new.phone))),
            (place.key("website"), Aspect::Contact, (text(&old.website), text(&new.website))),
            (complaints.key("to"), Aspect::Complaints, (text(&old.complaints_to), text(&new.complaints_to))),
            (protection.key("contact"), Aspect::DataProtection, (text(&old.data_contact), text(&new.data_contact))),
            (protection.key("policy"), Aspect::DataProtection, (text(&old.data_policy), text(&new.data_policy))),
        ] {
            self.altered(&place, &Subject::Operator, aspect, values, ForMembers::Neutral);
        }
        let days = (
            optional(old.from, |day| Value::Text(Name::from(day.to_string()))),
            optional(new.from, |day| Value::Text(Name::from(day.to_string()))),
        );
        self.altered(&place.key("from"), &Subject::Operator, Aspect::HoldsFrom, days, ForMembers::Neutral);
        // An answer within no stated time is the slowest.
        let effect = order::longer(old.complaints_answer, new.complaints_answer, Ordering::Greater).reversed();
        let answers = (optional(old.complaints_answer, Value::Period), optional(new.complaints_answer, Value::Period));
        self.altered(&complaints.key("answer"), &Subject::Operator, Aspect::ComplaintAnswer, answers, effect);
        let age = |age: Option<i64>| age.unwrap_or(0);
        let effect = order::less(Some(age(new.minimum_age).cmp(&age(old.minimum_age))));
        let ages = (optional(old.minimum_age, Value::Count), optional(new.minimum_age, Value::Count));
        self.altered(&place.key("minimum_age"), &Subject::Operator, Aspect::MinimumAge, ages, effect);
        let effect = order::longer(Some(old.notice), Some(new.notice), Ordering::Less);
        let notices = (Value::Period(old.notice), Value::Period(new.notice));
        self.altered(&place.key("notice"), &Subject::Operator, Aspect::Notice, notices, effect);
    }
}
