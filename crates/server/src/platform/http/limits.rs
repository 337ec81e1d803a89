//! How often a key may call: a bucket for each, filled at a steady rate.

use std::num::NonZeroU32;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};

use super::problem::Problem;

/// More names than come by in a while; then those are forgotten whose bucket is full again.
const MOST: usize = 10_000;

/// Names the key, never its secret; or where somebody comes from.
type KeyName = String;

pub struct Limits {
    quota: Quota,
    buckets: RateLimiter<KeyName, DefaultKeyedStateStore<KeyName>, DefaultClock, StateInformationMiddleware>,
    clock: DefaultClock,
}

/// What is left to a key, as its answer says it.
pub struct Allowance {
    limit: u32,
    remaining: u32,
    /// Seconds until the bucket is full again.
    reset: u64,
}

impl Limits {
    /// `burst` requests at once, and `per_second` from then on.
    pub fn new(per_second: NonZeroU32, burst: NonZeroU32) -> Limits {
        let quota = Quota::per_second(per_second).allow_burst(burst);
        let buckets = RateLimiter::keyed(quota).with_middleware::<StateInformationMiddleware>();
        Limits { quota, buckets, clock: DefaultClock::default() }
    }

    /// Takes one request out of the key's bucket.
    pub fn take(&self, key: &str) -> (Allowance, Result<(), Problem>) {
        if self.buckets.len() > MOST {
            self.buckets.retain_recent();
        }
        let limit = self.quota.burst_size().get();
        match self.buckets.check_key(&key.to_owned()) {
            Ok(state) => {
                let remaining = state.remaining_burst_capacity();
                let missing = limit.saturating_sub(remaining);
                let full_in = self.quota.replenish_interval().saturating_mul(missing);
                (Allowance { limit, remaining, reset: whole_seconds(full_in) }, Ok(()))
            }
            Err(refused) => {
                let seconds = whole_seconds(refused.wait_time_from(self.clock.now())).max(1);
                let detail = format!("there may be {limit} calls at once; try again in {seconds} s");
                let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", detail);
                let problem = problem.retry_after(seconds);
                (Allowance { limit, remaining: 0, reset: seconds }, Err(problem))
            }
        }
    }
}

impl Allowance {
    pub fn write(&self, headers: &mut HeaderMap) {
        for (name, value) in [
            ("ratelimit-limit", u64::from(self.limit)),
            ("ratelimit-remaining", u64::from(self.remaining)),
            ("ratelimit-reset", self.reset),
        ] {
            headers.insert(HeaderName::from_static(name), HeaderValue::from(value));
        }
    }
}

fn whole_seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}
