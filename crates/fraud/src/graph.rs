//! Who shares what with whom: parties and the marks they were seen with.
//!
//! There is no union of what belongs together: a mark may have to go, by retention or erasure, and components
//! are found anew around each referral, where they are small. One event costs its own identifiers.

use std::collections::{BTreeMap, BTreeSet};

use lojal_core::kernel::{Id, Instant, MemberId, Part};
use serde::{Deserialize, Serialize};

use crate::identifier::{IdentifierKind, Mark};
use crate::policy::{Reach, Ties};
use crate::scale::Thousandths;

/// When, and how often, a party was seen with a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sighting {
    pub first: Instant,
    pub last: Instant,
    pub times: u32,
}

/// Somebody who shares something, and what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Neighbour {
    pub party: MemberId,
    /// All that is shared together, at most one.
    pub weight: Thousandths,
    pub kinds: Vec<IdentifierKind>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graph {
    marks_of: BTreeMap<MemberId, BTreeMap<Mark, Sighting>>,
    parties_of: BTreeMap<Mark, BTreeSet<MemberId>>,
    /// Every sighting by its kind and its last moment, so that what is old is found without looking at the rest.
    by_age: BTreeSet<(IdentifierKind, Instant, Mark, MemberId)>,
    /// How many parties were seen with marks of which only some are here.
    stated: BTreeMap<Mark, usize>,
}

impl Graph {
    /// Adds what a party was seen with, in whatever order events arrive, and says how many edges it touched.
    pub fn observe(&mut self, party: MemberId, marks: &[Mark], at: Instant) -> usize {
        for mark in marks {
            let known = self.sighting(party, *mark);
            let seen = match known {
                None => Sighting { first: at, last: at, times: 1 },
                Some(known) => Sighting {
                    first: known.first.min(at),
                    last: known.last.max(at),
                    times: known.times.saturating_add(1),
                },
            };
            self.put(party, *mark, seen);
        }
        marks.len()
    }

    /// Sets a sighting as it was stored.
    pub fn put(&mut self, party: MemberId, mark: Mark, seen: Sighting) {
        if let Some(known) = self.marks_of.entry(party).or_default().insert(mark, seen) {
            self.by_age.remove(&(mark.kind, known.last, mark, party));
        }
        self.parties_of.entry(mark).or_default().insert(party);
        self.by_age.insert((mark.kind, seen.last, mark, party));
    }

    pub fn sighting(&self, party: MemberId, mark: Mark) -> Option<Sighting> {
        self.marks_of.get(&party).and_then(|marks| marks.get(&mark)).copied()
    }

    /// What a party was seen with, stronger kinds first.
    pub fn marks(&self, party: MemberId) -> impl Iterator<Item = (Mark, Sighting)> + '_ {
        self.marks_of.get(&party).into_iter().flatten().map(|(mark, seen)| (*mark, *seen))
    }

    pub fn parties(&self, mark: Mark) -> impl Iterator<Item = MemberId> + '_ {
        self.parties_of.get(&mark).into_iter().flatten().copied()
    }

    /// How many parties were seen with a mark: as many as are here, or as were stated.
    pub fn fan_out(&self, mark: Mark) -> usize {
        let here = self.parties_of.get(&mark).map_or(0, BTreeSet::len);
        self.stated.get(&mark).map_or(here, |stated| here.max(*stated))
    }

    /// States how many parties were seen with a mark, where this graph is a piece of a larger one.
    pub fn state_fan_out(&mut self, mark: Mark, parties: usize) {
        self.stated.insert(mark, parties);
    }

    /// Notes that a party was seen with a mark, of which nothing else is known here. A sighting that is here stays.
    pub fn put_party(&mut self, mark: Mark, party: MemberId) {
        self.parties_of.entry(mark).or_default().insert(party);
    }

    /// How many pairs of a party and a mark are kept.
    pub fn len(&self) -> usize {
        self.by_age.len()
    }

    pub fn is_empty(&self) -> bool {
        self.by_age.is_empty()
    }

    /// Who shares something with a party, closest first. Marks of more parties than `reach` allows lead
    /// nowhere. Also says how many edges were looked at, which `reach` bounds whatever the size of the graph.
    pub fn neighbours(&self, party: MemberId, ties: &Ties, reach: &Reach) -> (Vec<Neighbour>, usize) {
        let mut touched = 0;
        let mut found: BTreeMap<MemberId, (Thousandths, Vec<IdentifierKind>)> = BTreeMap::new();
        for (mark, _) in self.marks(party).take(reach.marks) {
            touched += 1;
            let fan_out = self.fan_out(mark);
            let weight = ties.weight(mark.kind, fan_out.saturating_sub(2));
            if fan_out > reach.widest || weight == Thousandths::NONE {
                continue;
            }
            for other in self.parties(mark).filter(|other| *other != party) {
                touched += 1;
                if found.len() >= reach.parties && !found.contains_key(&other) {
                    continue;
                }
                let (sum, kinds) = found.entry(other).or_default();
                *sum = sum.plus(weight);
                kinds.push(mark.kind);
            }
        }
        let neighbour = |(party, (weight, kinds))| Neighbour { party, weight, kinds };
        let mut neighbours: Vec<Neighbour> = found.into_iter().map(neighbour).collect();
        neighbours.sort_by_key(|neighbour| (std::cmp::Reverse(neighbour.weight), neighbour.party));
        (neighbours, touched)
    }

    /// Takes out what was last seen before the moment that `oldest` states for its kind, and says how many
    /// sightings went. Costs what it takes out.
    pub fn forget(&mut self, oldest: impl Fn(IdentifierKind) -> Instant) -> usize {
        let first = MemberId(Id::new(0, 0, Part::PROGRAMME));
        let mut forgotten = 0;
        for kind in IdentifierKind::ALL {
            let before = oldest(kind);
            let old: Vec<(Mark, MemberId)> = self
                .by_age
                .range((kind, Instant::MIN, Mark { kind, hash: [0; 16] }, first)..)
                .take_while(|(its, last, ..)| *its == kind && *last < before)
                .map(|(.., mark, party)| (*mark, *party))
                .collect();
            old.iter().for_each(|(mark, party)| self.take_out(*party, *mark));
            forgotten += old.len();
        }
        forgotten
    }

    /// Takes out all that a party was seen with, as an erasure asks, and says how many sightings went.
    pub fn forget_party(&mut self, party: MemberId) -> usize {
        let marks: Vec<Mark> = self.marks(party).map(|(mark, _)| mark).collect();
        marks.iter().for_each(|mark| self.take_out(party, *mark));
        marks.len()
    }

    fn take_out(&mut self, party: MemberId, mark: Mark) {
        if let Some(marks) = self.marks_of.get_mut(&party) {
            if let Some(seen) = marks.remove(&mark) {
                self.by_age.remove(&(mark.kind, seen.last, mark, party));
            }
            if marks.is_empty() {
                self.marks_of.remove(&party);
            }
        }
        if let Some(parties) = self.parties_of.get_mut(&mark) {
            parties.remove(&party);
            if parties.is_empty() {
                self.parties_of.remove(&mark);
            }
        }
    }
}
