//! The kinds of events in words.

use std::sync::OnceLock;

use lojal_core::kernel::Language;

use super::kind::Kind;
use crate::platform::pages::Texts;

/// When a kind of event happens, in a sentence.
pub fn sentence(kind: Kind, language: Language) -> String {
    static POLISH: OnceLock<Option<Texts>> = OnceLock::new();
    static ENGLISH: OnceLock<Option<Texts>> = OnceLock::new();
    let texts = match language {
        Language::Pl => &POLISH,
        Language::En => &ENGLISH,
    };
    // Without texts of a shop there is no file that could not be read.
    let texts = texts.get_or_init(|| Texts::open(language, None).ok());
    texts.as_ref().map_or_else(String::new, |texts| texts.say(&kind.text_key(), None, &[]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What integrators read is what is sent.
    #[test]
    fn the_documentation_lists_every_kind_with_its_sentence() {
        let page = include_str!("../../../../docs/webhooks.md");
        let listed: Vec<&str> = page.lines().filter(|line| line.starts_with("| `")).collect();
        for kind in Kind::ALL.iter().copied() {
            let line = format!("| `{}` | {} |", kind.name(), sentence(kind, Language::En));
            assert!(listed.contains(&line.as_str()), "docs/webhooks.md lacks {line}");
        }
        assert_eq!(listed.len(), Kind::ALL.len());
    }

    #[test]
    fn the_example_of_the_documentation_is_the_one_that_is_made() {
        let page = include_str!("../../../../docs/webhooks.md");
        let example = page.split_once("```json\n").and_then(|(_, rest)| rest.split_once("```")).unwrap().0;
        let example: serde_json::Value = serde_json::from_str(example).unwrap();
        assert_eq!(example, super::super::examples::example(Kind::PointsEarned));
    }
}
