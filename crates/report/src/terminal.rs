//! Text that fits a terminal.

/// A sentence may be as wide as a terminal is.
const WIDTH: usize = 100;

/// The first column to the left, numbers to the right.
pub fn in_columns(rows: &[Vec<String>]) -> Vec<String> {
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

pub fn wrapped(text: &str) -> Vec<String> {
    wrapped_within(text, WIDTH)
}

/// The same, in fewer letters.
pub fn wrapped_within(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let Some(line) = lines.last_mut() else { break };
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
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
