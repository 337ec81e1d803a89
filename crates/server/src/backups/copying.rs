//! Backups in a bucket: copied there from their folder, and back from there.
//!
//! The folder stays the stage, for an increment needs the hashes of the pages of the backup before it.
//! A bucket gets the files first and the manifest last, as the folder did, so that a backup whose
//! manifest is there is whole.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::StreamExt;
use lojal_core::kernel::Instant;

use super::restore::{Returned, expect_room, restore, target};
use super::take::{lock, restrict};
use super::{BackupError, Bucket, Kind, Manifest, at, list, make_folder, manifest_name, read_manifest};
use crate::checkpoints::SIGNING_KEY_FILE;
use crate::platform::database::Place;
use crate::platform::identity::KEY_FILE;

/// So many files are fetched at once.
const FILES_UNDER_WAY: usize = 4;

/// What a bucket has got.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Copied {
    pub backups: u64,
    pub bytes: u64,
}

/// Copies what the bucket does not have yet, the oldest first. A backup whose file is damaged is left out
/// and named in the end.
pub async fn copy(folder: &Path, bucket: &Bucket, with_key: bool) -> Result<Copied, BackupError> {
    let _lock = lock(folder)?;
    let known = list(folder)?;
    // What is older is not asked for: it gathers there for years, and asking costs money.
    let oldest = known.iter().map(|manifest| manifest.file.as_str()).min();
    let there = bucket.names(oldest).await?;
    if with_key {
        copy_keys(folder, bucket, &there).await?;
    }
    let mut copied = Copied::default();
    let mut damaged = None;
    for manifest in known {
        let name = manifest_name(&manifest.file);
        if there.contains_key(&name) {
            continue;
        }
        let file = folder.join(&manifest.file);
        match bucket.upload(&file, &manifest.file, (manifest.file_hash, manifest.file_bytes)).await {
            Ok(()) => (),
            Err(fault @ BackupError::Damaged(_)) => {
                damaged.get_or_insert(fault);
                continue;
            }
            Err(fault) => return Err(fault),
        }
        let path = folder.join(&name);
        bucket.write(&name, tokio::fs::read(&path).await.map_err(at(&path))?).await?;
        copied.backups += 1;
        copied.bytes += manifest.file_bytes;
    }
    damaged.map_or(Ok(copied), Err)
}

/// A key that lies there already is another shop's, unless it is the same.
async fn copy_keys(folder: &Path, bucket: &Bucket, there: &BTreeMap<String, u64>) -> Result<(), BackupError> {
    for name in [KEY_FILE, SIGNING_KEY_FILE] {
        let path = folder.join(name);
        if !path.exists() {
            continue;
        }
        let key = tokio::fs::read(&path).await.map_err(at(&path))?;
        if !there.contains_key(name) {
            bucket.write(name, key).await?;
        } else if bucket.read(name).await? != key {
            return Err(BackupError::OtherKey(bucket.piece(name)));
        }
    }
    Ok(())
}

/// As [`restore`], from what lies in a bucket: what is needed comes into a folder beside the new one,
/// and goes again.
pub async fn restore_from_bucket(
    bucket: &Bucket,
    moment: Option<Instant>,
    place: &Place,
) -> Result<Returned, BackupError> {
    let database = target(place)?;
    let there = bucket.names(None).await?;
    let chain = chain(bucket, &there, moment).await?;
    expect_room(database)?;
    let stage = Stage::beside(&place.folder)?;
    let result = match fetch(bucket, &there, &chain, &stage.0).await {
        Ok(()) => restore(&stage.0, moment, place).await,
        Err(fault) => Err(fault),
    };
    let removed = stage.remove();
    let returned = result?;
    removed.map(|()| returned)
}

/// A manifest as it lies in the bucket, and what it says.
struct Found {
    text: Vec<u8>,
    manifest: Manifest,
}

/// The latest backup up to a moment, and before it all that it adds to. The names say when each was taken,
/// so only what is needed is read, however much has gathered there.
async fn chain(
    bucket: &Bucket,
    there: &BTreeMap<String, u64>,
    moment: Option<Instant>,
) -> Result<Vec<Found>, BackupError> {
    let files = there.keys().filter_map(|name| name.strip_suffix(".json"));
    let dated = files.filter_map(|file| Some((taken_at(file)?, file)));
    let latest = dated.filter(|(taken_at, _)| moment.is_none_or(|moment| *taken_at <= moment)).max();
    let Some((_, latest)) = latest else { return Err(BackupError::Nothing(bucket.source())) };
    let mut next = Some(latest.to_owned());
    let mut chain: Vec<Found> = Vec::new();
    while let Some(file) = next {
        let name = manifest_name(&file);
        if !there.contains_key(&name) {
            return Err(BackupError::Damaged(bucket.piece(&file)));
        }
        let text = bucket.read(&name).await?.to_vec();
        let manifest = read_manifest(&text, || bucket.piece(&name))?;
        let is_before = chain.last().is_none_or(|later| manifest.taken_at < later.manifest.taken_at);
        if manifest.file != file || !is_before {
            return Err(BackupError::Manifest(bucket.piece(&name), "it is of another backup".to_owned()));
        }
        next = manifest.after.clone().filter(|_| manifest.kind == Kind::Increment);
        chain.push(Found { text, manifest });
    }
    Ok(chain)
}

/// As the name of a file says it.
fn taken_at(file: &str) -> Option<Instant> {
    let (name, _) = file.split_once("Z.")?;
    let (day, time) = name.split_once('T')?;
    format!("{day}T{}Z", time.replace('-', ":")).parse().ok()
}

async fn fetch(bucket: &Bucket, there: &BTreeMap<String, u64>, chain: &[Found], to: &Path) -> Result<(), BackupError> {
    let has_failed = AtomicBool::new(false);
    let one = async |Found { text, manifest }: &Found| {
        if there.get(&manifest.file) != Some(&manifest.file_bytes) {
            return Err(BackupError::Damaged(bucket.piece(&manifest.file)));
        }
        let path = to.join(&manifest.file);
        bucket.download(&manifest.file, (manifest.file_hash, manifest.file_bytes), &path).await?;
        let path = to.join(manifest_name(&manifest.file));
        tokio::fs::write(&path, text).await.map_err(at(&path))
    };
    // Where one fails, no other is begun; those under way come to their end, so that nothing is written to a folder that is
    // being removed.
    let files = futures_util::stream::iter(chain).map(async |found| {
        if has_failed.load(Ordering::Relaxed) {
            return Ok(());
        }
        let fetched = one(found).await;
        has_failed.fetch_or(fetched.is_err(), Ordering::Relaxed);
        fetched
    });
    let fetched: Vec<Result<(), BackupError>> = files.buffer_unordered(FILES_UNDER_WAY).collect().await;
    fetched.into_iter().collect::<Result<(), BackupError>>()?;
    for name in [KEY_FILE, SIGNING_KEY_FILE].into_iter().filter(|name| there.contains_key(*name)) {
        let path = to.join(name);
        tokio::fs::write(&path, bucket.read(name).await?).await.map_err(at(&path))?;
        restrict(&path)?;
    }
    Ok(())
}

/// A folder for a moment, that nobody else may look into.
struct Stage(PathBuf);

impl Stage {
    fn beside(folder: &Path) -> Result<Stage, BackupError> {
        let whole = std::path::absolute(folder).map_err(at(folder))?;
        let mut name = whole.file_name().unwrap_or_default().to_owned();
        name.push(".fetched");
        let path = whole.with_file_name(name);
        if path.exists() {
            return Err(BackupError::Leftover(path));
        }
        make_folder(&path)?;
        Ok(Stage(path))
    }

    fn remove(self) -> Result<(), BackupError> {
        std::fs::remove_dir_all(&self.0).map_err(at(&self.0))
    }
}

impl Drop for Stage {
    /// Also when nobody waits for the end any more.
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
