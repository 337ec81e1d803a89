//! From a condition as it is written to a [`Test`], against the vocabulary.

use std::collections::BTreeSet;

use super::condition::{FlagField, MomentField, MoneyField, NumberField, Range, SetField, Test, TextField};
use super::document::{Condition, Scalar};
use super::finding::{Findings, Place};
use super::model::{Ladder, LooksAt};
use super::remark::Remark;
use crate::kernel::{Calendar, Instant, Money, Name, parse_decimal};

/// What a condition stands beside, which decides the words it may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Of an order.
    Order,
    /// Of one line of an order.
    Line,
    /// Of an activity.
    Activity,
    /// Only the member and the time.
    Member,
}

/// Reads conditions of one document.
pub struct Vocabulary<'a> {
    pub calendar: &'a Calendar,
    pub decimals: u8,
    pub ladders: &'a [Ladder],
    pub findings: &'a mut Findings,
    pub looks_at: &'a mut LooksAt,
}

const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
/// Deeper nesting than this is a mistake, or an attack on the stack.
const DEEPEST: usize = 16;

enum Word {
    Number(NumberField),
    Money(MoneyField),
    Text(TextField),
    Set(SetField),
    Flag(FlagField),
    Moment(MomentField),
    Weekday,
    Month,
    Tier,
    /// An attribute, whose kind shows in what it is compared with.
    Attribute {
        of_member: bool,
        name: Name,
    },
}

impl Vocabulary<'_> {
    /// All of the conditions together.
    pub fn all(&mut self, conditions: &[Condition], scope: Scope, place: &Place) -> Test {
        Test::All(self.list(conditions, scope, place, 0))
    }

    fn list(&mut self, conditions: &[Condition], scope: Scope, place: &Place, depth: usize) -> Vec<Test> {
        let read = |(index, condition)| self.condition(condition, scope, &place.index(index), depth);
        conditions.iter().enumerate().map(read).collect()
    }

    fn condition(&mut self, condition: &Condition, scope: Scope, place: &Place, depth: usize) -> Test {
        if depth > DEEPEST {
            self.findings.error(place, "too_deep", "finding-too-deep");
            return Test::ALWAYS;
        }
        let comparisons = comparisons(condition);
        let shapes =
            [condition.all.is_some(), condition.any.is_some(), condition.not.is_some(), condition.field.is_some()];
        if shapes.iter().filter(|there| **there).count() != 1 || (condition.field.is_none() && !comparisons.is_empty())
        {
            self.findings.error(place, "condition_shape", "finding-condition-shape");
            return Test::ALWAYS;
        }
        if let Some(all) = &condition.all {
            return Test::All(self.list(all, scope, &place.key("all"), depth + 1));
        }
        if let Some(any) = &condition.any {
            if any.is_empty() {
                self.findings.error(&place.key("any"), "condition_never", "finding-any-of-nothing");
            }
            return Test::Any(self.list(any, scope, &place.key("any"), depth + 1));
        }
        if let Some(not) = &condition.not {
            return Test::Not(Box::new(self.condition(not, scope, &place.key("not"), depth + 1)));
        }
        let field = condition.field.as_deref().unwrap_or_default();
        let Some(word) = word(field, scope) else {
            self.unknown_word(field, scope, &place.key("field"));
            return Test::ALWAYS;
        };
        if comparisons.is_empty() {
            self.findings.error(
                place,
                "comparison_missing",
                Remark::new("finding-comparison-missing").word("field", field),
            );
            return Test::ALWAYS;
        }
        let tests: Vec<Test> =
            comparisons.iter().map(|comparison| self.comparison(field, &word, comparison, place)).collect();
        match <[Test; 1]>::try_from(tests) {
            Ok([test]) => test,
            Err(tests) => Test::All(tests),
        }
    }

    fn unknown_word(&mut self, field: &str, scope: Scope, place: &Place) {
        let elsewhere =
            [Scope::Order, Scope::Line, Scope::Activity].into_iter().any(|other| word(field, other).is_some());
        self.findings.error(
            place,
            "unknown_field",
            Remark::new("finding-unknown-field")
                .word("field", field)
                .word("elsewhere", elsewhere)
                .words("known", known_words(scope)),
        );
    }

    fn comparison(&mut self, field: &str, word: &Word, comparison: &Comparison<'_>, place: &Place) -> Test {
        let place = place.key(comparison.key);
        let test = match comparison.kind {
            Kind::Is => self.one_of(field, word, std::slice::from_ref(comparison.scalars[0]), &place),
            Kind::IsNot => negate(self.one_of(field, word, std::slice::from_ref(comparison.scalars[0]), &place)),
            Kind::In => self.one_of(field, word, &comparison.owned(), &place),
            Kind::NotIn => negate(self.one_of(field, word, &comparison.owned(), &place)),
            Kind::Bound(bound) => self.bound(field, word, comparison.scalars[0], bound, &place),
        };
        if comparison.scalars.is_empty() {
            self.findings.error(&place, "empty_list", "finding-empty-list");
        }
        test.unwrap_or(Test::ALWAYS)
    }

    fn one_of(&mut self, field: &str, word: &Word, scalars: &[Scalar], place: &Place) -> Option<Test> {
        match word {
            Word::Number(number) => {
                let numbers = self.each(scalars, field, Wanted::Whole, place, whole)?;
                Some(Test::NumberIn { field: number.clone(), numbers })
            }
            Word::Money(money) => {
                let decimals = self.decimals;
                let amounts: BTreeSet<i64> =
                    self.each(scalars, field, Wanted::Money, place, |scalar| amount(scalar, decimals))?;
                let equal = amounts.into_iter().map(|amount| Test::Money {
                    field: *money,
                    range: Range { least: Some(amount), most: Some(amount) },
                });
                Some(Test::Any(equal.collect()))
            }
            Word::Text(text) => {
                let texts = self.each(scalars, field, Wanted::Text, place, text_of)?;
                Some(Test::TextIn { field: text.clone(), texts })
            }
            Word::Set(set) => {
                if *set == SetField::MemberSegments {
                    self.looks_at.segments = true;
                }
                let texts = self.each(scalars, field, Wanted::Text, place, text_of)?;
                Some(Test::Has { field: *set, texts })
            }
            Word::Flag(flag) => {
                let flags: BTreeSet<bool> = self.each(scalars, field, Wanted::Flag, place, flag_of)?;
                Some(either(flags, |is| Test::Flag { field: flag.clone(), is }))
            }
            Word::Weekday => {
                let days = self.each(scalars, field, Wanted::Weekday, place, weekday)?;
                Some(Test::WeekdayIn { days })
            }
            Word::Month => {
                let months = self.each(scalars, field, Wanted::Month, place, month)?;
                Some(Test::MonthIn { months })
            }
            Word::Tier => {
                let levels = self.each(scalars, field, Wanted::Level, place, text_of)?;
                self.known_levels(&levels, place);
                Some(Test::LevelIn { levels })
            }
            Word::Moment(_) => {
                self.findings.error(
                    place,
                    "comparison_unfit",
                    Remark::new("finding-comparison-of-times").word("field", field),
                );
                None
            }
            Word::Attribute { of_member, name } => self.attribute(*of_member, name, scalars, place),
        }
    }

    fn attribute(&mut self, of_member: bool, name: &Name, scalars: &[Scalar], place: &Place) -> Option<Test> {
        if of_member {
            self.looks_at.attributes.insert(name.clone());
        }
        let name = name.clone();
        match scalars.first()? {
            Scalar::Flag(_) => {
                let flags: BTreeSet<bool> = self.each(scalars, &name, Wanted::Flag, place, flag_of)?;
                Some(either(flags, |is| Test::Flag { field: flag_attribute(of_member, name.clone()), is }))
            }
            Scalar::Whole(_) => {
                let numbers = self.each(scalars, &name, Wanted::Whole, place, whole)?;
                Some(Test::NumberIn { field: number_attribute(of_member, name), numbers })
            }
            Scalar::Text(_) => {
                let texts = self.each(scalars, &name, Wanted::Text, place, text_of)?;
                let field =
                    if of_member { TextField::MemberAttribute(name) } else { TextField::ActivityAttribute(name) };
                Some(Test::TextIn { field, texts })
            }
        }
    }

    fn bound(&mut self, field: &str, word: &Word, scalar: &Scalar, bound: Bound, place: &Place) -> Option<Test> {
        match word {
            Word::Number(number) => {
                let limit = self.one(scalar, field, Wanted::Whole, place, whole)?;
                Some(Test::Number { field: number.clone(), range: bound.range(limit) })
            }
            Word::Attribute { of_member, name } => {
                if *of_member {
                    self.looks_at.attributes.insert(name.clone());
                }
                let limit = self.one(scalar, field, Wanted::Whole, place, whole)?;
                Some(Test::Number { field: number_attribute(*of_member, name.clone()), range: bound.range(limit) })
            }
            Word::Money(money) => {
                let decimals = self.decimals;
                let limit = self.one(scalar, field, Wanted::Money, place, |scalar| amount(scalar, decimals))?;
                Some(Test::Money { field: *money, range: bound.range(limit) })
            }
            Word::Moment(moment) => {
                let limit = self.moment(scalar, field, place)?;
                Some(match bound {
                    Bound::AtLeast | Bound::MoreThan => Test::Moment { field: *moment, from: Some(limit), until: None },
                    Bound::AtMost | Bound::LessThan => Test::Moment { field: *moment, from: None, until: Some(limit) },
                })
            }
            Word::Tier => {
                let level = self.one(scalar, field, Wanted::Level, place, text_of)?;
                self.known_levels(&BTreeSet::from([level.clone()]), place);
                let ladder = self.ladders.iter().find(|ladder| ladder.rank(&level).is_some())?;
                let rank = ladder.rank(&level)? as i64;
                let range = bound.range(rank);
                let within = ladder.levels.iter().enumerate().filter(|(rank, _)| {
                    let rank = *rank as i64;
                    range.least.is_none_or(|least| least <= rank) && range.most.is_none_or(|most| rank <= most)
                });
                Some(Test::LevelIn { levels: within.map(|(_, level)| level.id.clone()).collect() })
            }
            Word::Text(_) | Word::Set(_) | Word::Flag(_) | Word::Weekday | Word::Month => {
                self.findings.error(
                    place,
                    "comparison_unfit",
                    Remark::new("finding-comparison-unfit").word("field", field),
                );
                None
            }
        }
    }

    fn known_levels(&mut self, levels: &BTreeSet<Name>, place: &Place) {
        for level in levels {
            if !self.ladders.iter().any(|ladder| ladder.rank(level).is_some()) {
                let known: Vec<&str> = self
                    .ladders
                    .iter()
                    .flat_map(|ladder| ladder.levels.iter().map(|level| level.id.as_str()))
                    .collect();
                self.findings.error(
                    place,
                    "unknown_level",
                    Remark::new("finding-unknown-level")
                        .word("level", level)
                        .word("levels", if known.is_empty() { "none" } else { "some" })
                        .words("known", known),
                );
            }
        }
    }

    fn moment(&mut self, scalar: &Scalar, field: &str, place: &Place) -> Option<Instant> {
        let calendar = self.calendar;
        self.one(scalar, field, Wanted::Time, place, |scalar| match scalar {
            Scalar::Text(text) => calendar.parse(text).ok(),
            _ => None,
        })
    }

    fn one<T>(
        &mut self,
        scalar: &Scalar,
        field: &str,
        kind: Wanted,
        place: &Place,
        read: impl Fn(&Scalar) -> Option<T>,
    ) -> Option<T> {
        let value = read(scalar);
        if value.is_none() {
            self.findings.error(
                place,
                "value_unfit",
                Remark::new("finding-value-unfit").word("field", field).word("kind", kind.name()),
            );
        }
        value
    }

    fn each<T: Ord>(
        &mut self,
        scalars: &[Scalar],
        field: &str,
        kind: Wanted,
        place: &Place,
        read: impl Fn(&Scalar) -> Option<T>,
    ) -> Option<BTreeSet<T>> {
        let mut values = BTreeSet::new();
        for scalar in scalars {
            values.insert(self.one(scalar, field, kind, place, &read)?);
        }
        Some(values)
    }
}

/// What a field can be compared with.
#[derive(Clone, Copy)]
enum Wanted {
    Whole,
    Money,
    Text,
    Flag,
    Weekday,
    Month,
    Level,
    Time,
}

impl Wanted {
    fn name(self) -> &'static str {
        match self {
            Wanted::Whole => "whole",
            Wanted::Money => "money",
            Wanted::Text => "text",
            Wanted::Flag => "flag",
            Wanted::Weekday => "weekday",
            Wanted::Month => "month",
            Wanted::Level => "level",
            Wanted::Time => "time",
        }
    }
}

#[derive(Clone, Copy)]
enum Bound {
    AtLeast,
    MoreThan,
    AtMost,
    LessThan,
}

impl Bound {
    fn range(self, limit: i64) -> Range {
        match self {
            Bound::AtLeast => Range { least: Some(limit), most: None },
            Bound::MoreThan => Range { least: Some(limit.saturating_add(1)), most: None },
            Bound::AtMost => Range { least: None, most: Some(limit) },
            Bound::LessThan => Range { least: None, most: Some(limit.saturating_sub(1)) },
        }
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Is,
    IsNot,
    In,
    NotIn,
    Bound(Bound),
}

struct Comparison<'a> {
    key: &'static str,
    kind: Kind,
    scalars: Vec<&'a Scalar>,
}

impl Comparison<'_> {
    fn owned(&self) -> Vec<Scalar> {
        self.scalars.iter().map(|scalar| (*scalar).clone()).collect()
    }
}

fn comparisons(condition: &Condition) -> Vec<Comparison<'_>> {
    let single = [
        ("is", Kind::Is, &condition.is),
        ("is_not", Kind::IsNot, &condition.is_not),
        ("at_least", Kind::Bound(Bound::AtLeast), &condition.at_least),
        ("more_than", Kind::Bound(Bound::MoreThan), &condition.more_than),
        ("at_most", Kind::Bound(Bound::AtMost), &condition.at_most),
        ("less_than", Kind::Bound(Bound::LessThan), &condition.less_than),
    ];
    let lists = [("in", Kind::In, &condition.one_of), ("not_in", Kind::NotIn, &condition.none_of)];
    let single = single.into_iter().filter_map(|(key, kind, scalar)| {
        scalar.as_ref().map(|scalar| Comparison { key, kind, scalars: vec![scalar] })
    });
    let lists = lists.into_iter().filter_map(|(key, kind, scalars)| {
        scalars.as_ref().map(|scalars| Comparison { key, kind, scalars: scalars.iter().collect() })
    });
    single.chain(lists).collect()
}

/// Every word with the scopes in which it means something.
const WORDS: [(&str, &[Scope]); 29] = {
    const ORDER: &[Scope] = &[Scope::Order, Scope::Line];
    const LINE: &[Scope] = &[Scope::Line];
    const ACTIVITY: &[Scope] = &[Scope::Activity];
    const ALL: &[Scope] = &[Scope::Order, Scope::Line, Scope::Activity, Scope::Member];
    [
        ("order.total", ORDER),
        ("order.number", ORDER),
        ("order.first", ORDER),
        ("order.items", ORDER),
        ("order.channel", ORDER),
        ("order.country", ORDER),
        ("order.brand", ORDER),
        ("order.tags", ORDER),
        ("line.sku", LINE),
        ("line.category", LINE),
        ("line.make", LINE),
        ("line.price", LINE),
        ("line.total", LINE),
        ("line.quantity", LINE),
        ("line.tags", LINE),
        ("line.discounted", LINE),
        ("activity.brand", ACTIVITY),
        ("activity.attribute.NAME", ACTIVITY),
        ("member.tier", ALL),
        ("member.segments", ALL),
        ("member.days_since_joining", ALL),
        ("member.joined", ALL),
        ("member.orders", ALL),
        ("member.attribute.NAME", ALL),
        ("time.weekday", ALL),
        ("time.hour", ALL),
        ("time.day", ALL),
        ("time.month", ALL),
        ("time.now", ALL),
    ]
};

fn known_words(scope: Scope) -> Vec<&'static str> {
    WORDS.iter().filter(|(_, scopes)| scopes.contains(&scope)).map(|(word, _)| *word).collect()
}

fn word(field: &str, scope: Scope) -> Option<Word> {
    let attribute = |prefix: &str| field.strip_prefix(prefix).filter(|name| !name.is_empty()).map(Name::from);
    if let Some(name) = attribute("member.attribute.") {
        return Some(Word::Attribute { of_member: true, name });
    }
    if let Some(name) = attribute("activity.attribute.") {
        return (scope == Scope::Activity).then_some(Word::Attribute { of_member: false, name });
    }
    if !known_words(scope).contains(&field) {
        return None;
    }
    Some(match field {
        "order.total" => Word::Money(MoneyField::OrderTotal),
        "order.number" => Word::Number(NumberField::OrderNumber),
        "order.first" => Word::Flag(FlagField::OrderFirst),
        "order.items" => Word::Number(NumberField::OrderItems),
        "order.channel" => Word::Text(TextField::OrderChannel),
        "order.country" => Word::Text(TextField::OrderCountry),
        "order.brand" => Word::Text(TextField::OrderBrand),
        "order.tags" => Word::Set(SetField::OrderTags),
        "line.sku" => Word::Text(TextField::LineSku),
        "line.category" => Word::Text(TextField::LineCategory),
        "line.make" => Word::Text(TextField::LineMake),
        "line.price" => Word::Money(MoneyField::LinePrice),
        "line.total" => Word::Money(MoneyField::LineTotal),
        "line.quantity" => Word::Number(NumberField::LineQuantity),
        "line.tags" => Word::Set(SetField::LineTags),
        "line.discounted" => Word::Flag(FlagField::LineDiscounted),
        "activity.brand" => Word::Text(TextField::ActivityBrand),
        "member.tier" => Word::Tier,
        "member.segments" => Word::Set(SetField::MemberSegments),
        "member.days_since_joining" => Word::Number(NumberField::DaysSinceJoining),
        "member.joined" => Word::Moment(MomentField::Joined),
        "member.orders" => Word::Number(NumberField::MemberOrders),
        "time.weekday" => Word::Weekday,
        "time.hour" => Word::Number(NumberField::Hour),
        "time.month" => Word::Month,
        "time.day" => Word::Number(NumberField::DayOfMonth),
        "time.now" => Word::Moment(MomentField::Now),
        _ => return None,
    })
}

fn negate(test: Option<Test>) -> Option<Test> {
    test.map(|test| Test::Not(Box::new(test)))
}

fn either(flags: BTreeSet<bool>, test: impl Fn(bool) -> Test) -> Test {
    let mut tests: Vec<Test> = flags.into_iter().map(test).collect();
    if tests.len() == 1 { tests.remove(0) } else { Test::Any(tests) }
}

fn number_attribute(of_member: bool, name: Name) -> NumberField {
    if of_member { NumberField::MemberAttribute(name) } else { NumberField::ActivityAttribute(name) }
}

fn flag_attribute(of_member: bool, name: Name) -> FlagField {
    if of_member { FlagField::MemberAttribute(name) } else { FlagField::ActivityAttribute(name) }
}

fn whole(scalar: &Scalar) -> Option<i64> {
    match scalar {
        Scalar::Whole(number) => Some(*number),
        _ => None,
    }
}

fn text_of(scalar: &Scalar) -> Option<Name> {
    match scalar {
        Scalar::Text(text) => Some(Name::from(text.as_str())),
        _ => None,
    }
}

fn flag_of(scalar: &Scalar) -> Option<bool> {
    match scalar {
        Scalar::Flag(flag) => Some(*flag),
        _ => None,
    }
}

fn amount(scalar: &Scalar, decimals: u8) -> Option<i64> {
    match scalar {
        Scalar::Text(text) => parse_decimal(text, decimals).ok(),
        Scalar::Whole(number) => parse_decimal(&number.to_string(), decimals).ok(),
        Scalar::Flag(_) => None,
    }
    .map(|amount| Money(amount).0)
}

fn weekday(scalar: &Scalar) -> Option<i8> {
    match scalar {
        Scalar::Text(text) => WEEKDAYS.iter().position(|day| day == text).map(|index| index as i8 + 1),
        _ => None,
    }
}

fn month(scalar: &Scalar) -> Option<i8> {
    match scalar {
        Scalar::Whole(number) => i8::try_from(*number).ok().filter(|month| (1..=12).contains(month)),
        _ => None,
    }
}
