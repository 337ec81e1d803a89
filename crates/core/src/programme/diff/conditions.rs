//! Whether one condition lets through more than another.

use super::ForMembers;
use crate::programme::condition::{Range, Test};

/// The effect of a new condition for something that is good to have: the more it lets through the
/// better. What cannot be told from the conditions alone is mixed.
pub fn wider(old: &Test, new: &Test) -> ForMembers {
    match (implies(old, new), implies(new, old)) {
        (true, true) => ForMembers::Neutral,
        (true, false) => ForMembers::Better,
        (false, true) => ForMembers::Worse,
        (false, false) => ForMembers::Mixed,
    }
}

/// Whether `one` can only hold when `other` does. `false` where it is not sure.
fn implies(one: &Test, other: &Test) -> bool {
    if one == other {
        return true;
    }
    match (one, other) {
        (_, Test::All(others)) => others.iter().all(|other| implies(one, other)),
        (Test::Any(ones), _) => ones.iter().all(|one| implies(one, other)),
        (Test::All(ones), Test::Any(others)) => {
            ones.iter().any(|one| implies(one, other)) || others.iter().any(|other| implies(one, other))
        }
        (Test::All(ones), _) => ones.iter().any(|one| implies(one, other)),
        (_, Test::Any(others)) => others.iter().any(|other| implies(one, other)),
        (Test::Not(one), Test::Not(other)) => implies(other, one),
        (Test::Number { field, range }, Test::Number { field: other, range: around }) => {
            field == other && inside(*range, *around)
        }
        (Test::NumberIn { field, numbers }, Test::Number { field: other, range }) => {
            field == other
                && numbers.iter().all(|number| inside(Range { least: Some(*number), most: Some(*number) }, *range))
        }
        (Test::Number { field, range }, Test::NumberIn { field: other, numbers }) => {
            field == other && range.least == range.most && range.least.is_some_and(|only| numbers.contains(&only))
        }
        (Test::NumberIn { field, numbers }, Test::NumberIn { field: other, numbers: among }) => {
            field == other && numbers.is_subset(among)
        }
        (Test::Money { field, range }, Test::Money { field: other, range: around }) => {
            field == other && inside(*range, *around)
        }
        (Test::TextIn { field, texts }, Test::TextIn { field: other, texts: among }) => {
            field == other && texts.is_subset(among)
        }
        (Test::Has { field, texts }, Test::Has { field: other, texts: among }) => {
            field == other && texts.is_subset(among)
        }
        (Test::WeekdayIn { days }, Test::WeekdayIn { days: among }) => days.is_subset(among),
        (Test::MonthIn { months }, Test::MonthIn { months: among }) => months.is_subset(among),
        (Test::LevelIn { levels }, Test::LevelIn { levels: among }) => levels.is_subset(among),
        (Test::Moment { field, from, until }, Test::Moment { field: other, from: other_from, until: other_until }) => {
            field == other
                && other_from.is_none_or(|other| from.is_some_and(|from| from >= other))
                && other_until.is_none_or(|other| until.is_some_and(|until| until <= other))
        }
        _ => false,
    }
}

fn inside(range: Range, around: Range) -> bool {
    around.least.is_none_or(|least| range.least.is_some_and(|own| own >= least))
        && around.most.is_none_or(|most| range.most.is_some_and(|own| own <= most))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Name;
    use crate::programme::condition::{FlagField, MoneyField, TextField};

    fn total(least: i64) -> Test {
        Test::Money { field: MoneyField::OrderTotal, range: Range { least: Some(least), most: None } }
    }

    fn category(names: &[&str]) -> Test {
        Test::TextIn { field: TextField::LineCategory, texts: names.iter().map(|name| Name::from(*name)).collect() }
    }

    #[test]
    fn conditions_are_ordered_where_one_lets_through_what_the_other_does() {
        let first = Test::Flag { field: FlagField::OrderFirst, is: true };
        let not = |test: Test| Test::Not(Box::new(test));
        for (old, new, effect) in [
            (total(5000), total(4000), ForMembers::Better),
            (total(5000), total(6000), ForMembers::Worse),
            (Test::ALWAYS, total(1), ForMembers::Worse),
            (Test::All(vec![total(5000)]), total(5000), ForMembers::Neutral),
            (category(&["tea"]), category(&["coffee", "tea"]), ForMembers::Better),
            (category(&["tea"]), category(&["coffee"]), ForMembers::Mixed),
            (not(category(&["tea"])), not(category(&["coffee", "tea"])), ForMembers::Worse),
            (total(5000), Test::Any(vec![total(5000), first.clone()]), ForMembers::Better),
            (Test::Any(vec![total(5000), first.clone()]), first.clone(), ForMembers::Worse),
            (
                Test::All(vec![total(5000), category(&["tea"])]),
                Test::All(vec![category(&["tea"]), total(4000)]),
                ForMembers::Better,
            ),
            (
                Test::All(vec![total(5000), category(&["tea"])]),
                Test::All(vec![total(4000), category(&["coffee"])]),
                ForMembers::Mixed,
            ),
            (total(5000), first, ForMembers::Mixed),
        ] {
            assert_eq!(wider(&old, &new), effect, "{old:?} to {new:?}");
            assert_eq!(wider(&new, &old), effect.reversed(), "{new:?} to {old:?}");
        }
    }
}
