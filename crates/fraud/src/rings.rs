//! What hangs together around a referral: a bounded neighbourhood, its ties, and the component of the friend.

use std::collections::{BTreeMap, BTreeSet};

use lojal_core::kernel::{MemberId, Money};
use serde::{Deserialize, Serialize};

use crate::graph::Graph;
use crate::identifier::{IdentifierKind, Mark, Nature};
use crate::policy::Policy;
use crate::referral::{Referral, Referrals};
use crate::scale::Thousandths;
use crate::weights::Precedents;

/// Ties fainter than this are noise, and there are many of them: they join nobody and lead nowhere.
const FAINT: Thousandths = Thousandths(40);
/// What is left of a tie between two people who live together, and have one surname or two.
const FAMILY_REST: Thousandths = Thousandths(250);
const FLATMATES_REST: Thousandths = Thousandths(500);
/// What is left of an ambient tie between two whose cards and devices are known to differ.
const APART_REST: Thousandths = Thousandths(500);
/// Parties of a mark that are asked where they come from, to tell a shop's own device.
pub const SAMPLE: usize = 48;
/// Orders of a ring this close together are in step.
const IN_STEP_HOURS: i64 = 72;
/// Ties of a ring that are shown. More than these are no evidence that anybody reads.
const MOST_TIES: usize = 200;

/// What joins two people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tie {
    pub weight: Thousandths,
    pub kinds: Vec<IdentifierKind>,
    /// Whether they look like two people who live together; that is taken off the weight already.
    pub household: bool,
}

/// The people around a referral, and what joins them.
pub struct Surroundings {
    /// The friend, the advocate, and then the others.
    parties: Vec<MemberId>,
    places: BTreeMap<MemberId, usize>,
    /// In order, as the graph has them.
    marks: Vec<Vec<Mark>>,
    ties: BTreeMap<(usize, usize), Tie>,
    /// Who is the advocate, or was recommended by the same one.
    circle: BTreeSet<MemberId>,
    /// How many edges of the graph were looked at.
    pub touched: usize,
}

const FRIEND: usize = 0;
const ADVOCATE: usize = 1;

/// A group of people whom ties hold together, around one referral.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ring {
    /// The friend first.
    pub members: Vec<MemberId>,
    /// Those who were recommended by the same advocate or from within, the friend and the advocate not counted.
    pub linked: usize,
    /// How closely they hang together.
    pub density: Thousandths,
    /// How little of what they share is shared with others.
    pub isolation: Thousandths,
    /// How many of them ordered at about the same time as the friend.
    pub synchrony: Thousandths,
    /// How many of them ordered for hardly more than is needed.
    pub thin: Thousandths,
    /// All of it together.
    pub strength: Thousandths,
    /// What all these referrals together would give.
    pub stake: Money,
    /// The heaviest of them.
    pub ties: Vec<(MemberId, MemberId, Tie)>,
    /// How many lighter ones there are.
    #[serde(default)]
    pub more_ties: usize,
}

impl Surroundings {
    pub fn of(
        referral: &Referral,
        graph: &Graph,
        referrals: &Referrals,
        policy: &Policy,
        precedents: &Precedents,
    ) -> Surroundings {
        let mut around = Surroundings {
            parties: Vec::new(),
            places: BTreeMap::new(),
            marks: Vec::new(),
            ties: BTreeMap::new(),
            circle: BTreeSet::new(),
            touched: 0,
        };
        around.gather(referral, graph, referrals, policy);
        around.join(graph, referrals, policy, precedents);
        around
    }

    /// Who is looked at: the friend, the advocate, and then the others.
    pub fn parties(&self) -> &[MemberId] {
        &self.parties
    }

    /// What several of those around were seen with.
    pub fn shared(&self) -> impl Iterator<Item = Mark> {
        self.holders().into_iter().map(|(mark, _)| mark)
    }

    /// What joins the friend and the advocate.
    pub fn tie_to_advocate(&self) -> Option<&Tie> {
        self.tie(FRIEND, ADVOCATE)
    }

    /// What joins the friend and somebody else.
    pub fn tie_to(&self, party: MemberId) -> Option<&Tie> {
        self.tie(FRIEND, *self.places.get(&party)?)
    }

    /// Whether the friend and the advocate were both seen with the same mark of a kind.
    pub fn shares_with_advocate(&self, kind: IdentifierKind) -> bool {
        self.shares(FRIEND, ADVOCATE, kind)
    }

    /// Others than the advocate who were seen with one of the friend's marks of a kind.
    pub fn others_with(&self, kind: IdentifierKind) -> impl Iterator<Item = (MemberId, Mark)> + '_ {
        let marks = self.marks[FRIEND].iter().filter(move |mark| mark.kind == kind);
        marks.flat_map(move |mark| {
            let holders = (2..self.parties.len()).filter(move |other| has(&self.marks[*other], mark));
            holders.map(move |other| (self.parties[other], *mark))
        })
    }

    /// The friends of the same advocate who are around, except those who live with the advocate.
    pub fn strangers(&self) -> BTreeSet<MemberId> {
        let lives_with = |index: usize| self.tie(ADVOCATE, index).is_some_and(|tie| tie.household);
        let others = (0..self.parties.len()).filter(|index| *index != ADVOCATE && !lives_with(*index));
        others.map(|index| self.parties[index]).filter(|party| self.circle.contains(party)).collect()
    }

    /// Whether a party was seen with a mark.
    pub fn has(&self, party: MemberId, mark: Mark) -> bool {
        self.places.get(&party).is_some_and(|index| has(&self.marks[*index], &mark))
    }

    /// The friend's marks of a kind.
    pub fn marks_of_friend(&self, kind: IdentifierKind) -> impl Iterator<Item = Mark> + '_ {
        self.marks[FRIEND].iter().filter(move |mark| mark.kind == kind).copied()
    }

    /// Of the advocate's other friends, how many hang together with at least one more, and of how many.
    pub fn linked_friends(&self, policy: &Policy) -> (u64, u64) {
        let friends: Vec<usize> = (2..self.parties.len()).filter(|index| self.in_circle(*index)).collect();
        let mut linked = BTreeSet::new();
        for ((one, other), tie) in &self.ties {
            let is_between = *one > ADVOCATE && self.in_circle(*one) && self.in_circle(*other);
            if is_between && tie.weight >= policy.ties.least {
                linked.extend([*one, *other]);
            }
        }
        (linked.len() as u64, friends.len() as u64)
    }

    /// The ring that the friend is in; none where nobody but the advocate hangs together with the friend.
    pub fn ring(&self, graph: &Graph, referrals: &Referrals, policy: &Policy) -> Option<Ring> {
        let component = self.component(policy);
        let within: BTreeSet<MemberId> = component.iter().map(|index| self.parties[*index]).collect();
        let own = referrals.of_friend(self.parties[FRIEND])?;
        let others: Vec<usize> = component.iter().copied().filter(|index| *index > ADVOCATE).collect();
        if others.is_empty() {
            return None;
        }
        let from_here: Vec<&Referral> = others
            .iter()
            .filter_map(|index| referrals.of_friend(self.parties[*index]))
            .filter(|known| known.advocate == own.advocate || within.contains(&known.advocate))
            .collect();
        let linked = from_here.len();
        let share = |count: usize| Thousandths::of(count as u64, linked as u64);
        let in_step = |known: &&&Referral| (known.at.as_second() - own.at.as_second()).abs() <= IN_STEP_HOURS * 3_600;
        let synchrony = share(from_here.iter().filter(in_step).count());
        let thin = share(from_here.iter().filter(|known| is_thin(known, policy)).count());
        let density = self.density(&component);
        let isolation = self.isolation(&component, graph, policy);
        let closeness = others.iter().filter_map(|index| self.tie(FRIEND, *index));
        let closeness = closeness.fold(Thousandths::NONE, |sum, tie| sum.plus(tie.weight));
        let size = Thousandths::of(linked as u64, linked as u64 + 1);
        let concentration = Thousandths::of(linked as u64, others.len() as u64);
        let shape = Thousandths(400).times(closeness).plus(Thousandths(400).times(density));
        let shape = shape.plus(Thousandths(200).times(isolation));
        let joined = size.times(shape).times(concentration);
        // In step, and for as little as possible, is how rings order; colleagues do not. Of people who do not hang
        // together it is how a good offer looks, so it counts for no more than the rest.
        let conduct = match own.least_order {
            Some(_) => 650 + (100 * synchrony.0 + 500 * thin.0) / 1000,
            None => 900 + 100 * synchrony.0 / 1000,
        };
        let strength = Thousandths((u64::from(joined.0) * u64::from(conduct) / 1000).min(1000) as u32);
        let stake = from_here.iter().map(|known| known.stake).sum::<Money>() + own.stake;
        let (ties, more_ties) = self.heaviest_ties(&component);
        let members = component.iter().map(|index| self.parties[*index]).collect();
        Some(Ring { members, linked, density, isolation, synchrony, thin, strength, stake, ties, more_ties })
    }

    /// What joins those of a component, the heaviest first, and how many lighter ones are left out.
    fn heaviest_ties(&self, component: &[usize]) -> (Vec<(MemberId, MemberId, Tie)>, usize) {
        let is_within = |index: &usize| component.binary_search(index).is_ok();
        let within = self.ties.iter().filter(|((one, other), _)| is_within(one) && is_within(other));
        let mut within: Vec<(&(usize, usize), &Tie)> = within.collect();
        // What joins somebody to the friend is looked for first.
        within.sort_by_key(|(pair, tie)| (std::cmp::Reverse(tie.weight), **pair));
        let more = within.len().saturating_sub(MOST_TIES);
        within.truncate(MOST_TIES);
        let named =
            |((one, other), tie): (&(usize, usize), &Tie)| (self.parties[*one], self.parties[*other], tie.clone());
        (within.into_iter().map(named).collect(), more)
    }

    fn in_circle(&self, index: usize) -> bool {
        self.circle.contains(&self.parties[index])
    }

    fn tie(&self, one: usize, other: usize) -> Option<&Tie> {
        self.ties.get(&(one.min(other), one.max(other)))
    }

    fn shares(&self, one: usize, other: usize, kind: IdentifierKind) -> bool {
        self.marks[one].iter().filter(|mark| mark.kind == kind).any(|mark| has(&self.marks[other], mark))
    }

    /// Whether both are known by something of a kind, and by nothing in common.
    fn differ(&self, one: usize, other: usize, kind: IdentifierKind) -> bool {
        let has = |index: usize| self.marks[index].iter().any(|mark| mark.kind == kind);
        has(one) && has(other) && !self.shares(one, other, kind)
    }

    /// The friend, the advocate, the advocate's friends, whoever shares something with the friend, and whoever
    /// shares something strong with those.
    fn gather(&mut self, referral: &Referral, graph: &Graph, referrals: &Referrals, policy: &Policy) {
        let reach = &policy.reach;
        let add = |around: &mut Surroundings, party: MemberId| {
            let is_new = around.parties.len() < reach.parties && !around.places.contains_key(&party);
            if is_new {
                around.places.insert(party, around.parties.len());
                around.parties.push(party);
            }
            is_new
        };
        add(self, referral.friend);
        add(self, referral.advocate);
        self.circle.extend([referral.friend, referral.advocate]);
        for friend in referrals.friends_around(referral.advocate, referral.at, reach.friends) {
            self.touched += 1;
            self.circle.insert(friend.friend);
            add(self, friend.friend);
        }
        let mut near = vec![referral.friend];
        for hop in 0..2 {
            let mut found = Vec::new();
            for party in std::mem::take(&mut near) {
                for (mark, _) in graph.marks(party).take(reach.marks) {
                    self.touched += 1;
                    let fan_out = graph.fan_out(mark);
                    let is_faint = policy.ties.weight(mark.kind, fan_out.saturating_sub(2)) < FAINT;
                    let leads_on = hop == 0 || mark.kind.nature() == Nature::Strong;
                    if !leads_on || is_faint || fan_out > reach.widest {
                        continue;
                    }
                    for other in graph.parties(mark) {
                        self.touched += 1;
                        if add(self, other) && mark.kind.nature() == Nature::Strong {
                            found.push(other);
                        }
                    }
                }
            }
            near = found;
        }
        for party in &self.parties {
            self.marks.push(graph.marks(*party).take(reach.marks).map(|(mark, _)| mark).collect());
        }
        self.touched += self.marks.iter().map(Vec::len).sum::<usize>();
    }

    fn join(&mut self, graph: &Graph, referrals: &Referrals, policy: &Policy, precedents: &Precedents) {
        let holders = self.holders();
        for (mark, inside) in &holders {
            // The advocate's own circle is no crowd: a ring that shares an address must not hide by its size.
            let own = inside.iter().filter(|index| self.in_circle(**index)).count();
            let crowd = graph.fan_out(*mark).saturating_sub(own.max(2));
            let mut weight = precedents.tie(mark.kind, policy.ties.weight(mark.kind, crowd));
            if self.is_hub(*mark, graph, referrals, policy) {
                weight = policy.ties.discounted(weight, crowd);
            }
            if weight < FAINT {
                continue;
            }
            for (place, one) in inside.iter().enumerate() {
                for other in &inside[place + 1..] {
                    let tie = self.ties.entry((*one, *other)).or_default();
                    // Who shares a line shares its network.
                    if mark.kind == IdentifierKind::Network && tie.kinds.contains(&IdentifierKind::Ip) {
                        continue;
                    }
                    tie.weight = tie.weight.plus(weight);
                    if !tie.kinds.contains(&mark.kind) {
                        tie.kinds.push(mark.kind);
                    }
                }
            }
        }
        let crowded = self.crowded_addresses(&holders, policy);
        let places = [IdentifierKind::Address, IdentifierKind::Ip];
        let mut ties = std::mem::take(&mut self.ties);
        for ((one, other), tie) in &mut ties {
            let (one, other) = (*one, *other);
            if tie.kinds.iter().all(|kind| kind.nature() == Nature::Ambient)
                && self.differ(one, other, IdentifierKind::Payment)
                && self.differ(one, other, IdentifierKind::Device)
            {
                tie.weight = tie.weight.times(APART_REST);
            }
            if tie.kinds.iter().any(|kind| places.contains(kind)) && self.is_household(one, other, &crowded) {
                let family = self.shares(one, other, IdentifierKind::Surname);
                tie.weight = tie.weight.times(if family { FAMILY_REST } else { FLATMATES_REST });
                tie.household = true;
            }
        }
        self.ties = ties;
    }

    /// What more than one of those around were seen with, and who.
    fn holders(&self) -> Vec<(Mark, Vec<usize>)> {
        let with =
            |(index, marks): (usize, &Vec<Mark>)| marks.iter().map(move |mark| (*mark, index)).collect::<Vec<_>>();
        let mut all: Vec<(Mark, usize)> = self.marks.iter().enumerate().flat_map(with).collect();
        all.sort_unstable();
        let groups = all.chunk_by(|(one, _), (other, _)| one == other).filter(|group| group.len() > 1);
        groups.map(|group| (group[0].0, group.iter().map(|(_, index)| *index).collect())).collect()
    }

    /// Addresses at which more of the advocate's friends live than a household has.
    fn crowded_addresses(&self, holders: &[(Mark, Vec<usize>)], policy: &Policy) -> BTreeSet<Mark> {
        let most = policy.thresholds.household_friends as usize;
        let is_crowded = |inside: &Vec<usize>| inside.iter().filter(|index| self.in_circle(**index)).count() > most + 1;
        let places = [IdentifierKind::Address, IdentifierKind::Ip];
        let places = holders.iter().filter(|(mark, inside)| places.contains(&mark.kind) && is_crowded(inside));
        places.map(|(mark, _)| *mark).collect()
    }

    /// Two names at one address, or one surname on one line, who do not pay with the same card, nor read the
    /// same mail, nor have one telephone.
    fn is_household(&self, one: usize, other: usize, crowded: &BTreeSet<Mark>) -> bool {
        let shares = |kind| self.shares(one, other, kind);
        let same_person = [IdentifierKind::Payment, IdentifierKind::Email, IdentifierKind::Phone, IdentifierKind::Name];
        if same_person.into_iter().any(shares) || !self.differ(one, other, IdentifierKind::Name) {
            return false;
        }
        let lives = |kind: IdentifierKind| {
            let marks = self.marks[one].iter().filter(move |mark| mark.kind == kind);
            marks.into_iter().any(|mark| has(&self.marks[other], mark) && !crowded.contains(mark))
        };
        lives(IdentifierKind::Address) || (lives(IdentifierKind::Ip) && shares(IdentifierKind::Surname))
    }

    /// A device in a shop or a café: many people, who do not come from one advocate.
    fn is_hub(&mut self, mark: Mark, graph: &Graph, referrals: &Referrals, policy: &Policy) -> bool {
        let thresholds = &policy.thresholds;
        if mark.kind.nature() != Nature::Strong || graph.fan_out(mark) < thresholds.hub_parties as usize {
            return false;
        }
        let sources: BTreeSet<MemberId> =
            graph.parties(mark).take(SAMPLE).map(|party| referrals.source(party)).collect();
        self.touched += SAMPLE.min(graph.fan_out(mark));
        sources.len() >= thresholds.hub_sources as usize
    }

    /// Whoever can be reached from the friend over ties that are strong enough, the friend first.
    fn component(&self, policy: &Policy) -> Vec<usize> {
        let mut next: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for ((one, other), _) in self.ties.iter().filter(|(_, tie)| tie.weight >= policy.ties.least) {
            next.entry(*one).or_default().push(*other);
            next.entry(*other).or_default().push(*one);
        }
        let mut seen = BTreeSet::from([FRIEND]);
        let mut open = vec![FRIEND];
        while let Some(index) = open.pop() {
            for other in next.get(&index).into_iter().flatten() {
                if seen.insert(*other) {
                    open.push(*other);
                }
            }
        }
        seen.into_iter().collect()
    }

    fn density(&self, component: &[usize]) -> Thousandths {
        let size = component.len() as u64;
        let within = self.ties.iter().filter(|((one, other), _)| component.contains(one) && component.contains(other));
        let sum: u64 = within.map(|(_, tie)| u64::from(tie.weight.0)).sum();
        Thousandths::of(sum, size * (size - 1) / 2 * 1000)
    }

    /// Of what several of them share: how much of it, by weight, is shared among them alone.
    fn isolation(&self, component: &[usize], graph: &Graph, policy: &Policy) -> Thousandths {
        let mut holders: BTreeMap<Mark, u64> = BTreeMap::new();
        for index in component {
            self.marks[*index].iter().for_each(|mark| *holders.entry(*mark).or_default() += 1);
        }
        let (mut among, mut all) = (0, 0);
        for (mark, inside) in holders.into_iter().filter(|(_, inside)| *inside > 1) {
            let weight = u64::from(policy.ties.weight(mark.kind, 0).0);
            among += weight * u64::from(Thousandths::of(inside, graph.fan_out(mark) as u64).0);
            all += weight * 1000;
        }
        Thousandths::of(among, all)
    }
}

fn has(marks: &[Mark], mark: &Mark) -> bool {
    marks.binary_search(mark).is_ok()
}

/// Whether an order is for hardly more than is needed.
pub fn is_thin(referral: &Referral, policy: &Policy) -> bool {
    referral.least_order.is_some_and(|least| {
        let margin = i128::from(least.0) * i128::from(policy.thresholds.thin_margin.0) / 1000;
        (i128::from(least.0)..=i128::from(least.0) + margin).contains(&i128::from(referral.order.0))
    })
}
