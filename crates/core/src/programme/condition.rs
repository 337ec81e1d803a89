//! Conditions: a typed vocabulary, compiled into a tree that is evaluated without allocating, and
//! that can say of itself why it does not hold.

use std::collections::BTreeSet;

use crate::activity::{Activity, Line, Order, Value};
use crate::command::Profile;
use crate::kernel::{Instant, Money, Name};

/// The facts that a condition may look at.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    pub member: &'a MemberFacts<'a>,
    /// The wall clock of the programme when the thing happened.
    pub at: LocalTime,
    pub order: Option<OrderFacts<'a>>,
    pub line: Option<&'a Line>,
    pub activity: Option<&'a Activity>,
}

#[derive(Clone, Debug)]
pub struct MemberFacts<'a> {
    pub profile: &'a Profile,
    pub joined_at: Instant,
    pub days_since_joining: i64,
    /// Levels held, one for each ladder.
    pub levels: &'a [Name],
    /// Paid orders so far.
    pub orders: i64,
}

#[derive(Clone, Copy, Debug)]
pub struct OrderFacts<'a> {
    pub order: &'a Order,
    /// Of what is kept.
    pub total: Money,
    /// 1 for the holder's first.
    pub number: i64,
}

/// What the calendar on the wall says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalTime {
    /// 1 for Monday.
    pub weekday: i8,
    pub hour: i8,
    pub month: i8,
    pub day: i8,
    /// The moment itself.
    pub moment: Instant,
}

/// Words of the vocabulary that hold a whole number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NumberField {
    OrderNumber,
    OrderItems,
    LineQuantity,
    DaysSinceJoining,
    MemberOrders,
    Hour,
    DayOfMonth,
    MemberAttribute(Name),
    ActivityAttribute(Name),
}

/// Words that hold money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoneyField {
    OrderTotal,
    LinePrice,
    LineTotal,
}

/// Words that hold text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextField {
    OrderChannel,
    OrderCountry,
    OrderBrand,
    LineSku,
    LineCategory,
    LineMake,
    ActivityBrand,
    MemberAttribute(Name),
    ActivityAttribute(Name),
}

/// Words that hold several texts at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetField {
    OrderTags,
    LineTags,
    MemberSegments,
}

/// Words that hold yes or no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FlagField {
    OrderFirst,
    LineDiscounted,
    MemberAttribute(Name),
    ActivityAttribute(Name),
}

/// Words that hold a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MomentField {
    Now,
    Joined,
}

/// Bounds, both inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    pub least: Option<i64>,
    pub most: Option<i64>,
}

impl Range {
    /// Both bounds in one, where each has the end that the other lacks.
    pub fn and(self, other: Range) -> Option<Range> {
        let both = match (self, other) {
            (Range { least, most: None }, Range { least: None, most }) => Range { least, most },
            (Range { least: None, most }, Range { least, most: None }) => Range { least, most },
            _ => return None,
        };
        Some(both)
    }

    fn holds(self, number: i64) -> bool {
        self.least.is_none_or(|least| least <= number) && self.most.is_none_or(|most| number <= most)
    }
}

/// A compiled condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    All(Vec<Test>),
    Any(Vec<Test>),
    Not(Box<Test>),
    Number {
        field: NumberField,
        range: Range,
    },
    NumberIn {
        field: NumberField,
        numbers: BTreeSet<i64>,
    },
    Money {
        field: MoneyField,
        range: Range,
    },
    TextIn {
        field: TextField,
        texts: BTreeSet<Name>,
    },
    /// At least one of the texts is there.
    Has {
        field: SetField,
        texts: BTreeSet<Name>,
    },
    Flag {
        field: FlagField,
        is: bool,
    },
    /// 1 for Monday.
    WeekdayIn {
        days: BTreeSet<i8>,
    },
    MonthIn {
        months: BTreeSet<i8>,
    },
    /// At or after `from`, before `until`.
    Moment {
        field: MomentField,
        from: Option<Instant>,
        until: Option<Instant>,
    },
    /// A level of any ladder is held that is one of these.
    LevelIn {
        levels: BTreeSet<Name>,
    },
}

impl Test {
    /// What has to hold together, one by one.
    pub fn parts(&self) -> &[Test] {
        match self {
            Test::All(tests) => tests,
            other => std::slice::from_ref(other),
        }
    }

    /// Holds always.
    pub const ALWAYS: Test = Test::All(Vec::new());

    pub fn is_always(&self) -> bool {
        matches!(self, Test::All(tests) if tests.is_empty())
    }

    pub fn holds(&self, facts: &Facts<'_>) -> bool {
        match self {
            Test::All(tests) => tests.iter().all(|test| test.holds(facts)),
            Test::Any(tests) => tests.iter().any(|test| test.holds(facts)),
            Test::Not(test) => !test.holds(facts),
            Test::Number { field, range } => field.read(facts).is_some_and(|number| range.holds(number)),
            Test::NumberIn { field, numbers } => field.read(facts).is_some_and(|number| numbers.contains(&number)),
            Test::Money { field, range } => field.read(facts).is_some_and(|money| range.holds(money.0)),
            Test::TextIn { field, texts } => field.read(facts).is_some_and(|text| texts.contains(text)),
            Test::Has { field, texts } => field.has_any(facts, texts),
            Test::Flag { field, is } => field.read(facts).unwrap_or(false) == *is,
            Test::WeekdayIn { days } => days.contains(&facts.at.weekday),
            Test::MonthIn { months } => months.contains(&facts.at.month),
            Test::Moment { field, from, until } => {
                let moment = match field {
                    MomentField::Now => facts.at.moment,
                    MomentField::Joined => facts.member.joined_at,
                };
                from.is_none_or(|from| from <= moment) && until.is_none_or(|until| moment < until)
            }
            Test::LevelIn { levels } => facts.member.levels.iter().any(|level| levels.contains(level)),
        }
    }

    /// The first part that fails, if the whole does not hold: what a person would name.
    pub fn failure(&self, facts: &Facts<'_>) -> Option<Reading> {
        if self.holds(facts) {
            return None;
        }
        match self {
            Test::All(tests) => tests.iter().find_map(|test| test.failure(facts)),
            other => Some(other.reading(facts)),
        }
    }

    /// The parts by which the whole holds, if it does.
    pub fn held(&self, facts: &Facts<'_>) -> Vec<Reading> {
        if !self.holds(facts) {
            return Vec::new();
        }
        match self {
            Test::All(tests) => tests.iter().flat_map(|test| test.held(facts)).collect(),
            Test::Any(tests) => {
                tests.iter().find(|test| test.holds(facts)).map_or_else(Vec::new, |test| test.held(facts))
            }
            other => vec![other.reading(facts)],
        }
    }

    /// What is missing where the whole does not hold for want of a quantity alone. Of several ways in
    /// which it might hold, the nearest.
    pub fn lacking(&self, facts: &Facts<'_>) -> Option<Lacking> {
        match self {
            Test::All(tests) => {
                let mut failing = tests.iter().filter(|test| !test.holds(facts));
                failing.next().filter(|_| failing.next().is_none())?.lacking(facts)
            }
            Test::Any(tests) if !self.holds(facts) => {
                let lacking = tests.iter().filter_map(|test| test.lacking(facts));
                lacking.min_by_key(|lacking| {
                    i128::from(lacking.missing()) * 1_000_000 / i128::from(lacking.needed().max(1))
                })
            }
            Test::Number { field, range } if field.grows() => {
                let actual = field.read(facts)?;
                let needed = range.least.filter(|least| actual < *least)?;
                Some(Lacking::Number { field: field.clone(), actual, needed })
            }
            Test::Money { field, range } => {
                let actual = field.read(facts)?;
                let needed = range.least.map(Money).filter(|least| actual < *least)?;
                Some(Lacking::Money { field: *field, actual, needed })
            }
            _ => None,
        }
    }

    fn reading(&self, facts: &Facts<'_>) -> Reading {
        Reading { test: self.clone(), actual: self.actual(facts) }
    }

    /// What the facts say about the field that a single test looks at.
    fn actual(&self, facts: &Facts<'_>) -> Actual {
        match self {
            Test::Number { field, .. } | Test::NumberIn { field, .. } => {
                field.read(facts).map_or(Actual::Unknown, Actual::Number)
            }
            Test::Money { field, .. } => field.read(facts).map_or(Actual::Unknown, Actual::Money),
            Test::TextIn { field, .. } => {
                field.read(facts).map_or(Actual::Unknown, |text| Actual::Texts(vec![text.clone()]))
            }
            Test::Has { field, .. } => Actual::Texts(field.read(facts)),
            Test::Flag { field, .. } => Actual::Flag(field.read(facts).unwrap_or(false)),
            Test::WeekdayIn { .. } => Actual::Number(i64::from(facts.at.weekday)),
            Test::MonthIn { .. } => Actual::Number(i64::from(facts.at.month)),
            Test::Moment { field: MomentField::Now, .. } => Actual::Moment(facts.at.moment),
            Test::Moment { field: MomentField::Joined, .. } => Actual::Moment(facts.member.joined_at),
            Test::LevelIn { .. } => Actual::Texts(facts.member.levels.to_vec()),
            Test::All(_) | Test::Any(_) | Test::Not(_) => Actual::Unknown,
        }
    }
}

/// A single condition, held or not, with what was the case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    pub test: Test,
    pub actual: Actual,
}

/// A quantity of which there is less than a condition asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lacking {
    Number { field: NumberField, actual: i64, needed: i64 },
    Money { field: MoneyField, actual: Money, needed: Money },
}

impl Lacking {
    /// In minor units where it is money.
    pub fn needed(&self) -> i64 {
        match self {
            Lacking::Number { needed, .. } => *needed,
            Lacking::Money { needed, .. } => needed.0,
        }
    }

    pub fn actual(&self) -> i64 {
        match self {
            Lacking::Number { actual, .. } => *actual,
            Lacking::Money { actual, .. } => actual.0,
        }
    }

    pub fn missing(&self) -> i64 {
        self.needed().saturating_sub(self.actual())
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actual {
    /// Nothing is known about it, or the condition looks at several things.
    Unknown,
    Number(i64),
    Money(Money),
    Texts(Vec<Name>),
    Flag(bool),
    Moment(Instant),
}

impl NumberField {
    /// Whether more of it can be had: an hour or a day of the month only comes and goes.
    fn grows(&self) -> bool {
        !matches!(self, NumberField::Hour | NumberField::DayOfMonth)
    }

    fn read(&self, facts: &Facts<'_>) -> Option<i64> {
        let attribute = |value: Option<&Value>| match value {
            Some(Value::Number(number)) => Some(*number),
            _ => None,
        };
        match self {
            NumberField::OrderNumber => facts.order.map(|order| order.number),
            NumberField::OrderItems => facts.order.map(|facts| facts.order.lines.iter().map(Line::kept).sum()),
            NumberField::LineQuantity => facts.line.map(Line::kept),
            NumberField::DaysSinceJoining => Some(facts.member.days_since_joining),
            NumberField::MemberOrders => Some(facts.member.orders),
            NumberField::Hour => Some(i64::from(facts.at.hour)),
            NumberField::DayOfMonth => Some(i64::from(facts.at.day)),
            NumberField::MemberAttribute(name) => attribute(facts.member.profile.attributes.get(name)),
            NumberField::ActivityAttribute(name) => attribute(facts.activity?.attributes.get(name)),
        }
    }
}

impl MoneyField {
    fn read(self, facts: &Facts<'_>) -> Option<Money> {
        match self {
            MoneyField::OrderTotal => facts.order.map(|order| order.total),
            MoneyField::LinePrice => facts.line.map(Line::price),
            MoneyField::LineTotal => facts.line.map(|line| line.kept_share(line.total)),
        }
    }
}

impl TextField {
    fn read<'a>(&self, facts: &Facts<'a>) -> Option<&'a Name> {
        let attribute = |value: Option<&'a Value>| match value {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        };
        match self {
            TextField::OrderChannel => facts.order?.order.channel.as_ref(),
            TextField::OrderCountry => facts.order?.order.country.as_ref(),
            TextField::OrderBrand => Some(&facts.order?.order.brand),
            TextField::LineSku => facts.line?.sku.as_ref(),
            TextField::LineCategory => facts.line?.category.as_ref(),
            TextField::LineMake => facts.line?.make.as_ref(),
            TextField::ActivityBrand => Some(&facts.activity?.brand),
            TextField::MemberAttribute(name) => attribute(facts.member.profile.attributes.get(name)),
            TextField::ActivityAttribute(name) => attribute(facts.activity?.attributes.get(name)),
        }
    }
}

impl SetField {
    fn has_any(self, facts: &Facts<'_>, texts: &BTreeSet<Name>) -> bool {
        match self {
            SetField::OrderTags => {
                facts.order.is_some_and(|facts| facts.order.tags.iter().any(|tag| texts.contains(tag)))
            }
            SetField::LineTags => facts.line.is_some_and(|line| line.tags.iter().any(|tag| texts.contains(tag))),
            SetField::MemberSegments => facts.member.profile.segments.iter().any(|segment| texts.contains(segment)),
        }
    }

    fn read(self, facts: &Facts<'_>) -> Vec<Name> {
        match self {
            SetField::OrderTags => facts.order.map(|facts| facts.order.tags.clone()).unwrap_or_default(),
            SetField::LineTags => facts.line.map(|line| line.tags.clone()).unwrap_or_default(),
            SetField::MemberSegments => facts.member.profile.segments.iter().cloned().collect(),
        }
    }
}

impl FlagField {
    fn read(&self, facts: &Facts<'_>) -> Option<bool> {
        let attribute = |value: Option<&Value>| match value {
            Some(Value::Flag(flag)) => Some(*flag),
            _ => None,
        };
        match self {
            FlagField::OrderFirst => facts.order.map(|order| order.number == 1),
            FlagField::LineDiscounted => facts.line.map(|line| line.discounted),
            FlagField::MemberAttribute(name) => attribute(facts.member.profile.attributes.get(name)),
            FlagField::ActivityAttribute(name) => attribute(facts.activity?.attributes.get(name)),
        }
    }
}
