//! When, how often and in which order things become known, and where that must not matter.

use std::collections::BTreeMap;

use jiff::ToSpan;
use lojal_core::command::Command;
use lojal_core::kernel::{HolderId, Id, Instant, TransactionId};
use lojal_simulation::chance::Chance;
use lojal_simulation::history::{Action, Mix, Shape, Step, random_programme};
use lojal_simulation::shell::{Outcome, Shell};

use crate::story::{Story, Telling, balances, perform, seeds};

const NO_CORRECTIONS: Mix = &[
    (Action::Order, 30),
    (Action::LateOrder, 6),
    (Action::OrderGoesOn, 14),
    (Action::Return, 14),
    (Action::LooseReturn, 4),
    (Action::Activity, 10),
    (Action::Hold, 7),
    (Action::EndHold, 7),
    (Action::Redeem, 12),
    (Action::RollBack, 4),
    (Action::UseVoucher, 4),
    (Action::Adjust, 4),
    (Action::Send, 8),
    (Action::Tick, 8),
];

pub fn tick_all(shell: &mut Shell, at: Instant, first: u16) {
    let holders: Vec<HolderId> = shell.holders().map(|holder| holder.id).collect();
    for (number, holder) in holders.into_iter().enumerate() {
        let transaction = TransactionId(Id::new(at.as_millisecond(), first + number as u16, holder.part()));
        let step = Step { at, holder, transaction, entropy: 0, command: Command::Tick };
        let performed = perform(shell, &step);
        assert!(matches!(performed[0].outcome, Outcome::Done(_)), "{performed:?}");
    }
}

/// What has a natural key is known by it; the rest by the request's own key.
fn delivered_again(step: &Step, at: Instant, number: usize) -> Step {
    let transaction = match step.command.key() {
        Some(_) => TransactionId(Id::new(at.as_millisecond(), 40_000 + number as u16, step.holder.part())),
        None => step.transaction,
    };
    Step { at, transaction, ..step.clone() }
}

fn done(story: &Story) -> Vec<Step> {
    story.decisions().map(|(performed, _)| performed.step.clone()).collect()
}

#[test]
fn each_request_delivered_twice_counts_once() {
    for seed in seeds(100) {
        let story = Telling { seed, shape: Shape::Anything, mix: Action::EVERYTHING, members: 5, steps: 200 }.tell();
        let mut shell = story.fresh();
        for (number, step) in story.steps.iter().enumerate() {
            let first = perform(&mut shell, step);
            if !matches!(first[0].outcome, Outcome::Done(_)) {
                continue;
            }
            let before = balances(&shell);
            let second = perform(&mut shell, &delivered_again(step, step.at, number));
            match &second[0].outcome {
                Outcome::Done(decision) => {
                    assert!(decision.repeats.is_some(), "seed {seed}: {step:#?} is done twice: {decision:#?}");
                }
                Outcome::Known | Outcome::Refused(_) => {}
            }
            assert_eq!(before, balances(&shell), "seed {seed}: {step:#?}");
        }
        assert_eq!(balances(&story.shell), balances(&shell), "seed {seed}\n{}", story.text);
    }
}

#[test]
fn the_whole_history_delivered_again_changes_nothing() {
    for seed in seeds(100) {
        let story = Telling { seed, shape: Shape::Anything, mix: NO_CORRECTIONS, members: 5, steps: 200 }.tell();
        let mut shell = story.shell.clone();
        let at = story.end();
        tick_all(&mut shell, at, 60_000);
        let before = balances(&shell);
        for (number, step) in done(&story).iter().enumerate() {
            let again = perform(&mut shell, &delivered_again(step, at, number));
            assert_eq!(before, balances(&shell), "seed {seed}: {step:#?} {:#?}\n{}", again[0].outcome, story.text);
        }
    }
}

/// Whether holders compete for something under the programme.
pub fn shares_something(text: &str) -> bool {
    ["stock =", "budget =", "pool ="].iter().any(|shared| text.contains(shared))
}

#[test]
fn interleaving_between_holders_does_not_matter() {
    let mut tried = 0;
    for seed in seeds(420) {
        let text = random_programme(seed, Shape::Anything);
        if shares_something(&text) {
            continue;
        }
        tried += 1;
        let story = Telling { seed, shape: Shape::Anything, mix: Action::ALONE, members: 5, steps: 200 }.tell();
        let mut alone: BTreeMap<HolderId, Vec<&Step>> = BTreeMap::new();
        for step in &story.steps {
            alone.entry(step.holder).or_default().push(step);
        }
        let mut shell = story.fresh();
        for step in alone.into_values().flatten() {
            perform(&mut shell, step);
        }
        let together: Vec<_> = story.shell.holders().collect();
        assert_eq!(together, shell.holders().collect::<Vec<_>>(), "seed {seed}\n{text}");
    }
    assert!(tried >= 15, "{tried}");
}

#[test]
fn time_does_the_same_however_often_it_is_asked() {
    let mut tried = 0;
    for seed in seeds(420) {
        let text = random_programme(seed, Shape::Anything);
        // The code of a voucher that time hands out depends on the draw of the step that finds it due.
        if shares_something(&text) || text.contains("\nreward =") {
            continue;
        }
        tried += 1;
        let story = Telling { seed, shape: Shape::Anything, mix: Action::ALONE, members: 4, steps: 150 }.tell();
        let run = |days: i64| {
            let mut shell = story.fresh();
            let mut ticks = 0;
            let mut last = story.steps[0].at;
            for step in &story.steps {
                if matches!(step.command, Command::Tick) {
                    continue;
                }
                while last < step.at {
                    last = last.saturating_add((days * 24).hours()).unwrap().min(step.at);
                    for holder in shell.due(last) {
                        ticks += 1;
                        let transaction = TransactionId(Id::new(last.as_millisecond(), 50_000 + ticks, holder.part()));
                        perform(
                            &mut shell,
                            &Step { at: last, holder, transaction, entropy: 0, command: Command::Tick },
                        );
                    }
                }
                last = step.at;
                perform(&mut shell, step);
            }
            tick_all(&mut shell, story.end(), 60_000);
            shell
        };
        // Birthdays that nobody looked at for more than a year are not made up for.
        let (seldom, often) = (run(330), run(35));
        for (seldom, often) in seldom.holders().zip(often.holders()) {
            assert_eq!(seldom, often, "seed {seed}\n{}", story.text);
        }
    }
    assert!(tried >= 10, "{tried}");
}

#[test]
fn late_orders_end_in_the_same_balances_where_no_rule_depends_on_order() {
    for seed in seeds(300) {
        let story =
            Telling { seed, shape: Shape::OrderFree, mix: Action::ORDERS_AND_RETURNS, members: 3, steps: 80 }.tell();
        let at = story.end();
        let later = at.saturating_add((24 * 500).hours()).unwrap();
        let mut on_time = story.shell.clone();
        tick_all(&mut on_time, later, 60_000);

        let mut late = story.fresh();
        for step in arriving_anyhow(&story, seed) {
            perform(&mut late, &Step { at: step.at.max(at), ..step });
        }
        tick_all(&mut late, later, 60_000);
        assert_eq!(balances(&on_time), balances(&late), "seed {seed}\n{}", story.text);
    }
}

/// Members first; then orders in any order, but each order's own steps as they were.
fn arriving_anyhow(story: &Story, seed: u64) -> Vec<Step> {
    let mut openings = Vec::new();
    let mut orders: Vec<Vec<Step>> = Vec::new();
    let mut places = BTreeMap::new();
    for step in done(story) {
        match step.command.key() {
            None => openings.push(step),
            Some(key) => {
                let place = *places.entry(key).or_insert_with(|| {
                    orders.push(Vec::new());
                    orders.len() - 1
                });
                orders[place].push(step);
            }
        }
    }
    Chance::seeded(seed).shuffle(&mut orders);
    openings.into_iter().chain(orders.into_iter().flatten()).collect()
}
