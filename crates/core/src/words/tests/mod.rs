mod changes;
mod conditions;
mod effects;
mod findings;
mod refusals;
mod story;

use std::collections::{BTreeMap, BTreeSet};

use fluent_bundle::FluentResource;

use super::*;
use crate::kernel::{Factor, HolderId, Id, Instant, Money, Part, TransactionId};
use crate::programme::parse_toml;

fn club() -> Programme {
    parse_toml(include_str!("club.toml")).expect("the club's programme is correct")
}

/// What is not to be broken across lines is compared as if it were.
fn spaced(text: &str) -> String {
    text.replace('\u{a0}', " ")
}

fn moment(text: &str) -> Instant {
    crate::kernel::Calendar::new("Europe/Warsaw").unwrap().parse(text).unwrap()
}

fn transaction(sequence: u16) -> TransactionId {
    TransactionId(Id::new(1_790_000_000_000, sequence, Part::PROGRAMME))
}

fn holder(sequence: u16) -> HolderId {
    HolderId(Id::new(1_790_000_000_000, sequence, Part::PROGRAMME))
}

/// Names by which a story calls the other people in it.
fn names() -> BTreeMap<HolderId, String> {
    BTreeMap::from([(holder(7), "Ewa".to_owned()), (holder(9), "Nowakowie".to_owned())])
}

/// The golden text: a name, then what each language makes of it.
fn golden(cases: impl IntoIterator<Item = (String, [String; 2])>) -> String {
    cases.into_iter().map(|(name, [pl, en])| format!("{name}\n  {}\n  {}\n", spaced(&pl), spaced(&en))).collect()
}

fn assert_golden(actual: &str, expected: &str) {
    for (actual, expected) in actual.lines().zip(expected.lines()) {
        assert_eq!(actual, expected);
    }
    assert_eq!(actual.lines().count(), expected.lines().count(), "{actual}");
}

/// The variants of an enum as its source spells them, in snake case.
fn variants(source: &str, name: &str) -> BTreeSet<String> {
    let body = source.split_once(&format!("pub enum {name} {{")).expect(name).1.split_once("\n}").expect(name).0;
    let named =
        body.lines().filter_map(|line| line.strip_prefix("    ").filter(|line| line.starts_with(char::is_uppercase)));
    named
        .map(|line| {
            let name: String = line.chars().take_while(|letter| letter.is_alphanumeric()).collect();
            let mut snake = String::new();
            for letter in name.chars() {
                if letter.is_uppercase() && !snake.is_empty() {
                    snake.push('_');
                }
                snake.extend(letter.to_lowercase());
            }
            snake
        })
        .collect()
}

#[test]
fn units_take_the_right_plural() {
    let programme = club();
    for (language, unit, amount, text) in [
        (Language::Pl, "points", 0, "0 punktów"),
        (Language::Pl, "points", 1, "1 punkt"),
        (Language::Pl, "points", 2, "2 punkty"),
        (Language::Pl, "points", 5, "5 punktów"),
        (Language::Pl, "points", 12, "12 punktów"),
        (Language::Pl, "points", 22, "22 punkty"),
        (Language::Pl, "points", 112, "112 punktów"),
        (Language::Pl, "points", -23, "−23 punkty"),
        (Language::Pl, "points", 1_234_567, "1 234 567 punktów"),
        (Language::Pl, "miles", 3, "3 mile"),
        (Language::Pl, "cashback", 1250, "12,50 złotego zwrotu"),
        (Language::En, "points", 1, "1 point"),
        (Language::En, "points", 2, "2 points"),
        (Language::En, "cashback", 1250, "12.50 zlotys back"),
        (Language::En, "stars", 5, "5 stars"),
    ] {
        let words = Words::new(language);
        assert_eq!(spaced(&words.about(&programme).amount(unit, amount)), text);
    }
}

#[test]
fn numbers_are_written_as_people_write_them() {
    let programme = club();
    let (pl, en) = (Words::new(Language::Pl), Words::new(Language::En));
    for (amount, polish, english) in [
        (0, "0,00 zł", "PLN 0.00"),
        (5, "0,05 zł", "PLN 0.05"),
        (123_456_750, "1 234 567,50 zł", "PLN 1,234,567.50"),
        (-99_900, "−999,00 zł", "−PLN 999.00"),
    ] {
        assert_eq!(spaced(&pl.about(&programme).money(Money(amount))), polish);
        assert_eq!(spaced(&en.about(&programme).money(Money(amount))), english);
    }
    assert_eq!(pl.about(&programme).money(Money(123_450)), "1\u{a0}234,50\u{a0}zł");
    assert_eq!(pl.factor(Factor(1_500_000)), "×1,5");
    assert_eq!(en.factor(Factor(2_000_000)), "×2");
    assert_eq!(pl.percent(125, 1), "12,5%");
    assert_eq!(en.percent(150, 1), "15%");
}

#[test]
fn foreign_money_keeps_its_sign() {
    let words = Words::new(Language::En);
    let polish = Words::new(Language::Pl);
    for (code, english, in_polish) in
        [("GBP", "−£12.40", "−12,40 GBP"), ("EUR", "−€12.40", "−12,40 EUR"), ("CHF", "−CHF 12.40", "−12,40 CHF")]
    {
        let mut programme = club();
        programme.currency.code = code.into();
        assert_eq!(spaced(&words.about(&programme).money(Money(-1240))), english);
        assert_eq!(spaced(&polish.about(&programme).money(Money(-1240))), in_polish);
    }
}

#[test]
fn dates_follow_the_programmes_wall_clock() {
    let programme = club();
    let (pl, en) = (Words::new(Language::Pl), Words::new(Language::En));
    let (pl, en) = (pl.about(&programme), en.about(&programme));
    let noon: Instant = "2026-04-03T12:05:00Z".parse().unwrap();
    assert_eq!(pl.moment(noon), "3 kwietnia 2026, 14:05");
    assert_eq!(en.moment(noon), "3 April 2026, 14:05");
    let midnight = moment("2026-05-01");
    assert_eq!(pl.day(midnight), "1 maja 2026");
    assert_eq!(pl.until(midnight), "do 30 kwietnia 2026 włącznie");
    assert_eq!(en.until(midnight), "until the end of 30 April 2026");
    assert_eq!(pl.until(noon), "do 3 kwietnia 2026, 14:05");
    assert_eq!(en.since(midnight), "from 1 May 2026");
}

#[test]
fn periods_are_counted() {
    for (period, polish, english) in [
        ("1 day", "1 dzień", "1 day"),
        ("14 days", "14 dni", "14 days"),
        ("2 weeks", "2 tygodnie", "2 weeks"),
        ("12 months", "12 miesięcy", "12 months"),
        ("3 years", "3 lata", "3 years"),
        ("30 minutes", "30 minut", "30 minutes"),
        ("1 hour", "1 godzina", "1 hour"),
    ] {
        let period = period.parse().unwrap();
        assert_eq!(Words::new(Language::Pl).period(period), polish);
        assert_eq!(Words::new(Language::En).period(period), english);
    }
}

/// The keys of a Fluent file, in order.
fn keys(source: &str) -> Vec<&str> {
    source
        .lines()
        .filter(|line| line.starts_with(|letter: char| letter.is_ascii_lowercase()))
        .filter_map(|line| line.split_once(" = "))
        .map(|(key, _)| key)
        .collect()
}

#[test]
fn the_texts_are_whole_in_both_languages() {
    for (pl, en) in sources(Language::Pl).into_iter().zip(sources(Language::En)) {
        for source in [pl, en] {
            if let Err((_, problems)) = FluentResource::try_new(source.to_owned()) {
                panic!("{problems:?}");
            }
            let unique: BTreeSet<&str> = keys(source).into_iter().collect();
            assert_eq!(unique.len(), keys(source).len(), "a key is there twice");
        }
        assert_eq!(keys(pl), keys(en), "both languages have the same texts in the same order");
    }
}

#[test]
fn every_text_is_used_and_every_used_text_is_there() {
    let code = [
        include_str!("../change.rs"),
        include_str!("../change/value.rs"),
        include_str!("../condition.rs"),
        include_str!("../dates.rs"),
        include_str!("../effect.rs"),
        include_str!("../explanation.rs"),
        include_str!("../finding.rs"),
        include_str!("../mod.rs"),
        include_str!("../numbers.rs"),
        include_str!("../reckoning.rs"),
        include_str!("../referral.rs"),
        include_str!("../refusal.rs"),
        include_str!("../story.rs"),
        include_str!("../../programme/check/accepted.rs"),
        include_str!("../../programme/check/campaigns.rs"),
        include_str!("../../programme/check/conditions.rs"),
        include_str!("../../programme/check/costs.rs"),
        include_str!("../../programme/check/referrals.rs"),
        include_str!("../../programme/check/rewards.rs"),
        include_str!("../../programme/check/rules.rs"),
        include_str!("../../programme/check/texts.rs"),
        include_str!("../../programme/check/tiers.rs"),
        include_str!("../../programme/check/units.rs"),
        include_str!("../../programme/check/usual.rs"),
        include_str!("../../programme/compile.rs"),
        include_str!("../../programme/compile_rewards.rs"),
        include_str!("../../programme/compile_rules.rs"),
        include_str!("../../programme/compile_tiers.rs"),
        include_str!("../../programme/fraud.rs"),
        include_str!("../../programme/mod.rs"),
        include_str!("../../programme/operator.rs"),
        include_str!("../../programme/planned.rs"),
        include_str!("../../programme/referrals.rs"),
        include_str!("../../programme/shape.rs"),
        include_str!("../../programme/vocabulary.rs"),
        include_str!("../../terms/changes.rs"),
        include_str!("../../terms/earning.rs"),
        include_str!("../../terms/findings.rs"),
        include_str!("../../terms/levels.rs"),
        include_str!("../../terms/mod.rs"),
        include_str!("../../terms/operator.rs"),
        include_str!("../../terms/referrals.rs"),
        include_str!("../../terms/rewards.rs"),
        include_str!("../../terms/scribe.rs"),
        include_str!("../../terms/summary.rs"),
        include_str!("../../terms/units.rs"),
    ]
    .concat();
    let texts: BTreeSet<&str> = sources(Language::En).into_iter().flat_map(keys).collect();
    let quoted: BTreeSet<&str> = code.split('"').skip(1).step_by(2).collect();
    let unused: Vec<&&str> = texts.difference(&quoted).collect();
    assert!(unused.is_empty(), "no code says {unused:?}");
    let said: BTreeSet<&str> = code
        .split("say(")
        .skip(1)
        .filter_map(|call| call.trim_start().strip_prefix('"')?.split_once('"').map(|(key, _)| key))
        .collect();
    let found = quoted.iter().copied().filter(|text| text.starts_with("finding-"));
    let said: BTreeSet<&str> = said.into_iter().chain(found).collect();
    let missing: Vec<&&str> = said.difference(&texts).collect();
    assert!(missing.is_empty(), "no text is there for {missing:?}");
}

#[test]
fn no_text_raises_its_voice() {
    for language in Language::ALL {
        for source in sources(language) {
            assert!(!source.contains('!'), "{language:?}");
        }
    }
}
