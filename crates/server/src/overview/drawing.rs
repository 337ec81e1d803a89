//! Lines that are too small for an axis: how a figure went, beside it.

use serde::Serialize;

const WIDTH: f64 = 120.0;
const HEIGHT: f64 = 28.0;

/// The points of a line through some numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Trend {
    pub points: String,
}

impl Trend {
    /// Nothing for fewer than two numbers, which make no line.
    pub fn through(values: &[i64]) -> Option<Trend> {
        let most = values.iter().copied().max().unwrap_or(0).max(0);
        let least = values.iter().copied().min().unwrap_or(0).min(0);
        if values.len() < 2 || most == least {
            return None;
        }
        let step = (WIDTH - 2.0) / (values.len() - 1) as f64;
        let height = |value: i64| 1.0 + (HEIGHT - 2.0) * (most - value) as f64 / (most - least) as f64;
        let point = |(index, value): (usize, &i64)| format!("{:.1},{:.1}", 1.0 + step * index as f64, height(*value));
        Some(Trend { points: values.iter().enumerate().map(point).collect::<Vec<_>>().join(" ") })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_goes_from_side_to_side_and_stands_on_nothing() {
        let trend = Trend::through(&[0, 5, 10]).unwrap();
        assert_eq!(trend.points, "1.0,27.0 60.0,14.0 119.0,1.0");
        assert_eq!(Trend::through(&[7]), None);
        assert_eq!(Trend::through(&[0, 0, 0]), None);
        assert_eq!(Trend::through(&[-10, 0]).unwrap().points, "1.0,27.0 119.0,1.0");
    }
}
