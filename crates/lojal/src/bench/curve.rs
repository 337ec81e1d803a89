//! The growth curve as a table and as a picture.

use super::growth::Growth;

impl Growth {
    pub const HEAD: &str = "orders,orders_per_second,p50_ms,p99_ms,processor_microseconds_an_order,\
                            bytes_written_an_order,bytes_kept_an_order\n";

    /// A row of the table.
    pub fn row(&self) -> String {
        format!(
            "{},{:.0},{:.2},{:.2},{:.1},{:.0},{:.0}\n",
            self.orders,
            self.orders_per_second,
            self.p50_ms,
            self.p99_ms,
            self.processor,
            self.bytes_written,
            self.bytes_kept
        )
    }

    /// The curve as an SVG: orders a second, processor time and bytes written for each.
    pub fn picture(curve: &[Growth]) -> String {
        let speed: Vec<f64> = curve.iter().map(|point| point.orders_per_second).collect();
        let processor: Vec<f64> = curve.iter().map(|point| point.processor).collect();
        let bytes: Vec<f64> = curve.iter().map(|point| point.bytes_written).collect();
        let orders: Vec<u64> = curve.iter().map(|point| point.orders).collect();
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" font-family=\"sans-serif\" \
             font-size=\"12\" fill=\"#222\">\n<rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#fff\"/>\n{}{}{}</svg>\n",
            panel(0.0, "orders a second", &orders, &speed),
            panel(HEIGHT, "processor time for each order, in microseconds", &orders, &processor),
            panel(2.0 * HEIGHT, "bytes written for each order", &orders, &bytes),
            height = 3.0 * HEIGHT,
        )
    }
}

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 220.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = 20.0;
const TOP: f64 = 34.0;
const BOTTOM: f64 = 36.0;
/// Lines across, the lowest included.
const GRID: u32 = 4;

fn panel(above: f64, title: &str, orders: &[u64], values: &[f64]) -> String {
    let most = round_up(values.iter().copied().fold(0.0, f64::max));
    let last = orders.last().copied().unwrap_or(1).max(1) as f64;
    let across = |orders: f64| LEFT + (WIDTH - LEFT - RIGHT) * orders / last;
    let up = |value: f64| above + HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / most;
    let mut svg = format!("<text x=\"{LEFT}\" y=\"{}\" font-weight=\"bold\">{title}</text>\n", above + 20.0);
    for line in 0..=GRID {
        let value = most * f64::from(line) / f64::from(GRID);
        let y = up(value);
        svg.push_str(&format!(
            "<line x1=\"{LEFT}\" y1=\"{y:.1}\" x2=\"{:.1}\" y2=\"{y:.1}\" stroke=\"#ddd\"/>\n\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{value:.0}</text>\n",
            WIDTH - RIGHT,
            LEFT - 8.0,
            y + 4.0
        ));
    }
    let points: Vec<String> = orders
        .iter()
        .zip(values)
        .map(|(orders, value)| format!("{:.1},{:.1}", across(*orders as f64), up(*value)))
        .collect();
    svg.push_str(&format!(
        "<polyline points=\"{}\" fill=\"none\" stroke=\"#1b6ac9\" stroke-width=\"2\"/>\n",
        points.join(" ")
    ));
    let (below, end) = (above + HEIGHT - BOTTOM + 18.0, WIDTH - RIGHT);
    svg + &format!(
        "<text x=\"{LEFT}\" y=\"{below}\">0</text>\n\
         <text x=\"{end}\" y=\"{below}\" text-anchor=\"end\">{last:.0} orders in the database</text>\n"
    )
}

/// The next of 1, 2, 5, 10, 20, 50 …
fn round_up(value: f64) -> f64 {
    let mut step = 1.0;
    loop {
        for factor in [1.0, 2.0, 5.0] {
            if step * factor >= value {
                return step * factor;
            }
        }
        step *= 10.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_end_at_round_numbers() {
        for (value, end) in [(0.0, 1.0), (1.1, 2.0), (2_001.0, 5_000.0), (50_000.0, 50_000.0)] {
            assert!((round_up(value) - end).abs() < f64::EPSILON, "{value}");
        }
    }
}
