//! From a JSON pointer to the line and column of a TOML text.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::finding::Finding;

/// The longest piece of a document that a finding quotes.
const LONGEST_QUOTE: usize = 120;

/// Adds line, column and the offending text to findings that know only their pointer. A pointer
/// to what is missing leads to the nearest thing around it that is there.
pub fn locate(text: &str, findings: &mut [Finding]) {
    let Ok(root) = DeTable::parse(text) else {
        return;
    };
    for finding in findings.iter_mut().filter(|finding| finding.line.is_none()) {
        let span = span_of(&root, &finding.pointer);
        mark(text, span, finding);
    }
}

/// Writes a span of the text into a finding.
pub fn mark(text: &str, span: Range<usize>, finding: &mut Finding) {
    let start = text.floor_char_boundary(span.start.min(text.len()));
    let end = text.floor_char_boundary(span.end.min(text.len())).max(start);
    let before = &text[..start];
    finding.line = Some(before.matches('\n').count() + 1);
    finding.column = Some(before.chars().rev().take_while(|character| *character != '\n').count() + 1);
    let quote = text[start..end].lines().next().unwrap_or_default().trim();
    finding.found = match quote.char_indices().nth(LONGEST_QUOTE) {
        Some((cut, _)) => format!("{}…", &quote[..cut]),
        None => quote.to_owned(),
    };
}

fn span_of(root: &Spanned<DeTable<'_>>, pointer: &str) -> Range<usize> {
    let mut span = 0..0;
    let mut table = Some(root.get_ref());
    let mut array = None;
    for step in pointer.split('/').skip(1) {
        let step = step.replace("~1", "/").replace("~0", "~");
        let next: Option<(Range<usize>, &Spanned<DeValue<'_>>)> = if let Some(table) = table {
            table.iter().find(|(key, _)| key.get_ref().as_ref() == step).map(|(key, value)| (key.span(), value))
        } else if let Some(array) = array {
            let array: &toml::de::DeArray<'_> = array;
            step.parse().ok().and_then(|index: usize| array.get(index)).map(|value| (value.span(), value))
        } else {
            None
        };
        let Some((place, value)) = next else {
            break;
        };
        table = value.get_ref().as_table();
        array = value.get_ref().as_array();
        span = if table.is_some() || array.is_some() { place } else { value.span() };
    }
    span
}
