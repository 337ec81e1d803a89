//! What pages say, in each language of the house: Fluent files, with those of the shop on top.

use std::path::Path;

use fluent_bundle::FluentValue;
use lojal_core::kernel::Language;
use lojal_core::words::{Book, Words};

use crate::platform::appearance::{Appearance, Wording, entries};

/// What the files of texts are called.
const FILES: [&str; 15] = [
    "audits",
    "console",
    "members",
    "portal",
    "planning",
    "webhooks",
    "cards",
    "fraud",
    "merging",
    "widget",
    "entrance",
    "appearance",
    "referrals",
    "recommending",
    "leaderboard",
];

/// By file.
fn sources(language: Language) -> [&'static str; FILES.len()] {
    match language {
        Language::Pl => [
            include_str!("../../../../../locales/pl/audits.ftl"),
            include_str!("../../../../../locales/pl/console.ftl"),
            include_str!("../../../../../locales/pl/members.ftl"),
            include_str!("../../../../../locales/pl/portal.ftl"),
            include_str!("../../../../../locales/pl/planning.ftl"),
            include_str!("../../../../../locales/pl/webhooks.ftl"),
            include_str!("../../../../../locales/pl/cards.ftl"),
            include_str!("../../../../../locales/pl/fraud.ftl"),
            include_str!("../../../../../locales/pl/merging.ftl"),
            include_str!("../../../../../locales/pl/widget.ftl"),
            include_str!("../../../../../locales/pl/entrance.ftl"),
            include_str!("../../../../../locales/pl/appearance.ftl"),
            include_str!("../../../../../locales/pl/referrals.ftl"),
            include_str!("../../../../../locales/pl/recommending.ftl"),
            include_str!("../../../../../locales/pl/leaderboard.ftl"),
        ],
        Language::En => [
            include_str!("../../../../../locales/en/audits.ftl"),
            include_str!("../../../../../locales/en/console.ftl"),
            include_str!("../../../../../locales/en/members.ftl"),
            include_str!("../../../../../locales/en/portal.ftl"),
            include_str!("../../../../../locales/en/planning.ftl"),
            include_str!("../../../../../locales/en/webhooks.ftl"),
            include_str!("../../../../../locales/en/cards.ftl"),
            include_str!("../../../../../locales/en/fraud.ftl"),
            include_str!("../../../../../locales/en/merging.ftl"),
            include_str!("../../../../../locales/en/widget.ftl"),
            include_str!("../../../../../locales/en/entrance.ftl"),
            include_str!("../../../../../locales/en/appearance.ftl"),
            include_str!("../../../../../locales/en/referrals.ftl"),
            include_str!("../../../../../locales/en/recommending.ftl"),
            include_str!("../../../../../locales/en/leaderboard.ftl"),
        ],
    }
}

/// The texts of one language.
pub struct Texts {
    language: Language,
    book: Book,
    pub words: Words,
    /// Those of the operator's folder.
    own: String,
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
        Ok(Texts { language, book, words: Words::new(language), own })
    }

    /// With what was set in the console in the place of both.
    pub fn with(&self, appearance: &Appearance) -> Texts {
        let language = self.language;
        let set = appearance.texts_source(language);
        let sources = sources(language).into_iter().chain([self.own.as_str(), set.as_str()]);
        Texts { language, book: Book::new(language, sources), words: Words::new(language), own: self.own.clone() }
    }

    /// Each text as it is without anything that was set in the console, by the file that it is from.
    pub fn beneath(&self) -> Vec<(&'static str, Wording)> {
        let own = entries(&self.own);
        let files = FILES.into_iter().zip(sources(self.language));
        let all = files.flat_map(|(name, source)| entries(source).into_iter().map(move |entry| (name, entry)));
        let in_place = |entry: Wording| own.iter().find(|it| it.key == entry.key).cloned().unwrap_or(entry);
        all.map(|(name, entry)| (name, in_place(entry))).collect()
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
    use super::*;

    #[test]
    fn the_texts_are_whole() {
        for source in Language::ALL.into_iter().flat_map(sources) {
            assert!(fluent_bundle::FluentResource::try_new(source.to_owned()).is_ok());
        }
    }

    #[test]
    fn a_count_chooses_the_plural_and_is_written_out() {
        let texts = Texts::open(Language::Pl, None).unwrap();
        let said = |count| texts.say("judgement-errors", Some(count), &[]);
        assert!(
            said(1).starts_with("1 błąd ") && said(22).starts_with("22 błędy ") && said(5).starts_with("5 błędów ")
        );
        assert_eq!(texts.say("nothing-of-the-kind", None, &[]), "nothing-of-the-kind");
    }

    #[test]
    fn a_shop_s_own_text_takes_the_place_of_ours() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("texts")).unwrap();
        std::fs::write(folder.path().join("texts/en.ftl"), "console-name = The Tea House\n").unwrap();
        let texts = Texts::open(Language::En, Some(folder.path())).unwrap();
        assert_eq!(texts.say("console-name", None, &[]), "The Tea House");
        assert_eq!(texts.say("sign-in", None, &[]), "Sign in");
    }
}
