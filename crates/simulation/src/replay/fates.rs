//! What became of points whose fate is known.

use crate::statistics::{Estimate, GROUPS, WHOLE, ratio};

/// Points that were spent or expired, by group of members.
#[derive(Clone, Debug)]
pub struct Fates {
    spent: [i64; GROUPS],
    ended: [i64; GROUPS],
}

impl Default for Fates {
    fn default() -> Fates {
        Fates { spent: [0; GROUPS], ended: [0; GROUPS] }
    }
}

impl Fates {
    /// Adds points that were spent, and points that expired.
    pub fn add(&mut self, group: u8, spent: i64, expired: i64) {
        self.spent[usize::from(group)] += spent;
        self.ended[usize::from(group)] += spent + expired;
    }

    /// Adds those of another time.
    pub fn join(&mut self, other: &Fates) {
        for group in 0..GROUPS {
            self.spent[group] += other.spent[group];
            self.ended[group] += other.ended[group];
        }
    }

    /// The share that is spent, in millionths. While no fate is known it may be anything.
    pub fn spent(&self) -> Estimate {
        let unknown = Estimate { low: 0, expected: WHOLE, high: WHOLE };
        ratio(&self.spent, &self.ended).map_or(unknown, Estimate::within_the_whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_known_before_points_end() {
        let mut fates = Fates::default();
        assert_eq!(fates.spent(), Estimate { low: 0, expected: WHOLE, high: WHOLE });
        (0..GROUPS as u8).for_each(|group| fates.add(group, 300, 100));
        assert_eq!(fates.spent(), Estimate::certain(750_000));
    }
}
