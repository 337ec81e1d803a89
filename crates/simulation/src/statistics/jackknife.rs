//! How sure a ratio of two sums over members is. Members are dealt out to groups by chance; how much the ratio
//! changes when one group is left out says how much it would change with other members (the delete-a-group
//! jackknife, Kott 2001, Journal of Official Statistics 17). It needs the same memory however many members there are.

use lojal_core::kernel::HolderId;

use super::{Estimate, NINE_IN_TEN, WHOLE, narrow};
use crate::chance::mixed;

pub const GROUPS: usize = 50;

/// The group that a member is dealt to.
pub fn group(holder: HolderId) -> u8 {
    dealt(holder.0.number().unsigned_abs())
}

/// The group that somebody is dealt to who is known by a number.
pub fn dealt(number: u64) -> u8 {
    (mixed(number) % GROUPS as u64) as u8
}

/// 1.645 standard errors of an estimate, from what it would be with each of the groups left out.
pub fn margin(estimate: i128, left_out: impl Iterator<Item = i128>) -> i128 {
    let squares: i128 = left_out.map(|other| (other - estimate) * (other - estimate)).sum();
    let variance = squares * (GROUPS as i128 - 1) / GROUPS as i128;
    NINE_IN_TEN * variance.isqrt() / 1_000
}

/// All parts for all wholes, in millionths, from the sums of each group; `None` where there is no whole.
pub fn ratio(parts: &[i64; GROUPS], wholes: &[i64; GROUPS]) -> Option<Estimate> {
    let sum = |numbers: &[i64; GROUPS]| numbers.iter().map(|number| i128::from(*number)).sum::<i128>();
    let (part, whole) = (sum(parts), sum(wholes));
    if whole <= 0 {
        return None;
    }
    let ratio = |part: i128, whole: i128| part * i128::from(WHOLE) / whole;
    let expected = ratio(part, whole);
    let rests = parts.iter().zip(wholes).map(|(some, of)| (part - i128::from(*some), whole - i128::from(*of)));
    let left_out = rests.filter(|(_, whole)| *whole > 0).map(|(part, whole)| ratio(part, whole));
    let margin = margin(expected, left_out);
    Some(Estimate { low: narrow(expected - margin), expected: narrow(expected), high: narrow(expected + margin) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_all_groups_agree_on_is_certain() {
        assert_eq!(ratio(&[300; GROUPS], &[400; GROUPS]), Some(Estimate::certain(750_000)));
        assert_eq!(ratio(&[0; GROUPS], &[0; GROUPS]), None);
    }

    /// Of 400 times that the same truth is drawn, the interval must hold it some 360 times.
    #[test]
    fn the_interval_holds_the_truth_nine_times_out_of_ten() {
        let mut held = 0;
        for draw in 0..400_u64 {
            let (mut parts, mut wholes) = ([0; GROUPS], [0; GROUPS]);
            for member in 0..2_000_u64 {
                let chance = mixed(draw << 32 | member);
                let group = (mixed(chance) % GROUPS as u64) as usize;
                // Most members spend nothing or everything: what one does is all that they do.
                let amount = 10 + (chance >> 20) as i64 % 90;
                parts[group] += if chance % 100 < 40 { amount } else { 0 };
                wholes[group] += amount;
            }
            held += i32::from(ratio(&parts, &wholes).is_some_and(|known| (known.low..=known.high).contains(&400_000)));
        }
        assert!((340..=380).contains(&held), "{held}");
    }
}
