//! How long it takes until something happens, told honestly of people who have not been watched to the end (Kaplan
//! and Meier 1958, Journal of the American Statistical Association 53).

use serde::Serialize;

use super::{Estimate, NINE_IN_TEN, WHOLE, narrow};

/// Decimals with which shares are kept while they are multiplied.
const FINE: i128 = 1_000_000_000_000;

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
    /// The longest that anybody was watched.
    pub longest: i64,
    /// Days on which it happened to somebody, in their order.
    pub steps: Vec<Step>,
}

/// A day on which it happened to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    pub day: i64,
    /// To what share it has happened by then, in millionths, with Greenwood's interval.
    pub share: Estimate,
}

impl Curve {
    pub fn of(mut watched: Vec<Watched>) -> Curve {
        watched.sort_unstable();
        let people = watched.len();
        let mut curve =
            Curve { people: people as u64, longest: watched.last().map_or(0, |last| last.days), steps: Vec::new() };
        let (mut without, mut sum) = (FINE, 0_i128);
        let mut at = 0;
        while at < people {
            let day = watched[at].days;
            let next = at + watched[at..].partition_point(|known| known.days == day);
            let happened = watched[at..next].iter().filter(|known| known.happened).count() as i128;
            // Whoever was watched to that day was there when it happened.
            let there = (people - at) as i128;
            at = next;
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
        curve
    }

    /// The same curve, of people of whom some would have been watched for so long, had it not happened to them
    /// before: where nobody is left to wait for, the share stays what it is (Gill 1980).
    pub fn watched_for(self, days: i64) -> Curve {
        Curve { longest: self.longest.max(days), ..self }
    }

    /// To what share it has happened by a day; `None` beyond the longest that anybody was watched.
    pub fn by(&self, day: i64) -> Option<Estimate> {
        let before = self.steps.partition_point(|step| step.day <= day);
        let share = before.checked_sub(1).map_or_else(Estimate::default, |last| self.steps[last].share);
        (self.people > 0 && day <= self.longest).then_some(share)
    }

    /// The first day by which it has happened to this share of them; `None` where nobody was watched long enough to
    /// tell.
    pub fn day_of(&self, share: i64) -> Option<i64> {
        self.steps.iter().find(|step| step.share.expected >= share).map(|step| step.day)
    }
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
        let curve = Curve::of(watched.collect());
        let without: Vec<(i64, i64)> =
            curve.steps.iter().map(|step| (step.day, (WHOLE - step.share.expected + 50) / 100)).collect();
        assert_eq!(without, [(6, 8571), (7, 8067), (10, 7529), (13, 6902), (16, 6275), (22, 5378), (23, 4482)]);
        // The standard error by Greenwood at 10 weeks is 0.0963, and at 23 weeks 0.1346.
        for (day, error) in [(10, 96_300), (23, 134_600)] {
            let share = curve.by(day).unwrap();
            assert!((share.high - share.expected - error * 1_645 / 1_000).abs() < 200, "{share:?}");
        }
        assert_eq!((curve.day_of(500_000), curve.day_of(150_000), curve.day_of(600_000)), (Some(23), Some(7), None));
        assert_eq!(curve.by(5), Some(Estimate::default()));
        assert_eq!(curve.by(8), curve.by(7));
        assert_eq!((curve.by(35), curve.by(36)), (curve.by(23), None));
    }

    #[test]
    fn nobody_and_everybody() {
        assert_eq!(Curve::of(Vec::new()).by(0), None);
        let all = Curve::of(vec![Watched { days: 3, happened: true }; 4]);
        assert_eq!((all.by(2), all.by(3)), (Some(Estimate::default()), Some(Estimate::certain(WHOLE))));
        let longer = all.clone().watched_for(9);
        assert_eq!((all.by(9), longer.by(9), longer.by(10)), (None, all.by(3), None));
        let none = Curve::of(vec![Watched { days: 3, happened: false }; 4]);
        assert_eq!((none.by(3), none.by(4), none.day_of(1)), (Some(Estimate::default()), None, None));
    }
}
