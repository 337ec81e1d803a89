//! What is said about a document, before it is put into words: which sentence, and what it speaks of. The
//! sentences, and the remedies that belong to them, are in `locales/*/findings.ftl`.

use std::fmt::Display;

use super::model::{Currency, Unit};
use crate::kernel::{Factor, Money, Period, Window};

/// A sentence about a document and how to mend it, in no language yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// Under which the sentence stands; its remedy is the attribute of that name.
    pub key: &'static str,
    pub arguments: Vec<(&'static str, Argument)>,
}

/// What a sentence speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Argument {
    /// As it stands in the document, or one of a few words by which a sentence is chosen.
    Word(String),
    /// Several of them, one after the other.
    Words(Vec<String>),
    Number(i64),
    /// A number as it is to be typed into the document.
    Plain(i64),
    Money(Money, Currency),
    /// In the words that the programme has for its unit.
    Amount(i64, Box<Unit>),
    /// Of some unit, in the plural.
    Units(Box<Unit>),
    Factor(Factor),
    /// In millionths.
    Share(i128),
    /// With two decimals.
    Hundredths(i64),
    Period(Period),
    Window(Window),
    /// What gives back a part of the price, and what multiplies that.
    Parts(Vec<(String, PartOfReturn)>),
}

/// What one rule or level has to do with what comes back of a price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartOfReturn {
    /// In millionths.
    Gives(i128),
    Multiplies(Factor),
}

impl Remark {
    pub fn new(key: &'static str) -> Remark {
        Remark { key, arguments: Vec::new() }
    }

    pub fn word(self, name: &'static str, word: impl Display) -> Remark {
        self.with(name, Argument::Word(word.to_string()))
    }

    pub fn words<W: Display>(self, name: &'static str, words: impl IntoIterator<Item = W>) -> Remark {
        self.with(name, Argument::Words(words.into_iter().map(|word| word.to_string()).collect()))
    }

    pub fn number(self, name: &'static str, number: i64) -> Remark {
        self.with(name, Argument::Number(number))
    }

    pub fn plain(self, name: &'static str, number: i64) -> Remark {
        self.with(name, Argument::Plain(number))
    }

    pub fn money(self, name: &'static str, money: Money, currency: &Currency) -> Remark {
        self.with(name, Argument::Money(money, currency.clone()))
    }

    pub fn amount(self, name: &'static str, amount: i64, unit: &Unit) -> Remark {
        self.with(name, Argument::Amount(amount, Box::new(unit.clone())))
    }

    pub fn units(self, name: &'static str, unit: &Unit) -> Remark {
        self.with(name, Argument::Units(Box::new(unit.clone())))
    }

    pub fn with(mut self, name: &'static str, argument: Argument) -> Remark {
        self.arguments.push((name, argument));
        self
    }
}

impl From<&'static str> for Remark {
    fn from(key: &'static str) -> Remark {
        Remark::new(key)
    }
}
