//! What the detector thought of recommendations, kept until a programme asks for it. The past has each word when the
//! programme of that day was ready for it; one under which more has to be waited for hears it again when it is.

use std::collections::{BTreeSet, HashSet};

use lojal_core::command::Command;
use lojal_core::holder::Holder;
use lojal_core::kernel::{HolderId, Instant};
use lojal_core::referrals::{Judge, Stage, Verdict};

use crate::history::Step;

/// A word of the detector's on how a recommendation stood, where it stands otherwise by now: under other terms it was told of
/// more often, or less, and the word is on it all the same.
pub(super) fn said_of(step: &Step, friend: Option<&Holder>) -> Option<Step> {
    let Command::JudgeReferral { verdict, by, seen: Some(seen) } = step.command else { return None };
    let sequence = friend.and_then(|holder| holder.referral.as_deref()).map(|state| state.sequence);
    let command = Command::JudgeReferral { verdict, by, seen: None };
    sequence.is_some_and(|sequence| sequence != seen).then(|| Step { command, ..step.clone() })
}

#[derive(Default)]
pub(super) struct Words {
    /// Friends against whom the detector had nothing when nobody asked yet.
    allowed: HashSet<HolderId>,
    /// When those of them have waited long enough who wait until a day.
    due: BTreeSet<(Instant, HolderId)>,
}

impl Words {
    /// Listens to a command before it is carried out.
    pub fn hear(&mut self, friend: HolderId, before: Option<&Holder>, command: &Command) {
        let Command::JudgeReferral { verdict, by: Judge::Detector, .. } = command else { return };
        let state = before.and_then(|holder| holder.referral.as_deref());
        let comes_early = state.is_some_and(|state| {
            // A doubt that is taken back is no word yet.
            !state.is_doubted && matches!(state.stage, Stage::Joined | Stage::Reversed | Stage::Waiting { .. })
        });
        if *verdict == Verdict::Allow && comes_early {
            self.allowed.insert(friend);
        } else {
            self.allowed.remove(&friend);
        }
    }

    /// Whether the word is to be said now, as a friend stands; once.
    pub fn is_asked_for(&mut self, friend: HolderId, after: Option<&Holder>) -> bool {
        if !self.allowed.contains(&friend) {
            return false;
        }
        match after.and_then(|holder| holder.referral.as_deref()).map(|state| &state.stage) {
            Some(Stage::Ripe { .. }) => self.allowed.remove(&friend),
            Some(Stage::Waiting { until: Some(until), .. }) => {
                self.due.insert((*until, friend));
                false
            }
            Some(Stage::Waiting { until: None, .. } | Stage::Joined | Stage::Reversed) => false,
            // It was heard, or is not asked for any more.
            _ => {
                self.allowed.remove(&friend);
                false
            }
        }
    }

    /// The next friend who has waited long enough by a moment, and since when.
    pub fn next_due(&mut self, now: Instant) -> Option<(Instant, HolderId)> {
        let due = *self.due.first().filter(|(at, _)| *at <= now)?;
        self.due.remove(&due);
        Some(due)
    }
}
