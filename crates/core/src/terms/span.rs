//! Text that knows where its numbers come from.

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    /// Words of the house. They have no numbers.
    Words(String),
    /// What the document states: a number, a date, a name or a condition, and the JSON pointer of the
    /// field that it was made of.
    Stated { text: String, pointer: String },
    /// What publishing adds to the document: the number of a version, the moment from which it holds.
    Published(String),
    /// What the document should state and does not, with what is to be filled in.
    Blank(String),
}

impl Span {
    /// Where an address of the operator leads to: a page, or a letter.
    pub fn address(&self) -> Option<String> {
        let Span::Stated { text, pointer } = self else { return None };
        match pointer.starts_with("/operator/") {
            true if text.starts_with("https://") || text.starts_with("http://") => Some(text.clone()),
            true if text.contains('@') && !text.contains([' ', ':', '/', '?']) => Some(format!("mailto:{text}")),
            _ => None,
        }
    }

    pub fn text(&self) -> &str {
        match self {
            Span::Words(text) | Span::Stated { text, .. } | Span::Published(text) | Span::Blank(text) => text,
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text(Vec<Span>);

impl Text {
    pub fn spans(&self) -> &[Span] {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text by itself, with blanks in angle quotation marks.
    pub fn plain(&self) -> String {
        let mut plain = String::new();
        for span in &self.0 {
            match span {
                Span::Blank(text) => plain.extend(["«", text, "»"]),
                other => plain.push_str(other.text()),
            }
        }
        plain
    }

    pub(super) fn words(text: impl Into<String>) -> Text {
        Text(vec![Span::Words(text.into())])
    }

    pub(super) fn stated(text: impl Into<String>, pointer: &str) -> Text {
        Text(vec![Span::Stated { text: text.into(), pointer: pointer.to_owned() }])
    }

    pub(super) fn published(text: impl Into<String>) -> Text {
        Text(vec![Span::Published(text.into())])
    }

    pub(super) fn blank(text: impl Into<String>) -> Text {
        Text(vec![Span::Blank(text.into())])
    }

    pub(super) fn push(&mut self, other: Text) {
        for span in other.0 {
            match (self.0.last_mut(), span) {
                (Some(Span::Words(before)), Span::Words(text)) => before.push_str(&text),
                (_, span) if span.text().is_empty() => {}
                (_, span) => self.0.push(span),
            }
        }
    }

    pub(super) fn joined(texts: impl IntoIterator<Item = Text>, between: &str) -> Text {
        let mut joined = Text::default();
        for text in texts.into_iter().filter(|text| !text.is_empty()) {
            if !joined.is_empty() {
                joined.push(Text::words(between));
            }
            joined.push(text);
        }
        joined
    }

    /// Begins a sentence with it.
    pub(super) fn capitalised(mut self) -> Text {
        if let Some(Span::Words(text) | Span::Stated { text, .. }) = self.0.first_mut() {
            let mut letters = text.chars();
            if let Some(first) = letters.next() {
                *text = first.to_uppercase().chain(letters).collect();
            }
        }
        self
    }
}
