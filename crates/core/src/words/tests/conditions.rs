//! Conditions and "why not" in both languages.

use super::*;
use crate::desk::{RuleOutcome, RuleTrace};
use crate::programme::condition::{
    Actual, Failure, FlagField, MomentField, MoneyField, NumberField, Range, SetField, Test, TextField,
};

fn texts(texts: &[&str]) -> BTreeSet<Name> {
    texts.iter().map(|text| Name::from(*text)).collect()
}

fn range(least: Option<i64>, most: Option<i64>) -> Range {
    Range { least, most }
}

fn total(least: Option<i64>, most: Option<i64>) -> Test {
    Test::Money { field: MoneyField::OrderTotal, range: range(least, most) }
}

fn category(categories: &[&str]) -> Test {
    Test::TextIn { field: TextField::LineCategory, texts: texts(categories) }
}

fn number(field: NumberField, least: i64) -> Test {
    Test::Number { field, range: range(Some(least), None) }
}

fn text_in(field: TextField, value: &str) -> Test {
    Test::TextIn { field, texts: texts(&[value]) }
}

fn failures() -> Vec<(Test, Actual)> {
    let weekend = BTreeSet::from([6, 7]);
    vec![
        (total(Some(5000), None), Actual::Money(Money(4300))),
        (total(Some(5000), Some(10_000)), Actual::Money(Money(20_000))),
        (total(None, Some(10_000)), Actual::Unknown),
        (Test::Money { field: MoneyField::LinePrice, range: range(Some(1000), None) }, Actual::Money(Money(999))),
        (Test::Money { field: MoneyField::LineTotal, range: range(Some(1000), Some(1000)) }, Actual::Money(Money(999))),
        (Test::Flag { field: FlagField::OrderFirst, is: true }, Actual::Flag(false)),
        (Test::Flag { field: FlagField::OrderFirst, is: false }, Actual::Flag(true)),
        (Test::Flag { field: FlagField::LineDiscounted, is: true }, Actual::Flag(false)),
        (Test::Flag { field: FlagField::LineDiscounted, is: false }, Actual::Flag(true)),
        (Test::Flag { field: FlagField::MemberAttribute("vegan".into()), is: true }, Actual::Flag(false)),
        (Test::Number { field: NumberField::OrderNumber, range: range(Some(1), Some(1)) }, Actual::Number(3)),
        (number(NumberField::OrderNumber, 5), Actual::Number(3)),
        (number(NumberField::OrderItems, 3), Actual::Number(1)),
        (number(NumberField::LineQuantity, 2), Actual::Number(1)),
        (number(NumberField::DaysSinceJoining, 30), Actual::Number(12)),
        (number(NumberField::MemberOrders, 3), Actual::Number(1)),
        (number(NumberField::DayOfMonth, 20), Actual::Number(5)),
        (Test::Number { field: NumberField::Hour, range: range(Some(8), Some(11)) }, Actual::Number(14)),
        (
            Test::NumberIn { field: NumberField::ActivityAttribute("stars".into()), numbers: BTreeSet::from([4, 5]) },
            Actual::Number(2),
        ),
        (Test::Number { field: NumberField::Hour, range: range(None, None) }, Actual::Unknown),
        (category(&["coffee", "juice", "tea"]), Actual::Texts(vec!["cake".into()])),
        (text_in(TextField::OrderChannel, "app"), Actual::Texts(vec!["web".into()])),
        (text_in(TextField::OrderCountry, "PL"), Actual::Texts(vec!["DE".into()])),
        (text_in(TextField::OrderBrand, "shop"), Actual::Texts(vec!["bakery".into()])),
        (text_in(TextField::LineSku, "A-1"), Actual::Texts(vec!["B-2".into()])),
        (text_in(TextField::LineMake, "Acme"), Actual::Unknown),
        (
            Test::Has { field: SetField::MemberSegments, texts: texts(&["students", "teachers"]) },
            Actual::Texts(Vec::new()),
        ),
        (
            Test::Has { field: SetField::LineTags, texts: texts(&["eco"]) },
            Actual::Texts(vec!["new".into(), "sale".into()]),
        ),
        (Test::WeekdayIn { days: weekend }, Actual::Number(3)),
        (Test::MonthIn { months: BTreeSet::from([1, 4, 7, 11]) }, Actual::Number(5)),
        (Test::LevelIn { levels: texts(&["gold", "silver"]) }, Actual::Texts(vec!["member".into(), "guest".into()])),
        (
            Test::Moment {
                field: MomentField::Now,
                from: Some(moment("2026-04-01")),
                until: Some(moment("2026-05-01")),
            },
            Actual::Moment(moment("2026-05-02 09:30")),
        ),
        (
            Test::Moment { field: MomentField::Joined, from: Some(moment("2026-01-01")), until: None },
            Actual::Moment(moment("2025-11-02 09:30")),
        ),
        (Test::Not(Box::new(category(&["cake"]))), Actual::Unknown),
        (Test::Any(vec![total(Some(5000), None), category(&["coffee"])]), Actual::Unknown),
        (
            Test::All(vec![
                Test::Any(vec![total(Some(5000), None), Test::Flag { field: FlagField::OrderFirst, is: true }]),
                category(&["coffee"]),
                text_in(TextField::OrderChannel, "app"),
            ]),
            Actual::Unknown,
        ),
    ]
}

#[test]
fn conditions_are_read_aloud() {
    let programme = club();
    let (pl, en) = (Words::new(Language::Pl), Words::new(Language::En));
    let (pl, en) = (pl.about(&programme), en.about(&programme));
    let cases = failures().into_iter().map(|(test, actual)| {
        let failure = Failure { test, actual };
        let name = format!("{:?}", failure.test);
        let name = name.split(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default().to_owned();
        (name, RuleTrace { rule: "spend".into(), outcome: RuleOutcome::NotMet(failure) })
    });
    let others = [
        ("NotRunning", "spring", RuleOutcome::NotRunning),
        ("NoLines", "spend", RuleOutcome::NoLines),
        ("Multiplied", "weekend", RuleOutcome::Multiplied),
        ("Fired", "spend", RuleOutcome::Fired { points: 12 }),
    ];
    let others =
        others.into_iter().map(|(name, rule, outcome)| (name.to_owned(), RuleTrace { rule: rule.into(), outcome }));
    let sentences = cases.chain(others).map(|(name, trace)| (name, [pl.outcome(&trace), en.outcome(&trace)]));
    let actual = golden(sentences.collect::<Vec<_>>());
    assert_golden(&actual, include_str!("conditions.txt"));
}

#[test]
fn what_always_holds_needs_no_words() {
    let programme = club();
    for language in Language::ALL {
        assert_eq!(Words::new(language).about(&programme).condition(&Test::ALWAYS), "");
    }
}
