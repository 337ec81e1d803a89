//! A few lines for the terminal.

use super::Report;
use super::figures::Figures;
use super::sections::{between, figure_label, verdict};
use super::voice::Voice;

/// The verdict may be as wide as a terminal is.
const WIDTH: usize = 100;

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

/// The first column to the left, numbers to the right.
fn in_columns(rows: &[Vec<String>]) -> Vec<String> {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let columns = rows.first().map_or(0, Vec::len);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let line = |row: &Vec<String>| {
        let mut line = String::new();
        for (column, text) in row.iter().enumerate() {
            let padding = " ".repeat(widths[column] - text.chars().count());
            if column == 0 {
                line.push_str(&format!("{text}{padding}"));
            } else {
                line.push_str(&format!("  {padding}{text}"));
            }
        }
        line.trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}

fn wrapped(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let Some(line) = lines.last_mut() else { break };
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > WIDTH {
            lines.push(word.to_owned());
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}
