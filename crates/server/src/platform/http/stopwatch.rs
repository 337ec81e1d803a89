//! How long requests stay in the server: from the first bytes that are read of one until the last of its answer are
//! written. Whoever measures wants to know what the server takes, and not what the way and the other end add.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Takes down times while somebody measures.
#[derive(Debug, Default)]
pub struct Stopwatch(Mutex<Vec<Duration>>);

impl Stopwatch {
    pub const fn new() -> Stopwatch {
        Stopwatch(Mutex::new(Vec::new()))
    }

    /// What was taken down until now, and begins anew.
    pub fn take(&self) -> Vec<Duration> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The time of one connection, which has one request after another.
#[derive(Debug)]
pub(super) struct Timing {
    stopwatch: &'static Stopwatch,
    begun: Option<Instant>,
    written: Option<Instant>,
}

impl Timing {
    pub fn new(stopwatch: &'static Stopwatch) -> Timing {
        Timing { stopwatch, begun: None, written: None }
    }

    /// Whatever comes after an answer begins the next request.
    pub fn has_read(&mut self) {
        self.settle();
        self.begun.get_or_insert_with(Instant::now);
    }

    pub fn has_written(&mut self) {
        self.written = Some(Instant::now());
    }

    fn settle(&mut self) {
        if let (Some(begun), Some(written)) = (self.begun, self.written.take()) {
            self.begun = None;
            let mut times = self.stopwatch.0.lock().unwrap_or_else(PoisonError::into_inner);
            times.push(written.duration_since(begun));
        }
    }
}

impl Drop for Timing {
    fn drop(&mut self) {
        self.settle();
    }
}
