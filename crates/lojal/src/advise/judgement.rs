//! Whether a programme is worth it yet: each figure beside its threshold, and what follows.

use lojal_simulation::habits::{Again, Habits};
use lojal_simulation::statistics::{Estimate, WHOLE, members_needed};
use serde::Serialize;

const YEAR: i64 = 365;
/// A share of so many customers says something.
const ENOUGH: u64 = 100;
/// The shares of customers who come back below which there is nothing to work on, and from which a shop lives by
/// those who do.
const REPEAT: (i64, i64) = (150_000, 400_000);
/// Two more purchases in a year.
const INTERVAL: i64 = 182;
/// Changes that a test should be able to show.
const CHANGE: (i64, i64) = (50_000, 100_000);
/// In what steps changes are tried.
const CHANGE_STEP: i64 = 5_000;
const LARGEST_CHANGE: i64 = 250_000;
/// By how much more members should have to buy, at most, for the rewards to pay for themselves.
pub const UPLIFT: i64 = 100_000;
/// The least that is worth giving back, and the most that is proposed.
pub const RATES: (i64, i64) = (5_000, 50_000);
/// So much may have come back to no known order without changing what a new customer brings by much.
const UNMATCHED: i64 = 50_000;
/// Customers a year who might recommend the shop.
const ADVOCATES: u64 = 1_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Yes,
    NotYet,
    CannotTell,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    Good,
    /// It will do.
    Between,
    Short,
    Unknown,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "of")]
pub enum Finding {
    /// Customers who came back so soon after their first purchase.
    Repeat {
        days: i64,
        watched: u64,
        share: Option<Estimate>,
    },
    /// Days by which half of all purchases are followed by another, and how many are in half a year.
    Interval {
        half_by: Option<i64>,
        within: i64,
        share: Option<Estimate>,
        watched: i64,
    },
    /// What change in coming back a test with the shop's customers could show.
    Base {
        active: u64,
        change: Option<i64>,
    },
    /// What may be given back, and how much more members must buy for it.
    Margin {
        margin: Option<i64>,
        rate: i64,
        uplift: Option<i64>,
    },
    /// What a new customer pays, what is earned by it, and what gifts to both sides cost. Where much came back of which
    /// nobody knows who had paid for it, and when, its share of what was sold: what was paid is not known then.
    Friend {
        days: i64,
        paid: Option<i64>,
        earned: Option<i64>,
        gifts: i64,
        unmatched: Option<i64>,
    },
    Advocates {
        active: u64,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    pub mark: Mark,
    #[serde(flatten)]
    pub finding: Finding,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Judgement {
    pub loyalty: Verdict,
    pub referral: Verdict,
    pub loyalty_checks: Vec<Check>,
    pub referral_checks: Vec<Check>,
}

impl Judgement {
    /// `unmatched`: of what was sold, the share that came back to no known order. `margin`: what is left of what
    /// customers pay. Both in millionths.
    pub fn of(habits: &Habits, unmatched: i64, margin: Option<i64>) -> Judgement {
        let watched = watched(habits);
        let loyalty_checks = vec![repeat(&watched), interval(habits), base(habits, &watched), self::margin(margin)];
        let referral_checks = vec![friend(habits, &watched, unmatched, margin), advocates(habits)];
        Judgement {
            loyalty: loyalty(&loyalty_checks),
            referral: verdict(&referral_checks),
            loyalty_checks,
            referral_checks,
        }
    }
}

/// The share of what is spent that may be given back so that a tenth more purchases pay for it: of a margin m, an
/// uplift u pays for the rate m · u ÷ (1 + u). In half percents. 1% where the margin is not known.
pub fn fitting_rate(margin: Option<i64>) -> i64 {
    const UNKNOWN: i64 = 10_000;
    const STEP: i64 = 5_000;
    let most = margin.map(|margin| margin * UPLIFT / (WHOLE + UPLIFT));
    most.map_or(UNKNOWN, |most| (most / STEP * STEP).clamp(RATES.0, RATES.1))
}

/// By how much more members must buy so that a rate pays for itself; `None` where nothing would do.
pub fn uplift(margin: i64, rate: i64) -> Option<i64> {
    let left = margin - rate;
    (left > 0).then(|| (i128::from(rate) * i128::from(WHOLE) / i128::from(left)) as i64)
}

/// The longest time for which enough customers were watched, else that for which most were.
fn watched(habits: &Habits) -> Again {
    let nobody = Again { days: YEAR, watched: 0, again: 0, share: None, paid: None };
    let enough = habits.again.iter().rev().find(|known| known.watched >= ENOUGH);
    let most = || habits.again.iter().max_by_key(|known| known.watched);
    enough.or_else(most).copied().unwrap_or(nobody)
}

fn repeat(watched: &Again) -> Check {
    let mark = match watched.share {
        None => Mark::Unknown,
        Some(share) if share.low >= REPEAT.1 => Mark::Good,
        Some(share) if share.low >= REPEAT.0 => Mark::Between,
        // In a whole year more may come back.
        Some(share) if share.high < REPEAT.0 && watched.days >= YEAR => Mark::Short,
        Some(_) => Mark::Unknown,
    };
    Check { mark, finding: Finding::Repeat { days: watched.days, watched: watched.watched, share: watched.share } }
}

fn interval(habits: &Habits) -> Check {
    const HALF: i64 = 500_000;
    let next = &habits.next;
    // What is known of a shorter time already may be enough.
    let within = INTERVAL.min(next.longest);
    let share = next.by(within).filter(|_| within > 0);
    let mark = match share {
        Some(share) if share.low >= HALF => Mark::Good,
        Some(share) if share.high < HALF && next.longest >= INTERVAL => Mark::Short,
        _ => Mark::Unknown,
    };
    Check { mark, finding: Finding::Interval { half_by: next.day_of(HALF), within, share, watched: next.longest } }
}

fn base(habits: &Habits, watched: &Again) -> Check {
    let Some(share) = watched.share else {
        return Check { mark: Mark::Unknown, finding: Finding::Base { active: habits.active, change: None } };
    };
    let judged = |customers: u64| {
        let change = smallest_change(share.expected, customers / 2);
        let mark = match change {
            Some(change) if change <= CHANGE.0 => Mark::Good,
            Some(change) if change <= CHANGE.1 => Mark::Between,
            _ => Mark::Short,
        };
        (mark, change)
    };
    let (mut mark, change) = judged(habits.active);
    if mark == Mark::Short && judged(in_a_year(habits)).0 != Mark::Short {
        mark = Mark::Unknown;
    }
    Check { mark, finding: Finding::Base { active: habits.active, change } }
}

/// Customers of a year, were the time before the export like that in it.
fn in_a_year(habits: &Habits) -> u64 {
    let days = habits.days.clamp(1, YEAR).unsigned_abs();
    habits.active.saturating_mul(YEAR.unsigned_abs()) / days
}

/// The smallest change of a share that two groups of so many customers would show.
fn smallest_change(share: i64, group: u64) -> Option<i64> {
    let changed = |change: i64| if share + change <= WHOLE { share + change } else { share - change };
    let mut changes = (1..=LARGEST_CHANGE / CHANGE_STEP).map(|step| step * CHANGE_STEP);
    changes.find(|change| members_needed(share, changed(*change)).is_some_and(|needed| needed <= group))
}

fn margin(margin: Option<i64>) -> Check {
    let rate = fitting_rate(margin);
    let uplift = margin.and_then(|margin| uplift(margin, rate));
    let mark = match (margin, uplift) {
        (None, _) => Mark::Unknown,
        (Some(_), Some(uplift)) if uplift <= UPLIFT => Mark::Good,
        _ => Mark::Short,
    };
    Check { mark, finding: Finding::Margin { margin, rate, uplift } }
}

fn friend(habits: &Habits, watched: &Again, unmatched: i64, margin: Option<i64>) -> Check {
    // A tenth of an average order for either side.
    let gifts = habits.average_order / 5;
    let earned = watched.paid.zip(margin);
    let earned = earned.map(|(paid, margin)| (i128::from(paid) * i128::from(margin) / i128::from(WHOLE)) as i64);
    let unmatched = Some(unmatched).filter(|share| *share > UNMATCHED);
    let mark = match earned {
        None => Mark::Unknown,
        Some(_) if unmatched.is_some() => Mark::Unknown,
        Some(earned) if gifts <= earned / 2 => Mark::Good,
        // Later purchases would be added.
        Some(_) if watched.days < YEAR => Mark::Unknown,
        Some(_) => Mark::Short,
    };
    Check { mark, finding: Finding::Friend { days: watched.days, paid: watched.paid, earned, gifts, unmatched } }
}

fn advocates(habits: &Habits) -> Check {
    let mark = match habits.active {
        ADVOCATES.. => Mark::Good,
        _ if in_a_year(habits) >= ADVOCATES => Mark::Unknown,
        _ => Mark::Short,
    };
    Check { mark, finding: Finding::Advocates { active: habits.active } }
}

/// Where few come back and they are slow besides, points would reach nobody; otherwise slowness is no hindrance.
fn loyalty(checks: &[Check]) -> Verdict {
    let mark = |wanted: fn(&Finding) -> bool| {
        checks.iter().find(|check| wanted(&check.finding)).map_or(Mark::Unknown, |check| check.mark)
    };
    let often = mark(|finding| matches!(finding, Finding::Repeat { .. }));
    let soon = mark(|finding| matches!(finding, Finding::Interval { .. }));
    let others = checks.iter().filter(|check| !matches!(check.finding, Finding::Interval { .. }));
    match verdict(&others.cloned().collect::<Vec<_>>()) {
        Verdict::NotYet => Verdict::NotYet,
        _ if often == Mark::Between && soon == Mark::Short => Verdict::NotYet,
        Verdict::Yes if often == Mark::Between && soon == Mark::Unknown => Verdict::CannotTell,
        known => known,
    }
}

fn verdict(checks: &[Check]) -> Verdict {
    let any = |mark: Mark| checks.iter().any(|check| check.mark == mark);
    match (any(Mark::Short), any(Mark::Unknown)) {
        (true, _) => Verdict::NotYet,
        (false, true) => Verdict::CannotTell,
        (false, false) => Verdict::Yes,
    }
}

impl Judgement {
    /// The checks that a verdict rests on.
    pub fn reasons(verdict: Verdict, checks: &[Check]) -> Vec<&Check> {
        let counts = |mark: Mark| match verdict {
            Verdict::Yes => mark != Mark::Unknown,
            Verdict::NotYet => mark == Mark::Short,
            Verdict::CannotTell => mark == Mark::Unknown,
        };
        checks.iter().filter(|check| counts(check.mark)).collect()
    }
}

#[cfg(test)]
mod tests {
    use lojal_simulation::habits::Purchase;

    use super::*;

    /// So many customers, one a day, each of whom comes back after so many days, so often, as long as there is time.
    fn shop(customers: u32, every: i64, visits: i64, paid: i64, last: i64) -> Habits {
        let come = |customer: u32| {
            let first = i64::from(customer) % 300;
            (0..visits).map(move |visit| Purchase { customer, day: first + visit * every, paid })
        };
        let purchases = (0..customers).flat_map(come).filter(|purchase| purchase.day <= last);
        Habits::of(purchases.collect(), last)
    }

    #[test]
    fn what_must_be_bought_more() {
        for (margin, rate, more) in
            [(300_000, 30_000, Some(111_111)), (300_000, 25_000, Some(90_909)), (30_000, 30_000, None)]
        {
            assert_eq!(uplift(margin, rate), more);
        }
        let rates = [Some(300_000), Some(220_000), Some(900_000), Some(40_000), None].map(fitting_rate);
        assert_eq!(rates, [25_000, 20_000, 50_000, 5_000, 10_000]);
    }

    /// A quarter come back; one of the few who were watched for long does so late.
    #[test]
    fn one_late_purchase_decides_nothing() {
        let early = (0..2_000).flat_map(|customer: u32| {
            let first = 60 + i64::from(customer) % 30;
            let again = customer.is_multiple_of(4).then_some(first + 60);
            [Some(first), again].into_iter().flatten().map(move |day| Purchase { customer, day, paid: 5_000 })
        });
        let late = [0, 160].map(|day| Purchase { customer: 2_000, day, paid: 5_000 });
        let judged = |late: &[Purchase]| {
            let habits = Habits::of(early.clone().chain(late.iter().copied()).collect(), 160);
            let judgement = Judgement::of(&habits, 0, Some(300_000));
            (judgement.loyalty, judgement.loyalty_checks[1].mark, habits.next.day_of(500_000))
        };
        assert_eq!(judged(&late[..1]), (Verdict::CannotTell, Mark::Unknown, None));
        assert_eq!(judged(&late), judged(&late[..1]));
    }

    /// The estimate alone is not enough: all of what is likely must lie on one side.
    #[test]
    fn half_must_be_sure() {
        for (back, mark) in [(70, Mark::Good), (51, Mark::Unknown), (49, Mark::Unknown), (30, Mark::Short)] {
            let come = |customer: u32| {
                let again = (customer < back).then_some(40);
                [Some(0), again].into_iter().flatten().map(move |day| Purchase { customer, day, paid: 5_000 })
            };
            // Whoever came back is not waited for any longer.
            let once = Habits::of((0..100).flat_map(come).collect(), 365);
            let next = once.second.clone();
            assert_eq!(interval(&Habits { next, ..once }).mark, mark, "{back}");
        }
    }

    #[test]
    fn verdicts() {
        use Verdict::{CannotTell, NotYet, Yes};
        for (name, habits, margin, loyalty, referral) in [
            ("a busy shop", shop(4_000, 40, 9, 5_000, 700), Some(300_000), Yes, Yes),
            ("with no stated margin", shop(4_000, 40, 9, 5_000, 700), None, CannotTell, CannotTell),
            ("with a thin one", shop(4_000, 40, 9, 5_000, 700), Some(40_000), NotYet, NotYet),
            ("a small one", shop(80, 40, 9, 5_000, 700), Some(300_000), NotYet, NotYet),
            ("where nobody comes back", shop(4_000, 1, 1, 5_000, 700), Some(300_000), NotYet, NotYet),
            ("a generous margin on a first order", shop(4_000, 1, 1, 5_000, 400), Some(500_000), NotYet, Yes),
            ("watched for a month", shop(4_000, 400, 2, 5_000, 30), Some(300_000), CannotTell, CannotTell),
        ] {
            let judgement = Judgement::of(&habits, 0, margin);
            assert_eq!((judgement.loyalty, judgement.referral), (loyalty, referral), "{name}: {judgement:#?}");
            let checks =
                [(judgement.loyalty, &judgement.loyalty_checks), (judgement.referral, &judgement.referral_checks)];
            assert!(checks.iter().all(|(verdict, checks)| !Judgement::reasons(*verdict, checks).is_empty()), "{name}");
        }
    }
}
