//! What differs between two texts, line by line.

use serde::Serialize;

/// Pairs of lines that are compared at most; longer texts are shown one after the other.
const MOST_PAIRS: usize = 4_000_000;

/// A line of the one, of the other, or of both.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    pub sign: &'static str,
    pub text: String,
}

/// What was taken away (`-`), what was added (`+`), and what stayed.
pub fn differences(before: &str, after: &str) -> Vec<Difference> {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let line = |sign: &'static str, text: &&str| Difference { sign, text: (*text).to_owned() };
    if old.len() * new.len() > MOST_PAIRS {
        return old.iter().map(|text| line("-", text)).chain(new.iter().map(|text| line("+", text))).collect();
    }
    // How many lines the ends from here on have in common.
    let width = new.len() + 1;
    let mut common = vec![0_u32; (old.len() + 1) * width];
    for (i, text) in old.iter().enumerate().rev() {
        for (j, other) in new.iter().enumerate().rev() {
            let below = common[(i + 1) * width + j];
            let beside = common[i * width + j + 1];
            let both = common[(i + 1) * width + j + 1] + 1;
            common[i * width + j] = if text == other { both } else { below.max(beside) };
        }
    }
    let mut lines = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i < old.len() || j < new.len() {
        match (old.get(i), new.get(j)) {
            (Some(text), Some(other)) if text == other => {
                lines.push(line("", text));
                (i, j) = (i + 1, j + 1);
            }
            (Some(text), other) if other.is_none() || common[(i + 1) * width + j] >= common[i * width + j + 1] => {
                lines.push(line("-", text));
                i += 1;
            }
            (_, Some(other)) => {
                lines.push(line("+", other));
                j += 1;
            }
            _ => break,
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_changed_is_told_line_by_line() {
        let told = |before, after| {
            let lines = differences(before, after).into_iter();
            lines.map(|line| format!("{}{}", line.sign, line.text)).collect::<Vec<_>>().join(" ")
        };
        for (before, after, expected) in [
            ("", "", ""),
            ("a\nb", "a\nb", "a b"),
            ("a\nb\nc", "a\nx\nc", "a -b +x c"),
            ("a", "a\nb", "a +b"),
            ("a\nb", "b", "-a b"),
            ("", "a", "+a"),
            ("a", "", "-a"),
        ] {
            assert_eq!(told(before, after), expected, "{before:?} {after:?}");
        }
    }
}
