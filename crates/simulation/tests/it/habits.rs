//! Tables of purchases that can be reckoned by hand.

use lojal_simulation::chance::Chance;
use lojal_simulation::habits::{Habits, Purchase};

fn habits(table: &[(u32, i64, i64)], last: i64) -> Habits {
    let purchase = |(customer, day, paid): &(u32, i64, i64)| Purchase { customer: *customer, day: *day, paid: *paid };
    Habits::of(table.iter().map(purchase).collect(), last)
}

/// Ada comes three times, Bob twice on one day, Cyd comes back late, Dan has only just come, Eve never came back.
const TABLE: [(u32, i64, i64); 9] = [
    (1, 0, 1_000),
    (1, 30, 2_000),
    (1, 130, 3_000),
    (2, 10, 500),
    (2, 10, 700),
    (3, 20, 400),
    (3, 320, 400),
    (4, 390, 900),
    (5, 5, 100),
];

#[test]
fn by_hand() {
    let habits = habits(&TABLE, 400);
    assert_eq!((habits.customers, habits.orders, habits.days, habits.revenue), (5, 9, 400, 9_000));
    assert_eq!((habits.average_order, habits.median_order), (1_000, 700));
    assert_eq!((habits.returning, habits.active), (2, 3), "Bob and Eve were last seen more than a year ago");
    let again: Vec<_> = habits.again.iter().map(|known| (known.days, known.watched, known.again, known.paid)).collect();
    // Dan was watched for 10 days: he is asked nowhere.
    assert_eq!(
        again,
        [(90, 4, 1, Some((3_000 + 1_200 + 400 + 100) / 4)), (180, 4, 1, Some(7_700 / 4)), (365, 4, 2, Some(8_100 / 4))]
    );
    assert_eq!(habits.again[2].share.unwrap().expected, 500_000);
    // Ada pays most: 6,000 of 9,000.
    assert_eq!(habits.top_fifth, 666_666);
}

/// Thirty such tables together: one alone is too little for a curve.
#[test]
fn how_soon_by_hand() {
    let tables = (0..30).flat_map(|copy| TABLE.map(|(customer, day, paid)| (customer + 10 * copy, day, paid)));
    let habits = habits(&tables.collect::<Vec<_>>(), 400);
    // Days to the second visit: 30, 300, and without one 10 (Dan), 390 (Bob), 395 (Eve). At 30 days one of four who
    // are left, at 300 one of three.
    let second: Vec<_> = habits.second.steps.iter().map(|step| (step.day, step.share.expected)).collect();
    assert_eq!(second, [(30, 250_000), (300, 500_000)]);
    assert_eq!(habits.second.day_of(500_000), Some(300));
    // Visits and what follows: 30, 100, 300, and without a next one 10 (Dan), 80 (Cyd), 270 (Ada), 390, 395.
    let next: Vec<_> = habits.next.steps.iter().map(|step| (step.day, step.share.expected)).collect();
    assert_eq!(next, [(30, 142_857), (100, 314_285), (300, 542_857)]);
}

#[test]
fn where_nothing_is_known_nothing_is_said() {
    assert_eq!(habits(&[], 100), Habits::default());
    let one = habits(&[(7, 50, 300)], 60);
    assert_eq!((one.customers, one.returning, one.active, one.days), (1, 0, 1, 10));
    assert!(one.again.iter().all(|known| known.share.is_none() && known.paid.is_none()));
    assert_eq!(one.second.day_of(500_000), None);
    assert_eq!((one.second.by(0), one.second.by(10)), (None, None));
    let refunded = habits(&[(1, 0, 0), (2, 1, -5)], 3);
    assert_eq!((refunded.revenue, refunded.top_fifth), (-5, 0));
}

/// Half of the customers come every ten days, half every 200, by chance: what one does is alike. Of 400 such shops the
/// interval must hold what is so in a very large one some 360 times.
#[test]
fn the_interval_holds_the_truth_though_customers_differ() {
    const LAST: i64 = 365;
    let shop = |seed: u64, customers: u32| {
        let mut chance = Chance::seeded(seed);
        let mut purchases = Vec::new();
        for customer in 0..customers {
            let every = if chance.happens(500) { 10 } else { 200 };
            let mut day = chance.between(0, 180);
            while day <= LAST {
                purchases.push(Purchase { customer, day, paid: 100 });
                day += 1 + every * chance.exponential() as i64 / 65_536;
            }
        }
        Habits::of(purchases, LAST).next
    };
    let large = shop(1, 20_000);
    let mut held = [0; 2];
    for run in 0..400 {
        let small = shop(1_000 + run, 200);
        for (held, day) in held.iter_mut().zip([30, 90]) {
            let (truth, known) = (large.by(day).unwrap().expected, small.by(day).unwrap());
            *held += i32::from((known.low..=known.high).contains(&truth));
        }
    }
    assert!(held.iter().all(|held| (335..=385).contains(held)), "{held:?}");
}
