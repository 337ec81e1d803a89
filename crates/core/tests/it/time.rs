use super::shop::{POINTS, SPEND, Shop, check};

#[test]
fn points_expire_oldest_first_and_never_after_the_moment() {
    let expiry = "expiry = { after_earning = \"30 days\" }\n";
    check(
        &[POINTS, expiry, SPEND],
        "2026-01-01 ada joins
         2026-01-01T10:00 ada order 1 50.00   => available 50
         2026-01-11T10:00 ada order 2 50.00   => available 100
         2026-01-12 ada goods r 20.00         => available 80
         2026-01-31T09:59 ada waits           => available 80
         2026-01-31T10:00 ada waits           => available 50 expired 30
         2026-02-10T10:00 ada waits           => available 0 expired 80",
    );
}

#[test]
fn what_is_held_does_not_expire_until_it_comes_back() {
    let expiry = "expiry = { after_earning = \"2 days\" }\n";
    check(
        &[POINTS, expiry, SPEND],
        "2026-01-01 ada joins
         2026-01-01 ada order 1 50.00
         2026-01-02 ada holds 20 until=2026-01-06 as hold  => available 30 held 20
         2026-01-04 ada waits                              => available 0 held 20 expired 30
         2026-01-05 ada releases hold                      => available 0 held 0 expired 50",
    );
}

#[test]
fn inactivity_ends_everything_together() {
    let expiry = "expiry = { after_inactivity = \"3 months\" }\n";
    check(
        &[POINTS, expiry, SPEND],
        "2026-01-01 ada joins
         2026-01-01 ada order 1 50.00
         2026-03-31 ada order 2 10.00   => available 60
         2026-06-29 ada waits           => available 60
         2026-06-30 ada waits           => available 0 expired 60",
    );
}

#[test]
fn a_late_order_is_dated_by_its_own_time() {
    let expiry = "expiry = { after_earning = \"30 days\" }\n";
    check(
        &[POINTS, expiry, SPEND],
        "2026-01-01 ada joins
         2026-03-01 ada order 1 50.00                      => available 50
         2026-03-02 ada order 2 20.00 placed=2026-01-05    => available 50 expired 20
         2026-03-03 ada order 3 30.00 placed=2026-02-10    => available 80
         2026-03-12 ada waits                              => available 50 expired 50",
    );
}

#[test]
fn a_birthday_comes_once_a_year_whatever_the_member_says() {
    let birthday = "[earning.birthday]\nname = { en = \"Birthday\" }\non = \"birthday\"\npoints = 10\n";
    check(
        &[POINTS, birthday],
        "2026-01-01 ada joins birthday=02-29
         2026-02-27 ada waits                    => available 0
         2026-02-28 ada waits                    => available 10
         2026-03-01 ada changes birthday=05-01   => available 10
         2026-05-02 ada waits                    => available 10
         2027-05-01 ada waits                    => available 20
         2027-05-01 bob joins birthday=05-01     => available 0
         2028-04-30 bob waits                    => available 0
         2028-05-01 bob waits                    => available 10",
    );
}

#[test]
fn the_clock_never_goes_back() {
    check(
        &[POINTS, SPEND],
        "2026-02-01 ada joins
         2026-01-15 ada order 1 10.00   => available 10
         2026-01-16 ada adjusts 5       => available 15",
    );
}

#[test]
fn birthdays_of_past_years_are_not_made_up_for() {
    let birthday = "[earning.birthday]\nname = { en = \"Birthday\" }\non = \"birthday\"\npoints = 10\n";
    check(
        &[POINTS, birthday],
        "2020-01-01 ada joins
         2026-05-10 ada changes birthday=03-01   => available 0
         2027-03-01 ada waits                    => available 10
         2026-05-10 bob joins birthday=05-11
         2026-05-12 bob waits                    => available 10
         2027-06-01 bob waits                    => available 20
         2031-06-01 bob waits                    => available 30",
    );
}

#[test]
fn received_and_returned_points_end_for_want_of_activity_too() {
    let rules = "expiry = { after_inactivity = \"3 months\" }\n[gifts]\n";
    check(
        &[POINTS, rules, SPEND],
        "2026-01-01 ada joins
         2026-01-01 bob joins
         2026-01-02 ada order 1 50.00
         2026-01-03 ada gives 50 bob
         2026-04-02 bob waits            => available 50
         2026-04-03 bob waits            => available 0 expired 50",
    );
}

#[test]
fn what_was_earned_ends_as_it_was_promised() {
    let expiry = "expiry = { after_earning = \"30 days\" }\n";
    let mut shop = Shop::new(&[POINTS, expiry, SPEND]);
    shop.run(
        "2026-01-01 ada joins
         2026-01-01T10:00 ada order 1 50.00   => available 50",
    );
    shop.publish(&[POINTS, "expiry = { after_earning = \"10 days\" }\n", SPEND]);
    shop.run(
        "2026-01-02T10:00 ada order 2 20.00   => available 70
         2026-01-12T10:00 ada waits           => available 50 expired 20
         2026-01-31T09:59 ada waits           => available 50
         2026-01-31T10:00 ada waits           => available 0 expired 70",
    );
}

#[test]
fn what_waits_is_released_as_it_was_promised() {
    let pending = |days: u8| format!("pending = {{ after = \"paid\", for = \"{days} days\" }}\n");
    let mut shop = Shop::new(&[POINTS, &pending(10), SPEND]);
    shop.run(
        "2026-01-01 ada joins
         2026-01-01T10:00 ada order 1 50.00   => available 0 pending 50",
    );
    shop.publish(&[POINTS, &pending(20), SPEND]);
    shop.run(
        "2026-01-02T10:00 ada order 2 20.00   => available 0 pending 70
         2026-01-11T10:00 ada waits           => available 50 pending 20
         2026-01-22T10:00 ada waits           => available 70 pending 0",
    );
}
