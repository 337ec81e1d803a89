use lojal_fraud::graph::Graph;
use lojal_fraud::identifier::{IdentifierKind, Mark, Nature};
use lojal_fraud::policy::{Reach, Ties};
use lojal_fraud::scale::Thousandths;
use proptest::prelude::*;

use crate::house::{DAY, at, mark, marks, member};

/// Who was seen with what, and when: few of each, so that they meet.
fn sightings() -> impl Strategy<Value = Vec<(i64, Mark, i64)>> {
    let one = (0..12_i64, 0..IdentifierKind::ALL.len(), 0..6_u8, 0..200_i64)
        .prop_map(|(party, kind, text, day)| (party, mark(IdentifierKind::ALL[kind], &text.to_string()), day * DAY));
    prop::collection::vec(one, 0..80)
}

fn graph(sightings: &[(i64, Mark, i64)]) -> Graph {
    let mut graph = Graph::default();
    for (party, mark, seconds) in sightings {
        graph.observe(member(*party), &[*mark], at(*seconds));
    }
    graph
}

proptest! {
    #[test]
    fn the_order_of_events_makes_no_difference(events in sightings().prop_flat_map(|events| (Just(events.clone()), Just(events).prop_shuffle()))) {
        prop_assert_eq!(graph(&events.0), graph(&events.1));
    }

    #[test]
    fn an_event_costs_its_own_identifiers(events in sightings(), number in 0..12_usize) {
        let mut graph = graph(&events);
        let seen: Vec<Mark> = (0..number).map(|text| mark(IdentifierKind::Ip, &text.to_string())).collect();
        prop_assert_eq!(graph.observe(member(99), &seen, at(0)), number);
    }

    /// What is left is what a shop would know that had never seen what is old.
    #[test]
    fn retention_takes_out_exactly_what_is_old(events in sightings(), day in 0..200_i64) {
        let mut kept = graph(&events);
        let oldest = |kind: IdentifierKind| at(if kind.nature() == Nature::Strong { 0 } else { day * DAY });
        let gone = kept.forget(oldest);
        let lasts = |(party, mark, _): &(i64, Mark, i64)| {
            let times = events.iter().filter(|(other, its, _)| other == party && its == mark).map(|(.., time)| *time);
            at(times.max().unwrap()) >= oldest(mark.kind)
        };
        let lasting: Vec<_> = events.iter().filter(|event| lasts(event)).copied().collect();
        prop_assert_eq!(gone + kept.len(), graph(&events).len());
        prop_assert_eq!(kept, graph(&lasting));
    }

    #[test]
    fn who_asks_to_be_forgotten_is(events in sightings(), party in 0..12_i64) {
        let mut kept = graph(&events);
        kept.forget_party(member(party));
        let others: Vec<_> = events.iter().filter(|(other, ..)| *other != party).copied().collect();
        prop_assert_eq!(kept, graph(&others));
    }

    /// More people around something ambient never make it say more; what is strong says as much as ever.
    #[test]
    fn crowds_only_discount_what_is_ambient(crowd in 0..5_000_usize, more in 0..5_000_usize) {
        let ties = Ties::default();
        for kind in IdentifierKind::ALL {
            let (few, many) = (ties.weight(kind, crowd), ties.weight(kind, crowd + more));
            match kind.nature() {
                Nature::Strong => prop_assert_eq!(few, many),
                Nature::Ambient => prop_assert!(many <= few),
            }
        }
    }
}

#[test]
fn neighbours_come_closest_first_with_what_joins_them() {
    let mut graph = Graph::default();
    for (party, seen) in [(1, "payment:a ip:i address:d"), (2, "payment:a"), (3, "ip:i address:d"), (4, "ip:other")] {
        graph.observe(member(party), &marks(seen), at(0));
    }
    let (found, _) = graph.neighbours(member(1), &Ties::default(), &Reach::default());
    let found: Vec<_> = found.iter().map(|one| (one.party, one.weight, one.kinds.len())).collect();
    assert_eq!(found, [(member(2), Thousandths(1000), 1), (member(3), Thousandths(600), 2)]);
}

#[test]
fn looking_around_is_bounded_however_many_there_are() {
    let reach = Reach::default();
    for parties in [1_000, 20_000] {
        let mut graph = Graph::default();
        for party in 0..parties {
            let small = format!("ip:everybody device:shop address:{} payment:{}", party / 60, party / 3);
            graph.observe(member(party), &marks(&small), at(0));
        }
        let (found, touched) = graph.neighbours(member(30), &Ties::default(), &reach);
        assert!(found.len() == 59 && touched <= reach.marks * reach.widest, "{} {touched}", found.len());
    }
}
