//! Conditions and "why not" in both languages.

use super::*;
use crate::explanation::{NearMiss, RuleOutcome, RuleTrace};
use crate::programme::condition::{
    Actual, FlagField, Lacking, MomentField, MoneyField, NumberField, Range, Reading, SetField, Test, TextField,
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
        let failed = Reading { test, actual };
        let name = format!("{:?}", failed.test);
        let name = name.split(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default().to_owned();
        (name, RuleTrace { rule: "spend".into(), outcome: RuleOutcome::NotMet(failed), held: Vec::new() })
    });
    let others = [
        ("NotRunning", "spring", RuleOutcome::NotRunning),
        ("NoLines", "spend", RuleOutcome::NoLines),
        ("Multiplied", "weekend", RuleOutcome::Multiplied),
        ("Fired", "spend", RuleOutcome::Fired { points: 12 }),
    ];
    let others = others
        .into_iter()
        .map(|(name, rule, outcome)| (name.to_owned(), RuleTrace { rule: rule.into(), outcome, held: Vec::new() }));
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

#[test]
fn what_held_is_told_with_what_was_the_case() {
    let programme = club();
    let (pl, en) = (Words::new(Language::Pl), Words::new(Language::En));
    let (pl, en) = (pl.about(&programme), en.about(&programme));
    let held = [
        Reading { test: total(Some(5000), None), actual: Actual::Money(Money(6200)) },
        Reading { test: category(&["coffee"]), actual: Actual::Texts(vec!["coffee".into()]) },
        Reading { test: category(&["coffee", "tea"]), actual: Actual::Texts(vec!["tea".into()]) },
        Reading { test: number(NumberField::OrderItems, 3), actual: Actual::Number(4) },
        Reading { test: Test::WeekdayIn { days: BTreeSet::from([6, 7]) }, actual: Actual::Number(6) },
        Reading { test: Test::Flag { field: FlagField::OrderFirst, is: true }, actual: Actual::Flag(true) },
        Reading { test: Test::LevelIn { levels: texts(&["gold"]) }, actual: Actual::Texts(vec!["gold".into()]) },
    ];
    let trace = RuleTrace { rule: "spend".into(), outcome: RuleOutcome::Fired { points: 62 }, held: held.into() };
    let actual = golden([("held".to_owned(), [pl.outcome(&trace), en.outcome(&trace)])]);
    assert_golden(
        &actual,
        "held
  Zasada „Punkty za zakupy” daje: 62 punkty. Spełnione: zamówienie za co najmniej 50,00 zł (tu: 62,00 zł); kategoria: coffee; kategoria: coffee lub tea (tu: tea); liczba sztuk w zamówieniu: co najmniej 3 (tu: 4); dzień tygodnia: sobota lub niedziela (tu: sobota); pierwsze zamówienie; poziom: Złoty.
  Rule “Points for purchases” gives: 62 points. Met: order of at least PLN 50.00 (here PLN 62.00); category: coffee; category: coffee or tea (here tea); pieces in the order: at least 3 (here 4); day of the week: Saturday or Sunday (here Saturday); first order; level: Gold.
",
    );
}

#[test]
fn what_was_only_just_missed_is_told() {
    let programme = club();
    let (pl, en) = (Words::new(Language::Pl), Words::new(Language::En));
    let (pl, en) = (pl.about(&programme), en.about(&programme));
    let money = Lacking::Money { field: MoneyField::OrderTotal, actual: Money(18_760), needed: Money(20_000) };
    let pieces = Lacking::Number { field: NumberField::OrderItems, actual: 2, needed: 3 };
    let reward = |missing, pending| NearMiss::Reward {
        reward: "coffee".into(),
        unit: "points".into(),
        needed: 100,
        missing,
        pending,
    };
    let level = NearMiss::Level { ladder: "status".into(), level: "gold".into(), needed: 100_000, missing: 15_000 };
    let cases = [
        NearMiss::Rule { rule: "weekend".into(), lacking: money },
        NearMiss::Rule { rule: "weekend".into(), lacking: pieces },
        reward(1, 0),
        reward(42, 12),
        level,
    ];
    let cases = cases.iter().map(|miss| (String::from("near"), [pl.near_miss(miss), en.near_miss(miss)]));
    assert_golden(
        &golden(cases.collect::<Vec<_>>()),
        "near
  Zasada „Weekend razy dwa”: brakuje 12,40 zł.
  PLN 12.40 short of rule “Double weekend”.
near
  Zasada „Weekend razy dwa”: brakuje 1 (liczba sztuk w zamówieniu).
  1 (pieces in the order) short of rule “Double weekend”.
near
  Do nagrody „Kawa” brakuje 1 punktu.
  1 point short of the reward “A coffee”.
near
  Do nagrody „Kawa” brakuje 42 punktów. W drodze: 12 punktów.
  42 points short of the reward “A coffee”. On their way: 12 points.
near
  Do poziomu „Złoty” brakuje: 150,00 zł.
  PLN 150.00 short of the Gold level.
",
    );
}
