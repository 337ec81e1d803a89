//! A table for the terminal.

use super::Report;
use super::figures::{DAYS, Figures};
use super::sections::{longest, verdict};
use lojal_report::terminal::{in_columns, wrapped};
use lojal_report::voice::{Kind, Voice};

/// Longer names are cut, so that the table keeps its width.
const LONGEST_NAME: usize = 30;

pub fn summary(report: &Report<'_>, figures: &[Figures], voice: &Voice<'_>) -> String {
    let longest = longest(figures);
    let within = voice.counted("compare-short-within", DAYS[longest].unsigned_abs(), &[]);
    let first = ["column-programme", "compare-short-rate", "compare-short-cost", "compare-short-reached"];
    let rest = ["compare-short-half", "compare-short-breakage"].map(|key| voice.say(key));
    let mut rows = vec![first.map(|key| voice.say(key)).into_iter().chain([within]).chain(rest).collect::<Vec<_>>()];
    let names = report.names(voice.language());
    for (known, name) in figures.iter().zip(&names) {
        let write =
            |kind: Kind, number: Option<i64>| number.map_or("–".to_owned(), |number| voice.write(kind, number));
        rows.push(vec![
            shortened(name),
            write(Kind::Share, known.rate.map(|rate| rate.expected)),
            write(Kind::Share, known.cost_share.map(|share| share.expected)),
            write(Kind::Share, known.reached.map(|share| share.expected)),
            write(Kind::Share, known.within[longest].share.map(|share| share.expected)),
            write(Kind::Days, known.half_by),
            write(Kind::Share, known.breakage.map(|share| share.expected)),
        ]);
    }
    let mut lines: Vec<String> = verdict(report, figures, voice).iter().flat_map(|text| wrapped(text)).collect();
    lines.push(String::new());
    lines.extend(in_columns(&rows));
    lines.push(String::new());
    lines.extend(wrapped(&voice.say("compare-summary-note")));
    lines.join("\n") + "\n"
}

fn shortened(name: &str) -> String {
    match name.chars().count() {
        ..=LONGEST_NAME => name.to_owned(),
        _ => name.chars().take(LONGEST_NAME - 1).chain(['…']).collect(),
    }
}
