//! Ways to get something, in the sentences of the programme's own terms.

use lojal_core::activity::builtin;
use lojal_core::kernel::Instant;
use lojal_core::programme::{Programme, Rule, Trigger};
use lojal_core::terms::{Block, Terms};
use lojal_core::words::Words;
use serde::Serialize;

/// One way to get something.
#[derive(Serialize)]
pub struct Way {
    pub what: String,
    pub award: String,
    pub limits: String,
    #[serde(skip)]
    to: Side,
}

/// Who gets it, where somebody recommends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    /// It is for something else.
    Neither,
    Advocate,
    Friend,
}

impl Side {
    fn of(rule: &Rule) -> Side {
        let Trigger::Activity(name) = &rule.on else { return Side::Neither };
        match name.as_str() {
            builtin::FRIEND_JOINED | builtin::FRIEND_QUALIFIED => Side::Advocate,
            builtin::REFERRED | builtin::REFERRAL_QUALIFIED => Side::Friend,
            _ => Side::Neither,
        }
    }
}

/// The rules that hold now, as the terms tell them.
pub fn ways(programme: &Programme, words: &Words, now: Instant) -> Vec<Way> {
    let tables = Terms::of(programme, words).blocks.into_iter().filter_map(|block| match block {
        Block::Table(table) => Some(table),
        _ => None,
    });
    // The first table of the summary has a row for each rule, in their order.
    let rows = tables.take(usize::from(!programme.rules.is_empty())).flat_map(|table| table.rows);
    let told = rows
        .zip(&programme.rules)
        .filter(|(_, rule)| rule.campaign.as_ref().is_none_or(|campaign| campaign.runs_at(now)));
    told.map(|(row, rule)| {
        let cell = |index: usize| row.get(index).map_or(String::new(), |text| text.plain());
        Way { what: cell(0), award: cell(1), limits: cell(2), to: Side::of(rule) }
    })
    .collect()
}

/// What each side of a recommendation gets.
#[derive(Serialize)]
pub struct Offers<'w> {
    pub yours: Vec<&'w Way>,
    pub theirs: Vec<&'w Way>,
}

impl<'w> Offers<'w> {
    pub fn of(ways: &'w [Way]) -> Offers<'w> {
        let to = |side: Side| ways.iter().filter(|way| way.to == side).collect();
        Offers { yours: to(Side::Advocate), theirs: to(Side::Friend) }
    }
}
