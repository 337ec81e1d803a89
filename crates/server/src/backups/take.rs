//! Making a backup.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::pages::{Image, file_hash};
use super::{BackupError, FORMAT, Kind, LOCK_FILE, Manifest, PAGES_FILE, at, list, make_folder, manifest_path};
use crate::audit::audit;
use crate::checkpoints::{SIGNING_KEY_FILE, Summary, summarise};
use crate::platform::clock::Clock;
use crate::platform::database::{Address, Database, Place};
use crate::platform::identity::KEY_FILE;
use crate::platform::sql::{self, Moment};

/// The copy while it is made.
const DRAFT: &str = "draft.db";

/// How much is to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    Base,
    /// What has changed since the latest backup; a base where there is none to add to.
    Increment,
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Order {
    /// The folder with the backups.
    pub folder: PathBuf,
    pub extent: Extent,
    /// Whether the books of the copy are proved before it is kept.
    pub audit: bool,
    /// So many bases are kept, with the increments that add to them.
    pub keep: usize,
    /// Whether the keys are put beside the backups.
    pub with_key: bool,
}

/// Makes a backup of the database at `place`, which may be in use.
pub async fn take(place: &Place, order: &Order, clock: &Clock) -> Result<Manifest, BackupError> {
    let Address::Sqlite(source) = &place.address else { return Err(BackupError::OnServer) };
    make_folder(&order.folder)?;
    let _lock = lock(&order.folder)?;
    let draft = order.folder.join(DRAFT);
    remove_draft(&draft)?;
    let result = take_locked(place, source, order, clock, &draft).await;
    remove_draft(&draft)?;
    result
}

async fn take_locked(
    place: &Place,
    source: &Path,
    order: &Order,
    clock: &Clock,
    draft: &Path,
) -> Result<Manifest, BackupError> {
    let (from, to, time) = (source.to_owned(), draft.to_owned(), clock.clone());
    let taken_at = blocking(move || {
        let moment = Moment::of(&from)?;
        let taken_at = time.now();
        moment.copy(&to)?;
        Ok(taken_at)
    })
    .await?;
    let (schema, summary) = look_through(&order.folder, draft, order.audit).await?;
    let to = draft.to_owned();
    let image = blocking(move || {
        sql::seal(&to)?;
        Image::of(&to).map_err(at(&to))
    })
    .await?;
    let known = list(&order.folder)?;
    let before = known.last().filter(|_| order.extent == Extent::Increment);
    let remembered = order.folder.join(PAGES_FILE);
    let before = before.and_then(|latest| Some((latest, Image::recall(&remembered, latest.image_hash)?)));
    let before = before.filter(|(latest, pages)| pages.page_size == image.page_size && latest.taken_at < taken_at);
    // As a file may be named everywhere.
    let name = taken_at.to_string().replace(':', "-");
    let file = match &before {
        None => {
            let file = format!("{name}.db");
            let path = order.folder.join(&file);
            File::open(draft).and_then(|draft| draft.sync_all()).map_err(at(draft))?;
            std::fs::rename(draft, &path).map_err(at(&path))?;
            file
        }
        Some((_, pages)) => {
            let file = format!("{name}.pages.gz");
            let (part, path) = (order.folder.join("draft.pages.gz"), order.folder.join(&file));
            image.write_changes(pages, draft, &part).map_err(at(&part))?;
            std::fs::rename(&part, &path).map_err(at(&path))?;
            file
        }
    };
    restrict(&order.folder.join(&file))?;
    let (file_hash, file_bytes) = file_hash(&order.folder.join(&file)).map_err(at(draft))?;
    let manifest = Manifest {
        lojal_backup: FORMAT,
        kind: if before.is_some() { Kind::Increment } else { Kind::Base },
        after: before.as_ref().map(|(latest, _)| latest.file.clone()),
        taken_at,
        schema,
        root: summary.root,
        holders: summary.holders,
        transactions: summary.transactions,
        audited: order.audit,
        file,
        file_bytes,
        file_hash,
        page_size: image.page_size,
        image_bytes: image.bytes,
        image_hash: image.hash,
    };
    if order.with_key {
        copy_keys(&place.folder, &order.folder)?;
    }
    image.save(&remembered).map_err(at(&remembered))?;
    write_manifest(&order.folder, &manifest)?;
    forget(&order.folder, order.keep)?;
    Ok(manifest)
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, BackupError> + Send + 'static,
) -> Result<T, BackupError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(defect) => Err(sql::Error::new(sql::ErrorKind::Failed, defect.to_string()).into()),
    }
}

/// Opens the copy as a database: what it holds, and whether the books are right.
async fn look_through(folder: &Path, draft: &Path, prove: bool) -> Result<(i64, Summary), BackupError> {
    let place = Place { folder: folder.to_owned(), address: Address::Sqlite(draft.to_owned()) };
    let copy = Database::open(&place).await?;
    let mut connection = copy.read().await?;
    let summary = summarise(&mut connection).await?;
    let row = sql::row(&mut connection, "select max(number) as latest from schema_migration", vec![]).await?;
    let schema = row.map_or(Ok(0), |row| sql::column(&row, "latest"))?;
    drop(connection);
    let report = if prove { audit(&copy, |_| ()).await? } else { Default::default() };
    copy.close().await;
    match report.differences.into_iter().next() {
        Some(first) => Err(BackupError::Unsound { first, count: report.difference_count }),
        None => Ok((schema, summary)),
    }
}

/// The lock ends with the file that is answered, also when the process does.
pub(super) fn lock(folder: &Path) -> Result<File, BackupError> {
    let path = folder.join(LOCK_FILE);
    let file = File::options().write(true).create(true).truncate(false).open(&path).map_err(at(&path))?;
    file.try_lock().map_err(|cause| match cause {
        std::fs::TryLockError::WouldBlock => BackupError::Busy(folder.to_owned()),
        std::fs::TryLockError::Error(cause) => BackupError::File { file: path, cause },
    })?;
    Ok(file)
}

fn remove(path: &Path) -> Result<(), BackupError> {
    match std::fs::remove_file(path) {
        Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => Err(at(path)(cause)),
        _ => Ok(()),
    }
}

fn remove_draft(draft: &Path) -> Result<(), BackupError> {
    for ending in ["", "-wal", "-shm", "-journal"] {
        let mut path = draft.as_os_str().to_owned();
        path.push(ending);
        remove(Path::new(&path))?;
    }
    Ok(())
}

/// Nobody but the operator's account may read the data.
pub(super) fn restrict(path: &Path) -> Result<(), BackupError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).map_err(at(path))?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

fn copy_keys(from: &Path, to: &Path) -> Result<(), BackupError> {
    for name in [KEY_FILE, SIGNING_KEY_FILE] {
        let (source, target) = (from.join(name), to.join(name));
        if source.exists() {
            std::fs::copy(&source, &target).map_err(at(&target))?;
            restrict(&target)?;
        }
    }
    Ok(())
}

/// From here on the backup exists.
fn write_manifest(folder: &Path, manifest: &Manifest) -> Result<(), BackupError> {
    let path = manifest_path(folder, &manifest.file);
    let draft = folder.join("draft.manifest");
    let written = || {
        let mut file = File::create(&draft)?;
        file.write_all(&serde_json::to_vec_pretty(manifest)?)?;
        file.sync_all()?;
        std::fs::rename(&draft, &path)?;
        File::open(folder)?.sync_all()
    };
    written().map_err(at(&path))
}

/// Removes the oldest bases with what adds to them, the manifests first.
fn forget(folder: &Path, keep: usize) -> Result<(), BackupError> {
    let known = list(folder)?;
    let bases: Vec<usize> = (0..known.len()).filter(|place| known[*place].kind == Kind::Base).collect();
    let Some(oldest_kept) = bases.len().checked_sub(keep.max(1)).and_then(|place| bases.get(place)) else {
        return Ok(());
    };
    for manifest in known[..*oldest_kept].iter().rev() {
        remove(&manifest_path(folder, &manifest.file))?;
        remove(&folder.join(&manifest.file))?;
    }
    Ok(())
}
