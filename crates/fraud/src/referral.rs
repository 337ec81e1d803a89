//! Referrals as the detector sees them, and what advocates have done so far.

use std::collections::{BTreeMap, BTreeSet};

use lojal_core::kernel::{Id, Instant, MemberId, Money, Part};
use serde::{Deserialize, Serialize};

use crate::likeness::Likeness;

/// Somebody came by somebody's recommendation and ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Referral {
    pub advocate: MemberId,
    pub friend: MemberId,
    /// When the friend ordered.
    pub at: Instant,
    /// When the friend came by the advocate's link; none where only the code was used.
    pub clicked_at: Option<Instant>,
    pub likeness: Likeness,
    pub disposable_mail: bool,
    /// Whether the shop knows the friend as a customer already, whatever the graph says.
    pub existing_customer: bool,
    /// What the friend ordered for.
    pub order: Money,
    /// For how much a friend has to order; none where nothing is asked.
    pub least_order: Option<Money>,
    /// What both sides would be given.
    pub stake: Money,
}

/// A friend is recommended once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{friend} was recommended already, by {advocate}: a friend is recommended once")]
pub struct AlreadyReferred {
    pub friend: MemberId,
    pub advocate: MemberId,
}

/// All referrals that are kept, by friend and by advocate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Referrals {
    by_friend: BTreeMap<MemberId, (Referral, bool)>,
    by_advocate: BTreeMap<MemberId, BTreeSet<(Instant, MemberId)>>,
    by_time: BTreeSet<(Instant, MemberId)>,
    returned_of: BTreeMap<MemberId, u32>,
    returned: u32,
    stated: Option<Tallies>,
}

/// How many orders friends returned, and of how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    pub returned: u64,
    pub friends: u64,
}

/// What is known of more referrals than are here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Tallies {
    advocate: MemberId,
    of_advocate: Tally,
    of_all: Tally,
}

impl Referrals {
    pub fn add(&mut self, referral: Referral) -> Result<(), AlreadyReferred> {
        if let Some((known, _)) = self.by_friend.get(&referral.friend) {
            return Err(AlreadyReferred { friend: known.friend, advocate: known.advocate });
        }
        let place = (referral.at, referral.friend);
        self.by_friend.insert(referral.friend, (referral, false));
        self.by_advocate.entry(referral.advocate).or_default().insert(place);
        self.by_time.insert(place);
        Ok(())
    }

    /// Notes that a friend returned the order; once is as good as twice.
    pub fn note_return(&mut self, friend: MemberId) {
        if let Some((referral, returned)) = self.by_friend.get_mut(&friend)
            && !*returned
        {
            *returned = true;
            *self.returned_of.entry(referral.advocate).or_default() += 1;
            self.returned += 1;
        }
    }

    pub fn of_friend(&self, friend: MemberId) -> Option<&Referral> {
        self.by_friend.get(&friend).map(|(referral, _)| referral)
    }

    pub fn has_returned(&self, friend: MemberId) -> bool {
        self.by_friend.get(&friend).is_some_and(|(_, returned)| *returned)
    }

    /// Who recommended a party; whoever came alone is a source of its own.
    pub fn source(&self, party: MemberId) -> MemberId {
        self.of_friend(party).map_or(party, |referral| referral.advocate)
    }

    /// An advocate's friends who ordered closest to a moment, half of them before it and half after, in order. Where
    /// there are fewer on one side, there are more on the other.
    pub fn friends_around(&self, advocate: MemberId, at: Instant, most: usize) -> Vec<&Referral> {
        let Some(places) = self.by_advocate.get(&advocate) else { return Vec::new() };
        let least = MemberId(Id::new(0, 0, Part::PROGRAMME));
        let mut around: Vec<&(Instant, MemberId)> = places.range(..(at, least)).rev().take(most).collect();
        let after: Vec<&(Instant, MemberId)> = places.range((at, least)..).take(most).collect();
        around.truncate(most - after.len().min(most / 2));
        around.reverse();
        let room = most - around.len();
        around.extend(after.into_iter().take(room));
        around.into_iter().filter_map(|(_, friend)| self.of_friend(*friend)).collect()
    }

    pub fn number_of_friends(&self, advocate: MemberId) -> usize {
        self.by_advocate.get(&advocate).map_or(0, BTreeSet::len)
    }

    /// States how many friends of an advocate and of everybody returned, where only some referrals are here.
    pub fn state_returns(&mut self, advocate: MemberId, of_advocate: Tally, of_all: Tally) {
        self.stated = Some(Tallies { advocate, of_advocate, of_all });
    }

    /// How many orders an advocate's friends returned, and of how many.
    pub fn returns_of(&self, advocate: MemberId) -> (u64, u64) {
        if let Some(stated) = self.stated.filter(|stated| stated.advocate == advocate) {
            return (stated.of_advocate.returned, stated.of_advocate.friends);
        }
        let returned = self.returned_of.get(&advocate).copied().unwrap_or_default();
        (u64::from(returned), self.number_of_friends(advocate) as u64)
    }

    /// The same of everybody's friends.
    pub fn returns(&self) -> (u64, u64) {
        if let Some(stated) = self.stated {
            return (stated.of_all.returned, stated.of_all.friends);
        }
        (u64::from(self.returned), self.by_friend.len() as u64)
    }

    /// Takes out what was ordered before a moment, and says how many referrals went.
    pub fn forget(&mut self, before: Instant) -> usize {
        let old: Vec<(Instant, MemberId)> = self.by_time.iter().take_while(|(at, _)| *at < before).copied().collect();
        old.iter().for_each(|place| self.take_out(*place));
        old.len()
    }

    fn take_out(&mut self, place: (Instant, MemberId)) {
        self.by_time.remove(&place);
        let Some((referral, returned)) = self.by_friend.remove(&place.1) else { return };
        if let Some(friends) = self.by_advocate.get_mut(&referral.advocate) {
            friends.remove(&place);
            if friends.is_empty() {
                self.by_advocate.remove(&referral.advocate);
            }
        }
        if returned {
            self.returned -= 1;
            if let Some(count) = self.returned_of.get_mut(&referral.advocate) {
                *count -= 1;
                if *count == 0 {
                    self.returned_of.remove(&referral.advocate);
                }
            }
        }
    }
}
