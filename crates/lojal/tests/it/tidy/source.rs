//! The source tree as a reader sees it: code, the text in quotes, and everything together.

use std::fs;
use std::path::{Path, PathBuf};

/// One Rust file.
pub struct Source {
    /// From the root of the workspace, with forward slashes.
    pub path: String,
    pub text: String,
    /// Without comments, and with nothing between quotation marks; tests at the end left out.
    pub code: String,
    /// What stands between quotation marks, with the line where it begins. Tests left out.
    pub quoted: Vec<(usize, String)>,
}

impl Source {
    /// Whether nothing of the file is in the program that people run.
    pub fn is_test(&self) -> bool {
        ["/tests/", "/benches/", "/examples/"].iter().any(|folder| self.path.contains(folder))
            || self.path.ends_with("/tests.rs")
    }

    /// The lines of the code, with their numbers.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.code.lines().enumerate().map(|(index, line)| (index + 1, line))
    }
}

pub fn root() -> PathBuf {
    let crate_folder = std::env::var("CARGO_MANIFEST_DIR").expect("cargo names the folder of the crate");
    Path::new(&crate_folder).join("../..").canonicalize().expect("the workspace is two folders up")
}

pub fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every file below `folder` with this ending, by its path from the root, in order.
pub fn files(folder: &str, ending: &str) -> Vec<String> {
    let root = root();
    let mut found = Vec::new();
    let mut folders = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for path in entries.map(|entry| entry.expect("a readable folder").path()) {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
            if path.is_dir() && name != "target" && !name.starts_with('.') {
                folders.push(path);
            } else if name.ends_with(ending) {
                let relative = path.strip_prefix(&root).expect("below the root");
                found.push(relative.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    found.sort();
    found
}

pub fn sources(folder: &str) -> Vec<Source> {
    files(folder, ".rs").into_iter().map(|path| source(&path, &read(&path))).collect()
}

pub fn source(path: &str, text: &str) -> Source {
    const TESTS: &str = "#[cfg(test)]\nmod tests {";
    let shipped = text.find(TESTS).map_or(text, |start| &text[..start]);
    let (code, quoted) = split(shipped);
    Source { path: path.to_owned(), text: text.to_owned(), code, quoted }
}

/// Separates code from comments and from text in quotes. Lines stay where they are.
fn split(text: &str) -> (String, Vec<(usize, String)>) {
    let letters: Vec<char> = text.chars().collect();
    let mut code = String::with_capacity(text.len());
    let mut quoted = Vec::new();
    let mut at = 0;
    let mut line = 1;
    while at < letters.len() {
        let next = letters.get(at + 1).copied();
        let end = match (letters[at], next) {
            ('/', Some('/')) => end_of_line(&letters, at),
            ('/', Some('*')) => end_of_comment(&letters, at),
            ('"', _) => {
                let end = end_of_text(&letters, at + 1);
                quoted.push((line, letters[at + 1..end - 1].iter().collect()));
                code.push_str("\"\"");
                end
            }
            ('r', Some('"' | '#')) if raw_hashes(&letters, at).is_some() => {
                let hashes = raw_hashes(&letters, at).unwrap_or_default();
                let start = at + 2 + hashes;
                let end = end_of_raw(&letters, start, hashes);
                quoted.push((line, letters[start..end - 1 - hashes].iter().collect()));
                code.push_str("\"\"");
                end
            }
            ('\'', _) if is_character(&letters, at) => end_of_character(&letters, at),
            (letter, _) => {
                code.push(letter);
                line += usize::from(letter == '\n');
                at += 1;
                continue;
            }
        };
        let end = end.min(letters.len());
        let breaks = letters[at..end].iter().filter(|letter| **letter == '\n').count();
        code.extend(std::iter::repeat_n('\n', breaks));
        line += breaks;
        at = end;
    }
    (code, quoted)
}

fn end_of_line(letters: &[char], start: usize) -> usize {
    (start..letters.len()).find(|at| letters[*at] == '\n').unwrap_or(letters.len())
}

fn end_of_comment(letters: &[char], start: usize) -> usize {
    let mut depth = 0;
    let mut at = start;
    while at + 1 < letters.len() {
        match (letters[at], letters[at + 1]) {
            ('/', '*') => depth += 1,
            ('*', '/') if depth == 1 => return at + 2,
            ('*', '/') => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
    }
    letters.len()
}

fn end_of_text(letters: &[char], start: usize) -> usize {
    let mut at = start;
    while at < letters.len() && letters[at] != '"' {
        at += if letters[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(letters.len())
}

/// How many `#` a raw text begins with; `None` where none begins.
fn raw_hashes(letters: &[char], at: usize) -> Option<usize> {
    let is_name = |letter: char| letter.is_alphanumeric() || letter == '_';
    if at > 0 && is_name(letters[at - 1]) && letters[at - 1] != 'b' {
        return None;
    }
    let hashes = letters[at + 1..].iter().take_while(|letter| **letter == '#').count();
    (letters.get(at + 1 + hashes) == Some(&'"')).then_some(hashes)
}

fn end_of_raw(letters: &[char], start: usize, hashes: usize) -> usize {
    let closes = |at: &usize| {
        letters[*at] == '"' && letters[at + 1..].iter().take(hashes).filter(|letter| **letter == '#').count() == hashes
    };
    (start..letters.len()).find(closes).map_or(letters.len(), |at| at + 1 + hashes)
}

/// A character, not a lifetime.
fn is_character(letters: &[char], at: usize) -> bool {
    letters.get(at + 1) == Some(&'\\') || letters.get(at + 2) == Some(&'\'')
}

fn end_of_character(letters: &[char], at: usize) -> usize {
    let start = if letters.get(at + 1) == Some(&'\\') { at + 3 } else { at + 2 };
    (start..letters.len()).find(|at| letters[*at] == '\'').map_or(letters.len(), |end| end + 1)
}

#[test]
fn code_comments_and_quotes_are_told_apart() {
    let text = concat!(
        "let a = \"one \\\" two\"; // \"three\"\n",
        "/* panic!() /* inner */ \"four\" */ let b = r#\"five \"5\" \"#;\n",
        "let c: &'static str = x('\"', '\\'', \"six\n\");\n",
        "let d = \"seven\";\n",
    );
    let source = source("a.rs", text);
    let quoted: Vec<(usize, &str)> = source.quoted.iter().map(|(line, text)| (*line, text.as_str())).collect();
    assert_eq!(quoted, [(1, "one \\\" two"), (2, "five \"5\" "), (3, "six\n"), (5, "seven")]);
    assert!(!source.code.contains("panic") && source.code.contains("let b = \"\";"));
    assert_eq!(source.code.lines().count(), 5);
}
