//! Where clicks are written first: files beside the database that are only added to. A database takes its turns with
//! whoever else writes; whoever follows a link should not wait for that.
//!
//! One thread writes. It takes all that wait and hands them to the operating system at once: from then on they outlive the
//! process. Another has the disk keep what was written (`fdatasync`), and answers each: so many share one sync, and
//! whatever was answered outlives the power as well. Only where the disk is busy for longer than [`GRACE`] does the writer
//! answer first, and the disk follows within moments: a disk that serves a database at the same time is late for one
//! click in twenty, and who follows a link should not wait for that. Should the power go in such a moment, the token that
//! each was handed still says what they followed.
//!
//! Each line carries a checksum; what was cut short is none. A process holds a lock on its files, so that whatever a dead
//! one left behind is known, and taken over.
//!
//! A third thread keeps the next file ready, filled with zeros that are on the disk already. So no click pays for a new
//! file, and a sync has nothing to keep but the lines: where a file grows, it would have to keep its new length as well,
//! and wait for whatever else the file system has under way.

use std::collections::VecDeque;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SendError, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant as Moment};

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
/// For so long the disk is waited for: more than most syncs take where nothing else is written.
const GRACE: Duration = Duration::from_micros(300);
/// Batches that wait for the disk; then nothing more is written, until it answers.
const MOST_UNSYNCED: usize = 1_024;
/// Nobody is kept longer from where a link leads. The click is written all the same, when the system takes it.
const PATIENCE: Duration = Duration::from_millis(50);
const CHECKSUM_LENGTH: usize = 16;
/// What a file has room for at first: twice what the last one came to, within these bounds. Beyond it, it grows.
const LEAST_ROOM: u64 = 16 * 1024;
const MOST_ROOM: u64 = 8 * 1024 * 1024;
/// Another process may take a file for left behind before it is locked: then there is another one.
const ATTEMPTS: usize = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotKept {
    #[error("more clicks wait than can be written")]
    Full,
    #[error("the system has not taken it in time")]
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
    /// Ends the file that is written, and hands it over.
    End {
        answer: oneshot::Sender<Vec<Held>>,
    },
}

/// Clones share the threads; they end with the last of them.
#[derive(Clone, Debug)]
pub struct ClickLog {
    folder: PathBuf,
    asking: SyncSender<Asked>,
}

impl ClickLog {
    /// Where no thread can be started, every click is refused, and links lead on all the same.
    pub fn start(data: &Path) -> ClickLog {
        let folder = data.join(FOLDER);
        let (asking, asked) = sync_channel(MOST_WAITING);
        // Nothing is kept between the two threads: one file is ready, and no more.
        let (offering, ready) = sync_channel(0);
        let (handing, handed) = sync_channel(MOST_UNSYNCED);
        let room = Arc::new(AtomicU64::new(LEAST_ROOM));
        let scribe = Scribe {
            ready,
            room: Arc::clone(&room),
            current: None,
            ended: Vec::new(),
            handing,
            unanswered: VecDeque::new(),
        };
        let preparing = folder.clone();
        let started = thread("click files", move || prepare(&preparing, &room, &offering))
            .and_then(|()| thread("click syncs", move || sync(&handed)))
            .and_then(|()| thread("clicks", move || scribe.run(&asked)));
        if let Err(cause) = started {
            tracing::error!(%cause, "no thread can be started to write clicks with");
        }
        ClickLog { folder, asking }
    }

    /// Returns when the click outlives the process, and the power as well unless the disk is late.
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

    /// The files that were written until now, and to which nothing is added any more.
    pub(super) async fn ended(&self) -> Vec<Held> {
        let (answer, answered) = oneshot::channel();
        let asking = self.asking.clone();
        // A full queue is waited for, elsewhere than where requests are answered.
        let asked = tokio::task::spawn_blocking(move || asking.send(Asked::End { answer })).await;
        match asked {
            Ok(Ok(())) => answered.await.unwrap_or_default(),
            _ => Vec::new(),
        }
    }

    /// Takes over what processes left behind that are no more, at most so many files.
    pub(super) fn left_behind(&self, most: usize) -> io::Result<Vec<Held>> {
        let entries = match std::fs::read_dir(&self.folder) {
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut found = Vec::new();
        for entry in entries {
            let path = entry?.path();
            if found.len() >= most {
                break;
            }
            if path.extension().is_none_or(|ending| ending != ENDING) {
                continue;
            }
            // It may have gone at this moment, folded by another process.
            let Ok(file) = OpenOptions::new().append(true).open(&path) else { continue };
            match file.try_lock() {
                Ok(()) => found.push(Held::new(path, file)),
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(cause)) => return Err(cause),
            }
        }
        Ok(found)
    }
}

/// A file that this process holds.
#[derive(Debug)]
pub(super) struct Held {
    path: PathBuf,
    file: Arc<Kept>,
    written: u64,
}

/// What is locked as long as somebody writes or syncs.
#[derive(Debug)]
struct Kept {
    file: File,
    /// The disk has refused: nothing more is written there.
    is_refused: AtomicBool,
}

impl Kept {
    fn is_refused(&self) -> bool {
        self.is_refused.load(Ordering::Acquire)
    }
}

/// Clicks that were written at once.
struct Batch {
    file: Arc<Kept>,
    written_at: Moment,
    /// Whoever takes them first, answers them.
    waiting: Mutex<Vec<oneshot::Sender<bool>>>,
}

impl Batch {
    fn answer(&self, is_kept: bool) {
        answer_all(&self.waiting, is_kept);
    }

    fn is_answered(&self) -> bool {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }
}

impl Held {
    fn new(path: PathBuf, file: File) -> Held {
        Held { path, file: Arc::new(Kept { file, is_refused: AtomicBool::new(false) }), written: 0 }
    }

    /// The clicks of the file, and how many lines are none: at most its last one, unless somebody changed it.
    pub fn read(&self) -> io::Result<(Vec<Click>, usize)> {
        let bytes = match std::fs::read(&self.path) {
            // Another process has folded it.
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok((Vec::new(), 0)),
            bytes => bytes?,
        };
        let mut clicks = Vec::new();
        let mut broken = 0;
        // What was never written is zeros.
        for line in bytes.split(|byte| *byte == b'\n').filter(|line| line.iter().any(|byte| *byte != 0)) {
            match click_of(line) {
                Some(click) => clicks.push(click),
                None => broken += 1,
            }
        }
        Ok((clicks, broken))
    }

    /// Lets go of a file whose clicks are in the database.
    pub fn remove(self) {
        if let Err(cause) = std::fs::remove_file(&self.path)
            && cause.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(%cause, "a file of clicks cannot be removed; it is folded again, which changes nothing");
        }
    }
}

fn answer_all(waiting: &Mutex<Vec<oneshot::Sender<bool>>>, is_kept: bool) {
    for answer in std::mem::take(&mut *waiting.lock().unwrap_or_else(PoisonError::into_inner)) {
        // Whoever waited may have lost patience.
        let _ = answer.send(is_kept);
    }
}

/// Has the disk keep what was written, until nobody writes any more. Whatever came meanwhile shares the next sync.
fn sync(handed: &Receiver<Arc<Batch>>) {
    while let Ok(first) = handed.recv() {
        let mut batches = vec![first];
        batches.extend(handed.try_iter());
        for of_file in batches.chunk_by(|one, other| Arc::ptr_eq(&one.file, &other.file)) {
            let kept = &of_file[0].file;
            // What failed once is not told again by the system, whatever was lost.
            if !kept.is_refused()
                && let Err(cause) = kept.file.sync_data()
            {
                tracing::error!(%cause, "clicks could not be synced");
                kept.is_refused.store(true, Ordering::Release);
            }
            of_file.iter().for_each(|batch| batch.answer(!kept.is_refused()));
        }
    }
}

struct Scribe {
    ready: Receiver<io::Result<Held>>,
    room: Arc<AtomicU64>,
    current: Option<Held>,
    /// To which nothing is added any more, because the disk refused.
    ended: Vec<Held>,
    /// Whoever has the disk keep what was written.
    handing: SyncSender<Arc<Batch>>,
    /// Written, and possibly not answered yet.
    unanswered: VecDeque<Arc<Batch>>,
}

impl Scribe {
    fn run(mut self, asked: &Receiver<Asked>) {
        let mut lines = Vec::new();
        let mut waiting = Vec::new();
        while let Some(first) = self.next(asked) {
            let mut next = Some(first);
            while let Some(asked_now) = next.take() {
                match asked_now {
                    Asked::Keep { line, answer } => {
                        lines.extend_from_slice(&line);
                        waiting.push(answer);
                    }
                    Asked::End { answer } => {
                        self.settle(&mut lines, &mut waiting);
                        // Whoever asked may have gone; then the files are found as if they were left behind.
                        let _ = answer.send(self.end());
                    }
                }
                if waiting.len() < MOST_AT_ONCE {
                    next = asked.try_recv().ok();
                }
            }
            self.settle(&mut lines, &mut waiting);
        }
    }

    /// What is asked next. Whoever has waited for the disk long enough meanwhile is answered.
    fn next(&mut self, asked: &Receiver<Asked>) -> Option<Asked> {
        loop {
            self.unanswered.retain(|batch| !batch.is_answered());
            let Some(oldest) = self.unanswered.front() else { return asked.recv().ok() };
            let left = GRACE.saturating_sub(oldest.written_at.elapsed());
            match asked.recv_timeout(left) {
                Ok(asked) if !left.is_zero() => return Some(asked),
                Ok(asked) => {
                    oldest.answer(!oldest.file.is_refused());
                    return Some(asked);
                }
                Err(RecvTimeoutError::Timeout) => oldest.answer(!oldest.file.is_refused()),
                Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
    }

    /// Writes what waits, and has it synced.
    fn settle(&mut self, lines: &mut Vec<u8>, waiting: &mut Vec<oneshot::Sender<bool>>) {
        if waiting.is_empty() {
            return;
        }
        let waiting = Mutex::new(std::mem::take(waiting));
        match self.write(lines) {
            Ok(file) => {
                let batch = Arc::new(Batch { file, written_at: Moment::now(), waiting });
                // Where nobody syncs any more, nothing is known to be kept.
                match self.handing.send(Arc::clone(&batch)) {
                    Ok(()) => self.unanswered.push_back(batch),
                    Err(_) => batch.answer(false),
                }
            }
            Err(cause) => {
                tracing::error!(%cause, "clicks could not be written");
                // Whatever is half written stays the end of its file.
                self.ended.extend(self.current.take());
                answer_all(&waiting, false);
            }
        }
        lines.clear();
    }

    fn write(&mut self, lines: &[u8]) -> io::Result<Arc<Kept>> {
        self.ended.extend(self.current.take_if(|held| held.file.is_refused()));
        let held = match &mut self.current {
            Some(held) => held,
            // It is made already, unless two were asked for at once.
            none => none.insert(self.ready.recv().map_err(io::Error::other)??),
        };
        held.written += lines.len() as u64;
        (&held.file.file).write_all(lines)?;
        Ok(Arc::clone(&held.file))
    }

    /// A file in which nothing stands is written on.
    fn end(&mut self) -> Vec<Held> {
        let written = self.current.take_if(|held| held.written > 0);
        if let Some(held) = &written {
            self.room.store((2 * held.written).clamp(LEAST_ROOM, MOST_ROOM), Ordering::Relaxed);
        }
        self.ended.drain(..).chain(written).collect()
    }
}

fn thread(name: &str, work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    std::thread::Builder::new().name(name.to_owned()).spawn(work).map(drop)
}

/// Keeps a file ready until nobody writes any more.
fn prepare(folder: &Path, room: &AtomicU64, offering: &SyncSender<io::Result<Held>>) {
    loop {
        let begun = begin(folder, room.load(Ordering::Relaxed));
        if let Err(SendError(unused)) = offering.send(begun) {
            if let Ok(held) = unused {
                held.remove();
            }
            return;
        }
    }
}

/// Begins a file that is there after a power cut.
fn begin(folder: &Path, room: u64) -> io::Result<Held> {
    match std::fs::create_dir(folder) {
        Err(cause) if cause.kind() != io::ErrorKind::AlreadyExists => return Err(cause),
        _ => {}
    }
    let mut attempts = 1;
    let (path, mut file) = loop {
        match lock_new(folder) {
            Err(TryLockError::WouldBlock) if attempts < ATTEMPTS => attempts += 1,
            begun => break begun.map_err(io::Error::from)?,
        }
    };
    file.write_all(&vec![0; usize::try_from(room).map_err(io::Error::other)?])?;
    file.rewind()?;
    file.sync_all()?;
    File::open(folder)?.sync_all()?;
    if let Some(above) = folder.parent() {
        File::open(above)?.sync_all()?;
    }
    Ok(Held::new(path, file))
}

/// Whoever has the new file already found it left behind, and removes it.
fn lock_new(folder: &Path) -> Result<(PathBuf, File), TryLockError> {
    let name = random::bytes::<8>().map_err(|cause| TryLockError::Error(io::Error::other(cause)))?;
    let path = folder.join(format!("{:016x}.{ENDING}", u64::from_le_bytes(name)));
    let file = OpenOptions::new().write(true).create_new(true).open(&path).map_err(TryLockError::Error)?;
    file.try_lock()?;
    Ok((path, file))
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

fn click_of(line: &[u8]) -> Option<Click> {
    let (sum, body) = line.split_at_checked(CHECKSUM_LENGTH)?;
    let body = body.strip_prefix(b" ")?;
    if checksum(body).as_bytes() != sum {
        return None;
    }
    serde_json::from_slice(body).ok()
}
