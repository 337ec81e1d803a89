//! The engine in words: amounts, dates, reasons, refusals and conditions, in each language of the
//! house. The texts are Fluent files in `locales/`; the names of rules, units, levels and rewards
//! come from the programme document, so that what a member reads is what was executed.
//!
//! Numbers are written out before Fluent sees them: Fluent only chooses the right plural.

mod book;
mod change;
mod condition;
mod dates;
mod effect;
mod explanation;
mod finding;
mod numbers;
mod reckoning;
mod referral;
mod refusal;
mod story;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use fluent_bundle::FluentValue;
use intl_pluralrules::{PluralRuleType, PluralRules};
use unic_langid::LanguageIdentifier;

use crate::kernel::{HolderId, Language, Name};
use crate::programme::{Programme, Texts, WordKind};

pub use book::Book;
pub use change::ChangeSpeaker;
pub use numbers::{NounCase, PluralCategory};
pub use story::{Change, StoryLine, Told, backwards, forwards, plain, speaks_of};

/// The house's own texts, in one language, by file.
fn sources(language: Language) -> [&'static str; 8] {
    match language {
        Language::Pl => [
            include_str!("../../../../locales/pl/changes.ftl"),
            include_str!("../../../../locales/pl/conditions.ftl"),
            include_str!("../../../../locales/pl/effects.ftl"),
            include_str!("../../../../locales/pl/findings.ftl"),
            include_str!("../../../../locales/pl/quantities.ftl"),
            include_str!("../../../../locales/pl/refusals.ftl"),
            include_str!("../../../../locales/pl/story.ftl"),
            include_str!("../../../../locales/pl/terms.ftl"),
        ],
        Language::En => [
            include_str!("../../../../locales/en/changes.ftl"),
            include_str!("../../../../locales/en/conditions.ftl"),
            include_str!("../../../../locales/en/effects.ftl"),
            include_str!("../../../../locales/en/findings.ftl"),
            include_str!("../../../../locales/en/quantities.ftl"),
            include_str!("../../../../locales/en/refusals.ftl"),
            include_str!("../../../../locales/en/story.ftl"),
            include_str!("../../../../locales/en/terms.ftl"),
        ],
    }
}

/// The texts of one language. Costs a millisecond to make: keep one for each language.
pub struct Words {
    language: Language,
    book: Book,
    plurals: Option<PluralRules>,
}

impl Words {
    pub fn new(language: Language) -> Words {
        let tag: LanguageIdentifier = language.tag().parse().unwrap_or_default();
        let plurals = PluralRules::create(tag, PluralRuleType::CARDINAL).ok();
        Words { language, book: Book::new(language, sources(language)), plurals }
    }

    pub fn language(&self) -> Language {
        self.language
    }

    /// Speaks of what this version of a programme did.
    pub fn about<'a>(&'a self, programme: &'a Programme) -> Speaker<'a> {
        Speaker { words: self, programme, names: None, cart: None, brief: false }
    }

    /// The text under `key`; the key itself where there is none.
    pub(crate) fn say(&self, key: &'static str, values: &[(&'static str, FluentValue<'_>)]) -> String {
        let values = values.iter().map(|(name, value)| (*name, value.clone()));
        self.book.say(key, values).unwrap_or_else(|| key.to_owned())
    }
}

/// Says things about one version of one programme, in one language.
#[derive(Clone, Copy)]
pub struct Speaker<'a> {
    words: &'a Words,
    programme: &'a Programme,
    names: Option<&'a BTreeMap<HolderId, String>>,
    /// The name under which a cart is quoted.
    cart: Option<&'a str>,
    brief: bool,
}

impl<'a> Speaker<'a> {
    /// Calls other members and households by these names instead of by their ids.
    pub fn calling(self, names: &'a BTreeMap<HolderId, String>) -> Speaker<'a> {
        Speaker { names: Some(names), ..self }
    }

    /// Speaks of the order of this name as of a cart: nobody has ordered it yet.
    pub fn quoting(self, cart: &'a str) -> Speaker<'a> {
        Speaker { cart: Some(cart), ..self }
    }

    /// Writes whole amounts without decimals: `200 zł`.
    pub fn briefly(self) -> Speaker<'a> {
        Speaker { brief: true, ..self }
    }

    fn say(&self, key: &'static str, values: &[(&'static str, FluentValue<'_>)]) -> String {
        self.words.say(key, values)
    }

    fn language(&self) -> Language {
        self.words.language
    }

    /// The programme's own text in this language.
    fn text(&self, texts: &'a Texts) -> &'a str {
        crate::programme::text(texts, self.language())
    }

    /// `rule “Purchases”`, `campaign “Spring”`; a rule that this version does not have by its id.
    fn rule(&self, id: &Name) -> String {
        match self.programme.rule(id) {
            Some(rule) if rule.campaign.is_some() => {
                self.say("rule-campaign", &[("name", self.text(&rule.name).into())])
            }
            Some(rule) => self.say("rule-standing", &[("name", self.text(&rule.name).into())]),
            None => self.say("rule-standing", &[("name", id.as_str().into())]),
        }
    }

    /// A rule with what it asks for: `rule “Large orders” (order of at least PLN 100.00)`.
    fn rule_with_conditions(&self, id: &Name) -> String {
        let named = self.rule(id);
        match self.conditions_of(id) {
            None => named,
            Some(conditions) => {
                self.say("rule-conditions", &[("rule", named.into()), ("conditions", conditions.into())])
            }
        }
    }

    /// What a rule asks of an order or activity, and of the lines it counts.
    fn conditions_of(&self, rule: &Name) -> Option<String> {
        let rule = self.programme.rule(rule)?;
        let asked = [&rule.when, &rule.lines].into_iter().filter(|test| !test.is_always());
        let asked: Vec<String> = asked.map(|test| self.condition(test)).collect();
        (!asked.is_empty()).then(|| asked.join("; "))
    }

    /// The name of a rule or campaign by itself.
    fn rule_name<'b>(&self, id: &'b Name) -> &'b str
    where
        'a: 'b,
    {
        self.programme.rule(id).map_or(id.as_str(), |rule| self.text(&rule.name))
    }

    fn reward<'b>(&self, id: &'b Name) -> &'b str
    where
        'a: 'b,
    {
        self.programme.reward(id).map_or(id.as_str(), |reward| self.text(&reward.name))
    }

    fn level<'b>(&self, id: &'b Name) -> &'b str
    where
        'a: 'b,
    {
        self.programme.level(id).map_or(id.as_str(), |level| self.text(&level.name))
    }

    /// A word of the shop's own as members know it; itself where the programme has no label for it.
    pub(crate) fn label<'b>(&self, kind: WordKind, word: &'b Name) -> &'b str
    where
        'a: 'b,
    {
        self.programme.labels.of(kind, word).map_or(word.as_str(), |texts| self.text(texts))
    }

    /// `order 1001`; a cart that is only quoted has no number.
    fn order(&self, id: &str) -> String {
        match self.cart {
            Some(cart) if cart == id => self.say("cart", &[]),
            _ => self.say("order-numbered", &[("order", id.into())]),
        }
    }

    fn holder(&self, id: HolderId) -> String {
        self.names.and_then(|names| names.get(&id)).cloned().unwrap_or_else(|| id.to_string())
    }
}

/// Starts a sentence: its first letter becomes a capital.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}
