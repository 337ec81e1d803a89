use std::collections::BTreeMap;
use std::sync::Arc;

use super::Programme;
use crate::kernel::Instant;

/// All published versions. Of those that have come into force by a moment, the last one holds at that
/// moment: a later version overtakes all that still wait.
#[derive(Clone, Debug, Default)]
pub struct Rulebook {
    versions: BTreeMap<u32, Version>,
    /// The moment at which it is looked at; `None` when everything has come into force.
    at: Option<Instant>,
}

/// A version with the moment from which it holds; `None`: at once.
pub type Dated = (Arc<Programme>, Option<Instant>);

#[derive(Clone, Debug)]
struct Version {
    programme: Arc<Programme>,
    /// `None`: at once, whatever the moment of the decision.
    effective_from: Option<Instant>,
}

impl Rulebook {
    /// Versions that came into force as they were published.
    pub fn new(versions: impl IntoIterator<Item = Programme>) -> Rulebook {
        Rulebook::dated(versions.into_iter().map(|programme| (Arc::new(programme), None)))
    }

    /// Versions, each with the moment from which it holds, if that was stated.
    pub fn dated(versions: impl IntoIterator<Item = Dated>) -> Rulebook {
        let versions = versions
            .into_iter()
            .map(|(programme, effective_from)| (programme.version, Version { programme, effective_from }));
        Rulebook { versions: versions.collect(), at: None }
    }

    /// The version in force at the moment at which the rulebook is looked at; `None` before the first.
    pub fn live(&self) -> Option<&Arc<Programme>> {
        match self.at {
            Some(at) => self.live_at(at),
            None => self.latest(),
        }
    }

    /// The version in force at a moment.
    pub fn live_at(&self, moment: Instant) -> Option<&Arc<Programme>> {
        let begun = |version: &&Version| version.effective_from.is_none_or(|from| from <= moment);
        self.versions.values().rev().find(begun).map(|version| &version.programme)
    }

    /// The version that was published last, whether or not it has come into force.
    pub fn latest(&self) -> Option<&Arc<Programme>> {
        self.versions.last_key_value().map(|(_, version)| &version.programme)
    }

    /// The rulebook as it is looked at from a moment.
    pub fn at(&self, moment: Instant) -> Rulebook {
        Rulebook { versions: self.versions.clone(), at: Some(moment) }
    }

    /// Whether a version is still to come into force after `moment`.
    pub fn has_waiting(&self, moment: Instant) -> bool {
        self.live_at(moment).map(|programme| programme.version) != self.latest().map(|programme| programme.version)
    }

    pub fn version(&self, version: u32) -> Option<&Arc<Programme>> {
        self.versions.get(&version).map(|version| &version.programme)
    }

    /// From when a version holds, if that was stated.
    pub fn effective_from(&self, version: u32) -> Option<Instant> {
        self.versions.get(&version).and_then(|version| version.effective_from)
    }

    pub fn versions(&self) -> impl Iterator<Item = &Arc<Programme>> {
        self.versions.values().map(|version| &version.programme)
    }

    /// The rulebook as it stood when `version` was in force.
    pub fn up_to(&self, version: u32) -> Rulebook {
        let versions = self.versions.range(..=version);
        Rulebook { versions: versions.map(|(number, version)| (*number, version.clone())).collect(), at: None }
    }
}
