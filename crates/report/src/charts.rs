//! Charts drawn as SVG: no script, no library, readable without colour, and as wide as the page allows.
//!
//! All share one width, so that text has the same size in each. Colours and patterns are those of the page's style
//! (`s0`, `s1`, … and `p0`, `p1`, …); a series keeps its number in every chart.

mod axis;

use std::fmt::Write;

use axis::{Axis, between, fit, ticks};

pub use axis::Scale;

const WIDTH: f64 = 400.0;
const HEIGHT: f64 = 225.0;
const TOP: f64 = 14.0;
const RIGHT: f64 = 12.0;
/// Below the plot, for the labels.
const FOOT: f64 = 26.0;
const FONT: f64 = 13.0;
/// What one letter takes, on the safe side.
const LETTER: f64 = 7.3;
/// Patterns and colours that the page's style has.
const STYLES: usize = 6;

/// What is read aloud instead of the drawing.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// Unique on the page.
    pub id: &'a str,
    pub title: &'a str,
    pub description: &'a str,
}

/// Numbers under one name, one for each place along the axis.
#[derive(Clone, Debug, Default)]
pub struct Series {
    pub name: String,
    pub values: Vec<i64>,
    /// Between which bounds each number lies; empty where that is not in question.
    pub bounds: Vec<(i64, i64)>,
    /// Which colour and pattern.
    pub style: usize,
}

/// Lines over time, each with the band in which it lies.
pub fn lines(told: Told<'_>, labels: &[String], series: &[Series], scale: Scale<'_>) -> String {
    let numbers = series.iter().flat_map(|series| {
        series.values.iter().copied().chain(series.bounds.iter().flat_map(|bounds| [bounds.0, bounds.1]))
    });
    let mut sketch = Sketch::default();
    let plot = Plot::new(&mut sketch, numbers, labels.len(), scale);
    for series in series {
        let band: Vec<(f64, f64)> = series
            .bounds
            .iter()
            .enumerate()
            .map(|(index, bounds)| (plot.x(index), plot.y(bounds.1)))
            .chain(series.bounds.iter().enumerate().rev().map(|(index, bounds)| (plot.x(index), plot.y(bounds.0))))
            .collect();
        if series.values.len() > 1 {
            sketch.shape("polygon", &band, series.style, "band");
            let line: Vec<(f64, f64)> =
                series.values.iter().enumerate().map(|(index, value)| (plot.x(index), plot.y(*value))).collect();
            sketch.line_over(&line, series.style);
        } else {
            // One point makes no line.
            for (index, bounds) in series.bounds.iter().enumerate() {
                sketch.whisker((plot.x(index), plot.y(bounds.0)), (plot.x(index), plot.y(bounds.1)), series.style);
            }
            for (index, value) in series.values.iter().enumerate() {
                sketch.dot(plot.x(index), plot.y(*value), series.style);
            }
        }
    }
    plot.label(&mut sketch, labels, 0);
    sketch.finish(told, HEIGHT, &[], series)
}

/// Columns, those of one place on top of each other, those below nothing hanging down; and lines over them.
pub fn columns(
    told: Told<'_>,
    labels: &[String],
    columns: &[Series],
    lines: &[Series],
    scale: Scale<'_>,
    anchor: usize,
) -> String {
    let piles = (0..labels.len()).flat_map(|index| {
        let values = columns.iter().filter_map(move |series| series.values.get(index).copied());
        let (up, down): (Vec<i64>, Vec<i64>) = values.partition(|value| *value > 0);
        let sum = |values: Vec<i64>| values.into_iter().fold(0, i64::saturating_add);
        [sum(up), sum(down)]
    });
    let mut sketch = Sketch::default();
    let numbers = piles.chain(lines.iter().flat_map(|series| series.values.iter().copied()));
    let plot = Plot::new(&mut sketch, numbers, labels.len(), scale);
    let width = (plot.slot() * 0.82).min(56.0);
    for index in 0..labels.len() {
        let (mut up, mut down) = (0i64, 0i64);
        for series in columns {
            let value = series.values.get(index).copied().unwrap_or_default();
            let pile = if value > 0 { &mut up } else { &mut down };
            let before = *pile;
            *pile = pile.saturating_add(value);
            let (from, to) = (plot.y(before), plot.y(*pile));
            let corner = (plot.x(index) - width / 2.0, from.min(to));
            sketch.rectangle(corner, (width, (from - to).abs()), series.style);
        }
    }
    for series in lines {
        let line: Vec<(f64, f64)> =
            series.values.iter().enumerate().map(|(index, value)| (plot.x(index), plot.y(*value))).collect();
        sketch.line_over(&line, series.style);
        if let [only] = line[..] {
            sketch.dot(only.0, only.1, series.style);
        }
    }
    plot.label(&mut sketch, labels, anchor);
    sketch.finish(told, HEIGHT, columns, lines)
}

/// Horizontal bars under their labels, one for each series, with the number at the end of each and, where there are
/// bounds, a whisker.
pub fn bars(told: Told<'_>, labels: &[String], series: &[Series], write: &dyn Fn(i64) -> String) -> String {
    const BAR: f64 = 15.0;
    const LABEL: f64 = 19.0;
    const GAP: f64 = 9.0;
    let mut sketch = Sketch::default();
    let longest = series.iter().flat_map(|series| &series.values).map(|value| write(*value).chars().count()).max();
    let room = longest.unwrap_or(0) as f64 * LETTER + 12.0;
    let every = || {
        let bounds = series.iter().flat_map(|series| series.bounds.iter().flat_map(|bounds| [bounds.0, bounds.1]));
        series.iter().flat_map(|series| series.values.iter().copied()).chain(bounds)
    };
    let (least, most) = (every().min().unwrap_or(0).min(0), every().max().unwrap_or(0).max(0));
    // Numbers below nothing are written at the left.
    let left = if least < 0 { room } else { 1.0 };
    let x = |value: i64| between(value, (least, most.max(least.saturating_add(1))), (left, WIDTH - room));
    let mut y = 4.0;
    for (index, label) in labels.iter().enumerate() {
        sketch.text(0.0, y + FONT - 1.0, "start", &fit(label, WIDTH));
        y += LABEL;
        sketch.line("axis", (x(0), y - 2.0), (x(0), y + BAR * series.len() as f64 - 1.0));
        for series in series {
            let Some(value) = series.values.get(index).copied() else { continue };
            let (from, to) = (x(0), x(value));
            sketch.rectangle((from.min(to), y), ((from - to).abs(), BAR - 3.0), series.style);
            let mut end = to;
            if let Some(bounds) = series.bounds.get(index) {
                let middle = y + (BAR - 3.0) / 2.0;
                sketch.whisker((x(bounds.0), middle), (x(bounds.1), middle), series.style);
                end = end.max(x(bounds.1));
            }
            if value < 0 {
                sketch.text(to - 6.0, y + BAR - 3.0, "end", &write(value));
            } else {
                sketch.text(end + 6.0, y + BAR - 3.0, "start", &write(value));
            }
            y += BAR;
        }
        y += GAP;
    }
    let bottom = y - GAP + 3.0;
    sketch.finish(told, bottom + 3.0, series, &[])
}

/// A point of [`path`].
#[derive(Clone, Debug)]
pub struct Point {
    pub name: String,
    pub across: i64,
    pub up: i64,
    pub bounds: (i64, i64),
}

/// One thing against another: points in their order, joined, each with its bounds.
pub fn path(told: Told<'_>, points: &[Point], across: Scale<'_>, up: Scale<'_>) -> String {
    let mut sketch = Sketch::default();
    let numbers = points.iter().flat_map(|point| [point.up, point.bounds.0, point.bounds.1]);
    let plot = Plot::new(&mut sketch, numbers, 1, up);
    let (least, most) = points
        .iter()
        .fold((i64::MAX, i64::MIN), |(least, most), point| (least.min(point.across), most.max(point.across)));
    let axis = ticks(least.min(most), most.max(least));
    let (Some(first), Some(last)) = (axis.first().copied(), axis.last().copied()) else { return String::new() };
    let x = |value: i64| between(value, (first, last), (plot.left + 16.0, WIDTH - RIGHT - 24.0));
    let scale = Axis::of(&axis, across);
    let mut free = 0.0;
    for tick in &axis {
        let label = scale.write(*tick);
        let half = label.chars().count() as f64 * LETTER / 2.0;
        if x(*tick) - half >= free && x(*tick) + half <= WIDTH {
            sketch.line("tick", (x(*tick), HEIGHT - FOOT), (x(*tick), HEIGHT - FOOT + 4.0));
            sketch.text(x(*tick), HEIGHT - 6.0, "middle", &label);
            free = x(*tick) + half + LETTER;
        }
    }
    let line: Vec<(f64, f64)> = points.iter().map(|point| (x(point.across), plot.y(point.up))).collect();
    sketch.line_over(&line, 0);
    let mut taken: Vec<(f64, f64, f64)> = Vec::new();
    for (point, (x, y)) in points.iter().zip(&line) {
        sketch.whisker((*x, plot.y(point.bounds.0)), (*x, plot.y(point.bounds.1)), 0);
        sketch.dot(*x, *y, 0);
        let width = point.name.chars().count() as f64 * LETTER;
        let above = (*x + 7.0, *y - 8.0);
        let is_free = taken.iter().all(|(left, bottom, length)| {
            above.0 > left + length || above.0 + width < *left || (above.1 - bottom).abs() > FONT
        });
        // The table beside the chart names the others.
        if is_free {
            taken.push((above.0, above.1, width));
            sketch.text(above.0.min(WIDTH - width), above.1, "start", &point.name);
        }
    }
    sketch.finish(told, HEIGHT, &[], &[])
}

/// Where things lie that stand side by side over an axis.
struct Plot {
    left: f64,
    places: usize,
    range: (i64, i64),
}

impl Plot {
    /// Draws the axis for all these numbers, nothing included.
    fn new(sketch: &mut Sketch, numbers: impl Iterator<Item = i64>, places: usize, scale: Scale<'_>) -> Plot {
        let (least, most) = numbers.fold((0, 0), |(least, most), number| (number.min(least), number.max(most)));
        let ticks = ticks(least, most);
        let range = (ticks.first().copied().unwrap_or(0), ticks.last().copied().unwrap_or(1));
        let axis = Axis::of(&ticks, scale);
        let labels: Vec<String> = ticks.iter().map(|tick| axis.write(*tick)).collect();
        let longest = labels.iter().map(|label| label.chars().count()).max().unwrap_or(0);
        let plot = Plot { left: longest as f64 * LETTER + 10.0, places, range };
        for (tick, label) in ticks.iter().zip(&labels) {
            let y = plot.y(*tick);
            let class = if *tick == 0 { "axis" } else { "grid" };
            sketch.line(class, (plot.left, y), (WIDTH - RIGHT, y));
            sketch.text(plot.left - 6.0, y + FONT * 0.35, "end", label);
        }
        plot
    }

    fn slot(&self) -> f64 {
        (WIDTH - RIGHT - self.left) / self.places.max(1) as f64
    }

    /// The middle of a place.
    fn x(&self, place: usize) -> f64 {
        self.left + (place as f64 + 0.5) * self.slot()
    }

    fn y(&self, value: i64) -> f64 {
        between(value, self.range, (HEIGHT - FOOT, TOP))
    }

    /// Labels under as many places as there is room for, counted from the anchor both ways.
    fn label(&self, sketch: &mut Sketch, labels: &[String], anchor: usize) {
        let longest = labels.iter().map(|label| label.chars().count()).max().unwrap_or(0);
        let width = longest as f64 * LETTER + 10.0;
        let every = (width / self.slot()).ceil().max(1.0) as usize;
        for (place, label) in labels.iter().enumerate().filter(|(place, _)| place.abs_diff(anchor) % every == 0) {
            let half = label.chars().count() as f64 * LETTER / 2.0;
            let x = self.x(place).clamp(half, (WIDTH - half).max(half));
            sketch.line("tick", (self.x(place), HEIGHT - FOOT), (self.x(place), HEIGHT - FOOT + 4.0));
            sketch.text(x, HEIGHT - 6.0, "middle", label);
        }
    }
}

/// A drawing under way.
#[derive(Default)]
struct Sketch(String);

impl Sketch {
    fn add(&mut self, element: std::fmt::Arguments<'_>) {
        // Writing to a text cannot fail.
        let _ = self.0.write_fmt(element);
    }

    fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        self.add(format_args!(
            r#"<line class="{class}" x1="{:.1}" y1="{:.1}" x2="{:.1}" y2="{:.1}"/>"#,
            from.0, from.1, to.0, to.1
        ));
    }

    fn text(&mut self, x: f64, y: f64, anchor: &str, text: &str) {
        self.add(format_args!(r#"<text x="{x:.1}" y="{y:.1}" text-anchor="{anchor}">{}</text>"#, escaped(text)));
    }

    fn rectangle(&mut self, corner: (f64, f64), size: (f64, f64), style: usize) {
        if size.0 > 0.0 && size.1 > 0.0 {
            let style = style % STYLES;
            self.add(format_args!(
                r##"<rect class="s{style}" fill="url(#p{style})" x="{:.1}" y="{:.1}" width="{:.1}" height="{:.1}"/>"##,
                corner.0, corner.1, size.0, size.1
            ));
        }
    }

    fn shape(&mut self, shape: &str, points: &[(f64, f64)], style: usize, class: &str) {
        if !points.is_empty() {
            let points: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
            let style = style % STYLES;
            self.add(format_args!(r#"<{shape} class="s{style} {class}" points="{}"/>"#, points.join(" ")));
        }
    }

    /// Told apart from what lies under it by a rim.
    fn line_over(&mut self, points: &[(f64, f64)], style: usize) {
        self.shape("polyline", points, style, "rim");
        self.shape("polyline", points, style, &format!("line d{}", style % STYLES));
    }

    fn dot(&mut self, x: f64, y: f64, style: usize) {
        self.add(format_args!(r#"<circle class="s{} dot" cx="{x:.1}" cy="{y:.1}" r="4"/>"#, style % STYLES));
    }

    /// From one end to the other, with a cross line at each.
    fn whisker(&mut self, from: (f64, f64), to: (f64, f64), style: usize) {
        const END: f64 = 4.0;
        if from == to {
            return;
        }
        let across = if from.0 == to.0 { (END, 0.0) } else { (0.0, END) };
        let class = format!("s{} whisker", style % STYLES);
        self.line(&class, from, to);
        for (x, y) in [from, to] {
            self.line(&class, (x - across.0, y - across.1), (x + across.0, y + across.1));
        }
    }

    /// The whole, under a list of what is what, where there is more than one thing.
    fn finish(self, told: Told<'_>, height: f64, areas: &[Series], lines: &[Series]) -> String {
        let mut page = String::new();
        if areas.len() + lines.len() > 1 {
            page.push_str(r#"<ul class="legend">"#);
            let areas = areas.iter().map(|series| {
                let style = series.style % STYLES;
                let mark = format!(r##"<rect class="s{style}" fill="url(#p{style})" width="24" height="14"/>"##);
                (series, mark)
            });
            let lines = lines.iter().map(|series| {
                let style = series.style % STYLES;
                (series, format!(r#"<line class="s{style} line d{style}" x1="0" y1="7" x2="24" y2="7"/>"#))
            });
            for (series, mark) in areas.chain(lines) {
                page.push_str(&format!(
                    r#"<li><svg class="swatch" viewBox="0 0 24 14" aria-hidden="true">{mark}</svg>{}</li>"#,
                    escaped(&series.name)
                ));
            }
            page.push_str("</ul>");
        }
        let Told { id, title, description } = told;
        page.push_str(&format!(
            r#"<svg class="chart" viewBox="0 0 {WIDTH} {height:.0}" role="img" aria-labelledby="{id}-title {id}-desc"><title id="{id}-title">{}</title><desc id="{id}-desc">{}</desc>{}</svg>"#,
            escaped(title),
            escaped(description),
            self.0
        ));
        page
    }
}

fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '"' => written.push_str("&quot;"),
            letter if letter.is_control() => written.push(' '),
            letter => written.push(letter),
        }
    }
    written
}
