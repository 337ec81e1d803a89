//! Where clicks are written first: files beside the database that are only appended to. A database takes its turns with
//! whoever else writes; whoever follows a link should not wait for that.
//!
//! One thread writes. It takes all that wait, writes them at once, has the disk keep them (`fdatasync`), and only then
//! answers each: so many share one sync, and whatever was answered outlives the process and the power. Each line carries a
//! checksum; what was cut short is none, and nobody was told that it was kept. A process holds a lock on its files, so that
//! whatever a dead one left behind is known, and taken over.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::time::Duration;

use tokio::sync::oneshot;

use super::Click;
use crate::platform::random;

/// Beside the database.
const FOLDER: &str = "clicks";
const ENDING: &str = "log";
/// Clicks that may wait; more than that many come in a second on no machine that this runs on.
const MOST_WAITING: usize = 65_536;
/// Clicks that share a sync.
const MOST_AT_ONCE: usize = 4_096;
/// Nobody is kept longer from where a link leads. The click is written all the same, when the disk answers.
const PATIENCE: Duration = Duration::from_millis(50);
const CHECKSUM_LENGTH: usize = 16;

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotKept {
    #[error("more clicks wait than can be written")]
    Full,
    #[error("the disk has not answered in time")]
    Late,
    #[error("the disk has refused")]
    Refused,
}

/// Something that the thread is asked.
enum Asked {
    Keep {
        line: Vec<u8>,
        answer: oneshot::Sender<bool>,
    },
    /// Ends the file that is written, and answers with all files that have ended.
    End {
        answer: oneshot::Sender<Vec<PathBuf>>,
    },
    /// Is in the database, and may go.
    Folded {
        file: PathBuf,
    },
}

/// Clones share the thread; it ends with the last of them.
#[derive(Clone, Debug)]
pub struct ClickLog {
    asking: SyncSender<Asked>,
}

impl ClickLog {
    /// Where no thread can be started, every click is refused, and links lead on all the same.
    pub fn start(data: &Path) -> ClickLog {
        let (asking, asked) = sync_channel(MOST_WAITING);
        let scribe = Scribe { folder: data.join(FOLDER), current: None, ended: Vec::new() };
        let started = std::thread::Builder::new().name("clicks".to_owned()).spawn(move || scribe.run(&asked));
        if let Err(cause) = started {
            tracing::error!(%cause, "no thread can be started to write clicks with");
        }
        ClickLog { asking }
    }

    /// Returns when the click is on the disk.
    pub async fn keep(&self, click: &Click) -> Result<(), NotKept> {
        let (answer, answered) = oneshot::channel();
        let line = line_of(click).map_err(|_| NotKept::Refused)?;
        self.asking.try_send(Asked::Keep { line, answer }).map_err(|cause| match cause {
            TrySendError::Full(_) => NotKept::Full,
            TrySendError::Disconnected(_) => NotKept::Refused,
        })?;
        match tokio::time::timeout(PATIENCE, answered).await {
            Ok(Ok(true)) => Ok(()),
            Ok(_) => Err(NotKept::Refused),
            Err(_) => Err(NotKept::Late),
        }
    }

    /// All files to which nothing is added any more: those of this process, and those that others left behind.
    pub(super) async fn ended(&self) -> Vec<PathBuf> {
        let (answer, answered) = oneshot::channel();
        let asking = self.asking.clone();
        // A full queue is waited for, elsewhere than where requests are answered.
        let asked = tokio::task::spawn_blocking(move || asking.send(Asked::End { answer })).await;
        match asked {
            Ok(Ok(())) => answered.await.unwrap_or_default(),
            _ => Vec::new(),
        }
    }

    /// Lets go of a file whose clicks are in the database.
    pub(super) async fn folded(&self, file: PathBuf) {
        let asking = self.asking.clone();
        // Where it cannot be said, the file is folded again, which changes nothing.
        let _ = tokio::task::spawn_blocking(move || asking.send(Asked::Folded { file })).await;
    }
}

/// A file that this process holds.
struct Held {
    path: PathBuf,
    file: File,
}

struct Scribe {
    folder: PathBuf,
    current: Option<Held>,
    ended: Vec<Held>,
}

impl Scribe {
    fn run(mut self, asked: &Receiver<Asked>) {
        let mut lines = Vec::new();
        let mut waiting = Vec::new();
        while let Ok(first) = asked.recv() {
            let mut next = Some(first);
            while let Some(asked_now) = next.take() {
                match asked_now {
                    Asked::Keep { line, answer } => {
                        lines.extend_from_slice(&line);
                        waiting.push(answer);
                    }
                    Asked::End { answer } => {
                        self.settle(&mut lines, &mut waiting);
                        // Whoever asked may have gone.
                        let _ = answer.send(self.end());
                    }
                    Asked::Folded { file } => self.forget(&file),
                }
                if waiting.len() < MOST_AT_ONCE {
                    next = asked.try_recv().ok();
                }
            }
            self.settle(&mut lines, &mut waiting);
        }
    }

    /// Writes what waits, and answers those who wait.
    fn settle(&mut self, lines: &mut Vec<u8>, waiting: &mut Vec<oneshot::Sender<bool>>) {
        if waiting.is_empty() {
            return;
        }
        let kept = self.write(lines);
        if let Err(cause) = &kept {
            tracing::error!(%cause, clicks = waiting.len(), "clicks could not be written");
            // Whatever is half written stays the end of its file.
            self.ended.extend(self.current.take());
        }
        for answer in waiting.drain(..) {
            // Whoever waited may have lost patience.
            let _ = answer.send(kept.is_ok());
        }
        lines.clear();
    }

    fn write(&mut self, lines: &[u8]) -> std::io::Result<()> {
        if self.current.is_none() {
            self.current = Some(begin(&self.folder)?);
        }
        let Some(held) = &mut self.current else { return Ok(()) };
        held.file.write_all(lines)?;
        held.file.sync_data()
    }

    fn end(&mut self) -> Vec<PathBuf> {
        self.ended.extend(self.current.take());
        if let Err(cause) = self.take_over() {
            tracing::error!(%cause, "clicks that were left behind cannot be looked for");
        }
        self.ended.iter().map(|held| held.path.clone()).collect()
    }

    /// Takes over what processes left behind that are no more.
    fn take_over(&mut self) -> std::io::Result<()> {
        let entries = match std::fs::read_dir(&self.folder) {
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            entries => entries?,
        };
        for entry in entries {
            let path = entry?.path();
            let is_known = self.ended.iter().any(|held| held.path == path);
            if is_known || path.extension().is_none_or(|ending| ending != ENDING) {
                continue;
            }
            // It may have gone at this moment, folded by another process.
            let Ok(file) = OpenOptions::new().append(true).open(&path) else { continue };
            match file.try_lock() {
                Ok(()) => self.ended.push(Held { path, file }),
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(cause)) => return Err(cause),
            }
        }
        Ok(())
    }

    fn forget(&mut self, file: &Path) {
        if let Err(cause) = std::fs::remove_file(file)
            && cause.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(%cause, "a file of clicks cannot be removed; it is folded again, which changes nothing");
        }
        self.ended.retain(|held| held.path != file);
    }
}

/// Begins a file that is there after a power cut.
fn begin(folder: &Path) -> std::io::Result<Held> {
    std::fs::create_dir_all(folder)?;
    let name = random::bytes::<8>().map_err(std::io::Error::other)?;
    let path = folder.join(format!("{:016x}.{ENDING}", u64::from_le_bytes(name)));
    let file = OpenOptions::new().append(true).create_new(true).open(&path)?;
    // Whoever has it already found it left behind, and removes it.
    file.try_lock().map_err(std::io::Error::from)?;
    File::open(folder)?.sync_all()?;
    if let Some(above) = folder.parent() {
        File::open(above)?.sync_all()?;
    }
    Ok(Held { path, file })
}

/// A checksum, a blank, and the click.
fn line_of(click: &Click) -> Result<Vec<u8>, serde_json::Error> {
    let body = serde_json::to_vec(click)?;
    let mut line = Vec::with_capacity(CHECKSUM_LENGTH + body.len() + 2);
    line.extend_from_slice(checksum(&body).as_bytes());
    line.push(b' ');
    line.extend_from_slice(&body);
    line.push(b'\n');
    Ok(line)
}

fn checksum(body: &[u8]) -> String {
    blake3::hash(body).to_hex()[..CHECKSUM_LENGTH].to_owned()
}

/// The clicks of a file, and how many lines are none: at most its last one, unless somebody changed it.
pub(super) fn read(file: &Path) -> std::io::Result<(Vec<Click>, usize)> {
    let bytes = match std::fs::read(file) {
        // Another process has folded it.
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok((Vec::new(), 0)),
        bytes => bytes?,
    };
    let mut clicks = Vec::new();
    let mut broken = 0;
    for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        match click_of(line) {
            Some(click) => clicks.push(click),
            None => broken += 1,
        }
    }
    Ok((clicks, broken))
}

fn click_of(line: &[u8]) -> Option<Click> {
    let (sum, body) = line.split_at_checked(CHECKSUM_LENGTH)?;
    let body = body.strip_prefix(b" ")?;
    if checksum(body).as_bytes() != sum {
        return None;
    }
    serde_json::from_slice(body).ok()
}
