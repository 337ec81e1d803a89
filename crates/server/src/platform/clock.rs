//! The one clock of the house.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use lojal_core::kernel::Instant;

/// Where "now" comes from. Clones tell the same time.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    stopped: Option<Arc<AtomicI64>>,
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Clock {
        Clock { stopped: None }
    }

    /// A clock that stands still until it is set.
    pub fn stopped_at(moment: Instant) -> Clock {
        Clock { stopped: Some(Arc::new(AtomicI64::new(moment.as_microsecond()))) }
    }

    /// Moves a stopped clock, for all its clones; the machine's clock is not changed by it.
    pub fn set(&self, moment: Instant) {
        if let Some(stopped) = &self.stopped {
            stopped.store(moment.as_microsecond(), Ordering::SeqCst);
        }
    }

    /// In whole microseconds, which is what the database keeps.
    pub fn now(&self) -> Instant {
        match &self.stopped {
            Some(stopped) => instant(stopped.load(Ordering::SeqCst)),
            None => whole_microseconds(Instant::now()),
        }
    }
}

/// From microseconds since 1970; what lies outside the calendar becomes its first or last moment.
pub fn instant(microseconds: i64) -> Instant {
    Instant::from_microsecond(microseconds).unwrap_or(if microseconds < 0 { Instant::MIN } else { Instant::MAX })
}

/// Drops what is finer than the database keeps.
pub fn whole_microseconds(moment: Instant) -> Instant {
    instant(moment.as_microsecond())
}
