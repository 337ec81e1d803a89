//! Texts that are there in each language, and were only copied.

use std::collections::BTreeMap;

use super::{Check, Concern};
use crate::kernel::Language;
use crate::programme::document::{LevelSection, PluralForms, Texts};
use crate::programme::finding::Place;
use crate::programme::remark::Remark;

/// A text of fewer words may be a name, which is the same everywhere.
const FEWEST_WORDS: usize = 3;

impl<'p> Check<'p> {
    pub fn texts(&mut self) {
        let document = self.document;
        let root = Place::root();
        for (id, unit) in &document.units {
            self.forms(&unit.name, &root.key("units").key(id).key("name"));
        }
        for (section, rules) in [("earning", &document.earning), ("campaigns", &document.campaigns)] {
            for (id, rule) in rules {
                self.copied(&rule.name, &root.key(section).key(id).key("name"));
            }
        }
        for (id, ladder) in &document.tiers {
            let place = root.key("tiers").key(id);
            self.perks(&ladder.base, &place.key("base"));
            for (index, level) in ladder.levels.iter().enumerate() {
                self.perks(level, &place.key("levels").index(index));
            }
        }
        for (id, reward) in &document.rewards {
            let place = root.key("rewards").key(id);
            self.copied(&reward.name, &place.key("name"));
            for (field, texts) in [("description", &reward.description), ("cause", &reward.cause)] {
                if let Some(texts) = texts {
                    self.copied(texts, &place.key(field));
                }
            }
        }
        for (kind, words) in &document.labels {
            for (word, texts) in words {
                self.copied(texts, &root.key("labels").key(&kind.to_string()).key(word));
            }
        }
        for (capability, planned) in &document.planned {
            let place = root.key("planned").key(&capability.to_string());
            self.copied(&planned.summary, &place.key("summary"));
            for (index, fact) in planned.facts.iter().enumerate() {
                self.copied(fact, &place.key("facts").index(index));
            }
        }
    }

    fn perks(&mut self, level: &LevelSection, place: &Place) {
        for (index, perk) in level.perks.iter().enumerate() {
            self.copied(perk, &place.key("perks").index(index));
        }
    }

    fn copied(&mut self, texts: &Texts, place: &Place) {
        let spoken: Vec<(Language, &str)> =
            self.spoken().filter_map(|language| Some((language, texts.get(&language)?.as_str()))).collect();
        let pair = spoken.iter().enumerate().find_map(|(index, (language, text))| {
            let twin = spoken[..index].iter().find(|(_, other)| other.trim() == text.trim())?;
            Some((twin.0, *language, *text))
        });
        if let Some((one, other, text)) = pair
            && text.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic)).count() >= FEWEST_WORDS
        {
            self.say(
                Concern::TextNotTranslated,
                &place.key(other.tag()),
                Remark::new("finding-text-not-translated").word("one", one.tag()).word("other", other.tag()),
            );
        }
    }

    fn forms(&mut self, names: &BTreeMap<Language, PluralForms>, place: &Place) {
        for (index, language) in self.spoken().enumerate() {
            let Some(forms) = names.get(&language) else {
                continue;
            };
            let few_like_one = forms.few.as_ref().is_some_and(|few| *few == forms.one);
            let place = place.key(language.tag());
            // A word that never changes has one form throughout, in each language.
            let never_changes = forms.one == forms.many && forms.few.as_ref().is_none_or(|few| *few == forms.many);
            let elsewhere =
                names.iter().filter(|(other, _)| **other != language).any(|(_, other)| other.one != other.many);
            if never_changes && elsewhere {
                self.say(
                    Concern::PluralFormsEqual,
                    &place,
                    Remark::new("finding-one-like-many").word("language", language.tag()).word("form", &forms.one),
                );
            } else if !never_changes && (few_like_one || forms.one == forms.many) {
                self.say(
                    Concern::PluralFormsEqual,
                    &place,
                    Remark::new("finding-one-like-several").word("language", language.tag()).word("form", &forms.one),
                );
            }
            let copied = self.spoken().take(index).find(|other| {
                let its = names.get(other);
                its.is_some_and(|its| its.one == forms.one && its.many == forms.many && its.one != its.many)
            });
            if let Some(other) = copied {
                self.say(
                    Concern::TextNotTranslated,
                    &place,
                    Remark::new("finding-unit-not-translated").word("one", other.tag()).word("other", language.tag()),
                );
            }
        }
    }

    fn spoken(&self) -> impl Iterator<Item = Language> + use<'p> {
        self.document.programme.languages.iter().copied()
    }
}
