//! Who hangs together with whom, as a drawing: people on a circle, and lines between those who share something.

use std::collections::{BTreeMap, BTreeSet};

use lojal_core::kernel::MemberId;
use lojal_fraud::identifier::IdentifierKind;
use lojal_fraud::rules::Evidence;
use serde::Serialize;

use crate::platform::fraud::Case;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 400.0;
/// People beyond these are counted, not drawn.
const MOST: usize = 24;
/// Letters of a name that have room.
const LETTERS: usize = 18;
/// How much of a line is drawn for what no weight is known of.
const UNWEIGHED: u32 = 500;

/// What joins two of the people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub one: MemberId,
    pub other: MemberId,
    pub kinds: Vec<IdentifierKind>,
    /// In thousandths; none where it was not weighed.
    pub weight: Option<u32>,
    pub is_household: bool,
}

/// The people of a case, the friend and the advocate first, and what joins them.
pub fn people(case: &Case) -> (Vec<MemberId>, Vec<Line>) {
    let mut lines: Vec<Line> = Vec::new();
    if let Some(ring) = &case.assessment.ring {
        lines.extend(ring.ties.iter().map(|(one, other, tie)| Line {
            one: *one,
            other: *other,
            kinds: tie.kinds.clone(),
            weight: Some(tie.weight.0),
            is_household: tie.household,
        }));
    }
    let mut shared: BTreeMap<MemberId, BTreeSet<IdentifierKind>> = BTreeMap::new();
    for evidence in case.assessment.findings.iter().flat_map(|finding| &finding.evidence) {
        if let Evidence::Shared { kind, with, .. } = evidence {
            shared.entry(*with).or_default().insert(*kind);
        }
    }
    let friend = case.friend;
    for (with, kinds) in shared {
        let is_known = |line: &Line| [(line.one, line.other), (line.other, line.one)].contains(&(friend, with));
        if with != friend && !lines.iter().any(is_known) {
            let kinds = kinds.into_iter().collect();
            lines.push(Line { one: friend, other: with, kinds, weight: None, is_household: false });
        }
    }
    let mut seen = BTreeSet::new();
    let ring = case.assessment.ring.iter().flat_map(|ring| ring.members.iter().copied());
    let others = lines.iter().flat_map(|line| [line.one, line.other]);
    let all = [friend, case.advocate].into_iter().chain(ring).chain(others);
    let people = all.filter(|party| seen.insert(*party)).collect();
    lines.sort_by_key(|line| (std::cmp::Reverse(line.weight), line.one, line.other));
    (people, lines)
}

#[derive(Debug, PartialEq, Serialize)]
pub struct Drawing {
    pub width: f64,
    pub height: f64,
    pub nodes: Vec<Node>,
    pub edges: Vec<Edge>,
    /// How many people are not drawn.
    pub more: usize,
}

#[derive(Debug, PartialEq, Serialize)]
pub struct Node {
    pub x: String,
    pub y: String,
    /// Where its name stands.
    pub label_y: String,
    pub name: String,
    /// `friend`, `advocate` or `other`
    pub role: &'static str,
}

#[derive(Debug, PartialEq, Serialize)]
pub struct Edge {
    pub x1: String,
    pub y1: String,
    pub x2: String,
    pub y2: String,
    pub width: String,
}

/// Draws them; `name` knows what somebody is called.
pub fn drawing(case: &Case, name: impl Fn(MemberId) -> String) -> Drawing {
    let (people, lines) = people(case);
    let drawn = &people[..people.len().min(MOST)];
    let places: Vec<(f64, f64)> = (0..drawn.len()).map(|index| place(index, drawn.len())).collect();
    let node = |(index, party): (usize, &MemberId)| {
        let (x, y) = places[index];
        let below = y >= HEIGHT / 2.0;
        Node {
            x: coordinate(x),
            y: coordinate(y),
            label_y: coordinate(if below { y + 26.0 } else { y - 16.0 }),
            name: cut(&name(*party)),
            role: match index {
                0 => "friend",
                1 => "advocate",
                _ => "other",
            },
        }
    };
    let at = |party: MemberId| drawn.iter().position(|known| *known == party).map(|index| places[index]);
    let edge = |line: &Line| {
        let ((x1, y1), (x2, y2)) = (at(line.one)?, at(line.other)?);
        let width = 1.0 + f64::from(line.weight.unwrap_or(UNWEIGHED)) / 200.0;
        Some(Edge {
            x1: coordinate(x1),
            y1: coordinate(y1),
            x2: coordinate(x2),
            y2: coordinate(y2),
            width: coordinate(width),
        })
    };
    Drawing {
        width: WIDTH,
        height: HEIGHT,
        nodes: drawn.iter().enumerate().map(node).collect(),
        edges: lines.iter().filter_map(edge).collect(),
        more: people.len() - drawn.len(),
    }
}

/// On an ellipse, the first at the left and the second at the right: those two are looked for first.
fn place(index: usize, number: usize) -> (f64, f64) {
    let others = number.saturating_sub(2);
    let above = others.div_ceil(2);
    let angle = match index {
        0 => 180.0,
        1 => 0.0,
        index if index - 2 < above => 180.0 + 180.0 * (index - 1) as f64 / (above + 1) as f64,
        index => 180.0 * (index - 1 - above) as f64 / (others - above + 1) as f64,
    };
    let angle = f64::to_radians(angle);
    (WIDTH / 2.0 + angle.cos() * (WIDTH / 2.0 - 90.0), HEIGHT / 2.0 + angle.sin() * (HEIGHT / 2.0 - 45.0))
}

fn coordinate(number: f64) -> String {
    format!("{number:.1}")
}

fn cut(name: &str) -> String {
    if name.chars().count() <= LETTERS {
        return name.to_owned();
    }
    name.chars().take(LETTERS - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_drawn_upon_somebody_else() {
        for number in 2..=MOST {
            let places: Vec<_> = (0..number).map(|index| place(index, number)).collect();
            for (index, (x, y)) in places.iter().enumerate() {
                assert!((0.0..=WIDTH).contains(x) && (0.0..=HEIGHT).contains(y), "{number}: {index}");
                let is_apart = |(other_x, other_y): &(f64, f64)| (x - other_x).hypot(y - other_y) > 18.0;
                assert!(places[..index].iter().all(is_apart), "{number}: {index}");
            }
        }
        assert_eq!(cut("Maksymilian Wawrzyniec Ząbkowski"), "Maksymilian Wawrz…");
    }
}
