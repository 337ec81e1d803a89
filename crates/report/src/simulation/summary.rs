//! A few lines for the terminal.

use super::Report;
use super::figures::Figures;
use super::sections::{between, figure_label, verdict};
use crate::terminal::{in_columns, wrapped};
use crate::voice::Voice;

pub fn summary(report: &Report<'_>, figures: &Figures, voice: &Voice<'_>) -> String {
    let mut lines: Vec<String> = verdict(report, figures, voice).iter().flat_map(|text| wrapped(text)).collect();
    lines.push(String::new());
    let head = ["column-figure", "side-tried", "side-against", "column-change"].map(|key| voice.say(key));
    let columns = if report.against.is_some() { 4 } else { 2 };
    let mut rows = vec![head[..columns].to_vec()];
    for figure in &figures.key {
        let written = |number: Option<i64>| number.map_or("–".to_owned(), |number| voice.write(figure.kind, number));
        let mut row = vec![figure_label(report, figure, voice), written(figure.value.map(|value| value.value))];
        if report.against.is_some() {
            row.push(written(figure.against.map(|value| value.value)));
            row.push(figure.change.map_or("–".to_owned(), |change| voice.write_change(figure.kind, change)));
        }
        rows.push(row);
    }
    lines.extend(in_columns(&rows));
    lines.push(String::new());
    let cost = figures.key.iter().find(|figure| figure.name == "figure-cost");
    if let Some((figure, (low, high))) =
        cost.and_then(|figure| Some((figure, figure.value?.between?))).filter(|(_, (low, high))| low != high)
    {
        lines.push(voice.tell("summary-interval", &[("interval", &between(figure.kind, low, high, voice))]));
    }
    let never = report.outcome.rules.iter().filter(|rule| rule.times == 0).count();
    if never > 0 {
        lines.push(voice.counted("summary-never", never as u64, &[]));
    }
    let mut text = lines.join("\n");
    text.push('\n');
    text
}
