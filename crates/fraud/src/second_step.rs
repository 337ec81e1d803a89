//! The second step: a friend who is not told from somebody made up enters a code that was sent to a mail address or a
//! telephone of theirs. What one person has proven tells them from others; what two have proven tells that they are one.

use std::collections::BTreeMap;

use lojal_core::kernel::MemberId;
use serde::{Deserialize, Serialize};

use crate::graph::Graph;
use crate::identifier::Mark;

/// How far a friend has come with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecondStep {
    /// The code that was sent to whatever the mark is of was entered.
    Taken(Mark),
    /// It was not entered in time, or could not be sent.
    Missed,
}

/// What it says of a referral.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// The friend alone has what was proven.
    Own,
    /// Others were seen with it, too: that joins them, and proves nothing.
    Shared,
    /// Nothing was proven in time.
    Missed,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SecondSteps {
    of_friends: BTreeMap<MemberId, SecondStep>,
}

impl SecondSteps {
    pub fn note(&mut self, friend: MemberId, step: SecondStep) {
        self.of_friends.insert(friend, step);
    }

    /// None while the friend has not come to an end with it, or was never asked.
    pub fn proof(&self, friend: MemberId, graph: &Graph) -> Option<Proof> {
        Some(match self.of_friends.get(&friend)? {
            SecondStep::Missed => Proof::Missed,
            SecondStep::Taken(mark) => {
                let own = usize::from(graph.sighting(friend, *mark).is_some());
                if graph.fan_out(*mark) > own { Proof::Shared } else { Proof::Own }
            }
        })
    }
}
