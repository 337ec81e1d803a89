//! The public terms of a programme, made of the document that the engine runs: a summary on one page,
//! tables, and the terms in full. Every number in them is a [`Span::Stated`] that names the field it
//! comes from; words of the house have none.

mod changes;
mod earning;
mod findings;
mod html;
mod levels;
mod markdown;
mod named;
mod operator;
mod referrals;
mod rewards;
mod scribe;
mod span;
mod summary;
mod units;

pub use html::html;
pub use markdown::markdown;
pub use span::{Span, Text};

use crate::kernel::{Instant, Language};
use crate::programme::diff::Diff;
use crate::programme::{Finding, Programme};
use crate::words::Words;

use scribe::Scribe;

/// What the public is told about a programme, in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    pub language: Language,
    pub title: Text,
    /// From which day they hold.
    pub from: Text,
    /// The word for the version, and its number; none before it is published.
    pub version: Option<(String, u32)>,
    pub blocks: Vec<Block>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// The summary, and the terms in full.
    Part(Text),
    /// Numbered by whoever draws it.
    Section(Text),
    /// One after the other, as things happen.
    Steps(Vec<Text>),
    Table(Table),
    /// Numbered within their section by whoever draws them.
    Clauses(Vec<Clause>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    pub caption: Text,
    pub head: Vec<Text>,
    pub rows: Vec<Vec<Text>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    pub text: Text,
    pub points: Vec<Text>,
}

impl From<Text> for Clause {
    fn from(text: Text) -> Clause {
        Clause { text: text.capitalised(), points: Vec::new() }
    }
}

impl Terms {
    /// The terms of this version, in one of its languages.
    pub fn of(programme: &Programme, words: &Words) -> Terms {
        let scribe = Scribe::new(programme, words);
        let mut blocks = vec![Block::Part(scribe.say("terms-summary", &[]))];
        blocks.extend(summary::blocks(&scribe));
        blocks.push(Block::Part(scribe.say("terms-rules", &[])));
        let sections = [
            operator::general(&scribe),
            operator::definitions(&scribe),
            operator::joining(&scribe),
            earning::section(&scribe),
            referrals::section(&scribe),
            levels::section(&scribe),
            rewards::section(&scribe),
            units::validity(&scribe),
            units::returns(&scribe),
            operator::complaints(&scribe),
            operator::personal_data(&scribe),
            operator::leaving(&scribe),
            operator::changes(&scribe),
            operator::closing(&scribe),
        ];
        for (title, clauses) in sections.into_iter().filter(|(_, clauses)| !clauses.is_empty()) {
            blocks.push(Block::Section(title));
            blocks.push(Block::Clauses(clauses));
        }
        Terms {
            language: words.language(),
            title: scribe.say("terms-title", &[("programme", scribe.programme_name().into())]),
            from: operator::from(&scribe),
            version: (programme.version > 0).then(|| (scribe.word("terms-version"), programme.version)),
            blocks,
        }
    }

    /// Adds what changed since the earlier version of the comparison; from when it holds, if that was stated.
    pub fn since(mut self, diff: &Diff, words: &Words, effective_from: Option<Instant>) -> Terms {
        self.blocks.extend(changes::blocks(diff, words, effective_from));
        self
    }

    /// Every text, from the top to the bottom.
    pub fn texts(&self) -> Vec<&Text> {
        let mut texts = vec![&self.title, &self.from];
        for block in &self.blocks {
            match block {
                Block::Part(text) | Block::Section(text) => texts.push(text),
                Block::Steps(steps) => texts.extend(steps),
                Block::Table(table) => {
                    texts.push(&table.caption);
                    texts.extend(table.head.iter().chain(table.rows.iter().flatten()));
                }
                Block::Clauses(clauses) => {
                    for clause in clauses {
                        texts.push(&clause.text);
                        texts.extend(&clause.points);
                    }
                }
            }
        }
        texts
    }
}

/// What keeps the terms from being complete, and numbers in names that no rule has.
pub fn findings(programme: &Programme) -> Vec<Finding> {
    findings::findings(programme)
}

/// How the sections of such texts are numbered: `§ 1.` in Polish.
pub fn section_number(language: Language, number: usize) -> String {
    match language {
        Language::Pl => format!("§\u{a0}{number}."),
        Language::En => format!("{number}."),
    }
}

/// A section's title and clauses.
type Section = (Text, Vec<Clause>);
