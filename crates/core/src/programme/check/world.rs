//! Whether conditions can hold at the same time. What is called impossible here is impossible; where
//! there are too many ways to look at, the answer is that nobody knows.

use std::cell::Cell;
use std::collections::BTreeSet;

use super::space::{Numbers, Several, Texts};
use crate::activity::builtin;
use crate::kernel::{Calendar, Instant, Name};
use crate::programme::condition::{FlagField, MomentField, MoneyField, NumberField, SetField, Test, TextField};
use crate::programme::{Campaign, Programme, Trigger};

/// More ways than this in which a condition may hold are not followed.
const MOST_REGIONS: usize = 256;
/// All steps together that one document is worth, so that none keeps a server busy.
const MOST_STEPS: u32 = 50_000;
/// A longer time than this has every day of the year on every day of the week.
const LONGEST_LOOK: i64 = 366 * 30;

const NANOSECONDS: i128 = 1_000_000_000;

/// A field that holds something countable.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Counted {
    Number(NumberField),
    Money(MoneyField),
    Flag(FlagField),
    Weekday,
    Month,
    Moment(MomentField),
}

/// A field that holds a text.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Said {
    Text(TextField),
    /// The level held of the ladder with this index.
    Level(usize),
}

/// What must be so for conditions to hold, field by field; one way of several.
#[derive(Clone, Debug, Default)]
pub struct Region {
    counted: Vec<(Counted, Numbers)>,
    said: Vec<(Said, Texts)>,
    several: Vec<(SetField, Several)>,
}

/// The ways in which conditions can hold; none at all when they cannot.
pub type Regions = Vec<Region>;

/// What can be the case under a programme, on one occasion.
pub struct World<'p> {
    programme: &'p Programme,
    on: Trigger,
    steps: &'p Cell<u32>,
}

impl<'p> World<'p> {
    /// `steps` counts the work of all worlds of one document.
    pub fn new(programme: &'p Programme, on: &Trigger, steps: &'p Cell<u32>) -> World<'p> {
        World { programme, on: on.clone(), steps }
    }

    /// Everything that can be.
    pub fn anything(&self) -> Regions {
        vec![Region::default()]
    }

    /// Those of the ways in which `test` holds, or does not. `None`: nobody knows.
    pub fn narrow(&self, regions: Regions, test: &Test, holds: bool) -> Option<Regions> {
        match (test, holds) {
            (Test::Not(test), _) => self.narrow(regions, test, !holds),
            (Test::All(tests), true) | (Test::Any(tests), false) => {
                tests.iter().try_fold(regions, |regions, test| self.narrow(regions, test, holds))
            }
            (Test::All(tests), false) | (Test::Any(tests), true) => {
                let mut ways = Vec::new();
                for test in tests {
                    ways.extend(self.narrow(regions.clone(), test, holds)?);
                    if ways.len() > MOST_REGIONS {
                        return None;
                    }
                }
                Some(ways)
            }
            (single, _) => self.narrow_by_one(regions, single, holds),
        }
    }

    /// Those of the ways that lie within a campaign's time.
    pub fn within(&self, regions: Regions, campaign: &Campaign) -> Option<Regions> {
        self.between(regions, campaign.from, campaign.until)
    }

    /// Those of the ways at or after `from`, before `until`.
    pub fn between(&self, regions: Regions, from: Option<Instant>, until: Option<Instant>) -> Option<Regions> {
        self.narrow(regions, &Test::Moment { field: MomentField::Now, from, until }, true)
    }

    /// Those of the ways in which an attribute of the activity is a number above zero.
    pub fn with_value(&self, regions: Regions, attribute: &Name) -> Option<Regions> {
        let field = Counted::Number(NumberField::ActivityAttribute(attribute.clone()));
        self.each(regions, |region| region.count(self, &field, &Numbers::between(Some(1), None)))
    }

    /// Whether it is certain that none of the ways leads anywhere.
    pub fn never(&self, regions: &Option<Regions>) -> bool {
        regions.as_ref().is_some_and(Vec::is_empty)
    }

    /// Whether `test` holds in all of the ways, for certain.
    pub fn always(&self, regions: &Regions, test: &Test) -> bool {
        self.never(&self.narrow(regions.clone(), test, false))
    }

    fn each(&self, regions: Regions, narrow: impl Fn(&mut Region)) -> Option<Regions> {
        let mut left = Vec::with_capacity(regions.len());
        for mut region in regions {
            let steps = self.steps.get();
            if steps >= MOST_STEPS {
                return None;
            }
            self.steps.set(steps + 1);
            narrow(&mut region);
            if region.is_possible(&self.programme.calendar) {
                left.push(region);
            }
        }
        Some(left)
    }

    fn narrow_by_one(&self, regions: Regions, test: &Test, holds: bool) -> Option<Regions> {
        let signed = |numbers: Numbers| if holds { numbers } else { numbers.negated() };
        let count = |field: Counted, numbers: Numbers| {
            let numbers = signed(numbers);
            self.each(regions.clone(), |region| region.count(self, &field, &numbers))
        };
        match test {
            Test::Number { field, range } => {
                let numbers = Numbers::between(range.least.map(i128::from), range.most.map(i128::from));
                count(Counted::Number(field.clone()), numbers)
            }
            Test::NumberIn { field, numbers } => {
                count(Counted::Number(field.clone()), Numbers::each(numbers.iter().copied()))
            }
            Test::Money { field, range } => {
                let numbers = Numbers::between(range.least.map(i128::from), range.most.map(i128::from));
                count(Counted::Money(*field), numbers)
            }
            Test::Flag { field: FlagField::OrderFirst, is } => {
                let first = Numbers::each([1]);
                let numbers = if *is { first } else { first.negated() };
                count(Counted::Number(NumberField::OrderNumber), numbers)
            }
            Test::Flag { field, is } => count(Counted::Flag(field.clone()), Numbers::each([i64::from(*is)])),
            Test::WeekdayIn { days } => count(Counted::Weekday, Numbers::each(days.iter().map(|day| i64::from(*day)))),
            Test::MonthIn { months } => {
                count(Counted::Month, Numbers::each(months.iter().map(|month| i64::from(*month))))
            }
            Test::Moment { field, from, until } => {
                let last = until.map(|until| until.as_nanosecond() - 1);
                count(Counted::Moment(*field), Numbers::between(from.map(Instant::as_nanosecond), last))
            }
            Test::TextIn { field, texts } => {
                let texts = Texts::one_of(texts.clone());
                let texts = if holds { texts } else { texts.negated() };
                self.each(regions, |region| region.say(self, &Said::Text(field.clone()), &texts))
            }
            Test::Has { field, texts } => {
                let several = if holds { Several::having(texts) } else { Several::lacking(texts) };
                self.each(regions, |region| region.hold(*field, &several))
            }
            Test::LevelIn { levels } => self.narrow_by_level(regions, levels, holds),
            Test::All(_) | Test::Any(_) | Test::Not(_) => self.narrow(regions, test, holds),
        }
    }

    /// A member holds one level of each ladder.
    fn narrow_by_level(&self, regions: Regions, levels: &BTreeSet<Name>, holds: bool) -> Option<Regions> {
        let mut ways = Vec::new();
        let mut rest = regions;
        for (index, ladder) in self.programme.ladders.iter().enumerate() {
            let named: BTreeSet<Name> =
                ladder.levels.iter().map(|level| &level.id).filter(|id| levels.contains(*id)).cloned().collect();
            if named.is_empty() {
                continue;
            }
            let texts = Texts::one_of(named);
            if holds {
                ways.extend(self.each(rest.clone(), |region| region.say(self, &Said::Level(index), &texts))?);
            } else {
                rest = self.each(rest, |region| region.say(self, &Said::Level(index), &texts.negated()))?;
            }
        }
        Some(if holds { ways } else { rest })
    }

    fn is_builtin(&self) -> bool {
        matches!(&self.on, Trigger::Activity(name) if builtin::ALL.contains(&name.as_str()))
    }

    fn is_of_referrals(&self) -> bool {
        matches!(&self.on, Trigger::Activity(name) if builtin::OF_REFERRALS.contains(&name.as_str()))
    }

    /// The texts that an activity of the house carries.
    fn builtin_texts(&self, attribute: &str) -> Texts {
        let referrals = &self.programme.referrals;
        match attribute {
            "level" if self.on == Trigger::Activity(Name::from(builtin::TIER_REACHED)) => {
                let levels = self.programme.ladders.iter().flat_map(|ladder| &ladder.levels);
                Texts::one_of(levels.map(|level| level.id.clone()).collect())
            }
            // An earlier version may have had other editions.
            "referral" if self.is_of_referrals() && referrals.is_empty() => Texts::any_or_absent(),
            "referral" if self.is_of_referrals() => {
                Texts::one_of(referrals.iter().map(|edition| edition.id.clone()).collect())
            }
            "variant" if self.is_of_referrals() => {
                Texts::one_of(referrals.iter().flat_map(|edition| edition.variants.clone()).collect()).or_absent()
            }
            "channel" if self.is_of_referrals() => Texts::any_or_absent(),
            _ => Texts::absent(),
        }
    }

    /// The numbers that an activity of the house carries.
    fn builtin_numbers(&self, attribute: &str) -> Numbers {
        match attribute {
            "friends" if self.on == Trigger::Activity(Name::from(builtin::FRIEND_QUALIFIED)) => {
                Numbers::between(Some(1), None)
            }
            "total" if self.is_of_referrals() => Numbers::between(Some(0), None).or_absent(),
            _ => Numbers::each([]).or_absent(),
        }
    }

    /// The numbers that a field can hold at all.
    fn all_numbers(&self, field: &Counted) -> Numbers {
        let at_least = |least: i128| Numbers::between(Some(least), None);
        match field {
            Counted::Number(field) => match field {
                NumberField::OrderNumber | NumberField::LineQuantity => at_least(1),
                NumberField::OrderItems | NumberField::MemberOrders => at_least(0),
                NumberField::DaysSinceJoining => Numbers::between(None, None),
                NumberField::Hour => Numbers::between(Some(0), Some(23)),
                NumberField::DayOfMonth => Numbers::between(Some(1), Some(31)),
                NumberField::ActivityAttribute(name) if self.is_builtin() => self.builtin_numbers(name),
                NumberField::MemberAttribute(_) | NumberField::ActivityAttribute(_) => {
                    Numbers::between(None, None).or_absent()
                }
            },
            Counted::Money(_) => at_least(0),
            Counted::Flag(FlagField::ActivityAttribute(_)) if self.is_builtin() => Numbers::each([0]),
            Counted::Flag(_) => Numbers::each([0, 1]),
            Counted::Weekday => Numbers::between(Some(1), Some(7)),
            Counted::Month => Numbers::between(Some(1), Some(12)),
            Counted::Moment(_) => Numbers::between(None, None),
        }
    }

    /// The texts that a field can hold at all.
    fn all_texts(&self, field: &Said) -> Texts {
        let brands = || self.programme.brands.iter().map(|brand| brand.id.clone()).collect();
        match field {
            Said::Text(TextField::OrderBrand | TextField::ActivityBrand) => Texts::one_of(brands()),
            Said::Text(TextField::ActivityAttribute(name)) if self.is_builtin() => self.builtin_texts(name),
            Said::Text(_) => Texts::any_or_absent(),
            Said::Level(index) => {
                let levels = &self.programme.ladders[*index].levels;
                // An earlier version may have had other levels.
                Texts::one_of(levels.iter().map(|level| level.id.clone()).collect()).or_absent()
            }
        }
    }
}

impl Region {
    fn count(&mut self, world: &World<'_>, field: &Counted, numbers: &Numbers) {
        match self.counted.iter_mut().find(|(known, _)| known == field) {
            Some((_, known)) => *known = known.and(numbers),
            None => self.counted.push((field.clone(), world.all_numbers(field).and(numbers))),
        }
    }

    fn say(&mut self, world: &World<'_>, field: &Said, texts: &Texts) {
        match self.said.iter_mut().find(|(known, _)| known == field) {
            Some((_, known)) => *known = known.and(texts),
            None => self.said.push((field.clone(), world.all_texts(field).and(texts))),
        }
    }

    fn hold(&mut self, field: SetField, several: &Several) {
        match self.several.iter_mut().find(|(known, _)| *known == field) {
            Some((_, known)) => *known = known.and(several),
            None => self.several.push((field, several.clone())),
        }
    }

    fn is_possible(&self, calendar: &Calendar) -> bool {
        !self.counted.iter().any(|(_, numbers)| numbers.is_empty())
            && !self.said.iter().any(|(_, texts)| texts.is_empty())
            && !self.several.iter().any(|(_, several)| several.is_empty())
            && self.attributes_agree()
            && self.has_a_day(calendar)
    }

    /// An attribute is a number, a text, or yes or no; never two of these.
    fn attributes_agree(&self) -> bool {
        let mut kinds: Vec<(bool, &Name, u8)> = Vec::new();
        for (field, numbers) in &self.counted {
            match field {
                Counted::Number(NumberField::MemberAttribute(name)) if !numbers.absent => kinds.push((true, name, 0)),
                Counted::Number(NumberField::ActivityAttribute(name)) if !numbers.absent => {
                    kinds.push((false, name, 0));
                }
                // What is not there counts as no.
                Counted::Flag(FlagField::MemberAttribute(name)) if !numbers.contains(0) => {
                    kinds.push((true, name, 1));
                }
                Counted::Flag(FlagField::ActivityAttribute(name)) if !numbers.contains(0) => {
                    kinds.push((false, name, 1));
                }
                _ => {}
            }
        }
        for (field, texts) in &self.said {
            match field {
                Said::Text(TextField::MemberAttribute(name)) if !texts.absent => kinds.push((true, name, 2)),
                Said::Text(TextField::ActivityAttribute(name)) if !texts.absent => kinds.push((false, name, 2)),
                _ => {}
            }
        }
        !kinds.iter().any(|(of_member, name, kind)| {
            kinds
                .iter()
                .any(|(other_of, other, other_kind)| of_member == other_of && name == other && kind != other_kind)
        })
    }

    fn numbers_of(&self, field: &Counted) -> Option<&Numbers> {
        self.counted.iter().find(|(known, _)| known == field).map(|(_, numbers)| numbers)
    }

    /// Whether the calendar has a day with this month, weekday and day of the month, in this time.
    fn has_a_day(&self, calendar: &Calendar) -> bool {
        let (months, weekdays) = (self.numbers_of(&Counted::Month), self.numbers_of(&Counted::Weekday));
        let days = self.numbers_of(&Counted::Number(NumberField::DayOfMonth));
        if months.is_none() && weekdays.is_none() && days.is_none() {
            return true;
        }
        let is_one =
            |numbers: Option<&Numbers>, number: i8| numbers.is_none_or(|numbers| numbers.contains(i128::from(number)));
        let ends = self.numbers_of(&Counted::Moment(MomentField::Now)).and_then(Numbers::ends);
        let moment = |nanosecond: i128| Instant::from_nanosecond(nanosecond).ok();
        let ends = ends.and_then(|(first, last)| Some((moment(first)?, moment(last)?)));
        let ends = ends.filter(|(first, last)| {
            let days = (last.as_nanosecond() - first.as_nanosecond()) / (NANOSECONDS * 86_400);
            days <= i128::from(LONGEST_LOOK)
        });
        let Some((first, last)) = ends else {
            const LENGTHS: [i8; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
            return (1..=12)
                .zip(LENGTHS)
                .any(|(month, length)| is_one(months, month) && (1..=length).any(|day| is_one(days, day)));
        };
        // Clocks that are put back just after midnight show the day before once more.
        let hour = |moment: Instant, hours: i64| {
            calendar.date(moment.saturating_add(jiff::SignedDuration::from_hours(hours)).unwrap_or(moment))
        };
        let mut day = [0, 1, 2].map(|hours| hour(first, hours)).into_iter().min().unwrap_or_default();
        let last = [0, -1, -2].map(|hours| hour(last, hours)).into_iter().max().unwrap_or_default();
        while day <= last {
            if is_one(months, day.month())
                && is_one(weekdays, day.weekday().to_monday_one_offset())
                && is_one(days, day.day())
            {
                return true;
            }
            match day.tomorrow() {
                Ok(next) => day = next,
                Err(_) => return true,
            }
        }
        false
    }
}
