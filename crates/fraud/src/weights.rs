//! What people decided about referrals, as counts that feed the weights, in a bounded way, and that can be
//! taken back exactly.

use std::collections::{BTreeMap, BTreeSet};

use lojal_core::kernel::MemberId;
use serde::{Deserialize, Serialize};

use crate::identifier::IdentifierKind;
use crate::policy::Rule;
use crate::scale::{Thousandths, doublings};

/// As many decisions of each sort are supposed before the first real one, so that a few change little.
const SUPPOSED: u32 = 10;
/// However many decisions, a weight moves by no more than this: four times the odds, up or down.
const FURTHEST: i32 = 200;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// It was made up.
    Confirmed,
    /// It was honest.
    Cleared,
}

/// How often people confirmed and cleared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub confirmed: u32,
    pub cleared: u32,
}

impl Counts {
    /// The share that was confirmed, as if ten more of each sort had been decided.
    pub fn precision(self) -> Thousandths {
        let confirmed = u64::from(self.confirmed) + u64::from(SUPPOSED);
        Thousandths::of(confirmed, confirmed + u64::from(self.cleared) + u64::from(SUPPOSED))
    }

    /// By how much a weight moves.
    fn shift(self) -> i32 {
        let odds = doublings(self.confirmed.saturating_add(SUPPOSED), self.cleared.saturating_add(SUPPOSED));
        odds.clamp(-FURTHEST, FURTHEST)
    }

    fn add(&mut self, decision: Decision) {
        match decision {
            Decision::Confirmed => self.confirmed += 1,
            Decision::Cleared => self.cleared += 1,
        }
    }

    fn take_back(&mut self, decision: Decision) {
        match decision {
            Decision::Confirmed => self.confirmed -= 1,
            Decision::Cleared => self.cleared -= 1,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PrecedentError {
    #[error("the referral of {0} was decided on already: take that back first")]
    Decided(MemberId),
    #[error("nothing was decided on the referral of {0}")]
    Undecided(MemberId),
}

/// A decision with what spoke in the case when it was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Precedent {
    decision: Decision,
    grounds: Grounds,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Precedents {
    rules: BTreeMap<Rule, Counts>,
    kinds: BTreeMap<IdentifierKind, Counts>,
    decided: BTreeMap<MemberId, Precedent>,
}

/// What spoke in a case when it was decided.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grounds {
    pub rules: BTreeSet<Rule>,
    pub kinds: BTreeSet<IdentifierKind>,
}

impl Precedents {
    /// Counts that are kept elsewhere, and what was decided about one friend, if anything was.
    pub fn counted(
        rules: BTreeMap<Rule, Counts>,
        kinds: BTreeMap<IdentifierKind, Counts>,
        decided: Option<(MemberId, Decision, Grounds)>,
    ) -> Precedents {
        let precedent = |(friend, decision, grounds)| (friend, Precedent { decision, grounds });
        Precedents { rules, kinds, decided: decided.map(precedent).into_iter().collect() }
    }

    /// Records what a person decided about the referral of a friend, and what had spoken against it.
    pub fn record(
        &mut self,
        friend: MemberId,
        decision: Decision,
        rules: impl IntoIterator<Item = Rule>,
        kinds: impl IntoIterator<Item = IdentifierKind>,
    ) -> Result<(), PrecedentError> {
        if self.decided.contains_key(&friend) {
            return Err(PrecedentError::Decided(friend));
        }
        let grounds = Grounds { rules: rules.into_iter().collect(), kinds: kinds.into_iter().collect() };
        let precedent = Precedent { decision, grounds };
        precedent.grounds.rules.iter().for_each(|rule| self.rules.entry(*rule).or_default().add(decision));
        precedent.grounds.kinds.iter().for_each(|kind| self.kinds.entry(*kind).or_default().add(decision));
        self.decided.insert(friend, precedent);
        Ok(())
    }

    /// As if it had never been decided.
    pub fn undo(&mut self, friend: MemberId) -> Result<Decision, PrecedentError> {
        let precedent = self.decided.remove(&friend).ok_or(PrecedentError::Undecided(friend))?;
        let decision = precedent.decision;
        precedent.grounds.rules.iter().for_each(|rule| self.rules.entry(*rule).or_default().take_back(decision));
        precedent.grounds.kinds.iter().for_each(|kind| self.kinds.entry(*kind).or_default().take_back(decision));
        self.rules.retain(|_, counts| *counts != Counts::default());
        self.kinds.retain(|_, counts| *counts != Counts::default());
        Ok(decision)
    }

    pub fn decision(&self, friend: MemberId) -> Option<Decision> {
        self.decided.get(&friend).map(|precedent| precedent.decision)
    }

    pub fn of_rule(&self, rule: Rule) -> Counts {
        self.rules.get(&rule).copied().unwrap_or_default()
    }

    pub fn of_kind(&self, kind: IdentifierKind) -> Counts {
        self.kinds.get(&kind).copied().unwrap_or_default()
    }

    /// A rule's weight in the light of what was decided. What speaks against a referral never comes to speak for
    /// it, and what is switched off, with a weight of 0, stays off.
    pub fn weight(&self, rule: Rule, stated: i32) -> i32 {
        match stated {
            1.. => (stated + self.of_rule(rule).shift()).max(0),
            _ => stated,
        }
    }

    /// What a kind of identifier joins, in the light of what was decided: half to one and a half times as much.
    pub fn tie(&self, kind: IdentifierKind, stated: Thousandths) -> Thousandths {
        let factor = 500 + self.of_kind(kind).precision().0;
        Thousandths((u64::from(stated.0) * u64::from(factor) / 1000).min(1000) as u32)
    }
}
