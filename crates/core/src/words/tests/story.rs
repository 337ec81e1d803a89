//! The story of one member, from both ends.

use super::*;
use crate::decision::{Basis, Because, Decision, Effect, Reckoning};
use crate::ledger::{Account, Posting};
use crate::programme::Rulebook;

fn decision(version: u32, effects: Vec<Effect>) -> Decision {
    Decision {
        version,
        effects,
        records: Vec::new(),
        follow_ups: Vec::new(),
        draws: Vec::new(),
        repeats: None,
        replaces: None,
    }
}

fn effect(at: &str, because: Because, postings: &[(Account, i64)]) -> Effect {
    let posting = |(account, amount): &(Account, i64)| Posting {
        account: *account,
        unit: "points".into(),
        brand: "shop".into(),
        amount: *amount,
    };
    Effect { at: moment(at), because, postings: postings.iter().map(posting).collect() }
}

/// A member joins, buys, waits, and spends; meanwhile the rule is given another name.
fn life() -> (Rulebook, Vec<Decision>) {
    use Account::{Available, Issued, Pending, Redeemed};
    let mut first = club();
    first.version = 1;
    let mut second = club();
    second.version = 2;
    second.rules[0].name.insert(Language::En, "Points, renamed".to_owned());
    let reckoning = Reckoning {
        rule: "spend".into(),
        basis: Basis::Amount { amount: Money(12_300), rate: Factor::ONE, per: Money(100), carried: false },
        multipliers: Vec::new(),
        before_limits: 123,
        limits: Vec::new(),
        points: 123,
    };
    let returned = Reckoning {
        basis: Basis::Amount { amount: Money(10_000), rate: Factor::ONE, per: Money(100), carried: false },
        before_limits: 100,
        points: 100,
        ..reckoning.clone()
    };
    let order = || Name::from("1001");
    let decisions = vec![
        decision(1, vec![effect("2026-03-01 10:00", Because::Enrolled, &[])]),
        decision(
            1,
            vec![effect(
                "2026-03-02 12:30",
                Because::OrderEarned { order: order(), version: 1, reckoning },
                &[(Issued, -123), (Pending, 123)],
            )],
        ),
        decision(
            2,
            vec![
                effect(
                    "2026-03-16 12:30",
                    Because::Released { order: Some(order()), earned_at: moment("2026-03-02 12:30") },
                    &[(Pending, -123), (Available, 123)],
                ),
                effect(
                    "2026-03-20 09:05",
                    Because::Redeemed { reward: "coffee".into(), reference: None },
                    &[(Available, -100), (Redeemed, 100)],
                ),
            ],
        ),
        decision(
            2,
            vec![effect(
                "2026-03-21 18:00",
                Because::OrderSettled {
                    order: order(),
                    version: 1,
                    was: 123,
                    reckoning: returned,
                    debt: 0,
                    forgiven: 0,
                },
                &[(Available, -23), (Account::Reversed, 23)],
            )],
        ),
    ];
    (Rulebook::new([first, second]), decisions)
}

fn told(decisions: &[Decision]) -> Vec<Told<'_>> {
    let tell = |(index, decision): (usize, &'_ Decision)| (transaction(index as u16), decision.effects[0].at);
    decisions
        .iter()
        .enumerate()
        .map(|(index, decision)| {
            let (transaction, decided_at) = tell((index, decision));
            Told { transaction, decided_at, decision }
        })
        .collect()
}

#[test]
fn a_story_is_told_with_balances() {
    let (rulebook, decisions) = life();
    let mut text = String::new();
    for language in [Language::Pl, Language::En] {
        let words = Words::new(language);
        let lines = forwards(&words, &rulebook, &BTreeMap::new(), &told(&decisions));
        text.push_str(&spaced(&plain(&words, &lines)));
    }
    assert_golden(&text, include_str!("story.txt"));
}

#[test]
fn backwards_it_is_the_same_story() {
    let (rulebook, decisions) = life();
    let words = Words::new(Language::En);
    let told = told(&decisions);
    let mut newest_first = told.clone();
    newest_first.reverse();
    let mut lines = backwards(&words, &rulebook, &BTreeMap::new(), &[], &newest_first);
    lines.reverse();
    assert_eq!(lines, forwards(&words, &rulebook, &BTreeMap::new(), &told));
    assert_eq!(lines[1].entry(), format!("{}-0", transaction(1)));
}
