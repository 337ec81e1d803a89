//! The public terms: what they say, and that they say nothing that the document does not.

mod golden;
mod sentences;
mod traced;

use std::path::{Path, PathBuf};

use lojal_core::kernel::Language;
use lojal_core::programme::{Programme, parse_toml};
use lojal_core::terms::Terms;
use lojal_core::words::Words;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|problem| panic!("{path}: {problem}"))
}

fn compiled(name: &str, text: &str) -> Programme {
    parse_toml(text).unwrap_or_else(|findings| {
        panic!("{name}: {}", findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    })
}

fn terms(programme: &Programme, language: Language) -> Terms {
    Terms::of(programme, &Words::new(language))
}

/// The programme that the documentation puts together; it has something of everything.
pub fn documented() -> String {
    let page = read("docs/programme.md");
    page.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect::<Vec<_>>().join("\n")
}

/// All programmes of the repository, by their names under `programmes/`.
pub fn gallery() -> Vec<(String, String)> {
    let mut folders = vec![root().join("programmes")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "toml") {
                let name = path.strip_prefix(root().join("programmes")).unwrap().display().to_string();
                files.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    files.sort();
    assert!(files.len() > 25, "{}", files.len());
    files
}
