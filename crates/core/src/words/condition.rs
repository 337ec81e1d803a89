//! Conditions read aloud: for the terms, for "ways to earn", and for "why not".

use std::collections::BTreeSet;

use super::Speaker;
use crate::kernel::{Instant, Money, Name};
use crate::programme::condition::{
    Actual, FlagField, MomentField, MoneyField, NumberField, Range, Reading, SetField, Test, TextField,
};
use crate::programme::{Level, WordKind};

impl Speaker<'_> {
    /// What must hold, as a phrase: `order of at least PLN 50.00 and category: coffee or tea`.
    /// Empty for a condition that always holds.
    pub fn condition(&self, test: &Test) -> String {
        if let Some((label, values)) = self.listed(test) {
            return self.labelled(label, &values);
        }
        match test {
            Test::All(tests) => self.joined("condition-all", &together(tests)),
            Test::Any(tests) => self.joined("condition-any", tests),
            Test::Not(test) => match self.listed(test) {
                Some((label, values)) => {
                    let values = self.words.neither(&values);
                    self.say("condition-values-not", &[("field", label.into()), ("values", values.into())])
                }
                None => self.say("condition-not", &[("condition", self.nested(test).into())]),
            },
            Test::Number { field, range } => self.number_in_range(field, *range),
            Test::Money { field, range } => self.money_in_range(*field, *range),
            Test::Flag { field, is } => self.flag(field, *is),
            Test::Moment { field, from, until } => self.moment_between(*field, *from, *until),
            // Listed above.
            Test::NumberIn { .. }
            | Test::TextIn { .. }
            | Test::Has { .. }
            | Test::WeekdayIn { .. }
            | Test::MonthIn { .. }
            | Test::LevelIn { .. } => String::new(),
        }
    }

    /// The label and the values of a condition that lists what may be.
    fn listed(&self, test: &Test) -> Option<(String, Vec<String>)> {
        Some(match test {
            Test::NumberIn { field, numbers } => {
                (self.number_label(field), numbers.iter().map(|number| self.words.number(*number, 0)).collect())
            }
            Test::TextIn { field, texts } => {
                (self.text_label(field), texts.iter().map(|text| self.text_value(field, text)).collect())
            }
            Test::Has { field, texts } => {
                let kind = kind_of_set(*field);
                (self.set_label(*field), texts.iter().map(|text| self.label(kind, text).to_owned()).collect())
            }
            Test::WeekdayIn { days } => {
                (self.say("field-weekday", &[]), days.iter().map(|day| self.words.weekday(*day)).collect())
            }
            Test::MonthIn { months } => {
                (self.say("field-month", &[]), months.iter().map(|month| self.words.month(*month)).collect())
            }
            Test::LevelIn { levels } => {
                let levels = self.in_order(levels).map(|level| self.text(&level.name).to_owned());
                (self.say("field-level", &[]), levels.collect())
            }
            _ => return None,
        })
    }

    /// Levels as they follow each other, ladder by ladder.
    fn in_order<'b>(&'b self, levels: &'b BTreeSet<Name>) -> impl Iterator<Item = &'b Level> {
        let all = self.programme.ladders.iter().flat_map(|ladder| &ladder.levels);
        all.filter(|level| levels.contains(&level.id))
    }

    fn joined(&self, key: &'static str, tests: &[Test]) -> String {
        match tests {
            [] => String::new(),
            [only] => self.condition(only),
            [first, rest @ ..] => rest.iter().fold(self.nested(first), |text, test| {
                self.say(key, &[("first", text.into()), ("second", self.nested(test).into())])
            }),
        }
    }

    /// In brackets where it would be unclear what belongs together.
    fn nested(&self, test: &Test) -> String {
        match test {
            Test::All(tests) | Test::Any(tests) if tests.len() > 1 => format!("({})", self.condition(test)),
            _ => self.condition(test),
        }
    }

    fn labelled(&self, label: String, values: &[String]) -> String {
        self.say("condition-values", &[("field", label.into()), ("values", self.words.either(values).into())])
    }

    fn number_in_range(&self, field: &NumberField, range: Range) -> String {
        if *field == NumberField::Hour && (range.least.is_some() || range.most.is_some()) {
            return self.hours(range);
        }
        if *field == NumberField::OrderNumber && range == (Range { least: Some(1), most: Some(1) }) {
            return self.flag(&FlagField::OrderFirst, true);
        }
        let range = self.range(range, |number| self.words.number(number, 0));
        self.say("condition-values", &[("field", self.number_label(field).into()), ("values", range.into())])
    }

    /// Whole hours as the clock shows them: the last one is over when the next begins.
    fn hours(&self, range: Range) -> String {
        let shape = match (range.least, range.most) {
            (Some(_), Some(_)) => "between",
            (Some(_), None) => "from",
            _ => "until",
        };
        let hour = |hour: Option<i64>| hour.map(|hour| format!("{hour}:00")).unwrap_or_default();
        let (from, until) = (hour(range.least), hour(range.most.map(|most| most.saturating_add(1))));
        self.say("condition-hours", &[("shape", shape.into()), ("from", from.into()), ("until", until.into())])
    }

    /// `at least PLN 50.00`; a bound just beside a whole amount is said by that: `more than PLN 50.00`.
    fn money_range(&self, range: Range) -> String {
        let coin = 10i64.saturating_pow(u32::from(self.programme.currency.decimals));
        let (Some(limit), is_least) = (range.least.xor(range.most), range.least.is_some()) else {
            return self.range(range, |amount| self.money(Money(amount)));
        };
        let beside = if is_least { limit.saturating_sub(1) } else { limit.saturating_add(1) };
        let amount = self.money(Money(beside));
        match coin > 1 && limit % coin != 0 && beside % coin == 0 {
            true if is_least => self.say("range-more-than", &[("least", amount.into())]),
            true => self.say("range-less-than", &[("most", amount.into())]),
            false => self.range(range, |amount| self.money(Money(amount))),
        }
    }

    fn money_in_range(&self, field: MoneyField, range: Range) -> String {
        let written = self.money_range(range);
        let (key, two_ended) = match field {
            MoneyField::OrderTotal => ("condition-order-total", range.least.is_some() && range.most.is_some()),
            MoneyField::LinePrice => ("condition-line-price", false),
            MoneyField::LineTotal => ("condition-line-total", false),
        };
        let shape = if two_ended { "between" } else { "open" };
        self.say(key, &[("range", written.into()), ("shape", shape.into())])
    }

    /// `at least 3`, `at most 5`, `from 3 to 5`, `3`
    fn range(&self, range: Range, write: impl Fn(i64) -> String) -> String {
        match (range.least, range.most) {
            (Some(least), Some(most)) if least == most => write(least),
            (Some(least), Some(most)) => {
                self.say("range-between", &[("least", write(least).into()), ("most", write(most).into())])
            }
            (Some(least), None) => self.say("range-at-least", &[("least", write(least).into())]),
            (None, Some(most)) => self.say("range-at-most", &[("most", write(most).into())]),
            (None, None) => self.say("range-any", &[]),
        }
    }

    pub(super) fn moment_between(&self, field: MomentField, from: Option<Instant>, until: Option<Instant>) -> String {
        let bounds: Vec<String> =
            from.map(|from| self.since(from)).into_iter().chain(until.map(|until| self.until(until))).collect();
        let when = bounds.join(" ");
        match field {
            MomentField::Now => when,
            MomentField::Joined => self.say("condition-joined", &[("when", when.into())]),
        }
    }

    fn flag(&self, field: &FlagField, is: bool) -> String {
        match (field, is) {
            (FlagField::OrderFirst, true) => self.say("condition-first-order", &[]),
            (FlagField::OrderFirst, false) => self.say("condition-later-order", &[]),
            (FlagField::LineDiscounted, true) => self.say("condition-discounted", &[]),
            (FlagField::LineDiscounted, false) => self.say("condition-full-price", &[]),
            (FlagField::MemberAttribute(name) | FlagField::ActivityAttribute(name), is) => {
                self.labelled(self.attribute_label(name), &[self.yes_or_no(is)])
            }
        }
    }

    pub(super) fn yes_or_no(&self, is: bool) -> String {
        if is { self.say("yes", &[]) } else { self.say("no", &[]) }
    }

    fn attribute_label(&self, name: &Name) -> String {
        match self.programme.labels.of(WordKind::Attribute, name) {
            Some(texts) => self.text(texts).to_owned(),
            None => self.say("field-attribute", &[("name", name.as_str().into())]),
        }
    }

    /// What the house says of a recommendation has names of its own, unless the programme has others.
    fn activity_label(&self, name: &Name) -> String {
        let has_label = self.programme.labels.of(WordKind::Attribute, name).is_some();
        let key = match name.as_str() {
            _ if has_label || self.programme.referrals.is_empty() => None,
            "referral" => Some("field-referral"),
            "friends" => Some("field-friends"),
            "variant" => Some("field-variant"),
            "total" => Some("field-friends-total"),
            _ => None,
        };
        key.map_or_else(|| self.attribute_label(name), |key| self.say(key, &[]))
    }

    pub(super) fn number_label(&self, field: &NumberField) -> String {
        match field {
            NumberField::OrderNumber => self.say("field-order-number", &[]),
            NumberField::OrderItems => self.say("field-order-items", &[]),
            NumberField::LineQuantity => self.say("field-line-quantity", &[]),
            NumberField::DaysSinceJoining => self.say("field-days-since-joining", &[]),
            NumberField::MemberOrders => self.say("field-member-orders", &[]),
            NumberField::Hour => self.say("field-hour", &[]),
            NumberField::DayOfMonth => self.say("field-day-of-month", &[]),
            NumberField::MemberAttribute(name) => self.attribute_label(name),
            NumberField::ActivityAttribute(name) => self.activity_label(name),
        }
    }

    fn text_label(&self, field: &TextField) -> String {
        match field {
            TextField::OrderChannel => self.say("field-channel", &[]),
            TextField::OrderCountry => self.say("field-country", &[]),
            TextField::OrderBrand | TextField::ActivityBrand => self.say("field-brand", &[]),
            TextField::LineSku => self.say("field-product", &[]),
            TextField::LineCategory => self.say("field-category", &[]),
            TextField::LineMake => self.say("field-make", &[]),
            TextField::ActivityAttribute(name) if name == "level" => self.say("field-level", &[]),
            TextField::MemberAttribute(name) => self.attribute_label(name),
            TextField::ActivityAttribute(name) => self.activity_label(name),
        }
    }

    fn set_label(&self, field: SetField) -> String {
        match field {
            SetField::OrderTags | SetField::LineTags => self.say("field-tag", &[]),
            SetField::MemberSegments => self.say("field-segment", &[]),
        }
    }

    /// Brands and the level that was reached have names in the programme; the rest are words of the shop's
    /// own, which may have labels.
    fn text_value(&self, field: &TextField, text: &Name) -> String {
        match (field, self.programme.brand(text)) {
            (TextField::OrderBrand | TextField::ActivityBrand, Some(brand)) => self.text(&brand.name).to_owned(),
            (TextField::ActivityAttribute(name), _) if name == "level" => self.level(text).to_owned(),
            (TextField::ActivityAttribute(name), _) if name == "referral" => self.edition(text).to_owned(),
            _ => self.label(kind_of_text(field), text).to_owned(),
        }
    }

    pub(super) fn actual(&self, reading: &Reading) -> Option<String> {
        // What was the case has the words of the condition, whichever way that was asked.
        let test = match (&reading.actual, &reading.test) {
            (Actual::Texts(_) | Actual::Number(_), Test::Not(test)) => test,
            (_, test) => test,
        };
        match (&reading.actual, test) {
            (Actual::Unknown, Test::All(_) | Test::Any(_) | Test::Not(_)) => None,
            (Actual::Unknown, _) => Some(self.say("actual-unknown", &[])),
            // The condition itself says as much as its opposite would.
            (Actual::Flag(_), Test::Flag { field: FlagField::OrderFirst | FlagField::LineDiscounted, .. }) => None,
            (Actual::Number(number), Test::Number { field: NumberField::OrderNumber, .. }) => {
                Some(self.say("actual-order-number", &[("number", self.words.number(*number, 0).into())]))
            }
            (Actual::Number(day), Test::WeekdayIn { .. }) => Some(self.words.weekday(small(*day))),
            (Actual::Number(month), Test::MonthIn { .. }) => Some(self.words.month(small(*month))),
            (Actual::Number(number), _) => Some(self.words.number(*number, 0)),
            (Actual::Money(money), _) => Some(self.money(*money)),
            (Actual::Texts(texts), _) if texts.is_empty() => Some(self.say("actual-none", &[])),
            (Actual::Texts(actual), Test::LevelIn { levels }) => {
                // Of other ladders nothing was asked.
                let ladders = self.programme.ladders.iter();
                let asked = ladders.filter(|ladder| ladder.levels.iter().any(|level| levels.contains(&level.id)));
                let asked: Vec<&Level> = asked.flat_map(|ladder| &ladder.levels).collect();
                let held = actual.iter().filter(|held| asked.iter().any(|level| level.id == **held));
                let held: Vec<&str> = held.map(|level| self.level(level)).collect();
                Some(if held.is_empty() { self.say("actual-none", &[]) } else { held.join(", ") })
            }
            (Actual::Texts(texts), Test::TextIn { field, .. }) => {
                Some(texts.iter().map(|text| self.text_value(field, text)).collect::<Vec<_>>().join(", "))
            }
            (Actual::Texts(texts), Test::Has { field, .. }) => {
                let kind = kind_of_set(*field);
                Some(texts.iter().map(|text| self.label(kind, text)).collect::<Vec<_>>().join(", "))
            }
            (Actual::Texts(texts), _) => Some(texts.iter().map(Name::as_str).collect::<Vec<_>>().join(", ")),
            (Actual::Flag(is), _) => Some(self.yes_or_no(*is)),
            (Actual::Moment(moment), _) => Some(self.moment(*moment)),
        }
    }
}

fn kind_of_set(field: SetField) -> WordKind {
    match field {
        SetField::OrderTags | SetField::LineTags => WordKind::Tag,
        SetField::MemberSegments => WordKind::Segment,
    }
}

fn kind_of_text(field: &TextField) -> WordKind {
    match field {
        TextField::OrderChannel => WordKind::Channel,
        TextField::OrderCountry => WordKind::Country,
        TextField::LineSku => WordKind::Product,
        TextField::LineCategory => WordKind::Category,
        TextField::LineMake => WordKind::Make,
        TextField::OrderBrand
        | TextField::ActivityBrand
        | TextField::MemberAttribute(_)
        | TextField::ActivityAttribute(_) => WordKind::Value,
    }
}

/// Two bounds of the same field as one range.
fn together(tests: &[Test]) -> Vec<Test> {
    let mut together: Vec<Test> = Vec::new();
    for test in tests {
        let joined = match (together.last(), test) {
            (Some(Test::Number { field, range }), Test::Number { field: next, range: bound }) if field == next => {
                range.and(*bound).map(|range| Test::Number { field: field.clone(), range })
            }
            (Some(Test::Money { field, range }), Test::Money { field: next, range: bound }) if field == next => {
                range.and(*bound).map(|range| Test::Money { field: *field, range })
            }
            _ => None,
        };
        match joined {
            Some(joined) => {
                together.pop();
                together.push(joined);
            }
            None => together.push(test.clone()),
        }
    }
    together
}

/// A day of the week or a month, which fits a byte.
fn small(number: i64) -> i8 {
    i8::try_from(number).unwrap_or_default()
}
