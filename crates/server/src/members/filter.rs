//! Which members a list shows: what stands in the address of the page, read and written again.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use lojal_core::kernel::{Calendar, Instant, Language, format_decimal};
use lojal_core::programme::Programme;

use super::amounts::typed_amount;
use crate::platform::figures::{Filter, Order, Place};
use crate::platform::pages::Form;

/// Fields of the form, in the order in which they stand in an address.
const FIELDS: [&str; 7] = ["level", "points", "spent", "orders", "last", "expires", "order"];
/// Days that may be chosen.
pub const LAST: [&str; 8] = ["in-30", "in-90", "in-365", "ago-30", "ago-90", "ago-180", "ago-365", "never"];
pub const EXPIRES: [&str; 3] = ["30", "60", "90"];
pub const ORDERS: [&str; 5] = ["newest", "points", "spent", "last", "expires"];

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub filter: Filter,
    pub order: Order,
    /// What was chosen and typed, with what is wrong with it.
    pub form: Form,
    /// Amounts as every language reads them.
    plain: BTreeMap<&'static str, String>,
}

impl Asked {
    /// By the fields of an address. What cannot be read is a fault of its field, and asks for nothing.
    pub fn read(
        values: &BTreeMap<String, String>,
        programme: &Programme,
        language: Language,
        calendar: &Calendar,
        now: Instant,
    ) -> Asked {
        let values = values.iter().filter(|(name, value)| FIELDS.contains(&name.as_str()) && !value.trim().is_empty());
        let values = values.map(|(name, value)| (name.clone(), value.trim().to_owned()));
        let mut asked = Asked { form: Form { values: values.collect(), ..Form::default() }, ..Asked::default() };
        let ladder = programme.ladders.first();
        let level = asked.form.text("level").to_owned();
        if !level.is_empty() {
            asked.filter.level = Some(level.clone());
            if ladder.is_none_or(|ladder| ladder.rank(&level).is_none()) {
                asked.form.fault("level", "filter-unknown");
            }
        }
        let scale = programme.main_unit().map_or(0, |unit| unit.scale);
        asked.filter.least_points = asked.amount("points", scale, language);
        asked.filter.least_spent = asked.amount("spent", programme.currency.decimals, language);
        asked.filter.least_orders = asked.amount("orders", 0, language);
        asked.read_last(calendar, now);
        let expires = asked.form.text("expires").to_owned();
        match expires.parse::<i64>() {
            _ if expires.is_empty() => {}
            Ok(days) if EXPIRES.contains(&expires.as_str()) => {
                asked.filter.expires_before = now.checked_add(SignedDuration::from_hours(24 * days)).ok();
            }
            _ => asked.form.fault("expires", "filter-unknown"),
        }
        asked.order = match asked.form.text("order") {
            "points" => Order::MostPoints,
            "spent" => Order::MostSpent,
            "last" => Order::LatestOrder,
            "expires" => Order::SoonestExpiry,
            "newest" => Order::Newest,
            "" => asked.usual_order(),
            _ => {
                asked.form.fault("order", "filter-unknown");
                Order::Newest
            }
        };
        asked
    }

    fn read_last(&mut self, calendar: &Calendar, now: Instant) {
        let last = self.form.text("last").to_owned();
        if last.is_empty() {
            return;
        }
        if !LAST.contains(&last.as_str()) {
            return self.form.fault("last", "filter-unknown");
        }
        let start = |days: i64| {
            let date = calendar.date(now).checked_sub(jiff::Span::new().days(days));
            date.ok().map(|date| calendar.start_of(date))
        };
        match last.split_once('-') {
            Some(("in", days)) => self.filter.ordered_since = days.parse().ok().and_then(start),
            Some((_, days)) => self.filter.quiet_since = days.parse().ok().and_then(start),
            None => self.filter.most_orders = Some(0),
        }
    }

    /// The order in which what is asked for is found at once.
    fn usual_order(&self) -> Order {
        let filter = &self.filter;
        if filter.expires_before.is_some() {
            Order::SoonestExpiry
        } else if filter.ordered_since.is_some() || filter.quiet_since.is_some() {
            Order::LatestOrder
        } else if filter.least_spent.is_some() && filter.level.is_none() {
            Order::MostSpent
        } else if filter.least_points.is_some() && filter.level.is_none() {
            Order::MostPoints
        } else {
            Order::Newest
        }
    }

    fn amount(&mut self, field: &'static str, decimals: u8, language: Language) -> Option<i64> {
        let text = self.form.text(field);
        if text.is_empty() {
            return None;
        }
        let amount = typed_amount(text, decimals, language);
        match amount {
            None => self.form.fault(field, "filter-amount"),
            Some(amount) => drop(self.plain.insert(field, format_decimal(amount, decimals))),
        }
        amount
    }

    /// Whether anything is asked for at all.
    pub fn is_nothing(&self) -> bool {
        self.form.values.is_empty()
    }

    /// As an address says it: `level=gold&last=ago-90`.
    pub fn written(&self) -> String {
        let mut written = form_urlencoded::Serializer::new(String::new());
        for field in FIELDS {
            let value = self.plain.get(field).map_or(self.form.text(field), String::as_str);
            if !value.is_empty() {
                written.append_pair(field, value);
            }
        }
        written.finish()
    }
}

/// The fields of an address.
pub fn fields(written: &str) -> BTreeMap<String, String> {
    form_urlencoded::parse(written.as_bytes()).map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

/// Where a list goes on, as an address says it: `1200.839078903808196491`.
pub fn read_place(text: &str) -> Option<Place> {
    let (value, member) = text.split_once('.')?;
    Some(Place { value: value.parse().ok()?, member: member.parse().ok()? })
}

pub fn write_place(place: Place) -> String {
    format!("{}.{}", place.value, place.member)
}

#[cfg(test)]
mod tests {
    use lojal_core::programme::{parse_toml, starter};

    use super::*;

    fn asked(written: &str) -> Asked {
        let programme = parse_toml(starter(Language::En)).unwrap();
        let now = "2026-11-22T12:00:00Z".parse().unwrap();
        Asked::read(&fields(written), &programme, Language::En, &programme.calendar, now)
    }

    #[test]
    fn an_address_is_read_and_written_again() {
        let gold = asked("order=points&level=gold&points=1%2C500&unknown=1&spent=");
        assert_eq!(gold.filter.level.as_deref(), Some("gold"));
        assert_eq!((gold.filter.least_points, gold.order), (Some(1_500), Order::MostPoints));
        assert_eq!(gold.written(), "level=gold&points=1500&order=points");
        assert!(gold.form.is_sound());
        assert!(asked("").is_nothing());
    }

    #[test]
    fn days_are_those_of_the_programme_s_calendar() {
        let quiet = asked("last=ago-30");
        assert_eq!(quiet.filter.quiet_since.unwrap().to_string(), "2026-10-22T22:00:00Z");
        assert_eq!(quiet.order, Order::LatestOrder);
        assert_eq!(asked("last=never").filter.most_orders, Some(0));
        assert_eq!(asked("expires=30").order, Order::SoonestExpiry);
    }

    #[test]
    fn what_cannot_be_read_is_a_fault_of_its_field() {
        let wrong = asked("level=none&points=many&last=ago-7&expires=x&order=y");
        assert_eq!(wrong.form.faults.len(), 5);
        assert_eq!(read_place("12.x"), None);
        assert_eq!(read_place("12.34").map(write_place).as_deref(), Some("12.34"));
    }
}
