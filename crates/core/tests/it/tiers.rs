use super::shop::{POINTS, SPEND, check};

fn ladder(settings: &str) -> String {
    format!(
        r#"
[tiers.status]
name = {{ en = "Status" }}
metric = "spend"
{settings}
base = {{ id = "member", name = {{ en = "Member" }} }}
[[tiers.status.levels]]
id = "silver"
name = {{ en = "Silver" }}
at = "100.00"
multiplier = "1.5"
[[tiers.status.levels]]
id = "gold"
name = {{ en = "Gold" }}
at = "500.00"
multiplier = 2
"#
    )
}

#[test]
fn a_lifetime_level_is_reached_at_once_and_multiplies_the_next_order() {
    check(
        &[POINTS, SPEND, &ladder("window = \"lifetime\"")],
        "2026-01-01 ada joins
         2026-01-02 ada order 1 99.99     => tier member available 99
         2026-01-03 ada order 2 0.01      => tier silver available 99
         2026-01-04 ada order 3 100.00    => tier silver available 249
         2026-01-05 ada order 4 300.00    => tier gold available 699
         2030-01-05 ada waits             => tier gold",
    );
}

#[test]
fn a_return_takes_a_level_with_it_or_leaves_it() {
    for (setting, tier) in [("recheck", "member"), ("keep", "silver")] {
        check(
            &[POINTS, SPEND, &ladder(&format!("window = \"lifetime\"\non_return = \"{setting}\""))],
            &format!(
                "2026-01-01 ada joins
                 2026-01-02 ada order 1 100.00    => tier silver
                 2026-01-03 ada returns 1 a*1     => tier {tier} available 0"
            ),
        );
    }
}

#[test]
fn a_level_left_after_a_return_stays_for_one_window() {
    check(
        &[POINTS, SPEND, &ladder("window = \"6 months\"\non_return = \"keep\"")],
        "2026-01-01 ada joins
         2026-01-02 ada order 1 100.00    => tier silver
         2026-01-10 ada returns 1 a*1     => tier silver available 0
         2026-07-09 ada waits             => tier silver
         2026-07-10 ada waits             => tier member",
    );
}

#[test]
fn a_calendar_year_keeps_the_level_for_the_next_year() {
    check(
        &[POINTS, SPEND, &ladder("window = \"calendar_year\"")],
        "2026-01-01 ada joins
         2026-03-02 ada order 1 600.00    => tier gold
         2026-12-31 ada waits             => tier gold
         2027-06-01 ada order 2 120.00    => tier gold
         2027-12-31T23:59 ada waits       => tier gold
         2028-01-01 ada waits             => tier silver
         2028-12-31 ada waits             => tier silver
         2029-01-01 ada waits             => tier member",
    );
}

#[test]
fn one_level_at_a_time_after_a_grace_period() {
    check(
        &[POINTS, SPEND, &ladder("window = \"calendar_year\"\ngrace = \"30 days\"\nstep_down = \"one\"\nkeep = 0")],
        "2026-01-01 ada joins
         2026-03-02 ada order 1 600.00    => tier gold
         2027-01-30 ada waits             => tier gold
         2027-01-31 ada waits             => tier silver
         2028-01-30 ada waits             => tier silver
         2028-01-31 ada waits             => tier member",
    );
}

#[test]
fn enough_within_the_grace_period_keeps_the_level() {
    check(
        &[POINTS, SPEND, &ladder("window = \"calendar_year\"\ngrace = \"30 days\"\nkeep = 0")],
        "2026-01-01 ada joins
         2026-03-02 ada order 1 150.00    => tier silver
         2027-01-20 ada order 2 100.00    => tier silver
         2027-03-01 ada waits             => tier silver
         2028-01-31 ada waits             => tier member",
    );
}

#[test]
fn a_rolling_window_lets_go_on_the_day() {
    check(
        &[POINTS, SPEND, &ladder("window = \"6 months\"")],
        "2025-08-01 ada joins
         2025-08-31 ada order 1 60.00     => tier member
         2025-10-15 ada order 2 40.00     => tier silver
         2026-02-27 ada waits             => tier silver
         2026-02-28 ada waits             => tier member
         2026-03-01 ada order 3 60.00     => tier silver
         2026-04-15 ada waits             => tier member",
    );
}

#[test]
fn a_membership_year_begins_with_joining() {
    check(
        &[POINTS, SPEND, &ladder("window = \"membership_year\"\nkeep = 0")],
        "2026-05-20 ada joins
         2026-05-21 ada order 1 100.00    => tier silver
         2027-05-19 ada waits             => tier silver
         2027-05-20 ada waits             => tier member",
    );
}

#[test]
fn other_metrics_count_too() {
    for (metric, reach) in [
        (
            "orders",
            "2026-01-02 ada order 1 1.00\n2026-01-03 ada order 2 1.00 => tier member\n2026-01-04 ada order 3 1.00 => tier silver\n2026-01-05 ada returns 3 a*1 => tier member",
        ),
        ("points", "2026-01-02 ada order 1 2.00 => tier member\n2026-01-03 ada order 2 1.00 => tier silver"),
        (
            "activity:review",
            "2026-01-02 ada does review 1\n2026-01-02 ada does review 2 => tier member\n2026-01-03 ada does review 3 => tier silver",
        ),
    ] {
        let ladder = ladder("window = \"lifetime\"")
            .replace("\"spend\"", &format!("\"{metric}\""))
            .replace("\"100.00\"", "3")
            .replace("\"500.00\"", "500");
        check(&[POINTS, SPEND, &ladder], &format!("2026-01-01 ada joins\n{reach}"));
    }
}

#[test]
fn a_level_that_is_reached_can_earn_by_itself() {
    let gift = r#"
[earning.welcome-gold]
name = { en = "Welcome to Gold" }
on = "tier_reached"
points = 1000
when = [{ field = "activity.attribute.level", is = "gold" }]
"#;
    check(
        &[POINTS, SPEND, &ladder("window = \"lifetime\""), gift],
        "2026-01-01 ada joins
         2026-01-02 ada order 1 100.00    => available 100
         2026-01-03 ada order 2 400.00    => available 1700 tier gold",
    );
}

#[test]
fn who_joined_on_a_leap_day_has_years_like_everybody() {
    check(
        &[POINTS, SPEND, &ladder("window = \"membership_year\"")],
        "2024-02-29 ada joins
         2027-06-01 ada order 1 100.00    => tier silver
         2028-02-28 ada waits             => tier silver
         2028-02-29 ada waits             => tier silver
         2029-02-27 ada waits             => tier silver
         2029-02-28 ada waits             => tier member",
    );
}

#[test]
fn a_small_return_does_not_cut_a_grace_period_short() {
    check(
        &[POINTS, SPEND, &ladder("window = \"calendar_year\"\ngrace = \"30 days\"\nkeep = 0")],
        "2026-01-01 ada joins
         2026-03-02 ada order 1 150.00               => tier silver
         2027-01-02 ada order 2 lines=a:1:50.00,b:1:1.00
         2027-01-10 ada returns 2 b*1                => tier silver
         2027-01-31 ada waits                        => tier member",
    );
}

#[test]
fn another_metric_starts_anew_and_keeps_the_level_for_one_window() {
    let mut shop = super::shop::Shop::new(&[POINTS, SPEND, &ladder("window = \"12 months\"")]);
    shop.run(
        "2026-01-01 ada joins
         2026-01-02 ada order 1 600.00    => tier gold",
    );
    let orders = ladder("window = \"12 months\"")
        .replace("\"spend\"", "\"orders\"")
        .replace("\"100.00\"", "2")
        .replace("\"500.00\"", "3");
    shop.publish(&[POINTS, SPEND, &orders]);
    shop.run(
        "2026-02-01 bob joins
         2026-02-01 bob order 2 600.00    => tier member
         2026-02-01 ada order 3 1.00      => tier gold
         2026-02-02 ada order 4 1.00      => tier gold
         2027-01-01 ada waits             => tier gold
         2027-01-02 ada waits             => tier silver
         2027-01-31 ada waits             => tier silver
         2027-02-01 ada waits             => tier member",
    );
}
