//! How sure an estimate is. Members are dealt out to groups by chance; how much the estimate changes when
//! one group is left out says how much it would change with other members (the delete-a-group jackknife,
//! Kott 2001, Journal of Official Statistics 17). It needs the same memory however many members there are.

use super::outcome::Estimate;
use super::redemption::mixed;
use lojal_core::kernel::HolderId;

const GROUPS: usize = 50;
/// Nine times out of ten a normal variable lies within so many standard deviations, in thousandths.
const NINE_IN_TEN: i128 = 1_645;
const WHOLE: i64 = 1_000_000;

/// Points whose fate is known, by group.
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

/// The group that a member is dealt to.
pub fn group(holder: HolderId) -> u8 {
    (mixed(holder.0.number().unsigned_abs()) % GROUPS as u64) as u8
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
        let (spent, ended) = (self.spent.iter().sum::<i64>(), self.ended.iter().sum::<i64>());
        if ended <= 0 {
            return Estimate { low: 0, expected: WHOLE, high: WHOLE };
        }
        let share = |spent: i64, ended: i64| i128::from(spent.max(0)) * i128::from(WHOLE) / i128::from(ended.max(1));
        let expected = share(spent, ended);
        let left_out = (0..GROUPS).filter(|group| ended > self.ended[*group]);
        let squares: i128 = left_out
            .map(|group| share(spent - self.spent[group], ended - self.ended[group]) - expected)
            .map(|difference| difference * difference)
            .sum();
        let variance = squares * (GROUPS as i128 - 1) / GROUPS as i128;
        let margin = NINE_IN_TEN * variance.isqrt() / 1_000;
        let within = |share: i128| i64::try_from(share.clamp(0, i128::from(WHOLE))).unwrap_or(WHOLE);
        Estimate { low: within(expected - margin), expected: within(expected), high: within(expected + margin) }
    }
}

impl Estimate {
    /// This share of an amount.
    pub fn of(self, amount: i64) -> Estimate {
        let part = |share: i64| (i128::from(amount) * i128::from(share) / i128::from(WHOLE)) as i64;
        Estimate { low: part(self.low), expected: part(self.expected), high: part(self.high) }
    }

    /// Both together, as if they were wrong together.
    pub fn plus(self, other: Estimate) -> Estimate {
        Estimate { low: self.low + other.low, expected: self.expected + other.expected, high: self.high + other.high }
    }

    /// What is certain.
    pub fn certain(amount: i64) -> Estimate {
        Estimate { low: amount, expected: amount, high: amount }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_all_groups_agree_on_is_certain() {
        let mut fates = Fates::default();
        (0..GROUPS as u8).for_each(|group| fates.add(group, 300, 100));
        assert_eq!(fates.spent(), Estimate { low: 750_000, expected: 750_000, high: 750_000 });
    }

    #[test]
    fn nothing_is_known_before_points_end() {
        assert_eq!(Fates::default().spent(), Estimate { low: 0, expected: WHOLE, high: WHOLE });
    }

    /// Of 400 times that the same truth is drawn, the interval must hold it some 360 times.
    #[test]
    fn the_interval_holds_the_truth_nine_times_out_of_ten() {
        let mut held = 0;
        for draw in 0..400_u64 {
            let mut fates = Fates::default();
            for member in 0..2_000_u64 {
                let chance = mixed(draw << 32 | member);
                // Most members spend nothing or everything: what one does is all that they do.
                let spent = if chance % 100 < 40 { 10 + (chance >> 20) as i64 % 90 } else { 0 };
                let expired = if spent == 0 { 10 + (chance >> 40) as i64 % 90 } else { 0 };
                fates.add((mixed(chance) % GROUPS as u64) as u8, spent, expired);
            }
            let estimate = fates.spent();
            held += i32::from((estimate.low..=estimate.high).contains(&400_000));
        }
        assert!((340..=380).contains(&held), "{held}");
    }
}
