//! What the disk takes at least: bytes appended to a file and synced, again and again.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::load::Latencies;
use crate::failure::Failure;

const FILE: &str = "append";

/// A file that is appended to.
pub struct Appender {
    path: PathBuf,
    file: File,
    bytes: Vec<u8>,
    latencies: Latencies,
}

impl Appender {
    /// A new file, to which `bytes` bytes are appended each time.
    pub fn new(folder: &Path, bytes: usize) -> Result<Appender, Failure> {
        let path = folder.join(FILE);
        let file = File::create(&path)?;
        Ok(Appender { path, file, bytes: vec![b'x'; bytes], latencies: Latencies::default() })
    }

    /// Appends, and waits until it is on the disk.
    pub fn append(&mut self) -> Result<(), Failure> {
        let begun = Instant::now();
        self.file.write_all(&self.bytes)?;
        self.file.sync_data()?;
        self.latencies.add(begun.elapsed());
        Ok(())
    }

    /// Removes the file, and says how long the appends took.
    pub fn finish(self) -> Result<Latencies, Failure> {
        drop(self.file);
        fs::remove_file(&self.path)?;
        Ok(self.latencies)
    }
}
