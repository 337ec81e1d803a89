//! How often somebody may try something: some times at once, and then every now and then.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::pages::PageError;

/// More names than come by in a while; then those are forgotten who have not tried for long.
const MOST: usize = 10_000;

/// Attempts, by whatever they are counted by: an address that somebody names, or where somebody comes from.
pub struct Attempts {
    /// By the name's hash: a name is as long as a stranger likes.
    buckets: DefaultKeyedRateLimiter<[u8; 32]>,
}

impl Attempts {
    pub fn new(at_once: NonZeroU32, every: Duration) -> Attempts {
        let quota = Quota::with_period(every).unwrap_or(Quota::per_minute(NonZeroU32::MIN));
        Attempts { buckets: RateLimiter::keyed(quota.allow_burst(at_once)) }
    }

    pub fn take(&self, name: &str) -> Result<(), PageError> {
        if self.buckets.len() > MOST {
            self.buckets.retain_recent();
        }
        self.buckets.check_key(blake3::hash(name.as_bytes()).as_bytes()).map_err(|refused| {
            let wait = refused.wait_time_from(DefaultClock::default().now());
            PageError::TooOften { seconds: wait.as_secs() + 1 }
        })
    }
}
