use std::collections::BTreeMap;
use std::sync::Arc;

use super::Programme;

/// All published versions; the last one is in force.
#[derive(Clone, Debug, Default)]
pub struct Rulebook {
    versions: BTreeMap<u32, Arc<Programme>>,
}

impl Rulebook {
    pub fn new(versions: impl IntoIterator<Item = Programme>) -> Rulebook {
        Rulebook { versions: versions.into_iter().map(|programme| (programme.version, Arc::new(programme))).collect() }
    }

    /// The version in force; `None` before the first is published.
    pub fn live(&self) -> Option<&Arc<Programme>> {
        self.versions.last_key_value().map(|(_, programme)| programme)
    }

    pub fn version(&self, version: u32) -> Option<&Arc<Programme>> {
        self.versions.get(&version)
    }

    pub fn versions(&self) -> impl Iterator<Item = &Arc<Programme>> {
        self.versions.values()
    }

    /// The rulebook as it stood when `version` was in force.
    pub fn up_to(&self, version: u32) -> Rulebook {
        Rulebook {
            versions: self
                .versions
                .range(..=version)
                .map(|(version, programme)| (*version, programme.clone()))
                .collect(),
        }
    }
}
