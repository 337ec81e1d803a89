//! Texts in the shop's own words: entries of Fluent files, and what an entry in the place of another one must keep to.

use std::collections::BTreeSet;

use fluent_syntax::ast::{CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser;

/// Letters of one text.
pub const LONGEST_TEXT: usize = 2_000;

/// A text under its key, as it is written in a file of texts, without the key and without its indent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wording {
    pub key: String,
    pub text: String,
}

/// The texts of a file, in its order.
pub fn entries(file: &str) -> Vec<Wording> {
    let mut entries: Vec<Wording> = Vec::new();
    let mut is_open = false;
    for line in file.lines() {
        let begins = line.starts_with(|letter: char| letter.is_ascii_alphabetic());
        match line.split_once('=').filter(|_| begins) {
            Some((key, text)) => {
                entries.push(Wording { key: key.trim().to_owned(), text: text.trim().to_owned() });
                is_open = true;
            }
            None if is_open && (line.starts_with(' ') || line.is_empty()) => {
                if let Some(entry) = entries.last_mut() {
                    entry.text.push('\n');
                    entry.text.push_str(line);
                }
            }
            None => is_open = false,
        }
    }
    for entry in &mut entries {
        entry.text = dedented(&entry.text);
    }
    entries
}

/// Without the blanks that all its further lines begin with, as Fluent leaves them out, too.
fn dedented(text: &str) -> String {
    let mut lines = text.lines();
    let first = lines.next().unwrap_or_default();
    let rest: Vec<&str> = lines.collect();
    let indent = |line: &&str| line.len() - line.trim_start().len();
    let common = rest.iter().filter(|line| !line.trim().is_empty()).map(indent).min().unwrap_or(0);
    let rest = rest.iter().map(|line| line.get(common..).unwrap_or_default().trim_end());
    std::iter::once(first.trim_end()).chain(rest).collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// A text as a file of texts has it.
pub fn source(key: &str, text: &str) -> String {
    let lines: String = text.lines().map(|line| format!("    {}\n", line.trim_end())).collect();
    format!("{key} =\n{lines}\n")
}

/// Why a text cannot take the place of another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WordingFault {
    Empty,
    TooLong,
    /// It cannot be read as Fluent.
    Unreadable,
    /// Signs that would only show as they are.
    Markup,
    /// It asks for what is not there.
    UnknownValue(String),
    /// It leaves out what must be said.
    MissingValue(String),
    /// It leads to other texts, or reckons.
    Reference,
}

impl WordingFault {
    /// The key of the text that says so, and the value that it speaks of.
    pub fn key(&self) -> (&'static str, &str) {
        match self {
            WordingFault::Empty => ("fault-required", ""),
            WordingFault::TooLong => ("fault-too-long", ""),
            WordingFault::Unreadable => ("text-fault-unreadable", ""),
            WordingFault::Markup => ("text-fault-markup", ""),
            WordingFault::UnknownValue(name) => ("text-fault-unknown", name),
            WordingFault::MissingValue(name) => ("text-fault-missing", name),
            WordingFault::Reference => ("text-fault-reference", ""),
        }
    }
}

/// What is wrong with `text` in the place of `built_in`.
pub fn wording_fault(key: &str, text: &str, built_in: &str) -> Option<WordingFault> {
    if text.trim().is_empty() {
        return Some(WordingFault::Empty);
    }
    if text.chars().count() > LONGEST_TEXT {
        return Some(WordingFault::TooLong);
    }
    let is_odd = |letter: char| letter.is_control() && letter != '\n';
    // An arrow stands before the words among which a number chooses.
    if text.replace("->", "").contains(['<', '>']) || has_entity(text) || text.contains(is_odd) {
        return Some(WordingFault::Markup);
    }
    let asked = match values(key, text) {
        Ok(asked) => asked,
        Err(fault) => return Some(fault),
    };
    // What stands in our own files can be read.
    let there = values(key, built_in).unwrap_or_default();
    // A count is written out, too.
    let known = |name: &String| there.contains(name) || name == "number" && there.contains("count");
    if let Some(unknown) = asked.iter().find(|name| !known(name)) {
        return Some(WordingFault::UnknownValue(unknown.clone()));
    }
    let is_said =
        |name: &String| asked.contains(name) || ["count", "number"].contains(&name.as_str()) && has_number(&asked);
    there.into_iter().find(|name| !is_said(name)).map(WordingFault::MissingValue)
}

/// How many may be told by choosing among words, by writing the number, or both.
fn has_number(asked: &BTreeSet<String>) -> bool {
    asked.contains("count") || asked.contains("number")
}

fn has_entity(text: &str) -> bool {
    text.split('&').skip(1).any(|rest| {
        let name: String = rest.chars().take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '#').collect();
        !name.is_empty() && rest[name.len()..].starts_with(';')
    })
}

/// The values that a text asks for.
fn values(key: &str, text: &str) -> Result<BTreeSet<String>, WordingFault> {
    let source = source(key, text);
    let resource = parser::parse(source.as_str()).map_err(|_| WordingFault::Unreadable)?;
    let [Entry::Message(message)] = resource.body.as_slice() else { return Err(WordingFault::Unreadable) };
    let pattern = message.value.as_ref().filter(|_| message.id.name == key && message.attributes.is_empty());
    let mut asked = BTreeSet::new();
    of_pattern(pattern.ok_or(WordingFault::Unreadable)?, &mut asked)?;
    Ok(asked)
}

fn of_pattern(pattern: &Pattern<&str>, asked: &mut BTreeSet<String>) -> Result<(), WordingFault> {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            of_expression(expression, asked)?;
        }
    }
    Ok(())
}

fn of_expression(expression: &Expression<&str>, asked: &mut BTreeSet<String>) -> Result<(), WordingFault> {
    match expression {
        Expression::Inline(inline) => of_inline(inline, asked),
        Expression::Select { selector, variants } => {
            of_inline(selector, asked)?;
            variants.iter().try_for_each(|variant| of_pattern(&variant.value, asked))
        }
    }
}

fn of_inline(inline: &InlineExpression<&str>, asked: &mut BTreeSet<String>) -> Result<(), WordingFault> {
    match inline {
        InlineExpression::VariableReference { id } => {
            asked.insert(id.name.to_owned());
            Ok(())
        }
        InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => Ok(()),
        InlineExpression::Placeable { expression } => of_expression(expression, asked),
        InlineExpression::FunctionReference { arguments: CallArguments { .. }, .. }
        | InlineExpression::MessageReference { .. }
        | InlineExpression::TermReference { .. } => Err(WordingFault::Reference),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COUNTED: &str = "{ $count ->\n    [one] One\n   *[other] { $number }\n}";

    #[test]
    fn a_file_is_read_entry_by_entry() {
        let file = "# Remark.\n\na-b = One\nc =\n    { $count ->\n        [one] One\n       *[other] More\n    }\n\n# End\nd = Two = 2\n";
        let read = entries(file);
        let all: Vec<(&str, &str)> = read.iter().map(|it| (it.key.as_str(), it.text.as_str())).collect();
        let counted = "{ $count ->\n    [one] One\n   *[other] More\n}";
        assert_eq!(all, [("a-b", "One"), ("c", counted), ("d", "Two = 2")]);
        assert_eq!(entries(&source("c", counted)), [Wording { key: "c".to_owned(), text: counted.to_owned() }]);
    }

    #[test]
    fn a_text_keeps_to_the_one_in_whose_place_it_stands() {
        use WordingFault::*;
        let unknown = |name: &str| Some(UnknownValue(name.to_owned()));
        let missing = |name: &str| Some(MissingValue(name.to_owned()));
        for (text, built_in, fault) in [
            ("Good day", "Hello", None),
            ("Dear { $name }!", "Hello, { $name }", None),
            ("Rock & roll; 2 {\"<\"}", "Hello", Some(Markup)),
            ("Rock & roll, 100 %", "Hello", None),
            ("", "Hello", Some(Empty)),
            ("Hello, { $nom }", "Hello, { $name }", unknown("nom")),
            ("Hello", "Hello, { $name }", missing("name")),
            ("Hello { $name", "Hello, { $name }", Some(Unreadable)),
            ("{ $count ->\n [one] One\n}", COUNTED, Some(Unreadable)),
            ("You have { $number }", COUNTED, None),
            ("{ $count ->\n    [one] One\n   *[other] Many\n}", COUNTED, None),
            ("Some", COUNTED, missing("count")),
            ("<b>Hello</b>", "Hello", Some(Markup)),
            ("Hello&nbsp;you", "Hello", Some(Markup)),
            ("Hello { other }", "Hello", Some(Reference)),
            ("Hello { -term }", "Hello", Some(Reference)),
            ("Hello { NUMBER($count) }", COUNTED, Some(Reference)),
            ("Hello\nb = Second", "Hello", None),
            ("Hello\n.title = Second", "Hello", Some(Unreadable)),
            ("Hel\u{7}lo", "Hello", Some(Markup)),
        ] {
            assert_eq!(wording_fault("a", text, built_in), fault, "{text}");
        }
        assert_eq!(wording_fault("a", &"a".repeat(LONGEST_TEXT + 1), "Hello"), Some(TooLong));
    }
}
