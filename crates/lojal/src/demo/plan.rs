use std::io::ErrorKind;
use std::path::Path;

use lojal_core::kernel::{Instant, Language};
use serde::{Deserialize, Serialize};

use crate::failure::Failure;

/// Where the plan is kept, in the data folder.
const FILE: &str = "demo.toml";

/// Which shop the folder holds. Kept beside the data, so that the second start tells no other
/// story.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    pub seed: u64,
    pub members: u32,
    pub days: u32,
    pub language: Language,
    /// The story is told up to this moment.
    pub until: Instant,
    /// Whether all of it has been written.
    pub complete: bool,
    /// A member to look at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub example: Option<String>,
}

impl Plan {
    /// The plan of the folder; `None` when the folder holds no demo.
    pub fn find(folder: &Path) -> Result<Option<Plan>, Failure> {
        let file = folder.join(FILE);
        match std::fs::read_to_string(&file) {
            Ok(text) => {
                toml::from_str(&text).map(Some).map_err(|error| Failure::new(format!("{}: {error}", file.display())))
            }
            Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(None),
            Err(cause) => Err(Failure::new(format!("{} cannot be read: {cause}", file.display()))),
        }
    }

    /// Replaces the file as a whole, so that a crash leaves the old one or the new one.
    pub fn save(&self, folder: &Path) -> Result<(), Failure> {
        let text = toml::to_string(self)?;
        let (fresh, file) = (folder.join("demo.toml.new"), folder.join(FILE));
        std::fs::write(&fresh, text)
            .and_then(|()| std::fs::rename(&fresh, &file))
            .map_err(|cause| Failure::new(format!("{} cannot be written: {cause}", file.display())))
    }
}
