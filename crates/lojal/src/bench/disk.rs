//! What the disk takes at least: bytes appended to a file and synced, again and again.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::time::Instant;

use super::load::Latencies;
use crate::failure::Failure;

const FILE: &str = "append";

/// Appends `bytes` bytes `times` times, each time until they are on the disk.
pub fn synced_appends(folder: &Path, bytes: usize, times: usize) -> Result<Latencies, Failure> {
    let path = folder.join(FILE);
    let mut file = File::create(&path)?;
    let bytes = vec![b'x'; bytes];
    let mut latencies = Latencies::default();
    for _ in 0..times {
        let begun = Instant::now();
        file.write_all(&bytes)?;
        file.sync_data()?;
        latencies.add(begun.elapsed());
    }
    drop(file);
    fs::remove_file(&path)?;
    Ok(latencies)
}
