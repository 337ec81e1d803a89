//! The way back.

use std::fs::File;
use std::path::Path;

use lojal_core::kernel::Instant;

use super::pages::{apply, file_hash};
use super::{BackupError, Kind, Manifest, Piece, Source, at, list, make_folder};
use crate::audit::{Report, audit};
use crate::checkpoints::{SIGNING_KEY_FILE, summarise};
use crate::platform::database::{Address, Database, Place};
use crate::platform::identity::KEY_FILE;

/// What came back.
#[derive(Clone, Debug)]
pub struct Returned {
    pub manifest: Manifest,
    /// What the audit says of it.
    pub report: Report,
    /// Whether the key of the personal data is in the folder.
    pub has_key: bool,
}

/// Fills a folder with the data as they were at a moment, or at the latest backup, and audits
/// them. Of a damaged backup nothing is kept.
pub async fn restore(backups: &Path, moment: Option<Instant>, place: &Place) -> Result<Returned, BackupError> {
    let (database, folder) = (target(place)?, &place.folder);
    let chain = chain(backups, moment)?;
    let nothing = || BackupError::Nothing(Source::Folder(backups.to_owned()));
    let last = chain.last().cloned().ok_or_else(nothing)?;
    expect_room(database)?;
    make_folder(folder)?;
    let draft = database.with_extension("draft");
    let filled = fill(backups, &chain, &draft);
    if filled.is_err() {
        // What is wrong with the backup matters more than what is left of the draft.
        let _ = std::fs::remove_file(&draft);
    }
    filled?;
    std::fs::rename(&draft, database).map_err(at(database))?;
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(at(folder))?;
    for name in [KEY_FILE, SIGNING_KEY_FILE] {
        let (source, target) = (backups.join(name), folder.join(name));
        if source.exists() && !target.exists() {
            std::fs::copy(&source, &target).map_err(at(&target))?;
        }
    }
    let restored = Database::open(place).await?;
    let root = summarise(&mut *restored.read().await?).await?.root;
    let report = audit(&restored, |_| ()).await?;
    restored.close().await;
    if root != last.root {
        return Err(BackupError::OtherRoot);
    }
    Ok(Returned { manifest: last, report, has_key: folder.join(KEY_FILE).exists() })
}

/// Where the database is to come.
pub(super) fn target(place: &Place) -> Result<&Path, BackupError> {
    match &place.address {
        Address::Sqlite(database) => Ok(database),
        Address::Postgres(_) => Err(BackupError::OnServer),
    }
}

/// Nothing is overwritten.
pub(super) fn expect_room(database: &Path) -> Result<(), BackupError> {
    if database.exists() { Err(BackupError::NotEmpty(database.to_owned())) } else { Ok(()) }
}

/// The latest backup up to a moment, and before it all that it adds to, the base first.
fn chain(backups: &Path, moment: Option<Instant>) -> Result<Vec<Manifest>, BackupError> {
    let known = list(backups)?;
    let mut next = known.iter().rev().find(|manifest| moment.is_none_or(|moment| manifest.taken_at <= moment));
    let mut chain = Vec::new();
    while let Some(manifest) = next {
        chain.push(manifest.clone());
        let Some(after) = manifest.after.as_ref().filter(|_| manifest.kind == Kind::Increment) else { break };
        let before = known.iter().find(|known| known.file == *after && known.taken_at < manifest.taken_at);
        next = Some(before.ok_or_else(|| BackupError::Damaged(Piece::File(backups.join(after))))?);
    }
    chain.reverse();
    Ok(chain)
}

fn fill(backups: &Path, chain: &[Manifest], draft: &Path) -> Result<(), BackupError> {
    for manifest in chain {
        let file = backups.join(&manifest.file);
        let damaged = || BackupError::Damaged(Piece::File(file.clone()));
        let found = file_hash(&file).map_err(|_| damaged())?;
        if found != (manifest.file_hash, manifest.file_bytes) {
            return Err(damaged());
        }
        match manifest.kind {
            Kind::Base => drop(std::fs::copy(&file, draft).map_err(at(draft))?),
            Kind::Increment => {
                apply(&file, manifest.page_size, manifest.image_bytes, draft).map_err(at(draft))?;
            }
        }
        if file_hash(draft).map_err(at(draft))? != (manifest.image_hash, manifest.image_bytes) {
            return Err(damaged());
        }
    }
    File::open(draft).and_then(|draft| draft.sync_all()).map_err(at(draft))
}
