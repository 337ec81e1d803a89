//! Times between two events, counted in buckets of minutes: eight in each doubling, so that a median can be told without
//! looking at every single one, and is off by an eighth at most.

/// Below this every minute has a bucket of its own.
const EXACT: i64 = 16;
/// As a power of two.
const EXACT_BITS: u32 = 4;
/// Buckets of a doubling, as a power of two.
const STEP_BITS: u32 = 3;

/// The number of the bucket that a time is in.
pub fn bucket(minutes: i64) -> i64 {
    let minutes = minutes.max(0);
    if minutes < EXACT {
        return minutes;
    }
    let doubling = minutes.ilog2();
    let step = (minutes >> (doubling - STEP_BITS)) & ((1 << STEP_BITS) - 1);
    EXACT + (i64::from(doubling - EXACT_BITS) << STEP_BITS) + step
}

/// The shortest time that is in a bucket, in minutes.
pub fn least_of(bucket: i64) -> i64 {
    if bucket < EXACT {
        return bucket.max(0);
    }
    let above = bucket - EXACT;
    let doubling = ((above >> STEP_BITS) as u32 + EXACT_BITS).min(i64::BITS - 2);
    let step = above & ((1 << STEP_BITS) - 1);
    (1 << doubling) + (step << (doubling - STEP_BITS))
}

/// The time that half of all took at most: of `buckets`, each with how often it was counted, the one in the middle, by its
/// shortest time. Of an even number of times, the earlier one of the two in the middle.
pub fn median(buckets: impl IntoIterator<Item = (i64, i64)>) -> Option<i64> {
    let mut buckets: Vec<(i64, i64)> = buckets.into_iter().filter(|(_, times)| *times > 0).collect();
    buckets.sort_unstable();
    let all: i64 = buckets.iter().map(|(_, times)| times).sum();
    let mut seen = 0;
    buckets.into_iter().find_map(|(bucket, times)| {
        seen += times;
        (seen * 2 >= all).then(|| least_of(bucket))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_in_the_bucket_that_begins_at_it_or_before() {
        for minutes in (0..5_000).chain([10_079, 10_080, 525_600, i64::MAX / 4]) {
            let number = bucket(minutes);
            assert!(least_of(number) <= minutes && minutes < least_of(number + 1), "{minutes} is in {number}");
            assert!(minutes - least_of(number) <= minutes / 8, "{minutes} is told as {}", least_of(number));
        }
    }

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median([]), None);
        assert_eq!(median([(bucket(3), 1), (bucket(60), 1), (bucket(1440), 1)]), Some(60));
        assert_eq!(median([(bucket(3), 2), (bucket(60), 2)]), Some(3));
        assert_eq!(median([(bucket(7), 0), (bucket(1440), 1)]), Some(least_of(bucket(1440))));
    }
}
