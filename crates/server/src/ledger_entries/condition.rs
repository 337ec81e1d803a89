//! A condition, held or not, as the programme document writes it.

use std::collections::BTreeSet;

use lojal_core::kernel::{Instant, Money, Name};
use lojal_core::programme::Programme;
use lojal_core::programme::condition::{
    Actual, FlagField, MomentField, MoneyField, NumberField, Reading, SetField, Test, TextField,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::reason::Teller;

/// A condition, and what was the case.
#[derive(Serialize, ToSchema)]
#[schema(as = Reading)]
pub struct ReadingJson {
    condition: ConditionJson,
    /// Absent where nothing is known, or the condition has several parts.
    #[serde(skip_serializing_if = "Option::is_none")]
    actual: Option<ActualJson>,
}

/// What was the case. Money has its decimals.
#[derive(Serialize, ToSchema)]
#[schema(as = Actual)]
#[serde(untagged)]
pub enum ActualJson {
    Number(i64),
    Flag(bool),
    Text(String),
    Texts(Vec<String>),
}

/// A condition: `all`, `any`, `not`, or a field with what it must be.
#[derive(Default, Serialize, ToSchema)]
#[schema(as = Condition)]
pub struct ConditionJson {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(no_recursion)]
    all: Option<Vec<ConditionJson>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(no_recursion)]
    any: Option<Vec<ConditionJson>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(no_recursion)]
    not: Option<Box<ConditionJson>>,
    /// A word of the vocabulary.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "order.total")]
    field: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is: Option<bool>,
    #[serde(rename = "in", skip_serializing_if = "Option::is_none")]
    one_of: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "50.00")]
    at_least: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at_most: Option<String>,
    /// Exclusive.
    #[serde(skip_serializing_if = "Option::is_none")]
    less_than: Option<String>,
}

impl ReadingJson {
    pub fn new(reading: &Reading, programme: Option<&Programme>) -> ReadingJson {
        let teller = Teller::new(programme);
        ReadingJson { condition: ConditionJson::new(&reading.test, &teller), actual: actual(&reading.actual, &teller) }
    }
}

fn actual(actual: &Actual, teller: &Teller<'_>) -> Option<ActualJson> {
    Some(match actual {
        Actual::Unknown => return None,
        Actual::Number(number) => ActualJson::Number(*number),
        Actual::Money(money) => ActualJson::Text(teller.money(*money)),
        Actual::Flag(flag) => ActualJson::Flag(*flag),
        Actual::Texts(texts) => ActualJson::Texts(texts.iter().map(ToString::to_string).collect()),
        Actual::Moment(moment) => ActualJson::Text(moment.to_string()),
    })
}

impl ConditionJson {
    fn new(test: &Test, teller: &Teller<'_>) -> ConditionJson {
        let parts = |tests: &[Test]| Some(tests.iter().map(|test| ConditionJson::new(test, teller)).collect());
        let whole = |number: Option<i64>| number.map(|number| number.to_string());
        let money = |number: Option<i64>| number.map(|number| teller.money(Money(number)));
        match test {
            Test::All(tests) => ConditionJson { all: parts(tests), ..ConditionJson::default() },
            Test::Any(tests) => ConditionJson { any: parts(tests), ..ConditionJson::default() },
            Test::Not(test) => {
                ConditionJson { not: Some(Box::new(ConditionJson::new(test, teller))), ..ConditionJson::default() }
            }
            Test::Number { field, range } => ConditionJson {
                at_least: whole(range.least),
                at_most: whole(range.most),
                ..ConditionJson::about(number_field(field))
            },
            Test::NumberIn { field, numbers } => ConditionJson::one_of(number_field(field), numbers),
            Test::Money { field, range } => ConditionJson {
                at_least: money(range.least),
                at_most: money(range.most),
                ..ConditionJson::about(money_field(*field).to_owned())
            },
            Test::TextIn { field, texts } => ConditionJson::one_of(text_field(field), texts),
            Test::Has { field, texts } => ConditionJson::one_of(set_field(*field).to_owned(), texts),
            Test::Flag { field, is } => ConditionJson { is: Some(*is), ..ConditionJson::about(flag_field(field)) },
            Test::WeekdayIn { days } => ConditionJson::one_of("time.weekday".to_owned(), days),
            Test::MonthIn { months } => ConditionJson::one_of("time.month".to_owned(), months),
            Test::Moment { field, from, until } => ConditionJson {
                at_least: from.map(said),
                less_than: until.map(said),
                ..ConditionJson::about(moment_field(*field).to_owned())
            },
            Test::LevelIn { levels } => ConditionJson::one_of("member.tier".to_owned(), levels),
        }
    }

    fn about(field: String) -> ConditionJson {
        ConditionJson { field: Some(field), ..ConditionJson::default() }
    }

    fn one_of<T: ToString>(field: String, values: &BTreeSet<T>) -> ConditionJson {
        let values = values.iter().map(ToString::to_string).collect();
        ConditionJson { one_of: Some(values), ..ConditionJson::about(field) }
    }
}

fn said(moment: Instant) -> String {
    moment.to_string()
}

pub(super) fn number_field(field: &NumberField) -> String {
    match field {
        NumberField::OrderNumber => "order.number".to_owned(),
        NumberField::OrderItems => "order.items".to_owned(),
        NumberField::LineQuantity => "line.quantity".to_owned(),
        NumberField::DaysSinceJoining => "member.days_since_joining".to_owned(),
        NumberField::MemberOrders => "member.orders".to_owned(),
        NumberField::Hour => "time.hour".to_owned(),
        NumberField::DayOfMonth => "time.day".to_owned(),
        NumberField::MemberAttribute(name) => member_attribute(name),
        NumberField::ActivityAttribute(name) => activity_attribute(name),
    }
}

pub(super) fn money_field(field: MoneyField) -> &'static str {
    match field {
        MoneyField::OrderTotal => "order.total",
        MoneyField::LinePrice => "line.price",
        MoneyField::LineTotal => "line.total",
    }
}

fn text_field(field: &TextField) -> String {
    match field {
        TextField::OrderChannel => "order.channel".to_owned(),
        TextField::OrderCountry => "order.country".to_owned(),
        TextField::OrderBrand => "order.brand".to_owned(),
        TextField::LineSku => "line.sku".to_owned(),
        TextField::LineCategory => "line.category".to_owned(),
        TextField::LineMake => "line.make".to_owned(),
        TextField::ActivityBrand => "activity.brand".to_owned(),
        TextField::MemberAttribute(name) => member_attribute(name),
        TextField::ActivityAttribute(name) => activity_attribute(name),
    }
}

fn set_field(field: SetField) -> &'static str {
    match field {
        SetField::OrderTags => "order.tags",
        SetField::LineTags => "line.tags",
        SetField::MemberSegments => "member.segments",
    }
}

fn flag_field(field: &FlagField) -> String {
    match field {
        FlagField::OrderFirst => "order.first".to_owned(),
        FlagField::LineDiscounted => "line.discounted".to_owned(),
        FlagField::MemberAttribute(name) => member_attribute(name),
        FlagField::ActivityAttribute(name) => activity_attribute(name),
    }
}

fn moment_field(field: MomentField) -> &'static str {
    match field {
        MomentField::Now => "time.now",
        MomentField::Joined => "member.joined",
    }
}

fn member_attribute(name: &Name) -> String {
    format!("member.attribute.{name}")
}

fn activity_attribute(name: &Name) -> String {
    format!("activity.attribute.{name}")
}
