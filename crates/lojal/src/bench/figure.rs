//! What was measured, as a table for people and as JSON for programs.

use serde_json::{Value, json};

use super::load::{Load, Quantiles};

/// One measure beside its bare limit.
#[derive(Clone, Debug)]
pub struct Figure {
    pub measure: String,
    pub figure: f64,
    pub unit: &'static str,
    /// What the same machine does at most, by itself, in the same unit.
    pub limit: f64,
    /// What the limit is.
    pub limit_is: &'static str,
    pub quantiles: Option<Quantiles>,
    pub goal: &'static str,
    pub errors: u64,
    pub first_error: Option<String>,
}

impl Figure {
    /// What a load did, each second.
    pub fn of_load(measure: impl Into<String>, unit: &'static str, load: &mut Load) -> Figure {
        Figure {
            measure: measure.into(),
            figure: load.per_second(),
            unit,
            limit: 0.0,
            limit_is: "",
            quantiles: Some(load.latencies.quantiles()),
            goal: "",
            errors: load.errors,
            first_error: load.first_error.take(),
        }
    }

    pub fn against(self, limit: f64, limit_is: &'static str) -> Figure {
        Figure { limit, limit_is, ..self }
    }

    pub fn goal(self, goal: &'static str) -> Figure {
        Figure { goal, ..self }
    }

    pub fn ratio(&self) -> f64 {
        if self.limit > 0.0 { self.figure / self.limit } else { 0.0 }
    }
}

/// What a measure came to.
#[derive(Clone, Debug)]
pub enum Line {
    Measured(Figure),
    /// It cannot be measured here.
    LeftOut {
        measure: String,
        why: &'static str,
    },
}

/// Everything that was measured, and on what.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// What the figures depend on: name and value.
    pub ground: Vec<(&'static str, String)>,
    pub lines: Vec<Line>,
}

const HEAD: [&str; 9] =
    ["measure", "figure", "unit", "bare limit", "ratio", "p50 ms", "p99 ms", "goal", "the limit is"];
/// The columns whose cells end at the same place.
const NUMBERS: [usize; 5] = [1, 3, 4, 5, 6];

impl Sheet {
    /// What went wrong, by measure.
    pub fn errors(&self) -> Vec<String> {
        let errors = self.lines.iter().filter_map(|line| match line {
            Line::Measured(figure) if figure.errors > 0 => {
                let first = figure.first_error.as_deref().unwrap_or_default();
                Some(format!("{}: {} errors, the first: {first}", figure.measure, figure.errors))
            }
            _ => None,
        });
        errors.collect()
    }

    pub fn render(&self) -> String {
        let mut text = String::new();
        for (name, value) in &self.ground {
            text.push_str(&format!("{name}: {value}\n"));
        }
        text.push('\n');
        let mut rows = vec![HEAD.map(str::to_owned)];
        rows.extend(self.lines.iter().filter_map(|line| match line {
            Line::Measured(figure) => Some(cells(figure)),
            Line::LeftOut { .. } => None,
        }));
        text.push_str(&table(&rows));
        for line in &self.lines {
            if let Line::LeftOut { measure, why } = line {
                text.push_str(&format!("{measure}: left out, {why}\n"));
            }
        }
        text
    }

    pub fn json(&self) -> Value {
        let ground: serde_json::Map<String, Value> =
            self.ground.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
        let line = |line: &Line| match line {
            Line::Measured(figure) => json!({
                "measure": figure.measure,
                "figure": figure.figure,
                "unit": figure.unit,
                "limit": figure.limit,
                "limit_is": figure.limit_is,
                "ratio": figure.ratio(),
                "p50_ms": figure.quantiles.map(|quantiles| quantiles.p50),
                "p99_ms": figure.quantiles.map(|quantiles| quantiles.p99),
                "goal": figure.goal,
                "errors": figure.errors,
            }),
            Line::LeftOut { measure, why } => json!({ "measure": measure, "left_out": why }),
        };
        json!({ "ground": ground, "measures": self.lines.iter().map(line).collect::<Vec<_>>() })
    }
}

fn cells(figure: &Figure) -> [String; 9] {
    let time = |time: Option<f64>| time.map_or_else(|| "–".to_owned(), |time| format!("{time:.2}"));
    [
        figure.measure.clone(),
        readable(figure.figure),
        figure.unit.to_owned(),
        readable(figure.limit),
        format!("{:.2}", figure.ratio()),
        time(figure.quantiles.map(|quantiles| quantiles.p50)),
        time(figure.quantiles.map(|quantiles| quantiles.p99)),
        figure.goal.to_owned(),
        figure.limit_is.to_owned(),
    ]
}

/// With three digits that mean something, and thousands apart.
fn readable(number: f64) -> String {
    if number < 100.0 {
        return format!("{number:.2}");
    }
    let digits = format!("{number:.0}");
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn table(rows: &[[String; 9]]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let widths: [usize; 9] = std::array::from_fn(width);
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            let space = " ".repeat(widths[column] - cell.chars().count());
            let (before, after) =
                if NUMBERS.contains(&column) { (space, String::new()) } else { (String::new(), space) };
            line.push_str(&format!("{before}{cell}{after}  "));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_can_be_read() {
        for (number, text) in [(0.057, "0.06"), (99.5, "99.50"), (100.4, "100"), (1_234_567.8, "1,234,568")] {
            assert_eq!(readable(number), text);
        }
    }
}
