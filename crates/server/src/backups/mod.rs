//! Backups of a database file while it is in use, and the way back to any of them.
//!
//! A backup is a base, which is the database itself as one file that any tool can open, or an
//! increment, which holds the pages that have changed since the backup before it. Nothing of the
//! schema is known here, so nothing can be forgotten: what comes back is the file, bit for bit.
//! Beside each lies a manifest that says what it is; the manifest is written last, and a backup
//! without one does not exist. What is in a folder can be copied to a bucket of an object store, and
//! comes back from there as well.

mod address;
mod bucket;
mod connector;
mod copying;
mod pages;
mod restore;
mod take;

use std::path::{Path, PathBuf};

use lojal_core::kernel::Instant;
use serde::{Deserialize, Serialize};

use crate::audit::Difference;
use crate::checkpoints::Digest;
use crate::platform::database::OpenError;
use crate::platform::sql;
pub use address::{Access, BucketAddress, InvalidAccess, InvalidSource, Piece, Source};
pub use bucket::{Bucket, BucketFault};
pub use copying::{Copied, copy, restore_from_bucket};
pub use restore::{Returned, restore};
pub use take::{Extent, Order, take};

/// The version of the format of manifests.
const FORMAT: u32 = 1;
/// Held by whoever writes to the folder.
const LOCK_FILE: &str = "lock";
/// The hashes of the pages of the latest backup.
const PAGES_FILE: &str = "pages.index";

#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error(
        "backups are for database files; a PostgreSQL server has tools of its own: docs/operations.md shows how to use \
         them"
    )]
    OnServer,
    #[error("{file} cannot be written or read: {cause}")]
    File { file: PathBuf, cause: std::io::Error },
    #[error("another backup is being written to {0}: wait until it is done")]
    Busy(PathBuf),
    #[error("{0} is no manifest of a backup: {1}")]
    Manifest(Piece, String),
    #[error("there is no backup in {0} from that moment or before it")]
    Nothing(Source),
    #[error("{0} is not as it was written, or is missing: choose a moment before it, or after the next base")]
    Damaged(Piece),
    #[error("{0} is there already, and is not overwritten: restore into a new folder, which may hold secret.key")]
    NotEmpty(PathBuf),
    #[error("the books of the copy do not hold, so it is not kept; the first of {count} differences: {first}")]
    Unsound { first: Difference, count: u64 },
    #[error("the restored data do not have the checkpoint of the backup")]
    OtherRoot,
    #[error("{0} is the key of another shop: give each shop a prefix of its own")]
    OtherKey(Piece),
    #[error("{0} is there already: another restore is under way, or was cut short; then remove it and try again")]
    Leftover(PathBuf),
    #[error("{place}: {fault}")]
    Bucket { place: String, fault: BucketFault },
    #[error("storage failed: {0}")]
    Storage(#[from] sql::Error),
    #[error(transparent)]
    Open(#[from] OpenError),
}

/// What kind of backup it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Base,
    Increment,
}

/// What is known of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    lojal_backup: u32,
    pub kind: Kind,
    /// For an increment: the file of the backup to which it adds.
    pub after: Option<String>,
    /// The backup holds everything up to this moment, and nothing later.
    pub taken_at: Instant,
    /// The version of the schema.
    pub schema: i64,
    /// The root of the checkpoint of the data.
    pub root: Digest,
    pub holders: i64,
    pub transactions: i64,
    /// Whether the books were proved before it was kept.
    pub audited: bool,
    pub file: String,
    pub file_bytes: u64,
    pub file_hash: Digest,
    page_size: usize,
    /// Of the database that comes back.
    pub image_bytes: u64,
    image_hash: Digest,
}

/// An error with the file that it is about.
fn at(file: &Path) -> impl Fn(std::io::Error) -> BackupError {
    move |cause| BackupError::File { file: file.to_owned(), cause }
}

/// All backups in a folder, the oldest first.
pub fn list(folder: &Path) -> Result<Vec<Manifest>, BackupError> {
    let mut manifests = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(at(folder))? {
        let path = entry.map_err(at(folder))?.path();
        if path.extension().is_none_or(|ending| ending != "json") {
            continue;
        }
        let text = std::fs::read(&path).map_err(at(&path))?;
        manifests.push(read_manifest(&text, || Piece::File(path))?);
    }
    manifests.sort_by_key(|manifest| manifest.taken_at);
    Ok(manifests)
}

/// Reads a manifest, whose place is asked for when it is none.
fn read_manifest(text: &[u8], place: impl FnOnce() -> Piece) -> Result<Manifest, BackupError> {
    let problem = match serde_json::from_slice::<Manifest>(text) {
        Ok(manifest) if manifest.lojal_backup == FORMAT && !manifest.file.contains(['/', '\\']) => return Ok(manifest),
        Ok(_) => "it has another format than this release knows".to_owned(),
        Err(cause) => cause.to_string(),
    };
    Err(BackupError::Manifest(place(), problem))
}

/// What the manifest of a file is called.
fn manifest_name(file: &str) -> String {
    format!("{file}.json")
}

/// Where the manifest of a file lies.
fn manifest_path(folder: &Path, file: &str) -> PathBuf {
    folder.join(manifest_name(file))
}

/// Nobody but the operator's account may look into it.
fn make_folder(folder: &Path) -> Result<(), BackupError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(folder).map_err(at(folder))
}
