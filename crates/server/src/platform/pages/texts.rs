//! What pages say, in each language of the house: Fluent files, with those of the shop on top.

use std::path::Path;

use fluent_bundle::FluentValue;
use lojal_core::kernel::Language;
use lojal_core::words::{Book, Words};

/// By file.
fn sources(language: Language) -> [&'static str; 1] {
    match language {
        Language::Pl => [include_str!("../../../../../locales/pl/console.ftl")],
        Language::En => [include_str!("../../../../../locales/en/console.ftl")],
    }
}

/// The texts of one language.
pub struct Texts {
    book: Book,
    pub words: Words,
}

impl Texts {
    /// With the shop's own, `texts/pl.ftl` in its folder, in the place of ours.
    pub fn open(language: Language, overrides: Option<&Path>) -> std::io::Result<Texts> {
        let own = overrides.map(|folder| folder.join("texts").join(format!("{}.ftl", language.tag())));
        let own = match own.filter(|file| file.exists()) {
            Some(file) => std::fs::read_to_string(file)?,
            None => String::new(),
        };
        let book = Book::new(language, sources(language).into_iter().chain([own.as_str()]));
        Ok(Texts { book, words: Words::new(language) })
    }

    /// The text under `key`; the key itself where there is none. `count` chooses the plural, and is written
    /// out as `number` as well.
    pub fn say(&self, key: &str, count: Option<i64>, values: &[(&str, String)]) -> String {
        let counted = count.into_iter().flat_map(|count| {
            let number = self.words.number(count, 0);
            [("count", FluentValue::from(count.unsigned_abs())), ("number", FluentValue::from(number))]
        });
        let values = values.iter().map(|(name, value)| (*name, FluentValue::from(value.as_str())));
        self.book.say(key, counted.chain(values)).unwrap_or_else(|| key.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn keys(source: &str) -> BTreeSet<&str> {
        let starts_entry = |line: &&str| line.starts_with(|letter: char| letter.is_ascii_lowercase());
        source.lines().filter(starts_entry).filter_map(|line| line.split_once(" =")).map(|(key, _)| key).collect()
    }

    /// Everything that pages are made of, as text.
    fn pages() -> String {
        fn read(folder: &Path, into: &mut String) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    read(&path, into);
                } else if !path.ends_with("texts.rs") {
                    into.push_str(&std::fs::read_to_string(&path).unwrap());
                }
            }
        }
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut text = String::new();
        read(&root.join("src"), &mut text);
        read(&root.join("templates"), &mut text);
        text
    }

    #[test]
    fn both_languages_say_the_same_things_and_all_of_them_well() {
        for (pl, en) in sources(Language::Pl).into_iter().zip(sources(Language::En)) {
            assert_eq!(keys(pl), keys(en));
            for source in [pl, en] {
                assert!(fluent_bundle::FluentResource::try_new(source.to_owned()).is_ok());
            }
        }
    }

    #[test]
    fn every_text_is_used_and_every_used_text_is_there() {
        let pages = pages();
        let texts: BTreeSet<&str> = sources(Language::En).into_iter().flat_map(keys).collect();
        let quoted: BTreeSet<&str> = pages.split('"').collect();
        // Some keys are put together: `t("role-" ~ role)`, `format!("action-{}", …)`.
        let beginnings: Vec<&str> = quoted
            .iter()
            .map(|text| text.trim_end_matches("{}"))
            .filter(|text| text.len() > 4 && text.ends_with('-'))
            .collect();
        let is_put_together = |key: &str| beginnings.iter().any(|beginning| key.starts_with(beginning));
        let unused: Vec<&&str> = texts.difference(&quoted).filter(|key| !is_put_together(key)).collect();
        assert!(unused.is_empty(), "no page says {unused:?}");
        let said: BTreeSet<&str> =
            pages.split(" t(\"").skip(1).filter_map(|call| Some(call.split_once('"')?.0)).collect();
        let missing: Vec<&&str> = said.difference(&texts).filter(|key| !key.ends_with('-')).collect();
        assert!(missing.is_empty(), "no text is there for {missing:?}");
    }
}
