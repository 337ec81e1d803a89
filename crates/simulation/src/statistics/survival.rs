//! How long it takes until something happens, told honestly of people who have not been watched to the end (Kaplan
//! and Meier 1958, Journal of the American Statistical Association 53).

use serde::Serialize;

use super::jackknife::{GROUPS, margin};
use super::{Estimate, NINE_IN_TEN, WHOLE, narrow};

/// Decimals with which shares are kept while they are multiplied.
const FINE: i128 = 1_000_000_000_000;
/// A curve ends where one person alone would move it by more than one part in so many: those who are left there
/// are too few to tell anything from.
const FEWEST: i128 = 30;

/// Somebody who was watched for so many days: until it happened, or until nobody looked any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Watched {
    pub days: i64,
    pub happened: bool,
}

/// To how many it has happened, by the days that they have been watched.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Curve {
    pub people: u64,
    /// The longest that enough people were watched to tell.
    pub longest: i64,
    /// Days on which it happened to somebody, in their order.
    pub steps: Vec<Step>,
}

/// A day on which it happened to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    pub day: i64,
    /// To what share it has happened by then, in millionths.
    pub share: Estimate,
}

impl Curve {
    /// Of people who were each watched once; the intervals are Greenwood's. `for_days`: for so long some would have been watched, had it not happened to them before.
    pub fn of(mut watched: Vec<Watched>, for_days: i64) -> Curve {
        watched.sort_unstable();
        let people = watched.len();
        let mut curve = Curve { people: people as u64, ..Curve::default() };
        let (mut without, mut sum) = (FINE, 0_i128);
        let mut at = 0;
        while at < people && is_told(people - at, without) {
            let day = watched[at].days;
            let next = at + watched[at..].partition_point(|known| known.days == day);
            let happened = watched[at..next].iter().filter(|known| known.happened).count() as i128;
            // Whoever was watched to that day was there when it happened.
            let there = (people - at) as i128;
            at = next;
            curve.longest = day;
            if happened == 0 {
                continue;
            }
            without = without * (there - happened) / there;
            if there > happened {
                sum += happened * FINE / (there * (there - happened));
            }
            let fine = FINE / i128::from(WHOLE);
            let share = narrow((FINE - without) / fine);
            let margin = narrow(NINE_IN_TEN * (without / fine) * (sum * FINE).isqrt() / FINE / 1_000);
            let share = Estimate { low: share - margin, expected: share, high: share + margin };
            curve.steps.push(Step { day, share: share.within_the_whole() });
        }
        // Where next to nobody is left to wait for, the share stays what it is (Gill 1980).
        if is_told(0, without) {
            curve.longest = curve.longest.max(for_days);
        }
        curve
    }

    /// Of what may happen to somebody again and again, with the group that each person was dealt to. What happens to one
    /// person is alike, so that the intervals come from leaving out one group of people after the other (Kott 2001).
    pub fn of_groups(mut watched: Vec<(Watched, u8)>, for_days: i64) -> Curve {
        watched.sort_unstable();
        let mut curve = Curve::of(watched.iter().map(|(known, _)| *known).collect(), for_days);
        let mut there = [0_i128; GROUPS];
        watched.iter().for_each(|(_, group)| there[usize::from(*group)] += 1);
        // By which group is left out.
        let mut without = [FINE; GROUPS];
        let mut steps = curve.steps.iter_mut().peekable();
        for day in watched.chunk_by(|(one, _), (other, _)| one.days == other.days) {
            if let Some(step) = steps.next_if(|step| step.day == day[0].0.days) {
                let mut happened = [0_i128; GROUPS];
                let happening = day.iter().filter(|(known, _)| known.happened);
                happening.for_each(|(_, group)| happened[usize::from(*group)] += 1);
                let (all_happened, all_there): (i128, i128) = (happened.iter().sum(), there.iter().sum());
                for group in 0..GROUPS {
                    let gone = without[group] * (all_happened - happened[group]);
                    without[group] -= gone.checked_div(all_there - there[group]).unwrap_or(0);
                }
                let expected = step.share.expected;
                let left_out = without.iter().map(|without| (FINE - without) * i128::from(WHOLE) / FINE);
                let margin = narrow(margin(expected.into(), left_out));
                let share = Estimate { low: expected - margin, expected, high: expected + margin };
                step.share = share.within_the_whole();
            }
            day.iter().for_each(|(_, group)| there[usize::from(*group)] -= 1);
        }
        curve
    }

    /// To what share it has happened by a day; `None` beyond the longest that enough people were watched.
    pub fn by(&self, day: i64) -> Option<Estimate> {
        let before = self.steps.partition_point(|step| step.day <= day);
        let share = before.checked_sub(1).map_or_else(Estimate::default, |last| self.steps[last].share);
        (is_told(self.people as usize, FINE) && day <= self.longest).then_some(share)
    }

    /// The first day by which it has happened to this share of them; `None` where too few were watched long enough
    /// to tell.
    pub fn day_of(&self, share: i64) -> Option<i64> {
        self.steps.iter().find(|step| step.share.expected >= share).map(|step| step.day)
    }
}

/// Whether so many people are enough to say what becomes of those to whom it has not happened yet.
fn is_told(there: usize, without: i128) -> bool {
    without * FEWEST <= FINE * there.max(1) as i128
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The weeks of remission of leukaemia patients under 6-MP, the textbook's table (Freireich and others 1963): a
    /// plus marks those who were not watched to the end.
    #[test]
    fn the_table_of_the_textbooks() {
        let weeks = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+";
        let watched = weeks
            .split(' ')
            .map(|text| Watched { days: text.trim_end_matches('+').parse().unwrap(), happened: !text.ends_with('+') });
        // The 21 patients are too few here. Sixteen times as many have the same curve, and a quarter of its errors.
        let curve = Curve::of(watched.flat_map(|known| [known; 16]).collect(), 0);
        let without: Vec<(i64, i64)> =
            curve.steps.iter().map(|step| (step.day, (WHOLE - step.share.expected + 50) / 100)).collect();
        assert_eq!(without, [(6, 8571), (7, 8067), (10, 7529), (13, 6902), (16, 6275), (22, 5378), (23, 4482)]);
        // The standard error by Greenwood at 10 weeks is 0.0963, and at 23 weeks 0.1346.
        for (day, error) in [(10, 96_300), (23, 134_600)] {
            let share = curve.by(day).unwrap();
            assert!((share.high - share.expected - error * 1_645 / 4_000).abs() < 200, "{share:?}");
        }
        assert_eq!((curve.day_of(500_000), curve.day_of(150_000), curve.day_of(600_000)), (Some(23), Some(7), None));
        assert_eq!(curve.by(5), Some(Estimate::default()));
        assert_eq!(curve.by(8), curve.by(7));
        assert_eq!((curve.by(35), curve.by(36)), (curve.by(23), None));
    }

    #[test]
    fn nobody_and_everybody() {
        assert_eq!(Curve::of(Vec::new(), 9).by(0), None);
        let all = Curve::of(vec![Watched { days: 3, happened: true }; 40], 0);
        assert_eq!((all.by(2), all.by(3)), (Some(Estimate::default()), Some(Estimate::certain(WHOLE))));
        let longer = Curve::of(vec![Watched { days: 3, happened: true }; 40], 9);
        assert_eq!((all.by(9), longer.by(9), longer.by(10)), (None, all.by(3), None));
        let none = Curve::of(vec![Watched { days: 3, happened: false }; 40], 9);
        assert_eq!((none.by(3), none.by(4), none.day_of(1)), (Some(Estimate::default()), None, None));
        let few = Curve::of(vec![Watched { days: 3, happened: true }; 29], 9);
        assert_eq!((few.by(0), few.by(3), few.day_of(1)), (None, None, None));
    }

    /// One in a hundred by day 60, then next to nobody is watched any more: the last ones decide nothing.
    #[test]
    fn the_last_ones_decide_nothing() {
        let early = vec![Watched { days: 20, happened: true }; 10];
        let waiting = vec![Watched { days: 60, happened: false }; 961];
        let late = vec![Watched { days: 90, happened: true }; 29];
        let curve = Curve::of([early, waiting, late].concat(), 365);
        assert_eq!((curve.longest, curve.by(60).map(|share| share.expected)), (60, Some(10_000)));
        assert_eq!((curve.by(61), curve.day_of(500_000)), (None, None));
    }

    /// Of those to whom it has happened nobody needs to be watched any longer: late in such a curve few are left, and
    /// yet it is known.
    #[test]
    fn few_may_be_left_where_it_has_happened_to_nearly_all() {
        let early = vec![Watched { days: 20, happened: true }; 97];
        let curve = Curve::of([early, vec![Watched { days: 60, happened: false }; 3]].concat(), 365);
        assert_eq!(curve.by(365).map(|share| share.expected), Some(970_000));
    }
}
