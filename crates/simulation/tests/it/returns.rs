//! Any way of bringing goods back ends where bringing them back at once would.

use std::collections::BTreeMap;

use jiff::ToSpan;
use lojal_core::activity::{Order, OrderState};
use lojal_core::command::{Command, ReturnedLine};
use lojal_core::kernel::{HolderId, Id, Name, TransactionId};
use lojal_simulation::chance::Chance;
use lojal_simulation::history::{Action, Shape, Step, random_programme};
use lojal_simulation::shell::{Outcome, Shell};

use crate::story::{Story, Telling, balances, perform, seeds};

/// An order that still stands, with the pieces that are kept.
struct Kept {
    holder: HolderId,
    order: Name,
    lines: BTreeMap<Name, i64>,
}

fn kept(story: &Story) -> Vec<Kept> {
    let mut orders: BTreeMap<Name, (HolderId, Order)> = BTreeMap::new();
    let mut back: BTreeMap<(Name, Name), i64> = BTreeMap::new();
    for (performed, _) in story.decisions() {
        match &performed.step.command {
            Command::PutOrder { order } => {
                orders.insert(order.external_id.clone(), (performed.step.holder, order.clone()));
            }
            Command::ReturnLines { order, lines, .. } => {
                for line in lines {
                    *back.entry((order.clone(), line.line.clone())).or_default() += line.quantity;
                }
            }
            _ => {}
        }
    }
    let left = |order: &Order| -> BTreeMap<Name, i64> {
        let lines = order.lines.iter().map(|line| {
            let returned = back.get(&(order.external_id.clone(), line.id.clone())).copied().unwrap_or(0);
            (line.id.clone(), line.quantity - returned)
        });
        lines.filter(|(_, pieces)| *pieces > 0).collect()
    };
    orders
        .into_values()
        .filter(|(_, order)| order.state != OrderState::Cancelled)
        .map(|(holder, order)| Kept { holder, lines: left(&order), order: order.external_id })
        .filter(|kept| !kept.lines.is_empty())
        .collect()
}

/// Sends back `returns`, all at one moment after the story, one after the other.
fn send_back(story: &Story, kept: &Kept, returns: &[Vec<ReturnedLine>]) -> Shell {
    let mut shell = story.shell.clone();
    let at = story.end().saturating_add(1.minute()).unwrap();
    for (number, lines) in returns.iter().enumerate() {
        let transaction = TransactionId(Id::new(at.as_millisecond(), 45_000 + number as u16, kept.holder.part()));
        let command = Command::ReturnLines {
            order: kept.order.clone(),
            return_id: Name::from(format!("way-{number}")),
            returned_at: at,
            lines: lines.clone(),
        };
        let performed = perform(&mut shell, &Step { at, holder: kept.holder, transaction, entropy: 0, command });
        assert!(matches!(performed[0].outcome, Outcome::Done(_)), "{:?}", performed[0]);
    }
    shell
}

fn piece_by_piece(kept: &Kept, chance: &mut Chance) -> Vec<Vec<ReturnedLine>> {
    let mut pieces: Vec<Vec<ReturnedLine>> = Vec::new();
    for (line, left) in &kept.lines {
        let mut left = *left;
        while left > 0 {
            let quantity = chance.between(1, left);
            left -= quantity;
            pieces.push(vec![ReturnedLine { line: line.clone(), quantity }]);
        }
    }
    chance.shuffle(&mut pieces);
    pieces
}

/// Whether a return may give points: it can be the moment at which a tier changes, and a multiplier
/// below one may stop acting. What is given in between decides how much is forgiven, and may have
/// expired before it came.
fn gives_by_returns(text: &str) -> bool {
    (text.contains("tier_reached") && text.contains("forgive"))
        || (text.contains("multiplier = \"0.5\"") && text.contains("expiry ="))
}

#[test]
fn any_sequence_of_partial_returns_equals_the_full_return() {
    let mut compared = 0;
    for seed in seeds(250) {
        let text = random_programme(seed, Shape::Anything);
        if gives_by_returns(&text) {
            continue;
        }
        let story = Telling { seed, shape: Shape::Anything, mix: Action::ALONE, members: 3, steps: 80 }.tell();
        let mut chance = Chance::seeded(seed).chapter(9, 9);
        for kept in kept(&story) {
            if story.shell.holder(kept.holder).is_none_or(|holder| holder.has_left()) {
                continue;
            }
            let everything: Vec<ReturnedLine> = kept
                .lines
                .iter()
                .map(|(line, quantity)| ReturnedLine { line: line.clone(), quantity: *quantity })
                .collect();
            let at_once = send_back(&story, &kept, &[everything]);
            let slowly = send_back(&story, &kept, &piece_by_piece(&kept, &mut chance));
            assert_eq!(balances(&at_once), balances(&slowly), "seed {seed}, {}\n{}", kept.order, story.text);
            assert_eq!(at_once.shared(), slowly.shared(), "seed {seed}, {}\n{}", kept.order, story.text);
            compared += 1;
        }
    }
    assert!(compared > 100, "{compared}");
}
