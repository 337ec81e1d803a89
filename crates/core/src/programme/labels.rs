//! What the shop's own words are called in front of members: the category `fruit` is "owoce" to some.

use std::collections::BTreeMap;
use std::fmt;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::compile::Compiler;
use super::document::Texts;
use super::finding::Place;
use crate::kernel::Name;

/// Where a word of the shop's own stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WordKind {
    /// The name of an activity.
    Activity,
    /// The name of a member's or an activity's attribute.
    Attribute,
    /// A text that an attribute has.
    Value,
    Category,
    Channel,
    Country,
    Make,
    /// The shop's own number of a product.
    Product,
    Segment,
    Tag,
}

impl fmt::Display for WordKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            WordKind::Activity => "activity",
            WordKind::Attribute => "attribute",
            WordKind::Value => "value",
            WordKind::Category => "category",
            WordKind::Channel => "channel",
            WordKind::Country => "country",
            WordKind::Make => "make",
            WordKind::Product => "product",
            WordKind::Segment => "segment",
            WordKind::Tag => "tag",
        })
    }
}

/// By kind and by word, as in `[labels.category]` with `fruit = { en = "fruit", pl = "owoce" }`.
pub type LabelsSection = IndexMap<WordKind, IndexMap<String, Texts>>;

/// The labels of a programme.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels(BTreeMap<(WordKind, Name), Texts>);

impl Labels {
    /// What the word is called; nothing where the word itself will do.
    pub fn of(&self, kind: WordKind, word: &Name) -> Option<&Texts> {
        self.0.get(&(kind, word.clone()))
    }

    pub fn iter(&self) -> impl Iterator<Item = (WordKind, &Name, &Texts)> {
        self.0.iter().map(|((kind, word), texts)| (*kind, word, texts))
    }
}

impl Compiler<'_> {
    pub(super) fn labels(&mut self) -> Labels {
        let mut labels = BTreeMap::new();
        for (kind, words) in &self.document.labels {
            let place = Place::root().key("labels").key(&kind.to_string());
            for (word, texts) in words {
                self.texts(texts, &place.key(word));
                labels.insert((*kind, Name::from(word.as_str())), texts.clone());
            }
        }
        Labels(labels)
    }
}
