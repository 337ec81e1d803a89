//! The figures as people read them.

use std::fmt::Write;

use lojal_core::kernel::{Money, format_decimal};

use crate::Measurement;
use crate::figures::Figures;
use crate::set::Cohort;

type Row = (&'static str, fn(&Figures) -> String);

const ROWS: [Row; 11] = [
    ("PR-AUC", |figures| format!("{:.3}", figures.pr_auc)),
    ("recall at 95% precision", |figures| percent(figures.recall_at_95_precision)),
    ("precision of what is stopped", |figures| percent(figures.precision)),
    ("recall of what is stopped", |figures| percent(figures.recall)),
    ("rings found", |figures| format!("{} of {}", percent(figures.ring_recall), figures.rings)),
    ("honest referrals stopped", |figures| percent(figures.false_holds)),
    ("rejected, of 1,000", |figures| format!("{:.1}", figures.rejected_per_thousand)),
    ("held for review, of 1,000", |figures| format!("{:.1}", figures.held_per_thousand)),
    ("flagged, of 1,000", |figures| format!("{:.1}", figures.flagged_per_thousand)),
    ("money saved", |figures| format!("{} of {}", money(figures.money_saved), money(figures.money_made_up))),
    ("money wrongly held", |figures| money(figures.money_wrongly_held)),
];

pub fn table(measurement: &Measurement) -> String {
    let Measurement { at_order, before_reward, same_ip_or_device, friends_a_day, .. } = measurement;
    let columns = [before_reward, at_order, same_ip_or_device, friends_a_day];
    let mut text = format!(
        "Seed {}: {} referrals, {} of them made up ({:.1} in 1,000). Stopped is what is held or rejected.\n\n",
        measurement.seed,
        measurement.referrals,
        measurement.made_up,
        1_000.0 * measurement.made_up as f64 / measurement.referrals.max(1) as f64
    );
    row(&mut text, "", ["before the reward", "at the order", "same IP or device", "more than 3 friends a day"]);
    text.push_str("|---|---:|---:|---:|---:|\n");
    for (name, figure) in ROWS {
        row(&mut text, name, columns.map(figure));
    }
    for (title, made_up) in [("honest, stopped", false), ("made up, stopped", true)] {
        row(&mut text, &format!("**{title}**"), [""; 4]);
        for cohort in Cohort::ALL.into_iter().filter(|cohort| cohort.is_fraud() == made_up) {
            let share = |figures: &Figures| figures.cohorts.get(&cohort).copied().unwrap_or_default();
            let number = share(before_reward).referrals;
            row(
                &mut text,
                &format!("{} ({number})", cohort.name()),
                columns.map(|figures| percent(share(figures).rate())),
            );
        }
    }
    text
}

fn row(text: &mut String, name: &str, cells: [impl AsRef<str>; 4]) {
    let [first, second, third, fourth] = cells;
    let (first, second, third, fourth) = (first.as_ref(), second.as_ref(), third.as_ref(), fourth.as_ref());
    // Writing to a text cannot fail.
    let _ = writeln!(text, "| {name} | {first} | {second} | {third} | {fourth} |");
}

fn percent(share: f64) -> String {
    format!("{:.1}%", 100.0 * share)
}

fn money(money: Money) -> String {
    format_decimal(money.0, 2)
}
