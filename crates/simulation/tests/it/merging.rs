//! Accounts that are merged all at once, whatever arrives first.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use lojal_core::command::{Command, Inputs, Key};
use lojal_core::decision::{Because, FollowUp, Record, Refusal};
use lojal_core::engine::{Undecided, decide};
use lojal_core::holder::{Holder, HolderKind, Merging};
use lojal_core::kernel::{HolderId, Id, Instant, MemberId, Name, Part, TransactionId};
use lojal_core::programme::Rulebook;
use lojal_simulation::chance::Chance;

use crate::story::{programme, seeds, starts_at};

const CLUB: &str = r#"
[programme]
id = "club"
name = { en = "Club" }
languages = ["en"]
time_zone = "Europe/Warsaw"
currency = "PLN"
[brands.shop]
name = { en = "Shop" }
[units.points]
name.en = { one = "point", many = "points" }
"#;

/// Members whose messages to one another arrive in any order.
struct Town {
    rulebook: Rulebook,
    holders: BTreeMap<HolderId, Holder>,
    records: BTreeMap<(HolderId, Key), (TransactionId, Record)>,
    on_their_way: Vec<(HolderId, Command)>,
    at: Instant,
    told: u16,
    merged: usize,
    abandoned: usize,
}

impl Town {
    fn new(members: usize) -> Town {
        let rulebook = Rulebook::new([programme(CLUB)]);
        let mut town = Town {
            rulebook,
            holders: BTreeMap::new(),
            records: BTreeMap::new(),
            on_their_way: Vec::new(),
            at: starts_at(),
            told: 0,
            merged: 0,
            abandoned: 0,
        };
        for number in 0..members {
            let part = Part::of("club", &format!("member-{number}"));
            let holder = HolderId(Id::new(starts_at().as_millisecond(), number as u16, part));
            let joined_at = town.at;
            town.carry_out(holder, &Command::Enrol { holder, joined_at, profile: Default::default() }).unwrap();
            let (unit, brand, reason) = (Name::from("points"), Name::from("shop"), Name::from("welcome"));
            let amount = 1 << number;
            town.carry_out(holder, &Command::Adjust { unit, brand, amount, reason }).unwrap();
        }
        town
    }

    fn carry_out(&mut self, holder: HolderId, command: &Command) -> Result<(), Refusal> {
        self.told += 1;
        self.at += 1.second();
        let transaction = TransactionId(Id::new(self.at.as_millisecond(), self.told, holder.part()));
        let (shared, pool_codes) = Default::default();
        let inputs = Inputs { now: self.at, transaction, entropy: 0, shared, pool_codes };
        let known = command.key().and_then(|key| self.records.get(&(holder, key)));
        let decided = decide(&self.rulebook, self.holders.get(&holder), known, command, &inputs);
        let (after, decision) = match decided {
            Ok(decided) => decided,
            Err(Undecided::Refused(refusal)) => {
                self.on_their_way.extend(command.way_back(holder, &refusal.code()));
                return Err(refusal);
            }
            Err(Undecided::Needs(needs)) => panic!("{needs:?}"),
        };
        for effect in &decision.effects {
            match effect.because {
                Because::MergedInto { .. } => self.merged += 1,
                Because::MergeAbandoned { .. } => self.abandoned += 1,
                _ => {}
            }
        }
        self.holders.insert(holder, after);
        for (key, record) in decision.records {
            self.records.insert((holder, key), (transaction, record));
        }
        for FollowUp { to, command } in decision.follow_ups {
            self.on_their_way.push((to, command.into()));
        }
        Ok(())
    }

    /// One of those that are on their way arrives, some of them twice.
    fn deliver(&mut self, chance: &mut Chance) {
        let index = chance.below(self.on_their_way.len() as u64) as usize;
        let (holder, command) = match command_comes_again(chance, &self.on_their_way[index].1) {
            true => self.on_their_way[index].clone(),
            false => self.on_their_way.swap_remove(index),
        };
        let _ = self.carry_out(holder, &command);
    }

    /// The account in which all that was merged into each other ends.
    fn root(&self, holder: HolderId) -> HolderId {
        let mut seen = BTreeSet::new();
        let mut root = holder;
        while let Some(into) = self.holders[&root].merged_into() {
            assert!(seen.insert(root), "{holder} leads in a circle");
            root = into.into();
        }
        root
    }

    fn available(&self, holder: HolderId) -> i64 {
        self.holders[&holder].wallets.get("points").map_or(0, |wallet| wallet.available())
    }
}

/// What has a natural key may come more than once.
fn command_comes_again(chance: &mut Chance, command: &Command) -> bool {
    command.key().is_some() && chance.happens(200)
}

/// Each member begins with a power of two, so that a sum says whose points it is made of.
#[test]
fn accounts_end_in_one_whatever_is_merged_at_the_same_time() {
    const MEMBERS: usize = 7;
    let (mut merged, mut abandoned) = (0, 0);
    for seed in seeds(300) {
        let mut chance = Chance::seeded(seed);
        let mut town = Town::new(MEMBERS);
        let members: Vec<HolderId> = town.holders.keys().copied().collect();
        let mut asked = 0;
        while asked < 10 || !town.on_their_way.is_empty() {
            if asked < 10 && (town.on_their_way.is_empty() || chance.happens(500)) {
                asked += 1;
                let (survivor, account) = (*chance.one_of(&members), *chance.one_of(&members));
                let _ = match chance.below(12) {
                    0 => town.carry_out(survivor, &Command::Leave),
                    _ => town.carry_out(survivor, &Command::Merge { account: MemberId(account.0) }),
                };
            } else {
                town.deliver(&mut chance);
            }
        }
        let mut trees: BTreeMap<HolderId, (i64, BTreeSet<MemberId>)> = BTreeMap::new();
        for (number, holder) in members.iter().enumerate() {
            let root = town.root(*holder);
            let tree = trees.entry(root).or_default();
            tree.0 += 1 << number;
            if root != *holder {
                tree.1.insert(MemberId(holder.0));
                assert_eq!(town.available(*holder), 0, "seed {seed}: points stay with {holder}");
            }
        }
        for (root, (points, accounts)) in trees {
            let holder = &town.holders[&root];
            let HolderKind::Member { accounts: known, .. } = &holder.kind else { panic!("{root} is a household") };
            assert!(known.values().all(|merging| *merging == Merging::Merged), "seed {seed}: {root} waits for ever");
            assert_eq!(known.keys().copied().collect::<BTreeSet<_>>(), accounts, "seed {seed}: accounts of {root}");
            let expected = if holder.has_left() { 0 } else { points };
            let left_before = members.iter().filter(|member| town.holders[member].has_left()).count();
            if left_before == 0 || holder.has_left() {
                assert_eq!(town.available(root), expected, "seed {seed}: points of {root}");
            }
        }
        merged += town.merged;
        abandoned += town.abandoned;
    }
    assert!(merged > 300 && abandoned > 50, "{merged} {abandoned}");
}
